//! What retention shows: the rule and what it asks for, holds, and erasing one person's records.
//!
//! What is searched for goes in and never comes out: answers carry counts and masked identifiers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How long text is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RetentionRule {
    /// Whole days after the day of the record, UTC.
    pub days: u32,
    pub set_by: String,
    pub set_at: String,
}

/// What the rule asks for today.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct DueText {
    /// Records whose text is due and that nothing holds.
    pub records: u64,
    /// Records that are due and stay, since a hold covers them.
    pub held: u64,
    /// First and last day that is due, dates.
    pub from_day: Option<String>,
    pub to_day: Option<String>,
    /// Keys of days that are deleted with them.
    pub keys: u64,
    /// Evidence packs in the store's folder that hold text of these records.
    pub packs: u64,
}

/// The rule, what is due, and what there is of each.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct RetentionStatus {
    /// `None`: no rule was set, and all text is kept.
    pub rule: Option<RetentionRule>,
    pub due: DueText,
    /// Imported records.
    pub records: u64,
    /// Of these, records whose text was erased.
    pub erased: u64,
    /// Of these, records that a hold in force covers.
    pub held: u64,
    pub holds_in_force: u64,
    /// Requests of which records wait for a hold.
    pub requests_waiting: u64,
    /// Erasures that were begun and not ended.
    pub erasures_open: u64,
    /// Typed to dispose of what is due by this rule; `None` without a rule.
    pub phrase: Option<String>,
    /// Plain sentences.
    pub says: Vec<String>,
    /// What an erasure here does not reach.
    pub not_reached: Vec<String>,
}

/// Sets how long text is kept.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct SetRetention {
    /// 1 to 36,500.
    pub days: u32,
}

/// Disposes of what is due.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct Dispose {
    /// As `retention.status` gives it: it names the rule.
    pub phrase: String,
}

/// A hold.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct HoldRow {
    pub name: String,
    /// `calls` or `activities`.
    pub records: String,
    pub query: String,
    pub reason: String,
    pub set_by: String,
    pub set_at: String,
    /// When to look whether it is still needed; it does not end by itself.
    pub review_at: Option<String>,
    pub review_due: bool,
    /// Records that it covers, or covered when it was released.
    pub held: u64,
    pub released_by: Option<String>,
    pub released_at: Option<String>,
    pub release_reason: Option<String>,
    /// The leaf that records it.
    pub leaf: u64,
}

/// Sets a hold.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct SetHold {
    pub name: String,
    /// `calls` or `activities`.
    pub records: String,
    /// Which records, those that come later included.
    pub query: String,
    /// At least 10 characters.
    pub reason: String,
    /// A date.
    #[ts(optional)]
    pub review: Option<String>,
}

/// Releases a hold.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct ReleaseHold {
    pub name: String,
    /// At least 10 characters.
    pub reason: String,
    /// The hold's query, typed once more.
    pub scope: String,
}

/// Searches for what is stored of one person.
#[derive(Clone, Deserialize, ts_rs::TS)]
pub struct FindSubject {
    /// Names, addresses, numbers by which the person may stand in a record; kept nowhere.
    pub identifiers: Vec<String>,
    /// Also take all calls of the conversations in which one of them stands.
    #[serde(default)]
    pub conversations: bool,
}

impl std::fmt::Debug for FindSubject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FindSubject")
            .field("identifiers", &self.identifiers.len())
            .field("conversations", &self.conversations)
            .finish()
    }
}

/// How many records hold one identifier.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct FoundIdentifier {
    /// Its first and last letter and its length.
    pub masked: String,
    pub records: u64,
}

/// A count with what is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Amount {
    pub what: String,
    pub count: u64,
}

/// A file in the store's folder that is affected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct FoundFile {
    /// Below the store's folder.
    pub name: String,
    pub bytes: u64,
    /// `holds`: it goes. `unsearchable`: it goes where that is asked for.
    pub why: String,
}

/// How many records a hold keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Blocking {
    pub hold: String,
    pub records: u64,
}

