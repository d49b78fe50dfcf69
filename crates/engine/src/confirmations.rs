//! One-time confirmations: a dangerous command that comes through `dispatch` is carried out only
//! with a token that a person's answer outside the page has issued.
//!
//! In: a command's name and input. Out: what to ask, in the engine's own words; after a yes a
//! token for exactly this input, good once and for a minute. Not here: the dialog that asks (the
//! window, `assay serve`), which commands are dangerous (`commands`), a second person's approval
//! (`approvals`).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use assay_backends::profile::SANDBOX;
use assay_domain::checks::calls;
use assay_domain::moment::rfc3339;
use assay_domain::query::keys::Table;
use assay_evidence::leaf::LeafKind;
use assay_store::policies::deed;
use assay_store::writer::OwnRecord;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::approvals::questions;
use crate::commands::needs_confirmation;
use crate::error::{Code, Result, WireError};
use crate::opening::{Engine, read_query};
use crate::redaction::guard_runs;
use crate::replay::{StoredPlan, micros};
use crate::retention;
use crate::trail::costs::usd;

/// How long a token is good for, milliseconds.
pub const LIVES_MS: i64 = 60_000;
/// Tokens that wait to be used at one time.
const WAITING: usize = 64;
/// The longest title and text of a question, characters.
const TITLE: usize = 160;
const TEXT: usize = 600;
/// Digits of an id that a question shows.
const DIGITS: usize = 12;

/// Whether a dangerous command needs a confirmation from outside of whoever sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// A person typed the command itself.
    NotNeeded,
    /// A page sends commands; script in it must not be able to complete a dangerous one alone.
    Needed,
}

/// What a person is asked before a dangerous command. Made of the command and the store, never of
/// words that the page supplies; names no person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ts_rs::TS)]
pub struct Question {
    /// Ends with a question mark.
    pub title: String,
    /// What is going to happen, where, to how many.
    pub text: String,
    /// The verb on the button that carries it out.
    pub yes: String,
    pub no: String,
}

/// The tokens that were issued and not used.
#[derive(Default)]
pub struct Confirmations {
    /// By the hash of the token.
    waiting: Mutex<HashMap<[u8; 32], Waiting>>,
}

struct Waiting {
    /// Of the command and its input.
    digest: [u8; 32],
    until_ms: i64,
}

/// A field of the input. Few of them are said in a question; the answer is bound to all of them.
pub(crate) fn text<'a>(input: &'a Value, field: &str) -> &'a str {
    input.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Names of files, deployments and hosts stand in questions: nothing in them may command a
/// terminal, break the lines or turn the reading direction.
pub(crate) fn question(title: String, text: String, yes: &str) -> Question {
    Question {
        title: plain(&title, TITLE),
        text: plain(&text, TEXT),
        yes: yes.to_owned(),
        no: "Cancel".to_owned(),
    }
}

/// Text of others for people to read: nothing in it commands a terminal, breaks a line or turns the
/// reading direction; cut to `most` characters.
pub(crate) fn plain(text: &str, most: usize) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}'..='\u{2029}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .map(|c| {
            if c.is_control() || turns(c) {
                '\u{fffd}'
            } else {
                c
            }
        })
        .take(most)
        .collect()
}

/// What to ask before `name` is carried out with `input`; `None` where it needs no confirmation.
///
/// # Errors
/// Whatever shows already that the command can't be carried out: `not_found`, `bad_input`.
pub fn describe(engine: &Engine, name: &str, input: &Value) -> Result<Option<Question>> {
    if !is_needed(engine, name, input) {
        return Ok(None);
    }
    Ok(Some(match name {
        "trail.reveal" => reveal(engine, input)?,
        "evidence.pack" => written(engine, input, "Write the pack")?,
        "trail.export_originals" => written(engine, input, "Write the originals")?,
        "replay.start" => run(engine, input)?,
        "redaction.run_guard" => guard(engine, input)?,
        "evidence.save_anchor" => anchor(input),
        "settings.encrypt_store" => question(
            "Encrypt this store?".to_owned(),
            "Its file is written anew under a key of its own. Without that key and without the \
             recovery passphrase nobody can read it again, and nobody can help."
                .to_owned(),
            "Encrypt",
        ),
        "settings.rotate_store_key" => question(
            "Give this store another key?".to_owned(),
            "Its file is written anew. The key from before opens it no more, only copies that \
             were made before; the recovery passphrase is the one that was just typed."
                .to_owned(),
            "Replace the key",
        ),
        "settings.decrypt_store" => question(
            "Make this store readable without a key?".to_owned(),
            "Whoever has its file can then read the fields of all records in it.".to_owned(),
            "Decrypt",
        ),
        "settings.set_store_passphrase" => question(
            "Replace the recovery passphrase?".to_owned(),
            "The one from before opens copies of the store that were made before, and this one \
             no more."
                .to_owned(),
            "Replace",
        ),
        _ if name.starts_with("approvals.") => questions::ask(engine, name, input)?,
        _ => match retention::ask(engine, name, input)? {
            Some(question) => question,
            None => question(
                format!("Carry out `{name}`?"),
                "This can't be taken back. The trail keeps that it was done, by whom and when."
                    .to_owned(),
                "Carry out",
            ),
        },
    }))
}

