//! Which records are of the same call: several sources may have seen it, and only the fullest
//! record is listed and counted.
//!
//! Records are joined by the request ids that two sources share, and spans that tell one call by the span that one
//! is inside of. Two records of the same source
//! with the same id and other content are a conflict: both are kept, one is counted. Records of a
//! source that gives each an id of its own are in conflict where that one is the same. Not here: what
//! is joined without an id (`inferring`), which gives way to what ids prove.

use std::collections::HashSet;

use assay_domain::call::{Body, Call, Kind};
use assay_domain::parts::{PARENT_ID, SPAN_ID};
use assay_domain::same_call::spans::is_inside;
use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest, Sha256};

use crate::appending::Inserts;
use crate::calls::{self, CallRecord, NewCall};
use crate::coverage::{sources_of, unlogged_sql};
use crate::disagreements;
use crate::error::{Result, StoreError};
use crate::filter::call_column;
use crate::inferring::Inferring;
use crate::lent;
use crate::open::Store;
use crate::record_keys::{RecordKeys, day};
use crate::rollups::by_name::entities_of;
use crate::rollups::{Counted, Deltas};

/// A record that stands behind another of the same call.
pub struct WitnessRecord {
    pub record: CallRecord,
    /// Same source, same id, other content.
    pub conflict: bool,
    /// How it came to stand with the record that was asked for.
    pub join: Join,
}

/// Why two records are of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// They share an id, or each shares one with a third.
    RequestId,
    /// Inferred from model, tokens and time, and both keep the same text.
    Text,
    /// Inferred from model, tokens and time alone.
    Tokens,
}

