//! Checking a pack: everything that it says, from its bytes alone.
//!
//! In: the file, and what the reader knows otherwise: the log's key, an earlier checkpoint. Out:
//! what holds, what does not, and what nobody compared. Bad input is a failure in the answer, never
//! an error. The same is checked in the same order by `verify.py` and `verify.html`. Not here:
//! whether a time stamp's signature holds, which `openssl ts -verify` tells.

mod keys;
mod records;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};

use sha2::{Digest, Sha256};

use super::archive::{Archive, ReadError};
use super::facts::{self, Counts, Export, ImportCounts, Manifest};
use super::layout::{self, Part, part, sum_line};
use super::scope::Scope;
use crate::checkpoint::Checkpoint;
use crate::note::Note;
use crate::proof;
use crate::signing::VerifierKey;
use crate::tree::Hash;

/// Failures that are told one by one.
const TOLD: usize = 200;
/// The largest file that is read at once, bytes.
const MAX_FILE: u64 = 1 << 30;

/// What the reader of a pack knows from elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// The log's key.
    pub key: Option<PinnedKey>,
    /// An earlier checkpoint of the log: a signed note, or its three lines.
    pub against: Option<Vec<u8>>,
}

/// A key that somebody was told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PinnedKey {
    /// 64 hexadecimal digits: SHA-256 of the raw key.
    Fingerprint(String),
    Whole(VerifierKey),
}

impl PinnedKey {
    /// Reads a verifier key, or a fingerprint with or without spaces.
    pub fn read(text: &str) -> Option<Self> {
        if let Ok(key) = text.trim().parse() {
            return Some(Self::Whole(key));
        }
        let digits: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| c.to_ascii_lowercase())
            .collect();
        let is_digest = digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_digest.then_some(Self::Fingerprint(digits))
    }

    fn is(&self, key: &VerifierKey) -> bool {
        match self {
            Self::Fingerprint(digits) => key.fingerprint().replace(' ', "") == *digits,
            Self::Whole(pinned) => pinned == key,
        }
    }
}

/// Whose signature the checkpoint has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum KeyStanding {
    /// Nobody signed it.
    #[default]
    Unsigned,
    /// A key that nobody compared with anything.
    NotCompared,
    /// The key that was given, or one that it handed over to.
    Pinned,
}

impl KeyStanding {
    /// The word in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unsigned => "unsigned",
            Self::NotCompared => "not_compared",
            Self::Pinned => "pinned",
        }
    }
}

/// What checking a pack found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PackCheck {
    pub key: KeyStanding,
    /// The first key of the log: the one to compare.
    pub first_key: Option<VerifierKey>,
    pub checkpoint: Option<Checkpoint>,
    pub counts: Counts,
    pub imports: Vec<ImportCounts>,
    /// Imports of records in the pack that had not ended.
    pub unfinished: u64,
    pub query: String,
    pub made_at: String,
    /// The size of the earlier checkpoint that the reader gave and this log continues.
    pub continues: Option<u64>,
    /// The sizes of earlier checkpoints in the pack.
    pub old: Vec<u64>,
    /// Names of witnesses whose cosignatures hold, with the size of the checkpoint.
    pub cosigned: Vec<(u64, String)>,
    /// The sizes of checkpoints with a time stamp in the pack, of which the signature is not checked here.
    pub stamped: Vec<u64>,
    /// What a reader has to know and is no failure, a sentence each.
    pub notes: Vec<String>,
    /// A sentence each; empty where everything holds. At most 200.
    pub failures: Vec<String>,
    /// All of them.
    pub failed: u64,
}

impl PackCheck {
    /// Whether nothing failed. That a key was compared is another matter.
    pub fn holds(&self) -> bool {
        self.failed == 0
    }

    fn fail(&mut self, sentence: impl Into<String>) {
        self.failed += 1;
        if self.failures.len() < TOLD {
            self.failures.push(sentence.into());
        }
    }
}

/// Checks everything that a pack says.
pub fn check<R: Read + Seek>(reader: R, given: &Given) -> PackCheck {
    let mut found = PackCheck::default();
    match Archive::open(reader) {
        Ok(archive) => {
            let mut checking = Checking {
                archive,
                found,
                size: 0,
                note: String::new(),
                chain: Vec::new(),
                kept: BTreeMap::new(),
            };
            if let Err(error) = checking.run(given) {
                checking.found.fail(error.to_string());
            }
            checking.found
        }
        Err(error) => {
            found.fail(error.to_string());
            found
        }
    }
}

struct Checking<R> {
    archive: Archive<R>,
    found: PackCheck,
    /// Leaves of the log.
    size: u64,
    /// The file `checkpoint`.
    note: String,
    /// The keys of the log in the order of use, each with its leaf.
    chain: Vec<(u64, VerifierKey)>,
    /// SHA-256 of the files that the export names, hexadecimal.
    kept: BTreeMap<String, String>,
}

