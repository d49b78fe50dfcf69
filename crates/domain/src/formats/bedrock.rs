//! Amazon Bedrock model invocation log: one record a call, with the text where it is delivered.
//!
//! Source: docs.aws.amazon.com, bedrock/latest/userguide/model-invocation-logging. Only the
//! `bedrock-runtime` endpoint writes this log; calls to `bedrock-mantle` never appear in it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::call::{Body, Call, Feature, Features, Kind, Oddity, Status, Tokens};
use crate::exchange::Exchange;
use crate::formats::fields::Oddities;
use crate::formats::{Context, Reason, Record, Rejected, features, fields, messages, rejected};
use crate::moment::WithoutZone;
use crate::place::{self, Routing};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(borrow)]
    schema_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    timestamp: Option<Cow<'a, str>>,
    #[serde(borrow)]
    account_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    region: Option<Cow<'a, str>>,
    #[serde(borrow)]
    request_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    operation: Option<Cow<'a, str>>,
    #[serde(borrow)]
    model_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    identity: Option<Identity<'a>>,
    request_metadata: Option<BTreeMap<String, Value>>,
    #[serde(borrow)]
    inference_region: Option<Cow<'a, str>>,
    #[serde(borrow)]
    error_code: Option<Cow<'a, str>>,
    #[serde(borrow)]
    input: Option<Side<'a>>,
    #[serde(borrow)]
    output: Option<Side<'a>>,
    #[serde(borrow)]
    cache_read_input_token_count: Option<&'a RawValue>,
    #[serde(borrow)]
    cache_write_input_token_count: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Identity<'a> {
    #[serde(borrow)]
    arn: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Side<'a> {
    #[serde(borrow)]
    input_body_json: Option<&'a RawValue>,
    #[serde(borrow, rename = "inputBodyS3Path")]
    input_body_s3_path: Option<Cow<'a, str>>,
    #[serde(borrow)]
    input_token_count: Option<&'a RawValue>,
    #[serde(borrow)]
    cache_read_input_token_count: Option<&'a RawValue>,
    #[serde(borrow)]
    cache_write_input_token_count: Option<&'a RawValue>,
    #[serde(borrow)]
    output_body_json: Option<&'a RawValue>,
    #[serde(borrow, rename = "outputBodyS3Path")]
    output_body_s3_path: Option<Cow<'a, str>>,
    #[serde(borrow)]
    output_token_count: Option<&'a RawValue>,
}

/// What the answer says of itself, whichever operation it came from. Content is not read here.
#[derive(Deserialize, Default)]
struct Answer<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    model: Option<Cow<'a, str>>,
    #[serde(borrow)]
    stop_reason: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "stopReason")]
    converse_stop_reason: Option<Cow<'a, str>>,
    #[serde(borrow)]
    usage: Option<Usage<'a>>,
    #[serde(borrow)]
    metrics: Option<Metrics<'a>>,
    #[serde(borrow, rename = "amazon-bedrock-invocationMetrics")]
    invocation_metrics: Option<Metrics<'a>>,
    #[serde(borrow, rename = "amazon-bedrock-guardrailAction")]
    guardrail_action: Option<Cow<'a, str>>,
    #[serde(borrow)]
    message: Option<Box<Answer<'a>>>,
    #[serde(borrow)]
    delta: Option<Delta<'a>>,
}

#[derive(Deserialize, Default)]
struct Delta<'a> {
    #[serde(borrow)]
    stop_reason: Option<Cow<'a, str>>,
}

#[derive(Deserialize, Default)]
struct Usage<'a> {
    #[serde(borrow, alias = "inputTokens")]
    input_tokens: Option<&'a RawValue>,
    #[serde(borrow, alias = "outputTokens")]
    output_tokens: Option<&'a RawValue>,
    #[serde(borrow, alias = "cacheReadInputTokens")]
    cache_read_input_tokens: Option<&'a RawValue>,
    #[serde(borrow, alias = "cacheWriteInputTokens")]
    cache_creation_input_tokens: Option<&'a RawValue>,
    #[serde(borrow)]
    cache_creation: Option<CacheCreation<'a>>,
}

