//! Records of one call that one source wrote apart: Claude Code's events and its span, and a span with the
//! events that hold its text, whole or a message each.

use serde_json::{Value, json};

use super::Bench;

/// The call that these records are of, imported in an order: all are accepted, none contradicts another.
fn the_one_call(bench: &Bench, told: &[Value], order: &[usize]) -> Value {
    let lines: Vec<String> = order.iter().map(|at| format!("{}\n", told[*at])).collect();
    let file = bench.file("telemetry.jsonl", lines.concat());
    let summary = bench.json(&["import", &file]);
    assert_eq!(summary["accepted"], told.len(), "{summary}");
    assert_eq!(summary["batches"][0]["conflicts"], 0, "{summary}");
    let page = bench.json(&["trail", "calls", ""]);
    assert_eq!(page["total"], 1, "{order:?}: {page}");
    page["calls"][0].clone()
}

/// What Claude Code 2.1.197 logs of one request, and its span; names and values are invented.
fn told_by_claude_code() -> [Value; 4] {
    let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let number = |key: &str, value: u64| json!({"key": key, "value": {"intValue": value}});
    let event = |name: &str, sequence: u64, own: Vec<Value>| {
        let mut told = vec![
            text("session.id", "s1"),
            text("event.name", name),
            number("event.sequence", sequence),
            text("request_id", "req_011A"),
        ];
        told.extend(own);
        json!({"resourceLogs": [{"scopeLogs": [{"logRecords": [{
            "timeUnixNano": "1790848802500000000", "attributes": told}]}]}]})
    };
    let counted = || vec![number("input_tokens", 410), number("output_tokens", 58)];
    let mut asked = counted();
    asked.extend([
        text("model", "claude-sonnet-4-6"),
        number("duration_ms", 2_500),
    ]);
    let mut told = counted();
    told.extend([
        text("gen_ai.system", "anthropic"),
        text("gen_ai.request.model", "claude-sonnet-4-6"),
        text("request_id", "req_011A"),
        text("stop_reason", "refusal"),
    ]);
    let span = json!({"traceId": "85", "spanId": "32", "name": "claude_code.llm_request",
        "startTimeUnixNano": "1790848800000000000", "endTimeUnixNano": "1790848802500000000", "attributes": told});
    [
        event("api_request", 1, asked),
        event("api_refusal", 2, Vec::new()),
        event(
            "assistant_response",
            3,
            vec![text("response", "I must not say")],
        ),
        json!({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}),
    ]
}

#[test]
fn events_and_span_of_a_request_of_claude_code_are_one_call_in_any_order() {
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
        let bench = Bench::empty();
        let call = the_one_call(&bench, &told_by_claude_code(), &order);
        assert_eq!(call["kind"], "claude_api");
        assert_eq!(
            (&call["input_tokens"], &call["output_tokens"]),
            (&json!(410), &json!(58)),
            "{order:?}"
        );
        let detail = bench.json(&["trail", "call", call["id"].as_str().unwrap()]);
        assert!(
            detail.to_string().contains("I must not say"),
            "{order:?}: {detail}"
        );
        bench.run(&["evidence", "fsck"]).with_code(0);
    }
}

/// What an instrumentation writes that was told to put texts into events only; names and values are invented.
fn told_by_event_only() -> [Value; 2] {
    let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let number = |key: &str, value: u64| json!({"key": key, "value": {"intValue": value}});
    let said = |role: &str, content: &str| {
        let part = |of: Vec<Value>| json!({"kvlistValue": {"values": of}});
        let words = part(vec![text("type", "text"), text("content", content)]);
        let parts = json!({"key": "parts", "value": {"arrayValue": {"values": [words]}}});
        json!({"arrayValue": {"values": [part(vec![text("role", role), parts])]}})
    };
    let told = || {
        vec![
            text("gen_ai.operation.name", "chat"),
            text("gen_ai.provider.name", "aws.bedrock"),
            text("gen_ai.request.model", "eu.anthropic.claude-sonnet-4-6"),
            number("gen_ai.usage.input_tokens", 410),
            number("gen_ai.usage.output_tokens", 58),
        ]
    };
    let span = json!({"traceId": "85", "spanId": "32", "name": "chat",
        "startTimeUnixNano": "1790848800000000000", "endTimeUnixNano": "1790848802500000000", "attributes": told()});
    let mut with_text = told();
    with_text.push(
        json!({"key": "gen_ai.input.messages", "value": said("user", "Where is the claim?")}),
    );
    with_text
        .push(json!({"key": "gen_ai.output.messages", "value": said("assistant", "On its way")}));
    let event = json!({"traceId": "85", "spanId": "32", "timeUnixNano": "1790848802500000000",
        "eventName": "gen_ai.client.inference.operation.details", "attributes": with_text});
    [
        json!({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}),
        json!({"resourceLogs": [{"scopeLogs": [{"logRecords": [event]}]}]}),
    ]
}

#[test]
fn a_span_without_text_and_the_event_that_holds_it_are_one_call_in_either_order() {
    for order in [[0, 1], [1, 0]] {
        let bench = Bench::empty();
        let call = the_one_call(&bench, &told_by_event_only(), &order);
        assert_eq!(call["kind"], "bedrock");
        assert_eq!(call["input_tokens"], 410, "{order:?}: counted once");
        assert_eq!(call["latency_ms"], 2_500, "{order:?}: {call}");
        assert_eq!(call["started_at"], "2026-10-01T10:00:00.000Z", "{order:?}");
        let detail = bench.json(&["trail", "call", call["id"].as_str().unwrap()]);
        for said in ["Where is the claim?", "On its way"] {
            assert!(detail.to_string().contains(said), "{order:?}: {detail}");
        }
        bench.run(&["evidence", "fsck"]).with_code(0);
    }
}

