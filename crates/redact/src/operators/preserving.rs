//! Format-preserving encryption: letters and digits become others, each of its own class.
//!
//! FF1 of NIST SP 800-38G with AES-256 over the rank of a value among all of its form; the cipher
//! walks until it is back in them. In: a value, a key. Out: another of the same form. Not here: a
//! form with fewer than a million values, which the recommendation forbids (SP 800-38G rev. 1).

use aes::Aes256;
use fpe::ff1::{FF1, FlexibleNumeralString};

/// Fewest values of a form.
pub const LEAST: u128 = 1_000_000;

/// What `value` becomes under `key`; `None` where its form has too few values or too many, or
/// letters and digits other than those of ASCII. Separators and the case of letters stay.
pub fn preserving(value: &str, key: &[u8; 32], tweak: &[u8]) -> Option<String> {
    let mut size: u128 = 1;
    let mut rank: u128 = 0;
    for character in value.chars().filter(|c| c.is_alphanumeric()) {
        let (place, classes) = place(character)?;
        size = size.checked_mul(classes)?;
        rank = rank * classes + place;
    }
    if size < LEAST {
        return None;
    }
    let digits = (size - 1).to_string().len();
    let cipher = FF1::<Aes256>::new(key, 10).ok()?;
    let mut moved = rank;
    loop {
        let written: Vec<u16> = format!("{moved:0digits$}")
            .bytes()
            .map(|digit| u16::from(digit - b'0'))
            .collect();
        let ciphered = cipher
            .encrypt(tweak, &FlexibleNumeralString::from(written))
            .ok()?;
        moved = Vec::<u16>::from(ciphered)
            .into_iter()
            .fold(0, |sum, digit| sum * 10 + u128::from(digit));
        // A permutation comes back into the form, after ten steps at the most on average.
        if moved < size {
            break;
        }
    }
    let mut out: Vec<char> = value.chars().collect();
    for character in out.iter_mut().rev().filter(|c| c.is_alphanumeric()) {
        let (_, classes) = place(*character)?;
        let place = u8::try_from(moved % classes).ok()?;
        moved /= classes;
        let first = match *character {
            '0'..='9' => b'0',
            'a'..='z' => b'a',
            _ => b'A',
        };
        *character = char::from(first + place);
    }
    Some(out.into_iter().collect())
}

/// The place of a character in its class, and how many the class has.
fn place(character: char) -> Option<(u128, u128)> {
    let from = |first: char, classes| Some((character as u128 - first as u128, classes));
    match character {
        '0'..='9' => from('0', 10),
        'a'..='z' => from('a', 26),
        'A'..='Z' => from('A', 26),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// NIST's examples for FF1 with AES-256: FF1samples, 7 to 9.
    #[test]
    fn ff1_gives_what_nist_gives() {
        let key = hex::decode("2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94")
            .expect("hexadecimal");
        let check = |radix: u32, tweak: &str, plain: &str, cipher: &str| {
            let numerals = |text: &str| -> Vec<u16> {
                text.chars()
                    .filter_map(|c| c.to_digit(36))
                    .map(|d| d as u16)
                    .collect()
            };
            let tweak = hex::decode(tweak).expect("hexadecimal");
            let ff1 = FF1::<Aes256>::new(&key, radix).expect("a radix");
            let got: Vec<u16> = ff1
                .encrypt(&tweak, &FlexibleNumeralString::from(numerals(plain)))
                .expect("encrypts")
                .into();
            assert_eq!(got, numerals(cipher));
            let back: Vec<u16> = ff1
                .decrypt(&tweak, &FlexibleNumeralString::from(got))
                .expect("decrypts")
                .into();
            assert_eq!(back, numerals(plain));
        };
        check(10, "", "0123456789", "6657667009");
        check(10, "39383736353433323130", "0123456789", "1001623463");
        check(
            36,
            "3737373770717273373737",
            "0123456789abcdefghi",
            "xs8a0azh2avyalyzuwd",
        );
    }

    #[test]
    fn the_form_stays_and_no_two_values_become_the_same() {
        let key = [7; 32];
        let got = preserving("AB-123 456/c", &key, b"T").expect("large enough");
        let form = |text: &str| -> String {
            text.chars()
                .map(|c| match c {
                    '0'..='9' => '0',
                    'a'..='z' => 'a',
                    'A'..='Z' => 'A',
                    other => other,
                })
                .collect()
        };
        assert_eq!(form(&got), form("AB-123 456/c"));
        let many: HashSet<String> = (0..2_000)
            .filter_map(|number| preserving(&format!("{number:06}"), &key, b"T"))
            .collect();
        assert_eq!(many.len(), 2_000);
        assert_eq!(preserving("12345", &key, b"T"), None);
        assert_eq!(preserving("1234567é", &key, b"T"), None);
        assert_eq!(preserving(&"9".repeat(60), &key, b"T"), None);
    }
}
