//! The trail: lists, counts, facets, charts, and one record in full.
//!
//! Everything leaves here masked; the original text only by a reveal, which is written to the
//! trail before the text is returned. Not here: how text is masked (`masking`), SQL, exports
//! (`exporting`).

pub mod billed;
pub mod concerning;
pub mod costs;
pub mod excerpts;
pub mod export_checks;
pub mod exporting;
pub mod latency;
mod lent;
pub mod notes;
pub(crate) mod parts;
pub mod reconciling;
pub mod review_samples;
pub mod text_index;
pub mod view;
pub mod views;
mod witnesses;

use assay_domain::call::Body;
use assay_domain::formats::Format;
use assay_domain::moment::{self, WithoutZone, rfc3339};
use assay_domain::query::keys::{CALL_KEYS, Table};
use assay_evidence::leaf::LeafKind;
use assay_store::activities::ActivityRecord;
use assay_store::calls::{CallRecord, Cursor};
use assay_store::policies::deed;
use assay_store::writer::OwnRecord;
use sha2::{Digest, Sha256};

use crate::checks::thousands;
use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::masking::Masker;
use crate::opening::Engine;
use crate::opening::read_query;
use crate::trail::view::{
    ActivityDetail, ActivityPage, ActivityRow, AskHistogram, AskRow, Bar, CallDetail, CallPage,
    CallRow, Count, ErasedRecord, Facet, FacetValue, Histogram, ListCalls, Provenance, Query,
    QueryKey, RecordRef, Reveal, RevealCall, Revealed, RowNumber,
};

/// Facets that the trail shows, with their titles.
const FACETS: [(&str, &str); 15] = [
    ("deployment", "Deployment"),
    ("kind", "Kind"),
    ("source", "Source"),
    ("status", "Status"),
    ("http_status", "HTTP status"),
    ("served_region", "Served region"),
    ("requested_region", "Requested region"),
    ("request_model", "Model"),
    ("entity_type", "Personal data found"),
    ("feature", "Feature"),
    ("body", "Text"),
    ("disagrees", "Sources disagree on"),
    ("join", "Joined without an id"),
    ("principal", "Principal"),
    ("tag", "Tag"),
];
/// Values of a facet that are shown.
const FACET_VALUES: usize = 12;
/// Seconds after which revealed text is hidden again.
const HIDE_AFTER_S: u32 = 60;
/// The least that a reason says, in characters.
pub(crate) const REASON: usize = 10;

/// A page of calls, newest first.
///
/// # Errors
/// `bad_input` for the query or the cursor.
pub fn calls(engine: &Engine, input: ListCalls) -> Result<CallPage> {
    let query = read_query(&input.query, Table::Calls)?;
    let (after, limit) = paging(&input)?;
    let (records, next) = match input.row {
        Some(row) => {
            let mut records = engine.store().call_rows(&query, row, limit + 1)?;
            let is_more = records.len() > limit;
            records.truncate(limit);
            let next = records.last().filter(|_| is_more).map(|last| Cursor {
                at_ms: last.call.started_at_ms,
                seq: last.seq,
            });
            (records, next)
        }
        None => engine.store().calls(&query, after, limit)?,
    };
    let masker = Masker::in_force(engine)?;
    Ok(CallPage {
        calls: records.iter().map(|record| row(record, &masker)).collect(),
        next: next.map(|cursor| cursor.text()),
    })
}

fn paging(input: &ListCalls) -> Result<(Option<Cursor>, usize)> {
    let after = match input.after.as_deref() {
        None | Some("") => None,
        Some(text) => Some(Cursor::parse(text).ok_or_else(|| {
            WireError::new(Code::BadInput, format!("not a cursor: {text}"))
                .hint("pass `next` as it was given")
        })?),
    };
    if after.is_some() && input.row.is_some() {
        return Err(WireError::new(
            Code::BadInput,
            "a page begins after a cursor or at a row, not both",
        ));
    }
    let limit = input.limit.unwrap_or(100).clamp(1, 500);
    Ok((after, usize::try_from(limit).unwrap_or(100)))
}

