//! Tables in a text: the cells that stand below a heading.
//!
//! In: where a word stands in a text. Out: where the cells of its column stand, when the word is the heading
//! of one: lines of comma-separated values and the like, a table of Markdown, columns that blanks set apart.
//! A line belongs to the table as long as it has as many cells as the headings. Not here: what a cell holds,
//! context words that a heading is to the digits below it (`context`), tables of HTML (`markup`).

use std::ops::Range;

use crate::markup;

mod inserted;

/// Bytes of a heading.
const HEADING: usize = 48;
/// Words of a heading.
const WORDS: usize = 4;
/// Bytes of the line of headings.
const LINE: usize = 4_096;
/// Bytes of a line of cells.
const ROW: usize = 16_384;
/// Stands for two blanks or more between cells.
const APART: u8 = 0;
/// Rows of a table that are looked at.
const ROWS: usize = 10_000;

/// What is kept of the tables of a text.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    /// How many bytes may still be gone through.
    budget: usize,
    /// Bytes among which no line ends: a text may be one long line.
    unbroken: Range<usize>,
    /// The line that was read last, and what it is: several of its words may ask.
    line: Range<usize>,
    headings: Option<Headings>,
}

/// A line of headings: what stands between them, and where each is.
#[derive(Debug)]
struct Headings {
    mark: u8,
    cells: Vec<Range<usize>>,
}

impl Tables {
    /// Of a text of which so many bytes may be gone through.
    pub(crate) fn of(budget: usize) -> Self {
        Self {
            budget,
            ..Self::default()
        }
    }

    /// Returns the cells below the heading that the word at `start..end` is part of, each without blanks and
    /// quotes; none where it is no heading.
    pub(crate) fn below(&mut self, text: &[u8], (start, end): (usize, usize)) -> Vec<Range<usize>> {
        let none = Vec::new();
        // Most words are no headings, and that is told by what stands behind them.
        let behind = &text[end..text.len().min(end + HEADING)];
        if memchr::memchr3(b'|', b',', b';', behind).is_none()
            && memchr::memchr3(b'\n', b'\t', b'<', behind).is_none()
        {
            return none;
        }
        let closes = behind
            .iter()
            .find(|byte| !is_in_heading(**byte) && !is_fill(**byte) && !b"):".contains(byte));
        match closes {
            Some(b'<') => return markup::column(text, (start, end), &mut self.budget),
            Some(b'|' | b',' | b';' | b'\n') => {}
            _ if behind.contains(&b'\t') => {}
            _ => return none,
        }
        let inserted = inserted::below(text, (start, end), &mut self.budget);
        if !inserted.is_empty() {
            return inserted;
        }
        let Some(to) = self.line_end(text, end) else {
            return none;
        };
        let low = start.saturating_sub(LINE);
        let from = memchr::memrchr(b'\n', &text[low..start]).map_or(low, |at| low + at + 1);
        if self.line != (from..to) {
            self.line = from..to;
            self.headings = headings(text, from..to);
        }
        let Some(Headings { mark, cells }) = &self.headings else {
            return none;
        };
        let column = cells
            .iter()
            .position(|cell| cell.start <= start && end <= cell.end);
        let Some(column) = column else { return none };
        let mut found = Vec::new();
        let mut row = Vec::with_capacity(cells.len());
        let mut from = to + 1;
        for _ in 0..ROWS {
            let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) else {
                break;
            };
            let length =
                memchr::memchr(b'\n', &rest[..rest.len().min(ROW + 1)]).unwrap_or(rest.len());
            if length > ROW || length > self.budget {
                break;
            }
            self.budget -= length;
            put_cells(text, from..from + length, *mark, &mut row);
            if row.len() != cells.len() {
                break;
            }
            from += length + 1;
            let cell = row[column].clone();
            // Of what blanks set apart, a list of names and values looks the same: only numbers tell a column.
            let is_told = *mark != APART || text[cell.clone()].iter().any(u8::is_ascii_digit);
            if is_told && !text[cell.clone()].iter().all(|byte| b"-: ".contains(byte)) {
                found.push(cell);
            }
        }
        found
    }

    /// Where the line ends that goes on at `from`, where that is near enough.
    fn line_end(&mut self, text: &[u8], from: usize) -> Option<usize> {
        let limit = text.len().min(from + LINE);
        if !self.unbroken.contains(&from) {
            self.unbroken = from..from;
        }
        let rest = text.get(self.unbroken.end..limit)?;
        let end = memchr::memchr(b'\n', rest).map(|at| self.unbroken.end + at);
        self.unbroken.end = end.unwrap_or(limit);
        end
    }
}

