//! Imports in the store: one batch a file, and the lines that no parser accepted.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use assay_domain::formats;
use assay_domain::moment;
use assay_evidence::leaf::LeafKind;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};

use crate::billed::NewBucket;
use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::record_keys::{self, Trodden};
use crate::rollups::Deltas;
use crate::row_digests;
use crate::row_log::feed;
use crate::writer::{NewRecord, Writer, salts};

/// An import of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BatchRecord {
    pub id: i64,
    pub uuid: String,
    pub path: String,
    pub format: Option<String>,
    pub sha256: Option<Vec<u8>>,
    pub bytes: u64,
    pub accepted: u64,
    pub duplicates: u64,
    pub rejected: u64,
    pub blank: u64,
    pub calls: u64,
    pub activities: u64,
    pub conflicts: u64,
    pub oddities: BTreeMap<String, u64>,
    pub state: String,
    pub error: Option<String>,
    pub started_at_ms: i64,
    pub finished_at_ms: Option<i64>,
}

/// A line that no parser accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRecord {
    pub line: u64,
    pub offset: u64,
    pub length: u64,
    pub reason: String,
    pub detail: String,
    pub excerpt: String,
    pub sha256: Vec<u8>,
}

/// A stretch of one import.
#[derive(Default)]
pub struct Chunk {
    pub records: Vec<NewRecord>,
    /// Buckets of the provider's reports.
    pub buckets: Vec<NewBucket>,
    pub rejected: Vec<RejectedRecord>,
    /// Rejected lines beyond those that are kept.
    pub uncounted: u64,
    /// Records that are in the store already, and were not brought again.
    pub duplicates: u64,
    /// Read from disk when the chunk was complete.
    pub bytes: u64,
}

const COLUMNS: &str =
    "id, uuid, path, format, sha256, bytes, accepted, duplicates, rejected, blank,
    calls, activities, conflicts, oddities, state, error, started_at_ms, finished_at_ms";

fn read(row: &Row<'_>) -> rusqlite::Result<BatchRecord> {
    let count = |index: usize| row.get::<_, i64>(index).map(i64::unsigned_abs);
    let oddities: String = row.get(13)?;
    Ok(BatchRecord {
        id: row.get(0)?,
        uuid: row.get(1)?,
        path: row.get(2)?,
        format: row.get(3)?,
        sha256: row.get(4)?,
        bytes: count(5)?,
        accepted: count(6)?,
        duplicates: count(7)?,
        rejected: count(8)?,
        blank: count(9)?,
        calls: count(10)?,
        activities: count(11)?,
        conflicts: count(12)?,
        oddities: serde_json::from_str(&oddities).unwrap_or_default(),
        state: row.get(14)?,
        error: row.get(15)?,
        started_at_ms: row.get(16)?,
        finished_at_ms: row.get(17)?,
    })
}

