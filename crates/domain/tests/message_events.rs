//! OpenTelemetry's events of single messages: parts of the span that they were written in, as log records and
//! inside of it.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use assay_domain::call::{Body, Call, Feature, Kind, Status};
use assay_domain::formats::{Context, Format, Reason, Record, exchange, parse, recognise, said};
use assay_domain::parts;
use serde_json::{Value, json};

const CONTEXT: Context = Context {
    now_ms: 1_795_500_000_000,
};
const OTEL: Format = Format::OpenTelemetry;

fn read(value: &Value) -> Result<Record, Reason> {
    let raw = value.to_string();
    assert_eq!(recognise(raw.as_bytes()), Some(OTEL), "recognised: {raw}");
    parse(OTEL, raw.as_bytes(), &CONTEXT).map_err(|rejected| rejected.reason)
}

fn call(value: &Value) -> Call {
    match read(value) {
        Ok(Record::Call(call)) => *call,
        Ok(Record::Activity(_)) => panic!("an activity"),
        Err(reason) => panic!("{reason:?}: {value}"),
    }
}

/// The text that these records hold together, in the order in which they are given.
fn told(records: &[&Value]) -> Vec<String> {
    let raws: Vec<Vec<u8>> = records
        .iter()
        .map(|record| record.to_string().into_bytes())
        .collect();
    said(OTEL, raws.iter().map(Vec::as_slice))
        .everything()
        .into_iter()
        .map(|part| format!("{}: {}", part.field.name(), part.text))
        .collect()
}

/// A value as OTLP's JSON writes it.
fn any(value: &Value) -> Value {
    match value {
        Value::String(text) => json!({ "stringValue": text }),
        Value::Number(number) => json!({ "intValue": number.to_string() }),
        Value::Array(items) => {
            json!({"arrayValue": {"values": items.iter().map(any).collect::<Vec<_>>()}})
        }
        Value::Object(_) => json!({"kvlistValue": {"values": pairs(value)}}),
        Value::Bool(flag) => json!({ "boolValue": flag }),
        Value::Null => json!({}),
    }
}

fn pairs(value: &Value) -> Vec<Value> {
    let pairs = value.as_object().unwrap().iter();
    pairs
        .map(|(key, value)| json!({"key": key, "value": any(value)}))
        .collect()
}

fn event(second: u64, name: &str, body: &Value) -> Value {
    json!({"traceId": "9a", "spanId": "07", "observedTimeUnixNano": format!("179084880{second}000000000"),
        "eventName": format!("gen_ai.{name}"), "body": any(body),
        "attributes": pairs(&json!({"gen_ai.system": "aws.bedrock"}))})
}

/// What an instrumentation of the AWS SDK writes of a call of a tool that was answered.
fn conversation() -> [Value; 6] {
    [
        event(
            0,
            "system.message",
            &json!({"content": [{"text": "You settle claims."}, {"cachePoint": {"type": "default"}}]}),
        ),
        event(
            1,
            "user.message",
            &json!({"content": [{"text": "Was claim K-1 paid?"}]}),
        ),
        event(
            2,
            "assistant.message",
            &json!({"content": [{"text": "I look."},
            {"toolUse": {"toolUseId": "t1", "name": "find", "input": {"claim": "K-1"}}}],
            "tool_calls": [{"id": "t1", "type": "function", "function": {"name": "find", "arguments": {"claim": "K-1"}}}]}),
        ),
        event(
            3,
            "tool.message",
            &json!({"id": "t1", "content": [{"text": "Paid on 3 May"}]}),
        ),
        event(
            4,
            "user.message",
            &json!({"content": [
            {"toolResult": {"toolUseId": "t1", "content": [{"text": "Paid on 3 May"}]}}, {"text": "And when?"}]}),
        ),
        event(
            5,
            "choice",
            &json!({"index": 0, "finish_reason": "end_turn",
            "message": {"role": "assistant", "content": [{"text": "On 3 May."}]}}),
        ),
    ]
}

const CONVERSATION: [&str; 7] = [
    "system: You settle claims.",
    "user_message: Was claim K-1 paid?",
    "assistant_message: I look.",
    "tool_input: K-1",
    "tool_result: Paid on 3 May",
    "user_message: And when?",
    "response: On 3 May.",
];

