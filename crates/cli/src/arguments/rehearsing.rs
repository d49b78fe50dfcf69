//! The arguments of rehearsals.

use clap::Args;

use super::QueryArguments;

#[derive(Debug, Args)]
pub(crate) struct RehearseArguments {
    /// The old policy: its name, or a TOML file.
    #[arg(long, value_name = "P")]
    pub(crate) from: String,
    /// The new policy: its name, or a TOML file that is tried without saving it.
    #[arg(long, value_name = "P")]
    pub(crate) to: String,
    #[command(flatten)]
    pub(crate) query: QueryArguments,
    /// How many exposed calls are named; the counts are of all.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) ids: u32,
}
