//! The arguments of `assay redaction canaries`, `guards` and `sinks`.
//!
//! Not here: what the commands do.

use clap::{Args, Subcommand};

use super::QueryArguments;

#[derive(Debug, Subcommand)]
pub(crate) enum GuardCommand {
    /// The guards that canaries can be sent to.
    List,
    /// Save a guard without its key. Nothing is sent by it.
    Add(AddGuard),
    /// Remove a guard and its key; its runs stay.
    Remove { name: String },
    /// Put a guard's key into the system's keychain; it is read from standard input.
    Key { name: String },
    /// Say what would be sent where, and what it may cost. Nothing is sent.
    Plan {
        name: String,
        #[command(flatten)]
        drawn: Drawn,
        /// The local rules that it is set against; the policy in force otherwise.
        #[arg(long, value_name = "P")]
        policy: Option<String>,
    },
    /// Carry out a plan, once.
    Run {
        plan: String,
        /// The phrase that the plan asks for, where anything leaves this computer.
        #[arg(long, value_name = "PHRASE")]
        i_accept: Option<String>,
    },
    /// The runs that were begun.
    Runs,
    /// The figures of a run.
    Show {
        run: String,
        /// Type by writing.
        #[arg(long)]
        cells: bool,
    },
    /// The texts behind a figure.
    Cases {
        run: String,
        #[arg(long, default_value = "only_local", value_parser = ["both", "only_guard", "only_local", "neither", "partly", "no_answer", "clean", "clean_local"])]
        which: String,
        #[arg(long = "type", value_name = "TYPE")]
        entity_type: Option<String>,
        #[arg(long, value_name = "WRITING")]
        writing: Option<String>,
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: u32,
    },
}

#[derive(Debug, Args)]
pub(crate) struct AddGuard {
    pub(crate) name: String,
    #[arg(long, value_parser = ["presidio", "bedrock", "private"])]
    pub(crate) kind: String,
    /// Scheme, host, port and path prefix; of a private endpoint the whole address.
    #[arg(long)]
    pub(crate) url: String,
    /// `none`, `x_api_key`, `bearer` or `sigv4`.
    #[arg(long, default_value = "none")]
    pub(crate) auth: String,
    /// Bedrock: the AWS Region.
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// Bedrock: the guardrail's id or ARN.
    #[arg(long, value_name = "ID")]
    pub(crate) guardrail: Option<String>,
    /// Bedrock: `DRAFT`, or the guardrail's version.
    #[arg(long, value_name = "V")]
    pub(crate) guardrail_version: Option<String>,
    /// Bedrock: judge the texts as a model's answer, not as a person's request.
    #[arg(long)]
    pub(crate) as_output: bool,
    /// Presidio: the language that the texts are said to be in.
    #[arg(long)]
    pub(crate) language: Option<String>,
    /// Private: the field of the request that holds the text.
    #[arg(long, value_name = "FIELD")]
    pub(crate) text_field: Option<String>,
    /// A type that it is said to find, by its own name; may be given more than once.
    #[arg(long, value_name = "TYPE")]
    pub(crate) claims: Vec<String>,
    /// Its address may be private.
    #[arg(long)]
    pub(crate) private: bool,
    /// Texts in a second at most.
    #[arg(long, value_name = "N")]
    pub(crate) per_second: Option<u32>,
}

/// Which canaries are drawn.
#[derive(Debug, Args)]
pub(crate) struct Drawn {
    /// The same seed gives the same canaries.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many texts with a planted value.
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub(crate) count: u32,
    /// How many texts with nothing planted besides, in which whatever is found is found wrongly.
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(crate) clean: u32,
    /// Only this entity type; may be given more than once.
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) types: Vec<String>,
    /// Only this writing; may be given more than once.
    #[arg(long = "writing", value_name = "WRITING")]
    pub(crate) writings: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SinkArguments {
    #[command(flatten)]
    pub(crate) query: QueryArguments,
    /// Calls that are read, the newest first: those of which two sources may hold the text.
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    pub(crate) limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct CanaryArguments {
    /// The same seed gives the same canaries.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many texts with a planted value.
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub(crate) count: usize,
    /// How many texts with nothing planted besides, in which whatever is found is found wrongly.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) clean: usize,
    /// Only this entity type; may be given more than once.
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) types: Vec<String>,
    /// Only this writing: plain, json_escaped, percent_encoded, full_width, spaced, broken, base64;
    /// may be given more than once.
    #[arg(long = "writing", value_name = "WRITING")]
    pub(crate) writings: Vec<String>,
}
