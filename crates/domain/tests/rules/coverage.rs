//! Facts → holes, and facts that look like one and are none.

use std::collections::BTreeMap;

use assay_domain::billed::comparing::{HeldHour, compare};
use assay_domain::billed::counting::Placed;
use assay_domain::billed::{Dimensions, Report};
use assay_domain::call::{Body, Feature, Features, Kind, Oddity, Status};
use assay_domain::coverage::days::{State, map};
use assay_domain::coverage::digests::{Verdict, days};
use assay_domain::coverage::{
    Change, DAY_MS, FIELDS, Facts, HOUR_MS, Named, Seen, Signature, Told, Unit, bit, holes,
    is_unlogged,
};
use assay_domain::formats::{Context, Format, Record, parse};
use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use assay_domain::settings::date_ms;

const LOG: Format = Format::BedrockInvocationLog;
const TRAIL: Format = Format::CloudTrail;
const GATEWAY: Format = Format::LiteLlm;

fn day() -> i64 {
    date_ms("2026-10-05").unwrap()
}

fn named() -> BTreeMap<i64, Named> {
    let one = |name: &str, kind| Named {
        name: name.into(),
        kind,
        accounts: vec!["1".into()],
    };
    BTreeMap::from([
        (1, one("claims", Kind::Bedrock)),
        (2, one("letters", Kind::Vertex)),
    ])
}

/// Calls of an hour of the day by these sources.
fn seen(hour: i64, sources: &[Format], calls: u64) -> Seen {
    Seen {
        hour_ms: Some(day() + hour * HOUR_MS),
        deployment: 1,
        sources: sources.iter().fold(0, |all, source| all | bit(*source)),
        unlogged: false,
        calls,
    }
}

fn told(source: Format) -> Told {
    Told {
        day_ms: Some(day()),
        source: source.name().into(),
        deployment: 1,
        records: 10,
        errors: 0,
        text_held: 10,
        text_elsewhere: 0,
        text_missing: 0,
        placeholders: 0,
        errors_as_success: 0,
        fields: [0; FIELDS.len()],
    }
}

/// The holes, as signature, source, hours of the day, count of how many; every query can be asked.
fn check(
    seen: &[Seen],
    told: &[Told],
    changes: &[Change],
) -> Vec<(Signature, String, i64, i64, u64, u64)> {
    let deployments = named();
    let facts = Facts {
        seen,
        told,
        changes,
        deployments: &deployments,
        billed: &[],
        from_ms: None,
        to_ms: None,
        now_ms: day() + DAY_MS,
    };
    holes(&facts)
        .into_iter()
        .map(|hole| {
            if let Some(query) = &hole.query {
                Query::parse(query, Table::Calls).unwrap();
            }
            if let Some(query) = &hole.activities {
                Query::parse(query, Table::Activities).unwrap();
            }
            let hour = |ms: i64| (ms - day()) / HOUR_MS;
            (
                hole.signature,
                hole.source,
                hour(hole.from_ms),
                hour(hole.to_ms),
                hole.count,
                hole.of,
            )
        })
        .collect()
}

fn missing(
    source: Format,
    from: i64,
    to: i64,
    count: u64,
    of: u64,
) -> (Signature, String, i64, i64, u64, u64) {
    (
        Signature::MissingHours,
        source.name().into(),
        from,
        to,
        count,
        of,
    )
}

#[test]
fn hours_between_covered_ones_that_another_source_saw_are_missing() {
    let facts = [
        seen(8, &[LOG, TRAIL], 10),
        seen(9, &[TRAIL], 4),
        seen(11, &[TRAIL], 5),
        seen(12, &[LOG, TRAIL], 10),
    ];
    assert_eq!(check(&facts, &[], &[]), [missing(LOG, 9, 12, 9, 29)]);
}

