//! A call: one request to a model and its response, with metadata, as one source recorded it.
//!
//! In: what a format's parser found in a record. Out: the normalised fields, in disjoint token
//! buckets and UTC milliseconds. Not here: the text of the request and the response (see
//! `exchange`), prices (see `price`), where a call is stored.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How a deployment is reached: the four kinds that the product tells apart.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The Claude API and Anthropic's own platforms; Anthropic processes.
    ClaudeApi,
    /// Amazon Bedrock; AWS processes.
    Bedrock,
    /// Google Vertex AI; Google processes.
    Vertex,
    /// A private endpoint: whoever operates it processes.
    Private,
    /// Anthropic's own applications on the plan Claude Enterprise: chats, Cowork, Claude Code; Anthropic processes.
    ClaudeEnterprise,
}

impl Kind {
    /// All kinds, in the order of their numbers in a store and in which screens and reports list them.
    pub const ALL: [Self; 5] = [
        Self::ClaudeApi,
        Self::Bedrock,
        Self::Vertex,
        Self::Private,
        Self::ClaudeEnterprise,
    ];

    /// The name in JSON, SQL and queries: `claude_api`, `bedrock`, `vertex`, `private`, `claude_enterprise`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClaudeApi => "claude_api",
            Self::Bedrock => "bedrock",
            Self::Vertex => "vertex",
            Self::Private => "private",
            Self::ClaudeEnterprise => "claude_enterprise",
        }
    }

    /// The name that people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::ClaudeApi => "Claude API",
            Self::Bedrock => "Amazon Bedrock",
            Self::Vertex => "Google Vertex AI",
            Self::Private => "Private endpoint",
            Self::ClaudeEnterprise => "Claude Enterprise",
        }
    }

    /// The kind with this `name`, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Whether the model answered.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Ok,
    Error,
}

impl Status {
    /// `ok` or `error`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "error",
        }
    }
}

/// Token counts in disjoint buckets: no token is counted in two of them.
///
/// `None` means that the source does not say, which is not the same as 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tokens {
    /// Input that was neither read from nor written to a prompt cache.
    pub input: Option<u64>,
    pub output: Option<u64>,
    pub cache_read: Option<u64>,
    pub cache_write_5m: Option<u64>,
    pub cache_write_1h: Option<u64>,
}

/// What the source kept of the request and response text.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// The text is in the record.
    Present,
    /// The source can hold text, and this record has none (text delivery off, an error …).
    Missing,
    /// The record names another object that holds the text (`s3://…`).
    ByReference,
    /// The source never holds text (CloudTrail, the AuditedClient log).
    NotCarried,
}

impl Body {
    /// The name in JSON, SQL and queries.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Missing => "missing",
            Self::ByReference => "by_reference",
            Self::NotCarried => "not_carried",
        }
    }
}

/// A feature that a call used and that matters for retention (`handling.md` §1.2).
///
/// The order is the bit order in the store and never changes.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    Streaming,
    Tools,
    CodeExecution,
    Container,
    FileReference,
    McpServers,
    Batch,
    WebSearch,
    WebFetch,
    PromptCaching,
    Thinking,
    StructuredOutput,
    Image,
    Document,
    Guardrail,
    /// A model that its vendor serves only with retention (Covered Models).
    CoveredModel,
    BearerToken,
    /// Sent to the Bedrock endpoint that speaks the Claude API (`bedrock-mantle`).
    BedrockMantle,
}

impl Feature {
    /// All features, in bit order.
    pub const ALL: [Self; 18] = [
        Self::Streaming,
        Self::Tools,
        Self::CodeExecution,
        Self::Container,
        Self::FileReference,
        Self::McpServers,
        Self::Batch,
        Self::WebSearch,
        Self::WebFetch,
        Self::PromptCaching,
        Self::Thinking,
        Self::StructuredOutput,
        Self::Image,
        Self::Document,
        Self::Guardrail,
        Self::CoveredModel,
        Self::BearerToken,
        Self::BedrockMantle,
    ];

