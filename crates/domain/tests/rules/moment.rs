//! Texts → times, or what is odd about them.

use assay_domain::call::Oddity;
use assay_domain::moment::{WithoutZone, read, rfc3339};

const NOW: i64 = 1_795_500_000_000;

#[test]
fn times_are_read_or_named() {
    let check = |text: &str, expected: (Option<&str>, Option<Oddity>)| {
        let (ms, odd) = read(text, WithoutZone::IsOdd, NOW);
        assert_eq!((ms.map(rfc3339).as_deref(), odd), expected, "{text}");
    };
    let plain = Some("2026-01-26T14:03:22.118Z");
    check("2026-01-26T14:03:22.118Z", (plain, None));
    check("2026-01-26T16:03:22.118204+02:00", (plain, None));
    check("2026-01-26 14:03:22.118204 UTC", (plain, None));
    check("2026-01-26 14:03:22.118204+00:00", (plain, None));
    check(
        "2026-01-26T14:03:22.118204",
        (plain, Some(Oddity::TimeWithoutZone)),
    );
    check(
        "2025-05-15 14:17:22.000000000",
        (
            Some("2025-05-15T14:17:22.000Z"),
            Some(Oddity::TimeWithoutZone),
        ),
    );
    check("1970-01-01T00:00:00Z", (None, Some(Oddity::TimeOutOfRange)));
    check("2062-01-01T00:00:00Z", (None, Some(Oddity::TimeOutOfRange)));
    check("yesterday", (None, Some(Oddity::TimeUnreadable)));
    check("", (None, Some(Oddity::TimeUnreadable)));
    assert_eq!(read("2026-01-26T14:03:22", WithoutZone::IsUtc, NOW).1, None);
}
