//! Tags of words, and the chain that chooses them.
//!
//! Each word is outside of a name, begins one or goes on with one. A chain adds up what the features
//! of each word and each pair of neighbouring tags weigh; the best sequence and the likelihood of each
//! name in it follow (Lafferty, McCallum and Pereira, Conditional Random Fields, 2001). Not here:
//! features, weights.

use crate::names::features::Features;
use crate::names::model::Model;

/// What a name is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Person,
    Location,
    Organization,
}

/// All of them.
pub const KINDS: [Kind; 3] = [Kind::Person, Kind::Location, Kind::Organization];

/// Outside, then the beginning and the going on of each kind.
pub const TAGS: usize = 7;
/// [`TAGS`] as it lies in memory.
pub const LANES: usize = 8;
/// Outside of a name.
pub const OUTSIDE: usize = 0;

/// The tag that begins a name.
pub const fn begins(kind: Kind) -> usize {
    1 + 2 * kind as usize
}

/// The tag that goes on with a name.
pub const fn goes_on(kind: Kind) -> usize {
    2 + 2 * kind as usize
}

/// Whether `tag` may follow `before`: a name goes on only after its own.
pub const fn may_follow(before: usize, tag: usize) -> bool {
    tag == OUTSIDE || tag % 2 == 1 || before == tag || before + 1 == tag
}

/// What `tag` is of.
pub fn kind_of(tag: usize) -> Option<Kind> {
    match tag {
        1 | 2 => Some(Kind::Person),
        3 | 4 => Some(Kind::Location),
        5 | 6 => Some(Kind::Organization),
        _ => None,
    }
}

/// The scores of the tags of a text's words, and what is reckoned from them.
#[derive(Debug, Default)]
pub struct Chain {
    /// Of each word and tag.
    pub scores: Vec<[f32; LANES]>,
    best: Vec<[f32; LANES]>,
    from: Vec<[u8; LANES]>,
    path: Vec<u8>,
    weights: Vec<[f32; LANES]>,
    forward: Vec<[f32; LANES]>,
    backward: Vec<[f32; LANES]>,
}

impl Chain {
    /// Adds up the weights of each word's features.
    pub fn score(&mut self, model: &Model, features: &Features, words: usize) {
        self.scores.clear();
        for word in 0..words {
            let rows = features.of_word(word);
            let sum = sum_of(rows.iter().map(|row| model.weights(*row)));
            self.scores.push(sum.map(|sum| sum as f32 * model.scale()));
        }
    }

    /// Tells each name of the best sequence: its first word, the word after its last, its kind and
    /// how likely it is.
    pub fn names(&mut self, model: &Model, mut tell: impl FnMut(usize, usize, Kind, f32)) {
        self.choose(model.steps());
        if self.path.iter().all(|tag| usize::from(*tag) == OUTSIDE) {
            return;
        }
        self.sum(model.steps());
        let mut at = 0;
        while at < self.path.len() {
            let Some(kind) = kind_of(usize::from(self.path[at])) else {
                at += 1;
                continue;
            };
            let mut end = at + 1;
            while end < self.path.len() && usize::from(self.path[end]) == goes_on(kind) {
                end += 1;
            }
            tell(at, end, kind, self.likelihood(at, end));
            at = end;
        }
    }

    /// The best sequence of tags (Viterbi).
    fn choose(&mut self, steps: &[[f32; LANES]; LANES]) {
        let words = self.scores.len();
        let mut allowed = [[f32::NEG_INFINITY; LANES]; LANES];
        for (before, row) in allowed.iter_mut().enumerate().take(TAGS) {
            for (tag, weight) in row.iter_mut().enumerate().take(TAGS) {
                if may_follow(before, tag) {
                    *weight = steps[before][tag];
                }
            }
        }
        self.best.clear();
        self.from.clear();
        let mut last = [f32::NEG_INFINITY; LANES];
        last[OUTSIDE] = 0.0;
        for scores in &self.scores {
            let mut best = [f32::NEG_INFINITY; LANES];
            let mut from = [0_i32; LANES];
            for (before, allowed) in allowed.iter().enumerate().take(TAGS) {
                for tag in 0..LANES {
                    let value = last[before] + allowed[tag];
                    let is_more = value > best[tag];
                    best[tag] = if is_more { value } else { best[tag] };
                    from[tag] = if is_more { before as i32 } else { from[tag] };
                }
            }
            for tag in 0..LANES {
                best[tag] += scores[tag];
            }
            self.best.push(best);
            self.from.push(from.map(|before| before as u8));
            last = best;
        }
        self.path.clear();
        let Some(last) = self.best.last() else { return };
        let mut tag = (0..TAGS).fold(
            OUTSIDE,
            |most, tag| {
                if last[tag] > last[most] { tag } else { most }
            },
        );
        self.path.resize(words, 0);
        for word in (0..words).rev() {
            self.path[word] = tag as u8;
            tag = usize::from(self.from[word][tag]);
        }
    }

