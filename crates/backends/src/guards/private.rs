//! An endpoint of one's own, by a small contract.
//!
//! It gets `POST` with `{"text": "…"}` (the field's name can be chosen) and answers JSON: either
//! `{"entities": [{"start", "end", "entity_type"}]}` in Unicode code points, or `{"text": "…"}`, the
//! text as it leaves it; where both are there, the places count. Not here: other forms, for which a
//! few lines in front of the endpoint do.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde::Deserialize;
use serde_json::json;

use super::{GuardFault, GuardProfile, Spotted, Verdict, answered, bytes_of};
use crate::send::Sender;

#[derive(Deserialize)]
struct Answer {
    entities: Option<Vec<Entity>>,
    text: Option<String>,
}

#[derive(Deserialize)]
struct Entity {
    start: u64,
    end: u64,
    #[serde(alias = "label", alias = "type")]
    entity_type: Option<String>,
}

pub(super) fn ask(
    sender: &Sender,
    profile: &GuardProfile,
    text: &str,
    cancelled: &Arc<AtomicBool>,
) -> Result<Verdict, GuardFault> {
    let field = profile.text_field.as_deref().unwrap_or("text");
    let body = json!({ field: text });
    let answer: Answer = serde_json::from_value(answered(sender.post(&[], &body, cancelled))?)
        .map_err(|_| GuardFault::Unreadable)?;
    if answer.entities.is_none() && answer.text.is_none() {
        return Err(GuardFault::Unreadable);
    }
    let spotted = answer
        .entities
        .iter()
        .flatten()
        .map(|entity| {
            let (start, end) =
                bytes_of(text, entity.start, entity.end).ok_or(GuardFault::Unreadable)?;
            Ok(Spotted {
                start,
                end,
                name: entity
                    .entity_type
                    .clone()
                    .unwrap_or_else(|| "unnamed".to_owned()),
            })
        })
        .collect::<Result<_, GuardFault>>()?;
    Ok(Verdict {
        redacted: answer.text.filter(|_| answer.entities.is_none()),
        spotted,
        units: 0,
    })
}
