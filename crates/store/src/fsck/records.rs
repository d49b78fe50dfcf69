//! Depth `records`: every record's bytes against the commitment in its leaf, and the rows of
//! imported records against what they were when they were stored.

use std::collections::BTreeMap;

use assay_evidence::leaf::{LeafKind, SALT_LEN, commitment};
use rusqlite::Connection;
use serde_json::Value;

use super::leaves::{Kinds, Said};
use super::{Check, What};
use crate::batches::rejected_sha256;
use crate::error::{Result, StoreError};
use crate::row_digests::{self, BOTH, Shape};
use crate::row_log::ROW;
use crate::sealing::{self, StoredBody, unseal};

/// What leaves `rows` say of the log of rows: the last entry that they commit to, and the chain
/// there, by the leaf.
pub(super) type Commitments = BTreeMap<u64, (i64, String)>;

/// Which leaves were erased, by which.
struct Erased(Vec<(u64, u64)>);

impl Erased {
    fn read(connection: &Connection) -> Result<Self> {
        let mut statement =
            connection.prepare("select from_seq, to_seq from erased order by from_seq")?;
        let rows = statement.query_map([], |row| {
            let number = |index| row.get::<_, i64>(index).map(i64::unsigned_abs);
            Ok((number(0)?, number(1)?))
        })?;
        Ok(Self(rows.collect::<rusqlite::Result<_>>()?))
    }

    fn has(&self, seq: u64) -> bool {
        let after = self.0.partition_point(|(from, _)| *from <= seq);
        after
            .checked_sub(1)
            .and_then(|index| self.0.get(index))
            .is_some_and(|(_, to)| seq < *to)
    }
}

/// What is counted while records are read.
#[derive(Default)]
struct Tally {
    committed: u64,
    erased: u64,
    rows: u64,
    rows_of: u64,
    undigested: u64,
}

/// What the row of a leaf is.
struct Is {
    table: &'static str,
    /// The digest of what stays in an erasure.
    kept: [u8; ROW],
    /// The digest of what goes, where the record's salt is known.
    goes: Option<[u8; ROW]>,
    is_emptied: bool,
}

/// An import's row: its number, four counts, the hash of its file.
type Import = (i64, [i64; 4], Option<Vec<u8>>);

/// The rows of calls and activities, and what they were, leaf by leaf.
struct Rows<'c> {
    connection: &'c Connection,
    shapes: [Shape; 2],
    /// The digests that were read last, and the first leaf of them.
    digests: (u64, Vec<u8>),
}

impl<'c> Rows<'c> {
    fn new(connection: &'c Connection) -> Result<Self> {
        Ok(Self {
            connection,
            shapes: Shape::both(connection)?,
            digests: (0, Vec::new()),
        })
    }

    /// What the row of leaf `seq` was; `None` where nothing says so.
    fn was(&mut self, seq: u64) -> Result<Option<[u8; BOTH]>> {
        let covered = |(first, digests): &(u64, Vec<u8>)| {
            let at = usize::try_from(seq.checked_sub(*first)?)
                .ok()?
                .checked_mul(BOTH)?;
            digests.get(at..at.checked_add(BOTH)?)?.try_into().ok()
        };
        if let Some(found) = covered(&self.digests) {
            return Ok(Some(found));
        }
        let mut statement = self.connection.prepare_cached(
            "select first_seq, digests from row_digest
             where first_seq <= ?1 order by first_seq desc limit 1",
        )?;
        let mut rows = statement.query([seq as i64])?;
        if let Some(row) = rows.next()? {
            self.digests = (row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?);
        }
        Ok(covered(&self.digests))
    }

    /// What the row of leaf `seq` is: its table, what stays, and, where the salt is known, what
    /// goes in an erasure.
    fn is(&self, seq: u64, salt: Option<&[u8]>) -> Result<Option<Is>> {
        for shape in &self.shapes {
            let sql = format!("select * from {} where seq = ?1", shape.table);
            let mut statement = self.connection.prepare_cached(&sql)?;
            let mut rows = statement.query([seq as i64])?;
            if let Some(row) = rows.next()? {
                let goes = salt.map(|salt| shape.personal(row, salt)).transpose()?;
                return Ok(Some(Is {
                    table: shape.table,
                    kept: shape.kept(row)?,
                    goes,
                    is_emptied: shape.is_emptied(row)?,
                }));
            }
        }
        Ok(None)
    }
}

