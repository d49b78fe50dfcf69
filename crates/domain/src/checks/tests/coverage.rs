//! Missing hours and changed logging: what a second source proves, and what stays unknown.

use super::*;
use crate::coverage::{Hole, Signature, Unit};

fn hole(signature: Signature, count: u64) -> Hole {
    Hole {
        signature,
        source: "cloudtrail".into(),
        deployment: Some("x".into()),
        from_ms: 1_790_812_800_000,
        to_ms: 1_790_816_400_000,
        count,
        of: 100,
        unit: Unit::Calls,
        query: Some("deployment:x -source:cloudtrail".into()),
        activities: Some("action:StopLogging".into()),
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
