//! Which sources saw the same calls, pair by pair, and what one of the two does not tell.
//!
//! In: a period. Out: for each pair of sources that hold calls of it: calls in both, in one only,
//! and fields that one side lacks. Every count is the count of a trail query. Not here: joining
//! records to calls (the store, at import).

use std::collections::BTreeMap;

use assay_domain::formats::Format;
use assay_domain::query::keys::Table;
use assay_domain::settings::date_ms;
use assay_store::calls::CallRecord;
use serde::{Deserialize, Serialize};

use crate::error::{Code, Result, WireError};
use crate::opening::{Engine, read_query};

/// Calls of a pair that are compared field by field, the newest first.
const COMPARED: u64 = 20_000;

/// Asks which sources agree.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct AskReconciliation {
    /// A date or RFC 3339; inclusive.
    pub from: Option<String>,
    /// A date or RFC 3339; exclusive.
    pub to: Option<String>,
}

/// What the sources of a period agree on.
#[derive(Debug, Clone, Serialize)]
pub struct Reconciliation {
    /// The period as a trail query; empty for all.
    pub query: String,
    pub sources: Vec<SourceCalls>,
    pub pairs: Vec<Pair>,
}

/// A source and the calls that it saw.
#[derive(Debug, Clone, Serialize)]
pub struct SourceCalls {
    pub source: String,
    pub calls: u64,
}

/// Two sources. A call that only one of them has may lie outside of what the other one covers.
#[derive(Debug, Clone, Serialize)]
pub struct Pair {
    pub left: String,
    pub right: String,
    pub matched: u64,
    pub only_left: u64,
    pub only_right: u64,
    /// Opens exactly the calls that only the left one saw.
    pub only_left_query: String,
    pub only_right_query: String,
    /// Matched calls that were compared field by field.
    pub compared: u64,
    /// What one side does not tell and the other does, in the compared calls.
    pub fields_missing: Vec<MissingField>,
}

/// A field that a source lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MissingField {
    pub source: String,
    pub field: String,
    pub calls: u64,
}

/// Compares all sources of a period, pair by pair.
///
/// # Errors
/// `bad_input` for the period; the store's errors.
pub fn reconcile(engine: &Engine, asked: &AskReconciliation) -> Result<Reconciliation> {
    let mut terms = Vec::new();
    for (time, relation) in [(&asked.from, ">="), (&asked.to, "<")] {
        if let Some(time) = time {
            let known =
                date_ms(time).is_some() || chrono::DateTime::parse_from_rfc3339(time).is_ok();
            if !known {
                return Err(
                    WireError::new(Code::BadInput, format!("not a time: {time}"))
                        .hint("write a date like 2026-10-01"),
                );
            }
            terms.push(format!("started_at:{relation}{time}"));
        }
    }
    let period = terms.join(" ");
    let within = |more: &str| format!("{period} {more}").trim().to_owned();
    let count = |query: &str| -> Result<u64> {
        Ok(engine.store().count(&read_query(query, Table::Calls)?)?.0)
    };
    let mut sources = Vec::new();
    for format in Format::ALL {
        let calls = count(&within(&format!("source:{}", format.name())))?;
        if calls > 0 {
            sources.push(SourceCalls {
                source: format.name().to_owned(),
                calls,
            });
        }
    }
    let mut pairs = Vec::new();
    for (index, left) in sources.iter().enumerate() {
        for right in &sources[index + 1..] {
            let (left, right) = (left.source.as_str(), right.source.as_str());
            let both = within(&format!("source:{left} source:{right}"));
            let only_left_query = within(&format!("source:{left} -source:{right}"));
            let only_right_query = within(&format!("source:{right} -source:{left}"));
            let (compared, fields_missing) = missing(engine, &both, left, right)?;
            pairs.push(Pair {
                left: left.to_owned(),
                right: right.to_owned(),
                matched: count(&both)?,
                only_left: count(&only_left_query)?,
                only_right: count(&only_right_query)?,
                only_left_query,
                only_right_query,
                compared,
                fields_missing,
            });
        }
    }
    Ok(Reconciliation {
        query: period,
        sources,
        pairs,
    })
}

fn missing(
    engine: &Engine,
    query: &str,
    left: &str,
    right: &str,
) -> Result<(u64, Vec<MissingField>)> {
    let store = engine.store();
    let query = read_query(query, Table::Calls)?;
    let mut counts: BTreeMap<(String, &'static str), u64> = BTreeMap::new();
    let (mut compared, mut after) = (0, None);
    while compared < COMPARED {
        let (page, next) = store.calls(&query, after, 256)?;
        for record in page {
            let witnesses = store.witnesses(record.seq)?;
            let of = |source: &str| {
                std::iter::once(&record)
                    .chain(witnesses.iter().map(|witness| &witness.record))
                    .find(|record| record.source == source)
            };
            let (Some(here), Some(there)) = (of(left), of(right)) else {
                continue;
            };
            compared += 1;
            for ((field, here), (_, there)) in told(here).into_iter().zip(told(there)) {
                match (here, there) {
                    (false, true) => *counts.entry((left.to_owned(), field)).or_default() += 1,
                    (true, false) => *counts.entry((right.to_owned(), field)).or_default() += 1,
                    _ => {}
                }
            }
        }
        match next {
            Some(cursor) => after = Some(cursor),
            None => break,
        }
    }
    let fields = counts
        .into_iter()
        .map(|((source, field), calls)| MissingField {
            source,
            field: field.to_owned(),
            calls,
        })
        .collect();
    Ok((compared, fields))
}

/// Which fields a record tells.
fn told(record: &CallRecord) -> [(&'static str, bool); 11] {
    let call = &record.call;
    [
        ("started_at", call.started_at_ms.is_some()),
        ("latency_ms", call.latency_ms.is_some()),
        ("request_model", call.request_model.is_some()),
        ("requested_region", call.requested_region.is_some()),
        ("served_region", call.served_region.is_some()),
        ("principal", call.principal.is_some()),
        ("source_ip", call.source_ip.is_some()),
        ("stop_reason", call.stop_reason.is_some()),
        ("input_tokens", call.tokens.input.is_some()),
        ("output_tokens", call.tokens.output.is_some()),
        ("private_path", call.private_path.is_some()),
    ]
}
