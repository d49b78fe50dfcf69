//! Whether a deed may be done: the rule is off, or exactly it was approved and not done yet.
//!
//! What was approved is looked at again when it is used: both notes, both keys, the time. Not here:
//! asking and deciding (`approvals`).

use assay_domain::moment::rfc3339;
use assay_store::approvals::{ApprovalRecord, Verdict};
use assay_store::persons::{PersonRecord, Told};
use assay_store::policies::deed;
use serde_json::json;

use crate::approvals::matter::{Kind, Matter};
use crate::approvals::notes::{Decision, Request, text_sha256};
use crate::approvals::persons::{key_of, same_name};
use crate::approvals::view::ApprovalState;
use crate::confirmations;
use crate::error::{Code, Result, WireError};
use crate::opening::Engine;

/// An approval that was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pass {
    pub(crate) id: String,
    /// The name of the person who approved.
    pub(crate) by: String,
}

/// The time by which requests grow old: never before what the trail says already, whatever the
/// computer's clock was set to.
pub(crate) fn now_ms(engine: &Engine) -> Result<i64> {
    let recorded = engine.store().last_recorded_ms()?.unwrap_or(0);
    Ok(engine.now_ms().max(recorded))
}

/// Whether deeds of this kind need a second person now.
///
/// # Errors
/// The store's.
pub(crate) fn is_needed(engine: &Engine, kind: Kind) -> Result<bool> {
    match kind {
        // Who could register keys alone could approve alone.
        Kind::Persons => Ok(!engine.store().approval_rules()?.is_empty()),
        Kind::Rules => Ok(false),
        kind => Ok(engine.store().needs_approval(kind.name())?.is_some()),
    }
}

/// Whether exactly this needs a second person now.
///
/// # Errors
/// The store's.
pub(crate) fn is_matter_needed(engine: &Engine, matter: &Matter) -> Result<bool> {
    match matter.kind {
        Kind::Rules => {
            let kind = matter.content.get("off").and_then(|kind| kind.as_str());
            match kind.and_then(Kind::from_name) {
                Some(kind) => is_needed(engine, kind),
                None => Ok(false),
            }
        }
        kind => is_needed(engine, kind),
    }
}

/// A stored request as its notes say it, whatever the table says.
pub(crate) struct Read {
    pub(crate) request: Request,
    pub(crate) decision: Option<Decision>,
    pub(crate) state: ApprovalState,
    pub(crate) problem: Option<String>,
}

fn person(persons: &[PersonRecord], id: i64) -> Result<&PersonRecord> {
    persons
        .iter()
        .find(|person| person.id == id)
        .ok_or_else(|| WireError::new(Code::StoreDamaged, format!("no person: {id}")))
}

/// Why a person may not decide what another one asks; `None` where it is a second person.
pub(crate) fn same(asked: &PersonRecord, decides: &PersonRecord) -> Option<&'static str> {
    if asked.id == decides.id || asked.key == decides.key {
        Some("it is the key that asked")
    } else if same_name(&asked.name, &decides.name) {
        Some("it is a key of the person who asked")
    } else if asked.os_user.is_some() && asked.os_user == decides.os_user {
        Some("it is a key of the same user of this computer")
    } else {
        None
    }
}

/// What the notes of a request say, and what becomes of it at `now_ms`.
///
/// # Errors
/// `bad_input` where the request itself can't be read.
pub(crate) fn read(
    persons: &[PersonRecord],
    origin: &str,
    record: &ApprovalRecord,
    now_ms: i64,
) -> Result<Read> {
    let request = Request::read(&record.request)?;
    let mut problem = None;
    let asked = person(persons, record.asked_by)?;
    if request.origin != origin || request.id != record.id {
        problem = Some("it is a request of another workspace".to_owned());
    } else if request.key != key_of(asked)? {
        problem = Some("another key than the one of who asks signed it".to_owned());
    } else if asked.revoked_ms.is_some() {
        problem = Some("the key that asked was revoked".to_owned());
    } else if request.until_ms != record.until_ms
        || hex::encode(
            Matter {
                kind: Kind::from_name(&request.kind).unwrap_or(Kind::Erasures),
                content: request.content.clone(),
            }
            .sha256(),
        ) != hex::encode(&record.content_sha256)
    {
        problem = Some("what is stored of it is not what was signed".to_owned());
    }
    let mut decision = None;
    if let Some(decided) = &record.decided {
        let by = person(persons, decided.by)?;
        match Decision::read(&decided.note) {
            Err(error) => problem = problem.or(Some(error.message)),
            Ok(read) => {
                let own = if read.origin != origin
                    || read.id != record.id
                    || read.request_sha256 != text_sha256(&record.request)?
                {
                    Some("what was decided is another request".to_owned())
                } else if read.verdict != decided.verdict {
                    Some("what is stored of the decision is not what was signed".to_owned())
                } else if read.key != key_of(by)? {
                    Some("another key than the one of who decided signed it".to_owned())
                } else if by.revoked_ms.is_some() && read.verdict == Verdict::Approved {
                    Some("the key that approved it was revoked".to_owned())
                } else {
                    same(asked, by).map(str::to_owned)
                };
                problem = problem.or(own);
                decision = Some(read);
            }
        }
    }
    let verdict = record.decided.as_ref().map(|decided| decided.verdict);
    let state = match verdict {
        _ if record.used_ms.is_some() => ApprovalState::Used,
        Some(Verdict::Refused) if decision.is_some() => ApprovalState::Refused,
        _ if problem.is_some() => ApprovalState::Void,
        _ if now_ms > request.until_ms => ApprovalState::Expired,
        Some(_) => ApprovalState::Approved,
        None => ApprovalState::Waiting,
    };
    Ok(Read {
        request,
        decision,
        state,
        problem,
    })
}

