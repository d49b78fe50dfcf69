//! What a rehearsal answers: how calls, and what was found in them, would fare under another policy.
//!
//! Counts, names of rules and ids of calls; never text. Not here: how it is counted (`rehearsal`).

use serde::{Deserialize, Serialize};

use crate::redaction::names_model::view::NamesModelUsed;

/// Asks how stored calls would fare under another policy.
#[derive(Clone, Default, Deserialize, ts_rs::TS)]
pub struct Rehearse {
    /// The old policy's name; the one in force where neither it nor its text is given.
    #[ts(optional)]
    pub from: Option<String>,
    /// The old policy as TOML.
    #[ts(optional)]
    pub from_toml: Option<String>,
    /// The new policy's name.
    #[ts(optional)]
    pub to: Option<String>,
    /// The new policy as TOML, tried without saving it.
    #[ts(optional)]
    pub to_toml: Option<String>,
    /// Which calls.
    pub query: String,
    /// How many exposed calls are named, 1,000 where absent, 100,000 at most.
    #[ts(optional)]
    pub most_ids: Option<u32>,
}

// A query can name a person, and a policy's lists can too.
impl std::fmt::Debug for Rehearse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rehearse({} bytes of query)", self.query.len())
    }
}

/// A policy that was rehearsed.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct RehearsedPolicy {
    pub name: String,
    pub version: String,
    pub in_force: bool,
    /// It was tried from its text, and is not what is saved under the name.
    pub tried: bool,
    /// The plugged-in model that looked for names as well; `None` where none did.
    pub names_model: Option<NamesModelUsed>,
}

/// How many calls lack something that could be looked through.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Lack {
    /// `no_text`, `elsewhere`, `image`, `document`, `container_upload`, `damaged`, `erased`.
    pub reason: String,
    pub says: String,
    /// Calls that count as not evaluable, with this reason; a call may have several.
    pub calls: u64,
    /// Calls that changed in what could be looked through, and lack this besides.
    pub besides: u64,
}

/// Calls of which it can't be said that nothing changes.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct NotEvaluable {
    pub calls: u64,
    /// Of these, calls of which some text was compared and did not change.
    pub partly: u64,
    /// Calls that hold something that could not be looked through, whatever became of their text.
    pub in_part: u64,
    /// Calls whose records hold no text: nothing of them can show under any policy.
    pub without_text: u64,
    pub reasons: Vec<Lack>,
}

/// What both policies hide of one type, field or in all.
#[derive(Debug, Clone, Copy, Default, Serialize, ts_rs::TS)]
pub struct Stretches {
    /// Stretches of text that the old policy hides: exposed, otherwise and unchanged together.
    pub hidden_by_old: u64,
    pub hidden_by_new: u64,
    /// Hidden by the old one, with a letter or digit that the new one leaves.
    pub exposed: u64,
    pub newly_redacted: u64,
    /// Hidden by both: another operator, type or extent.
    pub treated_otherwise: u64,
    /// Of these, stretches of which the new policy's mask shows more letters or digits.
    pub shows_more: u64,
    pub unchanged: u64,
}

/// Stretches of one type; a newly redacted one counts under its type by the new policy.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ByType {
    pub entity_type: String,
    pub category: String,
    pub stretches: Stretches,
}

/// Stretches in one kind of field.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ByField {
    pub field: String,
    /// Texts that were compared.
    pub texts: u64,
    pub stretches: Stretches,
}

/// What a rule of the old policy used to catch and the new one leaves.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ExposedByRule {
    /// The old policy's recognizer.
    pub recognizer: String,
    pub entity_type: String,
    /// `kept`, `allowed`, `not_denied`, `names`, `no_rule`, `below_threshold`, `not_found`.
    pub because: String,
    pub says: String,
    pub exposed: u64,
    /// Of so many stretches that this rule hid as this type.
    pub of: u64,
    pub calls: u64,
    /// Some of these calls, the newest first.
    pub ids: Vec<String>,
}

/// What a rule of the new policy catches that the old one left.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct RedactedByRule {
    pub recognizer: String,
    pub entity_type: String,
    pub newly_redacted: u64,
    pub calls: u64,
    pub ids: Vec<String>,
}

/// Stretches that both hide, by what the policies do to them.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ByOperator {
    /// Type and operator of the old policy.
    pub old: String,
    pub new: String,
    pub stretches: u64,
    pub shows_more: u64,
}

/// A call in which something would be exposed.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ExposedCall {
    pub id: String,
    /// RFC 3339, UTC; `None` where no record tells.
    pub started_at: Option<String>,
    pub exposed: u64,
    /// Recognizer and type of what is exposed, each once, at most eight.
    pub rules: Vec<String>,
}

/// How stored calls fare under another policy. Each call counts once: as newly exposed, else as newly
/// redacted, else as treated otherwise, else as not evaluable where it lacks something, else as
/// unchanged.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Rehearsal {
    pub from: RehearsedPolicy,
    pub to: RehearsedPolicy,
    pub query: String,
    /// Calls that match: the five counts together.
    pub matched: u64,
    pub newly_exposed: u64,
    /// Of the exposed, calls in which something else is newly redacted.
    pub exposed_and_redacted: u64,
    pub newly_redacted: u64,
    pub treated_otherwise: u64,
    pub unchanged: u64,
    pub not_evaluable: NotEvaluable,
    /// Texts and characters that were compared.
    pub texts: u64,
    pub characters: u64,
    pub stretches: Stretches,
    pub by_type: Vec<ByType>,
    pub by_field: Vec<ByField>,
    pub exposed_by_rule: Vec<ExposedByRule>,
    pub redacted_by_rule: Vec<RedactedByRule>,
    pub by_operator: Vec<ByOperator>,
    /// Exposed calls, the newest first; fewer than `newly_exposed` where there are more than were asked for.
    pub exposed_calls: Vec<ExposedCall>,
    /// What ran once for both policies, and what for each.
    pub runs: Vec<String>,
    /// What these counts do not say.
    pub limits: Vec<String>,
    pub elapsed_ms: u64,
}
