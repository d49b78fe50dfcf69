//! The text of a call: request and response, brought to the Messages form of the Claude API
//! whatever the source's dialect, and the list of their text-bearing fields.
//!
//! In: a record's bodies, translated by its format. Out: [`Exchange`], [`Part`]s with a JSON
//! pointer each, so that redaction can change a field in place. Not here: reading records.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How text is read from records. Raised where the same bytes come to other text, so that calls that were
/// searched by an earlier way of reading are searched again.
pub const READING: u32 = 5;

/// A call's request and response. `Debug` is not derived: it holds prompt text.
#[derive(Clone, Default, PartialEq)]
pub struct Exchange {
    /// A Messages request body (`model`, `system`, `messages`, `tools`, `max_tokens` …), or `None`
    /// where the source kept none.
    pub request: Option<Value>,
    /// A Messages response (`content`, `stop_reason`, `usage` …), or `None`.
    pub response: Option<Value>,
    /// References to bodies kept elsewhere, as recorded (`s3://…`).
    pub references: Vec<String>,
}

/// Which text-bearing field a [`Part`] is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    System,
    UserMessage,
    AssistantMessage,
    ToolDefinition,
    ToolInput,
    ToolResult,
    Thinking,
    Document,
    Metadata,
    Response,
    ResponseToolInput,
    ResponseThinking,
}

impl Field {
    /// Every field, in reading order.
    pub const ALL: [Self; 12] = [
        Self::System,
        Self::UserMessage,
        Self::AssistantMessage,
        Self::ToolDefinition,
        Self::ToolInput,
        Self::ToolResult,
        Self::Thinking,
        Self::Document,
        Self::Metadata,
        Self::Response,
        Self::ResponseToolInput,
        Self::ResponseThinking,
    ];

    /// The name in JSON and in findings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::UserMessage => "user_message",
            Self::AssistantMessage => "assistant_message",
            Self::ToolDefinition => "tool_definition",
            Self::ToolInput => "tool_input",
            Self::ToolResult => "tool_result",
            Self::Thinking => "thinking",
            Self::Document => "document",
            Self::Metadata => "metadata",
            Self::Response => "response",
            Self::ResponseToolInput => "response_tool_input",
            Self::ResponseThinking => "response_thinking",
        }
    }

    /// Whether the field was sent to the model (as against answered by it).
    pub const fn is_request(self) -> bool {
        !matches!(
            self,
            Self::Response | Self::ResponseToolInput | Self::ResponseThinking
        )
    }
}

/// How a [`Part`] is written in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    Text,
    Number,
    /// `true`, `false`, `null`, and what holds nothing: `""`, `[]`, `{}`.
    Literal,
}

/// A step into a JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Name(String),
    Place(usize),
}

/// One piece of text of an exchange, or one value of a tool's input.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    pub field: Field,
    /// Where it stands: a JSON pointer (RFC 6901) into the request or the response.
    pub pointer: String,
    /// Which turn it belongs to, from 0; `None` for system and the response.
    pub turn: Option<usize>,
    /// The tool's or the document's name, where there is one.
    pub label: Option<String>,
    pub text: String,
    /// Only a tool's input holds what is no text.
    pub written: Written,
}

impl Part {
    /// Where a tool's input stands that this is a value of, and where in it: JSON pointers. `None` for
    /// what is no value of a tool's input.
    pub fn input(&self) -> Option<(&str, &str)> {
        const INPUT: &str = "/input";
        if !matches!(self.field, Field::ToolInput | Field::ResponseToolInput) {
            return None;
        }
        // In front of it stand names of the Messages form alone, and none of them begins so.
        let end = self.pointer.find(INPUT)? + INPUT.len();
        Some(self.pointer.split_at(end))
    }

    /// The name that the text stands under in a tool's input or in metadata; an item of a list stands
    /// under the list's. `None` for what people and models say.
    pub fn name(&self) -> Option<String> {
        let inside = match self.field {
            Field::ToolInput | Field::ResponseToolInput => self.pointer.rsplit_once("/input/")?.1,
            Field::Metadata => self.pointer.as_str(),
            _ => return None,
        };
        name_at(inside)
    }

    /// Whether what is said goes on in the next part: content blocks of one message, or messages of one
    /// sender that follow each other. Not what stands under a name of its own.
    pub fn goes_on_in(&self, next: &Self) -> bool {
        let is_said = !matches!(
            self.field,
            Field::ToolInput | Field::ResponseToolInput | Field::ToolDefinition | Field::Metadata
        );
        is_said
            && self.field == next.field
            && (list_of(self) == list_of(next) || follows(self, next))
    }
}

