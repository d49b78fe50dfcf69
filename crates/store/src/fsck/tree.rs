//! Depth `tree`: tiles against each other, checkpoints and their signatures against the tiles.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use assay_evidence::checkpoint::Checkpoint;
use assay_evidence::note::Note;
use assay_evidence::proof::{self, TileReader};
use assay_evidence::signing::VerifierKey;
use assay_evidence::tree::{Hash, TILE_WIDTH, levels, perfect_root};

use rusqlite::Connection;

use super::{Check, What};
use crate::checkpoints::{self, KeyRecord};
use crate::error::{Result, StoreError};
use crate::leaves;

/// The tiles of the tree: those of the lowest level are read as they are needed.
pub(super) struct Tree<'a> {
    connection: &'a Connection,
    /// The tiles of all other levels, as they are stored.
    upper: BTreeMap<(u32, u64), Vec<Hash>>,
    /// The tile of the lowest level that was read last.
    current: RefCell<Option<(u64, Vec<Hash>)>>,
}

impl Tree<'_> {
    /// The stored hash of leaf `seq`.
    pub(super) fn leaf(&self, seq: u64) -> Option<Hash> {
        let number = seq / TILE_WIDTH as u64;
        let mut current = self.current.borrow_mut();
        if current.as_ref().is_none_or(|(held, _)| *held != number) {
            let tile = leaves::tile(self.connection, 0, number).unwrap_or_default();
            *current = Some((number, tile));
        }
        let (_, tile) = current.as_ref()?;
        tile.get((seq % TILE_WIDTH as u64) as usize).copied()
    }

    /// The root of the first `size` leaves; `None` where tiles are missing.
    pub(super) fn root(&self, size: u64) -> Option<Hash> {
        proof::root(&mut Stored(self), size).ok()
    }
}

struct Stored<'a>(&'a Tree<'a>);

impl TileReader for Stored<'_> {
    type Error = StoreError;

    fn tile(&mut self, level: u32, number: u64) -> Result<Vec<Hash>> {
        match level {
            0 => leaves::tile(self.0.connection, 0, number),
            _ => Ok(self
                .0
                .upper
                .get(&(level, number))
                .cloned()
                .unwrap_or_default()),
        }
    }
}

/// Hashes of level `level` in a tree of `size` leaves.
fn width(size: u64, level: u32) -> u64 {
    size.checked_shr(8 * level).unwrap_or(0)
}

