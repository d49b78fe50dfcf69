//! What was run before, as the trail has it: rehearsals over all calls of a place, and test sets.
//!
//! Each is a leaf of its own with counts and no text, found again by the name of the policy and by what
//! both policies came to: their texts, the program's own rules, the names model, entries that ended. The
//! version of the program is noted and decides nothing: one that finds and hides the same keeps what was
//! run. Not here: running them, and what their counts mean for putting a policy in force (`gate`).

use assay_domain::exchange::READING;
use assay_evidence::leaf::LeafKind;
use assay_redact::edition;
use assay_store::error::StoreError;
use assay_store::policies::deed;
use assay_store::writer::OwnRecord;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Sides;
use crate::error::Result;
use crate::opening::Engine;
use crate::redaction::names_model;
use crate::redaction::policies::gate::view::GateLine;
use crate::redaction::rehearsal::view::{Lack, Rehearsal};

const REHEARSED: &str = "policy.rehearse";
const TESTED: &str = "policy.test";
/// This version of the program.
pub(super) const PROGRAM: &str = env!("CARGO_PKG_VERSION");
/// Rules that are named of a rehearsal.
const RULES: usize = 8;

/// What a policy's text comes to on a day. Two equal ones find and hide the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    /// SHA-256 of the text.
    pub(crate) text: String,
    /// What the program's own rules come to.
    pub(crate) rules: String,
    /// The model of names that is plugged in; empty where the policy asks none.
    pub(crate) names: String,
    /// Places of entries of the allow list that are over.
    pub(crate) ended: Vec<String>,
}

impl Mark {
    /// # Errors
    /// The store's.
    pub(crate) fn of(engine: &Engine, toml: &str) -> Result<Self> {
        let mut mark = Self {
            text: hex::encode(Sha256::digest(toml)),
            rules: edition::hash().to_owned(),
            names: String::new(),
            ended: Vec::new(),
        };
        if let Ok(policy) = engine.compiled().policy(toml) {
            mark.names = names_model::mark(engine, &policy)?;
            mark.ended = policy
                .allow_list()
                .iter()
                .filter(|entry| entry.is_over(engine.compiled().today()))
                .map(|entry| entry.place.clone())
                .collect();
        }
        Ok(mark)
    }
}

/// A rehearsal over all calls of a place.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Rehearsed {
    pub(crate) marks: [Mark; 2],
    /// The version of the program that ran it.
    pub(crate) program: String,
    /// How it read text from records; the first way where it does not say.
    #[serde(default = "first_reading")]
    pub(crate) reading: u32,
    /// `None` is all calls.
    pub(crate) deployment: Option<String>,
    /// Leaves of the tree when it began: later calls are not in it.
    pub(crate) size: u64,
    pub(crate) matched: u64,
    pub(crate) newly_exposed: u64,
    /// Stretches of text, of those that the old policy hides.
    pub(crate) exposed: u64,
    pub(crate) hidden_by_old: u64,
    pub(crate) shows_more: u64,
    pub(crate) not_evaluable: u64,
    /// Calls that hold something that could not be looked through. Earlier versions of the program noted
    /// neither these nor what follows.
    #[serde(default)]
    pub(crate) in_part: Option<u64>,
    #[serde(default)]
    pub(crate) without_text: u64,
    #[serde(default)]
    pub(crate) lacking: Vec<LackOf>,
    /// What exposes the most, at most eight.
    pub(crate) rules: Vec<ExposedBy>,
}

/// Why calls could not be looked through in full; one call may have several reasons.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LackOf {
    /// In words, as the end of a sentence.
    pub(crate) says: String,
    pub(crate) calls: u64,
}

/// A rule of the old policy, and what of its stretches the new one leaves.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ExposedBy {
    pub(crate) recognizer: String,
    pub(crate) entity_type: String,
    pub(crate) because: String,
    pub(crate) exposed: u64,
    pub(crate) of: u64,
}

