//! Depth `leaves`: every leaf's bytes against its tile, their order, and that each leaf and the rows
//! that tell of it agree.

use std::collections::{BTreeMap, BTreeSet};

use assay_domain::moment::{self, WithoutZone};
use assay_evidence::leaf::{LeafFields, LeafKind, leaf_bytes};
use assay_evidence::tree::{TILE_WIDTH, leaf_hash};
use rusqlite::Row;

use super::tree::Tree;
use super::{Check, What};
use crate::error::Result;

/// Columns that name a leaf, and what kind of leaf it is. Of those marked every leaf is named.
const NAMED: [(&str, &str, LeafKind, bool); 32] = [
    ("snapshot", "seq", LeafKind::SettingSnapshot, true),
    ("waiver", "seq", LeafKind::Waiver, false),
    ("hold", "seq", LeafKind::HoldSet, true),
    ("hold", "released_seq", LeafKind::HoldRelease, true),
    ("retention_rule", "seq", LeafKind::Retention, false),
    ("erasure", "seq", LeafKind::EraseIntent, true),
    ("erasure", "done_seq", LeafKind::EraseDone, true),
    ("replay_run", "seq", LeafKind::ReplayIntent, true),
    ("guard_run", "seq", LeafKind::Export, false),
    ("names_model", "seq", LeafKind::Definition, false),
    ("report", "seq", LeafKind::Export, false),
    ("verifier_key", "seq", LeafKind::KeyRotate, true),
    ("person", "added_seq", LeafKind::PersonKey, false),
    ("person", "revoked_seq", LeafKind::PersonKey, false),
    ("approval", "asked_seq", LeafKind::Approval, false),
    ("approval", "decided_seq", LeafKind::Approval, false),
    ("approval", "used_seq", LeafKind::Approval, false),
    ("saved_view", "seq", LeafKind::View, false),
    ("note", "seq", LeafKind::Note, false),
    ("note", "withdrawn_seq", LeafKind::Note, false),
    ("tag", "added_seq", LeafKind::Tag, false),
    ("tag", "removed_seq", LeafKind::Tag, false),
    ("review_sample", "seq", LeafKind::Review, false),
    ("review_sample", "closed_seq", LeafKind::Review, false),
    ("review_reader", "joined_seq", LeafKind::Review, false),
    ("review_reader", "finished_seq", LeafKind::Review, false),
    ("judgement", "seq", LeafKind::Review, false),
    ("test_set", "seq", LeafKind::Definition, false),
    ("test_text", "seq", LeafKind::Definition, false),
    ("test_text", "removed_seq", LeafKind::Definition, false),
    ("test_label", "seq", LeafKind::Definition, false),
    ("test_label", "removed_seq", LeafKind::Definition, false),
];

/// Kinds of leaves that have no activity of their own.
const WITHOUT_ACTIVITY: [LeafKind; 5] = [
    LeafKind::Genesis,
    LeafKind::ImportBegin,
    LeafKind::ImportEnd,
    LeafKind::ClockJump,
    LeafKind::Rows,
];

/// What a leaf says.
#[derive(serde::Deserialize)]
pub(super) struct Said<'a> {
    #[serde(default)]
    c: Option<&'a str>,
    #[serde(default)]
    p: Option<&'a str>,
    pub(super) id: &'a str,
    pub(super) k: &'a str,
    pub(super) n: u64,
    pub(super) o: u64,
    pub(super) q: u64,
    t: &'a str,
}

impl Said<'_> {
    /// Reads a leaf; only the one way to write it is accepted.
    pub(super) fn read(bytes: &[u8]) -> Option<(Said<'_>, LeafKind, [u8; 32])> {
        let said: Said<'_> = serde_json::from_slice(bytes).ok()?;
        let kind = LeafKind::from_name(said.k)?;
        let mut digest = [0; 32];
        hex::decode_to_slice(said.c.or(said.p)?, &mut digest).ok()?;
        let fields = LeafFields {
            kind,
            batch: said.id,
            length: said.n,
            offset: said.o,
            seq: said.q,
            recorded_at: said.t,
        };
        (leaf_bytes(&fields, &digest) == bytes).then_some((said, kind, digest))
    }

    fn recorded_ms(&self) -> Option<i64> {
        moment::read(self.t, WithoutZone::IsUtc, i64::MAX).0
    }
}

/// The leaves of what this program itself did, by kind.
pub(super) type Kinds = BTreeMap<u64, LeafKind>;

/// A row of a table whose key is a leaf, in order.
struct Cursor<'s> {
    rows: rusqlite::Rows<'s>,
    next: Option<Row4>,
}

/// Leaf, import, offset, length.
type Row4 = (u64, Option<i64>, u64, u64);

impl<'s> Cursor<'s> {
    fn new(mut rows: rusqlite::Rows<'s>) -> Result<Self> {
        let next = rows.next()?.map(row4).transpose()?;
        Ok(Self { rows, next })
    }

