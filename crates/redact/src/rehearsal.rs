//! Two policies on one text: what each makes of it, and where they differ.
//!
//! What both look for alike is looked for once: the program's recognizers, own recognizers that both
//! have, names at the same level. What only one has, or has otherwise, runs again. The outcome is
//! that of two runs of [`redact`](crate::redaction::redact), and the tests hold it to that. Not here:
//! which texts there are, counting.

use std::sync::Arc;

use crate::detect::{self, Entity};
use crate::names::Level;
use crate::operators::Numbering;
use crate::policy::Policy;
use crate::recognizers::Recognizers;
use crate::redaction::{
    PLUGGED, ROUNDS, Redacted, Segment, and_more, beginning_under, ended, named, treat, weighed,
    without_frame,
};
use crate::repeated::{REPEATED, may_spread};
use crate::resolve;
use crate::scan::Scratch;

/// Two policies that are set against each other: the old one first, the new one second.
#[derive(Debug)]
pub struct Pair<'a> {
    both: [&'a Policy; 2],
    /// What is looked for, with the same threshold, is found by one pass.
    one_pass: bool,
    same_own: bool,
}

/// What two policies find in a text.
pub struct Found {
    /// In what its name and it are together.
    own: [Vec<Entity>; 2],
    repeated: [Vec<Entity>; 2],
}

impl Found {
    /// Adds what stands in the text that other texts prove
    /// ([`Repeated`](crate::repeated::Repeated)).
    #[must_use]
    pub fn with_repeated(mut self, repeated: [Vec<Entity>; 2]) -> Self {
        self.repeated = repeated;
        self
    }

    /// What each is certain of, for [`Confirmed`](crate::repeated::Confirmed); offsets are bytes of the
    /// text, which stands under this name.
    pub fn certain(&self, name: Option<&str>, text: &str) -> [Vec<Entity>; 2] {
        self.own.each_ref().map(|found| {
            let certain = found.iter().filter(|one| may_spread(one));
            without_frame(name, text, certain.cloned().collect())
        })
    }
}

impl<'a> Pair<'a> {
    /// The old policy and the new one.
    pub fn new(old: &'a Policy, new: &'a Policy) -> Self {
        // A recognizer goes on behind what it found, so that a threshold decides where it looks.
        let one_pass = old.threshold.to_bits() == new.threshold.to_bits();
        Self {
            both: [old, new],
            one_pass,
            same_own: is_same_own(old, new),
        }
    }

    /// What is looked for once for both, and what once for each, a sentence each.
    pub fn runs(&self) -> Vec<String> {
        let [old, new] = self.both;
        let mut runs = Vec::new();
        runs.push(
            match self.one_pass {
                true => "The program's recognizers ran once for both policies.",
                false => {
                    "The program's recognizers ran for each policy, since the thresholds differ."
                }
            }
            .to_owned(),
        );
        match (
            self.one_pass && self.same_own,
            own(old).len() + own(new).len(),
        ) {
            (_, 0) => {}
            (true, _) => {
                runs.push("The policies' own recognizers are the same and ran once.".to_owned())
            }
            (false, _) => runs.push("Each policy's own recognizers ran for it.".to_owned()),
        }
        if old.names != Level::Off || new.names != Level::Off {
            runs.push(
                match old.names == new.names {
                    true => "Names were looked for once, at the level that both have.",
                    false => "Names were looked for at each policy's level.",
                }
                .to_owned(),
            );
        }
        runs.push("Operators and lists of values were applied for each policy.".to_owned());
        runs
    }

    /// What each finds in a text under a name, with what each finds of values that are parted between
    /// texts ([`pieces`](crate::conversation::pieces)).
    pub fn found(
        &self,
        name: Option<&str>,
        text: &str,
        parted: [Vec<Entity>; 2],
        scratch: &mut Scratch,
    ) -> Found {
        let shown = joined(&beginning_under(name, text, self.both[0], b""));
        let [old, new] = self.entities(&shown, scratch);
        let [of_old, of_new] = parted;
        Found {
            own: [
                and_more(name, text, self.both[0], old, of_old),
                and_more(name, text, self.both[1], new, of_new),
            ],
            repeated: [Vec::new(), Vec::new()],
        }
    }

