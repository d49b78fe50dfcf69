//! A report as values: what the engine fills and every format prints.
//!
//! Texts are plain: no format may read them as markup. Not here: how they are laid out.

pub mod coverage;
pub mod oversight;

use coverage::ReportCoverage;
use oversight::{Approvals, Looked};
use serde::Serialize;

use crate::ReportError;

/// A figure's value.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
#[serde(tag = "is", content = "value", rename_all = "snake_case")]
pub enum Value {
    Count(u64),
    /// A count out of the figure's denominator.
    Share(u64),
    /// US dollars, as micro-dollars.
    Money(i64),
    DurationMs(u64),
    Text(String),
}

impl Value {
    /// As people read it.
    pub fn text(&self) -> String {
        match self {
            Self::Count(count) | Self::Share(count) => thousands(*count),
            Self::Money(micros) => money(*micros),
            Self::DurationMs(ms) if *ms < 1_000 => format!("{ms} ms"),
            Self::DurationMs(ms) => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
            Self::Text(text) => text.clone(),
        }
    }
}

/// `1,234,567`.
pub fn thousands(count: u64) -> String {
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

/// `$1,234.56` of micro-dollars, rounded half up to a cent; what is less than a cent and not nothing
/// keeps its digits: `$0.001862`.
pub fn money(micros: i64) -> String {
    let (sign, amount) = (if micros < 0 { "-" } else { "" }, micros.unsigned_abs());
    if (1..10_000).contains(&amount) {
        let digits = format!("{amount:06}");
        return format!("{sign}$0.{}", digits.trim_end_matches('0'));
    }
    let cents = (amount + 5_000) / 10_000;
    format!("{sign}${}.{:02}", thousands(cents / 100), cents % 100)
}

/// A number and what it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Counted {
    pub value: u64,
    /// "calls", "calls with a recorded cost" …; "call" of one.
    pub what: String,
}

impl Counted {
    /// A count of what is called `one` where there is one of it and `many` otherwise.
    pub fn new(value: u64, one: &str, many: &str) -> Self {
        let what = if value == 1 { one } else { many }.to_owned();
        Self { value, what }
    }
}

/// A figure with what it stands on.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Figure {
    pub id: String,
    pub title: String,
    pub value: Value,
    pub denominator: Option<Counted>,
    /// Records that could not be judged.
    pub unknown: Option<Counted>,
    /// The trail query that opens its records.
    pub query: Option<String>,
    pub note: Option<String>,
}

/// A line of a deployment's data handling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Line {
    pub topic: String,
    pub statement: String,
    /// `observed`, `configured`, `vendor_stated`, `declared`, `unknown`.
    pub mark: String,
    pub source: Option<String>,
    pub as_of: Option<String>,
    pub review_due: bool,
}

/// Where calls ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Place {
    /// `None` is "not recorded".
    pub region: Option<String>,
    pub calls: u64,
}

/// A deployment in the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Handling {
    pub deployment: String,
    pub kind: String,
    pub description: String,
    pub owner: Option<String>,
    pub regulated: bool,
    pub zero_retention: bool,
    pub calls: u64,
    pub places: Vec<Place>,
    pub lines: Vec<Line>,
}

/// A piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Evidence {
    /// "E-12": the number in this report.
    pub id: String,
    pub what: String,
    pub query: Option<String>,
    pub call_ids: Vec<String>,
    pub setting: Option<String>,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Finding {
    pub id: String,
    pub check: String,
    pub deployment: String,
    pub subject: String,
    /// `met`, `not_met`, `unknown`, `waived`.
    pub verdict: String,
    pub severity: String,
    pub title: String,
    pub detail: String,
    pub how_to_fix: String,
    pub clauses: Vec<String>,
    pub evidence: Vec<Evidence>,
    pub counted: u64,
    pub of: u64,
    pub unknown: u64,
    pub waiver: Option<String>,
}

/// Counts of verdicts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Verdicts {
    pub met: u64,
    pub not_met: u64,
    pub unknown: u64,
    pub waived: u64,
}

/// A row of the table over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Week {
    /// Date of its first day.
    pub from: String,
    pub calls: u64,
    pub errors: u64,
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// Calls whose tokens are recorded.
    pub tokens_known: u64,
    pub cost_usd_micros: i64,
    /// Calls whose cost is known.
    pub cost_known: u64,
}

/// A file that was imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Import {
    pub path: String,
    pub format: Option<String>,
    pub sha256: Option<String>,
    pub accepted: u64,
    pub duplicates: u64,
    pub rejected: u64,
}

