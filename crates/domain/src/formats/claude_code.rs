//! Claude Code's log events of its requests in OTLP JSON, and what its span of a request tells under
//! names of its own.
//!
//! Events are a source beside spans (`otel`): whoever exports both has two witnesses of a request,
//! which on Bedrock share no id. Its counts are disjoint already. An event names the model without
//! the place where it is reached, so that only a request id tells who processed. `api_request` begins
//! a call; a refusal, the text of the answer and its body are later parts of it (`parts`), found by
//! the request id. Not here: events of prompts and tools, and a request's body, which have no such id.
//!
//! Source: code.claude.com, monitoring-usage; what version 2.1.197 writes.

use serde_json::{Value, json};

use crate::call::{Body, Call, Kind, Oddity, Status};
use crate::formats::otel::{attributes, time_of, with_oddities};
use crate::formats::row::{Row, opened};
use crate::formats::{Context, Reason, Record, Rejected, gateway, messages};
use crate::parts;

/// What it writes for a text that it was not told to log.
const NOT_LOGGED: &str = "<REDACTED>";

/// What an event tells of a request.
enum Told {
    Answered,
    Failed,
    /// The rest are told of a request that another event begins.
    Refused,
    Text,
    Body,
}

fn told_of(row: &Row, told: &Row) -> Option<Told> {
    let name = told
        .text("event.name")
        .or_else(|| row.text("eventName"))
        .or_else(|| row.text_at(&["body", "stringValue"]))?;
    match name.strip_prefix("claude_code.").unwrap_or(&name) {
        "api_request" => Some(Told::Answered),
        "api_error" => Some(Told::Failed),
        "api_refusal" => Some(Told::Refused),
        "assistant_response" => Some(Told::Text),
        "api_response_body" => Some(Told::Body),
        _ => None,
    }
}

/// What marks its events: the name in the body, or in an attribute without what stands before it.
const MARKS: [&str; 6] = [
    "claude_code.",
    "\"api_request\"",
    "\"api_error\"",
    "\"api_refusal\"",
    "\"assistant_response\"",
    "\"api_response_body\"",
];

/// Whether a log record is an event of Claude Code, by the JSON of its fields.
pub(super) fn is_event(fields: [&str; 3]) -> bool {
    MARKS
        .iter()
        .any(|mark| fields.iter().any(|field| field.contains(mark)))
}

/// Reads an event of a request that was answered, failed or was refused.
///
/// # Errors
/// [`Rejected`]; [`Reason::NoCall`] for any other event.
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let mut row = Row::read(text)?;
    let is_log = row.has("timeUnixNano") || row.has("observedTimeUnixNano");
    if row.has("startTimeUnixNano") || !row.has("attributes") || !is_log {
        return Err(Rejected::new(Reason::FormatUnknown, "no log record"));
    }
    let mut told = attributes(&row);
    let call = event(&mut row, &mut told, context)?;
    Ok(with_oddities(call, row, told))
}

fn event(row: &mut Row, told: &mut Row, context: &Context) -> Result<Call, Rejected> {
    let id = told.text("request_id");
    let of = match (told_of(row, told), &id) {
        // What has no id belongs to no request that could be named.
        (Some(Told::Refused | Told::Text | Told::Body), None) | (None, _) => {
            return Err(Rejected::new(Reason::NoCall, "an event of something else"));
        }
        (Some(Told::Text), _) if told.text("response").as_deref() == Some(NOT_LOGGED) => {
            return Err(Rejected::new(Reason::NoCall, "an answer without its text"));
        }
        (Some(of), _) => of,
    };
    let status = match of {
        Told::Failed => Status::Error,
        // A refusal is an answer, and is paid for.
        _ => Status::Ok,
    };
    let model = told.text("model");
    let mut call = Call::new(kind(told, model.as_deref()), status);
    // The event is written when the request ends.
    let time = time_of(row);
    call.latency_ms = told.duration("duration_ms", 1.0);
    call.started_at_ms = row
        .nanoseconds(time, context.now_ms)
        .map(|ms| ms - call.latency_ms.unwrap_or(0));
    call.request_model = model;
    call.conversation_id = told.text("session.id");
    call.principal = told.first(&["user.email", "user.account_uuid", "user.id"]);
    if let (Some(session), Some(number), Some(at)) = (
        call.conversation_id.as_deref(),
        told.text("event.sequence"),
        row.text(time),
    ) {
        call.request_ids.insert(
            "otel_event_id".to_owned(),
            format!("{session}/{number}/{at}"),
        );
    }
    if let (Some(id), false) = (id, status == Status::Error) {
        call.request_ids.insert(parts::ID.to_owned(), id);
    }
    for key in ["query_source", "speed", "terminal.type", "prompt.id"] {
        if let Some(value) = told.text(key) {
            call.metadata.insert(key.to_owned(), value);
        }
    }
    request(told, &mut call);
    call.reported_cost_usd_micros = told
        .money("cost_usd_micros", 1.0)
        .or_else(|| told.money("cost_usd", 1e6));
    call.body = Body::NotCarried;
    match of {
        Told::Answered | Told::Failed => {}
        Told::Refused => call.stop_reason = Some("refusal".to_owned()),
        Told::Text | Told::Body => match answer(told) {
            Some(answer) => {
                gateway::answer(&answer, &mut call);
                call.body = Body::Present;
            }
            None if told.has("body_ref") => call.body = Body::ByReference,
            None => row.odd(Oddity::BodyUnreadable),
        },
    }
    if matches!(of, Told::Refused | Told::Text | Told::Body) {
        row.odd(Oddity::PartOfCall);
    }
    gateway::used(None, &mut call);
    Ok(call)
}

/// The answer that an event holds, in Messages form; `None` for one that was cut or lies elsewhere.
pub(super) fn answer(told: &Row) -> Option<Value> {
    match told.text("response") {
        Some(text) => {
            Some(json!({ "role": "assistant", "content": [{ "type": "text", "text": text }] }))
        }
        None => told
            .value("body")
            .and_then(opened)
            .filter(Value::is_object)
            .and_then(messages::response),
    }
}

/// Adds what events and spans of a request tell under the same names: its id, its counts, its error.
pub(super) fn request(told: &mut Row, call: &mut Call) {
    if let Some(id) = told.text("request_id").filter(|id| id.starts_with("req_")) {
        call.request_ids
            .insert("anthropic_request_id".to_owned(), id);
    }
    call.account = told.text("organization.id");
    let tokens = &mut call.tokens;
    tokens.input = tokens.input.or(told.count("input_tokens"));
    tokens.output = tokens.output.or(told.count("output_tokens"));
    tokens.cache_read = tokens.cache_read.or(told.count("cache_read_tokens"));
    tokens.cache_write_5m = tokens
        .cache_write_5m
        .or(told.count("cache_creation_tokens"));
    if call.status == Status::Error {
        call.http_status = call.http_status.or(told.http_status("status_code"));
        let named = told.text("error_type");
        call.error_type = Some(named.unwrap_or_else(|| "api_error".to_owned()));
    }
}

/// Who processes: by the model's name where it says so, else by the id of the answer, which Google
/// marks as its own. Where neither is told it is unknown, as behind a private endpoint.
pub(super) fn kind(told: &Row, model: Option<&str>) -> Kind {
    match (gateway::kind_of_model(model), told.text("request_id")) {
        (Some(kind), _) => kind,
        (None, Some(id)) if id.starts_with("req_vrtx_") => Kind::Vertex,
        (None, Some(id)) if id.starts_with("req_") => Kind::ClaudeApi,
        (None, _) => Kind::Private,
    }
}
