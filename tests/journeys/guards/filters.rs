//! Filters on this computer that answer as other people's do, and remember what they were asked.
//!
//! They find e-mail addresses and nothing else. Not here: the real Presidio (`presidio`).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use assay_backends::loopback::{Server, serve};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use regex::Regex;
use serde_json::{Value, json};

/// One request.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) path: String,
    pub(super) authorization: String,
    pub(super) body: Value,
}

/// A running filter.
pub(super) struct Filter {
    server: Server,
    seen: Arc<Mutex<Vec<Seen>>>,
}

/// What a filter answers; where it is `None` it never does.
type Answer = Option<Response>;

fn said(status: StatusCode, body: String) -> Answer {
    Some((status, body).into_response())
}

/// Asks to wait, or to come again, after so many seconds.
fn later(status: StatusCode, seconds: &'static str) -> Answer {
    Some((status, [(header::RETRY_AFTER, seconds)]).into_response())
}

/// A body that breaks off where it should go on.
fn cut() -> Answer {
    let pieces = [Ok("{\"entities\":["), Err(std::io::Error::other("cut"))];
    Some(Body::from_stream(futures_util::stream::iter(pieces)).into_response())
}

fn entities(seen: &Seen) -> Answer {
    let text = seen.body["text"].as_str().unwrap();
    let found: Vec<Value> = addresses(text)
        .into_iter()
        .map(|(start, end)| json!({"start": points(text, start), "end": points(text, end)}))
        .collect();
    said(StatusCode::OK, json!({ "entities": found }).to_string())
}

fn addresses(text: &str) -> Vec<(usize, usize)> {
    let pattern = Regex::new(r"[a-z0-9._]+@[a-z.]+[a-z]").unwrap();
    pattern
        .find_iter(text)
        .map(|found| (found.start(), found.end()))
        .collect()
}

fn points(text: &str, byte: usize) -> usize {
    text[..byte].chars().count()
}

impl Filter {
    fn start(answer: impl Fn(&Seen) -> Answer + Clone + Send + Sync + 'static) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        let routes = Router::new().fallback(move |uri: Uri, headers: HeaderMap, body: Bytes| {
            let (kept, answer) = (Arc::clone(&kept), answer.clone());
            async move {
                if uri.path() == "/supportedentities" {
                    return json!(["EMAIL_ADDRESS", "URL"]).to_string().into_response();
                }
                let authorization = headers.get("authorization");
                let one = Seen {
                    path: uri.path().to_owned(),
                    authorization: authorization
                        .map(|value| value.to_str().unwrap().to_owned())
                        .unwrap_or_default(),
                    body: serde_json::from_slice(&body).unwrap(),
                };
                let answer = answer(&one);
                kept.lock().unwrap().push(one);
                match answer {
                    Some(answer) => answer,
                    None => std::future::pending().await,
                }
            }
        });
        let server = serve(([127, 0, 0, 1], 0).into(), routes).unwrap();
        Self { server, seen }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.server.address)
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Answers as Presidio's analyzer.
    pub(super) fn presidio() -> Self {
        Self::start(|seen| {
            let text = seen.body["text"].as_str().unwrap();
            let found: Vec<Value> = addresses(text)
                .into_iter()
                .map(|(start, end)| {
                    json!({"entity_type": "EMAIL_ADDRESS", "start": points(text, start),
                           "end": points(text, end), "score": 1.0, "analysis_explanation": null})
                })
                .collect();
            said(StatusCode::OK, json!(found).to_string())
        })
    }

    /// Answers as `ApplyGuardrail`.
    pub(super) fn bedrock() -> Self {
        Self::start(|seen| {
            let text = seen.body["content"][0]["text"]["text"].as_str().unwrap();
            let found: Vec<Value> = addresses(text)
                .into_iter()
                .map(|(start, end)| {
                    json!({"action": "ANONYMIZED", "match": &text[start..end], "type": "EMAIL"})
                })
                .collect();
            let outputs = match found.is_empty() {
                true => json!([]),
                false => json!([{"text": "… {EMAIL} …"}]),
            };
            let action = if found.is_empty() {
                "NONE"
            } else {
                "GUARDRAIL_INTERVENED"
            };
            let answer = json!({
                "usage": {"topicPolicyUnits": 0, "contentPolicyUnits": 0, "wordPolicyUnits": 0,
                          "sensitiveInformationPolicyUnits": 1,
                          "sensitiveInformationPolicyFreeUnits": 0,
                          "contextualGroundingPolicyUnits": 0},
                "action": action,
                "outputs": outputs,
                "assessments": [{"sensitiveInformationPolicy": {"piiEntities": found, "regexes": []}}],
            });
            said(StatusCode::OK, answer.to_string())
        })
    }

    /// Gives the text of `prompt` back, masked.
    pub(super) fn redacting() -> Self {
        Self::start(|seen| {
            let mut text = seen.body["prompt"].as_str().unwrap().to_owned();
            for (start, end) in addresses(&text).into_iter().rev() {
                text.replace_range(start..end, "[EMAIL]");
            }
            said(StatusCode::OK, json!({ "text": text }).to_string())
        })
    }

    /// Answers each `every`th request with something else.
    pub(super) fn failing(every: usize) -> Self {
        let asked = Arc::new(AtomicUsize::new(0));
        Self::start(move |seen| {
            if asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(every) {
                return said(StatusCode::OK, json!({"verdict": "fine"}).to_string());
            }
            entities(seen)
        })
    }

    /// Lets nobody in.
    pub(super) fn closed() -> Self {
        Self::start(|_| said(StatusCode::FORBIDDEN, "{}".to_owned()))
    }

    /// Of five texts: asks to wait once and is then well, fails as often as it is asked, breaks off, and is
    /// well from there on.
    pub(super) fn unsteady() -> Self {
        let asked = Arc::new(AtomicUsize::new(0));
        Self::start(move |seen| match asked.fetch_add(1, Ordering::SeqCst) {
            0 => later(StatusCode::TOO_MANY_REQUESTS, "0"),
            2..=4 => later(StatusCode::INTERNAL_SERVER_ERROR, "0"),
            5 => cut(),
            _ => entities(seen),
        })
    }

    /// Asks to come again in an hour.
    pub(super) fn full() -> Self {
        Self::start(|_| later(StatusCode::TOO_MANY_REQUESTS, "3600"))
    }

    /// Never answers the `at`th text, and says so once it was asked.
    pub(super) fn silent_at(at: usize) -> (Self, Receiver<()>) {
        let (tell, told) = channel();
        let asked = Arc::new(AtomicUsize::new(0));
        let filter = Self::start(move |seen| {
            if asked.fetch_add(1, Ordering::SeqCst) + 1 == at {
                tell.send(()).unwrap();
                return None;
            }
            entities(seen)
        });
        (filter, told)
    }
}
