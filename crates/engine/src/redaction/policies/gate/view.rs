//! What is asked and shown before a policy is put in force: what stands against it, and what nobody
//! knows.

use serde::{Deserialize, Serialize};

use crate::redaction::policies::view::PolicyDifference;

/// Which version is to be put in force, and where.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct AskGate {
    /// `claims@3`, or `claims` for the newest. The one that is in force by default where absent: what
    /// ending a deployment's own policy puts there.
    #[ts(optional)]
    pub name: Option<String>,
    /// Only for records of this deployment; everywhere that no other is in force, where absent.
    #[ts(optional)]
    pub deployment: Option<String>,
}

/// What is known of one point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum GateState {
    Clear,
    /// It speaks against putting the version in force.
    Against,
    /// It was tried and nothing speaks against it, but not all that there is could be looked at.
    Incomplete,
    /// Nobody tried it, or too little was there to judge.
    Unknown,
}

/// One point of the gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct GatePoint {
    /// `rehearsal`, `test_sets`, `examples`, `secrets`, `rules` or `same_text`.
    pub point: String,
    pub title: String,
    pub state: GateState,
    pub says: String,
    /// One line each; names of rules, types and test sets, and counts; never a value.
    pub details: Vec<String>,
    /// When it was tried, where it takes trying; RFC 3339.
    pub at: Option<String>,
    pub by: Option<String>,
}

/// What stands against a version, and the one that it would replace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Gate {
    pub before: String,
    pub after: String,
    pub deployment: Option<String>,
    pub points: Vec<GatePoint>,
    /// Points that speak against it.
    pub against: u64,
    /// Points that were tried on a part of what there is.
    pub incomplete: u64,
    /// Points of which nobody knows.
    pub unknown: u64,
    /// Whether putting it in force takes a reason: a point is not clear.
    pub needs_reason: bool,
    /// What running the gate would do; empty where it would do nothing.
    pub to_run: Vec<String>,
    /// Every rule that differs from the one that it would replace, with the entries of its lists; `None`
    /// where this version can't read that one.
    pub changes: Option<Vec<PolicyDifference>>,
    /// How both fare on the test sets, by set and labelled type, what fell first; empty where they
    /// were not run.
    pub lines: Vec<GateLine>,
    /// What these points do not say.
    pub limits: Vec<String>,
}

/// How both fare with the values of one type in one test set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct GateLine {
    pub set: String,
    pub entity_type: String,
    pub labelled: u64,
    pub found_before: u64,
    pub found_after: u64,
    pub hidden_before: u64,
    pub hidden_after: u64,
    /// Values that are hidden by the one in force, and would show.
    pub lost: u64,
    /// Whether less is found, or something is lost.
    pub fell: bool,
}
