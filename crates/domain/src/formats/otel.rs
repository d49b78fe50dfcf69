//! OpenTelemetry in OTLP JSON: a span of a call to a model (GenAI conventions, present and former
//! attribute names), and Claude Code's log events of its requests.
//!
//! Source: open-telemetry/semantic-conventions v1.41.1, docs/gen-ai; code.claude.com,
//! monitoring-usage. `gen_ai.usage.input_tokens` is the whole input, cached parts included; here
//! the buckets are disjoint. A record's resource stands outside of it and is added once it was read;
//! its scope is not.

use serde_json::{Map, Value, json};

use crate::call::{Body, Call, Kind, Oddity, Status};
use crate::exchange::Exchange;
use crate::formats::row::{Row, opened};
use crate::formats::{Context, Reason, Record, Rejected, bedrock, fields, gateway};

/// Attributes of a record as a plain object.
///
/// Source: opentelemetry-proto, `common.proto`: `AnyValue` in its JSON form, integers as text.
fn attributes(row: &Row) -> Row {
    let mut found = Map::new();
    let list = row.value("attributes").and_then(Value::as_array);
    for attribute in list.into_iter().flatten() {
        let key = attribute.get("key").and_then(Value::as_str);
        if let (Some(key), Some(value)) = (key, attribute.get("value")) {
            found.insert(key.to_owned(), plain(value, 0));
        }
    }
    Row::of(found)
}

fn plain(value: &Value, depth: usize) -> Value {
    let Some((kind, inner)) = value.as_object().and_then(|keys| keys.iter().next()) else {
        return Value::Null;
    };
    if depth > 32 {
        return Value::Null;
    }
    let values = || {
        let list = inner.get("values").and_then(Value::as_array);
        list.into_iter().flatten()
    };
    match kind.as_str() {
        "intValue" => match inner.as_str().map(str::parse::<i64>) {
            Some(Ok(number)) => json!(number),
            _ => inner.clone(),
        },
        "arrayValue" => values().map(|item| plain(item, depth + 1)).collect(),
        "kvlistValue" => values()
            .filter_map(|item| {
                let key = item.get("key")?.as_str()?.to_owned();
                Some((key, plain(item.get("value")?, depth + 1)))
            })
            .collect::<Map<_, _>>()
            .into(),
        _ => inner.clone(),
    }
}

/// Attributes of a resource that are kept with each of its calls.
///
/// Source: open-telemetry/semantic-conventions v1.41.1, docs/resource.
const OF_RESOURCE: [&str; 8] = [
    "service.name",
    "service.namespace",
    "service.version",
    "deployment.environment.name",
    "deployment.environment",
    "cloud.provider",
    "cloud.region",
    "host.name",
];

/// Adds what the resource (JSON) of a record says: who wrote it, in which environment, and whose
/// account that is. Where the caller runs says nothing of where the model does.
pub fn add_resource(call: &mut Call, resource: &[u8]) {
    let row = std::str::from_utf8(resource).ok().map(Row::read);
    let Some(Ok(row)) = row else {
        return;
    };
    let told = attributes(&row);
    for key in OF_RESOURCE {
        if let Some(value) = told.text(key) {
            call.metadata.entry(key.to_owned()).or_insert(value);
        }
    }
    call.account = call
        .account
        .take()
        .or_else(|| told.first(&["cloud.account.id", "gcp.project.id"]));
    call.principal = call
        .principal
        .take()
        .or_else(|| told.first(&["user.email", "enduser.id", "user.id"]));
}

/// Reads a span or a log record.
///
/// # Errors
/// [`Rejected`]; [`Reason::NoCall`] for what is no call to a model.
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let mut row = Row::read(text)?;
    let mut told = attributes(&row);
    let call = if row.has("spanId") && row.has("startTimeUnixNano") {
        span(&mut row, &mut told, context)?
    } else if row.has("attributes") && (row.has("timeUnixNano") || row.has("observedTimeUnixNano"))
    {
        event(&mut row, &mut told, context)?
    } else {
        return Err(Rejected::new(
            Reason::FormatUnknown,
            "no span and no log record",
        ));
    };
    Ok(Record::Call(Box::new(call)))
}

const IS_CALL: [&str; 4] = ["chat", "text_completion", "generate_content", "completion"];

