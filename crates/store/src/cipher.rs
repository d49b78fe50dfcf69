//! The key of an encrypted store, and what is kept of it beside the store.
//!
//! SQLCipher encrypts every page under a random key of 32 bytes (AES-256-CBC with HMAC-SHA512; no
//! passphrase is stretched at each open). The file [`MARKER`] names the key by its id and holds a copy
//! that a passphrase opens; it holds no secret itself. In: keys and a folder. Out: whether the
//! store is encrypted and which key fits. Not here: where a key is kept and how a passphrase opens a
//! copy (the engine), converting a store (`converting`).

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::error::{Result, StoreError};
use crate::files::{self, file_error};
use crate::folder;
use crate::open::{Access, FILE_NAME, connect};

/// Name of the file that says by which key a store is encrypted.
pub const MARKER: &str = "assay.cipher";
/// The first bytes of a database that is not encrypted.
const PLAIN: &[u8; 16] = b"SQLite format 3\0";
/// The largest marker that is read.
const LARGEST: u64 = 64 << 10;
const ABOUT: &str = "The store beside this file is encrypted. `recovery` is a copy of its key that the recovery passphrase opens (age). Without the key and without this file nobody can read the store: keep it with every copy of the store.";

/// The key of a store. It is never shown.
pub struct StoreKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoreKey({})", self.id())
    }
}

impl PartialEq for StoreKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_slice() == other.0.as_slice()
    }
}

impl StoreKey {
    /// A new one.
    ///
    /// # Errors
    /// [`StoreError::NoRandomness`].
    pub fn fresh() -> Result<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut_slice()).map_err(|_| StoreError::NoRandomness)?;
        Ok(Self(bytes))
    }

    /// The key that 64 hexadecimal digits write; `None` where they do not.
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        hex::decode_to_slice(text.trim(), bytes.as_mut_slice()).ok()?;
        Some(Self(bytes))
    }

    /// The key as 64 hexadecimal digits: the secret itself.
    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0.as_slice()))
    }

    /// Names the key without telling it: 16 hexadecimal digits of a hash.
    pub fn id(&self) -> String {
        let mut hasher = Sha256::new();
        hasher.update(b"assay store key\0");
        hasher.update(self.0.as_slice());
        hex::encode(&hasher.finalize()[..8])
    }

    /// The key as SQLCipher takes it: raw, not to be stretched.
    pub(crate) fn raw(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("x'{}'", self.to_hex().as_str()))
    }
}

/// Gives a connection its key, before anything else is done with it. SQLCipher's own log, which goes
/// to stderr otherwise, is switched off.
pub(crate) fn unlock(connection: &Connection, key: Option<&StoreKey>) -> Result<()> {
    connection.execute_batch("pragma cipher_log_level = none")?;
    if let Some(key) = key {
        let sql = Zeroizing::new(format!("pragma key = \"{}\"", key.raw().as_str()));
        // SQLite's error would quote the statement.
        connection
            .execute_batch(&sql)
            .map_err(|_| StoreError::Value("the store's key was not taken".to_owned()))?;
    }
    Ok(())
}

/// A key that a store is, or was about to be, encrypted with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyEntry {
    /// As [`StoreKey::id`].
    pub id: String,
    /// UTC milliseconds.
    pub made_ms: i64,
    /// The copy that a passphrase opens: age, armored.
    pub recovery: String,
}

#[derive(Serialize, Deserialize)]
struct Marker {
    about: String,
    version: u32,
    keys: Vec<KeyEntry>,
}

/// The keys that the store in `folder` is encrypted with: none where it is plain, two only while or
/// after a conversion was cut short.
///
/// # Errors
/// [`StoreError::NotAStore`] where the file that names them can't be understood; [`StoreError::File`].
pub fn entries(folder: &Path) -> Result<Vec<KeyEntry>> {
    let path = folder.join(MARKER);
    let unread = |reason: &str| StoreError::NotAStore {
        path: path.clone(),
        reason: reason.to_owned(),
    };
    let metadata = match std::fs::symlink_metadata(&path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(file_error(&path)(error)),
    };
    if !metadata.is_file() || metadata.len() > LARGEST {
        return Err(unread("it is not the file that names a store's key"));
    }
    let text = std::fs::read(&path).map_err(file_error(&path))?;
    let marker: Marker = serde_json::from_slice(&text)
        .map_err(|_| unread("the file that names the store's key is damaged"))?;
    if marker.version != 1 {
        return Err(unread("written by a newer version"));
    }
    Ok(marker.keys)
}

/// Says which keys the store is encrypted with, on disk before this answers; whole or not at all.
///
/// # Errors
/// [`StoreError::File`].
pub fn write_entries(folder: &Path, keys: &[KeyEntry]) -> Result<()> {
    let path = folder.join(MARKER);
    let problem = || file_error(&path);
    if keys.is_empty() {
        return match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(problem()(error)),
            _ => folder::sync(folder).map_err(problem()),
        };
    }
    let marker = Marker {
        about: ABOUT.to_owned(),
        version: 1,
        keys: keys.to_vec(),
    };
    let mut text = serde_json::to_string_pretty(&marker)?;
    text.push('\n');
    let part = folder.join(format!("{MARKER}.new"));
    let _ = std::fs::remove_file(&part);
    files::write_once(&part, &text)?;
    std::fs::rename(&part, &path)
        .and_then(|()| folder::sync(folder))
        .map_err(problem())
}

