//! Cutting a stream of bytes into records, whatever the layout: a record a line, a list inside an
//! envelope (`{"Records":[…]}`), a JSON array, records printed over several lines, or rows of CSV.
//!
//! In: the bytes of a decompressed file, in chunks of any size. Out: the exact slice of each
//! record with its line and offset, a row also as the object of its cells, or what was skipped and why.
//! Memory is bounded by the largest record allowed. Not here: what a record means.

use sha2::{Digest, Sha256};

use crate::formats::Reason;
use document::{Found, Scan};
use layout::{Layout, cut_line, layout_of};
use printed::{Line, Printed};
use rows::Rows;

mod document;
mod layout;
mod printed;
mod rows;

/// The largest record, in bytes.
pub const MAX_RECORD: usize = 32 << 20;
/// The beginning that the layout is recognised by.
const WINDOW: usize = 64 << 10;
/// The byte order mark of UTF-8.
const MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// A piece of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A record: its bytes, its first line from 1, its first byte from 0, and OTLP's resource that
    /// it stands under, empty where there is none.
    Record {
        raw: &'a [u8],
        line: u64,
        offset: u64,
        resource: &'a [u8],
    },
    /// A row of CSV: its bytes, and the JSON object of its cells, as text, under the names of the header.
    Row {
        raw: &'a [u8],
        object: &'a [u8],
        line: u64,
        offset: u64,
    },
    /// Bytes that are no record.
    Skipped {
        reason: Reason,
        line: u64,
        offset: u64,
        length: u64,
        sha256: [u8; 32],
    },
}

/// Cuts a stream into pieces.
#[derive(Debug)]
pub struct Splitter {
    layout: Layout,
    /// Bytes that are not given out yet.
    held: Vec<u8>,
    /// Where `held` begins in the stream.
    offset: u64,
    /// The line in which `held` begins.
    line: u64,
    /// How much of `held` was looked at.
    seen: usize,
    blank: u64,
    skipping: Option<Skipping>,
    scan: Scan,
    rows: Rows,
    /// A record over several lines of a log.
    printed: Printed,
}

#[derive(Debug)]
struct Skipping {
    line: u64,
    offset: u64,
    length: u64,
    hasher: Sha256,
}

impl Default for Splitter {
    fn default() -> Self {
        Self::new()
    }
}

impl Splitter {
    /// A splitter at the start of a stream.
    pub fn new() -> Self {
        Self {
            layout: Layout::Undecided,
            held: Vec::new(),
            offset: 0,
            line: 1,
            seen: 0,
            blank: 0,
            skipping: None,
            scan: Scan::new(),
            rows: Rows::default(),
            printed: Printed::default(),
        }
    }

    /// Lines so far that held nothing.
    pub fn blank(&self) -> u64 {
        self.blank
    }

