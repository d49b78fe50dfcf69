//! Roll-ups: calls by hour, by day and over all time, and by what is counted over; and how their
//! latencies are distributed. Kept true in the transaction of the calls they come from.
//!
//! Counts, facets, charts, sums and percentiles read these and never scan the calls. Not here:
//! queries that ask for more than the roll-ups hold; those are counted exactly, by scanning
//! (`facets`, `latency`).

use rusqlite::{Connection, params};

use crate::coverage::{Coverage, start_of};
use crate::error::Result;
use crate::rollups::by_name::ByName;
use crate::rollups::mixing::Map;

pub(crate) mod by_name;
pub(crate) mod mixing;

/// Milliseconds of an hour.
pub const HOUR_MS: i64 = 3_600_000;
/// Milliseconds of a day.
pub const DAY_MS: i64 = 24 * HOUR_MS;
/// Latencies from here on are one range.
const LONGEST_MS: i64 = 1 << 42;

/// A latency rounded down to its seven highest bits: exact up to 127 ms, above that the beginning of
/// a range of at most a 64th of its value.
pub(crate) fn rounded(latency_ms: i64) -> i64 {
    if latency_ms < 128 {
        return latency_ms;
    }
    let shift = 57 - latency_ms.leading_zeros();
    (latency_ms >> shift << shift).min(LONGEST_MS)
}

/// The last latency, in milliseconds, that is rounded to `rounded`.
pub(crate) fn last_of(rounded: i64) -> i64 {
    if rounded < 128 {
        return rounded;
    }
    if rounded >= LONGEST_MS {
        return i64::MAX;
    }
    rounded + (1 << (57 - rounded.leading_zeros())) - 1
}

/// What a call counts as.
#[derive(Debug, Clone)]
pub(crate) struct Counted {
    pub(crate) started_at_ms: Option<i64>,
    pub(crate) deployment_id: i64,
    pub(crate) kind: i64,
    pub(crate) source: i64,
    pub(crate) request_model: i64,
    pub(crate) requested_region: i64,
    pub(crate) served_region: i64,
    pub(crate) principal: i64,
    pub(crate) status: i64,
    pub(crate) http_status: i64,
    pub(crate) body: i64,
    pub(crate) features: i64,
    pub(crate) input_tokens: Option<i64>,
    pub(crate) output_tokens: Option<i64>,
    pub(crate) cache_read_tokens: Option<i64>,
    pub(crate) cache_write_5m_tokens: Option<i64>,
    pub(crate) cache_write_1h_tokens: Option<i64>,
    pub(crate) cost_usd_micros: Option<i64>,
    pub(crate) latency_ms: Option<i64>,
    pub(crate) private_path: bool,
    /// The sources that saw it, one bit each.
    pub(crate) sources: i64,
    /// No log of its provider can hold it.
    pub(crate) is_unlogged: bool,
    /// The types of personal data found in it, each once.
    pub(crate) entities: Vec<i64>,
}

/// hour, deployment, kind, source, model, requested and served region, status, http status, body,
/// features.
pub(crate) type Key = [i64; 11];
/// The columns of a key, in order.
pub(crate) const KEYS: [&str; 11] = [
    "hour_ms",
    "deployment_id",
    "kind",
    "source",
    "request_model",
    "requested_region",
    "served_region",
    "status",
    "http_status",
    "body",
    "features",
];
/// calls, five token buckets, tokens known, cost, cost known, latency, latency known, private path.
pub(crate) type Sums = [i64; 12];
/// The columns of the sums, in order.
pub(crate) const SUMS: [&str; 12] = [
    "calls",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "tokens_known",
    "cost_usd_micros",
    "cost_known",
    "latency_ms",
    "latency_known",
    "private_path",
];

/// day, deployment, model, status, rounded latency.
pub(crate) type LatencyKey = [i64; 5];
/// The columns of a latency key, in order.
pub(crate) const LATENCY_KEYS: [&str; 5] = [
    "day_ms",
    "deployment_id",
    "request_model",
    "status",
    "latency_ms",
];

/// Changes to the roll-ups that are not written yet.
#[derive(Default)]
pub(crate) struct Deltas {
    hours: Map<Key, Sums>,
    latencies: Map<LatencyKey, i64>,
    by_name: ByName,
    pub(crate) coverage: Coverage,
}

