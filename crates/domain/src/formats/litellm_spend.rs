//! Rows of LiteLLM's table `LiteLLM_SpendLogs`, as `/spend/logs` or an export of the table writes
//! them. Several columns hold JSON as text.
//!
//! Source: BerriAI/litellm `schema.prisma`. `prompt_tokens` includes cached tokens there.

use serde_json::Value;

use crate::call::{Body, Call, Oddity, Status};
use crate::exchange::Exchange;
use crate::formats::row::{Row, is_given, opened};
use crate::formats::{Context, Reason, Record, Rejected, fields, gateway, signs};
use crate::moment::WithoutZone;

/// Reads a row.
///
/// # Errors
/// [`Rejected`].
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let mut row = Row::read(text)?;
    if !row.has("call_type") || !row.has("spend") || !row.has("request_id") {
        return Err(Rejected::new(
            Reason::FormatUnknown,
            "no `call_type`, `spend` or `request_id`",
        ));
    }
    let metadata = row.body("metadata").unwrap_or(Value::Null);
    let said = |key: &str| fields::said(metadata.get(key).and_then(Value::as_str));
    let failed = row.text("status").or_else(|| said("status")).as_deref() == Some("failure");
    let base = row.text("api_base");
    let kind = gateway::kind(
        row.text("custom_llm_provider").as_deref(),
        base.as_deref().and_then(gateway::host),
    );
    let mut call = Call::new(kind, if failed { Status::Error } else { Status::Ok });
    // The table's timestamps have no zone; LiteLLM writes UTC.
    call.started_at_ms = row.time("startTime", WithoutZone::IsUtc, context.now_ms);
    let end = row
        .has("endTime")
        .then(|| row.time("endTime", WithoutZone::IsUtc, context.now_ms))
        .flatten();
    call.latency_ms = call
        .started_at_ms
        .zip(end)
        .map(|(start, end)| end - start)
        .filter(|ms| *ms >= 0);
    call.request_model = row
        .text("model")
        .map(|name| gateway::without_route(&name).to_owned());
    call.endpoint = base.as_deref().and_then(gateway::host).map(str::to_owned);
    gateway::place(&mut call, base.as_deref());
    if let Some(id) = row.text("request_id") {
        let name = match id.starts_with("msg_") {
            true => "message_id",
            false => "litellm_id",
        };
        call.request_ids.insert(name.to_owned(), id);
    }
    call.conversation_id = row.text("session_id");
    call.source_ip = row
        .text("requester_ip_address")
        .or_else(|| said("requester_ip_address"));
    call.principal = row
        .text("user")
        .filter(|user| user != "default_user_id")
        .or_else(|| said("user_api_key_user_id"))
        .or_else(|| said("user_api_key_alias"))
        .or_else(|| row.text("api_key"));
    for key in ["team_id", "organization_id", "end_user", "agent_id"] {
        if let Some(value) = row.text(key) {
            call.metadata.insert(key.to_owned(), value);
        }
    }
    let tags: Vec<String> = row
        .body("request_tags")
        .and_then(|tags| tags.as_array().cloned())
        .unwrap_or_default()
        .iter()
        .filter_map(fields::short)
        .collect();
    if !tags.is_empty() {
        call.metadata
            .insert("request_tags".to_owned(), tags.join(", "));
    }
    gateway::metadata(metadata.get("spend_logs_metadata"), &mut call);
    let prompt = row.count("prompt_tokens");
    call.tokens.output = row.count("completion_tokens");
    call.tokens.input = prompt;
    if let Some(counted) = metadata.get("usage_object").and_then(Value::as_object) {
        gateway::usage(counted, &mut call, prompt);
    }
    call.reported_cost_usd_micros = row.money("spend", 1e6).filter(|cost| !failed || *cost > 0);
    if failed {
        let error = metadata.get("error_information");
        let text = |key: &str| error.and_then(|error| fields::short(error.get(key)?));
        call.error_type = text("error_class").or_else(|| Some("failure".to_owned()));
        call.http_status = text("error_code")
            .and_then(|code| code.parse().ok())
            .filter(|status| (100..600).contains(status));
        gateway::without_zeroes(&mut call);
    }
    if let Some(answer) = row.body("response").filter(Value::is_object) {
        let counted = (call.tokens, call.request_ids.clone());
        gateway::answer(&answer, &mut call);
        // The row's own counts stand: the stored answer may be cut.
        if counted.0.input.is_some() {
            call.tokens = counted.0;
        }
    }
    let request = request_of(&row);
    gateway::used(request.as_ref(), &mut call);
    call.body = match request {
        Some(_) => Body::Present,
        None => Body::Missing,
    };
    let stands = |value: &Value| signs::is_placeholder(&value.to_string());
    if call.body == Body::Missing && row.body("messages").as_ref().is_some_and(stands) {
        row.odd(Oddity::TextPlaceholder);
    }
    if signs::is_cut(text) {
        row.odd(Oddity::BodyUnreadable);
    }
    call.oddities = row.oddities;
    Ok(Record::Call(Box::new(call)))
}

/// The messages of a row; where they were not stored, the request that the proxy received.
fn request_of(row: &Row) -> Option<Value> {
    let given = |value: &Value| is_given(value) && !signs::is_placeholder(&value.to_string());
    row.body("messages").filter(given).or_else(|| {
        let request = row.body("proxy_server_request")?;
        let body = request.get("body").and_then(opened).unwrap_or(request);
        (body.get("messages").is_some() && given(&body)).then_some(body)
    })
}

/// The request and response of a row, in Messages form.
pub fn exchange(text: &str) -> Exchange {
    let Ok(row) = Row::read(text) else {
        return Exchange::default();
    };
    let model = row.text("model");
    Exchange {
        request: request_of(&row).and_then(|body| gateway::request(body, model.as_deref())),
        response: row
            .body("response")
            .filter(is_given)
            .and_then(gateway::response),
        references: Vec::new(),
    }
}
