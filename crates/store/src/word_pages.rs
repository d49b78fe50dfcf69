//! Pages of calls that hold words which many calls hold.
//!
//! Such words are not looked up everywhere: the newest calls are tried, then twice as many behind
//! them and so on, and the index is asked for the leaves between which they lie. What few of the
//! calls with these words meet is found by one pass in the end, like any other page; what has to be
//! read is read newest first, until the page is full. In: a query and a key. Out: the page that `pages`
//! would give. Not here: words that few calls hold and that are known without reading.

use assay_domain::query::{Query, Term, Test};
use rusqlite::Connection;

use crate::calls::{self, CallRecord, Cursor};
use crate::error::Result;
use crate::facets::rolled_count;
use crate::filter::{Filter, compile_calls};
use crate::open::Store;
use crate::pages::{Begin, List, NEAR};
use crate::text_search::Need;
use crate::text_search::behind::texts_stand_behind;
use crate::text_search::looked::Looked;

/// First windows in whose room calls are tried before one pass is the quicker way.
const TRIED: usize = 7;
/// First windows in the room of the largest.
const LARGEST: usize = 16;
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

/// The same where few calls may hold the words and records must be read to tell: which may, and when they
/// were, is told without, and the newest are read first.
pub(crate) fn page_of_few(
    connection: &Connection,
    (query, looked): (&Query, &Looked),
    from: Begin,
    limit: usize,
) -> Result<Vec<CallRecord>> {
    let may = compile_calls(query, looked.unread());
    let condition = may.listed();
    let seqs = List {
        columns: "c.seq",
        ..calls::list(&may, &condition, from)
    };
    let seqs = seqs.page(connection, usize::MAX, |row| row.get::<_, i64>(0))?;
    let filter = compile_calls(query, looked.for_one());
    calls::list(&filter, &filter.listed(), from).one_by_one(
        connection,
        seqs.into_iter().map(i64::unsigned_abs),
        limit,
        calls::read,
    )
}

fn windows(
    store: &Store,
    connection: &Connection,
    query: &Query,
    mut from: Begin,
    (limit, first): (usize, usize),
) -> Result<Vec<CallRecord>> {
    let (mut found, mut size, mut tried) = (Vec::new(), first, 0);
    let unread = compile_calls(query, Looked::default());
    let most = match meets_few(connection, query)? {
        true => first,
        false => first * TRIED,
    };
    // What stands behind a call of a window lies anywhere.
    let goes_by_windows = !texts_stand_behind(connection)?;
    while goes_by_windows && let Some((window, last)) = window(connection, &unread, from, size)? {
        let leaves = window.iter().map(|key| key.seq);
        let (low, high) = (leaves.clone().min().unwrap_or(0), leaves.max().unwrap_or(0));
        let narrow = (window.len() as u64).saturating_mul(SPREAD);
        if high - low > narrow.max(SPREAD * 1_000) {
            break;
        }
        let filter = compile_calls(query, store.looked_within(connection, query, (low, high))?);
        let reads = filter.looked.reads();
        let leaves = window.iter().map(|key| key.seq);
        found.extend(calls::list(&filter, &filter.listed(), from).one_by_one(
            connection,
            leaves.filter(|seq| filter.looked.allows(query, *seq)),
            limit - found.len(),
            calls::read,
        )?);
        from = Begin::After(last);
        tried += window.len();
        let is_last = window.len() < size && (unread.needs_time || !has_untimed(connection)?);
        if found.len() >= limit || is_last {
            return Ok(found);
        }
        // Whatever reads records reads the newest first, however long it takes.
        if tried >= most && !reads {
            break;
        }
        size = size.saturating_mul(2).min(first * LARGEST);
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

/// The next calls with a time, at most `size`, and the last of them.
fn window(
    connection: &Connection,
    filter: &Filter,
    from: Begin,
    size: usize,
) -> Result<Option<(Vec<Cursor>, Cursor)>> {
    let keys = match from.key() {
        Some(key) if key.at_ms.is_none() => Vec::new(),
        _ => calls::list(filter, "true", from).window(connection, size)?,
    };
    Ok(keys.last().copied().map(|last| (keys, last)))
}

fn has_untimed(connection: &Connection) -> Result<bool> {
    let mut statement = connection
        .prepare_cached("select exists (select 1 from call where started_at_ms is null)")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}
