//! A recorded HTTP exchange with a model: a call to the Claude API, Bedrock or Vertex AI as it went over the wire,
//! whatever wrote it down.
//!
//! In: address, headers and bodies of one exchange. Out: a [`Call`] without its time, and what was said. Headers that
//! hold keys are not kept. Not here: the files of recorders (`har`, `cassettes`).
//!
//! Sources: the three wire protocols; docs.aws.amazon.com, bedrock/latest/userguide, headers of InvokeModel.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::call::{Body, Call, Feature, Oddity, Status};
use crate::exchange::Exchange;
use crate::formats::{Reason, Rejected, fields, gateway, messages};

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

/// Headers that tell something of a call, in small letters. All others are left alone, those with keys among them.
const TELLING: [&str; 14] = [
    "anthropic-organization-id",
    "anthropic-request-id",
    "content-type",
    "date",
    "request-id",
    "x-amz-date",
    "x-amz-request-id",
    "x-amzn-bedrock-cache-read-input-token-count",
    "x-amzn-bedrock-cache-write-input-token-count",
    "x-amzn-bedrock-input-token-count",
    "x-amzn-bedrock-invocation-latency",
    "x-amzn-bedrock-output-token-count",
    "x-amzn-errortype",
    "x-amzn-requestid",
];

/// The headers of one side that tell something.
#[derive(Default)]
pub(super) struct Headers(BTreeMap<&'static str, String>);

impl Headers {
    pub(super) fn take(&mut self, name: &str, value: Option<&str>) {
        let known = TELLING
            .iter()
            .find(|telling| telling.eq_ignore_ascii_case(name));
        if let (Some(known), Some(value)) = (known, fields::said(value)) {
            self.0.entry(known).or_insert(value);
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// What a header counts.
    pub(super) fn count(&self, name: &str) -> Option<u64> {
        self.get(name)?.trim().parse().ok()
    }
}

/// The bytes of a body.
pub(super) enum Bytes {
    Kept(Vec<u8>),
    /// There are some, in a form that is not read, such as another compression.
    Unreadable,
    None,
}

/// One exchange as its recorder wrote it down.
pub(super) struct Recorded {
    pub(super) url: String,
    pub(super) is_post: bool,
    pub(super) status: Option<u64>,
    /// Of the answer.
    pub(super) headers: Headers,
    pub(super) request: Option<String>,
    pub(super) answer: Bytes,
    /// The type of the answer.
    pub(super) mime: Option<String>,
}

/// Whether answers of this type are frames of Amazon's event stream.
pub(super) fn is_event_stream(mime: Option<&str>) -> bool {
    mime.is_some_and(|mime| mime.contains("vnd.amazon.eventstream"))
}

impl Recorded {
    /// The call, without its time and how long it took.
    ///
    /// # Errors
    /// [`Reason::NoCall`] for what asks no model.
    pub(super) fn call(&self) -> Result<Call, Rejected> {
        let Some(asked) = asked(&self.url).filter(|_| self.is_post) else {
            return Err(Rejected::new(
                Reason::NoCall,
                "a request that asks no model",
            ));
        };
        let http = self
            .status
            .and_then(|status| u16::try_from(status).ok())
            .filter(|status| (100..600).contains(status));
        let status = match http {
            Some(200..=299) => Status::Ok,
            _ => Status::Error,
        };
        let host = gateway::host(&self.url);
        let mut call = Call::new(gateway::kind(None, host), status);
        call.http_status = http;
        call.endpoint = host.map(str::to_owned);
        let header = |name: &str| self.headers.get(name).map(str::to_owned);
        for (id, names) in [
            (
                "anthropic_request_id",
                ["request-id", "anthropic-request-id"],
            ),
            ("aws_request_id", ["x-amzn-requestid", "x-amz-request-id"]),
        ] {
            if let Some(value) = names.iter().find_map(|name| header(name)) {
                call.request_ids.insert(id.to_owned(), value);
            }
        }
        call.account = header("anthropic-organization-id");
        call.error_type = header("x-amzn-errortype")
            .map(|kind| kind.split(':').next().unwrap_or_default().to_owned());
        let (body, answer) = (self.request_body(), self.answer_body());
        let in_body = body
            .as_ref()
            .and_then(|body| fields::said(body.get("model")?.as_str()));
        // A colon is a part of Bedrock's names, and ends Vertex AI's.
        let of_bedrock = self.url.split_once("/model/").map(|(_, rest)| rest);
        let of_bedrock = of_bedrock
            .and_then(|rest| rest.split(['/', '?']).next())
            .filter(|model| !model.is_empty());
        let in_path = of_bedrock.or_else(|| gateway::behind(&self.url, "/models/"));
        call.request_model = in_body.or_else(|| in_path.map(decoded));
        gateway::place(&mut call, Some(&self.url));
        if matches!(asked, Asked::InvokeStream) || self.url.contains("stream") {
            call.features.insert(Feature::Streaming);
        }
        match &answer {
            Answer::Body(body) => gateway::answer(&flat(body), &mut call),
            Answer::Unreadable => call.oddities.push(Oddity::BodyUnreadable),
            Answer::None => {}
        }
        self.counted(&mut call);
        if status == Status::Error && call.error_type.is_none() {
            call.error_type =
                Some(http.map_or("no_answer".to_owned(), |status| format!("http_{status}")));
        }
        gateway::used(body.as_ref(), &mut call);
        call.body = match body {
            Some(_) => Body::Present,
            None => Body::Missing,
        };
        Ok(call)
    }

    /// The request and response, in Messages form.
    pub(super) fn exchange(&self) -> Exchange {
        Exchange {
            request: self.request_body().and_then(messages::request),
            response: match self.answer_body() {
                Answer::Body(body) => messages::response(body),
                Answer::Unreadable | Answer::None => None,
            },
            references: Vec::new(),
        }
    }

    /// Takes the counts that Bedrock writes into headers, where the answer itself tells none: those of other
    /// models and of the older text completions don't. What is read from the cache is not in its input.
    fn counted(&self, call: &mut Call) {
        let count = |name: &str| self.headers.count(name);
        let tokens = &mut call.tokens;
        if tokens.input.is_some() || tokens.output.is_some() {
            return;
        }
        tokens.input = count("x-amzn-bedrock-input-token-count");
        tokens.output = count("x-amzn-bedrock-output-token-count");
        tokens.cache_read = count("x-amzn-bedrock-cache-read-input-token-count");
        tokens.cache_write_5m = count("x-amzn-bedrock-cache-write-input-token-count");
    }

    fn request_body(&self) -> Option<Value> {
        messages::read(self.request.as_deref()?).filter(Value::is_object)
    }

    fn answer_body(&self) -> Answer {
        let bytes = match &self.answer {
            Bytes::Kept(bytes) => bytes.as_slice(),
            Bytes::Unreadable => return Answer::Unreadable,
            Bytes::None => return Answer::None,
        };
        if is_event_stream(self.mime.as_deref()) {
            let events = event_stream::events(bytes);
            return events.map_or(Answer::Unreadable, |events| {
                Answer::Body(Value::Array(events))
            });
        }
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Answer::Unreadable;
        };
        if text.starts_with("event:") || text.starts_with("data:") {
            let events: Vec<Value> = text
                .lines()
                .filter_map(|line| messages::read(line.strip_prefix("data:")?.trim()))
                .collect();
            return Answer::Body(Value::Array(events));
        }
        match messages::read(text) {
            Some(body) => Answer::Body(body),
            None => Answer::Unreadable,
        }
    }
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

enum Answer {
    Body(Value),
    /// There is one, in a form that is not read, such as compressed bytes.
    Unreadable,
    None,
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
