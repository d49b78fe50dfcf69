//! Searching for words: by the index where it is on, by reading where it is not or not yet.
//!
//! Which calls hold the words is looked up once and kept as a set of leaves, since a screen asks
//! for a page, a count, a chart and a dozen facets of the same words. For a page alone only words that
//! few calls hold are looked up everywhere (`word_pages`). The answer is the same set either way. In: a
//! query. Out: conditions. Not here: what a word is (`assay_domain::words`).

pub(crate) mod behind;
pub(crate) mod functions;
pub(crate) mod kept;
pub(crate) mod looked;
mod postings;
pub(crate) mod sets;
mod wide;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use assay_domain::formats::Format;
use assay_domain::query::{Query, Test};
use assay_domain::words::{Words, record_holds};
use rusqlite::{Connection, params};

use crate::error::{Result, StoreError};
use crate::filter::rolled::Seen;
use crate::open::Store;
use crate::sealing::{StoredBody, unseal};
use crate::text_index::{Detail, IndexState, TABLE, state};
use crate::text_search::kept::{Content, locked};
use crate::text_search::looked::{Found, Looked};
use crate::text_search::sets::{Calls, Gathered};

/// Calls that hold all words of a phrase up to which each is read for who asks for all that match, whatever
/// else is asked.
const READ_FOR_ALL: u64 = 100_000;

/// Which answer is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// A page of which the nearest calls are tried first: words that many calls hold are not looked
    /// up at all.
    Near,
    /// A page: the newest records that match often fill it, so that not all are read.
    Some,
    /// All that match: what has to be read is read once, and kept for what is asked next.
    All,
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

