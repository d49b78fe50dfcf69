//! `assay evidence`: the tree's state, packs of proved records, and checking a pack.
//!
//! Not here: proofs (the engine).

use std::collections::BTreeMap;

use assay_engine::commands::Nothing;
use assay_engine::evidence;
use assay_engine::reports_view::{EvidencePack, EvidenceStatus, Verification};

use crate::anchors;
use crate::arguments::EvidenceCommand;
use crate::ending::{Ending, Outcome, heard, later};
use crate::evidence_keys;
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{self, counted, pairs, thousands};
use crate::stopping;

/// Shows, packs or verifies evidence.
pub(crate) fn run(
    given: EvidenceCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    match given {
        EvidenceCommand::Status => {
            status(&evidence::status(&settings.reading()?, Nothing {})?, output)?
        }
        EvidenceCommand::Pack { query, out } => {
            let engine = settings.writing()?;
            let watched = stopping::watched(output);
            let packed = evidence::pack(
                &engine,
                &query.text(),
                &out,
                BTreeMap::new(),
                &watched.progress,
            );
            drop(watched);
            written(&packed?, output)?;
        }
        EvidenceCommand::Verify { pack } => {
            return verified(&evidence::verify_file(&pack)?, output);
        }
        EvidenceCommand::Checkpoint => evidence_keys::checkpoint(settings, output)?,
        EvidenceCommand::Key(given) => evidence_keys::key(given, settings, output)?,
        EvidenceCommand::AcceptRestore { i_accept } => {
            evidence_keys::accept_restore(i_accept, settings, output)?;
        }
        EvidenceCommand::Anchor(given) => return anchors::run(given, settings, output),
        EvidenceCommand::Prove(_) => return Err(later("evidence prove")),
    }
    Ok(Outcome::Done)
}

fn status(status: &EvidenceStatus, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(status);
    }
    output.text(&pairs(&[
        ("Records", thousands(status.size)),
        ("Root", status.root.clone()),
        (
            "Key",
            status
                .key
                .fingerprint
                .clone()
                .unwrap_or_else(|| "none".to_owned()),
        ),
        ("Secret", status.key.sentence.clone()),
    ]))?;
    output.text("\nSTATE")?;
    output.text(&human::sentences(&status.sentences))?;
    for (title, sentences) in [
        ("PROVES", &status.proves),
        ("DOES NOT PROVE", &status.does_not_prove),
    ] {
        output.text(&format!("\n{title}"))?;
        output.text(&human::sentences(sentences))?;
    }
    Ok(())
}

fn written(pack: &EvidencePack, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        let mut document = serde_json::to_value(pack).unwrap_or_default();
        if let Some(fields) = document.as_object_mut() {
            // A handle is worth something to the window only.
            fields.remove("handle");
        }
        return output.document(&document);
    }
    output.note(&pairs(&[
        ("Pack", pack.path.clone()),
        ("Records", thousands(pack.records)),
        (
            "Tree",
            format!("{} records, root {}", thousands(pack.size), pack.root),
        ),
        ("SHA-256", pack.sha256.clone()),
    ]))
}

fn verified(verification: &Verification, output: &mut Output) -> Result<Outcome, Ending> {
    heard(verdict(verification, output))?;
    Ok(if verification.ok {
        Outcome::Done
    } else {
        Outcome::Found
    })
}

fn verdict(verification: &Verification, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(verification);
    }
    if verification.ok {
        return output.text(&format!(
            "holds: {} lie in the tree whose root the pack names",
            counted(verification.records, "record")
        ));
    }
    output.text("does not hold")?;
    output.text(&human::sentences(&verification.failures))
}
