//! Figures that the listed record of a call does not tell and another record of it does: tokens, cost, how
//! long it took. They count as the call's, and it is said whose they are.
//!
//! In: a call whose records changed. Out: its row of `lent`, and the SQL that reads a figure of a call. Not
//! here: what two records tell differently (`disagreements`), where a call ran and by which path, which each
//! row of `witness` keeps.

use assay_domain::call::Tokens;
use rusqlite::{Connection, OptionalExtension};

use crate::error::Result;
use crate::joins::as_counted;
use crate::rollups::Deltas;
use crate::writer::Writer;

/// Records behind a call that are looked at, in the order of their sources: one id on thousands of records
/// is a fault of whoever gave it out.
const LOOKED_AT: usize = 64;

/// A figure of the call `c` in SQL: its own, or that of the record which lends it. `None` where the key is of
/// no such figure. Keys are those of the query language.
pub(crate) fn figure(key: &str) -> Option<String> {
    let (column, from) = match key {
        "input_tokens"
        | "output_tokens"
        | "cache_read_tokens"
        | "cache_write_5m_tokens"
        | "cache_write_1h_tokens" => (key, "usage_from"),
        "cost_usd" => ("cost_usd_micros", "cost_from"),
        "latency_ms" => (key, "latency_from"),
        _ => return None,
    };
    let lent = format!(
        "(select x.{column} from lent l join call x on x.seq = l.{from} where l.seq = c.seq)"
    );
    Some(match from {
        // Tokens are of one record: they lie in buckets that share none, and two may cut them differently.
        "usage_from" => format!(
            "case when c.input_tokens is not null and c.output_tokens is not null then c.{column}
             else coalesce({lent}, c.{column}) end"
        ),
        _ => format!("coalesce(c.{column}, {lent})"),
    })
}

/// What of a call comes from others of its records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lent {
    pub usage: Option<Of<Tokens>>,
    pub cost_usd_micros: Option<Of<i64>>,
    pub latency_ms: Option<Of<i64>>,
    pub served_region: Option<Of<String>>,
}

/// A figure, and the record that tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Of<T> {
    pub value: T,
    pub source: String,
    /// That the record is of the call was inferred.
    pub is_inferred: bool,
}

/// Whose a figure is: the source of the record, and by what it was joined where that was inferred.
type Whose = (Option<String>, Option<i64>);

/// Reads both columns that `calls` has of it: tokens and whose, cost and whose, latency and whose; and where it
/// ran and whose. JSON, since SQLite gives one value of a query within another.
pub(crate) fn read(figures: Option<&str>, served_region: Option<&str>) -> Lent {
    type Told = Option<i64>;
    type Figures = ([Option<u64>; 5], Whose, (Told, Whose), (Told, Whose));
    let figures: Option<Figures> = figures.and_then(|text| serde_json::from_str(text).ok());
    let region: Option<(Option<String>, Whose)> =
        served_region.and_then(|text| serde_json::from_str(text).ok());
    let (tokens, usage_of, (cost, cost_of), (latency, latency_of)) = figures.unwrap_or_default();
    let tokens = Tokens {
        input: tokens[0],
        output: tokens[1],
        cache_read: tokens[2],
        cache_write_5m: tokens[3],
        cache_write_1h: tokens[4],
    };
    let (region, region_of) = region.unwrap_or_default();
    Lent {
        usage: of(Some(tokens), usage_of),
        cost_usd_micros: of(cost, cost_of),
        latency_ms: of(latency, latency_of),
        served_region: of(region, region_of),
    }
}

fn of<T>(value: Option<T>, (source, inferred): Whose) -> Option<Of<T>> {
    value.zip(source).map(|(value, source)| Of {
        value,
        source,
        is_inferred: inferred.is_some(),
    })
}

/// Which records lend what: of usage, of cost, of latency.
pub(crate) type From = [Option<i64>; 3];

/// Where the figures come from that the record at `leader` lacks; told by the records alone.
pub(crate) fn worked_out(connection: &Connection, leader: i64) -> Result<From> {
    let lacks: Option<[bool; 3]> = connection
        .prepare_cached(
            "select input_tokens is null or output_tokens is null, cost_usd_micros is null,
                latency_ms is null from call where seq = ?1",
        )?
        .query_row([leader], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))
        .optional()?;
    let mut from = [None; 3];
    // None where the row was taken from the store from outside.
    let Some(lacks) = lacks.filter(|lacks| *lacks != [false; 3]) else {
        return Ok(from);
    };
    let mut others = connection.prepare_cached(&format!(
        "select x.seq, x.input_tokens is not null and x.output_tokens is not null,
            x.cost_usd_micros is not null, x.latency_ms is not null
         from (select seq from witness where of_seq = ?1 limit {LOOKED_AT}) w
         join call x on x.seq = w.seq"
    ))?;
    let mut rows = others.query([leader])?;
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        let tells = [row.get(1)?, row.get(2)?, row.get(3)?];
        for ((from, lacks), tells) in from.iter_mut().zip(lacks).zip(tells) {
            // Of several the first recorded.
            if lacks && tells && from.is_none_or(|known| seq < known) {
                *from = Some(seq);
            }
        }
    }
    Ok(from)
}

/// Where the figures of a call come from, as kept.
pub(crate) fn kept(connection: &Connection, leader: i64) -> Result<From> {
    Ok(connection
        .prepare_cached("select usage_from, cost_from, latency_from from lent where seq = ?1")?
        .query_row([leader], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))
        .optional()?
        .unwrap_or_default())
}

/// Keeps it true where the figures of the call that `leader` is listed for come from: before it is counted.
pub(crate) fn note(connection: &Connection, leader: i64) -> Result<()> {
    let from = worked_out(connection, leader)?;
    if from == [None; 3] {
        return forget(connection, leader);
    }
    connection
        .prepare_cached(
            "insert into lent (seq, usage_from, cost_from, latency_from) values (?1, ?2, ?3, ?4)
             on conflict (seq) do update set usage_from = excluded.usage_from,
                cost_from = excluded.cost_from, latency_from = excluded.latency_from",
        )?
        .execute((leader, from[0], from[1], from[2]))?;
    Ok(())
}

/// Nothing is lent to this record: it leads no others any more.
pub(crate) fn forget(connection: &Connection, seq: i64) -> Result<()> {
    connection
        .prepare_cached("delete from lent where seq = ?1")?
        .execute([seq])?;
    Ok(())
}

impl Writer {
    /// Works it out for all calls, and counts them so: once, in a store that was made before it was kept.
    pub(crate) fn lend_all(&mut self) -> Result<()> {
        self.transact(|writer| {
            let connection = &writer.connection;
            let mut deltas = Deltas::default();
            let mut leaders = connection.prepare("select distinct of_seq from witness")?;
            let mut rows = leaders.query([])?;
            while let Some(row) = rows.next()? {
                let leader: i64 = row.get(0)?;
                if worked_out(connection, leader)? == kept(connection, leader)? {
                    continue;
                }
                deltas.subtract(&as_counted(connection, leader)?.counted);
                note(connection, leader)?;
                deltas.add(&as_counted(connection, leader)?.counted);
            }
            deltas.write(connection)
        })
    }
}
