//! What is counted of words that many calls hold, by columns in memory instead of by the table.
//!
//! Only of queries that ask for nothing but words. In: a query and what is known of its words. Out: the
//! counts that a scan gives. Not here: the columns (`columns`), words that few calls hold, for which the
//! table is quick.

use std::collections::HashMap;

use assay_domain::query::{Query, Test};
use rusqlite::Connection;

use crate::columns::{Counts, OF_CHARTS, Times, place};
use crate::error::Result;
use crate::facets::{Bar, ValueCount, facet, sources};
use crate::facets_together::valued;
use crate::filter::compile_calls;
use crate::open::Store;
use crate::text_search::Looked;

impl Looked {
    /// The calls that hold the words of a query that asks for nothing else, by their leaves, 64 a number;
    /// `None` where it asks for more, where they are not all known and where they are few.
    fn wide(&self, query: &Query) -> Option<Vec<u64>> {
        let mut set: Option<Vec<u64>> = None;
        let mut without = Vec::new();
        for term in &query.terms {
            let Test::Text(words) = &term.test else {
                return None;
            };
            let found = self.of(words)?;
            if found.has_rest || !found.calls.is_exact {
                return None;
            }
            let bits = found.calls.bits()?;
            if term.excluded {
                without.push(bits);
                continue;
            }
            if found.calls.few.is_some() {
                return None;
            }
            match &mut set {
                None => set = Some(bits.to_vec()),
                Some(set) => {
                    set.truncate(bits.len());
                    for (own, other) in set.iter_mut().zip(bits) {
                        *own &= other;
                    }
                }
            }
        }
        let mut set = set?;
        for bits in without {
            for (own, other) in set.iter_mut().zip(bits) {
                *own &= !other;
            }
        }
        Some(set)
    }
}

/// Takes the calls that stand behind another record out of a set.
fn take_hidden_out(connection: &Connection, set: &mut [u64]) -> Result<()> {
    let mut statement = connection.prepare_cached("select seq from witness")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let leaf = row.get::<_, i64>(0)?.unsigned_abs();
        let number = usize::try_from(leaf / 64).unwrap_or(usize::MAX);
        if let Some(bits) = set.get_mut(number) {
            *bits &= !(1 << (leaf % 64));
        }
    }
    Ok(())
}

fn has(set: &[u64], leaf: u64) -> bool {
    let number = usize::try_from(leaf / 64).unwrap_or(usize::MAX);
    set.get(number)
        .is_some_and(|bits| bits >> (leaf % 64) & 1 == 1)
}

impl Store {
    /// The values of `key` among the calls that match, by the columns in memory or by [`facet`].
    pub(crate) fn facet_of(
        &self,
        connection: &Connection,
        key: &str,
        query: &Query,
        looked: Looked,
    ) -> Result<Vec<ValueCount>> {
        let counted = self.wide_counts(connection, &[key], (query, &looked))?;
        match counted.and_then(|mut counts| counts.pop()) {
            Some(counts) if key == "source" => sources(
                connection,
                query,
                &compile_calls(query, looked),
                Some(counts),
            ),
            Some(counts) => valued(connection, key, counts),
            None => facet(connection, key, query, looked),
        }
    }

    fn wide_set(
        &self,
        connection: &Connection,
        query: &Query,
        looked: &Looked,
    ) -> Result<Option<Vec<u64>>> {
        let Some(mut set) = looked.wide(query) else {
            return Ok(None);
        };
        take_hidden_out(connection, &mut set)?;
        Ok(Some(set))
    }

    /// The numbers behind the values of each of `keys` among the calls that hold many calls' words, in
    /// the order of the keys; `None` where a scan has to tell.
    pub(crate) fn wide_counts(
        &self,
        connection: &Connection,
        keys: &[&str],
        (query, looked): (&Query, &Looked),
    ) -> Result<Option<Vec<Counts>>> {
        let places: Option<Vec<usize>> = keys.iter().map(|key| place(key)).collect();
        let Some(places) = places else {
            return Ok(None);
        };
        let Some(set) = self.wide_set(connection, query, looked)? else {
            return Ok(None);
        };
        let counted = self.columns.look(connection, &places, |columns| {
            let mut all = Vec::new();
            for (key, place) in keys.iter().zip(&places) {
                let mut counts = columns.count(*place, &set);
                if *key == "served_region" {
                    told_by_others(connection, &mut counts, |leaf| {
                        has(&set, leaf) && columns.value(*place, leaf).is_none()
                    })?;
                }
                all.push(counts);
            }
            Ok(all)
        })?;
        counted.transpose()
    }

    /// When the calls that hold many calls' words were, and a set to count them in bars by; `None` where
    /// a scan has to tell.
    pub(crate) fn wide_times(
        &self,
        connection: &Connection,
        (query, looked): (&Query, &Looked),
    ) -> Result<Option<(Times, Vec<u64>)>> {
        let Some(set) = self.wide_set(connection, query, looked)? else {
            return Ok(None);
        };
        let times = self
            .columns
            .look(connection, &OF_CHARTS, |columns| columns.times(&set))?;
        Ok(times.map(|times| (times, set)))
    }

    /// Adds the calls of a set to bars; answers whether it could.
    pub(crate) fn wide_bars(
        &self,
        connection: &Connection,
        set: &[u64],
        (bar_ms, bars): (i64, &mut [Bar]),
    ) -> Result<bool> {
        let added = self.columns.look(connection, &OF_CHARTS, |columns| {
            columns.add_to(bars, bar_ms, set);
        })?;
        Ok(added.is_some())
    }
}

/// Counts the calls whose first record does not say where they ran under what the next one says that
/// does. `is_asked` tells of a call whether it is one of them.
fn told_by_others(
    connection: &Connection,
    counts: &mut Counts,
    is_asked: impl Fn(u64) -> bool,
) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "select w.of_seq, w.served_region from witness w indexed by witness_with_region
         where w.served_region is not null order by w.of_seq, w.seq",
    )?;
    let mut rows = statement.query([])?;
    let (mut told, mut last) = (HashMap::<Option<i64>, u64>::new(), None);
    while let Some(row) = rows.next()? {
        let leaf = row.get::<_, i64>(0)?.unsigned_abs();
        if last.replace(leaf) != Some(leaf) && is_asked(leaf) {
            *told.entry(row.get(1)?).or_default() += 1;
        }
    }
    for (value, calls) in told {
        *counts.entry(value).or_default() += calls;
        if let Some(unknown) = counts.get_mut(&None) {
            *unknown = unknown.saturating_sub(calls);
        }
    }
    counts.retain(|_, calls| *calls > 0);
    Ok(())
}

#[cfg(test)]
mod tests;
