//! Erasing records: by the retention rule a day at a time, or those of one subject.
//!
//! First the leaf `erase.intent` names the records and is on disk; from then on they read as erased.
//! Then they are destroyed, the write-ahead log is emptied, and the leaf `erase.done` says what was
//! destroyed. What was begun and not done is done again when the store is opened for writing. The
//! leaves stay, and with them every proof. Not here: how a row is destroyed (`destroying`), how a
//! subject's records are found (`subjects`).

use std::collections::BTreeMap;

use assay_evidence::leaf::LeafKind;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::day_keys::day_of;
use crate::error::{Result, StoreError};
use crate::holds::within;
use crate::open::Store;
use crate::policies::deed;
use crate::writer::{OwnRecord, Writer, salts};

/// A half-open range of leaves.
pub type Range = (u64, u64);

/// Why records are erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasureKind {
    /// Somebody asked for one person's records.
    Subject,
    /// The retention rule.
    Retention,
}

impl ErasureKind {
    /// The name in the leaf.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Retention => "retention",
        }
    }
}

/// An erasure about to be carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewErasure<'a> {
    pub kind: ErasureKind,
    /// The ground in one word: no free text, nothing about a person.
    pub basis: &'a str,
    /// How whoever asked refers to it.
    pub request: &'a str,
    /// In order, not overlapping, none of them erased or held.
    pub ranges: &'a [Range],
    pub also: &'a Also,
}

/// What goes with the records.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Also {
    /// Files to remove, relative to the store's folder.
    pub files: Vec<String>,
    /// Imports whose file name goes.
    pub batches: Vec<i64>,
    /// Rejected lines whose beginning goes.
    pub rejected: Vec<i64>,
    /// Replay plans whose query goes.
    #[serde(default)]
    pub plans: Vec<String>,
    /// Findings that go.
    #[serde(default)]
    pub findings: Vec<String>,
    /// Saved views that go.
    #[serde(default)]
    pub views: Vec<i64>,
    /// Review samples whose query goes.
    #[serde(default)]
    pub samples: Vec<i64>,
    /// Rows of the provider's reports that lose what names somebody: bucket and number.
    #[serde(default)]
    pub billed: Vec<(i64, i64)>,
    /// Entries of the vault that go: nobody puts their tokens back.
    #[serde(default)]
    pub vault: Vec<i64>,
}

impl Also {
    /// Whether nothing goes with the records.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// An erasure as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureRecord {
    /// The leaf `erase.intent`.
    pub seq: u64,
    /// `subject` or `retention`.
    pub kind: String,
    pub basis: String,
    pub request: String,
    pub begun_ms: i64,
    /// The leaf `erase.done`; `None` while it is not finished.
    pub done_seq: Option<u64>,
    pub done_ms: Option<i64>,
    pub records: u64,
    /// What was destroyed: name to count.
    pub destroyed: BTreeMap<String, u64>,
}

/// What can be shown of a leaf's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeafState {
    /// Its bytes are here.
    Disclosed,
    /// They were erased; the leaf `by` says why.
    Erased { by: u64 },
    /// They are not here, and nothing says why.
    Missing,
}

/// Where an erasure stops as a power cut would: for the tests of what is redone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Intent,
    Rows,
    Keys,
    Files,
    Log,
    /// It does not stop.
    Done,
}

/// A disposal that the retention rule asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DueRecords {
    pub ranges: Vec<Range>,
    pub records: u64,
    /// Records that are due and kept since a hold covers them.
    pub held: u64,
    /// Their leaves, in order.
    pub held_seqs: Vec<u64>,
    /// First and last day that is due: days since 1970-01-01, UTC.
    pub days: Option<(i64, i64)>,
    /// Day keys that go, since nothing of their day is held.
    pub keys: u64,
}

/// How many records there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TextCounts {
    /// Imported records.
    pub records: u64,
    /// Of these, records that were erased.
    pub erased: u64,
    /// Records that a hold in force covers.
    pub held: u64,
}

/// How long text is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionRule {
    /// Whole days after the day of the record, UTC.
    pub days: u32,
    pub set_by: String,
    pub set_ms: i64,
}

