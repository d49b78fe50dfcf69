//! Four eyes: what needs a second person, asking one, and what that person says.
//!
//! A deed that needs a second person is done once that person has signed a yes to exactly it, with
//! a key of their own; once, and within the time that the request names. In: a command and its
//! input. Out: requests with what became of them. Not here: what the guarded commands do (the
//! modules of their nouns call `passing`), requests as files (`files`).

pub mod files;
pub mod gate;
pub mod matter;
mod notes;
pub(crate) mod passing;
pub mod persons;
pub(crate) mod questions;
#[cfg(test)]
mod tests;
pub mod view;

use assay_domain::moment::rfc3339;
use assay_store::approvals::{ApprovalRecord, NewApproval, NewDecision, Verdict};
use assay_store::persons::{PersonRecord, Told};
use assay_store::policies::deed;
use serde_json::{Value, json};

use crate::approvals::matter::{Kind, Matter, digest, words};
use crate::approvals::notes::{Decision, Request, text_sha256};
use crate::approvals::passing::Read;
use crate::approvals::persons::{Me, is_held, key_of, me, somebody};
use crate::approvals::view::{
    ApprovalRef, ApprovalRow, ApprovalStanding, ApprovalState, DecideApproval, DecisionRow, Deed,
    RequestApproval, RuleRow, SetRule, Signer,
};
use crate::commands::Nothing;
use crate::confirmations::plain;
use crate::error::{Code, Result, WireError};
use crate::opening::Engine;
use crate::redaction::policies::gate::view::Gate;

const DAY_MS: i64 = 86_400_000;
/// How long a request is good for where nobody says, days.
const DAYS: u32 = 7;
/// The longest that a request is good for, days.
const MOST_DAYS: u32 = 30;
/// Requests that a list holds.
const LISTED: usize = 1_000;
/// The shortest reason of a decision, characters.
const REASON: usize = 3;
/// The longest reason of a decision, characters.
const LONGEST_REASON: usize = 2_000;

fn bad(message: impl Into<String>) -> WireError {
    WireError::new(Code::BadInput, message)
}

/// What can need a second person, and whether it does.
///
/// # Errors
/// The store's.
pub fn rules(engine: &Engine, _: Nothing) -> Result<Vec<RuleRow>> {
    let on = engine.store().approval_rules()?;
    Ok(Kind::RULES
        .into_iter()
        .map(|kind| {
            let since = on
                .iter()
                .find(|rule| rule.kind == kind.name())
                .map(|rule| rule.since_ms);
            RuleRow {
                kind: kind.name().to_owned(),
                title: kind.title().to_owned(),
                about: kind.about().to_owned(),
                on: since.is_some(),
                since: since.map(rfc3339),
            }
        })
        .collect())
}

/// Makes deeds of a kind need a second person, or lets one person do them again; the latter needs a
/// second person itself.
///
/// # Errors
/// `bad_input` for the kind, or where there are no two persons; `approval_needed`.
pub fn set_rule(engine: &Engine, input: SetRule) -> Result<Vec<RuleRow>> {
    let kind = Kind::RULES
        .into_iter()
        .find(|kind| kind.name() == input.kind)
        .ok_or_else(|| {
            bad(format!("no rule: {}", plain(&input.kind, 40)))
                .hint("waivers, policies, replays, exports or erasures")
        })?;
    let store = engine.store();
    if store.needs_approval(kind.name())?.is_some() == input.on {
        return rules(engine, Nothing {});
    }
    let persons = store.persons()?;
    if input.on && persons.iter().filter(|p| p.revoked_ms.is_none()).count() < 2 {
        return Err(
            bad("there are no two persons whose keys are in force: nobody could approve")
                .hint("make your key and register a colleague's first"),
        );
    }
    let pass = match input.on {
        true => None,
        false => passing::spend(engine, &Matter::rule_off(kind))?,
    };
    let action = if input.on {
        "approval_rule.on"
    } else {
        "approval_rule.off"
    };
    let now_ms = engine.now_ms();
    let payload = json!({
        "action": action,
        "approval": pass.map(|pass| pass.id),
        "at": rfc3339(now_ms),
        "by": engine.user(),
        "kind": kind.name(),
    })
    .to_string();
    let told = Told {
        activity: deed(action, kind.name(), engine.user(), now_ms),
        reason: None,
        payload: payload.as_bytes(),
        now_ms,
    };
    match input.on {
        true => store.writer()?.need_approval(kind.name(), told)?,
        false => store.writer()?.need_no_approval(kind.name(), told)?,
    }
    rules(engine, Nothing {})
}

