//! What is looked at of a word: itself, its shape, its beginning and end, its neighbours, the lexicon.
//!
//! Each feature is hashed to a number, of which the lower bits tell a row of weights; two features may share a
//! row, which training takes into account. Training and finding go through the same function. Not here: weights.

use std::ops::Range;

use crate::names::model::{Lexicon, Model};
use crate::names::words::{Sort, Word};

/// Features of one word, at most.
const MOST: usize = 48;

/// The features of each word of a window.
#[derive(Debug, Default)]
pub struct Features {
    rows: Vec<u32>,
    ends: Vec<u32>,
    seen: Vec<Seen>,
}

/// How far a line goes already where a window begins in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Line {
    /// The key that what follows stands under, as of `Name: …`.
    key: u64,
    /// Words since, at most three.
    words: u64,
    last: u64,
}

/// Words on either side of a window that its features look at.
const BESIDE: usize = 2;

/// What is known of one word by itself.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// Of the word in lower case.
    word: u64,
    /// Of its shape: runs of capitals, small letters, digits, other letters.
    shape: u64,
    /// Of its first and last characters in lower case: one to four of them.
    fronts: [u64; 3],
    ends: [u64; 4],
    /// As the lexicon has it: a bit for each kind.
    lexicon: u8,
    /// The same of names of several words that it is part of; the first word's and the other words'.
    longer: [u8; 2],
    is_apart: bool,
    /// What its line looks like.
    code: u8,
}

const SEED: u64 = 0x9E37_79B9_7F4A_7C15;

/// One more piece in a hash (the multiplication of wyhash, folded).
#[inline]
pub(crate) fn mix(hash: u64, piece: u64) -> u64 {
    let wide = u128::from(hash ^ SEED) * u128::from(piece ^ 0xA076_1D64_78BD_642F);
    (wide as u64) ^ ((wide >> 64) as u64)
}

/// The hash of a word in lower case.
pub(crate) fn hash_word(text: &str) -> u64 {
    let mut hash = 0;
    for c in text.chars() {
        match c {
            'A'..='Z' => hash = mix(hash, u64::from(c.to_ascii_lowercase())),
            '’' => hash = mix(hash, u64::from('\'')),
            c if c.is_ascii() => hash = mix(hash, u64::from(c)),
            c => {
                for lower in c.to_lowercase() {
                    hash = mix(hash, u64::from(lower));
                }
            }
        }
    }
    hash
}

/// The key of a name of several words in the lexicon.
pub(crate) fn key_after(before: u64, word: u64) -> u64 {
    mix(before.rotate_left(17), word)
}

fn shape_of(text: &str, sort: Sort) -> u64 {
    let mut hash = sort as u64;
    let (mut last, mut run) = (0, 0_u64);
    for c in text.chars() {
        let class = match c {
            c if c.is_uppercase() => 1,
            c if c.is_lowercase() => 2,
            c if c.is_numeric() => 3,
            c if c.is_alphabetic() => 4,
            c => u64::from(c),
        };
        if class == last {
            run += 1;
            // Longer runs are alike, but for digits, whose number tells a postcode from a year.
            if run > if class == 3 { 6 } else { 2 } {
                continue;
            }
        } else {
            run = 1;
        }
        last = class;
        hash = mix(hash, class);
    }
    hash
}

impl Seen {
    fn of(text: &str, word: &Word, lexicon: &Lexicon) -> Self {
        let piece = word.of(text);
        if word.sort == Sort::Break {
            let is_blank_line = piece.matches('\n').count() > 1;
            return Self {
                word: 1 + u64::from(is_blank_line),
                shape: 7,
                ..Self::default()
            };
        }
        let hash = hash_word(piece);
        let mut seen = Self {
            word: hash,
            shape: shape_of(piece, word.sort),
            is_apart: word.is_apart,
            ..Self::default()
        };
        if word.sort == Sort::Word {
            seen.lexicon = lexicon.kinds(hash);
            let lower = |c: char| u64::from(c.to_lowercase().next().unwrap_or(c));
            let mut front = 1;
            for (index, c) in piece.chars().take(4).enumerate() {
                front = mix(front, lower(c));
                if index > 0 {
                    seen.fronts[index - 1] = front;
                }
            }
            let mut end = 2;
            for (index, c) in piece.chars().rev().take(4).enumerate() {
                end = mix(end, lower(c));
                seen.ends[index] = end;
            }
        }
        seen
    }
}

impl Line {
    /// How far the line goes after `words`.
    pub(crate) fn after(mut self, text: &str, words: &[Word]) -> Self {
        for word in words {
            self.goes_on(word, hash_word(word.of(text)));
        }
        self
    }

