//! Requests to erase what is stored of one person: which records were found, and which of them wait.
//!
//! A request keeps the records that were found for it, never what was searched for. Records that a
//! hold covers wait in it until the hold is released. In: ranges of leaves. Out: requests. Not here:
//! searching (`subjects`), erasing (`erasure`).

use assay_evidence::leaf::LeafKind;
use rusqlite::{OptionalExtension, params};

use crate::erasure::{Range, ranges_of};
use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::policies::deed;
use crate::writer::{OwnRecord, Writer, salts};

/// A request as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRecord {
    /// As whoever asked refers to it.
    pub id: String,
    /// The ground in one word.
    pub basis: String,
    pub made_by: String,
    pub made_ms: i64,
    /// The records that were found, in order.
    pub ranges: Vec<Range>,
    /// Those of them that are not erased yet.
    pub waiting: Vec<Range>,
    /// The leaf of the erasure after which none waited any more.
    pub done_by: Option<u64>,
}

/// A request that is made, or made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRequest<'a> {
    pub id: &'a str,
    pub basis: &'a str,
    /// In order, not overlapping.
    pub ranges: &'a [Range],
    /// Names of the holds that keep some of them, and how many of them they keep.
    pub blocked: &'a [(String, u64)],
    /// Imports whose file name goes once none of these records waits.
    pub batches: &'a [i64],
}

fn batches_key(request: &str) -> String {
    format!("erasing_batches_{request}")
}

/// Both sets of ranges as one, in order.
fn together(one: &[Range], other: &[Range]) -> Vec<Range> {
    let mut seqs: Vec<u64> = one
        .iter()
        .chain(other)
        .flat_map(|(from, to)| *from..*to)
        .collect();
    seqs.sort_unstable();
    seqs.dedup();
    ranges_of(&seqs)
}

/// What of `ranges` lies in none of `taken`; both in order.
fn without(ranges: &[Range], taken: &[(Range, u64)]) -> Vec<Range> {
    let mut left = Vec::new();
    for &(mut from, to) in ranges {
        let first = taken.partition_point(|((_, end), _)| *end <= from);
        for ((start, end), _) in taken.iter().skip(first) {
            if *start >= to {
                break;
            }
            if *start > from {
                left.push((from, *start));
            }
            from = from.max(*end);
        }
        if from < to {
            left.push((from, to));
        }
    }
    left
}

