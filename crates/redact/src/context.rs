//! What stands around a candidate: words that speak for it, words that speak against it, and
//! whether it lies in a placeholder that an operator put there.
//!
//! In: the words that the pass over the literals saw. Out: one of three answers. Not here: which
//! words a recognizer knows (its data).

use std::ops::Range;

use crate::recognizers::set::Set;
use crate::recognizers::{At, Recognizer};

use columns::{Headers, column};

pub(crate) mod columns;

/// A context word where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) literal: u16,
}

/// What was found around a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Near {
    Nothing,
    /// This literal speaks for it.
    Word(u16),
    /// This one speaks for a person's number of some State.
    General(u16),
    Against,
}

/// What a context word adds to the score.
pub(crate) const SCORE: f32 = 0.35;
/// What a word adds that is said of the numbers of many States.
pub(crate) const SCORE_GENERAL: f32 = 0.2;
/// Words for a person's number of any State. Where one stands, every number with a check is tried.
pub(crate) const GENERAL: [&str; 44] = [
    "national id",
    "national identity",
    "national identification",
    "national number",
    "national insurance",
    "identity number",
    "identity no",
    "identity card",
    "identification number",
    "id number",
    "id no",
    "id card",
    "personal id",
    "personal number",
    "personal code",
    "personal identification",
    "citizen id",
    "citizen number",
    "citizen card",
    "social security",
    "social insurance",
    "tax id",
    "tax number",
    "tax no",
    "tax code",
    "taxpayer",
    "tax identification",
    "fiscal number",
    "fiscal code",
    "government id",
    "pension number",
    "ausweisnummer",
    "steuernummer",
    "identifikationsnummer",
    "numéro fiscal",
    "numéro d'identité",
    "numéro d'identification",
    "documento de identidad",
    "número de identificación",
    "número fiscal",
    "documento d'identità",
    "identiteitsnummer",
    "numer identyfikacyjny",
    "cédula",
];
/// Bytes before and after a candidate in which words count.
const BEFORE: usize = 64;
const AFTER: usize = 32;
/// A word against it counts this near in front of it only.
const AGAINST: usize = 24;
/// Bytes of a number before which a word may stand behind it.
const LONGEST: usize = 40;
/// Whether a literal stands as a word of its own, its plural included.
pub(crate) fn is_whole(text: &[u8], start: usize, end: usize) -> bool {
    begins_whole(text, start) && ends_whole(text, end)
}

/// Whether no word goes on at `start`.
pub(crate) fn begins_whole(text: &[u8], start: usize) -> bool {
    let first = text[start];
    if start == 0 || !first.is_ascii_alphanumeric() {
        return true;
    }
    let before = text[start - 1];
    let humped = before.is_ascii_lowercase() && first.is_ascii_uppercase();
    let escape = || start >= 2 && text[start - 2] == b'\\' && matches!(before, b'n' | b'r' | b't');
    !before.is_ascii_alphanumeric() || humped || escape()
}

/// Whether a word that ends at `end` does not go on, but for the sign of a plural.
pub(crate) fn ends_whole(text: &[u8], end: usize) -> bool {
    let joins = |at: usize| text.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let last_joins = text[end - 1].is_ascii_alphanumeric();
    if !last_joins || !joins(end) {
        return true;
    }
    let humped = text[end - 1].is_ascii_lowercase() && text[end].is_ascii_uppercase();
    humped || (matches!(text[end], b's' | b'S') && !joins(end + 1))
}

/// Whether a word behind this goes on a reference: `CVC` in `CLM-CVC-2041`.
fn is_in_reference(before: &[u8]) -> bool {
    matches!(before, [.., b'A'..=b'Z' | b'0'..=b'9', b'-'])
}

