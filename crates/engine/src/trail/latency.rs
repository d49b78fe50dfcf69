//! How long calls took: percentiles of the calls that match a query.
//!
//! In: a query. Out: ranges of milliseconds, with how many calls they are of. Not here: counting (the
//! store).

use assay_domain::query::keys::Table;
use serde::Serialize;
use ts_rs::TS;

use crate::error::Result;
use crate::opening::{Engine, read_query};
use crate::trail::view::Query;

/// The percentiles that are shown.
const PERCENTS: [u8; 3] = [50, 95, 99];

/// How long the calls took that match a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Latency {
    /// Calls that match.
    pub matching: u64,
    /// Of them, those whose latency is recorded: what the percentiles are of.
    pub known: u64,
    /// The 50th, 95th and 99th; none where no latency is recorded.
    pub percentiles: Vec<LatencyPercentile>,
}

/// A percentile by nearest rank: the latency lies between these, in milliseconds, both included.
/// They are equal up to 127 ms; above, they are at most a 64th of the value apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
pub struct LatencyPercentile {
    pub percent: u8,
    pub from_ms: i64,
    pub to_ms: i64,
}

/// Percentiles of the latencies of the calls that match.
///
/// # Errors
/// `bad_input` for the query; the store's errors.
pub fn show(engine: &Engine, input: Query) -> Result<Latency> {
    let query = read_query(&input.query, Table::Calls)?;
    let (matching, _) = engine.store().count(&query)?;
    let found = engine.store().latencies(&query, &PERCENTS)?;
    Ok(Latency {
        matching,
        known: found.known,
        percentiles: found
            .percentiles
            .into_iter()
            .map(|one| LatencyPercentile {
                percent: one.percent,
                from_ms: one.from_ms,
                to_ms: one.to_ms,
            })
            .collect(),
    })
}
