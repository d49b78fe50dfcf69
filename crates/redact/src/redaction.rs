//! Applies a policy: text in, segments and redacted text out.
//!
//! Preview, rehearsal, replay and the filter on the terminal all come through here, so that what
//! is previewed is what is sent. Not here: which fields of a call hold text (the domain).

use serde_json::Value;

use crate::detect::{self, Entity};
use crate::interned::Interned;
use crate::names::tags::Kind;
use crate::names::{self, Level};
use crate::operators::tokens::tokens;
use crate::operators::{self, Found, Numbering, Operator};
use crate::policy::Policy;
use crate::recognizers::Category;
use crate::repeated::{REPEATED, is_told};
use crate::resolve;
use crate::why::Why;

use strings::Strings;

pub(crate) mod strings;

/// A stretch of a text; together the segments are the whole text, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    pub before: String,
    /// Equal to `before` where nothing was found or the operator is `keep`.
    pub after: String,
    pub entity: Option<Entity>,
    /// The operator's name, with an entity.
    pub operator: Option<&'static str>,
}

/// A redacted text.
#[derive(Debug, Clone, PartialEq)]
pub struct Redacted {
    pub segments: Vec<Segment>,
    pub text: String,
}

/// Returns the entities of `text` under `policy`: recognizers and deny lists, without what the
/// policy allows. Ordered, never overlapping, in UTF-8 bytes.
pub fn entities(text: &str, policy: &Policy) -> Vec<Entity> {
    let found = detect::detect(text, policy.recognizers(), policy.threshold);
    weighed(text, policy, found, named(text, policy))
}

/// An entity that an entry of the policy's allow list leaves alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Silenced {
    pub entity: Entity,
    /// The entry's place in [`Policy::allow_list`].
    pub entry: usize,
}

/// Returns what `text` holds and the policy's allow list leaves alone, each with the entry that did
/// it. Ordered, never overlapping, in UTF-8 bytes.
pub fn silenced(text: &str, policy: &Policy) -> Vec<Silenced> {
    if policy.allow_list().is_empty() {
        return Vec::new();
    }
    let found = detect::detect(text, policy.recognizers(), policy.threshold);
    judged(text, policy, found, named(text, policy)).1
}

/// As [`entities`], for a text that stands under a name: the input of a tool, a field of a record.
/// The name speaks for the value as a label in front of it would.
pub fn entities_under(name: Option<&str>, text: &str, policy: &Policy) -> Vec<Entity> {
    without_frame(name, text, entities_in_frame(name, text, policy))
}

/// As [`entities_under`], with offsets in what the name and the text are together.
pub(crate) fn entities_in_frame(name: Option<&str>, text: &str, policy: &Policy) -> Vec<Entity> {
    match frame(name, true) {
        Some([before, after]) => entities(&[&before, text, &after].concat(), policy),
        None => entities(text, policy),
    }
}

/// Entities of a text with its name, as entities of the text.
pub(crate) fn without_frame(name: Option<&str>, text: &str, found: Vec<Entity>) -> Vec<Entity> {
    behind(before_text(name), text, found)
}

/// Entities of a text and what stands in front of it, so many bytes, as entities of the text.
fn behind(from: usize, text: &str, mut found: Vec<Entity>) -> Vec<Entity> {
    let to = from + text.len();
    found.retain_mut(|entity| {
        entity.start = entity.start.max(from) - from;
        entity.end = entity.end.min(to).saturating_sub(from);
        entity.start < entity.end
    });
    found
}

/// Adds to the entities of a text with its name what else was found in the text.
pub(crate) fn and_more(
    name: Option<&str>,
    text: &str,
    policy: &Policy,
    found: Vec<Entity>,
    more: Vec<Entity>,
) -> Vec<Entity> {
    and_more_in(frame(name, true), text, policy, found, more)
}

