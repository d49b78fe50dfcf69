//! Does a deployment that relies on zero retention use a feature that breaks it?
//!
//! The features are those that Anthropic's retention table calls not eligible; the API does not
//! block them. Not here: the provider's own retention mode (`retention_mode`).

use super::{Answer, Check, Failure, Severity, Subject, Verdict, calls, clause, n};

pub static CHECK: Check = Check {
    id: "zero-retention",
    title: "Zero-retention features",
    question: "Does a deployment under zero retention use a feature that keeps data all the same?",
    severity: Severity::High,
    clauses: &[
        clause(
            "GDPR Art. 5(1)(e)",
            "Personal data is kept no longer than its purpose needs.",
        ),
        clause(
            "SOC 2 C1.2",
            "Confidential information is disposed of as committed.",
        ),
        clause(
            "Claude docs, API and data retention",
            "Batch, Files, code execution, MCP connector and Covered Models are not eligible for zero data retention.",
        ),
    ],
    run,
};

/// Not eligible for zero retention (source: Claude docs, API and data retention, 2026-08-21).
const INELIGIBLE: [(&str, &str); 6] = [
    ("code_execution", "code execution"),
    ("container", "containers"),
    ("file_reference", "files"),
    ("mcp_servers", "the MCP connector"),
    ("batch", "message batches"),
    ("covered_model", "a Covered Model"),
];

fn run(subject: &Subject<'_>) -> Result<Vec<Answer>, Failure> {
    if !subject.definition.zero_retention {
        return Ok(Vec::new());
    }
    let of = subject.count("")?;
    let any = format!(
        "feature:{}",
        INELIGIBLE.map(|(feature, _)| feature).join(",")
    );
    let counted = subject.count(&any)?;
    let unseen = "-body:present";
    let unknown = subject.count(&format!("{unseen} -{any}"))?;
    let mut evidence = Vec::new();
    for (feature, name) in INELIGIBLE {
        let terms = format!("feature:{feature}");
        let count = subject.count(&terms)?;
        if count > 0 {
            evidence.push(subject.calls(format!("{} used {name}", calls(count)), &terms)?);
        }
    }
    if unknown > 0 {
        evidence.push(subject.calls(
            "Calls without text: their features can't be seen",
            &format!("{unseen} -{any}"),
        )?);
    }
    Ok(vec![Answer {
        subject: "all calls".into(),
        verdict: Verdict::of(counted, unknown, of),
        title: match (counted, unknown) {
            _ if of == 0 => "The trail holds no call of this deployment.".into(),
            (0, 0) => format!("No feature that keeps data is seen in {}.", calls(of)),
            (0, _) => format!("{} of {} carry no text, so their features can't be seen.", n(unknown), calls(of)),
            _ => format!("{} of {} used a feature that keeps data although zero retention is relied on.", n(counted), calls(of)),
        },
        detail: "The provider does not refuse these features under zero retention: it keeps their data as each feature's own rule says. Batches, Files and Console that were used past the recorded calls can't be seen here.".into(),
        how_to_fix: "Stop using the feature in this deployment, or move the calls to one without the zero-retention promise.",
        evidence,
        counted,
        of,
        unknown,
    }])
}
