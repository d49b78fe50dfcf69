//! Did calls run, or were they sent, outside the places that the deployment allows?
//!
//! A call ran where its record proves it; where no record does, a call that was sent to a place
//! outside counts as outside, and every other one as unknown. Not here: `global` routing by itself.

use super::{
    Answer, Check, Evidence, Failure, Severity, Subject, Verdict, all_calls, calls, clause, n, were,
};
use crate::place::{Allowed, allows, allows_scope, profile_scope, spelled};
use crate::query::term_for;

pub static CHECK: Check = Check {
    id: "residency",
    title: "Allowed places",
    question: "Did every call run in a place that the deployment allows?",
    severity: Severity::Critical,
    clauses: &[
        clause(
            "GDPR Art. 44",
            "Personal data goes to a third country only under the conditions of Chapter V.",
        ),
        clause(
            "GDPR Art. 28(3)(a)",
            "The processor acts on documented instructions, transfers included.",
        ),
        clause(
            "ISO/IEC 27001:2022 A.5.23",
            "Use of cloud services is managed by agreed requirements.",
        ),
    ],
    run,
};

const FIX: &str = "Use a Region id or a geographic profile inside the allowed places, deny the others by policy, and assess the calls that already ran outside.";

fn run(subject: &Subject<'_>) -> Result<Vec<Answer>, Failure> {
    let allowed = &subject.definition.allowed_places;
    let of = subject.count("")?;
    if allowed.is_empty() {
        if !subject.definition.regulated {
            return Ok(Vec::new());
        }
        return Ok(vec![answer(
            Verdict::Unknown,
            "No allowed places are declared for this regulated deployment.".into(),
            Vec::new(),
            (0, of, of),
            "Declare `allowed_places` in the deployment's definition.",
        )]);
    }
    let (mut outside, mut unknown, mut inside_by_profile) = (0, 0, 0);
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut untold: Vec<(Option<String>, u64)> = Vec::new();
    for (served, count) in subject.trail.values("served_region", &subject.query(""))? {
        let here = term_for("served_region", served.as_deref());
        match served.as_deref().map(|place| allows(allowed, place)) {
            Some(Allowed::Yes) => {
                // That two records are of one call is inferred: no proof of where it ran.
                let terms = format!("{here} join:inferred_region");
                let inferred = subject.count(&terms)?;
                if inferred > 0 {
                    unknown += inferred;
                    let what = format!(
                        "{} ran in {} only by a record that was joined by inference",
                        calls(inferred),
                        served.as_deref().unwrap_or_default()
                    );
                    evidence.push(subject.calls(what, &terms)?);
                }
            }
            Some(Allowed::No) => {
                outside += count;
                evidence.push(subject.calls(
                    format!(
                        "{} ran in {}",
                        calls(count),
                        served.as_deref().unwrap_or_default()
                    ),
                    &here,
                )?);
            }
            Some(Allowed::Unknown) => {
                unknown += count;
                let what = format!(
                    "{} ran in {}, of which it is not known whether it is allowed",
                    calls(count),
                    served.as_deref().unwrap_or_default()
                );
                evidence.push(subject.calls(what, &here)?);
            }
            None => {
                for (sent, count) in subject
                    .trail
                    .values("requested_region", &subject.query(&here))?
                {
                    if sent.as_deref().map(|place| allows(allowed, place)) == Some(Allowed::No) {
                        outside += count;
                        let terms =
                            format!("{here} {}", term_for("requested_region", sent.as_deref()));
                        let what = format!(
                            "{} {} sent to {}",
                            calls(count),
                            were(count),
                            sent.as_deref().unwrap_or_default()
                        );
                        evidence.push(subject.calls(what, &terms)?);
                    } else {
                        unknown += count;
                        untold.push((sent, count));
                    }
                }
                for (model, count) in subject
                    .trail
                    .values("request_model", &subject.query(&here))?
                {
                    let scope = model.as_deref().and_then(profile_scope);
                    if scope.is_some_and(|scope| allows_scope(allowed, scope) == Allowed::Yes) {
                        inside_by_profile += count;
                    }
                }
            }
        }
    }
    for (sent, count) in untold {
        let terms = format!(
            "-has:served_region {}",
            term_for("requested_region", sent.as_deref())
        );
        let to = sent.map_or_else(String::new, |sent| format!(" sent to {sent}"));
        evidence.push(subject.calls(
            format!("{}{to}: no record tells where they ran", calls(count)),
            &terms,
        )?);
    }
    let places = spelled(allowed);
    let title = match (outside, unknown) {
        (_, _) if of == 0 => "The trail holds no call of this deployment.".to_owned(),
        (0, 0) => format!(
            "{} ran inside the allowed places ({places}).",
            all_calls(of)
        ),
        (0, _) => format!(
            "Where {} of {} ran is not known; the others ran inside {places}.",
            n(unknown),
            calls(of)
        ),
        (_, 0) => format!(
            "{} of {} ran or were sent outside {places}.",
            n(outside),
            calls(of)
        ),
        _ => format!(
            "{} of {} ran or were sent outside {places}; where {} more ran is not known.",
            n(outside),
            calls(of),
            n(unknown)
        ),
    };
    let mut found = answer(
        Verdict::of(outside, unknown, of),
        title,
        evidence,
        (outside, of, unknown),
        FIX,
    );
    if inside_by_profile > 0 {
        found.detail = format!(
            "{} of the unknown went through a geographic profile that the vendor says stays inside; no record proves it.",
            calls(inside_by_profile)
        );
    }
    Ok(vec![found])
}

fn answer(
    verdict: Verdict,
    title: String,
    evidence: Vec<Evidence>,
    (counted, of, unknown): (u64, u64, u64),
    how_to_fix: &'static str,
) -> Answer {
    Answer {
        subject: "all calls".into(),
        verdict,
        title,
        detail: "A call counts as inside only where its record names the place it ran in.".into(),
        how_to_fix,
        evidence,
        counted,
        of,
        unknown,
    }
}