/// The leaf that erased a row of the table `short` has, or null.
pub(crate) fn erased_by(short: &str) -> String {
    format!(
        "(select case when e.to_seq > {short}.seq then e.by_seq end from erased e
          where e.from_seq <= {short}.seq order by e.from_seq desc limit 1)"
    )
}

/// Leaves in order as half-open ranges.
pub fn ranges_of(seqs: &[u64]) -> Vec<Range> {
    let mut ranges: Vec<Range> = Vec::new();
    for &seq in seqs {
        match ranges.last_mut() {
            Some((_, to)) if *to == seq => *to += 1,
            _ => ranges.push((seq, seq + 1)),
        }
    }
    ranges
}

pub(crate) fn erased_at(connection: &Connection, seq: u64) -> Result<Option<u64>> {
    let found: Option<(i64, i64)> = connection
        .prepare_cached(
            "select to_seq, by_seq from erased where from_seq <= ?1 order by from_seq desc limit 1",
        )?
        .query_row([seq as i64], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found
        .filter(|(to, _)| to.unsigned_abs() > seq)
        .map(|(_, by)| by.unsigned_abs()))
}

fn read(row: &Row<'_>) -> rusqlite::Result<ErasureRecord> {
    let destroyed: Option<String> = row.get(7)?;
    Ok(ErasureRecord {
        seq: row.get::<_, i64>(0)?.unsigned_abs(),
        kind: row.get(1)?,
        basis: row.get(2)?,
        request: row.get(3)?,
        begun_ms: row.get(4)?,
        done_seq: row.get::<_, Option<i64>>(5)?.map(i64::unsigned_abs),
        done_ms: row.get(6)?,
        destroyed: destroyed
            .and_then(|json| serde_json::from_str(&json).ok())
            .unwrap_or_default(),
        records: row.get::<_, i64>(8)?.unsigned_abs(),
    })
}

const COLUMNS: &str = "x.seq, x.kind, x.basis, x.request, x.begun_ms, x.done_seq, x.done_ms,
    x.destroyed,
    (select coalesce(sum(e.to_seq - e.from_seq), 0) from erased e where e.by_seq = x.seq)";

