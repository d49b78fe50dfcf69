//! What is counted: personal data, secrets, spending, models; and the form of all checks.

use std::collections::BTreeSet;

use assay_domain::call::Kind;
use assay_domain::checks::{
    ALL, Day, Subject, Verdict, logging, models, named, personal_data, run, secrets, spend,
};
use assay_domain::deployment::Definition;

use super::{Told, definition, verdict, verdicts};

#[test]
fn personal_data_and_secrets_are_counted_apart() {
    let wanted = definition(Kind::Bedrock);
    let prompts =
        "system,user_message,assistant_message,tool_result,tool_definition,document,metadata";
    let told = Told {
        scanned: (10, 0),
        ..Told::default()
    }
    .values(
        "entity_type",
        "has:entity_type",
        &[
            (Some("EMAIL_ADDRESS"), 3),
            (Some("AWS_ACCESS_KEY"), 1),
            (Some("URL"), 9),
        ],
    )
    .count(
        &format!("entity_type:EMAIL_ADDRESS entity_field:{prompts}"),
        3,
    )
    .count("entity_type:AWS_ACCESS_KEY", 1);
    let found = verdicts(&personal_data::CHECK, &wanted, "[]", &told);
    assert_eq!(
        found
            .iter()
            .map(|(verdict, _)| *verdict)
            .collect::<Vec<_>>(),
        [Verdict::NotMet, Verdict::Met]
    );
    assert_eq!(
        found[0].1,
        "Personal data stands in the prompts of 3 of 10 calls."
    );
    assert_eq!(
        verdict(&secrets::CHECK, &wanted, "[]", &told),
        Verdict::NotMet
    );
    let unseen = Told {
        scanned: (10, 2),
        ..Told::default()
    };
    assert_eq!(
        verdict(&secrets::CHECK, &wanted, "[]", &unseen),
        Verdict::Unknown
    );
    let pictures = Told {
        scanned: (10, 0),
        ..Told::default()
    }
    .count("scanned:yes feature:image,document", 4);
    assert_eq!(
        verdict(&secrets::CHECK, &wanted, "[]", &pictures),
        Verdict::Unknown,
        "no recognizer reads a picture"
    );
    let found = verdicts(&personal_data::CHECK, &wanted, "[]", &pictures);
    assert_eq!(
        found
            .iter()
            .map(|(verdict, _)| *verdict)
            .collect::<Vec<_>>(),
        [Verdict::Unknown, Verdict::Met]
    );
    assert!(
        found[0]
            .1
            .ends_with("Images or documents in 4 calls were not searched."),
        "{}",
        found[0].1
    );
}

#[test]
fn a_jump_in_spending_needs_two_whole_months() {
    let wanted = definition(Kind::Bedrock);
    let days = |count: i64, later: i64| {
        (0..count)
            .map(|day| Day {
                start_ms: day * 86_400_000,
                calls: 1,
                cost_usd_micros: if day >= count - 31 { later } else { 1_000_000 },
                cost_known: 1,
            })
            .collect::<Vec<_>>()
    };
    let of = |days| {
        verdict(
            &spend::CHECK,
            &wanted,
            "[]",
            &Told {
                days,
                ..Told::default()
            },
        )
    };
    assert_eq!(of(days(61, 1_400_000)), Verdict::NotMet);
    assert_eq!(of(days(61, 1_200_000)), Verdict::Met);
    assert_eq!(of(days(40, 1_400_000)), Verdict::Unknown);
    let title = |later| {
        verdicts(
            &spend::CHECK,
            &wanted,
            "[]",
            &Told {
                days: days(61, later),
                ..Told::default()
            },
        )[0]
        .1
        .clone()
    };
    assert!(
        title(1_400_000).starts_with("Spending rose 40 %"),
        "{}",
        title(1_400_000)
    );
    assert!(
        title(899_000).starts_with("Spending fell 10 %"),
        "{}",
        title(899_000)
    );
    assert!(
        title(995_000).starts_with("Spending changed by less than 1 %"),
        "{}",
        title(995_000)
    );
    for (micros, shown) in [
        (0, "0.00"),
        (62, "0.000062"),
        (9_999, "0.009999"),
        (10_000, "0.01"),
        (1_234_567, "1.23"),
    ] {
        let mut days = days(61, 0);
        days[..30]
            .iter_mut()
            .for_each(|day| day.cost_usd_micros = 0);
        days[0].cost_usd_micros = 1_000_000;
        days[30].cost_usd_micros = micros;
        let told = Told {
            days,
            ..Told::default()
        };
        let title = verdicts(&spend::CHECK, &wanted, "[]", &told).remove(0).1;
        assert!(title.contains(": $1.00 in the 30 days before"), "{title}");
        assert!(
            title.contains(&format!(", ${shown} in the 30 days after.")),
            "{title}"
        );
    }
}

