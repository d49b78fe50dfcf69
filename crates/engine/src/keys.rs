//! Where the secret key of a log is kept: the operating system's keychain, a file outside the
//! store's folder, or a file that a person named.
//!
//! In: where to look, and which key is wanted. Out: a key that signs, and where it was. A secret is
//! text in the form of Go's notes, `PRIVATE+KEY+name+number+base64`, or 64 hexadecimal digits. Not
//! here: when something is signed (`signing`), copies for the case of loss (`recovery`).

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use assay_backends::keychain::{self, KeychainError};
use assay_evidence::signing::{SEED_LEN, SigningKey, VerifierKey};
use assay_store::folder;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use crate::error::{Code, WireError};

/// Where the secret key is looked for, and put when it is made.
#[derive(Clone, Default)]
pub enum KeySource {
    /// Nowhere: nothing is signed.
    #[default]
    None,
    /// The keychain; where this computer has none, a file in the state folder.
    Keychain,
    /// A file in the state folder; the keychain is left alone.
    StateFolder,
    /// This file, readable by its owner only.
    File(PathBuf),
    /// Handed over by whoever started the program.
    Given(Arc<SecretString>),
}

/// The key that whoever started the program handed over as an open file, by its number.
///
/// # Errors
/// `bad_input` where it is no number, or can't be read.
pub fn from_descriptor(number: &str) -> Result<KeySource, WireError> {
    let problem = |reason: &str| {
        WireError::new(
            Code::BadInput,
            format!("can't read a key from the file that `ASSAY_KEY_FD` names: {reason}"),
        )
        .hint("it is the number of an open file, as `ASSAY_KEY_FD=3 assay … 3< key`")
    };
    let number: u32 = number.parse().map_err(|_| problem("not a number"))?;
    let mut text = Zeroizing::new(String::new());
    std::fs::File::open(format!("/dev/fd/{number}"))
        .and_then(|file| file.take(4_096).read_to_string(&mut text))
        .map_err(|error| problem(&error.to_string()))?;
    Ok(KeySource::Given(Arc::new(SecretString::from(
        text.as_str(),
    ))))
}

/// Where a key was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyPlace {
    Keychain,
    StateFile(PathBuf),
    NamedFile(PathBuf),
    Given,
}

impl KeyPlace {
    /// The word in JSON.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Keychain => "keychain",
            Self::StateFile(_) => "state_file",
            Self::NamedFile(_) => "named_file",
            Self::Given => "given",
        }
    }

    /// For people.
    pub(crate) const fn sentence(&self) -> &'static str {
        match self {
            Self::Keychain => "The signing key is in this computer's keychain.",
            Self::StateFile(_) => {
                "The signing key is in a file that only this user can read, outside the store's folder; whoever reads that file can sign."
            }
            Self::NamedFile(_) => {
                "The signing key is in a file that was named when the program was started."
            }
            Self::Given => "The signing key was handed over when the program was started.",
        }
    }
}

/// A key that signs, and where it was.
pub(crate) struct HeldKey {
    pub(crate) key: SigningKey,
    pub(crate) place: KeyPlace,
}

/// Why there is no key to sign with. Sentences without a full stop; no secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyFault {
    #[error("nothing says where a signing key is kept")]
    NoSource,
    #[error("the signing key {0} is not where it is kept")]
    Missing(String),
    #[error("{0}")]
    Locked(String),
    #[error("can't use the key file {path}: {reason}")]
    File { path: String, reason: String },
    #[error("what is kept as the signing key is not one: {0}")]
    NotAKey(&'static str),
    #[error("the key is another one than the store's: {0} is wanted")]
    Other(String),
}

/// Makes a seed.
fn fresh_seed() -> Result<Zeroizing<[u8; SEED_LEN]>, KeyFault> {
    let mut seed = Zeroizing::new([0; SEED_LEN]);
    getrandom::fill(seed.as_mut_slice())
        .map_err(|_| KeyFault::Locked("no randomness from the system".to_owned()))?;
    Ok(seed)
}

