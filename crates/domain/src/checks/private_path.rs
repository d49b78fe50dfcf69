//! Did the calls come over the private network path that the definition asks for?
//!
//! Evidence of a private path is a VPC endpoint id in a record. Not here: what a vendor says of it.

use super::{Answer, Check, Failure, Severity, Subject, Verdict, all_calls, calls, clause, n};

pub static CHECK: Check = Check {
    id: "private-path",
    title: "Private network path",
    question: "Did every call come over the private network path that is required?",
    severity: Severity::Medium,
    clauses: &[
        clause(
            "SOC 2 CC6.6",
            "Access from outside the boundaries is restricted.",
        ),
        clause(
            "ISO/IEC 27001:2022 A.8.20",
            "Networks are secured and controlled.",
        ),
    ],
    run,
};

fn run(subject: &Subject<'_>) -> Result<Vec<Answer>, Failure> {
    if !subject.definition.requirements.private_path {
        return Ok(Vec::new());
    }
    let of = subject.count("")?;
    let unknown = subject.count("-has:private_path")?;
    let mut evidence = Vec::new();
    if unknown > 0 {
        evidence.push(subject.calls(
            "Calls without evidence of a private path",
            "-has:private_path",
        )?);
    }
    Ok(vec![Answer {
        subject: "all calls".into(),
        verdict: Verdict::of(0, unknown, of),
        title: if of == 0 {
            "The trail holds no call of this deployment.".into()
        } else if unknown == 0 {
            format!("{} came through a private endpoint that is named.", all_calls(of))
        } else {
            format!("No evidence of a private path in {} of {}.", n(unknown), calls(of))
        },
        detail: "CloudTrail names the VPC endpoint of a call that came through one. Where no record of a call is from CloudTrail, its path is unknown.".into(),
        how_to_fix: "Import the CloudTrail records of the same period, and deny calls that do not come through the endpoint.",
        evidence,
        counted: 0,
        of,
        unknown,
    }])
}
