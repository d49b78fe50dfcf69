//! `assay approvals`: persons and their keys, what needs a second person, asking one, deciding.
//!
//! Not here: what counts as an approval (the engine).

use std::path::Path;

use assay_engine::approvals::matter::Kind;
use assay_engine::approvals::view::{
    AddPerson, ApprovalRef, ApprovalRow, ApprovalState, AskedGate, CreatePerson, DecideApproval,
    Deed, OpenedRequest, PersonRow, RequestApproval, RevokePerson, RuleRow, SetRule,
    WrittenApproval,
};
use assay_engine::approvals::{self, files, gate, persons};
use assay_engine::commands::Nothing;
use assay_engine::error::{Code, WireError};
use assay_engine::opening::Engine;
use serde::Serialize;
use serde_json::{Value, json};

use crate::approvals_gate;
use crate::arguments::approvals::{
    ApprovalsArguments, ApprovalsCommand, DecideArguments, PersonKeyCommand, PersonsCommand,
    RulesCommand,
};
use crate::arguments::policies::PolicyCommand;
use crate::arguments::retention::RetentionCommand;
use crate::arguments::trail::TrailCommand;
use crate::arguments::{
    CheckCommand, Command, EvidenceCommand, RedactionCommand, ReplayCommand, typed,
};
use crate::ending::{Ending, Outcome, bad_input};
use crate::evidence_keys::{Asked, passphrase};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, moment, pairs, sentences, table, thousands};

/// Digits of an id that people read.
const DIGITS: usize = 8;

/// Shows, asks or decides.
pub(crate) fn run(
    given: ApprovalsArguments,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    let settings = &settings.with_my_key(given.my_key);
    match given.command {
        ApprovalsCommand::Persons { command } => people(command, settings, output)?,
        ApprovalsCommand::Key(command) => key(command, settings, output)?,
        ApprovalsCommand::Rules { command: None } => {
            rules(&approvals::rules(&settings.reading()?, Nothing {})?, output)?;
        }
        ApprovalsCommand::Rules {
            command: Some(command),
        } => {
            let set = set_rule(command);
            rules(&approvals::set_rule(&settings.writing()?, set)?, output)?;
        }
        ApprovalsCommand::Request { days, command } => {
            let deed = deed(command)?;
            let asked = RequestApproval {
                deed,
                days: Some(days),
            };
            let engine = settings.writing()?;
            row(&engine, &approvals::request(&engine, asked)?, output)?;
        }
        ApprovalsCommand::List { state } => {
            let mut all = approvals::list(&settings.reading()?, Nothing {})?;
            all.retain(|row| {
                state
                    .as_deref()
                    .is_none_or(|state| word(row.state) == state)
            });
            list(&all, output)?;
        }
        ApprovalsCommand::Show { request } => match request.is_file() {
            true => opened(&files::open_at(&settings.reading()?, &request)?, output)?,
            false => {
                let engine = settings.reading()?;
                row(&engine, &approvals::show(&engine, id(&request))?, output)?;
            }
        },
        ApprovalsCommand::Approve(given) => decide(given, "approved", settings, output)?,
        ApprovalsCommand::Refuse(given) => decide(given, "refused", settings, output)?,
        ApprovalsCommand::Export { id, out } => {
            written(&files::export_to(&settings.reading()?, &id, &out)?, output)?;
        }
        ApprovalsCommand::Import { decision } => {
            let engine = settings.writing()?;
            row(&engine, &files::import_at(&engine, &decision)?, output)?;
        }
    }
    Ok(Outcome::Done)
}

fn id(text: &Path) -> ApprovalRef {
    ApprovalRef {
        id: text.to_string_lossy().into_owned(),
    }
}

fn decide(
    given: DecideArguments,
    verdict: &str,
    settings: &Settings,
    output: &mut Output,
) -> Result<(), Ending> {
    let engine = settings.writing()?;
    if !given.request.is_file() {
        let decided = approvals::decide(
            &engine,
            DecideApproval {
                id: id(&given.request).id,
                verdict: verdict.to_owned(),
                reason: given.reason,
            },
        )?;
        return row(&engine, &decided, output);
    }
    let Some(out) = given.out else {
        return Err(bad_input("a request's file is answered with a file")
            .hint("name it with `--out FILE`")
            .into());
    };
    written(
        &files::sign_at(&engine, &given.request, verdict, &given.reason, &out)?,
        output,
    )
}

