//! What is shown of checkpoints, of the key that signs them, and of whether the store is the one
//! that was signed.

use serde::{Deserialize, Serialize};

/// Whether what is in the store is what was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceState {
    /// Signed, and as it was signed.
    Ok,
    /// Nothing is signed: there is no key yet, or none was asked for.
    NotSigned,
    /// It was signed with a key that is not where it is kept.
    KeyMissing,
    /// It is older than what was signed, or another store.
    RolledBack,
    /// It does not hold together.
    Damaged,
}

/// How far the tree is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SignedTo {
    /// Leaves.
    pub size: u64,
    /// RFC 3339.
    pub at: String,
}

/// How far somebody else vouches for the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct AnchoredTo {
    /// Leaves.
    pub size: u64,
    /// RFC 3339: when their answer was received.
    pub at: String,
    /// Who.
    pub by: String,
    /// `tsa` or `witness`.
    pub kind: String,
}

/// The key that signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ShownKey {
    /// The name of the log and of its keys.
    pub origin: String,
    /// The verifier key that signs now: name, number and key. `None` where nothing was signed yet.
    pub vkey: Option<String>,
    /// SHA-256 of the key, eight groups of eight digits, to be compared by reading.
    pub fingerprint: Option<String>,
    /// The verifier key that strangers pin: the first one.
    pub first_vkey: Option<String>,
    pub first_fingerprint: Option<String>,
    /// How often the key was replaced.
    pub rotations: u64,
    /// `keychain`, `state_file`, `named_file`, `given`; `None` where it is not at hand.
    pub place: Option<String>,
    /// Where the secret is, or why it is not at hand; for people.
    pub sentence: String,
    /// Whether a recovery copy of this key was written.
    pub has_recovery: bool,
}

/// A store that is older than what was signed, or another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ShownRollback {
    /// The origin that was remembered.
    pub remembered_origin: String,
    /// Leaves that were remembered.
    pub remembered_size: u64,
    /// Records that are not there any more.
    pub lost: u64,
    /// What to type to go on with the store as it is.
    pub phrase: String,
}

/// Goes on with a store that was rolled back.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct AcceptRestore {
    /// The first eight digits of the log's id and the number of lost records: `0123abcd 17`.
    pub phrase: String,
}

/// A checkpoint that was signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SignedCheckpoint {
    /// Leaves.
    pub size: u64,
    /// Hexadecimal.
    pub root: String,
    /// RFC 3339.
    pub at: String,
    /// C2SP signed note.
    pub note: String,
}

/// Writes a recovery copy of the signing key.
#[derive(Clone, Deserialize, ts_rs::TS)]
pub struct WriteRecovery {
    /// Where, as chosen.
    pub handle: String,
    /// At least twelve characters; it is not kept.
    pub passphrase: String,
}

/// Reads a recovery copy back.
#[derive(Clone, Deserialize, ts_rs::TS)]
pub struct ReadRecovery {
    pub handle: String,
    pub passphrase: String,
}
