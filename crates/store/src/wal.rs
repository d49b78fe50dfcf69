//! The write-ahead log: copied into the database by the writer alone, at moments of its choosing.
//!
//! No connection copies by itself (`wal_autocheckpoint = 0`), so no copying races another. Not here:
//! what is written.

use crate::error::{Result, StoreError};
use crate::writer::Writer;

/// Bytes of a page.
const PAGE: u64 = 4_096;
/// Pages from which on the log is copied after a commit: 16 MB.
const COPIED_FROM: u64 = (16 << 20) / PAGE;
/// Pages that may wait for a reader to end before an import stops: 256 MB.
const MOST_KEPT: u64 = (256 << 20) / PAGE;

/// How the log stands: its pages, and how many of them are in the database.
struct Log {
    pages: u64,
    copied: u64,
    /// Somebody reads it.
    is_busy: bool,
}

impl Writer {
    fn copy_log(&mut self, how: &str) -> Result<Log> {
        let sql = format!("pragma wal_checkpoint({how})");
        let log = self.connection.query_row(&sql, [], |row| {
            Ok(Log {
                is_busy: row.get::<_, i64>(0)? != 0,
                pages: row.get::<_, i64>(1)?.max(0).unsigned_abs(),
                copied: row.get::<_, i64>(2)?.max(0).unsigned_abs(),
            })
        })?;
        self.kept_pages = log.pages.saturating_sub(log.copied);
        Ok(log)
    }

    /// Copies the log into the database where it has grown; run after each commit.
    pub(crate) fn tend_log(&mut self) -> Result<()> {
        let log = self.copy_log("noop")?;
        if log.pages.saturating_sub(log.copied) >= COPIED_FROM {
            self.copy_log("passive")?;
        }
        Ok(())
    }

    /// Refuses more records while somebody who reads keeps the log from being copied.
    pub(crate) fn check_log(&self) -> Result<()> {
        match self.kept_pages > MOST_KEPT {
            true => Err(StoreError::LogTooLong {
                megabytes: (self.kept_pages * PAGE) >> 20,
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