fn and_more_in(
    frame: Option<[String; 2]>,
    text: &str,
    policy: &Policy,
    mut found: Vec<Entity>,
    mut more: Vec<Entity>,
) -> Vec<Entity> {
    let [before, after] = frame.unwrap_or_default();
    let from = before.len();
    more.retain(|entity| entity.recognizer != REPEATED || !is_told(entity, from, &found, policy));
    if more.is_empty() {
        return found;
    }
    // What the policy keeps must not take what it hides along.
    let mut over: Vec<bool> = vec![false; found.len()];
    for piece in &more {
        let first = found.partition_point(|kept| kept.end <= piece.start + from);
        let held = found[first..]
            .iter()
            .take_while(|kept| kept.start < piece.end + from)
            .count();
        over[first..first + held].fill(true);
    }
    let mut over = over.into_iter();
    found.retain(|kept| {
        !over.next().unwrap_or_default() || *policy.operator(&kept.entity_type) != Operator::Keep
    });
    found.extend(more.into_iter().filter_map(|mut entity| {
        let value = entity.whole.as_ref().map_or("", |whole| &whole.0);
        let allowed = [value, &text[entity.start..entity.end]]
            .iter()
            .any(|value| policy.allows(value, &entity.entity_type).is_some());
        (entity.start, entity.end) = (entity.start + from, entity.end + from);
        (!allowed).then_some(entity)
    }));
    resolve::resolve([&before, text, &after].concat().as_bytes(), &found)
}

/// Bytes in front of a text with its name.
fn before_text(name: Option<&str>) -> usize {
    frame(name, true).map_or(0, |[before, _]| before.len())
}

/// The longest name that speaks for its value.
const NAME: usize = 64;

/// What stands around a value under a name where it is written as JSON.
fn frame(name: Option<&str>, is_text: bool) -> Option<[String; 2]> {
    let name = name.filter(|name| (1..=NAME).contains(&name.len()))?;
    let quote = if is_text { "\"" } else { "" };
    Some([format!("\"{name}\": {quote}"), quote.to_owned()])
}

/// What patterns and the model of names found, with the deny lists and without what is allowed.
pub(crate) fn weighed(
    text: &str,
    policy: &Policy,
    found: Vec<Entity>,
    names: impl IntoIterator<Item = Entity>,
) -> Vec<Entity> {
    judged(text, policy, found, names).0
}

/// What the policy treats, and what its allow list leaves alone.
fn judged(
    text: &str,
    policy: &Policy,
    mut found: Vec<Entity>,
    names: impl IntoIterator<Item = Entity>,
) -> (Vec<Entity>, Vec<Silenced>) {
    for (start, end, entity_type) in policy.denied(text) {
        found.push(Entity {
            start,
            end,
            entity_type: entity_type.into(),
            category: policy.category(entity_type),
            score: 1.0,
            recognizer: Interned::fixed("deny_list"),
            why: Why::said("stands on the policy's deny list"),
            is_cell: false,
            whole: None,
        });
    }
    found.extend(names);
    let mut silenced = Vec::new();
    let mut found = resolve::resolve(text.as_bytes(), &found);
    found.retain(|entity| {
        let value = &text[entity.start..entity.end];
        let Some(entry) = policy.allows(value, &entity.entity_type) else {
            return true;
        };
        silenced.push(Silenced {
            entity: entity.clone(),
            entry,
        });
        false
    });
    (found, silenced)
}

/// Names as entities. Whatever a pattern finds weighs more, since a model's score proves nothing.
///
/// At the level `full` what a plugged-in model finds stands beside what the program's own do: nothing
/// that one of them finds is left, and where they overlap it is decided as everywhere (`resolve`). A text
/// that the plugged-in model can't read is one entity as a whole: what may stand in it is not known.
pub fn named(text: &str, policy: &Policy) -> Vec<Entity> {
    let level = policy.names;
    // A program that was built with a broken model fails its tests, and finds no names.
    let names = names::of(text, level).unwrap_or_default();
    let recognizer = match level {
        Level::Full => "names_full",
        _ => "names_fast",
    };
    let mut found: Vec<Entity> = names
        .iter()
        .map(|name| as_entity(name, recognizer, "the model of names"))
        .collect();
    if let (Level::Full, Some(model)) = (level, &policy.plugged) {
        match model.find(text) {
            Ok(names) => found.extend(
                names
                    .iter()
                    .filter(|name| names::may_be(text, name))
                    .map(|name| as_entity(name, PLUGGED, "the plugged-in model")),
            ),
            Err(_) if text.contains(char::is_alphanumeric) => found.push(Entity {
                start: 0,
                end: text.len(),
                entity_type: Interned::fixed(Kind::Person.entity_type()),
                category: Category::Person,
                score: 1.0,
                recognizer: Interned::fixed(PLUGGED),
                why: Why::said(
                    "the plugged-in model could not read this text, so all of it is hidden",
                ),
                is_cell: false,
                whole: None,
            }),
            Err(_) => {}
        }
    }
    found
}

