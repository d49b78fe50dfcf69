//! A small log with everything in it that a pack can show, and ways to take a pack apart.
//!
//! In: fixed seeds. Out: packs, the same ones every time.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use serde_json::json;
use sha2::{Digest, Sha256};

use assay_evidence::checkpoint::Checkpoint;
use assay_evidence::leaf::{LeafFields, LeafKind, SALT_LEN, commitment, leaf_bytes};
use assay_evidence::pack::archive::{Archive, Writer};
use assay_evidence::pack::facts::{Counts, Erased, Export, ImportCounts, Manifest};
use assay_evidence::pack::layout::{Told, is_named, part, sum_line};
use assay_evidence::pack::writing::{Pack, PackRecord, Source, fixed_files, write};
use assay_evidence::signing::SigningKey;
use assay_evidence::tree::{Hash, empty_root, leaf_hash, node_hash};

/// The files of a pack.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// A leaf with its payload.
struct Kept {
    kind: LeafKind,
    leaf: Vec<u8>,
    salt: [u8; SALT_LEN],
    raw: Vec<u8>,
}

/// A log in memory.
pub(crate) struct Log {
    pub(crate) origin: String,
    pub(crate) first: SigningKey,
    pub(crate) second: SigningKey,
    leaves: Vec<Kept>,
    shown: BTreeMap<u64, bool>,
    erased: Vec<Erased>,
    imports: Vec<ImportCounts>,
    keys: Vec<(u64, String)>,
    rotated_at: Option<u64>,
    old: u64,
    export: Option<(u64, Export)>,
    files: Files,
}

/// The root over these leaf hashes.
pub(crate) fn root(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => empty_root(),
        [one] => *one,
        _ => {
            let middle = hashes.len().next_power_of_two() / 2;
            node_hash(&root(&hashes[..middle]), &root(&hashes[middle..]))
        }
    }
}

/// The path of a leaf, its side first.
pub(crate) fn path(hashes: &[Hash], index: usize) -> Vec<Hash> {
    if hashes.len() < 2 {
        return Vec::new();
    }
    let middle = hashes.len().next_power_of_two() / 2;
    let (mut inside, beside) = if index < middle {
        (path(&hashes[..middle], index), root(&hashes[middle..]))
    } else {
        (
            path(&hashes[middle..], index - middle),
            root(&hashes[..middle]),
        )
    };
    inside.push(beside);
    inside
}

/// RFC 6962 section 2.1.2.
fn consistency(hashes: &[Hash], old: usize, is_whole: bool) -> Vec<Hash> {
    if old == hashes.len() {
        return if is_whole {
            Vec::new()
        } else {
            vec![root(hashes)]
        };
    }
    let middle = hashes.len().next_power_of_two() / 2;
    let (mut inside, beside) = if old <= middle {
        (
            consistency(&hashes[..middle], old, is_whole),
            root(&hashes[middle..]),
        )
    } else {
        (
            consistency(&hashes[middle..], old - middle, false),
            root(&hashes[..middle]),
        )
    };
    inside.push(beside);
    inside
}

impl Log {
    /// A log that nothing was added to.
    pub(crate) fn new(seed: u8) -> Self {
        let origin = format!("assay.local/00000000-0000-4000-8000-0000000000{seed:02x}");
        let key = |seed| SigningKey::from_seed(&origin, &[seed; 32]).unwrap();
        Self {
            first: key(seed),
            second: key(seed + 100),
            origin,
            leaves: Vec::new(),
            shown: BTreeMap::new(),
            erased: Vec::new(),
            imports: Vec::new(),
            keys: Vec::new(),
            rotated_at: None,
            old: 0,
            export: None,
            files: Files::new(),
        }
    }

    fn seq(&self) -> u64 {
        self.leaves.len() as u64
    }

    fn push(&mut self, kind: LeafKind, batch: &str, raw: &[u8]) -> u64 {
        let seq = self.seq();
        let salt: [u8; SALT_LEN] = Sha256::digest(format!("salt {seq} {}", self.origin)).into();
        let fields = LeafFields {
            kind,
            batch,
            length: raw.len() as u64,
            offset: seq * 100,
            seq,
            recorded_at: "2026-11-23T21:50:23.104Z",
        };
        self.leaves.push(Kept {
            kind,
            leaf: leaf_bytes(&fields, &commitment(&salt, raw)),
            salt,
            raw: raw.to_vec(),
        });
        seq
    }

    fn own(&mut self, kind: LeafKind, payload: &str) -> u64 {
        let origin = self.origin.clone();
        self.push(kind, &origin, payload.as_bytes())
    }

