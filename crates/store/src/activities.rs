//! Activities: storing, listing, showing one.

use std::collections::BTreeSet;

use assay_domain::activity::{Activity, Category};
use assay_domain::call::{Kind, Oddity};
use assay_domain::query::Query;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::calls::{Cursor, body, names};
use crate::error::{Result, StoreError};
use crate::filter::{Filter, compile_activities};
use crate::open::Store;
use crate::pages::{Begin, List};
use crate::row_digests::{RowDigests, bound, integer, maybe, text};
use crate::writer::Labels;

/// Where a record stands.
pub(crate) struct Place {
    pub(crate) seq: u64,
    pub(crate) batch: Option<i64>,
    pub(crate) line: u64,
    pub(crate) offset: u64,
    pub(crate) length: u64,
    pub(crate) format: Option<u8>,
    pub(crate) source: i64,
}

/// An activity as stored.
pub struct ActivityRecord {
    pub seq: u64,
    pub id: String,
    pub activity: Activity,
    pub source: String,
    pub reason: Option<String>,
    pub batch: Option<i64>,
    pub line: u64,
    pub offset: u64,
    pub length: u64,
    pub format: Option<u8>,
    /// The leaf that erased it.
    pub erased: Option<u64>,
    /// A hold in force covers it.
    pub held: bool,
}

/// Inserts an activity, with the reason that was given for it; answers whether it was new. Its
/// values stand in the order of the table's columns.
pub(crate) fn insert(
    connection: &Connection,
    labels: &mut Labels,
    (id, place): (&[u8; 16], &Place),
    (activity, reason): (&Activity, Option<&str>),
    digests: RowDigests<'_>,
) -> Result<bool> {
    let oddities = activity
        .oddities
        .iter()
        .fold(0, |bits, oddity| bits | oddity.bit());
    let ids = serde_json::to_string(&activity.ids)?;
    let mut label = |text: &Option<String>| labels.maybe(connection, text.as_deref());
    let (actor, source_ip) = (label(&activity.actor)?, label(&activity.source_ip)?);
    let (user_agent, region) = (label(&activity.user_agent)?, label(&activity.region)?);
    let (account, error_type) = (label(&activity.account)?, label(&activity.error_type)?);
    let values = [
        integer(place.seq as i64),
        ValueRef::Blob(id),
        maybe(place.batch),
        integer(place.line as i64),
        integer(place.offset as i64),
        integer(place.length as i64),
        maybe(place.format.map(i64::from)),
        integer(place.source),
        maybe(activity.at_ms),
        integer(labels.id(connection, &activity.action)?),
        integer(activity.category as i64),
        maybe(activity.kind.map(|kind| kind as i64)),
        maybe(actor),
        maybe(source_ip),
        maybe(user_agent),
        maybe(region),
        maybe(account),
        text(activity.target.as_deref()),
        maybe(activity.succeeded.map(i64::from)),
        maybe(error_type),
        text(reason),
        integer(i64::from(oddities)),
        text(Some(&ids)),
    ];
    let changed = connection
        .prepare_cached(
            "insert into activity (seq, id, batch_id, line, offset, length, format, source, at_ms,
                action, category, kind, actor, source_ip, user_agent, region, account, target,
                succeeded, error_type, reason, oddities, ids)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                ?19, ?20, ?21, ?22, ?23)
             on conflict (id) do nothing",
        )?
        .execute(bound(&values))?;
    if changed == 1 {
        digests.enter(&values);
    }
    Ok(changed == 1)
}

pub(crate) const COLUMNS: &str = "a.seq, a.id, a.batch_id, a.line, a.offset, a.length, a.format,
    (select text from label where id = a.source), a.at_ms,
    (select text from label where id = a.action), a.category, a.kind,
    (select text from label where id = a.actor), (select text from label where id = a.source_ip),
    (select text from label where id = a.user_agent), (select text from label where id = a.region),
    (select text from label where id = a.account), a.target, a.succeeded,
    (select text from label where id = a.error_type), a.reason, a.oddities, a.ids,
    (select case when e.to_seq > a.seq then e.by_seq end from erased e
     where e.from_seq <= a.seq order by e.from_seq desc limit 1),
    exists (select 1 from held d join hold h on h.id = d.hold
            where d.seq = a.seq and h.released_ms is null)";

pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<ActivityRecord> {
    let id: Vec<u8> = row.get(1)?;
    let category: u8 = row.get(10)?;
    let kind: Option<u8> = row.get(11)?;
    let oddities: u32 = row.get(21)?;
    let ids: String = row.get(22)?;
    let action: String = row.get(9)?;
    let category = Category::ALL
        .get(usize::from(category))
        .copied()
        .unwrap_or(Category::Other);
    let mut activity = Activity::new(action, category);
    activity.at_ms = row.get(8)?;
    activity.kind = kind.and_then(|kind| Kind::ALL.get(usize::from(kind)).copied());
    activity.actor = row.get(12)?;
    activity.source_ip = row.get(13)?;
    activity.user_agent = row.get(14)?;
    activity.region = row.get(15)?;
    activity.account = row.get(16)?;
    activity.target = row.get(17)?;
    activity.succeeded = row.get(18)?;
    activity.error_type = row.get(19)?;
    activity.oddities = Oddity::ALL
        .into_iter()
        .filter(|oddity| oddities & oddity.bit() != 0)
        .collect();
    activity.ids = names(&ids);
    Ok(ActivityRecord {
        seq: row.get::<_, i64>(0)?.unsigned_abs(),
        id: hex::encode(id),
        activity,
        source: row.get(7)?,
        reason: row.get(20)?,
        batch: row.get(2)?,
        line: row.get::<_, i64>(3)?.unsigned_abs(),
        offset: row.get::<_, i64>(4)?.unsigned_abs(),
        length: row.get::<_, i64>(5)?.unsigned_abs(),
        format: row.get(6)?,
        erased: row.get::<_, Option<i64>>(23)?.map(i64::unsigned_abs),
        held: row.get(24)?,
    })
}

impl Store {
    /// A page of activities that match, newest first, those without a time last.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn activities(
        &self,
        query: &Query,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<(Vec<ActivityRecord>, Option<Cursor>)> {
        let filter = compile_activities(query);
        self.read(|connection| {
            let mut found = list(&filter, Begin::after(after)).page(connection, limit + 1, read)?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().filter(|_| more).map(|last| Cursor {
                at_ms: last.activity.at_ms,
                seq: last.seq,
            });
            Ok((found, next))
        })
    }

    /// How many activities match, and how many there are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn activity_count(&self, query: &Query) -> Result<(u64, u64)> {
        let filter = compile_activities(query);
        self.read(|connection| {
            let stored: i64 =
                connection.query_row("select count(*) from activity", [], |row| row.get(0))?;
            let sql = format!("select count(*) from activity a where {}", filter.sql);
            let matching: i64 = connection
                .prepare_cached(&sql)?
                .query_row(filter.named().as_slice(), |row| row.get(0))?;
            Ok((matching.unsigned_abs(), stored.unsigned_abs()))
        })
    }

    /// The activity with this id, and its bytes; none where it was erased.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn activity(&self, id: &str) -> Result<(ActivityRecord, Vec<u8>)> {
        self.read(|connection| {
            let sql = format!("select {COLUMNS} from activity a where a.id = ?1");
            let record = connection
                .prepare_cached(&sql)?
                .query_row([hex::decode(id).unwrap_or_default()], read)
                .optional()?
                .ok_or_else(|| StoreError::NotFound {
                    what: "activity",
                    name: id.to_owned(),
                })?;
            let raw = match record.erased {
                Some(_) => Vec::new(),
                None => body(connection, &self.keys, record.seq)?.1,
            };
            Ok((record, raw))
        })
    }

    /// The activities of `source` on any of `targets`, newest first, `limit` at most.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn activities_on(
        &self,
        source: &str,
        targets: &BTreeSet<&str>,
        limit: u32,
    ) -> Result<Vec<ActivityRecord>> {
        let targets = serde_json::to_string(targets)?;
        self.read(|connection| {
            let sql = format!(
                "select {COLUMNS} from activity a
                 where a.target in (select value from json_each(?1))
                   and a.source = (select id from label where text = ?2)
                 order by a.at_ms desc, a.seq desc limit ?3"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map(rusqlite::params![targets, source, limit], read)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The workbench's own activities of this `action` on `target`, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn own_activities(&self, action: &str, target: &str) -> Result<Vec<ActivityRecord>> {
        self.read(|connection| {
            let sql = format!(
                "select {COLUMNS} from activity a
                 where a.target = ?2 and a.batch_id is null
                   and a.action = (select id from label where text = ?1)
                 order by a.seq desc limit 100"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([action, target], read)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

/// The list of activities that `filter` matches.
pub(crate) fn list(filter: &Filter, from: Begin) -> List<'_> {
    List {
        table: "activity",
        short: "a",
        time: "at_ms",
        columns: COLUMNS,
        condition: &filter.sql,
        filter,
        from,
    }
}
