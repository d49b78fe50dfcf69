//! LiteLLM's `StandardLoggingPayload`: what the gateway recorded of a call to any provider.
//!
//! Source: BerriAI/litellm `litellm/types/utils.py`. `prompt_tokens` includes cached tokens there;
//! here the buckets are disjoint.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::call::{Body, Call, Feature, Features, Oddity, Status};
use crate::exchange::Exchange;
use crate::formats::{
    Context, Reason, Record, Rejected, features, fields, gateway, litellm_rows, messages, rejected,
    signs,
};

#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    trace_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    session_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    call_type: Option<Cow<'a, str>>,
    stream: Option<bool>,
    #[serde(borrow)]
    status: Option<Cow<'a, str>>,
    #[serde(borrow)]
    custom_llm_provider: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "given")]
    response_cost: Option<&'a RawValue>,
    response_cost_failure_debug_info: Option<serde::de::IgnoredAny>,
    #[serde(borrow)]
    prompt_tokens: Option<&'a RawValue>,
    #[serde(borrow)]
    completion_tokens: Option<&'a RawValue>,
    #[serde(borrow, rename = "startTime")]
    start_time: Option<&'a RawValue>,
    #[serde(borrow, rename = "endTime")]
    end_time: Option<&'a RawValue>,
    #[serde(borrow)]
    response_time: Option<&'a RawValue>,
    #[serde(borrow)]
    model: Option<Cow<'a, str>>,
    #[serde(borrow)]
    api_base: Option<Cow<'a, str>>,
    metadata: Option<serde_json::Map<String, Value>>,
    request_tags: Option<Vec<Value>>,
    #[serde(borrow)]
    end_user: Option<Cow<'a, str>>,
    #[serde(borrow)]
    requester_ip_address: Option<Cow<'a, str>>,
    #[serde(borrow)]
    messages: Option<&'a RawValue>,
    #[serde(borrow)]
    response: Option<&'a RawValue>,
    #[serde(borrow)]
    error_str: Option<&'a RawValue>,
    error_information: Option<serde_json::Map<String, Value>>,
    #[serde(borrow)]
    model_parameters: Option<&'a RawValue>,
    hidden_params: Option<serde_json::Map<String, Value>>,
}

impl Payload<'_> {
    /// Whether the time is written as LiteLLM does: a row of a table has its number as text, or under another key.
    fn is_spelt(&self) -> bool {
        let time = self.start_time.map_or("", RawValue::get);
        let is_number = time.trim_matches('"').parse::<f64>().is_ok();
        !(time.is_empty() || is_number && time.starts_with('"'))
    }
}

#[derive(Deserialize, Default)]
struct Response<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    model: Option<Cow<'a, str>>,
    usage: Option<serde_json::Map<String, Value>>,
    #[serde(borrow)]
    stop_reason: Option<Cow<'a, str>>,
    choices: Option<Vec<Choice>>,
}

#[derive(Deserialize)]
struct Choice {
    finish_reason: Option<String>,
}

/// A value that stands there, be it null.
fn given<'de, D: serde::Deserializer<'de>>(source: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(source).map(Some)
}

/// Reads a payload.
///
/// # Errors
/// [`Rejected`].
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    match serde_json::from_str::<Payload<'_>>(text) {
        Ok(payload) if payload.is_spelt() => read(payload, context),
        other => match litellm_rows::payload(text) {
            Some(row) => {
                let payload = serde_json::from_str(&row).map_err(|error| rejected(text, &error))?;
                read(payload, context)
            }
            None => read(other.map_err(|error| rejected(text, &error))?, context),
        },
    }
}

