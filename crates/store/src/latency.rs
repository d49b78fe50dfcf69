//! How long calls took: percentiles.
//!
//! From the roll-ups by day where they can answer, else by a scan; the answer is the same either
//! way. Not here: means, which the hourly sums give.

use assay_domain::query::Query;
use rusqlite::{Connection, Row};

use crate::error::Result;
use crate::filter::rolled::{Seen, compile_rollup, is_of_features, is_of_latencies, rollup_table};
use crate::filter::{Filter, call_column, compile_calls};
use crate::open::Store;
use crate::rollups::{last_of, rounded};
use crate::text_search::Need;

/// A percentile of the latencies of calls, by nearest rank: it lies between these, in milliseconds,
/// both included. They are equal up to 127 ms; above, they are at most a 64th of the value apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percentile {
    /// 1 to 100.
    pub percent: u8,
    pub from_ms: i64,
    pub to_ms: i64,
}

/// How long calls took.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Latencies {
    /// Calls whose latency is recorded.
    pub known: u64,
    /// In the order in which they were asked for; empty where no latency is recorded.
    pub percentiles: Vec<Percentile>,
}

impl Store {
    /// Percentiles of the latencies of the calls that match.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn latencies(&self, query: &Query, percents: &[u8]) -> Result<Latencies> {
        let counts = self.search(query, Need::All, |connection, looked| match compile_rollup(
            query,
            Seen::ByMany,
        ) {
            Some(filter) if is_of_latencies(query) => rolled(connection, query, filter),
            Some(filter) if is_of_features(query) => by_features(connection, filter),
            _ => scanned(connection, compile_calls(query, looked)),
        })?;
        Ok(of(&counts, percents))
    }
}

fn rolled(connection: &Connection, query: &Query, mut filter: Filter) -> Result<Vec<(i64, i64)>> {
    let (table, day) = match rollup_table(query) {
        "rollup_total" => ("latency_total", ""),
        _ => ("latency_day", "day_ms as hour_ms, "),
    };
    filter.sql = format!(
        "select r.latency_ms, sum(r.calls) from (
             select {day}deployment_id, request_model, status, latency_ms, calls from {table}
         ) r where {} group by r.latency_ms having sum(r.calls) > 0 order by r.latency_ms",
        filter.sql
    );
    counts(connection, &filter, |row| Ok((row.get(0)?, row.get(1)?)))
}

fn by_features(connection: &Connection, mut filter: Filter) -> Result<Vec<(i64, i64)>> {
    filter.sql = format!(
        "select r.latency_ms, sum(r.calls) from feature_latency r
         where {} group by r.latency_ms having sum(r.calls) > 0 order by r.latency_ms",
        filter.sql
    );
    counts(connection, &filter, |row| Ok((row.get(0)?, row.get(1)?)))
}

fn scanned(connection: &Connection, mut filter: Filter) -> Result<Vec<(i64, i64)>> {
    let latency = call_column("latency_ms");
    filter.sql = format!(
        "select {latency}, count(*) from call c
         where {latency} is not null and {} group by 1 order by 1",
        filter.listed()
    );
    let exact = counts(connection, &filter, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut rough: Vec<(i64, i64)> = Vec::new();
    for (latency_ms, calls) in exact {
        match rough.last_mut() {
            Some((last, sum)) if *last == rounded(latency_ms) => *sum += calls,
            _ => rough.push((rounded(latency_ms), calls)),
        }
    }
    Ok(rough)
}

fn counts(
    connection: &Connection,
    filter: &Filter,
    read: fn(&Row<'_>) -> rusqlite::Result<(i64, i64)>,
) -> Result<Vec<(i64, i64)>> {
    let mut statement = connection.prepare_cached(&filter.sql)?;
    let rows = statement.query_map(filter.named().as_slice(), read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// `counts` are of rounded latencies, in their order.
fn of(counts: &[(i64, i64)], percents: &[u8]) -> Latencies {
    let known: u64 = counts.iter().map(|(_, calls)| calls.unsigned_abs()).sum();
    let percentile = |percent: u8| {
        let percent = percent.clamp(1, 100);
        // Nearest rank: the smallest value that at least so many percent of the values don't exceed.
        let rank = (u128::from(known) * u128::from(percent)).div_ceil(100);
        let mut seen = 0_u128;
        let (value, _) = counts.iter().find(|(_, calls)| {
            seen += u128::from(calls.unsigned_abs());
            seen >= rank
        })?;
        Some(Percentile {
            percent,
            from_ms: *value,
            to_ms: last_of(*value),
        })
    };
    Latencies {
        known,
        percentiles: percents.iter().filter_map(|p| percentile(*p)).collect(),
    }
}
