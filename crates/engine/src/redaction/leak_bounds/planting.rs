//! Canaries in copies of stored texts: how many of the planted values come through a policy.
//!
//! Copies are made in memory and never stored. Which calls, which texts and which places is decided by
//! the seed. In: a query, a policy, a seed. Out: counts. Not here: the values
//! (`assay_redact::canaries`).

use std::collections::BTreeMap;

use assay_domain::exchange::Part;
use assay_domain::query::keys::Table;
use assay_domain::review_sample::{Allocation, place};
use assay_redact::canaries::Canary;
use assay_redact::operators::Numbering;
use assay_redact::redaction::{Redacted, redact_under};
use assay_store::review_samples::Drawing;

use crate::error::{Code, Result, WireError};
use crate::jobs::{Progress, Step};
use crate::opening::{Engine, read_query};
use crate::redaction::canaries;
use crate::redaction::leak_bounds::view::{
    BoundCanaries, CanaryBound, CanaryCell, CanaryRow, Fared,
};
use crate::redaction::sweep::{Listed, said};

/// Calls that are drawn.
const HOSTS: u64 = 200;
/// Canaries where nobody says how many, and at most.
const COUNT: u32 = 2_000;
const MOST: u32 = 20_000;
/// Bytes of a text around the place where something is planted.
const AROUND: usize = 16 << 10;

const LIMITS: [&str; 5] = [
    "Exact for the values that were planted, and for nothing else: what real texts hold of other types, \
     in other writings or without any word near it is not measured.",
    "Values are made, with the check digits of their type; each is planted with a sentence of its own, \
     so that the words that lead to it are there. Where they are not, more comes through.",
    "They are planted in copies of texts of calls that the seed drew, between two lines or sentences. \
     Of a long text the 16 kB on either side are looked through.",
    "Hidden counts what no letter or digit is left of, but for what a mask keeps; partly hidden is not \
     hidden.",
    "Copies are made in memory; nothing is stored and nothing is sent.",
];

/// The canaries that are asked for.
///
/// # Errors
/// `bad_input` for a type, a writing, a seed or a count.
pub(super) fn canaries(input: &BoundCanaries) -> Result<Vec<Canary>> {
    let count = input.count.unwrap_or(COUNT);
    if !(1..=MOST).contains(&count) {
        return Err(WireError::new(
            Code::BadInput,
            format!("between 1 and {MOST} canaries are planted"),
        ));
    }
    let wanted = canaries::wanted(input.entity_types.clone(), &input.writings)?;
    canaries::canaries(input.seed.unwrap_or(1), count as usize, 0, &wanted)
}

/// Plants and counts.
///
/// # Errors
/// As [`super::start_canaries`]; `bad_input` where no call that was drawn holds text; `cancelled`; the
/// store's.
pub fn bound(engine: &Engine, input: &BoundCanaries, progress: &Progress) -> Result<CanaryBound> {
    let planted = canaries(input)?;
    let masker = super::masker(engine, &input.policy, &input.policy_toml)?;
    let seed = input.seed.unwrap_or(1);
    let (matched, drawn, hosts) = hosts(engine, input, seed)?;
    if hosts.is_empty() {
        return Err(WireError::new(
            Code::BadInput,
            format!("none of {drawn} calls that were drawn holds text to plant in"),
        )
        .hint("choose calls whose source records text"));
    }
    let mut all = Tally::default();
    for (number, canary) in planted.iter().enumerate() {
        if number % 50 == 0 {
            progress.check()?;
            progress.step(Step {
                phase: "planting".to_owned(),
                done: number as u64,
                total: Some(planted.len() as u64),
                unit: "canaries",
                ..Step::default()
            });
        }
        let host = &hosts[number % hosts.len()];
        let (deployment, parts) = host;
        let (text, start, end, part) = plant(canary, parts, seed, number);
        let redacted = redact_under(
            part.name().as_deref(),
            &text,
            masker.of(deployment).at(part.field),
            masker.key(),
            &mut Numbering::default(),
        );
        all.count(canary, part.field.name(), fate(&redacted, start, end));
    }
    let policy = masker.policy();
    let fared = all.all;
    Ok(CanaryBound {
        policy: policy.name.clone(),
        policy_version: policy.version.clone(),
        query: input.query.trim().to_owned(),
        seed,
        matched,
        drawn,
        hosts: hosts.len() as u64,
        fared,
        by_type: rows(all.by_type),
        by_writing: rows(all.by_writing),
        by_field: rows(all.by_field),
        leaks: leaks(all.cells),
        says: format!(
            "{} of {} planted values came through, {} more in part; {} were found and kept, {} hidden. This \
             is exact for these values, and says nothing of what was not planted.",
            fared.through, fared.planted, fared.partly, fared.kept, fared.hidden
        ),
        limits: LIMITS.iter().map(|&limit| limit.to_owned()).collect(),
    })
}

/// A call's deployment and its texts.
type Host = (String, Vec<Part>);

/// How many calls match, how many were drawn, and the texts of those that hold any.
fn hosts(engine: &Engine, input: &BoundCanaries, seed: u64) -> Result<(u64, u64, Vec<Host>)> {
    let store = engine.store();
    let query = read_query(&input.query, Table::Calls)?;
    let (tree_size, _) = store.tree()?;
    let drawn = store.draw(&Drawing {
        query: &query,
        by: &[],
        seed,
        size: HOSTS,
        allocation: Allocation::Proportional,
        tree_size,
    })?;
    let mut hosts = Vec::new();
    for member in &drawn.members {
        let record = store.call(&member.call)?;
        if let Ok(exchange) = said(store, &Listed::of(0, &record))? {
            let parts = exchange.texts();
            if !parts.is_empty() {
                hosts.push((record.deployment.clone(), parts));
            }
        }
    }
    Ok((drawn.population, drawn.members.len() as u64, hosts))
}

