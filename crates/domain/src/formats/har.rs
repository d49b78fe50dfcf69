//! Recorded HTTP exchanges in HAR: calls to the Claude API, Bedrock and Vertex AI as a proxy or a
//! browser recorded them. Headers that hold keys are not read.
//!
//! Source: HAR 1.2 (w3c.github.io/web-performance, specs/HAR); the three wire protocols.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::call::{Body, Call, Feature, Oddity, Status};
use crate::exchange::Exchange;
use crate::formats::row::Row;
use crate::formats::{Context, Reason, Record, Rejected, fields, gateway, messages};
use crate::moment::WithoutZone;

mod event_stream;

/// How a path asks a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Messages,
    Invoke,
    InvokeStream,
    Converse,
    Vertex,
}

fn asked(path: &str) -> Option<Asked> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    if path.ends_with("/v1/messages") || path.ends_with("/v1/complete") {
        Some(Asked::Messages)
    } else if path.ends_with("/invoke") {
        Some(Asked::Invoke)
    } else if path.ends_with("/invoke-with-response-stream") {
        Some(Asked::InvokeStream)
    } else if path.ends_with("/converse") || path.ends_with("/converse-stream") {
        Some(Asked::Converse)
    } else if path.ends_with(":rawPredict") || path.ends_with(":streamRawPredict") {
        Some(Asked::Vertex)
    } else {
        None
    }
}

fn header(side: Option<&Value>, name: &str) -> Option<String> {
    let headers = side?.get("headers")?.as_array()?;
    headers.iter().find_map(|header| {
        let own = header.get("name")?.as_str()?;
        let value = header.get("value")?.as_str()?;
        own.eq_ignore_ascii_case(name)
            .then(|| fields::said(Some(value)))?
    })
}

/// Reads an entry.
///
/// # Errors
/// [`Rejected`]; [`Reason::NoCall`] for what asks no model.
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let mut row = Row::read(text)?;
    let url = row.text_at(&["request", "url"]);
    let (Some(url), true) = (url, row.has("startedDateTime")) else {
        return Err(Rejected::new(
            Reason::FieldMissing,
            "`request.url` or `startedDateTime`",
        ));
    };
    let post = row.text_at(&["request", "method"]).as_deref() == Some("POST");
    let Some(asked) = asked(&url).filter(|_| post) else {
        return Err(Rejected::new(
            Reason::NoCall,
            "a request that asks no model",
        ));
    };
    let response = row.at(&["response"]);
    let http = response
        .and_then(|response| response.get("status")?.as_u64())
        .and_then(|status| u16::try_from(status).ok())
        .filter(|status| (100..600).contains(status));
    let status = match http {
        Some(200..=299) => Status::Ok,
        _ => Status::Error,
    };
    let host = gateway::host(&url);
    let mut call = Call::new(gateway::kind(None, host), status);
    call.http_status = http;
    call.endpoint = host.map(str::to_owned);
    for (id, names) in [
        (
            "anthropic_request_id",
            ["request-id", "anthropic-request-id"],
        ),
        ("aws_request_id", ["x-amzn-requestid", "x-amz-request-id"]),
    ] {
        let found = names.iter().find_map(|name| header(response, name));
        if let Some(value) = found {
            call.request_ids.insert(id.to_owned(), value);
        }
    }
    call.account = header(response, "anthropic-organization-id");
    call.error_type = header(response, "x-amzn-errortype")
        .map(|kind| kind.split(':').next().unwrap_or_default().to_owned());
    let (body, answer) = (request_body(&row), response_body(&row));
    let in_body = body
        .as_ref()
        .and_then(|body| fields::said(body.get("model")?.as_str()));
    let in_path = gateway::behind(&url, "/model/").or_else(|| gateway::behind(&url, "/models/"));
    call.request_model = in_body.or_else(|| in_path.map(decoded));
    gateway::place(&mut call, Some(&url));
    if matches!(asked, Asked::InvokeStream) || url.contains("stream") {
        call.features.insert(Feature::Streaming);
    }
    match &answer {
        Answer::Body(body) => gateway::answer(&flat(body), &mut call),
        Answer::Unreadable => row.odd(Oddity::BodyUnreadable),
        Answer::None => {}
    }
    if status == Status::Error && call.error_type.is_none() {
        call.error_type =
            Some(http.map_or("no_answer".to_owned(), |status| format!("http_{status}")));
    }
    gateway::used(body.as_ref(), &mut call);
    call.body = match body {
        Some(_) => Body::Present,
        None => Body::Missing,
    };
    call.started_at_ms = row.time("startedDateTime", WithoutZone::IsOdd, context.now_ms);
    call.latency_ms = row.duration("time", 1.0);
    call.oddities = row.oddities;
    Ok(Record::Call(Box::new(call)))
}

