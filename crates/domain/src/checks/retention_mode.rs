//! Is the provider's retention mode the one that zero retention needs?
//!
//! Reads Bedrock's data retention mode. Not here: your own logs (`log_retention`), features that
//! keep data whatever the mode (`zero_retention`).

use super::{Answer, Check, Evidence, Failure, Severity, Subject, Verdict, calls, clause};
use crate::call::Kind;
use crate::settings::{Reading, Setting};

pub static CHECK: Check = Check {
    id: "retention-mode",
    title: "Provider's retention mode",
    question: "Is the provider set to keep nothing, where zero retention is relied on?",
    severity: Severity::High,
    clauses: &[
        clause(
            "Amazon Bedrock user guide, data retention",
            "Mode `none` leaves no durable copy at AWS or the provider; `default` follows the model, and the other modes keep data for up to 30 days.",
        ),
        clause(
            "GDPR Art. 28(3)(g)",
            "After the end of the services, the processor deletes or returns the data.",
        ),
    ],
    run,
};

fn run(subject: &Subject<'_>) -> Result<Vec<Answer>, Failure> {
    if !subject.definition.zero_retention {
        return Ok(Vec::new());
    }
    let unknown = |title: &str, fix| {
        Answer {
        subject: "account".into(),
        verdict: Verdict::Unknown,
        title: title.into(),
        detail: "No API of this provider tells whether a zero-retention agreement is in force; its proof is the contract.".into(),
        how_to_fix: fix,
        evidence: Vec::new(),
        counted: 0,
        of: 1,
        unknown: 1,
    }
    };
    if subject.definition.kind != Kind::Bedrock {
        return Ok(vec![unknown(
            "Whether zero retention is in force can't be read from the provider; it is declared only.",
            "Keep the contract's reference in the definition, and review it each year.",
        )]);
    }
    let modes: Vec<_> = subject
        .settings
        .iter()
        .filter_map(|setting| match &setting.reading {
            Reading::Mode(mode) => Some((setting, mode.as_str())),
            _ => None,
        })
        .collect();
    if modes.is_empty() {
        return Ok(vec![unknown(
            "No collected setting names the account's data retention mode.",
            "Import the answer of GetAccountDataRetention.",
        )]);
    }
    let covered = subject.count("feature:covered_model")?;
    Ok(modes
        .into_iter()
        .map(|(setting, mode)| judge(subject, setting, mode, covered))
        .collect())
}

fn judge(subject: &Subject<'_>, setting: &Setting, mode: &str, covered: u64) -> Answer {
    let (verdict, title) = match (mode, subject.outdated(setting)) {
        ("none", Some(why)) => (Verdict::Unknown, format!("The account's retention mode is `none` by the collected setting; {why}.")),
        ("none", None) => (Verdict::Met, "The account's retention mode is `none`: nothing durable is kept of its calls.".to_owned()),
        ("aws_review" | "provider_data_share", _) => {
            (Verdict::NotMet, format!("The account's retention mode is `{mode}`, which keeps data; zero retention needs `none`."))
        }
        ("default", _) if covered > 0 => {
            (Verdict::NotMet, format!("The account's retention mode is `default`, under which a Covered Model keeps data; {} went to one.", calls(covered)))
        }
        ("default", _) => (
            Verdict::Unknown,
            "The account's retention mode is `default`: what is kept follows the model, by the vendor's statement nothing before Fable 5.".to_owned(),
        ),
        _ => (Verdict::Unknown, format!("The account's retention mode is `{mode}`, whose effect is not known here.")),
    };
    Answer {
        subject: setting.place.clone().unwrap_or_else(|| "account".into()),
        verdict,
        title,
        detail: "Effective is the first of project, account and model default that is not `inherit`: a project of `bedrock-mantle` with a mode of its own is not judged here.".into(),
        how_to_fix: "Set the account's data retention mode to `none`, and deny other modes by a service control policy.",
        evidence: vec![Evidence::setting(setting)],
        counted: u64::from(verdict == Verdict::NotMet),
        of: 1,
        unknown: u64::from(verdict == Verdict::Unknown),
    }
}
