//! Importing log files: every record accepted once, every other line rejected with a reason.
//!
//! One thread reads, cuts and parses, one hashes and compresses, the caller's thread stores in grouped
//! commits. What was committed stays, whatever happens next. Not here: formats, SQL.

pub mod digests;
mod objects;
mod packing;
mod parsing;
mod traces;
pub mod view;

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::thread::ScopedJoinHandle;
use std::time::{Duration, Instant};

use assay_domain::formats::{Context, Format, Reason};
use assay_domain::moment;
use assay_domain::split::Splitter;
use assay_store::batches::{BatchRecord, Chunk};
use sha2::{Digest, Sha256};

use crate::commands::Nothing;
use crate::deployments::Resolver;
use crate::error::{Code, Result, WireError};
use crate::imports::digests::view::LogOrigin;
use crate::imports::objects::Objects;
use crate::imports::packing::{Parcel, Used};
use crate::imports::parsing::{End, How, Parsed, Parser};
use crate::imports::view::{
    Batch, FailedFile, Given, ImportFiles, ImportSummary, ListRejected, RejectedLine, StartImport,
};
use crate::jobs::{Progress, Started, Step};
use crate::opening::Engine;
use crate::reading::{self, CHUNK, Source, Unreadable};
use crate::trail::text_index;

/// Records in a commit: the more, the fewer rows of roll-ups and pages of indexes are written twice.
const COMMIT_RECORDS: usize = 32_000;
/// The longest that what was read waits for its commit.
const COMMIT_AFTER: Duration = Duration::from_secs(1);
/// How long a commit is held open for a reader that has nothing ready.
const WAIT: Duration = Duration::from_millis(50);
/// Parcels that wait while a commit goes to disk and is copied, so that reading goes on meanwhile.
const PARCELS: usize = 12;
/// Stretches that wait to be packed.
const STRETCHES: usize = 2;

/// Starts an import of chosen files as a job.
///
/// # Errors
/// `bad_input` where a handle is not known.
pub fn start(engine: &Engine, input: StartImport) -> Result<Started> {
    let paths: Vec<PathBuf> = input
        .handles
        .iter()
        .map(|handle| engine.handles().path(handle))
        .collect::<Result<_>>()?;
    let title = match paths.as_slice() {
        [one] => format!(
            "Importing {}",
            one.file_name().unwrap_or_default().to_string_lossy()
        ),
        many => format!("Importing {} files", many.len()),
    };
    let own = engine.clone();
    Ok(engine.jobs().start(
        "imports.start",
        title,
        &["trail", "imports", "deployments"],
        move |progress| {
            let summary = import(&own, &paths, input.deployment.as_deref(), progress);
            // What was acknowledged stays, and can be searched for.
            text_index::follow(&own);
            summary
        },
    ))
}

/// Imports `paths`, files or folders, in order.
///
/// # Errors
/// As [`import_files`].
pub fn import(
    engine: &Engine,
    paths: &[PathBuf],
    deployment: Option<&str>,
    progress: &Progress,
) -> Result<ImportSummary> {
    let asked = ImportFiles {
        files: paths.iter().cloned().map(Given::named).collect(),
        deployment: deployment.map(str::to_owned),
        format: None,
    };
    import_files(engine, &asked, progress)
}

/// Imports files or folders, in order.
///
/// # Errors
/// `format_unknown`; `bad_input` for the deployment's name; `cancelled`; the store's errors. What
/// was acknowledged before stays.
pub fn import_files(
    engine: &Engine,
    asked: &ImportFiles,
    progress: &Progress,
) -> Result<ImportSummary> {
    let forced = asked.format.as_deref().map(named_format).transpose()?;
    let mut summary = ImportSummary::default();
    let mut files = Vec::new();
    for given in &asked.files {
        match reading::files(&given.path) {
            Ok(found) => {
                files.extend(
                    found
                        .files
                        .into_iter()
                        .map(|path| match path == given.path {
                            true => given.clone(),
                            false => Given::named(path),
                        }),
                );
                summary.failed.extend(
                    found
                        .unread
                        .iter()
                        .map(|(path, problem)| failed(&path.display().to_string(), problem)),
                );
            }
            Err(problem) => summary.failed.push(failed(&given.shown, &problem)),
        }
    }
    // Logs first: what their records name is not read by itself.
    files.sort_by_key(|file| is_object(&file.path));
    let total: u64 = files
        .iter()
        .filter_map(|file| file.path.metadata().ok())
        .map(|metadata| metadata.len())
        .sum();
    let resolver = Resolver::load(engine, asked.deployment.as_deref())?;
    let mut tally = Tally {
        total,
        ..Tally::default()
    };
    let how = How {
        resolver,
        forced,
        objects: Objects::default(),
        roots: asked.files.iter().map(|given| given.path.clone()).collect(),
    };
    let outcome = files
        .iter()
        .try_for_each(|file| import_file(engine, file, &how, progress, &mut tally, &mut summary))
        .and_then(|()| digests::judge_after(engine, &mut summary));
    summary.not_signed = engine.signer().signed_or_why()?;
    let copied = engine.store().writer()?.checkpoint_log();
    outcome?;
    copied?;
    Ok(summary)
}