fn span(more: &Value) -> Value {
    let mut told = json!({"gen_ai.system": "aws.bedrock", "gen_ai.operation.name": "chat", "rpc.system": "aws-api",
        "rpc.method": "ConverseStream", "gen_ai.request.model": "eu.anthropic.claude-sonnet-4-6",
        "cloud.region": "eu-central-1", "aws.request_id": "a-1", "http.status_code": 200,
        "gen_ai.usage.input_tokens": 44, "gen_ai.usage.output_tokens": 24,
        "gen_ai.usage.cache_read.input_tokens": 30, "gen_ai.usage.cache_creation.input_tokens": 10});
    for (key, value) in more.as_object().unwrap() {
        told[key] = value.clone();
    }
    json!({"traceId": "9a", "spanId": "07", "name": "chat", "startTimeUnixNano": "1790848800000000000",
        "endTimeUnixNano": "1790848805000000000", "attributes": pairs(&told)})
}

#[test]
fn events_of_messages_are_parts_of_their_span() {
    for event in &conversation() {
        let part = call(event);
        assert!(parts::is_part(&part));
        assert_eq!(part.request_ids["otel_span_id"], "9a/07");
        assert_eq!(part.kind, Kind::Bedrock);
        assert_eq!(part.body, Body::Present);
        assert!(part.started_at_ms.is_some(), "when it was observed");
        for (new, stored) in [
            (&part, &call(&span(&json!({})))),
            (&call(&span(&json!({}))), &part),
        ] {
            let whole = parts::together(new, stored).unwrap();
            assert_eq!(whole.latency_ms, Some(5_000));
            assert_eq!(whole.started_at_ms, Some(1_790_848_800_000));
            assert_eq!(whole.body, Body::Present);
            assert_eq!(whole.tokens.input, Some(44));
        }
    }
    assert_eq!(
        call(&conversation()[5]).stop_reason.as_deref(),
        Some("end_turn")
    );
}

#[test]
fn the_text_of_events_is_in_the_order_in_which_it_was_said() {
    let span = span(&json!({}));
    let events = conversation();
    let mut records: Vec<&Value> = events.iter().collect();
    records.push(&span);
    assert_eq!(told(&records), CONVERSATION);
    records.reverse();
    assert_eq!(told(&records), CONVERSATION);
    records.swap(1, 4);
    assert_eq!(told(&records), CONVERSATION);
    let reading = exchange(OTEL, events[2].to_string().as_bytes());
    assert_eq!(
        reading.everything().len(),
        2,
        "a call of a tool stands once"
    );
}

#[test]
fn text_that_a_span_holds_itself_is_not_said_twice() {
    let asked = r#"[{"role":"user","parts":[{"type":"text","content":"Was claim K-1 paid?"}]}]"#;
    let span = span(&json!({ "gen_ai.input.messages": asked }));
    let events = conversation();
    assert_eq!(
        told(&[&events[1], &span, &events[5]]),
        ["user_message: Was claim K-1 paid?", "response: On 3 May."]
    );
}

