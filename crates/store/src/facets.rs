//! Counting calls: how many match, and by the values of a field.
//!
//! From the roll-ups where they can answer, else by an exact scan. Not here: lists, calls over time (`histogram`).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use assay_domain::call::{Body, Feature, Features, Kind, Status};
use assay_domain::formats::Format;
use assay_domain::query::Query;
use assay_domain::query::keys::CALL_KEYS;
use assay_domain::same_call::Disagreement;
use rusqlite::Connection;

use crate::columns::Counts;
use crate::coverage::bit;
use crate::error::Result;
use crate::facets_together::texts;
use crate::filter::rolled::{
    Rolled, Seen, compile_rollup, has_shared_calls, rolled, rollup_column, rollup_table,
};
use crate::filter::{Filter, call_column, compile_calls, states};
use crate::open::Store;
use crate::text_search::Need;
use crate::text_search::looked::Looked;

/// How many calls have a value; `None` is "not recorded".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueCount {
    pub value: Option<String>,
    pub calls: u64,
}

impl Store {
    /// How many calls match, and how many there are.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn count(&self, query: &Query) -> Result<(u64, u64)> {
        self.search(query, Need::All, |connection, looked| {
            let stored = one(
                connection,
                "select coalesce(sum(calls), 0) from rollup_total r",
                &Filter::default(),
            )?;
            let matching = match rolled_count(connection, query)? {
                Some(count) => count,
                None => self.count_of(connection, query, looked)?,
            };
            Ok((matching, stored))
        })
    }

    /// How many calls match, where no roll-up tells.
    fn count_of(&self, connection: &Connection, query: &Query, looked: Looked) -> Result<u64> {
        if let Some(count) = looked.count(connection, query)? {
            return Ok(count);
        } else if let Some(count) = self.wide_count(connection, (query, &looked))? {
            return Ok(count);
        }
        let filter = compile_calls(query, looked);
        let sql = format!("select count(*) from call c where {}", filter.listed());
        one(connection, &sql, &filter)
    }

    /// The values of `key` among the calls that match, most frequent first, at most `limit`, and
    /// how many further values there are.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn facet(&self, key: &str, query: &Query, limit: usize) -> Result<(Vec<ValueCount>, u64)> {
        let query = beside(query, key);
        let counts = self.search(&query, Need::All, |connection, looked| {
            self.facet_of(connection, key, &query, looked)
        })?;
        let more = counts.len().saturating_sub(limit) as u64;
        Ok((counts.into_iter().take(limit).collect(), more))
    }
}

/// What a facet of `key` counts: the query without its own terms about it.
pub(crate) fn beside(query: &Query, key: &str) -> Query {
    match CALL_KEYS.iter().find(|candidate| candidate.name == key) {
        Some(key) => query.without(key),
        None => query.clone(),
    }
}

/// How many calls match, where the roll-ups can tell.
pub(crate) fn rolled_count(connection: &Connection, query: &Query) -> Result<Option<u64>> {
    let Some(Rolled { table, filter }) = rolled(query, None, Seen::of(connection, query)?) else {
        return Ok(None);
    };
    let sql = format!(
        "select coalesce(sum(r.calls), 0) from {table} r where {}",
        filter.sql
    );
    one(connection, &sql, &filter).map(Some)
}

