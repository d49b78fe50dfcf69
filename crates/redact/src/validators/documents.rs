//! What numbers of documents look like, and the checks of those that only some States print so.
//!
//! In: the text that a pattern matched. Out: whether it can be such a number. Not here: the check digits
//! of the numbers that most recognizers look for (`national`).

use super::digits;
use super::national::{number, weighed};

/// The validator with this `name`, if there is one.
pub(super) fn named(name: &str) -> Option<fn(&str) -> bool> {
    Some(match name {
        "document_number" => document_number,
        "file_number" => file_number,
        "machine_readable" => machine_readable,
        "hk_id" => hk_id,
        "my_id" => my_id,
        "ch_uid" => ch_uid,
        "mx_clabe" => mx_clabe,
        "si_emso" => si_emso,
        "fi_y_tunnus" => fi_y_tunnus,
        "cz_rc" => cz_rc,
        _ => return None,
    })
}

/// Whether a text that stands under the name of a number may be one: five digits or more, or few of them
/// among capitals; no words, no date, and not one digit again and again.
fn document_number(text: &str) -> bool {
    let numbers = digits(text);
    let is_mixed = matches!(text.len(), 8..=16)
        && numbers.len() >= 2
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    let is_number = (numbers.len() >= 5 || is_mixed)
        && text.len() <= 40
        && numbers.iter().any(|digit| *digit != numbers[0])
        && numbers != [1, 2, 3, 4, 5];
    let is_word = |part: &str| {
        let letters = part.bytes().filter(u8::is_ascii_alphabetic).count();
        let small = part.bytes().filter(u8::is_ascii_lowercase).count();
        // `DOB 01/02/24` beside another number names a day, and `TEL` what people dial.
        let is_other = matches!(part, "DOB" | "TEL" | "FAX" | "EXT");
        is_other || letters == part.len() && (letters > 4 || small > 2)
    };
    let mut parts = text.split(|sign: char| !sign.is_ascii_alphanumeric());
    let has_letters = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    is_number && !(has_letters && parts.any(is_word)) && !is_day(text)
}

/// A file number: four digits or more, with a sign or letters among them or six of them, and no day.
fn file_number(text: &str) -> bool {
    let numbers = digits(text);
    let is_joined = text.bytes().any(|byte| !byte.is_ascii_digit());
    numbers.len() >= if is_joined { 4 } else { 6 }
        && text.len() <= 40
        && numbers.iter().any(|digit| *digit != numbers[0])
        && !is_day(text)
}

/// Fillers in a line that a machine reads: no word has them.
fn machine_readable(text: &str) -> bool {
    text.bytes().filter(|byte| *byte == b'<').count() >= 3
}

/// `2024-05-17`, `17.05.2024`.
fn is_day(text: &str) -> bool {
    let mut parts = text.split(['-', '.', '/']);
    let (Some(first), Some(second), Some(third), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let is_part = |part: &str, most: u32| {
        part.len() <= 2 && part.parse().is_ok_and(|number: u32| number <= most)
    };
    let is_year = |part: &str| {
        part.len() == 4
            && part
                .parse()
                .is_ok_and(|year: u32| (1_900..2_100).contains(&year))
    };
    is_part(second, 31)
        && (is_year(first) && is_part(third, 31) || is_part(first, 31) && is_year(third))
}

/// Letters count from 10, the check digit mod 11 with weights that fall.
fn hk_id(text: &str) -> bool {
    let signs: Vec<u32> = text.chars().filter_map(|sign| sign.to_digit(36)).collect();
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    // A blank stands for a letter that is not there, and counts 36.
    let blank = if letters == 1 { 36 * 9 } else { 0 };
    let weights = (1..=signs.len() as u32).rev();
    let sum: u32 = signs
        .iter()
        .zip(weights)
        .map(|(sign, weight)| sign * weight)
        .sum();
    matches!(letters, 1 | 2) && signs.len() == letters + 7 && (sum + blank).is_multiple_of(11)
}

/// A day of birth, and the number of a State of Malaysia or a country.
fn my_id(text: &str) -> bool {
    let digits = digits(text);
    let two = |at: usize| digits[at] * 10 + digits[at + 1];
    digits.len() == 12
        && (1..=12).contains(&two(2))
        && (1..=31).contains(&two(4))
        && !matches!(two(6), 0 | 17..=20 | 69 | 70 | 73 | 80 | 81 | 94..=97)
}

fn ch_uid(text: &str) -> bool {
    let digits = digits(text);
    let sum = weighed(&digits, &[5, 4, 3, 2, 7, 6, 5, 4]);
    digits.len() == 9 && (11 - sum % 11) % 11 == digits[8]
}

fn mx_clabe(text: &str) -> bool {
    let digits = digits(text);
    let sum: u32 = digits
        .iter()
        .take(17)
        .zip([3, 7, 1].into_iter().cycle())
        .map(|(digit, weight)| digit * weight % 10)
        .sum();
    digits.len() == 18 && (10 - sum % 10) % 10 == digits[17]
}

/// A day of birth without the thousand of its year, and a check mod 11.
fn si_emso(text: &str) -> bool {
    let digits = digits(text);
    let sum = weighed(&digits, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
    digits.len() == 13
        && (1..=31).contains(&(digits[0] * 10 + digits[1]))
        && (1..=12).contains(&(digits[2] * 10 + digits[3]))
        && matches!(digits[4], 0 | 9)
        && sum.is_multiple_of(11)
}

/// Divided by 11, with a day of birth whose month has 50 more for women, and 20 more where numbers ran out.
fn cz_rc(text: &str) -> bool {
    let digits = digits(text);
    let two = |at: usize| digits[at] * 10 + digits[at + 1];
    digits.len() == 10
        && number(&digits).is_multiple_of(11)
        && matches!(two(2), 1..=12 | 21..=32 | 51..=62 | 71..=82)
        && (1..=31).contains(&two(4))
}

fn fi_y_tunnus(text: &str) -> bool {
    let digits = digits(text);
    let sum = weighed(&digits, &[7, 9, 10, 5, 8, 4, 2, 1]);
    digits.len() == 8 && sum.is_multiple_of(11)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_a_document_has_digits_and_no_words() {
        for text in [
            "L01X00T47",
            "12 345/678",
            "KLM-123456-01",
            "ab 12 34 56 c",
            "V9XZ5GF6T",
        ] {
            assert!(document_number(text), "{text}");
        }
        for text in [
            "2024-05-17",
            "17.05.2024",
            "00000000",
            "12345",
            "1234",
            "see ticket 48213",
            "pending 123456",
            "UNKNOWN1",
            "v9xz5gf6t",
        ] {
            assert!(!document_number(text), "{text}");
        }
    }

    #[test]
    fn checks_hold_for_numbers_that_their_authorities_print() {
        assert!(hk_id("A123456(3)") && !hk_id("A123456(4)"));
        assert!(my_id("770305-02-1234") && !my_id("771305-02-1234") && !my_id("770305-17-1234"));
        assert!(ch_uid("CHE-100.155.212") && !ch_uid("CHE-100.155.213"));
        assert!(mx_clabe("002010077777777771") && !mx_clabe("002010077777777772"));
        assert!(si_emso("0101006500006") && !si_emso("0101006500007"));
        assert!(cz_rc("736028/5163") && !cz_rc("736028/5164") && !cz_rc("731328/5163"));
        assert!(fi_y_tunnus("2077474-0") && !fi_y_tunnus("2077474-1"));
    }
}
