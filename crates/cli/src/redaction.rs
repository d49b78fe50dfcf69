//! `assay redaction`: previewing, measuring, detecting.
//!
//! In: texts and policies. Out: segments, scores, entities. Not here: keeping policies
//! (`policies`), finding and treating (the engine).

mod bounds;
mod filter;
pub(crate) mod given;
mod rehearsal;

use std::io::{BufReader, Read};
use std::path::Path;

use assay_engine::commands::Nothing;
use assay_engine::error::Code;
use assay_engine::opening::Engine;
use assay_engine::redaction::evaluation::{self, Choice};
use assay_engine::redaction::view::{PreviewRedaction, PreviewSegment, RedactionPreview};
use assay_engine::redaction::{self, canaries};
use serde_json::{Map, Value, json};

use crate::arguments::RedactionCommand;
use crate::arguments::guards::CanaryArguments;
use crate::deployments::text_of;
use crate::ending::{Ending, Outcome};
use crate::evaluating;
use crate::guards;
use crate::names_model;
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, counted, table, thousands};
use crate::redaction::given::{at, choice, field_named, lines};
use crate::rules;
use crate::test_sets;
use crate::trail::whole_id;

/// Finds and treats.
pub(crate) fn run(
    given: RedactionCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    match given {
        RedactionCommand::Preview {
            text,
            file,
            call,
            field,
            deployment,
            policy,
        } => {
            // The empty store, where there is none, lives as long as this.
            let (engine, _folder) = settings.reading_or_empty()?;
            let text = match (text, file) {
                (Some(dash), _) if dash == "-" => Some(text_of(Path::new("-"))?),
                (Some(text), _) => Some(text),
                (None, Some(file)) => Some(text_of(&file)?),
                (None, None) => None,
            };
            let call_id = call.map(|id| whole_id(&engine, &id)).transpose()?;
            let (policy, policy_toml) = match choice(&policy)? {
                Choice::InForce => (None, None),
                Choice::Named(name) => (Some(name), None),
                Choice::Toml(text) => (None, Some(text)),
            };
            preview(
                &redaction::preview(
                    &engine,
                    PreviewRedaction {
                        text,
                        call_id,
                        policy,
                        policy_toml,
                        field: field.map(|name| field_named(&name)).transpose()?,
                        deployment,
                    },
                )?,
                output,
            )
        }
        RedactionCommand::Evaluate(given) => evaluating::run(&given, settings, output),
        RedactionCommand::Sets(given) => return test_sets::run(given, settings, output),
        RedactionCommand::TryRule(given) => return rules::run(given, settings, output),
        RedactionCommand::Detect {
            lines: from,
            policy,
            level,
        } => {
            let rules = match (choice(&policy)?, settings.reading()) {
                // The text of a file and no store: nothing is asked of one.
                (Choice::Toml(text), Err(error)) if error.code == Code::NotFound => {
                    let rules = evaluation::rules_of_text(&text, settings.now_ms())?;
                    match level {
                        Some(level) => rules.at_without_store(&level)?,
                        None => rules,
                    }
                }
                (choice, opened) => {
                    let (engine, _folder) = settings.or_empty(opened)?;
                    at(
                        &engine,
                        evaluation::rules(&engine, &choice)?,
                        level.as_deref(),
                    )?
                }
            };
            detect(lines(&from)?, &rules, output)
        }
        RedactionCommand::Apply(given) => return filter::apply(&given, settings, output),
        RedactionCommand::Restore { reason, keep_going } => {
            return filter::restore(&reason, keep_going, settings, output);
        }
        RedactionCommand::Keep(command) => return crate::policies::run(command, settings, output),
        RedactionCommand::Recognizers => {
            let (engine, _folder) = settings.reading_or_empty()?;
            recognizers(&engine, output)
        }
        RedactionCommand::Canaries(given) => canaries(given, output),
        RedactionCommand::Rehearse(given) => rehearsal::run(given, settings, output),
        RedactionCommand::Bounds(given) => bounds::run(given, settings, output),
        RedactionCommand::Model(given) => return names_model::run(given, settings, output),
        RedactionCommand::Guards(given) => return guards::run(given, settings, output),
        RedactionCommand::Sinks(given) => guards::compare(&given, settings, output),
    }?;
    Ok(Outcome::Done)
}

