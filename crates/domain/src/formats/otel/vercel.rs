//! The AI SDK's attributes of a request to a model, in the words of OpenTelemetry's conventions.
//!
//! In: the attributes of a span of one request (`….doGenerate`, `….doStream`). Out: the same with those that are
//! read of it under the names that spans of the conventions have, and with its text. Not here: the span around
//! it (`ai.generateText`), which may hold several requests and is no call.
//!
//! Source: vercel/ai, packages/ai/src/telemetry; what `ai` 6.0.326 with `@ai-sdk/anthropic` writes.

use serde_json::{Map, Value, json};

use super::{METADATA, REQUEST, RESPONSE};
use crate::formats::row::{Row, is_given, opened};

const OF_CALLER: &str = "ai.telemetry.metadata.";

/// The attributes as they are, or those of a request of the AI SDK in the words of the conventions.
pub(super) fn in_our_words(told: Row) -> Row {
    let operation = told.text("ai.operationId").unwrap_or_default();
    let streams = operation.ends_with(".doStream");
    if !streams && !operation.ends_with(".doGenerate") {
        return told;
    }
    let mut found: Map<String, Value> = told
        .beginning_with("gen_ai.")
        .map(|(key, value)| (format!("gen_ai.{key}"), value.clone()))
        .collect();
    let provider = told.first(&["ai.model.provider", "gen_ai.system"]);
    // It names the API of the provider as well: `anthropic.messages`.
    let provider = provider.unwrap_or_default();
    let provider = match provider.split_once('.') {
        Some(("anthropic", _)) => "anthropic".to_owned(),
        _ => provider,
    };
    found.insert("gen_ai.provider.name".to_owned(), json!(provider));
    found.insert("gen_ai.operation.name".to_owned(), json!("chat"));
    found.insert("gen_ai.request.stream".to_owned(), json!(streams));
    for (theirs, ours) in [
        ("ai.model.id", "gen_ai.request.model"),
        ("ai.response.model", "gen_ai.response.model"),
        ("ai.response.id", "gen_ai.response.id"),
    ] {
        if let (Some(value), None) = (told.value(theirs), found.get(ours)) {
            found.insert(ours.to_owned(), value.clone());
        }
    }
    usage(&told, &mut found);
    for (name, value) in [
        (REQUEST, request(&told)),
        (RESPONSE, response(&told)),
        (METADATA, metadata(&told)),
    ] {
        if let Some(value) = value {
            found.insert(name.to_owned(), value);
        }
    }
    Row::of(found)
}

/// Counts with the cached input in it, as the conventions have it: version 5 counts it apart, and from version
/// 6 on it is told what was not cached.
fn usage(told: &Row, found: &mut Map<String, Value>) {
    let first = |keys: &[&str]| keys.iter().find_map(|key| told.value(key)?.as_u64());
    let by_provider = told.value("ai.response.providerMetadata").and_then(opened);
    let provided = |path: &str| by_provider.as_ref()?.pointer(path)?.as_u64();
    let read = first(&[
        "ai.usage.inputTokenDetails.cacheReadTokens",
        "ai.usage.cachedInputTokens",
    ])
    .or_else(|| provided("/anthropic/usage/cache_read_input_tokens"))
    .or_else(|| provided("/bedrock/usage/cacheReadInputTokens"));
    let written = first(&["ai.usage.inputTokenDetails.cacheWriteTokens"])
        .or_else(|| provided("/anthropic/cacheCreationInputTokens"))
        .or_else(|| provided("/bedrock/usage/cacheWriteInputTokens"));
    let rest = first(&[
        "ai.usage.inputTokenDetails.noCacheTokens",
        "ai.usage.inputTokens",
        "ai.usage.promptTokens",
        "gen_ai.usage.input_tokens",
    ]);
    let whole = rest.map(|rest| {
        rest.saturating_add(read.unwrap_or(0))
            .saturating_add(written.unwrap_or(0))
    });
    for (name, count) in [
        ("gen_ai.usage.input_tokens", whole),
        ("gen_ai.usage.cache_read.input_tokens", read),
        ("gen_ai.usage.cache_creation.input_tokens", written),
    ] {
        if let Some(count) = count {
            found.insert(name.to_owned(), json!(count));
        }
    }
    for (span, length) in [("5m", "5m"), ("1h", "1h")] {
        let path = format!("/anthropic/usage/cache_creation/ephemeral_{span}_input_tokens");
        if let Some(count) = provided(&path) {
            let name = format!("anthropic.usage.cache_creation.ephemeral_{length}_input_tokens");
            found.insert(name, json!(count));
        }
    }
}

