//! Operators: what becomes of an entity that was found.
//!
//! In: an entity, the operator of its type, a key, the numbering of a conversation. Out: what stands
//! in its place. Not here: finding (`detect`), which type gets which operator (`policy`), where the
//! originals behind tokens are kept (the caller).

pub(crate) mod days;
mod generalised;
pub mod preserving;
pub(crate) mod pseudonyms;
mod surrogates;
pub mod tokens;
pub(crate) mod values;

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use regex::Regex;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::recognizers::Recognizers;
use generalised::DateTo;
use tokens::Original;
use values::{canonical, keyed};

/// What is done to an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "operator", rename_all = "snake_case", try_from = "Written")]
pub enum Operator {
    /// A typed placeholder, the same for the same value within a conversation.
    Replace,
    /// Each letter and digit becomes `with`; the last `keep_last` stay. Secrets keep none.
    Mask { with: char, keep_last: usize },
    /// Removed whole.
    Redact,
    /// HMAC-SHA-256 of the type and the value under the caller's key, 16 hexadecimal digits.
    Hash,
    /// A value of the same form that is nobody's, the same for the same value under one key.
    Pseudonym,
    /// A date moved by 1 to `max_days` days, all of one subject by as many.
    DateShift {
        max_days: u32,
        /// Whether `03/04/2024` is the third of April.
        day_first: bool,
    },
    /// Something coarser: a month or a year, a band of ages, an area, a network.
    Generalise {
        date: DateTo,
        age_band: u32,
        /// Whether `03/04/2024` is the third of April.
        day_first: bool,
    },
    /// A token; whoever has the vault gets the original back.
    Reversible,
    /// Left as it is, and still counted.
    Keep,
}

/// An operator as the text of a policy has it: its name, and every parameter that is written.
#[derive(Deserialize)]
struct Written {
    operator: String,
    with: Option<char>,
    keep_last: Option<usize>,
    max_days: Option<u32>,
    day_first: Option<bool>,
    date: Option<DateTo>,
    age_band: Option<u32>,
    #[serde(flatten)]
    others: BTreeMap<String, IgnoredAny>,
}

/// Each operator with the parameters that it takes.
const PARAMETERS: [(&str, &[&str]); 9] = [
    ("replace", &[]),
    ("mask", &["with", "keep_last"]),
    ("redact", &[]),
    ("hash", &[]),
    ("pseudonym", &[]),
    ("date_shift", &["max_days", "day_first"]),
    ("generalise", &["date", "age_band", "day_first"]),
    ("reversible", &[]),
    ("keep", &[]),
];

fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

impl TryFrom<Written> for Operator {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let name = written.operator.as_str();
        let Some((_, taken)) = PARAMETERS.iter().find(|(known, _)| *known == name) else {
            let all = quoted(PARAMETERS.iter().map(|(known, _)| *known));
            return Err(format!("no operator `{name}`: choose one of {all}"));
        };
        let given = [
            ("with", written.with.is_some()),
            ("keep_last", written.keep_last.is_some()),
            ("max_days", written.max_days.is_some()),
            ("day_first", written.day_first.is_some()),
            ("date", written.date.is_some()),
            ("age_band", written.age_band.is_some()),
        ];
        let extra = given
            .iter()
            .filter(|(_, is_given)| *is_given)
            .map(|(parameter, _)| *parameter)
            .chain(written.others.keys().map(String::as_str))
            .find(|parameter| !taken.contains(parameter));
        if let Some(extra) = extra {
            return Err(if taken.is_empty() {
                format!("operator `{name}` takes no parameters: take `{extra}` out")
            } else {
                let taken = quoted(taken.iter().copied());
                format!("operator `{name}` has no parameter `{extra}`: it takes {taken}")
            });
        }
        let day_first = written.day_first.unwrap_or_default();
        Ok(match name {
            "mask" => Self::Mask {
                with: written.with.unwrap_or('*'),
                keep_last: written.keep_last.unwrap_or_default(),
            },
            "redact" => Self::Redact,
            "hash" => Self::Hash,
            "pseudonym" => Self::Pseudonym,
            "date_shift" => Self::DateShift {
                max_days: written.max_days.unwrap_or(365),
                day_first,
            },
            "generalise" => Self::Generalise {
                date: written.date.unwrap_or_default(),
                age_band: written.age_band.unwrap_or(10),
                day_first,
            },
            "reversible" => Self::Reversible,
            "keep" => Self::Keep,
            _ => Self::Replace,
        })
    }
}

impl Operator {
    /// The name in a policy.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Replace => "replace",
            Self::Mask { .. } => "mask",
            Self::Redact => "redact",
            Self::Hash => "hash",
            Self::Pseudonym => "pseudonym",
            Self::DateShift { .. } => "date_shift",
            Self::Generalise { .. } => "generalise",
            Self::Reversible => "reversible",
            Self::Keep => "keep",
        }
    }

    /// Whether what it writes has the form of a value, and may be found as one.
    pub const fn writes_values(&self) -> bool {
        matches!(
            self,
            Self::Pseudonym | Self::DateShift { .. } | Self::Generalise { .. }
        )
    }

    /// Whether what it writes stands for a value, and is the same wherever the value is mentioned.
    pub(crate) const fn is_of_value(&self) -> bool {
        matches!(
            self,
            Self::Replace
                | Self::Hash
                | Self::Pseudonym
                | Self::DateShift { .. }
                | Self::Generalise { .. }
        )
    }

    /// What is wrong with its parameters, if anything.
    pub(crate) const fn fault(&self) -> Option<&'static str> {
        match self {
            Self::DateShift { max_days, .. } if *max_days == 0 || *max_days > 3650 => {
                Some("`max_days` takes 1 to 3650")
            }
            Self::Generalise { age_band, .. } if *age_band < 2 || *age_band > 45 => {
                Some("`age_band` takes 2 to 45 years")
            }
            _ => None,
        }
    }
}

