//! Applies a policy: text in, segments and redacted text out.
//!
//! Preview, rehearsal, replay and the filter on the terminal all come through here, so that what
//! is previewed is what is sent. Not here: which fields of a call hold text (the domain).

use serde_json::Value;

use crate::detect::{self, Entity};
use crate::operators::{self, Numbering};
use crate::policy::Policy;
use crate::recognizers::Category;

/// A stretch of a text; together the segments are the whole text, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    pub before: String,
    /// Equal to `before` where nothing was found or the operator is `keep`.
    pub after: String,
    pub entity: Option<Entity>,
    /// The operator's name, with an entity.
    pub operator: Option<&'static str>,
}

/// A redacted text.
#[derive(Debug, Clone, PartialEq)]
pub struct Redacted {
    pub segments: Vec<Segment>,
    pub text: String,
}

/// Returns the entities of `text` under `policy`: recognizers and deny lists, without what the
/// policy allows. Ordered, never overlapping, in UTF-8 bytes.
pub fn entities(text: &str, policy: &Policy) -> Vec<Entity> {
    let mut found = detect::detect(text, policy.recognizers(), policy.threshold);
    for (start, end, entity_type) in policy.denied(text) {
        found.push(Entity {
            start,
            end,
            entity_type: entity_type.to_owned(),
            category: policy.category(entity_type),
            score: 1.0,
            recognizer: "deny_list".to_owned(),
            why: vec!["stands on the policy's deny list".to_owned()],
        });
    }
    let mut found = detect::resolve(found);
    found.retain(|entity| !policy.allows(&text[entity.start..entity.end]));
    found
}

/// Returns `text` as the policy leaves it.
///
/// `key` is for the operator `hash`; `numbering` is carried over a whole conversation so that a
/// value keeps its placeholder.
pub fn redact(text: &str, policy: &Policy, key: &[u8], numbering: &mut Numbering) -> Redacted {
    let mut segments = Vec::new();
    let mut redacted = String::with_capacity(text.len());
    let mut at = 0;
    let plain = |from: usize, to: usize, segments: &mut Vec<Segment>, redacted: &mut String| {
        if from < to {
            let text = &text[from..to];
            redacted.push_str(text);
            segments.push(Segment {
                before: text.to_owned(),
                after: text.to_owned(),
                entity: None,
                operator: None,
            });
        }
    };
    for entity in entities(text, policy) {
        plain(at, entity.start, &mut segments, &mut redacted);
        at = entity.end;
        let value = &text[entity.start..entity.end];
        let operator = policy.operator(&entity.entity_type);
        let is_secret = entity.category == Category::Secret;
        let after = operators::apply(
            operator,
            value,
            &entity.entity_type,
            is_secret,
            key,
            numbering,
        );
        redacted.push_str(&after);
        segments.push(Segment {
            before: value.to_owned(),
            after,
            entity: Some(entity),
            operator: Some(operator.name()),
        });
    }
    plain(at, text.len(), &mut segments, &mut redacted);
    Redacted {
        segments,
        text: redacted,
    }
}

/// Redacts every string and number of a JSON value, keys of objects included, and returns how many
/// entities were treated. A number in which something was found becomes a string. The value stays
/// valid JSON; two keys that become the same keep their values under
/// distinct names.
pub fn redact_json(
    value: &mut Value,
    policy: &Policy,
    key: &[u8],
    numbering: &mut Numbering,
) -> u64 {
    match value {
        Value::String(text) => {
            let redacted = redact(text, policy, key, numbering);
            let count = redacted
                .segments
                .iter()
                .filter(|segment| segment.entity.is_some())
                .count() as u64;
            if count > 0 {
                *text = redacted.text;
            }
            count
        }
        Value::Number(number) => {
            let written = number.to_string();
            let redacted = redact(&written, policy, key, numbering);
            let count = redacted
                .segments
                .iter()
                .filter(|segment| segment.entity.is_some())
                .count() as u64;
            if redacted.text != written {
                *value = Value::String(redacted.text);
            }
            count
        }
        Value::Array(items) => items
            .iter_mut()
            .map(|item| redact_json(item, policy, key, numbering))
            .sum(),
        Value::Object(fields) => {
            let mut count = 0;
            let mut renamed = serde_json::Map::new();
            for (name, mut inner) in std::mem::take(fields) {
                count += redact_json(&mut inner, policy, key, numbering);
                let new = redact(&name, policy, key, numbering);
                count += new
                    .segments
                    .iter()
                    .filter(|segment| segment.entity.is_some())
                    .count() as u64;
                let mut new_name = new.text;
                while renamed.contains_key(&new_name) {
                    new_name.push('_');
                }
                renamed.insert(new_name, inner);
            }
            *fields = renamed;
            count
        }
        _ => 0,
    }
}
