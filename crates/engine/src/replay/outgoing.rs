//! What of a call's request leaves the engine: the fields that a replay needs and nothing else,
//! with every text of them redacted.
//!
//! In: a request in Messages form, as a log carries it: whatever somebody wrote into it. Out: the
//! request that may be sent, or why none may. Not here: where it may go (`replay`), the wire.

mod left;

use std::collections::HashSet;

use assay_domain::exchange::{Exchange, Field, name_at};
use assay_redact::conversation;
use assay_redact::operators::Numbering;
use assay_redact::policy::Policy;
use assay_redact::redaction::Redacted;
use assay_redact::repeated::Repeated;
use serde_json::{Map, Value};

use crate::masking::{NamedPart, conversation_of};
use left::Looking;

/// Fields that are sent; the backend's own (`model`) come later.
const SENT: [&str; 11] = [
    "max_tokens",
    "messages",
    "output_config",
    "stop_sequences",
    "system",
    "temperature",
    "thinking",
    "tool_choice",
    "tools",
    "top_k",
    "top_p",
];
/// Fields whose absence changes nothing that a person would look for.
const SILENT: [&str; 4] = ["anthropic_version", "model", "service_tier", "stream"];
/// Blocks that are sent.
const BLOCKS: [&str; 6] = [
    "text",
    "image",
    "document",
    "search_result",
    "tool_use",
    "tool_result",
];
/// Keys of a block whose values only hold it together: never changed, since the backend would
/// refuse the request, but looked through like everything else before it is sent.
const STRUCTURE: [&str; 6] = ["type", "role", "id", "tool_use_id", "name", "media_type"];

/// Takes out of `request` what only the original service could carry out or keep, what costs more
/// than the price table tells, and every field that is not known. Answers the names of what was
/// taken out.
///
/// # Errors
/// Why it can't be sent as it stands, in a sentence.
pub(crate) fn strip(request: &mut Value) -> Result<Vec<String>, String> {
    let Some(fields) = request.as_object_mut() else {
        return Err("the request is no object".to_owned());
    };
    let mut removed = Vec::new();
    fields.retain(|name, _| {
        let sent = SENT.contains(&name.as_str());
        if !sent && !SILENT.contains(&name.as_str()) {
            note(&mut removed, plain(name, "a field of unknown name"));
        }
        sent
    });
    if let Some(tools) = fields.get_mut("tools").and_then(Value::as_array_mut) {
        tools.retain(|tool| {
            let kind = tool.get("type").and_then(Value::as_str).unwrap_or("custom");
            if kind != "custom" {
                note(
                    &mut removed,
                    format!("server tool {}", plain(kind, "of unknown name")),
                );
            }
            kind == "custom"
        });
        for tool in tools.iter_mut().filter_map(Value::as_object_mut) {
            uncached(tool, &mut removed);
        }
        if tools.is_empty() {
            fields.remove("tools");
            fields.remove("tool_choice");
        }
    }
    if let Some(system) = fields.get_mut("system") {
        strip_blocks(system, &mut removed)?;
    }
    if let Some(messages) = fields.get_mut("messages").and_then(Value::as_array_mut) {
        for message in messages.iter_mut() {
            if let Some(content) = message.get_mut("content") {
                strip_blocks(content, &mut removed)?;
            }
        }
        messages.retain(|message| {
            message
                .get("content")
                .and_then(Value::as_array)
                .is_none_or(|blocks| !blocks.is_empty())
        });
    }
    match refers_elsewhere(request) {
        Some(refused) => Err(refused.to_owned()),
        None => Ok(removed),
    }
}

