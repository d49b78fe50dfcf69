//! Searching for words: by the index where it is on, by reading where it is not or not yet.
//!
//! Which calls hold the words is looked up once and kept as a set of leaves, since a screen asks
//! for a page, a count, a chart and a dozen facets of the same words. The answer is the same set
//! either way. In: a query. Out: conditions. Not here: what a word is (`assay_domain::words`).

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use assay_domain::formats::Format;
use assay_domain::query::{Query, Test};
use assay_domain::words::{Words, record_holds};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::Value;
use rusqlite::{Connection, params};

use crate::day_keys::DayKeys;
use crate::error::{Result, StoreError};
use crate::filter::Filter;
use crate::filter::rolled::Seen;
use crate::open::Store;
use crate::sealing::{StoredBody, unseal};
use crate::text_index::{Detail, IndexState, TABLE, state};

/// Sets that are kept.
const KEPT: usize = 8;
/// Calls up to which they are named one by one, so that nothing else is looked at.
const FEW: usize = 16_000;
/// Calls that hold all words of a phrase up to which each is read at once.
const READ_AT_ONCE: usize = 2_000;

/// Calls that hold words, by their leaves.
pub(crate) struct Calls {
    number: u64,
    bits: Vec<u64>,
    count: u64,
    /// Their leaves as a JSON list, where they are few.
    few: Option<String>,
    /// Whether all of these hold the words; else they hold each of them, and must be read.
    is_exact: bool,
}

impl Calls {
    fn has(&self, seq: u64) -> bool {
        usize::try_from(seq / 64)
            .ok()
            .and_then(|at| self.bits.get(at))
            .is_some_and(|bits| bits >> (seq % 64) & 1 == 1)
    }

    /// Their leaves in order.
    fn all(&self) -> impl Iterator<Item = u64> {
        (0_u64..).zip(&self.bits).flat_map(|(at, bits)| {
            (0..64)
                .filter(move |bit| bits >> bit & 1 == 1)
                .map(move |bit| at * 64 + bit)
        })
    }
}

/// What a set holds for: the content of the index and, where records were read, of the store.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Content {
    generation: i64,
    /// The last call, the last erasure and the number of those that are under way.
    read: Option<(i64, i64, i64)>,
}

/// One set that was looked up.
struct Kept {
    content: Content,
    words: Words,
    calls: Arc<Calls>,
}

/// Which answer is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// A page: the newest records that match often fill it, so that not all are read.
    Some,
    /// All that match: what has to be read is read once, and kept for what is asked next.
    All,
}

/// Sets of calls by the words that they hold.
#[derive(Default)]
pub(crate) struct Searches {
    next: AtomicU64,
    kept: Mutex<Vec<Kept>>,
    /// Those that a statement may still name.
    named: Mutex<Vec<(u64, Weak<Calls>)>>,
    is_damaged: AtomicBool,
    /// Held by who reads records, so that the others get what it found.
    reading: Mutex<()>,
}

impl Searches {
    fn find(&self, content: Content, words: &Words) -> Option<Arc<Calls>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter()
            .find(|one| one.content == content && one.words == *words)
            .map(|one| Arc::clone(&one.calls))
    }

    fn keep(&self, content: Content, words: &Words, calls: &Arc<Calls>) {
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        named.retain(|(_, calls)| calls.strong_count() > 0);
        named.push((calls.number, Arc::downgrade(calls)));
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|one| one.content.generation == content.generation);
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push(Kept {
            content,
            words: words.clone(),
            calls: Arc::clone(calls),
        });
    }

    fn named(&self, number: i64) -> Option<Arc<Calls>> {
        let named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        named
            .iter()
            .find(|(own, _)| *own == number.unsigned_abs())
            .and_then(|(_, calls)| calls.upgrade())
    }
}

/// What is known of the words of a query, in the snapshot that it is answered from.
#[derive(Default)]
pub(crate) struct Looked {
    /// Every call before this leaf is in the index.
    up_to: u64,
    found: Vec<Found>,
    /// What the roll-ups can tell of the query's sources.
    pub(crate) seen: Seen,
}

/// What is known of one of its words.
struct Found {
    words: Words,
    calls: Arc<Calls>,
    /// Whether the calls from `up_to` on are not among these and must be read.
    has_rest: bool,
}

impl Looked {
    /// Whether the calls that hold the words are few and known by their leaves.
    pub(crate) fn is_few(&self, words: &Words) -> bool {
        self.of(words)
            .is_some_and(|found| !found.has_rest && found.calls.few.is_some())
    }

    fn of(&self, words: &Words) -> Option<&Found> {
        self.found.iter().find(|found| found.words == *words)
    }

