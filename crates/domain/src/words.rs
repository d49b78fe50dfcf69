//! What the words of a text are, and whether a text holds words: the one rule by which a record is
//! found, whether it is read or looked up in the search index.
//!
//! A word is a run of letters and digits, without case and marks: `Renée’s` is `renee` and `s`.
//! Chinese and Japanese, which write no spaces, count each character as a word. In: texts; a
//! record's bytes. Out: words in order. Not here: keeping an index (the store).

use serde::{Deserialize, Serialize};
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

use crate::exchange::Exchange;
use crate::formats::{Format, exchange};

/// Changes when the same record gives other words: an index that was made by another rule is made
/// anew.
pub const RULE: u32 = 1;

/// The most words of one search term.
pub const MOST: usize = 64;

/// Bytes of the longest word; a longer run is no word but a key or data.
const LONGEST: usize = 64;
/// Characters without a space from which on a stretch of base64 is data and no text.
const BASE64: usize = 160;

/// Words that a text must hold one after the other. Never empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Words {
    words: Vec<String>,
    is_prefix: bool,
}

/// Why a search term can't be searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoWords {
    /// It holds neither letter nor digit.
    Empty,
    /// It holds more than [`MOST`].
    TooMany,
}

impl Words {
    /// The words of `text`; with `is_prefix` the last one is only the beginning of a word.
    ///
    /// # Errors
    /// [`NoWords`].
    pub fn of(text: &str, is_prefix: bool) -> Result<Self, NoWords> {
        let mut words = Vec::new();
        for_each(text, &mut |word| words.push(word.to_owned()));
        match words.len() {
            0 => Err(NoWords::Empty),
            count if count > MOST => Err(NoWords::TooMany),
            _ => Ok(Self { words, is_prefix }),
        }
    }

    /// The words in order: letters and digits only.
    pub fn list(&self) -> &[String] {
        &self.words
    }

    /// Whether the last one is only the beginning of a word.
    pub fn is_prefix(&self) -> bool {
        self.is_prefix
    }

    /// Whether these stand one after the other in one of the texts.
    pub fn are_in<T: AsRef<str>>(&self, texts: &[T]) -> bool {
        texts.iter().any(|text| {
            let mut search = Search::new(self);
            let mut found = false;
            for_each(text.as_ref(), &mut |word| {
                found = search.takes(word) || found
            });
            found
        })
    }

    /// Where in `text` these stand, in bytes, each place once, in order.
    pub fn places_in(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        let mut search = Search::new(self);
        let mut starts = Vec::new();
        let mut places: Vec<std::ops::Range<usize>> = Vec::new();
        for_each_at(text, &mut |word, start, end| {
            starts.push(start);
            if search.takes(word)
                && let Some(from) = starts.len().checked_sub(self.words.len())
                && places.last().is_none_or(|last| last.end <= starts[from])
            {
                places.push(starts[from]..end);
            }
        });
        places
    }
}

/// Words in one text, looked for while they are read: the shift-and way, a bit for each word.
struct Search<'a> {
    wanted: &'a Words,
    reached: u64,
}

impl<'a> Search<'a> {
    fn new(wanted: &'a Words) -> Self {
        Self { wanted, reached: 0 }
    }

    /// Takes the next word of the text; whether all were found with it.
    fn takes(&mut self, word: &str) -> bool {
        let words = &self.wanted.words;
        let last = words.len() - 1;
        let fits = words.iter().enumerate().fold(0_u64, |bits, (index, own)| {
            let fits = match index == last && self.wanted.is_prefix {
                true => word.starts_with(own.as_str()),
                false => word == own,
            };
            bits | u64::from(fits) << index
        });
        self.reached = (self.reached << 1 | 1) & fits;
        self.reached >> last & 1 == 1
    }
}

/// Gives each word of `text` in order.
pub fn for_each(text: &str, give: &mut dyn FnMut(&str)) {
    for_each_at(text, &mut |word, _, _| give(word));
}

/// Gives each word of `text` in order, with where it stands in bytes.
fn for_each_at(text: &str, give: &mut dyn FnMut(&str, usize, usize)) {
    let mut word = String::new();
    let mut start = 0;
    let mut skip_to = 0;
    let mut after_space = true;
    let mut end = 0;
    for (at, character) in text.char_indices() {
        if at < skip_to {
            continue;
        }
        if after_space
            && !character.is_whitespace()
            && let Some(length) = base64_at(&text[at..])
        {
            skip_to = at + length;
            after_space = false;
            continue;
        }
        after_space = character.is_whitespace();
        if character.is_ascii() {
            if character.is_ascii_alphanumeric() {
                if word.is_empty() {
                    start = at;
                }
                word.push(character.to_ascii_lowercase());
                end = at + 1;
            } else {
                flush(&mut word, start, end, give);
            }
            continue;
        }
        decompose_compatible(character, |part| {
            for part in part.to_lowercase() {
                if is_combining_mark(part) {
                    continue;
                }
                if !part.is_alphanumeric() {
                    flush(&mut word, start, end, give);
                    continue;
                }
                if stands_alone(part) {
                    flush(&mut word, start, end, give);
                }
                if word.is_empty() {
                    start = at;
                }
                // The sigma at the end of a word is the same letter.
                word.push(if part == 'ς' { 'σ' } else { part });
                end = at + character.len_utf8();
                if stands_alone(part) {
                    flush(&mut word, start, end, give);
                }
            }
        });
    }
    flush(&mut word, start, end, give);
}

