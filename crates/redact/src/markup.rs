//! Tags of HTML and XML between a name and its value.
//!
//! In: where a name stands in a text, or the heading of a column. Out: where its value begins, or the
//! cells of the column. Not here: `<name>value</name>`, which the assignment reads as it reads other
//! signs (`assignment`), tables of plain text (`columns`).

use std::ops::Range;

use crate::matchers::begins;

/// Bytes of a tag with its attributes, and of what stands in a cell.
const TAG: usize = 200;
const CELL: usize = 400;
/// Tags between a name and its value.
const TAGS: usize = 6;
/// Bytes before a heading in which its row begins.
const ROW: usize = 2_048;
/// Bytes of a table that are looked at below its headings.
const TABLE: usize = 256 << 10;

/// Tags of a form.
const FIELDS: [&[u8]; 4] = [b"input", b"button", b"select", b"textarea"];

/// Where the value begins that tags put behind the name at `from..end`: `<name type="x">value`,
/// `<th>name</th><td>value`, `<label>name:</label> <b>value`.
pub(crate) fn value(text: &[u8], from: usize, end: usize) -> Option<usize> {
    if text.get(end)?.is_ascii_whitespace() {
        return attributes(text, from, end);
    }
    let mut at = end;
    while text[at..].len() > 1 && b" .:#*".contains(&text[at]) && at < end + 6 {
        at += 1;
    }
    let mut closed: Option<&[u8]> = None;
    let mut opened: Option<&[u8]> = None;
    for _ in 0..TAGS {
        let Some((name, closes, next)) = tag(text, at) else {
            break;
        };
        // A row that ends behind the name, and a heading that stands beside another, hold no value of it.
        let is_end = closes && name.eq_ignore_ascii_case(b"tr");
        let is_heading = !closes && name.eq_ignore_ascii_case(b"th");
        // What somebody fills in has its value in an attribute.
        let is_field = !closes && FIELDS.iter().any(|field| name.eq_ignore_ascii_case(field));
        if is_end || is_heading || is_field || opened.is_none() && closed.is_none() && !closes {
            return None;
        }
        if closes {
            closed = Some(name);
        } else {
            opened = Some(name);
        }
        at = next + blanks(text, next);
    }
    let is_value = closed.is_some() && opened.is_some() && text.get(at) != Some(&b'<');
    is_value.then_some(at)
}

/// Behind the attributes of a tag that is called so: `<name type="x">`.
fn attributes(text: &[u8], from: usize, end: usize) -> Option<usize> {
    let before = text[..from].iter().rev().take(24);
    let space = before.take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b':');
    let opens = from.checked_sub(space.count() + 1)?;
    if text[opens] != b'<' || (opens + 1 < from && text[from - 1] != b':') {
        return None;
    }
    let (_, _, next) = tag(text, opens)?;
    let is_alone = text[..next].ends_with(b"/>") || next <= end;
    (!is_alone).then_some(next)
}

/// The name of the tag that begins there, whether it closes, and what is behind it.
fn tag(text: &[u8], at: usize) -> Option<(&[u8], bool, usize)> {
    let rest = text.get(at..)?.strip_prefix(b"<")?;
    let rest = &rest[..rest.len().min(TAG)];
    let closes = rest.first() == Some(&b'/');
    let name = &rest[usize::from(closes)..];
    let length = name
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || b":-_.".contains(byte))
        .count();
    let stop = memchr::memchr2(b'>', b'<', rest)?;
    let is_tag = name.first().is_some_and(u8::is_ascii_alphabetic) && rest[stop] == b'>';
    is_tag.then_some((&name[..length], closes, at + 1 + stop + 1))
}

fn blanks(text: &[u8], at: usize) -> usize {
    let rest = &text[at..];
    rest.iter()
        .take(TAG)
        .take_while(|byte| byte.is_ascii_whitespace())
        .count()
}

/// The cells below the heading that the word at `start..end` is part of, without the tags around what
/// they hold. `budget` is how many bytes may be gone through, and is less what was.
pub(crate) fn column(
    text: &[u8],
    (start, end): (usize, usize),
    budget: &mut usize,
) -> Vec<Range<usize>> {
    let none = Vec::new();
    let low = start.saturating_sub(ROW);
    let Some(row) = row_before(&text[low..start]).map(|at| low + at) else {
        return none;
    };
    // The heading stands in a cell of that row, and nothing but it.
    let (cells, row_end) = row_of(text, row);
    let Some(number) = cells
        .iter()
        .position(|cell| cell.start <= start && end <= cell.end && cell.len() < 64)
    else {
        return none;
    };
    if cells.len() < 2 {
        return none;
    }
    let stop = text.len().min(row_end + TABLE.min(*budget));
    let stop = find_tag(&text[row_end..stop], b"/table").map_or(stop, |at| row_end + at);
    *budget -= stop - row_end;
    let mut found = Vec::new();
    let mut at = row_end;
    while let Some(next) = find_tag(&text[at..stop], b"tr").map(|next| at + next) {
        let (row, row_end) = row_of(&text[..stop], next);
        if row.len() == cells.len() {
            found.push(row[number].clone());
        }
        at = row_end.max(next + 3);
    }
    found
}

