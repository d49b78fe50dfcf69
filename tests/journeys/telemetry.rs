//! Records of one call that one source wrote apart: Claude Code's events and its span, and a span with the
//! events that hold its text, whole or a message each; spans inside of each other, a generation and its trace.

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
        let found = bench.json(&["trail", "calls", "\"the claim\" way"]);
        assert_eq!(found["calls"][0]["id"], call["id"], "{order:?}: {found}");
        let excerpt = &found["calls"][0]["excerpt"]["pieces"];
        assert!(excerpt.to_string().contains("claim"), "{order:?}: {found}");
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
        let path = bench.path("calls.jsonl").display().to_string();
        bench
            .run(&[
                "trail",
                "export",
                "--out",
                &path,
                "--columns",
                "request,response",
            ])
            .with_code(0);
        let exported = std::fs::read_to_string(&path).unwrap();
        assert!(
            said.iter().all(|said| exported.contains(said)),
            "{order:?}: {exported}"
        );
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

/// A span of a call with its place in a trace and what it counted; names and values are invented.
fn span_in_trace(
    [id, parent]: [&str; 2],
    [began_ms, lasted_ms]: [u64; 2],
    told: &[(&str, &str)],
) -> Value {
    let at = |ms: u64| format!("{}000000", 1_790_848_800_000 + ms);
    let told: Vec<Value> = told
        .iter()
        .map(|(key, value)| json!({"key": key, "value": {"stringValue": value}}))
        .collect();
    json!({"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "85", "spanId": id, "parentSpanId": parent,
        "name": "chat", "startTimeUnixNano": at(began_ms), "endTimeUnixNano": at(began_ms + lasted_ms),
        "attributes": told}]}]}]})
}

#[test]
fn a_generation_and_the_span_of_the_client_inside_of_it_are_one_call_in_either_order() {
    let generation = [
        ("langfuse.observation.type", "generation"),
        ("langfuse.observation.model.name", "claude-sonnet-4-6"),
        (
            "langfuse.observation.input",
            r#"[{"role":"user","content":"Where is the claim?"}]"#,
        ),
        ("langfuse.observation.output", "On its way"),
        ("user.id", "u7"),
    ];
    let client = [
        ("gen_ai.operation.name", "chat"),
        ("gen_ai.provider.name", "anthropic"),
        ("gen_ai.request.model", "claude-sonnet-4-6"),
        ("gen_ai.response.id", "msg_01A"),
        ("gen_ai.usage.input_tokens", "410"),
        ("gen_ai.usage.output_tokens", "58"),
    ];
    let told = [
        span_in_trace(["a1", "b0"], [0, 930], &generation),
        span_in_trace(["c2", "a1"], [10, 900], &client),
    ];
    for order in [[0, 1], [1, 0]] {
        let bench = Bench::empty();
        let call = the_one_call(&bench, &told, &order);
        let detail = bench.json(&["trail", "call", call["id"].as_str().unwrap()]);
        assert!(shown(&detail).contains("Where is the claim?"), "{detail}");
        let versions = detail["versions"].as_array().unwrap();
        assert_eq!(versions.len(), 2, "{detail}");
        assert_eq!(versions[1]["joined_by"], "the span that one is inside of");
        bench.run(&["evidence", "fsck"]).with_code(0);
    }
}

#[test]
fn a_span_that_holds_several_calls_is_none_of_them_and_they_are_not_one() {
    let counted = |input: &'static str| {
        [
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.provider.name", "anthropic"),
            ("gen_ai.request.model", "claude-sonnet-4-6"),
            ("gen_ai.usage.input_tokens", input),
            ("gen_ai.usage.output_tokens", "58"),
        ]
    };
    let told = [
        span_in_trace(["c1", "a1"], [10, 400], &counted("410")),
        span_in_trace(["c2", "a1"], [500, 400], &counted("410")),
        span_in_trace(["a1", "b0"], [0, 930], &counted("820")),
    ];
    for order in [[0, 1, 2], [2, 1, 0]] {
        let bench = Bench::empty();
        let lines: Vec<String> = order.iter().map(|at| format!("{}\n", told[*at])).collect();
        let file = bench.file("telemetry.jsonl", lines.concat());
        bench.run(&["import", &file]).with_code(0);
        assert_eq!(bench.json(&["trail", "calls", ""])["total"], 3, "{order:?}");
    }
}

