//! `assay redaction model`: a bigger model of names that is plugged in from a folder.
//!
//! In: a folder, or a text to try it on. Out: what it is, which labels it has, what it finds. Not here:
//! reading and running it (the engine).

use std::path::Path;

use assay_engine::commands::Nothing;
use assay_engine::redaction::names_model;
use assay_engine::redaction::names_model::view::{
    NamesModelUsed, NamesStatus, PluggedModel, TriedNames, TryNames,
};

use crate::arguments::names_model::ModelCommand;
use crate::deployments::text_of;
use crate::ending::{Ending, Outcome};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, pairs, table, thousands};

/// Plugs in, shows, takes out, tries.
pub(crate) fn run(
    given: ModelCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    match given {
        ModelCommand::Set { folder, name } => {
            let status = names_model::set(&settings.writing()?, &folder, name)?;
            show(&status, output)?;
        }
        ModelCommand::Show => {
            let (engine, _folder) = settings.reading_or_empty()?;
            let status = names_model::status(&engine, Nothing {})?;
            show(&status, output)?;
            if status.model.is_some_and(|model| !model.ready) {
                return Ok(Outcome::Found);
            }
        }
        ModelCommand::Remove => {
            let status = names_model::remove(&settings.writing()?, Nothing {})?;
            match output.is_json() {
                true => output.document(&status)?,
                false => output.note("taken out; its files stay where they are")?,
            }
        }
        ModelCommand::Try { text } => {
            let (engine, _folder) = settings.reading_or_empty()?;
            let text = match text.as_str() {
                "-" => text_of(Path::new("-"))?,
                _ => text,
            };
            tried(&names_model::try_text(&engine, TryNames { text })?, output)?;
        }
    }
    Ok(Outcome::Done)
}

/// What stands behind the version of a policy where a model took part.
pub(crate) fn beside(model: Option<&NamesModelUsed>) -> String {
    model.map_or_else(String::new, |model| {
        format!("; names model `{}` ({}…)", model.name, short(&model.sha256))
    })
}

fn short(sha256: &str) -> &str {
    sha256.get(..12).unwrap_or(sha256)
}

fn show(status: &NamesStatus, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(status);
    }
    let rows: Vec<Vec<String>> = status
        .levels
        .iter()
        .map(|level| {
            vec![
                level.level.clone(),
                match level.policies.is_empty() {
                    true => "–".to_owned(),
                    false => level.policies.join(", "),
                },
                level.says.clone(),
            ]
        })
        .collect();
    output.text(&table(
        &[
            Column::Whole("level"),
            Column::Text("policies in force"),
            Column::Text("what is done"),
        ],
        &rows,
        "",
    ))?;
    match &status.model {
        None => output.note(
            "\nno model is plugged in; `assay redaction model set FOLDER` plugs one in for the level `full`",
        ),
        Some(model) => plugged(model, output),
    }
}

fn plugged(model: &PluggedModel, output: &mut Output) -> Result<(), Ending> {
    let means = |wanted: bool| -> String {
        let all: Vec<String> = model
            .labels
            .iter()
            .filter(|label| label.entity_type.is_some() == wanted)
            .map(|label| match &label.entity_type {
                Some(entity_type) => format!("{} → {entity_type}", label.label),
                None => label.label.clone(),
            })
            .collect();
        match all.is_empty() {
            true => "none".to_owned(),
            false => all.join(", "),
        }
    };
    let mut rows = vec![
        ("model", model.name.clone()),
        ("folder", model.folder.clone()),
        ("sha-256", model.sha256.clone()),
        (
            "plugged in",
            format!("{} by {}", model.set_at, model.set_by),
        ),
    ];
    for file in &model.files {
        rows.push((
            "file",
            format!(
                "{}, {} bytes, SHA-256 {}",
                file.name,
                thousands(file.size_bytes),
                file.sha256
            ),
        ));
    }
    if model.ready {
        rows.push(("labels", means(true)));
        rows.push(("not taken", means(false)));
    }
    output.text(&format!("\n{}", pairs(&rows)))?;
    match (&model.refused, &model.hint) {
        (None, _) => Ok(()),
        (Some(refused), hint) => output.text(&format!(
            "\n{refused}\nhint: {}\nuntil then whatever needs the level `full` is refused",
            hint.as_deref().unwrap_or("–")
        )),
    }
}

fn tried(tried: &TriedNames, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(tried);
    }
    let rows: Vec<Vec<String>> = tried
        .stretches
        .iter()
        .filter_map(|stretch| {
            Some(vec![
                stretch.entity_type.clone()?,
                format!("{:.2}", stretch.score?),
                stretch.text.clone(),
            ])
        })
        .collect();
    output.text(&table(
        &[
            Column::Whole("entity type"),
            Column::Number("score"),
            Column::Text("text"),
        ],
        &rows,
        "nothing found",
    ))?;
    let speed = tried
        .characters_per_second
        .map_or_else(String::new, |speed| {
            format!(
                ", {} characters in a second on one thread",
                thousands(speed)
            )
        });
    output.note(&format!(
        "\n{} characters in {} ms{speed}; names model `{}` ({}…) alone",
        thousands(tried.characters),
        thousands(tried.elapsed_us / 1_000),
        tried.model.name,
        short(&tried.model.sha256)
    ))
}
