//! Records that contradict themselves: errors that were logged as success, and placeholders of a
//! gateway where the text would stand.

use super::missing_bodies::{Wrong, by_source};
use super::{Facts, Hole, Signature, Unit, between, of_deployment, source_title};
use crate::checks::n;

/// The rule of errors, for people.
pub const RULE: &str = "A record that says success holds an error's name, an HTTP status of 400 or more, or an error as its response. It is counted as an error here.";
/// The rule of placeholders, for people.
pub const PLACEHOLDER_RULE: &str = "Where the text would stand, the gateway wrote its own constant: `default-message-value` on requests that it did not keep, or `redacted-by-litellm` where message logging is off. It is counted as missing text, never as text.";

pub(super) fn find(facts: &Facts<'_>) -> Vec<Hole> {
    let errors = by_source(facts, |told| told.errors_as_success, |told| told.records)
        .into_iter()
        .map(|wrong| {
            let says = format!(
                "{} of {} records in {} say success and hold an error.",
                n(wrong.count),
                n(wrong.of),
                source_title(wrong.source)
            );
            hole(&wrong, Signature::ErrorsAsSuccess, "error_as_success", says)
        });
    let placeholders = by_source(facts, |told| told.placeholders, |told| told.records)
        .into_iter()
        .map(|wrong| {
            let says = format!(
                "{} of {} records in {} hold a placeholder instead of their text.",
                n(wrong.count),
                n(wrong.of),
                source_title(wrong.source)
            );
            hole(
                &wrong,
                Signature::PlaceholderBodies,
                "text_placeholder",
                says,
            )
        });
    errors.chain(placeholders).collect()
}

fn hole(wrong: &Wrong<'_>, signature: Signature, oddity: &str, says: String) -> Hole {
    Hole {
        signature,
        source: wrong.source.to_owned(),
        deployment: Some(wrong.name.to_owned()),
        from_ms: wrong.from_ms,
        to_ms: wrong.to_ms,
        no_end_known: false,
        count: wrong.count,
        of: wrong.of,
        unit: Unit::Records,
        query: Some(format!(
            "{} record:{}.{oddity} {}",
            of_deployment(wrong.name),
            wrong.source,
            between("started_at", wrong.from_ms, wrong.to_ms)
        )),
        activities: None,
        billed_model: None,
        says,
    }
}
