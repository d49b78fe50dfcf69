//! What is kept of a line that could not be read.
//!
//! In: its bytes. Out: its shape. Not here: why it was not read.

/// Characters that are kept, masked.
const EXCERPT: usize = 120;

/// The beginning of a line that could not be read: its shape, without what it says. No parser
/// knows where personal data stands in it, so every letter and digit is masked.
pub(super) fn excerpt(raw: &[u8]) -> String {
    String::from_utf8_lossy(&raw[..raw.len().min(EXCERPT * 4)])
        .chars()
        .take(EXCERPT)
        .map(|c| match c {
            c if c.is_alphabetic() => 'x',
            c if c.is_numeric() => '0',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_keeps_the_shape_and_nothing_that_can_be_read() {
        assert_eq!(
            excerpt("{\"é\": \"Ann 42\u{7}\"}".as_bytes()),
            "{\"x\": \"xxx 00 \"}"
        );
        assert_eq!(excerpt(&[b'a'; 10_000]).chars().count(), EXCERPT);
    }
}
