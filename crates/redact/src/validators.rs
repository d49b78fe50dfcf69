//! Checks that tell a real identifier from digits that look like one.
//!
//! In: the text that a pattern matched. Out: whether it can be what it looks like. Not here:
//! patterns, context.

use crate::secrecy;

pub(crate) mod chains;
mod documents;
mod national;

/// The checks of digits that a rule of one's own may name, for the editor to offer.
pub const OFFERED: &[&str] = &[
    "luhn",
    "luhn_card",
    "verhoeff",
    "iban",
    "aba",
    "us_ssn",
    "us_itin",
    "npi",
    "nhs",
    "nl_bsn",
    "pl_pesel",
    "de_tax_id",
    "it_fiscal_code",
    "es_nif",
    "ipv4",
    "date",
    "token",
    "random",
    "jwt",
];

/// The validator with this `name`, if there is one.
pub fn named(name: &str) -> Option<fn(&str) -> bool> {
    Some(match name {
        "luhn_card" => card,
        "iban" => iban,
        "us_ssn" => us_ssn,
        "us_itin" => us_itin,
        "ipv4" => ipv4,
        "token" => token,
        "jwt" => jwt,
        "aba" => aba,
        "nhs" => nhs,
        "npi" => npi,
        "es_nif" => es_nif,
        "nl_bsn" => nl_bsn,
        "pl_pesel" => pl_pesel,
        "de_tax_id" => de_tax_id,
        "it_fiscal_code" => it_fiscal_code,
        "verhoeff" => verhoeff,
        "date" => date,
        "random" => random_looking,
        "aws_secret" => aws_secret,
        "luhn" => luhn_only,
        "varied" => varied,
        _ => {
            return national::named(name)
                .or_else(|| chains::named(name))
                .or_else(|| documents::named(name));
        }
    })
}

fn digits(text: &str) -> Vec<u32> {
    let mut digits = Vec::with_capacity(text.len());
    let ascii = text.bytes().filter(u8::is_ascii_digit);
    digits.extend(ascii.map(|digit| u32::from(digit - b'0')));
    digits
}

fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| match (index % 2, digit * 2) {
            (0, _) => *digit,
            (_, double) if double > 9 => double - 9,
            (_, double) => double,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Luhn, and not one digit only.
fn luhn_only(text: &str) -> bool {
    let digits = digits(text);
    luhn(&digits) && digits.windows(2).any(|pair| pair[0] != pair[1])
}

/// ISO/IEC 7812-1: Luhn, and a length that the issuer's range uses.
fn card(text: &str) -> bool {
    let digits = digits(text);
    let prefix = |count: usize| {
        digits
            .iter()
            .take(count)
            .fold(0, |value, digit| value * 10 + digit)
    };
    let length_fits = match (prefix(2), prefix(4)) {
        (34 | 37, _) => digits.len() == 15,
        (51..=55, _) | (_, 2_221..=2_720) => digits.len() == 16,
        (36 | 38 | 39 | 30, _) => (14..=19).contains(&digits.len()),
        (_, 3_528..=3_589) | (_, 6_011) | (64 | 65, _) | (62, _) => {
            (16..=19).contains(&digits.len())
        }
        (40..=49, _) => matches!(digits.len(), 13 | 16 | 19),
        (50 | 56..=58 | 60..=69, _) => (12..=19).contains(&digits.len()),
        (_, 1_800 | 2_131) => digits.len() == 15,
        _ => false,
    };
    length_fits && luhn(&digits) && digits.windows(2).any(|pair| pair[0] != pair[1])
}

/// ISO 13616: country length and ISO 7064 mod 97-10.
fn iban(text: &str) -> bool {
    const LENGTHS: &[(&str, usize)] = &[
        ("AD", 24),
        ("AE", 23),
        ("AL", 28),
        ("AT", 20),
        ("AZ", 28),
        ("BA", 20),
        ("BE", 16),
        ("BG", 22),
        ("BH", 22),
        ("BR", 29),
        ("BY", 28),
        ("CH", 21),
        ("CR", 22),
        ("CY", 28),
        ("CZ", 24),
        ("DE", 22),
        ("DK", 18),
        ("DO", 28),
        ("EE", 20),
        ("EG", 29),
        ("ES", 24),
        ("FI", 18),
        ("FO", 18),
        ("FR", 27),
        ("GB", 22),
        ("GE", 22),
        ("GI", 23),
        ("GL", 18),
        ("GR", 27),
        ("GT", 28),
        ("HR", 21),
        ("HU", 28),
        ("IE", 22),
        ("IL", 23),
        ("IQ", 23),
        ("IS", 26),
        ("IT", 27),
        ("JO", 30),
        ("KW", 30),
        ("KZ", 20),
        ("LB", 28),
        ("LC", 32),
        ("LI", 21),
        ("LT", 20),
        ("LU", 20),
        ("LV", 21),
        ("MC", 27),
        ("MD", 24),
        ("ME", 22),
        ("MK", 19),
        ("MR", 27),
        ("MT", 31),
        ("MU", 30),
        ("NL", 18),
        ("NO", 15),
        ("PK", 24),
        ("PL", 28),
        ("PS", 29),
        ("PT", 25),
        ("QA", 29),
        ("RO", 24),
        ("RS", 22),
        ("SA", 24),
        ("SC", 31),
        ("SE", 24),
        ("SI", 19),
        ("SK", 24),
        ("SM", 27),
        ("ST", 25),
        ("SV", 28),
        ("TN", 24),
        ("TR", 26),
        ("UA", 29),
        ("VA", 22),
        ("VG", 24),
        ("XK", 20),
        ("BI", 27),
        ("DJ", 27),
        ("FK", 18),
        ("HN", 28),
        ("LY", 25),
        ("MN", 20),
        ("NI", 28),
        ("OM", 23),
        ("RU", 33),
        ("SD", 18),
        ("SO", 23),
        ("TL", 23),
        ("YE", 30),
    ];
    let plain: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_uppercase();
    let fits = LENGTHS
        .iter()
        .any(|(country, length)| plain.starts_with(country) && plain.len() == *length);
    if !fits {
        return false;
    }
    let (head, tail) = plain.split_at(4);
    let remainder = tail
        .chars()
        .chain(head.chars())
        .fold(0_u64, |remainder, c| match c.to_digit(36) {
            Some(value) if value > 9 => (remainder * 100 + u64::from(value)) % 97,
            Some(value) => (remainder * 10 + u64::from(value)) % 97,
            None => remainder,
        });
    remainder == 1
}

/// SSA: no area 000, 666 or 9xx, no group 00, no serial 0000, none of the advertised numbers.
fn us_ssn(text: &str) -> bool {
    let digits = digits(text);
    let number = |from: usize, to: usize| {
        digits[from..to]
            .iter()
            .fold(0, |value, digit| value * 10 + digit)
    };
    digits.len() == 9
        && !matches!(number(0, 3), 0 | 666 | 900..=999)
        && number(3, 5) != 0
        && number(5, 9) != 0
        && !matches!(
            number(0, 9),
            78_051_120 | 219_099_999 | 123_456_789 | 987_654_321
        )
        && digits.windows(2).any(|pair| pair[0] != pair[1])
}

/// IRS: 9xx and a group of 50–65, 70–88, 90–92 or 94–99.
fn us_itin(text: &str) -> bool {
    let digits = digits(text);
    digits.len() == 9
        && digits[0] == 9
        && matches!(digits[3] * 10 + digits[4], 50..=65 | 70..=88 | 90..=92 | 94..=99)
}

fn ipv4(text: &str) -> bool {
    text.parse::<std::net::Ipv4Addr>()
        .is_ok_and(|address| !address.is_unspecified() && !address.is_loopback())
}

/// A key that is no placeholder: enough different characters, no long row of the alphabet or of
/// figures.
fn token(text: &str) -> bool {
    let row = |step: i16| {
        let mut length = 1;
        text.as_bytes().windows(2).any(|pair| {
            let both = pair[0].is_ascii_alphanumeric() && pair[1].is_ascii_alphanumeric();
            let follows = both && i16::from(pair[1]) - i16::from(pair[0]) == step;
            length = if follows { length + 1 } else { 1 };
            length >= 6
        })
    };
    !secrecy::is_placeholder(text)
        && secrecy::entropy(text)
            >= if text.bytes().all(|byte| byte.is_ascii_digit()) {
                2.0
            } else if text.len() < 16 {
                2.5
            } else {
                3.0_f64.min((text.len() as f64).log2() * 0.7)
            }
        && !row(1)
        && !row(-1)
}

/// Six different characters: `AKIAXXXXXXXXXXXXXXXX` stands for a key.
fn varied(text: &str) -> bool {
    let mut seen: Vec<char> = text.chars().collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len() >= 6
}

/// The first part decodes to a JSON object with `alg` or `typ` (RFC 7519).
fn jwt(text: &str) -> bool {
    let head = text.split('.').next().unwrap_or_default();
    base64_url(head).is_some_and(|bytes| {
        serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&bytes)
            .is_ok_and(|fields| fields.contains_key("alg") || fields.contains_key("typ"))
    })
}

