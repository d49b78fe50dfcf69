//! The sandbox: a loopback server that speaks the wire formats of the Claude API and Bedrock.
//!
//! Replay works against it without a key; nothing leaves the computer. Its answer is a function of
//! the request: it repeats the sentences of the last user message that say most, and says so. It
//! is no model. Not here: what replay does with the answer.

use std::net::SocketAddr;
use std::time::Duration;

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::loopback::{self, LoopbackError, Server};

/// How the sandbox behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    Ok,
    /// Each answer takes half a second longer.
    Slow,
    /// One request of five, by its hash, is refused with 429, 500 or 529.
    Flaky,
    /// Every request is refused with 429.
    Limited,
}

impl Behaviour {
    /// The behaviour with this name: `ok`, `slow`, `flaky`, `limited`.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "ok" => Self::Ok,
            "slow" => Self::Slow,
            "flaky" => Self::Flaky,
            "limited" => Self::Limited,
            _ => return None,
        })
    }
}

/// The models that the sandbox answers as; it takes every other name too.
const MODELS: [&str; 3] = [
    "claude-opus-5",
    "claude-sonnet-5",
    "claude-haiku-4-5-20251001",
];
/// Sentences of an answer.
const SENTENCES: usize = 3;

/// Starts the sandbox at `listen`; port 0 takes a free one.
///
/// # Errors
/// [`LoopbackError`].
pub fn start(listen: SocketAddr, behaviour: Behaviour) -> Result<Server, LoopbackError> {
    let routes = Router::new()
        .route("/v1/messages", post(messages))
        .route("/v1/messages/count_tokens", post(count_tokens))
        .route("/v1/models", get(models))
        .route("/model/{model}/invoke", post(invoke))
        .route(
            "/model/{model}/invoke-with-response-stream",
            post(invoke_stream),
        )
        .layer(DefaultBodyLimit::max(32 << 20))
        .with_state(behaviour);
    loopback::serve(listen, routes)
}

async fn models() -> Response {
    let data: Vec<Value> = MODELS.iter().map(|id| json!({"type": "model", "id": id, "display_name": id, "created_at": "2026-01-01T00:00:00Z"})).collect();
    axum::Json(
        json!({"data": data, "has_more": false, "first_id": MODELS[0], "last_id": MODELS[2]}),
    )
    .into_response()
}

/// An answer to a request, or the error that stands in its place.
struct Answer {
    id: String,
    message: Value,
    text: String,
}

struct Refusal {
    status: u16,
    kind: &'static str,
    message: String,
}

fn refusal(status: u16, kind: &'static str, message: impl Into<String>) -> Refusal {
    Refusal {
        status,
        kind,
        message: message.into(),
    }
}

fn answer(model: &str, body: &[u8], behaviour: Behaviour) -> Result<Answer, Refusal> {
    let request: Value = serde_json::from_slice(body).map_err(|error| {
        refusal(
            400,
            "invalid_request_error",
            format!("the body is not JSON: line {}", error.line()),
        )
    })?;
    let messages = request
        .get("messages")
        .and_then(Value::as_array)
        .filter(|messages| !messages.is_empty());
    let Some(messages) = messages else {
        return Err(refusal(
            400,
            "invalid_request_error",
            "messages: at least one message is required",
        ));
    };
    let Some(max_tokens) = request.get("max_tokens").and_then(Value::as_u64) else {
        return Err(refusal(
            400,
            "invalid_request_error",
            "max_tokens: Field required",
        ));
    };
    let digest = Sha256::digest([model.as_bytes(), b"\0", body].concat());
    match (behaviour, model) {
        (Behaviour::Limited, _) | (_, "sandbox-429") => {
            return Err(refusal(
                429,
                "rate_limit_error",
                "This request would exceed the sandbox's rate limit.",
            ));
        }
        (_, "sandbox-500") => {
            return Err(refusal(500, "api_error", "The sandbox was asked to fail."));
        }
        (_, "sandbox-529") => {
            return Err(refusal(
                529,
                "overloaded_error",
                "The sandbox was asked to be overloaded.",
            ));
        }
        (Behaviour::Flaky, _) if digest[0] < 51 => {
            return Err(match digest[0] % 3 {
                0 => refusal(
                    429,
                    "rate_limit_error",
                    "This request would exceed the sandbox's rate limit.",
                ),
                1 => refusal(500, "api_error", "The sandbox is flaky."),
                _ => refusal(529, "overloaded_error", "The sandbox is flaky."),
            });
        }
        _ => {}
    }
    let last = messages
        .iter()
        .rev()
        .find(|message| message.get("role").and_then(Value::as_str) == Some("user"));
    let said = last
        .map(|message| text_of(message.get("content")))
        .unwrap_or_default();
    let full = format!(
        "Sandbox answer, not a model's. The request says: {}",
        extract(&said)
    );
    let (text, stop_reason) = cut(&full, max_tokens);
    let id = format!("msg_sandbox_{}", hex::encode(&digest[..10]));
    let message = json!({
        "id": id,
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [{"type": "text", "text": text}],
        "stop_reason": stop_reason,
        "stop_sequence": null,
        "usage": {
            "input_tokens": tokens(&request_text(&request)),
            "output_tokens": tokens(&text),
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "service_tier": "standard",
            "inference_geo": "not_available",
        },
    });
    Ok(Answer { id, message, text })
}

