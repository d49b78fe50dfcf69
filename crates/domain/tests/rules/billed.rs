//! Bytes of reports → rows; rows fetched twice → each once; rows and calls → lines.

use assay_domain::billed::comparing::{HeldHour, Line, State, compare, other_costs};
use assay_domain::billed::counting::{Placed, counted};
use assay_domain::billed::{Bucket, Dimensions, Report, read};
use assay_domain::call::Tokens;
use assay_domain::formats::Reason;
use assay_domain::settings::date_ms;

const NOW: i64 = 1_800_000_000_000;
const HOUR_MS: i64 = 3_600_000;

fn day() -> i64 {
    date_ms("2026-10-05").unwrap()
}

fn taken(text: &str) -> Bucket {
    read(text.as_bytes(), NOW).unwrap().unwrap()
}

fn refused(text: &str) -> Reason {
    read(text.as_bytes(), NOW).unwrap().unwrap_err().reason
}

const HEAD: &str =
    r#"{"starting_at":"2026-10-05T00:00:00Z","ending_at":"2026-10-06T00:00:00Z","results":["#;

#[test]
fn tokens_are_disjoint_and_the_uncached_input_is_the_input() {
    let bucket = taken(&format!(
        r#"{HEAD}{{"uncached_input_tokens":1500,"cache_creation":{{"ephemeral_1h_input_tokens":1000,"ephemeral_5m_input_tokens":500}},"cache_read_input_tokens":200,"output_tokens":400,"server_tool_use":{{"web_search_requests":10}},"model":"claude-opus-4-6","workspace_id":null,"api_key_id":"apikey_1","something_new":{{"a":1}}}}]}}"#
    ));
    assert_eq!(bucket.report, Some(Report::Usage));
    assert_eq!(
        (bucket.from_ms, bucket.to_ms),
        (day(), day() + 24 * HOUR_MS)
    );
    let row = &bucket.rows[0];
    assert_eq!(
        row.tokens,
        Tokens {
            input: Some(1500),
            output: Some(400),
            cache_read: Some(200),
            cache_write_5m: Some(500),
            cache_write_1h: Some(1000),
        }
    );
    assert_eq!(row.web_searches, Some(10));
    assert_eq!(row.dimensions.api_key_id.as_deref(), Some("apikey_1"));
    assert_eq!(row.dimensions.workspace_id, None);
}

