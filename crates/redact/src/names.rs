//! Names of persons, places and organisations in running text, by a model that was trained beforehand.
//!
//! A linear-chain conditional random field over words: hashed features of a word, its neighbours and a
//! lexicon, one small integer for each feature and tag, the best sequence of tags and how likely each
//! name in it is. Text in; names with their places and likelihoods out. Pure: the model comes as bytes.
//! Time and memory grow with the text and with nothing else.
//!
//! Not here: training (`examples/train_names.rs`), identifiers that a pattern tells, which policy wants
//! which names.

mod doubts;
pub mod features;
pub mod model;
pub mod network;
pub mod plugged;
mod remembered;
pub mod tags;
pub mod words;

use std::cell::RefCell;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::names::doubts::Doubts;
use crate::names::features::{Features, Line, codes, hash_word, is_beside_code, is_code};
use crate::names::model::{Model, ModelFault};
use crate::names::network::{NONE, Network, OTHER};
use crate::names::remembered::{Kept, Remembered};
use crate::names::tags::{Chain, Kind, OUTSIDE};
use crate::names::words::{Sort, Word, split};
use crate::repeated::is_title;
use crate::validators::chains::is_place_field;

/// Words that are tagged together at most.
pub const WINDOW: usize = 256;

/// What is less likely than this is no name.
const LEAST: f32 = 0.3;
/// The same on a line that looks like code, where what is found is an identifier more often: of a line by
/// itself, and amid others.
const LEAST_IN_CODE: [f32; 2] = [0.9, 0.97];
/// The same beside code, as in comments: of persons by two words, by one that the lexicon knows, and of
/// what else has a name.
const LEAST_BESIDE_CODE: [f32; 3] = [0.75, 0.9, 0.95];

/// What the network's word for a tag adds to its score. Chosen on halves that were kept out of
/// training: with more, more is found and more of it is wrong.
const BONUS: f32 = 3.0;

/// How thoroughly names are looked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Not at all.
    #[default]
    Off,
    /// By words, neighbours and the lexicon.
    Fast,
    /// By the network as well.
    Full,
}

/// A name that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Name {
    /// Byte offsets in the text, half-open, on character boundaries.
    pub start: usize,
    pub end: usize,
    pub kind: Kind,
    /// How likely the model holds its words to be parts of names, from 0 to 1. Not calibrated, and
    /// leaning towards finding.
    pub score: f32,
}

impl Kind {
    /// The entity type, as Presidio's supported entities name it.
    pub const fn entity_type(self) -> &'static str {
        match self {
            Self::Person => "PERSON",
            Self::Location => "LOCATION",
            Self::Organization => "ORGANIZATION",
        }
    }
}

/// What is used again from text to text, so that nothing is allocated for each.
#[derive(Debug, Default)]
pub struct Scratch {
    words: Vec<Word>,
    codes: Vec<u8>,
    marks: Vec<u8>,
    network: network::Scratch,
    features: Features,
    chain: Chain,
    remembered: Option<Remembered>,
}

impl Scratch {
    /// One that remembers what was found in windows lately, for texts that are looked through by one
    /// model without a network.
    fn remembering() -> Self {
        Self {
            remembered: Some(Remembered::default()),
            ..Self::default()
        }
    }
}

/// Words of a text whose memory is not held on to.
const MANY: usize = 1 << 16;

/// The names in `text` at `level`, with what the program comes with. None at [`Level::Off`].
///
/// What stands in a placeholder of a treated text is no name.
///
/// # Errors
/// [`ModelFault`] where the program was built with a file that is no model.
pub fn of(text: &str, level: Level) -> Result<Vec<Name>, ModelFault> {
    thread_local! {
        static FAST: RefCell<Scratch> = RefCell::new(Scratch::remembering());
    }
    let model = model::shipped()?;
    let mut found = Vec::new();
    match level {
        Level::Off => return Ok(found),
        Level::Fast => FAST.with_borrow_mut(|scratch| {
            find(model, None, text, scratch, &mut found);
            Doubts::of(text, model, &scratch.codes).weigh(&mut found);
            if scratch.words.len() > MANY {
                (scratch.words, scratch.codes) = Default::default();
            }
        }),
        Level::Full => {
            let network = Some(network::shipped()?);
            let mut scratch = Scratch::default();
            find(model, network, text, &mut scratch, &mut found);
            Doubts::of(text, model, &scratch.codes).weigh(&mut found);
        }
    }
    found.retain(|name| may_be(text, name));
    Ok(found)
}

