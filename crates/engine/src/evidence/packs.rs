//! Writing evidence packs: which records, which earlier checkpoints, what stands in the manifest.
//!
//! First the export is a leaf, with the hashes of everything in the pack that no other leaf vouches
//! for; then the tree is signed; then the pack is written, record after record. Not here: the form of
//! a pack (`assay-evidence`), checking one (`verifying`).

pub mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufWriter;
use std::path::Path;

use assay_domain::activity::{Activity, Category};
use assay_domain::moment::rfc3339;
use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use assay_evidence::checkpoint::Checkpoint;
use assay_evidence::leaf::LeafKind;
use assay_evidence::note::Note;
use assay_evidence::pack::facts::{
    Counts, Erased, Export, ImportCounts, Manifest, read_key, read_leaf,
};
use assay_evidence::pack::layout::Told;
use assay_evidence::pack::writing::{self as form, Pack, PackError, PackRecord, Source};
use assay_evidence::signing::VerifierKey;
use assay_evidence::tree::Hash;
use assay_evidence::witness::WitnessKey;
use assay_store::checkpoints::{AnchorRecord, CheckpointRecord};
use assay_store::erasure::LeafState;
use assay_store::open::Store;
use assay_store::writer::OwnRecord;
use sha2::{Digest, Sha256};

use crate::approvals::matter::Matter;
use crate::approvals::passing;
use crate::checks::thousands;
use crate::error::{Code, Result, WireError};
use crate::evidence::packs::view::EvidencePack;
use crate::evidence::signing;
use crate::jobs::{Progress, Step};
use crate::opening::{Engine, read_query};
use crate::writing;

/// Records that a query may bring into one pack.
const MAX_RECORDS: usize = 100_000;

/// The endings of the names of reports that a pack may hold.
pub const REPORTS: [&str; 4] = assay_evidence::pack::layout::REPORTS;

/// What to put into a pack.
#[derive(Debug, Clone, Default)]
pub struct NewPack {
    /// The query, in the language of the trail.
    pub query: String,
    /// Reports to put in, by file name: `report.pdf`, `report.json` …
    pub reports: BTreeMap<String, Vec<u8>>,
    /// Only the tree up to this checkpoint, which was signed before.
    pub at: Option<u64>,
    /// Prove that the tree continues this checkpoint, instead of the last pack's.
    pub since: Option<u64>,
}

/// Files of the pack about checkpoints before it.
#[derive(Default)]
struct Before {
    files: BTreeMap<String, Vec<u8>>,
    sizes: BTreeSet<u64>,
    /// Of which a time stamp can be checked.
    stamped: Vec<u64>,
}

fn damaged(what: impl Into<String>) -> WireError {
    WireError::new(Code::StoreDamaged, what)
}

fn checkpoint_at(store: &Store, size: u64) -> Result<CheckpointRecord> {
    store.checkpoint(size)?.ok_or_else(|| {
        WireError::new(
            Code::NotFound,
            format!("no checkpoint of {size} records was signed"),
        )
        .hint("`assay evidence checkpoint` signs one of the tree as it is, and prints it")
    })
}

