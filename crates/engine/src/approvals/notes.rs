//! Requests and decisions as signed notes: text that whoever opens the file can read, signed with
//! the key of the person whose words they are (<https://c2sp.org/signed-note>).
//!
//! In: what is asked or said, or the bytes of a file. Out: the note, or what is in it once its
//! signature holds. A note names its own key; whether that key counts is for the caller to say
//! (`approvals`). Not here: where notes are kept.

use assay_domain::moment::{self, WithoutZone, rfc3339};
use assay_evidence::note::Note;
use assay_evidence::signing::{SigningKey, VerifierKey};
use assay_store::approvals::Verdict;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::approvals::matter::digest;
use crate::confirmations::canonical;
use crate::error::{Code, Result, WireError};

const REQUEST: &str = "assay.local/approval-request/v1";
const DECISION: &str = "assay.local/approval-decision/v1";
/// The largest file that is read, bytes.
pub(crate) const LARGEST: u64 = 256 << 10;

/// What is asked, by whom, until when.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Request {
    pub(crate) id: String,
    /// The workspace that asks.
    pub(crate) origin: String,
    pub(crate) organisation: String,
    pub(crate) kind: String,
    pub(crate) content: Value,
    /// How the points of the gate stood, for a policy. Signed, and no part of what is approved.
    pub(crate) gate: Option<Value>,
    pub(crate) asked_by: String,
    pub(crate) key: VerifierKey,
    pub(crate) asked_ms: i64,
    pub(crate) until_ms: i64,
}

/// What a second person said of a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Decision {
    pub(crate) id: String,
    pub(crate) origin: String,
    /// SHA-256 of the request's text, hexadecimal.
    pub(crate) request_sha256: String,
    pub(crate) verdict: Verdict,
    pub(crate) by: String,
    pub(crate) key: VerifierKey,
    pub(crate) at_ms: i64,
    pub(crate) reason: String,
}

fn wrong(what: &str, why: &str) -> WireError {
    WireError::new(Code::BadInput, format!("not {what} that holds: {why}"))
        .hint("ask for the file again; one that was changed on its way counts for nothing")
}

/// One line of JSON in the only way that a note may hold it.
fn line(value: &Value) -> String {
    canonical(value).replace('\u{7f}', "\\u007f")
}

fn sealed(text: String, key: &SigningKey) -> Result<Vec<u8>> {
    let signature = key.sign(&text);
    Note {
        text,
        signatures: vec![signature],
    }
    .to_bytes()
    .map_err(|error| WireError::new(Code::Internal, error.to_string()))
}

/// SHA-256 of what a request's note says, without its signature, hexadecimal.
pub(crate) fn text_sha256(note: &[u8]) -> Result<String> {
    let note = Note::parse(note).map_err(|error| wrong("a request", &error.to_string()))?;
    Ok(hex::encode(Sha256::digest(note.text)))
}

impl Request {
    /// The note, signed by who asks.
    ///
    /// # Errors
    /// `internal` where it can't stand in a note.
    pub(crate) fn note(&self, key: &SigningKey) -> Result<Vec<u8>> {
        let mut said = json!({
            "asked_at": rfc3339(self.asked_ms),
            "asked_by": self.asked_by,
            "content": self.content,
            "content_sha256": hex::encode(digest(&self.kind, &self.content)),
            "key": self.key.to_string(),
            "kind": self.kind,
            "organisation": self.organisation,
            "until": rfc3339(self.until_ms),
        });
        if let Some(gate) = &self.gate {
            said["gate"] = gate.clone();
        }
        sealed(
            format!("{REQUEST}\n{}\n{}\n{}\n", self.origin, self.id, line(&said)),
            key,
        )
    }

    /// What a note asks, once the key that it names has signed it and nothing else is in it.
    ///
    /// # Errors
    /// `bad_input` with what does not hold.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self> {
        let wrong = |why: &str| wrong("a request", why);
        let (origin, id, said, key) = opened(bytes, REQUEST).map_err(|why| wrong(&why))?;
        let field = |name: &str| {
            said.get(name)
                .and_then(Value::as_str)
                .map(str::to_owned)
                .ok_or_else(|| wrong(&format!("it has no `{name}`")))
        };
        let content = said.get("content").cloned().unwrap_or(Value::Null);
        let kind = field("kind")?;
        if field("content_sha256")? != hex::encode(digest(&kind, &content)) {
            return Err(wrong("its hash is not that of what it asks"));
        }
        Ok(Self {
            asked_ms: time(&field("asked_at")?).ok_or_else(|| wrong("`asked_at` is no time"))?,
            until_ms: time(&field("until")?).ok_or_else(|| wrong("`until` is no time"))?,
            asked_by: field("asked_by")?,
            organisation: field("organisation")?,
            gate: said.get("gate").cloned(),
            id,
            origin,
            kind,
            content,
            key,
        })
    }
}

