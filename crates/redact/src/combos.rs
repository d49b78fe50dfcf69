//! A password beside the address that somebody logs in with: `jo@example.org:x9kQ2vTr`, `jo@example.org / Wq!nter24`.
//!
//! In: where an at sign stands. Out: the bounds of the password, and a score. Not here: addresses
//! (`matchers`), passwords in addresses of the web.

use crate::matchers::{Matched, Place, address};
use crate::secrecy;

/// Bytes of a password.
const LONGEST: usize = 64;
/// What stands between an address and its password in lists of both.
const JOINTS: [&[u8]; 5] = [b" / ", b" : ", b" | ", b":", b"|"];

/// The password behind the address around the at sign.
pub(crate) fn password(place: &Place<'_>) -> Option<Matched> {
    let text = place.text;
    // Behind an address stands its joint; most at signs have none within reach.
    let end = address(text, place.start, place.end)?.end;
    let joint = JOINTS.iter().find(|joint| text[end..].starts_with(joint))?;
    let start = end + joint.len();
    let rest = &text[start..text.len().min(start + LONGEST)];
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`,;|<>".contains(byte);
    let length = rest.iter().position(is_end).unwrap_or(rest.len());
    let value = std::str::from_utf8(&rest[..length]).ok()?;
    let value = value.trim_end_matches(['.', ')', ']']);
    is_password(value).then_some(Matched {
        start,
        end: start + value.len(),
        score: 0.7,
    })
}

/// Whether it has three kinds of characters and is neither a path, a file, an address nor a placeholder.
fn is_password(value: &str) -> bool {
    let has = |test: fn(char) -> bool| usize::from(value.contains(test));
    let kinds = has(|c| c.is_ascii_lowercase())
        + has(|c| c.is_ascii_uppercase())
        + has(|c| c.is_ascii_digit())
        + has(|c| "!@#$%^&*?~+=".contains(c));
    value.len() >= 6
        && kinds >= 3
        && !value.contains(['/', '\\', '.', '(', '[', '{'])
        && !secrecy::is_placeholder(value)
}

#[cfg(test)]
mod tests {
    use super::is_password;

    #[test]
    fn a_path_or_a_port_behind_an_address_is_no_password() {
        assert!(is_password("x9kQ2vTr") && is_password("W!nter2024"));
        for value in [
            "8080",
            "jo/Repo2",
            "Backup2.tar",
            "sunflower",
            "Sunflower",
            "${PASS2}",
        ] {
            assert!(!is_password(value), "{value}");
        }
    }
}
