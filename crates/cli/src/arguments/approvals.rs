//! The arguments of `assay approvals`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct ApprovalsArguments {
    /// Your own key is in this file, which only its owner may read, instead of in the system's
    /// keychain.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) my_key: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: ApprovalsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ApprovalsCommand {
    /// Who can ask and approve; register or revoke a colleague's key.
    Persons {
        #[command(subcommand)]
        command: Option<PersonsCommand>,
    },
    /// Your own key.
    #[command(subcommand)]
    Key(PersonKeyCommand),
    /// What needs a second person; switch it on or off.
    Rules {
        #[command(subcommand)]
        command: Option<RulesCommand>,
    },
    /// Ask for an approval: the words of the command that needs it, as you would type them.
    Request {
        /// How long the request and its answer are good for, at most 30.
        #[arg(long, value_name = "N", default_value_t = 7)]
        days: u32,
        /// Such as `check waive ID --reason …`, without `assay`.
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<OsString>,
    },
    /// What was asked, newest first.
    List {
        #[arg(long, value_parser = ["waiting", "approved", "refused", "used", "expired", "void"])]
        state: Option<String>,
    },
    /// One request, or what a request's file asks.
    Show {
        /// The first digits of an id, or a file.
        #[arg(value_name = "ID|FILE")]
        request: PathBuf,
    },
    /// Say yes, signed with your key.
    Approve(DecideArguments),
    /// Say no, signed with your key.
    Refuse(DecideArguments),
    /// Write a request to a file, for a second person on another computer.
    Export {
        id: String,
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Bring a decision back.
    Import {
        #[arg(value_name = "FILE")]
        decision: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct DecideArguments {
    /// The first digits of an id, or a request's file.
    #[arg(value_name = "ID|FILE")]
    pub(crate) request: PathBuf,
    #[arg(long)]
    pub(crate) reason: String,
    /// Where the decision goes; needed for a request's file.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PersonsCommand {
    /// Register a colleague's key.
    Add {
        name: String,
        /// As that person's `assay approvals key show` prints it: NAME+NUMBER+KEY.
        #[arg(value_name = "VKEY")]
        vkey: String,
        /// Its fingerprint as that person read it out: at least the first sixteen digits.
        #[arg(long, value_name = "DIGITS", default_value = "")]
        fingerprint: String,
    },
    /// Revoke a key, for good.
    Revoke {
        /// The number that `assay approvals persons` prints.
        id: String,
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum PersonKeyCommand {
    /// Make your key and register it.
    Create { name: String },
    /// Your key, and its fingerprint to read out.
    Show,
    /// Write a copy of the secret that a passphrase opens (age). The passphrase is asked for, or
    /// read from standard input.
    Recovery {
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Bring the secret back from such a copy.
    Restore {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// From now on a second person has to approve.
    On {
        #[arg(value_name = "KIND", value_parser = KINDS)]
        kind: String,
    },
    /// One person alone can do it again; that needs a second person itself.
    Off {
        #[arg(value_name = "KIND", value_parser = KINDS)]
        kind: String,
    },
}

const KINDS: [&str; 5] = ["waivers", "policies", "replays", "exports", "erasures"];
