//! Anchors: a time-stamping authority and a witness on this computer vouch for checkpoints, and
//! everything that could go wrong with them does.

mod authority;
mod packed;
mod witness;

use assay_evidence::checkpoint::Checkpoint;
use assay_store::open::{Access, Store};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::Bench;
use authority::{Authority, openssl};
use witness::{NAME, Witness};

/// A store that holds something, and its verifier key.
fn signed() -> (Bench, String) {
    let bench = Bench::filled();
    bench.run(&["evidence", "checkpoint"]).with_code(0);
    let key = bench.json(&["evidence", "key", "show"]);
    let vkey = key["vkey"].as_str().unwrap().to_owned();
    (bench, vkey)
}

fn add_witness(bench: &Bench, name: &str, witness: &Witness) {
    let (url, key) = (witness.url(), witness.vkey());
    bench.json(&[
        "evidence", "anchor", "add", name, "--kind", "witness", "--url", &url, "--key", &key,
    ]);
}

/// Adds records, so that the next checkpoint is another one.
fn grow(bench: &Bench, number: u32) {
    let line = format!(
        "{{\"request_id\":\"r{number}\",\"messages_count\":1,\"latency_ms\":{number},\"status\":\"ok\",\"timestamp\":\"2026-11-01T10:00:00Z\",\"model\":\"claude-x\"}}\n"
    );
    let path = bench.file(&format!("more-{number}.jsonl"), line);
    bench.run(&["import", &path]).with_code(0);
}

#[test]
fn nothing_is_asked_before_somebody_is_saved() {
    let (bench, _) = signed();
    let all = bench.json(&["evidence", "anchor", "list"]);
    assert_eq!(all["profiles"], serde_json::json!([]));
    assert!(all["says"].to_string().contains("nothing is sent"), "{all}");
    bench
        .run(&["evidence", "anchor", "now"])
        .error("bad_input", "nobody is saved");
}

#[test]
fn a_time_stamp_is_recorded_and_openssl_verifies_it() {
    let (bench, _) = signed();
    let Some(authority) = Authority::start(&bench.path("tsa")) else {
        return;
    };
    let (url, chain) = (authority.url(), bench.path("tsa/ca.pem"));
    let saved = bench.json(&[
        "--offline",
        "evidence",
        "anchor",
        "add",
        "stamps",
        "--kind",
        "tsa",
        "--url",
        &url,
        "--chain",
        chain.to_str().unwrap(),
    ]);
    assert_eq!(saved["leaves_computer"], false, "{saved}");
    let summary = bench.json(&["--offline", "evidence", "anchor", "now"]);
    let made = &summary["made"][0];
    assert_eq!(made["authority"], "Test TSA", "{summary}");
    assert_eq!(made["size"], summary["size"]);
    let status = bench.json(&["evidence", "status"]);
    assert_eq!(status["anchored_to"]["size"], summary["size"], "{status}");
    assert_eq!(status["anchored_to"]["by"], "stamps");

    let store = Store::open(&bench.store(), Access::Read, 0).unwrap();
    let size = summary["size"].as_u64().unwrap();
    let note = store.checkpoint(size).unwrap().unwrap().note;
    let anchors = store.anchors_of(size).unwrap();
    let profile = store
        .anchor_profile_at("stamps", anchors[0].made_ms)
        .unwrap();
    assert!(
        authority
            .asked()
            .windows(32)
            .any(|part| part == Sha256::digest(&note).as_slice()),
        "what was sent is the hash"
    );
    assert!(authority.asked().len() < 80, "and nothing but that");
    let verified = |data: &[u8]| {
        bench.file("out/checkpoint", data);
        bench.file("out/checkpoint.tsr", &anchors[0].token);
        bench.file(
            "out/tsa-chain.pem",
            profile.as_ref().unwrap().chain.as_ref().unwrap(),
        );
        // The authority's own certificate is in its answer.
        let arguments = [
            "ts",
            "-verify",
            "-data",
            "checkpoint",
            "-in",
            "checkpoint.tsr",
            "-CAfile",
            "tsa-chain.pem",
        ];
        openssl(&bench.path("out"), &arguments).unwrap()
    };
    let holds = verified(&note);
    assert!(
        String::from_utf8_lossy(&[holds.stdout, holds.stderr].concat())
            .contains("Verification: OK")
    );
    let longer = [note.as_slice(), b"\n"].concat();
    assert!(!verified(&longer).status.success(), "one byte more");
}

#[test]
fn an_answer_to_another_question_is_not_recorded() {
    let (bench, _) = signed();
    let Some(authority) = Authority::start(&bench.path("tsa")) else {
        return;
    };
    let url = authority.url();
    bench.json(&[
        "evidence", "anchor", "add", "stamps", "--kind", "tsa", "--url", &url,
    ]);
    bench.json(&["evidence", "anchor", "now"]);
    authority.repeat_itself();
    bench
        .run(&["evidence", "anchor", "now"])
        .error("backend_refused", "stamps: the time stamp");
    grow(&bench, 1);
    bench
        .run(&["evidence", "anchor", "now", "stamps"])
        .error("backend_refused", "of something else");
    let all = bench.json(&["evidence", "anchor", "list"]);
    assert_eq!(all["anchors"].as_array().unwrap().len(), 1, "{all}");
}

