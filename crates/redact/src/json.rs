//! Redacts JSON as it is written: what nothing was found in stays byte for byte.
//!
//! In: one JSON value as text, and which of its fields to look into. Out: valid JSON, in which only
//! the texts, names of fields and numbers differ that an operator changed; a number that changed is
//! a string. Any depth, any numbers. Not here: values that are in memory already (`redaction`).

use std::collections::{BTreeMap, HashSet};

use serde::de::IgnoredAny;

use crate::operators::Numbering;
use crate::operators::tokens::{self, tokens};
use crate::policy::Policy;
use crate::redaction::strings::{Sort, Strings};
use crate::redaction::{Segment, in_number};

/// Where in a JSON value to look: JSON Pointers (RFC 6901) in which `*` stands for any one step, each
/// with all that lies under it. None is everywhere.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<Vec<String>>);

impl Fields {
    /// Reads pointers.
    ///
    /// # Errors
    /// The first one that is no pointer.
    pub fn read(pointers: &[String]) -> Result<Self, String> {
        pointers
            .iter()
            .map(|pointer| match pointer.strip_prefix('/') {
                Some(steps) => Ok(steps
                    .split('/')
                    .map(|step| step.replace("~1", "/").replace("~0", "~"))
                    .collect()),
                None => Err(pointer.clone()),
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    fn hold(&self, path: &[Step]) -> bool {
        self.0.is_empty()
            || self.0.iter().any(|pattern| {
                pattern.len() <= path.len()
                    && pattern
                        .iter()
                        .zip(path)
                        .all(|(step, at)| step == "*" || at.is(step))
            })
    }
}

/// A step into a JSON value.
#[derive(Debug)]
enum Step {
    Name(String),
    Place(usize),
}

impl Step {
    fn is(&self, step: &str) -> bool {
        match self {
            Self::Name(name) => name == step,
            Self::Place(place) => step.parse() == Ok(*place),
        }
    }
}

/// The name that a value stands under; an item of a list stands under the list's.
fn name_of(path: &[Step]) -> Option<&str> {
    path.iter().rev().find_map(|step| match step {
        Step::Name(name) => Some(name.as_str()),
        Step::Place(_) => None,
    })
}

/// A path without the places in lists.
fn kind_of(path: &[Step]) -> String {
    path.iter().fold(String::new(), |kind, step| match step {
        Step::Name(name) => kind + "/" + name,
        Step::Place(_) => kind + "/*",
    })
}

/// Why a text can't be redacted as JSON. Holds nothing of the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not JSON at column {column}: {reason}")]
pub struct JsonFault {
    /// Bytes, from 1.
    pub column: usize,
    pub reason: String,
}

/// A redacted JSON text.
#[derive(Debug, Clone, PartialEq)]
pub struct RedactedJson {
    pub text: String,
    /// Entities by type, kept ones included.
    pub counts: BTreeMap<String, u64>,
}

/// Returns `text` as the policy leaves it, as [`crate::redaction::redact_json`] does for a value in
/// memory.
///
/// # Errors
/// [`JsonFault`].
pub fn redact_text(
    text: &str,
    fields: &Fields,
    policy: &Policy,
    key: &[u8],
    numbering: &mut Numbering,
) -> Result<RedactedJson, JsonFault> {
    let mut strings = Strings::default();
    edited(text, &mut |piece, path, written| {
        if fields.hold(path) {
            let text = match piece {
                Piece::Number => written.to_owned(),
                _ => Unescaped::read(written).text,
            };
            strings.push(piece.sort(), name_of(path), || kind_of(path), text);
        }
        None
    })?;
    let mut known = strings.known(policy, key);
    let mut counts = BTreeMap::new();
    let text = edited(text, &mut |piece, path, written| {
        // A name belongs to the object that it stands in.
        if !fields.hold(path) {
            return None;
        }
        let mut count = |segments: &[Segment]| {
            for entity in segments
                .iter()
                .filter_map(|segment| segment.entity.as_ref())
            {
                *counts.entry(entity.entity_type.into()).or_insert(0) += 1;
            }
        };
        let mut redact = |text: &str| {
            known.redact_next(piece.sort(), name_of(path), text, policy, key, numbering)
        };
        match piece {
            Piece::Number => {
                let redacted = redact(written);
                count(&redacted.segments);
                (redacted.text != written).then(|| quoted(&in_number(&redacted.text)))
            }
            Piece::Name | Piece::Text => {
                let read = Unescaped::read(written);
                let redacted = redact(&read.text);
                count(&redacted.segments);
                let is_same = |segment: &Segment| segment.after == segment.before;
                if redacted.segments.iter().all(is_same) {
                    return None;
                }
                let mut out = String::with_capacity(written.len());
                out.push('"');
                let mut at = 0;
                for segment in &redacted.segments {
                    let end = at + segment.before.len();
                    match is_same(segment) {
                        true => out.push_str(&written[read.back(at)..read.back(end)]),
                        false => out.push_str(quoted(&segment.after).trim_matches('"')),
                    }
                    at = end;
                }
                out.push('"');
                Some(out)
            }
        }
    })?;
    Ok(RedactedJson { text, counts })
}

/// The text or number at `pointer`, as it is read.
///
/// # Errors
/// [`JsonFault`].
pub fn value_at(text: &str, pointer: &Fields) -> Result<Option<String>, JsonFault> {
    let mut found = None;
    edited(text, &mut |piece, path, written| {
        let exact = pointer.0.iter().any(|steps| steps.len() == path.len());
        if found.is_none() && exact && piece != Piece::Name && pointer.hold(path) {
            found = Some(match piece {
                Piece::Number => written.to_owned(),
                _ => Unescaped::read(written).text,
            });
        }
        None
    })?;
    Ok(found)
}

/// A JSON text with its originals back in place, how many there were and how many have none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoredJson {
    pub text: String,
    pub restored: u64,
    pub missing: u64,
}

/// Returns `text` with `original` of each tag in place of its token. A string that stood for a number
/// is a number again.
///
/// # Errors
/// [`JsonFault`].
pub fn restore_text(
    text: &str,
    mut original: impl FnMut(&[u8; 16]) -> Option<String>,
) -> Result<RestoredJson, JsonFault> {
    let (mut all, mut none) = (0, 0);
    let text = edited(text, &mut |piece, _, written| {
        // A token is never written with escapes, but what stands around it may be.
        let found = tokens(written);
        if piece == Piece::Number || found.is_empty() {
            return None;
        }
        let of_number = found.iter().all(|token| token.of_number);
        let (back, restored, missing) = tokens::restored(written, |tag| {
            Some(quoted(&original(tag)?).trim_matches('"').to_owned())
        });
        all += restored;
        none += missing;
        let is_number = piece == Piece::Text
            && of_number
            && missing == 0
            && serde_json::from_str::<serde_json::Number>(&back).is_ok();
        Some(match is_number {
            true => back,
            false => format!("\"{back}\""),
        })
    })?;
    Ok(RestoredJson {
        text,
        restored: all,
        missing: none,
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// Of a field, without its quotation marks.
    Name,
    /// Without its quotation marks.
    Text,
    Number,
}

impl Piece {
    const fn sort(self) -> Sort {
        match self {
            Self::Name => Sort::Name,
            Self::Text => Sort::Text,
            Self::Number => Sort::Number,
        }
    }
}

/// What is open around a place.
enum Open {
    Object {
        given: HashSet<String>,
        renamed: bool,
    },
    Array,
}

/// What stands in place of a piece, with quotation marks where it has some; `None` leaves it as it is.
type Edit<'a> = dyn FnMut(Piece, &[Step], &str) -> Option<String> + 'a;

/// `text` with what `edit` puts in place of each name, text and number.
fn edited(text: &str, edit: &mut Edit<'_>) -> Result<String, JsonFault> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| fault(text, &error))?;
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let (mut at, mut copied) = (0, 0);
    let mut open: Vec<Open> = Vec::new();
    let mut path: Vec<Step> = Vec::new();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => {
                open.push(match byte {
                    b'{' => Open::Object {
                        given: HashSet::new(),
                        renamed: false,
                    },
                    _ => Open::Array,
                });
                // The path of an object grows when a name is read.
                if *byte == b'[' {
                    path.push(Step::Place(0));
                }
                at += 1;
            }
            b'}' | b']' => {
                let is_empty_object =
                    matches!(open.pop(), Some(Open::Object { given, .. }) if given.is_empty());
                if !is_empty_object {
                    path.pop();
                }
                at += 1;
            }
            b',' => {
                match (open.last(), path.last_mut()) {
                    (Some(Open::Array), Some(Step::Place(place))) => *place += 1,
                    _ => drop(path.pop()),
                }
                at += 1;
            }
            b'"' => {
                let end = end_of_text(bytes, at);
                let written = &text[at + 1..end - 1];
                let is_name = names_follow(bytes, end);
                let piece = if is_name { Piece::Name } else { Piece::Text };
                let new = edit(piece, &path, written);
                if is_name {
                    let new = match open.last_mut() {
                        Some(Open::Object { given, renamed }) => {
                            apart(written, new, given, renamed)
                        }
                        _ => new,
                    };
                    put(&mut out, text, &mut copied, at..end, new);
                    path.push(Step::Name(Unescaped::read(written).text));
                } else {
                    put(&mut out, text, &mut copied, at..end, new);
                }
                at = end;
            }
            b'-' | b'0'..=b'9' => {
                let length = bytes[at..]
                    .iter()
                    .take_while(|byte| {
                        matches!(byte, b'-' | b'+' | b'.' | b'0'..=b'9' | b'e' | b'E')
                    })
                    .count();
                let new = edit(Piece::Number, &path, &text[at..at + length]);
                put(&mut out, text, &mut copied, at..at + length, new);
                at += length;
            }
            _ => at += 1,
        }
    }
    out.push_str(&text[copied..]);
    Ok(out)
}

fn fault(text: &str, error: &serde_json::Error) -> JsonFault {
    let before: usize = text
        .lines()
        .take(error.line().saturating_sub(1))
        .map(|line| line.len() + 1)
        .sum();
    let message = error.to_string();
    let reason = message.split(" at line ").next().unwrap_or_default();
    JsonFault {
        column: before + error.column(),
        reason: reason.to_owned(),
    }
}

fn put(
    out: &mut String,
    text: &str,
    copied: &mut usize,
    at: std::ops::Range<usize>,
    new: Option<String>,
) {
    if let Some(new) = new {
        out.push_str(&text[*copied..at.start]);
        out.push_str(&new);
        *copied = at.end;
    }
}

/// A name that no other field of the object has: two that became the same keep their values.
fn apart(
    written: &str,
    new: Option<String>,
    given: &mut HashSet<String>,
    renamed: &mut bool,
) -> Option<String> {
    *renamed |= new.is_some();
    let mut name = new.clone().unwrap_or_else(|| format!("\"{written}\""));
    // A name that is given twice from the start is left so.
    if *renamed {
        while given.contains(&name) {
            name.insert(name.len() - 1, '_');
        }
    }
    given.insert(name.clone());
    (new.is_some() || name.len() != written.len() + 2).then_some(name)
}

/// Where the text ends whose quotation mark is at `start`, behind its other one.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[at.min(bytes.len())..]) {
        at += found;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

fn names_follow(bytes: &[u8], at: usize) -> bool {
    bytes[at..].iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':')
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A text of JSON as it is read, and the way back to how it is written.
struct Unescaped {
    text: String,
    /// Behind each escape: where that is as read and as written.
    marks: Vec<(usize, usize)>,
}

impl Unescaped {
    fn read(written: &str) -> Self {
        let mut text = String::with_capacity(written.len());
        let mut marks = Vec::new();
        let mut at = 0;
        while let Some(found) = memchr::memchr(b'\\', &written.as_bytes()[at..]) {
            text.push_str(&written[at..at + found]);
            at += found;
            marks.push((text.len(), at));
            let (character, length) = escape(&written[at..]);
            text.push(character);
            at += length;
            marks.push((text.len(), at));
        }
        text.push_str(&written[at..]);
        Self { text, marks }
    }

    fn back(&self, read: usize) -> usize {
        match self.marks.partition_point(|(at, _)| *at <= read) {
            0 => read,
            next => {
                let (at, written) = self.marks[next - 1];
                written + (read - at)
            }
        }
    }
}

/// What the escape means that `written` begins with, and its length. Half of a pair alone is no
/// character.
fn escape(written: &str) -> (char, usize) {
    let unit = |at: usize| {
        written
            .get(at..at + 6)
            .and_then(|text| text.strip_prefix("\\u"))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
    };
    match written.as_bytes().get(1) {
        Some(b'n') => ('\n', 2),
        Some(b't') => ('\t', 2),
        Some(b'r') => ('\r', 2),
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{c}', 2),
        Some(b'u') => match (unit(0), unit(6)) {
            (Some(high @ 0xD800..=0xDBFF), Some(low @ 0xDC00..=0xDFFF)) => {
                let both = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                (char::from_u32(both).unwrap_or('\u{FFFD}'), 12)
            }
            (Some(one), _) => (char::from_u32(one).unwrap_or('\u{FFFD}'), 6),
            (None, _) => ('\\', 1),
        },
        Some(other) => (char::from(*other), 2),
        None => ('\\', 1),
    }
}
