//! What vendors say about data handling: dated facts with their sources, and the summary that a
//! deployment's page shows.
//!
//! In: facts from `data/facts`, a definition, collected settings, what the trail observed. Out:
//! lines, each with its mark. Not here: whether a setting is good enough (`checks`).

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::call::Kind;
use crate::deployment::Definition;
use crate::settings::{Setting, date_ms};

/// What a line of the data-handling summary is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    Processor,
    Retention,
    ZeroRetention,
    FlaggedContent,
    Training,
    AbuseMonitoring,
    HumanAccess,
    Residency,
    NetworkPath,
    Keys,
    Logging,
    Attestations,
}

impl Topic {
    /// All topics, in the order of the summary.
    pub const ALL: [Self; 12] = [
        Self::Processor,
        Self::Retention,
        Self::ZeroRetention,
        Self::FlaggedContent,
        Self::Training,
        Self::AbuseMonitoring,
        Self::HumanAccess,
        Self::Residency,
        Self::NetworkPath,
        Self::Keys,
        Self::Logging,
        Self::Attestations,
    ];

    /// The name in files and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Processor => "processor",
            Self::Retention => "retention",
            Self::ZeroRetention => "zero_retention",
            Self::FlaggedContent => "flagged_content",
            Self::Training => "training",
            Self::AbuseMonitoring => "abuse_monitoring",
            Self::HumanAccess => "human_access",
            Self::Residency => "residency",
            Self::NetworkPath => "network_path",
            Self::Keys => "keys",
            Self::Logging => "logging",
            Self::Attestations => "attestations",
        }
    }

    /// The name that people read.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Processor => "Processor",
            Self::Retention => "Retention",
            Self::ZeroRetention => "Zero retention",
            Self::FlaggedContent => "Flagged content",
            Self::Training => "Training",
            Self::AbuseMonitoring => "Abuse monitoring",
            Self::HumanAccess => "Human access",
            Self::Residency => "Residency",
            Self::NetworkPath => "Network path",
            Self::Keys => "Encryption keys",
            Self::Logging => "Your own logs",
            Self::Attestations => "Attestations",
        }
    }

    /// What would answer it, where nothing is known.
    pub const fn answered_by(self) -> &'static str {
        match self {
            Self::Processor => "Declare who processes the calls, with the contract.",
            Self::Retention => {
                "Import a settings snapshot, or declare the operator's retention with its source."
            }
            Self::ZeroRetention => "Declare the arrangement with the contract's reference.",
            Self::FlaggedContent | Self::Training | Self::AbuseMonitoring | Self::HumanAccess => {
                "Declare what the operator's contract says."
            }
            Self::Residency => {
                "Declare the allowed places, and import logs that name the region a call ran in."
            }
            Self::NetworkPath => {
                "Import CloudTrail records, which name the VPC endpoint, or declare the path."
            }
            Self::Keys => "Import a settings snapshot that names the key, or declare it.",
            Self::Logging => "Import a settings snapshot, or the logs themselves.",
            Self::Attestations => "Declare the operator's certificates with their dates.",
        }
    }
}

/// How a line is known, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// The trail shows it.
    Observed,
    /// A collected setting says it.
    Configured,
    VendorStated,
    /// A person wrote it down.
    Declared,
    /// Nothing is known.
    Unknown,
}

impl Mark {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Configured => "configured",
            Self::VendorStated => "vendor_stated",
            Self::Declared => "declared",
            Self::Unknown => "unknown",
        }
    }
}

/// A vendor's statement.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    pub topic: Topic,
    pub statement: String,
    pub source: String,
    pub as_of: String,
    /// Read from somebody who quotes the vendor.
    #[serde(default)]
    pub second_hand: bool,
}

/// What is to be asked of whom, where no vendor speaks of a topic.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ask {
    topic: Topic,
    question: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    #[serde(default)]
    fact: Vec<Fact>,
    #[serde(default)]
    ask: Vec<Ask>,
}

