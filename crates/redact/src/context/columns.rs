//! The header of the column that a candidate stands in: the first line of its paragraph.
//!
//! In: the words that the pass over the literals saw. Out: one of them that the header holds. Not here: words
//! nearer to the candidate (`context`), the cells of a column (`crate::columns`).

use super::{Near, Word};
use crate::recognizers::Recognizer;

/// Bytes back to the start of a row, and to the header of a table.
const ROW: usize = 1_024;
const HEADER: usize = 4 << 10;

/// The header of the line that was asked for last: rows come one after another, and a paragraph is gone
/// through once.
#[derive(Debug, Default)]
pub(crate) struct Headers {
    line: usize,
    /// Where the paragraph begins, where that is near enough.
    begins: Option<usize>,
    header: (usize, usize),
    row: Row,
}

/// The line end before the place that was asked for last: places come one after another, and a text of one line
/// is not gone through for each.
#[derive(Debug, Default)]
struct Row {
    asked: usize,
    end: Option<usize>,
}

impl Row {
    /// The last line end before `at`, where one is within [`ROW`].
    fn end_before(&mut self, text: &[u8], at: usize) -> Option<usize> {
        let near = at.saturating_sub(ROW);
        let from = match self.asked <= at {
            true => self.asked.max(near),
            false => {
                self.end = None;
                near
            }
        };
        let end = memchr::memrchr(b'\n', &text[from..at]).map(|end| from + end);
        self.asked = at;
        self.end = end.or(self.end);
        self.end.filter(|end| *end >= near)
    }
}

impl Headers {
    /// From where to where the header of the line that begins at `line` stands.
    fn of(&mut self, text: &[u8], line: usize) -> (usize, usize) {
        if self.line == line {
            return self.header;
        }
        let low = line.saturating_sub(HEADER);
        let is_next = self.line > low && self.line < line;
        let from = if is_next { self.line - 1 } else { low };
        let begins = memchr::memrchr_iter(b'\n', &text[from..line])
            .map(|at| from + at)
            .find(|at| *at > from && text[at - 1] == b'\n')
            .map(|at| at + 1);
        let known = self.begins.filter(|at| is_next && *at >= low + 2);
        self.begins = begins.or(known);
        let top = self.begins.unwrap_or(low);
        let stop = memchr::memchr(b'\n', &text[top..line]).map_or(line, |at| top + at);
        (self.line, self.header) = (line, (top, stop));
        self.header
    }
}

/// Whether the header of the column that the candidate stands in holds one of its words.
pub(super) fn column(
    text: &[u8],
    words: &[Word],
    recognizer: &Recognizer,
    start: usize,
    headers: &mut Headers,
) -> Near {
    let Some(line) = headers.row.end_before(text, start).map(|at| at + 1) else {
        return Near::Nothing;
    };
    let before = &text[line..start];
    let Some(mark) = b",;\t|"
        .iter()
        .copied()
        .find(|mark| memchr::memchr(*mark, before).is_some())
        .or_else(|| {
            text.get(start..)
                .and_then(|rest| rest.iter().take(64).find(|byte| b",;\t|\n".contains(byte)))
                .copied()
                .filter(|mark| *mark != b'\n')
        })
    else {
        return Near::Nothing;
    };
    let (mut from, stop) = headers.of(text, line);
    for _ in memchr::memchr_iter(mark, before) {
        let Some(at) = memchr::memchr(mark, &text[from..stop]) else {
            return Near::Nothing;
        };
        from += at + 1;
    }
    let to = memchr::memchr(mark, &text[from..stop]).map_or(stop, |at| from + at);
    let first = words.partition_point(|word| word.end <= from);
    words[first..]
        .iter()
        .take_while(|word| word.end <= to)
        .find(|word| word.start >= from && recognizer.context.holds(word.literal))
        .map_or(Near::Nothing, |word| Near::Word(word.literal))
}
