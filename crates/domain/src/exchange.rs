//! The text of a call: request and response, brought to the Messages form of the Claude API
//! whatever the source's dialect, and the list of their text-bearing fields.
//!
//! In: a record's bodies, translated by its format. Out: [`Exchange`], [`Part`]s with a JSON
//! pointer each, so that redaction can change a field in place. Not here: reading records.

use serde::{Deserialize, Serialize};
use serde_json::Value;

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

/// One piece of text of an exchange.
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
}
