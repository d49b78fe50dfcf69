//! Are logs kept as long as a rule asks, and no longer than one allows?
//!
//! Reads the expiry of log groups, log buckets and tables from the collected settings. Not here:
//! the retention of the provider itself (`retention_mode`).

use super::{Answer, Check, Evidence, Failure, Severity, Subject, Verdict, clause};
use crate::settings::{Reading, Setting};

pub static CHECK: Check = Check {
    id: "log-retention",
    title: "Log retention",
    question: "Are the logs kept for at least the required and at most the permitted time?",
    severity: Severity::High,
    clauses: &[
        clause("EU AI Act Art. 26(6)", "Deployers of high-risk systems keep automatically generated logs under their control for at least six months."),
        clause("GDPR Art. 5(1)(e)", "Personal data is kept no longer than its purpose needs."),
        clause("PCI DSS v4.0.1 10.5.1", "Audit log history is kept for at least 12 months."),
        clause("ISO/IEC 27001:2022 A.8.15", "Logs are produced, kept, protected and analysed."),
    ],
    run,
};

const FIX: &str = "Set the expiry of the log group, bucket or table to a time between the floor and the ceiling, and import a new settings snapshot.";

fn run(subject: &Subject<'_>) -> Result<Vec<Answer>, Failure> {
    let needs = &subject.definition.requirements;
    let (floor, ceiling) = (needs.log_retention_min_days, needs.log_retention_max_days);
    let unknown = |title: String, detail: &str, fix| Answer {
        subject: "all logs".into(),
        verdict: Verdict::Unknown,
        title,
        detail: detail.into(),
        how_to_fix: fix,
        evidence: Vec::new(),
        counted: 0,
        of: 0,
        unknown: 1,
    };
    if floor.is_none() && ceiling.is_none() {
        return Ok(vec![unknown(
            "No log retention is required by the definition.".into(),
            "Without a floor or a ceiling there is nothing to compare the settings with.",
            "Declare `log_retention_min_days` or `log_retention_max_days` with its clause in the deployment's definition.",
        )]);
    }
    let expiries: Vec<&Setting> =
        subject.settings.iter().filter(|setting| matches!(setting.reading, Reading::KeptDays(_) | Reading::KeptForever)).collect();
    if expiries.is_empty() {
        return Ok(vec![unknown(
            "No collected setting tells how long logs are kept.".into(),
            "A vendor's default is not evidence of your own setting.",
            "Import a settings snapshot: DescribeLogGroups, GetBucketLifecycleConfiguration, the BigQuery dataset or the log bucket.",
        )]);
    }
    Ok(expiries.into_iter().map(|setting| judge(setting, subject)).collect())
}

fn judge(setting: &Setting, subject: &Subject<'_>) -> Answer {
    let needs = &subject.definition.requirements;
    let place = setting.place.clone().unwrap_or_else(|| setting.name.clone());
    let days = match setting.reading {
        Reading::KeptDays(days) => Some(days),
        _ => None,
    };
    let kept = days.map_or_else(|| "for ever".to_owned(), |days| format!("{days} days"));
    let cited = |clause: &Option<String>| clause.as_ref().map_or_else(String::new, |clause| format!(" ({clause})"));
    let (verdict, title) = match (needs.log_retention_min_days, needs.log_retention_max_days, days) {
        (Some(floor), _, Some(days)) if days < floor => (
            Verdict::NotMet,
            format!("Logs in {place} are kept {kept}; at least {floor} days are required{}.", cited(&needs.log_retention_min_clause)),
        ),
        (_, Some(ceiling), days) if days.is_none_or(|days| days > ceiling) => (
            Verdict::NotMet,
            format!("Logs in {place} are kept {kept}; at most {ceiling} days are permitted{}.", cited(&needs.log_retention_max_clause)),
        ),
        _ => (Verdict::Met, format!("Logs in {place} are kept {kept}, within what is required.")),
    };
    Answer {
        subject: format!("{} {place}", setting.name),
        verdict,
        title,
        detail: format!("{} says so. It speaks of the day it was collected, not of the time before.", setting.revealed_by),
        how_to_fix: FIX,
        evidence: vec![Evidence::setting(setting)],
        counted: u64::from(verdict == Verdict::NotMet),
        of: 1,
        unknown: 0,
    }
}
