//! Values that have the characters of a secret and are known to be something else: times, versions, sentences
//! of a language that sets no blanks, operands of an expression, names in humps.
//!
//! In: a value and where it stands. Out: yes or no. Not here: placeholders (`secrecy`).

use crate::assignment::{Assigned, Sign};

/// Whether the value that was taken for a secret is something else.
pub(super) fn is_other(text: &[u8], assigned: &Assigned, name: &str, value: &str) -> bool {
    is_time(value)
        || is_version(value)
        || is_sentence(value)
        || assigned.quote.is_none() && is_operand(text, assigned, name, value)
        || assigned.sign == Sign::Words && is_argument(assigned, value)
}

/// `1979-05-27T07:32:00Z`
fn is_time(value: &str) -> bool {
    let form = b"dddd-dd-ddTdd:dd";
    value.len() >= form.len()
        && value.bytes().zip(form).all(|(byte, sign)| match sign {
            b'd' => byte.is_ascii_digit(),
            b'T' => matches!(byte, b'T' | b't' | b' ' | b'_'),
            sign => byte == *sign,
        })
}

/// `^3.0.0`, `>=1.2`
fn is_version(value: &str) -> bool {
    let number = value.trim_start_matches(['^', '~', '>', '<', '=', 'v', ' ']);
    let parts = number.split('.').count();
    parts > 1
        && number.split('.').all(|part| {
            (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// Whether a good part of it is Chinese, Japanese or Korean: nobody types a password so.
fn is_sentence(value: &str) -> bool {
    let is_word =
        |c: &char| matches!(u32::from(*c), 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xAC00..=0xD7A3);
    let words = value.chars().filter(is_word).count();
    words >= 4 && words * 4 >= value.chars().count()
}

/// Whether a value without quotes is part of an expression: `isOpen && x`, `!this.result.issues || x`,
/// `$assert->{pass}`.
fn is_operand(text: &[u8], assigned: &Assigned, name: &str, value: &str) -> bool {
    let rest = &text[assigned.value.end..];
    if value.starts_with('$') && value.ends_with('-') && rest.starts_with(b">") {
        return true;
    }
    let is_apart = text[..assigned.value.start].ends_with(b" ");
    let is_name = value
        .trim_start_matches('!')
        .bytes()
        .all(|byte| byte.is_ascii_alphabetic() || b"_.$".contains(&byte));
    const OPERATORS: [&[u8]; 5] = [b"&&", b"||", b"==", b"!=", b"??"];
    let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len()).min(8)];
    let line = line.trim_ascii_start();
    is_apart
        && is_name
        && !name.starts_with('-')
        && OPERATORS.iter().any(|operator| line.starts_with(operator))
}

/// `AddPass &addPass`, ``you can pass `spec=True` ``: an argument of a function.
fn is_argument(assigned: &Assigned, value: &str) -> bool {
    let is_name = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && text.starts_with(|c: char| c.is_ascii_alphabetic())
    };
    let refers = value.strip_prefix(['&', '*']).is_some_and(is_name);
    let is_named = assigned.quote == Some(b'`')
        && value
            .split_once('=')
            .is_some_and(|(name, given)| is_name(name) && is_name(given));
    refers || is_named
}

/// `getElementsByTagNameNS`: words that begin with a capital each, where what is drawn has as many capitals as
/// small letters.
pub(super) fn is_humped(value: &str) -> bool {
    let capitals = value.bytes().filter(u8::is_ascii_uppercase).count();
    value.bytes().all(|byte| byte.is_ascii_alphabetic())
        && capitals * 3 <= value.len()
        && value
            .split(|c: char| c.is_ascii_uppercase())
            .filter(|part| part.len() == 1)
            .count()
            < 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_are_no_secret_are_known() {
        assert!(is_time("1979-05-27T07:32:00Z") && !is_time("1979-05-27"));
        assert!(is_version("^3.0.0") && is_version(">=1.20") && !is_version("x9.kQ2"));
        assert!(is_sentence("要素にtabindexは存在しません") && !is_sentence("pässwörtchen"));
        assert!(is_humped("getElementsByTagNameNS") && is_humped("xsltAddStackElemList"));
        assert!(!is_humped("XkQvTrBnWmLpZsHd") && !is_humped("aKjQlwErtYpo"));
    }
}
