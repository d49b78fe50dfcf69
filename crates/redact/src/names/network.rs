//! A convolutional network that says of each word whether it belongs to a name, slower and better read
//! than the features alone.
//!
//! The recognizer of spaCy's small English pipeline (MIT), its weights as 16-bit floats: hashed
//! embeddings of a word, its first letter, its last three and its shape; a mixing layer and four
//! convolutions over three words, maxout with layer normalisation; a greedy choice of moves that begin,
//! go on with and end a name. Source of the architecture: spaCy 3.8 (`MultiHashEmbed`,
//! `MaxoutWindowEncoder`, `TransitionBasedParser`) and thinc 8.3. Words in, marks out, which the model of
//! names takes as features. Not here: training it (`scripts/names/network.py` packs what was trained
//! elsewhere), and which file it is in.

use std::sync::LazyLock;

use half::f16;
use sha2::{Digest, Sha256};

use crate::names::model::ModelFault;
use crate::names::words::{Sort, Word};

/// The network that is part of the program; `scripts/names` says what it was made from.
pub(crate) static SHIPPED: &[u8] = include_bytes!("../../data/names.network");

/// The network that is part of the program, read at its first use.
///
/// # Errors
/// [`ModelFault`] where the program was built with a file that is none.
pub fn shipped() -> Result<&'static Network, ModelFault> {
    static NETWORK: LazyLock<Result<Network, ModelFault>> =
        LazyLock::new(|| Network::from_bytes(SHIPPED));
    NETWORK.as_ref().map_err(Clone::clone)
}

const MAGIC: &[u8; 8] = b"ASSAYNN1";
const WIDTH: usize = 96;
const PIECES: usize = 3;
const MIXED: usize = WIDTH * PIECES;
const TABLES: usize = 4;
const TABLE_ROWS: [usize; TABLES] = [5000, 1000, 2500, 2500];
const CONVOLUTIONS: usize = 4;
const HIDDEN: usize = 64;
/// Two pieces of each hidden number.
const LOWER: usize = HIDDEN * 2;
/// The word looked at, the first of the open name, the one before.
const CONTEXT: usize = 3;
const MOVES: usize = 74;
const NUMBERS: usize = (5000 + 1000 + 2500 + 2500) * WIDTH
    + (TABLES * WIDTH + CONVOLUTIONS * CONTEXT * WIDTH) * MIXED
    + (CONVOLUTIONS + 1) * (MIXED + 2 * WIDTH)
    + (WIDTH + 1) * HIDDEN
    + CONTEXT * HIDDEN * LOWER
    + LOWER
    + CONTEXT * LOWER
    + (HIDDEN + 1) * MOVES;

/// No name, in a mark.
pub const NONE: u8 = 0;
/// A name of something else than persons, places and organisations, in a mark.
pub const OTHER: u8 = 7;

/// One move: what it does, and with names of which sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Move {
    /// `B`, `I`, `L`, `U` or `O`, as spaCy writes them.
    does: u8,
    sort: u8,
}

#[derive(Debug, Clone)]
struct Layer {
    /// A row of [`MIXED`] for each number that comes in.
    weights: Vec<f32>,
    bias: Vec<f32>,
    gain: Vec<f32>,
    shift: Vec<f32>,
}

/// A network that was trained elsewhere.
#[derive(Debug, Clone)]
pub struct Network {
    tables: Vec<Vec<f32>>,
    layers: Vec<Layer>,
    narrow: Vec<f32>,
    narrow_bias: Vec<f32>,
    lower: Vec<f32>,
    lower_bias: Vec<f32>,
    lower_missing: Vec<f32>,
    upper: Vec<f32>,
    upper_bias: Vec<f32>,
    moves: Vec<Move>,
}

/// What is used again from window to window.
#[derive(Debug, Default)]
pub struct Scratch {
    tokens: Vec<Token>,
    rows: Vec<[f32; WIDTH]>,
    next: Vec<[f32; WIDTH]>,
    parts: Vec<[f32; CONTEXT * LOWER]>,
    lower: String,
}

/// A token as the network was trained on: a word with its possessive, an abbreviation with its point.
#[derive(Debug, Clone, Copy)]
struct Token {
    start: usize,
    end: usize,
    /// Words of the window: the first, and the one after the last.
    from: usize,
    to: usize,
    is_break: bool,
}

/// Reads numbers one after another.
struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    fn take(&mut self, count: usize) -> Vec<f32> {
        let (now, rest) = self.0.split_at(count * 2);
        self.0 = rest;
        now.as_chunks::<2>()
            .0
            .iter()
            .map(|bytes| f16::from_le_bytes(*bytes).to_f32())
            .collect()
    }
}