/// The approval of exactly this that can be used now, or why there is none.
fn found(engine: &Engine, matter: &Matter) -> Result<std::result::Result<Pass, String>> {
    let store = engine.store();
    let (persons, origin, now_ms) = (store.persons()?, store.origin()?, now_ms(engine)?);
    let mut why = "nobody was asked".to_owned();
    for (index, record) in store.approvals_of(&matter.sha256())?.iter().enumerate() {
        let Ok(read) = read(&persons, &origin, record, now_ms) else {
            continue;
        };
        let id: String = record.id.chars().take(8).collect();
        let reason = match (&read.state, &record.decided) {
            (ApprovalState::Approved, Some(decided))
                if read.request.kind == matter.kind.name()
                    && read.request.content == matter.content =>
            {
                return Ok(Ok(Pass {
                    id: record.id.clone(),
                    by: person(&persons, decided.by)?.name.clone(),
                }));
            }
            (ApprovalState::Waiting, _) => format!("request {id} waits for an answer"),
            (ApprovalState::Refused, _) => format!("request {id} was refused"),
            (ApprovalState::Used, _) => format!("the approval {id} was used already"),
            (ApprovalState::Expired, _) => format!("request {id} is too old"),
            _ => format!(
                "request {id} does not hold: {}",
                read.problem.unwrap_or_default()
            ),
        };
        if index == 0 {
            why = reason;
        }
    }
    Ok(Err(why))
}

/// Whether exactly this can be done now.
///
/// # Errors
/// The store's.
pub(crate) fn is_free(engine: &Engine, matter: &Matter) -> Result<bool> {
    Ok(!is_matter_needed(engine, matter)? || found(engine, matter)?.is_ok())
}

fn refused(engine: &Engine, matter: &Matter, why: &str) -> WireError {
    let what = matter.kind.name();
    confirmations::denied(engine, what, why, Code::ApprovalNeeded);
    WireError::new(
        Code::ApprovalNeeded,
        format!("a second person has to approve this first: {why}"),
    )
    .hint("`assay approvals request` with the same command asks for it; `assay approvals list` shows what was asked")
}

/// Lets a deed through that needs no second person or was approved, without using the approval: for
/// work that is about to begin and uses it then.
///
/// # Errors
/// `approval_needed`.
pub(crate) fn look(engine: &Engine, matter: &Matter) -> Result<Option<Pass>> {
    if !is_matter_needed(engine, matter)? {
        return Ok(None);
    }
    match found(engine, matter)? {
        Ok(pass) => Ok(Some(pass)),
        Err(why) => Err(refused(engine, matter, &why)),
    }
}

/// Lets a deed through, and uses its approval: of two that come at once one goes through. `None`
/// where none is needed.
///
/// # Errors
/// `approval_needed`.
pub(crate) fn spend(engine: &Engine, matter: &Matter) -> Result<Option<Pass>> {
    let Some(pass) = look(engine, matter)? else {
        return Ok(None);
    };
    let now_ms = engine.now_ms();
    let payload = json!({
        "action": "approval.use",
        "at": rfc3339(now_ms),
        "by": engine.user(),
        "content_sha256": hex::encode(matter.sha256()),
        "kind": matter.kind.name(),
        "request": pass.id,
    })
    .to_string();
    let told = Told {
        activity: deed("approval.use", &pass.id, engine.user(), now_ms),
        reason: None,
        payload: payload.as_bytes(),
        now_ms,
    };
    let is_first = engine.store().writer()?.use_approval(&pass.id, told)?;
    engine.jobs().changed(&["approvals"]);
    match is_first {
        true => Ok(Some(pass)),
        false => Err(refused(engine, matter, "the approval was used already")),
    }
}
