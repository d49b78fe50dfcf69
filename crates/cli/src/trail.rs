//! `assay trail`: calls, activities, facets, one record in full, and which sources saw the same.
//!
//! Exports stand in `exporting`. Not here: the query language and masking (the engine).

mod billed;
mod exporting;
mod notes;
mod reconciled;
mod record;
mod samples;
pub(crate) mod text;
mod views;

use std::collections::BTreeMap;

use assay_engine::commands::Nothing;
use assay_engine::error::{Code, WireError};
use assay_engine::opening::Engine;
use assay_engine::trail::billed::view::AskUsage;
use assay_engine::trail::reconciling::view::AskReconciliation;
use assay_engine::trail::text_index::view::{AskExcerpts, Excerpt};
use assay_engine::trail::view::{CallRow, Facet, ListCalls, Query, RevealCall};
use assay_engine::trail::{self, latency};
use serde_json::{Map, Value, json};

use crate::arguments::PageArguments;
use crate::arguments::trail::TrailCommand;
use crate::ending::{Ending, Outcome, bad_input};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, counted, moment, or_dash, table, thousands};

/// Records that the engine gives at once.
const PAGE: u64 = 500;
/// Digits of an id in a list; the first ones are enough to name a record.
const DIGITS: usize = 12;
/// Digits of a whole id.
const WHOLE: usize = 32;

/// Asks the trail.
pub(crate) fn run(
    given: TrailCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    match given {
        TrailCommand::Calls { query, page } => {
            calls(&settings.reading()?, &query.text(), &page, output)
        }
        TrailCommand::Call { id } => record::call(&settings.reading()?, &id, output),
        TrailCommand::Activities { query, page } => {
            activities(&settings.reading()?, &query.text(), &page, output)
        }
        TrailCommand::Activity { id } => record::activity(&settings.reading()?, id, output),
        TrailCommand::Facets { query } => facets(&settings.reading()?, query.text(), output),
        TrailCommand::Latency { query } => latency(&settings.reading()?, query.text(), output),
        TrailCommand::Reconcile { from, to } => {
            let asked = AskReconciliation { from, to };
            reconciled::reconcile(&settings.reading()?, asked, output)
        }
        TrailCommand::Usage {
            from,
            to,
            model,
            report,
            counted,
            limit,
            after,
        } => {
            let asked = AskUsage {
                from,
                to,
                model,
                report,
                counts: counted.then_some(true),
                after,
                limit,
            };
            billed::usage(&settings.reading()?, asked, output)
        }
        TrailCommand::Reveal { id, reason } => reveal(&settings.writing()?, &id, reason, output),
        TrailCommand::Export(given) => return exporting::run(given, settings, output),
        TrailCommand::Keys => keys(&settings.reading_or_empty()?.0, output),
        TrailCommand::View(given) => views::run(given, settings, output),
        TrailCommand::Note(given) => notes::note(given, settings, output),
        TrailCommand::Tag(given) => notes::tag(given, settings, output),
        TrailCommand::Sample(given) => samples::run(given, settings, output),
        TrailCommand::Text(command) => text::run(command, settings, output),
    }?;
    Ok(Outcome::Done)
}

/// Reads pages until there are as many records as were asked for.
fn pages<T>(
    query: &str,
    page: &PageArguments,
    mut read: impl FnMut(ListCalls) -> Result<(Vec<T>, Option<String>), WireError>,
) -> Result<(Vec<T>, Option<String>), WireError> {
    let mut records = Vec::new();
    let mut after = page.after.clone();
    let mut row = page.row;
    loop {
        let left = page.limit - records.len() as u64;
        let limit = u32::try_from(left.min(PAGE)).ok();
        let (found, next) = read(ListCalls {
            query: query.to_owned(),
            after,
            row: row.take(),
            limit,
        })?;
        records.extend(found);
        if next.is_none() || records.len() as u64 >= page.limit {
            return Ok((records, next));
        }
        after = next;
    }
}

