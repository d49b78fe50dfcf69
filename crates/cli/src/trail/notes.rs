//! `assay trail note` and `assay trail tag`: what people write on calls.
//!
//! Not here: masking, what is kept (the engine).

use std::io::Read;

use assay_engine::trail::notes;
use assay_engine::trail::notes::view::{AddNote, CallNotes, NoteRef, NoteRow, TagCall, TagRow};
use assay_engine::trail::view::RecordRef;

use super::whole_id;
use crate::arguments::trail::{NoteCommand, TagCommand};
use crate::arguments::typed::EXCLUDED;
use crate::ending::{Ending, bad_input};
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, moment, or_dash, table};

/// The most that is read of a note, in bytes; a character has at most four.
const MOST: u64 = 16_001;

/// Carries out `assay trail note`.
pub(super) fn note(
    given: NoteCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<(), Ending> {
    match given {
        NoteCommand::List { id } => {
            let engine = settings.reading()?;
            let id = whole_id(&engine, &id)?;
            shown(&notes::show(&engine, RecordRef { id })?, output)
        }
        NoteCommand::Add { id, text, corrects } => {
            let text = typed(&text)?;
            let engine = settings.writing()?;
            let id = whole_id(&engine, &id)?;
            let input = AddNote {
                id,
                text,
                replaces: corrects,
            };
            let after = notes::add(&engine, input)?;
            if output.is_json() {
                return output.document(&after);
            }
            match after.notes.last() {
                Some(note) => output.note(&format!(
                    "wrote note {}; recorded as leaf {}",
                    note.id, note.leaf
                )),
                None => Ok(()),
            }
        }
        NoteCommand::Withdraw { note } => shown(
            &notes::withdraw(&settings.writing()?, NoteRef { note })?,
            output,
        ),
    }
}

/// Text as it was given, or what standard input holds.
pub(super) fn typed(text: &str) -> Result<String, Ending> {
    if text != "-" {
        return Ok(text.replace(EXCLUDED, ""));
    }
    let mut read = String::new();
    std::io::stdin()
        .lock()
        .take(MOST)
        .read_to_string(&mut read)
        .map_err(|error| bad_input(format!("can't read the note: {error}")))?;
    Ok(read)
}

/// Carries out `assay trail tag`.
pub(super) fn tag(
    given: TagCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<(), Ending> {
    let notes = match given {
        TagCommand::List { id } => {
            let engine = settings.reading()?;
            let id = whole_id(&engine, &id)?;
            notes::show(&engine, RecordRef { id })?
        }
        TagCommand::Add { id, tag } => {
            let engine = settings.writing()?;
            let id = whole_id(&engine, &id)?;
            notes::add_tag(&engine, TagCall { id, tag })?
        }
        TagCommand::Remove { id, tag } => {
            let engine = settings.writing()?;
            let id = whole_id(&engine, &id)?;
            notes::remove_tag(&engine, TagCall { id, tag })?
        }
    };
    if output.is_json() {
        return output.document(&notes);
    }
    let rows: Vec<Vec<String>> = notes.tag_history.iter().map(tag_row).collect();
    output.text(&table(
        &[
            Column::Whole("tag"),
            Column::Text("added by"),
            Column::Whole("at"),
            Column::Text("removed by"),
            Column::Whole("at"),
        ],
        &rows,
        "no tag is or was on this call",
    ))
}

fn tag_row(tag: &TagRow) -> Vec<String> {
    vec![
        tag.tag.clone().unwrap_or_else(|| "(erased)".to_owned()),
        tag.added_by.clone(),
        moment(Some(&tag.added_at)),
        or_dash(tag.removed_by.as_deref()),
        moment(tag.removed_at.as_deref()),
    ]
}

fn shown(notes: &CallNotes, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(notes);
    }
    let rows: Vec<Vec<String>> = notes.notes.iter().map(note_row).collect();
    output.text(&table(
        &[
            Column::Number("note"),
            Column::Whole("at"),
            Column::Text("by"),
            Column::Text("text"),
        ],
        &rows,
        "no note on this call",
    ))?;
    output.note(&format!("\nmasked by policy `{}`", notes.masked_by))
}

fn note_row(note: &NoteRow) -> Vec<String> {
    let mut text = match (&note.text, note.is_erased) {
        (_, true) => "(erased with the record)".to_owned(),
        (Some(text), _) => text.replace('\n', " "),
        (None, _) => format!(
            "(withdrawn by {} at {})",
            or_dash(note.withdrawn_by.as_deref()),
            moment(note.withdrawn_at.as_deref())
        ),
    };
    if let Some(old) = note.replaces {
        text = format!("{text} [corrects {old}]");
    }
    if let Some(new) = note.replaced_by {
        text = format!("{text} [corrected by {new}]");
    }
    vec![
        note.id.to_string(),
        moment(Some(&note.noted_at)),
        note.noted_by.clone(),
        text,
    ]
}
