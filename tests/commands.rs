//! The terminal program's own behaviour: help, wrong arguments, pipes, what later versions have.

use std::io::Read;
use std::process::{Command, Stdio};

use crate::journeys::Bench;

#[test]
fn help_and_version_are_asked_for_and_no_errors() {
    let bench = Bench::empty();
    let version = bench.run(&["--version"]).with_code(0);
    assert_eq!(
        version.stdout,
        format!("assay {}\n", env!("CARGO_PKG_VERSION"))
    );
    let help = bench.run(&["--help"]).with_code(0);
    for command in [
        "import",
        "trail",
        "deployments",
        "snapshot",
        "redaction",
        "check",
        "replay",
        "report",
        "evidence",
        "retention",
        "sandbox",
        "serve",
        "demo",
    ] {
        assert!(
            help.stdout.contains(&format!("\n  {command} ")),
            "{command}: {}",
            help.stdout
        );
        bench.run(&[command, "--help"]).with_code(0);
    }
    assert!(
        !help.stdout.contains("monitoring"),
        "what is not there is not listed"
    );
}

#[test]
fn wrong_arguments_are_one_line_and_a_hint() {
    let bench = Bench::empty();
    let check = |line: &[&str], text: &str| {
        let ran = bench.run(line);
        ran.error("bad_input", text);
        assert_eq!(ran.stderr.lines().count(), 2, "{line:?}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{line:?}");
    };
    check(&[], "no command");
    check(&["trail"], "no command");
    check(&["nothing"], "nothing");
    check(&["trail", "calls", "--limt", "5"], "--limt");
    check(&["import"], "PATH");
    check(&["report", "render", "monthly"], "--format");
}

#[test]
fn what_later_versions_have_is_said() {
    let bench = Bench::empty();
    let check = |line: &[&str], text: &str| bench.run(line).error("bad_input", text);
    check(
        &["monitoring", "summary", "--from", "2026-10-01"],
        "this version has no `monitoring`",
    );
    check(
        &["value", "estimate", "sheet.toml"],
        "this version has no `value`",
    );
}

#[test]
fn whoever_closes_the_pipe_has_enough() {
    let bench = Bench::filled();
    let mut child = bench
        .command(&["redaction", "recognizers", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(stderr, "");
}

#[test]
fn whoever_closes_the_pipe_does_not_change_the_verdict() {
    let bench = Bench::filled();
    let mut child = bench
        .command(&["check", "run", "--fail-on", "low"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let pack = bench.file("cut.zip", "no pack");
    let mut child = bench
        .command(&["evidence", "verify", &pack])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn output_is_plain_text_and_progress_is_for_terminals() {
    let bench = Bench::filled();
    let ran = bench.run(&["check", "run"]).with_code(0);
    assert!(!ran.stdout.contains('\u{1b}'));
    assert_eq!(ran.stderr, "");
}

#[test]
fn a_clock_that_is_no_time_is_refused() {
    let bench = Bench::empty();
    let output = bench
        .command(&["check", "list"])
        .env("ASSAY_NOW", "now")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .starts_with("error[bad_input]: `ASSAY_NOW` is not a time")
    );
}

#[test]
fn the_store_is_named_by_option_before_environment() {
    let bench = Bench::filled();
    let other = bench.path("other");
    bench
        .run(&["--store", other.to_str().unwrap(), "trail", "calls"])
        .error("not_found", "other");
    bench
        .run(&["trail", "calls", "--store", other.to_str().unwrap()])
        .error("not_found", "other");
    let none = Command::new(env!("CARGO_BIN_EXE_assay"))
        .args(["trail", "calls"])
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(
        none.status.code(),
        Some(2),
        "a system without folders for programs' files"
    );
}

/// What people see. Each is right because its figures are those of the fixtures, and it fits the
/// page; ids are content hashes, so nothing in it varies but the folder.
#[test]
fn output_for_people() {
    let bench = Bench::filled();
    let file = bench.file(
        "rejected.jsonl",
        "{\"to\": \"jo.doe@example.com\",\n{\"a\": 1}\n",
    );
    let folder = bench
        .path("")
        .to_str()
        .unwrap()
        .trim_end_matches('/')
        .to_owned();
    let shown = |line: &[&str]| bench.run(line).with_code(0).stdout.replace(&folder, "…");
    // The column that holds the folder is as wide as its name, so only the figures stay.
    let imported = shown(&["import", &file]);
    insta::assert_snapshot!("import", imported.split("\n\n").nth(1).unwrap_or_default());
    insta::assert_snapshot!("rejected", shown(&["import", "rejected"]));
    insta::assert_snapshot!("calls", shown(&["trail", "calls"]));
    insta::assert_snapshot!(
        "activities",
        shown(&[
            "trail",
            "activities",
            "source:cloudtrail,compliance_activities"
        ])
    );
    insta::assert_snapshot!("reconcile", shown(&["trail", "reconcile"]));
    let plan = shown(&["replay", "plan", "--backend", "sandbox", "kind:bedrock"]);
    let id = regex::Regex::new("plan-[0-9a-f]{16}").unwrap();
    insta::assert_snapshot!("plan", id.replace_all(&plan, "plan-…"));
}