    /// `text` as each policy leaves it, with what each finds in it: what
    /// [`redact`](crate::conversation::redact) gives for each.
    pub fn redact(
        &self,
        name: Option<&str>,
        text: &str,
        found: Found,
        key: &[u8],
        numbering: &mut [Numbering; 2],
        scratch: &mut Scratch,
    ) -> [Redacted; 2] {
        let mut segments = self
            .both
            .map(|policy| beginning_under(name, text, policy, key));
        let mut known = Some(found);
        let mut goes_on = [true, true];
        for _ in 0..ROUNDS {
            let shown = segments.each_ref().map(|some| joined(some));
            let found = match (known.take(), goes_on) {
                (Some(Found { own, repeated }), _) => {
                    let ([old, new], [of_old, of_new]) = (own, repeated);
                    [
                        and_more(name, text, self.both[0], old, of_old),
                        and_more(name, text, self.both[1], new, of_new),
                    ]
                }
                (None, [false, false]) => break,
                (None, [true, true]) if shown[0] == shown[1] => self.entities(&shown[0], scratch),
                (None, _) => [0, 1].map(|side| match goes_on[side] {
                    true => alone(&shown[side], self.both[side], scratch),
                    false => Vec::new(),
                }),
            };
            for (side, found) in found.into_iter().enumerate() {
                if goes_on[side] {
                    goes_on[side] = treat(
                        &mut segments[side],
                        found,
                        self.both[side],
                        key,
                        &mut numbering[side],
                    );
                }
            }
        }
        segments.map(ended)
    }

    /// The entities of `text` under each policy.
    fn entities(&self, text: &str, scratch: &mut Scratch) -> [Vec<Entity>; 2] {
        let [old, new] = self.both;
        if !self.one_pass {
            return self.both.map(|policy| alone(text, policy, scratch));
        }
        let recognizers = [old.recognizers(), new.recognizers()];
        let found = self.by_patterns(text, recognizers, old.threshold, scratch);
        let names = match old.names == new.names {
            true => {
                let names = named(text, old);
                [names.clone(), names]
            }
            false => self.both.map(|policy| named(text, policy)),
        };
        let [first, second] = found;
        let [first_names, second_names] = names;
        [
            weighed(text, old, first, first_names),
            weighed(text, new, second, second_names),
        ]
    }

    /// What the recognizers of each find, by one pass.
    fn by_patterns(
        &self,
        text: &str,
        [old, new]: [&Recognizers; 2],
        threshold: f32,
        scratch: &mut Scratch,
    ) -> [Vec<Entity>; 2] {
        let bytes = text.as_bytes();
        if self.same_own {
            let found = detect::detect_with(bytes, old, threshold, scratch);
            return [found.clone(), found];
        }
        // The program's set, then that of the old policy, then that of the new one.
        let mut sets = vec![old.own.as_ref()];
        sets.extend(old.custom.as_deref());
        let third = u8::try_from(sets.len()).unwrap_or(u8::MAX);
        sets.extend(new.custom.as_deref());
        let all = detect::candidates_of(bytes, &sets, threshold, scratch);
        let (mut of_old, mut of_new) = (Vec::new(), Vec::new());
        for mut candidate in all {
            match candidate.hit.set {
                0 => {
                    of_old.push(candidate);
                    of_new.push(candidate);
                }
                set if set < third => of_old.push(candidate),
                _ => {
                    candidate.hit.set = 1;
                    of_new.push(candidate);
                }
            }
        }
        [
            resolve::entities(text.as_bytes(), of_old, old),
            resolve::entities(text.as_bytes(), of_new, new),
        ]
    }
}

/// Whether both have the same recognizers of their own.
fn is_same_own(old: &Policy, new: &Policy) -> bool {
    match (&old.recognizers().custom, &new.recognizers().custom) {
        (None, None) => true,
        (Some(old), Some(new)) if Arc::ptr_eq(old, new) => true,
        _ => own(old) == own(new),
    }
}

