//! Checksums of wallet addresses and classes of device and vehicle numbers.
//!
//! In: the text that a pattern matched. Out: whether its check holds. Not here: patterns, context.

use crate::command_line;
use crate::secrecy;
use sha2::{Digest, Sha256};

/// The validator with this `name`, if there is one.
pub(super) fn named(name: &str) -> Option<fn(&str) -> bool> {
    Some(match name {
        "base58check" => base58check,
        "bech32" => bech32,
        "mac" => mac,
        "vin" => vin,
        "bic" => bic,
        "age" => age,
        "has_digits" => has_digits,
        "four_digits" => four_digits,
        "plate" => plate,
        "person" => person,
        "street" => street,
        "town" => town,
        "seven_digits" => seven_digits,
        "account" => account,
        "account_with_point" => account_with_point,
        "introduced" => introduced,
        "mixed_word" => mixed_word,
        "given_password" => given_password,
        "given_word" => given_word,
        "told_password" => told_password,
        "told_word" => told_word,
        "phrase" => phrase,
        "row" => secrecy::handed::is_row,
        "encoded_secret" => encoded_secret,
        _ => return None,
    })
}

/// Twice SHA-256 over the body gives the last four bytes.
fn base58check(text: &str) -> bool {
    const ALPHABET: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut bytes = [0_u8; 25];
    for byte in text.bytes() {
        let Some(value) = ALPHABET.iter().position(|letter| *letter == byte) else {
            return false;
        };
        let mut carry = value as u32;
        for place in bytes.iter_mut().rev() {
            carry += u32::from(*place) * 58;
            *place = (carry & 0xFF) as u8;
            carry >>= 8;
        }
        if carry != 0 {
            return false;
        }
    }
    Sha256::digest(Sha256::digest(&bytes[..21]))[..4] == bytes[21..]
}

/// BIP 173 and 350.
fn bech32(text: &str) -> bool {
    const ALPHABET: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const GENERATOR: [u32; 5] = [
        0x3B6A_57B2,
        0x2650_8E6D,
        0x1EA1_19FA,
        0x3D42_33DD,
        0x2A14_62B3,
    ];
    let lower = text.to_ascii_lowercase();
    if lower != text && text.to_ascii_uppercase() != text {
        return false;
    }
    let Some((head, body)) = lower.rsplit_once('1') else {
        return false;
    };
    let step = |check: u32, value: u32| {
        let top = check >> 25;
        let next = ((check & 0x01FF_FFFF) << 5) ^ value;
        (0..5).fold(next, |next, bit| {
            if top >> bit & 1 == 1 {
                next ^ GENERATOR[bit]
            } else {
                next
            }
        })
    };
    let mut check = head
        .bytes()
        .fold(1, |check, byte| step(check, u32::from(byte) >> 5));
    check = step(check, 0);
    check = head
        .bytes()
        .fold(check, |check, byte| step(check, u32::from(byte) & 31));
    for byte in body.bytes() {
        let Some(value) = ALPHABET.iter().position(|letter| *letter == byte) else {
            return false;
        };
        check = step(check, value as u32);
    }
    matches!(check, 1 | 0x2BC8_30A3)
}

/// Not the address that stands for none or for all.
fn mac(text: &str) -> bool {
    let digits = || text.bytes().filter(u8::is_ascii_hexdigit);
    let first = digits().next();
    digits().any(|byte| Some(byte) != first)
}

/// ISO 3779 with the check digit of North America in the ninth place.
fn vin(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let value = |byte: u8| match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        b'A'..=b'H' => u32::from(byte - b'A') + 1,
        b'J'..=b'R' => u32::from(byte - b'J') + 1,
        _ => u32::from(byte.wrapping_sub(b'S')) + 2,
    };
    let bytes = text.as_bytes();
    let sum: u32 = bytes
        .iter()
        .zip(WEIGHTS)
        .map(|(byte, weight)| value(*byte) * weight)
        .sum();
    let check = if sum % 11 == 10 {
        b'X'
    } else {
        b'0' + (sum % 11) as u8
    };
    bytes.len() == 17 && bytes[8] == check && bytes.iter().any(u8::is_ascii_alphabetic)
}

/// ISO 9362: the fifth and sixth letter are a country.
fn bic(text: &str) -> bool {
    const COUNTRIES: &str = "AD AE AL AO AR AT AU AZ BA BD BE BG BH BN BO BR BY CA CH CL CN CO CR CY CZ DE DK DO DZ EC EE EG ES FI FO FR GB GE GI GR GT HK HN HR HU ID IE IL IN IQ IR IS IT JO JP KE KR KW KZ LB LI LK LT LU LV LY MA MC MD ME MK MT MU MX MY NG NL NO NZ OM PA PE PH PK PL PT PY QA RO RS RU SA SE SG SI SK SM TH TN TR TW UA US UY UZ VE VN XK ZA";
    text.get(4..6)
        .is_some_and(|country| COUNTRIES.split(' ').any(|known| known == country))
}

