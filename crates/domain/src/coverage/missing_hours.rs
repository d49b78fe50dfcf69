//! Missing hours: another source saw calls in them, and this one, which covers the hours before and
//! after, has none.

use std::collections::BTreeMap;

use super::{
    Facts, HOUR_MS, Hole, Seen, Signature, Unit, between, bit, body_log, can_hold, of_deployment,
};
use crate::checks::{calls, n};
use crate::formats::Format;

/// The rule, for people.
pub const RULE: &str = "An hour is missing in a source if another source saw calls of a deployment in it and this one has none, while in the nearest hours before and after that any source saw, this one has at least half of the calls. A gap of fewer than 3 calls is no missing hour, only calls that the source lacks; calls that its log can't hold are left out.";

/// Calls that others saw in a gap, below which it may be chance that this source saw none of them.
const LEAST: u64 = 3;

#[derive(Default, Clone, Copy)]
struct Hour {
    here: u64,
    all: u64,
}

impl Hour {
    const fn is_covered(self) -> bool {
        self.here > 0 && self.here * 2 >= self.all
    }
}

pub(super) fn find(facts: &Facts<'_>) -> Vec<Hole> {
    let mut holes = Vec::new();
    let mut deployments: BTreeMap<i64, Vec<&Seen>> = BTreeMap::new();
    for seen in facts.seen {
        deployments.entry(seen.deployment).or_default().push(seen);
    }
    for (deployment, seen) in deployments {
        let sources = seen.iter().fold(0, |all, one| all | one.sources);
        for source in Format::ALL {
            if sources & bit(source) != 0 && sources & !bit(source) != 0 {
                holes.extend(of_source(facts, &seen, (deployment, source)));
            }
        }
    }
    holes
}

fn of_source(facts: &Facts<'_>, all: &[&Seen], (deployment, source): (i64, Format)) -> Vec<Hole> {
    let mut hours: Vec<(i64, Hour)> = Vec::new();
    for seen in all {
        let Some(at) = seen.hour_ms.filter(|_| can_hold(source, seen.unlogged)) else {
            continue;
        };
        if hours.last().is_none_or(|(last, _)| *last != at) {
            hours.push((at, Hour::default()));
        }
        if let Some((_, hour)) = hours.last_mut() {
            hour.all += seen.calls;
            hour.here += if seen.by(source) { seen.calls } else { 0 };
        }
    }
    let total: u64 = hours.iter().map(|(_, hour)| hour.all).sum();
    let mut holes = Vec::new();
    let mut before: Option<Hour> = None;
    let mut run: Vec<(i64, u64)> = Vec::new();
    for (at, hour) in hours {
        if hour.here == 0 {
            run.push((at, hour.all));
            continue;
        }
        let missing = std::mem::take(&mut run);
        let covers = hour.is_covered() && before.is_some_and(Hour::is_covered);
        before = Some(hour);
        let lost: u64 = missing.iter().map(|(_, calls)| calls).sum();
        if covers && lost >= LEAST {
            holes.extend(hole(facts, (deployment, source), &missing, total));
        }
    }
    holes
}

fn hole(
    facts: &Facts<'_>,
    (deployment, source): (i64, Format),
    missing: &[(i64, u64)],
    total: u64,
) -> Option<Hole> {
    let name = &facts.named(deployment)?.name;
    let (from_ms, to_ms) = (missing.first()?.0, missing.last()?.0 + HOUR_MS);
    let count = missing.iter().map(|(_, calls)| calls).sum();
    let hours = missing.len();
    let without = if body_log(facts.named(deployment)?.kind) == Some(source) {
        // What the log can't hold is no missing hour of it.
        match source {
            Format::BedrockInvocationLog => " -feature:bedrock_mantle",
            _ => " -requested_region:global,us,eu",
        }
    } else {
        ""
    };
    Some(Hole {
        signature: Signature::MissingHours,
        source: source.name().to_owned(),
        deployment: Some(name.clone()),
        from_ms,
        to_ms,
        no_end_known: false,
        count,
        of: total,
        unit: Unit::Calls,
        query: Some(format!(
            "{} -source:{}{without} {}",
            of_deployment(name),
            source.name(),
            between("started_at", from_ms, to_ms)
        )),
        activities: None,
        billed_model: None,
        says: format!(
            "{} has nothing of {name} in {} {}, in which other sources saw {}; it covers the hours before and after.",
            source.title(),
            n(hours as u64),
            if hours == 1 { "hour" } else { "hours" },
            calls(count)
        ),
    })
}
