//! Presidio's recognizers: the registry's YAML, and the list of ad-hoc recognizers as JSON.
//!
//! Source: "Customizing recognizer registry from file" and the tutorials on no-code and ad-hoc
//! recognizers in Presidio's documentation.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::draft::{Draft, NewPattern, type_of};
use super::{ForeignError, Loss, loss, patterns, texts, twins};
use crate::operators::Operator;
use crate::policy::Policy;
use crate::recognizers::{Source, of_words};

/// Python's IGNORECASE, MULTILINE and DOTALL: what Presidio sets where a registry says nothing.
const FLAGS: u64 = 26;

/// The list of recognizers, wherever the file has it.
pub(super) fn registry(value: &Value) -> Option<&Value> {
    [
        "/recognizers",
        "/recognizer_registry/recognizers",
        "/ad_hoc_recognizers",
    ]
    .into_iter()
    .find_map(|pointer| value.pointer(pointer))
    .or_else(|| value.is_array().then_some(value))
}

pub(super) fn read(value: &Value, draft: &mut Draft) -> Result<(), ForeignError> {
    let Some(Value::Array(all)) = registry(value) else {
        return Err(ForeignError::Empty("Presidio"));
    };
    let number = value
        .pointer("/global_regex_flags")
        .or_else(|| value.pointer("/recognizer_registry/global_regex_flags"))
        .and_then(Value::as_u64)
        .unwrap_or(FLAGS);
    let flags = patterns::flags(number);
    if number & !90 != 0 {
        draft.loss(
            format!("global_regex_flags: {number}"),
            "only IGNORECASE (2), MULTILINE (8), DOTALL (16) and VERBOSE (64) are carried over",
        );
    }
    if let Some(threshold) = value.get("default_score_threshold").and_then(Value::as_f64) {
        draft.threshold(threshold);
    }
    if value.get("nlp_configuration").is_some() {
        draft.loss(
            "nlp_configuration",
            "models are not carried over: `names` of the policy says how names are looked for",
        );
    }
    if value.get("supported_countries").is_some() {
        draft.loss(
            "supported_countries",
            "rules of all countries stay on here: give a type the operator `keep` to leave it alone",
        );
    }
    let mut listed = Listed::default();
    for (number, entry) in (1..).zip(all) {
        one(entry, number, &flags, &mut listed, draft);
    }
    listed.switch_off(draft);
    if listed.any {
        // Presidio adds the recognizer of its models to whatever is listed.
        draft.look_for_names();
        draft.loss(
            "names of persons, places and organizations",
            "Presidio's models are not carried over: `names = \"fast\"` looks for them here",
        );
        draft.loss(
            "which predefined recognizers are listed",
            "the program's own recognizers stay on for every type; give a type the operator `keep` to leave it alone",
        );
    }
    Ok(())
}

/// Recognizers of Presidio's own that a registry names.
#[derive(Default)]
struct Listed {
    any: bool,
    on: BTreeSet<String>,
    /// The type, and the recognizer as it is called there.
    off: Vec<(String, String)>,
}

impl Listed {
    /// Leaves alone what no recognizer that is on finds: several of them may have one twin here.
    fn switch_off(&self, draft: &mut Draft) {
        for (entity_type, called) in &self.off {
            if self.on.contains(entity_type) {
                continue;
            }
            draft.operator(entity_type, Operator::Keep);
            draft.loss(
                format!("{called} is switched off"),
                format!("{entity_type} is found here and left as it is (`keep`)"),
            );
        }
    }
}

