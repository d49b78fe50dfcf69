//! Cutting a stream of bytes into records, whatever the layout: a record a line, a list inside an
//! envelope (`{"Records":[…]}`), a JSON array, or records printed over several lines.
//!
//! In: the bytes of a decompressed file, in chunks of any size. Out: the exact slice of each
//! record with its line and offset, or what was skipped and why. Memory is bounded by the largest
//! record allowed. Not here: what a record means.

use sha2::{Digest, Sha256};

use crate::formats::Reason;

/// The largest record, in bytes.
pub const MAX_RECORD: usize = 32 << 20;
/// The beginning that the layout is recognised by.
const WINDOW: usize = 64 << 10;
/// Keys of an envelope whose list holds the records.
const ENVELOPES: [&[u8]; 4] = [b"Records", b"data", b"Events", b"events"];

/// A piece of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A record: its bytes, its first line from 1, its first byte from 0.
    Record {
        raw: &'a [u8],
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Undecided,
    Lines,
    Document,
    /// Nothing in it can be read; the reason was given.
    Refused(Reason),
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
}

#[derive(Debug)]
struct Skipping {
    line: u64,
    offset: u64,
    length: u64,
    hasher: Sha256,
}

/// Where the scanner of documents stands.
#[derive(Debug, Default)]
struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// The depth at which elements stand: 0 whole documents, 1 an array, 2 an envelope's list.
    base: usize,
    /// The last string at depth 1, while its colon and list may follow.
    key: Vec<u8>,
    collecting: bool,
    after_key: bool,
    /// Where the present element begins in `held`, if one does.
    start: Option<usize>,
    start_line: u64,
    line: u64,
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
            scan: Scan {
                line: 1,
                ..Scan::default()
            },
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
            self.decide();
        }
        self.advance(emit);
    }

    /// Ends the stream and gives out the rest.
    pub fn finish(&mut self, emit: &mut impl FnMut(Piece<'_>)) {
        if self.layout == Layout::Undecided {
            self.decide();
            self.advance(emit);
        }
        if let Some(skipping) = self.skipping.take() {
            let reason = match self.layout {
                Layout::Refused(reason) => reason,
                _ => Reason::LineTooLong,
            };
            emit(skipping.piece(reason));
            return;
        }
        match self.layout {
            Layout::Lines => {
                let held = std::mem::take(&mut self.held);
                self.give_line(&held, emit);
            }
            Layout::Document => {
                let held = std::mem::take(&mut self.held);
                let start = self.scan.start.unwrap_or(0);
                let rest = held.get(start..).unwrap_or_default();
                if !is_blank(rest) && (self.scan.start.is_some() || self.scan.depth > 0) {
                    emit(Piece::Skipped {
                        reason: Reason::Truncated,
                        line: self.scan.start_line.max(1),
                        offset: self.offset + start as u64,
                        length: rest.len() as u64,
                        sha256: Sha256::digest(rest).into(),
                    });
                }
            }
            Layout::Undecided | Layout::Refused(_) => {}
        }
    }

    fn decide(&mut self) {
        let mut window = &self.held[..self.held.len().min(WINDOW)];
        if window.starts_with(&[0xFF, 0xFE]) || window.starts_with(&[0xFE, 0xFF]) {
            return self.refuse(Reason::Utf16);
        }
        if window.starts_with(&[0xEF, 0xBB, 0xBF]) {
            self.held.drain(..3);
            self.offset += 3;
            window = &self.held[..self.held.len().min(WINDOW)];
        }
        let odd = window
            .iter()
            .filter(|byte| **byte < 9 || (14..32).contains(*byte) && **byte != 27)
            .count();
        if window.contains(&0) || odd * 20 > window.len() {
            let utf16 = window.len() > 8
                && window
                    .iter()
                    .skip(1)
                    .step_by(2)
                    .filter(|byte| **byte == 0)
                    .count()
                    * 3
                    > window.len();
            return self.refuse(if utf16 { Reason::Utf16 } else { Reason::Binary });
        }
        self.layout = layout_of(window);
    }

    fn refuse(&mut self, reason: Reason) {
        self.layout = Layout::Refused(reason);
        let held = std::mem::take(&mut self.held);
        self.refuse_more(&held);
    }

    fn refuse_more(&mut self, bytes: &[u8]) {
        let skipping = self.skipping.get_or_insert_with(|| Skipping::new(1, 0));
        skipping.take(bytes);
    }

    fn advance(&mut self, emit: &mut impl FnMut(Piece<'_>)) {
        match self.layout {
            Layout::Lines => self.advance_lines(emit),
            Layout::Document => self.advance_document(emit),
            Layout::Undecided | Layout::Refused(_) => {}
        }
    }

    fn advance_lines(&mut self, emit: &mut impl FnMut(Piece<'_>)) {
        let held = std::mem::take(&mut self.held);
        let mut from = 0;
        let mut look = self.seen;
        while let Some(found) = memchr::memchr(b'\n', &held[look..]) {
            let end = look + found;
            if let Some(mut skipping) = self.skipping.take() {
                skipping.take(&held[from..end]);
                emit(skipping.piece(Reason::LineTooLong));
            } else {
                self.give_line(&held[from..end], emit);
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
            self.held = if from == 0 { held } else { rest.to_vec() };
        }
        self.seen = self.held.len();
    }

    fn give_line(&mut self, line: &[u8], emit: &mut impl FnMut(Piece<'_>)) {
        let trimmed = line.trim_ascii();
        if trimmed.is_empty() {
            self.blank += u64::from(!line.is_empty() || !self.held.is_empty());
            return;
        }
        let lead = line.len() - line.trim_ascii_start().len();
        if line.len() > MAX_RECORD {
            emit(Piece::Skipped {
                reason: Reason::LineTooLong,
                line: self.line,
                offset: self.offset,
                length: line.len() as u64,
                sha256: Sha256::digest(line).into(),
            });
            return;
        }
        emit(Piece::Record {
            raw: trimmed,
            line: self.line,
            offset: self.offset + lead as u64,
        });
    }

    fn advance_document(&mut self, emit: &mut impl FnMut(Piece<'_>)) {
        let mut held = std::mem::take(&mut self.held);
        let scan = &mut self.scan;
        for at in self.seen..held.len() {
            let byte = held[at];
            if byte == b'\n' {
                scan.line += 1;
            }
            if scan.in_string {
                if scan.escaped {
                    scan.escaped = false;
                } else if byte == b'\\' {
                    scan.escaped = true;
                } else if byte == b'"' {
                    scan.in_string = false;
                    scan.after_key = scan.collecting;
                } else if scan.collecting && scan.key.len() < 16 {
                    scan.key.push(byte);
                }
                continue;
            }
            match byte {
                b'"' => {
                    scan.in_string = true;
                    scan.collecting = scan.depth == 1 && scan.base == 0;
                    scan.key.clear();
                }
                b'{' | b'[' => {
                    if scan.depth == 0 && scan.base == 0 && byte == b'[' {
                        scan.base = 1;
                        scan.start = None;
                    } else if scan.depth == 1
                        && scan.base == 0
                        && byte == b'['
                        && scan.after_key
                        && ENVELOPES.contains(&scan.key.as_slice())
                    {
                        scan.base = 2;
                        scan.start = None;
                    } else if scan.depth == scan.base && scan.start.is_none() {
                        scan.start = Some(at);
                        scan.start_line = scan.line;
                    }
                    scan.depth += 1;
                    scan.after_key = false;
                }
                b'}' | b']' => {
                    scan.depth = scan.depth.saturating_sub(1);
                    if scan.depth == scan.base
                        && let Some(start) = scan.start.take()
                    {
                        let raw = &held[start..=at];
                        let offset = self.offset + start as u64;
                        if raw.len() > MAX_RECORD {
                            emit(Piece::Skipped {
                                reason: Reason::LineTooLong,
                                line: scan.start_line,
                                offset,
                                length: raw.len() as u64,
                                sha256: Sha256::digest(raw).into(),
                            });
                        } else {
                            emit(Piece::Record {
                                raw,
                                line: scan.start_line,
                                offset,
                            });
                        }
                    }
                    if scan.depth < scan.base {
                        // The list is over; what follows in the envelope is no record.
                        scan.base = if scan.depth == 0 { 0 } else { usize::MAX };
                    }
                    if scan.depth == 0 {
                        scan.base = 0;
                    }
                }
                b':' | b' ' | b'\t' | b'\r' | b'\n' => {}
                _ => scan.after_key = false,
            }
        }
        // Keep only the element that is not complete; drop what is no record.
        let keep = scan.start.unwrap_or(held.len());
        if held.len() - keep > MAX_RECORD {
            self.skipping = Some(Skipping::new(scan.start_line, self.offset + keep as u64));
        }
        if let Some(skipping) = &mut self.skipping {
            // One element without an end is larger than any record: nothing behind it can be told.
            skipping.take(&held[keep..]);
            self.layout = Layout::Refused(Reason::LineTooLong);
            return;
        }
        held.drain(..keep);
        self.offset += keep as u64;
        if scan.start.is_some() {
            scan.start = Some(0);
        }
        self.seen = held.len();
        self.held = held;
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

fn is_blank(bytes: &[u8]) -> bool {
    bytes.trim_ascii().is_empty()
}

/// The layout of a file by its beginning.
fn layout_of(window: &[u8]) -> Layout {
    let trimmed = window.trim_ascii_start();
    match trimmed.first() {
        Some(b'[') => return Layout::Document,
        Some(b'{') => {}
        _ => return Layout::Lines,
    }
    if has_envelope(trimmed) {
        return Layout::Document;
    }
    let Some(end) = memchr::memchr(b'\n', trimmed) else {
        return Layout::Lines;
    };
    if serde_json::from_slice::<serde::de::IgnoredAny>(&trimmed[..end]).is_ok() {
        return Layout::Lines;
    }
    // A first line that is cut is a damaged line where the next begins a record of its own.
    if trimmed.get(end + 1) == Some(&b'{') && end > 2 {
        return Layout::Lines;
    }
    Layout::Document
}

/// Whether the first object holds a list under one of the envelope's keys at its top level.
fn has_envelope(text: &[u8]) -> bool {
    let mut scan = Scan::default();
    for byte in text {
        if scan.in_string {
            if scan.escaped {
                scan.escaped = false;
            } else if *byte == b'\\' {
                scan.escaped = true;
            } else if *byte == b'"' {
                scan.in_string = false;
                scan.after_key = scan.depth == 1;
            } else if scan.depth == 1 && scan.key.len() < 16 {
                scan.key.push(*byte);
            }
            continue;
        }
        match byte {
            b'"' => {
                scan.in_string = true;
                scan.key.clear();
            }
            b'[' if scan.depth == 1
                && scan.after_key
                && ENVELOPES.contains(&scan.key.as_slice()) =>
            {
                return true;
            }
            b'{' | b'[' => {
                scan.depth += 1;
                scan.after_key = false;
            }
            b'}' | b']' => {
                scan.depth = scan.depth.saturating_sub(1);
                if scan.depth == 0 {
                    return false;
                }
            }
            b':' | b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => scan.after_key = false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &[u8], chunk: usize) -> Vec<(String, u64, u64)> {
        let mut found = Vec::new();
        let mut splitter = Splitter::new();
        let mut emit = |piece: Piece<'_>| {
            found.push(match piece {
                Piece::Record { raw, line, offset } => {
                    (String::from_utf8_lossy(raw).into_owned(), line, offset)
                }
                Piece::Skipped {
                    reason,
                    line,
                    offset,
                    length,
                    ..
                } => (format!("<{} {length}>", reason.name()), line, offset),
            });
        };
        for part in text.chunks(chunk.max(1)) {
            splitter.feed(part, &mut emit);
        }
        splitter.finish(&mut emit);
        found
    }

    fn raws(text: &str) -> Vec<String> {
        pieces(text.as_bytes(), 1 << 20)
            .into_iter()
            .map(|(raw, ..)| raw)
            .collect()
    }

    #[test]
    fn a_record_a_line() {
        assert_eq!(
            pieces(b"{\"a\":1}\r\n\n  {\"b\":2}\n{\"c\":", 7),
            [
                ("{\"a\":1}".to_owned(), 1, 0),
                ("{\"b\":2}".to_owned(), 3, 12),
                ("{\"c\":".to_owned(), 4, 20)
            ]
        );
    }

    #[test]
    fn a_malformed_line_does_not_eat_the_next() {
        assert_eq!(raws("{\"a\":\"\n{\"b\":2}\n"), ["{\"a\":\"", "{\"b\":2}"]);
        assert_eq!(raws("oops\n{\"b\":2}\n"), ["oops", "{\"b\":2}"]);
    }

    #[test]
    fn envelopes_arrays_and_printed_records() {
        assert_eq!(
            raws("{\"Records\":[{\"a\":[1]},{\"b\":\"]}\"}]}"),
            ["{\"a\":[1]}", "{\"b\":\"]}\"}"]
        );
        assert_eq!(
            raws("{\"has_more\":false,\"data\":[{\"a\":1}],\"last_id\":\"x\"}"),
            ["{\"a\":1}"]
        );
        assert_eq!(raws("[{\"a\":1},\n{\"b\":2}]"), ["{\"a\":1}", "{\"b\":2}"]);
        assert_eq!(
            raws("{\n \"a\": {\"data\": [1]}\n}\n{\n \"b\": 2\n}\n"),
            ["{\n \"a\": {\"data\": [1]}\n}", "{\n \"b\": 2\n}"]
        );
        assert_eq!(
            raws("{\"Records\":[{\"a\":1}]}\n{\"Records\":[{\"b\":1}]}\n"),
            ["{\"a\":1}", "{\"b\":1}"]
        );
        assert_eq!(raws("{\"Records\":[]}"), Vec::<String>::new());
        assert_eq!(
            raws("{\"Records\":[{\"a\":1},{\"b\":"),
            ["{\"a\":1}", "<truncated 5>"]
        );
    }

    #[test]
    fn what_is_no_text_is_named_once() {
        assert_eq!(
            pieces(&[0x7F, b'E', b'L', b'F', 0, 0, 1, 2, 3], 4)[0].0,
            "<binary 9>"
        );
        let utf16: Vec<u8> = "{\"a\":1}\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(pieces(&utf16, 3)[0].0, "<utf16 16>");
        assert_eq!(raws("\u{feff}{\"a\":1}\n"), ["{\"a\":1}"]);
        assert_eq!(pieces(b"", 1), []);
    }

    #[test]
    fn a_line_beyond_the_limit_is_skipped_and_the_next_is_read() {
        let mut text = vec![b'x'; MAX_RECORD + 100_000];
        text.splice(..0, b"{\"a\":1}\n".iter().copied());
        text.extend_from_slice(b"\n{\"b\":2}\n");
        let found = pieces(&text, 1 << 16);
        let names: Vec<&str> = found.iter().map(|(raw, ..)| raw.as_str()).collect();
        assert_eq!(
            names,
            [
                "{\"a\":1}",
                &format!("<line_too_long {}>", MAX_RECORD + 100_000),
                "{\"b\":2}"
            ]
        );
        assert_eq!(found[2].1, 3);
    }

    proptest::proptest! {
        #[test]
        fn pieces_do_not_depend_on_chunks(text in "[\\[\\]{}\":,a\\\\\n ]{0,200}", chunk in 1_usize..50) {
            proptest::prop_assert_eq!(pieces(text.as_bytes(), chunk), pieces(text.as_bytes(), 1 << 20));
        }

        #[test]
        fn any_bytes_are_cut_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let _ = pieces(&bytes, 64);
        }
    }
}
