//! The arguments of every command.
//!
//! Not here: reading them (`typed`), what the commands do.

pub(crate) mod anchors;
pub(crate) mod approvals;
pub(crate) mod bounds;
pub(crate) mod exporting;
pub(crate) mod guards;
pub(crate) mod lab;
pub(crate) mod names_model;
pub(crate) mod policies;
pub(crate) mod rehearsing;
pub(crate) mod retention;
pub(crate) mod store;
pub(crate) mod text;
pub(crate) mod trail;
pub(crate) mod typed;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use assay_engine::sample::planted;
use clap::{Args, Parser, Subcommand};

use anchors::AnchorCommand;
use approvals::ApprovalsArguments;
use bounds::BoundsCommand;
use guards::{CanaryArguments, GuardCommand, SinkArguments};
use policies::PolicyCommand;
use rehearsing::RehearseArguments;
use retention::RetentionCommand;
use store::StoreCommand;
use trail::TrailCommand;
use typed::EXCLUDED;

/// Audit and compliance of Claude deployments: import logs, ask the trail, check, redact, replay,
/// report, and hand over evidence. Nothing leaves this computer but what a replay, an anchor that was
/// added or a run against a guard sends.
#[derive(Debug, Parser)]
#[command(
    name = "assay",
    version,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// The folder that holds the store; otherwise the one that this system keeps programs' files in.
    #[arg(long, global = true, env = "ASSAY_STORE", value_name = "DIR")]
    pub(crate) store: Option<PathBuf>,
    /// Print exactly one JSON document.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print only what was asked for and errors: no progress, no notes.
    #[arg(long, global = true)]
    pub(crate) quiet: bool,
    /// Refuse every connection but to this computer.
    #[arg(long, global = true)]
    pub(crate) offline: bool,
    /// Sign with the key in this file, which only its owner may read, instead of the one in the
    /// system's keychain. A program that starts this one can hand a key over instead: `ASSAY_KEY_FD`
    /// is the number of an open file that it is read from.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Open an encrypted store with the key in this file, which only its owner may read: 64
    /// hexadecimal digits. Otherwise `ASSAY_STORE_KEY_FD` is the number of an open file that it is
    /// read from, or it is in the system's keychain.
    #[arg(long, global = true, env = "ASSAY_STORE_KEY_FILE", value_name = "FILE")]
    pub(crate) store_key_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read log files into the trail, each record once.
    Import(ImportArguments),
    /// Ask the trail for calls and activities.
    #[command(subcommand)]
    Trail(TrailCommand),
    /// What is known of how each deployment handles data.
    #[command(subcommand)]
    Deployments(DeploymentsCommand),
    /// Settings of a deployment as they were read.
    #[command(subcommand)]
    Snapshot(SnapshotCommand),
    /// Find personal data and secrets, and treat them by a policy.
    #[command(subcommand)]
    Redaction(RedactionCommand),
    /// Ask the questions of every deployment.
    #[command(subcommand)]
    Check(CheckCommand),
    /// Send stored calls again and compare the answers.
    #[command(subcommand)]
    Replay(ReplayCommand),
    /// Write reports.
    #[command(subcommand)]
    Report(ReportCommand),
    /// Prove what is in the trail.
    #[command(subcommand)]
    Evidence(EvidenceCommand),
    /// Four eyes: what needs a second person, asking one, and deciding.
    Approvals(ApprovalsArguments),
    /// How long text is kept, legal holds, and erasing what is stored of one person.
    #[command(subcommand)]
    Retention(RetentionCommand),
    /// The store's file: whether it is encrypted, encrypting it, its key.
    #[command(subcommand)]
    Store(StoreCommand),
    /// Run a server on this computer that answers like the Claude API and Bedrock.
    Sandbox(SandboxArguments),
    /// Show the window in a browser on this computer.
    Serve(ServeArguments),
    /// Make the sample organisation and do every job on it once.
    Demo(DemoArguments),
    /// Say which program and store these are.
    About,
    #[command(hide = true)]
    Monitoring(Anything),
    #[command(hide = true)]
    Value(Anything),
}

/// Whatever follows; it is not looked at.
#[derive(Debug, Args)]
pub(crate) struct Anything {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) rest: Vec<OsString>,
}

