//! The strings of a JSON value in which a text may go on: content blocks, pieces of a stream.
//!
//! In: strings with where they stand, in the order in which they are redacted. Out: for each the pieces of
//! values that are parted between them. Strings that stand at the same place but for their places in lists
//! go on in each other. Not here: finding the pieces (`conversation`).

use std::collections::HashMap;

use serde_json::Value;

use crate::conversation::{Text, pieces};
use crate::detect::Entity;
use crate::policy::Policy;

/// Names that a piece of a text stands under.
const NAMES: [&str; 8] = [
    "text",
    "content",
    "partial_json",
    "thinking",
    "completion",
    "output_text",
    "arguments",
    "data",
];

/// Whether what stands under a name may be a piece of a text.
pub(crate) fn may_be_piece(name: Option<&str>) -> bool {
    name.is_some_and(|name| NAMES.contains(&name))
}

/// The strings that may be pieces.
#[derive(Default)]
pub(crate) struct Strings(Vec<(String, String)>);

impl Strings {
    /// One more; `kind` is where it stands, without places in lists.
    pub(crate) fn push(&mut self, kind: String, text: String) {
        self.0.push((kind, text));
    }

    /// Those of a value that stands at `kind`, under `name`.
    pub(super) fn of_value(&mut self, value: &Value, name: Option<&str>, kind: &mut String) {
        let length = kind.len();
        match value {
            Value::String(text) if may_be_piece(name) => self.push(kind.clone(), text.clone()),
            Value::Array(items) => {
                kind.push_str("/*");
                for item in items {
                    self.of_value(item, name, kind);
                }
            }
            Value::Object(fields) => {
                for (name, item) in fields {
                    kind.push('/');
                    kind.push_str(name);
                    self.of_value(item, Some(name), kind);
                    kind.truncate(length);
                }
            }
            _ => {}
        }
        kind.truncate(length);
    }

    /// What each holds of values that are parted between them.
    pub(crate) fn parted(&self, policy: &Policy) -> Parted {
        let mut behind = HashMap::new();
        let mut texts: Vec<Text<'_>> = (self.0.iter().enumerate().rev())
            .map(|(place, (kind, text))| {
                let next = behind.insert(kind.as_str(), place);
                Text {
                    name: None,
                    text,
                    policy,
                    goes_on_in: next.filter(|_| kind.contains('*')),
                }
            })
            .collect();
        texts.reverse();
        Parted(pieces(&texts).into_iter())
    }
}

/// The pieces in each string, in order.
pub(crate) struct Parted(std::vec::IntoIter<Vec<Entity>>);

impl Parted {
    /// Those of the next string, which stands under `name`.
    pub(crate) fn next(&mut self, name: Option<&str>) -> Vec<Entity> {
        match may_be_piece(name) {
            true => self.0.next().unwrap_or_default(),
            false => Vec::new(),
        }
    }
}
