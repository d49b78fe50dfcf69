//! One record of the trail in full, masked.
//!
//! In: its id. Out: its fields, what its sources say differently, its text. Not here: lists
//! (`trail`), masking (the engine).

use assay_engine::opening::Engine;
use assay_engine::trail;
use assay_engine::trail::concerning::MOST;
use assay_engine::trail::view::{
    ActivityRow, CallDetail, JoinKind, MaskedPart, Provenance, RecordRef, Segment, SourceVersion,
    ToldText,
};

use crate::ending::Ending;
use crate::output::Output;
use crate::output::human::{Column, moment, or_dash, pairs, table, thousands};
use crate::output::json::flat;
use crate::output::visible::visible;
use crate::trail::whole_id;

pub(super) fn call(engine: &Engine, id: &str, output: &mut Output) -> Result<(), Ending> {
    let detail = trail::call(
        engine,
        RecordRef {
            id: whole_id(engine, id)?,
        },
    )?;
    if output.is_json() {
        return output.document(&flat(&detail, "call")?);
    }
    shown(&detail, output)
}

/// Shows a call to a person.
pub(super) fn shown(detail: &CallDetail, output: &mut Output) -> Result<(), Ending> {
    output.text(&head(detail))?;
    if detail.versions.len() > 1 || detail.ambiguity.is_some() {
        output.text(&beside(detail))?;
    }
    parts(&detail.request, output)?;
    parts(&detail.response, output)?;
    if let Some(note) = &detail.body_note {
        output.text(&format!("\n{note}"))?;
    }
    output.note(&format!("\nmasked by policy `{}`", detail.masked_by))
}

fn head(detail: &CallDetail) -> String {
    let call = &detail.call;
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
    let from = |field: &str| match call.lent.get(field) {
        Some(by) if by.inferred => {
            format!(
                " (from the record of {}, inferred to be of this call)",
                by.source
            )
        }
        Some(by) => format!(" (from the record of {})", by.source),
        None => String::new(),
    };
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
                .map(|ms| format!("{ms} ms{}", from("latency_ms")))
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
        (
            "Served region",
            format!(
                "{}{}",
                or_dash(call.served_region.as_deref()),
                from("served_region")
            ),
        ),
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
        (
            "Tokens",
            format!("{}{}", tokens.join(", "), from("input_tokens")),
        ),
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
        ("Recorded in", place(&detail.provenance)),
        (
            "Leaf",
            format!(
                "{}, {}",
                detail.provenance.leaf,
                detail.provenance.sha256.as_ref().map_or_else(
                    || format!("commitment {}", detail.provenance.commitment),
                    |sha256| format!("record SHA-256 {sha256}")
                )
            ),
        ),
        ("Held by", detail.holds.join(", ")),
        (
            "Erased",
            detail.erased.as_ref().map_or_else(String::new, |erased| {
                format!("by #{}, ground: {}", thousands(erased.leaf), erased.basis)
            }),
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
        (
            "Activities",
            detail
                .activities
                .iter()
                .map(about)
                .chain(
                    (detail.activities.len() == MOST as usize)
                        .then(|| "these are the newest; there may be more".to_owned()),
                )
                .collect::<Vec<_>>()
                .join("; "),
        ),
    ])
}

/// What an activity did with the call, when, by whom and why.
fn about(activity: &ActivityRow) -> String {
    let by = activity
        .actor
        .as_deref()
        .map(|actor| format!(" by {}", visible(actor)));
    let why = activity
        .error_type
        .as_deref()
        .map(|why| format!(" ({})", visible(why)));
    format!(
        "{} {}{}{}",
        or_dash(activity.at.as_deref()),
        visible(&activity.action),
        by.unwrap_or_default(),
        why.unwrap_or_default()
    )
}

