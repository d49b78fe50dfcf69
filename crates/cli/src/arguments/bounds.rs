//! The arguments of `assay redaction bounds`.
//!
//! Not here: what they do (`redaction/bounds`).

use clap::Subcommand;

use super::{PolicyArguments, QueryArguments};

#[derive(Debug, Subcommand)]
pub(crate) enum BoundsCommand {
    /// Plant values in copies of stored texts and count how many come through: exact for these
    /// values, and for nothing else. Nothing is stored and nothing is sent.
    Canaries {
        #[command(flatten)]
        query: QueryArguments,
        #[command(flatten)]
        policy: PolicyArguments,
        /// The same seed plants the same values in the same places.
        #[arg(long, value_name = "N", default_value_t = 1)]
        seed: u64,
        /// How many values.
        #[arg(long, value_name = "N", default_value_t = 2_000)]
        count: u32,
        /// Only this entity type; may be given more than once.
        #[arg(long = "type", value_name = "TYPE")]
        types: Vec<String>,
        /// Only this writing: plain, json_escaped, percent_encoded, full_width, spaced, broken,
        /// base64; may be given more than once.
        #[arg(long = "writing", value_name = "WRITING")]
        writings: Vec<String>,
    },
    /// What a review sample says of the share of calls that leak, once it was read: a problem is a
    /// leak, and whatever nobody was sure of counts as one at the upper end.
    Sample {
        /// The sample's number.
        sample: u32,
    },
    /// How much two recognizers found, what both did, and what that says of what neither found.
    Recapture {
        #[command(flatten)]
        query: QueryArguments,
        #[command(flatten)]
        policy: PolicyArguments,
        /// The level of the model of names.
        #[arg(long, value_parser = ["fast", "full"], default_value = "fast")]
        level: String,
    },
}
