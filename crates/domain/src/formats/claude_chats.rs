//! Chats of Claude Enterprise as the Compliance API answers them, and transcripts of its sessions (Cowork, Claude Code
//! and others, on users' machines or in the cloud): one document a page, with what the chat is and its messages.
//!
//! In: such a document, which [`answers`] turns into a record an answer, with the messages that it answers and what
//! tells the chat; and such a record. Out: a call an answer. The model is the answer's own, else the one chosen for the
//! chat when it was fetched. Tokens, cost, system prompts and thinking are not told, nor when an answer was begun: a
//! call begins with the message that it answers. Records are written in one form, so that a chat that is fetched again
//! gives the same ones however it is printed. Not here: files and artifacts, whose contents have addresses of their own; their names are.
//!
//! Source: platform.claude.com, manage-claude/compliance-content-data and compliance-sessions;
//! api/compliance/apps/chats/messages.

use serde_json::{Map, Value, json};

use crate::call::{Body, Call, Kind, Oddity, Status};
use crate::exchange::Exchange;
use crate::formats::row::{Row, opened};
use crate::formats::{Context, Reason, Record, Rejected, gateway, messages};
use crate::moment::WithoutZone;

/// Where a record says which chat it is of, and holds the messages that it answers.
const CHAT: &str = "assay.chat";
const ASKED: &str = "assay.asked";
/// Where it holds the answer.
const ANSWER: &str = "answer";
/// Why an answer was not kept whose reader went away before its end.
const ABORTED: &str = "client_aborted";
/// What stays the same of a chat however often it is fetched, but for its model: a record fetched again is the same.
const KEPT: [&str; 8] = [
    "id",
    "model",
    "organization_uuid",
    "workspace_id",
    "project_id",
    "user",
    "agent_id",
    "product_surface",
];

/// What a document of a chat becomes.
pub struct Answers {
    /// A record an answer.
    pub records: Vec<Vec<u8>>,
    /// Messages behind the last answer, which none answers.
    unanswered: usize,
}

impl Answers {
    /// What of the document is no call, in words, if anything is.
    pub fn rest(&self) -> Option<String> {
        match (self.unanswered, self.records.is_empty()) {
            (0, true) => Some("a chat without an answer".to_owned()),
            (0, false) => None,
            (1, _) => Some("the last message of a chat, which no answer follows".to_owned()),
            (many, _) => Some(format!("{many} messages of a chat that no answer follows")),
        }
    }
}

/// The answers of a chat's document; `None` where it is none.
pub fn answers(raw: &[u8]) -> Option<Answers> {
    let has = |key: &[u8]| memchr::memmem::find(raw, key).is_some();
    let may_be = has(b"\"chat_messages\"") || (has(b"\"session\"") && has(b"\"data\""));
    if !may_be {
        return None;
    }
    // Half a character, from a text that was cut, is shown with a marker.
    let Value::Object(document) = messages::read(std::str::from_utf8(raw).ok()?)? else {
        return None;
    };
    let (chat, turns) = chat(&document)?;
    let mut told = Answers {
        records: Vec::new(),
        unanswered: 0,
    };
    let mut asked: Vec<Value> = Vec::new();
    // A page may be asked for with what is newest first; else its order is kept, whatever the times say.
    let is_newest_first = created_of(turns.first()) > created_of(turns.last());
    let ordered: Vec<&Value> = match is_newest_first {
        true => turns.iter().rev().collect(),
        false => turns.iter().collect(),
    };
    for message in ordered {
        // What a client sent as an answer of before was given by no call of the chat.
        let is_answer = message.get("role").and_then(Value::as_str) == Some("assistant")
            && !matches!(
                provenance(message),
                Some("client_asserted" | "synthetic_marker")
            );
        if is_answer {
            let record = json!({ CHAT: chat, ASKED: std::mem::take(&mut asked), ANSWER: message });
            told.records.push(record.to_string().into_bytes());
        } else {
            asked.push(message.clone());
        }
    }
    told.unanswered = asked.len();
    Some(told)
}

/// What tells a chat or a session, and its messages.
fn chat(document: &Map<String, Value>) -> Option<(Value, &Vec<Value>)> {
    let (of, messages) = match document.get("chat_messages") {
        Some(messages) => (document, messages),
        None => (document.get("session")?.as_object()?, document.get("data")?),
    };
    let messages = messages.as_array()?;
    let is_message = |message: &Value| message.get("role").is_some();
    let kept = KEPT
        .into_iter()
        .filter_map(|key| Some((key.to_owned(), of.get(key)?.clone())))
        .filter(|(_, value)| !value.is_null())
        .collect();
    (of.contains_key("id") && messages.iter().all(is_message))
        .then_some((Value::Object(kept), messages))
}

fn created_of(message: Option<&Value>) -> Option<&str> {
    message?.get("created_at")?.as_str()
}

/// How a message came to be, where Anthropic did not take it down itself.
fn provenance(message: &Value) -> Option<&str> {
    message.pointer("/provenance/type")?.as_str()
}

/// Why the content of a message is not there, if it isn't.
fn unavailable(message: &Value) -> Option<&str> {
    let is_flagged = message.get("content_unavailable") == Some(&Value::Bool(true));
    let reason = message
        .pointer("/provenance/reason")
        .and_then(Value::as_str);
    match provenance(message) {
        Some("content_unavailable") => Some(reason.unwrap_or_default()),
        _ => is_flagged.then_some(""),
    }
}