fn reveal(engine: &Engine, input: &Value) -> Result<Question> {
    let record = engine.store().call(text(input, "id"))?;
    let id: String = record.id.chars().take(DIGITS).collect();
    Ok(question(
        format!("Reveal the original text of call {id}?"),
        format!(
            "Personal data of this one call in `{}` will be shown in the window for 60 seconds. \
             Your name, the time and the reason are written to the trail first.",
            record.deployment
        ),
        "Reveal",
    ))
}

fn written(engine: &Engine, input: &Value, yes: &str) -> Result<Question> {
    let (matching, stored) = engine
        .store()
        .count(&read_query(text(input, "query"), Table::Calls)?)?;
    let place = match input.get("handle").and_then(Value::as_str) {
        Some(handle) => engine
            .handles()
            .path(handle)?
            .file_name()
            .map_or_else(String::new, |name| format!(" `{}`", name.to_string_lossy())),
        None => " in the store's folder".to_owned(),
    };
    Ok(question(
        format!(
            "Write {} of {} as they were received?",
            calls(matching),
            stored
        ),
        format!(
            "The file{place} will hold the original text with the personal data in it, unmasked. \
             Whoever has the file can read it."
        ),
        yes,
    ))
}

fn anchor(input: &Value) -> Question {
    let (name, url) = (text(input, "name"), text(input, "url"));
    let sent = match text(input, "kind") {
        "tsa" => "the hash of the checkpoint",
        _ => "the checkpoint: the number of records, the root of the tree and its signature",
    };
    question(
        format!("Let `{name}` vouch for the trail?"),
        format!(
            "Whenever an anchor is asked for, {sent} is sent to {url}, and to no other place. \
             No record is sent."
        ),
        "Save",
    )
}

fn guard(engine: &Engine, input: &Value) -> Result<Question> {
    let (plan, texts) = guard_runs::planned(engine, text(input, "plan"))?;
    let backend = plan.profile.backend();
    Ok(question(
        format!("Send {texts} canaries to {}?", backend.destination()),
        format!(
            "{} bytes of synthetic text leave this computer; no stored call is sent. Place: {}. \
             The guard may ask money for it. What was sent can't be called back.",
            plan.bytes,
            backend.place.as_deref().unwrap_or("not known"),
        ),
        "Send",
    ))
}

fn plan(engine: &Engine, input: &Value) -> Result<StoredPlan> {
    let (plan, _) = engine.store().plan(text(input, "plan"))?;
    serde_json::from_str(&plan).map_err(|error| {
        WireError::new(
            Code::Internal,
            format!("a stored plan can't be read: {error}"),
        )
    })
}

fn run(engine: &Engine, input: &Value) -> Result<Question> {
    let plan = plan(engine, input)?;
    let sent = plan
        .items
        .iter()
        .filter(|item| item.refused.is_none())
        .count() as u64;
    let budget = match input.get("budget_usd").and_then(Value::as_str) {
        Some(budget) => Some(micros(budget)?),
        None => plan.budget,
    };
    let destination = plan.backend.destination();
    Ok(question(
        format!("Send {} to {destination}?", calls(sent)),
        format!(
            "The requests leave this computer. Place: {}. Redaction: {}. It may cost at most {}. \
             What was sent can't be called back.",
            plan.backend.place.as_deref().unwrap_or("not known"),
            if plan.policy == "none" {
                "none, they are sent as they are".to_owned()
            } else {
                format!("policy {}", plan.policy)
            },
            budget.map_or_else(
                || "an amount that is not set".to_owned(),
                |budget| format!("{} USD", usd(budget))
            ),
        ),
        "Send",
    ))
}

