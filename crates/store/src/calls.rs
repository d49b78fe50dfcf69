//! Calls: storing one, listing a page, showing one with its bytes.
//!
//! A page is found by key, never by offset. Not here: which records are of the same call
//! (`joins`), counting (`facets`), what a query means in SQL (`filter`).

use std::borrow::Cow;
use std::collections::BTreeMap;

use assay_domain::call::{Body, Call, Features, Kind, Oddity, Status, Tokens};
use assay_domain::query::Query;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use crate::activities::Place;
use crate::appending::Inserts;
use crate::coverage::{self, bit};
use crate::day_keys::DayKeys;
use crate::erasure::erased_at;
use crate::error::{Result, StoreError};
use crate::filter::{Filter, compile_calls};
use crate::lent::{self, Lent};
use crate::open::Store;
use crate::pages::{Begin, List};
use crate::record_keys::{self, Trodden};
use crate::rollups::Counted;
use crate::row_digests::{RowDigests, bound, integer, maybe, text};
use crate::sealing::{StoredBody, unseal};
use crate::text_search::Need;
use crate::word_pages;
use crate::writer::Labels;

/// Where a page ended: records are listed newest first, those without a time last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub at_ms: Option<i64>,
    pub seq: u64,
}

impl Cursor {
    /// As it crosses to the window: `1790812800000.4711`, or `-.4711` without a time.
    pub fn text(&self) -> String {
        match self.at_ms {
            Some(ms) => format!("{ms}.{}", self.seq),
            None => format!("-.{}", self.seq),
        }
    }

    /// Reads what [`Cursor::text`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let (ms, seq) = text.split_once('.')?;
        let at_ms = match ms {
            "-" => None,
            ms => Some(ms.parse().ok()?),
        };
        Some(Self {
            at_ms,
            seq: seq.parse().ok()?,
        })
    }
}

/// A call about to be stored.
pub(crate) struct NewCall<'a> {
    pub(crate) id: &'a [u8; 16],
    pub(crate) place: &'a Place,
    pub(crate) source: &'static str,
    pub(crate) call: &'a Call,
    pub(crate) deployment: i64,
    pub(crate) cost_usd_micros: Option<i64>,
    /// It is stored with what another part of the same call told, and leads it.
    pub(crate) completes: bool,
}

/// A call as stored.
pub struct CallRecord {
    pub seq: u64,
    pub id: String,
    pub call: Call,
    pub deployment: String,
    pub source: String,
    /// Every source that saw it, the record's own first.
    pub sources: Vec<String>,
    pub cost_usd_micros: Option<i64>,
    pub batch: i64,
    pub line: u64,
    pub offset: u64,
    pub length: u64,
    pub format: u8,
    /// Another record of the same source has the same id and other content.
    pub conflict: bool,
    /// Entities found in its text; `None` until it was scanned.
    pub entities: Option<u64>,
    /// The leaf that erased it.
    pub erased: Option<u64>,
    /// A hold in force covers it.
    pub held: bool,
    /// What other records of the call tell that this one, which is listed for it, does not.
    pub lent: Lent,
}

/// Inserts a row of `call`; its columns stand in the table's order.
pub(crate) const INSERT: &str =
    "insert into call (seq, id, batch_id, line, offset, length, format, source, kind,
        deployment_id, started_at_ms, latency_ms, request_model, response_model,
        requested_region, served_region, principal, source_ip, status, http_status,
        error_type, stop_reason, input_tokens, output_tokens, cache_read_tokens,
        cache_write_5m_tokens, cache_write_1h_tokens, cost_usd_micros,
        reported_cost_usd_micros, classification, conversation_id, account, private_path,
        features, oddities, body, request_ids, metadata)
     values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
        ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35,
        ?36, ?37, ?38)";

