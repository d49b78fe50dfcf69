//! Writing a call as Bedrock's invocation log and CloudTrail record it.
//!
//! In: a [`BedrockCall`]. Out: one record for each of the two. Sources: the AWS user guides on
//! model invocation logging and CloudTrail; see `assay_domain::formats`. Not here: which calls
//! there are (`claims`).

use assay_domain::moment::rfc3339;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::sample::scene::{Block, Scene, Turn};

/// The AWS account of the sample; reserved for documentation.
pub(crate) const ACCOUNT: &str = "111122223333";

/// How the caller asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Converse,
    ConverseStream,
    InvokeModel,
    InvokeModelWithResponseStream,
}

impl Operation {
    /// The name in both logs.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Converse => "Converse",
            Self::ConverseStream => "ConverseStream",
            Self::InvokeModel => "InvokeModel",
            Self::InvokeModelWithResponseStream => "InvokeModelWithResponseStream",
        }
    }

    const fn is_converse(self) -> bool {
        matches!(self, Self::Converse | Self::ConverseStream)
    }
}

/// Tokens of a call in disjoint buckets.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Used {
    pub(crate) input: u64,
    pub(crate) output: u64,
    pub(crate) cache_read: u64,
    pub(crate) cache_write: u64,
}

/// A call to Bedrock.
pub(crate) struct BedrockCall {
    pub(crate) at_ms: i64,
    pub(crate) region: &'static str,
    pub(crate) model: &'static str,
    pub(crate) operation: Operation,
    /// Role and session name.
    pub(crate) caller: (&'static str, String),
    pub(crate) source_ip: String,
    pub(crate) request_id: String,
    pub(crate) message_id: String,
    pub(crate) event_id: String,
    /// The Region that the invocation log names.
    pub(crate) ran_in: Option<&'static str>,
    /// The Region that CloudTrail names.
    pub(crate) witnessed_in: Option<&'static str>,
    pub(crate) endpoint: Option<&'static str>,
    pub(crate) failure: Option<&'static str>,
    pub(crate) used: Used,
    pub(crate) latency_ms: u64,
    pub(crate) stop_reason: &'static str,
    pub(crate) tags: Map<String, Value>,
}

impl BedrockCall {
    fn arn(&self) -> String {
        format!(
            "arn:aws:sts::{ACCOUNT}:assumed-role/{}/{}",
            self.caller.0, self.caller.1
        )
    }
}

/// `2026-09-01T08:12:31Z`: both logs write whole seconds.
pub(crate) fn seconds(ms: i64) -> String {
    let text = rfc3339(ms);
    format!("{}Z", &text[..19])
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    schema_type: &'static str,
    schema_version: &'static str,
    timestamp: String,
    account_id: &'static str,
    identity: Value,
    region: &'static str,
    request_id: &'a str,
    operation: &'static str,
    model_id: &'a str,
    #[serde(skip_serializing_if = "Map::is_empty")]
    request_metadata: &'a Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inference_region: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'static str>,
    input: Value,
    output: Value,
}

/// The record of the invocation log; without `scene` the log's text delivery is off.
pub(crate) fn invocation_log(call: &BedrockCall, scene: Option<&Scene>) -> impl Serialize {
    let (mut input, mut output) = (json!({}), json!({}));
    if call.failure.is_none() {
        input =
            json!({ "inputContentType": "application/json", "inputTokenCount": call.used.input });
        output = json!({ "outputContentType": "application/json", "outputTokenCount": call.used.output });
        if call.used.cache_read + call.used.cache_write > 0 {
            input["cacheReadInputTokenCount"] = json!(call.used.cache_read);
            input["cacheWriteInputTokenCount"] = json!(call.used.cache_write);
        }
        if let Some(scene) = scene {
            let (request, response) = if call.operation.is_converse() {
                (converse_request(scene), converse_response(call, scene))
            } else if call.operation == Operation::InvokeModel {
                (invoke_request(scene), message(call, blocks(&scene.answer)))
            } else {
                (invoke_request(scene), events(call, scene))
            };
            input["inputBodyJson"] = request;
            output["outputBodyJson"] = response;
        }
    }
    let identity = json!({ "arn": call.arn() });
    Log {
        schema_type: "ModelInvocationLog",
        schema_version: "1.0",
        timestamp: seconds(call.at_ms),
        account_id: ACCOUNT,
        identity,
        region: call.region,
        request_id: &call.request_id,
        operation: call.operation.name(),
        model_id: call.model,
        request_metadata: &call.tags,
        inference_region: call.ran_in,
        error_code: call.failure,
        input,
        output,
    }
}

fn converse_blocks(blocks: &[Block]) -> Value {
    blocks
        .iter()
        .map(|block| match block {
            Block::Text(text) => json!({ "text": text }),
            Block::ToolUse { id, name, input } => json!({ "toolUse": { "toolUseId": id, "name": name, "input": input } }),
            Block::ToolResult { id, text } => {
                json!({ "toolResult": { "toolUseId": id, "content": [{ "text": text }], "status": "success" } })
            }
        })
        .collect()
}

/// Content blocks in Messages form.
pub(crate) fn blocks(blocks: &[Block]) -> Value {
    blocks
        .iter()
        .map(|block| match block {
            Block::Text(text) => json!({ "type": "text", "text": text }),
            Block::ToolUse { id, name, input } => {
                json!({ "type": "tool_use", "id": id, "name": name, "input": input })
            }
            Block::ToolResult { id, text } => {
                json!({ "type": "tool_result", "tool_use_id": id, "content": text })
            }
        })
        .collect()
}

fn turns(turns: &[Turn], content: impl Fn(&[Block]) -> Value) -> Value {
    turns
        .iter()
        .map(|turn| json!({ "role": if turn.is_user { "user" } else { "assistant" }, "content": content(&turn.blocks) }))
        .collect()
}

fn converse_request(scene: &Scene) -> Value {
    let mut body = json!({
        "system": [{ "text": scene.system }, { "cachePoint": { "type": "default" } }],
        "messages": turns(&scene.turns, converse_blocks),
        "inferenceConfig": { "maxTokens": 2_048, "temperature": 0.2 },
    });
    if !scene.tools.is_empty() {
        let tools: Vec<Value> = scene
            .tools
            .iter()
            .map(|tool| json!({ "toolSpec": { "name": tool.name, "description": tool.about, "inputSchema": { "json": tool.schema() } } }))
            .collect();
        body["toolConfig"] = json!({ "tools": tools });
    }
    body
}

fn converse_response(call: &BedrockCall, scene: &Scene) -> Value {
    let Used {
        input,
        output,
        cache_read,
        cache_write,
    } = call.used;
    json!({
        "output": { "message": { "role": "assistant", "content": converse_blocks(&scene.answer) } },
        "stopReason": call.stop_reason,
        "metrics": { "latencyMs": call.latency_ms },
        "usage": {
            "inputTokens": input,
            "outputTokens": output,
            "totalTokens": input + output + cache_read + cache_write,
            "cacheReadInputTokens": cache_read,
            "cacheWriteInputTokens": cache_write,
        },
    })
}

fn invoke_request(scene: &Scene) -> Value {
    let mut body = json!({
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 2_048,
        "system": [{ "type": "text", "text": scene.system, "cache_control": { "type": "ephemeral" } }],
        "messages": turns(&scene.turns, blocks),
    });
    if !scene.tools.is_empty() {
        let tools: Vec<Value> = scene
            .tools
            .iter()
            .map(|tool| json!({ "name": tool.name, "description": tool.about, "input_schema": tool.schema() }))
            .collect();
        body["tools"] = json!(tools);
    }
    body
}

/// The model's own id in an answer: without profile, provider and version.
fn answering(model: &str) -> &str {
    let id = model.split_once("anthropic.").map_or(model, |(_, id)| id);
    id.split("-v1").next().unwrap_or(id)
}

fn usage(call: &BedrockCall, output: u64) -> Value {
    json!({
        "input_tokens": call.used.input,
        "cache_creation_input_tokens": call.used.cache_write,
        "cache_read_input_tokens": call.used.cache_read,
        "output_tokens": output,
    })
}

fn message(call: &BedrockCall, content: Value) -> Value {
    json!({
        "id": call.message_id,
        "type": "message",
        "role": "assistant",
        "model": answering(call.model),
        "content": content,
        "stop_reason": call.stop_reason,
        "stop_sequence": null,
        "usage": usage(call, call.used.output),
    })
}

/// A streamed answer, event by event, with Bedrock's figures in the last.
fn events(call: &BedrockCall, scene: &Scene) -> Value {
    const DELTA: usize = 160;
    let mut start = message(call, json!([]));
    start["stop_reason"] = Value::Null;
    start["usage"] = usage(call, 1);
    let mut events = vec![json!({ "type": "message_start", "message": start })];
    for (index, block) in scene.answer.iter().enumerate() {
        let (begin, kind, field, text) = match block {
            Block::ToolUse { id, name, input } => {
                let begin = json!({ "type": "tool_use", "id": id, "name": name, "input": {} });
                (begin, "input_json_delta", "partial_json", input.to_string())
            }
            Block::Text(text) | Block::ToolResult { text, .. } => (
                json!({ "type": "text", "text": "" }),
                "text_delta",
                "text",
                text.clone(),
            ),
        };
        events
            .push(json!({ "type": "content_block_start", "index": index, "content_block": begin }));
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let mut cut = rest.len().min(DELTA);
            while !rest.is_char_boundary(cut) {
                cut += 1;
            }
            events.push(json!({ "type": "content_block_delta", "index": index, "delta": { "type": kind, field: &rest[..cut] } }));
            rest = &rest[cut..];
        }
        events.push(json!({ "type": "content_block_stop", "index": index }));
    }
    events.push(json!({
        "type": "message_delta",
        "delta": { "stop_reason": call.stop_reason, "stop_sequence": null },
        "usage": { "output_tokens": call.used.output },
    }));
    events.push(json!({
        "type": "message_stop",
        "amazon-bedrock-invocationMetrics": {
            "inputTokenCount": call.used.input,
            "outputTokenCount": call.used.output,
            "invocationLatency": call.latency_ms,
            "firstByteLatency": call.latency_ms / 6 + 180,
            "cacheReadInputTokenCount": call.used.cache_read,
            "cacheWriteInputTokenCount": call.used.cache_write,
        },
    }));
    Value::Array(events)
}

