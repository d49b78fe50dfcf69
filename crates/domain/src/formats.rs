//! Reading records: the formats that hold calls and activities, one file each.
//!
//! In: the bytes of one record. Out: a [`Record`], or a [`Rejected`] with a named reason. A format is recognised
//! by content, never by the name of a file. Not here: cutting files into records (`split`), reading files.

use serde_json::value::RawValue;
use std::borrow::Cow;

use crate::activity::Activity;
use crate::call::{Body, Call, Oddity, Status};
use crate::exchange::Exchange;
use crate::formats::keys::{Keys, recognise_keys};
use crate::formats::shape::{MAX_DEPTH, shape};
use crate::formats::wrapped::unwrapped;
use crate::masks;

pub mod audited_client;
pub mod batch_results;
pub mod bedrock;
pub mod bedrock_bodies;
pub mod cassettes;
pub mod claude_chats;
pub mod claude_code;
pub mod claude_code_sessions;
pub mod cloudflare;
pub mod cloudtrail;
pub mod compliance;
pub mod container_lines;
mod features;
mod fields;
mod gateway;
pub mod google_audit;
pub mod har;
pub mod helicone;
pub mod inference_hooks;
mod keys;
pub mod kong;
pub mod langfuse;
pub mod langfuse_traces;
pub mod litellm;
mod litellm_rows;
pub mod litellm_spend;
mod messages;
pub mod otel;
pub mod portkey;
mod python;
mod recorded;
mod row;
pub mod same_record;
mod sdk_errors;
mod shape;
mod shipped;
mod signs;
pub mod vertex;
pub mod wrapped;

/// Raised whenever a format reads the same bytes differently; stands in the leaf `import.end`.
pub const PARSERS: u32 = 16;

/// A source format. The order is the number in the store and never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    BedrockInvocationLog,
    CloudTrail,
    ComplianceActivities,
    LiteLlm,
    AuditedClient,
    VertexRequestResponse,
    GoogleAuditLog,
    BatchResults,
    LiteLlmSpend,
    Langfuse,
    Helicone,
    Portkey,
    OpenTelemetry,
    CloudflareGateway,
    Har,
    ClaudeCode,
    ClaudeCodeSession,
    Kong,
    Cassette,
    InferenceHooks,
    ClaudeChats,
}

impl Format {
    /// All formats, in the order of their numbers.
    pub const ALL: [Self; 21] = [
        Self::BedrockInvocationLog,
        Self::CloudTrail,
        Self::ComplianceActivities,
        Self::LiteLlm,
        Self::AuditedClient,
        Self::VertexRequestResponse,
        Self::GoogleAuditLog,
        Self::BatchResults,
        Self::LiteLlmSpend,
        Self::Langfuse,
        Self::Helicone,
        Self::Portkey,
        Self::OpenTelemetry,
        Self::CloudflareGateway,
        Self::Har,
        Self::ClaudeCode,
        Self::ClaudeCodeSession,
        Self::Kong,
        Self::Cassette,
        Self::InferenceHooks,
        Self::ClaudeChats,
    ];

    /// The name in JSON, SQL and queries; it is the source's name as well.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BedrockInvocationLog => "bedrock_invocation_log",
            Self::CloudTrail => "cloudtrail",
            Self::ComplianceActivities => "compliance_activities",
            Self::LiteLlm => "litellm",
            Self::AuditedClient => "audited_client",
            Self::VertexRequestResponse => "vertex_request_response",
            Self::GoogleAuditLog => "google_audit_log",
            Self::BatchResults => "batch_results",
            Self::LiteLlmSpend => "litellm_spend",
            Self::Langfuse => "langfuse",
            Self::Helicone => "helicone",
            Self::Portkey => "portkey",
            Self::OpenTelemetry => "opentelemetry",
            Self::CloudflareGateway => "cloudflare_gateway",
            Self::Har => "har",
            Self::ClaudeCode => "claude_code",
            Self::ClaudeCodeSession => "claude_code_session",
            Self::Kong => "kong",
            Self::Cassette => "vcr_cassette",
            Self::InferenceHooks => "inference_hooks",
            Self::ClaudeChats => "claude_chats",
        }
    }

    /// The name that people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::BedrockInvocationLog => "Amazon Bedrock model invocation log",
            Self::CloudTrail => "AWS CloudTrail",
            Self::ComplianceActivities => "Anthropic Compliance activities",
            Self::LiteLlm => "LiteLLM logging payload",
            Self::AuditedClient => "AuditedClient log",
            Self::VertexRequestResponse => "Vertex AI request-response log",
            Self::GoogleAuditLog => "Google Cloud audit log",
            Self::BatchResults => "Anthropic Message Batches results",
            Self::LiteLlmSpend => "LiteLLM spend log",
            Self::Langfuse => "Langfuse observations",
            Self::Helicone => "Helicone requests",
            Self::Portkey => "Portkey log export",
            Self::OpenTelemetry => "OpenTelemetry (OTLP JSON)",
            Self::CloudflareGateway => "Cloudflare AI Gateway log",
            Self::Har => "Recorded HTTP exchanges (HAR)",
            Self::ClaudeCode => "Claude Code events (OTLP JSON)",
            Self::ClaudeCodeSession => "Claude Code session",
            Self::Kong => "Kong AI Gateway log",
            Self::Cassette => "Recorded HTTP exchanges (cassette of VCR)",
            Self::InferenceHooks => "Claude Enterprise inference hooks",
            Self::ClaudeChats => "Claude Enterprise chats",
        }
    }

    /// The format with this `name`, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The format with this number, if there is one.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
}

