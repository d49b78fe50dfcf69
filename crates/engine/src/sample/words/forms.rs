//! The forms in which a field of business has its words: a tool, and what is asked with its answers.
//!
//! Not here: the words (`claims`, `support`, `underwriting`).

use serde_json::{Value, json};

/// A tool that the model may use.
#[derive(Clone, Copy)]
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// Names of its inputs, all text.
    pub(crate) inputs: &'static [&'static str],
}

impl Tool {
    /// The JSON Schema of its input.
    pub(crate) fn schema(&self) -> Value {
        let properties: serde_json::Map<String, Value> = self
            .inputs
            .iter()
            .map(|name| ((*name).to_owned(), json!({ "type": "string" })))
            .collect();
        json!({ "type": "object", "properties": properties, "required": self.inputs })
    }
}

/// Something that is asked, with its answers.
pub(crate) type Asked = (&'static str, &'static [&'static str]);
