//! Missing hours and changed logging: what a second source proves, and what stays unknown.

use assay_domain::billed::comparing::{Held, Line, State};
use assay_domain::call::Kind;
use assay_domain::checks::{Covered, Verdict, billed_calls_held, hours_covered, logging_kept_on};
use assay_domain::coverage::{Hole, Signature, Unit};

use super::{Told, definition, verdict, verdicts};

fn hole(signature: Signature, count: u64) -> Hole {
    Hole {
        signature,
        source: "cloudtrail".into(),
        deployment: Some("x".into()),
        from_ms: 1_790_812_800_000,
        to_ms: 1_790_816_400_000,
        no_end_known: false,
        count,
        of: 100,
        unit: Unit::Calls,
        query: Some("deployment:x -source:cloudtrail".into()),
        activities: Some("action:StopLogging".into()),
        billed_model: None,
        says: "says".into(),
    }
}

fn covered(sources: &[&str], unchecked: u64, holes: Vec<Hole>) -> Told {
    Told {
        covered: Covered {
            calls: 100,
            sources: sources.iter().map(|name| (*name).to_owned()).collect(),
            unchecked,
            holes,
            activities: 0,
            ..Covered::default()
        },
        ..Told::default()
    }
}

#[test]
fn only_a_second_source_tells_whether_hours_are_missing() {
    let check = |told: &Told| {
        verdict(
            &hours_covered::CHECK,
            &definition(Kind::Bedrock),
            "[]",
            told,
        )
    };
    let both = ["bedrock_invocation_log", "cloudtrail"];
    assert_eq!(
        check(&covered(&both[..1], 100, Vec::new())),
        Verdict::Unknown
    );
    assert_eq!(check(&covered(&both, 3, Vec::new())), Verdict::Unknown);
    assert_eq!(check(&covered(&both, 0, Vec::new())), Verdict::Met);
    let gap = vec![hole(Signature::MissingHours, 7)];
    assert_eq!(check(&covered(&both, 3, gap)), Verdict::NotMet);
    let other = vec![hole(Signature::MissingBodies, 7)];
    assert_eq!(check(&covered(&both, 0, other)), Verdict::Met);
}

#[test]
fn logging_that_was_touched_is_never_met() {
    let check = |kind: Kind, holes: Vec<Hole>, activities: u64| {
        let mut told = covered(&["cloudtrail"], 100, holes);
        told.covered.activities = activities;
        verdicts(&logging_kept_on::CHECK, &definition(kind), "[]", &told)
            .into_iter()
            .map(|(verdict, _)| verdict)
            .collect::<Vec<_>>()
    };
    let off = || vec![hole(Signature::LoggingOff, 7)];
    let changed = || vec![hole(Signature::LoggingChanged, 1)];
    assert_eq!(check(Kind::Bedrock, off(), 9), [Verdict::NotMet]);
    assert_eq!(check(Kind::Bedrock, changed(), 9), [Verdict::Unknown]);
    assert_eq!(check(Kind::Bedrock, Vec::new(), 0), [Verdict::Unknown]);
    assert_eq!(check(Kind::Bedrock, Vec::new(), 9), [Verdict::Met]);
    assert_eq!(check(Kind::Private, off(), 9), []);
}

#[test]
fn what_no_report_covers_is_unknown_and_what_it_counts_beyond_the_trail_is_not_met() {
    let line = |billed: Option<u64>, held: u64, state: State| Line {
        day_ms: 1_790_812_800_000,
        model: Some("claude-opus-4-6".into()),
        deployment: None,
        hours: 24,
        spans: Vec::new(),
        billed: billed.map(|tokens| [tokens, 0, 0, 0, 0]),
        held: Held {
            calls: 1,
            tokens: [held, 0, 0, 0, 0],
            ..Held::default()
        },
        money: None,
        state,
    };
    let check = |billed: Vec<Line>| {
        let mut told = covered(&["litellm"], 100, Vec::new());
        told.covered.billed = billed;
        verdicts(
            &billed_calls_held::CHECK,
            &definition(Kind::ClaudeApi),
            "[]",
            &told,
        )
    };
    let says = |billed, verdict, title: &str| {
        let answers = check(billed);
        assert_eq!(answers[0].0, verdict);
        assert!(answers[0].1.contains(title), "{}", answers[0].1);
    };
    let agrees = || line(Some(1_000), 1_000, State::Agrees);
    says(Vec::new(), Verdict::Unknown, "No usage report");
    says(vec![agrees()], Verdict::Met, "all 1,000 tokens");
    says(
        vec![agrees(), line(Some(500), 100, State::BilledMore)],
        Verdict::NotMet,
        "400 of 1,500 tokens",
    );
    says(
        vec![agrees(), line(Some(500), 100, State::Unknown)],
        Verdict::Unknown,
        "Of 500 of 1,500 tokens",
    );
    says(
        vec![agrees(), line(None, 100, State::Unknown)],
        Verdict::Unknown,
        "of the days of 1 call more",
    );
    let others = verdicts(
        &billed_calls_held::CHECK,
        &definition(Kind::Bedrock),
        "[]",
        &Told::default(),
    );
    assert_eq!(others, []);
}
