//! The AuditedClient log (`claude-calls.jsonl`): one line a call, written by the client itself.
//!
//! Times are UTC by the format's definition (`datetime.utcnow().isoformat()`). It carries no text,
//! no region, no cache tokens and no id of the API. Source: the architecture guide, Pattern 2.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::call::{Body, Call, Features, Kind, Status};
use crate::formats::{Context, Reason, Record, Rejected, features, fields, rejected};
use crate::moment::WithoutZone;

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    request_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    timestamp: Option<Cow<'a, str>>,
    metadata: Option<serde_json::Map<String, Value>>,
    #[serde(borrow)]
    messages_count: Option<&'a RawValue>,
    #[serde(borrow)]
    model: Option<Cow<'a, str>>,
    #[serde(borrow)]
    status: Option<Cow<'a, str>>,
    #[serde(borrow)]
    latency_ms: Option<&'a RawValue>,
    #[serde(borrow)]
    input_tokens: Option<&'a RawValue>,
    #[serde(borrow)]
    output_tokens: Option<&'a RawValue>,
    #[serde(borrow)]
    cost: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<Cow<'a, str>>,
}

/// Reads a line.
///
/// # Errors
/// [`Rejected`].
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let line: Line<'_> = serde_json::from_str(text).map_err(|error| rejected(text, &error))?;
    if line.messages_count.is_none() {
        return Err(Rejected::new(Reason::FormatUnknown, "no `messages_count`"));
    }
    if line.request_id.is_none() {
        return Err(Rejected::new(Reason::FieldMissing, "`request_id`"));
    }
    let status = match line.status.as_deref() {
        Some("succeeded") => Status::Ok,
        // `initiated` was never followed by an end: nobody knows that it succeeded.
        Some("failed" | "initiated") => Status::Error,
        _ => {
            return Err(Rejected::new(
                Reason::FieldMissing,
                "`status` is not initiated, succeeded or failed",
            ));
        }
    };
    let mut call = Call::new(Kind::ClaudeApi, status);
    let mut oddities = Vec::new();
    call.started_at_ms = fields::time(
        line.timestamp.as_deref(),
        WithoutZone::IsUtc,
        context.now_ms,
        &mut oddities,
    );
    call.latency_ms = fields::milliseconds(line.latency_ms, &mut oddities);
    call.request_model = fields::said(line.model);
    call.tokens.input = fields::count(line.input_tokens, &mut oddities);
    call.tokens.output = fields::count(line.output_tokens, &mut oddities);
    call.reported_cost_usd_micros = fields::dollars(line.cost, &mut oddities);
    if let Some(id) = fields::said(line.request_id) {
        call.request_ids.insert("client_request_id".to_owned(), id);
    }
    if line.status.as_deref() == Some("initiated") {
        call.error_type = Some(Call::NO_OUTCOME.to_owned());
    }
    if let Some(error) = line.error.as_deref() {
        call.http_status = http_status(error);
        call.error_type = error_type(error)
            .or_else(|| class(error))
            .or_else(|| Some("failed".to_owned()));
    }
    for (key, value) in line.metadata.into_iter().flatten() {
        if let Some(value) = fields::short(&value) {
            match key.as_str() {
                "classification" | "Classification" => call.classification = Some(value),
                "user_id" => {
                    call.principal = Some(value.clone());
                    call.metadata.insert(key, value);
                }
                "conversation_id" | "session_id" => call.conversation_id = Some(value),
                _ => {
                    call.metadata.insert(key, value);
                }
            }
        }
    }
    let mut used = Features::default();
    features::of_model(call.request_model.as_deref(), &mut used);
    call.features = used;
    call.body = Body::NotCarried;
    call.oddities = oddities;
    Ok(Record::Call(Box::new(call)))
}

/// The status in the SDK's `Error code: 429 - {…}`.
pub(super) fn http_status(error: &str) -> Option<u16> {
    let rest = error.split_once("Error code: ")?.1;
    let digits: String = rest
        .chars()
        .take_while(char::is_ascii_digit)
        .take(3)
        .collect();
    digits
        .parse()
        .ok()
        .filter(|status| (100..600).contains(status))
}

/// The class of an error in Python's form, `APITimeoutError('…')`.
fn class(error: &str) -> Option<String> {
    let (name, _) = error.split_once('(')?;
    let is_name = name.len() < 60 && name.bytes().all(|b| b.is_ascii_alphanumeric());
    (is_name && name.ends_with("Error")).then(|| name.to_owned())
}

/// The error's type in the Python form of the error body.
fn error_type(error: &str) -> Option<String> {
    let inner = error.rsplit_once("'error': {'type': '")?.1;
    let name: String = inner
        .chars()
        .take_while(|c| c.is_ascii_lowercase() || *c == '_')
        .take(60)
        .collect();
    (!name.is_empty()).then_some(name)
}