pub(crate) fn one(connection: &Connection, sql: &str, filter: &Filter) -> Result<u64> {
    let count: i64 = connection
        .prepare_cached(sql)?
        .query_row(filter.named().as_slice(), |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

pub(crate) fn facet(
    connection: &Connection,
    key: &str,
    query: &Query,
    looked: Looked,
) -> Result<Vec<ValueCount>> {
    let scan = compile_calls(query, looked);
    if key == "feature" {
        return features(connection, query, scan);
    }
    if key == "join" || key == "disagrees" {
        return states(connection, key, &scan);
    }
    let listed = scan.listed();
    let seen = Seen::of(connection, query)?;
    let (sql, filter) = match (key, rollup_column(key).zip(rolled(query, Some(key), seen))) {
        (_, Some((column, Rolled { table, filter }))) => (
            format!(
                "select {}, sum(r.calls) as calls from {table} r where {} group by r.{column}
                 having sum(r.calls) > 0
                 order by 2 desc, 1",
                shown(key, &format!("r.{column}")),
                filter.sql
            ),
            filter,
        ),
        ("source", None) => return sources(connection, query, &scan, None),
        ("entity_type", None) => (
            format!(
                "select l.text, count(distinct c.seq) as calls from entity e
                 join call c on c.seq = e.seq join label l on l.id = e.entity_type
                 where {listed} group by 1 order by 2 desc, 1"
            ),
            scan,
        ),
        // What stands on any record of a call is the call's.
        ("tag", None) => (
            format!(
                "select t.tag, count(distinct c.seq) as calls from tag t
                 left join witness tw on tw.seq = t.call_seq
                 join call c on c.seq = coalesce(tw.of_seq, t.call_seq)
                 where t.removed_ms is null and t.tag is not null and {listed}
                 group by 1 order by 2 desc, 1"
            ),
            scan,
        ),
        _ => {
            if !CALL_KEYS.iter().any(|candidate| candidate.name == key) {
                return Ok(Vec::new());
            }
            let column = call_column(key);
            // In the order of an index every call would be looked up by itself, unless nothing
            // else is asked of it.
            let by = if query.terms.is_empty() {
                column.clone()
            } else {
                format!("+{column}")
            };
            (
                format!(
                    "select {}, count(*) as calls from call c where {listed} group by {by} order by 2 desc, 1",
                    shown(key, &column),
                ),
                scan,
            )
        }
    };
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(filter.named().as_slice(), |row| {
        Ok((row.get::<_, Option<String>>(0)?, row.get::<_, i64>(1)?))
    })?;
    rows.map(|row| {
        let (value, calls) = row?;
        Ok(ValueCount {
            value: value.map(|value| named(key, value)),
            calls: calls.unsigned_abs(),
        })
    })
    .collect()
}

/// How a column's value is read as text.
pub(crate) fn shown(key: &str, column: &str) -> String {
    match key {
        "kind" | "status" | "body" => format!("cast({column} as text)"),
        "http_status" => format!("cast(nullif({column}, -1) as text)"),
        "deployment" => format!("(select name from deployment where id = {column})"),
        _ => format!("(select text from label where id = {column})"),
    }
}

/// The name behind a number.
pub(crate) fn named(key: &str, value: String) -> String {
    let index = value.parse::<usize>().unwrap_or(usize::MAX);
    match key {
        "kind" => Kind::ALL
            .get(index)
            .map(|kind| kind.name().to_owned())
            .unwrap_or(value),
        "status" => {
            if index == 0 {
                Status::Ok.name().to_owned()
            } else {
                Status::Error.name().to_owned()
            }
        }
        "body" => [
            Body::Present,
            Body::Missing,
            Body::ByReference,
            Body::NotCarried,
        ]
        .get(index)
        .map(|body| body.name().to_owned())
        .unwrap_or(value),
        _ => value,
    }
}

/// Calls by the sources that saw them: a call that two saw counts under both. `first` are the sources of
/// the records that are listed, where they are counted already.
pub(crate) fn sources(
    connection: &Connection,
    query: &Query,
    scan: &Filter,
    first: Option<Counts>,
) -> Result<Vec<ValueCount>> {
    let is_counted = first.is_some();
    let mut calls: BTreeMap<String, u64> = BTreeMap::new();
    for value in texts(connection, "source", first.unwrap_or_default())? {
        calls.insert(value.value.unwrap_or_default(), value.calls);
    }
    let mut add = |sql: &str, filter: &Filter| -> Result<()> {
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map(filter.named().as_slice(), |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, i64>(1)?.unsigned_abs(),
            ))
        })?;
        for row in rows {
            let (source, count) = row?;
            *calls.entry(source).or_default() += count;
        }
        Ok(())
    };
    if !is_counted
        && let Some(Rolled { table, filter }) = rolled(query, Some("source"), Seen::ByMany)
    {
        for (sources, count) in by_sources(connection, table, &filter)? {
            for format in Format::ALL
                .into_iter()
                .filter(|format| sources & bit(*format as u8) != 0)
            {
                *calls.entry(format.name().to_owned()).or_default() += count;
            }
        }
        return Ok(most_first(calls));
    }
    match compile_rollup(query, Seen::ByMany) {
        _ if is_counted => {}
        Some(filter) => add(
            &format!(
                "select l.text, sum(r.calls) from {} r join label l on l.id = r.source
                 where {} group by r.source having sum(r.calls) > 0",
                rollup_table(query),
                filter.sql
            ),
            &filter,
        )?,
        None => add(
            &format!(
                "select l.text, count(*) from call c join label l on l.id = c.source
                 where {} group by c.source",
                scan.listed()
            ),
            scan,
        )?,
    }
    if !has_shared_calls(connection)? {
        return Ok(most_first(calls));
    }
    add(
        &format!(
            "select l.text, count(distinct w.of_seq) from witness w
             join call c on c.seq = w.of_seq join label l on l.id = w.source
             where w.source <> c.source and {} group by w.source",
            scan.sql
        ),
        scan,
    )?;
    Ok(most_first(calls))
}

