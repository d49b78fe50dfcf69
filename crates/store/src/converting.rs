//! Converting a store: from plain to encrypted, back, or to another key.
//!
//! The store is copied whole into a file beside it, read back with its new key and compared; only
//! then does it take the old one's place, in one step of the file system. Cut short at any moment
//! either the old store or the new one is whole, and the file beside it names the keys of both. In:
//! an open store, a key, the deed. Out: what was compared. Not here: where keys are kept and whether
//! there is room (the engine).

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use assay_evidence::tree::Hash;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use crate::cipher::{self, KeyEntry, StoreKey};
use crate::day_keys::DayKeys;
use crate::error::{Result, StoreError};
use crate::files::{self, file_error, with_suffix};
use crate::folder;
use crate::fsck::{self, Depth};
use crate::leaves;
use crate::open::{APPLICATION_ID, Access, FILE_NAME, Frozen, PAGES, Store, connect};
use crate::writer::{OwnRecord, Writer};

/// What the new file is called until it takes its place.
const PART: &str = "assay.db.part";
/// How often progress is told.
const EVERY: Duration = Duration::from_millis(100);
/// How long whoever reads is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a store is to become.
pub struct Conversion<'a> {
    /// Its key from now on; none where it is to be plain.
    pub to: Option<Arc<StoreKey>>,
    /// What is kept of that key beside the store.
    pub entry: Option<KeyEntry>,
    /// The deed, which is written to the trail first.
    pub own: OwnRecord<'a>,
}

/// How far a conversion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The new file is being written: bytes, of about so many.
    Copying { done: u64, total: u64 },
    /// The new file is read back and compared with the old one.
    Comparing,
    /// The file beside the store names the new key.
    Named,
    /// Nobody has the old file open.
    Closed,
    /// The new file stands in the place of the old one.
    Replaced,
    /// The bytes of the old file, which had no key, are overwritten.
    Overwriting,
    /// The new file is open.
    Done,
}

/// What was compared before the new file took its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converted {
    /// Leaves, with the one that says that it was converted.
    pub size: u64,
    /// The same in both files.
    pub root: Hash,
    pub tables: u64,
    /// In all tables.
    pub rows: u64,
    /// Of the old file and the new one.
    pub bytes: (u64, u64),
    /// Whether the plain bytes of the old file were overwritten; `None` where it had none.
    pub overwrote: Option<bool>,
    /// Whether the new file's name is known to be on disk. Where it is not, the old file may come back
    /// after a power loss, and its key is needed then.
    pub is_on_disk: bool,
}

/// Hears how far it is, and may stop it with an error until the new file stands in its place.
pub type Heard<'a> = dyn FnMut(Stage) -> Result<()> + 'a;

/// What a file holds, as far as two can be compared.
#[derive(Debug, PartialEq, Eq)]
struct Content {
    version: u32,
    /// Kind, name, table and statement of all that is not SQLite's own.
    schema: Vec<(String, String, String, String)>,
    /// Rows by table.
    rows: BTreeMap<String, u64>,
    size: u64,
    root: Hash,
}

/// Ends what was cut short: removes a file that never took its place, and the names of keys that the
/// store is not encrypted with. The store's lock is held.
pub(crate) fn end_cut_short(folder: &Path, key: Option<&StoreKey>) -> Result<()> {
    remove_part(folder)?;
    roll_back(folder, key)?;
    let named = cipher::entries(folder)?;
    let id = key.map(StoreKey::id);
    let kept: Vec<KeyEntry> = named
        .iter()
        .filter(|entry| Some(&entry.id) == id.as_ref())
        .cloned()
        .collect();
    // A key that fits and is not named is somebody's who put the file there: it stays as it is.
    match kept.len() == named.len() || (key.is_some() && kept.is_empty()) {
        true => Ok(()),
        false => cipher::write_entries(folder, &kept),
    }
}

