//! The strings of a JSON value as one conversation: what each of them holds.
//!
//! In: names of fields, texts and numbers with where they stand, in the order in which they are redacted.
//! Out: for each what was found in it, the pieces of values that are parted between content blocks or
//! pieces of a stream, and what another one proves. Strings that stand at the same place but for their
//! places in lists go on in each other. Not here: finding the pieces (`conversation`), what is certain
//! (`repeated`).

use std::collections::HashMap;

use serde_json::Value;

use super::{
    Redacted, and_more_in, behind, ended, entities, frame, framed, in_number, plain, weighed,
};
use crate::conversation::{Text, pieces};
use crate::detect::{self, Entity};
use crate::operators::Numbering;
use crate::policy::Policy;
use crate::repeated::Confirmed;

/// Names that a piece of a text stands under.
const NAMES: [&str; 8] = [
    "text",
    "content",
    "partial_json",
    "thinking",
    "completion",
    "output_text",
    "arguments",
    "data",
];

/// Whether what stands under a name may be a piece of a text.
fn may_be_piece(name: Option<&str>) -> bool {
    name.is_some_and(|name| NAMES.contains(&name))
}

/// What a string is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// The name of a field.
    Name,
    Text,
    Number,
}

/// A string with the name that it stands under.
struct One {
    sort: Sort,
    name: Option<String>,
    /// Where it stands, without places in lists; of a text that may be a piece.
    kind: Option<String>,
    text: String,
}

impl One {
    fn frame(&self) -> Option<[String; 2]> {
        match self.sort {
            Sort::Name => None,
            sort => frame(self.name.as_deref(), sort == Sort::Text),
        }
    }

    /// What it holds by itself, in what its name and it are together.
    fn found(&self, policy: &Policy) -> Vec<Entity> {
        let text = &self.text;
        match (self.sort, self.frame()) {
            // Of a name like `arn` or `first_name` the model of names is not asked, since it is a word of a
            // program and has nothing around it.
            (Sort::Name, _) if is_identifier(text) => {
                let found = detect::detect(text, policy.recognizers(), policy.threshold);
                match weighed(text, policy, found, []).is_empty() {
                    true => Vec::new(),
                    false => entities(text, policy),
                }
            }
            (_, Some([before, after])) => {
                entities(&[&before, text.as_str(), &after].concat(), policy)
            }
            (_, None) => entities(text, policy),
        }
    }
}

fn is_identifier(name: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_') && name.bytes().all(is_word)
}

/// The strings of a value, in order.
#[derive(Default)]
pub(crate) struct Strings(Vec<One>);

impl Strings {
    /// One more, which stands under `name`; `kind` is where it stands, without places in lists.
    pub(crate) fn push(
        &mut self,
        sort: Sort,
        name: Option<&str>,
        kind: impl FnOnce() -> String,
        text: String,
    ) {
        let is_piece = sort == Sort::Text && may_be_piece(name);
        self.0.push(One {
            sort,
            name: name.map(str::to_owned),
            kind: is_piece.then(kind),
            text,
        });
    }

    /// Those of a value that stands at `kind`, under `name`.
    pub(super) fn of_value(&mut self, value: &Value, name: Option<&str>, kind: &mut String) {
        let length = kind.len();
        match value {
            Value::String(text) => {
                self.push(Sort::Text, name, || kind.clone(), text.clone());
            }
            Value::Number(number) => {
                self.push(Sort::Number, name, String::new, number.to_string());
            }
            Value::Array(items) => {
                kind.push_str("/*");
                for item in items {
                    self.of_value(item, name, kind);
                }
            }
            Value::Object(fields) => {
                for (name, item) in fields {
                    self.push(Sort::Name, None, String::new, name.clone());
                    kind.push('/');
                    kind.push_str(name);
                    self.of_value(item, Some(name), kind);
                    kind.truncate(length);
                }
            }
            _ => {}
        }
        kind.truncate(length);
    }

