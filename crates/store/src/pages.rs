//! Pages of a list: the newest records that match, found by key and never by offset.
//!
//! A filter that an index answers goes by the index. Any other is tried on the newest records
//! first, which fills a page of what is frequent at once; what is rare is found by one pass over
//! the table, which is several times faster than following the index of times to its end. In: a
//! condition and a cursor. Out: rows. Not here: what a row is.

use rusqlite::{Connection, Row};

use crate::calls::Cursor;
use crate::error::Result;
use crate::filter::Filter;

/// Newest records that are tried before the whole table is.
const NEAR: i64 = 10_000;

#[cfg(test)]
mod tests;

/// A list: its table with its short name, its column of time, what is read.
pub(crate) struct List<'a> {
    pub(crate) table: &'static str,
    pub(crate) short: &'static str,
    pub(crate) time: &'static str,
    pub(crate) columns: &'a str,
    /// The whole condition.
    pub(crate) condition: &'a str,
    pub(crate) filter: &'a Filter,
    pub(crate) after: Option<Cursor>,
}

/// Which records of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Index,
    Near,
    Whole,
}

impl List<'_> {
    /// Reads a page: records with a time, newest first, then those without.
    pub(crate) fn page<T>(
        &self,
        connection: &Connection,
        limit: usize,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut found = Vec::new();
        if !matches!(self.after, Some(Cursor { at_ms: None, .. })) {
            found = self.timed(connection, limit, read)?;
        }
        if found.len() < limit && !self.filter.needs_time {
            let after = self.after.filter(|cursor| cursor.at_ms.is_none());
            let keyset = if after.is_some() {
                "and {s}.seq < :seq"
            } else {
                ""
            };
            let sql = self.sql("", &format!("{{s}}.{{t}} is null {keyset}"), "{s}.seq desc");
            let rest = limit - found.len();
            found.extend(self.run(connection, &sql, after, rest, read)?);
        }
        Ok(found)
    }

    fn timed<T>(
        &self,
        connection: &Connection,
        limit: usize,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut reaches = vec![Reach::Index];
        if self.filter.is_scan {
            reaches = vec![Reach::Near, Reach::Whole];
        }
        let mut found = Vec::new();
        for reach in reaches {
            if reach == Reach::Whole && (found.len() >= limit || self.is_near_all(connection)?) {
                break;
            }
            found = self.run(connection, &self.timed_sql(reach), self.after, limit, read)?;
        }
        Ok(found)
    }

    fn timed_sql(&self, reach: Reach) -> String {
        let keyset = if self.after.is_some() {
            "and ({s}.{t}, {s}.seq) < (:at_ms, :seq)"
        } else {
            ""
        };
        let order = "{s}.{t} desc, {s}.seq desc";
        match reach {
            Reach::Index => self.sql("", &format!("{{s}}.{{t}} is not null {keyset}"), order),
            Reach::Near => {
                let near = format!(
                    "(select seq from {{table}} {{s}} where {{s}}.{{t}} is not null {keyset}
                      order by {order} limit {NEAR}) n cross join"
                );
                self.sql(&near, "{s}.seq = n.seq", order)
            }
            // The plus keeps the index of times out of it.
            Reach::Whole => self.sql(
                "",
                &format!(
                    "+{{s}}.{{t}} is not null {}",
                    keyset.replace("({s}.", "(+{s}.")
                ),
                "+{s}.{t} desc, {s}.seq desc",
            ),
        }
    }

    fn sql(&self, before: &str, section: &str, order: &str) -> String {
        let text = format!(
            "select {} from {before} {{table}} {{s}} where {section} and {} order by {order} limit :limit",
            self.columns, self.condition
        );
        self.named(&text)
    }

    fn named(&self, text: &str) -> String {
        text.replace("{table}", self.table)
            .replace("{s}", self.short)
            .replace("{t}", self.time)
    }

    /// Whether there is nothing beyond the newest records.
    fn is_near_all(&self, connection: &Connection) -> Result<bool> {
        let keyset = match self.after {
            Some(_) => "and ({t}, seq) < (:at_ms, :seq)",
            None => "",
        };
        let sql = self.named(&format!(
            "select count(*) from (select 1 from {{table}} where {{t}} is not null {keyset} limit {})",
            NEAR + 1
        ));
        let mut statement = connection.prepare_cached(&sql)?;
        let count: i64 = match self.after {
            Some(Cursor { at_ms, seq }) => statement.query_row(
                rusqlite::named_params! { ":at_ms": at_ms, ":seq": seq as i64 },
                |row| row.get(0),
            )?,
            None => statement.query_row([], |row| row.get(0))?,
        };
        Ok(count <= NEAR)
    }

    fn run<T>(
        &self,
        connection: &Connection,
        sql: &str,
        after: Option<Cursor>,
        limit: usize,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let (at_ms, seq) = after.map_or((None, 0), |cursor| (cursor.at_ms, cursor.seq as i64));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut named = self.filter.named();
        if at_ms.is_some() {
            named.push((":at_ms", &at_ms));
        }
        if after.is_some() {
            named.push((":seq", &seq));
        }
        named.push((":limit", &limit));
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map(named.as_slice(), read)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How SQLite finds the records, as `explain query plan` says: the first try, and the last.
    #[cfg(test)]
    fn plans(&self, connection: &Connection) -> Result<[Vec<String>; 2]> {
        if self.filter.is_scan {
            Ok([
                self.plan(connection, Reach::Near)?,
                self.plan(connection, Reach::Whole)?,
            ])
        } else {
            let plan = self.plan(connection, Reach::Index)?;
            Ok([plan.clone(), plan])
        }
    }

    #[cfg(test)]
    fn plan(&self, connection: &Connection, reach: Reach) -> Result<Vec<String>> {
        let sql = format!("explain query plan {}", self.timed_sql(reach));
        let limit = 100_i64;
        let mut named = self.filter.named();
        named.push((":limit", &limit));
        let mut statement = connection.prepare(&sql)?;
        let rows = statement.query_map(named.as_slice(), |row| row.get::<_, String>(3))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
