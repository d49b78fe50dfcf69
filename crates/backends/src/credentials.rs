//! Keys: from the operating system's keychain, or from an environment variable in headless use.
//!
//! Out: a secret that neither prints nor shows itself. Never stored, logged or passed as an
//! argument. Not here: what they sign.

use secrecy::{ExposeSecret, SecretString};

use crate::keychain;
use crate::profile::{Auth, Profile};

/// What a backend is reached with.
pub enum Credentials {
    None,
    Key(SecretString),
    Aws {
        access_key: String,
        secret_key: SecretString,
        session_token: Option<SecretString>,
    },
}

/// Where a key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyState {
    NotNeeded,
    Keychain {
        last4: String,
    },
    Environment {
        variable: String,
        last4: String,
    },
    Missing,
    /// The keychain can't be asked; why.
    Unavailable(String),
}

/// Why there are no credentials.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    #[error("there is no key for `{backend}`")]
    Missing { backend: String, variable: String },
    #[error("{0}")]
    Keychain(String),
    #[error("the key has characters that no key has")]
    NotAKey,
}

/// The environment variable that holds a backend's key: `ASSAY_KEY_` and its name.
pub fn variable(profile: &Profile) -> String {
    let name: String = profile
        .name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    format!("ASSAY_KEY_{name}")
}

fn from_environment(name: &str) -> Option<SecretString> {
    std::env::var(name)
        .ok()
        .filter(|value| !value.is_empty())
        .map(SecretString::from)
}

fn last4(secret: &SecretString) -> String {
    let text = secret.expose_secret();
    let count = text.chars().count();
    if count >= 16 {
        text.chars().skip(count - 4).collect()
    } else {
        String::new()
    }
}

fn keychain(profile: &Profile) -> Result<Option<SecretString>, CredentialError> {
    keychain::get(&account(profile)).map_err(|error| CredentialError::Keychain(error.to_string()))
}

/// The name of a key in the keychain: the backend's name and where it is, so that a key given for
/// one place is never found for another.
fn account(profile: &Profile) -> String {
    format!("{} at {}", profile.name, profile.destination())
}

/// Whether the standard `AWS_` variables may be used: only towards AWS itself, so that a profile
/// with another host never receives them.
fn standard_aws(profile: &Profile) -> bool {
    let host = profile
        .url()
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default();
    profile.auth == Auth::Sigv4
        && (host.ends_with(".amazonaws.com") || host.ends_with(".api.aws"))
        && std::env::var("AWS_ACCESS_KEY_ID").is_ok()
        && std::env::var("AWS_SECRET_ACCESS_KEY").is_ok()
}

/// Where the key of a backend is, without reading more than its end.
pub fn state(profile: &Profile) -> KeyState {
    if profile.auth == Auth::None {
        return KeyState::NotNeeded;
    }
    let name = variable(profile);
    if let Some(key) = from_environment(&name) {
        return KeyState::Environment {
            variable: name,
            last4: last4(&key),
        };
    }
    if standard_aws(profile) {
        return KeyState::Environment {
            variable: "AWS_ACCESS_KEY_ID".into(),
            last4: String::new(),
        };
    }
    match keychain(profile) {
        Ok(Some(key)) => KeyState::Keychain { last4: last4(&key) },
        Ok(None) => KeyState::Missing,
        Err(error) => KeyState::Unavailable(error.to_string()),
    }
}

/// The credentials of a backend: its environment variable first, then the keychain.
///
/// With SigV4 the key is `access-key-id:secret-access-key[:session-token]`, or the standard `AWS_`
/// variables.
///
/// # Errors
/// [`CredentialError`].
pub fn load(profile: &Profile) -> Result<Credentials, CredentialError> {
    if profile.auth == Auth::None {
        return Ok(Credentials::None);
    }
    let name = variable(profile);
    let key = match from_environment(&name) {
        Some(key) => Some(key),
        None if standard_aws(profile) => {
            let part = |name: &str| std::env::var(name).unwrap_or_default();
            let token = part("AWS_SESSION_TOKEN");
            let tail = if token.is_empty() {
                String::new()
            } else {
                format!(":{token}")
            };
            Some(SecretString::from(format!(
                "{}:{}{tail}",
                part("AWS_ACCESS_KEY_ID"),
                part("AWS_SECRET_ACCESS_KEY")
            )))
        }
        None => keychain(profile)?,
    };
    let key = key.ok_or_else(|| CredentialError::Missing {
        backend: profile.name.clone(),
        variable: name,
    })?;
    if profile.auth != Auth::Sigv4 {
        return Ok(Credentials::Key(key));
    }
    let mut parts = key.expose_secret().splitn(3, ':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(access), Some(secret), token) if !access.is_empty() && !secret.is_empty() => {
            Ok(Credentials::Aws {
                access_key: access.to_owned(),
                secret_key: SecretString::from(secret.to_owned()),
                session_token: token.map(|token| SecretString::from(token.to_owned())),
            })
        }
        _ => Err(CredentialError::NotAKey),
    }
}

/// Puts a backend's key into the keychain.
///
/// # Errors
/// [`CredentialError`].
pub fn save(profile: &Profile, key: &SecretString) -> Result<(), CredentialError> {
    let text = key.expose_secret();
    if text.is_empty()
        || text.len() > 8_192
        || text.chars().any(|c| c.is_whitespace() || c.is_control())
    {
        return Err(CredentialError::NotAKey);
    }
    keychain::set(&account(profile), key)
        .map_err(|error| CredentialError::Keychain(error.to_string()))
}

/// Removes a backend's key from the keychain, if there is one.
///
/// # Errors
/// [`CredentialError::Keychain`].
pub fn remove(profile: &Profile) -> Result<(), CredentialError> {
    keychain::remove(&account(profile))
        .map_err(|error| CredentialError::Keychain(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_belongs_to_where_it_was_given_for() {
        let profile = |base_url: &str| Profile {
            name: "direct".to_owned(),
            base_url: base_url.to_owned(),
            ..Profile::sandbox(std::net::SocketAddr::from(([127, 0, 0, 1], 1)))
        };
        let here = account(&profile("https://api.anthropic.com"));
        assert_eq!(here, account(&profile("https://API.anthropic.com:443/")));
        for elsewhere in [
            "https://api.anthropic.com:8443",
            "https://api.anthropic.com.example",
            "https://example.com/api.anthropic.com",
        ] {
            assert_ne!(here, account(&profile(elsewhere)), "{elsewhere}");
        }
    }
}
