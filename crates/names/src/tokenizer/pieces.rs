//! Words into the pieces that a model knows.

use std::collections::HashMap;

use serde_json::Value;

use super::{Char, Token};

/// Characters of a word that are looked at together; a longer one is cut.
const LONGEST: usize = 256;

/// The pieces of a model.
#[derive(Debug)]
pub(super) enum Pieces {
    /// The longest that fits, from the left; what goes on is marked by a prefix.
    Words {
        vocab: HashMap<String, u32>,
        unknown: u32,
        prefix: String,
        longest: usize,
    },
    /// Pairs that are joined, the earliest learnt first.
    Merges {
        vocab: HashMap<String, u32>,
        ranks: HashMap<(u32, u32), (u32, u32)>,
        unknown: Option<u32>,
    },
    /// The likeliest whole.
    Likeliest {
        vocab: HashMap<String, (u32, f32)>,
        unknown: u32,
        /// Of what is not known.
        least: f32,
        longest: usize,
    },
}

fn ids(json: &Value) -> Result<HashMap<String, u32>, String> {
    let map = json.as_object().ok_or("it has no `vocab`")?;
    map.iter()
        .map(|(piece, id)| {
            let id = id.as_u64().and_then(|id| u32::try_from(id).ok());
            id.map(|id| (piece.clone(), id))
                .ok_or_else(|| "its `vocab` has a piece without a number".to_owned())
        })
        .collect()
}

impl Pieces {
    pub(super) fn words(model: &Value) -> Result<Self, String> {
        let vocab = ids(&model["vocab"])?;
        let name = model["unk_token"].as_str().unwrap_or("[UNK]");
        let unknown = *vocab
            .get(name)
            .ok_or("its `unk_token` is no piece of its `vocab`")?;
        Ok(Self::Words {
            unknown,
            vocab,
            prefix: model["continuing_subword_prefix"]
                .as_str()
                .unwrap_or("##")
                .to_owned(),
            longest: model["max_input_chars_per_word"]
                .as_u64()
                .map_or(100, |longest| longest.min(LONGEST as u64) as usize),
        })
    }

    pub(super) fn of_words(vocab: HashMap<String, u32>, unknown: u32) -> Self {
        Self::Words {
            vocab,
            unknown,
            prefix: "##".to_owned(),
            longest: 100,
        }
    }

    pub(super) fn merges(model: &Value) -> Result<Self, String> {
        if model["byte_fallback"].as_bool().unwrap_or(false) {
            return Err("its pieces fall back to bytes, which is not known here".to_owned());
        }
        let vocab = ids(&model["vocab"])?;
        let mut ranks = HashMap::new();
        let listed = model["merges"].as_array().ok_or("it has no `merges`")?;
        for (rank, pair) in (0..).zip(listed) {
            let two = match pair {
                Value::String(text) => text.split_once(' '),
                _ => match (pair[0].as_str(), pair[1].as_str()) {
                    (Some(first), Some(second)) => Some((first, second)),
                    _ => None,
                },
            };
            let unfit = || format!("its pair {rank} of `merges` joins no pieces of its `vocab`");
            let (first, second) = two.ok_or_else(unfit)?;
            let id = |piece: &str| vocab.get(piece).copied().ok_or_else(unfit);
            let joined = id(&format!("{first}{second}"))?;
            ranks
                .entry((id(first)?, id(second)?))
                .or_insert((rank, joined));
        }
        let unknown = model["unk_token"]
            .as_str()
            .and_then(|name| vocab.get(name).copied());
        Ok(Self::Merges {
            vocab,
            ranks,
            unknown,
        })
    }

    pub(super) fn unigram(model: &Value) -> Result<Self, String> {
        let listed = model["vocab"].as_array().ok_or("it has no `vocab`")?;
        let mut vocab = HashMap::with_capacity(listed.len());
        let (mut least, mut longest) = (0.0_f32, 1);
        for (id, piece) in (0..).zip(listed) {
            let (Some(text), Some(score)) = (piece[0].as_str(), piece[1].as_f64()) else {
                return Err("its `vocab` has a piece without a score".to_owned());
            };
            let score = score as f32;
            least = least.min(score);
            longest = longest.max(text.chars().count());
            vocab.insert(text.to_owned(), (id, score));
        }
        let unknown = model["unk_id"]
            .as_u64()
            .and_then(|id| u32::try_from(id).ok())
            .ok_or("it has no `unk_id`")?;
        Ok(Self::Likeliest {
            vocab,
            unknown,
            least: least - 10.0,
            longest: longest.min(64),
        })
    }

    pub(super) fn is_words(&self) -> bool {
        matches!(self, Self::Words { .. })
    }

    pub(super) fn id(&self, piece: &str) -> Option<u32> {
        match self {
            Self::Words { vocab, .. } | Self::Merges { vocab, .. } => vocab.get(piece).copied(),
            Self::Likeliest { vocab, .. } => vocab.get(piece).map(|(id, _)| *id),
        }
    }

