//! Finding records in a document: elements of an array or of an envelope's list, and objects one
//! after another.
//!
//! In: bytes, in order. Out: where each element lies. What is neither an element nor part of the
//! envelope is an element too, so that it is rejected by name and not lost. Not here: what an
//! element means.

use super::layout::{
    ENVELOPES, HAR, LONGEST_KEY, NESTED, RESOURCE, RESOURCE_DEPTH, SESSION, begins_records,
};

/// The largest resource that is kept for its records, in bytes.
const MAX_RESOURCE: usize = 64 << 10;

/// Where the scanner stands.
#[derive(Debug)]
pub(super) struct Scan {
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// The depth at which elements stand: 0 whole documents, 1 an array, 2 an envelope's list, more
    /// a list inside its elements, [`usize::MAX`] none any more: the rest of an envelope.
    base: usize,
    /// Whether the envelope's elements hold lists of their own with the records.
    nested: bool,
    /// Whether the envelope is HAR's.
    har: bool,
    /// Whether the document names a session, whose messages are records of no list.
    of_session: bool,
    /// The last key of an envelope, while its colon and list may follow.
    key: Vec<u8>,
    collecting: bool,
    after_key: bool,
    /// A list under an envelope's key was opened, whose elements stand at this depth, and its first
    /// byte is awaited.
    opened: Option<usize>,
    /// Where the present element begins, if one does.
    start: Option<usize>,
    /// Whether the present element is no object and no array.
    bare: bool,
    start_line: u64,
    line: u64,
    /// What the present element of OTLP's envelope says of where its records come from, and where
    /// that begins while it is read.
    resource: Vec<u8>,
    resource_start: Option<usize>,
    /// The key of the last envelope.
    envelope: Vec<u8>,
    /// The beginning of the present line, while it may be that of the next envelope.
    line_start: Option<usize>,
}

/// Begins what sets a colour in a terminal, in front of a bracket.
const ESCAPE: u8 = 0x1B;

/// An element: first byte, byte behind it, line of its first byte.
pub(super) type Element = (usize, usize, u64);

/// What was found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Whole,
    /// The document ends in it, and the next begins.
    Cut,
}

/// Bytes up to the list of an envelope; more blanks are not waited for.
const LONGEST_HEAD: usize = 80;

/// Whether a line begins with an envelope of this key, as far as it is read; `None` where that can't be told.
fn begins_envelope(line: &[u8], key: &[u8]) -> Option<bool> {
    if line.len() > LONGEST_HEAD {
        return Some(false);
    }
    let mut rest = line;
    for part in [b"{".as_slice(), b"\"", key, b"\"", b":", b"["] {
        if part != key {
            let blanks = rest.iter().take_while(|byte| b" \t".contains(byte)).count();
            rest = &rest[blanks..];
        }
        let both = part.len().min(rest.len());
        if rest[..both] != part[..both] {
            return Some(false);
        }
        if both < part.len() {
            return None;
        }
        rest = &rest[both..];
    }
    Some(true)
}

impl Scan {
    pub(super) fn new() -> Self {
        Self {
            depth: 0,
            in_string: false,
            escaped: false,
            base: 0,
            nested: false,
            har: false,
            of_session: false,
            key: Vec::new(),
            collecting: false,
            after_key: false,
            opened: None,
            start: None,
            bare: false,
            start_line: 1,
            line: 1,
            resource: Vec::new(),
            resource_start: None,
            envelope: Vec::new(),
            line_start: None,
        }
    }

    /// The same from this line on.
    pub(super) fn at(line: u64) -> Self {
        Self {
            line,
            start_line: line,
            ..Self::new()
        }
    }

    /// Reads `held` from byte `from` on and tells `found` each element that is complete,
    /// with its resource where it has one. A line that begins the next envelope of the same key
    /// ends one that was cut.
    pub(super) fn read(
        &mut self,
        held: &[u8],
        from: usize,
        found: &mut impl FnMut(Element, &[u8], Found),
    ) {
        let mut at = from;
        while let Some(byte) = held.get(at) {
            if let Some(start) = self.line_start {
                match begins_envelope(&held[start..=at], &self.envelope) {
                    Some(true) => {
                        self.begin_anew(start, found);
                        at = start;
                        continue;
                    }
                    Some(false) => self.line_start = None,
                    None => {}
                }
            }
            let is_told = self.line_start.is_none();
            if is_told && self.in_string && !self.escaped && !self.collecting {
                // Most of a log is text inside strings.
                match memchr::memchr3(b'"', b'\\', b'\n', &held[at..]) {
                    Some(skipped) => at += skipped,
                    None => return,
                }
                self.step(held[at], at, held, found);
            } else {
                self.step(*byte, at, held, found);
            }
            if held[at] == b'\n' && !self.envelope.is_empty() && self.is_open() {
                self.line_start = Some(at + 1);
            }
            at += 1;
        }
    }

    /// Ends a document that was cut before the line that begins at `start`.
    fn begin_anew(&mut self, start: usize, found: &mut impl FnMut(Element, &[u8], Found)) {
        let (from, line) = self
            .start
            .map_or((start, self.line), |from| (from, self.start_line));
        found((from, start, line), &[], Found::Cut);
        *self = Self {
            line: self.line,
            envelope: std::mem::take(&mut self.envelope),
            ..Self::new()
        };
    }