/// Where in the list of calls a time stands.
///
/// # Errors
/// `bad_input` for the query or the time.
pub fn row_at(engine: &Engine, input: AskRow) -> Result<RowNumber> {
    let query = read_query(&input.query, Table::Calls)?;
    let row = engine.store().call_row_at(&query, time(&input.at)?)?;
    Ok(RowNumber { row })
}

/// Where in the list of activities a time stands.
///
/// # Errors
/// `bad_input` for the query or the time.
pub fn activity_row_at(engine: &Engine, input: AskRow) -> Result<RowNumber> {
    let query = read_query(&input.query, Table::Activities)?;
    let row = engine.store().activity_row_at(&query, time(&input.at)?)?;
    Ok(RowNumber { row })
}

fn time(text: &str) -> Result<i64> {
    let text = text.trim();
    // A date is its beginning.
    let text = match text.len() {
        10 => format!("{text}T00:00:00Z"),
        _ => text.to_owned(),
    };
    let (ms, _) = moment::read(&text, WithoutZone::IsUtc, i64::MAX - moment::AHEAD_MS);
    ms.ok_or_else(|| {
        WireError::new(Code::BadInput, "not a time")
            .hint("write it like 2026-10-01T14:00:00Z, or 2026-10-01")
    })
}

/// A call as the list shows it.
pub(crate) fn row(record: &CallRecord, masker: &Masker) -> CallRow {
    let masker = masker.of(&record.deployment);
    row_named(record, |name| masker.word(name))
}

/// A call with its names as `shown` leaves them.
pub(crate) fn row_named(record: &CallRecord, mut shown: impl FnMut(&str) -> String) -> CallRow {
    let call = &record.call;
    // Names that a source sets, where whoever wrote the log may have set something else.
    let mut name = |name: &Option<String>| name.as_deref().map(&mut shown);
    let (request_model, response_model) = (name(&call.request_model), name(&call.response_model));
    let (error_type, stop_reason) = (name(&call.error_type), name(&call.stop_reason));
    let figures = lent::figures(record);
    CallRow {
        id: record.id.clone(),
        kind: call.kind,
        deployment: record.deployment.clone(),
        sources: record.sources.clone(),
        started_at: call.started_at_ms.map(rfc3339),
        latency_ms: figures.latency_ms,
        request_model,
        response_model,
        requested_region: call.requested_region.clone(),
        served_region: figures.served_region,
        principal: call.principal.clone(),
        source_ip: call.source_ip.clone(),
        status: call.status,
        http_status: call.http_status,
        error_type,
        stop_reason,
        input_tokens: figures.tokens.input,
        output_tokens: figures.tokens.output,
        cache_read_tokens: figures.tokens.cache_read,
        cache_write_5m_tokens: figures.tokens.cache_write_5m,
        cache_write_1h_tokens: figures.tokens.cache_write_1h,
        cost_usd: figures.cost_usd_micros.map(costs::usd),
        classification: call.classification.clone(),
        request_ids: call.request_ids.clone(),
        conversation_id: call.conversation_id.clone(),
        metadata: call
            .metadata
            .iter()
            .map(|(key, value)| (key.clone(), shown(value)))
            .collect(),
        body: call.body,
        features: call.features.iter().collect(),
        oddities: call.oddities.clone(),
        conflict: record.conflict,
        entities: record.entities,
        erased: record.erased,
        held: record.held,
        lent: figures.lent,
    }
}

/// How many calls match, of how many.
///
/// # Errors
/// `bad_input` for the query.
pub fn count(engine: &Engine, input: Query) -> Result<Count> {
    let query = read_query(&input.query, Table::Calls)?;
    let (matching, stored) = engine.store().count(&query)?;
    Ok(Count { matching, stored })
}

