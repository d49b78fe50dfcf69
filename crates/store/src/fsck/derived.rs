//! Depth `records`: roll-ups counted anew from the calls, record keys and the search index worked out
//! anew from them.

use std::collections::BTreeMap;

use assay_domain::call::Call;
use rusqlite::{OptionalExtension, Row};

use super::{Check, What};
use crate::calls;
use crate::coverage;
use crate::error::Result;
use crate::joins;
use crate::record_keys::{OWN_ID, day, first_eight};
use crate::rollups::by_name;
use crate::rollups::{Deltas, KEYS, LATENCY_KEYS, SUMS, Tables};

impl Check<'_> {
    pub(super) fn derived(&mut self) -> Result<()> {
        self.rollups()?;
        self.coverage()?;
        self.record_keys()?;
        self.texts()
    }

    fn rollups(&mut self) -> Result<()> {
        let mut deltas = Deltas::default();
        let connection = self.connection;
        let sql = format!(
            "select {} from call c where not exists (select 1 from witness w where w.seq = c.seq)",
            joins::counted_columns()
        );
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut one = joins::candidate(row)?;
            one.counted.sources = coverage::sources_of(connection, one.seq)?;
            one.counted.entities = by_name::entities_of(connection, one.seq)?;
            deltas.add(&one.counted);
        }
        let names = deltas.take_by_name();
        let Tables { sums, latencies } = deltas.counted();
        let mut counted = (0, 0);
        for (table, expected) in latencies {
            let expected = expected
                .into_iter()
                .map(|(key, calls)| (key.to_vec(), vec![calls]))
                .collect();
            self.recounted(table, (&LATENCY_KEYS, &["calls"]), expected, &mut counted)?;
        }
        for (table, expected) in sums {
            let expected = expected
                .into_iter()
                .map(|(key, sums)| (key.to_vec(), sums.to_vec()))
                .collect();
            self.recounted(table, (&KEYS, &SUMS), expected, &mut counted)?;
        }
        for ((table, columns), changes) in names.tables() {
            let expected = changes
                .into_iter()
                .map(|(key, calls)| (key[..columns.len()].to_vec(), vec![calls]))
                .collect();
            self.recounted(table, (columns, &["calls"]), expected, &mut counted)?;
        }
        self.counted("rows of roll-ups", counted.0, counted.1);
        Ok(())
    }

    /// What each source saw and tells.
    fn coverage(&mut self) -> Result<()> {
        let connection = self.connection;
        let mut counted = (0, 0);
        for ((table, keys, sums), sql) in coverage::columns()
            .into_iter()
            .zip([coverage::seen_anew(), coverage::told_anew("true")])
        {
            let mut expected = BTreeMap::new();
            let mut statement = connection.prepare(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                expected.insert(
                    numbers(row, 0, keys.len())?,
                    numbers(row, keys.len(), sums.len())?,
                );
            }
            self.recounted(table, (&keys, &sums), expected, &mut counted)?;
        }
        self.counted("rows of coverage", counted.0, counted.1);
        Ok(())
    }

    /// Compares a roll-up with what was counted anew; adds how many rows hold of how many.
    fn recounted(
        &mut self,
        table: &str,
        (keys, sums): (&[&'static str], &[&'static str]),
        mut expected: BTreeMap<Vec<i64>, Vec<i64>>,
        (held, all): &mut (u64, u64),
    ) -> Result<()> {
        let connection = self.connection;
        expected.retain(|_, sums| sums.iter().any(|sum| *sum != 0));
        let sql = format!(
            "select {}, {} from {table}",
            keys.join(", "),
            sums.join(", ")
        );
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let key = numbers(row, 0, keys.len())?;
            let is = numbers(row, keys.len(), sums.len())?;
            let counted = expected.remove(&key).unwrap_or_else(|| vec![0; sums.len()]);
            *all += 1;
            if is == counted {
                *held += 1;
                continue;
            }
            let at = is
                .iter()
                .zip(&counted)
                .position(|(is, counted)| is != counted);
            let column = at.and_then(|at| sums.get(at)).copied();
            self.found_at(
                What::Changed,
                (table, column),
                format!("{key:?}"),
                None,
                format!(
                    "A row of `{table}` says {} for `{}`, and the calls say {}.",
                    at.map_or(0, |at| is[at]),
                    column.unwrap_or_default(),
                    at.map_or(0, |at| counted[at])
                ),
            );
        }
        for (key, sums) in expected {
            *all += 1;
            self.found(
                What::Missing,
                table,
                format!("{key:?}"),
                format!(
                    "A row of `{table}` that counts {} calls is missing.",
                    sums[0]
                ),
            );
        }
        Ok(())
    }

    /// Every key that the calls should have is there, and there are no others: where as many are
    /// there as should be, and none of these is missing, none needs to be looked for.
    fn record_keys(&mut self) -> Result<()> {
        let connection = self.connection;
        let mut statement = connection.prepare(&format!("{KEYED} from call c order by c.seq"))?;
        let mut rows = statement.query([])?;
        let (mut held, mut wanted) = (0, 0);
        while let Some(row) = rows.next()? {
            for key in keys_of(row)? {
                wanted += 1;
                let is_there: bool = connection
                    .prepare_cached(
                        "select exists (select 1 from record_key
                         where day = ?1 and hash = ?2 and source = ?3 and seq = ?4)",
                    )?
                    .query_row(key, |row| row.get(0))?;
                if is_there {
                    held += 1;
                    continue;
                }
                self.found_at(
                    What::Missing,
                    ("record_key", None),
                    format!("{key:?}"),
                    Some(key[3].unsigned_abs()),
                    format!("A key of record {} is missing in `record_key`.", key[3]),
                );
            }
        }
        let there = self.number("select count(*) from record_key")?;
        if there != held {
            self.keys_of_nothing()?;
        }
        self.counted("record keys", held, wanted + (there - held));
        Ok(())
    }

    /// Names the keys that no call has.
    fn keys_of_nothing(&mut self) -> Result<()> {
        let connection = self.connection;
        let mut statement = connection.prepare("select day, hash, source, seq from record_key")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let key = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
            let is_known = connection
                .prepare_cached(&format!("{KEYED} from call c where c.seq = ?1"))?
                .query_row([key[3]], keys_of)
                .optional()?
                .is_some_and(|keys| keys.contains(&key));
            if !is_known {
                self.found_at(
                    What::Added,
                    ("record_key", None),
                    format!("{key:?}"),
                    Some(key[3].unsigned_abs()),
                    format!(
                        "A row of `record_key` names an id that record {} does not have.",
                        key[3]
                    ),
                );
            }
        }
        Ok(())
    }
}

/// What [`keys_of`] reads, of the table `c`.
const KEYED: &str = "select c.seq, c.id, c.started_at_ms, c.source, c.request_ids,
    (select text from label where id = c.source)";

/// The keys that a call should have.
fn keys_of(row: &Row<'_>) -> rusqlite::Result<Vec<[i64; 4]>> {
    let (seq, id): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
    let (day, source): (i64, i64) = (day(row.get(2)?), row.get(3)?);
    let (ids, name): (String, Option<String>) = (row.get(4)?, row.get(5)?);
    let mut keys = vec![[day, first_eight(&id), OWN_ID, seq]];
    for (id_name, id) in calls::names(&ids).iter().filter(|(_, id)| !id.is_empty()) {
        let of = match Call::SHARED_IDS.contains(&id_name.as_str()) {
            true => "",
            false => name.as_deref().unwrap_or_default(),
        };
        keys.push([day, joins::key_hash(id_name, of, id), source, seq]);
    }
    Ok(keys)
}

fn numbers(row: &Row<'_>, first: usize, count: usize) -> rusqlite::Result<Vec<i64>> {
    (first..first + count).map(|index| row.get(index)).collect()
}
