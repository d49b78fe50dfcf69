//! A record as an object whose keys are read one by one: what exports of gateways and telemetry
//! are. What is odd about a value is gathered as it is read.
//!
//! Not here: the logs of which millions are imported; their parsers borrow what they need.

use serde_json::{Map, Value};

use crate::call::Oddity;
use crate::formats::{Rejected, fields, rejected};
use crate::moment::{self, WithoutZone};

/// An object, and what is odd about what was read of it.
pub(super) struct Row {
    keys: Map<String, Value>,
    pub(super) oddities: Vec<Oddity>,
}

impl Row {
    /// Reads the text of a record.
    ///
    /// # Errors
    /// [`Rejected`] where it is no JSON object.
    pub(super) fn read(text: &str) -> Result<Self, Rejected> {
        let keys = serde_json::from_str(text).map_err(|error| rejected(text, &error))?;
        Ok(Self::of(keys))
    }

    pub(super) fn of(keys: Map<String, Value>) -> Self {
        Self {
            keys,
            oddities: Vec::new(),
        }
    }

    /// The value of a key, a JSON text inside a string opened; `None` for none and for null.
    pub(super) fn body(&self, key: &str) -> Option<Value> {
        opened(self.keys.get(key)?)
    }

    /// Opens the JSON that stands as text under these keys, as it does in cells of a table.
    pub(super) fn open(&mut self, keys: &[&str]) {
        for key in keys {
            if let Some(value) = self.keys.get_mut(*key)
                && let Some(inside) = opened(value)
            {
                *value = inside;
            }
        }
    }

    /// Enters a value under a key that is not there.
    pub(super) fn add(&mut self, key: &str, value: Value) {
        self.keys.entry(key).or_insert(value);
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.keys.contains_key(key)
    }

    pub(super) fn value(&self, key: &str) -> Option<&Value> {
        self.keys.get(key).filter(|value| !value.is_null())
    }

    /// The keys that begin with `prefix`, without it, and their values.
    pub(super) fn beginning_with<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.keys
            .iter()
            .filter_map(move |(key, value)| Some((key.strip_prefix(prefix)?, value)))
    }

    /// What stands below keys, one in the other.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        let mut value = self.keys.get(*first)?;
        for key in rest {
            value = value.get(*key)?;
        }
        (!value.is_null()).then_some(value)
    }

    /// A string, or a number as its digits.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        scalar(self.value(key)?)
    }

    /// The first of `keys` that says something.
    pub(super) fn first(&self, keys: &[&str]) -> Option<String> {
        keys.iter().find_map(|key| self.text(key))
    }

    pub(super) fn text_at(&self, path: &[&str]) -> Option<String> {
        scalar(self.at(path)?)
    }

    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        self.value(key)?.as_bool()
    }

    pub(super) fn count(&mut self, key: &str) -> Option<u64> {
        let text = self.value(key)?.to_string();
        fields::whole(&text, &mut self.oddities)
    }

    /// An HTTP status: what is none, such as a gateway's own code below 100, is not told.
    pub(super) fn http_status(&mut self, key: &str) -> Option<u16> {
        let status = u16::try_from(self.count(key)?).ok()?;
        (100..600).contains(&status).then_some(status)
    }

    /// Milliseconds; `unit` of them make one of what stands there.
    pub(super) fn duration(&mut self, key: &str, unit: f64) -> Option<i64> {
        let value = self.value(key)?;
        let text = match value.as_f64() {
            Some(number) if unit != 1.0 => (number * unit).to_string(),
            _ => value.to_string(),
        };
        fields::duration(&text, &mut self.oddities)
    }

    /// Micro-dollars; `unit` of them make one of what stands there.
    pub(super) fn money(&mut self, key: &str, unit: f64) -> Option<i64> {
        let text = self.value(key)?.to_string();
        fields::money(&text, unit, &mut self.oddities)
    }

    /// A time written as text.
    pub(super) fn time(
        &mut self,
        key: &str,
        without_zone: WithoutZone,
        now_ms: i64,
    ) -> Option<i64> {
        let text = self.text(key);
        fields::time(text.as_deref(), without_zone, now_ms, &mut self.oddities)
    }

    /// A time in nanoseconds since 1970, written as a number or as its digits.
    pub(super) fn nanoseconds(&mut self, key: &str, now_ms: i64) -> Option<i64> {
        let Some(text) = self.text(key) else {
            self.odd(Oddity::TimeMissing);
            return None;
        };
        let read = match text.parse::<u64>() {
            Ok(nanoseconds) => {
                let ms = i64::try_from(nanoseconds / 1_000_000).unwrap_or(i64::MAX);
                moment::in_range(ms, now_ms)
            }
            Err(_) => Err(Oddity::TimeUnreadable),
        };
        read.map_err(|oddity| self.odd(oddity)).ok()
    }

    pub(super) fn odd(&mut self, oddity: Oddity) {
        if !self.oddities.contains(&oddity) {
            self.oddities.push(oddity);
        }
    }
}

/// A value, or the JSON that stands in it as text.
pub(super) fn opened(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) => match text.trim_start().as_bytes().first() {
            None => None,
            Some(b'{' | b'[') => super::messages::read(text).or_else(|| Some(value.clone())),
            Some(_) => Some(value.clone()),
        },
        other => Some(other.clone()),
    }
}

/// Whether a body holds anything.
pub(super) fn is_given(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(keys) => !keys.is_empty(),
        _ => true,
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => fields::said(Some(text.as_str())),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
