//! The provider's usage and cost reports: their rows, and the comparison with the trail.
//!
//! In: a period. Out: rows with where they came from; by day and model what the provider counted
//! and billed and what the trail holds, each with what opens it. Not here: taking reports in
//! (`packing`), the rules (`assay_domain::billed`).

pub mod view;

use std::collections::BTreeMap;

use assay_domain::billed::comparing::{self, Line, RULE, State, compare, other_costs, plain_model};
use assay_domain::billed::counting::{self, Placed, counted};
use assay_domain::billed::{Dimensions, Report};
use assay_domain::coverage::{DAY_MS, billed_beyond};
use assay_domain::moment::rfc3339;
use assay_domain::settings::date_text;
use assay_store::billed::BilledRecord;
use assay_store::coverage::Period;

use crate::error::{Code, Result, WireError};
use crate::opening::Engine;
use crate::trail::billed::view::{
    AskUsage, BilledComparison, BilledLine, BilledModel, OtherCost, TokenCounts, UsagePage,
    UsageRow,
};
use crate::trail::costs::usd;
use crate::trail::reconciling::period_of;
use crate::trail::reconciling::view::AskReconciliation;
use crate::trail::view::Rule;

/// Rows of a page, where nothing was asked for, and at most.
const ROWS: u32 = 200;
const MOST_ROWS: u32 = 10_000;
/// Lines by day that a comparison answers.
const LINES: usize = 400;

/// What reports say of a period's whole days, and the comparison with the trail.
pub(crate) struct Known {
    rows: Vec<Placed>,
    pub(crate) lines: Vec<Line>,
}

impl Known {
    /// Reads and compares; nothing where no report was imported.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn read(engine: &Engine, period: Period) -> Result<Self> {
        let store = engine.store();
        if !store.has_billed()? {
            return Ok(Self {
                rows: Vec::new(),
                lines: Vec::new(),
            });
        }
        // A day that the period cuts can't be compared with a bucket of a day.
        let days = Period {
            from_ms: period.from_ms.map(|ms| -(-ms).div_euclid(DAY_MS) * DAY_MS),
            to_ms: period.to_ms.map(|ms| ms.div_euclid(DAY_MS) * DAY_MS),
        };
        let rows: Vec<Placed> = store
            .billed(days)?
            .iter()
            .map(BilledRecord::placed)
            .collect();
        let mut deployments: Vec<i64> = rows.iter().filter_map(|row| row.deployment).collect();
        deployments.sort_unstable();
        deployments.dedup();
        let held = store.held_hours(days, &deployments)?;
        let lines = compare(&rows, &held);
        Ok(Self { rows, lines })
    }

    /// The comparison as it is shown.
    pub(crate) fn shown(&self, name: &dyn Fn(i64) -> Option<String>) -> BilledComparison {
        let of = |report: Report| {
            let rows = self
                .rows
                .iter()
                .filter(|row| row.report == report && row.dimensions.is_some());
            rows.count() as u64
        };
        let mut models: BTreeMap<(Option<i64>, Option<&str>), Vec<&Line>> = BTreeMap::new();
        for line in &self.lines {
            models
                .entry((line.deployment, line.model.as_deref()))
                .or_default()
                .push(line);
        }
        let uncovered: Vec<&Line> = self
            .lines
            .iter()
            .filter(|line| line.billed.is_none() && line.money.is_none())
            .collect();
        // What reports of single deployments cover is in no query of all.
        let is_apart = self.rows.iter().any(|row| row.deployment.is_some());
        BilledComparison {
            usage_rows: of(Report::Usage),
            cost_rows: of(Report::Cost),
            models: models
                .into_values()
                .filter_map(|lines| model(&lines, name))
                .collect(),
            lines: self
                .lines
                .iter()
                .take(LINES)
                .map(|line| line_of(line, name))
                .collect(),
            left_out: self.lines.len().saturating_sub(LINES) as u64,
            uncovered_calls: uncovered.iter().map(|line| line.held.calls).sum(),
            uncovered_query: (!uncovered.is_empty() && !is_apart).then(|| {
                let spans: Vec<_> = uncovered
                    .iter()
                    .flat_map(|line| line.spans.clone())
                    .collect();
                format!("kind:claude_api {}", comparing::during(&spans))
            }),
            other_costs: other_costs(&self.rows)
                .into_iter()
                .map(|(cost_type, usd_micros)| OtherCost {
                    cost_type,
                    usd: usd(usd_micros),
                })
                .collect(),
            states: State::ALL
                .into_iter()
                .map(|(state, says)| Rule {
                    name: state.name().to_owned(),
                    title: state.name().replace('_', " "),
                    says: says.to_owned(),
                })
                .collect(),
            rules: vec![RULE.to_owned(), counting::RULE.to_owned()],
        }
    }
}

