//! Where the key of an encrypted store is kept: the keychain, a file in the state folder, a file that
//! was named, or handed over.
//!
//! Other than a signing key it is never put into a file by itself where the keychain is absent: a
//! file on the same disk does not protect the store from who takes the disk. In: where to look, and
//! which keys are wanted by their ids. Out: keys. Not here: the copy that a passphrase opens
//! (`recovery`), what is done with the store (`encrypting`).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use assay_backends::keychain;
use assay_store::cipher::StoreKey;
use assay_store::folder;
use secrecy::{ExposeSecret, SecretString};

use crate::error::{Code, Result, WireError};
use crate::keys::{KeyFault, KeyPlace, KeySource, next_file, read_file, write_file};

/// Names the file of the key.
pub const FILE: &str = "ASSAY_STORE_KEY_FILE";
/// Names an open file that the key is read from, by its number.
pub const DESCRIPTOR: &str = "ASSAY_STORE_KEY_FD";

/// Where the key of a store is looked for, and put when it is made.
#[derive(Clone, Default)]
pub struct StoreKeys {
    pub source: KeySource,
    /// The folder of [`KeySource::StateFolder`].
    pub state: Option<PathBuf>,
    /// A key that somebody's passphrase opened in this session; it is kept nowhere.
    pub unlocked: Option<Arc<StoreKey>>,
    /// Where the key of the vault is kept.
    pub vault: KeySource,
}

impl StoreKeys {
    /// As the environment says it, beside where the other keys are kept.
    ///
    /// # Errors
    /// `bad_input` where a file that was handed over can't be read.
    pub fn usual(source: &KeySource, state: Option<&Path>) -> Result<Self> {
        let usual = source.clone();
        let named = std::env::var_os(FILE).filter(|path| !path.is_empty());
        let handed = std::env::var_os(DESCRIPTOR).filter(|number| !number.is_empty());
        let source = match (named, handed) {
            (Some(path), _) => KeySource::File(path.into()),
            (None, Some(number)) => crate::keys::from_descriptor(&number.to_string_lossy())?,
            (None, None) => source.clone(),
        };
        Ok(Self {
            source,
            state: state.map(Path::to_owned),
            unlocked: None,
            vault: crate::redaction::vault::usual(&usual),
        })
    }
}

fn account(id: &str) -> String {
    format!("store key {id}")
}

fn state_file(state: &Path, id: &str) -> PathBuf {
    state.join("keys").join(format!("store-{id}.key"))
}

fn read(text: &SecretString) -> std::result::Result<StoreKey, KeyFault> {
    StoreKey::from_hex(text.expose_secret()).ok_or(KeyFault::NotAKey("not 64 hexadecimal digits"))
}

/// What is found where keys are kept.
pub(crate) struct Held {
    pub(crate) key: Arc<StoreKey>,
    pub(crate) place: KeyPlace,
}

/// The keys with these ids that are at hand; one that was handed over or named is there whatever
/// its id.
///
/// # Errors
/// [`KeyFault`] where the place can't be looked into.
pub(crate) fn find(keys: &StoreKeys, ids: &[String]) -> std::result::Result<Vec<Held>, KeyFault> {
    let held = |key: StoreKey, place| Held {
        key: Arc::new(key),
        place,
    };
    let mut found = Vec::new();
    if let Some(key) = &keys.unlocked {
        found.push(Held {
            key: Arc::clone(key),
            place: KeyPlace::Given,
        });
    }
    match &keys.source {
        KeySource::None => {}
        KeySource::Given(secret) => found.push(held(read(secret)?, KeyPlace::Given)),
        KeySource::File(path) => {
            for path in [path.clone(), next_file(path)] {
                if let Some(secret) = read_file(&path)? {
                    found.push(held(read(&secret)?, KeyPlace::NamedFile(path)));
                }
            }
        }
        KeySource::StateFolder => {
            for id in ids {
                let Some(state) = &keys.state else { break };
                let path = state_file(state, id);
                if let Some(secret) = read_file(&path)? {
                    found.push(held(read(&secret)?, KeyPlace::StateFile(path)));
                }
            }
        }
        KeySource::Keychain => {
            for id in ids {
                match keychain::get(&account(id)) {
                    Ok(Some(secret)) => found.push(held(read(&secret)?, KeyPlace::Keychain)),
                    Ok(None) => {}
                    // A key that was unlocked is enough.
                    Err(_) if !found.is_empty() => {}
                    Err(error) => return Err(KeyFault::Locked(error.to_string())),
                }
            }
        }
    }
    Ok(found)
}

/// A key for a store that gets one: the one that was handed over or is in the file that was named,
/// otherwise a new one. It is kept by [`keep`].
///
/// # Errors
/// `key_missing` where what was handed over is no key.
pub(crate) fn first(keys: &StoreKeys) -> Result<StoreKey> {
    let text = match &keys.source {
        KeySource::Given(secret) => Some(SecretString::from(secret.expose_secret())),
        KeySource::File(path) => read_file(path)?,
        _ => None,
    };
    match text {
        Some(text) => Ok(read(&text)?),
        None => Ok(StoreKey::fresh()?),
    }
}

