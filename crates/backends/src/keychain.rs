//! The operating system's keychain: secrets by account, all of this program's under one name.
//!
//! Errors are one short line without what was asked for. Not here: what the secrets open.

use secrecy::{ExposeSecret, SecretString};

const PROGRAM: &str = "assay";

/// Why the keychain did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// This computer has none that can be reached.
    #[error("this computer has no keychain: {0}")]
    Absent(String),
    /// It is there and gives nothing out: locked, or this program is not allowed.
    #[error("the keychain can't be used: {0}")]
    Locked(String),
}

/// An error as one line, without what was asked.
fn short(error: &keyring::Error) -> String {
    error
        .to_string()
        .lines()
        .next()
        .unwrap_or("no reason given")
        .chars()
        .take(120)
        .collect()
}

fn problem(error: &keyring::Error) -> KeychainError {
    match error {
        keyring::Error::NoDefaultStore | keyring::Error::PlatformFailure(_) => {
            KeychainError::Absent(short(error))
        }
        _ => KeychainError::Locked(short(error)),
    }
}

/// The secret of `account`, if there is one.
///
/// # Errors
/// [`KeychainError`].
pub fn get(account: &str) -> Result<Option<SecretString>, KeychainError> {
    match keyring::Entry::new(PROGRAM, account).and_then(|entry| entry.get_password()) {
        Ok(secret) => Ok(Some(SecretString::from(secret))),
        Err(keyring::Error::NoEntry) => Ok(None),
        Err(error) => Err(problem(&error)),
    }
}

/// Keeps `secret` for `account`, in place of the one before.
///
/// # Errors
/// [`KeychainError`].
pub fn set(account: &str, secret: &SecretString) -> Result<(), KeychainError> {
    keyring::Entry::new(PROGRAM, account)
        .and_then(|entry| entry.set_password(secret.expose_secret()))
        .map_err(|error| problem(&error))
}

/// Forgets the secret of `account`, if there is one.
///
/// # Errors
/// [`KeychainError`].
pub fn remove(account: &str) -> Result<(), KeychainError> {
    match keyring::Entry::new(PROGRAM, account).and_then(|entry| entry.delete_credential()) {
        Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
        Err(error) => Err(problem(&error)),
    }
}
