//! Who looked at original text within a period, and what a second person approved.
//!
//! Counted and listed from the trail's own activities and from the requests; nothing is kept from
//! an earlier report. Not here: laying it out.

use std::collections::BTreeSet;

use assay_domain::checks::{calls as calls_text, counted as many};
use assay_domain::moment::rfc3339;
use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use assay_report::model::Counted;
use assay_report::model::oversight::{Approvals, Decided, Look, Looked, Requested, Tally};
use assay_store::activities::ActivityRecord;
use serde_json::Value;

use super::contents::shown;
use crate::approvals;
use crate::approvals::matter::Kind;
use crate::approvals::view::{ApprovalRow, ApprovalState};
use crate::checks::thousands;
use crate::commands::Nothing;
use crate::error::Result;
use crate::opening::{Engine, read_query};
use crate::replay::run::About;

/// Rows that a report prints.
const ROWS: usize = 500;
/// Rows that are looked at together.
const PAGE: usize = 1_000;
/// Digits of an id that people read.
const DIGITS: usize = 12;

/// The period as the trail's language says it of activities.
struct Period {
    from: i64,
    to: i64,
}

impl Period {
    fn query(&self, actions: &str) -> String {
        format!(
            "action:{actions} at:>={} at:<{}",
            shown(self.from),
            shown(self.to)
        )
    }

    fn count(&self, engine: &Engine, actions: &str) -> Result<u64> {
        let query = read_query(&self.query(actions), Table::Activities)?;
        Ok(engine.store().activity_count(&query)?.0)
    }

    /// Whether a moment in RFC 3339 lies in it.
    fn holds(&self, at: &str) -> bool {
        let (from, to) = (rfc3339(self.from), rfc3339(self.to));
        at >= from.as_str() && at < to.as_str()
    }
}

fn look(engine: &Engine, record: &ActivityRecord) -> Result<Look> {
    let activity = &record.activity;
    let target = activity.target.clone().unwrap_or_default();
    let (what, whose) = match activity.action.as_str() {
        "call.reveal" => ("revealed", target),
        "call.copy" => ("copied", target),
        "evidence.pack" | "trail.export_originals" if target.is_empty() => {
            ("exported", "all calls".to_owned())
        }
        "evidence.pack" | "trail.export_originals" => ("exported", target),
        _ => ("refused", target),
    };
    let approval = match what {
        "exported" => approval_of(engine, &record.id)?,
        _ => None,
    };
    Ok(Look {
        at: activity.at_ms.map(rfc3339).unwrap_or_default(),
        who: activity.actor.clone().unwrap_or_default(),
        what: what.to_owned(),
        record: whose,
        reason: record.reason.clone(),
        approval,
        leaf: record.seq,
    })
}

/// The approval that a deed's own record names.
fn approval_of(engine: &Engine, id: &str) -> Result<Option<String>> {
    let (_, payload) = engine.store().activity(id)?;
    let told: Option<Value> = serde_json::from_slice(&payload).ok();
    Ok(told
        .as_ref()
        .and_then(|told| told.get("approval"))
        .and_then(Value::as_str)
        .map(|id| id.chars().take(DIGITS).collect()))
}

/// What shows original text, and what was refused.
const ACTIONS: &str =
    "call.reveal,call.copy,evidence.pack,trail.export_originals,vault.restore,command.denied";