/// One canary a line, in the form that `evaluate` reads; JSON with and without `--json`.
fn canaries(given: CanaryArguments, output: &mut Output) -> Result<(), Ending> {
    let wanted = canaries::wanted(given.types, &given.writings)?;
    for canary in canaries::canaries(given.seed, given.count, given.clean, &wanted)? {
        output.document(&canaries::line(&canary))?;
    }
    Ok(())
}

fn preview(preview: &RedactionPreview, output: &mut Output) -> Result<(), Ending> {
    let redacted = preview
        .fields
        .iter()
        .map(|field| {
            let text: String = field
                .segments
                .iter()
                .map(|segment| segment.after.as_str())
                .collect();
            match &field.path {
                Some(path) => format!("{path}: {text}"),
                None => text,
            }
        })
        .collect::<Vec<_>>()
        .join("\n\n");
    if output.is_json() {
        let segments: Vec<Value> = preview
            .fields
            .iter()
            .flat_map(|field| &field.segments)
            .map(segment)
            .collect();
        let mut document = serde_json::to_value(preview).unwrap_or_default();
        document["segments"] = segments.into();
        document["redacted"] = redacted.into();
        return output.document(&document);
    }
    output.text(&redacted)?;
    let counts: Vec<String> = preview
        .counts
        .iter()
        .map(|count| format!("{} {}", thousands(count.count), count.entity_type))
        .collect();
    let counts = if counts.is_empty() {
        "nothing found".to_owned()
    } else {
        counts.join(", ")
    };
    output.note(&format!(
        "\n{counts}; policy `{}` version {}{}",
        preview.policy,
        preview.policy_version,
        names_model::beside(preview.names_model.as_ref())
    ))?;
    for allowed in &preview.allowed {
        let hits = match allowed.over {
            true => "over".to_owned(),
            false => counted(allowed.hits, "time"),
        };
        output.note(&format!("{hits}: {}", allowed.entry))?;
    }
    for not_covered in &preview.not_covered {
        output.note(&format!("not searched: {not_covered}"))?;
    }
    Ok(())
}

/// A segment with only the fields that it has.
fn segment(segment: &PreviewSegment) -> Value {
    let mut fields = Map::new();
    fields.insert("text".to_owned(), segment.before.clone().into());
    if let Some(entity_type) = &segment.entity_type {
        fields.insert("entity_type".to_owned(), entity_type.clone().into());
        fields.insert("score".to_owned(), json!(segment.score));
        fields.insert("recognizer".to_owned(), json!(segment.recognizer));
        fields.insert("operator".to_owned(), json!(segment.operator));
        fields.insert("after".to_owned(), segment.after.clone().into());
    }
    fields.into()
}

/// One line out for each line in, as soon as nothing more is waiting to be read.
fn detect(
    mut input: BufReader<Box<dyn Read>>,
    rules: &evaluation::Rules,
    output: &mut Output,
) -> Result<(), Ending> {
    let mut number = 0;
    loop {
        let line = match evaluation::next_line(&mut input, number + 1) {
            Ok(Some(line)) => line,
            Ok(None) => return Ok(()),
            Err(error) => {
                output.flush()?;
                return Err(error.into());
            }
        };
        number += 1;
        let found = match line.trim().is_empty() {
            true => Vec::new(),
            false => match evaluation::line_text(&line, number) {
                Ok(text) => evaluation::detect(&text, rules),
                Err(error) => {
                    output.flush()?;
                    return Err(error.into());
                }
            },
        };
        output.document(&json!({"entities": found}))?;
        if input.buffer().is_empty() {
            output.flush()?;
        }
    }
}

fn recognizers(engine: &Engine, output: &mut Output) -> Result<(), Ending> {
    let recognizers = redaction::recognizers(engine, Nothing {})?;
    if output.is_json() {
        return output.document(&recognizers);
    }
    let rows: Vec<Vec<String>> = recognizers
        .iter()
        .map(|recognizer| {
            vec![
                recognizer.name.clone(),
                recognizer.entity_type.clone(),
                recognizer.category.clone(),
                recognizer.about.clone(),
            ]
        })
        .collect();
    output.text(&table(
        &[
            Column::Text("recognizer"),
            Column::Text("entity type"),
            Column::Whole("category"),
            Column::Text("about"),
        ],
        &rows,
        "none",
    ))
}
