//! What is shown of policies: versions, which are in force, since when and by whom.

use serde::{Deserialize, Serialize};

/// A time for which a version was in force.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct InForce {
    /// `None` is everywhere that no other is in force.
    pub deployment: Option<String>,
    /// RFC 3339; `None` where it was not kept.
    pub since: Option<String>,
    /// `None` where it was not kept.
    pub by: Option<String>,
    /// `None` while it is in force.
    pub until: Option<String>,
}

/// A version of a policy.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct PolicyRow {
    pub name: String,
    /// Its place among the versions of its name, from 1; `None` for a part of the program.
    pub number: Option<u32>,
    /// What names this very text: `claims@3`, or the name of a part of the program.
    pub reference: String,
    /// What the text calls itself.
    pub version: String,
    /// Whether this version is in force wherever no other is.
    pub in_force: bool,
    /// The newest of its name.
    pub newest: bool,
    /// Part of the program, can't be changed.
    pub builtin: bool,
    pub toml: String,
    /// RFC 3339; `None` for a part of the program.
    pub saved_at: Option<String>,
    pub saved_by: Option<String>,
    /// What it was saved for.
    pub note: Option<String>,
    /// When it was in force, the last time first; without an end where it is.
    pub times: Vec<InForce>,
}

/// Saves a policy under the name in its text, as a version of its own.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct SavePolicy {
    pub toml: String,
    /// What it is saved for.
    #[ts(optional)]
    pub note: Option<String>,
}

/// Names a version of a policy: `claims@3`, or `claims` for the newest.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct PolicyRef {
    pub name: String,
}

/// Puts a version of a policy in force.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct PutInForce {
    /// `claims@3`, or `claims` for the newest.
    pub name: String,
    /// Only for records of this deployment; everywhere that no other is in force, where absent.
    #[ts(optional)]
    pub deployment: Option<String>,
}

/// Ends a deployment's own policy.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct FollowDefault {
    pub deployment: String,
}
