//! `assay report`: writing reports, and the list of those written.
//!
//! Not here: figures and formats (the engine).

use assay_engine::commands::Nothing;
use assay_engine::opening::Engine;
use assay_engine::reports;
use assay_engine::reports::view::{AskReport, RenderedReport};

use crate::arguments::ReportCommand;
use crate::ending::{Ending, Outcome};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, counted, moment, or_dash, table};
use crate::stopping;

/// Writes or lists reports.
pub(crate) fn run(
    given: ReportCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    match given {
        ReportCommand::Render {
            kind,
            format,
            out,
            from,
            to,
            deployment,
        } => {
            let format = reports::format(&format)?;
            let engine = settings.writing()?;
            let watched = stopping::watched(output);
            let asked = AskReport {
                kind,
                from,
                to,
                deployments: deployment,
            };
            let written = reports::write(&engine, &asked, format, &out, &watched.progress);
            drop(watched);
            rendered(&written?, output)
        }
        ReportCommand::List => list(&settings.reading()?, output),
    }?;
    Ok(Outcome::Done)
}

fn rendered(report: &RenderedReport, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        let mut document = serde_json::to_value(report).unwrap_or_default();
        if let Some(fields) = document.as_object_mut() {
            // A handle is worth something to the window only.
            fields.remove("handle");
        }
        return output.document(&document);
    }
    let rows: Vec<Vec<String>> = report
        .figures
        .iter()
        .map(|figure| {
            vec![
                figure.id.clone(),
                figure.value.clone(),
                or_dash(figure.denominator.as_deref()),
                figure.query.clone().unwrap_or_default(),
            ]
        })
        .collect();
    output.note(&table(
        &[
            Column::Whole("figure"),
            Column::Number("value"),
            Column::Number("of"),
            Column::Text("query"),
        ],
        &rows,
        "",
    ))?;
    let pages = report
        .pages
        .map(|pages| format!(", {}", counted(u64::from(pages), "page")))
        .unwrap_or_default();
    output.note(&format!(
        "\n{} ({}{pages})\nSHA-256 {}",
        report.path,
        counted(report.bytes, "byte"),
        report.sha256
    ))
}

fn list(engine: &Engine, output: &mut Output) -> Result<(), Ending> {
    let written = reports::list(engine, Nothing {})?;
    if output.is_json() {
        return output.document(&written);
    }
    let rows: Vec<Vec<String>> = written
        .iter()
        .map(|report| {
            vec![
                moment(Some(&report.made_at)),
                report.kind.clone(),
                report.format.clone(),
                format!(
                    "{} to {}",
                    or_dash(report.from.as_deref()),
                    or_dash(report.to.as_deref())
                ),
                report.state.clone(),
                report.path.clone(),
            ]
        })
        .collect();
    let columns = [
        Column::Whole("made at"),
        Column::Whole("kind"),
        Column::Whole("format"),
        Column::Whole("period"),
        Column::Whole("file"),
        Column::Text("path"),
    ];
    output.text(&table(&columns, &rows, "no report was written yet"))
}
