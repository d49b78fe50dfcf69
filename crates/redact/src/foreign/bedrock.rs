//! Bedrock Guardrails: the policy on sensitive information, as a request to make a guardrail and as
//! the answer that describes one.
//!
//! Source: `CreateGuardrail`, `GetGuardrail`, `GuardrailPiiEntityConfig` and `GuardrailRegexConfig` of
//! the Amazon Bedrock API reference.

use serde_json::{Map, Value, json};

use super::draft::{Draft, NewPattern, type_of};
use super::litellm::fields;
use super::presidio::{groups, pattern_of, refs, shades, unsaid};
use super::{ForeignError, Loss, loss, twins};
use crate::operators::Operator;
use crate::policy::Policy;
use crate::recognizers::{Recognizers, of_words};

/// Most patterns of a guardrail, and characters of one; of a guardrail's name and descriptions.
///
/// Source: the model of the API in botocore 1.44.8; the quota of an account may be lower.
const MAX_PATTERNS: usize = 30;
const MAX_PATTERN: usize = 500;
const MAX_NAME: usize = 50;
const MAX_DESCRIPTION: usize = 200;
const MAX_ABOUT: usize = 1_000;

/// A member under one of its names: CloudFormation begins them with a capital.
fn member<'a>(value: &'a Value, names: &[&str]) -> Option<&'a Value> {
    names.iter().find_map(|name| {
        value.get(name).or_else(|| {
            let mut capital = name[..1].to_uppercase();
            capital.push_str(&name[1..]);
            value.get(capital)
        })
    })
}

/// The policy on sensitive information, wherever the file has it.
pub(super) fn policy(value: &Value) -> Option<&Value> {
    let names = [
        "sensitiveInformationPolicyConfig",
        "sensitiveInformationPolicy",
    ];
    member(value, &names).or_else(|| member(value, &["guardrail", "properties"]).and_then(policy))
}

