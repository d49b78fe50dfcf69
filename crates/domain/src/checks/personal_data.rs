//! Does personal data stand in prompts and tool inputs?
//!
//! Counts what the recognizers found when the calls were scanned. Not here: secrets (`secrets`),
//! finding them (the redaction engine).

use super::{Answer, Check, Failure, Severity, Subject, Verdict, calls, clause, n};

pub static CHECK: Check = Check {
    id: "personal-data",
    title: "Personal data in prompts",
    question: "Does personal data stand in prompts or tool inputs?",
    severity: Severity::High,
    clauses: &[
        clause(
            "GDPR Art. 5(1)(c)",
            "Personal data is limited to what the purpose needs.",
        ),
        clause("GDPR Art. 25", "Data protection by design and by default."),
        clause(
            "ISO/IEC 27001:2022 A.8.11",
            "Data is masked as the access policy asks.",
        ),
        clause(
            "PCI DSS v4.0.1 3.4.1",
            "A primary account number is masked when displayed.",
        ),
    ],
    run,
};

/// Entity types that are no personal data by themselves, or that another check counts.
pub const NOT_PERSONAL: [&str; 1] = ["URL"];

const PROMPTS: &str = "prompts";

const SUBJECTS: [(&str, &str); 2] = [
    (
        PROMPTS,
        "system,user_message,assistant_message,tool_result,tool_definition,document,metadata",
    ),
    ("tool inputs", "tool_input,response_tool_input"),
];

fn run(subject: &Subject<'_>) -> Result<Vec<Answer>, Failure> {
    if subject.definition.requirements.personal_data_allowed {
        return Ok(Vec::new());
    }
    let (scanned, unknown) = subject.trail.scanned(&subject.query(""))?;
    let types: Vec<String> = subject
        .trail
        .values("entity_type", &subject.query("has:entity_type"))?
        .into_iter()
        .filter_map(|(name, _)| name)
        .filter(|name| !NOT_PERSONAL.contains(&name.as_str()) && !super::secrets::is_secret(name))
        .collect();
    SUBJECTS
        .into_iter()
        .map(|(what, fields)| judge(subject, what, fields, &types, (scanned, unknown)))
        .collect()
}

fn judge(
    subject: &Subject<'_>,
    what: &str,
    fields: &str,
    types: &[String],
    (scanned, unknown): (u64, u64),
) -> Result<Answer, Failure> {
    let mut evidence = Vec::new();
    let mut counted = 0;
    let found = (!types.is_empty())
        .then(|| format!("entity_type:{} entity_field:{fields}", types.join(",")));
    if let Some(found) = &found {
        counted = subject.count(found)?;
        for name in types {
            let terms = format!("entity_type:{name} entity_field:{fields}");
            let count = subject.count(&terms)?;
            if count > 0 {
                evidence.push(subject.calls(format!("{} with {name}", calls(count)), &terms)?);
            }
        }
    }
    let (partly, unread) = match what {
        PROMPTS => subject.partly_searched(found.as_deref())?,
        _ => (0, ""),
    };
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
    let of = scanned + unknown;
    let title = match (counted, unknown) {
        _ if of == 0 => "The trail holds no call of this deployment.".into(),
        (0, 0) => format!(
            "No recognizer found personal data in the {what} of {}.",
            calls(scanned)
        ),
        (0, _) => format!(
            "No recognizer found personal data in the {what} of {}; {} more could not be searched.",
            calls(scanned),
            n(unknown)
        ),
        (_, 0) => format!(
            "Personal data stands in the {what} of {} of {}.",
            n(counted),
            calls(scanned)
        ),
        _ => format!(
            "Personal data stands in the {what} of {} of {} that were searched; {} more could not be.",
            n(counted),
            calls(scanned),
            n(unknown)
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
    Ok(Answer {
        subject: what.to_owned(),
        verdict: Verdict::of(counted, unknown + partly, of),
        title: format!("{title}{unseen}"),
        detail: "Counted by the recognizers of the policy in force. What they miss is not counted: measure them on your own text with `redaction evaluate`.".into(),
        how_to_fix: "Redact before sending, with the policy that the preview shows, or declare that the deployment is made for personal data.",
        evidence,
        counted,
        of,
        unknown: unknown + partly,
    })
}
