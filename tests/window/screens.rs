//! Every screen in the real window: it draws, and nothing runs over its edge. `scripts/shots.sh` names a
//! folder in `ASSAY_SHOTS`, in which a picture of each in both themes is for people to look at.

use std::path::PathBuf;

use serde_json::json;

use crate::webdriver::Session;
use crate::{program, stage};

/// Name of the picture, address, and what the screen shows once it is drawn.
const SCREENS: &[(&str, &str, &str)] = &[
    ("overview", "/", "Needs attention"),
    ("trail", "/trail", "12,000 of 12,000 calls"),
    ("activities", "/trail?tab=activities", "activities"),
    ("deployments", "/deployments", "claims-bedrock-eu"),
    ("deployment", "/deployments/claims-bedrock-eu", "Retention"),
    (
        "deployment-regions",
        "/deployments/claims-bedrock-eu?tab=regions",
        "us-east-1",
    ),
    ("redaction", "/redaction", "Text to try"),
    ("redaction-policy", "/redaction?tab=policy", "as TOML"),
    ("redaction-restore", "/redaction?tab=restore", "The vault"),
    (
        "redaction-recognizers",
        "/redaction?tab=recognizers",
        "E-mail address",
    ),
    ("replay", "/replay", "sandbox"),
    ("checks", "/checks", "Log retention"),
    ("reports", "/reports", "Monthly audit of Claude deployments"),
    ("imports", "/imports", "import batches"),
    ("retention", "/retention", "How long text is kept"),
    (
        "retention-person",
        "/retention?tab=person",
        "Search the store",
    ),
    ("settings", "/settings", "Theme"),
    ("evidence", "/evidence", "What a pack proves"),
];

/// Elements that are wider than what shows them and neither scroll nor cut on purpose.
const RUNS_OVER: &str = "
const wide = [];
if (document.documentElement.scrollWidth > innerWidth) wide.push('the page');
for (const element of document.querySelectorAll('main *')) {
  const style = getComputedStyle(element);
  if (style.overflowX !== 'visible' || element.closest('svg, [role=grid]') || element.clientWidth === 0) continue;
  if (element.scrollWidth > element.clientWidth + 1 && !element.matches('.sr-only, .sr-only *')) wide.push(element.tagName + ' ' + element.textContent.slice(0, 40));
}
return wide.slice(0, 5);";

/// Opens what is behind a click and has no address that is known beforehand: a record, a finding,
/// a run with a comparison. Answers their addresses.
fn opened(window: &Session) -> Vec<(&'static str, String, &'static str)> {
    let here = |window: &Session| {
        let address = window.run("return location.pathname + location.search", json!([]));
        address.as_str().unwrap_or_default().to_owned()
    };
    window.run(
        "location.href = '/trail?q=entity_type:EMAIL_ADDRESS'",
        json!([]),
    );
    window.click("row", "2026-10");
    window.sees("masked");
    let mut opened = vec![("record", here(window), "masked")];
    let record = here(window);
    for (name, tab, shows) in [
        ("record-provenance", "provenance", "Commitment"),
        ("record-sources", "sources", "this call"),
        ("record-raw", "raw", "as it was received"),
    ] {
        opened.push((name, format!("{record}&view={tab}"), shows));
    }
    let id = record
        .split("rec=")
        .nth(1)
        .and_then(|rest| rest.split('&').next())
        .unwrap_or_default();
    opened.push((
        "redaction-call",
        format!("/redaction?call={id}"),
        "[EMAIL_ADDRESS_1]",
    ));

    window.run("location.href = '/checks?verdict=not_met'", json!([]));
    window.find("heading", "Checks");
    window.click("main td a", "");
    window.sees("How to fix");
    opened.push(("finding", here(window), "How to fix"));

    window.run(
        "location.href = '/replay?q=deployment:support-private%20status:ok'",
        json!([]),
    );
    window.click("button", "Plan");
    window.click("button", "Start replay");
    // Rows come while it runs, and what is clicked then may be another one.
    window.sees("Done");
    window.click("main td button, main td a", "");
    window.sees("Original");
    opened.push(("replay-run", here(window), "Original"));
    opened
}

#[test]
fn screens_are_drawn_within_their_edges_in_both_themes() {
    let Some((home, display)) = stage() else {
        return;
    };
    let store = home.path().join("store");
    let pictures = std::env::var_os("ASSAY_SHOTS").map(PathBuf::from);
    let window = Session::start(
        display.port,
        &program(),
        &["--store", &store.to_string_lossy(), "--sample"],
    );
    window.find("heading", "Overview");
    let mut broken = Vec::new();
    let mut screens: Vec<(&str, String, &str)> = SCREENS
        .iter()
        .map(|(name, address, shows)| (*name, (*address).to_owned(), *shows))
        .collect();
    screens.extend(opened(&window));
    // The themes differ in colours, which move nothing.
    let again = pictures.as_ref().map_or(2, |_| screens.len());
    for (theme, looked_at) in [("light", screens.len()), ("dark", again)] {
        window.run(
            "localStorage.setItem('assay-preferences', JSON.stringify({ theme: arguments[0] }))",
            json!([theme]),
        );
        for (name, address, shows) in &screens[..looked_at] {
            window.run("location.href = arguments[0]", json!([address]));
            window.until(&format!("`{shows}` on {address}"), |page| {
                let drawn = page.run(
                    "return document.readyState === 'complete' && !!document.querySelector('h1')",
                    json!([]),
                );
                (drawn == true && page.text().contains(shows)).then_some(())
            });
            assert_eq!(
                window.run("return document.documentElement.dataset.theme", json!([])),
                theme
            );
            let wide = window.run(RUNS_OVER, json!([]));
            if wide.as_array().is_some_and(|wide| !wide.is_empty()) {
                broken.push(format!("{theme} {address}: {wide}"));
            }
            if let Some(folder) = &pictures {
                window.picture(&folder.join(format!("{name}-{theme}.png")));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "runs over its edge:\n{}",
        broken.join("\n")
    );
}
