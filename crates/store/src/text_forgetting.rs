//! Taking the words of erased records out of the search index, so that they are nowhere in it.
//!
//! In: leaves whose records are about to be destroyed, while their bytes can still be read. FTS5
//! takes the words out of its lists, but a word may stay as the key that tells two pages apart:
//! where one does, the index is written anew. One that can't forget is dropped, which loses
//! nothing. Not here: what else an erasure destroys (`destroying`).

use rusqlite::{OptionalExtension, params};

use crate::erasure::Range;
use crate::error::{Result, StoreError};
use crate::sealing::{StoredBody, unseal};
use crate::text_index::{Detail, TABLE, drawn, entered, state, with_vocabulary};
use crate::writer::Writer;

/// Erased records from which on the index is made anew, where they are more than a fifth of it:
/// that is faster than taking them out.
const MANY: u64 = 1_000;

impl Writer {
    /// Drops the words of all records where so many of them go that making the index anew is faster.
    pub(crate) fn forget_all_texts_if_many(&mut self, ranges: &[Range]) -> Result<()> {
        let Some(state) = state(&self.connection)? else {
            return Ok(());
        };
        let mut going = 0;
        for (from, to) in ranges {
            let count: i64 = self
                .connection
                .prepare_cached(
                    "select count(*) from call c where c.seq >= ?1 and c.seq < ?2
                     and exists (select 1 from body b where b.seq = c.seq)",
                )?
                .query_row(params![*from as i64, *to as i64], |row| row.get(0))?;
            going += count.unsigned_abs();
        }
        match going > MANY && going * 5 > state.records {
            true => self.renew_text_index(),
            false => Ok(()),
        }
    }

    /// Takes the words of these records out of the index, in the transaction that is open. Answers
    /// how many records' words.
    pub(crate) fn forget_texts(&mut self, from: u64, to: u64) -> Result<u64> {
        let Some(mut state) = state(&self.connection)? else {
            return Ok(0);
        };
        // Whatever was read for the index before this must not be entered after it.
        state.generation = drawn()?;
        self.put_text_state(&state)?;
        if !state.is_usable() {
            self.renew_text_index()?;
            return Ok(state.records);
        }
        match self.take_out(from, to.min(state.up_to), state.detail) {
            Ok(gone) => {
                state.records = state.records.saturating_sub(gone);
                self.put_text_state(&state)?;
                Ok(gone)
            }
            Err(StoreError::DiskFull) => Err(StoreError::DiskFull),
            Err(_) => {
                self.renew_text_index()?;
                Ok(state.records)
            }
        }
    }

    fn take_out(&self, from: u64, to: u64, detail: Detail) -> Result<u64> {
        let mut statement = self.connection.prepare_cached(
            "select c.format, b.seq, b.codec, b.salt, b.data, b.key
             from call c join body b on b.seq = c.seq
             where c.seq >= ?1 and c.seq < ?2 order by c.seq",
        )?;
        let mut rows = statement.query(params![from as i64, to as i64])?;
        let mut gone = 0;
        while let Some(row) = rows.next()? {
            let (_, raw) = unseal(&self.keys, StoredBody::read(row, 1)?)?;
            let line = entered(detail, row.get(0)?, &raw);
            self.connection
                .prepare_cached(&format!(
                    "insert into {TABLE} ({TABLE}, rowid, data) values ('delete', ?1, ?2)"
                ))?
                .execute(params![row.get::<_, i64>(1)?, line])?;
            gone += 1;
        }
        Ok(gone)
    }

    /// Sees to it that no word stands in the index that no record has any more: after records were
    /// taken out. Can be done again.
    pub(crate) fn tidy_texts(&mut self) -> Result<()> {
        let Some(state) = state(&self.connection)? else {
            return Ok(());
        };
        if state.up_to == 0 || self.is_tidy().unwrap_or(false) {
            return Ok(());
        }
        let rewritten = self.transact(Self::rewrite_texts);
        if rewritten.is_ok() && self.is_tidy().unwrap_or(false) {
            return Ok(());
        }
        self.renew_text_index()
    }

    /// Whether every key that tells two pages apart is the beginning of a word that is there.
    fn is_tidy(&self) -> Result<bool> {
        with_vocabulary(&self.connection, "row", |connection| {
            let mut keys = connection.prepare(&format!(
                "select substr(term, 2) from {TABLE}_idx where length(term) > 1"
            ))?;
            let mut next = connection.prepare(
                "select term from temp.call_text_words where term >= cast(?1 as text) limit 1",
            )?;
            let mut rows = keys.query([])?;
            while let Some(row) = rows.next()? {
                let key: Vec<u8> = row.get(0)?;
                let mut found = next.query([&key])?;
                let begins = match found.next()? {
                    Some(word) => word
                        .get_ref(0)?
                        .as_bytes()
                        .is_ok_and(|word| word.starts_with(&key)),
                    None => false,
                };
                if !begins {
                    return Ok(false);
                }
            }
            Ok(true)
        })
    }

    /// Writes the index anew. FTS5 leaves one that is in one piece as it is, so that a second piece
    /// is made first: a word that is there, under the first leaf, which is no call.
    fn rewrite_texts(&mut self) -> Result<()> {
        let word: Option<String> = with_vocabulary(&self.connection, "row", |connection| {
            Ok(connection
                .query_row("select term from temp.call_text_words limit 1", [], |row| {
                    row.get(0)
                })
                .optional()?)
        })?;
        let Some(word) = word else {
            return self.renew_text_index();
        };
        self.connection.execute(
            "insert into call_text (rowid, data) values (0, ?1)",
            [&word],
        )?;
        self.connection
            .execute("insert into call_text (call_text) values ('optimize')", [])?;
        self.connection.execute(
            "insert into call_text (call_text, rowid, data) values ('delete', 0, ?1)",
            [&word],
        )?;
        Ok(())
    }
}
