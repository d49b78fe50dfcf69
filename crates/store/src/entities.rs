//! What the recognizers found in the calls: counts by type and field, never text.
//!
//! Derived: made anew when the rules change. Not here: finding them (the engine).

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};

use crate::error::Result;
use crate::open::Store;
use crate::rollups::by_name;
use crate::sealing::{StoredBody, unseal};
use crate::writer::Writer;

/// Entities of one call: (entity type, field) to count.
pub type Found = BTreeMap<(String, String), u64>;

/// How far the calls were scanned, and by which rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanState {
    /// Hash of the recognizers and the policy.
    pub rules: String,
    /// Every call before this leaf was scanned.
    pub up_to_seq: u64,
    pub scanned_ms: i64,
}

impl Writer {
    /// Forgets what other rules found.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn begin_scan(&mut self, rules: &str, now_ms: i64) -> Result<()> {
        self.transact(|writer| {
            writer.connection.execute("delete from entity", [])?;
            by_name::forget_found(&writer.connection)?;
            writer.connection.execute(
                "insert into scan (id, rules, up_to_seq, scanned_ms) values (1, ?1, 0, ?2)
                 on conflict (id) do update set rules = ?1, up_to_seq = 0, scanned_ms = ?2",
                params![rules, now_ms],
            )?;
            Ok(())
        })
    }

    /// Stores what was found in a stretch of calls, all before `up_to_seq`.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn save_scan(&mut self, found: &[(u64, Found)], up_to_seq: u64, now_ms: i64) -> Result<()> {
        self.transact(|writer| {
            let mut new: Vec<(i64, Vec<i64>)> = Vec::new();
            for (seq, entities) in found {
                let known = by_name::entities_of(&writer.connection, *seq as i64)?;
                let mut types = Vec::new();
                for ((entity_type, field), count) in entities {
                    let entity_type = writer.labels.id(&writer.connection, entity_type)?;
                    let field = writer.labels.id(&writer.connection, field)?;
                    writer
                        .connection
                        .prepare_cached(
                            "insert or replace into entity (seq, entity_type, field, count)
                             values (?1, ?2, ?3, ?4)",
                        )?
                        .execute(params![*seq as i64, entity_type, field, *count as i64])?;
                    if !known.contains(&entity_type) && !types.contains(&entity_type) {
                        types.push(entity_type);
                    }
                }
                new.push((*seq as i64, types));
            }
            by_name::note_found(&writer.connection, &new)?;
            writer.connection.execute(
                "update scan set up_to_seq = ?1, scanned_ms = ?2",
                params![up_to_seq as i64, now_ms],
            )?;
            Ok(())
        })
    }
}

/// A call to be scanned: its leaf, its deployment, its format, its bytes.
pub struct Scannable {
    pub seq: u64,
    pub deployment: String,
    pub format: u8,
    pub raw: Vec<u8>,
}

impl Store {
    /// How far the calls were scanned.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn scan_state(&self) -> Result<Option<ScanState>> {
        self.read(|connection| {
            Ok(connection
                .query_row("select rules, up_to_seq, scanned_ms from scan", [], |row| {
                    Ok(ScanState {
                        rules: row.get(0)?,
                        up_to_seq: row.get::<_, i64>(1)?.unsigned_abs(),
                        scanned_ms: row.get(2)?,
                    })
                })
                .optional()?)
        })
    }

    /// The next calls from leaf `from` on that hold text, at most `limit`.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn scannable(&self, from: u64, limit: usize) -> Result<Vec<Scannable>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select c.format, b.seq, b.codec, b.salt, b.data, b.key, d.name
                 from call c
                 join body b on b.seq = c.seq
                 join deployment d on d.id = c.deployment_id
                 where c.seq >= ?1
                 order by c.seq limit ?2",
            )?;
            let mut rows = statement.query(params![from as i64, limit as i64])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                found.push(Scannable {
                    seq: row.get::<_, i64>(1)?.unsigned_abs(),
                    deployment: row.get(6)?,
                    format: row.get(0)?,
                    raw: unseal(&self.keys, StoredBody::read(row, 1)?)?.1,
                });
            }
            Ok(found)
        })
    }
}
