//! By what a record is found again: its own id, and the request ids that it shares with other
//! records of the same call.
//!
//! Keys lie in the order of days, so that an import writes to few pages however many calls there
//! are. A day is only where to look first: what is asked for is found on whichever day it stands.
//! That a key is nowhere, as most keys of an import are, a filter in memory tells. In: hashes. Out:
//! records. Not here: what is done with them (`joins`, `writer`).

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OptionalExtension, params};

use crate::day_keys::day_of;
use crate::error::Result;
use crate::record_keys::filter::Filter;

mod filter;

/// The source of a key that is the record's own id.
pub(crate) const OWN_ID: i64 = 0;
/// The day of records without a time.
const NO_DAY: i64 = -1;
/// A key that is looked for on one day costs as much as so many that are read in a row.
const ROWS_A_LOOK: u64 = 30;
/// Keys of most records: their own id, and those of the request and of the answer.
const KEYS_A_CALL: u64 = 3;

/// The days that have keys, in a table that is too large to be read for them.
pub(crate) const DAYS: &str = "with recursive days (day) as (
        select min(day) from record_key
        union all
        select (select min(k.day) from record_key k where k.day > days.day) from days
        where days.day is not null
    )
    select day from days where day is not null";

/// The day under which the keys of a record stand.
pub(crate) fn day(at_ms: Option<i64>) -> i64 {
    at_ms.map_or(NO_DAY, day_of)
}

/// The first eight bytes of a record's id as a number, in the order of ids.
pub(crate) fn first_eight(id: &[u8]) -> i64 {
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(id) {
        *to = *from;
    }
    (u64::from_be_bytes(first) ^ 1 << 63) as i64
}

/// Adds `first_eight(id)`, for the migration that makes the keys of an older store.
pub(crate) fn add_functions(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_DIRECTONLY;
    connection.create_scalar_function("first_eight", 1, flags, |context| {
        Ok(first_eight(&context.get::<Vec<u8>>(0)?))
    })?;
    Ok(())
}

/// The keys of the store as its writer knows them.
#[derive(Default)]
pub(crate) struct RecordKeys {
    /// The days that have keys, and the sources of request ids; `None` until they are asked for.
    known: Option<Known>,
    /// Every key that there is, and some that there are not; made once that is cheaper than looking.
    filter: Option<Filter>,
    looks: u64,
    /// Keys of the open transaction that are not in the table yet: in their order they go to pages
    /// that are at hand, one by one they fall on any page of a day.
    waiting: Vec<[i64; 4]>,
}

struct Known {
    days: Vec<i64>,
    sources: Vec<i64>,
}

impl Known {
    fn read(connection: &Connection) -> Result<Self> {
        let numbers = |sql: &str| -> Result<Vec<i64>> {
            let mut statement = connection.prepare(sql)?;
            let rows = statement.query_map([], |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        };
        Ok(Self {
            days: numbers(DAYS)?,
            sources: numbers("select distinct source from rollup_source order by source")?,
        })
    }
}

impl RecordKeys {
    /// Forgets what a transaction that was not committed added. The filter may know of more than
    /// there is.
    pub(crate) fn forget(&mut self) {
        self.known = None;
        self.waiting.clear();
    }

    /// Writes the keys that wait: before anything is looked up, and before the commit.
    pub(crate) fn write(&mut self, connection: &Connection) -> Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.waiting.sort_unstable();
        let mut insert = connection.prepare_cached(
            "insert into record_key (day, hash, source, seq) values (?1, ?2, ?3, ?4)",
        )?;
        for key in self.waiting.drain(..) {
            insert.execute(key)?;
        }
        Ok(())
    }

    fn known(&mut self, connection: &Connection) -> Result<&mut Known> {
        if self.known.is_none() {
            self.known = Some(Known::read(connection)?);
        }
        Ok(self.known.get_or_insert_with(|| Known {
            days: Vec::new(),
            sources: Vec::new(),
        }))
    }

    /// Enters a key of the record at `seq`.
    pub(crate) fn put(
        &mut self,
        connection: &Connection,
        [day, hash, source, seq]: [i64; 4],
    ) -> Result<()> {
        let known = self.known(connection)?;
        if known.days.last() != Some(&day) {
            // The day of the record before is the last one: the next is most likely of it too.
            known.days.retain(|other| *other != day);
            known.days.push(day);
        }
        if source != OWN_ID && !known.sources.contains(&source) {
            known.sources.push(source);
        }
        if let Some(filter) = &mut self.filter {
            filter.add(hash, source);
        }
        self.waiting.push([day, hash, source, seq]);
        Ok(())
    }

    /// The record with this id; `day` is where to look first.
    pub(crate) fn of_id(
        &mut self,
        connection: &Connection,
        day: i64,
        id: &[u8],
    ) -> Result<Option<i64>> {
        self.find(connection, (day, first_eight(id), OWN_ID), |seq| {
            has_id(connection, seq, id)
        })
    }

