//! `assay redaction evaluate`: the figures of a policy on labelled texts.
//!
//! Out: counts and scores with their intervals. Not here: counting (the engine).

use std::collections::BTreeMap;

use assay_engine::redaction::evaluation::corpora::Format;
use assay_engine::redaction::evaluation::view::{Agreement, Group, LabelRow, Measured};
use assay_engine::redaction::evaluation::{self, Measure, Rules};

use crate::arguments::lab::{EvaluateArguments, ReadingArguments};
use crate::ending::{Ending, bad_input};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, counted, table, thousands};
use crate::redaction::given::{at, choice, field_named, lines};

/// Measures a policy on a corpus.
pub(crate) fn run(
    given: &EvaluateArguments,
    settings: &Settings,
    output: &mut Output,
) -> Result<(), Ending> {
    let (engine, _folder) = settings.reading_or_empty()?;
    let field = given.field.as_deref().map(field_named).transpose()?;
    let rules = evaluation::rules(&engine, &choice(&given.policy)?)?
        .within(field, given.deployment.as_deref());
    let rules = at(&engine, rules, given.level.as_deref())?;
    let mut how = reading(&given.reading)?;
    how.only = only(given, &rules, &how)?;
    let measured = evaluation::measure(lines(&given.corpus)?, &rules, &how)?;
    show(&measured, output)
}

/// How a corpus is read.
pub(crate) fn reading(given: &ReadingArguments) -> Result<Measure, Ending> {
    let format = given.format.as_deref().map(Format::named).transpose()?;
    let told = given
        .map
        .iter()
        .map(|pair| {
            let (label, meant) = pair.split_once('=').ok_or_else(|| {
                bad_input(format!("`{pair}` is no LABEL=TYPE")).hint("LABEL=- leaves a label out")
            })?;
            Ok((label.to_owned(), meant.to_owned()))
        })
        .collect::<Result<_, Ending>>()?;
    Ok(Measure {
        format,
        told,
        only: Vec::new(),
    })
}

fn only(given: &EvaluateArguments, rules: &Rules, how: &Measure) -> Result<Vec<String>, Ending> {
    if given.only != ["labelled"] {
        return Ok(given.only.clone());
    }
    if given.corpus.as_os_str() == "-" {
        return Err(bad_input(
            "`--only labelled` reads the corpus twice, and can't from standard input",
        )
        .hint("name the types, or give a file")
        .into());
    }
    let types = evaluation::labelled_types(lines(&given.corpus)?, rules, how)?;
    if types.is_empty() {
        return Err(bad_input("the corpus labels nothing")
            .hint("name the types to judge, or leave `--only` out")
            .into());
    }
    Ok(types)
}

/// Three decimals; "too few" where there are fewer than 30.
fn share(value: Option<f64>, too_few: bool) -> String {
    match value {
        None => "–".to_owned(),
        Some(_) if too_few => "too few".to_owned(),
        Some(value) => format!("{value:.3}"),
    }
}

fn interval(interval: Option<(f64, f64)>, too_few: bool) -> String {
    interval
        .filter(|_| !too_few)
        .map(|(low, high)| format!("{low:.3}–{high:.3}"))
        .unwrap_or_default()
}

/// The counts and scores, and below them the intervals where there are any.
fn rows(name: &str, one: &Agreement) -> Vec<Vec<String>> {
    let either = one.too_few || one.too_few_found;
    let mut rows = vec![vec![
        name.to_owned(),
        thousands(one.tp),
        thousands(one.fp),
        thousands(one.missed),
        share(one.precision, one.too_few_found),
        share(one.recall, one.too_few),
        share(one.f1, either),
        share(one.f2, either),
    ]];
    let intervals = [
        interval(one.precision_interval, one.too_few_found),
        interval(one.recall_interval, one.too_few),
        interval(one.f1_interval, either),
        interval(one.f2_interval, either),
    ];
    if intervals.iter().any(|interval| !interval.is_empty()) {
        let blank = std::iter::repeat_n(String::new(), 4);
        rows.push(blank.chain(intervals).collect());
    }
    rows
}