#[test]
fn a_witness_cosigns_what_continues_the_checkpoint_before() {
    let (bench, vkey) = signed();
    let witness = Witness::start(&bench.path("witness"), 1);
    add_witness(&bench, "w1", &witness);
    bench
        .run(&["evidence", "anchor", "now"])
        .error("backend_refused", "does not follow this log");
    witness.follow(&vkey);
    let first = bench.json(&["evidence", "anchor", "now"]);
    assert_eq!(first["made"][0]["stated_at"], "2026-11-23T12:00:05.000Z");
    grow(&bench, 1);
    let second = bench.json(&["evidence", "anchor", "now"]);
    assert!(second["size"].as_u64() > first["size"].as_u64(), "{second}");
    assert_eq!(second["warnings"], serde_json::json!([]));
    // The same witness under another name: this store does not know what it has cosigned, asks
    // from the beginning, is told the size, and proves from there.
    add_witness(&bench, "again", &witness);
    grow(&bench, 2);
    let third = bench.json(&["evidence", "anchor", "now", "again"]);
    assert_eq!(
        witness.known().unwrap().size,
        third["size"].as_u64().unwrap()
    );

    let store = Store::open(&bench.store(), Access::Read, 0).unwrap();
    let token = &store.anchors_of(witness.known().unwrap().size).unwrap()[0].token;
    let line = String::from_utf8(token.clone()).unwrap();
    assert!(line.starts_with(&format!("— {NAME} ")), "{line}");
    let leaves = bench.json(&["trail", "activities", "action:checkpoint.anchor"]);
    assert_eq!(leaves["total"], 3, "{leaves}");
}

#[test]
fn a_witness_refuses_a_tree_that_does_not_continue_the_one_before() {
    let (bench, vkey) = signed();
    let witness = Witness::start(&bench.path("witness"), 1);
    witness.follow(&vkey);
    add_witness(&bench, "w1", &witness);
    bench.json(&["evidence", "anchor", "now"]);
    let known = witness.known().unwrap();
    // What it cosigned had another root: this store's proof can't lead there.
    witness.believe(&Checkpoint {
        root: [7; 32],
        ..known.clone()
    });
    grow(&bench, 1);
    bench
        .run(&["evidence", "anchor", "now"])
        .error("backend_refused", "does not accept the proof");
    // What it cosigned was longer: this store lost records since.
    witness.believe(&Checkpoint {
        size: known.size + 1_000,
        ..known
    });
    bench
        .run(&["evidence", "anchor", "now"])
        .error("backend_refused", "rolled back");
    let all = bench.json(&["evidence", "anchor", "list"]);
    assert_eq!(all["anchors"].as_array().unwrap().len(), 1, "{all}");
}

#[test]
fn a_witness_that_forgot_is_told_of() {
    let (bench, vkey) = signed();
    let witness = Witness::start(&bench.path("witness"), 1);
    witness.follow(&vkey);
    add_witness(&bench, "w1", &witness);
    bench.json(&["evidence", "anchor", "now"]);
    witness.forget();
    grow(&bench, 1);
    let summary = bench.json(&["evidence", "anchor", "now"]);
    let warning = summary["warnings"][0].as_str().unwrap();
    assert!(warning.contains("it forgot"), "{warning}");
}

#[test]
fn a_cosignature_of_another_key_is_refused() {
    let (bench, vkey) = signed();
    let imposter = Witness::start(&bench.path("imposter"), 2);
    let real = Witness::start(&bench.path("witness"), 1);
    imposter.follow(&vkey);
    let (url, key) = (imposter.url(), real.vkey());
    bench.json(&[
        "evidence", "anchor", "add", "w1", "--kind", "witness", "--url", &url, "--key", &key,
    ]);
    bench
        .run(&["evidence", "anchor", "now"])
        .error("backend_refused", "no cosignature of the witness's key");
    assert_eq!(
        bench.json(&["evidence", "anchor", "list"])["anchors"],
        serde_json::json!([])
    );
}

#[test]
fn who_is_asked_is_saved_by_the_rules_and_removed() {
    let (bench, vkey) = signed();
    let refused = |arguments: &[&str], text: &str| {
        let mut all = vec!["evidence", "anchor", "add", "x"];
        all.extend(arguments);
        bench.run(&all).error("bad_input", text);
    };
    refused(
        &["--kind", "tsa", "--url", "http://tsa.example/tsr"],
        "https",
    );
    refused(
        &["--kind", "tsa", "--url", "https://tsa.example/?a=b"],
        "query",
    );
    refused(
        &["--kind", "witness", "--url", "https://w.example/"],
        "verifier key",
    );
    refused(
        &[
            "--kind",
            "witness",
            "--url",
            "https://w.example/",
            "--key",
            &vkey,
        ],
        "not an Ed25519 key",
    );
    let key = bench.file(
        "ca.pem",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    );
    refused(
        &[
            "--kind",
            "tsa",
            "--url",
            "https://tsa.example/",
            "--chain",
            &key,
        ],
        "private key",
    );
    let row = bench.json(&[
        "evidence",
        "anchor",
        "add",
        "x",
        "--kind",
        "tsa",
        "--url",
        "https://tsa.example/tsr",
    ]);
    assert_eq!(row["destination"], "tsa.example:443");
    assert_eq!(row["leaves_computer"], true);
    bench
        .run(&["--offline", "evidence", "anchor", "now"])
        .error(
            "backend_refused",
            "offline: nothing is sent to tsa.example:443",
        );
    bench
        .run(&["evidence", "anchor", "remove", "x"])
        .with_code(0);
    bench
        .run(&["evidence", "anchor", "remove", "x"])
        .error("not_found", "x");
    let said: Vec<Value> = ["anchor.save", "anchor.remove"]
        .iter()
        .map(|action| {
            bench.json(&["trail", "activities", &format!("action:{action}")])["total"].clone()
        })
        .collect();
    assert_eq!(said, [Value::from(1), Value::from(1)]);
}