/// Takes back a change that was cut short while the store kept no write-ahead log, which is only
/// while it is converted.
fn roll_back(folder: &Path, key: Option<&StoreKey>) -> Result<()> {
    let path = folder.join(FILE_NAME);
    let journal = with_suffix(&path, "-journal");
    let is_plain_or_open = key.is_some() || cipher::look(folder)? == cipher::Lies::Plain;
    if !is_plain_or_open || !std::fs::metadata(journal).is_ok_and(|file| file.len() > 0) {
        return Ok(());
    }
    // Whatever it answers is said again by whoever looks at the file next.
    let _ = cipher::take_back(&path, key);
    Ok(())
}

fn remove_part(folder: &Path) -> Result<()> {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        let path = with_suffix(&folder.join(PART), suffix);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(file_error(&path)(error));
            }
            _ => {}
        }
    }
    Ok(())
}

impl Store {
    /// Converts the store where it lies. Writing waits until it is done; reading waits only while
    /// the new file takes the old one's place.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where another process has it open; why it is frozen,
    /// [`StoreError::ReadOnly`]; [`StoreError::NotTheSame`] where the copy differs, whatever `heard`
    /// answers, [`StoreError::DiskFull`]: the store is then what it was.
    pub fn convert(&self, conversion: &Conversion<'_>, heard: &mut Heard<'_>) -> Result<Converted> {
        let mut writer = self.writer()?;
        let old_key = self.key();
        let done = self.convert_with(&mut writer, old_key.as_deref(), conversion, heard);
        if done.is_err() && self.key() == old_key {
            let _ = remove_part(self.folder());
            let _ = end_cut_short(self.folder(), old_key.as_deref());
            let _ = writer.keep_log();
            self.readers.open(old_key);
        }
        done
    }

    fn convert_with(
        &self,
        writer: &mut Writer,
        old_key: Option<&StoreKey>,
        conversion: &Conversion<'_>,
        heard: &mut Heard<'_>,
    ) -> Result<Converted> {
        // Whether somebody else has it open is asked before anything is written down.
        self.close_readers()?;
        writer.drop_log()?;
        writer.keep_log()?;
        writer.record_own(&conversion.own)?;
        writer.drop_log()?;
        self.readers.pass();
        let (folder, part) = (self.folder(), self.folder().join(PART));
        remove_part(folder)?;
        let before = content(&writer.connection)?;
        let bytes = size(&self.path);
        copy(
            &self.path,
            &part,
            (old_key, conversion.to.as_deref()),
            heard,
        )?;
        heard(Stage::Comparing)?;
        compare(&part, conversion.to.as_deref(), &before)?;
        if let Some(entry) = &conversion.entry {
            let mut named = cipher::entries(folder)?;
            named.retain(|other| other.id != entry.id);
            named.push(entry.clone());
            cipher::write_entries(folder, &named)?;
        }
        heard(Stage::Named)?;
        self.close_readers()?;
        let (overwrote, is_on_disk) = match self.replace(writer, old_key, conversion, &part, heard)
        {
            Ok(done) => done,
            Err(error) => {
                if self.key() != conversion.to {
                    // The old file is still there, and is opened again.
                    writer.reconnect(connect(&self.path, Access::Write, old_key)?)?;
                }
                return Err(error);
            }
        };
        let opened = connect(&self.path, Access::Write, conversion.to.as_deref())
            .and_then(|connection| writer.reconnect(connection));
        if let Err(error) = opened {
            self.freeze(Some(Frozen::Damaged(
                "it was converted and could not be opened again: close the program, and open it anew"
                    .to_owned(),
            )));
            self.readers.open(conversion.to.clone());
            return Err(error);
        }
        self.readers.open(conversion.to.clone());
        if is_on_disk {
            // What is named too much is taken away by the next opening as well.
            let _ = end_cut_short(folder, conversion.to.as_deref());
        }
        let _ = heard(Stage::Done);
        Ok(Converted {
            size: before.size,
            root: before.root,
            tables: before.rows.len() as u64,
            rows: before.rows.values().sum(),
            bytes: (bytes, size(&self.path)),
            overwrote,
            is_on_disk,
        })
    }

    fn close_readers(&self) -> Result<()> {
        match self.readers.close(PATIENCE) {
            true => Ok(()),
            false => Err(StoreError::Busy),
        }
    }

