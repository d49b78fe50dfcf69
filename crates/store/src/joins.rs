//! Which records are of the same call: several sources may have seen it, and only the fullest
//! record is listed and counted.
//!
//! Records are joined by the request ids that two sources share. Two records of the same source
//! with the same id and other content are a conflict: both are kept, one is counted.

use assay_domain::call::Body;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};

use crate::calls::{self, CallRecord, NewCall};
use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::rollups::{Counted, Deltas};

/// A record that stands behind another of the same call.
pub struct WitnessRecord {
    pub record: CallRecord,
    /// Same source, same id, other content.
    pub conflict: bool,
}

/// First eight bytes of SHA-256 over a request id.
pub(crate) fn key_hash(value: &str) -> i64 {
    let digest = Sha256::digest(value.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first)
}

/// How much a record tells: text first, then usage, then a bare mention.
fn fullness(body: i64, has_tokens: bool) -> i64 {
    let text = match body {
        b if b == Body::Present as i64 => 4,
        b if b == Body::ByReference as i64 => 3,
        b if b == Body::Missing as i64 => 2,
        _ => 0,
    };
    text + i64::from(has_tokens)
}

struct Candidate {
    seq: i64,
    source: i64,
    fullness: i64,
    counted: Counted,
}

const COUNTED: &str = "c.seq, c.source, c.body, c.started_at_ms, c.deployment_id, c.kind,
    coalesce(c.request_model, 0), coalesce(c.requested_region, 0), coalesce(c.served_region, 0),
    c.status, coalesce(c.http_status, -1), c.input_tokens, c.output_tokens, c.cache_read_tokens,
    c.cache_write_5m_tokens, c.cache_write_1h_tokens, c.cost_usd_micros, c.latency_ms,
    c.private_path is not null";

fn candidate(row: &Row<'_>) -> rusqlite::Result<Candidate> {
    let body: i64 = row.get(2)?;
    let counted = Counted {
        started_at_ms: row.get(3)?,
        deployment_id: row.get(4)?,
        kind: row.get(5)?,
        source: row.get(1)?,
        request_model: row.get(6)?,
        requested_region: row.get(7)?,
        served_region: row.get(8)?,
        status: row.get(9)?,
        http_status: row.get(10)?,
        body,
        input_tokens: row.get(11)?,
        output_tokens: row.get(12)?,
        cache_read_tokens: row.get(13)?,
        cache_write_5m_tokens: row.get(14)?,
        cache_write_1h_tokens: row.get(15)?,
        cost_usd_micros: row.get(16)?,
        latency_ms: row.get(17)?,
        private_path: row.get(18)?,
    };
    Ok(Candidate {
        seq: row.get(0)?,
        source: row.get(1)?,
        fullness: fullness(body, counted.input_tokens.is_some()),
        counted,
    })
}

/// Joins a call that was just inserted with the records of the same call, and keeps the roll-ups
/// true; answers 1 where it conflicts with a record of its own source.
pub(crate) fn join(
    connection: &Connection,
    new: &NewCall<'_>,
    counted: Counted,
    deltas: &mut Deltas,
) -> Result<u64> {
    let seq = new.place.seq as i64;
    let mut leaders: Vec<Candidate> = Vec::new();
    let mut conflict = false;
    for value in new
        .call
        .request_ids
        .values()
        .filter(|value| !value.is_empty())
    {
        let hash = key_hash(value);
        let mut statement =
            connection.prepare_cached("select seq from join_key where hash = ?1")?;
        let found: Vec<i64> = statement
            .query_map([hash], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for other in found {
            if other == seq || !shares_id(connection, other, new)? {
                continue;
            }
            conflict |= source_of(connection, other)? == new.place.source;
            let leader = leader_of(connection, other)?;
            if !leaders.iter().any(|known| known.seq == leader) {
                let sql = format!("select {COUNTED} from call c where c.seq = ?1");
                leaders.push(
                    connection
                        .prepare_cached(&sql)?
                        .query_row([leader], candidate)?,
                );
            }
        }
        connection
            .prepare_cached("insert or ignore into join_key (hash, seq) values (?1, ?2)")?
            .execute(params![hash, seq])?;
    }
    deltas.add(&counted);
    if leaders.is_empty() {
        return Ok(0);
    }
    let own = Candidate {
        seq,
        source: new.place.source,
        fullness: fullness(counted.body, counted.input_tokens.is_some()),
        counted,
    };
    leaders.push(own);
    // The fullest leads; of equally full ones the first recorded.
    let best = leaders
        .iter()
        .enumerate()
        .max_by_key(|(_, one)| (one.fullness, -one.seq))
        .map_or(0, |(index, _)| index);
    let best = leaders.swap_remove(best);
    for other in &leaders {
        deltas.subtract(&other.counted);
        connection
            .prepare_cached("update witness set of_seq = ?2 where of_seq = ?1")?
            .execute([other.seq, best.seq])?;
        let relation = i64::from(other.source == best.source);
        connection
            .prepare_cached("insert into witness (seq, of_seq, relation) values (?1, ?2, ?3)")?
            .execute([other.seq, best.seq, relation])?;
    }
    Ok(u64::from(conflict))
}

fn leader_of(connection: &Connection, seq: i64) -> Result<i64> {
    Ok(connection
        .prepare_cached("select of_seq from witness where seq = ?1")?
        .query_row([seq], |row| row.get(0))
        .optional()?
        .unwrap_or(seq))
}

fn source_of(connection: &Connection, seq: i64) -> Result<i64> {
    Ok(connection
        .prepare_cached("select source from call where seq = ?1")?
        .query_row([seq], |row| row.get(0))?)
}

/// Whether the stored record really has an id of the new call: hashes may collide, and an id that
/// only one source gives out joins records of that source alone.
fn shares_id(connection: &Connection, other: i64, new: &NewCall<'_>) -> Result<bool> {
    let (ids, source): (String, i64) = connection
        .prepare_cached("select request_ids, source from call where seq = ?1")?
        .query_row([other], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let ids = calls::names(&ids);
    let own = &new.call.request_ids;
    let shared = new.call.join_keys().any(|key| {
        key.split_once(':')
            .is_some_and(|(name, value)| ids.get(name).is_some_and(|theirs| theirs == value))
    });
    Ok(shared
        || (source == new.place.source
            && own
                .iter()
                .any(|(name, value)| ids.get(name).is_some_and(|theirs| theirs == value))))
}

impl Store {
    /// The other records of the call that the record at `seq` tells of.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn witnesses(&self, seq: u64) -> Result<Vec<WitnessRecord>> {
        self.read(|connection| {
            let leader = leader_of(connection, seq as i64)?;
            let sql = format!(
                "select {}, coalesce((select relation from witness w where w.seq = c.seq), 0)
                 from call c
                 where c.seq in (select seq from witness where of_seq = ?1 union select ?1)
                   and c.seq <> ?2
                 order by c.seq limit 100",
                calls::COLUMNS
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([leader, seq as i64], |row| {
                Ok(WitnessRecord {
                    record: calls::read(row)?,
                    conflict: row.get::<_, i64>(41)? == 1,
                })
            })?;
            rows.collect::<rusqlite::Result<_>>()
                .map_err(StoreError::from)
        })
    }
}