/// What parsers need to know of the world outside.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// The import's own time: no record is from later than a day after it.
    pub now_ms: i64,
}

/// What a record is.
#[derive(Clone, PartialEq, Eq)]
pub enum Record {
    Call(Box<Call>),
    Activity(Box<Activity>),
}

/// Why a line or a file was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    EmptyFile,
    Binary,
    Utf16,
    Yaml,
    Compression,
    CompressionRatio,
    Unreadable,
    NotARegularFile,
    NotJson,
    Truncated,
    LineTooLong,
    TooDeep,
    DuplicateKey,
    FieldMissing,
    FieldType,
    FormatUnknown,
    NoCall,
    NotARow,
}

impl Reason {
    /// The name in JSON and SQL.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EmptyFile => "empty_file",
            Self::Binary => "binary",
            Self::Utf16 => "utf16",
            Self::Yaml => "yaml",
            Self::Compression => "compression",
            Self::CompressionRatio => "compression_ratio",
            Self::Unreadable => "unreadable",
            Self::NotARegularFile => "not_a_regular_file",
            Self::NotJson => "not_json",
            Self::Truncated => "truncated",
            Self::LineTooLong => "line_too_long",
            Self::TooDeep => "too_deep",
            Self::DuplicateKey => "duplicate_key",
            Self::FieldMissing => "field_missing",
            Self::FieldType => "field_type",
            Self::FormatUnknown => "format_unknown",
            Self::NoCall => "no_call",
            Self::NotARow => "not_a_row",
        }
    }

    /// What it means, for people.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::EmptyFile => "The file is empty.",
            Self::Binary => "The file is binary, not text.",
            Self::Utf16 => "The file is UTF-16 without a mark of its byte order, or compressed.",
            Self::Yaml => "A cassette in YAML: recorders write them as JSON too, which is read.",
            Self::Compression => "The compressed data is damaged.",
            Self::CompressionRatio => "The compressed data becomes larger than any log does.",
            Self::Unreadable => "The file could not be read to its end.",
            Self::NotARegularFile => "Not a regular file.",
            Self::NotJson => "Not JSON.",
            Self::Truncated => "It ends before it is complete.",
            Self::LineTooLong => "Longer than 32 MiB.",
            Self::TooDeep => "JSON nested deeper than 127 levels.",
            Self::DuplicateKey => "A key stands twice, and it can't be told which one is meant.",
            Self::FieldMissing => "A field that this format always has is missing.",
            Self::FieldType => "A field is not of the type that this format gives it.",
            Self::FormatUnknown => "JSON, but of no format that is known here.",
            Self::NoCall => "Part of a format that is read here, and no call to a model.",
            Self::NotARow => "Not a row of the table that the header names the columns of.",
        }
    }

    /// What it means, with what there is to say beyond it, as one sentence.
    pub fn told(self, detail: &str) -> String {
        match detail {
            "" => self.sentence().to_owned(),
            detail => format!("{}: {detail}.", self.sentence().trim_end_matches('.')),
        }
    }
}

/// A record that was not accepted. `detail` names fields and positions, never their text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    pub reason: Reason,
    pub detail: String,
}

impl Rejected {
    /// A rejection with what there is to say beyond the reason.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self {
            reason,
            detail: detail.into(),
        }
    }
}

/// The bytes of a record as text: damaged UTF-8 is shown with a marker, and flagged.
fn as_text(raw: &[u8]) -> (Cow<'_, str>, Option<Oddity>) {
    match std::str::from_utf8(raw) {
        Ok(text) => (Cow::Borrowed(text), None),
        Err(_) => (String::from_utf8_lossy(raw), Some(Oddity::TextDamaged)),
    }
}

/// The format of a record, by its content.
pub fn recognise(raw: &[u8]) -> Option<Format> {
    let (text, _) = as_text(raw);
    let inner = unwrapped(&text);
    let text = inner.as_deref().unwrap_or(&text);
    let known = |text: &str| recognise_keys(&serde_json::from_str(text).ok()?);
    known(text).or_else(|| known(&shipped::inside(text)?))
}

