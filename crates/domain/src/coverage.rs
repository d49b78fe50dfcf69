//! Coverage: which source recorded what when, and the holes in it that another source, a record's
//! own contradiction or a changed setting proves.
//!
//! In: counts by hour and set of sources, counts of what records tell, changes of settings. Out:
//! days of each source, and [`Hole`]s with the query that opens their records. A day without a record
//! says nothing by itself: only what something else recorded makes it a hole. One file a signature.
//! Not here: counting (the store), severities and clauses (`checks`).

use std::collections::BTreeMap;

use crate::billed::comparing::Line;
use crate::call::{Feature, Features, Kind};
use crate::formats::Format;
use crate::moment::rfc3339;
use crate::query::term_for;

pub mod beyond_log;
pub mod billed_beyond;
pub mod days;
pub mod digests;
pub mod logging_changed;
pub mod missing_bodies;
pub mod missing_hours;
pub mod wrong_outcomes;

/// Milliseconds of an hour.
pub const HOUR_MS: i64 = 3_600_000;
/// Milliseconds of a day.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// The fields whose fill rate is counted, by the names of their columns; the order of [`Told`].
pub const FIELDS: [&str; 18] = [
    "started_at_ms",
    "latency_ms",
    "request_model",
    "response_model",
    "requested_region",
    "served_region",
    "principal",
    "source_ip",
    "account",
    "private_path",
    "http_status",
    "stop_reason",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "reported_cost_usd_micros",
    "classification",
    "conversation_id",
];

/// Places of Vertex AI whose endpoints have no request-response log.
///
/// Source: cloud.google.com/vertex-ai/generative-ai/docs/multimodal/request-response-logging: for
/// Anthropic's models only regional endpoints have it; as of 2026-08-22.
pub const UNLOGGED_PLACES: [&str; 3] = ["global", "us", "eu"];

/// Whether a call went to an endpoint whose calls its provider's body log can't hold: `bedrock-mantle`
/// of Bedrock, and global and multi-region endpoints of Vertex AI.
///
/// Source: [`UNLOGGED_PLACES`]; docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging:
/// only `bedrock-runtime` is captured; as of 2026-08-22.
pub fn is_unlogged(kind: Kind, features: Features, requested_region: Option<&str>) -> bool {
    features.contains(Feature::BedrockMantle)
        || kind == Kind::Vertex
            && requested_region.is_some_and(|place| UNLOGGED_PLACES.contains(&place))
}

/// The name of a field in queries and JSON.
pub fn field_name(column: &str) -> &str {
    match column {
        "started_at_ms" => "started_at",
        "reported_cost_usd_micros" => "reported_cost",
        other => other,
    }
}

/// Calls of one hour and deployment that exactly these sources saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The start of the hour, UTC; `None`: their records have no time.
    pub hour_ms: Option<i64>,
    /// Its number in the store.
    pub deployment: i64,
    /// One bit for each source, by the number of its format.
    pub sources: u64,
    /// [`is_unlogged`].
    pub unlogged: bool,
    pub calls: u64,
}

impl Seen {
    /// Whether `source` is one of them.
    pub fn by(&self, source: Format) -> bool {
        self.sources & bit(source) != 0
    }
}

/// The bit of a source in [`Seen::sources`].
pub const fn bit(source: Format) -> u64 {
    1 << (source as u64)
}

/// What the records of one source, day and deployment tell. Counts records, those that stand behind
/// another one included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The start of the day, UTC; `None`: the records have no time.
    pub day_ms: Option<i64>,
    pub source: String,
    pub deployment: i64,
    pub records: u64,
    pub errors: u64,
    /// Of answered calls: with the text, with the name of an object that holds it, without.
    pub text_held: u64,
    pub text_elsewhere: u64,
    pub text_missing: u64,
    pub placeholders: u64,
    pub errors_as_success: u64,
    /// Records in which each of [`FIELDS`] is recorded.
    pub fields: [u64; FIELDS.len()],
}

impl Told {
    /// Records of answered calls that could hold their text.
    pub const fn text_of(&self) -> u64 {
        self.text_held + self.text_elsewhere + self.text_missing
    }
}

