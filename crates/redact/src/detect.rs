//! Finding entities in a text.
//!
//! One pass looks for the literals that recognizers need; only those that woke run their pattern.
//! Then validators, words around the match, and who wins where two overlap. Not here: treating
//! what was found (`redaction`).

use crate::recognizers::{Category, Recognizer, Recognizers};

/// Something found. Offsets are UTF-8 bytes, half-open, on character boundaries.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    pub start: usize,
    pub end: usize,
    pub entity_type: String,
    pub category: Category,
    /// 0–1.
    pub score: f32,
    pub recognizer: String,
    /// Why it was found and what it beat, a sentence each. Never holds the text itself.
    pub why: Vec<String>,
}

/// Bytes before and after a match in which context words are looked for.
const BEFORE: usize = 64;
const AFTER: usize = 32;
/// What a context word adds to the score.
const CONTEXT_SCORE: f32 = 0.35;

/// Returns what `recognizers` find in `text` with a score of at least `threshold`, ordered by
/// start, never overlapping.
///
/// Where two overlap, a secret wins, then the higher score, then the longer one. Entity types
/// follow Presidio's supported entities.
pub fn detect(text: &str, recognizers: &Recognizers, threshold: f32) -> Vec<Entity> {
    let mut awake = vec![false; recognizers.all.len()];
    for (index, recognizer) in recognizers.all.iter().enumerate() {
        awake[index] = recognizer.source.needs.is_empty();
    }
    let mut asleep = awake.iter().filter(|is_awake| !**is_awake).count();
    for found in recognizers.needs.find_overlapping_iter(text) {
        for index in &recognizers.wakes[found.pattern().as_usize()] {
            if !awake[*index] {
                awake[*index] = true;
                asleep -= 1;
            }
        }
        if asleep == 0 {
            break;
        }
    }
    let mut found = Vec::new();
    for (recognizer, is_awake) in recognizers.all.iter().zip(awake) {
        if is_awake {
            of_recognizer(text, recognizer, threshold, &mut found);
        }
    }
    resolve(found)
}

fn of_recognizer(text: &str, recognizer: &Recognizer, threshold: f32, found: &mut Vec<Entity>) {
    let mut from = 0;
    while let Some(captures) = recognizer.regex.captures_at(text, from) {
        let Some(whole) = captures.get(0) else { return };
        let value = captures.name("value").unwrap_or(whole);
        from = whole.end().max(whole.start() + 1);
        let Some(end) = valid_end(text, value.start(), value.end(), recognizer) else {
            continue;
        };
        if end < value.end() {
            // What was cut off may begin the next match.
            from = end;
        }
        if let Some(entity) = judged(text, value.start(), end, recognizer, threshold) {
            found.push(entity);
        }
    }
}

/// Where the value ends that passes the recognizer's validator: the match as it is, or shorter by
/// whole groups, since a pattern with separators may run on into the number after it.
fn valid_end(text: &str, start: usize, end: usize, recognizer: &Recognizer) -> Option<usize> {
    let Some(validate) = recognizer.validate else {
        return (start < end).then_some(end);
    };
    let mut end = end;
    for _ in 0..4 {
        if validate(&text[start..end]) {
            return Some(end);
        }
        let cut = text[start..end].rfind([' ', '-', '.', '/', ','])?;
        end = start + cut;
        let whole = recognizer
            .regex
            .find_at(&text[..end], start)
            .is_some_and(|again| again.end() == end);
        if cut == 0 || !whole {
            return None;
        }
    }
    None
}

fn judged(
    text: &str,
    start: usize,
    end: usize,
    recognizer: &Recognizer,
    threshold: f32,
) -> Option<Entity> {
    let source = &recognizer.source;
    if !stands_alone(text, start, end) {
        return None;
    }
    let mut why = vec![format!("matched the pattern of `{}`", source.name)];
    let mut score = source.score;
    if let Some(validator) = &source.validator {
        why.push(format!("passed the check `{validator}`"));
    }
    let (before, after) = around(text, start, end);
    let near = |words: &[String]| {
        words
            .iter()
            .find(|word| has_word(before, word) || has_word(after, word))
            .cloned()
    };
    if near(&source.not_context).is_some() {
        return None;
    }
    match near(&source.context) {
        Some(word) => {
            score = (score + CONTEXT_SCORE).min(1.0);
            why.push(format!("the word \"{word}\" stands near it"));
        }
        None if source.context_required => return None,
        None => {}
    }
    (score + f32::EPSILON >= threshold).then(|| Entity {
        start,
        end,
        entity_type: source.entity_type.clone(),
        category: source.category,
        score,
        recognizer: source.name.clone(),
        why,
    })
}

/// Not the middle of a longer run of letters and digits.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let joins = |a: Option<char>, b: Option<char>| match (a, b) {
        (Some(a), Some(b)) => a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric(),
        _ => false,
    };
    let inside = &text[start..end];
    // `192.168.100.1234` holds no telephone number.
    let mut before = text[..start].chars().rev();
    if inside.starts_with(|first: char| first.is_ascii_digit())
        && matches!(before.next(), Some('.' | '-'))
        && before.next().is_some_and(|digit| digit.is_ascii_digit())
    {
        return false;
    }
    !joins(text[..start].chars().next_back(), inside.chars().next())
        && !joins(inside.chars().next_back(), text[end..].chars().next())
}

fn around(text: &str, start: usize, end: usize) -> (&str, &str) {
    let mut from = start.saturating_sub(BEFORE);
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    let mut to = (end + AFTER).min(text.len());
    while !text.is_char_boundary(to) {
        to += 1;
    }
    (&text[from..start], &text[end..to])
}

/// Whether `word` stands in `text` as a whole word, ignoring ASCII case.
fn has_word(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    if word.is_empty() || text.len() < word.len() {
        return false;
    }
    (0..=text.len() - word.len()).any(|at| {
        let edge = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric());
        text[at..at + word.len()].eq_ignore_ascii_case(word)
            && edge(at.checked_sub(1).and_then(|before| text.get(before)))
            && edge(text.get(at + word.len()))
    })
}

fn rank(entity: &Entity) -> (bool, i32, usize) {
    (
        entity.category == Category::Secret,
        (entity.score * 1_000.0) as i32,
        entity.end - entity.start,
    )
}

/// Keeps the best of what overlaps, and says what it beat.
pub(crate) fn resolve(mut found: Vec<Entity>) -> Vec<Entity> {
    found.sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
    let mut kept: Vec<Entity> = Vec::with_capacity(found.len());
    for entity in found {
        let Some(last) = kept.last_mut().filter(|last| entity.start < last.end) else {
            kept.push(entity);
            continue;
        };
        // What contains the other whole keeps it, unless the other is a secret.
        let contains = last.start <= entity.start && last.end >= entity.end;
        let longer = contains && last.end - last.start > entity.end - entity.start;
        let wins = if longer && entity.category != Category::Secret {
            rank(&entity).0 && !rank(last).0
        } else {
            rank(&entity) > rank(last)
        };
        let (winner, loser) = if wins {
            (&entity, &*last)
        } else {
            (&*last, &entity)
        };
        let note = format!("beat `{}`, which overlaps it", loser.recognizer);
        let mut best = winner.clone();
        // Nothing that was found may show: the winner covers what both covered.
        best.start = last.start.min(entity.start);
        best.end = last.end.max(entity.end);
        if !best.why.contains(&note) && winner.recognizer != loser.recognizer {
            best.why.push(note);
        }
        *last = best;
    }
    kept
}