/// Whether a record with these keys is an answer of a chat.
pub(super) fn is_answer(has: impl Fn(&str) -> bool) -> bool {
    has(CHAT) && has(ANSWER)
}

/// Reads an answer of a chat.
///
/// # Errors
/// [`Rejected`].
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let mut row = Row::read(text)?;
    if !is_answer(|key| row.has(key)) {
        return Err(Rejected::new(Reason::FormatUnknown, "no answer of a chat"));
    }
    let id = row.text_at(&[ANSWER, "id"]);
    let Some(id) = id else {
        return Err(Rejected::new(Reason::FieldMissing, "`id` of the answer"));
    };
    let reason = row.value(ANSWER).and_then(unavailable).map(str::to_owned);
    let is_aborted = reason.as_deref() == Some(ABORTED);
    let status = if is_aborted {
        Status::Error
    } else {
        Status::Ok
    };
    let mut call = Call::new(Kind::ClaudeEnterprise, status);
    call.error_type = is_aborted.then(|| ABORTED.to_owned());
    let asked = row.value(ASKED).and_then(Value::as_array);
    let asked_at = created_of(asked.and_then(|turns| turns.last()));
    let at = asked_at
        .map(str::to_owned)
        .or_else(|| row.text_at(&[ANSWER, "created_at"]));
    row.add("at", json!(at));
    call.started_at_ms = row.time("at", WithoutZone::IsUtc, context.now_ms);
    call.response_model = row.text_at(&[ANSWER, "model"]);
    call.request_model = row
        .text_at(&[CHAT, "model"])
        .or_else(|| call.response_model.clone());
    call.conversation_id = row.text_at(&[CHAT, "id"]);
    call.account = row.text_at(&[CHAT, "organization_uuid"]);
    let user = row.text_at(&[CHAT, "user", "id"]);
    call.principal = row
        .text_at(&[CHAT, "user", "email_address"])
        .or_else(|| user.clone())
        .or_else(|| row.text_at(&[CHAT, "agent_id"]));
    let application = row.text_at(&[CHAT, "product_surface"]);
    let application = application.unwrap_or_else(|| "claude-ai".to_owned());
    for (name, value) in [
        ("application", Some(application)),
        ("user_id", user),
        ("project_id", row.text_at(&[CHAT, "project_id"])),
        ("workspace_id", row.text_at(&[CHAT, "workspace_id"])),
        ("agent", row.text_at(&[CHAT, "agent_id"])),
    ] {
        if let Some(value) = value {
            call.metadata.insert(name.to_owned(), value);
        }
    }
    call.request_ids.insert("chat_message_id".to_owned(), id);
    let said = said(&row);
    call.body = match reason {
        Some(_) => Body::Missing,
        None => Body::Present,
    };
    if is_missing_some(&row) {
        row.odd(Oddity::BodyUnreadable);
    }
    gateway::used(said.request.as_ref(), &mut call);
    call.oddities.append(&mut row.oddities);
    Ok(Record::Call(Box::new(call)))
}

/// What was asked, and the answer.
pub fn exchange(text: &str) -> Exchange {
    Row::read(text).map_or_else(|_| Exchange::default(), |row| said(&row))
}

fn said(row: &Row) -> Exchange {
    let asked = row.value(ASKED).and_then(Value::as_array);
    let asked = asked.into_iter().flatten();
    let is_said = |message: &&Value| provenance(message) != Some("synthetic_marker");
    let turns: Vec<Value> = asked.filter(is_said).map(turn).collect();
    Exchange {
        request: (!turns.is_empty()).then(|| json!({ "messages": turns })),
        response: row.value(ANSWER).map(turn),
        references: Vec::new(),
    }
}

/// A message in Messages form, its files and artifacts by their names.
fn turn(message: &Value) -> Value {
    let list = |key: &str| {
        let items = message.get(key).and_then(Value::as_array);
        items.into_iter().flatten()
    };
    let mut blocks: Vec<Value> = match message.get("content") {
        Some(Value::String(text)) => vec![json!({ "type": "text", "text": text })],
        _ => list("content").map(block).collect(),
    };
    for (key, name, kind) in [
        ("files", "filename", "mime_type"),
        ("generated_files", "filename", "mime_type"),
        ("artifacts", "title", "artifact_type"),
    ] {
        blocks.extend(list(key).map(|file| {
            let text = |key: &str| file.get(key).and_then(Value::as_str);
            messages::attachment(text(name), text(kind), None)
        }));
    }
    json!({ "role": message.get("role"), "content": blocks })
}

/// A block in Messages form, where a tool's input is JSON and no text of it.
fn block(block: &Value) -> Value {
    let mut block = block.clone();
    if block.get("type").and_then(Value::as_str) == Some("tool_use")
        && let Some(input) = block.get_mut("input")
        && let Some(inside) = opened(input)
    {
        *input = inside;
    }
    block
}

/// Whether a block was shortened or a message that was asked left out by who gave them.
fn is_missing_some(row: &Row) -> bool {
    let is = |value: &Value, key: &str| value.get(key) == Some(&Value::Bool(true));
    let is_shortened = |message: &Value| {
        let mut blocks = message
            .get("content")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        blocks.any(|block| is(block, "truncated"))
    };
    let mut asked = row
        .value(ASKED)
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    row.value(ANSWER).is_some_and(is_shortened)
        || asked.any(|message| unavailable(message).is_some() || is_shortened(message))
}