pub(super) fn read(value: &Value, draft: &mut Draft) -> Result<(), ForeignError> {
    let Some(found) = policy(value) else {
        return Err(ForeignError::Empty("Bedrock Guardrails"));
    };
    draft.keep_the_rest();
    let list = |names: &[&str]| match member(found, names) {
        Some(Value::Array(all)) => all.clone(),
        _ => Vec::new(),
    };
    let mut blocked = Vec::new();
    for entity in list(&["piiEntitiesConfig", "piiEntities"]) {
        let theirs = text(&entity, "type").to_owned();
        let Some(ours) = twins::of_bedrock(&theirs) else {
            draft.loss(
                format!("type {theirs}"),
                "a type that is not known here: left out",
            );
            continue;
        };
        let (way_in, way_out) = ways(&entity, &theirs, &mut blocked, draft);
        draft.operators(ours, way_in, way_out);
    }
    for regex in list(&["regexesConfig", "regexes"]) {
        let name = text(&regex, "name").to_owned();
        let entity_type = type_of(&name);
        let (way_in, way_out) = ways(&regex, &name, &mut blocked, draft);
        let taken = draft.pattern(NewPattern {
            name: &name,
            entity_type: &entity_type,
            about: text(&regex, "description"),
            regex: text(&regex, "pattern"),
            flags: "",
            score: 0.9,
            context: Vec::new(),
        });
        if taken {
            draft.operators(&entity_type, way_in, way_out);
        }
    }
    if !blocked.is_empty() {
        draft.loss(
            format!("BLOCK of {}", blocked.join(", ")),
            "there the whole request or answer is refused; a policy has no such word: it becomes `replace`, so that nothing of it goes out and the call goes on",
        );
    }
    for other in [
        "topicPolicy",
        "contentPolicy",
        "wordPolicy",
        "contextualGroundingPolicy",
        "automatedReasoningPolicy",
    ] {
        let config = format!("{other}Config");
        if member(value, &[other, &config]).is_some() {
            draft.loss(
                other,
                "it is no rule about personal data, and is left out; words that must never go out can stand on a deny list",
            );
        }
    }
    Ok(())
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    member(value, &[name])
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// What is done on the way to the model and on the way back.
fn ways(
    entry: &Value,
    name: &str,
    blocked: &mut Vec<String>,
    draft: &mut Draft,
) -> (Operator, Operator) {
    let general = text(entry, "action").to_owned();
    let mut way = |action: &str, enabled: &str| {
        let action = match text(entry, action) {
            "" => general.as_str(),
            own => own,
        };
        if member(entry, &[enabled]).and_then(Value::as_bool) == Some(false) {
            return Operator::Keep;
        }
        match action {
            "NONE" => Operator::Keep,
            "ANONYMIZE" => Operator::Replace,
            "BLOCK" => {
                if !blocked.iter().any(|one| one == name) {
                    blocked.push(name.to_owned());
                }
                Operator::Replace
            }
            other => {
                draft.loss(
                    format!("{name}: action `{other}`"),
                    "an action that is not known, taken for ANONYMIZE",
                );
                Operator::Replace
            }
        }
    };
    (
        way("inputAction", "inputEnabled"),
        way("outputAction", "outputEnabled"),
    )
}

pub(super) fn write(policy: &Policy, losses: &mut Vec<Loss>) -> String {
    let form = &policy.form;
    let entities: Vec<Value> = twins::BEDROCK
        .iter()
        .filter_map(|(theirs, ours)| {
            let mut entry = actions(policy, ours)?;
            entry.insert("type".to_owned(), (*theirs).into());
            Some(entry.into())
        })
        .collect();
    let mut regexes = Vec::new();
    let mut add = |name: &str, about: &str, pattern: &str, kind: &str, losses: &mut Vec<Loss>| {
        let Some(mut entry) = actions(policy, kind) else {
            return;
        };
        if regexes.len() >= MAX_PATTERNS || pattern.chars().count() > MAX_PATTERN {
            loss(
                losses,
                format!("`{name}`"),
                format!(
                    "left out: a guardrail takes {MAX_PATTERNS} patterns of {MAX_PATTERN} characters"
                ),
            );
            return;
        }
        entry.insert("name".to_owned(), name.into());
        entry.insert("pattern".to_owned(), pattern.into());
        if !about.is_empty() {
            let about: String = about.chars().take(MAX_ABOUT).collect();
            entry.insert("description".to_owned(), about.into());
        }
        regexes.push(Value::from(entry));
    };
    for source in &form.recognizer {
        let Some(pattern) = pattern_of(source) else {
            loss(
                losses,
                format!("recognizer `{}`", source.name),
                "left out: it is a check without a pattern",
            );
            continue;
        };
        add(
            &source.name,
            &source.about,
            &pattern,
            &source.entity_type,
            losses,
        );
        let more = source.validator.is_some() || !source.context.is_empty();
        if more || source.context_required || !source.not_context.is_empty() {
            loss(
                losses,
                format!("recognizer `{}`: validator and context words", source.name),
                "a guardrail has the pattern alone, and finds more",
            );
        }
    }
    for (number, deny) in (1..).zip(&form.deny) {
        let pattern = of_words(&refs(&deny.words));
        let name = format!("{}_words_{number}", deny.entity_type.to_lowercase());
        add(&name, "", &pattern, &deny.entity_type, losses);
    }
    others(policy, losses);
    shades(&form.operators, losses, "ANONYMIZE");
    fields(policy, losses, "Bedrock");
    groups(policy, losses, "Bedrock");
    unsaid(policy, losses, "Bedrock");
    loss(
        losses,
        "the threshold and how thoroughly names are looked for",
        "a guardrail has its own recognizers, which nobody can set",
    );
    let mut config = Map::new();
    for (name, list) in [("piiEntitiesConfig", entities), ("regexesConfig", regexes)] {
        if !list.is_empty() {
            config.insert(name.to_owned(), list.into());
        }
    }
    let mut request = json!({
        "name": name(&policy.name),
        "blockedInputMessaging": "The request was blocked.",
        "blockedOutputsMessaging": "The answer was blocked.",
        "sensitiveInformationPolicyConfig": config,
    });
    if !policy.description.is_empty() {
        let about: String = policy.description.chars().take(MAX_DESCRIPTION).collect();
        request["description"] = about.into();
    }
    serde_json::to_string_pretty(&request).unwrap_or_default()
}

/// The name as a guardrail may be called: letters, digits, `-` and `_`.
fn name(own: &str) -> String {
    let plain = |sign: char| match sign.is_ascii_alphanumeric() || sign == '_' {
        true => sign,
        false => '-',
    };
    own.chars().take(MAX_NAME).map(plain).collect()
}

/// What is done to a type, by way; `None` where it is left alone on both.
fn actions(policy: &Policy, entity_type: &str) -> Option<Map<String, Value>> {
    let way = |field: &str| match policy.within(Some(field), None).operator(entity_type) {
        Operator::Keep => "NONE",
        _ => "ANONYMIZE",
    };
    let (way_in, way_out) = (way("user_message"), way("response"));
    if (way_in, way_out) == ("NONE", "NONE") {
        return None;
    }
    let mut entry = Map::new();
    entry.insert("action".to_owned(), "ANONYMIZE".into());
    if way_in != way_out {
        entry.insert("inputAction".to_owned(), way_in.into());
        entry.insert("outputAction".to_owned(), way_out.into());
    }
    Some(entry)
}

/// Types that are treated here and have no twin there.
fn others(policy: &Policy, losses: &mut Vec<Loss>) {
    let own: Vec<&str> = policy
        .form
        .recognizer
        .iter()
        .map(|one| one.entity_type.as_str())
        .collect();
    let Ok(program) = Recognizers::with(Vec::new()) else {
        return;
    };
    let mut lost: Vec<&str> = program
        .iter()
        .map(|one| one.source.entity_type.as_str())
        .filter(|kind| !own.contains(kind) && !twins::BEDROCK.iter().any(|(_, ours)| ours == kind))
        .filter(|kind| *policy.operator(kind) != Operator::Keep)
        .collect();
    lost.sort_unstable();
    lost.dedup();
    if !lost.is_empty() {
        loss(
            losses,
            format!("{} types without a twin, {} first", lost.len(), lost[0]),
            format!(
                "a guardrail does not find them, and they would go through: {}",
                lost.join(", ")
            ),
        );
    }
}
