//! Spans in the very shape in which instrumentations of others were seen to write them, each with its version
//! (docs/sources-tried.md has the list). Every value is invented.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

#[path = "telemetry/spans.rs"]
mod telemetry;

use assay_domain::call::{Body, Call, Feature, Kind, Status};
use assay_domain::formats::{Context, Format, Reason, Record, exchange, parse};
use assay_domain::same_call::is_inside;
use serde_json::{Value, json};
use telemetry::{attributes, tokens};

const CONTEXT: Context = Context {
    now_ms: 1_795_500_000_000,
};

fn read(span: &Value) -> Result<Call, Reason> {
    match parse(Format::OpenTelemetry, span.to_string().as_bytes(), &CONTEXT) {
        Ok(Record::Call(call)) => Ok(*call),
        Ok(Record::Activity(_)) => panic!("an activity"),
        Err(rejected) => Err(rejected.reason),
    }
}

fn call(span: &Value) -> Call {
    read(span).unwrap()
}

fn texts(span: &Value) -> Vec<String> {
    let parts = exchange(Format::OpenTelemetry, span.to_string().as_bytes()).parts();
    parts
        .into_iter()
        .map(|part| format!("{}: {}", part.field.name(), part.text))
        .collect()
}

fn span(id: &str, told: &Value) -> Value {
    json!({"traceId": "85", "spanId": id, "parentSpanId": "b7", "name": "call", "kind": 3, "status": {},
        "startTimeUnixNano": "1790848800000000000", "endTimeUnixNano": "1790848800500000000", "attributes": attributes(told.clone())})
}

fn with(told: &Value, more: Value) -> Value {
    let mut told = told.clone();
    for (key, value) in more.as_object().unwrap() {
        told[key] = value.clone();
    }
    told
}

fn failed(mut span: Value, class: &str) -> Value {
    span["status"] = json!({"code": 2, "message": "rate_limit_error"});
    span["events"] = json!([{"name": "exception", "attributes": [
        {"key": "exception.type", "value": {"stringValue": class}},
        {"key": "exception.message", "value": {"stringValue": "rate_limit_error"}}]}]);
    span
}

/// ai 6.0.326 with @ai-sdk/anthropic.
fn ai_sdk() -> Value {
    json!({"operation.name": "ai.generateText.doGenerate claims", "ai.operationId": "ai.generateText.doGenerate",
        "ai.telemetry.functionId": "claims", "ai.model.provider": "anthropic.messages", "ai.model.id": "claude-sonnet-4-6",
        "ai.telemetry.metadata.userId": "u7", "ai.telemetry.metadata.sessionId": "s9",
        "ai.telemetry.metadata.classification": "internal", "gen_ai.system": "anthropic.messages",
        "gen_ai.request.model": "claude-sonnet-4-6",
        "ai.prompt.messages": r#"[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Hello"},{"type":"file","mediaType":"image/png"}]},
            {"role":"assistant","content":[{"type":"reasoning","text":"Look first."},{"type":"tool-call","toolCallId":"t1","toolName":"find","input":{"claim":"K-1"}}]},
            {"role":"tool","content":[{"type":"tool-result","toolCallId":"t1","toolName":"find","output":{"type":"text","value":"Paid"}}]}]"#,
        "ai.prompt.tools": [r#"{"type":"function","name":"find","description":"Finds a claim","inputSchema":{"type":"object"}}"#],
        "ai.response.finishReason": "tool-calls", "ai.response.reasoning": "Hm.", "ai.response.text": "Hi",
        "ai.response.toolCalls": r#"[{"toolCallId":"t2","toolName":"find","input":"{\"claim\":\"K-2\"}"}]"#,
        "ai.response.id": "msg_01A", "ai.response.model": "claude-sonnet-4-6", "gen_ai.response.id": "msg_01A",
        "ai.response.providerMetadata": r#"{"anthropic":{"usage":{"input_tokens":59,"cache_read_input_tokens":1000,"cache_creation_input_tokens":300,
            "cache_creation":{"ephemeral_5m_input_tokens":200,"ephemeral_1h_input_tokens":100}},"cacheCreationInputTokens":300}}"#,
        "ai.usage.inputTokens": 1359, "ai.usage.inputTokenDetails.noCacheTokens": 59, "ai.usage.outputTokens": 39,
        "ai.usage.inputTokenDetails.cacheReadTokens": 1000, "ai.usage.inputTokenDetails.cacheWriteTokens": 300,
        "ai.usage.cachedInputTokens": 1000, "gen_ai.response.finish_reasons": ["tool-calls"],
        "gen_ai.usage.input_tokens": 1359, "gen_ai.usage.output_tokens": 39})
}