    /// Takes the line one word further.
    fn goes_on(&mut self, word: &Word, hash: u64) {
        match word.sort {
            Sort::Break => *self = Self::default(),
            Sort::Sign if matches!(word.first, ':' | '=') && self.last != 0 => {
                (self.key, self.words) = (self.last, 0);
            }
            Sort::Sign => {
                if matches!(word.first, ',' | ';' | '|' | '}') {
                    self.words = 0;
                }
            }
            Sort::Word | Sort::Number => {
                self.last = hash;
                self.words = (self.words + 1).min(3);
            }
        }
    }
}

/// A window with the words beside it that its features look at.
pub(crate) fn beside(words: &[Word], window: &Range<usize>) -> Range<usize> {
    window.start.saturating_sub(BESIDE)..(window.end + BESIDE).min(words.len())
}

/// Which features training leaves out of a word, so that it leans on the others as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    Nothing,
    /// The words themselves, of it and its neighbours.
    Words,
    /// What the lexicon says.
    Lexicon,
}

/// How much a line looks like code, from 0 to 3: by how many of its pieces are signs that programs are
/// written with. What a line that is quoted begins with (`> `) is none.
fn code_of(line: &[Word]) -> u8 {
    let quoted = line.iter().take_while(|word| word.first == '>').count();
    let line = &line[quoted..];
    let signs = line
        .iter()
        .filter(|word| word.sort == Sort::Sign && "(){}[]=<>_;\\$|`".contains(word.first))
        .count();
    match signs * 100 / line.len().max(1) {
        0 => 0,
        1..=10 => 1,
        11..=25 => 2,
        _ => 3,
    }
}

/// Bits of a line's code: how much it looks like code by itself; whether it begins as a comment does;
/// whether it stands amid lines that look like code.
const BY_ITSELF: u8 = 0b0011;
const COMMENT: u8 = 0b0100;
const AMID: u8 = 0b1000;

/// Of how many words one stands on a line that looks like code, where code is, and how many such lines
/// there are at least.
const CODE_SHARE: usize = 5;
const CODE_LINES: usize = 2;

/// Whether a line begins with what comments begin with.
fn is_marked(line: &[Word]) -> bool {
    let sign = |at: usize| {
        line.get(at)
            .filter(|word| word.sort == Sort::Sign)
            .map(|word| word.first)
    };
    match (sign(0), sign(1)) {
        (Some('/'), Some('/' | '*')) | (Some('-'), Some('-')) => true,
        (first, _) => matches!(first, Some('#' | '*' | '%')),
    }
}

/// What the line of each word looks like: see the bits. Lines that no empty line parts stand together.
pub fn codes(text: &str, words: &[Word], codes: &mut Vec<u8>) {
    codes.clear();
    let (mut first, mut in_code, mut lines) = (0, 0, 0);
    for line in words.split_inclusive(Word::ends_line) {
        let mut code = code_of(line);
        if is_code(code) {
            in_code += line.len();
            lines += 1;
        }
        if is_marked(line) {
            code |= COMMENT;
        }
        codes.resize(codes.len() + line.len(), code);
        let is_last = codes.len() == words.len();
        let is_parted = || {
            line.last()
                .is_some_and(|word| word.ends_line() && word.of(text).matches('\n').count() > 1)
        };
        if is_last || is_parted() {
            if lines >= CODE_LINES && in_code * CODE_SHARE >= codes.len() - first {
                codes[first..].iter_mut().for_each(|code| *code |= AMID);
            }
            (first, in_code, lines) = (codes.len(), 0, 0);
        }
    }
}

/// Whether a line that looks like code so much is held for one.
pub(crate) fn is_code(code: u8) -> bool {
    code & BY_ITSELF >= 2
}

/// Whether a line begins as a comment does or stands amid code.
pub(crate) fn is_beside_code(code: u8) -> bool {
    code & (COMMENT | AMID) != 0
}

impl Features {
    /// The hashes of the features of the word with this number: of a row of weights, and above it.
    pub fn of_word(&self, word: usize) -> &[u32] {
        let from = match word {
            0 => 0,
            _ => self.ends[word - 1] as usize,
        };
        &self.rows[from..self.ends[word] as usize]
    }

    /// Takes the features of the words of `window`, of which `words` are all that stand in the text and
    /// `codes` what their lines look like; `line` is how far the line goes where it begins. Answers how
    /// far its last line goes where it ends.
    pub(crate) fn of(
        &mut self,
        model: &Model,
        text: &str,
        (words, codes): (&[Word], &[u8]),
        window: Range<usize>,
        line: Line,
    ) -> Line {
        let beside = beside(words, &window);
        let inner = window.start - beside.start..window.end - beside.start;
        let words = &words[beside.clone()];
        let codes = &codes[beside];
        self.reckon(model.lexicon(), text, (words, codes), inner, line, |_| {
            Left::Nothing
        })
    }

    /// The features of the words of a window that stands alone, but for what is left out of each.
    pub fn with(
        &mut self,
        lexicon: &Lexicon,
        text: &str,
        (words, codes): (&[Word], &[u8]),
        left: impl Fn(usize) -> Left,
    ) {
        let line = Line::default();
        self.reckon(lexicon, text, (words, codes), 0..words.len(), line, left);
    }

