//! Claude Code's sessions, as it and its Agent SDK keep them: a line for each message. A line of the assistant holds one
//! block of an answer with the ids and the counts of its call; what was asked stands in the lines before it.
//!
//! In: lines of a session. Out: calls; the blocks of an answer are parts of one (`parts`), found by the request's id,
//! where there is one. They are a source beside its log events (`claude_code`), which have the same. A line has the
//! time at which its block was there: when the request began is not told. Not here: lines of tools, settings and
//! attachments, which are no calls.
//!
//! Source: what version 2.1.332 writes, run by claude-agent-sdk 0.2.189.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::call::{Body, Call, Feature, Kind, Oddity, Status};
use crate::exchange::Exchange;
use crate::formats::otel::with_oddities;
use crate::formats::row::Row;
use crate::formats::{Context, Reason, Record, Rejected, fields, gateway, messages};
use crate::moment::WithoutZone;
use crate::parts;

/// Where what was asked stands in the line that begins an answer: a session has lines of their own for it.
const ASKED: &str = "assay.asked";
/// The model of a line that Claude Code wrote itself, such as that a call failed.
const NO_MODEL: &str = "<synthetic>";
/// Sessions that are remembered at a time; one that is forgotten has calls without what was asked.
const REMEMBERED: usize = 1_000;
/// Bytes of what was asked that are kept with an answer; of more the last are.
const MAX_ASKED: usize = 8 << 20;

/// Whether a record with these keys is a line of a session.
pub(super) fn is_line(has: impl Fn(&str) -> bool) -> bool {
    has("sessionId") && has("type") && !has("traceId")
}

/// Reads a line of a session.
///
/// # Errors
/// [`Rejected`]; [`Reason::NoCall`] for any line but an answer's.
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let mut row = Row::read(text)?;
    if !is_line(|key| row.has(key)) {
        return Err(Rejected::new(
            Reason::FormatUnknown,
            "no `sessionId` or no `type`",
        ));
    }
    let message = row.value("message").and_then(Value::as_object).cloned();
    let (Some("assistant"), Some(message)) = (row.text("type").as_deref(), message) else {
        let what = match row.text("type").as_deref() {
            Some("user") => "a message of a session, kept with the answer to it",
            _ => "a line of a session that is no answer",
        };
        return Err(Rejected::new(Reason::NoCall, what));
    };
    let model = fields::said(message.get("model").and_then(Value::as_str));
    let id = fields::said(message.get("id").and_then(Value::as_str));
    let request = row.text("requestId");
    let failed = row.flag("isApiErrorMessage") == Some(true);
    if model.as_deref() == Some(NO_MODEL) && !failed {
        return Err(Rejected::new(
            Reason::NoCall,
            "a line that Claude Code wrote itself",
        ));
    }
    let kind = kind(model.as_deref(), request.as_deref(), id.as_deref());
    let mut call = Call::new(kind, if failed { Status::Error } else { Status::Ok });
    call.started_at_ms = row.time("timestamp", WithoutZone::IsUtc, context.now_ms);
    call.request_model = row
        .text("requestedModel")
        .or_else(|| model.clone())
        .filter(|model| model != NO_MODEL);
    call.conversation_id = row.text("sessionId");
    for (key, name) in [
        ("version", "service.version"),
        ("entrypoint", "entrypoint"),
        ("agentId", "agent"),
    ] {
        if let Some(value) = row.text(key) {
            call.metadata.insert(name.to_owned(), value);
        }
    }
    if row.flag("isSidechain") == Some(true) {
        call.metadata
            .insert("sidechain".to_owned(), "true".to_owned());
    }
    if let Some(id) = request.clone().filter(|id| id.starts_with("req_")) {
        call.request_ids
            .insert("anthropic_request_id".to_owned(), id);
    }
    let told = Value::Object(message);
    if failed {
        // What it says is Claude Code's own: no answer came.
        let text = messages::response(told).map(|said| said.pointer("/content/0/text").cloned());
        let text = text.flatten();
        gateway::failure(text.as_ref().and_then(Value::as_str), &mut call);
        call.error_type = row.text("error").or(call.error_type);
        call.body = Body::NotCarried;
    } else {
        gateway::answer(&told, &mut call);
        // Before an answer ends, its counts are those of its beginning.
        if call.stop_reason.is_none() {
            call.tokens.output = None;
        }
        call.body = Body::Present;
        if let Some(id) = request.or(id) {
            call.request_ids.insert(parts::ID.to_owned(), id);
        }
        let begins =
            row.has(ASKED) || row.value("apiBlockIndex").and_then(Value::as_u64) == Some(0);
        if !begins {
            row.odd(Oddity::PartOfCall);
        }
    }
    call.features.insert(Feature::Streaming);
    gateway::used(asked(&row).as_ref(), &mut call);
    Ok(with_oddities(call, row, Row::of(Map::new())))
}

