//! Reading records out of the pieces of a file: recognised and parsed.
//!
//! In: pieces. Out: stretches of parsed records with their bytes, and of rejected lines, small enough
//! to keep a few in memory. Not here: reading the file; hashing and compressing records (`packing`),
//! storing.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender};

use assay_domain::billed::{self, Bucket, Report};
use assay_domain::call::Body;
use assay_domain::formats::bedrock_bodies::with_bodies;
use assay_domain::formats::claude_chats::{Answers, answers};
use assay_domain::formats::claude_code_sessions::Sessions;
use assay_domain::formats::container_lines::{Gathered, Pieces, Taken};
use assay_domain::formats::langfuse_traces::{Traces, are_traced};
use assay_domain::formats::otel;
use assay_domain::formats::wrapped::{carried, lacks};
use assay_domain::formats::{Context, Format, Reason, Record, parse, parse_carried, recognise};
use assay_domain::split::Piece;
use assay_store::batches::{Chunk, RejectedRecord};
use assay_store::billed::NewBucket;
use assay_store::open::Store;
use assay_store::record_keys::Trodden;
use assay_store::writer::{What, record_id};
use sha2::{Digest, Sha256};

use crate::deployments::Resolver;
use crate::error::{Result, WireError};
use crate::imports::objects::Objects;
use crate::imports::packing::Used;
use crate::imports::parsing::excerpt::excerpt;
use crate::reading::Unreadable;

mod excerpt;

/// Records in a chunk.
const CHUNK_RECORDS: usize = 1_000;
/// Bytes of records in a chunk.
const CHUNK_BYTES: usize = 4 << 20;
/// Bytes read after which progress is told although nothing was found.
const SILENT_BYTES: u64 = 32 << 20;
/// Rejected lines kept of one file; the rest is counted.
const KEPT_REJECTED: u64 = 100_000;
/// Bytes of a record with the bodies that it names, as many as of any record.
const MAX_RECORD: usize = 32 << 20;

/// Records in a row that were not there before, after which none is looked up any more.
const NEW_IN_A_ROW: u32 = 32;

/// What the thread that reads and parses hands over.
pub(crate) enum Parsed {
    Stretch(Stretch),
    End(End),
}

/// A stretch of a file, parsed.
#[derive(Default)]
pub(crate) struct Stretch {
    pub(crate) records: Vec<ParsedRecord>,
    /// The bytes of the records, one after another.
    pub(crate) raw: Vec<u8>,
    /// What else there is; no records.
    pub(crate) rest: Chunk,
}

/// A record that was parsed.
pub(crate) struct ParsedRecord {
    pub(crate) line: u64,
    pub(crate) offset: u64,
    /// In bytes.
    pub(crate) length: usize,
    /// The id of a record that is kept with what carries it: that of the record alone.
    pub(crate) id: Option<[u8; 16]>,
    pub(crate) format: Format,
    pub(crate) what: What,
}

/// What is known of a file once it was read.
pub(crate) struct End {
    pub(crate) sha256: Option<Vec<u8>>,
    /// Of the decompressed bytes, where it may be a CloudTrail log file.
    pub(crate) content: Option<[u8; 32]>,
    pub(crate) bytes: u64,
    pub(crate) blank: u64,
    pub(crate) format: Option<&'static str>,
    /// Why it was not read to its end.
    pub(crate) error: Option<Unreadable>,
}

/// What is the same for all files of an import.
pub(crate) struct How {
    pub(crate) resolver: Resolver,
    pub(crate) forced: Option<Format>,
    pub(crate) objects: Objects,
    /// What was asked for: files and folders.
    pub(crate) roots: Vec<PathBuf>,
}

impl How {
    /// The folder in which what a log at `path` names may lie.
    fn root(&self, path: &Path) -> PathBuf {
        self.roots
            .iter()
            .find(|root| root.as_path() != path && path.starts_with(root))
            .cloned()
            .or_else(|| path.parent().map(Path::to_owned))
            .unwrap_or_default()
    }
}

/// Recognises the records that the store holds already, so that an import that was cut short goes
/// on where it stopped: they are hashed, but not parsed, compressed and offered to the writer again.
/// A file of new records costs no look beyond its first ones.
struct Known<'a> {
    store: &'a Store,
    trodden: Trodden,
    new_in_a_row: u32,
}

impl Known<'_> {
    fn has(&mut self, id: &[u8; 16]) -> Result<bool> {
        let is_known = self.store.has_record(id, &mut self.trodden)?;
        self.new_in_a_row = if is_known { 0 } else { self.new_in_a_row + 1 };
        Ok(is_known)
    }
}

/// A record with what carries it told apart, or why there is none.
type Found = std::result::Result<(Record, Option<String>), (Reason, String)>;

