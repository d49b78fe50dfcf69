//! Models of names that were plugged in, in the store: where, which files, since when.
//!
//! In: what was chosen. Out: what is plugged in now. Not here: the files, which stay where they are.

use rusqlite::{OptionalExtension, params};

use crate::error::Result;
use crate::open::Store;
use crate::policies::deed;
use crate::writer::{Writer, salts};

/// A model that is to be plugged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewNamesModel<'a> {
    pub name: &'a str,
    pub folder: &'a str,
    /// Over the names and hashes of its files, hexadecimal.
    pub sha256: &'a str,
    /// JSON: name, size and SHA-256 of each file.
    pub files: &'a str,
}

/// A model that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamesModelRecord {
    pub name: String,
    pub folder: String,
    pub sha256: String,
    pub files: String,
    pub set_ms: i64,
    pub set_by: String,
}

impl Writer {
    /// Plugs a model in, or takes out the one that is where it is `None`. The trail says who did it.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn set_names_model(
        &mut self,
        model: Option<&NewNamesModel<'_>>,
        by: &str,
        now_ms: i64,
    ) -> Result<()> {
        let salt = salts(1)?[0];
        let (action, target) = match model {
            Some(model) => ("redaction.set_names_model", model.name),
            None => ("redaction.remove_names_model", "the names model"),
        };
        let payload = serde_json::json!({
            "names_model": model.map(|model| model.name),
            "folder": model.map(|model| model.folder),
            "sha256": model.map(|model| model.sha256),
            "files": model.map(|model| model.files),
        })
        .to_string();
        self.transact(|writer| {
            let activity = deed(action, target, by, now_ms);
            let seq = writer.defined(activity, payload.as_bytes(), &salt, now_ms)?;
            writer.connection.execute(
                "insert into names_model (seq, name, folder, sha256, files, set_ms, set_by)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    seq as i64,
                    model.map(|model| model.name),
                    model.map(|model| model.folder),
                    model.map(|model| model.sha256),
                    model.map(|model| model.files),
                    now_ms,
                    by
                ],
            )?;
            Ok(())
        })
    }
}

impl Store {
    /// The model that is plugged in; `None` where there is none.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn names_model(&self) -> Result<Option<NamesModelRecord>> {
        self.read(|connection| {
            let newest = connection
                .prepare_cached(
                    "select name, folder, sha256, files, set_ms, set_by
                     from names_model
                     order by seq desc
                     limit 1",
                )?
                .query_row([], |row| {
                    let name: Option<String> = row.get(0)?;
                    let Some(name) = name else { return Ok(None) };
                    Ok(Some(NamesModelRecord {
                        name,
                        folder: row.get(1)?,
                        sha256: row.get(2)?,
                        files: row.get(3)?,
                        set_ms: row.get(4)?,
                        set_by: row.get(5)?,
                    }))
                })
                .optional()?;
            Ok(newest.flatten())
        })
    }
}