fn counts(tokens: [u64; 5]) -> TokenCounts {
    let [input, output, read, write_5m, write_1h] = tokens;
    TokenCounts {
        input_tokens: input,
        output_tokens: output,
        cache_read_tokens: read,
        cache_write_5m_tokens: write_5m,
        cache_write_1h_tokens: write_1h,
        all: tokens.iter().sum(),
    }
}

fn sum<'a>(all: impl Iterator<Item = &'a [u64; 5]>) -> [u64; 5] {
    all.fold([0; 5], |mut sums, tokens| {
        for (sum, count) in sums.iter_mut().zip(tokens) {
            *sum += count;
        }
        sums
    })
}

/// What opens the rows of some lines of one model.
fn rows_of(lines: &[&Line], report: Report) -> AskUsage {
    let first = lines.iter().map(|line| line.day_ms).min().unwrap_or(0);
    let last = lines.iter().map(|line| line.day_ms).max().unwrap_or(0);
    AskUsage {
        from: Some(date_text(first)),
        to: Some(date_text(last + DAY_MS)),
        model: lines
            .first()
            .and_then(|line| line.model.clone())
            .filter(|model| !model.is_empty()),
        report: Some(report.name().to_owned()),
        counts: Some(true),
        ..AskUsage::default()
    }
}

/// One model over all its days; `None` where no report covers any of them.
fn model(lines: &[&Line], name: &dyn Fn(i64) -> Option<String>) -> Option<BilledModel> {
    let reported: Vec<&Line> = lines
        .iter()
        .filter(|line| line.billed.is_some())
        .copied()
        .collect();
    let charged: Vec<&Line> = lines
        .iter()
        .filter(|line| line.money.is_some())
        .copied()
        .collect();
    let of_calls = match reported.is_empty() {
        true => &charged,
        false => &reported,
    };
    let first = of_calls.first()?;
    let calls: u64 = of_calls.iter().map(|line| line.held.calls).sum();
    let money = || charged.iter().filter_map(|line| line.money.as_ref());
    let has = |state: State| reported.iter().any(|line| line.state == state);
    let state = [State::BilledMore, State::Unknown, State::HeldMore]
        .into_iter()
        .find(|state| has(*state))
        .unwrap_or(match reported.is_empty() {
            true => State::Unknown,
            false => State::Agrees,
        });
    Some(BilledModel {
        deployment: first.deployment.and_then(name),
        model: first.model.clone(),
        days: reported.len() as u64,
        billed: (!reported.is_empty())
            .then(|| counts(sum(reported.iter().filter_map(|line| line.billed.as_ref())))),
        held: (calls > 0).then(|| counts(sum(of_calls.iter().map(|line| &line.held.tokens)))),
        calls,
        without_tokens: of_calls.iter().map(|line| line.held.without_tokens).sum(),
        calls_query: billed_beyond::query(of_calls, name).unwrap_or_default(),
        usage: rows_of(&reported, Report::Usage),
        cost_days: charged.len() as u64,
        billed_usd: (!charged.is_empty())
            .then(|| usd(money().map(|money| money.billed_usd_micros).sum())),
        held_usd: money()
            .any(|money| money.calls > 0)
            .then(|| usd(money().map(|money| money.held_usd_micros).sum())),
        without_cost: money().map(|money| money.without_cost).sum(),
        cost: rows_of(&charged, Report::Cost),
        state: state.name().to_owned(),
    })
}

fn line_of(line: &Line, name: &dyn Fn(i64) -> Option<String>) -> BilledLine {
    let report = match line.billed {
        Some(_) => Report::Usage,
        None => Report::Cost,
    };
    BilledLine {
        day: date_text(line.day_ms),
        deployment: line.deployment.and_then(name),
        model: line.model.clone(),
        hours: line.hours,
        billed: line.billed.map(counts),
        held: (line.held.calls > 0).then(|| counts(line.held.tokens)),
        calls: line.held.calls,
        without_tokens: line.held.without_tokens,
        calls_query: billed_beyond::query(&[line], name).unwrap_or_default(),
        usage: rows_of(&[line], report),
        billed_usd: line
            .money
            .as_ref()
            .map(|money| usd(money.billed_usd_micros)),
        held_usd: line
            .money
            .as_ref()
            .filter(|money| money.calls > 0)
            .map(|money| usd(money.held_usd_micros)),
        state: line.state.name().to_owned(),
    }
}

