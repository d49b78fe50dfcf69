//! Addresses of the internet, version 4 and 6.
//!
//! In: where digits or a colon stand. Out: the bounds of an address and a score. What its numbers make a
//! version or a section as well scores below every threshold, and only a word near it makes it an address.
//! Not here: those words (data), addresses of the web and of mail (`matchers`).

use std::net::Ipv4Addr;
use std::net::Ipv6Addr;

use crate::matchers::{Matched, Place};

/// The score of an address by its form, and of what only a word near it makes one.
const BY_FORM: f32 = 0.6;
const WITH_WORD: f32 = 0.3;
/// The longest address of version 4.
const LONGEST: usize = 15;

/// The address whose first number stands at `place`, in tokens of digits that a point follows.
pub(crate) fn ipv4(place: &Place<'_>) -> Option<Matched> {
    let text = place.text;
    let start = place.start;
    let before = &text[..start];
    let is_inner = matches!(before, [.., b'0'..=b'9', b'.' | b'-' | b':']);
    if is_inner || before.last().is_some_and(u8::is_ascii_alphanumeric) {
        // `\n10.0.0.3`: the letter belongs to an escape.
        let is_escape = matches!(before, [.., b'\\', b'n' | b'r' | b't']);
        if !is_escape {
            return None;
        }
    }
    let mut points = 0;
    let length = text[start..]
        .iter()
        .take(LONGEST + 1)
        .take_while(|byte| {
            points += usize::from(**byte == b'.');
            byte.is_ascii_digit() || **byte == b'.'
        })
        .count();
    if points < 3 {
        return None;
    }
    let value = std::str::from_utf8(&text[start..start + length]).ok()?;
    let value = value.strip_suffix('.').unwrap_or(value);
    let end = start + value.len();
    if text.get(end).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let address: Ipv4Addr = value.parse().ok()?;
    // 255 begins masks and the broadcast, which are nobody's.
    if address.is_unspecified() || address.is_loopback() || address.octets()[0] == 255 {
        return None;
    }
    // `linux-2.6.35.9`
    let is_release =
        address.octets()[0] < 10 && matches!(before, [.., b'a'..=b'z' | b'A'..=b'Z', b'-']);
    if is_release {
        return None;
    }
    let score = if is_like_section(address.octets()) {
        WITH_WORD
    } else {
        BY_FORM
    };
    Some(Matched { start, end, score })
}

/// Whether the numbers are as small as those of a section, a version or an object's identifier: `6.4.11.1`.
/// One address in ten thousand has such, but for those that are easily remembered: `8.8.4.4`.
fn is_like_section([a, b, c, d]: [u8; 4]) -> bool {
    let is_remembered = a == b && c == d;
    (1..10).contains(&a) && b.max(c).max(d) < 32 && !is_remembered
}

/// Whether it is an address and neither the unspecified one nor a mask.
fn is_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>()
        .is_ok_and(|address| !address.is_unspecified() && address.segments()[0] != 0xFFFF)
}

/// An IPv6 address around one of its colons.
pub(crate) fn ipv6(place: &Place<'_>) -> Option<Matched> {
    let text = place.text;
    let is = |byte: u8| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.';
    let next = text.get(place.end).copied().unwrap_or(b' ');
    let before = place.start.checked_sub(1).map_or(b' ', |at| text[at]);
    if !(next.is_ascii_hexdigit() || next == b':')
        || before.is_ascii_alphabetic() && !before.is_ascii_hexdigit()
    {
        return None;
    }
    let mut start = place.start;
    while start > 0 && place.start - start < 5 && text[start - 1].is_ascii_hexdigit() {
        start -= 1;
    }
    // `IPv6:2a02::1`: the digit ends the label.
    let is_label = text[..place.start].ends_with(b"v6") && next != b':';
    if is_label {
        start = place.end;
    }
    let joins = |at: usize| {
        text.get(at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte == b':')
    };
    // Asked before the rest is read, so that a run of colons is not read from each of them.
    if start > 0 && joins(start - 1) && !is_label {
        return None;
    }
    let mut end = place.end;
    while end < text.len() && end - start < 46 && is(text[end]) {
        end += 1;
    }
    while end > start && text[end - 1] == b'.' {
        end -= 1;
    }
    // `host::1:` ends a sentence or a key.
    if text[end - 1] == b':' && !text[..end].ends_with(b"::") {
        end -= 1;
    }
    // `bf16::$meth`, `fade::<T>`: a path of a program.
    let is_path =
        text[..end].ends_with(b"::") && matches!(text.get(end), Some(b'$' | b'<' | b'{' | b'*'));
    if joins(end) || is_path {
        return None;
    }
    let value = std::str::from_utf8(&text[start..end]).ok()?;
    let colons = value.bytes().filter(|byte| *byte == b':').count();
    // `14:03:22`: without groups left out, an address has more of them.
    if colons < 6 && !text[start..end].array_windows().any(|pair| pair == b"::") {
        return None;
    }
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    // `::` and `a::b` stand in programs.
    let is_short = value.len() < 6 || (colons < 3 && digits < 2);
    let score = if is_short { 0.3 } else { 0.6 };
    if value == "::" || !is_ipv6(value) {
        return None;
    }
    let zone = text[end..].first() == Some(&b'%');
    let more = if zone {
        1 + text[end + 1..]
            .iter()
            .take(16)
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count()
    } else {
        0
    };
    Some(Matched {
        start,
        end: end + more,
        score,
    })
}

#[cfg(test)]
mod tests {
    use super::is_like_section;

    #[test]
    fn small_numbers_may_be_a_section() {
        for section in [[6, 4, 11, 1], [9, 2, 2, 3], [1, 2, 3, 4]] {
            assert!(is_like_section(section), "{section:?}");
        }
        for address in [
            [10, 0, 0, 3],
            [8, 8, 4, 4],
            [5, 9, 43, 20],
            [1, 1, 1, 1],
            [192, 0, 2, 1],
        ] {
            assert!(!is_like_section(address), "{address:?}");
        }
    }
}
