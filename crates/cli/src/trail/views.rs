//! `assay trail view`: saved queries.
//!
//! Not here: what they match (`trail`).

use assay_engine::commands::Nothing;
use assay_engine::trail::notes::view::{RenameView, SaveView, ViewRef, ViewRow};
use assay_engine::trail::views;
use serde_json::json;

use super::{activities, calls};
use crate::arguments::trail::ViewCommand;
use crate::ending::Ending;
use crate::opened::Settings;
use crate::output::Output;
use crate::output::human::{Column, moment, table};

pub(super) fn run(
    given: ViewCommand,
    settings: &Settings,
    output: &mut Output,
) -> Result<(), Ending> {
    match given {
        ViewCommand::List => list(&views::list(&settings.reading()?, Nothing {})?, output),
        ViewCommand::Save {
            name,
            query,
            activities,
            columns,
        } => {
            let input = SaveView {
                name,
                records: if activities { "activities" } else { "calls" }.to_owned(),
                query: query.text(),
                columns,
            };
            let view = views::save(&settings.writing()?, input)?;
            saved(&view, "saved view", output)
        }
        ViewCommand::Open { name, page } => {
            let engine = settings.reading()?;
            let view = views::show(&engine, &name)?;
            match view.records.as_str() {
                "activities" => activities(&engine, &view.query, &page, output),
                _ => calls(&engine, &view.query, &page, output),
            }
        }
        ViewCommand::Rename { name, to } => {
            let view = views::rename(&settings.writing()?, RenameView { name, to })?;
            saved(&view, "the view is now called", output)
        }
        ViewCommand::Delete { name } => {
            views::delete(&settings.writing()?, ViewRef { name: name.clone() })?;
            if output.is_json() {
                return output.document(&json!({"deleted": name}));
            }
            output.note(&format!(
                "deleted the view `{name}`; no record is affected by that"
            ))
        }
    }
}

fn saved(view: &ViewRow, says: &str, output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(view);
    }
    output.note(&format!(
        "{says} `{}`; recorded as leaf {}",
        view.name, view.leaf
    ))
}

fn list(views: &[ViewRow], output: &mut Output) -> Result<(), Ending> {
    if output.is_json() {
        return output.document(&json!({"views": views}));
    }
    let rows: Vec<Vec<String>> = views
        .iter()
        .map(|view| {
            vec![
                view.name.clone(),
                view.records.clone(),
                view.query.clone(),
                view.saved_by.clone(),
                moment(Some(&view.saved_at)),
            ]
        })
        .collect();
    output.text(&table(
        &[
            Column::Text("view"),
            Column::Whole("of"),
            Column::Text("query"),
            Column::Text("saved by"),
            Column::Whole("at"),
        ],
        &rows,
        "no views; `assay trail view save NAME QUERY` makes one",
    ))
}