/// The secret as it is kept: as Go's `note` package writes it.
fn secret_text(key: &VerifierKey, seed: &[u8; SEED_LEN]) -> SecretString {
    let mut typed = Zeroizing::new([1_u8; SEED_LEN + 1]);
    typed[1..].copy_from_slice(seed);
    let encoded = Zeroizing::new(BASE64_STANDARD.encode(typed.as_slice()));
    SecretString::from(format!(
        "PRIVATE+KEY+{}+{:08x}+{}",
        key.name(),
        key.id(),
        encoded.as_str()
    ))
}

/// Reads a secret that is kept as text, as the key of `name`.
pub(crate) fn read_secret(text: &SecretString, name: &str) -> Result<SigningKey, KeyFault> {
    let text = text.expose_secret().trim();
    let mut seed = Zeroizing::new([0; SEED_LEN]);
    if let Some(rest) = text.strip_prefix("PRIVATE+KEY+") {
        let mut parts = rest.splitn(3, '+');
        let (Some(of), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyFault::NotAKey("it is cut short"));
        };
        if of != name {
            return Err(KeyFault::NotAKey("it is the key of another log"));
        }
        let typed = Zeroizing::new(
            BASE64_STANDARD
                .decode(encoded)
                .map_err(|_| KeyFault::NotAKey("it is not base64"))?,
        );
        match typed.as_slice() {
            [1, bytes @ ..] if bytes.len() == SEED_LEN => seed.copy_from_slice(bytes),
            _ => return Err(KeyFault::NotAKey("it is no Ed25519 key")),
        }
        let key = SigningKey::from_seed(name, &seed).map_err(|_| KeyFault::NotAKey("its name"))?;
        return match format!("{:08x}", key.verifier().id()) == id {
            true => Ok(key),
            false => Err(KeyFault::NotAKey("its number is not the key's")),
        };
    }
    hex::decode_to_slice(text, seed.as_mut_slice())
        .map_err(|_| KeyFault::NotAKey("neither a private key nor 64 hexadecimal digits"))?;
    SigningKey::from_seed(name, &seed).map_err(|_| KeyFault::NotAKey("its name"))
}

/// The name of a key in the keychain.
fn account(key: &VerifierKey) -> String {
    format!("signing key {} {:08x}", key.name(), key.id())
}

fn state_file(state: &Path, key: &VerifierKey) -> PathBuf {
    let log = key.name().rsplit('/').next().unwrap_or_default();
    state
        .join("keys")
        .join(format!("{log}-{:08x}.key", key.id()))
}

/// The file in which the next key is kept until it has signed.
pub(crate) fn next_file(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

fn file_fault(path: &Path, reason: impl ToString) -> KeyFault {
    KeyFault::File {
        path: path.display().to_string(),
        reason: reason.to_string(),
    }
}

/// Reads a file that only its owner may read; `None` where there is none.
pub(crate) fn read_file(path: &Path) -> Result<Option<SecretString>, KeyFault> {
    let metadata = match std::fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(file_fault(path, error)),
    };
    if !metadata.is_file() {
        return Err(file_fault(path, "not a regular file"));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if metadata.permissions().mode() & 0o077 != 0 {
            return Err(file_fault(
                path,
                "others than its owner can read or write it; run `chmod 600` on it",
            ));
        }
    }
    let file = std::fs::File::open(path).map_err(|error| file_fault(path, error))?;
    let mut text = Zeroizing::new(String::new());
    file.take(4_096)
        .read_to_string(&mut text)
        .map_err(|error| file_fault(path, error))?;
    Ok(Some(SecretString::from(text.as_str())))
}

