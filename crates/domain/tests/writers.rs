//! Records in the very shape in which programs of others were seen to write them, each with its
//! version (docs/sources-tried.md has the list). Every value is invented.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

#[path = "telemetry/spans.rs"]
mod telemetry;

use assay_domain::call::{Body, Call, Feature, Kind, Oddity, Status};
use assay_domain::formats::{Context, Reason, Record, Rejected, exchange, parse, recognise};
use assay_domain::parts::together;
use serde_json::{Value, json};
use telemetry::{attributes, tokens};

const CONTEXT: Context = Context {
    now_ms: 1_795_500_000_000,
};

fn read(record: &Value) -> Result<Call, Rejected> {
    let raw = record.to_string();
    let format = recognise(raw.as_bytes()).expect("recognised");
    parse(format, raw.as_bytes(), &CONTEXT).map(|record| match record {
        Record::Call(call) => *call,
        Record::Activity(_) => panic!("an activity"),
    })
}

fn call(record: &Value) -> Call {
    match read(record) {
        Ok(call) => call,
        Err(rejected) => panic!("{rejected:?}"),
    }
}

fn reason(record: &Value) -> Option<Reason> {
    read(record).err().map(|rejected| rejected.reason)
}

fn texts(record: &Value) -> Vec<String> {
    let raw = record.to_string();
    let format = recognise(raw.as_bytes()).expect("recognised");
    let parts = exchange(format, raw.as_bytes()).parts();
    parts.into_iter().map(|part| part.text).collect()
}

fn span(name: &str, status: Value, told: Value) -> Value {
    json!({"traceId": "85913", "spanId": "323c3", "parentSpanId": "b7b80", "name": name, "kind": 1,
        "startTimeUnixNano": "1790848800000000000", "endTimeUnixNano": "1790848800488258303",
        "events": [], "status": status, "links": [], "flags": 257, "attributes": attributes(told)})
}

/// Claude Code 2.1.197.
fn request_span(model: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut told = json!({"user.id": "9a2b", "session.id": "s1", "span.type": "llm_request", "model": model,
        "gen_ai.system": "anthropic", "gen_ai.request.model": model, "duration_ms": 488, "input_tokens": 42,
        "output_tokens": 22, "cache_read_tokens": 1000, "cache_creation_tokens": 300, "success": true, "attempt": 1,
        "ttft_ms": 360, "stop_reason": "end_turn", "gen_ai.response.finish_reasons": ["end_turn"]});
    change(&mut told);
    let code = match told["success"] == json!(true) {
        true => json!({"code": 0}),
        false => json!({"code": 2, "message": "m"}),
    };
    span("claude_code.llm_request", code, told)
}

fn event(name: &str, number: u64, told: Value) -> Value {
    let mut all = json!({"user.id": "9a2b", "session.id": "s1", "terminal.type": "xterm", "event.name": name,
        "event.sequence": number, "prompt.id": "p1", "model": "claude-sonnet-4-5-20250929", "speed": "normal"});
    for (key, value) in told.as_object().unwrap() {
        all[key] = value.clone();
    }
    json!({"timeUnixNano": "1790848800488000000", "observedTimeUnixNano": "1790848800488000000",
        "body": {"stringValue": format!("claude_code.{name}")}, "flags": 1, "traceId": "85913", "spanId": "b7b80",
        "attributes": attributes(all)})
}

