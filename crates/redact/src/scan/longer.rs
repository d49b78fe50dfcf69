//! Whether a value is a piece of something longer or a number of a program, which no personal number is.
//!
//! In: bytes and where a value stands that passed its pattern and its check. Out: yes or no. Not here: whether
//! a run of letters and digits goes on at its ends (`edges`), words around it (`context`).

/// Groups on either side that are looked at.
const GROUPS: usize = 8;
/// Bytes of a declaration before its value.
const DECLARATION: usize = 12;

/// Whether the value is some of the groups of a dump or a fingerprint, the middle of a list of numbers, or
/// a version.
pub(super) fn is_piece(text: &[u8], start: usize, end: usize) -> bool {
    let value = &text[start..end];
    // Most values begin or end otherwise.
    let is_hexadecimal = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    if !is_hexadecimal(value.first()) || !is_hexadecimal(value.last()) {
        return false;
    }
    let mut other = value.iter().filter(|byte| !byte.is_ascii_hexdigit());
    let Some(mark) = other.next().copied() else {
        return false;
    };
    let is_mark = |byte: &u8| b" \n:-.".contains(byte);
    if !is_mark(&mark) || !other.all(is_mark) {
        return false;
    }
    is_of_dump(text, start, end, mark) || mark == b'.' && is_version(text, start, end)
}

/// Whether groups of hexadecimal digits as long as the value's own go on at one of its ends: in a dump, where
/// some have letters; of two each, which make a fingerprint, whatever they are; of four with points behind
/// another point or a sign.
fn is_of_dump(text: &[u8], start: usize, end: usize, mark: u8) -> bool {
    let value = &text[start..end];
    let is_end = |byte: &u8| !byte.is_ascii_hexdigit();
    let first = value.iter().position(is_end).unwrap_or(value.len());
    let last = value.iter().rev().position(is_end).unwrap_or(value.len());
    if first != last || !matches!(first, 2 | 4 | 8) {
        return false;
    }
    let tells = |group: &[u8]| match (mark, first) {
        (b':' | b'-', 2) => true,
        _ => group.iter().any(u8::is_ascii_digit) && group.iter().any(u8::is_ascii_alphabetic),
    };
    // Most groups around a number have no letters, of which one tells.
    let has_letters = |part: &[u8]| part.iter().any(u8::is_ascii_alphabetic);
    let reach = GROUPS * (first + 1);
    let around = [
        &text[start.saturating_sub(reach)..start],
        &text[end..text.len().min(end + reach)],
    ];
    let may_tell = matches!((mark, first), (b':' | b'-', 2)) || around.into_iter().any(has_letters);
    let groups = if may_tell { GROUPS } else { 0 };
    let mut at = end;
    for _ in 0..groups {
        match group_behind(text, at, mark, first) {
            Some(group) if tells(group) => return true,
            Some(_) => at += 1 + first,
            None => break,
        }
    }
    let mut at = start;
    for _ in 0..groups {
        match group_before(text, at, mark, first) {
            Some(group) if tells(group) => return true,
            Some(_) => at -= 1 + first,
            None => break,
        }
    }
    mark == b'.' && start > 0 && matches!(text[start - 1], b'.' | b'*')
}

/// Whether this mark stands between the groups: of blanks, ends of lines are some.
fn parts(byte: u8, mark: u8) -> bool {
    byte == mark || matches!((byte, mark), (b' ' | b'\n', b' ' | b'\n'))
}

/// The hexadecimal group of this length that goes on behind `at`, one mark between.
fn group_behind(text: &[u8], at: usize, mark: u8, length: usize) -> Option<&[u8]> {
    let group = text.get(at + 1..at + 1 + length)?;
    let is_over = !text
        .get(at + 1 + length)
        .is_some_and(u8::is_ascii_alphanumeric);
    (parts(text[at], mark) && is_over && group.iter().all(u8::is_ascii_hexdigit)).then_some(group)
}

/// The same before `at`.
fn group_before(text: &[u8], at: usize, mark: u8, length: usize) -> Option<&[u8]> {
    let from = at.checked_sub(1 + length)?;
    let group = &text[from..at - 1];
    let is_first = from == 0 || !text[from - 1].is_ascii_alphanumeric();
    (parts(text[at - 1], mark) && is_first && group.iter().all(u8::is_ascii_hexdigit))
        .then_some(group)
}

