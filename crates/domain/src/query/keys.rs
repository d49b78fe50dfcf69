//! The keys of the query language: for each its name, its shape, what it is and an example.
//!
//! The names are the field names of calls and activities in JSON. Not here: which column holds
//! a key's value; the store knows that.

use std::sync::LazyLock;

use crate::activity::Category;
use crate::call::{Body, Feature, Kind, Oddity, Status};
use crate::coverage::{FIELDS, field_name};
use crate::formats::Format;
use crate::same_call::Disagreement;

/// Which records a query is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    Calls,
    Activities,
}

impl Table {
    /// The keys that a query about these records may use.
    pub const fn keys(self) -> &'static [Key] {
        match self {
            Self::Calls => CALL_KEYS,
            Self::Activities => ACTIVITY_KEYS,
        }
    }
}

/// What values a key takes.
#[derive(Clone, Copy)]
pub enum Shape {
    Text,
    /// One of these names.
    OneOf(fn() -> Vec<&'static str>),
    /// Whole numbers.
    Number,
    /// US dollars, held as micro-dollars.
    Money,
    /// Times and dates in UTC, held as milliseconds.
    Time,
}

impl std::fmt::Debug for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Text => "Text",
            Self::OneOf(_) => "OneOf",
            Self::Number => "Number",
            Self::Money => "Money",
            Self::Time => "Time",
        })
    }
}

/// A key.
#[derive(Debug)]
pub struct Key {
    pub name: &'static str,
    pub shape: Shape,
    /// What it is, for completion.
    pub about: &'static str,
    pub example: &'static str,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Key {}

const fn key(name: &'static str, shape: Shape, about: &'static str, example: &'static str) -> Key {
    Key {
        name,
        shape,
        about,
        example,
    }
}

fn kinds() -> Vec<&'static str> {
    Kind::ALL.into_iter().map(Kind::name).collect()
}

fn statuses() -> Vec<&'static str> {
    vec![Status::Ok.name(), Status::Error.name()]
}

fn bodies() -> Vec<&'static str> {
    [
        Body::Present,
        Body::Missing,
        Body::ByReference,
        Body::NotCarried,
    ]
    .map(Body::name)
    .to_vec()
}

fn features() -> Vec<&'static str> {
    Feature::ALL.into_iter().map(Feature::name).collect()
}

fn oddities() -> Vec<&'static str> {
    Oddity::ALL.into_iter().map(Oddity::name).collect()
}

fn categories() -> Vec<&'static str> {
    Category::ALL.into_iter().map(Category::name).collect()
}

fn joins() -> Vec<&'static str> {
    vec![
        "request_id",
        "inferred",
        "inferred_region",
        "ambiguous",
        "none",
    ]
}

fn disagreements() -> Vec<&'static str> {
    Disagreement::ALL
        .into_iter()
        .map(Disagreement::name)
        .collect()
}

/// What a record of a source may lack or be: for each source `no_` and a field, `no_text` of an
/// answered call, and the oddities that coverage counts.
fn record_states() -> Vec<&'static str> {
    static ALL: LazyLock<Vec<String>> = LazyLock::new(|| {
        let states: Vec<String> = FIELDS
            .iter()
            .map(|column| format!("no_{}", field_name(column)))
            .chain([
                "no_text".to_owned(),
                Oddity::TextPlaceholder.name().to_owned(),
                Oddity::ErrorAsSuccess.name().to_owned(),
            ])
            .collect();
        Format::ALL
            .iter()
            .flat_map(|source| {
                states
                    .iter()
                    .map(move |state| format!("{}.{state}", source.name()))
            })
            .collect()
    });
    ALL.iter().map(String::as_str).collect()
}

fn yes_no() -> Vec<&'static str> {
    vec!["yes", "no"]
}

