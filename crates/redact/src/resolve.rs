//! Who wins where two findings overlap.
//!
//! In: candidates of all recognizers and writings. Out: entities in order, never overlapping, that
//! cover everything that was found. Not here: finding them (`scan`), why in words (`why`).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::detect::{Entity, Writing};
use crate::interned::Interned;
use crate::recognizers::set::Set;
use crate::recognizers::{Category, Recognizers};
use crate::scan::hits::{Hit, Named};
use crate::why::Why;

/// A hit on the bytes as they came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) hit: Hit,
    pub(crate) writing: Writing,
}

/// What is resolved: small, so that it is sorted, cut and copied for little.
#[derive(Debug, Clone, Copy)]
struct Part {
    start: usize,
    end: usize,
    entity_type: Interned,
    recognizer: Interned,
    category: Category,
    score: f32,
    is_cell: bool,
    /// The number of what was found.
    of: usize,
    /// The number of what gives the whole value, where there is one.
    whole: Option<usize>,
    /// What it beat last, in [`Beaten`].
    beat: Option<usize>,
}

/// What was beaten: a recognizer, and what the same winner beat before.
type Beaten = Vec<(Interned, Option<usize>)>;

/// Turns candidates into entities.
pub(crate) fn entities(
    text: &[u8],
    candidates: Vec<Candidate>,
    recognizers: &Recognizers,
) -> Vec<Entity> {
    let sets: Vec<&Arc<Set>> = recognizers.sets().collect();
    let mut parts = Vec::with_capacity(candidates.len());
    for (of, candidate) in candidates.iter().enumerate() {
        let set = sets.get(usize::from(candidate.hit.set));
        let recognizer = set.and_then(|set| set.all.get(usize::from(candidate.hit.recognizer)));
        let Some(recognizer) = recognizer.filter(|_| candidate.start < candidate.end) else {
            continue;
        };
        let [entity_type, name] = recognizer.names();
        parts.push(Part {
            start: candidate.start,
            end: candidate.end,
            entity_type,
            recognizer: name,
            category: recognizer.source.category,
            score: candidate.hit.score,
            is_cell: matches!(candidate.hit.named, Some(Named::ByColumn(_))),
            of,
            whole: None,
            beat: None,
        });
    }
    let mut beaten = Vec::new();
    let kept = resolved(text, parts, &mut beaten);
    let entity = |part: Part| {
        let candidate = candidates.get(part.of)?;
        let set = sets.get(usize::from(candidate.hit.set))?;
        let mut why = Why::matched(set, &candidate.hit, candidate.writing);
        tell(&mut why, part, &beaten);
        Some(Entity {
            start: part.start,
            end: part.end,
            entity_type: part.entity_type,
            category: part.category,
            score: part.score,
            recognizer: part.recognizer,
            why,
            is_cell: part.is_cell,
            whole: None,
        })
    };
    let mut entities = Vec::with_capacity(kept.len());
    entities.extend(kept.into_iter().filter_map(entity));
    entities
}

/// Adds what a part beat, each once, in order.
fn tell(why: &mut Why, part: Part, beaten: &Beaten) {
    let next = |at: Option<usize>| at.and_then(|at| beaten.get(at));
    let losers = std::iter::successors(next(part.beat), |(_, before)| next(*before));
    why.beat(losers.map(|(loser, _)| *loser));
}

/// A secret, then what a pattern found, then the score, then the length: an organization that a model
/// guesses, and a policy keeps, must not show the beginning of a card.
fn rank(part: &Part) -> (bool, bool, i32, usize) {
    (
        part.category == Category::Secret,
        !is_name(part),
        (part.score * 1_000.0) as i32,
        part.end - part.start,
    )
}

/// Whether a model of names found it.
fn is_name(part: &Part) -> bool {
    part.recognizer.starts_with("names_")
}

/// Keeps the best of what overlaps, and says what it beat. Whatever was found stays covered: by the
/// winner, or, where neither holds the other, by each its part. Of a web address with a secret in it each part keeps its type.
pub(crate) fn resolve(text: &[u8], found: &[Entity]) -> Vec<Entity> {
    let parts = found.iter().enumerate().map(|(of, it)| Part {
        start: it.start,
        end: it.end,
        entity_type: it.entity_type,
        recognizer: it.recognizer,
        category: it.category,
        score: it.score,
        is_cell: it.is_cell,
        of,
        whole: it.whole.is_some().then_some(of),
        beat: None,
    });
    let mut beaten = Vec::new();
    let kept = resolved(text, parts.collect(), &mut beaten);
    let entity = |part: Part| {
        let it = &found[part.of];
        let mut why = it.why.clone();
        tell(&mut why, part, &beaten);
        Entity {
            start: part.start,
            end: part.end,
            entity_type: it.entity_type,
            category: it.category,
            score: it.score,
            recognizer: it.recognizer,
            why,
            is_cell: part.is_cell,
            whole: part.whole.and_then(|of| found[of].whole.clone()),
        }
    };
    kept.into_iter().map(entity).collect()
}

