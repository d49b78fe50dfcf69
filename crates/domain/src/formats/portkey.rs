//! Portkey's log export: one line a request. Costs are in cents.
//!
//! Source: Portkey-AI/docs-core, product/observability/logs-export.

use serde_json::Value;

use crate::call::{Body, Call, Status};
use crate::exchange::Exchange;
use crate::formats::row::{Row, is_given};
use crate::formats::{Context, Reason, Record, Rejected, gateway};
use crate::moment::WithoutZone;

/// Reads a line.
///
/// # Errors
/// [`Rejected`].
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let mut row = Row::read(text)?;
    if !(row.has("req_units") || row.has("ai_org")) || !row.has("created_at") {
        return Err(Rejected::new(
            Reason::FormatUnknown,
            "no `ai_org`, `req_units` or `created_at`",
        ));
    }
    let http = ["response_status_code", "status_code"]
        .iter()
        .find_map(|key| row.http_status(key));
    let status = match http {
        Some(200..=299) => Status::Ok,
        Some(_) => Status::Error,
        // An export may leave the status out; an answer is then what tells.
        None if row.body("response").is_some_and(|body| is_given(&body)) => Status::Ok,
        None => Status::Error,
    };
    let url = row.text("request_url");
    let host = url
        .as_deref()
        .and_then(gateway::host)
        .filter(|host| !host.ends_with("portkey.ai"));
    let mut call = Call::new(gateway::kind(row.text("ai_org").as_deref(), host), status);
    call.http_status = http;
    call.endpoint = url.as_deref().and_then(gateway::host).map(str::to_owned);
    call.request_model = row.text("ai_model");
    gateway::place(&mut call, url.as_deref());
    call.started_at_ms = row.time("created_at", WithoutZone::IsUtc, context.now_ms);
    call.latency_ms = row.duration("response_time", 1.0);
    if let Some(id) = row.text("id") {
        call.request_ids.insert("gateway_id".to_owned(), id);
    }
    call.conversation_id = row.text("trace_id");
    let trace = call.conversation_id.clone();
    gateway::metadata(row.body("metadata").as_ref(), &mut call);
    call.conversation_id = call.conversation_id.take().or(trace);
    if let Some(config) = row.text("config") {
        call.metadata.insert("config".to_owned(), config);
    }
    call.tokens.input = row.count("req_units");
    call.tokens.output = row.count("res_units");
    let (request, response) = (row.body("request"), row.body("response"));
    if let Some(answer) = &response {
        gateway::answer(answer, &mut call);
    }
    if status == Status::Error && call.error_type.is_none() {
        call.error_type = http.map(|status| format!("http_{status}"));
    }
    // A cost in another currency is no figure here.
    if row
        .text("cost_currency")
        .is_none_or(|currency| currency == "USD")
    {
        call.reported_cost_usd_micros = row.money("cost", 1e4);
    }
    gateway::used(request.as_ref(), &mut call);
    call.body = match request {
        Some(body) if is_given(&body) => Body::Present,
        _ => Body::Missing,
    };
    call.oddities = row.oddities;
    Ok(Record::Call(Box::new(call)))
}

/// The request and response of a line, in Messages form.
pub fn exchange(text: &str) -> Exchange {
    let Ok(row) = Row::read(text) else {
        return Exchange::default();
    };
    let model = row.text("ai_model");
    Exchange {
        request: row
            .body("request")
            .filter(is_given)
            .and_then(|body| gateway::request(body, model.as_deref())),
        response: row
            .body("response")
            .filter(Value::is_object)
            .and_then(gateway::response),
        references: Vec::new(),
    }
}
