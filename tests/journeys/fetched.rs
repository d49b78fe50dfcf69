//! One record that was fetched in several ways, out of collectors and platforms of logs: one record.

use serde_json::{Value, json};

use super::Bench;

/// A call as LiteLLM logs it; names and values are invented.
fn payload() -> Value {
    json!({"id": "chatcmpl-81", "trace_id": "t-81", "call_type": "acompletion", "status": "success",
        "custom_llm_provider": "anthropic", "response_cost": 0.001, "prompt_tokens": 310, "completion_tokens": 12,
        "startTime": 1_790_848_800.5, "endTime": 1_790_848_801.25, "response_time": 0.75, "model": "claude-haiku-4-5",
        "end_user": null, "metadata": {"user_api_key_alias": "claims"},
        "messages": [{"role": "user", "content": "Where is {it}, \"please\"?"}],
        "response": {"choices": [{"finish_reason": "stop", "message": {"content": "Settled yesterday."}}]}})
}

/// A span, with the same text.
fn span() -> Value {
    json!({"traceId": "85", "spanId": "32", "name": "chat", "startTimeUnixNano": "1790848800000000000",
        "endTimeUnixNano": "1790848802500000000", "attributes": {"gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic", "gen_ai.request.model": "claude-haiku-4-5",
        "gen_ai.usage.input_tokens": 310, "gen_ai.usage.output_tokens": 12,
        "gen_ai.input.messages": "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Where?\"}]}]"}})
}

/// An event that holds one message of that span.
fn message() -> Value {
    let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let map = |values: Value| json!({"kvlistValue": {"values": values}});
    let content = json!([map(json!([text("text", "Settled yesterday.")]))]);
    let said = map(json!([{"key": "content", "value": {"arrayValue": {"values": content}}}]));
    json!({"traceId": "85", "spanId": "32", "timeUnixNano": "1790848802400000000", "eventName": "gen_ai.choice",
        "attributes": [text("gen_ai.system", "anthropic")],
        "body": map(json!([text("finish_reason", "end_turn"), {"key": "message", "value": said}]))})
}

/// The record as a platform writes it that took it apart: keys in order, nothing that was null, numbers with a point.
fn rewritten(record: &Value) -> Value {
    match record {
        Value::Object(keys) => keys
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key.clone(), rewritten(value)))
            .collect(),
        Value::Array(list) => list.iter().map(rewritten).collect(),
        Value::Number(number) => json!(number.as_f64()),
        other => other.clone(),
    }
}

/// Files in which the record lies, each fetched in another way.
fn fetched(record: &Value) -> Vec<(&'static str, String)> {
    let line = record.to_string();
    let apart = rewritten(record);
    let at = "2026-10-01T10:00:00.5Z";
    let mut merged = apart.clone();
    merged["kubernetes"] = json!({"pod_name": "gateway-0"});
    merged["@timestamp"] = json!(at);
    vec![
        ("bare.jsonl", line.clone()),
        (
            "printed.json",
            serde_json::to_string_pretty(record).unwrap(),
        ),
        ("kubectl.log", format!("{at} stdout F {line}")),
        (
            "fluentbit.json",
            json!({"log": line, "stream": "stdout", "kubernetes": {"pod_name": "gateway-0"}})
                .to_string(),
        ),
        ("merged.json", merged.to_string()),
        (
            "loki.json",
            json!({"labels": {"app": "gateway"}, "line": line, "timestamp": at}).to_string(),
        ),
        (
            "datadog.json",
            json!({"_id": "A1", "date": at, "host": "h", "service": "gateway", "attributes": apart,
            "tags": ["env:prod"]})
            .to_string(),
        ),
        (
            "splunk.json",
            json!({"preview": false, "offset": 0, "result": {"_time": at, "_raw": line}})
                .to_string(),
        ),
        (
            "collector.json",
            json!({"time": 1_790_848_800.5, "host": "h", "event": apart}).to_string(),
        ),
        (
            "elastic.json",
            json!({"_index": "logs", "_id": "1", "_source": {"@timestamp": at, "message": line}})
                .to_string(),
        ),
        (
            "cloud.json",
            json!([{"insertId": "i", "jsonPayload": apart, "logName": "projects/p/logs/stdout",
            "timestamp": at}])
            .to_string(),
        ),
        (
            "logger.log",
            format!("10:00:00 - gateway:INFO: logger.py:52 - payload = {line}"),
        ),
    ]
}

fn check(records: &[Value], order: impl Iterator<Item = usize>) -> Bench {
    let bench = Bench::empty();
    let ways: Vec<_> = records.iter().map(fetched).collect();
    let mut accepted = 0;
    for at in order {
        for way in &ways {
            let (name, text) = &way[at];
            let file = bench.file(name, text);
            let summary = bench.json(&["import", &file]);
            let batch = &summary["batches"][0];
            assert_eq!(summary["rejected"], 0, "{name}: {summary}");
            assert_eq!(batch["conflicts"], 0, "{name}: {summary}");
            accepted += summary["accepted"].as_u64().unwrap();
        }
    }
    assert_eq!(accepted as usize, records.len());
    let page = bench.json(&["trail", "calls"]);
    assert_eq!(page["total"], 1, "{page}");
    assert_eq!(page["calls"][0]["conflict"], false);
    let detail = bench.json(&["trail", "call", page["calls"][0]["id"].as_str().unwrap()]);
    assert_eq!(
        detail["response"]
            .to_string()
            .matches("Settled yesterday.")
            .count(),
        1,
        "{detail}"
    );
    assert_eq!(
        detail["witnesses"].as_array().unwrap().len(),
        records.len() - 1
    );
    bench
        .run(&["evidence", "fsck", "--depth", "records"])
        .with_code(0);
    bench
}

#[test]
fn a_record_is_one_whichever_way_it_was_fetched_first() {
    let ways = fetched(&payload()).len();
    check(&[payload()], 0..ways);
    check(&[payload()], (0..ways).rev());
}

#[test]
fn parts_of_a_call_that_were_fetched_twice_do_not_say_everything_twice() {
    let ways = fetched(&span()).len();
    check(&[span(), message()], 0..ways);
    check(&[message(), span()], (0..ways).rev());
}

#[test]
fn what_says_something_else_behind_the_same_words_is_in_conflict() {
    let bench = check(&[payload()], 0..1);
    let mut other = payload();
    other["metadata"]["user_api_key_alias"] = json!("payments");
    let file = bench.file(
        "other.json",
        json!({"labels": {}, "line": other.to_string()}).to_string(),
    );
    let summary = bench.json(&["import", &file]);
    assert_eq!(summary["batches"][0]["conflicts"], 1, "{summary}");
    assert_eq!(bench.json(&["trail", "calls", "conflict:yes"])["total"], 1);
}
