//! What vendors state of their handling → lines of the summary; and what the facts must be like.

use assay_domain::call::Kind;
use assay_domain::deployment::Definition;
use assay_domain::facts::{Mark, Topic, facts, handling};
use assay_domain::settings::date_ms;

#[test]
fn each_topic_of_a_vendor_has_a_fact_with_source_and_date() {
    for kind in [Kind::ClaudeApi, Kind::Bedrock, Kind::Vertex] {
        for topic in Topic::ALL {
            assert!(
                facts(kind).iter().any(|fact| fact.topic == topic),
                "{} {}",
                kind.name(),
                topic.name()
            );
        }
        for fact in facts(kind) {
            assert!(
                date_ms(&fact.as_of).is_some()
                    && fact.source.len() > 10
                    && fact.statement.ends_with('.'),
                "{}",
                fact.statement
            );
        }
    }
}

#[test]
fn a_private_endpoint_has_no_vendor_but_a_question_for_each_topic() {
    assert!(facts(Kind::Private).is_empty());
    for line in handling(&Definition::bare("p", Kind::Private), &[], Vec::new(), 0) {
        assert_eq!((line.mark, line.source), (Mark::Unknown, None));
        assert!(
            line.statement
                .starts_with("Nothing is known. Ask the operator"),
            "{}",
            line.statement
        );
    }
}

#[test]
fn no_fact_claims_a_private_connection_of_anthropics_or_a_certified_soc_2() {
    for kind in Kind::ALL {
        let lines = handling(&Definition::bare("d", kind), &[], Vec::new(), 0);
        let asked = lines.iter().filter(|line| line.mark == Mark::Unknown);
        for text in facts(kind)
            .iter()
            .map(|fact| &fact.statement)
            .chain(asked.map(|line| &line.statement))
        {
            assert!(
                !text.contains("Private Service Connection") && !text.contains("certified"),
                "{}: {text}",
                kind.name()
            );
            assert!(
                !text.contains("SOC 2") || text.contains("report"),
                "{}: {text}",
                kind.name()
            );
        }
    }
}

#[test]
fn what_somebody_quotes_is_due_sooner() {
    let lines = |now: &str| {
        handling(
            &Definition::bare("v", Kind::Vertex),
            &[],
            Vec::new(),
            date_ms(now).unwrap(),
        )
    };
    let due = |now: &str| {
        lines(now)
            .iter()
            .filter(|line| line.review_due)
            .map(|line| line.topic)
            .collect::<Vec<_>>()
    };
    assert_eq!(due("2026-11-20"), []);
    assert_eq!(due("2026-11-21"), [Topic::Attestations]);
    assert!(due("2027-02-19").len() > 10);
}

#[test]
fn each_topic_has_a_line_and_silence_is_unknown() {
    let now = date_ms("2026-11-24").unwrap();
    let lines = handling(&Definition::bare("p", Kind::Private), &[], Vec::new(), now);
    for topic in Topic::ALL {
        assert!(lines.iter().any(|line| line.topic == topic));
    }
    let retention = lines
        .iter()
        .find(|line| line.topic == Topic::Retention)
        .unwrap();
    assert_eq!(retention.mark, Mark::Unknown);
    let later = handling(
        &Definition::bare("b", Kind::Bedrock),
        &[],
        Vec::new(),
        now + 200 * 86_400_000,
    );
    assert!(
        later
            .iter()
            .filter(|line| line.mark == Mark::VendorStated)
            .all(|line| line.review_due)
    );
}