impl Network {
    /// The network in a file: `ASSAYNN1`, the moves (two bytes each), numbers (f16, little-endian),
    /// SHA-256 of everything before.
    ///
    /// # Errors
    /// [`ModelFault`] where it is not whole or of another program.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelFault> {
        if !bytes.starts_with(MAGIC) {
            return Err(ModelFault::Magic);
        }
        let head = MAGIC.len() + MOVES * 2;
        let expected = head + NUMBERS * 2 + 32;
        if bytes.len() != expected {
            return Err(ModelFault::Length {
                found: bytes.len(),
                expected,
            });
        }
        let (content, sum) = bytes.split_at(expected - 32);
        if Sha256::digest(content).as_slice() != sum {
            return Err(ModelFault::Checksum);
        }
        let moves = content[MAGIC.len()..head]
            .as_chunks::<2>()
            .0
            .iter()
            .map(|[does, sort]| Move {
                does: *does,
                sort: *sort,
            })
            .collect();
        let mut numbers = Numbers(&content[head..]);
        let tables = TABLE_ROWS
            .iter()
            .map(|rows| numbers.take(rows * WIDTH))
            .collect();
        let layers = (0..=CONVOLUTIONS)
            .map(|layer| {
                let inputs = WIDTH * if layer == 0 { TABLES } else { CONTEXT };
                Layer {
                    weights: numbers.take(inputs * MIXED),
                    bias: numbers.take(MIXED),
                    gain: numbers.take(WIDTH),
                    shift: numbers.take(WIDTH),
                }
            })
            .collect();
        let network = Self {
            tables,
            layers,
            narrow: numbers.take(WIDTH * HIDDEN),
            narrow_bias: numbers.take(HIDDEN),
            lower: numbers.take(CONTEXT * HIDDEN * LOWER),
            lower_bias: numbers.take(LOWER),
            lower_missing: numbers.take(CONTEXT * LOWER),
            upper: numbers.take(HIDDEN * MOVES),
            upper_bias: numbers.take(MOVES),
            moves,
        };
        Ok(network)
    }

    /// Appends a mark for each word of a window: [`NONE`], [`OTHER`], or the tag of `tags` that begins or
    /// goes on with a name.
    pub fn mark(&self, text: &str, words: &[Word], scratch: &mut Scratch, marks: &mut Vec<u8>) {
        let from = marks.len();
        marks.resize(from + words.len(), NONE);
        join(text, words, &mut scratch.tokens);
        self.embed(text, scratch);
        for layer in &self.layers[1..] {
            convolve(layer, &scratch.rows, &mut scratch.next);
            std::mem::swap(&mut scratch.rows, &mut scratch.next);
        }
        self.prepare(scratch);
        self.choose(scratch, &mut marks[from..]);
    }

    fn embed(&self, text: &str, scratch: &mut Scratch) {
        scratch.rows.clear();
        for token in &scratch.tokens {
            let piece = match token.is_break {
                true => "\n",
                false => &text[token.start..token.end],
            };
            let first = piece.chars().next().map_or(0, char::len_utf8);
            let last = piece
                .char_indices()
                .rev()
                .nth(2)
                .map_or(piece, |(at, _)| &piece[at..]);
            scratch.lower.clear();
            scratch
                .lower
                .extend(piece.chars().flat_map(char::to_lowercase));
            let shape = shape(piece);
            let looks = [scratch.lower.as_str(), &piece[..first], last, &shape];
            let mut inputs = [0.0; TABLES * WIDTH];
            for (table, look) in looks.iter().enumerate() {
                let id = murmur_64a(look.as_bytes(), 1);
                // thinc seeds the tables from 8 on.
                for key in murmur_128(id, 8 + table as u64) {
                    let row = key as usize % TABLE_ROWS[table] * WIDTH;
                    let sum = &mut inputs[table * WIDTH..(table + 1) * WIDTH];
                    for (sum, number) in sum.iter_mut().zip(&self.tables[table][row..row + WIDTH]) {
                        *sum += number;
                    }
                }
            }
            scratch.rows.push(self.layers[0].of(&inputs));
        }
    }

    /// What each word adds to the hidden numbers, for each of the places it may stand in.
    fn prepare(&self, scratch: &mut Scratch) {
        scratch.parts.clear();
        for row in &scratch.rows {
            let mut narrow = [0.0; HIDDEN];
            narrow.copy_from_slice(&self.narrow_bias);
            for (weights, number) in self.narrow.chunks_exact(HIDDEN).zip(row) {
                add(&mut narrow, weights, *number);
            }
            let mut parts = [0.0; CONTEXT * LOWER];
            for (index, weights) in self.lower.chunks_exact(LOWER).enumerate() {
                let (place, input) = (index / HIDDEN, index % HIDDEN);
                add(
                    &mut parts[place * LOWER..(place + 1) * LOWER],
                    weights,
                    narrow[input],
                );
            }
            scratch.parts.push(parts);
        }
    }

    fn choose(&self, scratch: &Scratch, marks: &mut [u8]) {
        let tokens = &scratch.tokens;
        let mut open: Option<(usize, u8)> = None;
        for at in 0..tokens.len() {
            let places = [
                Some(at),
                open.map(|(first, _)| first),
                open.and_then(|_| at.checked_sub(1)),
            ];
            let mut hidden = [0.0; LOWER];
            hidden.copy_from_slice(&self.lower_bias);
            for (index, place) in places.iter().enumerate() {
                let range = index * LOWER..(index + 1) * LOWER;
                let part = match place {
                    Some(place) => &scratch.parts[*place][range],
                    None => &self.lower_missing[range],
                };
                for (sum, number) in hidden.iter_mut().zip(part) {
                    *sum += number;
                }
            }
            let mut scores = [0.0; MOVES];
            scores.copy_from_slice(&self.upper_bias);
            for (pair, weights) in hidden
                .as_chunks::<2>()
                .0
                .iter()
                .zip(self.upper.chunks_exact(MOVES))
            {
                add(&mut scores, weights, pair[0].max(pair[1]));
            }
            let (is_break, is_last) = (tokens[at].is_break, at + 1 == tokens.len());
            let may = |it: &Move| match (it.does, open) {
                (b'O', None) => true,
                (b'B', None) => !is_break && !is_last && it.sort != 0,
                (b'U', None) => !is_break && it.sort != 0,
                (b'I', Some((_, sort))) => !is_last && it.sort == sort,
                (b'L', Some((_, sort))) => !is_break && it.sort == sort,
                _ => false,
            };
            let best = self
                .moves
                .iter()
                .zip(scores)
                .filter(|(it, _)| may(it))
                .fold(None, |best: Option<(Move, f32)>, (it, score)| match best {
                    Some((_, most)) if most >= score => best,
                    _ => Some((*it, score)),
                });
            let done = match best.map(|(it, _)| it) {
                Some(Move { does: b'B', sort }) => {
                    open = Some((at, sort));
                    None
                }
                Some(Move { does: b'U', sort }) => Some((at, sort)),
                Some(Move { does: b'L', .. }) => open.take(),
                Some(Move { does: b'I', .. }) => None,
                _ => {
                    open = None;
                    None
                }
            };
            if let Some((first, sort)) = done {
                let words = tokens[first].from..tokens[at].to;
                let begins = words.start;
                for word in words {
                    marks[word] = match sort {
                        1..=3 => 2 * sort - u8::from(word == begins),
                        _ => OTHER,
                    };
                }
            }
        }
    }
}