#[test]
fn an_amount_is_a_decimal_string_of_cents() {
    let amount = |amount: &str, currency: &str| {
        let text = format!(
            r#"{HEAD}{{"amount":{amount},"currency":"{currency}","cost_type":"tokens"}}]}}"#
        );
        let bucket = taken(&text);
        assert_eq!(bucket.report, Some(Report::Cost));
        bucket.rows[0].amount_usd_micros
    };
    assert_eq!(amount(r#""123.45""#, "USD"), Some(1_234_500));
    assert_eq!(amount(r#""123.78912""#, "USD"), Some(1_237_891));
    assert_eq!(amount(r#""0.00005""#, "USD"), Some(1));
    assert_eq!(amount(r#""-7.5""#, "USD"), Some(-75_000));
    assert_eq!(amount("12", "usd"), Some(120_000));
    assert_eq!(amount(r#""10""#, "EUR"), None);
}

#[test]
fn what_is_no_bucket_is_left_to_the_formats_and_what_is_a_bad_one_is_refused() {
    assert!(read(br#"{"results":[],"starting_at":"x"}"#, NOW).is_none());
    assert!(read(b"not json starting_at ending_at results", NOW).is_none());
    assert_eq!(taken(&format!("{HEAD}]}}")).report, None);
    assert_eq!(refused(&format!("{HEAD}{{}}]}}")), Reason::FieldMissing);
    assert_eq!(
        refused(&format!(r#"{HEAD}{{"uncached_input_tokens":-1}}]}}"#)),
        Reason::FieldType
    );
    assert_eq!(
        refused(&format!(r#"{HEAD}{{"amount":"1,5"}}]}}"#)),
        Reason::FieldType
    );
    assert_eq!(
        refused(&format!(
            r#"{HEAD}{{"amount":"1"}},{{"uncached_input_tokens":1}}]}}"#
        )),
        Reason::FieldType
    );
    for (from, to) in [
        ("2026-10-05T00:00:00Z", "2026-10-12T00:00:00Z"),
        ("2026-10-05T12:00:00Z", "2026-10-06T12:00:00Z"),
        ("yesterday", "2026-10-06T00:00:00Z"),
    ] {
        let text = format!(r#"{{"starting_at":"{from}","ending_at":"{to}","results":[]}}"#);
        assert_eq!(refused(&text), Reason::FieldType, "{from}");
    }
}

fn placed(bucket: i64, number: i64, from_ms: i64, to_ms: i64, model: Option<&str>) -> Placed {
    Placed {
        bucket,
        number,
        report: Report::Usage,
        deployment: None,
        from_ms,
        to_ms,
        dimensions: Some(Dimensions {
            model: model.map(str::to_owned),
            ..Dimensions::default()
        }),
        tokens: [0; 5],
        amount_usd_micros: 0,
    }
}

fn used(bucket: i64, number: i64, model: &str, tokens: u64) -> Placed {
    Placed {
        tokens: [tokens, 0, 0, 0, 0],
        ..placed(bucket, number, day(), day() + 24 * HOUR_MS, Some(model))
    }
}

fn of_key(row: Placed, key: &str) -> Placed {
    let mut row = row;
    if let Some(dimensions) = &mut row.dimensions {
        dimensions.api_key_id = Some(key.to_owned());
    }
    row
}

/// The buckets and numbers of what counts, whatever the order of the rows.
fn counting(rows: &[Placed]) -> Vec<(i64, i64)> {
    let chosen = |rows: &[Placed]| {
        let mut found: Vec<(i64, i64)> = rows
            .iter()
            .zip(counted(rows))
            .filter(|(_, counts)| *counts)
            .map(|(row, _)| (row.bucket, row.number))
            .collect();
        found.sort_unstable();
        found
    };
    let mut turned = rows.to_vec();
    turned.reverse();
    assert_eq!(chosen(rows), chosen(&turned));
    chosen(rows)
}

#[test]
fn what_was_fetched_twice_counts_once() {
    // A day that was fetched before it ended, and again.
    let rows = [used(1, 0, "a", 10), used(2, 0, "a", 30), used(2, 1, "b", 5)];
    assert_eq!(counting(&rows), [(2, 0), (2, 1)]);
    // Grouped by key as well: the same tokens, told apart.
    let rows = [
        used(1, 0, "a", 30),
        of_key(used(2, 0, "a", 10), "k1"),
        of_key(used(2, 1, "a", 20), "k2"),
    ];
    assert_eq!(counting(&rows), [(2, 0), (2, 1)]);
    // Of one key only: the whole report counts.
    let rows = [used(1, 0, "a", 30), of_key(used(2, 0, "a", 10), "k1")];
    assert_eq!(counting(&rows), [(1, 0)]);
    // Two files of one key each are parts of one report.
    let rows = [
        of_key(used(1, 0, "a", 10), "k1"),
        of_key(used(2, 0, "a", 20), "k2"),
    ];
    assert_eq!(counting(&rows), [(1, 0), (2, 0)]);
    // Rows that differ in something that this program does not read.
    let rows = [used(1, 0, "a", 10), used(1, 1, "a", 20)];
    assert_eq!(counting(&rows), [(1, 0), (1, 1)]);
}

#[test]
fn a_day_counts_over_its_hours_where_it_covers_more() {
    let hour = |bucket: i64, hour: i64| Placed {
        tokens: [1, 0, 0, 0, 0],
        ..placed(
            bucket,
            0,
            day() + hour * HOUR_MS,
            day() + (hour + 1) * HOUR_MS,
            Some("a"),
        )
    };
    let hours: Vec<Placed> = (0..3).map(|at| hour(at + 1, at)).collect();
    assert_eq!(counting(&hours), [(1, 0), (2, 0), (3, 0)]);
    let mut both = hours;
    both.push(used(9, 0, "a", 3));
    assert_eq!(counting(&both), [(9, 0)]);
}

fn held(hour: i64, model: Option<&str>, tokens: u64) -> HeldHour {
    HeldHour {
        hour_ms: day() + hour * HOUR_MS,
        deployment: 1,
        is_claude_api: true,
        model: model.map(str::to_owned),
        calls: 1,
        tokens: [tokens, 0, 0, 0, 0],
        cost_usd_micros: 100,
        ..HeldHour::default()
    }
}

/// Day, model, billed, held and state of each line.
fn lines(rows: &[Placed], held: &[HeldHour]) -> Vec<(String, Option<u64>, u64, State)> {
    compare(rows, held)
        .iter()
        .map(|line: &Line| {
            (
                line.model.clone().unwrap_or_else(|| "all".to_owned()),
                line.billed.map(|tokens| tokens.iter().sum()),
                line.held_tokens(),
                line.state,
            )
        })
        .collect()
}

#[test]
fn both_sides_are_compared_by_model_whichever_way_it_is_dated() {
    let rows = [
        used(1, 0, "claude-opus-4-5-20251101", 1_000),
        used(1, 1, "claude-haiku-4-5", 1_000),
        used(1, 2, "claude-sonnet-4-5", 1_000),
    ];
    let calls = [
        held(3, Some("claude-opus-4-5"), 600),
        held(4, Some("claude-opus-4-5-20251101"), 395),
        held(4, Some("claude-haiku-4-5"), 989),
        held(4, Some("claude-mythos"), 7),
    ];
    assert_eq!(
        lines(&rows, &calls),
        [
            (
                "claude-haiku-4-5".into(),
                Some(1_000),
                989,
                State::BilledMore
            ),
            ("claude-mythos".into(), Some(0), 7, State::HeldMore),
            ("claude-opus-4-5".into(), Some(1_000), 995, State::Agrees),
            (
                "claude-sonnet-4-5".into(),
                Some(1_000),
                0,
                State::BilledMore
            ),
        ]
    );
}

#[test]
fn what_one_side_does_not_tell_is_unknown() {
    // No report of the day at all: of the next day there is one.
    let mut next = used(1, 0, "a", 10);
    next.from_ms += 24 * HOUR_MS;
    next.to_ms += 24 * HOUR_MS;
    assert_eq!(
        lines(&[next], &[held(0, Some("a"), 10)]),
        [
            ("a".into(), Some(10), 0, State::BilledMore),
            ("a".into(), None, 10, State::Unknown),
        ]
    );
    // No call of the trail at all.
    assert_eq!(
        lines(&[used(1, 0, "a", 10)], &[]),
        [("a".into(), Some(10), 0, State::Unknown)]
    );
    // A call without token counts may hold the rest.
    let mut silent = held(0, Some("a"), 0);
    silent.without_tokens = 1;
    assert_eq!(
        lines(&[used(1, 0, "a", 10)], &[silent]),
        [("a".into(), Some(10), 0, State::Unknown)]
    );
    assert_eq!(lines(&[], &[held(0, Some("a"), 10)]), []);
}

#[test]
fn only_hours_that_a_report_covers_are_compared() {
    let row = Placed {
        tokens: [10, 0, 0, 0, 0],
        ..placed(1, 0, day() + 2 * HOUR_MS, day() + 3 * HOUR_MS, Some("a"))
    };
    let calls = [held(2, Some("a"), 10), held(5, Some("a"), 99)];
    assert_eq!(
        lines(&[row], &calls),
        [("a".into(), Some(10), 10, State::Agrees)]
    );
}

#[test]
fn a_report_without_models_is_compared_as_a_whole_and_one_of_a_deployment_with_its_calls() {
    let mut row = used(1, 0, "a", 17);
    row.dimensions = Some(Dimensions::default());
    let calls = [held(2, Some("a"), 10), held(5, Some("b"), 7)];
    assert_eq!(
        lines(&[row.clone()], &calls),
        [("all".into(), Some(17), 17, State::Agrees)]
    );
    row.deployment = Some(2);
    let mut other = held(2, Some("a"), 17);
    other.deployment = 2;
    assert_eq!(
        lines(&[row], &[calls[0].clone(), other]),
        [
            ("a".into(), None, 10, State::Unknown),
            ("all".into(), Some(17), 17, State::Agrees),
        ]
    );
}

#[test]
fn money_is_compared_over_the_day_and_what_is_of_no_model_stands_apart() {
    let cost = |number: i64, model: Option<&str>, kind: &str, micros: i64| Placed {
        report: Report::Cost,
        amount_usd_micros: micros,
        dimensions: Some(Dimensions {
            model: model.map(str::to_owned),
            cost_type: Some(kind.to_owned()),
            ..Dimensions::default()
        }),
        ..placed(5, number, day(), day() + 24 * HOUR_MS, None)
    };
    let rows = [
        used(1, 0, "a", 10),
        cost(0, Some("a"), "tokens", 150),
        cost(1, None, "web_search", 40),
    ];
    let found = compare(&rows, &[held(2, Some("a"), 10)]);
    assert_eq!(found.len(), 1);
    let money = found[0].money.clone().unwrap();
    assert_eq!((money.billed_usd_micros, money.held_usd_micros), (150, 100));
    assert_eq!(other_costs(&rows).get("web_search"), Some(&40));
}
