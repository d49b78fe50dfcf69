//! `assay trail text`: the search index, and the lines of what a search found.
//!
//! Not here: what it keeps and costs (the engine).

use assay_engine::commands::Nothing;
use assay_engine::error::{Code, WireError};
use assay_engine::opening::Engine;
use assay_engine::trail::text_index::view::{
    AskTextStatus, BuildText, CostOf, Excerpt, TextCost, TextStatus,
};
use assay_engine::trail::text_index::{build_now, catch_up, cost, status, switch_off};
use serde_json::json;

use crate::arguments::text::TextCommand;
use crate::ending::Ending;
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{counted, thousands};
use crate::output::visible::visible;
use crate::stopping;

/// What is said before and after it is switched on.
const IN_CLEAR: &str = "the records are sealed, these words are not: whoever can read the store's file can read which words stand in which call";

/// Asks for the index, or changes it.
pub(super) fn run(
    command: TextCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<(), Ending> {
    match command {
        TextCommand::Status => {
            let engine = settings.reading()?;
            let status = status(&engine, AskTextStatus::default())?;
            let cost = match status.detail {
                None => Some(cost(&engine, Nothing {})?),
                Some(_) => None,
            };
            say(&status, cost.as_ref(), output)
        }
        TextCommand::On { phrases } => {
            let engine = settings.writing()?;
            let detail = if phrases { "phrases" } else { "words" };
            if !output.is_json() {
                output.note(&format!("{IN_CLEAR}; `assay trail text off` removes them"))?;
            }
            let asked = BuildText {
                detail: Some(detail.to_owned()),
            };
            let watched = stopping::watched(output);
            let built = build_now(&engine, &asked, &watched.progress).map_err(goes_on);
            drop(watched);
            say(&built?, None, output)
        }
        TextCommand::Off => {
            let engine = settings.writing()?;
            let status = switch_off(&engine, Nothing {})?;
            if output.is_json() {
                return output.document(&json!({"status": status}));
            }
            output.text("the search index is off; what it kept was overwritten")
        }
    }
}

fn goes_on(error: WireError) -> WireError {
    match error.code {
        Code::Cancelled => error
            .hint("what was entered stays, and searches are exact; `assay trail text on` goes on"),
        _ => error,
    }
}

/// After an import: enters what came, where the index is on.
pub(crate) fn after_import(engine: &Engine, output: &Output) -> Result<(), WireError> {
    if status(engine, AskTextStatus::default())?.detail.is_none() {
        return Ok(());
    }
    let watched = stopping::watched(output);
    let caught_up = catch_up(engine, &watched.progress);
    drop(watched);
    caught_up.map(drop).map_err(goes_on)
}

fn say(status: &TextStatus, cost: Option<&TextCost>, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(&json!({"status": status, "cost": cost}));
    }
    let mut lines = Vec::new();
    match &status.detail {
        None => lines.push(format!(
            "the search index is off: a search for words reads every record, {}, about {:.1} s",
            counted(status.of, "call"),
            status.read_s
        )),
        Some(detail) => {
            lines.push(format!(
                "the search index is on and keeps {}: {} of {} are in it{}",
                if detail == "phrases" {
                    "words with their places"
                } else {
                    "words"
                },
                thousands(status.records),
                counted(status.of, "call"),
                match status.up_to {
                    Some(up_to) if status.unread > 0 =>
                        format!(", up to #{}; the rest is read", thousands(up_to)),
                    _ => String::new(),
                }
            ));
            if let (Some(bytes), Some(each)) = (status.bytes, status.bytes_per_record) {
                lines.push(format!(
                    "it takes {} bytes in the store, {each:.0} for each call",
                    thousands(bytes)
                ));
            }
            lines.push(IN_CLEAR.to_owned());
        }
    }
    if status.damaged {
        lines.push(
            "it does not hold and is not used; `assay trail text on` makes it anew".to_owned(),
        );
    }
    if let Some(cost) = cost {
        let told = |of: &CostOf| {
            format!(
                "about {:.0} bytes for each call, {} in all",
                of.bytes_per_record,
                thousands(of.bytes)
            )
        };
        lines.push(format!("words alone would take {}", told(&cost.words)));
        lines.push(format!("with their places {}", told(&cost.phrases)));
        lines.push(format!(
            "told from {} of {}",
            thousands(cost.sampled),
            counted(cost.records, "call")
        ));
    }
    output.text(&lines.join("\n"))
}

/// An excerpt in one line, what was searched for in brackets.
pub(super) fn line(excerpt: &Excerpt) -> String {
    if excerpt.hidden {
        return "(found in masked text, which is not shown)".to_owned();
    }
    excerpt
        .pieces
        .iter()
        .map(|piece| match piece.mark {
            true => format!("[{}]", visible(&piece.text)),
            false => visible(&piece.text).into_owned(),
        })
        .collect()
}