    /// How many calls hold the words of a query that asks for nothing else, where they are all known;
    /// those that stand behind another record are not counted.
    pub(crate) fn count(&self, connection: &Connection, query: &Query) -> Result<Option<u64>> {
        let [term] = query.terms.as_slice() else {
            return Ok(None);
        };
        let Test::Text(words) = &term.test else {
            return Ok(None);
        };
        let Some(found) = self.of(words) else {
            return Ok(None);
        };
        if term.excluded || found.has_rest || !found.calls.is_exact {
            return Ok(None);
        }
        let mut hidden = 0;
        let mut statement = connection.prepare_cached("select seq from witness")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            hidden += u64::from(found.calls.has(row.get::<_, i64>(0)?.unsigned_abs()));
        }
        Ok(Some(found.calls.count.saturating_sub(hidden)))
    }
}

/// The condition that the record of the row `short` holds the words, by reading it.
fn read_test(filter: &mut Filter, short: &str, words: &Words) -> String {
    let name = filter.text(&serde_json::to_string(words).unwrap_or_default());
    format!(
        "exists (select 1 from body t where t.seq = {short}.seq
            and text_holds({short}.format, t.seq, t.codec, t.salt, t.data, t.key, {name}))"
    )
}

/// The condition that an activity holds the words.
pub(crate) fn activity_test(filter: &mut Filter, words: &Words) -> String {
    read_test(filter, "a", words)
}

/// The condition that a call holds the words.
pub(crate) fn call_test(filter: &mut Filter, words: &Words) -> String {
    let Some(found) = filter.looked.of(words) else {
        return read_test(filter, "c", words);
    };
    let (calls, has_rest) = (Arc::clone(&found.calls), found.has_rest);
    let mut test = match &calls.few {
        Some(seqs) => {
            let name = filter.text(seqs);
            format!("c.seq in (select value from json_each({name}))")
        }
        None => {
            let name = filter.parameter(Value::Integer(calls.number as i64));
            format!("is_among({name}, c.seq)")
        }
    };
    if !calls.is_exact {
        test = format!("({test} and {})", read_test(filter, "c", words));
    }
    if has_rest {
        let rest = read_test(filter, "c", words);
        test = format!("({test} or (c.seq >= {} and {rest}))", filter.looked.up_to);
    }
    test
}

/// The words of a query about calls.
fn words_of(query: &Query) -> Vec<&Words> {
    query
        .terms
        .iter()
        .filter_map(|term| match &term.test {
            Test::Text(words) => Some(words),
            _ => None,
        })
        .collect()
}

/// What FTS5 is asked. Words are letters and digits only.
fn asked(words: &Words, detail: Detail) -> String {
    let star = if words.is_prefix() { "*" } else { "" };
    match detail {
        Detail::Phrases => format!("\"{}\"{star}", words.list().join(" ")),
        Detail::Words => {
            let quoted: Vec<String> = words
                .list()
                .iter()
                .map(|word| format!("\"{word}\""))
                .collect();
            format!("{}{star}", quoted.join(" AND "))
        }
    }
}

impl Store {
    /// Answers a query about calls from one snapshot; what the index knows of its words is looked
    /// up first.
    pub(crate) fn search<T>(
        &self,
        query: &Query,
        need: Need,
        answer: impl FnOnce(&Connection, Looked) -> Result<T>,
    ) -> Result<T> {
        let has_words = !words_of(query).is_empty();
        self.read(|connection| {
            if !has_words {
                let looked = Looked {
                    seen: Seen::of(connection, query)?,
                    ..Looked::default()
                };
                return answer(connection, looked);
            }
            let _one = connection.unchecked_transaction()?;
            answer(connection, self.looked(connection, query, need)?)
        })
    }

    /// What the index knows of the words of a query about calls, in the snapshot that `connection`
    /// reads. Where the index does not hold, nothing is known and the records are read.
    pub(crate) fn looked(
        &self,
        connection: &Connection,
        query: &Query,
        need: Need,
    ) -> Result<Looked> {
        let words = words_of(query);
        if words.is_empty() {
            return Ok(Looked {
                seen: Seen::of(connection, query)?,
                ..Looked::default()
            });
        }
        match self.look_up(connection, &words, need) {
            Err(StoreError::Interrupted) => Err(StoreError::Interrupted),
            Err(_) => {
                // It is made from the records, and so are answers without it.
                self.searches.is_damaged.store(true, Ordering::Relaxed);
                Ok(Looked::default())
            }
            looked => looked,
        }
    }

