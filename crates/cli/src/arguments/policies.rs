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
    /// Make a version of a policy the one that masks what is shown and searches the calls. Where
    /// something stands against it or is unknown (`gate`), that takes a reason.
    Force {
        /// `claims@3`, or `claims` for the newest.
        #[arg(value_name = "NAME[@V]")]
        name: String,
        /// Only for records of this deployment.
        #[arg(long, value_name = "NAME")]
        deployment: Option<String>,
        /// Why all the same, at least 10 characters; it goes into the trail.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// What stands against putting a version in force, and what nobody tried. Exits with 1 where a
    /// point is not clear.
    Gate {
        /// `claims@3`, or `claims` for the newest. With a deployment alone: what stands against ending
        /// its own policy.
        #[arg(value_name = "NAME[@V]", required_unless_present = "deployment")]
        name: Option<String>,
        /// As it would be for this deployment only.
        #[arg(long, value_name = "NAME")]
        deployment: Option<String>,
        /// First run what is unknown: all test sets with both policies, and a rehearsal over the stored
        /// calls. What came of it goes into the trail.
        #[arg(long)]
        run: bool,
    },
    /// What differs between two versions, rule by rule, and their lines.
    Compare {
        #[arg(value_name = "A[@V]")]
        from: String,
        #[arg(value_name = "B[@V]")]
        to: String,
    },
    /// Save a draft made of Presidio's recognizers, LiteLLM's guardrails or a guardrail of Bedrock,
    /// and list whatever could not be carried over.
    Import {
        /// The file, YAML or JSON; `-` reads standard input.
        file: PathBuf,
        /// Whose it is; told by its keys otherwise.
        #[arg(long, value_name = "TOOL", value_parser = ["presidio", "litellm", "bedrock"])]
        from: Option<String>,
        /// What the policy is to be called.
        #[arg(long, default_value = "imported")]
        name: String,
        /// Print the draft instead of saving it.
        #[arg(long)]
        print: bool,
    },
    /// Write a version for Presidio, LiteLLM or Bedrock, and list what can't be said there.
    Export {
        #[arg(value_name = "NAME[@V]")]
        policy: String,
        #[arg(long, value_name = "TOOL", value_parser = ["presidio", "litellm", "bedrock"])]
        to: String,
        /// Into this file; onto the terminal otherwise.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Let a deployment that has a policy of its own go by what is in force everywhere else.
    FollowDefault {
        #[arg(value_name = "DEPLOYMENT")]
        deployment: String,
        /// Why all the same, at least 10 characters; it goes into the trail.
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
}
