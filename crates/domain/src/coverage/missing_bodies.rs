//! Missing text: records of answered calls from a source that can hold text, without any.

use std::collections::BTreeMap;

use super::{DAY_MS, Facts, Hole, Signature, Told, Unit, between, of_deployment, source_title};
use crate::checks::n;

/// The rule, for people.
pub const RULE: &str = "A record of an answered call has no text although its source holds text in others: text delivery is off there, the text was too large, or it was removed. Sources that never hold text are not counted.";

/// What one source tells of one deployment, over the days on which something is wrong.
pub(super) struct Wrong<'a> {
    pub(super) source: &'a str,
    pub(super) name: &'a str,
    pub(super) from_ms: i64,
    pub(super) to_ms: i64,
    pub(super) count: u64,
    pub(super) of: u64,
}

/// Adds up `wrong` of `of` by source and deployment, over the days from the first that has some to
/// the last.
pub(super) fn by_source<'a>(
    facts: &'a Facts<'_>,
    wrong: fn(&Told) -> u64,
    of: fn(&Told) -> u64,
) -> Vec<Wrong<'a>> {
    let mut spans: BTreeMap<(&str, i64), (i64, i64)> = BTreeMap::new();
    for told in facts.told.iter().filter(|told| wrong(told) > 0) {
        if let Some(day) = told.day_ms {
            let span = spans
                .entry((&told.source, told.deployment))
                .or_insert((day, day));
            *span = (span.0.min(day), span.1.max(day));
        }
    }
    spans
        .into_iter()
        .filter_map(|((source, deployment), (first, last))| {
            let within = facts.told.iter().filter(|told| {
                told.source == source
                    && told.deployment == deployment
                    && told.day_ms.is_some_and(|day| (first..=last).contains(&day))
            });
            let (count, of) = within.fold((0, 0), |sums, told| {
                (sums.0 + wrong(told), sums.1 + of(told))
            });
            Some(Wrong {
                source,
                name: &facts.named(deployment)?.name,
                from_ms: first,
                to_ms: last + DAY_MS,
                count,
                of,
            })
        })
        .collect()
}

pub(super) fn find(facts: &Facts<'_>) -> Vec<Hole> {
    by_source(facts, |told| told.text_missing, Told::text_of)
        .into_iter()
        .map(|wrong| Hole {
            signature: Signature::MissingBodies,
            source: wrong.source.to_owned(),
            deployment: Some(wrong.name.to_owned()),
            from_ms: wrong.from_ms,
            to_ms: wrong.to_ms,
            no_end_known: false,
            count: wrong.count,
            of: wrong.of,
            unit: Unit::Records,
            query: Some(format!(
                "{} record:{}.no_text {}",
                of_deployment(wrong.name),
                wrong.source,
                between("started_at", wrong.from_ms, wrong.to_ms)
            )),
            activities: None,
            billed_model: None,
            says: format!(
                "{} of {} records of answered calls in {} lack the text that this source can hold.",
                n(wrong.count),
                n(wrong.of),
                source_title(wrong.source)
            ),
        })
        .collect()
}
