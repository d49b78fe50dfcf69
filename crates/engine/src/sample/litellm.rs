//! Writing a call as a LiteLLM gateway logs it (`StandardLoggingPayload`).
//!
//! In: a [`GatewayCall`] and its conversation. Out: a record. Source: BerriAI/litellm
//! `litellm/types/utils.py`; see `assay_domain::formats::litellm`. Not here: which calls there are.

use serde::Serialize;
use serde_json::{Value, json};

use crate::sample::bedrock::Used;
use crate::sample::scene::{Block, Scene};

/// A call through a gateway.
pub(crate) struct GatewayCall {
    pub(crate) at_ms: i64,
    pub(crate) provider: &'static str,
    pub(crate) model: &'static str,
    pub(crate) api_base: String,
    /// Who called: the owner of the gateway's key.
    pub(crate) user: &'static str,
    pub(crate) team: &'static str,
    pub(crate) classification: &'static str,
    pub(crate) source_ip: String,
    pub(crate) id: String,
    pub(crate) trace: String,
    pub(crate) used: Used,
    pub(crate) latency_ms: u64,
    /// Micro-dollars; `None` where the gateway knows no price.
    pub(crate) cost: Option<i64>,
    pub(crate) streams: bool,
    /// HTTP status and LiteLLM's class of the error.
    pub(crate) failure: Option<(u16, &'static str)>,
    /// The gateway logs a placeholder instead of what was said.
    pub(crate) hides_text: bool,
}

#[derive(Serialize)]
struct Payload<'a> {
    id: &'a str,
    trace_id: &'a str,
    call_type: &'static str,
    stream: bool,
    response_cost: Option<Value>,
    status: &'static str,
    custom_llm_provider: &'static str,
    total_tokens: u64,
    prompt_tokens: u64,
    completion_tokens: u64,
    #[serde(rename = "startTime")]
    start_time: Value,
    #[serde(rename = "endTime")]
    end_time: Value,
    response_time: Value,
    model: &'static str,
    model_group: &'static str,
    api_base: &'a str,
    metadata: Value,
    cache_hit: bool,
    request_tags: Vec<&'static str>,
    end_user: &'static str,
    requester_ip_address: &'a str,
    messages: Value,
    response: Value,
    error_str: Option<String>,
    error_information: Value,
    model_parameters: Value,
    hidden_params: Value,
}

/// What LiteLLM writes where the messages were lost on the way to its logger.
const PLACEHOLDER: &str = "default-message-value";

