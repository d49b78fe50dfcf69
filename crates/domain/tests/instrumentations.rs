//! Spans in the very shape in which instrumentations of others were seen to write them, each with its version
//! (docs/sources-tried.md has the list). Every value is invented.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

#[path = "telemetry/calls.rs"]
mod calls;
#[path = "telemetry/spans.rs"]
mod telemetry;

use assay_domain::call::{Body, Feature, Kind, Status};
use assay_domain::formats::Reason;
use assay_domain::same_call::spans::is_inside;
use calls::{call, read, span, texts, with};
use serde_json::{Value, json};
use telemetry::tokens;

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
fn an_answer_of_bedrock_has_the_id_of_its_request() {
    let request = "0c1d2e3f-4a5b-6c7d-8e9f-a0b1c2d3e4f5";
    let told = |id: &str| {
        json!({"ai.operationId": "ai.generateText.doGenerate", "ai.model.provider": "amazon-bedrock",
            "gen_ai.request.model": "eu.anthropic.claude-sonnet-4-6", "ai.response.id": id,
            "ai.usage.inputTokens": 59, "ai.usage.outputTokens": 39})
    };
    let read = call(&span("a1", &told(request)));
    assert_eq!(read.kind, Kind::Bedrock);
    assert_eq!(read.request_ids["aws_request_id"], request);
    let read = call(&span("a1", &told("aitxt-9")));
    assert!(!read.request_ids.contains_key("aws_request_id"));
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
