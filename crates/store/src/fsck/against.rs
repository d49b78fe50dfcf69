//! Comparing the tree with a checkpoint that was kept elsewhere: whether it still begins with what
//! was signed then.

use assay_evidence::checkpoint::Checkpoint;
use assay_evidence::note::Note;
use assay_evidence::signing::VerifierKey;

use super::tree::Tree;
use super::{Check, What};
use crate::checkpoints;
use crate::error::Result;

/// A checkpoint that was kept elsewhere.
#[derive(Debug, Clone)]
pub struct Against {
    /// What it is called; for people.
    pub name: String,
    pub checkpoint: Checkpoint,
    /// Its signed note; `None` where only size and root were kept.
    pub note: Option<Note>,
}

impl Check<'_> {
    pub(super) fn against(&mut self, tree: &Tree<'_>, kept: &Against) -> Result<()> {
        let Against {
            name,
            checkpoint,
            note,
        } = kept;
        let size = checkpoint.size;
        self.counted("kept checkpoints", 1, 1);
        if checkpoint.origin != self.origin {
            self.found(
                What::Changed,
                "workspace",
                "origin",
                format!(
                    "{name} is of the log {}, and this store is {}.",
                    checkpoint.origin, self.origin
                ),
            );
            return Ok(());
        }
        if let Some(note) = note {
            let keys = checkpoints::keys(self.connection)?;
            let is_known = keys
                .iter()
                .filter_map(|key| key.vkey.parse::<VerifierKey>().ok())
                .any(|key| note.is_signed_by(&key));
            if !is_known {
                self.found(
                    What::Signature,
                    "verifier_key",
                    size,
                    format!("{name} was signed with a key that this store does not know: the trail may have been signed anew with another one."),
                );
            }
        }
        if size > self.report.size {
            let gone = size - self.report.size;
            self.found(
                What::Truncated,
                "leaf",
                self.report.size,
                format!(
                    "{name} was signed over {size} leaves, and {} are stored: the last {gone} are gone.",
                    self.report.size
                ),
            );
        } else if tree.root(size) != Some(checkpoint.root) {
            self.found(
                What::Changed,
                "leaf",
                format!("0–{}", size.saturating_sub(1)),
                format!("The first {size} leaves are not the ones that {name} was signed over."),
            );
        }
        Ok(())
    }
}
