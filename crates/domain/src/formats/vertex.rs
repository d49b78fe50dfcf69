//! Vertex AI's request-response log: rows of the BigQuery table, as `bq extract` or the console
//! write them. JSON columns come as objects or as strings.
//!
//! Source: cloud.google.com/vertex-ai, generative-ai/docs/multimodal/request-response-logging. It
//! names no caller, and no location but in `endpoint`; Google's audit log has both.

use serde_json::Value;

use crate::call::{Body, Call, Kind, Status};
use crate::exchange::Exchange;
use crate::formats::row::{Row, is_given};
use crate::formats::{Context, Reason, Record, Rejected, fields, gateway, messages};
use crate::moment::WithoutZone;

/// Reads a row.
///
/// # Errors
/// [`Rejected`].
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let mut row = Row::read(text)?;
    if !row.has("logging_time") || !row.has("full_request") || !row.has("api_method") {
        return Err(Rejected::new(
            Reason::FormatUnknown,
            "no `logging_time`, `full_request` or `api_method`",
        ));
    }
    let (request, response) = (row.body("full_request"), row.body("full_response"));
    let error = response.as_ref().and_then(error_of);
    let status = match error {
        Some(_) => Status::Error,
        None => Status::Ok,
    };
    let mut call = Call::new(Kind::Vertex, status);
    call.started_at_ms = row.time("logging_time", WithoutZone::IsUtc, context.now_ms);
    if let Some(Value::Object(metadata)) = row.body("metadata") {
        let mut metadata = Row::of(metadata);
        call.latency_ms = metadata.duration("request_latency", 1.0);
        row.oddities.append(&mut metadata.oddities);
    }
    // The row is written when the answer is complete.
    call.started_at_ms = call
        .started_at_ms
        .map(|ms| ms - call.latency_ms.unwrap_or(0));
    let model = row.text("model");
    call.request_model = model
        .as_deref()
        .and_then(|model| gateway::behind(model, "/models/").or(Some(model)))
        .map(str::to_owned);
    let resource = [
        row.text("endpoint"),
        request
            .as_ref()
            .and_then(|body| fields::said(body.get("model")?.as_str())),
    ];
    for resource in resource.iter().flatten() {
        if let Some(location) = gateway::behind(resource, "/locations/") {
            gateway::at_location(&mut call, Some(location.to_owned()));
        }
        let project = resource
            .strip_prefix("projects/")
            .and_then(|rest| rest.split('/').next());
        call.account = call.account.take().or(project.map(str::to_owned));
    }
    if let Some(id) = row.text("request_id") {
        call.request_ids.insert("vertex_request_id".to_owned(), id);
    }
    if let Some((code, reason)) = error {
        (call.http_status, call.error_type) = (code, reason);
    }
    if let Some(body) = &response {
        gateway::answer(body, &mut call);
    }
    gateway::used(request.as_ref(), &mut call);
    let streams = row
        .text("api_method")
        .is_some_and(|method| method.starts_with("Stream"));
    if streams {
        call.features.insert(crate::call::Feature::Streaming);
    }
    call.body = match request {
        Some(body) if is_given(&body) => Body::Present,
        _ => Body::Missing,
    };
    call.oddities = row.oddities;
    Ok(Record::Call(Box::new(call)))
}

/// The HTTP status and the kind of an error that was answered: Google's or Anthropic's form.
fn error_of(body: &Value) -> Option<(Option<u16>, Option<String>)> {
    let error = body.get("error").filter(|error| error.is_object())?;
    let status = error
        .get("code")
        .and_then(Value::as_u64)
        .and_then(|code| u16::try_from(code).ok())
        .filter(|code| (100..600).contains(code));
    let kind = error
        .get("status")
        .or_else(|| error.get("type"))
        .and_then(Value::as_str);
    Some((status, fields::said(kind)))
}

/// The request and response of a row, in Messages form.
pub fn exchange(text: &str) -> Exchange {
    let Ok(row) = Row::read(text) else {
        return Exchange::default();
    };
    Exchange {
        request: row.body("full_request").and_then(messages::request),
        response: row.body("full_response").and_then(messages::response),
        references: Vec::new(),
    }
}
