//! A value of the same form that is nobody's, the same for the same value under one key.
//!
//! Where a range exists that is never given out, the pseudonym lies in it: card numbers under the
//! issuer `0000` with a right Luhn digit, social security numbers from 900 on with a group that no
//! taxpayer number has, IBANs of the country `ZZ`, telephone numbers under `+999` or `000`, addresses
//! from 240.0.0.0 on and under 2001:db8::/32, dates of the nineteenth century, invented names, the
//! domain `pseudonym.invalid`. Numbers of other kinds are enciphered letter by letter (`preserving`),
//! and where the type has a check they fail it. In: an entity, a key. Out: a pseudonym, or `None`
//! where there is none. Not here: what stands there instead (`operators`).

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use regex::Regex;

use super::values::{below, canonical, keyed};
use super::{Found, days, preserving, surrogates};
use crate::recognizers::Recognizers;

/// How often another number is tried where the check of its type holds by chance.
const ATTEMPTS: u8 = 24;

/// What stands for an entity; a value that is a pseudonym already stays.
pub(super) fn of(found: &Found<'_>, key: &[u8], recognizers: &Recognizers) -> Option<String> {
    // Nothing that looks like a key or a password that works.
    if found.is_secret {
        return None;
    }
    let value = found.value;
    let digest = keyed(
        key,
        "pseudonym",
        found.entity_type,
        canonical(found).as_bytes(),
    );
    match found.entity_type {
        "EMAIL_ADDRESS" => Some(surrogates::email(&digest)),
        "URL" => Some(surrogates::url(&digest)),
        "PERSON" => Some(surrogates::person(
            &digest,
            canonical(found).split(' ').count() == 1,
        )),
        "LOCATION" | "ORGANIZATION" => Some(surrogates::thing(&digest)),
        "DATE_TIME" | "DATE_OF_BIRTH" => days::surrogate(value, &digest),
        "IP_ADDRESS" => address(value, &digest),
        "CREDIT_CARD" => card(value, &digest, key),
        "US_SSN" => social_security(value, &digest),
        "IBAN_CODE" => iban(value, &digest),
        "PHONE_NUMBER" => phone(value, &digest),
        // Their form is not of letters and digits alone.
        "AGE" | "MAC_ADDRESS" | "CRYPTO" | "CARD_EXPIRY" | "CARD_CODE" | "PIN" => None,
        entity_type => {
            let enciphering = keyed(key, "ff1", "", b"");
            let checks: Vec<fn(&str) -> bool> = recognizers
                .iter()
                .filter(|recognizer| recognizer.source.entity_type == entity_type)
                .filter_map(|recognizer| recognizer.validate)
                .collect();
            let mut written = None;
            for attempt in 0..ATTEMPTS {
                let tweak = [entity_type.as_bytes(), &[0, attempt]].concat();
                let one = preserving::preserving(value, &enciphering, &tweak)?;
                let is_unlike = one != value && !checks.iter().any(|check| check(&one));
                written.get_or_insert_with(|| one.clone());
                if is_unlike {
                    written = Some(one);
                    break;
                }
            }
            written
        }
    }
}

/// Where pseudonyms stand that nobody can have, whatever is found around them.
pub(super) fn written(text: &str, key: &[u8]) -> Vec<(usize, usize)> {
    static NUMBERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r"(?x) 0000(?:[\ -]?[0-9]){9,15}
            | \b9[0-9]{2}[-\ ][0-4][0-9][-\ ][0-9]{4}\b
            | \b2[45][0-9](?:\.[0-9]{1,3}){3}\b
            | \b2001:db8(?::[0-9a-f]{1,4}){6}\b",
        )
        .ok()
    });
    let mut found: Vec<_> = surrogates::written(text)
        .chain(days::written(text))
        .collect();
    for one in NUMBERS.iter().flat_map(|numbers| numbers.find_iter(text)) {
        let value = one.as_str();
        let is_one = match value.as_bytes() {
            [b'0', ..] => is_card(value, key),
            [b'9', ..] => true,
            _ => value.parse().is_ok_and(|address| is_nowhere(&address)),
        };
        if is_one {
            found.push((one.start(), one.end()));
        }
    }
    found
}

/// Writes `digits` in the places of `value`'s digits.
fn in_shape(value: &str, digits: &str) -> String {
    let mut digits = digits.chars();
    value
        .chars()
        .map(|character| match character.is_ascii_digit() {
            true => digits.next().unwrap_or('0'),
            false => character,
        })
        .collect()
}

fn digits_of(value: &str) -> Option<String> {
    // Digits of other scripts have no shape that is kept.
    if value
        .chars()
        .any(|c| c.is_alphanumeric() && !c.is_ascii_digit())
    {
        return None;
    }
    Some(value.chars().filter(char::is_ascii_digit).collect())
}

/// `0000`, a number, a mark of four digits that only the key gives, and the Luhn digit.
fn card(value: &str, digest: &[u8; 32], key: &[u8]) -> Option<String> {
    let digits = digits_of(value)?;
    if !(14..=19).contains(&digits.len()) {
        return None;
    }
    if is_card(value, key) {
        return Some(value.to_owned());
    }
    let width = digits.len() - 9;
    let number = below(digest, 10_u128.pow(u32::try_from(width).ok()?));
    let number = format!("{number:0width$}");
    let body = format!("0000{number}{}", card_mark(&number, key));
    Some(in_shape(value, &format!("{body}{}", luhn(&body))))
}

