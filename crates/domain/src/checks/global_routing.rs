//! Does a regulated deployment use routing that may run anywhere?
//!
//! `global.` profiles on Bedrock, the `global` location on Vertex AI, `inference_geo: global` on
//! the Claude API. What a call names may not tell: an application profile of Bedrock, an AWS Region
//! of the Claude Platform, the region of a private endpoint. Not here: where the calls really ran
//! (`residency`).

use super::{Answer, Check, Failure, Severity, Subject, Verdict, calls, clause, n};
use crate::call::Kind;
use crate::place::{Routing, bedrock_routing};
use crate::query::term_for;

pub static CHECK: Check = Check {
    id: "global-routing",
    title: "Global routing",
    question: "Does a regulated deployment send calls to an endpoint that may process them anywhere?",
    severity: Severity::High,
    clauses: &[
        clause(
            "GDPR Art. 44",
            "Personal data goes to a third country only under the conditions of Chapter V.",
        ),
        clause("GDPR Art. 25", "Data protection by design and by default."),
    ],
    run,
};

fn run(subject: &Subject<'_>) -> Result<Vec<Answer>, Failure> {
    if !subject.definition.regulated {
        return Ok(Vec::new());
    }
    let of = subject.count("")?;
    let key = if subject.definition.kind == Kind::Bedrock {
        "request_model"
    } else {
        "requested_region"
    };
    let (mut counted, mut unknown, mut evidence) = (0, 0, Vec::new());
    for (value, count) in subject.trail.values(key, &subject.query(""))? {
        let terms = term_for(key, value.as_deref());
        match routing(subject.definition.kind, value.as_deref()) {
            Routing::Global => {
                counted += count;
                evidence.push(subject.calls(
                    format!(
                        "{} sent to {}",
                        calls(count),
                        value.as_deref().unwrap_or_default()
                    ),
                    &terms,
                )?);
            }
            Routing::Unknown => {
                unknown += count;
                let what = value.as_deref().map_or_else(
                    || "Calls whose routing is not recorded".to_owned(),
                    |value| {
                        format!(
                            "{} to {value}, which does not tell its routing",
                            calls(count)
                        )
                    },
                );
                evidence.push(subject.calls(what, &terms)?);
            }
            Routing::OneRegion if subject.definition.kind == Kind::Bedrock => {
                // `bedrock-mantle` takes ids without a prefix and routes globally by default; its
                // records name no Region that a call ran in.
                let terms = format!("{terms} -has:served_region");
                let untold = subject.count(&terms)?;
                if untold > 0 {
                    unknown += untold;
                    evidence.push(subject.calls(
                        format!("{} whose record does not tell the routing", calls(untold)),
                        &terms,
                    )?);
                }
            }
            Routing::OneRegion | Routing::Geography(_) => {}
        }
    }
    Ok(vec![Answer {
        subject: "all calls".into(),
        verdict: Verdict::of(counted, unknown, of),
        title: match (counted, unknown) {
            _ if of == 0 => "The trail holds no call of this deployment.".into(),
            (0, 0) => format!("None of {} used global routing.", calls(of)),
            (0, _) => format!("The routing of {} of {} is not recorded; none of the others used global routing.", n(unknown), calls(of)),
            _ => format!("{} of {} used global routing, which gives no residency{}.", n(counted), calls(of), if unknown > 0 { format!("; {} more don't say", n(unknown)) } else { String::new() }),
        },
        detail: "Global routing may run a call in any region that the provider chooses; the vendor states no place for it.".into(),
        how_to_fix: "Use a Region id, a geographic profile or a regional endpoint, and deny global ones by policy.",
        evidence,
        counted,
        of,
        unknown,
    }])
}

/// What the routing of a call is by the model id it names (Bedrock) or the place it was sent to.
fn routing(kind: Kind, value: Option<&str>) -> Routing {
    match (kind, value) {
        (_, None) => Routing::Unknown,
        (Kind::Bedrock, Some(model)) => bedrock_routing(model),
        (_, Some("global")) => Routing::Global,
        // An AWS Region of the Claude Platform does not pin where inference runs; `us` does.
        (Kind::ClaudeApi, Some("us")) => Routing::Geography("us"),
        (Kind::ClaudeApi | Kind::ClaudeEnterprise | Kind::Private, Some(_)) => Routing::Unknown,
        (Kind::Vertex, Some(_)) => Routing::OneRegion,
    }
}
