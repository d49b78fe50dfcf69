//! Do keys, tokens or passwords stand in a call?
//!
//! Not here: personal data (`personal_data`).

use super::{Answer, Check, Failure, Severity, Subject, Verdict, calls, clause, n};

pub static CHECK: Check = Check {
    id: "secrets",
    title: "Secrets in calls",
    question: "Do keys, tokens or passwords stand in requests or responses?",
    severity: Severity::Critical,
    clauses: &[
        clause(
            "ISO/IEC 27001:2022 A.5.17",
            "Authentication information is managed and protected.",
        ),
        clause(
            "SOC 2 CC6.1",
            "Logical access to protected information is restricted.",
        ),
    ],
    run,
};

/// Whether an entity type of the recognizers is a secret.
pub fn is_secret(entity_type: &str) -> bool {
    [
        "_KEY",
        "_TOKEN",
        "_SECRET",
        "PASSWORD",
        "_WEBHOOK",
        "_CREDENTIAL",
    ]
    .iter()
    .any(|end| entity_type.ends_with(end))
        || matches!(
            entity_type,
            "JWT" | "PRIVATE_KEY" | "CONNECTION_STRING" | "SECRET"
        )
}

fn run(subject: &Subject<'_>) -> Result<Vec<Answer>, Failure> {
    let (scanned, unknown) = subject.trail.scanned(&subject.query(""))?;
    let of = scanned + unknown;
    let types: Vec<String> = subject
        .trail
        .values("entity_type", &subject.query("has:entity_type"))?
        .into_iter()
        .filter_map(|(name, _)| name)
        .filter(|name| is_secret(name))
        .collect();
    let mut evidence = Vec::new();
    let mut counted = 0;
    let found = (!types.is_empty()).then(|| format!("entity_type:{}", types.join(",")));
    if let Some(found) = &found {
        counted = subject.count(found)?;
        for name in &types {
            let terms = format!("entity_type:{name}");
            evidence.push(subject.calls(
                format!("{} with {name}", calls(subject.count(&terms)?)),
                &terms,
            )?);
        }
    }
    let (partly, unread) = subject.partly_searched(found.as_deref())?;
    if partly > 0 {
        evidence.push(subject.calls(
            "Calls with images or documents, which are not searched",
            unread,
        )?);
    }
    if unknown > 0 {
        evidence.push(subject.calls(
            format!("{} that could not be searched", calls(unknown)),
            "scanned:no",
        )?);
    }
    let title = match (counted, unknown) {
        _ if of == 0 => "The trail holds no call of this deployment.".into(),
        (0, 0) => format!("No recognizer found a secret in {}.", calls(scanned)),
        (0, _) => format!(
            "No recognizer found a secret in {}; {} more could not be searched.",
            calls(scanned),
            n(unknown)
        ),
        _ => format!(
            "A secret stands in {} of {} that were searched{}.",
            n(counted),
            calls(scanned),
            if unknown > 0 {
                format!("; {} more could not be", n(unknown))
            } else {
                String::new()
            }
        ),
    };
    let unseen = if partly > 0 {
        format!(
            " Images or documents in {} were not searched.",
            calls(partly)
        )
    } else {
        String::new()
    };
    Ok(vec![Answer {
        subject: "all calls".into(),
        verdict: Verdict::of(counted, unknown + partly, of),
        title: format!("{title}{unseen}"),
        detail: "A secret that was sent to a model is also in every log that recorded the call."
            .into(),
        how_to_fix: "Revoke the secret first, then redact what the logs hold and the prompts that carry it.",
        evidence,
        counted,
        of,
        unknown: unknown + partly,
    }])
}
