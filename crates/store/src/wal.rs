//! The write-ahead log: copied into the database by the writer alone, at moments of its choosing.
//!
//! No connection copies by itself (`wal_autocheckpoint = 0`), so no copying races another. Not here:
//! what is written.

use rusqlite::types::ValueRef;

use crate::error::{Result, StoreError};
use crate::writer::Writer;

/// Bytes from which on the log is copied after a commit, 64 MB: what is written again with every
/// commit of an import, such as ends of indexes and roll-ups, is copied once for two of them.
const COPIED_FROM: u64 = 64 << 20;
/// Bytes that may wait for a reader to end before an import stops: 256 MB.
const MOST_KEPT: u64 = 256 << 20;

/// How the log stands: its pages, and how many of them are in the database.
struct Log {
    pages: u64,
    copied: u64,
    page_bytes: u64,
    /// Somebody reads it.
    is_busy: bool,
}

impl Log {
    /// Bytes that are not in the database yet.
    fn waiting(&self) -> u64 {
        self.pages.saturating_sub(self.copied) * self.page_bytes
    }
}

impl Writer {
    fn copy_log(&mut self, how: &str) -> Result<Log> {
        // SQLCipher answers with a text.
        let page_bytes =
            self.connection
                .query_row("pragma page_size", [], |row| match row.get_ref(0)? {
                    ValueRef::Text(text) => {
                        Ok(String::from_utf8_lossy(text).parse().unwrap_or(4_096))
                    }
                    number => Ok(number.as_i64()?.unsigned_abs()),
                })?;
        let sql = format!("pragma wal_checkpoint({how})");
        let log = self.connection.query_row(&sql, [], |row| {
            Ok(Log {
                is_busy: row.get::<_, i64>(0)? != 0,
                pages: row.get::<_, i64>(1)?.max(0).unsigned_abs(),
                copied: row.get::<_, i64>(2)?.max(0).unsigned_abs(),
                page_bytes,
            })
        })?;
        self.kept_bytes = log.waiting();
        Ok(log)
    }

    /// Copies the log into the database where it has grown; run after each commit.
    pub(crate) fn tend_log(&mut self) -> Result<()> {
        let log = self.copy_log("noop")?;
        if log.waiting() >= COPIED_FROM {
            self.copy_log("passive")?;
        }
        Ok(())
    }

    /// Refuses more records while somebody who reads keeps the log from being copied.
    pub(crate) fn check_log(&self) -> Result<()> {
        match self.kept_bytes > MOST_KEPT {
            true => Err(StoreError::LogTooLong {
                megabytes: self.kept_bytes >> 20,
            }),
            false => Ok(()),
        }
    }

    /// Copies the whole log into the database and cuts it to nothing: once work is done, and after
    /// what was written must be forgotten. Where somebody reads it waits up to five seconds.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn checkpoint_log(&mut self) -> Result<()> {
        self.copy_log("truncate").map(drop)
    }
}

impl Writer {
    /// Empties the log, so that nothing of what was there before is left in it.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where somebody else reads.
    pub(crate) fn empty_log(&mut self) -> Result<()> {
        let log = self.copy_log("truncate")?;
        match log.is_busy {
            true => Err(StoreError::Busy),
            false => Ok(()),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Best effort: the write-ahead log is read at the next open all the same.
        let _ = self.checkpoint_log();
    }
}
