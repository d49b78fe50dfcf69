//! Sending one request in Messages form to a backend, and what came of it.
//!
//! The address is resolved once, looked at, and connected to; no redirect, no proxy, no answer
//! longer than 32 MiB; at most two retries, and none before the time that the backend asked to wait. Not here: whether a call may be sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::HeaderMap;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::credentials::Credentials;
use crate::pinned::{self, Reach};
use crate::profile::{Auth, Dialect, Profile};
use crate::signing::{Signer, Unsigned, signature};

const MAX_ANSWER: usize = 32 << 20;
/// Between two pieces of an answer.
const IDLE: Duration = Duration::from_secs(30);
const RETRIES: u32 = 2;
/// Whoever asks to wait longer is not asked again.
pub const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Why nothing came back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    #[error("the backend's profile is wrong: {0}")]
    Profile(String),
    #[error("refused: {0}")]
    Refused(String),
    #[error("the backend can't be reached: {0}")]
    Unreachable(String),
    #[error("the backend can't be reached: it did not answer in time")]
    TimedOut,
    #[error("the connection broke before the answer was whole")]
    Cut,
    #[error("the answer is longer than 32 MiB")]
    TooLong,
    #[error("the answer can't be read: {0}")]
    Unreadable(String),
    #[error("cancelled")]
    Cancelled,
}

/// What a backend answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub http_status: u16,
    /// In Messages form, where it succeeded.
    pub response: Option<Value>,
    /// `rate_limit_error` …, where it failed.
    pub error_type: Option<String>,
    pub error_message: Option<String>,
    pub request_id: Option<String>,
    pub latency_ms: i64,
    pub retries: u32,
    /// Seconds that the backend asked to wait, at the last answer.
    pub retry_after_s: Option<u64>,
}

/// What is asked of an address.
enum Wanted {
    Get,
    Post(Vec<u8>),
}

/// Sends to one backend; owns its connections.
pub struct Sender {
    /// `None` only while it is dropped.
    runtime: Option<tokio::runtime::Runtime>,
    profile: Profile,
    credentials: Credentials,
    offline: bool,
    timeout: Duration,
}

