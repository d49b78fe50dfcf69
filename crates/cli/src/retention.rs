//! `assay retention`: how long text is kept, legal holds, erasing what is stored of one person.
//!
//! Identifiers are read from a file, from standard input or from the terminal without showing them;
//! never from an argument. Not here: searching and erasing (the engine).

use std::io::{BufRead, IsTerminal, Read};

use assay_engine::commands::Nothing;
use assay_engine::error::WireError;
use assay_engine::retention::view::{
    Amount, Blocking, CarryOut, Dispose, EraseSubject, Erased, ErasureRow, FindSubject,
    FoundSubject, HoldRow, ReleaseHold, Requests, RetentionStatus, SetHold, SetRetention,
};
use assay_engine::retention::{self, erasing, holds, subjects};

use crate::arguments::retention::{HoldCommand, RetentionCommand, SubjectArguments};
use crate::ending::{Ending, Outcome, bad_input};
use crate::evidence_keys::unseen;
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, counted, moment, pairs, sentences, table, thousands};
use crate::stopping;

/// Bytes of identifiers that are read.
const MOST: u64 = 64 << 10;

/// Shows and does what was asked.
pub(crate) fn run(
    given: RetentionCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    match given {
        RetentionCommand::Status
        | RetentionCommand::Due
        | RetentionCommand::Rule { days: None } => {
            status(
                &retention::status(&settings.reading()?, Nothing {})?,
                output,
            )?;
        }
        RetentionCommand::Rule { days: Some(days) } => {
            let set = retention::set_rule(&settings.writing()?, SetRetention { days })?;
            status(&set, output)?;
        }
        RetentionCommand::Dispose { i_accept: None } => {
            let shown = retention::status(&settings.reading()?, Nothing {})?;
            status(&shown, output)?;
            said(output, "\nnothing was disposed of")?;
        }
        RetentionCommand::Dispose {
            i_accept: Some(phrase),
        } => {
            let engine = settings.writing()?;
            let watched = stopping::watched(output);
            let done = retention::dispose_now(&engine, &Dispose { phrase }, &watched.progress);
            drop(watched);
            return erased(&done?, output);
        }
        RetentionCommand::Hold(given) => hold(given, settings, output)?,
        RetentionCommand::Holds => {
            let rows = holds::list(&settings.reading()?, Nothing {})?;
            if output.is_json() {
                output.document(&rows)?;
            } else {
                output.text(&hold_rows(&rows))?;
            }
        }
        RetentionCommand::Find { subject } => {
            let input = input(&subject)?;
            let engine = settings.reading()?;
            let watched = stopping::watched(output);
            let found = subjects::find_now(&engine, &input, &watched.progress);
            drop(watched);
            self::found(&found?, output)?;
        }
        RetentionCommand::Erase {
            request,
            waiting: true,
            i_accept,
            ..
        } => return carry_out(request, i_accept, settings, output),
        RetentionCommand::Erase {
            subject,
            request,
            basis,
            unsearchable_files,
            i_accept,
            ..
        } => {
            let input = input(&subject)?;
            let Some(phrase) = i_accept else {
                let engine = settings.reading()?;
                let watched = stopping::watched(output);
                let found = subjects::find_now(&engine, &input, &watched.progress);
                drop(watched);
                found_only(&found?, output)?;
                return Ok(Outcome::Done);
            };
            let engine = settings.writing()?;
            let watched = stopping::watched(output);
            let done = subjects::find_now(&engine, &input, &watched.progress).and_then(|found| {
                let wanted = EraseSubject {
                    found: found.found,
                    request,
                    basis: basis.unwrap_or_default(),
                    phrase,
                    unsearchable_files,
                };
                erasing::erase_now(&engine, &wanted, &watched.progress)
            });
            drop(watched);
            return erased(&done?, output);
        }
        RetentionCommand::Requests => {
            let all = erasing::requests(&settings.reading()?, Nothing {})?;
            if output.is_json() {
                output.document(&all)?;
            } else {
                requests(&all, output)?;
            }
        }
    }
    Ok(Outcome::Done)
}

