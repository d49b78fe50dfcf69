//! The evidence tree's state, and the window's way to packs: writing one as a job, checking one.
//!
//! Not here: the tree and the pack's form (`assay-evidence`), what goes into a pack (`packs`), what
//! a check of one says (`verifying`).

pub mod anchors;
pub(crate) mod guard;
pub mod integrity;
pub mod packs;
pub mod proving;
pub mod recovery;
pub mod signing;
pub mod standard_tools;
pub mod verifying;

use std::collections::BTreeMap;

use assay_domain::moment::rfc3339;
use assay_evidence::pack::{DOES_NOT_PROVE, PROVES};
use assay_store::open::Frozen;

use crate::approvals::matter::Matter;
use crate::approvals::passing;
use crate::commands::Nothing;
use crate::error::Result;
use crate::evidence::packs::NewPack;
use crate::evidence::packs::view::{PackEvidence, Verification, VerifyPack};
use crate::evidence::verifying::Comparison;
use crate::jobs::Started;
use crate::opening::Engine;
use crate::reports::view::EvidenceStatus;
use crate::writing;

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
        &["activities", "trail"],
        move |progress| {
            let name = format!(
                "evidence-{}.zip",
                rfc3339(own.now_ms()).replace([':', '.'], "")
            );
            let path = writing::target(&own, input.handle.as_deref(), "packs", &name)?;
            let new = NewPack {
                query: input.query,
                reports: BTreeMap::new(),
                at: None,
                since: None,
            };
            packs::write(&own, &new, &path, progress)
        },
    ))
}

/// Checks a pack that a person chose, against what they know of the log.
///
/// # Errors
/// `bad_input` where a file can't be read, or the key is none; a pack that does not hold is an
/// answer.
pub fn verify(engine: &Engine, input: VerifyPack) -> Result<Verification> {
    let path = engine.handles().path(&input.handle)?;
    let comparison = Comparison {
        key: input.key.filter(|key| !key.trim().is_empty()),
        against: match &input.against {
            Some(handle) => Some(engine.handles().path(handle)?),
            None => None,
        },
    };
    verifying::verify(&path, &comparison)
}
