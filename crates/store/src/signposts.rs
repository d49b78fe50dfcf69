//! Rows of a list by their number, so that a scroll bar can go anywhere at once.
//!
//! Lists go by key. Of the lists that were asked last, the keys of some rows are kept with the rows'
//! numbers: those that were seen, and once a row is wanted that none of them is near, where each hour
//! begins by the hourly roll-ups, or every 500th where these can't tell. A list that no index keeps in
//! order has the records' numbers kept instead, eight bytes each. One pass makes any of them, and nothing of it is worth anything once the store has changed. In: a list and
//! the number of a row. Out: rows. Not here: the order of lists and pages by key (`pages`).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use assay_domain::query::Query;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::activities::{self, ActivityRecord};
use crate::calls::{self, CallRecord, Cursor};
use crate::error::Result;
use crate::facets;
use crate::filter::{compile_activities, compile_calls};
use crate::open::Store;
use crate::pages::{Begin, List};
use crate::rollups::HOUR_MS;
use crate::text_search::{Need, has_words};

/// Rows between two keys that one pass keeps; no more than this are read to reach a row.
const STEP: u64 = 500;
/// Calls of an hour up to which where hours begin is near enough to any row.
const FULL_HOUR: i64 = 20_000;
/// Lists of which something is kept.
const LISTS: usize = 8;
/// Numbers of records that are kept of all lists together, unless one list alone has more.
const NUMBERS: usize = 8_000_000;

/// What the store was when something was noted: its leaves, and the entries of its log of rows.
type Version = (i64, i64);

/// Where rows of some lists stand.
#[derive(Default)]
pub(crate) struct Signposts {
    kept: Mutex<Vec<Kept>>,
    /// Held by whoever makes one pass, so that two who want the same wait for one.
    passing: Mutex<()>,
}

struct Kept {
    list: String,
    version: Version,
    posts: Posts,
}

#[derive(Clone)]
enum Posts {
    /// Keys by the number of their row, in a list that an index keeps in order.
    Keys {
        known: BTreeMap<u64, Cursor>,
        /// The rows that there are, where that is known.
        total: Option<u64>,
        /// Whether every [`STEP`]th is there, or one of each hour.
        is_whole: bool,
    },
    /// All records in the order of the list.
    Numbers(Arc<Vec<i64>>),
}

fn unlocked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Signposts {
    fn get(&self, list: &str, version: Version) -> Option<Posts> {
        let mut kept = unlocked(&self.kept);
        let at = kept
            .iter()
            .position(|one| one.list == list && one.version == version)?;
        // The one that was asked last is the last to go.
        let one = kept.remove(at);
        let posts = one.posts.clone();
        kept.push(one);
        Some(posts)
    }

    fn put(&self, list: &str, version: Version, posts: Posts) {
        let mut kept = unlocked(&self.kept);
        kept.retain(|one| one.list != list && one.version == version);
        kept.push(Kept {
            list: list.to_owned(),
            version,
            posts,
        });
        let numbers = |kept: &[Kept]| -> usize {
            kept.iter()
                .map(|one| match &one.posts {
                    Posts::Numbers(all) => all.len(),
                    Posts::Keys { .. } => 0,
                })
                .sum()
        };
        while kept.len() > 1 && (kept.len() > LISTS || numbers(&kept) > NUMBERS) {
            kept.remove(0);
        }
    }
}

