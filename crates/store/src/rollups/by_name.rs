//! Coarser roll-ups: calls by principal, by type of personal data found in them, and by features
//! and latency. They hold less than the hourly ones, so that they stay small however many
//! principals there are.
//!
//! Kept true in the transaction of the calls, of what is found in them, and of erasures. Not here:
//! reading them (`facets`), what else is counted (`rollups`).

use rusqlite::{Connection, OptionalExtension, params};

use super::{Counted, DAY_MS, Deltas, rounded, start_of};
use crate::error::Result;
use crate::joins::as_counted;
use crate::rollups::mixing::Map;

/// Columns of a key, the rest zero.
pub(crate) type Key = [i64; 9];

/// A roll-up of calls: its name and the columns of its key.
pub(crate) type Table = (&'static str, &'static [&'static str]);

/// The roll-ups, each with its key.
pub(crate) const TABLES: [Table; 5] = [
    (
        "principal_total",
        &[
            "principal",
            "deployment_id",
            "kind",
            "source",
            "request_model",
            "requested_region",
            "served_region",
            "status",
            "sources",
        ],
    ),
    (
        "principal_day",
        &[
            "hour_ms",
            "principal",
            "deployment_id",
            "request_model",
            "status",
        ],
    ),
    (
        "entity_total",
        &[
            "entity_type",
            "deployment_id",
            "kind",
            "source",
            "request_model",
            "requested_region",
            "served_region",
            "status",
            "sources",
        ],
    ),
    (
        "entity_day",
        &[
            "hour_ms",
            "entity_type",
            "deployment_id",
            "request_model",
            "requested_region",
            "served_region",
            "status",
        ],
    ),
    ("feature_latency", &["features", "status", "latency_ms"]),
];

/// Changes that are not written yet, table by table.
#[derive(Default)]
pub(crate) struct ByName([Map<Key, i64>; 5]);

impl ByName {
    /// Counts a call, or with -1 takes it out.
    pub(super) fn change(&mut self, counted: &Counted, sign: i64) {
        let [total, days, _, _, latencies] = &mut self.0;
        *total.entry(whole(counted.principal, counted)).or_default() += sign;
        let key = [
            start_of(counted.started_at_ms, DAY_MS),
            counted.principal,
            counted.deployment_id,
            counted.request_model,
            counted.status,
            0,
            0,
            0,
            0,
        ];
        *days.entry(key).or_default() += sign;
        if let Some(latency_ms) = counted.latency_ms {
            let key = [
                counted.features,
                counted.status,
                rounded(latency_ms),
                0,
                0,
                0,
                0,
                0,
                0,
            ];
            *latencies.entry(key).or_default() += sign;
        }
        for entity_type in &counted.entities {
            self.found(*entity_type, counted, sign);
        }
    }

    /// Counts a call under a type of personal data, or with -1 takes it out.
    fn found(&mut self, entity_type: i64, counted: &Counted, sign: i64) {
        let [_, _, total, days, _] = &mut self.0;
        *total.entry(whole(entity_type, counted)).or_default() += sign;
        let key = [
            start_of(counted.started_at_ms, DAY_MS),
            entity_type,
            counted.deployment_id,
            counted.request_model,
            counted.requested_region,
            counted.served_region,
            counted.status,
            0,
            0,
        ];
        *days.entry(key).or_default() += sign;
    }

    /// What was counted, table by table.
    pub(crate) fn tables(self) -> impl Iterator<Item = (Table, Map<Key, i64>)> {
        TABLES.into_iter().zip(self.0)
    }

    /// Writes the changes.
    pub(super) fn write(self, connection: &Connection) -> Result<()> {
        for ((name, columns), changes) in self.tables() {
            let mut all: Vec<(Key, i64)> = changes
                .into_iter()
                .filter(|(_, calls)| *calls != 0)
                .collect();
            if all.is_empty() {
                continue;
            }
            all.sort_unstable();
            let places: Vec<String> = (1..=columns.len() + 1).map(|n| format!("?{n}")).collect();
            let mut statement = connection.prepare_cached(&format!(
                "insert into {name} ({}, calls) values ({})
                 on conflict do update set calls = calls + excluded.calls",
                columns.join(", "),
                places.join(", ")
            ))?;
            for (key, calls) in all {
                let values = key.into_iter().take(columns.len()).chain([calls]);
                statement.execute(rusqlite::params_from_iter(values))?;
            }
        }
        Ok(())
    }
}

fn whole(name: i64, counted: &Counted) -> Key {
    [
        name,
        counted.deployment_id,
        counted.kind,
        counted.source,
        counted.request_model,
        counted.requested_region,
        counted.served_region,
        counted.status,
        counted.sources,
    ]
}

/// The types of personal data that were found in the record at `seq`.
pub(crate) fn entities_of(connection: &Connection, seq: i64) -> Result<Vec<i64>> {
    let mut statement = connection.prepare_cached(
        "select distinct entity_type from entity where seq = ?1 order by entity_type",
    )?;
    let rows = statement.query_map([seq], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Takes out what the records of a range are about to lose by an erasure: principals and what was
/// found in them.
pub(crate) fn forget(connection: &Connection, from: u64, to: u64) -> Result<()> {
    let mut losing = connection.prepare_cached(
        "select c.seq from call c
         where c.seq >= ?1 and c.seq < ?2
           and (c.principal is not null or exists (select 1 from entity e where e.seq = c.seq))
           and not exists (select 1 from witness hidden where hidden.seq = c.seq)",
    )?;
    let mut rows = losing.query(params![from as i64, to as i64])?;
    let mut changes = ByName::default();
    while let Some(row) = rows.next()? {
        let mut counted = as_counted(connection, row.get(0)?)?.counted;
        changes.change(&counted, -1);
        counted.principal = 0;
        counted.entities.clear();
        changes.change(&counted, 1);
    }
    changes.write(connection)
}

/// Deletes the rows that count nothing any more, so that the names in them can go.
pub(crate) fn tidy(connection: &Connection) -> Result<()> {
    for (name, _) in TABLES {
        connection.execute(&format!("delete from {name} where calls = 0"), [])?;
    }
    Ok(())
}

/// Counts calls under types of personal data that were just found in them. `found` are leaves with
/// the types that were not known of them before.
pub(crate) fn note_found(connection: &Connection, found: &[(i64, Vec<i64>)]) -> Result<()> {
    let mut changes = ByName::default();
    for (seq, types) in found.iter().filter(|(_, types)| !types.is_empty()) {
        let hidden: Option<i64> = connection
            .prepare_cached("select seq from witness where seq = ?1")?
            .query_row([seq], |row| row.get(0))
            .optional()?;
        if hidden.is_some() {
            continue;
        }
        let counted = as_counted(connection, *seq)?.counted;
        for entity_type in types {
            changes.found(*entity_type, &counted, 1);
        }
    }
    changes.write(connection)
}

/// Forgets what was found in calls.
pub(crate) fn forget_found(connection: &Connection) -> Result<()> {
    connection.execute_batch("delete from entity_total; delete from entity_day;")?;
    Ok(())
}

impl Deltas {
    /// Counts by names, for comparing.
    pub(crate) fn take_by_name(&mut self) -> ByName {
        std::mem::take(&mut self.by_name)
    }
}
