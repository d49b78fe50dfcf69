//! What is shown of evidence packs: what was written, and what checking one found.

use assay_evidence::pack::facts::Counts;
use serde::{Deserialize, Serialize};

/// Asks for an evidence pack of the records that a query matches.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct PackEvidence {
    pub query: String,
    #[ts(optional)]
    pub handle: Option<String>,
}

/// How the leaves of the log are accounted for in a pack: `in_scope = shown + withheld + erased +
/// missing`, and `shown = records + supporting`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PackCounts {
    /// Leaves up to the checkpoint.
    pub in_scope: u64,
    /// Of which the bytes are in the pack.
    pub shown: u64,
    /// Records of sources, in full.
    pub records: u64,
    /// The workbench's own, which explain the others.
    pub supporting: u64,
    /// Not in the pack.
    pub withheld: u64,
    pub erased: u64,
    /// Neither here nor erased by a leaf: a failure.
    pub missing: u64,
    /// Erased ones that the query asks for.
    pub records_erased: u64,
    /// Lines that imports rejected; they are in no leaf.
    pub rejected: u64,
}

impl From<Counts> for PackCounts {
    fn from(counts: Counts) -> Self {
        Self {
            in_scope: counts.in_scope,
            shown: counts.shown(),
            records: counts.records,
            supporting: counts.supporting,
            withheld: counts.withheld,
            erased: counts.erased,
            missing: counts.missing,
            records_erased: counts.records_erased,
            rejected: counts.rejected,
        }
    }
}

/// A written evidence pack.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct EvidencePack {
    pub path: String,
    pub handle: String,
    pub sha256: String,
    pub bytes: u64,
    /// Records of sources in it, in full.
    pub records: u64,
    pub counts: PackCounts,
    /// Leaves of the log up to the checkpoint.
    pub size: u64,
    pub root: String,
    /// Whether the checkpoint is signed.
    pub signed: bool,
    /// Of the key that a reader should compare; `None` where nothing is signed.
    pub fingerprint: Option<String>,
    /// Sizes of the earlier checkpoints that it proves to continue.
    pub continues: Vec<u64>,
}

/// Asks whether a pack holds.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct VerifyPack {
    pub handle: String,
    /// The log's key as the reader was told: a fingerprint, or a verifier key.
    #[ts(optional)]
    pub key: Option<String>,
    /// An earlier checkpoint or pack of the log.
    #[ts(optional)]
    pub against: Option<String>,
}

/// What an import counted in its last leaf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PackImport {
    pub batch: String,
    /// The leaf.
    pub end: u64,
    /// All lines or records of the file: the sum of the following.
    pub lines: u64,
    pub accepted: u64,
    pub duplicates: u64,
    pub blank: u64,
    pub rejected: u64,
}

/// Whether a pack holds.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Verification {
    /// Whether nothing in it fails. Who signed it is said by `key`.
    pub ok: bool,
    /// `pinned`: by the key that the reader knows. `not_compared`: by a key that nobody compared.
    /// `unsigned`: by nobody.
    pub key: String,
    /// The verdict, for people.
    pub says: String,
    /// Records of sources in it, in full.
    pub records: u64,
    pub counts: PackCounts,
    pub imports: Vec<PackImport>,
    /// Imports of records in the pack that had not ended when it was made.
    pub unfinished: u64,
    /// The log's name, its leaves and its root.
    pub origin: Option<String>,
    pub size: u64,
    pub root: Option<String>,
    /// The first key of the log, the one to compare.
    pub first_fingerprint: Option<String>,
    pub first_vkey: Option<String>,
    pub query: String,
    pub made_at: String,
    /// The earlier checkpoint that the reader holds and this pack continues.
    pub continues: Option<u64>,
    /// What else has to be known, a sentence each.
    pub notes: Vec<String>,
    /// A sentence each; at most 200 of them.
    pub failures: Vec<String>,
    /// All of them.
    pub failed: u64,
}

/// A command of a pack's instructions that was run, or was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ToolStep {
    /// What it shows where it passes.
    pub shows: String,
    pub command: String,
    /// `passed`, `failed`, `not_run`.
    pub outcome: String,
    /// What it printed, at most 8 KiB.
    pub output: String,
    /// Why it failed or was not run.
    pub reason: Option<String>,
}

/// What the tools of this computer say of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ToolsRun {
    /// Whether every command was run and passed.
    pub ok: bool,
    pub passed: u64,
    pub failed: u64,
    pub not_run: u64,
    pub steps: Vec<ToolStep>,
}

/// The proof of one record. It holds no byte of the record itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RecordProof {
    pub id: String,
    /// Its number in the log.
    pub seq: u64,
    /// The leaf as it stands in the log.
    pub leaf: String,
    /// Hexadecimal.
    pub leaf_hash: String,
    /// Leaves below the checkpoint.
    pub size: u64,
    pub root: String,
    /// The leaf that erased the record's bytes.
    pub erased_by: Option<u64>,
    /// C2SP tlog-proof@v1: the path and the signed checkpoint.
    pub proof: String,
}
