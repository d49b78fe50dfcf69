//! The journey of a first day: start, import a dropped file, open a call, preview, check, export.

use crate::dragging::drop_file;
use crate::webdriver::Session;
use crate::{program, stage};

#[test]
fn from_a_dropped_log_to_an_exported_report() {
    let Some((home, display)) = stage() else { return };
    let store = home.path().join("store");
    let window = Session::start(display.port, &program(), &["--store", &store.to_string_lossy()]);
    let log = home.path().join("calls.jsonl");
    std::fs::write(&log, "").expect("a log can be written");
    drop_file(&display, &log, (640, 400));
    window.sees("Assay");
}