/// The evidence tree when the report was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Integrity {
    pub size: u64,
    /// Hexadecimal.
    pub root: String,
    /// The fingerprint of the first key that signed: the one that strangers pin.
    pub first_key: Option<String>,
    /// How far it is signed and anchored, whether it was rolled back or is damaged, a sentence each.
    pub says: Vec<String>,
    pub proves: Vec<String>,
    pub does_not_prove: Vec<String>,
}

/// Whether CloudTrail's log files are as AWS delivered them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Sources {
    /// CloudTrail log files that were imported.
    pub files: u64,
    /// Named by a digest that AWS signed.
    pub verified: u64,
    /// Named by a digest with another hash.
    pub failed: u64,
    /// Neither: no digest, no key, no signature, or not compared.
    pub unknown: u64,
    /// Plain sentences: what is verified and what is not known.
    pub says: Vec<String>,
    pub chains: Vec<SourceChain>,
}

/// A chain of digests: one trail about one region of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SourceChain {
    pub title: String,
    /// `verified`, `partly`, `unknown`, `failed`.
    pub verdict: String,
    /// Plain sentences with their figures: digests, files, gaps, failures.
    pub says: Vec<String>,
}

/// A period, half open, UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Period {
    pub from: String,
    pub to: String,
}

impl Period {
    /// As people read it: whole days with the last one that belongs to it, or the two moments.
    pub fn text(&self) -> String {
        let day = |text: &str| chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        match (day(&self.from), day(&self.to).and_then(|to| to.pred_opt())) {
            (Some(first), Some(last)) => {
                format!(
                    "{} to {} (UTC, both days belong to it)",
                    first.format("%-d %B %Y"),
                    last.format("%-d %B %Y")
                )
            }
            _ => format!("{} up to, not including, {} (UTC)", self.from, self.to),
        }
    }
}

/// `25 November 2026, 10:13:10 UTC` of an RFC 3339 moment; the text itself where it is none.
pub fn moment_text(text: &str) -> String {
    chrono::DateTime::parse_from_rfc3339(text).map_or_else(
        |_| text.to_owned(),
        |at| at.to_utc().format("%-d %B %Y, %H:%M:%S UTC").to_string(),
    )
}

/// A report.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct Report {
    pub title: String,
    pub organisation: String,
    pub period: Period,
    pub deployments: Vec<String>,
    /// RFC 3339, UTC.
    pub generated_at: String,
    pub generated_by: String,
    pub version: String,
    /// Made from the sample organisation.
    pub sample: bool,
    /// Plain sentences.
    pub summary: Vec<String>,
    pub figures: Vec<Figure>,
    pub verdicts: Verdicts,
    /// When the checks were run; `None` where they were not.
    pub checked_at: Option<String>,
    pub handling: Vec<Handling>,
    /// Which calls and settings the findings are of, a sentence: not those of the period alone.
    pub findings_of: String,
    pub findings: Vec<Finding>,
    pub weeks: Vec<Week>,
    /// What the sources of the period cover, over all deployments.
    pub coverage: ReportCoverage,
    /// What the report does not cover, a sentence each.
    pub not_covered: Vec<String>,
    pub integrity: Integrity,
    pub sources: Sources,
    pub imports: Vec<Import>,
    /// Who looked at original text within the period.
    pub looked: Looked,
    /// What a second person approved within the period.
    pub approvals: Approvals,
}

impl Report {
    /// Refuses a figure that is a share of nothing said.
    pub(crate) fn validate(&self) -> Result<(), ReportError> {
        let bare = |figure: &&Figure| {
            matches!(figure.value, Value::Share(_) | Value::Money(_))
                && figure.denominator.is_none()
        };
        match self.figures.iter().find(bare) {
            Some(figure) => Err(ReportError::NoDenominator(figure.id.clone())),
            None => Ok(()),
        }
    }
}

/// The word for a verdict.
pub fn verdict_word(verdict: &str) -> &str {
    match verdict {
        "not_met" => "not met",
        other => other,
    }
}

/// The words for a chain's verdict.
pub fn chain_word(verdict: &str) -> &str {
    match verdict {
        "partly" => "verified in part",
        "unknown" => "not known",
        other => other,
    }
}

/// The word for a mark.
pub fn mark_word(mark: &str) -> &str {
    match mark {
        "vendor_stated" => "vendor-stated",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_than_a_cent_is_not_nothing() {
        for (micros, text) in [
            (0, "$0.00"),
            (1, "$0.000001"),
            (1_862, "$0.001862"),
            (5_000, "$0.005"),
            (10_000, "$0.01"),
            (14_999, "$0.01"),
            (-1_862, "-$0.001862"),
            (1_234_565_000, "$1,234.57"),
        ] {
            assert_eq!(money(micros), text, "{micros}");
        }
    }
}
