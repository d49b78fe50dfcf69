//! What a file is, by its beginning: text or not, a record a line or a document.
//!
//! In: the first bytes. Out: a layout, or the reason why nothing in it can be read. Not here:
//! cutting.

use serde::de::IgnoredAny;

use super::rows;
use crate::formats::Reason;

/// Keys of an envelope whose list holds the records.
pub(super) const ENVELOPES: [&[u8]; 13] = [
    b"Records",
    b"data",
    b"Events",
    b"events",
    b"result",
    b"batch",
    b"resourceSpans",
    b"resourceLogs",
    b"logEvents",
    // What was pulled from Google's Pub/Sub.
    b"receivedMessages",
    // Cassettes of vcrpy, and of VCR and Betamax.
    b"interactions",
    b"http_interactions",
    ROWS,
];
/// A session's transcript is one record, which says of all its messages whose they are: `{"session":{…},"data":[…]}`.
pub(super) const SESSION: (&[u8], &[u8]) = (b"session", b"data");
/// How much of a key is looked at: more than any that is asked for has.
pub(super) const LONGEST_KEY: usize = 24;
/// The envelope of CloudWatch Logs Insights, whose records are lists of cells; elsewhere its key stands for other lists.
const ROWS: &[u8] = b"results";
/// Keys of lists inside an envelope's elements, with the depth of their objects: OTLP's records
/// stand in the list of a scope in the list of a resource.
pub(super) const NESTED: [(usize, &[u8]); 4] = [
    (3, b"scopeSpans"),
    (3, b"scopeLogs"),
    (5, b"spans"),
    (5, b"logRecords"),
];
/// The key of what OTLP says of the origin of all records of an element, and the depth at which it
/// stands; the conventions write it before them.
pub(super) const RESOURCE: &[u8] = b"resource";
pub(super) const RESOURCE_DEPTH: usize = 3;
/// The envelope of HAR: `{"log":{"entries":[…]}}`.
pub(super) const HAR: (&[u8], &[u8]) = (b"log", b"entries");

/// How records lie in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    Undecided,
    /// A record a line.
    Lines,
    /// Records in an array, in an envelope, or printed over several lines.
    Document,
    /// A row of CSV each, under a header that names a format's columns.
    Rows,
    /// Nothing in it can be read; the reason was given.
    Refused(Reason),
}

/// Whether the list under an envelope's `key` holds records, as its first byte tells.
pub(super) fn begins_records(key: &[u8], first: u8) -> bool {
    match key {
        ROWS => first == b'[',
        _ => matches!(first, b'{' | b']'),
    }
}

/// Where the first line ends, if it is a piece of one and the next begins an envelope.
pub(super) fn cut_line(window: &[u8]) -> Option<usize> {
    let end = memchr::memchr(b'\n', window)?;
    let (first, rest) = (window[..end].trim_ascii(), &window[end + 1..]);
    let begins = rest.first() == Some(&b'{') && has_envelope(rest);
    let is_cut = !first.is_empty()
        && !has_envelope(first)
        && first != b"["
        && serde_json::from_slice::<IgnoredAny>(first).is_err();
    (begins && is_cut && no_text(window).is_none()).then_some(end)
}

/// The layout of a file that begins with `window`, a byte order mark left out.
pub(super) fn layout_of(window: &[u8]) -> Layout {
    if let Some(reason) = no_text(window) {
        return Layout::Refused(reason);
    }
    let trimmed = window.trim_ascii_start();
    if is_cassette_in_yaml(trimmed) {
        return Layout::Refused(Reason::Yaml);
    }
    match trimmed.first() {
        Some(b'[') if is_list(trimmed) => return Layout::Document,
        Some(b'{') => {}
        _ if rows::header(trimmed).is_some() => return Layout::Rows,
        _ => return Layout::Lines,
    }
    if has_envelope(trimmed) {
        return Layout::Document;
    }
    let Some(end) = memchr::memchr(b'\n', trimmed) else {
        return Layout::Lines;
    };
    if serde_json::from_slice::<IgnoredAny>(&trimmed[..end]).is_ok() {
        return Layout::Lines;
    }
    // A first line that is cut is a damaged line where the next begins a record of its own.
    if trimmed.get(end + 1) == Some(&b'{') {
        return Layout::Lines;
    }
    Layout::Document
}