/// The recognizer of what a plugged-in model finds.
pub const PLUGGED: &str = "names_plugged";

fn as_entity(name: &names::Name, recognizer: &'static str, model: &str) -> Entity {
    Entity {
        start: name.start,
        end: name.end,
        entity_type: Interned::fixed(name.kind.entity_type()),
        category: match name.kind {
            Kind::Person => Category::Person,
            Kind::Location => Category::Location,
            Kind::Organization => Category::Contact,
        },
        score: LEAST_NAME + (MOST_NAME - LEAST_NAME) * name.score,
        recognizer: Interned::fixed(recognizer),
        why: Why::said(format!(
            "{model} holds it for one, {:.0} of 100",
            name.score * 100.0
        )),
        is_cell: false,
        whole: None,
    }
}

/// Scores of names; the largest is what Presidio gives to what a model finds.
const LEAST_NAME: f32 = 0.5;
const MOST_NAME: f32 = 0.85;

/// Returns `text` as the policy leaves it.
///
/// `key` is what hashes, pseudonyms, shifts of dates and tokens depend on; `numbering` is carried
/// over a whole conversation so that a value keeps its placeholder.
pub fn redact(text: &str, policy: &Policy, key: &[u8], numbering: &mut Numbering) -> Redacted {
    redact_under(None, text, policy, key, numbering)
}

/// As [`redact`], for a text that stands under a name, which speaks for its value.
pub fn redact_under(
    name: Option<&str>,
    text: &str,
    policy: &Policy,
    key: &[u8],
    numbering: &mut Numbering,
) -> Redacted {
    framed(frame(name, true), text, None, policy, key, numbering)
}

/// As [`redact_under`], for a text of which it is known what it holds: entities of the text with its
/// name.
pub(crate) fn redact_found(
    name: Option<&str>,
    text: &str,
    found: Vec<Entity>,
    policy: &Policy,
    key: &[u8],
    numbering: &mut Numbering,
) -> Redacted {
    let frame = frame(name, true);
    framed(frame, text, Some(found), policy, key, numbering)
}

fn framed(
    frame: Option<[String; 2]>,
    text: &str,
    mut known: Option<Vec<Entity>>,
    policy: &Policy,
    key: &[u8],
    numbering: &mut Numbering,
) -> Redacted {
    let mut segments = in_frame(frame, beginning(text, policy, key));
    // What is taken out brings what stood apart together: look until nothing new is found.
    for _ in 0..ROUNDS {
        let found = known.take().unwrap_or_else(|| {
            let shown: String = segments
                .iter()
                .map(|segment| segment.after.as_str())
                .collect();
            entities(&shown, policy)
        });
        if !treat(&mut segments, found, policy, key, numbering) {
            break;
        }
    }
    ended(segments)
}

/// What segments come to when nothing more is found.
pub(crate) fn ended(mut segments: Vec<Segment>) -> Redacted {
    segments.retain(|segment| !segment.before.is_empty());
    for segment in &mut segments {
        if segment.entity.is_none() {
            segment.operator = None;
        }
    }
    let text = segments
        .iter()
        .map(|segment| segment.after.as_str())
        .collect();
    Redacted { segments, text }
}

/// How often the outcome is looked through again.
pub(crate) const ROUNDS: usize = 24;

fn plain(text: &str) -> Segment {
    Segment {
        before: text.to_owned(),
        after: text.to_owned(),
        entity: None,
        operator: None,
    }
}

/// Segments with what stands around them, which is no part of the text: it is looked at, and neither
/// treated nor shown.
fn in_frame(frame: Option<[String; 2]>, mut segments: Vec<Segment>) -> Vec<Segment> {
    let Some([before, after]) = frame else {
        return segments;
    };
    let edge = |after: String| Segment {
        before: String::new(),
        after,
        entity: None,
        operator: Some("keep"),
    };
    segments.insert(0, edge(before));
    segments.push(edge(after));
    segments
}

/// As [`beginning`], for a text that stands under a name.
pub(crate) fn beginning_under(
    name: Option<&str>,
    text: &str,
    policy: &Policy,
    key: &[u8],
) -> Vec<Segment> {
    in_frame(frame(name, true), beginning(text, policy, key))
}

