//! The query language of the trail: `key:value` terms, as people know it from GitHub and Datadog.
//!
//! In: what somebody typed. Out: a [`Query`] of terms that must all hold, or an error that says
//! where it is wrong and which key was probably meant. Not here: how terms become SQL (the store).
//!
//! `key:value` (a comma is "or", a leading `-` excludes), ranges `latency_ms:>1000`,
//! `started_at:2026-10-01..2026-10-31` (both ends included; a bare date is the whole day), prefixes
//! `served_region:eu-*`, `has:served_region`; quoted or bare words search the text, where `renew*` is
//! the beginning of a word.

use chrono::{DateTime, NaiveDate};

use crate::query::keys::{Key, Shape, Table, nearest};
use crate::words::{MOST, NoWords, Words};

pub mod keys;

/// A query: all terms must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub terms: Vec<Term>,
}

/// One term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Whether the records that match are left out.
    pub excluded: bool,
    pub test: Test,
}

/// What a term asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// One of `any` holds for the field.
    Field { key: &'static Key, any: Vec<Match> },
    /// The field is recorded.
    Has(&'static Key),
    /// The text of the record holds these words, one after the other.
    Text(Words),
}

/// What a field's value must be. Bounds are inclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    Text(String),
    Prefix(String),
    Number { from: Option<i64>, to: Option<i64> },
}

/// Why a query can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// What is wrong, for people.
    pub message: String,
    /// What to write instead, where that can be told.
    pub hint: Option<String>,
    /// The part of the query that is wrong.
    pub part: String,
}

impl Query {
    /// Reads a query about the records of `table`.
    ///
    /// # Errors
    /// [`QueryError`] for a key that does not exist (naming the nearest), a value that is not of
    /// its key's shape, a quotation mark that is not closed.
    pub fn parse(text: &str, table: Table) -> Result<Self, QueryError> {
        words(text)?
            .into_iter()
            .map(|word| term(&word, table))
            .collect::<Result<_, _>>()
            .map(|terms| Self { terms })
    }

    /// The query without the terms about `key`: what a facet counts over.
    #[must_use]
    pub fn without(&self, key: &Key) -> Self {
        Self {
            terms: self
                .terms
                .iter()
                .filter(|term| match &term.test {
                    Test::Field { key: own, .. } | Test::Has(own) => own.name != key.name,
                    Test::Text(_) => true,
                })
                .cloned()
                .collect(),
        }
    }
}

/// Writes `key:value` so that [`Query::parse`] reads exactly this value; `None` is "not recorded".
pub fn term_for(key: &str, value: Option<&str>) -> String {
    let Some(value) = value else {
        return format!("-has:{key}");
    };
    let plain = !value.is_empty()
        && value
            .chars()
            .all(|c| c.is_alphanumeric() || "_-./@:+".contains(c))
        && !value.contains("..");
    if plain {
        format!("{key}:{value}")
    } else {
        format!(
            "{key}:\"{}\"",
            value.replace('\\', "\\\\").replace('"', "\\\"")
        )
    }
}

/// A word of the query: its characters, each with whether it stood in quotation marks.
type Word = Vec<(char, bool)>;

fn words(text: &str) -> Result<Vec<Word>, QueryError> {
    let mut all = Vec::new();
    let mut word = Word::new();
    let mut quoted = false;
    let mut had_quote = false;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => {
                quoted = !quoted;
                had_quote = true;
            }
            '\\' if quoted => match characters.next() {
                Some(next) => word.push((next, true)),
                None => break,
            },
            c if c.is_whitespace() && !quoted => {
                if !word.is_empty() || had_quote {
                    all.push(std::mem::take(&mut word));
                }
                had_quote = false;
            }
            c => word.push((c, quoted)),
        }
    }
    if quoted {
        return Err(QueryError {
            message: "a quotation mark is not closed".to_owned(),
            hint: Some("close it with \"".to_owned()),
            part: text.to_owned(),
        });
    }
    if !word.is_empty() || had_quote {
        all.push(word);
    }
    Ok(all)
}

fn plain(word: &[(char, bool)]) -> String {
    word.iter().map(|(c, _)| *c).collect()
}

fn term(word: &[(char, bool)], table: Table) -> Result<Term, QueryError> {
    let excluded = word.len() > 1 && word.first() == Some(&('-', false));
    let rest = if excluded { &word[1..] } else { word };
    let colon = rest.iter().position(|c| *c == (':', false));
    let is_key = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let test = match colon {
        Some(at) if is_key(&plain(&rest[..at])) && rest[..at].iter().all(|(_, quoted)| !quoted) => {
            field(&plain(&rest[..at]), &rest[at + 1..], table)?
        }
        _ => {
            let text = plain(rest);
            if text.trim().is_empty() {
                return Err(QueryError {
                    message: "an empty text matches everything".to_owned(),
                    hint: Some("leave it out".to_owned()),
                    part: plain(word),
                });
            }
            let is_prefix = rest.last() == Some(&('*', false));
            Test::Text(Words::of(&text, is_prefix).map_err(|why| no_words(why, &text))?)
        }
    };
    Ok(Term { excluded, test })
}