/// What lies where a store's file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lies {
    /// Nothing, or an empty file.
    Nothing,
    /// A SQLite file.
    Plain,
    /// Something else, and the marker of an encrypted store beside it.
    Encrypted,
    /// Something else.
    Other,
}

/// What lies in `folder`, without a key.
///
/// # Errors
/// As [`entries`].
pub fn look(folder: &Path) -> Result<Lies> {
    let path = folder.join(FILE_NAME);
    let mut header = Vec::new();
    match File::open(&path) {
        Ok(file) => file
            .take(PLAIN.len() as u64)
            .read_to_end(&mut header)
            .map_err(file_error(&path))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Lies::Nothing),
        Err(error) => return Err(file_error(&path)(error)),
    };
    Ok(match header.as_slice() {
        [] => Lies::Nothing,
        header if header == PLAIN => Lies::Plain,
        _ if entries(folder)?.is_empty() => Lies::Other,
        _ => Lies::Encrypted,
    })
}

/// The key of these that opens the store in `folder`; `None` where it needs none.
///
/// # Errors
/// [`StoreError::Encrypted`] where a key is wanted, [`StoreError::WrongKey`], [`StoreError::Damaged`]
/// where its own key does not open it, [`StoreError::NotAStore`] where its file is gone,
/// [`StoreError::CutShort`] where something has to be taken back first, by who may write.
pub(crate) fn fitting(
    folder: &Path,
    access: Access,
    keys: &[Arc<StoreKey>],
) -> Result<Option<Arc<StoreKey>>> {
    let path = folder.join(FILE_NAME);
    let entries = match look(folder)? {
        Lies::Plain => return Ok(None),
        Lies::Nothing if entries(folder)?.is_empty() => return Ok(None),
        Lies::Nothing => {
            return Err(StoreError::NotAStore {
                path,
                reason: format!(
                    "it is missing or empty, and `{MARKER}` beside it says that an encrypted store was here"
                ),
            });
        }
        Lies::Encrypted => entries(folder)?,
        Lies::Other => Vec::new(),
    };
    for key in keys {
        if opens(&path, access, key)? {
            return Ok(Some(Arc::clone(key)));
        }
    }
    let wanted: Vec<String> = entries.into_iter().map(|entry| entry.id).collect();
    let given: Vec<String> = keys.iter().map(|key| key.id()).collect();
    match (wanted.is_empty(), given.first()) {
        // What it is can't be told; that it is no SQLite file is said by whoever looks at it.
        (true, _) => Ok(None),
        (false, None) => Err(StoreError::Encrypted {
            path,
            key: wanted.join(", "),
        }),
        (false, Some(_)) if wanted.iter().all(|id| given.contains(id)) => {
            Err(StoreError::Damaged {
                path,
                reason: "its first page can't be read with the store's own key".to_owned(),
            })
        }
        (false, Some(given)) => Err(StoreError::WrongKey {
            path,
            wanted: wanted.join(", "),
            given: given.clone(),
        }),
    }
}

/// Whether the key opens the file. What was cut short while it had no write-ahead log is taken back on
/// the way where it may be written to: before that no page can be read.
fn opens(path: &Path, access: Access, key: &StoreKey) -> Result<bool> {
    use rusqlite::ErrorCode;
    let mut tried = connect(path, Access::Read, Some(key)).and_then(|it| first_page(&it));
    if access == Access::Write && matches!(tried, Err(StoreError::CutShort)) {
        tried = take_back(path, Some(key));
    }
    match tried {
        Ok(()) => Ok(true),
        Err(StoreError::Damaged { .. }) => Ok(false),
        Err(StoreError::Sql(error))
            if matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::NotADatabase | ErrorCode::OutOfMemory)
            ) =>
        {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

fn first_page(connection: &Connection) -> Result<()> {
    connection.query_row("select count(*) from sqlite_schema", [], |row| {
        row.get::<_, i64>(0)
    })?;
    Ok(())
}

/// Takes back what was cut short while the file had no write-ahead log, which SQLite does at the first
/// look for whoever may write. The store's lock is held.
///
/// # Errors
/// What reading the first page answers afterwards.
pub(crate) fn take_back(path: &Path, key: Option<&StoreKey>) -> Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    unlock(&connection, key)?;
    first_page(&connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_named_and_never_shown() {
        let key = StoreKey::from_hex(&"0f".repeat(32)).unwrap();
        assert_eq!(key.id().len(), 16);
        assert!(!format!("{key:?}").contains("0f0f"), "{key:?}");
        assert_eq!(StoreKey::from_hex(&key.to_hex()), Some(key));
        assert_eq!(StoreKey::from_hex("0f"), None);
        assert_ne!(StoreKey::fresh().unwrap(), StoreKey::fresh().unwrap());
    }

    #[test]
    fn the_marker_is_written_whole_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(entries(folder.path()).unwrap(), []);
        let entry = KeyEntry {
            id: "a".to_owned(),
            made_ms: 1,
            recovery: "sealed".to_owned(),
        };
        write_entries(folder.path(), std::slice::from_ref(&entry)).unwrap();
        write_entries(folder.path(), &[entry.clone(), entry.clone()]).unwrap();
        assert_eq!(entries(folder.path()).unwrap(), [entry.clone(), entry]);
        write_entries(folder.path(), &[]).unwrap();
        assert_eq!(entries(folder.path()).unwrap(), []);
        std::fs::write(folder.path().join(MARKER), "{}").unwrap();
        assert!(matches!(
            entries(folder.path()),
            Err(StoreError::NotAStore { .. })
        ));
    }
}
