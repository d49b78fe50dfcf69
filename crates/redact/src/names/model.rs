//! A trained model as it lies in a file: the lexicon, the weights of features, the weights of steps.
//!
//! Layout, little-endian: `ASSAYNM1`, rows (u32), lanes (u32), words of the lexicon (u32), scale (f32),
//! steps (8 × 8 f32), hashes of the lexicon (u32 each, rising), their kinds (u8 each), weights (rows ×
//! lanes i8), and SHA-256 of everything before. Bytes in, model out; a file that is cut, changed or of
//! another shape is refused with what is wrong. Not here: where the file is.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::names::features::{hash_word, key_after};
use crate::names::tags::{LANES, TAGS, may_follow};

/// The model that is part of the program; `scripts/names` says what it was made from.
pub(crate) static SHIPPED: &[u8] = include_bytes!("../../data/names.model");

/// The model that is part of the program, read at its first use. Its checksum is checked by a test, and not
/// at each start: it is as whole as the program.
///
/// # Errors
/// [`ModelFault`] where the program was built with a file that is no model.
pub fn shipped() -> Result<&'static Model, ModelFault> {
    static MODEL: LazyLock<Result<Model, ModelFault>> =
        LazyLock::new(|| Model::read(content(SHIPPED)?.0));
    MODEL.as_ref().map_err(Clone::clone)
}

/// Rows of weights; a power of two.
pub const ROWS: usize = 1 << 18;

const MAGIC: &[u8; 8] = b"ASSAYNM1";
const HEADER: usize = 8 + 4 * 4 + 4 * LANES * LANES;
const SUM: usize = 32;
/// Where the header says how many words the lexicon has.
const WORDS: usize = 16;
/// Words of a lexicon, at most.
const MOST_WORDS: usize = 1 << 22;

/// Why a model can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ModelFault {
    #[error("not a names model of this program: it begins with other bytes")]
    Magic,
    #[error("the model is cut short or too long: {found} bytes of {expected}")]
    Length { found: usize, expected: usize },
    #[error("the model has {what} of {found}; this program reads {expected}")]
    Shape {
        what: &'static str,
        found: u32,
        expected: u32,
    },
    #[error("the model was changed: its checksum is another")]
    Checksum,
    #[error("the model holds a number that is none")]
    Number,
}

/// Words and names of several words, each with what it may be.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    hashes: Vec<u32>,
    kinds: Vec<u8>,
    /// Where the hashes with each upper half begin.
    begins: Vec<u32>,
    /// Bits that say which hashes there may be.
    marked: Vec<u64>,
}

impl Lexicon {
    /// Bit of a kind: longer names begin with this.
    pub const LONGER: u8 = 0x80;
    /// The letters of kinds, from the lowest bit: given name, surname, large city, place, country or
    /// region, company suffix, street word.
    pub const LETTERS: &str = "gscprot";

    /// A lexicon of lines `KINDS<TAB>words`; lines of another form are passed over.
    pub fn from_lines<'a>(lines: impl Iterator<Item = &'a str>) -> Self {
        let mut entries = std::collections::BTreeMap::<u32, u8>::new();
        for line in lines {
            let Some((letters, words)) = line.split_once('\t') else {
                continue;
            };
            let kinds = Self::LETTERS
                .chars()
                .enumerate()
                .filter(|(_, letter)| letters.contains(*letter))
                .fold(0, |kinds, (bit, _)| kinds | 1 << bit);
            let mut key = 0;
            let count = words.split(' ').count();
            for (index, word) in words.split(' ').enumerate() {
                let hash = hash_word(word);
                key = match index {
                    0 => hash,
                    _ => key_after(key, hash),
                };
                *entries.entry(short(key)).or_default() |= match index + 1 == count {
                    true => kinds,
                    false => Self::LONGER,
                };
            }
        }
        let (hashes, kinds) = entries.into_iter().unzip();
        Self::of(hashes, kinds)
    }

    fn of(hashes: Vec<u32>, kinds: Vec<u8>) -> Self {
        let mut marked = vec![0; 1 << (MARKED - 6)];
        for hash in &hashes {
            let (word, bit) = mark_of(*hash);
            marked[word] |= bit;
        }
        let mut begins = vec![0; (1 << 16) + 1];
        for hash in &hashes {
            begins[(hash >> 16) as usize + 1] += 1;
        }
        for index in 1..begins.len() {
            begins[index] += begins[index - 1];
        }
        Self {
            hashes,
            kinds,
            begins,
            marked,
        }
    }

    /// What the word or name with this hash may be: a bit for each kind, 0 where it is not known.
    pub(crate) fn kinds(&self, hash: u64) -> u8 {
        let hash = short(hash);
        let (word, bit) = mark_of(hash);
        if self.marked.get(word).is_none_or(|word| word & bit == 0) {
            return 0;
        }
        let half = (hash >> 16) as usize;
        let (Some(from), Some(to)) = (self.begins.get(half), self.begins.get(half + 1)) else {
            return 0;
        };
        let (from, to) = (*from as usize, *to as usize);
        match self.hashes[from..to]
            .iter()
            .position(|other| *other == hash)
        {
            Some(index) => self.kinds[from + index],
            None => 0,
        }
    }
}