    /// What each holds.
    pub(crate) fn known(self, policy: &Policy, key: &[u8]) -> Known {
        let mut confirmed = Confirmed::default();
        let mut parted = self.parted(policy).into_iter();
        let mut all: Vec<(One, Vec<Entity>)> = Vec::with_capacity(self.0.len());
        for one in self.0 {
            let mut found = one.found(policy);
            let frame = one.frame();
            let from = frame.as_ref().map_or(0, |[before, _]| before.len());
            if one.kind.is_some() {
                let more = parted.next().unwrap_or_default();
                found = and_more_in(frame, &one.text, policy, found, more);
            }
            let own = behind(from, &one.text, found.clone());
            confirmed.add(&one.text, &own, policy, Some(key));
            all.push((one, found));
        }
        let repeated = confirmed.ready();
        let all: Vec<Vec<Entity>> = all
            .into_iter()
            .map(|(one, found)| {
                let more = repeated.mentions(&one.text, policy);
                and_more_in(one.frame(), &one.text, policy, found, more)
            })
            .collect();
        Known(all.into_iter())
    }

    /// The pieces in each text that may be one.
    fn parted(&self, policy: &Policy) -> Vec<Vec<Entity>> {
        let mut behind = HashMap::new();
        let all: Vec<(&str, &str)> = self
            .0
            .iter()
            .filter_map(|one| Some((one.kind.as_deref()?, one.text.as_str())))
            .collect();
        let mut texts: Vec<Text<'_>> = (all.iter().enumerate().rev())
            .map(|(place, (kind, text))| {
                let next = behind.insert(*kind, place);
                Text {
                    name: None,
                    text,
                    policy,
                    goes_on_in: next.filter(|_| kind.contains('*')),
                }
            })
            .collect();
        texts.reverse();
        pieces(&texts)
    }
}

/// What each string holds, in order.
pub(crate) struct Known(std::vec::IntoIter<Vec<Entity>>);

impl Known {
    /// The next string, which stands under `name`, as the policy leaves it.
    pub(crate) fn redact_next(
        &mut self,
        sort: Sort,
        name: Option<&str>,
        text: &str,
        policy: &Policy,
        key: &[u8],
        numbering: &mut Numbering,
    ) -> Redacted {
        let found = self.0.next();
        let frame = match sort {
            Sort::Name if found.as_ref().is_some_and(Vec::is_empty) && is_identifier(text) => {
                return ended(vec![plain(text)]);
            }
            Sort::Name => None,
            sort => frame(name, sort == Sort::Text),
        };
        framed(frame, text, found, policy, key, numbering)
    }
}

/// Redacts a value that stands under `name`, of which is known what its strings hold; answers how many
/// entities were treated.
pub(super) fn redact_value(
    name: Option<&str>,
    value: &mut Value,
    policy: &Policy,
    key: &[u8],
    numbering: &mut Numbering,
    known: &mut Known,
) -> u64 {
    let count = |redacted: &Redacted| {
        let entities = redacted.segments.iter().filter(|it| it.entity.is_some());
        entities.count() as u64
    };
    match value {
        Value::String(text) => {
            let redacted = known.redact_next(Sort::Text, name, text, policy, key, numbering);
            let count = count(&redacted);
            if count > 0 {
                *text = redacted.text;
            }
            count
        }
        Value::Number(number) => {
            let written = number.to_string();
            let redacted = known.redact_next(Sort::Number, name, &written, policy, key, numbering);
            let count = count(&redacted);
            if redacted.text != written {
                *value = Value::String(in_number(&redacted.text));
            }
            count
        }
        Value::Array(items) => items
            .iter_mut()
            .map(|item| redact_value(name, item, policy, key, numbering, known))
            .sum(),
        Value::Object(fields) => {
            let mut all = 0;
            let mut renamed = serde_json::Map::new();
            for (name, mut inner) in std::mem::take(fields) {
                let new = known.redact_next(Sort::Name, None, &name, policy, key, numbering);
                all += count(&new);
                let mut new_name = new.text;
                while renamed.contains_key(&new_name) {
                    new_name.push('_');
                }
                all += redact_value(Some(&name), &mut inner, policy, key, numbering, known);
                renamed.insert(new_name, inner);
            }
            *fields = renamed;
            all
        }
        _ => 0,
    }
}
