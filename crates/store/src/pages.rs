//! Pages of a list: the newest records that match, found by key and never by offset, onwards and
//! back.
//!
//! A filter that an index answers goes by the index; one that an index answers for a day, day by day;
//! one that the roll-ups can answer, hour by hour through the hours in which they count such records. Any other is tried on the nearest records
//! first, which fills a page of what is frequent at once; what is rare is found by one pass over the
//! table, which is several times faster than following the index of times to its end. In: a
//! condition and a key. Out: rows. Not here: what a row is, which row has which number (`signposts`),
//! how far a search for words goes (`word_pages`).

use rusqlite::{Connection, Row, ToSql};

use crate::calls::Cursor;
use crate::day_keys::day_of;
use crate::error::Result;
use crate::filter::{Filter, Hourly};
use crate::record_keys::DAYS;
use crate::rollups::{DAY_MS, HOUR_MS};

/// Newest records that are tried before the whole table is.
pub(crate) const NEAR: usize = 10_000;

#[cfg(test)]
mod tests;

/// A statement with its `:limit`, as a number: SQLite plans one anew whenever a limit is bound. The next power
/// of two, so that what is left of a page makes few statements; who reads stops at the limit itself.
fn limited(sql: &str, limit: usize) -> String {
    let most = limit
        .checked_next_power_of_two()
        .and_then(|most| i64::try_from(most).ok())
        .unwrap_or(i64::MAX);
    sql.replace(":limit", &most.to_string())
}

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begin {
    Start,
    /// With the row that follows this key.
    After(Cursor),
    /// With the row of this key.
    At(Cursor),
    /// Backwards, with the row before this key; the page itself is in the order of the list.
    Before(Cursor),
    /// Backwards, with the last row.
    End,
}

impl Begin {
    /// A cursor as a page is asked for.
    pub(crate) fn after(cursor: Option<Cursor>) -> Self {
        cursor.map_or(Self::Start, Self::After)
    }

    pub(crate) const fn key(self) -> Option<Cursor> {
        match self {
            Self::Start | Self::End => None,
            Self::After(key) | Self::At(key) | Self::Before(key) => Some(key),
        }
    }

    const fn is_back(self) -> bool {
        matches!(self, Self::Before(_) | Self::End)
    }

    /// How a row's key stands to the key.
    const fn comparison(self) -> &'static str {
        match self {
            Self::At(_) => "<=",
            Self::Before(_) => ">",
            Self::Start | Self::After(_) | Self::End => "<",
        }
    }

    const fn direction(self) -> &'static str {
        if self.is_back() { "asc" } else { "desc" }
    }
}

/// A list: its table with its short name, its column of time, what is read.
#[derive(Clone, Copy)]
pub(crate) struct List<'a> {
    pub(crate) table: &'static str,
    pub(crate) short: &'static str,
    pub(crate) time: &'static str,
    pub(crate) columns: &'a str,
    /// The whole condition.
    pub(crate) condition: &'a str,
    pub(crate) filter: &'a Filter,
    pub(crate) from: Begin,
}

/// Which records of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Index,
    /// The nearest [`NEAR`] of the times that are asked for.
    Near,
    Whole,
}