/// Inserts a call that is not there yet; answers what it counts as.
pub(crate) fn insert(
    inserts: &mut Inserts<'_>,
    labels: &mut Labels,
    new: &NewCall<'_>,
    digests: RowDigests<'_>,
) -> Result<Counted> {
    let (call, place, connection) = (new.call, new.place, inserts.connection);
    let mut label = |text: &Option<String>| labels.maybe(connection, text.as_deref());
    let request_model = label(&call.request_model)?;
    let requested_region = label(&call.requested_region)?;
    let served_region = label(&call.served_region)?;
    let response_model = label(&call.response_model)?;
    let principal = label(&call.principal)?;
    let source_ip = label(&call.source_ip)?;
    let error_type = label(&call.error_type)?;
    let stop_reason = label(&call.stop_reason)?;
    let classification = label(&call.classification)?;
    let account = label(&call.account)?;
    let private_path = label(&call.private_path)?;
    let number = |value: Option<u64>| value.and_then(|value| i64::try_from(value).ok());
    let tokens = &call.tokens;
    let oddities = call
        .oddities
        .iter()
        .fold(0, |bits, oddity| bits | oddity.bit());
    let mut metadata = Cow::Borrowed(&call.metadata);
    if let Some(endpoint) = &call.endpoint
        && !metadata.contains_key("endpoint")
    {
        metadata
            .to_mut()
            .insert("endpoint".to_owned(), endpoint.clone());
    }
    let (ids, metadata) = (json(&call.request_ids)?, json(&metadata)?);
    let values = [
        integer(place.seq as i64),
        ValueRef::Blob(new.id),
        maybe(place.batch),
        integer(place.line as i64),
        integer(place.offset as i64),
        integer(place.length as i64),
        maybe(place.format.map(i64::from)),
        integer(place.source),
        integer(call.kind as i64),
        integer(new.deployment),
        maybe(call.started_at_ms),
        maybe(call.latency_ms),
        maybe(request_model),
        maybe(response_model),
        maybe(requested_region),
        maybe(served_region),
        maybe(principal),
        maybe(source_ip),
        integer(call.status as i64),
        maybe(call.http_status.map(i64::from)),
        maybe(error_type),
        maybe(stop_reason),
        maybe(number(tokens.input)),
        maybe(number(tokens.output)),
        maybe(number(tokens.cache_read)),
        maybe(number(tokens.cache_write_5m)),
        maybe(number(tokens.cache_write_1h)),
        maybe(new.cost_usd_micros),
        maybe(call.reported_cost_usd_micros),
        maybe(classification),
        text(call.conversation_id.as_deref()),
        maybe(account),
        maybe(private_path),
        integer(i64::from(call.features.0)),
        integer(i64::from(oddities)),
        integer(call.body as i64),
        text(Some(&ids)),
        text(Some(&metadata)),
    ];
    inserts.call.execute(bound(&values))?;
    digests.enter(&values);
    Ok(Counted {
        started_at_ms: call.started_at_ms,
        deployment_id: new.deployment,
        kind: call.kind as i64,
        source: new.place.source,
        request_model: request_model.unwrap_or(0),
        requested_region: requested_region.unwrap_or(0),
        served_region: served_region.unwrap_or(0),
        principal: principal.unwrap_or(0),
        status: call.status as i64,
        http_status: call.http_status.map_or(-1, i64::from),
        body: call.body as i64,
        features: i64::from(call.features.0),
        input_tokens: number(tokens.input),
        output_tokens: number(tokens.output),
        cache_read_tokens: number(tokens.cache_read),
        cache_write_5m_tokens: number(tokens.cache_write_5m),
        cache_write_1h_tokens: number(tokens.cache_write_1h),
        cost_usd_micros: new.cost_usd_micros,
        latency_ms: call.latency_ms,
        private_path: call.private_path.is_some(),
        sources: bit(new.place.format.unwrap_or(0)),
        is_unlogged: coverage::unlogged(call),
        entities: Vec::new(),
    })
}

