//! The text of a call that attributes of a span or of an event hold, in Messages form.
//!
//! In: records. Out: their exchange, and what records of one call say together. Not here: what else a record
//! tells (`otel`), the events of single messages (`message_events`).

use serde_json::{Value, json};

use super::{REQUEST, RESPONSE, SENT, body, event_name, is_details, message_events, told_by};
use crate::exchange::Exchange;
use crate::formats::row::{Row, opened};
use crate::formats::{claude_code, gateway, messages};

/// The request that a span's attributes hold, in Messages form.
pub(super) fn request_of(told: &Row) -> Option<Value> {
    if let Some(body) = told.value(REQUEST) {
        return gateway::request(body.clone(), None);
    }
    let messages = told.value("gen_ai.input.messages").and_then(opened);
    if let Some(Value::Array(messages)) = messages {
        let mut system = match told.value("gen_ai.system_instructions").and_then(opened) {
            Some(Value::Array(parts)) => blocks(&parts),
            Some(Value::String(text)) => vec![json!({ "type": "text", "text": text })],
            _ => Vec::new(),
        };
        let mut turns = Vec::new();
        for message in &messages {
            let role = message
                .get("role")
                .and_then(Value::as_str)
                .unwrap_or("user");
            let content = parts_of(message);
            match role {
                "system" | "developer" => system.extend(content),
                "tool" => turns.push(json!({ "role": "user", "content": content })),
                _ => turns.push(json!({ "role": role, "content": content })),
            }
        }
        let mut body = json!({ "messages": turns });
        if !system.is_empty() {
            body["system"] = Value::Array(system);
        }
        return Some(with_settings(body, told));
    }
    let turns = numbered(told, "gen_ai.prompt");
    if turns.is_empty() {
        let sent = told.value(SENT)?.clone();
        return Some(with_settings(sent, told));
    }
    let body = messages::request_from_chat(Value::Array(turns), None)?;
    Some(with_settings(body, told))
}

fn with_settings(mut body: Value, told: &Row) -> Value {
    for (from, to) in [
        ("gen_ai.request.model", "model"),
        ("gen_ai.request.max_tokens", "max_tokens"),
        ("gen_ai.request.temperature", "temperature"),
        ("gen_ai.request.top_p", "top_p"),
        ("gen_ai.request.top_k", "top_k"),
        ("gen_ai.request.stop_sequences", "stop_sequences"),
        ("gen_ai.request.stream", "stream"),
    ] {
        if let Some(value) = told.value(from) {
            body[to] = value.clone();
        }
    }
    if let Some(kind) = told.text("anthropic.thinking.type") {
        body["thinking"] = json!({ "type": kind });
    }
    if let Some(tools @ Value::Array(_)) = told.value("gen_ai.tool.definitions").and_then(opened) {
        body["tools"] = tools;
    }
    body
}

fn parts_of(message: &Value) -> Vec<Value> {
    match message.get("parts").or_else(|| message.get("content")) {
        Some(Value::Array(parts)) => blocks(parts),
        Some(Value::String(text)) => vec![json!({ "type": "text", "text": text })],
        _ => Vec::new(),
    }
}

fn blocks(parts: &[Value]) -> Vec<Value> {
    let block = |part: &Value| {
        let text = ["content", "text", "thinking"]
            .iter()
            .find_map(|key| part.get(*key));
        let as_text = |value: Option<&Value>| match value {
            Some(Value::String(text)) => Value::String(text.clone()),
            None | Some(Value::Null) => Value::String(String::new()),
            Some(other) => Value::String(other.to_string()),
        };
        match part.get("type").and_then(Value::as_str) {
            Some("reasoning" | "thinking") => {
                json!({ "type": "thinking", "thinking": as_text(text) })
            }
            Some("tool_call") => json!({
                "type": "tool_use", "id": part.get("id"), "name": part.get("name"),
                "input": part.get("arguments").and_then(opened),
            }),
            Some("tool_call_response") => json!({
                "type": "tool_result", "tool_use_id": part.get("id"),
                "content": [{
                    "type": "text",
                    "text": as_text(part.get("response").or_else(|| part.get("result"))),
                }],
            }),
            Some("text") | None => json!({ "type": "text", "text": as_text(text) }),
            // A file or an image: its kind is kept, so that it counts as not searched.
            Some(_) if part.get("modality").and_then(Value::as_str) == Some("image") => {
                json!({ "type": "image", "source": { "type": "other" } })
            }
            Some(_) => json!({ "type": "document", "source": { "type": "other" } }),
        }
    };
    parts.iter().map(block).collect()
}

/// Messages that former conventions wrote as `gen_ai.prompt.0.content` and so on.
fn numbered(told: &Row, name: &str) -> Vec<Value> {
    let mut turns = Vec::new();
    for index in 0..10_000 {
        let key = |part: &str| format!("{name}.{index}.{part}");
        let (role, content) = (told.text(&key("role")), told.value(&key("content")));
        if role.is_none() && content.is_none() {
            break;
        }
        turns.push(json!({
            "role": role.unwrap_or_else(|| "user".to_owned()),
            "content": content.and_then(opened),
        }));
    }
    turns
}

/// The request and response of a span, in Messages form.
pub(in crate::formats) fn exchange(text: &str) -> Exchange {
    let Ok(row) = Row::read(text) else {
        return Exchange::default();
    };
    let told = told_by(&row);
    let is_event = !row.has("startTimeUnixNano");
    if let Some(said) = event_name(&row, &told)
        .filter(|_| is_event)
        .and_then(|name| message_events::of_name(&name))
    {
        return message_events::piece(said, body(&row), &told).exchange();
    }
    if is_event && !is_details(&row, &told) {
        return Exchange {
            response: claude_code::answer(&told),
            ..Exchange::default()
        };
    }
    if let Some(body) = told.value(RESPONSE) {
        return Exchange {
            request: request_of(&told),
            response: gateway::response(body.clone()),
            references: Vec::new(),
        };
    }
    let answered = match told.value("gen_ai.output.messages").and_then(opened) {
        Some(Value::Array(messages)) => messages.iter().flat_map(parts_of).collect(),
        _ => numbered(&told, "gen_ai.completion")
            .iter()
            .flat_map(parts_of)
            .collect::<Vec<_>>(),
    };
    Exchange {
        request: request_of(&told),
        response: (!answered.is_empty())
            .then(|| json!({ "role": "assistant", "content": answered })),
        references: Vec::new(),
    }
}

/// What records of one call say together, whichever comes first: what one holds whole stands before the
/// messages of events, which follow each other as they were said.
pub(in crate::formats) fn said(records: &[&str]) -> Exchange {
    let mut whole = Exchange::default();
    let (mut pieces, mut settings) = (Vec::new(), None);
    for text in records {
        let own = exchange(text);
        let Ok(row) = Row::read(text) else {
            continue;
        };
        if let Some(place) = message_events::place(&row) {
            pieces.push((place, own));
            continue;
        }
        settings = settings.or_else(|| Some(with_settings(json!({}), &told_by(&row))));
        whole.request = whole.request.or(own.request);
        whole.response = whole.response.or(own.response);
    }
    pieces.sort_by_key(|(place, _)| *place);
    let pieces = message_events::together(pieces.into_iter().map(|(_, said)| said).collect());
    let request = message_events::joined(settings, pieces.request, &[]);
    whole.request = whole
        .request
        .or(request.filter(|body| body.get("messages").is_some()));
    whole.response = whole.response.or(pieces.response);
    whole
}
