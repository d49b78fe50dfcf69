//! Helicone's requests, as its query API and its exports write them. Bodies may lie behind a signed
//! address instead of in the record.
//!
//! Source: Helicone/helicone, `HeliconeRequest`.

use serde_json::Value;

use crate::call::{Body, Call, Status};
use crate::exchange::Exchange;
use crate::formats::row::{Row, is_given};
use crate::formats::{Context, Reason, Record, Rejected, gateway};
use crate::moment::WithoutZone;

/// Reads a request.
///
/// # Errors
/// [`Rejected`].
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let mut row = Row::read(text)?;
    if !row.has("request_created_at") || !row.has("request_id") {
        return Err(Rejected::new(
            Reason::FormatUnknown,
            "no `request_created_at` or `request_id`",
        ));
    }
    let http = row.http_status("response_status");
    // Helicone writes codes below 100 where no answer came: cancelled, timed out, cached.
    let status = match http {
        Some(200..=299) => Status::Ok,
        Some(_) => Status::Error,
        None if row.has("response_id") && row.text("response_id").is_some() => Status::Ok,
        None => Status::Error,
    };
    let path = row.first(&["target_url", "request_path"]);
    let host = path
        .as_deref()
        .and_then(gateway::host)
        .filter(|host| !host.ends_with("helicone.ai"));
    let kind = gateway::kind(row.text("provider").as_deref(), host);
    let mut call = Call::new(kind, status);
    call.http_status = http;
    call.endpoint = path.as_deref().and_then(gateway::host).map(str::to_owned);
    call.request_model = row.first(&["model_override", "request_model", "model"]);
    call.response_model = row.text("response_model");
    gateway::place(&mut call, path.as_deref());
    call.started_at_ms = row.time("request_created_at", WithoutZone::IsUtc, context.now_ms);
    call.latency_ms = row.duration("delay_ms", 1.0);
    call.principal = row.first(&["request_user_id", "user_id"]);
    if let Some(id) = row.text("request_id") {
        call.request_ids.insert("gateway_id".to_owned(), id);
    }
    gateway::metadata(row.value("request_properties"), &mut call);
    call.conversation_id = call
        .conversation_id
        .take()
        .or_else(|| row.text_at(&["request_properties", "Helicone-Session-Id"]));
    let (request, response) = (row.body("request_body"), row.body("response_body"));
    call.tokens.input = row.count("prompt_tokens");
    call.tokens.output = row.count("completion_tokens");
    call.tokens.cache_read = row.count("prompt_cache_read_tokens");
    call.tokens.cache_write_5m = row.count("prompt_cache_write_tokens");
    if let Some(answer) = &response {
        gateway::answer(answer, &mut call);
    }
    if status == Status::Error && call.error_type.is_none() {
        call.error_type = http.map(|status| format!("http_{status}"));
    }
    call.reported_cost_usd_micros = row.money("costUSD", 1e6);
    gateway::used(request.as_ref(), &mut call);
    call.body = match request {
        Some(body) if is_given(&body) => Body::Present,
        _ if row.text("signed_body_url").is_some() => Body::ByReference,
        _ => Body::Missing,
    };
    call.oddities = row.oddities;
    Ok(Record::Call(Box::new(call)))
}

/// The request and response, in Messages form. The signed address is not a reference that can be
/// opened later: it ends, and whoever holds it can read the text.
pub fn exchange(text: &str) -> Exchange {
    let Ok(row) = Row::read(text) else {
        return Exchange::default();
    };
    let model = row.text("request_model");
    Exchange {
        request: row
            .body("request_body")
            .filter(is_given)
            .and_then(|body| gateway::request(body, model.as_deref())),
        response: row
            .body("response_body")
            .filter(Value::is_object)
            .and_then(gateway::response),
        references: Vec::new(),
    }
}
