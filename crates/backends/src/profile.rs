//! A backend's profile: where it is, how it is spoken to, where it processes.
//!
//! In: what a person saved. Out: a profile that holds to the rules, or what is wrong. Not here:
//! the key (`credentials`).

use assay_domain::call::Kind;
use reqwest::Url;
use serde::{Deserialize, Serialize};

/// The wire format of a backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// `POST /v1/messages`.
    Anthropic,
    /// `POST /model/{id}/invoke`.
    BedrockInvoke,
}

/// How a request proves who sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    XApiKey,
    Bearer,
    Sigv4,
    None,
}

/// A backend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub name: String,
    pub kind: Kind,
    pub dialect: Dialect,
    /// Scheme, host, port and path prefix; nothing else is ever sent to.
    pub base_url: String,
    /// Where it processes: a region's name; `None` is unknown.
    pub place: Option<String>,
    pub auth: Auth,
    /// Sent instead of the call's own model.
    pub model: Option<String>,
    /// Its address may be private.
    pub private: bool,
}

/// What is wrong with a profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}`: {problem}")]
pub struct ProfileError {
    pub field: &'static str,
    pub problem: String,
}

/// The name of the embedded sandbox.
pub const SANDBOX: &str = "sandbox";

impl Profile {
    /// The sandbox of this computer, listening at `address`.
    pub fn sandbox(address: std::net::SocketAddr) -> Self {
        Self {
            name: SANDBOX.to_owned(),
            kind: Kind::Private,
            dialect: Dialect::Anthropic,
            base_url: format!("http://{address}"),
            place: Some("this computer".to_owned()),
            auth: Auth::None,
            model: None,
            private: true,
        }
    }

    /// The base URL.
    ///
    /// # Errors
    /// [`ProfileError`] saying which field breaks which rule.
    pub fn url(&self) -> Result<Url, ProfileError> {
        let wrong = |field, problem: &str| ProfileError {
            field,
            problem: problem.to_owned(),
        };
        let url = pinned_url(&self.name, &self.base_url)?;
        if self.auth == Auth::Sigv4 && self.dialect != Dialect::BedrockInvoke {
            return Err(wrong("auth", "SigV4 is for the Bedrock dialect"));
        }
        if self.auth == Auth::Sigv4 && self.place.is_none() {
            return Err(wrong("place", "SigV4 needs the AWS Region"));
        }
        Ok(url)
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

/// The URL of something that is sent to, under a name that it is called here.
///
/// # Errors
/// [`ProfileError`] saying whether `name` or `base_url` breaks which rule.
pub(crate) fn pinned_url(name: &str, base_url: &str) -> Result<Url, ProfileError> {
    let wrong = |field, problem: &str| ProfileError {
        field,
        problem: problem.to_owned(),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || name.len() > 60 || !name.chars().all(plain) {
        return Err(wrong(
            "name",
            "takes 1 to 60 letters, digits, `-`, `_` and `.`",
        ));
    }
    let url =
        Url::parse(base_url).map_err(|error| wrong("base_url", &format!("is no URL: {error}")))?;
    let Some(host) = url.host_str() else {
        return Err(wrong("base_url", "names no host"));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(
            "base_url",
            "must not carry a user or a password; set the key apart",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("base_url", "must not carry a query or a fragment"));
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(host) => {}
        "http" => {
            return Err(wrong(
                "base_url",
                "must be https, but for this computer itself",
            ));
        }
        _ => return Err(wrong("base_url", "must be https")),
    }
    Ok(url)
}

/// Whether a host is this computer.
pub(crate) fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(base_url: &str) -> Profile {
        Profile {
            name: "direct".into(),
            kind: Kind::ClaudeApi,
            dialect: Dialect::Anthropic,
            base_url: base_url.into(),
            place: None,
            auth: Auth::XApiKey,
            model: None,
            private: false,
        }
    }

    #[test]
    fn a_profile_pins_its_destination() {
        assert_eq!(
            profile("https://api.anthropic.com").destination(),
            "api.anthropic.com:443"
        );
        for bad in [
            "http://api.anthropic.com",
            "ftp://x",
            "https://user:pw@host",
            "https://host/?q=1",
            "https://host/#f",
            "nothing",
        ] {
            assert!(profile(bad).url().is_err(), "{bad}");
        }
        assert!(profile("http://127.0.0.1:8080").is_loopback());
        assert!(!profile("https://127.0.0.1.example.com").is_loopback());
        let mut signed = profile("https://bedrock-runtime.eu-west-1.amazonaws.com");
        (signed.dialect, signed.auth) = (Dialect::BedrockInvoke, Auth::Sigv4);
        assert_eq!(signed.url().unwrap_err().field, "place");
    }
}
