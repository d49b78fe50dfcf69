//! Opening a store: its file, its lock, its settings, its migrations and its first checks.
//!
//! A store that is newer than this build, damaged or not ours is refused and never written to.
//! In: a folder. Out: a [`Store`]. Not here: what is in the tables.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::cipher::{self, StoreKey};
use crate::columns::Columns;
use crate::converting;
use crate::day_keys::DayKeys;
use crate::error::{Result, StoreError};
use crate::files::{self, file_error, with_suffix};
use crate::filter;
use crate::inspecting::{Found, inspect};
use crate::readers::Readers;
use crate::signposts::Signposts;
use crate::text_search::kept::Searches;
use crate::upgrading::{self, SCHEMA};
use crate::writer::Writer;

/// `ASSY`: marks the file as a store of this program.
pub(crate) const APPLICATION_ID: i32 = 0x4153_5359;

/// Name of the store's file in its folder.
pub const FILE_NAME: &str = "assay.db";

/// What a store is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Made where there is none; one process at a time.
    Write,
    /// Must be there; any number of processes.
    Read,
}

/// Why an open store may not be written to; a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frozen {
    /// It is older than what is remembered of it.
    RolledBack(String),
    /// Its tree does not hold together.
    Damaged(String),
}

/// How much of the tree was checked when the store was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// All tiles and all checkpoints with their signatures.
    Whole,
    /// The right edge and the newest checkpoint: the tree is too large for more.
    Edge,
}

/// An open store.
pub struct Store {
    folder: PathBuf,
    pub(crate) path: PathBuf,
    writer: Option<Mutex<Writer>>,
    pub(crate) readers: Readers,
    pub(crate) keys: Arc<DayKeys>,
    pub(crate) signposts: Signposts,
    pub(crate) searches: Arc<Searches>,
    pub(crate) columns: Columns,
    /// Whether this opening made it.
    is_new: bool,
    /// Why nothing may be written, where that turned out when or after it was opened.
    frozen: Mutex<Option<Frozen>>,
    looked_at: Looked,
    /// Held for life: whoever has it writes.
    _lock: Option<Lock>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the store in `folder`, which is not encrypted. `now_ms` stamps the first leaf of a new one.
    ///
    /// # Errors
    /// As [`Self::open_with`].
    pub fn open(folder: &Path, access: Access, now_ms: i64) -> Result<Self> {
        Self::open_with(folder, access, &[], now_ms)
    }

    /// Opens the store in `folder` with the one of these keys that fits; one that is not encrypted
    /// needs none.
    ///
    /// # Errors
    /// [`StoreError::Encrypted`] where it needs a key and there is none, [`StoreError::WrongKey`];
    /// [`StoreError::Locked`] where another process writes, [`StoreError::TooNew`],
    /// [`StoreError::Damaged`] where its pages can't be read, [`StoreError::NotAStore`],
    /// [`StoreError::File`]. One whose tree does not hold together opens frozen, to be looked at.
    pub fn open_with(
        folder: &Path,
        access: Access,
        keys: &[Arc<StoreKey>],
        now_ms: i64,
    ) -> Result<Self> {
        match Self::open_as(folder, access, keys, now_ms) {
            // Nobody can read it until what was cut short is taken back.
            Err(StoreError::CutShort) if access == Access::Read => {
                let _lock = lock(folder, &folder.join(FILE_NAME))?;
                let key = cipher::fitting(folder, Access::Write, keys)?;
                converting::end_cut_short(folder, key.as_deref())?;
            }
            opened => return opened,
        }
        Self::open_as(folder, access, keys, now_ms)
    }

    fn open_as(folder: &Path, access: Access, keys: &[Arc<StoreKey>], now_ms: i64) -> Result<Self> {
        let path = folder.join(FILE_NAME);
        if access == Access::Write {
            files::make_folder(folder)?;
        }
        // A link that leads nowhere is there: a store is never made through one.
        let is_new = std::fs::symlink_metadata(&path).is_err();
        if access == Access::Read && is_new && cipher::entries(folder)?.is_empty() {
            return Err(StoreError::NotFound {
                what: "store",
                name: path.display().to_string(),
            });
        }
        if !is_new && !std::fs::symlink_metadata(&path).is_ok_and(|m| m.is_file()) {
            return Err(StoreError::NotAStore {
                path,
                reason: "not a regular file".to_owned(),
            });
        }
        let lock = match access {
            Access::Write => Some(lock(folder, &path)?),
            Access::Read => None,
        };
        let key = cipher::fitting(folder, access, keys)?;
        if access == Access::Write {
            converting::end_cut_short(folder, key.as_deref())?;
        }
        let Found {
            version: found,
            damage,
            looked_at,
        } = if is_new {
            Found::NOTHING
        } else {
            inspect(&path, access, key.as_deref())?
        };
        if access == Access::Read && found.since < SCHEMA {
            return Err(StoreError::NotAStore {
                path,
                reason: format!(
                    "written by an older version (schema {}); open it for writing once",
                    found.since
                ),
            });
        }
        // Nothing is written to a store that is damaged.
        let allowed = match damage {
            Some(_) => Access::Read,
            None => access,
        };
        let keys = Arc::new(DayKeys::new(folder, allowed));
        let writer = match allowed {
            Access::Read => {
                keys.bind(&origin(&connect(&path, Access::Read, key.as_deref())?)?);
                None
            }
            Access::Write => {
                files::make_private(&path)?;
                let connection = connect(&path, Access::Write, key.as_deref())?;
                upgrading::migrate(&connection, found)?;
                let mut writer = Writer::new(connection, &path, Arc::clone(&keys), now_ms)?;
                upgrading::finish(&mut writer, found)?;
                Some(Mutex::new(writer))
            }
        };
        let store = Self {
            folder: folder.to_owned(),
            path,
            writer,
            readers: Readers::new(key),
            keys,
            signposts: Signposts::default(),
            searches: Arc::default(),
            columns: Columns::default(),
            is_new,
            frozen: Mutex::new(damage.map(Frozen::Damaged)),
            looked_at,
            _lock: lock,
        };
        if allowed == Access::Write {
            // Made now, so that every process that only reads hashes by the same key.
            store.hash_key()?;
            store.catch_up(now_ms)?;
        }
        Ok(store)
    }