impl Sender {
    /// A sender. With `offline`, only this computer is sent to.
    ///
    /// # Errors
    /// [`SendError::Profile`], [`SendError::Refused`].
    pub fn new(
        profile: Profile,
        credentials: Credentials,
        offline: bool,
    ) -> Result<Self, SendError> {
        profile
            .url()
            .map_err(|error| SendError::Profile(error.to_string()))?;
        if offline && !profile.is_loopback() {
            return Err(SendError::Refused(format!(
                "offline: nothing is sent to {}",
                profile.destination()
            )));
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| SendError::Unreachable(error.to_string()))?;
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            runtime: Some(runtime),
            profile,
            credentials,
            offline,
            timeout: Duration::from_secs(600),
        })
    }

    /// Sends `body` (Messages form) for `model` and waits.
    ///
    /// # Errors
    /// [`SendError`]; an answer with an error status is an [`Outcome`].
    pub fn send(
        &self,
        model: &str,
        body: &Value,
        cancelled: &Arc<AtomicBool>,
    ) -> Result<Outcome, SendError> {
        if !is_model_name(model) {
            return Err(SendError::Refused(
                "the model's name has characters that no model has".to_owned(),
            ));
        }
        let (url, payload) = self.request(model, body)?;
        self.deliver(&url, &Wanted::Post(payload), cancelled)
    }

    /// Posts `body` to the address with these segments behind the profile's, and waits.
    ///
    /// # Errors
    /// As [`Sender::send`].
    pub fn post(
        &self,
        segments: &[&str],
        body: &Value,
        cancelled: &Arc<AtomicBool>,
    ) -> Result<Outcome, SendError> {
        let payload =
            serde_json::to_vec(body).map_err(|error| SendError::Refused(error.to_string()))?;
        self.deliver(&self.address(segments)?, &Wanted::Post(payload), cancelled)
    }

    /// Asks for the address with these segments behind the profile's, and waits.
    ///
    /// # Errors
    /// As [`Sender::send`].
    pub fn get(
        &self,
        segments: &[&str],
        query: &[(&str, &str)],
        cancelled: &Arc<AtomicBool>,
    ) -> Result<Outcome, SendError> {
        let mut url = self.address(segments)?;
        url.query_pairs_mut().extend_pairs(query);
        self.deliver(&url, &Wanted::Get, cancelled)
    }

    /// The same sender with another limit to how long an answer may take.
    pub fn waiting(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    fn address(&self, segments: &[&str]) -> Result<reqwest::Url, SendError> {
        let mut url = self
            .profile
            .url()
            .map_err(|error| SendError::Profile(error.to_string()))?;
        if !segments.is_empty() {
            url.path_segments_mut()
                .map_err(|()| SendError::Profile("the base URL can't have a path".to_owned()))?
                .pop_if_empty()
                .extend(segments);
        }
        Ok(url)
    }

    fn deliver(
        &self,
        url: &reqwest::Url,
        wanted: &Wanted,
        cancelled: &Arc<AtomicBool>,
    ) -> Result<Outcome, SendError> {
        let Some(runtime) = &self.runtime else {
            return Err(SendError::Cancelled);
        };
        runtime.block_on(async {
            tokio::select! {
                outcome = self.attempts(url, wanted) => outcome,
                () = watch(cancelled) => Err(SendError::Cancelled),
            }
        })
    }

    async fn attempts(&self, url: &reqwest::Url, wanted: &Wanted) -> Result<Outcome, SendError> {
        let reach = match (
            self.offline || self.profile.is_loopback(),
            self.profile.private,
        ) {
            (true, _) => Reach::ThisComputer,
            (false, true) => Reach::Private,
            (false, false) => Reach::Public,
        };
        let client = pinned::client(url, reach, self.timeout).await?;
        let began = Instant::now();
        let mut retries = 0;
        loop {
            let outcome = self.once(&client, url, wanted).await?;
            // A spending limit comes without a time to wait, and does not pass by waiting. AWS names
            // no time either, but says that it throttles.
            let throttled = outcome
                .error_type
                .as_deref()
                .is_some_and(|kind| kind.starts_with("ThrottlingException"));
            let limited =
                outcome.http_status == 429 && (outcome.retry_after_s.is_some() || throttled);
            let failed =
                (500..=599).contains(&outcome.http_status) && !may_have_run(outcome.http_status);
            let asked = outcome.retry_after_s.map(Duration::from_secs);
            let is_short = asked.is_none_or(|wait| wait <= LONGEST_WAIT);
            let again = retries < RETRIES && is_short && (limited || failed);
            if !again {
                let latency_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
                return Ok(Outcome {
                    latency_ms,
                    retries,
                    ..outcome
                });
            }
            let backoff = Duration::from_millis(500 << retries);
            let wait = asked.unwrap_or(backoff);
            retries += 1;
            tokio::time::sleep(wait).await;
        }
    }

    fn request(&self, model: &str, body: &Value) -> Result<(reqwest::Url, Vec<u8>), SendError> {
        let mut body = body.clone();
        let Some(fields) = body.as_object_mut() else {
            return Err(SendError::Refused(
                "the request is not an object".to_owned(),
            ));
        };
        fields.remove("stream");
        let url = match self.profile.dialect {
            Dialect::Anthropic => {
                fields.remove("anthropic_version");
                fields.insert("model".to_owned(), model.into());
                self.address(&["v1", "messages"])?
            }
            Dialect::BedrockInvoke => {
                fields.remove("model");
                fields.insert("anthropic_version".to_owned(), "bedrock-2023-05-31".into());
                self.address(&["model", model, "invoke"])?
            }
        };
        let payload =
            serde_json::to_vec(&body).map_err(|error| SendError::Refused(error.to_string()))?;
        Ok((url, payload))
    }

    fn headers(
        &self,
        url: &reqwest::Url,
        wanted: &Wanted,
    ) -> Result<Vec<(String, String)>, SendError> {
        let mut headers = vec![("accept".to_owned(), "application/json".to_owned())];
        let (method, payload) = match wanted {
            Wanted::Get => ("GET", [].as_slice()),
            Wanted::Post(payload) => {
                headers.push(("content-type".to_owned(), "application/json".to_owned()));
                ("POST", payload.as_slice())
            }
        };
        if self.profile.dialect == Dialect::Anthropic {
            headers.push(("anthropic-version".to_owned(), "2023-06-01".to_owned()));
        }
        match (self.profile.auth, &self.credentials) {
            (Auth::None, _) => {}
            (Auth::XApiKey, Credentials::Key(key)) => {
                headers.push(("x-api-key".to_owned(), key.expose_secret().to_owned()))
            }
            (Auth::Bearer, Credentials::Key(key)) => headers.push((
                "authorization".to_owned(),
                format!("Bearer {}", key.expose_secret()),
            )),
            (
                Auth::Sigv4,
                Credentials::Aws {
                    access_key,
                    secret_key,
                    session_token,
                },
            ) => {
                let host = match url.port() {
                    Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
                    None => url.host_str().unwrap_or_default().to_owned(),
                };
                let signed_headers = [
                    ("host", host.as_str()),
                    ("content-type", "application/json"),
                ];
                let signed = signature(
                    &Unsigned {
                        method,
                        url: url.as_str(),
                        headers: &signed_headers[..if method == "POST" { 2 } else { 1 }],
                        body: payload,
                    },
                    &Signer {
                        access_key,
                        secret_key: secret_key.expose_secret(),
                        session_token: session_token.as_ref().map(ExposeSecret::expose_secret),
                        region: self.profile.place.as_deref().unwrap_or_default(),
                        service: "bedrock",
                    },
                    SystemTime::now(),
                )
                .map_err(SendError::Refused)?;
                headers.extend(signed);
            }
            _ => {
                return Err(SendError::Refused(
                    "the key is not of the kind that the profile needs".to_owned(),
                ));
            }
        }
        Ok(headers)
    }

    async fn once(
        &self,
        client: &reqwest::Client,
        url: &reqwest::Url,
        wanted: &Wanted,
    ) -> Result<Outcome, SendError> {
        let mut request = match wanted {
            Wanted::Get => client.get(url.clone()),
            Wanted::Post(payload) => client.post(url.clone()).body(payload.clone()),
        };
        for (name, value) in self.headers(url, wanted)? {
            request = request.header(name, value);
        }
        // The error of the client may name the URL only; keys travel in headers.
        let mut response = request.send().await.map_err(|error| failure(&error))?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let mut bytes = Vec::new();
        loop {
            let chunk = tokio::time::timeout(IDLE, response.chunk())
                .await
                .map_err(|_| SendError::Cut)?
                .map_err(|error| failure(&error))?;
            let Some(chunk) = chunk else { break };
            if bytes.len() + chunk.len() > MAX_ANSWER {
                return Err(SendError::TooLong);
            }
            bytes.extend_from_slice(&chunk);
        }
        let mut outcome = outcome(status, &headers, &bytes)?;
        outcome.error_message = outcome
            .error_message
            .map(|message| self.without_key(&message));
        Ok(outcome)
    }

    /// A backend's message without the key, should it repeat it, and without control characters.
    fn without_key(&self, message: &str) -> String {
        let mut text: String = message
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let secrets: Vec<&str> = match &self.credentials {
            Credentials::None => Vec::new(),
            Credentials::Key(key) => vec![key.expose_secret()],
            Credentials::Aws {
                access_key,
                secret_key,
                session_token,
            } => {
                let token = session_token.as_ref().map(ExposeSecret::expose_secret);
                [
                    Some(access_key.as_str()),
                    Some(secret_key.expose_secret()),
                    token,
                ]
                .into_iter()
                .flatten()
                .collect()
            }
        };
        for secret in secrets.into_iter().filter(|secret| !secret.is_empty()) {
            text = text.replace(secret, "[key]");
        }
        text.chars().take(300).collect()
    }
}