/// What is carried over the texts of one conversation: the numbers of its values, so that
/// `[PERSON_2]` stays the same person, and whose dates are moved.
#[derive(Debug, Default)]
pub struct Numbering {
    given: HashMap<(String, [u8; 32]), u32>,
    last: HashMap<String, u32>,
    subject: String,
    originals: Option<Vec<Original>>,
}

impl Numbering {
    /// A numbering for what is about one subject: a person, a case, a conversation. All their dates
    /// are moved by as many days.
    pub fn about(subject: &str) -> Self {
        Self {
            subject: subject.to_owned(),
            ..Self::default()
        }
    }

    /// Notes from now on what stands behind each token, for the caller to keep.
    #[must_use]
    pub fn noting_originals(mut self) -> Self {
        self.originals = Some(Vec::new());
        self
    }

    /// What was put behind tokens since the last time it was asked for.
    pub fn take_originals(&mut self) -> Vec<Original> {
        self.originals
            .as_mut()
            .map_or_else(Vec::new, std::mem::take)
    }

    /// How many values have a number.
    pub fn len(&self) -> usize {
        self.given.len()
    }

    /// Whether no value has a number.
    pub fn is_empty(&self) -> bool {
        self.given.is_empty()
    }

    fn number(&mut self, found: &Found<'_>) -> u32 {
        // The digest, not the value: a numbering holds no personal data by itself.
        let digest: [u8; 32] = Sha256::digest(canonical(found).as_bytes()).into();
        if let Some(number) = self.given.get(&(found.entity_type.to_owned(), digest)) {
            return *number;
        }
        let last = self.last.entry(found.entity_type.to_owned()).or_insert(0);
        *last += 1;
        self.given
            .insert((found.entity_type.to_owned(), digest), *last);
        *last
    }
}

/// An entity to be treated.
#[derive(Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) value: &'a str,
    pub(crate) entity_type: &'a str,
    pub(crate) is_secret: bool,
}

/// Returns what stands in place of what was found.
pub(crate) fn apply(
    operator: &Operator,
    found: &Found<'_>,
    key: &[u8],
    recognizers: &Recognizers,
    numbering: &mut Numbering,
) -> String {
    let Found {
        value, entity_type, ..
    } = *found;
    match operator {
        Operator::Replace => placeholder(found, numbering),
        Operator::Redact => String::new(),
        Operator::Keep => value.to_owned(),
        Operator::Hash => hashed(found, key),
        Operator::Mask { with, keep_last } => {
            mask(value, *with, if found.is_secret { 0 } else { *keep_last })
        }
        Operator::Pseudonym => {
            pseudonyms::of(found, key, recognizers).unwrap_or_else(|| hashed(found, key))
        }
        Operator::DateShift {
            max_days,
            day_first,
        } => days::shifted(value, &numbering.subject, key, *max_days, *day_first)
            .unwrap_or_else(|| placeholder(found, numbering)),
        Operator::Generalise {
            date,
            age_band,
            day_first,
        } => generalised::of(value, entity_type, *date, *age_band, *day_first)
            .unwrap_or_else(|| placeholder(found, numbering)),
        Operator::Reversible => {
            let original = Original::of(found, key);
            let token = original.token();
            if let Some(originals) = &mut numbering.originals {
                originals.push(original);
            }
            token
        }
    }
}

/// What operators wrote that says by itself that it is nobody's: surrogates with an invented name or
/// under the reserved domain, networks, areas. It is not looked into again.
pub(crate) fn written(text: &str, key: &[u8]) -> Vec<(usize, usize)> {
    static NETWORK: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"\d{1,3}\.\d{1,3}\.\d{1,3}\.0/24|(?:[0-9a-f]{1,4}:){1,3}:/48").ok()
    });
    let mut found: Vec<(usize, usize)> = NETWORK
        .iter()
        .flat_map(|network| network.find_iter(text))
        .map(|found| (found.start(), found.end()))
        .collect();
    found.extend(pseudonyms::written(text, key));
    found.sort_unstable();
    let mut end = 0;
    found.retain(|span| {
        let is_free = span.0 >= end;
        if is_free {
            end = span.1;
        }
        is_free
    });
    found
}

fn placeholder(found: &Found<'_>, numbering: &mut Numbering) -> String {
    format!("[{}_{}]", found.entity_type, numbering.number(found))
}

fn hashed(found: &Found<'_>, key: &[u8]) -> String {
    let digest = keyed(key, "hash", found.entity_type, canonical(found).as_bytes());
    format!("[{}:{}]", found.entity_type, hex::encode(&digest[..8]))
}

fn mask(value: &str, with: char, keep_last: usize) -> String {
    let total = value
        .chars()
        .filter(|character| character.is_alphanumeric())
        .count();
    // Never more than a third shows, whatever the policy says.
    let keep = keep_last.min(total / 3);
    let mut seen = 0;
    value
        .chars()
        .map(|character| {
            if !character.is_alphanumeric() {
                return character;
            }
            seen += 1;
            if seen > total - keep { character } else { with }
        })
        .collect()
}
