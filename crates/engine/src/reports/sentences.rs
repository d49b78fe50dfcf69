//! The plain sentences of a report: its summary, and what it does not cover.

use super::contents::Scope;
use crate::checks::thousands as many;
use crate::checks::view::FindingRow;
use crate::error::Result;
use crate::evidence::integrity::view::StoreCheck;
use crate::opening::{Engine, read_query};
use assay_domain::query::keys::Table;
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
        damaged => format!("{} damaged places were found", thousands(damaged)),
    };
    format!(
        "Checked at {}, {what} up to #{}: {found}.",
        check.at, check.size
    )
}

pub(super) fn summary(
    figures: &[Figure],
    verdicts: &Verdicts,
    rows: &[&FindingRow],
    checked: bool,
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
        "The trail holds {} calls of {deployments} deployment{} in this period; {} of them failed.",
        thousands(total),
        if deployments == 1 { "" } else { "s" },
        thousands(count("errors"))
    )];
    if let Some(Figure {
        value: Value::Money(micros),
        denominator: Some(known),
        ..
    }) = value("cost")
    {
        sentences.push(format!(
            "They cost {} by list prices; the cost of {} of {} calls is known.",
            money(*micros),
            thousands(known.value),
            thousands(total)
        ));
    }
    sentences.push(format!(
        "Where {} of {} calls ran is proved by their records; where {} ran is not known.",
        thousands(count("region_known")),
        thousands(total),
        thousands(count("region_unknown"))
    ));
    if checked {
        sentences.push(format!(
            "Of {} findings, {} are not met, {} are unknown, {} are met and {} are waived.",
            rows.len(),
            verdicts.not_met,
            verdicts.unknown,
            verdicts.met,
            verdicts.waived
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
    let calls = |count: u64| assay_domain::checks::calls(count);
    let mut sentences = Vec::new();
    let without_time = store
        .count(&read_query("-has:started_at", Table::Calls)?)?
        .0;
    if without_time > 0 {
        sentences.push(format!(
            "{} in the trail carry no time that can be read and are in no period.",
            calls(without_time)
        ));
    }
    let without_text = scope.count("-body:present")?;
    if without_text > 0 {
        sentences.push(format!("{} carry no text: they were not searched for personal data, and their features can't be seen.", calls(without_text)));
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
            "{} lines of imported files could not be read and are in no figure.",
            many(rejected)
        ));
    }
    sentences.push("Calls that no imported source recorded are not in this report; a log can't show what it did not record.".to_owned());
    sentences.push("Findings, and what was observed of data handling, speak of all imported calls and of the settings on the day they were collected, not only of this period.".to_owned());
    match checked {
        Some(_) if since > 0 => sentences.push(format!(
            "{} records were added after the checks were run.",
            many(since)
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