/// What each source says of the call, and where they disagree.
fn beside(detail: &CallDetail) -> String {
    let mut lines = vec![String::new()];
    if detail.versions.len() > 1 {
        let columns = [
            Column::Text("Source"),
            Column::Whole("Status"),
            Column::Number("In / out"),
            Column::Text("Region"),
            Column::Number("Cost USD"),
            Column::Text("Text"),
            Column::Text("Joined by"),
        ];
        let rows: Vec<Vec<String>> = detail.versions.iter().map(version_cells).collect();
        lines.push(table(&columns, &rows, ""));
        lines.push(match detail.disagreements.is_empty() {
            true => "The sources do not disagree on region, tokens, cost, status or redaction."
                .to_owned(),
            false => "The sources disagree:".to_owned(),
        });
        for disagreement in &detail.disagreements {
            let values: Vec<String> = disagreement
                .values
                .iter()
                .map(|told| format!("{}: {}", told.source, visible(&told.value)))
                .collect();
            lines.push(format!(
                "  {}  {}",
                disagreement.field.name(),
                values.join("; ")
            ));
        }
        let inferred = detail
            .versions
            .iter()
            .filter(|version| version.join == JoinKind::Inferred);
        for version in inferred {
            lines.push(format!("{} is {}", version.source, version.joined_by));
        }
    }
    lines.extend(detail.ambiguity.clone());
    lines.join("\n")
}

fn version_cells(version: &SourceVersion) -> Vec<String> {
    let count = |count: Option<u64>| count.map_or("–".to_owned(), thousands);
    let region = match (&version.requested_region, &version.served_region) {
        (Some(sent), Some(ran)) if sent != ran => format!("{sent} → {ran}"),
        (sent, ran) => or_dash(ran.as_deref().or(sent.as_deref())),
    };
    let cost = match (&version.cost_usd, version.cost_is_reported) {
        (Some(cost), true) => cost.clone(),
        (Some(cost), false) => format!("({cost})"),
        (None, _) => "–".to_owned(),
    };
    vec![
        version.source.clone(),
        match version.http_status {
            Some(http) => format!("{} {http}", version.status.name()),
            None => version.status.name().to_owned(),
        },
        format!(
            "{} / {}",
            count(version.input_tokens),
            count(version.output_tokens)
        ),
        region,
        cost,
        match version.text {
            ToldText::Clear => "in clear",
            ToldText::Masked => "masked",
            ToldText::None => "–",
            ToldText::Erased => "erased",
        }
        .to_owned(),
        match version.join {
            JoinKind::Shown => "shown".to_owned(),
            JoinKind::Inferred => "inferred".to_owned(),
            JoinKind::RequestId => version.joined_by.clone(),
        },
    ]
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

pub(super) fn parts(parts: &[MaskedPart], output: &mut Output) -> Result<(), Ending> {
    let mut input = None;
    for part in parts {
        let of = part.path.as_ref().map(|_| (part.field, &part.pointer));
        if of.is_none() || of != input {
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
        }
        input = of;
        segments(part.path.as_deref(), &part.segments, part.cut, output)?;
    }
    Ok(())
}

/// A text; of a value of a tool's input behind its path, and so that no line of it can be taken for another
/// value.
fn segments(
    path: Option<&str>,
    segments: &[Segment],
    cut: u64,
    output: &mut Output,
) -> Result<(), Ending> {
    let text: String = segments
        .iter()
        .map(|segment| segment.text.as_str())
        .collect();
    output.text(&match path {
        Some(path) => format!("{path}: {}", text.replace('\n', "\n    ")),
        None => text,
    })?;
    if cut > 0 {
        output.text(&format!("… {} more", thousands(cut)))
    } else {
        Ok(())
    }
}

pub(super) fn activity(engine: &Engine, id: String, output: &mut Output) -> Result<(), Ending> {
    let detail = trail::activity(engine, RecordRef { id })?;
    if output.is_json() {
        return output.document(&flat(&detail, "activity")?);
    }
    output.text(&activity_head(&detail.activity, detail.provenance.as_ref()))?;
    if !detail.holds.is_empty() {
        output.text(&format!("held by {}", detail.holds.join(", ")))?;
    }
    if let Some(erased) = &detail.erased {
        return output.text(&format!("\n{} {}", erased.sentence, erased.remains));
    }
    output.text("")?;
    segments(None, &detail.raw, detail.raw_cut, output)
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
