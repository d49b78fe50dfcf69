//! Which sources saw which calls, and what their records tell: roll-ups by set of sources and by
//! source, kept true with every chunk.
//!
//! Unlike the other roll-ups these count the records that stand behind another one as well. Not
//! here: what a gap means (`assay_domain::coverage`), the other roll-ups (`rollups`).

use assay_domain::call::{Body, Call, Feature, Kind, Oddity, Status};
use assay_domain::coverage::{FIELDS, Seen, Told, UNLOGGED_PLACES, field_name, is_unlogged};
use assay_domain::query::Match;
use rusqlite::{Connection, named_params, params};

use crate::error::Result;
use crate::filter::Filter;
use crate::open::Store;
use crate::rollups::HOUR_MS;
use crate::rollups::mixing::Map;

/// Milliseconds of a day.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// The columns of `rollup_source` that count, before those of [`FIELDS`].
const COUNTS: [&str; 7] = [
    "records",
    "errors",
    "text_held",
    "text_elsewhere",
    "text_missing",
    "placeholders",
    "errors_as_success",
];
const SUMS: usize = COUNTS.len() + FIELDS.len();

/// hour, deployment, set of sources, whether its provider's log can't hold it.
pub(crate) type SeenKey = [i64; 4];
/// day, source, deployment.
pub(crate) type ToldKey = [i64; 3];
pub(crate) type ToldSums = [i64; SUMS];

/// Changes that are not written yet.
#[derive(Default)]
pub(crate) struct Coverage {
    seen: Map<SeenKey, i64>,
    told: Map<ToldKey, ToldSums>,
}

/// The start of the span of `length` in which `at_ms` lies; -1 without a time.
pub(crate) fn start_of(at_ms: Option<i64>, length: i64) -> i64 {
    at_ms.map_or(-1, |ms| ms.div_euclid(length) * length)
}

/// The bit of a source in a set of sources.
pub(crate) fn bit(format: u8) -> i64 {
    1_i64.checked_shl(u32::from(format)).unwrap_or(0)
}

/// Whether no log of its provider can hold the call.
pub(crate) fn unlogged(call: &Call) -> bool {
    is_unlogged(call.kind, call.features, call.requested_region.as_deref())
}

/// The same of a row of `call` named `c`, in SQL.
pub(crate) fn unlogged_sql() -> String {
    let places: Vec<String> = UNLOGGED_PLACES
        .iter()
        .map(|place| format!("'{place}'"))
        .collect();
    format!(
        "((c.features & {}) <> 0 or (c.kind = {} and coalesce(
            (select text from label where id = c.requested_region), '') in ({})))",
        Feature::BedrockMantle.bit(),
        Kind::Vertex as i64,
        places.join(", ")
    )
}

/// The sources that hold a record of the call that the record at `seq` leads, its own included. Asks
/// once a source, however many records there are.
pub(crate) fn sources_of(connection: &Connection, seq: i64) -> Result<i64> {
    let mut sources: i64 = connection
        .prepare_cached("select 1 << format from call where seq = ?1")?
        .query_row([seq], |row| row.get(0))?;
    let mut next = connection.prepare_cached(
        "select w.source, 1 << r.format
         from witness w
         join call r on r.seq = w.seq
         where w.of_seq = ?1 and w.source > ?2
         order by w.of_seq, w.source
         limit 1",
    )?;
    let mut last = -1_i64;
    loop {
        let mut rows = next.query([seq, last])?;
        let Some(row) = rows.next()? else {
            return Ok(sources);
        };
        last = row.get(0)?;
        sources |= row.get::<_, i64>(1)?;
    }
}

impl Coverage {
    /// Counts a call, or with -1 takes it out, that these sources saw.
    pub(crate) fn seen(&mut self, key: SeenKey, sign: i64) {
        *self.seen.entry(key).or_default() += sign;
    }

    /// Counts what a record tells.
    pub(crate) fn tells(&mut self, call: &Call, source: i64, deployment: i64) {
        let key = [start_of(call.started_at_ms, DAY_MS), source, deployment];
        let sums = self.told.entry(key).or_insert([0; SUMS]);
        for (sum, change) in sums.iter_mut().zip(told(call)) {
            *sum += i64::from(change);
        }
    }

