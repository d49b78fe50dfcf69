//! Did spending jump from one 30 days to the next?
//!
//! Compares the last 30 days of the trail that lie whole in it with the 30 days before. Not here:
//! budgets of replays.

use super::{Answer, Check, Day, Failure, Severity, Subject, Verdict, calls, clause, n};
use crate::settings::date_text;

pub static CHECK: Check = Check {
    id: "spend",
    title: "Spending",
    question: "Did the cost of 30 days rise by more than the limit over the 30 days before?",
    severity: Severity::Medium,
    clauses: &[clause("SOC 2 CC7.2", "System components are monitored for anomalies.")],
    run,
};

const DAY_MS: i64 = 86_400_000;
const WINDOW_DAYS: i64 = 30;
const LIMIT_PERCENT: u32 = 30;

fn run(subject: &Subject<'_>) -> Result<Vec<Answer>, Failure> {
    let days = subject.trail.days(&subject.definition.name)?;
    let limit = subject.definition.requirements.spend_increase_percent.unwrap_or(LIMIT_PERCENT);
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Ok(vec![unknown("The trail holds no dated call of this deployment.".into(), 0)]);
    };
    // The last day may have been exported before it was over.
    let end = last.start_ms;
    let middle = end - WINDOW_DAYS * DAY_MS;
    let start = middle - WINDOW_DAYS * DAY_MS;
    let total: u64 = days.iter().map(|day| day.calls).sum();
    if first.start_ms > start {
        return Ok(vec![unknown(
            format!("The trail goes back to {}; two times 30 whole days are needed to compare.", date_text(first.start_ms)),
            total,
        )]);
    }
    let sum = |from: i64, to: i64| {
        let inside = days.iter().filter(|day| (from..to).contains(&day.start_ms));
        inside.fold((0_i64, 0_u64, 0_u64), |(cost, count, known), day: &Day| {
            (cost + day.cost_usd_micros, count + day.calls, known + day.cost_known)
        })
    };
    let ((before, before_calls, before_known), (after, after_calls, after_known)) = (sum(start, middle), sum(middle, end));
    let of = before_calls + after_calls;
    let missing = of - before_known - after_known;
    if before <= 0 || missing * 10 > of {
        return Ok(vec![unknown(format!("The cost of {} of {} in the two times 30 days is not known.", n(missing), calls(of)), of)]);
    }
    let percent = (after - before) * 100 / before;
    let verdict = if percent >= i64::from(limit) { Verdict::NotMet } else { Verdict::Met };
    let range = |from: i64, to: i64| format!("started_at:{}..{}", date_text(from), date_text(to - DAY_MS));
    let known = if missing > 0 { format!(" The cost of {} of {} is not known.", n(missing), calls(of)) } else { String::new() };
    Ok(vec![Answer {
        subject: "all calls".into(),
        verdict,
        title: format!(
            "Spending {}: ${} in the 30 days before {}, ${} in the 30 days after.{known}",
            match percent {
                0 => "changed by less than 1 %".to_owned(),
                1.. => format!("rose {percent} %"),
                _ => format!("fell {} %", percent.abs()),
            },
            dollars(before),
            date_text(middle),
            dollars(after)
        ),
        detail: format!("By list prices; the limit is {limit} %. The last day of the trail is left out, as it may not be whole."),
        how_to_fix: "Open the calls of both times by model and principal, and ask the owner what changed.",
        evidence: vec![
            subject.calls(format!("{} after", calls(after_calls)), &range(middle, end))?,
            subject.calls(format!("{} before", calls(before_calls)), &range(start, middle))?,
        ],
        counted: after_calls,
        of,
        unknown: missing,
    }])
}

fn dollars(micros: i64) -> String {
    format!("{}.{:02}", micros / 1_000_000, (micros % 1_000_000) / 10_000)
}

fn unknown(title: String, of: u64) -> Answer {
    Answer {
        subject: "all calls".into(),
        verdict: Verdict::Unknown,
        title,
        detail: "A rise can be told only where both times are whole and priced.".into(),
        how_to_fix: "Import the logs of a longer period, and bring the price table up to date.",
        evidence: Vec::new(),
        counted: 0,
        of,
        unknown: of,
    }
}
