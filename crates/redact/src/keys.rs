//! Matchers for keys whose tell-tale part lies in the middle, and for keys in blocks.
//!
//! In: where the tell-tale part stands. Out: the bounds of the whole key. Not here: keys that begin
//! with what tells them (data).

use crate::matchers::{Matched, Place};
use crate::secrecy;

/// How far a key is followed to either side.
const SIDE: usize = 80;
/// The longest block.
const BLOCK: usize = 16 << 10;

/// The run of bytes that `is` holds for around the literal.
fn around(place: &Place<'_>, is: impl Fn(u8) -> bool) -> (usize, usize) {
    let text = place.text;
    let mut start = place.start;
    while start > 0 && place.start - start < SIDE && is(text[start - 1]) {
        start -= 1;
    }
    let mut end = place.end;
    while end < text.len() && end - place.end < SIDE && is(text[end]) {
        end += 1;
    }
    (start, end)
}

fn sure(place: &Place<'_>, start: usize, end: usize) -> Option<Matched> {
    let value = std::str::from_utf8(&place.text[start..end]).ok()?;
    (!secrecy::is_placeholder(value) && secrecy::entropy(value) >= 3.0).then_some(Matched {
        start,
        end,
        score: 0.95,
    })
}

/// Azure: three characters, a digit, `Q~`, 31 to 34 characters.
pub(crate) fn azure_client_secret(place: &Place<'_>) -> Option<Matched> {
    let is = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'~' | b'.' | b'-');
    let (start, end) = around(place, is);
    let fits = place.start - start == 4
        && place.text[place.start - 1].is_ascii_digit()
        && place.text[place.start] == b'Q'
        && (31..=34).contains(&(end - place.end));
    fits.then(|| sure(place, start, end)).flatten()
}

/// Azure DevOps: 76 letters and digits, `AZDO`, four more.
pub(crate) fn azure_devops_token(place: &Place<'_>) -> Option<Matched> {
    let (start, end) = around(place, |byte| byte.is_ascii_alphanumeric());
    let fits = place.start - start == 76 && end - place.end == 4;
    fits.then(|| sure(place, start, end)).flatten()
}

/// Azure AI services: 84 letters and digits, of which `JQQJ99` stands behind the 52nd.
pub(crate) fn azure_ai_key(place: &Place<'_>) -> Option<Matched> {
    let (start, end) = around(place, |byte| byte.is_ascii_alphanumeric());
    let fits = place.start - start == 52 && end - start == 84;
    fits.then(|| sure(place, start, end)).flatten()
}

/// HCP Terraform: 14 characters, `.atlasv1`, a point, 60 to 70 characters.
pub(crate) fn terraform_token(place: &Place<'_>) -> Option<Matched> {
    let is = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'=' | b'.' | b'-');
    let (start, end) = around(place, is);
    let fits = place.start - start >= 10 && (56..=76).contains(&(end - place.end));
    fits.then(|| sure(place, start, end)).flatten()
}

/// Mailchimp: 32 hexadecimal digits, `-us`, a number.
pub(crate) fn mailchimp_key(place: &Place<'_>) -> Option<Matched> {
    let (start, _) = around(place, |byte| byte.is_ascii_hexdigit());
    let digits = place.text[place.end..]
        .iter()
        .take(3)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let fits = place.start - start == 32 && (1..=2).contains(&digits);
    fits.then(|| sure(place, start, place.end + digits))
        .flatten()
}

/// Telegram: 5 to 16 digits, a colon, `A` and 34 characters.
pub(crate) fn telegram_token(place: &Place<'_>) -> Option<Matched> {
    let text = place.text;
    let is = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let mut start = place.start;
    while start > 0 && text[start - 1].is_ascii_digit() && place.start - start < 17 {
        start -= 1;
    }
    let tail = text[place.end..]
        .iter()
        .take(SIDE)
        .take_while(|byte| is(**byte))
        .count();
    let fits = (5..=16).contains(&(place.start - start)) && tail == 34;
    fits.then(|| sure(place, start, place.end + tail)).flatten()
}

/// A private key from its first to its last line, or as far as it looks like one.
pub(crate) fn pem(place: &Place<'_>) -> Option<Matched> {
    let text = place.text;
    let head = &text[place.end..(place.end + 160).min(text.len())];
    let stop = head.windows(5).position(|window| window == b"-----")?;
    let name = &head[..stop];
    if !name
        .windows(11)
        .any(|window| window.eq_ignore_ascii_case(b"private key"))
    {
        return None;
    }
    let body = place.end + stop + 5;
    let limit = (body + BLOCK).min(text.len());
    let close = text[body..limit]
        .windows(8)
        .position(|window| window == b"-----END" || window == b"-----end");
    let end = match close {
        Some(at) => {
            let from = body + at + 8;
            let rest = &text[from..(from + 160).min(text.len())];
            let dashes = rest.windows(5).position(|window| window == b"-----");
            from + dashes.map_or(0, |at| at + 5)
        }
        None => {
            let inside =
                |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=:,-\\\"' \t\r\n|#>".contains(byte);
            let mut end = body
                + text[body..limit]
                    .iter()
                    .take_while(|byte| inside(byte))
                    .count();
            while end > body
                && !text[end - 1].is_ascii_alphanumeric()
                && !matches!(text[end - 1], b'=' | b'+' | b'/')
            {
                end -= 1;
            }
            end
        }
    };
    let inside = &text[body..end];
    let letters = inside
        .iter()
        .filter(|byte| byte.is_ascii_alphanumeric())
        .count();
    let least = if close.is_some() { 16 } else { 6 };
    (letters >= least).then_some(Matched {
        start: place.start,
        end,
        score: 1.0,
    })
}