/// The text of a message's content.
fn text_of(content: Option<&Value>) -> String {
    match content {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(blocks)) => blocks
            .iter()
            .map(|block| match block.get("type").and_then(Value::as_str) {
                Some("text") => block
                    .get("text")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned(),
                Some("tool_result") => text_of(block.get("content")),
                _ => String::new(),
            })
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("\n"),
        _ => String::new(),
    }
}

fn request_text(request: &Value) -> String {
    let mut text = text_of(request.get("system"));
    for message in request
        .get("messages")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        text.push_str(&text_of(message.get("content")));
    }
    text
}

/// Four characters a token: near enough to plan with, and the same every time.
fn tokens(text: &str) -> u64 {
    (text.chars().count() as u64).div_ceil(4).max(1)
}

/// The sentences with the most words that are used more than once, in their order.
fn extract(text: &str) -> String {
    let sentences: Vec<&str> = text
        .split_inclusive(['.', '!', '?', '\n'])
        .map(str::trim)
        .filter(|sentence| !sentence.is_empty())
        .collect();
    let words = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() > 3)
            .map(str::to_lowercase)
            .collect::<Vec<_>>()
    };
    let mut counts = std::collections::HashMap::new();
    for word in words(text) {
        *counts.entry(word).or_insert(0_u32) += 1;
    }
    let mut ranked: Vec<(usize, u32)> = sentences
        .iter()
        .enumerate()
        .map(|(index, sentence)| (index, words(sentence).iter().map(|word| counts[word]).sum()))
        .collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut chosen: Vec<usize> = ranked
        .into_iter()
        .take(SENTENCES)
        .map(|(index, _)| index)
        .collect();
    chosen.sort_unstable();
    let joined = chosen
        .into_iter()
        .map(|index| sentences[index])
        .collect::<Vec<_>>()
        .join(" ");
    if joined.is_empty() {
        "nothing that is text.".to_owned()
    } else {
        joined
    }
}

fn cut(text: &str, max_tokens: u64) -> (String, &'static str) {
    let limit = usize::try_from(max_tokens.saturating_mul(4)).unwrap_or(usize::MAX);
    if text.chars().count() <= limit {
        (text.to_owned(), "end_turn")
    } else {
        (text.chars().take(limit).collect(), "max_tokens")
    }
}

async fn pause(behaviour: Behaviour) {
    if behaviour == Behaviour::Slow {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

fn limits(status: u16) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("x-assay-sandbox", "1".to_owned()),
        ("anthropic-ratelimit-requests-limit", "1000".to_owned()),
        (
            "anthropic-ratelimit-requests-remaining",
            if status == 429 { "0" } else { "999" }.to_owned(),
        ),
        (
            "anthropic-ratelimit-requests-reset",
            "2026-01-01T00:00:00Z".to_owned(),
        ),
        (
            "anthropic-ratelimit-input-tokens-limit",
            "2000000".to_owned(),
        ),
        (
            "anthropic-ratelimit-output-tokens-limit",
            "400000".to_owned(),
        ),
    ];
    if matches!(status, 429 | 529) {
        headers.push(("retry-after", "1".to_owned()));
    }
    headers
}

