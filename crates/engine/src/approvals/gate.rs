//! What a second person sees of a policy: why it is asked for, the points of the gate as they stood then and as
//! they stand now, and what is otherwise since.
//!
//! In: a request. Out: points in words and counts. What stood then is what the asking computer said and signed;
//! what stands now is found out here, from this store alone. Not here: the points themselves (`policies::gate`),
//! deciding (`approvals`).

use assay_domain::moment::rfc3339;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::approvals::matter::Kind;
use crate::approvals::notes::Request;
use crate::approvals::view::{ApprovalRef, ApprovalState, AskedGate, AskedPoints};
use crate::approvals::{passing, record};
use crate::confirmations::plain;
use crate::error::{Code, Result, WireError};
use crate::opening::Engine;
use crate::redaction::policies::gate::view::{AskGate, Gate, GatePoint, GateState};
use crate::redaction::policies::gate::{self, Passed};
use crate::redaction::policies::{all_in_force, version};

/// Points of a request that are read at most.
const POINTS: usize = 12;
/// Lines of one of them.
const LINES: usize = 24;
/// The longest sentence of it, characters.
const SENTENCE: usize = 600;
/// The longest name of it.
const NAME: usize = 120;

/// What a note says of the points.
#[derive(Serialize, Deserialize)]
struct Noted {
    before: String,
    after: String,
    points: Vec<NotedPoint>,
}

#[derive(Serialize, Deserialize)]
struct NotedPoint {
    point: String,
    title: String,
    /// Whatever is no state is unknown.
    state: String,
    says: String,
    #[serde(default)]
    details: Vec<String>,
}

const fn name(state: GateState) -> &'static str {
    match state {
        GateState::Clear => "clear",
        GateState::Against => "against",
        GateState::Incomplete => "incomplete",
        GateState::Unknown => "unknown",
    }
}

fn text<'a>(content: &'a Value, field: &str) -> Option<&'a str> {
    content.get(field).and_then(Value::as_str)
}

/// What is asked of the gate for this content, in this store.
///
/// # Errors
/// `not_found` where the very text that was asked for is not here.
fn question(engine: &Engine, content: &Value) -> Result<AskGate> {
    if let Some(deployment) = text(content, "ends_own_of") {
        return Ok(AskGate {
            name: None,
            deployment: Some(deployment.to_owned()),
        });
    }
    let policy = text(content, "policy").unwrap_or_default();
    let wanted = text(content, "sha256").unwrap_or_default();
    let is_it = |toml: &str| hex::encode(Sha256::digest(toml)) == wanted;
    let saved = engine.store().policy_versions(policy)?;
    let reference = match saved.iter().rfind(|version| is_it(&version.toml)) {
        Some(found) => format!("{policy}@{}", found.number),
        None if version(engine, policy).is_ok_and(|builtin| is_it(&builtin.toml)) => {
            policy.to_owned()
        }
        None => {
            return Err(WireError::new(
                Code::NotFound,
                "the text that was asked for is not in this store",
            ));
        }
    };
    Ok(AskGate {
        name: Some(reference),
        deployment: text(content, "deployment").map(str::to_owned),
    })
}

/// Lets a request be asked: what could not be done for want of a reason is not asked for.
///
/// # Errors
/// As `policies::gate::pass`.
pub(crate) fn may_be_asked(engine: &Engine, content: &Value) -> Result<Passed> {
    gate::pass(engine, &question(engine, content)?, text(content, "reason"))
}

/// What a request's note holds of the points.
pub(crate) fn noted(gate: &Gate) -> Value {
    let noted = Noted {
        before: gate.before.clone(),
        after: gate.after.clone(),
        points: gate
            .points
            .iter()
            .map(|one| NotedPoint {
                point: one.point.clone(),
                title: one.title.clone(),
                state: name(one.state).to_owned(),
                says: one.says.clone(),
                details: one.details.clone(),
            })
            .collect(),
    };
    serde_json::to_value(noted).unwrap_or_default()
}

/// The points of a note; anything may stand in it.
fn read(noted: &Value, asked_ms: i64) -> Option<AskedPoints> {
    let noted = Noted::deserialize(noted).ok()?;
    let points = noted
        .points
        .into_iter()
        .take(POINTS)
        .map(|one| GatePoint {
            point: plain(&one.point, NAME),
            title: plain(&one.title, NAME),
            state: match one.state.as_str() {
                "clear" => GateState::Clear,
                "against" => GateState::Against,
                "incomplete" => GateState::Incomplete,
                _ => GateState::Unknown,
            },
            says: plain(&one.says, SENTENCE),
            details: one
                .details
                .iter()
                .take(LINES)
                .map(|line| plain(line, SENTENCE))
                .collect(),
            at: None,
            by: None,
        })
        .collect();
    Some(AskedPoints {
        before: plain(&noted.before, NAME),
        after: plain(&noted.after, NAME),
        at: rfc3339(asked_ms),
        points,
    })
}

