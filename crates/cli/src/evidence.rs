//! `assay evidence`: the tree's state, packs of proved records, and checking a pack.
//!
//! Not here: proofs (the engine).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assay_engine::commands::Nothing;
use assay_engine::error::{Code, WireError};
use assay_engine::evidence::integrity::view::StoreCheck;
use assay_engine::evidence::packs::view::{EvidencePack, PackCounts, ToolsRun, Verification};
use assay_engine::evidence::packs::{self, NewPack};
use assay_engine::evidence::verifying::{self, Comparison};
use assay_engine::evidence::{self, integrity, proving, standard_tools};
use assay_engine::reports::view::EvidenceStatus;
use assay_engine::trail::view::RecordRef;

use crate::anchors;
use crate::arguments::EvidenceCommand;
use crate::ending::{Ending, Outcome, heard};
use crate::evidence_keys;
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{self, Column, counted, pairs, table, thousands};
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
        EvidenceCommand::Pack {
            query,
            out,
            at,
            since,
            report,
        } => {
            let new = NewPack {
                query: query.text(),
                reports: reports(&report)?,
                at,
                since,
            };
            let engine = settings.writing()?;
            let watched = stopping::watched(output);
            let packed = packs::write(&engine, &new, &out, &watched.progress);
            drop(watched);
            written(&packed?, output)?;
        }
        EvidenceCommand::Verify {
            pack,
            standard_tools: true,
            ..
        } => {
            let watched = stopping::watched(output);
            let ran = standard_tools::run(&pack, &watched.progress);
            drop(watched);
            return with_tools(&ran?, output);
        }
        EvidenceCommand::Verify {
            pack, key, against, ..
        } => {
            let comparison = Comparison {
                key: key.as_deref().map(key_text).transpose()?,
                against,
            };
            return verified(&verifying::verify(&pack, &comparison)?, output);
        }
        EvidenceCommand::Fsck { depth, against } => {
            return fsck(&depth, &against, settings, output);
        }
        EvidenceCommand::Checkpoint => evidence_keys::checkpoint(settings, output)?,
        EvidenceCommand::Key(given) => evidence_keys::key(given, settings, output)?,
        EvidenceCommand::AcceptRestore { i_accept } => {
            evidence_keys::accept_restore(i_accept, settings, output)?;
        }
        EvidenceCommand::Anchor(given) => return anchors::run(given, settings, output),
        EvidenceCommand::Prove { id } => {
            let proof = proving::prove(&settings.reading()?, RecordRef { id })?;
            if output.is_json() {
                output.document(&proof)?;
            } else {
                output.text(proof.proof.trim_end())?;
            }
        }
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
    output.text(&human::sentences(&[
        status.checked_at_opening.clone(),
        last_check(status.last_check.as_ref()),
    ]))?;
    for (title, sentences) in [
        ("PROVES", &status.proves),
        ("DOES NOT PROVE", &status.does_not_prove),
    ] {
        output.text(&format!("\n{title}"))?;
        output.text(&human::sentences(sentences))?;
    }
    Ok(())
}

/// What the last check said, in a sentence.
fn last_check(found: Option<&StoreCheck>) -> String {
    match found {
        None => "No check of the store is known; `assay evidence fsck` makes one.".to_owned(),
        Some(found) => format!(
            "The last check, at {}, looked at {} at depth `{}` and found {}.",
            found.at,
            counted(found.size, "record"),
            found.depth,
            match found.damaged {
                0 => "nothing damaged".to_owned(),
                count => counted(count, "damaged place"),
            }
        ),
    }
}

fn fsck(
    depth: &str,
    against: &[PathBuf],
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    let depth = integrity::depth_named(depth)?;
    let engine = settings.reading()?;
    let watched = stopping::watched(output);
    let found = integrity::check(&engine, depth, against, &watched.progress);
    drop(watched);
    let found = found?;
    heard(checked(&found, output))?;
    Ok(match found.ok {
        true => Outcome::Done,
        false => Outcome::Found,
    })
}

fn checked(found: &StoreCheck, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(found);
    }
    output.text(&match found.ok {
        true => format!(
            "sound: {} checked at depth `{}`",
            counted(found.size, "record"),
            found.depth
        ),
        false => format!(
            "DAMAGED: {} found at depth `{}`",
            counted(found.damaged, "damaged place"),
            found.depth
        ),
    })?;
    let rows: Vec<Vec<String>> = found
        .checked
        .iter()
        .map(|(name, part)| vec![name.clone(), thousands(part.checked), thousands(part.of)])
        .collect();
    let columns = [
        Column::Text("checked"),
        Column::Number("sound"),
        Column::Number("of"),
    ];
    output.text(&format!(
        "\n{}",
        table(&columns, &rows, "nothing was checked")
    ))?;
    if !found.ok {
        let columns = [
            Column::Whole("what"),
            Column::Whole("table"),
            Column::Text("record"),
            Column::Text("column"),
            Column::Text("sentence"),
        ];
        let rows: Vec<Vec<String>> = found
            .damage
            .iter()
            .map(|one| {
                vec![
                    one.what.clone(),
                    one.table.clone(),
                    one.record.clone(),
                    human::or_dash(one.column.as_deref()),
                    one.sentence.clone(),
                ]
            })
            .collect();
        output.text(&format!("\n{}", table(&columns, &rows, "")))?;
        let listed = found.damage.len() as u64;
        if found.damaged > listed {
            output.text(&format!("and {} more", thousands(found.damaged - listed)))?;
        }
        output.text("\nWHAT TO DO")?;
        output.text(&human::sentences(&found.what_to_do))?;
    }
    output.text("\nNOT CHECKED")?;
    output.text(&human::sentences(&found.not_checked))
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
    let mut rows = vec![
        ("Pack", pack.path.clone()),
        ("Records", thousands(pack.records)),
        (
            "Log",
            format!("{} leaves, root {}", thousands(pack.size), pack.root),
        ),
        (
            "Signed",
            match &pack.fingerprint {
                Some(fingerprint) => format!("yes; first key {fingerprint}"),
                None => "no: nobody vouches for the checkpoint".to_owned(),
            },
        ),
        ("SHA-256", pack.sha256.clone()),
    ];
    if !pack.continues.is_empty() {
        let sizes: Vec<String> = pack.continues.iter().copied().map(thousands).collect();
        rows.push((
            "Continues",
            format!("the checkpoints of {} leaves", sizes.join(" and ")),
        ));
    }
    output.note(&pairs(&rows))?;
    output.note(&format!("\n{}", accounted(&pack.counts)))
}

