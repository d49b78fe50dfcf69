//! A policy that is being put together from another tool's file.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Carried, Form, Loss, loss, patterns};
use crate::names::Level;
use crate::names::tags::KINDS;
use crate::operators::Operator;
use crate::policy::Policy;
use crate::recognizers::{Category, Recognizers};

/// The fields of a call that go to the model, and those that come from it.
pub(super) const REQUEST: [&str; 9] = [
    "system",
    "user_message",
    "assistant_message",
    "tool_definition",
    "tool_input",
    "tool_result",
    "thinking",
    "document",
    "metadata",
];
pub(super) const RESPONSE: [&str; 3] = ["response", "response_tool_input", "response_thinking"];

#[derive(Debug, Serialize)]
struct Text {
    name: String,
    version: String,
    description: String,
    threshold: f64,
    names: Level,
    operators: BTreeMap<String, Operator>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deny: Vec<Deny>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    recognizer: Vec<Recognizer>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scope: Vec<Scope>,
}

#[derive(Debug, Serialize)]
struct Deny {
    entity_type: String,
    words: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Recognizer {
    name: String,
    entity_type: String,
    category: &'static str,
    about: String,
    pattern: String,
    score: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    context: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Scope {
    fields: Vec<String>,
    operators: BTreeMap<String, Operator>,
}

/// A pattern of the other tool.
pub(super) struct NewPattern<'a> {
    pub(super) name: &'a str,
    pub(super) entity_type: &'a str,
    pub(super) about: &'a str,
    pub(super) regex: &'a str,
    pub(super) flags: &'a str,
    pub(super) score: f64,
    pub(super) context: Vec<String>,
}

/// What is there so far.
pub(super) struct Draft {
    form: Form,
    text: Text,
    pub(super) losses: Vec<Loss>,
    /// Types that something finds.
    pub(super) known: Vec<String>,
    pub(super) secrets: Vec<String>,
    taken: Vec<String>,
    request: BTreeMap<String, Operator>,
    response: BTreeMap<String, Operator>,
}

impl Draft {
    pub(super) fn named(name: &str, form: Form) -> Self {
        let own = Recognizers::with(Vec::new());
        let sources = || {
            own.iter()
                .flat_map(Recognizers::iter)
                .map(|one| &one.source)
        };
        let mut known: Vec<String> = sources().map(|source| source.entity_type.clone()).collect();
        known.extend(KINDS.iter().map(|kind| kind.entity_type().to_owned()));
        let mut secrets: Vec<String> = sources()
            .filter(|source| source.category == Category::Secret)
            .map(|source| source.entity_type.clone())
            .collect();
        for list in [&mut known, &mut secrets] {
            list.sort();
            list.dedup();
        }
        Self {
            form,
            taken: sources().map(|source| source.name.clone()).collect(),
            text: Text {
                name: name.to_owned(),
                version: "1".to_owned(),
                description: format!("Imported from {}", title(form)),
                threshold: 0.5,
                names: Level::Off,
                operators: BTreeMap::from([("default".to_owned(), Operator::Replace)]),
                deny: Vec::new(),
                recognizer: Vec::new(),
                scope: Vec::new(),
            },
            losses: Vec::new(),
            known,
            secrets,
            request: BTreeMap::new(),
            response: BTreeMap::new(),
        }
    }

    pub(super) fn loss(&mut self, what: impl Into<String>, becomes: impl Into<String>) {
        loss(&mut self.losses, what, becomes);
    }

    /// Only what is listed is treated there.
    pub(super) fn keep_the_rest(&mut self) {
        self.operator("default", Operator::Keep);
        self.loss(
            "types that the file does not list",
            format!(
                "{} leaves them alone, secrets among them: found, counted and kept here as well (`default` is `keep`); make it `replace` to be stricter",
                title(self.form)
            ),
        );
    }

    pub(super) fn operator(&mut self, entity_type: &str, operator: Operator) {
        self.text.operators.insert(entity_type.to_owned(), operator);
    }

