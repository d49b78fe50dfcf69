//! Roll-ups: calls by hour and by what is counted over, kept true with every chunk.
//!
//! Counts, facets, charts and sums read these and never scan the calls. Not here: queries that
//! ask for more than the roll-ups hold; those are counted exactly, by scanning (`facets`).

use std::collections::HashMap;

use rusqlite::{Connection, params};

use crate::error::Result;

/// Milliseconds of an hour.
pub const HOUR_MS: i64 = 3_600_000;

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

/// Changes to the roll-ups that are not written yet.
#[derive(Default)]
pub(crate) struct Deltas(HashMap<Key, Sums>);

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
        let hour = counted
            .started_at_ms
            .map_or(-1, |ms| ms.div_euclid(HOUR_MS) * HOUR_MS);
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
        let entry = self.0.entry(key).or_default();
        for (total, change) in entry.iter_mut().zip(sums) {
            *total = total.saturating_add(change.saturating_mul(sign));
        }
    }

    /// What was counted, by hour and over all hours.
    pub(crate) fn counted(self) -> (HashMap<Key, Sums>, HashMap<Key, Sums>) {
        let mut total: HashMap<Key, Sums> = HashMap::new();
        for (key, sums) in &self.0 {
            let mut key = *key;
            key[0] = 0;
            let entry = total.entry(key).or_default();
            for (total, change) in entry.iter_mut().zip(sums) {
                *total = total.saturating_add(*change);
            }
        }
        (self.0, total)
    }

    /// Writes the changes, in the transaction of the calls they come from.
    pub(crate) fn write(self, connection: &Connection) -> Result<()> {
        let (by_hour, total) = self.counted();
        write(connection, "rollup", by_hour)?;
        write(connection, "rollup_total", total)
    }
}

fn write(connection: &Connection, table: &str, changes: HashMap<Key, Sums>) -> Result<()> {
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
