//! What the records of gateways and telemetry have in common: which provider stood behind a call,
//! where it was sent, usage in two dialects, bodies in two dialects.
//!
//! In: values of a record. Out: fields of a [`Call`]. Not here: any one format.

use serde_json::{Value, json};

use crate::call::{Call, Feature, Features, Kind, Tokens};
use crate::formats::{bedrock, features, fields, messages, sdk_errors};

/// The kind of deployment by the provider's name as a gateway writes it, else by the host.
///
/// A provider of `anthropic` behind another host is a private endpoint: who processes is unknown.
pub(super) fn kind(provider: Option<&str>, host: Option<&str>) -> Kind {
    let at = host.unwrap_or_default();
    let provider = provider.unwrap_or_default().to_ascii_lowercase();
    if provider.contains("bedrock") {
        return Kind::Bedrock;
    }
    if provider.contains("vertex") {
        return Kind::Vertex;
    }
    if provider == "anthropic" && (at.is_empty() || at.ends_with("anthropic.com")) {
        return Kind::ClaudeApi;
    }
    if at.ends_with("api.anthropic.com") {
        Kind::ClaudeApi
    } else if at.ends_with(".amazonaws.com") && at.contains("bedrock") {
        Kind::Bedrock
    } else if at.ends_with("aiplatform.googleapis.com") {
        Kind::Vertex
    } else {
        Kind::Private
    }
}

/// The kind of deployment that a model's name belongs to, where only one kind writes it so.
pub(super) fn kind_of_model(model: Option<&str>) -> Option<Kind> {
    let model = model?;
    if model.contains("anthropic.claude") {
        Some(Kind::Bedrock)
    } else if model.starts_with("claude") && model.contains('@') {
        Some(Kind::Vertex)
    } else {
        None
    }
}

/// A model's name without the routes that a gateway puts before it: `bedrock/invoke/NAME`.
pub(super) fn without_route(name: &str) -> &str {
    const ROUTES: [&str; 6] = [
        "anthropic/",
        "bedrock/",
        "converse/",
        "invoke/",
        "messages/",
        "vertex_ai/",
    ];
    let mut rest = name;
    while let Some(shorter) = ROUTES.iter().find_map(|route| rest.strip_prefix(route)) {
        rest = shorter;
    }
    rest
}

/// Takes back counts and a cost of zero from a failed call: a gateway writes them where it was told none.
pub(super) fn without_zeroes(call: &mut Call) {
    let tokens = &mut call.tokens;
    if tokens.input == Some(0) && tokens.output == Some(0) {
        *tokens = Tokens::default();
    }
    call.reported_cost_usd_micros = call.reported_cost_usd_micros.filter(|cost| *cost > 0);
}

/// Takes what the client's `message` says of a failed call, where nothing better was told; a failure always has a kind.
pub(super) fn failure(message: Option<&str>, call: &mut Call) {
    let told = sdk_errors::told(message.unwrap_or_default());
    let by_class = call.error_type.as_deref().and_then(bedrock::http_status);
    let by_class = by_class.filter(|_| call.kind == Kind::Bedrock);
    call.http_status = call.http_status.or(told.http_status).or(by_class);
    if let Some(id) = told.request_id {
        let ids = &mut call.request_ids;
        ids.entry("anthropic_request_id".to_owned()).or_insert(id);
    }
    if let Some(id) = told.aws_request_id.filter(|_| call.kind == Kind::Bedrock) {
        let ids = &mut call.request_ids;
        ids.entry("aws_request_id".to_owned()).or_insert(id);
    }
    if matches!(call.error_type.as_deref(), None | Some("Error")) {
        let class = call.error_type.take();
        call.error_type = told
            .error_type
            .or(class)
            .or_else(|| Some("error".to_owned()));
    }
}

/// The host of a URL.
pub(super) fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host.split(':').next()?;
    (!host.is_empty()).then_some(host)
}

/// The part of a resource's path behind `/name/`.
pub(super) fn behind<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    path.split_once(name)
        .and_then(|(_, rest)| rest.split(['/', ':', '?']).next())
        .filter(|part| !part.is_empty())
}

