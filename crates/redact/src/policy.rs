//! A redaction policy: which operator each entity type gets, and what is always or never an entity.
//!
//! In: TOML. Out: a compiled [`Policy`], or an error that names the line and the key. Not here:
//! which policy is in force (the store), and the key for hashes (the caller).

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use crate::names::Level;
use crate::names::tags::KINDS;
use crate::operators::Operator;
use crate::recognizers::{Category, RecognizerError, Recognizers, Source};

/// The text of the policy that is part of the program.
pub const DEFAULT: &str = include_str!("../data/policies/default.toml");
/// The text of the policy that masks and keeps the last digits.
pub const MASKING: &str = include_str!("../data/policies/masking.toml");

/// Most entries of an allow or a deny list.
const MAX_LIST: usize = 10_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    name: String,
    version: String,
    #[serde(default)]
    description: String,
    #[serde(default = "half")]
    threshold: f32,
    #[serde(default)]
    names: Level,
    operators: BTreeMap<String, Operator>,
    #[serde(default)]
    allow: Vec<String>,
    #[serde(default)]
    deny: Vec<Deny>,
    #[serde(default)]
    recognizer: Vec<Source>,
}

const fn half() -> f32 {
    0.5
}

/// Words that are always an entity of one type.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Deny {
    entity_type: String,
    words: Vec<String>,
}

/// A policy, ready to use.
#[derive(Debug, Clone)]
pub struct Policy {
    pub name: String,
    pub version: String,
    pub description: String,
    /// Entities below it are left out, 0–1.
    pub threshold: f32,
    /// How thoroughly names of persons, places and organizations are looked for.
    pub names: Level,
    operators: BTreeMap<String, Operator>,
    allow: Vec<String>,
    deny: Vec<(String, Regex)>,
    recognizers: Recognizers,
}

/// Why a policy can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    #[error("line {line}: {message}")]
    Toml { line: usize, message: String },
    #[error("`{key}`: {message}")]
    Value { key: String, message: String },
    #[error("{0}")]
    Recognizer(#[from] RecognizerError),
}

impl Policy {
    /// Reads and compiles a policy.
    ///
    /// # Errors
    /// [`PolicyError`] with the line or the key, and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let form: Form = toml::from_str(text).map_err(|error| PolicyError::Toml {
            line: error.span().map_or(1, |span| {
                1 + text[..span.start.min(text.len())].matches('\n').count()
            }),
            message: error.message().to_owned(),
        })?;
        let wrong = |key: &str, message: &str| {
            Err(PolicyError::Value {
                key: key.to_owned(),
                message: message.to_owned(),
            })
        };
        let plain = |name: &str| {
            !name.is_empty()
                && name.len() <= 60
                && name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        };
        if !plain(&form.name) {
            return wrong("name", "takes 1 to 60 letters, digits, `-`, `_` and `.`");
        }
        if form.version.is_empty() || form.version.len() > 40 {
            return wrong("version", "takes 1 to 40 characters");
        }
        if !(0.0..=1.0).contains(&form.threshold) {
            return wrong("threshold", "takes a number from 0 to 1");
        }
        if !form.operators.contains_key("default") {
            return wrong(
                "operators",
                "needs `default`, the operator of every type that has none of its own",
            );
        }
        if form.allow.len() + form.deny.iter().map(|deny| deny.words.len()).sum::<usize>()
            > MAX_LIST
        {
            return wrong("allow", "the lists hold at most 10,000 entries together");
        }
        let recognizers = Recognizers::with(form.recognizer)?;
        for entity_type in form.operators.keys().filter(|key| *key != "default") {
            let known = recognizers
                .iter()
                .any(|recognizer| recognizer.source.entity_type == *entity_type)
                || KINDS.iter().any(|kind| kind.entity_type() == entity_type);
            if !known
                && !form
                    .deny
                    .iter()
                    .any(|deny| deny.entity_type == *entity_type)
            {
                return wrong(
                    &format!("operators.{entity_type}"),
                    "no recognizer finds this entity type",
                );
            }
        }
        for (entity_type, operator) in &form.operators {
            if let Some(fault) = operator.fault() {
                return wrong(&format!("operators.{entity_type}"), fault);
            }
        }
        let mut deny = Vec::new();
        for list in form.deny {
            let words: Vec<String> = list
                .words
                .iter()
                .filter(|word| !word.trim().is_empty())
                .map(|word| regex::escape(word))
                .collect();
            if words.is_empty() {
                return wrong("deny.words", "is empty");
            }
            let pattern = RegexBuilder::new(&format!(r"(?i)\b(?:{})\b", words.join("|")))
                .size_limit(16 << 20)
                .build()
                .map_err(|_| PolicyError::Value {
                    key: "deny.words".into(),
                    message: "the list is too long".into(),
                })?;
            deny.push((list.entity_type, pattern));
        }
        Ok(Self {
            name: form.name,
            version: form.version,
            description: form.description,
            threshold: form.threshold,
            names: form.names,
            operators: form.operators,
            allow: form
                .allow
                .iter()
                .map(|entry| entry.to_lowercase())
                .collect(),
            deny,
            recognizers,
        })
    }

    /// The operator of an entity type.
    pub fn operator(&self, entity_type: &str) -> &Operator {
        self.operators
            .get(entity_type)
            .or_else(|| self.operators.get("default"))
            .unwrap_or(&Operator::Replace)
    }

    /// Whether some entity type gets the operator with this name.
    pub fn uses(&self, operator: &str) -> bool {
        self.operators.values().any(|used| used.name() == operator)
    }

    /// Whether some operator writes what has to be known again by its form.
    pub(crate) fn leaves_marks(&self) -> bool {
        self.operators
            .values()
            .any(|operator| matches!(operator, Operator::Pseudonym | Operator::Generalise { .. }))
    }

    /// The recognizers it looks with: the program's and its own.
    pub const fn recognizers(&self) -> &Recognizers {
        &self.recognizers
    }

    /// Whether the policy leaves this value alone.
    pub(crate) fn allows(&self, value: &str) -> bool {
        !self.allow.is_empty() && self.allow.contains(&value.to_lowercase())
    }

    /// The entity types of the deny lists.
    pub(crate) fn deny_types(&self) -> impl Iterator<Item = &str> {
        self.deny
            .iter()
            .map(|(entity_type, _)| entity_type.as_str())
    }

    /// What the deny lists find: start, end, entity type.
    pub(crate) fn denied<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Iterator<Item = (usize, usize, &'a str)> + 'a {
        self.deny.iter().flat_map(move |(entity_type, pattern)| {
            pattern
                .find_iter(text)
                .map(move |found| (found.start(), found.end(), entity_type.as_str()))
        })
    }

    /// The category of an entity type.
    pub fn category(&self, entity_type: &str) -> Category {
        self.recognizers.category(entity_type)
    }
}