fn named_format(name: &str) -> Result<Format> {
    Format::from_name(name).ok_or_else(|| {
        let known: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        WireError::new(Code::FormatUnknown, format!("no format: {name}"))
            .hint(format!("one of {}", known.join(", ")))
    })
}

fn failed(shown: &str, problem: &Unreadable) -> FailedFile {
    FailedFile {
        path: shown.to_owned(),
        reason: problem.reason.name().to_owned(),
        detail: problem.detail.clone(),
    }
}

#[derive(Default)]
struct Tally {
    total: u64,
    done: u64,
    accepted: u64,
    duplicates: u64,
    rejected: u64,
    /// SHA-256 of the file that was read last, decompressed, where it is a CloudTrail log file.
    content: Option<[u8; 32]>,
}

impl Tally {
    fn step(&self, file: &Given, bytes: u64) -> Step {
        let name = Path::new(&file.shown)
            .file_name()
            .unwrap_or_default()
            .to_string_lossy();
        Step {
            phase: format!("Reading {name}"),
            done: self.done + bytes,
            total: Some(self.total),
            unit: "bytes",
            counts: BTreeMap::from([
                ("accepted".to_owned(), self.accepted),
                ("duplicates".to_owned(), self.duplicates),
                ("rejected".to_owned(), self.rejected),
            ]),
        }
    }
}

fn import_file(
    engine: &Engine,
    file: &Given,
    how: &How,
    progress: &Progress,
    tally: &mut Tally,
    summary: &mut ImportSummary,
) -> Result<()> {
    if how.objects.is_taken(&file.path) {
        tally.done += file.path.metadata().map_or(0, |metadata| metadata.len());
        summary.body_files += 1;
        return Ok(());
    }
    if how.forced.is_none()
        && let Some(batch) = digests::take(engine, file)?
    {
        tally.done += batch.bytes;
        summary.rejected += batch.rejected;
        summary.digest_files += u64::from(batch.rejected == 0);
        summary.batches.push(view(&batch, None));
        return Ok(());
    }
    let source = match Source::open(&file.path) {
        Ok(source) => source,
        Err(problem) => {
            summary.failed.push(failed(&file.shown, &problem));
            return Ok(());
        }
    };
    let now_ms = engine.now_ms();
    let mut batch = engine.store().writer()?.begin_batch(&file.shown, now_ms)?;
    let context = Context { now_ms };
    let (sender, receiver) = sync_channel(PARCELS);
    let outcome = std::thread::scope(|scope| {
        let context = &context;
        // Senders go with their threads, so that whoever receives learns of every way they end.
        let path = &file.path;
        let (parsed, stretches) = sync_channel(STRETCHES);
        let (back, used) = channel();
        let reader = scope.spawn(move || {
            read_file(
                engine,
                (path, source),
                context,
                how,
                progress,
                (&parsed, used),
            )
        });
        let packer =
            scope.spawn(move || packing::pack(engine.store(), now_ms, &stretches, &sender, &back));
        let stored = store_parcels(engine, file, &receiver, &mut batch, progress, tally);
        // A thread that waits for room must not wait for ever.
        drop(receiver);
        stored.and(ended(packer)).and(ended(reader))
    });
    batch.finished_at_ms = Some(engine.now_ms());
    match &outcome {
        Ok(()) => {}
        Err(error) if error.code == Code::Cancelled => "cancelled".clone_into(&mut batch.state),
        Err(error) => {
            "failed".clone_into(&mut batch.state);
            batch.error = Some(error.message.clone());
        }
    }
    if batch.state == "done" && is_already_imported(engine, &batch)? {
        "already_imported".clone_into(&mut batch.state);
    }
    let ended = engine.store().writer()?.end_batch(&batch, engine.now_ms());
    if let (Ok(()), Some(content)) = (&ended, tally.content.take()) {
        digests::note_log(engine, &batch, content)?;
    }
    tally.done += batch.bytes;
    summary.accepted += batch.accepted;
    summary.duplicates += batch.duplicates;
    summary.rejected += batch.rejected;
    summary.calls += batch.calls;
    summary.activities += batch.activities;
    summary.report_buckets += batch.accepted - batch.calls - batch.activities;
    summary.batches.push(view(&batch, None));
    // What went wrong first is what to tell.
    outcome?;
    Ok(ended?)
}