    fn register(&mut self, number: u64) {
        let vkey = match number {
            1 => self.first.verifier().to_string(),
            _ => self.second.verifier().to_string(),
        };
        let payload = json!({"action": "key.rotate", "number": number, "vkey": vkey}).to_string();
        let seq = self.own(LeafKind::KeyRotate, &payload);
        self.shown.insert(seq, true);
        self.keys.push((seq, vkey));
    }

    fn event(&mut self, batch: &str, is_shown: bool) -> u64 {
        let text = format!("{{\"call\":{},\"text\":\"été {batch}\"}}", self.seq());
        let seq = self.push(LeafKind::Event, batch, text.as_bytes());
        if is_shown {
            self.shown.insert(seq, true);
        }
        seq
    }

    fn import_end(&mut self, batch: &str, counts: [u64; 4]) {
        let [accepted, duplicates, blank, rejected] = counts;
        let payload = json!({
            "accepted": accepted, "batch": batch, "blank": blank, "bytes": 1, "duplicates": duplicates,
            "format": null, "rejected": rejected, "sha256": "00", "state": "done",
        })
        .to_string();
        let end = self.own(LeafKind::ImportEnd, &payload);
        self.shown.insert(end, true);
        self.imports.push(ImportCounts {
            end,
            batch: batch.to_owned(),
            accepted,
            duplicates,
            blank,
            rejected,
        });
    }

    fn erase(&mut self, from: u64, to: u64) {
        let payload = json!({
            "basis": "request", "kind": "subject", "request": "r-1", "seqs": [[from, to]],
        })
        .to_string();
        let by = self.own(LeafKind::EraseIntent, &payload);
        self.shown.insert(by, true);
        self.erased.push(Erased { from, to, by });
        for seq in from..to {
            if let Some(has_body) = self.shown.get_mut(&seq) {
                *has_body = false;
            }
        }
    }

    /// Forty leaves: two imports of which one ended, an erasure, two keys, an earlier checkpoint,
    /// a report.
    pub(crate) fn rich() -> Self {
        Self::with(1, 12)
    }

    /// Such a log with other bytes: `seed` chooses keys and origin, `old` the earlier checkpoint.
    pub(crate) fn with(seed: u8, old: u64) -> Self {
        let mut log = Self::new(seed);
        log.old = old;
        log.own(LeafKind::Genesis, "{}");
        log.register(1);
        for index in 0..20 {
            log.event("aaaa", index % 3 == 2);
        }
        log.import_end("aaaa", [20, 4, 3, 3]);
        log.register(2);
        log.rotated_at = Some(log.seq());
        for index in 0..10 {
            log.event("bbbb", index % 2 == 1 && index < 8);
        }
        // One that the pack shows and one that it does not.
        log.erase(4, 6);
        log.shown.insert(7, true);
        log.own(LeafKind::Reveal, "{}");
        log.own(LeafKind::Reveal, "{}");
        log.seal("kind:bedrock");
        log.own(LeafKind::ClockJump, "{}");
        log.own(LeafKind::ClockJump, "{}");
        log
    }

    /// The export of a pack of this log.
    fn seal(&mut self, query: &str) {
        let told = Told {
            is_signed: true,
            ..Told::default()
        };
        let mut files = fixed_files(&told);
        files.insert("report.json".to_owned(), b"{\"report\":1}".to_vec());
        files.insert(
            format!("old/{}.checkpoint", self.old),
            self.note_at(self.old, &[&self.first]),
        );
        if let Some(size) = self.rotated_at {
            files.insert(
                format!("keys/{size}.checkpoint"),
                self.note_at(size, &[&self.first, &self.second]),
            );
        }
        let export = Export {
            at: "2026-11-24T00:00:00.000Z".to_owned(),
            query: query.to_owned(),
            files: files
                .iter()
                .filter(|(name, _)| is_named(&part(name).unwrap()))
                .map(|(name, content)| (name.clone(), hex::encode(Sha256::digest(content))))
                .collect(),
        };
        let payload = export.payload("ada", None);
        let seq = self.own(LeafKind::Export, &payload);
        self.shown.insert(seq, true);
        self.export = Some((seq, export));
        self.files = files;
    }

    pub(crate) fn hashes(&self) -> Vec<Hash> {
        self.leaves
            .iter()
            .map(|kept| leaf_hash(&kept.leaf))
            .collect()
    }

    pub(crate) fn checkpoint_at(&self, size: u64) -> Checkpoint {
        Checkpoint {
            origin: self.origin.clone(),
            size,
            root: root(&self.hashes()[..usize::try_from(size).unwrap()]),
        }
    }

    pub(crate) fn note_at(&self, size: u64, keys: &[&SigningKey]) -> Vec<u8> {
        self.checkpoint_at(size).sign(keys).to_bytes().unwrap()
    }

