//! Depth `records`: the rows of all other tables against the log of rows, and the log against the
//! leaves that commit to it.

use std::collections::{BTreeMap, BTreeSet};

use super::records::Commitments;
use super::{Check, What};
use crate::error::{Result, StoreError};
use crate::row_log::{Head, Logged, ROW};

/// What the log says of a row last: its digest and its salt.
type Last = (Vec<u8>, Option<Vec<u8>>);

impl Check<'_> {
    pub(super) fn rows(&mut self, commitments: &Commitments) -> Result<()> {
        let mut last = self.log(commitments)?;
        let tables = Logged::all(self.connection)?;
        let (mut held, mut all, mut done) = (0, 0, 0_u64);
        let total = last.values().map(|rows| rows.len() as u64).sum();
        for table in &tables {
            let entries = last.remove(&table.name).unwrap_or_default();
            let mut keys = self.keys_of(table)?;
            for (key, (digest, salt)) in entries {
                done += 1;
                self.hear("rows", done, total)?;
                let is_there = keys.remove(&key);
                if digest.is_empty() && !is_there {
                    continue;
                }
                all += 1;
                let is = match &salt {
                    Some(salt) => match table.digest(self.connection, &key, salt) {
                        Err(StoreError::Value(_)) => None,
                        digest => digest?,
                    },
                    None => None,
                };
                let (what, column, says) = match (is, is_there) {
                    (Some(is), _) if is == digest => {
                        held += 1;
                        continue;
                    }
                    _ if digest.is_empty() => (What::Added, None, "was removed, and is there"),
                    (_, false) => (What::Missing, None, "is missing"),
                    (Some(is), true) => {
                        let column = changed_column(table, &digest, &is);
                        (What::Changed, column, "is not what it was")
                    }
                    (None, true) => (
                        What::Changed,
                        None,
                        "or what `row_log` says of it, was changed",
                    ),
                };
                let sentence = format!("The row {key} of `{}` {says}.", table.name);
                self.found_at(what, (&table.name, column), key, None, sentence);
            }
            for key in keys {
                all += 1;
                let sentence = format!(
                    "The row {key} of `{}` was not written by this program.",
                    table.name
                );
                self.found(What::Added, &table.name, key, sentence);
            }
        }
        for (name, rows) in last {
            self.found(
                What::Changed,
                "row_log",
                name.clone(),
                format!(
                    "The log of rows tells of {} rows of a table `{name}`, which it should not.",
                    rows.len()
                ),
            );
        }
        self.counted("rows of tables", held, all);
        Ok(())
    }

    fn keys_of(&self, table: &Logged) -> Result<BTreeSet<String>> {
        let sql = format!(
            "select distinct {} from main.{} where {}",
            table.key_of(""),
            table.name,
            table.only("")
        );
        let mut statement = self.connection.prepare(&sql)?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Follows the log from its beginning: what it says of each row last.
    fn log(
        &mut self,
        commitments: &Commitments,
    ) -> Result<BTreeMap<String, BTreeMap<String, Last>>> {
        let by_entry: BTreeMap<i64, (u64, &str)> = commitments
            .iter()
            .map(|(leaf, (entry, chain))| (*entry, (*leaf, chain.as_str())))
            .collect();
        let mut found = BTreeSet::new();
        let mut last: BTreeMap<String, BTreeMap<String, Last>> = BTreeMap::new();
        let (mut head, mut held, mut all, mut committed) = (Head::default(), 0, 0_u64, 0_u64);
        let connection = self.connection;
        let mut statement = connection
            .prepare("select id, name, key, digest, salt, chain from row_log order by id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            all += 1;
            let id: i64 = row.get(0)?;
            let (name, key): (String, String) = (row.get(1)?, row.get(2)?);
            let digest: Vec<u8> = row.get(3)?;
            let salt: Option<Vec<u8>> = row.get(4)?;
            let chain: Vec<u8> = row.get(5)?;
            let expected = head.next(&name, &key, &digest);
            if id > expected.id {
                let (first, last) = (expected.id, id - 1);
                let gone = match first == last {
                    true => first.to_string(),
                    false => format!("{first}–{last}"),
                };
                let sentence = format!("Entry {gone} of the log of rows is missing.");
                self.found(What::Missing, "row_log", gone, sentence);
            }
            if id == expected.id && chain == expected.chain {
                held += 1;
            } else {
                self.found_at(
                    What::Changed,
                    ("row_log", Some("chain")),
                    id,
                    None,
                    format!("Entry {id} of the log of rows does not follow from the one before."),
                );
            }
            // What follows is judged by itself, so that one change is not found a thousand times.
            head = Head {
                id,
                chain: chain.as_slice().try_into().unwrap_or(expected.chain),
            };
            if let Some((leaf, chain)) = by_entry.get(&id) {
                found.insert(id);
                committed = all;
                if hex::encode(head.chain) != *chain {
                    self.found_at(
                        What::Changed,
                        ("row_log", Some("chain")),
                        id,
                        Some(*leaf),
                        format!("The log of rows up to entry {id} is not the one that leaf {leaf} commits to."),
                    );
                }
            }
            if !name.is_empty() {
                last.entry(name).or_default().insert(key, (digest, salt));
            }
        }
        for (id, (leaf, _)) in by_entry.iter().filter(|(id, _)| !found.contains(*id)) {
            self.found_at(
                What::Missing,
                ("row_log", None),
                id,
                Some(*leaf),
                format!("Entry {id} of the log of rows is missing; leaf {leaf} commits to it."),
            );
        }
        self.counted("entries of the log of rows", held, all);
        if committed < all {
            self.not_checked(format!(
                "No leaf commits yet to the last {} of {all} entries of the log of rows: whoever can write to the store could have written them. The next signature covers them.",
                all - committed
            ));
        }
        Ok(last)
    }
}

/// The first column whose part of the digest differs.
fn changed_column<'t>(table: &'t Logged, was: &[u8], is: &[u8]) -> Option<&'t str> {
    let parts = |digest: &'_ [u8]| {
        digest
            .get(ROW..)
            .unwrap_or_default()
            .as_chunks::<2>()
            .0
            .to_vec()
    };
    let at = parts(was)
        .iter()
        .zip(parts(is))
        .position(|(was, is)| *was != is)?;
    table.columns.get(at).map(String::as_str)
}
