//! `assay replay`: plans, runs, comparisons and backends.
//!
//! Not here: what may be sent, and sending (the engine).

use std::io::Read;

use assay_domain::call::Kind;
use assay_engine::commands::Nothing;
use assay_engine::error::WireError;
use assay_engine::opening::Engine;
use assay_engine::redaction::policies;
use assay_engine::replay;
use assay_engine::replay::view::{
    BackendRef, BackendRow, Comparison, PlanReplay, ReplayPlan, ReplayRun, RunRef, SaveBackend,
    SetKey, ShowComparison, StartReplay,
};

use crate::arguments::{BackendCommand, ReplayCommand};
use crate::ending::{Ending, Outcome, bad_input};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, counted, moment, or_dash, pairs, table, thousands};
use crate::stopping;
use crate::trail::{model, whole_id};

/// Digits of an id in a list.
const DIGITS: usize = 12;
/// The longest key.
const MAX_KEY: u64 = 16 << 10;

/// Plans, runs or shows replays.
pub(crate) fn run(
    given: ReplayCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    match given {
        ReplayCommand::Plan {
            query,
            backend,
            policy,
            budget,
            limit,
        } => {
            let engine = settings.writing()?;
            let policy = policy.map_or_else(|| in_force(&engine), Ok)?;
            let asked = PlanReplay {
                backend,
                query: query.text(),
                policy,
                limit,
                budget_usd: budget,
            };
            plan(&replay::plan(&engine, asked)?, output)
        }
        ReplayCommand::Run {
            plan,
            budget,
            i_accept,
        } => {
            let watched = stopping::watched(output);
            let asked = StartReplay {
                plan,
                budget_usd: budget,
                phrase: i_accept,
            };
            let ran = replay::run::run(&settings.writing()?, &asked, &watched.progress);
            drop(watched);
            show(&ran?, output)
        }
        ReplayCommand::Show { run, call: None } => show(
            &replay::shown::show(&settings.reading()?, RunRef { run })?,
            output,
        ),
        ReplayCommand::Show {
            run,
            call: Some(id),
        } => {
            let engine = settings.reading()?;
            let call_id = whole_id(&engine, &id)?;
            comparison(
                &replay::shown::comparison(&engine, ShowComparison { run, call_id })?,
                output,
            )
        }
        ReplayCommand::Runs => runs(
            &replay::shown::runs(&settings.reading()?, Nothing {})?,
            output,
        ),
        ReplayCommand::Backends => backends(
            &replay::backends::backends(&settings.reading_or_empty()?.0, Nothing {})?,
            output,
        ),
        ReplayCommand::Backend(given) => backend(given, &settings.writing()?, output),
    }?;
    Ok(Outcome::Done)
}

fn in_force(engine: &Engine) -> Result<String, WireError> {
    let policies = policies::list(engine, Nothing {})?;
    Ok(policies
        .into_iter()
        .find(|policy| policy.in_force)
        .map_or_else(|| "default".to_owned(), |policy| policy.reference))
}

fn short(id: &str) -> String {
    id.chars().take(DIGITS).collect()
}