static FACTS: LazyLock<Vec<(Kind, FileForm)>> = LazyLock::new(|| {
    [
        (
            Kind::ClaudeApi,
            include_str!("../data/facts/claude_api.toml"),
        ),
        (Kind::Bedrock, include_str!("../data/facts/bedrock.toml")),
        (Kind::Vertex, include_str!("../data/facts/vertex.toml")),
        (Kind::Private, include_str!("../data/facts/private.toml")),
        (
            Kind::ClaudeEnterprise,
            include_str!("../data/facts/claude_enterprise.toml"),
        ),
    ]
    .into_iter()
    .map(|(kind, text)| {
        (
            kind,
            toml::from_str(text).expect("the program's own facts are tested"),
        )
    })
    .collect()
});

/// The vendor's statements about a kind of deployment.
pub fn facts(kind: Kind) -> &'static [Fact] {
    FACTS
        .iter()
        .find(|(of, _)| *of == kind)
        .map_or(&[], |(_, form)| &form.fact)
}

/// What would answer a topic of which nothing is known, for a kind of deployment.
fn question(kind: Kind, topic: Topic) -> &'static str {
    FACTS
        .iter()
        .filter(|(of, _)| *of == kind)
        .flat_map(|(_, form)| &form.ask)
        .find(|ask| ask.topic == topic)
        .map_or(topic.answered_by(), |ask| &ask.question)
}

/// The date of the newest fact.
pub fn as_of() -> &'static str {
    FACTS
        .iter()
        .flat_map(|(_, form)| &form.fact)
        .map(|fact| fact.as_of.as_str())
        .max()
        .unwrap_or("")
}

/// A line of the data-handling summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub topic: Topic,
    pub statement: String,
    pub mark: Mark,
    pub source: Option<String>,
    /// A date.
    pub as_of: Option<String>,
    /// Older than [`REVIEW_DAYS`], a second-hand one than [`SECOND_HAND_REVIEW_DAYS`].
    pub review_due: bool,
}

/// Days after which a statement wants to be read again.
pub const REVIEW_DAYS: i64 = 180;
/// Days after which a statement that somebody quotes wants to be verified.
pub const SECOND_HAND_REVIEW_DAYS: i64 = 90;

/// Returns the summary of a deployment: its lines by topic, the strongest mark first, and an
/// `unknown` line with what would answer it for each topic that nothing speaks of.
///
/// `observed` are lines that the caller made from the trail.
pub fn handling(
    definition: &Definition,
    settings: &[Setting],
    observed: Vec<Line>,
    now_ms: i64,
) -> Vec<Line> {
    let older =
        |as_of: &str, days: i64| date_ms(as_of).is_none_or(|at| now_ms - at > days * 86_400_000);
    let due = |as_of: &str| older(as_of, REVIEW_DAYS);
    let mut lines = observed;
    for setting in settings {
        let place = setting
            .place
            .as_ref()
            .map_or_else(String::new, |place| format!(" ({place})"));
        let as_of = setting.as_of_ms.map(crate::settings::date_text);
        lines.push(Line {
            topic: setting.topic,
            statement: format!("{}: {}{place}", setting.name, setting.value),
            mark: Mark::Configured,
            source: Some(setting.revealed_by.clone()),
            review_due: as_of.as_deref().is_none_or(due),
            as_of,
        });
    }
    for fact in facts(definition.kind) {
        let source = if fact.second_hand {
            format!("{} (second-hand)", fact.source)
        } else {
            fact.source.clone()
        };
        lines.push(Line {
            topic: fact.topic,
            statement: fact.statement.clone(),
            mark: Mark::VendorStated,
            source: Some(source),
            as_of: Some(fact.as_of.clone()),
            review_due: older(
                &fact.as_of,
                if fact.second_hand {
                    SECOND_HAND_REVIEW_DAYS
                } else {
                    REVIEW_DAYS
                },
            ),
        });
    }
    for declared in &definition.declared {
        lines.push(Line {
            topic: declared.topic,
            statement: declared.statement.clone(),
            mark: Mark::Declared,
            source: Some(declared.source.clone()),
            as_of: Some(declared.as_of.clone()),
            review_due: due(&declared.as_of),
        });
    }
    for topic in Topic::ALL {
        if !lines.iter().any(|line| line.topic == topic) {
            lines.push(Line {
                topic,
                statement: format!("Nothing is known. {}", question(definition.kind, topic)),
                mark: Mark::Unknown,
                source: None,
                as_of: None,
                review_due: false,
            });
        }
    }
    lines.sort_by_key(|line| (line.topic, line.mark));
    lines
}