/// Imports that were cut short.
fn running(connection: &Connection) -> Result<Vec<BatchRecord>> {
    let sql = format!("select {COLUMNS} from batch where state = 'running' order by id");
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

impl Writer {
    /// A job that was cut short is not running any more.
    pub(crate) fn end_cut_short(&mut self, now_ms: i64) -> Result<()> {
        for mut batch in running(&self.connection)? {
            "cancelled".clone_into(&mut batch.state);
            batch.error = Some("cut short".to_owned());
            self.end_batch(&batch, now_ms)?;
        }
        let runs: i64 = self.connection.query_row(
            "select (select count(*) from replay_run where state = 'running')
               + (select count(*) from guard_run where state = 'running')",
            [],
            |row| row.get(0),
        )?;
        if runs == 0 {
            return Ok(());
        }
        self.transact(|writer| {
            writer.connection.execute(
                "update replay_run set state = 'failed' where state = 'running'",
                [],
            )?;
            writer.connection.execute(
                "update guard_run set state = 'failed' where state = 'running'",
                [],
            )?;
            Ok(())
        })
    }

    /// Begins an import; the leaf `import.begin` says so.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn begin_batch(&mut self, path: &str, now_ms: i64) -> Result<BatchRecord> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|_| StoreError::NoRandomness)?;
        let uuid = hex::encode(random);
        let salt = salts(1)?[0];
        let payload = serde_json::json!({
            "batch": uuid,
            "path": path,
            "started": moment::rfc3339(now_ms),
        })
        .to_string();
        self.transact(|writer| {
            writer.connection.execute(
                "insert into batch (uuid, path, state, started_at_ms) values (?1, ?2, 'running', ?3)",
                params![uuid, path, now_ms],
            )?;
            let id = writer.connection.last_insert_rowid();
            writer.own_leaf(LeafKind::ImportBegin, &salt, payload.as_bytes(), now_ms)?;
            Ok(BatchRecord {
                id,
                uuid: uuid.clone(),
                path: path.to_owned(),
                state: "running".to_owned(),
                started_at_ms: now_ms,
                ..BatchRecord::default()
            })
        })
    }

    /// Writes what an import counts so far, in the transaction of the chunk that it counts.
    pub(crate) fn save_batch(&mut self, batch: &BatchRecord) -> Result<()> {
        self.connection
            .prepare_cached(
                "update batch set format = ?2, sha256 = ?3, bytes = ?4, accepted = ?5, duplicates = ?6,
                    rejected = ?7, blank = ?8, calls = ?9, activities = ?10, conflicts = ?11,
                    oddities = ?12, state = ?13, error = ?14, finished_at_ms = ?15
                 where id = ?1",
            )?
            .execute(params![
                batch.id,
                batch.format,
                batch.sha256,
                batch.bytes as i64,
                batch.accepted as i64,
                batch.duplicates as i64,
                batch.rejected as i64,
                batch.blank as i64,
                batch.calls as i64,
                batch.activities as i64,
                batch.conflicts as i64,
                serde_json::to_string(&batch.oddities)?,
                batch.state,
                batch.error,
                batch.finished_at_ms,
            ])?;
        Ok(())
    }

    /// Ends an import: its counts, and the leaf `import.end` that commits to them, to the file, to
    /// what the rejected lines were and to the rows of its records.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn end_batch(&mut self, batch: &BatchRecord, now_ms: i64) -> Result<()> {
        let salt = salts(1)?[0];
        self.transact(|writer| {
            writer.save_batch(batch)?;
            let payload = serde_json::json!({
                "accepted": batch.accepted,
                "activities": batch.activities,
                "batch": batch.uuid,
                "blank": batch.blank,
                "bytes": batch.bytes,
                "calls": batch.calls,
                "conflicts": batch.conflicts,
                "duplicates": batch.duplicates,
                "finished": batch.finished_at_ms.map(moment::rfc3339),
                "format": batch.format,
                "oddities": batch.oddities,
                "parsers": formats::PARSERS,
                "rejected": batch.rejected,
                "rejected_sha256": hex::encode(rejected_sha256(&writer.connection, batch.id)?),
                "rows_sha256": hex::encode(row_digests::of_batch(&writer.connection, batch.id)?),
                "sha256": batch.sha256.as_deref().map(hex::encode),
                "state": batch.state,
            })
            .to_string();
            writer.own_leaf(LeafKind::ImportEnd, &salt, payload.as_bytes(), now_ms)?;
            Ok(())
        })
    }

    /// Stores chunks of one import, as long as there are more, with their counts, in one
    /// transaction: all of them or nothing. `batch` counts them where they were stored.
    ///
    /// The pages of an index that random keys fall on are written once a transaction, so many small
    /// chunks in one cost less than each in its own.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing of them was stored and the writer can go on.
    pub fn append(
        &mut self,
        batch: &mut BatchRecord,
        chunks: impl IntoIterator<Item = impl Borrow<Chunk>>,
        now_ms: i64,
    ) -> Result<()> {
        self.check_log()?;
        // Each number that a row refers to was looked up or made by this writer just before.
        self.connection.pragma_update(None, "foreign_keys", false)?;
        let counted = self.append_all(batch, chunks, now_ms);
        self.connection.pragma_update(None, "foreign_keys", true)?;
        *batch = counted?;
        Ok(())
    }

    fn append_all(
        &mut self,
        batch: &BatchRecord,
        chunks: impl IntoIterator<Item = impl Borrow<Chunk>>,
        now_ms: i64,
    ) -> Result<BatchRecord> {
        self.transact(|writer| {
            let (mut counted, mut deltas) = (batch.clone(), Deltas::default());
            for chunk in chunks {
                let chunk = chunk.borrow();
                writer.reject(batch.id, &chunk.rejected)?;
                writer.append_records(&mut counted, &chunk.records, now_ms, &mut deltas)?;
                writer.append_buckets(&mut counted, &chunk.buckets, now_ms)?;
                counted.rejected += chunk.rejected.len() as u64 + chunk.uncounted;
                counted.duplicates += chunk.duplicates;
                counted.bytes = chunk.bytes;
            }
            writer.infer(&mut deltas)?;
            deltas.write(&writer.connection)?;
            writer.save_batch(&counted)?;
            Ok(counted)
        })
    }

    fn reject(&mut self, batch: i64, lines: &[RejectedRecord]) -> Result<()> {
        let mut statement = self.connection.prepare_cached(
            "insert into rejected_line (batch_id, line, offset, length, reason, detail, excerpt, sha256)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?;
        for line in lines {
            statement.execute(params![
                batch,
                line.line as i64,
                line.offset as i64,
                line.length as i64,
                line.reason,
                line.detail,
                line.excerpt,
                line.sha256,
            ])?;
        }
        Ok(())
    }
}

