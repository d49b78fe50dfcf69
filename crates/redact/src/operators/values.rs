//! When two writings are the same value, and what is worked out from a value under a key.
//!
//! In: an entity. Out: its canonical form; 32 bytes that nobody without the key can work out. Not
//! here: what is made of the bytes.

use std::borrow::Cow;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization;

use super::Found;

/// The same value in another writing has the same canonical form: NFKC and lower case; without
/// separators where they carry no meaning, with one space for a run of them in names. A secret is
/// what it is, letter for letter, but for line ends.
pub(crate) fn canonical(found: &Found<'_>) -> String {
    let is_name = matches!(found.entity_type, "PERSON" | "LOCATION" | "ORGANIZATION");
    let value = in_one_line(found.value, if is_name { " " } else { "" });
    if found.is_secret {
        return value.into_owned();
    }
    let folded: String = value.nfkc().flat_map(char::to_lowercase).collect();
    match found.entity_type {
        // A dot or a slash that moves makes another address or another day.
        "EMAIL_ADDRESS" | "URL" | "IP_ADDRESS" | "DATE_TIME" | "DATE_OF_BIRTH" | "CARD_EXPIRY"
        | "USERNAME" | "SOCIAL_HANDLE" | "CRYPTO" => folded
            .chars()
            .filter(|character| !character.is_whitespace())
            .collect(),
        "PERSON" | "LOCATION" | "ORGANIZATION" => folded
            .split(|character: char| !character.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
        _ => {
            let kept: String = folded
                .chars()
                .filter(|character| character.is_alphanumeric() || *character == '@')
                .collect();
            // Of what is no letter and no digit nothing would be left.
            if kept.is_empty() { folded } else { kept }
        }
    }
}

/// A value with `joint` in place of each line end in it, and of what a mail program puts around one.
fn in_one_line<'a>(value: &'a str, joint: &str) -> Cow<'a, str> {
    if !value.contains(['\n', '\\']) {
        return Cow::Borrowed(value);
    }
    let whole = value.replace("\\r\\n", "\n").replace("\\n", "\n");
    let mut lines = whole.split('\n').map(str::trim_end);
    let first = lines.next().unwrap_or_default().to_owned();
    Cow::Owned(lines.fold(first, |all, line| {
        all + joint + line.trim_start_matches([' ', '\t', '>'])
    }))
}

/// HMAC-SHA-256 of a value under `key`, apart for each purpose and each entity type, so that what
/// is worked out for one is of no use against another.
pub(crate) fn keyed(key: &[u8], purpose: &str, entity_type: &str, value: &[u8]) -> [u8; 32] {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length, RFC 2104");
    for part in [purpose.as_bytes(), entity_type.as_bytes()] {
        mac.update(part);
        mac.update(&[0]);
    }
    mac.update(value);
    mac.finalize().into_bytes().into()
}

/// A number below `below` that depends on all of `digest`'s first 16 bytes. `below` is far under
/// 2¹²⁸, so that none is favoured noticeably.
pub(crate) fn below(digest: &[u8; 32], below: u128) -> u128 {
    let mut first = [0; 16];
    first.copy_from_slice(&digest[..16]);
    u128::from_be_bytes(first) % below.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings_of_one_value_agree_and_other_values_do_not() {
        let form = |entity_type, value| {
            canonical(&Found {
                value,
                entity_type,
                is_secret: false,
            })
        };
        assert_eq!(
            form("CREDIT_CARD", "4111 1111-1111 1111"),
            form("CREDIT_CARD", "4111111111111111")
        );
        assert_eq!(form("PERSON", "ANN  O’Neil"), form("PERSON", "Ann O'Neil"));
        assert_eq!(
            form("IBAN_CODE", "de89 3704"),
            form("IBAN_CODE", "DE893704")
        );
        assert_ne!(
            form("IP_ADDRESS", "1.23.4.5"),
            form("IP_ADDRESS", "12.3.4.5")
        );
        assert_ne!(
            form("DATE_TIME", "1/11/2020"),
            form("DATE_TIME", "11/1/2020")
        );
        assert_ne!(
            form("EMAIL_ADDRESS", "a.b@x.org"),
            form("EMAIL_ADDRESS", "ab@x.org")
        );
    }

    #[test]
    fn purposes_types_and_keys_are_apart() {
        let one = keyed(b"k", "hash", "PERSON", b"ann");
        assert_ne!(one, keyed(b"k", "name", "PERSON", b"ann"));
        assert_ne!(one, keyed(b"k", "hash", "USERNAME", b"ann"));
        assert_ne!(one, keyed(b"l", "hash", "PERSON", b"ann"));
    }
}
