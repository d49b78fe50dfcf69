//! What is counted of very many calls, by columns in memory instead of by the table: of words that many
//! calls hold, and of what no roll-up and no index tells.
//!
//! Only of queries that ask for nothing but words and what the columns hold. In: a query and what is known
//! of its words. Out: the counts that a scan gives. Not here: the columns (`columns`), words that few calls
//! hold and stores of few calls, for which the table is quick.

use std::collections::HashMap;

use assay_domain::query::{Match, Query, Term, Test};
use rusqlite::Connection;

use crate::columns::{Counts, OF_CHARTS, Reads, TIME, Times, View, place, place_of_asked};
use crate::error::Result;
use crate::facets::{ValueCount, facet, sources};
use crate::facets_together::{is_rolled, valued};
use crate::filter::{Filter, compile_calls, value_test};
use crate::histogram::Bar;
use crate::open::Store;
use crate::text_search::looked::Looked;
use crate::text_search::{has_words, what_is_read};

/// What is asked of the columns.
struct Asked<'a> {
    /// The calls that hold the words, 64 leaves a number; `None` for all calls.
    with: Option<Vec<u64>>,
    /// The calls that hold words which are excluded.
    without: Vec<&'a [u64]>,
    /// The other terms, each with the place of its column.
    fields: Vec<(&'a Term, usize)>,
}

impl Looked {
    /// What a query asks, where columns can tell; `None` where it asks for more, where its words are not all
    /// known and where few calls hold them.
    fn asked<'a>(&'a self, query: &'a Query) -> Option<Asked<'a>> {
        let mut asked = Asked {
            with: None,
            without: Vec::new(),
            fields: Vec::new(),
        };
        for term in &query.terms {
            let words = match &term.test {
                Test::Text(words) => words,
                Test::Field { key, .. } | Test::Has(key) => {
                    asked.fields.push((term, place_of_asked(key.name)?));
                    continue;
                }
            };
            let found = self.of(words)?;
            if found.has_rest || !found.calls.is_exact {
                return None;
            }
            let bits = found.calls.bits()?;
            if term.excluded {
                asked.without.push(bits);
                continue;
            }
            if found.calls.few.is_some() {
                return None;
            }
            match &mut asked.with {
                None => asked.with = Some(bits.to_vec()),
                Some(set) => {
                    set.truncate(bits.len());
                    for (own, other) in set.iter_mut().zip(bits) {
                        *own &= other;
                    }
                }
            }
        }
        Some(asked)
    }
}

impl Asked<'_> {
    /// Whether no index narrows it, so that columns are worth reading.
    fn reads(&self) -> Reads {
        let narrows = |test: &Test| {
            let (Test::Field { key, .. } | Test::Has(key)) = test else {
                return false;
            };
            matches!(
                key.name,
                "started_at" | "deployment" | "status" | "principal"
            )
        };
        match self
            .fields
            .iter()
            .any(|(term, _)| !term.excluded && narrows(&term.test))
        {
            true => Reads::Nothing,
            false => Reads::Missing,
        }
    }

    /// The columns that tell it, beside `more`. Which leaves are calls is known by any column.
    fn places(&self, more: &[usize]) -> Vec<usize> {
        let own = self.fields.iter().map(|(_, place)| *place);
        more.iter()
            .copied()
            .chain(own)
            .chain(place("status"))
            .collect()
    }

    /// The calls that match, without those that stand behind another record.
    fn set(self, connection: &Connection, columns: &View<'_>) -> Result<Vec<u64>> {
        let mut set = self.with.unwrap_or_else(|| columns.calls());
        for bits in self.without {
            for (own, other) in set.iter_mut().zip(bits) {
                *own &= !other;
            }
        }
        for (term, place) in self.fields {
            if place == TIME {
                columns.keep_times(&mut set, |at_ms| term.excluded != is_at(&term.test, at_ms));
            } else {
                columns.keep(place, &mut set, |name, values| {
                    are_wanted(connection, term, (name, values))
                })?;
            }
        }
        take_hidden_out(connection, &mut set)?;
        Ok(set)
    }
}