/// The list of blocks that a part is one of, and what it is called in its block.
fn list_of(part: &Part) -> Option<(&str, &str)> {
    let (block, key) = part.pointer.rsplit_once('/')?;
    let (list, place) = block.rsplit_once('/')?;
    place.parse::<usize>().ok().map(|_| (list, key))
}

/// Whether both are what one sender says in messages that follow each other.
fn follows(one: &Part, next: &Part) -> bool {
    let is_text = matches!(
        one.field,
        Field::UserMessage | Field::AssistantMessage | Field::System
    );
    is_text
        && one
            .turn
            .zip(next.turn)
            .is_some_and(|(one, next)| one + 1 == next)
}

/// The name that what lies at a JSON pointer stands under; an item of a list stands under the list's.
pub fn name_at(pointer: &str) -> Option<String> {
    pointer
        .rsplit('/')
        .find(|step| step.parse::<usize>().is_err())
        .filter(|step| !step.is_empty())
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
}

impl Exchange {
    /// What can hold something about somebody, in reading order: system, tools, messages, response. Each
    /// text that is not empty, and each number of a tool's input.
    pub fn parts(&self) -> Vec<Part> {
        let mut parts = self.everything();
        parts.retain(|part| part.written != Written::Literal);
        parts
    }

    /// The texts among [`Exchange::parts`].
    pub fn texts(&self) -> Vec<Part> {
        let mut parts = self.everything();
        parts.retain(|part| part.written == Written::Text);
        parts
    }

    /// Where in a tool's input a value stands, from the input on; empty for what is no value of one, and
    /// for an input that is one value.
    pub fn steps(&self, part: &Part) -> Vec<Step> {
        let body = if part.field.is_request() {
            &self.request
        } else {
            &self.response
        };
        let found = part.input().zip(body.as_ref());
        let Some(((input, inside), body)) = found else {
            return Vec::new();
        };
        let mut at = body.pointer(input);
        let mut steps = Vec::new();
        for step in inside.split('/').skip(1) {
            if let Some(Value::Array(items)) = at {
                let place = step.parse().unwrap_or_default();
                at = items.get(place);
                steps.push(Step::Place(place));
            } else {
                let name = step.replace("~1", "/").replace("~0", "~");
                at = at.and_then(|value| value.get(&name));
                steps.push(Step::Name(name));
            }
        }
        steps
    }

    /// As [`Exchange::parts`], with what of a tool's input can hold nothing about anybody: all that there
    /// is to see of a call.
    pub fn everything(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        if let Some(request) = &self.request {
            of_request(request, &mut parts);
        }
        if let Some(response) = &self.response {
            let names = [
                Field::Response,
                Field::ResponseToolInput,
                Field::ToolResult,
                Field::ResponseThinking,
            ];
            of_content(response.get("content"), "/content", names, None, &mut parts);
        }
        parts
    }

    /// Kinds of content that hold no text to search: images and documents, with their number.
    pub fn unsearchable(&self) -> Vec<(&'static str, usize)> {
        let count = |kind: &str| {
            [&self.request, &self.response]
                .into_iter()
                .flatten()
                .map(|body| blocks_of_kind(body, kind))
                .sum::<usize>()
        };
        ["image", "document", "container_upload"]
            .into_iter()
            .map(|kind| (kind, count(kind)))
            .filter(|(_, count)| *count > 0)
            .collect()
    }
}

fn blocks_of_kind(value: &Value, kind: &str) -> usize {
    match value {
        Value::Array(items) => items.iter().map(|item| blocks_of_kind(item, kind)).sum(),
        Value::Object(fields) => {
            let is_kind = fields.get("type").and_then(Value::as_str) == Some(kind);
            // A document given as text is searched like any other text.
            let as_text = matches!(
                value.pointer("/source/type").and_then(Value::as_str),
                Some("text" | "content")
            );
            usize::from(is_kind && !as_text)
                + ["content", "messages", "source", "system"]
                    .iter()
                    .filter_map(|key| fields.get(*key))
                    .map(|inner| blocks_of_kind(inner, kind))
                    .sum::<usize>()
        }
        _ => 0,
    }
}

fn push(
    parts: &mut Vec<Part>,
    field: Field,
    pointer: String,
    turn: Option<usize>,
    label: Option<String>,
    text: &str,
) {
    if !text.is_empty() {
        parts.push(Part {
            field,
            pointer,
            turn,
            label,
            text: text.to_owned(),
            written: Written::Text,
        });
    }
}