/// Whether rows of a table with these columns are records of a format, or carry some.
pub fn is_table(names: &[&str]) -> bool {
    let Ok(unread) = serde_json::from_str::<&RawValue>("\"\"") else {
        return false;
    };
    let keys: Keys<'_> = names
        .iter()
        .map(|name| (Cow::Borrowed(*name), unread))
        .collect();
    let is_carrier = wrapped::is_table(names) || shipped::is_table(names);
    keys.len() == names.len() && (is_carrier || recognise_keys(&keys).is_some())
}

/// Reads a record of `format`. What it accepts, [`recognise`] recognises as the same format.
///
/// # Errors
/// [`Rejected`] with the reason. The text of the record is never in it.
pub fn parse(format: Format, raw: &[u8], context: &Context) -> Result<Record, Rejected> {
    parse_carried(format, raw, context).map(|(record, _)| record)
}

/// The same, with the text of the record where something else carries it: a record is the same whatever does.
///
/// # Errors
/// [`Rejected`] with the reason. The text of the record is never in it.
pub fn parse_carried(
    format: Format,
    raw: &[u8],
    context: &Context,
) -> Result<(Record, Option<String>), Rejected> {
    let (text, damaged) = as_text(raw);
    let inner = unwrapped(&text);
    let text = inner.as_deref().unwrap_or(&text);
    let rejected = match parse_text(format, text, damaged, context) {
        Ok(record) => return Ok((record, inner.filter(|_| damaged.is_none()))),
        Err(rejected) => rejected,
    };
    // What is of a format says itself why it was not accepted.
    let is_foreign = matches!(
        rejected.reason,
        Reason::FormatUnknown | Reason::FieldMissing | Reason::FieldType | Reason::NotJson
    );
    let Some(inside) = is_foreign.then(|| shipped::inside(text)).flatten() else {
        return Err(rejected);
    };
    let record = parse_text(format, &inside, damaged, context)?;
    Ok((record, damaged.is_none().then_some(inside)))
}

fn parse_text(
    format: Format,
    text: &str,
    damaged: Option<Oddity>,
    context: &Context,
) -> Result<Record, Rejected> {
    // Fields that no parser reads are skipped without a limit; what is stored must be readable.
    let shape = shape(text);
    if shape.depth > MAX_DEPTH {
        return Err(Rejected::new(
            Reason::TooDeep,
            format!("deeper than {MAX_DEPTH} levels"),
        ));
    }
    let mut odd = damaged;
    let mut record = match read(format, text, context) {
        // Half a character, from a text that was cut: no JSON parser takes it, every writer makes it.
        Err(rejected) if rejected.reason == Reason::NotJson && text.contains("\\u") => {
            let mended = messages::without_lone_surrogates(text);
            if mended == text {
                return Err(rejected);
            }
            odd = Some(Oddity::TextDamaged);
            read(format, &mended, context)
        }
        other => other,
    }?;
    if let Record::Call(call) = &mut record {
        match call.status {
            Status::Error if is_told_by_others(format) => gateway::without_zeroes(call),
            Status::Ok if is_told_by_others(format) => gateway::without_empty_prompt(call),
            _ => {}
        }
        signs::note(call);
        if is_masked(format, call.body, text) {
            call.oddities.push(Oddity::TextMasked);
        }
    }
    let oddities = match &mut record {
        Record::Call(call) => &mut call.oddities,
        Record::Activity(activity) => &mut activity.oddities,
    };
    oddities.extend(odd);
    if shape.twice_at.is_some() {
        oddities.push(Oddity::DuplicateKey);
    }
    Ok(record)
}

/// Whether a format's writer stands between caller and provider, and knows of a failed call what it was told.
fn is_told_by_others(format: Format) -> bool {
    matches!(
        format,
        Format::Langfuse
            | Format::Helicone
            | Format::Portkey
            | Format::OpenTelemetry
            | Format::CloudflareGateway
            | Format::Kong
    )
}

/// Whether the source masked the text of a call, or put a note in its place.
fn is_masked(format: Format, body: Body, text: &str) -> bool {
    match body {
        Body::Present => {
            masks::may_hold(text)
                && read_exchange(format, text)
                    .parts()
                    .iter()
                    .any(|part| masks::is_masked(&part.text))
        }
        Body::Missing => text.contains(masks::BY_LITELLM),
        Body::ByReference | Body::NotCarried => false,
    }
}