    /// The name in JSON and queries.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Streaming => "streaming",
            Self::Tools => "tools",
            Self::CodeExecution => "code_execution",
            Self::Container => "container",
            Self::FileReference => "file_reference",
            Self::McpServers => "mcp_servers",
            Self::Batch => "batch",
            Self::WebSearch => "web_search",
            Self::WebFetch => "web_fetch",
            Self::PromptCaching => "prompt_caching",
            Self::Thinking => "thinking",
            Self::StructuredOutput => "structured_output",
            Self::Image => "image",
            Self::Document => "document",
            Self::Guardrail => "guardrail",
            Self::CoveredModel => "covered_model",
            Self::BearerToken => "bearer_token",
            Self::BedrockMantle => "bedrock_mantle",
        }
    }

    /// The bit that stands for this feature in [`Features`].
    pub const fn bit(self) -> u32 {
        1 << (self as u32)
    }
}

/// A set of [`Feature`]s.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Features(pub u32);

impl Features {
    /// Adds `feature`.
    pub fn insert(&mut self, feature: Feature) {
        self.0 |= feature.bit();
    }

    /// Whether `feature` is in the set.
    pub fn contains(self, feature: Feature) -> bool {
        self.0 & feature.bit() != 0
    }

    /// The features in the set, in bit order.
    pub fn iter(self) -> impl Iterator<Item = Feature> {
        Feature::ALL
            .into_iter()
            .filter(move |feature| self.contains(*feature))
    }
}

/// Something odd in a record that was accepted all the same; named, counted and shown.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Oddity {
    /// The record has no time.
    TimeMissing,
    /// The time can't be read.
    TimeUnreadable,
    /// The time has no zone, and the format does not define one; it was read as UTC.
    TimeWithoutZone,
    /// The time is before 2015 or more than a day after the import.
    TimeOutOfRange,
    /// A count or an amount is negative, fractional or too large to be one.
    NumberOutOfRange,
    /// A key stands twice in one object; the last value was used.
    DuplicateKey,
    /// A string holds a lone surrogate or an invalid UTF-8 sequence; shown with a marker.
    TextDamaged,
    /// The body holds something that this program does not know how to read.
    BodyUnreadable,
    /// The source masked text of the call, or put a note in its place.
    TextMasked,
    /// A placeholder of the gateway stands where the text would.
    TextPlaceholder,
    /// The source says that the call succeeded, and its record holds an error.
    ErrorAsSuccess,
    /// The source writes a call in parts; this record is a later one, of the same id.
    PartOfCall,
}

impl Oddity {
    /// All, in the bit order of the store; append only.
    pub const ALL: [Self; 12] = [
        Self::TimeMissing,
        Self::TimeUnreadable,
        Self::TimeWithoutZone,
        Self::TimeOutOfRange,
        Self::NumberOutOfRange,
        Self::DuplicateKey,
        Self::TextDamaged,
        Self::BodyUnreadable,
        Self::TextMasked,
        Self::TextPlaceholder,
        Self::ErrorAsSuccess,
        Self::PartOfCall,
    ];

    /// The name in JSON and queries.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TimeMissing => "time_missing",
            Self::TimeUnreadable => "time_unreadable",
            Self::TimeWithoutZone => "time_without_zone",
            Self::TimeOutOfRange => "time_out_of_range",
            Self::NumberOutOfRange => "number_out_of_range",
            Self::DuplicateKey => "duplicate_key",
            Self::TextDamaged => "text_damaged",
            Self::BodyUnreadable => "body_unreadable",
            Self::TextMasked => "text_masked",
            Self::TextPlaceholder => "text_placeholder",
            Self::ErrorAsSuccess => "error_as_success",
            Self::PartOfCall => "part_of_call",
        }
    }

    /// The bit that stands for this oddity in the store.
    pub const fn bit(self) -> u32 {
        1 << (self as u32)
    }
}

