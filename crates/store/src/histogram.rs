//! Calls over time, in bars: how long a bar is, and what is in each.
//!
//! From the roll-ups where they can answer, from columns in memory where these can, else from the calls. Not
//! here: counts and facets (`facets`), columns (`columns`).

use assay_domain::query::Query;
use rusqlite::Connection;

use crate::error::Result;
use crate::facets::one;
use crate::filter::rolled::{Seen, compile_rollup, is_of_days};
use crate::filter::{Filter, compile_calls};
use crate::open::Store;
use crate::rollups::{DAY_MS, HOUR_MS};
use crate::text_search::Need;

#[cfg(test)]
mod tests;

/// One bar of a histogram.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bar {
    pub start_ms: i64,
    pub ok: u64,
    pub limited: u64,
    pub errors: u64,
}

/// Calls over time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histogram {
    pub from_ms: Option<i64>,
    pub to_ms: Option<i64>,
    pub bar_ms: i64,
    pub bars: Vec<Bar>,
    pub without_time: u64,
}

/// Lengths of a bar.
const STEPS_MS: [i64; 16] = [
    1_000,
    10_000,
    60_000,
    300_000,
    900_000,
    1_800_000,
    HOUR_MS,
    2 * HOUR_MS,
    3 * HOUR_MS,
    6 * HOUR_MS,
    12 * HOUR_MS,
    24 * HOUR_MS,
    48 * HOUR_MS,
    168 * HOUR_MS,
    672 * HOUR_MS,
    4_032 * HOUR_MS,
];

impl Store {
    /// Calls that match, over time, in at most `bars` bars.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn histogram(&self, query: &Query, bars: u32) -> Result<Histogram> {
        let bars = i64::from(bars.clamp(1, 240));
        self.search(query, Need::All, |connection, looked| {
            let hourly = compile_rollup(query, Seen::of(connection, query)?);
            let wide = match &hourly {
                Some(_) => None,
                None => self.wide_times(connection, (query, &looked))?,
            };
            let filter = compile_calls(query, looked);
            let (from, to, without_time) = match (&hourly, &wide) {
                (Some(filter), _) => hours(connection, query, filter)?,
                (None, Some((times, _))) => *times,
                (None, None) => bounds(
                    connection,
                    &format!(
                        "select min(started_at_ms), max(started_at_ms), count(*) - count(started_at_ms)
                         from call c where {}",
                        filter.listed()
                    ),
                    &filter,
                )?,
            };
            let (Some(from), Some(to)) = (from, to.filter(|to| *to >= 0)) else {
                return Ok(Histogram { without_time, ..Histogram::default() });
            };
            let bar_ms = bar_ms(to - from + 1, bars);
            let first = from.div_euclid(bar_ms) * bar_ms;
            let many = usize::try_from((to - first).div_euclid(bar_ms) + 1).unwrap_or(1).min(1_000);
            let mut out: Vec<Bar> = (0_i64..)
                .take(many)
                .map(|index| Bar { start_ms: first + index * bar_ms, ..Bar::default() })
                .collect();
            if let Some((_, set)) = &wide
                && self.wide_bars(connection, set, (bar_ms, &mut out))?
            {
                return Ok(Histogram { from_ms: Some(first), to_ms: Some(to), bar_ms, bars: out, without_time });
            }
            match &hourly {
                Some(filter) if bar_ms % HOUR_MS == 0 => by_bar(
                    connection,
                    &format!(
                        "select r.hour_ms, r.status, r.http_status = 429, r.calls
                         from {} r where +r.hour_ms >= 0 and {}",
                        if bar_ms % DAY_MS == 0 && is_of_days(query) { "rollup_day" } else { "rollup" },
                        filter.sql
                    ),
                    filter,
                    (bar_ms, &mut out),
                )?,
                _ => by_bar(
                    connection,
                    &format!(
                        "select c.started_at_ms, c.status, coalesce(c.http_status = 429, 0), 1
                         from call c where c.started_at_ms is not null and {}",
                        filter.listed()
                    ),
                    &filter,
                    (bar_ms, &mut out),
                )?,
            }
            Ok(Histogram { from_ms: Some(first), to_ms: Some(to), bar_ms, bars: out, without_time })
        })
    }
}

