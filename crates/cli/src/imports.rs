//! `assay import`: log files into the trail, and what could not be read.
//!
//! Not here: reading and recognising (the engine).

use std::io::Write;

use assay_engine::commands::Nothing;
use assay_engine::error::{Code, WireError};
use assay_engine::imports;
use assay_engine::imports::view::{
    Batch, FailedFile, Given, ImportFiles, ImportSummary, ListRejected,
};

use crate::arguments::{ImportArguments, ImportCommand};
use crate::digests;
use crate::ending::{Ending, Outcome, bad_input};
use crate::opened::{Settings, private_folder};
use crate::output::Output;
use crate::output::human::{Column, counted, moment, or_dash, table, thousands};
use crate::stopping;
use crate::trail;

/// Rejected lines that are listed.
const REJECTED: u32 = 100_000;

/// Imports, or lists what was imported.
pub(crate) fn run(
    given: ImportArguments,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    match given.command {
        None => import(given, settings, output),
        Some(ImportCommand::Rejected { batch }) => rejected(batch, settings, output),
        Some(ImportCommand::Batches) => batches(settings, output),
        Some(ImportCommand::Digests { keys }) => digests::run(keys, settings, output),
    }
}

fn import(
    given: ImportArguments,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    let watched = stopping::watched(output);
    let mut spool = None;
    let mut files = Vec::new();
    for path in given.paths {
        if path.as_os_str() == "-" {
            if spool.is_some() {
                return Err(bad_input("`-` was given twice").into());
            }
            let folder = private_folder()?;
            let file = folder.path().join("standard-input");
            take_standard_input(&file, &watched.progress)?;
            files.push(Given {
                path: file,
                shown: "standard input".to_owned(),
            });
            spool = Some(folder);
        } else {
            files.push(Given::named(path));
        }
    }
    let engine = settings.writing()?;
    let asked = ImportFiles {
        files,
        deployment: given.deployment,
        format: given.format,
    };
    let imported = imports::import_files(&engine, &asked, &watched.progress).map_err(|error| {
        match error.code {
            Code::Cancelled => error.hint(
                "what was acknowledged stays in the trail; import the same files again to go on",
            ),
            _ => error,
        }
    });
    drop(watched);
    let summary = imported?;
    trail::text::after_import(&engine, output)?;
    if output.is_json() {
        output.document(&summary)?;
    } else {
        output.note(&text(&summary))?;
    }
    match summary.failed.as_slice() {
        [] => Ok(Outcome::Done),
        failed => {
            output.flush()?;
            Err(unread(failed).into())
        }
    }
}

