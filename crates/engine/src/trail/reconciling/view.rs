//! What reconciling the sources of a period answers, as it crosses to the window and the terminal.
//!
//! Every count carries the trail query that opens it. Not here: how these are found (`reconciling`).

use serde::{Deserialize, Serialize};

use crate::trail::billed::view::{AskUsage, BilledComparison};
use crate::trail::view::Rule;

/// Asks which sources agree.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct AskReconciliation {
    /// A date or RFC 3339; inclusive.
    #[ts(optional)]
    pub from: Option<String>,
    /// A date or RFC 3339; exclusive.
    #[ts(optional)]
    pub to: Option<String>,
}

/// What the sources of a period agree on, and what is known to be missing.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Reconciliation {
    /// The period as a trail query; empty for all.
    pub query: String,
    /// Calls of the period, whichever source saw them.
    pub calls: u64,
    pub sources: Vec<SourceCalls>,
    pub pairs: Vec<Pair>,
    /// What the provider counted and billed against what the trail holds.
    pub billed: BilledComparison,
    pub coverage: Coverage,
    pub holes: Vec<HoleRow>,
    /// The signatures that are looked for, with their rules.
    pub signatures: Vec<Rule>,
}

/// A source and the calls that it saw.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct SourceCalls {
    pub source: String,
    pub title: String,
    /// Calls of which it holds a record.
    pub calls: u64,
    pub query: String,
    /// Calls that no other source saw.
    pub alone: u64,
    pub alone_query: String,
    /// Its records in the period, those that stand behind another one and conflicts included.
    pub records: u64,
    pub errors: u64,
    /// How often each field is recorded, of its records; the text, of answered calls that could
    /// hold it. Fields that it never records are in it with 0.
    pub fields: Vec<Fill>,
}

/// How often a field is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Fill {
    pub field: String,
    /// Records in which it is recorded.
    pub told: u64,
    /// Of so many records.
    pub of: u64,
    /// Opens the calls whose record of this source lacks it.
    pub lacking_query: String,
}

/// Two sources. A call that only one of them has may lie outside of what the other one covers.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Pair {
    pub left: String,
    pub right: String,
    pub matched: u64,
    pub only_left: u64,
    pub only_right: u64,
    /// Opens exactly the calls that both saw.
    pub matched_query: String,
    /// Opens exactly the calls that only the left one saw.
    pub only_left_query: String,
    pub only_right_query: String,
    /// Matched calls that were compared field by field, the newest.
    pub compared: u64,
    /// What one side does not tell and the other does, in the compared calls.
    pub fields_missing: Vec<MissingField>,
}

/// A field that a source lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct MissingField {
    pub source: String,
    pub field: String,
    pub calls: u64,
}

/// The map of source × day.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Coverage {
    /// The days, `2026-10-01`, in order, without a gap.
    pub days: Vec<String>,
    /// Earlier days of the period that are not shown.
    pub left_out: u64,
    /// Calls without a time, which stand on no day.
    pub without_time: u64,
    pub sources: Vec<SourceDays>,
    /// What CloudTrail's digests say of each day that has a log file or a digest.
    pub digests: Vec<DigestDay>,
    /// What each state of a day means.
    pub states: Vec<Rule>,
    /// What each verdict of the digests means.
    pub verdicts: Vec<Rule>,
}

/// The days of one source.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct SourceDays {
    pub source: String,
    pub title: String,
    /// One a day, in the order of the days.
    pub cells: Vec<DayCell>,
}

/// One source on one day.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct DayCell {
    pub day: String,
    /// recorded, partial, hole, elsewhere, nothing.
    pub state: String,
    /// Calls that it saw.
    pub calls: u64,
    pub query: String,
    /// Calls of the deployments it covers that only other sources saw and that it could hold.
    pub elsewhere: u64,
    pub elsewhere_query: String,
    /// The names of the signatures of holes on this day.
    pub signatures: Vec<String>,
}

/// What the digests say of a day.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct DigestDay {
    pub day: String,
    /// verified, partly, unverified, no_digest, gap, failed.
    pub verdict: String,
    /// Log files delivered on this day that were imported.
    pub files: u64,
    pub verified: u64,
    pub failed: u64,
}

/// Something that a source should hold and does not.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct HoleRow {
    pub signature: String,
    pub title: String,
    pub source: String,
    pub source_title: String,
    pub deployment: Option<String>,
    /// RFC 3339, UTC; half-open.
    pub from: String,
    pub to: String,
    /// Whether nothing in the trail ends it: then `to` is only where what was looked at ends.
    pub no_end_known: bool,
    pub count: u64,
    pub denominator: u64,
    /// What is counted: calls, records (the query opens their calls), activities, files, or tokens of
    /// the provider's report (the query opens the calls of their time and model).
    pub unit: String,
    /// The same, where there is one of it.
    #[serde(skip)]
    #[ts(skip)]
    pub unit_of_one: &'static str,
    /// Opens the calls.
    pub query: Option<String>,
    /// Opens the activities that prove it.
    pub activities_query: Option<String>,
    /// Opens the rows of the provider's report that are counted.
    pub usage: Option<AskUsage>,
    pub says: String,
}
