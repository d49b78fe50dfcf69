//! Placeholders that a gateway writes in place of text that it masks.
//!
//! In: a text. Out: whether it holds such a placeholder. Not here: masking (`assay-redact`), and
//! which records of a call are masked where others are not (`same_call`).

use std::sync::LazyLock;

use memchr::memmem::Finder;

/// What stands between the brackets of a placeholder, its number aside: the entity types of
/// Presidio and its kin, and the words that say that something was taken out.
const NAMES: [&str; 32] = [
    "ADDRESS",
    "API_KEY",
    "CREDIT_CARD",
    "CREDIT_CARD_NUMBER",
    "CRYPTO",
    "DATE_OF_BIRTH",
    "DATE_TIME",
    "EMAIL",
    "EMAIL_ADDRESS",
    "IBAN",
    "IBAN_CODE",
    "IP_ADDRESS",
    "LOCATION",
    "MASKED",
    "MEDICAL_LICENSE",
    "NAME",
    "NRP",
    "PASSWORD",
    "PERSON",
    "PHI",
    "PHONE",
    "PHONE_NUMBER",
    "PII",
    "REDACTED",
    "SECRET",
    "SSN",
    "UK_NHS",
    "URL",
    "US_BANK_NUMBER",
    "US_DRIVER_LICENSE",
    "US_PASSPORT",
    "US_SSN",
];

/// LiteLLM's note in place of whole messages.
pub const BY_LITELLM: &str = "redacted-by-litellm";

/// How an escaped angle bracket begins, and LiteLLM's note: looked for in every record.
static ESCAPED: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\\u003"));
static NOTE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(BY_LITELLM));

/// Whether the JSON text of a record may hold a placeholder: cheap, and never wrongly no.
pub fn may_hold(json: &str) -> bool {
    let bytes = json.as_bytes();
    let is_begun = |at: usize| match bytes[at] {
        b'*' => bytes.get(at + 1) == Some(&b'*') && bytes.get(at + 2) == Some(&b'*'),
        // Some writers escape the angle bracket.
        b'\\' => bytes[at..].starts_with(b"\\u003c") || bytes[at..].starts_with(b"\\u003C"),
        _ => bytes.get(at + 1).is_some_and(u8::is_ascii_uppercase),
    };
    memchr::memchr3_iter(b'<', b'[', b'*', bytes).any(is_begun)
        || ESCAPED.find_iter(bytes).any(is_begun)
        || NOTE.find(bytes).is_some()
}

/// Whether a text holds a placeholder: `<EMAIL_ADDRESS>`, `[REDACTED]`, `<PERSON_2>`, three or more
/// asterisks by themselves.
pub fn is_masked(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr3_iter(b'<', b'[', b'*', bytes).any(|at| match bytes[at] {
        b'<' => is_named(&text[at + 1..], '>'),
        b'[' => is_named(&text[at + 1..], ']'),
        _ => is_asterisks(text, at),
    }) || text.contains(BY_LITELLM)
}

/// Whether a text may hold a placeholder of any filter: besides those of [`is_masked`] any name in
/// capitals between `<>`, `[]` or `{}`, with a number or a hash behind it, and asterisks within a word.
///
/// Code and templates hold such names too. So this tells something only of a text that lacks what
/// another record of the same call holds in clear.
pub fn may_be_masked(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_begun = |at: usize| {
        let end = match bytes[at] {
            b'<' => b'>',
            b'[' => b']',
            _ => b'}',
        };
        let length = bytes[at + 1..]
            .iter()
            .take(80)
            .position(|byte| *byte == end)
            .unwrap_or(0);
        let name = &bytes[at + 1..=at + length];
        let (name, hash) = match name.iter().position(|byte| *byte == b':') {
            Some(colon) => (&name[..colon], &name[colon + 1..]),
            None => (name, [].as_slice()),
        };
        name.len() >= 3
            && name[0].is_ascii_uppercase()
            && name
                .iter()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
            && hash.iter().all(u8::is_ascii_hexdigit)
    };
    is_masked(text)
        || memchr::memchr3_iter(b'<', b'[', b'{', bytes).any(is_begun)
        || memchr::memmem::find(bytes, b"***").is_some()
}

fn is_named(rest: &str, end: char) -> bool {
    let Some(name) = rest
        .find(end)
        .filter(|at| *at <= 40)
        .and_then(|at| rest.get(..at))
    else {
        return false;
    };
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
    NAMES.binary_search(&name.trim_end_matches('_')).is_ok()
}

/// Whether asterisks begin at `at` that stand by themselves: those of a heading, a rule on a line
/// of its own or an emphasis don't.
fn is_asterisks(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back();
    let rest = text[at..].trim_start_matches('*');
    let count = text.len() - at - rest.len();
    let after = rest.chars().next();
    let is_rule = before.is_none_or(|c| c == '\n') && after.is_none_or(|c| c == '\n');
    let is_word = before.is_none_or(char::is_whitespace)
        && after
            .is_none_or(|c| c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':' | '!' | '?'));
    count >= 3 && is_word && !is_rule
}
