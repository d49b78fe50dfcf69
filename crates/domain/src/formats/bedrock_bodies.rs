//! Bodies of Bedrock's log that were too large for it: the record names an object instead.
//!
//! In: a record, and what finds an object. Out: the record with each found body in the place of its
//! reference, byte for byte the same otherwise. Not here: where objects lie.

use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Sides<'a> {
    #[serde(borrow)]
    input: Option<Side<'a>>,
    #[serde(borrow)]
    output: Option<Side<'a>>,
}

#[derive(Deserialize)]
struct Side<'a> {
    #[serde(borrow, alias = "inputBodyJson", alias = "outputBodyJson")]
    body: Option<&'a RawValue>,
    #[serde(borrow, alias = "inputBodyS3Path", alias = "outputBodyS3Path")]
    path: Option<&'a RawValue>,
}

/// The record with each body that `find` answers; `None` where it names none, or none was found.
///
/// What is found must be one JSON value; anything else is left where it is.
pub fn with_bodies(raw: &[u8], mut find: impl FnMut(&str) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    memchr::memmem::find(raw, b"\"s3://")?;
    let text = std::str::from_utf8(raw).ok()?;
    let sides: Sides<'_> = serde_json::from_str(text).ok()?;
    let mut changed = String::with_capacity(text.len());
    let mut done = 0;
    let mut named: Vec<(usize, usize, String, Option<&str>)> = Vec::new();
    for (side, key) in [
        (sides.input, "inputBodyJson"),
        (sides.output, "outputBodyJson"),
    ] {
        let Some(side) = side else { continue };
        let at = |value: &RawValue| {
            let start = (value.get().as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
            Some((start, start.checked_add(value.get().len())?))
        };
        let reference = |value: &RawValue| {
            serde_json::from_str::<String>(value.get())
                .ok()
                .filter(|uri| uri.starts_with("s3://"))
        };
        // A body that is itself a reference, or a path beside a body that is not there.
        if let Some((value, uri)) = side.body.and_then(|value| Some((value, reference(value)?))) {
            let (start, end) = at(value)?;
            named.push((start, end, uri, None));
        } else if side.body.is_none()
            && let Some((value, uri)) = side.path.and_then(|value| Some((value, reference(value)?)))
        {
            let (_, end) = at(value)?;
            named.push((end, end, uri, Some(key)));
        }
    }
    named.sort();
    for (start, end, uri, key) in named {
        let Some(body) = find(&uri) else { continue };
        let Some(body) = std::str::from_utf8(&body)
            .ok()
            .map(str::trim)
            .filter(|body| serde_json::from_str::<&RawValue>(body).is_ok())
        else {
            continue;
        };
        changed.push_str(text.get(done..start)?);
        if let Some(key) = key {
            changed.push_str(&format!(",\"{key}\":"));
        }
        changed.push_str(body);
        done = end;
    }
    if done == 0 {
        return None;
    }
    changed.push_str(text.get(done..)?);
    Some(changed.into_bytes())
}
