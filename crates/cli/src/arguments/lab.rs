//! The arguments of the lab of redaction: measuring, rules, test sets.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::PolicyArguments;

/// `assay redaction evaluate`.
#[derive(Debug, Args)]
pub(crate) struct EvaluateArguments {
    /// The labelled texts; `-` reads standard input.
    pub(crate) corpus: PathBuf,
    #[command(flatten)]
    pub(crate) policy: PolicyArguments,
    /// How thoroughly names are looked for, instead of what the policy says.
    #[arg(long, value_parser = ["off", "fast", "full"])]
    pub(crate) level: Option<String>,
    /// The field of a call that the texts stand in, for a policy that says otherwise of some fields: user_message,
    /// response, tool_input …
    #[arg(long, value_name = "FIELD")]
    pub(crate) field: Option<String>,
    /// The deployment whose calls they stand in, for a policy that says otherwise of some.
    #[arg(long, value_name = "ID")]
    pub(crate) deployment: Option<String>,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
    /// Judge only these entity types, with commas between; `labelled` for those that the corpus
    /// labels at all.
    #[arg(long, value_name = "TYPES", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
}

/// How a corpus is read.
#[derive(Debug, Args)]
pub(crate) struct ReadingArguments {
    /// The form of the corpus; detected otherwise.
    #[arg(long, value_parser = ["jsonl", "presidio", "conll", "csv"])]
    pub(crate) format: Option<String>,
    /// What a label of the corpus means, as LABEL=TYPE; LABEL=- leaves it out. May be given more
    /// than once.
    #[arg(long = "map", value_name = "LABEL=TYPE")]
    pub(crate) map: Vec<String>,
}

/// `assay redaction try-rule`.
#[derive(Debug, Args)]
pub(crate) struct TryRuleArguments {
    /// A policy with rules, or a file with `[[recognizer]]` tables only, which are tried in the
    /// policy in force; `-` reads standard input.
    pub(crate) file: PathBuf,
    /// A text to try each rule on, beside its examples.
    #[arg(long, value_name = "TEXT", conflicts_with = "on")]
    pub(crate) text: Option<String>,
    /// A file whose text each rule is tried on.
    #[arg(long, value_name = "FILE")]
    pub(crate) on: Option<PathBuf>,
}

/// `assay redaction sets`.
#[derive(Debug, Subcommand)]
pub(crate) enum SetsCommand {
    /// All test sets.
    List,
    /// Make an empty test set.
    Make {
        name: String,
        /// The language of its texts.
        #[arg(long, value_name = "LANG")]
        language: Option<String>,
        /// The kind of field that its texts are from: user, assistant, tool_input …
        #[arg(long, value_name = "FIELD")]
        field: Option<String>,
    },
    /// Import a labelled corpus into a test set, which is made where there is none: all or nothing.
    Import {
        name: String,
        /// The labelled texts; `-` reads standard input.
        corpus: PathBuf,
        #[command(flatten)]
        reading: ReadingArguments,
    },
    /// Add a text, or the texts of a stored call, without labels.
    Add {
        name: String,
        /// The text; `-` reads standard input.
        #[arg(conflicts_with = "call", required_unless_present = "call")]
        text: Option<String>,
        /// A stored call.
        #[arg(long, value_name = "ID")]
        call: Option<String>,
        /// Which text of the call, counted from 0 in the order of its preview.
        #[arg(long, value_name = "N", requires = "call")]
        part: Option<u32>,
    },
    /// Measure a policy on a test set.
    Run {
        name: String,
        #[command(flatten)]
        policy: PolicyArguments,
    },
    /// Texts in which a policy misses or wrongly finds something, with their numbers.
    Cases {
        name: String,
        #[arg(long, default_value = "missed", value_parser = ["missed", "wrong", "all"])]
        which: String,
        /// Only cases of this entity type.
        #[arg(long = "type", value_name = "TYPE")]
        entity_type: Option<String>,
        /// The last text of the page before.
        #[arg(long, value_name = "TEXT")]
        after: Option<u32>,
        #[command(flatten)]
        policy: PolicyArguments,
    },
    /// Label a span of a text, or change or take back a label.
    Label {
        /// The number of the text.
        text: u32,
        /// Where the span begins, in Unicode code points.
        #[arg(long, value_name = "N", requires = "to")]
        from: Option<u32>,
        /// Where it ends: the first character that no longer belongs to it.
        #[arg(long, value_name = "N", requires = "from")]
        to: Option<u32>,
        /// Its type; without one the label is taken back.
        #[arg(long = "type", value_name = "TYPE")]
        entity_type: Option<String>,
        /// The label that is changed or taken back.
        #[arg(long, value_name = "LABEL")]
        label: Option<u32>,
    },
    /// Take a text out of its test set and destroy it there.
    TakeOut {
        /// The number of the text.
        text: u32,
    },
    /// Write a test set as JSON lines that `redaction evaluate` reads. Texts go out as they are;
    /// the trail says so.
    Export {
        name: String,
        /// Why the original texts are needed; at least 10 characters.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}