/// A model's id out of a path, percent-encoding undone (`%3A`).
fn decoded(part: &str) -> String {
    let bytes = part.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = part
            .get(at + 1..at + 3)
            .filter(|_| bytes[at] == b'%')
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn request_body(row: &Row) -> Option<Value> {
    let text = row.text_at(&["request", "postData", "text"])?;
    messages::read(&text).filter(Value::is_object)
}

enum Answer {
    Body(Value),
    /// There is one, in a form that is not read, such as compressed bytes.
    Unreadable,
    None,
}

fn response_body(row: &Row) -> Answer {
    let Some(text) = row.text_at(&["response", "content", "text"]) else {
        return Answer::None;
    };
    let in_base64 = row.text_at(&["response", "content", "encoding"]).as_deref() == Some("base64");
    let mime = row.text_at(&["response", "content", "mimeType"]);
    let is_stream = mime.is_some_and(|mime| mime.contains("vnd.amazon.eventstream"));
    let bytes = match in_base64 {
        true => STANDARD.decode(text.trim()).ok(),
        // Some recorders write each byte as the character of its number.
        false if is_stream => text.chars().map(|c| u8::try_from(c).ok()).collect(),
        false => Some(text.into_bytes()),
    };
    let Some(bytes) = bytes else {
        return Answer::Unreadable;
    };
    if is_stream {
        let events = event_stream::events(&bytes);
        return events.map_or(Answer::Unreadable, |events| {
            Answer::Body(Value::Array(events))
        });
    }
    let Ok(text) = String::from_utf8(bytes) else {
        return Answer::Unreadable;
    };
    if text.starts_with("event:") || text.starts_with("data:") {
        let events: Vec<Value> = text
            .lines()
            .filter_map(|line| messages::read(line.strip_prefix("data:")?.trim()))
            .collect();
        return Answer::Body(Value::Array(events));
    }
    match messages::read(&text) {
        Some(body) => Answer::Body(body),
        None => Answer::Unreadable,
    }
}

/// An answer as one object: a stream's events put together, with the usage that they tell.
fn flat(body: &Value) -> Value {
    let Value::Array(events) = body else {
        if let Some(usage) = body.get("usage").and_then(Value::as_object)
            && body.get("output").is_some()
        {
            return from_converse(body, usage);
        }
        return body.clone();
    };
    let mut message = messages::response(body.clone()).unwrap_or(Value::Null);
    for event in events {
        let usage = event.get("usage").and_then(Value::as_object);
        for (key, value) in usage.into_iter().flatten() {
            if message.get("usage").is_some_and(Value::is_object) {
                message["usage"][key.as_str()] = value.clone();
            }
        }
        if event.get("type").and_then(Value::as_str) == Some("error") {
            message["type"] = Value::String("error".to_owned());
            message["error"] = event.get("error").cloned().unwrap_or(Value::Null);
        }
    }
    message
}

fn from_converse(body: &Value, usage: &serde_json::Map<String, Value>) -> Value {
    let number = |key: &str| usage.get(key).cloned();
    serde_json::json!({
        "stop_reason": body.get("stopReason"),
        "usage": {
            "input_tokens": number("inputTokens"),
            "output_tokens": number("outputTokens"),
            "cache_read_input_tokens": number("cacheReadInputTokens"),
            "cache_creation_input_tokens": number("cacheWriteInputTokens"),
        },
    })
}

/// The request and response of an entry, in Messages form.
pub fn exchange(text: &str) -> Exchange {
    let Ok(row) = Row::read(text) else {
        return Exchange::default();
    };
    Exchange {
        request: request_body(&row).and_then(messages::request),
        response: match response_body(&row) {
            Answer::Body(body) => messages::response(body),
            Answer::Unreadable | Answer::None => None,
        },
        references: Vec::new(),
    }
}