    /// Puts the new file in the place of the old one. Once it stands there nothing fails any more.
    fn replace(
        &self,
        writer: &mut Writer,
        old_key: Option<&StoreKey>,
        conversion: &Conversion<'_>,
        part: &Path,
        heard: &mut Heard<'_>,
    ) -> Result<(Option<bool>, bool)> {
        writer.disconnect()?;
        // It has another name no more once it is replaced, and is reached through this alone.
        let old = match (old_key, &conversion.to) {
            (None, Some(_)) if cfg!(unix) => Some(
                File::options()
                    .write(true)
                    .open(&self.path)
                    .map_err(file_error(&self.path))?,
            ),
            _ => None,
        };
        heard(Stage::Closed)?;
        std::fs::rename(part, &self.path).map_err(file_error(&self.path))?;
        self.readers.rekey(conversion.to.clone());
        let is_on_disk = folder::sync(self.folder()).is_ok();
        let _ = heard(Stage::Replaced);
        let was_plain = old_key.is_none() && conversion.to.is_some();
        let overwrote = old.map(|file| {
            let _ = heard(Stage::Overwriting);
            overwrite(file).is_ok()
        });
        Ok((was_plain.then(|| overwrote.unwrap_or(false)), is_on_disk))
    }
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}

/// Overwrites a file with zeros. On a disk that writes elsewhere instead of in place (most SSDs, and
/// file systems that copy on write) this does not destroy what was there.
fn overwrite(mut file: File) -> std::io::Result<()> {
    let mut left = file.metadata()?.len();
    file.seek(SeekFrom::Start(0))?;
    let zeros = vec![0; 1 << 20];
    while left > 0 {
        let now = usize::try_from(left)
            .unwrap_or(zeros.len())
            .min(zeros.len());
        file.write_all(&zeros[..now])?;
        left -= now as u64;
    }
    file.sync_all()?;
    file.set_len(0)
}

fn content(connection: &Connection) -> Result<Content> {
    let mut statement = connection.prepare(
        "select type, name, tbl_name, coalesce(sql, '')
         from sqlite_schema where name not like 'sqlite_%' order by type, name",
    )?;
    let schema: Vec<(String, String, String, String)> = statement
        .query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut rows = BTreeMap::new();
    for (_, name, _, _) in schema.iter().filter(|(kind, ..)| kind == "table") {
        let sql = format!("select count(*) from \"{}\"", name.replace('"', "\"\""));
        let count: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
        rows.insert(name.clone(), count.unsigned_abs());
    }
    let edge = leaves::edge(connection)?;
    Ok(Content {
        version: connection.query_row("pragma user_version", [], |row| row.get(0))?,
        schema,
        rows,
        size: edge.size(),
        root: edge.root(),
    })
}

/// Writes what the old file holds into a new one with another key, and waits until it is on disk.
fn copy(
    path: &Path,
    part: &Path,
    (from, to): (Option<&StoreKey>, Option<&StoreKey>),
    heard: &mut Heard<'_>,
) -> Result<()> {
    files::make_private(part)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(part, flags)?;
    let stop = connection.get_interrupt_handle();
    let total = size(path);
    let mut stopped = None;
    let written = std::thread::scope(|scope| {
        let (done, is_done) = channel::<()>();
        let connection = &mut connection;
        let writing = scope.spawn(move || {
            let written = export(connection, path, from, to);
            drop(done);
            written
        });
        while let Err(RecvTimeoutError::Timeout) = is_done.recv_timeout(EVERY) {
            if stopped.is_none()
                && let Err(error) = heard(Stage::Copying {
                    done: size(part).min(total),
                    total,
                })
            {
                stopped = Some(error);
            }
            if stopped.is_some() {
                stop.interrupt();
            }
        }
        writing
            .join()
            .unwrap_or_else(|_| Err(StoreError::Interrupted))
    });
    if let Some(error) = stopped {
        return Err(error);
    }
    written?;
    connection
        .close()
        .map_err(|(_, error)| StoreError::from(error))?;
    heard(Stage::Copying { done: total, total })?;
    File::options()
        .write(true)
        .open(part)
        .and_then(|file| file.sync_all())
        .map_err(file_error(part))
}

