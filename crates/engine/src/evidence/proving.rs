//! The proof of one record: its leaf, and its place under the newest checkpoint, as C2SP writes it.
//!
//! Holds no byte of the record itself. Not here: packs, which hold the bytes too (`packs`).

use assay_evidence::checkpoint::Checkpoint;
use assay_evidence::note::Note;
use assay_evidence::pack::layout::proof_text;
use assay_evidence::tree::leaf_hash;
use assay_store::erasure::LeafState;

use crate::error::{Code, Result, WireError};
use crate::evidence::packs::view::RecordProof;
use crate::opening::Engine;
use crate::trail::view::RecordRef;

/// Proves the record of a call in the newest checkpoint.
///
/// # Errors
/// `not_found` where there is no such call, or no checkpoint covers it yet; the store's.
pub fn prove(engine: &Engine, input: RecordRef) -> Result<RecordProof> {
    let store = engine.store();
    let record = store.call(&input.id)?;
    let newest = store
        .latest_checkpoint()?
        .filter(|newest| newest.size > record.seq)
        .ok_or_else(|| {
            WireError::new(
                Code::NotFound,
                format!("no signed checkpoint covers record {} yet", record.seq),
            )
            .hint("`assay evidence checkpoint` signs the tree as it is")
        })?;
    let unread = || {
        WireError::new(
            Code::StoreDamaged,
            format!("checkpoint {} can't be read", newest.size),
        )
    };
    let note = String::from_utf8(newest.note.clone()).map_err(|_| unread())?;
    let parsed = Note::parse(&newest.note).map_err(|_| unread())?;
    let checkpoint = Checkpoint::parse(&parsed.text).map_err(|_| unread())?;
    let (leaf, path) = store.prove_leaf(record.seq, newest.size)?;
    let erased_by = match store.leaf_state(record.seq)? {
        LeafState::Erased { by } => Some(by),
        LeafState::Disclosed | LeafState::Missing => None,
    };
    Ok(RecordProof {
        id: record.id,
        seq: record.seq,
        leaf_hash: hex::encode(leaf_hash(&leaf)),
        leaf: String::from_utf8_lossy(&leaf).into_owned(),
        size: newest.size,
        root: hex::encode(checkpoint.root),
        erased_by,
        proof: proof_text(record.seq, &path, &note),
    })
}