    /// Whether the index could not be used: it is to be made anew.
    pub fn is_text_index_damaged(&self) -> bool {
        self.searches.is_damaged.load(Ordering::Relaxed)
    }

    /// Says that the index was made anew.
    pub fn text_index_is_new(&self) {
        self.searches.is_damaged.store(false, Ordering::Relaxed);
    }

    fn look_up(&self, connection: &Connection, words: &[&Words], need: Need) -> Result<Looked> {
        let state = state(connection)?.filter(IndexState::is_usable);
        let up_to = state.as_ref().map_or(0, |state| state.up_to);
        let has_rest: bool = connection
            .prepare_cached("select exists (select 1 from call where seq >= ?1)")?
            .query_row([up_to as i64], |row| row.get(0))?;
        let mut content = Content {
            generation: state.as_ref().map_or(0, |state| state.generation),
            read: None,
        };
        let mut looked = Looked {
            up_to,
            found: Vec::new(),
            seen: Seen::ByMany,
        };
        let mut indexed = Vec::new();
        if let Some(state) = state.filter(|_| up_to > 0) {
            for &one in words {
                let calls = match self.searches.find(content, one) {
                    Some(calls) => calls,
                    None => {
                        let calls = Arc::new(self.find(connection, &state, one)?);
                        self.searches.keep(content, one, &calls);
                        calls
                    }
                };
                indexed.push(calls);
            }
        }
        let with = |words: &[&Words], calls: Vec<Arc<Calls>>, has_rest| {
            let found = words.iter().zip(calls).map(|(words, calls)| Found {
                words: (*words).clone(),
                calls,
                has_rest,
            });
            found.collect()
        };
        if !has_rest {
            looked.found = with(words, indexed, false);
            return Ok(looked);
        }
        content.read = Some(
            connection
                .prepare_cached(
                    "select coalesce((select max(seq) from call), -1),
                            coalesce((select max(seq) from erasure), -1),
                            (select count(*) from erasure where done_seq is null)",
                )?
                .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?,
        );
        let known = || -> Option<Vec<Arc<Calls>>> {
            words
                .iter()
                .map(|one| self.searches.find(content, one))
                .collect()
        };
        if let Some(calls) = known() {
            looked.found = with(words, calls, false);
        } else if need == Need::All {
            let reading = self
                .searches
                .reading
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let calls = match known() {
                Some(calls) => calls,
                None => self.read_rest(connection, words, &indexed, (up_to, content))?,
            };
            drop(reading);
            looked.found = with(words, calls, false);
        } else {
            looked.found = with(words, indexed, true);
        }
        Ok(looked)
    }

    /// The calls that hold the words: those of the index, and of the rest by reading it once.
    fn read_rest(
        &self,
        connection: &Connection,
        words: &[&Words],
        indexed: &[Arc<Calls>],
        (up_to, content): (u64, Content),
    ) -> Result<Vec<Arc<Calls>>> {
        let mut seqs: Vec<Vec<u64>> = vec![Vec::new(); words.len()];
        for ((own, calls), one) in seqs.iter_mut().zip(indexed).zip(words) {
            for seq in calls.all() {
                if calls.is_exact || self.record_has(connection, seq, one)? {
                    own.push(seq);
                }
            }
        }
        let mut statement = connection.prepare_cached(
            "select c.format, b.seq, b.codec, b.salt, b.data, b.key
             from call c join body b on b.seq = c.seq where c.seq >= ?1 order by c.seq",
        )?;
        let mut rows = statement.query([up_to as i64])?;
        while let Some(row) = rows.next()? {
            let format: Option<u8> = row.get(0)?;
            let format = format.and_then(Format::from_number);
            let stored = StoredBody::read(row, 1)?;
            let seq = stored.seq;
            let Ok((_, raw)) = unseal(&self.keys, stored) else {
                continue;
            };
            for (own, one) in seqs.iter_mut().zip(words) {
                if record_holds(format, &raw, one) {
                    own.push(seq);
                }
            }
        }
        let mut found = Vec::new();
        for (own, one) in seqs.into_iter().zip(words) {
            let calls = Arc::new(self.set(&own, true)?);
            self.searches.keep(content, one, &calls);
            found.push(calls);
        }
        Ok(found)
    }

    /// A set of calls, by their leaves in order.
    fn set(&self, seqs: &[u64], is_exact: bool) -> Result<Calls> {
        let last = seqs.last().copied().unwrap_or(0);
        let mut bits = vec![0_u64; usize::try_from(last / 64 + 1).unwrap_or(usize::MAX)];
        for seq in seqs {
            bits[(seq / 64) as usize] |= 1 << (seq % 64);
        }
        Ok(Calls {
            number: self.searches.next.fetch_add(1, Ordering::Relaxed),
            bits,
            count: seqs.len() as u64,
            few: match seqs.len() <= FEW {
                true => Some(serde_json::to_string(seqs)?),
                false => None,
            },
            is_exact,
        })
    }