fn respond(
    status: u16,
    headers: &[(&str, String)],
    content_type: &str,
    body: impl Into<Body>,
) -> Response {
    let mut response = Response::builder()
        .status(status)
        .header("content-type", content_type);
    for (name, value) in headers {
        response = response.header(*name, value);
    }
    response
        .body(body.into())
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn anthropic_error(refused: &Refusal) -> Response {
    let body = json!({"type": "error", "error": {"type": refused.kind, "message": refused.message}, "request_id": "req_sandbox"});
    let mut headers = limits(refused.status);
    headers.push(("request-id", "req_sandbox".to_owned()));
    respond(
        refused.status,
        &headers,
        "application/json",
        body.to_string(),
    )
}

async fn messages(State(behaviour): State<Behaviour>, headers: HeaderMap, body: Bytes) -> Response {
    pause(behaviour).await;
    if !headers.contains_key("anthropic-version") {
        return anthropic_error(&refusal(
            400,
            "invalid_request_error",
            "anthropic-version: header is required",
        ));
    }
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let Some(model) = request.get("model").and_then(Value::as_str) else {
        return anthropic_error(&refusal(
            400,
            "invalid_request_error",
            "model: Field required",
        ));
    };
    match answer(model, &body, behaviour) {
        Err(refused) => anthropic_error(&refused),
        Ok(answer) => {
            let mut headers = limits(200);
            headers.push(("request-id", answer.id.replace("msg_", "req_")));
            if request.get("stream").and_then(Value::as_bool) == Some(true) {
                let text: String = events(&answer)
                    .iter()
                    .map(|event| {
                        format!(
                            "event: {}\ndata: {event}\n\n",
                            event["type"].as_str().unwrap_or("")
                        )
                    })
                    .collect();
                respond(200, &headers, "text/event-stream", text)
            } else {
                respond(
                    200,
                    &headers,
                    "application/json",
                    answer.message.to_string(),
                )
            }
        }
    }
}

/// The events of a streamed answer, in their order.
fn events(answer: &Answer) -> Vec<Value> {
    let mut start = answer.message.clone();
    start["content"] = json!([]);
    start["stop_reason"] = Value::Null;
    let mut events = vec![
        json!({"type": "message_start", "message": start}),
        json!({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}),
        json!({"type": "ping"}),
    ];
    for part in answer.text.split_inclusive(' ') {
        events.push(json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": part}}));
    }
    events.push(json!({"type": "content_block_stop", "index": 0}));
    events.push(json!({
        "type": "message_delta",
        "delta": {"stop_reason": answer.message["stop_reason"], "stop_sequence": null},
        "usage": {"output_tokens": answer.message["usage"]["output_tokens"]},
    }));
    events.push(json!({"type": "message_stop"}));
    events
}

async fn count_tokens(body: Bytes) -> Response {
    match serde_json::from_slice::<Value>(&body) {
        Ok(request) => {
            axum::Json(json!({"input_tokens": tokens(&request_text(&request))})).into_response()
        }
        Err(_) => anthropic_error(&refusal(
            400,
            "invalid_request_error",
            "the body is not JSON",
        )),
    }
}

fn bedrock_error(refused: &Refusal) -> Response {
    let kind = match refused.status {
        400 => "ValidationException",
        429 => "ThrottlingException",
        529 => "ServiceUnavailableException",
        _ => "InternalServerException",
    };
    let status = if refused.status == 529 {
        503
    } else {
        refused.status
    };
    let headers = [
        ("x-amzn-errortype", kind.to_owned()),
        ("x-amzn-requestid", "sandbox".to_owned()),
        ("x-assay-sandbox", "1".to_owned()),
    ];
    respond(
        status,
        &headers,
        "application/json",
        json!({"message": refused.message}).to_string(),
    )
}

fn bedrock_headers(answer: &Answer) -> Vec<(&'static str, String)> {
    let usage = |name: &str| answer.message["usage"][name].to_string();
    vec![
        ("x-amzn-requestid", answer.id.clone()),
        ("x-amzn-bedrock-input-token-count", usage("input_tokens")),
        ("x-amzn-bedrock-output-token-count", usage("output_tokens")),
        ("x-amzn-bedrock-invocation-latency", "1".to_owned()),
        ("x-assay-sandbox", "1".to_owned()),
    ]
}

fn bedrock_answer(model: &str, body: &[u8], behaviour: Behaviour) -> Result<Answer, Refusal> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    if request.get("anthropic_version").and_then(Value::as_str) != Some("bedrock-2023-05-31") {
        return Err(refusal(
            400,
            "invalid_request_error",
            "anthropic_version: must be bedrock-2023-05-31",
        ));
    }
    answer(model, body, behaviour)
}

async fn invoke(
    State(behaviour): State<Behaviour>,
    Path(model): Path<String>,
    body: Bytes,
) -> Response {
    pause(behaviour).await;
    match bedrock_answer(&model, &body, behaviour) {
        Err(refused) => bedrock_error(&refused),
        Ok(answer) => respond(
            200,
            &bedrock_headers(&answer),
            "application/json",
            answer.message.to_string(),
        ),
    }
}

async fn invoke_stream(
    State(behaviour): State<Behaviour>,
    Path(model): Path<String>,
    body: Bytes,
) -> Response {
    pause(behaviour).await;
    let answer = match bedrock_answer(&model, &body, behaviour) {
        Err(refused) => return bedrock_error(&refused),
        Ok(answer) => answer,
    };
    let mut frames = Vec::new();
    for event in events(&answer) {
        let bytes = base64::engine::general_purpose::STANDARD.encode(event.to_string());
        let text = |value: &str| HeaderValue::String(value.to_owned().into());
        let message = Message::new(json!({"bytes": bytes}).to_string().into_bytes())
            .add_header(Header::new(":message-type", text("event")))
            .add_header(Header::new(":event-type", text("chunk")))
            .add_header(Header::new(":content-type", text("application/json")));
        if write_message_to(&message, &mut frames).is_err() {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    }
    respond(
        200,
        &bedrock_headers(&answer),
        "application/vnd.amazon.eventstream",
        frames,
    )
}
