//! Legal holds: records that must be kept, whatever a rule or a request says.
//!
//! A hold is a query; what it covers is written down when it is set and after each import, so that
//! the database itself refuses to delete it. All records of a call are held together. A hold never
//! lapses: its date says when to look at it again, and somebody has to release it. Not here: what
//! is erased (`erasure`).

use std::collections::BTreeSet;

use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use assay_evidence::leaf::LeafKind;
use rusqlite::{Connection, Row, params};

use crate::erasure::erased_by;
use crate::error::{Result, StoreError};
use crate::filter::{Filter, compile_activities, compile_calls};
use crate::open::Store;
use crate::policies::deed;
use crate::text_search::Need;
use crate::writer::{OwnRecord, Writer, salts};

/// A hold that is to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHold<'a> {
    pub name: &'a str,
    /// What the query is about.
    pub records: Table,
    pub query: &'a str,
    pub reason: &'a str,
    /// When to look whether it is still needed.
    pub review_ms: Option<i64>,
}

/// A hold as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldRecord {
    pub id: i64,
    /// The leaf that records it.
    pub seq: u64,
    pub name: String,
    /// `calls` or `activities`.
    pub records: String,
    pub query: String,
    pub reason: String,
    pub set_by: String,
    pub set_ms: i64,
    pub review_ms: Option<i64>,
    pub released_by: Option<String>,
    pub release_reason: Option<String>,
    pub released_ms: Option<i64>,
    /// Records that it covers, or covered when it was released.
    pub held: u64,
}

/// How many records of a set a hold covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    pub hold: String,
    pub records: u64,
}

const COLUMNS: &str = "h.id, h.seq, h.name, h.records, h.query, h.reason, h.set_by, h.set_ms,
    h.review_ms, h.released_by, h.release_reason, h.released_ms,
    (select count(*) from held d where d.hold = h.id)";

fn read(row: &Row<'_>) -> rusqlite::Result<HoldRecord> {
    Ok(HoldRecord {
        id: row.get(0)?,
        seq: row.get::<_, i64>(1)?.unsigned_abs(),
        name: row.get(2)?,
        records: row.get(3)?,
        query: row.get(4)?,
        reason: row.get(5)?,
        set_by: row.get(6)?,
        set_ms: row.get(7)?,
        review_ms: row.get(8)?,
        released_by: row.get(9)?,
        release_reason: row.get(10)?,
        released_ms: row.get(11)?,
        held: row.get::<_, i64>(12)?.unsigned_abs(),
    })
}

fn name_of(records: Table) -> &'static str {
    match records {
        Table::Calls => "calls",
        Table::Activities => "activities",
    }
}

