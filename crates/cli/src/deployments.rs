//! `assay deployments` and `assay snapshot`: what is known of how each deployment handles data.
//!
//! Not here: judging them (`checks`).

use std::io::Read;
use std::path::Path;

use assay_engine::commands::Nothing;
use assay_engine::deployments;
use assay_engine::deployments::view::{
    DeploymentPage, DeploymentRef, DeploymentSummary, HandlingLine, SetDeployment, SnapshotSummary,
};
use assay_engine::error::WireError;
use assay_engine::opening::Engine;
use serde_json::json;

use crate::arguments::{DeploymentsCommand, SnapshotCommand};
use crate::ending::{Ending, Outcome, bad_input, later};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, counted, moment, or_dash, pairs, table, thousands};
use crate::output::json::flat;

/// A definition or a policy is a page of text.
const MAX_TEXT: u64 = 4 << 20;

/// Shows or defines deployments.
pub(crate) fn run(
    given: DeploymentsCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    match given {
        DeploymentsCommand::List => list(&settings.reading()?, output),
        DeploymentsCommand::Show { name } => {
            let page = deployments::show(&settings.reading()?, DeploymentRef { name })?;
            show(&page, output)
        }
        DeploymentsCommand::Set { name, file } => {
            let toml = text_of(&file)?;
            let page = deployments::set(&settings.writing()?, SetDeployment { name, toml })?;
            if output.is_json() {
                output.document(&flat(&page, "summary")?)
            } else {
                output.note(&format!("defined `{}`", page.summary.name))
            }
        }
        DeploymentsCommand::Summary => summary(&settings.reading()?, output),
    }?;
    Ok(Outcome::Done)
}

/// The text of a small file; `-` is standard input.
pub(crate) fn text_of(path: &Path) -> Result<String, WireError> {
    let wrong = |what: &str| bad_input(format!("can't read `{}`: {what}", path.display()));
    let mut bytes = Vec::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin()
            .lock()
            .take(MAX_TEXT + 1)
            .read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(MAX_TEXT + 1).read_to_end(&mut bytes))
    };
    read.map_err(|error| wrong(&error.to_string()))?;
    if bytes.len() as u64 > MAX_TEXT {
        return Err(wrong("it is longer than 4 MiB"));
    }
    String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8"))
}

fn list(engine: &Engine, output: &mut Output) -> Result<(), Ending> {
    let all = deployments::list(engine, Nothing {})?;
    if output.is_json() {
        return output.document(&all);
    }
    let columns = [
        Column::Text("deployment"),
        Column::Whole("kind"),
        Column::Number("calls"),
        Column::Number("errors"),
        Column::Number("usd"),
        Column::Number("place unknown"),
        Column::Whole("last call"),
        Column::Text("checks"),
    ];
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|deployment| {
            let verdicts = deployment.verdicts.map(|verdicts| {
                format!(
                    "{} met, {} not met, {} unknown, {} waived",
                    verdicts.met, verdicts.not_met, verdicts.unknown, verdicts.waived
                )
            });
            vec![
                deployment.name.clone(),
                deployment.kind.name().to_owned(),
                thousands(deployment.calls),
                thousands(deployment.errors),
                deployment.cost_usd.clone(),
                thousands(deployment.region_unknown_calls),
                moment(deployment.last_call_at.as_deref()),
                verdicts.unwrap_or_else(|| "not run".to_owned()),
            ]
        })
        .collect();
    output.text(&table(
        &columns,
        &rows,
        "no deployment yet; `assay import` finds them in logs",
    ))
}

fn handling_rows(lines: &[HandlingLine]) -> Vec<Vec<String>> {
    lines
        .iter()
        .map(|line| {
            let due = if line.review_due {
                "; review is due"
            } else {
                ""
            };
            let source = line
                .source
                .as_deref()
                .map(|source| format!("{source}{due}"));
            vec![
                line.title.clone(),
                line.statement.clone(),
                line.mark.replace('_', " "),
                or_dash(source),
                or_dash(line.as_of.as_deref()),
            ]
        })
        .collect()
}

const HANDLING: [Column; 5] = [
    Column::Text("topic"),
    Column::Text("what is known"),
    Column::Whole("mark"),
    Column::Text("source"),
    Column::Whole("as of"),
];

