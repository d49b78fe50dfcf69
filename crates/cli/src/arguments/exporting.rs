//! The arguments of `assay trail export`.
//!
//! Not here: what the command does.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::QueryArguments;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct ExportArguments {
    #[command(subcommand)]
    pub(crate) command: Option<ExportCommand>,
    #[command(flatten)]
    pub(crate) query: QueryArguments,
    /// The file; `<PATH>.manifest.json` beside it says what it is.
    #[arg(long, value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,
    /// What the file's name ends with otherwise.
    #[arg(long, value_name = "csv|jsonl|xlsx")]
    pub(crate) format: Option<String>,
    /// `calls` or `activities`.
    #[arg(long, value_name = "NAME", default_value = "calls")]
    pub(crate) records: String,
    /// Names as in `trail calls --json`, and `leaf`, `request`, `response`; the standard ones otherwise.
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,
    /// Write over a file that stands there.
    #[arg(long)]
    pub(crate) force: bool,
    /// The texts as they were received. That they were written, and why, is put into the trail first.
    #[arg(long)]
    pub(crate) original: bool,
    /// Why; at least 10 characters.
    #[arg(long)]
    pub(crate) reason: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ExportCommand {
    /// Check an exported file against its manifest; exits with 1 where it is another one.
    Verify {
        file: PathBuf,
        /// Ask the store's trail as well.
        #[arg(long)]
        in_store: bool,
    },
}
