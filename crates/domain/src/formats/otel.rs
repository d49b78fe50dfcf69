//! OpenTelemetry in OTLP JSON: a span of a call to a model (GenAI conventions, present and former
//! attribute names), and Claude Code's span of a request.
//!
//! Source: open-telemetry/semantic-conventions v1.41.1, docs/gen-ai. `gen_ai.usage.input_tokens` is the
//! whole input, cached parts included; here the buckets are disjoint. A record's resource stands
//! outside of it and is added once it was read; its scope is not. The event of an operation's details is a
//! part (`parts`) of the span that it was written in: instrumentations put the text there and nothing of it
//! into the span. Not here: other log records, of which Claude Code's are of calls (`claude_code`).

use serde_json::{Map, Value, json};

use crate::call::{Body, Call, Feature, Kind, Oddity, Status};
use crate::exchange::Exchange;
use crate::formats::row::{Row, opened};
use crate::formats::{
    Context, Reason, Record, Rejected, audited_client, bedrock, claude_code, fields, gateway,
};
use crate::parts;

mod langfuse_spans;
mod openinference;

/// What other conventions have attributes for and these have not: where it stands once such a span
/// was brought into the words of these.
const REQUEST: &str = "assay.request";
const RESPONSE: &str = "assay.response";
const METADATA: &str = "assay.metadata";
const COST_USD: &str = "assay.cost_usd";

/// A record's attributes, in the words of OpenTelemetry's conventions.
fn told_by(row: &Row) -> Row {
    langfuse_spans::in_our_words(openinference::in_our_words(attributes(row)))
}

/// The event that holds what a call was asked and answered.
///
/// Source: open-telemetry/semantic-conventions v1.41.1, docs/gen-ai/gen-ai-events.md.
const DETAILS: &str = "gen_ai.client.inference.operation.details";

/// Whether a log record is the event of an operation's details. Before events had names of their own, an
/// attribute told it.
fn is_details(row: &Row, told: &Row) -> bool {
    let name = row.text("eventName").or_else(|| told.text("event.name"));
    name.as_deref() == Some(DETAILS)
}

/// Attributes of a record as a plain object.
///
/// Source: opentelemetry-proto, `common.proto`: `AnyValue` in its JSON form, integers as text.
pub(super) fn attributes(row: &Row) -> Row {
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

/// Reads a span.
///
/// # Errors
/// [`Rejected`]; [`Reason::NoCall`] for what is no call to a model.
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let mut row = Row::read(text)?;
    let mut told = told_by(&row);
    if row.has("spanId") && row.has("startTimeUnixNano") {
        let call = operation(&mut row, &mut told, "startTimeUnixNano", context)?;
        return Ok(with_oddities(call, row, told));
    }
    let is_log = row.has("timeUnixNano") || row.has("observedTimeUnixNano");
    if is_log && is_details(&row, &told) {
        // When the span began is not told: the event is written when it ends.
        let time = match row.has("timeUnixNano") {
            true => "timeUnixNano",
            false => "observedTimeUnixNano",
        };
        let call = operation(&mut row, &mut told, time, context)?;
        row.odd(Oddity::PartOfCall);
        return Ok(with_oddities(call, row, told));
    }
    Err(match row.has("attributes") && is_log {
        true => Rejected::new(Reason::NoCall, "an event and no span"),
        false => Rejected::new(Reason::FormatUnknown, "no span and no log record"),
    })
}

/// A call with what is odd about its record and its attributes.
pub(super) fn with_oddities(mut call: Call, row: Row, told: Row) -> Record {
    call.oddities.extend(row.oddities);
    for oddity in told.oddities {
        if !call.oddities.contains(&oddity) {
            call.oddities.push(oddity);
        }
    }
    Record::Call(Box::new(call))
}

const IS_CALL: [&str; 4] = ["chat", "text_completion", "generate_content", "completion"];

