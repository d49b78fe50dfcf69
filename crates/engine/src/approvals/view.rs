//! What is asked and answered about persons, their keys, and what a second person approves.

use serde::{Deserialize, Serialize};

use crate::redaction::policies::gate::view::{Gate, GatePoint};

/// A person's key, as registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct PersonRow {
    pub id: String,
    pub name: String,
    /// C2SP: name, number and key.
    pub vkey: String,
    /// SHA-256 of the key, eight groups of eight digits, to be compared by reading.
    pub fingerprint: String,
    /// Whether its secret is at hand here, for this user.
    pub is_me: bool,
    pub added_at: String,
    /// The leaf that records it.
    pub added_leaf: u64,
    pub revoked_at: Option<String>,
}

/// The persons, and which of them asks here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Persons {
    pub persons: Vec<PersonRow>,
    /// Where the own key is, or why there is none to sign with; sentences.
    pub says: Vec<String>,
}

/// A kind of deed that can need a second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct RuleRow {
    /// `waivers`, `policies`, `replays`, `exports`, `erasures`.
    pub kind: String,
    pub title: String,
    /// What needs it, in one sentence.
    pub about: String,
    pub on: bool,
    pub since: Option<String>,
}

/// Makes the own key of whoever sits here.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct CreatePerson {
    pub name: String,
}

/// Registers a colleague's key.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct AddPerson {
    pub name: String,
    pub vkey: String,
    /// The fingerprint as that person read it out; at least its first sixteen digits.
    pub fingerprint: String,
}

/// Revokes a key.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct RevokePerson {
    pub id: String,
    pub reason: String,
}

/// Makes deeds of a kind need a second person, or not.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct SetRule {
    pub kind: String,
    pub on: bool,
}

/// Names what would be done: a command and its input.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct Deed {
    pub command: String,
    /// The input, as JSON.
    pub input: String,
}

/// Asks a second person.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct RequestApproval {
    pub deed: Deed,
    /// How long the request and its answer are good for; seven where absent, at most thirty.
    #[ts(optional)]
    pub days: Option<u32>,
}

/// Names a request.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct ApprovalRef {
    /// The first digits are enough.
    pub id: String,
}

/// Decides a request of this store.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct DecideApproval {
    pub id: String,
    /// `approved` or `refused`.
    pub verdict: String,
    pub reason: String,
}

/// Writes a request to a file.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct ExportApproval {
    pub id: String,
    /// Where to, as chosen; the store's own `approvals` folder where absent.
    #[ts(optional)]
    pub handle: Option<String>,
}

/// Names a chosen file: a request or a decision.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct ApprovalFile {
    pub handle: String,
}

/// Decides a request that came as a file.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct SignApproval {
    pub handle: String,
    /// `approved` or `refused`.
    pub verdict: String,
    pub reason: String,
    /// Where the decision goes, as chosen; the store's own `approvals` folder where absent.
    #[ts(optional)]
    pub out: Option<String>,
}

/// Somebody who asked or decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Signer {
    pub name: String,
    pub fingerprint: String,
}

/// What a second person said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct DecisionRow {
    /// `approved` or `refused`.
    pub verdict: String,
    pub by: Signer,
    pub reason: String,
    /// By that person's clock.
    pub said_at: String,
    /// When it was recorded here.
    pub at: String,
    /// The leaf that records it.
    pub leaf: u64,
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalState {
    /// Nobody said anything.
    Waiting,
    Approved,
    Refused,
    Used,
    /// Its time is over.
    Expired,
    /// A key that signed it was revoked, or what is stored does not hold.
    Void,
}

/// A request with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ApprovalRow {
    pub id: String,
    pub kind: String,
    pub title: String,
    /// What is asked, in sentences.
    pub says: Vec<String>,
    /// What is asked, exactly: JSON.
    pub content: String,
    pub content_sha256: String,
    pub asked_by: Signer,
    pub asked_at: String,
    pub until: String,
    /// The leaf that records the request.
    pub asked_leaf: u64,
    pub state: ApprovalState,
    /// Why it is void.
    pub problem: Option<String>,
    /// Whether whoever sits here asked.
    pub by_me: bool,
    /// Whether it waits for somebody, and whoever sits here may answer.
    pub for_me: bool,
    pub decision: Option<DecisionRow>,
    pub used_at: Option<String>,
    pub used_leaf: Option<u64>,
}

/// The points of the gate as a request says they stood when it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct AskedPoints {
    pub before: String,
    pub after: String,
    /// When it was asked; RFC 3339.
    pub at: String,
    pub points: Vec<GatePoint>,
}

/// What stood and stands against the policy that a request is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct AskedGate {
    /// Why it is asked for all the same; `None` where no reason was given.
    pub reason: Option<String>,
    /// Points that are not clear: now, else when it was asked; `None` where neither is known.
    pub not_clear: Option<u64>,
    /// Of how many.
    pub of: u64,
    /// As they stood when it was asked; `None` where the request does not say.
    pub asked: Option<AskedPoints>,
    /// As they stand now.
    pub now: Option<Gate>,
    /// Why that can't be told; a sentence.
    pub untold: Option<String>,
    /// What is otherwise now than when it was asked; sentences.
    pub changed: Vec<String>,
}

/// Whether a deed needs a second person, and what became of asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct ApprovalStanding {
    /// Whether the rule is on.
    pub needed: bool,
    /// The newest request for exactly this.
    pub request: Option<ApprovalRow>,
    /// Whether it can be done now.
    pub free: bool,
}

/// A request that came as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct OpenedRequest {
    pub id: String,
    /// The workspace that asks.
    pub workspace: String,
    pub organisation: String,
    /// Whether that is the store that is open here.
    pub is_here: bool,
    pub kind: String,
    pub title: String,
    pub says: Vec<String>,
    pub content: String,
    pub content_sha256: String,
    pub asked_by: Signer,
    /// Whether the key that asks is registered here.
    pub is_known: bool,
    pub asked_at: String,
    pub until: String,
    pub is_expired: bool,
    /// Of a request about a policy, what stands against it.
    pub gate: Option<AskedGate>,
    /// Why whoever sits here can't answer it.
    pub problem: Option<String>,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct WrittenApproval {
    pub path: String,
    /// A handle to show or fetch the file.
    pub handle: String,
    pub sha256: String,
}
