//! What the comparison of sinks shows: sources two by two, by entity type.

use serde::{Deserialize, Serialize};

use crate::redaction::guards::view::NameCount;

/// Asks what the sources of the same calls hold in clear.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct AskSinks {
    pub query: String,
    /// Calls that are read, the newest first; at most 20,000.
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// The sources of the same calls, two by two.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Sinks {
    pub query: String,
    /// Calls that match.
    pub matching: u64,
    /// Of these, calls that several sources recorded.
    pub several: u64,
    /// Of these, calls that were read, the newest first: those of which two sources may hold the text.
    pub looked: u64,
    pub policy: String,
    pub policy_version: String,
    pub pairs: Vec<SinkPair>,
}

/// Two sources of the same calls.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct SinkPair {
    pub one: String,
    pub other: String,
    /// What people call them.
    pub one_title: String,
    pub other_title: String,
    /// Calls that both recorded.
    pub together: u64,
    /// Of these, calls whose text both tell, in clear or masked.
    pub compared: u64,
    /// Why the others could not be compared.
    pub not_compared: Vec<NameCount>,
    /// Compared calls in which neither holds anything that the policy finds.
    pub nothing_found: u64,
    /// Compared calls in which `one` holds in clear what `other` masks, and the other way round.
    pub calls_clear_in_one: u64,
    pub calls_clear_in_other: u64,
    pub by_type: Vec<SinkLine>,
    /// Ids of such calls, the newest first; at most 50 each.
    pub examples_one: Vec<String>,
    pub examples_other: Vec<String>,
}

/// Values of one entity type, each counted once a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SinkLine {
    pub entity_type: String,
    pub clear_in_both: u64,
    /// In clear in `one`, a placeholder in the same field of `other`.
    pub clear_in_one: u64,
    pub clear_in_other: u64,
    /// In clear in one of them, and the other holds neither it nor a placeholder there: it was cut,
    /// left out or written otherwise.
    pub unclear: u64,
}