fn span(row: &mut Row, told: &mut Row, context: &Context) -> Result<Call, Rejected> {
    let model = told.text("gen_ai.request.model");
    let operation = told.first(&["gen_ai.operation.name", "llm.request.type"]);
    // The former conventions name no operation: a model and usage, or a prompt, make it a call.
    let is_call = match operation.as_deref() {
        Some(operation) => IS_CALL.contains(&operation),
        None => model.is_some() || told.has("gen_ai.response.model"),
    };
    if !is_call {
        return Err(Rejected::new(Reason::NoCall, "a span of something else"));
    }
    let error = told.text("error.type");
    let status = match row.at(&["status", "code"]) {
        Some(Value::Number(code)) if code.as_u64() == Some(2) => Status::Error,
        Some(Value::String(code)) if code == "STATUS_CODE_ERROR" => Status::Error,
        _ if error.is_some() => Status::Error,
        _ => Status::Ok,
    };
    let provider = told.first(&["gen_ai.provider.name", "gen_ai.system"]);
    let address = told.first(&["server.address", "net.peer.name"]);
    let kind = gateway::kind(
        provider.as_deref().map(str::to_ascii_lowercase).as_deref(),
        address.as_deref(),
    );
    let mut call = Call::new(kind, status);
    call.error_type = error.or_else(|| (status == Status::Error).then(|| "error".to_owned()));
    call.http_status = told.http_status("http.response.status_code");
    call.started_at_ms = row.nanoseconds("startTimeUnixNano", context.now_ms);
    call.latency_ms = duration(row, "startTimeUnixNano", "endTimeUnixNano");
    call.request_model = model;
    call.response_model = told.text("gen_ai.response.model");
    call.endpoint = address;
    let base = call.endpoint.clone();
    gateway::place(&mut call, base.as_deref());
    if call.kind == Kind::Bedrock && call.requested_region.is_none() {
        call.requested_region = told.first(&["aws.region", "cloud.region"]);
        call.served_region = bedrock::served_region(
            call.request_model.as_deref(),
            call.requested_region.as_deref(),
            None,
        );
    }
    for (id, key, wanted) in [
        ("message_id", "gen_ai.response.id", "msg_"),
        ("anthropic_request_id", "anthropic.request_id", "req_"),
        ("aws_request_id", "aws.request_id", ""),
    ] {
        if let Some(value) = told.text(key).filter(|value| value.starts_with(wanted)) {
            call.request_ids.insert(id.to_owned(), value);
        }
    }
    if let (Some(trace), Some(span)) = (row.text("traceId"), row.text("spanId")) {
        call.request_ids
            .insert("otel_span_id".to_owned(), format!("{trace}/{span}"));
    }
    call.conversation_id = told.first(&["gen_ai.conversation.id", "session.id"]);
    call.principal = told.first(&["enduser.id", "user.email", "user.id"]);
    call.stop_reason = told
        .value("gen_ai.response.finish_reasons")
        .and_then(|reasons| fields::said(reasons.get(0)?.as_str()))
        .or_else(|| told.text("gen_ai.completion.0.finish_reason"));
    span_usage(told, &mut call);
    let request = request_of(told);
    gateway::used(request.as_ref(), &mut call);
    call.body = match request {
        Some(_) => Body::Present,
        None => Body::Missing,
    };
    finish(&mut call, row, told);
    Ok(call)
}

fn span_usage(told: &mut Row, call: &mut Call) {
    let mut first = |keys: &[&str]| keys.iter().find_map(|key| told.count(key));
    let whole = first(&["gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"]);
    call.tokens.output = first(&[
        "gen_ai.usage.output_tokens",
        "gen_ai.usage.completion_tokens",
    ]);
    call.tokens.cache_read = first(&[
        "gen_ai.usage.cache_read.input_tokens",
        "gen_ai.usage.cache_read_input_tokens",
    ]);
    call.tokens.cache_write_5m = first(&[
        "gen_ai.usage.cache_creation.input_tokens",
        "gen_ai.usage.cache_creation_input_tokens",
    ]);
    let cached = [call.tokens.cache_read, call.tokens.cache_write_5m]
        .iter()
        .flatten()
        .fold(0_u64, |sum, part| sum.saturating_add(*part));
    call.tokens.input = match whole {
        // Some instrumentations count the rest alone, against the convention: smaller than its parts.
        Some(whole) if whole < cached => Some(whole),
        Some(whole) => Some(whole - cached),
        None => None,
    };
}

