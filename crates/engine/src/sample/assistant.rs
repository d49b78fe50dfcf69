//! The office assistant on the Claude API, as the AuditedClient logs it: no text, no Region.
//!
//! In: how many calls. Out: one log with broken lines in it. From October on a nightly job spends
//! what makes the planted rise. Not here: what Anthropic's Compliance feed says (`compliance`).

use assay_domain::call::{Kind, Tokens};
use assay_domain::moment::rfc3339;
use assay_domain::price;

use crate::error::Result;
use crate::jobs::Progress;
use crate::sample::billed::{Reports, UNLOGGED_MODEL};
use crate::sample::calendar::{DAYS, SEPTEMBER};
use crate::sample::chance::Chance;
use crate::sample::files::{Layout, LogFiles};
use crate::sample::planted;
use crate::sample::traffic::Traffic;
use crate::sample::written::Written;

const LOG: &str = "assistant/claude-calls.jsonl";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plant {
    CoveredModel,
    RetiredModel,
    NoOutcome,
}

const PLANTS: [(Plant, u64); 3] = [
    (Plant::CoveredModel, planted::COVERED_MODEL),
    (Plant::RetiredModel, planted::RETIRED_MODEL),
    (Plant::NoOutcome, planted::NO_OUTCOME),
];
const JOB_MODEL: &str = "claude-opus-4-8";
const DEPARTMENTS: [(&str, u64); 6] = [
    ("legal", 40),
    ("actuarial", 60),
    ("marketing", 90),
    ("human resources", 45),
    ("finance", 70),
    ("engineering", 120),
];
/// Ordinary calls of a thousand that fail, and the SDK's texts of it.
const FAILING_PERMILLE: u64 = 12;
const FAILURES: [(&str, u64); 4] = [
    (
        "Error code: 429 - {'type': 'error', 'error': {'type': 'rate_limit_error', 'message': 'This request would exceed the rate limit of your organization'}}",
        5,
    ),
    (
        "Error code: 529 - {'type': 'error', 'error': {'type': 'overloaded_error', 'message': 'Overloaded'}}",
        4,
    ),
    (
        "Error code: 500 - {'type': 'error', 'error': {'type': 'api_error', 'message': 'Internal server error'}}",
        1,
    ),
    (
        "Error code: 400 - {'type': 'error', 'error': {'type': 'invalid_request_error', 'message': 'prompt is too long'}}",
        2,
    ),
];
const RETIRED: &str = "Error code: 404 - {'type': 'error', 'error': {'type': 'not_found_error', 'message': 'model: claude-3-5-haiku-20241022'}}";

struct Line {
    at_ms: i64,
    model: &'static str,
    user: String,
    department: &'static str,
    messages: u64,
    outcome: Outcome,
}

enum Outcome {
    Succeeded {
        latency_ms: u64,
        input: u64,
        output: u64,
        cost: i64,
    },
    Failed(&'static str),
    Unknown,
}

/// Writes the deployment's log.
///
/// # Errors
/// `file_unwritable`, `cancelled`.
pub(crate) fn write(files: &mut LogFiles, calls: u64, progress: &Progress) -> Result<Written> {
    let mut traffic = Traffic::new("assistant: times", calls, &PLANTS);
    let mut chance = Chance::of("assistant: calls");
    let mut written = Written::default();
    let mut spending = Spending {
        october_calls: (SEPTEMBER..DAYS - 1).map(|day| traffic.calls_on(day)).sum(),
        ..Spending::default()
    };
    let mut reports = Reports::default();
    let every = calls / (planted::BROKEN_LINES + 1);
    for day in 0..DAYS {
        progress.check()?;
        for (at_ms, plant) in traffic.day(day) {
            let job = plant.is_none() && spending.is_for_the_job(day, &mut chance);
            let mut line = if job {
                spending.job(at_ms, &mut chance)
            } else {
                line(at_ms, plant, &mut chance)
            };
            spending.take(day, &mut line);
            if let Outcome::Succeeded {
                input,
                output,
                cost,
                ..
            } = line.outcome
            {
                reports.count(day, line.model, (input, output), cost);
            }
            written.calls += 1;
            written.errors += u64::from(!matches!(line.outcome, Outcome::Succeeded { .. }));
            let text = text(&line, &mut chance);
            files.add_line(LOG, Layout::Lines, &text)?;
            if written.calls.is_multiple_of(every) && written.rejected < planted::BROKEN_LINES {
                files.add_line(LOG, Layout::Lines, &broken(written.rejected, &text))?;
                written.rejected += 1;
            }
        }
    }
    let (input, output) = planted::BILLED_TOKENS;
    for day in planted::BILLED_DAYS {
        reports.count_unlogged(day, (input, output), cost(UNLOGGED_MODEL, input, output));
    }
    reports.write(files)?;
    Ok(written)
}

/// Keeps October's spending on the way to the planted rise.
#[derive(Default)]
struct Spending {
    /// Calls of 1 to 30 October; the 31st lies outside what the check compares.
    october_calls: u64,
    october_done: u64,
    september: i64,
    october: i64,
}

impl Spending {
    /// The nightly job is some of October's calls, and the last ones of what is compared, so that
    /// no ordinary call comes behind its last correction.
    fn is_for_the_job(&self, day: usize, chance: &mut Chance) -> bool {
        let last = 12.max(self.october_calls / 100);
        (SEPTEMBER..DAYS - 1).contains(&day)
            && (chance.happens(120) || self.october_done + last >= self.october_calls)
    }