#[test]
fn claude_codes_span_of_a_request_tells_under_names_of_its_own() {
    let id = |told: &mut Value| {
        told["request_id"] = json!("req_011A");
        told["gen_ai.response.id"] = json!("req_011A");
    };
    let answered = call(&request_span("claude-sonnet-4-5", id));
    assert_eq!(answered.kind, Kind::ClaudeApi);
    assert_eq!(
        tokens(&answered),
        [Some(42), Some(22), Some(1000), Some(300), None],
        "its counts are disjoint already"
    );
    assert_eq!(answered.request_ids["anthropic_request_id"], "req_011A");
    assert!(!answered.request_ids.contains_key("message_id"));
    assert_eq!(answered.conversation_id.as_deref(), Some("s1"));
    let failed = call(&request_span("claude-sonnet-4-5", |told| {
        id(told);
        told["success"] = json!(false);
        told["status_code"] = json!(529);
    }));
    assert_eq!(
        (failed.status, failed.http_status),
        (Status::Error, Some(529))
    );
    assert_eq!(failed.error_type.as_deref(), Some("api_error"));
    let inside = span(
        "claude_code.interaction",
        json!({"code": 0}),
        json!({"span.type": "interaction", "user_prompt": "Hi"}),
    );
    assert_eq!(reason(&inside), Some(Reason::NoCall));
}

#[test]
fn where_claude_code_reached_its_model_is_told_by_name_or_id_and_not_assumed() {
    let on_bedrock = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";
    assert_eq!(call(&request_span(on_bedrock, |_| ())).kind, Kind::Bedrock);
    let on_vertex = "claude-sonnet-4-5@20250929";
    assert_eq!(call(&request_span(on_vertex, |_| ())).kind, Kind::Vertex);
    // An event names the model alike wherever it is reached.
    let of = |told: Value| call(&event("api_request", 1, told)).kind;
    assert_eq!(of(json!({"request_id": "req_011A"})), Kind::ClaudeApi);
    assert_eq!(of(json!({"request_id": "req_vrtx_011A"})), Kind::Vertex);
    assert_eq!(
        of(json!({})),
        Kind::Private,
        "Bedrock's answers have no such id"
    );
}

#[test]
fn a_refusal_of_claude_code_is_an_answer() {
    let refused = call(&event(
        "api_refusal",
        1,
        json!({"request_id": "req_011A", "attempt": 1}),
    ));
    assert_eq!(refused.status, Status::Ok);
    assert_eq!(refused.stop_reason.as_deref(), Some("refusal"));
    assert_eq!(
        refused.request_ids["otel_event_id"],
        "s1/1/1790848800488000000"
    );
    let paid = call(&event(
        "api_request",
        2,
        json!({"request_id": "req_011A", "input_tokens": 41, "duration_ms": 554}),
    ));
    assert_eq!(paid.request_ids["anthropic_request_id"], "req_011A");
    assert_ne!(
        paid.request_ids["otel_event_id"],
        refused.request_ids["otel_event_id"]
    );
    for name in ["user_prompt", "api_request_body", "api_retries_exhausted"] {
        let silent = event(name, 3, json!({}));
        assert_eq!(reason(&silent), Some(Reason::NoCall), "{name}");
    }
}