/// Whether what a model takes for a name may be one: it is no placeholder, no number, no identifier and no
/// heading.
pub(crate) fn may_be(text: &str, name: &Name) -> bool {
    is_worded(text, name)
        && !is_over_cells(text, name)
        && !is_in_placeholder(text, name)
        && !is_in_identifier(text, name)
        && !is_behind_article(text, name)
        && !is_heading(text, name)
        && !is_of_signs(text, name)
}

/// Whether a name is made of letters of three alphabets and more or of ranges of letters, as a table is, of
/// letters that stand by themselves (`e.g.`), of small words that are joined, or has a bracket without its other half.
fn is_of_signs(text: &str, name: &Name) -> bool {
    let found = &text[name.start..name.end];
    let letters = found.chars().filter(|c| c.is_alphabetic());
    let alphabets = letters.fold(0_u64, |all, c| all | 1 << alphabet(c));
    let is_single = |word: &str| word.len() == 1 && word.as_bytes()[0].is_ascii_alphabetic();
    let mut words = found
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let count = |sign: char| found.matches(sign).count();
    // `А-ЯЁ-ё`
    let is_ranges =
        found.matches('-').count() > 2 && found.split('-').all(|piece| piece.chars().count() < 4);
    // `rotate-key`
    let is_joined = name.kind == Kind::Organization
        && found.contains('-')
        && found
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    alphabets.count_ones() > 2
        || is_ranges
        || is_joined
        || name.kind != Kind::Location && found.contains('.') && words.all(is_single)
        || count('(') != count(')')
        || count('[') != count(']')
}

/// A number for the alphabet of a letter, below 64: names mix Latin with one other at most, but for those
/// that are written together.
fn alphabet(c: char) -> u32 {
    match u32::from(c) {
        0..0x370 | 0x1E00..0x1F00 => 0,
        // Han, kana, Bopomofo and Hangul.
        0x1100..0x1200 | 0x2E80..0xA000 | 0xAC00..0xFB00 | 0xFF00..0x1_0000 => 1,
        // Yi and Arabic's forms of letters stand as high as 0xFB: two alphabets may share a number.
        code @ 0x370..0x1_0000 => 2 + (code >> 8) % 61,
        _ => 63,
    }
}

/// Whether a name goes over what parts cells, words of a table of codes, or the words of a command, or begins
/// amid a word of Korean: no name does.
fn is_over_cells(text: &str, name: &Name) -> bool {
    let found = &text[name.start..name.end];
    let has_option = |option: &[u8]| match option {
        [b' ', b'-', b'-', letter] | [b' ', b'-', letter, _] => letter.is_ascii_alphabetic(),
        _ => false,
    };
    if found.contains('\t') || found.as_bytes().windows(4).any(has_option) {
        return true;
    }
    // `2364\n2365\n2492\nEND`, `9412 985F 9ADD 8002`
    let words = || found.split_whitespace();
    let count = words().count();
    let coded = words()
        .filter(|word| word.bytes().any(|byte| byte.is_ascii_digit()))
        .count();
    let is_table = match found.contains('\n') {
        true => coded == count || count > 2 && coded * 2 > count,
        false => coded == count && count > 2,
    };
    if is_table && count > 1 {
        return true;
    }
    let is_syllable = |c: char| matches!(u32::from(c), 0xAC00..=0xD7A3);
    let before = text[..name.start].chars().next_back();
    found.starts_with(is_syllable) && before.is_some_and(is_syllable)
}

/// Whether a place is but the name of a field: `City`.
fn is_heading(text: &str, name: &Name) -> bool {
    name.kind == Kind::Location && is_place_field(&text[name.start..name.end])
}

/// Whether a name is one word in small letters behind an English article, as in `the barrier was open`:
/// nobody is named so.
fn is_behind_article(text: &str, name: &Name) -> bool {
    let found = &text[name.start..name.end];
    let before = text[..name.start].trim_end_matches(' ');
    let word = before
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    name.kind == Kind::Person
        && before.len() < name.start
        && found
            .chars()
            .all(|c| c.is_alphabetic() && !c.is_uppercase())
        && ["the", "a", "an"]
            .iter()
            .any(|article| word.eq_ignore_ascii_case(article))
}

/// Whether a name lies in something like `[PERSON_1]` or `[PERSON:1f0c]`.
fn is_in_placeholder(text: &str, name: &Name) -> bool {
    let inner = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | '~');
    let before = text[..name.start].chars().rev().find(|c| !inner(c));
    let within = &text[name.start..name.end];
    let after = text[name.end..].chars().find(|c| !inner(c));
    let opens = before == Some('[') || within.starts_with('[');
    let closes = after == Some(']') || within.ends_with(']');
    opens && closes
}

