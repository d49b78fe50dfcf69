//! Reconciling sources: counts that open their records, the map of days, holes with their proof, and
//! what is no hole.

use serde_json::{Value, json};

use super::Bench;

/// An hour, counted from the beginning of 5 October 2026.
fn at(hour: i64) -> String {
    format!("2026-10-{:02}T{:02}:00:00Z", 5 + hour / 24, hour % 24)
}

/// A line of Bedrock's log; `text` is its body's.
fn logged(hour: i64, id: &str, text: Option<&str>) -> String {
    let body = |json: Value| match text {
        Some(_) => {
            json!({"inputContentType": "application/json", "inputTokenCount": 4, "outputTokenCount": 3,
                          "inputBodyJson": json, "outputBodyJson": json})
        }
        None => {
            json!({"inputContentType": "application/json", "inputTokenCount": 4, "outputTokenCount": 3})
        }
    };
    let input = body(json!({"messages": [{"role": "user", "content": text}], "max_tokens": 9}));
    let output = body(
        json!({"role": "assistant", "content": [{"type": "text", "text": text}], "stop_reason": "end_turn"}),
    );
    json!({
        "schemaType": "ModelInvocationLog", "schemaVersion": "1.0", "timestamp": at(hour),
        "accountId": "111122223333", "region": "eu-west-1", "requestId": id,
        "operation": "InvokeModel", "modelId": "anthropic.claude-3-haiku-20240307-v1:0",
        "identity": {"arn": "arn:aws:iam::111122223333:role/claims"}, "input": input, "output": output,
    })
    .to_string()
}

fn event(hour: i64, source: &str, name: &str, id: &str, parameters: &Value) -> Value {
    json!({
        "eventVersion": "1.09", "eventTime": at(hour), "eventSource": source, "eventName": name,
        "awsRegion": "eu-west-1", "sourceIPAddress": "203.0.113.9", "userAgent": "x",
        "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:iam::111122223333:role/claims", "accountId": "111122223333"},
        "requestID": id, "eventID": format!("e-{id}"), "readOnly": true,
        "requestParameters": parameters, "responseElements": null, "recipientAccountId": "111122223333",
    })
}

/// Two sources of one account. The log has no text in one record and nothing at 9 and 10; CloudTrail
/// has a mantle call and somebody who switches the log off.
fn bench() -> Bench {
    let bench = Bench::empty();
    let model = json!({"modelId": "anthropic.claude-3-haiku-20240307-v1:0"});
    let log: Vec<String> = [
        logged(7, "r-7", Some("Good morning")),
        logged(8, "r-8", Some("Good day")),
        logged(8, "r-8b", None),
        logged(11, "r-11", Some("Good evening")),
        logged(35, "r-35", Some("Good night")),
    ]
    .into();
    bench.file("logs/bedrock.jsonl", log.join("\n"));
    let called =
        |hour: i64, id: &str| event(hour, "bedrock.amazonaws.com", "InvokeModel", id, &model);
    let records = vec![
        called(8, "r-8"),
        called(8, "r-8b"),
        called(9, "r-9"),
        called(10, "r-10"),
        called(10, "r-10b"),
        called(11, "r-11"),
        event(
            12,
            "bedrock-mantle.amazonaws.com",
            "CreateInference",
            "m-1",
            &json!({"model": "anthropic.claude-x"}),
        ),
        event(
            9,
            "bedrock.amazonaws.com",
            "DeleteModelInvocationLoggingConfiguration",
            "off",
            &Value::Null,
        ),
        event(
            11,
            "bedrock.amazonaws.com",
            "PutModelInvocationLoggingConfiguration",
            "on",
            &Value::Null,
        ),
        called(35, "r-35"),
    ];
    bench.file("logs/trail.json", json!({"Records": records}).to_string());
    let path = bench.path("logs");
    bench.run(&["import", path.to_str().unwrap()]).with_code(0);
    bench
}

fn total(bench: &Bench, query: &Value) -> Value {
    bench.json(&["trail", "calls", query.as_str().unwrap()])["total"].clone()
}

#[test]
fn every_count_of_a_reconciliation_opens_its_records() {
    let bench = bench();
    let found = bench.json(&["trail", "reconcile"]);
    assert_eq!(found["calls"], 9, "{found}");
    for source in found["sources"].as_array().unwrap() {
        assert_eq!(total(&bench, &source["query"]), source["calls"], "{source}");
        assert_eq!(
            total(&bench, &source["alone_query"]),
            source["alone"],
            "{source}"
        );
        for fill in source["fields"].as_array().unwrap() {
            let lacking = fill["of"].as_u64().unwrap() - fill["told"].as_u64().unwrap();
            assert_eq!(total(&bench, &fill["lacking_query"]), lacking, "{fill}");
        }
    }
    for pair in found["pairs"].as_array().unwrap() {
        for count in ["matched", "only_left", "only_right"] {
            let query = &pair[format!("{count}_query")];
            assert_eq!(total(&bench, query), pair[count], "{pair}");
        }
        assert_eq!(pair["compared"], pair["matched"]);
    }
    for source in found["coverage"]["sources"].as_array().unwrap() {
        for cell in source["cells"].as_array().unwrap() {
            assert_eq!(total(&bench, &cell["query"]), cell["calls"], "{cell}");
            assert_eq!(
                total(&bench, &cell["elsewhere_query"]),
                cell["elsewhere"],
                "{cell}"
            );
        }
    }
    for hole in found["holes"].as_array().unwrap() {
        if !hole["query"].is_null() {
            assert_eq!(total(&bench, &hole["query"]), hole["count"], "{hole}");
        }
        if let Some(query) = hole["activities_query"].as_str() {
            assert_eq!(
                bench.json(&["trail", "activities", query])["total"],
                1,
                "{hole}"
            );
        }
    }
}