/// Matching calls over time.
///
/// # Errors
/// `bad_input` for the query.
pub fn histogram(engine: &Engine, input: AskHistogram) -> Result<Histogram> {
    let query = read_query(&input.query, Table::Calls)?;
    let found = engine.store().histogram(&query, input.bars)?;
    Ok(Histogram {
        from_ms: found.from_ms,
        to_ms: found.to_ms,
        bar_ms: found.bar_ms,
        bars: found
            .bars
            .iter()
            .map(|bar| Bar {
                start_ms: bar.start_ms,
                ok: bar.ok,
                limited: bar.limited,
                errors: bar.errors,
            })
            .collect(),
        without_time: found.without_time,
    })
}

/// The values of each facet among the matching calls.
///
/// # Errors
/// `bad_input` for the query.
pub fn facets(engine: &Engine, input: Query) -> Result<Vec<Facet>> {
    let query = read_query(&input.query, Table::Calls)?;
    let fields = FACETS.map(|(field, _)| field);
    let counted = engine.store().facets(&fields, &query, FACET_VALUES)?;
    Ok(FACETS
        .iter()
        .zip(counted)
        .map(|((field, title), (values, more))| Facet {
            field: (*field).to_owned(),
            title: (*title).to_owned(),
            values: values
                .into_iter()
                .map(|value| FacetValue {
                    value: value.value,
                    count: value.calls,
                })
                .collect(),
            more,
        })
        .collect())
}

/// The keys of the query language for calls.
///
/// # Errors
/// Never.
pub fn keys(_: &Engine, _: Nothing) -> Result<Vec<QueryKey>> {
    Ok(CALL_KEYS
        .iter()
        .map(|key| QueryKey {
            key: key.name.to_owned(),
            about: key.about.to_owned(),
            example: key.example.to_owned(),
        })
        .collect())
}

/// A call in full, masked.
///
/// # Errors
/// `not_found`.
pub fn call(engine: &Engine, input: RecordRef) -> Result<CallDetail> {
    let store = engine.store();
    let record = store.call(&input.id)?;
    let raw = match record.erased {
        Some(_) => Vec::new(),
        None => store.raw(record.seq)?,
    };
    let masker = Masker::in_force(engine)?.of(&record.deployment);
    let text = parts::said(store, record.seq, record.format, &raw)?;
    let (request, response) = masker.exchange(&text);
    let others = store.witnesses(record.seq)?;
    let (raw_segments, raw_cut) = masker.raw(&raw);
    let reveals = store
        .own_activities("call.reveal", &record.id)?
        .into_iter()
        .map(|own| Reveal {
            at: own.activity.at_ms.map(rfc3339).unwrap_or_default(),
            by: own.activity.actor.unwrap_or_default(),
            reason: own.reason.unwrap_or_default(),
        })
        .collect();
    let (leaf_commitment, batch) = (store.leaf(record.seq)?.1, store.batch(record.batch)?);
    let erased = erased(engine, record.erased)?;
    Ok(CallDetail {
        provenance: provenance(&Origin {
            source: &record.source,
            format: Some(record.format),
            seq: record.seq,
            line: record.line,
            offset: record.offset,
            length: record.length,
            raw: record.erased.is_none().then_some(raw.as_slice()),
            commitment: leaf_commitment,
            batch: &batch,
        }),
        body_note: match &erased {
            Some(erased) => Some(format!("{} {}", erased.sentence, erased.remains)),
            None => body_note(&record, &text.references),
        },
        holds: store.holds_on(record.seq)?,
        erased,
        references: text.references.clone(),
        masked_by: masker.name().to_owned(),
        cost: costs::line(&record),
        witnesses: others
            .iter()
            .map(|witness| witnesses::witness(&record, witness))
            .collect(),
        versions: witnesses::versions(&record, &others),
        disagreements: witnesses::disagreeing(&record, &others),
        ambiguity: store.is_ambiguous(record.seq)?.then(witnesses::ambiguity),
        request,
        response,
        raw: match record.erased {
            Some(_) => Vec::new(),
            None => raw_segments,
        },
        raw_cut,
        reveals,
        activities: concerning::of_call(engine, &record, &others)?,
        call: row(&record, &masker),
    })
}

