//! Who looked at original text, and what a second person approved, as values of a report.
//!
//! Not here: how they are laid out.

use serde::Serialize;

use crate::model::Counted;

/// How many there are, out of what, and the query that opens them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Tally {
    pub id: String,
    pub title: String,
    pub value: u64,
    pub of: Counted,
    /// In the language of the trail: for activities, or of coverage for calls.
    pub query: Option<String>,
    pub note: Option<String>,
}

/// One time that somebody looked, or tried to do what was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Look {
    /// RFC 3339, UTC.
    pub at: String,
    pub who: String,
    /// `revealed`, `copied`, `exported`, `refused`.
    pub what: String,
    /// The call, the query of an export, or the command that was refused.
    pub record: String,
    pub reason: Option<String>,
    /// The approval that was used.
    pub approval: Option<String>,
    /// The leaf that records it.
    pub leaf: u64,
}

/// Who looked at original text within the period.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Looked {
    /// Plain sentences.
    pub says: Vec<String>,
    pub tallies: Vec<Tally>,
    /// Newest first.
    pub rows: Vec<Look>,
    /// Rows that there are; more than `rows` holds where there are very many.
    pub total: u64,
}

/// A request for approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Requested {
    pub id: String,
    pub kind: String,
    pub what: String,
    pub asked_by: String,
    pub asked_key: String,
    /// RFC 3339, UTC.
    pub asked_at: String,
    pub asked_leaf: u64,
    /// `waiting`, `approved`, `refused`, `used`, `expired`, `void`.
    pub state: String,
    pub decision: Option<Decided>,
    pub used_at: Option<String>,
    pub used_leaf: Option<u64>,
}

/// What a second person said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Decided {
    /// `approved`, `refused`.
    pub verdict: String,
    pub by: String,
    /// The fingerprint of the key that signed.
    pub key: String,
    pub at: String,
    pub reason: String,
    pub leaf: u64,
}

/// What a second person approved within the period.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Approvals {
    /// Plain sentences.
    pub says: Vec<String>,
    /// By kind: how many deeds were approved, of how many.
    pub tallies: Vec<Tally>,
    /// Newest first.
    pub rows: Vec<Requested>,
}

/// The word for what somebody did.
pub fn look_word(what: &str) -> &str {
    match what {
        "revealed" => "revealed a call",
        "copied" => "copied revealed text",
        "exported" => "wrote an evidence pack",
        "refused" => "was refused",
        other => other,
    }
}

/// The words for what became of a request.
pub fn state_word(state: &str) -> &str {
    match state {
        "waiting" => "not answered",
        "used" => "approved and used",
        "approved" => "approved, not used",
        "expired" => "too old",
        "void" => "does not hold any more",
        other => other,
    }
}