/// What is the same for all rows of a list.
struct Shown {
    persons: Vec<PersonRecord>,
    origin: String,
    now_ms: i64,
    me: Option<PersonRecord>,
}

impl Shown {
    fn of(engine: &Engine) -> Result<Self> {
        Ok(Self {
            persons: engine.store().persons()?,
            origin: engine.store().origin()?,
            now_ms: passing::now_ms(engine)?,
            // A keychain that can't be asked does not keep anybody from looking.
            me: me(engine).ok().flatten().map(|me| me.person),
        })
    }

    fn signer(&self, id: i64) -> Result<Signer> {
        let person = self
            .persons
            .iter()
            .find(|person| person.id == id)
            .ok_or_else(|| WireError::new(Code::StoreDamaged, format!("no person: {id}")))?;
        Ok(Signer {
            name: person.name.clone(),
            fingerprint: key_of(person)?.fingerprint(),
        })
    }

    fn row(&self, record: &ApprovalRecord) -> Result<ApprovalRow> {
        let Read {
            request,
            decision,
            state,
            problem,
        } = passing::read(&self.persons, &self.origin, record, self.now_ms)?;
        let asked = self
            .persons
            .iter()
            .find(|person| person.id == record.asked_by);
        let by_me = self.me.as_ref().map(|me| me.id) == Some(record.asked_by);
        let for_me = state == ApprovalState::Waiting
            && asked.is_some_and(|asked| {
                self.me
                    .as_ref()
                    .is_some_and(|me| passing::same(asked, me).is_none())
            });
        let decision = match (&record.decided, decision) {
            (Some(decided), Some(said)) => Some(DecisionRow {
                verdict: decided.verdict.name().to_owned(),
                by: self.signer(decided.by)?,
                reason: said.reason,
                said_at: rfc3339(said.at_ms),
                at: rfc3339(decided.at_ms),
                leaf: decided.seq,
            }),
            _ => None,
        };
        Ok(ApprovalRow {
            id: record.id.clone(),
            title: title(&request.kind),
            says: words(&request.kind, &request.content),
            content: pretty(&request.content),
            content_sha256: hex::encode(digest(&request.kind, &request.content)),
            kind: request.kind,
            asked_by: self.signer(record.asked_by)?,
            asked_at: rfc3339(record.asked_ms),
            until: rfc3339(record.until_ms),
            asked_leaf: record.asked_seq,
            state,
            problem,
            by_me,
            for_me,
            decision,
            used_at: record.used_ms.map(rfc3339),
            used_leaf: record.used_seq,
        })
    }
}

fn title(kind: &str) -> String {
    Kind::from_name(kind).map_or_else(|| plain(kind, 60), |kind| kind.title().to_owned())
}

fn pretty(content: &Value) -> String {
    serde_json::to_string_pretty(content).unwrap_or_default()
}

/// All requests, newest first.
///
/// # Errors
/// The store's.
pub fn list(engine: &Engine, _: Nothing) -> Result<Vec<ApprovalRow>> {
    let shown = Shown::of(engine)?;
    engine
        .store()
        .approvals(LISTED)?
        .iter()
        .map(|record| shown.row(record))
        .collect()
}

/// How many requests wait for an answer.
///
/// # Errors
/// The store's.
pub(crate) fn waiting(engine: &Engine) -> Result<u64> {
    let store = engine.store();
    let (persons, origin, now_ms) = (store.persons()?, store.origin()?, passing::now_ms(engine)?);
    let waits = |record: &&ApprovalRecord| {
        passing::read(&persons, &origin, record, now_ms)
            .is_ok_and(|read| read.state == ApprovalState::Waiting)
    };
    Ok(store.approvals(LISTED)?.iter().filter(waits).count() as u64)
}

/// One request; the first digits of its id are enough.
///
/// # Errors
/// `not_found`; `bad_input` where several begin like this.
pub fn show(engine: &Engine, input: ApprovalRef) -> Result<ApprovalRow> {
    Shown::of(engine)?.row(&record(engine, &input.id)?)
}

