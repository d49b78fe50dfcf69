//! Finding the records of one subject: every record, column, answer and file name that holds one of
//! the identifiers, whatever its case and whether JSON escapes it.
//!
//! In: identifiers, which are kept nowhere. Out: leaves, rows that are blanked with them, and
//! places that a person has to look at. Not here: erasing.

mod kept_texts;

use std::collections::{BTreeMap, BTreeSet};

use assay_domain::moment::{self, WithoutZone};
use memchr::memmem;
use rusqlite::types::{FromSql, ValueRef};
use rusqlite::{Connection, OptionalExtension};

use crate::billed;
use crate::erasure::{Range, erased_at};
use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::packed::{ZSTD, unpack};
use crate::sealing::{self, StoredBody, unseal};
use crate::text_index;

/// Tables whose hits are erased with the records, or that hold nothing that can be searched.
const ERASED_WITH_RECORDS: [&str; 22] = [
    "activity",
    "batch",
    "billed_row",
    "body",
    "call",
    "entity",
    "erased",
    "finding",
    "judgement",
    "label",
    "leaf",
    "note",
    "record_key",
    "rejected_line",
    "replay_item",
    "replay_plan",
    "review_sample",
    "saved_view",
    "tag",
    "test_text",
    "tile",
    "vault_entry",
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
    /// Of these, records that hold none of the identifiers and tell of the same call as one that does.
    pub joined: u64,
    /// Of these, calls that hold none and belong to the conversation of one that does; only where
    /// [`Reach::Conversations`] was asked for.
    pub in_conversations: u64,
    /// Further calls of these conversations, which stay.
    pub conversations_beside: u64,
    /// Where the identifiers stand: a column, or the record's bytes. A record can count in several.
    pub places: BTreeMap<String, u64>,
    /// Records that hold each identifier, in their order.
    pub by_identifier: Vec<u64>,
    /// Records that could not be read: their key is missing or they were changed.
    pub unreadable: u64,
    /// Records that were read.
    pub searched: u64,
    /// Imports whose file name goes.
    pub batches: Vec<i64>,
    /// Rejected lines whose beginning goes.
    pub rejected: Vec<i64>,
    /// Replay plans whose query goes.
    pub plans: Vec<String>,
    /// Findings that go; the checks make them anew.
    pub findings: Vec<String>,
    /// Saved views that go.
    pub views: Vec<i64>,
    /// Review samples whose query goes.
    pub samples: Vec<i64>,
    /// Rows of the provider's reports that lose what names somebody.
    pub billed: Vec<(i64, i64)>,
    /// Entries of the vault; looked for with its key, not here.
    pub vault: Vec<i64>,
    pub vault_shut: u64,
    /// Rows that stay and that a person has to look at: table to count.
    pub to_decide: BTreeMap<String, u64>,
    /// Which saved versions of policies are among them, in the order that they were saved: name and version. One
    /// whose name holds an identifier itself is called by its number.
    pub policies: Vec<(String, String)>,
}

/// How far a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Records that hold an identifier, and those of the same calls.
    Records,
    /// And all calls of the conversations that these belong to.
    Conversations,
}

/// The most identifiers of one search.
pub const MAX_IDENTIFIERS: usize = 64;

/// Which identifiers were found: one bit each.
type Mask = u64;

/// Identifiers to look for.
pub struct Needles {
    lower: Vec<String>,
}

impl Needles {
    /// Empty identifiers, and those beyond [`MAX_IDENTIFIERS`], are left out.
    pub fn new(identifiers: &[String]) -> Self {
        Self {
            lower: identifiers
                .iter()
                .map(|text| text.trim().to_lowercase())
                .filter(|text| !text.is_empty())
                .take(MAX_IDENTIFIERS)
                .collect(),
        }
    }

    /// Whether there is anything to look for.
    pub fn is_empty(&self) -> bool {
        self.lower.is_empty()
    }