#[test]
fn what_no_second_source_bounds_is_no_missing_hour() {
    let none: [(Signature, String, i64, i64, u64, u64); 0] = [];
    // Nobody recorded anything at 9: that is not known to be a hole.
    let quiet = [seen(8, &[LOG, TRAIL], 10), seen(12, &[LOG, TRAIL], 10)];
    assert_eq!(check(&quiet, &[], &[]), none);
    // Before the first and after the last record, the source covers nothing.
    let edges = [
        seen(7, &[TRAIL], 10),
        seen(8, &[LOG, TRAIL], 10),
        seen(9, &[TRAIL], 10),
    ];
    assert_eq!(check(&edges, &[], &[]), none);
    // Two calls are too few to tell a gap from calls that it lacks anyway.
    let few = [
        seen(8, &[LOG, TRAIL], 10),
        seen(9, &[TRAIL], 2),
        seen(10, &[LOG, TRAIL], 10),
    ];
    assert_eq!(check(&few, &[], &[]), none);
    // One source alone.
    let alone = [seen(8, &[LOG], 10), seen(12, &[LOG], 10)];
    assert_eq!(check(&alone, &[], &[]), none);
    // A source that sees one call in ten covers no hour.
    let sparse = [
        seen(8, &[TRAIL], 9),
        seen(8, &[GATEWAY, TRAIL], 1),
        seen(9, &[TRAIL], 9),
        seen(10, &[TRAIL], 9),
        seen(10, &[GATEWAY, TRAIL], 1),
    ];
    assert_eq!(check(&sparse, &[], &[]), none);
    // Another deployment's calls.
    let mut other = seen(9, &[TRAIL], 9);
    other.deployment = 2;
    let elsewhere = [
        seen(8, &[LOG, TRAIL], 10),
        other,
        seen(10, &[LOG, TRAIL], 10),
    ];
    assert_eq!(check(&elsewhere, &[], &[]), none);
    // A call without a time.
    let mut timeless = seen(9, &[TRAIL], 9);
    timeless.hour_ms = None;
    let facts = [
        timeless,
        seen(8, &[LOG, TRAIL], 10),
        seen(10, &[LOG, TRAIL], 10),
    ];
    assert_eq!(check(&facts, &[], &[]), none);
}

#[test]
fn what_the_log_cannot_hold_is_beyond_it_and_no_missing_hour() {
    let mut mantle = seen(9, &[TRAIL], 3);
    mantle.unlogged = true;
    let facts = [
        seen(8, &[LOG, TRAIL], 10),
        mantle,
        seen(10, &[LOG, TRAIL], 10),
    ];
    assert_eq!(
        check(&facts, &[], &[]),
        [(Signature::BeyondLog, LOG.name().to_owned(), 9, 10, 3, 23)]
    );
    assert!(is_unlogged(
        Kind::Vertex,
        Features::default(),
        Some("global")
    ));
    for (kind, region) in [
        (Kind::Vertex, Some("europe-west1")),
        (Kind::Vertex, None),
        (Kind::Bedrock, Some("us")),
        (Kind::ClaudeApi, Some("global")),
    ] {
        assert!(!is_unlogged(kind, Features::default(), region));
    }
}

