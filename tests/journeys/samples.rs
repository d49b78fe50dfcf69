//! Review samples: the same seed draws the same calls, the second reader reads blind, and results
//! carry what they are of.

use assay_store::subjects::{Needles, occurrences};
use serde_json::{Value, json};

use super::{Bench, log, logs};

/// The ids of a sample's calls, in the order of reading.
fn calls(sample: &Value) -> Vec<String> {
    sample["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap().to_owned())
        .collect()
}

fn draw(bench: &Bench, more: &[&str]) -> Value {
    let mut line = vec!["trail", "sample", "draw", "--seed", "42"];
    line.extend(more);
    bench.json(&line)
}

#[test]
fn the_same_seed_draws_the_same_calls_in_whatever_order_they_came() {
    let names: Vec<String> = std::fs::read_dir(logs())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    // Sources that share no call, so that which record of a call is listed does not matter.
    let chosen = ["bedrock-invocations.jsonl", "audited-client.jsonl"];
    assert!(
        chosen
            .iter()
            .all(|name| names.contains(&(*name).to_owned()))
    );
    let drawn = |order: &[&str]| {
        let bench = Bench::empty();
        for name in order {
            let path = bench.file(name, log(name));
            bench.run(&["import", &path]).with_code(0);
        }
        let sample = draw(&bench, &["--size", "4", "--by", "deployment,status"]);
        let mut strata = sample["strata"].clone();
        strata
            .as_array_mut()
            .unwrap()
            .sort_by_key(ToString::to_string);
        (
            calls(&sample),
            strata,
            sample["sample"]["population"].clone(),
        )
    };
    let first = drawn(&chosen);
    let reversed: Vec<&str> = chosen.into_iter().rev().collect();
    assert_eq!(first, drawn(&reversed));
    assert_eq!(first.0.len(), 4);
}

#[test]
fn a_sample_stays_what_it_was_and_says_from_what_it_was_drawn() {
    let bench = Bench::empty();
    let path = bench.file("client.jsonl", log("audited-client.jsonl"));
    bench.run(&["import", &path]).with_code(0);
    let before = bench.json(&["trail", "calls"])["total"].clone();
    let sample = draw(&bench, &["--size", "2"]);
    assert_eq!(sample["sample"]["population"], before);
    let leaf = sample["sample"]["leaf"].as_u64().unwrap();
    assert_eq!(
        sample["sample"]["tree_size"], leaf,
        "the records before its own leaf"
    );
    let path = bench.file("bedrock.jsonl", log("bedrock-invocations.jsonl"));
    bench.run(&["import", &path]).with_code(0);
    let again = bench.json(&["trail", "sample", "repeat", "1"]);
    assert_eq!(
        (&again["is_same"], &again["same"]),
        (&json!(true), &json!(2))
    );
    assert_eq!(again["population"], before);
    assert!(
        again["population_now"].as_u64() > before.as_u64(),
        "{again}"
    );
    assert_eq!(
        calls(&bench.json(&["trail", "sample", "show", "1"])),
        calls(&sample)
    );
    assert_eq!(
        bench.json(&["trail", "calls", "review_sample:1"])["total"],
        2
    );
    bench.run(&["evidence", "fsck"]).with_code(0);
}

#[test]
fn what_cant_be_drawn_is_said() {
    let bench = Bench::filled();
    let check = |line: &[&str], text: &str| {
        let mut all = vec!["trail", "sample", "draw"];
        all.extend(line);
        bench.run(&all).error("bad_input", text);
    };
    check(&["--size", "0"], "1 to 2000 calls");
    check(&["--size", "1", "--by", "deployment"], "strata, so 1 calls");
    check(&["--size", "5", "--by", "principal"], "principal");
    check(&["--size", "5", "request_id:nothing"], "no call matches");
    check(
        &["--size", "5", "--readers", "3"],
        "by one reader or by two",
    );
}

fn read(bench: &Bench, reader: &str) -> Value {
    bench.json(&["trail", "sample", "read", "1", "--reader", reader])
}

fn judge(bench: &Bench, reader: &str, item: u64, judgement: &str) -> Value {
    let item = item.to_string();
    bench.json(&[
        "trail", "sample", "judge", "1", &item, judgement, "--reader", reader,
    ])
}

#[test]
fn the_second_reader_reads_blind() {
    let bench = Bench::filled();
    draw(
        &bench,
        &["--size", "3", "--by", "deployment", "kind:bedrock"],
    );
    let items = read(&bench, "Ann")["items"].as_u64().unwrap();
    bench
        .run(&["trail", "sample", "finish", "1", "--reader", "Ann"])
        .error("bad_input", "items are not judged yet");
    for item in 1..=items {
        judge(&bench, "Ann", item, "problem");
    }
    // Taking back is an entry of its own.
    let undone = judge(&bench, "Ann", 1, "undo");
    assert_eq!(
        (&undone["judgement"], &undone["next_unread"]),
        (&Value::Null, &json!(1))
    );
    bench
        .fed(
            &[
                "trail", "sample", "judge", "1", "1", "problem", "--reader", "Ann", "--note", "-",
            ],
            b"secret-verdict",
        )
        .with_code(0);
    bench
        .run(&["trail", "sample", "finish", "1", "--reader", "Ann"])
        .with_code(0);
    bench
        .run(&[
            "trail", "sample", "judge", "1", "1", "fine", "--reader", "Ann",
        ])
        .error("policy_refused", "has finished");
    // Nothing of hers is told to anybody before he has finished: no results, no list, no leaf.
    bench.run(&["trail", "sample", "agreement", "1"]).error(
        "policy_refused",
        "withheld until all readers have finished: 1 of 2",
    );
    let item = read(&bench, "Bo");
    assert_eq!(
        (
            &item["judgement"],
            &item["note"],
            &item["read"],
            &item["last_judged"]
        ),
        (&Value::Null, &Value::Null, &json!(0), &Value::Null)
    );
    let deeds = bench.json(&["trail", "activities", "action:sample.judge"]);
    assert_eq!(deeds["total"], items + 2);
    let mut told = vec![
        bench.json(&["trail", "sample", "show", "1"]),
        bench.json(&["trail", "sample", "list"]),
        bench.json(&["trail", "facets", "review_sample:1"]),
        item["call"].clone(),
    ];
    for deed in deeds["activities"].as_array().unwrap() {
        told.push(bench.json(&["trail", "activity", deed["id"].as_str().unwrap()]));
    }
    for told in told {
        let text = told.to_string();
        assert!(
            !text.contains("\"problem\"") && !text.contains("secret-verdict"),
            "{text}"
        );
        assert!(!text.contains("\\\"problem\\\""), "{text}");
    }
    bench
        .run(&["trail", "sample", "read", "1", "--reader", "Cy"])
        .error("policy_refused", "as many read this sample");
    judge(&bench, "Bo", 1, "fine");
    for item in 2..=items {
        judge(&bench, "Bo", item, "problem");
    }
    bench
        .run(&["trail", "sample", "finish", "1", "--reader", "Bo"])
        .with_code(0);
    let results = bench.json(&["trail", "sample", "agreement", "1"]);
    let agreement = &results["agreement"];
    assert_eq!(
        (
            &agreement["both_read"],
            &agreement["agreed"],
            &agreement["differ"]
        ),
        (&json!(items), &json!(items - 1), &json!([1]))
    );
    assert_eq!(
        agreement["table"],
        json!([[0, 0, 0], [1, items - 1, 0], [0, 0, 0]])
    );
    assert_eq!(agreement["is_too_few"], true);
    let ann = &results["problems"][0];
    assert_eq!(
        (&ann["by"], &ann["problem"], &ann["read"]),
        (&json!("Ann"), &json!(items), &json!(items))
    );
    assert_eq!(ann["of_population"]["estimate"], 1.0);
    let shown = bench
        .run(&["trail", "sample", "agreement", "1"])
        .with_code(0)
        .stdout;
    assert!(shown.contains("too few to judge agreement by"), "{shown}");
    assert!(shown.contains("do not prove two people"), "{shown}");
    bench.run(&["evidence", "fsck"]).with_code(0);
}

#[test]
fn reading_that_was_ended_says_how_many_were_read() {
    let bench = Bench::filled();
    draw(&bench, &["--size", "4", "--readers", "2"]);
    read(&bench, "Ann");
    judge(&bench, "Ann", 2, "fine");
    bench.run(&["trail", "sample", "close", "1"]).with_code(0);
    bench
        .run(&["trail", "sample", "close", "1"])
        .error("bad_input", "has ended");
    bench
        .run(&["trail", "sample", "read", "1", "--reader", "Bo"])
        .error("policy_refused", "nobody could read it blind");
    let results = bench.json(&["trail", "sample", "agreement", "1"]);
    assert_eq!(results["agreement"], Value::Null);
    let ann = &results["problems"][0];
    assert_eq!(
        (&ann["read"], &ann["items"], &ann["problem"]),
        (&json!(1), &json!(4), &json!(0))
    );
    assert!(
        ann["of_population"]["high"].as_f64().unwrap() > 0.5,
        "{ann}"
    );
}

#[test]
fn what_a_reader_or_a_query_says_of_a_person_goes_with_her_records() {
    const WHO: &str = "Quenby.Fjord-2291@example.org";
    let bench = Bench::filled();
    draw(&bench, &["--size", "2", "--readers", "1", "request_id:r-1"]);
    // A query that names her and matches all the same.
    bench.json(&[
        "trail",
        "sample",
        "draw",
        "--size",
        "1",
        &format!("-principal:{WHO}"),
    ]);
    read(&bench, "Ann");
    bench
        .fed(
            &[
                "trail", "sample", "judge", "1", "1", "problem", "--reader", "Ann", "--note", "-",
            ],
            format!("it names {WHO}").as_bytes(),
        )
        .with_code(0);
    let item = read(&bench, "Ann");
    assert!(!item.to_string().contains(WHO), "notes are shown masked");
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
        found["places"].to_string().contains("judgement"),
        "{}",
        found["places"]
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
    let destroyed = &erased["erasure"]["destroyed"];
    assert_eq!(
        (
            &destroyed["notes_of_readers"],
            &destroyed["queries_of_samples"]
        ),
        (&json!(1), &json!(1)),
        "{erased}"
    );
    let names = [WHO.to_owned()];
    let forms = Needles::new(&names).byte_forms(&names);
    for path in bench.files_of_store() {
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(occurrences(&bytes, &forms), 0, "{}", path.display());
    }
    let item = bench.json(&[
        "trail", "sample", "read", "1", "--reader", "Ann", "--item", "1",
    ]);
    assert_eq!(
        (&item["judgement"], &item["note"], &item["erased"]),
        (&json!("problem"), &Value::Null, &json!(1))
    );
    let sample = bench.json(&["trail", "sample", "show", "2"]);
    assert_eq!(sample["sample"]["query"], Value::Null);
    assert_eq!(calls(&sample).len(), 1);
    bench
        .run(&["trail", "sample", "repeat", "2"])
        .error("policy_refused", "can't be drawn again");
    bench.run(&["evidence", "fsck"]).with_code(0);
}
