//! Texts inside texts: runs of base64 and of hexadecimal digits that decode to something that
//! people read.
//!
//! In: a run of the alphabet. Out: what it says, or nothing where that is no text; how far the run around
//! a word goes. Not here: looking for words (`scan`).

/// Bytes that are decoded of one run.
const MOST: usize = 1 << 20;
/// Bytes that are looked at first: a run of chance is given up there.
const FIRST: usize = 18;
/// Bytes behind a run that are looked through for signs that fill it up.
const PADDING: usize = 4 << 20;

/// Whether what begins here is the middle of an image or a key in base64.
pub(crate) fn is_inside(text: &[u8], start: usize) -> bool {
    const LONG: usize = 32;
    if start < LONG || !matches!(text[start - 1], b'+' | b'/') {
        return false;
    }
    let before = &text[start - LONG..start];
    let has = |test: fn(&u8) -> bool| before.iter().any(test);
    before
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
}

/// The run of the alphabet of base64 around a run of letters and digits.
pub(crate) fn run(text: &[u8], start: usize, end: usize, least: usize) -> (usize, usize) {
    let is = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
    let mut from = start;
    while from > least && is(text[from - 1]) && start - from < 64 {
        from -= 1;
    }
    let mut to = end;
    while to < text.len() && is(text[to]) {
        to += 1;
    }
    while to < text.len() && text[to] == b'=' && to - end < PADDING {
        to += 1;
    }
    (from, to)
}

/// The text that a run holds in base64, of either alphabet, or in hexadecimal digits.
pub(crate) fn text(run: &[u8]) -> Option<Vec<u8>> {
    if run.len().is_multiple_of(2)
        && run.iter().take(64).all(u8::is_ascii_hexdigit)
        && let Some(bytes) = hexadecimal(run).filter(|bytes| reads(bytes))
    {
        return Some(bytes);
    }
    let head = &run[..run.len().min(FIRST / 3 * 4)];
    if !reads(&base64(head)?) {
        return None;
    }
    base64(run).filter(|bytes| reads(bytes))
}

/// The bytes that `run` encodes in base64 or base64url; `None` where another character stands in it.
pub(crate) fn base64(run: &[u8]) -> Option<Vec<u8>> {
    let run = &run[..run.len().min(MOST)];
    let mut bytes = Vec::with_capacity(run.len() / 4 * 3 + 3);
    let (mut bits, mut held) = (0_u32, 0);
    for byte in run {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(((bits >> held) & 0xFF) as u8);
        }
    }
    Some(bytes)
}

/// `bytes` in base64, padded.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            out.push(if place > chunk.len() {
                '='
            } else {
                char::from(ALPHABET[(bits >> (18 - 6 * place) & 63) as usize])
            });
        }
    }
    out
}

fn hexadecimal(run: &[u8]) -> Option<Vec<u8>> {
    run[..run.len().min(MOST)]
        .chunks_exact(2)
        .map(|pair| {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            Some((digit(pair[0])? * 16 + digit(pair[1])?) as u8)
        })
        .collect()
}

/// Whether at least 85 of 100 bytes are what people write.
fn reads(bytes: &[u8]) -> bool {
    let good = bytes
        .iter()
        .filter(|byte| byte.is_ascii_graphic() || matches!(byte, b' ' | b'\n' | b'\r' | b'\t'))
        .count();
    let other = bytes.iter().filter(|byte| **byte >= 0xC2).count();
    bytes.len() >= 6 && (good + other.min(bytes.len() / 4)) * 100 >= bytes.len() * 85
}
