//! Whether something is left in a request that was treated and that its policy does not keep.
//!
//! Not here: treating it (`outgoing`).

use std::collections::HashMap;

use assay_domain::exchange::{Exchange, Field};
use assay_redact::conversation;
use assay_redact::policy::Policy;
use assay_redact::redaction;
use serde_json::Value;

use super::{below, is_dialect};
use crate::masking::{NamedPart, conversation_of};

/// Looks through what was treated.
pub(super) struct Looking<'a> {
    whole: &'a Policy,
    /// What is said of each field, and the name it stands under, by its pointer.
    fields: HashMap<String, (&'a Policy, Option<String>)>,
    /// What operators wrote that may look like somebody's value.
    written: &'a [String],
}

impl<'a> Looking<'a> {
    /// What the policy says of each field of `request`, of a call of a deployment.
    pub(super) fn at(
        request: &Value,
        policy: &'a Policy,
        deployment: Option<&str>,
        written: &'a [String],
    ) -> Self {
        let own = Exchange {
            request: Some(request.clone()),
            ..Exchange::default()
        };
        let fields = own
            .parts()
            .into_iter()
            .map(|part| {
                let said = policy.within(Some(part.field.name()), deployment);
                let name = part.name();
                (part.pointer, (said, name))
            })
            .collect();
        Self {
            whole: policy.anywhere(deployment),
            fields,
            written,
        }
    }

    /// Whether a value is left that is parted between texts of `request`; `said` is what the policy says of
    /// a field.
    pub(super) fn is_parted(request: &Value, said: &dyn Fn(Field) -> &'a Policy) -> bool {
        let own = Exchange {
            request: Some(request.clone()),
            ..Exchange::default()
        };
        let parts = NamedPart::all(&own);
        let texts = conversation_of(&parts, |field| -> &Policy { said(field) });
        conversation::pieces(&texts)
            .iter()
            .zip(&texts)
            .any(|(pieces, text)| {
                pieces.iter().any(|entity| {
                    let operator = text.policy.operator(&entity.entity_type);
                    operator.name() != "keep" && !operator.writes_values()
                })
            })
    }

    /// Whether something is left in `value`, which stands at the pointer `at`.
    pub(super) fn is_left(&self, value: &Value, at: &str) -> bool {
        let found = |text: &str, name: Option<&str>, policy: &Policy| {
            redaction::entities_under(name, text, policy)
                .iter()
                .any(|entity| {
                    let operator = policy.operator(&entity.entity_type);
                    let value = &text[entity.start..entity.end];
                    let is_ours = || self.written.iter().any(|ours| ours.contains(value));
                    operator.name() != "keep" && !(operator.writes_values() && is_ours())
                })
        };
        match value {
            Value::String(text) => match self.fields.get(at) {
                Some((policy, name)) => found(text, name.as_deref(), policy),
                None => found(text, None, self.whole),
            },
            Value::Number(number) => self
                .fields
                .get(at)
                .is_some_and(|(policy, name)| found(&number.to_string(), name.as_deref(), policy)),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .any(|(index, item)| self.is_left(item, &format!("{at}/{index}"))),
            Value::Object(fields) => {
                let bytes = fields.get("type").and_then(Value::as_str) == Some("base64");
                fields.iter().any(|(name, inner)| {
                    let exempt = (bytes && name == "data") || is_dialect(name, inner);
                    found(name, None, self.whole)
                        || (!exempt && self.is_left(inner, &below(at, name)))
                })
            }
            _ => false,
        }
    }
}
