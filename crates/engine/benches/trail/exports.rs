//! What an export of all calls takes: time, memory and bytes.
//!
//! In: a store, a format and a file. Out: figures. Not here: what is in an export.

use std::path::Path;
use std::time::Instant;

use assay_engine::jobs::Progress;
use assay_engine::opening::{Engine, EngineOptions};
use assay_engine::trail::exporting::columns::Records;
use assay_engine::trail::exporting::{NewExport, manifest_of, write};
use assay_report::rows::RowFormat;
use assay_store::open::Access;

use crate::{Figures, cpu_s, peak_mb};

/// The formats of rows.
pub(crate) const FORMATS: [&str; 3] = ["csv", "jsonl", "xlsx"];

/// Exports all calls, and removes what was written.
pub(crate) fn measure(store: &Path, format: &str, file: &Path) -> Figures {
    let engine =
        Engine::open(EngineOptions::new(store.to_owned(), Access::Write)).expect("a store");
    let new = NewExport {
        query: String::new(),
        records: Records::Calls,
        format: RowFormat::from_name(format).expect("csv, jsonl or xlsx"),
        columns: Vec::new(),
        reason: None,
    };
    let (began, used) = (Instant::now(), cpu_s());
    let written = write(&engine, &new, file, &Progress::silent()).expect("an export");
    let figures = Figures::from([
        ("wall_s".to_owned(), began.elapsed().as_secs_f64()),
        ("cpu_s".to_owned(), cpu_s() - used),
        ("peak_mb".to_owned(), peak_mb()),
        ("rows".to_owned(), written.rows as f64),
        ("sheets".to_owned(), written.sheets.unwrap_or(0) as f64),
        ("mb".to_owned(), written.bytes as f64 / 1e6),
    ]);
    std::fs::remove_file(file).expect("the export");
    std::fs::remove_file(manifest_of(file)).expect("its manifest");
    figures
}