/// `^4.17.23`, `@<=4.17.23`, `==2024.8.26`: three numbers with points behind a sign that versions have.
fn is_version(text: &[u8], start: usize, end: usize) -> bool {
    let value = &text[start..end];
    let points = value.iter().filter(|byte| **byte == b'.').count();
    let is_plain = value
        .iter()
        .all(|byte| byte.is_ascii_digit() || *byte == b'.');
    let before = text[..start].strip_suffix(b" ").unwrap_or(&text[..start]);
    let has_sign = match before {
        [.., b'=' | b'>' | b'<' | b'~' | b'!', b'='] | [.., b'~' | b'<', b'>'] => true,
        [.., b'^' | b'~' | b'@'] => before.len() == start,
        _ => false,
    };
    is_plain && points == 2 && has_sign
}

/// Whether a number is the value of a constant that has the type of a number: `PPSETFLAGS: u32 = 2147772699`.
/// What tells who somebody is has its zeros, signs and blanks, and is declared as a text.
pub(super) fn is_of_number_type(text: &[u8], start: usize) -> bool {
    const TYPES: [&[u8]; 12] = [
        b"u8", b"u16", b"u32", b"u64", b"u128", b"usize", b"i8", b"i16", b"i32", b"i64", b"i128",
        b"isize",
    ];
    let before = &text[start.saturating_sub(DECLARATION)..start];
    let Some(declared) = before.trim_ascii_end().strip_suffix(b"=") else {
        return false;
    };
    let declared = declared.trim_ascii_end();
    TYPES.iter().any(|name| {
        let rest = declared.strip_suffix(*name);
        rest.is_some_and(|rest| rest.trim_ascii_end().ends_with(b":"))
    })
}

#[cfg(test)]
mod tests {
    use super::{is_of_number_type, is_piece};

    #[track_caller]
    fn check(text: &str, value: &str, expected: bool) {
        let start = text.find(value).unwrap();
        let found = is_piece(text.as_bytes(), start, start + value.len());
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn groups_that_go_on_are_a_piece_of_a_dump() {
        check("943E\n5457 5504 7999\n5954 CCD2", "5457 5504 7999", true);
        check("9003 6843 9676 5555 68BC", "6843 9676 5555", true);
        check("[.2218.0020.0008]", "2218.0020.0008", true);
        check("[*0316.001F.0002]", "0316.001F.0002", true);
        check("25:FE:39:32:D9:63:8C:8A:FC", "25:FE:39:32:D9:63", true);
        check("98:EA:22:6A:BD:8B:93", "EA:22:6A:BD:8B:93", true);
        check(
            "card 4111 1111 1111 1111 1225",
            "4111 1111 1111 1111",
            false,
        );
        check("pan 4111 1111 1111 1111 visa", "4111 1111 1111 1111", false);
        check("mac:00:1A:2B:3C:4D:5E, up", "00:1A:2B:3C:4D:5E", false);
        check("ssn 123-45-6789 12ab", "123-45-6789", false);
    }

    #[test]
    fn a_sign_of_comparison_before_three_numbers_makes_a_version() {
        check("\"lodash\": \"^4.12.23\"", "4.12.23", true);
        check("pip install \"pefile==2024.8.26\"", "2024.8.26", true);
        check("lodash@<=4.12.23", "4.12.23", true);
        check("due >= 12.03.24", "12.03.24", true);
        check("geboren: 12.03.24", "12.03.24", false);
        check("<td>12.03.24", "12.03.24", false);
    }

    #[test]
    fn a_constant_with_the_type_of_a_number_holds_no_persons_number() {
        let check = |text: &str, expected: bool| {
            let start = text.find("322").unwrap();
            assert_eq!(is_of_number_type(text.as_bytes(), start), expected);
        };
        check("pub const CALL: u32 = 3223614225;", true);
        check("let x:i64=3223614225;", true);
        check("phone: 3223614225", false);
        check("const PHONE: &str = \"3223614225\"", false);
    }
}