/// Writes a new file that only its owner can read, to disk before it answers.
pub(crate) fn write_file(path: &Path, secret: &SecretString) -> Result<(), KeyFault> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        folder::make(folder).map_err(|error| file_fault(folder, error))?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(secret.expose_secret().as_bytes())?;
        file.write_all(b"\n")?;
        file.sync_all()
    });
    written
        .and_then(|()| folder::sync_entry(path))
        .map_err(|error| file_fault(path, error))
}

/// Keeps a secret where `source` says, beside what is kept there.
pub(crate) fn keep(
    source: &KeySource,
    state: Option<&Path>,
    key: &VerifierKey,
    secret: &SecretString,
) -> Result<KeyPlace, KeyFault> {
    let in_state = || {
        let path = state_file(state.ok_or(KeyFault::NoSource)?, key);
        if read_file(&path)?.is_none() {
            write_file(&path, secret)?;
        }
        Ok(KeyPlace::StateFile(path))
    };
    match source {
        KeySource::None | KeySource::Given(_) => Err(KeyFault::NoSource),
        KeySource::StateFolder => in_state(),
        KeySource::Keychain => match keychain::set(&account(key), secret) {
            // A keychain that forgets at once is none.
            Ok(()) => match keychain::get(&account(key)) {
                Ok(Some(kept)) if kept.expose_secret() == secret.expose_secret() => {
                    Ok(KeyPlace::Keychain)
                }
                _ => in_state(),
            },
            Err(KeychainError::Absent(_)) => in_state(),
            Err(error @ KeychainError::Locked(_)) => Err(KeyFault::Locked(error.to_string())),
        },
        KeySource::File(path) => {
            let path = match read_file(path)? {
                Some(_) => next_file(path),
                None => path.clone(),
            };
            write_file(&path, secret)?;
            Ok(KeyPlace::NamedFile(path))
        }
    }
}

/// The key of a log that has none yet: the one that was handed over, or a new one that is kept
/// before this answers.
pub(crate) fn first(
    source: &KeySource,
    state: Option<&Path>,
    name: &str,
) -> Result<HeldKey, KeyFault> {
    match source {
        KeySource::Given(secret) => {
            return Ok(HeldKey {
                key: read_secret(secret, name)?,
                place: KeyPlace::Given,
            });
        }
        KeySource::File(path) => {
            if let Some(secret) = read_file(path)? {
                return Ok(HeldKey {
                    key: read_secret(&secret, name)?,
                    place: KeyPlace::NamedFile(path.clone()),
                });
            }
        }
        KeySource::None | KeySource::Keychain | KeySource::StateFolder => {}
    }
    fresh(source, state, name)
}

/// A new key, kept before this answers.
pub(crate) fn fresh(
    source: &KeySource,
    state: Option<&Path>,
    name: &str,
) -> Result<HeldKey, KeyFault> {
    let seed = fresh_seed()?;
    let key = SigningKey::from_seed(name, &seed).map_err(|_| KeyFault::NotAKey("its name"))?;
    let place = keep(
        source,
        state,
        &key.verifier(),
        &secret_text(&key.verifier(), &seed),
    )?;
    Ok(HeldKey { key, place })
}

/// The secret of a key, as text, and where it is kept.
pub(crate) fn secret(
    source: &KeySource,
    state: Option<&Path>,
    wanted: &VerifierKey,
) -> Result<(SecretString, KeyPlace), KeyFault> {
    let missing = || KeyFault::Missing(format!("{:08x}", wanted.id()));
    let in_state = || match state {
        Some(state) => {
            let path = state_file(state, wanted);
            Ok(read_file(&path)?.map(|secret| (secret, KeyPlace::StateFile(path))))
        }
        None => Ok(None),
    };
    match source {
        KeySource::None => Err(KeyFault::NoSource),
        KeySource::Given(secret) => {
            Ok((SecretString::from(secret.expose_secret()), KeyPlace::Given))
        }
        KeySource::StateFolder => in_state()?.ok_or_else(missing),
        KeySource::Keychain => match keychain::get(&account(wanted)) {
            Ok(Some(secret)) => Ok((secret, KeyPlace::Keychain)),
            Ok(None) | Err(KeychainError::Absent(_)) => in_state()?.ok_or_else(missing),
            Err(error @ KeychainError::Locked(_)) => {
                in_state()?.ok_or_else(|| KeyFault::Locked(error.to_string()))
            }
        },
        KeySource::File(path) => {
            for path in [path.clone(), next_file(path)] {
                if let Some(secret) = read_file(&path)?
                    && read_secret(&secret, wanted.name())
                        .is_ok_and(|key| key.verifier() == *wanted)
                {
                    return Ok((secret, KeyPlace::NamedFile(path)));
                }
            }
            match read_file(path)? {
                Some(_) => Err(KeyFault::Other(format!("{:08x}", wanted.id()))),
                None => Err(missing()),
            }
        }
    }
}