/// Who looked at original text, and which attempts were refused.
pub(super) fn looked(engine: &Engine, from: i64, to: i64) -> Result<Looked> {
    let period = Period { from, to };
    let query = read_query(&period.query(ACTIONS), Table::Activities)?;
    let (mut rows, mut calls, mut who) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    let (mut reveals, mut copies, mut packs, mut restores, mut refused) = (0, 0, 0, 0, 0);
    let mut after = None;
    loop {
        let (page, next) = engine.store().activities(&query, after, PAGE)?;
        for record in &page {
            match record.activity.action.as_str() {
                "call.reveal" => {
                    reveals += 1;
                    calls.insert(record.activity.target.clone());
                    who.insert(record.activity.actor.clone());
                }
                "call.copy" => copies += 1,
                "vault.restore" => {
                    restores += 1;
                    who.insert(record.activity.actor.clone());
                }
                "evidence.pack" | "trail.export_originals" => {
                    packs += 1;
                    who.insert(record.activity.actor.clone());
                }
                _ => refused += 1,
            }
            if rows.len() < ROWS {
                rows.push(look(engine, record)?);
            }
        }
        match next {
            Some(cursor) => after = Some(cursor),
            None => break,
        }
    }
    let stored = engine.store().count(&Query::default())?.1;
    let written = period.count(engine, "report.write")?;
    let total = reveals + copies + packs + restores + refused;
    let mut says = Vec::new();
    if restores > 0 {
        says.push(format!(
            "Originals were put back in place of their tokens {}.",
            many(restores, "time")
        ));
    }
    if reveals + packs == 0 && restores > 0 {
        says.push(
            "No reveal and no export of unmasked records is in the trail in this period."
                .to_owned(),
        );
    } else if reveals + packs == 0 {
        says.push(
            "Nobody looked at original text in this period: no reveal and no export of unmasked records is in the trail."
                .to_owned(),
        );
    } else {
        says.push(format!(
            "{} of {} of {} in the trail, whose text was copied {}, and {} with original text, by {}.",
            many(reveals, "reveal"),
            thousands(calls.len() as u64),
            calls_text(stored),
            many(copies, "time"),
            many(packs, "evidence pack"),
            many(who.len() as u64, "person")
        ));
    }
    says.push(match refused {
        0 => "No attempt was refused.".to_owned(),
        refused => format!(
            "{} refused.",
            match refused {
                1 => "1 attempt was".to_owned(),
                more => format!("{} attempts were", thousands(more)),
            }
        ),
    });
    if total > ROWS as u64 {
        says.push(format!(
            "The newest {ROWS} of {} are listed.",
            thousands(total)
        ));
    }
    says.push(
        "What is read outside this program, from the store's files or from a pack, leaves no trace here."
            .to_owned(),
    );
    let tally = |id: &str, title: &str, value: u64, of: Counted, actions: &str| Tally {
        id: id.to_owned(),
        title: title.to_owned(),
        value,
        of,
        query: Some(period.query(actions)),
        note: None,
    };
    Ok(Looked {
        tallies: vec![
            tally(
                "revealed_calls",
                "Calls whose text was revealed",
                calls.len() as u64,
                Counted::new(stored, "call in the trail", "calls in the trail"),
                "call.reveal",
            ),
            tally(
                "unmasked_exports",
                "Exports of unmasked records",
                packs,
                Counted::new(
                    packs + written,
                    "file written: packs and reports",
                    "files written: packs and reports",
                ),
                "evidence.pack,trail.export_originals,trail.export,report.write",
            ),
            tally(
                "refused_attempts",
                "Attempts that were refused",
                refused,
                Counted::new(
                    total,
                    "reveal, copy, export, restore or refused attempt",
                    "reveals, copies, exports, restores and refused attempts",
                ),
                ACTIONS,
            ),
        ],
        says,
        rows,
        total,
    })
}

const fn state(state: ApprovalState) -> &'static str {
    match state {
        ApprovalState::Waiting => "waiting",
        ApprovalState::Approved => "approved",
        ApprovalState::Refused => "refused",
        ApprovalState::Used => "used",
        ApprovalState::Expired => "expired",
        ApprovalState::Void => "void",
    }
}

fn requested(row: ApprovalRow) -> Requested {
    Requested {
        id: row.id.chars().take(DIGITS).collect(),
        kind: row.title,
        what: row.says.into_iter().next().unwrap_or_default(),
        asked_by: row.asked_by.name,
        asked_key: row.asked_by.fingerprint,
        asked_at: row.asked_at,
        asked_leaf: row.asked_leaf,
        state: state(row.state).to_owned(),
        decision: row.decision.map(|decision| Decided {
            verdict: decision.verdict,
            by: decision.by.name,
            key: decision.by.fingerprint,
            at: decision.at,
            reason: decision.reason,
            leaf: decision.leaf,
        }),
        used_at: row.used_at,
        used_leaf: row.used_leaf,
    }
}