fn plan(plan: &ReplayPlan, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(plan);
    }
    let columns = [
        Column::Whole("call"),
        Column::Text("deployment"),
        Column::Text("model"),
        Column::Whole("verdict"),
        Column::Number("in"),
        Column::Number("out at most"),
        Column::Number("usd at most"),
        Column::Text("why"),
    ];
    let rows: Vec<Vec<String>> = plan
        .items
        .iter()
        .map(|item| {
            let removed = if item.removed.is_empty() {
                String::new()
            } else {
                format!("left out: {}", item.removed.join(", "))
            };
            let why = [item.reason.clone().unwrap_or_default(), removed];
            vec![
                short(&item.call_id),
                item.deployment.clone(),
                or_dash(item.model.as_deref().map(model)),
                item.verdict.replace('_', " "),
                thousands(item.input_tokens),
                thousands(item.output_high),
                or_dash(item.cost_high_usd.as_deref()),
                why.iter()
                    .filter(|text| !text.is_empty())
                    .cloned()
                    .collect::<Vec<_>>()
                    .join("; "),
            ]
        })
        .collect();
    output.text(&table(&columns, &rows, "no call matches"))?;
    output.text("")?;
    output.text(&pairs(&[
        ("Plan", plan.id.clone()),
        (
            "Goes to",
            format!(
                "{} ({}), processed by {}",
                plan.backend, plan.destination, plan.processor
            ),
        ),
        ("Policy", plan.policy.clone()),
        (
            "Calls",
            format!(
                "{} sendable, {} after redaction, {} refused, of {} that match",
                plan.sendable,
                plan.needs_redaction,
                plan.refused,
                thousands(plan.matching)
            ),
        ),
        (
            "Cost",
            format!(
                "{} to {} USD, {} expected ({})",
                plan.cost_low_usd, plan.cost_high_usd, plan.cost_expected_usd, plan.basis
            ),
        ),
        (
            "Cost not known",
            if plan.cost_unknown > 0 {
                format!("{}, refused", counted(plan.cost_unknown, "call"))
            } else {
                String::new()
            },
        ),
        (
            "Budget",
            plan.budget_usd
                .as_deref()
                .map(|budget| format!("{budget} USD"))
                .unwrap_or_default(),
        ),
        ("Mind", plan.warnings.join(" ")),
    ]))?;
    let accept = plan
        .phrase
        .as_deref()
        .map(|phrase| format!(" --i-accept \"{phrase}\""))
        .unwrap_or_default();
    output.note(&format!(
        "\nnothing was sent; `assay replay run {}{accept}` sends",
        plan.id
    ))
}

/// `1 same and 2 changed of 3 compared, 1 not compared`.
pub(crate) fn compared(run: &ReplayRun) -> String {
    format!(
        "{} same and {} changed of {} compared, {} not compared",
        thousands(run.same),
        thousands(run.changed),
        thousands(run.compared),
        thousands(run.not_compared)
    )
}

fn run_head(run: &ReplayRun) -> String {
    let unknown = if run.spent_unknown > 0 {
        format!(", not known for {}", counted(run.spent_unknown, "call"))
    } else {
        String::new()
    };
    let budget = run
        .budget_usd
        .as_deref()
        .map(|budget| format!(" of {budget}"))
        .unwrap_or_default();
    pairs(&[
        ("Run", run.id.clone()),
        ("Went to", format!("{} ({})", run.backend, run.destination)),
        ("Policy", run.policy.clone()),
        ("State", run.state.replace('_', " ")),
        ("Started", moment(Some(&run.started_at))),
        (
            "Calls",
            format!(
                "{}: {}, {} failed, {} refused, {} not run",
                thousands(run.calls),
                compared(run),
                thousands(run.errors),
                thousands(run.refused),
                thousands(run.not_run)
            ),
        ),
        ("Spent", format!("{}{budget} USD{unknown}", run.spent_usd)),
    ])
}

fn show(run: &ReplayRun, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(run);
    }
    let columns = [
        Column::Whole("call"),
        Column::Whole("state"),
        Column::Number("alike"),
        Column::Number("out before"),
        Column::Number("out now"),
        Column::Number("ms before"),
        Column::Number("ms now"),
        Column::Text("detail"),
    ];
    let rows: Vec<Vec<String>> = run
        .items
        .iter()
        .map(|item| {
            vec![
                short(&item.call_id),
                item.state.replace('_', " "),
                or_dash(
                    item.similarity
                        .map(|similarity| format!("{:.0} %", similarity * 100.0)),
                ),
                or_dash(item.original_output_tokens.map(thousands)),
                or_dash(item.output_tokens.map(thousands)),
                or_dash(item.original_latency_ms),
                or_dash(item.latency_ms),
                item.detail.clone().unwrap_or_default(),
            ]
        })
        .collect();
    output.text(&table(&columns, &rows, "no calls"))?;
    output.text("")?;
    output.text(&run_head(run))
}

