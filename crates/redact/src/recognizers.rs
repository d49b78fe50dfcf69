//! Recognizers: what to look for, as data that tests itself.
//!
//! In: TOML files. Out: compiled [`Recognizers`]. Each carries examples that it must find and
//! negative examples that it must leave alone. Not here: running them (`detect`).

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use crate::validators;

/// How an entity type is shown and reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    Person,
    Contact,
    Financial,
    Govid,
    Location,
    Health,
    Secret,
    Custom,
}

impl Category {
    /// The name in JSON and on screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Contact => "contact",
            Self::Financial => "financial",
            Self::Govid => "govid",
            Self::Location => "location",
            Self::Health => "health",
            Self::Secret => "secret",
            Self::Custom => "custom",
        }
    }
}

/// A recognizer as its file gives it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub name: String,
    pub entity_type: String,
    pub category: Category,
    pub about: String,
    /// What it matches, in the syntax of the `regex` crate. A group called `value` is the entity;
    /// without one the whole match is.
    pub pattern: String,
    /// Every match holds one of these, ignoring case; without one the text is not searched.
    #[serde(default)]
    pub needs: Vec<String>,
    #[serde(default)]
    pub validator: Option<String>,
    /// 0–1, before context.
    pub score: f32,
    /// Whole words near it that raise the score.
    #[serde(default)]
    pub context: Vec<String>,
    /// Only with one of the context words near it.
    #[serde(default)]
    pub context_required: bool,
    /// Words near it that rule it out.
    #[serde(default)]
    pub not_context: Vec<String>,
    #[serde(default)]
    pub examples: Vec<String>,
    #[serde(default)]
    pub negative_examples: Vec<String>,
}

/// A compiled recognizer.
#[derive(Debug, Clone)]
pub struct Recognizer {
    pub source: Source,
    pub(crate) regex: Regex,
    pub(crate) validate: Option<fn(&str) -> bool>,
}

/// Why a recognizer can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecognizerError {
    #[error("the recognizers can't be read: {0}")]
    Toml(String),
    #[error("recognizer `{name}`: {reason}")]
    Pattern { name: String, reason: String },
    #[error("recognizer `{name}`: there is no validator `{validator}`")]
    Validator { name: String, validator: String },
}

/// The longest pattern that is accepted, in bytes.
const MAX_PATTERN: usize = 1_024;

impl Recognizer {
    /// Compiles a recognizer within limits that no pattern can exceed.
    ///
    /// # Errors
    /// [`RecognizerError`] saying what the engine does not take, and what to write instead.
    pub fn compile(source: Source) -> Result<Self, RecognizerError> {
        let problem = |reason: String| RecognizerError::Pattern {
            name: source.name.clone(),
            reason,
        };
        if source.pattern.len() > MAX_PATTERN {
            return Err(problem(format!(
                "the pattern is longer than {MAX_PATTERN} bytes"
            )));
        }
        let regex = RegexBuilder::new(&source.pattern)
            .size_limit(4 << 20)
            .dfa_size_limit(8 << 20)
            .nest_limit(50)
            .build()
            .map_err(|error| problem(explain(&source.pattern, &error)))?;
        if regex.is_match("") {
            return Err(problem("the pattern matches the empty text".to_owned()));
        }
        let validate = match &source.validator {
            None => None,
            Some(name) => {
                Some(
                    validators::named(name).ok_or_else(|| RecognizerError::Validator {
                        name: source.name.clone(),
                        validator: name.clone(),
                    })?,
                )
            }
        };
        Ok(Self {
            source,
            regex,
            validate,
        })
    }
}

fn explain(pattern: &str, error: &regex::Error) -> String {
    if ["(?=", "(?!", "(?<=", "(?<!"]
        .iter()
        .any(|look| pattern.contains(look))
    {
        return "look-around isn't available in this engine; use a context word instead".to_owned();
    }
    match error {
        regex::Error::CompiledTooBig(_) => {
            "the pattern is too large when compiled; use [A-Za-z0-9] instead of \\w, or smaller counts".to_owned()
        }
        other => other.to_string().lines().last().unwrap_or("not a pattern").trim().to_owned(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    recognizer: Vec<Source>,
}

/// All recognizers that are looked for together.
#[derive(Debug, Clone)]
pub struct Recognizers {
    pub(crate) all: Vec<Recognizer>,
    pub(crate) needs: aho_corasick::AhoCorasick,
    /// For each literal in `needs`: which recognizers it wakes.
    pub(crate) wakes: Vec<Vec<usize>>,
}

const BUILTIN: [&str; 4] = [
    include_str!("../data/recognizers/contact.toml"),
    include_str!("../data/recognizers/financial.toml"),
    include_str!("../data/recognizers/government.toml"),
    include_str!("../data/recognizers/secrets.toml"),
];

impl Recognizers {
    /// The recognizers that are part of the program, and `custom` ones.
    ///
    /// # Errors
    /// [`RecognizerError`] for a custom one that can't be used.
    pub fn with(custom: Vec<Source>) -> Result<Self, RecognizerError> {
        let mut all = Vec::new();
        for text in BUILTIN {
            let file: FileForm =
                toml::from_str(text).map_err(|error| RecognizerError::Toml(error.to_string()))?;
            for source in file.recognizer {
                all.push(Recognizer::compile(source)?);
            }
        }
        for source in custom {
            all.push(Recognizer::compile(source)?);
        }
        Self::build(all)
    }

    fn build(all: Vec<Recognizer>) -> Result<Self, RecognizerError> {
        let mut literals: Vec<String> = Vec::new();
        let mut wakes: Vec<Vec<usize>> = Vec::new();
        for (index, recognizer) in all.iter().enumerate() {
            for need in &recognizer.source.needs {
                let need = need.to_ascii_lowercase();
                match literals.iter().position(|literal| *literal == need) {
                    Some(at) => wakes[at].push(index),
                    None => {
                        literals.push(need);
                        wakes.push(vec![index]);
                    }
                }
            }
        }
        let needs = aho_corasick::AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(&literals)
            .map_err(|error| RecognizerError::Toml(error.to_string()))?;
        Ok(Self { all, needs, wakes })
    }

    /// The recognizers, in the order of their files.
    pub fn iter(&self) -> impl Iterator<Item = &Recognizer> {
        self.all.iter()
    }

    /// The category of an entity type; [`Category::Custom`] where nobody knows it.
    pub fn category(&self, entity_type: &str) -> Category {
        self.all
            .iter()
            .find(|recognizer| recognizer.source.entity_type == entity_type)
            .map_or(Category::Custom, |recognizer| recognizer.source.category)
    }
}