impl Store {
    /// What can be shown of the record at `seq`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn leaf_state(&self, seq: u64) -> Result<LeafState> {
        self.read(|connection| {
            if let Some(by) = erased_at(connection, seq)? {
                return Ok(LeafState::Erased { by });
            }
            let key: Option<Option<i64>> = connection
                .prepare_cached("select key from body where seq = ?1")?
                .query_row([seq as i64], |row| row.get(0))
                .optional()?;
            Ok(match key {
                None => LeafState::Missing,
                Some(Some(key)) if self.keys.get(key)?.is_none() => LeafState::Missing,
                Some(_) => LeafState::Disclosed,
            })
        })
    }

    /// All erased ranges in order, each with the leaf that erased it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn erased_ranges(&self) -> Result<Vec<(Range, u64)>> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("select from_seq, to_seq, by_seq from erased order by from_seq")?;
            let rows = statement.query_map([], |row| {
                let number = |index| row.get::<_, i64>(index).map(i64::unsigned_abs);
                Ok(((number(0)?, number(1)?), number(2)?))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// All erasures, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn erasures(&self) -> Result<Vec<ErasureRecord>> {
        self.read(|connection| {
            let sql = format!("select {COLUMNS} from erasure x order by x.seq desc");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([], read)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The erasure that the leaf `seq` begins.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn erasure(&self, seq: u64) -> Result<ErasureRecord> {
        self.read(|connection| {
            let sql = format!("select {COLUMNS} from erasure x where x.seq = ?1");
            connection
                .prepare_cached(&sql)?
                .query_row([seq as i64], read)
                .optional()?
                .ok_or_else(|| StoreError::NotFound {
                    what: "erasure",
                    name: seq.to_string(),
                })
        })
    }

    /// How many imported records there are, are erased, and are held.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn text_counts(&self) -> Result<TextCounts> {
        self.read(|connection| {
            let count = |sql: &str| -> Result<u64> {
                let count: i64 = connection
                    .prepare_cached(sql)?
                    .query_row([], |row| row.get(0))?;
                Ok(count.unsigned_abs())
            };
            Ok(TextCounts {
                records: count(
                    "select (select count(*) from call)
                          + (select count(*) from activity where batch_id is not null)",
                )?,
                erased: count(
                    "select (select count(*) from erased e join call c
                               on c.seq >= e.from_seq and c.seq < e.to_seq)
                          + (select count(*) from erased e join activity a
                               on a.seq >= e.from_seq and a.seq < e.to_seq
                             where a.batch_id is not null)",
                )?,
                held: count(
                    "select count(distinct d.seq) from hold h join held d on d.hold = h.id
                     where h.released_ms is null",
                )?,
            })
        })
    }

    /// How long text is kept; `None` where no rule was set and all of it is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn retention_rule(&self) -> Result<Option<RetentionRule>> {
        self.read(|connection| {
            Ok(connection
                .query_row(
                    "select days, set_by, set_ms from retention_rule",
                    [],
                    |row| {
                        Ok(RetentionRule {
                            days: row.get(0)?,
                            set_by: row.get(1)?,
                            set_ms: row.get(2)?,
                        })
                    },
                )
                .optional()?)
        })
    }

    /// What the retention rule disposes of today.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn due(&self, now_ms: i64) -> Result<DueRecords> {
        let Some(rule) = self.retention_rule()? else {
            return Ok(DueRecords::default());
        };
        // A record of day d is kept through day d + days.
        let first_kept = day_of(now_ms) - i64::from(rule.days);
        let keys: Vec<_> = self
            .keys
            .list()?
            .into_iter()
            .filter(|key| !key.own && key.day < first_kept)
            .collect();
        let held: Vec<u64> = self.held()?.into_iter().map(|(seq, _)| seq).collect();
        let mut due = DueRecords::default();
        let mut seqs = Vec::new();
        let mut days: Vec<i64> = Vec::new();
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("select seq from body where key = ?1 order by seq")?;
            for key in &keys {
                let mut all_go = true;
                let mut rows = statement.query([key.id])?;
                let mut any = false;
                while let Some(row) = rows.next()? {
                    any = true;
                    let seq = row.get::<_, i64>(0)?.unsigned_abs();
                    if held.binary_search(&seq).is_ok() {
                        due.held_seqs.push(seq);
                        all_go = false;
                    } else {
                        seqs.push(seq);
                    }
                }
                due.keys += u64::from(all_go);
                if any {
                    days.push(key.day);
                }
            }
            // What was recorded before there were seals goes by the same days.
            let mut statement = connection.prepare_cached(
                "select b.seq, coalesce(c.started_at_ms, a.at_ms, i.started_at_ms)
                 from body b left join call c on c.seq = b.seq left join activity a on a.seq = b.seq
                 join batch i on i.id = coalesce(c.batch_id, a.batch_id)
                 where b.key is null
                   -- Whatever follows the first sealed body is sealed.
                   and b.seq < coalesce((select min(seq) from body where key is not null), b.seq + 1)",
            )?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let seq = row.get::<_, i64>(0)?.unsigned_abs();
                let day = day_of(row.get(1)?);
                if day >= first_kept {
                    continue;
                }
                if held.binary_search(&seq).is_ok() {
                    due.held_seqs.push(seq);
                } else {
                    seqs.push(seq);
                    days.push(day);
                }
            }
            Ok(())
        })?;
        seqs.sort_unstable();
        due.held_seqs.sort_unstable();
        due.held = due.held_seqs.len() as u64;
        due.records = seqs.len() as u64;
        due.ranges = ranges_of(&seqs);
        due.days = days.iter().min().copied().zip(days.iter().max().copied());
        Ok(due)
    }

    /// Sets how long text is kept; the trail says who did it. Nothing is disposed of by it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_retention_rule(&self, days: u32, by: &str, now_ms: i64) -> Result<()> {
        let payload = serde_json::json!({ "by": by, "days": days }).to_string();
        let salt = salts(1)?[0];
        self.writer()?.transact(|writer| {
            let own = OwnRecord {
                kind: LeafKind::Retention,
                activity: deed("retention.set", &format!("{days} days"), by, now_ms),
                reason: None,
                payload: payload.as_bytes(),
                now_ms,
            };
            let (seq, _) = writer.own(&own, &salt)?;
            writer.connection.execute(
                "insert into retention_rule (id, seq, days, set_by, set_ms) values (1, ?1, ?2, ?3, ?4)
                 on conflict (id) do update set seq = ?1, days = ?2, set_by = ?3, set_ms = ?4",
                params![seq as i64, days, by, now_ms],
            )?;
            Ok(())
        })
    }

    /// What a power cut may have left between two files: the holds on day keys, and erasures that
    /// were begun. What can't be ended now stays listed as begun, and is tried again.
    pub(crate) fn catch_up(&self, now_ms: i64) -> Result<()> {
        let mut writer = self.writer()?;
        writer.hold_keys()?;
        let _ = writer.redo(self.folder(), now_ms);
        Ok(())
    }

    /// Erases records and files for good; the trail says before and after what and why. `until`
    /// is [`Step::Done`] but for the tests of what a power cut leaves.
    ///
    /// # Errors
    /// [`StoreError::Held`] where a hold covers one of them; [`StoreError::Busy`] where another
    /// process reads, and [`StoreError::Interrupted`] where it stopped: it is then done again when
    /// the store is opened.
    pub fn erase(
        &self,
        erasure: &NewErasure<'_>,
        by: &str,
        now_ms: i64,
        until: Step,
    ) -> Result<ErasureRecord> {
        let mut writer = self.writer()?;
        writer.redo(self.folder(), now_ms)?;
        self.extend_holds(&mut writer)?;
        let held = self.held()?;
        if held.iter().any(|(seq, _)| within(erasure.ranges, *seq)) {
            return Err(StoreError::Held);
        }
        let seq = writer.intend(erasure, by, now_ms)?;
        if until > Step::Intent {
            writer.finish(self.folder(), seq, now_ms, until)?;
        }
        drop(writer);
        if until < Step::Done {
            return Err(StoreError::Interrupted);
        }
        self.erasure(seq)
    }
}

