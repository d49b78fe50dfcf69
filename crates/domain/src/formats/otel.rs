//! OpenTelemetry in OTLP JSON: a span of a call to a model (GenAI conventions, present and former
//! attribute names), and Claude Code's span of a request.
//!
//! Source: open-telemetry/semantic-conventions v1.41.1, docs/gen-ai. `gen_ai.usage.input_tokens` is the
//! whole input, cached parts included; here the buckets are disjoint. A record's resource stands
//! outside of it and is added once it was read; its scope is not. The event of an operation's details and
//! those of single messages (`message_events`) are parts (`parts`) of the span that they were written in:
//! instrumentations put the text there and nothing of it into the span. Not here: other log records, of which
//! Claude Code's are of calls (`claude_code`).

use serde_json::{Map, Value, json};

use crate::call::{Body, Call, Feature, Kind, Oddity, Status};
use crate::formats::row::{Row, opened};
use crate::formats::{Context, Reason, Record, Rejected, bedrock, claude_code, fields, gateway};
use crate::parts;
use message_events::{Piece, Said};

pub(super) mod langfuse_spans;
mod litellm_spans;
mod logfire;
mod message_events;
mod openinference;
mod pydantic_ai;
pub(super) mod spoken;
mod vercel;

/// What other conventions have attributes for and these have not: where it stands once such a span
/// was brought into the words of these.
const REQUEST: &str = "assay.request";
const RESPONSE: &str = "assay.response";
const METADATA: &str = "assay.metadata";
const COST_USD: &str = "assay.cost_usd";
/// That the call failed, and what its client said of that.
const FAILED: &str = "assay.failed";

/// What was sent by the events inside of a span, in Messages form.
const SENT: &str = "assay.sent";

/// A record's attributes, in the words of OpenTelemetry's conventions, with the text of the events inside.
fn told_by(row: &Row) -> Row {
    let told = litellm_spans::in_our_words(openinference::in_our_words(attributes(row)));
    let told = vercel::in_our_words(langfuse_spans::in_our_words(told));
    let mut told = pydantic_ai::in_our_words(told);
    let (sent, answer) = message_events::inside(row);
    if let Some(sent) = sent {
        told.add(SENT, sent);
    }
    let has_answer = ["gen_ai.output.messages", "gen_ai.completion.0.content"];
    if let Some(answer) = answer.filter(|_| !has_answer.iter().any(|key| told.has(key))) {
        told.add(RESPONSE, answer);
    }
    told
}

/// The event that holds what a call was asked and answered.
///
/// Source: open-telemetry/semantic-conventions v1.41.1, docs/gen-ai/gen-ai-events.md.
const DETAILS: &str = "gen_ai.client.inference.operation.details";

/// The name of an event. Before events had names of their own, an attribute told it.
fn event_name(row: &Row, told: &Row) -> Option<String> {
    row.text("eventName").or_else(|| told.text("event.name"))
}

/// Whether a log record is the event of an operation's details.
fn is_details(row: &Row, told: &Row) -> bool {
    event_name(row, told).as_deref() == Some(DETAILS)
}

/// The field that says when a log record is from: of a time of 0 nothing is known.
///
/// Source: opentelemetry-proto, `logs.proto`.
pub(super) fn time_of(row: &Row) -> &'static str {
    match row.text("timeUnixNano") {
        Some(time) if time != "0" => "timeUnixNano",
        _ => "observedTimeUnixNano",
    }
}

/// Attributes of a record as a plain object.
///
/// Source: opentelemetry-proto, `common.proto`: `AnyValue` in its JSON form, integers as text. CloudWatch's log
/// group `aws/spans` has them as a plain object.
pub(super) fn attributes(row: &Row) -> Row {
    if let Some(Value::Object(found)) = row.value("attributes") {
        return Row::of(found.clone());
    }
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
    add_origin(call, &row);
}

