//! Long texts through a model that reads a few hundred pieces at a time.
//!
//! In: a text. Out: names on its bytes. A text is taken in stretches of some kilobytes, cut where a line
//! or a word ends; the pieces of a stretch are read in windows that overlap, and of what two windows say of
//! a piece that one counts in which it lies further from the edge. Time is linear in the text, memory
//! bounded. Not here: what a model reckons (`graph`).

use assay_redact::names::Name;
use assay_redact::names::tags::Kind;

use crate::labels::Label;
use crate::tokenizer::Token;

/// Bytes of a stretch.
const STRETCH: usize = 32 << 10;

/// What is likelier than this to belong to some name does.
const LEAST: f32 = 0.5;

/// How likely each label is of each piece of a window, piece after piece.
pub(crate) type Likelihoods = Vec<f32>;

/// Looks through stretches of a text, one after another.
pub(crate) fn stretches(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        if at == text.len() {
            return None;
        }
        let from = at;
        at = end_of_stretch(text, from);
        Some((from, &text[from..at]))
    })
}

fn end_of_stretch(text: &str, from: usize) -> usize {
    let mut most = from + STRETCH;
    if most >= text.len() {
        return text.len();
    }
    while !text.is_char_boundary(most) {
        most -= 1;
    }
    let part = &text[from..most];
    let half = part.len() / 2;
    let behind = |found: Option<(usize, &str)>| {
        found
            .map(|(at, mark)| at + mark.len())
            .filter(|at| *at > half)
    };
    let end = behind(part.rmatch_indices('\n').next())
        .or_else(|| behind(part.rmatch_indices(". ").next()))
        .or_else(|| behind(part.rmatch_indices(char::is_whitespace).next()));
    from + end.unwrap_or(part.len())
}

/// Windows of at most `budget` pieces: from and to, and from where on the window counts. Each begins
/// where a word does, where it can.
pub(crate) fn plan(begins: &[bool], budget: usize) -> Vec<(usize, usize, usize)> {
    let all = begins.len();
    let overlap = budget / 4;
    let back = |at: usize, least: usize| {
        (least..=at)
            .rev()
            .find(|at| begins.get(*at).copied().unwrap_or(true))
            .unwrap_or(at)
    };
    let mut windows: Vec<(usize, usize, usize)> = Vec::new();
    let (mut from, mut counts) = (0, 0);
    loop {
        let end = (from + budget).min(all);
        let end = if end < all {
            back(end, from + budget / 2)
        } else {
            end
        };
        windows.push((from, end, counts));
        if end == all {
            return windows;
        }
        let next = back(end - overlap.min(end - 1), from + 1);
        counts = back(next + (end - next) / 2, next);
        from = next;
    }
}

/// Which pieces begin a word: what is written in one, with letters on both sides, belongs together.
pub(crate) fn beginnings(text: &str, tokens: &[Token]) -> Vec<bool> {
    let mut begins = Vec::with_capacity(tokens.len());
    let mut before: Option<&Token> = None;
    for token in tokens {
        begins.push(before.is_none_or(|before| !goes_on(text, before, token)));
        before = Some(token);
    }
    begins
}

