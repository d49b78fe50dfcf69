//! Is logging on, with text, in every region that calls were sent to?
//!
//! Sets the collected logging setting of each region beside the calls that the trail holds there.
//! Not here: how long the logs are kept (`log_retention`).

use super::{Answer, Check, Evidence, Failure, Severity, Subject, Verdict, calls, clause, n};
use crate::call::Kind;
use crate::query::term_for;
use crate::settings::Reading;

pub static CHECK: Check = Check {
    id: "logging-on",
    title: "Logging in every region",
    question: "Are the calls logged, with their text, in every region they were sent to?",
    severity: Severity::High,
    clauses: &[
        clause("ISO/IEC 42001:2023 A.6.2.8", "Event logs of AI systems are recorded in defined phases, at the least in operation."),
        clause("EU AI Act Art. 12", "High-risk systems record events automatically over their lifetime."),
        clause("NIST SP 800-53 AU-12", "Audit records are generated for the chosen events."),
        clause("SOC 2 CC7.2", "System components are monitored for anomalies."),
    ],
    run,
};

const FIX: &str = "Turn on model invocation logging with text delivery in the region, and import a new settings snapshot.";

fn run(subject: &Subject<'_>) -> Result<Vec<Answer>, Failure> {
    let kind = subject.definition.kind;
    let total = subject.count("")?;
    if matches!(kind, Kind::ClaudeApi | Kind::Private) {
        let with_text = subject.count("body:present")?;
        return Ok(vec![Answer {
            subject: "all calls".into(),
            verdict: Verdict::Unknown,
            title: format!("{} of {} in the trail carry their text; no independent record tells which calls were made.", n(with_text), calls(total)),
            detail: "This kind of deployment has no log of its own provider: the trail holds what your gateway recorded, and a call that went past the gateway is not in it.".into(),
            how_to_fix: "Import the provider's usage report or another source of the same calls, and compare the counts.",
            evidence: vec![subject.calls("Calls in the trail", "")?],
            counted: total - with_text,
            of: total,
            unknown: total,
        }]);
    }
    let regions = subject.trail.values("requested_region", &subject.query(""))?;
    if regions.is_empty() {
        return Ok(vec![Answer {
            subject: "all calls".into(),
            verdict: Verdict::Unknown,
            title: "The trail holds no call of this deployment.".into(),
            detail: "Without calls no region is known to be in use.".into(),
            how_to_fix: "Import its logs.",
            evidence: Vec::new(),
            counted: 0,
            of: 0,
            unknown: 0,
        }]);
    }
    regions.into_iter().map(|(region, of)| judge(subject, region.as_deref(), of)).collect()
}

fn judge(subject: &Subject<'_>, region: Option<&str>, of: u64) -> Result<Answer, Failure> {
    let here = term_for("requested_region", region);
    let named = region.unwrap_or("a region that is not recorded");
    let unlogged = format!("{here} body:not_carried");
    let without_text = format!("{here} body:missing status:ok");
    let only_elsewhere = subject.count(&unlogged)?;
    let textless = subject.count(&without_text)?;
    let setting = subject
        .settings
        .iter()
        .filter(|setting| setting.place.as_deref() == region && region.is_some())
        .filter(|setting| matches!(setting.reading, Reading::Logging { .. }))
        .max_by_key(|setting| setting.as_of_ms);
    let reading = setting.map(|setting| &setting.reading);
    let mut evidence: Vec<Evidence> = setting.map(Evidence::setting).into_iter().collect();
    if only_elsewhere > 0 {
        evidence.push(subject.calls("Calls that no invocation log holds", &unlogged)?);
    }
    if textless > 0 {
        evidence.push(subject.calls("Logged without text", &without_text)?);
    }
    let (verdict, title) = match reading {
        Some(Reading::Logging { on: false, .. }) => {
            (Verdict::NotMet, format!("Invocation logging is off in {named}, where {} were sent.", calls(of)))
        }
        _ if only_elsewhere > 0 => {
            (Verdict::NotMet, format!("{} of {} sent to {named} are in no invocation log; another source saw them.", n(only_elsewhere), calls(of)))
        }
        _ if textless > 0 => {
            (Verdict::NotMet, format!("{} of {} sent to {named} were logged without their text.", n(textless), calls(of)))
        }
        Some(Reading::Logging { text: false, .. }) => {
            (Verdict::NotMet, format!("Invocation logging in {named} does not deliver text."))
        }
        Some(_) => (Verdict::Met, format!("Invocation logging is on in {named}, with text; all {} there are logged.", calls(of))),
        None => (Verdict::Unknown, format!("No collected setting tells whether logging is on in {named}, where {} were sent.", calls(of))),
    };
    if evidence.is_empty() {
        evidence.push(subject.calls("Calls sent there", &here)?);
    }
    Ok(Answer {
        subject: named.to_owned(),
        verdict,
        title,
        detail: "A log can't show the calls it did not record: the setting speaks of the day it was collected, and another source such as CloudTrail shows what a log misses.".into(),
        how_to_fix: FIX,
        evidence,
        counted: only_elsewhere + textless,
        of,
        unknown: if verdict == Verdict::Unknown { of } else { 0 },
    })
}
