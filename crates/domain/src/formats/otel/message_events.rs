//! Events of single messages of a call: what the conventions before version 1.37 put its text into.
//!
//! In: a log record with its body, or the events inside of a span. Out: messages and answers, in Messages form
//! at the end. An event is a part (`parts`) of the span that it names: one that names none can't be told from
//! those of other calls. Some instrumentations write what a tool gave both as its own message and in that of
//! the user. Not here: the event of an operation's details, which holds all of a call (`otel`).
//!
//! Source: open-telemetry/semantic-conventions v1.36.0, docs/gen-ai/gen-ai-events.md, and v1.27.0,
//! docs/gen-ai/gen-ai-spans.md; what opentelemetry-instrumentation-botocore 0.66b2 writes.

use serde_json::{Map, Value, json};

use super::{attributes, event_name, time_of};
use crate::exchange::Exchange;
use crate::formats::messages;
use crate::formats::row::{Row, is_given, opened};

/// What an event tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// A message to the model, by who said it.
    Message(&'static str),
    /// An answer of the model.
    Choice,
    /// All that was sent, and all that came back: as versions before 1.28 wrote them.
    Prompt,
    Completion,
}

/// What the event with this name tells; `None` for any other.
pub(super) fn of_name(name: &str) -> Option<Said> {
    Some(match name.strip_prefix("gen_ai.")? {
        "system.message" => Said::Message("system"),
        "user.message" => Said::Message("user"),
        "assistant.message" => Said::Message("assistant"),
        "tool.message" => Said::Message("tool"),
        "choice" => Said::Choice,
        "content.prompt" => Said::Prompt,
        "content.completion" => Said::Completion,
        _ => return None,
    })
}

/// A message or an answer in the dialect of OpenAI's API.
pub(super) enum Piece {
    Asked(Vec<Value>),
    Answered {
        message: Value,
        finish: Option<Value>,
    },
}

/// What an event says: its fields stand in its body, in one attribute, or are attributes.
pub(super) fn piece(said: Said, body: Option<Value>, told: &Row) -> Piece {
    let whole = |key: &str| told.value(key).and_then(opened);
    let fields = body
        .or_else(|| whole("gen_ai.event.content"))
        .filter(is_given);
    let fields = match fields {
        Some(Value::Object(fields)) => fields,
        Some(content) => Map::from_iter([("content".to_owned(), content)]),
        None => attributes_of(told),
    };
    match said {
        Said::Message(role) => Piece::Asked(vec![message(role, fields)]),
        Said::Choice => {
            let finish = fields.get("finish_reason").cloned();
            Piece::Answered {
                message: answer(fields),
                finish,
            }
        }
        Said::Prompt => Piece::Asked(match whole("gen_ai.prompt") {
            Some(Value::Array(messages)) => messages,
            Some(content) => vec![json!({ "role": "user", "content": content })],
            None => Vec::new(),
        }),
        Said::Completion => {
            let first = match whole("gen_ai.completion") {
                Some(Value::Array(answers)) => answers.into_iter().next(),
                other => other,
            };
            Piece::Answered {
                message: answer(first.map_or_else(Map::new, |said| {
                    Map::from_iter([("message".to_owned(), said)])
                })),
                finish: None,
            }
        }
    }
}

/// The fields of a message, as far as they are attributes.
fn attributes_of(told: &Row) -> Map<String, Value> {
    [
        "content",
        "role",
        "id",
        "tool_calls",
        "message",
        "finish_reason",
    ]
    .iter()
    .filter_map(|key| Some(((*key).to_owned(), opened(told.value(key)?)?)))
    .collect()
}

/// A message; a role of its own stands before the one that the event is named after.
fn message(role: &str, mut fields: Map<String, Value>) -> Value {
    let own = fields.get("role").and_then(Value::as_str);
    let role = own.unwrap_or(role).to_owned();
    let content = fields.remove("content").map_or(Value::Null, content);
    let mut message = json!({ "role": role, "content": content });
    if role == "tool" {
        message["tool_call_id"] = fields.remove("id").unwrap_or(Value::Null);
    }
    // Where the content is that of the provider's own API, it holds the calls of tools as well.
    if let Some(calls) = fields
        .remove("tool_calls")
        .filter(|_| !calls_tools(&content))
    {
        message["tool_calls"] = calls;
    }
    message
}

/// A choice's message, with the calls of tools that may stand beside it.
fn answer(mut fields: Map<String, Value>) -> Value {
    let beside = fields.remove("tool_calls");
    let mut own = match fields
        .remove("message")
        .or_else(|| fields.remove("content"))
    {
        Some(Value::Object(own)) => own,
        Some(content) => Map::from_iter([("content".to_owned(), content)]),
        None => Map::new(),
    };
    if let (Some(calls), None) = (beside, own.get("tool_calls")) {
        own.insert("tool_calls".to_owned(), calls);
    }
    message("assistant", own)
}

/// Content is a text, blocks, or as Google's API has it an object with its parts.
fn content(value: Value) -> Value {
    let value = match value {
        Value::String(_) => opened(&value).filter(Value::is_array).unwrap_or(value),
        other => other,
    };
    match value {
        Value::Object(mut fields) => match fields.remove("parts") {
            Some(parts) => parts,
            None if fields.is_empty() => Value::Null,
            None => Value::Array(vec![Value::Object(fields)]),
        },
        other => other,
    }
}

