//! Matched records of two sources, field by field: what one does not tell and the other does.
//!
//! Compares the newest calls that both saw, in whole hours: how many is part of the answer.

use std::collections::BTreeMap;

use assay_domain::coverage::{self, FIELDS, Seen, field_name};
use assay_domain::formats::Format;
use assay_store::coverage::Period;
use assay_store::rollups::HOUR_MS;

use crate::error::Result;
use crate::opening::Engine;
use crate::trail::reconciling::view::MissingField;

/// Calls after which no further hour is read.
const ENOUGH: u64 = 2_000;

/// How many matched calls were compared, and what each side lacks in them.
pub(super) fn missing(
    engine: &Engine,
    seen: &[Seen],
    (left, right): (Format, Format),
    period: Period,
) -> Result<(u64, Vec<MissingField>)> {
    let both = coverage::bit(left) | coverage::bit(right);
    let mut hours: BTreeMap<i64, u64> = BTreeMap::new();
    for one in seen.iter().filter(|one| one.sources & both == both) {
        if let Some(at) = one.hour_ms {
            *hours.entry(at).or_default() += one.calls;
        }
    }
    let mut total = 0;
    let mut read = Vec::new();
    for (at, calls) in hours.into_iter().rev() {
        if total >= ENOUGH {
            break;
        }
        total += calls;
        read.push(Period {
            from_ms: Some(at.max(period.from_ms.unwrap_or(at))),
            to_ms: Some((at + HOUR_MS).min(period.to_ms.unwrap_or(i64::MAX))),
        });
    }
    let mut compared = 0;
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for hour in read {
        for (here, there) in engine.store().told_by(hour, left.name(), right.name())? {
            compared += 1;
            for (column, (here, there)) in FIELDS.iter().zip(here.into_iter().zip(there)) {
                let lacks = match (here, there) {
                    (false, true) => left,
                    (true, false) => right,
                    _ => continue,
                };
                *counts
                    .entry((lacks.name(), field_name(column)))
                    .or_default() += 1;
            }
        }
    }
    let fields = counts
        .into_iter()
        .map(|((source, field), calls)| MissingField {
            source: source.to_owned(),
            field: field.to_owned(),
            calls,
        })
        .collect();
    Ok((compared, fields))
}