/// The secret key that belongs to a verifier key.
pub(crate) fn load(
    source: &KeySource,
    state: Option<&Path>,
    wanted: &VerifierKey,
) -> Result<HeldKey, KeyFault> {
    let (text, place) = secret(source, state, wanted)?;
    let key = read_secret(&text, wanted.name())?;
    match key.verifier() == *wanted {
        true => Ok(HeldKey { key, place }),
        false => Err(KeyFault::Other(format!("{:08x}", wanted.id()))),
    }
}

/// Forgets the secret of a key that another one replaced. Best effort: it signs nothing any more.
pub(crate) fn forget(source: &KeySource, state: Option<&Path>, old: &VerifierKey) {
    match source {
        KeySource::Keychain => {
            let _ = keychain::remove(&account(old));
        }
        KeySource::File(path) => {
            let next = next_file(path);
            if next.is_file() && std::fs::rename(&next, path).is_ok() {
                let _ = folder::sync_entry(path);
            }
            return;
        }
        KeySource::None | KeySource::StateFolder | KeySource::Given(_) => {}
    }
    if let Some(state) = state {
        let _ = std::fs::remove_file(state_file(state, old));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "assay.local/0123";

    #[test]
    fn a_kept_key_is_found_again_and_is_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let state = Some(folder.path());
        for source in [
            KeySource::StateFolder,
            KeySource::File(folder.path().join("named.key")),
        ] {
            let made = first(&source, state, NAME).unwrap();
            let found = load(&source, state, &made.key.verifier()).unwrap();
            assert_eq!(found.place, made.place);
            assert_eq!(found.key.verifier(), made.key.verifier());
            let other = fresh_seed().unwrap();
            let other = SigningKey::from_seed(NAME, &other).unwrap().verifier();
            assert!(load(&source, state, &other).is_err());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_key_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("seed");
        std::fs::write(&path, "07".repeat(32)).unwrap();
        let source = KeySource::File(path.clone());
        let mode = |mode| {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            first(&source, None, NAME).map(|held| held.key.verifier().id())
        };
        assert!(matches!(mode(0o640), Err(KeyFault::File { .. })));
        let expected = SigningKey::from_seed(NAME, &[7; 32]).unwrap().verifier();
        assert_eq!(mode(0o600), Ok(expected.id()));
    }

    #[test]
    fn what_is_no_key_of_this_log_is_refused() {
        let key = SigningKey::from_seed(NAME, &[7; 32]).unwrap().verifier();
        let text = secret_text(&key, &[7; 32]);
        assert_eq!(read_secret(&text, NAME).unwrap().verifier(), key);
        for wrong in [
            text.expose_secret().replace("0123", "0124"),
            text.expose_secret()
                .replacen(&format!("{:08x}", key.id()), "00000000", 1),
            "PRIVATE+KEY+x".to_owned(),
            "07".repeat(31),
            String::new(),
        ] {
            let problem = read_secret(&SecretString::from(wrong.clone()), NAME).unwrap_err();
            assert!(!problem.to_string().contains("BwcH"), "{wrong}");
        }
    }
}
