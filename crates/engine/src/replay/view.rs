//! What replay shows: backends, plans, runs and comparisons.

use assay_domain::call::Kind;
use serde::{Deserialize, Serialize};

/// A backend that replay can send to.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct BackendRow {
    pub name: String,
    pub kind: Kind,
    /// `anthropic` or `bedrock_invoke`.
    pub dialect: String,
    /// `https://…`; the sandbox has `embedded`.
    pub base_url: String,
    /// Where it processes; `None` is unknown, and then nothing bound to a place is sent to it.
    pub place: Option<String>,
    /// `x_api_key`, `bearer`, `sigv4`, `none`.
    pub auth: String,
    /// Sends this model instead of the call's own.
    pub model: Option<String>,
    /// The endpoint's address may be private.
    pub private: bool,
    pub builtin: bool,
    /// Whether a key is there: `keychain`, `environment`, `none`, `not_needed`, or why it can't be told.
    pub key: String,
    /// The last four characters of the key.
    pub key_last4: Option<String>,
}

/// Saves a backend; the key is set apart.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct SaveBackend {
    pub name: String,
    pub kind: Kind,
    pub dialect: String,
    pub base_url: String,
    #[ts(optional)]
    pub place: Option<String>,
    pub auth: String,
    #[ts(optional)]
    pub model: Option<String>,
    pub private: bool,
}

/// Puts a key into the operating system's keychain.
#[derive(Deserialize, ts_rs::TS)]
pub struct SetKey {
    pub backend: String,
    pub key: String,
}

/// Names a backend.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct BackendRef {
    pub name: String,
}

/// Asks for a plan; nothing is sent.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct PlanReplay {
    pub backend: String,
    pub query: String,
    /// A policy's name, or `none` (only towards the call's own deployment kind and place).
    pub policy: String,
    /// At most this many calls, newest first: 1–10,000; 100 where absent.
    #[ts(optional)]
    pub limit: Option<u32>,
    /// US dollars as a decimal string.
    #[ts(optional)]
    pub budget_usd: Option<String>,
}

/// What would happen to one call.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct PlanItem {
    pub call_id: String,
    pub deployment: String,
    pub started_at: Option<String>,
    pub model: Option<String>,
    /// `sendable`, `needs_redaction`, `refused`.
    pub verdict: String,
    /// Why it is refused, or what is redacted, in a sentence.
    pub reason: Option<String>,
    /// Entities that the policy treats in it.
    pub entities: u64,
    pub input_tokens: u64,
    pub output_low: u64,
    pub output_expected: u64,
    pub output_high: u64,
    /// US dollars; `None` where the model has no price.
    pub cost_low_usd: Option<String>,
    pub cost_expected_usd: Option<String>,
    pub cost_high_usd: Option<String>,
    /// What is taken out of the request before it is sent: server tools, file ids, links.
    pub removed: Vec<String>,
}

/// A plan.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ReplayPlan {
    pub id: String,
    pub backend: String,
    /// Host and port that would be sent to.
    pub destination: String,
    pub place: Option<String>,
    pub processor: String,
    pub policy: String,
    pub matching: u64,
    pub sendable: u64,
    pub needs_redaction: u64,
    pub refused: u64,
    pub items: Vec<PlanItem>,
    pub input_tokens: u64,
    pub cost_low_usd: String,
    pub cost_expected_usd: String,
    pub cost_high_usd: String,
    /// Calls that are refused because their cost can't be told.
    pub cost_unknown: u64,
    /// What the figures rest on.
    pub basis: String,
    pub warnings: Vec<String>,
    pub budget_usd: Option<String>,
    /// To be typed for a live run: says what is sent where and what it may cost. `None` for the
    /// sandbox, where nothing leaves this computer.
    pub phrase: Option<String>,
}

/// Starts a planned run.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct StartReplay {
    pub plan: String,
    /// US dollars as a decimal string; needed but for the sandbox.
    #[ts(optional)]
    pub budget_usd: Option<String>,
    #[ts(optional)]
    pub phrase: Option<String>,
}

/// Names a run.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct RunRef {
    pub run: String,
}

/// One call of a run, original against new.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct RunItem {
    pub call_id: String,
    /// `same`, `changed`, `not_compared` (answered, but the record holds no answer), `error`, `refused`, `not_run`, `unknown`.
    pub state: String,
    pub detail: Option<String>,
    /// Share of words that both answers have in common: 0–1.
    pub similarity: Option<f64>,
    pub model: Option<String>,
    pub original_input_tokens: Option<u64>,
    pub original_output_tokens: Option<u64>,
    pub input_tokens: Option<u64>,
    pub output_tokens: Option<u64>,
    pub original_latency_ms: Option<i64>,
    pub latency_ms: Option<i64>,
    pub original_cost_usd: Option<String>,
    pub cost_usd: Option<String>,
    pub http_status: Option<u16>,
}

/// A run.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ReplayRun {
    pub id: String,
    pub backend: String,
    pub destination: String,
    pub policy: String,
    /// `running`, `done`, `stopped`, `budget_reached`, `failed`.
    pub state: String,
    pub started_at: String,
    pub finished_at: Option<String>,
    pub calls: u64,
    /// Calls whose new answer was set beside the original: what `same` and `changed` are of.
    pub compared: u64,
    pub same: u64,
    pub changed: u64,
    /// Answered calls whose record holds no answer to compare with.
    pub not_compared: u64,
    pub errors: u64,
    pub refused: u64,
    pub not_run: u64,
    pub spent_usd: String,
    /// Sent calls whose cost can't be told.
    pub spent_unknown: u64,
    pub budget_usd: Option<String>,
    pub items: Vec<RunItem>,
}

/// Asks for the comparison of one call of a run.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct ShowComparison {
    pub run: String,
    pub call_id: String,
}

/// A stretch of a word-level difference.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct DiffSegment {
    /// `equal`, `removed`, `added`.
    pub change: String,
    pub text: String,
}

/// Original and new answer, masked.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Comparison {
    pub item: RunItem,
    /// Word by word.
    pub diff: Vec<DiffSegment>,
    /// Further differences: stop reason, tool calls, tokens.
    pub differs: Vec<crate::trail::view::Difference>,
}
