//! Notes and tags on calls: who wrote what when, and what became of it.
//!
//! A leaf commits to SHA-256 over a salt and the text, so that an erasure can destroy both and every
//! proof still holds. What is on one record of a call is on the call. Not here: how they are masked
//! and which texts are taken (the engine), what destroys them (`destroying`).

use assay_evidence::leaf::{LeafKind, commitment};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::erasure::erased_at;
use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::policies::deed;
use crate::writer::{OwnRecord, Writer, salts};

/// A note as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRecord {
    pub id: i64,
    /// The leaf of the record that it was written on.
    pub call_seq: u64,
    /// `None` where it was erased with the record.
    pub text: Option<String>,
    pub noted_by: String,
    pub noted_ms: i64,
    /// The leaf that records it.
    pub seq: u64,
    /// The note that it corrects.
    pub replaces: Option<i64>,
    /// The note that corrects it.
    pub replaced_by: Option<i64>,
    pub withdrawn_by: Option<String>,
    pub withdrawn_ms: Option<i64>,
}

/// A tag as stored; one that was removed as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagRecord {
    /// `None` where it was erased with the record.
    pub tag: Option<String>,
    pub added_by: String,
    pub added_ms: i64,
    /// The leaf that records it.
    pub seq: u64,
    pub removed_by: Option<String>,
    pub removed_ms: Option<i64>,
}

/// A note that is to be written.
#[derive(Debug, Clone, Copy)]
pub struct NewNote<'a> {
    pub call_seq: u64,
    pub call_id: &'a str,
    pub text: &'a str,
    pub replaces: Option<i64>,
}

/// A word on a call.
#[derive(Debug, Clone, Copy)]
pub struct TagOn<'a> {
    pub call_seq: u64,
    pub call_id: &'a str,
    pub tag: &'a str,
}

/// The records of the call that the record `?1` belongs to.
const OF_THE_CALL: &str = "with leader (seq) as (
       select coalesce((select of_seq from witness where seq = ?1), ?1)),
     of_call (seq) as (
       select seq from leader
       union select w.seq from witness w join leader l on w.of_seq = l.seq)";

const NOTE: &str = "n.id, n.call_seq, n.text, n.noted_by, n.noted_ms, n.seq, n.replaces,
    (select r.id from note r where r.replaces = n.id limit 1), n.withdrawn_by, n.withdrawn_ms";

fn note(row: &Row<'_>) -> rusqlite::Result<NoteRecord> {
    Ok(NoteRecord {
        id: row.get(0)?,
        call_seq: row.get::<_, i64>(1)?.unsigned_abs(),
        text: row.get(2)?,
        noted_by: row.get(3)?,
        noted_ms: row.get(4)?,
        seq: row.get::<_, i64>(5)?.unsigned_abs(),
        replaces: row.get(6)?,
        replaced_by: row.get(7)?,
        withdrawn_by: row.get(8)?,
        withdrawn_ms: row.get(9)?,
    })
}

fn no_note(id: i64) -> StoreError {
    StoreError::NotFound {
        what: "note",
        name: id.to_string(),
    }
}