#[test]
fn holes_are_what_another_record_proves() {
    let bench = bench();
    let found = bench.json(&["trail", "reconcile"]);
    let holes: Vec<(&str, &str, u64, u64)> = found["holes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hole| {
            (
                hole["signature"].as_str().unwrap(),
                hole["source"].as_str().unwrap(),
                hole["count"].as_u64().unwrap(),
                hole["denominator"].as_u64().unwrap(),
            )
        })
        .collect();
    let log = "bedrock_invocation_log";
    assert_eq!(
        holes,
        [
            ("missing_hours", log, 3, 8),
            ("logging_off", log, 3, 3),
            ("beyond_log", log, 1, 9),
            ("missing_bodies", log, 1, 4),
            ("logging_changed", log, 1, 1),
        ],
        "{found}"
    );
    let hole = &found["holes"][0];
    assert_eq!(
        (&hole["from"], &hole["to"]),
        (
            &json!("2026-10-05T09:00:00.000Z"),
            &json!("2026-10-05T11:00:00.000Z")
        )
    );
    let states = |source: usize| -> Vec<&str> {
        found["coverage"]["sources"][source]["cells"]
            .as_array()
            .unwrap()
            .iter()
            .map(|cell| cell["state"].as_str().unwrap())
            .collect()
    };
    assert_eq!(states(0), ["partial", "recorded"], "the log");
    assert_eq!(states(1), ["recorded", "recorded"], "CloudTrail");
}

#[test]
fn a_period_is_reconciled_by_itself_and_a_quiet_day_is_no_hole() {
    let bench = bench();
    let later = bench.json(&[
        "trail",
        "reconcile",
        "--from",
        "2026-10-06",
        "--to",
        "2026-10-09",
    ]);
    assert_eq!(later["calls"], 1);
    assert_eq!(later["holes"], json!([]));
    assert_eq!(
        later["coverage"]["days"],
        json!(["2026-10-06", "2026-10-07", "2026-10-08"])
    );
    let cells = later["coverage"]["sources"][0]["cells"].as_array().unwrap();
    let states: Vec<&Value> = cells.iter().map(|cell| &cell["state"]).collect();
    assert_eq!(states, ["recorded", "nothing", "nothing"]);
    // A period that cuts hours is counted by its queries.
    let cut = bench.json(&[
        "trail",
        "reconcile",
        "--from",
        "2026-10-05T08:30:00Z",
        "--to",
        "2026-10-05T10:30:00Z",
    ]);
    assert_eq!(cut["calls"], 3, "{cut}");
    assert_eq!(cut["sources"][0]["source"], "cloudtrail");
    let none = bench.json(&[
        "trail",
        "reconcile",
        "--from",
        "2001-01-01",
        "--to",
        "2001-01-02",
    ]);
    assert_eq!((&none["calls"], &none["sources"]), (&json!(0), &json!([])));
    bench
        .run(&[
            "trail",
            "reconcile",
            "--from",
            "2026-10-09",
            "--to",
            "2026-10-06",
        ])
        .error("bad_input", "ends before");
}

#[test]
fn the_map_fits_the_terminal_and_names_its_signs() {
    let bench = bench();
    let shown = bench.run(&["trail", "reconcile"]).with_code(0).stdout;
    assert!(shown.contains("bedrock_invocation_log  ▒█"), "{shown}");
    assert!(shown.contains("cloudtrail              ██"), "{shown}");
    assert!(shown.contains("not the same as no traffic"), "{shown}");
    for line in shown.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
}

#[test]
fn holes_are_findings_with_the_calls_that_prove_them() {
    let bench = bench();
    let summary = bench.json(&["check", "run"]);
    let of = |check: &str| {
        summary["findings"]
            .as_array()
            .unwrap()
            .iter()
            .find(|finding| finding["check"] == check)
            .unwrap()
            .clone()
    };
    let hours = of("hours-covered");
    assert_eq!(hours["verdict"], "not_met", "{hours}");
    let query = &hours["evidence"][0]["query"];
    assert_eq!(total(&bench, query), 3, "{hours}");
    let logging = of("logging-kept-on");
    assert_eq!(logging["verdict"], "not_met", "{logging}");
}