    /// Writes the changes, in the transaction of the records they come from.
    pub(crate) fn write(self, connection: &Connection) -> Result<()> {
        let mut statement = connection.prepare_cached(
            "insert into rollup_seen (hour_ms, deployment_id, sources, is_unlogged, calls)
             values (?1, ?2, ?3, ?4, ?5)
             on conflict do update set calls = calls + excluded.calls",
        )?;
        let mut seen: Vec<_> = self.seen.into_iter().filter(|(_, n)| *n != 0).collect();
        seen.sort_unstable();
        for (key, calls) in seen {
            statement.execute(params![key[0], key[1], key[2], key[3], calls])?;
        }
        let columns: Vec<&str> = COUNTS.iter().copied().chain(FIELDS).collect();
        let places: Vec<String> = (1..=SUMS + 3).map(|n| format!("?{n}")).collect();
        let adds: Vec<String> = columns
            .iter()
            .map(|column| format!("{column} = {column} + excluded.{column}"))
            .collect();
        let mut statement = connection.prepare_cached(&format!(
            "insert into rollup_source (day_ms, source, deployment_id, {})
             values ({})
             on conflict do update set {}",
            columns.join(", "),
            places.join(", "),
            adds.join(", ")
        ))?;
        let mut told: Vec<_> = self.told.into_iter().collect();
        told.sort_unstable();
        for (key, sums) in told {
            statement.execute(rusqlite::params_from_iter(key.into_iter().chain(sums)))?;
        }
        Ok(())
    }
}

/// What one record adds to each column.
fn told(call: &Call) -> [bool; SUMS] {
    let answered = call.status == Status::Ok;
    let tokens = &call.tokens;
    [
        true,
        !answered,
        answered && call.body == Body::Present,
        answered && call.body == Body::ByReference,
        answered && call.body == Body::Missing,
        call.oddities.contains(&Oddity::TextPlaceholder),
        call.oddities.contains(&Oddity::ErrorAsSuccess),
        call.started_at_ms.is_some(),
        call.latency_ms.is_some(),
        call.request_model.is_some(),
        call.response_model.is_some(),
        call.requested_region.is_some(),
        call.served_region.is_some(),
        call.principal.is_some(),
        call.source_ip.is_some(),
        call.account.is_some(),
        call.private_path.is_some(),
        call.http_status.is_some(),
        call.stop_reason.is_some(),
        is_count(tokens.input),
        is_count(tokens.output),
        is_count(tokens.cache_read),
        call.reported_cost_usd_micros.is_some(),
        call.classification.is_some(),
        call.conversation_id.is_some(),
    ]
}

/// Whether it is stored: counts beyond an `i64` are not.
fn is_count(value: Option<u64>) -> bool {
    value.is_some_and(|value| i64::try_from(value).is_ok())
}

/// Takes out what records are about to lose by an erasure.
pub(crate) fn forget(connection: &Connection, from: u64, to: u64) -> Result<()> {
    const ERASED: [&str; 4] = ["principal", "source_ip", "account", "conversation_id"];
    let counts: Vec<String> = ERASED
        .iter()
        .map(|column| format!("count({column})"))
        .collect();
    let mut lost = connection.prepare_cached(&format!(
        "select {}, source, deployment_id, {}
         from call
         where seq >= ?1 and seq < ?2
         group by 1, 2, 3",
        span_sql(DAY_MS, "started_at_ms"),
        counts.join(", ")
    ))?;
    let mut update = connection.prepare_cached(
        "update rollup_source
         set principal = principal - ?4, source_ip = source_ip - ?5, account = account - ?6,
             conversation_id = conversation_id - ?7
         where day_ms = ?1 and source = ?2 and deployment_id = ?3",
    )?;
    let mut rows = lost.query(params![from as i64, to as i64])?;
    while let Some(row) = rows.next()? {
        let mut values = [0_i64; 7];
        for (index, value) in values.iter_mut().enumerate() {
            *value = row.get(index)?;
        }
        update.execute(values)?;
    }
    Ok(())
}

fn span_sql(length: i64, column: &str) -> String {
    format!(
        "case when {column} is null then -1
           else {column} - ({column} % {length} + {length}) % {length} end"
    )
}

/// `rollup_seen` counted anew from the calls; a row for each key.
pub(crate) fn seen_anew() -> String {
    format!(
        "select {}, c.deployment_id, s.sources, {}, count(*)
         from (select call, sum(distinct 1 << format) as sources
               from (select coalesce(w.of_seq, r.seq) as call, r.format as format
                     from call r left join witness w on w.seq = r.seq)
               group by call) s
         join call c on c.seq = s.call
         group by 1, 2, 3, 4",
        span_sql(HOUR_MS, "c.started_at_ms"),
        unlogged_sql()
    )
}