impl Store {
    /// Sets a hold on all records that match, now and later. The trail says so.
    ///
    /// # Errors
    /// [`StoreError::Value`] where the query can't be read or a hold of this name is in force.
    pub fn set_hold(&self, hold: &NewHold<'_>, by: &str, now_ms: i64) -> Result<HoldRecord> {
        let mut writer = self.writer()?;
        let found = self.matching(hold.records, hold.query, 0)?;
        let size = writer.tree_size();
        let payload = serde_json::json!({
            "by": by, "name": hold.name, "query": hold.query, "reason": hold.reason,
            "records": name_of(hold.records), "review_ms": hold.review_ms,
        })
        .to_string();
        let salt = salts(1)?[0];
        let id = writer.transact(|writer| {
            let own = OwnRecord {
                kind: LeafKind::HoldSet,
                activity: deed("hold.set", hold.name, by, now_ms),
                reason: Some(hold.reason),
                payload: payload.as_bytes(),
                now_ms,
            };
            let (seq, _) = writer.own(&own, &salt)?;
            writer.connection.execute(
                "insert into hold (seq, name, records, query, reason, set_by, set_ms, review_ms, up_to_seq)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    seq as i64,
                    hold.name,
                    name_of(hold.records),
                    hold.query,
                    hold.reason,
                    by,
                    now_ms,
                    hold.review_ms,
                    size as i64
                ],
            )?;
            let id = writer.connection.last_insert_rowid();
            writer.cover(id, &found)?;
            Ok(id)
        })?;
        writer.hold_keys()?;
        drop(writer);
        self.holds()?
            .into_iter()
            .find(|known| known.id == id)
            .ok_or_else(|| no_hold(hold.name))
    }

    /// Releases a hold. The trail says who did it and why.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where none of this name is in force.
    pub fn release_hold(
        &self,
        name: &str,
        reason: &str,
        by: &str,
        now_ms: i64,
    ) -> Result<HoldRecord> {
        let hold = self
            .holds()?
            .into_iter()
            .find(|hold| hold.name == name && hold.released_ms.is_none())
            .ok_or_else(|| no_hold(name))?;
        let payload = serde_json::json!({
            "by": by, "held": hold.held, "name": name, "reason": reason, "set": hold.seq,
        })
        .to_string();
        let salt = salts(1)?[0];
        let mut writer = self.writer()?;
        writer.transact(|writer| {
            let own = OwnRecord {
                kind: LeafKind::HoldRelease,
                activity: deed("hold.release", name, by, now_ms),
                reason: Some(reason),
                payload: payload.as_bytes(),
                now_ms,
            };
            let (seq, _) = writer.own(&own, &salt)?;
            let released = writer.connection.execute(
                "update hold set released_seq = ?2, released_by = ?3, release_reason = ?4, released_ms = ?5
                 where id = ?1 and released_ms is null",
                params![hold.id, seq as i64, by, reason, now_ms],
            )?;
            if released == 0 {
                return Err(no_hold(name));
            }
            Ok(())
        })?;
        writer.hold_keys()?;
        drop(writer);
        Ok(HoldRecord {
            released_by: Some(by.to_owned()),
            release_reason: Some(reason.to_owned()),
            released_ms: Some(now_ms),
            ..hold
        })
    }

    /// Lets the holds in force cover what was recorded since they were last looked at. The writer
    /// is passed by whoever is about to erase, so that nothing comes between.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn extend_holds(&self, writer: &mut Writer) -> Result<()> {
        let size = writer.tree_size();
        let behind: Vec<(i64, String, String, u64)> = {
            let mut statement = writer.connection.prepare_cached(
                "select id, records, query, up_to_seq from hold
                 where released_ms is null and up_to_seq < ?1",
            )?;
            let rows = statement.query_map([size as i64], |row| {
                let up_to: i64 = row.get(3)?;
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, up_to.unsigned_abs()))
            })?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        if behind.is_empty() {
            return Ok(());
        }
        for (id, records, query, up_to) in behind {
            let table = match records.as_str() {
                "activities" => Table::Activities,
                _ => Table::Calls,
            };
            let found = self.matching(table, &query, up_to)?;
            writer.transact(|writer| {
                writer.cover(id, &found)?;
                writer.connection.execute(
                    "update hold set up_to_seq = ?2 where id = ?1",
                    params![id, size as i64],
                )?;
                Ok(())
            })?;
        }
        writer.hold_keys()
    }

    /// All holds, newest first; released ones as well.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn holds(&self) -> Result<Vec<HoldRecord>> {
        self.read(|connection| {
            let sql = format!("select {COLUMNS} from hold h order by h.id desc");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([], read)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The names of the holds in force that cover the record at `seq`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn holds_on(&self, seq: u64) -> Result<Vec<String>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select h.name from held d join hold h on h.id = d.hold
                 where d.seq = ?1 and h.released_ms is null order by h.name",
            )?;
            let rows = statement.query_map([seq as i64], |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Which holds in force cover records of these half-open ranges, and how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn blocked(&self, ranges: &[(u64, u64)]) -> Result<Vec<Blocked>> {
        let held = self.held()?;
        let mut counts = std::collections::BTreeMap::new();
        for (seq, name) in held {
            if within(ranges, seq) {
                *counts.entry(name).or_insert(0) += 1;
            }
        }
        Ok(counts
            .into_iter()
            .map(|(hold, records)| Blocked { hold, records })
            .collect())
    }

    /// Every record that a hold in force covers, with the hold's name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn held(&self) -> Result<Vec<(u64, String)>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select d.seq, h.name from hold h join held d on d.hold = h.id
                 where h.released_ms is null order by d.seq",
            )?;
            let rows = statement.query_map([], |row| {
                Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The records from leaf `from` on that match and are not erased; those behind another record as well.
    pub(crate) fn matching(&self, records: Table, query: &str, from: u64) -> Result<Vec<u64>> {
        let query =
            Query::parse(query, records).map_err(|error| StoreError::Value(error.message))?;
        let table = match records {
            Table::Calls => "call c",
            Table::Activities => "activity a",
        };
        let short = table.rsplit(' ').next().unwrap_or_default();
        let answer = |connection: &Connection, filter: Filter| {
            let sql = format!(
                "select {short}.seq from {table}
                 where {short}.seq >= :from and ({}) and {} is null order by {short}.seq",
                filter.sql,
                erased_by(short)
            );
            let from = from as i64;
            let mut named = filter.named();
            named.push((":from", &from));
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map(named.as_slice(), |row| {
                Ok(row.get::<_, i64>(0)?.unsigned_abs())
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        };
        match records {
            Table::Calls => self.search(&query, Need::All, |connection, looked| {
                answer(connection, compile_calls(&query, looked))
            }),
            Table::Activities => {
                self.read(|connection| answer(connection, compile_activities(&query)))
            }
        }
    }
}

/// Whether a leaf lies in one of these half-open ranges, which are in order.
pub(crate) fn within(ranges: &[(u64, u64)], seq: u64) -> bool {
    let after = ranges.partition_point(|(from, _)| *from <= seq);
    after > 0 && ranges.get(after - 1).is_some_and(|(_, to)| seq < *to)
}

fn no_hold(name: &str) -> StoreError {
    StoreError::NotFound {
        what: "hold in force",
        name: name.to_owned(),
    }
}

impl Writer {
    /// Notes that a hold covers these records and all others of the same calls.
    fn cover(&mut self, hold: i64, seqs: &[u64]) -> Result<()> {
        {
            let mut statement = self
                .connection
                .prepare_cached("insert or ignore into held (seq, hold) values (?1, ?2)")?;
            for seq in seqs {
                statement.execute(params![*seq as i64, hold])?;
            }
        }
        // From a record to the one that stands for its call, and from there to all of them.
        for (from, to) in [("seq", "of_seq"), ("of_seq", "seq")] {
            let sql = format!(
                "insert or ignore into held (seq, hold)
                 select t.seq, ?1 from
                    (select w.{to} as seq from held d join witness w on w.{from} = d.seq
                     where d.hold = ?1) t
                 where {} is null",
                erased_by("t")
            );
            self.connection.prepare_cached(&sql)?.execute([hold])?;
        }
        Ok(())
    }

    /// Tells the file of keys which ones cover held records.
    pub(crate) fn hold_keys(&mut self) -> Result<()> {
        let keys: BTreeSet<i64> = {
            let mut statement = self.connection.prepare_cached(
                "select distinct b.key from hold h join held d on d.hold = h.id
                 join body b on b.seq = d.seq
                 where h.released_ms is null and b.key is not null",
            )?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        self.keys.hold(&keys)
    }
}
