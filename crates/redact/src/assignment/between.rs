//! Words between a name and its value: `password is x`, `ssn for the patient is x`.
//!
//! In: where a name ends. Out: where the value begins that only words lead to. Not here: signs
//! (`assignment`).

use super::{NAME, in_name};

/// Words between a name and its value, longer ones first.
const IS: [&str; 21] = [
    "is set to",
    "was set to",
    "set to",
    "is:",
    "is",
    "was",
    "were",
    "of",
    "to jest",
    "to",
    "lautet",
    "ist",
    "est",
    "c'est",
    "es",
    "è",
    "é",
    "är",
    "er",
    "jest",
    "je",
];

/// Only words stand between: `password is x`, `--password x`, `password 'x'`.
pub(super) fn words(text: &[u8], from: usize) -> Option<usize> {
    // `the password's x`
    let mut at = from + 2 * usize::from(text[from..].starts_with(b"'s "));
    if !matches!(text.get(at), Some(b' ' | b'\t')) {
        return None;
    }
    let skip = |mut at: usize| {
        while matches!(text.get(at), Some(b' ' | b'\t')) {
            at += 1;
        }
        at
    };
    at = skip(at);
    at = skip(purpose(text, at));
    let is_it = |word: &&str| {
        text[at..].starts_with(word.as_bytes()) && text.get(at + word.len()) == Some(&b' ')
    };
    // Most words are none of these, which their first letter tells.
    let may_be = matches!(
        text.get(at),
        Some(b'c' | b'e' | b'i' | b'j' | b'l' | b'o' | b's' | b't' | b'w' | 0xC3)
    );
    match IS.iter().find(|word| may_be && is_it(word)) {
        Some(word) => Some(skip(at + word.len())),
        None => Some(at),
    }
}

/// Behind what a value is for, where `is` follows: `for the staging server`.
fn purpose(text: &[u8], at: usize) -> usize {
    let rest = &text[at..(at + NAME).min(text.len())];
    if ![&b"for "[..], b"of ", b"on ", b"in "]
        .iter()
        .any(|word| rest.starts_with(word))
    {
        return at;
    }
    let words = rest
        .iter()
        .take_while(|byte| in_name(**byte) || **byte == b' ')
        .count();
    memchr::memmem::find(&rest[..words], b" is ").map_or(at, |is| at + is)
}
