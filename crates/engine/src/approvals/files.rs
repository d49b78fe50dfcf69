//! Requests and decisions as files, for a second person on another computer.
//!
//! A request goes out as a file; the other computer's Assay says in words what is asked and writes
//! the decision as a file; it counts once it was brought back. Not here: what makes a decision
//! count (`approvals`).

use std::io::Read as _;
use std::path::Path;

use assay_domain::moment::rfc3339;
use assay_evidence::leaf::LeafKind;
use assay_store::approvals::Verdict;
use assay_store::policies::deed;
use assay_store::writer::OwnRecord;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::approvals::matter::{digest, words};
use crate::approvals::notes::{Decision, LARGEST, Request, text_sha256};
use crate::approvals::persons::{me, same_name, somebody};
use crate::approvals::view::{
    ApprovalFile, ApprovalRow, ExportApproval, OpenedRequest, SignApproval, Signer, WrittenApproval,
};
use crate::approvals::{checked, gate, keep, passing, pretty, record, title};
use crate::confirmations::plain;
use crate::error::{Code, Result, WireError};
use crate::opening::Engine;
use crate::writing;

/// Digits of an id in a file's name.
const DIGITS: usize = 12;
/// The longest name that is shown, characters.
const NAME: usize = 120;

fn bytes(path: &Path) -> Result<Vec<u8>> {
    let wrong = |why: &str| {
        WireError::new(
            Code::BadInput,
            format!("can't read {}: {why}", path.display()),
        )
    };
    let metadata = std::fs::metadata(path).map_err(|error| wrong(&error.to_string()))?;
    if !metadata.is_file() {
        return Err(wrong("not a file"));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(|error| wrong(&error.to_string()))?;
    if bytes.len() as u64 > LARGEST {
        return Err(wrong("it is larger than any request or decision"));
    }
    Ok(bytes)
}

fn written(engine: &Engine, path: &Path, note: &[u8]) -> Result<WrittenApproval> {
    writing::write(path, note)?;
    Ok(WrittenApproval {
        path: path.display().to_string(),
        handle: engine.handles().add(path)?.handle,
        sha256: hex::encode(Sha256::digest(note)),
    })
}

fn file_name(id: &str, what: &str) -> String {
    let digits: String = id.chars().take(DIGITS).collect();
    format!("approval-{digits}.{what}.txt")
}

/// Writes a request to a file that a person chose.
///
/// # Errors
/// `not_found`, `file_unwritable`.
pub fn export(engine: &Engine, input: ExportApproval) -> Result<WrittenApproval> {
    let record = record(engine, &input.id)?;
    let name = file_name(&record.id, "request");
    let path = writing::target(engine, input.handle.as_deref(), "approvals", &name)?;
    written(engine, &path, &record.request)
}

/// Writes a request to `path`.
///
/// # Errors
/// As [`export`].
pub fn export_to(engine: &Engine, id: &str, path: &Path) -> Result<WrittenApproval> {
    written(engine, path, &record(engine, id)?.request)
}

/// What a request that came as a file asks.
///
/// # Errors
/// `bad_input` where it is none, or was changed.
pub fn open(engine: &Engine, input: ApprovalFile) -> Result<OpenedRequest> {
    open_at(engine, &engine.handles().path(&input.handle)?)
}

/// What the request at `path` asks.
///
/// # Errors
/// As [`open`].
pub fn open_at(engine: &Engine, path: &Path) -> Result<OpenedRequest> {
    opened(engine, &Request::read(&bytes(path)?)?)
}

fn opened(engine: &Engine, request: &Request) -> Result<OpenedRequest> {
    let now_ms = passing::now_ms(engine)?;
    let known = engine
        .store()
        .persons()?
        .into_iter()
        .find(|person| person.key == request.key.bytes());
    let is_expired = now_ms > request.until_ms;
    let problem = match me(engine) {
        Err(error) => Some(error.message),
        Ok(None) => Some("you have no key here: make one first".to_owned()),
        Ok(Some(me)) if me.person.key == request.key.bytes() => {
            Some("your own key asked; a second person has to decide".to_owned())
        }
        Ok(Some(me)) if same_name(&me.person.name, &request.asked_by) => {
            Some("a person of your name asked; a second person has to decide".to_owned())
        }
        Ok(Some(_)) if is_expired => Some("the time of the request is over".to_owned()),
        Ok(Some(_)) => None,
    };
    Ok(OpenedRequest {
        id: request.id.clone(),
        workspace: request.origin.clone(),
        organisation: plain(&request.organisation, NAME),
        is_here: engine.store().origin()? == request.origin,
        title: title(&request.kind),
        says: words(&request.kind, &request.content),
        content: pretty(&request.content),
        content_sha256: hex::encode(digest(&request.kind, &request.content)),
        kind: plain(&request.kind, NAME),
        asked_by: Signer {
            name: plain(&request.asked_by, NAME),
            fingerprint: request.key.fingerprint(),
        },
        is_known: known.is_some_and(|person| person.revoked_ms.is_none()),
        asked_at: rfc3339(request.asked_ms),
        until: rfc3339(request.until_ms),
        is_expired,
        gate: gate::of(engine, request, None)?,
        problem,
    })
}

/// Decides a request that came as a file; the decision is a file again.
///
/// # Errors
/// `bad_input` where it is none, too old or one's own; `key_missing`; `file_unwritable`.
pub fn sign(engine: &Engine, input: SignApproval) -> Result<WrittenApproval> {
    let from = engine.handles().path(&input.handle)?;
    let bytes = bytes(&from)?;
    let request = Request::read(&bytes)?;
    let name = file_name(&request.id, "decision");
    let path = writing::target(engine, input.out.as_deref(), "approvals", &name)?;
    signed(engine, &bytes, &input.verdict, &input.reason, &path)
}

/// Decides the request at `from`, and writes the decision to `path`.
///
/// # Errors
/// As [`sign`].
pub fn sign_at(
    engine: &Engine,
    from: &Path,
    verdict: &str,
    reason: &str,
    path: &Path,
) -> Result<WrittenApproval> {
    signed(engine, &bytes(from)?, verdict, reason, path)
}

fn signed(
    engine: &Engine,
    bytes: &[u8],
    verdict: &str,
    reason: &str,
    path: &Path,
) -> Result<WrittenApproval> {
    let (verdict, reason) = checked(verdict, reason)?;
    let request = Request::read(bytes)?;
    if let Some(problem) = opened(engine, &request)?.problem {
        return Err(WireError::new(
            Code::BadInput,
            format!("nothing was signed: {problem}"),
        ));
    }
    let me = somebody(engine)?;
    let now_ms = passing::now_ms(engine)?;
    let decision = Decision {
        id: request.id.clone(),
        origin: request.origin.clone(),
        request_sha256: text_sha256(bytes)?,
        verdict,
        by: me.person.name.clone(),
        key: me.key.verifier(),
        at_ms: now_ms,
        reason,
    };
    let note = decision.note(&me.key)?;
    // The own trail says first what was signed.
    let payload = json!({
        "action": "approval.sign",
        "at": rfc3339(now_ms),
        "by": engine.user(),
        "decision": String::from_utf8_lossy(&note),
        "request": String::from_utf8_lossy(bytes),
    })
    .to_string();
    let mut activity = deed("approval.sign", &request.id, engine.user(), now_ms);
    activity.succeeded = Some(verdict == Verdict::Approved);
    let own = OwnRecord {
        kind: LeafKind::Approval,
        activity,
        reason: Some(&decision.reason),
        payload: payload.as_bytes(),
        now_ms,
    };
    engine.store().writer()?.record_own(&own)?;
    written(engine, path, &note)
}

/// Brings back a decision that a person chose.
///
/// # Errors
/// `bad_input` with why it counts for nothing; `not_found` where nothing was asked here.
pub fn import(engine: &Engine, input: ApprovalFile) -> Result<ApprovalRow> {
    import_at(engine, &engine.handles().path(&input.handle)?)
}

/// Brings back the decision at `path`.
///
/// # Errors
/// As [`import`].
pub fn import_at(engine: &Engine, path: &Path) -> Result<ApprovalRow> {
    let bytes = bytes(path)?;
    let decision = Decision::read(&bytes)?;
    if decision.origin != engine.store().origin()? {
        return Err(WireError::new(
            Code::BadInput,
            "the decision counts for nothing: it is about a request of another workspace",
        ));
    }
    let record = engine.store().approval(&decision.id)?;
    keep(engine, &record, &decision, &bytes, None)
}
