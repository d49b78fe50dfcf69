//! Several facets of one query at once. What no roll-up holds is counted in one pass over the calls
//! that match, however many facets are asked.
//!
//! In: keys and a query. Out: for each key what [`Store::facet`] answers. Not here: one facet by
//! itself (`facets`).

use std::collections::HashMap;

use assay_domain::query::Query;
use rusqlite::{Connection, OptionalExtension};

use crate::columns::Counts;
use crate::error::Result;
use crate::facets::{ValueCount, beside, by_feature, named, shown};
use crate::filter::rolled::{Seen, compile_rollup, rolled, rollup_column};
use crate::filter::{Filter, call_column, compile_calls};
use crate::open::Store;
use crate::text_search::Need;

/// Keys that are a number in a call's row.
const COLUMNS: [&str; 10] = [
    "deployment",
    "kind",
    "status",
    "http_status",
    "served_region",
    "requested_region",
    "request_model",
    "feature",
    "body",
    "principal",
];

/// The values of a key, and how many further ones there are.
pub type Facet = (Vec<ValueCount>, u64);

impl Store {
    /// For each of `keys` the values among the calls that match, as [`Store::facet`] answers them.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn facets(&self, keys: &[&str], query: &Query, limit: usize) -> Result<Vec<Facet>> {
        let mut together: Vec<&str> = Vec::new();
        for key in keys {
            let is_own = beside(query, key) != *query;
            if COLUMNS.contains(key)
                && !is_own
                && !self.read(|connection| is_rolled(connection, key, query))?
            {
                together.push(key);
            }
        }
        if together.len() < 2 {
            together.clear();
        }
        let mut counted = match together.is_empty() {
            true => HashMap::new(),
            false => self.search(query, Need::All, |connection, looked| {
                let wide = self.wide_counts(connection, &together, (query, &looked))?;
                let counts = match wide {
                    Some(counts) => counts,
                    None => pass(connection, &together, &compile_calls(query, looked))?,
                };
                values(connection, &together, counts)
            })?,
        };
        let cut = |counts: Vec<ValueCount>| {
            let more = counts.len().saturating_sub(limit) as u64;
            (counts.into_iter().take(limit).collect(), more)
        };
        keys.iter()
            .map(|key| match counted.remove(*key) {
                Some(counts) => Ok(cut(counts)),
                None => {
                    let query = beside(query, key);
                    let counts = self.search(&query, Need::All, |connection, looked| {
                        self.facet_of(connection, key, &query, looked)
                    })?;
                    Ok(cut(counts))
                }
            })
            .collect()
    }
}

/// Whether a roll-up tells the values of `key` among the calls that match.
pub(crate) fn is_rolled(connection: &Connection, key: &str, query: &Query) -> Result<bool> {
    let seen = Seen::of(connection, query)?;
    Ok(match key {
        "feature" => compile_rollup(query, seen).is_some(),
        "source" => {
            rolled(query, Some("source"), Seen::ByMany).is_some()
                || compile_rollup(query, Seen::ByMany).is_some()
        }
        key => rollup_column(key).is_some() && rolled(query, Some(key), seen).is_some(),
    })
}

/// Counts the numbers of all keys in one pass.
fn pass(connection: &Connection, keys: &[&str], filter: &Filter) -> Result<Vec<Counts>> {
    let columns: Vec<String> = keys
        .iter()
        .map(|key| match *key {
            "feature" => "c.features".to_owned(),
            key => call_column(key),
        })
        .collect();
    let mut counts: Vec<Counts> = vec![HashMap::new(); keys.len()];
    let mut statement = connection.prepare_cached(&format!(
        "select {} from call c where {}",
        columns.join(", "),
        filter.listed()
    ))?;
    let mut rows = statement.query(filter.named().as_slice())?;
    while let Some(row) = rows.next()? {
        for (index, counts) in counts.iter_mut().enumerate() {
            *counts.entry(row.get(index)?).or_default() += 1;
        }
    }
    Ok(counts)
}

/// The values of keys behind their numbers, each in the order of a facet.
fn values(
    connection: &Connection,
    keys: &[&str],
    counts: Vec<Counts>,
) -> Result<HashMap<String, Vec<ValueCount>>> {
    let mut all = HashMap::new();
    for (key, counts) in keys.iter().zip(counts) {
        all.insert((*key).to_owned(), valued(connection, key, counts)?);
    }
    Ok(all)
}

/// The values of a key behind its numbers, in the order of a facet.
pub(crate) fn valued(
    connection: &Connection,
    key: &str,
    counts: Counts,
) -> Result<Vec<ValueCount>> {
    match key {
        "feature" => {
            let bits = |value: Option<i64>| u32::try_from(value.unwrap_or(0)).unwrap_or(0);
            let counts = counts.into_iter();
            Ok(by_feature(
                counts.map(|(value, calls)| (bits(value), calls)),
            ))
        }
        key => texts(connection, key, counts),
    }
}

/// The values behind the numbers, in the order of a facet.
pub(crate) fn texts(connection: &Connection, key: &str, counts: Counts) -> Result<Vec<ValueCount>> {
    let mut statement = connection.prepare_cached(&format!("select {}", shown(key, "?1")))?;
    let mut found = Vec::new();
    for (number, calls) in counts {
        let text: Option<String> = statement
            .query_row([number], |row| row.get(0))
            .optional()?
            .flatten();
        found.push((text, calls));
    }
    // As SQLite orders them: the most frequent first, then by what stands in the column.
    found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(found
        .into_iter()
        .map(|(value, calls)| ValueCount {
            value: value.map(|value| named(key, value)),
            calls,
        })
        .collect())
}