/// Whether a name has letters, or is a number as a postcode is: neither a list of numbers, nor the end of
/// one in groups, nor the value of a field in JSON. Nobody's name has a digit.
fn is_worded(text: &str, name: &Name) -> bool {
    let found = &text[name.start..name.end];
    let has_digit = found.bytes().any(|byte| byte.is_ascii_digit());
    if found.contains(char::is_alphabetic) {
        // `351 XXXX XXXX` stands for a number.
        let is_stand_in = found
            .chars()
            .all(|c| matches!(c, 'X' | 'x') || !c.is_alphabetic());
        return !(is_stand_in || has_digit && name.kind == Kind::Person);
    }
    let before = text[..name.start].trim_end_matches([' ', '"', '[']);
    let last = before.rsplit(char::is_whitespace).next().unwrap_or(before);
    let place = text[name.end..].trim_start_matches([' ', ',', '-']);
    let is_apart = last.ends_with([',', ':'])
        || !last.bytes().any(|byte| byte.is_ascii_digit())
        || place.starts_with(char::is_alphabetic);
    let digits = found.bytes().filter(u8::is_ascii_digit).count();
    let is_short = (3..=7).contains(&digits) && found.len() <= digits + 1
        || digits == 9 && found.as_bytes().get(5) == Some(&b'-');
    is_short && is_apart && !found.contains([',', '/', '.']) && !before.ends_with("\":")
}

/// Whether a name is part of something like `claude-sonnet-4-6` or `bedrock.amazonaws`: a word of small
/// letters with a digit and a joint, or with a point or a low line among letters; of `Breakpoint.number`
/// and `core::Task`; or of a reference like `CLM-ABE-2041`.
fn is_in_identifier(text: &str, name: &Name) -> bool {
    let (left, right) = text.as_bytes().split_at(name.start);
    let right = &right[name.end - name.start..];
    let goes_on = matches!(right, [b'.' | b'_', b'a'..=b'z' | b'_', b'a'..=b'z', ..])
        || right.starts_with(b"::")
        || right.starts_with(b"()");
    if goes_on || left.ends_with(b"::") || matches!(left, [.., b'a'..=b'z', b'.' | b'_']) {
        return true;
    }
    let joins = |c: char| c.is_alphanumeric() || "-_.:/@\\".contains(c);
    let before = text[..name.start].rfind(|c| !joins(c)).map_or(0, |at| {
        at + text[at..].chars().next().map_or(1, char::len_utf8)
    });
    let after = text[name.end..]
        .find(|c| !joins(c))
        .map_or(text.len(), |at| name.end + at);
    text[before..after].split_whitespace().any(|word| {
        let word = word.trim_end_matches(['.', ':', '-']);
        let bytes = word.as_bytes();
        let has = |test: fn(&u8) -> bool| bytes.iter().any(test);
        let small = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_lowercase);
        let dotted = bytes
            .windows(4)
            .any(|four| small(&four[..1]) && matches!(four[1], b'.' | b'_') && small(&four[2..]));
        let numbered = has(u8::is_ascii_digit)
            && bytes.windows(3).any(small)
            && has(|byte| b"-_.:/@\\".contains(byte));
        let is_small = !word.starts_with('@') && !has(u8::is_ascii_uppercase);
        // A place may have a number that is written so: `D-10117 Berlin`.
        let is_reference = name.kind != Kind::Location
            && has(u8::is_ascii_digit)
            && has(|byte| b"-_/".contains(byte))
            && !word.contains(char::is_lowercase);
        is_small && (dotted || numbered) || is_reference
    })
}

/// Appends the names in `text` to `found`, in order, none over another. With a network it finds more
/// and takes some sixty times as long.
pub fn find(
    model: &Model,
    network: Option<&Network>,
    text: &str,
    scratch: &mut Scratch,
    found: &mut Vec<Name>,
) {
    scratch.words.clear();
    split(text, &mut scratch.words);
    codes(text, &scratch.words, &mut scratch.codes);
    scratch.mark(network, text);
    let all = scratch.words.len();
    let mut line = Line::default();
    let mut at = 0;
    while at < all {
        let part = Part {
            words: at..ended(text, &scratch.words, at),
            line,
        };
        at = part.words.end;
        line = scratch.look(model, text, part, found);
    }
}

