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
            let mut sum = [0_i32; LANES];
            for feature in features.of_word(word) {
                let weights = model.weights(*feature);
                for lane in 0..LANES {
                    sum[lane] += i32::from(weights[lane]);
                }
            }
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
        self.best.clear();
        self.from.clear();
        for word in 0..words {
            let mut best = [f32::NEG_INFINITY; LANES];
            let mut from = [0_u8; LANES];
            for tag in 0..TAGS {
                let (before, value) = (0..TAGS)
                    .filter(|before| match word {
                        0 => *before == OUTSIDE && may_follow(OUTSIDE, tag),
                        _ => may_follow(*before, tag),
                    })
                    .map(|before| match word {
                        0 => (before, steps[OUTSIDE][tag]),
                        _ => (before, self.best[word - 1][before] + steps[before][tag]),
                    })
                    .fold((0, f32::NEG_INFINITY), |most, next| {
                        if next.1 > most.1 { next } else { most }
                    });
                best[tag] = value + self.scores[word][tag];
                from[tag] = before as u8;
            }
            self.best.push(best);
            self.from.push(from);
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

/// A row in parts of its sum.
fn in_parts(row: [f32; LANES]) -> [f32; LANES] {
    let sum: f32 = row.iter().sum();
    row.map(|value| value / sum.max(f32::MIN_POSITIVE))
}
