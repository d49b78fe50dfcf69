//! What was run before, as the trail has it: rehearsals over all calls of a place, and test sets.
//!
//! Each is a leaf of its own with counts and no text, found again by the name of the policy and by what
//! both policies came to: their texts, the names model, entries that ended, this program. Not here:
//! running them, and what their counts mean for putting a policy in force (`gate`).

use assay_evidence::leaf::LeafKind;
use assay_store::error::StoreError;
use assay_store::policies::deed;
use assay_store::writer::OwnRecord;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Sides;
use crate::error::Result;
use crate::gate_view::GateLine;
use crate::names_model;
use crate::opening::Engine;
use crate::rehearsal_view::Rehearsal;

const REHEARSED: &str = "policy.rehearse";
const TESTED: &str = "policy.test";
/// Rules that are named of a rehearsal.
const RULES: usize = 8;

/// A rehearsal over all calls of a place.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Rehearsed {
    pub(crate) marks: [String; 2],
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
    /// What exposes the most, at most eight.
    pub(crate) rules: Vec<ExposedBy>,
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

impl Rehearsed {
    /// What a rehearsal came to.
    pub(crate) fn of(
        marks: [String; 2],
        deployment: Option<String>,
        size: u64,
        found: &Rehearsal,
    ) -> Self {
        Self {
            marks,
            deployment,
            size,
            matched: found.matched,
            newly_exposed: found.newly_exposed,
            exposed: found.stretches.exposed,
            hidden_by_old: found.stretches.hidden_by_old,
            shows_more: found.stretches.shows_more,
            not_evaluable: found.not_evaluable.calls,
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
    pub(super) marks: [String; 2],
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

/// What a policy's text comes to today. Two equal ones find and hide the same.
///
/// # Errors
/// The store's.
pub(crate) fn mark(engine: &Engine, toml: &str) -> Result<String> {
    let mut hasher = Sha256::new();
    let mut add = |part: &str| {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    };
    add(toml);
    add(env!("CARGO_PKG_VERSION"));
    if let Ok(policy) = engine.compiled().policy(toml) {
        add(&names_model::mark(engine, &policy)?);
        for entry in policy.allow_list() {
            if entry.is_over(engine.compiled().today()) {
                add(&entry.place);
            }
        }
    }
    Ok(hex::encode(hasher.finalize()))
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

/// The newest rehearsal of these two over the calls of the place, or over all.
pub(super) fn rehearsed(engine: &Engine, sides: &Sides) -> Result<Option<Kept<Rehearsed>>> {
    newest(engine, REHEARSED, &sides.after.name, |one: &Rehearsed| {
        one.marks == sides.marks && (one.deployment.is_none() || one.deployment == sides.deployment)
    })
}

/// The newest run of these two on the test sets as they are.
pub(super) fn tested(engine: &Engine, sides: &Sides) -> Result<Option<Kept<Tested>>> {
    let sets = engine.store().test_sets_mark()?;
    newest(engine, TESTED, &sides.after.name, |one: &Tested| {
        one.marks == sides.marks && one.sets == sets
    })
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
