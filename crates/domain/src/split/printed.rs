//! Records that a program printed over several lines among the lines of its log.
//!
//! In: the lines of a log, in order. Out: what such lines are together, once the bracket that opened it is closed. What
//! only looks like one (another line begins where an indented one has to) is given back line by line. Not here:
//! documents, which are nothing else (`document`).

use super::MAX_RECORD;

/// A record of which the first lines were read.
#[derive(Debug, Default)]
pub(super) struct Printed {
    /// From its bracket on, the ends of its lines with it.
    bytes: Vec<u8>,
    pub(super) line: u64,
    pub(super) offset: u64,
    depth: usize,
}

/// What a line is to the record before it.
pub(super) enum Line {
    /// One of its lines, and others follow.
    Within,
    /// Its last one: the record ends behind so many bytes of the line.
    Last(usize),
    /// None of it, so that there is no record.
    Other,
}

/// Where in a line a record begins that goes on in the next: behind it nothing follows.
pub(super) fn begins(line: &[u8]) -> Option<usize> {
    let trimmed = line.trim_ascii_end();
    let at = trimmed.len().checked_sub(1)?;
    let (before, bracket) = trimmed.split_at(at);
    // A line of JSON that was cut behind a bracket begins nothing.
    let is_cut = before.trim_ascii_start().first() == Some(&b'{');
    (bracket == b"{" && !is_cut).then_some(at)
}

impl Printed {
    pub(super) fn is_open(&self) -> bool {
        self.depth > 0
    }

    /// Begins a record with the bracket at which it stands.
    pub(super) fn begin(&mut self, rest: &[u8], line: u64, offset: u64) {
        *self = Self {
            bytes: rest.to_vec(),
            line,
            offset,
            depth: 1,
        };
        self.bytes.push(b'\n');
    }

    /// Takes the next line.
    pub(super) fn take(&mut self, line: &[u8]) -> Line {
        let begins = line.first().copied().unwrap_or_default();
        let is_own = matches!(begins, b' ' | b'\t' | b'}' | b']');
        let is_blank = line.trim_ascii().is_empty();
        if !is_own || is_blank || self.bytes.len() + line.len() > MAX_RECORD {
            return Line::Other;
        }
        let (mut in_string, mut escaped) = (false, false);
        for (at, byte) in line.iter().enumerate() {
            if in_string {
                in_string = escaped || *byte != b'"';
                escaped = !escaped && *byte == b'\\';
                continue;
            }
            match byte {
                b'"' => in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth -= 1,
                _ => {}
            }
            if self.depth == 0 {
                self.bytes.extend_from_slice(&line[..=at]);
                return Line::Last(at + 1);
            }
        }
        self.bytes.extend_from_slice(line);
        self.bytes.push(b'\n');
        Line::Within
    }

    /// What was read, and nothing is open any more.
    pub(super) fn end(&mut self) -> Self {
        std::mem::take(self)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}