/// First eight bytes of SHA-256 over the name of a request id, the id, and its source; the source
/// is empty where several sources share ids of this name.
pub(crate) fn key_hash(name: &str, source: &str, id: &str) -> i64 {
    let mut hasher = Sha256::new();
    for part in [name, source, id] {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    let digest = hasher.finalize();
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

pub(crate) struct Candidate {
    pub(crate) seq: i64,
    source: i64,
    fullness: i64,
    pub(crate) counted: Counted,
}

impl Candidate {
    /// The fullest leads; of equally full ones one that knows who processed, then the first recorded.
    pub(crate) fn rank(&self) -> (i64, bool, i64) {
        let is_placed = self.counted.kind != Kind::Private as i64;
        (self.fullness, is_placed, -self.seq)
    }
}

/// A record as the roll-ups count it: with what its witnesses prove and it doesn't say itself.
pub(crate) fn counted_columns() -> String {
    format!(
        "c.seq, c.source, c.body, c.started_at_ms, c.deployment_id, c.kind,
         coalesce(c.request_model, 0), coalesce(c.requested_region, 0), coalesce({}, 0),
         c.status, coalesce(c.http_status, -1), {}, {}, {}, {}, {}, {}, {},
         {} is not null, c.features, c.private_path is not null,
         {}, coalesce(c.principal, 0)",
        call_column("served_region"),
        call_column("input_tokens"),
        call_column("output_tokens"),
        call_column("cache_read_tokens"),
        call_column("cache_write_5m_tokens"),
        call_column("cache_write_1h_tokens"),
        call_column("cost_usd"),
        call_column("latency_ms"),
        call_column("private_path"),
        unlogged_sql()
    )
}

pub(crate) fn as_counted(connection: &Connection, seq: i64) -> Result<Candidate> {
    let sql = format!("select {} from call c where c.seq = ?1", counted_columns());
    let mut found = connection
        .prepare_cached(&sql)?
        .query_row([seq], candidate)?;
    found.counted.sources = sources_of(connection, seq)?;
    found.counted.entities = entities_of(connection, seq)?;
    Ok(found)
}

pub(crate) fn candidate(row: &Row<'_>) -> rusqlite::Result<Candidate> {
    let body: i64 = row.get(2)?;
    let counted = Counted {
        started_at_ms: row.get(3)?,
        deployment_id: row.get(4)?,
        kind: row.get(5)?,
        source: row.get(1)?,
        request_model: row.get(6)?,
        requested_region: row.get(7)?,
        served_region: row.get(8)?,
        principal: row.get(22)?,
        status: row.get(9)?,
        http_status: row.get(10)?,
        body,
        features: row.get(19)?,
        input_tokens: row.get(11)?,
        output_tokens: row.get(12)?,
        cache_read_tokens: row.get(13)?,
        cache_write_5m_tokens: row.get(14)?,
        cache_write_1h_tokens: row.get(15)?,
        cost_usd_micros: row.get(16)?,
        latency_ms: row.get(17)?,
        private_path: row.get(18)?,
        sources: 0,
        is_unlogged: row.get(21)?,
        entities: Vec::new(),
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
///
/// All records with an id in common are one group already, so one of them stands for all: the time
/// does not grow with their number.
pub(crate) fn join(
    inserts: &mut Inserts<'_>,
    (names, record_keys): (&mut IdNames, &mut RecordKeys),
    new: &NewCall<'_>,
    counted: Counted,
    (inferring, deltas): (&mut Inferring, &mut Deltas),
) -> Result<u64> {
    let connection = inserts.connection;
    let (seq, day) = (new.place.seq as i64, day(new.call.started_at_ms));
    inferring.note(inserts, new)?;
    let mut leaders: Vec<Candidate> = Vec::new();
    let mut is_conflict = false;
    for (name, id) in new.call.request_ids.iter().filter(|(_, id)| !id.is_empty()) {
        let source = if Call::SHARED_IDS.contains(&name.as_str()) {
            ""
        } else {
            new.source
        };
        names.note(connection, name, source)?;
        let hash = key_hash(name, source, id);
        let of_span = around(connection, record_keys, new, (name, id))?;
        // Calls inside of one span are not one call.
        let of_id = match name == PARENT_ID {
            true => None,
            false => record_keys.of_request(connection, (day, hash, new.place.source))?,
        };
        let mut others: Vec<i64> = of_span.into_iter().collect();
        if let Some((other, same_source)) = of_id
            && has_id(connection, other, name, id)?
        {
            is_conflict |= same_source && !new.completes && new.call.is_record_id(name);
            others.push(other);
        }
        for other in others {
            if inferring.can_infer(connection)? {
                inferring.dissolve(connection, leader_of(connection, other)?, deltas)?;
            }
            let leader = leader_of(connection, other)?;
            if !leaders.iter().any(|known| known.seq == leader) {
                leaders.push(as_counted(connection, leader)?);
            }
        }
        record_keys.put(connection, [day, hash, new.place.source, seq])?;
    }
    if leaders.is_empty() {
        deltas.add(&counted);
        return Ok(0);
    }
    for leader in &leaders {
        deltas.subtract(&leader.counted);
    }
    leaders.push(Candidate {
        seq,
        source: new.place.source,
        fullness: fullness(counted.body, counted.input_tokens.is_some()),
        counted,
    });
    let best = leaders
        .iter()
        .enumerate()
        .max_by_key(|(_, one)| one.rank())
        .map_or(0, |(index, _)| index);
    // What a record tells together with an earlier part is more than that part tells.
    let best = match new.completes && leaders[best].source == new.place.source {
        true => leaders.len() - 1,
        false => best,
    };
    let best = leaders.swap_remove(best);
    let can_infer = inferring.can_infer(connection)?;
    if can_infer {
        for one in leaders.iter().chain([&best]) {
            inferring.regrouped(one.seq);
        }
    }
    for other in &leaders {
        connection
            .prepare_cached("delete from disagreement where seq = ?1")?
            .execute([other.seq])?;
        lent::forget(connection, other.seq)?;
        connection
            .prepare_cached("update witness set of_seq = ?2 where of_seq = ?1")?
            .execute([other.seq, best.seq])?;
        // Of two records in conflict one stands behind the other, and is the one that says so.
        let conflicts = is_conflict && other.source == new.place.source;
        connection
            .prepare_cached(
                "insert into witness (seq, of_seq, source, is_conflict, served_region, private_path)
                 select seq, ?2, source, ?3, served_region, private_path from call where seq = ?1",
            )?
            .execute([other.seq, best.seq, i64::from(conflicts)])?;
    }
    if is_conflict && best.seq == seq {
        // The record that it conflicts with may have stood behind another source's all along.
        connection
            .prepare_cached("update witness set is_conflict = 1 where of_seq = ?1 and source = ?2 and is_conflict = 0")?
            .execute([seq, new.place.source])?;
    }
    lent::note(connection, best.seq)?;
    deltas.add(&as_counted(connection, best.seq)?.counted);
    disagreements::note(connection, best.seq)?;
    Ok(u64::from(is_conflict))
}

/// Calls inside of one span beyond which none is looked into: it holds many, and is none of them.
const MANY_INSIDE: usize = 64;

/// The record of the same call whose span holds that of the new one, or is inside of it.
fn around(
    connection: &Connection,
    record_keys: &mut RecordKeys,
    new: &NewCall<'_>,
    (name, id): (&str, &str),
) -> Result<Option<i64>> {
    let (there, is_outer) = match name {
        PARENT_ID => (SPAN_ID, true),
        SPAN_ID => (PARENT_ID, false),
        _ => return Ok(None),
    };
    let key = (
        day(new.call.started_at_ms),
        key_hash(there, new.source, id),
        new.place.source,
    );
    let is_told_by = |seq: i64| -> Result<bool> {
        let other = calls::of_seq(connection, seq)?.call;
        // Hashes may collide.
        let is_named = other.request_ids.get(there).is_some_and(|own| own == id);
        Ok(is_named
            && match is_outer {
                true => is_inside(new.call, &other),
                false => is_inside(&other, new.call),
            })
    };
    if is_outer {
        // Of a span that was told in parts the newest record tells all of it.
        let newest = record_keys.newest(connection, key)?;
        return match newest {
            Some(seq) if is_told_by(seq)? => Ok(Some(seq)),
            _ => Ok(None),
        };
    }
    let mut looked_at = 0;
    record_keys.find(connection, key, |seq| {
        looked_at += 1;
        Ok(looked_at <= MANY_INSIDE && is_told_by(seq)?)
    })
}

/// The listed record of the call that the record at `seq` is of.
pub(crate) fn leader_of(connection: &Connection, seq: i64) -> Result<i64> {
    Ok(connection
        .prepare_cached("select of_seq from witness where seq = ?1")?
        .query_row([seq], |row| row.get(0))
        .optional()?
        .unwrap_or(seq))
}

/// Whether the stored record really has the id: hashes may collide.
fn has_id(connection: &Connection, seq: i64, name: &str, id: &str) -> Result<bool> {
    let ids: String = connection
        .prepare_cached("select request_ids from call where seq = ?1")?
        .query_row([seq], |row| row.get(0))?;
    Ok(calls::names(&ids)
        .get(name)
        .is_some_and(|theirs| theirs == id))
}

/// The names of request ids that the store knows of.
#[derive(Default)]
pub(crate) struct IdNames(HashSet<(String, &'static str)>);

impl IdNames {
    fn note(&mut self, connection: &Connection, name: &str, source: &'static str) -> Result<()> {
        if self
            .0
            .iter()
            .any(|known| known.0 == name && known.1 == source)
        {
            return Ok(());
        }
        connection
            .prepare_cached("insert or ignore into id_name (name, source) values (?1, ?2)")?
            .execute([name, source])?;
        self.0.insert((name.to_owned(), source));
        Ok(())
    }
}

impl Store {
    /// The other records of the call that the record at `seq` tells of.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn witnesses(&self, seq: u64) -> Result<Vec<WitnessRecord>> {
        self.read(|connection| {
            let leader = leader_of(connection, seq as i64)?;
            let (here, here_inferred) = group_of(connection, seq as i64)?;
            let sql = format!(
                "select {}, coalesce(m.is_conflict, 0), coalesce(m.group_seq, ?1), m.inferred
                 from (select ?1 as seq, null as is_conflict, null as group_seq, null as inferred
                       union all
                       select seq, is_conflict, group_seq, inferred from witness where of_seq = ?1) m
                 join call c on c.seq = m.seq
                 where m.seq <> ?2
                 order by m.seq limit 100",
                calls::COLUMNS
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([leader, seq as i64], |row| {
                let there: i64 = row.get(46)?;
                let there_inferred: Option<i64> = row.get(47)?;
                // A group that was joined by its text alone was so to the one that is listed.
                let join = match (here_inferred, there_inferred) {
                    _ if here == there => Join::RequestId,
                    (Some(1) | None, Some(1) | None) => Join::Text,
                    _ => Join::Tokens,
                };
                Ok(WitnessRecord {
                    record: calls::read(row)?,
                    conflict: row.get::<_, i64>(45)? == 1,
                    join,
                })
            })?;
            rows.collect::<rusqlite::Result<_>>()
                .map_err(StoreError::from)
        })
    }

    /// Whether the record at `seq` may be of a call that another source recorded, and it can't be
    /// told of which.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn is_ambiguous(&self, seq: u64) -> Result<bool> {
        self.read(|connection| {
            let (head, _) = group_of(connection, seq as i64)?;
            let found: Option<i64> = connection
                .prepare_cached("select 1 from ambiguous where seq = ?1")?
                .query_row([head], |row| row.get(0))
                .optional()?;
            Ok(found.is_some())
        })
    }
}

/// The head of the group by ids of a record, and how that was joined to the listed one.
pub(crate) fn group_of(connection: &Connection, seq: i64) -> Result<(i64, Option<i64>)> {
    Ok(connection
        .prepare_cached("select coalesce(group_seq, of_seq), inferred from witness where seq = ?1")?
        .query_row([seq], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .unwrap_or((seq, None)))
}
