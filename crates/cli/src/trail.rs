//! `assay trail`: calls, activities, facets, one record in full, and which sources saw the same.
//!
//! Not here: the query language and masking (the engine).

use assay_engine::commands::Nothing;
use assay_engine::error::{Code, WireError};
use assay_engine::opening::Engine;
use assay_engine::reconciling::{self, AskReconciliation};
use assay_engine::trail;
use assay_engine::trail_view::{
    ActivityRow, CallDetail, CallRow, Facet, ListCalls, MaskedPart, Provenance, Query, RecordRef,
    RevealCall, Segment,
};
use serde_json::{Map, Value, json};

use crate::arguments::{PageArguments, TrailCommand};
use crate::ending::{Ending, Outcome, bad_input};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, moment, or_dash, pairs, table, thousands};

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
        TrailCommand::Call { id } => call(&settings.reading()?, &id, output),
        TrailCommand::Activities { query, page } => {
            activities(&settings.reading()?, &query.text(), &page, output)
        }
        TrailCommand::Activity { id } => activity(&settings.reading()?, id, output),
        TrailCommand::Facets { query } => facets(&settings.reading()?, query.text(), output),
        TrailCommand::Reconcile { from, to } => {
            reconcile(&settings.reading()?, AskReconciliation { from, to }, output)
        }
        TrailCommand::Reveal { id, reason } => reveal(&settings.writing()?, &id, reason, output),
        TrailCommand::Keys => keys(&settings.reading_or_empty()?.0, output),
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
    loop {
        let left = page.limit - records.len() as u64;
        let limit = u32::try_from(left.min(PAGE)).ok();
        let (found, next) = read(ListCalls {
            query: query.to_owned(),
            after,
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
    if output.is_json() {
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
    more(calls.len(), total, next.as_deref(), output)
}

fn row(call: &CallRow) -> Vec<String> {
    let status = match call.http_status {
        Some(status) if call.status.name() == "error" => status.to_string(),
        _ => call.status.name().to_owned(),
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

/// A model's name without what every name of a model has.
fn model(name: &str) -> &str {
    name.rsplit_once("anthropic.")
        .map_or(name, |(_, name)| name)
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

fn call(engine: &Engine, id: &str, output: &mut Output) -> Result<(), Ending> {
    let detail = trail::call(
        engine,
        RecordRef {
            id: whole_id(engine, id)?,
        },
    )?;
    if output.is_json() {
        return output.document(&flat(&detail, "call")?);
    }
    output.text(&head(&detail))?;
    parts(&detail.request, output)?;
    parts(&detail.response, output)?;
    if let Some(note) = &detail.body_note {
        output.text(&format!("\n{note}"))?;
    }
    output.note(&format!("\nmasked by policy `{}`", detail.masked_by))
}

/// The fields of `value` in one object, those of its field `inner` beside the others.
pub(crate) fn flat(value: &impl serde::Serialize, inner: &str) -> Result<Value, WireError> {
    let internal = |error: serde_json::Error| WireError::new(Code::Internal, error.to_string());
    let mut outer = serde_json::to_value(value).map_err(internal)?;
    let Some(fields) = outer.as_object_mut() else {
        return Ok(outer);
    };
    if let Some(Value::Object(own)) = fields.remove(inner) {
        for (name, value) in own {
            fields.entry(name).or_insert(value);
        }
    }
    Ok(outer)
}

fn head(detail: &CallDetail) -> String {
    let call = &detail.call;
    let witnesses: Vec<String> = detail
        .witnesses
        .iter()
        .map(|witness| {
            let differs: Vec<String> = witness
                .differs
                .iter()
                .map(|difference| {
                    format!(
                        "{} is {}",
                        difference.field,
                        difference.there.as_deref().unwrap_or("–")
                    )
                })
                .collect();
            let differs = if differs.is_empty() {
                String::new()
            } else {
                format!("; there {}", differs.join(", "))
            };
            format!(
                "{} (joined by {}){differs}",
                witness.source, witness.joined_by
            )
        })
        .collect();
    let tokens = [
        ("input", call.input_tokens),
        ("output", call.output_tokens),
        ("cache read", call.cache_read_tokens),
        ("cache write 5m", call.cache_write_5m_tokens),
        ("cache write 1h", call.cache_write_1h_tokens),
    ];
    let tokens: Vec<String> = tokens
        .iter()
        .filter_map(|(name, count)| Some(format!("{} {name}", thousands((*count)?))))
        .collect();
    let ids: Vec<String> = call
        .request_ids
        .iter()
        .map(|(name, id)| format!("{name} {id}"))
        .collect();
    let metadata: Vec<String> = call
        .metadata
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs(&[
        ("Call", call.id.clone()),
        (
            "Deployment",
            format!("{} ({})", call.deployment, call.kind.title()),
        ),
        (
            "Started at",
            call.started_at
                .clone()
                .unwrap_or_else(|| "not recorded".to_owned()),
        ),
        (
            "Latency",
            call.latency_ms
                .map(|ms| format!("{ms} ms"))
                .unwrap_or_default(),
        ),
        (
            "Model",
            or_dash(
                call.request_model
                    .as_deref()
                    .or(call.response_model.as_deref()),
            ),
        ),
        (
            "Requested region",
            or_dash(call.requested_region.as_deref()),
        ),
        ("Served region", or_dash(call.served_region.as_deref())),
        ("Principal", or_dash(call.principal.as_deref())),
        ("Source address", call.source_ip.clone().unwrap_or_default()),
        (
            "Status",
            [
                Some(call.status.name().to_owned()),
                call.http_status.map(|status| status.to_string()),
                call.error_type.clone(),
            ]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" "),
        ),
        ("Stop reason", call.stop_reason.clone().unwrap_or_default()),
        ("Tokens", tokens.join(", ")),
        (
            "Cost",
            format!(
                "{} ({})",
                call.cost_usd
                    .as_deref()
                    .map_or("not known".to_owned(), |cost| format!("{cost} USD")),
                detail.cost.basis
            ),
        ),
        (
            "Classification",
            call.classification.clone().unwrap_or_default(),
        ),
        ("Request ids", ids.join(", ")),
        (
            "Conversation",
            call.conversation_id.clone().unwrap_or_default(),
        ),
        ("Metadata", metadata.join(", ")),
        ("Sources", call.sources.join(", ")),
        ("Other records", witnesses.join("; ")),
        ("Recorded in", place(&detail.provenance)),
        (
            "Leaf",
            format!(
                "{}, record SHA-256 {}",
                detail.provenance.leaf, detail.provenance.sha256
            ),
        ),
        ("References", detail.references.join(", ")),
        (
            "Revealed",
            detail
                .reveals
                .iter()
                .map(|reveal| format!("{} by {}: {}", reveal.at, reveal.by, reveal.reason))
                .collect::<Vec<_>>()
                .join("; "),
        ),
    ])
}

fn place(provenance: &Provenance) -> String {
    format!(
        "{}, line {} ({}, imported {})",
        provenance.path,
        provenance.line,
        provenance.format,
        moment(Some(&provenance.imported_at))
    )
}

fn parts(parts: &[MaskedPart], output: &mut Output) -> Result<(), Ending> {
    for part in parts {
        let turn = part.turn.map(|turn| format!(" {turn}")).unwrap_or_default();
        let label = part
            .label
            .as_deref()
            .map(|label| format!(" {label}"))
            .unwrap_or_default();
        output.text(&format!(
            "\n── {}{turn}{label}",
            part.field.name().replace('_', " ")
        ))?;
        segments(&part.segments, part.cut, output)?;
    }
    Ok(())
}

fn segments(segments: &[Segment], cut: u64, output: &mut Output) -> Result<(), Ending> {
    output.text(
        &segments
            .iter()
            .map(|segment| segment.text.as_str())
            .collect::<String>(),
    )?;
    if cut > 0 {
        output.text(&format!("… {} more", thousands(cut)))
    } else {
        Ok(())
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

fn activity(engine: &Engine, id: String, output: &mut Output) -> Result<(), Ending> {
    let detail = trail::activity(engine, RecordRef { id })?;
    if output.is_json() {
        return output.document(&flat(&detail, "activity")?);
    }
    output.text(&activity_head(&detail.activity, detail.provenance.as_ref()))?;
    output.text("")?;
    segments(&detail.raw, detail.raw_cut, output)
}

fn activity_head(activity: &ActivityRow, provenance: Option<&Provenance>) -> String {
    pairs(&[
        ("Activity", activity.id.clone()),
        (
            "At",
            activity
                .at
                .clone()
                .unwrap_or_else(|| "not recorded".to_owned()),
        ),
        ("Action", activity.action.clone()),
        ("Actor", or_dash(activity.actor.as_deref())),
        ("Target", or_dash(activity.target.as_deref())),
        ("Region", activity.region.clone().unwrap_or_default()),
        ("Account", activity.account.clone().unwrap_or_default()),
        (
            "Source address",
            activity.source_ip.clone().unwrap_or_default(),
        ),
        ("Error", activity.error_type.clone().unwrap_or_default()),
        ("Reason", activity.reason.clone().unwrap_or_default()),
        ("Source", activity.source.clone()),
        ("Recorded in", provenance.map(place).unwrap_or_default()),
    ])
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

fn reconcile(engine: &Engine, asked: AskReconciliation, output: &mut Output) -> Result<(), Ending> {
    let reconciliation = reconciling::reconcile(engine, &asked)?;
    if output.is_json() {
        return output.document(&reconciliation);
    }
    let columns = [
        Column::Text("left"),
        Column::Text("right"),
        Column::Number("in both"),
        Column::Number("only left"),
        Column::Number("only right"),
        Column::Text("told by one side only"),
    ];
    let rows: Vec<Vec<String>> = reconciliation
        .pairs
        .iter()
        .map(|pair| {
            let missing: Vec<String> = pair
                .fields_missing
                .iter()
                .map(|field| {
                    format!(
                        "{} lacks {} in {}",
                        field.source,
                        field.field,
                        thousands(field.calls)
                    )
                })
                .collect();
            vec![
                pair.left.clone(),
                pair.right.clone(),
                thousands(pair.matched),
                thousands(pair.only_left),
                thousands(pair.only_right),
                missing.join(", "),
            ]
        })
        .collect();
    output.text(&table(
        &columns,
        &rows,
        "fewer than two sources hold calls of this period",
    ))
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
    parts(&revealed.request, output)?;
    parts(&revealed.response, output)?;
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
