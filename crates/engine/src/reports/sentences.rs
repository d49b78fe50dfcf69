//! The plain sentences of a report: its summary, and what it does not cover.

use super::contents::Scope;
use crate::checks::view::FindingRow;
use crate::error::Result;
use crate::evidence::integrity::view::StoreCheck;
use crate::opening::{Engine, read_query};
use assay_domain::checks::{calls, counted, were};
use assay_domain::query::keys::Table;
use assay_domain::settings::date_text;
use assay_report::model::{Figure, Value, Verdicts, money, thousands};

/// What the evidence behind a report proves. Source: RFC 9162 §2.1 on what a signed tree commits to.
pub(super) const PROVES: [&str; 2] = [
    "Nothing before the checkpoint that is named here was changed, removed, inserted or reordered since it was signed: to anybody who holds this report or that checkpoint, the first key's fingerprint and an evidence pack, without this program.",
    "Each record in an evidence pack has exactly the bytes that were committed to when it was recorded.",
];

/// What it does not prove.
pub(super) const DOES_NOT_PROVE: [&str; 4] = [
    "That the sources told the truth, or that everything that they recorded was imported.",
    "Anything since the last checkpoint that somebody else vouches for: the signing key is on the operator's computer, and its owner could build the trail anew and sign it again.",
    "Who sat at the computer: the names are those of its users, and of keys as they were registered.",
    "That this report is a pack: it holds counts and statements, no proofs.",
];

/// What the last check of the store found.
pub(super) fn checked(check: Option<&StoreCheck>) -> String {
    let Some(check) = check else {
        return "Beyond what opening the store looks at, it was not checked yet.".to_owned();
    };
    let what = match check.depth.as_str() {
        "tree" => "the tree",
        "leaves" => "the tree and all leaves",
        _ => "the tree, all leaves and all records",
    };
    let found = match check.damaged {
        0 if check.ok => "nothing was damaged".to_owned(),
        1 => "1 damaged place was found".to_owned(),
        damaged => format!("{} damaged places were found", thousands(damaged)),
    };
    format!(
        "Checked at {}, {what} up to #{}: {found}.",
        check.at,
        thousands(check.size)
    )
}

/// Which calls and settings findings are of. The checks read the whole trail, whatever a report is of.
///
/// In milliseconds: the first and the last call of the deployments that the report is of, and its period.
pub(super) fn findings_of(
    (first, last): (Option<i64>, Option<i64>),
    (from, to): (i64, i64),
) -> String {
    let settings = "and of the settings as they were when they were collected";
    match first.zip(last) {
        None => {
            format!("Findings are of the whole trail, which holds no call with a time, {settings}.")
        }
        Some((first, last)) if first >= from && last < to => {
            format!("Findings are of the whole trail, all of which is in this period, {settings}.")
        }
        Some((first, last)) => format!(
            "Findings are of the whole trail, calls from {} to {}, {settings}: not of this period alone.",
            date_text(first),
            date_text(last)
        ),
    }
}

