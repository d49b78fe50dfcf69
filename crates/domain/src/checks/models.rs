//! Are the models in use ones that the vendor still serves and that the price table knows?
//!
//! Not here: which models a company approves (later, a list in the definition).

use super::{Answer, Check, Failure, Severity, Subject, Verdict, all_calls, calls, clause, n};
use crate::call::Kind;
use crate::price;
use crate::query::term_for;

pub static CHECK: Check = Check {
    id: "models",
    title: "Models in use",
    question: "Are the models in use still served, and known to the price table?",
    severity: Severity::Low,
    clauses: &[clause(
        "ISO/IEC 42001:2023 A.6.2.6",
        "Operation and monitoring of the AI system are defined.",
    )],
    run,
};

fn run(subject: &Subject<'_>) -> Result<Vec<Answer>, Failure> {
    // Neither has a table of its own that would tell.
    if matches!(
        subject.definition.kind,
        Kind::Private | Kind::ClaudeEnterprise
    ) {
        return Ok(Vec::new());
    }
    let of = subject.count("")?;
    let (mut retired, mut deprecated, mut unknown) = (0_u64, 0_u64, 0_u64);
    let mut evidence = Vec::new();
    for (model, count) in subject.trail.values("request_model", &subject.query(""))? {
        let known = model
            .as_deref()
            .and_then(|model| price::price(subject.definition.kind, model, None));
        let name = model.as_deref().unwrap_or("a model that is not recorded");
        let what = match known {
            Some(price) if price.status.starts_with("Retired") => {
                retired += count;
                format!("{} to {name}: {}", calls(count), price.status)
            }
            // The table has only a link to the platform's own lifecycle page.
            Some(price) if price.status.starts_with("see ") => {
                unknown += count;
                format!(
                    "{} to {name}: whether it is still served is not in the table ({})",
                    calls(count),
                    price.status
                )
            }
            Some(price) if price.status.starts_with("Deprecated") => {
                deprecated += count;
                format!("{} to {name}: {}", calls(count), price.status)
            }
            Some(_) => continue,
            None => {
                unknown += count;
                format!(
                    "{} to {name}: not in the price table of {}",
                    calls(count),
                    price::AS_OF
                )
            }
        };
        evidence.push(subject.calls(what, &term_for("request_model", model.as_deref()))?);
    }
    Ok(vec![Answer {
        subject: "all calls".into(),
        verdict: Verdict::of(retired, unknown, of),
        title: match (retired, unknown) {
            _ if of == 0 => "The trail holds no call of this deployment.".into(),
            (0, 0) if deprecated > 0 => format!(
                "{} went to models that the vendor serves; {} of them to deprecated ones.",
                all_calls(of),
                n(deprecated)
            ),
            (0, 0) => format!(
                "{} went to models that the vendor serves and the price table knows.",
                all_calls(of)
            ),
            (0, _) => format!(
                "For {} of {} the table does not tell whether their model is still served.",
                n(unknown),
                calls(of)
            ),
            (_, 0) => format!(
                "{} of {} went to models that the vendor has retired.",
                n(retired),
                calls(of)
            ),
            _ => format!(
                "{} of {} went to models that the vendor has retired; of {} more the table does not tell.",
                n(retired),
                calls(of),
                n(unknown)
            ),
        },
        detail: format!("By the vendors' model pages as of {}.", price::AS_OF),
        how_to_fix: "Move to a model that is served, or bring the price table up to date.",
        evidence,
        counted: retired,
        of,
        unknown,
    }])
}
