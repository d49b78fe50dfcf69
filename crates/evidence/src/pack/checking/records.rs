//! The records of a pack: each one's bytes, leaf, place and state, and what they say together.
//!
//! In: the files under `records/`. Out: failures; the manifest that follows. Not here: signatures.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};

use sha2::{Digest, Sha256};

use super::Checking;
use crate::checkpoint::Checkpoint;
use crate::leaf::SALT_LEN;
use crate::pack::archive::ReadError;
use crate::pack::facts::{
    Counts, EVENT, Erased, Export, ImportCounts, LeafFacts, Manifest, SUPPORTING, read_erased,
    read_key, read_leaf,
};
use crate::pack::layout::{Part, folder, part, read_proof};
use crate::proof::verify;
use crate::signing::VerifierKey;
use crate::tree::{Hash, leaf_hash};

/// A record whose leaf could be read.
pub(super) struct Checked {
    leaf: LeafFacts,
    hash: Hash,
    has_body: bool,
    /// Of the workbench's own records.
    payload: Option<Vec<u8>>,
}

impl<R: Read + Seek> Checking<R> {
    pub(super) fn records(&mut self) -> Result<BTreeMap<u64, Checked>, ReadError> {
        let seqs: BTreeSet<u64> = self
            .archive
            .entries()
            .iter()
            .filter_map(|entry| match part(&entry.name)? {
                Part::Record(seq) => Some(seq),
                _ => None,
            })
            .collect();
        let mut records = BTreeMap::new();
        for seq in seqs {
            match self.record(seq)? {
                Ok(record) => {
                    records.insert(seq, record);
                }
                Err(reason) => self.found.fail(format!("record {seq}: {reason}")),
            }
        }
        Ok(records)
    }

