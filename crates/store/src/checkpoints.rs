//! Checkpoints in the store: what was signed, the keys that signed, what others say of it, and the
//! root of the tree at any size it ever had.
//!
//! In: a signed note over a size that was committed before. Out: notes, keys, anchors, roots,
//! consistency proofs. Rows only come, never change. Not here: signing, where a key is kept, when a
//! checkpoint is made (the engine).

use assay_evidence::checkpoint::{Checkpoint, origin};
use assay_evidence::leaf::LeafKind;
use assay_evidence::note::Note;
use assay_evidence::proof::{self, ProofError};
use assay_evidence::signing::VerifierKey;
use assay_evidence::tree::Hash;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::{Result, StoreError};
use crate::leaves::{self, Tiles, damaged};
use crate::open::Store;
use crate::policies::deed;
use crate::writer::{OwnRecord, Writer, salts};

/// The fact that names the checkpoint of the last pack that was handed over.
const LAST_PACK: &str = "last_pack_checkpoint";

/// A signed note over a size of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointRecord {
    /// Leaves.
    pub size: u64,
    /// C2SP signed note.
    pub note: Vec<u8>,
    /// When it was signed, UTC milliseconds.
    pub made_ms: i64,
}

/// A key that signs checkpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// C2SP: name, number and key.
    pub vkey: String,
    /// The tree that ends with the leaf which registers it.
    pub since_size: u64,
    /// That leaf.
    pub seq: u64,
}

/// What somebody else said of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnchorRecord {
    /// Of the checkpoint.
    pub size: u64,
    /// `tsa` or `witness`.
    pub kind: String,
    /// Who said it.
    pub name: String,
    /// What they said, as it was received.
    pub token: Vec<u8>,
    /// When it was received, UTC milliseconds.
    pub made_ms: i64,
}

fn checkpoint(row: &Row<'_>) -> rusqlite::Result<CheckpointRecord> {
    Ok(CheckpointRecord {
        size: row.get::<_, i64>(0)?.unsigned_abs(),
        note: row.get(1)?,
        made_ms: row.get(2)?,
    })
}

fn anchor(row: &Row<'_>) -> rusqlite::Result<AnchorRecord> {
    Ok(AnchorRecord {
        size: row.get::<_, i64>(0)?.unsigned_abs(),
        kind: row.get(1)?,
        name: row.get(2)?,
        token: row.get(3)?,
        made_ms: row.get(4)?,
    })
}

/// The newest checkpoint.
pub(crate) fn latest(connection: &Connection) -> Result<Option<CheckpointRecord>> {
    Ok(connection
        .prepare_cached("select size, note, made_ms from checkpoint order by size desc limit 1")?
        .query_row([], checkpoint)
        .optional()?)
}

