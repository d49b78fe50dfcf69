//! What the redaction preview shows: fields before and after, the reason of each entity, the
//! recognizers.

use assay_domain::exchange::Field;
use serde::{Deserialize, Serialize};

use crate::redaction::names_model::view::NamesModelUsed;

/// Asks for a preview of a text or of a stored call; exactly one of the two.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct PreviewRedaction {
    #[ts(optional)]
    pub text: Option<String>,
    #[ts(optional)]
    pub call_id: Option<String>,
    /// A version of a policy (`claims@3`), or a name for its newest; the one in force where absent.
    #[ts(optional)]
    pub policy: Option<String>,
    /// Of a text: the field of a call that it is taken for; none where absent.
    #[ts(optional)]
    pub field: Option<Field>,
    /// Of a text: the deployment that it is taken to be of; none where absent.
    #[ts(optional)]
    pub deployment: Option<String>,
    /// A policy as TOML, tried without saving it.
    #[ts(optional)]
    pub policy_toml: Option<String>,
}

/// A stretch of a field. Without `entity_type` it is text that the policy leaves as it is.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct PreviewSegment {
    /// Before. For a stored call the original of an entity is shown as dots until it is revealed.
    pub before: String,
    /// After: what the operator makes of it.
    pub after: String,
    pub entity_type: Option<String>,
    /// `person`, `contact`, `financial`, `govid`, `location`, `health`, `secret`, `custom`.
    pub category: Option<String>,
    /// 0–1.
    pub score: Option<f32>,
    pub recognizer: Option<String>,
    pub operator: Option<String>,
    /// Why it matched and what it beat, a sentence each.
    pub why: Vec<String>,
}

/// One text-bearing field.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct PreviewField {
    /// `None` for a pasted text.
    pub field: Option<Field>,
    pub label: Option<String>,
    /// Of a value of a tool's input, where in it: `rows[0].account`.
    pub path: Option<String>,
    pub turn: Option<u32>,
    pub segments: Vec<PreviewSegment>,
}

/// How many of one type were found.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct EntityCount {
    pub entity_type: String,
    pub category: String,
    pub count: u64,
}

/// What an entry of the policy's allow list left alone.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct AllowedCount {
    /// Where it stands: `allow[2]`.
    pub place: String,
    /// The entry in a sentence.
    pub entry: String,
    /// Its last day has passed: it leaves nothing alone any more.
    pub over: bool,
    pub hits: u64,
}

/// A preview.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct RedactionPreview {
    /// What names the very text: `claims@3`, or the name of a text that is only tried.
    pub policy: String,
    /// What the text calls itself.
    pub policy_version: String,
    /// The plugged-in model that looks for names as well; `None` where none does.
    pub names_model: Option<NamesModelUsed>,
    pub fields: Vec<PreviewField>,
    pub counts: Vec<EntityCount>,
    /// Entries of the allow list that left something alone or are over, in their order.
    pub allowed: Vec<AllowedCount>,
    /// What the policy can't judge in this call: images, documents kept elsewhere …
    pub not_covered: Vec<String>,
    pub characters: u64,
    pub elapsed_us: u64,
    /// Whether `before` shows the original text.
    pub revealed: bool,
}

/// A recognizer.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct RecognizerRow {
    pub name: String,
    pub entity_type: String,
    pub category: String,
    pub about: String,
    pub examples: Vec<String>,
}

/// Puts the originals back in place of the tokens of a text. `reason` is kept for ever.
#[derive(Clone, Deserialize, ts_rs::TS)]
pub struct RestoreText {
    pub text: String,
    pub reason: String,
}

/// A text with its originals.
#[derive(Clone, Serialize, ts_rs::TS)]
pub struct RestoredText {
    pub text: String,
    /// Tokens that were put back.
    pub restored: u64,
    /// Tokens of which the vault has no original.
    pub missing: u64,
    /// The activity that notes it.
    pub activity: String,
}

/// What is in the vault.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct VaultStatus {
    pub entries: u64,
    /// When the first of them was kept; RFC 3339, UTC.
    pub first_kept: Option<String>,
    pub last_kept: Option<String>,
    /// Where its key is, in a sentence.
    pub key: String,
    pub key_at_hand: bool,
}
