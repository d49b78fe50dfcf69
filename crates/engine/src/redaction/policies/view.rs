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
    /// What is other in some fields or deployments.
    pub scopes: Vec<PolicyScope>,
    /// When it was in force, the last time first; without an end where it is.
    pub times: Vec<InForce>,
}

/// What a policy says of some fields, of some deployments, or of these fields of these deployments.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct PolicyScope {
    /// Every field, where there is none.
    pub fields: Vec<String>,
    /// Every deployment, where there is none.
    pub deployments: Vec<String>,
    /// What it says there: `EMAIL_ADDRESS: keep`.
    pub says: Vec<String>,
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
    /// Why, where something stands against it or is unknown; it goes into the trail.
    #[ts(optional)]
    pub reason: Option<String>,
}

/// Ends a deployment's own policy.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct FollowDefault {
    pub deployment: String,
    /// Why, where something stands against it or is unknown; it goes into the trail.
    #[ts(optional)]
    pub reason: Option<String>,
}

/// Makes a draft of another tool's file; exactly one of `handle` and `text`.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct ImportPolicy {
    #[ts(optional)]
    pub handle: Option<String>,
    #[ts(optional)]
    pub text: Option<String>,
    /// `presidio`, `litellm` or `bedrock`; told by the file's keys where absent.
    #[ts(optional)]
    pub form: Option<String>,
    /// What the policy is to be called.
    #[ts(optional)]
    pub name: Option<String>,
}

/// Something that the other side has no word for.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct PolicyLoss {
    pub what: String,
    /// What becomes of it, or what to do.
    pub becomes: String,
}

/// A draft that was made of another tool's file; it is not saved.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ImportedPolicy {
    pub name: String,
    pub form: String,
    pub toml: String,
    pub losses: Vec<PolicyLoss>,
    /// Why the draft can't be used yet.
    pub problem: Option<String>,
}

/// Writes a policy as another tool's file.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct ExportPolicy {
    /// `claims@3`, or `claims` for the newest.
    pub name: String,
    /// `presidio`, `litellm` or `bedrock`.
    pub form: String,
}

/// Writes a policy to a file.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct WritePolicy {
    /// `claims@3`, or `claims` for the newest.
    pub name: String,
    /// `presidio`, `litellm` or `bedrock`; this program's own TOML where absent.
    #[ts(optional)]
    pub form: Option<String>,
    /// The chosen file; in the store's folder of exports where absent.
    #[ts(optional)]
    pub handle: Option<String>,
}

/// A file with a policy.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct WrittenPolicy {
    pub path: String,
    /// A handle to show or fetch the file.
    pub handle: String,
    pub sha256: String,
}

/// A policy as another tool's file.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ExportedPolicy {
    pub policy: String,
    pub form: String,
    /// How such a file is called.
    pub file_name: String,
    pub text: String,
    pub losses: Vec<PolicyLoss>,
}

/// Sets a version against another one, or against a text that is not saved.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct ComparePolicies {
    pub from: String,
    #[ts(optional)]
    pub to: Option<String>,
    #[ts(optional)]
    pub to_toml: Option<String>,
}

/// A rule that one of the two has otherwise or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PolicyDifference {
    /// `threshold`, `names`, `operator`, `allow`, `deny`, `recognizer` or `scope`.
    pub what: String,
    pub key: String,
    /// `None` where the first has no such rule.
    pub before: Option<String>,
    /// `None` where the second has none.
    pub after: Option<String>,
}

/// A line of one of the two texts or of both.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct DiffLine {
    /// `same`, `gone` or `new`.
    pub change: String,
    pub text: String,
}

/// Two versions set against each other.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ComparedPolicies {
    pub from: String,
    pub to: String,
    pub differences: Vec<PolicyDifference>,
    pub lines: Vec<DiffLine>,
}
