//! Who wins where two findings overlap, and why each was found, in words.
//!
//! In: candidates of all recognizers and writings. Out: entities in order, never overlapping, that
//! cover everything that was found. Not here: finding them (`scan`).

use crate::detect::{Entity, Writing};
use crate::recognizers::{Category, Recognizers};
use crate::scan::Hit;

/// A hit on the bytes as they came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) hit: Hit,
    pub(crate) writing: Writing,
}

/// Turns candidates into entities.
pub(crate) fn entities(candidates: Vec<Candidate>, recognizers: &Recognizers) -> Vec<Entity> {
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
                Writing::Folded => {
                    why.push("it is written with look-alike or invisible characters".to_owned());
                }
                Writing::Encoded => why.push("it stands in an encoded text".to_owned()),
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
            })
        })
        .collect();
    resolve(all)
}

fn rank(entity: &Entity) -> (bool, i32, usize) {
    (
        entity.category == Category::Secret,
        (entity.score * 1_000.0) as i32,
        entity.end - entity.start,
    )
}

/// Keeps the best of what overlaps, and says what it beat. The winner covers what both covered:
/// nothing that was found may show.
pub(crate) fn resolve(mut found: Vec<Entity>) -> Vec<Entity> {
    found.sort_by(|a, b| a.start.cmp(&b.start).then(b.end.cmp(&a.end)));
    let mut kept: Vec<Entity> = Vec::with_capacity(found.len());
    for entity in found {
        let Some(last) = kept.last_mut().filter(|last| entity.start < last.end) else {
            kept.push(entity);
            continue;
        };
        // Of a web address with a password in it each part keeps its type.
        if last.entity_type == "URL"
            && entity.category == Category::Secret
            && entity.end <= last.end
            && entity.start > last.start
        {
            let mut rest = last.clone();
            last.end = entity.start;
            rest.start = entity.end;
            kept.push(entity);
            if rest.start < rest.end {
                kept.push(rest);
            }
            continue;
        }
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
        best.start = last.start.min(entity.start);
        best.end = last.end.max(entity.end);
        if winner.recognizer != loser.recognizer && !best.why.contains(&note) {
            best.why.push(note);
        }
        *last = best;
    }
    kept
}
