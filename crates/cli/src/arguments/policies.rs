//! The arguments of the commands of `assay redaction` that keep policies.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// All policies: the newest version of each, and what is in force.
    Policies,
    /// Every version of a policy: who saved it, and when it was in force.
    Versions { name: String },
    /// The text of a version.
    Show {
        /// `claims@3`, or `claims` for the newest.
        #[arg(value_name = "NAME[@V]")]
        policy: String,
    },
    /// Save a policy under the name in its text, as a new version. What is in force stays.
    Save {
        /// The policy as TOML; `-` reads standard input.
        file: PathBuf,
        /// What it is saved for.
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// Save the text of an earlier version as the newest one.
    ReturnTo {
        #[arg(value_name = "NAME@V")]
        policy: String,
    },
    /// Make a version of a policy the one that masks what is shown and searches the calls.
    Force {
        /// `claims@3`, or `claims` for the newest.
        #[arg(value_name = "NAME[@V]")]
        name: String,
        /// Only for records of this deployment.
        #[arg(long, value_name = "NAME")]
        deployment: Option<String>,
    },
    /// Let a deployment that has a policy of its own go by what is in force everywhere else.
    FollowDefault {
        #[arg(value_name = "DEPLOYMENT")]
        deployment: String,
    },
}
