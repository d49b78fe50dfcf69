//! `assay redaction guards` and `sinks`: filters of others, measured.
//!
//! In: arguments; a key from standard input. Out: tables or JSON. Not here: drawing, sending,
//! comparing (the engine).

use std::io::Read;

use assay_domain::guards::GuardKind;
use assay_engine::commands::Nothing;
use assay_engine::error::{Code, WireError};
use assay_engine::redaction::guards::view::{
    AskGuardCases, FoundOf, GuardCases, GuardLine, GuardPlan, GuardRef, GuardRow, GuardRun,
    GuardRunRef, GuardRunRow, PlanGuard, RunGuard, SaveGuard, SetGuardKey,
};
use assay_engine::redaction::sinks::view::{AskSinks, Sinks};
use assay_engine::redaction::{guard_results, guard_runs, guards, sinks};

use crate::arguments::guards::{AddGuard, GuardCommand, SinkArguments};
use crate::ending::{Ending, Outcome, bad_input};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, counted, moment, or_dash, pairs, sentences, table, thousands};
use crate::stopping;

/// The longest key.
const MAX_KEY: u64 = 16 << 10;

/// Saves, plans, runs or shows guards.
pub(crate) fn run(
    given: GuardCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    match given {
        GuardCommand::Run { plan, i_accept } => {
            return carried_out(plan, i_accept, settings, output);
        }
        GuardCommand::List => {
            let (engine, _folder) = settings.reading_or_empty()?;
            list(&guards::guards(&engine, Nothing {})?, output)
        }
        GuardCommand::Add(given) => {
            let row = guards::save_guard(&settings.writing()?, saved(given)?)?;
            done(
                &row,
                &format!("saved `{}`; nothing was sent", row.name),
                output,
            )
        }
        GuardCommand::Remove { name } => {
            guards::remove_guard(&settings.writing()?, GuardRef { name: name.clone() })?;
            match output.is_json() {
                true => output.document(&serde_json::json!({ "removed": name })),
                false => output.note(&format!("removed `{name}` and its key; its runs stay")),
            }
        }
        GuardCommand::Key { name } => {
            // Never as an argument: those are seen by everybody on this computer.
            let mut key = String::new();
            std::io::stdin()
                .lock()
                .take(MAX_KEY)
                .read_to_string(&mut key)
                .map_err(|_| bad_input("can't read the key from standard input"))?;
            let asked = SetGuardKey {
                guard: name,
                key: key.trim().to_owned(),
            };
            let row = guards::set_guard_key(&settings.writing()?, asked)?;
            done(&row, &format!("`{}` has its key", row.name), output)
        }
        GuardCommand::Plan {
            name,
            drawn,
            policy,
        } => {
            let asked = PlanGuard {
                guard: name,
                seed: drawn.seed,
                count: drawn.count,
                clean: drawn.clean,
                entity_types: drawn.types,
                writings: drawn.writings,
                policy,
            };
            plan(
                &guard_runs::plan_guard(&settings.writing()?, asked)?,
                output,
            )
        }
        GuardCommand::Runs => {
            let (engine, _folder) = settings.reading_or_empty()?;
            runs(&guard_results::runs(&engine, Nothing {})?, output)
        }
        GuardCommand::Show { run, cells } => show(
            &guard_results::show(&settings.reading()?, GuardRunRef { run })?,
            cells,
            output,
        ),
        GuardCommand::Cases {
            run,
            which,
            entity_type,
            writing,
            limit,
        } => {
            let asked = AskGuardCases {
                run,
                entity_type,
                writing,
                which,
                limit: Some(limit),
            };
            cases(&guard_results::cases(&settings.reading()?, asked)?, output)
        }
    }?;
    Ok(Outcome::Done)
}

