//! Langfuse's attributes of a generation that its client sends as a span, in the words of
//! OpenTelemetry's conventions.
//!
//! In: the attributes of a span. Out: the same with those that are read of it under the names that
//! spans of the conventions have. Not here: Langfuse's own records (`formats/langfuse.rs`).
//!
//! Source: langfuse/langfuse-python, `_client/attributes.py`; what versions 3.15.0, 5.0.4
//! and, for LiteLLM 1.110.2, 4.18.0 write.

use serde_json::{Map, Value, json};

use super::{COST_USD, FAILED, METADATA, REQUEST, RESPONSE, attributes, litellm_spans};
use crate::formats::gateway;
use crate::formats::langfuse_traces::Trace;
use crate::formats::row::{Row, is_given, opened};

const OF_TRACE: &str = "langfuse.trace.metadata.";

/// The attributes as they are, or those of a Langfuse generation in the words of the conventions.
pub(super) fn in_our_words(told: Row) -> Row {
    if told.text("langfuse.observation.type").as_deref() != Some("generation") {
        return told;
    }
    let body = |key: &str| {
        told.value(&format!("langfuse.observation.{key}"))
            .and_then(opened)
    };
    let mut found = Map::new();
    found.insert("gen_ai.operation.name".to_owned(), json!("chat"));
    for (theirs, ours) in [
        ("langfuse.observation.model.name", "gen_ai.request.model"),
        ("session.id", "gen_ai.conversation.id"),
        ("user.id", "enduser.id"),
    ] {
        if let Some(value) = told.value(theirs) {
            found.insert(ours.to_owned(), value.clone());
        }
    }
    // It names no provider: what a model is called is all that there is.
    let model = told
        .text("langfuse.observation.model.name")
        .unwrap_or_default();
    if model.contains("claude") {
        found.insert("gen_ai.provider.name".to_owned(), json!("anthropic"));
    }
    usage(body("usage_details").as_ref(), &mut found);
    let settings = body("model.parameters");
    if settings
        .as_ref()
        .and_then(|settings| settings.get("stream"))
        == Some(&Value::Bool(true))
    {
        found.insert("gen_ai.request.stream".to_owned(), json!(true));
    }
    let message = told
        .text("langfuse.observation.status_message")
        .unwrap_or_default();
    let output = body("output").filter(is_given);
    // LiteLLM's callback tells a failure by the level alone, and its message as the answer too.
    let failed = told.text("langfuse.observation.level").as_deref() == Some("ERROR");
    let output = output.filter(|output| !failed || output.as_str() != Some(message.as_str()));
    if failed {
        found.insert(FAILED.to_owned(), json!(message));
    }
    let cost = body("cost_details");
    for (name, value) in [
        (REQUEST, body("input").filter(is_given)),
        (RESPONSE, output),
        (METADATA, metadata(&told)),
        (COST_USD, cost.and_then(|cost| cost.get("total").cloned())),
    ] {
        if let Some(value) = value {
            found.insert(name.to_owned(), value);
        }
    }
    let mut found = Row::of(found);
    if let Some(hidden) = body("metadata.hidden_params") {
        litellm_spans::hidden(&hidden, &mut found);
    }
    found
}

/// What a span around generations says of their trace, and which that is. Its caller and session are those that
/// `update_trace` sets; a generation keeps its own.
pub(in crate::formats) fn trace(row: &Row) -> Option<(String, Trace)> {
    let told = attributes(row);
    let kind = told.text("langfuse.observation.type")?;
    if kind == "generation" {
        return None;
    }
    let trace = Trace {
        user: told.text("user.id"),
        session: told.text("session.id"),
        metadata: metadata(&told),
    };
    let is_told = trace.user.is_some() || trace.session.is_some() || trace.metadata.is_some();
    is_told.then_some((row.text("traceId")?, trace))
}

/// Buckets as the integrations name them, the cached input apart; the conventions count it in.
fn usage(details: Option<&Value>, found: &mut Map<String, Value>) {
    let first = |keys: &[&str]| keys.iter().find_map(|key| details?.get(*key)?.as_u64());
    let input = first(&["input", "input_tokens"]);
    let read = first(&[
        "cache_read_input_tokens",
        "input_cache_read",
        "input_cached_tokens",
    ]);
    let written = first(&["cache_creation_input_tokens", "input_cache_creation"]);
    let output = first(&["output", "output_tokens"]);
    let input =
        input.map(|input| gateway::apart(input, [output, read, written], first(&["total"])));
    let whole = input.map(|input| {
        let cached = read.unwrap_or(0).saturating_add(written.unwrap_or(0));
        input.saturating_add(cached)
    });
    for (name, count) in [
        ("gen_ai.usage.input_tokens", whole),
        ("gen_ai.usage.output_tokens", output),
        ("gen_ai.usage.cache_read.input_tokens", read),
        ("gen_ai.usage.cache_creation.input_tokens", written),
    ] {
        if let Some(count) = count {
            found.insert(name.to_owned(), json!(count));
        }
    }
}

/// The caller's own pairs of the trace, each written as JSON.
fn metadata(told: &Row) -> Option<Value> {
    let pairs: Map<String, Value> = told
        .beginning_with(OF_TRACE)
        .map(|(key, value)| {
            let plain = value
                .as_str()
                .and_then(|text| serde_json::from_str(text).ok());
            (key.to_owned(), plain.unwrap_or_else(|| value.clone()))
        })
        .collect();
    (!pairs.is_empty()).then_some(Value::Object(pairs))
}