/// Adds `weights` times `number`.
fn add(sum: &mut [f32], weights: &[f32], number: f32) {
    for (sum, weight) in sum.iter_mut().zip(weights) {
        *sum += weight * number;
    }
}

impl Layer {
    /// Maxout of three pieces, and layer normalisation.
    fn of(&self, inputs: &[f32]) -> [f32; WIDTH] {
        let mut mixed = [0.0; MIXED];
        mixed.copy_from_slice(&self.bias);
        for (weights, number) in self.weights.chunks_exact(MIXED).zip(inputs) {
            if *number != 0.0 {
                add(&mut mixed, weights, *number);
            }
        }
        let mut out = [0.0_f32; WIDTH];
        for (out, pieces) in out.iter_mut().zip(mixed.as_chunks::<PIECES>().0) {
            *out = pieces[0].max(pieces[1]).max(pieces[2]);
        }
        let mean = out.iter().sum::<f32>() / WIDTH as f32;
        let variance =
            out.iter().map(|out| (out - mean).powi(2)).sum::<f32>() / WIDTH as f32 + 1e-8;
        let scale = variance.sqrt().recip();
        for ((out, gain), shift) in out.iter_mut().zip(&self.gain).zip(&self.shift) {
            *out = (*out - mean) * scale * gain + shift;
        }
        out
    }
}

fn convolve(layer: &Layer, rows: &[[f32; WIDTH]], next: &mut Vec<[f32; WIDTH]>) {
    next.clear();
    for at in 0..rows.len() {
        let mut inputs = [0.0; CONTEXT * WIDTH];
        for (place, inputs) in inputs.chunks_exact_mut(WIDTH).enumerate() {
            if let Some(row) = (at + place).checked_sub(1).and_then(|row| rows.get(row)) {
                inputs.copy_from_slice(row);
            }
        }
        let mut out = layer.of(&inputs);
        for (out, before) in out.iter_mut().zip(&rows[at]) {
            *out += before;
        }
        next.push(out);
    }
}

