//! A call that its source wrote in parts: a record that begins it, and others of the same id that
//! change it or hold its text.
//!
//! In: two records of one source with one id. Out: what both tell together; a record's own fields
//! stand before those of a later part. Rows never change: the record that comes in second is stored
//! with what the first told. Not here: finding the other record (the store).

use crate::call::{Body, Call, Features, Oddity, Status, Tokens};
use crate::formats::Format;
use crate::moment::{self, WithoutZone, rfc3339};

/// Where a later part says when the call ended.
const ENDED: &str = "ended_at";

/// The name of the id that parts of a call share within their source, where records of a format may be
/// parts: Langfuse's ingestion events, Claude Code's log events and lines of its sessions, and OpenTelemetry's events, which hold
/// the text of the span that they were written in.
pub fn id_in(format: Format) -> Option<&'static str> {
    match format {
        Format::Langfuse | Format::ClaudeCode | Format::ClaudeCodeSession => Some(ID),
        Format::OpenTelemetry => Some(SPAN_ID),
        _ => None,
    }
}

/// Whether a record is a later part of a call.
pub fn is_part(call: &Call) -> bool {
    call.oddities.contains(&Oddity::PartOfCall)
}

/// Notes in a later part when the call ended: only the record that begins it knows how long it took.
pub(crate) fn note(call: &mut Call, end_ms: Option<i64>) {
    if let Some(end) = end_ms {
        call.metadata.insert(ENDED.to_owned(), rfc3339(end));
    }
}

/// What a gateway calls a call.
pub(crate) const ID: &str = "gateway_id";

/// The trace and the span that a call is of.
pub const SPAN_ID: &str = "otel_span_id";

/// The trace of a call and the span that its own is inside of. That one may be another telling of the same call
/// (`same_call::spans::is_inside`): it is no id of the call, and calls that share it are not one.
pub const PARENT_ID: &str = "otel_parent_span_id";

/// What two records of one call tell together; `None` where neither is a part, which then say
/// different things of the same call.
pub fn together(new: &Call, stored: &Call) -> Option<Call> {
    let (first, later) = match (is_part(new), is_part(stored)) {
        (false, false) => return None,
        (false, true) => (new, stored),
        (true, _) => (stored, new),
    };
    let mut call = first.clone();
    let or = |own: &Option<String>, other: &Option<String>| own.clone().or_else(|| other.clone());
    call.started_at_ms = first.started_at_ms.or(later.started_at_ms);
    call.request_model = or(&first.request_model, &later.request_model);
    call.response_model = or(&first.response_model, &later.response_model);
    call.requested_region = or(&first.requested_region, &later.requested_region);
    call.served_region = or(&first.served_region, &later.served_region);
    call.principal = or(&first.principal, &later.principal);
    call.source_ip = or(&first.source_ip, &later.source_ip);
    call.error_type = or(&first.error_type, &later.error_type);
    call.stop_reason = or(&first.stop_reason, &later.stop_reason);
    call.classification = or(&first.classification, &later.classification);
    call.conversation_id = or(&first.conversation_id, &later.conversation_id);
    call.account = or(&first.account, &later.account);
    call.private_path = or(&first.private_path, &later.private_path);
    call.endpoint = or(&first.endpoint, &later.endpoint);
    call.http_status = first.http_status.or(later.http_status);
    call.reported_cost_usd_micros = first
        .reported_cost_usd_micros
        .or(later.reported_cost_usd_micros);
    call.tokens = tokens(&first.tokens, &later.tokens);
    if later.status == Status::Error {
        call.status = Status::Error;
    }
    call.features = Features(first.features.0 | later.features.0);
    call.body = match (first.body, later.body) {
        (Body::Present, _) | (_, Body::Present) => Body::Present,
        (own, _) => own,
    };
    for (name, id) in &later.request_ids {
        call.request_ids
            .entry(name.clone())
            .or_insert_with(|| id.clone());
    }
    for (name, value) in &later.metadata {
        call.metadata
            .entry(name.clone())
            .or_insert_with(|| value.clone());
    }
    call.latency_ms = first.latency_ms.or(later.latency_ms).or_else(|| {
        let (end, _) = moment::read(call.metadata.get(ENDED)?, WithoutZone::IsUtc, i64::MAX / 2);
        end.zip(call.started_at_ms)
            .map(|(end, start)| end - start)
            .filter(|ms| *ms >= 0)
    });
    call.oddities = oddities(new, stored, call.started_at_ms.is_some());
    Some(call)
}

fn tokens(first: &Tokens, later: &Tokens) -> Tokens {
    let (cache_write_5m, cache_write_1h) = cache_writes(first, later);
    Tokens {
        input: first.input.or(later.input),
        output: first.output.or(later.output),
        cache_read: first.cache_read.or(later.cache_read),
        cache_write_5m,
        cache_write_1h,
    }
}

/// What was written to the cache, for five minutes and for an hour. One part may tell the sum of
/// what the other tells apart: buckets of two parts are never added.
fn cache_writes(first: &Tokens, later: &Tokens) -> (Option<u64>, Option<u64>) {
    let of = |tokens: &Tokens| (tokens.cache_write_5m, tokens.cache_write_1h);
    match (of(first), of(later)) {
        ((None, None), other) => other,
        ((Some(whole), None), (Some(short), Some(long)))
            if short.checked_add(long) == Some(whole) =>
        {
            (Some(short), Some(long))
        }
        (own, _) => own,
    }
}

/// What is odd about both. A part stays one; that it has no time is not odd where the other has.
fn oddities(new: &Call, stored: &Call, has_time: bool) -> Vec<Oddity> {
    let mut all = new.oddities.clone();
    for oddity in &stored.oddities {
        if !all.contains(oddity) && *oddity != Oddity::PartOfCall {
            all.push(*oddity);
        }
    }
    all.retain(|oddity| !(has_time && *oddity == Oddity::TimeMissing));
    all
}
