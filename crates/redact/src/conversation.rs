//! The texts of one conversation, looked through and redacted together.
//!
//! A value may be parted between texts: content blocks of one message, pieces of a streamed answer, two
//! messages of one person. And what one text proves stands in others where nothing tells it. In: texts in
//! order, with which one each goes on in. Out: what was found in each, or each as its policy leaves it; the
//! pieces of a parted value are found in all of its texts, stand for the whole value, and get one
//! placeholder; what is certain in one text is found in all of them. Not here: what is certain
//! (`repeated`), which texts a call has (the domain), which strings a JSON value has (`json`).

use std::collections::HashSet;
use std::mem::take;

use crate::detect::{self, Entity, Whole};
use crate::operators::Numbering;
use crate::policy::Policy;
use crate::redaction::{Redacted, and_more, entities_in_frame, redact_found, without_frame};
use crate::repeated::{Confirmed, Repeated};
use crate::scan::Scratch;

/// A text of a conversation.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    /// The name that it stands under, which speaks for its value.
    pub name: Option<&'a str>,
    pub text: &'a str,
    pub policy: &'a Policy,
    /// The place of the text that it goes on in: a later one.
    pub goes_on_in: Option<usize>,
}

/// Bytes on either side of a seam that are looked at.
const BESIDE: usize = 512;
/// Texts on either side of a seam that are looked at.
const TEXTS: usize = 64;

