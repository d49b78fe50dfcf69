//! Rows of a statement of a database that puts them into a table: `INSERT INTO t (a, b) VALUES (1, 'x')`, and
//! `COPY t (a, b) FROM stdin` with its lines, as PostgreSQL writes a dump.
//!
//! In: where a word stands in a text. Out: where the values of its column stand, when the word is the name
//! of a column in such a list. Not here: tables of plain text (`columns`).

use std::ops::Range;

use crate::matchers::begins;

/// Bytes of the names of the columns, of a row, and rows that are looked at.
const NAMES: usize = 1_024;
/// Bytes of one name on each side of a word in it, with what stands around it.
const NAME: usize = 64;
const ROW: usize = 4_096;
const ROWS: usize = 10_000;
/// What stands behind the names of the columns where lines are copied.
const STDIN: &[u8] = b"from stdin";

/// Returns the values of the column that the word at `start..end` names, each without quotes; none where it
/// names none. `budget` is how many bytes may be gone through, and is less what was.
pub(super) fn below(
    text: &[u8],
    (start, end): (usize, usize),
    budget: &mut usize,
) -> Vec<Range<usize>> {
    let is_name = |byte: &u8| {
        byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || b"_,\"`[].".contains(byte)
    };
    let none = Vec::new();
    if !is_listed(text, start, end) {
        return none;
    }
    let before = &text[start.saturating_sub(NAMES)..start];
    let names = before.iter().rev().take_while(|byte| is_name(byte)).count();
    if !before[..before.len() - names].ends_with(b"(") {
        return none;
    }
    let number = before[before.len() - names..]
        .iter()
        .filter(|byte| **byte == b',')
        .count();
    let rest = &text[end..text.len().min(end + NAMES)];
    let names = rest.iter().take_while(|byte| is_name(byte)).count();
    if rest.get(names) != Some(&b')') {
        return none;
    }
    let count = number + 1 + rest[..names].iter().filter(|byte| **byte == b',').count();
    let mut at = skip(text, end + names + 1);
    let word = text.get(at..at + 6);
    if !word.is_some_and(|word| word.eq_ignore_ascii_case(b"values")) {
        if begins(&text[at..], STDIN) {
            return copied(text, at, (number, count), budget);
        }
        return none;
    }
    at += 6;
    let mut found = Vec::new();
    for _ in 0..ROWS {
        at = skip(text, at);
        let Some((values, behind)) = row(text, at, budget) else {
            break;
        };
        if values.len() == count {
            found.push(values[number].clone());
        }
        at = skip(text, behind);
        if text.get(at) != Some(&b',') {
            break;
        }
        at += 1;
    }
    found
}

/// The cells of a column in the lines that are copied, up to the one that ends them.
fn copied(
    text: &[u8],
    at: usize,
    (number, count): (usize, usize),
    budget: &mut usize,
) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let Some(mut from) = memchr::memchr(b'\n', &text[at..]).map(|end| at + end + 1) else {
        return found;
    };
    for _ in 0..ROWS {
        let rest = &text[from..text.len().min(from + ROW.min(*budget))];
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = &rest[..length];
        *budget -= length;
        let cells = line.iter().filter(|byte| **byte == b'\t').count() + 1;
        if cells != count || line.starts_with(b"\\.") {
            break;
        }
        let mut start = from;
        for cell in line.split(|byte| *byte == b'\t').take(number) {
            start += cell.len() + 1;
        }
        let behind = &text[start..from + length];
        let end = memchr::memchr(b'\t', behind).unwrap_or(behind.len());
        if &behind[..end] != b"\\N" {
            found.push(start..start + end);
        }
        from += length + 1;
        if from >= text.len() {
            break;
        }
    }
    found
}

/// Whether the name that the word at `start..end` is part of stands between commas or brackets: most words do
/// not, and that is told by a few bytes.
fn is_listed(text: &[u8], start: usize, end: usize) -> bool {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    let is_around = |byte: &&u8| byte.is_ascii_whitespace() || b"\"`[]".contains(byte);
    let before = &text[start.saturating_sub(NAME)..start];
    let behind = &text[end..text.len().min(end + NAME)];
    let last = before
        .iter()
        .rev()
        .skip_while(is_part)
        .find(|byte| !is_around(byte));
    let next = behind
        .iter()
        .skip_while(is_part)
        .find(|byte| !is_around(byte));
    last.is_some_and(|byte| b".,(".contains(byte)) && next.is_some_and(|byte| b",)".contains(byte))
}

fn skip(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let is_blank = |byte: &&u8| byte.is_ascii_whitespace();
    at + rest.iter().take(ROW).take_while(is_blank).count()
}

/// The values of the row whose bracket opens there, and what is behind it.
fn row(text: &[u8], at: usize, budget: &mut usize) -> Option<(Vec<Range<usize>>, usize)> {
    if text.get(at) != Some(&b'(') {
        return None;
    }
    let stop = text.len().min(at + ROW.min(*budget));
    let (mut values, mut from, mut depth, mut quoted) = (Vec::new(), at + 1, 0, false);
    for here in at + 1..stop {
        match text[here] {
            b'\'' => quoted = !quoted,
            _ if quoted => {}
            b'(' => depth += 1,
            b')' if depth > 0 => depth -= 1,
            byte @ (b',' | b')') if depth == 0 => {
                values.push(super::trimmed(text, from..here));
                from = here + 1;
                if byte == b')' {
                    *budget -= here - at;
                    return Some((values, here + 1));
                }
            }
            _ => {}
        }
    }
    *budget -= stop.saturating_sub(at);
    None
}

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn the_values_of_a_column_stand_in_the_rows_that_are_inserted() {
        let check = |text: &str, word: &str, expected: &[&str]| {
            let start = text.find(word).unwrap();
            let place = (start, start + word.len());
            let found = below(text.as_bytes(), place, &mut 10_000);
            let found: Vec<&str> = found.into_iter().map(|cell| &text[cell]).collect();
            assert_eq!(found, expected, "{text}");
        };
        let rows = "INTO t (id, `pin`) VALUES (1, 'a, (b)'),\n (now(2), 'c');";
        check(rows, "pin", &["a, (b)", "c"]);
        check(rows, "id", &["1", "now(2)"]);
        check("into t (pin)\nvalues ('a')", "pin", &["a"]);
        check("f(a, pin) values (1, 2, 3)", "pin", &[]);
        let dump = "COPY t (id, pin) FROM stdin;\n1\ta b\n2\t\\N\n3\tc\n\\.\n4\td\n";
        check(dump, "pin", &["a b", "c"]);
        check(dump, "id", &["1", "2", "3"]);
        check("COPY t (id, pin) FROM stdin", "pin", &[]);
        check("f(a, pin) + g(1, 2)", "pin", &[]);
        check("(a, pin) VALUES (1, 'open", "pin", &[]);
    }
}
