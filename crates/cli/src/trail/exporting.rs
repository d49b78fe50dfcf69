//! `assay trail export`: rows of the trail in a file, and checking such a file.
//!
//! Not here: which rows and what stands in them (the engine).

use std::path::Path;

use assay_engine::trail::export_checks;
use assay_engine::trail::exporting::columns::Records;
use assay_engine::trail::exporting::view::{ExportCheck, ExportedRows, format};
use assay_engine::trail::exporting::{self, NewExport, manifest_of};

use crate::arguments::exporting::{ExportArguments, ExportCommand};
use crate::ending::{Ending, Outcome, bad_input, heard};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{self, counted, pairs, thousands};
use crate::stopping;

/// Writes an export, or checks one.
pub(super) fn run(
    given: ExportArguments,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    if let Some(ExportCommand::Verify { file, in_store }) = given.command {
        let engine = in_store.then(|| settings.reading()).transpose()?;
        return checked(&export_checks::check(&file, engine.as_ref())?, output);
    }
    let out = given.out.ok_or_else(|| {
        bad_input("`--out` names no file").hint("see `assay trail export --help`")
    })?;
    let ending = out.extension().and_then(|ending| ending.to_str());
    let name = given.format.as_deref().or(ending).unwrap_or_default();
    let new = NewExport {
        query: given.query.text(),
        records: Records::named(&given.records)?,
        format: format(name)?,
        columns: given.columns,
        reason: match (given.original, given.reason) {
            (false, Some(_)) => {
                return Err(bad_input("a reason is given for `--original` only").into());
            }
            (true, None) => {
                return Err(bad_input("`--original` needs `--reason`")
                    .hint("say why the original text is needed")
                    .into());
            }
            (_, reason) => reason,
        },
    };
    if !given.force {
        for path in [out.as_path(), &manifest_of(&out)] {
            not_there(path)?;
        }
    }
    let engine = settings.writing()?;
    let watched = stopping::watched(output);
    let written = exporting::write(&engine, &new, &out, &watched.progress);
    drop(watched);
    told(&written?, output)?;
    Ok(Outcome::Done)
}

fn not_there(path: &Path) -> Result<(), Ending> {
    match std::fs::symlink_metadata(path) {
        Ok(_) => Err(
            bad_input(format!("a file stands there: {}", path.display()))
                .hint("`--force` writes over it")
                .into(),
        ),
        Err(_) => Ok(()),
    }
}

fn told(written: &ExportedRows, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        let mut document = serde_json::to_value(written).unwrap_or_default();
        if let Some(fields) = document.as_object_mut() {
            // A handle is worth something to the window only.
            fields.remove("handle");
            fields.remove("manifest_handle");
        }
        return output.document(&document);
    }
    let rows = match written.sheets {
        Some(sheets) if sheets > 1 => format!(
            "{} in {}",
            thousands(written.rows),
            counted(sheets, "sheet")
        ),
        _ => thousands(written.rows),
    };
    output.note(&pairs(&[
        ("File", written.path.clone()),
        ("Manifest", written.manifest.clone()),
        ("Rows", rows),
        ("Text", written.text.clone()),
        ("Size", counted(written.bytes, "byte")),
        ("SHA-256", written.sha256.clone()),
        (
            "In the trail",
            format!("leaves {} and {}", written.leaf, written.written_leaf),
        ),
    ]))
}

fn checked(check: &ExportCheck, output: &mut Output) -> Result<Outcome, Ending> {
    heard(shown(check, output))?;
    Ok(match check.ok {
        true => Outcome::Done,
        false => Outcome::Found,
    })
}

fn shown(check: &ExportCheck, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(check);
    }
    output.text(&check.says)?;
    if !check.failures.is_empty() {
        output.text("")?;
        output.text(&human::sentences(&check.failures))?;
    }
    let manifest = &check.manifest;
    output.text("")?;
    output.text(&pairs(&[
        ("Query", manifest.query.clone()),
        ("Records", manifest.records.clone()),
        ("Text", manifest.text.clone()),
        (
            "Made",
            format!("{} by {}", manifest.made_at, manifest.made_by),
        ),
        ("Log", manifest.log.origin.clone()),
        ("SHA-256", check.sha256.clone()),
    ]))
}