/// What OpenTelemetry's instrumentation of the AWS SDK writes of a call, an event a message; names and values are
/// invented. The span stands last.
fn told_by_message_events(span_says: &[(&str, &str)]) -> Vec<Value> {
    let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let map = |of: Vec<Value>| json!({"kvlistValue": {"values": of}});
    let words = |said: &str| {
        let block = map(vec![text("text", said)]);
        json!({"key": "content", "value": {"arrayValue": {"values": [block]}}})
    };
    let event = |at: usize, name: &str, body: Value| {
        json!({"resourceLogs": [{"scopeLogs": [{"logRecords": [{"traceId": "85", "spanId": "32",
            "observedTimeUnixNano": format!("17908488000{at:02}000000"), "eventName": format!("gen_ai.{name}"),
            "body": body, "attributes": [text("gen_ai.system", "aws.bedrock")]}]}]}]})
    };
    let said = [
        ("system.message", "You settle claims."),
        ("user.message", "Is jan.kowalski@example.org the payee?"),
        ("assistant.message", "I look."),
        ("user.message", "And since when?"),
    ];
    let mut told: Vec<Value> = said
        .iter()
        .enumerate()
        .map(|(at, (name, said))| event(at, name, map(vec![words(said)])))
        .collect();
    let mut attributes = vec![
        text("gen_ai.operation.name", "chat"),
        text("gen_ai.system", "aws.bedrock"),
        text("gen_ai.request.model", "eu.anthropic.claude-sonnet-4-6"),
        text("rpc.system", "aws-api"),
        text("aws.request_id", "0000-1"),
    ];
    attributes.extend(span_says.iter().map(|(key, value)| text(key, value)));
    let is_failed = span_says.iter().any(|(key, _)| *key == "error.type");
    if !is_failed {
        let message = json!({"key": "message", "value": map(vec![words("For three years.")])});
        let choice = map(vec![text("finish_reason", "end_turn"), message]);
        told.push(event(9, "choice", choice));
    }
    let span = json!({"traceId": "85", "spanId": "32", "name": "chat", "status": {"code": if is_failed { 2 } else { 0 }},
        "startTimeUnixNano": "1790848800000000000", "endTimeUnixNano": "1790848802500000000",
        "attributes": attributes});
    told.push(json!({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}));
    told
}

/// The texts of a call as the program shows them, in reading order.
fn shown(detail: &Value) -> String {
    let parts = ["request", "response"].map(|side| detail[side].as_array().cloned());
    let parts = parts.into_iter().flatten().flatten();
    parts.map(|part| format!("{part}\n")).collect()
}

#[test]
fn events_of_single_messages_and_their_span_are_one_call_in_any_order() {
    let counted = [
        ("gen_ai.usage.input_tokens", "44"),
        ("gen_ai.usage.output_tokens", "24"),
        ("gen_ai.usage.cache_read.input_tokens", "30"),
    ];
    for order in [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [3, 5, 0, 4, 1, 2]] {
        let bench = Bench::empty();
        let call = the_one_call(&bench, &told_by_message_events(&counted), &order);
        assert_eq!(call["kind"], "bedrock");
        let buckets =
            ["input_tokens", "cache_read_tokens", "output_tokens"].map(|name| &call[name]);
        assert_eq!(buckets, [&json!(44), &json!(30), &json!(24)], "{order:?}");
        assert_eq!(call["latency_ms"], 2_500, "{order:?}: {call}");
        assert_eq!(call["started_at"], "2026-10-01T10:00:00.000Z", "{order:?}");
        assert_eq!(call["stop_reason"], "end_turn", "{order:?}");
        let detail = bench.json(&["trail", "call", call["id"].as_str().unwrap()]);
        let text = shown(&detail);
        let said = [
            "You settle claims.",
            "the payee?",
            "I look.",
            "And since when?",
            "For three years.",
        ];
        let places = said.map(|said| {
            text.find(said)
                .unwrap_or_else(|| panic!("{said}: {order:?}: {detail}"))
        });
        assert!(places.is_sorted(), "{order:?}: {places:?}: {text}");
        assert!(!text.contains("jan.kowalski"), "masked: {text}");
        bench.run(&["check", "run"]).with_code(0);
        let found = bench.json(&["trail", "calls", "entity_type:EMAIL_ADDRESS"]);
        assert_eq!(found["total"], 1, "{order:?}: {found}");
        bench.run(&["evidence", "fsck"]).with_code(0);
    }
}

#[test]
fn a_failed_span_and_events_that_know_nothing_of_it_do_not_disagree() {
    let failed = [
        ("error.type", "ThrottlingException"),
        ("http.status_code", "429"),
    ];
    for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0]] {
        let bench = Bench::empty();
        let call = the_one_call(&bench, &told_by_message_events(&failed), &order);
        assert_eq!(call["status"], "error", "{order:?}");
        assert_eq!(call["http_status"], 429, "{order:?}");
        assert_eq!(call["error_type"], "ThrottlingException", "{order:?}");
        let page = bench.json(&["trail", "calls", "disagrees:status"]);
        assert_eq!(page["total"], 0, "{order:?}: {page}");
        bench.run(&["evidence", "fsck"]).with_code(0);
    }
}