fn no_words(why: NoWords, text: &str) -> QueryError {
    let (message, hint) = match why {
        NoWords::Empty => (
            format!("there is no word in `{text}`"),
            "letters and digits are searched, other characters are not",
        ),
        NoWords::TooMany => (
            format!("more than {MOST} words follow each other"),
            "search for fewer of them",
        ),
    };
    QueryError {
        message,
        hint: Some(hint.to_owned()),
        part: text.to_owned(),
    }
}

fn key_named(name: &str, table: Table) -> Result<&'static Key, QueryError> {
    table
        .keys()
        .iter()
        .find(|key| key.name == name)
        .ok_or_else(|| QueryError {
            message: format!("unknown field: `{name}`"),
            hint: nearest(name, table).map(|near| format!("did you mean `{near}`?")),
            part: name.to_owned(),
        })
}

fn field(name: &str, value: &[(char, bool)], table: Table) -> Result<Test, QueryError> {
    if name == "has" {
        return key_named(&plain(value), table).map(Test::Has);
    }
    let key = key_named(name, table)?;
    let any = value
        .split(|c| *c == (',', false))
        .map(|one| value_of(key, one))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Test::Field { key, any })
}

fn value_of(key: &Key, value: &[(char, bool)]) -> Result<Match, QueryError> {
    let text = plain(value);
    let quoted = value.iter().any(|(_, quoted)| *quoted);
    let wrong = |expected: &str| QueryError {
        message: format!("`{}` can't be `{text}`", key.name),
        hint: Some(format!("{expected}, as in `{}`", key.example)),
        part: text.clone(),
    };
    if text.is_empty() && !quoted {
        return Err(wrong("it takes a value"));
    }
    match key.shape {
        Shape::Text => Ok(match text.strip_suffix('*') {
            Some(prefix) if value.last() == Some(&('*', false)) => Match::Prefix(prefix.to_owned()),
            _ => Match::Text(text),
        }),
        Shape::OneOf(names) => {
            let found = names().into_iter().find(|name| *name == text);
            found
                .map(|name| Match::Text(name.to_owned()))
                .ok_or_else(|| wrong(&format!("it is one of {}", names().join(", "))))
        }
        Shape::Number => range(&text, number).ok_or_else(|| wrong("it takes a number or a range")),
        Shape::Money => range(&text, micros).ok_or_else(|| wrong("it takes US dollars or a range")),
        Shape::Time => {
            range(&text, moment).ok_or_else(|| wrong("it takes a date, a time or a range"))
        }
    }
}

/// First and last whole value that a bound stands for: a date is a whole day.
type Bound = (i64, i64);

fn range(text: &str, read: impl Fn(&str) -> Option<Bound>) -> Option<Match> {
    let number = |from, to| Some(Match::Number { from, to });
    if let Some(rest) = text.strip_prefix(">=") {
        return number(Some(read(rest)?.0), None);
    }
    if let Some(rest) = text.strip_prefix("<=") {
        return number(None, Some(read(rest)?.1));
    }
    if let Some(rest) = text.strip_prefix('>') {
        return number(Some(read(rest)?.1.checked_add(1)?), None);
    }
    if let Some(rest) = text.strip_prefix('<') {
        return number(None, Some(read(rest)?.0.checked_sub(1)?));
    }
    if let Some((from, to)) = text.split_once("..") {
        let from = if from.is_empty() || from == "*" {
            None
        } else {
            Some(read(from)?.0)
        };
        let to = if to.is_empty() || to == "*" {
            None
        } else {
            Some(read(to)?.1)
        };
        return number(from, to);
    }
    let (from, to) = read(text)?;
    number(Some(from), Some(to))
}

fn number(text: &str) -> Option<Bound> {
    let value = text.replace('_', "").parse().ok()?;
    Some((value, value))
}

fn micros(text: &str) -> Option<Bound> {
    let text = text.trim_start_matches('$');
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 6 || !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{part:0<6}").parse().ok()?;
    let value = whole.checked_mul(1_000_000)?.checked_add(part)?;
    Some((value, value))
}

fn moment(text: &str) -> Option<Bound> {
    const DAY_MS: i64 = 86_400_000;
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        let ms = time.timestamp_millis();
        return Some((ms, ms));
    }
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    let start = date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis();
    Some((start, start.checked_add(DAY_MS - 1)?))
}
