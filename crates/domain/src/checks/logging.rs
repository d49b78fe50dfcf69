//! Is logging on, with text, in every region that calls were sent to?
//!
//! Sets the collected logging setting of each region, on Vertex AI of each model in it, beside the
//! calls that the trail holds there.
//! Not here: how long the logs are kept (`log_retention`).

use super::{Answer, Check, Evidence, Failure, Severity, Subject, Verdict, calls, clause, n, were};
use crate::call::Kind;
use crate::query::term_for;
use crate::settings::{Reading, Setting};

pub static CHECK: Check = Check {
    id: "logging-on",
    title: "Logging in every region",
    question: "Are the calls logged, with their text, in every region they were sent to?",
    severity: Severity::High,
    clauses: &[
        clause(
            "ISO/IEC 42001:2023 A.6.2.8",
            "Event logs of AI systems are recorded in defined phases, at the least in operation.",
        ),
        clause(
            "EU AI Act Art. 12",
            "High-risk systems technically allow the automatic recording of events over their lifetime. For systems of Annex III it applies from 2026-08-02, or from 2027-12-02 once the Digital Omnibus is in the Official Journal.",
        ),
        clause(
            "NIST SP 800-53r5 AU-12",
            "Audit records are generated for the chosen events.",
        ),
        clause(
            "SOC 2 CC7.2",
            "System components are monitored for anomalies.",
        ),
    ],
    run,
};

const FIX: &str = "Turn on the provider's logging with text delivery in the region, on Vertex AI for each model, and import a new settings snapshot.";

fn run(subject: &Subject<'_>) -> Result<Vec<Answer>, Failure> {
    let kind = subject.definition.kind;
    let total = subject.count("")?;
    if matches!(
        kind,
        Kind::ClaudeApi | Kind::ClaudeEnterprise | Kind::Private
    ) {
        let with_text = subject.count("body:present")?;
        return Ok(vec![Answer {
            subject: "all calls".into(),
            verdict: Verdict::Unknown,
            title: format!("{} of {} in the trail carry their text; no independent record tells which calls were made.", n(with_text), calls(total)),
            detail: "This kind of deployment has no log of its own provider: the trail holds what your gateway recorded, and a call that went past the gateway is not in it.".into(),
            how_to_fix: "Import the provider's usage report or another source of the same calls, and compare the counts.",
            evidence: vec![subject.calls("Calls in the trail", "")?],
            counted: 0,
            of: total,
            unknown: total,
        }]);
    }
    let regions = subject
        .trail
        .values("requested_region", &subject.query(""))?;
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
    regions
        .into_iter()
        .map(|(region, of)| judge(subject, region.as_deref(), of))
        .collect()
}

fn judge(subject: &Subject<'_>, region: Option<&str>, of: u64) -> Result<Answer, Failure> {
    let here = term_for("requested_region", region);
    let named = region.unwrap_or("a region that is not recorded");
    let unlogged = format!("{here} body:not_carried");
    let without_text = format!("{here} body:missing status:ok");
    let only_elsewhere = subject.count(&unlogged)?;
    let textless = subject.count(&without_text)?;
    let settings: Vec<&Setting> = subject
        .settings
        .iter()
        .filter(|setting| {
            region.is_some() && setting.region.as_deref().or(setting.place.as_deref()) == region
        })
        .filter(|setting| matches!(setting.reading, Reading::Logging { .. }))
        .collect();
    let not_set = match subject.definition.kind {
        Kind::Vertex => calls_of_other_models(subject, &settings, &here)?,
        _ if settings.is_empty() => of,
        _ => 0,
    };
    let mut evidence: Vec<Evidence> = settings
        .iter()
        .map(|setting| Evidence::setting(setting))
        .collect();
    if only_elsewhere > 0 {
        evidence.push(subject.calls("Calls that no invocation log holds", &unlogged)?);
    }
    if textless > 0 {
        evidence.push(subject.calls("Logged without text", &without_text)?);
    }
    let by =
        |wanted: fn(&Reading) -> bool| settings.iter().find(|setting| wanted(&setting.reading));
    let off = by(|reading| matches!(reading, Reading::Logging { on: false, .. }));
    let silent = by(|reading| matches!(reading, Reading::Logging { text: false, .. }));
    let outdated = settings
        .iter()
        .find_map(|setting| subject.outdated(setting));
    let (verdict, title) = if let Some(off) = off {
        (
            Verdict::NotMet,
            format!(
                "{} in {named}, where {} {} sent, is {}.",
                off.name,
                calls(of),
                were(of),
                off.value
            ),
        )
    } else if only_elsewhere > 0 {
        (
            Verdict::NotMet,
            format!(
                "{} of {} sent to {named} are in no invocation log; another source saw them.",
                n(only_elsewhere),
                calls(of)
            ),
        )
    } else if textless > 0 {
        (
            Verdict::NotMet,
            format!(
                "{} of {} sent to {named} were logged without text that can be read.",
                n(textless),
                calls(of)
            ),
        )
    } else if let Some(silent) = silent {
        (
            Verdict::NotMet,
            format!("{} in {named} does not deliver text.", silent.name),
        )
    } else if not_set == of {
        (
            Verdict::Unknown,
            format!(
                "No collected setting tells whether logging is on in {named}, where {} {} sent.",
                calls(of),
                were(of)
            ),
        )
    } else if not_set > 0 {
        (
            Verdict::Unknown,
            format!(
                "For {} of {} sent to {named} no collected setting tells whether their model is logged.",
                n(not_set),
                calls(of)
            ),
        )
    } else if let Some(why) = outdated {
        (
            Verdict::Unknown,
            format!("Logging is on in {named}, with text, by the collected setting; {why}."),
        )
    } else {
        (
            Verdict::Met,
            format!(
                "Logging is on in {named}, with text; of {} there in the trail none that was answered lacks its text.",
                calls(of)
            ),
        )
    };
    if evidence.is_empty() {
        evidence.push(subject.calls("Calls sent there", &here)?);
    }
    Ok(Answer {
        subject: named.to_owned(),
        verdict,
        title,
        detail: "A log can't show the calls it did not record: the setting speaks of the day it was collected, and another source such as CloudTrail shows what a log misses. Calls to `bedrock-mantle`, and calls to global and multi-region endpoints of Vertex AI, are in no invocation log.".into(),
        how_to_fix: FIX,
        evidence,
        counted: only_elsewhere + textless,
        of,
        unknown: match verdict {
            Verdict::Unknown if not_set > 0 => not_set,
            Verdict::Unknown => of,
            _ => 0,
        },
    })
}

/// Calls to models for which no setting was collected: Vertex AI sets logging for each model.
fn calls_of_other_models(
    subject: &Subject<'_>,
    settings: &[&Setting],
    here: &str,
) -> Result<u64, Failure> {
    let models = subject
        .trail
        .values("request_model", &subject.query(here))?;
    let is_set = |model: &str| {
        settings.iter().any(|setting| {
            setting
                .name
                .strip_suffix(model)
                .is_some_and(|name| name.ends_with(" of "))
        })
    };
    Ok(models
        .into_iter()
        .filter(|(model, _)| !model.as_deref().is_some_and(is_set))
        .map(|(_, calls)| calls)
        .sum())
}