#[test]
fn logging_is_off_until_it_is_set_again_in_the_same_place() {
    let change = |hour: i64, action: &str, region: &str| Change {
        at_ms: day() + hour * HOUR_MS,
        action: action.into(),
        account: Some("1".into()),
        region: Some(region.into()),
        target: None,
    };
    let facts = [
        seen(8, &[LOG, TRAIL], 10),
        seen(9, &[TRAIL], 4),
        seen(20, &[TRAIL], 5),
    ];
    let delete = "DeleteModelInvocationLoggingConfiguration";
    let put = "PutModelInvocationLoggingConfiguration";
    let off = |to: i64, count: u64| {
        (
            Signature::LoggingOff,
            LOG.name().to_owned(),
            9,
            to,
            count,
            count,
        )
    };
    let found = |changes: &[Change]| {
        let mut found = check(&facts, &[], changes);
        found.retain(|one| one.0 == Signature::LoggingOff);
        found
    };
    assert_eq!(found(&[change(9, delete, "eu-west-1")]), [off(24, 9)]);
    assert_eq!(
        found(&[change(9, delete, "eu-west-1"), change(10, put, "eu-west-1")]),
        [off(10, 4)]
    );
    assert_eq!(
        found(&[change(9, delete, "eu-west-1"), change(10, put, "us-east-1")]),
        [off(24, 9)],
        "another region's logging"
    );
    let ends = |changes: &[Change]| {
        let deployments = named();
        let found = holes(&Facts {
            seen: &facts,
            told: &[],
            changes,
            deployments: &deployments,
            billed: &[],
            from_ms: None,
            to_ms: None,
            now_ms: day() + DAY_MS,
        });
        found
            .into_iter()
            .find(|hole| hole.signature == Signature::LoggingOff)
            .map(|hole| hole.no_end_known)
    };
    assert_eq!(ends(&[change(9, delete, "eu-west-1")]), Some(true));
    assert_eq!(
        ends(&[change(9, delete, "eu-west-1"), change(10, put, "eu-west-1")]),
        Some(false)
    );
    // Hours 9 to 12 of the day; each hole as from, to, calls, whether no end is known.
    let of_period = |changes: &[Change]| -> Vec<(i64, i64, u64, bool)> {
        let deployments = named();
        let found = holes(&Facts {
            seen: &facts[1..2],
            told: &[],
            changes,
            deployments: &deployments,
            billed: &[],
            from_ms: Some(day() + 9 * HOUR_MS),
            to_ms: Some(day() + 12 * HOUR_MS),
            now_ms: day() + DAY_MS,
        });
        let hour = |ms: i64| (ms - day()) / HOUR_MS;
        found
            .iter()
            .filter(|hole| {
                let query = hole.query.as_deref().unwrap_or_default();
                Query::parse(query, Table::Calls).unwrap();
                hole.signature == Signature::LoggingOff
            })
            .map(|hole| {
                (
                    hour(hole.from_ms),
                    hour(hole.to_ms),
                    hole.count,
                    hole.no_end_known,
                )
            })
            .collect()
    };
    let at = |hour, action| change(hour, action, "eu-west-1");
    assert_eq!(
        of_period(&[at(-40, delete)]),
        [(9, 12, 4, true)],
        "off since before the period"
    );
    assert_eq!(
        of_period(&[at(-40, delete), at(10, put)]),
        [(9, 10, 4, false)]
    );
    assert_eq!(
        of_period(&[at(9, delete), at(30, put)]),
        [(9, 12, 4, false)],
        "set again after the period"
    );
    assert_eq!(of_period(&[at(-40, delete), at(-30, put)]), []);
    assert_eq!(of_period(&[at(12, delete)]), []);
    let mut foreign = change(9, delete, "eu-west-1");
    foreign.account = Some("2".into());
    let holes = found(&[foreign.clone(), foreign]);
    assert_eq!(holes.len(), 1, "told twice is one deed");
    assert_eq!((holes[0].4, holes[0].5), (0, 0), "calls of another account");
    // Setting it alone is a change, of which the row does not tell what it set.
    let set = check(&facts, &[], &[change(9, put, "eu-west-1")]);
    assert!(set.iter().any(|one| one.0 == Signature::LoggingChanged));
    let google = change(
        9,
        "google.cloud.aiplatform.v1.EndpointService.SetPublisherModelConfig",
        "europe-west1",
    );
    let set = check(&facts, &[], &[google]);
    assert_eq!(set[0].0, Signature::LoggingChanged);
    assert_eq!(
        check(&facts, &[], &[change(9, "ListModels", "eu-west-1")]),
        []
    );
}