/// Makes parsed records out of pieces.
pub(crate) struct Parser<'a> {
    context: &'a Context,
    how: &'a How,
    known: Known<'a>,
    path: &'a Path,
    format: Option<Format>,
    /// The name of the first record's, or of the report that the file holds.
    pub(crate) first_format: Option<&'static str>,
    records: Vec<ParsedRecord>,
    raw: Vec<u8>,
    buckets: Vec<NewBucket>,
    /// Buckets without rows: of which report they are, a later one says.
    empty: Vec<(Bucket, Vec<u8>, u64, u64)>,
    rejected: Vec<RejectedRecord>,
    duplicates: u64,
    kept: u64,
    uncounted: u64,
    bytes: usize,
    /// What the file says of Langfuse's traces.
    traces: Traces,
    /// What was asked in Claude Code's sessions.
    sessions: Sessions,
    /// Lines of a container that are not complete yet.
    pieces: Pieces,
    sent: u64,
    used: Receiver<Used>,
    failure: Option<WireError>,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(
        store: &'a Store,
        context: &'a Context,
        how: &'a How,
        path: &'a Path,
        traces: Traces,
        used: Receiver<Used>,
    ) -> Self {
        Self {
            context,
            how,
            known: Known {
                store,
                trodden: Trodden::default(),
                new_in_a_row: 0,
            },
            path,
            format: None,
            first_format: None,
            records: Vec::new(),
            raw: Vec::new(),
            buckets: Vec::new(),
            empty: Vec::new(),
            rejected: Vec::new(),
            duplicates: 0,
            kept: 0,
            uncounted: 0,
            bytes: 0,
            traces,
            sessions: Sessions::default(),
            pieces: Pieces::default(),
            sent: 0,
            used,
            failure: None,
        }
    }

    /// Whether there is enough to hand over, once `bytes` of the file were read.
    pub(crate) fn is_full(&self, bytes: u64) -> bool {
        self.records.len() >= CHUNK_RECORDS
            || self.buckets.len() >= CHUNK_RECORDS
            || self.bytes >= CHUNK_BYTES
            || self.rejected.len() >= CHUNK_RECORDS
            || bytes > self.sent + SILENT_BYTES
    }

    /// Hands over what there is; answers false where nobody takes it any more.
    pub(crate) fn send(&mut self, sender: &SyncSender<Parsed>, bytes: u64) -> Result<bool> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        self.bytes = 0;
        self.sent = bytes;
        let stretch = Stretch {
            records: std::mem::take(&mut self.records),
            raw: std::mem::take(&mut self.raw),
            rest: Chunk {
                records: Vec::new(),
                buckets: std::mem::take(&mut self.buckets),
                rejected: std::mem::take(&mut self.rejected),
                uncounted: std::mem::take(&mut self.uncounted),
                duplicates: std::mem::take(&mut self.duplicates),
                bytes,
            },
        };
        let is_taken = sender.send(Parsed::Stretch(stretch)).is_ok();
        self.take_back();
        Ok(is_taken)
    }

    /// Takes back what was used meanwhile: its records end here, its room is used again.
    fn take_back(&mut self) {
        while let Ok(used) = self.used.try_recv() {
            if used.raw.capacity() <= 2 * CHUNK_BYTES {
                self.raw = used.raw;
                self.raw.clear();
            }
        }
    }

    pub(crate) fn take(&mut self, piece: Piece<'_>) {
        match piece {
            Piece::Record {
                raw,
                line,
                offset,
                resource,
            } => self.take_line(raw, resource, line, offset),
            Piece::Row {
                raw,
                object,
                line,
                offset,
            } => self.take_record(raw, (object, &[]), line, offset),
            Piece::Skipped {
                reason,
                line,
                offset,
                length,
                sha256,
            } => {
                self.refuse(reason, line, offset, length, sha256, b"", String::new());
            }
        }
    }

    /// Takes a record, or a piece of one that the runtime of a container cut.
    fn take_line(&mut self, raw: &[u8], resource: &[u8], line: u64, offset: u64) {
        match self.pieces.take(raw, line, offset) {
            Taken::Alone => self.take_record(raw, (raw, resource), line, offset),
            Taken::Held => {}
            Taken::Whole(whole) => {
                let text = whole.text.trim_ascii();
                self.take_record(text, (text, &[]), whole.line, whole.offset);
            }
            Taken::TooLong(whole) => self.refuse_pieces(Reason::LineTooLong, &whole),
        }
    }

    fn refuse_pieces(&mut self, reason: Reason, pieces: &Gathered) {
        self.refuse(
            reason,
            pieces.line,
            pieces.offset,
            pieces.text.len() as u64,
            Sha256::digest(&pieces.text).into(),
            &pieces.text,
            "a line in pieces, as the runtime of a container cuts it".to_owned(),
        );
    }

    /// Whether the record is in the store already, by the format that the records before it had.
    fn is_known(&mut self, raw: &[u8]) -> bool {
        if self.known.new_in_a_row >= NEW_IN_A_ROW {
            return false;
        }
        let format = self.how.forced.or(self.format).or_else(|| recognise(raw));
        let Some(format) = format else {
            return false;
        };
        let is_known = self.has(&record_id(format.name(), raw));
        if is_known {
            self.format = Some(format);
            self.first_format = self.first_format.or(Some(format.name()));
        }
        is_known
    }

    /// Whether the store has a record with this id, as far as it is worth a look.
    fn has(&mut self, id: &[u8; 16]) -> bool {
        if self.known.new_in_a_row >= NEW_IN_A_ROW {
            return false;
        }
        self.known.has(id).unwrap_or_else(|error| {
            self.failure = Some(error);
            false
        })
    }

    /// Takes what lies in the file as `piece`: the record, or what carries it.
    fn take_record(
        &mut self,
        piece: &[u8],
        (carrier, resource): (&[u8], &[u8]),
        line: u64,
        offset: u64,
    ) {
        let carried = carried(carrier);
        let raw = carried.as_deref().unwrap_or(carrier);
        // What was asked in a session stands in lines before the answer, and is kept with it.
        let format = self.how.forced.or(self.format);
        let is_chat = matches!(format, None | Some(Format::ClaudeChats));
        if let Some(chat) = is_chat.then(|| answers(raw)).flatten() {
            return self.take_chat(&chat, piece, line, offset);
        }
        let is_session = matches!(format, None | Some(Format::ClaudeCodeSession));
        let with_asked = is_session.then(|| self.sessions.take(raw)).flatten();
        let raw = with_asked.as_deref().unwrap_or(raw);
        // Before they were unwrapped, records were kept with what carried them.
        if self.is_known(raw) || (carried.is_some() && self.is_known(carrier)) {
            self.duplicates += 1;
            return;
        }
        let (format, parsed) = self.parse(raw);
        let (record, inside) = match parsed {
            Ok(found) => found,
            Err(_) if self.takes_bucket(raw, line, offset) => return,
            Err((reason, detail)) => {
                if are_traced(format) {
                    self.traces.note(raw);
                }
                self.refuse(
                    reason,
                    line,
                    offset,
                    piece.len() as u64,
                    Sha256::digest(piece).into(),
                    piece,
                    detail,
                );
                return;
            }
        };
        let id = inside.map(|inside| record_id(format.name(), inside.as_bytes()));
        if id.is_some_and(|id| self.has(&id)) {
            self.duplicates += 1;
            return;
        }
        let (raw, mut record) = self.with_bodies(format, raw, record);
        let id = id.filter(|_| matches!(raw, Cow::Borrowed(_)));
        let raw = raw.as_ref();
        if let (Format::OpenTelemetry | Format::ClaudeCode, Record::Call(call)) =
            (format, &mut record)
            && !resource.is_empty()
        {
            otel::add_resource(call, resource);
        }
        if let (true, Record::Call(call)) = (are_traced(format), &mut record) {
            self.traces.complete(call);
        }
        self.first_format = self.first_format.or(Some(format.name()));
        self.bytes += raw.len();
        self.raw.extend_from_slice(raw);
        let what = match record {
            Record::Call(call) => What::Call {
                deployment: self.how.resolver.deployment(&call, format.name()),
                cost_usd_micros: assay_domain::price::cost(&call),
                call,
            },
            Record::Activity(activity) => What::Activity(activity),
        };
        self.records.push(ParsedRecord {
            line,
            offset,
            length: raw.len(),
            id,
            format,
            what,
        });
    }

    /// Takes each answer of a chat as a record, and says what of it is none.
    fn take_chat(&mut self, chat: &Answers, piece: &[u8], line: u64, offset: u64) {
        for record in &chat.records {
            self.take_record(record, (record, &[]), line, offset);
        }
        if let Some(rest) = chat.rest() {
            let (length, sha256) = (piece.len() as u64, Sha256::digest(piece).into());
            self.refuse(Reason::NoCall, line, offset, length, sha256, piece, rest);
        }
    }

    /// Takes a bucket of a usage or cost report, which no format is: they hold no calls.
    fn takes_bucket(&mut self, raw: &[u8], line: u64, offset: u64) -> bool {
        if self.how.forced.is_some() {
            return false;
        }
        let bucket = match billed::read(raw, self.context.now_ms) {
            None => return false,
            Some(Ok(bucket)) => bucket,
            Some(Err(rejected)) => {
                self.refuse(
                    rejected.reason,
                    line,
                    offset,
                    raw.len() as u64,
                    Sha256::digest(raw).into(),
                    raw,
                    rejected.detail,
                );
                return true;
            }
        };
        self.bytes += raw.len();
        let Some(report) = bucket.report else {
            self.empty.push((bucket, raw.to_vec(), line, offset));
            return true;
        };
        self.first_format = self.first_format.or(Some(report.format()));
        self.take_empty(report);
        self.put_bucket(report, (bucket, raw.to_vec(), line, offset));
        true
    }

    fn put_bucket(
        &mut self,
        report: Report,
        (bucket, raw, line, offset): (Bucket, Vec<u8>, u64, u64),
    ) {
        self.buckets.push(NewBucket {
            raw,
            line,
            offset,
            report,
            deployment: self.how.resolver.forced_name(),
            bucket,
        });
    }

    /// The buckets without rows before the first with some, or all where there is none: of which
    /// report they are is then not known, and they say nothing.
    fn take_empty(&mut self, report: Report) {
        for empty in std::mem::take(&mut self.empty) {
            self.put_bucket(report, empty);
        }
    }

    /// Ends the file: buckets without rows that no other bucket gave a report are no records.
    pub(crate) fn end(&mut self) {
        for pieces in self.pieces.rest() {
            self.refuse_pieces(Reason::Truncated, &pieces);
        }
        let named = [Report::Usage, Report::Cost]
            .into_iter()
            .find(|report| self.first_format == Some(report.format()));
        if let Some(report) = named {
            self.take_empty(report);
        }
        for (_, raw, line, offset) in std::mem::take(&mut self.empty) {
            self.refuse(
                Reason::NoCall,
                line,
                offset,
                raw.len() as u64,
                Sha256::digest(&raw).into(),
                &raw,
                "a bucket without rows: nothing says of which report".to_owned(),
            );
        }
    }

    /// A record whose text lies in an object beside its log, with that text in it.
    fn with_bodies<'r>(
        &self,
        format: Format,
        raw: &'r [u8],
        record: Record,
    ) -> (Cow<'r, [u8]>, Record) {
        let is_apart = matches!(&record, Record::Call(call) if call.body == Body::ByReference);
        if format != Format::BedrockInvocationLog || !is_apart {
            return (Cow::Borrowed(raw), record);
        }
        let root = self.how.root(self.path);
        let mut found = Vec::new();
        let whole = with_bodies(raw, |uri| {
            let object = self.how.objects.find(uri, &root, self.path)?;
            found.push(format!("{uri} sha256:{}", object.sha256));
            Some(object.content)
        });
        let Some(whole) = whole.filter(|whole| whole.len() <= MAX_RECORD) else {
            return (Cow::Borrowed(raw), record);
        };
        match parse(format, &whole, self.context) {
            Ok(Record::Call(mut call)) => {
                call.metadata
                    .insert("body_objects".to_owned(), found.join(", "));
                (Cow::Owned(whole), Record::Call(call))
            }
            _ => (Cow::Borrowed(raw), record),
        }
    }

    /// Tries the format of the record before first, then recognises anew.
    fn parse(&mut self, raw: &[u8]) -> (Format, Found) {
        if let Some(format) = self.how.forced {
            return (
                format,
                parse_carried(format, raw, self.context)
                    .map_err(|rejected| (rejected.reason, rejected.detail)),
            );
        }
        if let Some(format) = self.format
            && let Ok(found) = parse_carried(format, raw, self.context)
        {
            return (format, Ok(found));
        }
        let unknown = self.format.unwrap_or(Format::BedrockInvocationLog);
        match recognise(raw) {
            Some(format) => {
                self.format = Some(format);
                let parsed = parse_carried(format, raw, self.context);
                (
                    format,
                    parsed.map_err(|rejected| (rejected.reason, rejected.detail)),
                )
            }
            None => {
                // The parser's own reason is truer than "unknown" where the text is no JSON at all.
                let reason = match parse(unknown, raw, self.context) {
                    Err(rejected)
                        if matches!(
                            rejected.reason,
                            Reason::NotJson
                                | Reason::Truncated
                                | Reason::TooDeep
                                | Reason::DuplicateKey
                        ) =>
                    {
                        (rejected.reason, rejected.detail)
                    }
                    _ => (Reason::FormatUnknown, lacks(raw).to_owned()),
                };
                (unknown, Err(reason))
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one rejected line, field by field"
    )]
    pub(crate) fn refuse(
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
        self.rejected.push(RejectedRecord {
            line,
            offset,
            length,
            reason: reason.name().to_owned(),
            detail: reason.told(&detail),
            excerpt: excerpt(raw),
            sha256: sha256.to_vec(),
        });
    }
}