impl List<'_> {
    /// The same list, begun elsewhere.
    pub(crate) fn begun(self, from: Begin) -> Self {
        Self { from, ..self }
    }

    /// Reads a page: records with a time, newest first, then those without.
    pub(crate) fn page<T>(
        &self,
        connection: &Connection,
        limit: usize,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let is_back = self.from.is_back();
        let is_at_untimed = matches!(self.from.key(), Some(Cursor { at_ms: None, .. }));
        let is_at_timed = matches!(self.from.key(), Some(Cursor { at_ms: Some(_), .. }));
        let mut found = Vec::new();
        if is_back {
            // Those without a time are the last, and so the first on the way back.
            if !is_at_timed {
                found = self.untimed(connection, limit, read)?;
            }
            if found.len() < limit {
                let rest = limit - found.len();
                // Nothing with a time stands after a key without one.
                let before = match is_at_untimed {
                    true => self.begun(Begin::End),
                    false => *self,
                };
                found.extend(before.timed(connection, rest, read)?);
            }
            found.reverse();
            return Ok(found);
        }
        if !is_at_untimed {
            found = self.timed(connection, limit, read)?;
        }
        if found.len() < limit {
            let after = match is_at_timed {
                true => self.begun(Begin::Start),
                false => *self,
            };
            found.extend(after.untimed(connection, limit - found.len(), read)?);
        }
        Ok(found)
    }

    fn untimed<T>(
        &self,
        connection: &Connection,
        limit: usize,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        if self.filter.needs_time {
            return Ok(Vec::new());
        }
        let (comparison, direction) = (self.from.comparison(), self.from.direction());
        let keyset = match self.from.key() {
            Some(_) => format!("and {{s}}.seq {comparison} :seq"),
            None => String::new(),
        };
        let condition = match self.filter.is_by_day() {
            true => &self.filter.on_days(self.condition, "-1"),
            false => self.condition,
        };
        let list = List { condition, ..*self };
        let sql = list.sql(
            "",
            &format!("{{s}}.{{t}} is null {keyset}"),
            &format!("{{s}}.seq {direction}"),
        );
        self.run(connection, &sql, limit, read)
    }

    fn timed<T>(
        &self,
        connection: &Connection,
        limit: usize,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        if !self.filter.is_scan {
            return self.run(connection, &self.timed_sql(Reach::Index), limit, read);
        }
        if self.filter.is_by_day() {
            return self.by_days(connection, limit, read);
        }
        if let Some(hourly) = &self.filter.hourly {
            return self.by_hours(connection, hourly, limit, read);
        }
        let found = self.run(connection, &self.timed_sql(Reach::Near), limit, read)?;
        if found.len() >= limit || self.is_near_all(connection)? {
            return Ok(found);
        }
        self.run(connection, &self.timed_sql(Reach::Whole), limit, read)
    }

    /// The nearest `many` records with a time, of the times that are asked for, in the order of the page.
    pub(crate) fn window(&self, connection: &Connection, many: usize) -> Result<Vec<Cursor>> {
        let nearest = self.nearest("{s}.{t}, {s}.seq", ":limit");
        self.run(connection, &nearest, many, |row| {
            Ok(Cursor {
                at_ms: row.get(0)?,
                seq: row.get::<_, i64>(1)?.unsigned_abs(),
            })
        })
    }

    /// Those of these records that match, in their order, until there are `limit` of them: what is behind
    /// those is not looked at, as it is where SQLite sorts.
    pub(crate) fn one_by_one<T>(
        &self,
        connection: &Connection,
        seqs: impl Iterator<Item = u64>,
        limit: usize,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let sql = self.named(&format!(
            "select {} from {{table}} {{s}} where {{s}}.seq = :one and {}",
            self.columns, self.condition
        ));
        let mut found = Vec::new();
        for seq in seqs {
            if found.len() >= limit {
                break;
            }
            found.extend(self.run_with(connection, &sql, &[(":one", &(seq as i64))], 1, read)?);
        }
        Ok(found)
    }

    /// Reads `columns` of the nearest records with a time, in the order of the page.
    fn nearest(&self, columns: &str, many: &str) -> String {
        let (keyset, direction, times) = (self.keyset(), self.from.direction(), &self.filter.times);
        self.named(&format!(
            "select {columns} from {{table}} {{s}} where {{s}}.{{t}} is not null {times} {keyset}
             order by {{s}}.{{t}} {direction}, {{s}}.seq {direction} limit {many}"
        ))
    }

    /// The records of the days on which there are any, of a day, of the four after it and so on until the
    /// page is full: who calls often fills it with a day, and who calls seldom costs few questions.
    fn by_days<T>(
        &self,
        connection: &Connection,
        limit: usize,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        if !self.are_known(connection)? {
            return Ok(Vec::new());
        }
        let mut statement = connection.prepare_cached(DAYS)?;
        let days = statement.query_map([], |row| row.get::<_, i64>(0))?;
        let mut days: Vec<i64> = days.collect::<rusqlite::Result<_>>()?;
        let edge = self.from.key().and_then(|key| key.at_ms).map(day_of);
        let is_back = self.from.is_back();
        days.retain(|day| match edge {
            _ if *day < 0 => false,
            Some(edge) if is_back => *day >= edge,
            Some(edge) => *day <= edge,
            None => true,
        });
        days.sort_unstable();
        if !is_back {
            days.reverse();
        }
        let sql = self.days_sql();
        let mut found = Vec::new();
        let (mut rest, mut many) = (days.as_slice(), 1);
        while !rest.is_empty() && found.len() < limit {
            let (next, after) = rest.split_at(many.min(rest.len()));
            let next = format!("{next:?}");
            let wanted = limit - found.len();
            found.extend(self.run_with(connection, &sql, &[(":days", &next)], wanted, read)?);
            (rest, many) = (after, many * 4);
        }
        Ok(found)
    }

    /// Whether there are names such as each term about principals asks for: without, no day needs to be asked.
    fn are_known(&self, connection: &Connection) -> Result<bool> {
        for test in &self.filter.principals {
            let sql = format!("select 1 from label where {test} limit :limit");
            if self.run(connection, &sql, 1, |_| Ok(()))?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn days_sql(&self) -> String {
        let (keyset, direction) = (self.keyset(), self.from.direction());
        let list = List {
            condition: &self
                .filter
                .on_days(self.condition, "select value from json_each(:days)"),
            ..*self
        };
        list.sql(
            "",
            &format!("{{s}}.{{t}} is not null {keyset}"),
            &format!("{{s}}.{{t}} {direction}, {{s}}.seq {direction}"),
        )
    }

    /// The records of the hours in which some match, hour by hour until the page is full.
    fn by_hours<T>(
        &self,
        connection: &Connection,
        hourly: &Hourly,
        limit: usize,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let sql = self.hour_sql();
        let mut found = Vec::new();
        let mut take = |hour: i64| -> Result<bool> {
            let to = hour + HOUR_MS;
            let rest = limit - found.len();
            let hour: [(&str, &dyn ToSql); 2] = [(":from_ms", &hour), (":to_ms", &to)];
            found.extend(self.run_with(connection, &sql, &hour, rest, read)?);
            Ok(found.len() < limit)
        };
        if !hourly.is_of_days {
            self.spans(connection, hourly, ("rollup", HOUR_MS), None, &mut take)?;
        } else {
            self.spans(
                connection,
                hourly,
                ("rollup_day", DAY_MS),
                None,
                &mut |day| {
                    self.spans(
                        connection,
                        hourly,
                        ("rollup", HOUR_MS),
                        Some(day),
                        &mut take,
                    )
                },
            )?;
        }
        Ok(found)
    }

    /// Hands over the hours, or the days, in which calls match, from the key on in the order of the
    /// page, until `take` wants no more; answers whether it would take more.
    fn spans(
        &self,
        connection: &Connection,
        hourly: &Hourly,
        (table, length): (&str, i64),
        day: Option<i64>,
        take: &mut dyn FnMut(i64) -> Result<bool>,
    ) -> Result<bool> {
        let edge = match self.from.key() {
            Some(Cursor {
                at_ms: Some(ms), ..
            }) => Some(ms.div_euclid(length) * length),
            _ => None,
        };
        let (mut first, mut last) = (day, day.map(|day| day + DAY_MS - HOUR_MS));
        match (edge, self.from.is_back()) {
            (Some(edge), true) => first = Some(first.map_or(edge, |first| first.max(edge))),
            (Some(edge), false) => last = Some(last.map_or(edge, |last| last.min(edge))),
            (None, _) => {}
        }
        // Numbers, never a text of somebody. Each bound stands before those of the query, since of
        // two SQLite takes the first to the index.
        let bound = |comparison: &str, hour: Option<i64>| {
            hour.map_or(String::new(), |hour| {
                format!("r.hour_ms {comparison} {hour} and")
            })
        };
        let within = format!("{} {}", bound(">=", first), bound("<=", last));
        let mut statement = connection.prepare(&format!(
            "select r.hour_ms from {table} r where {within} +r.hour_ms >= 0 and {}
             group by r.hour_ms having sum(r.calls) > 0 order by r.hour_ms {}",
            hourly.filter.sql,
            self.from.direction()
        ))?;
        let mut rows = statement.query(hourly.filter.named().as_slice())?;
        while let Some(row) = rows.next()? {
            if !take(row.get(0)?)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn hour_sql(&self) -> String {
        let (keyset, direction) = (self.keyset(), self.from.direction());
        self.sql(
            "",
            &format!("{{s}}.{{t}} >= :from_ms and {{s}}.{{t}} < :to_ms {keyset}"),
            &format!("{{s}}.{{t}} {direction}, {{s}}.seq {direction}"),
        )
    }

    /// The condition that rows come after, or before, the key.
    fn keyset(&self) -> String {
        match self.from.key() {
            Some(_) => format!(
                "and ({{s}}.{{t}}, {{s}}.seq) {} (:at_ms, :seq)",
                self.from.comparison()
            ),
            None => String::new(),
        }
    }

    fn timed_sql(&self, reach: Reach) -> String {
        let (keyset, direction) = (self.keyset(), self.from.direction());
        let order = format!("{{s}}.{{t}} {direction}, {{s}}.seq {direction}");
        let order = order.as_str();
        match reach {
            Reach::Index => self.sql("", &format!("{{s}}.{{t}} is not null {keyset}"), order),
            Reach::Near => {
                let near = format!(
                    "({}) n cross join",
                    self.nearest("{s}.seq", &NEAR.to_string())
                );
                // What the words exclude is not looked at.
                let among: String = self
                    .filter
                    .among
                    .iter()
                    .map(|name| format!("is_among({name}, n.seq) and "))
                    .collect();
                self.sql(&near, &format!("{among} {{s}}.seq = n.seq"), order)
            }
            // The plus keeps the index of times out of it.
            Reach::Whole => self.sql(
                "",
                &format!(
                    "+{{s}}.{{t}} is not null {}",
                    keyset.replace("({s}.", "(+{s}.")
                ),
                &format!("+{order}"),
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
        let nearest = self.nearest("1", &(NEAR + 1).to_string());
        let sql = format!("select count(*) from ({nearest}) limit :limit");
        let counts = self.run(connection, &sql, 1, |row| row.get::<_, i64>(0))?;
        Ok(counts.iter().all(|count| *count <= NEAR as i64))
    }

    fn run<T>(
        &self,
        connection: &Connection,
        sql: &str,
        limit: usize,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        self.run_with(connection, sql, &[], limit, read)
    }

    fn run_with<T>(
        &self,
        connection: &Connection,
        sql: &str,
        more: &[(&str, &dyn ToSql)],
        limit: usize,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let key = self.from.key();
        let (at_ms, seq) = key.map_or((None, 0), |key| (key.at_ms, key.seq as i64));
        let sql = limited(sql, limit);
        let mut named = self.filter.named();
        named.extend_from_slice(more);
        if at_ms.is_some() {
            named.push((":at_ms", &at_ms));
        }
        if key.is_some() {
            named.push((":seq", &seq));
        }
        let mut statement = connection.prepare_cached(&sql)?;
        // Some ask for the times alone.
        named.retain(|(name, _)| matches!(statement.parameter_index(name), Ok(Some(_))));
        let rows = statement.query_map(named.as_slice(), read)?;
        Ok(rows.take(limit).collect::<rusqlite::Result<_>>()?)
    }

    /// How SQLite finds the records, as `explain query plan` says: the first try, and the last.
    #[cfg(test)]
    fn plans(&self, connection: &Connection) -> Result<[Vec<String>; 2]> {
        if self.filter.is_by_day() {
            let plan = self.plan_of(connection, &self.days_sql(), &[(":days", &"[0, 1]")])?;
            Ok([plan.clone(), plan])
        } else if self.filter.is_scan {
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
        self.plan_of(connection, &self.timed_sql(reach), &[])
    }

    /// How the records of one hour are found.
    #[cfg(test)]
    fn plan_of_hour(&self, connection: &Connection) -> Result<Vec<String>> {
        let hour = 0_i64;
        self.plan_of(
            connection,
            &self.hour_sql(),
            &[(":from_ms", &hour), (":to_ms", &hour)],
        )
    }

    #[cfg(test)]
    fn plan_of(
        &self,
        connection: &Connection,
        sql: &str,
        more: &[(&str, &dyn ToSql)],
    ) -> Result<Vec<String>> {
        let sql = limited(&format!("explain query plan {sql}"), 100);
        let mut named = self.filter.named();
        named.extend_from_slice(more);
        let mut statement = connection.prepare(&sql)?;
        let rows = statement.query_map(named.as_slice(), |row| row.get::<_, String>(3))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