fn set_rule(command: RulesCommand) -> SetRule {
    match command {
        RulesCommand::On { kind } => SetRule { kind, on: true },
        RulesCommand::Off { kind } => SetRule { kind, on: false },
    }
}

fn people(
    command: Option<PersonsCommand>,
    settings: &Settings,
    output: &mut Output,
) -> Result<(), Ending> {
    match command {
        None => {
            let all = persons::list(&settings.reading()?, Nothing {})?;
            if output.is_json() {
                return output.document(&all);
            }
            output.text(&people_table(&all.persons))?;
            output.text("")?;
            output.text(&sentences(&all.says))
        }
        Some(PersonsCommand::Add {
            name,
            vkey,
            fingerprint,
        }) => person(
            &persons::add(
                &settings.writing()?,
                AddPerson {
                    name,
                    vkey,
                    fingerprint,
                },
            )?,
            output,
        ),
        Some(PersonsCommand::Revoke { id, reason }) => {
            let all = persons::revoke(&settings.writing()?, RevokePerson { id, reason })?;
            if output.is_json() {
                return output.document(&all);
            }
            output.note(&people_table(&all.persons))
        }
    }
}

fn people_table(persons: &[PersonRow]) -> String {
    let columns = [
        Column::Number("no."),
        Column::Text("name"),
        Column::Text("fingerprint"),
        Column::Whole("registered"),
        Column::Whole("revoked"),
    ];
    let rows: Vec<Vec<String>> = persons
        .iter()
        .map(|person| {
            vec![
                person.id.clone(),
                match person.is_me {
                    true => format!("{} (you)", person.name),
                    false => person.name.clone(),
                },
                person.fingerprint.clone(),
                moment(Some(&person.added_at)),
                moment(person.revoked_at.as_deref()),
            ]
        })
        .collect();
    table(&columns, &rows, "nobody's key is registered")
}

fn person(person: &PersonRow, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(person);
    }
    output.note(&pairs(&[
        ("Name", person.name.clone()),
        ("Key", person.vkey.clone()),
        ("Fingerprint", person.fingerprint.clone()),
        ("Leaf", format!("#{}", thousands(person.added_leaf))),
    ]))
}

fn key(command: PersonKeyCommand, settings: &Settings, output: &mut Output) -> Result<(), Ending> {
    match command {
        PersonKeyCommand::Create { name } => person(
            &persons::create(&settings.writing()?, CreatePerson { name })?,
            output,
        ),
        PersonKeyCommand::Show => person(&own(settings)?, output),
        PersonKeyCommand::Recovery { out } => {
            let engine = settings.reading()?;
            let passphrase = passphrase(Asked::Twice)?;
            person(
                &persons::write_recovery(&engine, &out, &passphrase)?,
                output,
            )
        }
        PersonKeyCommand::Restore { file } => {
            let engine = settings.reading()?;
            let passphrase = passphrase(Asked::Once)?;
            person(
                &persons::read_recovery(&engine, &file, &passphrase)?,
                output,
            )
        }
    }
}

fn own(settings: &Settings) -> Result<PersonRow, Ending> {
    persons::list(&settings.reading()?, Nothing {})?
        .persons
        .into_iter()
        .find(|person| person.is_me)
        .ok_or_else(|| {
            WireError::new(Code::KeyMissing, "you have no key in this store")
                .hint("`assay approvals key create NAME` makes one")
                .into()
        })
}

fn rules(rules: &[RuleRow], output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(&rules);
    }
    let columns = [
        Column::Whole("kind"),
        Column::Whole("second person"),
        Column::Whole("since"),
        Column::Text("what"),
    ];
    let rows: Vec<Vec<String>> = rules
        .iter()
        .map(|rule| {
            vec![
                rule.kind.clone(),
                match rule.on {
                    true => "needed".to_owned(),
                    false => "not needed".to_owned(),
                },
                moment(rule.since.as_deref()),
                rule.about.clone(),
            ]
        })
        .collect();
    output.text(&table(&columns, &rows, "no rules"))
}

