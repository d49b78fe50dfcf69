//! What the trail shows: calls, activities, facets, histograms and one record in full, as they
//! cross to the window and the terminal.
//!
//! Names follow the terminal contract. A field that the source does not carry is `None`. Text is
//! masked. Not here: how these are found (`trail`).

use std::collections::BTreeMap;

use assay_domain::activity::Category;
use assay_domain::call::{Body, Feature, Kind, Oddity, Status};
use assay_domain::exchange::Field;
use assay_domain::same_call::Disagreement;
use serde::{Deserialize, Serialize};

/// Asks for a page of calls, newest first.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct ListCalls {
    /// A query in the language of the trail; empty for all.
    pub query: String,
    /// The cursor of the page before.
    #[ts(optional)]
    pub after: Option<String>,
    /// Instead of a cursor: the number of the first row, from 0.
    #[ts(optional)]
    pub row: Option<u64>,
    /// At most this many: 1–500, 100 where absent.
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// Asks where in a list a time stands.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct AskRow {
    pub query: String,
    /// RFC 3339, or a date.
    pub at: String,
}

/// A row of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RowNumber {
    /// From 0; of the first record at or before the time that was asked for.
    pub row: u64,
}

/// A query alone.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct Query {
    pub query: String,
}

/// Names one record of the trail.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct RecordRef {
    pub id: String,
}

/// One call.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct CallRow {
    /// 32 hexadecimal digits: the content hash of the record.
    pub id: String,
    pub kind: Kind,
    pub deployment: String,
    /// Every source that saw the call, the fullest record first.
    pub sources: Vec<String>,
    /// RFC 3339, UTC, milliseconds.
    pub started_at: Option<String>,
    pub latency_ms: Option<i64>,
    pub request_model: Option<String>,
    pub response_model: Option<String>,
    pub requested_region: Option<String>,
    pub served_region: Option<String>,
    pub principal: Option<String>,
    pub source_ip: Option<String>,
    pub status: Status,
    pub http_status: Option<u16>,
    pub error_type: Option<String>,
    pub stop_reason: Option<String>,
    pub input_tokens: Option<u64>,
    pub output_tokens: Option<u64>,
    pub cache_read_tokens: Option<u64>,
    pub cache_write_5m_tokens: Option<u64>,
    pub cache_write_1h_tokens: Option<u64>,
    /// US dollars as a decimal string; by the dated price table, or as the source reported.
    pub cost_usd: Option<String>,
    pub classification: Option<String>,
    pub request_ids: BTreeMap<String, String>,
    pub conversation_id: Option<String>,
    /// Values are masked like prompt text.
    pub metadata: BTreeMap<String, String>,
    pub body: Body,
    pub features: Vec<Feature>,
    pub oddities: Vec<Oddity>,
    /// Whether another record of the same source has the same id and other content.
    pub conflict: bool,
    /// Personal data and secrets found in its text; `None` until it was scanned.
    pub entities: Option<u64>,
    /// The leaf that erased its text and what was personal in it.
    pub erased: Option<u64>,
    /// A legal hold covers it.
    pub held: bool,
    /// Which of these figures another record of the call tells and not the one that is listed: the field, and
    /// the source of that record.
    pub lent: BTreeMap<String, LentBy>,
}

/// The record that tells a figure of a call which the listed one does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct LentBy {
    pub source: String,
    /// That it is of the call was inferred.
    pub inferred: bool,
}

/// A page of calls.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct CallPage {
    pub calls: Vec<CallRow>,
    /// The cursor of the next page; `None` at the end.
    pub next: Option<String>,
}

/// How many records a query matches, of how many.
#[derive(Debug, Clone, Copy, Serialize, ts_rs::TS)]
pub struct Count {
    pub matching: u64,
    pub stored: u64,
}

/// Asks for a histogram over time.
#[derive(Debug, Clone, Default, Deserialize, ts_rs::TS)]
pub struct AskHistogram {
    pub query: String,
    /// At most this many bars: 1–240.
    pub bars: u32,
}

/// One bar: half-open, UTC.
#[derive(Debug, Clone, Copy, Serialize, ts_rs::TS)]
pub struct Bar {
    pub start_ms: i64,
    pub ok: u64,
    /// Answered 429.
    pub limited: u64,
    /// Any other error.
    pub errors: u64,
}

