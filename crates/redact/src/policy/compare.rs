//! What differs between two policies, rule by rule.
//!
//! Not here: what differs in a text that both are applied to (`rehearsal`), and their texts as lines.

use std::collections::BTreeMap;

use super::allow::AllowForm;
use super::{Form, Policy, ScopeForm};
use crate::operators::Operator;
use crate::recognizers::Source;

/// A rule that one of the two has otherwise or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// `threshold`, `names`, `operator`, `allow`, `deny`, `recognizer` or `scope`.
    pub what: &'static str,
    /// Which: an entity type, a word, a recognizer's name, a scope and what it says.
    pub key: String,
    /// `None` where the old policy has no such rule.
    pub before: Option<String>,
    /// `None` where the new policy has none.
    pub after: Option<String>,
}

/// Returns what differs, in the order of the kinds and then by name. Equal rules in another order, or
/// in other words of the text, are no difference.
pub fn compare(old: &Policy, new: &Policy) -> Vec<Difference> {
    let (old, mut new) = (rules(&old.form), rules(&new.form));
    let mut differences = Vec::new();
    for ((place, what, key), before) in old {
        let after = new.remove(&(place, what, key.clone()));
        if after.as_ref() != Some(&before) {
            differences.push((place, what, key, Some(before), after));
        }
    }
    let added = new
        .into_iter()
        .map(|((place, what, key), after)| (place, what, key, None, Some(after)));
    differences.extend(added);
    differences.sort();
    differences
        .into_iter()
        .map(|(_, what, key, before, after)| Difference {
            what,
            key,
            before,
            after,
        })
        .collect()
}

/// A scope as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeSaid {
    pub fields: Vec<String>,
    pub deployments: Vec<String>,
    /// What it says there: `EMAIL_ADDRESS: keep`.
    pub says: Vec<String>,
}

/// The scopes of a policy, in its order.
pub fn scopes(policy: &Policy) -> Vec<ScopeSaid> {
    policy
        .form
        .scope
        .iter()
        .map(|scope| ScopeSaid {
            fields: scope.fields.clone(),
            deployments: scope.deployments.clone(),
            says: says(scope)
                .into_iter()
                .map(|(what, value)| format!("{what}: {value}"))
                .collect(),
        })
        .collect()
}

fn says(scope: &ScopeForm) -> Vec<(String, String)> {
    let mut says = Vec::new();
    says.extend(
        scope
            .threshold
            .map(|least| ("threshold".to_owned(), least.to_string())),
    );
    says.extend(scope.names.map(|names| ("names".to_owned(), level(names))));
    for (kind, operator) in &scope.operators {
        says.push((kind.clone(), said(operator)));
    }
    for entry in &scope.allow {
        let (key, value) = allowed(entry);
        says.push((format!("allow {key}"), value));
    }
    says
}

type Rules = BTreeMap<(u8, &'static str, String), String>;

fn rules(form: &Form) -> Rules {
    let mut rules = Rules::new();
    let mut add = |place: u8, what: &'static str, key: String, value: String| {
        rules.insert((place, what, key), value);
    };
    add(0, "threshold", String::new(), form.threshold.to_string());
    add(1, "names", String::new(), level(form.names));
    for (kind, operator) in &form.operators {
        add(2, "operator", kind.clone(), said(operator));
    }
    for entry in &form.allow {
        let (key, value) = allowed(entry);
        add(3, "allow", key, value);
    }
    for list in &form.deny {
        for word in &list.words {
            add(4, "deny", word.clone(), list.entity_type.clone());
        }
    }
    for source in &form.recognizer {
        add(5, "recognizer", source.name.clone(), recognizer(source));
    }
    for scope in &form.scope {
        let mut places = Vec::new();
        for (what, names) in [
            ("fields", &scope.fields),
            ("deployments", &scope.deployments),
        ] {
            if !names.is_empty() {
                let mut names = names.clone();
                names.sort();
                places.push(format!("{what} {}", names.join(", ")));
            }
        }
        let place = places.join("; ");
        for (what, value) in says(scope) {
            add(6, "scope", format!("{place}: {what}"), value);
        }
    }
    rules
}

fn level(level: crate::names::Level) -> String {
    format!("{level:?}").to_lowercase()
}

/// An operator with what it was given: `mask, keep_last 4`.
fn said(operator: &Operator) -> String {
    let mut parts = vec![operator.name().to_owned()];
    if let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(operator) {
        for (name, value) in fields {
            if name != "operator" {
                let value = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                parts.push(format!("{name} {value}"));
            }
        }
    }
    parts.join(", ")
}

fn allowed(entry: &AllowForm) -> (String, String) {
    let key = match (&entry.exact, &entry.pattern) {
        (Some(exact), _) => exact.clone(),
        (None, Some(pattern)) => format!("/{pattern}/"),
        (None, None) => String::new(),
    };
    let mut parts = Vec::new();
    parts.extend(entry.entity_type.clone());
    if !entry.fields.is_empty() {
        parts.push(format!("in {}", entry.fields.join(", ")));
    }
    parts.extend(entry.until.as_ref().map(|until| format!("until {until}")));
    if !entry.reason.is_empty() {
        parts.push(entry.reason.clone());
    }
    match parts.is_empty() {
        true => (key, "everywhere".to_owned()),
        false => (key, parts.join("; ")),
    }
}

fn recognizer(source: &Source) -> String {
    let mut parts = vec![source.entity_type.clone()];
    if !source.pattern.is_empty() {
        parts.push(format!("/{}/", source.pattern));
    }
    parts.push(format!("score {}", source.score));
    parts.extend(
        source
            .validator
            .as_ref()
            .map(|name| format!("validator {name}")),
    );
    for (what, words) in [
        ("words", &source.words),
        ("context", &source.context),
        ("not context", &source.not_context),
        ("needs", &source.needs),
    ] {
        if !words.is_empty() {
            parts.push(format!("{what} {}", words.join(", ")));
        }
    }
    if source.context_required {
        parts.push("only with context".to_owned());
    }
    parts.join("; ")
}
