//! Depth `records`: roll-ups counted anew from the calls, and join keys worked out anew from them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use assay_domain::call::Call;
use rusqlite::Row;

use super::{Check, What};
use crate::calls;
use crate::error::Result;
use crate::joins;
use crate::rollups::{Deltas, KEYS, LATENCY_KEYS, LatencyKey, SUMS, Sums, Tables};

impl Check<'_> {
    pub(super) fn derived(&mut self) -> Result<()> {
        self.rollups()?;
        self.join_keys()
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
            deltas.add(&joins::candidate(row)?.counted);
        }
        let Tables { sums, latencies } = deltas.counted();
        let (mut held, mut all) = (0, 0);
        for (table, expected) in sums {
            let mut expected: BTreeMap<_, Sums> = expected
                .into_iter()
                .filter(|(_, sums)| sums.iter().any(|sum| *sum != 0))
                .collect();
            let sql = format!(
                "select {}, {} from {table}",
                KEYS.join(", "),
                SUMS.join(", ")
            );
            let mut statement = connection.prepare(&sql)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let key: [i64; KEYS.len()] = numbers(row, 0)?;
                let is: Sums = numbers(row, KEYS.len())?;
                let counted = expected.remove(&key).unwrap_or_default();
                all += 1;
                if is == counted {
                    held += 1;
                    continue;
                }
                let at = is
                    .iter()
                    .zip(counted)
                    .position(|(is, counted)| *is != counted);
                let column = at.and_then(|at| SUMS.get(at)).copied();
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
                all += 1;
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
        }
        for (table, expected) in latencies {
            let (is, of) = self.latencies(table, expected)?;
            (held, all) = (held + is, all + of);
        }
        self.counted("rows of roll-ups", held, all);
        Ok(())
    }

    /// Compares a table of latencies with what the calls say; answers rows that agree, and rows.
    fn latencies(
        &mut self,
        table: &'static str,
        expected: HashMap<LatencyKey, i64>,
    ) -> Result<(u64, u64)> {
        let connection = self.connection;
        let mut expected: BTreeMap<LatencyKey, i64> = expected.into_iter().collect();
        let (mut held, mut all) = (0, 0);
        let sql = format!("select {}, calls from {table}", LATENCY_KEYS.join(", "));
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let key: LatencyKey = numbers(row, 0)?;
            let is: i64 = row.get(LATENCY_KEYS.len())?;
            let counted = expected.remove(&key).unwrap_or_default();
            all += 1;
            if is == counted {
                held += 1;
                continue;
            }
            self.found_at(
                What::Changed,
                (table, Some("calls")),
                format!("{key:?}"),
                None,
                format!("A row of `{table}` says {is} calls, and the calls say {counted}."),
            );
        }
        for (key, calls) in expected {
            all += 1;
            self.found(
                What::Missing,
                table,
                format!("{key:?}"),
                format!("A row of `{table}` that counts {calls} calls is missing."),
            );
        }
        Ok((held, all))
    }

    fn join_keys(&mut self) -> Result<()> {
        let connection = self.connection;
        let mut statement = connection.prepare(
            "select c.seq, c.source, c.request_ids, (select text from label where id = c.source)
             from call c where c.request_ids <> '{}' order by c.seq",
        )?;
        let mut expected: BTreeSet<(i64, i64, i64)> = BTreeSet::new();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (seq, source): (i64, i64) = (row.get(0)?, row.get(1)?);
            let (ids, name): (String, Option<String>) = (row.get(2)?, row.get(3)?);
            for (id_name, id) in calls::names(&ids).iter().filter(|(_, id)| !id.is_empty()) {
                let of = match Call::SHARED_IDS.contains(&id_name.as_str()) {
                    true => "",
                    false => name.as_deref().unwrap_or_default(),
                };
                expected.insert((joins::key_hash(id_name, of, id), source, seq));
            }
        }
        let (mut held, mut all) = (0, 0);
        let mut statement = connection.prepare("select hash, source, seq from join_key")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            all += 1;
            let key: (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if expected.remove(&key) {
                held += 1;
                continue;
            }
            self.found_at(
                What::Added,
                ("join_key", None),
                format!("[{},{},{}]", key.0, key.1, key.2),
                Some(key.2.unsigned_abs()),
                format!(
                    "A row of `join_key` names an id that record {} does not have.",
                    key.2
                ),
            );
        }
        for (hash, source, seq) in expected {
            all += 1;
            self.found_at(
                What::Missing,
                ("join_key", None),
                format!("[{hash},{source},{seq}]"),
                Some(seq.unsigned_abs()),
                format!("An id of record {seq} is missing in `join_key`."),
            );
        }
        self.counted("join keys", held, all);
        Ok(())
    }
}

fn numbers<const N: usize>(row: &Row<'_>, first: usize) -> rusqlite::Result<[i64; N]> {
    let mut numbers = [0; N];
    for (index, number) in numbers.iter_mut().enumerate() {
        *number = row.get(first + index)?;
    }
    Ok(numbers)
}
