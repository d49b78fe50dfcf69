//! Does the trail hold the calls that the provider billed?
//!
//! Compares Anthropic's usage report with the calls of the deployment. Counts tokens, as the report
//! counts no calls. Without a report this is unknown. Not here: comparing (`billed::comparing`).

use super::{Answer, Check, Evidence, Failure, Severity, Subject, Verdict, clause, n};
use crate::billed::comparing::{RULE, State};
use crate::call::Kind;
use crate::coverage::{Hole, Signature};
use crate::settings::date_text;

pub static CHECK: Check = Check {
    id: "billed-calls-held",
    title: "Calls billed and not logged",
    question: "Does the trail hold the calls that the provider billed?",
    severity: Severity::High,
    clauses: &[
        clause(
            "ISO/IEC 42001:2023 A.6.2.8",
            "Event logs of AI systems are recorded in defined phases, at the least in operation.",
        ),
        clause(
            "ISO/IEC 27001:2022 A.8.15",
            "Logs are produced, kept and protected.",
        ),
        clause(
            "SOC 2 CC7.2",
            "System components are monitored for anomalies.",
        ),
    ],
    run,
};

/// Holes that are listed as evidence; all are counted.
const LISTED: usize = 10;

fn run(subject: &Subject<'_>) -> Result<Vec<Answer>, Failure> {
    if subject.definition.kind != Kind::ClaudeApi {
        // The clouds' own bills are not read here.
        return Ok(Vec::new());
    }
    let covered = subject.trail.covered(subject.definition)?;
    let reported = || covered.billed.iter().filter(|line| line.billed.is_some());
    let tokens_of = |state: State| -> u64 {
        reported()
            .filter(|line| line.state == state)
            .map(|line| line.billed_tokens())
            .sum()
    };
    let of: u64 = reported().map(|line| line.billed_tokens()).sum();
    let missing: u64 = reported()
        .filter(|line| line.state == State::BilledMore)
        .map(|line| line.billed_tokens() - line.held_tokens())
        .sum();
    let unknown = tokens_of(State::Unknown);
    let uncovered: u64 = covered
        .billed
        .iter()
        .filter(|line| line.billed.is_none())
        .map(|line| line.held.calls)
        .sum();
    let is_reported = reported().next().is_some();
    let verdict = match (is_reported, missing, unknown, uncovered) {
        (true, 1.., _, _) => Verdict::NotMet,
        (true, 0, 0, 0) => Verdict::Met,
        _ => Verdict::Unknown,
    };
    let title = match (verdict, is_reported) {
        (_, false) if covered.billed_unassigned => {
            "The imported usage report names no deployment, and several are reached through the Claude API.".to_owned()
        }
        (_, false) => "No usage report of the provider was imported: what it billed is unknown.".to_owned(),
        (Verdict::NotMet, _) => format!(
            "{} of {} tokens that the provider counted are in no call of the trail.",
            n(missing),
            n(of)
        ),
        (Verdict::Met, _) => format!("The trail holds the calls of all {} tokens that the provider counted, within 1 in 100.", n(of)),
        (Verdict::Unknown, _) if unknown > 0 => format!(
            "Of {} of {} tokens that the provider counted it is not known whether the trail holds their calls.",
            n(unknown),
            n(of)
        ),
        (Verdict::Unknown, _) => format!(
            "The trail holds the calls of all {} tokens that the provider counted; of the days of {} more no report was imported.",
            n(of),
            super::calls(uncovered)
        ),
    };
    let holes: Vec<&Hole> = covered
        .holes
        .iter()
        .filter(|hole| hole.signature == Signature::BilledBeyond)
        .collect();
    let mut evidence: Vec<Evidence> = Vec::new();
    for hole in holes.iter().take(LISTED) {
        let Some(query) = &hole.query else { continue };
        evidence.push(Evidence {
            what: format!(
                "{}: {} The report's rows: {} to {} under Usage and cost reports.",
                date_text(hole.from_ms),
                hole.says,
                date_text(hole.from_ms),
                date_text(hole.to_ms - 1)
            ),
            call_ids: subject.trail.examples(query)?,
            query: Some(query.clone()),
            setting: None,
        });
    }
    if evidence.is_empty() {
        evidence.push(subject.calls("Calls in the trail", "")?);
    }
    Ok(vec![Answer {
        subject: "all days".into(),
        verdict,
        title,
        detail: RULE.into(),
        how_to_fix: "Fetch the organisation's usage report by day and model and import it, with `--deployment` where it is of one deployment. Where it counts more than the trail holds, find the keys and workspaces that it names, send their calls through a source that is logged, or import their log.",
        evidence,
        counted: missing,
        of,
        unknown,
    }])
}
