//! A redaction policy: which operator each entity type gets, and what is always or never an entity.
//!
//! In: TOML, and the day by which dated entries are over. Out: a compiled [`Policy`], or an error
//! that names the line and the key. Not here: which policy is in force (the store), which fields
//! and deployments there are (the caller), and the key for hashes (the caller).

pub mod allow;
pub mod compare;
mod fights;
mod places;

use std::collections::BTreeMap;
use std::sync::Arc;

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use crate::names::Level;
use crate::names::plugged::FindNames;
use crate::names::tags::KINDS;
use crate::operators::Operator;
use crate::recognizers::{Category, RecognizerError, Recognizers, Source, of_words};
use allow::{Allow, AllowForm, Lists};
use places::Places;

/// The text of the policy that is part of the program.
pub const DEFAULT: &str = include_str!("../data/policies/default.toml");
/// The text of the policy that masks and keeps the last digits.
pub const MASKING: &str = include_str!("../data/policies/masking.toml");

/// Most entries of an allow or a deny list.
const MAX_LIST: usize = 10_000;
/// Most scopes of a policy.
const MAX_SCOPES: usize = 50;

/// A policy as its text gives it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    pub(crate) name: String,
    pub(crate) version: String,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default = "half")]
    pub(crate) threshold: f32,
    #[serde(default)]
    pub(crate) names: Level,
    pub(crate) operators: BTreeMap<String, Operator>,
    #[serde(default)]
    pub(crate) allow: Vec<AllowForm>,
    #[serde(default)]
    pub(crate) deny: Vec<Deny>,
    #[serde(default)]
    pub(crate) recognizer: Vec<Source>,
    #[serde(default)]
    pub(crate) scope: Vec<ScopeForm>,
}

const fn half() -> f32 {
    0.5
}

/// Words that are always an entity of one type.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deny {
    pub(crate) entity_type: String,
    pub(crate) words: Vec<String>,
}

/// What differs in some fields, in some deployments, or in these fields of these deployments.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScopeForm {
    #[serde(default)]
    pub(crate) fields: Vec<String>,
    #[serde(default)]
    pub(crate) deployments: Vec<String>,
    pub(crate) threshold: Option<f32>,
    pub(crate) names: Option<Level>,
    #[serde(default)]
    pub(crate) operators: BTreeMap<String, Operator>,
    #[serde(default)]
    pub(crate) allow: Vec<AllowForm>,
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
    /// Who is asked for names beside the program's own, at the level `full`.
    pub(crate) plugged: Option<Arc<dyn FindNames>>,
    operators: BTreeMap<String, Operator>,
    lists: Arc<Lists>,
    /// Which entries of the allow list count here, by their place in it.
    allowed: Arc<[bool]>,
    deny: Arc<[(String, Regex)]>,
    recognizers: Recognizers,
    pub(crate) form: Arc<Form>,
    places: Option<Arc<Places>>,
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

fn wrong<T>(key: &str, message: impl Into<String>) -> Result<T, PolicyError> {
    Err(PolicyError::Value {
        key: key.to_owned(),
        message: message.into(),
    })
}