impl LackOf {
    fn of(lack: &Lack) -> Self {
        let mut says = lack.says.trim_end_matches('.').to_owned();
        // Every reason begins with an ASCII letter.
        if let Some(first) = says.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        Self {
            says,
            calls: lack.calls + lack.besides,
        }
    }
}

impl Rehearsed {
    /// Calls that hold something that could not be looked through; of an earlier version's rehearsal those
    /// that may.
    pub(crate) fn not_in_full(&self) -> u64 {
        self.in_part.unwrap_or(self.not_evaluable)
    }

    /// What a rehearsal came to.
    pub(crate) fn of(
        marks: [Mark; 2],
        deployment: Option<String>,
        size: u64,
        found: &Rehearsal,
    ) -> Self {
        Self {
            marks,
            program: PROGRAM.to_owned(),
            reading: READING,
            deployment,
            size,
            matched: found.matched,
            newly_exposed: found.newly_exposed,
            exposed: found.stretches.exposed,
            hidden_by_old: found.stretches.hidden_by_old,
            shows_more: found.stretches.shows_more,
            not_evaluable: found.not_evaluable.calls,
            in_part: Some(found.not_evaluable.in_part),
            without_text: found.not_evaluable.without_text,
            lacking: found.not_evaluable.reasons.iter().map(LackOf::of).collect(),
            rules: found
                .exposed_by_rule
                .iter()
                .take(RULES)
                .map(|rule| ExposedBy {
                    recognizer: rule.recognizer.clone(),
                    entity_type: rule.entity_type.clone(),
                    because: rule.says.clone(),
                    exposed: rule.exposed,
                    of: rule.of,
                })
                .collect(),
        }
    }
}

/// All test sets, run with both policies.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Tested {
    pub(super) marks: [Mark; 2],
    /// The version of the program that ran it.
    pub(super) program: String,
    /// The texts and labels of which it is.
    pub(super) sets: String,
    pub(super) lines: Vec<GateLine>,
}

/// What the trail says, when and by whom.
pub(super) struct Kept<T> {
    pub(super) what: T,
    pub(super) at_ms: i64,
    pub(super) by: String,
}

/// Writes what a rehearsal of the policy `name` came to into the trail; not where the store is open for
/// reading only.
///
/// # Errors
/// The store's.
pub(crate) fn keep_rehearsed(engine: &Engine, name: &str, what: &Rehearsed) -> Result<()> {
    keep(engine, REHEARSED, name, what)
}

/// Writes what test sets came to into the trail.
///
/// # Errors
/// The store's.
pub(super) fn keep_tested(engine: &Engine, name: &str, what: &Tested) -> Result<()> {
    keep(engine, TESTED, name, what)
}

fn keep(engine: &Engine, action: &str, name: &str, what: &impl Serialize) -> Result<()> {
    let mut writer = match engine.store().writer() {
        Err(StoreError::ReadOnly(_)) => return Ok(()),
        writer => writer?,
    };
    let now_ms = engine.now_ms();
    let payload = serde_json::to_vec(what).map_err(StoreError::from)?;
    writer.record_own(&OwnRecord {
        kind: LeafKind::VerifyResult,
        activity: deed(action, name, engine.user(), now_ms),
        reason: None,
        payload: &payload,
        now_ms,
    })?;
    Ok(())
}

/// Something that was run with both policies.
pub(super) trait Run {
    /// What both came to.
    fn marks(&self) -> &[Mark; 2];
    /// The version of the program that ran it.
    fn program(&self) -> &str;
    /// How text was read from records, where it is about records.
    fn reading(&self) -> u32 {
        READING
    }
}

const fn first_reading() -> u32 {
    1
}

impl Run for Rehearsed {
    fn marks(&self) -> &[Mark; 2] {
        &self.marks
    }
    fn program(&self) -> &str {
        &self.program
    }
    fn reading(&self) -> u32 {
        self.reading
    }
}