#[test]
fn a_generation_of_langfuse_has_the_user_and_the_session_of_its_trace() {
    let trace = |id: &str, body: &Value| {
        let mut body = body.clone();
        body["id"] = json!(id);
        json!({"id": format!("e-{id}"), "type": "trace-create", "timestamp": "2026-10-01T10:00:00Z", "body": body})
    };
    let generation = |id: &str, trace: &str| {
        json!({"id": format!("e-{id}"), "type": "generation-create", "timestamp": "2026-10-01T10:00:00Z", "body": {
            "id": id, "traceId": trace, "startTime": "2026-10-01T10:00:00Z", "endTime": "2026-10-01T10:00:02Z",
            "model": "claude-sonnet-4-6", "input": [{"role": "user", "content": "Hello"}], "output": "Hi",
            "usage": {"input": 40, "output": 20, "unit": "TOKENS"}}})
    };
    let batch = json!({"batch": [
        trace("t1", &json!({"userId": "u7", "sessionId": "s9", "metadata": {"classification": "internal", "team": "claims"}})),
        trace("t2", &json!({"name": "ask"})),
        generation("g1", "t1"), generation("g2", "t2"), generation("g3", "t3"),
    ], "metadata": {}});
    let bench = Bench::empty();
    let file = bench.file("batch.json", batch.to_string());
    let summary = bench.json(&["import", &file]);
    assert_eq!(
        (&summary["accepted"], &summary["rejected"]),
        (&json!(3), &json!(2))
    );
    let page = bench.json(&["trail", "calls", "principal:u7"]);
    assert_eq!(page["total"], 1, "{page}");
    let call = &page["calls"][0];
    assert_eq!(call["conversation_id"], "s9");
    assert_eq!(call["classification"], "internal");
    let detail = bench.json(&["trail", "call", call["id"].as_str().unwrap()]);
    assert_eq!(detail["metadata"]["team"], "claims");
    assert_eq!(bench.json(&["trail", "calls", "has:principal"])["total"], 1);
    let alone = bench.json(&["trail", "calls", "conversation_id:t2,t3"]);
    assert_eq!(alone["total"], 2, "{alone}");
    bench.run(&["evidence", "fsck"]).with_code(0);
}

#[test]
fn a_generation_of_langfuse_has_the_user_that_a_span_around_it_tells_afterwards() {
    let generation = |id: &str, parent: &str| {
        span_in_trace(
            [id, parent],
            [10, 900],
            &[
                ("langfuse.observation.type", "generation"),
                ("langfuse.observation.model.name", "claude-sonnet-4-6"),
                ("langfuse.observation.output", "On its way"),
            ],
        )
    };
    let around = span_in_trace(
        ["b0", ""],
        [0, 1_000],
        &[
            ("langfuse.observation.type", "span"),
            ("user.id", "u7"),
            ("session.id", "s9"),
            ("langfuse.trace.metadata.team", "claims"),
        ],
    );
    let mut other = generation("c1", "");
    other["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["traceId"] = json!("86");
    for order in [[0, 1, 2], [1, 0, 2], [2, 1, 0]] {
        let told = [&generation("a1", "b0"), &around, &other];
        let lines: Vec<String> = order.iter().map(|at| format!("{}\n", told[*at])).collect();
        let bench = Bench::empty();
        let file = bench.file("spans.jsonl", lines.concat());
        let summary = bench.json(&["import", &file]);
        assert_eq!(
            (&summary["accepted"], &summary["rejected"]),
            (&json!(2), &json!(1))
        );
        let page = bench.json(&["trail", "calls", "principal:u7"]);
        assert_eq!(page["total"], 1, "{order:?}: {page}");
        assert_eq!(page["calls"][0]["conversation_id"], "s9");
        let detail = bench.json(&["trail", "call", page["calls"][0]["id"].as_str().unwrap()]);
        assert_eq!(detail["metadata"]["team"], "claims");
        assert_eq!(bench.json(&["trail", "calls", "has:principal"])["total"], 1);
        bench.run(&["evidence", "fsck"]).with_code(0);
    }
}