    fn job(&self, at_ms: i64, chance: &mut Chance) -> Line {
        // Half a percent above the whole number that the check cuts the rise down to.
        let rise = i128::from(1_005 + 10 * planted::SPEND_RISE_PERCENT);
        let target = i128::from(self.september) * rise / 1_000 * i128::from(self.october_done + 1)
            / i128::from(self.october_calls.max(1));
        let missing = i64::try_from(target).unwrap_or(i64::MAX) - self.october;
        let output = chance.skewed(420).clamp(60, 3_000);
        let per_thousand = cost(JOB_MODEL, 1_000, 0).max(1);
        let input = (missing - cost(JOB_MODEL, 0, output)) * 1_000 / per_thousand;
        let input = input.clamp(900, 190_000) as u64;
        Line {
            at_ms,
            model: JOB_MODEL,
            user: "svc-knowledge-index".to_owned(),
            department: "engineering",
            messages: 1,
            outcome: Outcome::Succeeded {
                latency_ms: 2_000 + chance.skewed(9_000),
                input,
                output,
                cost: cost(JOB_MODEL, input, output),
            },
        }
    }

    fn take(&mut self, day: usize, line: &mut Line) {
        let amount = if let Outcome::Succeeded { cost, .. } = line.outcome {
            cost
        } else {
            0
        };
        if day < SEPTEMBER {
            self.september += amount;
        } else if day < DAYS - 1 {
            self.october += amount;
            self.october_done += 1;
        }
    }
}

fn line(at_ms: i64, plant: Option<Plant>, chance: &mut Chance) -> Line {
    let mut model = [
        "claude-sonnet-5",
        "claude-haiku-4-5-20251001",
        "claude-opus-4-8",
    ][chance.weighted(&[62, 26, 12])];
    let (department, staff) = DEPARTMENTS[chance.weighted(&DEPARTMENTS.map(|(_, staff)| staff))];
    let user = format!("nw-{}{:03}", &department[..1], chance.below(staff));
    let (input, output) = (
        chance.skewed(21_000).clamp(40, 190_000),
        chance.skewed(780).clamp(8, 16_000),
    );
    let mut outcome = Outcome::Unknown;
    match plant {
        Some(Plant::CoveredModel) => model = "claude-fable-5",
        Some(Plant::RetiredModel) => {
            (model, outcome) = ("claude-3-5-haiku-20241022", Outcome::Failed(RETIRED));
        }
        Some(Plant::NoOutcome) => {}
        None if chance.happens(FAILING_PERMILLE) => {
            outcome =
                Outcome::Failed(FAILURES[chance.weighted(&FAILURES.map(|(_, weight)| weight))].0);
        }
        None => {}
    }
    if matches!(outcome, Outcome::Unknown) && plant != Some(Plant::NoOutcome) {
        let latency_ms = 500 + chance.skewed(output * 12 + 700);
        outcome = Outcome::Succeeded {
            latency_ms,
            input,
            output,
            cost: cost(model, input, output),
        };
    }
    Line {
        at_ms,
        model,
        user,
        department,
        messages: 1 + 2 * chance.weighted(&[60, 22, 12, 6]) as u64,
        outcome,
    }
}

fn cost(model: &str, input: u64, output: u64) -> i64 {
    let tokens = Tokens {
        input: Some(input),
        output: Some(output),
        ..Tokens::default()
    };
    price::price(Kind::ClaudeApi, model, None)
        .and_then(|price| price::amount(&price, &tokens, false))
        .unwrap_or(0)
}

/// A line as Python's `json.dumps` writes it.
fn text(line: &Line, chance: &mut Chance) -> String {
    let at = rfc3339(line.at_ms);
    let status = match line.outcome {
        Outcome::Succeeded { .. } => "succeeded",
        Outcome::Failed(_) => "failed",
        Outcome::Unknown => "initiated",
    };
    let outcome = match line.outcome {
        Outcome::Succeeded {
            latency_ms,
            input,
            output,
            cost,
        } => format!(
            ", \"latency_ms\": {latency_ms}.{:02}, \"input_tokens\": {input}, \"output_tokens\": {output}, \"total_tokens\": {}, \"cost\": {}.{:06}",
            chance.below(100),
            input + output,
            cost / 1_000_000,
            cost % 1_000_000
        ),
        Outcome::Failed(error) => format!(", \"error\": \"{error}\""),
        Outcome::Unknown => String::new(),
    };
    format!(
        "{{\"request_id\": \"{}\", \"timestamp\": \"{}{:03}\", \"metadata\": {{\"user_id\": \"{}\", \"department\": \"{}\"}}, \"messages_count\": {}, \"model\": \"{}\", \"status\": \"{status}\"{outcome}}}",
        chance.uuid(),
        &at[..23],
        chance.below(1_000),
        line.user,
        line.department,
        line.messages,
        line.model,
    )
}

/// A line that no parser accepts, made from one that it would.
fn broken(number: u64, whole: &str) -> String {
    match number % planted::BROKEN_LINES {
        // The disk was full.
        0 => whole[..whole.len() / 2].to_owned(),
        // Somebody's error output went to the same file.
        1 => "Traceback (most recent call last):".to_owned(),
        2 => whole.replace("\"status\": ", "\"state\": "),
        3 => whole.replacen(
            "{\"request_id\"",
            "{\"model\": \"claude-sonnet-5\", \"request_id\"",
            1,
        ),
        4 => whole.replace("\"messages_count\": ", "\"messages_counted\": "),
        5 => whole.replacen("\"timestamp\": \"", "\"timestamp\": 1, \"at\": \"", 1),
        // A logger that cuts what is long.
        _ => format!("2026-10-22 INFO {}", &whole[..whole.len() - 9]),
    }
}
