//! What the window and the terminal show of a store's encryption, and what they ask for.
//!
//! Not here: doing it (`encrypting`).

use serde::{Deserialize, Serialize};

/// Whether a store is encrypted, by which key, and what that costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct StoreEncryption {
    pub encrypted: bool,
    /// Names the key; 16 hexadecimal digits.
    pub key: Option<String>,
    /// `keychain`, `state_file`, `named_file`, `given`; none where it is not at hand.
    pub key_place: Option<String>,
    /// RFC 3339: since when it is encrypted with this key.
    pub since: Option<String>,
    /// Whether a copy of the key lies beside the store that the recovery passphrase opens.
    pub has_recovery: bool,
    /// Of the store's file.
    pub store_bytes: u64,
    /// Free on its disk; none where the system does not say.
    pub free_bytes: Option<u64>,
    /// What converting it needs beside it for a while.
    pub needed_bytes: u64,
    /// For people: how it stands, where the key is.
    pub sentences: Vec<String>,
    /// For people: what encryption costs here, measured when.
    pub cost: Vec<String>,
    /// For people: what it protects from, and what not.
    pub protects: Vec<String>,
}

/// Encrypts the store, or gives it another key.
#[derive(Clone, Deserialize, ts_rs::TS)]
pub struct EncryptStore {
    /// Opens the recovery copy; at least twelve characters. It is kept nowhere.
    pub passphrase: String,
}

/// Gives the recovery copy another passphrase.
#[derive(Clone, Deserialize, ts_rs::TS)]
pub struct SetStorePassphrase {
    pub passphrase: String,
}

/// Asks whether this is the recovery passphrase.
#[derive(Clone, Deserialize, ts_rs::TS)]
pub struct TryStorePassphrase {
    pub passphrase: String,
}

/// What a passphrase opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PassphraseTried {
    /// Whether it opens the copy of the very key that the store is encrypted with.
    pub opens: bool,
}

/// Opens a store whose key is not on this computer.
#[derive(Clone, Deserialize, ts_rs::TS)]
pub struct UnlockStore {
    pub passphrase: String,
    /// Whether the key is put back where it is kept, so that it is not asked for again.
    pub keep: bool,
}

/// A store that was converted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct StoreConverted {
    pub encrypted: bool,
    pub key: Option<String>,
    /// Leaves; the same before and after, with the one that says so.
    pub size: u64,
    /// Hexadecimal; the same before and after.
    pub root: String,
    pub tables: u64,
    /// Rows that were compared in number.
    pub rows: u64,
    pub bytes_before: u64,
    pub bytes_after: u64,
    /// For people.
    pub says: Vec<String>,
}