fn body_note(record: &CallRecord, references: &[String]) -> Option<String> {
    match record.call.body {
        Body::Present => None,
        Body::Missing => Some(
            "The source can hold the text of a call, but this record has none: text delivery was off, \
             the call failed, or the log was cut."
                .to_owned(),
        ),
        Body::ByReference => Some(format!(
            "The text was delivered to another object, which was not imported: {}.",
            references.first().map_or("not named", String::as_str)
        )),
        Body::NotCarried => {
            let format = Format::from_number(record.format).map_or(record.source.as_str(), |format| format.title());
            Some(format!("The source of this record, {format}, never holds the text of a call."))
        }
    }
}

/// What is said of a record that the erasure at leaf `by` erased.
fn erased(engine: &Engine, by: Option<u64>) -> Result<Option<ErasedRecord>> {
    let Some(by) = by else {
        return Ok(None);
    };
    let erasure = engine.store().erasure(by)?;
    let at = rfc3339(erasure.begun_ms);
    let why = match erasure.kind.as_str() {
        "retention" => "by the retention rule".to_owned(),
        _ => format!("on request {}", erasure.request),
    };
    Ok(Some(ErasedRecord {
        leaf: by,
        sentence: format!("Erased by #{} on {}, {why}.", thousands(by), &at[..10]),
        remains: "What remains: time, model, regions, tokens, cost, status, its leaf and \
                  its salted commitment, so that totals and proofs still hold."
            .to_owned(),
        kind: erasure.kind,
        basis: erasure.basis,
        request: erasure.request,
        at,
    }))
}

struct Origin<'a> {
    source: &'a str,
    format: Option<u8>,
    seq: u64,
    line: u64,
    offset: u64,
    length: u64,
    /// `None` where it was erased.
    raw: Option<&'a [u8]>,
    commitment: String,
    batch: &'a assay_store::batches::BatchRecord,
}

fn provenance(origin: &Origin<'_>) -> Provenance {
    Provenance {
        source: origin.source.to_owned(),
        format: origin
            .format
            .and_then(Format::from_number)
            .map_or_else(|| "unknown".to_owned(), |format| format.title().to_owned()),
        batch: origin.batch.id.to_string(),
        path: origin.batch.path.clone(),
        line: origin.line,
        offset: origin.offset,
        length: origin.length,
        sha256: origin.raw.map(|raw| hex::encode(Sha256::digest(raw))),
        file_sha256: origin.batch.sha256.as_deref().map(hex::encode),
        imported_at: rfc3339(origin.batch.started_at_ms),
        leaf: origin.seq,
        commitment: origin.commitment.clone(),
    }
}

/// The original text of a call. Its reveal is an activity that is written first; where it can't be
/// written, nothing is revealed.
///
/// # Errors
/// `bad_input` for a reason that says too little; `not_found`; the store's errors.
pub fn reveal(engine: &Engine, input: RevealCall) -> Result<Revealed> {
    let reason = input.reason.trim();
    if reason.chars().count() < REASON {
        return Err(WireError::new(
            Code::BadInput,
            format!("a reason has at least {REASON} characters"),
        )
        .hint("say why the original text is needed"));
    }
    let store = engine.store();
    let record = store.call(&input.id)?;
    let raw = store.raw(record.seq)?;
    let now_ms = engine.now_ms();
    let payload = serde_json::json!({
        "action": "call.reveal",
        "at": rfc3339(now_ms),
        "by": engine.user(),
        "call": record.id,
        "leaf": record.seq,
        "reason": reason,
    })
    .to_string();
    let own = OwnRecord {
        kind: LeafKind::Reveal,
        activity: deed("call.reveal", &record.id, engine.user(), now_ms),
        reason: Some(reason),
        payload: payload.as_bytes(),
        now_ms,
    };
    let (_, activity) = store.writer()?.record_own(&own)?;
    let text = parts::said(store, record.seq, record.format, &raw)?;
    let (request, response) = Masker::in_force(engine)?
        .of(&record.deployment)
        .revealed(&text);
    Ok(Revealed {
        request,
        response,
        activity,
        hide_after_s: HIDE_AFTER_S,
    })
}