/// An age that people reach.
fn age(text: &str) -> bool {
    text.bytes()
        .take_while(u8::is_ascii_digit)
        .fold(0_u32, |age, byte| {
            age.saturating_mul(10)
                .saturating_add(u32::from(byte - b'0'))
        })
        <= 120
}

fn has_digits(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Letters and digits of a licence plate: four together, or digits alone in groups or more than a year has.
fn plate(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let grouped = text.contains([' ', '-']);
    match letters {
        0 => digits >= 6 || digits == 5 && !grouped,
        _ => digits >= 1 && digits + letters >= 4,
    }
}

/// What stands in a field for nobody: types of programs, and words that say so.
const NOBODY: &[&str] = &[
    "admin",
    "administrator",
    "anonymous",
    "any",
    "bool",
    "boolean",
    "char",
    "client",
    "column",
    "contact",
    "customer",
    "default",
    "dict",
    "email",
    "employee",
    "example",
    "false",
    "field",
    "first",
    "full",
    "given",
    "guest",
    "integer",
    "last",
    "list",
    "login",
    "missing",
    "name",
    "nil",
    "none",
    "not",
    "null",
    "number",
    "object",
    "optional",
    "patient",
    "placeholder",
    "required",
    "root",
    "sample",
    "self",
    "service",
    "str",
    "string",
    "system",
    "tbd",
    "test",
    "text",
    "true",
    "type",
    "undefined",
    "unknown",
    "user",
    "username",
    "value",
    "varchar",
    "yes",
    "your",
];

fn is_nobody(word: &str) -> bool {
    NOBODY.binary_search(&word.to_lowercase().as_str()).is_ok()
}

/// Somebody's name and not the type of a field, or a word that stands for none.
fn person(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let least = if text.is_ascii() { 2 } else { 1 };
    letters >= least && !text.split([' ', ',']).any(is_nobody)
}

/// Words that a step of a build, a job or a task begins with: nobody is called so.
const STEPS: &str = "\
    add analyze apply archive attach audit authenticate benchmark bootstrap bug build bump cache \
    cargo changelog check checkout clean clone close code collect commit compare compile \
    compress compute configure continuous convert copy coverage create cross debug delete \
    dependency deploy destroy detect determine disable display docker docs download draft dump \
    enable ensure evaluate execute export extract feature fetch find finish fix format generate \
    get git github gitlab ignore import init initialize inspect install integration issue kill \
    label lint linux list load locate lock log login macos make merge migrate move nightly \
    notify npm open package perform pin post prepare print prune publish pull push read rebase \
    rebuild record refresh register release remove rename report reset resolve restart restore \
    retrieve retry review run rust rustdoc save scan schedule security send set setup show sign \
    skip start stop store sync test tests tidy trigger try uninstall unit unlock unpack update \
    upgrade upload use validate verify wait windows workflow write";

/// A person's name behind `name:`, and not what a step of a build does: `name: Install Rust`.
fn introduced(text: &str) -> bool {
    let first = text.split([' ', '-']).next().unwrap_or(text);
    !STEPS
        .split(' ')
        .any(|step| first.eq_ignore_ascii_case(step))
}

/// What the fields of an address are called, sorted: none of them is a place.
const PLACE_FIELDS: &[&str] = &[
    "address",
    "adres",
    "adresse",
    "anschrift",
    "calle",
    "cidade",
    "città",
    "city",
    "ciudad",
    "country",
    "county",
    "dirección",
    "endereço",
    "indirizzo",
    "kraj",
    "land",
    "miasto",
    "ort",
    "paese",
    "pays",
    "país",
    "plaats",
    "plz",
    "postcode",
    "province",
    "provincia",
    "region",
    "rua",
    "rue",
    "stad",
    "stadt",
    "state",
    "straat",
    "strasse",
    "straße",
    "street",
    "town",
    "ulica",
    "ville",
    "zip",
];

/// Whether a word says which field of an address follows, as the heading `City` does.
pub(crate) fn is_place_field(word: &str) -> bool {
    PLACE_FIELDS
        .binary_search(&word.to_lowercase().as_str())
        .is_ok()
}

/// A place and not the heading of the next column.
fn town(text: &str) -> bool {
    person(text) && !is_place_field(text)
}

/// A word of a street and a number.
fn street(text: &str) -> bool {
    has_digits(text) && text.chars().filter(|c| c.is_alphabetic()).count() >= 3 && person(text)
}

/// A telephone number has as many; a date has eight, in groups of its own.
fn seven_digits(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (7..=15).contains(&digits) && !is_day(text)
}

/// `2024-05-17`, `17.05.2024`.
fn is_day(text: &str) -> bool {
    let lengths: Vec<usize> = text.split(['-', '.', '/']).map(str::len).collect();
    matches!(lengths.as_slice(), [4, 2, 2] | [2, 2, 4])
}

/// Somebody's account and not a variable, a type, a setting or a word that stands for none.
fn account(text: &str) -> bool {
    let is_attribute = text.contains('.') && !text.contains('@');
    let lower = text.to_ascii_lowercase();
    // `LPWSTR`, `PCSTR`: texts in declarations of Windows. `wusername`: a variable of that name.
    let is_type = text.ends_with("STR") && text.bytes().all(|byte| byte.is_ascii_uppercase());
    let is_variable =
        lower.ends_with("username") || lower.ends_with("user_name") || lower == "password";
    text.contains(char::is_alphabetic)
        && !is_attribute
        && !is_type
        && !is_variable
        && !text.split(['_', '-']).any(is_nobody)
}

/// The same of what may have a point as a name and a surname have: `anna.smith`, not `opts.username`.
fn account_with_point(text: &str) -> bool {
    account(&text.replace('.', "_"))
}

fn four_digits(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() >= 4
}

/// A password that a command for accounts is given: two kinds of characters, and no placeholder.
fn given_password(text: &str) -> bool {
    let has = |test: fn(&u8) -> bool| usize::from(text.as_bytes().iter().any(test));
    let kinds = has(u8::is_ascii_lowercase)
        + has(u8::is_ascii_uppercase)
        + has(u8::is_ascii_digit)
        + has(u8::is_ascii_punctuation);
    kinds > 1
        && !text.starts_with(['$', '*', '-'])
        && !secrecy::is_placeholder(text)
        && !text.to_ascii_lowercase().contains("pass")
}

/// A password that stands where nothing else can: a word of small letters as well, but for those of manuals.
fn given_word(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_alphanumeric())
        && !text.starts_with(['$', '*', '-'])
        && !command_line::says_what(text)
        && !secrecy::is_placeholder(text)
        && !matches!(text, "public" | "private" | "required")
        && !text.to_ascii_lowercase().contains("pass")
}

