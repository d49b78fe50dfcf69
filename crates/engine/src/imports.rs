//! Importing log files: every record accepted once, every other line rejected with a reason.
//!
//! One thread reads, cuts, parses, hashes and compresses; the caller's thread stores in grouped
//! commits. What was committed stays, whatever happens next. Not here: formats, SQL.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use assay_domain::formats::{Context, Format, Reason, Record, parse, recognise};
use assay_domain::moment;
use assay_domain::split::{Piece, Splitter};
use assay_evidence::leaf::commitment;
use assay_store::batches::{BatchRecord, RejectedRecord};
use assay_store::writer::{NewRecord, What, record_id, salts};
use sha2::{Digest, Sha256};

use crate::opening::Engine;
use crate::commands::Nothing;
use crate::deployments::Resolver;
use crate::error::{Code, Result, WireError};
use crate::imports_view::{Batch, FailedFile, Given, ImportFiles, ImportSummary, ListRejected, RejectedLine, StartImport};
use crate::jobs::{Progress, Started, Step};
use crate::reading::{self, CHUNK, Source, Unreadable};

/// Records in a commit.
const CHUNK_RECORDS: usize = 2_000;
/// Bytes in a commit.
const CHUNK_BYTES: usize = 4 << 20;
/// Rejected lines kept of one file; the rest is counted.
const KEPT_REJECTED: u64 = 100_000;
/// Characters of a rejected line that are kept, masked.
const EXCERPT: usize = 120;

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
        [one] => format!("Importing {}", one.file_name().unwrap_or_default().to_string_lossy()),
        many => format!("Importing {} files", many.len()),
    };
    let own = engine.clone();
    Ok(engine.jobs().start("imports.start", title, &["trail", "imports", "deployments"], move |progress| {
        import(&own, &paths, input.deployment.as_deref(), progress)
    }))
}