impl Store {
    /// The notes on all records of the call that the record at `seq` belongs to, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn notes_on(&self, seq: u64) -> Result<Vec<NoteRecord>> {
        self.read(|connection| {
            let sql = format!(
                "{OF_THE_CALL} select {NOTE} from of_call o join note n on n.call_seq = o.seq
                 order by n.id"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([seq as i64], note)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// One note.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn note(&self, id: i64) -> Result<NoteRecord> {
        self.read(|connection| {
            let sql = format!("select {NOTE} from note n where n.id = ?1");
            connection
                .prepare_cached(&sql)?
                .query_row([id], note)
                .optional()?
                .ok_or_else(|| no_note(id))
        })
    }

    /// The tags on all records of the call that the record at `seq` belongs to, removed ones too,
    /// oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn tags_on(&self, seq: u64) -> Result<Vec<TagRecord>> {
        self.read(|connection| {
            let sql = format!(
                "{OF_THE_CALL} select t.tag, t.added_by, t.added_ms, t.added_seq, t.removed_by,
                    t.removed_ms
                 from of_call o join tag t on t.call_seq = o.seq order by t.id"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([seq as i64], |row| {
                Ok(TagRecord {
                    tag: row.get(0)?,
                    added_by: row.get(1)?,
                    added_ms: row.get(2)?,
                    seq: row.get::<_, i64>(3)?.unsigned_abs(),
                    removed_by: row.get(4)?,
                    removed_ms: row.get(5)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The leaf of a note's call, by the id that the call is listed under.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn id_of_call(&self, seq: u64) -> Result<String> {
        self.read(|connection| {
            connection
                .prepare_cached("select hex(id) from call where seq = ?1")?
                .query_row([seq as i64], |row| row.get::<_, String>(0))
                .optional()?
                .map(|id| id.to_lowercase())
                .ok_or_else(|| StoreError::NotFound {
                    what: "call",
                    name: seq.to_string(),
                })
        })
    }
}

/// Refuses what would be written on a record that was erased: it could not be erased again.
fn not_erased(connection: &Connection, seq: u64) -> Result<()> {
    match erased_at(connection, seq)? {
        Some(by) => Err(StoreError::Erased { seq, by }),
        None => Ok(()),
    }
}

impl Writer {
    /// Writes a note on a call. The trail says so and commits to its text.
    ///
    /// # Errors
    /// [`StoreError::Erased`] where the record was erased.
    pub fn add_note(&mut self, new: &NewNote<'_>, by: &str, now_ms: i64) -> Result<i64> {
        let [leaf_salt, salt] = two_salts()?;
        let payload = serde_json::json!({
            "action": "note.add", "by": by, "call": new.call_id,
            "commitment": hex::encode(commitment(&salt, new.text.as_bytes())),
            "leaf": new.call_seq, "replaces": new.replaces,
        })
        .to_string();
        self.transact(|writer| {
            not_erased(&writer.connection, new.call_seq)?;
            let own = OwnRecord {
                kind: LeafKind::Note,
                activity: deed("note.add", new.call_id, by, now_ms),
                reason: None,
                payload: payload.as_bytes(),
                now_ms,
            };
            let (seq, _) = writer.own(&own, &leaf_salt)?;
            writer.connection.execute(
                "insert into note (call_seq, text, salt, noted_by, noted_ms, seq, replaces)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    new.call_seq as i64,
                    new.text,
                    salt.as_slice(),
                    by,
                    now_ms,
                    seq as i64,
                    new.replaces
                ],
            )?;
            Ok(writer.connection.last_insert_rowid())
        })
    }

    /// Withdraws a note: it stays, and says by whom and when. The trail says so.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is none, or it was withdrawn.
    pub fn withdraw_note(
        &mut self,
        note: &NoteRecord,
        call_id: &str,
        by: &str,
        now_ms: i64,
    ) -> Result<()> {
        let salt = salts(1)?[0];
        let payload = serde_json::json!({
            "action": "note.withdraw", "by": by, "call": call_id, "note": note.seq,
        })
        .to_string();
        self.transact(|writer| {
            let own = OwnRecord {
                kind: LeafKind::Note,
                activity: deed("note.withdraw", call_id, by, now_ms),
                reason: None,
                payload: payload.as_bytes(),
                now_ms,
            };
            let (seq, _) = writer.own(&own, &salt)?;
            let changed = writer.connection.execute(
                "update note set withdrawn_by = ?2, withdrawn_ms = ?3, withdrawn_seq = ?4
                 where id = ?1 and withdrawn_ms is null",
                params![note.id, by, now_ms, seq as i64],
            )?;
            match changed {
                0 => Err(no_note(note.id)),
                _ => Ok(()),
            }
        })
    }

    /// Puts a tag on a call. The trail says so and commits to the word. Answers whether it was not
    /// there before.
    ///
    /// # Errors
    /// [`StoreError::Erased`] where the record was erased.
    pub fn add_tag(&mut self, on: &TagOn<'_>, by: &str, now_ms: i64) -> Result<bool> {
        let [leaf_salt, salt] = two_salts()?;
        self.transact(|writer| {
            not_erased(&writer.connection, on.call_seq)?;
            if !writer.tags_in_force(on)?.is_empty() {
                return Ok(false);
            }
            let digest = commitment(&salt, on.tag.as_bytes());
            let seq = writer.tag_leaf("tag.add", on, &digest, &leaf_salt, by, now_ms)?;
            writer.connection.execute(
                "insert into tag (call_seq, tag, salt, added_by, added_ms, added_seq)
                 values (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    on.call_seq as i64,
                    on.tag,
                    salt.as_slice(),
                    by,
                    now_ms,
                    seq as i64
                ],
            )?;
            Ok(true)
        })
    }

    /// Takes a tag away from all records of a call; that it was there stays known. The trail says so.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where it is not on the call.
    pub fn remove_tag(&mut self, on: &TagOn<'_>, by: &str, now_ms: i64) -> Result<()> {
        self.transact(|writer| {
            let there = writer.tags_in_force(on)?;
            if there.is_empty() {
                return Err(StoreError::NotFound {
                    what: "tag on this call",
                    name: on.tag.to_owned(),
                });
            }
            for (id, salt) in there {
                let salt = <[u8; 32]>::try_from(salt.as_slice())
                    .map_err(|_| StoreError::Value("the salt of a tag".to_owned()))?;
                let digest = commitment(&salt, on.tag.as_bytes());
                let leaf_salt = salts(1)?[0];
                let seq = writer.tag_leaf("tag.remove", on, &digest, &leaf_salt, by, now_ms)?;
                writer.connection.execute(
                    "update tag set removed_by = ?2, removed_ms = ?3, removed_seq = ?4
                     where id = ?1",
                    params![id, by, now_ms, seq as i64],
                )?;
            }
            Ok(())
        })
    }

    /// Where the tag stands on the call now: its rows and their salts.
    fn tags_in_force(&self, on: &TagOn<'_>) -> Result<Vec<(i64, Vec<u8>)>> {
        let sql = format!(
            "{OF_THE_CALL} select t.id, t.salt from of_call o join tag t on t.call_seq = o.seq
             where t.tag = ?2 and t.removed_ms is null"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![on.call_seq as i64, on.tag], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn tag_leaf(
        &mut self,
        action: &str,
        on: &TagOn<'_>,
        digest: &[u8; 32],
        salt: &[u8; 32],
        by: &str,
        now_ms: i64,
    ) -> Result<u64> {
        let payload = serde_json::json!({
            "action": action, "by": by, "call": on.call_id, "commitment": hex::encode(digest),
            "leaf": on.call_seq,
        })
        .to_string();
        let own = OwnRecord {
            kind: LeafKind::Tag,
            activity: deed(action, on.call_id, by, now_ms),
            reason: None,
            payload: payload.as_bytes(),
            now_ms,
        };
        Ok(self.own(&own, salt)?.0)
    }
}

/// Salts of a leaf and of what it commits to.
pub(crate) fn two_salts() -> Result<[[u8; 32]; 2]> {
    let fresh = salts(2)?;
    Ok([fresh[0], fresh[1]])
}
