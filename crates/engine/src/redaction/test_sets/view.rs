//! What is asked and shown of test sets: their texts, labels, figures and cases.

use serde::{Deserialize, Serialize};

use crate::redaction::evaluation::view::{LabelRow, Measured};

/// A test set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct SetRow {
    pub name: String,
    /// Of its texts, where they are of one.
    pub language: Option<String>,
    /// The kind of field that its texts are from.
    pub field: Option<String>,
    pub texts: u64,
    /// Of these, texts taken from stored calls.
    pub from_calls: u64,
    /// Texts that were erased with the call that they were taken from.
    pub erased: u64,
    pub labels: u64,
    pub made_by: String,
    pub made_at: String,
}

/// Makes an empty test set.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct MakeSet {
    pub name: String,
    #[ts(optional)]
    pub language: Option<String>,
    #[ts(optional)]
    pub field: Option<String>,
}

/// Adds a pasted text, or the texts of a stored call; exactly one of the two.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct AddTestText {
    pub set: String,
    #[ts(optional)]
    pub text: Option<String>,
    #[ts(optional)]
    pub call_id: Option<String>,
    /// Which text of the call, counted from 0 in the order of its preview; all where absent.
    #[ts(optional)]
    pub part: Option<u32>,
    #[ts(optional)]
    pub language: Option<String>,
}

/// What was added.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct AddedTexts {
    pub set: String,
    /// The numbers of the texts.
    pub texts: Vec<u32>,
    pub labels: u64,
    /// Of a corpus: what its labels were taken for, the most frequent first.
    pub taken_for: Vec<LabelRow>,
    /// Texts of a corpus that were left out, since nothing stands in them.
    pub empty: u64,
    /// Texts of a corpus that were left out, since the set holds them already, whatever their labels.
    pub held: u64,
}

/// Imports a corpus into a test set, from a file that was chosen.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct ImportSet {
    pub set: String,
    pub handle: String,
    /// What its texts are in, where they do not say; of the set where absent.
    #[ts(optional)]
    pub language: Option<String>,
    /// The kind of field that they are from, where they do not say; of the set where absent.
    #[ts(optional)]
    pub field: Option<String>,
}

/// Measures a policy on a test set.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct RunSet {
    pub set: String,
    /// A policy's name; the one in force where absent.
    #[ts(optional)]
    pub policy: Option<String>,
    /// A policy as TOML, measured without saving it.
    #[ts(optional)]
    pub policy_toml: Option<String>,
}

/// The figures of a policy on a test set.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct SetRun {
    pub set: SetRow,
    pub measured: Measured,
}

/// Asks for texts of a set with what a policy makes of them.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct AskCases {
    pub set: String,
    #[ts(optional)]
    pub policy: Option<String>,
    #[ts(optional)]
    pub policy_toml: Option<String>,
    /// `missed`, `wrong`, or `all` texts.
    pub which: String,
    /// Only cases of this type.
    #[ts(optional)]
    pub entity_type: Option<String>,
    /// The last text of the page before.
    #[ts(optional)]
    pub after: Option<u32>,
}

/// Some texts of a set.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct CasePage {
    pub cases: Vec<CaseRow>,
    /// Whether there are more behind the last one.
    pub more: bool,
}

/// A text of a set, cut where labels and findings begin and end.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct CaseRow {
    pub text: u32,
    pub set: String,
    /// The call that it was taken from.
    pub call: Option<String>,
    pub language: Option<String>,
    pub field: Option<String>,
    pub segments: Vec<CaseSegment>,
    /// Whether it is shown as it is: of a text from a call what is labelled or found stands as dots.
    pub revealed: bool,
}

/// A stretch of a text; dots have as many characters as what they hide.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
pub struct CaseSegment {
    pub text: String,
    /// The label that it belongs to.
    pub label: Option<u32>,
    pub labelled_type: Option<String>,
    pub labelled_by: Option<String>,
    pub labelled_at: Option<String>,
    pub found_type: Option<String>,
    pub recognizer: Option<String>,
    /// 0–1.
    pub score: Option<f32>,
    pub category: Option<String>,
    /// `plain`, `right`, `missed`, `wrong`.
    pub verdict: String,
}

/// Names a text of a set, and the policy whose findings are shown beside its labels.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct TextRef {
    pub text: u32,
    #[ts(optional)]
    pub policy: Option<String>,
    #[ts(optional)]
    pub policy_toml: Option<String>,
}

/// Asks for a text that was taken from a call as it is.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct RevealText {
    pub text: u32,
    /// At least 10 characters.
    pub reason: String,
    #[ts(optional)]
    pub policy: Option<String>,
    #[ts(optional)]
    pub policy_toml: Option<String>,
}

/// Labels a span of a text, or changes a label.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct LabelText {
    pub text: u32,
    /// Where it begins and ends, in Unicode code points of the text; as the label before where
    /// absent.
    #[ts(optional)]
    pub from_point: Option<u32>,
    #[ts(optional)]
    pub to_point: Option<u32>,
    /// Its type; absent takes the label back.
    #[ts(optional)]
    pub entity_type: Option<String>,
    /// The label that is taken back or changed.
    #[ts(optional)]
    pub label: Option<u32>,
}