fn found_only(found: &FoundSubject, output: &mut Output) -> Result<(), Ending> {
    self::found(found, output)?;
    let how = format!(
        "\nnothing was erased; to erase it: the same command with `--i-accept \"{}\"`",
        found.phrase
    );
    said(output, &how)
}

/// Says something to people; a program gets one document and nothing else.
fn said(output: &mut Output, text: &str) -> Result<(), Ending> {
    match output.is_json() {
        true => Ok(()),
        false => output.note(text),
    }
}

fn carry_out(
    request: String,
    phrase: Option<String>,
    settings: &Settings,
    output: &mut Output,
) -> Result<Outcome, Ending> {
    let Some(phrase) = phrase else {
        let mut all = erasing::requests(&settings.reading()?, Nothing {})?;
        all.requests.retain(|row| row.request == request);
        all.erasures.retain(|row| row.request == request);
        if all.requests.is_empty() {
            return Err(bad_input(format!("no request: {request}"))
                .hint("`assay retention requests` lists them")
                .into());
        }
        if output.is_json() {
            output.document(&all)?;
        } else {
            requests(&all, output)?;
        }
        said(output, "\nnothing was erased")?;
        return Ok(Outcome::Done);
    };
    let engine = settings.writing()?;
    let watched = stopping::watched(output);
    let done = erasing::carry_out_now(&engine, &CarryOut { request, phrase }, &watched.progress);
    drop(watched);
    erased(&done?, output)
}

/// Reads the identifiers: one a line.
fn input(given: &SubjectArguments) -> Result<FindSubject, WireError> {
    let unreadable =
        |error: std::io::Error| bad_input(format!("can't read the identifiers: {error}"));
    let stdin = std::io::stdin();
    let text = match given.from.as_deref() {
        Some(path) if path.as_os_str() != "-" => {
            let file = std::fs::File::open(path)
                .map_err(|error| bad_input(format!("can't read `{}`: {error}", path.display())))?;
            limited(file).map_err(unreadable)?
        }
        None if stdin.is_terminal() => {
            let mut lines = Vec::new();
            loop {
                let line = unseen("Identifier (nothing to end): ")?;
                if line.trim().is_empty() {
                    break lines.join("\n");
                }
                lines.push(line);
            }
        }
        _ => limited(stdin.lock()).map_err(unreadable)?,
    };
    Ok(FindSubject {
        identifiers: text.lines().map(str::to_owned).collect(),
        conversations: given.conversations,
    })
}

fn limited(source: impl Read) -> std::io::Result<String> {
    let mut text = String::new();
    source.take(MOST).read_to_string(&mut text)?;
    Ok(text)
}

fn status(status: &RetentionStatus, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(status);
    }
    let due = &status.due;
    let of = |count: u64| {
        format!(
            "{} of {}",
            thousands(count),
            counted(status.records, "record")
        )
    };
    let days = match (&due.from_day, &due.to_day) {
        (Some(first), Some(last)) => format!(", {first} to {last}"),
        _ => String::new(),
    };
    output.text(&pairs(&[
        (
            "Rule",
            status.rule.as_ref().map_or_else(
                || "none: all text is kept".to_owned(),
                |rule| {
                    format!(
                        "{}, set by {} on {}",
                        counted(u64::from(rule.days), "day"),
                        rule.set_by,
                        moment(Some(&rule.set_at))
                    )
                },
            ),
        ),
        (
            "Due",
            match status.rule {
                Some(_) => format!("{}{days}", of(due.records)),
                None => "not known: there is no rule".to_owned(),
            },
        ),
        ("Due and held", of(due.held)),
        ("Day keys that go", thousands(due.keys)),
        ("Packs that go", thousands(due.packs)),
        ("Erased", of(status.erased)),
        (
            "Held",
            format!(
                "{} by {}",
                counted(status.held, "record"),
                counted(status.holds_in_force, "hold")
            ),
        ),
        ("Requests that wait", thousands(status.requests_waiting)),
        ("Erasures not ended", thousands(status.erasures_open)),
    ]))?;
    output.text("")?;
    output.text(&sentences(&status.says))?;
    output.text("\nNOT REACHED BY AN ERASURE")?;
    output.text(&sentences(&status.not_reached))?;
    if let (Some(phrase), 1..) = (&status.phrase, due.records) {
        output.note(&format!(
            "\nto dispose of it: `assay retention dispose --i-accept \"{phrase}\"`"
        ))?;
    }
    Ok(())
}