/// The length of a bar, in milliseconds, for at most `bars` over `span`: the shortest of the steps, but a
/// day or an hour where that gives bars enough. The roll-ups count by these; shorter ones are added up of
/// many more rows, or of calls, and tell no more of a month than its days do.
fn bar_ms(span: i64, bars: i64) -> i64 {
    let counted = [(DAY_MS, 14), (HOUR_MS, 24)].into_iter();
    let mut enough = counted
        .filter(|(step, least)| (*least..bars).contains(&span.div_euclid(*step)))
        .map(|(step, _)| step);
    let mut shortest = STEPS_MS
        .into_iter()
        .filter(|step| span.div_euclid(*step) < bars);
    enough
        .next()
        .or_else(|| shortest.next())
        .unwrap_or(STEPS_MS[STEPS_MS.len() - 1])
}

type Bounds = (Option<i64>, Option<i64>, u64);

fn bounds(connection: &Connection, sql: &str, filter: &Filter) -> Result<Bounds> {
    Ok(connection
        .prepare_cached(sql)?
        .query_row(filter.named().as_slice(), |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get::<_, i64>(2)?.unsigned_abs(),
            ))
        })?)
}

/// The first and the last millisecond of the hours in which calls match, and how many have no time.
/// Where whole days are asked for, the roll-ups by day say in which days to look for the hours.
fn hours(connection: &Connection, query: &Query, filter: &Filter) -> Result<Bounds> {
    // The first from either end: what is frequent is found without reading the rest. That there is a time
    // must not be a bound, since of two SQLite takes the first to the index, and all hours are above 0.
    let edge = |table: &str, direction: &str, within: &str| -> Result<Option<i64>> {
        let sql = format!(
            "select r.hour_ms from {table} r where {within} +r.hour_ms >= 0 and r.calls > 0 and {}
             order by r.hour_ms {direction} limit 1",
            filter.sql
        );
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query(filter.named().as_slice())?;
        Ok(match rows.next()? {
            Some(row) => Some(row.get(0)?),
            None => None,
        })
    };
    let untimed = format!(
        "select coalesce(sum(r.calls), 0) from rollup_day r where r.hour_ms = -1 and {}",
        filter.sql
    );
    let without_time = one(connection, &untimed, filter)?;
    let of_days = is_of_days(query);
    let table = if of_days { "rollup_day" } else { "rollup" };
    let Some(first) = edge(table, "asc", "")? else {
        return Ok((None, None, without_time));
    };
    let last = edge(table, "desc", "")?.unwrap_or(first);
    let ended = |hour: i64| hour + HOUR_MS - 1;
    if !of_days {
        return Ok((Some(first), Some(ended(last)), without_time));
    }
    let in_day = |day: i64| format!("r.hour_ms >= {day} and r.hour_ms < {} and", day + DAY_MS);
    let from = edge("rollup", "asc", &in_day(first))?;
    let to = edge("rollup", "desc", &in_day(last))?;
    Ok((from, to.map(ended), without_time))
}

/// Adds the rows that `sql` gives, a time, a status, whether it was limited and calls, to the bars.
/// Sorting them by bar in SQLite takes several times as long.
fn by_bar(
    connection: &Connection,
    sql: &str,
    filter: &Filter,
    (bar_ms, bars): (i64, &mut [Bar]),
) -> Result<()> {
    let first = bars.first().map_or(0, |bar| bar.start_ms);
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(filter.named().as_slice())?;
    while let Some(row) = rows.next()? {
        let at_ms: i64 = row.get(0)?;
        let index = usize::try_from((at_ms - first).div_euclid(bar_ms)).unwrap_or(usize::MAX);
        let Some(bar) = bars.get_mut(index) else {
            continue;
        };
        let calls = row.get::<_, i64>(3)?.unsigned_abs();
        match (row.get::<_, i64>(1)?, row.get::<_, bool>(2)?) {
            (0, _) => bar.ok += calls,
            (_, true) => bar.limited += calls,
            _ => bar.errors += calls,
        }
    }
    Ok(())
}
