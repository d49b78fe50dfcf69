//! Before a policy is put in force: what stands against it, and what nobody knows.
//!
//! In: which version, and where. Out: points, each clear, against, incomplete or unknown; what was not
//! tried is unknown, what was tried on a part of what there is incomplete. A version with a point that is not clear is put in force with a written reason only, and
//! the points as they stood go into the trail with the deed. Not here: each point (`points`), running
//! rehearsals and test sets (`running`), what was run before (`recorded`).

mod points;
pub(crate) mod recorded;
mod running;
pub mod view;

use std::sync::Arc;

use assay_domain::query::keys::Table;
use assay_redact::policy::Policy;

use crate::error::{Code, Result, WireError};
use crate::jobs::{Progress, Started};
use crate::opening::{Engine, read_query};
use crate::redaction::policies::carrying::differences;
use crate::redaction::policies::gate::view::{AskGate, Gate, GateState};
use crate::redaction::policies::{Version, all_in_force, is_deployment, version};
use points::{counted, of_examples, of_rehearsal, of_rules, of_secrets, of_test_sets, point};
use recorded::{Found, Mark, Rehearsed, Tested};

/// The fewest characters of a reason.
const LEAST_REASON: usize = 10;
/// The most.
const MAX_REASON: usize = 500;
const LIMITS: [&str; 4] = [
    "A rehearsal counts what a rule of either policy finds in stored calls. What neither finds is in no \
     count.",
    "Test sets: found is at least half of the labelled span, under its type; hidden is every letter and \
     digit of it, under whatever type. What a policy says of some fields or deployments only is not \
     applied there.",
    "Rules are compared by what they say: a changed pattern can hide less, which only a rehearsal or a \
     test set shows.",
    "Clear means that nothing was found against it by what is named here, not that it hides everything.",
];

/// What is to be put in force, and what it would replace.
struct Sides {
    before: Version,
    after: Version,
    /// What each comes to on this day.
    marks: [Mark; 2],
    /// `None` where this program can't read the text.
    old: Option<Arc<Policy>>,
    new: Arc<Policy>,
    deployment: Option<String>,
}

impl Sides {
    fn of(engine: &Engine, input: &AskGate) -> Result<Self> {
        if let Some(deployment) = &input.deployment {
            is_deployment(engine, deployment)?;
        }
        let mut all = all_in_force(engine)?;
        let own = input
            .deployment
            .as_ref()
            .and_then(|name| all.own.remove(name));
        let after = version(engine, input.name.as_ref().unwrap_or(&all.default))?;
        let before = version(engine, &own.unwrap_or(all.default))?;
        Ok(Self {
            marks: [
                Mark::of(engine, &before.toml)?,
                Mark::of(engine, &after.toml)?,
            ],
            old: engine.compiled().policy(&before.toml).ok(),
            new: engine.compiled().policy(&after.toml)?,
            before,
            after,
            deployment: input.deployment.clone(),
        })
    }

    fn is_same(&self) -> bool {
        self.before.toml == self.after.toml
    }

    /// The calls that the version would be in force for; all, where it is to be the default.
    fn query(&self) -> String {
        self.deployment
            .as_ref()
            .map_or_else(String::new, |name| format!("deployment:{name}"))
    }
}

/// Everything that the points rest on.
struct Known {
    calls: u64,
    rehearsed: Found<Rehearsed>,
    /// Calls that came since that rehearsal.
    since: u64,
    sets: u64,
    texts: u64,
    labels: u64,
    tested: Found<Tested>,
}

impl Known {
    fn of(engine: &Engine, sides: &Sides) -> Result<Self> {
        let store = engine.store();
        let sets = store.test_sets()?;
        let rehearsed = recorded::rehearsed(engine, sides)?;
        let since = match rehearsed.held() {
            Some(kept) => store.calls_from(kept.what.size, kept.what.deployment.as_deref())?,
            None => 0,
        };
        Ok(Self {
            calls: store.count(&read_query(&sides.query(), Table::Calls)?)?.0,
            rehearsed,
            since,
            sets: sets.len() as u64,
            texts: sets.iter().map(|set| set.texts).sum(),
            labels: sets.iter().map(|set| set.labels).sum(),
            tested: recorded::tested(engine, sides)?,
        })
    }

    /// Whether the newest rehearsal leaves out calls.
    fn wants_rehearsal(&self) -> bool {
        self.calls > 0 && (self.rehearsed.held().is_none() || self.since > 0)
    }

    fn wants_tests(&self) -> bool {
        self.labels > 0 && self.tested.held().is_none()
    }
}

/// What is known of a version beside the one that it would replace.
///
/// # Errors
/// `not_found` for the version or the deployment; `bad_input` for its text.
pub fn standing(engine: &Engine, input: AskGate) -> Result<Gate> {
    let sides = Sides::of(engine, &input)?;
    gate(engine, &sides)
}