/// Takes one recognizer.
fn one(entry: &Value, number: usize, flags: &str, listed: &mut Listed, draft: &mut Draft) {
    let name = entry
        .as_str()
        .or_else(|| entry.get("name").and_then(Value::as_str))
        .unwrap_or_default();
    let called = match name {
        "" => format!("recognizer {number}"),
        name => format!("recognizer `{name}`"),
    };
    let is_on = entry.get("enabled").and_then(Value::as_bool) != Some(false);
    let has_rule = entry.get("patterns").is_some() || entry.get("deny_list").is_some();
    if entry.is_string()
        || (entry.get("type").and_then(Value::as_str) == Some("predefined"))
        || !has_rule
    {
        let class = entry
            .get("class_name")
            .and_then(Value::as_str)
            .unwrap_or(name);
        listed.any = true;
        match (twins::of_class(class, &draft.known), is_on) {
            _ if twins::is_model(class) => {}
            (Some(entity_type), true) => {
                listed.on.insert(entity_type);
            }
            (Some(entity_type), false) => listed.off.push((entity_type, called.clone())),
            (None, true) => draft.loss(
                called.clone(),
                "it is part of Presidio and has no twin here, or is code: what it finds is not found",
            ),
            (None, false) => {}
        }
        if entry.get("score_thresholds").is_some() {
            draft.loss(
                format!("score_thresholds of {called}"),
                "a policy has one threshold, and one for a scope",
            );
        }
        if entry.get("context").is_some() {
            draft.loss(
                format!("context words of {called}"),
                "the program's own recognizers keep their own context words",
            );
        }
        return;
    }
    if !is_on {
        draft.loss(called, "switched off there, and left out");
        return;
    }
    let entity = entry
        .get("supported_entity")
        .and_then(Value::as_str)
        .map(str::to_owned)
        .or_else(|| texts(entry.get("supported_entities")).into_iter().next());
    let entity_type = match entity {
        Some(entity) => type_of(&entity),
        None => {
            draft.loss(called.clone(), "it names no entity: called by its own name");
            type_of(name)
        }
    };
    let mut context = texts(entry.get("context"));
    let languages = languages(entry);
    context.extend(languages.1);
    context.sort();
    context.dedup();
    if !languages.0.is_empty() {
        draft.loss(
            format!("languages of {called}: {}", languages.0.join(", ")),
            "a rule holds in every language here; the context words of all of them count",
        );
    }
    let all = entry.get("patterns").and_then(Value::as_array);
    for pattern in all.into_iter().flatten() {
        let own = pattern.get("name").and_then(Value::as_str).unwrap_or(name);
        let Some(regex) = pattern.get("regex").and_then(Value::as_str) else {
            draft.loss(
                format!("a pattern of {called}"),
                "it has no `regex`, and is left out",
            );
            continue;
        };
        draft.pattern(NewPattern {
            name: if own.is_empty() { name } else { own },
            entity_type: &entity_type,
            about: name,
            regex,
            flags,
            score: pattern.get("score").and_then(Value::as_f64).unwrap_or(0.5),
            context: context.clone(),
        });
    }
    let words = texts(entry.get("deny_list"));
    if !words.is_empty() {
        draft.deny(&entity_type, words);
        let score = entry.get("deny_list_score").and_then(Value::as_f64);
        if score.is_some_and(|score| score < 1.0) {
            draft.loss(
                format!("deny_list_score of {called}"),
                "words of a deny list are always found (score 1)",
            );
        }
    }
}

/// The languages, and the context words that stand with them.
fn languages(entry: &Value) -> (Vec<String>, Vec<String>) {
    let mut named = texts(entry.get("supported_language"));
    let mut context = Vec::new();
    let all = entry.get("supported_languages").and_then(Value::as_array);
    for language in all.into_iter().flatten() {
        match language {
            Value::String(name) => named.push(name.clone()),
            other => {
                named.extend(texts(other.get("language")));
                context.extend(texts(other.get("context")));
            }
        }
    }
    named.sort();
    named.dedup();
    (named, context)
}

#[derive(Serialize)]
struct Registry {
    supported_languages: Vec<&'static str>,
    global_regex_flags: u64,
    recognizers: Vec<Custom>,
}

#[derive(Serialize)]
struct Custom {
    name: String,
    r#type: &'static str,
    supported_entity: String,
    supported_language: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    patterns: Vec<Pattern>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    context: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deny_list: Vec<String>,
}

#[derive(Serialize)]
struct Pattern {
    name: String,
    regex: String,
    score: f64,
}