const fn word(state: ApprovalState) -> &'static str {
    match state {
        ApprovalState::Waiting => "waiting",
        ApprovalState::Approved => "approved",
        ApprovalState::Refused => "refused",
        ApprovalState::Used => "used",
        ApprovalState::Expired => "expired",
        ApprovalState::Void => "void",
    }
}

fn short(id: &str) -> String {
    id.chars().take(DIGITS).collect()
}

fn list(all: &[ApprovalRow], output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(&all);
    }
    let columns = [
        Column::Whole("id"),
        Column::Whole("state"),
        Column::Text("asked by"),
        Column::Whole("good until"),
        Column::Text("what"),
    ];
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|row| {
            vec![
                short(&row.id),
                word(row.state).to_owned(),
                row.asked_by.name.clone(),
                moment(Some(&row.until)),
                row.says.first().cloned().unwrap_or_default(),
            ]
        })
        .collect();
    output.text(&table(&columns, &rows, "nothing was asked"))
}

/// A request, and where it is about a policy what stands against that.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    row: &'a ApprovalRow,
    gate: Option<AskedGate>,
}

fn row(engine: &Engine, row: &ApprovalRow, output: &mut Output) -> Result<(), Ending> {
    let gate = match row.kind == Kind::Policies.name() {
        true => Some(gate::show(engine, ApprovalRef { id: row.id.clone() })?),
        false => None,
    };
    if output.is_json() {
        return output.document(&Whole { row, gate });
    }
    output.text(&sentences(&row.says))?;
    output.text("")?;
    let mut lines = vec![
        ("Request", row.id.clone()),
        (
            "State",
            match &row.problem {
                Some(problem) => format!("{}: {problem}", word(row.state)),
                None => word(row.state).to_owned(),
            },
        ),
        (
            "Asked by",
            format!("{}, key {}", row.asked_by.name, row.asked_by.fingerprint),
        ),
        (
            "Asked",
            format!(
                "{}, leaf #{}",
                moment(Some(&row.asked_at)),
                thousands(row.asked_leaf)
            ),
        ),
        ("Good until", moment(Some(&row.until))),
        ("SHA-256 of it", row.content_sha256.clone()),
    ];
    if let Some(decision) = &row.decision {
        let by = format!("{}, key {}", decision.by.name, decision.by.fingerprint);
        lines.push(match decision.verdict.as_str() {
            "approved" => ("Approved by", by),
            _ => ("Refused by", by),
        });
        lines.push(("Reason", decision.reason.clone()));
        lines.push((
            "Recorded",
            format!(
                "{}, leaf #{}",
                moment(Some(&decision.at)),
                thousands(decision.leaf)
            ),
        ));
    }
    if let (Some(at), Some(leaf)) = (&row.used_at, row.used_leaf) {
        lines.push((
            "Used",
            format!("{}, leaf #{}", moment(Some(at)), thousands(leaf)),
        ));
    }
    output.text(&pairs(&lines))?;
    if let Some(gate) = &gate {
        approvals_gate::told(gate, output)?;
    }
    if row.state == ApprovalState::Waiting && row.by_me {
        output.note(&format!(
            "\nhand it over with `assay approvals export {} --out FILE`, and bring the answer back with `assay approvals import FILE`",
            short(&row.id)
        ))?;
    }
    Ok(())
}

fn opened(request: &OpenedRequest, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(request);
    }
    output.text(&sentences(&request.says))?;
    output.text("")?;
    output.text(&pairs(&[
        ("Request", request.id.clone()),
        (
            "Workspace",
            format!("{} {}", request.workspace, request.organisation),
        ),
        (
            "Asked by",
            format!(
                "{}, key {}, {}",
                request.asked_by.name,
                request.asked_by.fingerprint,
                match request.is_known {
                    true => "which is registered here",
                    false =>
                        "which is not registered here: compare it with what that person reads out",
                }
            ),
        ),
        ("Asked", moment(Some(&request.asked_at))),
        ("Good until", moment(Some(&request.until))),
        ("SHA-256 of it", request.content_sha256.clone()),
    ]))?;
    if let Some(gate) = &request.gate {
        approvals_gate::told(gate, output)?;
    }
    if let Some(problem) = &request.problem {
        output.text(&format!("\nyou can't answer it: {problem}"))?;
    }
    Ok(())
}

/// What was written, without the handle: that is worth something to the window only.
#[derive(Serialize)]
struct Written<'a> {
    path: &'a str,
    sha256: &'a str,
}

