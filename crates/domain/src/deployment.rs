//! A deployment's definition: what it is, which calls are its own, what it must keep to.
//!
//! In: TOML that a person wrote. Out: a [`Definition`], or an error that names the line and the
//! key. Not here: what the trail shows of it, which settings were collected.

use serde::{Deserialize, Serialize};

use crate::call::{Call, Kind};
use crate::facts::Topic;
use crate::place::{self, glob};
use crate::settings::date_ms;

/// Which calls belong to a deployment. Every list that is not empty must hold the call's value;
/// entries may use `*`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// AWS accounts, Google projects, Anthropic workspaces.
    pub accounts: Vec<String>,
    /// Regions that calls were sent to.
    pub regions: Vec<String>,
    /// Host names.
    pub endpoints: Vec<String>,
    /// Systems that recorded the call: `bedrock`, `litellm` …
    pub sources: Vec<String>,
    pub principals: Vec<String>,
    pub models: Vec<String>,
}

impl Rules {
    fn specificity(&self) -> usize {
        [
            &self.accounts,
            &self.regions,
            &self.endpoints,
            &self.sources,
            &self.principals,
            &self.models,
        ]
        .iter()
        .filter(|list| !list.is_empty())
        .count()
    }
}

/// How long logs must and may be kept, with the clause that says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Requirements {
    pub log_retention_min_days: Option<u32>,
    pub log_retention_min_clause: Option<String>,
    pub log_retention_max_days: Option<u32>,
    pub log_retention_max_clause: Option<String>,
    /// Calls must come over a private network path.
    pub private_path: bool,
    /// Personal data may stand in prompts (a system made for it).
    pub personal_data_allowed: bool,
    /// Month over month; 30 where nobody says.
    pub spend_increase_percent: Option<u32>,
}

/// A statement that a person makes about a deployment, with its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    pub topic: Topic,
    pub statement: String,
    /// A contract, a ticket, a page.
    pub source: String,
    /// A date.
    pub as_of: String,
}

/// A deployment as its owner defines it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    pub name: String,
    pub kind: Kind,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub owner: Option<String>,
    /// Works under a rule that limits where data may go.
    #[serde(default)]
    pub regulated: bool,
    /// Relies on a zero-retention arrangement.
    #[serde(default)]
    pub zero_retention: bool,
    /// Region names, globs (`eu-*`), geographies (`geo:eu`); empty where nothing is declared.
    #[serde(default)]
    pub allowed_places: Vec<String>,
    #[serde(default, rename = "match")]
    pub rules: Rules,
    #[serde(default)]
    pub requirements: Requirements,
    #[serde(default)]
    pub declared: Vec<Declared>,
}

/// Why a definition can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DefinitionError {
    #[error("line {line}: {message}")]
    Toml { line: usize, message: String },
    #[error("`{key}`: {message}")]
    Value { key: String, message: String },
}

impl Definition {
    /// A definition with nothing but its name and kind.
    pub fn bare(name: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            description: String::new(),
            owner: None,
            regulated: false,
            zero_retention: false,
            allowed_places: Vec::new(),
            rules: Rules::default(),
            requirements: Requirements::default(),
            declared: Vec::new(),
        }
    }

    /// Reads a definition.
    ///
    /// # Errors
    /// [`DefinitionError`] with the line or the key, and what to write instead.
    pub fn parse(text: &str) -> Result<Self, DefinitionError> {
        let definition: Self = toml::from_str(text).map_err(|error| DefinitionError::Toml {
            line: error.span().map_or(1, |span| {
                1 + text[..span.start.min(text.len())].matches('\n').count()
            }),
            message: error.message().to_owned(),
        })?;
        let wrong = |key: &str, message: String| {
            Err(DefinitionError::Value {
                key: key.to_owned(),
                message,
            })
        };
        let plain = |name: &str| {
            name.chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        };
        if definition.name.is_empty() || definition.name.len() > 80 || !plain(&definition.name) {
            return wrong(
                "name",
                "takes 1 to 80 letters, digits, `-`, `_` and `.`".into(),
            );
        }
        for entry in &definition.allowed_places {
            if !place::is_place(entry) {
                return wrong(
                    "allowed_places",
                    format!(
                        "`{entry}` names no region that is known; write a region (`eu-west-1`), a glob (`eu-*`) or a geography (`geo:eu`)"
                    ),
                );
            }
        }
        let needs = &definition.requirements;
        if let (Some(floor), Some(ceiling)) =
            (needs.log_retention_min_days, needs.log_retention_max_days)
            && floor > ceiling
        {
            return wrong(
                "requirements",
                format!(
                    "logs must be kept {floor} days and may be kept {ceiling}: split the data (metadata long, content short) or correct a figure"
                ),
            );
        }
        for declared in &definition.declared {
            if date_ms(&declared.as_of).is_none() {
                return wrong(
                    "declared.as_of",
                    format!("`{}` is not a date like 2026-11-24", declared.as_of),
                );
            }
            if declared.statement.trim().is_empty() || declared.source.trim().is_empty() {
                return wrong("declared", "needs a statement and its source".into());
            }
        }
        Ok(definition)
    }

    /// Whether a call of `source` belongs here. A definition without rules matches nothing.
    pub fn matches(&self, call: &Call, source: &str) -> bool {
        let rules = &self.rules;
        if call.kind != self.kind || rules.specificity() == 0 {
            return false;
        }
        let holds = |list: &[String], value: Option<&str>| {
            list.is_empty()
                || value.is_some_and(|value| list.iter().any(|entry| glob(entry, value)))
        };
        holds(&rules.accounts, call.account.as_deref())
            && holds(&rules.regions, call.requested_region.as_deref())
            && holds(&rules.endpoints, call.endpoint.as_deref())
            && holds(&rules.sources, Some(source))
            && holds(&rules.principals, call.principal.as_deref())
            && holds(&rules.models, call.request_model.as_deref())
    }

    /// How many kinds of rule it has; of two that match, the one with more wins.
    pub fn specificity(&self) -> usize {
        self.rules.specificity()
    }
}

/// The name of the deployment of a call that no definition matches: kind and account, or host.
pub fn name_for(call: &Call) -> String {
    let part = |value: Option<&str>| {
        value
            .map(|value| {
                value
                    .chars()
                    .map(|c| {
                        if c.is_ascii_alphanumeric() || "-_.".contains(c) {
                            c
                        } else {
                            '-'
                        }
                    })
                    .take(60)
                    .collect::<String>()
            })
            .filter(|value| !value.is_empty())
    };
    let of = |prefix: &str, value: Option<&str>| match part(value) {
        Some(value) => format!("{prefix}-{value}"),
        None => prefix.to_owned(),
    };
    match call.kind {
        Kind::ClaudeApi => of("claude-api", call.account.as_deref()),
        Kind::ClaudeEnterprise => of("claude-enterprise", call.account.as_deref()),
        Kind::Bedrock => of("bedrock", call.account.as_deref()),
        Kind::Vertex => of("vertex", call.account.as_deref()),
        Kind::Private => of(
            "private",
            call.endpoint.as_deref().or(call.account.as_deref()),
        ),
    }
}