fn of_request(request: &Value, parts: &mut Vec<Part>) {
    let system = [
        Field::System,
        Field::ToolInput,
        Field::ToolResult,
        Field::Thinking,
    ];
    of_content(request.get("system"), "/system", system, None, parts);
    for (index, tool) in request
        .get("tools")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
    {
        let label = tool.get("name").and_then(Value::as_str).map(str::to_owned);
        if let Some(text) = tool.get("description").and_then(Value::as_str) {
            push(
                parts,
                Field::ToolDefinition,
                format!("/tools/{index}/description"),
                None,
                label,
                text,
            );
        }
    }
    if let Some(user) = request.pointer("/metadata/user_id").and_then(Value::as_str) {
        push(
            parts,
            Field::Metadata,
            "/metadata/user_id".to_owned(),
            None,
            None,
            user,
        );
    }
    for (turn, message) in request
        .get("messages")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .enumerate()
    {
        let text = match message.get("role").and_then(Value::as_str) {
            Some("assistant") => Field::AssistantMessage,
            Some("system") => Field::System,
            _ => Field::UserMessage,
        };
        let names = [text, Field::ToolInput, Field::ToolResult, Field::Thinking];
        of_content(
            message.get("content"),
            &format!("/messages/{turn}/content"),
            names,
            Some(turn),
            parts,
        );
    }
}

/// `names`: what plain text, a tool's input, a tool's result and thinking are called here.
fn of_content(
    content: Option<&Value>,
    at: &str,
    names: [Field; 4],
    turn: Option<usize>,
    parts: &mut Vec<Part>,
) {
    let [text_field, input_field, result_field, thinking_field] = names;
    match content {
        Some(Value::String(text)) => push(parts, text_field, at.to_owned(), turn, None, text),
        Some(Value::Array(blocks)) => {
            for (index, block) in blocks.iter().enumerate() {
                let at = format!("{at}/{index}");
                let label = ["name", "title"]
                    .iter()
                    .find_map(|key| Some(block.get(*key)?.as_str()?.to_owned()));
                let kind = block.get("type").and_then(Value::as_str).unwrap_or("text");
                match kind {
                    "tool_use" | "server_tool_use" | "mcp_tool_use" => {
                        if let Some(input) = block.get("input") {
                            of_leaves(
                                input,
                                format!("{at}/input"),
                                input_field,
                                turn,
                                label.as_ref(),
                                parts,
                            );
                        }
                    }
                    "tool_result" | "mcp_tool_result" => {
                        let names = [result_field, input_field, result_field, thinking_field];
                        of_content(
                            block.get("content"),
                            &format!("{at}/content"),
                            names,
                            turn,
                            parts,
                        );
                    }
                    "thinking" => {
                        if let Some(text) = block.get("thinking").and_then(Value::as_str) {
                            push(
                                parts,
                                thinking_field,
                                format!("{at}/thinking"),
                                turn,
                                None,
                                text,
                            );
                        }
                    }
                    "document" | "search_result" => {
                        for key in ["title", "context"] {
                            if let Some(text) = block.get(key).and_then(Value::as_str) {
                                push(
                                    parts,
                                    Field::Document,
                                    format!("{at}/{key}"),
                                    turn,
                                    None,
                                    text,
                                );
                            }
                        }
                        // A search result holds its text itself, a document may hold blocks too.
                        let names = [Field::Document, input_field, result_field, thinking_field];
                        for inner in ["content", "source/content"] {
                            let content = block.pointer(&format!("/{inner}"));
                            of_content(content, &format!("{at}/{inner}"), names, turn, parts);
                        }
                        if let Some(text) = block.pointer("/source/data").and_then(Value::as_str)
                            && block.pointer("/source/type").and_then(Value::as_str) == Some("text")
                        {
                            push(
                                parts,
                                Field::Document,
                                format!("{at}/source/data"),
                                turn,
                                label,
                                text,
                            );
                        }
                    }
                    _ => {
                        if let Some(text) = block.get("text").and_then(Value::as_str) {
                            push(parts, text_field, format!("{at}/text"), turn, None, text);
                        }
                    }
                }
            }
        }
        _ => {}
    }
}

/// Every value in a tool's input; a name of a key is none.
fn of_leaves(
    value: &Value,
    at: String,
    field: Field,
    turn: Option<usize>,
    label: Option<&String>,
    parts: &mut Vec<Part>,
) {
    let mut leaf = |at: String, text: String, written: Written| {
        parts.push(Part {
            field,
            pointer: at,
            turn,
            label: label.cloned(),
            text,
            written,
        });
    };
    match value {
        Value::String(text) if !text.is_empty() => leaf(at, text.clone(), Written::Text),
        Value::Number(number) => leaf(at, number.to_string(), Written::Number),
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                of_leaves(item, format!("{at}/{index}"), field, turn, label, parts);
            }
        }
        Value::Object(fields) if !fields.is_empty() => {
            for (key, item) in fields {
                let escaped = key.replace('~', "~0").replace('/', "~1");
                of_leaves(item, format!("{at}/{escaped}"), field, turn, label, parts);
            }
        }
        empty => leaf(at, empty.to_string(), Written::Literal),
    }
}
