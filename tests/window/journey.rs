//! The journey of a first day: start, import a dropped file, open a call, preview, check, export.

use std::path::{Path, PathBuf};

use crate::display::Display;
use crate::dragging::drop_file;
use crate::webdriver::Session;
use crate::{program, stage};

/// Three calls as Bedrock logs them: personal data in one, an error in another, one that was
/// served elsewhere than it was sent.
const LOG: &str = concat!(
    r#"{"schemaType":"ModelInvocationLog","schemaVersion":"1.0","timestamp":"2026-10-05T08:30:00Z","accountId":"111122223333","identity":{"arn":"arn:aws:sts::111122223333:assumed-role/claims/worker"},"region":"eu-central-1","requestId":"0f6c1e2a-5b1d-4c57-9a56-0c2f5d6a7b01","operation":"InvokeModel","modelId":"eu.anthropic.claude-sonnet-4-5-20250929-v1:0","input":{"inputContentType":"application/json","inputBodyJson":{"anthropic_version":"bedrock-2023-05-31","max_tokens":300,"system":"Answer claims questions.","messages":[{"role":"user","content":"Please write to jane.doe@example.com about her claim."}]},"inputTokenCount":31},"output":{"outputContentType":"application/json","outputBodyJson":{"id":"msg_01A","type":"message","role":"assistant","content":[{"type":"text","text":"I have written to the customer."}],"stop_reason":"end_turn","usage":{"input_tokens":31,"output_tokens":8}},"outputTokenCount":8},"inferenceRegion":"eu-west-3"}"#,
    "\n",
    r#"{"schemaType":"ModelInvocationLog","schemaVersion":"1.0","timestamp":"2026-10-05T09:30:00Z","accountId":"111122223333","identity":{"arn":"arn:aws:sts::111122223333:assumed-role/claims/worker"},"region":"eu-central-1","requestId":"0f6c1e2a-5b1d-4c57-9a56-0c2f5d6a7b02","operation":"InvokeModel","modelId":"eu.anthropic.claude-sonnet-4-5-20250929-v1:0","errorCode":"ThrottlingException"}"#,
    "\n",
    r#"{"schemaType":"ModelInvocationLog","schemaVersion":"1.0","timestamp":"2026-10-06T10:00:00Z","accountId":"111122223333","identity":{"arn":"arn:aws:sts::111122223333:assumed-role/claims/worker"},"region":"eu-central-1","requestId":"0f6c1e2a-5b1d-4c57-9a56-0c2f5d6a7b03","operation":"InvokeModel","modelId":"eu.anthropic.claude-sonnet-4-5-20250929-v1:0","input":{"inputContentType":"application/json","inputBodyJson":{"anthropic_version":"bedrock-2023-05-31","max_tokens":300,"messages":[{"role":"user","content":"Summarise the policy."}]},"inputTokenCount":12},"output":{"outputContentType":"application/json","outputBodyJson":{"id":"msg_01B","type":"message","role":"assistant","content":[{"type":"text","text":"It covers water damage."}],"stop_reason":"end_turn","usage":{"input_tokens":12,"output_tokens":6}},"outputTokenCount":6}}"#,
    "\nthis line is no record\n",
);

#[test]
fn from_a_dropped_log_to_an_exported_report() {
    let Some((home, display)) = stage() else {
        return;
    };
    let store = home.path().join("store");
    let window = Session::start(
        display.port,
        &program(),
        &["--store", &store.to_string_lossy()],
    );
    window.find("heading", "Overview");

    // Import a file that is dropped from another program's window.
    let log = home.path().join("calls.jsonl");
    std::fs::write(&log, LOG).expect("a log can be written");
    drop_file(&display, &log, (640, 400));
    window.sees("3 records");
    window.click("link", "Imports");
    window.sees("calls.jsonl");
    window.sees("1 rejected line");

    // Open a call: its text is masked.
    window.click("link", "Trail");
    window.sees("3 of 3 calls");
    window.fill(
        &window.find("[role=combobox]", "Query of calls"),
        "requested_region:eu-central-1 input_tokens:31\u{E007}",
    );
    window.sees("1 of 3 calls");
    window.click("row", "2026-10-05 08:30:00");
    window.sees("Please write to");
    assert!(
        !window.text().contains("jane.doe@example.com"),
        "prompt text is masked"
    );

    // Reveal it with a reason, asked again outside the page, and hide it again. A key that was
    // meant for the page confirms nothing: the safe button has the focus.
    window.click("button", "Reveal…");
    window.click("button", "Reveal for 60 s");
    answer(&display, &["Return"]);
    window.sees("Nothing was revealed");
    assert!(!window.text().contains("jane.doe@example.com"));
    window.click("button", "Reveal for 60 s");
    answer(&display, &["Tab", "Return"]);
    window.sees("jane.doe@example.com");
    window.click("button", "Hide now");
    window.until("the text to be hidden", |page| {
        (!page.text().contains("jane.doe@example.com")).then_some(())
    });

    // Preview a policy on it.
    window.click("link", "Preview redaction");
    window.find("heading", "Redaction");
    window.sees("EMAIL_ADDRESS");
    assert!(
        !window.text().contains("jane.doe@example.com"),
        "a preview of a stored call reveals nothing"
    );

    // Check.
    window.click("link", "Checks");
    window.click("button", "Run checks");
    window.sees("Personal data");

    // Export the report through the system's own dialog.
    window.click("link", "Reports");
    window.click("button", "Create report");
    let report = save_as(&display, &home.path().join("audit.pdf"));
    window.sees("SHA-256");
    let bytes = std::fs::read(&report).expect("the report lies where it was asked for");
    assert!(bytes.starts_with(b"%PDF-"), "it is a PDF");

    // What was done is in the trail.
    window.click("link", "Trail");
    window.click("button", "Activities");
    window.sees("call.reveal");
    window.sees("report.write");
}

/// Presses keys in the dialog that asks whether text is to be revealed, and waits until it is gone.
fn answer(display: &Display, keys: &[&str]) {
    let title = "^Reveal the original text of call";
    display.when_shown(title, |dialog| {
        display.run("xdotool", &["windowfocus", "--sync", dialog]);
        for key in keys {
            display.run("xdotool", &["key", "--clearmodifiers", key]);
        }
    });
    display.when_gone(title);
}

/// Types a path into the system's dialog and accepts it.
fn save_as(display: &Display, path: &Path) -> PathBuf {
    display.when_shown("^Save as$", |dialog| {
        display.run("xdotool", &["windowfocus", "--sync", dialog]);
        display.run("xdotool", &["key", "--clearmodifiers", "ctrl+a"]);
        display.run(
            "xdotool",
            &[
                "type",
                "--clearmodifiers",
                "--delay",
                "15",
                &path.to_string_lossy(),
            ],
        );
        display.run("xdotool", &["key", "Return"]);
    });
    path.to_owned()
}
