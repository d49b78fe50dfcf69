//! Spans of frameworks and tracing tools around calls, in the very shape in which they were seen to write them
//! (docs/sources-tried.md has the list). Every value is invented. Not here: the clients' own (`instrumentations`).

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

#[path = "telemetry/calls.rs"]
mod calls;
#[path = "telemetry/spans.rs"]
mod telemetry;

use assay_domain::call::{Feature, Kind, Status};
use assay_domain::formats::Reason;
use assay_domain::same_call::spans::is_inside;
use calls::{call, read, span, texts, with};
use serde_json::{Value, json};
use telemetry::{attributes, tokens};

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

/// strands-agents 1.62.0 on Bedrock.
fn strands() -> Value {
    json!({"gen_ai.operation.name": "chat", "gen_ai.system": "strands-agents", "session.id": "s9", "user.id": "u7",
        "gen_ai.request.model": "eu.anthropic.claude-sonnet-4-6",
        "gen_ai.usage.prompt_tokens": 1359, "gen_ai.usage.input_tokens": 1359, "gen_ai.usage.output_tokens": 39,
        "gen_ai.usage.completion_tokens": 39, "gen_ai.usage.total_tokens": 1398,
        "gen_ai.usage.cache_read.input_tokens": 1000, "gen_ai.usage.cache_read_input_tokens": 1000,
        "gen_ai.usage.cache_creation.input_tokens": 300, "gen_ai.usage.cache_write_input_tokens": 300})
}

