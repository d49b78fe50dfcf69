//! What the provider says it counted and billed: the buckets of Anthropic's usage and cost reports.
//!
//! In: the bytes of one bucket, as `usage_report/messages` and `cost_report` answer it. Out: its
//! rows, with tokens in disjoint buckets and money in micro-dollars. A row is an aggregate and never
//! a call. Not here: which rows count where the same time was fetched twice (`counting`), comparing
//! with the trail (`comparing`).
//!
//! Source: platform.claude.com/docs, Usage and Cost API; as of 2026-08-22.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::call::Tokens;
use crate::formats::{Reason, Rejected};
use crate::moment::{self, WithoutZone};

pub mod comparing;
pub mod counting;

/// Milliseconds that a bucket can be long: a minute, an hour, a day.
pub const WIDTHS_MS: [i64; 3] = [60_000, 3_600_000, 86_400_000];

/// Which report a row is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Report {
    Usage,
    Cost,
}

impl Report {
    /// The name in JSON and SQL.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Cost => "cost",
        }
    }

    /// The name of the format, as imports show it.
    pub const fn format(self) -> &'static str {
        match self {
            Self::Usage => "usage_report",
            Self::Cost => "cost_report",
        }
    }

    /// The report with this name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Usage, Self::Cost]
            .into_iter()
            .find(|report| report.name() == name)
    }
}

/// A row of a report: what was used or billed in a bucket under one combination of [`Dimensions`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BilledRow {
    pub dimensions: Dimensions,
    /// Of the usage report.
    pub tokens: Tokens,
    pub web_searches: Option<u64>,
    /// Of the cost report, where its currency is US dollars.
    pub amount_usd_micros: Option<i64>,
    pub currency: Option<String>,
}

/// By what a report is grouped. `None`: not grouped by it, or none; of a workspace the default one.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dimensions {
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
}

impl Dimensions {
    /// The names of the dimensions, in the order of [`Dimensions::values`].
    pub const NAMES: [&'static str; 11] = [
        "model",
        "workspace_id",
        "api_key_id",
        "account_id",
        "service_account_id",
        "service_tier",
        "context_window",
        "inference_geo",
        "cost_type",
        "token_type",
        "description",
    ];

    /// Their values, in order.
    pub fn values(&self) -> [Option<&str>; 11] {
        [
            self.model.as_deref(),
            self.workspace_id.as_deref(),
            self.api_key_id.as_deref(),
            self.account_id.as_deref(),
            self.service_account_id.as_deref(),
            self.service_tier.as_deref(),
            self.context_window.as_deref(),
            self.inference_geo.as_deref(),
            self.cost_type.as_deref(),
            self.token_type.as_deref(),
            self.description.as_deref(),
        ]
    }
}

/// A stretch of time of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// `None` where it has no rows: both reports write that alike.
    pub report: Option<Report>,
    /// UTC milliseconds, half-open; as long as one of [`WIDTHS_MS`], and a multiple of it.
    pub from_ms: i64,
    pub to_ms: i64,
    pub rows: Vec<BilledRow>,
}

#[derive(Deserialize)]
struct RawBucket<'a> {
    starting_at: String,
    ending_at: String,
    #[serde(borrow)]
    results: Vec<RawRow<'a>>,
}

#[derive(Deserialize)]
struct RawRow<'a> {
    model: Option<String>,
    workspace_id: Option<String>,
    api_key_id: Option<String>,
    account_id: Option<String>,
    service_account_id: Option<String>,
    service_tier: Option<String>,
    context_window: Option<String>,
    inference_geo: Option<String>,
    cost_type: Option<String>,
    token_type: Option<String>,
    description: Option<String>,
    uncached_input_tokens: Option<u64>,
    output_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
    cache_creation: Option<RawWrites>,
    server_tool_use: Option<RawTools>,
    #[serde(borrow)]
    amount: Option<&'a RawValue>,
    currency: Option<String>,
}