pub(crate) const COLUMNS: &str = "c.seq, c.id, c.batch_id, c.line, c.offset, c.length, c.format,
    (select text from label where id = c.source), c.kind,
    (select name from deployment where id = c.deployment_id), c.started_at_ms, c.latency_ms,
    (select text from label where id = c.request_model),
    (select text from label where id = c.response_model),
    (select text from label where id = c.requested_region),
    (select text from label where id = c.served_region),
    (select text from label where id = c.principal),
    (select text from label where id = c.source_ip), c.status, c.http_status,
    (select text from label where id = c.error_type),
    (select text from label where id = c.stop_reason), c.input_tokens, c.output_tokens,
    c.cache_read_tokens, c.cache_write_5m_tokens, c.cache_write_1h_tokens, c.cost_usd_micros,
    c.reported_cost_usd_micros, (select text from label where id = c.classification),
    c.conversation_id, (select text from label where id = c.account),
    (select text from label where id = c.private_path), c.features, c.oddities, c.body,
    c.request_ids, c.metadata,
    (select group_concat(name, char(10)) from
        (select distinct l.text as name from witness w join label l on l.id = w.source
         where w.of_seq = c.seq order by 1)),
    exists (select 1 from witness w where w.of_seq = c.seq and w.is_conflict = 1),
    (select case when c.seq < up_to_seq then
        (select coalesce(sum(count), 0) from entity e where e.seq = c.seq) end from scan),
    (select case when e.to_seq > c.seq then e.by_seq end from erased e
     where e.from_seq <= c.seq order by e.from_seq desc limit 1),
    exists (select 1 from held d join hold h on h.id = d.hold
            where d.seq = c.seq and h.released_ms is null),
    (select json_array(
            json_array(u.input_tokens, u.output_tokens, u.cache_read_tokens,
                u.cache_write_5m_tokens, u.cache_write_1h_tokens),
            json_array((select text from label where id = u.source),
                (select w.inferred from witness w where w.seq = u.seq)),
            json_array(k.cost_usd_micros, json_array((select text from label where id = k.source),
                (select w.inferred from witness w where w.seq = k.seq))),
            json_array(t.latency_ms, json_array((select text from label where id = t.source),
                (select w.inferred from witness w where w.seq = t.seq))))
        from lent l left join call u on u.seq = l.usage_from
            left join call k on k.seq = l.cost_from left join call t on t.seq = l.latency_from
        where l.seq = c.seq),
    case when c.served_region is null then
        (select json_array(r.text, json_array(s.text, w.inferred))
            from witness w indexed by witness_with_region
            join label r on r.id = w.served_region join label s on s.id = w.source
         where w.of_seq = c.seq and w.served_region is not null order by w.seq limit 1) end";

/// Names and their values as a JSON object.
fn json(names: &BTreeMap<String, String>) -> Result<Cow<'static, str>> {
    Ok(match names.is_empty() {
        true => Cow::Borrowed("{}"),
        false => Cow::Owned(serde_json::to_string(names)?),
    })
}

pub(crate) fn names(json: &str) -> BTreeMap<String, String> {
    serde_json::from_str(json).unwrap_or_default()
}

pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<CallRecord> {
    let id: Vec<u8> = row.get(1)?;
    let kind: u8 = row.get(8)?;
    let status: i64 = row.get(18)?;
    let count = |value: Option<i64>| value.map(i64::unsigned_abs);
    let oddities: u32 = row.get(34)?;
    let body: i64 = row.get(35)?;
    let source: String = row.get(7)?;
    let others: Option<String> = row.get(38)?;
    let mut sources = vec![source.clone()];
    for other in others.as_deref().unwrap_or_default().lines() {
        if !sources.iter().any(|known| known == other) {
            sources.push(other.to_owned());
        }
    }
    let mut metadata = names(&row.get::<_, String>(37)?);
    let call = Call {
        kind: Kind::ALL
            .get(usize::from(kind))
            .copied()
            .unwrap_or(Kind::Private),
        started_at_ms: row.get(10)?,
        latency_ms: row.get(11)?,
        request_model: row.get(12)?,
        response_model: row.get(13)?,
        requested_region: row.get(14)?,
        served_region: row.get(15)?,
        principal: row.get(16)?,
        source_ip: row.get(17)?,
        status: if status == 0 {
            Status::Ok
        } else {
            Status::Error
        },
        http_status: row.get(19)?,
        error_type: row.get(20)?,
        stop_reason: row.get(21)?,
        tokens: Tokens {
            input: count(row.get(22)?),
            output: count(row.get(23)?),
            cache_read: count(row.get(24)?),
            cache_write_5m: count(row.get(25)?),
            cache_write_1h: count(row.get(26)?),
        },
        reported_cost_usd_micros: row.get(28)?,
        classification: row.get(29)?,
        request_ids: names(&row.get::<_, String>(36)?),
        conversation_id: row.get(30)?,
        account: row.get(31)?,
        endpoint: metadata.remove("endpoint"),
        private_path: row.get(32)?,
        metadata,
        features: Features(row.get(33)?),
        body: [
            Body::Present,
            Body::Missing,
            Body::ByReference,
            Body::NotCarried,
        ]
        .into_iter()
        .find(|candidate| *candidate as i64 == body)
        .unwrap_or(Body::NotCarried),
        oddities: Oddity::ALL
            .into_iter()
            .filter(|oddity| oddities & oddity.bit() != 0)
            .collect(),
    };
    Ok(CallRecord {
        seq: row.get::<_, i64>(0)?.unsigned_abs(),
        id: hex::encode(id),
        call,
        deployment: row.get(9)?,
        source,
        sources,
        cost_usd_micros: row.get(27)?,
        batch: row.get(2)?,
        line: row.get::<_, i64>(3)?.unsigned_abs(),
        offset: row.get::<_, i64>(4)?.unsigned_abs(),
        length: row.get::<_, i64>(5)?.unsigned_abs(),
        format: row.get(6)?,
        conflict: row.get(39)?,
        entities: count(row.get(40)?),
        erased: count(row.get(41)?),
        held: row.get(42)?,
        lent: lent::read(
            row.get_ref(43)?.as_str_or_null()?,
            row.get_ref(44)?.as_str_or_null()?,
        ),
    })
}

