//! The search index: which words stand in which call, so that a search need not read every record.
//!
//! Off until somebody switches it on, since it keeps the words of sealed records in clear. It is
//! derived: made from the records in slices, dropped and made again where it does not hold. An FTS5
//! table with external content and `secure-delete`: a contentless one keeps words that were deleted.
//! It is fed words, not text, so that it and reading a record can't disagree. Not here: searching
//! (`text_search`), forgetting records (`text_forgetting`).

use assay_domain::activity::Activity;
use assay_domain::formats::Format;
use assay_domain::words::{self, RULE};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::policies::deed;
use crate::sealing::{StoredBody, unseal};
use crate::writer::{Writer, salts};

/// The table's name; those that FTS5 makes for it begin with it.
pub(crate) const TABLE: &str = "call_text";
/// What the names of the tables that belong to it end with.
pub(crate) const PARTS: [&str; 4] = ["", "_data", "_idx", "_config"];
/// Where its state is kept.
const FACT: &str = "text_index";
/// Stands between the texts of a record, where the order of words is kept. It is no word.
pub(crate) const BETWEEN: &str = "¶";
/// Bytes of words that are gathered before they are written.
const GATHERED: u32 = 16 << 20;
/// Records of which the cost is estimated.
const SAMPLE: u64 = 2_000;

/// What the index keeps of each word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// In which calls it stands. Words that must follow each other are looked for in the records
    /// that hold all of them.
    Words,
    /// And where in them. It costs about three times as much, and whoever has the file can put the
    /// text together again.
    Phrases,
}

impl Detail {
    /// The word in leaves, in JSON and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Phrases => "phrases",
        }
    }

    const fn fts5(self) -> &'static str {
        match self {
            Self::Words => "none",
            Self::Phrases => "full",
        }
    }
}

/// How the index stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexState {
    pub detail: Detail,
    /// The rule by which texts became words.
    pub(crate) rule: u32,
    /// Every call before this leaf is in it.
    pub up_to: u64,
    /// Calls whose words are in it.
    pub records: u64,
    /// Its size when it was last measured.
    pub bytes: u64,
    /// Drawn anew whenever anything in it changes.
    pub(crate) generation: i64,
}

impl IndexState {
    /// Whether it was made by the rule of this build; else it is not used, and made anew.
    pub fn is_usable(&self) -> bool {
        self.rule == RULE
    }
}

/// What an index of the store would cost, from a sample of its own records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostEstimate {
    /// Calls that hold text and would be in it.
    pub records: u64,
    /// Calls that were tried.
    pub sampled: u64,
    /// Bytes that the sample takes, with the words alone.
    pub words_bytes: u64,
    /// Bytes that the sample takes, with their places as well.
    pub phrases_bytes: u64,
}

/// The words of a stretch of calls, ready to be entered.
pub struct Slice {
    rows: Vec<(u64, String)>,
    up_to: u64,
    generation: i64,
}

/// The state that `connection` sees; `None` where the index is off.
pub(crate) fn state(connection: &Connection) -> Result<Option<IndexState>> {
    let fact: Option<String> = connection
        .prepare_cached("select value from workspace where key = ?1")?
        .query_row([FACT], |row| row.get(0))
        .optional()?;
    Ok(fact.and_then(|json| serde_json::from_str(&json).ok()))
}

/// Makes an empty index.
pub(crate) fn create(connection: &Connection, detail: Detail) -> Result<()> {
    connection.execute_batch(&format!(
        "create virtual table {TABLE} using fts5(data, content='body', content_rowid='seq',
            columnsize=0, tokenize='ascii', detail={});",
        detail.fts5()
    ))?;
    for (name, value) in [("secure-delete", 1), ("hashsize", GATHERED)] {
        connection.execute(
            &format!("insert into {TABLE} ({TABLE}, rank) values (?1, ?2)"),
            params![name, value],
        )?;
    }
    Ok(())
}

/// What is entered for a record: its words, separated by spaces.
pub(crate) fn entered(detail: Detail, format: Option<u8>, raw: &[u8]) -> String {
    let texts = words::texts_of(format.and_then(Format::from_number), raw);
    let mut line = String::new();
    let mut add = |word: &str| {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    };
    match detail {
        Detail::Words => distinct(&texts).iter().for_each(|word| add(word)),
        Detail::Phrases => {
            for (index, text) in texts.iter().enumerate() {
                if index > 0 {
                    add(BETWEEN);
                }
                words::for_each(text, &mut |word| add(word));
            }
        }
    }
    line
}