/// `findings_of` says what the findings are of; `None` where the checks were not run.
pub(super) fn summary(
    figures: &[Figure],
    verdicts: &Verdicts,
    rows: &[&FindingRow],
    findings_of: Option<&String>,
    deployments: usize,
) -> Vec<String> {
    let value = |id: &str| figures.iter().find(|figure| figure.id == id);
    let count = |id: &str| {
        value(id).map_or(0, |figure| match figure.value {
            Value::Count(count) | Value::Share(count) => count,
            _ => 0,
        })
    };
    let total = count("calls");
    let mut sentences = vec![format!(
        "The trail holds {} of {} in this period; {} of them failed.",
        calls(total),
        counted(deployments as u64, "deployment"),
        thousands(count("errors"))
    )];
    if let Some(Figure {
        value: Value::Money(micros),
        denominator: Some(known),
        ..
    }) = value("cost")
    {
        sentences.push(format!(
            "They cost {} by list prices; the cost of {} of {} is known.",
            money(*micros),
            thousands(known.value),
            calls(total)
        ));
    }
    sentences.push(format!(
        "Where {} of {} ran is proved by their records; where {} ran is not known.",
        thousands(count("region_known")),
        calls(total),
        thousands(count("region_unknown"))
    ));
    if let Some(findings_of) = findings_of {
        sentences.push(findings_of.clone());
        sentences.push(format!(
            "Of {}, not met: {}; unknown: {}; met: {}; waived: {}.",
            counted(rows.len() as u64, "finding"),
            thousands(verdicts.not_met),
            thousands(verdicts.unknown),
            thousands(verdicts.met),
            thousands(verdicts.waived)
        ));
        let mut worst: Vec<&&FindingRow> =
            rows.iter().filter(|row| row.verdict == "not_met").collect();
        worst.sort_by_key(|row| {
            std::cmp::Reverse(assay_domain::checks::Severity::from_name(&row.severity))
        });
        for row in worst.iter().take(5) {
            sentences.push(format!("{}: {}", row.deployment, row.title));
        }
    } else {
        sentences.push("The checks were not run, so nothing is said about what is met.".to_owned());
    }
    sentences
}

pub(super) fn not_covered(
    engine: &Engine,
    scope: &Scope<'_>,
    deployments: usize,
    rejected: u64,
    checked: Option<&str>,
    since: u64,
) -> Result<Vec<String>> {
    let store = engine.store();
    let mut sentences = Vec::new();
    let without_time = store
        .count(&read_query("-has:started_at", Table::Calls)?)?
        .0;
    if without_time > 0 {
        sentences.push(format!(
            "In no period: {} of the trail without a time that can be read.",
            calls(without_time)
        ));
    }
    let without_text = scope.count("-body:present")?;
    if without_text > 0 {
        sentences.push(format!("Without text: {}, not searched for personal data, and of which no features can be seen.", calls(without_text)));
    }
    let unplaced = scope.count("-has:served_region")?;
    if unplaced > 0 {
        sentences.push(format!("No record tells where {} ran.", calls(unplaced)));
    }
    let unpriced = scope.count("-has:cost_usd")?;
    if unpriced > 0 {
        sentences.push(format!(
            "The cost of {} is not known and is in no sum.",
            calls(unpriced)
        ));
    }
    if rejected > 0 {
        sentences.push(format!(
            "In no figure: {} of imported files that could not be read.",
            counted(rejected, "line")
        ));
    }
    sentences.push("Calls that no imported source recorded are not in this report; a log can't show what it did not record.".to_owned());
    sentences.push("Findings, and what was observed of data handling, speak of all imported calls and of the settings on the day they were collected, not only of this period.".to_owned());
    match checked {
        Some(_) if since > 0 => sentences.push(format!(
            "{} {} added after the checks were run.",
            counted(since, "record"),
            were(since)
        )),
        Some(_) => {}
        None => sentences.push("The checks were not run.".to_owned()),
    }
    if deployments == 0 {
        sentences.push("No deployment is in scope.".to_owned());
    }
    sentences.push(format!(
        "Which clause a check reads, as of {}, is our mapping: confirm it with your auditor. A check that is met is no statement that a clause is.",
        assay_domain::checks::CLAUSES_AS_OF
    ));
    sentences
        .push("Vendors' statements are quoted with their date and were not tested.".to_owned());
    Ok(sentences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_of_a_part_says_that_findings_are_of_more() {
        const DAY: i64 = 86_400_000;
        let of = |first, last| findings_of((first, last), (10 * DAY, 20 * DAY));
        assert!(of(Some(2 * DAY), Some(15 * DAY)).contains("calls from 1970-01-03 to 1970-01-16"));
        assert!(of(Some(11 * DAY), Some(20 * DAY)).ends_with("not of this period alone."));
        assert!(of(Some(10 * DAY), Some(19 * DAY)).contains("all of which is in this period"));
        assert!(of(None, None).contains("no call with a time"));
    }
}
