//! What the digest chains of CloudTrail show: chains with their counts, keys, log files.

use serde::Serialize;

/// What CloudTrail's digests say of one imported log file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LogOrigin {
    /// `verified`, `hash_matches`, `failed`, `unnamed`, `unnamed_in_covered_time`, `unknown`.
    pub verdict: String,
    /// The digest that says so: its place in S3.
    pub digest: Option<String>,
    pub sentence: String,
}

/// All chains of digests.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct DigestReport {
    pub chains: Vec<DigestChain>,
    pub keys: Vec<DigestKey>,
    pub files: LogFileCounts,
    /// When they were judged; `None` where there is no digest.
    pub judged_at: Option<String>,
    /// Plain sentences: what this shows and what it does not.
    pub says: Vec<String>,
}

/// Imported CloudTrail log files, each content under each name once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LogFileCounts {
    pub total: u64,
    /// A digest that AWS signed names their hash.
    pub verified: u64,
    /// A digest without a verified signature names their hash.
    pub hash_matches: u64,
    /// A digest names them with another hash.
    pub failed: u64,
    /// No digest names them.
    pub unnamed: u64,
    /// Of those, delivered in a time that digests cover.
    pub unnamed_in_covered_time: u64,
    /// No digest was imported, or they were imported before their content was hashed.
    pub unknown: u64,
}

/// A chain: the digests of one trail about one region of one account.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct DigestChain {
    pub account: String,
    pub region: String,
    pub trail: String,
    pub is_backfill: bool,
    /// `verified`, `partly`, `unknown`, `failed`.
    pub verdict: String,
    pub from: String,
    pub to: String,
    pub digests: u64,
    pub digests_verified: u64,
    pub digests_unsigned: u64,
    pub digests_without_key: u64,
    pub digests_failed: u64,
    /// Log files that the digests name.
    pub named: u64,
    pub verified: u64,
    pub hash_matches: u64,
    pub failed: u64,
    /// Named and not imported.
    pub absent: u64,
    pub gaps: Vec<DigestGap>,
    /// At most 200.
    pub failures: Vec<DigestFailure>,
    /// At most 200 of the named log files that were not imported.
    pub absent_files: Vec<String>,
    /// Plain sentences about the chain.
    pub says: Vec<String>,
}

/// A stretch of time that no digest here covers.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct DigestGap {
    pub from: String,
    pub to: String,
    /// The digest that is missing, where the following one names it.
    pub missing: Option<String>,
}

/// A digest or log file that does not hold.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct DigestFailure {
    /// Its place in S3.
    pub object: String,
    /// `signature`, `key_not_valid_then`, `other_content`, `renamed`, `changed`.
    pub why: String,
    pub sentence: String,
}

/// A public key of CloudTrail.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct DigestKey {
    pub fingerprint: String,
    pub valid_from: Option<String>,
    pub valid_to: Option<String>,
    /// The file that brought it.
    pub source: String,
    /// SHA-256 of the key (DER), hexadecimal.
    pub sha256: String,
}