/// Salt of the commitment and bytes of the record at `seq`.
pub(crate) fn body(
    connection: &Connection,
    keys: &DayKeys,
    seq: u64,
) -> Result<(Vec<u8>, Vec<u8>)> {
    if let Some(by) = erased_at(connection, seq)? {
        return Err(StoreError::Erased { seq, by });
    }
    let stored = StoredBody::find(connection, seq)?.ok_or_else(|| StoreError::NotFound {
        what: "record bytes",
        name: seq.to_string(),
    })?;
    unseal(keys, stored)
}

impl Store {
    /// A page of calls that match, newest first, those without a time last.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn calls(
        &self,
        query: &Query,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<(Vec<CallRecord>, Option<Cursor>)> {
        self.search(query, Need::Near, |connection, looked| {
            let from = Begin::after(after);
            let mut found = if looked.is_wide {
                word_pages::page(self, connection, query, from, limit + 1)?
            } else if looked.reads_few(query) {
                word_pages::page_of_few(connection, (query, &looked), from, limit + 1)?
            } else {
                let filter = compile_calls(query, looked);
                list(&filter, &filter.listed(), from).page(connection, limit + 1, read)?
            };
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().filter(|_| more).map(|last| Cursor {
                at_ms: last.call.started_at_ms,
                seq: last.seq,
            });
            Ok((found, next))
        })
    }

    /// The record with this id, whether it is listed or stands behind another.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn call(&self, id: &str) -> Result<CallRecord> {
        self.read(|connection| {
            let bytes = hex::decode(id).unwrap_or_default();
            let seq = record_keys::call_of_id(connection, &bytes, &mut Trodden::default())?
                .ok_or_else(|| StoreError::NotFound {
                    what: "call",
                    name: id.to_owned(),
                })?;
            let sql = format!("select {COLUMNS} from call c where c.seq = ?1");
            Ok(connection.prepare_cached(&sql)?.query_row([seq], read)?)
        })
    }

    /// The bytes of the record at `seq`, as received.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is none, [`StoreError::Erased`] where there was.
    pub fn raw(&self, seq: u64) -> Result<Vec<u8>> {
        self.read(|connection| Ok(body(connection, &self.keys, seq)?.1))
    }
}

/// The record at `seq`.
pub(crate) fn of_seq(connection: &Connection, seq: i64) -> Result<CallRecord> {
    Ok(connection
        .prepare_cached(&format!("select {COLUMNS} from call c where c.seq = ?1"))?
        .query_row([seq], read)?)
}

/// The list of calls that `filter` matches; `condition` is what it says of the listed ones.
pub(crate) fn list<'a>(filter: &'a Filter, condition: &'a str, from: Begin) -> List<'a> {
    List {
        table: "call",
        short: "c",
        time: "started_at_ms",
        columns: COLUMNS,
        condition,
        filter,
        from,
    }
}
