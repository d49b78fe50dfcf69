//! What the sources of a period cover, as values of a report.
//!
//! Not here: how they are laid out.

use serde::Serialize;

use crate::model::oversight::Tally;

/// Which source saw how much, which agree, what is known to be missing, what the provider billed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ReportCoverage {
    /// Plain sentences.
    pub says: Vec<String>,
    /// Counts with the query of calls that opens each: by source, by pair, holes, billed tokens.
    pub tallies: Vec<Tally>,
}
