//! What a policy leaves alone: values or patterns, of one type or any, in some fields or all, for
//! a reason, up to a last day.
//!
//! Not here: scopes (`places`), and applying it to what was found (`redaction`).

use std::collections::HashMap;
use std::sync::Arc;

use regex::{Regex, RegexBuilder};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{Form, PolicyError, wrong};
use crate::detect::detect;
use crate::recognizers::{Category, Recognizers};

/// Bytes of a compiled pattern.
const PATTERN_LIMIT: usize = 1 << 20;
/// Characters of a pattern.
const MAX_PATTERN: usize = 500;

/// An entry as the text gives it: a word, or a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct AllowForm {
    pub(crate) exact: Option<String>,
    pub(crate) pattern: Option<String>,
    pub(crate) entity_type: Option<String>,
    pub(crate) fields: Vec<String>,
    pub(crate) reason: String,
    pub(crate) until: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    exact: Option<String>,
    pattern: Option<String>,
    entity_type: Option<String>,
    #[serde(default)]
    fields: Vec<String>,
    #[serde(default)]
    reason: String,
    until: Option<toml::Value>,
}

impl<'de> Deserialize<'de> for AllowForm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = AllowForm;

            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("a word, or a table with `exact` or `pattern`")
            }

            fn visit_str<E>(self, word: &str) -> Result<AllowForm, E> {
                Ok(AllowForm {
                    exact: Some(word.to_owned()),
                    ..AllowForm::default()
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<AllowForm, A::Error> {
                let table = Table::deserialize(MapAccessDeserializer::new(map))?;
                Ok(AllowForm {
                    exact: table.exact,
                    pattern: table.pattern,
                    entity_type: table.entity_type,
                    fields: table.fields,
                    reason: table.reason,
                    until: table.until.map(|until| match until {
                        toml::Value::String(text) => text,
                        other => other.to_string(),
                    }),
                })
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// An entry of an allow list.
#[derive(Debug, Clone)]
pub struct Allow {
    /// Where it stands: `allow[2]`, `scope[1].allow[1]`.
    pub place: String,
    /// The value or the pattern.
    pub what: String,
    pub entity_type: Option<String>,
    /// Where it counts; everywhere, where none is named.
    pub fields: Vec<String>,
    pub reason: String,
    /// The last day it counts on, `2027-01-31`.
    pub until: Option<String>,
    deployments: Vec<String>,
    last_day: Option<i64>,
    pattern: Option<Regex>,
}

impl Allow {
    /// Which entry it is, for a trace: its place, what it names and why it is there.
    pub fn said(&self) -> String {
        let kind = if self.pattern.is_some() {
            "the pattern "
        } else {
            ""
        };
        let mut said = format!("{} leaves {kind}`{}` alone", self.place, self.what);
        if let Some(entity_type) = &self.entity_type {
            said.push_str(&format!(" as {entity_type}"));
        }
        if let Some(until) = &self.until {
            said.push_str(&format!(" until {until}"));
        }
        if !self.reason.is_empty() {
            said.push_str(&format!(": {}", self.reason));
        }
        said
    }

    /// Which entry it is, where what it names must not be shown.
    pub fn told(&self) -> String {
        format!("{} leaves this alone", self.place)
    }

    /// Whether its last day is before `day`, in days since 1970.
    pub fn is_over(&self, day: i64) -> bool {
        self.last_day.is_some_and(|last| last < day)
    }

    /// Whether it would leave a word alone, whatever the type, the field and the day.
    pub(super) fn matches(&self, word: &str) -> bool {
        match &self.pattern {
            Some(pattern) => pattern.is_match(word),
            None => self.what.to_lowercase() == word.to_lowercase(),
        }
    }
}

/// The allow list, and those of the scopes.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub(super) entries: Vec<Allow>,
    /// The exact ones, by their value in small letters.
    exact: HashMap<String, Vec<usize>>,
}

impl Lists {
    pub(super) fn read(
        form: &Form,
        is_known: &impl Fn(&str, &str) -> Result<(), PolicyError>,
    ) -> Result<Self, PolicyError> {
        let mut lists = Self::default();
        for (number, entry) in (1..).zip(&form.allow) {
            lists.add(entry, format!("allow[{number}]"), &[], &[], is_known)?;
        }
        for (scope_number, scope) in (1..).zip(&form.scope) {
            for (number, entry) in (1..).zip(&scope.allow) {
                let place = format!("scope[{scope_number}].allow[{number}]");
                lists.add(entry, place, &scope.fields, &scope.deployments, is_known)?;
            }
        }
        Ok(lists)
    }

    fn add(
        &mut self,
        entry: &AllowForm,
        place: String,
        fields: &[String],
        deployments: &[String],
        is_known: &impl Fn(&str, &str) -> Result<(), PolicyError>,
    ) -> Result<(), PolicyError> {
        if let Some(entity_type) = &entry.entity_type {
            is_known(&place, entity_type)?;
        }
        let (what, pattern) = match (&entry.exact, &entry.pattern) {
            (Some(word), None) if !word.trim().is_empty() => (word.clone(), None),
            (None, Some(pattern)) => (pattern.clone(), Some(compiled(pattern, &place)?)),
            (None, None) => {
                return wrong(
                    &place,
                    "would leave a whole type alone: name the value with `exact` or `pattern`, or give the type the operator `keep`",
                );
            }
            _ => return wrong(&place, "takes one of `exact` and `pattern`"),
        };
        let last_day = match &entry.until {
            None => None,
            Some(until) => match day_of(until) {
                Some(day) => Some(day),
                None => {
                    return wrong(
                        &format!("{place}.until"),
                        "takes a day, as in \"2027-01-31\"",
                    );
                }
            },
        };
        let fields = match (entry.fields.is_empty(), fields.is_empty()) {
            (true, _) => fields.to_vec(),
            (false, true) => entry.fields.clone(),
            (false, false) => {
                return wrong(
                    &format!("{place}.fields"),
                    "the scope names the fields already",
                );
            }
        };
        if pattern.is_none() {
            self.exact
                .entry(what.to_lowercase())
                .or_default()
                .push(self.entries.len());
        }
        self.entries.push(Allow {
            place,
            what,
            entity_type: entry.entity_type.clone(),
            fields,
            reason: entry.reason.clone(),
            until: entry.until.clone(),
            deployments: deployments.to_vec(),
            last_day,
            pattern,
        });
        Ok(())
    }

    /// Which entries count in a field of a deployment on a day. Where no field is named only those
    /// for every field do; where no day is, only those without a last one.
    pub(super) fn holding(
        &self,
        day: Option<i64>,
        field: Option<&str>,
        deployment: Option<&str>,
    ) -> Arc<[bool]> {
        let names = |all: &[String], one: Option<&str>| {
            all.is_empty() || one.is_some_and(|one| all.iter().any(|name| name == one))
        };
        self.entries
            .iter()
            .map(|entry| {
                let is_on = match (entry.last_day, day) {
                    (None, _) => true,
                    (Some(_), None) => false,
                    (Some(last), Some(day)) => day <= last,
                };
                is_on && names(&entry.fields, field) && names(&entry.deployments, deployment)
            })
            .collect()
    }

    /// The entry that leaves a value alone.
    pub(super) fn silences(&self, value: &str, entity_type: &str, on: &[bool]) -> Option<usize> {
        if self.entries.is_empty() {
            return None;
        }
        let fits = |index: &usize| {
            on[*index]
                && self.entries[*index]
                    .entity_type
                    .as_ref()
                    .is_none_or(|wanted| wanted == entity_type)
        };
        let exact = self.exact.get(&value.to_lowercase());
        exact
            .into_iter()
            .flatten()
            .copied()
            .find(|index| fits(index))
            .or_else(|| {
                (0..self.entries.len()).find(|index| {
                    self.entries[*index]
                        .pattern
                        .as_ref()
                        .is_some_and(|pattern| pattern.is_match(value))
                        && fits(index)
                })
            })
    }

    /// Refuses a pattern that leaves secrets of a type alone whatever they say.
    ///
    /// The examples of the recognizers stand for the type, each with its own and with another end,
    /// so that a pattern which names one published value is none of these.
    pub(super) fn refuse_switching_off(
        &self,
        recognizers: &Recognizers,
    ) -> Result<(), PolicyError> {
        if self.entries.iter().all(|entry| entry.pattern.is_none()) {
            return Ok(());
        }
        let samples = secrets(recognizers);
        for entry in &self.entries {
            let Some(pattern) = &entry.pattern else {
                continue;
            };
            let off = samples.iter().find(|(entity_type, values)| {
                entry
                    .entity_type
                    .as_ref()
                    .is_none_or(|wanted| wanted == *entity_type)
                    && values
                        .iter()
                        .any(|ends| ends.iter().all(|value| pattern.is_match(value)))
            });
            if let Some((entity_type, _)) = off {
                return wrong(
                    &entry.place,
                    format!(
                        "the pattern would leave {entity_type} alone whatever it says, and that is a secret: name the values with `exact`, or the type that is meant with `entity_type`"
                    ),
                );
            }
        }
        Ok(())
    }
}

fn compiled(pattern: &str, place: &str) -> Result<Regex, PolicyError> {
    let key = format!("{place}.pattern");
    if pattern.is_empty() || pattern.chars().count() > MAX_PATTERN {
        return wrong(&key, format!("takes 1 to {MAX_PATTERN} characters"));
    }
    // The whole value, so that a part of an entity never frees the rest of it.
    RegexBuilder::new(&format!(r"\A(?:{pattern})\z"))
        .size_limit(PATTERN_LIMIT)
        .build()
        .or_else(|error| {
            let said = error.to_string();
            let reason = said.lines().last().unwrap_or_default();
            wrong(&key, reason.trim_start_matches("error: "))
        })
}

/// Values of each type of secret, as the recognizers' own examples give them, and with another end.
fn secrets(recognizers: &Recognizers) -> HashMap<&str, Vec<[String; 2]>> {
    let mut values: HashMap<&str, Vec<[String; 2]>> = HashMap::new();
    for recognizer in recognizers.iter() {
        let source = &recognizer.source;
        if source.category != Category::Secret {
            continue;
        }
        for example in &source.examples {
            for found in detect(example, recognizers, 0.0) {
                if found.entity_type == source.entity_type {
                    let value = &example[found.start..found.end];
                    let all = values.entry(source.entity_type.as_str()).or_default();
                    all.push([value.to_owned(), with_another_end(value)]);
                    // Of a type that begins in several ways an example shows one.
                    let begun = source
                        .needs
                        .iter()
                        .find_map(|need| value.strip_prefix(need));
                    if let Some(rest) = begun {
                        all.extend(source.needs.iter().map(|need| {
                            let other = format!("{need}{rest}");
                            let ended = with_another_end(&other);
                            [other, ended]
                        }));
                    }
                }
            }
        }
    }
    values
}

/// The last third of the letters and digits becomes the next ones.
fn with_another_end(value: &str) -> String {
    let from = value.chars().count() * 2 / 3;
    value
        .chars()
        .enumerate()
        .map(|(at, one)| match one {
            'z' => 'a',
            'Z' => 'A',
            '9' => '0',
            'a'..='y' | 'A'..='Y' | '0'..='8' if at >= from => char::from(one as u8 + 1),
            _ => one,
        })
        .collect()
}

/// `2027-01-31` in days since 1970; `None` for what is no day.
///
/// Source: the proleptic Gregorian calendar, as ISO 8601 counts it.
pub fn day_of(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    let (year, month, day): (i64, i64, i64) =
        (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=days).contains(&day) {
        return None;
    }
    // Years begin in March, so that the day that some have stands at the end.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let before = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(before + (month * 153 + 2) / 5 + day - 1 - 719_468)
}