/// A deployment as coverage names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub kind: Kind,
    /// The accounts whose calls are its own, with globs; empty where that is not known.
    pub accounts: Vec<String>,
}

/// Somebody changed what is logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub at_ms: i64,
    /// The source's name for it.
    pub action: String,
    pub account: Option<String>,
    pub region: Option<String>,
    /// What it was done to.
    pub target: Option<String>,
}

/// What holes are found in.
pub struct Facts<'a> {
    /// By hour, the earliest first.
    pub seen: &'a [Seen],
    pub told: &'a [Told],
    /// Changes that succeeded or of which that is not said, by time: all of the trail, since what was switched off
    /// before the period may be off within it.
    pub changes: &'a [Change],
    pub deployments: &'a BTreeMap<i64, Named>,
    /// What the provider billed against what the trail holds.
    pub billed: &'a [Line],
    /// The period, UTC milliseconds, half-open; `None` where it has no bound.
    pub from_ms: Option<i64>,
    pub to_ms: Option<i64>,
    pub now_ms: i64,
}

impl Facts<'_> {
    /// The deployments of which something was seen or told, with their names.
    fn named(&self, deployment: i64) -> Option<&Named> {
        self.deployments.get(&deployment)
    }

    /// Where what is known ends, UTC milliseconds: the period or the present.
    pub fn end_ms(&self) -> i64 {
        self.to_ms.unwrap_or(i64::MAX).min(self.now_ms)
    }
}

/// What a hole looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signature {
    MissingHours,
    LoggingOff,
    LoggingChanged,
    BeyondLog,
    MissingBodies,
    PlaceholderBodies,
    ErrorsAsSuccess,
    DigestFailed,
    DigestGap,
    BilledBeyond,
}

impl Signature {
    /// All, the plainest first.
    pub const ALL: [Self; 10] = [
        Self::MissingHours,
        Self::BilledBeyond,
        Self::LoggingOff,
        Self::DigestFailed,
        Self::DigestGap,
        Self::BeyondLog,
        Self::MissingBodies,
        Self::PlaceholderBodies,
        Self::ErrorsAsSuccess,
        Self::LoggingChanged,
    ];

    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MissingHours => "missing_hours",
            Self::LoggingOff => "logging_off",
            Self::LoggingChanged => "logging_changed",
            Self::BeyondLog => "beyond_log",
            Self::MissingBodies => "missing_bodies",
            Self::PlaceholderBodies => "placeholder_bodies",
            Self::ErrorsAsSuccess => "errors_as_success",
            Self::DigestFailed => "digest_failed",
            Self::DigestGap => "digest_gap",
            Self::BilledBeyond => "billed_beyond",
        }
    }

    /// What people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::MissingHours => "Missing hours",
            Self::LoggingOff => "Logging switched off",
            Self::LoggingChanged => "Logging changed",
            Self::BeyondLog => "Endpoint that its log can't hold",
            Self::MissingBodies => "Missing text",
            Self::PlaceholderBodies => "Placeholder instead of text",
            Self::ErrorsAsSuccess => "Errors logged as success",
            Self::DigestFailed => "Log file not as delivered",
            Self::DigestGap => "Gap between digests",
            Self::BilledBeyond => "Billed beyond the trail",
        }
    }

    /// The rule by which it is found.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::MissingHours => missing_hours::RULE,
            Self::LoggingOff | Self::LoggingChanged => logging_changed::RULE,
            Self::BeyondLog => beyond_log::RULE,
            Self::MissingBodies => missing_bodies::RULE,
            Self::PlaceholderBodies => wrong_outcomes::PLACEHOLDER_RULE,
            Self::ErrorsAsSuccess => wrong_outcomes::RULE,
            Self::DigestFailed | Self::DigestGap => digests::RULE,
            Self::BilledBeyond => billed_beyond::RULE,
        }
    }
}

/// What a hole's count counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Calls that the query lists.
    Calls,
    /// Records of the source; the query lists their calls.
    Records,
    /// Activities.
    Activities,
    /// Log files.
    Files,
    /// Tokens that a report of the provider counts; the query lists the calls of its time and model.
    Tokens,
}

