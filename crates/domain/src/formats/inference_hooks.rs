//! Frames of Claude Enterprise's inference hooks: what Anthropic sends to an organisation's own security server
//! before a prompt reaches the model (`prompt`) and before tools run that an answer asks for (`tool_call`), where that
//! server keeps them.
//!
//! In: a frame as it was received. Out: a call. Whether a prompt was allowed and answered its frame doesn't say: nobody
//! knows that it succeeded. A frame has no time either; the server was told it in the header `webhook-timestamp`, which
//! is read where it was kept beside the frame's own keys. Not here: verdicts, which are the server's own.
//!
//! Source: platform.claude.com, manage-claude/inference-hooks-endpoint. Of `tool_call` only that its last message holds
//! the tools' calls was seen described.

use serde_json::{Value, json};

use crate::call::{Body, Call, Kind, Oddity, Status};
use crate::exchange::Exchange;
use crate::formats::row::Row;
use crate::formats::{Context, Reason, Record, Rejected, gateway, messages};
use crate::moment;

/// When the frame was signed, in seconds since 1970.
const SIGNED: &str = "webhook-timestamp";
/// The application of frames that only try whether the server answers.
const TEST: &str = "config-test";

/// Whether a record with these keys is a frame.
pub(super) fn is_frame(has: impl Fn(&str) -> bool) -> bool {
    ["type", "request_id", "actor", "source", "messages"]
        .into_iter()
        .all(has)
}

/// The name of a frame's own id. The vendor calls it opaque: that the API gave it to the request as well is not said, so
/// that it joins no record of another source.
pub(super) const ID: &str = "hook_request_id";

/// Reads a frame.
///
/// # Errors
/// [`Rejected`]; [`Reason::NoCall`] for a test of the connection and for an event that is not known.
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let mut row = Row::read(text)?;
    if !is_frame(|key| row.has(key)) {
        return Err(Rejected::new(
            Reason::FormatUnknown,
            "no `type`, `request_id`, `actor`, `source` or `messages`",
        ));
    }
    let application = row.text_at(&["source", "application"]);
    if application.as_deref() == Some(TEST) {
        return Err(Rejected::new(Reason::NoCall, "a test of the connection"));
    }
    let status = match row.text("type").as_deref() {
        Some("prompt") => Status::Error,
        // It holds the answer, which asks for tools.
        Some("tool_call") => Status::Ok,
        _ => {
            let what = "an event of an inference hook that is not known here";
            return Err(Rejected::new(Reason::NoCall, what));
        }
    };
    let mut call = Call::new(Kind::ClaudeEnterprise, status);
    if status == Status::Error {
        call.error_type = Some(Call::NO_OUTCOME.to_owned());
    }
    call.started_at_ms = signed_at(&mut row, context.now_ms);
    call.request_model = row.text("model");
    call.conversation_id = row.text("session_id");
    call.account = row.text("tenant_id");
    gateway::metadata(row.value("metadata"), &mut call);
    let id = row.text_at(&["actor", "id"]);
    call.principal = row
        .text_at(&["actor", "email_address"])
        .or_else(|| id.clone());
    for (name, value) in [("application", application), ("user_id", id)] {
        if let Some(value) = value {
            call.metadata.insert(name.to_owned(), value);
        }
    }
    if let Some(id) = row.text("request_id") {
        call.request_ids.insert(ID.to_owned(), id);
    }
    let said = said(&row);
    call.body = match said.request.is_some() || said.response.is_some() {
        true => Body::Present,
        false => Body::Missing,
    };
    gateway::used(said.request.as_ref(), &mut call);
    call.oddities.append(&mut row.oddities);
    Ok(Record::Call(Box::new(call)))
}

/// The transcript of a frame: what was asked, and of a tool's call the answer that asks for it.
pub fn exchange(text: &str) -> Exchange {
    Row::read(text).map_or_else(|_| Exchange::default(), |row| said(&row))
}

fn signed_at(row: &mut Row, now_ms: i64) -> Option<i64> {
    let Some(text) = row.text(SIGNED) else {
        row.odd(Oddity::TimeMissing);
        return None;
    };
    let read = match text.parse::<i64>() {
        Ok(seconds) => moment::in_range(seconds.saturating_mul(1_000), now_ms),
        Err(_) => Err(Oddity::TimeUnreadable),
    };
    read.map_err(|oddity| row.odd(oddity)).ok()
}

fn said(row: &Row) -> Exchange {
    let turns = row.value("messages").and_then(Value::as_array);
    let mut turns: Vec<Value> = turns.into_iter().flatten().map(turn).collect();
    let is_answered = row.text("type").as_deref() == Some("tool_call");
    let is_answer = |turn: &mut Value| turn.get("role") == Some(&json!("assistant"));
    let answer = match is_answered {
        true => turns.pop_if(is_answer),
        false => None,
    };
    Exchange {
        request: (!turns.is_empty()).then(|| json!({ "messages": turns })),
        response: answer,
        references: Vec::new(),
    }
}

fn turn(message: &Value) -> Value {
    let content = match message.get("content") {
        Some(Value::Array(blocks)) => Value::Array(blocks.iter().map(block).collect()),
        other => other.cloned().unwrap_or(Value::Null),
    };
    json!({ "role": message.get("role"), "content": content })
}

/// A block in Messages form, whose names of tools and attachments are others.
fn block(block: &Value) -> Value {
    let text = |key: &str| block.get(key).and_then(Value::as_str);
    match text("type") {
        Some("attachment") => {
            messages::attachment(text("file_name"), text("media_type"), text("text"))
        }
        Some("tool_use") => {
            let mut fields = block.as_object().cloned().unwrap_or_default();
            if let Some(name) = fields.remove("tool_name") {
                fields.insert("name".to_owned(), name);
            }
            Value::Object(fields)
        }
        _ => block.clone(),
    }
}
