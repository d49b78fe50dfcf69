//! All records that match at one time, one after the other: what is imported meanwhile is not among
//! them, and memory does not grow with their number.
//!
//! A list that an index keeps in order goes by key, page after page; of any other the records'
//! numbers are put in order first, eight bytes each. In: a query. Out: records, and what the tree was
//! then. The store can't shorten its write-ahead log before the end. Not here: what becomes of the
//! records.

use assay_domain::query::Query;
use assay_evidence::tree::Hash;
use rusqlite::{Connection, Row};

use crate::activities::{self, ActivityRecord};
use crate::calls::{self, CallRecord, Cursor, body};
use crate::error::Result;
use crate::filter::{compile_activities, compile_calls};
use crate::leaves::edge;
use crate::open::Store;
use crate::pages::{Begin, List};
use crate::text_search::Need;

/// Records that are in memory at a time.
const PAGE: usize = 500;

/// The store as it was at one time.
pub struct Still<'a> {
    store: &'a Store,
    pub(crate) connection: &'a Connection,
}

impl Store {
    /// Runs `work` on the store as it is now. The inner answer is that of `work`.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn still<T>(&self, work: impl FnOnce(&Still<'_>) -> T) -> Result<T> {
        self.at_one_time(|connection| {
            // A read begins the time.
            edge(connection)?;
            Ok(work(&Still {
                store: self,
                connection,
            }))
        })
    }
}

impl Still<'_> {
    /// The tree's leaves and its root.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn tree(&self) -> Result<(u64, Hash)> {
        let edge = edge(self.connection)?;
        Ok((edge.size(), edge.root()))
    }

    /// Hands over the calls that match, newest first, at most 500 at a time, until `take` fails.
    ///
    /// # Errors
    /// [`crate::error::StoreError`]; the inner answer is that of `take`.
    pub fn calls<E>(
        &self,
        query: &Query,
        take: impl FnMut(&[CallRecord]) -> std::result::Result<(), E>,
    ) -> Result<std::result::Result<(), E>> {
        let looked = self.store.looked(self.connection, query, Need::All)?;
        let filter = compile_calls(query, looked);
        let condition = filter.listed();
        let list = calls::list(&filter, &condition, Begin::Start);
        self.each(list, calls::read, take, |record| Cursor {
            at_ms: record.call.started_at_ms,
            seq: record.seq,
        })
    }

    /// Hands over the activities that match, as [`Still::calls`] does.
    ///
    /// # Errors
    /// [`crate::error::StoreError`]; the inner answer is that of `take`.
    pub fn activities<E>(
        &self,
        query: &Query,
        take: impl FnMut(&[ActivityRecord]) -> std::result::Result<(), E>,
    ) -> Result<std::result::Result<(), E>> {
        let filter = compile_activities(query);
        let list = activities::list(&filter, Begin::Start);
        self.each(list, activities::read, take, |record| Cursor {
            at_ms: record.activity.at_ms,
            seq: record.seq,
        })
    }

    /// The bytes of a record, as received.
    ///
    /// # Errors
    /// [`crate::error::StoreError::Erased`], [`crate::error::StoreError::NotFound`].
    pub fn raw(&self, seq: u64) -> Result<Vec<u8>> {
        Ok(body(self.connection, &self.store.keys, seq)?.1)
    }

    fn each<T, E>(
        &self,
        list: List<'_>,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
        mut take: impl FnMut(&[T]) -> std::result::Result<(), E>,
        key_of: fn(&T) -> Cursor,
    ) -> Result<std::result::Result<(), E>> {
        if list.filter.is_scan {
            let numbers = list.numbers(self.connection)?;
            for some in numbers.chunks(PAGE) {
                let page = list.of_numbers(self.connection, some, read)?;
                if let Err(error) = take(&page) {
                    return Ok(Err(error));
                }
            }
            return Ok(Ok(()));
        }
        let mut from = Begin::Start;
        loop {
            let page = list.begun(from).page(self.connection, PAGE, read)?;
            let Some(last) = page.last() else {
                return Ok(Ok(()));
            };
            from = Begin::After(key_of(last));
            if let Err(error) = take(&page) {
                return Ok(Err(error));
            }
        }
    }
}