/// A copy of one of the texts with the canary in it, where the value begins and ends, and the field.
fn plant<'a>(
    canary: &Canary,
    host: &'a [Part],
    seed: u64,
    number: usize,
) -> (String, usize, usize, &'a Part) {
    let chance = place(seed, &(number as u128).to_be_bytes());
    let chance = u64::from_be_bytes([
        chance[0], chance[1], chance[2], chance[3], chance[4], chance[5], chance[6], chance[7],
    ]);
    let fitting: Vec<&Part> = host
        .iter()
        .filter(|part| part.field.name() == canary.field)
        .collect();
    let part = match fitting.as_slice() {
        [] => &host[chance as usize % host.len()],
        some => some[chance as usize % some.len()],
    };
    let text = &part.text;
    let near = (chance >> 16) as usize % (text.len() + 1);
    let at = between(text, near);
    let from = on_character(text, at.saturating_sub(AROUND));
    let to = on_character(text, (at + AROUND).min(text.len()));
    let mut copy = String::with_capacity(to - from + canary.text.len() + 2);
    copy.push_str(&text[from..at]);
    if !copy.is_empty() && !copy.ends_with('\n') {
        copy.push('\n');
    }
    let begin = copy.len();
    copy.push_str(&canary.text);
    if !text[at..to].starts_with('\n') {
        copy.push('\n');
    }
    copy.push_str(&text[at..to]);
    let (start, end) = canary
        .planted
        .first()
        .map_or((0, 0), |planted| (planted.start, planted.end));
    (copy, begin + start, begin + end, part)
}

/// The end of a line or sentence at or behind `near`, or the end of the text.
fn between(text: &str, near: usize) -> usize {
    let near = on_character(text, near);
    let rest = &text[near..];
    let ends = [rest.find('\n'), rest.find(". ").map(|at| at + 1)];
    ends.into_iter()
        .flatten()
        .min()
        .map_or(text.len(), |at| near + at)
}

fn on_character(text: &str, mut at: usize) -> usize {
    while at > 0 && !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// What became of a planted value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fate {
    Hidden,
    Partly,
    Through,
    Kept,
}

/// What became of the bytes from `start` to `end` of the text as it was.
fn fate(redacted: &Redacted, start: usize, end: usize) -> Fate {
    let (mut at, mut hidden, mut left, mut kept) = (0, 0_usize, 0_usize, 0_usize);
    for segment in &redacted.segments {
        let (from, to) = (at, at + segment.before.len());
        at = to;
        let (first, last) = (start.max(from), end.min(to));
        if first >= last {
            continue;
        }
        let part = segment
            .before
            .get(first - from..last - from)
            .unwrap_or_default();
        let count = part.chars().filter(|c| c.is_alphanumeric()).count();
        match (&segment.entity, segment.before == segment.after) {
            (Some(_), false) => hidden += count,
            (Some(_), true) => kept += count,
            (None, _) => left += count,
        }
    }
    match (hidden, left, kept) {
        (_, 0, 0) => Fate::Hidden,
        (0, 0, _) => Fate::Kept,
        (0, _, 0) => Fate::Through,
        _ => Fate::Partly,
    }
}

#[derive(Default)]
struct Tally {
    all: Fared,
    by_type: BTreeMap<String, Fared>,
    by_writing: BTreeMap<String, Fared>,
    by_field: BTreeMap<String, Fared>,
    cells: BTreeMap<(String, String), Fared>,
}

impl Tally {
    fn count(&mut self, canary: &Canary, field: &str, fate: Fate) {
        let entity_type = canary
            .planted
            .first()
            .map_or(String::new(), |planted| planted.label.clone());
        let writing = canary.writing.name().to_owned();
        let cell = (entity_type.clone(), writing.clone());
        for fared in [
            &mut self.all,
            self.by_type.entry(entity_type).or_default(),
            self.by_writing.entry(writing).or_default(),
            self.by_field.entry(field.to_owned()).or_default(),
            self.cells.entry(cell).or_default(),
        ] {
            fared.planted += 1;
            match fate {
                Fate::Hidden => fared.hidden += 1,
                Fate::Partly => fared.partly += 1,
                Fate::Through => fared.through += 1,
                Fate::Kept => fared.kept += 1,
            }
        }
    }
}

fn rows(by: BTreeMap<String, Fared>) -> Vec<CanaryRow> {
    let mut rows: Vec<CanaryRow> = by
        .into_iter()
        .map(|(name, fared)| CanaryRow { name, fared })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.fared.through + row.fared.partly));
    rows
}

fn leaks(cells: BTreeMap<(String, String), Fared>) -> Vec<CanaryCell> {
    let mut leaks: Vec<CanaryCell> = cells
        .into_iter()
        .filter(|(_, fared)| fared.through + fared.partly > 0)
        .map(|((entity_type, writing), fared)| CanaryCell {
            entity_type,
            writing,
            fared,
        })
        .collect();
    leaks.sort_by_key(|cell| std::cmp::Reverse(cell.fared.through + cell.fared.partly));
    leaks
}
