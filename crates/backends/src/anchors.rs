//! Asking others to vouch for a checkpoint: time-stamping authorities (RFC 3161) and witnesses
//! (C2SP tlog-witness).
//!
//! In: where, and the bytes to send. Out: the bytes that came back, at most 64 KiB. One request, no
//! retry, no redirect, no proxy, to the host that was saved and no other. Not here: what the bytes
//! mean (`assay-evidence`), when somebody is asked.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use reqwest::Url;
use serde::{Deserialize, Serialize};

use crate::pinned::{self, Reach};
use crate::profile::{ProfileError, is_loopback, pinned_url};
use crate::send::{SendError, reason, watch};

/// The longest answer.
const MAX_ANSWER: usize = 64 << 10;
/// From the first byte sent to the last one received.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// Who vouches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnchorKind {
    /// A time-stamping authority.
    Tsa,
    Witness,
}

impl AnchorKind {
    /// The name in SQL and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tsa => "tsa",
            Self::Witness => "witness",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Tsa, Self::Witness]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// Where somebody who vouches is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnchorPlace {
    pub name: String,
    pub kind: AnchorKind,
    /// https, or http on this computer. Of a witness the submission prefix.
    pub url: String,
    /// Its address may be private.
    pub private: bool,
}

/// How long to wait, and whether anything but this computer may be asked.
#[derive(Debug, Clone)]
pub struct Asking {
    pub timeout: Duration,
    pub offline: bool,
    pub cancelled: Arc<AtomicBool>,
}

/// What a witness answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WitnessAnswer {
    /// 200: signature lines.
    Cosigned(Vec<u8>),
    /// 409: the size that it knows instead.
    Knows(Vec<u8>),
    /// Any other status.
    Refused(u16),
}

impl AnchorPlace {
    /// The URL.
    ///
    /// # Errors
    /// [`ProfileError`] saying which field breaks which rule.
    pub fn url(&self) -> Result<Url, ProfileError> {
        pinned_url(&self.name, &self.url)
    }

    /// Host and port, for people.
    pub fn destination(&self) -> String {
        match self.url() {
            Ok(url) => match url.port_or_known_default() {
                Some(port) => format!("{}:{port}", url.host_str().unwrap_or("")),
                None => url.host_str().unwrap_or("").to_owned(),
            },
            Err(_) => "not valid".to_owned(),
        }
    }

    /// Whether nothing sent to it leaves this computer.
    pub fn is_loopback(&self) -> bool {
        self.url()
            .ok()
            .and_then(|url| url.host_str().map(is_loopback))
            .unwrap_or(false)
    }
}

struct Answer {
    status: u16,
    content_type: String,
    bytes: Vec<u8>,
}

/// Sends a time-stamp query (DER) and answers the response (DER).
///
/// # Errors
/// [`SendError`]; an answer of another type than `application/timestamp-reply` is unreadable.
pub fn time_stamp(
    place: &AnchorPlace,
    query: Vec<u8>,
    asking: &Asking,
) -> Result<Vec<u8>, SendError> {
    let url = profile_url(place)?;
    let answer = post(place, url, "application/timestamp-query", query, asking)?;
    if answer.status != 200 {
        return Err(SendError::Refused(format!(
            "{} answered with status {}",
            place.destination(),
            answer.status
        )));
    }
    // RFC 3161, 3.4
    if answer.content_type != "application/timestamp-reply" {
        return Err(SendError::Unreadable(
            "it is no `application/timestamp-reply`".to_owned(),
        ));
    }
    Ok(answer.bytes)
}

/// Sends a checkpoint to a witness.
///
/// # Errors
/// [`SendError`]; a refusal of the witness is an answer.
pub fn add_checkpoint(
    place: &AnchorPlace,
    body: Vec<u8>,
    asking: &Asking,
) -> Result<WitnessAnswer, SendError> {
    let mut url = profile_url(place)?;
    url.path_segments_mut()
        .map_err(|()| SendError::Profile("the URL can't have a path".to_owned()))?
        .pop_if_empty()
        .push("add-checkpoint");
    let answer = post(place, url, "text/plain; charset=utf-8", body, asking)?;
    Ok(match answer.status {
        200 => WitnessAnswer::Cosigned(answer.bytes),
        409 if answer.content_type == "text/x.tlog.size" => WitnessAnswer::Knows(answer.bytes),
        status => WitnessAnswer::Refused(status),
    })
}

fn profile_url(place: &AnchorPlace) -> Result<Url, SendError> {
    place
        .url()
        .map_err(|error| SendError::Profile(error.to_string()))
}

fn post(
    place: &AnchorPlace,
    url: Url,
    content_type: &str,
    body: Vec<u8>,
    asking: &Asking,
) -> Result<Answer, SendError> {
    if asking.offline && !place.is_loopback() {
        return Err(SendError::Refused(format!(
            "offline: nothing is sent to {}",
            place.destination()
        )));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| SendError::Unreachable(error.to_string()))?;
    let _ = rustls::crypto::ring::default_provider().install_default();
    let reach = match (asking.offline || place.is_loopback(), place.private) {
        (true, _) => Reach::ThisComputer,
        (false, true) => Reach::Private,
        (false, false) => Reach::Public,
    };
    let answer = runtime.block_on(async {
        tokio::select! {
            answer = exchange(url, reach, content_type, body, asking.timeout) => answer,
            () = watch(&asking.cancelled) => Err(SendError::Cancelled),
        }
    });
    // A name lookup that hangs must not hold up who gave up waiting.
    runtime.shutdown_background();
    answer
}

async fn exchange(
    url: Url,
    reach: Reach,
    content_type: &str,
    body: Vec<u8>,
    timeout: Duration,
) -> Result<Answer, SendError> {
    let client = pinned::client(&url, reach, timeout).await?;
    let mut response = client
        .post(url)
        .header("content-type", content_type)
        .body(body)
        .send()
        .await
        .map_err(|error| SendError::Unreachable(reason(&error)))?;
    let status = response.status().as_u16();
    if (300..400).contains(&status) {
        return Err(SendError::Refused(
            "it sent the request elsewhere; it was not followed".to_owned(),
        ));
    }
    let content_type = response
        .headers()
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|value| value.trim().to_ascii_lowercase())
        .unwrap_or_default();
    let mut bytes = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| SendError::Unreachable(reason(&error)))?
    {
        if bytes.len() + chunk.len() > MAX_ANSWER {
            return Err(SendError::Unreadable("it is longer than 64 KiB".to_owned()));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Answer {
        status,
        content_type,
        bytes,
    })
}
