//! The report's section on coverage: what each source saw and told of how many days, which agree, the
//! known holes, what the provider billed.
//!
//! Every count is one of the reconciliation and opens by its query. Not here: reconciling
//! (`reconciling`), document formats.

use assay_domain::checks::{calls, counted as many};
use assay_report::model::Counted;
use assay_report::model::coverage::ReportCoverage;
use assay_report::model::oversight::Tally;

use super::contents::shown;
use crate::checks::thousands;
use crate::error::Result;
use crate::opening::Engine;
use crate::trail::reconciling::reconcile;
use crate::trail::reconciling::view::{AskReconciliation, HoleRow, Reconciliation, SourceCalls};

/// What the sources of a period cover; holes of the deployments `names` and of none in particular.
///
/// # Errors
/// The store's.
pub(super) fn coverage(
    engine: &Engine,
    from: i64,
    to: i64,
    names: &[String],
) -> Result<ReportCoverage> {
    let found = reconcile(
        engine,
        AskReconciliation {
            from: Some(shown(from)),
            to: Some(shown(to)),
        },
    )?;
    let holes: Vec<&HoleRow> = found
        .holes
        .iter()
        .filter(|hole| {
            hole.deployment
                .as_ref()
                .is_none_or(|deployment| names.contains(deployment))
        })
        .collect();
    let mut tallies: Vec<Tally> = Vec::new();
    for source in &found.sources {
        tallies.extend(of_source(source, &found));
    }
    tallies.extend(of_pairs(&found));
    tallies.extend(
        holes
            .iter()
            .enumerate()
            .map(|(index, hole)| of_hole(index, hole)),
    );
    tallies.extend(of_billed(&found));
    Ok(ReportCoverage {
        says: says(&found, holes.len()),
        tallies,
    })
}

fn says(found: &Reconciliation, holes: usize) -> Vec<String> {
    if found.sources.is_empty() {
        return vec![
            "No source holds a call of the period. That is not the same as no traffic.".to_owned(),
        ];
    }
    let alone: u64 = found.sources.iter().map(|source| source.alone).sum();
    let billed = &found.billed;
    let sums = billed
        .models
        .iter()
        .filter_map(|model| Some((model.billed?.all, model.held.map_or(0, |held| held.all))))
        .fold((0, 0), |sums, one| (sums.0 + one.0, sums.1 + one.1));
    vec![
        format!(
            "The {} of the period, over all deployments, stand in {}; {} in one source only, of which nothing tells whether it is whole.",
            calls(found.calls),
            many(found.sources.len() as u64, "source"),
            thousands(alone)
        ),
        match holes {
            0 => "No known hole. That is no proof that nothing is missing: only what another source, a record itself or the provider's report tells is found.".to_owned(),
            1 => "1 known hole.".to_owned(),
            count => format!("{} known holes.", thousands(count as u64)),
        },
        match billed.usage_rows {
            0 => "What the provider billed is unknown: no usage report of the period was imported.".to_owned(),
            _ => format!(
                "Anthropic's usage report counts {} of the period; the trail holds {} of the same hours.",
                many(sums.0, "token"),
                thousands(sums.1)
            ),
        },
    ]
}

fn of_source(source: &SourceCalls, found: &Reconciliation) -> Vec<Tally> {
    let cells = found
        .coverage
        .sources
        .iter()
        .find(|one| one.source == source.source)
        .map_or(&[][..], |one| &one.cells);
    let days = |states: &[&str]| {
        cells
            .iter()
            .filter(|cell| states.contains(&cell.state.as_str()))
            .count() as u64
    };
    vec![
        Tally {
            id: format!("calls.{}", source.source),
            title: format!("{}: calls", source.title),
            value: source.calls,
            of: Counted::new(found.calls, "call of all sources", "calls of all sources"),
            query: Some(source.query.clone()),
            note: None,
        },
        Tally {
            id: format!("alone.{}", source.source),
            title: format!("{}: calls that no other source saw", source.title),
            value: source.alone,
            of: Counted::new(source.calls, "of its calls", "of its calls"),
            query: Some(source.alone_query.clone()),
            note: None,
        },
        Tally {
            id: format!("days.{}", source.source),
            title: format!("{}: days with calls", source.title),
            value: days(&["recorded", "partial"]),
            of: match (cells.len() as u64, found.coverage.left_out) {
                (days, 0) => Counted::new(days, "day of the period", "days of the period"),
                (days, _) => Counted::new(
                    days,
                    "newest day of the period",
                    "newest days of the period",
                ),
            },
            query: Some(source.query.clone()),
            note: days_note([
                (
                    days(&["partial"]),
                    ["of these has a known hole", "of these have a known hole"],
                ),
                (days(&["hole"]), ["is a hole", "are holes"]),
                (
                    days(&["elsewhere"]),
                    [
                        "is not covered: only other sources recorded calls",
                        "are not covered: only other sources recorded calls",
                    ],
                ),
                (
                    days(&["nothing"]),
                    ["has no call in any source", "have no call in any source"],
                ),
            ]),
        },
    ]
}