#[test]
fn the_text_of_an_answer_is_a_later_part_of_its_request() {
    let begins = call(&event(
        "api_request",
        1,
        json!({"request_id": "req_011A", "duration_ms": 554,
        "input_tokens": 41, "output_tokens": 21, "cache_creation_tokens": 300}),
    ));
    let text = event(
        "assistant_response",
        2,
        json!({"request_id": "req_011A", "response": "Dear Ilse"}),
    );
    let message = json!({"id": "msg_01B", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5",
        "content": [{"type": "text", "text": "Dear Ilse"}, {"type": "tool_use", "id": "t", "name": "find", "input": {"city": "Graz"}}],
        "stop_reason": "tool_use", "usage": {"input_tokens": 41, "output_tokens": 21, "cache_creation_input_tokens": 300,
            "cache_creation": {"ephemeral_5m_input_tokens": 200, "ephemeral_1h_input_tokens": 100}}});
    let body = event(
        "api_response_body",
        3,
        json!({"request_id": "req_011A", "body": message.to_string()}),
    );
    for (part, said) in [
        (&text, vec!["Dear Ilse"]),
        (&body, vec!["Dear Ilse", "Graz"]),
    ] {
        assert_eq!(texts(part), said);
        let whole = together(&call(part), &begins).unwrap();
        assert_eq!(whole.body, Body::Present);
        assert_eq!(whole.latency_ms, Some(554));
        assert_eq!(whole.started_at_ms, begins.started_at_ms);
    }
    let whole = together(&call(&body), &begins).unwrap();
    assert_eq!(
        tokens(&whole),
        [Some(41), Some(21), None, Some(200), Some(100)]
    );
    assert_eq!(whole.request_ids["message_id"], "msg_01B");
    assert_eq!(whole.stop_reason.as_deref(), Some("tool_use"));
    let cut = event(
        "api_response_body",
        4,
        json!({"request_id": "req_011A", "body": &message.to_string()[..200]}),
    );
    assert!(call(&cut).oddities.contains(&Oddity::BodyUnreadable));
    let elsewhere = event(
        "api_response_body",
        5,
        json!({"request_id": "req_011A", "body_ref": "/logs/a.json"}),
    );
    assert_eq!(call(&elsewhere).body, Body::ByReference);
    let silent = event(
        "assistant_response",
        6,
        json!({"request_id": "req_011A", "response": "<REDACTED>"}),
    );
    assert_eq!(reason(&silent), Some(Reason::NoCall));
    let of_none = event("assistant_response", 7, json!({"response": "Dear Ilse"}));
    assert_eq!(
        reason(&of_none),
        Some(Reason::NoCall),
        "Bedrock's answers have no such id"
    );
}

/// The client in Anthropic's own package for Python, 2.14.0.
fn client_span(change: impl FnOnce(&mut Value)) -> Value {
    let mut told = json!({"server.address": "api.anthropic.com", "gen_ai.provider.name": "anthropic",
        "gen_ai.operation.name": "chat", "gen_ai.request.model": "claude-sonnet-4-5", "gen_ai.request.stream": true,
        "url.full": "https://api.anthropic.com/v1/messages", "http.response.status_code": 200,
        "anthropic.request.id": "req_011A", "anthropic.organization.id": "org-1", "gen_ai.response.id": "msg_01B",
        "gen_ai.usage.input_tokens": 1342, "gen_ai.usage.output_tokens": 22,
        "gen_ai.usage.cache_write.input_tokens": 300, "gen_ai.usage.cache_read.input_tokens": 1000,
        "anthropic.usage.cache_creation.ephemeral_5m_input_tokens": 200,
        "anthropic.usage.cache_creation.ephemeral_1h_input_tokens": 100, "anthropic.message.stop_reason": "end_turn"});
    change(&mut told);
    span(
        "anthropic.messages.create",
        json!({"code": "STATUS_CODE_OK"}),
        told,
    )
}

#[test]
fn the_span_of_anthropics_own_client_tells_of_the_cache_by_new_names() {
    let direct = call(&client_span(|_| ()));
    assert_eq!(direct.kind, Kind::ClaudeApi);
    assert_eq!(
        tokens(&direct),
        [Some(42), Some(22), Some(1000), Some(200), Some(100)]
    );
    assert_eq!(direct.request_ids["anthropic_request_id"], "req_011A");
    assert_eq!(direct.account.as_deref(), Some("org-1"));
    assert_eq!(direct.stop_reason.as_deref(), Some("end_turn"));
    assert!(direct.features.contains(Feature::Streaming));
    let on_vertex = call(&client_span(|told| {
        told["gen_ai.provider.name"] = json!("gcp.vertex_ai");
        told["server.address"] = json!("europe-west1-aiplatform.googleapis.com");
        told["url.full"] = json!(
            "https://europe-west1-aiplatform.googleapis.com/v1/projects/p1/locations/europe-west1/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict"
        );
    }));
    assert_eq!(on_vertex.served_region.as_deref(), Some("europe-west1"));
    assert_eq!(on_vertex.account.as_deref(), Some("p1"));
}

