//! Test sets: labelled texts that policies are measured on, and who labelled what when.
//!
//! Texts and labels are taken back, never changed. A text that was taken from a call is destroyed
//! with the call's record. Leaves name sets, counts and calls, never a text. Not here: how texts
//! are masked and measured (the engine), what destroys them (`destroying`).

use rusqlite::{OptionalExtension, Row, params};

use crate::erasure::erased_at;
use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::policies::deed;
use crate::writer::{Writer, salts};

/// A test set as stored, with its counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetRecord {
    pub id: i64,
    pub name: String,
    pub language: Option<String>,
    pub field: Option<String>,
    pub made_by: String,
    pub made_ms: i64,
    /// Texts that are there.
    pub texts: u64,
    /// Of these, texts taken from calls.
    pub from_calls: u64,
    /// Texts that were erased with the record that they were taken from.
    pub erased: u64,
    /// Labels in force of the texts that are there.
    pub labels: u64,
}

/// A label as stored; offsets are Unicode code points, half-open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelRecord {
    pub id: i64,
    pub text_id: i64,
    pub from_point: u64,
    pub to_point: u64,
    pub entity_type: String,
    pub labelled_by: String,
    pub labelled_ms: i64,
}

/// A text of a set with its labels in force, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextRecord {
    pub id: i64,
    pub set_id: i64,
    /// The record that it was taken from.
    pub call_seq: Option<u64>,
    pub text: String,
    pub language: Option<String>,
    pub field: Option<String>,
    pub labels: Vec<LabelRecord>,
}

/// A span that is to be labelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLabel {
    pub from_point: u64,
    pub to_point: u64,
    pub entity_type: String,
}

/// A text that is to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewText {
    pub text: String,
    pub language: Option<String>,
    pub field: Option<String>,
    pub labels: Vec<NewLabel>,
}

/// The record that texts are taken from.
#[derive(Debug, Clone, Copy)]
pub struct FromCall<'a> {
    pub call_seq: u64,
    pub call_id: &'a str,
}

const SET: &str = "s.id, s.name, s.language, s.field, s.made_by, s.made_ms,
    (select count(*) from test_text t where t.set_id = s.id and t.text is not null),
    (select count(*) from test_text t
     where t.set_id = s.id and t.text is not null and t.call_seq is not null),
    (select count(*) from test_text t
     where t.set_id = s.id and t.text is null and t.removed_ms is null),
    (select count(*) from test_label l join test_text t on t.id = l.text_id
     where t.set_id = s.id and t.text is not null and l.removed_ms is null)";

fn number(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(index).map(i64::unsigned_abs)
}

fn set(row: &Row<'_>) -> rusqlite::Result<SetRecord> {
    Ok(SetRecord {
        id: row.get(0)?,
        name: row.get(1)?,
        language: row.get(2)?,
        field: row.get(3)?,
        made_by: row.get(4)?,
        made_ms: row.get(5)?,
        texts: number(row, 6)?,
        from_calls: number(row, 7)?,
        erased: number(row, 8)?,
        labels: number(row, 9)?,
    })
}

fn text(row: &Row<'_>) -> rusqlite::Result<TextRecord> {
    Ok(TextRecord {
        id: row.get(0)?,
        set_id: row.get(1)?,
        call_seq: row.get::<_, Option<i64>>(2)?.map(i64::unsigned_abs),
        text: row.get(3)?,
        language: row.get(4)?,
        field: row.get(5)?,
        labels: Vec::new(),
    })
}

const TEXT: &str = "select id, set_id, call_seq, text, language, field from test_text";

