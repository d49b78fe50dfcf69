//! Filters of others ("guards"): what they call the entity types of this program, and their prices.
//!
//! In: `data/guards.toml`, dated, with sources. Out: names and prices by kind. Not here: speaking to
//! one (`assay-backends`), what one found (the engine).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// What a guard speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum GuardKind {
    /// The HTTP API of Presidio's analyzer.
    Presidio,
    /// `ApplyGuardrail` of Amazon Bedrock.
    Bedrock,
    /// An endpoint of one's own that holds to the documented contract.
    Private,
}

impl GuardKind {
    /// The name on the terminal and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Presidio => "presidio",
            Self::Bedrock => "bedrock",
            Self::Private => "private",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Presidio, Self::Bedrock, Self::Private]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// What a guard asks for its work.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuardPrice {
    pub kind: GuardKind,
    pub usd_micros_per_unit: i64,
    /// A text counts as one unit for each begun so many characters.
    pub unit_chars: u64,
    /// Year, month, day.
    pub as_of: String,
    pub source: String,
}

impl GuardPrice {
    /// The units of a text of so many characters.
    pub const fn units(&self, chars: u64) -> u64 {
        chars.div_ceil(self.unit_chars)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    price: Vec<GuardPrice>,
    presidio: BTreeMap<String, Vec<String>>,
    bedrock: BTreeMap<String, Vec<String>>,
}

static FORM: LazyLock<Form> = LazyLock::new(|| {
    toml::from_str(include_str!("../data/guards.toml")).expect("the program's own file is tested")
});

/// What guards of a kind call an entity type; empty where their makers list none. An endpoint of
/// one's own calls it as this program does.
pub fn names_of(kind: GuardKind, entity_type: &str) -> Vec<String> {
    let names = match kind {
        GuardKind::Presidio => &FORM.presidio,
        GuardKind::Bedrock => &FORM.bedrock,
        GuardKind::Private => return vec![entity_type.to_owned()],
    };
    names.get(entity_type).cloned().unwrap_or_default()
}

/// What guards of a kind cost; `None` where no price is known.
pub fn price(kind: GuardKind) -> Option<&'static GuardPrice> {
    FORM.price.iter().find(|price| price.kind == kind)
}