/// The text as it came, where what an operator wrote earlier is treated already: it has an operator
/// and no entity.
fn beginning(text: &str, policy: &Policy, key: &[u8]) -> Vec<Segment> {
    if !policy.leaves_marks() {
        return vec![plain(text)];
    }
    let mut segments = Vec::new();
    let mut at = 0;
    for (start, end) in operators::written(text, key) {
        segments.push(plain(&text[at..start]));
        segments.push(Segment {
            operator: Some("keep"),
            ..plain(&text[start..end])
        });
        at = end;
    }
    segments.push(plain(&text[at..]));
    segments
}

/// Treats what was found in the parts that are still as they came; answers whether there was any
/// that the policy does not keep.
pub(crate) fn treat(
    segments: &mut Vec<Segment>,
    found: Vec<Entity>,
    policy: &Policy,
    key: &[u8],
    numbering: &mut Numbering,
) -> bool {
    let mut changed = false;
    let mut treated = Vec::with_capacity(segments.len() + found.len() * 2);
    let (mut at, mut next) = (0, 0);
    for segment in std::mem::take(segments) {
        let (start, end) = (at, at + segment.after.len());
        at = end;
        if stays(&segment, &found[next..], start, end, policy) {
            while found.get(next).is_some_and(|entity| entity.end <= end) {
                next += 1;
            }
            treated.push(segment);
            continue;
        }
        let text = &segment.after;
        let mut done = start;
        while let Some(entity) = found.get(next).filter(|entity| entity.start < end) {
            let (from, to) = (entity.start.max(done), entity.end.min(end));
            if from < to {
                if done < from {
                    treated.push(plain(&text[done - start..from - start]));
                }
                let value = &text[from - start..to - start];
                let operator = policy.operator(&entity.entity_type);
                // What shows or keeps letters has to do with this piece alone.
                let whole = entity
                    .whole
                    .as_ref()
                    .filter(|_| operator.is_of_value())
                    .map_or(value, |whole| &whole.0);
                let found = Found {
                    value: whole,
                    entity_type: &entity.entity_type,
                    is_secret: entity.category == Category::Secret,
                };
                let recognizers = policy.recognizers();
                let after = operators::apply(operator, &found, key, recognizers, numbering);
                changed |= after != value;
                let mut entity = entity.clone();
                (entity.start, entity.end) = (from, to);
                treated.push(Segment {
                    before: value.to_owned(),
                    after,
                    entity: Some(entity),
                    operator: Some(operator.name()),
                });
                done = to;
            }
            if entity.end > end {
                break;
            }
            next += 1;
        }
        if done < end {
            treated.push(plain(&text[done - start..]));
        }
    }
    *segments = treated;
    changed
}

/// Whether a segment was treated and is left so. What the policy keeps is looked at again: with other
/// words around it, it may be what the policy does not keep.
fn stays(segment: &Segment, found: &[Entity], start: usize, end: usize, policy: &Policy) -> bool {
    let is_kept = segment.entity.is_some() && segment.operator == Some("keep");
    let is_other = || {
        found
            .iter()
            .take_while(|entity| entity.start < end)
            .filter(|entity| entity.end > start)
            .any(|entity| *policy.operator(&entity.entity_type) != Operator::Keep)
    };
    segment.operator.is_some() && !(is_kept && is_other())
}

/// Redacts every string and number of a JSON value, keys of objects included, and returns how many
/// entities were treated. A number in which something was found becomes a string. The value stays
/// valid JSON; two keys that become the same keep their values under
/// distinct names. Its strings are one conversation: what one proves is found in all.
pub fn redact_json(
    value: &mut Value,
    policy: &Policy,
    key: &[u8],
    numbering: &mut Numbering,
) -> u64 {
    let mut strings = Strings::default();
    strings.of_value(value, None, &mut String::new());
    let mut known = strings.known(policy, key);
    strings::redact_value(None, value, policy, key, numbering, &mut known)
}

/// What a number became, as a string; its tokens say that they stand for a number.
pub(crate) fn in_number(text: &str) -> String {
    let mut out = text.to_owned();
    for token in tokens(text).iter().rev().filter(|token| !token.of_number) {
        if let Some(mark) = text[token.at.clone()].find('~') {
            out.insert(token.at.start + mark, '~');
        }
    }
    out
}
