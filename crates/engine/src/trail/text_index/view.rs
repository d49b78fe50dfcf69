//! The search index and excerpts of what was found, as they cross to the window and the terminal.
//!
//! Not here: what they say (`text_index`, `excerpts`).

use assay_domain::exchange::Field;
use serde::{Deserialize, Serialize};

/// Asks how the search index stands, and what it means for a query.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct AskTextStatus {
    /// A query of calls.
    #[ts(optional)]
    pub query: Option<String>,
}

/// How the search index stands.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct TextStatus {
    /// What it keeps: `words`, `phrases`; `None` where it is off.
    pub detail: Option<String>,
    /// Calls whose words are in it.
    pub records: u64,
    /// Calls that hold a record to search.
    pub of: u64,
    /// Calls that a search reads, since they are not in it.
    pub unread: u64,
    /// Seconds that reading these takes, told from a few of them.
    pub read_s: f64,
    /// Every call before this leaf is in it.
    pub up_to: Option<u64>,
    /// What it takes in the store's file, as last measured.
    pub bytes: Option<u64>,
    pub bytes_per_record: Option<f64>,
    /// It does not hold, and is made anew when it is next built.
    pub damaged: bool,
    /// The job that builds it.
    pub job: Option<u64>,
    /// Whether the query that was given searches for words.
    pub has_words: bool,
}

/// What an index would cost: an estimate.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct TextCost {
    /// Calls that would be in it.
    pub records: u64,
    /// Calls of which it is told.
    pub sampled: u64,
    pub words: CostOf,
    pub phrases: CostOf,
}

/// The cost of one kind of index.
#[derive(Debug, Clone, Copy, Serialize, ts_rs::TS)]
pub struct CostOf {
    pub bytes_per_record: f64,
    /// Of the whole index.
    pub bytes: u64,
}

/// Asks for the search index to be built.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct BuildText {
    /// `words` or `phrases`: switches it on; absent to go on with what is on.
    #[ts(optional)]
    pub detail: Option<String>,
}

/// Asks where calls of a list hold the words of a query.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct AskExcerpts {
    pub query: String,
    /// Ids of calls, at most 500.
    pub ids: Vec<String>,
}

/// Where a call holds the words: masked.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Excerpt {
    pub id: String,
    /// The field that it is from; `None` where the source holds no text of calls.
    pub field: Option<Field>,
    /// The text around the first match that is not masked; empty where there is none.
    pub pieces: Vec<ExcerptPiece>,
    /// The words stand in masked text only: the call is found, the text not shown.
    pub hidden: bool,
}

/// A stretch of an excerpt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ExcerptPiece {
    pub text: String,
    /// It is what was searched for.
    pub mark: bool,
}