/// Whether a query asks for words.
pub(crate) fn has_words(query: &Query) -> bool {
    !words_of(query).is_empty()
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
        self.read(|connection| {
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
        self.unless_damaged(self.look_up(connection, query, need))
    }

    /// The same of the calls from leaf `low` to leaf `high`, for statements that look at no other, and at one
    /// at a time.
    pub(crate) fn looked_within(
        &self,
        connection: &Connection,
        query: &Query,
        (low, high): (u64, u64),
    ) -> Result<Looked> {
        self.unless_damaged(self.look_up_within(connection, &words_of(query), (low, high)))
    }

    fn unless_damaged(&self, looked: Result<Looked>) -> Result<Looked> {
        match looked {
            Err(StoreError::Interrupted) => Err(StoreError::Interrupted),
            Err(_) => {
                // It is made from the records, and so are answers without it.
                self.searches.is_damaged.store(true, Ordering::Relaxed);
                Ok(Looked::default())
            }
            looked => looked,
        }
    }

    fn look_up_within(
        &self,
        connection: &Connection,
        words: &[&Words],
        (low, high): (u64, u64),
    ) -> Result<Looked> {
        let Some(state) = state(connection)?.filter(IndexState::is_usable) else {
            return Ok(Looked::default());
        };
        let mut found = Vec::new();
        for &one in words {
            let mut gathered = Gathered::from(low);
            let asked = asked(one, state.detail);
            for_each_indexed(connection, &asked, (low, high), |seq| {
                gathered.add(seq);
                true
            })?;
            // Not named one by one: calls are looked at one after the other.
            let number = self.searches.next.fetch_add(1, Ordering::Relaxed);
            let calls = Arc::new(gathered.calls(number, is_exact(one, state.detail), 0)?);
            self.searches.name(&calls);
            found.push(Found {
                words: one.clone(),
                calls,
                has_rest: high >= state.up_to,
            });
        }
        Ok(Looked {
            up_to: state.up_to,
            found,
            ..Looked::default()
        })
    }

    /// Whether the index could not be used: it is to be made anew.
    pub fn is_text_index_damaged(&self) -> bool {
        self.searches.is_damaged.load(Ordering::Relaxed)
    }

    /// Says that the index was made anew.
    pub fn text_index_is_new(&self) {
        self.searches.is_damaged.store(false, Ordering::Relaxed);
    }

    fn look_up(&self, connection: &Connection, query: &Query, need: Need) -> Result<Looked> {
        let words = words_of(query);
        let state = state(connection)?.filter(IndexState::is_usable);
        let up_to = state.as_ref().map_or(0, |state| state.up_to);
        let has_rest: bool = connection
            .prepare_cached("select exists (select 1 from call where seq >= ?1)")?
            .query_row([up_to as i64], |row| row.get(0))?;
        let indexed_content = Content {
            generation: state.as_ref().map_or(0, |state| state.generation),
            read: None,
        };
        let with = |calls: Vec<Arc<Calls>>, has_rest| {
            let found = words.iter().zip(calls).map(|(words, calls)| Found {
                words: (*words).clone(),
                calls,
                has_rest,
            });
            Looked {
                up_to,
                found: found.collect(),
                ..Looked::default()
            }
        };
        // Which records stand behind which is no part of the index.
        let content = Content {
            read: Some(what_is_read(connection)?),
            ..indexed_content
        };
        // Who asks for all that match reads what has to be read, once; a page keeps what it did not read.
        let is_to_read = |calls: &Calls| {
            let is_worth_it = query.terms.len() == 1 || calls.count <= READ_FOR_ALL;
            !calls.is_exact && need == Need::All && is_worth_it
        };
        let known = || -> Option<Vec<Arc<Calls>>> {
            let found = words.iter().map(|one| self.searches.find(content, one));
            found
                .map(|calls| calls.filter(|calls| !is_to_read(calls)))
                .collect()
        };
        if let Some(calls) = known() {
            return Ok(with(calls, false));
        }
        let mut indexed = Vec::new();
        if let Some(state) = state.filter(|_| up_to > 0) {
            if need == Need::Near && !self.has_few(connection, &state, query, indexed_content)? {
                return Ok(Looked {
                    is_wide: true,
                    ..Looked::default()
                });
            }
            for &one in &words {
                let mut calls = match self.searches.find(indexed_content, one) {
                    Some(calls) => calls,
                    None => self.find_all(connection, &state, one)?,
                };
                if is_to_read(&calls) && !has_rest {
                    let _one = locked(&self.searches.reading);
                    calls = match self.searches.find(indexed_content, one) {
                        Some(read) if read.is_exact => read,
                        _ => Arc::new(self.read_all(connection, &calls, one)?),
                    };
                }
                self.searches.keep(indexed_content, one, &calls);
                indexed.push(calls);
            }
        }
        if !has_rest || need != Need::All {
            let mut all = Vec::new();
            for (calls, one) in indexed.iter().zip(&words) {
                let calls = self.with_leaders(connection, calls)?;
                if !has_rest {
                    self.searches.keep(content, one, &calls);
                }
                self.searches.name(&calls);
                all.push(calls);
            }
            return Ok(with(all, has_rest));
        }
        let _one = locked(&self.searches.reading);
        let calls = match known() {
            Some(calls) => calls,
            None => self.read_rest(connection, &words, &indexed, (up_to, content))?,
        };
        Ok(with(calls, false))
    }

    /// Whether the words that few calls hold are among those of a query, or all that many hold are
    /// known already. What was found of the few is kept.
    fn has_few(
        &self,
        connection: &Connection,
        state: &IndexState,
        query: &Query,
        content: Content,
    ) -> Result<bool> {
        let mut are_all_known = true;
        for term in &query.terms {
            let Test::Text(words) = &term.test else {
                continue;
            };
            let calls = match self.searches.find(content, words) {
                Some(calls) => Some(calls),
                None => self.find_few(connection, state, words)?,
            };
            match calls {
                Some(calls) => {
                    self.searches.keep(content, words, &calls);
                    if calls.few.is_some() && !term.excluded {
                        return Ok(true);
                    }
                }
                None => are_all_known = false,
            }
        }
        Ok(are_all_known)
    }

    /// Those of `calls` that hold the words, by reading each.
    fn read_all(&self, connection: &Connection, calls: &Calls, words: &Words) -> Result<Calls> {
        let mut gathered = Gathered::from(0);
        for seq in calls.all() {
            if self.record_has(connection, seq, words)? {
                gathered.add(seq);
            }
        }
        self.set(gathered, true)
    }

    /// The calls that hold the words: those of the index, and of the rest by reading it once.
    fn read_rest(
        &self,
        connection: &Connection,
        words: &[&Words],
        indexed: &[Arc<Calls>],
        (up_to, content): (u64, Content),
    ) -> Result<Vec<Arc<Calls>>> {
        let mut sets: Vec<Gathered> = words.iter().map(|_| Gathered::from(0)).collect();
        for ((own, calls), one) in sets.iter_mut().zip(indexed).zip(words) {
            for seq in calls.all() {
                if calls.is_exact || self.record_has(connection, seq, one)? {
                    own.add(seq);
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
            for (own, one) in sets.iter_mut().zip(words) {
                if record_holds(format, &raw, one) {
                    own.add(seq);
                }
            }
        }
        let mut found = Vec::new();
        for (own, one) in sets.into_iter().zip(words) {
            let calls = Arc::new(self.set(own, true)?);
            let calls = self.with_leaders(connection, &calls)?;
            self.searches.keep(content, one, &calls);
            found.push(calls);
        }
        Ok(found)
    }

    fn set(&self, gathered: Gathered, is_exact: bool) -> Result<Calls> {
        let number = self.searches.next.fetch_add(1, Ordering::Relaxed);
        Ok(gathered.calls(number, is_exact, self.searches.few())?)
    }

    /// The calls that the index has the words for, where they are few.
    fn find_few(
        &self,
        connection: &Connection,
        state: &IndexState,
        words: &Words,
    ) -> Result<Option<Arc<Calls>>> {
        let (mut gathered, few) = (Gathered::from(0), self.searches.few());
        for_each_indexed(connection, &asked(words, state.detail), EVERYWHERE, |seq| {
            gathered.add(seq);
            gathered.count <= few
        })?;
        match gathered.count <= few {
            true => self.found(state, words, gathered).map(Some),
            false => Ok(None),
        }
    }

    /// The calls that the index has the words for.
    fn find_all(
        &self,
        connection: &Connection,
        state: &IndexState,
        words: &Words,
    ) -> Result<Arc<Calls>> {
        let gathered = match from_pages(connection, state, words)? {
            Some(bits) => Gathered::of(bits),
            None => {
                let mut gathered = Gathered::from(0);
                for_each_indexed(connection, &asked(words, state.detail), EVERYWHERE, |seq| {
                    gathered.add(seq);
                    true
                })?;
                gathered
            }
        };
        self.found(state, words, gathered)
    }

    fn found(&self, state: &IndexState, words: &Words, gathered: Gathered) -> Result<Arc<Calls>> {
        self.set(gathered, is_exact(words, state.detail))
            .map(Arc::new)
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
                for_each_indexed(
                    connection,
                    &asked(&words, state.detail),
                    EVERYWHERE,
                    |seq| {
                        seqs.push(seq);
                        true
                    },
                )?;
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

/// All leaves.
const EVERYWHERE: (u64, u64) = (0, i64::MAX as u64);

/// Hands over the calls of the index in order, until `take` wants no more.
fn for_each_indexed(
    connection: &Connection,
    asked: &str,
    (low, high): (u64, u64),
    mut take: impl FnMut(u64) -> bool,
) -> Result<()> {
    let sql = format!(
        "select rowid from {TABLE} where {TABLE} match ?1 and rowid between ?2 and ?3 order by rowid"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![asked, low as i64, high as i64])?;
    while let Some(row) = rows.next()? {
        if !take(row.get::<_, i64>(0)?.unsigned_abs()) {
            break;
        }
    }
    Ok(())
}

/// The same as a bit for each leaf, where the pages of the index tell it: of words that many calls hold.
fn from_pages(
    connection: &Connection,
    state: &IndexState,
    words: &Words,
) -> Result<Option<Vec<u64>>> {
    if words.is_prefix() || (state.detail == Detail::Phrases && words.list().len() > 1) {
        return Ok(None);
    }
    let mut all: Option<Vec<u64>> = None;
    for word in words.list() {
        let Some(own) = postings::of_word(connection, (word, state.detail), state.up_to)? else {
            return Ok(None);
        };
        match &mut all {
            Some(all) => {
                all.truncate(own.len());
                all.iter_mut().zip(own).for_each(|(all, own)| *all &= own);
            }
            None => all = Some(own),
        }
    }
    Ok(all)
}

/// Whether what the index finds holds the words, and not just each of them.
fn is_exact(words: &Words, detail: Detail) -> bool {
    detail == Detail::Phrases || words.list().len() == 1
}

/// The last call, the last erasure and the number of those that are under way.
pub(crate) fn what_is_read(connection: &Connection) -> Result<(i64, i64, i64)> {
    Ok(connection
        .prepare_cached(
            "select coalesce((select max(seq) from call), -1),
                    coalesce((select max(seq) from erasure), -1),
                    (select count(*) from erasure where done_seq is null)",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
}
