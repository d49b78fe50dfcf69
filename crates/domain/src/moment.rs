//! Times: what a source wrote, brought to UTC milliseconds, or a named reason why it can't be.
//!
//! In: a text or a number and the import's own time. Out: milliseconds since 1970 or an
//! [`Oddity`]. Not here: the clock; callers pass it.

use chrono::{DateTime, SecondsFormat, Utc};

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