impl Writer {
    /// Writes what is going to be erased, and why, to the trail.
    fn intend(&mut self, erasure: &NewErasure<'_>, by: &str, now_ms: i64) -> Result<u64> {
        let payload = serde_json::json!({
            "basis": erasure.basis,
            "kind": erasure.kind.name(),
            "request": erasure.request,
            "seqs": erasure.ranges,
        })
        .to_string();
        let also = serde_json::to_string(erasure.also)?;
        let salt = salts(1)?[0];
        self.transact(|writer| {
            let own = OwnRecord {
                kind: LeafKind::EraseIntent,
                activity: deed("records.erase", erasure.request, by, now_ms),
                reason: None,
                payload: payload.as_bytes(),
                now_ms,
            };
            let (seq, _) = writer.own(&own, &salt)?;
            writer.connection.execute(
                "insert into erasure (seq, kind, basis, request, begun_ms, also)
                 values (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    seq as i64,
                    erasure.kind.name(),
                    erasure.basis,
                    erasure.request,
                    now_ms,
                    also
                ],
            )?;
            let mut statement = writer.connection.prepare_cached(
                "insert into erased (from_seq, to_seq, by_seq) values (?1, ?2, ?3)",
            )?;
            for (from, to) in erasure.ranges {
                statement
                    .execute(params![*from as i64, *to as i64, seq as i64])
                    .map_err(StoreError::held)?;
            }
            Ok(seq)
        })
    }

    /// Ends an erasure: what was destroyed, to the trail.
    pub(crate) fn note_done(
        &mut self,
        seq: u64,
        destroyed: &BTreeMap<String, u64>,
        now_ms: i64,
    ) -> Result<()> {
        let payload = serde_json::json!({ "destroyed": destroyed, "intent": seq }).to_string();
        let mut activity = deed("records.erased", &format!("#{seq}"), "", now_ms);
        // Whoever asked stands in the intent; this may be done when the store is next opened.
        activity.actor = None;
        let salt = salts(1)?[0];
        self.transact(|writer| {
            let own = OwnRecord {
                kind: LeafKind::EraseDone,
                activity,
                reason: None,
                payload: payload.as_bytes(),
                now_ms,
            };
            let (done, _) = writer.own(&own, &salt)?;
            writer.connection.execute(
                "update erasure set done_seq = ?2, done_ms = ?3, destroyed = ?4
                 where seq = ?1 and done_seq is null",
                params![
                    seq as i64,
                    done as i64,
                    now_ms,
                    serde_json::to_string(destroyed)?
                ],
            )?;
            writer.note_request_done(seq)
        })
    }
}