/// Claude Code's events: a request that was answered, failed or was refused.
fn event(row: &mut Row, told: &mut Row, context: &Context) -> Result<Call, Rejected> {
    let name = told
        .text("event.name")
        .or_else(|| row.text("eventName"))
        .or_else(|| row.text_at(&["body", "stringValue"]))
        .unwrap_or_default();
    let name = name.strip_prefix("claude_code.").unwrap_or(&name);
    let status = match name {
        "api_request" => Status::Ok,
        "api_error" | "api_refusal" => Status::Error,
        _ => return Err(Rejected::new(Reason::NoCall, "an event of something else")),
    };
    let mut call = Call::new(Kind::ClaudeApi, status);
    // The event is written when the request ends.
    let time = match row.has("timeUnixNano") {
        true => "timeUnixNano",
        false => "observedTimeUnixNano",
    };
    call.latency_ms = told.duration("duration_ms", 1.0);
    call.started_at_ms = row
        .nanoseconds(time, context.now_ms)
        .map(|ms| ms - call.latency_ms.unwrap_or(0));
    call.request_model = told.text("model");
    if let Some(id) = told.text("request_id").filter(|id| id.starts_with("req_")) {
        call.request_ids
            .insert("anthropic_request_id".to_owned(), id);
    }
    call.conversation_id = told.text("session.id");
    call.principal = told.first(&["user.email", "user.account_uuid", "user.id"]);
    call.account = told.text("organization.id");
    for key in ["query_source", "speed", "terminal.type", "prompt.id"] {
        if let Some(value) = told.text(key) {
            call.metadata.insert(key.to_owned(), value);
        }
    }
    call.tokens.input = told.count("input_tokens");
    call.tokens.output = told.count("output_tokens");
    call.tokens.cache_read = told.count("cache_read_tokens");
    call.tokens.cache_write_5m = told.count("cache_creation_tokens");
    call.reported_cost_usd_micros = told
        .money("cost_usd_micros", 1.0)
        .or_else(|| told.money("cost_usd", 1e6));
    if status == Status::Error {
        call.http_status = told.http_status("status_code");
        let kind = match name {
            "api_refusal" => "refusal",
            _ => "api_error",
        };
        call.error_type = Some(told.text("error_type").unwrap_or_else(|| kind.to_owned()));
    }
    gateway::used(None, &mut call);
    call.body = Body::NotCarried;
    finish(&mut call, row, told);
    Ok(call)
}

fn finish(call: &mut Call, row: &mut Row, told: &mut Row) {
    call.oddities.append(&mut row.oddities);
    for oddity in told.oddities.drain(..) {
        if !call.oddities.contains(&oddity) {
            call.oddities.push(oddity);
        }
    }
}

fn duration(row: &mut Row, from: &str, to: &str) -> Option<i64> {
    let nanoseconds = |key: &str| row.text(key)?.parse::<u64>().ok();
    let (from, to) = (nanoseconds(from)?, nanoseconds(to)?);
    let Some(spent) = to.checked_sub(from) else {
        row.odd(Oddity::NumberOutOfRange);
        return None;
    };
    i64::try_from(spent.div_ceil(1_000_000)).ok()
}

/// The request that a span's attributes hold, in Messages form.
fn request_of(told: &Row) -> Option<Value> {
    let messages = told.value("gen_ai.input.messages").and_then(opened);
    if let Some(Value::Array(messages)) = messages {
        let mut system = match told.value("gen_ai.system_instructions").and_then(opened) {
            Some(Value::Array(parts)) => blocks(&parts),
            Some(Value::String(text)) => vec![json!({ "type": "text", "text": text })],
            _ => Vec::new(),
        };
        let mut turns = Vec::new();
        for message in &messages {
            let role = message
                .get("role")
                .and_then(Value::as_str)
                .unwrap_or("user");
            let content = parts_of(message);
            match role {
                "system" | "developer" => system.extend(content),
                "tool" => turns.push(json!({ "role": "user", "content": content })),
                _ => turns.push(json!({ "role": role, "content": content })),
            }
        }
        let mut body = json!({ "messages": turns });
        if !system.is_empty() {
            body["system"] = Value::Array(system);
        }
        return Some(with_settings(body, told));
    }
    let turns = numbered(told, "gen_ai.prompt");
    if turns.is_empty() {
        return None;
    }
    let body = crate::formats::messages::request_from_chat(Value::Array(turns), None)?;
    Some(with_settings(body, told))
}