/// Writes the records that `new` asks for, with everything that proves them, to `path`. The export
/// is an activity in the trail, written first.
///
/// # Errors
/// `bad_input`, `not_found`, `approval_needed`, `file_unwritable`, `cancelled`; the store's.
pub fn write(
    engine: &Engine,
    new: &NewPack,
    path: &Path,
    progress: &Progress,
) -> Result<EvidencePack> {
    let store = engine.store();
    let query = read_query(&new.query, Table::Calls)?;
    let (total, _) = store.count(&query)?;
    if total > MAX_RECORDS as u64 {
        return Err(WireError::new(
            Code::BadInput,
            format!("the query matches {total} calls; a pack holds at most {MAX_RECORDS}"),
        )
        .hint("narrow the query, for example by `started_at`"));
    }
    let upper = match new.at {
        Some(size) => checkpoint_at(store, size)?.size,
        None => u64::MAX,
    };
    let pass = match Matter::export(engine, &new.query)? {
        Some(matter) => passing::spend(engine, &matter)?,
        None => None,
    };
    // Whether the tree is signed at all is known before the instructions are written.
    let is_signed =
        new.at.is_some() || (signing::before_export(engine).is_some() && engine.signer().has_key());
    let mut before = before(store, new, upper, is_signed)?;
    let own_stamp = match new.at {
        Some(size) => vouchers(store, size, "", &mut before)?,
        None => false,
    };
    let told = Told {
        is_signed,
        stamped: &before.stamped,
        is_stamped: own_stamp,
    };
    let mut files = form::fixed_files(&told);
    files.append(&mut before.files);
    files.extend(new.reports.clone());
    let (export, export_seq) = exported(engine, new, pass.map(|pass| pass.id), &files)?;
    let signed = match new.at {
        Some(size) => Some(checkpoint_at(store, size)?),
        None if is_signed => Some(engine.signer().sign()?),
        None => None,
    };
    let (checkpoint, note, key) = head(store, signed.as_ref())?;
    let mut chosen = Chosen {
        engine,
        size: checkpoint.size,
        records: BTreeMap::new(),
        counts: Counts::default(),
        batches: BTreeSet::new(),
        total,
        progress,
    };
    chosen.choose(&query)?;
    let manifest = chosen.manifest(&checkpoint, signed.is_some(), &export, export_seq)?;
    let mut consistency = BTreeMap::new();
    for size in &before.sizes {
        consistency.insert(*size, store.consistency(*size, checkpoint.size)?);
    }
    let pack = Pack {
        manifest: &manifest,
        checkpoint: &note,
        key: key.as_ref(),
        files: &files,
        consistency: &consistency,
        records: &chosen.records,
    };
    let mut source = FromStore {
        store,
        size: checkpoint.size,
        records: &chosen.records,
    };
    let (mut bytes, mut sha256) = (0, String::new());
    let all = chosen.records.len() as u64;
    writing::stream(path, |file| {
        let mut done = 0;
        let out = BufWriter::with_capacity(1 << 20, &mut *file);
        bytes = form::write(out, &pack, &mut source, |_| {
            done += 1;
            if done % 64 == 0 || done == all {
                progress.check()?;
                progress.step(Step {
                    phase: "proving".to_owned(),
                    done,
                    total: Some(all),
                    unit: "records",
                    ..Step::default()
                });
            }
            Ok(())
        })
        .map_err(unwritten)?;
        sha256 = writing::sha256_of(path, file)?;
        Ok(())
    })?;
    let is_later = store
        .last_pack_checkpoint()?
        .is_none_or(|last| last.size < checkpoint.size);
    if signed.is_some() && is_later {
        store.writer()?.set_last_pack_checkpoint(checkpoint.size)?;
    }
    Ok(EvidencePack {
        path: path.display().to_string(),
        handle: engine.handles().add(path)?.handle,
        sha256,
        bytes,
        records: manifest.counts.records,
        counts: manifest.counts.into(),
        size: checkpoint.size,
        root: hex::encode(checkpoint.root),
        signed: signed.is_some(),
        fingerprint: store
            .verifier_keys()?
            .first()
            .filter(|_| signed.is_some())
            .and_then(|first| Some(first.vkey.parse::<VerifierKey>().ok()?.fingerprint())),
        continues: before.sizes.into_iter().collect(),
    })
}

fn unwritten(error: PackError<WireError>) -> WireError {
    match error {
        PackError::Source(error) => error,
        PackError::Changed(_) => {
            WireError::new(Code::StoreLocked, error.to_string()).hint("write the pack again")
        }
        PackError::Short => damaged(error.to_string()),
        PackError::Write(_) => WireError::new(Code::FileUnwritable, error.to_string())
            .hint("choose another place, free some space, or narrow the query"),
    }
}

/// Earlier checkpoints that the pack speaks of: the one that it has to continue, the newest that
/// somebody else vouches for, and those with which one key handed over to the next.
fn before(store: &Store, new: &NewPack, upper: u64, is_signed: bool) -> Result<Before> {
    let mut before = Before::default();
    let since = match new.since {
        Some(size) => Some(checkpoint_at(store, size)?),
        None => store.last_pack_checkpoint()?,
    };
    let anchored = store
        .anchors()?
        .into_iter()
        .map(|anchor| anchor.size)
        .filter(|size| *size < upper)
        .max();
    let anchored = match anchored {
        Some(size) => store.checkpoint(size)?,
        None => None,
    };
    for record in since.into_iter().chain(anchored) {
        if record.size >= upper || !before.sizes.insert(record.size) {
            continue;
        }
        let size = record.size;
        before
            .files
            .insert(format!("old/{size}.checkpoint"), record.note);
        if vouchers(store, size, "old/", &mut before)? {
            before.stamped.push(size);
        }
    }
    if !is_signed {
        // Without a signature there is nothing that a key hands over.
        return Ok(before);
    }
    let checkpoints = store.checkpoints()?;
    for key in store.verifier_keys()?.iter().skip(1) {
        let link = checkpoints
            .iter()
            .find(|record| record.size >= key.since_size && record.size < upper);
        if let Some(link) = link {
            before
                .files
                .insert(format!("keys/{}.checkpoint", link.size), link.note.clone());
        }
    }
    Ok(before)
}