#[test]
fn records_tell_of_missing_text_placeholders_and_errors_as_success() {
    let none: [(Signature, String, i64, i64, u64, u64); 0] = [];
    assert_eq!(check(&[], &[told(LOG)], &[]), none);
    let mut never = told(TRAIL);
    never.text_held = 0;
    assert_eq!(
        check(&[], &[never], &[]),
        none,
        "a source that never holds text"
    );
    let mut some = told(LOG);
    (some.text_held, some.text_missing) = (7, 2);
    some.errors = 1;
    assert_eq!(
        check(&[], &[some], &[]),
        [(Signature::MissingBodies, LOG.name().to_owned(), 0, 24, 2, 9)]
    );
    let mut odd = told(GATEWAY);
    (odd.placeholders, odd.errors_as_success) = (3, 1);
    let found = check(&[], &[odd], &[]);
    assert_eq!(
        found
            .iter()
            .map(|one| (one.0, one.4, one.5))
            .collect::<Vec<_>>(),
        [
            (Signature::PlaceholderBodies, 3, 10),
            (Signature::ErrorsAsSuccess, 1, 10)
        ]
    );
}

#[test]
fn a_day_without_a_record_is_a_hole_only_where_another_source_proves_it() {
    let deployments = named();
    let at = |day: i64, sources: &[Format]| seen(day * 24 + 8, sources, 5);
    let facts_seen = [
        at(0, &[LOG, TRAIL]),
        at(1, &[TRAIL]),
        at(2, &[LOG, TRAIL]),
        // Day 3: nobody.
        at(4, &[TRAIL]),
    ];
    let facts = Facts {
        seen: &facts_seen,
        told: &[],
        changes: &[],
        deployments: &deployments,
        billed: &[],
        from_ms: None,
        to_ms: None,
        now_ms: day() + 10 * DAY_MS,
    };
    let holes = holes(&facts);
    let rows = map(&facts, &holes, (day(), day() + 5 * DAY_MS));
    let states = |source: Format| -> Vec<State> {
        rows.iter()
            .find(|row| row.source == source)
            .unwrap()
            .cells
            .iter()
            .map(|cell| cell.state)
            .collect()
    };
    use State::{Elsewhere, Hole, Nothing, Recorded};
    assert_eq!(
        states(LOG),
        [Recorded, Hole, Recorded, Nothing, Elsewhere, Nothing]
    );
    assert_eq!(
        states(TRAIL),
        [Recorded, Recorded, Recorded, Nothing, Recorded, Nothing]
    );
}

#[test]
fn digests_are_judged_by_the_day_of_delivery() {
    let file = |day: &str, origin: Option<&str>| {
        (
            format!("1_CloudTrail_eu-west-1_{day}T0800Z_AbCdEfGhIjKlMnOp.json.gz"),
            origin.map(str::to_owned),
        )
    };
    let verdicts: Vec<Verdict> = days(
        &[],
        &[
            file("20261001", Some("verified")),
            file("20261002", Some("verified")),
            file("20261002", Some("unnamed")),
            file("20261003", Some("hash_matches")),
            file("20261004", Some("unnamed")),
            file("20261005", None),
            file("20261006", Some("failed")),
            file("20261006", Some("verified")),
            ("no-time.json".to_owned(), Some("failed".to_owned())),
        ],
    )
    .into_iter()
    .map(|day| day.verdict)
    .collect();
    assert_eq!(
        verdicts,
        [
            Verdict::Verified,
            Verdict::Partly,
            Verdict::Unverified,
            Verdict::NoDigest,
            Verdict::NoDigest,
            Verdict::Failed
        ]
    );
}

