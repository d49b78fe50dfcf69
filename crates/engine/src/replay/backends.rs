//! The backends that replay can send to: saved, shown, given a key, removed.
//!
//! Not here: what may be sent to one (`replay`), sockets and keychains (`assay-backends`).

use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::opening::Engine;
use crate::replay::view::{BackendRef, BackendRow, SaveBackend, SetKey};
use assay_backends::credentials::{self, KeyState};
use assay_backends::profile::{Auth, Dialect, Profile, SANDBOX};
use assay_store::policies::deed;
use assay_store::profiles::ProfileOf;
use secrecy::SecretString;
use serde::Serialize;

/// The embedded sandbox before it is started.
pub(crate) fn sandbox_profile() -> Profile {
    Profile::sandbox(std::net::SocketAddr::from(([127, 0, 0, 1], 0)))
}

pub(crate) fn profile(engine: &Engine, name: &str) -> Result<Profile> {
    if name == SANDBOX {
        return Ok(sandbox_profile());
    }
    saved(engine)?
        .into_iter()
        .find(|profile| profile.name == name)
        .ok_or_else(|| {
            WireError::new(Code::NotFound, format!("no backend: {name}"))
                .hint("see `replay backends`, or use `sandbox`")
        })
}

fn saved(engine: &Engine) -> Result<Vec<Profile>> {
    engine
        .store()
        .profiles(ProfileOf::Backend)?
        .iter()
        .map(|text| {
            serde_json::from_str(text).map_err(|error| {
                WireError::new(
                    Code::Internal,
                    format!("a stored backend can't be read: {error}"),
                )
            })
        })
        .collect()
}

fn row(profile: &Profile) -> BackendRow {
    let builtin = profile.name == SANDBOX;
    let (key, key_last4) = match credentials::state(profile) {
        KeyState::NotNeeded => ("not_needed".to_owned(), None),
        KeyState::Keychain { last4 } => ("keychain".to_owned(), Some(last4)),
        KeyState::Environment { last4, .. } => ("environment".to_owned(), Some(last4)),
        KeyState::Missing => ("none".to_owned(), None),
        KeyState::Unavailable(why) => (why, None),
    };
    BackendRow {
        name: profile.name.clone(),
        kind: profile.kind,
        dialect: name_of(profile.dialect),
        base_url: if builtin {
            "embedded".to_owned()
        } else {
            profile.base_url.clone()
        },
        place: profile.place.clone(),
        auth: name_of(profile.auth),
        model: profile.model.clone(),
        private: profile.private,
        builtin,
        key,
        key_last4: key_last4.filter(|last4| !last4.is_empty()),
    }
}

fn name_of(value: impl Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// The backends that replay can send to; the sandbox first.
///
/// # Errors
/// The store's.
pub fn backends(engine: &Engine, _: Nothing) -> Result<Vec<BackendRow>> {
    let mut rows = vec![row(&sandbox_profile())];
    rows.extend(saved(engine)?.iter().map(row));
    Ok(rows)
}

/// Saves a backend without its key.
///
/// # Errors
/// `bad_input` saying which field breaks which rule.
pub fn save_backend(engine: &Engine, input: SaveBackend) -> Result<BackendRow> {
    let read =
        |name: &str, value: &str| WireError::new(Code::BadInput, format!("not a {name}: {value}"));
    let dialect: Dialect = serde_json::from_value(input.dialect.clone().into())
        .map_err(|_| read("dialect", &input.dialect).hint("`anthropic` or `bedrock_invoke`"))?;
    let auth: Auth = serde_json::from_value(input.auth.clone().into()).map_err(|_| {
        read("way to authenticate", &input.auth).hint("`x_api_key`, `bearer`, `sigv4` or `none`")
    })?;
    let text = |value: Option<String>| {
        value
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    };
    let profile = Profile {
        name: input.name.trim().to_owned(),
        kind: input.kind,
        dialect,
        base_url: input.base_url.trim().to_owned(),
        place: text(input.place),
        auth,
        model: text(input.model),
        private: input.private,
    };
    if profile.name == SANDBOX {
        return Err(
            WireError::new(Code::BadInput, "`sandbox` is part of the program")
                .hint("choose another name"),
        );
    }
    profile
        .url()
        .map_err(|error| WireError::new(Code::BadInput, error.to_string()))?;
    if let Some(before) = saved(engine)?
        .into_iter()
        .find(|before| before.name == profile.name && before.destination() != profile.destination())
    {
        // A key belongs to where it was given for. Where no keychain is, no key is in it.
        let _ = credentials::remove(&before);
    }
    let now_ms = engine.now_ms();
    let json = serde_json::to_string(&profile)
        .map_err(|error| WireError::new(Code::Internal, error.to_string()))?;
    engine.store().writer()?.save_profile(
        ProfileOf::Backend,
        (&profile.name, &json),
        deed("backend.save", &profile.name, engine.user(), now_ms),
        now_ms,
    )?;
    Ok(row(&profile))
}

/// Removes a backend and its key.
///
/// # Errors
/// `not_found`.
pub fn remove_backend(engine: &Engine, input: BackendRef) -> Result<Nothing> {
    let profile = profile(engine, &input.name)?;
    if profile.name == SANDBOX {
        return Err(WireError::new(
            Code::BadInput,
            "`sandbox` is part of the program",
        ));
    }
    // Where no keychain is, no key is in it.
    let _ = credentials::remove(&profile);
    let now_ms = engine.now_ms();
    engine.store().writer()?.remove_profile(
        ProfileOf::Backend,
        &profile.name,
        deed("backend.remove", &profile.name, engine.user(), now_ms),
        now_ms,
    )?;
    Ok(Nothing {})
}

/// Puts a backend's key into the keychain.
///
/// # Errors
/// `bad_input` where it is no key; `internal` where the keychain can't be used.
pub fn set_key(engine: &Engine, input: SetKey) -> Result<BackendRow> {
    let profile = profile(engine, &input.backend)?;
    credentials::save(&profile, &SecretString::from(input.key)).map_err(|error| {
        WireError::new(Code::BadInput, error.to_string()).hint(format!(
            "or set the environment variable {} before the program starts",
            credentials::variable(&profile)
        ))
    })?;
    Ok(row(&profile))
}
