//! Which features a request used, from its Messages or Converse body.
//!
//! The body is searched for the keys that matter first, and read only where one is there: most
//! bodies hold none of them. A key inside a prompt's text is escaped there and does not count.

use serde_json::Value;

use crate::call::{Feature, Features};
use crate::formats::fields;

/// Keys and values that matter, from behind their opening quote on.
const MARKS: [&str; 14] = [
    "tools\"",
    "toolConfig\"",
    "container\"",
    "mcp_servers\"",
    "thinking\"",
    "cache_control\"",
    "cachePoint\"",
    "image\"",
    "image_url\"",
    "document\"",
    "file_id\"",
    "output_config\"",
    "output_format\"",
    "guardrailConfig\"",
];

/// Adds what the request body `text` (JSON) used.
pub(super) fn of_request(text: &str, features: &mut Features) {
    if !fields::has_quoted(text, &MARKS) {
        return;
    }
    if let Ok(body) = serde_json::from_str::<Value>(text) {
        of_body(&body, features);
    }
}

/// Adds what a request body used.
pub(super) fn of_body(body: &Value, features: &mut Features) {
    let Some(fields) = body.as_object() else {
        return;
    };
    for (key, value) in fields {
        let given = !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty());
        match key.as_str() {
            "tools" if given => of_tools(value, features),
            "toolConfig" if given => features.insert(Feature::Tools),
            "container" if given => features.insert(Feature::Container),
            "mcp_servers" if given => features.insert(Feature::McpServers),
            "thinking"
                if given && value.get("type").and_then(Value::as_str) != Some("disabled") =>
            {
                features.insert(Feature::Thinking);
            }
            "output_config" | "output_format" if given => {
                features.insert(Feature::StructuredOutput)
            }
            "guardrailConfig" if given => features.insert(Feature::Guardrail),
            "cache_control" if given => features.insert(Feature::PromptCaching),
            "additionalModelRequestFields" => of_body(value, features),
            "messages" | "system" => of_blocks(value, features, 0),
            _ => {}
        }
    }
}

fn of_tools(tools: &Value, features: &mut Features) {
    features.insert(Feature::Tools);
    for tool in tools.as_array().into_iter().flatten() {
        let kind = tool.get("type").and_then(Value::as_str).unwrap_or_default();
        if kind.starts_with("code_execution_") {
            features.insert(Feature::CodeExecution);
        } else if kind.starts_with("web_search_") {
            features.insert(Feature::WebSearch);
        } else if kind.starts_with("web_fetch_") {
            features.insert(Feature::WebFetch);
        }
        if tool
            .get("cache_control")
            .is_some_and(|value| !value.is_null())
        {
            features.insert(Feature::PromptCaching);
        }
    }
}

/// Looks at content blocks; never inside a tool's input, where any key may stand.
fn of_blocks(value: &Value, features: &mut Features, depth: usize) {
    if depth > 6 {
        return;
    }
    match value {
        Value::Array(items) => items
            .iter()
            .for_each(|item| of_blocks(item, features, depth + 1)),
        Value::Object(fields) => {
            match fields.get("type").and_then(Value::as_str) {
                // Gateways keep the words of OpenAI's API.
                Some("image" | "image_url") => features.insert(Feature::Image),
                Some("document") => features.insert(Feature::Document),
                Some("container_upload") => features.insert(Feature::FileReference),
                _ => {}
            }
            for (key, value) in fields {
                match key.as_str() {
                    "content" | "toolResult" => of_blocks(value, features, depth + 1),
                    "image" if value.is_object() => features.insert(Feature::Image),
                    "document" if value.is_object() => features.insert(Feature::Document),
                    "cache_control" | "cachePoint" if !value.is_null() => {
                        features.insert(Feature::PromptCaching)
                    }
                    "source" if value.get("type").and_then(Value::as_str) == Some("file") => {
                        features.insert(Feature::FileReference);
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// Adds what the model's name tells: Covered Models are served only with retention
/// (`handling.md` §1.2, as of 2026-08-22).
pub(super) fn of_model(model: Option<&str>, features: &mut Features) {
    // Each call is asked: the name is gone through once.
    let covered = |name: &str| {
        name.match_indices("claude-").any(|(at, _)| {
            let rest = &name[at + "claude-".len()..];
            rest.starts_with("fable-5") || rest.starts_with("mythos-5")
        })
    };
    if model.is_some_and(covered) {
        features.insert(Feature::CoveredModel);
    }
}
