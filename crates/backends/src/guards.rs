//! Guards: filters of others that a text is shown to, and what they say of it.
//!
//! In: a profile, a text. Out: where the guard found something, or the text as it left it. One file a
//! kind below; sending, retries and pins are those of `send`. Not here: which texts may be shown to
//! a guard, and what its answers are set against (the engine).

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use assay_domain::call::Kind;
use assay_domain::guards::GuardKind;
use serde::{Deserialize, Serialize};

use crate::credentials::Credentials;
use crate::profile::{Auth, Dialect, Profile, ProfileError};
use crate::send::{LONGEST_WAIT, Outcome, SendError, Sender};

mod bedrock;
mod presidio;
mod private;

/// From the first byte sent to the last one received, for one text.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// A guard, as it was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardProfile {
    pub name: String,
    pub kind: GuardKind,
    /// Scheme, host, port and path prefix; nothing else is ever sent to. Of a private endpoint the
    /// whole address.
    pub base_url: String,
    /// The AWS Region, for Bedrock.
    pub region: Option<String>,
    pub auth: Auth,
    /// Bedrock: which guardrail, and which version of it (`DRAFT` or a number).
    pub guardrail: Option<String>,
    pub version: Option<String>,
    /// Bedrock: whether texts are judged as a model's answer; otherwise as a person's request.
    #[serde(default)]
    pub as_output: bool,
    /// Presidio: the language that the texts are said to be in.
    pub language: Option<String>,
    /// Private: the field of the request that holds the text; `text` where it is left out.
    pub text_field: Option<String>,
    /// Types that it is said to find, by its own names; empty is not known.
    #[serde(default)]
    pub claims: Vec<String>,
    /// Its address may be private.
    pub private: bool,
    /// Texts in a second at most; as fast as it answers where it is left out.
    pub per_second: Option<u32>,
}

/// Where a guard found something; bytes of the text, half-open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spotted {
    pub start: usize,
    pub end: usize,
    /// What the guard calls it.
    pub name: String,
}

/// What a guard says of one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    pub spotted: Vec<Spotted>,
    /// The text as it left it, where it says no places.
    pub redacted: Option<String>,
    /// What it counted for its bill, where it says.
    pub units: u64,
}

/// Why there is no verdict on a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum GuardFault {
    #[error("it did not answer in time")]
    TimedOut,
    #[error("it asked to wait, and asked again")]
    RateLimited,
    #[error("it asked to wait longer than this program waits")]
    LongWait,
    #[error("it does not accept the key")]
    NotAllowed,
    #[error("it refused the request")]
    Refused,
    #[error("it failed")]
    Failed,
    #[error("its answer is not of the form that is expected")]
    Unreadable,
    #[error("its answer broke off")]
    Cut,
    #[error("it can't be reached")]
    Unreachable,
    #[error("cancelled")]
    Cancelled,
}

impl GuardFault {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TimedOut => "timeout",
            Self::RateLimited => "rate_limited",
            Self::LongWait => "long_wait",
            Self::NotAllowed => "not_allowed",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Unreadable => "unreadable",
            Self::Cut => "cut",
            Self::Unreachable => "unreachable",
            Self::Cancelled => "cancelled",
        }
    }
}

impl GuardProfile {
    /// The profile under which its key is kept and its requests are sent.
    pub fn backend(&self) -> Profile {
        Profile {
            name: format!("guard-{}", self.name),
            kind: match self.kind {
                GuardKind::Bedrock => Kind::Bedrock,
                GuardKind::Presidio | GuardKind::Private => Kind::Private,
            },
            // Adds no header of its own.
            dialect: Dialect::BedrockInvoke,
            base_url: self.base_url.clone(),
            place: self.region.clone(),
            auth: self.auth,
            model: None,
            private: self.private,
        }
    }

