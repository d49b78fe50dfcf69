//! Saved views: queries of the trail that are kept under a name.
//!
//! They are kept in the store and nowhere else, since a query can name a person. Not here: what a
//! query matches (`trail`).

use assay_domain::moment::rfc3339;
use assay_domain::query::keys::Table;
use assay_store::views::{NewView, ViewRecord};

use crate::commands::Nothing;
use crate::error::{Code, Result, WireError};
use crate::opening::{Engine, read_query};
use crate::trail::notes::view::{RenameView, SaveView, ViewRef, ViewRow};

/// The longest name, in characters.
const NAME: usize = 64;
/// The most columns, and the longest name of one.
const COLUMNS: usize = 64;
const COLUMN: usize = 40;
/// The widths that a column can have, in CSS pixels.
const WIDTHS: std::ops::RangeInclusive<u32> = 40..=2_000;
/// The longest query, in bytes.
const QUERY: usize = 4_000;

fn bad(message: impl Into<String>) -> WireError {
    WireError::new(Code::BadInput, message)
}

fn row(view: ViewRecord) -> ViewRow {
    ViewRow {
        name: view.name,
        records: view.records,
        query: view.query,
        columns: view.columns,
        saved_by: view.saved_by,
        saved_at: rfc3339(view.saved_ms),
        leaf: view.seq,
    }
}

/// All views by name.
///
/// # Errors
/// The store's.
pub fn list(engine: &Engine, _: Nothing) -> Result<Vec<ViewRow>> {
    Ok(engine.store().views()?.into_iter().map(row).collect())
}

/// The view of this name.
///
/// # Errors
/// `not_found`; the store's.
pub fn show(engine: &Engine, name: &str) -> Result<ViewRow> {
    Ok(row(engine.store().view(name.trim())?))
}

fn free_name<'a>(engine: &Engine, name: &'a str) -> Result<&'a str> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME || name.chars().any(char::is_control) {
        return Err(bad(format!("a view's name has 1 to {NAME} characters")));
    }
    match engine.store().view(name) {
        Ok(_) => Err(bad(format!("there is a view of this name: {name}"))
            .hint("choose another name, or rename or delete that one")),
        Err(assay_store::error::StoreError::NotFound { .. }) => Ok(name),
        Err(error) => Err(error.into()),
    }
}

/// Saves a query under a name.
///
/// # Errors
/// `bad_input` for the name, the records, the query, the columns, or where a view has this name; the
/// store's.
pub fn save(engine: &Engine, input: SaveView) -> Result<ViewRow> {
    let name = free_name(engine, &input.name)?;
    let table = match input.records.as_str() {
        "calls" => Table::Calls,
        "activities" => Table::Activities,
        other => {
            return Err(bad(format!("no such records: {other}")).hint("`calls` or `activities`"));
        }
    };
    let query = input.query.trim();
    if query.len() > QUERY {
        return Err(bad(format!("a view's query has at most {QUERY} bytes")));
    }
    read_query(query, table)?;
    let columns = input.columns.unwrap_or_default();
    if columns.len() > COLUMNS || !columns.iter().all(|column| is_column(column)) {
        return Err(
            bad("a view's columns are names of columns, with a width or without")
                .hint("`model`, or `model:190` for 190 pixels"),
        );
    }
    let view = NewView {
        name,
        records: &input.records,
        query,
        columns: &columns,
    };
    engine
        .store()
        .writer()?
        .save_view(&view, engine.user(), engine.now_ms())?;
    show(engine, name)
}

/// Whether this names a column, with its width behind a colon or without.
fn is_column(column: &str) -> bool {
    let (name, width) = match column.split_once(':') {
        Some((name, width)) => (name, width.parse().ok()),
        None => (column, Some(*WIDTHS.start())),
    };
    (1..=COLUMN).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && width.is_some_and(|width| WIDTHS.contains(&width))
}

/// Gives a view another name.
///
/// # Errors
/// `not_found`; `bad_input` for the name; the store's.
pub fn rename(engine: &Engine, input: RenameView) -> Result<ViewRow> {
    let name = engine.store().view(input.name.trim())?.name;
    let to = free_name(engine, &input.to)?;
    engine
        .store()
        .writer()?
        .rename_view(&name, to, engine.user(), engine.now_ms())?;
    show(engine, to)
}

/// Deletes a view; no record is affected by that.
///
/// # Errors
/// `not_found`; the store's.
pub fn delete(engine: &Engine, input: ViewRef) -> Result<Nothing> {
    engine
        .store()
        .writer()?
        .delete_view(input.name.trim(), engine.user(), engine.now_ms())?;
    Ok(Nothing {})
}