/// Whether a model may have this name: anything else is not put into a request's address.
pub fn is_model_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..")
        && name.len() <= 2_048
        && name.chars().all(|c| c.is_ascii_graphic())
}

impl Drop for Sender {
    fn drop(&mut self) {
        // A name lookup that hangs must not hold up who stopped the run.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn failure(error: &reqwest::Error) -> SendError {
    match (error.is_timeout(), error.is_connect()) {
        (true, _) => SendError::TimedOut,
        (false, true) => SendError::Unreachable(reason(error)),
        (false, false) => SendError::Cut,
    }
}

pub(crate) fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        "it did not answer in time".to_owned()
    } else if error.is_connect() {
        "no connection could be made".to_owned()
    } else {
        "the connection broke".to_owned()
    }
}

fn outcome(status: u16, headers: &HeaderMap, bytes: &[u8]) -> Result<Outcome, SendError> {
    let text = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let mut outcome = Outcome {
        http_status: status,
        response: None,
        error_type: None,
        error_message: None,
        request_id: text("request-id").or_else(|| text("x-amzn-requestid")),
        latency_ms: 0,
        retries: 0,
        retry_after_s: text("retry-after").and_then(|value| value.parse().ok()),
    };
    if (300..400).contains(&status) {
        outcome.error_type = Some("redirect".to_owned());
        outcome.error_message =
            Some("the backend sent the request elsewhere; it was not followed".to_owned());
        return Ok(outcome);
    }
    let body: Value = match serde_json::from_slice(bytes) {
        Ok(body) => body,
        Err(_) if status >= 400 => json!({}),
        Err(error) => {
            return Err(SendError::Unreadable(format!(
                "not JSON at line {}",
                error.line()
            )));
        }
    };
    if status < 300 {
        outcome.response = Some(body);
        return Ok(outcome);
    }
    let kind = body
        .pointer("/error/type")
        .or_else(|| body.get("__type"))
        .and_then(Value::as_str)
        .map(str::to_owned);
    outcome.error_type = kind
        .or_else(|| text("x-amzn-errortype"))
        .or_else(|| Some(format!("http_{status}")));
    let message = body
        .pointer("/error/message")
        .or_else(|| body.get("message"))
        .and_then(Value::as_str);
    outcome.error_message = message.map(|message| message.chars().take(4_000).collect());
    Ok(outcome)
}

/// Whether a request that got this status may have been carried out all the same: whoever gave up
/// waiting (408, 502, 504) does not know. Such a request is not sent again, and counts as paid for.
pub const fn may_have_run(http_status: u16) -> bool {
    matches!(http_status, 408 | 502 | 504)
}

pub(crate) async fn watch(cancelled: &Arc<AtomicBool>) {
    while !cancelled.load(Ordering::Relaxed) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
