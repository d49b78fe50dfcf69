//! `assay redaction apply` and `restore`: lines of JSON through, and what was done on stderr.
//!
//! In: standard input. Out: lines on standard output as they are, since another program reads them;
//! one line in numbers on stderr. Not here: finding and treating (the engine).

use std::io::{BufReader, Write, stdin, stdout};

use assay_engine::redaction::filtering::{self, BadLine, FilterEnd, Filtering, OnBadLine};
use serde::Serialize;

use crate::arguments::ApplyArguments;
use crate::ending::{Ending, Outcome, bad_input, say};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{counted, thousands};
use crate::output::json;
use crate::output::visible::visible;
use crate::redaction::given::choice;

/// Bytes that are read at once.
const AT_ONCE: usize = 256 << 10;

impl From<FilterEnd> for Ending {
    fn from(end: FilterEnd) -> Self {
        match end {
            FilterEnd::Error(error) => error.into(),
            FilterEnd::Output(error) => error.into(),
        }
    }
}

fn on_bad_line(keep_going: bool) -> OnBadLine {
    match keep_going {
        true => OnBadLine::LeaveOut,
        false => OnBadLine::Stop,
    }
}

pub(crate) fn apply(
    given: &ApplyArguments,
    settings: &Settings,
    output: &Output,
) -> Result<Outcome, Ending> {
    let filtering = Filtering {
        policy: choice(&given.policy)?,
        fields: given.field.clone(),
        conversation: given.conversation.clone(),
        on_bad_line: on_bad_line(given.keep_going),
    };
    // The empty store, where there is none, lives as long as this.
    let (mut engine, mut folder) = settings.reading_or_empty()?;
    if filtering::writes(&engine, &filtering.policy)? {
        drop(engine);
        engine = settings.writing()?;
        folder = None;
    }
    let mut input = BufReader::with_capacity(AT_ONCE, stdin());
    let done = filtering::apply(&engine, &filtering, &mut input, &mut stdout().lock())?;
    drop(engine);
    drop(folder);
    bad_lines(&done.bad_lines, done.left_out, done.stopped);
    if output.is_json() {
        summary(&done)?;
    } else if output.tells() {
        let counts: Vec<String> = done
            .counts
            .iter()
            .map(|(entity_type, count)| format!("{} {entity_type}", thousands(*count)))
            .collect();
        let counts = match counts.is_empty() {
            true => "nothing found".to_owned(),
            false => counts.join(", "),
        };
        tell(&format!(
            "{}, {} changed: {counts}; policy `{}` version {}",
            counted(done.lines, "line"),
            thousands(done.redacted),
            done.policy,
            done.policy_version
        ));
        if let Some(key) = &done.key {
            tell(&format!(
                "{} new in the vault. {key}",
                counted(done.kept, "original")
            ));
        }
        if done.conversations_forgotten > 0 {
            tell(&format!(
                "{} forgotten for room: a value that comes again in one has a new number",
                counted(done.conversations_forgotten, "conversation")
            ));
        }
    }
    Ok(outcome(done.left_out))
}

pub(crate) fn restore(
    reason: &str,
    keep_going: bool,
    settings: &Settings,
    output: &Output,
) -> Result<Outcome, Ending> {
    let engine = settings.writing()?;
    let mut input = BufReader::with_capacity(AT_ONCE, stdin());
    let done = filtering::restore(
        &engine,
        reason,
        on_bad_line(keep_going),
        &mut input,
        &mut stdout().lock(),
    )?;
    bad_lines(&done.bad_lines, done.left_out, done.stopped);
    if output.is_json() {
        summary(&done)?;
    } else if output.tells() {
        tell(&format!(
            "{}: {} put back, {} without an original in the vault; noted in the trail",
            counted(done.lines, "line"),
            counted(done.restored, "token"),
            thousands(done.missing)
        ));
    }
    Ok(outcome(done.left_out))
}

/// Lines that were not written are something that was found, not a failure of the program.
fn outcome(left_out: u64) -> Outcome {
    match left_out {
        0 => Outcome::Done,
        _ => Outcome::Found,
    }
}

fn bad_lines(lines: &[BadLine], left_out: u64, stopped: bool) {
    for bad in lines {
        let error = bad_input(format!("line {}: {}", bad.line, bad.reason));
        say(&match stopped {
            true => error.hint(
                "it and what follows was not written: correct it, or pass `--keep-going` to leave such lines out",
            ),
            false => error,
        });
    }
    let more = left_out.saturating_sub(lines.len() as u64);
    if more > 0 {
        tell(&format!("and {} more", counted(more, "line")));
    }
}

fn summary(done: &impl Serialize) -> Result<(), Ending> {
    let mut line = Vec::new();
    json::write(&mut line, done)?;
    line.push(b'\n');
    // Who closed stderr asked for no summary.
    let _ = std::io::stderr().write_all(&line);
    Ok(())
}

fn tell(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", visible(text));
}
