//! Bedrock's log out of a CloudWatch log group, in every way in which one gets it out: the same calls.

use std::io::Write;

use serde_json::{Value, json};

use super::Bench;

const EVENTS: &str = "aws/bedrock/modelinvocations";

fn record(id: u32) -> String {
    json!({"timestamp": "2026-10-01T10:00:00Z", "accountId": "111122223333", "region": "eu-central-1",
        "identity": {"arn": "arn:aws:iam::111122223333:user/a"}, "requestId": format!("r-{id}"), "operation": "Converse",
        "modelId": "eu.anthropic.claude-sonnet-4-6", "schemaType": "ModelInvocationLog", "schemaVersion": "1.0",
        "input": {"inputTokenCount": 40, "inputBodyJson": {"messages": [{"role": "user",
            "content": [{"text": format!("Say \"hi\", please,\nfor the {id}. time: {{}} \\ é")}]}]}},
        "output": {"outputTokenCount": 20}})
    .to_string()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// What a subscription filter sends.
fn sent(kind: &str, messages: &[String]) -> Value {
    let events: Vec<Value> = messages
        .iter()
        .map(|message| json!({"id": "3", "timestamp": 1_790_848_800_000_u64, "message": message}))
        .collect();
    json!({"messageType": kind, "owner": "111122223333", "logGroup": "/bedrock", "logStream": EVENTS,
        "subscriptionFilters": ["all"], "logEvents": events})
}

/// A table as `csv` writes it.
fn table(header: [&str; 2], line_end: &str, first: &str, records: &[String]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut text = header.join(",") + line_end;
    for record in records {
        text += &format!("{first},{}{line_end}", quoted(record));
    }
    text
}

/// Files that hold the `records`, one a way, and how many lines of each hold none.
fn ways(records: &[String]) -> Vec<(&'static str, Vec<u8>, u64)> {
    let each = |of: &dyn Fn(&String) -> Value| records.iter().map(of).collect::<Vec<_>>();
    let results = json!({"results": each(&|record| json!([
            {"field": "@timestamp", "value": "2026-10-01 10:00:00.000"}, {"field": "@message", "value": record},
            {"field": "@ptr", "value": "Cm0="}])),
        "statistics": {"recordsMatched": 3.0}, "status": "Complete"});
    let console = each(&|record| {
        let opened: Value = serde_json::from_str(record).unwrap();
        json!({"@timestamp": "2026-10-01 10:00:00.000", "@message": opened})
    });
    let filtered = json!({"events": each(&|record| json!({"logStreamName": EVENTS, "timestamp": 1, "message": record,
        "ingestionTime": 2, "eventId": "3"})), "searchedLogStreams": []});
    let lines = |before: &str| -> Vec<u8> {
        let line = |record: &String| format!("{before}{record}\n");
        records.iter().map(line).collect::<String>().into_bytes()
    };
    let health = sent(
        "CONTROL_MESSAGE",
        &["CWL CONTROL MESSAGE: Checking health".to_owned()],
    );
    let firehose: Vec<u8> = [
        health,
        sent("DATA_MESSAGE", &records[..2]),
        sent("DATA_MESSAGE", &records[2..]),
    ]
    .iter()
    .flat_map(|envelope| gzip(envelope.to_string().as_bytes()))
    .collect();
    let printed = |value: &Value| serde_json::to_vec_pretty(value).unwrap();
    let time = "2026-10-01 10:00:00.000";
    vec![
        ("lines.jsonl", lines(""), 0),
        ("get-query-results.json", printed(&results), 0),
        ("one-line.json", results.to_string().into_bytes(), 0),
        ("insights.json", printed(&json!(console)), 0),
        (
            "insights.csv",
            table(["@timestamp", "@message"], "\r\n", time, records).into_bytes(),
            0,
        ),
        (
            "viewer.csv",
            table(["timestamp", "message"], "\n", "1790848800000", records).into_bytes(),
            0,
        ),
        ("filter-log-events.json", printed(&filtered), 0),
        (
            "subscription.json",
            sent("DATA_MESSAGE", records).to_string().into_bytes(),
            0,
        ),
        ("firehose", firehose.clone(), 1),
        ("firehose.gz", gzip(&firehose), 1),
        (
            "export-task.gz",
            gzip(&lines("2026-10-01T10:00:00.000Z ")),
            0,
        ),
        (
            "tail.txt",
            lines(&format!("2026-10-01T10:00:00.123000+00:00 {EVENTS} ")),
            0,
        ),
        ("tail-short.txt", lines("2026-10-01T10:00:00 "), 0),
    ]
}

#[test]
fn a_log_group_gives_the_same_calls_however_it_is_read() {
    let records: Vec<String> = (1..=3).map(record).collect();
    let whole = Bench::empty();
    for (index, (name, content, rejected)) in ways(&records).into_iter().enumerate() {
        let alone = Bench::empty();
        let file = alone.file(name, &content);
        let summary = alone.json(&["import", &file]);
        assert_eq!(
            (&summary["calls"], &summary["rejected"]),
            (&json!(3), &json!(rejected)),
            "{name}: {summary}"
        );
        let found = alone.json(&["trail", "calls", "body:present input_tokens:40"]);
        assert_eq!(found["total"], 3, "{name}");
        let again = whole.json(&["import", &whole.file(name, &content)]);
        let expected = if index == 0 { (3, 0) } else { (0, 3) };
        assert_eq!(
            (&again["accepted"], &again["duplicates"]),
            (&json!(expected.0), &json!(expected.1)),
            "{name}: {again}"
        );
    }
    assert_eq!(whole.json(&["trail", "calls", "conflict:yes"])["total"], 0);
}

#[test]
fn rows_of_a_query_that_left_the_message_out_say_so() {
    let bench = Bench::empty();
    let answer = json!({"results": [[{"field": "@timestamp", "value": "x"}, {"field": "modelId", "value": "m"}]]});
    let table = "@timestamp,modelId\n2026-10-01 10:00:00.000,m\n";
    for (name, content) in [
        ("answer.json", answer.to_string()),
        ("table.csv", table.to_owned()),
    ] {
        bench.json(&["import", &bench.file(name, content)]);
    }
    let rejected = bench.json(&["import", "rejected"]);
    let lines = rejected.as_array().unwrap();
    assert_eq!(lines.len(), 2, "{rejected}");
    for line in lines {
        assert_eq!(line["reason"], "format_unknown");
        assert!(line["detail"].as_str().unwrap().contains("`@message`"));
    }
}