impl Store {
    /// All requests, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn requests(&self) -> Result<Vec<RequestRecord>> {
        let erased = self.erased_ranges()?;
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select id, basis, made_by, made_ms, seqs, done_by from erasure_request
                 order by made_ms desc, id",
            )?;
            let mut rows = statement.query([])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let ranges: Vec<Range> = serde_json::from_str(&row.get::<_, String>(4)?)?;
                found.push(RequestRecord {
                    id: row.get(0)?,
                    basis: row.get(1)?,
                    made_by: row.get(2)?,
                    made_ms: row.get(3)?,
                    waiting: without(&ranges, &erased),
                    ranges,
                    done_by: row.get::<_, Option<i64>>(5)?.map(i64::unsigned_abs),
                });
            }
            Ok(found)
        })
    }

    /// The request with this id.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn request(&self, id: &str) -> Result<RequestRecord> {
        self.requests()?
            .into_iter()
            .find(|request| request.id == id)
            .ok_or_else(|| StoreError::NotFound {
                what: "request",
                name: id.to_owned(),
            })
    }

    /// Imports whose file name goes once none of the request's records waits.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn waiting_batches(&self, request: &str) -> Result<Vec<i64>> {
        Ok(match self.fact(&batches_key(request))? {
            Some(json) => serde_json::from_str(&json)?,
            None => Vec::new(),
        })
    }

    /// The imports that hold records of these ranges.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn batches_of(&self, ranges: &[Range]) -> Result<Vec<i64>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select batch_id from call where seq >= ?1 and seq < ?2
                 union select batch_id from activity
                 where seq >= ?1 and seq < ?2 and batch_id is not null",
            )?;
            let mut found = std::collections::BTreeSet::new();
            for (from, to) in ranges {
                let rows = statement.query_map([*from as i64, *to as i64], |row| row.get(0))?;
                for id in rows {
                    found.insert(id?);
                }
            }
            Ok(found.into_iter().collect())
        })
    }

    /// Keeps a request, or adds what was found for it this time. Where a hold keeps some of it the
    /// trail says so.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_request(&self, new: &NewRequest<'_>, by: &str, now_ms: i64) -> Result<()> {
        let salt = salts(1)?[0];
        self.writer()?.transact(|writer| {
            let known: Option<String> = writer
                .connection
                .query_row(
                    "select seqs from erasure_request where id = ?1",
                    [new.id],
                    |row| row.get(0),
                )
                .optional()?;
            let ranges = match known {
                Some(known) => together(&serde_json::from_str::<Vec<Range>>(&known)?, new.ranges),
                None => new.ranges.to_vec(),
            };
            writer.connection.execute(
                "insert into erasure_request (id, basis, made_by, made_ms, seqs)
                 values (?1, ?2, ?3, ?4, ?5)
                 on conflict (id) do update set seqs = ?5, done_by = null",
                params![
                    new.id,
                    new.basis,
                    by,
                    now_ms,
                    serde_json::to_string(&ranges)?
                ],
            )?;
            writer.set_fact(&batches_key(new.id), &serde_json::to_string(new.batches)?)?;
            if new.blocked.is_empty() {
                return Ok(());
            }
            let mut activity = deed("records.erase_blocked", new.id, by, now_ms);
            activity.succeeded = Some(false);
            activity.error_type = Some("held".to_owned());
            let payload = serde_json::json!({
                "action": "records.erase_blocked", "basis": new.basis, "by": by,
                "holds": new.blocked, "request": new.id,
            })
            .to_string();
            let own = OwnRecord {
                kind: LeafKind::Denied,
                activity,
                reason: None,
                payload: payload.as_bytes(),
                now_ms,
            };
            writer.own(&own, &salt).map(drop)
        })
    }
}

impl Writer {
    /// Notes at the end of an erasure whether its request waits for nothing any more.
    pub(crate) fn note_request_done(&mut self, erasure: u64) -> Result<()> {
        let open: Option<(String, String)> = self
            .connection
            .query_row(
                "select r.id, r.seqs from erasure_request r join erasure x on x.request = r.id
                 where x.seq = ?1 and x.kind = 'subject' and r.done_by is null",
                [erasure as i64],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let Some((id, seqs)) = open else {
            return Ok(());
        };
        let ranges: Vec<Range> = serde_json::from_str(&seqs)?;
        {
            let mut gone = self.connection.prepare_cached(
                "select coalesce(sum(min(to_seq, ?2) - max(from_seq, ?1)), 0) from erased
                 where from_seq < ?2 and to_seq > ?1",
            )?;
            for (from, to) in ranges {
                let erased: i64 = gone.query_row([from as i64, to as i64], |row| row.get(0))?;
                if erased.unsigned_abs() < to - from {
                    return Ok(());
                }
            }
        }
        self.connection.execute(
            "update erasure_request set done_by = ?2 where id = ?1",
            params![id, erasure as i64],
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_what_was_found_and_is_not_erased() {
        let taken = [((2, 4), 90), ((6, 7), 91), ((9, 20), 92)];
        assert_eq!(
            without(&[(0, 3), (5, 8), (8, 9), (10, 12), (19, 22)], &taken),
            [(0, 2), (5, 6), (7, 8), (8, 9), (20, 22)]
        );
        assert_eq!(together(&[(1, 3), (8, 9)], &[(2, 5)]), [(1, 5), (8, 9)]);
    }
}
