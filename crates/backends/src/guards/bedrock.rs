//! Bedrock Guardrails by `ApplyGuardrail`, without a model.
//!
//! `POST /guardrail/{id}/version/{version}/apply` answers what the guardrail matched, whatever it does
//! about it, and the text as it leaves it where it intervened. A match is told by its words, not its
//! place: every place where the words stand counts. Not here: which types the guardrail has switched
//! on, which another interface tells.
//!
//! Source: Amazon Bedrock API reference, ApplyGuardrail.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde::Deserialize;
use serde_json::json;

use super::{GuardFault, GuardProfile, Spotted, Verdict, answered};
use crate::send::Sender;

#[derive(Deserialize)]
struct Answer {
    action: String,
    #[serde(default)]
    outputs: Vec<Output>,
    #[serde(default)]
    assessments: Vec<Assessment>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Output {
    text: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Assessment {
    sensitive_information_policy: Option<Sensitive>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sensitive {
    #[serde(default)]
    pii_entities: Vec<Matched>,
    #[serde(default)]
    regexes: Vec<Matched>,
}

#[derive(Deserialize)]
struct Matched {
    #[serde(rename = "match")]
    words: Option<String>,
    #[serde(rename = "type")]
    entity_type: Option<String>,
    /// Of an expression.
    name: Option<String>,
    /// With the full scope, what was looked for and not found is told too.
    detected: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Usage {
    sensitive_information_policy_units: Option<u64>,
}

pub(super) fn ask(
    sender: &Sender,
    profile: &GuardProfile,
    text: &str,
    cancelled: &Arc<AtomicBool>,
) -> Result<Verdict, GuardFault> {
    let segments = [
        "guardrail",
        profile.guardrail.as_deref().unwrap_or_default(),
        "version",
        profile.version.as_deref().unwrap_or_default(),
        "apply",
    ];
    let source = if profile.as_output { "OUTPUT" } else { "INPUT" };
    let body = json!({ "source": source, "content": [{ "text": { "text": text } }] });
    let answer: Answer =
        serde_json::from_value(answered(sender.post(&segments, &body, cancelled))?)
            .map_err(|_| GuardFault::Unreadable)?;
    let mut spotted = Vec::new();
    let matched = answer
        .assessments
        .into_iter()
        .filter_map(|assessment| assessment.sensitive_information_policy)
        .flat_map(|policy| policy.pii_entities.into_iter().chain(policy.regexes))
        .filter(|matched| matched.detected != Some(false));
    for matched in matched {
        let name = matched
            .entity_type
            .or(matched.name)
            .unwrap_or_else(|| "regex".to_owned());
        let words = matched.words.unwrap_or_default();
        if words.is_empty() {
            continue;
        }
        spotted.extend(text.match_indices(&words).map(|(start, words)| Spotted {
            start,
            end: start + words.len(),
            name: name.clone(),
        }));
    }
    let redacted =
        (answer.action == "GUARDRAIL_INTERVENED" && !answer.outputs.is_empty()).then(|| {
            answer
                .outputs
                .iter()
                .map(|output| output.text.as_str())
                .collect()
        });
    Ok(Verdict {
        // What it matched and where can be told: the text as it left it says no more.
        redacted: redacted.filter(|_| spotted.is_empty()),
        spotted,
        units: answer
            .usage
            .and_then(|usage| usage.sensitive_information_policy_units)
            .unwrap_or(0),
    })
}
