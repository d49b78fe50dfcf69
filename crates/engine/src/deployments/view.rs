//! What deployments show: the data-handling summary and what the trail observed.

use assay_domain::call::Kind;
use serde::{Deserialize, Serialize};

/// Names a deployment.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct DeploymentRef {
    pub name: String,
}

/// Writes a deployment's definition.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct SetDeployment {
    pub name: String,
    /// The definition as TOML.
    pub toml: String,
}

/// Imports settings answers for a deployment.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct ImportSnapshot {
    pub name: String,
    pub handles: Vec<String>,
}

/// Verdicts of a deployment's last checks.
#[derive(Debug, Clone, Copy, Default, Serialize, ts_rs::TS)]
pub struct Verdicts {
    pub met: u64,
    pub not_met: u64,
    pub unknown: u64,
    pub waived: u64,
}

/// Where calls were sent and where they ran. `None` is "not recorded".
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct RegionRow {
    pub requested_region: Option<String>,
    pub served_region: Option<String>,
    /// What the declared places say of it: `allowed`, `outside`, `unknown`, `not_declared`.
    pub place: String,
    pub calls: u64,
    /// Opens exactly these calls.
    pub query: String,
}

/// One line of the data-handling summary.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct HandlingLine {
    /// The topic's name: `retention`, `training` …
    pub topic: String,
    /// The topic as people read it.
    pub title: String,
    pub statement: String,
    /// `observed`, `configured`, `vendor_stated`, `declared`, `unknown`.
    pub mark: String,
    pub source: Option<String>,
    /// A date.
    pub as_of: Option<String>,
    /// Older than its review date, or than 180 days.
    pub review_due: bool,
}

/// A deployment and what the trail says of it.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct DeploymentSummary {
    pub name: String,
    pub kind: Kind,
    pub description: String,
    pub owner: Option<String>,
    pub regulated: bool,
    pub zero_retention: bool,
    pub allowed_places: Vec<String>,
    /// Whether somebody wrote a definition; otherwise it was made from the calls' own account.
    pub declared: bool,
    pub calls: u64,
    pub errors: u64,
    pub first_call_at: Option<String>,
    pub last_call_at: Option<String>,
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub cost_usd: String,
    /// For how many of its calls the cost is known.
    pub cost_known_calls: u64,
    /// Where its calls ran, by evidence; the most calls first.
    pub served_regions: Vec<ServedRegion>,
    /// Calls whose served region no record tells.
    pub region_unknown_calls: u64,
    /// Calls that carry evidence of a private network path.
    pub private_path_calls: u64,
    /// Calls scanned for personal data, and those with some.
    pub scanned_calls: u64,
    pub entity_calls: u64,
    /// `None` until checks were run.
    pub verdicts: Option<Verdicts>,
    /// The data-handling summary: one line or more a topic, the strongest mark first.
    pub handling: Vec<HandlingLine>,
}

/// One collected setting.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct SettingRow {
    pub topic: String,
    pub name: String,
    pub value: String,
    pub place: Option<String>,
    /// The call that revealed it.
    pub revealed_by: String,
    pub as_of: Option<String>,
    pub source: String,
}

/// A deployment's page.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct DeploymentPage {
    pub summary: DeploymentSummary,
    pub regions: Vec<RegionRow>,
    pub settings: Vec<SettingRow>,
    /// Calls by source.
    pub sources: Vec<NamedCount>,
    pub models: Vec<NamedCount>,
    /// The definition as TOML; a template where nobody wrote one yet.
    pub toml: String,
}

/// Calls that ran in one region.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ServedRegion {
    pub name: String,
    /// What the declared places say of it: `allowed`, `outside`, `unknown`, `not_declared`.
    pub place: String,
    pub calls: u64,
    /// Opens exactly these calls.
    pub query: String,
}

/// A count with a name.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct NamedCount {
    pub name: Option<String>,
    pub count: u64,
    pub query: String,
}

/// What a snapshot import read.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct SnapshotSummary {
    pub deployment: String,
    pub settings: Vec<SettingRow>,
    /// Answers that were not understood, with the reason.
    pub rejected: Vec<String>,
}

/// Something that wants attention.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Attention {
    /// `critical`, `high`, `medium`, `low`.
    pub severity: String,
    pub title: String,
    pub deployment: Option<String>,
    /// The finding to open, where it is one.
    pub finding: Option<String>,
    /// The trail query to open otherwise.
    pub query: Option<String>,
    /// Whether it is about requests for approval.
    pub approvals: bool,
    /// The screen to open where it is neither: `imports`, `retention`.
    pub screen: Option<String>,
}

/// The first screen.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Overview {
    pub organisation: String,
    pub sample: bool,
    /// First what is not met, the most severe first; then what else wants attention.
    pub attention: Vec<Attention>,
    /// Of these, findings that are not met; others may not be listed.
    pub listed_not_met: u64,
    pub deployments: Vec<DeploymentSummary>,
    pub calls: u64,
    pub activities: u64,
    pub rejected_lines: u64,
    pub first_call_at: Option<String>,
    pub last_call_at: Option<String>,
    pub last_import_at: Option<String>,
    pub checked_at: Option<String>,
    /// Records imported since the checks were last run.
    pub since_checked: u64,
    /// Deployments whose definition or settings changed since the checks were last run.
    pub changed_since_checked: Vec<String>,
    /// Deployments that were never checked, while others were.
    pub unchecked: Vec<String>,
    /// Whether another policy is in force than the calls were searched by.
    pub policy_changed: bool,
    pub tree_size: u64,
    /// First 8 hexadecimal digits of the tree's root.
    pub root: String,
}

/// About this program and the store.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct About {
    pub version: String,
    pub store: String,
    pub store_bytes: u64,
    pub schema: u32,
    pub sqlite: String,
    /// Whether its file is.
    pub encrypted: bool,
    pub sample: bool,
    pub organisation: String,
    pub offline: bool,
    pub prices_as_of: String,
    pub facts_as_of: String,
    /// Who is recorded for reveals and exports.
    pub user: String,
}
