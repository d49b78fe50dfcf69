//! JSON in which nothing can command a terminal that it is shown on: such characters stand as
//! `\u` escapes, which mean the same.
//!
//! Not here: what is written.

use std::io::{self, Write};

use assay_engine::error::{Code, WireError};
use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};

use super::visible::commands;

struct Escaping(CompactFormatter);

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(commands) {
            self.0.write_string_fragment(writer, &rest[..at])?;
            let Some(c) = rest[at..].chars().next() else {
                break;
            };
            // All of them lie in the first plane, so one unit is enough.
            write!(writer, "\\u{:04x}", u32::from(c))?;
            rest = &rest[at + c.len_utf8()..];
        }
        self.0.write_string_fragment(writer, rest)
    }
}

/// Writes `value` as one line without its end.
///
/// # Errors
/// What `writer` answers.
pub(crate) fn write(writer: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(writer, Escaping(CompactFormatter));
    value
        .serialize(&mut serializer)
        .map_err(|error| match error.io_error_kind() {
            Some(kind) => io::Error::from(kind),
            None => io::Error::other(error),
        })
}

/// The fields of `value` in one object, those of its field `inner` beside the others.
pub(crate) fn flat(value: &impl serde::Serialize, inner: &str) -> Result<Value, WireError> {
    let internal = |error: serde_json::Error| WireError::new(Code::Internal, error.to_string());
    let mut outer = serde_json::to_value(value).map_err(internal)?;
    let Some(fields) = outer.as_object_mut() else {
        return Ok(outer);
    };
    if let Some(Value::Object(own)) = fields.remove(inner) {
        for (name, value) in own {
            fields.entry(name).or_insert(value);
        }
    }
    Ok(outer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_mean_the_same_text() {
        let text = "\u{1b}[2J \u{9b}1m \u{202e}abc \u{7f} \"quoted\" \\ é \u{feff}";
        let mut written = Vec::new();
        write(&mut written, &text).unwrap();
        let written = String::from_utf8(written).unwrap();
        assert!(!written.contains(commands), "{written}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}
