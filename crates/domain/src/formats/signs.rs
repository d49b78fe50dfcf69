//! Signs in a record that what it says of itself is not so: an error that was logged as success, a
//! placeholder where the text would stand, an endpoint that the provider's log does not hold.
//!
//! In: a call as its format's parser read it. Out: the same with its oddities. Not here: what they
//! mean for a trail (`coverage`).

use serde_json::Value;

use crate::call::{Call, Feature, Oddity, Status};
use crate::masks::BY_LITELLM;

/// What gateways write where they keep no text: LiteLLM on failed and pass-through requests, and
/// with message logging turned off.
///
/// Source: BerriAI/litellm, `litellm/proxy` and `litellm_core_utils/redact_messages.py`.
const PLACEHOLDERS: [&str; 3] = ["default-message-value", BY_LITELLM, "redacted by litellm"];
/// Longer texts only speak of a placeholder.
const PLACEHOLDER_BYTES: usize = 200;

/// Whether a gateway's messages, as JSON, are only its placeholder.
pub(super) fn is_placeholder(messages: &str) -> bool {
    messages.len() < PLACEHOLDER_BYTES
        && PLACEHOLDERS
            .iter()
            .any(|placeholder| messages.contains(placeholder))
}

/// What LiteLLM writes into a text that it cut: where a logger takes no large ones, and in its own table.
///
/// Source: BerriAI/litellm 1.108.7, `integrations/custom_logger.py` and `constants.py`.
const CUT: [&str; 2] = ["...truncated by litellm, ", "(litellm_truncated skipped "];

/// Whether a gateway kept a part of a text alone, by the JSON of its messages or its answer.
pub(super) fn is_cut(json: &str) -> bool {
    CUT.iter().any(|mark| json.contains(mark))
}

/// Whether all that an answer in Messages form says is a gateway's placeholder.
pub(super) fn is_placeholder_answer(answer: &Value) -> bool {
    let blocks = answer.get("content").and_then(Value::as_array);
    let Some([block]) = blocks.map(Vec::as_slice) else {
        return false;
    };
    let text = block.get("text").and_then(Value::as_str);
    text.is_some_and(|text| PLACEHOLDERS.contains(&text.trim()))
}

/// Notes what contradicts the record itself. A call whose record holds an error has failed, whatever
/// status its source gave it.
pub(super) fn note(call: &mut Call) {
    let failed = call.error_type.is_some() || call.http_status.is_some_and(|status| status >= 400);
    if call.status == Status::Ok && failed {
        call.status = Status::Error;
        call.oddities.push(Oddity::ErrorAsSuccess);
    }
    let is_mantle = |host: &str| host.starts_with("bedrock-mantle.");
    if call.endpoint.as_deref().is_some_and(is_mantle) {
        call.features.insert(Feature::BedrockMantle);
    }
}
