//! What checks show: the questions, the findings with their evidence, waivers.

use serde::{Deserialize, Serialize};

/// Asks for a run of the checks.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct RunChecks {
    /// Only these deployments; all where empty.
    pub deployments: Vec<String>,
}

/// Asks for findings of the last run.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct ListFindings {
    #[ts(optional)]
    pub deployment: Option<String>,
    #[ts(optional)]
    pub check: Option<String>,
    /// `met`, `not_met`, `unknown`, `waived`.
    #[ts(optional)]
    pub verdict: Option<String>,
}

/// A clause that a check reads.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ClauseRow {
    /// "GDPR Art. 5(1)(e)".
    pub clause: String,
    pub asks: String,
    /// As of when the clause was read; a date.
    pub as_of: String,
}

/// A check.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct CheckRow {
    pub id: String,
    pub title: String,
    pub question: String,
    pub severity: String,
    pub clauses: Vec<ClauseRow>,
}

/// A piece of evidence.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct EvidenceRow {
    pub what: String,
    /// Opens exactly the calls that are meant.
    pub query: Option<String>,
    /// Some of the calls, at most 20.
    pub call_ids: Vec<String>,
    /// The setting that is meant, with the call that revealed it.
    pub setting: Option<String>,
}

/// A waiver: an accepted finding, dated.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct WaiverRow {
    /// The verdict that was accepted, `not_met` or `unknown`: what was accepted as unknown covers
    /// no `not_met`.
    pub accepted: String,
    pub reason: String,
    pub owner: String,
    pub approver: String,
    /// The approval that the approver signed; `None` where the approver is a name that nobody signed.
    pub approval: Option<String>,
    pub set_at: String,
    pub until: String,
    pub ended_at: Option<String>,
}

/// One answer of a check about one subject.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct FindingRow {
    pub id: String,
    pub check: String,
    pub check_title: String,
    pub deployment: String,
    pub subject: String,
    /// `met`, `not_met`, `unknown`, `waived`.
    pub verdict: String,
    /// `critical`, `high`, `medium`, `low`, `info`.
    pub severity: String,
    pub title: String,
    pub detail: String,
    pub how_to_fix: String,
    pub clauses: Vec<ClauseRow>,
    pub evidence: Vec<EvidenceRow>,
    /// Records that the finding speaks of.
    pub counted: u64,
    /// Records that were looked at.
    pub of: u64,
    /// Records that could not be judged.
    pub unknown: u64,
    pub waiver: Option<WaiverRow>,
}

/// The outcome of the checks.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct CheckSummary {
    pub met: u64,
    pub not_met: u64,
    pub unknown: u64,
    pub waived: u64,
    pub findings: Vec<FindingRow>,
    /// When the deployment that was checked longest ago was checked.
    pub ran_at: Option<String>,
    /// Records imported since.
    pub since: u64,
    /// Deployments whose definition or settings changed since.
    pub changed: Vec<String>,
    /// Deployments that were never checked, while others were.
    pub unchecked: Vec<String>,
    /// Whether another policy is in force than the calls were searched by.
    pub policy_changed: bool,
}

/// Names a finding.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct FindingRef {
    pub id: String,
}

/// Waives a finding.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct WaiveFinding {
    pub id: String,
    /// At least 30 characters.
    pub reason: String,
    pub owner: String,
    /// Somebody else than the owner; may be empty where a second person signs.
    pub approver: String,
    /// A date, at most 365 days ahead.
    pub until: String,
}

/// Ends a waiver.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct EndWaiver {
    pub id: String,
    pub reason: String,
}