fn head(deployment: &DeploymentSummary) -> String {
    pairs(&[
        ("Deployment", deployment.name.clone()),
        ("Kind", deployment.kind.title().to_owned()),
        ("Description", deployment.description.clone()),
        ("Owner", deployment.owner.clone().unwrap_or_default()),
        (
            "Regulated",
            if deployment.regulated { "yes" } else { "no" }.to_owned(),
        ),
        (
            "Zero retention",
            if deployment.zero_retention {
                "declared"
            } else {
                "no"
            }
            .to_owned(),
        ),
        ("Allowed places", deployment.allowed_places.join(", ")),
        (
            "Definition",
            if deployment.declared {
                "written"
            } else {
                "none: made from the calls"
            }
            .to_owned(),
        ),
        (
            "Calls",
            format!(
                "{} ({} failed, place unknown for {})",
                thousands(deployment.calls),
                thousands(deployment.errors),
                thousands(deployment.region_unknown_calls)
            ),
        ),
        (
            "Period",
            format!(
                "{} to {}",
                moment(deployment.first_call_at.as_deref()),
                moment(deployment.last_call_at.as_deref())
            ),
        ),
        (
            "Cost",
            format!(
                "{} USD, known for {}",
                deployment.cost_usd,
                counted(deployment.cost_known_calls, "call")
            ),
        ),
    ])
}

fn show(page: &DeploymentPage, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(&flat(page, "summary")?);
    }
    output.text(&head(&page.summary))?;
    output.text("\nDATA HANDLING")?;
    output.text(&table(
        &HANDLING,
        &handling_rows(&page.summary.handling),
        "nothing is known",
    ))?;
    output.text("\nPLACES")?;
    let rows: Vec<Vec<String>> = page
        .regions
        .iter()
        .map(|region| {
            vec![
                or_dash(region.requested_region.as_deref()),
                or_dash(region.served_region.as_deref()),
                region.place.replace('_', " "),
                thousands(region.calls),
            ]
        })
        .collect();
    let columns = [
        Column::Text("sent to"),
        Column::Text("ran in"),
        Column::Whole("declared places"),
        Column::Number("calls"),
    ];
    output.text(&table(&columns, &rows, "no calls"))?;
    output.text("\nSETTINGS")?;
    let rows: Vec<Vec<String>> = page
        .settings
        .iter()
        .map(|setting| {
            vec![
                setting.name.clone(),
                setting.value.clone(),
                setting.revealed_by.clone(),
                or_dash(setting.as_of.as_deref()),
            ]
        })
        .collect();
    output.text(&table(
        &SETTINGS,
        &rows,
        "none imported; see `assay snapshot import`",
    ))
}

const SETTINGS: [Column; 4] = [
    Column::Text("setting"),
    Column::Text("value"),
    Column::Text("revealed by"),
    Column::Text("as of"),
];

fn summary(engine: &Engine, output: &mut Output) -> Result<(), Ending> {
    let all = deployments::list(engine, Nothing {})?;
    if output.is_json() {
        let summaries: Vec<_> = all
            .iter()
            .map(|one| json!({"name": one.name, "kind": one.kind, "handling": one.handling}))
            .collect();
        return output.document(&summaries);
    }
    for (index, deployment) in all.iter().enumerate() {
        let gap = if index > 0 { "\n" } else { "" };
        output.text(&format!(
            "{gap}{} ({})",
            deployment.name,
            deployment.kind.title()
        ))?;
        output.text(&table(
            &HANDLING,
            &handling_rows(&deployment.handling),
            "nothing is known",
        ))?;
    }
    if all.is_empty() {
        output.text("no deployment yet")
    } else {
        Ok(())
    }
}

/// Imports settings answers.
pub(crate) fn snapshot(
    given: SnapshotCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    let (name, files) = match given {
        SnapshotCommand::Import { name, files } => (name, files),
        SnapshotCommand::Collect(_) => return Err(later("snapshot collect")),
    };
    let read = deployments::import_snapshot_files(&settings.writing()?, &name, &files)?;
    if output.is_json() {
        output.document(&read)?;
    } else {
        output.note(&snapshot_text(&read))?;
    }
    if read.settings.is_empty() {
        output.flush()?;
        return Err(bad_input(format!(
            "no settings were found in {}",
            counted(files.len() as u64, "file")
        ))
        .hint("a settings answer is the JSON that the provider's settings call returned")
        .into());
    }
    Ok(Outcome::Done)
}

fn snapshot_text(read: &SnapshotSummary) -> String {
    let rows: Vec<Vec<String>> = read
        .settings
        .iter()
        .map(|setting| {
            vec![
                setting.name.clone(),
                setting.value.clone(),
                setting.revealed_by.clone(),
                or_dash(setting.as_of.as_deref()),
            ]
        })
        .collect();
    let mut text = table(&SETTINGS, &rows, "no settings");
    for rejected in &read.rejected {
        text.push_str(&format!("\nnot understood: {rejected}"));
    }
    text
}
