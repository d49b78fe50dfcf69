//! What is remembered of a store outside its folder, so that an older copy put in its place, or
//! another store, is noticed.
//!
//! In: the checkpoint that was signed last. Out: what was remembered. Not here: what follows from it
//! (`signing`).

use std::path::{Path, PathBuf};

use assay_backends::keychain;
use assay_store::folder;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Code, Result, WireError};
use crate::writing;

/// A checkpoint as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Remembered {
    /// The log's origin.
    pub(crate) origin: String,
    /// Leaves.
    pub(crate) size: u64,
    /// Hexadecimal.
    pub(crate) root: String,
}

/// Whether the keychain remembers as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Also {
    Keychain,
    Nothing,
}

fn of_log(state: &Path, origin: &str) -> PathBuf {
    let log = origin.rsplit('/').next().unwrap_or_default();
    state.join("checkpoints").join(format!("{log}.json"))
}

/// The file that says which log lay in a store's folder. The folder's own name is not in it.
fn of_folder(state: &Path, folder: &Path) -> PathBuf {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let digest = Sha256::digest(folder.as_os_str().as_encoded_bytes());
    state
        .join("stores")
        .join(format!("{}.json", hex::encode(&digest[..8])))
}

fn account(origin: &str) -> String {
    format!("last checkpoint of {origin}")
}

fn write(path: &Path, remembered: &Remembered) -> Result<()> {
    if let Some(folder) = path.parent() {
        folder::make(folder).map_err(|error| {
            WireError::new(
                Code::FileUnwritable,
                format!("can't make {}: {error}", folder.display()),
            )
        })?;
    }
    let text = serde_json::to_string(remembered)
        .map_err(|error| WireError::new(Code::Internal, error.to_string()))?;
    writing::write(path, text.as_bytes())
}

fn read(path: &Path) -> Option<Remembered> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

/// Remembers the checkpoint of the store in `folder`, on disk before it answers.
///
/// # Errors
/// `file_unwritable`.
pub(crate) fn remember(
    state: &Path,
    folder: &Path,
    remembered: &Remembered,
    also: Also,
) -> Result<()> {
    write(&of_log(state, &remembered.origin), remembered)?;
    let path = of_folder(state, folder);
    if read(&path).is_none_or(|known| known.origin != remembered.origin) {
        bind(state, folder, &remembered.origin)?;
    }
    if also == Also::Keychain
        && let Ok(text) = serde_json::to_string(remembered)
    {
        // The file remembers already.
        let _ = keychain::set(&account(&remembered.origin), &SecretString::from(text));
    }
    Ok(())
}

/// Remembers which log lies in `folder`.
///
/// # Errors
/// `file_unwritable`.
pub(crate) fn bind(state: &Path, folder: &Path, origin: &str) -> Result<()> {
    let bound = Remembered {
        origin: origin.to_owned(),
        size: 0,
        root: String::new(),
    };
    write(&of_folder(state, folder), &bound)
}

/// What is remembered of a log: the larger of what the file and the keychain say.
pub(crate) fn recall(state: &Path, origin: &str, also: Also) -> Option<Remembered> {
    let kept = match also {
        Also::Keychain => keychain::get(&account(origin))
            .ok()
            .flatten()
            .and_then(|text| serde_json::from_str(text.expose_secret()).ok()),
        Also::Nothing => None,
    };
    read(&of_log(state, origin))
        .into_iter()
        .chain(kept)
        .filter(|remembered: &Remembered| remembered.origin == origin)
        .max_by_key(|remembered| remembered.size)
}

/// The origin of the log that lay in `folder`.
pub(crate) fn log_in(state: &Path, folder: &Path) -> Option<String> {
    read(&of_folder(state, folder)).map(|remembered| remembered.origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_remembered_is_recalled_by_log_and_by_folder() {
        let state = tempfile::tempdir().unwrap();
        let store = tempfile::tempdir().unwrap();
        let at = |size| Remembered {
            origin: "assay.local/01".to_owned(),
            size,
            root: "ab".to_owned(),
        };
        assert_eq!(recall(state.path(), "assay.local/01", Also::Nothing), None);
        for size in [3, 5] {
            remember(state.path(), store.path(), &at(size), Also::Nothing).unwrap();
        }
        assert_eq!(
            recall(state.path(), "assay.local/01", Also::Nothing),
            Some(at(5))
        );
        assert_eq!(recall(state.path(), "assay.local/02", Also::Nothing), None);
        assert_eq!(
            log_in(state.path(), store.path()).as_deref(),
            Some("assay.local/01")
        );
        assert_eq!(log_in(state.path(), state.path()), None);
    }
}