/// Calls by the set of sources that saw them.
fn by_sources(connection: &Connection, table: &str, filter: &Filter) -> Result<Vec<(i64, u64)>> {
    let mut statement = connection.prepare_cached(&format!(
        "select r.sources, sum(r.calls) from {table} r where {} group by r.sources
         having sum(r.calls) > 0",
        filter.sql
    ))?;
    let rows = statement.query_map(filter.named().as_slice(), |row| {
        Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn most_first(calls: BTreeMap<String, u64>) -> Vec<ValueCount> {
    let mut counts: Vec<ValueCount> = calls
        .into_iter()
        .map(|(source, calls)| ValueCount {
            value: Some(source),
            calls,
        })
        .collect();
    counts.sort_by_key(|count| Reverse(count.calls));
    counts
}

/// Calls by how their records were joined, or by the fields in which they disagree: a call counts
/// under each that is so.
fn states(connection: &Connection, key: &str, scan: &Filter) -> Result<Vec<ValueCount>> {
    let listed = scan.listed();
    let values: Vec<(&str, String)> = match key {
        "join" => states::JOINS
            .map(|name| (name, states::join_condition(name).to_owned()))
            .to_vec(),
        _ => Disagreement::ALL
            .map(|field| (field.name(), states::disagreement_condition(field)))
            .to_vec(),
    };
    let mut counts = Vec::new();
    for (name, condition) in values {
        let sql = format!("select count(*) from call c where {condition} and {listed}");
        let calls = one(connection, &sql, scan)?;
        if calls > 0 {
            counts.push(ValueCount {
                value: Some(name.to_owned()),
                calls,
            });
        }
    }
    counts.sort_by_key(|count| Reverse(count.calls));
    Ok(counts)
}

fn features(connection: &Connection, query: &Query, scan: Filter) -> Result<Vec<ValueCount>> {
    let (from, column, filter) = match compile_rollup(query, Seen::of(connection, query)?) {
        Some(filter) => {
            let from = format!("{} r where {}", rollup_table(query), filter.sql);
            (from, ["r.features", "r.calls"], filter)
        }
        None => {
            let from = format!("call c where {}", scan.listed());
            (from, ["c.features", "1"], scan)
        }
    };
    let [bits, calls] = column;
    let sql = format!("select {bits}, sum({calls}) from {from} group by 1");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(filter.named().as_slice(), |row| {
        Ok((row.get::<_, u32>(0)?, row.get::<_, i64>(1)?.unsigned_abs()))
    })?;
    let bits: Vec<(u32, u64)> = rows.collect::<rusqlite::Result<_>>()?;
    Ok(by_feature(bits))
}

/// Calls by feature, from calls by the set of their features, the most frequent first.
pub(crate) fn by_feature(bits: impl IntoIterator<Item = (u32, u64)>) -> Vec<ValueCount> {
    let mut counts = [0_u64; Feature::ALL.len()];
    for (bits, calls) in bits {
        for (count, feature) in counts.iter_mut().zip(Feature::ALL) {
            if Features(bits).contains(feature) {
                *count += calls;
            }
        }
    }
    let mut counts: Vec<ValueCount> = Feature::ALL
        .into_iter()
        .zip(counts)
        .filter(|(_, calls)| *calls > 0)
        .map(|(feature, calls)| ValueCount {
            value: Some(feature.name().to_owned()),
            calls,
        })
        .collect();
    counts.sort_by(|a, b| b.calls.cmp(&a.calls).then_with(|| a.value.cmp(&b.value)));
    counts
}