fn record(engine: &Engine, id: &str) -> Result<ApprovalRecord> {
    let id = id.trim();
    if id.len() == 32 {
        return Ok(engine.store().approval(id)?);
    }
    let mut found: Vec<ApprovalRecord> = engine.store().approvals(LISTED)?;
    found.retain(|record| id.len() >= 4 && record.id.starts_with(id));
    match (found.len(), found.pop()) {
        (1, Some(record)) => Ok(record),
        (0, _) => Err(WireError::new(
            Code::NotFound,
            format!("no request for approval: {}", plain(id, 40)),
        )
        .hint("`assay approvals list` shows them; four digits of an id are enough")),
        _ => Err(bad("several requests begin with these digits").hint("give more of them")),
    }
}

/// Whether a deed needs a second person, and what became of asking for it.
///
/// # Errors
/// `bad_input` for a command that never needs one, or an input that is not of its form.
pub fn standing(engine: &Engine, input: Deed) -> Result<ApprovalStanding> {
    let Some(matter) = Matter::of_deed(engine, &input)? else {
        return Ok(ApprovalStanding {
            needed: false,
            request: None,
            free: true,
        });
    };
    if !passing::is_matter_needed(engine, &matter)? {
        return Ok(ApprovalStanding {
            needed: false,
            request: None,
            free: true,
        });
    }
    let newest = engine
        .store()
        .approvals_of(&matter.sha256())?
        .into_iter()
        .next();
    let shown = Shown::of(engine)?;
    Ok(ApprovalStanding {
        needed: true,
        request: newest
            .as_ref()
            .map(|record| shown.row(record))
            .transpose()?,
        free: passing::is_free(engine, &matter)?,
    })
}

/// Asks a second person for exactly this. Where it was asked for and is not answered, or was
/// approved and not used, that request is answered again.
///
/// # Errors
/// `bad_input` where no second person is needed, or the days are too many; `key_missing` where
/// nobody with a registered key sits here.
pub fn request(engine: &Engine, input: RequestApproval) -> Result<ApprovalRow> {
    let days = input.days.unwrap_or(DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(bad(format!("a request is good for 1 to {MOST_DAYS} days")));
    }
    let matter = match Matter::of_deed(engine, &input.deed)? {
        Some(matter) if passing::is_matter_needed(engine, &matter)? => matter,
        _ => {
            return Err(bad("this needs no second person: the rule is off")
                .hint("`assay approvals rules` shows what does"));
        }
    };
    let open = {
        let shown = Shown::of(engine)?;
        engine
            .store()
            .approvals_of(&matter.sha256())?
            .iter()
            .filter_map(|record| shown.row(record).ok())
            .find(|row| matches!(row.state, ApprovalState::Waiting | ApprovalState::Approved))
    };
    if let Some(open) = open {
        return Ok(open);
    }
    // What could not be done for want of a reason is not asked for; and what stands against it is told along.
    let gate = match matter.kind {
        Kind::Policies => Some(gate::noted(
            &gate::may_be_asked(engine, &matter.content)?.gate,
        )),
        _ => None,
    };
    let Me { person, key } = somebody(engine)?;
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random)
        .map_err(|error| WireError::new(Code::Internal, format!("no randomness: {error}")))?;
    let store = engine.store();
    let now_ms = passing::now_ms(engine)?;
    let request = Request {
        id: hex::encode(random),
        origin: store.origin()?,
        organisation: store.fact("organisation")?.unwrap_or_default(),
        kind: matter.kind.name().to_owned(),
        content: matter.content.clone(),
        gate,
        asked_by: person.name.clone(),
        key: key.verifier(),
        asked_ms: now_ms,
        until_ms: now_ms + i64::from(days) * DAY_MS,
    };
    let note = request.note(&key)?;
    let new = NewApproval {
        id: &request.id,
        kind: matter.kind.name(),
        content_sha256: &matter.sha256(),
        request: &note,
        asked_by: person.id,
        until_ms: request.until_ms,
    };
    let told = Told {
        activity: deed("approval.ask", &request.id, engine.user(), now_ms),
        reason: None,
        payload: &note,
        now_ms,
    };
    store.writer()?.ask_approval(&new, told)?;
    show(engine, ApprovalRef { id: request.id })
}

fn checked(verdict: &str, reason: &str) -> Result<(Verdict, String)> {
    let verdict =
        Verdict::from_name(verdict).ok_or_else(|| bad("a decision is `approved` or `refused`"))?;
    let reason = reason.trim();
    let length = reason.chars().count();
    if !(REASON..=LONGEST_REASON).contains(&length) {
        return Err(bad(format!(
            "a decision has a reason of {REASON} to {LONGEST_REASON} characters"
        )));
    }
    Ok((verdict, reason.to_owned()))
}

