//! What is asked outside the page before something is approved, or before it is decided who may.
//!
//! Not here: the tokens that an answer issues (`confirmations`).

use serde_json::Value;

use crate::approvals::matter::Kind;
use crate::approvals::view::{ApprovalFile, ApprovalRef};
use crate::approvals::{files, gate, persons, show};
use crate::confirmations::{Question, question, text};
use crate::error::Result;
use crate::opening::Engine;

/// What is asked before a key signs, or before it is decided whose keys count.
///
/// # Errors
/// Whatever shows already that it can't be done: `not_found`, `bad_input`.
pub(crate) fn ask(engine: &Engine, name: &str, input: &Value) -> Result<Question> {
    let verb = match text(input, "verdict") {
        "approved" => "Approve",
        _ => "Refuse",
    };
    let signed = |says: &[String], stands: &str, asked_by: &str| {
        question(
            format!("{verb} what was asked for?"),
            format!(
                "{}{stands} The key that asks: {asked_by}. Your name, your reason and your signature are kept in the trail.",
                says.first().map_or("", String::as_str),
            ),
            verb,
        )
    };
    Ok(match name {
        "approvals.decide" => {
            let id = text(input, "id").to_owned();
            let asked = show(engine, ApprovalRef { id: id.clone() })?;
            let stands = match asked.kind == Kind::Policies.name() {
                true => gate::sentence(Some(&gate::show(engine, ApprovalRef { id })?)),
                false => String::new(),
            };
            signed(&asked.says, &stands, &asked.asked_by.fingerprint)
        }
        "approvals.sign_file" => {
            let handle = text(input, "handle").to_owned();
            let asked = files::open(engine, ApprovalFile { handle })?;
            let stands = gate::sentence(asked.gate.as_ref());
            signed(&asked.says, &stands, &asked.asked_by.fingerprint)
        }
        "approvals.add_person" => {
            let key = persons::read_key(text(input, "vkey"))?;
            question(
                "Let this key approve?".to_owned(),
                format!(
                    "Fingerprint: {}. Whoever has the secret of this key can approve what is asked here. \
                     Compare the digits with what its owner reads out to you.",
                    key.fingerprint()
                ),
                "Register",
            )
        }
        "approvals.set_rule" => question(
            format!("Change who has to approve `{}`?", text(input, "kind")),
            match input.get("on").and_then(Value::as_bool) {
                Some(true) => {
                    "From now on a second person has to approve. One person alone can't switch that off again."
                }
                _ => "From now on one person alone can do it.",
            }
            .to_owned(),
            "Change",
        ),
        _ => question(
            "Carry out what was asked for?".to_owned(),
            "This can't be taken back. The trail keeps that it was done, by whom and when."
                .to_owned(),
            "Carry out",
        ),
    })
}