/// `rollup_source` counted anew from the records that match `condition` about `c`; a row for each
/// key.
pub(crate) fn told_anew(condition: &str) -> String {
    let (present, missing, elsewhere) = (
        Body::Present as i64,
        Body::Missing as i64,
        Body::ByReference as i64,
    );
    let fields: Vec<String> = FIELDS
        .iter()
        .map(|field| format!("count(c.{field})"))
        .collect();
    format!(
        "select {} as day_ms, c.source as source, c.deployment_id as deployment_id, count(*), sum(c.status = 1),
            sum(c.status = 0 and c.body = {present}), sum(c.status = 0 and c.body = {elsewhere}),
            sum(c.status = 0 and c.body = {missing}),
            sum((c.oddities & {}) <> 0), sum((c.oddities & {}) <> 0), {}
         from call c
         where {condition}
         group by 1, 2, 3",
        span_sql(DAY_MS, "c.started_at_ms"),
        Oddity::TextPlaceholder.bit(),
        Oddity::ErrorAsSuccess.bit(),
        fields.join(", ")
    )
}

/// Whether a record of a source, the listed one or one behind it, lacks something or is odd.
pub(crate) fn record_test(filter: &mut Filter, wanted: &Match) -> String {
    let Match::Text(text) = wanted else {
        return "false".to_owned();
    };
    let Some((source, state)) = text.split_once('.') else {
        return "false".to_owned();
    };
    let test = |short: &str| match record_state(short, state) {
        Some(test) => test,
        None => "false".to_owned(),
    };
    let source = filter.text(source);
    let (listed, behind) = (test("c"), test("r"));
    let label = format!("(select id from label where text = {source})");
    format!(
        "(c.source = {label} and {listed}) or exists (select 1 from witness w
            join call r on r.seq = w.seq
            where w.of_seq = c.seq and w.source = {label} and {behind})"
    )
}

/// What `record:SOURCE.STATE` asks of a row of `call` named `short`; `None` for no such state.
fn record_state(short: &str, state: &str) -> Option<String> {
    let odd = |oddity: Oddity| format!("({short}.oddities & {}) <> 0", oddity.bit());
    match state {
        "no_text" => Some(format!(
            "({short}.body = {} and {short}.status = {})",
            Body::Missing as i64,
            Status::Ok as i64
        )),
        "text_placeholder" => Some(odd(Oddity::TextPlaceholder)),
        "error_as_success" => Some(odd(Oddity::ErrorAsSuccess)),
        other => {
            let field = other.strip_prefix("no_")?;
            FIELDS
                .into_iter()
                .find(|column| field_name(column) == field)
                .map(|column| format!("{short}.{column} is null"))
        }
    }
}

/// The columns of both roll-ups: those of the key, then those that count.
pub(crate) fn columns() -> [(&'static str, Vec<&'static str>, Vec<&'static str>); 2] {
    [
        (
            "rollup_seen",
            vec!["hour_ms", "deployment_id", "sources", "is_unlogged"],
            vec!["calls"],
        ),
        (
            "rollup_source",
            vec!["day_ms", "source", "deployment_id"],
            COUNTS.iter().copied().chain(FIELDS).collect(),
        ),
    ]
}

/// A span of time, UTC milliseconds, half-open; without bounds it includes what has no time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    pub from_ms: Option<i64>,
    pub to_ms: Option<i64>,
}

impl Period {
    fn is_whole(self, length: i64) -> bool {
        let whole = |ms: Option<i64>| ms.is_none_or(|ms| ms.rem_euclid(length) == 0);
        whole(self.from_ms) && whole(self.to_ms)
    }

    /// The condition that `column` lies in it.
    fn holds(self, column: &str) -> String {
        // Numbers, never a text of somebody.
        match (self.from_ms, self.to_ms) {
            (None, None) => "true".to_owned(),
            (from, to) => format!(
                "{column} >= {} and {column} < {}",
                from.unwrap_or(0),
                to.unwrap_or(i64::MAX)
            ),
        }
    }
}