#[derive(Debug, Args)]
#[command(subcommand_negates_reqs = true)]
pub(crate) struct ImportArguments {
    #[command(subcommand)]
    pub(crate) command: Option<ImportCommand>,
    /// Files, folders, or `-` for standard input; `.gz` and `.zst` are read as they are.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Put every call into this deployment instead of asking the deployments' rules; a usage or cost
    /// report is then of this deployment.
    #[arg(long, value_name = "NAME")]
    pub(crate) deployment: Option<String>,
    /// Read as this format instead of recognising it by content.
    #[arg(long, value_name = "NAME")]
    pub(crate) format: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// Lines that could not be read, masked.
    Rejected {
        /// Only of this import.
        #[arg(long, value_name = "ID")]
        batch: Option<String>,
    },
    /// All imports, newest first.
    Batches,
    /// What CloudTrail's digest files prove of the imported log files.
    Digests {
        /// First read AWS's public keys: the answer of `aws cloudtrail list-public-keys`.
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
    },
}

/// A query in the trail's language: `key:value` (a comma is "or"), `-key:value`, `key:>1000`,
/// `key:a..b`, `key:eu-*`, `has:key`, words. `assay trail keys` lists the keys.
#[derive(Debug, Args)]
pub(crate) struct QueryArguments {
    #[arg(value_name = "QUERY")]
    words: Vec<String>,
}

impl QueryArguments {
    /// The query as one text.
    pub(crate) fn text(&self) -> String {
        self.words
            .iter()
            .map(|word| word.strip_prefix(EXCLUDED).unwrap_or(word))
            .collect::<Vec<_>>()
            .join(" ")
    }
}