/// Whether a call of this time is what a test of times asks for.
fn is_at(test: &Test, at_ms: Option<i64>) -> bool {
    let Some(at_ms) = at_ms else {
        return false;
    };
    match test {
        Test::Field { any, .. } => any.iter().any(|wanted| match wanted {
            Match::Number { from, to } => {
                from.is_none_or(|from| from <= at_ms) && to.is_none_or(|to| at_ms <= to)
            }
            Match::Text(_) | Match::Prefix(_) => false,
        }),
        Test::Has(_) => true,
        Test::Text(_) => false,
    }
}

/// Which of the values of a column a term asks for, in their order: by the condition that a scan has.
fn are_wanted(
    connection: &Connection,
    term: &Term,
    (column, values): (&str, &[Option<i64>]),
) -> Result<Vec<bool>> {
    let mut filter = Filter::default();
    let test = value_test(&mut filter, term);
    let values = serde_json::to_string(values).unwrap_or_default();
    let mut statement = connection.prepare_cached(&format!(
        "with c (place, {column}) as (select key, value from json_each(:values))
         select coalesce({test}, false) from c order by place"
    ))?;
    let mut named = filter.named();
    named.push((":values", &values));
    let rows = statement.query_map(named.as_slice(), |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
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
    /// The values of `key` among the calls that match: by the roll-ups, by the columns in memory, or by
    /// [`facet`].
    pub(crate) fn facet_of(
        &self,
        connection: &Connection,
        key: &str,
        query: &Query,
        looked: Looked,
    ) -> Result<Vec<ValueCount>> {
        let counted = match is_rolled(connection, key, query)? {
            true => None,
            false => self.wide_counts(connection, &[key], (query, &looked))?,
        };
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

    /// What a query asks of the columns; `None` where they can't tell, and where an index or the table is as
    /// quick. Whether roll-ups tell it is asked before.
    fn asked<'a>(
        &self,
        connection: &Connection,
        query: &'a Query,
        looked: &'a Looked,
    ) -> Result<Option<Asked<'a>>> {
        let Some(asked) = looked.asked(query) else {
            return Ok(None);
        };
        if asked.with.is_some() {
            return Ok(Some(asked));
        }
        let (last, _, _) = what_is_read(connection)?;
        let is_small = u64::try_from(last + 1).unwrap_or(0) <= self.searches.few();
        let is_quick = || {
            let filter = compile_calls(query, Looked::default());
            !has_words(query) && (!filter.is_scan || filter.is_by_day())
        };
        Ok((!is_small && !is_quick()).then_some(asked))
    }

    /// The numbers behind the values of each of `keys` among the calls that match, in the order of the keys;
    /// `None` where a scan has to tell.
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
        let Some(asked) = self.asked(connection, query, looked)? else {
            return Ok(None);
        };
        let (all, reads) = (asked.places(&places), asked.reads());
        let counted = self.columns.look(connection, (&all, reads), |columns| {
            let set = asked.set(connection, columns)?;
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

    /// How many calls match; `None` where a scan has to tell.
    pub(crate) fn wide_count(
        &self,
        connection: &Connection,
        (query, looked): (&Query, &Looked),
    ) -> Result<Option<u64>> {
        let Some(asked) = self.asked(connection, query, looked)? else {
            return Ok(None);
        };
        let (places, reads) = (asked.places(&[]), asked.reads());
        let counted = self.columns.look(connection, (&places, reads), |columns| {
            let set = asked.set(connection, columns)?;
            Ok(set.iter().map(|bits| u64::from(bits.count_ones())).sum())
        })?;
        counted.transpose()
    }

    /// When the calls that match were, and a set to count them in bars by; `None` where a scan has to tell.
    pub(crate) fn wide_times(
        &self,
        connection: &Connection,
        (query, looked): (&Query, &Looked),
    ) -> Result<Option<(Times, Vec<u64>)>> {
        let Some(asked) = self.asked(connection, query, looked)? else {
            return Ok(None);
        };
        let (places, reads) = (asked.places(&OF_CHARTS), asked.reads());
        let told = self.columns.look(connection, (&places, reads), |columns| {
            let set = asked.set(connection, columns)?;
            Ok((columns.times(&set), set))
        })?;
        told.transpose()
    }

    /// Adds the calls of a set to bars; answers whether it could.
    pub(crate) fn wide_bars(
        &self,
        connection: &Connection,
        set: &[u64],
        (bar_ms, bars): (i64, &mut [Bar]),
    ) -> Result<bool> {
        let charts = (&OF_CHARTS[..], Reads::Missing);
        let added = self.columns.look(connection, charts, |columns| {
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
