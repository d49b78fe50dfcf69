//! Saved views: a query of the trail under a name, with its columns.
//!
//! A query can name a person, so it is kept here and nowhere else, and goes when that person's
//! records are erased. Each change is a leaf. Not here: what a query matches (`filter`).

use assay_evidence::leaf::LeafKind;
use rusqlite::{OptionalExtension, Row, params};

use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::policies::deed;
use crate::writer::{OwnRecord, Writer, salts};

/// A view as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewRecord {
    pub id: i64,
    pub name: String,
    /// `calls` or `activities`.
    pub records: String,
    pub query: String,
    /// Names in order; empty for the usual ones.
    pub columns: Vec<String>,
    pub saved_by: String,
    pub saved_ms: i64,
    /// The leaf that records how it is now.
    pub seq: u64,
}

/// A view that is to be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewView<'a> {
    pub name: &'a str,
    pub records: &'a str,
    pub query: &'a str,
    pub columns: &'a [String],
}

const COLUMNS: &str = "id, name, records, query, columns, saved_by, saved_ms, seq";

fn read(row: &Row<'_>) -> rusqlite::Result<ViewRecord> {
    let columns: String = row.get(4)?;
    Ok(ViewRecord {
        id: row.get(0)?,
        name: row.get(1)?,
        records: row.get(2)?,
        query: row.get(3)?,
        columns: serde_json::from_str(&columns).unwrap_or_default(),
        saved_by: row.get(5)?,
        saved_ms: row.get(6)?,
        seq: row.get::<_, i64>(7)?.unsigned_abs(),
    })
}

fn no_view(name: &str) -> StoreError {
    StoreError::NotFound {
        what: "view",
        name: name.to_owned(),
    }
}

impl Store {
    /// All views by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn views(&self) -> Result<Vec<ViewRecord>> {
        self.read(|connection| {
            let sql = format!("select {COLUMNS} from saved_view order by name");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([], read)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The view of this name.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn view(&self, name: &str) -> Result<ViewRecord> {
        self.read(|connection| {
            let sql = format!("select {COLUMNS} from saved_view where name = ?1");
            connection
                .prepare_cached(&sql)?
                .query_row([name], read)
                .optional()?
                .ok_or_else(|| no_view(name))
        })
    }
}

impl Writer {
    /// Saves a view under a name that no other has. The trail says so.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_view(&mut self, view: &NewView<'_>, by: &str, now_ms: i64) -> Result<()> {
        let payload = serde_json::json!({
            "action": "view.save", "by": by, "columns": view.columns, "name": view.name,
            "query": view.query, "records": view.records,
        });
        self.change_view(
            "view.save",
            view.name,
            &payload,
            by,
            now_ms,
            |writer, seq| {
                writer.connection.execute(
                "insert into saved_view (name, records, query, columns, saved_by, saved_ms, seq)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    view.name,
                    view.records,
                    view.query,
                    serde_json::to_string(view.columns)?,
                    by,
                    now_ms,
                    seq
                ],
            )?;
                Ok(1)
            },
        )
    }

    /// Gives a view another name that no other has. The trail says so.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn rename_view(&mut self, name: &str, new: &str, by: &str, now_ms: i64) -> Result<()> {
        let payload = serde_json::json!({
            "action": "view.rename", "by": by, "from": name, "name": new,
        });
        self.change_view("view.rename", name, &payload, by, now_ms, |writer, seq| {
            Ok(writer.connection.execute(
                "update saved_view set name = ?2, saved_by = ?3, saved_ms = ?4, seq = ?5
                 where name = ?1",
                params![name, new, by, now_ms, seq],
            )?)
        })
    }

    /// Deletes a view; no record is affected by it. The trail says so.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn delete_view(&mut self, name: &str, by: &str, now_ms: i64) -> Result<()> {
        let payload = serde_json::json!({ "action": "view.delete", "by": by, "name": name });
        self.change_view("view.delete", name, &payload, by, now_ms, |writer, _| {
            Ok(writer
                .connection
                .execute("delete from saved_view where name = ?1", [name])?)
        })
    }

    fn change_view(
        &mut self,
        action: &str,
        name: &str,
        payload: &serde_json::Value,
        by: &str,
        now_ms: i64,
        change: impl FnOnce(&Self, i64) -> Result<usize>,
    ) -> Result<()> {
        let salt = salts(1)?[0];
        let payload = payload.to_string();
        self.transact(|writer| {
            let own = OwnRecord {
                kind: LeafKind::View,
                activity: deed(action, name, by, now_ms),
                reason: None,
                payload: payload.as_bytes(),
                now_ms,
            };
            let (seq, _) = writer.own(&own, &salt)?;
            match change(writer, seq as i64)? {
                0 => Err(no_view(name)),
                _ => Ok(()),
            }
        })
    }
}
