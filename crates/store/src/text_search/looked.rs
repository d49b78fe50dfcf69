//! What is known of the words of a query: of each a set of calls, whether all of these hold it, and whether
//! records behind them are still to be read.
//!
//! In: sets. Out: conditions, whether a call may match, counts. Not here: looking sets up (`text_search`).

use std::sync::Arc;

use assay_domain::query::{Query, Test};
use assay_domain::words::Words;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::behind::read_call_test;
use super::functions::{read_test, wanted};
use super::sets::Calls;
use crate::error::Result;
use crate::filter::Filter;
use crate::filter::rolled::Seen;

/// What is known of the words of a query, in the snapshot that it is answered from.
#[derive(Default)]
pub(crate) struct Looked {
    /// Every call before this leaf is in the index.
    pub(super) up_to: u64,
    pub(super) found: Vec<Found>,
    /// Whether many calls hold some word and nothing was looked up: [`Need::Near`] alone gives it.
    pub(crate) is_wide: bool,
    /// What the roll-ups can tell of the query's sources.
    pub(crate) seen: Seen,
}

/// What is known of one of its words.
pub(super) struct Found {
    pub(super) words: Words,
    pub(super) calls: Arc<Calls>,
    /// Whether the calls from `up_to` on are not among these and must be read.
    pub(super) has_rest: bool,
}

impl Looked {
    /// Whether the calls that hold the words are few and known by their leaves.
    pub(crate) fn is_few(&self, words: &Words) -> bool {
        self.of(words)
            .is_some_and(|found| !found.has_rest && found.calls.few.is_some())
    }

    pub(super) fn of(&self, words: &Words) -> Option<&Found> {
        self.found.iter().find(|found| found.words == *words)
    }

    /// Whether the sets tell which few calls may match, of which records must be read.
    pub(crate) fn reads_few(&self, query: &Query) -> bool {
        let (mut reads_few, mut is_told) = (false, true);
        for term in &query.terms {
            let Test::Text(words) = &term.test else {
                continue;
            };
            match self.of(words) {
                Some(found) if !found.has_rest => {
                    let is_read = !found.calls.is_exact;
                    reads_few |= is_read && !term.excluded && found.calls.few.is_some();
                    is_told &= !(is_read && term.excluded);
                }
                _ => is_told = false,
            }
        }
        reads_few && is_told
    }

    /// The same for statements that read no record: what may match, where [`Looked::reads_few`].
    pub(crate) fn unread(&self) -> Self {
        self.with(|calls| calls.is_exact = true)
    }

    /// The same for statements that look at one call at a time, which no list is to be read for.
    pub(crate) fn for_one(&self) -> Self {
        self.with(|calls| calls.few = None)
    }

    fn with(&self, change: impl Fn(&mut Calls)) -> Self {
        let found = self.found.iter().map(|found| {
            let mut calls = found.calls.as_ref().clone();
            change(&mut calls);
            Found {
                words: found.words.clone(),
                calls: Arc::new(calls),
                has_rest: found.has_rest,
            }
        });
        Self {
            up_to: self.up_to,
            found: found.collect(),
            is_wide: self.is_wide,
            seen: self.seen,
        }
    }

    /// Whether a call may match a query whose words these are, as far as the sets tell: there is nothing
    /// to read of one that may not.
    pub(crate) fn allows(&self, query: &Query, seq: u64) -> bool {
        query.terms.iter().all(|term| {
            let Test::Text(words) = &term.test else {
                return true;
            };
            match self.of(words) {
                Some(found) if !found.has_rest => match term.excluded {
                    true => !(found.calls.is_exact && found.calls.has(seq)),
                    false => found.calls.has(seq),
                },
                _ => true,
            }
        })
    }

    /// Whether records must be read to tell which calls match.
    pub(crate) fn reads(&self) -> bool {
        let reads = |found: &Found| found.has_rest || !found.calls.is_exact;
        self.found.is_empty() || self.found.iter().any(reads)
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

/// The condition that a call holds the words.
pub(crate) fn call_test(filter: &mut Filter, words: &Words) -> String {
    let Some(found) = filter.looked.of(words) else {
        return read_call_test(filter, words);
    };
    let (calls, has_rest) = (Arc::clone(&found.calls), found.has_rest);
    let mut test = match &calls.few {
        Some(seqs) => {
            let name = filter.text(seqs);
            format!("c.seq in (select value from json_each({name}))")
        }
        None => {
            let name = filter.parameter(Value::Integer(calls.number as i64));
            if !has_rest {
                filter.among.push(name.clone());
            }
            format!("is_among({name}, c.seq)")
        }
    };
    if !calls.is_exact {
        test = format!("({test} and {})", read_call_test(filter, words));
    }
    if has_rest {
        let (rest, from) = (read_call_test(filter, words), filter.looked.up_to);
        test = format!(
            "({test} or ((c.seq >= {from} or exists (select 1 from witness w
                where w.of_seq = c.seq and w.seq >= {from})) and {rest}))"
        );
    }
    test
}

/// The condition that an activity holds the words.
pub(crate) fn activity_test(filter: &mut Filter, words: &Words) -> String {
    let name = wanted(filter, words);
    read_test("a", &name)
}