/// One request to a model and its response, as one source recorded it.
///
/// A field that the source does not carry is `None`, never 0 or "".
/// `Debug` is not derived: `metadata` may hold personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct Call {
    pub kind: Kind,
    /// UTC milliseconds since 1970.
    pub started_at_ms: Option<i64>,
    pub latency_ms: Option<i64>,
    /// The model id as the request named it.
    pub request_model: Option<String>,
    /// The model id as the response named it.
    pub response_model: Option<String>,
    /// Where the request was sent: a provider's region name, or `us`, `global` for `inference_geo`.
    pub requested_region: Option<String>,
    /// Where it ran, only where the record proves it.
    pub served_region: Option<String>,
    /// Who called: an ARN, an e-mail address, a key alias …
    pub principal: Option<String>,
    pub source_ip: Option<String>,
    pub status: Status,
    pub http_status: Option<u16>,
    pub error_type: Option<String>,
    pub stop_reason: Option<String>,
    pub tokens: Tokens,
    /// What the source says the call cost, in micro-dollars.
    pub reported_cost_usd_micros: Option<i64>,
    pub classification: Option<String>,
    /// Every id that may join this record to another source's, by name:
    /// `aws_request_id`, `anthropic_request_id`, `message_id`, `gateway_id`, `client_request_id` …
    pub request_ids: BTreeMap<String, String>,
    pub conversation_id: Option<String>,
    /// AWS account, Anthropic workspace, Google project: what matches a deployment.
    pub account: Option<String>,
    /// Host name that the call was sent to, where the record names it.
    pub endpoint: Option<String>,
    /// AWS `vpcEndpointId` or the like: evidence of a private network path.
    pub private_path: Option<String>,
    /// Free key/value pairs of the caller; may hold personal data.
    pub metadata: BTreeMap<String, String>,
    pub features: Features,
    pub body: Body,
    pub oddities: Vec<Oddity>,
}

impl Call {
    /// The error of a call of which nobody recorded what became of it: nobody knows that it succeeded.
    pub const NO_OUTCOME: &str = "no_outcome_recorded";

    /// A call with nothing known but its kind and status.
    pub fn new(kind: Kind, status: Status) -> Self {
        Self {
            kind,
            started_at_ms: None,
            latency_ms: None,
            request_model: None,
            response_model: None,
            requested_region: None,
            served_region: None,
            principal: None,
            source_ip: None,
            status,
            http_status: None,
            error_type: None,
            stop_reason: None,
            tokens: Tokens::default(),
            reported_cost_usd_micros: None,
            classification: None,
            request_ids: BTreeMap::new(),
            conversation_id: None,
            account: None,
            endpoint: None,
            private_path: None,
            metadata: BTreeMap::new(),
            features: Features::default(),
            body: Body::NotCarried,
            oddities: Vec::new(),
        }
    }

    /// The names of ids by which another source's record of the same call can be found
    /// (`formats.md`, "Join keys"). An id of another name joins records of its own source only.
    /// LiteLLM gives its own to what it logs and to what it writes into its table.
    pub const SHARED_IDS: [&str; 4] = [
        "aws_request_id",
        "anthropic_request_id",
        "message_id",
        "litellm_id",
    ];

    /// The names of ids that a record has of its own: its source writes several of one call (a span
    /// and an event, spans of two instrumentations), each of which says what it saw.
    const OWN_IDS: [&str; 2] = ["otel_span_id", "otel_event_id"];

    /// Whether another record of the same source that has the id `name` in common claims to be this
    /// one, so that it contradicts it where it says something else.
    pub fn is_record_id(&self, name: &str) -> bool {
        Self::OWN_IDS.contains(&name)
            || !Self::OWN_IDS
                .iter()
                .any(|own| self.request_ids.contains_key(*own))
    }
}
