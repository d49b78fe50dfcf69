//! Review samples as they cross to the window and the terminal.
//!
//! Results of a reader cross only once reading has ended; what one reader judged crosses to that
//! reader alone. Not here: how that is decided (`review_samples`).

use serde::{Deserialize, Serialize};

use crate::trail::view::CallDetail;

/// Asks for a sample.
#[derive(Clone, Deserialize, ts_rs::TS)]
pub struct DrawSample {
    pub query: String,
    /// The same seed, query and population give the same sample; chosen by chance where absent.
    #[ts(optional)]
    pub seed: Option<u64>,
    /// 1–2,000 calls.
    pub size: u64,
    /// By what calls are put into strata: `deployment`, `model`, `status`, `day`; none for one stratum.
    pub by: Vec<String>,
    /// `proportional` (at least one of each) or `equal`; proportional where absent.
    #[ts(optional)]
    pub allocation: Option<String>,
    /// How many read it, 1 or 2; 2 where absent. Results are withheld until all have finished.
    #[ts(optional)]
    pub readers: Option<u32>,
}

// A query can name a person.
impl std::fmt::Debug for DrawSample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DrawSample({} of {} bytes)", self.size, self.query.len())
    }
}

/// Names a sample.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
pub struct SampleRef {
    pub sample: u32,
}

/// Names a reader of a sample.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct ReaderRef {
    pub sample: u32,
    /// 1–64 characters, told apart from the user of the operating system.
    pub reader: String,
}

/// Asks for one item of a sample as a reader sees it.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct ReadItem {
    pub sample: u32,
    pub reader: String,
    /// From 1; the first that this reader has not judged where absent.
    #[ts(optional)]
    pub position: Option<u32>,
}

/// A judgement.
#[derive(Clone, Deserialize, ts_rs::TS)]
pub struct JudgeItem {
    pub sample: u32,
    pub reader: String,
    /// From 1.
    pub position: u32,
    /// `fine`, `problem` or `unsure`; nothing takes the last one back.
    #[ts(optional)]
    pub judgement: Option<String>,
    /// At most 4,000 characters.
    #[ts(optional)]
    pub note: Option<String>,
}

// A note can hold anything, and a judgement is its reader's alone.
impl std::fmt::Debug for JudgeItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JudgeItem({}, {})", self.sample, self.position)
    }
}

/// A sample in a list.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct SampleRow {
    pub sample: u32,
    /// `None` where it named a person whose records were erased.
    pub query: Option<String>,
    pub seed: u64,
    /// Members.
    pub items: u64,
    /// Calls that matched when it was drawn.
    pub population: u64,
    pub by: Vec<String>,
    pub allocation: String,
    /// It was drawn from the records before this leaf.
    pub tree_size: u64,
    /// Of the tree of that size, hexadecimal.
    pub root: String,
    /// The newest signed checkpoint that covers its leaf; `None` where none does yet.
    pub checkpoint: Option<u64>,
    /// The leaf that commits to query, seed, population and members.
    pub leaf: u64,
    pub drawn_by: String,
    /// RFC 3339, UTC.
    pub drawn_at: String,
    /// How many are to read it.
    pub readers_wanted: u32,
    pub readers: Vec<ReaderRow>,
    /// Whoever ended the reading before all had finished.
    pub closed_by: Option<String>,
    pub closed_at: Option<String>,
    /// Results are shown: all have finished, or reading was ended.
    pub results_shown: bool,
}

/// A reader: nothing of what they judged.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ReaderRow {
    pub name: String,
    /// The user of the operating system who gave the name.
    pub os_user: String,
    pub joined_at: String,
    pub finished_at: Option<String>,
}

/// A stratum of a sample.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct StratumRow {
    /// Its values, in the order of `by`; `None` is not recorded.
    pub values: Vec<Option<String>>,
    pub population: u64,
    pub items: u64,
}

/// A sample in full, without anybody's judgements.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct SampleDetail {
    pub sample: SampleRow,
    pub strata: Vec<StratumRow>,
    /// The ids of its calls in the order of reading.
    pub calls: Vec<String>,
    /// What two names do not prove.
    pub weakness: String,
}

/// One item as a reader sees it.
#[derive(Debug, Serialize, ts_rs::TS)]
pub struct ReadingItem {
    pub sample: u32,
    pub reader: String,
    /// From 1.
    pub position: u32,
    pub items: u32,
    /// Items that this reader has judged.
    pub read: u32,
    /// Items whose text was erased, so that nobody has to judge them.
    pub erased: u32,
    /// The first item that this reader has not judged; `None` where all were.
    pub next_unread: Option<u32>,
    /// The item that this reader judged last; what `undo` takes back.
    pub last_judged: Option<u32>,
    /// This reader's own judgement.
    pub judgement: Option<String>,
    /// This reader's own note, masked.
    pub note: Option<String>,
    pub has_finished: bool,
    /// Masked.
    pub call: CallDetail,
}

/// A share with its interval at 95 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ts_rs::TS)]
pub struct Interval {
    /// 0–1, as are the ends.
    pub estimate: f64,
    pub low: f64,
    pub high: f64,
}

/// What one reader found, or both.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Problems {
    /// The reader, or `both readers`.
    pub by: String,
    /// Items read.
    pub read: u64,
    pub items: u64,
    pub fine: u64,
    pub problem: u64,
    pub unsure: u64,
    /// The share of problems among the items read, by Wilson.
    pub of_read: Option<Interval>,
    /// The share that the sample estimates for its population, weighted by strata.
    pub of_population: Option<Interval>,
    /// Calls of the population in strata of which nothing was read; the estimate says nothing of them.
    pub not_covered: u64,
    pub strata: Vec<StratumProblems>,
}

/// What was found in one stratum.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct StratumProblems {
    pub values: Vec<Option<String>>,
    pub population: u64,
    pub read: u64,
    pub problem: u64,
    pub share: Option<Interval>,
}

/// How far two readers agree.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Agreed {
    pub first: String,
    pub second: String,
    /// Items that both read.
    pub both_read: u64,
    pub agreed: u64,
    pub observed: Interval,
    /// Cohen's kappa, −1 to 1; `None` where both used one word only.
    pub kappa: Option<Interval>,
    /// Counts of fine, problem, unsure: the first reader down, the second across.
    pub table: Vec<Vec<u64>>,
    /// Positions on which they differ.
    pub differ: Vec<u32>,
    /// Too few items to judge agreement by.
    pub is_too_few: bool,
    pub says: String,
}

/// What reading a sample gave.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct SampleResults {
    pub sample: SampleRow,
    pub problems: Vec<Problems>,
    /// `None` where fewer than two read it.
    pub agreement: Option<Agreed>,
    /// How the figures were reckoned, with sources.
    pub method: String,
    pub weakness: String,
}

/// Whether drawing a sample again gives the same.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Repeated {
    pub sample: u32,
    pub is_same: bool,
    /// Members that are the same, of those that were drawn.
    pub same: u64,
    pub items: u64,
    /// Calls that matched when it was drawn.
    pub population: u64,
    /// Calls that match now among the records of then.
    pub population_again: u64,
    /// Calls that match now.
    pub population_now: u64,
    pub says: String,
}
