//! When two spans tell one call: a library's and that of the client which it uses.
//!
//! In: two calls, or what two records say of their spans. Out: whether one is told by both. One that is inside of the
//! other says so itself; others lie beside each other, or in traces of their own, and share nothing but their time and
//! what they count. Not here: finding the two (the store), sources without spans (`same_call`).

use std::collections::BTreeMap;

use crate::call::{Call, Tokens};
use crate::parts::{PARENT_ID, SPAN_ID};
use crate::same_call::{Model, hashed, tokens_agree};

/// How much longer a span may take than the one inside of it that tells the same call, in milliseconds, or as one
/// part of so many of it.
const AROUND_MS: i64 = 100;
const AROUND_PART: i64 = 10;

/// Whether a call whose span is inside of that of another is told by both: the instrumentation of a library and
/// that of the client which it uses. A span that holds several calls is none of them: it counts or takes more.
pub fn is_inside(inner: &Call, outer: &Call) -> bool {
    let ids_agree = Call::SHARED_IDS.iter().all(|name| {
        let (one, other) = (inner.request_ids.get(*name), outer.request_ids.get(*name));
        one.is_none() || other.is_none() || one == other
    });
    let model = |call: &Call| {
        Model::of(
            call.request_model.as_deref(),
            call.response_model.as_deref(),
        )
    };
    let models_agree = match (model(inner), model(outer)) {
        (Some(one), Some(other)) => {
            let dates = one.date.is_none() || other.date.is_none() || one.date == other.date;
            one.family == other.family && dates
        }
        _ => true,
    };
    let http_agrees = match (inner.http_status, outer.http_status) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    let counts = |call: &Call| call.tokens.input.zip(call.tokens.output);
    let is_as_much = match (counts(inner), counts(outer)) {
        (Some(_), Some(_)) => true,
        _ => lasts_as_long(inner, outer),
    };
    ids_agree
        && models_agree
        && http_agrees
        && inner.status == outer.status
        && tokens_agree(&inner.tokens, &outer.tokens)
        && is_as_much
}

/// Whether a span lasts little longer than one inside of it.
fn lasts_as_long(inner: &Call, outer: &Call) -> bool {
    let (Some(short), Some(long)) = (inner.latency_ms, outer.latency_ms) else {
        return false;
    };
    let more = long.saturating_sub(short);
    (-1..=AROUND_MS.max(long / AROUND_PART)).contains(&more)
}

/// How far the clock of one span may be from that of another in the same program, as times are rounded, in
/// milliseconds.
const ROUNDED_MS: i64 = 2;

/// Whether a record is a span that knows nothing of the provider: it has no id of the request or the answer. That of
/// a framework which hands the answer on piece by piece is such a one.
pub fn is_of_framework(request_ids: &BTreeMap<String, String>) -> bool {
    let has = |name: &str| request_ids.get(name).is_some_and(|id| !id.is_empty());
    has(SPAN_ID) && !Call::SHARED_IDS.iter().any(|name| has(name))
}

/// What a span has in common with the other one of its call where the framework's does not count the input: eight
/// bytes of SHA-256 over model family and output tokens. `None` where it says too little, or a framework's says more.
pub fn key(
    (request, response): (Option<&str>, Option<&str>),
    tokens: &Tokens,
    is_of_framework: bool,
) -> Option<i64> {
    let output = tokens.output.filter(|output| *output > 0)?;
    if is_of_framework && tokens.input.is_some() {
        return None;
    }
    let model = Model::of(request, response)?;
    Some(hashed(&[
        b"span",
        model.family.as_bytes(),
        &[0],
        &output.to_be_bytes(),
    ]))
}

/// What a record says of its span.
#[derive(Debug, Clone, Copy)]
pub struct Span<'a> {
    pub request_ids: &'a BTreeMap<String, String>,
    pub tokens: &'a Tokens,
    pub began_ms: i64,
    pub lasted_ms: Option<i64>,
}

impl Span<'_> {
    fn trace(&self) -> Option<&str> {
        let (trace, _) = self.request_ids.get(SPAN_ID)?.split_once('/')?;
        Some(trace)
    }
}

/// Whether the span of a client may be of the call that a framework's tells: it began while that one was open and ended
/// with it, if little later (Node's closes its streams behind it), in the same trace or, where nobody handed that on, as
/// the first of its own. Where the framework counts the input, it may have been told of the call a little later.
pub fn may_be_of_one(framework: &Span<'_>, client: &Span<'_>) -> bool {
    let (Some(lasted_ms), Some(client_lasted_ms)) = (framework.lasted_ms, client.lasted_ms) else {
        return false;
    };
    let around_ms = AROUND_MS.max(lasted_ms / AROUND_PART);
    let early_ms = match framework.tokens.input {
        Some(_) => around_ms,
        None => ROUNDED_MS,
    };
    let is_of_its_trace = framework.trace().is_some() && framework.trace() == client.trace();
    let ended_ms = framework.began_ms.saturating_add(lasted_ms);
    let client_ended_ms = client.began_ms.saturating_add(client_lasted_ms);
    (is_of_its_trace || !client.request_ids.contains_key(PARENT_ID))
        && client.began_ms >= framework.began_ms - early_ms
        && client_ended_ms <= ended_ms.saturating_add(around_ms)
}
