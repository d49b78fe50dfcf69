//! Two rules of a policy that can't both hold: refused, naming both.
//!
//! Not here: entities that overlap in a text, of which one wins (`resolve`).

use std::collections::HashMap;

use super::allow::Lists;
use super::{Form, PolicyError, ScopeForm, wrong};
use crate::recognizers::Recognizers;

/// Two recognizers of one name, or of the name of one that is part of the program.
pub(super) fn between_recognizers(form: &Form) -> Result<(), PolicyError> {
    if form.recognizer.is_empty() {
        return Ok(());
    }
    let own = Recognizers::with(Vec::new())?;
    let mut seen: HashMap<&str, String> = own
        .iter()
        .map(|one| (one.source.name.as_str(), "one of the program".to_owned()))
        .collect();
    for (number, source) in (1..).zip(&form.recognizer) {
        let this = format!("recognizer[{number}]");
        if let Some(other) = seen.insert(&source.name, this.clone()) {
            return wrong(
                &this,
                format!(
                    "{other} is called `{}` as well: give each a name of its own",
                    source.name
                ),
            );
        }
    }
    Ok(())
}

/// A word that is to be left alone and always found, or found as two types.
pub(super) fn between_lists(form: &Form, lists: &Lists) -> Result<(), PolicyError> {
    let mut types: HashMap<String, (usize, &str)> = HashMap::new();
    for (number, deny) in (1..).zip(&form.deny) {
        for word in &deny.words {
            let before = types.insert(word.to_lowercase(), (number, &deny.entity_type));
            if let Some((other, entity_type)) = before
                && entity_type != deny.entity_type
            {
                return wrong(
                    &format!("deny[{number}]"),
                    format!(
                        "`{word}` is {entity_type} by deny[{other}] and {} here: leave it on one list",
                        deny.entity_type
                    ),
                );
            }
            let allowing = lists.entries.iter().find(|entry| {
                entry
                    .entity_type
                    .as_ref()
                    .is_none_or(|only| *only == deny.entity_type)
                    && entry.matches(word)
            });
            if let Some(entry) = allowing {
                return wrong(
                    &format!("deny[{number}]"),
                    format!(
                        "`{word}` is always found here and left alone by {}: take it off one of the two",
                        entry.place
                    ),
                );
            }
        }
    }
    Ok(())
}

/// Two scopes that say different things of the same field of the same deployment.
pub(super) fn between_scopes(form: &Form) -> Result<(), PolicyError> {
    for (second, b) in form.scope.iter().enumerate() {
        for (first, a) in form.scope[..second].iter().enumerate() {
            if !shared(&a.fields, &b.fields) || !shared(&a.deployments, &b.deployments) {
                continue;
            }
            if let Some(what) = differing(a, b) {
                return wrong(
                    &format!("scope[{}]", second + 1),
                    format!(
                        "it and scope[{}] say different things of {what} in {}: let one of them name fields or deployments that the other does not",
                        first + 1,
                        meeting(a, b),
                    ),
                );
            }
        }
    }
    Ok(())
}

/// Whether two lists meet, where an empty one is everything.
fn shared(a: &[String], b: &[String]) -> bool {
    a.is_empty() || b.is_empty() || a.iter().any(|name| b.contains(name))
}

fn differing(a: &ScopeForm, b: &ScopeForm) -> Option<String> {
    let kind = a
        .operators
        .iter()
        .find(|(kind, operator)| {
            b.operators
                .get(*kind)
                .is_some_and(|other| other != *operator)
        })
        .map(|(kind, _)| format!("the operator of {kind}"));
    let both = |is: bool, what: &str| is.then(|| what.to_owned());
    kind.or_else(|| {
        both(
            matches!((a.threshold, b.threshold), (Some(x), Some(y)) if x.to_bits() != y.to_bits()),
            "the threshold",
        )
    })
    .or_else(|| {
        both(
            matches!((a.names, b.names), (Some(x), Some(y)) if x != y),
            "how thoroughly names are looked for",
        )
    })
}

/// Where two scopes meet, in words.
fn meeting(a: &ScopeForm, b: &ScopeForm) -> String {
    let common = |a: &[String], b: &[String]| match (a.first(), b.first()) {
        (None, None) => None,
        (Some(name), None) | (None, Some(name)) => Some(name.clone()),
        _ => a.iter().find(|name| b.contains(name)).cloned(),
    };
    let field = common(&a.fields, &b.fields).map_or_else(
        || "every field".to_owned(),
        |field| format!("the field {field}"),
    );
    match common(&a.deployments, &b.deployments) {
        Some(deployment) => format!("{field} of {deployment}"),
        None => field,
    }
}
