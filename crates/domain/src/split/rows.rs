//! Cutting CSV into rows, each with the JSON object of its cells.
//!
//! In: bytes behind a header that names columns of a format. Out: rows. A row that a quote without its fellow ran
//! on into others is one damaged line, and the others are read. Not here: what cells mean; all are text.

use super::{MARK, MAX_RECORD, Piece, Skipping, Splitter, skipped};
use crate::formats::{Reason, is_table};

/// What is known of a table.
#[derive(Debug, Default)]
pub(super) struct Rows {
    names: Vec<Vec<u8>>,
    /// Whether what was looked at ends inside of quotes.
    in_quotes: bool,
}

/// The names of a table's columns, and how many bytes the header takes. `None` where the first line is none that
/// a format's table has.
pub(super) fn header(window: &[u8]) -> Option<(Vec<Vec<u8>>, usize)> {
    let lead = window.len() - window.trim_ascii_start().len();
    let end = memchr::memchr(b'\n', &window[lead..]).map_or(window.len(), |end| lead + end + 1);
    let names = cells(window[lead..end].trim_ascii());
    let texts: Option<Vec<&str>> = names
        .iter()
        .map(|name| std::str::from_utf8(name).ok())
        .collect();
    is_table(&texts?).then_some((names, end))
}

/// The cells of a row.
fn cells(row: &[u8]) -> Vec<Vec<u8>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(row.len().clamp(1, MAX_RECORD))
        .from_reader(row);
    let mut cells = csv::ByteRecord::new();
    // Reading out of memory can't fail, and any bytes are cells.
    let _ = reader.read_byte_record(&mut cells);
    cells.iter().map(<[u8]>::to_vec).collect()
}

/// Where the newline lies that ends the row.
fn row_end(bytes: &[u8], in_quotes: &mut bool) -> Option<usize> {
    for at in memchr::memchr2_iter(b'"', b'\n', bytes) {
        if bytes[at] == b'"' {
            *in_quotes = !*in_quotes;
        } else if !*in_quotes {
            return Some(at);
        }
    }
    None
}

/// Whether a row goes over several lines because a quote has no fellow: then another stands where none may.
fn runs_on(row: &[u8]) -> bool {
    if memchr::memchr(b'\n', row).is_none() {
        return false;
    }
    let mut quotes = memchr::memchr_iter(b'"', row).peekable();
    while let Some(opens) = quotes.next() {
        let is_first = opens == 0 || row[opens - 1] == b',';
        let closes = loop {
            match quotes.next() {
                // Two together are one that is meant.
                Some(at) if quotes.next_if_eq(&(at + 1)).is_some() => {}
                other => break other,
            }
        };
        let is_last = closes.is_some_and(|at| matches!(row.get(at + 1), None | Some(b',')));
        if !is_first || !is_last {
            return true;
        }
    }
    false
}

/// The object of a row's cells. What is no UTF-8 stays as it is.
fn object(names: &[Vec<u8>], cells: &[Vec<u8>]) -> Vec<u8> {
    let mut object = vec![b'{'];
    for (name, cell) in names.iter().zip(cells) {
        if object.len() > 1 {
            object.push(b',');
        }
        push_string(name, &mut object);
        object.push(b':');
        push_string(cell, &mut object);
    }
    object.push(b'}');
    object
}

fn push_string(text: &[u8], json: &mut Vec<u8>) {
    json.push(b'"');
    for byte in text {
        match byte {
            b'"' | b'\\' => json.extend([b'\\', *byte]),
            b'\n' => json.extend(b"\\n"),
            0..=0x1F => json.extend(format!("\\u{byte:04x}").bytes()),
            _ => json.push(*byte),
        }
    }
    json.push(b'"');
}

impl Splitter {
    /// Takes the header.
    pub(super) fn begin_rows(&mut self) {
        if let Some((names, end)) = header(&self.held) {
            self.rows.names = names;
            let header: Vec<u8> = self.held.drain(..end).collect();
            self.pass(&header);
        }
    }

