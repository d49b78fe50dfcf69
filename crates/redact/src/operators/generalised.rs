//! Something coarser in place of a value: less is known, and what is left still counts.
//!
//! In: a date, an age, a ZIP code, an address of a network. Out: the month or year, the band, the
//! area, the network; `None` where there is nothing coarser. Not here: whether what is left is
//! coarse enough for a law or for a small group.

use core::net::{IpAddr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use super::days::{Written, month_name};

/// What becomes of a date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateTo {
    /// `March 2024`
    #[default]
    Month,
    /// `2024`
    Year,
}

/// The first three digits of ZIP codes in whose areas at most 20,000 people live, by the census of
/// 2000: 45 CFR 164.514(b)(2)(i)(B) and the guidance of the Department of Health and Human Services.
const SMALL_AREAS: [&str; 17] = [
    "036", "059", "063", "102", "203", "556", "692", "790", "821", "823", "830", "831", "878",
    "879", "884", "890", "893",
];

/// The age from which on all are one band: 45 CFR 164.514(b)(2)(i)(C).
const OLD: u32 = 90;

/// What `value` becomes, by its type.
pub(crate) fn of(
    value: &str,
    entity_type: &str,
    date: DateTo,
    age_band: u32,
    day_first: bool,
) -> Option<String> {
    match entity_type {
        "DATE_TIME" | "DATE_OF_BIRTH" => coarser_date(value, date, day_first),
        "AGE" => banded(value, age_band),
        "ZIP_CODE" => area(value),
        "IP_ADDRESS" => network(value),
        _ => None,
    }
}

fn coarser_date(value: &str, to: DateTo, day_first: bool) -> Option<String> {
    let written = Written::read(value, day_first)?;
    // Of a year of two digits nobody can say which it is.
    let year = written.year().filter(|_| written.has_century())?;
    Some(match (to, written.month()) {
        // In digits it would be taken for a number of another kind when it is met again.
        (DateTo::Month, Some(month)) => format!("{} {year:04}", month_name(month)),
        _ => format!("{year:04}"),
    })
}

fn banded(value: &str, band: u32) -> Option<String> {
    let digits: Vec<(usize, &str)> = value
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| !digits.is_empty())
        .map(|digits| (digits.as_ptr() as usize - value.as_ptr() as usize, digits))
        .collect();
    let (start, first) = *digits.first()?;
    let age: u32 = first.parse().ok()?;
    let after = &value[start + first.len()..];
    // What is a band already stays.
    if age == OLD && after.starts_with('+') {
        return Some(value.to_owned());
    }
    let (end, written) = match digits.get(1) {
        Some((at, last)) if after.starts_with('-') && *at == start + first.len() + 1 => {
            let last: u32 = last.parse().ok()?;
            let is_band = age.is_multiple_of(band) && (last + 1 == age + band || last + 1 == OLD);
            return is_band.then(|| value.to_owned());
        }
        _ if age >= OLD => (start + first.len(), format!("{OLD}+")),
        _ => {
            let low = age - age % band;
            let high = (low + band - 1).min(OLD - 1);
            (start + first.len(), format!("{low}-{high}"))
        }
    };
    Some(format!("{}{written}{}", &value[..start], &value[end..]))
}

fn area(value: &str) -> Option<String> {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    // What is an area already stays.
    if digits == value && digits.len() == 3 {
        return Some(digits);
    }
    if !matches!(digits.len(), 5 | 9) {
        return None;
    }
    let first = &digits[..3];
    let written = if SMALL_AREAS.contains(&first) {
        "000"
    } else {
        first
    };
    Some(written.to_owned())
}

fn network(value: &str) -> Option<String> {
    match value.split('%').next()?.parse().ok()? {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            Some(format!("{a}.{b}.{c}.0/24"))
        }
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(inner) => network(&inner.to_string()),
            None => {
                let [a, b, c, ..] = address.segments();
                let written = Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0).to_string();
                // A network in which all three are zero would be written as another.
                (a != 0 && b != 0 && c != 0).then(|| format!("{written}/48"))
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_coarser_and_stays_so() {
        let check = |entity_type: &str, value: &str, expected: Option<&str>| {
            let once = of(value, entity_type, DateTo::Month, 10, false);
            assert_eq!(once.as_deref(), expected, "{value}");
        };
        check("DATE_OF_BIRTH", "12 March 1984", Some("March 1984"));
        check("DATE_TIME", "2024-03-05T10:00", Some("March 2024"));
        check("DATE_TIME", "März 2024", Some("March 2024"));
        check("DATE_TIME", "1977", Some("1977"));
        check("DATE_TIME", "12/03/84", None);
        check("AGE", "42", Some("40-49"));
        check("AGE", "42 years old", Some("40-49 years old"));
        check("AGE", "40-49 years old", Some("40-49 years old"));
        check("AGE", "89", Some("80-89"));
        check("AGE", "90", Some("90+"));
        check("AGE", "104", Some("90+"));
        check("AGE", "90+", Some("90+"));
        check("ZIP_CODE", "90210", Some("902"));
        check("ZIP_CODE", "03601-1234", Some("000"));
        check("ZIP_CODE", "902", Some("902"));
        check("ZIP_CODE", "9021", None);
        check("IP_ADDRESS", "203.0.113.77", Some("203.0.113.0/24"));
        check("IP_ADDRESS", "::ffff:203.0.113.77", Some("203.0.113.0/24"));
        check(
            "IP_ADDRESS",
            "2001:db8:85a3::7334",
            Some("2001:db8:85a3::/48"),
        );
        check("IP_ADDRESS", "::1", None);
        check("EMAIL_ADDRESS", "ann@example.com", None);
        assert_eq!(
            of("12 March 1984", "DATE_TIME", DateTo::Year, 10, false).as_deref(),
            Some("1984")
        );
    }
}