impl Unit {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Records => "records",
            Self::Activities => "activities",
            Self::Files => "files",
            Self::Tokens => "tokens",
        }
    }

    /// What one of it is called.
    pub const fn of_one(self) -> &'static str {
        match self {
            Self::Calls => "call",
            Self::Records => "record",
            Self::Activities => "activity",
            Self::Files => "file",
            Self::Tokens => "token",
        }
    }
}

/// A hole: something that a source should hold and does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    pub signature: Signature,
    /// The source that has it.
    pub source: String,
    pub deployment: Option<String>,
    /// UTC milliseconds, half-open.
    pub from_ms: i64,
    pub to_ms: i64,
    /// Whether nothing tells that it ended: then it is over what was looked at, and `to_ms` is the end of that.
    pub no_end_known: bool,
    pub count: u64,
    /// Of how many.
    pub of: u64,
    pub unit: Unit,
    /// Opens the calls that are counted.
    pub query: Option<String>,
    /// Opens the activities that prove it.
    pub activities: Option<String>,
    /// Of [`Signature::BilledBeyond`]: the model of the report's rows; `None` where it names none.
    pub billed_model: Option<String>,
    pub says: String,
}

/// The body log of a provider: the source that holds the text of calls to it.
pub const fn body_log(kind: Kind) -> Option<Format> {
    match kind {
        Kind::Bedrock => Some(Format::BedrockInvocationLog),
        Kind::Vertex => Some(Format::VertexRequestResponse),
        Kind::ClaudeApi | Kind::ClaudeEnterprise | Kind::Private => None,
    }
}

/// Whether `source` can hold a call: a provider's body log holds only what goes through the
/// endpoints that it logs.
pub fn can_hold(source: Format, unlogged: bool) -> bool {
    !(unlogged
        && matches!(
            source,
            Format::BedrockInvocationLog | Format::VertexRequestResponse
        ))
}

/// The title of a source by its name.
pub fn source_title(name: &str) -> &str {
    match Format::from_name(name) {
        Some(format) => format.title(),
        None if name == billed_beyond::SOURCE => "Anthropic usage report",
        None => name,
    }
}

/// The part of a query for a time: `started_at:>=… started_at:<…`, of calls or activities.
pub fn between(key: &str, from_ms: i64, to_ms: i64) -> String {
    format!("{key}:>={} {key}:<{}", rfc3339(from_ms), rfc3339(to_ms))
}

/// The part of a query for some deployments.
pub fn of_deployments(names: &[&str]) -> String {
    let values: Vec<String> = names
        .iter()
        .map(|name| {
            let term = of_deployment(name);
            term.trim_start_matches("deployment:").to_owned()
        })
        .collect();
    format!("deployment:{}", values.join(","))
}

fn of_deployment(name: &str) -> String {
    term_for("deployment", Some(name))
}

/// Calls in hours in which only one source recorded anything, and calls without a time, of calls in
/// the order of their hours.
pub fn unchecked(seen: &[Seen]) -> u64 {
    let mut hours: BTreeMap<Option<i64>, (u64, u64)> = BTreeMap::new();
    for one in seen {
        let hour = hours.entry(one.hour_ms).or_default();
        hour.0 |= one.sources;
        hour.1 += one.calls;
    }
    hours
        .into_iter()
        .filter(|(hour, (sources, _))| hour.is_none() || sources.count_ones() < 2)
        .map(|(_, (_, calls))| calls)
        .sum()
}

/// All holes, in the order of [`Signature::ALL`], then by time. The digests' are found apart.
pub fn holes(facts: &Facts<'_>) -> Vec<Hole> {
    let mut holes = missing_hours::find(facts);
    holes.extend(logging_changed::find(facts));
    holes.extend(beyond_log::find(facts));
    holes.extend(billed_beyond::find(facts));
    holes.extend(missing_bodies::find(facts));
    holes.extend(wrong_outcomes::find(facts));
    sort(&mut holes);
    holes
}

/// Puts holes in their order.
pub fn sort(holes: &mut [Hole]) {
    let rank = |hole: &Hole| {
        Signature::ALL
            .iter()
            .position(|signature| *signature == hole.signature)
    };
    holes.sort_by(|a, b| {
        (rank(a), a.from_ms, &a.source, &a.deployment).cmp(&(
            rank(b),
            b.from_ms,
            &b.source,
            &b.deployment,
        ))
    });
}