    fn find(&self, connection: &Connection, state: &IndexState, words: &Words) -> Result<Calls> {
        let mut seqs: Vec<u64> = Vec::new();
        for_each_indexed(connection, &asked(words, state.detail), |seq| {
            seqs.push(seq)
        })?;
        seqs.sort_unstable();
        let mut is_exact = state.detail == Detail::Phrases || words.list().len() == 1;
        if !is_exact && seqs.len() <= READ_AT_ONCE {
            let mut kept = Vec::new();
            for seq in seqs {
                if self.record_has(connection, seq, words)? {
                    kept.push(seq);
                }
            }
            (seqs, is_exact) = (kept, true);
        }
        self.set(&seqs, is_exact)
    }

    fn record_has(&self, connection: &Connection, seq: u64, words: &Words) -> Result<bool> {
        let format: Option<u8> = connection
            .prepare_cached("select format from call where seq = ?1")?
            .query_row([seq as i64], |row| row.get(0))?;
        let Some(stored) = StoredBody::find(connection, seq)? else {
            return Ok(false);
        };
        let format = format.and_then(Format::from_number);
        Ok(unseal(&self.keys, stored).is_ok_and(|(_, raw)| record_holds(format, &raw, words)))
    }

    /// Erased records that the index still names for one of these texts: none, where it forgot.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn erased_in_text_index(&self, texts: &[String]) -> Result<u64> {
        self.read(|connection| {
            let Some(state) = state(connection)? else {
                return Ok(0);
            };
            let mut left = 0;
            for words in texts.iter().filter_map(|text| Words::of(text, false).ok()) {
                let mut seqs = Vec::new();
                for_each_indexed(connection, &asked(&words, state.detail), |seq| {
                    seqs.push(seq)
                })?;
                let mut gone = connection
                    .prepare_cached("select not exists (select 1 from body where seq = ?1)")?;
                for seq in seqs {
                    let is_gone: bool = gone.query_row(params![seq as i64], |row| row.get(0))?;
                    left += u64::from(is_gone);
                }
            }
            Ok(left)
        })
    }
}

fn for_each_indexed(connection: &Connection, asked: &str, mut give: impl FnMut(u64)) -> Result<()> {
    let sql = format!("select rowid from {TABLE} where {TABLE} match ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([asked])?;
    while let Some(row) = rows.next()? {
        give(row.get::<_, i64>(0)?.unsigned_abs());
    }
    Ok(())
}

/// Adds the functions that conditions use: `text_holds` over the format of a record, its row of
/// `body` and words; `is_among(number, seq)`.
pub(crate) fn add_functions(
    connection: &Connection,
    keys: &Arc<DayKeys>,
    searches: &Arc<Searches>,
) -> Result<()> {
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_UTF8;
    let keys = Arc::clone(keys);
    connection.create_scalar_function("text_holds", 7, flags, move |context| {
        let format: Option<u8> = context.get(0)?;
        let stored = StoredBody::new(
            context.get(1)?,
            context.get(2)?,
            context.get(3)?,
            context.get(4)?,
            context.get(5)?,
        );
        let words = kept_words(context)?;
        let format = format.and_then(Format::from_number);
        Ok(unseal(&keys, stored).is_ok_and(|(_, raw)| record_holds(format, &raw, &words)))
    })?;
    let searches = Arc::clone(searches);
    connection.create_scalar_function("is_among", 2, flags, move |context| {
        let calls: Arc<Option<Arc<Calls>>> = context
            .get_or_create_aux(0, |value| -> rusqlite::Result<Option<Arc<Calls>>> {
                Ok(searches.named(value.as_i64()?))
            })?;
        let seq: i64 = context.get(1)?;
        match calls.as_ref() {
            Some(calls) => Ok(calls.has(seq.unsigned_abs())),
            None => Err(rusqlite::Error::UserFunctionError(
                "a set of calls is not there any more".into(),
            )),
        }
    })?;
    Ok(())
}

/// The words of a condition, read once for each statement.
fn kept_words(context: &Context<'_>) -> rusqlite::Result<Arc<Words>> {
    context.get_or_create_aux(6, |value| -> rusqlite::Result<Words> {
        serde_json::from_str(value.as_str()?)
            .map_err(|error| rusqlite::Error::UserFunctionError(error.into()))
    })
}