/// A password by its characters alone: letters, and marks that words have not or several digits.
fn told_password(text: &str) -> bool {
    let count = |test: fn(&u8) -> bool| text.bytes().filter(test).count();
    let digits = count(u8::is_ascii_digit);
    let letters = count(u8::is_ascii_alphabetic);
    let marks = count(|byte| b"!@#$%^&*?~+=_-".contains(byte));
    let is_mixed = count(u8::is_ascii_lowercase) > 0 && count(u8::is_ascii_uppercase) > 0;
    letters > 0
        && (digits > 0 && (marks > 0 || is_mixed || digits > 1) || marks > 0 && is_mixed)
        && given_password(text)
        && !is_day(text)
}

/// A password by its characters, or a plain word that is none of those that are said of passwords.
fn told_word(text: &str) -> bool {
    let is_varied = text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && given_password(text);
    is_varied || secrecy::told::is_plain(text) && !secrecy::is_placeholder(text)
}

/// Words that make no sentence: none of those that join others.
fn phrase(text: &str) -> bool {
    const JOINING: &str = "\
        the and for with that this from must can should will would may used using not are was were been your you \
        has have its when than then only into inside under until but all any please enter which who how required";
    !text
        .split([' ', '-'])
        .any(|word| JOINING.split(' ').any(|joining| joining == word))
}

/// What a Secret of Kubernetes holds: a text in base64, or what was drawn by chance.
fn encoded_secret(text: &str) -> bool {
    text.len().is_multiple_of(4)
        && crate::encoded::base64(text.as_bytes()).is_some_and(|bytes| {
            let is_text = std::str::from_utf8(&bytes)
                .is_ok_and(|text| !text.chars().any(|c| c.is_control() && !c.is_whitespace()));
            is_text || secrecy::random(text, 8)
        })
}

/// Small and capital letters, and a digit or a mark: no word of a language.
fn mixed_word(text: &str) -> bool {
    let has = |test: fn(&u8) -> bool| text.as_bytes().iter().any(test);
    !text.starts_with('$')
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_uppercase)
        && has(|byte| !byte.is_ascii_alphabetic())
}
