//! A copy of the signing key for the case that the computer is lost: a file that a passphrase opens
//! (age, <https://age-encryption.org/v1>, scrypt), so that other programs can open it too.
//!
//! In: a passphrase, which is kept nowhere. Out: a file, or the key back in its place. Not here:
//! where the key is kept otherwise (`keys`).

use std::path::Path;

use age::secrecy::{ExposeSecret as _, SecretString};
use assay_evidence::signing::VerifierKey;
use secrecy::zeroize::Zeroizing;

use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::evidence::signing;
use crate::evidence::signing::view::{ReadRecovery, ShownKey, WriteRecovery};
use crate::keys;
use crate::opening::Engine;
use crate::writing;

/// Characters that a passphrase has at least.
const LEAST: usize = 12;
/// What each passphrase costs who tries it: scrypt with N = 2^17, 128 MiB and about half a second. The
/// library would measure the computer and ask less of a slow or busy one.
///
/// Source: OWASP Password Storage Cheat Sheet, scrypt N = 2^17, r = 8.
const WORK: u8 = 17;
/// The most that is done to open a copy that was made elsewhere.
const MOST_WORK: u8 = 22;
/// The largest recovery file that is read.
const LARGEST: u64 = 64 << 10;

fn verifier(engine: &Engine) -> Result<VerifierKey> {
    let records = engine.store().verifier_keys()?;
    let record = records
        .last()
        .ok_or_else(|| WireError::new(Code::KeyMissing, "this store has no signing key yet"))?;
    record
        .vkey
        .parse()
        .map_err(|_| WireError::new(Code::StoreDamaged, "a stored verifier key can't be read"))
}

/// Writes a recovery copy of the signing key to `path`.
///
/// # Errors
/// `bad_input` for a short passphrase, `key_missing`, `file_unwritable`.
pub fn write(engine: &Engine, path: &Path, passphrase: &str) -> Result<ShownKey> {
    let key = verifier(engine)?;
    let signer = engine.signer();
    check(passphrase)?;
    let (secret, _) = keys::secret(signer.source, signer.state, &key)?;
    seal(path, passphrase, &secret)?;
    signing::note_recovery(engine, &key)?;
    signing::key(engine, Nothing {})
}

/// Refuses a passphrase that is too short.
pub(crate) fn check(passphrase: &str) -> Result<()> {
    if passphrase.chars().count() < LEAST {
        return Err(WireError::new(
            Code::BadInput,
            format!("the passphrase is shorter than {LEAST} characters"),
        ));
    }
    Ok(())
}

/// Writes a copy of a secret that the passphrase opens.
///
/// # Errors
/// `bad_input` for a short passphrase, `file_unwritable`.
pub(crate) fn seal(path: &Path, passphrase: &str, secret: &SecretString) -> Result<()> {
    writing::write(path, sealed(passphrase, secret)?.as_bytes())
}

/// A copy of a secret that the passphrase opens, as text.
///
/// # Errors
/// `bad_input` for a short passphrase.
pub(crate) fn sealed(passphrase: &str, secret: &SecretString) -> Result<String> {
    check(passphrase)?;
    let mut recipient = age::scrypt::Recipient::new(SecretString::from(passphrase.to_owned()));
    recipient.set_work_factor(WORK);
    age::encrypt_and_armor(&recipient, secret.expose_secret().as_bytes())
        .map_err(|error| WireError::new(Code::Internal, format!("cannot seal the key: {error}")))
}

/// The secret in a copy; `None` where the passphrase does not open it or there is none in it.
pub(crate) fn opened(sealed: &[u8], passphrase: &str) -> Option<SecretString> {
    let mut identity = age::scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
    identity.set_max_work_factor(MOST_WORK);
    let opened = Zeroizing::new(age::decrypt(&identity, sealed).ok()?);
    let text = std::str::from_utf8(&opened).ok()?;
    Some(SecretString::from(text.to_owned()))
}

/// Brings the signing key back from a recovery copy at `path`.
///
/// # Errors
/// `bad_input` where the passphrase does not open it or it is another store's key; `key_missing`
/// where it can't be kept.
pub fn restore(engine: &Engine, path: &Path, passphrase: &str) -> Result<ShownKey> {
    let secret = unseal(path, passphrase)?;
    let wanted = verifier(engine)?;
    let key = keys::read_secret(&secret, wanted.name())?;
    if key.verifier() != wanted {
        return Err(wrong(
            path,
            "the key in it is not the one that signs this store now",
        ));
    }
    let signer = engine.signer();
    if keys::load(signer.source, signer.state, &wanted).is_err() {
        keys::keep(signer.source, signer.state, &wanted, &secret)?;
    }
    signing::try_key_again(engine);
    signing::key(engine, Nothing {})
}

fn wrong(path: &Path, what: &str) -> WireError {
    WireError::new(Code::BadInput, format!("{}: {what}", path.display()))
}

/// The secret in such a copy.
///
/// # Errors
/// `bad_input` where the passphrase does not open it.
pub(crate) fn unseal(path: &Path, passphrase: &str) -> Result<SecretString> {
    let wrong = |what: &str| wrong(path, what);
    let metadata = std::fs::metadata(path).map_err(|error| wrong(&error.to_string()))?;
    if !metadata.is_file() || metadata.len() > LARGEST {
        return Err(wrong("not a recovery file"));
    }
    let sealed = std::fs::read(path).map_err(|error| wrong(&error.to_string()))?;
    opened(&sealed, passphrase)
        .ok_or_else(|| wrong("the passphrase does not open it, or it is no recovery file"))
}

/// Writes a recovery copy to a file that a person chose.
///
/// # Errors
/// As [`write`].
pub fn write_chosen(engine: &Engine, input: WriteRecovery) -> Result<ShownKey> {
    let path = engine.handles().path(&input.handle)?;
    write(engine, &path, &Zeroizing::new(input.passphrase))
}

/// Brings the key back from a file that a person chose.
///
/// # Errors
/// As [`restore`].
pub fn restore_chosen(engine: &Engine, input: ReadRecovery) -> Result<ShownKey> {
    let path = engine.handles().path(&input.handle)?;
    restore(engine, &path, &Zeroizing::new(input.passphrase))
}

/// The passphrase in the first line of a file that only its owner can read.
///
/// # Errors
/// `bad_input`.
pub fn passphrase_in(path: &Path) -> Result<Zeroizing<String>> {
    let text = keys::read_file(path)?.ok_or_else(|| wrong(path, "there is no such file"))?;
    let line = secrecy::ExposeSecret::expose_secret(&text).lines().next();
    Ok(Zeroizing::new(line.unwrap_or_default().to_owned()))
}