/// Whether a tag is called so, in whatever case, where `<` stands.
fn is_called(text: &[u8], at: usize, name: &[u8]) -> bool {
    begins(&text[at + 1..], name)
}

/// Where the last row begins.
fn row_before(text: &[u8]) -> Option<usize> {
    memchr::memrchr_iter(b'<', text).find(|at| is_called(text, *at, b"tr"))
}

/// Where the first tag of this name begins.
fn find_tag(text: &[u8], name: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'<', text).find(|at| is_called(text, *at, name))
}

/// The cells of the row that begins at `from`, and where it ends.
fn row_of(text: &[u8], from: usize) -> (Vec<Range<usize>>, usize) {
    let mut cells = Vec::new();
    let mut at = from;
    let mut open = None;
    while let Some(next) = memchr::memchr(b'<', &text[at..]).map(|next| at + next) {
        let Some((name, closes, behind)) = tag(text, next) else {
            at = next + 1;
            continue;
        };
        let is = |what: &[u8]| name.eq_ignore_ascii_case(what);
        if is(b"td") || is(b"th") || is(b"tr") || is(b"table") || is(b"tbody") {
            if let Some(start) = open.take() {
                cells.push(inside(text, start..next));
            }
            if !closes && (is(b"td") || is(b"th")) {
                open = Some(behind);
            } else if next > from && !is(b"td") && !is(b"th") {
                return (cells, next);
            }
        }
        at = behind;
        if open.is_some_and(|start| at - start > CELL) {
            break;
        }
    }
    (cells, at)
}

/// What a cell holds, without blanks and tags around it.
fn inside(text: &[u8], cell: Range<usize>) -> Range<usize> {
    let Range { mut start, mut end } = cell;
    loop {
        start += blanks(&text[..end], start);
        match tag(&text[..end], start) {
            Some((_, _, next)) => start = next,
            None => break,
        }
    }
    loop {
        end = start + text[start..end].trim_ascii_end().len();
        let last = memchr::memrchr(b'<', &text[start..end]).map(|at| start + at);
        match last {
            Some(last) if text[end - 1] == b'>' => end = last,
            _ => break,
        }
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::{column, value};

    #[test]
    fn a_value_may_stand_behind_the_tags_of_its_label() {
        let check = |text: &str, name: &str, expected: Option<&str>| {
            let from = text.find(name).unwrap();
            let found = value(text.as_bytes(), from, from + name.len());
            assert_eq!(found.map(|at| &text[at..]), expected, "{text}");
        };
        check("<th>SSN</th><td>12</td>", "SSN", Some("12</td>"));
        check(
            "<td class=\"l\">SSN:</td>\n <td><b>12</b></td>",
            "SSN",
            Some("12</b></td>"),
        );
        check("<dt>SSN</dt><dd>12</dd>", "SSN", Some("12</dd>"));
        check("<pin type=\"s\">12</pin>", "pin", Some("12</pin>"));
        check("<n:pin a=\"s\">12</n:pin>", "pin", Some("12</n:pin>"));
        check("<th>SSN</th><th>Name</th>", "SSN", None);
        check("<td>SSN</td></tr><tr><td>12</td>", "SSN", None);
        check("<pin type=\"s\"/>12", "pin", None);
        check("a pin b>12", "pin", None);
        check("<label>PIN:</label><input><button>Go", "PIN", None);
    }

    #[test]
    fn the_cells_of_a_column_stand_below_its_heading() {
        let table = "<table><tr><th>#</th><th>SSN</th></tr>\n<tr><td>1</td><td><b> 12 </b></td></tr><tr><td>2</td><td>34</td></tr></table><tr><td>3</td><td>56</td></tr>";
        let start = table.find("SSN").unwrap();
        let mut budget = 10_000;
        let found = column(table.as_bytes(), (start, start + 3), &mut budget);
        let found: Vec<&str> = found.into_iter().map(|cell| &table[cell]).collect();
        assert_eq!(found, ["12", "34"]);
        assert!(budget < 10_000);
        let table = table.to_ascii_uppercase();
        assert_eq!(
            column(table.as_bytes(), (start, start + 3), &mut budget).len(),
            2
        );
    }
}
