//! Who signed: the present key, the way to it from the first one, and who else vouches.
//!
//! In: keys that leaves register, notes that an old and a new key signed, cosignatures. Out:
//! failures, and whether the key is the one that the reader was told of. Not here: records.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::{Checking, Given, KeyStanding, read_checkpoint};
use crate::checkpoint::Checkpoint;
use crate::note::Note;
use crate::pack::archive::ReadError;
use crate::pack::layout::{Part, part};
use crate::signing::VerifierKey;
use crate::timestamp;
use crate::tree::Hash;
use crate::witness::WitnessKey;

impl<R: Read + Seek> Checking<R> {
    /// The notes under `keys/`.
    pub(super) fn key_notes(&mut self) -> Result<Vec<(Checkpoint, Note)>, ReadError> {
        let sizes: Vec<u64> = self
            .archive
            .entries()
            .iter()
            .filter_map(|entry| match part(&entry.name)? {
                Part::KeyCheckpoint(size) => Some(size),
                _ => None,
            })
            .collect();
        let mut notes = Vec::new();
        for size in sizes {
            let name = format!("keys/{size}.checkpoint");
            let bytes = self.read(&name)?.unwrap_or_default();
            match read_checkpoint(&bytes) {
                Some((checkpoint, Some(note))) if checkpoint.size == size && size <= self.size => {
                    notes.push((checkpoint, note));
                }
                _ => self
                    .found
                    .fail(format!("{name} is not a signed checkpoint")),
            }
        }
        Ok(notes)
    }

    pub(super) fn keys(
        &mut self,
        given: &Given,
        note: Option<&Note>,
        key_notes: &[(Checkpoint, Note)],
        roots: &BTreeMap<u64, Hash>,
    ) -> Result<(), ReadError> {
        self.found.first_key = self.chain.first().map(|(_, key)| key.clone());
        let Some(note) = note else {
            for name in ["log.vkey", "log.pem"] {
                if self.archive.has(name) {
                    self.found
                        .fail(format!("{name} is here, and nobody signed the checkpoint"));
                }
            }
            if !key_notes.is_empty() {
                self.found
                    .fail("keys/ is here, and nobody signed the checkpoint");
            }
            if given.key.is_some() {
                self.found
                    .fail("nobody signed this pack, and you know a key that should have");
            }
            return Ok(());
        };
        self.found.key = KeyStanding::NotCompared;
        let before = self.found.failed;
        let vkey = self.read("log.vkey")?.unwrap_or_default();
        let key: Option<VerifierKey> = std::str::from_utf8(&vkey)
            .ok()
            .and_then(|text| text.strip_suffix('\n')?.parse().ok())
            .filter(|key: &VerifierKey| format!("{key}\n").as_bytes() == vkey);
        let Some(key) = key else {
            self.found.fail("log.vkey is not a verifier key");
            return Ok(());
        };
        if self.read("log.pem")?.unwrap_or_default() != key.pem().as_bytes() {
            self.found.fail("log.pem is not the key in log.vkey");
        }
        if let Err(error) = Checkpoint::open(note, &key) {
            self.found.fail(error.to_string());
        }
        if self.chain.last().map(|(_, last)| last) != Some(&key) {
            self.found
                .fail("the key in log.vkey is not the one that the log registered last");
        }
        self.links(note, key_notes, roots);
        if let Some(pinned) = &given.key {
            if !self.chain.iter().any(|(_, key)| pinned.is(key)) {
                self.found
                    .fail("the key that you know is not the one that signed, nor one before it");
            } else if self.found.failed == before {
                self.found.key = KeyStanding::Pinned;
            }
        }
        Ok(())
    }

    /// Each key but the first is registered by a leaf below a checkpoint that the key before it
    /// signed as well.
    fn links(&mut self, own: &Note, key_notes: &[(Checkpoint, Note)], roots: &BTreeMap<u64, Hash>) {
        let mut used = vec![false; key_notes.len()];
        let own_checkpoint = self.found.checkpoint.clone();
        for pair in self.chain.windows(2) {
            let [(_, old), (seq, new)] = pair else {
                continue;
            };
            let links = |checkpoint: &Checkpoint, note: &Note| {
                checkpoint.size > *seq
                    && checkpoint.origin == new.name()
                    && roots.get(&checkpoint.size) == Some(&checkpoint.root)
                    && note.is_signed_by(old)
                    && note.is_signed_by(new)
            };
            let mut is_linked = own_checkpoint
                .as_ref()
                .is_some_and(|checkpoint| links(checkpoint, own));
            for (used, (checkpoint, note)) in used.iter_mut().zip(key_notes) {
                if links(checkpoint, note) {
                    (*used, is_linked) = (true, true);
                }
            }
            if !is_linked {
                self.found.fail(format!(
                    "the key that #{seq} registers was not signed for by the one before it"
                ));
            }
        }
        for (_, (checkpoint, _)) in used.iter().zip(key_notes).filter(|(used, _)| !**used) {
            self.found.fail(format!(
                "keys/{}.checkpoint does not hand over from one key to the next",
                checkpoint.size
            ));
        }
    }

    /// What others say of a checkpoint. `text` is what was signed.
    pub(super) fn vouched(
        &mut self,
        file: &str,
        folder: &str,
        size: u64,
        text: &str,
    ) -> Result<(), ReadError> {
        let chain = match folder {
            "" => "tsa-chain.pem".to_owned(),
            _ => format!("{file}.tsa-chain.pem"),
        };
        let checkpoint = match folder {
            "" => self.note.clone().into_bytes(),
            _ => self
                .read(&format!("{file}.checkpoint"))?
                .unwrap_or_default(),
        };
        if let Some(stamp) = self.read(&format!("{file}.tsr"))? {
            match timestamp::read_kept(&stamp, &checkpoint) {
                Ok(_) => self.found.stamped.push(size),
                Err(_) => self
                    .found
                    .fail(format!("{file}.tsr is not a time stamp of its checkpoint")),
            }
        } else if self.archive.has(&chain) {
            self.found.fail(format!("{chain} belongs to no time stamp"));
        }
        let lines = self.read(&format!("{file}.cosigned"))?;
        let witnesses = self.read(&format!("{file}.witness"))?;
        if lines.is_none() && witnesses.is_none() {
            return Ok(());
        }
        let lines = lines.unwrap_or_default();
        let keys: Option<Vec<WitnessKey>> = witnesses
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .and_then(|text| {
                text.strip_suffix('\n')?
                    .split('\n')
                    .map(|line| line.parse().ok())
                    .collect()
            });
        let keys = keys.unwrap_or_default();
        let count = lines.iter().filter(|byte| **byte == b'\n').count();
        let holds = !keys.is_empty()
            && count == keys.len()
            && keys.iter().all(|key| key.cosignature(&lines, text).is_ok());
        if holds {
            self.found
                .cosigned
                .extend(keys.iter().map(|key| (size, key.name().to_owned())));
        } else {
            self.found.fail(format!(
                "{file}.cosigned is not signed by the witnesses in {file}.witness"
            ));
        }
        Ok(())
    }
}
