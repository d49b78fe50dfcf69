//! The guards that canaries can be sent to: saved, shown, given a key, removed.
//!
//! Not here: sending (`guard_runs`), sockets and keychains (`assay-backends`).

pub mod view;

use assay_backends::credentials::{self, KeyState};
use assay_backends::guards::GuardProfile;
use assay_backends::profile::Auth;
use assay_store::policies::deed;
use assay_store::profiles::ProfileOf;
use secrecy::SecretString;

use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::opening::Engine;
use crate::redaction::guards::view::{GuardRef, GuardRow, SaveGuard, SetGuardKey};
use crate::replay::run::internal;

fn saved(engine: &Engine) -> Result<Vec<GuardProfile>> {
    engine
        .store()
        .profiles(ProfileOf::Guard)?
        .iter()
        .map(|text| serde_json::from_str(text).map_err(internal))
        .collect()
}

/// The guard with this name.
pub(crate) fn profile(engine: &Engine, name: &str) -> Result<GuardProfile> {
    saved(engine)?
        .into_iter()
        .find(|profile| profile.name == name)
        .ok_or_else(|| {
            WireError::new(Code::NotFound, format!("no guard: {name}"))
                .hint("see `redaction guards list`")
        })
}

fn auth_name(auth: Auth) -> &'static str {
    match auth {
        Auth::XApiKey => "x_api_key",
        Auth::Bearer => "bearer",
        Auth::Sigv4 => "sigv4",
        Auth::None => "none",
    }
}

fn row(profile: &GuardProfile) -> GuardRow {
    let backend = profile.backend();
    let (key, key_last4) = match credentials::state(&backend) {
        KeyState::NotNeeded => ("not_needed".to_owned(), None),
        KeyState::Keychain { last4 } => ("keychain".to_owned(), Some(last4)),
        KeyState::Environment { last4, .. } => ("environment".to_owned(), Some(last4)),
        KeyState::Missing => ("none".to_owned(), None),
        KeyState::Unavailable(why) => (why, None),
    };
    GuardRow {
        name: profile.name.clone(),
        kind: profile.kind,
        base_url: profile.base_url.clone(),
        destination: backend.destination(),
        is_loopback: backend.is_loopback(),
        region: profile.region.clone(),
        auth: auth_name(profile.auth).to_owned(),
        guardrail: profile.guardrail.clone(),
        version: profile.version.clone(),
        as_output: profile.as_output,
        language: profile.language.clone(),
        text_field: profile.text_field.clone(),
        claims: profile.claims.clone(),
        private: profile.private,
        per_second: profile.per_second,
        key,
        key_last4: key_last4.filter(|last4| !last4.is_empty()),
        key_variable: credentials::variable(&backend),
    }
}

/// The saved guards, by name.
///
/// # Errors
/// The store's.
pub fn guards(engine: &Engine, _: Nothing) -> Result<Vec<GuardRow>> {
    Ok(saved(engine)?.iter().map(row).collect())
}

/// Saves a guard without its key.
///
/// # Errors
/// `bad_input` saying which field breaks which rule.
pub fn save_guard(engine: &Engine, input: SaveGuard) -> Result<GuardRow> {
    let auth: Auth = serde_json::from_value(input.auth.clone().into()).map_err(|_| {
        WireError::new(
            Code::BadInput,
            format!("not a way to authenticate: {}", input.auth),
        )
        .hint("`x_api_key`, `bearer`, `sigv4` or `none`")
    })?;
    let text = |value: Option<String>| {
        value
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    };
    let mut claims = input.claims;
    claims
        .iter_mut()
        .for_each(|name| *name = name.trim().to_owned());
    claims.retain(|name| !name.is_empty());
    let profile = GuardProfile {
        name: input.name.trim().to_owned(),
        kind: input.kind,
        base_url: input.base_url.trim().to_owned(),
        region: text(input.region),
        auth,
        guardrail: text(input.guardrail),
        version: text(input.version),
        as_output: input.as_output,
        language: text(input.language),
        text_field: text(input.text_field),
        claims,
        private: input.private,
        per_second: input.per_second,
    };
    profile
        .check()
        .map_err(|error| WireError::new(Code::BadInput, error.to_string()))?;
    let before = saved(engine)?.into_iter().find(|before| {
        before.name == profile.name
            && before.backend().destination() != profile.backend().destination()
    });
    if let Some(before) = before {
        // A key belongs to where it was given for. Where no keychain is, no key is in it.
        let _ = credentials::remove(&before.backend());
    }
    let now_ms = engine.now_ms();
    let json = serde_json::to_string(&profile).map_err(internal)?;
    engine.store().writer()?.save_profile(
        ProfileOf::Guard,
        (&profile.name, &json),
        deed("guard.save", &profile.name, engine.user(), now_ms),
        now_ms,
    )?;
    Ok(row(&profile))
}

/// Removes a guard and its key; its runs stay.
///
/// # Errors
/// `not_found`.
pub fn remove_guard(engine: &Engine, input: GuardRef) -> Result<Nothing> {
    let profile = profile(engine, &input.name)?;
    // Where no keychain is, no key is in it.
    let _ = credentials::remove(&profile.backend());
    let now_ms = engine.now_ms();
    engine.store().writer()?.remove_profile(
        ProfileOf::Guard,
        &profile.name,
        deed("guard.remove", &profile.name, engine.user(), now_ms),
        now_ms,
    )?;
    Ok(Nothing {})
}

/// Puts a guard's key into the keychain.
///
/// # Errors
/// `bad_input` where it is no key, or where the keychain can't be used.
pub fn set_guard_key(engine: &Engine, input: SetGuardKey) -> Result<GuardRow> {
    let profile = profile(engine, &input.guard)?;
    let backend = profile.backend();
    credentials::save(&backend, &SecretString::from(input.key)).map_err(|error| {
        WireError::new(Code::BadInput, error.to_string()).hint(format!(
            "or set the environment variable {} before the program starts",
            credentials::variable(&backend)
        ))
    })?;
    Ok(row(&profile))
}