fn written(written: &WrittenApproval, output: &mut Output) -> Result<(), Ending> {
    let shown = Written {
        path: &written.path,
        sha256: &written.sha256,
    };
    if output.is_json() {
        return output.document(&shown);
    }
    output.note(&pairs(&[
        ("File", written.path.clone()),
        ("SHA-256", written.sha256.clone()),
    ]))
}

/// The command that needs an approval, as the engine knows it.
fn deed(words: Vec<std::ffi::OsString>) -> Result<Deed, Ending> {
    let words = std::iter::once("assay".into()).chain(words);
    let read = typed::read(words)?;
    // `--store` has a value wherever the environment names one.
    if read.global.json
        || read.global.quiet
        || read.global.offline
        || read.global.key_file.is_some()
    {
        return Err(bad_input("options of every command stand before `request`")
            .hint("such as `assay --json approvals request check waive ID …`")
            .into());
    }
    let (command, input) = match read.command {
        Command::Check(CheckCommand::Waive {
            id,
            reason,
            owner,
            approver,
            until,
        }) => (
            "checks.waive",
            json!({"id": id, "reason": reason, "owner": owner, "approver": approver, "until": until}),
        ),
        Command::Redaction(RedactionCommand::Keep(PolicyCommand::Force {
            name,
            deployment,
            reason,
        })) => (
            "redaction.put_in_force",
            json!({ "name": name, "deployment": deployment, "reason": reason }),
        ),
        Command::Redaction(RedactionCommand::Keep(PolicyCommand::FollowDefault {
            deployment,
            reason,
        })) => (
            "redaction.follow_default",
            json!({ "deployment": deployment, "reason": reason }),
        ),
        Command::Replay(ReplayCommand::Run { plan, budget, .. }) => (
            "replay.start",
            json!({ "plan": plan, "budget_usd": budget }),
        ),
        Command::Evidence(EvidenceCommand::Pack { query, .. }) => {
            ("evidence.pack", json!({ "query": query.text() }))
        }
        Command::Trail(TrailCommand::Export(export)) if export.original => (
            "trail.export_originals",
            json!({
                "query": export.query.text(),
                "format": export.format.unwrap_or_else(|| "csv".to_owned()),
                "reason": export.reason.unwrap_or_default(),
            }),
        ),
        Command::Retention(RetentionCommand::Erase {
            request,
            basis,
            unsearchable_files,
            waiting,
            i_accept: Some(phrase),
            ..
        }) => match waiting {
            true => (
                "retention.carry_out",
                json!({ "request": request, "phrase": phrase }),
            ),
            false => (
                "retention.erase",
                json!({
                    "found": "", "request": request, "basis": basis, "phrase": phrase,
                    "unsearchable_files": unsearchable_files,
                }),
            ),
        },
        Command::Approvals(ApprovalsArguments { command, .. }) => own_deed(command)?,
        _ => return Err(no_deed()),
    };
    Ok(Deed {
        command: command.to_owned(),
        input: input.to_string(),
    })
}

fn own_deed(command: ApprovalsCommand) -> Result<(&'static str, Value), Ending> {
    match command {
        ApprovalsCommand::Rules {
            command: Some(command),
        } => {
            let set = set_rule(command);
            Ok((
                "approvals.set_rule",
                json!({ "kind": set.kind, "on": set.on }),
            ))
        }
        ApprovalsCommand::Persons {
            command:
                Some(PersonsCommand::Add {
                    name,
                    vkey,
                    fingerprint,
                }),
        } => Ok((
            "approvals.add_person",
            json!({ "name": name, "vkey": vkey, "fingerprint": fingerprint }),
        )),
        ApprovalsCommand::Persons {
            command: Some(PersonsCommand::Revoke { id, reason }),
        } => Ok((
            "approvals.revoke_person",
            json!({ "id": id, "reason": reason }),
        )),
        _ => Err(no_deed()),
    }
}

fn no_deed() -> Ending {
    bad_input("no second person is ever needed for this command")
        .hint("`check waive`, `redaction force` and `follow-default`, `replay run`, `evidence pack`, `trail export --original`, `retention erase`, `approvals rules off`, `approvals persons add` and `revoke`")
        .into()
}
