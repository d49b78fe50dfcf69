//! What facets and charts count of every call, kept in memory in columns, a byte or two a value.
//!
//! A word that most calls hold names a set of nearly as many, and so does a feature: looking each of them
//! up in the table takes seconds where there are millions. Here a value is found by the call's leaf. Rows
//! of calls are only ever added, so that what was read stays true and the rest is read behind it; but for
//! erasures, after which all is read anew and while which nothing is answered. In: a set of calls. Out: how
//! many have each value, and when they were. Not here: which calls hold a word (`text_search`), values that
//! come from other records of a call than its first (`facets`).

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use rusqlite::Connection;

use crate::error::Result;
use crate::histogram::Bar;
use crate::rollups::mixing::Map;
use crate::text_search::what_is_read;

/// What is kept of a call, beside when it was: the keys of facets and the columns of its row.
const KEPT: [(&str, &str); 11] = [
    ("deployment", "deployment_id"),
    ("kind", "kind"),
    ("status", "status"),
    ("http_status", "http_status"),
    ("served_region", "served_region"),
    ("requested_region", "requested_region"),
    ("request_model", "request_model"),
    ("feature", "features"),
    ("body", "body"),
    ("principal", "principal"),
    ("source", "source"),
];
const STATUS: usize = 2;
const HTTP_STATUS: usize = 3;
/// Stands for when calls were, among the places of columns.
pub(crate) const TIME: usize = KEPT.len();
/// What a chart is made of.
pub(crate) const OF_CHARTS: [usize; 3] = [TIME, STATUS, HTTP_STATUS];
/// A leaf that is no call.
const NO_CALL: i64 = i64::MIN;
/// A call whose time is not recorded.
const NO_TIME: i64 = i64::MIN + 1;

/// Where the column of a facet is, if it is kept.
pub(crate) fn place(key: &str) -> Option<usize> {
    KEPT.iter().position(|(name, _)| *name == key)
}

/// Where it is kept what a query asks of a key; `None` where other records of a call have a say in it.
pub(crate) fn place_of_asked(key: &str) -> Option<usize> {
    match key {
        "started_at" => Some(TIME),
        "source" | "served_region" => None,
        key => place(key),
    }
}

/// How many calls have a value.
pub(crate) type Counts = HashMap<Option<i64>, u64>;

/// The columns of a store, as far as they were read.
#[derive(Default)]
pub(crate) struct Columns(RwLock<Read>);

#[derive(Default)]
struct Read {
    /// The last erasure when it was read; -1 before any.
    erasure: Option<i64>,
    /// The leaves that are calls, 64 a number.
    calls: Vec<u64>,
    /// By leaf.
    times: Vec<i64>,
    values: [Column; KEPT.len()],
}

/// The values of a column by leaf, as places in the list of its values.
#[derive(Default)]
struct Column {
    places: Places,
    values: Vec<Option<i64>>,
    known: Map<Option<i64>, u32>,
    /// The value that was put last and its place: what comes together is often alike.
    last: Option<(Option<i64>, u32)>,
}

enum Places {
    Bytes(Vec<u8>),
    Pairs(Vec<u16>),
    Wide(Vec<u32>),
}

impl Default for Places {
    fn default() -> Self {
        Self::Bytes(Vec::new())
    }
}

impl Places {
    fn len(&self) -> usize {
        match self {
            Self::Bytes(places) => places.len(),
            Self::Pairs(places) => places.len(),
            Self::Wide(places) => places.len(),
        }
    }

    /// Adds one for the leaf `at`, which is behind all before; those between are no calls.
    fn put(&mut self, at: usize, place: u32) {
        match self {
            Self::Bytes(places) => match u8::try_from(place) {
                Ok(place) => {
                    places.resize(at, 0);
                    places.push(place);
                }
                Err(_) => {
                    *self = Self::Pairs(places.iter().copied().map(u16::from).collect());
                    self.put(at, place);
                }
            },
            Self::Pairs(places) => match u16::try_from(place) {
                Ok(place) => {
                    places.resize(at, 0);
                    places.push(place);
                }
                Err(_) => {
                    *self = Self::Wide(places.iter().copied().map(u32::from).collect());
                    self.put(at, place);
                }
            },
            Self::Wide(places) => {
                places.resize(at, 0);
                places.push(place);
            }
        }
    }

    /// Adds those of the leaves in `set` to `counts`.
    fn count(&self, set: &[u64], counts: &mut [u64]) {
        match self {
            Self::Bytes(places) => {
                for_each(set, places, |_, place| counts[usize::from(*place)] += 1);
            }
            Self::Pairs(places) => {
                for_each(set, places, |_, place| counts[usize::from(*place)] += 1);
            }
            Self::Wide(places) => {
                for_each(set, places, |_, place| counts[*place as usize] += 1);
            }
        }
    }

    fn at(&self, leaf: usize) -> usize {
        match self {
            Self::Bytes(places) => places.get(leaf).copied().map_or(0, usize::from),
            Self::Pairs(places) => places.get(leaf).copied().map_or(0, usize::from),
            Self::Wide(places) => places.get(leaf).map_or(0, |place| *place as usize),
        }
    }
}

