//! The arguments of `assay retention`.
//!
//! What is searched for is never one of them: arguments are seen by every user of a computer and
//! kept by shells. Not here: what the commands do.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::QueryArguments;

#[derive(Debug, Subcommand)]
pub(crate) enum RetentionCommand {
    /// The rule, what is due by it, holds and requests in counts.
    Status,
    /// Show how long text is kept, or set it. Nothing is disposed of by that.
    Rule {
        /// Whole days after the day of the record, UTC.
        days: Option<u32>,
    },
    /// What the rule asks for today, and the phrase that disposes of it.
    Due,
    /// Erase the text that is due. Without `--i-accept` it only says what would go.
    Dispose {
        /// The phrase that `due` prints. It names the rule, so that a scheduler can keep it.
        #[arg(long, value_name = "PHRASE")]
        i_accept: Option<String>,
    },
    /// Set or release a legal hold.
    #[command(subcommand)]
    Hold(HoldCommand),
    /// All holds, those in force first.
    Holds,
    /// Search for what is stored of one person. Nothing is erased by it.
    Find {
        #[command(flatten)]
        subject: SubjectArguments,
    },
    /// Erase what is stored of one person. Without `--i-accept` it only says what would go.
    Erase {
        #[command(flatten)]
        subject: SubjectArguments,
        /// How whoever asked refers to it: letters, digits, `.`, `_`, `-`.
        #[arg(long, value_name = "ID")]
        request: String,
        /// The ground; `requests` lists them.
        #[arg(long, value_name = "WORD", required_unless_present = "waiting")]
        basis: Option<String>,
        /// Also delete the files in the store's folder that can't be searched.
        #[arg(long)]
        unsearchable_files: bool,
        /// Erase what waited in this request for a hold, instead of searching.
        #[arg(long, conflicts_with_all = ["from", "conversations", "basis", "unsearchable_files"])]
        waiting: bool,
        /// The phrase that the command without it prints.
        #[arg(long, value_name = "PHRASE")]
        i_accept: Option<String>,
    },
    /// Requests to erase, erasures, and the grounds that there are.
    Requests,
}

#[derive(Debug, Args)]
pub(crate) struct SubjectArguments {
    /// A file with one identifier a line: names, addresses, numbers. Otherwise they are asked for, or
    /// read from standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) from: Option<PathBuf>,
    /// Also take all calls of the conversations in which one of them stands.
    #[arg(long)]
    pub(crate) conversations: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HoldCommand {
    /// Keep all records that match, now and later, whatever a rule or a request says.
    Set {
        name: String,
        #[command(flatten)]
        query: QueryArguments,
        /// The query is about activities and not about calls.
        #[arg(long)]
        activities: bool,
        /// Who asked for it and for what; at least 10 characters.
        #[arg(long)]
        reason: String,
        /// When to look whether it is still needed. It does not end by itself.
        #[arg(long, value_name = "DATE")]
        review: Option<String>,
    },
    /// Release a hold. Nothing is erased by that.
    Release {
        name: String,
        /// At least 10 characters.
        #[arg(long)]
        reason: String,
        /// The hold's query, typed once more; `-` reads it from standard input.
        #[arg(long, value_name = "QUERY", allow_hyphen_values = true)]
        scope: String,
    },
}