/// Carries out a plan. A run that ended before all texts were asked is shown and is not well; one that
/// was stopped is an error, as everywhere.
fn carried_out(
    plan: String,
    phrase: Option<String>,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    let watched = stopping::watched(output);
    let asked = RunGuard { plan, phrase };
    let ran = guard_runs::run(&settings.writing()?, &asked, &watched.progress);
    drop(watched);
    let ran = ran?;
    let row = &ran.run;
    if row.state == "cancelled" {
        return Err(WireError::new(
            Code::Cancelled,
            format!(
                "stopped: {} of {} were judged, and that is kept",
                thousands(row.judged),
                counted(row.texts, "text")
            ),
        )
        .hint(format!("see `redaction guards show {}`", row.id))
        .into());
    }
    show(&ran, false, output)?;
    Ok(match row.state.as_str() {
        "done" => Outcome::Done,
        _ => Outcome::Found,
    })
}

fn saved(given: AddGuard) -> Result<SaveGuard, Ending> {
    let kind = GuardKind::from_name(&given.kind)
        .ok_or_else(|| bad_input(format!("no kind of guard: {}", given.kind)))?;
    Ok(SaveGuard {
        name: given.name,
        kind,
        base_url: given.url,
        region: given.region,
        auth: given.auth,
        guardrail: given.guardrail,
        version: given.guardrail_version,
        as_output: given.as_output,
        language: given.language,
        text_field: given.text_field,
        claims: given.claims,
        private: given.private,
        per_second: given.per_second,
    })
}

fn done(row: &GuardRow, said: &str, output: &mut Output) -> Result<(), Ending> {
    match output.is_json() {
        true => output.document(row),
        false => output.note(said),
    }
}

fn list(rows: &[GuardRow], output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(&rows);
    }
    let columns = [
        Column::Text("guard"),
        Column::Whole("kind"),
        Column::Text("address"),
        Column::Whole("auth"),
        Column::Text("key"),
    ];
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            vec![
                row.name.clone(),
                row.kind.name().to_owned(),
                row.base_url.clone(),
                row.auth.clone(),
                row.key.replace('_', " "),
            ]
        })
        .collect();
    output.text(&table(&columns, &rows, "no guards"))
}

fn plan(plan: &GuardPlan, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(plan);
    }
    let reach = match plan.is_loopback {
        true => " (this computer)",
        false => "",
    };
    let mut rows = vec![
        ("plan", plan.id.clone()),
        ("goes to", format!("{}{reach}", plan.destination)),
        (
            "sends",
            format!(
                "{}, {}: {} with a planted value, {} with none",
                counted(plan.texts, "text"),
                counted(plan.bytes, "byte"),
                thousands(plan.planted),
                thousands(plan.clean)
            ),
        ),
        (
            "which are",
            format!(
                "synthetic canaries of seed {}; no stored call is sent",
                plan.seed
            ),
        ),
        ("sha-256", plan.sha256.clone()),
        (
            "against",
            format!("policy `{}` version {}", plan.policy, plan.policy_version),
        ),
        (
            "may cost",
            match &plan.cost_usd {
                Some(usd) => format!("{usd} USD. {}", plan.cost_note),
                None => plan.cost_note.clone(),
            },
        ),
    ];
    if let Some(phrase) = &plan.phrase {
        rows.push(("to send, type", phrase.clone()));
    }
    output.text(&pairs(&rows))?;
    output.note("\nFor example:")?;
    for example in &plan.examples {
        output.note(&format!("  {}", example.replace('\n', "⏎ ")))?;
    }
    let accept = match &plan.phrase {
        Some(phrase) => format!(" --i-accept '{phrase}'"),
        None => String::new(),
    };
    output.note(&format!(
        "\nNothing was sent. Carry it out: assay redaction guards run {}{accept}",
        plan.id
    ))
}

