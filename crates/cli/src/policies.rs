//! The commands of `assay redaction` that keep policies: versions, and which is in force.
//!
//! Not here: what a policy does with a text (`redaction`).

use std::path::Path;

use assay_engine::commands::Nothing;
use assay_engine::error::{Code, WireError};
use assay_engine::redaction::policies;
use assay_engine::redaction::policies::carrying;
use assay_engine::redaction::policies::gate::view::AskGate;
use assay_engine::redaction::policies::view::{
    ComparePolicies, ComparedPolicies, ExportPolicy, ExportedPolicy, FollowDefault, ImportPolicy,
    PolicyLoss, PolicyRef, PolicyRow, PutInForce, SavePolicy,
};
use serde_json::json;

use crate::arguments::policies::PolicyCommand;
use crate::deployments::text_of;
use crate::ending::{Ending, Outcome};
use crate::gate;
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, counted, table};

/// Keeps policies.
pub(crate) fn run(
    given: PolicyCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    match given {
        PolicyCommand::Policies => {
            let (engine, _folder) = settings.reading_or_empty()?;
            rows(&policies::list(&engine, Nothing {})?, output)
        }
        PolicyCommand::Versions { name } => {
            let (engine, _folder) = settings.reading_or_empty()?;
            rows(&policies::versions(&engine, PolicyRef { name })?, output)
        }
        PolicyCommand::Show { policy } => {
            let (engine, _folder) = settings.reading_or_empty()?;
            let shown = policies::show(&engine, PolicyRef { name: policy })?;
            match output.is_json() {
                true => output.document(&shown),
                false => output.text(shown.toml.trim_end()),
            }
        }
        PolicyCommand::Save { file, note } => {
            let toml = text_of(&file)?;
            let saved = policies::save(&settings.writing()?, SavePolicy { toml, note })?;
            let done = format!("saved as `{}`", saved.reference);
            one(&saved, &format!("{done}{}", draft(&saved)), output)
        }
        PolicyCommand::ReturnTo { policy } => {
            let saved = policies::return_to(
                &settings.writing()?,
                PolicyRef {
                    name: policy.clone(),
                },
            )?;
            let done = format!("saved the text of `{policy}` as `{}`", saved.reference);
            one(&saved, &format!("{done}{}", draft(&saved)), output)
        }
        PolicyCommand::Force {
            name,
            deployment,
            reason,
        } => {
            let put = PutInForce {
                name,
                deployment,
                reason,
            };
            return gate::force(put, settings, output);
        }
        PolicyCommand::Gate {
            name,
            deployment,
            run,
        } => return gate::shown(AskGate { name, deployment }, run, settings, output),
        PolicyCommand::Compare { from, to } => {
            let (engine, _folder) = settings.reading_or_empty()?;
            let input = ComparePolicies {
                from,
                to: Some(to),
                to_toml: None,
            };
            compared(&carrying::compare(&engine, input)?, output)
        }
        PolicyCommand::Import {
            file,
            from,
            name,
            print,
        } => import(&file, from, name, print, settings, output),
        PolicyCommand::Export { policy, to, out } => {
            let (engine, _folder) = settings.reading_or_empty()?;
            let input = ExportPolicy {
                name: policy,
                form: to,
            };
            exported(&carrying::export(&engine, input)?, out.as_deref(), output)
        }
        PolicyCommand::FollowDefault { deployment, reason } => {
            let follow = FollowDefault { deployment, reason };
            return gate::ended(follow, settings, output);
        }
    }?;
    Ok(Outcome::Done)
}

fn import(
    file: &Path,
    form: Option<String>,
    name: String,
    print: bool,
    settings: &Settings,
    output: &mut Output,
) -> Result<(), Ending> {
    let input = ImportPolicy {
        handle: None,
        text: Some(text_of(file)?),
        form,
        name: Some(name),
    };
    if print {
        let (engine, _folder) = settings.reading_or_empty()?;
        let imported = carrying::import(&engine, input)?;
        return match output.is_json() {
            true => output.document(&imported),
            false => {
                output.text(imported.toml.trim_end())?;
                lost(&imported.losses, output)
            }
        };
    }
    let engine = settings.writing()?;
    let imported = carrying::import(&engine, input)?;
    let file_name = file.file_name().unwrap_or_default().to_string_lossy();
    let note = Some(format!("imported from {}: {file_name}", imported.form));
    let toml = imported.toml.clone();
    let saved = policies::save(&engine, SavePolicy { toml, note })?;
    if output.is_json() {
        return output.document(&json!({"saved": saved, "imported": imported}));
    }
    output.note(&format!("saved as `{}`{}", saved.reference, draft(&saved)))?;
    lost(&imported.losses, output)
}