/// Bits of a hash that have a mark each where a word of the lexicon has them. Most words of a text have
/// none, and all marks stay near the processor where the lexicon does not.
const MARKED: u32 = 20;

/// Where the mark of a hash is.
fn mark_of(hash: u32) -> (usize, u64) {
    let mark = hash >> (32 - MARKED);
    ((mark >> 6) as usize, 1 << (mark & 63))
}

fn short(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// A model that names are found with.
#[derive(Debug, Clone)]
pub struct Model {
    lexicon: Lexicon,
    weights: Vec<[i8; LANES]>,
    steps: [[f32; LANES]; LANES],
    scale: f32,
}

impl Model {
    /// A model of trained parts. Weights are rounded to a 127th of the largest.
    pub fn new(lexicon: Lexicon, weights: &[[f32; LANES]], steps: [[f32; LANES]; LANES]) -> Self {
        let most = weights
            .iter()
            .flatten()
            .fold(0_f32, |most, weight| most.max(weight.abs()))
            .max(f32::MIN_POSITIVE);
        let scale = most / 127.0;
        Self {
            lexicon,
            weights: weights
                .iter()
                .map(|row| row.map(|weight| (weight / scale).round() as i8))
                .collect(),
            steps,
            scale,
        }
    }

    /// The weights of a feature.
    #[inline]
    pub(crate) fn weights(&self, row: u32) -> &[i8; LANES] {
        &self.weights[row as usize & (ROWS - 1)]
    }

    pub(crate) fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    pub(crate) fn steps(&self) -> &[[f32; LANES]; LANES] {
        &self.steps
    }

    pub(crate) fn scale(&self) -> f32 {
        self.scale
    }

    /// The model as a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for number in [ROWS, LANES, self.lexicon.hashes.len()] {
            bytes.extend((number as u32).to_le_bytes());
        }
        bytes.extend(self.scale.to_le_bytes());
        for step in self.steps.iter().flatten() {
            bytes.extend(step.to_le_bytes());
        }
        for hash in &self.lexicon.hashes {
            bytes.extend(hash.to_le_bytes());
        }
        bytes.extend(&self.lexicon.kinds);
        bytes.extend(self.weights.iter().flatten().map(|weight| *weight as u8));
        let sum = Sha256::digest(&bytes);
        bytes.extend(sum);
        bytes
    }

    /// The model in a file.
    ///
    /// # Errors
    /// [`ModelFault`] where it is not whole, or is of another program or version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelFault> {
        let (content, sum) = content(bytes)?;
        if Sha256::digest(content).as_slice() != sum {
            return Err(ModelFault::Checksum);
        }
        Self::read(content)
    }

    /// The model in what stands before the checksum and has the right length.
    fn read(content: &[u8]) -> Result<Self, ModelFault> {
        let number = |at| u32::from_le_bytes(four(content, at));
        let real = |at| f32::from_le_bytes(four(content, at));
        let words = number(WORDS) as usize;
        let scale = real(20);
        let mut steps = [[0.0; LANES]; LANES];
        for (index, step) in steps.iter_mut().flatten().enumerate() {
            *step = real(24 + 4 * index);
        }
        let finite = (0..TAGS)
            .all(|from| (0..TAGS).all(|to| !may_follow(from, to) || steps[from][to].is_finite()));
        if !scale.is_finite() || !finite {
            return Err(ModelFault::Number);
        }
        let hashes = (0..words).map(|index| number(HEADER + 4 * index)).collect();
        let kinds = HEADER + 4 * words;
        let weights = kinds + words;
        Ok(Self {
            lexicon: Lexicon::of(hashes, content[kinds..weights].to_vec()),
            weights: content[weights..]
                .as_chunks::<LANES>()
                .0
                .iter()
                .map(|row| row.map(|byte| byte as i8))
                .collect(),
            steps,
            scale,
        })
    }
}

fn four(bytes: &[u8], at: usize) -> [u8; 4] {
    [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]
}

/// A file in two: what is checked, whose length is right, and its checksum.
fn content(bytes: &[u8]) -> Result<(&[u8], &[u8]), ModelFault> {
    if !bytes.starts_with(MAGIC) {
        return Err(ModelFault::Magic);
    }
    let length = |expected| ModelFault::Length {
        found: bytes.len(),
        expected,
    };
    if bytes.len() < HEADER {
        return Err(length(HEADER));
    }
    let number = |at| u32::from_le_bytes(four(bytes, at));
    for (what, at, expected) in [("rows", 8, ROWS), ("lanes", 12, LANES)] {
        if number(at) as usize != expected {
            return Err(ModelFault::Shape {
                what,
                found: number(at),
                expected: expected as u32,
            });
        }
    }
    let words = number(WORDS) as usize;
    if words > MOST_WORDS {
        return Err(ModelFault::Shape {
            what: "a lexicon",
            found: words as u32,
            expected: MOST_WORDS as u32,
        });
    }
    let expected = HEADER + words * 5 + ROWS * LANES + SUM;
    if bytes.len() != expected {
        return Err(length(expected));
    }
    Ok(bytes.split_at(expected - SUM))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_part_of_the_program_is_whole() {
        assert!(Model::from_bytes(SHIPPED).is_ok());
    }
}
