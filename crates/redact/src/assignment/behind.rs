//! A value in front of its name: `x is the password of the server`, `x ist das Passwort`.
//!
//! In: where a name stands. Out: where the value stands that a sentence gives that name. Not here: values
//! behind their names (`between`, signs in `assignment`), whether the value is a secret (`secrecy`).

use std::ops::Range;

/// Bytes before a name in which its sentence says so.
const BEFORE: usize = 120;
/// Words between the article and the name: `the new admin password`.
const KINDS: usize = 3;
/// What joins a value and its name, and what stands before the name.
const IS: [&[u8]; 10] = [
    b"is",
    b"was",
    b"are",
    b"ist",
    b"war",
    b"est",
    b"es",
    "\u{e8}".as_bytes(),
    "\u{e9}".as_bytes(),
    b"jest",
];
const ARTICLES: [u64; 32] = [
    short(b"the"),
    short(b"my"),
    short(b"our"),
    short(b"his"),
    short(b"her"),
    short(b"their"),
    short(b"your"),
    short(b"its"),
    short(b"das"),
    short(b"mein"),
    short(b"unser"),
    short(b"dein"),
    short(b"ihr"),
    short(b"sein"),
    short(b"le"),
    short(b"la"),
    short(b"mon"),
    short(b"ma"),
    short(b"notre"),
    short(b"votre"),
    short(b"son"),
    short(b"el"),
    short(b"mi"),
    short(b"su"),
    short(b"tu"),
    short(b"nuestra"),
    short(b"il"),
    short(b"mia"),
    short(b"a"),
    short(b"o"),
    short(b"minha"),
    short(b"het"),
];
/// What may follow a name that a sentence is about.
const AFTER: [u64; 14] = [
    short("f\u{fc}r".as_bytes()),
    short(b"of"),
    short(b"for"),
    short(b"to"),
    short(b"on"),
    short(b"in"),
    short(b"at"),
    short(b"and"),
    short(b"but"),
    short(b"now"),
    short(b"von"),
    short(b"pour"),
    short(b"de"),
    short(b"para"),
];

/// A word of eight letters at most as a number, its capitals as small letters; 0 of a longer one.
const fn short(word: &[u8]) -> u64 {
    let mut number = 0;
    let mut at = 0;
    while at < word.len() && word.len() <= 8 {
        number = number << 8 | word[at].to_ascii_lowercase() as u64;
        at += 1;
    }
    number
}

/// Where the value stands that a sentence calls by the name at `from..end`.
pub(super) fn value(text: &[u8], from: usize, end: usize) -> Option<Range<usize>> {
    // Most names have no article before them.
    if from == 0 || text[from - 1] != b' ' || !goes_on(&text[end..]) {
        return None;
    }
    let low = from.saturating_sub(BEFORE);
    let mut at = from;
    let mut article = false;
    for _ in 0..=KINDS {
        let word = word_before(text, low, at)?;
        at = word.start;
        let is_inner = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-' || *byte >= 0x80;
        let word = &text[word];
        if ARTICLES.contains(&short(word)) {
            article = true;
            break;
        }
        if !word.iter().all(is_inner) {
            return None;
        }
    }
    let is = word_before(text, low, at).filter(|_| article)?;
    if !IS.contains(&&text[is.clone()]) {
        return None;
    }
    let mut value = word_before(text, low, is.start)?;
    let is_quote = |byte: u8| matches!(byte, b'"' | b'\'' | b'`');
    if is_quote(text[value.start]) && value.len() > 2 && text[value.end - 1] == text[value.start] {
        value = value.start + 1..value.end - 1;
    }
    Some(value)
}

/// Whether a sentence ends or goes on there so that the name before is what it is about, and not the
/// beginning of `password policy`.
fn goes_on(rest: &[u8]) -> bool {
    match rest.first() {
        None | Some(b'.' | b',' | b';' | b'!' | b'?' | b')' | b'\n' | b'\r' | b'"') => true,
        Some(b' ') => {
            let word = &rest[1..rest.len().min(8)];
            let length = word.iter().position(|byte| *byte == b' ');
            length.is_some_and(|length| AFTER.contains(&short(&word[..length])))
        }
        _ => false,
    }
}

/// The word before `at`, one blank between, of which nothing stands before `low`.
fn word_before(text: &[u8], low: usize, at: usize) -> Option<Range<usize>> {
    let end = at.checked_sub(1).filter(|end| text[*end] == b' ')?;
    // The blank itself may be what stands before it.
    let part = text.get(low..end)?;
    let from = part
        .iter()
        .rposition(|byte| byte.is_ascii_whitespace())
        .map_or(low, |at| low + at + 1);
    // What was cut off at the front is no word.
    let is_cut = from == low && low > 0 && !text[low - 1].is_ascii_whitespace();
    (from < end && !is_cut).then_some(from..end)
}

#[cfg(test)]
mod tests {
    use super::{BEFORE, value};

    #[test]
    fn a_sentence_may_name_what_stands_before() {
        let check = |text: &str, expected: Option<&str>| {
            let from = text.rfind("passwor").unwrap();
            let found = value(text.as_bytes(), from, from + "password".len());
            assert_eq!(found.map(|range| &text[range]), expected, "{text}");
        };
        check("hunter2 is the password of bob", Some("hunter2"));
        check("so \"x9 kQ\" was my old password", Some("kQ\""));
        check(
            "use `x9kQ2`: x9kQ2 is our new wifi password.",
            Some("x9kQ2"),
        );
        check("'x9kQ2' is the password", Some("x9kQ2"));
        check("x9kQ2 is the password policy", None);
        check("x9kQ2 is password", None);
        check("the password of bob", None);
    }

    #[test]
    fn a_word_may_begin_where_no_more_is_looked_at() {
        for length in 0..2 * BEFORE {
            let text = format!("so hunter2 is the {} password", "a".repeat(length));
            let from = text.len() - "password".len();
            let found = value(text.as_bytes(), from, text.len());
            assert!(
                found.is_none_or(|range| &text[range] == "hunter2"),
                "{text}"
            );
        }
    }
}