/// opentelemetry-instrumentation-bedrock and -anthropic 0.62.4.
#[test]
fn traceloops_span_of_converse_counts_the_cached_input_apart() {
    let usage = json!({"gen_ai.operation.name": "chat", "gen_ai.request.model": "claude-sonnet-4-5-20250929-v1:0",
        "gen_ai.provider.name": "aws.bedrock", "gen_ai.usage.input_tokens": 2067, "gen_ai.usage.output_tokens": 47,
        "gen_ai.usage.total_tokens": 2114, "gen_ai.usage.cache_read.input_tokens": 1000,
        "gen_ai.usage.cache_creation.input_tokens": 300,
        "gen_ai.system_instructions": "[{\"type\": \"text\", \"content\": \"Be brief.\"}, {\"type\": \"text\", \"content\": null}]",
        "gen_ai.input.messages": "[{\"role\": \"user\", \"parts\": [{\"type\": \"text\", \"content\": \"Hello\"}]}]"});
    let converse = span(
        "chat claude-sonnet-4-5-20250929-v1:0",
        json!({}),
        usage.clone(),
    );
    assert_eq!(
        tokens(&call(&converse)),
        [Some(2067), Some(47), Some(1000), Some(300), None]
    );
    assert_eq!(call(&converse).served_region, None);
    assert_eq!(
        texts(&converse),
        ["Be brief.", "Hello"],
        "a cache point is no text"
    );
    let mut own_client = usage;
    own_client
        .as_object_mut()
        .unwrap()
        .remove("gen_ai.usage.total_tokens");
    own_client["gen_ai.usage.input_tokens"] = json!(3367);
    let own_client = call(&span("anthropic.messages.create", json!({}), own_client));
    assert_eq!(
        tokens(&own_client),
        [Some(2067), Some(47), Some(1000), Some(300), None]
    );
}