/// Every checkpoint, oldest first.
pub(crate) fn all(connection: &Connection) -> Result<Vec<CheckpointRecord>> {
    let mut statement =
        connection.prepare_cached("select size, note, made_ms from checkpoint order by size")?;
    let rows = statement.query_map([], checkpoint)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The keys, in the order of use.
pub(crate) fn keys(connection: &Connection) -> Result<Vec<KeyRecord>> {
    let mut statement =
        connection.prepare_cached("select vkey, since_size, seq from verifier_key order by id")?;
    let rows = statement.query_map([], |row| {
        Ok(KeyRecord {
            vkey: row.get(0)?,
            since_size: row.get::<_, i64>(1)?.unsigned_abs(),
            seq: row.get::<_, i64>(2)?.unsigned_abs(),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The root of the tree of the first `size` leaves, from the tiles.
pub(crate) fn root_at(connection: &Connection, size: u64) -> Result<Hash> {
    proof::root(&mut Tiles::new(connection), size).map_err(proof_error)
}

fn proof_error(error: ProofError<StoreError>) -> StoreError {
    match error {
        ProofError::Read(error) => error,
        other => damaged(other.to_string()),
    }
}

/// Checks that the tree still begins with the one that was signed last.
pub(crate) fn check_latest(connection: &Connection) -> Result<()> {
    let Some(last) = latest(connection)? else {
        return Ok(());
    };
    let note = Note::parse(&last.note)
        .map_err(|_| damaged(format!("checkpoint {} can't be read", last.size)))?;
    let signed = Checkpoint::parse(&note.text)
        .map_err(|_| damaged(format!("checkpoint {} can't be read", last.size)))?;
    if signed.size != last.size || root_at(connection, last.size)? != signed.root {
        return Err(damaged(format!(
            "the tree of the first {} leaves is not the one that was signed",
            last.size
        )));
    }
    Ok(())
}

impl Writer {
    /// Stores a signed note over `size` leaves, in a transaction of its own. Where a note over that
    /// size is there already, that one stays.
    ///
    /// # Errors
    /// [`StoreError::Value`] where more leaves were signed than are stored, or the note is not over
    /// this tree.
    pub fn add_checkpoint(&mut self, note: &Note, made_ms: i64) -> Result<CheckpointRecord> {
        let unfit = |_| StoreError::Value("not a checkpoint of this tree".to_owned());
        let signed = Checkpoint::parse(&note.text).map_err(unfit)?;
        if signed.origin != origin(self.origin()) || signed.size > self.tree_size() {
            return Err(StoreError::Value(
                "not a checkpoint of this tree".to_owned(),
            ));
        }
        if root_at(&self.connection, signed.size)? != signed.root {
            return Err(damaged("a checkpoint does not have the tree's root"));
        }
        let bytes = note
            .to_bytes()
            .map_err(|error| StoreError::Value(error.to_string()))?;
        self.transact(|writer| {
            writer
                .connection
                .prepare_cached(
                    "insert into checkpoint (size, note, made_ms)
                     values (?1, ?2, ?3)
                     on conflict (size) do nothing",
                )?
                .execute(params![signed.size as i64, bytes, made_ms])?;
            Ok(())
        })?;
        Ok(self
            .connection
            .prepare_cached("select size, note, made_ms from checkpoint where size = ?1")?
            .query_row([signed.size as i64], checkpoint)?)
    }

    /// Registers a key that signs from now on; the leaf `key.rotate` holds it, the first as well.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn register_key(&mut self, key: &VerifierKey, by: &str, now_ms: i64) -> Result<KeyRecord> {
        let salt = salts(1)?[0];
        let vkey = key.to_string();
        self.transact(|writer| {
            let number = keys(&writer.connection)?.len() + 1;
            let action = if number == 1 {
                "key.create"
            } else {
                "key.rotate"
            };
            let payload =
                serde_json::json!({ "action": action, "number": number, "vkey": vkey }).to_string();
            let own = OwnRecord {
                kind: LeafKind::KeyRotate,
                activity: deed(action, &vkey, by, now_ms),
                reason: None,
                payload: payload.as_bytes(),
                now_ms,
            };
            let (seq, _) = writer.own(&own, &salt)?;
            writer.connection.execute(
                "insert into verifier_key (vkey, since_size, seq) values (?1, ?2, ?3)",
                params![vkey, (seq + 1) as i64, seq as i64],
            )?;
            Ok(KeyRecord {
                vkey: vkey.clone(),
                since_size: seq + 1,
                seq,
            })
        })
    }

    /// Notes what somebody else said of a checkpoint, with the leaf `checkpoint.anchor`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where no checkpoint of this size was signed.
    pub fn add_anchor(
        &mut self,
        anchor: &AnchorRecord,
        by: &str,
        payload: &serde_json::Value,
    ) -> Result<u64> {
        let salt = salts(1)?[0];
        let payload = payload.to_string();
        self.transact(|writer| {
            let known: Option<i64> = writer
                .connection
                .query_row(
                    "select size from checkpoint where size = ?1",
                    [anchor.size as i64],
                    |row| row.get(0),
                )
                .optional()?;
            if known.is_none() {
                return Err(StoreError::NotFound {
                    what: "checkpoint",
                    name: anchor.size.to_string(),
                });
            }
            let own = OwnRecord {
                kind: LeafKind::Anchor,
                activity: deed("checkpoint.anchor", &anchor.name, by, anchor.made_ms),
                reason: None,
                payload: payload.as_bytes(),
                now_ms: anchor.made_ms,
            };
            let (seq, _) = writer.own(&own, &salt)?;
            writer.connection.execute(
                "insert into anchor (size, kind, name, token, made_ms) values (?1, ?2, ?3, ?4, ?5)",
                params![
                    anchor.size as i64,
                    anchor.kind,
                    anchor.name,
                    anchor.token,
                    anchor.made_ms
                ],
            )?;
            Ok(seq)
        })
    }

    /// Notes which checkpoint the last pack was handed over with.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_last_pack_checkpoint(&mut self, size: u64) -> Result<()> {
        self.set_fact(LAST_PACK, &size.to_string())
    }
}

impl Store {
    /// The log's origin, `assay.local/` and the workspace's id: also the name of its keys.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn origin(&self) -> Result<String> {
        Ok(origin(&self.fact("origin")?.unwrap_or_default()))
    }

    /// The checkpoint over the first `size` leaves, if one was signed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn checkpoint(&self, size: u64) -> Result<Option<CheckpointRecord>> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached("select size, note, made_ms from checkpoint where size = ?1")?
                .query_row([size as i64], checkpoint)
                .optional()?)
        })
    }

    /// The newest checkpoint.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn latest_checkpoint(&self) -> Result<Option<CheckpointRecord>> {
        self.read(latest)
    }

    /// Every checkpoint, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn checkpoints(&self) -> Result<Vec<CheckpointRecord>> {
        self.read(all)
    }

    /// The keys that signed or sign, the first first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn verifier_keys(&self) -> Result<Vec<KeyRecord>> {
        self.read(keys)
    }

    /// What others say of checkpoints, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn anchors(&self) -> Result<Vec<AnchorRecord>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select size, kind, name, token, made_ms from anchor order by id",
            )?;
            let rows = statement.query_map([], anchor)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// What others say of the checkpoint over `size` leaves, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn anchors_of(&self, size: u64) -> Result<Vec<AnchorRecord>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select size, kind, name, token, made_ms from anchor where size = ?1 order by id",
            )?;
            let rows = statement.query_map([size as i64], anchor)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The anchor of the largest checkpoint, the first of them where there are several.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn latest_anchor(&self) -> Result<Option<AnchorRecord>> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached(
                    "select size, kind, name, token, made_ms from anchor
                     order by size desc, id limit 1",
                )?
                .query_row([], anchor)
                .optional()?)
        })
    }

    /// The root of the tree of the first `size` leaves.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where the tree is smaller, or a tile is missing.
    pub fn root_at(&self, size: u64) -> Result<Hash> {
        self.read(|connection| root_at(connection, size))
    }

    /// The proof that the tree of the first `old` leaves is the beginning of the one of the first
    /// `new`.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] where the tree is smaller, or a tile is missing.
    pub fn consistency(&self, old: u64, new: u64) -> Result<Vec<Hash>> {
        self.read(|connection| {
            proof::consistency(&mut Tiles::new(connection), old, new).map_err(proof_error)
        })
    }

    /// The checkpoint that the last pack was handed over with.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn last_pack_checkpoint(&self) -> Result<Option<CheckpointRecord>> {
        match self.fact(LAST_PACK)?.and_then(|size| size.parse().ok()) {
            Some(size) => self.checkpoint(size),
            None => Ok(None),
        }
    }

    /// Leaves in the tree, without computing its root.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn tree_size(&self) -> Result<u64> {
        self.read(leaves::count)
    }
}