impl Check<'_> {
    pub(super) fn records(&mut self, kinds: &Kinds) -> Result<Commitments> {
        let size = self.report.size;
        let connection = self.connection;
        let erased = Erased::read(connection)?;
        let mut tally = Tally::default();
        let mut of_rows = Rows::new(connection)?;
        let mut commitments = Commitments::new();
        let sql = format!(
            "select l.seq, l.bytes, {} from leaf l left join body b on b.seq = l.seq order by l.seq",
            sealing::COLUMNS
        );
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        let mut done = 0;
        while let Some(row) = rows.next()? {
            let seq = row.get::<_, i64>(0)?.unsigned_abs();
            let leaf: Vec<u8> = row.get(1)?;
            let body = row
                .get::<_, Option<i64>>(2)?
                .map(|_| StoredBody::read(row, 2))
                .transpose();
            done += 1;
            self.hear("records", done, size)?;
            let Some((said, kind, digest)) = Said::read(&leaf) else {
                continue;
            };
            let plain = match body {
                Ok(body) => self.plain((seq, kind), body, &erased, &mut tally)?,
                Err(_) => {
                    self.found_at(
                        What::Changed,
                        ("body", None),
                        seq,
                        Some(seq),
                        format!("The row of record {seq} in `body` can't be read."),
                    );
                    None
                }
            };
            if let Some((salt, raw)) = &plain {
                if is_committed(&digest, salt, raw) && raw.len() as u64 == said.n {
                    tally.committed += 1;
                } else {
                    self.found_at(
                        What::Changed,
                        ("body", Some("data")),
                        seq,
                        Some(seq),
                        format!(
                            "The bytes of record {seq} are not the ones that its leaf commits to."
                        ),
                    );
                }
            }
            if kind == LeafKind::Event {
                let salt = plain.as_ref().map(|(salt, _)| salt.as_slice());
                self.row(&mut of_rows, seq, salt, erased.has(seq), &mut tally)?;
            } else if let Some((_, raw)) = &plain {
                self.own((seq, kind), raw, &mut commitments)?;
            }
        }
        self.stray_bodies()?;
        self.counted("bytes of records", tally.committed, size);
        self.counted("rows of records", tally.rows, tally.rows_of);
        if tally.erased > 0 {
            self.not_checked(format!(
                "The bytes of {} of {size} records were erased: their leaves still stand, and what was personal in their rows is gone.",
                tally.erased
            ));
        }
        if tally.undigested > 0 {
            self.not_checked(format!(
                "The rows of {} of {} imported records: they were stored before rows were written down, or their import was not ended.",
                tally.undigested,
                tally.rows_of + tally.undigested
            ));
        }
        let events = size - kinds.len() as u64;
        self.counted("imported records", tally.rows + tally.undigested, events);
        Ok(commitments)
    }

    /// Salt and bytes of a record; `None` where they are not there, which is damage unless they
    /// were erased.
    fn plain(
        &mut self,
        (seq, kind): (u64, LeafKind),
        body: Option<StoredBody>,
        erased: &Erased,
        tally: &mut Tally,
    ) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
        let is_erased = erased.has(seq);
        tally.erased += u64::from(is_erased);
        let Some(body) = body else {
            if !is_erased {
                self.found_at(
                    What::Missing,
                    ("body", None),
                    seq,
                    Some(seq),
                    format!(
                        "The bytes of record {seq} (`{}`) are missing, and no erasure says why.",
                        kind.name()
                    ),
                );
            }
            return Ok(None);
        };
        match unseal(self.keys, body) {
            Ok(plain) => Ok(Some(plain)),
            // An erasure that was begun and not done yet may have got as far as the keys.
            Err(StoreError::KeyMissing { .. }) if is_erased => Ok(None),
            Err(StoreError::KeyMissing { .. }) => {
                self.found_at(
                    What::Missing,
                    ("body", Some("key")),
                    seq,
                    Some(seq),
                    format!("The day key of record {seq} is missing, and no erasure says why."),
                );
                Ok(None)
            }
            Err(StoreError::Damaged { .. } | StoreError::Value(_)) => {
                self.found_at(
                    What::Changed,
                    ("body", Some("data")),
                    seq,
                    Some(seq),
                    format!("The bytes of record {seq} were changed: its seal does not hold."),
                );
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The row of an imported record against what it was.
    fn row(
        &mut self,
        rows: &mut Rows<'_>,
        seq: u64,
        salt: Option<&[u8]>,
        is_erased: bool,
        tally: &mut Tally,
    ) -> Result<()> {
        let Some(was) = rows.was(seq)? else {
            tally.undigested += 1;
            return Ok(());
        };
        tally.rows_of += 1;
        // That a row is missing was found with the leaves.
        let Some(Is {
            table,
            kept,
            goes,
            is_emptied,
        }) = rows.is(seq, salt)?
        else {
            return Ok(());
        };
        let before = self.report.damaged;
        if kept != was[..ROW] {
            self.found_at(
                What::Changed,
                (table, None),
                seq,
                Some(seq),
                format!(
                    "The row of record {seq} in `{table}` is not the one that was stored with it."
                ),
            );
        }
        match goes {
            Some(goes) if !is_erased && goes != was[ROW..] => self.found_at(
                What::Changed,
                (table, None),
                seq,
                Some(seq),
                format!("Who made or sent record {seq}, or its ids, are not what was stored in `{table}` with it."),
            ),
            _ if is_erased && !is_emptied && salt.is_none() => self.found_at(
                What::Changed,
                (table, None),
                seq,
                Some(seq),
                format!("Record {seq} was erased, and its row in `{table}` holds something that should have gone."),
            ),
            _ => {}
        }
        tally.rows += u64::from(self.report.damaged == before);
        Ok(())
    }

    /// What a leaf of this program itself commits to, against the tables.
    fn own(
        &mut self,
        (seq, kind): (u64, LeafKind),
        raw: &[u8],
        commitments: &mut Commitments,
    ) -> Result<()> {
        let payload: Value = serde_json::from_slice(raw).unwrap_or_default();
        let text = |name: &str| payload.get(name).and_then(Value::as_str).map(str::to_owned);
        match kind {
            LeafKind::Genesis => {
                let origin = text("origin").unwrap_or_default();
                if assay_evidence::checkpoint::origin(&origin) != self.origin {
                    self.found_at(
                        What::Changed,
                        ("workspace", Some("value")),
                        "[\"origin\"]",
                        Some(seq),
                        "The store's origin is not the one that its first leaf pins.".to_owned(),
                    );
                }
            }
            LeafKind::KeyRotate => {
                let known: Option<String> = self
                    .connection
                    .prepare_cached("select vkey from verifier_key where seq = ?1")?
                    .query_map([seq as i64], |row| row.get(0))?
                    .next()
                    .transpose()?;
                if known.is_some() && known != text("vkey") {
                    self.found_at(
                        What::Signature,
                        ("verifier_key", Some("vkey")),
                        seq,
                        Some(seq),
                        format!("The verifier key is not the one that leaf {seq} registers: the trail may have been signed anew with another key."),
                    );
                }
            }
            LeafKind::Rows => {
                let entries = payload.get("entries").and_then(Value::as_i64);
                if let (Some(entries), Some(chain)) = (entries, text("chain")) {
                    commitments.insert(seq, (entries, chain));
                }
            }
            LeafKind::ImportBegin | LeafKind::ImportEnd => self.import(seq, kind, &payload)?,
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, seq: u64, kind: LeafKind, payload: &Value) -> Result<()> {
        let uuid = payload
            .get("batch")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let found: Option<Import> = self
            .connection
            .prepare_cached(
                "select id, accepted, duplicates, rejected, blank, sha256 from batch where uuid = ?1",
            )?
            .query_map([uuid], |row| {
                let counts = [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
                Ok((row.get(0)?, counts, row.get(5)?))
            })?
            .next()
            .transpose()?;
        let Some((id, counts, sha256)) = found else {
            self.found_at(
                What::Missing,
                ("batch", None),
                uuid,
                Some(seq),
                format!(
                    "The import that leaf {seq} (`{}`) tells of is missing.",
                    kind.name()
                ),
            );
            return Ok(());
        };
        if kind == LeafKind::ImportBegin {
            return Ok(());
        }
        let number = |name: &str| payload.get(name).and_then(Value::as_i64);
        let columns = ["accepted", "duplicates", "rejected", "blank"];
        for (column, is) in columns.into_iter().zip(counts) {
            if number(column) != Some(is) {
                self.found_at(
                    What::Changed,
                    ("batch", Some(column)),
                    format!("[{id}]"),
                    Some(seq),
                    format!("Import {id} does not count what its leaf {seq} says."),
                );
            }
        }
        let said = |name: &str| payload.get(name).and_then(Value::as_str);
        if said("sha256").map(str::to_owned) != sha256.map(hex::encode) {
            self.found_at(
                What::Changed,
                ("batch", Some("sha256")),
                format!("[{id}]"),
                Some(seq),
                format!("The file of import {id} was another one, as its leaf {seq} says."),
            );
        }
        let of_table = [
            (
                "rows_sha256",
                "row_digest",
                row_digests::of_batch(self.connection, id)?,
            ),
            (
                "rejected_sha256",
                "rejected_line",
                rejected_sha256(self.connection, id)?,
            ),
        ];
        for (name, table, is) in of_table {
            if said(name).is_some_and(|was| was != hex::encode(is)) {
                self.found_at(
                    What::Changed,
                    (table, None),
                    format!("import {id}"),
                    Some(seq),
                    format!(
                        "What `{table}` holds of import {id} is not what its leaf {seq} commits to."
                    ),
                );
            }
        }
        Ok(())
    }

    fn stray_bodies(&mut self) -> Result<()> {
        let mut statement = self.connection.prepare(
            "select seq from body where seq not in (select seq from leaf) order by seq limit 1000",
        )?;
        let stray: Vec<i64> = statement
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for seq in stray {
            self.found(
                What::Added,
                "body",
                seq,
                format!("There are bytes of record {seq}, and there is no such leaf."),
            );
        }
        Ok(())
    }
}

fn is_committed(digest: &[u8; 32], salt: &[u8], raw: &[u8]) -> bool {
    <[u8; SALT_LEN]>::try_from(salt).is_ok_and(|salt| commitment(&salt, raw) == *digest)
}
