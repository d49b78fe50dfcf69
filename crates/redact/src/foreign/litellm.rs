//! LiteLLM's guardrails: what its entries for Presidio say of entity types, and which way each runs.
//!
//! Not here: what its own content filter is made of (`content_filter`).
//!
//! Source: "PII, PHI Masking - Presidio" of LiteLLM's documentation (proxy, guardrails).

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::draft::Draft;
use super::presidio::{rounded, shades, unsaid, yaml};
use super::{ForeignError, Loss, content_filter, loss, texts, twins};
use crate::operators::Operator;
use crate::policy::Policy;

/// Whether each type is treated on the way to the model and on the way back.
pub(super) type Ways = BTreeMap<String, [bool; 2]>;

/// Treats a type on `way` as well.
pub(super) fn allow(ways: &mut Ways, entity_type: &str, way: [bool; 2]) {
    let entry = ways.entry(entity_type.to_owned()).or_default();
    *entry = [entry[0] || way[0], entry[1] || way[1]];
}

pub(super) fn read(value: &Value, draft: &mut Draft) -> Result<(), ForeignError> {
    let mut found = false;
    let mut lists = false;
    let mut ways = Ways::new();
    // A file of words that a content filter names.
    if value.get("blocked_words").is_some() {
        (found, lists) = (true, true);
        let way = [true, true];
        content_filter::words(
            "blocked_words",
            value,
            way,
            &mut ways,
            draft,
            &mut Vec::new(),
        );
    }
    let all = match value.get("guardrails") {
        Some(Value::Array(all)) => all.as_slice(),
        _ => &[],
    };
    for entry in all {
        let name = entry
            .get("guardrail_name")
            .and_then(Value::as_str)
            .unwrap_or("without a name");
        let Some(params) = entry.get("litellm_params") else {
            draft.loss(
                format!("guardrail `{name}`"),
                "it has no `litellm_params`, and is left out",
            );
            continue;
        };
        match params
            .get("guardrail")
            .and_then(Value::as_str)
            .unwrap_or_default()
        {
            "presidio" => {
                found = true;
                lists |= one(name, params, &mut ways, draft);
            }
            "litellm_content_filter" => {
                (found, lists) = (true, true);
                let way = way_of(name, params, draft);
                content_filter::read(name, params, way, &mut ways, draft);
            }
            "hide-secrets" => {
                found = true;
                for secret in draft.secrets.clone() {
                    ways.insert(secret, [true, true]);
                }
            }
            other => draft.loss(
                format!("guardrail `{name}` ({other})"),
                "it is no rule by entity type, and is left out",
            ),
        }
    }
    if !found {
        return Err(ForeignError::Empty("LiteLLM"));
    }
    if lists {
        draft.keep_the_rest();
    }
    let done = |is: bool| {
        if is {
            Operator::Replace
        } else {
            Operator::Keep
        }
    };
    for (entity_type, [way_in, way_out]) in ways {
        draft.operators(&entity_type, done(way_in), done(way_out));
    }
    Ok(())
}

/// Takes a guardrail by Presidio; answers whether it lists types.
fn one(name: &str, params: &Value, ways: &mut Ways, draft: &mut Draft) -> bool {
    let way = way_of(name, params, draft);
    for (key, becomes) in [
        ("presidio_language", "rules hold in every language here"),
        (
            "output_parse_pii",
            "what was masked is not put back into answers by a policy",
        ),
        (
            "presidio_ad_hoc_recognizers",
            "import that file as well (`--from presidio`): only its name stands here",
        ),
    ] {
        if let Some(value) = params.get(key) {
            draft.loss(format!("`{name}`: {key} = {value}"), becomes);
        }
    }
    thresholds(name, params.get("presidio_score_thresholds"), draft);
    let spared = texts(params.get("presidio_entities_deny_list"));
    let Some(Value::Object(types)) = params.get("pii_entities_config") else {
        for ours in spared
            .iter()
            .filter_map(|kind| twins::of_presidio(kind, &draft.known))
        {
            ways.insert(ours, [false, false]);
        }
        return false;
    };
    let mut blocked = Vec::new();
    for (theirs, action) in types {
        // What it lists is dropped from what was found, in spite of its name.
        if spared.contains(theirs) {
            continue;
        }
        let Some(ours) = twins::of_presidio(theirs, &draft.known) else {
            draft.loss(
                format!("`{name}`: {theirs}"),
                "no recognizer here finds this type: left out; write one, or put its words on a deny list",
            );
            continue;
        };
        match action.as_str().unwrap_or_default() {
            "MASK" => {}
            "BLOCK" => blocked.push(theirs.clone()),
            other => {
                draft.loss(
                    format!("`{name}`: {theirs} = {other}"),
                    "an action that is not known, taken for MASK",
                );
            }
        }
        allow(ways, &ours, way);
    }
    if !blocked.is_empty() {
        draft.loss(
            format!("`{name}`: BLOCK of {}", blocked.join(", ")),
            "there the whole request is refused; a policy has no such word: it becomes `replace`, so that nothing of it goes out and the call goes on",
        );
    }
    true
}

/// The ways that a guardrail runs on.
fn way_of(name: &str, params: &Value, draft: &mut Draft) -> [bool; 2] {
    let modes = texts(params.get("mode"));
    if modes.iter().any(|mode| mode == "logging_only") {
        draft.loss(
            format!("`{name}`: mode logging_only"),
            "there only what is logged is masked; here it is a rule like the others",
        );
    }
    if params.get("default_on").and_then(Value::as_bool) != Some(true) {
        draft.loss(
            format!("`{name}` is not `default_on`"),
            "there it runs where a request asks for it; here it holds for every call",
        );
    }
    let scope = params.get("presidio_filter_scope").and_then(Value::as_str);
    let before =
        |mode: &String| matches!(mode.as_str(), "pre_call" | "during_call" | "pre_mcp_call");
    match scope {
        Some("input") => [true, false],
        Some("output") => [false, true],
        Some(_) => [true, true],
        None if !modes.is_empty() && modes.iter().all(before) => [true, false],
        None => [true, true],
    }
}

