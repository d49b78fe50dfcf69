//! What imports show: a summary, the batches and the rejected lines.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::imports::digests::view::LogOrigin;

/// Asks for an import of files or folders that were chosen.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct StartImport {
    pub handles: Vec<String>,
    /// Put every call into this deployment instead of asking the deployments' rules.
    #[ts(optional)]
    pub deployment: Option<String>,
}

/// A file or folder to import, and what it is called in the trail.
#[derive(Debug, Clone)]
pub struct Given {
    pub path: PathBuf,
    pub shown: String,
}

impl Given {
    /// A path that is called what it is.
    pub fn named(path: PathBuf) -> Self {
        Self {
            shown: path.display().to_string(),
            path,
        }
    }
}

/// What to import, and what is known of it beforehand.
#[derive(Debug, Clone, Default)]
pub struct ImportFiles {
    pub files: Vec<Given>,
    /// Put every call into this deployment instead of asking the deployments' rules.
    pub deployment: Option<String>,
    /// Read every record as this format instead of recognising it by its content.
    pub format: Option<String>,
}

/// One file of an import.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Batch {
    pub id: String,
    pub path: String,
    /// `None` where no record was recognised.
    pub format: Option<String>,
    /// Of the file as it lies on disk; `None` for an import that was cut short.
    pub sha256: Option<String>,
    /// Read from disk.
    pub bytes: u64,
    pub accepted: u64,
    pub duplicates: u64,
    pub rejected: u64,
    pub blank: u64,
    /// Accepted records of calls; several may tell of one call, of this import or of another.
    pub calls: u64,
    pub activities: u64,
    /// Accepted records whose id another record of the same source has with other content.
    pub conflicts: u64,
    /// Oddities of accepted records, by name.
    pub oddities: BTreeMap<String, u64>,
    /// `done`, `cancelled`, `failed`, `running` (cut short), `already_imported`.
    pub state: String,
    pub started_at: String,
    pub finished_at: Option<String>,
    /// What stopped it, where it failed.
    pub error: Option<String>,
    /// What CloudTrail's digests say of it; `None` for what is no CloudTrail log file.
    pub origin: Option<LogOrigin>,
}

/// The outcome of an import.
#[derive(Debug, Clone, Default, Serialize, ts_rs::TS)]
pub struct ImportSummary {
    pub accepted: u64,
    pub duplicates: u64,
    pub rejected: u64,
    /// Accepted records of calls.
    pub calls: u64,
    pub activities: u64,
    /// Stretches of time of the provider's usage and cost reports; they hold no calls.
    pub report_buckets: u64,
    /// CloudTrail digest files, their signatures and public keys; they hold no records.
    pub digest_files: u64,
    /// Files that stand in records of a log beside them, and were not read as logs themselves.
    pub body_files: u64,
    pub batches: Vec<Batch>,
    /// Files that could not be opened or read, with the reason.
    pub failed: Vec<FailedFile>,
    /// Why what is in the trail now is not signed; for people. `None` where it is.
    pub not_signed: Option<String>,
}

/// A file that could not be read.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct FailedFile {
    pub path: String,
    pub reason: String,
    pub detail: String,
}

/// Asks for rejected lines.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct ListRejected {
    #[ts(optional)]
    pub batch: Option<String>,
    /// At most this many, 1,000 where absent.
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// A line that no parser accepted.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct RejectedLine {
    pub batch: String,
    pub path: String,
    /// From 1.
    pub line: u64,
    pub offset: u64,
    pub length: u64,
    /// The reason's name: `not_json` …
    pub reason: String,
    /// The reason in a sentence.
    pub detail: String,
    /// Its beginning, masked.
    pub excerpt: String,
    pub sha256: String,
}