fn strip_blocks(content: &mut Value, removed: &mut Vec<String>) -> Result<(), String> {
    let Some(blocks) = content.as_array_mut() else {
        return Ok(());
    };
    let mut refused = None;
    blocks.retain(
        |block| match block.get("type").and_then(Value::as_str).unwrap_or("text") {
            "thinking" | "redacted_thinking" => {
                note(removed, "thinking".to_owned());
                false
            }
            kind if BLOCKS.contains(&kind) => true,
            kind if kind.starts_with("server_tool_")
                || kind.starts_with("mcp_tool_")
                || kind.ends_with("_tool_result") =>
            {
                note(removed, plain(kind, "a server tool"));
                false
            }
            "container_upload" => {
                refused = Some("it refers to a file that only the original service holds");
                true
            }
            _ => {
                refused = Some("it holds a block of a kind that this version does not send");
                true
            }
        },
    );
    if let Some(refused) = refused {
        return Err(refused.to_owned());
    }
    for block in blocks.iter_mut().filter_map(Value::as_object_mut) {
        uncached(block, removed);
        if block.get("citations").is_some_and(Value::is_array) {
            block.remove("citations");
            note(removed, "citations".to_owned());
        }
        if block.get("type").and_then(Value::as_str) != Some("tool_use")
            && let Some(content) = block.get_mut("content")
        {
            strip_blocks(content, removed)?;
        }
    }
    Ok(())
}

/// Writing to a cache costs more than reading the same text.
fn uncached(block: &mut Map<String, Value>, removed: &mut Vec<String>) {
    if block.remove("cache_control").is_some() {
        note(removed, "cache_control".to_owned());
    }
}

fn note(removed: &mut Vec<String>, name: String) {
    if !removed.contains(&name) {
        removed.push(name);
    }
}

/// A name out of a log where it is one; it is shown, and whoever wrote the log chose it.
fn plain(name: &str, otherwise: &str) -> String {
    let is_name = name.len() <= 40
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if is_name {
        name.to_owned()
    } else {
        otherwise.to_owned()
    }
}

/// Why a request can't be sent as it stands: it points at something outside itself.
fn refers_elsewhere(value: &Value) -> Option<&'static str> {
    match value {
        Value::Array(items) => items.iter().find_map(refers_elsewhere),
        Value::Object(fields) => {
            if let Some(source) = fields.get("source").and_then(Value::as_object) {
                match source.get("type").and_then(Value::as_str) {
                    Some("file") => {
                        return Some("it refers to a file that only the original service holds");
                    }
                    Some("url") => return Some("it refers to a file on the web"),
                    _ => {}
                }
            }
            fields.values().find_map(refers_elsewhere)
        }
        _ => None,
    }
}

/// Whether a part of `request` is not text and so can't be searched.
pub(crate) fn holds_bytes(request: &Value) -> bool {
    match request {
        Value::Array(items) => items.iter().any(holds_bytes),
        Value::Object(fields) => {
            fields.get("type").and_then(Value::as_str) == Some("base64")
                || fields.values().any(holds_bytes)
        }
        _ => false,
    }
}

/// The most tokens that the backend can count for `request`; `None` where its pages can't be told.
///
/// A token is at least one byte of UTF-8. What a backend adds for tools, and an image that is small
/// in bytes and large in points, are on top.
pub(crate) fn most_tokens(request: &Value) -> Option<u64> {
    const ADDED: u64 = 1_000;
    const IMAGE: u64 = 5_000;
    let (images, documents) = counted(request);
    (documents == 0).then(|| request.to_string().len() as u64 + ADDED + images * IMAGE)
}

/// Images, and documents that are not text.
fn counted(value: &Value) -> (u64, u64) {
    let sum = |a: (u64, u64), b: (u64, u64)| (a.0 + b.0, a.1 + b.1);
    match value {
        Value::Array(items) => items.iter().map(counted).fold((0, 0), sum),
        Value::Object(fields) => {
            let own = match fields.get("type").and_then(Value::as_str) {
                Some("image") => (1, 0),
                Some("document")
                    if value.pointer("/source/type").and_then(Value::as_str) == Some("base64") =>
                {
                    (0, 1)
                }
                _ => (0, 0),
            };
            fields.values().map(counted).fold(own, sum)
        }
        _ => (0, 0),
    }
}

