//! What Pydantic AI's spans tell under names of their own, in the words of OpenTelemetry's conventions.
//!
//! In: the attributes of a span of a request to a model. Out: the same, with what it says of the cache, the cost, the
//! stream and the provider's id beside them. Not here: its spans of agents and tools, which are no calls.
//!
//! Source: what pydantic-ai-slim 2.68.0 writes, with the formats 2 to 5 of its instrumentation.

use serde_json::json;

use super::COST_USD;
use crate::formats::row::Row;

/// The attributes as they are, or those of Pydantic AI with more of the words of the conventions.
pub(super) fn in_our_words(mut told: Row) -> Row {
    if !told.has("model_request_parameters") {
        return told;
    }
    if let Some(cost) = told.value("operation.cost").cloned() {
        told.add(COST_USD, cost);
    }
    if told.has("gen_ai.client.operation.time_to_first_chunk") {
        told.add("gen_ai.request.stream", json!(true));
    }
    // On Bedrock an answer has no id: it is that of the request.
    let on_bedrock = told.text("gen_ai.provider.name").as_deref() == Some("bedrock");
    if let (true, Some(id)) = (on_bedrock, told.text("gen_ai.response.id")) {
        told.add("aws.request_id", json!(id));
    }
    kept_for(&mut told);
    told
}

/// Adds for how long what was written to the cache is kept: one of the two is told, the other is the rest.
fn kept_for(told: &mut Row) {
    let mut count = |key: &str| told.count(&format!("gen_ai.usage.{key}"));
    let Some(written) = count("cache_creation.input_tokens") else {
        return;
    };
    let short = count("details.ephemeral_5m_input_tokens");
    let long = count("details.ephemeral_1h_input_tokens");
    let (short, long) = match (short, long) {
        (Some(short), Some(long)) => (Some(short), Some(long)),
        (Some(short), None) => (Some(short), written.checked_sub(short)),
        (None, Some(long)) => (written.checked_sub(long), Some(long)),
        (None, None) => return,
    };
    for (kept, count) in [("5m", short), ("1h", long)] {
        if let Some(count) = count {
            let key = format!("anthropic.usage.cache_creation.ephemeral_{kept}_input_tokens");
            told.add(&key, json!(count));
        }
    }
}
