//! The map of source × day: what each source recorded each day, and what is known to be missing.
//!
//! A day without a record is *nothing recorded*, never *no traffic*; only what another source
//! recorded tells more.

use std::collections::{BTreeMap, BTreeSet};

use super::{DAY_MS, Facts, Hole, Signature, can_hold};
use crate::formats::Format;

/// Days that a map shows at the most; older ones are left out.
pub const MOST_DAYS: usize = 400;

/// What is known of one source and day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It recorded calls, and nothing says that any is missing.
    Recorded,
    /// It recorded calls, and something is known to be wrong.
    Partial,
    /// It recorded none, and something proves that it should have.
    Hole,
    /// It recorded none; other sources saw calls of deployments that it covers on other days.
    Elsewhere,
    /// Nobody recorded anything of the deployments that it covers.
    Nothing,
}

impl State {
    /// All, from whole to empty.
    pub const ALL: [Self; 5] = [
        Self::Recorded,
        Self::Partial,
        Self::Hole,
        Self::Elsewhere,
        Self::Nothing,
    ];

    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Partial => "partial",
            Self::Hole => "hole",
            Self::Elsewhere => "elsewhere",
            Self::Nothing => "nothing",
        }
    }

    /// What it means, for the legend.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Recorded => "Recorded, and nothing says that a call is missing.",
            Self::Partial => "Recorded, with a known hole.",
            Self::Hole => {
                "A hole: nothing recorded, and another source proves that there were calls."
            }
            Self::Elsewhere => {
                "Not covered: nothing recorded here; other sources recorded calls. Perhaps it was not imported."
            }
            Self::Nothing => {
                "Nothing recorded by any source of the deployments that it covers. That is not the same as no traffic."
            }
        }
    }
}

/// One day of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub day_ms: i64,
    /// Calls that it saw.
    pub calls: u64,
    /// Calls of the deployments it covers that only other sources saw and that it could hold.
    pub elsewhere: u64,
    pub state: State,
    pub signatures: Vec<Signature>,
}

/// The days of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceDays {
    pub source: Format,
    pub calls: u64,
    pub cells: Vec<Cell>,
}

/// The first and the last day with a call, UTC.
pub fn span(facts: &Facts<'_>) -> Option<(i64, i64)> {
    let mut days = facts
        .seen
        .iter()
        .filter_map(|seen| seen.hour_ms)
        .map(day_of);
    let first = days.next()?;
    Some((first, days.next_back().unwrap_or(first)))
}

/// The start of the day of a time.
pub const fn day_of(ms: i64) -> i64 {
    ms.div_euclid(DAY_MS) * DAY_MS
}

#[derive(Default, Clone, Copy)]
struct Counts {
    calls: u64,
    elsewhere: u64,
    beyond: bool,
}

/// The days from `first` to `last`, of each source that saw a call.
pub fn map(facts: &Facts<'_>, holes: &[Hole], (first, last): (i64, i64)) -> Vec<SourceDays> {
    let mut covers: BTreeMap<Format, BTreeSet<i64>> = BTreeMap::new();
    for source in Format::ALL {
        let of: BTreeSet<i64> = facts
            .seen
            .iter()
            .filter(|seen| seen.by(source))
            .map(|seen| seen.deployment)
            .collect();
        if !of.is_empty() {
            covers.insert(source, of);
        }
    }
    covers
        .into_iter()
        .map(|(source, deployments)| {
            let mut days: BTreeMap<i64, Counts> = BTreeMap::new();
            let mut calls = 0;
            for seen in facts.seen {
                if seen.by(source) {
                    calls += seen.calls;
                }
                let Some(at) = seen.hour_ms else { continue };
                if !deployments.contains(&seen.deployment) {
                    continue;
                }
                let day = days.entry(day_of(at)).or_default();
                if seen.by(source) {
                    day.calls += seen.calls;
                } else if can_hold(source, seen.unlogged) {
                    day.elsewhere += seen.calls;
                } else {
                    day.beyond = true;
                }
            }
            let wrong = wrong_days(facts, source);
            let cells = (0..)
                .map(|index| first + index * DAY_MS)
                .take_while(|day| *day <= last)
                .map(|day| {
                    let counts = days.get(&day).copied().unwrap_or_default();
                    let mut signatures = touching(holes, source, day);
                    if counts.beyond {
                        signatures.insert(Signature::BeyondLog);
                    }
                    signatures.extend(wrong.get(&day).into_iter().flatten());
                    cell(day, counts, signatures)
                })
                .collect();
            SourceDays {
                source,
                calls,
                cells,
            }
        })
        .collect()
}

/// The signatures that hold for a span of time and touch the day.
fn touching(holes: &[Hole], source: Format, day: i64) -> BTreeSet<Signature> {
    holes
        .iter()
        .filter(|hole| {
            hole.source == source.name()
                && hole.from_ms < day + DAY_MS
                && hole.to_ms > day
                && matches!(
                    hole.signature,
                    Signature::MissingHours
                        | Signature::LoggingOff
                        | Signature::LoggingChanged
                        | Signature::DigestFailed
                        | Signature::DigestGap
                )
        })
        .map(|hole| hole.signature)
        .collect()
}

/// The days on which records of the source lack text or contradict themselves.
fn wrong_days(facts: &Facts<'_>, source: Format) -> BTreeMap<i64, BTreeSet<Signature>> {
    let mut days: BTreeMap<i64, BTreeSet<Signature>> = BTreeMap::new();
    for told in facts
        .told
        .iter()
        .filter(|told| told.source == source.name())
    {
        for (count, signature) in [
            (told.text_missing, Signature::MissingBodies),
            (told.placeholders, Signature::PlaceholderBodies),
            (told.errors_as_success, Signature::ErrorsAsSuccess),
        ] {
            if let Some(day) = told.day_ms.filter(|_| count > 0) {
                days.entry(day).or_default().insert(signature);
            }
        }
    }
    days
}

fn cell(day_ms: i64, counts: Counts, signatures: BTreeSet<Signature>) -> Cell {
    let is_wrong = signatures
        .iter()
        .any(|signature| *signature != Signature::LoggingChanged);
    let proves = signatures.contains(&Signature::MissingHours)
        || signatures.contains(&Signature::LoggingOff) && counts.elsewhere > 0;
    let state = match (counts.calls, counts.elsewhere) {
        (1.., _) if is_wrong => State::Partial,
        (1.., _) => State::Recorded,
        (0, _) if proves => State::Hole,
        (0, 1..) => State::Elsewhere,
        (0, 0) => State::Nothing,
    };
    Cell {
        day_ms,
        calls: counts.calls,
        elsewhere: counts.elsewhere,
        state,
        signatures: signatures.into_iter().collect(),
    }
}
