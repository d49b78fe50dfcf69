//! Logging that somebody switched off or changed: activities of the trail, with what other sources
//! saw until it was switched on again.

use std::collections::BTreeSet;

use super::{Change, Facts, HOUR_MS, Hole, Named, Signature, Unit, between, of_deployments};
use crate::call::Kind;
use crate::checks::calls;
use crate::formats::Format;
use crate::moment::minute;
use crate::place::glob;

/// The rule, for people.
pub const RULE: &str = "An activity in the trail says that logging was switched off or changed. It counts as off until an activity in the same account and region sets it again, in this period or outside it; without one nothing says that it is on. What a change set is not in these columns: open the activity.";

/// What an action does to a source.
enum Does {
    Off,
    Changes,
}

/// Actions that touch what is logged, with what they do, to which source, of which kind of calls.
///
/// Source: CloudTrail's and Google's names of their API methods; the last part of Google's.
const ACTIONS: [(&str, Does, Format, Kind); 9] = [
    (
        "DeleteModelInvocationLoggingConfiguration",
        Does::Off,
        Format::BedrockInvocationLog,
        Kind::Bedrock,
    ),
    (
        "PutModelInvocationLoggingConfiguration",
        Does::Changes,
        Format::BedrockInvocationLog,
        Kind::Bedrock,
    ),
    ("StopLogging", Does::Off, Format::CloudTrail, Kind::Bedrock),
    ("DeleteTrail", Does::Off, Format::CloudTrail, Kind::Bedrock),
    (
        "UpdateTrail",
        Does::Changes,
        Format::CloudTrail,
        Kind::Bedrock,
    ),
    (
        "PutEventSelectors",
        Does::Changes,
        Format::CloudTrail,
        Kind::Bedrock,
    ),
    (
        "SetPublisherModelConfig",
        Does::Changes,
        Format::VertexRequestResponse,
        Kind::Vertex,
    ),
    (
        "DeleteSink",
        Does::Off,
        Format::GoogleAuditLog,
        Kind::Vertex,
    ),
    (
        "UpdateSink",
        Does::Changes,
        Format::GoogleAuditLog,
        Kind::Vertex,
    ),
];

/// The actions to read from the trail: those that switch off or change, and those that set again.
pub fn actions() -> Vec<&'static str> {
    ACTIONS
        .iter()
        .map(|(action, ..)| *action)
        .chain(["StartLogging", "CreateTrail", "CreateSink"])
        .collect()
}

fn is(change: &Change, action: &str) -> bool {
    change.action == action || change.action.rsplit('.').next() == Some(action)
}

/// Whether `later` sets what `change` switched off.
fn sets_again(change: &Change, later: &Change) -> bool {
    const AGAIN: [(&str, &str); 4] = [
        (
            "DeleteModelInvocationLoggingConfiguration",
            "PutModelInvocationLoggingConfiguration",
        ),
        ("StopLogging", "StartLogging"),
        ("DeleteTrail", "CreateTrail"),
        ("DeleteSink", "CreateSink"),
    ];
    later.at_ms >= change.at_ms
        && later.account == change.account
        && later.region == change.region
        && AGAIN
            .iter()
            .any(|(off, on)| is(change, off) && is(later, on))
}

pub(super) fn find(facts: &Facts<'_>) -> Vec<Hole> {
    let from_ms = facts.from_ms.unwrap_or(i64::MIN);
    let mut told: BTreeSet<(i64, &str, Option<&str>, Option<&str>)> = BTreeSet::new();
    facts
        .changes
        .iter()
        // Two files may tell of one deed.
        .filter(|change| {
            let (account, region) = (change.account.as_deref(), change.region.as_deref());
            told.insert((change.at_ms, &change.action, account, region))
        })
        .filter_map(|change| {
            let (action, does, source, kind) =
                ACTIONS.iter().find(|(action, ..)| is(change, action))?;
            let again = facts
                .changes
                .iter()
                .find(|later| sets_again(change, later))
                .map(|later| later.at_ms);
            match does {
                _ if facts.to_ms.is_some_and(|to| change.at_ms >= to) => None,
                Does::Off if again.is_some_and(|again| again <= from_ms) => None,
                Does::Off => Some(off(facts, change, action, (*source, *kind), again)),
                Does::Changes if change.at_ms < from_ms => None,
                Does::Changes => Some(changed(change, action, *source)),
            }
        })
        .collect()
}

