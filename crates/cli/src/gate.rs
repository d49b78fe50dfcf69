//! `assay redaction gate` and `force`: what stands against a policy before it is put in force.
//!
//! Not here: judging it, and the words for it (the engine).

use assay_engine::redaction::policies;
use assay_engine::redaction::policies::gate;
use assay_engine::redaction::policies::gate::view::{AskGate, Gate, GatePoint, GateState};
use assay_engine::redaction::policies::view::{
    FollowDefault, PolicyDifference, PolicyRow, PutInForce,
};

use crate::ending::{Ending, Outcome};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, moment, sentences, table};
use crate::stopping;

/// Shows what stands against a version, after running what is unknown where `runs`.
pub(crate) fn shown(
    input: AskGate,
    runs: bool,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    let ends = input.name.is_none();
    let gate = if runs {
        let engine = settings.writing()?;
        let watched = stopping::watched(output);
        let ran = gate::run(&engine, &input, &watched.progress);
        drop(watched);
        ran?
    } else {
        let (engine, _folder) = settings.reading_or_empty()?;
        gate::standing(&engine, input)?
    };
    match output.is_json() {
        true => output.document(&gate)?,
        false => told(&gate, ends, output)?,
    }
    Ok(if gate.needs_reason {
        Outcome::Found
    } else {
        Outcome::Done
    })
}

/// Puts a version in force, and says what stood against it.
pub(crate) fn force(
    put: PutInForce,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    let engine = settings.writing()?;
    let asked = AskGate {
        name: Some(put.name.clone()),
        deployment: put.deployment.clone(),
    };
    let gate = gate::standing(&engine, asked)?;
    let place = put
        .deployment
        .as_ref()
        .map_or_else(String::new, |name| format!(" for `{name}`"));
    let forced = policies::put_in_force(&engine, put)?;
    let done = format!(
        "`{}` is in force{place}; calls are searched by it at the next `assay check run`",
        forced.reference
    );
    passed(&gate, &forced, &done, output)
}

/// Ends a deployment's own policy, and says what stood against that.
pub(crate) fn ended(
    follow: FollowDefault,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    let engine = settings.writing()?;
    let asked = AskGate {
        name: None,
        deployment: Some(follow.deployment.clone()),
    };
    let gate = gate::standing(&engine, asked)?;
    let deployment = follow.deployment.clone();
    let row = policies::follow_default(&engine, follow)?;
    let done = format!(
        "`{deployment}` goes by what is in force everywhere else: `{}`",
        row.reference
    );
    passed(&gate, &row, &done, output)
}

/// The policy that is in force now, the points that were not clear, and what was done.
fn passed(
    gate: &Gate,
    row: &PolicyRow,
    done: &str,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    if output.is_json() {
        output.document(row)?;
        return Ok(Outcome::Done);
    }
    for one in gate.points.iter().filter(|one| !is_clear(one)) {
        output.note(&format!("{}, {}: {}", one.title, word(one.state), one.says))?;
    }
    output.note(done)?;
    Ok(Outcome::Done)
}

fn is_clear(one: &GatePoint) -> bool {
    one.state == GateState::Clear
}

fn word(state: GateState) -> &'static str {
    match state {
        GateState::Clear => "clear",
        GateState::Against => "against",
        GateState::Incomplete => "incomplete",
        GateState::Unknown => "unknown",
    }
}

fn told(gate: &Gate, ends: bool, output: &mut Output) -> Result<(), Ending> {
    let place = gate
        .deployment
        .as_ref()
        .map_or_else(String::new, |name| format!(" for `{name}`"));
    output.note(&format!(
        "`{}` instead of `{}`{place}\n",
        gate.after, gate.before
    ))?;
    points(&gate.points, output)?;
    changes(gate, output)?;
    output.note("")?;
    output.note(&sentences(&gate.limits))?;
    if !gate.to_run.is_empty() {
        output.note(&format!(
            "\n`--run` would run {}",
            gate.to_run.join(", and ")
        ))?;
    }
    let all_the_same = match &gate.deployment {
        Some(deployment) if ends => format!("follow-default {deployment} --reason TEXT` ends it"),
        Some(deployment) => format!(
            "force {} --deployment {deployment} --reason TEXT` puts it in force",
            gate.after
        ),
        None => format!("force {} --reason TEXT` puts it in force", gate.after),
    };
    if gate.needs_reason {
        output.note(&format!(
            "\n`assay redaction {all_the_same} all the same; the reason goes into the trail"
        ))?;
    }
    Ok(())
}

/// A table of points, and what each rests on.
pub(crate) fn points(all: &[GatePoint], output: &mut Output) -> Result<(), Ending> {
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|one| {
            vec![
                one.title.clone(),
                word(one.state).to_owned(),
                one.says.clone(),
            ]
        })
        .collect();
    output.text(&table(
        &[
            Column::Text("point"),
            Column::Whole("state"),
            Column::Text("what is known"),
        ],
        &rows,
        "",
    ))?;
    for one in all.iter().filter(|one| !one.details.is_empty()) {
        let tried = match (one.at.as_deref(), one.by.as_deref()) {
            (Some(at), Some(by)) => format!(", tried {} by {by}", moment(Some(at))),
            _ => String::new(),
        };
        output.note(&format!("\n{}{tried}", one.title))?;
        output.note(&sentences(&one.details))?;
    }
    Ok(())
}

/// Every rule that differs from the one in force.
pub(crate) fn changes(gate: &Gate, output: &mut Output) -> Result<(), Ending> {
    let Some(changes) = &gate.changes else {
        return output.note("\nWhich rules differ can't be told: what is in force can't be read.");
    };
    output.note(&format!(
        "\n{} from `{}` to `{}`",
        match changes.len() {
            0 => "No rule differs".to_owned(),
            1 => "1 rule differs".to_owned(),
            many => format!("{many} rules differ"),
        },
        gate.before,
        gate.after
    ))?;
    match changes.is_empty() {
        true => Ok(()),
        false => output.text(&differences(changes)),
    }
}

/// A table of the rules that differ.
pub(crate) fn differences(all: &[PolicyDifference]) -> String {
    // A type without an operator of its own has the default one.
    let side = |what: &str, value: &Option<String>| match (value, what) {
        (Some(value), _) => value.clone(),
        (None, "operator") => "as the default".to_owned(),
        (None, _) => "–".to_owned(),
    };
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|one| {
            vec![
                one.what.clone(),
                one.key.clone(),
                side(&one.what, &one.before),
                side(&one.what, &one.after),
            ]
        })
        .collect();
    table(
        &[
            Column::Text("rule"),
            Column::Text("of"),
            Column::Text("before"),
            Column::Text("after"),
        ],
        &rows,
        "no rule differs",
    )
}