/// What the words around `start..end` say to a recognizer. `words` are in order of their ends.
pub(crate) fn near(
    text: &[u8],
    words: &[Word],
    set: &Set,
    recognizer: &Recognizer,
    (start, end): (usize, usize),
    headers: &mut Headers,
) -> Near {
    if recognizer.context.is_empty() && recognizer.not_context.is_empty() {
        return Near::Nothing;
    }
    let within = recognizer.source.within;
    let speaks = |word: &Word| recognizer.context.holds(word.literal);
    let is_general = |word: &Word| recognizer.is_general && set.general.holds(word.literal);
    let rules_out = |word: &Word| recognizer.not_context.holds(word.literal);
    // Most words say nothing of it.
    let counts = |word: &Word| speaks(word) || is_general(word) || rules_out(word);
    let is_heard = |word: &Word, between: &[u8]| {
        !(within > 0 && between.len() > within
            || between == b"-" && is_in_reference(&text[..word.start]))
    };
    let (mut best, mut distance) = (None, usize::MAX);
    let (mut general, mut against) = (None, usize::MAX);
    let low = start.saturating_sub(BEFORE);
    let behind = words.partition_point(|word| word.end <= start);
    // The nearest first; of those that end at one place the longest stands first, and counts.
    for word in words[..behind].iter().rev() {
        let away = start - word.end;
        if word.end <= low || away > distance {
            break;
        }
        let between = &text[word.end..start];
        if !counts(word) || !is_heard(word, between) {
            continue;
        }
        if is_general(word) {
            general = Some(word.literal);
        }
        if speaks(word) {
            if !is_apart(between) {
                (best, distance) = (Some(word.literal), away);
            }
        } else if away <= AGAINST && rules_out(word) && memchr::memchr(b'\n', between).is_none() {
            against = against.min(away);
        }
    }
    for word in &words[behind..] {
        if word.start > end + AFTER {
            break;
        }
        if word.start < end || !counts(word) {
            continue;
        }
        // What comes behind counts less than what comes before.
        let away = word.start - end + 16;
        let between = &text[end..word.start];
        if !is_heard(word, between) {
            continue;
        }
        if is_general(word) {
            general = general.or(Some(word.literal));
        }
        if speaks(word) && away < distance && !is_apart(between) {
            (best, distance) = (Some(word.literal), away);
        }
    }
    match best {
        // A longer word that ends at the same place says more: `postal pin code`.
        Some(word) if distance < against => Near::Word(word),
        _ if against < usize::MAX => Near::Against,
        _ if recognizer.context.is_empty() => Near::Nothing,
        _ => match (column(text, words, recognizer, start, headers), general) {
            (Near::Nothing, Some(word)) => Near::General(word),
            (column, _) => column,
        },
    }
}

/// Whether a sentence that ends with a line stands between a word and a candidate. A label on the line before is
/// near; a sentence on it is not.
fn is_apart(between: &[u8]) -> bool {
    let said = || between.iter().filter(|byte| byte.is_ascii_alphanumeric());
    memchr::memchr(b'\n', between).is_some() && said().count() > 12
}

/// Whether a word of a recognizer that asks for one within so many bytes may stand near what begins at
/// `start`: asked before its pattern is tried. A cell may have its word far above.
pub(crate) fn may_be_near(
    text: &[u8],
    words: &[Word],
    recognizer: &Recognizer,
    start: usize,
) -> bool {
    let source = &recognizer.source;
    let within = source.within;
    if within == 0 || !source.context_required || source.at != At::Token {
        return true;
    }
    let first = words.partition_point(|word| word.end + within < start);
    let is_near = words[first..]
        .iter()
        .take_while(|word| word.start <= start + LONGEST + within)
        .any(|word| recognizer.context.holds(word.literal));
    let before = text[..start].iter().rev().take(4);
    let is_cell = || {
        before
            .copied()
            .find(|byte| !matches!(byte, b' ' | b'"' | b'\''))
            .is_none_or(|byte| b",;\t|\n".contains(&byte))
    };
    is_near || is_cell()
}

/// Tells words that are the name in a placeholder. The run of capitals that a word lies in is entered
/// once, however many words begin in it.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// Where the run begins, or the last place that is near enough.
    from: usize,
    /// The places of it that this was looked up for.
    known: Range<usize>,
}