/// A policy's own recognizers, to be compared.
fn own(policy: &Policy) -> Vec<String> {
    let custom = policy.recognizers().custom.as_deref();
    custom
        .into_iter()
        .flat_map(|set| &set.all)
        .map(|recognizer| format!("{:?}", recognizer.source))
        .collect()
}

fn alone(text: &str, policy: &Policy, scratch: &mut Scratch) -> Vec<Entity> {
    let found = detect::detect_with(
        text.as_bytes(),
        policy.recognizers(),
        policy.threshold,
        scratch,
    );
    weighed(text, policy, found, named(text, policy))
}

fn joined(segments: &[Segment]) -> String {
    segments
        .iter()
        .map(|segment| segment.after.as_str())
        .collect()
}

/// How a stretch of text fares under the new policy, against the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Hidden before, and at least one letter or digit of it is left as it came now.
    Exposed(Because),
    /// Left as it came before, hidden now.
    NewlyRedacted,
    /// Hidden by both, otherwise: another operator, type or extent.
    TreatedOtherwise,
    /// Hidden by both in the same way.
    Unchanged,
}

/// Why the new policy leaves what the old one hid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Because {
    /// It finds it, and its operator keeps it.
    Kept,
    /// It allows the value.
    Allowed,
    /// The old policy's deny list held it, the new one's does not.
    NotDenied,
    /// It looks for names less thoroughly, or not at all.
    Names,
    /// It has no such recognizer.
    NoRule,
    /// What finds it scores below its threshold.
    BelowThreshold,
    /// What it finds there covers less.
    NotFound,
}

impl Because {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Allowed => "allowed",
            Self::NotDenied => "not_denied",
            Self::Names => "names",
            Self::NoRule => "no_rule",
            Self::BelowThreshold => "below_threshold",
            Self::NotFound => "not_found",
        }
    }

    /// In words.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Kept => "the new policy finds it and keeps it",
            Self::Allowed => "the new policy allows this value",
            Self::NotDenied => "it stands on no deny list of the new policy",
            Self::Names => "the new policy looks for names at another level",
            Self::NoRule => "the new policy has no such recognizer",
            Self::BelowThreshold => "it scores below the new policy's threshold",
            Self::NotFound => "no rule of the new policy covers all of it",
        }
    }
}

/// One stretch of a text that a policy hides, and how it fares.
#[derive(Debug, Clone, PartialEq)]
pub struct Change<'a> {
    pub fate: Fate,
    /// What the old policy made of it; `None` where it is newly redacted.
    pub old: Option<&'a Segment>,
    /// What the new policy makes of it, or of the first part of it.
    pub new: Option<&'a Segment>,
    /// The new policy shows letters or digits of the value that the old one hid.
    pub shows_more: bool,
}

/// Compares what both policies made of one text: one entry for each stretch that either hides, what
/// the old one hides first.
pub fn changes<'a>(old: &'a Redacted, new: &'a Redacted, policy: &Policy) -> Vec<Change<'a>> {
    let (before, after) = (placed(old), placed(new));
    let mut found = Vec::new();
    for one in before.iter().filter(|one| one.is_hidden()) {
        let over = over(&after, one);
        let hidden: Vec<&Placed<'_>> = over
            .iter()
            .filter(|other| other.is_hidden())
            .copied()
            .collect();
        let fate = if one.shows_outside(&hidden) {
            Fate::Exposed(because(one, &over, policy))
        } else {
            match hidden.as_slice() {
                [same] if same.is_like(one) => Fate::Unchanged,
                _ => Fate::TreatedOtherwise,
            }
        };
        found.push(Change {
            fate,
            old: Some(one.segment),
            new: hidden.first().or(over.first()).map(|other| other.segment),
            shows_more: fate == Fate::TreatedOtherwise
                && hidden.iter().any(|other| other.shown() > one.shown()),
        });
    }
    for one in after.iter().filter(|one| one.is_hidden()) {
        let hidden: Vec<&Placed<'_>> = over(&before, one)
            .into_iter()
            .filter(|other| other.is_hidden())
            .collect();
        if one.shows_outside(&hidden) {
            found.push(Change {
                fate: Fate::NewlyRedacted,
                old: None,
                new: Some(one.segment),
                shows_more: false,
            });
        }
    }
    found
}