#[test]
fn a_failed_span_is_joined_by_the_id_that_its_exception_names() {
    let told = json!({"gen_ai.provider.name": "anthropic", "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "claude-sonnet-4-5", "error.type": "RateLimitError"});
    let mut failed = span("anthropic.chat", json!({"code": "STATUS_CODE_ERROR"}), told);
    failed["events"] = json!([{"name": "exception", "attributes": attributes(json!({
        "exception.type": "anthropic.RateLimitError",
        "exception.message": "Error code: 429 - {'type': 'error', 'error': {'type': 'rate_limit_error', 'message': 'm'}, 'request_id': 'req_011C'}"}))}]);
    let call = call(&failed);
    assert_eq!((call.status, call.http_status), (Status::Error, Some(429)));
    assert_eq!(call.request_ids["anthropic_request_id"], "req_011C");
}

/// openinference-instrumentation-anthropic 3.1.0.
#[test]
fn a_span_of_openinference_holds_what_the_client_sent_and_got() {
    let request = json!({"model": "claude-sonnet-4-5", "max_tokens": 99, "messages": [{"role": "user", "content": "Hello"}]});
    let answer = json!({"id": "msg_01D", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5",
        "content": [{"type": "text", "text": "Hi"}], "stop_reason": "end_turn", "usage": {"input_tokens": 73,
            "output_tokens": 53, "cache_read_input_tokens": 1000, "cache_creation_input_tokens": 300,
            "cache_creation": {"ephemeral_5m_input_tokens": 200, "ephemeral_1h_input_tokens": 100}}});
    let told = json!({"openinference.span.kind": "LLM", "llm.provider": "aws", "llm.system": "anthropic",
        "llm.request.model_name": "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "llm.model_name": "claude-sonnet-4-5",
        "llm.response.model_name": "claude-sonnet-4-5", "llm.finish_reason": "end_turn", "llm.token_count.prompt": 1373,
        "llm.token_count.completion": 53, "llm.token_count.prompt_details.cache_read": 1000,
        "llm.token_count.prompt_details.cache_write": 300, "session.id": "s9", "user.id": "u7",
        "metadata": "{\"classification\": \"internal\"}", "input.value": request.to_string(),
        "output.value": answer.to_string(), "llm.input_messages.0.message.role": "user",
        "llm.input_messages.0.message.content": "Hello", "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.contents.0.message_content.type": "text",
        "llm.output_messages.0.message.contents.0.message_content.text": "Hi",
        "llm.output_messages.0.message.tool_calls.0.tool_call.id": "t1",
        "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "find",
        "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": "{\"city\": \"Graz\"}"});
    let ok = json!({"code": "STATUS_CODE_OK"});
    let whole = span("messages.create", ok.clone(), told.clone());
    let read = call(&whole);
    assert_eq!(read.kind, Kind::Bedrock);
    assert_eq!(read.request_ids["message_id"], "msg_01D");
    assert_eq!(
        tokens(&read),
        [Some(73), Some(53), Some(1000), Some(200), Some(100)]
    );
    assert_eq!(read.classification.as_deref(), Some("internal"));
    assert_eq!(
        (read.principal.as_deref(), read.conversation_id.as_deref()),
        (Some("u7"), Some("s9"))
    );
    assert_eq!(texts(&whole), ["Hello", "Hi"]);
    // Told to hide what went in and came out as a whole, or written by another instrumentation.
    let mut parts = told.clone();
    parts["input.value"] = json!("__REDACTED__");
    parts["output.value"] = json!("__REDACTED__");
    let parts = span("messages.create", ok.clone(), parts);
    assert_eq!(
        tokens(&call(&parts)),
        [Some(73), Some(53), Some(1000), Some(300), None]
    );
    assert_eq!(call(&parts).stop_reason.as_deref(), Some("end_turn"));
    assert_eq!(texts(&parts), ["Hello", "Hi", "Graz"]);
    let mut chain = told;
    chain["openinference.span.kind"] = json!("CHAIN");
    assert_eq!(reason(&span("run", ok, chain)), Some(Reason::NoCall));
}

/// langfuse 5.0.4.
#[test]
fn a_generation_that_langfuses_client_sends_as_a_span_is_a_call() {
    let told = json!({"langfuse.observation.type": "generation", "langfuse.observation.model.name": "claude-sonnet-4-5",
        "langfuse.observation.input": "[{\"role\": \"user\", \"content\": \"Hello\"}]", "langfuse.observation.output": "Hi",
        "langfuse.observation.usage_details": "{\"input\": 66, \"output\": 46, \"cache_read_input_tokens\": 1000, \"cache_creation_input_tokens\": 300}",
        "langfuse.observation.cost_details": "{\"total\": 0.00123}", "user.id": "u7", "session.id": "s9",
        "langfuse.trace.metadata.classification": "\"internal\"", "langfuse.trace.tags": ["claims"]});
    let span_of = |told: &Value| span("answer", json!({}), told.clone());
    let read = call(&span_of(&told));
    assert_eq!(
        tokens(&read),
        [Some(66), Some(46), Some(1000), Some(300), None]
    );
    assert_eq!(read.reported_cost_usd_micros, Some(1_230));
    assert_eq!(read.classification.as_deref(), Some("internal"));
    assert_eq!(
        (read.principal.as_deref(), read.conversation_id.as_deref()),
        (Some("u7"), Some("s9"))
    );
    assert_eq!(texts(&span_of(&told)), ["Hello", "Hi"]);
    let mut tool = told;
    tool["langfuse.observation.type"] = json!("tool");
    assert_eq!(reason(&span_of(&tool)), Some(Reason::NoCall));
}

/// langfuse 2.60.10.
#[test]
fn a_part_that_counts_no_cache_takes_the_buckets_of_the_answer_that_it_holds() {
    let part = |usage: Value| {
        json!({"id": "e2", "type": "generation-update", "timestamp": "2026-10-01T10:00:02Z", "body": {
        "id": "g1", "traceId": "t1", "endTime": "2026-10-01T10:00:02Z", "usage": usage, "output": {"id": "msg_01E",
            "type": "message", "role": "assistant", "content": [{"type": "text", "text": "Hi"}], "usage": {
                "input_tokens": 65, "output_tokens": 45, "cache_read_input_tokens": 1000, "cache_creation_input_tokens": 300}}}})
    };
    let same = call(&part(json!({"input": 65, "output": 45, "unit": "TOKENS"})));
    assert_eq!(
        tokens(&same),
        [Some(65), Some(45), Some(1000), Some(300), None]
    );
    let other = call(&part(
        json!({"input": 1365, "output": 45, "unit": "TOKENS"}),
    ));
    assert_eq!(tokens(&other), [Some(1365), Some(45), None, None, None]);
}

/// LiteLLM 1.108.7, its `StandardLoggingPayload` as a callback gets it.
fn litellm(change: impl FnOnce(&mut Value)) -> Value {
    let usage = json!({"completion_tokens": 102, "prompt_tokens": 1422, "total_tokens": 1524,
        "prompt_tokens_details": {"cache_write_tokens": 300, "cached_tokens": 1000, "text_tokens": 122,
            "cache_creation_tokens": 300, "cache_creation_token_details": {
                "ephemeral_5m_input_tokens": 200, "ephemeral_1h_input_tokens": 100}},
        "cache_creation_input_tokens": 300, "cache_read_input_tokens": 1000});
    let mut payload = json!({"id": "chatcmpl-eac2", "litellm_call_id": "3c7b", "trace_id": "5755", "call_type": "acompletion",
        "stream": null, "status": "success", "custom_llm_provider": "anthropic", "startTime": 1790848800.5,
        "endTime": 1790848803.4, "response_time": 2.93, "model": "claude-sonnet-4-5-20250929", "response_cost": 0.003546,
        "prompt_tokens": 1422, "completion_tokens": 102, "api_base": "https://api.anthropic.com/v1/messages",
        "metadata": {"usage_object": usage}, "model_parameters": {}, "error_str": null, "error_information": {"error_code": ""},
        "messages": [{"role": "user", "content": "Hello"}],
        "hidden_params": {"additional_headers": {"llm_provider-request-id": "req_011F", "request-id": "req_011F",
            "llm_provider-anthropic-organization-id": "org-1"}},
        "response": {"id": "chatcmpl-eac2", "model": "claude-sonnet-4-5-20250929", "choices": [{"finish_reason": "stop",
            "message": {"role": "assistant", "content": "Hi", "tool_calls": null}}], "usage": usage}});
    change(&mut payload);
    payload
}

#[test]
fn litellm_tells_the_ids_of_the_provider_among_the_headers_of_the_answer() {
    let direct = call(&litellm(|_| ()));
    assert_eq!(direct.request_ids["anthropic_request_id"], "req_011F");
    assert_eq!(direct.request_ids["litellm_id"], "chatcmpl-eac2");
    // What the proxy writes into its table of the same call.
    let row = call(
        &json!({"request_id": "chatcmpl-eac2", "call_type": "acompletion", "spend": 0.003546, "cache_hit": "None",
        "startTime": "2026-10-01T10:00:00.500000+00:00", "endTime": "2026-10-01T10:00:03.400000+00:00",
        "model": "claude-sonnet-4-5-20250929", "prompt_tokens": 1422, "completion_tokens": 102,
        "custom_llm_provider": "anthropic", "api_base": "https://api.anthropic.com/v1/messages", "messages": "{}",
        "metadata": litellm(|_| ())["metadata"].to_string(), "response": "{}", "request_tags": "[]", "session_id": "5755"}),
    );
    assert_eq!(row.request_ids["litellm_id"], "chatcmpl-eac2");
    assert!(Call::SHARED_IDS.contains(&"litellm_id"));
    assert_eq!(tokens(&row), tokens(&direct));
    assert_eq!(direct.account.as_deref(), Some("org-1"));
    assert_eq!(
        tokens(&direct),
        [Some(122), Some(102), Some(1000), Some(200), Some(100)]
    );
    for model in [
        "bedrock/eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "bedrock/invoke/eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
    ] {
        let on_bedrock = call(&litellm(|payload| {
            payload["custom_llm_provider"] = json!("bedrock");
            payload["model"] = json!(model);
            payload["api_base"] =
                json!("https://bedrock-runtime.eu-west-1.amazonaws.com/model/x/converse");
            payload["hidden_params"]["additional_headers"] =
                json!({"llm_provider-x-amzn-requestid": "00ab-5d"});
        }));
        assert_eq!(on_bedrock.request_ids["aws_request_id"], "00ab-5d");
        assert_eq!(
            on_bedrock.request_model.as_deref(),
            Some("eu.anthropic.claude-sonnet-4-5-20250929-v1:0")
        );
        assert_eq!(on_bedrock.requested_region.as_deref(), Some("eu-west-1"));
        assert_eq!(
            on_bedrock.served_region, None,
            "a profile may have run elsewhere in Europe"
        );
    }
}

#[test]
fn a_failed_call_of_litellm_counts_nothing_and_keeps_its_id() {
    let failed = call(&litellm(|payload| {
        payload["status"] = json!("failure");
        payload["id"] = json!("8afc");
        payload["prompt_tokens"] = json!(0);
        payload["completion_tokens"] = json!(0);
        payload["response_cost"] = json!(0.0);
        payload["metadata"]["usage_object"] = json!({});
        payload["response"] = json!({});
        payload["hidden_params"]["additional_headers"] = json!(null);
        payload["error_str"] = json!("litellm.RateLimitError: m");
        payload["error_information"] = json!({"error_code": "429", "error_class": "RateLimitError", "error_provider_request_id": "req_011G"});
    }));
    assert_eq!(
        (failed.status, failed.http_status),
        (Status::Error, Some(429))
    );
    assert_eq!(failed.request_ids["anthropic_request_id"], "req_011G");
    assert_eq!(
        tokens(&failed),
        [None; 5],
        "nobody counted: zero is no count"
    );
}

#[test]
fn what_litellm_keeps_beside_the_content_is_read_and_its_placeholder_is_no_text() {
    let thinking = litellm(|payload| {
        payload["messages"] = json!([{"role": "user", "content": [{"type": "text", "text": "See"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}]}]);
        payload["response"]["choices"][0]["message"] = json!({"role": "assistant", "content": "Hi",
            "reasoning_content": "About Ilse", "thinking_blocks": [{"type": "thinking", "thinking": "About Ilse", "signature": "c2ln"}]});
    });
    assert_eq!(texts(&thinking), ["See", "About Ilse", "Hi"]);
    assert!(call(&thinking).features.contains(Feature::Image));
    let silent = litellm(|payload| {
        payload["messages"] = json!([{"role": "user", "content": "redacted-by-litellm"}]);
        payload["response"]["choices"][0]["message"]["content"] = json!("redacted-by-litellm");
    });
    assert_eq!(call(&silent).body, Body::Missing);
    assert_eq!(texts(&silent), Vec::<String>::new());
}

#[test]
fn litellm_1_65_counts_a_streamed_prompt_without_its_cached_part_and_knows_no_price() {
    let streamed = call(&litellm(|payload| {
        payload["prompt_tokens"] = json!(211);
        payload["response_cost"] = json!(0.0);
        payload["response_cost_failure_debug_info"] =
            json!({"error_str": "This model isn't mapped yet."});
        for path in ["/response/usage", "/metadata/usage_object"] {
            *payload.pointer_mut(path).unwrap() = json!({"prompt_tokens": 211, "completion_tokens": 191,
                "prompt_tokens_details": {"cached_tokens": 1000}, "cache_creation_input_tokens": 300, "cache_read_input_tokens": 1000});
        }
    }));
    assert_eq!(
        tokens(&streamed),
        [Some(211), Some(102), Some(1000), Some(300), None]
    );
    assert_eq!(
        streamed.reported_cost_usd_micros, None,
        "no price is not free"
    );
}
