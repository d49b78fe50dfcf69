//! What guards show: profiles, plans, runs, cases.

use assay_domain::guards::GuardKind;
use serde::{Deserialize, Serialize};

/// A guard that canaries can be sent to.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct GuardRow {
    pub name: String,
    pub kind: GuardKind,
    pub base_url: String,
    /// Host and port.
    pub destination: String,
    /// Nothing sent to it leaves this computer.
    pub is_loopback: bool,
    pub region: Option<String>,
    /// `x_api_key`, `bearer`, `sigv4`, `none`.
    pub auth: String,
    pub guardrail: Option<String>,
    pub version: Option<String>,
    /// Bedrock: texts are judged as a model's answer.
    pub as_output: bool,
    pub language: Option<String>,
    pub text_field: Option<String>,
    /// What it is said to find, by its own names; empty is not known.
    pub claims: Vec<String>,
    pub private: bool,
    pub per_second: Option<u32>,
    /// Whether a key is there: `keychain`, `environment`, `none`, `not_needed`, or why it can't be told.
    pub key: String,
    /// The last four characters of the key.
    pub key_last4: Option<String>,
    /// The environment variable that a key is read from.
    pub key_variable: String,
}

/// Saves a guard; the key is set apart.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct SaveGuard {
    pub name: String,
    pub kind: GuardKind,
    pub base_url: String,
    #[ts(optional)]
    pub region: Option<String>,
    pub auth: String,
    #[ts(optional)]
    pub guardrail: Option<String>,
    #[ts(optional)]
    pub version: Option<String>,
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub as_output: bool,
    #[ts(optional)]
    pub language: Option<String>,
    #[ts(optional)]
    pub text_field: Option<String>,
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub claims: Vec<String>,
    #[serde(default)]
    #[ts(optional, as = "Option<bool>")]
    pub private: bool,
    #[ts(optional)]
    pub per_second: Option<u32>,
}

/// Names a guard.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct GuardRef {
    pub name: String,
}

/// Puts a guard's key into the operating system's keychain.
#[derive(Deserialize, ts_rs::TS)]
pub struct SetGuardKey {
    pub guard: String,
    pub key: String,
}

/// Asks for a plan; nothing is sent.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct PlanGuard {
    pub guard: String,
    pub seed: u64,
    /// Texts with a planted value.
    pub count: u32,
    /// Texts with nothing planted.
    pub clean: u32,
    /// Empty stands for all types.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub entity_types: Vec<String>,
    /// Empty stands for all writings.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub writings: Vec<String>,
    /// The local rules that it is set against; the policy in force where it is left out.
    #[ts(optional)]
    pub policy: Option<String>,
}

/// What would be sent where.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct GuardPlan {
    /// The plan's id; it is carried out once, within a day.
    pub id: String,
    pub guard: String,
    pub kind: GuardKind,
    /// Host and port.
    pub destination: String,
    pub is_loopback: bool,
    pub texts: u64,
    pub planted: u64,
    pub clean: u64,
    /// Of the texts alone.
    pub bytes: u64,
    pub seed: u64,
    /// SHA-256 of the texts in order.
    pub sha256: String,
    pub policy: String,
    pub policy_version: String,
    /// Dollars at most, where a price is known.
    pub cost_usd: Option<String>,
    /// How the cost was worked out, or why it is not known.
    pub cost_note: String,
    /// What has to be typed before anything is sent; none where nothing leaves this computer.
    pub phrase: Option<String>,
    /// Some of the texts, as they would be sent.
    pub examples: Vec<String>,
}

/// Carries out a plan.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct RunGuard {
    pub plan: String,
    #[ts(optional)]
    pub phrase: Option<String>,
}

/// Names a run.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct GuardRunRef {
    pub run: String,
}

/// A run in a list.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct GuardRunRow {
    pub id: String,
    pub guard: String,
    pub kind: GuardKind,
    pub destination: String,
    /// `running`, `done`, `cancelled`, `failed`.
    pub state: String,
    pub started_at: Option<String>,
    pub finished_at: Option<String>,
    /// Texts of the plan.
    pub texts: u64,
    /// Texts that the guard gave a verdict on.
    pub judged: u64,
    pub planted: u64,
    /// Judged ones with a planted value of a type that the guard does not leave out, and of these found
    /// whole by the guard, and by the local rules.
    pub judged_planted: u64,
    pub guard_found: u64,
    pub local_found: u64,
    pub policy: String,
    pub policy_version: String,
}

/// How many of how many were found whole.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ts_rs::TS)]
pub struct FoundOf {
    pub found: u64,
    /// Found in part: the rest would still be read. Not among the found ones.
    pub partly: u64,
    pub of: u64,
    /// The 95 % interval of the share, 0–1; none under 30, which are too few to judge.
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// Guard and local rules on the same texts.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct GuardLine {
    /// None in a line over all types.
    pub entity_type: Option<String>,
    /// None in a line over all writings.
    pub writing: Option<String>,
    /// `claimed`, `not_claimed`, `not_known`: whether the guard says that it finds this type.
    pub claimed: String,
    /// What guards of this kind call the type; empty where they have no name for it.
    pub guard_names: Vec<String>,
    pub guard: FoundOf,
    pub local: FoundOf,
    pub both: u64,
    pub only_guard: u64,
    pub only_local: u64,
    pub neither: u64,
    /// Texts without a verdict, apart from the others.
    pub no_answer: u64,
    /// What the guard called what it found there, the most frequent first.
    pub found_as: Vec<NameCount>,
}

/// A name and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct NameCount {
    pub name: String,
    pub count: u64,
}

/// A run with its figures.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct GuardRun {
    pub run: GuardRunRow,
    /// Over the types that the guard claims, or of which it is not known: `not_claimed` is apart.
    pub all: GuardLine,
    /// Over the types that the guard does not claim; none where there are none.
    pub not_claimed: Option<GuardLine>,
    pub by_type: Vec<GuardLine>,
    /// Without the types that the guard does not claim.
    pub by_writing: Vec<GuardLine>,
    /// Type by writing.
    pub cells: Vec<GuardLine>,
    /// Texts with nothing planted in which something was found wrongly.
    pub clean_guard: FoundOf,
    pub clean_local: FoundOf,
    /// Why there is no verdict, and on how many texts.
    pub faults: Vec<NameCount>,
    /// Why it ended early, for people.
    pub stopped: Option<String>,
    /// Dollars, by the units that the guard counted.
    pub cost_usd: Option<String>,
    /// What was measured in this run and what was not.
    pub notes: Vec<String>,
}

/// Asks for the texts behind a figure.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct AskGuardCases {
    pub run: String,
    #[ts(optional)]
    pub entity_type: Option<String>,
    #[ts(optional)]
    pub writing: Option<String>,
    /// `both`, `only_guard`, `only_local`, `neither`, `partly`, `no_answer`; of texts with nothing
    /// planted `clean` (found by the guard) and `clean_local`.
    pub which: String,
    /// At most 500.
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// Texts behind a figure.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct GuardCases {
    /// How many there are.
    pub count: u64,
    pub cases: Vec<GuardCase>,
}

/// One canary and what became of it. The text is synthetic, so it is shown as it is.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct GuardCase {
    pub id: String,
    pub entity_type: Option<String>,
    pub writing: String,
    pub field: String,
    pub language: String,
    pub before: String,
    /// The planted value as it was written; empty where nothing is planted.
    pub planted: String,
    pub after: String,
    /// `found`, `partly`, `missed`, `no_answer`.
    pub guard: String,
    pub local: String,
}