/// A whole number of thousandths as a decimal: no rounding by floating point.
fn thousandths(count: i64) -> Value {
    let text = format!("{}.{:03}", count / 1_000, count % 1_000);
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

/// Micro-dollars as dollars.
pub(crate) fn dollars(micros: i64) -> Value {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    serde_json::from_str(&text).unwrap_or(Value::Null)
}

/// The gateway's record of a call.
pub(crate) fn payload(call: &GatewayCall, scene: &Scene) -> impl Serialize {
    let failed = call.failure.is_some();
    let used = if failed { Used::default() } else { call.used };
    let prompt = used.input + used.cache_read + used.cache_write;
    let error_information = match call.failure {
        Some((status, class)) => json!({
            "error_code": status.to_string(),
            "error_class": class,
            "llm_provider": call.provider,
            "error_message": "the provider did not answer the request",
            "traceback": "",
        }),
        None => {
            json!({ "error_code": "", "error_class": "", "llm_provider": "", "error_message": "", "traceback": "" })
        }
    };
    Payload {
        id: &call.id,
        trace_id: &call.trace,
        call_type: "acompletion",
        stream: call.streams,
        response_cost: if failed {
            Some(json!(0))
        } else {
            call.cost.map(dollars)
        },
        status: if failed { "failure" } else { "success" },
        custom_llm_provider: call.provider,
        total_tokens: prompt + used.output,
        prompt_tokens: prompt,
        completion_tokens: used.output,
        start_time: thousandths(call.at_ms),
        end_time: thousandths(call.at_ms + call.latency_ms as i64),
        response_time: thousandths(call.latency_ms as i64),
        model: call.model,
        model_group: call.model,
        api_base: &call.api_base,
        metadata: json!({
            "user_api_key_hash": null,
            "user_api_key_alias": call.team,
            "user_api_key_team_id": call.team,
            "user_api_key_team_alias": call.team,
            "user_api_key_user_email": call.user,
            "requester_ip_address": call.source_ip,
            "requester_metadata": { "classification": call.classification, "session_id": call.trace },
            "applied_guardrails": [],
        }),
        cache_hit: false,
        request_tags: vec![call.team],
        end_user: "",
        requester_ip_address: &call.source_ip,
        messages: match call.hides_text {
            true => json!([{ "role": "user", "content": PLACEHOLDER }]),
            false => json!(messages(scene)),
        },
        response: if failed || call.hides_text {
            Value::Null
        } else {
            response(call, scene, prompt)
        },
        error_str: call
            .failure
            .map(|(status, class)| format!("litellm.{class}: {status}")),
        error_information,
        model_parameters: parameters(scene),
        hidden_params: json!({ "api_base": call.api_base, "model_id": null, "cache_key": null }),
    }
}

fn parameters(scene: &Scene) -> Value {
    let mut parameters = json!({ "max_tokens": 2_048, "temperature": 0.2 });
    if !scene.tools.is_empty() {
        let tools: Vec<Value> = scene
            .tools
            .iter()
            .map(|tool| json!({ "type": "function", "function": { "name": tool.name, "description": tool.about, "parameters": tool.schema() } }))
            .collect();
        parameters["tools"] = json!(tools);
    }
    parameters
}

fn text_of(blocks: &[Block]) -> String {
    let texts = blocks.iter().filter_map(|block| match block {
        Block::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect::<Vec<_>>().join("\n\n")
}

fn tool_calls(blocks: &[Block]) -> Vec<Value> {
    blocks
        .iter()
        .filter_map(|block| match block {
            Block::ToolUse { id, name, input } => {
                Some(json!({ "id": id, "type": "function", "function": { "name": name, "arguments": input.to_string() } }))
            }
            _ => None,
        })
        .collect()
}

fn messages(scene: &Scene) -> Vec<Value> {
    let mut messages = vec![json!({ "role": "system", "content": scene.system })];
    for turn in &scene.turns {
        let results = turn.blocks.iter().filter_map(|block| match block {
            Block::ToolResult { id, text } => {
                Some(json!({ "role": "tool", "tool_call_id": id, "content": text }))
            }
            _ => None,
        });
        let before = messages.len();
        messages.extend(results);
        if messages.len() > before {
            continue;
        }
        let mut message = json!({ "role": if turn.is_user { "user" } else { "assistant" }, "content": text_of(&turn.blocks) });
        let calls = tool_calls(&turn.blocks);
        if !calls.is_empty() {
            message["tool_calls"] = json!(calls);
        }
        messages.push(message);
    }
    messages
}

fn response(call: &GatewayCall, scene: &Scene, prompt: u64) -> Value {
    let calls = tool_calls(&scene.answer);
    let finish = if calls.is_empty() {
        "stop"
    } else {
        "tool_calls"
    };
    let tool_calls = if calls.is_empty() {
        Value::Null
    } else {
        json!(calls)
    };
    json!({
        "id": call.id,
        "created": call.at_ms / 1_000,
        "model": call.model,
        "object": "chat.completion",
        "choices": [{
            "index": 0,
            "finish_reason": finish,
            "message": { "role": "assistant", "content": text_of(&scene.answer), "tool_calls": tool_calls },
        }],
        "usage": {
            "prompt_tokens": prompt,
            "completion_tokens": call.used.output,
            "total_tokens": prompt + call.used.output,
            "prompt_tokens_details": { "cached_tokens": call.used.cache_read },
            "cache_read_input_tokens": call.used.cache_read,
            "cache_creation_input_tokens": call.used.cache_write,
        },
    })
}