/// A segment with an entity, and where it begins in the text as it came.
struct Placed<'a> {
    start: usize,
    segment: &'a Segment,
}

fn placed(redacted: &Redacted) -> Vec<Placed<'_>> {
    let mut at = 0;
    let mut placed = Vec::new();
    for segment in &redacted.segments {
        if segment.entity.is_some() {
            placed.push(Placed { start: at, segment });
        }
        at += segment.before.len();
    }
    placed
}

/// Those of `all` that share a byte with `one`.
fn over<'a, 'b>(all: &'b [Placed<'a>], one: &Placed<'_>) -> Vec<&'b Placed<'a>> {
    let from = all.partition_point(|other| other.end() <= one.start);
    all[from..]
        .iter()
        .take_while(|other| other.start < one.end())
        .collect()
}

impl Placed<'_> {
    fn end(&self) -> usize {
        self.start + self.segment.before.len()
    }

    fn is_hidden(&self) -> bool {
        self.segment.before != self.segment.after
    }

    /// Whether a letter or digit of it lies outside of `others`, which are in order.
    fn shows_outside(&self, others: &[&Placed<'_>]) -> bool {
        let text = &self.segment.before;
        let mut done = self.start;
        let has = |from: usize, to: usize| {
            from < to
                && text
                    .get(from - self.start..to - self.start)
                    .is_some_and(|part| part.chars().any(char::is_alphanumeric))
        };
        for other in others {
            if has(done, other.start.min(self.end())) {
                return true;
            }
            done = done.max(other.end());
        }
        has(done, self.end())
    }

    /// The same stretch, of the same type, treated in the same way. A placeholder's number depends
    /// on what else was found.
    fn is_like(&self, other: &Placed<'_>) -> bool {
        let kind = |placed: &Placed<'_>| {
            let entity = placed.segment.entity.as_ref();
            (
                entity.map(|entity| entity.entity_type),
                placed.segment.operator,
            )
        };
        (self.start, self.end()) == (other.start, other.end())
            && kind(self) == kind(other)
            && (self.segment.operator == Some("replace")
                || self.segment.after == other.segment.after)
    }

    /// How many letters and digits of the value a mask leaves.
    fn shown(&self) -> usize {
        let (before, after) = (&self.segment.before, &self.segment.after);
        if self.segment.operator != Some("mask") || before.chars().count() != after.chars().count()
        {
            return 0;
        }
        before
            .chars()
            .zip(after.chars())
            .filter(|(one, other)| one == other && one.is_alphanumeric())
            .count()
    }
}

fn because(one: &Placed<'_>, over: &[&Placed<'_>], policy: &Policy) -> Because {
    let Some(entity) = &one.segment.entity else {
        return Because::NotFound;
    };
    if over.iter().any(|other| !other.is_hidden()) {
        return Because::Kept;
    }
    if policy
        .allows(&one.segment.before, &entity.entity_type)
        .is_some()
    {
        return Because::Allowed;
    }
    match entity.recognizer.as_str() {
        "deny_list" => return Because::NotDenied,
        "names_fast" if policy.names == Level::Off => return Because::Names,
        "names_full" | PLUGGED if policy.names != Level::Full => return Because::Names,
        "names_fast" | "names_full" | PLUGGED | REPEATED => return Because::NotFound,
        _ => {}
    }
    let has_rule = policy
        .recognizers()
        .iter()
        .any(|recognizer| entity.recognizer == recognizer.source.name);
    match (has_rule, entity.score + f32::EPSILON < policy.threshold) {
        (false, _) => Because::NoRule,
        (true, true) => Because::BelowThreshold,
        (true, false) => Because::NotFound,
    }
}