/// Hands over what stands at each leaf of a set, 64 leaves a number.
fn for_each<T>(set: &[u64], of: &[T], mut take: impl FnMut(usize, &T)) {
    for ((number, bits), part) in set.iter().enumerate().zip(of.chunks(64)) {
        let mut left = *bits;
        while left != 0 {
            let bit = left.trailing_zeros() as usize;
            if let Some(value) = part.get(bit) {
                take(number * 64 + bit, value);
            }
            left &= left - 1;
        }
    }
}

/// Takes out of a set the leaves whose value is not wanted, and those that have none.
fn keep<T>(set: &mut [u64], of: &[T], is_wanted: impl Fn(&T) -> bool) {
    let mut parts = of.chunks(64);
    for bits in set {
        let part = parts.next().unwrap_or_default();
        if *bits == 0 {
            continue;
        }
        let mut wanted = 0;
        for (bit, value) in part.iter().enumerate() {
            wanted |= u64::from(is_wanted(value)) << bit;
        }
        *bits &= wanted;
    }
}

impl Column {
    fn put(&mut self, at: usize, value: Option<i64>) {
        let place = match self.last {
            Some((last, place)) if last == value => place,
            _ => self.place_of(value),
        };
        self.last = Some((value, place));
        self.places.put(at, place);
    }

    fn place_of(&mut self, value: Option<i64>) -> u32 {
        let values = &mut self.values;
        *self.known.entry(value).or_insert_with(|| {
            values.push(value);
            u32::try_from(values.len() - 1).unwrap_or(u32::MAX)
        })
    }

    fn count(&self, set: &[u64]) -> Counts {
        let mut counts = vec![0; self.values.len()];
        self.places.count(set, &mut counts);
        let counted = self.values.iter().copied().zip(counts);
        counted.filter(|(_, calls)| *calls > 0).collect()
    }
}

impl Read {
    /// Forgets what was read before the last erasure.
    fn is_of(&mut self, erasure: i64) {
        if self.erasure != Some(erasure) {
            *self = Self {
                erasure: Some(erasure),
                ..Self::default()
            };
        }
    }

    /// Leaves of which a column is known.
    fn known(&self, column: usize) -> usize {
        self.values
            .get(column)
            .map_or(self.times.len(), |column| column.places.len())
    }

    /// Reads of `columns` what is behind that which was read of them, of `most` calls at most.
    fn go_on(&mut self, connection: &Connection, columns: &[usize], most: i64) -> Result<()> {
        let name = |column: &usize| KEPT.get(*column).map_or("started_at_ms", |(_, name)| name);
        let names: Vec<&str> = columns.iter().map(name).collect();
        let mut statement = connection.prepare_cached(&format!(
            "select seq, {} from call where seq >= ?1 order by seq limit ?2",
            names.join(", ")
        ))?;
        let known: Vec<usize> = columns.iter().map(|column| self.known(*column)).collect();
        let from = known.iter().min().copied().unwrap_or(0);
        let mut rows = statement.query([i64::try_from(from).unwrap_or(i64::MAX), most])?;
        while let Some(row) = rows.next()? {
            let at = usize::try_from(row.get::<_, i64>(0)?).unwrap_or(usize::MAX);
            self.calls.resize(self.calls.len().max(at / 64 + 1), 0);
            self.calls[at / 64] |= 1 << (at % 64);
            for (index, (column, known)) in columns.iter().zip(&known).enumerate() {
                if at < *known {
                    continue;
                }
                let value: Option<i64> = row.get(index + 1)?;
                match self.values.get_mut(*column) {
                    Some(column) => column.put(at, value),
                    None => {
                        self.times.resize(at, NO_CALL);
                        self.times.push(value.unwrap_or(NO_TIME));
                    }
                }
            }
        }
        Ok(())
    }
}

/// Whether a question is worth reading columns for it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reads {
    /// It would take a pass over the calls as well.
    Missing,
    /// An index narrows it: the columns are as quick only if they are there.
    Nothing,
}

/// When the calls of a set were: the first, the last, and how many have no time.
pub(crate) type Times = (Option<i64>, Option<i64>, u64);

impl Columns {
    /// Reads all columns of the next `calls` at most, for whoever will ask for them; whether more is left that
    /// can be read.
    pub(crate) fn read_ahead(&self, connection: &Connection, calls: i64) -> Result<bool> {
        let (last, erasure, under_way) = what_is_read(connection)?;
        let mut read = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if under_way > 0 || read.erasure > Some(erasure) {
            return Ok(false);
        }
        read.is_of(erasure);
        let all: Vec<usize> = (0..=TIME).collect();
        let is_left = |read: &Read| {
            all.iter()
                .any(|column| (read.known(*column) as i64) <= last)
        };
        if is_left(&read)
            && let Err(error) = read.go_on(connection, &all, calls)
        {
            *read = Read::default();
            return Err(error);
        }
        Ok(is_left(&read))
    }

