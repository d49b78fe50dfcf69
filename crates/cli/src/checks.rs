//! `assay check`: running the checks, their findings, waivers.
//!
//! Not here: the questions (the engine).

use assay_domain::checks::Severity;
use assay_engine::checks;
use assay_engine::checks::view::{
    CheckSummary, EndWaiver, FindingRef, FindingRow, ListFindings, RunChecks, WaiveFinding,
};
use assay_engine::commands::Nothing;
use assay_engine::opening::Engine;

use crate::arguments::CheckCommand;
use crate::ending::{Ending, Outcome, heard};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{self, Column, counted, moment, pairs, table, thousands};
use crate::stopping;

/// Runs or shows checks.
pub(crate) fn run(
    given: CheckCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    match given {
        CheckCommand::Run {
            deployment,
            fail_on,
        } => {
            let watched = stopping::watched(output);
            let ran = checks::run(
                &settings.writing()?,
                &RunChecks {
                    deployments: deployment,
                },
                &watched.progress,
            );
            drop(watched);
            let summary = ran?;
            heard(findings(&summary, output))?;
            let least = fail_on.as_deref().and_then(Severity::from_name);
            return Ok(if least.is_some_and(|least| fails(&summary, least)) {
                Outcome::Found
            } else {
                Outcome::Done
            });
        }
        CheckCommand::Findings {
            deployment,
            check,
            verdict,
        } => findings(
            &checks::findings(
                &settings.reading()?,
                ListFindings {
                    deployment,
                    check,
                    verdict,
                },
            )?,
            output,
        ),
        CheckCommand::Explain { id } => finding(
            &checks::explain(&settings.reading()?, FindingRef { id })?,
            output,
        ),
        CheckCommand::List => list(&settings.reading_or_empty()?.0, output),
        CheckCommand::Waive {
            id,
            reason,
            owner,
            approver,
            until,
        } => finding(
            &checks::waive(
                &settings.writing()?,
                WaiveFinding {
                    id,
                    reason,
                    owner,
                    approver,
                    until,
                },
            )?,
            output,
        ),
        CheckCommand::Unwaive { id, reason } => finding(
            &checks::end_waiver(&settings.writing()?, EndWaiver { id, reason })?,
            output,
        ),
    }?;
    Ok(Outcome::Done)
}

/// Whether a finding that is not met, and not waived, is at least this severe.
fn fails(summary: &CheckSummary, least: Severity) -> bool {
    summary.findings.iter().any(|finding| {
        // A severity that is not known is taken for the worst.
        finding.verdict == "not_met"
            && Severity::from_name(&finding.severity).is_none_or(|severity| severity >= least)
    })
}

fn findings(summary: &CheckSummary, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(summary);
    }
    let columns = [
        Column::Whole("finding"),
        Column::Whole("verdict"),
        Column::Whole("severity"),
        Column::Text("deployment"),
        Column::Text("what was found"),
    ];
    let rows: Vec<Vec<String>> = summary
        .findings
        .iter()
        .map(|finding| {
            vec![
                finding.id.clone(),
                finding.verdict.replace('_', " "),
                finding.severity.clone(),
                finding.deployment.clone(),
                finding.title.clone(),
            ]
        })
        .collect();
    let empty = if summary.ran_at.is_some() {
        "no finding"
    } else {
        "the checks were not run yet; see `assay check run`"
    };
    output.text(&table(&columns, &rows, empty))?;
    if let Some(ran_at) = &summary.ran_at {
        let since = not_covered(summary);
        output.note(&format!(
            "\n{} met, {} not met, {} unknown, {} waived; checked {}{since}",
            summary.met,
            summary.not_met,
            summary.unknown,
            summary.waived,
            moment(Some(ran_at))
        ))?;
    }
    Ok(())
}

fn finding(finding: &FindingRow, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(finding);
    }
    let waiver = finding.waiver.as_ref().map(|waiver| {
        let ended = waiver
            .ended_at
            .as_deref()
            .map(|ended| format!("; ended {}", moment(Some(ended))))
            .unwrap_or_default();
        format!(
            "until {} by {} ({}) for {}: {}{ended}",
            moment(Some(&waiver.until)),
            waiver.approver,
            match &waiver.approval {
                Some(id) => format!(
                    "signed, approval {}",
                    id.chars().take(8).collect::<String>()
                ),
                None => "named, not signed".to_owned(),
            },
            waiver.owner,
            waiver.reason
        )
    });
    output.text(&pairs(&[
        ("Finding", finding.id.clone()),
        (
            "Check",
            format!("{} ({})", finding.check, finding.check_title),
        ),
        ("Deployment", finding.deployment.clone()),
        ("Subject", finding.subject.clone()),
        ("Verdict", finding.verdict.replace('_', " ")),
        ("Severity", finding.severity.clone()),
        ("Found", finding.title.clone()),
        ("Detail", finding.detail.clone()),
        (
            "Counted",
            format!(
                "{} of {} ({} could not be judged)",
                thousands(finding.counted),
                thousands(finding.of),
                thousands(finding.unknown)
            ),
        ),
        ("What to do", finding.how_to_fix.clone()),
        ("Waiver", waiver.unwrap_or_default()),
    ]))?;
    for evidence in &finding.evidence {
        output.text(&format!(
            "\n{}",
            human::sentences(std::slice::from_ref(&evidence.what))
        ))?;
        if let Some(query) = &evidence.query {
            output.text(&format!("  assay trail calls {}", shell_word(query)))?;
        }
        if let Some(setting) = &evidence.setting {
            output.text(&format!("  setting {setting}"))?;
        }
        for call in &evidence.call_ids {
            output.text(&format!("  assay trail call {call}"))?;
        }
    }
    let clauses: Vec<String> = finding
        .clauses
        .iter()
        .map(|clause| format!("{}: {} (read {})", clause.clause, clause.asks, clause.as_of))
        .collect();
    output.text(&format!("\n{}", human::sentences(&clauses)))
}

/// A text as one word of a shell that means nothing but itself.
fn shell_word(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn list(engine: &Engine, output: &mut Output) -> Result<(), Ending> {
    let checks = checks::list(engine, Nothing {})?;
    if output.is_json() {
        return output.document(&checks);
    }
    let rows: Vec<Vec<String>> = checks
        .iter()
        .map(|check| {
            let clauses: Vec<&str> = check
                .clauses
                .iter()
                .map(|clause| clause.clause.as_str())
                .collect();
            vec![
                check.id.clone(),
                check.severity.clone(),
                check.question.clone(),
                clauses.join(", "),
            ]
        })
        .collect();
    output.text(&table(
        &[
            Column::Whole("check"),
            Column::Whole("severity"),
            Column::Text("question"),
            Column::Text("clauses"),
        ],
        &rows,
        "none",
    ))
}

/// What the answers don't cover, because it came after them.
fn not_covered(summary: &CheckSummary) -> String {
    let mut parts = Vec::new();
    if summary.since > 0 {
        parts.push(format!("{} came since", counted(summary.since, "record")));
    }
    if !summary.changed.is_empty() {
        parts.push(format!("changed since: {}", summary.changed.join(", ")));
    }
    if !summary.unchecked.is_empty() {
        parts.push(format!("never checked: {}", summary.unchecked.join(", ")));
    }
    if summary.policy_changed {
        parts.push("another policy is in force since".to_owned());
    }
    parts.iter().map(|part| format!("; {part}")).collect()
}