fn calls(
    engine: &Engine,
    query: &str,
    page: &PageArguments,
    output: &mut Output,
) -> Result<(), Ending> {
    let (calls, next) = pages(query, page, |input| {
        trail::calls(engine, input).map(|page| (page.calls, page.next))
    })?;
    let total = trail::count(
        engine,
        Query {
            query: query.to_owned(),
        },
    )?
    .matching;
    let excerpts = excerpts(engine, query, &calls)?;
    if output.is_json() {
        let mut calls = json!(calls);
        for call in calls.as_array_mut().into_iter().flatten() {
            if let Some(excerpt) = call["id"].as_str().and_then(|id| excerpts.get(id)) {
                call["excerpt"] = json!({
                    "field": excerpt.field, "hidden": excerpt.hidden, "pieces": excerpt.pieces,
                });
            }
        }
        return output.document(&json!({"calls": calls, "next": next, "total": total}));
    }
    let columns = [
        Column::Whole("call"),
        Column::Whole("started at"),
        Column::Text("deployment"),
        Column::Text("model"),
        Column::Whole("ran in"),
        Column::Whole("status"),
        Column::Number("in"),
        Column::Number("out"),
        Column::Number("usd"),
    ];
    let rows: Vec<Vec<String>> = calls.iter().map(row).collect();
    output.text(&table(&columns, &rows, "no call matches"))?;
    for call in &calls {
        if let Some(excerpt) = excerpts.get(&call.id) {
            let id: String = call.id.chars().take(DIGITS).collect();
            output.text(&format!("{id}  {}", text::line(excerpt)))?;
        }
    }
    more(calls.len(), total, next.as_deref(), output)
}

/// Where each call holds the words of the query, by id; none where it searches for none.
fn excerpts(
    engine: &Engine,
    query: &str,
    calls: &[CallRow],
) -> Result<BTreeMap<String, Excerpt>, WireError> {
    let mut found = BTreeMap::new();
    for page in calls.chunks(PAGE as usize) {
        let asked = AskExcerpts {
            query: query.to_owned(),
            ids: page.iter().map(|call| call.id.clone()).collect(),
        };
        let excerpts = assay_engine::trail::excerpts::excerpts(engine, asked)?;
        found.extend(excerpts.into_iter().map(|one| (one.id.clone(), one)));
    }
    Ok(found)
}

fn row(call: &CallRow) -> Vec<String> {
    let status = match call.http_status {
        Some(status) if call.status.name() == "error" => status.to_string(),
        _ => call.status.name().to_owned(),
    };
    let status = match (call.erased, call.held) {
        (Some(by), _) => format!("{status}, erased #{}", thousands(by)),
        (None, true) => format!("{status}, held"),
        (None, false) => status,
    };
    vec![
        call.id.chars().take(DIGITS).collect(),
        moment(call.started_at.as_deref()),
        call.deployment.clone(),
        or_dash(
            call.request_model
                .as_deref()
                .or(call.response_model.as_deref())
                .map(model),
        ),
        or_dash(call.served_region.as_deref()),
        status,
        or_dash(call.input_tokens.map(thousands)),
        or_dash(call.output_tokens.map(thousands)),
        or_dash(call.cost_usd.as_deref()),
    ]
}

/// A model's name without what every name of a model has, and without its date.
pub(crate) fn model(name: &str) -> &str {
    let name = name
        .rsplit_once("anthropic.")
        .map_or(name, |(_, name)| name);
    let is_date = |at: usize| {
        let digits = name.as_bytes().get(at + 1..at + 9);
        digits.is_some_and(|digits| {
            digits.starts_with(b"20") && digits.iter().all(u8::is_ascii_digit)
        })
    };
    let date = name
        .match_indices(['-', '@'])
        .map(|(at, _)| at)
        .find(|at| is_date(*at));
    date.map_or(name, |at| &name[..at])
}

fn more(shown: usize, total: u64, next: Option<&str>, output: &mut Output) -> Result<(), Ending> {
    match next {
        Some(cursor) => output.note(&format!(
            "\n{} of {}; `--after {cursor}` goes on",
            thousands(shown as u64),
            thousands(total)
        )),
        None => Ok(()),
    }
}

/// The one call whose id begins with `id`.
pub(crate) fn whole_id(engine: &Engine, id: &str) -> Result<String, WireError> {
    let is_beginning =
        id.len() < WHOLE && id.len() >= 4 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_beginning {
        return Ok(id.to_owned());
    }
    let found = trail::calls(
        engine,
        ListCalls {
            query: format!("id:{id}*"),
            after: None,
            row: None,
            limit: Some(2),
        },
    )?;
    match found.calls.as_slice() {
        [one] => Ok(one.id.clone()),
        [] => Err(WireError::new(Code::NotFound, format!("no call: {id}"))
            .hint("see `assay trail calls`")),
        _ => {
            Err(bad_input(format!("more than one call begins with {id}")).hint("give more digits"))
        }
    }
}

