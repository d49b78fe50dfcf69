//! Which activities are about a call, and which calls an activity is about: Anthropic's staff opened a message, the
//! server of a hook denied a prompt, somebody looked at a chat.
//!
//! In: a record. Out: rows and queries. What joins them is an id that both name, as Anthropic's feed of activities
//! does. Not here: records of the same call (`witnesses`), and who revealed a call here.

use std::collections::BTreeSet;

use assay_domain::activity::Activity;
use assay_domain::formats::Format;
use assay_store::activities::ActivityRecord;
use assay_store::calls::CallRecord;
use assay_store::joins::WitnessRecord;

use crate::error::Result;
use crate::opening::Engine;
use crate::trail::view::{ActivityRow, CallsAbout, Query};
use crate::trail::{activity_row, count};

/// The activities that are listed of a call, the newest.
pub const MOST: u32 = 20;

/// The activities of Anthropic's feed that name an id of the call or its conversation, newest first, [`MOST`] at most.
pub(super) fn of_call(
    engine: &Engine,
    record: &CallRecord,
    others: &[WitnessRecord],
) -> Result<Vec<ActivityRow>> {
    let calls = others.iter().map(|other| &other.record.call);
    let names: BTreeSet<&str> = std::iter::once(&record.call)
        .chain(calls)
        .flat_map(|call| call.request_ids.values().chain(&call.conversation_id))
        .map(String::as_str)
        .collect();
    let source = Format::ComplianceActivities.name();
    let found = engine.store().activities_on(source, &names, MOST)?;
    Ok(found.iter().map(activity_row).collect())
}

/// The calls that an activity is about; `None` where it names none.
pub(super) fn calls_of(engine: &Engine, record: &ActivityRecord) -> Result<Option<CallsAbout>> {
    let Some(query) = query_of(&record.activity) else {
        return Ok(None);
    };
    let found = count(
        engine,
        Query {
            query: query.clone(),
        },
    )?;
    Ok(Some(CallsAbout {
        query,
        count: found.matching,
    }))
}

fn query_of(activity: &Activity) -> Option<String> {
    let id = |name: &str| activity.ids.get(name);
    let (key, value) = ["message_id", "hook_request_id"]
        .into_iter()
        .find_map(|name| Some(("request_id", id(name)?)))
        .or_else(|| Some(("conversation_id", id("conversation_id")?)))?;
    // What a query has to quote is no id.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    value
        .chars()
        .all(is_plain)
        .then(|| format!("{key}:{value}"))
}