impl Store {
    /// Something that changes with every text and label that is added, taken back or erased.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn test_sets_mark(&self) -> Result<String> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached(
                    "select format('%d %d %d %d',
                        (select coalesce(max(id), 0) from test_text),
                        (select count(*) from test_text where text is null),
                        (select coalesce(max(id), 0) from test_label),
                        (select count(*) from test_label where removed_ms is not null))",
                )?
                .query_row([], |row| row.get(0))?)
        })
    }

    /// All test sets, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn test_sets(&self) -> Result<Vec<SetRecord>> {
        self.read(|connection| {
            let sql = format!("select {SET} from test_set s order by s.name");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([], set)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// One test set by its name.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn test_set(&self, name: &str) -> Result<SetRecord> {
        self.read(|connection| {
            let sql = format!("select {SET} from test_set s where s.name = ?1");
            connection
                .prepare_cached(&sql)?
                .query_row([name], set)
                .optional()?
                .ok_or_else(|| StoreError::NotFound {
                    what: "test set",
                    name: name.to_owned(),
                })
        })
    }

    /// At most `limit` texts of a set that are there and come after the text `after`, in the order
    /// in which they were added.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn test_texts(&self, set_id: i64, after: i64, limit: u32) -> Result<Vec<TextRecord>> {
        self.read(|connection| {
            let sql = format!(
                "{TEXT} where set_id = ?1 and id > ?2 and text is not null order by id limit ?3"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map(params![set_id, after, limit], text)?;
            let mut texts: Vec<TextRecord> = rows.collect::<rusqlite::Result<_>>()?;
            for text in &mut texts {
                text.labels = labels(connection, text.id)?;
            }
            Ok(texts)
        })
    }

    /// One text that is there.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn test_text(&self, id: i64) -> Result<TextRecord> {
        self.read(|connection| {
            let sql = format!("{TEXT} where id = ?1 and text is not null");
            let mut found = connection
                .prepare_cached(&sql)?
                .query_row([id], text)
                .optional()?
                .ok_or_else(|| no_text(id))?;
            found.labels = labels(connection, id)?;
            Ok(found)
        })
    }
}

fn no_text(id: i64) -> StoreError {
    StoreError::NotFound {
        what: "text of a test set",
        name: id.to_string(),
    }
}

