//! Results of Anthropic's Message Batches: one line a request of the batch, in any order. A line
//! holds the answer and neither the request nor a time.
//!
//! Source: platform.claude.com, build-with-claude/batch-processing.

use serde_json::Value;

use crate::call::{Body, Call, Feature, Kind, Oddity, Status};
use crate::exchange::Exchange;
use crate::formats::row::Row;
use crate::formats::{Context, Reason, Record, Rejected, fields, gateway, messages};

/// Reads a line.
///
/// # Errors
/// [`Rejected`].
pub fn parse(text: &str, _: &Context) -> Result<Record, Rejected> {
    let mut row = Row::read(text)?;
    let outcome = row.text_at(&["result", "type"]);
    let (Some(id), Some(outcome)) = (row.text("custom_id"), outcome) else {
        return Err(Rejected::new(
            Reason::FieldMissing,
            "`custom_id` or `result.type`",
        ));
    };
    row.odd(Oddity::TimeMissing);
    let succeeded = outcome == "succeeded";
    let status = if succeeded { Status::Ok } else { Status::Error };
    let mut call = Call::new(Kind::ClaudeApi, status);
    call.request_ids.insert("batch_custom_id".to_owned(), id);
    if let Some(message) = row.at(&["result", "message"]) {
        gateway::answer(message, &mut call);
        call.request_model = call.response_model.clone();
    }
    if !succeeded {
        // Expired and cancelled requests were never sent to the model, and are not charged.
        call.error_type = row
            .text_at(&["result", "error", "error", "type"])
            .or(Some(outcome));
        let request = row.text_at(&["result", "error", "request_id"]);
        if let Some(id) = request.filter(|id| id.starts_with("req_")) {
            call.request_ids
                .insert("anthropic_request_id".to_owned(), id);
        }
    }
    call.features.insert(Feature::Batch);
    gateway::used(None, &mut call);
    call.body = Body::Missing;
    call.oddities = row.oddities;
    Ok(Record::Call(Box::new(call)))
}

/// Whether a value of the key `result` (JSON) is a batch result's.
pub(super) fn is_result(text: &str) -> bool {
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return false;
    };
    let kind = value.get("type").and_then(Value::as_str);
    matches!(kind, Some("succeeded" | "errored" | "canceled" | "expired"))
}

/// The response of a line.
pub fn exchange(text: &str) -> Exchange {
    let message = Row::read(text)
        .ok()
        .and_then(|row| row.at(&["result", "message"]).cloned());
    Exchange {
        request: None,
        response: message
            .filter(|message| fields::said(message.get("type").and_then(Value::as_str)).is_some())
            .and_then(messages::response),
        references: Vec::new(),
    }
}