    /// Whether a text holds one of them.
    pub fn in_text(&self, text: &str) -> bool {
        self.text_mask(text) != 0
    }

    /// Whether bytes hold one of them: as they are, or in a string or a name of the JSON they are.
    pub fn in_bytes(&self, raw: &[u8]) -> bool {
        self.mask(raw) != 0
    }

    fn text_mask(&self, text: &str) -> Mask {
        let text = text.to_lowercase();
        self.each(|needle| text.contains(needle))
    }

    fn each(&self, is_there: impl Fn(&str) -> bool) -> Mask {
        self.lower
            .iter()
            .enumerate()
            .filter(|(_, needle)| is_there(needle))
            .fold(0, |mask, (index, _)| mask | 1 << index)
    }

    fn mask(&self, raw: &[u8]) -> Mask {
        let mut mask = self.text_mask(&String::from_utf8_lossy(raw));
        if memchr::memchr(b'\\', raw).is_some()
            && let Ok(value) = serde_json::from_slice(raw)
        {
            mask |= self.value_mask(&value);
        }
        mask
    }

    fn value_mask(&self, value: &serde_json::Value) -> Mask {
        match value {
            serde_json::Value::String(text) => {
                let mut mask = self.text_mask(text);
                // JSON within a string, as tools and gateways log it.
                if text.contains('\\')
                    && let Ok(inner) = serde_json::from_str::<serde_json::Value>(text)
                    && !inner.is_string()
                {
                    mask |= self.value_mask(&inner);
                }
                mask
            }
            serde_json::Value::Array(items) => items
                .iter()
                .fold(0, |mask, item| mask | self.value_mask(item)),
            serde_json::Value::Object(fields) => fields.iter().fold(0, |mask, (name, field)| {
                mask | self.text_mask(name) | self.value_mask(field)
            }),
            serde_json::Value::Number(number) => {
                let number = number.to_string();
                self.each(|needle| needle == number)
            }
            _ => 0,
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

/// What a search gathers.
#[derive(Default)]
struct Hits {
    seqs: BTreeMap<u64, Mask>,
    places: BTreeMap<String, BTreeSet<u64>>,
}

impl Hits {
    fn add(&mut self, seq: u64, mask: Mask, place: &str) {
        *self.seqs.entry(seq).or_default() |= mask;
        self.places.entry(place.to_owned()).or_default().insert(seq);
    }
}

impl Store {
    /// Everything that holds one of the identifiers, the records `also`, and the other records of
    /// the same calls. `step` is told how many records were read.
    ///
    /// # Errors
    /// [`StoreError`]; whatever `step` answers, to stop.
    pub fn find_subject(
        &self,
        needles: &Needles,
        also: &[u64],
        reach: Reach,
        step: &mut dyn FnMut(u64) -> Result<()>,
    ) -> Result<SubjectFound> {
        let mut found = SubjectFound::default();
        let mut hits = Hits::default();
        hits.seqs.extend(also.iter().map(|seq| (*seq, 0)));
        self.read(|connection| {
            if !needles.is_empty() {
                self.in_bodies(connection, needles, &mut found, &mut hits, step)?;
                in_columns(connection, needles, &mut hits)?;
                in_answers(connection, needles, &mut hits)?;
                found.batches = ids(connection, needles, "select id, path, error from batch")?;
                found.rejected = ids(
                    connection,
                    needles,
                    "select id, detail, excerpt from rejected_line",
                )?;
                found.plans = ids(connection, needles, "select id, plan from replay_plan")?;
                found.findings = ids(connection, needles, "select id, finding from finding")?;
                found.views = ids(
                    connection,
                    needles,
                    "select id, name, query, columns from saved_view",
                )?;
                found.billed = in_billed(connection, needles)?;
                found.samples = ids(connection, needles, "select id, query from review_sample")?;
                found.to_decide = elsewhere(connection, needles)?;
                found.policies = kept_texts::in_policies(connection, needles)?;
                kept_texts::in_notes(connection, needles, &mut found, &mut hits)?;
                kept_texts::in_test_sets(connection, needles, &mut found, &mut hits)?;
            }
            let direct: Vec<u64> = hits.seqs.keys().copied().collect();
            let of_conversations = in_conversations(connection, &direct)?;
            match reach {
                Reach::Conversations => {
                    found.in_conversations = of_conversations.len() as u64;
                    hits.seqs
                        .extend(of_conversations.iter().map(|seq| (*seq, 0)));
                }
                Reach::Records => found.conversations_beside = of_conversations.len() as u64,
            }
            let before: Vec<u64> = hits.seqs.keys().copied().collect();
            let joined = of_same_calls(connection, &before)?;
            found.joined = joined.len() as u64;
            hits.seqs.extend(joined.into_iter().map(|seq| (seq, 0)));
            for seq in hits.seqs.keys().copied().collect::<Vec<_>>() {
                if erased_at(connection, seq)?.is_some() {
                    hits.seqs.remove(&seq);
                }
            }
            let mut kind = connection.prepare_cached(
                "select exists (select 1 from call where seq = ?1),
                        exists (select 1 from activity where seq = ?1)",
            )?;
            for seq in hits.seqs.keys() {
                match kind.query_row([*seq as i64], |row| Ok((row.get(0)?, row.get(1)?)))? {
                    (true, _) => found.calls += 1,
                    (_, true) => found.activities += 1,
                    (false, false) => found.others += 1,
                }
            }
            Ok(())
        })?;
        found.by_identifier = (0..needles.lower.len())
            .map(|index| {
                let bit = 1 << index;
                hits.seqs.values().filter(|mask| *mask & bit != 0).count() as u64
            })
            .collect();
        found.places = hits
            .places
            .into_iter()
            .map(|(place, seqs)| {
                let left = seqs.iter().filter(|seq| hits.seqs.contains_key(*seq));
                (place, left.count() as u64)
            })
            .filter(|(_, records)| *records > 0)
            .collect();
        found.seqs = hits.seqs.into_keys().collect();
        Ok(found)
    }

    fn in_bodies(
        &self,
        connection: &Connection,
        needles: &Needles,
        found: &mut SubjectFound,
        hits: &mut Hits,
        step: &mut dyn FnMut(u64) -> Result<()>,
    ) -> Result<()> {
        let sql = format!("select {} from body b order by b.seq", sealing::COLUMNS);
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let stored = StoredBody::read(row, 0)?;
            let seq = stored.seq;
            match unseal(&self.keys, stored) {
                Ok((_, raw)) => {
                    let mask = needles.mask(&raw);
                    if mask != 0 {
                        hits.add(seq, mask, "record");
                    }
                }
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

/// Calls of the same conversations as these that are not among them and not erased.
fn in_conversations(connection: &Connection, seqs: &[u64]) -> Result<Vec<u64>> {
    let mut own = connection.prepare_cached(
        "select conversation_id from call where seq = ?1 and conversation_id is not null",
    )?;
    let mut names: BTreeSet<String> = BTreeSet::new();
    for seq in seqs {
        if let Some(name) = own.query_row([*seq as i64], |row| row.get(0)).optional()? {
            names.insert(name);
        }
    }
    let mut all = connection.prepare_cached("select seq from call where conversation_id = ?1")?;
    others(connection, seqs, names.iter(), |name| {
        let rows = all.query_map([name], |row| row.get::<_, i64>(0))?;
        rows.collect()
    })
}

/// The other records of the same calls as these that are not among them and not erased.
fn of_same_calls(connection: &Connection, seqs: &[u64]) -> Result<Vec<u64>> {
    let mut all = connection.prepare_cached(
        "with leader (seq) as (select coalesce((select of_seq from witness where seq = ?1), ?1))
         select w.seq from witness w join leader l on w.of_seq = l.seq
         union select l.seq from leader l join call c on c.seq = l.seq",
    )?;
    others(connection, seqs, seqs.iter(), |seq| {
        let rows = all.query_map([*seq as i64], |row| row.get::<_, i64>(0))?;
        rows.collect()
    })
}

fn others<T>(
    connection: &Connection,
    seqs: &[u64],
    each: impl Iterator<Item = T>,
    mut beside: impl FnMut(T) -> rusqlite::Result<Vec<i64>>,
) -> Result<Vec<u64>> {
    let mut found = BTreeSet::new();
    for item in each {
        for seq in beside(item)? {
            let seq = seq.unsigned_abs();
            if seqs.binary_search(&seq).is_err() && erased_at(connection, seq)?.is_none() {
                found.insert(seq);
            }
        }
    }
    Ok(found.into_iter().collect())
}

fn in_columns(connection: &Connection, needles: &Needles, hits: &mut Hits) -> Result<()> {
    let mut labels: BTreeMap<i64, Mask> = BTreeMap::new();
    let mut statement = connection.prepare_cached("select id, text from label")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let mask = mask_of(row.get_ref(1).ok(), needles);
        if mask != 0 {
            labels.insert(row.get(0)?, mask);
        }
    }
    for sql in [
        "select seq, principal, source_ip, account, classification, private_path,
                conversation_id, request_ids, metadata from call",
        "select seq, actor, source_ip, user_agent, account, target, reason, ids from activity",
    ] {
        let mut statement = connection.prepare_cached(sql)?;
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let seq = row.get::<_, i64>(0)?.unsigned_abs();
            for (index, name) in names.iter().enumerate().skip(1) {
                let mask = match row.get_ref(index) {
                    // A number is a label's: these columns hold no other.
                    Ok(ValueRef::Integer(id)) => labels.get(&id).copied().unwrap_or(0),
                    other => mask_of(other.ok(), needles),
                };
                if mask != 0 {
                    hits.add(seq, mask, name);
                }
            }
        }
    }
    Ok(())
}

fn in_answers(connection: &Connection, needles: &Needles, hits: &mut Hits) -> Result<()> {
    let mut statement =
        connection.prepare_cached("select call_seq, item, response from replay_item")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let answer: Option<Vec<u8>> = row.get(2)?;
        let answered = match answer {
            Some(packed) => needles.mask(&unpack(ZSTD, packed)?),
            None => 0,
        };
        let mask = answered | mask_of(row.get_ref(1).ok(), needles);
        if mask != 0 {
            hits.add(row.get::<_, i64>(0)?.unsigned_abs(), mask, "replay answer");
        }
    }
    Ok(())
}

fn mask_of(value: Option<ValueRef<'_>>, needles: &Needles) -> Mask {
    match value {
        Some(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => needles.mask(bytes),
        _ => 0,
    }
}

fn holds(value: Option<ValueRef<'_>>, needles: &Needles) -> bool {
    mask_of(value, needles) != 0
}

/// The ids (first column) of the rows whose other columns hold an identifier.
fn ids<T: FromSql>(connection: &Connection, needles: &Needles, sql: &str) -> Result<Vec<T>> {
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

/// Rows of the provider's reports that name somebody: bucket and number.
fn in_billed(connection: &Connection, needles: &Needles) -> Result<Vec<(i64, i64)>> {
    let mut statement = connection.prepare_cached(&format!(
        "select bucket_id, number, {} from billed_row",
        billed::NAMING.join(", ")
    ))?;
    let columns = statement.column_count();
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        if (2..columns).any(|index| holds(row.get_ref(index).ok(), needles)) {
            found.push((row.get(0)?, row.get(1)?));
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
        // The search index forgets with the records, and is asked for words (`text_search`).
        .filter(|name| !name.starts_with(text_index::TABLE))
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
