//! Day keys: one random key for each UTC day and class of records, in a file of their own.
//!
//! What a record came in is sealed under a key derived from the key of its day, so a day is
//! forgotten by deleting one row here, in every copy of the database that was made without this
//! file. The file lies in the folder `keys` of the store, which is marked so that backup programs
//! that honour the mark leave it out. A key is on disk before anything is sealed with it.
//! Not here: sealing (`sealing`), what may be deleted when (`erasure`, `holds`).

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use zeroize::Zeroizing;

use crate::error::{Result, StoreError};
use crate::files;
use crate::folder;
use crate::open::Access;

/// `ASSK`: marks the file as this program's keys.
const APPLICATION_ID: i32 = 0x4153_534B;
/// The folder of the keys, in the store's.
pub const FOLDER: &str = "keys";
/// The file of the keys in their folder.
pub const FILE: &str = "keys.db";

const SCHEMA: &str = include_str!("day_keys.sql");

/// The first line is the mark that backup programs look for (Cache Directory Tagging
/// Specification 1.0); `tar --exclude-caches`, restic and borg can honour it.
const TAG: &str = "Signature: 8a477f597d28d172789f06886806bc55
# The keys of this folder are left out of backups on purpose: see README.txt.
";

const README: &str = "The keys of Assay's day keys
============================

keys.db holds one key for each day of records. The text of the records in ../assay.db is sealed
with them. Deleting a day's key here makes that day's text unreadable in every copy of assay.db.

Therefore do not back this folder up together with assay.db: a backup that holds both keeps text
that was erased here. CACHEDIR.TAG asks backup programs to leave the folder out; tar does so with
--exclude-caches, restic and borg with --exclude-caches as well.

Without keys.db the text can't be read again by anybody. Keep one copy of this folder in another
place, replace it often, and destroy old ones: that copy is what an erasure has to reach too.
";

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// The UTC day of a time, counted from 1970-01-01.
pub(crate) fn day_of(ms: i64) -> i64 {
    ms.div_euclid(DAY_MS)
}

/// Which rule a key's records are kept by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Class {
    /// Calls and activities of the sources: kept as long as the retention rule says.
    Imported = 0,
    /// What the workbench itself did: no rule disposes of it.
    Own = 1,
}

/// The key of a day.
pub(crate) struct DayKey {
    pub(crate) id: i64,
    pub(crate) bytes: Zeroizing<[u8; 32]>,
}

/// A day that has a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyRow {
    pub id: i64,
    /// Whether it is for the workbench's own deeds.
    pub own: bool,
    /// Days since 1970-01-01, UTC.
    pub day: i64,
}

#[derive(Default)]
struct Known {
    by_id: HashMap<i64, Arc<DayKey>>,
    current: HashMap<(Class, i64), Arc<DayKey>>,
}

/// The keys of a store; everything that reads or writes record bytes shares one.
pub(crate) struct DayKeys {
    folder: PathBuf,
    access: Access,
    origin: OnceLock<String>,
    /// Locked before `known` and until that agrees with it, so that no key comes back into memory
    /// that was just deleted. While a key goes to disk, those that are known can be used.
    file: Mutex<Option<Connection>>,
    known: Mutex<Known>,
}

impl DayKeys {
    /// The keys of the store in `store`; the file is made with the first key.
    pub(crate) fn new(store: &Path, access: Access) -> Self {
        Self {
            folder: store.join(FOLDER),
            access,
            origin: OnceLock::new(),
            file: Mutex::default(),
            known: Mutex::new(Known::default()),
        }
    }

    /// States which workspace the keys are for; what was stated first stays.
    pub(crate) fn bind(&self, origin: &str) {
        let _ = self.origin.set(origin.to_owned());
    }