fn read(payload: Payload<'_>, context: &Context) -> Result<Record, Rejected> {
    if payload.call_type.is_none() || payload.response_cost.is_none() {
        // Rows of `LiteLLM_SpendLogs`, another format, have `spend` instead.
        return Err(Rejected::new(
            Reason::FormatUnknown,
            "no `call_type` or no `response_cost`",
        ));
    }
    let failed = payload.status.as_deref() == Some("failure");
    let base = payload
        .api_base
        .as_deref()
        .filter(|base| !base.is_empty())
        .map(str::to_owned)
        .or_else(|| fields::said(payload.hidden_params.as_ref()?.get("api_base")?.as_str()));
    let kind = gateway::kind(
        payload.custom_llm_provider.as_deref(),
        base.as_deref().and_then(gateway::host),
    );
    let mut call = Call::new(kind, if failed { Status::Error } else { Status::Ok });
    let mut oddities = Vec::new();
    let mut used = Features::default();
    call.started_at_ms = fields::time_or_seconds(payload.start_time, context.now_ms, &mut oddities);
    call.latency_ms = match payload
        .response_time
        .and_then(|raw| raw.get().parse::<f64>().ok())
    {
        Some(seconds) if (0.0..1e9).contains(&seconds) => Some((seconds * 1e3).round() as i64),
        _ => {
            let end = fields::time_or_seconds(payload.end_time, context.now_ms, &mut Vec::new());
            call.started_at_ms
                .zip(end)
                .map(|(start, end)| end - start)
                .filter(|ms| *ms >= 0)
        }
    };
    call.request_model = fields::said(payload.model.as_deref().map(gateway::without_route));
    call.endpoint = base.as_deref().and_then(gateway::host).map(str::to_owned);
    gateway::place(&mut call, base.as_deref());
    if let Some(id) = fields::said(payload.id) {
        // LiteLLM passes the provider's own id through where there is one.
        let name = if id.starts_with("msg_") {
            "message_id"
        } else {
            "litellm_id"
        };
        call.request_ids.insert(name.to_owned(), id);
    }
    provider_ids(
        payload.hidden_params.as_ref(),
        payload.error_information.as_ref(),
        &mut call,
    );
    // A trace holds what belongs to one request: its retries, the steps of an agent.
    call.conversation_id =
        fields::said(payload.session_id).or_else(|| fields::said(payload.trace_id));
    call.source_ip = fields::said(payload.requester_ip_address);
    let metadata = payload.metadata.unwrap_or_default();
    let counted = metadata
        .get("usage_object")
        .and_then(Value::as_object)
        .cloned();
    read_metadata(metadata, &mut call);
    if let Some(user) = fields::said(payload.end_user) {
        call.metadata.insert("end_user".to_owned(), user);
    }
    let tags: Vec<String> = payload
        .request_tags
        .unwrap_or_default()
        .iter()
        .filter_map(fields::short)
        .collect();
    if !tags.is_empty() {
        call.metadata
            .insert("request_tags".to_owned(), tags.join(", "));
    }
    let prompt = fields::count(payload.prompt_tokens, &mut oddities);
    call.tokens.output = fields::count(payload.completion_tokens, &mut oddities);
    call.tokens.input = prompt;
    // Where it has no price for the model, it reports 0 and why.
    call.reported_cost_usd_micros = match payload.response_cost_failure_debug_info {
        None => fields::dollars(payload.response_cost, &mut oddities),
        Some(_) => None,
    };
    if let Some(response) = payload
        .response
        .and_then(|raw| serde_json::from_str::<Response<'_>>(raw.get()).ok())
    {
        // The gateway's own copy of the usage stands in for a response that it did not keep.
        let usage = response.usage.clone().or(counted);
        read_response(response, &mut call);
        if let Some(usage) = usage {
            gateway::usage(&usage, &mut call, prompt);
        }
    } else if let Some(usage) = counted {
        gateway::usage(&usage, &mut call, prompt);
    }
    let names_error = payload
        .error_str
        .is_some_and(|raw| raw.get().len() > 2 && raw.get().starts_with('"'));
    if failed || names_error {
        read_error(
            payload.error_information.as_ref(),
            payload.error_str.is_some(),
            &mut call,
        );
        gateway::without_zeroes(&mut call);
    }
    if payload.stream == Some(true) {
        used.insert(Feature::Streaming);
    }
    for raw in [payload.messages, payload.model_parameters]
        .into_iter()
        .flatten()
    {
        let text = raw.get();
        if text.starts_with('{') {
            features::of_request(text, &mut used);
        } else if text.starts_with('[') {
            features::of_request(&format!("{{\"messages\":{text}}}"), &mut used);
        }
    }
    features::of_model(call.request_model.as_deref(), &mut used);
    call.features = used;
    let empty = ["null", "\"\"", "[]", "{}"];
    call.body = match payload.messages {
        Some(raw) if signs::is_placeholder(raw.get()) => {
            oddities.push(Oddity::TextPlaceholder);
            Body::Missing
        }
        Some(raw) if !empty.contains(&raw.get()) => Body::Present,
        _ => Body::Missing,
    };
    let is_cut = |raw: &&RawValue| raw.get().starts_with('"') && signs::is_cut(raw.get());
    if [payload.messages, payload.response]
        .iter()
        .flatten()
        .any(is_cut)
    {
        oddities.push(Oddity::BodyUnreadable);
    }
    call.oddities = oddities;
    Ok(Record::Call(Box::new(call)))
}

fn read_metadata(metadata: serde_json::Map<String, Value>, call: &mut Call) {
    for (key, value) in &metadata {
        let Some(value) = fields::short(value) else {
            continue;
        };
        match key.as_str() {
            "user_api_key_user_email" | "user_api_key_alias" | "user_api_key_user_id" => {}
            "user_api_key_team_alias" | "user_api_key_team_id" | "user_api_key_end_user_id" => {
                call.metadata.insert(key.clone(), value);
            }
            "requester_ip_address" => call.source_ip = call.source_ip.take().or(Some(value)),
            "classification" => call.classification = Some(value),
            _ => {}
        }
    }
    call.principal = [
        "user_api_key_user_email",
        "user_api_key_alias",
        "user_api_key_user_id",
        "user_api_key_hash",
    ]
    .iter()
    .find_map(|key| fields::said(metadata.get(*key)?.as_str()));
    for nested in ["requester_metadata", "spend_logs_metadata"] {
        for (key, value) in metadata
            .get(nested)
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let Some(value) = fields::short(value) else {
                continue;
            };
            match key.as_str() {
                "classification" | "Classification" => call.classification = Some(value),
                "region" | "served_region" => {
                    call.requested_region = call.requested_region.take().or(Some(value))
                }
                "conversation_id" | "session_id" => call.conversation_id = Some(value),
                _ => {
                    call.metadata.insert(key.clone(), value);
                }
            }
        }
    }
}