fn calls_tools(content: &Value) -> bool {
    let blocks = content.as_array();
    blocks.into_iter().flatten().any(|block| {
        block.get("toolUse").is_some()
            || block.get("type").and_then(Value::as_str) == Some("tool_use")
    })
}

impl Piece {
    /// The piece in Messages form.
    pub(super) fn exchange(self) -> Exchange {
        match self {
            Self::Asked(messages) => Exchange {
                request: asked(messages),
                ..Exchange::default()
            },
            Self::Answered { message, finish } => Exchange {
                response: answered(&message, finish.as_ref()),
                ..Exchange::default()
            },
        }
    }
}

/// What the events inside of a span say: what was sent, and the answer.
pub(super) fn inside(row: &Row) -> (Option<Value>, Option<Value>) {
    let events = row.value("events").and_then(Value::as_array);
    let (mut sent, mut answer) = (Vec::new(), None);
    for event in events.into_iter().flatten() {
        let said = event.get("name").and_then(Value::as_str).and_then(of_name);
        let (Some(said), Some(fields)) = (said, event.as_object()) else {
            continue;
        };
        match piece(said, None, &attributes(&Row::of(fields.clone()))) {
            Piece::Asked(messages) => sent.extend(messages),
            Piece::Answered { message, finish } => {
                let told = answered(&message, finish.as_ref());
                answer = joined(answer, told, &["content"]);
            }
        }
    }
    (asked(sent), answer)
}

/// Where a piece stands among those of its call: when it was written, and of one time what was sent before
/// what was answered. `None` for what is no piece.
pub(super) fn place(row: &Row) -> Option<(u64, u8)> {
    if row.has("startTimeUnixNano") {
        return None;
    }
    let said = of_name(&event_name(row, &attributes(row))?)?;
    let time = row.text(time_of(row)).and_then(|time| time.parse().ok());
    let rank = match said {
        Said::Message("system") | Said::Prompt => 0,
        Said::Message(_) => 1,
        Said::Choice | Said::Completion => 2,
    };
    Some((time.unwrap_or_default(), rank))
}

/// The answer of a piece in Messages form.
fn answered(message: &Value, finish: Option<&Value>) -> Option<Value> {
    let choice = json!({ "choices": [{ "message": message, "finish_reason": finish }] });
    let answer = messages::response_from_chat(choice)?;
    let has_content = answer.get("content").is_some_and(is_given);
    has_content.then_some(answer)
}

/// What was sent of messages, in Messages form.
fn asked(pieces: Vec<Value>) -> Option<Value> {
    let has_text = pieces.iter().any(|piece| {
        ["content", "tool_calls"]
            .iter()
            .any(|key| piece.get(key).is_some_and(is_given))
    });
    let mut request =
        messages::request_from_chat(Value::Array(pieces), None).filter(|_| has_text)?;
    without_twice(&mut request);
    Some(request)
}

/// Puts together what pieces of one call say, in the order in which they were said.
pub(super) fn together(pieces: Vec<Exchange>) -> Exchange {
    let mut whole = Exchange::default();
    for piece in pieces {
        whole.request = joined(whole.request, piece.request, &["system", "messages"]);
        whole.response = joined(whole.response, piece.response, &["content"]);
    }
    if let Some(request) = &mut whole.request {
        without_twice(request);
    }
    whole
}

/// Two bodies as one: the lists under `lists` follow each other, of other fields the last that is given stands.
pub(super) fn joined(first: Option<Value>, next: Option<Value>, lists: &[&str]) -> Option<Value> {
    let (Some(Value::Object(mut first)), Some(Value::Object(next))) = (first.clone(), next.clone())
    else {
        return first.or(next);
    };
    for (key, value) in next {
        match (first.get_mut(&key), value) {
            (Some(Value::Array(items)), Value::Array(more)) if lists.contains(&key.as_str()) => {
                items.extend(more)
            }
            (_, Value::Null) => {}
            (_, value) => {
                first.insert(key, value);
            }
        }
    }
    Some(Value::Object(first))
}

/// Takes out a message that is only what a tool gave, where another message holds that too.
fn without_twice(request: &mut Value) {
    let Some(Value::Array(turns)) = request.get_mut("messages") else {
        return;
    };
    let results = |turn: &Value| -> Vec<String> {
        let blocks = turn.get("content").and_then(Value::as_array);
        let ids = blocks
            .into_iter()
            .flatten()
            .map(|block| block.get("tool_use_id"));
        ids.map(|id| id.and_then(Value::as_str).unwrap_or_default().to_owned())
            .collect()
    };
    let all: Vec<Vec<String>> = turns.iter().map(results).collect();
    let mut place = 0;
    turns.retain(|_| {
        let (own, rest) = (&all[place], &all[place + 1..]);
        place += 1;
        let is_known = |id: &String| !id.is_empty() && rest.iter().any(|later| later.contains(id));
        own.is_empty() || !own.iter().all(is_known)
    });
}