fn labels(connection: &rusqlite::Connection, text_id: i64) -> Result<Vec<LabelRecord>> {
    let mut statement = connection.prepare_cached(
        "select id, text_id, from_point, to_point, entity_type, labelled_by, labelled_ms
         from test_label
         where text_id = ?1 and removed_ms is null
         order by from_point, to_point, id",
    )?;
    let rows = statement.query_map([text_id], |row| {
        Ok(LabelRecord {
            id: row.get(0)?,
            text_id: row.get(1)?,
            from_point: number(row, 2)?,
            to_point: number(row, 3)?,
            entity_type: row.get(4)?,
            labelled_by: row.get(5)?,
            labelled_ms: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

impl Writer {
    /// Makes an empty test set. The trail says so.
    ///
    /// # Errors
    /// [`StoreError`]; that there is one of this name is the caller's to ask before.
    pub fn make_test_set(
        &mut self,
        name: &str,
        language: Option<&str>,
        field: Option<&str>,
        by: &str,
        now_ms: i64,
    ) -> Result<i64> {
        let payload = serde_json::json!({
            "action": "test_set.make", "by": by, "field": field, "language": language,
        });
        self.transact(|writer| {
            let seq = writer.lab_leaf("test_set.make", name, &payload, by, now_ms)?;
            writer.connection.execute(
                "insert into test_set (name, language, field, made_by, made_ms, seq)
                 values (?1, ?2, ?3, ?4, ?5, ?6)",
                params![name, language, field, by, now_ms, seq],
            )?;
            Ok(writer.connection.last_insert_rowid())
        })
    }

    /// Adds texts to a set; all of them or none. The trail says how many, and from which call.
    ///
    /// # Errors
    /// [`StoreError::Erased`] where the record that they are taken from was erased.
    pub fn add_test_texts(
        &mut self,
        set: &SetRecord,
        from: Option<FromCall<'_>>,
        texts: &[NewText],
        by: &str,
        now_ms: i64,
    ) -> Result<Vec<i64>> {
        let labels: usize = texts.iter().map(|text| text.labels.len()).sum();
        let payload = serde_json::json!({
            "action": "test_set.add", "by": by, "call": from.map(|from| from.call_id),
            "labels": labels, "leaf": from.map(|from| from.call_seq), "texts": texts.len(),
        });
        self.transact(|writer| {
            if let Some(from) = from
                && let Some(by) = erased_at(&writer.connection, from.call_seq)?
            {
                return Err(StoreError::Erased {
                    seq: from.call_seq,
                    by,
                });
            }
            let seq = writer.lab_leaf("test_set.add", &set.name, &payload, by, now_ms)?;
            let mut ids = Vec::with_capacity(texts.len());
            for text in texts {
                writer
                    .connection
                    .prepare_cached(
                        "insert into test_text
                           (set_id, call_seq, text, language, field, added_by, added_ms, seq)
                         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    )?
                    .execute(params![
                        set.id,
                        from.map(|from| from.call_seq as i64),
                        text.text,
                        text.language,
                        text.field,
                        by,
                        now_ms,
                        seq
                    ])?;
                let id = writer.connection.last_insert_rowid();
                for label in &text.labels {
                    writer.insert_label(id, label, by, now_ms, seq)?;
                }
                ids.push(id);
            }
            Ok(ids)
        })
    }

    /// Takes back labels of a text and adds others, in one step. The trail says so.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where a label is not in force on this text.
    pub fn label_test_text(
        &mut self,
        text: &TextRecord,
        taken_back: &[i64],
        added: &[NewLabel],
        by: &str,
        now_ms: i64,
    ) -> Result<()> {
        let types: Vec<&str> = added.iter().map(|one| one.entity_type.as_str()).collect();
        let payload = serde_json::json!({
            "action": "test_set.label", "added": types, "by": by, "taken_back": taken_back.len(),
            "text": text.id,
        });
        self.transact(|writer| {
            let target = format!("text {}", text.id);
            let seq = writer.lab_leaf("test_set.label", &target, &payload, by, now_ms)?;
            for label in taken_back {
                let changed = writer.connection.execute(
                    "update test_label set removed_by = ?3, removed_ms = ?4, removed_seq = ?5
                     where id = ?1 and text_id = ?2 and removed_ms is null",
                    params![label, text.id, by, now_ms, seq],
                )?;
                if changed == 0 {
                    return Err(StoreError::NotFound {
                        what: "label",
                        name: label.to_string(),
                    });
                }
            }
            for label in added {
                writer.insert_label(text.id, label, by, now_ms, seq)?;
            }
            Ok(())
        })
    }

    /// Takes a text out of its set and destroys it; that it was there stays known. The trail says so.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where it is not there.
    pub fn take_out_test_text(&mut self, id: i64, by: &str, now_ms: i64) -> Result<()> {
        let payload = serde_json::json!({ "action": "test_set.take_out", "by": by, "text": id });
        self.transact(|writer| {
            let target = format!("text {id}");
            let seq = writer.lab_leaf("test_set.take_out", &target, &payload, by, now_ms)?;
            let changed = writer.connection.execute(
                "update test_text
                 set text = null, removed_by = ?2, removed_ms = ?3, removed_seq = ?4
                 where id = ?1 and text is not null and removed_ms is null",
                params![id, by, now_ms, seq],
            )?;
            match changed {
                0 => Err(no_text(id)),
                _ => Ok(()),
            }
        })
    }

    fn insert_label(
        &self,
        text_id: i64,
        label: &NewLabel,
        by: &str,
        now_ms: i64,
        seq: i64,
    ) -> Result<()> {
        self.connection
            .prepare_cached(
                "insert into test_label
                   (text_id, from_point, to_point, entity_type, labelled_by, labelled_ms, seq)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                text_id,
                label.from_point as i64,
                label.to_point as i64,
                label.entity_type,
                by,
                now_ms,
                seq
            ])?;
        Ok(())
    }

    fn lab_leaf(
        &mut self,
        action: &str,
        target: &str,
        payload: &serde_json::Value,
        by: &str,
        now_ms: i64,
    ) -> Result<i64> {
        let (activity, payload) = (deed(action, target, by, now_ms), payload.to_string());
        let leaf = self.defined(activity, payload.as_bytes(), &salts(1)?[0], now_ms)?;
        Ok(leaf as i64)
    }
}
