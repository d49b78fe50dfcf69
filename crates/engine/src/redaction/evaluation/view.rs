//! What a measurement of a policy on labelled texts shows.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::redaction::names_model::view::NamesModelUsed;

/// How well rules agree with labelled texts.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Measured {
    pub policy: String,
    pub policy_version: String,
    /// The plugged-in model that looked for names as well; `None` where none did.
    pub names_model: Option<NamesModelUsed>,
    /// `jsonl`, `presidio`, `conll`, `csv`; `set` for a test set of the store.
    pub format: String,
    pub records: u64,
    pub chars: u64,
    /// Spent on finding, reading left out.
    pub seconds: f64,
    /// Only these types were judged; all where empty.
    pub only: Vec<String>,
    /// Whether what the policy says of some fields or deployments was applied: `none` where it says nothing of the
    /// kind, `not_applied` where nobody told the field and the deployment of the texts, `applied`.
    pub scopes: String,
    /// The same start, end and type.
    pub strict: Agreement,
    /// Findings of the type cover at least half of the labelled span.
    pub overlap: Agreement,
    /// Findings of any type cover at least half of the labelled span.
    pub hidden: Agreement,
    pub leaked: Leaked,
    /// Overlap counts of each type.
    pub by_type: BTreeMap<String, Group>,
    pub by_field: BTreeMap<String, Group>,
    pub by_language: BTreeMap<String, Group>,
    /// What the labels of the corpus were taken for, the most frequent first.
    pub labels: Vec<LabelRow>,
    /// Findings of types that the corpus never labels, by type; they count as wrong.
    pub never_labelled: BTreeMap<String, u64>,
}

/// Counts and scores; a score is `None` where its denominator is zero.
#[derive(Debug, Clone, Copy, Serialize, ts_rs::TS)]
pub struct Agreement {
    pub tp: u64,
    pub fp: u64,
    #[serde(rename = "fn")]
    pub missed: u64,
    pub precision: Option<f64>,
    pub recall: Option<f64>,
    pub f1: Option<f64>,
    pub f2: Option<f64>,
    /// 95 % Wilson interval of the precision, of `tp + fp`.
    pub precision_interval: Option<(f64, f64)>,
    /// 95 % Wilson interval of the recall, of `tp + fn`.
    pub recall_interval: Option<(f64, f64)>,
    /// 95 % bootstrap interval over records.
    pub f1_interval: Option<(f64, f64)>,
    /// 95 % bootstrap interval over records.
    pub f2_interval: Option<(f64, f64)>,
    /// Fewer than 30 labelled spans: too few to judge the recall, F1 and F2.
    pub too_few: bool,
    /// Fewer than 30 findings: too few to judge the precision, F1 and F2.
    pub too_few_found: bool,
}

/// What is counted of one type, field or language: by overlap, and strictly.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Group {
    #[serde(flatten)]
    #[ts(flatten)]
    pub overlap: Agreement,
    pub strict: Agreement,
    pub leaked: Leaked,
}

/// Characters of labelled spans that no finding covers.
#[derive(Debug, Clone, Copy, Serialize, ts_rs::TS)]
pub struct Leaked {
    pub labelled_chars: u64,
    pub leaked_chars: u64,
    /// 0–1.
    pub share: Option<f64>,
    /// 95 % bootstrap interval over records.
    pub interval: Option<(f64, f64)>,
}

/// A label of a corpus.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct LabelRow {
    pub label: String,
    /// `None` where it was left out.
    pub entity_type: Option<String>,
    /// `same`, `told`, `synonym`, `unknown`.
    pub how: String,
    pub spans: u64,
    /// Whether anything of the policy finds that type.
    pub is_found: bool,
}