impl Policy {
    /// Reads and compiles a policy. Entries of the allow list that have a last day don't count, as
    /// nobody says which day it is.
    ///
    /// # Errors
    /// [`PolicyError`] with the line or the key, and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        Self::compiled(text, None)
    }

    /// Reads and compiles a policy as it is on `day`, in days since 1970: entries of the allow list
    /// count up to their last day.
    ///
    /// # Errors
    /// As [`Policy::parse`].
    pub fn parse_on(text: &str, day: i64) -> Result<Self, PolicyError> {
        Self::compiled(text, Some(day))
    }

    fn compiled(text: &str, day: Option<i64>) -> Result<Self, PolicyError> {
        let form: Form = toml::from_str(text).map_err(|error| PolicyError::Toml {
            line: error.span().map_or(1, |span| {
                1 + text[..span.start.min(text.len())].matches('\n').count()
            }),
            message: error.message().to_owned(),
        })?;
        checked(&form)?;
        fights::between_recognizers(&form)?;
        let recognizers = Recognizers::with(form.recognizer.clone())?;
        let known = known_types(&form, &recognizers);
        let is_known = |key: &str, entity_type: &str| unknown_type(key, entity_type, &known);
        for entity_type in form.operators.keys() {
            is_known("operators", entity_type)?;
        }
        for (number, scope) in (1..).zip(&form.scope) {
            for entity_type in scope.operators.keys() {
                is_known(&format!("scope[{number}].operators"), entity_type)?;
            }
        }
        for (entity_type, operator) in &form.operators {
            if let Some(fault) = operator.fault() {
                return wrong(&format!("operators.{entity_type}"), fault);
            }
        }
        for (number, scope) in (1..).zip(&form.scope) {
            for (entity_type, operator) in &scope.operators {
                if let Some(fault) = operator.fault() {
                    return wrong(&format!("scope[{number}].operators.{entity_type}"), fault);
                }
            }
        }
        let lists = Lists::read(&form, &is_known)?;
        lists.refuse_switching_off(&recognizers)?;
        fights::between_lists(&form, &lists)?;
        fights::between_scopes(&form)?;
        let allowed = lists.holding(day, None, None);
        let mut policy = Self {
            name: form.name.clone(),
            version: form.version.clone(),
            description: form.description.clone(),
            threshold: form.threshold,
            names: form.names,
            plugged: None,
            operators: form.operators.clone(),
            lists: Arc::new(lists),
            allowed,
            deny: denied(&form.deny)?,
            recognizers,
            form: Arc::new(form),
            places: None,
        };
        policy.places = Places::of(&policy, day).map(Arc::new);
        Ok(policy)
    }

    /// Whether it looks for names as thoroughly as can be, somewhere: then a model that is plugged in
    /// is asked as well.
    pub fn is_full(&self) -> bool {
        self.levels().contains(&Level::Full)
    }

    /// Every level of names that it looks at somewhere, each once.
    pub fn levels(&self) -> std::collections::BTreeSet<Level> {
        let scopes = self.form.scope.iter().filter_map(|scope| scope.names);
        scopes.chain([self.names]).collect()
    }

    /// The model that is asked for names beside the program's own, somewhere.
    pub fn plugged(&self) -> Option<&dyn FindNames> {
        self.plugged.as_deref()
    }

    /// The same policy, with a model that is asked for names at the level `full`, beside the program's
    /// own and never instead of it.
    #[must_use]
    pub fn with_plugged(mut self, model: Arc<dyn FindNames>) -> Self {
        if let Some(places) = &mut self.places {
            *places = Arc::new(places.with_plugged(&model));
        }
        self.plugged = Some(model);
        self
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

    /// What it says of a field of a call of a deployment; `None` for a text that is no field of a
    /// call, and for a call that belongs to no deployment.
    pub fn within(&self, field: Option<&str>, deployment: Option<&str>) -> &Self {
        match &self.places {
            Some(places) => places.within(field, deployment),
            None => self,
        }
    }

    /// Whether it says otherwise of some fields or deployments.
    pub const fn has_places(&self) -> bool {
        self.places.is_some()
    }

    /// The strictest of what it says of any field of a deployment: for a record as a whole, of which
    /// no part may show what its field hides.
    pub fn anywhere(&self, deployment: Option<&str>) -> &Self {
        match &self.places {
            Some(places) => places.anywhere(deployment),
            None => self,
        }
    }

    /// The names of fields that its scopes and its allow list name, each with where.
    pub fn named_fields(&self) -> impl Iterator<Item = (String, &str)> {
        let scopes = (1..).zip(&self.form.scope).flat_map(|(number, scope)| {
            scope
                .fields
                .iter()
                .map(move |field| (format!("scope[{number}].fields"), field.as_str()))
        });
        let entries = self.lists.entries.iter().flat_map(|entry| {
            entry
                .fields
                .iter()
                .map(|field| (format!("{}.fields", entry.place), field.as_str()))
        });
        scopes.chain(entries)
    }

    /// The names of deployments that its scopes name, each with where.
    pub fn named_deployments(&self) -> impl Iterator<Item = (String, &str)> {
        (1..).zip(&self.form.scope).flat_map(|(number, scope)| {
            scope
                .deployments
                .iter()
                .map(move |name| (format!("scope[{number}].deployments"), name.as_str()))
        })
    }

    /// The entries of its allow list, those of scopes last.
    pub fn allow_list(&self) -> &[Allow] {
        &self.lists.entries
    }

    /// The entry that leaves this value alone, by its place in the allow list.
    pub(crate) fn allows(&self, value: &str, entity_type: &str) -> Option<usize> {
        self.lists.silences(value, entity_type, &self.allowed)
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

/// What can be said without knowing any type.
fn checked(form: &Form) -> Result<(), PolicyError> {
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
    let thresholds = std::iter::once(("threshold".to_owned(), form.threshold)).chain(
        (1..).zip(&form.scope).filter_map(|(number, scope)| {
            Some((format!("scope[{number}].threshold"), scope.threshold?))
        }),
    );
    for (key, threshold) in thresholds {
        if !(0.0..=1.0).contains(&threshold) {
            return wrong(&key, "takes a number from 0 to 1");
        }
    }
    if !form.operators.contains_key("default") {
        return wrong(
            "operators",
            "needs `default`, the operator of every type that has none of its own",
        );
    }
    if form.scope.len() > MAX_SCOPES {
        return wrong("scope", format!("a policy has at most {MAX_SCOPES} scopes"));
    }
    for (number, scope) in (1..).zip(&form.scope) {
        if scope.fields.is_empty() && scope.deployments.is_empty() {
            return wrong(
                &format!("scope[{number}]"),
                "names neither `fields` nor `deployments`: what holds everywhere stands outside of scopes",
            );
        }
    }
    let allowed: usize = form.allow.len() + form.scope.iter().map(|s| s.allow.len()).sum::<usize>();
    let denied: usize = form.deny.iter().map(|deny| deny.words.len()).sum();
    if allowed + denied > MAX_LIST {
        return wrong("allow", "the lists hold at most 10,000 entries together");
    }
    Ok(())
}

/// Every entity type that something of the policy finds.
fn known_types(form: &Form, recognizers: &Recognizers) -> Vec<String> {
    let mut known: Vec<String> = recognizers
        .iter()
        .map(|recognizer| recognizer.source.entity_type.clone())
        .chain(KINDS.iter().map(|kind| kind.entity_type().to_owned()))
        .chain(form.deny.iter().map(|deny| deny.entity_type.clone()))
        .collect();
    known.sort();
    known.dedup();
    known
}

fn unknown_type(key: &str, entity_type: &str, known: &[String]) -> Result<(), PolicyError> {
    if entity_type == "default" || known.iter().any(|other| other == entity_type) {
        return Ok(());
    }
    let meant = match nearest(entity_type, known.iter().map(String::as_str)) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => "; `assay redaction recognizers` lists what is found".to_owned(),
    };
    wrong(
        &format!("{key}.{entity_type}"),
        format!("no recognizer finds this entity type{meant}"),
    )
}

/// The name among `known` that `given` was most likely meant to be.
pub fn nearest<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.to_lowercase();
    known
        .map(|name| (distance(&given, &name.to_lowercase()), name))
        .min()
        .filter(|(distance, _)| *distance <= 1 + given.chars().count() / 4)
        .map(|(_, name)| name)
}

/// How many letters have to be changed, put in or taken out (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, one) in a.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let changed = before + usize::from(one != *other);
            before = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(before + 1);
        }
    }
    row[b.len()]
}

fn denied(lists: &[Deny]) -> Result<Arc<[(String, Regex)]>, PolicyError> {
    let mut deny = Vec::new();
    for list in lists {
        let mut words: Vec<&str> = list.words.iter().map(|word| word.trim()).collect();
        words.retain(|word| !word.is_empty());
        if words.is_empty() {
            return wrong("deny.words", "is empty");
        }
        let Ok(pattern) = RegexBuilder::new(&of_words(&words))
            .size_limit(16 << 20)
            .build()
        else {
            return wrong("deny.words", "the list is too long");
        };
        deny.push((list.entity_type.clone(), pattern));
    }
    Ok(deny.into())
}