#[derive(Deserialize)]
struct RawWrites {
    ephemeral_5m_input_tokens: Option<u64>,
    ephemeral_1h_input_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct RawTools {
    web_search_requests: Option<u64>,
}

/// Whether these bytes can be a bucket: a cheap look before they are read.
fn may_be_bucket(raw: &[u8]) -> bool {
    ["\"starting_at\"", "\"ending_at\"", "\"results\""]
        .iter()
        .all(|key| memchr::memmem::find(raw, key.as_bytes()).is_some())
}

/// Reads a bucket of a report; `None` where these bytes are none.
///
/// # Errors
/// [`Rejected`] where it is one and can't be read; the text of the row is never in it.
pub fn read(raw: &[u8], now_ms: i64) -> Option<Result<Bucket, Rejected>> {
    if !may_be_bucket(raw) {
        return None;
    }
    let keys: std::collections::BTreeMap<String, &RawValue> = serde_json::from_slice(raw).ok()?;
    if !["starting_at", "ending_at", "results"]
        .iter()
        .all(|key| keys.contains_key(*key))
    {
        return None;
    }
    Some(bucket(raw, now_ms))
}

fn bucket(raw: &[u8], now_ms: i64) -> Result<Bucket, Rejected> {
    let wrong = |detail: String| Rejected::new(Reason::FieldType, detail);
    let parsed: RawBucket<'_> = serde_json::from_slice(raw).map_err(|error| {
        // The error's own text can quote a value.
        wrong(format!("a row of a report, column {}", error.column()))
    })?;
    let time = |text: &str, name: &str| {
        let (at, _) = moment::read(text, WithoutZone::IsUtc, now_ms);
        at.ok_or_else(|| wrong(format!("`{name}` is no time between 2015 and tomorrow")))
    };
    let from_ms = time(&parsed.starting_at, "starting_at")?;
    let to_ms = time(&parsed.ending_at, "ending_at")?;
    let width = to_ms - from_ms;
    if !WIDTHS_MS.contains(&width) || from_ms.rem_euclid(width) != 0 {
        return Err(wrong(
            "a bucket is a whole minute, hour or day in UTC".to_owned(),
        ));
    }
    let report = report_of(&parsed.results)?;
    let rows = parsed
        .results
        .into_iter()
        .map(row)
        .collect::<Result<_, _>>()?;
    Ok(Bucket {
        report,
        from_ms,
        to_ms,
        rows,
    })
}

/// Which report these rows are of; one bucket never holds rows of both.
fn report_of(rows: &[RawRow<'_>]) -> Result<Option<Report>, Rejected> {
    let mut found = None;
    for row in rows {
        let is_usage = row.uncached_input_tokens.is_some() || row.output_tokens.is_some();
        let report = match (is_usage, row.amount.is_some()) {
            (true, false) => Report::Usage,
            (false, true) => Report::Cost,
            _ => {
                return Err(Rejected::new(
                    Reason::FieldMissing,
                    "`uncached_input_tokens` or `amount`",
                ));
            }
        };
        if found.is_some_and(|before| before != report) {
            return Err(Rejected::new(
                Reason::FieldType,
                "rows of two reports in one bucket",
            ));
        }
        found = Some(report);
    }
    Ok(found)
}

fn row(raw: RawRow<'_>) -> Result<BilledRow, Rejected> {
    let said = |text: Option<String>| text.filter(|text| !text.is_empty());
    let writes = raw.cache_creation.unwrap_or(RawWrites {
        ephemeral_5m_input_tokens: None,
        ephemeral_1h_input_tokens: None,
    });
    let currency = said(raw.currency);
    let is_dollars = currency
        .as_deref()
        .is_none_or(|currency| currency.eq_ignore_ascii_case("USD"));
    let amount = raw
        .amount
        .map(|amount| cents(amount.get().trim_matches('"')))
        .map(|amount| {
            amount.ok_or_else(|| Rejected::new(Reason::FieldType, "`amount` is no decimal number"))
        })
        .transpose()?;
    Ok(BilledRow {
        dimensions: Dimensions {
            model: said(raw.model),
            workspace_id: said(raw.workspace_id),
            api_key_id: said(raw.api_key_id),
            account_id: said(raw.account_id),
            service_account_id: said(raw.service_account_id),
            service_tier: said(raw.service_tier),
            context_window: said(raw.context_window),
            inference_geo: said(raw.inference_geo),
            cost_type: said(raw.cost_type),
            token_type: said(raw.token_type),
            description: said(raw.description),
        },
        tokens: Tokens {
            input: raw.uncached_input_tokens,
            output: raw.output_tokens,
            cache_read: raw.cache_read_input_tokens,
            cache_write_5m: writes.ephemeral_5m_input_tokens,
            cache_write_1h: writes.ephemeral_1h_input_tokens,
        },
        web_searches: raw
            .server_tool_use
            .and_then(|tools| tools.web_search_requests),
        amount_usd_micros: amount.filter(|_| is_dollars),
        currency,
    })
}

/// A decimal number of cents to micro-dollars, rounded half away from zero; a credit is negative.
///
/// Source: the cost report's `amount` is "a decimal string in the lowest units of the currency".
fn cents(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || !are_digits(whole) || !are_digits(part) {
        return None;
    }
    // A cent has 10,000 micro-dollars: four digits count, the fifth rounds.
    let kept: String = part.chars().chain("00000".chars()).take(5).collect();
    let tenths: i64 = whole.parse::<i64>().ok()? * 100_000 + kept.parse::<i64>().ok()?;
    let micros = (tenths + 5) / 10;
    Some(if negative { -micros } else { micros })
}