fn with_settings(mut body: Value, told: &Row) -> Value {
    for (from, to) in [
        ("gen_ai.request.model", "model"),
        ("gen_ai.request.max_tokens", "max_tokens"),
        ("gen_ai.request.temperature", "temperature"),
        ("gen_ai.request.top_p", "top_p"),
        ("gen_ai.request.top_k", "top_k"),
        ("gen_ai.request.stop_sequences", "stop_sequences"),
    ] {
        if let Some(value) = told.value(from) {
            body[to] = value.clone();
        }
    }
    if let Some(tools @ Value::Array(_)) = told.value("gen_ai.tool.definitions").and_then(opened) {
        body["tools"] = tools;
    }
    body
}

fn parts_of(message: &Value) -> Vec<Value> {
    match message.get("parts").or_else(|| message.get("content")) {
        Some(Value::Array(parts)) => blocks(parts),
        Some(Value::String(text)) => vec![json!({ "type": "text", "text": text })],
        _ => Vec::new(),
    }
}

fn blocks(parts: &[Value]) -> Vec<Value> {
    let block = |part: &Value| {
        let text = part.get("content").or_else(|| part.get("text"));
        let as_text = |value: Option<&Value>| match value {
            Some(Value::String(text)) => Value::String(text.clone()),
            Some(other) => Value::String(other.to_string()),
            None => Value::String(String::new()),
        };
        match part.get("type").and_then(Value::as_str) {
            Some("reasoning" | "thinking") => {
                json!({ "type": "thinking", "thinking": as_text(text) })
            }
            Some("tool_call") => json!({
                "type": "tool_use", "id": part.get("id"), "name": part.get("name"),
                "input": part.get("arguments").and_then(opened),
            }),
            Some("tool_call_response") => json!({
                "type": "tool_result", "tool_use_id": part.get("id"),
                "content": [{
                    "type": "text",
                    "text": as_text(part.get("response").or_else(|| part.get("result"))),
                }],
            }),
            Some("text") | None => json!({ "type": "text", "text": as_text(text) }),
            // A file or an image: its kind is kept, so that it counts as not searched.
            Some(_) if part.get("modality").and_then(Value::as_str) == Some("image") => {
                json!({ "type": "image", "source": { "type": "other" } })
            }
            Some(_) => json!({ "type": "document", "source": { "type": "other" } }),
        }
    };
    parts.iter().map(block).collect()
}

/// Messages that former conventions wrote as `gen_ai.prompt.0.content` and so on.
fn numbered(told: &Row, name: &str) -> Vec<Value> {
    let mut turns = Vec::new();
    for index in 0..10_000 {
        let key = |part: &str| format!("{name}.{index}.{part}");
        let (role, content) = (told.text(&key("role")), told.value(&key("content")));
        if role.is_none() && content.is_none() {
            break;
        }
        turns.push(json!({
            "role": role.unwrap_or_else(|| "user".to_owned()),
            "content": content.and_then(opened),
        }));
    }
    turns
}

/// The request and response of a span, in Messages form.
pub fn exchange(text: &str) -> Exchange {
    let Ok(row) = Row::read(text) else {
        return Exchange::default();
    };
    let told = attributes(&row);
    let answered = match told.value("gen_ai.output.messages").and_then(opened) {
        Some(Value::Array(messages)) => messages.iter().flat_map(parts_of).collect(),
        _ => numbered(&told, "gen_ai.completion")
            .iter()
            .flat_map(parts_of)
            .collect::<Vec<_>>(),
    };
    Exchange {
        request: request_of(&told),
        response: (!answered.is_empty())
            .then(|| json!({ "role": "assistant", "content": answered })),
        references: Vec::new(),
    }
}
