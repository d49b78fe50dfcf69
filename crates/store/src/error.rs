//! What can go wrong with a store.

use std::path::PathBuf;

/// Why the store could not do it. Never holds record text.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot open store `{path}`: {reason}")]
    NotAStore { path: PathBuf, reason: String },
    #[error(
        "cannot open store `{path}`: written by a newer version (schema {found}, this build reads up to {known})"
    )]
    TooNew {
        path: PathBuf,
        found: u32,
        known: u32,
    },
    #[error("store `{path}` is encrypted, and its key {key} is not on this computer")]
    Encrypted { path: PathBuf, key: String },
    #[error("store `{path}` is encrypted with key {wanted}; the one that was given is {given}")]
    WrongKey {
        path: PathBuf,
        wanted: String,
        given: String,
    },
    #[error("the copy is not what the store holds ({what}); the store is as it was")]
    NotTheSame { what: String },
    #[error("store `{path}` is in use by {holder}")]
    Locked { path: PathBuf, holder: String },
    #[error("store `{path}` is damaged: {reason}")]
    Damaged { path: PathBuf, reason: String },
    #[error("store `{0}` was opened for reading only")]
    ReadOnly(PathBuf),
    #[error("store `{path}` was rolled back: {reason}")]
    RolledBack { path: PathBuf, reason: String },
    #[error("{megabytes} MB of the write-ahead log wait for a program that reads the store")]
    LogTooLong { megabytes: u64 },
    #[error("the disk is full or the file can't grow; everything acknowledged before is kept")]
    DiskFull,
    #[error("{what} not found: `{name}`")]
    NotFound { what: &'static str, name: String },
    #[error("stopped")]
    Interrupted,
    #[error("a stored value can't be read: {0}")]
    Value(String),
    #[error("cannot read or write `{path}`: {source}")]
    File {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("the day key of record {seq} is missing, and no disposal says why")]
    KeyMissing { seq: u64 },
    #[error("the record was erased by #{by}")]
    Erased { seq: u64, by: u64 },
    #[error("another process reads the store; what was begun is done again when it is next opened")]
    Busy,
    #[error("a change of the store was cut short and has to be taken back before it can be read")]
    CutShort,
    #[error("a legal hold covers it")]
    Held,
    #[error("no randomness from the system")]
    NoRandomness,
    #[error("the store answered: {}", brief(.0))]
    Sql(rusqlite::Error),
}

/// What SQLite says, without the statement that it says it of.
fn brief(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

impl StoreError {
    /// The error of a statement that a trigger refuses only while a legal hold covers the row.
    pub(crate) fn held(error: rusqlite::Error) -> Self {
        match error.sqlite_error().map(|error| error.extended_code) {
            Some(rusqlite::ffi::SQLITE_CONSTRAINT_TRIGGER) => Self::Held,
            _ => error.into(),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged {
                path: PathBuf::new(),
                reason: "a page can't be read; it was not written to".to_owned(),
            },
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            // A file size limit, a quota, a disk that fails while writing.
            Some(ErrorCode::SystemIoFailure)
                if error.sqlite_error().map(|error| error.extended_code)
                    == Some(rusqlite::ffi::SQLITE_IOERR_WRITE) =>
            {
                Self::DiskFull
            }
            Some(ErrorCode::OperationInterrupted) => Self::Interrupted,
            Some(ErrorCode::ReadOnly)
                if error.sqlite_error().map(|error| error.extended_code)
                    == Some(rusqlite::ffi::SQLITE_READONLY_ROLLBACK) =>
            {
                Self::CutShort
            }
            _ => Self::Sql(error),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Value(error.to_string())
    }
}

/// What the store's functions answer.
pub type Result<T> = std::result::Result<T, StoreError>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_does_not_quote_the_statement() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let error = connection.prepare("select jane from nowhere").unwrap_err();
        assert_eq!(
            StoreError::from(error).to_string(),
            "the store answered: no such table: nowhere"
        );
        let quoting = rusqlite::Error::SqlInputError {
            error: rusqlite::ffi::Error::new(1),
            msg: "no such column: a".to_owned(),
            sql: "select jane".to_owned(),
            offset: 7,
        };
        assert!(quoting.to_string().contains("jane"));
        assert_eq!(
            StoreError::from(quoting).to_string(),
            "the store answered: no such column: a"
        );
    }
}