#[test]
fn a_span_of_strands_is_told_by_its_model_and_is_the_same_out_of_cloudwatch() {
    let event =
        |name: &str, told: Value| json!({"name": name, "timeUnixNano": "1", "attributes": told});
    let events = [
        (
            "gen_ai.system.message",
            json!({"content": r#"[{"text":"Be brief."}]"#}),
        ),
        (
            "gen_ai.user.message",
            json!({"content": r#"[{"text":"Hello"}]"#}),
        ),
        (
            "gen_ai.choice",
            json!({"finish_reason": "end_turn", "message": r#"[{"text":"Hi"}]"#}),
        ),
    ];
    let resource = json!({"service.name": "claims", "cloud.region": "eu-west-1"});
    let mut exported = span("a1", &strands());
    exported["events"] = events
        .iter()
        .map(|(name, told)| event(name, attributes(told.clone())))
        .collect();
    exported["resource"] = json!({"attributes": attributes(resource.clone())});
    // What the log group `aws/spans` has of it.
    let mut in_cloudwatch = exported.clone();
    in_cloudwatch["attributes"] = strands();
    in_cloudwatch["events"] = events
        .iter()
        .map(|(name, told)| event(name, told.clone()))
        .collect();
    in_cloudwatch["resource"] = json!({"attributes": resource});
    in_cloudwatch["kind"] = json!("CLIENT");
    in_cloudwatch["status"] = json!({"code": "UNSET"});
    in_cloudwatch["startTimeUnixNano"] = json!(1_790_848_800_000_000_000_u64);
    in_cloudwatch["endTimeUnixNano"] = json!(1_790_848_800_500_000_000_u64);
    for span in [&exported, &in_cloudwatch] {
        let read = call(span);
        assert_eq!((read.kind, read.status), (Kind::Bedrock, Status::Ok));
        assert_eq!(
            tokens(&read),
            [Some(1359), Some(39), Some(1000), Some(300), None]
        );
        assert_eq!(read.metadata["service.name"], "claims");
        assert_eq!(
            read.served_region, None,
            "where the agent runs is not where the model does"
        );
        assert_eq!(
            (read.latency_ms, read.started_at_ms),
            (Some(500), Some(1_790_848_800_000))
        );
        assert_eq!(read.stop_reason.as_deref(), Some("end_turn"));
        assert_eq!(
            texts(span),
            ["system: Be brief.", "user_message: Hello", "response: Hi"]
        );
    }
    in_cloudwatch["status"] = json!({"code": "ERROR"});
    assert_eq!(call(&in_cloudwatch).status, Status::Error);
    // An attribute that is no object and no list tells nothing.
    in_cloudwatch["attributes"] = json!("gen_ai");
    assert_eq!(read(&in_cloudwatch).err(), Some(Reason::NoCall));
    let behind_litellm = json!({"gen_ai.request.model": "bedrock/eu.anthropic.claude-sonnet-4-6"});
    assert_eq!(
        call(&span("a1", &with(&strands(), behind_litellm)))
            .tokens
            .input,
        Some(59)
    );
}

/// LiteLLM 1.110.2, its callback `langfuse` with langfuse 4.18.0.
fn litellm_in_langfuse() -> Value {
    json!({"langfuse.observation.type": "generation", "langfuse.observation.level": "DEFAULT", "user.id": "u7",
        "langfuse.observation.model.name": "claude-sonnet-4-6",
        "langfuse.observation.model.parameters": r#"{"stream":true,"max_tokens":64}"#,
        "langfuse.observation.input": r#"{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}]}"#,
        "langfuse.observation.output": r#"{"content":"Let me look.","role":"assistant","tool_calls":[{"id":"t1","type":"function",
            "function":{"name":"find","arguments":"{\"claim\":\"K-1\"}"}}]}"#,
        "langfuse.observation.usage_details": r#"{"input":359,"output":39,"total":1398,"cache_creation_input_tokens":300,"cache_read_input_tokens":1000}"#,
        "langfuse.observation.cost_details": r#"{"total":0.0028}"#,
        "langfuse.observation.metadata.hidden_params": r#"{"api_base":"https://api.anthropic.com/v1/messages",
            "additional_headers":{"llm_provider-request-id":"req_011A"}}"#})
}

#[test]
fn litellms_generation_in_langfuse_is_counted_in_buckets_apart_and_fails_where_its_level_says_so() {
    let told = litellm_in_langfuse();
    let read = call(&span("a1", &told));
    assert_eq!(
        tokens(&read),
        [Some(59), Some(39), Some(1000), Some(300), None]
    );
    assert_eq!(read.request_ids["anthropic_request_id"], "req_011A");
    assert_eq!(read.endpoint.as_deref(), Some("api.anthropic.com"));
    assert!(read.features.contains(Feature::Streaming));
    assert_eq!(
        texts(&span("a1", &told)),
        [
            "system: Be brief.",
            "user_message: Hello",
            "response: Let me look.",
            "response_tool_input: K-1"
        ]
    );
    // A total with all of it, or none: the input is what it says.
    for usage in [
        r#"{"input":359,"output":39,"total":1698,"cache_creation_input_tokens":300,"cache_read_input_tokens":1000}"#,
        r#"{"input":359,"output":39,"cache_creation_input_tokens":300,"cache_read_input_tokens":1000}"#,
    ] {
        let told = with(&told, json!({"langfuse.observation.usage_details": usage}));
        assert_eq!(call(&span("a1", &told)).tokens.input, Some(359));
    }
    let message = r#"litellm.RateLimitError: AnthropicException - {"type":"error","error":{"type":"rate_limit_error"},"request_id":"req_011B"}"#;
    let failed = json!({"langfuse.observation.level": "ERROR", "langfuse.observation.status_message": message,
        "langfuse.observation.output": message, "langfuse.observation.usage_details": null,
        "langfuse.observation.metadata.hidden_params": null});
    let failed = span("a1", &with(&told, failed));
    let read = call(&failed);
    assert_eq!(
        (read.status, read.error_type.as_deref()),
        (Status::Error, Some("rate_limit_error"))
    );
    assert_eq!(read.request_ids["anthropic_request_id"], "req_011B");
    assert_eq!(texts(&failed), ["system: Be brief.", "user_message: Hello"]);
}

/// pydantic-ai-slim 2.68.0, format 5 of its instrumentation.
fn pydantic_ai() -> Value {
    json!({"gen_ai.operation.name": "chat", "gen_ai.agent.name": "desk", "gen_ai.conversation.id": "c-4",
        "gen_ai.provider.name": "bedrock", "gen_ai.system": "bedrock", "gen_ai.request.model": "eu.anthropic.claude-sonnet-4-6",
        "model_request_parameters": "{\"function_tools\":[]}", "operation.cost": 0.0021,
        "gen_ai.system_instructions": r#"[{"type":"text","content":"Be brief."}]"#,
        "gen_ai.input.messages": r#"[{"role":"user","parts":[{"type":"text","content":"Hello"}]}]"#,
        "gen_ai.output.messages": r#"[{"role":"assistant","parts":[{"type":"text","content":"Hi"}],"finish_reason":"stop"}]"#,
        "gen_ai.usage.input_tokens": 1723, "gen_ai.usage.output_tokens": 9, "gen_ai.usage.cache_creation.input_tokens": 300,
        "gen_ai.usage.cache_read.input_tokens": 1200, "gen_ai.usage.details.ephemeral_1h_input_tokens": 100,
        "gen_ai.response.id": "1c2d3e4f-0000-4000-8000-00000000000a",
        "gen_ai.client.operation.time_to_first_chunk": 0.04})
}

#[test]
fn pydantic_ai_tells_the_cache_the_cost_the_stream_and_on_bedrock_the_requests_id() {
    let read = call(&span("a1", &pydantic_ai()));
    assert_eq!(
        tokens(&read),
        [Some(223), Some(9), Some(1_200), Some(200), Some(100)]
    );
    assert_eq!(read.kind, Kind::Bedrock);
    assert_eq!(read.reported_cost_usd_micros, Some(2_100));
    assert!(read.features.contains(Feature::Streaming));
    assert_eq!(
        read.request_ids["aws_request_id"],
        "1c2d3e4f-0000-4000-8000-00000000000a"
    );
    let direct = json!({"gen_ai.provider.name": "anthropic", "gen_ai.request.model": "claude-sonnet-4-6",
        "gen_ai.response.id": "msg_4"});
    let direct = call(&span("a1", &with(&pydantic_ai(), direct)));
    assert_eq!(direct.request_ids["message_id"], "msg_4");
    assert!(!direct.request_ids.contains_key("aws_request_id"));
}

/// openinference-instrumentation-llama-index 4.6.1, of Bedrock by Converse.
fn llama_index() -> Value {
    json!({"openinference.span.kind": "LLM", "llm.model_name": "eu.anthropic.claude-sonnet-4-6",
        "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "Hello",
        "llm.output_messages.0.message.role": "assistant", "llm.output_messages.0.message.content": "Hi",
        "llm.token_count.prompt": 1523, "llm.token_count.completion": 17, "llm.token_count.total": 3040,
        "llm.token_count.prompt_details.cache_read": 1200, "llm.token_count.prompt_details.cache_write": 300})
}

#[test]
fn llama_index_counts_the_cached_part_of_bedrocks_input_apart_and_names_no_provider() {
    let read_of = call(&span("a1", &llama_index()));
    assert_eq!(
        tokens(&read_of),
        [Some(1_523), Some(17), Some(1_200), Some(300), None]
    );
    assert_eq!(read_of.kind, Kind::Bedrock);
    assert_eq!(
        texts(&span("a1", &llama_index())),
        ["user_message: Hello", "response: Hi"]
    );
    // Where the total does not count the cached part again, the input holds it.
    let whole = with(&llama_index(), json!({"llm.token_count.total": 1540}));
    assert_eq!(call(&span("a1", &whole)).tokens.input, Some(23));
    let mut prepares = json!({"openinference.span.kind": "LLM", "llm.model_name": "claude-sonnet-4-6",
        "input.value": "{\"user_msg\": \"Hello\"}"});
    prepares = span("a1", &prepares);
    prepares["name"] = json!("Anthropic._prepare_chat_with_tools");
    assert_eq!(read(&prepares).err(), Some(Reason::NoCall));
}