/// What is stored of a person, in counts.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct FoundSubject {
    /// Names this result for `retention.erase`, in this session only.
    pub found: String,
    pub identifiers: Vec<FoundIdentifier>,
    /// Records that would be erased, those that a hold keeps included.
    pub records: u64,
    pub calls: u64,
    pub activities: u64,
    /// Records of what this program did.
    pub others: u64,
    /// Of `records`: those without an identifier that tell of the same calls.
    pub joined: u64,
    /// Of `records`: calls without an identifier, of the same conversations.
    pub in_conversations: u64,
    /// Further calls of the same conversations, which stay.
    pub conversations_beside: u64,
    /// Records that were read.
    pub searched: u64,
    /// Of these, records that could not be read and so were not searched.
    pub unreadable: u64,
    /// Where the identifiers stand. A record can count in several places.
    pub places: Vec<Amount>,
    /// File names of imports, beginnings of rejected lines, queries of plans, findings that go.
    pub also: Vec<Amount>,
    pub files: Vec<FoundFile>,
    /// Rows that stay: somebody has to look at them.
    pub to_decide: Vec<Amount>,
    /// Of `records`: those that holds keep.
    pub held: u64,
    pub holds: Vec<Blocking>,
    /// Where this search can't look.
    pub not_searched: Vec<String>,
    /// What an erasure here does not reach.
    pub not_reached: Vec<String>,
    /// Typed to erase exactly this.
    pub phrase: String,
}

/// Erases what was found of a person.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct EraseSubject {
    /// As `retention.find_subject` gave it.
    pub found: String,
    /// How whoever asked refers to it: letters, digits, `.`, `_`, `-`.
    pub request: String,
    /// One of `retention.bases`.
    pub basis: String,
    /// As the search gave it.
    pub phrase: String,
    /// Also delete the files that can't be searched.
    #[serde(default)]
    pub unsearchable_files: bool,
}

/// Erases the records of a request that waited for a hold.
#[derive(Debug, Clone, Deserialize, ts_rs::TS)]
pub struct CarryOut {
    pub request: String,
    /// As `retention.requests` gives it.
    pub phrase: String,
}

/// A ground for an erasure.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Basis {
    /// The word that is kept.
    pub name: String,
    pub title: String,
}

/// An erasure.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct ErasureRow {
    /// The leaf that names the records and the ground.
    pub leaf: u64,
    /// `subject` or `retention`.
    pub kind: String,
    pub basis: String,
    pub request: String,
    pub begun_at: String,
    /// The leaf that says what was destroyed; `None` while it is not ended.
    pub done_leaf: Option<u64>,
    pub done_at: Option<String>,
    pub records: u64,
    /// What was destroyed: name to count.
    pub destroyed: BTreeMap<String, u64>,
}

/// A request to erase one person's records.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct RequestRow {
    pub request: String,
    pub basis: String,
    pub made_by: String,
    pub made_at: String,
    /// Records that were found for it.
    pub records: u64,
    /// Of these, records that are erased.
    pub erased: u64,
    /// Of these, records that are not.
    pub waiting: u64,
    /// The holds that keep records which wait.
    pub holds: Vec<Blocking>,
    /// `done`, `blocked` where a hold keeps some, `waiting` where none does any more.
    pub state: String,
    /// Typed to erase those that wait; `None` while a hold keeps them all.
    pub phrase: Option<String>,
}

/// Requests and erasures, newest first.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Requests {
    pub requests: Vec<RequestRow>,
    pub erasures: Vec<ErasureRow>,
    pub bases: Vec<Basis>,
}

/// What an erasure or a disposal did.
#[derive(Debug, Clone, Serialize, ts_rs::TS)]
pub struct Erased {
    /// `None` where there was nothing to erase now.
    pub erasure: Option<ErasureRow>,
    /// Records that stay, since a hold covers them.
    pub held: u64,
    pub holds: Vec<Blocking>,
    /// What the same search finds now, of a person: records, rows and occurrences in files. Rows
    /// that somebody has to look at are among them. `None` where nothing could be searched for.
    pub left: Option<Vec<Amount>>,
    /// Plain sentences.
    pub says: Vec<String>,
}