fn read(format: Format, text: &str, context: &Context) -> Result<Record, Rejected> {
    match format {
        Format::BedrockInvocationLog => bedrock::parse(text, context),
        Format::CloudTrail => cloudtrail::parse(text, context),
        Format::ComplianceActivities => compliance::parse(text, context),
        Format::LiteLlm => litellm::parse(text, context),
        Format::AuditedClient => audited_client::parse(text, context),
        Format::VertexRequestResponse => vertex::parse(text, context),
        Format::GoogleAuditLog => google_audit::parse(text, context),
        Format::BatchResults => batch_results::parse(text, context),
        Format::LiteLlmSpend => litellm_spend::parse(text, context),
        Format::Langfuse => langfuse::parse(text, context),
        Format::Helicone => helicone::parse(text, context),
        Format::Portkey => portkey::parse(text, context),
        Format::OpenTelemetry => otel::parse(text, context),
        Format::CloudflareGateway => cloudflare::parse(text, context),
        Format::Har => har::parse(text, context),
        Format::ClaudeCode => claude_code::parse(text, context),
        Format::ClaudeCodeSession => claude_code_sessions::parse(text, context),
        Format::Kong => kong::parse(text, context),
        Format::Cassette => cassettes::parse(text, context),
        Format::InferenceHooks => inference_hooks::parse(text, context),
        Format::ClaudeChats => claude_chats::parse(text, context),
    }
}

/// The request and response of a call, in Messages form; empty where the record holds none.
pub fn exchange(format: Format, raw: &[u8]) -> Exchange {
    let (text, _) = as_text(raw);
    let inner = unwrapped(&text);
    let text = inner.as_deref().unwrap_or(&text);
    let said = read_exchange(format, text);
    if said.request.is_some() || said.response.is_some() || !may_hold_text(format) {
        return said;
    }
    shipped::inside(text).map_or(said, |inside| read_exchange(format, &inside))
}

/// Whether records of a format may hold what was said.
fn may_hold_text(format: Format) -> bool {
    !matches!(
        format,
        Format::CloudTrail
            | Format::ComplianceActivities
            | Format::AuditedClient
            | Format::GoogleAuditLog
    )
}

/// The request and response that records of one call in parts hold together, what is earlier before what is later.
pub fn said<'a>(format: Format, records: impl IntoIterator<Item = &'a [u8]>) -> Exchange {
    if format == Format::OpenTelemetry {
        let texts: Vec<Cow<'_, str>> = records
            .into_iter()
            .map(|raw| as_text(raw).0)
            .map(
                |text| match unwrapped(&text).or_else(|| shipped::inside(&text)) {
                    Some(inside) => Cow::Owned(inside),
                    None => text,
                },
            )
            .collect();
        return otel::spoken::said(&texts.iter().map(Cow::as_ref).collect::<Vec<_>>());
    }
    let mut whole = Exchange::default();
    for raw in records {
        let said = exchange(format, raw);
        whole.request = whole.request.or(said.request);
        whole.response = match (whole.response, said.response) {
            (Some(first), Some(more)) if format == Format::ClaudeCodeSession => {
                Some(messages::with_blocks(first, &more))
            }
            (first, more) => first.or(more),
        };
        whole.references.extend(said.references);
    }
    whole
}

fn read_exchange(format: Format, text: &str) -> Exchange {
    match format {
        Format::BedrockInvocationLog => bedrock::exchange(text),
        Format::LiteLlm => litellm::exchange(text),
        Format::VertexRequestResponse => vertex::exchange(text),
        Format::BatchResults => batch_results::exchange(text),
        Format::LiteLlmSpend => litellm_spend::exchange(text),
        Format::Langfuse => langfuse::exchange(text),
        Format::Helicone => helicone::exchange(text),
        Format::Portkey => portkey::exchange(text),
        // Claude Code's events were read as OpenTelemetry's once.
        Format::OpenTelemetry | Format::ClaudeCode => otel::spoken::exchange(text),
        Format::ClaudeCodeSession => claude_code_sessions::exchange(text),
        Format::Kong => kong::exchange(text),
        Format::CloudflareGateway => cloudflare::exchange(text),
        Format::Har => har::exchange(text),
        Format::Cassette => cassettes::exchange(text),
        Format::InferenceHooks => inference_hooks::exchange(text),
        Format::ClaudeChats => claude_chats::exchange(text),
        Format::CloudTrail
        | Format::ComplianceActivities
        | Format::AuditedClient
        | Format::GoogleAuditLog => Exchange::default(),
    }
}

/// Why `text` is not the JSON that was asked for.
fn rejected(text: &str, error: &serde_json::Error) -> Rejected {
    use serde_json::error::Category;
    let at = format!("at line {}, column {}", error.line(), error.column());
    match error.classify() {
        Category::Eof => Rejected::new(Reason::Truncated, at),
        Category::Data if shape(text).twice_at.is_some_and(|level| level <= 2) => {
            Rejected::new(Reason::DuplicateKey, at)
        }
        Category::Data => Rejected::new(Reason::FieldType, at),
        Category::Syntax | Category::Io => Rejected::new(Reason::NotJson, at),
    }
}