/// Bytes of the name in a placeholder.
const MARK: usize = 64;
/// Bytes of a run of capitals that are taken at once.
const RUN: usize = 64 << 10;

const fn in_mark(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte == b'_'
}

impl Marks {
    /// Whether a word is the name in a placeholder that an operator wrote: it labels nothing, so that the
    /// port in `[PASSWORD_1]:5432` is no password.
    pub(crate) fn hold(&mut self, text: &[u8], start: usize, end: usize) -> bool {
        in_mark(text[start]) && self.opens(text, start) && closes(text, end)
    }

    /// Whether a bracket stands before the run of capitals that `start` lies in.
    fn opens(&mut self, text: &[u8], start: usize) -> bool {
        if !self.known.contains(&start) {
            let is_inner = |byte: &&u8| in_mark(**byte);
            let before = text[..start].iter().rev().take(MARK).take_while(is_inner);
            let after = text[start..].iter().take(RUN).take_while(is_inner);
            self.from = start - before.count();
            self.known = start..start + after.count();
        }
        start - self.from < MARK && self.from > 0 && text[self.from - 1] == b'['
    }
}

/// Whether the rest of a placeholder's name and what closes it stand behind `end`.
fn closes(text: &[u8], end: usize) -> bool {
    let after = &text[end..text.len().min(end + MARK)];
    let rest = after.iter().take_while(|byte| in_mark(**byte)).count();
    let joint = rest.checked_sub(1).map_or(text[end - 1], |at| after[at]);
    let number = after[rest..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    match after.get(rest + number) {
        Some(b']') => number > 0 && joint == b'_',
        Some(b':' | b'~') => {
            let hash = &after[rest + number + 1..];
            let length = hash
                .iter()
                .take_while(|byte| byte.is_ascii_hexdigit())
                .count();
            length >= 16 && hash.get(length).is_some_and(|byte| b"]~".contains(byte))
        }
        _ => false,
    }
}

/// Whether the candidate lies in or holds a placeholder or a token like `[EMAIL_ADDRESS_2]`: what an
/// operator wrote is never found again.
pub(crate) fn is_placeholder(text: &[u8], start: usize, end: usize) -> bool {
    let low = start.saturating_sub(128);
    let mut at = low;
    let stop = end.min(start + 512);
    while let Some(open) = memchr::memchr(b'[', &text[at..stop]) {
        let from = at + open;
        at = from + 1;
        let name = text[at..]
            .iter()
            .take(64)
            .take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || **byte == b'_')
            .count();
        let mut close = at + name;
        if let Some(mark @ (b':' | b'~')) = text.get(close) {
            // A hash has 16 digits; a token 32, and of a number a second mark before them.
            let most = if *mark == b':' { 16 } else { 33 };
            close += 1 + text[close + 1..]
                .iter()
                .take(most)
                .take_while(|byte| byte.is_ascii_hexdigit() || **byte == b'~')
                .count();
        }
        let inside = &text[at..close.min(text.len())];
        let is_one = name >= 3
            && text.get(close) == Some(&b']')
            && inside.iter().any(|byte| matches!(byte, b'_' | b':' | b'~'));
        if is_one && close + 1 > start {
            return true;
        }
    }
    false
}

/// Whether the candidate is the few digits that a mask leaves, as in `**** **** **** 1111`: they are no
/// number of their own, whatever stands around them.
pub(crate) fn is_left_by_mask(text: &[u8], start: usize, end: usize) -> bool {
    let is_few = end - start <= 6 && text[start..end].iter().all(u8::is_ascii_digit);
    if !is_few {
        return false;
    }
    let mut signs = 0;
    let mut gap = 0;
    for byte in text[..start].iter().rev().take(32) {
        match byte {
            b'*' | b'#' | b'X' | b'x' => (signs, gap) = (signs + 1, 0),
            b' ' | b'-' if gap == 0 => gap = 1,
            _ => break,
        }
    }
    signs >= 4
}