/// CloudTrail's event of the call.
pub(crate) fn cloudtrail_event(call: &BedrockCall) -> Value {
    let (role, session) = (call.caller.0, &call.caller.1);
    let mut event = json!({
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": format!("AROA{}:{session}", role_id(role)),
            "arn": call.arn(),
            "accountId": ACCOUNT,
            "sessionContext": { "sessionIssuer": { "type": "Role", "arn": format!("arn:aws:iam::{ACCOUNT}:role/{role}"), "accountId": ACCOUNT, "userName": role } },
        },
        "eventTime": seconds(call.at_ms),
        "eventSource": "bedrock.amazonaws.com",
        "eventName": call.operation.name(),
        "awsRegion": call.region,
        "sourceIPAddress": call.source_ip,
        "userAgent": "Boto3/1.40.21 md/Botocore#1.40.21 lang/python#3.12.6",
        "requestParameters": { "modelId": call.model },
        "responseElements": null,
        "requestID": call.request_id,
        "eventID": call.event_id,
        "readOnly": true,
        "eventType": "AwsApiCall",
        "managementEvent": true,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": format!("bedrock-runtime.{}.amazonaws.com", call.region),
        },
    });
    if let Some(region) = call.witnessed_in {
        event["additionalEventData"] = json!({ "inferenceRegion": region });
    }
    if let Some(endpoint) = call.endpoint {
        event["vpcEndpointId"] = json!(endpoint);
        event["vpcEndpointAccountId"] = json!(ACCOUNT);
    }
    if let Some(failure) = call.failure {
        event["errorCode"] = json!(failure);
        event["errorMessage"] = json!("The request was not served.");
    }
    event
}

/// Sixteen letters that stand for a role.
pub(crate) fn role_id(role: &str) -> String {
    crate::sample::chance::Chance::of(role).letters(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)
}
