//! Cloudflare AI Gateway's log entries. Bodies are separate objects of its API and not in here.
//!
//! Source: developers.cloudflare.com/ai-gateway, API reference of gateway logs. What `tokens_in`
//! counts is not said there; cached tokens may be in it.

use serde_json::Value;

use crate::call::{Body, Call, Status};
use crate::exchange::Exchange;
use crate::formats::row::{Row, is_given};
use crate::formats::{Context, Reason, Record, Rejected, gateway};
use crate::moment::WithoutZone;

/// Reads an entry.
///
/// # Errors
/// [`Rejected`].
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let mut row = Row::read(text)?;
    if !row.has("tokens_in") || !row.has("tokens_out") || !row.has("provider") {
        return Err(Rejected::new(
            Reason::FormatUnknown,
            "no `tokens_in`, `tokens_out` or `provider`",
        ));
    }
    let http = row.http_status("status_code");
    let status = match (row.flag("success"), http) {
        (Some(true), _) | (None, Some(200..=299)) => Status::Ok,
        _ => Status::Error,
    };
    let mut call = Call::new(gateway::kind(row.text("provider").as_deref(), None), status);
    call.http_status = http;
    call.request_model = row.text("model");
    call.started_at_ms = row.time("created_at", WithoutZone::IsUtc, context.now_ms);
    call.latency_ms = row.duration("duration", 1.0);
    if let Some(id) = row.text("id") {
        call.request_ids.insert("gateway_id".to_owned(), id);
    }
    gateway::metadata(row.body("metadata").as_ref(), &mut call);
    if row.flag("cached") == Some(true) {
        // The gateway answered; no model was asked.
        call.metadata
            .insert("gateway_cache".to_owned(), "hit".to_owned());
    }
    call.tokens.input = row.count("tokens_in");
    call.tokens.output = row.count("tokens_out");
    call.reported_cost_usd_micros = row.money("cost", 1e6);
    if status == Status::Error {
        call.error_type = http.map(|status| format!("http_{status}"));
    }
    let (request, response) = (row.body("request"), row.body("response"));
    if let Some(answer) = &response {
        gateway::answer(answer, &mut call);
    }
    gateway::used(request.as_ref(), &mut call);
    call.body = match request {
        Some(body) if is_given(&body) => Body::Present,
        _ => Body::Missing,
    };
    call.oddities = row.oddities;
    Ok(Record::Call(Box::new(call)))
}

/// The request and response, where an export put them in the entry.
pub fn exchange(text: &str) -> Exchange {
    let Ok(row) = Row::read(text) else {
        return Exchange::default();
    };
    Exchange {
        request: row
            .body("request")
            .filter(is_given)
            .and_then(|body| gateway::request(body, None)),
        response: row
            .body("response")
            .filter(Value::is_object)
            .and_then(gateway::response),
        references: Vec::new(),
    }
}
