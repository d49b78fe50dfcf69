//! Bringing bodies to the Messages form of the Claude API: from Converse, from streamed events,
//! from OpenAI-style messages as gateways record them.
//!
//! In: a JSON body. Out: a Messages request or response. A field that has no counterpart is left
//! out; text never is. Source of the mappings: `backends.md`, replay notes.

use serde_json::{Map, Value, json};

/// Reads JSON text; lone surrogates, which are not text, become U+FFFD.
pub(super) fn read(text: &str) -> Option<Value> {
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    serde_json::from_str(&without_lone_surrogates(text)).ok()
}

/// The text with U+FFFD for each lone surrogate in an escape.
pub(super) fn without_lone_surrogates(text: &str) -> String {
    let unit = |at: usize| -> Option<u32> {
        let rest = text.get(at..at + 6)?;
        u32::from_str_radix(rest.strip_prefix("\\u")?, 16).ok()
    };
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = text[at..].find('\\') {
        out.push_str(&text[at..at + found]);
        at += found;
        match (unit(at), unit(at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => {
                out.push_str(&text[at..at + 12]);
                at += 12;
            }
            (Some(0xD800..=0xDFFF), _) => {
                out.push_str("\\ufffd");
                at += 6;
            }
            _ => {
                let next = text[at + 1..].chars().next().map_or(0, char::len_utf8);
                out.push_str(&text[at..at + 1 + next]);
                at += 1 + next;
            }
        }
    }
    out.push_str(&text[at..]);
    out
}

/// Collects every `s3://` reference in a body.
pub(super) fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.starts_with("s3://") && text.len() < 2_048 => {
            found.push(text.clone())
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| references(field, found)),
        _ => {}
    }
}