/// Runs what is not known as a job: the test sets with both policies, and a rehearsal.
///
/// # Errors
/// As [`standing`].
pub fn start(engine: &Engine, input: AskGate) -> Result<Started> {
    let sides = Sides::of(engine, &input)?;
    let title = format!(
        "Trying `{}` against `{}`",
        sides.after.reference(),
        sides.before.reference()
    );
    let own = engine.clone();
    Ok(engine.jobs().start(
        "redaction.gate",
        title,
        &["trail", "activities"],
        move |progress| run(&own, &input, progress),
    ))
}

/// Runs what is not known: the test sets with both policies, and a rehearsal over all calls that the
/// version would be in force for. What came of it goes into the trail.
///
/// # Errors
/// As [`standing`]; `cancelled`; `store_locked` where the store is open for reading only.
pub fn run(engine: &Engine, input: &AskGate, progress: &Progress) -> Result<Gate> {
    let sides = Sides::of(engine, input)?;
    if !sides.is_same() {
        let known = Known::of(engine, &sides)?;
        if known.wants_tests() {
            running::test_sets(engine, &sides, known.texts, progress)?;
        }
        if known.wants_rehearsal() {
            running::rehearsal(engine, &sides, progress)?;
        }
    }
    gate(engine, &sides)
}

fn gate(engine: &Engine, sides: &Sides) -> Result<Gate> {
    let known = Known::of(engine, sides)?;
    let points = match sides.is_same() {
        true => vec![point(
            "same_text",
            "The text",
            GateState::Clear,
            "It is the very text that is in force there.",
        )],
        false => vec![
            of_rehearsal(sides, &known),
            of_test_sets(&known),
            of_examples(sides)?,
            of_secrets(&sides.new),
            of_rules(sides),
        ],
    };
    let count = |state| points.iter().filter(|one| one.state == state).count() as u64;
    let [against, incomplete, unknown] = [
        GateState::Against,
        GateState::Incomplete,
        GateState::Unknown,
    ]
    .map(count);
    let mut to_run = Vec::new();
    if !sides.is_same() && known.wants_tests() {
        to_run.push(format!(
            "both policies on {} in {}",
            counted(known.texts, "text"),
            counted(known.sets, "test set")
        ));
    }
    if !sides.is_same() && known.wants_rehearsal() {
        to_run.push(format!("a rehearsal over {}", counted(known.calls, "call")));
    }
    Ok(Gate {
        before: sides.before.reference(),
        after: sides.after.reference(),
        deployment: sides.deployment.clone(),
        against,
        incomplete,
        unknown,
        needs_reason: against + incomplete + unknown > 0,
        to_run,
        points,
        lines: known
            .tested
            .held()
            .map_or_else(Vec::new, |kept| kept.what.lines.clone()),
        changes: sides.old.as_ref().map(|old| differences(old, &sides.new)),
        limits: LIMITS.iter().map(|&limit| limit.to_owned()).collect(),
    })
}

/// A version that goes through, with why and with what stands against it.
pub(crate) struct Passed {
    pub(crate) reason: Option<String>,
    pub(crate) gate: Gate,
}

impl Passed {
    /// What goes into the trail beside a policy that is put in force.
    pub(crate) fn leaf(&self) -> serde_json::Value {
        leaf(&self.gate)
    }
}

/// The points as the trail keeps them: states and sentences, no details.
pub(crate) fn leaf(gate: &Gate) -> serde_json::Value {
    let points: Vec<_> = gate
        .points
        .iter()
        .map(|one| serde_json::json!({"point": one.point, "says": one.says, "state": one.state}))
        .collect();
    serde_json::json!({"against": gate.before, "points": points})
}

/// A reason without what stands around it; `None` where nothing is left.
pub(crate) fn trimmed(reason: Option<&str>) -> Option<&str> {
    reason.map(str::trim).filter(|reason| !reason.is_empty())
}

/// Lets a version through: with a reason where a point is not clear.
///
/// # Errors
/// As [`standing`]; `bad_input` where a reason is wanted and none is given, or it is too long.
pub(crate) fn pass(engine: &Engine, input: &AskGate, reason: Option<&str>) -> Result<Passed> {
    let gate = standing(engine, input.clone())?;
    let reason = trimmed(reason);
    let length = reason.map_or(0, |reason| reason.chars().count());
    if gate.needs_reason && length < LEAST_REASON {
        let points: Vec<String> = gate
            .points
            .iter()
            .filter(|one| one.state != GateState::Clear)
            .map(|one| format!("{}: {}", one.title.to_lowercase(), one.says))
            .collect();
        return Err(WireError::new(
            Code::BadInput,
            format!(
                "{} of {} points of `{}` are not clear. {}",
                points.len(),
                gate.points.len(),
                gate.after,
                points.join(" ")
            ),
        )
        .hint(format!(
            "find out what is unknown with `redaction gate --run`, or give a reason of at least \
             {LEAST_REASON} characters: it goes into the trail"
        )));
    }
    if length > MAX_REASON {
        return Err(WireError::new(
            Code::BadInput,
            format!("a reason takes at most {MAX_REASON} characters"),
        ));
    }
    Ok(Passed {
        reason: reason.map(str::to_owned),
        gate,
    })
}

#[cfg(test)]
mod tests;