    /// The store's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Size of the database and its write-ahead log in bytes.
    pub fn size_bytes(&self) -> u64 {
        ["", "-wal"]
            .iter()
            .filter_map(|suffix| std::fs::metadata(with_suffix(&self.path, suffix)).ok())
            .map(|metadata| metadata.len())
            .sum()
    }

    /// The one writer, once nobody else has it.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`]; why it was frozen.
    pub fn writer(&self) -> Result<MutexGuard<'_, Writer>> {
        let path = self.path.clone();
        match self.frozen() {
            Some(Frozen::RolledBack(reason)) => Err(StoreError::RolledBack { path, reason }),
            Some(Frozen::Damaged(reason)) => Err(StoreError::Damaged { path, reason }),
            None => self.thawed_writer(),
        }
    }

    /// Lets nothing be written any more, or again where `why` is none: once somebody accepted the
    /// store as it is.
    pub fn freeze(&self, why: Option<Frozen>) {
        *self.frozen.lock().unwrap_or_else(PoisonError::into_inner) = why;
    }

    /// Why nothing may be written, where it turned out after the store was opened.
    pub fn frozen(&self) -> Option<Frozen> {
        self.frozen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// How much of the tree was checked when the store was opened.
    pub fn looked_at(&self) -> Looked {
        self.looked_at
    }

    /// Whether this opening made the store.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// Whether it was opened for writing, frozen or not.
    pub fn is_for_writing(&self) -> bool {
        self.writer.is_some()
    }

    /// The one writer, even of a frozen store: for the leaf that accepts it.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`].
    pub fn thawed_writer(&self) -> Result<MutexGuard<'_, Writer>> {
        self.writer
            .as_ref()
            .map(|writer| writer.lock().unwrap_or_else(PoisonError::into_inner))
            .ok_or_else(|| StoreError::ReadOnly(self.path.clone()))
    }

    /// Runs `read` on a read-only connection.
    ///
    /// # Errors
    /// Whatever `read` answers.
    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let reader = self.readers.take(|key| {
            let connection = connect(&self.path, Access::Read, key)?;
            filter::add_functions(&connection, &self.keys, &self.searches)?;
            Ok(connection)
        })?;
        read(&reader)
    }

    /// The key that the store is encrypted with; `None` where it is not.
    pub fn key(&self) -> Option<Arc<StoreKey>> {
        self.readers.key()
    }
}

/// The workspace's id; empty where the store does not say it, which is damage.
pub(crate) fn origin(connection: &Connection) -> Result<String> {
    let found: Option<String> = connection
        .query_row(
            "select value from workspace where key = 'origin'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    Ok(found.unwrap_or_default())
}

/// Held while the store is open for writing. It is released by name: closing the file would leave
/// it to a child process that another thread is just about to start, whose copy of the file lives
/// until that process becomes another program.
struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // Nothing can be done about a failure here; closing the file releases it as well.
        let _ = self.0.unlock();
    }
}

fn lock(folder: &Path, store: &Path) -> Result<Lock> {
    let path = folder.join("assay.lock");
    let mut file = files::open_private(&path)?;
    match file.try_lock() {
        Ok(()) => {
            let text = format!("process {}\n", std::process::id());
            file.set_len(0).map_err(file_error(&path))?;
            file.seek(SeekFrom::Start(0)).map_err(file_error(&path))?;
            file.write_all(text.as_bytes()).map_err(file_error(&path))?;
            Ok(Lock(file))
        }
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let _ = file.take(64).read_to_string(&mut holder);
            let holder = holder.trim();
            Err(StoreError::Locked {
                path: store.to_owned(),
                holder: if holder.is_empty() {
                    "another process".to_owned()
                } else {
                    holder.to_owned()
                },
            })
        }
        Err(TryLockError::Error(source)) => Err(StoreError::File { path, source }),
    }
}

