//! Which format a record is of, by the keys of its object.
//!
//! In: keys and the JSON under them, unread. Out: a format, or none. Not here: what carries records (`shipped`,
//! `wrapped`), reading them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::formats::{
    Format, batch_results, cassettes, claude_chats, claude_code, claude_code_sessions, compliance,
    google_audit, inference_hooks, kong, langfuse,
};

/// The keys of a record's top level, with their values unread.
pub(super) type Keys<'a> = BTreeMap<Cow<'a, str>, &'a RawValue>;

/// The format of which a record with these keys is.
pub(super) fn recognise_keys(keys: &Keys<'_>) -> Option<Format> {
    let has = |key: &str| keys.contains_key(key);
    let is = |key: &str, value: &str| keys.get(key).is_some_and(|raw| raw.get() == value);
    if is("schemaType", "\"ModelInvocationLog\"") {
        return Some(Format::BedrockInvocationLog);
    }
    if has("eventSource") && has("eventName") {
        return Some(Format::CloudTrail);
    }
    if has("actor") && has("created_at") && has("type") && has("id") {
        let is_actor = keys
            .get("actor")
            .is_some_and(|raw| compliance::is_actor(raw.get()));
        return is_actor.then_some(Format::ComplianceActivities);
    }
    if has("call_type") && has("response_cost") {
        return Some(Format::LiteLlm);
    }
    if has("messages_count") && has("request_id") && (has("latency_ms") || has("status")) {
        return Some(Format::AuditedClient);
    }
    recognise_export(keys)
}

/// The formats of exports, after those of which most records are.
fn recognise_export(keys: &Keys<'_>) -> Option<Format> {
    let has = |key: &str| keys.contains_key(key);
    let raw = |key: &str| keys.get(key).map_or("", |raw| raw.get());
    if has("protopayload_auditlog") || google_audit::is_audit_log(raw("protoPayload")) {
        return Some(Format::GoogleAuditLog);
    }
    if has("logging_time") && has("full_request") && has("api_method") {
        return Some(Format::VertexRequestResponse);
    }
    if has("custom_id") && batch_results::is_result(raw("result")) {
        return Some(Format::BatchResults);
    }
    if has("call_type") && has("spend") && has("request_id") {
        return Some(Format::LiteLlmSpend);
    }
    if has("request_created_at") && has("request_id") {
        return Some(Format::Helicone);
    }
    if (has("req_units") || has("ai_org")) && has("created_at") {
        return Some(Format::Portkey);
    }
    if has("tokens_in") && has("tokens_out") && has("provider") {
        return Some(Format::CloudflareGateway);
    }
    let is_observation = has("traceId") && has("startTime");
    if has("type") && (is_observation || has("body") && langfuse::is_event(raw("type"))) {
        return Some(Format::Langfuse);
    }
    if claude_code_sessions::is_line(has) {
        return Some(Format::ClaudeCodeSession);
    }
    let is_span = has("spanId") && has("startTimeUnixNano");
    let is_event = has("timeUnixNano") || has("observedTimeUnixNano");
    if !is_span && is_event && claude_code::is_event(["attributes", "eventName", "body"].map(raw)) {
        return Some(Format::ClaudeCode);
    }
    let is_named = raw("eventName").starts_with("\"gen_ai.");
    if is_span || is_event && (is_named || has("attributes")) {
        return Some(Format::OpenTelemetry);
    }
    if inference_hooks::is_frame(has) {
        return Some(Format::InferenceHooks);
    }
    if claude_chats::is_answer(has) {
        return Some(Format::ClaudeChats);
    }
    if kong::is_entry(has) {
        return Some(Format::Kong);
    }
    if has("startedDateTime") && has("request") && has("response") {
        return Some(Format::Har);
    }
    cassettes::is_exchange(["request", "response"].map(raw)).then_some(Format::Cassette)
}