/// Adds what others say of the checkpoint over `size` leaves; answers whether there is a time stamp
/// and the certificates to check it with.
fn vouchers(store: &Store, size: u64, folder: &str, before: &mut Before) -> Result<bool> {
    let (file, chain) = match folder {
        "" => ("checkpoint".to_owned(), "tsa-chain.pem".to_owned()),
        _ => (format!("old/{size}"), format!("old/{size}.tsa-chain.pem")),
    };
    let text = match store.checkpoint(size)? {
        Some(record) => {
            Note::parse(&record.note)
                .map_err(|_| damaged(format!("checkpoint {size} can't be read")))?
                .text
        }
        None => return Ok(false),
    };
    let (mut lines, mut keys) = (Vec::new(), String::new());
    let mut has_chain = false;
    let profile = |anchor: &AnchorRecord| store.anchor_profile_at(&anchor.name, anchor.made_ms);
    let mut has_stamp = false;
    for anchor in store.anchors_of(size)? {
        if anchor.kind == "tsa" && !has_stamp {
            has_stamp = true;
            if let Some(pem) = profile(&anchor)?.and_then(|profile| profile.chain) {
                before.files.insert(chain.clone(), pem.into_bytes());
                has_chain = true;
            }
            before.files.insert(format!("{file}.tsr"), anchor.token);
        } else if anchor.kind == "witness" {
            let key = profile(&anchor)?
                .and_then(|profile| profile.vkey?.parse::<WitnessKey>().ok())
                .filter(|key| key.cosignature(&anchor.token, &text).is_ok());
            let line = key.map(|key| format!("{key}\n"));
            if let Some(line) = line.filter(|line| !keys.contains(line.as_str())) {
                keys.push_str(&line);
                lines.extend(anchor.token);
            }
        }
    }
    if !keys.is_empty() {
        before.files.insert(format!("{file}.cosigned"), lines);
        before
            .files
            .insert(format!("{file}.witness"), keys.into_bytes());
    }
    Ok(has_chain)
}

/// Writes the export to the trail; answers it and its leaf.
fn exported(
    engine: &Engine,
    new: &NewPack,
    approval: Option<String>,
    files: &BTreeMap<String, Vec<u8>>,
) -> Result<(Export, u64)> {
    let query = new.query.as_str();
    let now_ms = engine.now_ms();
    let export = Export {
        at: rfc3339(now_ms),
        query: query.to_owned(),
        files: files
            .iter()
            .map(|(name, content)| (name.clone(), hex::encode(Sha256::digest(content))))
            .collect(),
    };
    let mut activity = Activity::new("evidence.pack", Category::Workbench);
    activity.at_ms = Some(now_ms);
    activity.actor = Some(engine.user().to_owned());
    activity.target = Some(query.to_owned());
    activity.succeeded = Some(true);
    let payload = export.payload(engine.user(), approval.as_deref());
    let own = OwnRecord {
        kind: LeafKind::Export,
        activity,
        reason: None,
        payload: payload.as_bytes(),
        now_ms,
    };
    let (seq, _) = engine.store().writer()?.record_own(&own)?;
    Ok((export, seq))
}

/// The checkpoint that the pack is under, its file, and the key that signed it.
fn head(
    store: &Store,
    signed: Option<&CheckpointRecord>,
) -> Result<(Checkpoint, String, Option<VerifierKey>)> {
    let Some(record) = signed else {
        let (size, root) = store.tree()?;
        let checkpoint = Checkpoint {
            origin: store.origin()?,
            size,
            root,
        };
        let text = format!("{}\n", checkpoint.text());
        return Ok((checkpoint, text, None));
    };
    let unread = || damaged(format!("checkpoint {} can't be read", record.size));
    let note = Note::parse(&record.note).map_err(|_| unread())?;
    let key = store
        .verifier_keys()?
        .into_iter()
        .rfind(|key| key.since_size <= record.size)
        .and_then(|key| key.vkey.parse::<VerifierKey>().ok())
        .ok_or_else(unread)?;
    let checkpoint = Checkpoint::open(&note, &key).map_err(|error| damaged(error.to_string()))?;
    let text = String::from_utf8(record.note.clone()).map_err(|_| unread())?;
    Ok((checkpoint, text, Some(key)))
}

/// The records that go in.
struct Chosen<'a> {
    engine: &'a Engine,
    size: u64,
    /// By number: whether the bytes are there.
    records: BTreeMap<u64, bool>,
    counts: Counts,
    /// The imports that they came with.
    batches: BTreeSet<String>,
    total: u64,
    progress: &'a Progress,
}