    fn record(&mut self, seq: u64) -> Result<Result<Checked, &'static str>, ReadError> {
        let folder = folder(seq);
        let Some(bytes) = self.read(&format!("{folder}/leaf.json"))? else {
            return Ok(Err("leaf.json is missing"));
        };
        let Some(leaf) = read_leaf(&bytes) else {
            return Ok(Err("leaf.json is not written as leaves are"));
        };
        if leaf.seq != seq {
            return Ok(Err("its leaf has another number"));
        }
        let hash = leaf_hash(&bytes);
        let root = self.found.checkpoint.as_ref().map(|now| now.root);
        let path = self
            .read(&format!("{folder}/proof.tlog-proof"))?
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .and_then(|text| read_proof(&text, seq, &self.note));
        let Some((path, root)) = path.zip(root) else {
            return Ok(Err("proof.tlog-proof is not a proof under this checkpoint"));
        };
        if !verify(&hash, seq, self.size, &path, &root) {
            return Ok(Err("its proof does not lead to the root"));
        }
        let salt = self.read(&format!("{folder}/salt.bin"))?;
        let (mut length, mut digest) = (0, Sha256::new());
        digest.update(salt.as_deref().unwrap_or_default());
        let raw = self.archive.stream(&format!("{folder}/raw.bin"), |piece| {
            length += piece.len() as u64;
            digest.update(piece);
        })?;
        let has_body = match (&salt, raw) {
            (Some(salt), Some(())) if salt.len() == SALT_LEN => true,
            (None, None) => false,
            _ => {
                return Ok(Err(
                    "of raw.bin and a salt.bin of 32 bytes only one is here",
                ));
            }
        };
        if has_body && hex::encode(digest.finalize()) != leaf.commitment {
            return Ok(Err("the bytes are not the ones that were committed to"));
        }
        if has_body && length != leaf.length {
            return Ok(Err("the bytes are not as many as its leaf says"));
        }
        let payload = match has_body && leaf.kind != EVENT {
            true => self.read(&format!("{folder}/raw.bin"))?,
            false => None,
        };
        Ok(Ok(Checked {
            leaf,
            hash,
            has_body,
            payload,
        }))
    }

    pub(super) fn match_leaves(
        &mut self,
        records: &BTreeMap<u64, Checked>,
        leaves: &BTreeMap<u64, Hash>,
    ) {
        for (seq, record) in records {
            if leaves.get(seq) != Some(&record.hash) {
                self.found.fail(format!(
                    "record {seq}: its leaf is not the one in scope/leaf-hashes.bin"
                ));
            }
        }
    }

    /// What the records say together, and the export that this pack is.
    pub(super) fn told(
        &mut self,
        records: &BTreeMap<u64, Checked>,
        checkpoint: &Checkpoint,
        is_signed: bool,
    ) -> (Manifest, Option<Export>) {
        let mut manifest = Manifest {
            checkpoint: checkpoint.clone(),
            is_signed,
            counts: Counts::default(),
            erased: Vec::new(),
            export: None,
            imports: Vec::new(),
            keys: Vec::new(),
            unfinished: BTreeSet::new(),
            made_at: String::new(),
            query: String::new(),
        };
        let mut export = None;
        for (&seq, record) in records
            .iter()
            .filter(|(_, record)| record.leaf.kind != EVENT)
        {
            let read = record
                .payload
                .as_deref()
                .and_then(|payload| told_by(&record.leaf.kind, seq, payload, &mut manifest));
            match read {
                Some(Some(found)) if export.is_none() => export = Some(found),
                Some(None) => {}
                _ => self.found.fail(format!(
                    "record {seq}: it explains nothing that a pack has to explain"
                )),
            }
        }
        manifest.erased.sort_unstable();
        let overlap = manifest
            .erased
            .windows(2)
            .any(|pair| pair[0].to > pair[1].from);
        if overlap {
            self.found
                .fail("two erasures say that they erased the same records");
        }
        for (seq, vkey) in &manifest.keys {
            match vkey.parse::<VerifierKey>() {
                Ok(key) if key.name() == checkpoint.origin && key.to_string() == *vkey => {
                    self.chain.push((*seq, key));
                }
                _ => self
                    .found
                    .fail(format!("record {seq}: it registers no key of this log")),
            }
        }
        self.count(records, &mut manifest);
        (manifest, export)
    }

    fn count(&mut self, records: &BTreeMap<u64, Checked>, manifest: &mut Manifest) {
        let mut counts = Counts {
            in_scope: manifest.checkpoint.size,
            rejected: manifest
                .imports
                .iter()
                .fold(0, |sum: u64, import| sum.saturating_add(import.rejected)),
            erased: manifest.erased.iter().fold(0, |sum: u64, range| {
                sum.saturating_add(range.to - range.from)
            }),
            ..Counts::default()
        };
        let ended: BTreeSet<&str> = manifest
            .imports
            .iter()
            .map(|import| import.batch.as_str())
            .collect();
        for (&seq, record) in records {
            let index = manifest.erased.partition_point(|range| range.to <= seq);
            let erased = manifest.erased.get(index).filter(|range| range.from <= seq);
            let is_event = record.leaf.kind == EVENT;
            match (record.has_body, erased) {
                (true, None) if is_event => counts.records += 1,
                (true, None) => counts.supporting += 1,
                (true, Some(range)) => self.found.fail(format!(
                    "record {seq}: it is here, and #{} says that it was erased",
                    range.by
                )),
                (false, Some(_)) => counts.records_erased += u64::from(is_event),
                (false, None) => {
                    counts.missing += 1;
                    self.found.fail(format!(
                        "record {seq}: MISSING: its bytes are not here, and no leaf says that they were erased"
                    ));
                }
            }
            if is_event && !ended.contains(record.leaf.batch.as_str()) {
                manifest.unfinished.insert(record.leaf.batch.clone());
            }
        }
        let accounted = counts
            .shown()
            .saturating_add(counts.erased)
            .saturating_add(counts.missing);
        match counts.in_scope.checked_sub(accounted) {
            Some(withheld) => counts.withheld = withheld,
            None => self
                .found
                .fail("more records are shown and erased than the log has leaves"),
        }
        manifest.counts = counts;
    }
}

/// Adds to the manifest what a leaf of the workbench says; `None` where it can't be read, the
/// export where it is one.
fn told_by(
    kind: &str,
    seq: u64,
    payload: &[u8],
    manifest: &mut Manifest,
) -> Option<Option<Export>> {
    if !SUPPORTING.contains(&kind) {
        return None;
    }
    match kind {
        "import.end" => manifest.imports.push(ImportCounts::read(seq, payload)?),
        "key.rotate" => {
            let (number, vkey) = read_key(payload)?;
            if number != manifest.keys.len() as u64 + 1 {
                return None;
            }
            manifest.keys.push((seq, vkey));
        }
        "erase.intent" => {
            for (from, to) in read_erased(payload)? {
                if from >= to || to > seq {
                    return None;
                }
                manifest.erased.push(Erased { from, to, by: seq });
            }
        }
        _ => {
            let export = Export::read(payload)?;
            manifest.export = Some(seq);
            return Some(Some(export));
        }
    }
    Some(None)
}
