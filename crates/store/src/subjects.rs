//! Finding the records of one subject: every record, column, answer and file name that holds one of
//! the identifiers, whatever its case and whether JSON escapes it.
//!
//! In: identifiers, which are kept nowhere. Out: leaves, rows that are blanked with them, and
//! places that a person has to look at. Not here: erasing.

use std::collections::{BTreeMap, BTreeSet};

use assay_domain::moment::{self, WithoutZone};
use memchr::memmem;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::erasure::{Range, erased_by};
use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::sealing::{self, StoredBody, unseal};

/// Tables whose hits are erased with the records, or that hold nothing that can be searched.
const ERASED_WITH_RECORDS: [&str; 13] = [
    "activity",
    "batch",
    "body",
    "call",
    "entity",
    "erased",
    "finding",
    "join_key",
    "label",
    "leaf",
    "rejected_line",
    "replay_item",
    "tile",
];

/// What was found of a subject.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubjectFound {
    /// Leaves in order.
    pub seqs: Vec<u64>,
    pub calls: u64,
    pub activities: u64,
    /// Payloads of the workbench's own deeds, and other leaves without a row of their own.
    pub others: u64,
    /// Records that could not be read: their key is missing or they were changed.
    pub unreadable: u64,
    /// Records that were read.
    pub searched: u64,
    /// Imports whose file name goes.
    pub batches: Vec<i64>,
    /// Rejected lines whose beginning goes.
    pub rejected: Vec<i64>,
    /// Rows that stay and that a person has to look at: table to count.
    pub to_decide: BTreeMap<String, u64>,
}

/// Identifiers to look for.
pub struct Needles {
    lower: Vec<String>,
}

impl Needles {
    /// Empty identifiers are left out.
    pub fn new(identifiers: &[String]) -> Self {
        Self {
            lower: identifiers
                .iter()
                .map(|text| text.trim().to_lowercase())
                .filter(|text| !text.is_empty())
                .collect(),
        }
    }

    /// Whether there is anything to look for.
    pub fn is_empty(&self) -> bool {
        self.lower.is_empty()
    }

    /// Whether a text holds one of them.
    pub fn in_text(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.lower.iter().any(|needle| text.contains(needle))
    }

    /// Whether bytes hold one of them: as they are, or in a string or a name of the JSON they are.
    pub fn in_bytes(&self, raw: &[u8]) -> bool {
        let text = String::from_utf8_lossy(raw);
        if self.in_text(&text) {
            return true;
        }
        memchr::memchr(b'\\', raw).is_some()
            && serde_json::from_slice(raw).is_ok_and(|value| self.in_value(&value))
    }

    fn in_value(&self, value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::String(text) => {
                self.in_text(text)
                    // JSON within a string, as tools and gateways log it.
                    || (text.contains('\\')
                        && serde_json::from_str::<serde_json::Value>(text)
                            .is_ok_and(|inner| !inner.is_string() && self.in_value(&inner)))
            }
            serde_json::Value::Array(items) => items.iter().any(|item| self.in_value(item)),
            serde_json::Value::Object(fields) => fields
                .iter()
                .any(|(name, field)| self.in_text(name) || self.in_value(field)),
            serde_json::Value::Number(number) => self.lower.contains(&number.to_string()),
            _ => false,
        }
    }

    /// The byte strings by which they could stand in a file: UTF-8, UTF-16LE and as JSON escapes
    /// them, as given and in lower case.
    pub fn byte_forms(&self, identifiers: &[String]) -> Vec<Vec<u8>> {
        let mut forms = BTreeSet::new();
        for text in identifiers
            .iter()
            .map(|text| text.trim())
            .chain(self.lower.iter().map(String::as_str))
        {
            if text.is_empty() {
                continue;
            }
            forms.insert(text.as_bytes().to_vec());
            forms.insert(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
            let ascii: String = text
                .encode_utf16()
                .map(|unit| match char::from_u32(u32::from(unit)) {
                    Some(c) if c.is_ascii() => c.to_string(),
                    _ => format!("\\u{unit:04x}"),
                })
                .collect();
            forms.insert(ascii.into_bytes());
            if let Ok(quoted) = serde_json::to_string(text) {
                forms.insert(quoted.trim_matches('"').as_bytes().to_vec());
            }
        }
        forms.into_iter().collect()
    }
}

/// How often one of these byte strings occurs.
pub fn occurrences(haystack: &[u8], forms: &[Vec<u8>]) -> u64 {
    forms
        .iter()
        .map(|form| memmem::find_iter(haystack, form).count() as u64)
        .sum()
}