/// What was sent. Where the caller gave one prompt, the messages that were made of it stand there.
fn request(told: &Row) -> Option<Value> {
    let messages = told.value("ai.prompt.messages").and_then(opened)?;
    let messages = messages.as_array()?.iter().map(message).collect::<Vec<_>>();
    let mut body = json!({ "messages": messages });
    let tools = told.value("ai.prompt.tools").and_then(Value::as_array);
    let tools: Vec<Value> = tools.into_iter().flatten().filter_map(tool).collect();
    if !tools.is_empty() {
        body["tools"] = json!(tools);
    }
    Some(body)
}

fn message(message: &Value) -> Value {
    let role = match message.get("role").and_then(Value::as_str) {
        Some("tool") => "user",
        Some(role) => role,
        None => "user",
    };
    let content = match message.get("content") {
        Some(Value::Array(parts)) => parts.iter().map(part).collect(),
        Some(other) => other.clone(),
        None => Value::Null,
    };
    json!({ "role": role, "content": content })
}

fn part(part: &Value) -> Value {
    let first = |keys: &[&str]| keys.iter().find_map(|key| part.get(*key));
    match part.get("type").and_then(Value::as_str) {
        Some("reasoning") => json!({ "type": "thinking", "thinking": part.get("text") }),
        Some("tool-call") => json!({
            "type": "tool_use", "id": part.get("toolCallId"), "name": part.get("toolName"),
            "input": first(&["input", "args"]).and_then(opened),
        }),
        Some("tool-result") => {
            let given = first(&["output", "result"]);
            let given = given.and_then(|given| given.get("value")).or(given);
            let text = match given {
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => String::new(),
            };
            json!({
                "type": "tool_result", "tool_use_id": part.get("toolCallId"),
                "content": [{ "type": "text", "text": text }],
            })
        }
        Some("image") => json!({ "type": "image", "source": { "type": "other" } }),
        Some("file") => {
            let media = first(&["mediaType", "mimeType"]).and_then(Value::as_str);
            let is_image = media.is_some_and(|media| media.starts_with("image"));
            json!({ "type": if is_image { "image" } else { "document" }, "source": { "type": "other" } })
        }
        _ => part.clone(),
    }
}

fn tool(tool: &Value) -> Option<Value> {
    let mut tool = opened(tool)?;
    let fields = tool.as_object_mut()?;
    // Every tool of the caller has this type, which Messages leaves out.
    if fields.get("type").and_then(Value::as_str) == Some("function") {
        fields.remove("type");
    }
    if let Some(schema) = fields
        .remove("inputSchema")
        .or_else(|| fields.remove("parameters"))
    {
        fields.insert("input_schema".to_owned(), schema);
    }
    Some(tool)
}

fn response(told: &Row) -> Option<Value> {
    let mut content = Vec::new();
    if let Some(text) = told.text("ai.response.reasoning") {
        content.push(json!({ "type": "thinking", "thinking": text }));
    }
    for key in ["ai.response.text", "ai.response.object"] {
        if let Some(text) = told.text(key) {
            content.push(json!({ "type": "text", "text": text }));
        }
    }
    let calls = told.value("ai.response.toolCalls").and_then(opened);
    let calls = calls.as_ref().and_then(Value::as_array);
    content.extend(calls.into_iter().flatten().map(|call| {
        json!({
            "type": "tool_use", "id": call.get("toolCallId"), "name": call.get("toolName"),
            "input": call.get("input").or_else(|| call.get("args")).and_then(opened),
        })
    }));
    (!content.is_empty()).then(|| json!({ "content": content }))
}

/// The caller's own pairs; who it was for has a name of the conventions.
fn metadata(told: &Row) -> Option<Value> {
    let pairs: Map<String, Value> = told
        .beginning_with(OF_CALLER)
        .chain(
            told.beginning_with("ai.telemetry.")
                .filter(|(key, _)| *key == "functionId"),
        )
        .map(|(key, value)| {
            let name = match key {
                "userId" => "user_id",
                "sessionId" => "session_id",
                "functionId" => "function_id",
                other => other,
            };
            (name.to_owned(), value.clone())
        })
        .filter(|(_, value)| is_given(value))
        .collect();
    (!pairs.is_empty()).then_some(Value::Object(pairs))
}
