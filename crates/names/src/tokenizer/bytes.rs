//! Words of bytes, as GPT-2 cuts them: each byte is written as a character that can be seen.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use super::Char;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Letter,
    Number,
    Blank,
    Other,
}

fn sort(c: char) -> Sort {
    if c.is_whitespace() {
        return Sort::Blank;
    }
    match c.general_category_group() {
        GeneralCategoryGroup::Letter => Sort::Letter,
        GeneralCategoryGroup::Number => Sort::Number,
        _ => Sort::Other,
    }
}

/// Endings that are cut off by themselves.
const ENDINGS: [&str; 7] = ["s", "t", "re", "ve", "m", "ll", "d"];

/// Hands on words, each byte as one character.
///
/// Source: the pattern of GPT-2,
/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
pub(super) fn words(chars: &[Char], prefix: bool, mut each: impl FnMut(&[Char])) {
    let mut given = Vec::with_capacity(chars.len() + 1);
    if prefix && chars.first().is_some_and(|first| !first.c.is_whitespace()) {
        given.push(Char {
            c: ' ',
            start: chars[0].start,
            end: chars[0].start,
        });
    }
    given.extend_from_slice(chars);
    let mut at = 0;
    let mut word = Vec::new();
    while at < given.len() {
        let end = end_of(&given, at);
        word.clear();
        for one in &given[at..end] {
            let mut buffer = [0; 4];
            for byte in one.c.encode_utf8(&mut buffer).bytes() {
                word.push(Char {
                    c: seen(byte),
                    ..*one
                });
            }
        }
        each(&word);
        at = end;
    }
}

fn end_of(chars: &[Char], at: usize) -> usize {
    let is = |at: usize, c: char| chars.get(at).is_some_and(|one| one.c == c);
    if is(at, '\'') {
        for ending in ENDINGS {
            if ending.chars().zip(at + 1..).all(|(c, place)| is(place, c)) {
                return at + 1 + ending.len();
            }
        }
    }
    let run = |from: usize, wanted: Sort| {
        chars[from..]
            .iter()
            .position(|one| sort(one.c) != wanted)
            .map_or(chars.len(), |length| from + length)
    };
    let first = at + usize::from(is(at, ' '));
    if let Some(one) = chars.get(first)
        && sort(one.c) != Sort::Blank
    {
        return run(first, sort(one.c));
    }
    let end = run(at, Sort::Blank);
    // The last blank belongs to the word behind it, unless it is all there is.
    match end < chars.len() && end > at + 1 {
        true => end - 1,
        false => end.max(at + 1),
    }
}

/// How a byte is written.
pub(super) fn seen(byte: u8) -> char {
    let is_seen = |byte: u8| matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
    if is_seen(byte) {
        return char::from(byte);
    }
    let before = (0..byte).filter(|other| !is_seen(*other)).count() as u32;
    char::from_u32(256 + before).unwrap_or(char::REPLACEMENT_CHARACTER)
}