fn version(connection: &Connection) -> Result<Version> {
    Ok(connection
        .prepare_cached(
            "select (select coalesce(max(seq), -1) from leaf),
                (select coalesce(max(id), 0) from row_log)",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

fn key(row: &Row<'_>) -> rusqlite::Result<Cursor> {
    Ok(Cursor {
        at_ms: row.get(0)?,
        seq: row.get::<_, i64>(1)?.unsigned_abs(),
    })
}

/// A list whose rows are asked for by number.
struct Numbered<'a, T> {
    store: &'a Store,
    connection: &'a Connection,
    list: List<'a>,
    read: fn(&Row<'_>) -> rusqlite::Result<T>,
    key_of: fn(&T) -> Cursor,
    /// How many rows there are, where that is cheaper than counting them.
    count: &'a dyn Fn(&Connection) -> Result<Option<u64>>,
    version: Version,
    identity: String,
}

impl<T> Numbered<'_, T> {
    fn rows(&self, row: u64, limit: usize) -> Result<Vec<T>> {
        if row == 0 {
            let found = self.list.page(self.connection, limit, self.read)?;
            self.note(0, &found);
            return Ok(found);
        }
        match self.posts(row)? {
            Posts::Numbers(all) => {
                let from = usize::try_from(row).unwrap_or(usize::MAX).min(all.len());
                let to = from.saturating_add(limit).min(all.len());
                self.list
                    .of_numbers(self.connection, &all[from..to], self.read)
            }
            posts => match self.begin_of(row, &posts)? {
                None => Ok(Vec::new()),
                Some(key) => {
                    let list = self.list.begun(Begin::At(key));
                    let found = list.page(self.connection, limit, self.read)?;
                    self.note(row, &found);
                    Ok(found)
                }
            },
        }
    }

    /// What is known that leads to this row, after one pass where nothing does.
    fn posts(&self, row: u64) -> Result<Posts> {
        let signposts = &self.store.signposts;
        let leads = |posts: &Posts| match posts {
            Posts::Numbers(_) => true,
            Posts::Keys {
                known,
                total,
                is_whole,
            } => {
                let below = known.range(..=row).next_back();
                let above = known.range(row..).next();
                *is_whole
                    || total.is_some_and(|total| total.saturating_sub(row) <= STEP)
                    || below.is_some_and(|(at, _)| row - at <= STEP)
                    || above.is_some_and(|(at, _)| at - row <= STEP)
            }
        };
        if let Some(posts) = signposts.get(&self.identity, self.version).filter(leads) {
            return Ok(posts);
        }
        let _one = unlocked(&signposts.passing);
        let kept = signposts.get(&self.identity, self.version);
        if let Some(posts) = kept.clone().filter(leads) {
            return Ok(posts);
        }
        let mut posts = kept.unwrap_or(Posts::Keys {
            known: BTreeMap::new(),
            total: None,
            is_whole: false,
        });
        if let Posts::Keys { total, .. } = &mut posts
            && total.is_none()
            && !self.list.filter.is_scan
        {
            *total = (self.count)(self.connection)?;
        }
        if !leads(&posts) {
            posts = self.pass()?;
        }
        signposts.put(&self.identity, self.version, posts.clone());
        Ok(posts)
    }

    fn pass(&self) -> Result<Posts> {
        if self.list.filter.is_scan {
            let numbers = self.list.numbers(self.connection)?;
            return Ok(Posts::Numbers(Arc::new(numbers)));
        }
        let (known, total) = match self.hours()? {
            Some(hours) => hours,
            None => self.list.every(self.connection, STEP)?,
        };
        Ok(Posts::Keys {
            known,
            total: Some(total),
            is_whole: true,
        })
    }

    /// By the row at which each hour begins, a key that nothing later in the hour is before; and the
    /// rows that there are. `None` where the roll-ups can't tell, or an hour has too many.
    fn hours(&self) -> Result<Option<(BTreeMap<u64, Cursor>, u64)>> {
        let Some(hourly) = &self.list.filter.hourly else {
            return Ok(None);
        };
        let mut statement = self.connection.prepare(&format!(
            "select r.hour_ms, sum(r.calls) from rollup r where {}
             group by r.hour_ms having sum(r.calls) > 0 order by r.hour_ms desc",
            hourly.filter.sql
        ))?;
        let mut rows = statement.query(hourly.filter.named().as_slice())?;
        let (mut known, mut row) = (BTreeMap::new(), 0);
        while let Some(found) = rows.next()? {
            let (hour, calls): (i64, i64) = (found.get(0)?, found.get(1)?);
            if calls > FULL_HOUR {
                return Ok(None);
            }
            let begin = Cursor {
                at_ms: (hour >= 0).then(|| hour + HOUR_MS - 1),
                seq: i64::MAX.unsigned_abs(),
            };
            known.insert(row, begin);
            row += calls.unsigned_abs();
        }
        Ok(Some((known, row)))
    }

    /// The key of a row; `None` where there are fewer rows.
    fn begin_of(&self, row: u64, posts: &Posts) -> Result<Option<Cursor>> {
        let Posts::Keys {
            known,
            total,
            is_whole,
        } = posts
        else {
            return Ok(None);
        };
        let is_near = |distance: u64| *is_whole || distance <= STEP;
        if total.is_some_and(|total| row >= total) {
            return Ok(None);
        }
        let keys = |list: List<'_>, count: u64| {
            let columns = list.key_columns();
            let list = List {
                columns: &columns,
                ..list
            };
            list.page(self.connection, usize::try_from(count).unwrap_or(0), key)
        };
        let below = known.range(..=row).next_back();
        if let Some((_, exact)) = below.filter(|(at, _)| **at == row) {
            return Ok(Some(*exact));
        }
        if let Some((at, key)) = below.filter(|(at, _)| is_near(row - **at)) {
            let found = keys(self.list.begun(Begin::At(*key)), row - at + 1)?;
            let is_there = found.len() as u64 == row - at + 1;
            return Ok(found.last().copied().filter(|_| is_there));
        }
        let above = known
            .range(row..)
            .next()
            .map(|(at, key)| (*at, Begin::Before(*key)))
            .filter(|(at, _)| at - row <= STEP);
        let end = total.map(|total| (total, Begin::End));
        let Some((at, begin)) = above.or(end) else {
            return Ok(None);
        };
        let found = keys(self.list.begun(begin), at - row)?;
        let is_there = found.len() as u64 == at - row;
        Ok(found.first().copied().filter(|_| is_there))
    }

    /// Keeps the keys of the first and the last row of a page.
    fn note(&self, row: u64, page: &[T]) {
        let (Some(first), Some(last)) = (page.first(), page.last()) else {
            return;
        };
        if self.list.filter.is_scan {
            return;
        }
        let posts = self.store.signposts.get(&self.identity, self.version);
        let (mut known, total, is_whole) = match posts {
            Some(Posts::Keys {
                known,
                total,
                is_whole,
            }) => (known, total, is_whole),
            _ => (BTreeMap::new(), None, false),
        };
        let before = known.len();
        known.insert(row, (self.key_of)(first));
        known.insert(row + page.len() as u64 - 1, (self.key_of)(last));
        if known.len() != before {
            let posts = Posts::Keys {
                known,
                total,
                is_whole,
            };
            self.store
                .signposts
                .put(&self.identity, self.version, posts);
        }
    }

    /// The number of the first row at or before a time, or of the first without one.
    fn row_at(&self, at_ms: i64) -> Result<u64> {
        let is_after = |time: Option<i64>| time.is_some_and(|time| time > at_ms);
        match self.posts_of_all()? {
            Posts::Numbers(all) => {
                let (mut from, mut to) = (0, all.len());
                while from < to {
                    let middle = from + (to - from) / 2;
                    if is_after(self.list.time_of(self.connection, all[middle])?) {
                        from = middle + 1;
                    } else {
                        to = middle;
                    }
                }
                Ok(from as u64)
            }
            Posts::Keys { known, total, .. } => {
                let last = known.iter().rfind(|(_, key)| is_after(key.at_ms));
                let Some((at, begin)) = last else {
                    return Ok(0);
                };
                let columns = self.list.key_columns();
                let list = List {
                    columns: &columns,
                    ..self.list.begun(Begin::At(*begin))
                };
                let next = known.range(at + 1..).next().map(|(next, _)| *next);
                let apart = next.or(total).map_or(STEP, |next| next - at);
                let limit = usize::try_from(apart.max(STEP)).unwrap_or(0) + 1;
                let later = list
                    .page(self.connection, limit, key)?
                    .iter()
                    .filter(|key| is_after(key.at_ms))
                    .count();
                Ok(at + later as u64)
            }
        }
    }

    fn posts_of_all(&self) -> Result<Posts> {
        let is_all = |posts: &Posts| {
            matches!(
                posts,
                Posts::Numbers(_) | Posts::Keys { is_whole: true, .. }
            )
        };
        let signposts = &self.store.signposts;
        let _one = unlocked(&signposts.passing);
        match signposts.get(&self.identity, self.version).filter(is_all) {
            Some(posts) => Ok(posts),
            None => {
                let posts = self.pass()?;
                signposts.put(&self.identity, self.version, posts.clone());
                Ok(posts)
            }
        }
    }
}

impl Store {
    /// Calls that match, from the row with this number (from 0) on, in the order of
    /// [`Store::calls`].
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn call_rows(&self, query: &Query, row: u64, limit: usize) -> Result<Vec<CallRecord>> {
        // The first page of words that many calls hold needs no look at all of them.
        if row == 0 && has_words(query) {
            return Ok(self.calls(query, None, limit)?.0);
        }
        self.numbered_calls(query, |numbered| numbered.rows(row, limit))
    }

    /// Activities that match, from the row with this number (from 0) on.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn activity_rows(
        &self,
        query: &Query,
        row: u64,
        limit: usize,
    ) -> Result<Vec<ActivityRecord>> {
        self.numbered_activities(query, |numbered| numbered.rows(row, limit))
    }

    /// The number of the first call that matches and started at or before this time; where all are
    /// later, of the first without a time, or of the row after the last.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn call_row_at(&self, query: &Query, at_ms: i64) -> Result<u64> {
        self.numbered_calls(query, |numbered| numbered.row_at(at_ms))
    }

    /// The same of activities.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn activity_row_at(&self, query: &Query, at_ms: i64) -> Result<u64> {
        self.numbered_activities(query, |numbered| numbered.row_at(at_ms))
    }

    fn numbered_calls<A>(
        &self,
        query: &Query,
        ask: impl FnOnce(&Numbered<'_, CallRecord>) -> Result<A>,
    ) -> Result<A> {
        let count = |connection: &Connection| facets::rolled_count(connection, query);
        self.at_one_time(|connection| {
            let filter = compile_calls(query, self.looked(connection, query, Need::All)?);
            let condition = filter.listed();
            ask(&Numbered {
                store: self,
                connection,
                list: calls::list(&filter, &condition, Begin::Start),
                read: calls::read,
                key_of: |record| Cursor {
                    at_ms: record.call.started_at_ms,
                    seq: record.seq,
                },
                count: &count,
                version: version(connection)?,
                identity: format!("calls {}", filter.identity()),
            })
        })
    }

    fn numbered_activities<A>(
        &self,
        query: &Query,
        ask: impl FnOnce(&Numbered<'_, ActivityRecord>) -> Result<A>,
    ) -> Result<A> {
        let filter = compile_activities(query);
        self.at_one_time(|connection| {
            ask(&Numbered {
                store: self,
                connection,
                list: activities::list(&filter, Begin::Start),
                read: activities::read,
                key_of: |record| Cursor {
                    at_ms: record.activity.at_ms,
                    seq: record.seq,
                },
                count: &|_| Ok(None),
                version: version(connection)?,
                identity: format!("activities {}", filter.identity()),
            })
        })
    }

    /// Runs `read` on the store as it is now, whatever is written meanwhile.
    pub(crate) fn at_one_time<T>(&self, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.read(|connection| {
            let _one = connection.unchecked_transaction()?;
            read(connection)
        })
    }
}

impl List<'_> {
    fn key_columns(&self) -> String {
        format!("{}.{}, {}.seq", self.short, self.time, self.short)
    }

    /// The numbers of all records, in the order of the list.
    pub(crate) fn numbers(&self, connection: &Connection) -> Result<Vec<i64>> {
        let sql = format!(
            "select {} from {} {} where {}",
            self.key_columns(),
            self.table,
            self.short,
            self.condition
        );
        let mut statement = connection.prepare_cached(&sql)?;
        let rows = statement.query_map(self.filter.named().as_slice(), |row| {
            Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, i64>(1)?))
        })?;
        let mut keys: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
        // Newest first, and those without a time last.
        keys.sort_unstable_by(|a, b| b.cmp(a));
        Ok(keys.into_iter().map(|(_, seq)| seq).collect())
    }

    /// The keys of every `step`th row by its number, and how many rows there are.
    fn every(&self, connection: &Connection, step: u64) -> Result<(BTreeMap<u64, Cursor>, u64)> {
        let (mut keys, mut count) = (BTreeMap::new(), 0_u64);
        let (short, time) = (self.short, self.time);
        let mut parts = vec![format!(
            "{short}.{time} is not null and {} order by {short}.{time} desc, {short}.seq desc",
            self.condition
        )];
        if !self.filter.needs_time {
            parts.push(format!(
                "{short}.{time} is null and {} order by {short}.seq desc",
                self.condition
            ));
        }
        for part in parts {
            let sql = format!(
                "select {} from {} {short} where {part}",
                self.key_columns(),
                self.table
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query(self.filter.named().as_slice())?;
            while let Some(row) = rows.next()? {
                if count.is_multiple_of(step) {
                    keys.insert(count, key(row)?);
                }
                count += 1;
            }
        }
        Ok((keys, count))
    }

    /// The records with these numbers, in their order.
    pub(crate) fn of_numbers<T>(
        &self,
        connection: &Connection,
        numbers: &[i64],
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let sql = format!(
            "select {} from json_each(?1) wanted cross join {} {short} on {short}.seq = wanted.value
             order by wanted.key",
            self.columns,
            self.table,
            short = self.short
        );
        let wanted = serde_json::to_string(numbers)?;
        let mut statement = connection.prepare_cached(&sql)?;
        let rows = statement.query_map([wanted], read)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn time_of(&self, connection: &Connection, number: i64) -> Result<Option<i64>> {
        let sql = format!("select {} from {} where seq = ?1", self.time, self.table);
        let found: Option<Option<i64>> = connection
            .prepare_cached(&sql)?
            .query_row([number], |row| row.get(0))
            .optional()?;
        Ok(found.flatten())
    }
}
