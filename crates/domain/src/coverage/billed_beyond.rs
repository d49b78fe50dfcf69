//! Billed beyond the trail: tokens that the provider counted and no call of the trail has.

use std::collections::{BTreeMap, BTreeSet};

use super::{DAY_MS, Facts, Hole, Signature, Unit};
use crate::billed::comparing::{Line, Span, State, during, plain_model};
use crate::checks::n;
use crate::query::term_for;

/// The rule, for people.
pub const RULE: &str = "Anthropic's usage report counts tokens of a day and model that no call of the trail has, more than 1 in 100 of them, although all answered calls of that time in the trail have token counts: calls that nobody logged, or whose log was not imported. Without a report this is unknown.";

/// The source's name of such a hole.
pub const SOURCE: &str = "usage_report";

/// The query of exactly the calls that lines of one deployment and model count.
pub fn query(lines: &[&Line], deployments: &dyn Fn(i64) -> Option<String>) -> Option<String> {
    let first = lines.first()?;
    let mut terms = vec![match first.deployment.and_then(deployments) {
        Some(name) => super::of_deployment(&name),
        None => "kind:claude_api".to_owned(),
    }];
    match first.model.as_deref() {
        None => {}
        Some("") => terms.push("-has:request_model".to_owned()),
        Some(model) => {
            let held: BTreeSet<&str> = lines
                .iter()
                .flat_map(|line| line.held.models.iter().map(String::as_str))
                .collect();
            terms.push(of_models(model, &held));
        }
    }
    let spans: Vec<Span> = lines.iter().flat_map(|line| line.spans.clone()).collect();
    terms.push(during(&spans));
    Some(terms.join(" "))
}

/// The term for the models that are held under one plain name; the name itself where none is.
fn of_models(plain: &str, held: &BTreeSet<&str>) -> String {
    let values: Vec<String> = held
        .iter()
        .filter(|model| plain_model(model) == plain)
        .map(|model| {
            let term = term_for("request_model", Some(model));
            term.trim_start_matches("request_model:").to_owned()
        })
        .collect();
    match values.is_empty() {
        true => term_for("request_model", Some(plain)),
        false => format!("request_model:{}", values.join(",")),
    }
}

pub(super) fn find(facts: &Facts<'_>) -> Vec<Hole> {
    let mut found: BTreeMap<(Option<i64>, Option<&str>), Vec<&Line>> = BTreeMap::new();
    for line in facts
        .billed
        .iter()
        .filter(|line| line.state == State::BilledMore)
    {
        found
            .entry((line.deployment, line.model.as_deref()))
            .or_default()
            .push(line);
    }
    let name = |deployment: i64| facts.named(deployment).map(|named| named.name.clone());
    found
        .into_iter()
        .filter_map(|((deployment, model), lines)| {
            let from_ms = lines.iter().map(|line| line.day_ms).min()?;
            let to_ms = lines.iter().map(|line| line.day_ms).max()? + DAY_MS;
            let of: u64 = lines.iter().map(|line| line.billed_tokens()).sum();
            let held: u64 = lines.iter().map(|line| line.held_tokens()).sum();
            let days = match lines.len() {
                1 => "1 day".to_owned(),
                count => format!("{} days", n(count as u64)),
            };
            Some(Hole {
                signature: Signature::BilledBeyond,
                source: SOURCE.to_owned(),
                deployment: deployment.and_then(name),
                from_ms,
                to_ms,
                no_end_known: false,
                count: of - held,
                of,
                unit: Unit::Tokens,
                query: query(&lines, &name),
                activities: None,
                billed_model: model.map(str::to_owned),
                says: format!(
                    "On {days} the provider counted {} tokens of {} and the trail holds {} of them.",
                    n(of),
                    model.unwrap_or("all models"),
                    n(held)
                ),
            })
        })
        .collect()
}
