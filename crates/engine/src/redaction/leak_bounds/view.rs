//! Leak bounds as they cross to the window and the terminal: counts, intervals and their limits.
//!
//! Never text, neither of a call nor of what was planted in a copy of it. Not here: how they are
//! reckoned (`leak_bounds`, `assay_domain::leak_bounds`).

use serde::{Deserialize, Serialize};

use crate::redaction::names_model::view::NamesModelUsed;
use crate::trail::review_samples::view::Interval;

/// Asks how many planted values come through a policy.
#[derive(Clone, Default, Deserialize, ts_rs::TS)]
pub struct BoundCanaries {
    /// The calls in copies of whose text values are planted.
    pub query: String,
    /// A policy's name; the one in force where neither it nor its text is given.
    #[ts(optional)]
    pub policy: Option<String>,
    #[ts(optional)]
    pub policy_toml: Option<String>,
    /// The same seed plants the same values in the same places; 1 where absent.
    #[ts(optional)]
    pub seed: Option<u64>,
    /// How many are planted, 2,000 where absent, 20,000 at most.
    #[ts(optional)]
    pub count: Option<u32>,
    /// Only these entity types; all that there are canaries of where empty.
    #[serde(default)]
    pub entity_types: Vec<String>,
    /// Only these writings: `plain`, `json_escaped` …; all where empty.
    #[serde(default)]
    pub writings: Vec<String>,
}

// A query can name a person, and a policy's lists can too.
impl std::fmt::Debug for BoundCanaries {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BoundCanaries({} bytes of query)", self.query.len())
    }
}

/// What became of planted values: the four parts together are all that were planted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Fared {
    pub planted: u64,
    /// No letter or digit of it is left as it was planted, but what a mask keeps.
    pub hidden: u64,
    /// Some of it is left.
    pub partly: u64,
    /// All of it is left, and nothing was found there.
    pub through: u64,
    /// It was found, and the policy keeps what is of its type.
    pub kept: u64,
}

/// Planted values of one type in one writing.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct CanaryCell {
    pub entity_type: String,
    pub writing: String,
    pub fared: Fared,
}

/// Planted values under one name: a type, a writing, or a field.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct CanaryRow {
    pub name: String,
    pub fared: Fared,
}

/// How planted values fared.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct CanaryBound {
    pub policy: String,
    pub policy_version: String,
    pub query: String,
    pub seed: u64,
    /// Calls that match.
    pub matched: u64,
    /// Calls that were drawn by the seed, of these those with text that values were planted in.
    pub drawn: u64,
    pub hosts: u64,
    pub fared: Fared,
    pub by_type: Vec<CanaryRow>,
    pub by_writing: Vec<CanaryRow>,
    pub by_field: Vec<CanaryRow>,
    /// Types and writings of which any came through or partly, the most first.
    pub leaks: Vec<CanaryCell>,
    pub says: String,
    pub limits: Vec<String>,
}

/// Asks what a review sample says of leaks.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
pub struct BoundSample {
    pub sample: u32,
}

/// A share of calls that leak.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct LeakBound {
    /// The reader, or `both readers`.
    pub by: String,
    pub read: u64,
    pub items: u64,
    /// Judged as a problem, as unsure, as fine.
    pub leaks: u64,
    pub unsure: u64,
    pub no_leak: u64,
    /// `None` where nothing was read. Its ends: only sure leaks, and what nobody was sure of as well.
    pub share: Option<Interval>,
    pub estimate_with_unsure: Option<f64>,
    /// Calls of the population in strata of which something was read, and in the others.
    pub covered: u64,
    pub not_covered: u64,
    /// The upper end over all of the population, strata of which nothing was read leaking whole.
    pub high_of_all: Option<f64>,
    pub says: String,
}

/// What a review sample says of leaks.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct SampleBound {
    pub sample: u32,
    /// `None` where it named a person whose records were erased.
    pub query: Option<String>,
    pub population: u64,
    pub bounds: Vec<LeakBound>,
    /// What two readers say of the leaks among the items that both read.
    pub recapture: Option<RecaptureRow>,
    pub limits: Vec<String>,
}

/// Asks what two recognizers say of how much there is.
#[derive(Clone, Default, Deserialize, ts_rs::TS)]
pub struct BoundRecapture {
    pub query: String,
    /// A policy's name; the one in force where neither it nor its text is given.
    #[ts(optional)]
    pub policy: Option<String>,
    #[ts(optional)]
    pub policy_toml: Option<String>,
    /// The level of the model of names, `fast` or `full`; fast where absent.
    #[ts(optional)]
    pub level: Option<String>,
}

impl std::fmt::Debug for BoundRecapture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BoundRecapture({} bytes of query)", self.query.len())
    }
}

/// Two who looked at the same, and what they say of what neither found.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct RecaptureRow {
    /// What was looked for: an entity type, or `leaks`.
    pub what: String,
    pub first: String,
    pub second: String,
    pub by_first: u64,
    pub by_second: u64,
    pub by_both: u64,
    /// By at least one.
    pub found: u64,
    /// Chapman's estimate of all there is, and its interval at 95 %; `None` where it is too few.
    pub total: Option<Interval>,
    pub missed: Option<Interval>,
    /// Fewer than seven were found by both: nothing is estimated.
    pub is_too_few: bool,
    pub says: String,
}

/// What two recognizers say of how much there is in stored calls.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct RecaptureBound {
    pub policy: String,
    pub policy_version: String,
    /// The plugged-in model that looked beside the program's own; `None` where none did.
    pub names_model: Option<NamesModelUsed>,
    pub query: String,
    pub matched: u64,
    /// Of these, calls with text.
    pub calls: u64,
    pub texts: u64,
    pub rows: Vec<RecaptureRow>,
    pub limits: Vec<String>,
    pub elapsed_ms: u64,
}
