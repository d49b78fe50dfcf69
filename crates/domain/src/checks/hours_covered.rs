//! Does each source of the calls hold the hours that another one saw?
//!
//! Counts calls in hours that one source misses and another holds. An hour of which only one source
//! recorded anything is unknown: nothing tells whether it is whole. Not here: the rule of a missing
//! hour (`coverage::missing_hours`).

use super::{Answer, Check, Evidence, Failure, Severity, Subject, Verdict, calls, clause, n};
use crate::coverage::{Hole, Signature, missing_hours, source_title};
use crate::settings::date_text;

pub static CHECK: Check = Check {
    id: "hours-covered",
    title: "Missing hours",
    question: "Does each source of the calls hold the hours that another source saw?",
    severity: Severity::High,
    clauses: &[
        clause(
            "ISO/IEC 42001:2023 A.6.2.8",
            "Event logs of AI systems are recorded in defined phases, at the least in operation.",
        ),
        clause(
            "NIST SP 800-53r5 AU-5",
            "A failure of audit logging is noticed and acted on.",
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
    let covered = subject.trail.covered(subject.definition)?;
    let holes: Vec<&Hole> = covered
        .holes
        .iter()
        .filter(|hole| hole.signature == Signature::MissingHours)
        .collect();
    let missing: u64 = holes.iter().map(|hole| hole.count).sum();
    let of = covered.calls;
    let titles: Vec<&str> = covered
        .sources
        .iter()
        .map(|source| source_title(source))
        .collect();
    let verdict = Verdict::of(missing, covered.unchecked, of);
    let title = match (verdict, titles.as_slice()) {
        (_, []) => "The trail holds no call of this deployment.".to_owned(),
        (Verdict::NotMet, _) => format!(
            "{} {} in hours that one source misses and another holds: {} in {}.",
            calls(missing),
            if missing == 1 { "stands" } else { "stand" },
            gaps(holes.len()),
            sources(&holes)
        ),
        (_, [one]) => format!(
            "Only one source, {one}, recorded the {}: nothing tells whether it misses hours.",
            calls(of)
        ),
        (Verdict::Unknown, _) => format!(
            "{} of {} stand in hours of which only one source recorded anything; no hour of the others is missing.",
            n(covered.unchecked),
            calls(of)
        ),
        (Verdict::Met, _) => format!(
            "In no hour of the {} does a source miss what another one saw: {}.",
            calls(of),
            titles.join(", ")
        ),
    };
    let mut evidence: Vec<Evidence> = Vec::new();
    for hole in holes.iter().take(LISTED) {
        let Some(query) = &hole.query else { continue };
        evidence.push(Evidence {
            what: format!("{}: {}", date_text(hole.from_ms), hole.says),
            call_ids: subject.trail.examples(query)?,
            query: Some(query.clone()),
            setting: None,
        });
    }
    if evidence.is_empty() {
        evidence.push(subject.calls("Calls in the trail", "")?);
    }
    Ok(vec![Answer {
        subject: "all hours".into(),
        verdict,
        title,
        detail: missing_hours::RULE.into(),
        how_to_fix: "Import the missing part of the log again from where it is kept. Where the source itself has none, record why, and treat the other source as the record of these hours.",
        evidence,
        counted: missing,
        of,
        unknown: covered.unchecked,
    }])
}

fn gaps(count: usize) -> String {
    match count {
        1 => "1 gap".to_owned(),
        count => format!("{} gaps", n(count as u64)),
    }
}

/// The sources with a gap, each once.
fn sources(holes: &[&Hole]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for hole in holes {
        let title = source_title(&hole.source);
        if !names.contains(&title) {
            names.push(title);
        }
    }
    names.join(" and ")
}
