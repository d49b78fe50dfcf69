//! Redaction as a filter: lines in, lines out, and back with the vault.

use std::io::{Read, Write};
use std::process::Stdio;

use assay_store::subjects::{Needles, occurrences};
use serde_json::{Value, json};

use super::{Bench, Ran};

const REVERSIBLE: &str =
    "name = \"tokens\"\nversion = \"2\"\n[operators]\ndefault = { operator = \"reversible\" }\n";

fn apply(bench: &Bench, more: &[&str], input: &[u8]) -> Ran {
    let mut all = vec!["redaction", "apply"];
    all.extend(more);
    bench.fed(&all, input)
}

/// The summary: the last line on stderr.
fn summary(stderr: &str) -> Value {
    serde_json::from_str(stderr.lines().last().unwrap()).unwrap()
}

#[test]
fn lines_come_out_as_they_went_in_but_for_what_was_found() {
    let bench = Bench::empty();
    let input = "{\"id\": 1.50, \"text\":\"mail jo.doe@example.com \\u00e9\"}\r\n\n[4111111111111111]\n\"plain\"";
    let ran = apply(&bench, &["--json"], input.as_bytes()).with_code(0);
    assert_eq!(
        ran.stdout,
        "{\"id\": 1.50, \"text\":\"mail [EMAIL_ADDRESS_1] \\u00e9\"}\n[\"[CREDIT_CARD_1]\"]\n\"plain\"\n"
    );
    let summary = summary(&ran.stderr);
    assert_eq!(
        (
            &summary["lines"],
            &summary["redacted"],
            &summary["counts"],
            &summary["policy"]
        ),
        (
            &json!(3),
            &json!(2),
            &json!({"CREDIT_CARD": 1, "EMAIL_ADDRESS": 1}),
            &json!("default")
        )
    );
    assert!(!bench.store().exists(), "this policy needs no store");
}