/// Keeps what comes in on standard input as a file, since it is hashed and split like one.
fn take_standard_input(
    file: &std::path::Path,
    progress: &assay_engine::jobs::Progress,
) -> Result<(), WireError> {
    let unreadable =
        |error: &std::io::Error| bad_input(format!("can't read standard input: {error}"));
    let unwritable = |error: &std::io::Error| {
        WireError::new(
            Code::FileUnwritable,
            format!("can't keep standard input: {error}"),
        )
    };
    let mut out = std::fs::File::create(file).map_err(|error| unwritable(&error))?;
    let (sender, receiver) = std::sync::mpsc::sync_channel::<std::io::Result<Vec<u8>>>(4);
    // A thread of its own, since a read that waits for more can't be told to stop.
    std::thread::spawn(move || {
        let mut stdin = std::io::stdin().lock();
        loop {
            let mut chunk = vec![0; 256 << 10];
            let read = std::io::Read::read(&mut stdin, &mut chunk);
            let ends = !matches!(read, Ok(count) if count > 0);
            let chunk = read.map(|count| {
                chunk.truncate(count);
                chunk
            });
            if sender.send(chunk).is_err() || ends {
                return;
            }
        }
    });
    loop {
        progress.check()?;
        match receiver.recv_timeout(std::time::Duration::from_millis(100)) {
            Ok(Ok(chunk)) if chunk.is_empty() => return Ok(()),
            Ok(Ok(chunk)) => out.write_all(&chunk).map_err(|error| unwritable(&error))?,
            Ok(Err(error)) => return Err(unreadable(&error)),
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {}
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

fn unread(failed: &[FailedFile]) -> WireError {
    let first = failed
        .first()
        .map(|file| format!("can't read `{}`: {}", file.path, file.detail))
        .unwrap_or_default();
    let more = failed.len().saturating_sub(1);
    let more = if more == 0 {
        String::new()
    } else {
        format!(" (and {} more)", counted(more as u64, "path"))
    };
    bad_input(format!("{first}{more}")).hint("everything else was imported")
}

fn text(summary: &ImportSummary) -> String {
    let mut text = rows(&summary.batches);
    text.push_str(&format!(
        "\n\n{} accepted ({} of calls, {} of activities), {} already there, {} rejected",
        counted(summary.accepted, "record"),
        thousands(summary.calls),
        thousands(summary.activities),
        thousands(summary.duplicates),
        counted(summary.rejected, "line"),
    ));
    if summary.report_buckets > 0 {
        text.push_str(&format!(
            "\n{} of the provider's usage and cost reports; `assay trail usage` lists them",
            counted(summary.report_buckets, "bucket")
        ));
    }
    if summary.digest_files > 0 {
        text.push_str(&format!(
            "\n{} of CloudTrail's digests; `assay import digests` says what they prove",
            counted(summary.digest_files, "file")
        ));
    }
    if summary.body_files > 0 {
        text.push_str(&format!(
            "\n{} with the text of calls, put into the records that name them",
            counted(summary.body_files, "file")
        ));
    }
    if summary.rejected > 0 {
        text.push_str("\n`assay import rejected` says which and why");
    }
    if let Some(why) = &summary.not_signed {
        text.push('\n');
        text.push_str(why);
    }
    text
}

fn rows(batches: &[Batch]) -> String {
    let columns = [
        Column::Whole("import"),
        Column::Text("file"),
        Column::Text("format"),
        Column::Number("accepted"),
        Column::Number("known"),
        Column::Number("rejected"),
        Column::Whole("state"),
    ];
    let rows: Vec<Vec<String>> = batches
        .iter()
        .map(|batch| {
            vec![
                batch.id.clone(),
                batch.path.clone(),
                or_dash(batch.format.as_deref()),
                thousands(batch.accepted),
                thousands(batch.duplicates),
                thousands(batch.rejected),
                batch.state.replace('_', " "),
            ]
        })
        .collect();
    table(&columns, &rows, "nothing to import")
}

fn rejected(
    batch: Option<String>,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    let engine = settings.reading()?;
    let lines = imports::rejected(
        &engine,
        ListRejected {
            batch,
            limit: Some(REJECTED),
        },
    )?;
    if output.is_json() {
        output.document(&lines)?;
        return Ok(Outcome::Done);
    }
    let columns = [
        Column::Whole("import"),
        Column::Number("line"),
        Column::Whole("reason"),
        Column::Text("what is wrong, and how the line begins (masked)"),
    ];
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|line| {
            vec![
                line.batch.clone(),
                line.line.to_string(),
                line.reason.clone(),
                format!("{} {}", line.detail, line.excerpt),
            ]
        })
        .collect();
    output.text(&table(&columns, &rows, "no line was rejected"))?;
    Ok(Outcome::Done)
}

fn batches(settings: &Settings, output: &mut Output) -> Result<Outcome, Ending> {
    let engine = settings.reading()?;
    let batches = imports::list(&engine, Nothing {})?;
    if output.is_json() {
        output.document(&batches)?;
    } else {
        output.text(&rows(&batches))?;
        if let Some(newest) = batches.first() {
            output.note(&format!("\nnewest of {}", moment(Some(&newest.started_at))))?;
        }
    }
    Ok(Outcome::Done)
}