/// Redacts every text of `request`: the fields that a preview shows, in its order, and then
/// whatever else stands in it, names of fields and numbers of a tool's input included. Answers how
/// many entities were treated. A field is treated as the policy says of it in the deployment that
/// the call is of, whatever is no field as strictly as any.
///
/// # Errors
/// A sentence where something is left that the policy does not keep.
pub(crate) fn redact_all(
    request: &mut Value,
    policy: &Policy,
    deployment: &str,
    key: &[u8],
) -> Result<u64, String> {
    let own = Exchange {
        request: Some(request.clone()),
        ..Exchange::default()
    };
    let deployment = Some(deployment);
    let mut treating = Treating {
        whole: policy.anywhere(deployment),
        key,
        numbering: Numbering::default(),
        repeated: Repeated::default(),
        done: HashSet::new(),
        written: Vec::new(),
        entities: 0,
    };
    let parts = NamedPart::all(&own);
    let said = |field: Field| policy.within(Some(field.name()), deployment);
    let texts = conversation_of(&parts, said);
    let (redacted, repeated) = conversation::redact_and_rest(&texts, key, &mut treating.numbering);
    treating.repeated = repeated;
    for ((named, text), redacted) in parts.iter().zip(&texts).zip(redacted) {
        if let Some(left) = request.pointer_mut(&named.part.pointer) {
            let treated = treating.noted(text.policy, redacted);
            // A number in which nothing was found stays one.
            if left.is_string() || treated != named.part.text {
                *left = treated.into();
            }
            treating.done.insert(named.part.pointer.clone());
        }
    }
    treating.rest(request, "", false);
    let left = Looking::at(request, policy, deployment, &treating.written);
    if left.is_left(request, "") || Looking::is_parted(request, &said) {
        Err("personal data is left after redaction".to_owned())
    } else {
        Ok(treating.entities)
    }
}

struct Treating<'a> {
    /// For what is no field.
    whole: &'a Policy,
    key: &'a [u8],
    numbering: Numbering,
    /// What the fields prove, for what is no field.
    repeated: Repeated,
    /// Pointers of texts that were treated: none is treated twice.
    done: HashSet<String>,
    /// What was written that has the form of a value: it is found, and is not what was there.
    written: Vec<String>,
    entities: u64,
}

impl Treating<'_> {
    fn text(&mut self, text: &str) -> String {
        self.by(self.whole, None, text)
    }

    fn by(&mut self, policy: &Policy, name: Option<&str>, text: &str) -> String {
        let (repeated, numbering) = (&self.repeated, &mut self.numbering);
        let redacted =
            conversation::redact_beside(repeated, name, text, policy, self.key, numbering);
        self.noted(policy, redacted)
    }

    /// The text, after what was treated in it was counted.
    fn noted(&mut self, policy: &Policy, redacted: Redacted) -> String {
        for segment in redacted.segments {
            let entity = segment.entity.filter(|_| segment.after != segment.before);
            if let Some(entity) = entity {
                self.entities += 1;
                if policy.operator(&entity.entity_type).writes_values() {
                    self.written.push(segment.after);
                }
            }
        }
        redacted.text
    }

    /// `free`: inside a tool's input or a schema, where every key and value is somebody's own.
    fn rest(&mut self, value: &mut Value, at: &str, free: bool) {
        match value {
            Value::String(text) if !self.done.contains(at) => *text = self.text(text),
            Value::Number(number) if free && !self.done.contains(at) => {
                let written = number.to_string();
                let treated = self.by(self.whole, name_at(at).as_deref(), &written);
                if treated != written {
                    *value = treated.into();
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.rest(item, &format!("{at}/{index}"), free);
                }
            }
            Value::Object(fields) => self.fields(fields, at, free),
            _ => {}
        }
    }

    fn fields(&mut self, fields: &mut Map<String, Value>, at: &str, free: bool) {
        let kind = fields
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        for (name, mut inner) in std::mem::take(fields) {
            let untouched = inner.is_string()
                && (!free
                    && (STRUCTURE.contains(&name.as_str())
                        || (name == "data" && kind == "base64"))
                    || is_dialect(&name, &inner));
            if !untouched {
                let own = matches!(name.as_str(), "input_schema" | "schema")
                    || (name == "input" && kind == "tool_use");
                self.rest(&mut inner, &below(at, &name), free || own);
            }
            let mut name = if free { self.text(&name) } else { name };
            while fields.contains_key(&name) {
                name.push('_');
            }
            fields.insert(name, inner);
        }
    }
}

/// The JSON pointer of a field below `at`.
fn below(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Whether it names the JSON Schema that a schema is written in: an address, and nobody's.
fn is_dialect(name: &str, value: &Value) -> bool {
    name == "$schema"
        && value.as_str().is_some_and(|text| {
            text.starts_with("http://json-schema.org/")
                || text.starts_with("https://json-schema.org/")
        })
}

#[cfg(test)]
mod tests;