fn base64_url(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let (mut bits, mut held) = (0_u32, 0);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xFF) as u8);
        }
    }
    Some(out)
}

/// ABA routing number: weights 3-7-1 and a Federal Reserve prefix.
fn aba(text: &str) -> bool {
    let digits = digits(text);
    let weights = [3, 7, 1, 3, 7, 1, 3, 7, 1];
    digits.len() == 9
        && matches!(digits[0] * 10 + digits[1], 1..=12 | 21..=32 | 61..=72 | 80)
        && digits
            .iter()
            .zip(weights)
            .map(|(digit, weight)| digit * weight)
            .sum::<u32>()
            % 10
            == 0
}

/// NHS number: weights 10…2, mod 11.
fn nhs(text: &str) -> bool {
    let digits = digits(text);
    if digits.len() != 10 {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .take(9)
        .zip((2..=10).rev())
        .map(|(digit, weight)| digit * weight)
        .sum();
    let check = (11 - sum % 11) % 11;
    check != 10 && check == digits[9]
}

/// NPI: Luhn over 80840 and the number.
fn npi(text: &str) -> bool {
    let own = digits(text);
    own.len() == 10 && luhn(&[vec![8, 0, 8, 4, 0], own].concat())
}

/// Spanish DNI and NIE: letter table mod 23.
fn es_nif(text: &str) -> bool {
    let plain: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_uppercase();
    let Some(letter) = plain.chars().last() else {
        return false;
    };
    let body = plain[..plain.len() - 1]
        .replacen('X', "0", 1)
        .replacen('Y', "1", 1)
        .replacen('Z', "2", 1);
    body.parse::<usize>()
        .is_ok_and(|number| "TRWAGMYFPDXBNJZSQVHLCKE".chars().nth(number % 23) == Some(letter))
}

/// Dutch BSN: the eleven test.
fn nl_bsn(text: &str) -> bool {
    let digits = digits(text);
    if digits.len() != 9 {
        return false;
    }
    let sum: i64 = digits
        .iter()
        .zip([9, 8, 7, 6, 5, 4, 3, 2, -1_i64])
        .map(|(digit, weight)| i64::from(*digit) * weight)
        .sum();
    sum != 0 && sum % 11 == 0
}

/// Polish PESEL: weights 1-3-7-9, mod 10, and a month that exists.
fn pl_pesel(text: &str) -> bool {
    let digits = digits(text);
    let weights = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1];
    digits.len() == 11
        && matches!((digits[2] * 10 + digits[3]) % 20, 1..=12)
        && digits
            .iter()
            .zip(weights)
            .map(|(digit, weight)| digit * weight)
            .sum::<u32>()
            % 10
            == 0
}

/// German tax id: ISO 7064 mod 11,10 and exactly one digit twice or thrice.
fn de_tax_id(text: &str) -> bool {
    let digits = digits(text);
    if digits.len() != 11 || digits[0] == 0 {
        return false;
    }
    let mut counts = [0_u8; 10];
    for digit in &digits[..10] {
        counts[*digit as usize] += 1;
    }
    let repeated = counts.iter().filter(|count| **count > 1).count();
    let product = digits[..10].iter().fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    repeated == 1 && (11 - product) % 10 == digits[10]
}