fn activities(
    engine: &Engine,
    query: &str,
    page: &PageArguments,
    output: &mut Output,
) -> Result<(), Ending> {
    let read = |input| trail::activities(engine, input).map(|page| (page.activities, page.next));
    let (activities, next) = pages(query, page, read)?;
    let total = trail::activity_count(
        engine,
        Query {
            query: query.to_owned(),
        },
    )?
    .matching;
    if output.is_json() {
        return output.document(&json!({"activities": activities, "next": next, "total": total}));
    }
    let columns = [
        Column::Whole("at"),
        Column::Text("action"),
        Column::Text("by"),
        Column::Text("on"),
        Column::Whole("ok"),
        Column::Text("source"),
    ];
    let rows: Vec<Vec<String>> = activities
        .iter()
        .map(|activity| {
            vec![
                moment(activity.at.as_deref()),
                activity.action.clone(),
                or_dash(activity.actor.as_deref()),
                or_dash(activity.target.as_deref()),
                or_dash(
                    activity
                        .succeeded
                        .map(|succeeded| if succeeded { "yes" } else { "no" }),
                ),
                activity.source.clone(),
            ]
        })
        .collect();
    output.text(&table(&columns, &rows, "no activity matches"))?;
    more(activities.len(), total, next.as_deref(), output)
}

fn facets(engine: &Engine, query: String, output: &mut Output) -> Result<(), Ending> {
    let facets = trail::facets(engine, Query { query })?;
    if output.is_json() {
        let fields: Map<String, Value> = facets
            .iter()
            .map(|facet| (facet.field.clone(), json!(facet.values)))
            .collect();
        return output.document(&fields);
    }
    let rows: Vec<Vec<String>> = facets.iter().flat_map(facet_rows).collect();
    output.text(&table(
        &[
            Column::Whole("field"),
            Column::Text("value"),
            Column::Number("calls"),
        ],
        &rows,
        "no call matches",
    ))
}

fn latency(engine: &Engine, query: String, output: &mut Output) -> Result<(), Ending> {
    let found = latency::show(engine, Query { query })?;
    if output.is_json() {
        return output.document(&found);
    }
    let rows: Vec<Vec<String>> = found
        .percentiles
        .iter()
        .map(|one| {
            let time = if one.from_ms == one.to_ms {
                thousands(one.from_ms.unsigned_abs())
            } else {
                format!(
                    "{} to {}",
                    thousands(one.from_ms.unsigned_abs()),
                    thousands(one.to_ms.unsigned_abs())
                )
            };
            vec![format!("p{}", one.percent), time]
        })
        .collect();
    output.text(&table(
        &[Column::Whole("percentile"), Column::Number("ms")],
        &rows,
        "no latency is recorded",
    ))?;
    output.text(&format!(
        "of {} whose latency is recorded, of {} that match\n",
        counted(found.known, "call"),
        thousands(found.matching)
    ))
}

fn facet_rows(facet: &Facet) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = facet
        .values
        .iter()
        .map(|value| {
            let name = value
                .value
                .clone()
                .unwrap_or_else(|| "not recorded".to_owned());
            vec![facet.field.clone(), name, thousands(value.count)]
        })
        .collect();
    if facet.more > 0 {
        rows.push(vec![
            facet.field.clone(),
            format!("… {} more", thousands(facet.more)),
            String::new(),
        ]);
    }
    rows
}

fn reveal(engine: &Engine, id: &str, reason: String, output: &mut Output) -> Result<(), Ending> {
    let revealed = trail::reveal(
        engine,
        RevealCall {
            id: whole_id(engine, id)?,
            reason,
        },
    )?;
    if output.is_json() {
        return output.document(&revealed);
    }
    record::parts(&revealed.request, output)?;
    record::parts(&revealed.response, output)?;
    output.note(&format!("\nrecorded as activity {}", revealed.activity))
}

fn keys(engine: &Engine, output: &mut Output) -> Result<(), Ending> {
    let keys = trail::keys(engine, Nothing {})?;
    if output.is_json() {
        return output.document(&keys);
    }
    let rows: Vec<Vec<String>> = keys
        .iter()
        .map(|key| vec![key.key.clone(), key.about.clone(), key.example.clone()])
        .collect();
    output.text(&table(
        &[
            Column::Whole("key"),
            Column::Text("what it is"),
            Column::Text("example"),
        ],
        &rows,
        "no keys",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_named_without_vendor_and_date() {
        let check = |given: &str, expected: &str| assert_eq!(model(given), expected);
        check(
            "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
            "claude-sonnet-4-5",
        );
        check("claude-sonnet-4-5@20250929", "claude-sonnet-4-5");
        check("claude-opus-5", "claude-opus-5");
        check("modèle-20é", "modèle-20é");
    }
}
