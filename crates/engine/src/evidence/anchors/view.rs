//! What anchors show: who vouches for checkpoints, where, and what they said.

use serde::{Deserialize, Serialize};

/// Who is asked, what they said, and what that is worth.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Anchors {
    pub profiles: Vec<AnchorRow>,
    /// Newest first.
    pub anchors: Vec<AnchorMade>,
    /// Plain sentences.
    pub says: Vec<String>,
}

/// Somebody who is asked to vouch for checkpoints.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct AnchorRow {
    pub name: String,
    /// `tsa` or `witness`.
    pub kind: String,
    pub url: String,
    /// Host and port: nothing is sent anywhere else.
    pub destination: String,
    /// Whether asking leaves this computer.
    pub leaves_computer: bool,
    /// Its address may be private.
    pub private: bool,
    /// Of a witness: its verifier key.
    pub vkey: Option<String>,
    /// Of a time-stamping authority: SHA-256 of its certificates as they were given.
    pub chain_sha256: Option<String>,
    /// What is sent, in words.
    pub sends: String,
    /// The largest checkpoint that it vouched for.
    pub last_size: Option<u64>,
    pub last_at: Option<String>,
}

/// Saves somebody who is asked. Nothing is sent by it.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct SaveAnchor {
    pub name: String,
    /// `tsa` or `witness`.
    pub kind: String,
    /// https, or http on this computer. Of a witness its submission prefix.
    pub url: String,
    /// Its address may be private.
    #[serde(default)]
    pub private: bool,
    /// Of a witness: its verifier key, name+number+key.
    #[ts(optional)]
    pub vkey: Option<String>,
    /// Of a time-stamping authority: the file with its certificates (PEM), as a handle.
    #[ts(optional)]
    pub chain: Option<String>,
}

/// Names somebody who is asked.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct AnchorRef {
    pub name: String,
}

/// Asks for anchors now.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct AnchorNow {
    /// Only these; all where it is empty.
    #[serde(default)]
    pub names: Vec<String>,
}

/// What somebody said of a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct AnchorMade {
    /// Leaves of the checkpoint.
    pub size: u64,
    pub kind: String,
    pub name: String,
    /// When it was received, by this computer's clock.
    pub received_at: String,
    /// When they say that it was.
    pub stated_at: Option<String>,
    /// As a time-stamping authority calls itself.
    pub authority: Option<String>,
    /// What was and was not checked.
    pub says: String,
}

/// Somebody who did not vouch.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct AnchorFailure {
    pub name: String,
    pub destination: String,
    /// The code of the error.
    pub code: String,
    pub message: String,
}

/// What came of asking.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct AnchorSummary {
    /// Leaves of the checkpoint that was sent.
    pub size: u64,
    pub made: Vec<AnchorMade>,
    pub failed: Vec<AnchorFailure>,
    /// What somebody should know although it worked.
    pub warnings: Vec<String>,
}