pub(super) fn write(policy: &Policy, losses: &mut Vec<Loss>) -> String {
    let form = &policy.form;
    let mut recognizers = Vec::new();
    for source in &form.recognizer {
        if source.validator.is_some() || source.context_required || !source.not_context.is_empty() {
            loss(
                losses,
                format!(
                    "recognizer `{}`: validator, required and excluding words",
                    source.name
                ),
                "Presidio has them in code only: the pattern alone is written, and finds more",
            );
        }
        let Some(regex) = pattern_of(source) else {
            loss(
                losses,
                format!("recognizer `{}`", source.name),
                "left out: it is a check without a pattern",
            );
            continue;
        };
        recognizers.push(Custom {
            name: source.name.clone(),
            r#type: "custom",
            supported_entity: source.entity_type.clone(),
            supported_language: "en",
            patterns: vec![Pattern {
                name: source.name.clone(),
                regex,
                score: rounded(source.score),
            }],
            context: source.context.clone(),
            deny_list: Vec::new(),
        });
    }
    for (number, deny) in (1..).zip(&form.deny) {
        recognizers.push(Custom {
            name: format!("deny_list_{number}"),
            r#type: "custom",
            supported_entity: deny.entity_type.clone(),
            supported_language: "en",
            patterns: Vec::new(),
            context: Vec::new(),
            deny_list: deny.words.clone(),
        });
    }
    loss(
        losses,
        "operators",
        "Presidio's recognizers only find: what becomes of a type is set in its anonymizer",
    );
    loss(
        losses,
        "the program's own recognizers",
        "not written: Presidio's predefined ones, where it has a twin, find what they find",
    );
    loss(
        losses,
        format!(
            "the threshold ({}) and how thoroughly names are looked for",
            rounded(policy.threshold)
        ),
        "a registry has neither: set `default_score_threshold` and the models of Presidio's analyzer",
    );
    if !form.scope.is_empty() {
        loss(
            losses,
            format!("scopes ({})", form.scope.len()),
            "Presidio knows no fields of a call: its recognizers hold for every text that it is given",
        );
    }
    groups(policy, losses, "Presidio");
    unsaid(policy, losses, "Presidio");
    if !recognizers.is_empty() {
        loss(
            losses,
            "languages",
            "written for `en`: a custom recognizer of Presidio belongs to one language; copy it for others",
        );
    }
    yaml(&Registry {
        supported_languages: vec!["en"],
        // Each pattern carries its own.
        global_regex_flags: 0,
        recognizers,
    })
}

/// The pattern of a recognizer, or one of its words; `None` for a check alone.
pub(super) fn pattern_of(source: &Source) -> Option<String> {
    if !source.words.is_empty() {
        return Some(of_words(&refs(&source.words)));
    }
    (!source.pattern.is_empty()).then(|| source.pattern.clone())
}

/// What the tool takes for the entity where a pattern here takes a group of it.
pub(super) fn groups(policy: &Policy, losses: &mut Vec<Loss>, title: &str) {
    for source in &policy.form.recognizer {
        if source.pattern.contains("(?P<value>") {
            loss(
                losses,
                format!("recognizer `{}`: the group `value`", source.name),
                format!("{title} takes the whole match, and hides more of the text"),
            );
        }
    }
}

/// Words as they are lent.
pub(super) fn refs(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

pub(super) fn rounded(score: f32) -> f64 {
    (f64::from(score) * 1000.0).round() / 1000.0
}

pub(super) fn yaml(value: &impl Serialize) -> String {
    serde_saphyr::to_string(value).unwrap_or_default()
}

/// What none of the three has a word for.
pub(super) fn unsaid(policy: &Policy, losses: &mut Vec<Loss>, title: &str) {
    let allowed = policy.allow_list().len();
    if allowed > 0 {
        loss(
            losses,
            format!("the allow list ({allowed})"),
            format!("{title} has none in this file: what it leaves alone here is treated there"),
        );
    }
    let by_deployment = policy.named_deployments().count();
    if by_deployment > 0 {
        loss(
            losses,
            "scopes by deployment",
            format!("{title} knows no deployments: export for each and set it up there"),
        );
    }
}

/// Operators that are more than replacing, by name.
pub(super) fn shades(operators: &BTreeMap<String, Operator>, losses: &mut Vec<Loss>, word: &str) {
    for (entity_type, operator) in operators {
        if !matches!(operator, Operator::Replace | Operator::Keep) {
            loss(
                losses,
                format!("{entity_type}: operator `{}`", operator.name()),
                format!("written as {word}, which puts the name of the type"),
            );
        }
    }
}