/// The keys of calls.
pub static CALL_KEYS: &[Key] = &[
    key(
        "id",
        Shape::Text,
        "the call's id in the trail, or its beginning with *",
        "id:3f2a*",
    ),
    key(
        "kind",
        Shape::OneOf(kinds),
        "how the deployment is reached",
        "kind:bedrock",
    ),
    key(
        "deployment",
        Shape::Text,
        "the deployment it belongs to",
        "deployment:claims-eu",
    ),
    key(
        "source",
        Shape::Text,
        "the system that recorded it",
        "source:cloudtrail",
    ),
    key(
        "started_at",
        Shape::Time,
        "when it began, UTC",
        "started_at:2026-10-01..2026-10-31",
    ),
    key(
        "latency_ms",
        Shape::Number,
        "how long it took",
        "latency_ms:>10000",
    ),
    key(
        "request_model",
        Shape::Text,
        "the model asked for",
        "request_model:anthropic.claude-*",
    ),
    key(
        "response_model",
        Shape::Text,
        "the model that answered",
        "response_model:claude-*",
    ),
    key(
        "requested_region",
        Shape::Text,
        "where it was sent",
        "requested_region:eu-west-1",
    ),
    key(
        "served_region",
        Shape::Text,
        "where it ran, by evidence",
        "served_region:eu-*",
    ),
    key(
        "principal",
        Shape::Text,
        "who called",
        "principal:arn:aws:iam::*",
    ),
    key(
        "source_ip",
        Shape::Text,
        "the caller's address",
        "source_ip:203.0.113.*",
    ),
    key(
        "account",
        Shape::Text,
        "AWS account, workspace or project",
        "account:111122223333",
    ),
    key(
        "status",
        Shape::OneOf(statuses),
        "whether the model answered",
        "status:error",
    ),
    key(
        "http_status",
        Shape::Number,
        "the HTTP status",
        "http_status:>=500",
    ),
    key(
        "error_type",
        Shape::Text,
        "the error's name",
        "error_type:ThrottlingException",
    ),
    key(
        "stop_reason",
        Shape::Text,
        "why the model stopped",
        "stop_reason:max_tokens",
    ),
    key(
        "input_tokens",
        Shape::Number,
        "input tokens outside the cache",
        "input_tokens:>100000",
    ),
    key(
        "output_tokens",
        Shape::Number,
        "output tokens",
        "output_tokens:>4000",
    ),
    key(
        "cache_read_tokens",
        Shape::Number,
        "tokens read from the prompt cache",
        "cache_read_tokens:>0",
    ),
    key(
        "cache_write_5m_tokens",
        Shape::Number,
        "tokens written for 5 minutes",
        "cache_write_5m_tokens:>0",
    ),
    key(
        "cache_write_1h_tokens",
        Shape::Number,
        "tokens written for an hour",
        "cache_write_1h_tokens:>0",
    ),
    key(
        "cost_usd",
        Shape::Money,
        "cost in US dollars",
        "cost_usd:>0.5",
    ),
    key(
        "classification",
        Shape::Text,
        "the caller's classification",
        "classification:internal",
    ),
    key(
        "conversation_id",
        Shape::Text,
        "the conversation it is part of",
        "conversation_id:c-*",
    ),
    key(
        "request_id",
        Shape::Text,
        "any of its ids, whole",
        "request_id:req_011CSH",
    ),
    key(
        "private_path",
        Shape::Text,
        "the private endpoint it came through",
        "private_path:vpce-*",
    ),
    key(
        "feature",
        Shape::OneOf(features),
        "a feature it used",
        "feature:code_execution",
    ),
    key(
        "body",
        Shape::OneOf(bodies),
        "what the source kept of its text",
        "body:missing",
    ),
    key(
        "oddity",
        Shape::OneOf(oddities),
        "something odd in its record",
        "oddity:time_out_of_range",
    ),
    key(
        "record",
        Shape::OneOf(record_states),
        "what one source's record of it lacks, or where it contradicts itself",
        "record:cloudtrail.no_stop_reason",
    ),
    key(
        "conflict",
        Shape::OneOf(yes_no),
        "same id, other content",
        "conflict:yes",
    ),
    key(
        "join",
        Shape::OneOf(joins),
        "how the records of it were joined, if at all",
        "join:inferred",
    ),
    key(
        "disagrees",
        Shape::OneOf(disagreements),
        "a field that its sources tell differently",
        "disagrees:region",
    ),
    key(
        "entity_type",
        Shape::Text,
        "personal data or secrets found in it",
        "entity_type:EMAIL_ADDRESS",
    ),
    key(
        "entity_field",
        Shape::Text,
        "the field in which they were found",
        "entity_field:tool_input",
    ),
    key(
        "scanned",
        Shape::OneOf(yes_no),
        "whether its text was searched for personal data",
        "scanned:no",
    ),
    key(
        "batch",
        Shape::Text,
        "the import that brought a record of it",
        "batch:7",
    ),
    key(
        "erased",
        Shape::OneOf(yes_no),
        "whether its text was erased here",
        "erased:yes",
    ),
    key(
        "held",
        Shape::OneOf(yes_no),
        "whether a legal hold covers it",
        "held:yes",
    ),
    key(
        "tag",
        Shape::Text,
        "a tag that somebody put on it",
        "tag:needs-review",
    ),
    key(
        "note",
        Shape::OneOf(yes_no),
        "whether somebody wrote a note on it",
        "note:yes",
    ),
    key(
        "review_sample",
        Shape::Text,
        "the review sample that it was drawn for",
        "review_sample:3",
    ),
    key(
        "noted_by",
        Shape::Text,
        "who wrote a note on it",
        "noted_by:ann",
    ),
];