impl Store {
    /// Calls of a period by hour, deployment and the sources that saw them, the earliest first.
    /// Exact to the hour: hours that the period cuts are in it whole.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn seen(&self, period: Period) -> Result<Vec<Seen>> {
        self.read(|connection| {
            let within = Period {
                from_ms: period.from_ms.map(|ms| start_of(Some(ms), HOUR_MS)),
                to_ms: period.to_ms,
            };
            let mut statement = connection.prepare(&format!(
                "select r.hour_ms, r.deployment_id, r.sources, r.is_unlogged, r.calls
                 from rollup_seen r
                 where r.calls > 0 and {}
                 order by r.hour_ms, r.deployment_id, r.sources, r.is_unlogged",
                within.holds("r.hour_ms")
            ))?;
            let rows = statement.query_map([], |row| {
                Ok(Seen {
                    hour_ms: Some(row.get(0)?).filter(|ms| *ms >= 0),
                    deployment: row.get(1)?,
                    sources: row.get::<_, i64>(2)?.unsigned_abs(),
                    unlogged: row.get::<_, i64>(3)? == 1,
                    calls: row.get::<_, i64>(4)?.unsigned_abs(),
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// What the records of a period tell, by day, source and deployment. From the roll-up where the
    /// period is one of whole days, else by reading the records.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn told(&self, period: Period) -> Result<Vec<Told>> {
        self.read(|connection| {
            let sql = match period.is_whole(DAY_MS) {
                true => {
                    let [_, (_, _, columns)] = columns();
                    format!(
                        "select c.day_ms, c.source, c.deployment_id, {} from rollup_source c
                         where c.records > 0 and {}",
                        columns.join(", "),
                        period.holds("c.day_ms")
                    )
                }
                false => told_anew(&period.holds("c.started_at_ms")),
            };
            let mut statement = connection.prepare(&format!(
                "select s.*, (select text from label where id = s.source) from ({sql}) s
                 order by s.day_ms, s.source, s.deployment_id"
            ))?;
            let rows = statement.query_map([], |row| {
                let count = |index: usize| row.get::<_, i64>(index).map(i64::unsigned_abs);
                let mut fields = [0; FIELDS.len()];
                for (index, field) in fields.iter_mut().enumerate() {
                    *field = count(3 + COUNTS.len() + index)?;
                }
                Ok(Told {
                    day_ms: Some(row.get(0)?).filter(|ms| *ms >= 0),
                    deployment: row.get(2)?,
                    records: count(3)?,
                    errors: count(4)?,
                    text_held: count(5)?,
                    text_elsewhere: count(6)?,
                    text_missing: count(7)?,
                    placeholders: count(8)?,
                    errors_as_success: count(9)?,
                    fields,
                    source: row.get(3 + SUMS)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Each imported CloudTrail log file, by name and content, and what the digests say of it.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn log_origins(&self) -> Result<Vec<(String, Option<String>)>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select name, origin
                 from (select distinct name, sha256, origin from log_content)
                 order by name",
            )?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Of each call of a period that both sources saw: which of [`FIELDS`] the first record of each
    /// tells.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn told_by(&self, period: Period, left: &str, right: &str) -> Result<Vec<(Tells, Tells)>> {
        let fields: Vec<String> = FIELDS
            .iter()
            .map(|field| format!("r.{field} is not null"))
            .collect();
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "select c.seq, r.source = (select id from label where text = :left), {}
                 from call c
                 join call r on r.seq in (
                   select c.seq union all select w.seq from witness w where w.of_seq = c.seq)
                 where c.started_at_ms >= :from and c.started_at_ms < :to
                   and not exists (select 1 from witness hidden where hidden.seq = c.seq)
                   and r.source in (select id from label where text in (:left, :right))
                 order by c.seq, r.seq",
                fields.join(", ")
            ))?;
            let mut found: Vec<(i64, [Option<Tells>; 2])> = Vec::new();
            let mut rows = statement.query(named_params! {
                ":left": left,
                ":right": right,
                ":from": period.from_ms.unwrap_or(0),
                ":to": period.to_ms.unwrap_or(i64::MAX),
            })?;
            while let Some(row) = rows.next()? {
                let call = row.get(0)?;
                let side = usize::from(row.get::<_, i64>(1)? == 0);
                let mut tells = [false; FIELDS.len()];
                for (index, tell) in tells.iter_mut().enumerate() {
                    *tell = row.get(2 + index)?;
                }
                if found.last().is_none_or(|(last, _)| *last != call) {
                    found.push((call, [None, None]));
                }
                if let Some((_, sides)) = found.last_mut() {
                    sides[side].get_or_insert(tells);
                }
            }
            Ok(found
                .into_iter()
                .filter_map(|(_, [left, right])| left.zip(right))
                .collect())
        })
    }
}

/// Which of [`FIELDS`] a record tells.
pub type Tells = [bool; FIELDS.len()];