#[derive(Debug, Args)]
pub(crate) struct PageArguments {
    /// At most this many.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) limit: u64,
    /// Go on after the page that gave this cursor.
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<String>,
    /// Begin with this row, counted from 0, instead.
    #[arg(long, value_name = "N", conflicts_with = "after")]
    pub(crate) row: Option<u64>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DeploymentsCommand {
    /// All deployments.
    List,
    /// One deployment: handling, regions, settings, sources, models.
    Show { name: String },
    /// Write a deployment's definition.
    Set {
        name: String,
        /// The definition as TOML; `-` reads standard input.
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
    },
    /// The data-handling summary of each.
    Summary,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SnapshotCommand {
    /// Read settings answers that were saved as files.
    Import {
        name: String,
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    #[command(hide = true)]
    Collect(Anything),
}

#[derive(Debug, Subcommand)]
pub(crate) enum RedactionCommand {
    /// What a policy makes of a text, a file or a stored call.
    Preview {
        /// The text; `-` reads standard input.
        #[arg(conflicts_with_all = ["file", "call"], required_unless_present_any = ["file", "call"])]
        text: Option<String>,
        #[arg(long, value_name = "FILE", conflicts_with = "call")]
        file: Option<PathBuf>,
        #[arg(long, value_name = "ID")]
        call: Option<String>,
        /// Take the text for this field of a call, as in `tool_input`.
        #[arg(long, value_name = "FIELD", conflicts_with = "call")]
        field: Option<String>,
        /// Take the text to be of this deployment.
        #[arg(long, value_name = "NAME", conflicts_with = "call")]
        deployment: Option<String>,
        #[command(flatten)]
        policy: PolicyArguments,
    },
    /// Measure a policy on labelled texts: JSON lines {"text","spans":[{"start","end","label"}]}
    /// with offsets in Unicode code points, Presidio-evaluator's, CoNLL or CSV.
    Evaluate(lab::EvaluateArguments),
    /// Try rules of one's own: what is wrong with them, and whether they keep to their examples.
    /// Exits with 1 where one does not.
    TryRule(lab::TryRuleArguments),
    /// Test sets: labelled texts of one's own that policies are measured on.
    #[command(subcommand)]
    Sets(lab::SetsCommand),
    /// Find entities line by line: {"text"} in, {"entities"} out, offsets in Unicode code points.
    Detect {
        /// The lines; `-` reads standard input.
        #[arg(default_value = "-")]
        lines: PathBuf,
        #[command(flatten)]
        policy: PolicyArguments,
        /// How thoroughly names are looked for, instead of what the policy says.
        #[arg(long, value_parser = ["off", "fast", "full"])]
        level: Option<String>,
    },
    /// Redact lines of JSON from standard input to standard output, for pipelines.
    Apply(ApplyArguments),
    /// Put the originals back in place of their tokens, line by line; the trail says who and why.
    Restore {
        /// Why the originals are needed; it is kept for ever.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Leave out lines that can't be read, and go on.
        #[arg(long)]
        keep_going: bool,
    },
    #[command(flatten)]
    Keep(PolicyCommand),
    /// The recognizers that are part of the program.
    Recognizers,
    /// Draw labelled texts with planted, synthetic values: a corpus for `evaluate` and for guards.
    Canaries(CanaryArguments),
    /// What another policy would expose and hide in stored calls. Changes nothing, sends nothing.
    Rehearse(RehearseArguments),
    /// What a policy may miss, told three ways, each with its limit in words.
    #[command(subcommand)]
    Bounds(BoundsCommand),
    /// A bigger model of names that is plugged in from a folder, for the level `full`.
    #[command(subcommand)]
    Model(names_model::ModelCommand),
    /// Filters of others, measured with canaries and set against the local rules.
    #[command(subcommand)]
    Guards(GuardCommand),
    /// The same calls in two sources: what is left unmasked in each.
    Sinks(SinkArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ApplyArguments {
    #[command(flatten)]
    pub(crate) policy: PolicyArguments,
    /// Look only here: a JSON Pointer, `*` for any step; may be given more than once.
    #[arg(long, value_name = "PATH")]
    pub(crate) field: Vec<String>,
    /// Where a line names its conversation: the same value keeps its placeholder in all its lines.
    #[arg(long, value_name = "PATH")]
    pub(crate) conversation: Option<String>,
    /// Leave out lines that can't be read, and go on.
    #[arg(long)]
    pub(crate) keep_going: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PolicyArguments {
    /// A policy's version (`claims@3`), a name for its newest, or a TOML file that is tried without
    /// saving it; the one in force otherwise.
    #[arg(long, value_name = "P")]
    pub(crate) policy: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CheckCommand {
    /// Search new calls for personal data and run the checks.
    Run {
        /// Only this deployment; may be given more than once.
        #[arg(long, value_name = "NAME")]
        deployment: Vec<String>,
        /// Exit with 1 where a finding that is not met has at least this severity.
        #[arg(long, value_name = "SEVERITY", value_parser = ["info", "low", "medium", "high", "critical"])]
        fail_on: Option<String>,
    },
    /// The findings of the last run.
    Findings {
        #[arg(long, value_name = "NAME")]
        deployment: Option<String>,
        #[arg(long, value_name = "ID")]
        check: Option<String>,
        #[arg(long, value_parser = ["met", "not_met", "unknown", "waived"])]
        verdict: Option<String>,
    },
    /// One finding in full.
    Explain { id: String },
    /// The questions and the clauses that they read.
    List,
    /// Accept a finding for a time.
    Waive {
        id: String,
        /// At least 30 characters.
        #[arg(long)]
        reason: String,
        #[arg(long)]
        owner: String,
        /// Somebody else than the owner; left out where a second person signs.
        #[arg(long, default_value = "")]
        approver: String,
        /// A date within 365 days.
        #[arg(long, value_name = "DATE")]
        until: String,
    },
    /// End a waiver before its time.
    Unwaive {
        id: String,
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReplayCommand {
    /// Say per call what would be sent where and what it may cost; nothing is sent.
    Plan {
        #[command(flatten)]
        query: QueryArguments,
        #[arg(long, value_name = "NAME")]
        backend: String,
        /// A policy's name, or `none`; the one in force otherwise.
        #[arg(long, value_name = "P")]
        policy: Option<String>,
        /// The most that the run may cost, US dollars.
        #[arg(long, value_name = "USD")]
        budget: Option<String>,
        /// At most this many calls, newest first.
        #[arg(long, value_name = "N")]
        limit: Option<u32>,
    },
    /// Carry out a plan.
    Run {
        plan: String,
        /// The most that it may cost, US dollars, where the plan does not say.
        #[arg(long, value_name = "USD")]
        budget: Option<String>,
        /// The phrase that the plan printed; needed where calls leave this computer.
        #[arg(long, value_name = "PHRASE")]
        i_accept: Option<String>,
    },
    /// A run with its calls, or one call of it with the difference word by word.
    Show {
        run: String,
        #[arg(long, value_name = "ID")]
        call: Option<String>,
    },
    /// All runs, newest first.
    Runs,
    /// The backends that can be sent to.
    Backends,
    /// Save, remove or give a key to a backend.
    #[command(subcommand)]
    Backend(BackendCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum BackendCommand {
    /// Save a backend without its key.
    Save {
        name: String,
        #[arg(long, value_parser = ["claude_api", "bedrock", "vertex", "private"])]
        kind: String,
        #[arg(long, default_value = "anthropic")]
        dialect: String,
        /// Scheme, host, port and path prefix.
        #[arg(long)]
        url: String,
        #[arg(long)]
        auth: String,
        /// Where it processes.
        #[arg(long)]
        place: Option<String>,
        /// Ask for this model instead of the call's own.
        #[arg(long)]
        model: Option<String>,
        /// Its address may be private.
        #[arg(long)]
        private: bool,
    },
    /// Remove a backend and its key.
    Remove { name: String },
    /// Put a key into the system's keychain; it is read from standard input.
    Key { name: String },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// Write a report.
    Render {
        /// `monthly`.
        kind: String,
        #[arg(long, value_name = "pdf|xlsx|csv|json|html")]
        format: String,
        #[arg(long, value_name = "PATH")]
        out: PathBuf,
        /// From this time on: a date, or RFC 3339; the first call otherwise.
        #[arg(long, value_name = "T")]
        from: Option<String>,
        /// Before this time; after the last call otherwise.
        #[arg(long, value_name = "T")]
        to: Option<String>,
        /// Only this deployment; may be given more than once.
        #[arg(long, value_name = "NAME")]
        deployment: Vec<String>,
    },
    /// The reports that were written, and whether their files are unchanged.
    List,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EvidenceCommand {
    /// Size and root of the tree, what it proves and what it does not.
    Status,
    /// Write the records that match, with everything that proves them.
    Pack {
        #[command(flatten)]
        query: QueryArguments,
        #[arg(long, value_name = "F.zip")]
        out: PathBuf,
        /// Only the tree up to this checkpoint, signed before. What is written today is not in it:
        /// nobody then vouches for the query and the report.
        #[arg(long, value_name = "SIZE")]
        at: Option<u64>,
        /// Prove that the tree continues this checkpoint, instead of the last pack's.
        #[arg(long, value_name = "SIZE")]
        since: Option<u64>,
        /// Put this report in; its name ends with csv, json, pdf or xlsx.
        #[arg(long, value_name = "FILE")]
        report: Vec<PathBuf>,
    },
    /// Check a pack; exits with 1 where it does not hold. Needs no store.
    Verify {
        pack: PathBuf,
        /// The log's key, as you were told: its fingerprint, its verifier key, or a file with either.
        #[arg(long, value_name = "FINGERPRINT|VKEY|FILE")]
        key: Option<String>,
        /// An earlier checkpoint or pack of the log, which this one has to continue.
        #[arg(long, value_name = "FILE")]
        against: Option<PathBuf>,
        /// Run the commands of the pack's instructions instead, with sha256sum, openssl and python3
        /// from this computer; exits with 1 unless all of them were run and passed.
        #[arg(long, conflicts_with_all = ["key", "against"])]
        standard_tools: bool,
    },
    /// Print the proof of one record under the newest checkpoint (C2SP tlog-proof). It holds no byte
    /// of the record.
    Prove {
        /// The call's id.
        id: String,
    },
    /// Check the store for damage; exits with 1 where there is some. Nothing is written to it.
    Fsck {
        /// `tree` is the fastest, `records` looks at everything.
        #[arg(long, default_value = "records", value_parser = ["tree", "leaves", "records"])]
        depth: String,
        /// A checkpoint or pack that was kept elsewhere: is the trail still the one that it is of?
        #[arg(long, value_name = "FILE")]
        against: Vec<PathBuf>,
    },
    /// Sign the tree as it is now, and print the signed note.
    Checkpoint,
    /// The key that signs.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Go on with a store that was rolled back. That it was is written to the trail.
    AcceptRestore {
        /// The phrase that the command without it prints.
        #[arg(long, value_name = "PHRASE")]
        i_accept: Option<String>,
    },
    /// Who else vouches for the trail: time-stamping authorities and witnesses.
    #[command(subcommand)]
    Anchor(AnchorCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Which key signs, its fingerprint, and where its secret is.
    Show,
    /// Make the key now instead of when something is signed for the first time.
    Create,
    /// Replace the key; one checkpoint is signed by both.
    Rotate,
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

#[derive(Debug, Args)]
pub(crate) struct SandboxArguments {
    /// Where to listen; only this computer, port 0 takes a free one.
    #[arg(long, value_name = "127.0.0.1:PORT", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// `ok`, `slow`, `flaky` or `limited`.
    #[arg(long, value_name = "NAME", default_value = "ok")]
    pub(crate) profile: String,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// Where to listen; only this computer, port 0 takes a free one.
    #[arg(long, value_name = "127.0.0.1:PORT", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// Read the UI from this folder instead of from the program.
    #[arg(long, value_name = "DIR")]
    pub(crate) ui: Option<PathBuf>,
    /// Open the sample organisation, making it first where it is absent.
    #[arg(long)]
    pub(crate) sample: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArguments {
    /// The folder that gets the store, the reports and the evidence.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Calls of the sample organisation.
    #[arg(long, value_name = "N", default_value_t = planted::CALLS)]
    pub(crate) calls: u64,
}