fn runs(runs: &[ReplayRun], output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(&runs);
    }
    let columns = [
        Column::Whole("run"),
        Column::Whole("started"),
        Column::Text("backend"),
        Column::Whole("state"),
        Column::Number("calls"),
        Column::Number("compared"),
        Column::Number("same"),
        Column::Number("changed"),
        Column::Number("failed"),
    ];
    let rows: Vec<Vec<String>> = runs
        .iter()
        .map(|run| {
            vec![
                run.id.clone(),
                moment(Some(&run.started_at)),
                run.backend.clone(),
                run.state.replace('_', " "),
                thousands(run.calls),
                thousands(run.compared),
                thousands(run.same),
                thousands(run.changed),
                thousands(run.errors),
            ]
        })
        .collect();
    output.text(&table(&columns, &rows, "nothing was replayed yet"))
}

fn comparison(comparison: &Comparison, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(comparison);
    }
    for difference in &comparison.differs {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
        output.text(&format!(
            "{}: {} → {}",
            difference.field,
            value(&difference.here),
            value(&difference.there)
        ))?;
    }
    if comparison.item.state == "not_compared" {
        // One side alone is no difference.
        let reason = comparison.item.detail.as_deref();
        output.text(&format!(
            "\nnot compared: {}; the new answer is\n",
            reason.unwrap_or("the record holds no answer")
        ))?;
        let text: String = comparison
            .diff
            .iter()
            .map(|segment| segment.text.as_str())
            .collect();
        return output.text(&text);
    }
    output.text("\n[-only before-] {+only now+}\n")?;
    let text: String = comparison
        .diff
        .iter()
        .map(|segment| match segment.change.as_str() {
            "removed" => format!("[-{}-]", segment.text),
            "added" => format!("{{+{}+}}", segment.text),
            _ => segment.text.clone(),
        })
        .collect();
    output.text(&text)
}

fn backends(backends: &[BackendRow], output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(&backends);
    }
    let columns = [
        Column::Text("backend"),
        Column::Whole("kind"),
        Column::Whole("dialect"),
        Column::Text("address"),
        Column::Text("place"),
        Column::Whole("auth"),
        Column::Text("key"),
    ];
    let rows: Vec<Vec<String>> = backends
        .iter()
        .map(|backend| {
            let last4 = backend
                .key_last4
                .as_deref()
                .map(|last4| format!(" …{last4}"))
                .unwrap_or_default();
            vec![
                backend.name.clone(),
                backend.kind.name().to_owned(),
                backend.dialect.clone(),
                backend.base_url.clone(),
                or_dash(backend.place.as_deref()),
                backend.auth.clone(),
                format!("{}{last4}", backend.key.replace('_', " ")),
            ]
        })
        .collect();
    output.text(&table(&columns, &rows, "no backends"))
}

fn backend(given: BackendCommand, engine: &Engine, output: &mut Output) -> Result<(), Ending> {
    let (row, done) = match given {
        BackendCommand::Save {
            name,
            kind,
            dialect,
            url,
            auth,
            place,
            model,
            private,
        } => {
            let kind = Kind::from_name(&kind)
                .ok_or_else(|| bad_input(format!("no kind of deployment: {kind}")))?;
            let asked = SaveBackend {
                name,
                kind,
                dialect,
                base_url: url,
                place,
                auth,
                model,
                private,
            };
            (replay::backends::save_backend(engine, asked)?, "saved")
        }
        BackendCommand::Key { name } => {
            // Never as an argument: those are seen by everybody on this computer.
            let mut key = String::new();
            let read = std::io::stdin()
                .lock()
                .take(MAX_KEY)
                .read_to_string(&mut key);
            read.map_err(|_| bad_input("can't read the key from standard input"))?;
            (
                replay::backends::set_key(
                    engine,
                    SetKey {
                        backend: name,
                        key: key.trim().to_owned(),
                    },
                )?,
                "has its key",
            )
        }
        BackendCommand::Remove { name } => {
            replay::backends::remove_backend(engine, BackendRef { name: name.clone() })?;
            return if output.is_json() {
                output.document(&serde_json::json!({"removed": name}))
            } else {
                output.note(&format!("removed `{name}` and its key"))
            };
        }
    };
    if output.is_json() {
        output.document(&row)
    } else {
        output.note(&format!("`{}` {done}", row.name))
    }
}