fn runs(rows: &[GuardRunRow], output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(&rows);
    }
    let columns = [
        Column::Whole("run"),
        Column::Text("guard"),
        Column::Whole("state"),
        Column::Whole("started"),
        Column::Number("judged"),
        Column::Number("guard found"),
        Column::Number("local found"),
    ];
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let of = |found| format!("{} of {}", thousands(found), thousands(row.judged_planted));
            vec![
                row.id.clone(),
                row.guard.clone(),
                row.state.clone(),
                moment(row.started_at.as_deref()),
                format!("{} of {}", thousands(row.judged), thousands(row.texts)),
                of(row.guard_found),
                of(row.local_found),
            ]
        })
        .collect();
    output.text(&table(&columns, &rows, "no runs"))
}

/// `28 of 30, 79–98 %`; under 30 there is no interval.
fn share(found: &FoundOf) -> String {
    let of = format!("{} of {}", thousands(found.found), thousands(found.of));
    match (found.low, found.high) {
        (Some(low), Some(high)) => format!("{of}, {:.0}–{:.0} %", low * 100.0, high * 100.0),
        _ => of,
    }
}

fn lines(title: &'static str, lines: &[GuardLine], output: &mut Output) -> Result<(), Ending> {
    let columns = [
        Column::Whole(title),
        Column::Text("claimed"),
        Column::Number("guard"),
        Column::Number("local"),
        Column::Number("both"),
        Column::Number("only guard"),
        Column::Number("only local"),
        Column::Number("neither"),
        Column::Number("no verdict"),
    ];
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|line| {
            let name: Vec<&str> = [&line.entity_type, &line.writing]
                .into_iter()
                .flatten()
                .map(String::as_str)
                .collect();
            let claimed = match (line.entity_type.is_some(), line.claimed.as_str()) {
                (false, _) => String::new(),
                (true, "claimed") => line.guard_names.join(", "),
                (true, other) => other.replace('_', " "),
            };
            vec![
                name.join(" "),
                claimed,
                share(&line.guard),
                share(&line.local),
                thousands(line.both),
                thousands(line.only_guard),
                thousands(line.only_local),
                thousands(line.neither),
                thousands(line.no_answer),
            ]
        })
        .collect();
    output.text(&table(&columns, &rows, "no texts were judged"))
}

fn show(run: &GuardRun, cells: bool, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(run);
    }
    let row = &run.run;
    let unjudged = row.texts - row.judged;
    let why: Vec<String> = run
        .faults
        .iter()
        .map(|fault| {
            format!(
                "{} {}",
                thousands(fault.count),
                fault.name.replace('_', " ")
            )
        })
        .collect();
    let judged = match unjudged {
        0 => format!("{} of {}", thousands(row.judged), thousands(row.texts)),
        _ => format!(
            "{} of {}; {} not: {}",
            thousands(row.judged),
            thousands(row.texts),
            thousands(unjudged),
            why.join(", ")
        ),
    };
    let mut head = vec![
        ("run", format!("{} ({})", row.id, row.state)),
        ("guard", format!("{} at {}", row.guard, row.destination)),
        (
            "local rules",
            format!("policy `{}` version {}", row.policy, row.policy_version),
        ),
        ("judged", judged),
        ("guard found", share(&run.all.guard)),
        ("local found", share(&run.all.local)),
    ];
    if let Some(apart) = &run.not_claimed {
        head.push((
            "not claimed",
            format!(
                "apart from these: {} of types that the guard does not claim; guard {}, local {}",
                counted(apart.guard.of, "text"),
                share(&apart.guard),
                share(&apart.local)
            ),
        ));
    }
    head.push((
        "found wrongly",
        format!(
            "in texts with nothing planted: guard {}, local {}",
            share(&run.clean_guard),
            share(&run.clean_local)
        ),
    ));
    if let Some(usd) = &run.cost_usd {
        head.push(("cost", format!("{usd} USD by the units that it counted")));
    }
    if let Some(stopped) = &run.stopped {
        head.push(("stopped", stopped.clone()));
    }
    output.text(&pairs(&head))?;
    output.text("")?;
    lines("type", &run.by_type, output)?;
    output.text("")?;
    lines("writing", &run.by_writing, output)?;
    if cells {
        output.text("")?;
        lines("type and writing", &run.cells, output)?;
    }
    output.note(&format!(
        "\n{}",
        sentences(
            &[
                run.notes.clone(),
                vec!["Without an interval there are fewer than 30: too few to judge.".to_owned()],
            ]
            .concat()
        )
    ))
}