/// Calls over time.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Histogram {
    pub from_ms: Option<i64>,
    pub to_ms: Option<i64>,
    pub bar_ms: i64,
    pub bars: Vec<Bar>,
    /// Calls that match but carry no valid time, so that no bar shows them.
    pub without_time: u64,
}

/// One value of a facet. `value` is `None` for "not recorded".
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct FacetValue {
    pub value: Option<String>,
    pub count: u64,
}

/// The values of one field among the calls that match the query without that field's own terms.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Facet {
    /// The key in the query language.
    pub field: String,
    pub title: String,
    pub values: Vec<FacetValue>,
    /// How many further values there are.
    pub more: u64,
}

/// A stretch of masked text: with an `entity_type`, `text` is the placeholder (or the original,
/// once revealed).
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Segment {
    pub text: String,
    pub entity_type: Option<String>,
    /// `person`, `contact`, `financial`, `govid`, `location`, `health`, `secret`, `custom`.
    pub category: Option<String>,
    /// 0–1.
    pub score: Option<f32>,
    pub recognizer: Option<String>,
    /// Whether it was found and the policy leaves it as it is: `text` is the original.
    pub kept: bool,
}

/// One text-bearing field of a call.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct MaskedPart {
    pub field: Field,
    pub turn: Option<u32>,
    pub label: Option<String>,
    /// Where the field stands, of a tool's input the whole: a JSON pointer.
    pub pointer: String,
    /// Of a value of a tool's input, where in it: `rows[0].account`, `rows[0 to 4]` for numbers of a list in
    /// one line; masked.
    pub path: Option<String>,
    pub segments: Vec<Segment>,
    /// Characters that were left out because the text is longer than a screen can hold.
    pub cut: u64,
}

/// Where a record came from.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Provenance {
    pub source: String,
    pub format: String,
    pub batch: String,
    /// As it was called when it was imported; for showing only.
    pub path: String,
    /// From 1.
    pub line: u64,
    /// Bytes from the start of the (decompressed) file.
    pub offset: u64,
    pub length: u64,
    /// SHA-256 of the record's bytes, hexadecimal.
    pub sha256: Option<String>,
    pub file_sha256: Option<String>,
    pub imported_at: String,
    /// The record's place in the evidence tree, from 0.
    pub leaf: u64,
    /// The salted commitment in that leaf, hexadecimal.
    pub commitment: String,
}

/// Another record of the same call.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Witness {
    pub id: String,
    pub source: String,
    pub started_at: Option<String>,
    pub join: JoinKind,
    /// What it was joined by: `aws_request_id` …, or from what that was inferred.
    pub joined_by: String,
    /// Fields in which it says something else than the record shown.
    pub differs: Vec<Difference>,
}

/// One field that two sources tell differently.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Difference {
    pub field: String,
    pub here: Option<String>,
    pub there: Option<String>,
}

/// How a record came to stand beside the one that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum JoinKind {
    /// It is the one that is shown.
    Shown,
    /// They share an id.
    RequestId,
    /// They share no id: that they are of one call is inferred.
    Inferred,
}

/// What a record shows of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ToldText {
    Clear,
    /// The source masked it, or put a note in its place.
    Masked,
    None,
    /// It was erased here.
    Erased,
}

/// What one source recorded of a call; `None` is "not recorded".
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct SourceVersion {
    pub id: String,
    pub source: String,
    pub join: JoinKind,
    /// Which id, or from what it was inferred; for people.
    pub joined_by: String,
    pub started_at: Option<String>,
    pub request_model: Option<String>,
    pub requested_region: Option<String>,
    pub served_region: Option<String>,
    pub status: Status,
    pub http_status: Option<u16>,
    pub input_tokens: Option<u64>,
    pub output_tokens: Option<u64>,
    pub cache_read_tokens: Option<u64>,
    pub cache_write_5m_tokens: Option<u64>,
    pub cache_write_1h_tokens: Option<u64>,
    /// US dollars.
    pub cost_usd: Option<String>,
    /// By the source itself; else by the price table.
    pub cost_is_reported: bool,
    pub text: ToldText,
}

/// A field that the records of a call tell differently.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct FieldDisagreement {
    pub field: Disagreement,
    /// Of the records that tell it.
    pub values: Vec<ToldValue>,
}

