//! Operators: what becomes of an entity that was found.
//!
//! In: the text of an entity, the operator of its type, the numbering of a conversation. Out: what
//! stands in its place. Not here: finding (`detect`) and which type gets which operator (`policy`).

use std::collections::HashMap;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// What is done to an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operator", rename_all = "snake_case", deny_unknown_fields)]
pub enum Operator {
    /// A typed placeholder, the same for the same value within a conversation.
    Replace,
    /// Each letter and digit becomes `with`; the last `keep_last` stay. Secrets keep none.
    Mask {
        #[serde(default = "star")]
        with: char,
        #[serde(default)]
        keep_last: usize,
    },
    /// Removed whole.
    Redact,
    /// HMAC-SHA-256 under the caller's key, 16 hexadecimal digits.
    Hash,
    /// Left as it is, and still counted.
    Keep,
}

const fn star() -> char {
    '*'
}

impl Operator {
    /// The name in a policy.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Replace => "replace",
            Self::Mask { .. } => "mask",
            Self::Redact => "redact",
            Self::Hash => "hash",
            Self::Keep => "keep",
        }
    }
}

/// Gives the values of one conversation their numbers, so that `[PERSON_2]` stays the same person.
#[derive(Debug, Default)]
pub struct Numbering {
    given: HashMap<(String, [u8; 32]), u32>,
    last: HashMap<String, u32>,
}

impl Numbering {
    fn number(&mut self, entity_type: &str, value: &str) -> u32 {
        use sha2::Digest;
        // The digest, not the value: a numbering holds no personal data.
        let digest: [u8; 32] = Sha256::digest(folded(value).as_bytes()).into();
        if let Some(number) = self.given.get(&(entity_type.to_owned(), digest)) {
            return *number;
        }
        let last = self.last.entry(entity_type.to_owned()).or_insert(0);
        *last += 1;
        self.given.insert((entity_type.to_owned(), digest), *last);
        *last
    }
}

/// The same value in another case or with other separators is the same value.
fn folded(value: &str) -> String {
    value
        .chars()
        .filter(|character| character.is_alphanumeric() || *character == '@')
        .flat_map(char::to_lowercase)
        .collect()
}

/// Returns what stands in place of `value`.
pub fn apply(
    operator: &Operator,
    value: &str,
    entity_type: &str,
    is_secret: bool,
    key: &[u8],
    numbering: &mut Numbering,
) -> String {
    match operator {
        Operator::Replace => format!("[{entity_type}_{}]", numbering.number(entity_type, value)),
        Operator::Redact => String::new(),
        Operator::Keep => value.to_owned(),
        Operator::Hash => format!("[{entity_type}:{}]", keyed_hash(value, key)),
        Operator::Mask { with, keep_last } => {
            mask(value, *with, if is_secret { 0 } else { *keep_last })
        }
    }
}

fn mask(value: &str, with: char, keep_last: usize) -> String {
    let total = value
        .chars()
        .filter(|character| character.is_alphanumeric())
        .count();
    // Never more than a third shows, whatever the policy says.
    let keep = keep_last.min(total / 3);
    let mut seen = 0;
    value
        .chars()
        .map(|character| {
            if !character.is_alphanumeric() {
                return character;
            }
            seen += 1;
            if seen > total - keep { character } else { with }
        })
        .collect()
}

fn keyed_hash(value: &str, key: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return "0".repeat(16);
    };
    mac.update(value.as_bytes());
    hex::encode(&mac.finalize().into_bytes()[..8])
}
