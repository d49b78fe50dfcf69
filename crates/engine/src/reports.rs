//! Reports: filling one from the store, writing it, and the list of those written.
//!
//! Not here: document formats (`assay-report`).

pub mod view;

use std::path::Path;

use assay_domain::moment::rfc3339;
use assay_report::model::{Report, Value};
use assay_report::{Format, render};
use assay_store::policies::deed;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::jobs::{Progress, Started, Step};
use crate::opening::Engine;
use crate::reports::view::{AskReport, FigureRow, RenderReport, RenderedReport, ReportRow};
use crate::writing;

mod contents;
mod coverage;
mod oversight;
mod sentences;

/// A report that was written, as stored.
#[derive(Serialize, Deserialize)]
struct Written {
    kind: String,
    format: String,
    path: String,
    sha256: String,
    from: String,
    to: String,
    deployments: Vec<String>,
}

/// The report as values, for the preview.
///
/// # Errors
/// `bad_input` for the kind or the period; `not_found` for a deployment.
pub fn preview(engine: &Engine, input: AskReport) -> Result<Report> {
    contents::build(engine, &input)
}

/// Writes a report as a job.
///
/// # Errors
/// `bad_input` for the format.
pub fn start(engine: &Engine, input: RenderReport) -> Result<Started> {
    let format = format(&input.format)?;
    let own = engine.clone();
    Ok(engine.jobs().start(
        "reports.render",
        "Writing a report".to_owned(),
        &["reports", "activities"],
        move |progress| {
            let sample = if own.store().fact("sample")?.is_some() {
                "SAMPLE-"
            } else {
                ""
            };
            let name = format!(
                "{sample}monthly-{}.{}",
                rfc3339(own.now_ms()).replace([':', '.'], ""),
                format.name()
            );
            let path = writing::target(&own, input.handle.as_deref(), "reports", &name)?;
            write(&own, &input.report, format, &path, progress)
        },
    ))
}

/// The format with this name.
///
/// # Errors
/// `bad_input`.
pub fn format(name: &str) -> Result<Format> {
    Format::from_name(name).ok_or_else(|| {
        WireError::new(Code::BadInput, format!("this version writes no {name}"))
            .hint("pdf, xlsx, csv, json or html")
    })
}

/// Writes a report to `path`; the export is an activity in the trail.
///
/// # Errors
/// As [`preview`]; `file_unwritable`.
pub fn write(
    engine: &Engine,
    input: &AskReport,
    format: Format,
    path: &Path,
    progress: &Progress,
) -> Result<RenderedReport> {
    let step = |phase: &str, done| {
        progress.step(Step {
            phase: phase.to_owned(),
            done,
            total: Some(2),
            unit: "steps",
            ..Step::default()
        });
    };
    step("gathering figures", 0);
    let report = contents::build(engine, input)?;
    progress.check()?;
    step("setting the document", 1);
    let rendered = render(&report, format)
        .map_err(|error| WireError::new(Code::Internal, error.to_string()))?;
    progress.check()?;
    writing::write(path, &rendered.bytes)?;
    let sha256 = hex::encode(Sha256::digest(&rendered.bytes));
    let now_ms = engine.now_ms();
    let written = Written {
        kind: input.kind.clone(),
        format: format.name().to_owned(),
        path: path.display().to_string(),
        sha256: sha256.clone(),
        from: report.period.from.clone(),
        to: report.period.to.clone(),
        deployments: report.deployments.clone(),
    };
    let json = serde_json::to_string(&written)
        .map_err(|error| WireError::new(Code::Internal, error.to_string()))?;
    // To a store that was rolled back or damaged nothing is added; the report says in it what is so.
    if engine.store().frozen().is_none() {
        let own = deed("report.write", &sha256, engine.user(), now_ms);
        let noted = engine
            .store()
            .writer()
            .and_then(|mut writer| writer.save_report(&json, own, now_ms));
        if let Err(error) = noted {
            // A report that the trail doesn't know of is none.
            let _ = std::fs::remove_file(path);
            return Err(error.into());
        }
    }
    Ok(RenderedReport {
        path: path.display().to_string(),
        handle: engine.handles().add(path)?.handle,
        format: format.name().to_owned(),
        bytes: rendered.bytes.len() as u64,
        sha256,
        pages: rendered.pages,
        figures: report
            .figures
            .iter()
            .map(|figure| FigureRow {
                id: figure.id.clone(),
                value: match figure.value {
                    Value::Money(micros) => crate::trail::costs::usd(micros),
                    Value::Count(count) | Value::Share(count) | Value::DurationMs(count) => {
                        count.to_string()
                    }
                    Value::Text(ref text) => text.clone(),
                },
                denominator: figure.denominator.as_ref().map(|of| of.value.to_string()),
                query: figure.query.clone(),
            })
            .collect(),
    })
}

/// The reports that were written, newest first, and whether their files are unchanged.
///
/// # Errors
/// The store's.
pub fn list(engine: &Engine, _: Nothing) -> Result<Vec<ReportRow>> {
    let mut rows = Vec::new();
    for record in engine.store().reports()? {
        let written: Written = serde_json::from_str(&record.report).map_err(|error| {
            WireError::new(
                Code::Internal,
                format!("a stored report can't be read: {error}"),
            )
        })?;
        let state = match std::fs::read(&written.path) {
            Ok(bytes) if hex::encode(Sha256::digest(&bytes)) == written.sha256 => "unchanged",
            Ok(_) => "changed",
            Err(_) => "missing",
        };
        rows.push(ReportRow {
            id: record.id.to_string(),
            kind: written.kind,
            format: written.format,
            path: written.path,
            sha256: written.sha256,
            from: Some(written.from),
            to: Some(written.to),
            deployments: written.deployments,
            made_at: rfc3339(record.made_ms),
            state: state.to_owned(),
        });
    }
    Ok(rows)
}