fn kind(model: Option<&str>, request: Option<&str>, message: Option<&str>) -> Kind {
    if let Some(kind) = gateway::kind_of_model(model) {
        return kind;
    }
    let begins = |id: Option<&str>, with: &str| id.is_some_and(|id| id.starts_with(with));
    if begins(message, "msg_bdrk_") {
        Kind::Bedrock
    } else if begins(message, "msg_vrtx_") || begins(request, "req_vrtx_") {
        Kind::Vertex
    } else if begins(request, "req_") {
        Kind::ClaudeApi
    } else {
        // Who processed is not told.
        Kind::Private
    }
}

fn asked(row: &Row) -> Option<Value> {
    let turns = row
        .value(ASKED)?
        .as_array()
        .filter(|turns| !turns.is_empty())?;
    messages::request(json!({ "messages": turns }))
}

/// What a line holds of a call: the block of the answer, and in the line that begins it what was asked.
pub fn exchange(text: &str) -> Exchange {
    let Ok(row) = Row::read(text) else {
        return Exchange::default();
    };
    let is_failed = row.flag("isApiErrorMessage") == Some(true);
    Exchange {
        request: asked(&row),
        response: row
            .value("message")
            .filter(|_| !is_failed)
            .cloned()
            .and_then(messages::response),
        references: Vec::new(),
    }
}

/// What was asked in sessions, as far as a file was read.
#[derive(Default)]
pub struct Sessions(BTreeMap<String, Session>);

#[derive(Default)]
struct Session {
    /// Messages since the answer before, and their bytes.
    asked: Vec<Value>,
    bytes: usize,
    /// The answer that was begun last.
    answered: Option<String>,
}

impl Sessions {
    /// Takes a line. Answers, for one that begins an answer, the line with what was asked.
    pub fn take(&mut self, raw: &[u8]) -> Option<Vec<u8>> {
        let is_line = memchr::memmem::find(raw, b"\"sessionId\"").is_some();
        if !is_line || memchr::memmem::find(raw, b"\"message\"").is_none() {
            return None;
        }
        let row = Row::read(std::str::from_utf8(raw).ok()?).ok()?;
        let session = format!(
            "{}/{}/{}",
            row.text("sessionId")?,
            row.text("agentId").unwrap_or_default(),
            row.flag("isSidechain") == Some(true)
        );
        let message = row.value("message")?;
        if self.0.len() >= REMEMBERED && !self.0.contains_key(&session) {
            self.0.clear();
        }
        let session = self.0.entry(session).or_default();
        match row.text("type").as_deref()? {
            "user" => session.ask(message, raw.len()),
            "assistant" if row.flag("isApiErrorMessage") != Some(true) => {
                let id = fields::said(message.get("id").and_then(Value::as_str));
                return session.answer(id, raw);
            }
            _ => {}
        }
        None
    }
}

impl Session {
    fn ask(&mut self, message: &Value, bytes: usize) {
        self.bytes += bytes;
        if self.bytes > MAX_ASKED {
            self.asked.clear();
            self.bytes = bytes;
        }
        self.asked.push(json!({
            "role": "user",
            "content": message.get("content").unwrap_or(&Value::Null),
        }));
    }

    fn answer(&mut self, id: Option<String>, raw: &[u8]) -> Option<Vec<u8>> {
        if id.is_none() || self.answered == id {
            return None;
        }
        self.answered = id;
        self.bytes = 0;
        let asked = Value::Array(std::mem::take(&mut self.asked));
        let (last, rest) = raw.trim_ascii_end().split_last()?;
        if *last != b'}' {
            return None;
        }
        let mut whole = rest.to_vec();
        whole.extend(format!(",\"{ASKED}\":{asked}}}").bytes());
        Some(whole)
    }
}