    pub(super) fn advance_rows(&mut self, emit: &mut impl FnMut(Piece<'_>)) {
        let mut held = std::mem::take(&mut self.held);
        let mut from = 0;
        if let Some(mut skipping) = self.skipping.take() {
            let end = memchr::memchr(b'\n', &held);
            skipping.take(&held[..end.unwrap_or(held.len())]);
            let Some(end) = end else {
                self.offset += held.len() as u64;
                self.skipping = Some(skipping);
                return;
            };
            emit(skipping.piece(Reason::LineTooLong));
            from = end + 1;
            self.line += 1;
            self.offset += from as u64;
            self.seen = from;
        }
        loop {
            let seen = self.seen.max(from);
            match row_end(&held[seen..], &mut self.rows.in_quotes) {
                Some(end) => from += self.give_row(&held[from..=seen + end], emit),
                None if held.len() - from > MAX_RECORD => {
                    let Some(end) = memchr::memchr(b'\n', &held[from..]) else {
                        // One line that is longer than any record may be.
                        let mut skipping = Skipping::new(self.line, self.offset);
                        skipping.take(&held[from..]);
                        self.offset += (held.len() - from) as u64;
                        self.skipping = Some(skipping);
                        self.rows.in_quotes = false;
                        self.seen = 0;
                        return;
                    };
                    from += self.refuse_line(&held[from..=from + end], Reason::Truncated, emit);
                }
                None => break,
            }
            self.rows.in_quotes = false;
            self.seen = from;
        }
        held.drain(..from);
        self.held = held;
        self.seen = self.held.len();
    }

    /// Ends the table: what is left is a row, or begins with a line whose quote has no fellow.
    pub(super) fn finish_rows(&mut self, held: Vec<u8>, emit: &mut impl FnMut(Piece<'_>)) {
        let mut rest = held.as_slice();
        while !rest.is_empty() {
            self.rows.in_quotes = false;
            let end = row_end(rest, &mut self.rows.in_quotes).map(|end| end + 1);
            let first = memchr::memchr(b'\n', rest).map(|end| end + 1);
            let taken = match end {
                None if self.rows.in_quotes => {
                    let line = &rest[..first.unwrap_or(rest.len())];
                    self.refuse_line(line, Reason::Truncated, emit)
                }
                end => self.give_row(&rest[..end.unwrap_or(rest.len())], emit),
            };
            rest = &rest[taken..];
        }
    }

    /// Gives out a row and answers how much of it is done with: all, or its first line where it is none, so that
    /// what follows is tried as rows of its own.
    fn give_row(&mut self, row: &[u8], emit: &mut impl FnMut(Piece<'_>)) -> usize {
        let text = row.strip_prefix(&MARK).unwrap_or(row);
        let trimmed = text.trim_ascii();
        let cells = cells(trimmed);
        if trimmed.is_empty() {
            self.blank += 1;
        } else if cells.len() != self.rows.names.len() || runs_on(trimmed) {
            let first = memchr::memchr(b'\n', row).map_or(row.len(), |end| end + 1);
            return self.refuse_line(&row[..first], Reason::NotARow, emit);
        } else {
            let object = object(&self.rows.names, &cells);
            let lead = row.len() - text.trim_ascii_start().len();
            let offset = self.offset + lead as u64;
            emit(match trimmed.len().max(object.len()) > MAX_RECORD {
                true => skipped(Reason::LineTooLong, trimmed, self.line, offset),
                false => Piece::Row {
                    raw: trimmed,
                    object: &object,
                    line: self.line,
                    offset,
                },
            });
        }
        self.pass(row)
    }

    fn refuse_line(
        &mut self,
        line: &[u8],
        reason: Reason,
        emit: &mut impl FnMut(Piece<'_>),
    ) -> usize {
        emit(skipped(
            reason,
            line.trim_ascii_end(),
            self.line,
            self.offset,
        ));
        self.pass(line)
    }

    fn pass(&mut self, bytes: &[u8]) -> usize {
        self.line += memchr::memchr_iter(b'\n', bytes).count() as u64;
        self.offset += bytes.len() as u64;
        bytes.len()
    }
}