fn thresholds(name: &str, value: Option<&Value>, draft: &mut Draft) {
    let Some(Value::Object(all)) = value else {
        return;
    };
    let number = |value: &Value| value.as_f64();
    let general = all.get("ALL").and_then(number);
    let least = all.values().filter_map(number).reduce(f64::min);
    if let Some(threshold) = general.or(least) {
        draft.threshold(threshold);
    }
    let own: Vec<String> = all
        .iter()
        .filter(|(kind, _)| *kind != "ALL")
        .map(|(kind, score)| format!("{kind} {score}"))
        .collect();
    if !own.is_empty() {
        draft.loss(
            format!(
                "`{name}`: presidio_score_thresholds by type: {}",
                own.join(", ")
            ),
            "a policy has one threshold: that of ALL, or the least of them",
        );
    }
}

#[derive(Serialize)]
struct Config {
    guardrails: Vec<Guardrail>,
}

#[derive(Serialize)]
struct Guardrail {
    guardrail_name: String,
    litellm_params: Params,
}

#[derive(Serialize)]
struct Params {
    guardrail: &'static str,
    mode: Vec<&'static str>,
    default_on: bool,
    presidio_filter_scope: &'static str,
    presidio_score_thresholds: BTreeMap<&'static str, f64>,
    pii_entities_config: BTreeMap<&'static str, &'static str>,
}

pub(super) fn write(policy: &Policy, losses: &mut Vec<Loss>) -> String {
    let treated = |field: &str| -> BTreeMap<&'static str, &'static str> {
        twins::PRESIDIO_OWN
            .iter()
            .filter(|theirs| {
                let ours = twins::of_presidio_own(theirs);
                *policy.within(Some(field), None).operator(ours) != Operator::Keep
            })
            .map(|theirs| (*theirs, "MASK"))
            .collect()
    };
    let (way_in, way_out) = (treated("user_message"), treated("response"));
    let off: Vec<&str> = way_in
        .keys()
        .chain(way_out.keys())
        .filter(|theirs| !twins::PRESIDIO_ON.contains(theirs))
        .copied()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    if !off.is_empty() {
        loss(
            losses,
            format!(
                "{} types that Presidio does not look for as it is shipped",
                off.len()
            ),
            format!(
                "they are named, and go through until its registry switches them on: {}",
                off.join(", ")
            ),
        );
    }
    let guardrail = |suffix: &str, mode, scope, types| Guardrail {
        guardrail_name: format!("{}{suffix}", policy.name),
        litellm_params: Params {
            guardrail: "presidio",
            mode,
            default_on: true,
            presidio_filter_scope: scope,
            presidio_score_thresholds: BTreeMap::from([("ALL", rounded(policy.threshold))]),
            pii_entities_config: types,
        },
    };
    let guardrails = match way_in == way_out {
        true => vec![guardrail("", vec!["pre_call", "post_call"], "both", way_in)],
        false => vec![
            guardrail("-input", vec!["pre_call"], "input", way_in),
            guardrail("-output", vec!["post_call"], "output", way_out),
        ],
    };
    let form = &policy.form;
    for entity_type in form.operators.keys().filter(|kind| *kind != "default") {
        let has_twin = |theirs: &&str| twins::of_presidio_own(theirs) == entity_type;
        if !twins::PRESIDIO_OWN.iter().any(has_twin)
            && *policy.operator(entity_type) != Operator::Keep
        {
            loss(
                losses,
                entity_type.as_str(),
                "Presidio does not find this type by itself: it would go through",
            );
        }
    }
    loss(
        losses,
        "secrets and the other types that Presidio does not know",
        "not written: they would go through; `hide-secrets` is LiteLLM's guardrail for secrets",
    );
    shades(&form.operators, losses, "MASK");
    if !form.recognizer.is_empty() || !form.deny.is_empty() {
        loss(
            losses,
            format!(
                "own recognizers ({}) and deny lists ({})",
                form.recognizer.len(),
                form.deny.len()
            ),
            "export to Presidio writes them: name that file as `presidio_ad_hoc_recognizers` or put it into Presidio's registry",
        );
    }
    fields(policy, losses, "LiteLLM");
    unsaid(policy, losses, "LiteLLM");
    yaml(&Config { guardrails })
}

/// Scopes that are finer than to the model and back.
pub(super) fn fields(policy: &Policy, losses: &mut Vec<Loss>, title: &str) {
    let is_way = |fields: &[String]| {
        let all = |of: &[&str]| {
            fields.len() == of.len() && of.iter().all(|field| fields.iter().any(|f| f == field))
        };
        fields.is_empty() || all(&super::draft::REQUEST) || all(&super::draft::RESPONSE)
    };
    if policy.form.scope.iter().any(|scope| !is_way(&scope.fields)) {
        loss(
            losses,
            "scopes by field",
            format!(
                "{title} tells only what goes to the model from what comes back: written as of a user's message and of an answer"
            ),
        );
    }
    if policy
        .form
        .scope
        .iter()
        .any(|s| s.threshold.is_some() || s.names.is_some())
    {
        loss(
            losses,
            "thresholds and names by scope",
            format!("{title} has one of each"),
        );
    }
}
