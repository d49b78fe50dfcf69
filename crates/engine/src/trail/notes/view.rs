//! Saved views, notes and tags as they cross to the window and the terminal.
//!
//! Texts of notes are masked. Not here: how they are kept (`notes`, `views`).

use serde::{Deserialize, Serialize};

/// A saved query.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ViewRow {
    pub name: String,
    /// `calls` or `activities`.
    pub records: String,
    pub query: String,
    /// Names in order; empty for the usual ones.
    pub columns: Vec<String>,
    pub saved_by: String,
    /// RFC 3339, UTC.
    pub saved_at: String,
    /// The leaf that records how it is now.
    pub leaf: u64,
}

/// A view to save under a name that no other has.
#[derive(Clone, Deserialize, ts_rs::TS)]
pub struct SaveView {
    /// 1–64 characters.
    pub name: String,
    /// `calls` or `activities`.
    pub records: String,
    pub query: String,
    /// Names of columns in order, `model`, or with a width in pixels, `model:190`; none for the usual
    /// ones.
    #[ts(optional)]
    pub columns: Option<Vec<String>>,
}

// A query can name a person.
impl std::fmt::Debug for SaveView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SaveView({} bytes)", self.query.len())
    }
}

/// Another name for a view.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct RenameView {
    pub name: String,
    pub to: String,
}

/// Names a view.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct ViewRef {
    pub name: String,
}

/// What stands beside a call.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct CallNotes {
    /// The id that the call is listed under.
    pub call: String,
    /// Oldest first; withdrawn and corrected ones stay.
    pub notes: Vec<NoteRow>,
    /// Tags that stand on it now, by name.
    pub tags: Vec<String>,
    /// Who put tags on it and took them away, oldest first.
    pub tag_history: Vec<TagRow>,
    /// The policy by which texts are masked.
    pub masked_by: String,
}

/// A note.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct NoteRow {
    pub id: u32,
    /// Masked; `None` where it was withdrawn, or erased with the record.
    pub text: Option<String>,
    pub noted_by: String,
    /// RFC 3339, UTC.
    pub noted_at: String,
    /// The note that it corrects.
    pub replaces: Option<u32>,
    /// The note that corrects it.
    pub replaced_by: Option<u32>,
    pub withdrawn_by: Option<String>,
    pub withdrawn_at: Option<String>,
    /// Its text was erased with the record.
    pub is_erased: bool,
    /// The leaf that records it.
    pub leaf: u64,
}

/// When a tag was put on a call, and taken away.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct TagRow {
    /// `None` where it was erased with the record.
    pub tag: Option<String>,
    pub added_by: String,
    /// RFC 3339, UTC.
    pub added_at: String,
    pub removed_by: Option<String>,
    pub removed_at: Option<String>,
    /// The leaf that records that it was put there.
    pub leaf: u64,
}

/// A note to write.
#[derive(Clone, Deserialize, ts_rs::TS)]
pub struct AddNote {
    /// The call's id.
    pub id: String,
    /// 1–4,000 characters.
    pub text: String,
    /// The note that it corrects.
    #[ts(optional)]
    pub replaces: Option<u32>,
}

// A note can hold anything.
impl std::fmt::Debug for AddNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AddNote({}, {} bytes)", self.id, self.text.len())
    }
}

/// Names a note.
#[derive(Debug, Clone, Copy, Deserialize, ts_rs::TS)]
pub struct NoteRef {
    pub note: u32,
}

/// A tag on a call.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct TagCall {
    /// The call's id.
    pub id: String,
    /// 1–40 lower-case letters, digits and hyphens, beginning with a letter.
    pub tag: String,
}