/// What the reading thread hands over.
enum Parcel {
    Records { records: Vec<NewRecord>, rejected: Vec<RejectedRecord>, bytes: u64 },
    End { sha256: Option<Vec<u8>>, bytes: u64, blank: u64, uncounted: u64, format: Option<Format>, error: Option<Unreadable> },
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
pub fn import_files(engine: &Engine, asked: &ImportFiles, progress: &Progress) -> Result<ImportSummary> {
    let forced = asked.format.as_deref().map(named_format).transpose()?;
    let mut summary = ImportSummary::default();
    let mut files = Vec::new();
    for given in &asked.files {
        match reading::files(&given.path) {
            Ok(found) => files.extend(found.into_iter().map(|path| match path == given.path {
                true => given.clone(),
                false => Given::named(path),
            })),
            Err(problem) => summary.failed.push(failed(&given.shown, &problem)),
        }
    }
    let total: u64 = files.iter().filter_map(|file| file.path.metadata().ok()).map(|metadata| metadata.len()).sum();
    let resolver = Resolver::load(engine, asked.deployment.as_deref())?;
    let mut tally = Tally { total, ..Tally::default() };
    let how = How { resolver, forced };
    for file in &files {
        if let Err(error) = import_file(engine, file, &how, progress, &mut tally, &mut summary) {
            engine.store().writer()?.checkpoint("truncate")?;
            return Err(error);
        }
    }
    engine.store().writer()?.checkpoint("truncate")?;
    Ok(summary)
}

fn named_format(name: &str) -> Result<Format> {
    Format::from_name(name).ok_or_else(|| {
        let known: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        WireError::new(Code::FormatUnknown, format!("no format: {name}")).hint(format!("one of {}", known.join(", ")))
    })
}

/// What is the same for all files of an import.
struct How {
    resolver: Resolver,
    forced: Option<Format>,
}

fn failed(shown: &str, problem: &Unreadable) -> FailedFile {
    FailedFile {
        path: shown.to_owned(),
        reason: problem.reason.to_owned(),
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
}

impl Tally {
    fn step(&self, file: &Given, bytes: u64) -> Step {
        let name = Path::new(&file.shown).file_name().unwrap_or_default().to_string_lossy();
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
    let (sender, receiver) = sync_channel(3);
    let outcome = std::thread::scope(|scope| {
        let reader = scope.spawn(|| read_file(source, &context, how, progress, &sender));
        let stored = store_parcels(engine, file, &receiver, &mut batch, progress, tally);
        // A reader that waits for room must not wait for ever.
        drop(receiver);
        let read = reader
            .join()
            .unwrap_or_else(|_| Err(WireError::new(Code::Internal, "the reading thread stopped")));
        stored.and(read)
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
    engine.store().writer()?.end_batch(&batch, engine.now_ms())?;
    tally.done += batch.bytes;
    summary.accepted += batch.accepted;
    summary.duplicates += batch.duplicates;
    summary.rejected += batch.rejected;
    summary.calls += batch.calls;
    summary.activities += batch.activities;
    summary.batches.push(view(&batch));
    outcome
}

fn store_parcels(
    engine: &Engine,
    file: &Given,
    receiver: &Receiver<Parcel>,
    batch: &mut BatchRecord,
    progress: &Progress,
    tally: &mut Tally,
) -> Result<()> {
    for parcel in receiver {
        progress.check()?;
        match parcel {
            Parcel::Records { records, rejected, bytes } => {
                let mut writer = engine.store().writer()?;
                if !rejected.is_empty() {
                    writer.reject(batch.id, &rejected)?;
                }
                let accepted = writer.append(batch.id, &batch.uuid, records, engine.now_ms())?;
                batch.accepted += accepted.accepted;
                batch.duplicates += accepted.duplicates;
                batch.calls += accepted.calls;
                batch.activities += accepted.activities;
                batch.conflicts += accepted.conflicts;
                batch.rejected += rejected.len() as u64;
                batch.bytes = bytes;
                for (oddity, count) in accepted.oddities {
                    *batch.oddities.entry(oddity.to_owned()).or_default() += count;
                }
                writer.save_batch(batch)?;
                tally.accepted += accepted.accepted;
                tally.duplicates += accepted.duplicates;
                tally.rejected += rejected.len() as u64;
                progress.step(tally.step(file, bytes));
            }
            Parcel::End { sha256, bytes, blank, uncounted, format, error } => {
                batch.sha256 = sha256;
                batch.bytes = bytes;
                batch.blank = blank;
                batch.rejected += uncounted;
                tally.rejected += uncounted;
                batch.format = format.map(|format| format.name().to_owned());
                match error {
                    None => "done".clone_into(&mut batch.state),
                    Some(problem) => {
                        "failed".clone_into(&mut batch.state);
                        batch.error = Some(format!("{}: {}", problem.reason, problem.detail));
                    }
                }
                progress.step(tally.step(file, bytes));
                return Ok(());
            }
        }
    }
    // The reader stopped without an end: it was cancelled, or its own error says why.
    progress.check()
}

/// Reads a file to its end and hands parcels over.
fn read_file(
    mut source: Source,
    context: &Context,
    how: &How,
    progress: &Progress,
    sender: &SyncSender<Parcel>,
) -> Result<()> {
    let mut splitter = Splitter::new();
    let mut packer = Packer::new(context, how)?;
    let mut buffer = vec![0; CHUNK];
    let mut problem = None;
    loop {
        if progress.is_cancelled() {
            return Err(WireError::new(Code::Cancelled, "cancelled"));
        }
        match source.next(&mut buffer) {
            Ok(0) => break,
            Ok(count) => splitter.feed(&buffer[..count], &mut |piece| packer.take(piece)),
            Err(error) => {
                problem = Some(error);
                break;
            }
        }
        if packer.is_full() && !packer.send(sender, source.bytes_read())? {
            return Ok(());
        }
    }
    splitter.finish(&mut |piece| packer.take(piece));
    let bytes = source.bytes_read();
    if bytes == 0 && problem.is_none() {
        packer.refuse(Reason::EmptyFile, 1, 0, 0, Sha256::digest([]).into(), b"", String::new());
    }
    if let Some(error) = &problem {
        let reason = if error.reason == "truncated" { Reason::Truncated } else { Reason::Compression };
        packer.refuse(reason, 0, 0, 0, Sha256::digest([]).into(), b"", error.detail.clone());
    }
    if !packer.send(sender, bytes)? {
        return Ok(());
    }
    let sha256 = if problem.is_none() { Some(source.sha256()) } else { None };
    let end = Parcel::End {
        sha256,
        bytes,
        blank: splitter.blank(),
        uncounted: packer.uncounted,
        format: packer.first_format,
        error: problem,
    };
    let _ = sender.send(end);
    Ok(())
}

/// Makes records out of pieces.
struct Packer<'a> {
    context: &'a Context,
    how: &'a How,
    compressor: zstd::bulk::Compressor<'static>,
    format: Option<Format>,
    first_format: Option<Format>,
    records: Vec<NewRecord>,
    rejected: Vec<RejectedRecord>,
    kept: u64,
    uncounted: u64,
    bytes: usize,
    salts: Vec<[u8; 32]>,
    failure: Option<WireError>,
}

impl<'a> Packer<'a> {
    fn new(context: &'a Context, how: &'a How) -> Result<Self> {
        let compressor = zstd::bulk::Compressor::new(1)
            .map_err(|error| WireError::new(Code::Internal, format!("cannot compress: {error}")))?;
        Ok(Self {
            context,
            how,
            compressor,
            format: None,
            first_format: None,
            records: Vec::new(),
            rejected: Vec::new(),
            kept: 0,
            uncounted: 0,
            bytes: 0,
            salts: Vec::new(),
            failure: None,
        })
    }

    fn is_full(&self) -> bool {
        self.records.len() >= CHUNK_RECORDS || self.bytes >= CHUNK_BYTES || self.rejected.len() >= CHUNK_RECORDS
    }

    /// Hands over what there is; answers false where nobody takes it any more.
    fn send(&mut self, sender: &SyncSender<Parcel>, bytes: u64) -> Result<bool> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        self.bytes = 0;
        let parcel = Parcel::Records {
            records: std::mem::take(&mut self.records),
            rejected: std::mem::take(&mut self.rejected),
            bytes,
        };
        Ok(sender.send(parcel).is_ok())
    }

    fn take(&mut self, piece: Piece<'_>) {
        match piece {
            Piece::Record { raw, line, offset } => self.take_record(raw, line, offset),
            Piece::Skipped { reason, line, offset, length, sha256 } => {
                self.refuse(reason, line, offset, length, sha256, b"", String::new());
            }
        }
    }

    fn take_record(&mut self, raw: &[u8], line: u64, offset: u64) {
        let (format, parsed) = self.parse(raw);
        let record = match parsed {
            Ok(record) => record,
            Err((reason, detail)) => {
                self.refuse(reason, line, offset, raw.len() as u64, Sha256::digest(raw).into(), raw, detail);
                return;
            }
        };
        self.first_format = self.first_format.or(Some(format));
        if self.salts.is_empty() {
            match salts(CHUNK_RECORDS) {
                Ok(fresh) => self.salts = fresh,
                Err(error) => {
                    self.failure = Some(error.into());
                    return;
                }
            }
        }
        let salt = self.salts.pop().unwrap_or_default();
        let (codec, data) = match self.compressor.compress(raw) {
            Ok(packed) if packed.len() < raw.len() => (1, packed),
            _ => (0, raw.to_vec()),
        };
        self.bytes += raw.len();
        let what = match record {
            Record::Call(call) => What::Call {
                deployment: self.how.resolver.deployment(&call, format.name()),
                cost_usd_micros: assay_domain::price::cost(&call),
                call,
            },
            Record::Activity(activity) => What::Activity(activity),
        };
        self.records.push(NewRecord {
            id: record_id(format.name(), raw),
            line,
            offset,
            length: raw.len() as u64,
            format: format as u8,
            source: format.name(),
            salt,
            commitment: commitment(&salt, raw),
            codec,
            data,
            what,
        });
    }

    /// Tries the format of the record before first, then recognises anew.
    fn parse(&mut self, raw: &[u8]) -> (Format, std::result::Result<Record, (Reason, String)>) {
        if let Some(format) = self.how.forced {
            return (format, parse(format, raw, self.context).map_err(|rejected| (rejected.reason, rejected.detail)));
        }
        if let Some(format) = self.format
            && let Ok(record) = parse(format, raw, self.context)
        {
            return (format, Ok(record));
        }
        let unknown = self.format.unwrap_or(Format::BedrockInvocationLog);
        match recognise(raw) {
            Some(format) => {
                self.format = Some(format);
                let parsed = parse(format, raw, self.context);
                (format, parsed.map_err(|rejected| (rejected.reason, rejected.detail)))
            }
            None => {
                // The parser's own reason is truer than "unknown" where the text is no JSON at all.
                let reason = match parse(unknown, raw, self.context) {
                    Err(rejected)
                        if matches!(
                            rejected.reason,
                            Reason::NotJson | Reason::Truncated | Reason::TooDeep | Reason::DuplicateKey
                        ) =>
                    {
                        (rejected.reason, rejected.detail)
                    }
                    _ => (Reason::FormatUnknown, String::new()),
                };
                (unknown, Err(reason))
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one rejected line, field by field")]
    fn refuse(
        &mut self,
        reason: Reason,
        line: u64,
        offset: u64,
        length: u64,
        sha256: [u8; 32],
        raw: &[u8],
        detail: String,
    ) {
        if self.kept >= KEPT_REJECTED {
            self.uncounted += 1;
            return;
        }
        self.kept += 1;
        let detail = if detail.is_empty() {
            reason.sentence().to_owned()
        } else {
            format!("{} {detail}", reason.sentence())
        };
        self.rejected.push(RejectedRecord {
            line,
            offset,
            length,
            reason: reason.name().to_owned(),
            detail,
            excerpt: excerpt(raw),
            sha256: sha256.to_vec(),
        });
    }
}

/// The beginning of a line that could not be read: its shape, without what it says. No parser
/// knows where personal data stands in it, so every letter and digit is masked.
fn excerpt(raw: &[u8]) -> String {
    String::from_utf8_lossy(&raw[..raw.len().min(EXCERPT * 4)])
        .chars()
        .take(EXCERPT)
        .map(|c| match c {
            c if c.is_alphabetic() => 'x',
            c if c.is_numeric() => '0',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect()
}

fn view(batch: &BatchRecord) -> Batch {
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
    }
}

/// All imports, newest first.
///
/// # Errors
/// The store's errors.
pub fn list(engine: &Engine, _: Nothing) -> Result<Vec<Batch>> {
    Ok(engine.store().batches()?.iter().map(view).collect())
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