/// Whether a text is a cassette in the form that its recorders write where nobody asks for another. Line by line it
/// would be rejected as often as it has lines.
fn is_cassette_in_yaml(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"---").unwrap_or(text);
    let text = text.trim_ascii_start();
    let keys: [&[u8]; 2] = [b"interactions:", b"http_interactions:"];
    keys.iter().any(|key| {
        let rest = text.strip_prefix(*key);
        rest.is_some_and(|rest| matches!(rest.first(), Some(b'\n' | b'\r')))
    })
}

/// Whether what begins with a bracket is a list, and not the time, the level or the process in front of a log's line.
fn is_list(text: &[u8]) -> bool {
    let inner = text[1..].trim_ascii_start();
    match inner.first() {
        None | Some(b'{' | b'"' | b']') => return true,
        Some(b'[') => return is_list(inner),
        _ => {}
    }
    let ends = |byte: &u8| matches!(byte, b',' | b']' | b'\n' | b'\r');
    let end = inner.iter().position(ends).unwrap_or(inner.len());
    let is_value = serde_json::from_slice::<IgnoredAny>(&inner[..end]).is_ok();
    let line = inner.split(|byte| *byte == b'\n').next().unwrap_or(inner);
    // Behind the process, the words of the log follow.
    let behind = memchr::memchr(b']', line).map_or(&b""[..], |at| line[at + 1..].trim_ascii());
    is_value && matches!(behind.first(), None | Some(b',' | b']'))
}

/// Why `window` is no text, if it is none. A log with some damaged stretches is text: only what
/// they lie in is lost.
fn no_text(window: &[u8]) -> Option<Reason> {
    if window.starts_with(&[0xFF, 0xFE]) || window.starts_with(&[0xFE, 0xFF]) {
        return Some(Reason::Utf16);
    }
    let zeros = |skip: usize| {
        window
            .iter()
            .skip(skip)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    if window.len() > 8 && even.max(odd) * 6 > window.len() && even.min(odd) * 40 < window.len() {
        return Some(Reason::Utf16);
    }
    let first = window
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    if serde_json::from_slice::<IgnoredAny>(first.trim_ascii()).is_ok() {
        return None;
    }
    let strange = window
        .iter()
        .filter(|byte| **byte < 9 || (14..32).contains(*byte) && **byte != 27)
        .count();
    let opens = matches!(window.trim_ascii_start().first(), Some(b'{' | b'['));
    let is_binary = strange * 20 > window.len() || (even + odd > 0 && !opens);
    is_binary.then_some(Reason::Binary)
}

/// Whether the first object holds a list of objects under one of the envelope's keys at its top
/// level.
fn has_envelope(text: &[u8]) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    let mut key: Vec<u8> = Vec::new();
    let (mut after_key, mut opened, mut of_session) = (false, false, false);
    for byte in text {
        if in_string {
            if escaped {
                escaped = false;
            } else if *byte == b'\\' {
                escaped = true;
            } else if *byte == b'"' {
                in_string = false;
                after_key = depth == 1;
            } else if depth == 1 && key.len() < LONGEST_KEY {
                key.push(*byte);
            }
            continue;
        }
        if opened && !byte.is_ascii_whitespace() {
            if begins_records(&key, *byte) {
                return true;
            }
            opened = false;
        }
        match byte {
            b'"' => {
                in_string = true;
                key.clear();
            }
            b'{' | b'[' => {
                let named = depth == 1 && after_key;
                if named && *byte == b'{' && key == HAR.0 {
                    return memchr::memmem::find(text, b"\"entries\"").is_some();
                }
                let is_session = of_session && key == SESSION.1;
                of_session |= named && *byte == b'{' && key == SESSION.0;
                let holds_records = ENVELOPES.contains(&key.as_slice()) && !is_session;
                opened = named && *byte == b'[' && holds_records;
                depth += 1;
                after_key = false;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return false;
                }
            }
            b':' | b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => after_key = false,
        }
    }
    false
}