/// What a span or the event of its details tells; `time` is where it says when that was.
fn operation(
    row: &mut Row,
    told: &mut Row,
    time: &str,
    context: &Context,
) -> Result<Call, Rejected> {
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
    let by_provider = gateway::kind(provider.as_deref(), address.as_deref());
    let is_claude_code = row.text("name").as_deref() == Some("claude_code.llm_request");
    let kind = match provider.as_deref() {
        // It names the system alike wherever its model is reached.
        _ if is_claude_code => claude_code::kind(told, model.as_deref()),
        // So do the instrumentations of Anthropic's own package, which reaches all of them.
        Some(name) if name.eq_ignore_ascii_case("anthropic") => {
            gateway::kind_of_model(model.as_deref()).unwrap_or(by_provider)
        }
        _ => by_provider,
    };
    let mut call = Call::new(kind, status);
    call.error_type = error.or_else(|| (status == Status::Error).then(|| "error".to_owned()));
    call.http_status = told.http_status("http.response.status_code");
    call.started_at_ms = row.nanoseconds(time, context.now_ms);
    call.latency_ms = duration(row, "startTimeUnixNano", "endTimeUnixNano");
    call.request_model = model;
    call.response_model = told.text("gen_ai.response.model");
    call.endpoint = address;
    exception(row, &mut call);
    let base = told.text("url.full").or_else(|| call.endpoint.clone());
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
        ("anthropic_request_id", "anthropic.request.id", "req_"),
        ("aws_request_id", "aws.request_id", ""),
    ] {
        if let Some(value) = told.text(key).filter(|value| value.starts_with(wanted)) {
            call.request_ids.insert(id.to_owned(), value);
        }
    }
    if let (Some(trace), Some(span)) = (row.text("traceId"), row.text("spanId")) {
        call.request_ids
            .insert(parts::SPAN_ID.to_owned(), format!("{trace}/{span}"));
    }
    call.conversation_id = told.first(&["gen_ai.conversation.id", "session.id"]);
    call.principal = told.first(&["enduser.id", "user.email", "user.id"]);
    call.account = call
        .account
        .take()
        .or_else(|| told.text("anthropic.organization.id"));
    // Anthropic's own word, where it stands; the list has words of OpenTelemetry's.
    call.stop_reason = told
        .text("anthropic.message.stop_reason")
        .or_else(|| finish_reason(told));
    span_usage(told, &mut call);
    if is_claude_code {
        claude_code::request(told, &mut call);
    }
    if let Some(answer) = told.value(RESPONSE) {
        // What the answer itself says is told apart where the span's own counts are sums.
        gateway::answer(answer, &mut call);
    }
    call.reported_cost_usd_micros = told.money(COST_USD, 1e6);
    gateway::metadata(told.value(METADATA), &mut call);
    let request = request_of(told);
    gateway::used(request.as_ref(), &mut call);
    let streams = ["gen_ai.request.stream", "gen_ai.is_streaming"];
    if streams.iter().any(|key| told.flag(key) == Some(true)) {
        call.features.insert(Feature::Streaming);
    }
    call.body = match request {
        Some(_) => Body::Present,
        None if is_claude_code => Body::NotCarried,
        None => Body::Missing,
    };
    Ok(call)
}

/// Whether `gen_ai.usage.input_tokens` counts what was not cached alone, against the convention:
/// because it is smaller than its parts, or as Traceloop's instrumentation of Bedrock does, which is
/// told from Anthropic's own client by the total that it adds.
fn counts_the_rest(told: &Row, whole: u64, cached: u64) -> bool {
    let provider = told.first(&["gen_ai.provider.name", "gen_ai.system"]);
    let on_aws = provider.is_some_and(|name| name.to_ascii_lowercase().contains("aws"));
    let totals = ["gen_ai.usage.total_tokens", "llm.usage.total_tokens"];
    whole < cached || on_aws && totals.iter().any(|key| told.has(key))
}

/// Takes what an exception of Anthropic's package says of a failed call: the status, and the id of
/// the answer, by which another span of the same call is found. A failed answer has no other id.
fn exception(row: &Row, call: &mut Call) {
    let events = row.value("events").and_then(Value::as_array);
    let message = events.into_iter().flatten().find_map(|event| {
        let event = Row::of(event.as_object()?.clone());
        attributes(&event).text("exception.message")
    });
    let Some(message) = message.filter(|_| call.status == Status::Error) else {
        return;
    };
    call.http_status = call.http_status.or(audited_client::http_status(&message));
    let id = message.split_once("'request_id': '");
    let id = id.and_then(|(_, rest)| rest.split('\'').next());
    if let Some(id) = id.filter(|id| id.starts_with("req_") && id.len() < 100) {
        call.request_ids
            .insert("anthropic_request_id".to_owned(), id.to_owned());
    }
}

fn finish_reason(told: &Row) -> Option<String> {
    let reasons = told.value("gen_ai.response.finish_reasons");
    reasons
        .and_then(|reasons| fields::said(reasons.get(0)?.as_str()))
        .or_else(|| told.text("gen_ai.completion.0.finish_reason"))
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
    let written = first(&[
        "gen_ai.usage.cache_creation.input_tokens",
        "gen_ai.usage.cache_write.input_tokens",
        "gen_ai.usage.cache_creation_input_tokens",
    ]);
    let (short, long) = (
        first(&["anthropic.usage.cache_creation.ephemeral_5m_input_tokens"]),
        first(&["anthropic.usage.cache_creation.ephemeral_1h_input_tokens"]),
    );
    let cached = written
        .unwrap_or(0)
        .saturating_add(call.tokens.cache_read.unwrap_or(0));
    call.tokens.input = whole.map(|whole| match counts_the_rest(told, whole, cached) {
        true => whole,
        false => whole - cached,
    });
    (call.tokens.cache_write_5m, call.tokens.cache_write_1h) = match (short, long) {
        (Some(short), Some(long)) if short.checked_add(long) == written => {
            (Some(short), Some(long))
        }
        _ => (written, None),
    };
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
    if let Some(body) = told.value(REQUEST) {
        return gateway::request(body.clone(), None);
    }
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
        ("gen_ai.request.stream", "stream"),
    ] {
        if let Some(value) = told.value(from) {
            body[to] = value.clone();
        }
    }
    if let Some(kind) = told.text("anthropic.thinking.type") {
        body["thinking"] = json!({ "type": kind });
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
            None | Some(Value::Null) => Value::String(String::new()),
            Some(other) => Value::String(other.to_string()),
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
    let told = told_by(&row);
    if !row.has("startTimeUnixNano") && !is_details(&row, &told) {
        return Exchange {
            response: claude_code::answer(&told),
            ..Exchange::default()
        };
    }
    if let Some(body) = told.value(RESPONSE) {
        return Exchange {
            request: request_of(&told),
            response: gateway::response(body.clone()),
            references: Vec::new(),
        };
    }
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