/// Abbreviations that keep their point.
const SHORT: &[&str] = &[
    "Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Jr", "Sr", "Gen", "Gov", "Lt", "Sgt", "Rev", "Sen",
    "Rep", "Inc", "Ltd", "Co", "Corp", "Bros", "Mt", "vs", "etc",
];

fn join(text: &str, words: &[Word], tokens: &mut Vec<Token>) {
    tokens.clear();
    for (index, word) in words.iter().enumerate() {
        let piece = word.of(text);
        if let Some(last) = tokens.last_mut().filter(|last| last.end == word.start) {
            let before = &text[last.start..last.end];
            let is_possessive = matches!(before, "'" | "’") && matches!(piece, "s" | "S");
            let is_capital = |text: &str| {
                let mut letters = text.chars();
                letters.next().is_some_and(char::is_uppercase) && letters.next().is_none()
            };
            let is_initials = before.ends_with('.') && before.len() <= 4 && before.len() > 1;
            let keeps_point = piece == "."
                && (SHORT.contains(&before)
                    || is_capital(before)
                    || before.len() > 2 && before.as_bytes()[before.len() - 2] == b'.');
            if is_possessive || keeps_point || (is_initials && is_capital(piece)) {
                last.end = word.end;
                last.to = index + 1;
                continue;
            }
        }
        tokens.push(Token {
            start: word.start,
            end: word.end,
            from: index,
            to: index + 1,
            is_break: word.sort == Sort::Break,
        });
    }
}

/// The shape as spaCy has it: `X`, `x`, `d` and signs, at most four of a kind in a row.
fn shape(text: &str) -> String {
    if text.chars().count() >= 100 {
        return "LONG".to_owned();
    }
    let (mut shape, mut last, mut run) = (String::new(), '\0', 0);
    for c in text.chars() {
        let kind = match c {
            c if c.is_uppercase() => 'X',
            c if c.is_alphabetic() => 'x',
            c if c.is_numeric() => 'd',
            c => c,
        };
        run = if kind == last { run + 1 } else { 0 };
        last = kind;
        if run < 4 {
            shape.push(kind);
        }
    }
    shape
}

/// MurmurHash64A (Austin Appleby, public domain), by which spaCy numbers strings.
fn murmur_64a(bytes: &[u8], seed: u64) -> u64 {
    const M: u64 = 0xc6a4_a793_5bd1_e995;
    let mut hash = seed ^ (bytes.len() as u64).wrapping_mul(M);
    let (chunks, rest) = bytes.as_chunks::<8>();
    for chunk in chunks {
        let mut k = u64::from_le_bytes(*chunk).wrapping_mul(M);
        k ^= k >> 47;
        hash = (hash ^ k.wrapping_mul(M)).wrapping_mul(M);
    }
    if !rest.is_empty() {
        let tail = rest
            .iter()
            .rev()
            .fold(0_u64, |tail, byte| tail << 8 | u64::from(*byte));
        hash = (hash ^ tail).wrapping_mul(M);
    }
    hash ^= hash >> 47;
    hash = hash.wrapping_mul(M);
    hash ^ (hash >> 47)
}

/// MurmurHash3 x64 128 of one number, by which thinc finds rows of embeddings.
fn murmur_128(value: u64, seed: u64) -> [u32; 4] {
    let finish = |mut k: u64| {
        k ^= k >> 33;
        k = k.wrapping_mul(0xff51_afd7_ed55_8ccd);
        k ^= k >> 33;
        k = k.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        k ^ (k >> 33)
    };
    let mut one = value
        .wrapping_mul(0x87c3_7b91_1142_53d5)
        .rotate_left(31)
        .wrapping_mul(0x4cf5_ad43_2745_937f)
        ^ seed
        ^ 8;
    let mut two = seed ^ 8;
    one = one.wrapping_add(two);
    two = two.wrapping_add(one);
    (one, two) = (finish(one), finish(two));
    one = one.wrapping_add(two);
    two = two.wrapping_add(one);
    [
        one as u32,
        (one >> 32) as u32,
        two as u32,
        (two >> 32) as u32,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_libraries_it_was_trained_with() {
        // From spaCy 3.8.18 (`vocab.strings["Tobias"]`) and thinc (`ops.hash`).
        assert_eq!(murmur_64a(b"Tobias", 1), 12_917_254_775_302_660_290);
        assert_eq!(
            murmur_128(12_345_678_901_234_567, 8),
            [1_519_880_696, 3_764_588_297, 132_337_396, 3_499_398_798]
        );
    }

    #[test]
    fn shapes_are_short() {
        assert_eq!(shape("Feldmann"), "Xxxxx");
        assert_eq!(shape("O'Brien-12345"), "X'Xxxxx-dddd");
    }
}
