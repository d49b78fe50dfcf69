//! What checks and reports ask of the calls beyond counts: days with their cost.
//!
//! In: a deployment, or none for all. Out: sums from the roll-ups. Not here: counts by query
//! (`facets`).

use rusqlite::params;

use crate::error::Result;
use crate::open::Store;

/// Sums over a day, UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DaySums {
    pub start_ms: i64,
    pub calls: u64,
    pub errors: u64,
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// Calls whose input and output tokens are recorded.
    pub tokens_known: u64,
    pub cost_usd_micros: i64,
    /// Calls whose cost is known.
    pub cost_known: u64,
    pub latency_ms: u64,
    pub latency_known: u64,
}

impl Store {
    /// The days of a deployment that have calls, in order; calls without a time are in none.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn days(&self, deployment: Option<&str>) -> Result<Vec<DaySums>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select hour_ms as day, sum(calls), coalesce(sum(case when status = 1 then calls end), 0),
                    sum(input_tokens), sum(output_tokens), sum(tokens_known), sum(cost_usd_micros),
                    sum(cost_known), sum(latency_ms), sum(latency_known)
                 from rollup_day
                 where hour_ms >= 0 and (?1 is null or deployment_id = (select id from deployment where name = ?1))
                 group by day having sum(calls) > 0 order by day",
            )?;
            let rows = statement.query_map(params![deployment], |row| {
                let count = |index: usize| row.get::<_, i64>(index).map(i64::unsigned_abs);
                Ok(DaySums {
                    start_ms: row.get(0)?,
                    calls: count(1)?,
                    errors: count(2)?,
                    input_tokens: count(3)?,
                    output_tokens: count(4)?,
                    tokens_known: count(5)?,
                    cost_usd_micros: row.get(6)?,
                    cost_known: count(7)?,
                    latency_ms: count(8)?,
                    latency_known: count(9)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The version of the SQLite that the store runs on.
    pub fn sqlite_version() -> &'static str {
        rusqlite::version()
    }
}
