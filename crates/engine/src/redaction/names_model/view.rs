//! What is shown of how thoroughly names are looked for, and of a model that is plugged in for it.

use serde::{Deserialize, Serialize};

/// A level of looking for names.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct NamesLevel {
    /// `off`, `fast`, `full`.
    pub level: String,
    /// What is done at it, in a sentence.
    pub says: String,
    /// Policies in force that look at it somewhere.
    pub policies: Vec<String>,
}

/// A file of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct NamesModelFile {
    /// Below the folder.
    pub name: String,
    pub size_bytes: u64,
    /// Hexadecimal.
    pub sha256: String,
}

/// What a label of a model means here.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct NamesLabel {
    /// As the model calls it, without the prefix that says where a name begins.
    pub label: String,
    /// `PERSON`, `LOCATION`, `ORGANIZATION`; `None` for what is not taken from the model.
    pub entity_type: Option<String>,
}

/// A model that is plugged in.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct PluggedModel {
    pub name: String,
    pub folder: String,
    /// Over the names and hashes of its files, hexadecimal.
    pub sha256: String,
    pub files: Vec<NamesModelFile>,
    /// RFC 3339.
    pub set_at: String,
    pub set_by: String,
    /// It can be used now, and its files are the ones that were plugged in.
    pub ready: bool,
    /// Why it can't be used; `None` where it can.
    pub refused: Option<String>,
    /// What to do where it can't be used.
    pub hint: Option<String>,
    /// Each label once; empty where it can't be used.
    pub labels: Vec<NamesLabel>,
}

/// How names are looked for.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct NamesStatus {
    pub levels: Vec<NamesLevel>,
    pub model: Option<PluggedModel>,
}

/// Plugs a model in.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct SetNamesModel {
    /// The handle of the folder that was chosen.
    pub handle: String,
    /// What it is called; the folder's name where absent.
    #[ts(optional)]
    pub name: Option<String>,
}

/// Tries the model that is plugged in on a text.
#[derive(Clone, Deserialize, ts_rs::TS)]
pub struct TryNames {
    pub text: String,
}

// The text may be personal.
impl std::fmt::Debug for TryNames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TryNames({} bytes)", self.text.len())
    }
}

/// A stretch of a text that was tried.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct TriedStretch {
    pub text: String,
    /// `None` for what the model takes for no name.
    pub entity_type: Option<String>,
    /// 0–1, the model's own; not calibrated.
    pub score: Option<f32>,
}

/// What the model alone finds in a text.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct TriedNames {
    pub model: NamesModelUsed,
    pub stretches: Vec<TriedStretch>,
    pub found: u64,
    pub characters: u64,
    pub elapsed_us: u64,
    /// On one thread of this computer, for this text.
    pub characters_per_second: Option<u64>,
}

/// The model that took part in a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct NamesModelUsed {
    pub name: String,
    /// Over the names and hashes of its files, hexadecimal.
    pub sha256: String,
}
