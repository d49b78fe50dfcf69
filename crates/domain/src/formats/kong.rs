//! Kong AI Gateway: what a logging plugin of Kong writes of a request that an AI plugin sent to a model.
//!
//! In: a log entry. Out: a call, told by the plugin that proxied it. Not here: entries without a plugin for models, and
//! what other plugins asked of models on the way, which is named.
//!
//! Source: Kong/developer.konghq.com, AI Gateway audit log reference and `log-serialize`; no gateway was run.

use serde_json::{Map, Value};

use crate::call::{Body, Call, Feature, Status};
use crate::exchange::Exchange;
use crate::formats::row::{Row, is_given, opened};
use crate::formats::{Context, Reason, Record, Rejected, gateway};
use crate::moment;

/// What proxies a request; other plugins change it or keep its answer.
const PROXIES: [&str; 3] = ["proxy", "ai-proxy", "ai-proxy-advanced"];

/// Whether a record with these keys is an entry of Kong's that tells of a model.
pub(super) fn is_entry(has: impl Fn(&str) -> bool) -> bool {
    let is_kongs = has("latencies") || has("started_at");
    has("ai") && has("request") && has("response") && is_kongs
}

/// The plugin that sent the request to the model, and the names of others that sent some.
fn plugins(row: &Row) -> Option<(Row, Vec<String>)> {
    let all: &Map<String, Value> = row.value("ai")?.as_object()?;
    let asked = |told: &Value| told.pointer("/meta/provider_name").is_some();
    let mut names: Vec<&String> = all
        .iter()
        .filter(|(_, told)| asked(told))
        .map(|(name, _)| name)
        .collect();
    names.sort_by_key(|name| !PROXIES.contains(&name.as_str()));
    let (first, others) = names.split_first()?;
    let told = all.get(*first)?.as_object()?.clone();
    let others = others.iter().map(|name| (*name).clone()).collect();
    Some((Row::of(told), others))
}

/// Reads an entry.
///
/// # Errors
/// [`Rejected`].
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let mut row = Row::read(text)?;
    if !is_entry(|key| row.has(key)) {
        let what = "no `ai`, `request`, `response` or `latencies`";
        return Err(Rejected::new(Reason::FormatUnknown, what));
    }
    let Some((told, others)) = plugins(&row) else {
        let what = "an entry whose plugins asked no model";
        return Err(Rejected::new(Reason::NoCall, what));
    };
    let http = row
        .at(&["response", "status"])
        .and_then(Value::as_u64)
        .and_then(|status| u16::try_from(status).ok())
        .filter(|status| (100..600).contains(status));
    let status = match http {
        Some(200..=299) => Status::Ok,
        Some(_) => Status::Error,
        // Where Kong tells no status, tokens of an answer are what tells.
        None if told.value("usage").is_some() => Status::Ok,
        None => Status::Error,
    };
    let model = told.text_at(&["meta", "request_model"]);
    let provider = told.text_at(&["meta", "provider_name"]);
    let kind = gateway::kind_of_model(model.as_deref())
        .unwrap_or_else(|| gateway::kind(provider.as_deref(), None));
    let mut call = Call::new(kind, status);
    call.http_status = http;
    call.request_model = model;
    call.response_model = told.text_at(&["meta", "response_model"]);
    call.started_at_ms = row
        .value("started_at")
        .and_then(Value::as_i64)
        .and_then(|ms| moment::in_range(ms, context.now_ms).ok());
    if call.started_at_ms.is_none() {
        row.odd(crate::call::Oddity::TimeMissing);
    }
    let milliseconds = |value: Option<&Value>| value?.as_f64().filter(|ms| *ms >= 0.0);
    call.latency_ms = milliseconds(told.at(&["meta", "llm_latency"]))
        .or_else(|| milliseconds(row.at(&["latencies", "request"])))
        .map(|ms| ms.round() as i64);
    if let Some(id) = row.text_at(&["request", "id"]) {
        call.request_ids.insert("gateway_id".to_owned(), id);
    }
    call.source_ip = row.text("client_ip");
    call.principal = ["custom_id", "username", "id"]
        .iter()
        .find_map(|key| row.text_at(&["consumer", key]))
        .or_else(|| row.text_at(&["authenticated_entity", "id"]));
    for (path, name) in [
        (["service", "name"], "service"),
        (["route", "name"], "route"),
    ] {
        if let Some(value) = row.text_at(&path) {
            call.metadata.insert(name.to_owned(), value);
        }
    }
    if !others.is_empty() {
        call.metadata
            .insert("other_ai_plugins".to_owned(), others.join(", "));
    }
    let usage = told.value("usage").and_then(Value::as_object).cloned();
    let mut usage = Row::of(usage.unwrap_or_default());
    let mut first = |keys: [&str; 2]| keys.iter().find_map(|key| usage.count(key));
    call.tokens.input = first(["prompt_tokens", "prompt_token"]);
    call.tokens.output = first(["completion_tokens", "completion_token"]);
    call.reported_cost_usd_micros = usage.money("cost", 1e6);
    row.oddities.append(&mut usage.oddities);
    if told.text_at(&["meta", "request_mode"]).as_deref() == Some("stream") {
        call.features.insert(Feature::Streaming);
    }
    if let Some(answer) = answer(&told) {
        gateway::answer(&answer, &mut call);
    }
    if status == Status::Error {
        call.error_type = call
            .error_type
            .or_else(|| http.map(|status| format!("http_{status}")));
    }
    let request = request(&row);
    gateway::used(request.as_ref(), &mut call);
    call.body = match request {
        Some(_) => Body::Present,
        None => Body::Missing,
    };
    call.oddities = row.oddities;
    Ok(Record::Call(Box::new(call)))
}

fn request(row: &Row) -> Option<Value> {
    row.at(&["ai", "payload", "request"])
        .and_then(opened)
        .filter(is_given)
}

fn answer(told: &Row) -> Option<Value> {
    told.at(&["payload", "response"])
        .and_then(opened)
        .filter(is_given)
}

/// The request and response of an entry, in Messages form; Kong keeps them where it was told to.
pub fn exchange(text: &str) -> Exchange {
    let Ok(row) = Row::read(text) else {
        return Exchange::default();
    };
    let told = plugins(&row);
    let model = told
        .as_ref()
        .and_then(|(told, _)| told.text_at(&["meta", "request_model"]));
    Exchange {
        request: request(&row).and_then(|body| gateway::request(body, model.as_deref())),
        response: told
            .and_then(|(told, _)| answer(&told))
            .and_then(gateway::response),
        references: Vec::new(),
    }
}
