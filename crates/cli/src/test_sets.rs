//! `assay redaction sets`: test sets of labelled texts, and policies measured on them.
//!
//! In: names, corpora, spans. Out: sets, figures, cases, JSON lines. Not here: keeping and judging
//! (the engine).

use std::path::Path;

use assay_engine::commands::Nothing;
use assay_engine::redaction::evaluation::Choice;
use assay_engine::redaction::test_sets::view::{
    AddTestText, AddedTexts, AskCases, CasePage, CaseRow, CaseSegment, LabelText, MakeSet, RunSet,
    SetRow, TextRef,
};
use assay_engine::redaction::{test_runs, test_sets};

use crate::arguments::PolicyArguments;
use crate::arguments::lab::SetsCommand;
use crate::deployments::text_of;
use crate::ending::{Ending, Outcome};
use crate::evaluating;
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, counted, or_dash, table, thousands};
use crate::redaction::given::{choice, lines};
use crate::trail::whole_id;

/// Keeps and runs test sets.
pub(crate) fn run(
    given: SetsCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    match given {
        SetsCommand::List => {
            let (engine, _folder) = settings.reading_or_empty()?;
            list(&test_sets::list(&engine, Nothing {})?, output)
        }
        SetsCommand::Make {
            name,
            language,
            field,
        } => {
            let input = MakeSet {
                name,
                language,
                field,
            };
            let made = test_sets::make(&settings.writing()?, input)?;
            if output.is_json() {
                output.document(&made)
            } else {
                output.note(&format!("made test set `{}`", made.name))
            }
        }
        SetsCommand::Import {
            name,
            corpus,
            reading,
        } => {
            let how = evaluating::reading(&reading)?;
            let engine = settings.writing()?;
            let added = test_sets::import_from(&engine, &name, lines(&corpus)?, &how)?;
            added_texts(&added, output)
        }
        SetsCommand::Add {
            name,
            text,
            call,
            part,
        } => {
            let engine = settings.writing()?;
            let text = match text {
                Some(dash) if dash == "-" => Some(text_of(Path::new("-"))?),
                text => text,
            };
            let call_id = call.map(|id| whole_id(&engine, &id)).transpose()?;
            let input = AddTestText {
                set: name,
                text,
                call_id,
                part,
                language: None,
            };
            added_texts(&test_sets::add_text(&engine, input)?, output)
        }
        SetsCommand::Run { name, policy } => {
            let engine = settings.reading()?;
            let (policy, policy_toml) = named(&policy)?;
            let input = RunSet {
                set: name,
                policy,
                policy_toml,
            };
            let ran = test_runs::run(&engine, input)?;
            if output.is_json() {
                output.document(&ran)
            } else {
                evaluating::show(&ran.measured, output)
            }
        }
        SetsCommand::Cases {
            name,
            which,
            entity_type,
            after,
            policy,
        } => {
            let engine = settings.reading()?;
            let (policy, policy_toml) = named(&policy)?;
            let input = AskCases {
                set: name,
                policy,
                policy_toml,
                which,
                entity_type,
                after,
            };
            cases(&test_runs::cases(&engine, input)?, output)
        }
        SetsCommand::Label {
            text,
            from,
            to,
            entity_type,
            label,
        } => {
            let input = LabelText {
                text,
                from_point: from,
                to_point: to,
                entity_type,
                label,
            };
            let labelled = test_sets::label(&settings.writing()?, input)?;
            if output.is_json() {
                output.document(&labelled)
            } else {
                output.text(&case(&labelled))
            }
        }
        SetsCommand::TakeOut { text } => {
            let input = TextRef {
                text,
                ..TextRef::default()
            };
            test_sets::take_out(&settings.writing()?, input)?;
            if output.is_json() {
                output.document(&serde_json::json!({ "text": text }))
            } else {
                output.note(&format!("took text {text} out of its set"))
            }
        }
        SetsCommand::Export { name, reason } => {
            let engine = settings.writing()?;
            let mut stdout = std::io::stdout().lock();
            test_sets::export(&engine, &name, &reason, &mut stdout)?;
            Ok(())
        }
    }?;
    Ok(Outcome::Done)
}

fn named(given: &PolicyArguments) -> Result<(Option<String>, Option<String>), Ending> {
    Ok(match choice(given)? {
        Choice::InForce => (None, None),
        Choice::Named(name) => (Some(name), None),
        Choice::Toml(text) => (None, Some(text)),
    })
}

fn list(sets: &[SetRow], output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(&sets);
    }
    let rows: Vec<Vec<String>> = sets
        .iter()
        .map(|set| {
            vec![
                set.name.clone(),
                or_dash(set.language.as_ref()),
                or_dash(set.field.as_ref()),
                thousands(set.texts),
                thousands(set.from_calls),
                thousands(set.labels),
                thousands(set.erased),
            ]
        })
        .collect();
    output.text(&table(
        &[
            Column::Text("test set"),
            Column::Whole("language"),
            Column::Whole("field"),
            Column::Number("texts"),
            Column::Number("from calls"),
            Column::Number("labels"),
            Column::Number("erased"),
        ],
        &rows,
        "no test sets; `redaction sets import NAME CORPUS` makes one",
    ))
}

fn added_texts(added: &AddedTexts, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(added);
    }
    output.note(&format!(
        "added {} with {} to `{}`",
        counted(added.texts.len() as u64, "text"),
        counted(added.labels, "label"),
        added.set
    ))?;
    if added.empty > 0 {
        output.note(&format!(
            "{} with nothing in it left out",
            counted(added.empty, "text")
        ))?;
    }
    if added.held > 0 {
        output.note(&format!(
            "{} that `{}` holds already left out",
            counted(added.held, "text"),
            added.set
        ))?;
    }
    if added.taken_for.is_empty() {
        return Ok(());
    }
    let rows: Vec<Vec<String>> = added
        .taken_for
        .iter()
        .map(|row| {
            vec![
                row.label.clone(),
                thousands(row.spans),
                match &row.entity_type {
                    None => "left out".to_owned(),
                    Some(entity_type) if row.is_found => entity_type.clone(),
                    Some(entity_type) => format!("{entity_type}, which nothing finds"),
                },
            ]
        })
        .collect();
    output.note("")?;
    output.note(&table(
        &[
            Column::Text("label"),
            Column::Number("spans"),
            Column::Text("taken for"),
        ],
        &rows,
        "",
    ))
}

fn cases(page: &CasePage, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(page);
    }
    if page.cases.is_empty() {
        return output.note("no cases");
    }
    for one in &page.cases {
        output.text(&case(one))?;
    }
    if let (true, Some(last)) = (page.more, page.cases.last()) {
        output.note(&format!("more with `--after {}`", last.text))?;
    }
    Ok(())
}

/// The text with what was labelled and found in brackets.
fn case(case: &CaseRow) -> String {
    let text: String = case.segments.iter().map(segment).collect();
    format!("#{}: {}", case.text, text.replace('\n', "↵"))
}

fn segment(segment: &CaseSegment) -> String {
    let text = &segment.text;
    let label = segment
        .label
        .map_or_else(String::new, |label| format!(" label {label}"));
    match segment.verdict.as_str() {
        "missed" => format!(
            "[missed {}{label}: {text}]",
            or_dash(segment.labelled_type.as_ref())
        ),
        "wrong" => format!("[wrong {}: {text}]", or_dash(segment.found_type.as_ref())),
        "right" => format!(
            "[{}{label}: {text}]",
            or_dash(
                segment
                    .labelled_type
                    .as_ref()
                    .or(segment.found_type.as_ref())
            )
        ),
        _ => text.clone(),
    }
}
