//! Recorded HTTP exchanges in HAR: calls to the Claude API, Bedrock and Vertex AI as a proxy or a
//! browser recorded them.
//!
//! Not here: reading an exchange (`recorded`).
//!
//! Source: HAR 1.2 (w3c.github.io/web-performance, specs/HAR).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::exchange::Exchange;
use crate::formats::recorded::{Bytes, Headers, Recorded, is_event_stream};
use crate::formats::row::Row;
use crate::formats::{Context, Reason, Record, Rejected};
use crate::moment::WithoutZone;

/// Reads an entry.
///
/// # Errors
/// [`Rejected`]; [`Reason::NoCall`] for what asks no model.
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let mut row = Row::read(text)?;
    let recorded = recorded(&row).filter(|_| row.has("startedDateTime"));
    let Some(recorded) = recorded else {
        return Err(Rejected::new(
            Reason::FieldMissing,
            "`request.url` or `startedDateTime`",
        ));
    };
    let mut call = recorded.call()?;
    call.started_at_ms = row.time("startedDateTime", WithoutZone::IsOdd, context.now_ms);
    call.latency_ms = row.duration("time", 1.0);
    call.oddities.append(&mut row.oddities);
    Ok(Record::Call(Box::new(call)))
}

/// The request and response of an entry, in Messages form.
pub fn exchange(text: &str) -> Exchange {
    let row = Row::read(text).ok();
    row.and_then(|row| recorded(&row))
        .map(|recorded| recorded.exchange())
        .unwrap_or_default()
}

/// The exchange of an entry; `None` where it has no address.
fn recorded(row: &Row) -> Option<Recorded> {
    let mut headers = Headers::default();
    let listed = row.at(&["response", "headers"]).and_then(Value::as_array);
    for header in listed.into_iter().flatten() {
        if let Some(name) = header.get("name").and_then(Value::as_str) {
            headers.take(name, header.get("value").and_then(Value::as_str));
        }
    }
    let mime = row.text_at(&["response", "content", "mimeType"]);
    Some(Recorded {
        url: row.text_at(&["request", "url"])?,
        is_post: row.text_at(&["request", "method"]).as_deref() == Some("POST"),
        status: row.at(&["response", "status"]).and_then(Value::as_u64),
        headers,
        request: row.text_at(&["request", "postData", "text"]),
        answer: answer(row, is_event_stream(mime.as_deref())),
        mime,
    })
}

fn answer(row: &Row, is_stream: bool) -> Bytes {
    let Some(text) = row.text_at(&["response", "content", "text"]) else {
        return Bytes::None;
    };
    let in_base64 = row.text_at(&["response", "content", "encoding"]).as_deref() == Some("base64");
    let bytes = match in_base64 {
        true => STANDARD.decode(text.trim()).ok(),
        // Some recorders write each byte as the character of its number.
        false if is_stream => text.chars().map(|c| u8::try_from(c).ok()).collect(),
        false => Some(text.into_bytes()),
    };
    bytes.map_or(Bytes::Unreadable, Bytes::Kept)
}
