//! Leak bounds: planted values are counted exactly and stored nowhere, a sample bounds only what was
//! read to its end, and two recognizers say how much neither found.

use serde_json::{Value, json};

use super::{Bench, log};

fn bench() -> Bench {
    let bench = Bench::empty();
    let path = bench.file("bedrock.jsonl", log("bedrock-invocations.jsonl"));
    bench.run(&["import", &path]).with_code(0);
    bench
}

fn of(fared: &Value, name: &str) -> u64 {
    fared[name].as_u64().unwrap()
}

fn sum(fared: &Value) -> u64 {
    ["hidden", "partly", "through", "kept"]
        .iter()
        .map(|name| of(fared, name))
        .sum()
}

#[test]
fn every_planted_value_is_counted_once_and_the_same_seed_plants_the_same() {
    let bench = bench();
    let arguments = ["redaction", "bounds", "canaries", "--count", "400"];
    let found = bench.json(&arguments);
    let fared = &found["fared"];
    assert_eq!((of(fared, "planted"), sum(fared)), (400, 400), "{found}");
    assert!(of(fared, "hidden") > 200, "{fared}");
    for by in ["by_type", "by_writing", "by_field"] {
        let rows = found[by].as_array().unwrap();
        let planted: u64 = rows.iter().map(|row| of(&row["fared"], "planted")).sum();
        assert_eq!(planted, 400, "{by}");
    }
    assert_eq!(bench.json(&arguments), found);
    let other = bench.json(&[&arguments[..], &["--seed", "2"]].concat());
    assert_ne!(
        other["by_field"],
        json!([]),
        "another seed plants elsewhere"
    );
    assert!(
        found["says"]
            .as_str()
            .unwrap()
            .contains("says nothing of what was not planted")
    );
}

#[test]
fn a_policy_that_keeps_a_type_lets_it_stand_and_one_without_rules_for_it_lets_it_through() {
    let bench = bench();
    let policy = |rest: &str| {
        bench.file(
            "policy.toml",
            format!(
                "name = \"p\"\nversion = \"1\"\n{rest}\n[operators]\ndefault = {{ operator = \"replace\" }}\n\
                 EMAIL_ADDRESS = {{ operator = \"keep\" }}\n"
            ),
        )
    };
    let plain = |path: &str, entity_type: &str| {
        bench.json(&[
            "redaction",
            "bounds",
            "canaries",
            "--count",
            "20",
            "--type",
            entity_type,
            "--writing",
            "plain",
            "--policy",
            path,
        ])["fared"]
            .clone()
    };
    let keeps = policy("");
    assert_eq!(of(&plain(&keeps, "EMAIL_ADDRESS"), "kept"), 20);
    assert_eq!(of(&plain(&keeps, "IBAN_CODE"), "hidden"), 20);
    let blind = policy("threshold = 1.0");
    let fared = plain(&blind, "PHONE_NUMBER");
    assert!(of(&fared, "through") + of(&fared, "partly") > 0, "{fared}");
}

#[test]
fn nothing_that_was_planted_is_in_the_store_and_wrong_input_is_said() {
    let bench = bench();
    let before = bench.json(&["evidence", "status"])["size"].clone();
    let size = |bench: &Bench| -> u64 {
        bench
            .files_of_store()
            .iter()
            .map(|file| std::fs::metadata(file).unwrap().len())
            .sum()
    };
    let bytes = size(&bench);
    bench.json(&["redaction", "bounds", "canaries", "--count", "50"]);
    assert_eq!(bench.json(&["evidence", "status"])["size"], before);
    assert_eq!(size(&bench), bytes, "no byte more");
    let check = |line: &[&str], text: &str| {
        bench
            .run(&[&["redaction", "bounds", "canaries"], line].concat())
            .error("bad_input", text);
    };
    check(&["--count", "0"], "between 1 and");
    check(&["--type", "SHOE_SIZE"], "SHOE_SIZE");
    check(&["--writing", "backwards"], "backwards");
    check(&["request_model:nothing-of-this-name"], "holds text");
}

#[test]
fn a_sample_bounds_what_leaks_only_after_it_was_read_to_its_end() {
    let bench = bench();
    let sample = bench.json(&[
        "trail",
        "sample",
        "draw",
        "--seed",
        "42",
        "--size",
        "3",
        "--readers",
        "1",
    ]);
    let items = sample["calls"].as_array().unwrap().len();
    let bounds = ["redaction", "bounds", "sample", "1"];
    bench.run(&bounds).error("policy_refused", "withheld");
    bench
        .run(&["trail", "sample", "read", "1", "--reader", "ann"])
        .with_code(0);
    for item in 1..=items {
        let word = if item == 1 { "unsure" } else { "fine" };
        let item = item.to_string();
        bench
            .run(&[
                "trail", "sample", "judge", "1", &item, word, "--reader", "ann",
            ])
            .with_code(0);
    }
    bench
        .run(&["trail", "sample", "finish", "1", "--reader", "ann"])
        .with_code(0);
    let found = bench.json(&bounds);
    let bound = &found["bounds"][0];
    assert_eq!(
        (&bound["leaks"], &bound["unsure"], &bound["read"]),
        (&json!(0), &json!(1), &json!(items))
    );
    assert_eq!(bound["share"]["low"], 0.0, "nobody was sure of a leak");
    assert!(
        bound["share"]["high"].as_f64().unwrap() >= 1.0 / 3.0,
        "{bound}"
    );
    assert_eq!(found["recapture"], Value::Null, "one reader");
    assert!(!found["limits"].as_array().unwrap().is_empty());
}

#[test]
fn two_recognizers_say_what_neither_found_and_when_it_is_too_few_to_judge() {
    let bench = bench();
    let found = bench.json(&["redaction", "bounds", "recapture"]);
    let rows = found["rows"].as_array().unwrap();
    let whats: Vec<&str> = rows
        .iter()
        .map(|row| row["what"].as_str().unwrap())
        .collect();
    // Where a kind is too few to judge, no sum stands for all of them.
    assert_eq!(whats, ["PERSON", "LOCATION", "ORGANIZATION"]);
    for row in rows {
        let (first, second, both) = (
            of(row, "by_first"),
            of(row, "by_second"),
            of(row, "by_both"),
        );
        assert!(both <= first.min(second), "{row}");
        assert_eq!(of(row, "found"), first + second - both, "{row}");
        assert_eq!(row["is_too_few"], both < 7, "{row}");
        assert_eq!(row["missed"].is_null(), both < 7, "{row}");
    }
    assert!(found["limits"].to_string().contains("independently"));
}