/// Larger pages of a file that is new and not encrypted: fewer bytes stay unused, and there is less to
/// do for each record. A file that is there keeps its own; SQLCipher's are of 4 kB.
pub(crate) const PAGES: &str = "pragma page_size = 16384;";

/// A connection with the store's settings. Nothing is read before the key is set.
pub(crate) fn connect(path: &Path, access: Access, key: Option<&StoreKey>) -> Result<Connection> {
    let flags = match access {
        Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
    } | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    cipher::unlock(&connection, key)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, 64 << 20)?;
    connection.set_limit(Limit::SQLITE_LIMIT_SQL_LENGTH, 64 << 10)?;
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)?;
    connection.set_prepared_statement_cache_capacity(256);
    connection.execute_batch(
        "pragma foreign_keys = on;
         pragma trusted_schema = off;
         pragma cell_size_check = on;
         pragma mmap_size = 0;
         pragma temp_store = memory;
         pragma busy_timeout = 5000;",
    )?;
    if key.is_none() {
        connection.execute_batch(PAGES)?;
    }
    match access {
        Access::Write => connection.execute_batch(
            "pragma journal_mode = wal;
             pragma synchronous = full;
             pragma fullfsync = on;
             pragma checkpoint_fullfsync = on;
             pragma secure_delete = on;
             pragma cache_size = -65536;
             pragma wal_autocheckpoint = 0;
             pragma journal_size_limit = 67108864;",
        )?,
        Access::Read => {
            connection.execute_batch("pragma query_only = on; pragma cache_size = -16384;")?;
        }
    }
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pragma(connection: &Connection, name: &str) -> String {
        connection
            .query_row(&format!("pragma {name}"), [], |row| {
                row.get::<_, rusqlite::types::Value>(0)
            })
            .map(|value| match value {
                rusqlite::types::Value::Integer(number) => number.to_string(),
                rusqlite::types::Value::Text(text) => text,
                other => format!("{other:?}"),
            })
            .unwrap()
    }

    #[test]
    fn what_is_acknowledged_is_on_disk_and_readers_can_not_write() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Access::Write, 0).unwrap();
        let writer = store.writer().unwrap();
        for (name, value) in [
            ("journal_mode", "wal"),
            ("synchronous", "2"),
            ("secure_delete", "1"),
            ("foreign_keys", "1"),
            ("trusted_schema", "0"),
        ] {
            assert_eq!(pragma(&writer.connection, name), value, "{name}");
        }
        let loose: i64 = writer
            .connection
            .query_row(
                "select count(*) from pragma_table_list where schema = 'main' and type = 'table' and strict = 0 and name not like 'sqlite_%'",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(loose, 0, "every table is strict");
        drop(writer);
        let refused = store.read(|connection| Ok(connection.execute("delete from batch", [])?));
        assert!(matches!(refused, Err(StoreError::Sql(_))), "{refused:?}");
    }

    #[test]
    fn every_table_of_the_trail_refuses_to_change_what_was_recorded() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Access::Write, 0).unwrap();
        let writer = store.writer().unwrap();
        let triggers = |table: &str| -> i64 {
            writer
                .connection
                .query_row(
                    "select count(*) from sqlite_schema where type = 'trigger' and tbl_name = ?1",
                    [table],
                    |row| row.get(0),
                )
                .unwrap()
        };
        for table in ["call", "activity", "leaf", "tile"] {
            assert_eq!(triggers(table), 2, "{table}: no update, no delete");
        }
    }

    #[test]
    fn a_store_whose_first_write_was_cut_short_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        Connection::open(&path)
            .unwrap()
            .execute_batch("pragma journal_mode = wal; create table t (x); drop table t;")
            .unwrap();
        assert!(Store::open(folder.path(), Access::Write, 0).is_ok());
    }

    /// A child process that another thread starts has a copy of the lock's file until it becomes
    /// another program, as the second handle has here.
    #[test]
    fn a_closed_store_is_free_though_a_starting_child_still_has_its_lock_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        let held = lock(folder.path(), &path).unwrap();
        let inherited = held.0.try_clone().unwrap();
        assert!(matches!(
            lock(folder.path(), &path),
            Err(StoreError::Locked { .. })
        ));
        drop(held);
        assert!(lock(folder.path(), &path).is_ok());
        drop(inherited);
    }

    #[cfg(unix)]
    #[test]
    fn a_store_is_neither_opened_nor_made_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = folder.path().join("elsewhere.db");
        std::os::unix::fs::symlink(&elsewhere, folder.path().join(FILE_NAME)).unwrap();
        for _ in 0..2 {
            for access in [Access::Write, Access::Read] {
                let refused = Store::open(folder.path(), access, 0).unwrap_err();
                assert!(
                    matches!(refused, StoreError::NotAStore { .. }),
                    "{refused:?}"
                );
            }
            assert_eq!(std::fs::read(&elsewhere).unwrap_or_default(), b"");
            std::fs::write(&elsewhere, "").unwrap();
        }
    }
}
