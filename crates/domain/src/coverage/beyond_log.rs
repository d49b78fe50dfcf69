//! Traffic beyond the log: calls to `bedrock-mantle`, and to global and multi-region endpoints of
//! Vertex AI, which another source saw and their provider's body log can't hold.

use std::collections::BTreeMap;

use super::{Facts, HOUR_MS, Hole, Signature, Unit, body_log, of_deployment};
use crate::call::Kind;
use crate::checks::{calls, n};

/// The rule, for people.
pub const RULE: &str = "Bedrock's invocation log holds calls to `bedrock-runtime` only, and the request-response log of Vertex AI calls to regional endpoints only (their documentation, read 2026-08-22). Calls to other endpoints that some source saw have no text of the provider's.";

pub(super) fn find(facts: &Facts<'_>) -> Vec<Hole> {
    // Count, first and last hour, and all calls, of each deployment.
    let mut found: BTreeMap<i64, (u64, Option<i64>, i64, u64)> = BTreeMap::new();
    for seen in facts.seen {
        let Some(log) = facts
            .named(seen.deployment)
            .and_then(|named| body_log(named.kind))
        else {
            continue;
        };
        let one = found.entry(seen.deployment).or_default();
        one.3 += seen.calls;
        if let Some(at) = seen.hour_ms.filter(|_| seen.unlogged && !seen.by(log)) {
            one.0 += seen.calls;
            one.1.get_or_insert(at);
            one.2 = at + HOUR_MS;
        }
    }
    found
        .into_iter()
        .filter_map(|(deployment, (count, first, to_ms, of))| {
            let named = facts.named(deployment)?;
            let log = body_log(named.kind)?;
            let from_ms = first?;
            let (which, endpoint) = match named.kind {
                Kind::Bedrock => ("feature:bedrock_mantle", "`bedrock-mantle`"),
                _ => (
                    "requested_region:global,us,eu",
                    "a global or multi-region endpoint",
                ),
            };
            Some(Hole {
                signature: Signature::BeyondLog,
                source: log.name().to_owned(),
                deployment: Some(named.name.clone()),
                from_ms,
                to_ms,
                no_end_known: false,
                count,
                of,
                unit: Unit::Calls,
                query: Some(format!(
                    "{} {which} -source:{} {}",
                    of_deployment(&named.name),
                    log.name(),
                    super::between("started_at", from_ms, to_ms)
                )),
                activities: None,
                billed_model: None,
                says: format!(
                    "{} of {} of {} went to {endpoint}; {} can't hold them.",
                    n(count),
                    calls(of),
                    named.name,
                    log.title()
                ),
            })
        })
        .collect()
}
