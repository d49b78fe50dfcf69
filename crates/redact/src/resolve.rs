//! Who wins where two findings overlap, and why each was found, in words.
//!
//! In: candidates of all recognizers and writings. Out: entities in order, never overlapping, that
//! cover everything that was found. Not here: finding them (`scan`).

use std::collections::BTreeMap;

use crate::detect::{Entity, Writing};
use crate::recognizers::{Category, Recognizers};
use crate::scan::{Hit, Named};

/// A hit on the bytes as they came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) hit: Hit,
    pub(crate) writing: Writing,
}

/// Turns candidates into entities.
pub(crate) fn entities(
    text: &[u8],
    candidates: Vec<Candidate>,
    recognizers: &Recognizers,
) -> Vec<Entity> {
    let sets: Vec<_> = recognizers.sets().collect();
    let all = candidates
        .into_iter()
        .filter(|candidate| candidate.start < candidate.end)
        .filter_map(|candidate| {
            let set = sets.get(candidate.hit.set as usize)?;
            let source = &set.all.get(candidate.hit.recognizer as usize)?.source;
            let mut why = vec![format!("matched the pattern of `{}`", source.name)];
            match candidate.writing {
                Writing::Plain => {}
                Writing::Escaped => why.push("it is written with escapes".to_owned()),
                Writing::Spaced => why.push("it is written with blanks between".to_owned()),
                Writing::Broken => why.push("a line ends in it".to_owned()),
                Writing::Streamed => why.push("a stream brought it in pieces".to_owned()),
                Writing::Folded => {
                    why.push("it is written with look-alike or invisible characters".to_owned());
                }
                Writing::Encoded => why.push("it stands in an encoded text".to_owned()),
            }
            let told = match candidate.hit.named {
                Some(Named::ByField(name)) => set.word(name).map(|name| (name, "names its field")),
                Some(Named::ByColumn(name)) => {
                    set.word(name).map(|name| (name, "heads its column"))
                }
                None => None,
            };
            if let Some((name, how)) = told {
                why.push(format!("\"{name}\" {how}"));
            }
            if let Some(validator) = &source.validator {
                why.push(format!("passed the check `{validator}`"));
            }
            if let Some(word) = candidate.hit.word.and_then(|word| set.word(word)) {
                why.push(format!("the word \"{word}\" stands near it"));
            }
            Some(Entity {
                start: candidate.start,
                end: candidate.end,
                entity_type: source.entity_type.clone(),
                category: source.category,
                score: candidate.hit.score,
                recognizer: source.name.clone(),
                why,
                is_cell: matches!(candidate.hit.named, Some(Named::ByColumn(_))),
                whole: None,
            })
        })
        .collect();
    resolve(text, all)
}

/// Whether a model of names guessed it.
fn is_name(entity: &Entity) -> bool {
    entity.recognizer.starts_with("names_")
}

/// A secret, then what a pattern found, then the score, then the length: an organization that a model
/// guesses, and a policy keeps, must not show the beginning of a card.
fn rank(entity: &Entity) -> (bool, bool, i32, usize) {
    (
        entity.category == Category::Secret,
        !is_name(entity),
        (entity.score * 1_000.0) as i32,
        entity.end - entity.start,
    )
}

/// Keeps the best of what overlaps, and says what it beat. Whatever was found stays covered: by the
/// winner, or, where neither holds the other, by each its part. Of a web address with a secret in it each part keeps its type.
pub(crate) fn resolve(text: &[u8], mut found: Vec<Entity>) -> Vec<Entity> {
    let is_pattern = |it: &Entity| !is_name(it);
    found.sort_by(|a, b| {
        let place = a.start.cmp(&b.start).then(b.end.cmp(&a.end));
        place.then(is_pattern(a).cmp(&is_pattern(b)))
    });
    let mut address = 0..0;
    let (inside, rest) = found.into_iter().partition(|entity: &Entity| {
        if entity.entity_type == "URL" && entity.end > address.end {
            address = entity.start..entity.end;
        }
        entity.category == Category::Secret
            && entity.start > address.start
            && entity.end <= address.end
    });
    let mut inside = merged(text, inside).into_iter().peekable();
    let mut kept = Vec::new();
    for mut entity in merged(text, rest) {
        while let Some(secret) = inside.next_if(|secret| secret.start < entity.end) {
            if entity.entity_type == "URL" && secret.start > entity.start {
                let mut rest = entity.clone();
                entity.end = secret.start;
                rest.start = secret.end.min(rest.end);
                kept.push(entity);
                kept.push(secret);
                entity = rest;
            } else {
                entity = best(entity, secret);
            }
        }
        if entity.start < entity.end {
            kept.push(entity);
        }
    }
    kept
}