impl Store {
    /// Everything that holds one of the identifiers, and the records `also`. `step` is told how many
    /// records were read.
    ///
    /// # Errors
    /// [`StoreError`]; whatever `step` answers, to stop.
    pub fn find_subject(
        &self,
        needles: &Needles,
        also: &[u64],
        step: &mut dyn FnMut(u64) -> Result<()>,
    ) -> Result<SubjectFound> {
        let mut found = SubjectFound::default();
        let mut seqs: BTreeSet<u64> = also.iter().copied().collect();
        if !needles.is_empty() {
            self.read(|connection| {
                self.in_bodies(connection, needles, &mut found, &mut seqs, step)?;
                in_columns(connection, needles, &mut seqs)?;
                in_answers(connection, needles, &mut seqs)?;
                found.batches = ids(connection, needles, "select id, path, error from batch")?;
                found.rejected = ids(
                    connection,
                    needles,
                    "select id, detail, excerpt from rejected_line",
                )?;
                found.to_decide = elsewhere(connection, needles)?;
                let erased = format!("select {} from (select ?1 as seq) t", erased_by("t"));
                let mut gone = Vec::new();
                let mut statement = connection.prepare_cached(&erased)?;
                for seq in &seqs {
                    let by: Option<i64> = statement.query_row([*seq as i64], |row| row.get(0))?;
                    if by.is_some() {
                        gone.push(*seq);
                    }
                }
                for seq in gone {
                    seqs.remove(&seq);
                }
                Ok(())
            })?;
        }
        found.seqs = seqs.into_iter().collect();
        self.read(|connection| {
            let mut kind = connection.prepare_cached(
                "select exists (select 1 from call where seq = ?1),
                        exists (select 1 from activity where seq = ?1)",
            )?;
            for seq in &found.seqs {
                match kind.query_row([*seq as i64], |row| Ok((row.get(0)?, row.get(1)?)))? {
                    (true, _) => found.calls += 1,
                    (_, true) => found.activities += 1,
                    (false, false) => found.others += 1,
                }
            }
            Ok(())
        })?;
        Ok(found)
    }

    fn in_bodies(
        &self,
        connection: &Connection,
        needles: &Needles,
        found: &mut SubjectFound,
        seqs: &mut BTreeSet<u64>,
        step: &mut dyn FnMut(u64) -> Result<()>,
    ) -> Result<()> {
        let sql = format!("select {} from body b order by b.seq", sealing::COLUMNS);
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let stored = StoredBody::read(row, 0)?;
            let seq = stored.seq;
            match unseal(&self.keys, stored) {
                Ok((_, raw)) if needles.in_bytes(&raw) => {
                    seqs.insert(seq);
                }
                Ok(_) => {}
                Err(
                    StoreError::KeyMissing { .. }
                    | StoreError::Damaged { .. }
                    | StoreError::Value(_),
                ) => {
                    found.unreadable += 1;
                }
                Err(error) => return Err(error),
            }
            found.searched += 1;
            if found.searched.is_multiple_of(1_000) {
                step(found.searched)?;
            }
        }
        Ok(())
    }

    /// When the first of these leaves was recorded: files made before hold none of them. `None`
    /// where there are none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn first_recorded_ms(&self, ranges: &[Range]) -> Result<Option<i64>> {
        let Some((first, _)) = ranges.first() else {
            return Ok(None);
        };
        let (leaf, _) = self.leaf(*first)?;
        let value: serde_json::Value = serde_json::from_slice(&leaf)?;
        let text = value.get("t").and_then(|t| t.as_str()).unwrap_or_default();
        Ok(moment::read(text, WithoutZone::IsUtc, i64::MAX).0)
    }
}

fn in_columns(connection: &Connection, needles: &Needles, seqs: &mut BTreeSet<u64>) -> Result<()> {
    let labels: BTreeSet<i64> = ids(connection, needles, "select id, text from label")?
        .into_iter()
        .collect();
    for sql in [
        "select seq, 5, principal, source_ip, account, classification, private_path,
                conversation_id, request_ids, metadata from call",
        "select seq, 4, actor, source_ip, user_agent, account, target, reason, ids from activity",
    ] {
        let mut statement = connection.prepare_cached(sql)?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let seq = row.get::<_, i64>(0)?.unsigned_abs();
            let of_labels = row.get::<_, i64>(1)?.unsigned_abs() as usize;
            let named = (2..2 + of_labels).any(|index| {
                matches!(row.get_ref(index), Ok(ValueRef::Integer(id)) if labels.contains(&id))
            });
            let told =
                (2 + of_labels..columns).any(|index| holds(row.get_ref(index).ok(), needles));
            if named || told {
                seqs.insert(seq);
            }
        }
    }
    Ok(())
}

fn in_answers(connection: &Connection, needles: &Needles, seqs: &mut BTreeSet<u64>) -> Result<()> {
    let mut statement =
        connection.prepare_cached("select call_seq, item, response from replay_item")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let answer: Option<Vec<u8>> = row.get(2)?;
        let answered = match answer {
            Some(packed) => needles.in_bytes(&sealing::decode(1, packed)?),
            None => false,
        };
        if answered || holds(row.get_ref(1).ok(), needles) {
            seqs.insert(row.get::<_, i64>(0)?.unsigned_abs());
        }
    }
    Ok(())
}

fn holds(value: Option<ValueRef<'_>>, needles: &Needles) -> bool {
    match value {
        Some(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => needles.in_bytes(bytes),
        _ => false,
    }
}

/// The ids (first column) of the rows whose other columns hold an identifier.
fn ids(connection: &Connection, needles: &Needles, sql: &str) -> Result<Vec<i64>> {
    let mut statement = connection.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if (1..columns).any(|index| holds(row.get_ref(index).ok(), needles)) {
            found.push(row.get(0)?);
        }
    }
    Ok(found)
}

/// Rows of all other tables that hold an identifier.
fn elsewhere(connection: &Connection, needles: &Needles) -> Result<BTreeMap<String, u64>> {
    let mut tables = connection.prepare(
        "select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name",
    )?;
    let names: Vec<String> = tables
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut found = BTreeMap::new();
    for name in names
        .into_iter()
        .filter(|name| !ERASED_WITH_RECORDS.contains(&name.as_str()))
    {
        // The name is the schema's, never a person's.
        let mut statement = connection.prepare(&format!("select * from \"{name}\""))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            count += u64::from((0..columns).any(|index| holds(row.get_ref(index).ok(), needles)));
        }
        if count > 0 {
            found.insert(name, count);
        }
    }
    Ok(found)
}
