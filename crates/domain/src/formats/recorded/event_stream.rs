//! The frames of an AWS event stream, in which Bedrock streams an answer, as the events of the
//! Messages API.
//!
//! In: the bytes of a recorded answer. Out: events. Not here: putting them together (`messages`).
//!
//! Source: docs.aws.amazon.com, bedrock/latest/APIReference, `ResponseStream` and
//! `ConverseStreamOutput`.

use aws_smithy_eventstream::frame::read_message_from;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

/// The events of a stream, as far as it was recorded; `None` for what is no such stream.
pub(super) fn events(mut bytes: &[u8]) -> Option<Vec<Value>> {
    let mut events = Vec::new();
    let mut begun: Vec<u64> = Vec::new();
    while let Ok(message) = read_message_from(&mut bytes) {
        let header = |name: &str| {
            let mut found = message.headers().iter();
            let found = found.find(|header| header.name().as_str() == name)?;
            found
                .value()
                .as_string()
                .ok()
                .map(|text| text.as_str().to_owned())
        };
        if let Some(exception) = header(":exception-type") {
            events.push(json!({ "type": "error", "error": { "type": exception } }));
            continue;
        }
        let Ok(payload) = serde_json::from_slice::<Value>(message.payload()) else {
            continue;
        };
        match header(":event-type").as_deref() {
            Some("chunk") => events.extend(invoked(&payload)),
            Some(kind) => events.extend(conversed(kind, &payload, &mut begun)),
            None => {}
        }
    }
    (!events.is_empty()).then_some(events)
}

/// InvokeModel streams the events of the Messages API as they are.
fn invoked(payload: &Value) -> Option<Value> {
    let bytes = STANDARD.decode(payload.get("bytes")?.as_str()?).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Converse streams events of its own, and begins blocks of text without a word.
fn conversed(kind: &str, payload: &Value, begun: &mut Vec<u64>) -> Vec<Value> {
    let at = payload
        .get("contentBlockIndex")
        .and_then(Value::as_u64)
        .unwrap_or(0);
    let position = |begun: &[u64]| begun.iter().position(|index| *index == at);
    let begin = |begun: &mut Vec<u64>, block: Value| {
        begun.push(at);
        json!({ "type": "content_block_start", "index": begun.len() - 1, "content_block": block })
    };
    let of = |pointer: &str| payload.pointer(pointer);
    match kind {
        "messageStart" => vec![json!({ "type": "message_start", "message": {
            "role": payload.get("role"), "usage": {},
        }})],
        "contentBlockStart" => vec![begin(
            begun,
            json!({ "type": "tool_use", "id": of("/start/toolUse/toolUseId"), "name": of("/start/toolUse/name") }),
        )],
        "contentBlockDelta" => {
            let (block, delta) = if let Some(text) = of("/delta/reasoningContent/text") {
                ("thinking", json!({ "thinking": text }))
            } else if let Some(input) = of("/delta/toolUse/input") {
                ("tool_use", json!({ "partial_json": input }))
            } else if let Some(text) = of("/delta/text") {
                ("text", json!({ "text": text }))
            } else {
                return Vec::new();
            };
            let mut events = Vec::new();
            if position(begun).is_none() {
                events.push(begin(begun, json!({ "type": block })));
            }
            events.push(
                json!({ "type": "content_block_delta", "index": position(begun), "delta": delta }),
            );
            events
        }
        "messageStop" => vec![json!({ "type": "message_delta", "delta": {
            "stop_reason": payload.get("stopReason"),
        }})],
        "metadata" => vec![json!({ "type": "message_delta", "usage": usage(payload) })],
        _ => Vec::new(),
    }
}

fn usage(payload: &Value) -> Map<String, Value> {
    let names = [
        ("inputTokens", "input_tokens"),
        ("outputTokens", "output_tokens"),
        ("cacheReadInputTokens", "cache_read_input_tokens"),
        ("cacheWriteInputTokens", "cache_creation_input_tokens"),
    ];
    let told = |(theirs, ours): (&str, &str)| {
        let count = payload.get("usage")?.get(theirs)?;
        Some((ours.to_owned(), count.clone()))
    };
    names.into_iter().filter_map(told).collect()
}
