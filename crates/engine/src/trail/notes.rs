//! Notes and tags on calls: who wrote what when.
//!
//! A note is never changed: what corrects it is a note of its own, and a withdrawn one stays with
//! the name of whoever withdrew it. Texts leave here masked. Not here: how they are kept and
//! committed to (`assay-store`), queries for them (`trail`).

pub mod view;

use assay_domain::moment::rfc3339;
use assay_store::calls::CallRecord;
use assay_store::notes::{NewNote, NoteRecord, TagOn, TagRecord};

use crate::checks::thousands;
use crate::error::{Code, Result, WireError};
use crate::masking::Masker;
use crate::opening::Engine;
use crate::trail::notes::view::{AddNote, CallNotes, NoteRef, NoteRow, TagCall, TagRow};
use crate::trail::view::RecordRef;

/// The longest note, in characters.
pub(crate) const TEXT: usize = 4_000;
/// The longest tag.
const TAG: usize = 40;

fn bad(message: impl Into<String>) -> WireError {
    WireError::new(Code::BadInput, message)
}

/// The notes and tags of a call, whichever of its records they were written on.
///
/// # Errors
/// `not_found`; the store's.
pub fn show(engine: &Engine, input: RecordRef) -> Result<CallNotes> {
    of(engine, &engine.store().call(&input.id)?)
}

fn of(engine: &Engine, call: &CallRecord) -> Result<CallNotes> {
    let store = engine.store();
    let masker = Masker::in_force(engine)?.of(&call.deployment);
    let history = store.tags_on(call.seq)?;
    let mut tags: Vec<String> = history
        .iter()
        .filter(|tag| tag.removed_ms.is_none())
        .filter_map(|tag| tag.tag.clone())
        .collect();
    tags.sort();
    tags.dedup();
    Ok(CallNotes {
        call: call.id.clone(),
        notes: store
            .notes_on(call.seq)?
            .into_iter()
            .map(|note| note_row(note, &masker))
            .collect(),
        tags,
        tag_history: history.into_iter().map(tag_row).collect(),
        masked_by: masker.name().to_owned(),
    })
}

fn number(id: i64) -> u32 {
    u32::try_from(id).unwrap_or(u32::MAX)
}

fn note_row(note: NoteRecord, masker: &Masker) -> NoteRow {
    NoteRow {
        id: number(note.id),
        is_erased: note.text.is_none(),
        text: note
            .text
            .filter(|_| note.withdrawn_ms.is_none())
            .map(|text| masker.plain(&text)),
        noted_by: note.noted_by,
        noted_at: rfc3339(note.noted_ms),
        replaces: note.replaces.map(number),
        replaced_by: note.replaced_by.map(number),
        withdrawn_by: note.withdrawn_by,
        withdrawn_at: note.withdrawn_ms.map(rfc3339),
        leaf: note.seq,
    }
}

fn tag_row(tag: TagRecord) -> TagRow {
    TagRow {
        tag: tag.tag,
        added_by: tag.added_by,
        added_at: rfc3339(tag.added_ms),
        removed_by: tag.removed_by,
        removed_at: tag.removed_ms.map(rfc3339),
        leaf: tag.seq,
    }
}

/// The text of a note as it is kept.
///
/// # Errors
/// `bad_input` where it is empty, too long, or holds characters that command a terminal.
pub(crate) fn note_text(text: &str) -> Result<&str> {
    let text = text.trim();
    let is_command = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    match text.chars().count() {
        0 => Err(bad("a note says something")),
        1..=TEXT if !text.chars().any(is_command) => Ok(text),
        1..=TEXT => Err(bad("a note holds text only, no control characters")),
        length => Err(bad(format!(
            "a note has at most {TEXT} characters; this one has {length}"
        ))),
    }
}

/// A call that something may be written on.
fn writable(engine: &Engine, id: &str) -> Result<CallRecord> {
    let call = engine.store().call(id)?;
    match call.erased {
        None => Ok(call),
        Some(by) => Err(WireError::new(
            Code::PolicyRefused,
            format!(
                "the record was erased by #{}; what is written on it now could not be erased with it",
                thousands(by)
            ),
        )),
    }
}

/// Writes a note on a call, or one that corrects another.
///
/// # Errors
/// `not_found`; `bad_input` for the text or the note that it corrects; `policy_refused` where the
/// record was erased; the store's.
pub fn add(engine: &Engine, input: AddNote) -> Result<CallNotes> {
    let text = note_text(&input.text)?;
    let call = writable(engine, &input.id)?;
    let store = engine.store();
    let replaces = input.replaces.map(i64::from);
    if let Some(id) = replaces {
        let notes = store.notes_on(call.seq)?;
        let old = notes.iter().find(|note| note.id == id).ok_or_else(|| {
            bad(format!("no such note on this call: {id}")).hint("`note list` shows them")
        })?;
        if old.withdrawn_ms.is_some() || old.replaced_by.is_some() || old.text.is_none() {
            return Err(bad(format!(
                "note {id} was withdrawn, corrected or erased before"
            ))
            .hint("correct the newest one, or write another"));
        }
    }
    let new = NewNote {
        call_seq: call.seq,
        call_id: &call.id,
        text,
        replaces,
    };
    store
        .writer()?
        .add_note(&new, engine.user(), engine.now_ms())?;
    of(engine, &call)
}

/// Withdraws a note. That it was there, by whom, and who withdrew it stays.
///
/// # Errors
/// `not_found` where there is none, or it was withdrawn before; the store's.
pub fn withdraw(engine: &Engine, input: NoteRef) -> Result<CallNotes> {
    let store = engine.store();
    let note = store.note(i64::from(input.note))?;
    if note.withdrawn_ms.is_some() {
        return Err(bad(format!("note {} was withdrawn before", input.note)));
    }
    let call = store.call(&store.id_of_call(note.call_seq)?)?;
    store
        .writer()?
        .withdraw_note(&note, &call.id, engine.user(), engine.now_ms())?;
    of(engine, &call)
}

fn tag(text: &str) -> Result<&str> {
    let text = text.trim();
    let is_word = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if text.len() <= TAG && is_word {
        return Ok(text);
    }
    Err(bad(format!(
        "a tag has 1 to {TAG} lower-case letters, digits and hyphens, and begins with a letter"
    ))
    .hint("for example `needs-review`"))
}

/// Puts a tag on a call; where it is there already nothing changes.
///
/// # Errors
/// `not_found`; `bad_input` for the tag; `policy_refused` where the record was erased; the store's.
pub fn add_tag(engine: &Engine, input: TagCall) -> Result<CallNotes> {
    let tag = tag(&input.tag)?;
    let call = writable(engine, &input.id)?;
    let on = TagOn {
        call_seq: call.seq,
        call_id: &call.id,
        tag,
    };
    engine
        .store()
        .writer()?
        .add_tag(&on, engine.user(), engine.now_ms())?;
    of(engine, &call)
}

/// Takes a tag away from a call; that it was there stays known.
///
/// # Errors
/// `not_found` where there is no such call, or the tag is not on it; `bad_input` for the tag; the
/// store's.
pub fn remove_tag(engine: &Engine, input: TagCall) -> Result<CallNotes> {
    let tag = tag(&input.tag)?;
    let call = engine.store().call(&input.id)?;
    let on = TagOn {
        call_seq: call.seq,
        call_id: &call.id,
        tag,
    };
    engine
        .store()
        .writer()?
        .remove_tag(&on, engine.user(), engine.now_ms())?;
    of(engine, &call)
}
