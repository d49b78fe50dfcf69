//! Anthropic's usage and cost reports of the Claude API organisation, a page a month, by day and model.
//!
//! In: what the assistant's log counts, and what a key used that no application logs. Out: pages as the
//! Admin API answers them. Source: platform.claude.com, usage and cost API. Not here: calls.

use std::collections::BTreeMap;

use assay_domain::moment::rfc3339;
use serde_json::{Value, json};

use crate::error::Result;
use crate::sample::calendar::{DAY_MS, DAYS, SEPTEMBER, midnight};
use crate::sample::files::{Layout, LogFiles};

/// The model of the key that no application logs.
pub(crate) const UNLOGGED_MODEL: &str = "claude-haiku-4-5-20251001";
const APPLICATION: &str = "apikey_01NorthwindAssistant00";
const UNLOGGED: &str = "apikey_01NorthwindNotebook000";
const WORKSPACE: &str = "wrkspc_01NorthwindAssistant";

/// Tokens and micro-dollars of one day, model and key.
#[derive(Default)]
struct Sum {
    input: u64,
    output: u64,
    cost: i64,
}

/// Makes a row of a model and key.
type MakeRow = fn((&str, &str), &Sum) -> Value;

/// What the reports say.
#[derive(Default)]
pub(crate) struct Reports(BTreeMap<(usize, &'static str, &'static str), Sum>);

impl Reports {
    /// Counts a call that the application logged.
    pub(crate) fn count(&mut self, day: usize, model: &'static str, tokens: (u64, u64), cost: i64) {
        self.add((day, model, APPLICATION), tokens, cost);
    }

    /// Counts what no application logged.
    pub(crate) fn count_unlogged(&mut self, day: usize, tokens: (u64, u64), cost: i64) {
        self.add((day, UNLOGGED_MODEL, UNLOGGED), tokens, cost);
    }

    fn add(&mut self, key: (usize, &'static str, &'static str), tokens: (u64, u64), cost: i64) {
        let sum = self.0.entry(key).or_default();
        sum.input += tokens.0;
        sum.output += tokens.1;
        sum.cost += cost;
    }

    /// Writes both reports.
    ///
    /// # Errors
    /// `file_unwritable`.
    pub(crate) fn write(&self, files: &mut LogFiles) -> Result<()> {
        for (name, days) in [("2026-09", 0..SEPTEMBER), ("2026-10", SEPTEMBER..DAYS)] {
            for (report, row) in [("usage", usage as MakeRow), ("cost", cost)] {
                let data: Vec<Value> = days.clone().map(|day| self.bucket(day, row)).collect();
                files.add(
                    &format!("anthropic/{report}-report-{name}.json"),
                    Layout::Lines,
                    &json!({ "data": data, "has_more": false, "next_page": null }),
                )?;
            }
        }
        Ok(())
    }

    fn bucket(&self, day: usize, row: MakeRow) -> Value {
        let results: Vec<Value> = self
            .0
            .range((day, "", "")..(day + 1, "", ""))
            .map(|((_, model, key), sum)| row((model, key), sum))
            .collect();
        json!({
            "starting_at": rfc3339(midnight(day)),
            "ending_at": rfc3339(midnight(day) + DAY_MS),
            "results": results,
        })
    }
}

fn usage((model, key): (&str, &str), sum: &Sum) -> Value {
    json!({
        "uncached_input_tokens": sum.input,
        "cache_creation": { "ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0 },
        "cache_read_input_tokens": 0,
        "output_tokens": sum.output,
        "server_tool_use": { "web_search_requests": 0 },
        "model": model,
        "api_key_id": key,
        "workspace_id": WORKSPACE,
        "service_tier": null,
        "context_window": null,
        "inference_geo": null,
        "account_id": null,
        "service_account_id": null,
    })
}

/// The amount is a decimal string of cents.
fn cost((model, key): (&str, &str), sum: &Sum) -> Value {
    let what = match key {
        UNLOGGED => "Usage without an application",
        _ => "Usage",
    };
    json!({
        "amount": format!("{}.{:04}", sum.cost / 10_000, sum.cost % 10_000),
        "currency": "USD",
        "model": model,
        "workspace_id": WORKSPACE,
        "cost_type": "tokens",
        "token_type": null,
        "description": format!("{model} {what}"),
        "service_tier": null,
        "context_window": null,
        "inference_geo": null,
    })
}