/// Decides a request of this store, with the key of whoever sits here.
///
/// # Errors
/// `not_found`; `bad_input` where it is decided, too old, or one's own; `key_missing`.
pub fn decide(engine: &Engine, input: DecideApproval) -> Result<ApprovalRow> {
    let (verdict, reason) = checked(&input.verdict, &input.reason)?;
    let record = record(engine, &input.id)?;
    let me = somebody(engine)?;
    let decision = Decision {
        id: record.id.clone(),
        origin: engine.store().origin()?,
        request_sha256: text_sha256(&record.request)?,
        verdict,
        by: me.person.name.clone(),
        key: me.key.verifier(),
        at_ms: passing::now_ms(engine)?,
        reason,
    };
    let note = decision.note(&me.key)?;
    let shown = gate::of(
        engine,
        &Request::read(&record.request)?,
        Some(ApprovalState::Waiting),
    )?;
    let stood = shown.and_then(|gate| gate.now);
    keep(engine, &record, &decision, &note, stood.as_ref())
}

/// Keeps a decision once everything that it stands on holds; `stood` is what stood against a policy when
/// it was decided here.
fn keep(
    engine: &Engine,
    record: &ApprovalRecord,
    decision: &Decision,
    note: &[u8],
    stood: Option<&Gate>,
) -> Result<ApprovalRow> {
    let refused = |why: &str| bad(format!("the decision counts for nothing: {why}"));
    let store = engine.store();
    let (persons, origin, now_ms) = (store.persons()?, store.origin()?, passing::now_ms(engine)?);
    if decision.origin != origin || decision.id != record.id {
        return Err(refused("it is about a request of another workspace"));
    }
    if decision.request_sha256 != text_sha256(&record.request)? {
        return Err(refused(
            "it is about another request than the one that is kept here",
        ));
    }
    let read = passing::read(&persons, &origin, record, now_ms)?;
    match read.state {
        ApprovalState::Waiting => {}
        ApprovalState::Expired => {
            return Err(refused("the time of the request is over").hint("ask again"));
        }
        ApprovalState::Void => return Err(refused(&read.problem.unwrap_or_default())),
        ApprovalState::Approved | ApprovalState::Refused | ApprovalState::Used => {
            return Err(refused("the request was decided already"));
        }
    }
    let by = persons
        .iter()
        .find(|person| person.key == decision.key.bytes())
        .ok_or_else(|| {
            refused("nobody's registered key signed it")
                .hint("register that person's key first, after comparing its fingerprint")
        })?;
    if key_of(by)? != decision.key {
        return Err(refused("the key is registered under another name"));
    }
    if by.revoked_ms.is_some() {
        return Err(refused("the key that signed it was revoked"));
    }
    let asked = persons
        .iter()
        .find(|person| person.id == record.asked_by)
        .ok_or_else(|| refused("nobody asked"))?;
    if let Some(why) = passing::same(asked, by) {
        return Err(refused(why).hint("a second person has to decide, with a key of their own"));
    }
    // Two keys in one keychain are one person's, whatever their names.
    if is_held(engine, &key_of(asked)?) && is_held(engine, &decision.key) {
        return Err(
            refused("the key that decides is kept where the key that asked is")
                .hint("a second person has to decide, with a key of their own"),
        );
    }
    let action = match decision.verdict {
        Verdict::Approved => "approval.approve",
        Verdict::Refused => "approval.refuse",
    };
    let payload = json!({
        "action": action,
        "at": rfc3339(now_ms),
        "by": engine.user(),
        "decision": String::from_utf8_lossy(note),
        "gate": stood.map(crate::redaction::policies::gate::leaf),
        "request": String::from_utf8_lossy(&record.request),
    })
    .to_string();
    let mut activity = deed(action, &record.id, engine.user(), now_ms);
    activity.account = Some(by.name.clone());
    let told = Told {
        activity,
        reason: Some(&decision.reason),
        payload: payload.as_bytes(),
        now_ms,
    };
    let new = NewDecision {
        id: &record.id,
        verdict: decision.verdict,
        note,
        by: by.id,
    };
    store.writer()?.decide_approval(&new, told)?;
    show(
        engine,
        ApprovalRef {
            id: record.id.clone(),
        },
    )
}
