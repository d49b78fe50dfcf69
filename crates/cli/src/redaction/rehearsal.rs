//! `assay redaction rehearse`: what would change for stored calls under another policy.
//!
//! Not here: comparing (the engine).

use std::path::Path;

use assay_engine::error::WireError;
use assay_engine::redaction::rehearsal;
use assay_engine::redaction::rehearsal::view::{Rehearsal, Rehearse, RehearsedPolicy};

use crate::arguments::rehearsing::RehearseArguments;
use crate::deployments::text_of;
use crate::ending::Ending;
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, counted, moment, pairs, sentences, table, thousands};
use crate::stopping;

/// Exposed calls that are listed for people.
const LISTED: usize = 20;

pub(super) fn run(
    given: RehearseArguments,
    settings: &Settings,
    output: &mut Output,
) -> Result<(), Ending> {
    let (from, from_toml) = policy(&given.from)?;
    let (to, to_toml) = policy(&given.to)?;
    let input = Rehearse {
        from,
        from_toml,
        to,
        to_toml,
        query: given.query.text(),
        most_ids: Some(given.ids),
    };
    let engine = settings.reading()?;
    let watched = stopping::watched(output);
    let rehearsed = rehearsal::rehearse(&engine, &input, &watched.progress);
    drop(watched);
    told(&rehearsed?, output)
}

/// A policy's name, or its text.
pub(super) fn policy(given: &str) -> Result<(Option<String>, Option<String>), WireError> {
    match given.ends_with(".toml") {
        true => Ok((None, Some(text_of(Path::new(given))?))),
        false => Ok((Some(given.to_owned()), None)),
    }
}

fn named(policy: &RehearsedPolicy) -> String {
    let note = match (policy.in_force, policy.tried) {
        (true, _) => ", in force",
        (_, true) => ", tried from a file",
        _ => "",
    };
    let model = crate::names_model::beside(policy.names_model.as_ref());
    format!("`{}` version {}{note}{model}", policy.name, policy.version)
}

fn told(found: &Rehearsal, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        let mut document = serde_json::to_value(found).unwrap_or_default();
        let ids: Vec<&str> = found
            .exposed_calls
            .iter()
            .map(|call| call.id.as_str())
            .collect();
        document["exposed_ids"] = ids.into();
        return output.document(&document);
    }
    let of = |count: u64| format!("{} of {}", thousands(count), thousands(found.matched));
    let exposed = match found.exposed_and_redacted {
        0 => of(found.newly_exposed),
        both => format!(
            "{}; in {} of them something else is newly redacted",
            of(found.newly_exposed),
            thousands(both)
        ),
    };
    output.text(&pairs(&[
        ("from", named(&found.from)),
        ("to", named(&found.to)),
        ("newly exposed", exposed),
        ("newly redacted", of(found.newly_redacted)),
        ("treated otherwise", of(found.treated_otherwise)),
        ("unchanged", of(found.unchanged)),
        ("not evaluable", of(found.not_evaluable.calls)),
    ]))?;
    for lack in &found.not_evaluable.reasons {
        let besides = match lack.besides {
            0 => String::new(),
            besides => format!(" ({} more that changed besides)", thousands(besides)),
        };
        output.note(&format!(
            "  not evaluable, {}{besides}: {}",
            counted(lack.calls, "call"),
            lack.says
        ))?;
    }
    let all = found.stretches;
    output.note(&format!(
        "\n`{}` hid {} stretches in {}: {} exposed, {} treated otherwise ({} show more), {} unchanged; {} newly redacted",
        found.from.name,
        thousands(all.hidden_by_old),
        counted(found.texts, "text"),
        thousands(all.exposed),
        thousands(all.treated_otherwise),
        thousands(all.shows_more),
        thousands(all.unchanged),
        thousands(all.newly_redacted),
    ))?;
    if !found.exposed_by_rule.is_empty() {
        let rows: Vec<Vec<String>> = found
            .exposed_by_rule
            .iter()
            .map(|rule| {
                vec![
                    rule.recognizer.clone(),
                    rule.entity_type.clone(),
                    thousands(rule.exposed),
                    thousands(rule.of),
                    thousands(rule.calls),
                    rule.says.clone(),
                ]
            })
            .collect();
        let columns = [
            Column::Text("rule that caught it"),
            Column::Text("entity type"),
            Column::Number("exposed"),
            Column::Number("of"),
            Column::Number("calls"),
            Column::Text("why"),
        ];
        output.text("")?;
        output.text(&table(&columns, &rows, ""))?;
    }
    if !found.exposed_calls.is_empty() {
        let rows: Vec<Vec<String>> = found
            .exposed_calls
            .iter()
            .take(LISTED)
            .map(|call| {
                vec![
                    call.id.clone(),
                    moment(call.started_at.as_deref()),
                    thousands(call.exposed),
                    call.rules.join(", "),
                ]
            })
            .collect();
        let columns = [
            Column::Whole("exposed call"),
            Column::Whole("time"),
            Column::Number("stretches"),
            Column::Text("caught by"),
        ];
        output.text("")?;
        output.text(&table(&columns, &rows, ""))?;
        if found.newly_exposed > rows.len() as u64 {
            output.note(&format!(
                "{} of {} exposed calls; `--json --ids N` names more",
                rows.len(),
                thousands(found.newly_exposed)
            ))?;
        }
    }
    output.note(&format!(
        "\n{} in {:.1} s",
        counted(found.characters, "character"),
        found.elapsed_ms as f64 / 1_000.0
    ))?;
    output.note(&sentences(&found.limits))
}
