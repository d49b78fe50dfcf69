//! What LiteLLM's spans tell under names of their own, in the words of OpenTelemetry's conventions.
//!
//! In: the attributes of a span of LiteLLM's callback. Out: the same, with what it says of the cache, the provider
//! and the caller beside them. Not here: the payload of its other callbacks (`formats/litellm.rs`).
//!
//! Source: BerriAI/litellm, `integrations/opentelemetry.py`; what version 1.110.2 writes.

use serde_json::{Value, json};

use super::COST_USD;
use crate::formats::gateway;
use crate::formats::row::{Row, is_given, opened};

/// What it calls a call to a model, by the route that it came in.
const CALLS: [&str; 8] = [
    "completion",
    "acompletion",
    "text_completion",
    "atext_completion",
    "anthropic_messages",
    "responses",
    "aresponses",
    "agenerate_content",
];

/// The attributes as they are, or those of LiteLLM with more of the words of the conventions.
pub(super) fn in_our_words(mut told: Row) -> Row {
    if !told.has("litellm.call_id") && !told.has("hidden_params") {
        return told;
    }
    let kind = told.text("llm.request.type").unwrap_or_default();
    if CALLS.contains(&kind.as_str()) {
        told.add("gen_ai.operation.name", json!("chat"));
    }
    if told.text("llm.is_streaming").as_deref() == Some("True") {
        told.add("gen_ai.request.stream", json!(true));
    }
    if let Some(params) = told.value("hidden_params").and_then(opened) {
        hidden(&params, &mut told);
    }
    let principal = told.first(&[
        "metadata.user_api_key_user_email",
        "metadata.user_api_key_user_id",
        "llm.user",
        "metadata.user_api_key_end_user_id",
    ]);
    if let Some(principal) = principal {
        told.add("enduser.id", json!(principal));
    }
    if let Some(cost) = told.value("gen_ai.cost.total_cost").cloned() {
        told.add(COST_USD, cost);
    }
    usage(&mut told);
    told
}

/// Adds what its hidden parameters tell: where the call was sent, and the provider's id of it.
pub(super) fn hidden(params: &Value, told: &mut Row) {
    if let Some(base) = params.get("api_base").and_then(Value::as_str) {
        if let Some(host) = gateway::host(base) {
            told.add("server.address", json!(host));
        }
        told.add("url.full", json!(base));
    }
    let provider = told.first(&["gen_ai.provider.name", "gen_ai.system"]);
    let on_aws = provider.is_some_and(|name| name.contains("bedrock"));
    let header = |name: &str| {
        let headers = params.get("additional_headers")?;
        let told = |key: &str| headers.get(key).and_then(Value::as_str).map(str::to_owned);
        told(&format!("llm_provider-{name}")).or_else(|| told(name))
    };
    let (name, id) = match on_aws {
        true => ("aws.request_id", header("x-amzn-requestid")),
        false => ("anthropic.request_id", header("request-id")),
    };
    if let Some(id) = id {
        told.add(name, json!(id));
    }
}

/// Adds what was cached: it stands in an object that is written as Python writes it.
fn usage(told: &mut Row) {
    let written = told.text("metadata.usage_object").unwrap_or_default();
    // Keys are words and values numbers, or nothing.
    let as_json = written
        .replace('\'', "\"")
        .replace("None", "null")
        .replace("True", "true")
        .replace("False", "false");
    let Ok(usage) = serde_json::from_str::<Value>(&as_json) else {
        return;
    };
    let by_time = "/prompt_tokens_details/cache_creation_token_details";
    for (path, name) in [
        (
            "/cache_read_input_tokens".to_owned(),
            "gen_ai.usage.cache_read.input_tokens",
        ),
        (
            "/cache_creation_input_tokens".to_owned(),
            "gen_ai.usage.cache_creation.input_tokens",
        ),
        (
            format!("{by_time}/ephemeral_5m_input_tokens"),
            "anthropic.usage.cache_creation.ephemeral_5m_input_tokens",
        ),
        (
            format!("{by_time}/ephemeral_1h_input_tokens"),
            "anthropic.usage.cache_creation.ephemeral_1h_input_tokens",
        ),
    ] {
        if let Some(count) = usage.pointer(&path).filter(|count| is_given(count)) {
            told.add(name, count.clone());
        }
    }
}
