//! Bringing a store to the schema of this build.
//!
//! Each migration is a transaction of its own, and all of a new store one. Three deeds follow some of
//! them that SQL alone can't do; until they are done, `user_version` says in its upper half which
//! schema the store had, so that an upgrade that was cut short anywhere goes on at the next opening.
//! In: a connection and what was found. Not here: looking at the file (`inspecting`), the deeds (`row_log`, `inferring`, `lent`).

use assay_domain::formats::Format;
use rusqlite::Connection;

use crate::error::Result;
use crate::open::APPLICATION_ID;
use crate::record_keys;
use crate::writer::Writer;

#[cfg(test)]
mod tests;

/// The numbered migrations, in order. A landed one is never edited.
const MIGRATIONS: [&str; 27] = [
    include_str!("../migrations/0001_trail.sql"),
    include_str!("../migrations/0002_rules.sql"),
    include_str!("../migrations/0003_checkpoints.sql"),
    include_str!("../migrations/0004_retention.sql"),
    include_str!("../migrations/0005_approvals.sql"),
    include_str!("../migrations/0006_digests.sql"),
    include_str!("../migrations/0007_four_eyes.sql"),
    include_str!("../migrations/0008_row_log.sql"),
    include_str!("../migrations/0009_notes.sql"),
    include_str!("../migrations/0010_days.sql"),
    include_str!("../migrations/0011_reviews.sql"),
    include_str!("../migrations/0012_inferred.sql"),
    include_str!("../migrations/0013_coverage.sql"),
    include_str!("../migrations/0014_billed.sql"),
    include_str!("../migrations/0015_record_keys.sql"),
    include_str!("../migrations/0016_names.sql"),
    include_str!("../migrations/0017_test_sets.sql"),
    include_str!("../migrations/0018_vault.sql"),
    include_str!("../migrations/0019_policy_versions.sql"),
    include_str!("../migrations/0020_guards.sql"),
    include_str!("../migrations/0021_names_model.sql"),
    include_str!("../migrations/0022_errors.sql"),
    include_str!("../migrations/0023_packed.sql"),
    include_str!("../migrations/0024_principals.sql"),
    include_str!("../migrations/0025_lent.sql"),
    include_str!("../migrations/0026_spans.sql"),
    include_str!("../migrations/0027_enterprise.sql"),
];

/// The schema version from which on every row that is written is entered in the log of rows.
const ROWS_LOGGED_FROM: u32 = 8;

/// The schema version from which on records that share no id are joined by inference.
const INFERRED_FROM: u32 = 12;

/// The schema version from which on figures that other records of a call tell are counted as its own.
const LENT_FROM: u32 = 25;

/// The schema version from which on two spans that share no id are joined by inference.
const SPANS_FROM: u32 = 26;

/// The schema version that this build writes.
pub const SCHEMA: u32 = MIGRATIONS.len() as u32;

/// The schema of a store's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version {
    /// The last migration that is in it; 0 where there is none.
    pub(crate) migrated: u32,
    /// The schema from which an upgrade is under way; else the same.
    pub(crate) since: u32,
}

impl Version {
    pub(crate) const NONE: Self = Self {
        migrated: 0,
        since: 0,
    };

    /// Reads `user_version`.
    pub(crate) const fn of(user_version: u32) -> Self {
        let (since, migrated) = (user_version >> 16, user_version & 0xffff);
        Self {
            migrated,
            since: if since > 0 { since } else { migrated },
        }
    }

    /// What `user_version` is after a migration of this store.
    const fn after(self, migration: u32) -> u32 {
        if self.has_more() {
            self.since << 16 | migration
        } else {
            migration
        }
    }

    /// Whether something is to be done after the migrations.
    const fn has_more(self) -> bool {
        self.since > 0 && self.since < SPANS_FROM
    }
}

/// A store in memory with nothing in it: what the schema should be.
pub(crate) fn empty() -> Result<Connection> {
    let connection = Connection::open_in_memory()?;
    migrate(&connection, Version::NONE)?;
    Ok(connection)
}

/// Applies the migrations that are not in the store yet.
pub(crate) fn migrate(connection: &Connection, found: Version) -> Result<()> {
    migrate_up_to(connection, found, SCHEMA)
}

fn migrate_up_to(connection: &Connection, found: Version, last: u32) -> Result<()> {
    record_keys::add_functions(connection)?;
    let pending: Vec<(u32, &str)> = (1_u32..)
        .zip(MIGRATIONS)
        .filter(|(number, _)| (found.migrated + 1..=last).contains(number))
        .collect();
    // A new store that was cut short holds nothing and is begun anew, so it need not wait for the disk
    // between them.
    let at_once = match found {
        Version::NONE => pending.len().max(1),
        _ => 1,
    };
    for together in pending.chunks(at_once) {
        let transaction = connection.unchecked_transaction()?;
        for (number, migration) in together {
            transaction.execute_batch(migration)?;
            transaction.pragma_update(None, "user_version", found.after(*number))?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Whether records of a source that writes spans may be in the store.
fn may_hold_spans(connection: &Connection) -> Result<bool> {
    Ok(connection
        .prepare("select exists (select 1 from label where text = ?1)")?
        .query_row([Format::OpenTelemetry.name()], |row| row.get(0))?)
}

/// Does what follows the migrations of an old store. What was done already changes nothing again.
pub(crate) fn finish(writer: &mut Writer, found: Version) -> Result<()> {
    if !found.has_more() {
        return Ok(());
    }
    if found.since < ROWS_LOGGED_FROM {
        writer.take_stock()?;
    }
    if found.since < INFERRED_FROM || may_hold_spans(&writer.connection)? {
        writer.infer_all()?;
    }
    if found.since < LENT_FROM {
        writer.lend_all()?;
    }
    writer
        .connection
        .pragma_update(None, "user_version", SCHEMA)?;
    Ok(())
}
