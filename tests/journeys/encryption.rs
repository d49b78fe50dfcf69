//! `assay store`: a store that is encrypted answers as a plain one, and nothing without its key.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use super::{Bench, Ran, log, logs};

const PASSPHRASE: &[u8] = b"twelve letters and more\n";
const PERSON: &str = "Zoe.Quill-7431@example.org";

/// What a store is asked; each answer is the same whether or not it is encrypted.
const QUESTIONS: [&[&str]; 8] = [
    &["trail", "calls"],
    &[
        "trail",
        "activities",
        "source:cloudtrail,compliance_activities",
    ],
    &["trail", "facets"],
    &["trail", "reconcile"],
    &["deployments", "list"],
    &["import", "rejected"],
    &["check", "findings"],
    &["retention", "status"],
];

fn answers(bench: &Bench) -> Vec<Value> {
    QUESTIONS
        .iter()
        .map(|question| {
            let mut answer = bench.json(question);
            // Ids of imports are random.
            forget(&mut answer, &["batch", "batch_id", "origin"]);
            answer
        })
        .collect()
}

fn forget(value: &mut Value, names: &[&str]) {
    match value {
        Value::Object(fields) => {
            for name in names {
                fields.remove(*name);
            }
            for field in fields.values_mut() {
                forget(field, names);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| forget(item, names)),
        _ => {}
    }
}

fn encrypted() -> Bench {
    let bench = Bench::empty();
    let done = converted(bench.fed(&["--json", "store", "encrypt"], PASSPHRASE));
    assert_eq!(done["encrypted"], true);
    bench
        .run(&["import", logs().to_str().unwrap()])
        .with_code(0);
    bench
}

#[track_caller]
fn converted(ran: Ran) -> Value {
    ran.with_code(0).json()
}

fn holds(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().flatten().any(|entry| {
        entry.path().is_file()
            && std::fs::read(entry.path())
                .unwrap()
                .windows(text.len())
                .any(|window| window == text.as_bytes())
    })
}

#[test]
fn an_encrypted_store_answers_as_a_plain_one() {
    let (plain, bench) = (Bench::filled(), encrypted());
    for bench in [&plain, &bench] {
        bench.run(&["check", "run"]).with_code(0);
    }
    assert!(holds(&plain.store(), "bedrock_invocation_log"));
    assert!(!holds(&bench.store(), "bedrock_invocation_log"));
    assert!(!holds(&bench.store(), "SQLite format 3"));
    let expected = answers(&plain);
    assert_eq!(answers(&bench), expected);
    for depth in ["tree", "leaves", "records"] {
        let found = bench.json(&["evidence", "fsck", "--depth", depth]);
        assert_eq!((&found["ok"], &found["damaged"]), (&true.into(), &0.into()));
    }
    bench.run(&["evidence", "checkpoint"]).with_code(0);
    let pack = bench.path("pack.zip").to_str().unwrap().to_owned();
    bench
        .run(&["evidence", "pack", "--out", &pack])
        .with_code(0);
    assert_eq!(bench.json(&["evidence", "verify", &pack])["ok"], true);
    let report = bench.path("report.json").to_str().unwrap().to_owned();
    bench
        .run(&[
            "report", "render", "monthly", "--format", "json", "--out", &report,
        ])
        .with_code(0);
    // Another key, and back: nothing of what it holds is another.
    let before = bench.json(&["store", "status"]);
    let rotated = converted(bench.fed(&["--json", "store", "rotate-key"], PASSPHRASE));
    assert_ne!(rotated["key"], before["key"]);
    assert_eq!(answers(&bench), expected);
    let done = converted(bench.run(&["--json", "store", "decrypt"]));
    assert_eq!(done["encrypted"], false);
    assert!(!bench.store().join("assay.cipher").exists());
    assert_eq!(answers(&bench), expected);
    assert_eq!(
        bench.json(&["evidence", "fsck", "--depth", "records"])["ok"],
        true
    );
    let deeds = bench.json(&["trail", "activities", "category:workbench"]);
    let actions: Vec<&str> = deeds["activities"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|deed| deed["action"].as_str())
        .filter(|action| action.starts_with("store."))
        .collect();
    assert_eq!(
        actions,
        ["store.decrypt", "store.rotate_key", "store.encrypt"]
    );
}

#[test]
fn without_its_key_it_says_so_and_is_left_as_it_is() {
    let bench = encrypted();
    let file = bench.store().join("assay.db");
    let bytes = std::fs::read(&file).unwrap();
    let elsewhere = |line: &[&str], input: &[u8]| {
        let mut child = bench
            .command(line)
            .env("ASSAY_STATE", bench.path("elsewhere"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that reads nothing closes its end.
        let _ = child.stdin.take().unwrap().write_all(input);
        super::finished(child.wait_with_output().unwrap())
    };
    for line in [&["trail", "calls"][..], &["check", "run"]] {
        let ran = elsewhere(line, b"");
        ran.error("store_encrypted", "is not on this computer");
        assert!(ran.stderr.contains("assay store recover"), "{}", ran.stderr);
    }
    let status = elsewhere(&["--json", "store", "status"], b"")
        .with_code(0)
        .json();
    assert_eq!(
        (&status["encrypted"], &status["key_place"]),
        (&true.into(), &Value::Null)
    );
    let other = bench.file("other.key", "07".repeat(32));
    private(&other);
    bench
        .run(&["--store-key-file", &other, "trail", "calls"])
        .error("store_encrypted", "the one that was given is");
    elsewhere(&["store", "recover"], b"something else entirely\n")
        .error("bad_input", "does not open the store's key");
    assert!(std::fs::read(&file).unwrap() == bytes, "it was written to");
    elsewhere(&["store", "recover"], PASSPHRASE).with_code(0);
    assert_eq!(
        elsewhere(&["--json", "trail", "calls"], b"")
            .with_code(0)
            .json()["total"],
        9
    );
}

#[test]
fn the_passphrase_is_tried_and_replaced() {
    let bench = encrypted();
    bench
        .fed(&["store", "try-passphrase"], PASSPHRASE)
        .with_code(0);
    bench
        .fed(&["store", "passphrase"], b"too short\n")
        .error("bad_input", "shorter than 12");
    bench
        .fed(&["store", "passphrase"], b"another one, as long\n")
        .with_code(0);
    bench
        .fed(&["store", "try-passphrase"], PASSPHRASE)
        .with_code(1);
    let file = bench.file("passphrase", "another one, as long\n");
    private(&file);
    bench
        .run(&["store", "try-passphrase", "--passphrase-file", &file])
        .with_code(0);
}

#[test]
fn a_key_file_is_used_and_made() {
    let bench = Bench::filled();
    let key = bench.path("store.key").to_str().unwrap().to_owned();
    let line = ["--json", "--store-key-file", &key, "store", "encrypt"];
    let done = converted(bench.fed(&line, PASSPHRASE));
    let text = std::fs::read_to_string(&key).unwrap();
    assert_eq!(text.trim().len(), 64);
    for printed in [
        done.to_string(),
        std::fs::read_to_string(bench.store().join("assay.cipher")).unwrap(),
    ] {
        assert!(!printed.contains(text.trim()), "the key is nowhere else");
    }
    bench.run(&["trail", "calls"]).error("store_encrypted", "");
    assert_eq!(
        bench.json(&["--store-key-file", &key, "trail", "calls"])["total"],
        9
    );
    let line = ["--json", "--store-key-file", &key, "store", "rotate-key"];
    converted(bench.fed(&line, PASSPHRASE));
    assert_ne!(std::fs::read_to_string(&key).unwrap(), text);
    assert_eq!(
        bench.json(&["--store-key-file", &key, "trail", "calls"])["total"],
        9
    );
}

/// The check after an erasure looks at the pages as the key opens them: looking at the bytes of an
/// encrypted file would find nothing whatever is in it.
#[test]
fn what_is_erased_is_in_no_page_of_an_encrypted_store() {
    use assay_store::cipher::StoreKey;
    use assay_store::open::{Access, Store};
    use assay_store::subjects::{Needles, occurrences};
    let bench = encrypted();
    let client = String::from_utf8(log("audited-client.jsonl"))
        .unwrap()
        .replace("user-123", PERSON);
    let path = bench.file("client.jsonl", client);
    bench.run(&["import", &path]).with_code(0);
    let names = [PERSON.to_owned()];
    let forms = Needles::new(&names).byte_forms(&names);
    let in_pages = || {
        let key = std::fs::read_dir(bench.path("state/keys"))
            .unwrap()
            .flatten()
            .find(|entry| entry.file_name().to_string_lossy().starts_with("store-"))
            .unwrap();
        let key = StoreKey::from_hex(&std::fs::read_to_string(key.path()).unwrap()).unwrap();
        let store = Store::open_with(&bench.store(), Access::Read, &[key.into()], 0).unwrap();
        store
            .look_at_pages(|pages| occurrences(pages, &forms))
            .unwrap()
            .unwrap()
    };
    assert!(in_pages() > 0, "it is in the pages, and not in the file");
    assert!(!holds(&bench.store(), PERSON));
    let person = format!("{PERSON}\n");
    let found = bench
        .fed(&["--json", "retention", "find"], person.as_bytes())
        .with_code(0)
        .json();
    let phrase = found["phrase"].as_str().unwrap().to_owned();
    let line = [
        "--json",
        "retention",
        "erase",
        "--request",
        "ticket-1",
        "--basis",
        "consent_withdrawn",
        "--i-accept",
        &phrase,
    ];
    let done = bench.fed(&line, person.as_bytes()).with_code(0).json();
    for row in done["left"].as_array().unwrap() {
        assert_eq!(row["count"], 0, "{row}");
    }
    assert_eq!(in_pages(), 0);
}

#[cfg(unix)]
fn private(path: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn private(_: &str) {}
