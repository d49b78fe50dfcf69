//! The evidence tree's state, packs of proved records, and checking a pack.
//!
//! Not here: the tree and the pack's form (`assay-evidence`), signatures.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assay_domain::activity::{Activity, Category};
use assay_domain::moment::rfc3339;
use assay_domain::query::keys::Table;
use assay_evidence::leaf::LeafKind;
use assay_evidence::pack::{self, DOES_NOT_PROVE, PROVES, PackHead, PackRecord};
use assay_store::open::Frozen;
use assay_store::writer::OwnRecord;
use sha2::{Digest, Sha256};

use crate::approvals::matter::Matter;
use crate::approvals::passing;
use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::jobs::{Progress, Started, Step};
use crate::opening::{Engine, read_query};
use crate::reports_view::{EvidencePack, EvidenceStatus, PackEvidence, Verification, VerifyPack};
use crate::{integrity, signing, writing};

/// Records in one pack.
const MAX_RECORDS: usize = 100_000;
/// The largest pack that is checked.
const MAX_PACK: u64 = 2 << 30;

/// The size and root of the tree, and what they say.
///
/// # Errors
/// The store's.
pub fn status(engine: &Engine, _: Nothing) -> Result<EvidenceStatus> {
    let store = engine.store();
    let (size, root) = match (store.tree(), store.frozen()) {
        (Ok((size, root)), _) => (size, hex::encode(root)),
        // A tree that does not hold together has no root.
        (Err(_), Some(Frozen::Damaged(_))) => (store.tree_size()?, String::new()),
        (Err(error), _) => return Err(error.into()),
    };
    let standing = engine.signer().standing()?;
    Ok(EvidenceStatus {
        size,
        root,
        state: standing.state,
        sentences: standing.sentences,
        signed_to: standing.signed_to,
        anchored_to: standing.anchored_to,
        unsigned: standing.unsigned,
        key: standing.key,
        rollback: standing.rollback,
        last_check: integrity::last(engine),
        checked_at_opening: integrity::at_opening(engine).to_owned(),
        proves: PROVES.iter().map(|&text| text.to_owned()).collect(),
        does_not_prove: DOES_NOT_PROVE.iter().map(|&text| text.to_owned()).collect(),
    })
}

/// Writes an evidence pack as a job.
///
/// # Errors
/// `bad_input` for the query; `approval_needed`.
pub fn start_pack(engine: &Engine, input: PackEvidence) -> Result<Started> {
    if let Some(matter) = Matter::export(engine, &input.query)? {
        passing::look(engine, &matter)?;
    }
    let own = engine.clone();
    Ok(engine.jobs().start(
        "evidence.pack",
        "Writing an evidence pack".to_owned(),
        &["activities"],
        move |progress| {
            let name = format!(
                "evidence-{}.zip",
                rfc3339(own.now_ms()).replace([':', '.'], "")
            );
            let path = writing::target(&own, input.handle.as_deref(), "packs", &name)?;
            pack(&own, &input.query, &path, BTreeMap::new(), progress)
        },
    ))
}

/// Writes the records that match `query`, with their proofs and `attachments`, to `path`. The
/// export is an activity in the trail, written first.
///
/// # Errors
/// `bad_input`, `approval_needed`, `file_unwritable`, `cancelled`; the store's.
pub fn pack(
    engine: &Engine,
    query: &str,
    path: &Path,
    attachments: BTreeMap<String, Vec<u8>>,
    progress: &Progress,
) -> Result<EvidencePack> {
    let store = engine.store();
    let parsed = read_query(query, Table::Calls)?;
    let (total, _) = store.count(&parsed)?;
    if total > MAX_RECORDS as u64 {
        return Err(WireError::new(
            Code::BadInput,
            format!("the query matches {total} calls; a pack holds at most {MAX_RECORDS}"),
        )
        .hint("narrow the query, for example by `started_at`"));
    }
    let pass = match Matter::export(engine, query)? {
        Some(matter) => passing::spend(engine, &matter)?,
        None => None,
    };
    let now_ms = engine.now_ms();
    let mut activity = Activity::new("evidence.pack", Category::Workbench);
    activity.at_ms = Some(now_ms);
    activity.actor = Some(engine.user().to_owned());
    activity.target = Some(query.to_owned());
    activity.succeeded = Some(true);
    let payload = serde_json::json!({"action": "evidence.pack", "approval": pass.map(|pass| pass.id), "at": rfc3339(now_ms), "by": engine.user(), "query": query}).to_string();
    let own = OwnRecord {
        kind: LeafKind::Export,
        activity,
        reason: None,
        payload: payload.as_bytes(),
        now_ms,
    };
    store.writer()?.record_own(&own)?;
    signing::before_export(engine);
    let (size, root) = store.tree()?;
    let mut records = Vec::new();
    let mut after = None;
    loop {
        progress.check()?;
        let (page, next) = store.calls(&parsed, after, 256)?;
        for record in page {
            // A call that several sources recorded is proved by all of their records.
            let witnesses = store.witnesses(record.seq)?;
            let seqs = std::iter::once(record.seq)
                .chain(witnesses.iter().map(|witness| witness.record.seq));
            for seq in seqs.filter(|seq| *seq < size).collect::<Vec<_>>() {
                let proof = store.prove(seq, size)?;
                records.push(PackRecord {
                    seq,
                    leaf: proof.leaf,
                    salt: proof.salt,
                    raw: proof.raw,
                    path: proof.path,
                });
            }
        }
        progress.step(Step {
            phase: "proving".to_owned(),
            done: records.len() as u64,
            total: Some(total),
            unit: "records",
            ..Step::default()
        });
        match next {
            Some(cursor) => after = Some(cursor),
            None => break,
        }
    }
    records.sort_by_key(|record| record.seq);
    let head = PackHead {
        size,
        root,
        query,
        made_at: &rfc3339(now_ms),
        attachments,
    };
    let bytes = pack::write(&head, &records)
        .map_err(|error| WireError::new(Code::FileUnwritable, error.to_string()))?;
    writing::write(path, &bytes)?;
    Ok(EvidencePack {
        path: path.display().to_string(),
        handle: engine.handles().add(path)?.handle,
        sha256: hex::encode(Sha256::digest(&bytes)),
        bytes: bytes.len() as u64,
        records: records.len() as u64,
        size,
        root: hex::encode(root),
    })
}

/// Checks a pack that a person chose.
///
/// # Errors
/// `bad_input` where the file can't be read; a pack that does not hold is an answer.
pub fn verify(engine: &Engine, input: VerifyPack) -> Result<Verification> {
    let path: PathBuf = engine.handles().path(&input.handle)?;
    verify_file(&path)
}

/// Checks a pack by its path; needs no store.
///
/// # Errors
/// `bad_input` where the file can't be read.
pub fn verify_file(path: &Path) -> Result<Verification> {
    let unreadable = |error: std::io::Error| {
        WireError::new(
            Code::BadInput,
            format!("can't read {}: {error}", path.display()),
        )
    };
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    // A pipe or a device may never end.
    if !metadata.is_file() {
        return Err(WireError::new(
            Code::BadInput,
            format!("not a file: {}", path.display()),
        ));
    }
    if metadata.len() > MAX_PACK {
        return Err(WireError::new(
            Code::BadInput,
            "the pack is larger than 2 GiB",
        ));
    }
    let checked = pack::check(&std::fs::read(path).map_err(unreadable)?);
    Ok(Verification {
        ok: checked.failures.is_empty() && checked.records > 0,
        records: checked.records,
        failures: checked.failures,
    })
}