/// Whether calls of the deployment may be of the account in which something was changed.
fn may_be_of(named: &Named, kind: Kind, change: &Change) -> bool {
    let account = change.account.as_deref();
    named.kind == kind
        && (named.accounts.is_empty()
            || account.is_none_or(|account| named.accounts.iter().any(|own| glob(own, account))))
}

fn place(change: &Change) -> String {
    match (&change.account, &change.region) {
        (Some(account), Some(region)) => format!(" in account {account}, {region}"),
        (Some(account), None) => format!(" in {account}"),
        (None, Some(region)) => format!(" in {region}"),
        (None, None) => String::new(),
    }
}

fn opens(change: &Change) -> String {
    format!(
        "{} {}",
        crate::query::term_for("action", Some(&change.action)),
        between("at", change.at_ms, change.at_ms + 1)
    )
}

fn off(
    facts: &Facts<'_>,
    change: &Change,
    action: &str,
    (source, kind): (Format, Kind),
    again: Option<i64>,
) -> Hole {
    let before = facts.from_ms.filter(|from| change.at_ms < *from);
    let from_ms = before.unwrap_or(change.at_ms);
    let to_ms = again.unwrap_or(i64::MAX).min(facts.end_ms()).max(from_ms);
    // Whole hours, as the calls are counted.
    let hours = (
        from_ms.div_euclid(HOUR_MS) * HOUR_MS,
        (to_ms + HOUR_MS - 1).div_euclid(HOUR_MS) * HOUR_MS,
    );
    let mut names: Vec<&str> = Vec::new();
    let (mut count, mut of) = (0, 0);
    for (number, named) in facts.deployments {
        if !may_be_of(named, kind, change) {
            continue;
        }
        names.push(&named.name);
        let within = facts.seen.iter().filter(|seen| {
            seen.deployment == *number
                && seen
                    .hour_ms
                    .is_some_and(|at| (hours.0..hours.1).contains(&at))
        });
        for seen in within {
            of += seen.calls;
            count += if seen.by(source) { 0 } else { seen.calls };
        }
    }
    let until = match again {
        Some(at) => format!("it was set again at {}", minute(at)),
        None => "no later activity sets it again".to_owned(),
    };
    Hole {
        signature: Signature::LoggingOff,
        source: source.name().to_owned(),
        deployment: None,
        from_ms,
        to_ms,
        no_end_known: again.is_none(),
        count,
        of,
        unit: Unit::Calls,
        query: (!names.is_empty()).then(|| {
            format!(
                "{} -source:{} {}",
                of_deployments(&names),
                source.name(),
                between(
                    "started_at",
                    hours.0.max(facts.from_ms.unwrap_or(i64::MIN)),
                    hours.1.min(facts.to_ms.unwrap_or(i64::MAX))
                )
            )
        }),
        activities: Some(opens(change)),
        billed_model: None,
        says: format!(
            "`{action}`{} switched {} off{}; {until}. {}, in whole hours, other sources saw {} that may be of this account, and it did not.",
            place(change),
            source.title(),
            before.map_or_else(String::new, |_| format!(
                " at {}, before this period",
                minute(change.at_ms)
            )),
            if before.is_some() {
                "In this period"
            } else {
                "Since then"
            },
            calls(count)
        ),
    }
}

fn changed(change: &Change, action: &str, source: Format) -> Hole {
    Hole {
        signature: Signature::LoggingChanged,
        source: source.name().to_owned(),
        deployment: None,
        from_ms: change.at_ms,
        to_ms: change.at_ms + 1,
        no_end_known: false,
        count: 1,
        of: 1,
        unit: Unit::Activities,
        query: None,
        activities: Some(opens(change)),
        billed_model: None,
        says: format!(
            "`{action}`{} changed what {} holds; whether it logs text since then stands in the activity's record.",
            place(change),
            source.title()
        ),
    }
}