fn export(
    connection: &Connection,
    path: &Path,
    from: Option<&StoreKey>,
    to: Option<&StoreKey>,
) -> Result<()> {
    cipher::unlock(connection, to)?;
    if to.is_none() {
        connection.execute_batch(PAGES)?;
    }
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 1)?;
    // Nothing is to be rolled back: a file that is not whole is thrown away.
    connection.execute_batch(
        "pragma journal_mode = off; pragma synchronous = off; pragma temp_store = memory;
         pragma trusted_schema = off; pragma mmap_size = 0; pragma cache_size = -65536;",
    )?;
    let key = from.map(StoreKey::raw);
    connection
        .prepare("attach database ?1 as old key ?2")?
        .execute(rusqlite::params![
            path.to_string_lossy(),
            key.as_ref().map_or("", |key| key.as_str())
        ])?;
    let version: u32 = connection.query_row("pragma old.user_version", [], |row| row.get(0))?;
    connection.execute_batch("begin")?;
    connection.query_row("select sqlcipher_export('main', 'old')", [], |_| Ok(()))?;
    // Neither is copied with the rows.
    connection.pragma_update(Some("main"), "application_id", APPLICATION_ID)?;
    connection.pragma_update(Some("main"), "user_version", version)?;
    connection.execute_batch("commit; detach database old;")?;
    Ok(())
}

/// Reads the new file back and compares it with what the old one held.
fn compare(part: &Path, key: Option<&StoreKey>, before: &Content) -> Result<()> {
    let differs = |what: String| StoreError::NotTheSame { what };
    let connection = connect(part, Access::Read, key)?;
    let application: i32 = connection.query_row("pragma application_id", [], |row| row.get(0))?;
    if application != APPLICATION_ID {
        return Err(differs("the mark of this program".to_owned()));
    }
    let verdict: String = connection.query_row("pragma quick_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(differs(verdict));
    }
    if key.is_some() {
        let mut statement = connection.prepare("pragma cipher_integrity_check")?;
        if let Some(row) = statement.query([])?.next()? {
            return Err(differs(row.get(0)?));
        }
    }
    let after = content(&connection)?;
    if after.version != before.version {
        return Err(differs("the version of the schema".to_owned()));
    }
    if after.schema != before.schema {
        return Err(differs("the schema".to_owned()));
    }
    if let Some((name, _)) = before
        .rows
        .iter()
        .find(|(name, count)| after.rows.get(*name) != Some(*count))
    {
        return Err(differs(format!("the rows of table {name}")));
    }
    if (after.size, after.root) != (before.size, before.root) {
        return Err(differs("the root of the tree".to_owned()));
    }
    let keys = DayKeys::new(Path::new(""), Access::Read);
    let report = fsck::run(&connection, &keys, Depth::Tree, &[], &mut |_, _, _| Ok(()))?;
    match report.damage.first() {
        Some(damage) => Err(differs(damage.sentence.clone())),
        None => Ok(()),
    }
}

impl Writer {
    /// Empties the write-ahead log and goes on without one, which only who has the file alone can do.
    fn drop_log(&mut self) -> Result<()> {
        self.empty_log()?;
        match self.journal("delete") {
            Ok(mode) if mode == "delete" => Ok(()),
            Ok(_) => Err(StoreError::Busy),
            Err(StoreError::Sql(error))
                if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) =>
            {
                Err(StoreError::Busy)
            }
            Err(error) => Err(error),
        }
    }

    fn keep_log(&mut self) -> Result<()> {
        self.journal("wal").map(drop)
    }

    fn journal(&self, mode: &str) -> Result<String> {
        let sql = format!("pragma journal_mode = {mode}");
        Ok(self.connection.query_row(&sql, [], |row| row.get(0))?)
    }

    /// Lets go of the file.
    fn disconnect(&mut self) -> Result<()> {
        let old = std::mem::replace(&mut self.connection, Connection::open_in_memory()?);
        old.close().map_err(|(_, error)| StoreError::from(error))
    }

    fn reconnect(&mut self, connection: Connection) -> Result<()> {
        self.connection = connection;
        self.watch_rows()
    }
}