/// Returns the entities of each text under its policy, as [`crate::redaction::entities_under`] does, the
/// pieces of values that are parted between texts, and what another text proves.
pub fn entities(texts: &[Text<'_>]) -> Vec<Vec<Entity>> {
    texts
        .iter()
        .zip(in_frames(texts, None).0)
        .map(|(text, found)| without_frame(text.name, text.text, found))
        .collect()
}

/// Returns each text as its policy leaves it, as [`crate::redaction::redact_under`] does, with the pieces
/// of values that are parted between texts and with what another text proves.
pub fn redact(texts: &[Text<'_>], key: &[u8], numbering: &mut Numbering) -> Vec<Redacted> {
    redact_and_rest(texts, key, numbering).0
}

/// As [`redact`], with what looks for the values that are certain in other texts
/// ([`redact_beside`]).
pub fn redact_and_rest(
    texts: &[Text<'_>],
    key: &[u8],
    numbering: &mut Numbering,
) -> (Vec<Redacted>, Repeated) {
    let (all, repeated) = in_frames(texts, Some(key));
    let redacted = texts
        .iter()
        .zip(all)
        .map(|(text, found)| redact_found(text.name, text.text, found, text.policy, key, numbering))
        .collect();
    (redacted, repeated)
}

/// As [`crate::redaction::redact_under`], for a text that stands beside those of a conversation and
/// proves nothing itself.
pub fn redact_beside(
    repeated: &Repeated,
    name: Option<&str>,
    text: &str,
    policy: &Policy,
    key: &[u8],
    numbering: &mut Numbering,
) -> Redacted {
    let found = entities_in_frame(name, text, policy);
    let found = and_more(name, text, policy, found, repeated.mentions(text, policy));
    redact_found(name, text, found, policy, key, numbering)
}

/// What each text holds, in what its name and it are together, and what is certain.
fn in_frames(texts: &[Text<'_>], key: Option<&[u8]>) -> (Vec<Vec<Entity>>, Repeated) {
    let mut confirmed = Confirmed::default();
    let mut all: Vec<Vec<Entity>> = texts
        .iter()
        .zip(pieces(texts))
        .map(|(text, more)| {
            let found = entities_in_frame(text.name, text.text, text.policy);
            let found = and_more(text.name, text.text, text.policy, found, more);
            let own = without_frame(text.name, text.text, found.clone());
            confirmed.add(text.text, &own, text.policy, key);
            found
        })
        .collect();
    let repeated = confirmed.ready();
    for (text, found) in texts.iter().zip(&mut all) {
        let more = repeated.mentions(text.text, text.policy);
        *found = and_more(text.name, text.text, text.policy, take(found), more);
    }
    (all, repeated)
}

/// The pieces in each text of values that are parted between texts. Ordered by seam; offsets are bytes of
/// the text.
pub fn pieces(texts: &[Text<'_>]) -> Vec<Vec<Entity>> {
    let mut found = vec![Vec::new(); texts.len()];
    let mut scratch = Scratch::default();
    let mut seen = HashSet::new();
    let mut before_it: Vec<Option<usize>> = vec![None; texts.len()];
    for (place, text) in texts.iter().enumerate() {
        if let Some(next) = text.goes_on_in.filter(|next| goes_on(texts, place, *next)) {
            before_it[next] = Some(place);
        }
    }
    for (next, before) in before_it.iter().enumerate() {
        let Some(before) = *before else { continue };
        let before = Beside::end_of(texts, before, &before_it);
        let after = Beside::begin_of(texts, next);
        let policy = texts[next].policy;
        let front = before.text.trim_end_matches([' ', '\t', '\n', '\r']);
        let rest = after.text.trim_start_matches([' ', '\t', '\n', '\r']);
        let skipped = after.text.len() - rest.len();
        let gap = [&before.text[front.len()..], &after.text[..skipped]];
        let is_apart = gap.iter().any(|side| side.contains([' ', '\t']));
        let over = detect::over_seam(
            front.as_bytes(),
            rest.as_bytes(),
            is_apart,
            (policy.recognizers(), policy.threshold),
            &mut scratch,
        );
        for mut entity in over {
            let to = entity.end - front.len() - 1;
            let joint = if is_apart { " " } else { "" };
            let whole = [&front[entity.start..], joint, &rest[..to]].concat();
            entity.whole = Some(Whole(whole));
            entity
                .why
                .add("it is parted between texts that follow each other");
            let places = before
                .places(entity.start, front.len())
                .chain(after.places(skipped, skipped + to));
            for (place, start, end) in places {
                // Two seams of one value find it twice.
                if seen.insert((place, start, end, entity.entity_type)) {
                    found[place].push(Entity {
                        start,
                        end,
                        ..entity.clone()
                    });
                }
            }
        }
    }
    found
}

fn goes_on(texts: &[Text<'_>], place: usize, next: usize) -> bool {
    next > place
        && texts.get(next).is_some_and(|text| {
            std::ptr::eq(text.policy, texts[place].policy) && !text.text.is_empty()
        })
}

/// What stands on one side of a seam, of one text or several.
struct Beside {
    text: String,
    /// In order: which text, from which byte on, and how many.
    parts: Vec<(usize, usize, usize)>,
}

impl Beside {
    /// The end of the text at `place`, and of those that go on in it where it is short.
    fn end_of(texts: &[Text<'_>], place: usize, before_it: &[Option<usize>]) -> Self {
        let mut parts = Vec::new();
        let (mut left, mut next) = (BESIDE, Some(place));
        while let Some(place) = next.filter(|_| left > 0 && parts.len() < TEXTS) {
            let text = texts[place].text;
            let mut from = text.len().saturating_sub(left);
            while !text.is_char_boundary(from) {
                from += 1;
            }
            parts.push((place, from, text.len() - from));
            left = left.saturating_sub(text.len());
            next = before_it[place];
        }
        parts.reverse();
        Self::of(texts, parts)
    }

    /// The beginning of the text at `place`, and of those that it goes on in where it is short.
    fn begin_of(texts: &[Text<'_>], place: usize) -> Self {
        let mut parts = Vec::new();
        let (mut left, mut next) = (BESIDE, Some(place));
        while let Some(place) = next.filter(|_| left > 0 && parts.len() < TEXTS) {
            let text = texts[place].text;
            let mut to = text.len().min(left);
            while !text.is_char_boundary(to) {
                to -= 1;
            }
            parts.push((place, 0, to));
            left = left.saturating_sub(text.len());
            next = texts[place]
                .goes_on_in
                .filter(|next| goes_on(texts, place, *next));
        }
        Self::of(texts, parts)
    }

    fn of(texts: &[Text<'_>], parts: Vec<(usize, usize, usize)>) -> Self {
        let text = parts
            .iter()
            .map(|(place, from, length)| &texts[*place].text[*from..from + length])
            .collect();
        Self { text, parts }
    }

    /// Where the bytes from `start` to `end` lie: which text, from where to where, blanks at the ends left
    /// out.
    fn places(&self, start: usize, end: usize) -> impl Iterator<Item = (usize, usize, usize)> {
        let mut at = 0;
        self.parts
            .iter()
            .filter_map(move |(place, from, length)| {
                let begin = at;
                at += length;
                let (first, last) = (start.max(begin), end.min(at));
                let piece = self.text.get(first..last.max(first))?;
                let blank = piece.len() - piece.trim_start().len();
                let piece = piece.trim();
                let first = from + first - begin + blank;
                (!piece.is_empty()).then_some((*place, first, first + piece.len()))
            })
            .collect::<Vec<_>>()
            .into_iter()
    }
}