#[test]
fn a_request_of_the_ai_sdk_is_a_call_and_the_span_around_it_is_none() {
    let told = ai_sdk();
    let read = call(&span("a1", &told));
    assert_eq!(read.kind, Kind::ClaudeApi);
    assert_eq!(read.request_model.as_deref(), Some("claude-sonnet-4-6"));
    assert_eq!(
        tokens(&read),
        [Some(59), Some(39), Some(1000), Some(200), Some(100)]
    );
    assert_eq!(read.request_ids["message_id"], "msg_01A");
    assert_eq!(
        (read.principal.as_deref(), read.conversation_id.as_deref()),
        (Some("u7"), Some("s9"))
    );
    assert_eq!(read.classification.as_deref(), Some("internal"));
    assert_eq!(read.metadata["function_id"], "claims");
    assert_eq!(read.body, Body::Present);
    assert!(!read.features.contains(Feature::Streaming));
    assert!(read.features.contains(Feature::Tools) && read.features.contains(Feature::Image));
    assert_eq!(
        texts(&span("a1", &told)),
        [
            "system: Be brief.",
            "tool_definition: Finds a claim",
            "user_message: Hello",
            "thinking: Look first.",
            "tool_input: K-1",
            "tool_result: Paid",
            "response_thinking: Hm.",
            "response: Hi",
            "response_tool_input: K-2"
        ]
    );
    // Version 5 counts what was cached apart, and tells no details.
    let mut former = with(
        &told,
        json!({"ai.operationId": "ai.streamText.doStream", "ai.usage.inputTokens": 59}),
    );
    for name in ["noCacheTokens", "cacheReadTokens", "cacheWriteTokens"] {
        former
            .as_object_mut()
            .unwrap()
            .remove(&format!("ai.usage.inputTokenDetails.{name}"));
    }
    let former = call(&span("a2", &former));
    assert_eq!(
        tokens(&former),
        [Some(59), Some(39), Some(1000), Some(200), Some(100)]
    );
    assert!(former.features.contains(Feature::Streaming));
    let on_bedrock = with(
        &told,
        json!({"ai.model.provider": "amazon-bedrock", "gen_ai.system": "amazon-bedrock"}),
    );
    assert_eq!(call(&span("a3", &on_bedrock)).kind, Kind::Bedrock);
    let around = json!({"ai.operationId": "ai.generateText", "ai.model.provider": "anthropic.messages",
        "ai.model.id": "claude-sonnet-4-6", "ai.usage.inputTokens": 1359});
    assert_eq!(read_reason(&span("a4", &around)), Some(Reason::NoCall));
    let refused = call(&failed(span("a5", &told), "AI_APICallError"));
    assert_eq!(
        (refused.status, refused.error_type.as_deref()),
        (Status::Error, Some("AI_APICallError"))
    );
}

fn read_reason(span: &Value) -> Option<Reason> {
    read(span).err()
}

/// opentelemetry-instrumentation-genai-bedrock 1.3b0 and anthropic 2.14.0, both of which say `cache_write`.
#[test]
fn what_was_cached_is_counted_once_whoever_counts_it_in() {
    let told = json!({"gen_ai.operation.name": "chat", "gen_ai.provider.name": "aws.bedrock",
        "gen_ai.request.model": "eu.anthropic.claude-sonnet-4-6", "gen_ai.usage.output_tokens": 20,
        "gen_ai.usage.cache_write.input_tokens": 300, "gen_ai.usage.cache_read.input_tokens": 1000});
    let apart = with(&told, json!({"gen_ai.usage.input_tokens": 2000}));
    assert_eq!(call(&span("b1", &apart)).tokens.input, Some(2000));
    let whole = with(
        &apart,
        json!({"url.full": "https://bedrock-runtime.eu-central-1.amazonaws.com/model/x/invoke"}),
    );
    assert_eq!(call(&span("b2", &whole)).tokens.input, Some(700));
}

