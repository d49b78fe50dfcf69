//! What was encrypted so that it can be kept in public: values of a SealedSecret of Kubernetes, which only the
//! cluster opens. They are drawn by chance and stand behind names as secrets do.
//!
//! In: a text. Out: where such values stand. Not here: what else looks like a secret and is none (`secrecy`).

use std::ops::Range;

/// The field that holds them, and bytes of a value at least: it is longer than a key of RSA.
const FIELD: &[u8] = b"encryptedData";
const LEAST: usize = 64;

/// Returns where sealed values stand, in order.
pub(crate) fn values(text: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let Some(from) = memchr::memmem::find(text, FIELD) else {
        return found;
    };
    let mut at = from + FIELD.len();
    while let Some(begins) = memchr::memmem::find(&text[at..], b"Ag").map(|next| at + next) {
        // The length of the wrapped key stands in front, 512 bytes or fewer (`kubeseal`, crypto.go).
        let is_apart = !text[begins - 1].is_ascii_alphanumeric();
        let is_length = matches!(text.get(begins + 2), Some(b'A'..=b'D'));
        let is_base64 = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
        let length = match is_apart && is_length {
            true => text[begins..].iter().take_while(is_base64).count(),
            false => 2,
        };
        at = begins + length;
        if length >= LEAST {
            found.push(begins..at);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::values;

    #[test]
    fn sealed_values_stand_behind_their_field_alone() {
        let value = format!("AgB{}==", "x9kQ".repeat(20));
        let check = |text: &str, expected: &[&str]| {
            let found = values(text.as_bytes());
            let found: Vec<&str> = found.into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        };
        check(
            &format!("encryptedData:\n  a: {value}\n  b: \"{value}\"\n"),
            &[&value, &value],
        );
        check(&format!("data:\n  a: {value}\n"), &[]);
        check(&format!("encryptedData:\n  a: x{value}\n  b: AgB3\n"), &[]);
    }
}