fn hold(given: HoldCommand, settings: &Settings, output: &mut Output) -> Result<(), Ending> {
    let row = match given {
        HoldCommand::Set {
            name,
            query,
            activities,
            reason,
            review,
        } => {
            let records = if activities { "activities" } else { "calls" };
            holds::set(
                &settings.writing()?,
                SetHold {
                    name,
                    records: records.to_owned(),
                    query: query.text(),
                    reason,
                    review,
                },
            )?
        }
        HoldCommand::Release {
            name,
            reason,
            scope,
        } => {
            let scope = match scope.as_str() {
                "-" => {
                    let mut line = String::new();
                    std::io::stdin()
                        .lock()
                        .read_line(&mut line)
                        .map_err(|error| bad_input(format!("can't read the query: {error}")))?;
                    line
                }
                _ => scope.replace(crate::arguments::typed::EXCLUDED, ""),
            };
            holds::release(
                &settings.writing()?,
                ReleaseHold {
                    name,
                    reason,
                    scope,
                },
            )?
        }
    };
    if output.is_json() {
        return output.document(&row);
    }
    output.text(&hold_rows(std::slice::from_ref(&row)))
}

fn hold_rows(holds: &[HoldRow]) -> String {
    let columns = [
        Column::Whole("hold"),
        Column::Number("records"),
        Column::Text("what"),
        Column::Text("reason"),
        Column::Whole("set"),
        Column::Text("review"),
        Column::Text("released"),
    ];
    let rows: Vec<Vec<String>> = holds
        .iter()
        .map(|hold| {
            vec![
                hold.name.clone(),
                thousands(hold.held),
                format!("{} {}", hold.records, hold.query),
                hold.reason.clone(),
                moment(Some(&hold.set_at)).chars().take(10).collect(),
                match &hold.review_at {
                    Some(at) if hold.review_due => format!("{}, due", &at[..10]),
                    Some(at) => at[..10].to_owned(),
                    None => "–".to_owned(),
                },
                match &hold.released_at {
                    Some(at) => format!(
                        "{} by {}: {}",
                        &at[..10],
                        hold.released_by.as_deref().unwrap_or("–"),
                        hold.release_reason.as_deref().unwrap_or("–")
                    ),
                    None => "in force".to_owned(),
                },
            ]
        })
        .collect();
    table(&columns, &rows, "no holds")
}

fn list(rows: &[Amount]) -> String {
    rows.iter()
        .map(|row| format!("{} {}", thousands(row.count), row.what))
        .collect::<Vec<_>>()
        .join(", ")
}

fn blocked(holds: &[Blocking]) -> String {
    holds
        .iter()
        .map(|hold| {
            format!(
                "{} blocked by hold {}",
                counted(hold.records, "record"),
                hold.hold
            )
        })
        .collect::<Vec<_>>()
        .join(", ")
}