/// Rows of reports, the newest bucket first, and what those that count hold together.
///
/// # Errors
/// `bad_input` for the period, the report or `after`; the store's.
pub fn usage(engine: &Engine, asked: AskUsage) -> Result<UsagePage> {
    let (period, _) = period_of(&AskReconciliation {
        from: asked.from.clone(),
        to: asked.to.clone(),
    })?;
    let report = match asked.report.as_deref() {
        None => None,
        Some(name) => Some(Report::from_name(name).ok_or_else(|| {
            WireError::new(Code::BadInput, format!("no such report: {name}"))
                .hint("`usage` or `cost`")
        })?),
    };
    let after = asked.after.as_deref().map(cursor).transpose()?;
    let store = engine.store();
    // Which rows count is told by all of the day.
    let days = Period {
        from_ms: period.from_ms.map(|ms| ms.div_euclid(DAY_MS) * DAY_MS),
        to_ms: period.to_ms.map(|ms| -(-ms).div_euclid(DAY_MS) * DAY_MS),
    };
    let records = store.billed(days)?;
    let placed: Vec<Placed> = records.iter().map(BilledRecord::placed).collect();
    let wanted = asked.model.as_deref().map(plain_model);
    let matching: Vec<(BilledRecord, bool)> = records
        .into_iter()
        .zip(counted(&placed))
        .filter(|(record, counts)| {
            let model = record.row.dimensions.model.as_deref().map(plain_model);
            record.number.is_some()
                && period.from_ms.is_none_or(|from| record.from_ms >= from)
                && period.to_ms.is_none_or(|to| record.from_ms < to)
                && report.is_none_or(|report| record.report == report)
                && wanted.is_none_or(|wanted| model == Some(wanted))
                && asked.counts.is_none_or(|only| *counts == only)
        })
        .collect();
    let names: BTreeMap<i64, String> = store
        .deployments()?
        .into_iter()
        .map(|record| (record.id, record.name))
        .collect();
    let has_counted = |report: Report| {
        matching
            .iter()
            .any(|(record, counts)| *counts && record.report == report)
    };
    let mut page = UsagePage {
        rows: Vec::new(),
        total: matching.len() as u64,
        counted: matching.iter().filter(|(_, counts)| *counts).count() as u64,
        tokens: has_counted(Report::Usage).then(|| {
            let all: Vec<[u64; 5]> = matching
                .iter()
                .filter(|(_, counts)| *counts)
                .map(|(record, _)| record.placed().tokens)
                .collect();
            counts(sum(all.iter()))
        }),
        amount_usd: has_counted(Report::Cost).then(|| {
            usd(matching
                .iter()
                .filter(|(_, counts)| *counts)
                .filter_map(|(record, _)| record.row.amount_usd_micros)
                .sum())
        }),
        other_currency: matching
            .iter()
            .filter(|(record, _)| {
                record.report == Report::Cost && record.row.amount_usd_micros.is_none()
            })
            .count() as u64,
        next: None,
        rule: counting::RULE.to_owned(),
    };
    let limit = asked.limit.unwrap_or(ROWS).clamp(1, MOST_ROWS) as usize;
    let place = |record: &BilledRecord| {
        (
            std::cmp::Reverse(record.from_ms),
            std::cmp::Reverse(record.bucket),
            record.number.unwrap_or(0),
        )
    };
    let mut ordered: Vec<(BilledRecord, bool)> = matching;
    ordered.sort_by_key(|(record, _)| place(record));
    let mut rest = ordered.into_iter().filter(|(record, _)| {
        after.is_none_or(|(from, bucket, number)| {
            place(record) > (std::cmp::Reverse(from), std::cmp::Reverse(bucket), number)
        })
    });
    let mut last = None;
    for (record, counts) in rest.by_ref().take(limit) {
        let row = row(record, counts, &names);
        last = Some(row.id.clone());
        page.rows.push(row);
    }
    page.next = rest.next().and(last);
    Ok(page)
}

fn cursor(text: &str) -> Result<(i64, i64, i64)> {
    let mut parts = text.split('.').map(str::parse::<i64>);
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Ok(from)), Some(Ok(bucket)), Some(Ok(number)), None) => Ok((from, bucket, number)),
        _ => Err(WireError::new(Code::BadInput, "`after` is no cursor")
            .hint("give what the page before answered as `next`")),
    }
}

fn row(record: BilledRecord, counting: bool, names: &BTreeMap<i64, String>) -> UsageRow {
    let tokens = (record.report == Report::Usage).then(|| counts(record.placed().tokens));
    let Dimensions {
        model,
        workspace_id,
        api_key_id,
        account_id,
        service_account_id,
        service_tier,
        context_window,
        inference_geo,
        cost_type,
        token_type,
        description,
    } = record.row.dimensions;
    UsageRow {
        id: format!(
            "{}.{}.{}",
            record.from_ms,
            record.bucket,
            record.number.unwrap_or(0)
        ),
        report: record.report.name().to_owned(),
        from: rfc3339(record.from_ms),
        to: rfc3339(record.to_ms),
        deployment: record.deployment.and_then(|id| names.get(&id).cloned()),
        model,
        workspace_id,
        api_key_id,
        account_id,
        service_account_id,
        service_tier,
        context_window,
        inference_geo,
        cost_type,
        token_type,
        description,
        tokens,
        web_searches: record.row.web_searches,
        amount_usd: record.row.amount_usd_micros.map(usd),
        currency: record.row.currency,
        counts: counting,
        batch: record.batch.to_string(),
        path: record.path,
        line: record.line,
    }
}