    /// One more than the largest number.
    pub(super) fn size(&self) -> usize {
        let largest = match self {
            Self::Words { vocab, .. } | Self::Merges { vocab, .. } => vocab.values().copied().max(),
            Self::Likeliest { vocab, .. } => vocab.values().map(|(id, _)| *id).max(),
        };
        largest.map_or(0, |id| id as usize + 1)
    }

    /// Appends the pieces of a word.
    pub(super) fn cut(&self, word: &[Char], tokens: &mut Vec<Token>) {
        match self {
            Self::Words {
                vocab,
                unknown,
                prefix,
                longest,
            } => longest_first(word, vocab, *unknown, prefix, *longest, tokens),
            Self::Merges {
                vocab,
                ranks,
                unknown,
            } => {
                for part in word.chunks(LONGEST) {
                    merged(part, vocab, ranks, *unknown, tokens);
                }
            }
            Self::Likeliest {
                vocab,
                unknown,
                least,
                longest,
            } => {
                for part in word.chunks(LONGEST) {
                    likeliest(part, vocab, (*unknown, *least), *longest, tokens);
                }
            }
        }
    }
}

fn token(id: u32, chars: &[Char]) -> Token {
    Token {
        id,
        start: chars.iter().map(|one| one.start).min().unwrap_or(0),
        end: chars.iter().map(|one| one.end).max().unwrap_or(0),
    }
}

fn longest_first(
    word: &[Char],
    vocab: &HashMap<String, u32>,
    unknown: u32,
    prefix: &str,
    longest: usize,
    tokens: &mut Vec<Token>,
) {
    let before = tokens.len();
    let mut from = 0;
    let mut piece = String::new();
    while from < word.len() {
        let found = match word.len() > longest {
            true => None,
            false => (from + 1..=word.len()).rev().find_map(|to| {
                piece.clear();
                if from > 0 {
                    piece.push_str(prefix);
                }
                piece.extend(word[from..to].iter().map(|one| one.c));
                vocab.get(&piece).map(|id| (*id, to))
            }),
        };
        let Some((id, to)) = found else {
            // A word that can't be cut whole is unknown as a whole.
            tokens.truncate(before);
            tokens.push(token(unknown, word));
            return;
        };
        tokens.push(token(id, &word[from..to]));
        from = to;
    }
}

fn merged(
    word: &[Char],
    vocab: &HashMap<String, u32>,
    ranks: &HashMap<(u32, u32), (u32, u32)>,
    unknown: Option<u32>,
    tokens: &mut Vec<Token>,
) {
    let mut buffer = [0; 4];
    let mut parts: Vec<Token> = word
        .iter()
        .filter_map(|one| {
            let id = vocab.get(&*one.c.encode_utf8(&mut buffer)).copied();
            id.or(unknown)
                .map(|id| token(id, std::slice::from_ref(one)))
        })
        .collect();
    loop {
        let best = (0..parts.len().saturating_sub(1))
            .filter_map(|at| {
                let (rank, joined) = ranks.get(&(parts[at].id, parts[at + 1].id))?;
                Some((*rank, at, *joined))
            })
            .min();
        let Some((_, at, joined)) = best else { break };
        let next = parts.remove(at + 1);
        let part = &mut parts[at];
        part.id = joined;
        part.start = part.start.min(next.start);
        part.end = part.end.max(next.end);
    }
    tokens.extend(parts);
}

fn likeliest(
    word: &[Char],
    vocab: &HashMap<String, (u32, f32)>,
    (unknown, least): (u32, f32),
    longest: usize,
    tokens: &mut Vec<Token>,
) {
    // For each end: the best score, where its last piece begins, and which piece it is.
    let mut best: Vec<(f32, usize, u32)> = vec![(f32::NEG_INFINITY, 0, unknown); word.len() + 1];
    best[0].0 = 0.0;
    let mut piece = String::new();
    for from in 0..word.len() {
        let so_far = best[from].0;
        piece.clear();
        let mut has_one = false;
        for (to, one) in (from + 1..).zip(&word[from..]).take(longest) {
            piece.push(one.c);
            if let Some((id, score)) = vocab.get(&piece) {
                has_one |= to == from + 1;
                if so_far + score > best[to].0 {
                    best[to] = (so_far + score, from, *id);
                }
            }
        }
        if !has_one && so_far + least > best[from + 1].0 {
            best[from + 1] = (so_far + least, from, unknown);
        }
    }
    let mut parts = Vec::new();
    let mut end = word.len();
    while end > 0 {
        let (_, from, id) = best[end];
        parts.push(token(id, &word[from..end]));
        end = from;
    }
    parts.reverse();
    // What is not known is one piece, however long.
    for part in parts {
        match tokens
            .last_mut()
            .filter(|last| last.id == unknown && part.id == unknown && last.end == part.start)
        {
            Some(last) => last.end = part.end,
            None => tokens.push(part),
        }
    }
}