impl Chosen<'_> {
    fn choose(&mut self, query: &Query) -> Result<()> {
        let store = self.engine.store();
        let (mut after, mut done) = (None, 0);
        loop {
            self.progress.check()?;
            let (page, next) = store.calls(query, after, 256)?;
            for record in page {
                // A call that several sources recorded is proved by all of their records.
                let witnesses = store.witnesses(record.seq)?;
                let seqs = std::iter::once(record.seq)
                    .chain(witnesses.iter().map(|witness| witness.record.seq));
                for seq in seqs.filter(|seq| *seq < self.size).collect::<Vec<_>>() {
                    self.add(seq)?;
                }
                done += 1;
            }
            self.progress.step(Step {
                phase: "choosing".to_owned(),
                done,
                total: Some(self.total),
                unit: "calls",
                ..Step::default()
            });
            match next {
                Some(cursor) => after = Some(cursor),
                None => return Ok(()),
            }
        }
    }

    fn add(&mut self, seq: u64) -> Result<()> {
        if self.records.contains_key(&seq) {
            return Ok(());
        }
        let store = self.engine.store();
        let (leaf, _) = store.leaf(seq)?;
        let leaf = read_leaf(&leaf).ok_or_else(|| damaged(format!("leaf {seq} can't be read")))?;
        self.batches.insert(leaf.batch);
        let has_body = match store.leaf_state(seq)? {
            LeafState::Disclosed => {
                self.counts.records += 1;
                true
            }
            LeafState::Erased { by } if by < self.size => {
                self.counts.records_erased += 1;
                false
            }
            LeafState::Erased { by } => {
                return Err(WireError::new(
                    Code::BadInput,
                    format!(
                        "record {} was erased by #{}, after this checkpoint",
                        thousands(seq),
                        thousands(by)
                    ),
                )
                .hint("write the pack of a later checkpoint, or of the tree as it is"));
            }
            LeafState::Missing => {
                self.counts.missing += 1;
                false
            }
        };
        self.records.insert(seq, has_body);
        Ok(())
    }

    /// The records that explain the others, and what the manifest states of all.
    fn manifest(
        &mut self,
        checkpoint: &Checkpoint,
        is_signed: bool,
        export: &Export,
        export_seq: u64,
    ) -> Result<Manifest> {
        let store = self.engine.store();
        let size = self.size;
        let mut imports = Vec::new();
        for seq in store.import_ends(size)? {
            let payload = store.raw(seq)?;
            let counts = ImportCounts::read(seq, &payload);
            imports.push(
                counts.ok_or_else(|| damaged(format!("the end of import #{seq} can't be read")))?,
            );
            self.records.insert(seq, true);
        }
        let mut keys = Vec::new();
        for key in store.verifier_keys()?.iter().filter(|key| key.seq < size) {
            let (_, vkey) = read_key(&store.raw(key.seq)?)
                .ok_or_else(|| damaged(format!("key #{} can't be read", key.seq)))?;
            keys.push((key.seq, vkey));
            self.records.insert(key.seq, true);
        }
        let mut erased = Vec::new();
        for ((from, to), by) in store.erased_ranges()? {
            if by < size {
                erased.push(Erased { from, to, by });
                self.records.insert(by, true);
            }
        }
        let is_in = export_seq < size;
        if is_in {
            self.records.insert(export_seq, true);
        }
        let shown = self.records.values().filter(|has_body| **has_body).count() as u64;
        let mut counts = Counts {
            in_scope: size,
            supporting: shown - self.counts.records,
            erased: erased.iter().map(|range| range.to - range.from).sum(),
            rejected: imports.iter().map(|import| import.rejected).sum(),
            ..self.counts
        };
        counts.withheld = size
            .checked_sub(counts.shown() + counts.erased + counts.missing)
            .ok_or_else(|| damaged("more records are shown and erased than there are leaves"))?;
        let ended: BTreeSet<&str> = imports.iter().map(|import| import.batch.as_str()).collect();
        let unfinished = self
            .batches
            .iter()
            .filter(|batch| !ended.contains(batch.as_str()))
            .cloned()
            .collect();
        Ok(Manifest {
            checkpoint: checkpoint.clone(),
            is_signed,
            counts,
            erased,
            export: is_in.then_some(export_seq),
            imports,
            keys,
            unfinished,
            made_at: export.at.clone(),
            query: export.query.clone(),
        })
    }
}

struct FromStore<'a> {
    store: &'a Store,
    size: u64,
    records: &'a BTreeMap<u64, bool>,
}

impl Source for FromStore<'_> {
    type Error = WireError;

    fn record(&mut self, seq: u64) -> Result<PackRecord> {
        if self.records.get(&seq) == Some(&true) {
            let proof = self.store.prove(seq, self.size)?;
            return Ok(PackRecord {
                leaf: proof.leaf,
                path: proof.path,
                body: Some((proof.salt, proof.raw)),
            });
        }
        let (leaf, path) = self.store.prove_leaf(seq, self.size)?;
        Ok(PackRecord {
            leaf,
            path,
            body: None,
        })
    }

    fn leaf_hashes(&mut self, from: u64) -> Result<Vec<Hash>> {
        Ok(self.store.leaf_hashes(from)?)
    }
}