/// Each word of these texts once, in order.
pub(crate) fn distinct(texts: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for text in texts {
        words::for_each(text, &mut |word| all.push(word.to_owned()));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Bytes that the index takes in the file.
pub(crate) fn measure(connection: &Connection) -> Result<u64> {
    let mut bytes = 0;
    // One row for each table: FTS5 keeps the words in the first two.
    let mut statement = connection.prepare_cached(
        "select coalesce(sum(pgsize), 0) from dbstat where name = ?1 and aggregate = 1",
    )?;
    for part in &PARTS[1..] {
        let size: i64 = statement.query_row([format!("{TABLE}{part}")], |row| row.get(0))?;
        bytes += size.unsigned_abs();
    }
    Ok(bytes)
}

impl Store {
    /// How the search index stands; `None` where it is off.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn text_index(&self) -> Result<Option<IndexState>> {
        self.read(state)
    }

    /// Reads ahead, of the next `calls` at most, what the first search for a frequent word would read of every
    /// call, where the index is on; whether more is left. Whoever searches meanwhile waits for these.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn read_ahead(&self, calls: u32) -> Result<bool> {
        self.read(|connection| match state(connection)? {
            Some(_) => self.columns.read_ahead(connection, calls.into()),
            None => Ok(false),
        })
    }

    /// Calls from leaf `from` on that hold a record to search: all that were not erased.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn calls_with_text(&self, from: u64) -> Result<u64> {
        self.read(|connection| {
            let count: i64 = connection
                .prepare_cached(
                    "select (select count(*) from call where seq >= ?1)
                          - (select count(*) from erased e join call c
                               on c.seq >= e.from_seq and c.seq < e.to_seq
                             where c.seq >= ?1)",
                )?
                .query_row([from as i64], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        })
    }

    /// What an index would cost: made in memory of calls that lie evenly over the trail.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn estimate_text_index(&self) -> Result<CostEstimate> {
        let records = self.calls_with_text(0)?;
        let mut sample = Vec::new();
        self.read(|connection| {
            let every = (records / SAMPLE).max(1);
            let mut statement = connection.prepare(
                "select format, seq from
                    (select c.format, c.seq, row_number() over (order by c.seq) as number
                     from call c where exists (select 1 from body b where b.seq = c.seq))
                 where number % ?1 = 0 limit ?2",
            )?;
            let mut rows = statement.query(params![every as i64, SAMPLE as i64])?;
            while let Some(row) = rows.next()? {
                let format: Option<u8> = row.get(0)?;
                let seq = row.get::<_, i64>(1)?.unsigned_abs();
                if let Some(stored) = StoredBody::find(connection, seq)?
                    && let Ok((_, raw)) = unseal(&self.keys, stored)
                {
                    sample.push((seq, format, raw));
                }
            }
            Ok(())
        })?;
        let bytes = |detail: Detail| -> Result<u64> {
            let connection = Connection::open_in_memory()?;
            connection.execute_batch("create table body (seq integer primary key, data)")?;
            create(&connection, detail)?;
            connection.execute_batch("begin")?;
            for (seq, format, raw) in &sample {
                enter(&connection, *seq, &entered(detail, *format, raw))?;
            }
            connection.execute_batch("commit")?;
            measure(&connection)
        };
        Ok(CostEstimate {
            records,
            sampled: sample.len() as u64,
            words_bytes: bytes(Detail::Words)?,
            phrases_bytes: bytes(Detail::Phrases)?,
        })
    }

    /// The words of the next calls that are not in the index, at most `limit`; `None` where it is
    /// off or holds all of them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn next_texts(&self, limit: usize) -> Result<Option<Slice>> {
        self.read(|connection| {
            connection.execute_batch("begin")?;
            let slice = self.slice(connection, limit);
            connection.execute_batch("commit")?;
            slice
        })
    }

    fn slice(&self, connection: &Connection, limit: usize) -> Result<Option<Slice>> {
        let Some(state) = state(connection)? else {
            return Ok(None);
        };
        let mut statement = connection.prepare_cached(
            "select c.format, b.seq, b.codec, b.salt, b.data, b.key
             from call c join body b on b.seq = c.seq
             where c.seq >= ?1
             order by c.seq limit ?2",
        )?;
        let mut rows = statement.query(params![state.up_to as i64, limit as i64])?;
        let mut entries = Vec::new();
        let mut up_to = None;
        while let Some(row) = rows.next()? {
            let stored = StoredBody::read(row, 1)?;
            let seq = stored.seq;
            up_to = Some(seq + 1);
            // What can't be read holds no words for a search that reads it either.
            if let Ok((_, raw)) = unseal(&self.keys, stored) {
                entries.push((seq, entered(state.detail, row.get(0)?, &raw)));
            }
        }
        Ok(up_to.map(|up_to| Slice {
            rows: entries,
            up_to,
            generation: state.generation,
        }))
    }
}

fn enter(connection: &Connection, seq: u64, line: &str) -> Result<()> {
    connection
        .prepare_cached(&format!(
            "insert into {TABLE} (rowid, data) values (?1, ?2)"
        ))?
        .execute(params![seq as i64, line])?;
    Ok(())
}

