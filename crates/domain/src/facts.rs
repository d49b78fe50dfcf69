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
            Self::Retention => "Import a settings snapshot, or declare the operator's retention with its source.",
            Self::ZeroRetention => "Declare the arrangement with the contract's reference.",
            Self::FlaggedContent | Self::Training | Self::AbuseMonitoring | Self::HumanAccess => {
                "Declare what the operator's contract says."
            }
            Self::Residency => "Declare the allowed places, and import logs that name the region a call ran in.",
            Self::NetworkPath => "Import CloudTrail records, which name the VPC endpoint, or declare the path.",
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    fact: Vec<Fact>,
}

static FACTS: LazyLock<Vec<(Kind, Vec<Fact>)>> = LazyLock::new(|| {
    [
        (Kind::ClaudeApi, include_str!("../data/facts/claude_api.toml")),
        (Kind::Bedrock, include_str!("../data/facts/bedrock.toml")),
        (Kind::Vertex, include_str!("../data/facts/vertex.toml")),
        (Kind::Private, include_str!("../data/facts/private.toml")),
    ]
    .into_iter()
    .map(|(kind, text)| {
        let form: FileForm = toml::from_str(text).expect("the program's own facts are tested");
        (kind, form.fact)
    })
    .collect()
});

/// The vendor's statements about a kind of deployment.
pub fn facts(kind: Kind) -> &'static [Fact] {
    FACTS.iter().find(|(of, _)| *of == kind).map_or(&[], |(_, facts)| facts)
}

/// The date of the newest fact.
pub fn as_of() -> &'static str {
    FACTS.iter().flat_map(|(_, facts)| facts).map(|fact| fact.as_of.as_str()).max().unwrap_or("")
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
    /// Older than [`REVIEW_DAYS`].
    pub review_due: bool,
}

/// Days after which a statement wants to be read again.
pub const REVIEW_DAYS: i64 = 180;

/// Returns the summary of a deployment: its lines by topic, the strongest mark first, and an
/// `unknown` line with what would answer it for each topic that nothing speaks of.
///
/// `observed` are lines that the caller made from the trail.
pub fn handling(definition: &Definition, settings: &[Setting], observed: Vec<Line>, now_ms: i64) -> Vec<Line> {
    let due = |as_of: &str| date_ms(as_of).is_none_or(|at| now_ms - at > REVIEW_DAYS * 86_400_000);
    let mut lines = observed;
    for setting in settings {
        let place = setting.place.as_ref().map_or_else(String::new, |place| format!(" ({place})"));
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
        let source = if fact.second_hand { format!("{} (second-hand)", fact.source) } else { fact.source.clone() };
        lines.push(Line {
            topic: fact.topic,
            statement: fact.statement.clone(),
            mark: Mark::VendorStated,
            source: Some(source),
            as_of: Some(fact.as_of.clone()),
            review_due: due(&fact.as_of),
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
                statement: format!("Nothing is known. {}", topic.answered_by()),
                mark: Mark::Unknown,
                source: None,
                as_of: None,
                review_due: false,
            });
        }
    }
    lines.sort_by(|a, b| (a.topic, a.mark).cmp(&(b.topic, b.mark)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_read_and_dated() {
        for kind in Kind::ALL {
            assert!(!facts(kind).is_empty(), "{}", kind.name());
            assert!(facts(kind).iter().all(|fact| date_ms(&fact.as_of).is_some()));
        }
    }

    #[test]
    fn each_topic_has_a_line_and_silence_is_unknown() {
        let now = date_ms("2026-11-24").unwrap();
        let lines = handling(&Definition::bare("p", Kind::Private), &[], Vec::new(), now);
        for topic in Topic::ALL {
            assert!(lines.iter().any(|line| line.topic == topic));
        }
        let retention = lines.iter().find(|line| line.topic == Topic::Retention).unwrap();
        assert_eq!(retention.mark, Mark::Unknown);
        let later = handling(&Definition::bare("b", Kind::Bedrock), &[], Vec::new(), now + 200 * 86_400_000);
        assert!(later.iter().filter(|line| line.mark == Mark::VendorStated).all(|line| line.review_due));
    }
}