fn flush(word: &mut String, start: usize, end: usize, give: &mut dyn FnMut(&str, usize, usize)) {
    if !word.is_empty() && word.len() <= LONGEST {
        give(word, start, end);
    }
    word.clear();
}

/// Characters of scripts without spaces.
fn stands_alone(character: char) -> bool {
    matches!(character,
        '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// The length of the base64 that `text` begins with, where it is too long for a word of any text.
fn base64_at(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is_data = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=-_".contains(byte);
    // Most words end within a few characters, so that this is cheap.
    let length = bytes.iter().take_while(|byte| is_data(byte)).count();
    (length >= BASE64).then_some(length)
}

/// The texts of a record in which words are searched: what was said, field by field; where the
/// source holds none of it, every string of the record.
pub fn texts_of(format: Option<Format>, raw: &[u8]) -> Vec<String> {
    let said = format.map_or_else(Exchange::default, |format| exchange(format, raw));
    if said.request.is_some() || said.response.is_some() {
        return said.texts().into_iter().map(|part| part.text).collect();
    }
    let mut texts = Vec::new();
    if let Ok(value) = serde_json::from_slice(raw) {
        strings(value, &mut texts);
    }
    texts
}

fn strings(value: serde_json::Value, texts: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => texts.push(text),
        serde_json::Value::Array(items) => {
            items.into_iter().for_each(|item| strings(item, texts));
        }
        serde_json::Value::Object(fields) => {
            fields
                .into_iter()
                .for_each(|(_, field)| strings(field, texts));
        }
        _ => {}
    }
}

/// Whether the texts of a record hold these words.
pub fn record_holds(format: Option<Format>, raw: &[u8], words: &Words) -> bool {
    if may_be_told_from_bytes(format, raw, words) {
        let lower = raw.to_ascii_lowercase();
        let is_there = |word: &String| memchr::memmem::find(&lower, word.as_bytes()).is_some();
        if !words.words.iter().all(is_there) || !may_follow(&lower, &words.words) {
            return false;
        }
    }
    words.are_in(&texts_of(format, raw))
}

/// Whether a record that holds the words must hold their bytes: nothing in it is escaped, encoded
/// or put together from pieces. Most records that don't match end with that.
fn may_be_told_from_bytes(format: Option<Format>, raw: &[u8], words: &Words) -> bool {
    let has = |bytes: &[u8]| memchr::memmem::find(raw, bytes).is_some();
    !matches!(format, Some(Format::Har | Format::Cassette))
        && words.words.iter().all(|word| word.is_ascii())
        && raw.is_ascii()
        && !has(b"\\u")
        && !has(b"delta")
}

/// Whether these words may stand one after the other in bytes of JSON: between two of them is nothing but
/// signs, escapes, and what is too long for a word.
fn may_follow(bytes: &[u8], words: &[String]) -> bool {
    let Some((first, rest)) = words.split_first() else {
        return true;
    };
    memchr::memmem::find_iter(bytes, first.as_bytes()).any(|start| {
        let mut at = start + first.len();
        for word in rest {
            match after_gap(bytes, at) {
                None => return true,
                Some(next) if next == at => return false,
                Some(next) => {
                    // Behind a backslash may stand an escape, or the word itself.
                    let begins = [next, next - 1]
                        .into_iter()
                        .find(|at| bytes[*at..].starts_with(word.as_bytes()));
                    let Some(begin) = begins else { return false };
                    at = begin + word.len();
                }
            }
        }
        true
    })
}

/// Where the next word begins, `at` where one goes on there; `None` where a run begins that may be no word.
fn after_gap(bytes: &[u8], mut at: usize) -> Option<usize> {
    while let Some(byte) = bytes.get(at) {
        if byte.is_ascii_alphanumeric() {
            let letters = bytes[at..]
                .iter()
                .take_while(|byte| byte.is_ascii_alphanumeric() || b"+/=-_".contains(byte));
            return (letters.count() <= LONGEST).then_some(at);
        }
        let is_escape = *byte == b'\\'
            && bytes
                .get(at + 1)
                .is_some_and(|next| b"ntrbf".contains(next));
        at += if is_escape { 2 } else { 1 };
    }
    Some(at)
}
