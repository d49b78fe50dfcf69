//! Did spending jump from one 30 days to the next?
//!
//! Compares the last 30 days of the trail that lie whole in it with the 30 days before. Not here:
//! budgets of replays.

use super::{Answer, Check, Day, Failure, Severity, Subject, Verdict, calls, clause, n};
use crate::settings::date_text;

pub static CHECK: Check = Check {
    id: "spend",
    title: "Spending",
    question: "Did the cost of 30 days rise by the limit or more over the 30 days before?",
    severity: Severity::Medium,
    clauses: &[clause(
        "SOC 2 CC7.2",
        "System components are monitored for anomalies.",
    )],
    run,
};

const DAY_MS: i64 = 86_400_000;
const WINDOW_DAYS: i64 = 30;
const LIMIT_PERCENT: u32 = 30;

fn run(subject: &Subject<'_>) -> Result<Vec<Answer>, Failure> {
    let days = subject.trail.days(&subject.definition.name)?;
    let limit = subject
        .definition
        .requirements
        .spend_increase_percent
        .unwrap_or(LIMIT_PERCENT);
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Ok(vec![unknown(
            "The trail holds no dated call of this deployment.".into(),
            0,
        )]);
    };
    // The last day may have been exported before it was over.
    let end = last.start_ms;
    let middle = end - WINDOW_DAYS * DAY_MS;
    let start = middle - WINDOW_DAYS * DAY_MS;
    let total: u64 = days.iter().map(|day| day.calls).sum();
    if first.start_ms > start {
        return Ok(vec![unknown(
            format!(
                "The trail goes back to {}; two times 30 whole days are needed to compare.",
                date_text(first.start_ms)
            ),
            total,
        )]);
    }
    let (before, after) = (sum(&days, start, middle), sum(&days, middle, end));
    let of = before.calls + after.calls;
    let missing = of - before.known - after.known;
    if before.cost <= 0 || missing * 10 > of {
        return Ok(vec![unknown(
            format!(
                "The cost of {} of {} in the two times 30 days is known.",
                n(of - missing),
                calls(of)
            ),
            of,
        )]);
    }
    let rise = |cost: i64| (cost - before.cost) * 100 / before.cost;
    let percent = rise(after.cost);
    let verdict = if percent >= i64::from(limit) {
        Verdict::NotMet
    } else if after.days * 4 < before.days * 3 {
        // Logs that are missing look like a fall.
        return Ok(vec![unknown(
            format!(
                "The trail has calls on {} of the last 30 whole days, and on {} of the 30 before: later logs may be missing.",
                after.days, before.days
            ),
            of,
        )]);
    } else if rise(after.with_the_missing()) >= i64::from(limit) {
        Verdict::Unknown
    } else {
        Verdict::Met
    };
    let range =
        |from: i64, to: i64| format!("started_at:{}..{}", date_text(from), date_text(to - DAY_MS));
    let known = if verdict == Verdict::Unknown {
        format!(
            " The cost of {} of {} is not known; at the average of the others the rise would reach the limit.",
            n(missing),
            calls(of)
        )
    } else if missing > 0 {
        format!(" The cost of {} of {} is not known.", n(missing), calls(of))
    } else {
        String::new()
    };
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
            dollars(before.cost),
            date_text(middle),
            dollars(after.cost)
        ),
        detail: format!(
            "By list prices; the limit is {limit} %{}. Calls on {} of the 30 days before and {} after. The last day of the trail is left out, as it may not be whole.",
            if subject
                .definition
                .requirements
                .spend_increase_percent
                .is_none()
            {
                ", as the definition names none"
            } else {
                ""
            },
            before.days,
            after.days
        ),
        how_to_fix: "Open the calls of both times by model and principal, and ask the owner what changed.",
        evidence: vec![
            subject.calls(format!("{} after", calls(after.calls)), &range(middle, end))?,
            subject.calls(
                format!("{} before", calls(before.calls)),
                &range(start, middle),
            )?,
        ],
        counted: after.calls,
        of,
        unknown: missing,
    }])
}

/// What the days of a time add up to.
#[derive(Default)]
struct Sum {
    cost: i64,
    calls: u64,
    known: u64,
    /// Days that have calls.
    days: u64,
}

impl Sum {
    /// The cost if each call of unknown cost costs what the others do on average.
    fn with_the_missing(&self) -> i64 {
        let cost = i128::from(self.cost) * i128::from(self.calls) / i128::from(self.known.max(1));
        i64::try_from(cost).unwrap_or(i64::MAX / 100)
    }
}

fn sum(days: &[Day], from: i64, to: i64) -> Sum {
    let inside = days.iter().filter(|day| (from..to).contains(&day.start_ms));
    inside.fold(Sum::default(), |sum, day| Sum {
        cost: sum.cost + day.cost_usd_micros,
        calls: sum.calls + day.calls,
        known: sum.known + day.cost_known,
        days: sum.days + 1,
    })
}

/// Whole cents; what is less than a cent and not nothing keeps its digits.
pub(super) fn dollars(micros: i64) -> String {
    if (1..10_000).contains(&micros) {
        return format!("0.{micros:06}").trim_end_matches('0').to_owned();
    }
    format!(
        "{}.{:02}",
        micros / 1_000_000,
        (micros % 1_000_000) / 10_000
    )
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
