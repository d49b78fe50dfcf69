//! Times: what a source wrote, brought to UTC milliseconds, or a named reason why it can't be.
//!
//! In: a text or a number and the import's own time. Out: milliseconds since 1970 or an
//! [`Oddity`]. Not here: the clock; callers pass it.

use chrono::{DateTime, NaiveDateTime, SecondsFormat, Utc};

use crate::call::Oddity;

/// The first moment that a record may carry: 2015-01-01T00:00:00Z.
pub const FIRST_MS: i64 = 1_420_070_400_000;
/// How far ahead of the import's clock a record may be: one day.
pub const AHEAD_MS: i64 = 86_400_000;

/// Returns `ms` where it lies between 2015 and a day after `now_ms`.
///
/// # Errors
/// [`Oddity::TimeOutOfRange`].
pub fn in_range(ms: i64, now_ms: i64) -> Result<i64, Oddity> {
    if (FIRST_MS..=now_ms.saturating_add(AHEAD_MS)).contains(&ms) {
        Ok(ms)
    } else {
        Err(Oddity::TimeOutOfRange)
    }
}

/// Returns `ms` as RFC 3339 in UTC with milliseconds: `2026-11-23T14:08:51.418Z`.
pub fn rfc3339(ms: i64) -> String {
    DateTime::<Utc>::from_timestamp_millis(ms)
        .map(|time| time.to_rfc3339_opts(SecondsFormat::Millis, true))
        .unwrap_or_else(|| format!("invalid time {ms}"))
}

/// Returns `ms` to the minute, as sentences say it: `2026-11-23 14:08 UTC`.
pub fn minute(ms: i64) -> String {
    DateTime::<Utc>::from_timestamp_millis(ms)
        .map(|time| time.format("%Y-%m-%d %H:%M UTC").to_string())
        .unwrap_or_else(|| format!("invalid time {ms}"))
}

/// What a time without a zone means in a format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutZone {
    /// The format's own definition says UTC.
    IsUtc,
    /// Nothing says so; it is read as UTC and flagged.
    IsOdd,
}

/// Reads a time: RFC 3339, or `YYYY-MM-DD[T ]HH:MM:SS[.fraction]` with `Z`, ` UTC`, an offset or
/// nothing behind it. Answers milliseconds where it has a usable time, and what is odd about it.
pub fn read(text: &str, without_zone: WithoutZone, now_ms: i64) -> (Option<i64>, Option<Oddity>) {
    let text = text.trim();
    let (time, odd) = if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        (time.timestamp_millis(), None)
    } else {
        let (plain, zoned) = match text.strip_suffix(" UTC").or_else(|| text.strip_suffix('Z')) {
            Some(plain) => (plain, true),
            None => (text, false),
        };
        let naive = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"]
            .iter()
            .find_map(|pattern| NaiveDateTime::parse_from_str(plain, pattern).ok());
        let offset = [
            "%Y-%m-%d %H:%M:%S%.f%:z",
            "%Y-%m-%d %H:%M:%S%.f%z",
            "%Y-%m-%dT%H:%M:%S%.f%z",
        ]
        .iter()
        .find_map(|pattern| DateTime::parse_from_str(text, pattern).ok());
        match (naive, offset) {
            (Some(time), _) if zoned || without_zone == WithoutZone::IsUtc => {
                (time.and_utc().timestamp_millis(), None)
            }
            (_, Some(time)) => (time.timestamp_millis(), None),
            (Some(time), _) => (
                time.and_utc().timestamp_millis(),
                Some(Oddity::TimeWithoutZone),
            ),
            (None, None) => return (None, Some(Oddity::TimeUnreadable)),
        }
    };
    match in_range(time, now_ms) {
        Ok(ms) => (Some(ms), odd),
        Err(oddity) => (None, Some(oddity)),
    }
}