fn goes_on(text: &str, before: &Token, token: &Token) -> bool {
    // Parts of one character.
    if token.start < before.end {
        return true;
    }
    let is_word =
        |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !stands_alone(c) || is_mark(c));
    token.start == before.end
        && is_word(text[..before.end].chars().next_back())
        && is_word(text[token.start..].chars().next())
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Characters of scripts that are written without blanks between words.
fn stands_alone(c: char) -> bool {
    matches!(u32::from(c), 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF
        | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

/// Whether a window has something to be read.
pub(crate) fn has_letters(text: &str, tokens: &[Token]) -> bool {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => text
            .get(first.start..last.end)
            .is_none_or(|part| part.contains(char::is_alphabetic)),
        _ => false,
    }
}

/// A word, and what the model says of it.
#[derive(Debug, Clone, Copy)]
struct Said {
    start: usize,
    end: usize,
    kind: Kind,
    label: usize,
    score: f32,
}

/// The names among pieces, by how likely each label is of each.
pub(crate) fn names(
    text: &str,
    tokens: &[Token],
    begins: &[bool],
    likely: &[f32],
    labels: &[Label],
    found: &mut Vec<Name>,
) {
    let mut last: Option<(Said, f32)> = None;
    let mut at = 0;
    while at < tokens.len() {
        let mut end = at + 1;
        while end < tokens.len() && !begins[end] {
            end += 1;
        }
        // A piece that is a blank says nothing of what stands around it.
        let (from, to) = (tokens[at].start, tokens[end - 1].end);
        if text
            .get(from..to)
            .is_some_and(|part| part.trim().is_empty())
        {
            at = end;
            continue;
        }
        let said = word(
            &tokens[at..end],
            &likely[at * labels.len()..end * labels.len()],
            labels,
        );
        let goes_on = said.and_then(|said| {
            let (open, count) = last?;
            joins(text, &open, &said, labels).then_some((open, count, said))
        });
        match (goes_on, said) {
            (Some((open, count, said)), _) => {
                let open = Said {
                    end: said.end,
                    label: said.label,
                    score: (open.score * count + said.score) / (count + 1.0),
                    ..open
                };
                last = Some((open, count + 1.0));
            }
            (None, said) => {
                found.extend(last.take().and_then(|(open, _)| name(text, &open)));
                last = said.map(|said| (said, 1.0));
            }
        }
        at = end;
    }
    found.extend(last.and_then(|(open, _)| name(text, &open)));
}

fn name(text: &str, said: &Said) -> Option<Name> {
    let part = text.get(said.start..said.end)?;
    part.contains(char::is_alphanumeric).then_some(Name {
        start: said.start,
        end: said.end,
        kind: said.kind,
        score: said.score,
    })
}

/// What the model says of a word: the mean over its pieces. It is of a name where all labels of names
/// together are likelier than not, and of the kind that is the likeliest.
fn word(tokens: &[Token], likely: &[f32], labels: &[Label]) -> Option<Said> {
    let count = tokens.len() as f32;
    let mut mean = vec![0.0_f32; labels.len()];
    for piece in likely.chunks_exact(labels.len()) {
        mean.iter_mut()
            .zip(piece)
            .for_each(|(all, one)| *all += one / count);
    }
    let sum = |wanted: Kind| -> f32 {
        labels
            .iter()
            .zip(&mean)
            .filter(|(label, _)| label.kind == Some(wanted))
            .map(|(_, likely)| likely)
            .sum()
    };
    let kinds = [Kind::Person, Kind::Location, Kind::Organization];
    let sums = kinds.map(sum);
    let score: f32 = sums.iter().sum();
    if score < LEAST {
        return None;
    }
    let (kind, _) = kinds
        .into_iter()
        .zip(sums)
        .max_by(|one, other| one.1.total_cmp(&other.1))?;
    let (label, _) = mean
        .iter()
        .enumerate()
        .filter(|(at, _)| labels[*at].kind == Some(kind))
        .max_by(|one, other| one.1.total_cmp(other.1))?;
    Some(Said {
        start: tokens.iter().map(|token| token.start).min()?,
        end: tokens.iter().map(|token| token.end).max()?,
        kind,
        label,
        score: score.min(1.0),
    })
}

/// Whether a word goes on with the name before it: of the same kind, behind blanks of the same line at
/// most, and not said to begin another of the same sort unless nothing stands between: `O'Brien` is one. A
/// surname goes on with a given name.
fn joins(text: &str, open: &Said, said: &Said, labels: &[Label]) -> bool {
    let (before, now) = (&labels[open.label], &labels[said.label]);
    let gap = text.get(open.end..said.start);
    let is_one_word = gap == Some("");
    open.kind == said.kind
        && (is_one_word || !now.begins || before.base != now.base)
        && gap.is_some_and(|gap| gap.len() <= 4 && gap.chars().all(|c| c == ' ' || c == '\u{A0}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_cover_everything_and_overlap() {
        for (all, budget) in [(1, 8), (8, 8), (9, 8), (100, 8), (1_000, 62), (77, 5)] {
            let begins: Vec<bool> = (0..all).map(|at| at % 3 == 0).collect();
            let windows = plan(&begins, budget);
            let mut reached = 0;
            for (at, (from, to, counts)) in windows.iter().enumerate() {
                assert!(*from < *to && to - from <= budget, "{all} {budget}");
                assert!(from <= counts && *counts <= reached.max(*counts));
                assert!(at == 0 || *counts <= reached, "nothing is left out");
                reached = *to;
            }
            assert_eq!(reached, all);
        }
    }

    #[test]
    fn a_text_is_the_sum_of_its_stretches() {
        let line = "wörd ünd ";
        for text in [line.repeat(20_000), "x".repeat(100_000), "👩‍🚀".repeat(9_000)] {
            let parts: Vec<_> = stretches(&text).collect();
            assert!(parts.iter().all(|(_, part)| part.len() <= STRETCH));
            assert_eq!(
                parts.iter().map(|(_, part)| *part).collect::<String>(),
                text
            );
        }
        assert_eq!(stretches("").count(), 0);
    }
}