/// What one record says of a field.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ToldValue {
    pub source: String,
    pub id: String,
    /// For people.
    pub value: String,
}

/// How a cost came about.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct CostLine {
    /// By the price table, US dollars.
    pub computed_usd: Option<String>,
    /// As the source reported, US dollars.
    pub reported_usd: Option<String>,
    /// Which price row, and as of when; or why there is none.
    pub basis: String,
}

/// One reveal of a record's text.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Reveal {
    pub at: String,
    pub by: String,
    pub reason: String,
}

/// That a record's text was erased, and what remains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ErasedRecord {
    /// The leaf that names the record and the ground.
    pub leaf: u64,
    /// `subject` or `retention`.
    pub kind: String,
    pub basis: String,
    pub request: String,
    pub at: String,
    /// For people.
    pub sentence: String,
    /// What remains, and why; for people.
    pub remains: String,
}

/// A call in full, masked.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct CallDetail {
    pub call: CallRow,
    pub request: Vec<MaskedPart>,
    pub response: Vec<MaskedPart>,
    /// Why there is no text, where there is none; for people.
    pub body_note: Option<String>,
    /// `s3://…` references of the record.
    pub references: Vec<String>,
    /// The policy that masked the text, and its version.
    pub masked_by: String,
    pub cost: CostLine,
    pub provenance: Provenance,
    pub witnesses: Vec<Witness>,
    /// What each source recorded, the record shown first.
    pub versions: Vec<SourceVersion>,
    /// Where they disagree: region, tokens, cost, status, redaction.
    pub disagreements: Vec<FieldDisagreement>,
    /// Why it can't be told what else is of this call, where it can't; for people.
    pub ambiguity: Option<String>,
    /// The record as received, masked; cut at 64 kB.
    pub raw: Vec<Segment>,
    pub raw_cut: u64,
    pub reveals: Vec<Reveal>,
    /// What Anthropic's feed of activities tells of it: newest first, 20 at most.
    pub activities: Vec<ActivityRow>,
    pub erased: Option<ErasedRecord>,
    /// The holds in force that cover it.
    pub holds: Vec<String>,
}

/// Asks for the original text of a call. Written to the trail before the text is returned.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct RevealCall {
    pub id: String,
    /// At least 10 characters.
    pub reason: String,
}

/// The original text of a call; secrets keep only their last four characters.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Revealed {
    pub request: Vec<MaskedPart>,
    pub response: Vec<MaskedPart>,
    /// The activity that records this reveal.
    pub activity: String,
    /// Seconds after which the window hides the text again.
    pub hide_after_s: u32,
}

/// One activity.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ActivityRow {
    pub id: String,
    pub at: Option<String>,
    pub action: String,
    pub category: Category,
    pub kind: Option<Kind>,
    pub actor: Option<String>,
    pub source_ip: Option<String>,
    pub region: Option<String>,
    pub account: Option<String>,
    pub target: Option<String>,
    pub succeeded: Option<bool>,
    pub error_type: Option<String>,
    pub source: String,
    /// Given by the person, for this program's own activities.
    pub reason: Option<String>,
    pub oddities: Vec<Oddity>,
    /// The leaf that erased what was personal in it.
    pub erased: Option<u64>,
    /// A legal hold covers it.
    pub held: bool,
}

/// A page of activities, newest first.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ActivityPage {
    pub activities: Vec<ActivityRow>,
    pub next: Option<String>,
}

/// An activity in full.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ActivityDetail {
    pub activity: ActivityRow,
    /// The calls that it is about, where it names any.
    pub calls: Option<CallsAbout>,
    pub provenance: Option<Provenance>,
    pub raw: Vec<Segment>,
    pub raw_cut: u64,
    pub erased: Option<ErasedRecord>,
    /// The holds in force that cover it.
    pub holds: Vec<String>,
}

/// Calls that an activity is about.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct CallsAbout {
    /// Finds them.
    pub query: String,
    /// How many of them the trail holds.
    pub count: u64,
}

/// A key of the query language.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct QueryKey {
    pub key: String,
    /// What it is, for completion.
    pub about: String,
    pub example: String,
}

/// A name with what it means.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Rule {
    pub name: String,
    pub title: String,
    pub says: String,
}