    /// Whether it holds to the rules.
    ///
    /// # Errors
    /// [`ProfileError`] saying which field breaks which rule.
    pub fn check(&self) -> Result<(), ProfileError> {
        let wrong = |field, problem: &str| {
            Err(ProfileError {
                field,
                problem: problem.to_owned(),
            })
        };
        if self.name.len() > 50 {
            return wrong("name", "takes at most 50 characters");
        }
        self.backend().url().map_err(|error| match error.field {
            "place" => ProfileError {
                field: "region",
                ..error
            },
            _ => error,
        })?;
        let plain = |text: &str| {
            !text.is_empty()
                && text.len() <= 200
                && text
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_:/.".contains(c))
                && !matches!(text, "." | "..")
        };
        if self.kind == GuardKind::Bedrock {
            if self.auth == Auth::None || self.auth == Auth::XApiKey {
                return wrong("auth", "Bedrock takes `sigv4`, or `bearer` for an API key");
            }
            if !self.guardrail.as_deref().is_some_and(plain) {
                return wrong("guardrail", "names the guardrail by its id or ARN");
            }
            if !self.version.as_deref().is_some_and(plain) {
                return wrong("version", "is `DRAFT` or a number");
            }
        }
        if self.kind != GuardKind::Bedrock && self.auth == Auth::Sigv4 {
            return wrong("auth", "SigV4 is for Bedrock");
        }
        if self.per_second == Some(0) {
            return wrong("per_second", "is at least 1");
        }
        if self.claims.len() > 500 || self.claims.iter().any(|name| !plain(name)) {
            return wrong(
                "claims",
                "takes at most 500 names of letters, digits and `_`",
            );
        }
        Ok(())
    }
}

/// Speaks to one guard.
pub struct Guard {
    profile: GuardProfile,
    sender: Sender,
}

impl Guard {
    /// One that is not asked anything yet. With `offline`, only this computer is sent to.
    ///
    /// # Errors
    /// [`SendError::Profile`], [`SendError::Refused`].
    pub fn new(
        profile: GuardProfile,
        credentials: Credentials,
        offline: bool,
    ) -> Result<Self, SendError> {
        profile
            .check()
            .map_err(|error| SendError::Profile(error.to_string()))?;
        let sender = Sender::new(profile.backend(), credentials, offline)?.waiting(TIMEOUT);
        Ok(Self { profile, sender })
    }

    /// The same guard with another limit to how long one answer may take.
    pub fn waiting(self, timeout: Duration) -> Self {
        Self {
            sender: self.sender.waiting(timeout),
            ..self
        }
    }

    /// Which types it says that it finds, by its own names; `None` where it can't be asked.
    ///
    /// # Errors
    /// [`GuardFault`].
    pub fn claims(&self, cancelled: &Arc<AtomicBool>) -> Result<Option<Vec<String>>, GuardFault> {
        match self.profile.kind {
            GuardKind::Presidio => {
                presidio::claims(&self.sender, &self.profile, cancelled).map(Some)
            }
            GuardKind::Bedrock | GuardKind::Private => Ok(None),
        }
    }

    /// Shows it one text.
    ///
    /// # Errors
    /// [`GuardFault`].
    pub fn ask(&self, text: &str, cancelled: &Arc<AtomicBool>) -> Result<Verdict, GuardFault> {
        match self.profile.kind {
            GuardKind::Presidio => presidio::ask(&self.sender, &self.profile, text, cancelled),
            GuardKind::Bedrock => bedrock::ask(&self.sender, &self.profile, text, cancelled),
            GuardKind::Private => private::ask(&self.sender, &self.profile, text, cancelled),
        }
    }
}

/// The JSON of an answer that succeeded; everything else by its kind. A guard's own words may repeat
/// the text, and so go no further.
fn answered(outcome: Result<Outcome, SendError>) -> Result<serde_json::Value, GuardFault> {
    let outcome = outcome.map_err(|error| match error {
        SendError::Cancelled => GuardFault::Cancelled,
        SendError::TimedOut => GuardFault::TimedOut,
        SendError::Cut => GuardFault::Cut,
        SendError::TooLong | SendError::Unreadable(_) => GuardFault::Unreadable,
        SendError::Profile(_) | SendError::Refused(_) => GuardFault::Refused,
        SendError::Unreachable(_) => GuardFault::Unreachable,
    })?;
    let is_long = outcome
        .retry_after_s
        .is_some_and(|wait| wait > LONGEST_WAIT.as_secs());
    match (outcome.response, outcome.http_status) {
        (Some(response), _) => Ok(response),
        (None, 401 | 403) => Err(GuardFault::NotAllowed),
        (None, 408 | 504) => Err(GuardFault::TimedOut),
        (None, 429 | 503) if is_long => Err(GuardFault::LongWait),
        (None, 429) => Err(GuardFault::RateLimited),
        (None, 500..) => Err(GuardFault::Failed),
        (None, _) => Err(GuardFault::Refused),
    }
}

/// Bytes of the characters `start..end` of `text`; `None` where they are not in it.
fn bytes_of(text: &str, start: u64, end: u64) -> Option<(usize, usize)> {
    let at = |place: u64| {
        text.char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .nth(usize::try_from(place).ok()?)
    };
    match (at(start)?, at(end)?) {
        (from, to) if from < to => Some((from, to)),
        _ => None,
    }
}