/// The keys of activities.
pub static ACTIVITY_KEYS: &[Key] = &[
    key(
        "id",
        Shape::Text,
        "the activity's id in the trail",
        "id:3f2a*",
    ),
    key(
        "at",
        Shape::Time,
        "when it happened, UTC",
        "at:2026-10-01..2026-10-31",
    ),
    key("action", Shape::Text, "what was done", "action:Put*"),
    key(
        "category",
        Shape::OneOf(categories),
        "what sort of activity",
        "category:settings",
    ),
    key(
        "kind",
        Shape::OneOf(kinds),
        "how the deployment is reached",
        "kind:bedrock",
    ),
    key("actor", Shape::Text, "who did it", "actor:admin@*"),
    key(
        "source",
        Shape::Text,
        "the system that recorded it",
        "source:compliance_activities",
    ),
    key(
        "source_ip",
        Shape::Text,
        "the actor's address",
        "source_ip:203.0.113.*",
    ),
    key(
        "region",
        Shape::Text,
        "where it was done",
        "region:eu-west-1",
    ),
    key(
        "account",
        Shape::Text,
        "AWS account or organisation",
        "account:111122223333",
    ),
    key(
        "target",
        Shape::Text,
        "what it was done to",
        "target:claims*",
    ),
    key(
        "succeeded",
        Shape::OneOf(yes_no),
        "whether it worked",
        "succeeded:no",
    ),
    key(
        "error_type",
        Shape::Text,
        "the error's name",
        "error_type:AccessDenied",
    ),
    key(
        "oddity",
        Shape::OneOf(oddities),
        "something odd in its record",
        "oddity:time_out_of_range",
    ),
    key(
        "batch",
        Shape::Text,
        "the import that brought it",
        "batch:7",
    ),
    key(
        "erased",
        Shape::OneOf(yes_no),
        "whether its text was erased here",
        "erased:yes",
    ),
    key(
        "held",
        Shape::OneOf(yes_no),
        "whether a legal hold covers it",
        "held:yes",
    ),
];

/// The key of `table` (or `has`) whose name is nearest to `name`, if any is near.
pub fn nearest(name: &str, table: Table) -> Option<&'static str> {
    table
        .keys()
        .iter()
        .map(|key| key.name)
        .chain(["has"])
        .map(|candidate| (distance(name, candidate), candidate))
        .min()
        .filter(|(distance, candidate)| *distance <= candidate.len().div_ceil(3))
        .map(|(_, candidate)| candidate)
}

/// Optimal string alignment distance: insertions, deletions, substitutions, swaps.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(64).collect();
    let b: Vec<char> = b.chars().take(64).collect();
    let width = b.len() + 1;
    let mut rows = vec![0; (a.len() + 1) * width];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i * width + j] = if i == 0 {
                j
            } else if j == 0 {
                i
            } else {
                let same = usize::from(a[i - 1] != b[j - 1]);
                let mut best = (rows[(i - 1) * width + j] + 1)
                    .min(rows[i * width + j - 1] + 1)
                    .min(rows[(i - 1) * width + j - 1] + same);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(rows[(i - 2) * width + j - 2] + 1);
                }
                best
            };
        }
    }
    rows[a.len() * width + b.len()]
}