    /// What is done to a type on the way to the model and on the way back.
    pub(super) fn operators(&mut self, entity_type: &str, way_in: Operator, way_out: Operator) {
        if KINDS.iter().any(|kind| kind.entity_type() == entity_type)
            && (way_in != Operator::Keep || way_out != Operator::Keep)
        {
            self.look_for_names();
        }
        if way_in == way_out {
            return self.operator(entity_type, way_in);
        }
        self.operator(entity_type, Operator::Keep);
        self.request.insert(entity_type.to_owned(), way_in);
        self.response.insert(entity_type.to_owned(), way_out);
    }

    pub(super) fn look_for_names(&mut self) {
        self.text.names = Level::Fast;
    }

    pub(super) fn threshold(&mut self, threshold: f64) {
        self.text.threshold = threshold.clamp(0.0, 1.0);
    }

    pub(super) fn deny(&mut self, entity_type: &str, words: Vec<String>) {
        self.knows(entity_type);
        self.text.deny.push(Deny {
            entity_type: entity_type.to_owned(),
            words,
        });
    }

    fn knows(&mut self, entity_type: &str) {
        if !self.known.iter().any(|one| one == entity_type) {
            self.known.push(entity_type.to_owned());
        }
    }

    /// Adds a recognizer; what can't run here is a loss, with the reason.
    pub(super) fn pattern(&mut self, new: NewPattern<'_>) -> bool {
        let pattern = match patterns::translated(new.regex, new.flags) {
            Ok(pattern) => pattern,
            Err(reason) => {
                self.loss(
                    format!("pattern `{}` of {}", new.name, new.entity_type),
                    format!("left out: {reason}"),
                );
                return false;
            }
        };
        let name = self.free_name(new.name);
        self.knows(new.entity_type);
        self.text.recognizer.push(Recognizer {
            name,
            entity_type: new.entity_type.to_owned(),
            category: "custom",
            about: match new.about {
                "" => format!("Imported from {}", title(self.form)),
                about => about.to_owned(),
            },
            pattern,
            score: new.score,
            context: new.context,
        });
        true
    }

    /// A name of letters that no recognizer has yet.
    fn free_name(&mut self, wanted: &str) -> String {
        let plain: String = wanted
            .to_lowercase()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect();
        let plain = match plain.trim_matches('_') {
            "" => "imported",
            name => name,
        };
        let mut name = plain.to_owned();
        let mut number = 2;
        while self.taken.contains(&name) {
            name = format!("{plain}_{number}");
            number += 1;
        }
        self.taken.push(name.clone());
        name
    }

    /// The text, without whatever makes the whole unusable.
    pub(super) fn carried(mut self) -> Carried {
        for (fields, operators) in [
            (&REQUEST[..], std::mem::take(&mut self.request)),
            (&RESPONSE[..], std::mem::take(&mut self.response)),
        ] {
            if !operators.is_empty() {
                self.text.scope.push(Scope {
                    fields: fields.iter().map(|&field| field.to_owned()).collect(),
                    operators,
                });
            }
        }
        let text = toml::to_string_pretty(&self.text).unwrap_or_default();
        if let Err(error) = Policy::parse(&text) {
            self.loss(
                "the draft as it stands",
                format!("can't be used yet: {error}"),
            );
        }
        Carried {
            form: self.form,
            text,
            losses: self.losses,
        }
    }
}

pub(super) const fn title(form: Form) -> &'static str {
    match form {
        Form::Presidio => "Presidio",
        Form::Litellm => "LiteLLM",
        Form::Bedrock => "Bedrock Guardrails",
    }
}

/// `Zip code (weak)` as an entity type: `ZIP_CODE_WEAK`.
pub(super) fn type_of(name: &str) -> String {
    let upper: String = name
        .to_uppercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let words: Vec<&str> = upper.split('_').filter(|word| !word.is_empty()).collect();
    match words.is_empty() {
        true => "CUSTOM".to_owned(),
        false => words.join("_"),
    }
}
