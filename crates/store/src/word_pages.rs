//! Pages of calls that hold words which many calls hold.
//!
//! Such words are not looked up everywhere: the newest calls are tried, then twice as many behind
//! them and so on, and the index is asked for the leaves between which they lie. What few of the
//! calls with these words meet is found by one pass in the end, like any other page. In: a query and
//! a key. Out: the page that `pages` would give. Not here: words that few calls hold.

use assay_domain::query::{Query, Term, Test};
use rusqlite::Connection;

use crate::calls::{self, CallRecord};
use crate::error::Result;
use crate::facets::rolled_count;
use crate::filter::{Filter, compile_calls};
use crate::open::Store;
use crate::pages::{Begin, NEAR, Window};
use crate::text_search::behind::texts_stand_behind;
use crate::text_search::{Looked, Need};

/// First windows in whose room calls are tried before one pass is the quicker way.
const TRIED: i64 = 7;
/// One in so many calls: what fewer meet is not looked for beyond the first window.
const RARE: u64 = 16;
/// Leaves between which a window may lie for each of its calls: a log that was imported out of order
/// is no narrower than the store.
const SPREAD: u64 = 16;

#[cfg(test)]
pub(crate) mod tests;

/// The calls that match, newest first from `from` on, at most `limit`.
pub(crate) fn page(
    store: &Store,
    connection: &Connection,
    query: &Query,
    from: Begin,
    limit: usize,
) -> Result<Vec<CallRecord>> {
    windows(store, connection, query, from, (limit, NEAR))
}

fn windows(
    store: &Store,
    connection: &Connection,
    query: &Query,
    mut from: Begin,
    (limit, first): (usize, i64),
) -> Result<Vec<CallRecord>> {
    let (mut found, mut size, mut tried) = (Vec::new(), first, 0);
    let unread = compile_calls(query, Looked::default());
    let most = match meets_few(connection, query)? {
        true => first,
        false => first * TRIED,
    };
    // What stands behind a call of a window lies anywhere.
    let goes_by_windows = !texts_stand_behind(connection)?;
    while goes_by_windows && let Some(window) = window(connection, &unread, from, size)? {
        let (low, high) = window.leaves;
        let narrow = window.count.unsigned_abs().saturating_mul(SPREAD);
        if high - low > narrow.max(SPREAD * 1_000) {
            break;
        }
        let looked = store.looked_within(connection, query, window.leaves)?;
        let reads = looked.reads();
        let filter = compile_calls(query, looked);
        found.extend(calls::list(&filter, &filter.listed(), from).near(
            connection,
            window.count,
            limit - found.len(),
            calls::read,
        )?);
        from = Begin::After(window.last);
        tried += window.count;
        let is_last = window.count < size && (unread.needs_time || !has_untimed(connection)?);
        if found.len() >= limit || is_last {
            return Ok(found);
        }
        // Whatever reads records reads the newest first, however long it takes.
        if tried >= most && !reads {
            break;
        }
        size = size.saturating_mul(2);
    }
    let filter = compile_calls(query, store.looked(connection, query, Need::Some)?);
    let (condition, rest) = (filter.listed(), limit - found.len());
    found.extend(calls::list(&filter, &condition, from).page(connection, rest, calls::read)?);
    Ok(found)
}

/// Whether few calls meet what is asked besides words and times, as far as the roll-ups tell.
fn meets_few(connection: &Connection, query: &Query) -> Result<bool> {
    let is_other = |term: &&Term| match &term.test {
        Test::Text(_) => false,
        Test::Field { key, .. } | Test::Has(key) => key.name != "started_at",
    };
    let terms: Vec<Term> = query.terms.iter().filter(is_other).cloned().collect();
    if terms.is_empty() {
        return Ok(false);
    }
    let stored = rolled_count(connection, &Query { terms: Vec::new() })?.unwrap_or(0);
    Ok(rolled_count(connection, &Query { terms })?.is_some_and(|count| count < stored / RARE))
}

/// The next calls with a time, where there are any.
fn window(
    connection: &Connection,
    filter: &Filter,
    from: Begin,
    size: i64,
) -> Result<Option<Window>> {
    match from.key() {
        Some(key) if key.at_ms.is_none() => Ok(None),
        _ => calls::list(filter, "true", from).window(connection, size),
    }
}

fn has_untimed(connection: &Connection) -> Result<bool> {
    let mut statement = connection
        .prepare_cached("select exists (select 1 from call where started_at_ms is null)")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}
