//! Joins of records that share no id: kept true with every commit.
//!
//! In: the records that a transaction stored and the groups that ids changed. Out: rows of
//! `witness` that are marked as inferred, rows of `ambiguous`. A group by ids is never split; which
//! groups are of one call depends on the records alone, never on the order in which they came. Not
//! here: the rules (`assay_domain::same_call`), applying them to groups (`classes`).

use std::collections::{BTreeMap, BTreeSet, HashSet};

use assay_domain::formats::Format;
use rusqlite::{Connection, OptionalExtension, params};

use crate::appending::Inserts;
use crate::calls::NewCall;
use crate::day_keys::DayKeys;
use crate::disagreements;
use crate::error::Result;
use crate::inferring::classes::{Class, Classes};
use crate::joins::{Candidate, as_counted};
use crate::lent;
use crate::rollups::Deltas;
use crate::writer::Writer;

pub(crate) mod classes;

/// Milliseconds of the minute by which keys are ordered.
pub(crate) const MINUTE_MS: i64 = 60_000;

/// Records of an older store that are looked at together: what is known of each stays in memory.
const AT_ONCE: usize = 16_000;

/// What the open transaction changed, and which sources there are to infer between.
#[derive(Default)]
pub(crate) struct Inferring {
    /// `None` until it is asked for.
    sources: Option<HashSet<i64>>,
    /// Whether one of them writes spans; `None` until it is asked for.
    has_spans: Option<bool>,
    changed: BTreeSet<i64>,
}

impl Inferring {
    fn sources(&mut self, connection: &Connection) -> Result<&mut HashSet<i64>> {
        if self.sources.is_none() {
            let known = connection
                .prepare_cached("select source from keyed_source")?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            self.sources = Some(known);
        }
        Ok(self.sources.get_or_insert_default())
    }

    /// Enters the keys of a call that was just inserted, and notes it where another source has a
    /// record with the same key about that time.
    pub(crate) fn note(&mut self, inserts: &mut Inserts<'_>, new: &NewCall<'_>) -> Result<()> {
        let connection = inserts.connection;
        let Some(at_ms) = new.call.started_at_ms else {
            return Ok(());
        };
        let keyed = classes::Keyed::of(new.call, new.place.format, new.place.source);
        let seq = new.place.seq as i64;
        let minute = at_ms.div_euclid(MINUTE_MS);
        for hash in keyed.hashes() {
            self.enter_source(connection, new.place.source)?;
            inserts
                .inference_key
                .execute([minute, hash, seq, keyed.source, at_ms])?;
            if self.can_infer(connection)? {
                let is_near: Option<i64> = connection
                    .prepare_cached(
                        "select 1 from inference_key
                         where minute in (?1 - 1, ?1, ?1 + 1) and hash = ?2 and source <> ?3 limit 1",
                    )?
                    .query_row([minute, hash, keyed.source], |row| row.get(0))
                    .optional()?;
                if is_near.is_some() {
                    self.changed.insert(seq);
                }
            }
        }
        Ok(())
    }

    fn enter_source(&mut self, connection: &Connection, source: i64) -> Result<()> {
        if self.sources(connection)?.insert(source) {
            connection
                .prepare_cached("insert or ignore into keyed_source (source) values (?1)")?
                .execute([source])?;
            self.has_spans = None;
        }
        Ok(())
    }

    /// Whether there are two sources between which anything could be inferred, or spans, of which
    /// two may tell one call.
    pub(crate) fn can_infer(&mut self, connection: &Connection) -> Result<bool> {
        if self.sources(connection)?.len() > 1 {
            return Ok(true);
        }
        if self.has_spans.is_none() {
            self.has_spans = Some(has_spans(connection)?);
        }
        Ok(self.has_spans.unwrap_or_default())
    }

    /// Notes that ids changed the group of this record.
    pub(crate) fn regrouped(&mut self, seq: i64) {
        self.changed.insert(seq);
    }

    /// Takes apart what was inferred of the call that `leader` is listed for: its groups by ids
    /// stand by themselves again until the transaction ends.
    pub(crate) fn dissolve(
        &mut self,
        connection: &Connection,
        leader: i64,
        deltas: &mut Deltas,
    ) -> Result<()> {
        let heads = dissolve(connection, leader, deltas)?;
        if !heads.is_empty() {
            self.changed.extend(heads);
            self.changed.insert(leader);
        }
        Ok(())
    }
}