    /// The row of leaf `seq`; rows before it that belong to no leaf go to `stray`.
    fn at(&mut self, seq: u64, stray: &mut Vec<u64>) -> Result<Option<Row4>> {
        while let Some(row) = self.next {
            if row.0 > seq {
                return Ok(None);
            }
            self.next = self.rows.next()?.map(row4).transpose()?;
            if row.0 == seq {
                return Ok(Some(row));
            }
            stray.push(row.0);
        }
        Ok(None)
    }
}

fn row4(row: &Row<'_>) -> rusqlite::Result<Row4> {
    Ok((
        u64::try_from(row.get::<_, i64>(0)?).unwrap_or(u64::MAX),
        row.get(1)?,
        row.get::<_, i64>(2)?.unsigned_abs(),
        row.get::<_, i64>(3)?.unsigned_abs(),
    ))
}

impl Check<'_> {
    pub(super) fn leaves(&mut self, tree: &Tree<'_>) -> Result<Kinds> {
        let size = self.report.size;
        let batches = self.batches()?;
        let connection = self.connection;
        let sql =
            |table: &str| format!("select seq, batch_id, offset, length from {table} order by seq");
        let (mut calls, mut activities) = (
            connection.prepare(&sql("call"))?,
            connection.prepare(&sql("activity"))?,
        );
        let mut calls = Cursor::new(calls.query([])?)?;
        let mut activities = Cursor::new(activities.query([])?)?;
        let (mut stray_calls, mut stray_activities) = (Vec::new(), Vec::new());
        let mut statement = connection.prepare("select seq, bytes from leaf order by seq")?;
        let mut rows = statement.query([])?;
        let mut kinds = Kinds::new();
        let (mut expected, mut held, mut agree, mut last_ms) = (0_u64, 0, 0, i64::MIN);
        while let Some(row) = rows.next()? {
            let seq = u64::try_from(row.get::<_, i64>(0)?).unwrap_or(u64::MAX);
            let bytes = row.get_ref(1)?.as_blob().unwrap_or_default();
            self.missing_leaves(expected..seq.min(size));
            expected = seq.saturating_add(1);
            if seq >= size {
                self.found_at(
                    What::Added,
                    ("leaf", None),
                    seq,
                    Some(seq),
                    format!("Leaf {seq} was added: the tree has {size} leaves."),
                );
            }
            let call = calls.at(seq, &mut stray_calls)?;
            let activity = activities.at(seq, &mut stray_activities)?;
            let is_hashed = tree.leaf(seq) == Some(leaf_hash(bytes));
            if !is_hashed {
                self.found_at(
                    What::Changed,
                    ("leaf", Some("bytes")),
                    seq,
                    Some(seq),
                    format!("Leaf {seq} is not the one whose hash the tree holds: the leaf or the tile was changed."),
                );
                if seq < size {
                    self.found_at(
                        What::Changed,
                        ("tile", Some("hashes")),
                        format!("[0,{}]", seq / TILE_WIDTH as u64),
                        Some(seq),
                        format!("A tile holds another hash of leaf {seq} than the leaf has: the leaf or the tile was changed."),
                    );
                }
            }
            let Some((said, kind, _)) = Said::read(bytes) else {
                self.found_at(
                    What::Changed,
                    ("leaf", Some("bytes")),
                    seq,
                    Some(seq),
                    format!("Leaf {seq} can't be read."),
                );
                continue;
            };
            let ms = said.recorded_ms();
            if said.q != seq || ms.is_none_or(|ms| ms < last_ms) {
                self.found_at(
                    What::Changed,
                    ("leaf", Some("bytes")),
                    seq,
                    Some(seq),
                    format!(
                        "Leaf {seq} says that it is leaf {} at {}: that is out of order.",
                        said.q, said.t
                    ),
                );
            }
            last_ms = ms.unwrap_or(last_ms).max(last_ms);
            held += u64::from(is_hashed);
            if kind != LeafKind::Event {
                kinds.insert(seq, kind);
            }
            agree += u64::from(self.row_of((seq, &said, kind), call, activity, &batches));
            self.hear("leaves", expected, size)?;
        }
        self.missing_leaves(expected..size);
        let last = |cursor: &mut Cursor<'_>, stray: &mut Vec<u64>| cursor.at(u64::MAX, stray);
        if let Some(row) = last(&mut calls, &mut stray_calls)? {
            stray_calls.push(row.0);
        }
        if let Some(row) = last(&mut activities, &mut stray_activities)? {
            stray_activities.push(row.0);
        }
        for (table, strays) in [("call", stray_calls), ("activity", stray_activities)] {
            for seq in strays {
                self.found(
                    What::Added,
                    table,
                    seq,
                    format!("A row of `{table}` says that it is record {seq}, and there is no such leaf."),
                );
            }
        }
        self.counted("leaves", held, size);
        self.counted("rows of leaves", agree, size);
        Ok(kinds)
    }

    fn missing_leaves(&mut self, range: std::ops::Range<u64>) {
        for missing in range {
            self.found_at(
                What::Missing,
                ("leaf", None),
                missing,
                Some(missing),
                format!("Leaf {missing} is missing."),
            );
        }
    }

    fn batches(&self) -> Result<BTreeMap<i64, String>> {
        let mut statement = self.connection.prepare("select id, uuid from batch")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Whether a leaf and the row that tells of it agree.
    fn row_of(
        &mut self,
        (seq, said, kind): (u64, &Said<'_>, LeafKind),
        call: Option<Row4>,
        activity: Option<Row4>,
        batches: &BTreeMap<i64, String>,
    ) -> bool {
        let before = self.report.damaged;
        let (table, row) = match (call, activity) {
            (Some(row), None) => ("call", Some(row)),
            (None, Some(row)) => ("activity", Some(row)),
            (None, None) => ("call or activity", None),
            (Some(_), Some(_)) => {
                self.found_at(
                    What::Added,
                    ("activity", None),
                    seq,
                    Some(seq),
                    format!("Record {seq} is in `call` and in `activity`; one of them was added."),
                );
                return false;
            }
        };
        let changed = |check: &mut Self, column: &str, sentence: String| {
            check.found_at(
                What::Changed,
                (table, Some(column)),
                seq,
                Some(seq),
                sentence,
            );
        };
        match (kind == LeafKind::Event, row) {
            (true, None) => self.found_at(
                What::Missing,
                ("call", None),
                seq,
                Some(seq),
                format!("Record {seq} has a leaf and no row in `call` or `activity`."),
            ),
            (true, Some((_, batch, offset, length))) => {
                let uuid = batch.and_then(|id| batches.get(&id));
                if uuid.is_none_or(|uuid| uuid != said.id) {
                    changed(
                        self,
                        "batch_id",
                        format!("Record {seq} is not of the import that its leaf names."),
                    );
                }
                if offset != said.o {
                    changed(
                        self,
                        "offset",
                        format!("Record {seq} stood elsewhere in its file, as its leaf says."),
                    );
                }
                if length != said.n {
                    changed(
                        self,
                        "length",
                        format!("Record {seq} had another length, as its leaf says."),
                    );
                }
            }
            (false, None) if WITHOUT_ACTIVITY.contains(&kind) => {}
            (false, None) => self.found_at(
                What::Missing,
                ("activity", None),
                seq,
                Some(seq),
                format!(
                    "The activity that leaf {seq} (`{}`) records is missing.",
                    said.k
                ),
            ),
            (false, Some((_, batch, _, length))) => {
                if WITHOUT_ACTIVITY.contains(&kind) || table == "call" {
                    self.found_at(
                        What::Added,
                        (table, None),
                        seq,
                        Some(seq),
                        format!(
                            "A row of `{table}` tells of leaf {seq}, which is `{}`.",
                            said.k
                        ),
                    );
                } else if batch.is_some() || length != said.n {
                    changed(
                        self,
                        if batch.is_some() {
                            "batch_id"
                        } else {
                            "length"
                        },
                        format!("Activity {seq} is not the one that its leaf records."),
                    );
                }
            }
        }
        self.report.damaged == before
    }

    /// Rows that name a leaf name one of their kind, and the other way round.
    pub(super) fn references(&mut self, kinds: &Kinds) -> Result<()> {
        let (mut held, mut all) = (0, 0);
        for (table, column, kind, is_complete) in NAMED {
            let sql = format!("select {column} from {table} where {column} is not null");
            let named: Vec<u64> = self
                .connection
                .prepare(&sql)?
                .query_map([], |row| Ok(row.get::<_, i64>(0)?.unsigned_abs()))?
                .collect::<rusqlite::Result<_>>()?;
            for seq in &named {
                all += 1;
                if kinds.get(seq) == Some(&kind) {
                    held += 1;
                } else {
                    self.found_at(
                        What::Changed,
                        (table, Some(column)),
                        seq,
                        Some(*seq),
                        format!(
                            "A row of `{table}` names leaf {seq}, which is not a `{}`.",
                            kind.name()
                        ),
                    );
                }
            }
            let named: BTreeSet<u64> = named.into_iter().collect();
            let of_kind = kinds.iter().filter(|(_, is)| is_complete && **is == kind);
            for (seq, _) in of_kind.filter(|(seq, _)| !named.contains(seq)) {
                all += 1;
                self.found_at(
                    What::Missing,
                    (table, None),
                    seq,
                    Some(*seq),
                    format!(
                        "Leaf {seq} is a `{}`, and no row of `{table}` tells of it.",
                        kind.name()
                    ),
                );
            }
        }
        self.counted("rows that name leaves", held, all);
        Ok(())
    }
}
