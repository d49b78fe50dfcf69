//! Whether two records are one that was fetched in two ways.
//!
//! In: the bytes of two records of one source that have an id of their own in common. Out: whether they say the same.
//! A platform that takes a line apart writes it again with its keys in another order, whole numbers with a point, and
//! without what was null; a collector that takes one apart puts its own keys among those of the record. None of that
//! is another record. Not here: finding the two (the store), what carries a record (`wrapped`, `shipped`).

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::keys::{Keys, recognise_keys};
use super::shape::{MAX_DEPTH, shape};
use super::wrapped::unwrapped;
use super::{as_text, shipped};

/// Keys that collectors put beside those of a line that they took apart, where the line has none of that name.
///
/// Source: Fluent Bit's and Fluentd's filters for Kubernetes, Filebeat and Logstash, Vector, Datadog's agent.
const OF_COLLECTORS: [&str; 24] = [
    "@timestamp",
    "@version",
    "_p",
    "agent",
    "cloud",
    "container",
    "date",
    "ddsource",
    "ddtags",
    "docker",
    "ecs",
    "file",
    "host",
    "hostname",
    "input",
    "kubernetes",
    "log",
    "logtag",
    "service",
    "source_type",
    "stream",
    "tag",
    "tags",
    "time",
];

/// Whether both say the same: what carries them, the order of keys, blanks, how a number is written and what is null
/// aside. A record in which a key stands twice says the same as none.
pub fn is_same(one: &[u8], other: &[u8]) -> bool {
    let (Some(Value::Object(one)), Some(Value::Object(other))) = (proper(one), proper(other))
    else {
        return false;
    };
    says(&one, &other, &OF_COLLECTORS)
}

/// What a record says, without what carries it.
fn proper(raw: &[u8]) -> Option<Value> {
    let (text, None) = as_text(raw) else {
        return None;
    };
    let inner = unwrapped(&text).or_else(|| {
        let keys: Result<Keys<'_>, _> = serde_json::from_str(&text);
        let is_carrier = keys.map_or(true, |keys| recognise_keys(&keys).is_none());
        is_carrier.then(|| shipped::inside(&text)).flatten()
    });
    let text = inner.map_or(text, Cow::Owned);
    let shape = shape(&text);
    let is_plain = shape.twice_at.is_none() && shape.depth <= MAX_DEPTH;
    is_plain.then(|| serde_json::from_str(&text).ok()).flatten()
}

/// Whether each key of one has the same in the other; `aside` may stand in one of them alone.
fn says(one: &Map<String, Value>, other: &Map<String, Value>, aside: &[&str]) -> bool {
    let lacks = |key: &String, value: &Value, there: &Map<String, Value>| {
        !there.contains_key(key) && !value.is_null() && !aside.contains(&key.as_str())
    };
    one.iter().all(|(key, value)| match other.get(key) {
        Some(there) => are_same(value, there),
        None => !lacks(key, value, other),
    }) && !other.iter().any(|(key, value)| lacks(key, value, one))
}

fn are_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => says(one, other, &[]),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| are_same(one, other))
        }
        // A platform that keeps numbers as floating point writes 31 as 31.0.
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.as_f64() == other.as_f64()
        }
        _ => one == other,
    }
}
