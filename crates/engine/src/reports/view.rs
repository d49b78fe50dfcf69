//! What reports show: what was asked for and what was written.

use serde::{Deserialize, Serialize};

use crate::evidence::integrity::view::StoreCheck;
use crate::evidence::signing::view::{
    AnchoredTo, EvidenceState, ShownKey, ShownRollback, SignedTo,
};

/// Asks for a report over a period and a set of deployments.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct AskReport {
    /// `monthly`.
    pub kind: String,
    /// RFC 3339 or a date; inclusive. The first call where absent.
    #[ts(optional)]
    pub from: Option<String>,
    /// RFC 3339 or a date; exclusive. After the last call where absent.
    #[ts(optional)]
    pub to: Option<String>,
    /// All where empty.
    pub deployments: Vec<String>,
}

/// Asks for a report as a file.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct RenderReport {
    pub report: AskReport,
    /// `pdf`, `xlsx`, `csv`, `json`, `html`.
    pub format: String,
    /// Where to write, as chosen; the store's own `reports` folder where absent.
    #[ts(optional)]
    pub handle: Option<String>,
}

/// A figure of a report, with what it stands on.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct FigureRow {
    pub id: String,
    pub value: String,
    pub denominator: Option<String>,
    pub query: Option<String>,
}

/// A written report.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct RenderedReport {
    pub path: String,
    /// A handle to show or fetch the file.
    pub handle: String,
    pub format: String,
    pub bytes: u64,
    pub sha256: String,
    pub pages: Option<u32>,
    pub figures: Vec<FigureRow>,
}

/// A report that was written earlier.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ReportRow {
    pub id: String,
    pub kind: String,
    pub format: String,
    pub path: String,
    pub sha256: String,
    pub from: Option<String>,
    pub to: Option<String>,
    pub deployments: Vec<String>,
    pub made_at: String,
    /// Whether the file is still there and unchanged: `unchanged`, `changed`, `missing`.
    pub state: String,
}

/// The state of the evidence tree.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct EvidenceStatus {
    pub size: u64,
    /// Root hash, hexadecimal; empty where the tree is damaged.
    pub root: String,
    pub state: EvidenceState,
    /// What the state is, and since when; a sentence each.
    pub sentences: Vec<String>,
    /// How far it is signed.
    pub signed_to: Option<SignedTo>,
    /// How far somebody else vouches for it.
    pub anchored_to: Option<AnchoredTo>,
    /// Records that no checkpoint covers yet.
    pub unsigned: u64,
    pub key: ShownKey,
    /// Set where the store was rolled back.
    pub rollback: Option<ShownRollback>,
    /// What the last check of the store found; `None` where none is known.
    pub last_check: Option<StoreCheck>,
    /// What was checked when the store was opened; a sentence.
    pub checked_at_opening: String,
    /// What it proves and what it doesn't, a sentence each.
    pub proves: Vec<String>,
    pub does_not_prove: Vec<String>,
}
