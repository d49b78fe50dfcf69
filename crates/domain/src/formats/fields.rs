//! Reading single fields: counts and amounts that never pass through a float unless the source
//! writes one, times, and strings that may be missing.

use serde_json::value::RawValue;

use crate::call::Oddity;
use crate::moment::{self, WithoutZone};

/// What is odd about the record so far.
pub(super) type Oddities = Vec<Oddity>;

fn note(oddities: &mut Oddities, oddity: Oddity) {
    if !oddities.contains(&oddity) {
        oddities.push(oddity);
    }
}

/// A whole number that counts something; a fraction of zero is accepted (`12.0`).
pub(super) fn count(raw: Option<&RawValue>, oddities: &mut Oddities) -> Option<u64> {
    whole(raw?.get(), oddities)
}

/// The same of the JSON text of a value.
pub(super) fn whole(text: &str, oddities: &mut Oddities) -> Option<u64> {
    let text = text.trim_matches('"');
    if text == "null" || text.is_empty() {
        return None;
    }
    let whole = text.strip_suffix(".0").unwrap_or(text);
    match whole.parse::<u64>() {
        Ok(value) if value <= i64::MAX as u64 => Some(value),
        _ => {
            note(oddities, Oddity::NumberOutOfRange);
            None
        }
    }
}

/// Milliseconds that the source may write with a fraction; rounded.
pub(super) fn milliseconds(raw: Option<&RawValue>, oddities: &mut Oddities) -> Option<i64> {
    duration(raw?.get(), oddities)
}

/// The same of the JSON text of a value.
pub(super) fn duration(text: &str, oddities: &mut Oddities) -> Option<i64> {
    let text = text.trim_matches('"');
    if text == "null" || text.is_empty() {
        return None;
    }
    match text.parse::<f64>() {
        Ok(value) if (0.0..=1e12).contains(&value) => Some(value.round() as i64),
        _ => {
            note(oddities, Oddity::NumberOutOfRange);
            None
        }
    }
}

/// US dollars as the source wrote them, to micro-dollars; rounded to the nearest.
pub(super) fn dollars(raw: Option<&RawValue>, oddities: &mut Oddities) -> Option<i64> {
    money(raw?.get(), 1e6, oddities)
}

/// An amount, the JSON text of a value, to micro-dollars: `unit` micro-dollars make one of it
/// (dollars 1e6, cents 1e4).
pub(super) fn money(text: &str, unit: f64, oddities: &mut Oddities) -> Option<i64> {
    let text = text.trim_matches('"');
    if text == "null" || text.is_empty() {
        return None;
    }
    match text.parse::<f64>() {
        Ok(value) if (0.0..=1e9).contains(&value) => Some((value * unit).round() as i64),
        _ => {
            note(oddities, Oddity::NumberOutOfRange);
            None
        }
    }
}

/// A time that the source wrote as text.
pub(super) fn time(
    text: Option<&str>,
    without_zone: WithoutZone,
    now_ms: i64,
    oddities: &mut Oddities,
) -> Option<i64> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        note(oddities, Oddity::TimeMissing);
        return None;
    };
    let (ms, odd) = moment::read(text, without_zone, now_ms);
    if let Some(odd) = odd {
        note(oddities, odd);
    }
    ms
}

/// A time that the source wrote as text or as seconds since 1970.
pub(super) fn time_or_seconds(
    raw: Option<&RawValue>,
    now_ms: i64,
    oddities: &mut Oddities,
) -> Option<i64> {
    let text = raw.map(RawValue::get).unwrap_or("null");
    if text == "null" {
        note(oddities, Oddity::TimeMissing);
        return None;
    }
    if text.starts_with('"') {
        let text: String = serde_json::from_str(text).unwrap_or_default();
        return time(Some(&text), WithoutZone::IsOdd, now_ms, oddities);
    }
    let ms = text
        .parse::<f64>()
        .ok()
        .filter(|seconds| seconds.abs() < 1e13)
        .map(|seconds| (seconds * 1e3).round() as i64);
    match ms.map(|ms| moment::in_range(ms, now_ms)) {
        Some(Ok(ms)) => Some(ms),
        Some(Err(oddity)) => {
            note(oddities, oddity);
            None
        }
        None => {
            note(oddities, Oddity::TimeUnreadable);
            None
        }
    }
}

/// A string that says something: not absent, not empty.
pub(super) fn said(text: Option<impl Into<String>>) -> Option<String> {
    text.map(Into::into).filter(|text| !text.is_empty())
}

/// A JSON value as short text: a string's own characters, else its JSON.
pub(super) fn short(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => said(Some(text.as_str())),
        other => Some(other.to_string()),
    }
}

/// Whether one of `marks` stands behind a quote of a JSON text: one pass, however many there are.
pub(super) fn has_quoted(json: &str, marks: &[&str]) -> bool {
    let bytes = json.as_bytes();
    memchr::memchr_iter(b'"', bytes).any(|at| {
        let rest = &bytes[at + 1..];
        marks.iter().any(|mark| {
            let mark = mark.as_bytes();
            mark.first() == rest.first() && rest.starts_with(mark)
        })
    })
}