/// All texts of a value, as what a user said, in a request of their own.
pub(super) fn anything(value: &Value) -> Value {
    fn gather(value: &Value, found: &mut Vec<Value>) {
        match value {
            Value::String(text) if !text.is_empty() => {
                found.push(json!({ "type": "text", "text": text }));
            }
            Value::Array(items) => items.iter().for_each(|item| gather(item, found)),
            Value::Object(fields) => fields.values().for_each(|field| gather(field, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    gather(value, &mut found);
    json!({ "messages": [{ "role": "user", "content": found }] })
}

/// A request body in Messages form.
pub(super) fn request(body: Value) -> Option<Value> {
    let Value::Object(mut fields) = body else {
        return match body {
            Value::String(text) => {
                Some(json!({ "messages": [{ "role": "user", "content": text }] }))
            }
            _ => None,
        };
    };
    if !fields.contains_key("messages") {
        // Older and other models take one text: `prompt`, `inputText`.
        let text = ["prompt", "inputText"]
            .iter()
            .find_map(|key| fields.remove(*key));
        if let Some(text) = text {
            fields.insert(
                "messages".to_owned(),
                json!([{ "role": "user", "content": text }]),
            );
        }
        return Some(Value::Object(fields));
    }
    fields.remove("anthropic_version");
    fields.remove("anthropic_beta");
    if let Some(messages) = fields.remove("messages") {
        fields.insert("messages".to_owned(), all_messages(messages));
    }
    if let Some(Value::Array(blocks)) = fields.get_mut("system") {
        let old = std::mem::take(blocks);
        blocks.extend(old.into_iter().filter_map(block));
    }
    move_inference_config(&mut fields);
    Some(Value::Object(fields))
}

fn move_inference_config(fields: &mut Map<String, Value>) {
    if let Some(Value::Object(config)) = fields.remove("inferenceConfig") {
        for (from, to) in [
            ("maxTokens", "max_tokens"),
            ("temperature", "temperature"),
            ("topP", "top_p"),
            ("stopSequences", "stop_sequences"),
        ] {
            if let Some(value) = config.get(from) {
                fields.insert(to.to_owned(), value.clone());
            }
        }
    }
    if let Some(Value::Object(more)) = fields.remove("additionalModelRequestFields") {
        fields.extend(more);
    }
    if let Some(config) = fields.remove("toolConfig") {
        let tools: Vec<Value> = config
            .get("tools")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|tool| tool.get("toolSpec"))
            .map(|spec| {
                json!({
                    "name": spec.get("name"),
                    "description": spec.get("description"),
                    "input_schema": spec.get("inputSchema").and_then(|schema| schema.get("json")),
                })
            })
            .collect();
        fields.insert("tools".to_owned(), Value::Array(tools));
    }
}

fn all_messages(messages: Value) -> Value {
    let Value::Array(items) = messages else {
        return messages;
    };
    let turned = items.into_iter().map(|mut message| {
        if let Some(content) = message.get_mut("content") {
            let old = content.take();
            *content = match old {
                Value::Array(blocks) => {
                    Value::Array(blocks.into_iter().filter_map(block).collect())
                }
                other => other,
            };
        }
        message
    });
    Value::Array(turned.collect())
}

/// A content block in Messages form; Converse blocks name their kind by their only key.
fn block(block: Value) -> Option<Value> {
    let Value::Object(fields) = block else {
        return match block {
            Value::String(text) => Some(json!({ "type": "text", "text": text })),
            _ => None,
        };
    };
    if fields.contains_key("type") {
        return Some(Value::Object(fields));
    }
    if let Some(text) = fields.get("text").and_then(Value::as_str) {
        return Some(json!({ "type": "text", "text": text }));
    }
    if let Some(used) = fields.get("toolUse") {
        return Some(json!({
            "type": "tool_use",
            "id": used.get("toolUseId"),
            "name": used.get("name"),
            "input": used.get("input"),
        }));
    }
    if let Some(result) = fields.get("toolResult") {
        let content: Vec<Value> = result
            .get("content")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|item| match (item.get("text"), item.get("json")) {
                (Some(text), _) => Some(json!({ "type": "text", "text": text })),
                (None, Some(value)) => Some(json!({ "type": "text", "text": value.to_string() })),
                (None, None) => self::block(item.clone()),
            })
            .collect();
        return Some(json!({
            "type": "tool_result",
            "tool_use_id": result.get("toolUseId"),
            "is_error": result.get("status").and_then(Value::as_str) == Some("error"),
            "content": content,
        }));
    }
    if let Some(reasoning) = fields.get("reasoningContent") {
        let thought = reasoning.get("reasoningText");
        return Some(json!({
            "type": "thinking",
            "thinking": thought.and_then(|thought| thought.get("text")),
            "signature": thought.and_then(|thought| thought.get("signature")),
        }));
    }
    for kind in ["image", "document"] {
        if let Some(given) = fields.get(kind) {
            let s3 = given
                .pointer("/source/s3Location/uri")
                .or_else(|| given.pointer("/source/s3Uri"));
            let source = match (s3, given.pointer("/source/bytes")) {
                (Some(uri), _) => json!({ "type": "s3", "uri": uri }),
                (None, Some(bytes)) => {
                    json!({ "type": "base64", "data": bytes, "media_type": given.get("format") })
                }
                (None, None) => Value::Null,
            };
            return Some(json!({ "type": kind, "title": given.get("name"), "source": source }));
        }
    }
    // A cache point marks the block before it and holds no text.
    if fields.contains_key("cachePoint") {
        return None;
    }
    Some(Value::Object(fields))
}

/// A file: its text where it is there, else its kind, so that it counts as not searched.
pub(super) fn attachment(name: Option<&str>, kind: Option<&str>, text: Option<&str>) -> Value {
    let is_image = kind.is_some_and(|kind| kind.starts_with("image/"));
    let mut block = Map::new();
    let named = if is_image && text.is_none() {
        "image"
    } else {
        "document"
    };
    block.insert("type".to_owned(), json!(named));
    if let Some(name) = name {
        block.insert("title".to_owned(), json!(name));
    }
    let source = match text {
        Some(text) => json!({ "type": "text", "media_type": "text/plain", "data": text }),
        None => json!({ "type": "other" }),
    };
    block.insert("source".to_owned(), source);
    Value::Object(block)
}

/// A response body in Messages form.
pub(super) fn response(body: Value) -> Option<Value> {
    match body {
        Value::Array(blocks) if holds_blocks(&blocks) => Some(json!({
            "role": "assistant",
            "content": blocks.into_iter().filter_map(block).collect::<Vec<_>>(),
        })),
        Value::Array(events) => Some(from_events(&events)),
        Value::String(text) => Some(json!({ "content": [{ "type": "text", "text": text }] })),
        Value::Object(fields) => {
            if let Some(message) = fields
                .get("output")
                .and_then(|output| output.get("message"))
            {
                let content = message
                    .get("content")
                    .and_then(Value::as_array)
                    .cloned()
                    .unwrap_or_default();
                return Some(json!({
                    "role": "assistant",
                    "content": content.into_iter().filter_map(block).collect::<Vec<_>>(),
                    "stop_reason": fields.get("stopReason"),
                }));
            }
            let other = ["completion", "outputText", "generation"]
                .iter()
                .find_map(|key| fields.get(*key));
            match other {
                Some(text) if !fields.contains_key("content") => {
                    Some(json!({ "content": [{ "type": "text", "text": text }] }))
                }
                _ => {
                    let mut fields = fields;
                    // The message alone, as Converse has it.
                    if let Some(Value::Array(blocks)) = fields.get_mut("content") {
                        let old = std::mem::take(blocks);
                        blocks.extend(old.into_iter().filter_map(block));
                    }
                    Some(Value::Object(fields))
                }
            }
        }
        _ => None,
    }
}

/// An answer with the blocks of another telling of it that it lacks.
pub(super) fn with_blocks(mut first: Value, more: &Value) -> Value {
    let told = more.get("content").and_then(Value::as_array);
    if let (Some(Value::Array(blocks)), Some(told)) = (first.get_mut("content"), told) {
        for block in told {
            if !blocks.contains(block) {
                blocks.push(block.clone());
            }
        }
    }
    first
}

/// Whether these are an answer's blocks, of which some programs keep no more, and no events of a stream.
fn holds_blocks(items: &[Value]) -> bool {
    const KINDS: [&str; 4] = ["text", "tool_use", "thinking", "redacted_thinking"];
    let kind = |item: &Value| item.get("type").and_then(Value::as_str).map(str::to_owned);
    !items.is_empty()
        && items
            .iter()
            .all(|item| kind(item).is_some_and(|kind| KINDS.contains(&kind.as_str())))
}

/// Puts the events of a stream together. An event that is no object (`"[DONE]"`) ends it.
fn from_events(events: &[Value]) -> Value {
    let mut message = Map::new();
    let mut blocks: Vec<(Value, String)> = Vec::new();
    for event in events {
        match event.get("type").and_then(Value::as_str) {
            Some("message_start") => {
                if let Some(Value::Object(start)) = event.get("message") {
                    message.clone_from(start);
                }
                // Output so far, which is nearly nothing; the last event counts all of it.
                if let Some(Value::Object(usage)) = message.get_mut("usage") {
                    usage.remove("output_tokens");
                }
            }
            Some("content_block_start") => {
                let block = event.get("content_block").cloned().unwrap_or(Value::Null);
                blocks.push((block, String::new()));
            }
            Some("content_block_delta") => {
                if blocks.is_empty() {
                    blocks.push((json!({ "type": "text", "text": "" }), String::new()));
                }
                let delta = event.get("delta");
                let text = ["text", "partial_json", "thinking"]
                    .iter()
                    .find_map(|key| delta.and_then(|delta| delta.get(*key)?.as_str()));
                let index = event
                    .get("index")
                    .and_then(Value::as_u64)
                    .and_then(|index| usize::try_from(index).ok());
                let last = blocks.len() - 1;
                if let (Some(text), Some((_, gathered))) =
                    (text, blocks.get_mut(index.unwrap_or(last).min(last)))
                {
                    gathered.push_str(text);
                }
            }
            Some("message_delta") => {
                if let Some(stop) = event.pointer("/delta/stop_reason") {
                    message.insert("stop_reason".to_owned(), stop.clone());
                }
            }
            Some("completion") => {
                let text = event
                    .get("completion")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                // Each brings the next piece of one text.
                match blocks.as_mut_slice() {
                    [(_, gathered)] => gathered.push_str(text),
                    _ => blocks.push((json!({ "type": "text", "text": "" }), text.to_owned())),
                }
            }
            _ => {}
        }
    }
    let content = blocks.into_iter().map(|(mut block, gathered)| {
        match block.get("type").and_then(Value::as_str) {
            Some("tool_use") => {
                let input = serde_json::from_str(&gathered).unwrap_or(Value::String(gathered));
                block["input"] = input;
            }
            Some("thinking") => block["thinking"] = Value::String(gathered),
            _ if block.is_object() => block["text"] = Value::String(gathered),
            _ => block = json!({ "type": "text", "text": gathered }),
        }
        block
    });
    message.insert("content".to_owned(), Value::Array(content.collect()));
    Value::Object(message)
}

/// OpenAI-style messages, as gateways record them, in Messages form.
pub(super) fn request_from_chat(messages: Value, model: Option<&str>) -> Option<Value> {
    let items = match messages {
        Value::Array(items) => items,
        Value::String(text) if !text.is_empty() => vec![json!({ "role": "user", "content": text })],
        Value::Object(mut fields) => match fields.remove("messages") {
            Some(Value::Array(items)) => items,
            _ => return None,
        },
        _ => return None,
    };
    let mut system = Vec::new();
    let mut turns = Vec::new();
    let mut tools = Vec::new();
    for item in items {
        let role = item
            .get("role")
            .and_then(Value::as_str)
            .unwrap_or("user")
            .to_owned();
        let content = item.get("content").cloned().unwrap_or(Value::Null);
        match role.as_str() {
            // Langfuse's handler for LangChain puts definitions of tools behind what was said.
            "tool"
                if content
                    .get("input_schema")
                    .or_else(|| content.get("function"))
                    .is_some() =>
            {
                tools.push(tool_from_chat(&content));
            }
            "system" | "developer" => system.extend(text_blocks(content)),
            "tool" | "function" => turns.push(json!({
                "role": "user",
                "content": [{
                    "type": "tool_result",
                    "tool_use_id": item.get("tool_call_id"),
                    "content": text_blocks(content),
                }],
            })),
            _ => {
                let mut blocks = thoughts(&item);
                blocks.extend(text_blocks(content));
                blocks.extend(tool_calls(&item));
                turns.push(json!({ "role": role, "content": blocks }));
            }
        }
    }
    let mut body = Map::new();
    if let Some(model) = model {
        body.insert("model".to_owned(), Value::String(model.to_owned()));
    }
    if !system.is_empty() {
        body.insert("system".to_owned(), Value::Array(system));
    }
    body.insert("messages".to_owned(), Value::Array(turns));
    if !tools.is_empty() {
        body.insert("tools".to_owned(), Value::Array(tools));
    }
    Some(Value::Object(body))
}

fn text_blocks(content: Value) -> Vec<Value> {
    match content {
        Value::String(text) => vec![json!({ "type": "text", "text": text })],
        Value::Array(items) => items
            .into_iter()
            .filter_map(|item| match item.get("type").and_then(Value::as_str) {
                Some("image_url" | "input_image") => {
                    Some(json!({ "type": "image", "source": { "type": "url" } }))
                }
                _ => block(item),
            })
            .collect(),
        Value::Object(fields) if fields.contains_key("type") || fields.contains_key("text") => {
            block(Value::Object(fields)).into_iter().collect()
        }
        other @ Value::Object(_) => vec![json!({ "type": "text", "text": other.to_string() })],
        _ => Vec::new(),
    }
}

/// What a model thought, which LiteLLM keeps beside the content: as its blocks, and as one text.
fn thoughts(message: &Value) -> Vec<Value> {
    let blocks = message.get("thinking_blocks").and_then(Value::as_array);
    let text = message.get("reasoning_content").and_then(Value::as_str);
    match (blocks, text) {
        (Some(blocks), _) if !blocks.is_empty() => blocks.clone(),
        (_, Some(text)) if !text.is_empty() => {
            vec![json!({ "type": "thinking", "thinking": text })]
        }
        _ => Vec::new(),
    }
}

fn tool_calls(message: &Value) -> Vec<Value> {
    message
        .get("tool_calls")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|call| {
            let arguments = call.pointer("/function/arguments");
            let input = match arguments.and_then(Value::as_str) {
                Some(text) => serde_json::from_str(text).unwrap_or(Value::String(text.to_owned())),
                None => arguments.cloned().unwrap_or(Value::Null),
            };
            json!({ "type": "tool_use", "id": call.get("id"), "name": call.pointer("/function/name"), "input": input })
        })
        .collect()
}

/// A tool's definition in Messages form; one that is no OpenAI-style function stays as it is.
pub(super) fn tool_from_chat(tool: &Value) -> Value {
    let Some(function) = tool.get("function").filter(|function| function.is_object()) else {
        return tool.clone();
    };
    let mut turned = Map::new();
    for (from, to) in [
        ("name", "name"),
        ("description", "description"),
        ("parameters", "input_schema"),
    ] {
        if let Some(value) = function.get(from) {
            turned.insert(to.to_owned(), value.clone());
        }
    }
    Value::Object(turned)
}

/// An OpenAI-style or Messages response in Messages form.
pub(super) fn response_from_chat(body: Value) -> Option<Value> {
    match body {
        Value::Object(fields) => {
            let Some(choice) = fields.get("choices").and_then(|choices| choices.get(0)) else {
                return fields
                    .contains_key("content")
                    .then_some(Value::Object(fields));
            };
            let message = choice.get("message").cloned().unwrap_or(Value::Null);
            let mut blocks = thoughts(&message);
            let content = message.get("content").cloned();
            blocks.extend(text_blocks(content.unwrap_or(Value::Null)));
            blocks.extend(tool_calls(&message));
            Some(
                json!({ "role": "assistant", "content": blocks, "stop_reason": choice.get("finish_reason") }),
            )
        }
        Value::String(text) if !text.is_empty() => {
            Some(json!({ "content": [{ "type": "text", "text": text }] }))
        }
        _ => None,
    }
}