/// The checkpoint in a note, and the note; a text without signatures is one where nobody signed.
fn read_checkpoint(bytes: &[u8]) -> Option<(Checkpoint, Option<Note>)> {
    if let Ok(note) = Note::parse(bytes) {
        return Some((Checkpoint::parse(&note.text).ok()?, Some(note)));
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text
        .strip_suffix("\n\n")
        .map_or_else(|| text.to_owned(), |lines| format!("{lines}\n"));
    Some((Checkpoint::parse(&text).ok()?, None))
}

impl<R: Read + Seek> Checking<R> {
    fn run(&mut self, given: &Given) -> Result<(), ReadError> {
        self.names();
        self.sums()?;
        let Some((checkpoint, note)) = self.checkpoint()? else {
            return Ok(());
        };
        self.size = checkpoint.size;
        self.found.checkpoint = Some(checkpoint.clone());
        self.found.counts.in_scope = checkpoint.size;
        let length = self.archive.length("scope/leaf-hashes.bin");
        if length != checkpoint.size.checked_mul(32) {
            self.found
                .fail("scope/leaf-hashes.bin does not have a hash for each leaf");
            return Ok(());
        }
        let records = self.records()?;
        let against = self.against(given);
        let olds: Vec<(u64, Checkpoint, Option<Note>)> = self.olds()?;
        let key_notes = self.key_notes()?;

        let mut sizes: BTreeSet<u64> = olds.iter().map(|(size, ..)| *size).collect();
        sizes.extend(key_notes.iter().map(|(checkpoint, _)| checkpoint.size));
        sizes.extend(against.iter().map(|(checkpoint, _)| checkpoint.size));
        sizes.insert(checkpoint.size);
        let places: BTreeSet<u64> = records.keys().copied().collect();
        let mut scope = Scope::new(&sizes, &places);
        self.archive
            .stream("scope/leaf-hashes.bin", |piece| scope.read(piece))?;
        let (roots, leaves) = (scope.roots, scope.leaves);
        if roots.get(&checkpoint.size) != Some(&checkpoint.root) {
            self.found
                .fail("the leaf hashes do not give the root in the checkpoint");
        }
        self.match_leaves(&records, &leaves);
        let manifest = self.manifest(&records, &checkpoint, note.is_some())?;
        self.keys(given, note.as_ref(), &key_notes, &roots)?;
        self.olds_hold(&olds, &roots, &checkpoint)?;
        if let Some((held, held_note)) = against {
            self.continues(&held, held_note.as_ref(), &roots);
        }
        self.found.counts = manifest.counts;
        self.found.unfinished = manifest.unfinished.len() as u64;
        self.found.imports = manifest.imports;
        self.found.query = manifest.query;
        self.found.made_at = manifest.made_at;
        Ok(())
    }

    fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        self.archive.read(name, MAX_FILE)
    }

    /// Only files that a pack may have, and all that it must have.
    fn names(&mut self) {
        let unknown: Vec<String> = self
            .archive
            .entries()
            .iter()
            .filter(|entry| part(&entry.name).is_none())
            .map(|entry| entry.name.escape_default().to_string())
            .collect();
        for name in unknown {
            self.found.fail(format!("`{name}` is no file of a pack"));
        }
        for name in [
            "HOWTO.txt",
            "SHA256SUMS",
            "checkpoint",
            "manifest.json",
            "scope/leaf-hashes.bin",
            "verify.html",
            "verify.py",
        ] {
            if !self.archive.has(name) {
                self.found.fail(format!("{name} is missing"));
            }
        }
    }

    fn sums(&mut self) -> Result<(), ReadError> {
        let mut expected = String::new();
        let names: Vec<String> = self
            .archive
            .entries()
            .iter()
            .map(|entry| entry.name.clone())
            .collect();
        for name in names {
            let mut digest = Sha256::new();
            self.archive.stream(&name, |piece| digest.update(piece))?;
            let digest: Hash = digest.finalize().into();
            let kind = part(&name);
            if kind == Some(Part::Sums) {
                continue;
            }
            if kind.is_some_and(|kind| layout::is_named(&kind)) {
                self.kept.insert(name.clone(), hex::encode(digest));
            }
            expected.push_str(&sum_line(&name, &digest));
        }
        if self.read("SHA256SUMS")?.unwrap_or_default() != expected.as_bytes() {
            self.found
                .fail("SHA256SUMS does not state the files that are here, as they are");
        }
        Ok(())
    }

    fn checkpoint(&mut self) -> Result<Option<(Checkpoint, Option<Note>)>, ReadError> {
        let bytes = self.read("checkpoint")?.unwrap_or_default();
        let Some((checkpoint, note)) = read_checkpoint(&bytes) else {
            self.found.fail("`checkpoint` is not a checkpoint");
            return Ok(None);
        };
        if note.is_none() && bytes != format!("{}\n", checkpoint.text()).as_bytes() {
            self.found.fail("`checkpoint` is not a checkpoint");
            return Ok(None);
        }
        self.note = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Some((checkpoint, note)))
    }

    fn against(&mut self, given: &Given) -> Option<(Checkpoint, Option<Note>)> {
        let held = read_checkpoint(given.against.as_deref()?);
        match held {
            Some((checkpoint, _)) if checkpoint.size > self.size => self.found.fail(format!(
                "the checkpoint that you hold is of {} leaves, this pack of {}: it is older than yours, or a part was removed",
                checkpoint.size, self.size
            )),
            Some(held) => return Some(held),
            None => self.found.fail("what you hold is not a checkpoint"),
        }
        None
    }

    fn continues(&mut self, held: &Checkpoint, note: Option<&Note>, roots: &BTreeMap<u64, Hash>) {
        let origin = self.found.checkpoint.as_ref().map(|own| own.origin.clone());
        if origin.as_ref() != Some(&held.origin) {
            self.found
                .fail("the checkpoint that you hold is of another log");
        } else if roots.get(&held.size) != Some(&held.root) {
            self.found.fail(format!(
                "this log does not continue the checkpoint of {} leaves that you hold: something before it was changed",
                held.size
            ));
        } else if note.is_some_and(|note| !self.is_signed(note)) {
            self.found
                .fail("the checkpoint that you hold is not signed by a key of this log");
        } else {
            self.found.continues = Some(held.size);
        }
    }

    /// Whether a key of the log signed this note.
    fn is_signed(&self, note: &Note) -> bool {
        self.chain.iter().any(|(_, key)| note.is_signed_by(key))
    }

    fn olds(&mut self) -> Result<Vec<(u64, Checkpoint, Option<Note>)>, ReadError> {
        let mut olds = Vec::new();
        let sizes: Vec<u64> = self
            .archive
            .entries()
            .iter()
            .filter_map(|entry| match part(&entry.name)? {
                Part::OldCheckpoint(size) => Some(size),
                _ => None,
            })
            .collect();
        for size in sizes {
            let bytes = self
                .read(&format!("old/{size}.checkpoint"))?
                .unwrap_or_default();
            match read_checkpoint(&bytes) {
                Some((checkpoint, note)) if checkpoint.size == size && size <= self.size => {
                    olds.push((size, checkpoint, note));
                }
                _ => self.found.fail(format!(
                    "old/{size}.checkpoint is not an earlier checkpoint"
                )),
            }
        }
        let known: BTreeSet<u64> = olds.iter().map(|(size, ..)| *size).collect();
        let strays: Vec<String> = self
            .archive
            .entries()
            .iter()
            .filter(|entry| {
                entry
                    .name
                    .strip_prefix("old/")
                    .and_then(|rest| rest.split_once('.')?.0.parse().ok())
                    .is_some_and(|size: u64| !known.contains(&size))
            })
            .map(|entry| entry.name.clone())
            .collect();
        for name in strays {
            self.found.fail(format!("{name} belongs to no checkpoint"));
        }
        Ok(olds)
    }

    fn olds_hold(
        &mut self,
        olds: &[(u64, Checkpoint, Option<Note>)],
        roots: &BTreeMap<u64, Hash>,
        now: &Checkpoint,
    ) -> Result<(), ReadError> {
        for (size, old, note) in olds {
            let file = format!("old/{size}.checkpoint");
            if old.origin != now.origin || roots.get(size) != Some(&old.root) {
                self.found
                    .fail(format!("this log does not continue {file}"));
            }
            if !note.as_ref().is_some_and(|note| self.is_signed(note)) {
                self.found
                    .fail(format!("{file} is not signed by a key of this log"));
            }
            let text = self.read(&format!("old/{size}.consistency"))?;
            let path = text
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .and_then(|text| layout::read_hash_lines(&text));
            let proved = path.is_some_and(|path| {
                proof::verify_consistency(*size, now.size, &old.root, &now.root, &path)
            });
            if !proved {
                self.found.fail(format!(
                    "old/{size}.consistency does not prove that this log continues it"
                ));
            }
            self.found.old.push(*size);
            self.vouched(&format!("old/{size}"), "old/", *size, &old.text())?;
        }
        let text = now.text();
        self.vouched("checkpoint", "", now.size, &text)
    }

    /// Writes down what the manifest has to be, and compares.
    fn manifest(
        &mut self,
        records: &BTreeMap<u64, records::Checked>,
        checkpoint: &Checkpoint,
        is_signed: bool,
    ) -> Result<Manifest, ReadError> {
        let (mut manifest, export) = self.told(records, checkpoint, is_signed);
        let stated = self.read("manifest.json")?.unwrap_or_default();
        match export {
            Some(Export { at, query, files }) => {
                manifest.made_at = at;
                manifest.query = query;
                if files != self.kept {
                    self.found.fail(
                        "instructions, verifiers, reports or earlier checkpoints are not the ones that the leaf of the export names",
                    );
                }
            }
            None => {
                if let Some((query, made_at)) = facts::read_stated(&stated) {
                    (manifest.query, manifest.made_at) = (query, made_at);
                }
                self.found.notes.push(
                    "The making of this pack is no leaf below its checkpoint: nobody vouches for its query, its time, its report and its instructions."
                        .to_owned(),
                );
            }
        }
        if stated != manifest.text().as_bytes() {
            self.found
                .fail("manifest.json does not state what is in the pack");
        }
        Ok(manifest)
    }
}
