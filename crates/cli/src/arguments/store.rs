//! The arguments of `assay store`: the file of the store itself.
//!
//! No passphrase and no key is ever an argument: other programs can see those. Not here: what the
//! commands do.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum StoreCommand {
    /// Whether the store is encrypted, where its key is, and what encryption costs.
    Status,
    /// Encrypt the store. A copy of its key that a passphrase opens is kept beside it.
    Encrypt(PassphraseArguments),
    /// Make an encrypted store plain.
    Decrypt,
    /// Give the store another key: its file is written anew. The passphrase may be another one.
    RotateKey(PassphraseArguments),
    /// Give the copy of the key another passphrase. The store's key has to be at hand.
    Passphrase(PassphraseArguments),
    /// Try whether a passphrase opens the copy of the key; exits with 1 where it does not.
    TryPassphrase(PassphraseArguments),
    /// Bring the key back to this computer with the recovery passphrase.
    Recover(PassphraseArguments),
}

/// Where a passphrase comes from: the terminal, where it is not shown; otherwise the first line of
/// standard input.
#[derive(Debug, Args)]
pub(crate) struct PassphraseArguments {
    /// Read it from the first line of this file, which only its owner may read.
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}
