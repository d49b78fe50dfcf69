//! Checks: questions about a deployment, answered from its definition, its collected settings and
//! its trail, each with the clause it cites.
//!
//! In: a [`Subject`]. Out: [`Finding`]s. Every count is the count of a trail query, so that each
//! figure opens exactly the calls that it counts. A check that lacks what it needs says *unknown*;
//! it never says *met*. Not here: where records lie ([`Trail`] is given), waivers, screens.

pub mod billed_calls_held;
pub mod global_routing;
pub mod hours_covered;
pub mod log_retention;
pub mod logging;
pub mod logging_kept_on;
pub mod models;
pub mod personal_data;
pub mod private_path;
pub mod residency;
pub mod retention_mode;
pub mod secrets;
pub mod spend;
pub mod zero_retention;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::billed::comparing::Line;
use crate::coverage::Hole;
use crate::deployment::Definition;
use crate::facts::REVIEW_DAYS;
use crate::settings::{Setting, date_text};

/// What a query can fail with; the caller knows its own kinds.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

const DAY_MS: i64 = 86_400_000;

/// Cost of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    pub start_ms: i64,
    pub calls: u64,
    pub cost_usd_micros: i64,
    /// Calls whose cost is known.
    pub cost_known: u64,
}

/// What a check may ask of the trail. Queries are in the trail's query language.
pub trait Trail {
    /// How many calls match.
    ///
    /// # Errors
    /// What reading the trail failed with.
    fn count(&self, query: &str) -> Result<u64, Failure>;
    /// The values of a key among the calls that match; `None` is "not recorded".
    ///
    /// # Errors
    /// What reading the trail failed with.
    fn values(&self, key: &str, query: &str) -> Result<Vec<(Option<String>, u64)>, Failure>;
    /// Ids of some calls that match, the newest first.
    ///
    /// # Errors
    /// What reading the trail failed with.
    fn examples(&self, query: &str) -> Result<Vec<String>, Failure>;
    /// A deployment's days that have calls, in order.
    ///
    /// # Errors
    /// What reading the trail failed with.
    fn days(&self, deployment: &str) -> Result<Vec<Day>, Failure>;
    /// How many of the calls that match were searched for personal data, and how many could not
    /// be (no text recorded) or were not yet.
    ///
    /// # Errors
    /// What reading the trail failed with.
    fn scanned(&self, query: &str) -> Result<(u64, u64), Failure>;
    /// What the sources of a deployment's calls cover.
    ///
    /// # Errors
    /// What reading the trail failed with.
    fn covered(&self, definition: &Definition) -> Result<Covered, Failure>;
}

/// What the sources of a deployment's calls cover, over the whole trail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Covered {
    /// Calls.
    pub calls: u64,
    /// Names of the sources that saw any, in order.
    pub sources: Vec<String>,
    /// Calls in hours in which only one source recorded anything, and calls without a time: nothing
    /// tells whether such an hour is whole.
    pub unchecked: u64,
    /// Holes of this deployment, and changes of logging in its accounts.
    pub holes: Vec<Hole>,
    /// Activities in the trail from where changes of its logging would be recorded.
    pub activities: u64,
    /// What the provider billed of this deployment against what the trail holds.
    pub billed: Vec<Line>,
    /// Reports were imported without saying of which of several deployments they are.
    pub billed_unassigned: bool,
}

/// What a check looks at.
pub struct Subject<'a> {
    pub definition: &'a Definition,
    pub settings: &'a [Setting],
    pub trail: &'a dyn Trail,
    /// The time of the run.
    pub now_ms: i64,
}

impl Subject<'_> {
    /// Why a setting is no evidence of how it is set today, where it is none: nobody knows when it
    /// was read, or that is more than [`REVIEW_DAYS`] ago.
    pub fn outdated(&self, setting: &Setting) -> Option<String> {
        match setting.as_of_ms {
            None => Some("when that was read is not stated".to_owned()),
            Some(at) if at > self.now_ms + DAY_MS => {
                Some(format!("its date, {}, is still to come", date_text(at)))
            }
            Some(at) if self.now_ms - at > REVIEW_DAYS * DAY_MS => Some(format!(
                "that was read on {}, more than {REVIEW_DAYS} days ago",
                date_text(at)
            )),
            Some(_) => None,
        }
    }

    /// A query about this deployment's calls.
    pub fn query(&self, terms: &str) -> String {
        let name = &self.definition.name;
        if terms.is_empty() {
            format!("deployment:{name}")
        } else {
            format!("deployment:{name} {terms}")
        }
    }

    /// How many of its calls match `terms`.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn count(&self, terms: &str) -> Result<u64, Failure> {
        self.trail.count(&self.query(terms))
    }

    /// How many calls were searched but hold images or documents, which no recognizer reads, beside
    /// those that match `found`; and the query of all that hold some.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn partly_searched(&self, found: Option<&str>) -> Result<(u64, &'static str), Failure> {
        const UNREAD: &str = "scanned:yes feature:image,document";
        let all = self.count(UNREAD)?;
        let counted = match found {
            Some(found) => self.count(&format!("{UNREAD} {found}"))?,
            None => 0,
        };
        Ok((all.saturating_sub(counted), UNREAD))
    }

    /// Evidence that opens its calls that match `terms`, with some of their ids.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn calls(&self, what: impl Into<String>, terms: &str) -> Result<Evidence, Failure> {
        let query = self.query(terms);
        Ok(Evidence {
            what: what.into(),
            call_ids: self.trail.examples(&query)?,
            query: Some(query),
            setting: None,
        })
    }
}

