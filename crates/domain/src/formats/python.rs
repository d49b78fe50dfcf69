//! Reading values as Python prints them: what programs write that turn an object to text without JSON.
//!
//! In: the text of a dictionary or a list. Out: the JSON value. Not here: objects of classes, sets, tuples: a text
//! that holds one is none of these.

use serde_json::{Map, Number, Value};

/// How deep values stand in each other at most.
const DEEPEST: usize = 64;

/// The value of a text that is a dictionary or a list of Python, and nothing else.
pub(super) fn read(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text.trim() };
    let value = reader.value(0)?;
    reader.rest.trim().is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        self.rest = self.rest.trim_start();
        match self.rest.chars().next()? {
            '{' => self.dictionary(depth),
            '[' => self.list(depth),
            '\'' | '"' => self.text().map(Value::String),
            _ => self.word(),
        }
    }

    fn takes(&mut self, wanted: char) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn dictionary(&mut self, depth: usize) -> Option<Value> {
        let mut found = Map::new();
        self.takes('{');
        while !self.takes('}') {
            self.rest = self.rest.trim_start();
            let key = self.text()?;
            if !self.takes(':') {
                return None;
            }
            found.insert(key, self.value(depth + 1)?);
            if !self.takes(',') && !self.rest.trim_start().starts_with('}') {
                return None;
            }
        }
        Some(Value::Object(found))
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        let mut found = Vec::new();
        self.takes('[');
        while !self.takes(']') {
            found.push(self.value(depth + 1)?);
            if !self.takes(',') && !self.rest.trim_start().starts_with(']') {
                return None;
            }
        }
        Some(Value::Array(found))
    }

    fn text(&mut self) -> Option<String> {
        let quote = self
            .rest
            .chars()
            .next()
            .filter(|c| matches!(c, '\'' | '"'))?;
        let mut found = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                c if c == quote => {
                    self.rest = &self.rest[at + c.len_utf8()..];
                    return Some(found);
                }
                '\\' => {
                    let (_, escape) = chars.next()?;
                    let digits = match escape {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        'x' => code(&mut chars, 2)?,
                        'u' => code(&mut chars, 4)?,
                        'U' => code(&mut chars, 8)?,
                        other => other,
                    };
                    found.push(digits);
                }
                c => found.push(c),
            }
        }
        None
    }

    fn word(&mut self) -> Option<Value> {
        let end = self
            .rest
            .find([',', ']', '}', ':'])
            .unwrap_or(self.rest.len());
        let word = self.rest[..end].trim_end();
        let value = match word {
            "None" | "nan" => Value::Null,
            "True" => Value::Bool(true),
            "False" => Value::Bool(false),
            number => Value::Number(number.parse::<Number>().ok()?),
        };
        self.rest = &self.rest[end..];
        Some(value)
    }
}

/// The character that so many digits name; one that is none is shown with a marker.
fn code(chars: &mut impl Iterator<Item = (usize, char)>, digits: usize) -> Option<char> {
    let mut found = 0_u32;
    for _ in 0..digits {
        found = found * 16 + chars.next()?.1.to_digit(16)?;
    }
    Some(char::from_u32(found).unwrap_or(char::REPLACEMENT_CHARACTER))
}
