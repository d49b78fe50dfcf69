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
const ARTICLES: [&[u8]; 32] = [
    b"the", b"my", b"our", b"his", b"her", b"their", b"your", b"its", b"das", b"mein", b"unser",
    b"dein", b"ihr", b"sein", b"le", b"la", b"mon", b"ma", b"notre", b"votre", b"son", b"el",
    b"mi", b"su", b"tu", b"nuestra", b"il", b"mia", b"a", b"o", b"minha", b"het",
];
/// What may follow a name that a sentence is about.
const AFTER: [&[u8]; 14] = [
    b"of",
    b"for",
    b"to",
    b"on",
    b"in",
    b"at",
    b"and",
    b"but",
    b"now",
    b"f\xc3\xbcr",
    b"von",
    b"pour",
    b"de",
    b"para",
];

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
        if ARTICLES
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known))
        {
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
        Some(b' ') => AFTER.iter().any(|word| {
            let behind = rest[1..].strip_prefix(*word);
            behind.is_some_and(|behind| behind.first() == Some(&b' '))
        }),
        _ => false,
    }
}

/// The word before `at`, one blank between.
fn word_before(text: &[u8], low: usize, at: usize) -> Option<Range<usize>> {
    let end = at.checked_sub(1).filter(|end| text[*end] == b' ')?;
    let part = &text[low..end];
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
    use super::value;

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
}