    /// Lets `answer` look at the columns at `places` of all calls that `connection` sees; `None` where they
    /// can't tell: while something is being erased, for who sees the store as it was before an erasure, and
    /// where some are not read yet and `reads` says that it is not worth it.
    pub(crate) fn look<T>(
        &self,
        connection: &Connection,
        (places, reads): (&[usize], Reads),
        answer: impl FnOnce(&View<'_>) -> T,
    ) -> Result<Option<T>> {
        let (last, erasure, under_way) = what_is_read(connection)?;
        if under_way > 0 {
            return Ok(None);
        }
        let leaves = usize::try_from(last + 1).unwrap_or(0);
        let is_whole = |read: &Read| {
            read.erasure == Some(erasure) && places.iter().all(|place| read.known(*place) >= leaves)
        };
        {
            let read = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if is_whole(&read) {
                return Ok(Some(answer(&View(&read))));
            }
        }
        if reads == Reads::Nothing {
            return Ok(None);
        }
        {
            let mut read = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if read.erasure > Some(erasure) {
                return Ok(None);
            }
            read.is_of(erasure);
            let mut missing = places.to_vec();
            missing.retain(|place| read.known(*place) < leaves);
            missing.sort_unstable();
            missing.dedup();
            if !missing.is_empty()
                && let Err(error) = read.go_on(connection, &missing, i64::MAX)
            {
                // What was read in part is not to be told of.
                *read = Read::default();
                return Err(error);
            }
        }
        let read = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Ok(is_whole(&read).then(|| answer(&View(&read))))
    }
}

/// The columns, for counting.
pub(crate) struct View<'a>(&'a Read);

impl View<'_> {
    /// All calls.
    pub(crate) fn calls(&self) -> Vec<u64> {
        self.0.calls.clone()
    }

    /// Takes out of a set the calls whose value in the column at `place` is not wanted. `are_wanted` is asked
    /// once, of all values that there are; of each it answers whether it is.
    pub(crate) fn keep(
        &self,
        place: usize,
        set: &mut [u64],
        are_wanted: impl FnOnce(&str, &[Option<i64>]) -> Result<Vec<bool>>,
    ) -> Result<()> {
        let (Some(column), Some((_, name))) = (self.0.values.get(place), KEPT.get(place)) else {
            return Ok(());
        };
        let wanted = are_wanted(name, &column.values)?;
        let is_wanted = |at: usize| wanted.get(at).copied().unwrap_or(false);
        match &column.places {
            Places::Bytes(places) => keep(set, places, |at| is_wanted(usize::from(*at))),
            Places::Pairs(places) => keep(set, places, |at| is_wanted(usize::from(*at))),
            Places::Wide(places) => keep(set, places, |at| is_wanted(*at as usize)),
        }
        Ok(())
    }

    /// Takes out of a set the calls whose time, in milliseconds where it is recorded, is not wanted.
    pub(crate) fn keep_times(&self, set: &mut [u64], is_wanted: impl Fn(Option<i64>) -> bool) {
        keep(set, &self.0.times, |&time| match time {
            NO_TIME => is_wanted(None),
            time => is_wanted(Some(time)),
        });
    }

    /// The values of the column at `place` among a set of calls.
    pub(crate) fn count(&self, place: usize, set: &[u64]) -> Counts {
        self.0.values[place].count(set)
    }

    /// The value of a call in the column at `place`.
    pub(crate) fn value(&self, place: usize, leaf: u64) -> Option<i64> {
        let column = &self.0.values[place];
        let at = column
            .places
            .at(usize::try_from(leaf).unwrap_or(usize::MAX));
        column.values.get(at).copied().flatten()
    }

    /// When the calls of a set were.
    pub(crate) fn times(&self, set: &[u64]) -> Times {
        let (mut first, mut last, mut without) = (i64::MAX, i64::MIN, 0);
        for_each(set, &self.0.times, |_, &time| match time {
            NO_CALL => {}
            NO_TIME => without += 1,
            time => {
                first = first.min(time);
                last = last.max(time);
            }
        });
        match first <= last {
            true => (Some(first), Some(last), without),
            false => (None, None, without),
        }
    }

    /// Adds the calls of a set to the bars that they fall into.
    pub(crate) fn add_to(&self, bars: &mut [Bar], bar_ms: i64, set: &[u64]) {
        let from = bars.first().map_or(0, |bar| bar.start_ms);
        let (status, http) = (&self.0.values[STATUS], &self.0.values[HTTP_STATUS]);
        let is_ok: Vec<bool> = status
            .values
            .iter()
            .map(|value| *value == Some(0))
            .collect();
        let is_limited: Vec<bool> = http
            .values
            .iter()
            .map(|value| *value == Some(429))
            .collect();
        for_each(set, &self.0.times, |leaf, &time| {
            if time == NO_CALL || time == NO_TIME {
                return;
            }
            let at = usize::try_from((time - from).div_euclid(bar_ms)).unwrap_or(usize::MAX);
            let Some(bar) = bars.get_mut(at) else {
                return;
            };
            match (
                is_ok[status.places.at(leaf)],
                is_limited[http.places.at(leaf)],
            ) {
                (true, _) => bar.ok += 1,
                (_, true) => bar.limited += 1,
                _ => bar.errors += 1,
            }
        });
    }
}