/// Whether the store has keys of spans.
pub(crate) fn has_spans(connection: &Connection) -> Result<bool> {
    Ok(connection
        .prepare_cached(
            "select exists (select 1 from keyed_source k join label l on l.id = k.source
                            where l.text = ?1)",
        )?
        .query_row([Format::OpenTelemetry.name()], |row| row.get(0))?)
}

/// The record that leads the group by ids of the record at `seq`.
pub(crate) fn head_of(connection: &Connection, seq: i64) -> Result<i64> {
    Ok(connection
        .prepare_cached("select coalesce(group_seq, of_seq) from witness where seq = ?1")?
        .query_row([seq], |row| row.get(0))
        .optional()?
        .unwrap_or(seq))
}

/// The heads of the groups that were inferred to be of the call of `leader`, besides its own.
fn inferred_heads(connection: &Connection, leader: i64) -> Result<Vec<i64>> {
    Ok(connection
        .prepare_cached(
            "select seq from witness indexed by witness_inferred
             where of_seq = ?1 and inferred is not null and seq = group_seq order by seq",
        )?
        .query_map([leader], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?)
}

fn dissolve(connection: &Connection, leader: i64, deltas: &mut Deltas) -> Result<Vec<i64>> {
    let heads = inferred_heads(connection, leader)?;
    if heads.is_empty() {
        return Ok(heads);
    }
    deltas.subtract(&as_counted(connection, leader)?.counted);
    for head in &heads {
        connection
            .prepare_cached("delete from witness where seq = ?1")?
            .execute([head])?;
        connection
            .prepare_cached(
                "update witness set of_seq = ?1, group_seq = null, inferred = null
                 where group_seq = ?1",
            )?
            .execute([head])?;
    }
    for one in heads.iter().chain([&leader]) {
        lent::note(connection, *one)?;
        deltas.add(&as_counted(connection, *one)?.counted);
        disagreements::note(connection, *one)?;
    }
    Ok(heads)
}

/// Lists the groups that these records lead as one call, under the fullest.
fn merge(
    connection: &Connection,
    heads: &BTreeMap<i64, bool>,
    classes: &mut Classes<'_>,
    deltas: &mut Deltas,
) -> Result<()> {
    let mut counted: Vec<Candidate> = Vec::new();
    for head in heads.keys() {
        let one = as_counted(connection, *head)?;
        deltas.subtract(&one.counted);
        counted.push(one);
    }
    let Some(best) = counted
        .iter()
        .max_by_key(|one| one.rank())
        .map(|one| one.seq)
    else {
        return Ok(());
    };
    for head in heads.keys().filter(|head| **head != best) {
        let by = if classes.same_text(best, *head)? {
            1
        } else {
            2
        };
        connection
            .prepare_cached(
                "update witness set of_seq = ?2, group_seq = ?1, inferred = ?3 where of_seq = ?1",
            )?
            .execute([*head, best, by])?;
        connection
            .prepare_cached(
                "insert into witness
                    (seq, of_seq, source, is_conflict, served_region, private_path, group_seq, inferred)
                 select seq, ?2, source, 0, served_region, private_path, seq, ?3 from call where seq = ?1",
            )?
            .execute([*head, best, by])?;
        connection
            .prepare_cached("delete from disagreement where seq = ?1")?
            .execute([head])?;
        lent::forget(connection, *head)?;
    }
    lent::note(connection, best)?;
    deltas.add(&as_counted(connection, best)?.counted);
    disagreements::note(connection, best)
}

/// What a head is listed with: the heads of its call, by the listed one.
pub(crate) fn whole(connection: &Connection, head: i64) -> Result<(i64, BTreeSet<i64>)> {
    let leader: i64 = connection
        .prepare_cached("select of_seq from witness where seq = ?1")?
        .query_row([head], |row| row.get(0))
        .optional()?
        .unwrap_or(head);
    let mut heads: BTreeSet<i64> = inferred_heads(connection, leader)?.into_iter().collect();
    heads.insert(leader);
    Ok((leader, heads))
}

impl Writer {
    /// Infers anew what the open transaction may have changed.
    pub(crate) fn infer(&mut self, deltas: &mut Deltas) -> Result<()> {
        let changed = std::mem::take(&mut self.inferring.changed);
        match changed.is_empty() {
            true => Ok(()),
            false => infer(&self.connection, &self.keys, &changed, deltas),
        }
    }

    /// Enters the keys of all calls and infers from them: once, in a store that was made before
    /// there were any, or before spans had some of their own.
    pub(crate) fn infer_all(&mut self) -> Result<()> {
        self.transact(|writer| {
            let connection = &writer.connection;
            let mut statement = connection.prepare(&format!(
                "select {} from call c order by c.seq",
                classes::KEY_COLUMNS
            ))?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let Some((seq, at_ms, keyed)) = classes::read_keys(row)? else {
                    continue;
                };
                for hash in keyed.hashes() {
                    connection
                        .prepare_cached("insert or ignore into keyed_source (source) values (?1)")?
                        .execute([keyed.source.abs()])?;
                    connection
                        .prepare_cached(
                            "insert or ignore into inference_key (minute, hash, seq, source, at_ms)
                             values (?1, ?2, ?3, ?4, ?5)",
                        )?
                        .execute([at_ms.div_euclid(MINUTE_MS), hash, seq, keyed.source, at_ms])?;
                    writer.inferring.changed.insert(seq);
                }
            }
            drop(rows);
            drop(statement);
            let leaders: Vec<i64> = connection
                .prepare("select distinct of_seq from witness")?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            for leader in leaders {
                disagreements::note(connection, leader)?;
            }
            writer.inferring.sources = None;
            writer.inferring.has_spans = None;
            let all: Vec<i64> = std::mem::take(&mut writer.inferring.changed)
                .into_iter()
                .collect();
            let mut deltas = Deltas::default();
            if writer.inferring.can_infer(&writer.connection)? {
                for some in all.chunks(AT_ONCE) {
                    writer.inferring.changed.extend(some);
                    writer.infer(&mut deltas)?;
                }
            }
            deltas.write(&writer.connection)
        })
    }
}