    /// Takes the next bytes and gives out what is complete.
    pub fn feed(&mut self, chunk: &[u8], emit: &mut impl FnMut(Piece<'_>)) {
        if let Layout::Refused(_) = self.layout {
            self.refuse_more(chunk);
            return;
        }
        self.held.extend_from_slice(chunk);
        if self.layout == Layout::Undecided {
            if self.held.len() < WINDOW {
                return;
            }
            self.decide(emit);
        }
        self.advance(emit);
    }

    /// Ends the stream and gives out the rest.
    pub fn finish(&mut self, emit: &mut impl FnMut(Piece<'_>)) {
        if self.layout == Layout::Undecided {
            self.decide(emit);
            self.advance(emit);
        }
        if let Some(skipping) = self.skipping.take() {
            self.give_printed(emit);
            let reason = match self.layout {
                Layout::Refused(reason) => reason,
                _ => Reason::LineTooLong,
            };
            emit(skipping.piece(reason));
            return;
        }
        let held = std::mem::take(&mut self.held);
        match self.layout {
            Layout::Lines => {
                if !held.is_empty() {
                    self.take_line(&held, emit);
                }
                self.give_printed(emit);
            }
            Layout::Document => self.finish_document(&held, emit),
            Layout::Rows => self.finish_rows(held, emit),
            Layout::Undecided | Layout::Refused(_) => {}
        }
    }

    fn finish_document(&mut self, held: &[u8], emit: &mut impl FnMut(Piece<'_>)) {
        if let Some((start, end, line)) = self.scan.last(held) {
            give(
                (&held[start..end], &[]),
                line,
                self.offset + start as u64,
                emit,
            );
        }
        if self.scan.is_open() {
            let (start, line) = self.scan.needed().unwrap_or((held.len(), self.scan.line()));
            let rest = held.get(start..).unwrap_or_default();
            emit(cut(rest, line, self.offset + start as u64));
        }
    }

    fn decide(&mut self, emit: &mut impl FnMut(Piece<'_>)) {
        if self.held.starts_with(&MARK) {
            self.held.drain(..MARK.len());
            self.offset += MARK.len() as u64;
        }
        let window = &self.held[..self.held.len().min(WINDOW)];
        if let Some(end) = cut_line(window) {
            // What a log was turned over in is a damaged line of its own.
            let line: Vec<u8> = self.held.drain(..=end).collect();
            self.give_line(line.trim_ascii_end(), (self.line, self.offset), emit);
            self.offset += line.len() as u64;
            self.line += 1;
            self.scan = Scan::at(self.line);
        }
        self.layout = layout_of(&self.held[..self.held.len().min(WINDOW)]);
        match self.layout {
            Layout::Refused(_) => {
                let held = std::mem::take(&mut self.held);
                self.refuse_more(&held);
            }
            Layout::Rows => self.begin_rows(),
            Layout::Undecided | Layout::Lines | Layout::Document => {}
        }
    }

    fn refuse_more(&mut self, bytes: &[u8]) {
        let skipping = self.skipping.get_or_insert_with(|| Skipping::new(1, 0));
        skipping.take(bytes);
    }

    fn advance(&mut self, emit: &mut impl FnMut(Piece<'_>)) {
        match self.layout {
            Layout::Lines => self.advance_lines(emit),
            Layout::Document => self.advance_document(emit),
            Layout::Rows => self.advance_rows(emit),
            Layout::Undecided | Layout::Refused(_) => {}
        }
    }

    fn advance_lines(&mut self, emit: &mut impl FnMut(Piece<'_>)) {
        let mut held = std::mem::take(&mut self.held);
        let mut from = 0;
        let mut look = self.seen;
        while let Some(found) = memchr::memchr(b'\n', &held[look..]) {
            let end = look + found;
            if let Some(mut skipping) = self.skipping.take() {
                skipping.take(&held[from..end]);
                self.give_printed(emit);
                emit(skipping.piece(Reason::LineTooLong));
            } else {
                self.take_line(&held[from..end], emit);
            }
            self.offset += (end + 1 - from) as u64;
            self.line += 1;
            from = end + 1;
            look = from;
        }
        let rest = &held[from..];
        if self.skipping.is_none() && rest.len() > MAX_RECORD {
            self.skipping = Some(Skipping::new(self.line, self.offset));
        }
        if let Some(skipping) = &mut self.skipping {
            skipping.take(rest);
            self.offset += rest.len() as u64;
            self.held = Vec::new();
        } else {
            // The room stays for what comes next.
            held.drain(..from);
            self.held = held;
        }
        self.seen = self.held.len();
    }

    /// Takes a line of a log: a record, or one of the lines over which one was printed.
    fn take_line(&mut self, line: &[u8], emit: &mut impl FnMut(Piece<'_>)) {
        let (number, offset) = (self.line, self.offset);
        if self.printed.is_open() {
            match self.printed.take(line) {
                Line::Within => return,
                Line::Last(end) => {
                    let whole = self.printed.end();
                    give((whole.bytes(), &[]), whole.line, whole.offset, emit);
                    let rest = &line[end..];
                    if !matches!(rest.trim_ascii(), b"" | b",") {
                        self.give_line(rest, (number, offset + end as u64), emit);
                    }
                    return;
                }
                Line::Other => self.give_printed(emit),
            }
        }
        match printed::begins(line) {
            Some(at) => {
                if !line[..at].trim_ascii().is_empty() {
                    self.give_line(&line[..at], (number, offset), emit);
                }
                self.printed.begin(&line[at..], number, offset + at as u64);
            }
            None => self.give_line(line, (number, offset), emit),
        }
    }

    /// Gives out line by line what was no record over several.
    fn give_printed(&mut self, emit: &mut impl FnMut(Piece<'_>)) {
        let ended = self.printed.end();
        let (mut line, mut offset) = (ended.line, ended.offset);
        for held in ended.bytes().split_inclusive(|byte| *byte == b'\n') {
            self.give_line(held, (line, offset), emit);
            line += 1;
            offset += held.len() as u64;
        }
    }

    fn give_line(
        &mut self,
        line: &[u8],
        (number, offset): (u64, u64),
        emit: &mut impl FnMut(Piece<'_>),
    ) {
        // Files that were put together have a byte order mark at each seam.
        let text = line.strip_prefix(&MARK).unwrap_or(line);
        let trimmed = text.trim_ascii();
        if trimmed.is_empty() {
            self.blank += 1;
            return;
        }
        let lead = line.len() - text.trim_ascii_start().len();
        give((trimmed, &[]), number, offset + lead as u64, emit);
    }

    fn advance_document(&mut self, emit: &mut impl FnMut(Piece<'_>)) {
        let mut held = std::mem::take(&mut self.held);
        let offset = self.offset;
        self.scan.read(
            &held,
            self.seen,
            &mut |(start, end, line), resource, found| {
                let (raw, offset) = (&held[start..end], offset + start as u64);
                match found {
                    Found::Whole => give((raw, resource), line, offset, emit),
                    Found::Cut => emit(cut(raw, line, offset)),
                }
            },
        );
        // Keep only the element that is not complete; drop what is no record.
        let (keep, line) = self.scan.needed().unwrap_or((held.len(), 0));
        if held.len() - keep > MAX_RECORD {
            // One element without an end is larger than any record: nothing behind it can be told.
            let mut skipping = Skipping::new(line, offset + keep as u64);
            skipping.take(&held[keep..]);
            self.skipping = Some(skipping);
            self.layout = Layout::Refused(Reason::LineTooLong);
            return;
        }
        held.drain(..keep);
        self.scan.dropped(keep);
        self.offset += keep as u64;
        self.seen = held.len();
        self.held = held;
    }
}

/// What is left of a record that was cut.
fn cut(raw: &[u8], line: u64, offset: u64) -> Piece<'static> {
    skipped(Reason::Truncated, raw, line, offset)
}

fn skipped(reason: Reason, raw: &[u8], line: u64, offset: u64) -> Piece<'static> {
    Piece::Skipped {
        reason,
        line,
        offset,
        length: raw.len() as u64,
        sha256: Sha256::digest(raw).into(),
    }
}

/// Gives out a record, unless it is larger than any may be.
fn give((raw, resource): (&[u8], &[u8]), line: u64, offset: u64, emit: &mut impl FnMut(Piece<'_>)) {
    if raw.len() > MAX_RECORD {
        emit(skipped(Reason::LineTooLong, raw, line, offset));
    } else {
        emit(Piece::Record {
            raw,
            line,
            offset,
            resource,
        });
    }
}

impl Skipping {
    fn new(line: u64, offset: u64) -> Self {
        Self {
            line,
            offset,
            length: 0,
            hasher: Sha256::new(),
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        self.hasher.update(bytes);
    }

    fn piece(self, reason: Reason) -> Piece<'static> {
        Piece::Skipped {
            reason,
            line: self.line,
            offset: self.offset,
            length: self.length,
            sha256: self.hasher.finalize().into(),
        }
    }
}