impl Run for Tested {
    fn marks(&self) -> &[Mark; 2] {
        &self.marks
    }
    fn program(&self) -> &str {
        &self.program
    }
}

/// What the trail has of these two texts.
pub(super) enum Found<T> {
    /// It holds for what both come to now.
    Holds(Kept<T>),
    /// It was run, and holds no more; why, as the rest of a sentence.
    Void(Kept<T>, String),
    Nothing,
}

impl<T> Found<T> {
    pub(super) fn held(&self) -> Option<&Kept<T>> {
        match self {
            Self::Holds(kept) => Some(kept),
            Self::Void(..) | Self::Nothing => None,
        }
    }
}

/// The newest rehearsal of these two over the calls of the place, or over all.
pub(super) fn rehearsed(engine: &Engine, sides: &Sides) -> Result<Found<Rehearsed>> {
    let is_it = |one: &Rehearsed| {
        is_of(one, sides) && (one.deployment.is_none() || one.deployment == sides.deployment)
    };
    found(engine, REHEARSED, sides, is_it)
}

/// The newest run of these two on the test sets as they are.
pub(super) fn tested(engine: &Engine, sides: &Sides) -> Result<Found<Tested>> {
    let sets = engine.store().test_sets_mark()?;
    let is_it = |one: &Tested| is_of(one, sides) && one.sets == sets;
    found(engine, TESTED, sides, is_it)
}

/// Whether it was run with these two texts, whatever they came to.
fn is_of(one: &impl Run, sides: &Sides) -> bool {
    [0, 1].map(|side| one.marks()[side].text == sides.marks[side].text) == [true, true]
}

fn found<T: Run + DeserializeOwned>(
    engine: &Engine,
    action: &str,
    sides: &Sides,
    is_it: impl Fn(&T) -> bool,
) -> Result<Found<T>> {
    let name = &sides.after.name;
    let holds = |one: &T| *one.marks() == sides.marks && one.reading() == READING && is_it(one);
    if let Some(kept) = newest(engine, action, name, holds)? {
        return Ok(Found::Holds(kept));
    }
    Ok(match newest(engine, action, name, is_it)? {
        Some(kept) => {
            let why = why_void(&kept.what, &sides.marks);
            Found::Void(kept, why)
        }
        None => Found::Nothing,
    })
}

/// What is otherwise since; the texts are the same.
fn why_void(run: &impl Run, now: &[Mark; 2]) -> String {
    let (then, program) = (run.marks(), run.program());
    let differs = |same: fn(&Mark, &Mark) -> bool| then.iter().zip(now).any(|(a, b)| !same(a, b));
    let mut why = Vec::new();
    if differs(|a, b| a.rules == b.rules) {
        why.push(match program == PROGRAM {
            true => "the rules that are part of the program are others".to_owned(),
            false => format!(
                "the rules that are part of the program are others in version {PROGRAM} than in {program}"
            ),
        });
    }
    if run.reading() != READING {
        why.push("the program reads more or other text from records now".to_owned());
    }
    if differs(|a, b| a.names == b.names) {
        why.push("the model of names is another".to_owned());
    }
    if differs(|a, b| a.ended == b.ended) {
        why.push("other entries of the lists of what is left alone are over".to_owned());
    }
    why.join(", and ")
}

/// A record that can't be read any more says nothing: what it said is unknown.
fn newest<T: DeserializeOwned>(
    engine: &Engine,
    action: &str,
    name: &str,
    is_it: impl Fn(&T) -> bool,
) -> Result<Option<Kept<T>>> {
    for record in engine.store().own_activities(action, name)? {
        let Ok(raw) = engine.store().raw(record.seq) else {
            continue;
        };
        if let Ok(what) = serde_json::from_slice::<T>(&raw)
            && is_it(&what)
        {
            return Ok(Some(Kept {
                what,
                at_ms: record.activity.at_ms.unwrap_or_default(),
                by: record.activity.actor.unwrap_or_default(),
            }));
        }
    }
    Ok(None)
}
