//! Legal holds: records that are kept whatever a rule or a request says, and releasing them.
//!
//! Not here: what a hold covers and refuses (the store), what is due (`retention`).

use assay_domain::moment::rfc3339;
use assay_domain::query::keys::Table;
use assay_domain::settings::date_ms;
use assay_store::error::StoreError;
use assay_store::holds::{HoldRecord, NewHold};

use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::opening::{Engine, read_query};
use crate::retention::view::{HoldRow, ReleaseHold, SetHold};

/// The least that a reason says, in characters.
const REASON: usize = 10;
/// The longest name and reason.
const NAME: usize = 64;
const MAX_REASON: usize = 2_000;

/// All holds, those in force first, newest first.
///
/// # Errors
/// The store's.
pub fn list(engine: &Engine, _: Nothing) -> Result<Vec<HoldRow>> {
    let now_ms = engine.now_ms();
    let mut rows: Vec<HoldRow> = engine
        .store()
        .holds()?
        .into_iter()
        .map(|hold| hold_row(hold, now_ms))
        .collect();
    rows.sort_by_key(|row| row.released_at.is_some());
    Ok(rows)
}

fn hold_row(hold: HoldRecord, now_ms: i64) -> HoldRow {
    HoldRow {
        review_due: hold.released_ms.is_none() && hold.review_ms.is_some_and(|at| at <= now_ms),
        name: hold.name,
        records: hold.records,
        query: hold.query,
        reason: hold.reason,
        set_by: hold.set_by,
        set_at: rfc3339(hold.set_ms),
        review_at: hold.review_ms.map(rfc3339),
        held: hold.held,
        released_by: hold.released_by,
        released_at: hold.released_ms.map(rfc3339),
        release_reason: hold.release_reason,
        leaf: hold.seq,
    }
}

fn reason(text: &str) -> Result<&str> {
    let text = text.trim();
    match text.chars().count() {
        REASON..=MAX_REASON => Ok(text),
        _ => Err(WireError::new(
            Code::BadInput,
            format!("a reason has {REASON} to {MAX_REASON} characters"),
        )
        .hint("say who asked for it and for what")),
    }
}

/// Sets a hold on all records that match, now and later.
///
/// # Errors
/// `bad_input` for the name, the query, the reason, the date, or where a hold of this name is in
/// force; the store's.
pub fn set(engine: &Engine, input: SetHold) -> Result<HoldRow> {
    let name = input.name.trim();
    if name.is_empty() || name.chars().count() > NAME || name.chars().any(char::is_control) {
        return Err(WireError::new(
            Code::BadInput,
            format!("a hold's name has 1 to {NAME} characters"),
        ));
    }
    let table = match input.records.as_str() {
        "calls" => Table::Calls,
        "activities" => Table::Activities,
        other => {
            return Err(
                WireError::new(Code::BadInput, format!("can't hold: {other}"))
                    .hint("`calls` or `activities`"),
            );
        }
    };
    let query = input.query.trim();
    read_query(query, table)?;
    let reason = reason(&input.reason)?;
    let review_ms = match input.review.as_deref().map(str::trim) {
        None | Some("") => None,
        Some(text) => Some(date_ms(text).ok_or_else(|| {
            WireError::new(Code::BadInput, format!("not a date: {text}"))
                .hint("write it like 2027-01-31")
        })?),
    };
    let store = engine.store();
    let taken = store
        .holds()?
        .iter()
        .any(|hold| hold.name == name && hold.released_ms.is_none());
    if taken {
        return Err(WireError::new(
            Code::BadInput,
            format!("a hold of this name is in force: {name}"),
        )
        .hint("choose another name, or release that one first"));
    }
    let now_ms = engine.now_ms();
    let hold = NewHold {
        name,
        records: table,
        query,
        reason,
        review_ms,
    };
    Ok(hold_row(
        store.set_hold(&hold, engine.user(), now_ms)?,
        now_ms,
    ))
}

/// Releases a hold; what waited for it is not erased by that.
///
/// # Errors
/// `not_found`; `bad_input` for the reason, or where the scope is not the hold's query.
pub fn release(engine: &Engine, input: ReleaseHold) -> Result<HoldRow> {
    let reason = reason(&input.reason)?;
    let hold = in_force(engine, &input.name)?;
    if input.scope.trim() != hold.query {
        return Err(WireError::new(
            Code::BadInput,
            "what was typed is not the hold's query; it stays in force",
        )
        .hint("type the query exactly as `assay retention holds` shows it"));
    }
    let now_ms = engine.now_ms();
    let released = engine
        .store()
        .release_hold(&hold.name, reason, engine.user(), now_ms)?;
    Ok(hold_row(released, now_ms))
}

/// The hold of this name that is in force.
pub(crate) fn in_force(engine: &Engine, name: &str) -> Result<HoldRecord> {
    engine
        .store()
        .holds()?
        .into_iter()
        .find(|hold| hold.name == name.trim() && hold.released_ms.is_none())
        .ok_or_else(|| {
            StoreError::NotFound {
                what: "hold in force",
                name: name.trim().to_owned(),
            }
            .into()
        })
}