/// How a thread ended.
fn ended(thread: ScopedJoinHandle<'_, Result<()>>) -> Result<()> {
    thread.join().unwrap_or_else(|_| {
        Err(WireError::new(
            Code::Internal,
            "a thread of the import stopped",
        ))
    })
}

/// Whether a file lies where AWS puts what is too large for its log.
fn is_object(path: &Path) -> bool {
    path.parent().and_then(Path::file_name) == Some(std::ffi::OsStr::new(objects::FOLDER))
}

/// Whether the whole file, byte for byte, had been imported before.
fn is_already_imported(engine: &Engine, batch: &BatchRecord) -> Result<bool> {
    match (&batch.sha256, batch.accepted, batch.duplicates) {
        (Some(sha256), 0, 1..) => Ok(engine.store().batch_of_file(sha256)?.is_some()),
        _ => Ok(false),
    }
}

fn store_parcels(
    engine: &Engine,
    file: &Given,
    receiver: &Receiver<Parcel>,
    batch: &mut BatchRecord,
    progress: &Progress,
    tally: &mut Tally,
) -> Result<()> {
    let mut ended = None;
    while ended.is_none() {
        progress.check()?;
        // A reader that stopped without an end was cancelled, or its own error says why.
        let Ok(first) = receiver.recv() else {
            return progress.check();
        };
        let (mut next, mut records, began) = (Some(first), 0, Instant::now());
        let group = std::iter::from_fn(|| {
            let is_full = records >= COMMIT_RECORDS
                || began.elapsed() >= COMMIT_AFTER
                || progress.is_cancelled();
            let parcel = match next.take() {
                Some(first) => first,
                None if is_full => return None,
                None => receiver.recv_timeout(WAIT).ok()?,
            };
            match parcel {
                Parcel::Records(lent) => {
                    let chunk: &Chunk = lent.borrow();
                    records += chunk.records.len() + chunk.rejected.len();
                    Some(lent)
                }
                Parcel::End(end) => {
                    ended = Some(end);
                    None
                }
            }
        });
        let before = (batch.accepted, batch.duplicates, batch.rejected);
        engine
            .store()
            .writer()?
            .append(batch, group, engine.now_ms())?;
        engine.signer().sign_while_importing();
        tally.accepted += batch.accepted - before.0;
        tally.duplicates += batch.duplicates - before.1;
        tally.rejected += batch.rejected - before.2;
        progress.step(tally.step(file, batch.bytes));
    }
    if let Some(end) = ended {
        batch.sha256 = end.sha256;
        batch.bytes = end.bytes;
        batch.blank = end.blank;
        batch.format = end.format.map(str::to_owned);
        tally.content = end
            .content
            .filter(|_| end.format == Some(Format::CloudTrail.name()));
        match end.error {
            None => "done".clone_into(&mut batch.state),
            Some(problem) => {
                "failed".clone_into(&mut batch.state);
                batch.error = Some(format!("{}: {}", problem.reason.name(), problem.detail));
            }
        }
    }
    Ok(())
}

