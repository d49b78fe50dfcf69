//! Logfire's two spans of a streamed answer: one of the request, which ends before anything came, and a second
//! one, written like a log line, that tells all of the call.
//!
//! In: a span of a call. Out: nothing, or that another span tells the call. They share no id, so that both
//! would be counted. Not here: spans of whole answers, which are as the conventions have them.
//!
//! Source: what logfire 5.4.0 writes.

use serde_json::{Value, json};

use crate::formats::row::Row;
use crate::formats::{Reason, Rejected};

/// Refuses the span of a request whose answer is streamed, and adds to the span of the stream what it says of
/// itself in other words.
///
/// # Errors
/// [`Reason::NoCall`].
pub(super) fn answered(row: &Row, told: &mut Row) -> Result<(), Rejected> {
    let is_failed = match row.at(&["status", "code"]) {
        Some(Value::String(code)) => code == "STATUS_CODE_ERROR",
        Some(code) => code.as_u64() == Some(2),
        None => false,
    };
    match told.text("logfire.span_type").as_deref() {
        Some("log") if told.has("duration") => {
            told.add("gen_ai.request.stream", json!(true));
            Ok(())
        }
        Some("span") if !is_failed && is_open(told) => Err(Rejected::new(
            Reason::NoCall,
            "the request of a stream, which a span of its own tells",
        )),
        _ => Ok(()),
    }
}

/// Whether nothing of an answer is told.
fn is_open(told: &Row) -> bool {
    let answer = [
        "gen_ai.response.id",
        "gen_ai.output.messages",
        "gen_ai.usage.output_tokens",
        "response_data",
        "events",
    ];
    told.has("request_data") && !answer.iter().any(|key| told.has(key))
}
