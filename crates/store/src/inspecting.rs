//! Looking at a store's file before it is opened, without writing to it.
//!
//! In: a path. Out: its schema version, and why its tree does not hold together, where it does not.
//! Not here: checking more than an open has time for (`fsck`).

use std::fs::File;
use std::io::Read;
use std::path::Path;

use rusqlite::Connection;

use crate::checkpoints;
use crate::cipher::StoreKey;
use crate::day_keys::DayKeys;
use crate::error::{Result, StoreError};
use crate::files::{file_error, with_suffix};
use crate::fsck::{self, Depth};
use crate::leaves;
use crate::open::{APPLICATION_ID, Access, Looked, connect, origin};
use crate::text_index;
use crate::upgrading::{SCHEMA, Version};

/// Leaves up to which all tiles are checked at each open: less than half a second.
const WHOLE_UP_TO: u64 = 1_000_000;
/// Bytes up to which a store is read whole each time it is opened: a quarter of a second.
const CHECKED_ALWAYS: u64 = 256 << 20;

/// What a look at the file showed.
pub(crate) struct Found {
    pub(crate) version: Version,
    /// Why the tree does not hold together; a sentence without a full stop.
    pub(crate) damage: Option<String>,
    pub(crate) looked_at: Looked,
}

impl Found {
    pub(crate) const NOTHING: Self = Self {
        version: Version::NONE,
        damage: None,
        looked_at: Looked::Whole,
    };
}

/// Looks at the file without writing to it; answers its schema version.
///
/// Its pages are read whole before anything is written to it, and where the last process did not
/// end well; who only reads a large store finds damage where it lies.
pub(crate) fn inspect(path: &Path, access: Access, key: Option<&StoreKey>) -> Result<Found> {
    let mut header = [0_u8; 100];
    if first_write_was_cut_short(path) {
        return Ok(Found::NOTHING);
    }
    let mut file = File::open(path).map_err(file_error(path))?;
    let length = file.metadata().map_err(file_error(path))?.len();
    if length == 0 {
        return Ok(Found::NOTHING);
    }
    let not_a_store = |reason: &str| StoreError::NotAStore {
        path: path.to_owned(),
        reason: reason.to_owned(),
    };
    file.read_exact(&mut header)
        .map_err(|_| not_a_store("not a SQLite file"))?;
    if key.is_none() && !header.starts_with(b"SQLite format 3\0") {
        return Err(not_a_store(
            "not a SQLite file, nor an encrypted store whose key was given",
        ));
    }
    let connection = connect(path, Access::Read, key)?;
    let damaged = |error: rusqlite::Error| {
        let reason = error.to_string();
        match StoreError::from(error) {
            StoreError::CutShort => StoreError::CutShort,
            _ => StoreError::Damaged {
                path: path.to_owned(),
                reason,
            },
        }
    };
    let application: i32 = connection
        .query_row("pragma application_id", [], |row| row.get(0))
        .map_err(damaged)?;
    if application == 0 && is_bare(&connection).map_err(damaged)? {
        // The very first write was cut short.
        return Ok(Found::NOTHING);
    }
    if application != APPLICATION_ID {
        return Err(not_a_store("another program's file"));
    }
    let version = connection
        .query_row("pragma user_version", [], |row| row.get(0))
        .map(Version::of)
        .map_err(damaged)?;
    if version.migrated > SCHEMA {
        return Err(StoreError::TooNew {
            path: path.to_owned(),
            found: version.migrated,
            known: SCHEMA,
        });
    }
    let ended_well = !std::fs::metadata(with_suffix(path, "-wal")).is_ok_and(|log| log.len() > 0);
    if (access == Access::Write || length <= CHECKED_ALWAYS || !ended_well)
        && let Some(reason) = broken_page(&connection).map_err(damaged)?
    {
        return Err(StoreError::Damaged {
            path: path.to_owned(),
            reason,
        });
    }
    if version.since < SCHEMA {
        return Ok(Found {
            version,
            ..Found::NOTHING
        });
    }
    let (damage, looked_at) = look(&connection)?;
    Ok(Found {
        version,
        damage,
        looked_at,
    })
}

/// What SQLite finds wrong with the pages. Where the search index is on it is asked table by table,
/// since it would read that index whole; one that does not hold is no damage but made anew.
fn broken_page(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let verdict = |of: &str| -> rusqlite::Result<Option<String>> {
        let sql = format!("pragma quick_check({of})");
        let verdict: String = connection.query_row(&sql, [], |row| row.get(0))?;
        Ok((verdict != "ok").then_some(verdict))
    };
    let tables: Vec<String> = connection
        .prepare("select name from sqlite_schema where type = 'table' order by name")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    if !tables.iter().any(|name| name == text_index::TABLE) {
        return verdict("1");
    }
    for name in tables
        .iter()
        .filter(|name| !name.starts_with(text_index::TABLE))
    {
        let found = verdict(&format!("\"{}\"", name.replace('"', "\"\"")))?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Checks the tree as far as an open has time for; answers why it does not hold together.
fn look(connection: &Connection) -> Result<(Option<String>, Looked)> {
    let size = leaves::count(connection)?;
    let edge = leaves::check_edge(connection)
        .and_then(|()| checkpoints::check_latest(connection))
        .and_then(|()| match size > 0 && origin(connection)?.is_empty() {
            true => Err(leaves::damaged("it does not say which workspace it is")),
            false => Ok(()),
        });
    let looked_at = match size <= WHOLE_UP_TO {
        true => Looked::Whole,
        false => Looked::Edge,
    };
    match (edge, looked_at) {
        (Err(StoreError::Damaged { reason, .. }), _) => Ok((Some(reason), looked_at)),
        (Err(error), _) => Err(error),
        (Ok(()), Looked::Edge) => Ok((None, looked_at)),
        (Ok(()), Looked::Whole) => {
            // Depth `tree` reads no record, so that it needs no day key.
            let keys = DayKeys::new(Path::new(""), Access::Read);
            let report = fsck::run(connection, &keys, Depth::Tree, &[], &mut |_, _, _| Ok(()))?;
            let first = report.damage.first();
            Ok((
                first.map(|damage| damage.sentence.trim_end_matches('.').to_owned()),
                looked_at,
            ))
        }
    }
}

/// Whether a rollback journal says that the database was empty before what it would undo. Only the
/// first write of a store is journalled so: from then on there is a write-ahead log.
///
/// Source: SQLite's file format §3, the rollback journal.
fn first_write_was_cut_short(path: &Path) -> bool {
    let mut header = [0_u8; 28];
    let read = File::open(with_suffix(path, "-journal"))
        .and_then(|mut journal| journal.read_exact(&mut header));
    read.is_ok()
        && header[..8] == [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]
        && header[16..20] == [0; 4]
}

/// Whether nothing was ever stored in the file.
fn is_bare(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("select count(*) = 0 from sqlite_schema", [], |row| {
        row.get(0)
    })
}