    /// The workspace, as it is bound into every seal.
    pub(crate) fn origin(&self) -> &str {
        self.origin.get().map_or("", String::as_str)
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn file(&self) -> MutexGuard<'_, Option<Connection>> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the keys that are missing for these days, all in one commit that is on disk when this
    /// returns.
    pub(crate) fn ensure(&self, wanted: &BTreeSet<(Class, i64)>) -> Result<()> {
        if self.unknown(wanted).is_empty() {
            return Ok(());
        }
        let mut file = self.file();
        // Another thread may have made them meanwhile.
        let unknown = self.unknown(wanted);
        if unknown.is_empty() {
            return Ok(());
        }
        let connection = self.connection(&mut file)?;
        let (mut found, mut made) = (Vec::new(), Vec::new());
        for (class, day) in unknown {
            match find_current(connection, class, day)? {
                Some(key) => found.push((class, day, key)),
                None => made.push((class, day, fresh()?)),
            }
        }
        if !made.is_empty() {
            let transaction = connection.unchecked_transaction()?;
            for (class, day, key) in &made {
                insert(&transaction, *class, *day, key)?;
            }
            transaction.commit()?;
        }
        let mut known = self.lock();
        for (class, day, key) in found.into_iter().chain(made) {
            known.by_id.insert(key.id, Arc::clone(&key));
            known.current.insert((class, day), key);
        }
        Ok(())
    }

    /// Those of `wanted` whose keys are not in memory.
    fn unknown(&self, wanted: &BTreeSet<(Class, i64)>) -> Vec<(Class, i64)> {
        let known = self.lock();
        wanted
            .iter()
            .filter(|one| !known.current.contains_key(*one))
            .copied()
            .collect()
    }

    /// The key that records of this day are sealed with; made where there is none.
    pub(crate) fn current(&self, class: Class, day: i64) -> Result<Arc<DayKey>> {
        if let Some(key) = self.lock().current.get(&(class, day)) {
            return Ok(Arc::clone(key));
        }
        self.ensure(&BTreeSet::from([(class, day)]))?;
        self.lock()
            .current
            .get(&(class, day))
            .cloned()
            .ok_or(StoreError::NoRandomness)
    }

    /// A new key for this day, with which its records are sealed from now on.
    pub(crate) fn renew(&self, class: Class, day: i64) -> Result<Arc<DayKey>> {
        let key = fresh()?;
        let mut file = self.file();
        insert(self.connection(&mut file)?, class, day, &key)?;
        let mut known = self.lock();
        known.by_id.insert(key.id, Arc::clone(&key));
        known.current.insert((class, day), Arc::clone(&key));
        Ok(key)
    }

    /// The key with this id; `None` where it is not there (any more).
    pub(crate) fn get(&self, id: i64) -> Result<Option<Arc<DayKey>>> {
        if let Some(key) = self.lock().by_id.get(&id) {
            return Ok(Some(Arc::clone(key)));
        }
        if !self.is_there() {
            return Ok(None);
        }
        let mut file = self.file();
        let found: Option<Vec<u8>> = self
            .connection(&mut file)?
            .prepare_cached("select key from day_key where id = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        let Some(bytes) = found else {
            return Ok(None);
        };
        let key = Arc::new(as_key(id, bytes)?);
        self.lock().by_id.insert(id, Arc::clone(&key));
        Ok(Some(key))
    }

    /// All keys, by class and day.
    pub(crate) fn list(&self) -> Result<Vec<KeyRow>> {
        if !self.is_there() {
            return Ok(Vec::new());
        }
        let mut file = self.file();
        let connection = self.connection(&mut file)?;
        let mut statement = connection
            .prepare_cached("select id, class, day from day_key order by class, day, made")?;
        let rows = statement.query_map([], |row| {
            Ok(KeyRow {
                id: row.get(0)?,
                own: row.get::<_, i64>(1)? == Class::Own as i64,
                day: row.get(2)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Deletes a key, on disk and in memory. One that is not there is no error: this is redone
    /// after a crash.
    ///
    /// # Errors
    /// [`StoreError::Held`] while a legal hold covers its day.
    pub(crate) fn delete(&self, id: i64) -> Result<()> {
        let mut file = self.file();
        if self.is_there() {
            self.connection(&mut file)?
                .execute("delete from day_key where id = ?1", [id])
                .map_err(StoreError::held)?;
        }
        let mut known = self.lock();
        known.by_id.remove(&id);
        known.current.retain(|_, key| key.id != id);
        Ok(())
    }

    /// Notes which keys legal holds cover now; all others may be deleted.
    pub(crate) fn hold(&self, keys: &BTreeSet<i64>) -> Result<()> {
        if keys.is_empty() && !self.is_there() {
            return Ok(());
        }
        let mut file = self.file();
        let connection = self.connection(&mut file)?;
        let noted: BTreeSet<i64> = connection
            .prepare_cached("select id from held_key")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        if noted == *keys {
            return Ok(());
        }
        let transaction = connection.unchecked_transaction()?;
        transaction.execute("delete from held_key", [])?;
        for key in keys {
            transaction.execute("insert into held_key (id) values (?1)", [key])?;
        }
        transaction.commit()?;
        Ok(())
    }

    fn is_there(&self) -> bool {
        std::fs::symlink_metadata(self.folder.join(FILE)).is_ok()
    }

    fn connection<'a>(&self, file: &'a mut Option<Connection>) -> Result<&'a Connection> {
        if file.is_none() {
            *file = Some(self.open()?);
        }
        file.as_ref()
            .ok_or_else(|| StoreError::ReadOnly(self.folder.clone()))
    }

    fn open(&self) -> Result<Connection> {
        let path = self.folder.join(FILE);
        let not_ours = |reason: &str| StoreError::NotAStore {
            path: path.clone(),
            reason: reason.to_owned(),
        };
        if std::fs::symlink_metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
            return Err(not_ours("not a regular file"));
        }
        let flags = match self.access {
            Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
            Access::Write => {
                files::make_folder(&self.folder)?;
                files::write_once(&self.folder.join("CACHEDIR.TAG"), TAG)?;
                files::write_once(&self.folder.join("README.txt"), README)?;
                files::make_private(&path)?;
                folder::sync(&self.folder).map_err(files::file_error(&self.folder))?;
                OpenFlags::SQLITE_OPEN_READ_WRITE
            }
        } | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&path, flags)?;
        connection.execute_batch(
            "pragma trusted_schema = off; pragma cell_size_check = on; pragma mmap_size = 0;
             pragma temp_store = memory; pragma busy_timeout = 5000;",
        )?;
        if self.access == Access::Read {
            connection.execute_batch("pragma query_only = on;")?;
            return Ok(connection);
        }
        // `extra`: the folder is synced after the journal was removed, or a power cut could bring
        // the journal back and take a key away that records were sealed with.
        connection.execute_batch(
            "pragma journal_mode = delete; pragma synchronous = extra; pragma fullfsync = on;
             pragma secure_delete = on;",
        )?;
        let application: i32 =
            connection.query_row("pragma application_id", [], |row| row.get(0))?;
        let tables: i64 =
            connection.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
        if tables == 0 {
            let transaction = connection.unchecked_transaction()?;
            transaction.execute_batch(SCHEMA)?;
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.commit()?;
        } else if application != APPLICATION_ID {
            return Err(not_ours("another program's file"));
        }
        Ok(connection)
    }
}

/// The newest key of a day.
fn find_current(connection: &Connection, class: Class, day: i64) -> Result<Option<Arc<DayKey>>> {
    let found: Option<(i64, Vec<u8>)> = connection
        .prepare_cached(
            "select id, key from day_key where class = ?1 and day = ?2 order by made desc limit 1",
        )?
        .query_row(params![class as i64, day], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    found
        .map(|(id, bytes)| Ok(Arc::new(as_key(id, bytes)?)))
        .transpose()
}

fn fresh() -> Result<Arc<DayKey>> {
    let mut bytes = Zeroizing::new([0; 32]);
    let mut id = [0; 8];
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| StoreError::NoRandomness)?;
    // Not counted up: after an old copy of the file was put back, a number would stand for two keys.
    getrandom::fill(&mut id).map_err(|_| StoreError::NoRandomness)?;
    Ok(Arc::new(DayKey {
        id: i64::from_be_bytes(id) & i64::MAX,
        bytes,
    }))
}

fn insert(connection: &Connection, class: Class, day: i64, key: &DayKey) -> Result<()> {
    connection
        .prepare_cached(
            "insert into day_key (id, class, day, made, key)
             values (?1, ?2, ?3, (select coalesce(max(made), 0) + 1 from day_key), ?4)",
        )?
        .execute(params![key.id, class as i64, day, key.bytes.as_slice()])?;
    Ok(())
}

fn as_key(id: i64, bytes: Vec<u8>) -> Result<DayKey> {
    let bytes = Zeroizing::new(bytes);
    let mut key = Zeroizing::new([0; 32]);
    if bytes.len() != key.len() {
        return Err(StoreError::Value(
            "a day key has the wrong length".to_owned(),
        ));
    }
    key.copy_from_slice(&bytes);
    Ok(DayKey { id, bytes: key })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_that_need_the_same_days_make_one_key_each() {
        let folder = tempfile::tempdir().unwrap();
        let keys = DayKeys::new(folder.path(), Access::Write);
        let days: BTreeSet<_> = (0..20).map(|day| (Class::Imported, day)).collect();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for day in &days {
                        keys.ensure(&BTreeSet::from([*day])).unwrap();
                    }
                });
            }
        });
        let list = keys.list().unwrap();
        assert_eq!(list.len(), days.len());
        keys.delete(list[0].id).unwrap();
        assert!(keys.get(list[0].id).unwrap().is_none());
        let again = keys.current(Class::Imported, list[0].day).unwrap();
        assert_ne!(again.id, list[0].id, "a deleted key never comes back");
    }
}