/// Deeds of a kind that were done within the period, and the query that opens them.
fn done(engine: &Engine, period: &Period, kind: Kind) -> Result<(u64, String)> {
    let actions = match kind {
        Kind::Waivers => "finding.waive",
        Kind::Policies => "policy.put_in_force",
        Kind::Replays => "replay.start",
        Kind::Exports => "evidence.pack,trail.export_originals",
        Kind::Erasures => "records.erase",
        Kind::Rules => "approval_rule.off",
        Kind::Persons => "person.add,person.revoke",
    };
    let count = match kind {
        // A run in the sandbox needs nobody.
        Kind::Replays => engine
            .store()
            .runs()?
            .iter()
            .filter(|run| (period.from..period.to).contains(&run.started_ms))
            .filter(|run| {
                serde_json::from_str::<About>(&run.run)
                    .is_ok_and(|about| about.backend != assay_backends::profile::SANDBOX)
            })
            .count() as u64,
        _ => period.count(engine, actions)?,
    };
    Ok((count, period.query(actions)))
}

/// What a second person approved or refused, and what was done without one.
pub(super) fn approvals(engine: &Engine, from: i64, to: i64) -> Result<Approvals> {
    let period = Period { from, to };
    let rows = approvals::list(engine, Nothing {})?;
    let rules = approvals::rules(engine, Nothing {})?;
    let mut tallies = Vec::new();
    for kind in Kind::RULES {
        let used = rows
            .iter()
            .filter(|row| {
                row.kind == kind.name() && row.used_at.as_deref().is_some_and(|at| period.holds(at))
            })
            .count() as u64;
        let (done, query) = done(engine, &period, kind)?;
        let since = rules
            .iter()
            .find(|rule| rule.kind == kind.name())
            .and_then(|rule| rule.since.clone());
        let without = done.saturating_sub(used);
        tallies.push(Tally {
            id: format!("approved_{}", kind.name()),
            title: format!("{}, with a second person's approval", kind.title()),
            value: used.min(done),
            of: Counted::new(done, "done in the period", "done in the period"),
            query: Some(query),
            note: Some(match (&since, without) {
                (None, 0) => "The rule is off now.".to_owned(),
                (None, without) => format!(
                    "{} done without an approval; the rule is off now.",
                    thousands(without)
                ),
                (Some(since), 0) => format!("The rule is on since {since}."),
                (Some(since), without) => format!(
                    "{} done without an approval, while the rule was off; it is on since {since}.",
                    thousands(without)
                ),
            }),
        });
    }
    let rows: Vec<Requested> = rows
        .into_iter()
        .filter(|row| {
            let decided = row.decision.as_ref().map(|decision| decision.at.as_str());
            [Some(row.asked_at.as_str()), decided, row.used_at.as_deref()]
                .into_iter()
                .flatten()
                .any(|at| period.holds(at))
        })
        .map(requested)
        .collect();
    let count = |name: &str| {
        rows.iter()
            .filter(|row| {
                row.decision
                    .as_ref()
                    .is_some_and(|said| said.verdict == name)
            })
            .count() as u64
    };
    let on = rules.iter().filter(|rule| rule.on).count();
    let mut says = vec![format!(
        "For {on} of {} kinds of deeds a second person has to approve now.",
        rules.len()
    )];
    if rows.is_empty() {
        says.push("Nobody was asked for an approval in this period.".to_owned());
    } else {
        says.push(format!(
            "Of {}, {} approved, {} refused and {} not answered.",
            many(rows.len() as u64, "request"),
            thousands(count("approved")),
            thousands(count("refused")),
            thousands(rows.iter().filter(|row| row.decision.is_none()).count() as u64)
        ));
        says.push(
            "An approval proves that the secret of the key with this fingerprint signed it; whose key it is was said when it was registered."
                .to_owned(),
        );
    }
    Ok(Approvals {
        says,
        tallies,
        rows,
    })
}