fn is_needed(engine: &Engine, name: &str, input: &Value) -> bool {
    needs_confirmation(name)
        && engine.confirmation() == Confirmation::Needed
        // What is replayed in the sandbox leaves nothing but this process, and costs nothing.
        && !(name == "replay.start"
            && plan(engine, input).is_ok_and(|plan| plan.backend.name == SANDBOX))
        // A guard on this computer gets what nobody would mind.
        && !(name == "redaction.run_guard"
            && guard_runs::planned(engine, text(input, "plan"))
                .is_ok_and(|(plan, _)| plan.profile.backend().is_loopback()))
}

/// Issues the token for a command that a person has just confirmed.
///
/// # Errors
/// `internal` where the system gives no randomness.
pub fn issue(engine: &Engine, name: &str, input: &Value) -> Result<String> {
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random)
        .map_err(|error| WireError::new(Code::Internal, format!("no randomness: {error}")))?;
    let token = hex::encode(random);
    let now_ms = engine.now_ms();
    let mut waiting = lock(engine);
    waiting.retain(|_, other| other.until_ms >= now_ms);
    if waiting.len() >= WAITING {
        waiting.clear();
    }
    waiting.insert(
        Sha256::digest(&token).into(),
        Waiting {
            digest: digest(name, input),
            until_ms: now_ms + LIVES_MS,
        },
    );
    Ok(token)
}

fn lock(engine: &Engine) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Waiting>> {
    engine
        .confirmations()
        .waiting
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

/// Lets a command through that needs no confirmation, or has one. A token is spent by being shown,
/// right or wrong; what is refused is written to the trail.
///
/// # Errors
/// `not_confirmed`.
pub(crate) fn check(engine: &Engine, name: &str, input: &Value, token: Option<&str>) -> Result<()> {
    if !is_needed(engine, name, input) {
        return Ok(());
    }
    let why = match token {
        None => "no confirmation",
        Some(token) => {
            let shown: [u8; 32] = Sha256::digest(token).into();
            match lock(engine).remove(&shown) {
                None => "unknown confirmation",
                Some(found) if found.until_ms < engine.now_ms() => "confirmation too old",
                Some(found) if found.digest != digest(name, input) => {
                    "confirmation of something else"
                }
                Some(_) => return Ok(()),
            }
        }
    };
    denied(engine, name, why, Code::NotConfirmed);
    Err(WireError::new(
        Code::NotConfirmed,
        format!("`{name}` was not carried out: {why}"),
    )
    .hint("do it again, and answer the question that is asked outside the page"))
}

/// Writes to the trail that a command was refused. Its input may hold anything and is not kept.
pub(crate) fn denied(engine: &Engine, name: &str, why: &str, code: Code) {
    let now_ms = engine.now_ms();
    let mut activity = deed("command.denied", name, engine.user(), now_ms);
    activity.succeeded = Some(false);
    activity.error_type = Some(code.name().to_owned());
    let payload = json!({
        "action": "command.denied",
        "at": rfc3339(now_ms),
        "by": engine.user(),
        "command": name,
        "why": why,
    })
    .to_string();
    let own = OwnRecord {
        kind: LeafKind::Denied,
        activity,
        reason: Some(why),
        payload: payload.as_bytes(),
        now_ms,
    };
    // The command is refused whether or not that can be written down.
    if let Ok(mut writer) = engine.store().writer()
        && writer.record_own(&own).is_ok()
    {
        drop(writer);
        engine.jobs().changed(&["activities"]);
    }
}

/// SHA-256 over the command's name, a zero byte and its input in one canonical form.
fn digest(name: &str, input: &Value) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(name);
    hasher.update([0]);
    hasher.update(canonical(input));
    hasher.finalize().into()
}

/// JSON in one way only: keys sorted, no spaces. Equal values give equal texts.
pub(crate) fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_by_key(|(name, _)| *name);
            let inside: Vec<String> = sorted
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)))
                .collect();
            format!("{{{}}}", inside.join(","))
        }
        Value::Array(items) => {
            let inside: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", inside.join(","))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