/// Notes that revealed text of a call is about to be copied; only then may the clipboard hold it.
///
/// # Errors
/// `not_found`; the store's errors.
pub fn copied(engine: &Engine, input: RecordRef) -> Result<Nothing> {
    let record = engine.store().call(&input.id)?;
    let now_ms = engine.now_ms();
    let payload = serde_json::json!({
        "action": "call.copy",
        "at": rfc3339(now_ms),
        "by": engine.user(),
        "call": record.id,
        "leaf": record.seq,
    })
    .to_string();
    let own = OwnRecord {
        kind: LeafKind::Reveal,
        activity: deed("call.copy", &record.id, engine.user(), now_ms),
        reason: None,
        payload: payload.as_bytes(),
        now_ms,
    };
    engine.store().writer()?.record_own(&own)?;
    Ok(Nothing {})
}

/// A page of activities, newest first.
///
/// # Errors
/// `bad_input` for the query or the cursor.
pub fn activities(engine: &Engine, input: ListCalls) -> Result<ActivityPage> {
    let query = read_query(&input.query, Table::Activities)?;
    let (after, limit) = paging(&input)?;
    let (records, next) = match input.row {
        Some(row) => {
            let mut records = engine.store().activity_rows(&query, row, limit + 1)?;
            let is_more = records.len() > limit;
            records.truncate(limit);
            let next = records.last().filter(|_| is_more).map(|last| Cursor {
                at_ms: last.activity.at_ms,
                seq: last.seq,
            });
            (records, next)
        }
        None => engine.store().activities(&query, after, limit)?,
    };
    Ok(ActivityPage {
        activities: records.iter().map(activity_row).collect(),
        next: next.map(|cursor| cursor.text()),
    })
}

/// How many activities match, of how many.
///
/// # Errors
/// `bad_input` for the query.
pub fn activity_count(engine: &Engine, input: Query) -> Result<Count> {
    let query = read_query(&input.query, Table::Activities)?;
    let (matching, stored) = engine.store().activity_count(&query)?;
    Ok(Count { matching, stored })
}

pub(crate) fn activity_row(record: &ActivityRecord) -> ActivityRow {
    let activity = &record.activity;
    ActivityRow {
        id: record.id.clone(),
        at: activity.at_ms.map(rfc3339),
        action: activity.action.clone(),
        category: activity.category,
        kind: activity.kind,
        actor: activity.actor.clone(),
        source_ip: activity.source_ip.clone(),
        region: activity.region.clone(),
        account: activity.account.clone(),
        target: activity.target.clone(),
        succeeded: activity.succeeded,
        error_type: activity.error_type.clone(),
        source: record.source.clone(),
        reason: record.reason.clone(),
        oddities: activity.oddities.clone(),
        erased: record.erased,
        held: record.held,
    }
}

/// An activity in full.
///
/// # Errors
/// `not_found`.
pub fn activity(engine: &Engine, input: RecordRef) -> Result<ActivityDetail> {
    let store = engine.store();
    let (record, raw) = store.activity(&input.id)?;
    let masker = Masker::in_force(engine)?;
    let (segments, raw_cut) = masker.raw(&raw);
    let provenance = match record.batch {
        None => None,
        Some(batch) => {
            let batch = store.batch(batch)?;
            Some(provenance(&Origin {
                source: &record.source,
                format: record.format,
                seq: record.seq,
                line: record.line,
                offset: record.offset,
                length: record.length,
                raw: record.erased.is_none().then_some(raw.as_slice()),
                commitment: store.leaf(record.seq)?.1,
                batch: &batch,
            }))
        }
    };
    Ok(ActivityDetail {
        activity: activity_row(&record),
        calls: concerning::calls_of(engine, &record)?,
        erased: erased(engine, record.erased)?,
        holds: store.holds_on(record.seq)?,
        provenance,
        raw: match record.erased {
            Some(_) => Vec::new(),
            None => segments,
        },
        raw_cut,
    })
}
