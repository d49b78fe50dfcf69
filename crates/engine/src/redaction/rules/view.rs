//! What the editor of rules asks and shows.

use serde::{Deserialize, Serialize};

/// A rule of a policy's own. It matches a pattern, words, or digits that pass a check.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct RuleForm {
    pub name: String,
    pub entity_type: String,
    /// `person`, `contact`, `financial`, `govid`, `location`, `health`, `secret`, `custom`.
    pub category: String,
    pub about: String,
    /// Empty where it matches words, or a check alone.
    pub pattern: String,
    /// Whole words, in any case.
    pub words: Vec<String>,
    /// What a match has to pass, by name.
    pub validator: Option<String>,
    /// Every text with a match holds one of these.
    pub needs: Vec<String>,
    /// Words near it that raise the score.
    pub context: Vec<String>,
    /// Only with one of those words near it.
    pub context_required: bool,
    /// Words near it that rule it out.
    pub not_context: Vec<String>,
    /// 0–1.
    pub score: f32,
    /// The operator of its type: a name or an inline table of TOML; what the policy says where absent.
    pub operator: Option<String>,
    pub examples: Vec<String>,
    pub negative_examples: Vec<String>,
}

/// Tries a rule in a policy, without saving either.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct TryRule {
    pub rule: RuleForm,
    /// The policy as edited.
    pub policy_toml: String,
    /// The rule of the policy that it is instead of.
    #[ts(optional)]
    pub replaces: Option<String>,
    /// A text to try it on, at most 100 kB.
    #[ts(optional)]
    pub text: Option<String>,
}

/// What came of trying a rule.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct TriedRule {
    /// Why it can't be used; the rest is empty then.
    pub problem: Option<RuleProblem>,
    /// What is harmless and worth knowing.
    pub remarks: Vec<String>,
    pub examples: Vec<TriedExample>,
    pub negative_examples: Vec<TriedExample>,
    /// Whether it can be used and keeps to all its examples.
    pub holds: bool,
    /// The text as the policy with the rule sees it.
    pub text: Vec<RuleSegment>,
    /// The policy with the rule in it.
    pub policy_toml: Option<String>,
    /// Megabytes a second of the text that it is slowest on, without the rest of the policy.
    pub slowest_mb_per_s: Option<f64>,
}

/// Why a rule can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RuleProblem {
    /// `name`, `entity_type`, `pattern`, `words`, `validator`, `score`, `operator`, `policy`.
    pub part: String,
    pub message: String,
    pub hint: String,
    /// The pattern before, at and behind the place; all empty where the whole is meant.
    pub before: String,
    pub at: String,
    pub after: String,
}

/// An example, tried.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct TriedExample {
    /// What the rule alone finds in it.
    pub segments: Vec<RuleSegment>,
    pub holds: bool,
    /// What came of it in a sentence.
    pub says: String,
}

/// A stretch of a text; without `entity_type` nothing was found in it.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct RuleSegment {
    pub text: String,
    pub entity_type: Option<String>,
    pub category: Option<String>,
    /// Whether the rule that is tried found it.
    pub is_own: bool,
    pub recognizer: Option<String>,
    /// 0–1.
    pub score: Option<f32>,
    pub why: Vec<String>,
}

/// Asks for the rules that a policy's text adds.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct ListRules {
    pub policy_toml: String,
}

/// The rules that a policy adds, and what one may name.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct RuleList {
    /// Whether the text is a whole policy, and not rules alone.
    pub is_policy: bool,
    pub rules: Vec<RuleForm>,
    /// The checks that a rule may name.
    pub validators: Vec<String>,
    /// The entity types that there are.
    pub entity_types: Vec<String>,
}

/// Takes a rule out of a policy's text.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct TakeOutRule {
    pub policy_toml: String,
    pub name: String,
}

/// The text of a policy.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct PolicyText {
    pub policy_toml: String,
}