impl Decision {
    /// The note, signed by who decides.
    ///
    /// # Errors
    /// `internal` where it can't stand in a note.
    pub(crate) fn note(&self, key: &SigningKey) -> Result<Vec<u8>> {
        let said = json!({
            "at": rfc3339(self.at_ms),
            "by": self.by,
            "key": self.key.to_string(),
            "reason": self.reason,
            "request_sha256": self.request_sha256,
            "verdict": self.verdict.name(),
        });
        sealed(
            format!(
                "{DECISION}\n{}\n{}\n{}\n",
                self.origin,
                self.id,
                line(&said)
            ),
            key,
        )
    }

    /// What a note says, once the key that it names has signed it and nothing else is in it.
    ///
    /// # Errors
    /// `bad_input` with what does not hold.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self> {
        let wrong = |why: &str| wrong("a decision", why);
        let (origin, id, said, key) = opened(bytes, DECISION).map_err(|why| wrong(&why))?;
        let field = |name: &str| {
            said.get(name)
                .and_then(Value::as_str)
                .map(str::to_owned)
                .ok_or_else(|| wrong(&format!("it has no `{name}`")))
        };
        Ok(Self {
            at_ms: time(&field("at")?).ok_or_else(|| wrong("`at` is no time"))?,
            verdict: Verdict::from_name(&field("verdict")?)
                .ok_or_else(|| wrong("it says neither yes nor no"))?,
            request_sha256: field("request_sha256")?,
            by: field("by")?,
            reason: field("reason")?,
            id,
            origin,
            key,
        })
    }
}

fn time(text: &str) -> Option<i64> {
    moment::read(text, WithoutZone::IsUtc, i64::MAX).0
}

type Opened = (String, String, Value, VerifierKey);

/// Origin, id, what is said and the key of a note that this key, and no other, has signed.
fn opened(bytes: &[u8], header: &str) -> std::result::Result<Opened, String> {
    let note = Note::parse(bytes).map_err(|error| error.to_string())?;
    let mut lines = note.text.lines();
    let (Some(first), Some(origin), Some(id), Some(json), None) = (
        lines.next(),
        lines.next(),
        lines.next(),
        lines.next(),
        lines.next(),
    ) else {
        return Err("it has not the four lines of one".to_owned());
    };
    if first != header {
        return Err(format!("its first line is not `{header}`"));
    }
    let is_id = |text: &str| text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_id(id) || !origin.strip_prefix("assay.local/").is_some_and(is_id) {
        return Err("its ids are none".to_owned());
    }
    let said: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    if line(&said) != json {
        return Err("it is not written in the one way".to_owned());
    }
    let key: VerifierKey = said
        .get("key")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .parse()
        .map_err(|error| format!("{error}"))?;
    if note.signatures.len() != 1 || !note.is_signed_by(&key) {
        return Err("the key that it names did not sign it".to_owned());
    }
    Ok((origin.to_owned(), id.to_owned(), said, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_seed("person/ann", &[seed; 32]).unwrap()
    }

    fn request() -> Request {
        Request {
            id: "0".repeat(32),
            origin: format!("assay.local/{}", "1".repeat(32)),
            organisation: "Northwind".to_owned(),
            kind: "exports".to_owned(),
            content: json!({"query": "a\u{1b}\u{7f}\n\nb", "calls": 3}),
            gate: Some(json!({"before": "default", "points": ["\u{7f}"]})),
            asked_by: "Ann".to_owned(),
            key: key(1).verifier(),
            asked_ms: 1_800_000_000_000,
            until_ms: 1_800_000_600_000,
        }
    }

    #[test]
    fn what_is_written_is_read_again_and_any_changed_byte_is_refused() {
        let note = request().note(&key(1)).unwrap();
        assert_eq!(Request::read(&note).unwrap(), request());
        for index in 0..note.len() {
            let mut changed = note.clone();
            changed[index] ^= 1;
            assert!(Request::read(&changed).is_err(), "byte {index}");
        }
        let decision = Decision {
            id: request().id,
            origin: request().origin,
            request_sha256: text_sha256(&note).unwrap(),
            verdict: Verdict::Refused,
            by: "Ben".to_owned(),
            key: key(2).verifier(),
            at_ms: 1_800_000_300_000,
            reason: "Not\u{202e} needed".to_owned(),
        };
        let said = decision.note(&key(2)).unwrap();
        assert_eq!(Decision::read(&said).unwrap(), decision);
        for index in 0..said.len() {
            let mut changed = said.clone();
            changed[index] ^= 1;
            assert!(Decision::read(&changed).is_err(), "byte {index}");
        }
        // One is not taken for the other, and nobody signs for somebody else.
        assert!(Request::read(&said).is_err() && Decision::read(&note).is_err());
        assert!(Decision::read(&decision.note(&key(3)).unwrap()).is_err());
    }
}
