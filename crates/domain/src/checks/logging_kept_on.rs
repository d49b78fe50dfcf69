//! Did logging stay on: does any activity say that it was switched off or changed?
//!
//! Reads the activities of the accounts that the definition names. Not here: how logging is set today
//! (`logging`), what was lost meanwhile (`coverage`).

use super::{Answer, Check, Evidence, Failure, Severity, Subject, Verdict, clause, n};
use crate::call::Kind;
use crate::coverage::{Hole, Signature, logging_changed};
use crate::settings::date_text;

pub static CHECK: Check = Check {
    id: "logging-kept-on",
    title: "Logging switched off or changed",
    question: "Does the trail say that nobody switched logging off or changed it?",
    severity: Severity::High,
    clauses: &[
        clause(
            "NIST SP 800-53r5 AU-9",
            "Audit information and logging tools are protected from change and deletion.",
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

fn run(subject: &Subject<'_>) -> Result<Vec<Answer>, Failure> {
    let log = match subject.definition.kind {
        Kind::Bedrock => "CloudTrail",
        Kind::Vertex => "Google Cloud's audit log",
        // Their own logs are the gateway's; no activity speaks of them.
        Kind::ClaudeApi | Kind::ClaudeEnterprise | Kind::Private => return Ok(Vec::new()),
    };
    let covered = subject.trail.covered(subject.definition)?;
    let with = |signature: Signature| -> Vec<&Hole> {
        covered
            .holes
            .iter()
            .filter(|hole| hole.signature == signature)
            .collect()
    };
    let (off, changed) = (with(Signature::LoggingOff), with(Signature::LoggingChanged));
    let of = covered.activities;
    let (verdict, title) = match (of, off.as_slice(), changed.len()) {
        (_, [.., last], _) => (
            Verdict::NotMet,
            format!(
                "Logging was switched off {}, last on {}.",
                times(off.len()),
                date_text(last.from_ms)
            ),
        ),
        (_, [], 1..) => (
            Verdict::Unknown,
            format!(
                "Logging was changed {}; what it was set to stands in the activities.",
                times(changed.len())
            ),
        ),
        (0, [], 0) => (
            Verdict::Unknown,
            format!(
                "The trail holds no activity of {log}: nothing tells whether logging stayed on."
            ),
        ),
        (_, [], 0) => (
            Verdict::Met,
            format!(
                "None of the {} of {log} in the trail switched logging off or changed it.",
                activities(of)
            ),
        ),
    };
    let evidence = off
        .iter()
        .chain(&changed)
        .map(|hole| Evidence {
            what: format!("{}: {}", date_text(hole.from_ms), hole.says),
            query: hole.query.clone(),
            call_ids: Vec::new(),
            setting: hole
                .activities
                .as_ref()
                .map(|query| format!("Activities: {query}")),
        })
        .collect();
    let counted = (off.len() + changed.len()) as u64;
    Ok(vec![Answer {
        subject: "all accounts".into(),
        verdict,
        title,
        detail: format!(
            "{} The trail holds only the activities that were imported.",
            logging_changed::RULE
        ),
        how_to_fix: "Find out who switched it off and why, switch it on again with text delivery, and deny the action to everybody but the owner of the logs.",
        evidence,
        counted: if verdict == Verdict::NotMet {
            counted
        } else {
            0
        },
        of,
        unknown: if verdict == Verdict::Unknown {
            of.max(counted)
        } else {
            0
        },
    }])
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        count => format!("{} times", n(count as u64)),
    }
}

fn activities(count: u64) -> String {
    format!(
        "{} activit{}",
        n(count),
        if count == 1 { "y" } else { "ies" }
    )
}
