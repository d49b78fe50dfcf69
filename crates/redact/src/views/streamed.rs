//! The view in which the pieces of a streamed answer stand in one piece.
//!
//! In: bytes that may be a recorded stream of events (`"delta":{"type":"text_delta","text":"4111 "}`), or a
//! string of JSON that holds one. Out: a view of what the pieces hold, one behind the other. Not here:
//! records whose format is read, which joins them (the domain).

use super::View;

/// What a piece stands under.
const KEYS: [&[u8]; 5] = [
    b"text",
    b"content",
    b"partial_json",
    b"thinking",
    b"arguments",
];
/// Bytes behind `delta` in which the piece begins.
const NEAR: usize = 128;

/// The view of the pieces; `None` where there are fewer than two.
pub(crate) fn streamed(text: &[u8]) -> Option<View> {
    let mut view = View::default();
    let mut pieces = 0;
    let mut done = 0;
    for at in memchr::memmem::find_iter(text, b"delta") {
        let Some((from, to)) = piece(text, at + 5).filter(|_| at >= done) else {
            continue;
        };
        view.push(&text[from..to], from, to - from);
        (pieces, done) = (pieces + 1, to);
    }
    (pieces > 1).then_some(view)
}

/// The piece of the object that begins at `at`, behind the word `delta`.
fn piece(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let near = &text[at..(at + NEAR).min(text.len())];
    let quote: &[u8] = match near {
        [b'"', ..] => b"\"",
        [b'\\', b'"', ..] => b"\\\"",
        _ => return None,
    };
    let opened = near[quote.len()..]
        .iter()
        .position(|byte| !matches!(byte, b':' | b' '))?
        + quote.len();
    if near[opened] != b'{' {
        return None;
    }
    let mut from = opened + 1;
    // Names and values in turn, up to one that holds a piece.
    loop {
        let name = from + near[from..].iter().position(|byte| *byte != b' ')?;
        let inside = near[name..].strip_prefix(quote)?;
        let length = memchr::memmem::find(inside, quote)?;
        let is_one = KEYS.contains(&&inside[..length]);
        let mut value = name + quote.len() * 2 + length;
        value += near[value..]
            .iter()
            .position(|byte| !matches!(byte, b':' | b' '))?;
        if !near[value..].starts_with(quote) {
            return None;
        }
        let begin = at + value + quote.len();
        let end = end_of(text, begin, quote)?;
        if is_one {
            return Some((begin, end));
        }
        let next = end + quote.len() - at;
        from = next + 1;
        if near.get(next) != Some(&b',') {
            return None;
        }
    }
}

/// Where the text ends that begins at `at` and that `quote` closes.
fn end_of(text: &[u8], at: usize, quote: &[u8]) -> Option<usize> {
    let mut from = at;
    loop {
        let found = from + memchr::memmem::find(&text[from..], quote)?;
        let backslashes = text[at..found]
            .iter()
            .rev()
            .take_while(|byte| **byte == b'\\')
            .count();
        if backslashes % 2 == 0 && (quote.len() == 1 || backslashes == 0) {
            return Some(found);
        }
        from = found + 1;
    }
}