#[test]
fn a_body_is_read_however_it_is_written() {
    let check = |record: Value, expected: &[&str]| {
        call(&record);
        assert_eq!(told(&[&record]), expected, "{record}");
    };
    let named = |name: &str, attributes: &Value| {
        let mut event = event(0, name, &json!({}));
        event.as_object_mut().unwrap().remove("body");
        event["attributes"] = json!(pairs(attributes));
        event
    };
    check(
        event(0, "user.message", &json!("Hello")),
        &["user_message: Hello"],
    );
    check(
        event(0, "user.message", &json!(r#"{"content":"Hello"}"#)),
        &["user_message: Hello"],
    );
    check(
        named(
            "user.message",
            &json!({"gen_ai.system": "anthropic", "content": "Hello"}),
        ),
        &["user_message: Hello"],
    );
    check(
        named(
            "choice",
            &json!({"gen_ai.event.content": r#"{"index":0,"message":{"content":"Hi"}}"#}),
        ),
        &["response: Hi"],
    );
    let calls = json!([{"id": "t", "type": "function", "function": {"name": "find", "arguments": "{\"q\":\"x\"}"}}]);
    check(
        event(
            0,
            "choice",
            &json!({"message": {"role": "assistant"}, "tool_calls": calls}),
        ),
        &["response_tool_input: x"],
    );
    check(
        event(
            0,
            "user.message",
            &json!({"role": "system", "content": "Be brief."}),
        ),
        &["system: Be brief."],
    );
    check(
        event(
            0,
            "user.message",
            &json!({"content": {"parts": [{"text": "Hello"}], "role": "user"}}),
        ),
        &["user_message: Hello"],
    );
    let mut by_attribute = event(0, "user.message", &json!({"content": "Hello"}));
    by_attribute.as_object_mut().unwrap().remove("eventName");
    by_attribute["attributes"] = json!(pairs(&json!({"event.name": "gen_ai.user.message"})));
    check(by_attribute, &["user_message: Hello"]);
}

#[test]
fn an_event_without_text_is_a_part_and_one_without_a_span_is_none() {
    let mut silent = event(0, "user.message", &json!({}));
    silent["body"] = json!({});
    let part = call(&silent);
    assert!(parts::is_part(&part));
    assert_eq!(part.body, Body::Missing);
    silent["timeUnixNano"] = json!("0");
    assert_eq!(call(&silent).started_at_ms, Some(1_790_848_800_000));
    silent.as_object_mut().unwrap().remove("spanId");
    assert_eq!(read(&silent).err(), Some(Reason::NoCall));
    let other = event(0, "evaluation.result", &json!({"score": 1}));
    assert_eq!(read(&other).err(), Some(Reason::NoCall));
}

#[test]
fn events_inside_a_span_are_its_text() {
    let with = |events: Value| {
        let mut span = span(&json!({}));
        span["events"] = events;
        span
    };
    let check = |events: Value, expected: &[&str]| {
        let span = with(events);
        assert_eq!(call(&span).body, Body::Present);
        assert_eq!(told(&[&span]), expected, "{span}");
    };
    let inside = |name: &str, attributes: Value| json!({"name": name, "timeUnixNano": "1790848800000000000", "attributes": pairs(&attributes)});
    let tool = json!([{"toolResult": {"toolUseId": "t1", "content": [{"text": "Paid on 3 May"}]}}])
        .to_string();
    check(
        json!([
            inside(
                "gen_ai.system.message",
                json!({"content": "You settle claims."})
            ),
            inside(
                "gen_ai.user.message",
                json!({"content": r#"[{"text":"Was claim K-1 paid?"}]"#})
            ),
            inside(
                "gen_ai.assistant.message",
                json!({"content": r#"[{"text":"I look."},{"toolUse":{"toolUseId":"t1","name":"find","input":{"claim":"K-1"}}}]"#})
            ),
            inside("gen_ai.tool.message", json!({"content": tool, "id": "t1"})),
            inside("gen_ai.user.message", json!({"content": "And when?"})),
            inside(
                "gen_ai.choice",
                json!({"finish_reason": "end_turn", "message": r#"[{"text":"On 3 May."}]"#})
            ),
        ]),
        &CONVERSATION,
    );
    check(
        json!([
            inside(
                "gen_ai.content.prompt",
                json!({"gen_ai.prompt": r#"[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}]"#})
            ),
            inside(
                "gen_ai.content.completion",
                json!({"gen_ai.completion": r#"[{"role":"assistant","content":"Hi"}]"#})
            ),
        ]),
        &["system: Be brief.", "user_message: Hello", "response: Hi"],
    );
    check(
        json!([
            inside("gen_ai.content.prompt", json!({"gen_ai.prompt": "Hello"})),
            inside(
                "gen_ai.content.completion",
                json!({"gen_ai.completion": "Hi"})
            ),
        ]),
        &["user_message: Hello", "response: Hi"],
    );
    check(
        json!([
            inside(
                "gen_ai.user.message",
                json!({"gen_ai.event.content": r#"{"role":"user","content":"Hello"}"#})
            ),
            inside(
                "gen_ai.choice",
                json!({"gen_ai.event.content": r#"{"message":{"content":"Hi"},"finish_reason":"stop"}"#})
            ),
        ]),
        &["user_message: Hello", "response: Hi"],
    );
    let span = with(json!([inside(
        "gen_ai.choice",
        json!({"finish_reason": "tool_use", "message": "Hi"})
    )]));
    assert_eq!(call(&span).stop_reason.as_deref(), Some("tool_use"));
}

#[test]
fn a_span_of_the_aws_sdk_counts_what_was_not_cached_alone() {
    let streamed = call(&span(&json!({})));
    assert_eq!(streamed.tokens.input, Some(44));
    assert_eq!(streamed.tokens.cache_read, Some(30));
    assert_eq!(streamed.tokens.cache_write_5m, Some(10));
    assert!(streamed.features.contains(Feature::Streaming));
    assert_eq!(streamed.http_status, Some(200));
    assert_eq!(streamed.request_ids["aws_request_id"], "a-1");
    assert_eq!(streamed.requested_region.as_deref(), Some("eu-central-1"));
    assert!(
        !call(&span(&json!({"rpc.method": "Converse"})))
            .features
            .contains(Feature::Streaming)
    );
    let mut late = span(&json!({}));
    late["status"] = json!({"code": "STATUS_CODE_ERROR"});
    late["events"] = json!([{"name": "exception", "attributes": pairs(&json!({
        "exception.type": "botocore.exceptions.ReadTimeoutError", "exception.message": "Read timeout"}))}]);
    let late = call(&late);
    assert_eq!(late.status, Status::Error);
    assert_eq!(late.error_type.as_deref(), Some("ReadTimeoutError"));
}