impl Writer {
    /// Switches the search index on, empty; the trail says who did it. One that is on is kept
    /// where it keeps the same, else made anew.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn begin_text_index(&mut self, detail: Detail, by: &str, now_ms: i64) -> Result<()> {
        let found = state(&self.connection)?;
        if found.is_some_and(|state| state.detail == detail) {
            return Ok(());
        }
        self.transact(|writer| {
            let activity = deed("trail.text_on", detail.name(), by, now_ms);
            writer.note_text_deed(activity, detail, now_ms)?;
            writer
                .connection
                .execute_batch(&format!("drop table if exists {TABLE}"))?;
            writer.start_text_index(detail)
        })
    }

    /// Makes the index anew where it was made by another rule, or does not hold.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn renew_text_index(&mut self) -> Result<()> {
        let Some(state) = state(&self.connection)? else {
            return Ok(());
        };
        self.transact(|writer| {
            writer
                .connection
                .execute_batch(&format!("drop table if exists {TABLE}"))?;
            writer.start_text_index(state.detail)
        })
    }

    fn start_text_index(&mut self, detail: Detail) -> Result<()> {
        create(&self.connection, detail)?;
        self.put_text_state(&IndexState {
            detail,
            rule: RULE,
            up_to: 0,
            records: 0,
            bytes: 0,
            generation: drawn()?,
        })
    }

    pub(crate) fn put_text_state(&mut self, state: &IndexState) -> Result<()> {
        self.set_fact(FACT, &serde_json::to_string(state)?)
    }

    fn note_text_deed(&mut self, activity: Activity, detail: Detail, now_ms: i64) -> Result<()> {
        let payload = serde_json::json!({
            "deed": activity.action,
            "detail": detail.name(),
        })
        .to_string();
        self.defined(activity, payload.as_bytes(), &salts(1)?[0], now_ms)?;
        Ok(())
    }

    /// Enters the words of a stretch of calls. Where anything in the index changed since they were
    /// read, nothing is entered: they are read again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn enter_texts(&mut self, slice: &Slice) -> Result<()> {
        self.transact(|writer| {
            let Some(mut state) = state(&writer.connection)? else {
                return Ok(());
            };
            if state.generation != slice.generation {
                return Ok(());
            }
            for (seq, line) in &slice.rows {
                enter(&writer.connection, *seq, line)?;
            }
            state.up_to = slice.up_to;
            state.records += slice.rows.len() as u64;
            state.generation = drawn()?;
            writer.put_text_state(&state)
        })
    }

    /// Measures the index and notes how large it is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn measure_text_index(&mut self) -> Result<Option<IndexState>> {
        let Some(mut state) = state(&self.connection)? else {
            return Ok(None);
        };
        let bytes = measure(&self.connection)?;
        if state.bytes != bytes {
            state.bytes = bytes;
            self.transact(|writer| writer.put_text_state(&state))?;
        }
        Ok(Some(state))
    }

    /// Switches the index off and overwrites what it kept; the trail says who did it. Answers
    /// whether it was on.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where somebody reads and the write-ahead log keeps a copy for them.
    pub fn drop_text_index(&mut self, by: &str, now_ms: i64) -> Result<bool> {
        let Some(state) = state(&self.connection)? else {
            return Ok(false);
        };
        self.transact(|writer| {
            let activity = deed("trail.text_off", state.detail.name(), by, now_ms);
            writer.note_text_deed(activity, state.detail, now_ms)?;
            writer
                .connection
                .execute_batch(&format!("drop table if exists {TABLE}"))?;
            writer
                .connection
                .execute("delete from workspace where key = ?1", [FACT])?;
            Ok(())
        })?;
        self.empty_log()?;
        Ok(true)
    }
}

/// A number that tells one content of the index from every other.
pub(crate) fn drawn() -> Result<i64> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|_| StoreError::NoRandomness)?;
    Ok(i64::from_be_bytes(bytes))
}

/// Lets `check` read the words of the index as a table `temp.call_text_words`: `term`, and with
/// `instance` the `doc` that it stands in.
pub(crate) fn with_vocabulary<T>(
    connection: &Connection,
    kind: &str,
    check: impl FnOnce(&Connection) -> Result<T>,
) -> Result<T> {
    // A table of this connection alone; the store's file is not written to.
    let read_only: bool = connection.query_row("pragma query_only", [], |row| row.get(0))?;
    connection.execute_batch("pragma query_only = off")?;
    let made = connection.execute_batch(&format!(
        "create virtual table temp.call_text_words using fts5vocab('main', '{TABLE}', '{kind}')"
    ));
    let answer = made.map_err(StoreError::from).and_then(|()| {
        let answer = check(connection);
        connection.execute_batch("drop table temp.call_text_words")?;
        answer
    });
    if read_only {
        connection.execute_batch("pragma query_only = on")?;
    }
    answer
}