/// SHA-256 over what the rejected lines of an import were: where they stood and their own hashes.
pub(crate) fn rejected_sha256(connection: &Connection, batch: i64) -> Result<[u8; 32]> {
    let mut hasher = Sha256::new();
    let mut statement = connection.prepare_cached(
        "select line, offset, length, reason, sha256 from rejected_line
         where batch_id = ?1 order by id",
    )?;
    let mut rows = statement.query([batch])?;
    while let Some(row) = rows.next()? {
        for index in 0..5 {
            feed(&mut hasher, index, row.get_ref(index)?);
        }
    }
    Ok(hasher.finalize().into())
}

impl Store {
    /// Whether a call or an activity with this id was committed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn has_record(&self, id: &[u8; 16], trodden: &mut Trodden) -> Result<bool> {
        self.read(|connection| {
            let is_activity: bool = connection
                .prepare_cached("select exists (select 1 from activity where id = ?1)")?
                .query_row([id.as_slice()], |row| row.get(0))?;
            Ok(is_activity || record_keys::call_of_id(connection, id, trodden)?.is_some())
        })
    }

    /// All imports, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn batches(&self) -> Result<Vec<BatchRecord>> {
        self.read(|connection| {
            let sql = format!("select {COLUMNS} from batch order by id desc limit 10000");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([], read)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The import with this number.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn batch(&self, id: i64) -> Result<BatchRecord> {
        self.read(|connection| {
            let sql = format!("select {COLUMNS} from batch where id = ?1");
            connection
                .prepare_cached(&sql)?
                .query_row([id], read)
                .optional()?
                .ok_or_else(|| StoreError::NotFound {
                    what: "import",
                    name: id.to_string(),
                })
        })
    }

    /// The finished import of a file with this SHA-256, if there is one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn batch_of_file(&self, sha256: &[u8]) -> Result<Option<BatchRecord>> {
        self.read(|connection| {
            let sql = format!("select {COLUMNS} from batch where sha256 = ?1 and state = 'done' order by id limit 1");
            Ok(connection.prepare_cached(&sql)?.query_row([sha256], read).optional()?)
        })
    }

    /// Rejected lines with their import, newest import first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn rejected(
        &self,
        batch: Option<&str>,
        limit: u32,
    ) -> Result<Vec<(BatchRecord, RejectedRecord)>> {
        let batches: BTreeMap<i64, BatchRecord> = self
            .batches()?
            .into_iter()
            .filter(|known| {
                batch.is_none_or(|wanted| known.uuid == wanted || known.id.to_string() == wanted)
            })
            .map(|known| (known.id, known))
            .collect();
        if let (Some(wanted), true) = (batch, batches.is_empty()) {
            return Err(StoreError::NotFound {
                what: "import",
                name: wanted.to_owned(),
            });
        }
        let only = batch.and_then(|_| batches.keys().next().copied());
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select batch_id, line, offset, length, reason, detail, excerpt, sha256 from rejected_line
                 where ?1 is null or batch_id = ?1
                 order by batch_id desc, id limit ?2",
            )?;
            let rows = statement.query_map(params![only, limit], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    RejectedRecord {
                        line: row.get::<_, i64>(1)?.unsigned_abs(),
                        offset: row.get::<_, i64>(2)?.unsigned_abs(),
                        length: row.get::<_, i64>(3)?.unsigned_abs(),
                        reason: row.get(4)?,
                        detail: row.get(5)?,
                        excerpt: row.get(6)?,
                        sha256: row.get(7)?,
                    },
                ))
            })?;
            let mut found = Vec::new();
            for row in rows {
                let (id, line) = row?;
                if let Some(batch) = batches.get(&id) {
                    found.push((batch.clone(), line));
                }
            }
            Ok(found)
        })
    }
}
