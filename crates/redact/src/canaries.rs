//! Canaries: texts with planted values that are known to be there, so that whatever reads them can
//! be measured exactly.
//!
//! In: a seed, how many, which types and writings. Out: labelled texts, the same for the same seed on
//! every computer. Every value is synthetic: it holds the check of its type and lies, where there is
//! one, in a range that is kept free (`data/canaries/values.toml` says for each why it is nobody's).
//! Not here: who is asked to find them, and corpora of others.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::encoded;
use crate::validators;

pub mod outcome;
mod shapes;

use shapes::{Chance, Words};

/// A text with what was planted in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canary {
    /// `canary-<seed>-<number>`, or `control-…` where nothing is planted.
    pub id: String,
    pub text: String,
    /// The kind of field that the text stands for, by the name that the fields of a call have.
    pub field: String,
    /// The language of the prompt, as ISO 639-1 has it.
    pub language: String,
    pub writing: Writing,
    /// What was planted, in UTF-8 bytes; none in a control, else one.
    pub planted: Vec<Planted>,
}

/// A planted value; offsets in UTF-8 bytes, half-open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planted {
    pub start: usize,
    pub end: usize,
    /// The entity type.
    pub label: String,
    /// The value as it is, before it was written in another way.
    pub value: String,
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Writing {
    Plain,
    /// Marks as `\u002d`.
    JsonEscaped,
    /// Marks as `%2D`.
    PercentEncoded,
    /// Letters, digits and marks of the full-width block.
    FullWidth,
    /// A space between every two characters.
    Spaced,
    /// A line ends in its middle.
    Broken,
    /// In base64, together with what it is called.
    Base64,
}

impl Writing {
    /// All of them, the plain one first.
    pub const ALL: [Self; 7] = [
        Self::Plain,
        Self::JsonEscaped,
        Self::PercentEncoded,
        Self::FullWidth,
        Self::Spaced,
        Self::Broken,
        Self::Base64,
    ];

    /// The name on the terminal and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::JsonEscaped => "json_escaped",
            Self::PercentEncoded => "percent_encoded",
            Self::FullWidth => "full_width",
            Self::Spaced => "spaced",
            Self::Broken => "broken",
            Self::Base64 => "base64",
        }
    }

    /// The writing with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// Which canaries are wanted; empty lists stand for all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    pub entity_types: Vec<String>,
    #[serde(default)]
    pub writings: Vec<Writing>,
}

/// There are no canaries of a type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there are no canaries of the type `{0}`")]
pub struct NoSuchCanary(pub String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Values {
    given: Vec<String>,
    family: Vec<String>,
    word: Vec<String>,
    value: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Value {
    label: String,
    category: String,
    validator: Option<String>,
    shapes: Vec<String>,
    said: BTreeMap<String, String>,
    nobody: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prompts {
    prompt: Vec<Prompt>,
    control: Vec<Prompt>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prompt {
    field: String,
    language: String,
    #[serde(rename = "for")]
    category: Option<String>,
    text: String,
}

fn values() -> &'static Values {
    static VALUES: OnceLock<Values> = OnceLock::new();
    VALUES.get_or_init(|| {
        toml::from_str(include_str!("../data/canaries/values.toml"))
            .expect("the program's own values are tested")
    })
}

fn prompts() -> &'static Prompts {
    static PROMPTS: OnceLock<Prompts> = OnceLock::new();
    PROMPTS.get_or_init(|| {
        toml::from_str(include_str!("../data/canaries/prompts.toml"))
            .expect("the program's own prompts are tested")
    })
}

/// The entity types that there are canaries of, each with the reason why its values are nobody's;
/// in the order in which they are planted.
pub fn kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    values()
        .value
        .iter()
        .map(|value| (value.label.as_str(), value.nobody.as_str()))
}

/// Returns `count` canaries with one planted value each.
///
/// Types take turns and writings take turns within a type, so that all are drawn alike often. The
/// first canaries of a longer draw are those of a shorter one.
///
/// # Errors
/// [`NoSuchCanary`] naming a type that there is nothing of.
pub fn draw(seed: u64, count: usize, wanted: &Wanted) -> Result<Vec<Canary>, NoSuchCanary> {
    let all = &values().value;
    if let Some(unknown) = wanted
        .entity_types
        .iter()
        .find(|name| !all.iter().any(|value| value.label == **name))
    {
        return Err(NoSuchCanary(unknown.clone()));
    }
    let kinds: Vec<&Value> = all
        .iter()
        .filter(|value| {
            wanted.entity_types.is_empty() || wanted.entity_types.contains(&value.label)
        })
        .collect();
    let writings = match wanted.writings.as_slice() {
        [] => Writing::ALL.as_slice(),
        some => some,
    };
    Ok((0..count)
        .map(|number| {
            let (turn, place) = (number / kinds.len(), number % kinds.len());
            // Shifted by the place, so that one turn of all types holds every writing.
            let writing = writings[(turn + place) % writings.len()];
            one(seed, number, kinds[place], writing)
        })
        .collect())
}

/// Returns `count` texts of the same kind in which nothing is planted: what is found there is found
/// wrongly.
pub fn controls(seed: u64, count: usize) -> Vec<Canary> {
    let all = &prompts().control;
    (0..count)
        .map(|number| {
            let prompt = &all[number % all.len()];
            let mut chance = Chance::of(seed, &format!("control {number}"));
            Canary {
                id: format!("control-{seed}-{number}"),
                text: shapes::fill(&prompt.text, &words(), &mut chance),
                field: prompt.field.clone(),
                language: prompt.language.clone(),
                writing: Writing::Plain,
                planted: Vec::new(),
            }
        })
        .collect()
}

fn words() -> Words<'static> {
    let values = values();
    Words {
        given: &values.given,
        family: &values.family,
        word: &values.word,
    }
}