#[test]
fn logs_or_prices_that_are_missing_are_no_fall_in_spending() {
    let wanted = definition(Kind::Bedrock);
    let day = |day: i64, calls: u64, known: u64| Day {
        start_ms: day * 86_400_000,
        calls,
        cost_usd_micros: known as i64 * 1_000,
        cost_known: known,
    };
    let of = |days: Vec<Day>| {
        verdicts(
            &spend::CHECK,
            &wanted,
            "[]",
            &Told {
                days,
                ..Told::default()
            },
        )
        .remove(0)
    };
    let gap = (0..30).chain([45, 60]).map(|at| day(at, 10, 10)).collect();
    let (verdict, title) = of(gap);
    assert_eq!(verdict, Verdict::Unknown);
    assert!(
        title.starts_with("The trail has calls on 1 of the last 30 whole days"),
        "{title}"
    );
    // 120 calls a day after 100, of which 18 have no price: 20 % more in calls, 2 % more in cost.
    let unpriced = |later: u64, known: u64| {
        (0..61)
            .map(|at| {
                if at < 30 {
                    day(at, 100, 100)
                } else {
                    day(at, later, known)
                }
            })
            .collect()
    };
    assert_eq!(of(unpriced(120, 102)).0, Verdict::Met);
    let (verdict, title) = of(unpriced(140, 120));
    assert_eq!(verdict, Verdict::Unknown, "{title}");
    assert!(title.contains("at the average of the others"), "{title}");
}

#[test]
fn models_are_looked_up() {
    let wanted = definition(Kind::ClaudeApi);
    let of = |model: &str| {
        verdict(
            &models::CHECK,
            &wanted,
            "[]",
            &Told::default()
                .count("", 2)
                .values("request_model", "", &[(Some(model), 2)]),
        )
    };
    assert_eq!(of("claude-sonnet-5"), Verdict::Met);
    assert_eq!(of("claude-2.1"), Verdict::NotMet);
    let on_bedrock = |model: &str| {
        let trail = Told::default()
            .count("", 2)
            .values("request_model", "", &[(Some(model), 2)]);
        verdicts(&models::CHECK, &definition(Kind::Bedrock), "[]", &trail).remove(0)
    };
    assert_eq!(
        on_bedrock("anthropic.claude-3-haiku-20240307-v1:0").0,
        Verdict::Unknown,
        "the table only points to AWS's page"
    );
    let deprecated = on_bedrock("anthropic.claude-opus-4-1-20250805-v1:0");
    assert!(
        deprecated.0 == Verdict::Met && deprecated.1.contains("2 of them to deprecated ones"),
        "{}",
        deprecated.1
    );
    assert_eq!(of("claude-unheard-of"), Verdict::Unknown);
}

#[test]
fn checks_are_well_formed_and_ids_are_stable() {
    let mut ids = BTreeSet::new();
    for check in ALL {
        assert!(
            ids.insert(check.id) && check.question.ends_with('?') && !check.clauses.is_empty(),
            "{}",
            check.id
        );
        assert!(named(check.id).is_some());
    }
}

#[test]
fn a_finding_has_its_own_id_that_is_the_same_in_every_run() {
    let ids = |deployment: &str, region: &str| -> Vec<String> {
        let mut told = Told::default();
        told.values.insert(
            (
                "requested_region".to_owned(),
                format!("deployment:{deployment}"),
            ),
            vec![
                (Some(region.to_owned()), 1),
                (Some("eu-west-3".to_owned()), 1),
            ],
        );
        let subject = Subject {
            definition: &Definition::bare(deployment, Kind::Bedrock),
            settings: &[],
            trail: &told,
            now_ms: 0,
        };
        let findings = run(&subject).unwrap().into_iter();
        let of = findings.filter(|finding| finding.check == logging::CHECK.id);
        of.map(|finding| finding.id).collect()
    };
    let found = ids("x", "1eu-west-1");
    // Of check, deployment and subject with NUL between them, through `sha256sum`.
    assert_eq!(found, ["logging-on-92e3addfa7", "logging-on-424bd5bb5c"]);
    // Neither the end of one part nor the beginning of the next is told by the other.
    assert_ne!(found[0], found[1]);
    assert_ne!(found[0], ids("x1", "eu-west-1")[0]);
}