#[derive(Deserialize, Default)]
struct CacheCreation<'a> {
    #[serde(borrow)]
    ephemeral_5m_input_tokens: Option<&'a RawValue>,
    #[serde(borrow)]
    ephemeral_1h_input_tokens: Option<&'a RawValue>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Metrics<'a> {
    #[serde(borrow, alias = "invocationLatency")]
    latency_ms: Option<&'a RawValue>,
    #[serde(borrow)]
    input_token_count: Option<&'a RawValue>,
    #[serde(borrow)]
    output_token_count: Option<&'a RawValue>,
    #[serde(borrow)]
    cache_read_input_token_count: Option<&'a RawValue>,
    #[serde(borrow)]
    cache_write_input_token_count: Option<&'a RawValue>,
}

/// The Region in which a call ran, as far as there is evidence: what AWS recorded, or the Region
/// it was sent to where the model id is served in that Region alone. A profile without a recorded
/// Region may have run anywhere in its geography, and an id that doesn't tell, anywhere: unknown.
///
/// Source: docs.aws.amazon.com, bedrock/latest/userguide/cross-region-inference.
pub fn served_region(
    model: Option<&str>,
    sent_to: Option<&str>,
    recorded: Option<String>,
) -> Option<String> {
    recorded.or_else(|| {
        let in_region = place::bedrock_routing(model?) == Routing::OneRegion;
        sent_to.filter(|_| in_region).map(str::to_owned)
    })
}

/// The HTTP status of a Bedrock error.
///
/// Source: docs.aws.amazon.com, bedrock/latest/APIReference/API_runtime_InvokeModel, Errors.
pub fn http_status(error: &str) -> Option<u16> {
    Some(match error.trim_end_matches("Exception") {
        "Validation" | "ServiceQuotaExceeded" => 400,
        "AccessDenied" => 403,
        "ResourceNotFound" => 404,
        "ModelTimeout" => 408,
        "ModelError" | "ModelStreamError" => 424,
        "Throttling" | "ModelNotReady" | "TooManyRequests" => 429,
        "InternalServer" | "InternalFailure" => 500,
        "ServiceUnavailable" => 503,
        _ => return None,
    })
}

