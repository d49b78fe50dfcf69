//! `assay redaction bounds`: what a policy may miss, told three ways.
//!
//! Not here: reckoning it (the engine).

use assay_engine::redaction::leak_bounds::view::{
    BoundCanaries, BoundRecapture, BoundSample, CanaryBound, Fared, RecaptureBound, SampleBound,
};
use assay_engine::redaction::leak_bounds::{self, planting};

use super::rehearsal::policy;
use crate::arguments::bounds::BoundsCommand;
use crate::ending::Ending;
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, counted, sentences, table, thousands};
use crate::stopping;

/// Rows that are listed for people.
const LISTED: usize = 30;

pub(super) fn run(
    given: BoundsCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<(), Ending> {
    match given {
        BoundsCommand::Canaries {
            query,
            policy: chosen,
            seed,
            count,
            types,
            writings,
        } => {
            let (policy, policy_toml) =
                chosen.policy.as_deref().map_or(Ok((None, None)), policy)?;
            let input = BoundCanaries {
                query: query.text(),
                policy,
                policy_toml,
                seed: Some(seed),
                count: Some(count),
                entity_types: types,
                writings,
            };
            let engine = settings.reading()?;
            let watched = stopping::watched(output);
            let found = planting::bound(&engine, &input, &watched.progress);
            drop(watched);
            canaries(&found?, output)
        }
        BoundsCommand::Sample { sample: number } => {
            let engine = settings.reading()?;
            sample(
                &leak_bounds::of_sample(&engine, BoundSample { sample: number })?,
                output,
            )
        }
        BoundsCommand::Recapture {
            query,
            policy: chosen,
            level,
        } => {
            let (policy, policy_toml) =
                chosen.policy.as_deref().map_or(Ok((None, None)), policy)?;
            let input = BoundRecapture {
                query: query.text(),
                policy,
                policy_toml,
                level: Some(level),
            };
            let engine = settings.reading()?;
            let watched = stopping::watched(output);
            let found = leak_bounds::of_recapture(&engine, &input, &watched.progress);
            drop(watched);
            recapture(&found?, output)
        }
    }
}

fn fared(name: String, other: Option<String>, fared: &Fared) -> Vec<String> {
    let mut row = vec![name];
    row.extend(other);
    for count in [
        fared.planted,
        fared.through,
        fared.partly,
        fared.kept,
        fared.hidden,
    ] {
        row.push(thousands(count));
    }
    row
}

const FARED: [Column; 5] = [
    Column::Number("planted"),
    Column::Number("came through"),
    Column::Number("in part"),
    Column::Number("kept"),
    Column::Number("hidden"),
];

fn canaries(found: &CanaryBound, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(found);
    }
    let rows: Vec<Vec<String>> = found
        .by_writing
        .iter()
        .map(|row| fared(row.name.clone(), None, &row.fared))
        .collect();
    let mut columns = vec![Column::Text("writing")];
    columns.extend(FARED);
    output.text(&table(&columns, &rows, ""))?;
    if !found.leaks.is_empty() {
        let rows: Vec<Vec<String>> = found
            .leaks
            .iter()
            .take(LISTED)
            .map(|cell| {
                fared(
                    cell.entity_type.clone(),
                    Some(cell.writing.clone()),
                    &cell.fared,
                )
            })
            .collect();
        let mut columns = vec![Column::Text("came through"), Column::Text("writing")];
        columns.extend(FARED);
        output.text("")?;
        output.text(&table(&columns, &rows, ""))?;
        if found.leaks.len() > rows.len() {
            output.note(&format!(
                "{} of {} types and writings",
                rows.len(),
                thousands(found.leaks.len() as u64)
            ))?;
        }
    }
    output.note(&format!("\n{}", found.says))?;
    output.note(&format!(
        "policy `{}` version {}, seed {}, in copies of {} with text, of {} drawn from {}",
        found.policy,
        found.policy_version,
        found.seed,
        counted(found.hosts, "call"),
        thousands(found.drawn),
        counted(found.matched, "call")
    ))?;
    output.note(&sentences(&found.limits))
}

fn sample(found: &SampleBound, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(found);
    }
    for bound in &found.bounds {
        output.text(&format!("{}: {}", bound.by, bound.says))?;
    }
    if let Some(recapture) = &found.recapture {
        output.text(&recapture.says)?;
    }
    if found.bounds.is_empty() {
        output.text("nobody read it")?;
    }
    output.note(&sentences(&found.limits))
}

fn recapture(found: &RecaptureBound, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(found);
    }
    for row in &found.rows {
        output.text(&format!("{}: {}", row.what, row.says))?;
    }
    output.note(&format!(
        "\n{} of {} with text, of {} that match; policy `{}` version {}{}; {:.1} s",
        counted(found.texts, "text"),
        counted(found.calls, "call"),
        thousands(found.matched),
        found.policy,
        found.policy_version,
        crate::names_model::beside(found.names_model.as_ref()),
        found.elapsed_ms as f64 / 1_000.0
    ))?;
    output.note(&sentences(&found.limits))
}