/// As [`resolve`], of parts.
fn resolved(text: &[u8], mut found: Vec<Part>, beaten: &mut Beaten) -> Vec<Part> {
    found.sort_by(|a, b| {
        let place = a.start.cmp(&b.start).then(b.end.cmp(&a.end));
        place.then_with(|| is_name(b).cmp(&is_name(a)))
    });
    let mut address = 0..0;
    let is_inside = |part: &Part| {
        if part.entity_type == "URL" && part.end > address.end {
            address = part.start..part.end;
        }
        part.category == Category::Secret && part.start > address.start && part.end <= address.end
    };
    let (inside, rest): (Vec<Part>, Vec<Part>) =
        match found.iter().any(|part| part.entity_type == "URL") {
            true => found.into_iter().partition(is_inside),
            // Most texts have none.
            false => return merged(text, found, beaten),
        };
    let mut inside = merged(text, inside, beaten).into_iter().peekable();
    let rest = merged(text, rest, beaten);
    let mut kept: Vec<Part> = Vec::with_capacity(rest.len());
    // A secret may go on where its address was cut off for what overlaps that.
    let mut keep = |part: Part, beaten: &mut Beaten| {
        let last = kept.pop_if(|last| part.start < last.end);
        kept.push(last.map_or(part, |last| best(last, part, beaten)));
    };
    for mut part in rest {
        while let Some(secret) = inside.next_if(|secret| secret.start < part.end) {
            if part.entity_type == "URL" && secret.start > part.start {
                let mut rest = part;
                part.end = secret.start;
                rest.start = secret.end.min(rest.end);
                keep(part, beaten);
                keep(secret, beaten);
                part = rest;
            } else {
                part = best(part, secret, beaten);
            }
        }
        if part.start < part.end {
            keep(part, beaten);
        }
    }
    kept
}

/// What is in order, with none over another.
fn merged(text: &[u8], found: Vec<Part>, beaten: &mut Beaten) -> Vec<Part> {
    let mut kept: Vec<Part> = Vec::with_capacity(found.len());
    let mut found = found.into_iter().peekable();
    // What is left of those that lost, in order.
    let mut left: BTreeMap<(usize, usize), Part> = BTreeMap::new();
    loop {
        let from_left = match (left.first_key_value(), found.peek()) {
            (Some((&(start, end), _)), Some(next)) => {
                start < next.start || start == next.start && end >= next.end
            }
            (first, _) => first.is_some(),
        };
        let next = match from_left {
            true => left.pop_first().map(|(_, part)| part),
            false => found.next(),
        };
        let Some(part) = next else { break };
        let Some(mut last) = kept.pop_if(|last| part.start < last.end) else {
            kept.push(part);
            continue;
        };
        if yields(&last, &part) {
            // What stands before and behind what a pattern proves stays a name.
            let mut behind = last;
            (last.end, behind.start) = (part.start, part.end);
            kept.extend(trimmed(text, last).filter(|rest| is_likely(text, rest)));
            kept.push(part);
            if let Some(behind) = trimmed(text, behind).filter(|rest| is_likely(text, rest)) {
                left.insert((behind.start, behind.end), behind);
            }
            continue;
        }
        if !is_apart(&last, &part) {
            kept.push(best(last, part, beaten));
            continue;
        }
        // Each keeps its type, so that an operator of one never shows what is the other's.
        if rank(&part) > rank(&last) {
            last.end = part.start;
            kept.extend(trimmed(text, last));
            kept.push(part);
        } else {
            let mut part = part;
            part.start = last.end;
            kept.push(last);
            if let Some(part) = trimmed(text, part) {
                left.insert((part.start, part.end), part);
            }
        }
    }
    kept
}

/// What is left of a part without the blanks and marks at its ends.
fn trimmed(text: &[u8], mut part: Part) -> Option<Part> {
    let counts = |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80;
    let inside = text.get(part.start..part.end)?;
    let first = inside.iter().position(counts)?;
    let last = inside.iter().rposition(counts)?;
    (part.start, part.end) = (part.start + first, part.start + last + 1);
    Some(part)
}

/// Whether two that overlap stay two: neither holds the other, and they are of different types or one
/// is a cell of a table, of which the model of names knows nothing.
fn is_apart(first: &Part, second: &Part) -> bool {
    let is_past = |cell: &Part, other: &Part| cell.is_cell && is_name(other);
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
fn yields(name: &Part, inside: &Part) -> bool {
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
fn is_likely(text: &[u8], rest: &Part) -> bool {
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
fn best(first: Part, second: Part, beaten: &mut Beaten) -> Part {
    // What contains the other whole keeps it, unless the other is a secret.
    let contains = first.start <= second.start && first.end >= second.end;
    let longer = contains && first.end - first.start > second.end - second.start;
    let wins = if longer && second.category != Category::Secret {
        rank(&second).0 && !rank(&first).0
    } else {
        rank(&second) > rank(&first)
    };
    let (start, end) = (first.start.min(second.start), first.end.max(second.end));
    let (mut winner, loser) = match wins {
        true => (second, first),
        false => (first, second),
    };
    if winner.recognizer != loser.recognizer {
        beaten.push((loser.recognizer, winner.beat));
        winner.beat = Some(beaten.len() - 1);
    }
    if winner.whole.is_none() && winner.entity_type == loser.entity_type {
        winner.whole = loser.whole;
    }
    let is_whole_cell = |it: &Part| it.is_cell && (it.start, it.end) == (start, end);
    winner.is_cell = is_whole_cell(&winner) || is_whole_cell(&loser);
    (winner.start, winner.end) = (start, end);
    winner
}