/// Where the call was sent, by the endpoint's own name, and where it ran if that proves it.
pub(super) fn place(call: &mut Call, base: Option<&str>) {
    let at = base.and_then(host).unwrap_or_default().to_owned();
    match call.kind {
        Kind::Bedrock => {
            let region = at
                .strip_prefix("bedrock-runtime.")
                .and_then(|rest| rest.split('.').next());
            call.requested_region = region.map(str::to_owned);
            call.served_region = bedrock::served_region(
                call.request_model.as_deref(),
                call.requested_region.as_deref(),
                None,
            );
        }
        Kind::Vertex => {
            let in_host = at
                .strip_suffix("-aiplatform.googleapis.com")
                .map(str::to_owned);
            let in_path = base
                .and_then(|base| behind(base, "/locations/"))
                .map(str::to_owned);
            let location = in_host
                .or(in_path)
                .or_else(|| (at == "aiplatform.googleapis.com").then(|| "global".to_owned()));
            at_location(call, location);
            call.account = base
                .and_then(|base| behind(base, "/projects/"))
                .map(str::to_owned);
        }
        Kind::ClaudeApi | Kind::ClaudeEnterprise | Kind::Private => {}
    }
}

/// A regional endpoint of Vertex AI processes in its region; `us`, `eu` and `global` span several.
pub(super) fn at_location(call: &mut Call, location: Option<String>) {
    call.served_region = location.clone().filter(|location| location.contains('-'));
    call.requested_region = location;
}

/// Takes back an input of 0 from a call of which nothing was cached: no prompt is empty, and LangChain writes it of a
/// streamed answer, whose input it does not count. Neither is then an output of 0 a count: Traceloop's span of an answer
/// that LangChain streams has both.
pub(super) fn without_empty_prompt(call: &mut Call) {
    let tokens = &mut call.tokens;
    let cached = [
        tokens.cache_read,
        tokens.cache_write_5m,
        tokens.cache_write_1h,
    ];
    let is_empty = tokens.input == Some(0) && cached.iter().all(|count| count.unwrap_or(0) == 0);
    match tokens.output {
        Some(0) if is_empty => *tokens = Tokens::default(),
        Some(_) if is_empty => tokens.input = None,
        _ => {}
    }
}

/// The input that was not cached, of counts of output, of tokens read and written. Where the `total` tells that what
/// was written is counted in the input as well, as LiteLLM's callback for Langfuse does, it is taken out.
pub(super) fn apart(input: u64, counts: [Option<u64>; 3], total: Option<u64>) -> u64 {
    let [output, read, written] = counts.map(Option::unwrap_or_default);
    let sum = input.saturating_add(output).saturating_add(read);
    match total == Some(sum) {
        true => input.checked_sub(written).unwrap_or(input),
        false => input,
    }
}

/// Reads usage as the Claude API counts it, in disjoint buckets; where it is counted as OpenAI
/// does, the total of the prompt is `prompt` and holds the cached part.
pub(super) fn usage(usage: &serde_json::Map<String, Value>, call: &mut Call, prompt: Option<u64>) {
    let number = |key: &str| usage.get(key).and_then(Value::as_u64);
    let read = number("cache_read_input_tokens").or_else(|| {
        usage
            .get("prompt_tokens_details")?
            .get("cached_tokens")?
            .as_u64()
    });
    let written = number("cache_creation_input_tokens");
    // LiteLLM tells what was written for how long among the details of the prompt.
    let by_time = usage
        .get("cache_creation")
        .or_else(|| {
            usage
                .get("prompt_tokens_details")?
                .get("cache_creation_token_details")
        })
        .and_then(Value::as_object);
    call.tokens.cache_read = read;
    let bucket = |key: &str| by_time?.get(key)?.as_u64();
    let (short, long) = (
        bucket("ephemeral_5m_input_tokens"),
        bucket("ephemeral_1h_input_tokens"),
    );
    let apart = short.unwrap_or(0).saturating_add(long.unwrap_or(0));
    (call.tokens.cache_write_5m, call.tokens.cache_write_1h) = match written {
        // Details that don't add up to the sum are not the whole.
        Some(written) if written != apart => (Some(written), None),
        _ => (short.or(written), long),
    };
    if let (Some(prompt), None) = (prompt, number("input_tokens")) {
        let cached = read.unwrap_or(0).saturating_add(written.unwrap_or(0));
        // LiteLLM 1.65 counts a streamed prompt without its cached part: smaller than the part.
        call.tokens.input = Some(prompt.checked_sub(cached).unwrap_or(prompt));
    } else if let Some(input) = number("input_tokens") {
        call.tokens.input = Some(input);
    }
    // It is a word of the Claude API; elsewhere the endpoint tells where a call was sent.
    let elsewhere = matches!(call.kind, Kind::Bedrock | Kind::Vertex);
    let geo = usage.get("inference_geo").and_then(Value::as_str);
    match geo.filter(|_| !elsewhere) {
        // `global` says that it may have run anywhere, which is no place.
        Some("global") => call.requested_region = Some("global".to_owned()),
        Some("not_available" | "") | None => {}
        Some(geo) => {
            call.requested_region = Some(geo.to_owned());
            call.served_region = Some(geo.to_owned());
        }
    }
}

