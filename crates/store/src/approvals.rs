//! What was asked of a second person, what that person said, and that it was used, in the store.
//!
//! Notes are kept as they were signed. Not here: what is in them and whether they hold (the engine).

use assay_evidence::leaf::LeafKind;
use rusqlite::{OptionalExtension, Row, params};

use crate::error::{Result, StoreError};
use crate::leaves;
use crate::open::Store;
use crate::persons::Told;
use crate::writer::{Writer, salts};

/// A request with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRecord {
    /// Hexadecimal.
    pub id: String,
    pub kind: String,
    pub content_sha256: Vec<u8>,
    /// Signed note of who asks.
    pub request: Vec<u8>,
    /// Number of the person who asks.
    pub asked_by: i64,
    pub asked_ms: i64,
    pub until_ms: i64,
    pub asked_seq: u64,
    pub decided: Option<DecidedRecord>,
    pub used_ms: Option<i64>,
    /// The leaf that records the use.
    pub used_seq: Option<u64>,
}

/// What a second person said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidedRecord {
    pub verdict: Verdict,
    /// Signed note of who decided.
    pub note: Vec<u8>,
    pub by: i64,
    pub at_ms: i64,
    pub seq: u64,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Approved,
    Refused,
}

impl Verdict {
    /// The word in the store and in notes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Refused => "refused",
        }
    }

    /// The verdict of a word.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Approved, Self::Refused]
            .into_iter()
            .find(|verdict| verdict.name() == name)
    }
}

/// A request to be kept.
pub struct NewApproval<'a> {
    pub id: &'a str,
    pub kind: &'a str,
    pub content_sha256: &'a [u8; 32],
    pub request: &'a [u8],
    pub asked_by: i64,
    pub until_ms: i64,
}

/// A decision to be kept.
pub struct NewDecision<'a> {
    pub id: &'a str,
    pub verdict: Verdict,
    pub note: &'a [u8],
    pub by: i64,
}

const COLUMNS: &str = "id, kind, content_sha256, request, asked_by, asked_ms, until_ms, asked_seq,
    verdict, decision, decided_by, decided_ms, decided_seq, used_ms, used_seq";

fn read(row: &Row<'_>) -> rusqlite::Result<ApprovalRecord> {
    let verdict: Option<String> = row.get(8)?;
    let decided = match verdict.as_deref().and_then(Verdict::from_name) {
        Some(verdict) => Some(DecidedRecord {
            verdict,
            note: row.get(9)?,
            by: row.get(10)?,
            at_ms: row.get(11)?,
            seq: row.get::<_, i64>(12)?.unsigned_abs(),
        }),
        None => None,
    };
    Ok(ApprovalRecord {
        id: row.get(0)?,
        kind: row.get(1)?,
        content_sha256: row.get(2)?,
        request: row.get(3)?,
        asked_by: row.get(4)?,
        asked_ms: row.get(5)?,
        until_ms: row.get(6)?,
        asked_seq: row.get::<_, i64>(7)?.unsigned_abs(),
        decided,
        used_ms: row.get(13)?,
        used_seq: row.get::<_, Option<i64>>(14)?.map(i64::unsigned_abs),
    })
}

impl Writer {
    /// Keeps a request, with a leaf `approval`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn ask_approval(&mut self, asked: &NewApproval<'_>, told: Told<'_>) -> Result<()> {
        let salt = salts(1)?[0];
        let now_ms = told.now_ms;
        self.transact(|writer| {
            let (seq, _) = writer.own(&told.own(LeafKind::Approval), &salt)?;
            writer.connection.execute(
                "insert into approval
                   (id, kind, content_sha256, request, asked_by, asked_ms, until_ms, asked_seq)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    asked.id,
                    asked.kind,
                    asked.content_sha256.as_slice(),
                    asked.request,
                    asked.asked_by,
                    now_ms,
                    asked.until_ms,
                    seq as i64
                ],
            )?;
            Ok(())
        })
    }

    /// Keeps what a second person said of a request, once, with a leaf `approval`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where nothing waits to be decided under this id.
    pub fn decide_approval(&mut self, decided: &NewDecision<'_>, told: Told<'_>) -> Result<()> {
        let salt = salts(1)?[0];
        let now_ms = told.now_ms;
        self.transact(|writer| {
            let (seq, _) = writer.own(&told.own(LeafKind::Approval), &salt)?;
            let changed = writer.connection.execute(
                "update approval
                 set verdict = ?2, decision = ?3, decided_by = ?4, decided_ms = ?5, decided_seq = ?6
                 where id = ?1 and verdict is null",
                params![
                    decided.id,
                    decided.verdict.name(),
                    decided.note,
                    decided.by,
                    now_ms,
                    seq as i64
                ],
            )?;
            match changed {
                1 => Ok(()),
                _ => Err(StoreError::NotFound {
                    what: "request that waits",
                    name: decided.id.to_owned(),
                }),
            }
        })
    }

    /// Uses an approval, which can be done once, with a leaf `approval`; answers whether this was
    /// the first time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn use_approval(&mut self, id: &str, told: Told<'_>) -> Result<bool> {
        let is_free = self
            .connection
            .prepare_cached(
                "select 1 from approval where id = ?1 and verdict = 'approved' and used_ms is null",
            )?
            .exists([id])?;
        if !is_free {
            return Ok(false);
        }
        let salt = salts(1)?[0];
        let now_ms = told.now_ms;
        self.transact(|writer| {
            let (seq, _) = writer.own(&told.own(LeafKind::Approval), &salt)?;
            writer.connection.execute(
                "update approval set used_ms = ?2, used_seq = ?3 where id = ?1 and used_ms is null",
                params![id, now_ms, seq as i64],
            )?;
            Ok(true)
        })
    }
}

impl Store {
    /// All requests, newest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn approvals(&self, limit: usize) -> Result<Vec<ApprovalRecord>> {
        self.read(|connection| {
            let sql = format!("select {COLUMNS} from approval order by asked_ms desc, id limit ?1");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], read)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The request with this id.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn approval(&self, id: &str) -> Result<ApprovalRecord> {
        self.read(|connection| {
            let sql = format!("select {COLUMNS} from approval where id = ?1");
            connection
                .prepare_cached(&sql)?
                .query_row([id], read)
                .optional()?
                .ok_or_else(|| StoreError::NotFound {
                    what: "request for approval",
                    name: id.to_owned(),
                })
        })
    }

    /// The requests for exactly this, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn approvals_of(&self, content_sha256: &[u8; 32]) -> Result<Vec<ApprovalRecord>> {
        self.read(|connection| {
            let sql = format!(
                "select {COLUMNS} from approval where content_sha256 = ?1
                 order by asked_ms desc, id"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([content_sha256.as_slice()], read)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// When the newest leaf was recorded, UTC milliseconds: no clock that was set back is before it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn last_recorded_ms(&self) -> Result<Option<i64>> {
        self.read(leaves::last_recorded_ms)
    }
}