    fn manifest(&self, is_signed: bool) -> Manifest {
        let is_event = |seq: &u64| self.leaves[*seq as usize].kind == LeafKind::Event;
        let erased = self.erased.iter().map(|range| range.to - range.from).sum();
        let mut counts = Counts {
            in_scope: self.seq(),
            erased,
            rejected: self.imports.iter().map(|import| import.rejected).sum(),
            ..Counts::default()
        };
        for (seq, has_body) in &self.shown {
            match (is_event(seq), has_body) {
                (true, true) => counts.records += 1,
                (true, false) => counts.records_erased += 1,
                (false, _) => counts.supporting += 1,
            }
        }
        counts.withheld = counts.in_scope - counts.shown() - counts.erased;
        let (export, made) = self.export.clone().unzip();
        let made = made.unwrap();
        Manifest {
            checkpoint: self.checkpoint_at(self.seq()),
            is_signed,
            counts,
            erased: self.erased.clone(),
            export,
            imports: self.imports.clone(),
            keys: self.keys.clone(),
            unfinished: BTreeSet::from(["bbbb".to_owned()]),
            made_at: made.at,
            query: made.query,
        }
    }

    /// The pack, signed by the second key.
    pub(crate) fn pack(&self) -> Vec<u8> {
        let note = self.note_at(self.seq(), &[&self.second]);
        self.written(&note, true, &self.files)
    }

    /// The pack of this log as it would be if nobody signed.
    pub(crate) fn unsigned_pack(&self) -> Vec<u8> {
        let mut log = Self::new(7);
        log.own(LeafKind::Genesis, "{}");
        for index in 0..5 {
            log.event("bbbb", index < 3);
        }
        log.files = fixed_files(&Told::default());
        let export = Export {
            at: "2026-11-24T00:00:00.000Z".to_owned(),
            query: String::new(),
            files: log
                .files
                .iter()
                .map(|(name, content)| (name.clone(), hex::encode(Sha256::digest(content))))
                .collect(),
        };
        let payload = export.payload("ada", None);
        let seq = log.own(LeafKind::Export, &payload);
        log.shown.insert(seq, true);
        log.export = Some((seq, export));
        let note = format!("{}\n", log.checkpoint_at(log.seq()).text());
        log.written(note.as_bytes(), false, &log.files)
    }

    fn written(&self, note: &[u8], is_signed: bool, files: &Files) -> Vec<u8> {
        let key = self.second.verifier();
        let manifest = self.manifest(is_signed);
        let hashes = self.hashes();
        let consistency = match self.old {
            0 => BTreeMap::new(),
            old => BTreeMap::from([(
                old,
                consistency(&hashes, usize::try_from(old).unwrap(), true),
            )]),
        };
        let pack = Pack {
            manifest: &manifest,
            checkpoint: std::str::from_utf8(note).unwrap(),
            key: is_signed.then_some(&key),
            files,
            consistency: &consistency,
            records: &self.shown,
        };
        let mut out = Cursor::new(Vec::new());
        let length = write(&mut out, &pack, &mut Memory(self, hashes), |_| Ok(())).unwrap();
        assert_eq!(length, out.get_ref().len() as u64);
        out.into_inner()
    }
}

struct Memory<'a>(&'a Log, Vec<Hash>);

impl Source for Memory<'_> {
    type Error = std::convert::Infallible;

    fn record(&mut self, seq: u64) -> Result<PackRecord, Self::Error> {
        let kept = &self.0.leaves[seq as usize];
        Ok(PackRecord {
            leaf: kept.leaf.clone(),
            path: path(&self.1, seq as usize),
            body: self.0.shown[&seq].then(|| (kept.salt.to_vec(), kept.raw.clone())),
        })
    }

    fn leaf_hashes(&mut self, from: u64) -> Result<Vec<Hash>, Self::Error> {
        Ok(self.1.iter().skip(from as usize).take(7).copied().collect())
    }
}

/// The files of a pack.
pub(crate) fn files(bytes: &[u8]) -> Files {
    let mut archive = Archive::open(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive
        .entries()
        .iter()
        .map(|entry| entry.name.clone())
        .collect();
    names
        .into_iter()
        .map(|name| {
            let content = archive.read(&name, 1 << 30).unwrap().unwrap();
            (name, content)
        })
        .collect()
}

/// The zip file of these files as they are.
pub(crate) fn zipped(files: &Files) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let mut writer = Writer::new(&mut out);
    for (name, content) in files {
        writer.add(name, content).unwrap();
    }
    writer.finish().unwrap();
    out.into_inner()
}

/// The zip file of these files, with sums that fit them.
pub(crate) fn remade(files: &Files) -> Vec<u8> {
    let mut files = files.clone();
    files.remove("SHA256SUMS");
    let sums: String = files
        .iter()
        .map(|(name, content)| sum_line(name, &Sha256::digest(content).into()))
        .collect();
    files.insert("SHA256SUMS".to_owned(), sums.into_bytes());
    zipped(&files)
}