#[test]
fn a_record_that_contradicts_itself_is_odd_and_has_failed() {
    let read = |format: Format, text: &str| {
        let context = Context {
            now_ms: day() + DAY_MS,
        };
        match parse(format, text.as_bytes(), &context) {
            Ok(Record::Call(call)) => *call,
            _ => panic!("not a call: {text}"),
        }
    };
    let litellm = |status: &str, error: &str, messages: &str| {
        read(
            GATEWAY,
            &format!(
                r#"{{"id":"1","call_type":"acompletion","response_cost":0.1,"status":"{status}","model":"claude-x","startTime":1791190800.0,"endTime":1791190801.0,"messages":{messages},"response":null,"error_str":{error}}}"#
            ),
        )
    };
    let text = r#"[{"role":"user","content":"Good morning"}]"#;
    let placeholder = r#"[{"role":"user","content":"default-message-value"}]"#;
    let fine = litellm("success", "null", text);
    assert!(fine.oddities.is_empty() && fine.status == Status::Ok);
    let failed = litellm("failure", "\"overloaded\"", text);
    assert!(failed.oddities.is_empty() && failed.status == Status::Error);
    let wrong = litellm("success", "\"overloaded\"", text);
    assert_eq!(wrong.status, Status::Error);
    assert_eq!(wrong.oddities, [Oddity::ErrorAsSuccess]);
    let gone = litellm("success", "null", placeholder);
    assert_eq!(gone.body, Body::Missing);
    assert_eq!(gone.oddities, [Oddity::TextPlaceholder]);
    let long = format!(
        r#"[{{"role":"user","content":"What is default-message-value?{}"}}]"#,
        " Tell me.".repeat(30)
    );
    assert_eq!(
        litellm("success", "null", &long).body,
        Body::Present,
        "a text that speaks of the placeholder"
    );
    let mantle = read(
        TRAIL,
        r#"{"eventSource":"bedrock-mantle.amazonaws.com","eventName":"CreateInference","awsRegion":"eu-west-1","eventTime":"2026-10-05T08:00:00Z","requestParameters":{"model":"anthropic.claude-x"}}"#,
    );
    assert!(mantle.features.contains(Feature::BedrockMantle));
}

#[test]
fn tokens_that_no_call_has_are_a_hole_that_opens_the_calls_of_its_days() {
    let row = |bucket: i64, day_ms: i64, model: &str, tokens: u64| Placed {
        bucket,
        number: 0,
        report: Report::Usage,
        deployment: None,
        from_ms: day_ms,
        to_ms: day_ms + DAY_MS,
        dimensions: Some(Dimensions {
            model: Some(model.into()),
            ..Dimensions::default()
        }),
        tokens: [tokens, 0, 0, 0, 0],
        amount_usd_micros: 0,
    };
    let call = HeldHour {
        hour_ms: day() + HOUR_MS,
        deployment: 3,
        is_claude_api: true,
        model: Some("claude-opus-4-5-20251101".into()),
        calls: 1,
        tokens: [60, 0, 0, 0, 0],
        ..HeldHour::default()
    };
    let rows = [
        row(1, day(), "claude-opus-4-5", 100),
        row(2, day() + DAY_MS, "claude-opus-4-5", 50),
    ];
    let billed = compare(&rows, &[call]);
    let deployments = named();
    let facts = Facts {
        seen: &[],
        told: &[],
        changes: &[],
        deployments: &deployments,
        billed: &billed,
        from_ms: None,
        to_ms: None,
        now_ms: day() + DAY_MS,
    };
    let holes = holes(&facts);
    assert_eq!(holes.len(), 1);
    let hole = &holes[0];
    assert_eq!(hole.signature, Signature::BilledBeyond);
    assert_eq!((hole.count, hole.of, hole.unit), (90, 150, Unit::Tokens));
    assert_eq!(hole.billed_model.as_deref(), Some("claude-opus-4-5"));
    let query = hole.query.as_deref().unwrap();
    assert_eq!(
        query,
        "kind:claude_api request_model:claude-opus-4-5-20251101 started_at:2026-10-05..2026-10-06"
    );
    Query::parse(query, Table::Calls).unwrap();
    assert!(
        hole.says
            .contains("On 2 days the provider counted 150 tokens")
    );
}