    /// What all sequences before and after each word weigh, each word's in parts of their sum: so no
    /// number grows or vanishes with the length of the text.
    fn sum(&mut self, steps: &[[f32; LANES]; LANES]) {
        let words = self.scores.len();
        let mut may = [[0.0_f32; LANES]; LANES];
        for (before, row) in may.iter_mut().enumerate().take(TAGS) {
            for (tag, weight) in row.iter_mut().enumerate().take(TAGS) {
                if may_follow(before, tag) {
                    *weight = steps[before][tag].exp();
                }
            }
        }
        self.weights.clear();
        self.weights.extend(self.scores.iter().map(|scores| {
            let most = scores[..TAGS].iter().copied().fold(f32::MIN, f32::max);
            let mut weights = [0.0; LANES];
            for tag in 0..TAGS {
                weights[tag] = (scores[tag] - most).exp();
            }
            weights
        }));
        self.forward.clear();
        let mut before = [0.0; LANES];
        before[OUTSIDE] = 1.0;
        for weights in &self.weights {
            let mut row = [0.0_f32; LANES];
            for (from, may) in may.iter().enumerate() {
                for tag in 0..LANES {
                    row[tag] += before[from] * may[tag];
                }
            }
            for tag in 0..LANES {
                row[tag] *= weights[tag];
            }
            before = in_parts(row);
            self.forward.push(before);
        }
        self.backward.clear();
        self.backward.resize(words, [1.0; LANES]);
        for word in (1..words).rev() {
            let (after, weights) = (self.backward[word], self.weights[word]);
            let mut ahead = [0.0; LANES];
            for tag in 0..LANES {
                ahead[tag] = after[tag] * weights[tag];
            }
            let mut row = [0.0_f32; LANES];
            for (from, may) in may.iter().enumerate() {
                for tag in 0..LANES {
                    row[from] += may[tag] * ahead[tag];
                }
            }
            self.backward[word - 1] = in_parts(row);
        }
    }

    /// How likely the words from `at` to before `end` are part of names, of whatever kind and whatever
    /// extent: the mean of their likelihoods.
    fn likelihood(&self, at: usize, end: usize) -> f32 {
        let outside: f32 = (at..end)
            .map(|word| {
                let (forward, backward) = (&self.forward[word], &self.backward[word]);
                let all: f32 = (0..TAGS).map(|tag| forward[tag] * backward[tag]).sum();
                forward[OUTSIDE] * backward[OUTSIDE] / all.max(f32::MIN_POSITIVE)
            })
            .sum();
        (1.0 - outside / (end - at) as f32).clamp(0.0, 1.0)
    }
}

/// The sums of the lanes of fewer than 256 rows.
///
/// Rows lie all over a table that no near cache holds, so that what counts is how many are on their way
/// at once: four lanes are added by one addition, each in 16 bits of it and moved by 128, so that none is
/// negative or overflows.
fn sum_of<'a>(rows: impl Iterator<Item = &'a [i8; LANES]>) -> [i32; LANES] {
    const BYTES: u64 = 0x00FF_00FF_00FF_00FF;
    const MOVED: u64 = 0x8080_8080_8080_8080;
    let (mut even, mut odd, mut all) = (0_u64, 0_u64, 0);
    for row in rows {
        let row = u64::from_le_bytes(row.map(i8::cast_unsigned)) ^ MOVED;
        even = even.wrapping_add(row & BYTES);
        odd = odd.wrapping_add(row >> 8 & BYTES);
        all += 128;
    }
    std::array::from_fn(|lane| {
        let lanes = if lane % 2 == 0 { even } else { odd };
        (lanes >> (lane / 2 * 16) & 0xFFFF) as i32 - all
    })
}

/// A row in parts of its sum.
fn in_parts(row: [f32; LANES]) -> [f32; LANES] {
    let sum: f32 = row.iter().sum();
    row.map(|value| value / sum.max(f32::MIN_POSITIVE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_are_added_each_by_itself() {
        let rows: Vec<[i8; LANES]> = (0..48_i32)
            .map(|row| std::array::from_fn(|lane| (row * 37 + lane as i32 * 101 - 128) as i8))
            .chain([[i8::MIN; LANES], [i8::MAX; LANES]])
            .collect();
        let plain =
            std::array::from_fn(|lane| rows.iter().map(|row| i32::from(row[lane])).sum::<i32>());
        assert_eq!(sum_of(rows.iter()), plain);
        let least = vec![[i8::MIN; LANES]; 255];
        assert_eq!(sum_of(least.iter()), [-128 * 255; LANES]);
    }
}