/// Keeps a key where the source says, on disk before this answers.
///
/// # Errors
/// `key_missing` where there is no place for it.
pub(crate) fn keep(keys: &StoreKeys, key: &StoreKey) -> Result<KeyPlace> {
    let id = key.id();
    let secret = SecretString::from(key.to_hex().as_str());
    let nowhere = |why: &str| {
        WireError::new(
            Code::KeyMissing,
            format!("the store's key can't be kept on this computer: {why}"),
        )
        .hint(
            "name a file that only you can read with `--store-key-file FILE`; nothing was changed",
        )
    };
    match &keys.source {
        KeySource::None => Err(nowhere("nothing says where")),
        KeySource::Given(given) => match read(given)?.id() == id {
            true => Ok(KeyPlace::Given),
            false => Err(nowhere(
                "it was handed over, and nothing says where another one goes",
            )),
        },
        KeySource::StateFolder => {
            let state = keys
                .state
                .as_deref()
                .ok_or_else(|| nowhere("nothing says where"))?;
            let path = state_file(state, &id);
            if read_file(&path)?.is_none() {
                write_file(&path, &secret)?;
            }
            Ok(KeyPlace::StateFile(path))
        }
        KeySource::Keychain => {
            keychain::set(&account(&id), &secret).map_err(|error| nowhere(&error.to_string()))?;
            // A keychain that forgets at once is none.
            match keychain::get(&account(&id)) {
                Ok(Some(kept)) if kept.expose_secret() == secret.expose_secret() => {
                    Ok(KeyPlace::Keychain)
                }
                _ => Err(nowhere("the keychain does not give back what it is given")),
            }
        }
        KeySource::File(path) => {
            let same = |path: &Path| -> Result<Option<bool>> {
                Ok(match read_file(path)? {
                    Some(kept) => Some(read(&kept)?.id() == id),
                    None => None,
                })
            };
            let path = match same(path)? {
                Some(true) => return Ok(KeyPlace::NamedFile(path.clone())),
                Some(false) => next_file(path),
                None => path.clone(),
            };
            if same(&path)? == Some(false) {
                // What a rotation left that was cut short; the store is not encrypted with it.
                std::fs::remove_file(&path)
                    .map_err(|error| nowhere(&format!("{}: {error}", path.display())))?;
            }
            if same(&path)?.is_none() {
                write_file(&path, &secret)?;
            }
            Ok(KeyPlace::NamedFile(path))
        }
    }
}

/// Forgets a key that opens the store no more, now that `now` does, if any. Best effort.
pub(crate) fn forget(keys: &StoreKeys, old: &str, now: Option<&str>) {
    match &keys.source {
        KeySource::Keychain => drop(keychain::remove(&account(old))),
        KeySource::StateFolder => {
            if let Some(state) = &keys.state {
                let _ = std::fs::remove_file(state_file(state, old));
            }
        }
        KeySource::File(path) => {
            let next = next_file(path);
            let is = |path: &Path, id: &str| matches!(read_file(path), Ok(Some(kept)) if read(&kept).is_ok_and(|key| key.id() == id));
            if now.is_some_and(|now| is(&next, now)) && std::fs::rename(&next, path).is_ok() {
                let _ = folder::sync_entry(path);
            } else if now.is_none() {
                // A file that somebody named is theirs; the key in it opens copies that were made.
            } else if is(&next, old) {
                let _ = std::fs::remove_file(&next);
            }
        }
        KeySource::None | KeySource::Given(_) => {}
    }
}

/// Where the key is, for people.
pub(crate) const fn sentence(place: &KeyPlace) -> &'static str {
    match place {
        KeyPlace::Keychain => "The store's key is in this computer's keychain.",
        KeyPlace::StateFile(_) => {
            "The store's key is in a file on this computer that only this user can read. It protects copies of the store's folder, not a disk that is taken with that file on it."
        }
        KeyPlace::NamedFile(_) => {
            "The store's key is in a file that was named when the program was started."
        }
        KeyPlace::Given => {
            "The store's key was handed over for this session, and is not kept on this computer."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_key_is_found_by_its_id_and_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        for source in [
            KeySource::StateFolder,
            KeySource::File(folder.path().join("store.key")),
        ] {
            let keys = StoreKeys {
                source,
                state: Some(folder.path().to_owned()),
                unlocked: None,
                vault: KeySource::None,
            };
            let (old, new) = (first(&keys).unwrap(), StoreKey::fresh().unwrap());
            keep(&keys, &old).unwrap();
            keep(&keys, &new).unwrap();
            let ids = [old.id(), new.id()];
            let found = |ids: &[String]| -> Vec<String> {
                find(&keys, ids)
                    .unwrap()
                    .iter()
                    .map(|held| held.key.id())
                    .collect()
            };
            assert_eq!(found(&ids), ids);
            forget(&keys, &old.id(), Some(&new.id()));
            assert_eq!(found(&ids), [new.id()]);
        }
    }

    /// No file takes its place: it would lie on the same disk as the store.
    #[test]
    fn a_computer_without_a_keychain_keeps_no_key_by_itself() {
        let folder = tempfile::tempdir().unwrap();
        let keys = StoreKeys {
            source: KeySource::None,
            state: Some(folder.path().to_owned()),
            unlocked: None,
            vault: KeySource::None,
        };
        let refused = keep(&keys, &StoreKey::fresh().unwrap()).unwrap_err();
        assert_eq!(refused.code, Code::KeyMissing);
        assert!(refused.hint.unwrap().contains("--store-key-file"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