/// A body's JSON text: as it stands, or out of the string that some exports put it in.
fn body_text(raw: &RawValue) -> Cow<'_, str> {
    let text = raw.get();
    if text.starts_with('"') {
        serde_json::from_str::<String>(text).map_or(Cow::Borrowed(text), Cow::Owned)
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether a request's body can be searched: an export may cut the string that it stands in.
fn is_readable(raw: &RawValue) -> bool {
    match raw.get().as_bytes().first() {
        Some(b'{') => true,
        Some(b'"') => messages::read(&body_text(raw))
            .and_then(messages::request)
            .is_some(),
        _ => false,
    }
}

fn is_given(raw: Option<&RawValue>) -> bool {
    raw.is_some_and(|raw| !matches!(raw.get(), "null" | "\"\"" | "{}"))
}

/// Reads a record.
///
/// # Errors
/// [`Rejected`].
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let log: Log<'_> = serde_json::from_str(text).map_err(|error| rejected(text, &error))?;
    if log.schema_type.as_deref() != Some("ModelInvocationLog") {
        return Err(Rejected::new(
            Reason::FormatUnknown,
            "`schemaType` is not `ModelInvocationLog`",
        ));
    }
    let error_type = fields::said(log.error_code);
    let status = if error_type.is_some() {
        Status::Error
    } else {
        Status::Ok
    };
    let mut call = Call::new(Kind::Bedrock, status);
    let mut oddities = Vec::new();
    let mut used = Features::default();
    call.started_at_ms = fields::time(
        log.timestamp.as_deref(),
        WithoutZone::IsOdd,
        context.now_ms,
        &mut oddities,
    );
    call.request_model = fields::said(log.model_id);
    call.requested_region = fields::said(log.region);
    let ran_in = fields::said(log.inference_region);
    call.served_region = served_region(
        call.request_model.as_deref(),
        call.requested_region.as_deref(),
        ran_in,
    );
    call.principal = log.identity.and_then(|identity| fields::said(identity.arn));
    call.account = fields::said(log.account_id);
    call.error_type = error_type;
    call.http_status = call.error_type.as_deref().and_then(http_status);
    if let Some(id) = fields::said(log.request_id) {
        call.request_ids.insert("aws_request_id".to_owned(), id);
    }
    for (key, value) in log.request_metadata.into_iter().flatten() {
        let Some(value) = fields::short(&value) else {
            continue;
        };
        match key.as_str() {
            "classification" | "Classification" => call.classification = Some(value),
            "conversation_id" | "session_id" => call.conversation_id = Some(value),
            _ => {
                call.metadata.insert(key, value);
            }
        }
    }
    if log
        .operation
        .as_deref()
        .is_some_and(|operation| operation.ends_with("Stream"))
    {
        used.insert(Feature::Streaming);
    }
    let (input, output) = (log.input.as_ref(), log.output.as_ref());
    call.tokens = Tokens {
        input: fields::count(input.and_then(|side| side.input_token_count), &mut oddities),
        output: fields::count(
            output.and_then(|side| side.output_token_count),
            &mut oddities,
        ),
        cache_read: fields::count(
            input
                .and_then(|side| side.cache_read_input_token_count)
                .or(log.cache_read_input_token_count),
            &mut oddities,
        ),
        cache_write_5m: fields::count(
            input
                .and_then(|side| side.cache_write_input_token_count)
                .or(log.cache_write_input_token_count),
            &mut oddities,
        ),
        cache_write_1h: None,
    };
    let request = input
        .and_then(|side| side.input_body_json)
        .filter(|raw| is_given(Some(raw)));
    let response = output
        .and_then(|side| side.output_body_json)
        .filter(|raw| is_given(Some(raw)));
    let is_readable = request.is_none_or(is_readable);
    if !is_readable && !request.is_some_and(|raw| raw.get().starts_with("\"s3://")) {
        oddities.push(Oddity::BodyUnreadable);
    }
    if let Some(body) = request {
        features::of_request(&body_text(body), &mut used);
    }
    if let Some(body) = response {
        read_answers(&body_text(body), &mut call, &mut used, &mut oddities);
    }
    // A path beside the body itself says only where that came from.
    let is_apart = |path: bool, body: Option<&RawValue>| path && body.is_none();
    let referenced = is_apart(
        input.is_some_and(|side| side.input_body_s3_path.is_some()),
        request,
    ) || is_apart(
        output.is_some_and(|side| side.output_body_s3_path.is_some()),
        response,
    ) || [request, response]
        .iter()
        .flatten()
        .any(|raw| raw.get().starts_with("\"s3://"));
    call.body = if referenced {
        Body::ByReference
    } else if request.is_some() && is_readable {
        Body::Present
    } else {
        Body::Missing
    };
    features::of_model(call.request_model.as_deref(), &mut used);
    call.features = used;
    call.oddities = oddities;
    Ok(Record::Call(Box::new(call)))
}

fn read_answers(text: &str, call: &mut Call, used: &mut Features, oddities: &mut Oddities) {
    if text.starts_with('[') {
        let Ok(events) = serde_json::from_str::<Vec<&RawValue>>(text) else {
            return;
        };
        for event in events.iter().filter(|event| event.get().starts_with('{')) {
            // Text deltas tell nothing about usage and are most of a stream.
            let tells = [
                "message_start",
                "message_delta",
                "message_stop",
                "amazon-bedrock",
                "usage\"",
                "metadata\"",
            ];
            if fields::has_quoted(event.get(), &tells)
                && let Ok(answer) = serde_json::from_str::<Answer<'_>>(event.get())
            {
                read_answer(answer, call, used, oddities);
            }
        }
    } else if let Ok(answer) = serde_json::from_str::<Answer<'_>>(text) {
        read_answer(answer, call, used, oddities);
    }
}