/// The headings that a line is made of, if it is.
fn headings(text: &[u8], line: Range<usize>) -> Option<Headings> {
    let content = &text[line.clone()];
    let marks = b"|,;\t".iter().copied();
    let mark = marks.chain([APART]).find(|mark| match *mark {
        APART => memchr::memmem::find(content.trim_ascii(), b"  ").is_some(),
        mark => memchr::memchr(mark, content).is_some(),
    })?;
    // A line without cells below ends the table before its first row.
    let rest = &text[line.end + 1..text.len().min(line.end + 1 + ROW)];
    let first = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    if mark != APART && memchr::memchr(mark, first).is_none() {
        return None;
    }
    // A line amid others of as many cells is one of the rows: asked first, since that is most of a table.
    if mark != APART && is_row(text, line.start, mark, count(text, line.clone(), mark)) {
        return None;
    }
    let mut cells = cells(text, line, mark);
    // A sentence may stand before the headings: `Here is the list: id,name`.
    if let Some(first) = cells.first_mut() {
        let said = memchr::memmem::rfind(&text[first.clone()], b": ");
        first.start += said.map_or(0, |at| at + 2);
    }
    let is_heading = |cell: &Range<usize>| {
        let cell = &text[cell.clone()];
        let words = cell.split(|byte| *byte == b' ').count();
        let is_apostrophe = |at: usize| {
            let is_letter = |at: usize| cell.get(at).is_some_and(u8::is_ascii_alphabetic);
            cell[at] == b'\'' && at > 0 && is_letter(at - 1)
        };
        let is_in = |at: usize| is_in_heading(cell[at]) || is_apostrophe(at);
        // What has a number is a value: `my ssn is 990-00-7569, so`.
        let numbers = cell.iter().filter(|byte| byte.is_ascii_digit()).count();
        let is_short = cell.len() <= HEADING && words <= WORDS && numbers <= 2;
        is_short && (0..cell.len()).all(is_in)
    };
    // A list of names in a program is no table: `'user_name', 'var',`, `PrivateKey,`.
    let named = cells.iter().filter(|cell| !cell.is_empty()).count();
    let is_list = content.trim_ascii_start().starts_with(b"'");
    if named < 2 || is_list || !cells.iter().all(is_heading) {
        return None;
    }
    let is_prose = mark == b',' && goes_on(text, &cells, first);
    (!is_prose).then_some(Headings { mark, cells })
}

/// Whether what commas part is a sentence that goes on in the next line, of which `first` is what follows:
/// `gender, religion,`, `nationality, or race`.
fn goes_on(text: &[u8], cells: &[Range<usize>], first: &[u8]) -> bool {
    let is_open = |cell: &Range<usize>| {
        let cell = &text[cell.clone()];
        cell.is_empty() || cell.starts_with(b"or ") || cell.starts_with(b"and ")
    };
    // Data have a capital or a digit, or no cell of three words.
    let says_data = first
        .iter()
        .any(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let is_long = |cell: &[u8]| cell.trim_ascii().split(|byte| *byte == b' ').count() > 2;
    cells.last().is_some_and(is_open)
        || !says_data && first.split(|byte| *byte == b',').any(is_long)
}

/// Whether the line before the one that begins at `from` has as many cells, and so has the one before that:
/// one line may be what a table is introduced with.
fn is_row(text: &[u8], from: usize, mark: u8, number: usize) -> bool {
    let mut end = from;
    (0..2).all(|_| {
        let Some(stop) = end.checked_sub(1) else {
            return false;
        };
        let low = stop.saturating_sub(LINE);
        end = memchr::memrchr(b'\n', &text[low..stop]).map_or(low, |at| low + at + 1);
        memchr::memchr(mark, &text[end..stop]).is_some() && count(text, end..stop, mark) == number
    })
}

/// How many cells a line has.
fn count(text: &[u8], line: Range<usize>, mark: u8) -> usize {
    let content = &text[line.clone()];
    if matches!(mark, b'|' | APART) || memchr::memchr(b'"', content).is_some() {
        return cells(text, line, mark).len();
    }
    memchr::memchr_iter(mark, content).count() + 1
}

/// The cells of a line that `mark` stands between; what is in quotes is one.
fn cells(text: &[u8], line: Range<usize>, mark: u8) -> Vec<Range<usize>> {
    let mut cells = Vec::new();
    put_cells(text, line, mark, &mut cells);
    cells
}

/// Makes `cells` those of a line.
fn put_cells(text: &[u8], line: Range<usize>, mark: u8, cells: &mut Vec<Range<usize>>) {
    cells.clear();
    if mark == APART {
        let mut from = line.start;
        while from < line.end {
            let apart = memchr::memmem::find(&text[from..line.end], b"  ");
            let to = apart.map_or(line.end, |at| from + at);
            let cell = trimmed(text, from..to);
            if !cell.is_empty() {
                cells.push(cell);
            }
            from = to + 2;
        }
        return;
    }
    let mut from = line.start;
    let mut is_quoted = false;
    for at in memchr::memchr2_iter(b'"', mark, &text[line.clone()]) {
        let at = line.start + at;
        match text[at] {
            b'"' => is_quoted = !is_quoted,
            _ if !is_quoted => {
                cells.push(trimmed(text, from..at));
                from = at + 1;
            }
            _ => {}
        }
    }
    cells.push(trimmed(text, from..line.end));
    // The borders of a table of Markdown are no cells.
    if mark == b'|' {
        if cells.first().is_some_and(Range::is_empty) {
            cells.remove(0);
        }
        if cells.last().is_some_and(Range::is_empty) {
            cells.pop();
        }
    }
}

fn is_in_heading(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || b" _-.()#/".contains(&byte)
}

fn is_fill(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'"' | b'\'' | b'*' | b'`')
}