impl<'a> Check<'a> {
    pub(super) fn tree(&mut self) -> Result<Tree<'a>> {
        let size = self.report.size;
        let mut tree = Tree {
            connection: self.connection,
            upper: BTreeMap::new(),
            current: RefCell::default(),
        };
        // The root of each full tile, which the level above holds.
        let mut roots: BTreeMap<(u32, u64), Hash> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let stored = self.number("select count(*) from tile")?;
        let mut statement = self
            .connection
            .prepare("select level, number, hashes from tile order by level, number")?;
        let mut rows = statement.query([])?;
        let mut done = 0;
        while let Some(row) = rows.next()? {
            let (level, number): (i64, i64) = (row.get(0)?, row.get(1)?);
            let bytes = row.get_ref(2)?.as_blob().unwrap_or_default();
            let hashes = self.tile((level, number), size, bytes);
            let key = (
                u32::try_from(level).unwrap_or(u32::MAX),
                number.unsigned_abs(),
            );
            if hashes.len() == TILE_WIDTH {
                roots.insert(key, perfect_root(&hashes));
            }
            seen.insert(key);
            if level > 0 {
                tree.upper.insert(key, hashes);
            }
            done += 1;
            self.hear("tiles", done, stored)?;
        }
        let (mut expected, mut held) = (0, 0);
        for level in 0..levels(size) {
            let tiles = width(size, level).div_ceil(TILE_WIDTH as u64);
            expected += tiles;
            for number in 0..tiles {
                if !seen.contains(&(level, number)) {
                    self.found(
                        What::Missing,
                        "tile",
                        format!("[{level},{number}]"),
                        format!("Tile {number} of level {level} is missing."),
                    );
                } else if let Some(below) = level.checked_sub(1) {
                    let hashes = tree.upper.get(&(level, number));
                    let hashes = hashes.map_or(&[][..], Vec::as_slice);
                    held += u64::from(self.hashes_below(&roots, below, number, hashes));
                } else {
                    held += 1;
                }
            }
        }
        self.counted("tiles", held, expected);
        Ok(tree)
    }

    /// The hashes of a stored tile, as many as the tree needs of it.
    fn tile(&mut self, (level, number): (i64, i64), size: u64, bytes: &[u8]) -> Vec<Hash> {
        let at = format!("[{level},{number}]");
        let all = match u32::try_from(level) {
            Ok(level @ 0..8) => width(size, level),
            _ => 0,
        };
        let first = number.unsigned_abs().saturating_mul(TILE_WIDTH as u64);
        let expected = all.saturating_sub(first).min(TILE_WIDTH as u64) as usize;
        if number < 0 || expected == 0 {
            self.found(
                What::Added,
                "tile",
                at,
                format!("Tile {number} of level {level} belongs to no leaf of this tree."),
            );
        } else if bytes.len() != expected * 32 {
            self.found_at(
                What::Changed,
                ("tile", Some("hashes")),
                at,
                None,
                format!(
                    "Tile {number} of level {level} holds {} bytes, and a tree of {size} leaves needs {}.",
                    bytes.len(),
                    expected * 32
                ),
            );
        }
        let (hashes, _) = bytes.as_chunks::<32>();
        hashes.iter().take(expected).copied().collect()
    }

    /// Whether each hash of a tile is the one of the full tile below it.
    fn hashes_below(
        &mut self,
        roots: &BTreeMap<(u32, u64), Hash>,
        below: u32,
        number: u64,
        hashes: &[Hash],
    ) -> bool {
        let mut holds = true;
        for (child, hash) in (number * TILE_WIDTH as u64..).zip(hashes) {
            if roots.get(&(below, child)) != Some(hash) {
                holds = false;
                self.found_at(
                    What::Changed,
                    ("tile", Some("hashes")),
                    format!("[{below},{child}]"),
                    None,
                    format!(
                        "Tile {child} of level {below} and tile {number} of level {} disagree: one of them was changed.",
                        below + 1
                    ),
                );
            }
        }
        holds
    }

    pub(super) fn checkpoints(&mut self, tree: &Tree<'_>) -> Result<()> {
        let keys = self.verifier_keys()?;
        let all = checkpoints::all(self.connection)?;
        let (mut held, count) = (0, all.len() as u64);
        for record in all {
            let before = self.report.damaged;
            self.checkpoint(tree, &keys, record.size, &record.note);
            held += u64::from(self.report.damaged == before);
        }
        self.counted("checkpoints", held, count);
        Ok(())
    }

    fn verifier_keys(&mut self) -> Result<Vec<(KeyRecord, VerifierKey)>> {
        let mut keys = Vec::new();
        for record in checkpoints::keys(self.connection)? {
            match record.vkey.parse::<VerifierKey>() {
                Ok(key) if key.name() == self.origin => keys.push((record, key)),
                _ => self.found_at(
                    What::Changed,
                    ("verifier_key", Some("vkey")),
                    record.seq,
                    Some(record.seq),
                    "A verifier key is not one of this log.".to_owned(),
                ),
            }
        }
        Ok(keys)
    }

    fn checkpoint(
        &mut self,
        tree: &Tree<'_>,
        keys: &[(KeyRecord, VerifierKey)],
        size: u64,
        note: &[u8],
    ) {
        let signed = Note::parse(note)
            .ok()
            .and_then(|note| Some((Checkpoint::parse(&note.text).ok()?, note)));
        let Some((signed, note)) = signed else {
            self.found_at(
                What::Changed,
                ("checkpoint", Some("note")),
                size,
                None,
                format!("The checkpoint over {size} leaves can't be read."),
            );
            return;
        };
        let by = keys
            .iter()
            .rev()
            .find(|(record, _)| record.since_size <= size);
        if !by.is_some_and(|(_, key)| note.is_signed_by(key)) {
            self.found_at(
                What::Signature,
                ("checkpoint", Some("note")),
                size,
                None,
                format!("The checkpoint over {size} leaves is not signed by the key that was in use then."),
            );
        }
        if signed.size != size || signed.origin != self.origin {
            self.found_at(
                What::Changed,
                ("checkpoint", Some("size")),
                size,
                None,
                format!(
                    "The checkpoint over {size} leaves says that it is over {} leaves of {}.",
                    signed.size, signed.origin
                ),
            );
        }
        if signed.size > self.report.size {
            self.found(
                What::Truncated,
                "leaf",
                self.report.size,
                format!(
                    "{} leaves were signed, and {} are stored: the last {} are gone.",
                    signed.size,
                    self.report.size,
                    signed.size - self.report.size
                ),
            );
        } else if tree.root(signed.size) != Some(signed.root) {
            self.found(
                What::Changed,
                "checkpoint",
                size,
                format!(
                    "The first {} leaves are not the ones that were signed.",
                    signed.size
                ),
            );
        }
    }
}