/// What was counted, table by table.
pub(crate) struct Tables {
    pub(crate) sums: [(&'static str, Map<Key, Sums>); 3],
    pub(crate) latencies: [(&'static str, Map<LatencyKey, i64>); 2],
}

impl Deltas {
    /// Counts a call.
    pub(crate) fn add(&mut self, counted: &Counted) {
        self.change(counted, 1);
    }

    /// Takes a call out that is counted by another record now.
    pub(crate) fn subtract(&mut self, counted: &Counted) {
        self.change(counted, -1);
    }

    fn change(&mut self, counted: &Counted, sign: i64) {
        let hour = start_of(counted.started_at_ms, HOUR_MS);
        let seen = [
            hour,
            counted.deployment_id,
            counted.sources,
            i64::from(counted.is_unlogged),
        ];
        self.coverage.seen(seen, sign);
        self.by_name.change(counted, sign);
        let key = [
            hour,
            counted.deployment_id,
            counted.kind,
            counted.source,
            counted.request_model,
            counted.requested_region,
            counted.served_region,
            counted.status,
            counted.http_status,
            counted.body,
            counted.features,
        ];
        let tokens_known = counted.input_tokens.is_some() && counted.output_tokens.is_some();
        let sums = [
            1,
            counted.input_tokens.unwrap_or(0),
            counted.output_tokens.unwrap_or(0),
            counted.cache_read_tokens.unwrap_or(0),
            counted.cache_write_5m_tokens.unwrap_or(0),
            counted.cache_write_1h_tokens.unwrap_or(0),
            i64::from(tokens_known),
            counted.cost_usd_micros.unwrap_or(0),
            i64::from(counted.cost_usd_micros.is_some()),
            counted.latency_ms.unwrap_or(0),
            i64::from(counted.latency_ms.is_some()),
            i64::from(counted.private_path),
        ];
        add(self.hours.entry(key).or_default(), &sums, sign);
        if let Some(latency_ms) = counted.latency_ms {
            let key = [
                day_of(hour),
                counted.deployment_id,
                counted.request_model,
                counted.status,
                rounded(latency_ms),
            ];
            *self.latencies.entry(key).or_default() += sign;
        }
    }

    /// What was counted, by hour, by day and over all time.
    pub(crate) fn counted(self) -> Tables {
        let (mut days, mut total): (Map<Key, Sums>, Map<Key, Sums>) = Default::default();
        for (key, sums) in &self.hours {
            let mut key = *key;
            key[0] = day_of(key[0]);
            add(days.entry(key).or_default(), sums, 1);
            key[0] = 0;
            add(total.entry(key).or_default(), sums, 1);
        }
        let mut all: Map<LatencyKey, i64> = Map::default();
        for (key, calls) in &self.latencies {
            let mut key = *key;
            key[0] = 0;
            *all.entry(key).or_default() += calls;
        }
        Tables {
            sums: [
                ("rollup", self.hours),
                ("rollup_day", days),
                ("rollup_total", total),
            ],
            latencies: [("latency_day", self.latencies), ("latency_total", all)],
        }
    }

    /// Writes the changes, in the transaction of the calls they come from.
    pub(crate) fn write(mut self, connection: &Connection) -> Result<()> {
        std::mem::take(&mut self.coverage).write(connection)?;
        self.take_by_name().write(connection)?;
        let tables = self.counted();
        for (table, changes) in tables.sums {
            write(connection, table, changes)?;
        }
        for (table, changes) in tables.latencies {
            write_latencies(connection, table, changes)?;
        }
        Ok(())
    }
}

/// The day of an hour; -1 stays "not recorded".
fn day_of(hour_ms: i64) -> i64 {
    match hour_ms {
        -1 => -1,
        hour => hour.div_euclid(DAY_MS) * DAY_MS,
    }
}

fn add(to: &mut Sums, sums: &Sums, sign: i64) {
    for (total, change) in to.iter_mut().zip(sums) {
        *total = total.saturating_add(change.saturating_mul(sign));
    }
}

fn write_latencies(
    connection: &Connection,
    table: &str,
    changes: Map<LatencyKey, i64>,
) -> Result<()> {
    let mut statement = connection.prepare_cached(&format!(
        "insert into {table} (day_ms, deployment_id, request_model, status, latency_ms, calls)
         values (?1, ?2, ?3, ?4, ?5, ?6)
         on conflict do update set calls = calls + excluded.calls"
    ))?;
    let mut all: Vec<(LatencyKey, i64)> = changes
        .into_iter()
        .filter(|(_, calls)| *calls != 0)
        .collect();
    all.sort_unstable();
    for (k, calls) in all {
        statement.execute(params![k[0], k[1], k[2], k[3], k[4], calls])?;
    }
    Ok(())
}

fn write(connection: &Connection, table: &str, changes: Map<Key, Sums>) -> Result<()> {
    let mut statement = connection.prepare_cached(&format!(
            "insert into {table} (hour_ms, deployment_id, kind, source, request_model,
                requested_region, served_region, status, http_status, body, features, calls, input_tokens,
                output_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens,
                tokens_known, cost_usd_micros, cost_known, latency_ms, latency_known, private_path)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                ?19, ?20, ?21, ?22, ?23)
             on conflict do update set
                calls = calls + excluded.calls,
                input_tokens = input_tokens + excluded.input_tokens,
                output_tokens = output_tokens + excluded.output_tokens,
                cache_read_tokens = cache_read_tokens + excluded.cache_read_tokens,
                cache_write_5m_tokens = cache_write_5m_tokens + excluded.cache_write_5m_tokens,
                cache_write_1h_tokens = cache_write_1h_tokens + excluded.cache_write_1h_tokens,
                tokens_known = tokens_known + excluded.tokens_known,
                cost_usd_micros = cost_usd_micros + excluded.cost_usd_micros,
                cost_known = cost_known + excluded.cost_known,
                latency_ms = latency_ms + excluded.latency_ms,
                latency_known = latency_known + excluded.latency_known,
                private_path = private_path + excluded.private_path"
        ))?;
    let mut all: Vec<(Key, Sums)> = changes.into_iter().collect();
    all.sort_unstable();
    for (k, s) in all {
        statement.execute(params![
            k[0], k[1], k[2], k[3], k[4], k[5], k[6], k[7], k[8], k[9], k[10], s[0], s[1], s[2],
            s[3], s[4], s[5], s[6], s[7], s[8], s[9], s[10], s[11]
        ])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rounded_latency_is_exact_when_short_and_within_a_64th_when_long() {
        for ms in (-2..5_000).chain([86_399_999, (1 << 42) - 1]) {
            let (from, to) = (rounded(ms), last_of(rounded(ms)));
            assert!(from <= ms && ms <= to, "{ms}: {from} to {to}");
            assert_eq!((rounded(from), rounded(to)), (from, from), "{ms}");
            assert!(ms >= 128 || from == to, "{ms}");
            assert!((to - from) * 64 <= ms.max(0), "{ms}: {from} to {to}");
        }
        assert_eq!(rounded(i64::MAX), LONGEST_MS);
        assert_eq!(last_of(LONGEST_MS), i64::MAX);
    }
}
