//! The figures of a call as they are shown: of the listed record, and of the others where that has none, with
//! whose they are.
//!
//! In: a stored record. Out: figures. Not here: which record lends what (the store).

use std::collections::BTreeMap;

use assay_domain::call::Tokens;
use assay_store::calls::CallRecord;

use crate::trail::view::LentBy;

/// The figures of a call.
pub(crate) struct Figures {
    pub(crate) latency_ms: Option<i64>,
    pub(crate) served_region: Option<String>,
    pub(crate) tokens: Tokens,
    /// By the price table, or as a source reported.
    pub(crate) cost_usd_micros: Option<i64>,
    /// By field, the source of the record that tells it, where it is not the listed one.
    pub(crate) lent: BTreeMap<String, LentBy>,
}

/// The figures of the call that `record` is listed for; of one that is not, its own.
pub(crate) fn figures(record: &CallRecord) -> Figures {
    let (call, from) = (&record.call, &record.lent);
    let mut lent = BTreeMap::new();
    let mut note = |field: &str, source: &str, inferred: bool| {
        let by = LentBy {
            source: source.to_owned(),
            inferred,
        };
        lent.insert(field.to_owned(), by);
    };
    let mut tokens = call.tokens;
    if let Some(usage) = &from.usage {
        for (field, own, theirs) in [
            ("input_tokens", &mut tokens.input, usage.value.input),
            ("output_tokens", &mut tokens.output, usage.value.output),
            (
                "cache_read_tokens",
                &mut tokens.cache_read,
                usage.value.cache_read,
            ),
            (
                "cache_write_5m_tokens",
                &mut tokens.cache_write_5m,
                usage.value.cache_write_5m,
            ),
            (
                "cache_write_1h_tokens",
                &mut tokens.cache_write_1h,
                usage.value.cache_write_1h,
            ),
        ] {
            if theirs.is_some() {
                *own = theirs;
                note(field, &usage.source, usage.is_inferred);
            }
        }
    }
    let (mut latency_ms, mut served_region) = (call.latency_ms, call.served_region.clone());
    if let (None, Some(theirs)) = (latency_ms, &from.latency_ms) {
        latency_ms = Some(theirs.value);
        note("latency_ms", &theirs.source, theirs.is_inferred);
    }
    if let (None, Some(theirs)) = (&served_region, &from.served_region) {
        served_region = Some(theirs.value.clone());
        note("served_region", &theirs.source, theirs.is_inferred);
    }
    let mut cost_usd_micros = record.cost_usd_micros;
    if let (None, Some(theirs)) = (cost_usd_micros, &from.cost_usd_micros) {
        cost_usd_micros = Some(theirs.value);
        note("cost_usd", &theirs.source, theirs.is_inferred);
    }
    Figures {
        latency_ms,
        served_region,
        tokens,
        cost_usd_micros: cost_usd_micros.or(call.reported_cost_usd_micros),
        lent,
    }
}
