//! Records that collectors and platforms of logs carry: a container's log, what Fluent Bit, Datadog, Splunk, Loki,
//! Elasticsearch and Google Cloud Logging wrap around a line, a line behind whatever a program's logger put before it.
//!
//! In: the text of a piece that is of no format itself. Out: the record of a format that stands in it, as text. Which
//! keys carry is a list: what merely names a record of somebody's is none. Not here: what CloudWatch and CloudTrail
//! add (`wrapped`), and cutting files into pieces.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::keys::{Keys, recognise_keys};

/// Keys under which a line stands as it was written, or as the object that it was.
///
/// Source: Docker's `json-file` and Fluent Bit (`log`), Datadog's archives (`attributes`, `message`) and its API
/// (`content`), Splunk (`_raw`, `event`, `result`), Loki (`line`), Elasticsearch (`_source`), Cloud Logging
/// (`jsonPayload`, `textPayload`), queues (`Body`, `body`, `data`, `value`; `message` around `data` in Google's Pub/Sub,
/// `Data` in Amazon's Kinesis, both base64), tables that these export (`Message`).
const CARRIERS: [&str; 20] = [
    "log",
    "message",
    "Message",
    "@message",
    "msg",
    "attributes",
    "content",
    "_raw",
    "event",
    "result",
    "line",
    "_source",
    "jsonPayload",
    "textPayload",
    "body",
    "Body",
    "data",
    "Data",
    "value",
    "record",
];
/// How deep a record stands at most: a line in an event of a collector in a platform's own.
const DEEPEST: u32 = 4;
/// The longest that stands before a record in its line, in bytes.
const LONGEST_BEFORE: usize = 600;

/// The record that `text` carries, where `text` is of no format itself.
pub(super) fn inside(text: &str) -> Option<String> {
    match look(text, 0)? {
        Cow::Borrowed(found) if found.len() == text.len() => None,
        found => Some(found.into_owned()),
    }
}

/// Whether rows of a table with these columns may carry records.
pub(super) fn is_table(names: &[&str]) -> bool {
    names.len() > 1 && names.iter().any(|name| CARRIERS.contains(name))
}

fn look(text: &str, depth: u32) -> Option<Cow<'_, str>> {
    if depth > DEEPEST {
        return None;
    }
    let Ok(keys) = serde_json::from_str::<Keys<'_>>(text) else {
        let behind = behind(text)?;
        let keys = serde_json::from_str::<Keys<'_>>(behind).ok()?;
        return match recognise_keys(&keys) {
            Some(_) => Some(Cow::Borrowed(behind)),
            None => within(&keys, depth),
        };
    };
    match recognise_keys(&keys) {
        Some(_) => Some(Cow::Borrowed(text)),
        None => within(&keys, depth),
    }
}

fn within<'a>(keys: &Keys<'a>, depth: u32) -> Option<Cow<'a, str>> {
    CARRIERS.iter().find_map(|key| {
        let carried: &'a str = keys.get(*key)?.get();
        match carried.as_bytes().first()? {
            b'{' => look(carried, depth + 1),
            b'"' if carried.contains("{") => {
                let line: String = serde_json::from_str(carried).ok()?;
                let found = look(line.trim(), depth + 1)?.into_owned();
                Some(Cow::Owned(found))
            }
            b'"' if is_object_in_base64(carried) => {
                let line =
                    String::from_utf8(STANDARD.decode(carried.trim_matches('"')).ok()?).ok()?;
                let found = look(line.trim(), depth + 1)?.into_owned();
                Some(Cow::Owned(found))
            }
            _ => None,
        }
    })
}

/// Whether a string may be an object in base64, as queues carry bytes: by its first two characters, which are its bracket.
fn is_object_in_base64(json: &str) -> bool {
    ["\"ey", "\"ew"].iter().any(|begin| json.starts_with(begin))
}

/// What stands behind the words of a logger.
fn behind(text: &str) -> Option<&str> {
    let at = memchr::memmem::find(text.as_bytes(), b"{\"")?;
    let is_behind = at > 0 && at <= LONGEST_BEFORE && text.trim_end().ends_with('}');
    is_behind.then(|| text[at..].trim_end())
}