fn cases(cases: &GuardCases, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(cases);
    }
    let columns = [
        Column::Whole("canary"),
        Column::Text("type"),
        Column::Whole("writing"),
        Column::Whole("guard"),
        Column::Whole("local"),
        Column::Text("planted"),
    ];
    let rows: Vec<Vec<String>> = cases
        .cases
        .iter()
        .map(|case| {
            vec![
                case.id.clone(),
                or_dash(case.entity_type.as_ref()),
                case.writing.replace('_', " "),
                case.guard.replace('_', " "),
                case.local.clone(),
                case.planted.replace('\n', "⏎"),
            ]
        })
        .collect();
    output.text(&table(&columns, &rows, "none"))?;
    output.note(&format!(
        "\n{} of {}; synthetic, nobody's",
        thousands(cases.cases.len() as u64),
        thousands(cases.count)
    ))
}

/// What the sources of the same calls hold in clear.
pub(crate) fn compare(
    given: &SinkArguments,
    settings: &Settings,
    output: &mut Output,
) -> Result<(), Ending> {
    let asked = AskSinks {
        query: given.query.text(),
        limit: Some(given.limit),
    };
    let engine = settings.reading()?;
    let watched = stopping::watched(output);
    let compared = sinks::compare(&engine, &asked, &watched.progress);
    drop(watched);
    let compared = compared?;
    if output.is_json() {
        return output.document(&compared);
    }
    pairs_of(&compared, output)
}

fn pairs_of(compared: &Sinks, output: &mut Output) -> Result<(), Ending> {
    if compared.pairs.is_empty() {
        output.text("no call that matches was recorded by two sources")?;
    }
    for pair in &compared.pairs {
        let not: Vec<String> = pair
            .not_compared
            .iter()
            .map(|why| format!("{} {}", thousands(why.count), why.name))
            .collect();
        let not = match not.is_empty() {
            true => String::new(),
            false => format!("; not compared: {}", not.join(", ")),
        };
        output.text(&format!(
            "{} and {}: {} of {} that both recorded were compared{not}",
            pair.one_title,
            pair.other_title,
            thousands(pair.compared),
            counted(pair.together, "call"),
        ))?;
        output.text(&format!(
            "in clear in {} and masked in {}: {}; the other way round: {}; nothing found: {}",
            pair.one_title,
            pair.other_title,
            counted(pair.calls_clear_in_one, "call"),
            counted(pair.calls_clear_in_other, "call"),
            counted(pair.nothing_found, "call"),
        ))?;
        let columns = [
            Column::Text("type"),
            Column::Number("clear in both"),
            Column::Number("only in the first"),
            Column::Number("only in the second"),
            Column::Number("can't be told"),
        ];
        let rows: Vec<Vec<String>> = pair
            .by_type
            .iter()
            .map(|line| {
                vec![
                    line.entity_type.clone(),
                    thousands(line.clear_in_both),
                    thousands(line.clear_in_one),
                    thousands(line.clear_in_other),
                    thousands(line.unclear),
                ]
            })
            .collect();
        if !rows.is_empty() {
            output.text(&table(&columns, &rows, ""))?;
        }
        output.text("")?;
    }
    output.note(&format!(
        "{} match; {} were recorded by several sources, {} of them read; policy `{}` \
         version {}. Values are counted once a call.",
        counted(compared.matching, "call"),
        thousands(compared.several),
        thousands(compared.looked),
        compared.policy,
        compared.policy_version
    ))
}