/// @opentelemetry/instrumentation-aws-sdk 0.79.0.
#[test]
fn the_aws_sdk_of_node_names_the_request_in_its_own_way() {
    let told = json!({"rpc.system": "aws-api", "rpc.method": "InvokeModelWithResponseStream", "gen_ai.system": "aws.bedrock",
        "gen_ai.request.model": "eu.anthropic.claude-sonnet-4-6", "cloud.region": "eu-central-1", "aws.request.id": "0-1",
        "http.response.status_code": 200, "gen_ai.usage.input_tokens": 40, "gen_ai.usage.output_tokens": 20});
    let read = call(&span("c1", &told));
    assert_eq!(read.request_ids["aws_request_id"], "0-1");
    assert!(read.features.contains(Feature::Streaming));
}

/// logfire 5.4.0.
#[test]
fn a_streamed_answer_that_logfire_tells_twice_is_one_call() {
    let asked = json!({"request_data": r#"{"model":"claude-sonnet-4-6"}"#, "gen_ai.system": "anthropic",
        "gen_ai.provider.name": "anthropic", "gen_ai.request.model": "claude-sonnet-4-6", "gen_ai.operation.name": "chat",
        "gen_ai.input.messages": r#"[{"role":"user","parts":[{"type":"text","content":"Hello"}]}]"#,
        "gen_ai.response.model": "claude-sonnet-4-6", "logfire.span_type": "span"});
    assert_eq!(read_reason(&span("d1", &asked)), Some(Reason::NoCall));
    assert_eq!(
        call(&failed(span("d1", &asked), "anthropic.RateLimitError"))
            .error_type
            .as_deref(),
        Some("RateLimitError")
    );
    let answered = with(
        &asked,
        json!({"logfire.span_type": "log", "duration": 1, "gen_ai.response.id": "msg_01B",
        "gen_ai.output.messages": r#"[{"role":"assistant","parts":[{"type":"thinking","thinking":"Hm.","signature":"x"},{"type":"text","content":"Hi"}]}]"#,
        "gen_ai.response.finish_reasons": r#"["end_turn"]"#, "gen_ai.usage.input_tokens": 40, "gen_ai.usage.output_tokens": 20}),
    );
    let streamed = call(&span("d2", &answered));
    assert!(streamed.features.contains(Feature::Streaming));
    assert_eq!(streamed.stop_reason.as_deref(), Some("end_turn"));
    assert_eq!(
        texts(&span("d2", &answered)),
        [
            "user_message: Hello",
            "response_thinking: Hm.",
            "response: Hi"
        ]
    );
    let whole = with(&answered, json!({"logfire.span_type": "span"}));
    assert!(
        !call(&span("d3", &whole))
            .features
            .contains(Feature::Streaming)
    );
}

/// openinference-instrumentation-bedrock 0.1.61 and -langchain 0.1.80.
#[test]
fn openinferences_messages_are_read_where_the_value_is_of_another_shape() {
    let told = json!({"openinference.span.kind": "LLM", "llm.provider": "aws", "llm.model_name": "eu.anthropic.claude-sonnet-4-6",
        "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "Hello",
        "llm.tools.0.tool.json_schema": r#"{"toolSpec":{"name":"find","description":"Finds a claim","inputSchema":{"json":{"type":"object"}}}}"#,
        "input.value": r#"[{"role":"user","content":[{"text":"Hello"}]}]"#,
        "output.value": r#"{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"Hm."}}},{"text":"I look."},
            {"toolUse":{"toolUseId":"t","name":"find","input":{"claim":"K-1"}}}]}"#,
        "llm.token_count.prompt": 112, "llm.token_count.completion": 92});
    assert_eq!(
        texts(&span("e1", &told)),
        [
            "tool_definition: Finds a claim",
            "user_message: Hello",
            "response_thinking: Hm.",
            "response: I look.",
            "response_tool_input: K-1"
        ]
    );
    let chain = with(
        &told,
        json!({"llm.provider": "anthropic", "llm.token_count.prompt": 0,
        "input.value": r#"{"messages":[[{"lc":1,"type":"constructor","kwargs":{"content":"Hello","type":"human"}}]]}"#,
        "output.value": r#"{"generations":[[{"text":"Hi"}]],"llm_output":{"id":"msg_01C"}}"#,
        "llm.output_messages.0.message.role": "assistant", "llm.output_messages.0.message.content": "Hi"}),
    );
    assert_eq!(
        call(&span("e2", &chain)).request_ids["message_id"],
        "msg_01C"
    );
    assert_eq!(
        call(&span("e2", &chain)).tokens.input,
        None,
        "an input of nothing was not counted"
    );
    assert_eq!(
        texts(&span("e2", &chain)),
        [
            "tool_definition: Finds a claim",
            "user_message: Hello",
            "response: Hi"
        ]
    );
}