/// The same of a resource that stands in the record itself, as CloudWatch keeps it.
fn add_origin(call: &mut Call, resource: &Row) {
    let told = attributes(resource);
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
        let mut call = operation(&mut row, &mut told, "startTimeUnixNano", context)?;
        if let Some(Value::Object(resource)) = row.value("resource") {
            add_origin(&mut call, &Row::of(resource.clone()));
        }
        return Ok(with_oddities(call, row, told));
    }
    let is_log = row.has("timeUnixNano") || row.has("observedTimeUnixNano");
    if is_log && is_details(&row, &told) {
        // When the span began is not told: the event is written when it ends.
        let time = time_of(&row);
        let call = operation(&mut row, &mut told, time, context)?;
        row.odd(Oddity::PartOfCall);
        return Ok(with_oddities(call, row, told));
    }
    let name = event_name(&row, &told).filter(|_| is_log);
    if let Some(said) = name.as_deref().and_then(message_events::of_name) {
        let call = message(&mut row, &told, said, context)?;
        return Ok(with_oddities(call, row, told));
    }
    Err(match (row.has("attributes") || name.is_some()) && is_log {
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

/// What the event of a single message tells of its call.
fn message(row: &mut Row, told: &Row, said: Said, context: &Context) -> Result<Call, Rejected> {
    let Some(span) = span_id(row, "spanId") else {
        let what = "an event of a message that names no span";
        return Err(Rejected::new(Reason::NoCall, what));
    };
    let provider = told.first(&["gen_ai.provider.name", "gen_ai.system"]);
    let mut call = Call::new(gateway::kind(provider.as_deref(), None), Status::Ok);
    call.started_at_ms = row.nanoseconds(time_of(row), context.now_ms);
    call.request_ids.insert(parts::SPAN_ID.to_owned(), span);
    let piece = message_events::piece(said, body(row), told);
    if let Piece::Answered { finish, .. } = &piece {
        call.stop_reason = finish.as_ref().and_then(fields::short);
    }
    let said = piece.exchange();
    gateway::used(said.request.as_ref(), &mut call);
    call.body = match said.request.is_some() || said.response.is_some() {
        true => Body::Present,
        false => Body::Missing,
    };
    row.odd(Oddity::PartOfCall);
    Ok(call)
}

/// The body of a log record, as plain JSON.
fn body(row: &Row) -> Option<Value> {
    opened(&plain(row.value("body")?, 0))
}

/// The trace of a record and the span that `key` names; ids that are all zero name none.
fn span_id(row: &Row, key: &str) -> Option<String> {
    let id = |key: &str| {
        row.text(key)
            .filter(|id| id.bytes().any(|byte| byte != b'0'))
    };
    Some(format!("{}/{}", id("traceId")?, id(key)?))
}

/// What Strands Agents calls the provider, whichever that is.
const STRANDS: &str = "strands-agents";

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
    if !is_call || openinference::prepares(row, told) {
        return Err(Rejected::new(Reason::NoCall, "a span of something else"));
    }
    logfire::answered(row, told)?;
    let error = told.text("error.type");
    let status = match row.at(&["status", "code"]) {
        Some(Value::Number(code)) if code.as_u64() == Some(2) => Status::Error,
        Some(Value::String(code)) if code == "STATUS_CODE_ERROR" || code == "ERROR" => {
            Status::Error
        }
        _ if error.is_some() || told.has(FAILED) => Status::Error,
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
        // A framework for agents names itself.
        Some(name) if name.eq_ignore_ascii_case("anthropic") || name == STRANDS => {
            gateway::kind_of_model(model.as_deref()).unwrap_or(by_provider)
        }
        _ => by_provider,
    };
    let mut call = Call::new(kind, status);
    call.error_type = error.map(|error| class(&error).to_owned());
    call.http_status = told
        .http_status("http.response.status_code")
        .or_else(|| told.http_status("http.status_code"));
    call.started_at_ms = row.nanoseconds(time, context.now_ms);
    call.latency_ms = duration(row, "startTimeUnixNano", "endTimeUnixNano");
    call.request_model = model;
    call.response_model = told.text("gen_ai.response.model");
    call.endpoint = address;
    exception(row, told, &mut call);
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
        ("litellm_id", "gen_ai.response.id", "chatcmpl-"),
        ("anthropic_request_id", "anthropic.request_id", "req_"),
        ("anthropic_request_id", "anthropic.request.id", "req_"),
        ("aws_request_id", "aws.request_id", ""),
        ("aws_request_id", "aws.request.id", ""),
    ] {
        if let Some(value) = told.text(key).filter(|value| value.starts_with(wanted)) {
            call.request_ids.insert(id.to_owned(), value);
        }
    }
    // An answer of Converse has no id: SDKs give it that of its request, which Bedrock's own log has.
    if let (Kind::Bedrock, Some(id)) = (call.kind, told.text("gen_ai.response.id"))
        && is_uuid(&id)
    {
        call.request_ids
            .entry("aws_request_id".to_owned())
            .or_insert(id);
    }
    for (id, key) in [
        (parts::SPAN_ID, "spanId"),
        (parts::PARENT_ID, "parentSpanId"),
    ] {
        if let Some(span) = span_id(row, key) {
            call.request_ids.insert(id.to_owned(), span);
        }
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
    let request = spoken::request_of(told);
    gateway::used(request.as_ref(), &mut call);
    let streams = ["gen_ai.request.stream", "gen_ai.is_streaming"];
    let method = told.text("rpc.method");
    if streams.iter().any(|key| told.flag(key) == Some(true))
        || openinference::streams(row)
        || method.is_some_and(|name| name.ends_with("Stream"))
    {
        call.features.insert(Feature::Streaming);
    }
    call.body = match request {
        Some(_) => Body::Present,
        None if is_claude_code => Body::NotCarried,
        None => Body::Missing,
    };
    Ok(call)
}

fn is_uuid(id: &str) -> bool {
    let lengths: Vec<usize> = id.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && id.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}

/// Whether `gen_ai.usage.input_tokens` counts what was not cached alone, against the convention:
/// because it is smaller than its parts, or as instrumentations of the AWS SDK do. Those are told from
/// Anthropic's own client by the total that Traceloop's adds, and by the API that OpenTelemetry's name.
fn counts_the_rest(told: &Row, whole: u64, cached: u64) -> bool {
    let provider = told.first(&["gen_ai.provider.name", "gen_ai.system"]);
    let on_aws = provider
        .as_deref()
        .is_some_and(|name| name.to_ascii_lowercase().contains("aws"));
    let marks = [
        "gen_ai.usage.total_tokens",
        "llm.usage.total_tokens",
        "rpc.system",
        "rpc.system.name",
    ];
    // Of LiteLLM the total is none of those marks, and the input is the whole.
    if told.has("litellm.call_id") {
        return whole < cached;
    }
    // Strands counts as Bedrock and the Claude API do; behind LiteLLM a model's name has a route before it.
    if provider.as_deref() == Some(STRANDS) {
        let model = told.text("gen_ai.request.model").unwrap_or_default();
        return whole < cached || !model.contains('/');
    }
    // Its newer one names what was written as Anthropic's client does, which names the address as well.
    let is_newer = told.has("gen_ai.usage.cache_write.input_tokens") && !told.has("url.full");
    whole < cached || on_aws && (is_newer || marks.iter().any(|key| told.has(key)))
}

/// Takes what an exception says of a failed call.
fn exception(row: &Row, told: &Row, call: &mut Call) {
    let events = row.value("events").and_then(Value::as_array);
    let thrown = events.into_iter().flatten().find_map(|event| {
        let event = attributes(&Row::of(event.as_object()?.clone()));
        event.has("exception.message").then_some(event)
    });
    if call.status != Status::Error {
        return;
    }
    let kind = thrown
        .as_ref()
        .and_then(|event| event.text("exception.type"));
    if let (Some(kind), true) = (kind, call.error_type.is_none()) {
        call.error_type = Some(class(&kind).to_owned());
    }
    // A span without an exception may say the same of its status.
    let message = thrown
        .and_then(|event| event.text("exception.message"))
        .or_else(|| row.text_at(&["status", "message"]))
        .or_else(|| told.text(FAILED));
    gateway::failure(message.as_deref(), call);
}

/// The name of a class without the package that it is of.
fn class(name: &str) -> &str {
    let is_class = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_'));
    match name.rsplit_once('.') {
        Some((_, class)) if is_class && !class.is_empty() => class,
        _ => name,
    }
}

fn finish_reason(told: &Row) -> Option<String> {
    let reasons = told.value("gen_ai.response.finish_reasons");
    reasons
        .and_then(opened)
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