/// A clause that a check reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clause {
    /// "GDPR Art. 5(1)(e)".
    pub clause: &'static str,
    pub asks: &'static str,
    /// When it was read; a date.
    pub as_of: &'static str,
}

/// When the clauses were read; a date.
pub const CLAUSES_AS_OF: &str = "2026-08-22";

const fn clause(clause: &'static str, asks: &'static str) -> Clause {
    Clause {
        clause,
        asks,
        as_of: CLAUSES_AS_OF,
    }
}

/// How bad it is if it is not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The severity with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Info,
            Self::Low,
            Self::Medium,
            Self::High,
            Self::Critical,
        ]
        .into_iter()
        .find(|severity| severity.name() == name)
    }
}

/// An answer. A waiver is put on a finding later, by a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Met,
    NotMet,
    Unknown,
}

impl Verdict {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not_met",
            Self::Unknown => "unknown",
        }
    }

    /// Not met if anything failed, else unknown if anything can't be judged or nothing was
    /// looked at, else met.
    pub const fn of(failing: u64, unknown: u64, of: u64) -> Self {
        match (failing, unknown, of) {
            (1.., _, _) => Self::NotMet,
            (0, 0, 1..) => Self::Met,
            _ => Self::Unknown,
        }
    }
}

/// A piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub what: String,
    /// Opens exactly the calls that are meant.
    pub query: Option<String>,
    /// Some of the calls.
    pub call_ids: Vec<String>,
    /// The setting that is meant, with the call that revealed it.
    pub setting: Option<String>,
}

impl Evidence {
    /// A collected setting.
    pub fn setting(setting: &Setting) -> Self {
        let at = setting
            .as_of_ms
            .map_or_else(|| "time not stated".to_owned(), date_text);
        Self {
            what: format!("{}: {}", setting.name, setting.value),
            query: None,
            call_ids: Vec::new(),
            setting: Some(format!(
                "{} ({at}), from {}",
                setting.revealed_by, setting.source
            )),
        }
    }
}

/// One answer of a check about one subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable for check, deployment and subject.
    pub id: String,
    pub check: String,
    pub deployment: String,
    /// What within the deployment: a region, a log group, "all calls".
    pub subject: String,
    pub verdict: Verdict,
    pub severity: Severity,
    /// One sentence with its figures and their denominators.
    pub title: String,
    pub detail: String,
    pub how_to_fix: String,
    pub evidence: Vec<Evidence>,
    /// Records that the finding speaks of.
    pub counted: u64,
    /// Records that were looked at.
    pub of: u64,
    /// Records that could not be judged.
    pub unknown: u64,
}

/// An answer before it has an id.
pub struct Answer {
    pub subject: String,
    pub verdict: Verdict,
    pub title: String,
    pub detail: String,
    pub how_to_fix: &'static str,
    pub evidence: Vec<Evidence>,
    pub counted: u64,
    pub of: u64,
    pub unknown: u64,
}

/// A check: its question and its code.
pub struct Check {
    pub id: &'static str,
    pub title: &'static str,
    pub question: &'static str,
    pub severity: Severity,
    pub clauses: &'static [Clause],
    /// No answer where the question does not apply to the deployment.
    pub run: fn(&Subject<'_>) -> Result<Vec<Answer>, Failure>,
}

/// All checks, in the order of screens and reports.
pub static ALL: [&Check; 14] = [
    &log_retention::CHECK,
    &logging::CHECK,
    &logging_kept_on::CHECK,
    &hours_covered::CHECK,
    &billed_calls_held::CHECK,
    &residency::CHECK,
    &global_routing::CHECK,
    &zero_retention::CHECK,
    &retention_mode::CHECK,
    &personal_data::CHECK,
    &secrets::CHECK,
    &private_path::CHECK,
    &models::CHECK,
    &spend::CHECK,
];

/// The check with this id.
pub fn named(id: &str) -> Option<&'static Check> {
    ALL.into_iter().find(|check| check.id == id)
}

/// Runs all checks over a deployment.
///
/// # Errors
/// What reading the trail failed with.
pub fn run(subject: &Subject<'_>) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    for check in ALL {
        for answer in (check.run)(subject)? {
            findings.push(Finding {
                id: finding_id(check.id, &subject.definition.name, &answer.subject),
                check: check.id.to_owned(),
                deployment: subject.definition.name.clone(),
                subject: answer.subject,
                verdict: answer.verdict,
                severity: check.severity,
                title: answer.title,
                detail: answer.detail,
                how_to_fix: answer.how_to_fix.to_owned(),
                evidence: answer.evidence,
                counted: answer.counted,
                of: answer.of,
                unknown: answer.unknown,
            });
        }
    }
    Ok(findings)
}

fn finding_id(check: &str, deployment: &str, subject: &str) -> String {
    let digest = Sha256::digest(format!("{check}\0{deployment}\0{subject}").as_bytes());
    format!("{check}-{}", hex::encode(&digest[..5]))
}

/// `1,234` of a count.
pub(crate) fn n(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 call`, `2 calls`.
pub fn calls(count: u64) -> String {
    counted(count, "call")
}

/// `1 record`, `2 records`.
pub fn counted(count: u64, one: &str) -> String {
    format!("{} {one}{}", n(count), if count == 1 { "" } else { "s" })
}

/// `the only call`, `all 3 calls`, as the beginning of a sentence.
pub(crate) fn all_calls(count: u64) -> String {
    match count {
        1 => "The only call".to_owned(),
        more => format!("All {}", calls(more)),
    }
}

/// What stands behind a count of what something was done to.
pub const fn were(count: u64) -> &'static str {
    if count == 1 { "was" } else { "were" }
}
