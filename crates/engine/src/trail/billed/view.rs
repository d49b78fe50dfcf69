//! What the provider's usage and cost reports say, as it crosses to the window and the terminal.
//!
//! Tokens stand in disjoint buckets, money in US dollars as decimal strings. Not here: reading and comparing
//! (`billed`).

use serde::{Deserialize, Serialize};

use crate::trail::view::Rule;

/// Asks for rows of reports.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct AskUsage {
    /// A date or RFC 3339; buckets that begin then or later.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// A date or RFC 3339; buckets that begin before it.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Rows of this model, with a date or without.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// `usage` or `cost`.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// Only rows that count, or only those that don't.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<bool>,
    /// What a page before it answered as `next`.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// At most this many rows, 200 where absent.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Rows of reports, the newest bucket first.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct UsagePage {
    pub rows: Vec<UsageRow>,
    /// Rows that match, those of other pages included.
    pub total: u64,
    /// Of these, rows that count.
    pub counted: u64,
    /// What the counted rows of usage reports hold together; `None` where none of them matches.
    pub tokens: Option<TokenCounts>,
    /// The same of cost reports, US dollars.
    pub amount_usd: Option<String>,
    /// Rows of a cost report in another currency, which are in no sum.
    pub other_currency: u64,
    /// Asks for the page behind this one.
    pub next: Option<String>,
    /// Which rows count.
    pub rule: String,
}

/// Tokens in disjoint buckets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct TokenCounts {
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub cache_read_tokens: u64,
    pub cache_write_5m_tokens: u64,
    pub cache_write_1h_tokens: u64,
    /// All of them.
    pub all: u64,
}

/// A row of a report.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct UsageRow {
    /// As `next` would name it.
    pub id: String,
    /// `usage` or `cost`.
    pub report: String,
    /// RFC 3339, UTC; half-open.
    pub from: String,
    pub to: String,
    /// The deployment whose report it is, where the import said so.
    pub deployment: Option<String>,
    pub model: Option<String>,
    pub workspace_id: Option<String>,
    pub api_key_id: Option<String>,
    pub account_id: Option<String>,
    pub service_account_id: Option<String>,
    pub service_tier: Option<String>,
    pub context_window: Option<String>,
    pub inference_geo: Option<String>,
    pub cost_type: Option<String>,
    pub token_type: Option<String>,
    pub description: Option<String>,
    /// Of a usage report.
    pub tokens: Option<TokenCounts>,
    pub web_searches: Option<u64>,
    /// Of a cost report; `None` where its currency is not the US dollar.
    pub amount_usd: Option<String>,
    pub currency: Option<String>,
    /// False where another row says the same of this time.
    pub counts: bool,
    /// The import that brought it, and the line of its bucket.
    pub batch: String,
    pub path: String,
    pub line: u64,
}

/// What the provider counted and billed against what the trail holds.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct BilledComparison {
    /// Rows of usage reports in the period; 0: what was used is unknown.
    pub usage_rows: u64,
    /// Rows of cost reports in the period; 0: what was billed is unknown.
    pub cost_rows: u64,
    /// By deployment and model, over all days that are compared.
    pub models: Vec<BilledModel>,
    /// Day by day, the newest first.
    pub lines: Vec<BilledLine>,
    /// Earlier lines that are not shown.
    pub left_out: u64,
    /// Calls on days that no report covers.
    pub uncovered_calls: u64,
    pub uncovered_query: Option<String>,
    /// Billed cost that is of no model, by its type.
    pub other_costs: Vec<OtherCost>,
    /// What the state of a line means.
    pub states: Vec<Rule>,
    /// How it is compared, and which rows count.
    pub rules: Vec<String>,
}

/// Cost of no model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct OtherCost {
    pub cost_type: String,
    pub usd: String,
}

/// One model over the days that a usage report covers.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct BilledModel {
    /// `None`: all deployments of the Claude API.
    pub deployment: Option<String>,
    /// `None`: all models, where the report is not grouped by them; empty: the request named none.
    pub model: Option<String>,
    /// Days that a usage report covers, wholly or in part.
    pub days: u64,
    /// `None` where no usage report covers a day: unknown.
    pub billed: Option<TokenCounts>,
    /// What the trail holds of the same hours; `None` where it holds no call of it.
    pub held: Option<TokenCounts>,
    /// Calls of the trail in these hours, and how many answered ones lack token counts.
    pub calls: u64,
    pub without_tokens: u64,
    pub calls_query: String,
    pub usage: AskUsage,
    /// Days that a cost report covers.
    pub cost_days: u64,
    pub billed_usd: Option<String>,
    /// By the price table, of the same days; `None` where the trail holds no call of them.
    pub held_usd: Option<String>,
    /// Answered calls of these days whose cost is not known.
    pub without_cost: u64,
    pub cost: AskUsage,
    pub state: String,
}

/// One day and model.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct BilledLine {
    pub day: String,
    pub deployment: Option<String>,
    pub model: Option<String>,
    /// Hours of the day that are compared; 0 where no usage report covers any.
    pub hours: u32,
    pub billed: Option<TokenCounts>,
    pub held: Option<TokenCounts>,
    pub calls: u64,
    pub without_tokens: u64,
    pub calls_query: String,
    pub usage: AskUsage,
    pub billed_usd: Option<String>,
    pub held_usd: Option<String>,
    pub state: String,
}