#[test]
fn a_span_inside_of_another_that_says_the_same_tells_the_same_call() {
    let told = json!({"gen_ai.operation.name": "chat", "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": "claude-sonnet-4-6", "gen_ai.usage.input_tokens": 40, "gen_ai.usage.output_tokens": 20});
    let inner = call(&span("f1", &told));
    assert_eq!(inner.request_ids["otel_parent_span_id"], "85/b7");
    let check = |change: Value, length_ms: u64, expected: bool| {
        let mut outer = span("b7", &with(&told, change.clone()));
        outer["endTimeUnixNano"] = json!(format!(
            "{}",
            1_790_848_800_000_000_000 + length_ms * 1_000_000
        ));
        assert_eq!(
            is_inside(&inner, &call(&outer)),
            expected,
            "{change} {length_ms}"
        );
    };
    check(json!({}), 9_000, true);
    check(json!({"gen_ai.usage.input_tokens": 90}), 500, false);
    check(
        json!({"gen_ai.request.model": "claude-opus-4-7"}),
        500,
        false,
    );
    check(
        json!({"gen_ai.usage.input_tokens": "", "gen_ai.usage.output_tokens": ""}),
        530,
        true,
    );
    check(
        json!({"gen_ai.usage.input_tokens": "", "gen_ai.usage.output_tokens": ""}),
        2_000,
        false,
    );
    check(json!({"error.type": "timeout"}), 500, false);
    let answered = call(&span(
        "f2",
        &with(&told, json!({"gen_ai.response.id": "msg_01A"})),
    ));
    let other = call(&span(
        "b7",
        &with(&told, json!({"gen_ai.response.id": "msg_01B"})),
    ));
    assert!(!is_inside(&answered, &other));
}

