//! The arguments of `assay trail text`.
//!
//! Not here: what they do (`trail/text`).

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum TextCommand {
    /// How the search index stands, and where it is off what it would cost.
    Status,
    /// Switch it on, and enter what is not in it yet. It keeps words of the records in clear.
    On {
        /// Keep where in a text each word stands as well: phrases are found at once, and the text
        /// could be put together again from it.
        #[arg(long)]
        phrases: bool,
    },
    /// Switch it off, and overwrite what it kept.
    Off,
}
