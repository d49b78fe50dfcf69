//! The product in its real window, driven as a person drives it: WebKitGTK under a virtual screen.
//!
//! Here is what only the real window can show: that it starts under the locale of servers, that a
//! file dropped from another program is imported, that clicks reach the store and come back, that
//! what is exported lies on disk. Not here: the screens one by one (`ui/tests/e2e`).

#![cfg(target_os = "linux")]
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

mod display;
mod dragging;
mod journey;
mod screens;
mod scrolling;
mod walls;
mod webdriver;

use std::path::PathBuf;

/// A folder for one test with a display on it; `None`, said aloud, where the programs for it are
/// not installed. With `CI` set they must be.
fn stage() -> Option<(tempfile::TempDir, display::Display)> {
    let missing = display::Display::missing();
    if !missing.is_empty() {
        assert!(
            std::env::var_os("CI").is_none(),
            "not installed: {}",
            missing.join(", ")
        );
        println!("SKIPPED, not installed: {}", missing.join(", "));
        return None;
    }
    let home = tempfile::tempdir().expect("a temporary folder");
    let display = display::Display::start("1480x900", home.path());
    Some((home, display))
}

fn program() -> PathBuf {
    env!("CARGO_BIN_EXE_assay-desktop").into()
}