/// Works out anew which groups are of one call, for the groups of these records and all that they
/// may have changed: those near them, and whatever any of these is or was listed with.
fn infer(
    connection: &Connection,
    keys: &DayKeys,
    changed: &BTreeSet<i64>,
    deltas: &mut Deltas,
) -> Result<()> {
    let mut classes = Classes::new(connection, keys);
    let mut wanted: BTreeSet<i64> = BTreeSet::new();
    for seq in changed {
        let head = head_of(connection, *seq)?;
        wanted.extend(classes.near(head)?.iter().copied());
        wanted.insert(head);
    }
    let mut open: Vec<i64> = wanted.iter().copied().collect();
    let mut found: BTreeMap<i64, Class> = BTreeMap::new();
    let mut stale: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    while let Some(head) = open.pop() {
        let (leader, heads) = whole(connection, head)?;
        if classes.is_frozen(head)? {
            continue;
        }
        let class = classes.class(head)?;
        for other in heads.iter().chain(class.heads.keys()) {
            if wanted.insert(*other) {
                open.push(*other);
            }
        }
        stale.insert(leader, heads);
        found.insert(head, class);
    }
    let is_kept = |leader: i64, heads: &BTreeSet<i64>| {
        found
            .get(&leader)
            .is_some_and(|class| class.heads.keys().eq(heads.iter()))
    };
    let mut merged: BTreeSet<i64> = BTreeSet::new();
    for (leader, heads) in &stale {
        if heads.len() > 1 {
            if is_kept(*leader, heads) {
                merged.extend(heads);
            } else {
                dissolve(connection, *leader, deltas)?;
            }
        }
    }
    for (head, class) in &found {
        if class.heads.len() > 1 && !merged.contains(head) {
            merge(connection, &class.heads, &mut classes, deltas)?;
            merged.extend(class.heads.keys());
        }
    }
    let mut clear = connection.prepare_cached("delete from ambiguous where seq = ?1")?;
    let mut mark =
        connection.prepare_cached("insert or ignore into ambiguous (seq) values (?1)")?;
    for seq in changed {
        clear.execute([seq])?;
    }
    for (head, class) in &found {
        for seq in classes.seqs(*head)? {
            if seq != *head || !class.is_ambiguous {
                clear.execute([seq])?;
            }
        }
        if class.is_ambiguous {
            mark.execute(params![head])?;
        }
    }
    Ok(())
}
