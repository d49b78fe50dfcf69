//! `assay evidence anchor`: who vouches for checkpoints, and asking them.
//!
//! Not here: what they are asked and what their answers are worth (the engine).

use assay_engine::commands::Nothing;
use assay_engine::evidence::anchors::view::{
    AnchorMade, AnchorNow, AnchorRef, AnchorRow, AnchorSummary,
};
use assay_engine::evidence::anchors::{self, NewAnchor};

use crate::arguments::anchors::AnchorCommand;
use crate::ending::{Ending, Outcome};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, moment, or_dash, sentences, table, thousands};
use crate::stopping;

/// Lists, saves, removes or asks those who vouch.
pub(crate) fn run(
    given: AnchorCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    match given {
        AnchorCommand::List => list(settings, output)?,
        AnchorCommand::Add {
            name,
            kind,
            url,
            key,
            chain,
            private,
        } => {
            let new = NewAnchor {
                name,
                kind,
                url,
                private,
                vkey: key,
                chain: chain.as_deref().map(anchors::read_chain).transpose()?,
            };
            let row = anchors::save_new(&settings.writing()?, new)?;
            if output.is_json() {
                output.document(&row)?;
            } else {
                output.note(&rows(std::slice::from_ref(&row)))?;
                output.note(&format!(
                    "\nnothing was sent; `assay evidence anchor now` sends to {}: {}",
                    row.destination, row.sends
                ))?;
            }
        }
        AnchorCommand::Remove { name } => {
            let removed = anchors::remove(&settings.writing()?, AnchorRef { name })?;
            if output.is_json() {
                output.document(&removed)?;
            }
        }
        AnchorCommand::Now { names } => {
            let engine = settings.writing()?;
            let watched = stopping::watched(output);
            let summary = anchors::now(&engine, &AnchorNow { names }, &watched.progress);
            drop(watched);
            let summary = summary?;
            asked(&summary, output)?;
            if !summary.failed.is_empty() {
                return Ok(Outcome::Found);
            }
        }
    }
    Ok(Outcome::Done)
}

fn list(settings: &Settings, output: &mut Output) -> Result<(), Ending> {
    let all = anchors::list(&settings.reading()?, Nothing {})?;
    if output.is_json() {
        return output.document(&all);
    }
    output.text(&rows(&all.profiles))?;
    if !all.anchors.is_empty() {
        output.text(&format!("\n{}", made(&all.anchors)))?;
    }
    output.text("")?;
    output.text(&sentences(&all.says))
}

fn asked(summary: &AnchorSummary, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(summary);
    }
    output.text(&made(&summary.made))?;
    let mut lines: Vec<String> = summary.made.iter().map(|made| made.says.clone()).collect();
    lines.extend(
        summary
            .warnings
            .iter()
            .map(|text| format!("Careful: {text}")),
    );
    lines.extend(
        summary
            .failed
            .iter()
            .map(|failure| format!("Not anchored: {}", failure.message)),
    );
    output.text(&sentences(&lines))
}

fn rows(profiles: &[AnchorRow]) -> String {
    let columns = [
        Column::Whole("name"),
        Column::Whole("kind"),
        Column::Text("sent to"),
        Column::Number("vouched to"),
        Column::Whole("at"),
    ];
    let rows: Vec<Vec<String>> = profiles
        .iter()
        .map(|row| {
            vec![
                row.name.clone(),
                row.kind.clone(),
                row.destination.clone(),
                row.last_size
                    .map_or_else(|| "-".to_owned(), |size| format!("#{}", thousands(size))),
                moment(row.last_at.as_deref()),
            ]
        })
        .collect();
    table(&columns, &rows, "nobody is asked to vouch for checkpoints")
}

fn made(anchors: &[AnchorMade]) -> String {
    let columns = [
        Column::Number("checkpoint"),
        Column::Whole("by"),
        Column::Whole("kind"),
        Column::Whole("received"),
        Column::Whole("they say"),
        Column::Text("who says so"),
    ];
    let rows: Vec<Vec<String>> = anchors
        .iter()
        .map(|made| {
            vec![
                format!("#{}", thousands(made.size)),
                made.name.clone(),
                made.kind.clone(),
                moment(Some(&made.received_at)),
                moment(made.stated_at.as_deref()),
                or_dash(made.authority.as_deref()),
            ]
        })
        .collect();
    table(&columns, &rows, "nobody vouched")
}
