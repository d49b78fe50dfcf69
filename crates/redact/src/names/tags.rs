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
    forward: Vec<[f32; LANES]>,
    backward: Vec<[f32; LANES]>,
}

/// `log(exp(a) + exp(b) + …)`.
pub fn log_sum(values: impl Iterator<Item = f32> + Clone) -> f32 {
    let most = values.clone().fold(f32::NEG_INFINITY, f32::max);
    if most == f32::NEG_INFINITY {
        return most;
    }
    most + values.map(|value| (value - most).exp()).sum::<f32>().ln()
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

    /// What all sequences before and after each word weigh.
    fn sum(&mut self, steps: &[[f32; LANES]; LANES]) {
        forward_backward(
            &self.scores,
            steps,
            |_| u8::MAX,
            &mut self.forward,
            &mut self.backward,
        );
    }

    /// How likely the words from `at` to before `end` are part of names, of whatever kind and whatever
    /// extent: the mean of their likelihoods.
    fn likelihood(&self, at: usize, end: usize) -> f32 {
        let last = self.forward.len() - 1;
        let all = log_sum(self.forward[last][..TAGS].iter().copied());
        let outside: f32 = (at..end)
            .map(|word| (self.forward[word][OUTSIDE] + self.backward[word][OUTSIDE] - all).exp())
            .sum();
        (1.0 - outside / (end - at) as f32).clamp(0.0, 1.0)
    }
}

/// Fills `forward` with the logarithm of the weight of all sequences up to and with each word and tag,
/// `backward` with that of all after it. `allowed` is the set of tags that a word may have, a bit each.
pub fn forward_backward(
    scores: &[[f32; LANES]],
    steps: &[[f32; LANES]; LANES],
    allowed: impl Fn(usize) -> u8,
    forward: &mut Vec<[f32; LANES]>,
    backward: &mut Vec<[f32; LANES]>,
) {
    let words = scores.len();
    let none = [f32::NEG_INFINITY; LANES];
    forward.clear();
    forward.resize(words, none);
    backward.clear();
    backward.resize(words, none);
    let may = |word: usize, tag: usize| allowed(word) & (1 << tag) != 0;
    for word in 0..words {
        for tag in (0..TAGS).filter(|tag| may(word, *tag)) {
            let before = match word {
                0 if may_follow(OUTSIDE, tag) => steps[OUTSIDE][tag],
                0 => f32::NEG_INFINITY,
                _ => {
                    let row = forward[word - 1];
                    log_sum(
                        (0..TAGS)
                            .filter(|before| may_follow(*before, tag))
                            .map(|before| row[before] + steps[before][tag]),
                    )
                }
            };
            forward[word][tag] = before + scores[word][tag];
        }
    }
    for word in (0..words).rev() {
        for tag in (0..TAGS).filter(|tag| may(word, *tag)) {
            backward[word][tag] = match word + 1 == words {
                true => 0.0,
                false => {
                    let row = backward[word + 1];
                    log_sum(
                        (0..TAGS)
                            .filter(|next| may_follow(tag, *next))
                            .map(|next| steps[tag][next] + scores[word + 1][next] + row[next]),
                    )
                }
            };
        }
    }
}