    /// A record that has a request id with this hash, one of `source` where there is one, and
    /// whether it is; `day` is where to look first.
    pub(crate) fn of_request(
        &mut self,
        connection: &Connection,
        (day, hash, source): (i64, i64, i64),
    ) -> Result<Option<(i64, bool)>> {
        if let Some(seq) = self.find(connection, (day, hash, source), |_| Ok(true))? {
            return Ok(Some((seq, true)));
        }
        for index in 0..self.known(connection)?.sources.len() {
            let Some(other) = self.known(connection)?.sources.get(index).copied() else {
                break;
            };
            if other == source {
                continue;
            }
            if let Some(seq) = self.find(connection, (day, hash, other), |_| Ok(true))? {
                return Ok(Some((seq, false)));
            }
        }
        Ok(None)
    }

    /// The newest record that has a request id with this hash and source, on whichever day.
    pub(crate) fn newest(
        &mut self,
        connection: &Connection,
        key: (i64, i64, i64),
    ) -> Result<Option<i64>> {
        let mut newest = None;
        self.find(connection, key, |seq| {
            newest = newest.max(Some(seq));
            Ok(false)
        })?;
        Ok(newest)
    }

    /// A record that has a request id with this hash and source and that `is_it`; the day is where to look
    /// first.
    pub(crate) fn find(
        &mut self,
        connection: &Connection,
        (day, hash, source): (i64, i64, i64),
        mut is_it: impl FnMut(i64) -> Result<bool>,
    ) -> Result<Option<i64>> {
        if let Some(filter) = &self.filter
            && !filter.may_have(hash, source)
        {
            return Ok(None);
        }
        self.write(connection)?;
        let days = self.known(connection)?.days.clone();
        let mut looks = 0;
        let mut found = None;
        for day in std::iter::once(day).chain(days.into_iter().rev().filter(|one| *one != day)) {
            looks += 1;
            let mut statement = connection.prepare_cached(
                "select seq from record_key where day = ?1 and hash = ?2 and source = ?3",
            )?;
            let mut rows = statement.query([day, hash, source])?;
            while let Some(row) = rows.next()? {
                let seq = row.get(0)?;
                if is_it(seq)? {
                    found = Some(seq);
                    break;
                }
            }
            if found.is_some() {
                break;
            }
        }
        if self.filter.is_none() {
            self.looks += looks;
            self.make_filter(connection)?;
        }
        Ok(found)
    }

    /// Reads all keys once that costs no more than what was spent on looking so far.
    fn make_filter(&mut self, connection: &Connection) -> Result<()> {
        let calls: i64 = connection
            .prepare_cached("select coalesce(max(seq), 0) from call")?
            .query_row([], |row| row.get(0))?;
        if self.looks * ROWS_A_LOOK < calls.unsigned_abs() {
            return Ok(());
        }
        let mut filter = Filter::for_keys(calls.unsigned_abs() * KEYS_A_CALL);
        let mut statement = connection.prepare("select hash, source from record_key")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            filter.add(row.get(0)?, row.get(1)?);
        }
        self.filter = Some(filter);
        Ok(())
    }
}

fn has_id(connection: &Connection, seq: i64, id: &[u8]) -> Result<bool> {
    Ok(connection
        .prepare_cached("select id = ?2 from call where seq = ?1")?
        .query_row(params![seq, id], |row| row.get(0))
        .optional()?
        .unwrap_or(false))
}

/// The days on which somebody found records so far, the last one first: where one was, the next is
/// likely to be.
#[derive(Default)]
pub struct Trodden(Vec<i64>);

/// The call with this id, on whichever day it stands.
pub(crate) fn call_of_id(
    connection: &Connection,
    id: &[u8],
    trodden: &mut Trodden,
) -> Result<Option<i64>> {
    let on = |day: i64| -> Result<Option<i64>> {
        let mut statement = connection.prepare_cached(
            "select seq from record_key where day = ?1 and hash = ?2 and source = 0",
        )?;
        let mut rows = statement.query([day, first_eight(id)])?;
        while let Some(row) = rows.next()? {
            let seq = row.get(0)?;
            if has_id(connection, seq, id)? {
                return Ok(Some(seq));
            }
        }
        Ok(None)
    };
    for index in 0..trodden.0.len() {
        if let Some(seq) = on(trodden.0[index])? {
            trodden.0[..=index].rotate_right(1);
            return Ok(Some(seq));
        }
    }
    let mut statement = connection.prepare_cached(DAYS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let day = row.get(0)?;
        if !trodden.0.contains(&day)
            && let Some(seq) = on(day)?
        {
            trodden.0.insert(0, day);
            return Ok(Some(seq));
        }
    }
    Ok(None)
}
