//! Retention: the rule and what it disposes of, holds, and erasing what is stored of one person.

use std::path::{Path, PathBuf};

use assay_store::erasure::{Also, ErasureKind, NewErasure, Step, ranges_of};
use assay_store::error::StoreError;
use assay_store::open::{Access, Store};
use assay_store::subjects::{Needles, Reach, occurrences};
use serde_json::{Value, json};

use super::{Bench, log};

/// Who is erased; a name that stands nowhere else.
const WHO: &str = "Zoë.Quill-7431@example.org";
const BASIS: [&str; 4] = ["--request", "ticket-12", "--basis", "consent_withdrawn"];

/// A bench whose logs name the person as caller, in a prompt, in metadata and in a file's name; the
/// same call is in CloudTrail, which does not name her.
fn bench() -> Bench {
    let bench = Bench::empty();
    let text = |name: &str| String::from_utf8(log(name)).unwrap();
    let invocations = text("bedrock-invocations.jsonl")
        .replacen("claims-app/session", &format!("claims-app/{WHO}"), 1)
        .replace("Jo Doe", &format!("Jo Doe ({})", WHO.to_uppercase()));
    let gateway = text("litellm.jsonl");
    let client = text("audited-client.jsonl").replace("user-123", WHO);
    for (name, content) in [
        (format!("of {WHO}/bedrock.jsonl"), invocations),
        ("cloudtrail.json".to_owned(), text("cloudtrail.json")),
        ("litellm.jsonl".to_owned(), gateway),
        (
            "client.jsonl".to_owned(),
            format!("{client}{{\"to\": \"{WHO}\",\n"),
        ),
    ] {
        let path = bench.file(&name, content);
        bench.run(&["import", &path]).with_code(0);
    }
    bench
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// Where the name stands below the store's folder: in any file's bytes, in any of its forms, or in
/// a file's name.
fn traces(bench: &Bench) -> Vec<String> {
    let names = [WHO.to_owned(), WHO.to_uppercase()];
    let needles = Needles::new(&names);
    let forms = needles.byte_forms(&names);
    let mut found = Vec::new();
    for path in files(&bench.store()) {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.display().to_string();
        if occurrences(&bytes, &forms) > 0 || needles.in_text(&name) {
            found.push(name);
        }
    }
    found
}

fn fed(bench: &Bench, arguments: &[&str]) -> Value {
    let mut all = vec!["--json"];
    all.extend(arguments);
    bench
        .fed(&all, format!("{WHO}\n").as_bytes())
        .with_code(0)
        .json()
}

fn erase(bench: &Bench) -> Value {
    let found = fed(bench, &["retention", "find"]);
    let phrase = found["phrase"].as_str().unwrap().to_owned();
    let mut line = vec!["retention", "erase", "--i-accept", &phrase];
    line.extend(BASIS);
    fed(bench, &line)
}

#[test]
fn what_is_erased_of_a_person_is_in_no_file_and_totals_stay() {
    let bench = bench();
    let id = bench.json(&["trail", "calls", "request_id:r-1"])["calls"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let reason = format!("asked for by {WHO}");
    bench
        .run(&["trail", "reveal", &id, "--reason", &reason])
        .with_code(0);
    bench
        .run(&[
            "replay",
            "plan",
            "--backend",
            "sandbox",
            &format!("\"{WHO}\""),
        ])
        .with_code(0);
    let in_store = |name: &str| bench.store().join(name).to_str().unwrap().to_owned();
    for folder in ["packs", "reports"] {
        std::fs::create_dir(bench.store().join(folder)).unwrap();
    }
    bench
        .run(&[
            "evidence",
            "pack",
            "--out",
            &in_store("packs/all.zip"),
            "kind:bedrock",
        ])
        .with_code(0);
    std::fs::write(in_store("reports/names.csv"), format!("name\n{WHO}\n")).unwrap();
    std::fs::write(in_store("reports/others.csv"), "name\nnobody\n").unwrap();
    std::fs::write(bench.store().join("of-others.txt"), "not ours").unwrap();
    let totals = |bench: &Bench| {
        let calls = bench.json(&["trail", "calls"]);
        let sum = |field: &str| -> u64 {
            calls["calls"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|call| call[field].as_u64())
                .sum()
        };
        (
            calls["total"].clone(),
            sum("input_tokens"),
            sum("output_tokens"),
        )
    };
    let before = totals(&bench);
    assert!(!traces(&bench).is_empty());

    let found = fed(&bench, &["retention", "find"]);
    assert!(
        !found.to_string().to_lowercase().contains("quill"),
        "{found}"
    );
    assert_eq!(found["identifiers"][0]["masked"], "Z…g (26 characters)");
    assert_eq!(
        found["calls"], 3,
        "the caller, her CloudTrail record, the metadata: {found}"
    );
    assert_eq!(found["joined"], 1, "{found}");
    assert_eq!(found["held"], 0);
    let names: Vec<&str> = found["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["packs/all.zip", "reports/names.csv"]);
    let places = found["places"].to_string();
    for place in ["principal", "metadata", "in the record itself", "reason"] {
        assert!(places.contains(place), "{place}: {places}");
    }

    // Without the phrase it only says so; with another one it refuses.
    let mut line = vec!["retention", "erase"];
    line.extend(BASIS);
    fed(&bench, &line);
    line.extend(["--i-accept", "erase 1 record"]);
    bench
        .fed(&line, WHO.as_bytes())
        .error("bad_input", "the phrase that confirms it was not typed");
    assert!(!traces(&bench).is_empty(), "nothing was erased");

    let done = erase(&bench);
    assert_eq!(done["held"], 0, "{done}");
    for row in done["left"].as_array().unwrap() {
        assert_eq!(row["count"], 0, "{done}");
    }
    assert_eq!(traces(&bench), [""; 0]);
    assert!(bench.store().join("reports/others.csv").exists());
    assert_eq!(
        std::fs::read_to_string(bench.store().join("of-others.txt")).unwrap(),
        "not ours"
    );
    assert_eq!(totals(&bench), before);

    let leaf = done["erasure"]["leaf"].as_u64().unwrap();
    let call = bench.json(&["trail", "call", &id]);
    assert_eq!(
        (
            &call["erased"]["leaf"],
            &call["principal"],
            &call["request"],
            &call["raw"]
        ),
        (&json!(leaf), &Value::Null, &json!([]), &json!([])),
        "{call}"
    );
    let note = call["body_note"].as_str().unwrap();
    assert!(
        note.starts_with(&format!(
            "Erased by #{leaf} on 2026-11-23, on request ticket-12."
        )),
        "{note}"
    );
    assert_eq!(bench.json(&["trail", "calls", "erased:yes"])["total"], 2);
    bench
        .run(&["trail", "reveal", &id, "--reason", "let me see it again"])
        .error("not_found", &format!("erased by #{leaf}"));
    bench
        .run(&["redaction", "preview", "--call", &id])
        .error("not_found", &format!("erased by #{leaf}"));
    let plan = bench.json(&[
        "replay",
        "plan",
        "--backend",
        "sandbox",
        "request_id:r-1,id:x",
    ]);
    assert_eq!(plan["items"], json!([]), "its request id is erased as well");
    let plan = bench.json(&[
        "replay",
        "plan",
        "--backend",
        "sandbox",
        &format!("id:{id}"),
    ]);
    assert_eq!(
        (&plan["items"][0]["verdict"], &plan["items"][0]["reason"]),
        (
            &json!("refused"),
            &json!(format!("its text was erased by #{leaf}"))
        )
    );
    let requests = bench.json(&["retention", "requests"]);
    assert_eq!(
        (
            &requests["requests"][0]["state"],
            &requests["requests"][0]["basis"]
        ),
        (&json!("done"), &json!("consent_withdrawn"))
    );
    assert!(requests["erasures"][0]["done_leaf"].is_u64(), "{requests}");
    bench.run(&["check", "run"]).with_code(0);
    assert_eq!(traces(&bench), [""; 0]);
}

#[test]
fn an_erasure_that_was_cut_short_is_ended_by_the_next_command_that_writes() {
    let bench = bench();
    let store = Store::open(&bench.store(), Access::Write, 1_795_000_000_000).unwrap();
    let found = store
        .find_subject(
            &Needles::new(&[WHO.to_owned()]),
            &[],
            Reach::Records,
            &mut |_| Ok(()),
        )
        .unwrap();
    let also = Also {
        batches: found.batches,
        rejected: found.rejected,
        ..Also::default()
    };
    let erasure = NewErasure {
        kind: ErasureKind::Subject,
        basis: "objection",
        request: "ticket-13",
        ranges: &ranges_of(&found.seqs),
        also: &also,
    };
    let stopped = store.erase(&erasure, "auditor", 1_795_000_000_000, Step::Intent);
    assert!(matches!(stopped, Err(StoreError::Interrupted)));
    drop(store);
    // Whoever only reads sees it as erased at once, and that it is not ended.
    assert_eq!(bench.json(&["trail", "calls", "erased:yes"])["total"], 2);
    let status = bench.json(&["retention", "status"]);
    assert_eq!(status["erasures_open"], 1, "{status}");
    bench.json(&["retention", "rule", "400"]);
    assert_eq!(bench.json(&["retention", "status"])["erasures_open"], 0);
    assert_eq!(traces(&bench), [""; 0]);
}

#[test]
fn a_hold_keeps_records_and_the_request_waits() {
    let bench = bench();
    let query = "principal:arn:aws:sts::111122223333:assumed-role/claims-app/Zo*";
    let hold = bench.json(&[
        "retention",
        "hold",
        "set",
        "case-7",
        query,
        "--reason",
        "the court asked for it",
        "--review",
        "2026-11-01",
    ]);
    assert_eq!(
        (&hold["held"], &hold["review_due"]),
        (&json!(2), &json!(true)),
        "the call in both its records: {hold}"
    );
    assert_eq!(bench.json(&["trail", "calls", "held:yes"])["total"], 1);
    bench
        .run(&[
            "retention",
            "hold",
            "set",
            "case-7",
            query,
            "--reason",
            "once more, please",
        ])
        .error("bad_input", "in force");
    let done = erase(&bench);
    assert_eq!(
        (&done["held"], &done["holds"][0]["hold"]),
        (&json!(2), &json!("case-7")),
        "{done}"
    );
    assert!(
        done["says"]
            .to_string()
            .contains("2 records blocked by hold case-7"),
        "{done}"
    );
    let request = |bench: &Bench| bench.json(&["retention", "requests"])["requests"][0].clone();
    let row = request(&bench);
    assert_eq!(
        (&row["state"], &row["waiting"]),
        (&json!("blocked"), &json!(2)),
        "{row}"
    );
    let ran = bench.run(&[
        "retention",
        "erase",
        "--waiting",
        "--request",
        "ticket-12",
        "--i-accept",
        "x",
    ]);
    ran.error("policy_refused", "blocked by hold case-7");

    let release = |scope: &str| {
        bench.run(&[
            "retention",
            "hold",
            "release",
            "case-7",
            "--reason",
            "the case is closed",
            "--scope",
            scope,
        ])
    };
    release("principal:*").error("bad_input", "not the hold's query");
    release(query).with_code(0);
    let row = request(&bench);
    assert_eq!(row["state"], "waiting");
    let phrase = row["phrase"].as_str().unwrap();
    assert_eq!(phrase, "erase 2 records of request ticket-12");
    let done = bench.json(&[
        "retention",
        "erase",
        "--waiting",
        "--request",
        "ticket-12",
        "--i-accept",
        phrase,
    ]);
    assert_eq!(done["erasure"]["records"], 2, "{done}");
    assert_eq!(request(&bench)["state"], "done");
    // The released hold is a record of its own, and its query names her still: that is said.
    let found = fed(&bench, &["retention", "find"]);
    assert_eq!(found["records"], 0, "{found}");
}

#[test]
fn versions_of_policies_that_name_a_person_are_told_by_name() {
    let bench = bench();
    for version in ["1", "2", "3"] {
        let listed = match version {
            "2" => "somebody.else@example.org",
            _ => WHO,
        };
        let text = format!(
            "name = \"own\"\nversion = \"{version}\"\n[operators]\ndefault = {{ operator = \"replace\" }}\n\
             [[deny]]\nentity_type = \"STAFF\"\nwords = [\"{listed}\"]\n"
        );
        let file = bench.file(&format!("{version}.toml"), text);
        bench.json(&["redaction", "save", &file]);
    }
    let found = fed(&bench, &["retention", "find"]);
    let stays = found["to_decide"].as_array().unwrap();
    let policies = stays.iter().find(|row| {
        row["what"]
            .as_str()
            .unwrap()
            .starts_with("redaction policies")
    });
    assert_eq!(
        policies.unwrap(),
        &json!({"what": "redaction policies: own version 1, own version 3", "count": 2})
    );
}

#[test]
fn the_rule_disposes_only_when_it_is_told_to() {
    let bench = bench();
    let status = bench.json(&["retention", "status"]);
    assert_eq!(
        (&status["rule"], &status["phrase"]),
        (&Value::Null, &Value::Null)
    );
    bench
        .run(&["retention", "dispose", "--i-accept", "x"])
        .error("bad_input", "no rule");
    bench
        .run(&["retention", "rule", "0"])
        .error("bad_input", "0 days");
    let pack = bench.store().join("packs/all.zip");
    std::fs::create_dir(pack.parent().unwrap()).unwrap();
    bench
        .run(&[
            "evidence",
            "pack",
            "--out",
            pack.to_str().unwrap(),
            "kind:bedrock",
        ])
        .with_code(0);
    bench
        .run(&[
            "retention",
            "hold",
            "set",
            "keep",
            "request_id:r-2",
            "--reason",
            "an open dispute",
        ])
        .with_code(0);
    let status = bench.json(&["retention", "rule", "30"]);
    let (due, phrase) = (&status["due"], status["phrase"].as_str().unwrap());
    assert_eq!(
        (
            due["records"].as_u64().unwrap() + due["held"].as_u64().unwrap(),
            &due["packs"]
        ),
        (status["records"].as_u64().unwrap(), &json!(1)),
        "{status}"
    );
    bench.run(&["check", "run"]).with_code(0);
    let again = bench.json(&["retention", "dispose"]);
    assert_eq!(&again["due"], due, "it only says what would go");
    bench
        .run(&[
            "retention",
            "dispose",
            "--i-accept",
            "dispose of text older than 3 days",
        ])
        .error("bad_input", "was not typed");
    let done = bench.json(&["retention", "dispose", "--i-accept", phrase]);
    assert_eq!(done["erasure"]["records"], due["records"], "{done}");
    assert_eq!(done["holds"][0]["hold"], "keep");
    assert!(!pack.exists(), "it held the text");
    let status = bench.json(&["retention", "status"]);
    assert_eq!(
        (&status["due"]["records"], &status["erased"]),
        (&json!(0), &due["records"])
    );
    let kept = bench.json(&["trail", "calls", "held:yes"]);
    let id = kept["calls"][0]["id"].as_str().unwrap();
    assert_ne!(
        bench.json(&["trail", "call", id])["request"],
        json!([]),
        "what is held can be read"
    );
    // A scheduler does it every day; then nothing is left to do.
    let done = bench.json(&["retention", "dispose", "--i-accept", phrase]);
    assert_eq!(done["erasure"], Value::Null);
}

#[test]
fn what_is_searched_for_is_no_argument_and_bad_input_is_said_without_it() {
    let bench = bench();
    bench
        .run(&["retention", "find", WHO])
        .error("bad_input", "unexpected argument");
    bench
        .fed(&["retention", "find"], b"\n \n")
        .error("bad_input", "nothing was given");
    let ran = bench.fed(&["retention", "find"], b"Bo");
    ran.error("bad_input", "identifier 1 has 2 characters");
    let found = fed(&bench, &["retention", "find"]);
    let phrase = found["phrase"].as_str().unwrap();
    for (request, basis, text) in [
        ("of someone", "objection", "a request's id"),
        (WHO, "objection", "a request's id"),
        ("t-1", "because", "no such ground"),
    ] {
        let line = [
            "retention",
            "erase",
            "--request",
            request,
            "--basis",
            basis,
            "--i-accept",
            phrase,
        ];
        bench.fed(&line, WHO.as_bytes()).error("bad_input", text);
    }
    let from = bench.file("who.txt", format!("{WHO}\n"));
    let human = bench
        .run(&["retention", "find", "--from", &from])
        .with_code(0);
    assert!(
        human.stdout.contains("3 calls") && !human.stdout.to_lowercase().contains("quill"),
        "{}",
        human.stdout
    );
}

#[test]
fn where_the_rule_is_on_a_second_person_approves_an_erasure() {
    let (here, there) = (bench(), Bench::empty());
    let person = |bench: &Bench, name: &str| bench.json(&["approvals", "key", "create", name]);
    let (ann, ben) = (person(&here, "Ann Khan"), person(&there, "Ben Ode"));
    for (bench, name, other) in [(&here, "Ben Ode", &ben), (&there, "Ann Khan", &ann)] {
        let digits: String = other["fingerprint"].as_str().unwrap()[..35].to_owned();
        let vkey = other["vkey"].as_str().unwrap();
        bench.json(&[
            "approvals",
            "persons",
            "add",
            name,
            vkey,
            "--fingerprint",
            &digits,
        ]);
    }
    here.json(&["approvals", "rules", "on", "erasures"]);
    let found = fed(&here, &["retention", "find"]);
    let phrase = found["phrase"].as_str().unwrap();
    let mut line = vec!["retention", "erase", "--i-accept", phrase];
    line.extend(BASIS);
    here.fed(&line, WHO.as_bytes())
        .error("approval_needed", "nobody was asked");
    assert!(!traces(&here).is_empty());
    let mut ask = vec!["approvals", "request"];
    ask.extend(&line);
    let request = here.json(&ask);
    assert!(!request.to_string().contains("Quill"), "{request}");
    let path = |name: &str| here.path(name).to_str().unwrap().to_owned();
    let (asked, said) = (path("asked.txt"), path("said.txt"));
    here.json(&[
        "approvals",
        "export",
        request["id"].as_str().unwrap(),
        "--out",
        &asked,
    ]);
    there.json(&[
        "approvals",
        "approve",
        &asked,
        "--reason",
        "Seen and agreed",
        "--out",
        &said,
    ]);
    here.json(&["approvals", "import", &said]);
    // Another request is not what was approved.
    let mut other = vec![
        "retention",
        "erase",
        "--i-accept",
        phrase,
        "--request",
        "ticket-99",
    ];
    other.extend(["--basis", "consent_withdrawn"]);
    here.fed(&other, WHO.as_bytes())
        .error("approval_needed", "");
    fed(&here, &line);
    assert_eq!(traces(&here), [""; 0]);
}