/// What is in order, with none over another.
fn merged(text: &[u8], found: Vec<Entity>) -> Vec<Entity> {
    let mut kept: Vec<Entity> = Vec::with_capacity(found.len());
    let mut found = found.into_iter().peekable();
    // What is left of those that lost, in order.
    let mut left: BTreeMap<(usize, usize), Entity> = BTreeMap::new();
    loop {
        let from_left = match (left.first_key_value(), found.peek()) {
            (Some((&(start, end), _)), Some(next)) => {
                start < next.start || start == next.start && end >= next.end
            }
            (first, _) => first.is_some(),
        };
        let next = match from_left {
            true => left.pop_first().map(|(_, entity)| entity),
            false => found.next(),
        };
        let Some(entity) = next else { break };
        let Some(mut last) = kept.pop_if(|last| entity.start < last.end) else {
            kept.push(entity);
            continue;
        };
        if yields(&last, &entity) {
            // What stands before and behind what a pattern proves stays a name.
            let mut behind = last.clone();
            (last.end, behind.start) = (entity.start, entity.end);
            kept.extend(trimmed(text, last).filter(|rest| is_likely(text, rest)));
            kept.push(entity);
            if let Some(behind) = trimmed(text, behind).filter(|rest| is_likely(text, rest)) {
                left.insert((behind.start, behind.end), behind);
            }
            continue;
        }
        if !is_apart(&last, &entity) {
            kept.push(best(last, entity));
            continue;
        }
        // Each keeps its type, so that an operator of one never shows what is the other's.
        if rank(&entity) > rank(&last) {
            last.end = entity.start;
            kept.extend(trimmed(text, last));
            kept.push(entity);
        } else {
            let mut entity = entity;
            entity.start = last.end;
            kept.push(last);
            if let Some(entity) = trimmed(text, entity) {
                left.insert((entity.start, entity.end), entity);
            }
        }
    }
    kept
}

/// What is left of an entity without the blanks and marks at its ends.
fn trimmed(text: &[u8], mut entity: Entity) -> Option<Entity> {
    let counts = |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80;
    let inside = text.get(entity.start..entity.end)?;
    let first = inside.iter().position(counts)?;
    let last = inside.iter().rposition(counts)?;
    (entity.start, entity.end) = (entity.start + first, entity.start + last + 1);
    Some(entity)
}

/// Whether two that overlap stay two: neither holds the other, and they are of different types or one
/// is a cell of a table, of which the model of names knows nothing.
fn is_apart(first: &Entity, second: &Entity) -> bool {
    let is_past = |cell: &Entity, other: &Entity| cell.is_cell && is_name(other);
    first.start < second.start
        && first.end < second.end
        && (first.entity_type != second.entity_type
            || is_past(first, second)
            || is_past(second, first))
        && [first, second]
            .iter()
            .all(|it| it.category != Category::Secret)
}

/// Whether a name of the model that holds what a pattern found gives it up: a model takes more around it
/// than there is. Not where that is a place or a day that may be of an address, unless it is a cell of a table,
/// to which nothing of the next one belongs.
fn yields(name: &Entity, inside: &Entity) -> bool {
    let is_whole = name.start == inside.start && name.end == inside.end;
    let is_day = matches!(inside.recognizer.as_str(), "year" | "age");
    name.end >= inside.end
        && is_name(name)
        && !is_name(inside)
        && (inside.is_cell
            || inside.category != Category::Location
                && name.entity_type != inside.entity_type
                && (is_whole || !is_day))
}

/// Whether what is left of a name that was cut may be one: of a place or an organization, of which the
/// model was wrong, where a word in it has a capital and is none of capitals alone.
fn is_likely(text: &[u8], rest: &Entity) -> bool {
    let rest_text = String::from_utf8_lossy(&text[rest.start..rest.end]);
    let mut words = rest_text.split(|c: char| !c.is_alphabetic());
    rest.category == Category::Person
        || words.any(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .is_some_and(|first| match first.is_uppercase() {
                    true => letters.any(char::is_lowercase),
                    // Scripts without capitals.
                    false => !first.is_lowercase(),
                })
        })
}

/// The better of two that overlap, over both.
fn best(first: Entity, second: Entity) -> Entity {
    // What contains the other whole keeps it, unless the other is a secret.
    let contains = first.start <= second.start && first.end >= second.end;
    let longer = contains && first.end - first.start > second.end - second.start;
    let wins = if longer && second.category != Category::Secret {
        rank(&second).0 && !rank(&first).0
    } else {
        rank(&second) > rank(&first)
    };
    let (start, end) = (first.start.min(second.start), first.end.max(second.end));
    let (mut winner, mut loser) = match wins {
        true => (second, first),
        false => (first, second),
    };
    let note = format!("beat `{}`, which overlaps it", loser.recognizer);
    if winner.recognizer != loser.recognizer && !winner.why.contains(&note) {
        winner.why.push(note);
    }
    if winner.whole.is_none() && winner.entity_type == loser.entity_type {
        winner.whole = loser.whole.take();
    }
    let is_whole_cell = |it: &Entity| it.is_cell && (it.start, it.end) == (start, end);
    winner.is_cell = is_whole_cell(&winner) || is_whole_cell(&loser);
    (winner.start, winner.end) = (start, end);
    winner
}