fn card_mark(number: &str, key: &[u8]) -> String {
    let digest = keyed(key, "card mark", "", number.as_bytes());
    format!("{:04}", below(&digest, 10_000))
}

fn is_card(value: &str, key: &[u8]) -> bool {
    let Some(digits) = digits_of(value).filter(|digits| (14..=19).contains(&digits.len())) else {
        return false;
    };
    let end = digits.len();
    digits.starts_with("0000")
        && digits[end - 5..end - 1] == card_mark(&digits[4..end - 5], key)
        && digits[end - 1..] == luhn(&digits[..end - 1]).to_string()
}

fn luhn(body: &str) -> u32 {
    let sum: u32 = body
        .chars()
        .rev()
        .filter_map(|c| c.to_digit(10))
        .enumerate()
        .map(|(place, digit)| match place % 2 {
            0 if digit > 4 => digit * 2 - 9,
            0 => digit * 2,
            _ => digit,
        })
        .sum();
    (10 - sum % 10) % 10
}

/// An area from 900 on is never given out, and with a group below 50 it is no taxpayer number.
fn social_security(value: &str, digest: &[u8; 32]) -> Option<String> {
    let digits = digits_of(value).filter(|digits| digits.len() == 9)?;
    if digits.starts_with('9') && digits.as_bytes()[3] < b'5' {
        return Some(value.to_owned());
    }
    let number = below(digest, 100 * 50 * 10_000);
    let (area, group, serial) = (number / 500_000, number / 10_000 % 50, number % 10_000);
    let written = format!("9{area:02}{group:02}{serial:04}");
    Some(in_shape(value, &written))
}

/// The country `ZZ`, which no country is, digits for digits, letters for letters, and check digits
/// that hold (ISO 7064, mod 97-10).
fn iban(value: &str, digest: &[u8; 32]) -> Option<String> {
    let plain: String = value
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    if plain.len() < 15 || plain.len() > 34 {
        return None;
    }
    if plain.starts_with("ZZ") {
        return Some(value.to_owned());
    }
    let body: String = plain[4..]
        .chars()
        .zip(stream(digest, 30))
        .map(|(character, byte)| {
            let (first, classes) = match character {
                '0'..='9' => (b'0', 10),
                _ => (b'A', 26),
            };
            char::from(first + byte % classes)
        })
        .collect();
    let rest = format!("{body}ZZ00")
        .chars()
        .filter_map(|c| c.to_digit(36))
        .fold(0, |rest, digit| match digit {
            0..=9 => (rest * 10 + digit) % 97,
            _ => (rest * 100 + digit) % 97,
        });
    let written = format!("ZZ{:02}{body}", 98 - rest);
    let mut written = written.chars();
    Some(
        value
            .chars()
            .map(|character| match character.is_ascii_alphanumeric() {
                true if character.is_ascii_lowercase() => written
                    .next()
                    .map_or(character, |other| other.to_ascii_lowercase()),
                true => written.next().unwrap_or(character),
                false => character,
            })
            .collect(),
    )
}

/// `+999` is no country and no number begins with `000`.
fn phone(value: &str, digest: &[u8; 32]) -> Option<String> {
    let digits = digits_of(&value.replace(|c: char| c.is_ascii_alphabetic(), ""))
        .filter(|digits| digits.len() >= 7)?;
    let head = if value.trim_start().starts_with('+') {
        "999"
    } else {
        "000"
    };
    if digits.starts_with(head) {
        return Some(value.to_owned());
    }
    let body: String = stream(digest, digits.len() - 3)
        .map(|byte| char::from(b'0' + byte % 10))
        .collect();
    Some(in_shape(value, &format!("{head}{body}")))
}

fn address(value: &str, digest: &[u8; 32]) -> Option<String> {
    let address: IpAddr = value.split('%').next()?.parse().ok()?;
    if is_nowhere(&address) {
        return Some(value.to_owned());
    }
    Some(match address {
        IpAddr::V4(_) => {
            let [a, b, c, d, ..] = *digest;
            // 255.255.255.255 reaches everybody of a network.
            Ipv4Addr::new(240 + a % 15, b, c, d).to_string()
        }
        IpAddr::V6(_) => {
            let mut bytes = [0; 16];
            bytes.copy_from_slice(&digest[..16]);
            bytes[..4].copy_from_slice(&[0x20, 0x01, 0x0d, 0xb8]);
            // No part is nothing, so that none is left out in writing.
            for byte in bytes[4..].iter_mut().step_by(2) {
                *byte |= 0x10;
            }
            Ipv6Addr::from(bytes).to_string()
        }
    })
}

/// Reserved for the future (RFC 1112) or for documents (RFC 3849): no computer has it.
fn is_nowhere(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => (240..255).contains(&address.octets()[0]),
        IpAddr::V6(address) => address.segments()[..2] == [0x2001, 0x0db8],
    }
}

/// `count` bytes worked out from a digest.
fn stream(digest: &[u8; 32], count: usize) -> impl Iterator<Item = u8> {
    let digest = *digest;
    (0..count.div_ceil(32))
        .flat_map(move |block| keyed(&digest, "stream", "", &block.to_be_bytes()))
        .take(count)
}