    fn reckon(
        &mut self,
        lexicon: &Lexicon,
        text: &str,
        (words, codes): (&[Word], &[u8]),
        window: Range<usize>,
        mut line: Line,
        left: impl Fn(usize) -> Left,
    ) -> Line {
        self.rows.clear();
        self.ends.clear();
        self.seen.clear();
        self.seen
            .extend(words.iter().zip(codes).map(|(word, code)| Seen {
                code: *code,
                ..Seen::of(text, word, lexicon)
            }));
        self.longer(lexicon, words);
        self.rows.reserve(window.len() * MOST);
        for at in window {
            self.word(at, line, left(at));
            line.goes_on(&words[at], self.seen[at].word);
            self.ends.push(self.rows.len() as u32);
        }
        line
    }

    /// Looks for names of several words in the lexicon.
    fn longer(&mut self, lexicon: &Lexicon, words: &[Word]) {
        for at in 0..words.len() {
            if self.seen[at].lexicon & Lexicon::LONGER == 0 {
                continue;
            }
            let mut key = self.seen[at].word;
            for (next, word) in (at + 1..).zip(words[at + 1..].iter().take(3)) {
                if word.sort != Sort::Word {
                    break;
                }
                key = key_after(key, self.seen[next].word);
                let kinds = lexicon.kinds(key);
                if kinds == 0 {
                    break;
                }
                let names = kinds & !Lexicon::LONGER;
                if names != 0 {
                    self.seen[at].longer[0] |= names;
                    for inner in at + 1..=next {
                        self.seen[inner].longer[1] |= names;
                    }
                }
            }
        }
    }

    fn word(&mut self, at: usize, line: Line, left: Left) {
        let (key, in_line) = (line.key, line.words);
        let none = Seen::default();
        let near = |offset: isize| -> Seen {
            at.checked_add_signed(offset)
                .and_then(|at| self.seen.get(at).copied())
                .unwrap_or(none)
        };
        let (b, a, it, c, d) = (near(-2), near(-1), near(0), near(1), near(2));
        let rows = &mut self.rows;
        let mut put = |template: u64, one: u64, two: u64| {
            let hash = mix(mix(template + 1, one), two);
            rows.push((hash >> 32) as u32);
        };
        let bits = |seen: &Seen| {
            u64::from(seen.lexicon & !Lexicon::LONGER)
                | u64::from(seen.longer[0]) << 8
                | u64::from(seen.longer[1]) << 16
        };
        put(0, 0, 0);
        put(1, it.shape, 0);
        put(2, a.shape, it.shape);
        put(3, it.shape, c.shape);
        put(4, mix(a.shape, c.shape), it.shape);
        put(5, mix(b.shape, a.shape), it.shape);
        put(6, it.shape, mix(c.shape, d.shape));
        put(7, in_line, it.shape);
        if left != Left::Words {
            put(8, it.word, 0);
            put(9, a.word, it.shape);
            put(10, c.word, it.shape);
            put(11, b.word, it.shape);
            put(12, d.word, it.shape);
            put(13, a.word, it.word);
            put(14, it.word, c.word);
            put(15, mix(b.word, a.word), it.shape);
            put(16, it.shape, mix(c.word, d.word));
            put(17, it.word, it.shape);
        } else {
            put(9, a.word, it.shape);
            put(15, mix(b.word, a.word), it.shape);
        }
        for (index, front) in it.fronts.iter().enumerate() {
            if *front != 0 {
                put(18 + index as u64, *front, 0);
            }
        }
        for (index, end) in it.ends.iter().enumerate() {
            if *end != 0 {
                put(21 + index as u64, *end, it.shape);
            }
        }
        put(25, a.ends[2], it.shape);
        put(26, c.ends[2], it.shape);
        put(27, key, it.shape);
        put(28, key, in_line);
        if left != Left::Lexicon {
            let (ba, bi, bc) = (bits(&a), bits(&it), bits(&c));
            put(29, mix(bi, u64::from(it.code & (COMMENT | AMID))), it.shape);
            put(30, ba, bi);
            put(31, bi, bc);
            put(32, mix(ba, bc), bi);
            put(33, a.word, bi);
            put(34, bi, c.word);
            put(35, mix(bits(&b), ba), bi);
            put(36, mix(bc, bits(&d)), bi);
            // Each kind by itself, whatever else the word is.
            for kind in 0..7 {
                if it.lexicon & (1 << kind) != 0 {
                    put(40 + kind, it.shape, 0);
                }
            }
        }
        put(39, u64::from(it.code), it.shape);
        put(47, mix(u64::from(it.code), a.shape), mix(it.shape, c.shape));
        put(37, u64::from(it.is_apart), u64::from(c.is_apart));
        put(38, mix(a.word, u64::from(it.is_apart)), it.shape);
    }
}