fn one(seed: u64, number: usize, kind: &Value, writing: Writing) -> Canary {
    let mut chance = Chance::of(seed, &format!("{} {number}", kind.label));
    let fitting: Vec<&Prompt> = prompts()
        .prompt
        .iter()
        .filter(|prompt| {
            kind.said.contains_key(&prompt.language)
                && prompt
                    .category
                    .as_ref()
                    .is_none_or(|category| *category == kind.category)
        })
        .collect();
    let prompt = fitting[chance.below(fitting.len())];
    let said = &kind.said[&prompt.language];
    let value = valid(kind, &mut chance);
    planted(seed, number, kind, prompt, said, value, writing)
}

/// A value of a shape that holds its check: drawn again until it does.
fn valid(kind: &Value, chance: &mut Chance) -> String {
    let check = kind.validator.as_deref().and_then(validators::named);
    let shape = &kind.shapes[chance.below(kind.shapes.len())];
    let mut value = String::new();
    for _ in 0..MOST_DRAWS {
        value = shapes::fill(shape, &words(), chance);
        if check.is_none_or(|check| check(&value)) {
            break;
        }
    }
    value
}

/// Two check digits are met once in a hundred draws; a test sees that every shape gets there.
const MOST_DRAWS: usize = 20_000;

fn planted(
    seed: u64,
    number: usize,
    kind: &Value,
    prompt: &Prompt,
    said: &str,
    value: String,
    writing: Writing,
) -> Canary {
    let before_said = "«said»";
    let (head, tail) = prompt
        .text
        .split_once("«value»")
        .expect("every prompt has a place for a value; tested");
    let in_json = prompt.text.starts_with('{');
    let mut text = head.replace(before_said, said);
    // What is written in base64 takes the name before it along.
    let mut written = match writing {
        Writing::Base64 => {
            if let Some(rest) = head.rfind(before_said) {
                text = head[..rest].replace(before_said, said);
            }
            encoded::to_base64(format!("{said}: {value}").as_bytes())
        }
        other => write(&value, other),
    };
    if in_json {
        written = written.replace('\n', "\\n");
    }
    let start = text.len();
    text.push_str(&written);
    let end = text.len();
    text.push_str(&tail.replace(before_said, said));
    Canary {
        id: format!("canary-{seed}-{number}"),
        text,
        field: prompt.field.clone(),
        language: prompt.language.clone(),
        writing,
        planted: vec![Planted {
            start,
            end,
            label: kind.label.clone(),
            value,
        }],
    }
}

/// `value` in a writing of its characters.
fn write(value: &str, writing: Writing) -> String {
    let mut out = String::with_capacity(value.len() * 2);
    let middle = value.chars().count() / 2;
    for (place, character) in value.chars().enumerate() {
        let is_mark = !character.is_ascii_alphanumeric();
        match writing {
            Writing::JsonEscaped if is_mark => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
            Writing::PercentEncoded if is_mark => {
                for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                    out.push_str(&format!("%{byte:02X}"));
                }
            }
            Writing::FullWidth if character.is_ascii_graphic() => {
                out.push(char::from_u32(character as u32 + 0xFEE0).unwrap_or(character));
            }
            Writing::Spaced if place > 0 => {
                out.push(' ');
                out.push(character);
            }
            Writing::Broken if place == middle => {
                out.push('\n');
                out.push(character);
            }
            _ => out.push(character),
        }
    }
    out
}
