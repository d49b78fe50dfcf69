//! What a check of the store shows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Asks for a check of the store.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct CheckStore {
    /// `tree`, `leaves` or `records`; each includes the ones before.
    pub depth: String,
    /// Checkpoints or packs that were kept elsewhere, as chosen.
    #[serde(default)]
    pub against: Vec<String>,
}

/// How many of how many were checked and hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct CheckedPart {
    pub checked: u64,
    pub of: u64,
}

/// Something that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ShownDamage {
    /// `changed`, `missing`, `added`, `signature` or `truncated`.
    pub what: String,
    pub table: String,
    /// Which row: the values of its key.
    pub record: String,
    /// Where it is known.
    pub column: Option<String>,
    /// The leaf that it belongs to.
    pub leaf: Option<u64>,
    pub sentence: String,
}

/// What a check of the store found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct StoreCheck {
    pub ok: bool,
    /// `tree`, `leaves` or `records`.
    pub depth: String,
    /// RFC 3339.
    pub at: String,
    /// Leaves.
    pub size: u64,
    /// What was checked: name to how many of how many.
    pub checked: BTreeMap<String, CheckedPart>,
    /// At most 1,000.
    pub damage: Vec<ShownDamage>,
    /// All of it.
    pub damaged: u64,
    /// What this check says nothing of; sentences.
    pub not_checked: Vec<String>,
    /// What to do now; sentences, none where nothing is damaged.
    pub what_to_do: Vec<String>,
}