/// What a person gave as the key: itself, or the file that holds it.
fn key_text(given: &str) -> Result<String, WireError> {
    let path = Path::new(given);
    if !path.is_file() {
        return Ok(given.to_owned());
    }
    std::fs::read_to_string(path).map_err(|error| {
        WireError::new(
            Code::BadInput,
            format!("can't read the key in {}: {error}", path.display()),
        )
    })
}

fn reports(paths: &[PathBuf]) -> Result<BTreeMap<String, Vec<u8>>, WireError> {
    let mut reports = BTreeMap::new();
    for path in paths {
        let ending = path
            .extension()
            .and_then(|ending| ending.to_str())
            .filter(|ending| packs::REPORTS.contains(ending))
            .ok_or_else(|| {
                WireError::new(
                    Code::BadInput,
                    format!("no report that a pack may hold: {}", path.display()),
                )
                .hint("its name ends with .csv, .json, .pdf or .xlsx")
            })?;
        let bytes = std::fs::read(path).map_err(|error| {
            WireError::new(
                Code::BadInput,
                format!("can't read {}: {error}", path.display()),
            )
        })?;
        if reports.insert(format!("report.{ending}"), bytes).is_some() {
            return Err(WireError::new(
                Code::BadInput,
                format!("a pack holds one report of a kind: {}", path.display()),
            ));
        }
    }
    Ok(reports)
}

/// How all leaves of the log are accounted for, as a sum.
fn accounted(counts: &PackCounts) -> String {
    let mut rows = vec![
        (
            "Shown",
            format!(
                "{} ({} and {} that explain them)",
                thousands(counts.shown),
                counted(counts.records, "record"),
                thousands(counts.supporting)
            ),
        ),
        ("Withheld", thousands(counts.withheld)),
        (
            "Erased",
            format!(
                "{}, of which the query asks for {}",
                thousands(counts.erased),
                thousands(counts.records_erased)
            ),
        ),
    ];
    if counts.missing > 0 {
        rows.push(("MISSING", thousands(counts.missing)));
    }
    rows.push((
        "In scope",
        format!("{}: the sum of these", counted_leaves(counts.in_scope)),
    ));
    rows.push((
        "Rejected",
        format!(
            "{} of finished imports; they are in no leaf",
            counted(counts.rejected, "line")
        ),
    ));
    pairs(&rows)
}

fn counted_leaves(number: u64) -> String {
    match number {
        1 => "1 leaf".to_owned(),
        number => format!("{} leaves", thousands(number)),
    }
}

fn with_tools(ran: &ToolsRun, output: &mut Output) -> Result<Outcome, Ending> {
    heard(shown_steps(ran, output))?;
    Ok(if ran.ok {
        Outcome::Done
    } else {
        Outcome::Found
    })
}

fn shown_steps(ran: &ToolsRun, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(ran);
    }
    for step in &ran.steps {
        let outcome = step.outcome.replace('_', " ");
        let reason = step
            .reason
            .as_ref()
            .map_or_else(String::new, |reason| format!(": {reason}"));
        output.text(&format!("{outcome}{reason}"))?;
        output.text(&format!("  {}", step.shows))?;
        if !step.command.is_empty() {
            output.text(&format!("  $ {}", step.command))?;
        }
        for line in step.output.lines() {
            output.text(&format!("    {line}"))?;
        }
        output.text("")?;
    }
    output.text(&format!(
        "of {}: {} passed, {} failed, {} not run",
        counted(ran.steps.len() as u64, "command"),
        ran.passed,
        ran.failed,
        ran.not_run
    ))
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
    output.text(&verification.says)?;
    if !verification.failures.is_empty() {
        output.text("")?;
        output.text(&human::sentences(&verification.failures))?;
    }
    if let (Some(origin), Some(root)) = (&verification.origin, &verification.root) {
        output.text("")?;
        let mut rows = vec![
            ("Log", origin.clone()),
            ("Root", root.clone()),
            (
                "First key",
                verification
                    .first_fingerprint
                    .clone()
                    .unwrap_or_else(|| "none".to_owned()),
            ),
        ];
        if let Some(size) = verification.continues {
            rows.push((
                "Continues",
                format!("the checkpoint of {} that you hold", counted_leaves(size)),
            ));
        }
        output.text(&pairs(&rows))?;
        if verification.ok {
            output.text("")?;
            output.text(&accounted(&verification.counts))?;
        }
    }
    if !verification.notes.is_empty() {
        output.text("\nTO KNOW")?;
        output.text(&human::sentences(&verification.notes))?;
    }
    Ok(())
}