/// Reads a file to its end and hands over what was parsed.
fn read_file(
    engine: &Engine,
    (path, mut source): (&Path, Source),
    context: &Context,
    how: &How,
    progress: &Progress,
    (sender, used): (&SyncSender<Parsed>, Receiver<Used>),
) -> Result<()> {
    let mut splitter = Splitter::new();
    let traces = traces::of_file(path, progress);
    let mut parser = Parser::new(engine.store(), context, how, path, traces, used);
    let mut buffer = vec![0; CHUNK];
    let mut problem = None;
    loop {
        if progress.is_cancelled() {
            return Err(WireError::new(Code::Cancelled, "cancelled"));
        }
        match source.next(&mut buffer) {
            Ok(0) => break,
            Ok(count) => splitter.feed(&buffer[..count], &mut |piece| parser.take(piece)),
            Err(error) => {
                problem = Some(error);
                break;
            }
        }
        if parser.is_full(source.bytes_read()) && !parser.send(sender, source.bytes_read())? {
            return Ok(());
        }
    }
    splitter.finish(&mut |piece| parser.take(piece));
    parser.end();
    let bytes = source.bytes_read();
    if source.bytes_out() == 0 && problem.is_none() {
        parser.refuse(
            Reason::EmptyFile,
            1,
            0,
            0,
            Sha256::digest([]).into(),
            b"",
            String::new(),
        );
    }
    if let Some(error) = &problem {
        // Line 0 is the file as a whole.
        parser.refuse(
            error.reason,
            0,
            0,
            0,
            Sha256::digest([]).into(),
            b"",
            error.detail.clone(),
        );
    }
    if !parser.send(sender, bytes)? {
        return Ok(());
    }
    let content = match problem {
        None => source.content_sha256(),
        Some(_) => None,
    };
    let sha256 = match problem {
        None => Some(source.sha256()),
        Some(_) => None,
    };
    let end = End {
        sha256,
        content,
        bytes,
        blank: splitter.blank(),
        format: parser.first_format,
        error: problem,
    };
    let _ = sender.send(Parsed::End(end));
    Ok(())
}

fn view(batch: &BatchRecord, origin: Option<LogOrigin>) -> Batch {
    Batch {
        id: batch.id.to_string(),
        path: batch.path.clone(),
        format: batch.format.clone(),
        sha256: batch.sha256.as_deref().map(hex::encode),
        bytes: batch.bytes,
        accepted: batch.accepted,
        duplicates: batch.duplicates,
        rejected: batch.rejected,
        blank: batch.blank,
        calls: batch.calls,
        activities: batch.activities,
        conflicts: batch.conflicts,
        oddities: batch.oddities.clone(),
        state: batch.state.clone(),
        started_at: moment::rfc3339(batch.started_at_ms),
        finished_at: batch.finished_at_ms.map(moment::rfc3339),
        error: batch.error.clone(),
        origin,
    }
}

/// All imports, newest first.
///
/// # Errors
/// The store's errors.
pub fn list(engine: &Engine, _: Nothing) -> Result<Vec<Batch>> {
    let mut origins = digests::origins(engine)?;
    Ok(engine
        .store()
        .batches()?
        .iter()
        .map(|batch| view(batch, origins.remove(&batch.id)))
        .collect())
}

/// Rejected lines.
///
/// # Errors
/// `not_found` where there is no such import.
pub fn rejected(engine: &Engine, input: ListRejected) -> Result<Vec<RejectedLine>> {
    let limit = input.limit.unwrap_or(1_000).clamp(1, 100_000);
    let found = engine.store().rejected(input.batch.as_deref(), limit)?;
    Ok(found
        .into_iter()
        .map(|(batch, line)| RejectedLine {
            batch: batch.id.to_string(),
            path: batch.path,
            line: line.line,
            offset: line.offset,
            length: line.length,
            reason: line.reason,
            detail: line.detail,
            excerpt: line.excerpt,
            sha256: hex::encode(line.sha256),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opening::EngineOptions;

    #[test]
    fn cancelled_import_ends_and_is_kept_as_cancelled() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("calls.jsonl");
        std::fs::write(&log, "{}\n").unwrap();
        let engine = Engine::open(EngineOptions::writing(folder.path().join("store"))).unwrap();
        let progress = Progress::silent();
        progress
            .cancel_flag()
            .store(true, std::sync::atomic::Ordering::Relaxed);
        let error = import(&engine, &[log], None, &progress).unwrap_err();
        assert_eq!(error.code, Code::Cancelled);
        assert_eq!(list(&engine, Nothing {}).unwrap()[0].state, "cancelled");
    }
}
