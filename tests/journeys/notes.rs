//! Saved views, notes and tags: who wrote what when, finding it, and what erasing leaves of it.

use assay_store::subjects::{Needles, occurrences};
use serde_json::{Value, json};

use super::Bench;

/// A name that stands in no log.
const WHO: &str = "Quenby.Fjord-2291@example.org";

fn id_of(bench: &Bench, query: &str) -> String {
    bench.json(&["trail", "calls", query])["calls"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn total(bench: &Bench, query: &str) -> u64 {
    bench.json(&["trail", "calls", query])["total"]
        .as_u64()
        .unwrap()
}

#[test]
fn a_note_is_never_changed_and_says_who_and_when() {
    let bench = Bench::filled();
    let id = id_of(&bench, "request_id:r-1");
    let short = &id[..8];
    let first = bench.json(&["trail", "note", "add", short, "ask the claims team"]);
    let note = &first["notes"][0];
    assert_eq!(
        (&note["text"], &note["noted_by"], &note["noted_at"]),
        (
            &json!("ask the claims team"),
            &json!("auditor"),
            &json!("2026-11-23T12:00:00.000Z")
        )
    );
    let corrected = bench.json(&[
        "trail",
        "note",
        "add",
        short,
        "ask the underwriters",
        "--corrects",
        "1",
    ]);
    assert_eq!(corrected["notes"][0]["text"], "ask the claims team");
    assert_eq!(corrected["notes"][0]["replaced_by"], 2);
    assert_eq!(corrected["notes"][1]["replaces"], 1);
    bench
        .run(&["trail", "note", "add", short, "again", "--corrects", "1"])
        .error("bad_input", "note 1 was withdrawn, corrected or erased");
    let withdrawn = bench.json(&["trail", "note", "withdraw", "2"]);
    let note = &withdrawn["notes"][1];
    assert_eq!(
        (&note["text"], &note["withdrawn_by"], &note["is_erased"]),
        (&Value::Null, &json!("auditor"), &json!(false))
    );
    bench
        .run(&["trail", "note", "withdraw", "2"])
        .error("bad_input", "withdrawn before");
    let shown = bench
        .run(&["trail", "note", "list", short])
        .with_code(0)
        .stdout;
    assert!(
        shown.contains("(withdrawn by auditor at 2026-11-23"),
        "{shown}"
    );
    bench
        .run(&["trail", "note", "add", short, &"x".repeat(4_001)])
        .error("bad_input", "at most 4000 characters");
    bench
        .fed(
            &["trail", "note", "add", short, "-"],
            "x".repeat(4_000).as_bytes(),
        )
        .with_code(0);
    let deeds = bench.json(&["trail", "activities", "action:note.*"]);
    assert_eq!(deeds["total"], 4);
    bench.run(&["evidence", "fsck"]).with_code(0);
}

#[test]
fn what_stands_on_any_record_of_a_call_is_the_calls() {
    let bench = Bench::filled();
    let call = bench.json(&["trail", "calls", "request_id:r-1"])["calls"][0].clone();
    let id = call["id"].as_str().unwrap();
    let witness = bench.json(&["trail", "call", id])["witnesses"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    bench
        .run(&[
            "trail",
            "note",
            "add",
            &witness,
            "seen by CloudTrail as well",
        ])
        .with_code(0);
    bench
        .run(&["trail", "tag", "add", &witness, "odd"])
        .with_code(0);
    let notes = bench.json(&["trail", "note", "list", id]);
    assert_eq!(notes["notes"][0]["text"], "seen by CloudTrail as well");
    for query in [
        "has:note",
        "note:yes",
        "noted_by:audit*",
        "tag:odd",
        "has:tag",
    ] {
        assert_eq!(id_of(&bench, query), id, "{query}");
        assert_eq!(total(&bench, query), 1, "{query}");
    }
    let all = total(&bench, "");
    assert_eq!(total(&bench, "-tag:odd"), all - 1);
    assert_eq!(total(&bench, "note:no"), all - 1);
    assert_eq!(
        bench.json(&["trail", "facets"])["tag"],
        json!([{"value": "odd", "count": 1}])
    );
}

#[test]
fn tags_have_a_history_and_count_once() {
    let bench = Bench::filled();
    let id = id_of(&bench, "request_id:r-1");
    for _ in 0..2 {
        bench
            .run(&["trail", "tag", "add", &id, "needs-review"])
            .with_code(0);
    }
    let tags = bench.json(&["trail", "tag", "list", &id]);
    assert_eq!(tags["tag_history"].as_array().unwrap().len(), 1);
    bench
        .run(&["trail", "tag", "remove", &id, "needs-review"])
        .with_code(0);
    let tags = bench.json(&["trail", "tag", "add", &id, "needs-review"]);
    assert_eq!(tags["tags"], json!(["needs-review"]));
    assert_eq!(tags["tag_history"].as_array().unwrap().len(), 2);
    assert_eq!(tags["tag_history"][0]["removed_by"], "auditor");
    bench
        .run(&["trail", "tag", "add", &id, "Needs Review"])
        .error("bad_input", "lower-case letters");
    bench
        .run(&["trail", "tag", "remove", &id, "other"])
        .error("not_found", "other");
}

#[test]
fn a_view_is_saved_opened_renamed_and_deleted() {
    let bench = Bench::filled();
    bench
        .run(&["trail", "view", "save", "errors", "status:nothing"])
        .error("bad_input", "nothing");
    let saved = bench.json(&[
        "trail",
        "view",
        "save",
        "errors",
        "--columns",
        "status,principal:220",
        "status:error",
    ]);
    assert_eq!(saved["columns"], json!(["status", "principal:220"]));
    for columns in ["status:3", "status:", ":90", "status:90:90", "Status"] {
        bench
            .run(&["trail", "view", "save", "x", "--columns", columns])
            .error("bad_input", "names of columns");
    }
    bench
        .run(&["trail", "view", "save", "errors", "kind:bedrock"])
        .error("bad_input", "there is a view of this name");
    assert_eq!(
        bench.json(&["trail", "view", "open", "errors"]),
        bench.json(&["trail", "calls", "status:error"])
    );
    bench
        .run(&["trail", "view", "rename", "errors", "failed calls"])
        .with_code(0);
    let before = total(&bench, "");
    let said = bench
        .run(&["trail", "view", "delete", "failed calls"])
        .with_code(0)
        .stdout;
    assert!(said.contains("no record is affected"), "{said}");
    assert_eq!(total(&bench, ""), before);
    assert_eq!(bench.json(&["trail", "view", "list"])["views"], json!([]));
    let deeds = bench.json(&["trail", "activities", "action:view.*"]);
    assert_eq!(deeds["total"], 3);
    bench.run(&["evidence", "fsck"]).with_code(0);
}

#[test]
fn what_a_note_or_a_view_says_of_a_person_goes_with_her_records() {
    let bench = Bench::filled();
    let id = id_of(&bench, "request_id:r-1");
    let other = id_of(&bench, "request_id:r-2");
    bench
        .fed(
            &["trail", "note", "add", &id, "-"],
            format!("written by {WHO}").as_bytes(),
        )
        .with_code(0);
    bench
        .run(&["trail", "note", "add", &other, "nobody's"])
        .with_code(0);
    bench
        .run(&["trail", "tag", "add", &id, "of-quenby"])
        .with_code(0);
    bench
        .run(&["trail", "view", "save", "hers", &format!("\"{WHO}\"")])
        .with_code(0);
    let shown = bench
        .run(&["trail", "note", "list", &id])
        .with_code(0)
        .stdout;
    assert!(!shown.contains(WHO), "it is shown masked: {shown}");
    let feed = |line: &[&str]| -> Value {
        let mut all = vec!["--json"];
        all.extend(line);
        bench
            .fed(&all, format!("{WHO}\n").as_bytes())
            .with_code(0)
            .json()
    };
    let hold = ["trail", "call", &id];
    bench
        .run(&[
            "retention",
            "hold",
            "set",
            "court",
            &format!("id:{id}"),
            "--reason",
            "a court asked",
        ])
        .with_code(0);
    let found = feed(&["retention", "find"]);
    assert!(
        found["places"].to_string().contains("note"),
        "{}",
        found["places"]
    );
    assert!(found["also"].to_string().contains("saved views"), "{found}");
    assert!(found["held"].as_u64().unwrap() > 0, "{found}");
    bench
        .run(&[
            "retention",
            "hold",
            "release",
            "court",
            "--reason",
            "it is over now",
            "--scope",
            &format!("id:{id}"),
        ])
        .with_code(0);
    let found = feed(&["retention", "find"]);
    let phrase = found["phrase"].as_str().unwrap().to_owned();
    let erased = feed(&[
        "retention",
        "erase",
        "--i-accept",
        &phrase,
        "--request",
        "ticket-1",
        "--basis",
        "objection",
    ]);
    assert_eq!(erased["erasure"]["destroyed"]["notes"], 1, "{erased}");
    assert_eq!(erased["erasure"]["destroyed"]["tags"], 1);
    assert_eq!(erased["erasure"]["destroyed"]["saved_views"], 1);
    let names = [WHO.to_owned(), "of-quenby".to_owned()];
    let forms = Needles::new(&names).byte_forms(&names);
    for path in bench.files_of_store() {
        assert_eq!(
            occurrences(&std::fs::read(&path).unwrap(), &forms),
            0,
            "{}",
            path.display()
        );
    }
    let notes = bench.json(&["trail", "note", "list", &id]);
    assert_eq!(
        (
            &notes["notes"][0]["is_erased"],
            &notes["notes"][0]["noted_by"]
        ),
        (&json!(true), &json!("auditor"))
    );
    assert_eq!(notes["tags"], json!([]));
    assert!(!bench.json(&hold)["erased"].is_null());
    let kept = bench.json(&["trail", "note", "list", &other]);
    assert_eq!(kept["notes"][0]["text"], "nobody's");
    bench
        .run(&["trail", "note", "add", &id, "more of her"])
        .error("policy_refused", "was erased by");
    bench.run(&["evidence", "fsck"]).with_code(0);
}