/// A window of a text, and what of the rest of the text counts in it.
struct Part {
    words: Range<usize>,
    /// How far its first line goes where it begins.
    line: Line,
}

impl Scratch {
    /// What the network holds each word for; nothing where there is none.
    fn mark(&mut self, network: Option<&Network>, text: &str) {
        self.marks.clear();
        let Some(network) = network else { return };
        let mut at = 0;
        while at < self.words.len() {
            let end = cut(&self.words, at);
            let window = &self.words[at..end];
            at = end;
            if window.iter().any(Word::is_word) && is_english(text, window) {
                network.mark(text, window, &mut self.network, &mut self.marks);
            }
            self.marks.resize(end, NONE);
        }
    }

    /// Appends the names in a part of the text. Answers how far its last line goes where it ends.
    fn look(&mut self, model: &Model, text: &str, part: Part, found: &mut Vec<Name>) -> Line {
        let words = &self.words[part.words.clone()];
        // Without a letter there is no name.
        if !words.iter().any(Word::is_word) {
            return part.line.after(text, words);
        }
        let from = words[0].start;
        let known = self.remembered.as_mut().map(|remembered| {
            let whole = (&self.words[..], &self.codes[..]);
            let key = remembered.key(text, whole, &part);
            (key, remembered.get(&key))
        });
        if let Some((_, Some(kept))) = known {
            found.extend(kept.names.iter().map(|name| Name {
                start: name.start + from,
                end: name.end + from,
                ..*name
            }));
            return kept.line;
        }
        let key = known.map(|(key, _)| key);
        let first = found.len();
        let line = self.tagged(model, text, part, found);
        if let (Some(key), Some(remembered)) = (key, &mut self.remembered) {
            let names = found[first..].iter().map(|name| Name {
                start: name.start - from,
                end: name.end - from,
                ..*name
            });
            let names = names.collect();
            remembered.keep(key, Kept { names, line });
        }
        line
    }

    /// The same, by the chain.
    fn tagged(&mut self, model: &Model, text: &str, part: Part, found: &mut Vec<Name>) -> Line {
        let Part {
            words: window,
            line,
        } = part;
        let Self {
            words,
            codes,
            features,
            chain,
            ..
        } = self;
        let line = features.of(model, text, (words, codes), window.clone(), line);
        chain.score(model, features, window.len());
        let marks = self.marks.get(window.clone()).unwrap_or_default();
        let (words, codes) = (&words[window.clone()], &codes[window]);
        for (word, mark) in marks.iter().enumerate() {
            if (1..OTHER).contains(mark) && !is_code(codes[word]) {
                chain.scores[word][usize::from(*mark)] += BONUS;
            }
        }
        for (word, scores) in words.iter().zip(&mut chain.scores) {
            if matches!(word.first, '|' | ';') {
                scores[OUTSIDE + 1..].fill(NEVER);
            }
        }
        // A word alone with a capital begins a sentence or names a part of the program more often.
        let is_known =
            |word: usize| model.lexicon().kinds(hash_word(words[word].of(text))) & PERSONS != 0;
        chain.names(model, |from, to, kind, score| {
            let is_beside = is_beside_code(codes[from]);
            let least = match (is_code(codes[from]), kind) {
                (true, _) => LEAST_IN_CODE[usize::from(is_beside)],
                _ if !is_beside => LEAST,
                (false, Kind::Person) if to - from > 1 => LEAST_BESIDE_CODE[0],
                (false, Kind::Person) if is_known(from) => LEAST_BESIDE_CODE[1],
                (false, _) => LEAST_BESIDE_CODE[2],
            };
            if score < least {
                return;
            }
            let Some(to) = before_amount(model, text, words, from, to) else {
                return;
            };
            let from = match kind {
                Kind::Person => behind_title(text, words, from, to),
                _ => from,
            };
            found.push(Name {
                start: words[from].start,
                end: words[to - 1].end,
                kind,
                score,
            });
        });
        line
    }
}

/// The score of a tag that a word never has: no name goes on over the border of a cell or part.
const NEVER: f32 = -1_000.0;

/// Bits of the lexicon for given names and surnames.
const PERSONS: u8 = 0b11;
/// The bit for given names alone.
const GIVEN: u8 = 0b01;
/// Bits of the lexicon for towns, places and countries.
const PLACES: u8 = 0b1_1100;

/// What stands behind an amount (ISO 4217).
const CURRENCIES: &[&str] = &[
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "INR", "JPY",
    "KRW", "MXN", "NOK", "NZD", "PLN", "RON", "SEK", "SGD", "TRY", "UAH", "USD", "ZAR",
];