fn found(found: &FoundSubject, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        let mut document = serde_json::to_value(found).unwrap_or_default();
        if let Some(fields) = document.as_object_mut() {
            // It names the result in the process that is about to end.
            fields.remove("found");
        }
        return output.document(&document);
    }
    let identifiers: Vec<String> = found
        .identifiers
        .iter()
        .map(|row| format!("{}: {}", row.masked, counted(row.records, "record")))
        .collect();
    let files = |why: &str| {
        found
            .files
            .iter()
            .filter(|file| file.why == why)
            .map(|file| file.name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    output.text(&pairs(&[
        ("Searched for", identifiers.join("; ")),
        (
            "Found",
            format!(
                "{} of {} searched: {}, {} activities, {} of what this program did",
                counted(found.records, "record"),
                thousands(found.searched),
                counted(found.calls, "call"),
                thousands(found.activities),
                thousands(found.others)
            ),
        ),
        ("By", list(&found.places)),
        (
            "With them",
            format!(
                "{} of the same calls, {} of the same conversations ({} more stay)",
                thousands(found.joined),
                thousands(found.in_conversations),
                thousands(found.conversations_beside)
            ),
        ),
        ("Also go", list(&found.also)),
        ("Files that go", files("holds")),
        ("Files that can't be searched", files("unsearchable")),
        ("Held", blocked(&found.holds)),
        ("Stays, to be looked at", list(&found.to_decide)),
    ]))?;
    output.text("\nNOT SEARCHED")?;
    output.text(&sentences(&found.not_searched))?;
    output.text("\nNOT REACHED BY AN ERASURE")?;
    output.text(&sentences(&found.not_reached))
}

fn erased(done: &Erased, output: &mut Output) -> Result<Outcome, Ending> {
    // What a hold keeps, and what a person has to look at, is no failure.
    let is_left = done.left.as_ref().is_some_and(|left| {
        left.iter().any(|row| {
            row.count > 0
                && !row.what.starts_with("records that a hold")
                && !row.what.starts_with("rows")
        }) && done.held == 0
    });
    if output.is_json() {
        output.document(done)?;
    } else {
        if let Some(erasure) = &done.erasure {
            output.text(&pairs(&[
                ("Erasure", format!("#{}", thousands(erasure.leaf))),
                ("Done", ended(erasure)),
                ("Records", thousands(erasure.records)),
                ("Destroyed", destroyed(erasure)),
            ]))?;
        }
        output.text(&sentences(&done.says))?;
        if let Some(left) = &done.left {
            output.text("\nTHE SAME SEARCH NOW")?;
            output.text(&sentences(
                &left
                    .iter()
                    .map(|row| format!("{} {}", thousands(row.count), row.what))
                    .collect::<Vec<_>>(),
            ))?;
        }
    }
    Ok(if is_left {
        Outcome::Found
    } else {
        Outcome::Done
    })
}

fn ended(erasure: &ErasureRow) -> String {
    match (erasure.done_leaf, &erasure.done_at) {
        (Some(leaf), Some(at)) => format!("#{} on {}", thousands(leaf), moment(Some(at))),
        _ => "not ended".to_owned(),
    }
}

fn destroyed(erasure: &ErasureRow) -> String {
    erasure
        .destroyed
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(what, count)| format!("{} {}", thousands(*count), what.replace('_', " ")))
        .collect::<Vec<_>>()
        .join(", ")
}

fn requests(all: &Requests, output: &mut Output) -> Result<(), Ending> {
    let columns = [
        Column::Whole("request"),
        Column::Whole("ground"),
        Column::Whole("made"),
        Column::Number("found"),
        Column::Number("erased"),
        Column::Number("waiting"),
        Column::Text("state"),
    ];
    let rows: Vec<Vec<String>> = all
        .requests
        .iter()
        .map(|row| {
            vec![
                row.request.clone(),
                row.basis.clone(),
                row.made_at.chars().take(10).collect(),
                thousands(row.records),
                thousands(row.erased),
                thousands(row.waiting),
                match row.holds.is_empty() {
                    true => row.state.clone(),
                    false => format!("{}: {}", row.state, blocked(&row.holds)),
                },
            ]
        })
        .collect();
    output.text(&table(&columns, &rows, "no requests"))?;
    for row in &all.requests {
        if let Some(phrase) = &row.phrase {
            output.note(&format!(
                "\nto erase what waits: `assay retention erase --waiting --request {} --i-accept \"{phrase}\"`",
                row.request
            ))?;
        }
    }
    let columns = [
        Column::Number("leaf"),
        Column::Whole("kind"),
        Column::Text("request"),
        Column::Whole("ground"),
        Column::Number("records"),
        Column::Text("done"),
    ];
    let rows: Vec<Vec<String>> = all
        .erasures
        .iter()
        .map(|row| {
            vec![
                format!("#{}", thousands(row.leaf)),
                row.kind.clone(),
                row.request.clone(),
                row.basis.clone(),
                thousands(row.records),
                ended(row),
            ]
        })
        .collect();
    output.text(&format!(
        "\n{}",
        table(&columns, &rows, "nothing was erased")
    ))?;
    output.note("\nGROUNDS")?;
    for basis in &all.bases {
        output.note(&format!("{}  {}", basis.name, basis.title))?;
    }
    Ok(())
}