/// A request's body in Messages form, whichever of the two dialects it is written in.
pub(super) fn request(body: Value, model: Option<&str>) -> Option<Value> {
    if !is_chat(&body) {
        // What a program traces need not be a body of any API: a function's own arguments.
        return messages::request(match is_body(&body) {
            true => body,
            false => messages::anything(&body),
        });
    }
    let tools = body.get("tools").and_then(Value::as_array);
    let tools: Option<Vec<Value>> =
        tools.map(|tools| tools.iter().map(messages::tool_from_chat).collect());
    let mut request = messages::request_from_chat(body, model)?;
    if let Some(tools) = tools.filter(|tools| !tools.is_empty()) {
        request["tools"] = Value::Array(tools);
    }
    Some(request)
}

/// A response's body in Messages form, whichever dialect it is written in.
pub(super) fn response(body: Value) -> Option<Value> {
    if body.get("choices").is_some() {
        return messages::response_from_chat(body);
    }
    let calls = body.get("tool_calls").and_then(Value::as_array);
    let is_chat = calls.is_some_and(|calls| !calls.is_empty());
    if is_chat && !body.get("content").is_some_and(Value::is_array) {
        return messages::response_from_chat(json!({ "choices": [{ "message": body }] }));
    }
    // An answer is often kept as its message alone, or as its text.
    messages::response(body)
}

fn is_body(value: &Value) -> bool {
    const OF_A_BODY: [&str; 5] = ["messages", "prompt", "inputText", "system", "max_tokens"];
    let keys = value.as_object();
    keys.is_none_or(|keys| keys.is_empty() || OF_A_BODY.iter().any(|key| keys.contains_key(*key)))
}

/// Whether messages are written as for OpenAI's API: with the system's words among them, calls of
/// tools beside the content, or no body around them.
fn is_chat(body: &Value) -> bool {
    let messages = match body {
        Value::Array(_) => return true,
        Value::Object(keys) => keys.get("messages").and_then(Value::as_array),
        _ => None,
    };
    messages.into_iter().flatten().any(|message| {
        let role = message.get("role").and_then(Value::as_str);
        matches!(role, Some("system" | "developer" | "tool" | "function"))
            || message.get("tool_calls").is_some()
    })
}

/// Reads what an answer says of itself: id, model, why it stopped, usage.
pub(super) fn answer(body: &Value, call: &mut Call) {
    let text = |key: &str| fields::said(body.get(key).and_then(Value::as_str));
    if let Some(id) = text("id").filter(|id| id.starts_with("msg_")) {
        call.request_ids.insert("message_id".to_owned(), id);
    }
    call.response_model = call.response_model.take().or_else(|| text("model"));
    let finish = body
        .pointer("/choices/0/finish_reason")
        .and_then(Value::as_str);
    call.stop_reason = text("stop_reason")
        .or_else(|| fields::said(finish))
        .or_else(|| call.stop_reason.take());
    if let Some(counted) = body.get("usage").and_then(Value::as_object) {
        let number = |key: &str| counted.get(key).and_then(Value::as_u64);
        call.tokens.output = number("output_tokens")
            .or_else(|| number("completion_tokens"))
            .or(call.tokens.output);
        let prompt = number("prompt_tokens").or(call.tokens.input);
        usage(counted, call, prompt);
    }
    if body.get("type").and_then(Value::as_str) == Some("error") {
        call.error_type = fields::said(body.pointer("/error/type").and_then(Value::as_str));
        if let Some(id) = text("request_id").filter(|id| id.starts_with("req_")) {
            call.request_ids
                .insert("anthropic_request_id".to_owned(), id);
        }
    }
}

/// The features that a request's body and the model's name tell of.
pub(super) fn used(request: Option<&Value>, call: &mut Call) {
    let mut used = Features(call.features.0);
    if let Some(body) = request {
        features::of_body(body, &mut used);
        if body.get("stream").and_then(Value::as_bool) == Some(true) {
            used.insert(Feature::Streaming);
        }
    }
    features::of_model(call.request_model.as_deref(), &mut used);
    call.features = used;
}

/// Takes the caller's own key/value pairs: what is known by its name, and the rest.
pub(super) fn metadata(pairs: Option<&Value>, call: &mut Call) {
    for (key, value) in pairs.and_then(Value::as_object).into_iter().flatten() {
        let Some(value) = fields::short(value) else {
            continue;
        };
        match key.as_str() {
            "classification" | "Classification" => call.classification = Some(value),
            "conversation_id" | "session_id" => call.conversation_id = Some(value),
            "_user" | "user" | "user_id" | "user_email" => {
                call.principal = call.principal.take().or(Some(value));
            }
            _ => {
                call.metadata.insert(key.clone(), value);
            }
        }
    }
}
