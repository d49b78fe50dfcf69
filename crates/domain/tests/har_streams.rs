//! Answers that Bedrock streams, in recorded exchanges.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use assay_domain::call::Call;
use assay_domain::formats::{Context, Format, Record, exchange, parse};
use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

fn call(entry: &Value) -> Call {
    let context = Context {
        now_ms: 1_795_500_000_000,
    };
    match parse(Format::Har, entry.to_string().as_bytes(), &context) {
        Ok(Record::Call(call)) => *call,
        _ => panic!("no call"),
    }
}

fn texts(entry: &Value) -> Vec<String> {
    let parts = exchange(Format::Har, entry.to_string().as_bytes()).parts();
    parts.into_iter().map(|part| part.text).collect()
}

/// Input, output, read from the cache, written to it.
fn tokens(call: &Call) -> [Option<u64>; 4] {
    let of = &call.tokens;
    [of.input, of.output, of.cache_read, of.cache_write_5m]
}

/// A stream of Bedrock as mitmproxy 11.0.2 writes it down: each byte as the character of its number.
fn recorded_stream(path: &str, frames: &[(&str, Value)]) -> Value {
    let mut bytes = Vec::new();
    for (kind, payload) in frames {
        let text = |value: &str| HeaderValue::String(value.to_owned().into());
        let frame = Message::new(payload.to_string().into_bytes())
            .add_header(Header::new(":event-type", text(kind)))
            .add_header(Header::new(":message-type", text("event")));
        write_message_to(&frame, &mut bytes).unwrap();
    }
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let asked = json!({"messages": [{"role": "user", "content": [{"text": "Hello"}]}]});
    json!({"startedDateTime": "2026-10-01T10:00:00.000Z", "time": 112.0,
        "request": {"method": "POST", "url": format!("https://bedrock-runtime.eu-west-1.amazonaws.com/model/eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0/{path}"),
            "headers": [], "postData": {"mimeType": "application/json", "text": asked.to_string()}},
        "response": {"status": 200, "headers": [{"name": "x-amzn-RequestId", "value": "00ab-8c"}],
            "content": {"mimeType": "application/vnd.amazon.eventstream", "text": text}}})
}

#[test]
fn recorded_streams_of_bedrock_are_read() {
    let chunk = |event: Value| {
        (
            "chunk",
            json!({"bytes": STANDARD.encode(event.to_string())}),
        )
    };
    let invoked = recorded_stream(
        "invoke-with-response-stream",
        &[
            chunk(
                json!({"type": "message_start", "message": {"id": "msg_bdrk_1", "model": "claude-sonnet-4-5", "content": [],
            "usage": {"input_tokens": 40, "cache_read_input_tokens": 1000, "output_tokens": 1}}}),
            ),
            chunk(
                json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Grüß Gott"}}),
            ),
            chunk(
                json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 20}}),
            ),
        ],
    );
    assert_eq!(
        tokens(&call(&invoked)),
        [Some(40), Some(20), Some(1000), None]
    );
    assert_eq!(texts(&invoked), ["Hello", "Grüß Gott"]);
    let conversed = recorded_stream(
        "converse-stream",
        &[
            ("messageStart", json!({"role": "assistant"})),
            (
                "contentBlockDelta",
                json!({"contentBlockIndex": 0, "delta": {"text": "One "}}),
            ),
            (
                "contentBlockDelta",
                json!({"contentBlockIndex": 0, "delta": {"text": "moment"}}),
            ),
            (
                "contentBlockStart",
                json!({"contentBlockIndex": 1, "start": {"toolUse": {"toolUseId": "t", "name": "find"}}}),
            ),
            (
                "contentBlockDelta",
                json!({"contentBlockIndex": 1, "delta": {"toolUse": {"input": "{\"city\":\"Graz\"}"}}}),
            ),
            ("messageStop", json!({"stopReason": "tool_use"})),
            (
                "metadata",
                json!({"usage": {"inputTokens": 41, "outputTokens": 21, "cacheReadInputTokens": 1000, "cacheWriteInputTokens": 300}}),
            ),
        ],
    );
    let read = call(&conversed);
    assert_eq!(tokens(&read), [Some(41), Some(21), Some(1000), Some(300)]);
    assert_eq!(read.stop_reason.as_deref(), Some("tool_use"));
    assert!(read.oddities.is_empty());
    assert_eq!(texts(&conversed), ["Hello", "One moment", "Graz"]);
}