/// What there is to say of days, of one and of many, in a sentence; `None` where nothing is.
fn days_note(parts: [(u64, [&str; 2]); 4]) -> Option<String> {
    let said: Vec<String> = parts
        .into_iter()
        .filter(|(days, _)| *days > 0)
        .map(|(days, [one, many])| format!("{days} {}", if days == 1 { one } else { many }))
        .collect();
    (!said.is_empty()).then(|| format!("{}.", said.join(", ")))
}

/// Pairs that have a call in common.
fn of_pairs(found: &Reconciliation) -> Vec<Tally> {
    let title = |name: &str| {
        found
            .sources
            .iter()
            .find(|source| source.source == name)
            .map_or(name, |source| source.title.as_str())
            .to_owned()
    };
    let mut tallies = Vec::new();
    for pair in found.pairs.iter().filter(|pair| pair.matched > 0) {
        let (left, right) = (title(&pair.left), title(&pair.right));
        let either = pair.matched + pair.only_left + pair.only_right;
        let mut add = |id: &str, title: String, value: u64, query: &str| {
            tallies.push(Tally {
                id: format!("{id}.{}.{}", pair.left, pair.right),
                title,
                value,
                of: Counted::new(either, "call of either", "calls of either"),
                query: Some(query.to_owned()),
                note: None,
            });
        };
        add(
            "both",
            format!("{left} and {right}: calls in both"),
            pair.matched,
            &pair.matched_query,
        );
        add(
            "left",
            format!("{left} beside {right}: calls only in the first"),
            pair.only_left,
            &pair.only_left_query,
        );
        add(
            "right",
            format!("{left} beside {right}: calls only in the second"),
            pair.only_right,
            &pair.only_right_query,
        );
    }
    tallies
}

fn of_hole(index: usize, hole: &HoleRow) -> Tally {
    let whose = hole.deployment.as_deref().unwrap_or("all deployments");
    let proof = hole
        .activities_query
        .as_ref()
        .map_or_else(String::new, |query| format!(" Activities: {query}"));
    Tally {
        id: format!("hole.{}", index + 1),
        title: format!("{}: {}, {whose}", hole.title, hole.source_title),
        value: hole.count,
        of: Counted::new(hole.denominator, hole.unit_of_one, &hole.unit),
        query: hole.query.clone(),
        note: Some(format!(
            "{} {} (UTC). {}{proof}",
            minute(&hole.from),
            match hole.no_end_known {
                true => "on, no end known".to_owned(),
                false => format!("to {}", minute(&hole.to)),
            },
            hole.says
        )),
    }
}

fn minute(at: &str) -> String {
    at.chars().take(16).collect::<String>().replace('T', " ")
}

/// Models of which a usage report counts tokens.
fn of_billed(found: &Reconciliation) -> Vec<Tally> {
    let models = found.billed.models.iter();
    models
        .filter_map(|model| {
            let billed = model.billed?;
            let name = match model.model.as_deref() {
                None => "All models",
                Some("") => "Calls that name no model",
                Some(name) => name,
            };
            let cost = match (&model.billed_usd, &model.held_usd) {
                (Some(billed), Some(held)) => {
                    format!(" Billed {billed} USD; by the price table {held} USD.")
                }
                (Some(billed), None) => format!(" Billed {billed} USD."),
                _ => String::new(),
            };
            Some(Tally {
                id: format!("billed.{}", model.model.as_deref().unwrap_or("all")),
                title: format!("{name}: tokens in the trail"),
                value: model.held.map_or(0, |held| held.all),
                of: Counted::new(
                    billed.all,
                    "token that the provider counted",
                    "tokens that the provider counted",
                ),
                query: Some(model.calls_query.clone()),
                note: Some(format!(
                    "{} {}; {}, {} without token counts.{cost}",
                    match model.state.as_str() {
                        "agrees" => "Agrees, within 1 in 100.",
                        "billed_more" => "The provider counted more.",
                        "held_more" => "The trail holds more.",
                        _ => "Unknown whether they agree.",
                    },
                    many(model.days, "day"),
                    calls(model.calls),
                    thousands(model.without_tokens)
                )),
            })
        })
        .collect()
}
