//! When the sample's calls happen: 1 September to 31 October 2026, in working hours.
//!
//! In: how many calls. Out: how many on each day, and the times of a day in order. Every day has a
//! call, so that the two times 30 days that the spending check compares are whole. Not here: what
//! happens in a call.

use crate::sample::chance::Chance;

/// Midnight UTC of 2026-09-01.
pub(crate) const FIRST_DAY_MS: i64 = 1_788_220_800_000;
/// Days of the sample: all of September and October 2026.
pub(crate) const DAYS: usize = 61;
/// Days of September.
pub(crate) const SEPTEMBER: usize = 30;
pub(crate) const DAY_MS: i64 = 86_400_000;

/// How busy a weekday is, Monday first.
const OFFICE: [u64; 7] = [100, 108, 105, 103, 88, 9, 5];
/// How busy an hour of the day is, UTC.
const HOURS: [u64; 24] = [
    2, 1, 1, 1, 2, 6, 20, 58, 95, 100, 97, 80, 66, 88, 97, 93, 76, 46, 24, 13, 9, 6, 4, 3,
];

/// Midnight UTC of a day, from 0.
pub(crate) fn midnight(day: usize) -> i64 {
    FIRST_DAY_MS + day as i64 * DAY_MS
}

/// `2026-09` of a time.
pub(crate) fn month(ms: i64) -> &'static str {
    if ms < midnight(SEPTEMBER) {
        "2026-09"
    } else {
        "2026-10"
    }
}

/// Whether people work on a day.
pub(crate) fn is_working_day(day: usize) -> bool {
    // 1 September 2026 is a Tuesday.
    (day + 1) % 7 < 5
}

/// How many of `calls` fall on each day: at least one, most on working days.
pub(crate) fn per_day(calls: u64) -> Vec<u64> {
    let weights: Vec<u64> = (0..DAYS).map(|day| OFFICE[(day + 1) % 7]).collect();
    let all: u64 = weights.iter().sum();
    let rest = calls.saturating_sub(DAYS as u64);
    let mut before = 0;
    weights
        .iter()
        .map(|weight| {
            let upto = before + weight;
            // Rounded sums and not rounded parts: the days add up to the whole.
            let share = rest * upto / all - rest * before / all;
            before = upto;
            share + 1
        })
        .collect()
}

/// A time of `day` in the rhythm of the day.
pub(crate) fn time_of(day: usize, chance: &mut Chance) -> i64 {
    let hour = chance.weighted(&HOURS) as i64;
    midnight(day) + hour * 3_600_000 + chance.below(3_600_000) as i64
}

/// `count` working days, as evenly spread over the sample as they can be.
pub(crate) fn spread(count: u64) -> Vec<usize> {
    let working: Vec<usize> = (0..DAYS).filter(|day| is_working_day(*day)).collect();
    (0..count)
        .map(|index| working[(index as usize * working.len()) / count as usize])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_add_up_and_none_is_empty() {
        for calls in [900, 12_000, 1_000_000] {
            let days = per_day(calls);
            assert_eq!(days.iter().sum::<u64>(), calls);
            assert!(days.iter().all(|count| *count > 0));
        }
    }

    #[test]
    fn the_sample_is_two_whole_months() {
        let date = |day| assay_domain::settings::date_text(midnight(day));
        assert_eq!(
            (date(0), date(SEPTEMBER), date(DAYS - 1)),
            (
                "2026-09-01".into(),
                "2026-10-01".into(),
                "2026-10-31".into()
            )
        );
        assert!(is_working_day(0) && !is_working_day(4) && !is_working_day(5) && is_working_day(6));
        assert_eq!(spread(7).len(), 7);
    }
}