/// Takes the ids that the provider gave an answer: the payload's own is the gateway's, but these are
/// those of the provider's log. Headers of the provider are kept with a prefix, on some routes without.
fn provider_ids(
    hidden: Option<&serde_json::Map<String, Value>>,
    error: Option<&serde_json::Map<String, Value>>,
    call: &mut Call,
) {
    let headers = hidden.and_then(|hidden| hidden.get("additional_headers"));
    let header = |name: &str| {
        let prefixed = format!("llm_provider-{name}");
        let found =
            headers.and_then(|headers| headers.get(&prefixed).or_else(|| headers.get(name)));
        fields::said(found.and_then(Value::as_str))
    };
    call.account = call
        .account
        .take()
        .or_else(|| header("anthropic-organization-id"));
    let of_error = || fields::said(error?.get("error_provider_request_id")?.as_str());
    let aws = header("x-amzn-requestid");
    if let Some(id) = header("request-id")
        .or_else(of_error)
        .filter(|id| id.starts_with("req_"))
    {
        call.request_ids
            .insert("anthropic_request_id".to_owned(), id);
    }
    if let Some(id) = aws {
        call.request_ids.insert("aws_request_id".to_owned(), id);
    }
}

fn read_response(response: Response<'_>, call: &mut Call) {
    if let Some(id) = fields::said(response.id).filter(|id| id.starts_with("msg_")) {
        call.request_ids.insert("message_id".to_owned(), id);
    }
    call.response_model = fields::said(response.model);
    let finish = response
        .choices
        .and_then(|choices| choices.into_iter().next()?.finish_reason);
    call.stop_reason = fields::said(response.stop_reason).or_else(|| fields::said(finish));
}

fn read_error(
    information: Option<&serde_json::Map<String, Value>>,
    has_text: bool,
    call: &mut Call,
) {
    if let Some(information) = information {
        call.error_type = fields::said(information.get("error_class").and_then(Value::as_str));
        call.http_status = information
            .get("error_code")
            .and_then(fields::short)
            .and_then(|code| code.parse().ok())
            .filter(|status| (100..600).contains(status));
    }
    if call.error_type.is_none() && has_text {
        call.error_type = Some("failure".to_owned());
    }
}

/// The request and response of a payload, in Messages form.
pub fn exchange(text: &str) -> Exchange {
    match serde_json::from_str::<Payload<'_>>(text) {
        Ok(payload) if payload.is_spelt() => said(&payload),
        other => match (litellm_rows::payload(text), other) {
            (Some(row), _) => serde_json::from_str(&row)
                .map(|payload| said(&payload))
                .unwrap_or_default(),
            (None, Ok(payload)) => said(&payload),
            (None, Err(_)) => Exchange::default(),
        },
    }
}

fn said(payload: &Payload<'_>) -> Exchange {
    let value = |raw: Option<&RawValue>| raw.and_then(|raw| messages::read(raw.get()));
    let mut request = value(payload.messages)
        .filter(|value| !signs::is_placeholder(&value.to_string()))
        .and_then(|messages| messages::request_from_chat(messages, payload.model.as_deref()));
    if let (Some(Value::Object(body)), Some(Value::Object(parameters))) =
        (&mut request, value(payload.model_parameters))
    {
        for key in [
            "max_tokens",
            "temperature",
            "top_p",
            "stop_sequences",
            "system",
        ] {
            if let Some(value) = parameters.get(key).filter(|value| !value.is_null()) {
                body.entry(key).or_insert_with(|| value.clone());
            }
        }
        if let Some(Value::Array(tools)) = parameters.get("tools") {
            body.entry("tools")
                .or_insert_with(|| tools.iter().map(messages::tool_from_chat).collect());
        }
    }
    Exchange {
        request,
        response: value(payload.response)
            .and_then(messages::response_from_chat)
            .filter(|answer| !signs::is_placeholder_answer(answer)),
        references: Vec::new(),
    }
}