#[test]
fn a_bad_line_ends_it_with_a_reason_and_without_a_part_of_it() {
    let bench = Bench::empty();
    let input = b"{\"a\":1}\n{\"to\":\"jo.doe@example.com\"\n{\"b\":2}\n\xff\xfe\n{\"c\":3}\n";
    let ran = apply(&bench, &["--json"], input).with_code(1);
    assert_eq!(ran.stdout, "{\"a\":1}\n");
    assert!(
        ran.stderr.contains("line 2: not JSON at column "),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("--keep-going"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("jo.doe"), "{}", ran.stderr);
    assert_eq!(summary(&ran.stderr)["stopped"], json!(true));
    let ran = apply(&bench, &["--json", "--keep-going"], input).with_code(1);
    assert_eq!(ran.stdout, "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n");
    assert!(
        ran.stderr.contains("line 4: not UTF-8 at column 1"),
        "{}",
        ran.stderr
    );
    assert_eq!(summary(&ran.stderr)["left_out"], json!(2));
}

#[test]
fn a_conversation_keeps_its_placeholders_and_fields_can_be_chosen() {
    let bench = Bench::empty();
    let line = |of: &str, who: &str| json!({"of": of, "text": who, "by": who}).to_string() + "\n";
    let input = line("a", "ann@example.com")
        + &line("b", "bob@example.com")
        + &line("a", "bob@example.com")
        + &line("a", "ann@example.com");
    let ran = apply(
        &bench,
        &["--conversation", "/of", "--field", "/text"],
        input.as_bytes(),
    )
    .with_code(0);
    let texts: Vec<String> = ran
        .stdout
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            assert!(line["by"].as_str().unwrap().ends_with("@example.com"));
            line["text"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(
        texts,
        [
            "[EMAIL_ADDRESS_1]",
            "[EMAIL_ADDRESS_1]",
            "[EMAIL_ADDRESS_2]",
            "[EMAIL_ADDRESS_1]"
        ]
    );
    apply(&bench, &["--field", "text"], b"").error("bad_input", "no JSON Pointer");
}

/// A line goes out before the next one is there, and whoever has enough ends it quietly.
#[test]
fn it_is_a_filter_for_pipelines() {
    let bench = Bench::empty();
    let mut child = bench
        .command(&["redaction", "apply"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut input, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    input.write_all(b"[\"jo.doe@example.com\"]\n").unwrap();
    input.flush().unwrap();
    let mut first = [0; 22];
    output.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"[\"[EMAIL_ADDRESS_1]\"]\n");
    drop(output);
    // The pipe is closed: what is written now reaches nobody.
    let _ = input.write_all(b"[1]\n[2]\n");
    drop(input);
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(!stderr.contains("error"), "{stderr}");
}

#[test]
fn long_lines_of_anything_pass() {
    let bench = Bench::empty();
    for text in [
        "a".repeat(4 << 20),
        "@".repeat(1_000_000),
        "1 ".repeat(500_000),
    ] {
        let line = format!("{{\"text\":\"{text}\"}}\n");
        let ran = apply(&bench, &[], line.as_bytes()).with_code(0);
        assert_eq!(ran.stdout.len(), line.len());
    }
}

#[test]
fn tokens_go_back_with_the_vault_and_the_trail_says_so_before() {
    let bench = Bench::empty();
    let policy = bench.file("tokens.toml", REVERSIBLE);
    let input = "{\"to\":\"Jo.Doe@example.com\",\"card\":4111111111111111}\n{\"to\":\"Jo.Doe@example.com\"}\n";
    let ran = apply(&bench, &["--json", "--policy", &policy], input.as_bytes()).with_code(0);
    assert!(
        !ran.stdout.contains("example.com") && !ran.stdout.contains("4111"),
        "{}",
        ran.stdout
    );
    let done = summary(&ran.stderr);
    assert_eq!(
        (&done["kept"], &done["policy_version"]),
        (&json!(2), &json!("2"))
    );
    assert!(
        done["key"]
            .as_str()
            .unwrap()
            .contains("file on this computer"),
        "{done}"
    );
    let again = apply(&bench, &["--policy", &policy], input.as_bytes()).with_code(0);
    assert_eq!(again.stdout, ran.stdout, "the same values, the same tokens");

    let restore = |reason: &str| {
        bench.fed(
            &["--json", "redaction", "restore", "--reason", reason],
            ran.stdout.as_bytes(),
        )
    };
    restore("short").error("bad_input", "at least 10");
    assert_eq!(
        bench.json(&["trail", "activities", "action:vault.restore"])["activities"],
        json!([])
    );
    let back = restore("Answering request 4711").with_code(0);
    assert_eq!(back.stdout, input, "byte for byte");
    assert_eq!(summary(&back.stderr)["restored"], json!(3));
    let noted = bench.json(&["trail", "activities", "action:vault.restore"]);
    assert_eq!(noted["activities"].as_array().unwrap().len(), 1, "{noted}");
    assert!(
        noted.to_string().contains("Answering request 4711"),
        "{noted}"
    );

    // Without the key nothing is put back.
    let keys = bench.path("state").join("keys");
    for entry in std::fs::read_dir(&keys).unwrap() {
        let path = entry.unwrap().path();
        if path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .starts_with("vault-")
        {
            std::fs::remove_file(path).unwrap();
        }
    }
    restore("Answering request 4711").error("key_missing", "the vault's key is not at hand");
}

#[test]
fn an_erasure_reaches_the_vault() {
    const WHO: &str = "jo.doe@example.com";
    let bench = Bench::filled();
    let policy = bench.file("tokens.toml", REVERSIBLE);
    let input = format!("[\"{WHO}\"]\n[\"ann.lee@example.com\"]\n");
    let tokens = apply(&bench, &["--policy", &policy], input.as_bytes())
        .with_code(0)
        .stdout;
    let fed = |line: &[&str]| -> Value {
        let mut all = vec!["--json"];
        all.extend(line);
        bench
            .fed(&all, format!("{WHO}\n").as_bytes())
            .with_code(0)
            .json()
    };
    let found = fed(&["retention", "find"]);
    assert!(
        found["also"].to_string().contains("originals in the vault"),
        "{found}"
    );
    let phrase = found["phrase"].as_str().unwrap().to_owned();
    let erased = fed(&[
        "retention",
        "erase",
        "--i-accept",
        &phrase,
        "--request",
        "ticket-1",
        "--basis",
        "objection",
    ]);
    assert_eq!(
        erased["erasure"]["destroyed"]["vault_entries"],
        json!(1),
        "{erased}"
    );
    let names = [WHO.to_owned()];
    let forms = Needles::new(&names).byte_forms(&names);
    for path in bench.files_of_store() {
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(occurrences(&bytes, &forms), 0, "{}", path.display());
    }
    let back = bench.fed(
        &["redaction", "restore", "--reason", "Looking what is left"],
        tokens.as_bytes(),
    );
    let back = back.with_code(0).stdout;
    assert!(
        back.contains("ann.lee@example.com") && !back.contains(WHO),
        "{back}"
    );
    assert!(
        back.lines().next().unwrap().contains("[EMAIL_ADDRESS~"),
        "{back}"
    );
    bench.run(&["evidence", "fsck"]).with_code(0);
}