fn trimmed(text: &[u8], cell: Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (cell.start, cell.end);
    while start < end && is_fill(text[start]) {
        start += 1;
    }
    while end > start && is_fill(text[end - 1]) {
        end -= 1;
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::Tables;

    fn column<'a>(text: &'a str, word: &str) -> Vec<&'a str> {
        let start = text.find(word).unwrap_or_default();
        Tables::of(1_000)
            .below(text.as_bytes(), (start, start + word.len()))
            .into_iter()
            .map(|cell| &text[cell])
            .collect()
    }

    #[test]
    fn the_cells_below_a_heading_are_those_of_its_column() {
        let csv = "id,last name,city\n1,\"Lee, Ann\",Kiel\n2, Ito ,Oslo\n\n3,Nobody,Rome\n";
        assert_eq!(column(csv, "last name"), ["Lee, Ann", "Ito"]);
        let table = "| id | **Name** |\n|---|:--|\n| 1 | Lee |\n| 2 | |\ntext";
        assert_eq!(column(table, "Name"), ["Lee"]);
        assert_eq!(column("a;name\n1;Lee", "name"), ["Lee"]);
        assert_eq!(column("From:\tAnn\nid\tname\n1\tLee\n", "name"), ["Lee"]);
        assert_eq!(column("The list: id,name\n1,Lee\n", "name"), ["Lee"]);
        assert_eq!(column("id,n° d'assuré\n1,2\n", "n° d'assuré"), ["2"]);
        let apart = "id     pin no   city\n--     ------   ----\n1      2 3      Kiel\n";
        assert_eq!(column(apart, "pin"), ["2 3"]);
    }

    #[test]
    fn a_word_in_a_sentence_heads_nothing() {
        for text in [
            "The name, as it stands in the register of the company, counts.\nSo, here, too",
            "name\nLee",
            "x = f(name, y)\nz = g(a, b)",
            "    'name', 'city',\n    'Lee', 'Kiel',",
            "    name,\n    Lee,",
            "name, city",
            "my name is 99123,\nLee, Ann",
            "first name   Lee\nlast name   Ito\n",
            "C45\tC48\tX\nC4A\tC4D\tX\nname\tC56\tX\n11000\t11001\tX\n",
            "size, gender, name,\nage, personal appearance, race,\n",
            "size, personal appearance, name, or sex\nb, c, d, e\n",
            "size, name, gender\nlevel of experience, education,\nrace",
        ] {
            assert!(column(text, "name").is_empty(), "{text}");
        }
    }

    #[test]
    fn what_may_be_gone_through_is_bounded() {
        let rows = format!("id,name\n{}", "1,Lee\n".repeat(1_000));
        let mut tables = Tables::of(100);
        let found = tables.below(rows.as_bytes(), (3, 7));
        assert_eq!((found.len(), tables.budget), (20, 0));
    }
}