/// What is otherwise now than when it was asked, a sentence each.
fn changed(asked: &AskedPoints, now: &Gate) -> Vec<String> {
    let mut said = Vec::new();
    if asked.before != now.before {
        said.push(format!(
            "It would replace `{}` now; when it was asked, it would have replaced `{}`.",
            now.before, asked.before
        ));
    }
    for one in &now.points {
        match asked.points.iter().find(|then| then.point == one.point) {
            None => said.push(format!(
                "{}: {} now; not told when it was asked.",
                one.title,
                name(one.state)
            )),
            Some(then) if then.state != one.state => said.push(format!(
                "{}: {} now, {} when it was asked.",
                one.title,
                name(one.state),
                name(then.state)
            )),
            Some(then) if then.says != one.says => said.push(format!(
                "{}: {} as before, for other reasons or counts. When it was asked: {}",
                one.title,
                name(one.state),
                then.says
            )),
            Some(_) => {}
        }
    }
    for then in &asked.points {
        if !now.points.iter().any(|one| one.point == then.point) {
            said.push(format!(
                "{}: {} when it was asked, and no point of it now.",
                then.title,
                name(then.state)
            ));
        }
    }
    said
}

/// Why a request to end a deployment's own policy can't be carried out any more.
fn outdated(engine: &Engine, content: &Value) -> Result<Option<String>> {
    if text(content, "ends_own_of").is_none() {
        return Ok(None);
    }
    let default = version(engine, &all_in_force(engine)?.default)?;
    let is_same = text(content, "sha256") == Some(&hex::encode(Sha256::digest(&default.toml)));
    Ok((!is_same).then(|| {
        format!(
            "Another policy is in force by default now: `{}`. This request was for what was in force when it \
             was asked, and can't be carried out any more.",
            default.reference()
        )
    }))
}

/// What a request about a policy tells and what is found out about it; `None` for a request of another kind.
/// `state` is `None` for one that came as a file.
///
/// # Errors
/// The store's.
pub(crate) fn of(
    engine: &Engine,
    request: &Request,
    state: Option<ApprovalState>,
) -> Result<Option<AskedGate>> {
    if request.kind != Kind::Policies.name() {
        return Ok(None);
    }
    let asked = request
        .gate
        .as_ref()
        .and_then(|noted| read(noted, request.asked_ms));
    let is_here = engine.store().origin()? == request.origin;
    let is_open = matches!(
        state,
        None | Some(ApprovalState::Waiting | ApprovalState::Approved)
    );
    let found = match (is_here, is_open) {
        (false, _) => Err(
            "It is a request of another workspace: how the points stand now can be told only there. What follows \
             is what that computer said when it asked."
                .to_owned(),
        ),
        (true, false) => {
            Err("It is not open any more: how the points stand now says nothing of it.".to_owned())
        }
        (true, true) => question(engine, &request.content)
            .and_then(|ask| gate::standing(engine, ask))
            .map_err(|error| format!("How the points stand now can't be told: {}.", error.message)),
    };
    let (now, untold) = match found {
        Ok(now) => (Some(now), None),
        Err(why) => (None, Some(why)),
    };
    let mut changed = match (&asked, &now) {
        (Some(asked), Some(now)) => changed(asked, now),
        _ => Vec::new(),
    };
    if is_here && is_open {
        changed.extend(outdated(engine, &request.content)?);
    }
    let shown = now
        .as_ref()
        .map(|gate| &gate.points)
        .or_else(|| asked.as_ref().map(|asked| &asked.points));
    let not_clear = shown.map(|points| {
        let not = points.iter().filter(|one| one.state != GateState::Clear);
        not.count() as u64
    });
    Ok(Some(AskedGate {
        reason: text(&request.content, "reason").map(|reason| plain(reason, SENTENCE)),
        not_clear,
        of: shown.map_or(0, |points| points.len() as u64),
        asked,
        now,
        untold,
        changed,
    }))
}

/// What stood and stands against the policy that a request is about.
///
/// # Errors
/// `not_found`; `bad_input` where the request is about something else.
pub fn show(engine: &Engine, input: ApprovalRef) -> Result<AskedGate> {
    let record = record(engine, &input.id)?;
    let store = engine.store();
    let (persons, origin, now_ms) = (store.persons()?, store.origin()?, passing::now_ms(engine)?);
    let read = passing::read(&persons, &origin, &record, now_ms)?;
    of(engine, &read.request, Some(read.state))?.ok_or_else(|| {
        WireError::new(Code::BadInput, "the request is about no policy")
            .hint("only what puts a policy in force, or ends one, goes through the gate")
    })
}

/// One sentence for a question outside the page; empty where there is nothing to say.
pub(crate) fn sentence(gate: Option<&AskedGate>) -> String {
    match gate {
        Some(AskedGate {
            not_clear: Some(0),
            of,
            now: Some(_),
            ..
        }) => format!(" All {of} points are clear."),
        Some(AskedGate {
            not_clear: Some(not_clear),
            of,
            now,
            ..
        }) => format!(
            " {not_clear} of {of} points are not clear{}.",
            match now {
                Some(_) => "",
                None => ", as the asking computer said",
            }
        ),
        Some(AskedGate {
            not_clear: None, ..
        }) => " What stands against it is not known.".to_owned(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests;
