//! How long a frame takes while somebody scrolls through the trail in the real window.
//!
//! `scripts/bench-scroll.sh` names a store in `ASSAY_SCROLL_STORE` and what a frame may take in
//! `ASSAY_SCROLL_MOST_MS`; without them a log of some thousand calls is scrolled through, and only what
//! is shown is looked at: how fast a shared machine draws is no verdict.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::display::Display;
use crate::webdriver::Session;
use crate::{program, stage};

/// Frames that are measured of each way to scroll.
const FRAMES: u64 = 300;
/// Scrolls on every frame and keeps how long each took.
const SCROLL: &str = "
const [way, frames] = arguments;
const grid = document.querySelector('[role=grid]');
const times = [];
let last = 0, count = 0;
const by = (pixels) => {
  const wheel = new WheelEvent('wheel', { deltaY: pixels, bubbles: true, cancelable: true });
  // A list that is not scaled leaves the wheel to the engine.
  if (grid.dispatchEvent(wheel)) grid.scrollTop += pixels;
};
window.assayFrames = null;
const frame = (now) => {
  if (last > 0) times.push(now - last);
  last = now;
  count += 1;
  if (times.length === frames) { window.assayFrames = times; return; }
  if (way === 'a notch a frame') by(53);
  else if (way === 'a screenful a frame') by(560);
  else grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * (count / (frames + 2));
  requestAnimationFrame(frame);
};
requestAnimationFrame(frame);";
const WAYS: [&str; 3] = [
    "a notch a frame",
    "a screenful a frame",
    "the bar from end to end",
];

/// Calls that are scrolled through: more than all frames of a screenful pass.
const CALLS: u64 = 7_000;

/// Writes a log of `CALLS` calls.
fn log(to: &Path) {
    let mut text = String::new();
    for index in 0..CALLS {
        let (hour, minute, second) = (index / 3_600, index / 60 % 60, index % 60);
        text.push_str(&format!(
            "{{\"schemaType\":\"ModelInvocationLog\",\"timestamp\":\"2026-10-05T{hour:02}:{minute:02}:{second:02}Z\",\
             \"region\":\"eu-central-1\",\"requestId\":\"r-{index}\",\"operation\":\"Converse\",\
             \"modelId\":\"anthropic.claude-3-haiku-20240307-v1:0\",\"input\":{{\"inputTokenCount\":{index}}},\"output\":{{}}}}\n"
        ));
    }
    std::fs::write(to, text).expect("a log can be written");
}

fn share(sorted: &[f64], share: f64) -> f64 {
    let at = (sorted.len() as f64 * share) as usize;
    sorted[at.min(sorted.len() - 1)]
}

#[test]
fn rows_are_drawn_while_somebody_scrolls() {
    let Some((home, display)) = stage() else {
        return;
    };
    // As the program is started by people: it chooses how it draws by itself.
    drop(display);
    let display = Display::as_people_have_it("1480x900", home.path());
    let store = std::env::var_os("ASSAY_SCROLL_STORE").map(PathBuf::from);
    let arguments = match store {
        Some(path) => vec![path],
        None => {
            let calls = home.path().join("calls.jsonl");
            log(&calls);
            vec![home.path().join("store"), calls]
        }
    };
    let is_imported = arguments.len() > 1;
    let named: Vec<_> = arguments
        .iter()
        .map(|path| path.to_string_lossy())
        .collect();
    let all: Vec<&str> = std::iter::once("--store")
        .chain(named.iter().map(AsRef::as_ref))
        .collect();
    let window = Session::start(display.port, &program(), &all);
    window.find("heading", "Overview");
    window.run("location.href = '/trail'", json!([]));
    if is_imported {
        window.sees("7,000 of 7,000 calls");
    }
    window.find("row", "20");
    let rows = window.run(
        "return document.querySelector('[role=grid]').getAttribute('aria-rowcount')",
        json!([]),
    );
    println!(
        "{} rows with the head, {FRAMES} frames each",
        rows.as_str().unwrap_or_default()
    );
    println!("| | p50 ms | p95 ms | longest ms |\n|---|---|---|---|");
    let mut worst: f64 = 0.0;
    for way in WAYS {
        window.run(SCROLL, json!([way, FRAMES]));
        let times = window.until("the frames", |page| {
            let times = page.run("return window.assayFrames", json!([]));
            let times: Vec<f64> = times
                .as_array()?
                .iter()
                .filter_map(|ms| ms.as_f64())
                .collect();
            (!times.is_empty()).then_some(times)
        });
        let mut sorted = times;
        sorted.sort_by(f64::total_cmp);
        let p95 = share(&sorted, 0.95);
        worst = worst.max(p95);
        println!(
            "| {way} | {:.0} | {p95:.0} | {:.0} |",
            share(&sorted, 0.5),
            sorted[sorted.len() - 1]
        );
        // Where somebody stops, the rows are there.
        window.until("the rows to be loaded", |page| {
            (!page.text().contains("Loading…")).then_some(())
        });
    }
    // The bar stood at its end: the last row is in sight, under its number.
    let last = window.run(
        "const grid = document.querySelector('[role=grid]');
         grid.scrollTop = grid.scrollHeight;
         return [...grid.querySelectorAll('[aria-rowindex]')].length",
        json!([]),
    );
    assert!(
        last.as_u64().is_some_and(|drawn| drawn < 60),
        "{last} rows in the document"
    );
    window.until("the last row", |page| {
        let shown = page.run(
            "const grid = document.querySelector('[role=grid]');
             return [...grid.querySelectorAll('[aria-rowindex]')].some((row) => row.getAttribute('aria-rowindex') === grid.getAttribute('aria-rowcount'))",
            json!([]),
        );
        shown.as_bool().filter(|is| *is)
    });
    if let Some(most) = std::env::var("ASSAY_SCROLL_MOST_MS")
        .ok()
        .and_then(|text| text.parse::<f64>().ok())
    {
        assert!(
            worst <= most,
            "p95 is {worst:.0} ms, at most {most:.0} are allowed"
        );
    }
}
