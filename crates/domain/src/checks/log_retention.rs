//! Are logs kept as long as a rule asks, and no longer than one allows?
//!
//! Reads the expiry of log groups, log buckets and tables from the collected settings. Not here:
//! the retention of the provider itself (`retention_mode`).

use super::{Answer, Check, Evidence, Failure, Severity, Subject, Verdict, clause};
use crate::call::Kind;
use crate::settings::{Reading, Setting};

pub static CHECK: Check = Check {
    id: "log-retention",
    title: "Log retention",
    question: "Are the logs kept for at least the required and at most the permitted time?",
    severity: Severity::High,
    clauses: &[
        clause(
            "EU AI Act Art. 26(6)",
            "Deployers of high-risk systems keep the automatically generated logs under their control for at least six months. For systems of Annex III it applies from 2026-08-02, or from 2027-12-02 once the Digital Omnibus is in the Official Journal.",
        ),
        clause(
            "GDPR Art. 5(1)(e)",
            "Personal data is kept no longer than its purpose needs.",
        ),
        clause(
            "PCI DSS v4.0.1 10.5.1",
            "Audit log history is kept for at least 12 months, the latest three of them available at once.",
        ),
        clause(
            "ISO/IEC 27001:2022 A.8.15",
            "Logs are produced, kept, protected and analysed.",
        ),
    ],
    run,
};

const FIX: &str = "Set the expiry of the log group, bucket or table to a time between the floor and the ceiling, and import a new settings snapshot.";

fn run(subject: &Subject<'_>) -> Result<Vec<Answer>, Failure> {
    let needs = &subject.definition.requirements;
    let (floor, ceiling) = (needs.log_retention_min_days, needs.log_retention_max_days);
    if floor.is_none() && ceiling.is_none() {
        return Ok(vec![unknown(
            "No log retention is required by the definition.".into(),
            "Without a floor or a ceiling there is nothing to compare the settings with.",
            "Declare `log_retention_min_days` or `log_retention_max_days` with its clause in the deployment's definition.",
        )]);
    }
    let expiries: Vec<&Setting> = subject
        .settings
        .iter()
        .filter(|setting| is_expiry(setting))
        .collect();
    if expiries.is_empty() {
        return Ok(vec![unknown(
            "No collected setting tells how long logs are kept.".into(),
            "A vendor's default is not evidence of your own setting.",
            "Import a settings snapshot: DescribeLogGroups, GetBucketLifecycleConfiguration, the BigQuery dataset or the log bucket.",
        )]);
    }
    let mut answers: Vec<Answer> = expiries
        .iter()
        .map(|setting| judge(setting, subject))
        .collect();
    answers.extend(untold(subject, &expiries));
    Ok(answers)
}

fn is_expiry(setting: &Setting) -> bool {
    matches!(
        setting.reading,
        Reading::KeptDays(_) | Reading::KeptForever | Reading::KeptUnclear { .. }
    )
}

fn unknown(title: String, detail: &str, how_to_fix: &'static str) -> Answer {
    Answer {
        subject: "all logs".into(),
        verdict: Verdict::Unknown,
        title,
        detail: detail.into(),
        how_to_fix,
        evidence: Vec::new(),
        counted: 0,
        of: 1,
        unknown: 1,
    }
}

/// Regions of Bedrock that log, of which no expiry was collected: a log lies in the Region that
/// writes it (source: Amazon Bedrock user guide, model invocation logging).
fn untold(subject: &Subject<'_>, expiries: &[&Setting]) -> Option<Answer> {
    if subject.definition.kind != Kind::Bedrock {
        return None;
    }
    let logging: Vec<&Setting> = subject
        .settings
        .iter()
        .filter(|setting| {
            matches!(setting.reading, Reading::Logging { on: true, .. }) && setting.region.is_some()
        })
        .collect();
    let missing: Vec<&Setting> = logging
        .iter()
        .filter(|setting| {
            !expiries
                .iter()
                .any(|expiry| expiry.region == setting.region)
        })
        .copied()
        .collect();
    if missing.is_empty() {
        return None;
    }
    let mut regions: Vec<&str> = missing
        .iter()
        .filter_map(|setting| setting.region.as_deref())
        .collect();
    regions.sort_unstable();
    Some(Answer {
        subject: "regions without a collected expiry".into(),
        title: format!(
            "How long logs are kept is not known in {} of {} regions that log: {}.",
            missing.len(),
            logging.len(),
            regions.join(", ")
        ),
        of: logging.len() as u64,
        unknown: missing.len() as u64,
        evidence: missing.into_iter().map(Evidence::setting).collect(),
        ..unknown(
            String::new(),
            "Invocation logs lie in the region that writes them; no expiry of a log group or bucket there was collected.",
            "Import the answers of DescribeLogGroups and GetBucketLifecycleConfiguration of these regions, each with its region and time.",
        )
    })
}

fn judge(setting: &Setting, subject: &Subject<'_>) -> Answer {
    let needs = &subject.definition.requirements;
    let place = setting
        .place
        .clone()
        .unwrap_or_else(|| setting.name.clone());
    let (kept, days, whole) = match setting.reading {
        Reading::KeptDays(days) => (format!("{days} days"), Some(days), true),
        Reading::KeptUnclear {
            some_days: Some(days),
        } => (format!("{days} days in part"), Some(days), false),
        Reading::KeptUnclear { some_days: None } => (
            "for a time that the answer does not give in days".to_owned(),
            None,
            false,
        ),
        _ => ("for ever".to_owned(), None, true),
    };
    let only = setting
        .value
        .split_once(", objects under")
        .map_or_else(String::new, |(_, prefix)| {
            format!(" (objects under{prefix})")
        });
    let logs = format!("Logs in {place}{only} are kept {kept}");
    let cited = |clause: &Option<String>| {
        clause
            .as_ref()
            .map_or_else(String::new, |clause| format!(" ({clause})"))
    };
    let outdated = subject.outdated(setting);
    let (verdict, title) = match (
        needs.log_retention_min_days,
        needs.log_retention_max_days,
        days,
    ) {
        (Some(floor), _, Some(days)) if days < floor => (
            Verdict::NotMet,
            format!(
                "{logs}; at least {floor} days are required{}.",
                cited(&needs.log_retention_min_clause)
            ),
        ),
        _ if !whole => (
            Verdict::Unknown,
            format!("{logs}, so whether that is within what is required is not known."),
        ),
        (_, Some(ceiling), days) if days.is_none_or(|days| days > ceiling) => (
            Verdict::NotMet,
            format!(
                "{logs}; at most {ceiling} days are permitted{}.",
                cited(&needs.log_retention_max_clause)
            ),
        ),
        _ => match outdated {
            Some(why) => (
                Verdict::Unknown,
                format!("{logs} by the collected setting; {why}."),
            ),
            None => (Verdict::Met, format!("{logs}, within what is required.")),
        },
    };
    let mut detail = format!(
        "{} says so. It speaks of the day it was collected, not of the time before.",
        setting.revealed_by
    );
    if needs.log_retention_max_days.is_none() {
        detail.push_str(
            " The definition declares no ceiling: whether they are kept too long is not judged.",
        );
    }
    if setting.name == "Log bucket expiry" {
        detail.push_str(" In a bucket with versions, an expired object stays as an older version until a rule deletes those.");
    }
    Answer {
        subject: format!("{} {place}", setting.name),
        verdict,
        title,
        detail,
        how_to_fix: FIX,
        evidence: vec![Evidence::setting(setting)],
        counted: u64::from(verdict == Verdict::NotMet),
        of: 1,
        unknown: u64::from(verdict == Verdict::Unknown),
    }
}