fn figures(first: &'static str, rows: &[Vec<String>]) -> String {
    let columns = [
        Column::Text(first),
        Column::Number("found"),
        Column::Number("wrong"),
        Column::Number("missed"),
        Column::Number("precision"),
        Column::Number("recall"),
        Column::Number("f1"),
        Column::Number("f2"),
    ];
    table(&columns, rows, "")
}

fn groups(all: &BTreeMap<String, Group>) -> Vec<Vec<String>> {
    all.iter()
        .flat_map(|(name, group)| rows(name, &group.overlap))
        .collect()
}

/// Shows what was measured.
pub(crate) fn show(measured: &Measured, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(measured);
    }
    let mut all = rows("all, strict", &measured.strict);
    all.extend(rows("all, overlap", &measured.overlap));
    all.extend(rows("all, of any type", &measured.hidden));
    all.extend(groups(&measured.by_type));
    output.text(&figures("type", &all))?;
    for (title, group) in [
        ("field", &measured.by_field),
        ("language", &measured.by_language),
    ] {
        if group.len() > 1 {
            output.text(&format!("\n{}", figures(title, &groups(group))))?;
        }
    }
    let leaked = &measured.leaked;
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let share = match (leaked.share, leaked.interval) {
        (Some(share), Some((low, high))) if !measured.overlap.too_few => {
            format!(" ({}, {}–{})", percent(share), percent(low), percent(high))
        }
        _ => String::new(),
    };
    output.note(&format!(
        "\n{} of {} of labelled spans leak{share}",
        thousands(leaked.leaked_chars),
        counted(leaked.labelled_chars, "character"),
    ))?;
    output.note(&format!(
        "{}, {} in {:.2} s; policy `{}` version {}{}",
        counted(measured.records, "record"),
        counted(measured.chars, "character"),
        measured.seconds,
        measured.policy,
        measured.policy_version,
        crate::names_model::beside(measured.names_model.as_ref())
    ))?;
    output.note(
        "By type, field and language: overlap, at least half of a labelled span found with its type. Below a figure its 95 % interval; \"too few\" is fewer than 30.",
    )?;
    if measured.scopes == "not_applied" {
        output.note(
            "The policy says otherwise of some fields or deployments; none of that was applied: `--field` and `--deployment` tell where the texts stand.",
        )?;
    }
    labels(measured, output)
}

/// What was not counted as it stands in the corpus.
fn labels(measured: &Measured, output: &mut Output) -> Result<(), Ending> {
    let said = |rows: Vec<&LabelRow>| -> Vec<String> {
        rows.iter()
            .take(20)
            .map(|row| format!("{} ({})", row.label, thousands(row.spans)))
            .collect()
    };
    let taken: Vec<String> = measured
        .labels
        .iter()
        .filter(|row| row.how == "synonym" || row.how == "told")
        .map(|row| match &row.entity_type {
            Some(entity_type) => format!("{} = {entity_type}", row.label),
            None => format!("{} left out", row.label),
        })
        .collect();
    if !taken.is_empty() {
        output.note(&format!("labels taken for: {}", taken.join(", ")))?;
    }
    let missed = said(
        measured
            .labels
            .iter()
            .filter(|row| !row.is_found && row.entity_type.is_some())
            .collect(),
    );
    if !missed.is_empty() {
        output.note(&format!(
            "nothing finds these labels, and all their spans count as missed: {}; `--map LABEL=TYPE` says what one means, `--map LABEL=-` leaves it out",
            missed.join(", ")
        ))?;
    }
    if !measured.never_labelled.is_empty() {
        let types: Vec<String> = measured
            .never_labelled
            .iter()
            .map(|(name, count)| format!("{name} ({})", thousands(*count)))
            .collect();
        output.note(&format!(
            "found, never labelled, and counted as wrong: {}; `--only labelled` leaves them out",
            types.join(", ")
        ))?;
    }
    Ok(())
}