/// Italian codice fiscale: odd and even tables, mod 26.
fn it_fiscal_code(text: &str) -> bool {
    const ODD: [u32; 36] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3,
        6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
    ];
    let values: Vec<usize> = text
        .chars()
        .filter_map(|c| c.to_digit(36))
        .filter_map(|value| usize::try_from(value).ok())
        .collect();
    if values.len() != 16 {
        return false;
    }
    let sum: u32 = values[..15]
        .iter()
        .enumerate()
        .map(|(index, value)| match (index % 2, *value) {
            (0, value) => ODD[value],
            (_, value) if value > 9 => value as u32 - 10,
            (_, value) => value as u32,
        })
        .sum();
    values[15] == sum as usize % 26 + 10
}

/// Verhoeff's dihedral check, as Aadhaar uses it.
fn verhoeff(text: &str) -> bool {
    const MULTIPLY: [[u8; 10]; 10] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];
    const PERMUTE: [[u8; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    let digits = digits(text);
    digits.len() == 12
        && digits[0] > 1
        && digits
            .iter()
            .rev()
            .enumerate()
            .fold(0_u8, |check, (index, digit)| {
                let permuted = PERMUTE[index % 8][*digit as usize];
                MULTIPLY[check as usize][permuted as usize]
            })
            == 0
}

/// A day that exists, of a year from 1900 on, with or without a time; or a month with a year or day.
fn date(text: &str) -> bool {
    let day_part = text.split(['T', ':']).next().unwrap_or(text);
    let numbers: Vec<u32> = day_part
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect();
    let is_month_name = day_part.chars().any(char::is_alphabetic);
    let year = |y: u32| (1_900..=2_100).contains(&y);
    let day = |d: u32| (1..=31).contains(&d);
    let month = |m: u32| (1..=12).contains(&m);
    match numbers.as_slice() {
        [d, y] if is_month_name => day(*d) && (year(*y) || *y < 100),
        [one] if is_month_name => day(*one) || year(*one),
        // A time of day behind the day leaves its hour here.
        [a, b, c] | [a, b, c, _] => {
            let day_month = |d: u32, m: u32| day(d) && month(m);
            ((year(*c) || *c < 100) && (day_month(*a, *b) || day_month(*b, *a)))
                || (year(*a) && day_month(*c, *b))
        }
        _ => false,
    }
}

/// Entropy of a random token: not a word, not a placeholder.
fn random_looking(text: &str) -> bool {
    let value = text
        .rsplit(['=', ':', ' ', '"', '\''])
        .find(|part| part.len() >= 8)
        .unwrap_or(text);
    let lower = value.to_ascii_lowercase();
    let placeholder = [
        "example",
        "placeholder",
        "changeme",
        "your",
        "xxxx",
        "dummy",
        "redacted",
        "${",
        "{{",
        "<",
    ];
    if placeholder.iter().any(|word| lower.contains(word)) {
        return false;
    }
    let mut counts = [0_u32; 256];
    value.bytes().for_each(|byte| counts[byte as usize] += 1);
    let length = value.len() as f64;
    let entropy: f64 = counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = f64::from(*count) / length;
            -share * share.log2()
        })
        .sum();
    let has = |test: fn(&char) -> bool| value.chars().any(|c| test(&c));
    entropy >= 3.0 && has(char::is_ascii_digit) && has(char::is_ascii_alphabetic)
}

/// 40 characters of base64 with upper case, lower case and digits: not a hex digest.
fn aws_secret(text: &str) -> bool {
    let value = &text[text.len().saturating_sub(40)..];
    value.len() == 40
        && value.chars().any(|c| c.is_ascii_uppercase())
        && value.chars().any(|c| c.is_ascii_lowercase())
        && value.chars().any(|c| c.is_ascii_digit())
        && random_looking(value)
}
