//! Records that another log carries: CloudWatch's events and rows of its Logs Insights, lines behind the time
//! at which they were logged, lines of a container, CloudTrail's answers to look-ups.
//!
//! In: the text of a piece of a file. Out: the record in it, as text. What CloudWatch and a container's runtime add
//! says how a record was delivered and not what it is, so that a record is the same whichever way it was fetched.
//! Not here: formats, what other platforms add (`shipped`), cutting files into pieces.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::as_text;
use super::keys::Keys;

/// Keys that CloudWatch gives an event: what it says of the delivery, beside the message.
const OF_AN_EVENT: [&str; 6] = [
    "timestamp",
    "message",
    "ingestionTime",
    "eventId",
    "id",
    "logStreamName",
];
/// Keys that Docker gives a line.
const OF_A_LINE: [&str; 4] = ["log", "stream", "time", "attrs"];
/// Keys that a row of Logs Insights has unless a query asks for others.
const OF_A_ROW: [&str; 5] = ["@timestamp", "@message", "@ptr", "@log", "@logStream"];
/// The longest that stands before a record in its line: a time and the name of a log stream, in bytes.
const LONGEST_BEFORE: usize = 600;

/// A record as a string.
#[derive(Deserialize)]
struct AsText<'a> {
    #[serde(borrow, alias = "@message", alias = "CloudTrailEvent", alias = "log")]
    message: Option<Cow<'a, str>>,
}

/// The same as the console of CloudWatch Logs Insights exports it: what is JSON is no string any more.
#[derive(Deserialize)]
struct Opened<'a> {
    #[serde(borrow, rename = "@message")]
    message: &'a RawValue,
}

/// A cell of a row of Logs Insights, as its API answers it.
#[derive(Deserialize)]
struct Cell<'a> {
    #[serde(borrow)]
    field: Cow<'a, str>,
    #[serde(borrow)]
    value: Option<Cow<'a, str>>,
}

/// The record that `text` carries, if it carries one.
pub(super) fn unwrapped(text: &str) -> Option<String> {
    let inner = match text.as_bytes().first()? {
        b'[' => of_cells(text)?,
        b'0'..=b'9' => behind_time(text)?.to_owned(),
        _ => of_keys(text)?,
    };
    inner.trim_start().starts_with('{').then_some(inner)
}

fn of_keys(text: &str) -> Option<String> {
    const MARKS: [&str; 4] = [
        "\"@message\"",
        "\"message\":\"{",
        "\"message\": \"{",
        "\"CloudTrailEvent\"",
    ];
    let is_line = text.starts_with("{\"log\":\"{");
    let is_record = text.starts_with("{\"schemaType\"");
    if is_record || !is_line && !MARKS.iter().any(|mark| text.contains(mark)) {
        return None;
    }
    match serde_json::from_str::<AsText<'_>>(text) {
        // A container's line ends where its writer ended it.
        Ok(carrier) if is_line => Some(carrier.message?.trim_end().to_owned()),
        Ok(carrier) => Some(carrier.message?.into_owned()),
        Err(_) => {
            let opened = serde_json::from_str::<Opened<'_>>(text).ok()?;
            Some(without_blanks(opened.message.get()))
        }
    }
}

fn of_cells(text: &str) -> Option<String> {
    let cells: Vec<Cell<'_>> = serde_json::from_str(text).ok()?;
    let message = cells.into_iter().find(|cell| cell.field == "@message")?;
    message.value.map(Cow::into_owned)
}

/// What stands behind a time, and the name of a log stream, or what the runtime of a container says of a line: its
/// stream, and that it is whole.
fn behind_time(text: &str) -> Option<&str> {
    let at = memchr::memchr(b'{', text.as_bytes())?;
    let before = text
        .get(..at)
        .filter(|before| at <= LONGEST_BEFORE && before.ends_with(' '))?;
    let mut words = before.split_ascii_whitespace();
    let time = words.next()?.as_bytes();
    let is_time = time.len() >= 19 && time[4] == b'-' && time[10] == b'T' && time[13] == b':';
    let rest: Vec<&str> = words.collect();
    let is_known = matches!(rest.as_slice(), [] | [_] | ["stdout" | "stderr", "F"]);
    (is_time && is_known).then_some(&text[at..])
}

/// JSON without the blanks between its parts, as a program writes what was printed for people.
fn without_blanks(json: &str) -> String {
    let (mut in_string, mut escaped) = (false, false);
    json.chars()
        .filter(|c| {
            if in_string {
                in_string = escaped || *c != '"';
                escaped = !escaped && *c == '\\';
                return true;
            }
            in_string = *c == '"';
            !c.is_ascii_whitespace()
        })
        .collect()
}

/// The record that CloudWatch's `raw` carries, in the bytes that it had where it was written. `None` where `raw`
/// is the record itself, and where what carries it may say more of it.
pub fn carried(raw: &[u8]) -> Option<Vec<u8>> {
    let (text, None) = as_text(raw) else {
        return None;
    };
    let inner = unwrapped(&text)?;
    let is_delivery = !text.starts_with('{') || {
        let keys: Keys<'_> = serde_json::from_str(&text).ok()?;
        let are = |known: &[&str]| keys.keys().all(|key| known.contains(&key.as_ref()));
        keys.contains_key("@message") || are(&OF_AN_EVENT) || are(&OF_A_LINE)
    };
    is_delivery.then(|| inner.into_bytes())
}

/// Whether rows of a table with these columns carry records.
pub(super) fn is_table(names: &[&str]) -> bool {
    let has = |name: &str| names.contains(&name);
    has("timestamp") && has("message") || OF_A_ROW.iter().any(|name| has(name))
}

/// What a piece that is of no format lacks, where that can be told; else empty.
pub fn lacks(raw: &[u8]) -> &'static str {
    let (text, _) = as_text(raw);
    let is_row = match serde_json::from_str::<Vec<Cell<'_>>>(&text) {
        Ok(cells) => !cells.is_empty() && cells.iter().all(|cell| cell.field != "@message"),
        Err(_) => {
            serde_json::from_str::<std::collections::BTreeMap<Cow<'_, str>, IgnoredAny>>(&text)
                .is_ok_and(|keys| {
                    !keys.contains_key("@message")
                        && OF_A_ROW.iter().any(|key| keys.contains_key(*key))
                })
        }
    };
    let has = |key: &str| text.contains(key);
    if is_row {
        "A row of CloudWatch Logs Insights without `@message`: the query has to ask for it."
    } else if has("\"span_id\"") && (has("\"ml_app\"") || has("\"span_kind\"")) {
        "A span of Datadog LLM Observability, which is not read here: the same call is in the provider's log or the gateway's."
    } else {
        ""
    }
}
