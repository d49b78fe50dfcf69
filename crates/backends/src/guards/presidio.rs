//! Presidio's analyzer over HTTP.
//!
//! `POST /analyze` with `{"text", "language"}` answers `[{"entity_type", "start", "end", "score"}]`,
//! in characters; `GET /supportedentities?language=` answers what it looks for. Not here: Presidio's
//! anonymizer, which masks what it is told.
//!
//! Source: microsoft.github.io/presidio/api-docs.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde::Deserialize;
use serde_json::json;

use super::{GuardFault, GuardProfile, Spotted, Verdict, answered, bytes_of};
use crate::send::Sender;

#[derive(Deserialize)]
struct Result {
    entity_type: String,
    start: u64,
    end: u64,
}

fn language(profile: &GuardProfile) -> &str {
    profile.language.as_deref().unwrap_or("en")
}

pub(super) fn claims(
    sender: &Sender,
    profile: &GuardProfile,
    cancelled: &Arc<AtomicBool>,
) -> std::result::Result<Vec<String>, GuardFault> {
    let query = [("language", language(profile))];
    let answer = answered(sender.get(&["supportedentities"], &query, cancelled))?;
    serde_json::from_value(answer).map_err(|_| GuardFault::Unreadable)
}

pub(super) fn ask(
    sender: &Sender,
    profile: &GuardProfile,
    text: &str,
    cancelled: &Arc<AtomicBool>,
) -> std::result::Result<Verdict, GuardFault> {
    let body = json!({ "text": text, "language": language(profile) });
    let answer = answered(sender.post(&["analyze"], &body, cancelled))?;
    let results: Vec<Result> =
        serde_json::from_value(answer).map_err(|_| GuardFault::Unreadable)?;
    let spotted = results
        .into_iter()
        .map(|result| {
            let (start, end) =
                bytes_of(text, result.start, result.end).ok_or(GuardFault::Unreadable)?;
            Ok(Spotted {
                start,
                end,
                name: result.entity_type,
            })
        })
        .collect::<std::result::Result<_, GuardFault>>()?;
    Ok(Verdict {
        spotted,
        ..Verdict::default()
    })
}