/// LiteLLM 1.110.2.
#[test]
fn a_span_of_litellm_tells_the_cache_the_caller_and_the_provider_in_its_own_way() {
    let told = json!({"litellm.call_id": "c-1", "llm.request.type": "acompletion", "gen_ai.system": "anthropic",
        "gen_ai.request.model": "claude-sonnet-4-6", "gen_ai.response.id": "chatcmpl-c1", "llm.is_streaming": "True",
        "llm.user": "end-user", "metadata.user_api_key_user_id": "u7", "metadata.user_api_key_user_email": "",
        "metadata.usage_object": "{'completion_tokens': 36, 'prompt_tokens': 1356, 'prompt_tokens_details': {'cached_tokens': 1000, \
'audio_tokens': None, 'cache_creation_token_details': {'ephemeral_5m_input_tokens': 200, 'ephemeral_1h_input_tokens': 100}}, \
'cache_creation_input_tokens': 300, 'cache_read_input_tokens': 1000}",
        "hidden_params": r#"{"api_base": "https://api.anthropic.com/v1/messages", "additional_headers": {"llm_provider-request-id": "req_011A"}}"#,
        "gen_ai.usage.total_tokens": 1392, "gen_ai.usage.input_tokens": 1356, "gen_ai.usage.output_tokens": 36,
        "gen_ai.cost.total_cost": "0.0185"});
    let read = call(&span("g1", &told));
    assert_eq!(read.kind, Kind::ClaudeApi);
    assert_eq!(
        tokens(&read),
        [Some(56), Some(36), Some(1000), Some(200), Some(100)]
    );
    assert!(read.features.contains(Feature::Streaming));
    assert_eq!(read.principal.as_deref(), Some("u7"));
    assert_eq!(read.request_ids["anthropic_request_id"], "req_011A");
    assert_eq!(read.request_ids["litellm_id"], "chatcmpl-c1");
    assert_eq!(read.reported_cost_usd_micros, Some(18_500));
    let on_bedrock = with(
        &told,
        json!({"gen_ai.system": "bedrock", "gen_ai.request.model": "eu.anthropic.claude-sonnet-4-6",
        "hidden_params": r#"{"api_base": "https://bedrock-runtime.eu-central-1.amazonaws.com/model/x/converse",
            "additional_headers": {"llm_provider-x-amzn-requestid": "0-1"}}"#}),
    );
    let read = call(&span("g2", &on_bedrock));
    assert_eq!(read.kind, Kind::Bedrock);
    assert_eq!(read.tokens.input, Some(56));
    assert_eq!(read.requested_region.as_deref(), Some("eu-central-1"));
    assert_eq!(read.request_ids["aws_request_id"], "0-1");
    let other = with(&told, json!({"llm.request.type": "aembedding"}));
    assert_eq!(read_reason(&span("g3", &other)), Some(Reason::NoCall));
}

/// langfuse 3.15.0, its handler for LangChain around a streamed answer.
fn langfuse_langchain() -> Value {
    json!({"user.id": "u7", "session.id": "s9", "langfuse.trace.metadata.team": "claims",
        "langfuse.observation.type": "generation", "langfuse.observation.model.name": "claude-sonnet-4-6",
        "langfuse.observation.input": r#"[{"role":"user","content":"Hello"},
            {"role":"tool","content":{"name":"find","description":"Finds a claim","input_schema":{"type":"object"}}}]"#,
        "langfuse.observation.output": r#"{"role":"assistant","content":"Hi"}"#,
        "langfuse.observation.usage_details": r#"{"input":0,"output":39,"total":39}"#})
}

#[test]
fn an_input_that_langchain_did_not_count_is_unknown_and_the_clients_span_inside_says_it() {
    let told = langfuse_langchain();
    let outer = call(&span("a1", &told));
    assert_eq!(tokens(&outer), [None, Some(39), None, None, None]);
    assert_eq!(
        texts(&span("a1", &told)),
        [
            "tool_definition: Finds a claim",
            "user_message: Hello",
            "response: Hi"
        ]
    );
    let inner = json!({"gen_ai.provider.name": "anthropic", "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "claude-sonnet-4-6", "gen_ai.request.stream": true,
        "gen_ai.response.id": "msg_01A", "gen_ai.usage.input_tokens": 1359, "gen_ai.usage.output_tokens": 39,
        "gen_ai.usage.cache_read.input_tokens": 1000, "gen_ai.usage.cache_write.input_tokens": 300});
    let inner = call(&span("b1", &inner));
    assert!(is_inside(&inner, &outer));
    let other = with(
        &told,
        json!({"langfuse.observation.usage_details": r#"{"input":0,"output":40}"#}),
    );
    assert!(
        !is_inside(&inner, &call(&span("a1", &other))),
        "other counts"
    );
    // Read whole from the cache: an input of 0 is what it says.
    let cached = r#"{"input":0,"output":39,"cache_read_input_tokens":1300}"#;
    let cached = with(&told, json!({"langfuse.observation.usage_details": cached}));
    assert_eq!(call(&span("a1", &cached)).tokens.input, Some(0));
}

#[test]
fn a_failure_is_told_by_the_message_of_either_client() {
    let json = r#"{"type":"error","error":{"type":"rate_limit_error","message":"no"},"request_id":"req_011A"}"#;
    let python = "Error code: 429 - {'type': 'error', 'error': {'type': 'rate_limit_error'}, 'request_id': 'req_011A'}";
    let node = format!("429 {json}");
    let thrown = |class: &str, message: &str| {
        json!([{"name": "exception", "attributes": attributes(json!({
            "exception.type": class, "exception.message": message}))}])
    };
    let told = json!({"gen_ai.provider.name": "anthropic", "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "claude-sonnet-4-6"});
    // langfuse 3.15.0 and @langfuse/tracing 5.11.1 tell it in the status; OpenInference 0.2.8 and Traceloop 0.27.0
    // for Node as an exception, with and without its class.
    for (told, status, events, kind) in [
        (&langfuse_langchain(), python, json!([]), "rate_limit_error"),
        (
            &langfuse_langchain(),
            node.as_str(),
            json!([]),
            "rate_limit_error",
        ),
        (
            &told,
            node.as_str(),
            thrown("RateLimitError", &node),
            "RateLimitError",
        ),
        (&told, "", thrown("Error", &node), "rate_limit_error"),
    ] {
        let mut span = span("a1", told);
        span["status"] = json!({"code": 2, "message": status});
        span["events"] = events;
        let read = call(&span);
        assert_eq!((read.status, read.http_status), (Status::Error, Some(429)));
        assert_eq!(read.request_ids["anthropic_request_id"], "req_011A");
        assert_eq!(read.error_type.as_deref(), Some(kind));
    }
    // @traceloop/instrumentation-bedrock 0.27.0: the class alone.
    let told = json!({"gen_ai.provider.name": "aws.bedrock", "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "claude-sonnet-4-6"});
    let mut throttled = span("a1", &told);
    throttled["status"] = json!({"code": 2, "message": "Too many requests"});
    throttled["events"] = thrown("ThrottlingException", "Too many requests");
    let read = call(&throttled);
    assert_eq!((read.kind, read.http_status), (Kind::Bedrock, Some(429)));
    assert_eq!(read.error_type.as_deref(), Some("ThrottlingException"));
}

#[test]
fn what_a_program_gave_langfuse_is_text_whatever_its_form() {
    let of = |key: &str, value: &str| {
        let key = format!("langfuse.observation.{key}");
        texts(&span(
            "a1",
            &with(&langfuse_langchain(), json!({key: value})),
        ))
    };
    // Langfuse's decorator writes the arguments of the function.
    assert_eq!(
        of(
            "input",
            r#"{"args":["Hello",{"claim":"K-1","at":3}],"kwargs":{"tone":"kind"}}"#
        ),
        [
            "user_message: Hello",
            "user_message: K-1",
            "user_message: kind",
            "response: Hi"
        ]
    );
    // And whatever the program took for the answer: here its blocks.
    let blocks = r#"[{"type":"text","text":"Paid"},{"type":"tool_use","id":"t","name":"find","input":{"claim":"K-2"}}]"#;
    let said = of("output", blocks);
    assert_eq!(&said[2..], ["response: Paid", "response_tool_input: K-2"]);
    // A tool's answer that is an object.
    let tool = r#"[{"role":"user","content":"Hello"},{"role":"tool","tool_call_id":"t","content":{"paid":true}}]"#;
    assert_eq!(of("input", tool)[1], r#"tool_result: {"paid":true}"#);
}

#[test]
fn litellms_span_for_langfuse_has_its_request_its_cost_and_its_caller() {
    // Its callback `langfuse_otel`, version 1.110.2.
    let told = json!({"openinference.span.kind": "LLM", "llm.model_name": "claude-sonnet-4-6",
        "llm.request.type": "completion", "llm.provider": "anthropic", "llm.is_streaming": "True",
        "llm.response.id": "chatcmpl-1", "llm.response.model": "claude-sonnet-4-6",
        "llm.invocation_parameters": r#"{"stream":true,"max_tokens":64,"tools":[{"type":"function","function":{"name":"find","description":"Finds a claim"}}]}"#,
        "llm.output_messages.0.message.role": "assistant", "llm.output_messages.0.message.content": "Hi",
        "output.value": "Hi", "llm.token_count.completion": 39, "llm.token_count.prompt": 1359,
        "llm.token_count.prompt_details.cache_read": 1000, "llm.token_count.prompt_details.cache_write": 300,
        "llm.cost.total": 0.0028, "session.id": "s9", "langfuse.observation.type": "generation",
        "metadata": r#"{"user_api_key_alias":"claims-app","user_api_key_user_email":null}"#,
        "langfuse.observation.input": r#"[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}]"#});
    let read = call(&span("a1", &told));
    assert_eq!(
        tokens(&read),
        [Some(59), Some(39), Some(1000), Some(300), None]
    );
    assert_eq!(read.reported_cost_usd_micros, Some(2_800));
    assert_eq!(read.principal.as_deref(), Some("claims-app"));
    assert_eq!(read.request_ids["litellm_id"], "chatcmpl-1");
    assert!(read.features.contains(Feature::Streaming) && read.features.contains(Feature::Tools));
    assert_eq!(
        texts(&span("a1", &told)),
        [
            "system: Be brief.",
            "tool_definition: Finds a claim",
            "user_message: Hello",
            "response: Hi"
        ]
    );
    let mut failed = with(
        &told,
        json!({"error.type": "RateLimitError", "http.response.status_code": 429}),
    );
    failed["llm.token_count.prompt"] = Value::Null;
    let mut failed = span("a1", &failed);
    failed["status"] = json!({"code": 2, "message": "litellm.RateLimitError: AnthropicException - {\"request_id\": \"req_011A\"}"});
    let read = call(&failed);
    assert_eq!(
        (read.http_status, read.error_type.as_deref()),
        (Some(429), Some("RateLimitError"))
    );
    assert_eq!(read.request_ids["anthropic_request_id"], "req_011A");
}