fn exported(
    exported: &ExportedPolicy,
    out: Option<&Path>,
    output: &mut Output,
) -> Result<(), Ending> {
    if let Some(out) = out {
        std::fs::write(out, &exported.text).map_err(|error| {
            WireError::new(
                Code::FileUnwritable,
                format!("can't write `{}`: {error}", out.display()),
            )
        })?;
    }
    if output.is_json() {
        return output.document(exported);
    }
    match out {
        Some(out) => output.note(&format!("wrote {}", out.display()))?,
        None => output.text(exported.text.trim_end())?,
    }
    lost(&exported.losses, output)
}

/// What is not in the text; `--quiet` leaves it out, so that the text alone can be passed on.
fn lost(losses: &[PolicyLoss], output: &mut Output) -> Result<(), Ending> {
    if losses.is_empty() {
        return output.note("\neverything was carried over");
    }
    output.note(&format!(
        "\n{} not carried over as it stands:",
        counted(losses.len() as u64, "thing")
    ))?;
    for loss in losses {
        output.note(&format!("- {}: {}", loss.what, loss.becomes))?;
    }
    Ok(())
}

fn compared(compared: &ComparedPolicies, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(compared);
    }
    output.text(&gate::differences(&compared.differences))?;
    output.note(&format!(
        "\nbefore: {}, after: {}",
        compared.from, compared.to
    ))?;
    for line in &compared.lines {
        match line.change.as_str() {
            "gone" => output.text(&format!("- {}", line.text))?,
            "new" => output.text(&format!("+ {}", line.text))?,
            _ => {}
        }
    }
    Ok(())
}

fn draft(row: &PolicyRow) -> String {
    match row.in_force {
        true => "; it is in force already".to_owned(),
        false => format!("; a draft until `assay redaction force {}`", row.reference),
    }
}

fn one(row: &PolicyRow, done: &str, output: &mut Output) -> Result<(), Ending> {
    match output.is_json() {
        true => output.document(row),
        false => output.note(done),
    }
}

/// "in force since …", "draft", or when it last was.
fn state(row: &PolicyRow) -> String {
    let holds: Vec<String> = row
        .times
        .iter()
        .filter(|time| time.until.is_none())
        .map(|time| {
            let place = time
                .deployment
                .as_ref()
                .map_or_else(String::new, |name| format!(" for {name}"));
            let since = time
                .since
                .as_ref()
                .map_or_else(String::new, |since| format!(" since {since}"));
            let by = time
                .by
                .as_ref()
                .map_or_else(String::new, |by| format!(" by {by}"));
            format!("in force{place}{since}{by}")
        })
        .collect();
    match (holds.is_empty(), row.times.first(), row.builtin) {
        (false, _, _) => holds.join("; "),
        (true, Some(last), _) => format!(
            "was in force until {}",
            last.until.as_deref().unwrap_or_default()
        ),
        (true, None, true) => String::new(),
        (true, None, false) => "draft".to_owned(),
    }
}

fn rows(policies: &[PolicyRow], output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(&policies);
    }
    let rows: Vec<Vec<String>> = policies
        .iter()
        .map(|row| {
            let saved = match (&row.saved_at, &row.saved_by) {
                (Some(at), Some(by)) => format!("{at} by {by}"),
                (Some(at), None) => at.clone(),
                _ => "part of the program".to_owned(),
            };
            vec![
                row.reference.clone(),
                row.version.clone(),
                state(row),
                saved,
                row.note.clone().unwrap_or_default(),
            ]
        })
        .collect();
    output.text(&table(
        &[
            Column::Text("policy"),
            Column::Text("its own version"),
            Column::Text("state"),
            Column::Text("saved"),
            Column::Text("note"),
        ],
        &rows,
        "no policies",
    ))
}
