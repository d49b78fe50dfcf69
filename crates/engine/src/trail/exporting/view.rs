//! Exports of rows as they cross to the window and the terminal: what is asked for, what it would be,
//! what was written, and what checking a file found.

use assay_report::rows::RowFormat;
use serde::{Deserialize, Serialize};

use crate::error::{Code, Result, WireError};

/// Asks for rows of the trail in a file, masked.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct ExportRows {
    /// A query in the language of the trail; empty for all.
    pub query: String,
    /// `calls` or `activities`.
    pub records: String,
    /// `csv`, `jsonl` or `xlsx`.
    pub format: String,
    /// Names of columns in their order; the standard ones where absent.
    #[ts(optional)]
    pub columns: Option<Vec<String>>,
    #[ts(optional)]
    pub handle: Option<String>,
}

/// Asks for calls in a file as they were received.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct ExportOriginals {
    pub query: String,
    pub format: String,
    #[ts(optional)]
    pub columns: Option<Vec<String>>,
    /// Why; at least 10 characters.
    pub reason: String,
    #[ts(optional)]
    pub handle: Option<String>,
}

/// A column that can be exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ExportColumn {
    pub name: String,
    /// Whether it is exported where nobody chooses.
    pub standard: bool,
    /// Whether it holds the text of the call, which takes longer.
    pub text: bool,
}

/// What an export would be. Nothing is written by asking.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ExportPlan {
    /// Records that match now.
    pub rows: u64,
    pub columns: Vec<ExportColumn>,
    /// About how many bytes, judged by the newest rows; `None` where there are none.
    pub bytes: Option<u64>,
    /// Sheets of a workbook.
    pub sheets: Option<u64>,
    /// The policy that masks, and its version.
    pub policy: String,
    pub policy_version: String,
    /// What to know before, a sentence each.
    pub notes: Vec<String>,
}

/// What was written.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ExportedRows {
    pub path: String,
    pub handle: String,
    /// The file that says what it is.
    pub manifest: String,
    pub manifest_handle: String,
    pub format: String,
    pub records: String,
    pub rows: u64,
    pub sheets: Option<u64>,
    pub bytes: u64,
    pub sha256: String,
    /// `masked` or `original`.
    pub text: String,
    /// The leaf that says that it would be written.
    pub leaf: u64,
    /// The leaf that says what was.
    pub written_leaf: u64,
}

/// The manifest beside an exported file: `<file>.manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportManifest {
    /// The form of this file: 1.
    pub manifest: u32,
    /// The name of the file that it is of.
    pub file: String,
    pub format: String,
    pub bytes: u64,
    pub sha256: String,
    /// Without heads of tables.
    pub rows: u64,
    pub sheets: Option<u64>,
    /// `calls` or `activities`.
    pub records: String,
    pub query: String,
    pub columns: Vec<String>,
    /// `masked` or `original`.
    pub text: String,
    /// The policy that found what is masked, its version, and the SHA-256 of its text.
    pub policy: String,
    pub policy_version: String,
    pub policy_sha256: String,
    /// Why the original was written, and the approval that allowed it.
    pub reason: Option<String>,
    pub approval: Option<String>,
    pub made_at: String,
    pub made_by: String,
    pub program: String,
    pub log: ExportLog,
    /// What to know of the file, a sentence each.
    pub notes: Vec<String>,
}

/// Where in the log an export stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportLog {
    pub origin: String,
    /// Leaves and root of the tree at the time of which the rows are.
    pub size: u64,
    pub root: String,
    /// Leaves of the newest signed checkpoint then; the rows below it are vouched for.
    pub signed_to: Option<u64>,
    /// The leaf that said, before, that this would be written.
    pub leaf: u64,
    /// The leaf that says the hash and the rows of what was.
    pub written_leaf: u64,
}

/// Whether an exported file is what its manifest says.
#[derive(Debug, Clone, Serialize)]
pub struct ExportCheck {
    pub ok: bool,
    /// The verdict, for people.
    pub says: String,
    pub sha256: String,
    pub rows: u64,
    /// Whether the store that was asked has the leaf with this hash; `None` where none was asked.
    pub in_trail: Option<bool>,
    pub failures: Vec<String>,
    pub manifest: ExportManifest,
}

/// The format with this name.
///
/// # Errors
/// `bad_input`.
pub fn format(name: &str) -> Result<RowFormat> {
    RowFormat::from_name(name).ok_or_else(|| {
        WireError::new(Code::BadInput, format!("no format of rows: {name}"))
            .hint("csv, jsonl or xlsx")
    })
}