    fn step(
        &mut self,
        byte: u8,
        at: usize,
        held: &[u8],
        found: &mut impl FnMut(Element, &[u8], Found),
    ) {
        // Among the words between two documents a quote may have no fellow: no string goes beyond a line.
        self.in_string &= !(self.bare && self.depth == 0 && byte == b'\n');
        if self.in_string {
            self.line += u64::from(byte == b'\n');
            if self.escaped {
                self.escaped = false;
            } else if byte == b'\\' {
                self.escaped = true;
            } else if byte == b'"' {
                self.in_string = false;
                self.after_key = self.collecting;
                self.collecting = false;
            } else if self.collecting && self.key.len() < LONGEST_KEY {
                self.key.push(byte);
            }
            return;
        }
        // The colour of a terminal, which a program's output has around its words: it opens no list.
        if self.bare && byte == b'[' && at > 0 && held[at - 1] == ESCAPE {
            return;
        }
        if self.bare {
            let ends =
                matches!(byte, b'\n' | b'{' | b'[' | b'}' | b']') || byte == b',' && self.depth > 0;
            if ends && let Some(start) = self.start.take() {
                self.bare = false;
                let end = start + held[start..at].trim_ascii_end().len();
                found((start, end, self.start_line), &self.resource, Found::Whole);
            }
        }
        self.line += u64::from(byte == b'\n');
        if let Some(base) = self.opened
            && !byte.is_ascii_whitespace()
        {
            self.opened = None;
            if begins_records(&self.key, byte) {
                self.base = base;
                self.start = None;
            }
        }
        match byte {
            b'"' => {
                self.begin_bare(at);
                self.in_string = true;
                self.collecting = self.may_name_a_list();
                self.key.clear();
            }
            b'{' | b'[' => self.open(byte, at),
            b'}' | b']' => self.close(at, held, found),
            b':' | b',' | b' ' | b'\t' | b'\r' | b'\n' => self.after_key &= byte != b',',
            _ => {
                self.after_key = false;
                self.begin_bare(at);
            }
        }
    }

    fn begin_bare(&mut self, at: usize) {
        if self.depth == self.base && self.start.is_none() {
            self.start = Some(at);
            self.start_line = self.line;
            self.bare = true;
        }
    }

    /// Whether a string here may be the key of a list that holds the records.
    fn may_name_a_list(&self) -> bool {
        match self.base {
            0 | usize::MAX => self.depth == 1 || (self.har && self.depth == 2),
            base => self.nested && self.depth == base + 1,
        }
    }

    fn open(&mut self, byte: u8, at: usize) {
        let is_list = byte == b'[';
        let named = self.after_key && self.may_name_a_list();
        let key = self.key.as_slice();
        let holds_records = match self.depth {
            1 => ENVELOPES.contains(&key) && !(self.of_session && key == SESSION.1),
            2 => self.har && key == HAR.1,
            depth => NESTED.contains(&(depth, key)),
        };
        self.opened = (is_list && named && holds_records).then_some(self.depth + 1);
        if self.depth == 1 && named {
            self.nested = self.opened.is_some() && key.starts_with(b"resource");
            if self.opened.is_some() {
                self.envelope.clone_from(&self.key);
            }
            self.har = !is_list && key == HAR.0;
            self.of_session |= !is_list && key == SESSION.0;
        }
        if self.nested && self.depth == RESOURCE_DEPTH - 1 {
            self.resource.clear();
        }
        if !is_list && named && self.depth == RESOURCE_DEPTH && key == RESOURCE {
            self.resource_start = Some(at);
        }
        if self.depth == 0 && is_list {
            self.base = 1;
        } else if self.depth == self.base && self.start.is_none() {
            self.start = Some(at);
            self.start_line = self.line;
        }
        self.depth += 1;
        self.after_key = false;
    }

    fn close(&mut self, at: usize, held: &[u8], found: &mut impl FnMut(Element, &[u8], Found)) {
        self.after_key = false;
        if self.depth == 0 {
            // A bracket that closes nothing.
            found((at, at + 1, self.line), &[], Found::Whole);
            return;
        }
        self.depth -= 1;
        if self.depth == RESOURCE_DEPTH
            && let Some(start) = self.resource_start.take()
        {
            let resource = held.get(start..=at).unwrap_or_default();
            if resource.len() <= MAX_RESOURCE {
                self.resource.extend_from_slice(resource);
            }
        }
        if self.depth == self.base
            && let Some(start) = self.start.take()
        {
            found(
                (start, at + 1, self.start_line),
                &self.resource,
                Found::Whole,
            );
        }
        if self.depth == 0 {
            self.base = 0;
            self.of_session = false;
        } else if self.depth < self.base {
            // The list is over; what follows in the envelope is no record.
            self.base = match self.nested && self.base > 2 {
                true => self.base - 2,
                false => usize::MAX,
            };
        }
    }

    /// The first byte that is still needed, and its line.
    pub(super) fn needed(&self) -> Option<(usize, u64)> {
        let line_start = self.line_start.map(|start| (start, self.line));
        self.start
            .map(|start| (start, self.start_line))
            .or(line_start)
    }

    /// Tells that `count` bytes before what is needed were dropped.
    pub(super) fn dropped(&mut self, count: usize) {
        for start in [
            &mut self.start,
            &mut self.resource_start,
            &mut self.line_start,
        ] {
            *start = start.map(|start| start.saturating_sub(count));
        }
    }

    /// Whether the document ends in the middle of something, as far as was read.
    pub(super) fn is_open(&self) -> bool {
        self.depth > 0 || self.in_string
    }

    /// The element that the end of the file completes: a bare word.
    pub(super) fn last(&mut self, held: &[u8]) -> Option<Element> {
        if !self.bare || self.in_string {
            return None;
        }
        self.bare = false;
        let start = self.start.take()?;
        Some((
            start,
            start + held[start..].trim_ascii_end().len(),
            self.start_line,
        ))
    }

    /// The line that was reached.
    pub(super) fn line(&self) -> u64 {
        self.line
    }
}
