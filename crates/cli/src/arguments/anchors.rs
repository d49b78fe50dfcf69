//! The arguments of `assay evidence anchor`.
//!
//! Not here: what the commands do.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum AnchorCommand {
    /// Who is asked, and what they said.
    List,
    /// Save who is asked. Nothing is sent by it.
    Add {
        name: String,
        /// `tsa`, a time-stamping authority (RFC 3161), or `witness` (C2SP tlog-witness).
        #[arg(long, value_parser = ["tsa", "witness"])]
        kind: String,
        /// Where it is asked: https, or http on this computer.
        #[arg(long)]
        url: String,
        /// Of a witness: its verifier key, NAME+NUMBER+KEY.
        #[arg(long, value_name = "VKEY")]
        key: Option<String>,
        /// Of a time-stamping authority: its certificates (PEM), for packs.
        #[arg(long, value_name = "FILE")]
        chain: Option<PathBuf>,
        /// Its address may be private.
        #[arg(long)]
        private: bool,
    },
    /// Ask this one no more.
    Remove { name: String },
    /// Sign the tree and ask for that checkpoint to be vouched for: all, or those named.
    Now { names: Vec<String> },
}