fn read_answer(answer: Answer<'_>, call: &mut Call, used: &mut Features, oddities: &mut Oddities) {
    if let Some(id) = fields::said(answer.id).filter(|id| id.starts_with("msg_")) {
        call.request_ids.insert("message_id".to_owned(), id);
    }
    if let Some(model) = fields::said(answer.model) {
        call.response_model = Some(model);
    }
    let stop = answer
        .stop_reason
        .or(answer.converse_stop_reason)
        .or(answer.delta.and_then(|delta| delta.stop_reason));
    if let Some(stop) = fields::said(stop) {
        call.stop_reason = Some(stop);
    }
    if answer.guardrail_action.is_some() {
        used.insert(Feature::Guardrail);
    }
    for metrics in [&answer.metrics, &answer.invocation_metrics]
        .into_iter()
        .flatten()
    {
        let latency_ms = fields::milliseconds(metrics.latency_ms, oddities);
        call.latency_ms = latency_ms.or(call.latency_ms);
    }
    let mut set = |slot: &mut Option<u64>, raw: Option<&RawValue>| {
        if let Some(count) = fields::count(raw, oddities) {
            *slot = Some(count);
        }
    };
    if let Some(usage) = answer.usage {
        set(&mut call.tokens.input, usage.input_tokens);
        set(&mut call.tokens.output, usage.output_tokens);
        set(&mut call.tokens.cache_read, usage.cache_read_input_tokens);
        match usage.cache_creation {
            Some(creation) => {
                call.tokens.cache_write_5m = None;
                set(
                    &mut call.tokens.cache_write_5m,
                    creation.ephemeral_5m_input_tokens,
                );
                set(
                    &mut call.tokens.cache_write_1h,
                    creation.ephemeral_1h_input_tokens,
                );
            }
            // Without a split, writes are of the default life time: 5 minutes.
            None => set(
                &mut call.tokens.cache_write_5m,
                usage.cache_creation_input_tokens,
            ),
        }
    }
    for metrics in [answer.metrics, answer.invocation_metrics]
        .into_iter()
        .flatten()
    {
        set(&mut call.tokens.input, metrics.input_token_count);
        set(&mut call.tokens.output, metrics.output_token_count);
        set(
            &mut call.tokens.cache_read,
            metrics.cache_read_input_token_count,
        );
        if call.tokens.cache_write_1h.is_none() {
            set(
                &mut call.tokens.cache_write_5m,
                metrics.cache_write_input_token_count,
            );
        }
    }
    if let Some(mut message) = answer.message {
        // The first event of a stream counts the output so far, which is nearly nothing: of a stream that was
        // cut before its last, how much was answered is unknown.
        if let Some(usage) = &mut message.usage {
            usage.output_tokens = None;
        }
        read_answer(*message, call, used, oddities);
    }
}

/// The request and response of a record, in Messages form.
pub fn exchange(text: &str) -> Exchange {
    let Ok(log) = serde_json::from_str::<Log<'_>>(text) else {
        return Exchange::default();
    };
    let mut exchange = Exchange::default();
    let sides = [&log.input, &log.output];
    for path in sides.iter().filter_map(|side| side.as_ref()) {
        let named = [
            path.input_body_s3_path.as_deref(),
            path.output_body_s3_path.as_deref(),
        ];
        exchange
            .references
            .extend(named.into_iter().flatten().map(str::to_owned));
    }
    let body = |raw: Option<&RawValue>| -> Option<Value> {
        let raw = raw.filter(|raw| is_given(Some(raw)))?;
        messages::read(&body_text(raw))
    };
    if let Some(request) = body(log.input.as_ref().and_then(|side| side.input_body_json)) {
        messages::references(&request, &mut exchange.references);
        exchange.request = messages::request(request);
    }
    if let Some(response) = body(log.output.as_ref().and_then(|side| side.output_body_json)) {
        messages::references(&response, &mut exchange.references);
        exchange.response = messages::response(response);
    }
    if let (Some(Value::Object(request)), Some(model)) = (&mut exchange.request, log.model_id) {
        request
            .entry("model")
            .or_insert_with(|| Value::String(model.into_owned()));
    }
    exchange
}