/// Where a name ends before an amount that the chain took for a part of it: `Porto: 9,600 EUR` is Porto.
/// `None` where no place is left, as of `a deductible of 9,600 EUR`.
fn before_amount(
    model: &Model,
    text: &str,
    words: &[Word],
    from: usize,
    to: usize,
) -> Option<usize> {
    let of = |at: usize| words[at].of(text);
    let is_amount =
        to - from > 1 && CURRENCIES.contains(&of(to - 1)) && words[to - 2].sort == Sort::Number;
    if !is_amount {
        return Some(to);
    }
    let is_rest = |at: usize| !words[at].is_word() || matches!(of(at), "is" | "of");
    let mut end = to - 1;
    while end > from && is_rest(end - 1) {
        end -= 1;
    }
    let is_place = |at: usize| model.lexicon().kinds(hash_word(of(at))) & PLACES != 0;
    (from..end).any(is_place).then_some(end)
}

/// Where a person's name begins behind the title that the chain took for a part of it: `Ms Ines Carvalho`.
fn behind_title(text: &str, words: &[Word], from: usize, to: usize) -> usize {
    let is_stop = |at: usize| words[at].first == '.';
    let next = from + 1 + usize::from(from + 1 < to && is_stop(from + 1));
    match is_title(words[from].of(text)) && next < to {
        true => next,
        false => from,
    }
}

/// Words that stand in English text and seldom in that of its neighbours.
const ENGLISH: &[&str] = &[
    "the", "of", "and", "to", "was", "for", "with", "from", "that", "this", "my", "by", "at", "he",
    "she", "his", "her", "are", "have", "has", "not", "you", "your", "it", "is", "in", "on",
];

/// Whether the words look like English, which is what the network was trained on: of others it takes
/// many for names. One word in twenty-five is enough.
fn is_english(text: &str, words: &[Word]) -> bool {
    let all = words.iter().filter(|word| word.is_word()).count();
    let english = words
        .iter()
        .filter(|word| {
            ENGLISH
                .iter()
                .any(|it| it.eq_ignore_ascii_case(word.of(text)))
        })
        .count();
    english * 25 >= all
}

/// Words that a window has at least before it ends where a sentence does.
const FEW: usize = 16;

/// Where the window that begins at `at` ends: with the first sentence or paragraph after some words, so
/// that a change of one sentence leaves the windows of others what they are.
fn ended(text: &str, words: &[Word], at: usize) -> usize {
    let most = (at + WINDOW).min(words.len());
    (at + FEW..most)
        .find(|last| is_full_stop(text, words, *last) || is_closed(text, words, *last))
        .map_or_else(|| cut(words, at), |last| last + 1)
}

/// Whether a sentence ends with the word with this number: with a sign that a blank follows, and with no
/// short word before it, which may be an abbreviation.
fn is_full_stop(text: &str, words: &[Word], at: usize) -> bool {
    let is_short = |word: &Word| word.of(text).chars().take(SHORT).count() < SHORT;
    words[at].ends_sentence()
        && words.get(at + 1).is_none_or(|next| next.is_apart)
        && words[at - 1].is_word()
        && !is_short(&words[at - 1])
}

/// Whether a paragraph ends with the word with this number, or a line that closes something: an address
/// goes on from line to line, and a wrapped name does.
fn is_closed(text: &str, words: &[Word], at: usize) -> bool {
    const CLOSING: &[char] = &[
        '"', '\'', '`', '}', ']', ')', '>', '{', '[', '(', '<', ';', '|',
    ];
    let signs =
        |word: &Word, signs: &[char]| word.sort == Sort::Sign && signs.contains(&word.first);
    words[at].ends_line()
        && (words[at].of(text).matches('\n').count() > 1
            || words[at - 1].ends_sentence()
            || signs(&words[at - 1], CLOSING)
            || signs(&words[at - 1], &[',']) && signs(&words[at - 2], CLOSING))
}

/// Characters from which on a word is hardly an abbreviation.
const SHORT: usize = 4;

/// Where a long window that begins at `at` ends: after the last line or sentence that it holds
/// whole, otherwise after [`WINDOW`] words.
fn cut(words: &[Word], at: usize) -> usize {
    let most = (at + WINDOW).min(words.len());
    if most == words.len() {
        return most;
    }
    (at + WINDOW / 2..most)
        .rev()
        .find(|index| words[*index].ends_line() || words[*index].ends_sentence())
        .map_or(most, |index| index + 1)
}
