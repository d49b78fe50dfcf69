//! Every depth: whether tables, indexes and triggers are the ones that this program made. Depth
//! `records`: whether the file's pages and indexes hold together.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use super::{Check, What};
use crate::error::Result;
use crate::text_index;
use crate::upgrading;

/// Name to table and definition.
type Schema = BTreeMap<String, (String, String)>;

fn read(connection: &Connection) -> Result<Schema> {
    let mut statement = connection.prepare(
        "select type || ' ' || name, tbl_name, sql from sqlite_schema
         where sql is not null and name not like 'sqlite_%'",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
    let mut schema: Schema = rows.collect::<rusqlite::Result<_>>()?;
    // The search index may be on or off, and is no reason not to open the store (`texts`).
    for part in text_index::PARTS {
        schema.remove(&format!("table {}{part}", text_index::TABLE));
    }
    Ok(schema)
}

/// The digest of [`wanted`], so that not every opening makes a store to compare with.
const WANTED: &str = "bc40028759affb7fd3234568b6defb3f5803f0903d683bee51e4d4e0dfd1a225";

/// SHA-256 of a schema: of each part its name, table and definition, each behind its length.
fn digest(schema: &Schema) -> String {
    let mut digest = Sha256::new();
    for part in schema
        .iter()
        .flat_map(|(name, (table, sql))| [name, table, sql])
    {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    hex::encode(digest.finalize())
}

/// The schema of a store that was just made: the same for as long as this program runs.
fn wanted() -> Result<&'static Schema> {
    static MADE: OnceLock<Schema> = OnceLock::new();
    match MADE.get() {
        Some(made) => Ok(made),
        None => {
            let made = read(&upgrading::empty()?)?;
            Ok(MADE.get_or_init(|| made))
        }
    }
}

impl Check<'_> {
    pub(super) fn schema(&mut self) -> Result<()> {
        let mut found = read(self.connection)?;
        if digest(&found) == WANTED {
            let all = found.len() as u64;
            self.counted("parts of the schema", all, all);
            return Ok(());
        }
        let wanted = wanted()?;
        let (mut held, all) = (0, wanted.len() as u64);
        for (name, (table, sql)) in wanted {
            match found.remove(name) {
                Some((_, theirs)) if theirs == *sql => held += 1,
                Some(_) => self.found(
                    What::Changed,
                    table,
                    name,
                    format!("The {name} of the store's schema was changed."),
                ),
                None => self.found(
                    What::Missing,
                    table,
                    name,
                    format!("The {name} of the store's schema is missing."),
                ),
            }
        }
        for (name, (table, _)) in found {
            self.found(
                What::Added,
                &table,
                &name,
                format!("The {name} was added to the store's schema."),
            );
        }
        self.counted("parts of the schema", held, all);
        Ok(())
    }

    /// Pages and indexes, as SQLite checks them.
    pub(super) fn pages(&mut self) -> Result<()> {
        let mut statement = self.connection.prepare("pragma integrity_check(100)")?;
        let answers: Vec<String> = statement
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let is_ok = answers.iter().all(|answer| answer == "ok");
        for answer in answers.iter().filter(|answer| *answer != "ok") {
            self.found(
                What::Changed,
                "sqlite_schema",
                "pages",
                format!("SQLite finds the file damaged: {answer}."),
            );
        }
        self.counted("file of the database", u64::from(is_ok), 1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{WANTED, digest, wanted};

    #[test]
    fn the_digest_is_that_of_a_new_store() {
        assert_eq!(digest(wanted().unwrap()), WANTED);
    }
}
