//! The lab of redaction: measuring in four forms of corpora, rules of one's own, test sets.

use serde_json::json;

use crate::journeys::Bench;

const EMAIL: &str = "write to jo.doe@example.com now";

#[test]
fn one_corpus_in_four_forms_gives_the_same_figures() {
    let bench = Bench::empty();
    let array = format!(
        "[\n{}\n]",
        json!({"full_text": EMAIL, "masked": null, "spans": [{"entity_type": "EMAIL", "entity_value": "jo.doe@example.com", "start_position": 9, "end_position": 27}]})
    );
    let lines =
        json!({"text": EMAIL, "spans": [{"start": 9, "end": 27, "label": "EMAIL_ADDRESS"}]});
    let csv = format!("text,label,start,end\n{EMAIL},EMAIL,9,27\n");
    let conll = "write O\nto O\njo.doe@example.com B-EMAIL\nnow O\n";
    for (name, form, corpus) in [
        ("a.jsonl", "jsonl", lines.to_string()),
        ("b.json", "presidio", array),
        ("c.csv", "csv", csv),
        ("d.conll", "conll", conll.to_owned()),
    ] {
        let file = bench.file(name, corpus);
        let measured = bench.json(&["redaction", "evaluate", &file]);
        assert_eq!(measured["format"], form);
        assert_eq!(measured["records"], 1, "{name}");
        assert_eq!(measured["strict"]["tp"], 1, "{name}: {measured}");
        assert_eq!(measured["strict"]["fn"], 0, "{name}");
        assert_eq!(measured["leaked"]["leaked_chars"], 0, "{name}");
        assert_eq!(measured["overlap"]["too_few"], true, "{name}");
        let human = bench.run(&["redaction", "evaluate", &file]).with_code(0);
        assert!(human.stdout.contains("too few"), "{}", human.stdout);
        assert!(!human.stdout.contains("1.000"), "{}", human.stdout);
    }
}

#[test]
fn figures_have_intervals_by_type_field_and_language_once_there_are_enough() {
    let bench = Bench::empty();
    let mut corpus = String::new();
    for number in 0..40 {
        let is_found = number % 10 != 0;
        let text = if is_found {
            format!("jo{number}@example.com")
        } else {
            format!("jo{number} at example")
        };
        let line = json!({
            "text": text, "lang": if number % 2 == 0 { "en" } else { "de" }, "field": "user_message",
            "spans": [{"start": 0, "end": text.chars().count(), "label": "EMAIL"}, ],
        });
        corpus.push_str(&format!("{line}\n"));
    }
    let file = bench.file("many.jsonl", corpus);
    let measured = bench.json(&["redaction", "evaluate", &file]);
    let email = &measured["by_type"]["EMAIL_ADDRESS"];
    assert_eq!((&email["tp"], &email["fn"]), (&json!(36), &json!(4)));
    assert_eq!(email["recall"], 0.9);
    // Wilson's interval of 36 of 40.
    let low = email["recall_interval"][0].as_f64().unwrap();
    let high = email["recall_interval"][1].as_f64().unwrap();
    assert!((low - 0.7695).abs() < 0.001 && (high - 0.9604).abs() < 0.001);
    assert!(email["f2_interval"][0].as_f64().unwrap() < email["f2"].as_f64().unwrap());
    assert_eq!(measured["by_language"]["en"]["tp"], 16);
    assert_eq!(measured["by_language"]["en"]["too_few"], true);
    assert_eq!(measured["by_field"]["user_message"]["strict"]["tp"], 36);
    let again = bench.json(&["redaction", "evaluate", &file]);
    assert_eq!(
        again["overlap"]["f2_interval"],
        measured["overlap"]["f2_interval"]
    );
}

#[test]
fn labels_that_nothing_finds_are_listed_and_can_be_mapped_or_left_out() {
    let bench = Bench::empty();
    let corpus = bench.file(
        "labels.jsonl",
        json!({"text": "jo@example.com bluebird", "spans": [{"start": 0, "end": 14, "label": "courriel"}, {"start": 15, "end": 23, "label": "work"}]}).to_string(),
    );
    let measured = bench.json(&["redaction", "evaluate", &corpus]);
    assert_eq!(measured["overlap"]["fn"], 2);
    assert_eq!(measured["hidden"]["tp"], 1, "hidden, by another name");
    assert_eq!(measured["never_labelled"]["EMAIL_ADDRESS"], 1);
    let human = bench.run(&["redaction", "evaluate", &corpus]).with_code(0);
    assert!(human.stdout.contains("courriel (1)"), "{}", human.stdout);
    let mapped = bench.json(&[
        "redaction",
        "evaluate",
        &corpus,
        "--map",
        "courriel=EMAIL_ADDRESS",
        "--map",
        "work=-",
    ]);
    assert_eq!(mapped["strict"]["tp"], 1);
    assert_eq!(mapped["strict"]["fn"], 0);
    let only = bench.json(&["redaction", "evaluate", &corpus, "--only", "labelled"]);
    assert_eq!(
        (&only["overlap"]["fp"], &only["overlap"]["fn"]),
        (&json!(0), &json!(2))
    );
    bench
        .run(&["redaction", "evaluate", &corpus, "--map", "courriel"])
        .error("bad_input", "LABEL=TYPE");
}

const POLICY: &str =
    "name = \"own\"\nversion = \"1\"\n[operators]\ndefault = { operator = \"replace\" }\n";

#[test]
fn a_rule_is_tried_with_its_examples_and_what_is_wrong_is_said_at_its_place() {
    let bench = Bench::empty();
    let rule = |pattern: &str, more: &str| {
        format!(
            "[[recognizer]]\nname = 'claim'\nentity_type = 'CLAIM'\nscore = 0.8\npattern = '{pattern}'\n{more}"
        )
    };
    let good = bench.file(
        "good.toml",
        rule(
            "C-[0-9]{6}",
            "examples = ['C-123456']\nnegative_examples = ['part 123456']",
        ),
    );
    let tried = bench.json(&["redaction", "try-rule", &good, "--text", "it is C-000001"]);
    assert_eq!(tried[0]["holds"], true, "{tried}");
    assert_eq!(tried[0]["text"][1]["text"], "C-000001");
    let bad = bench.file("bad.toml", rule("(?<=id )[0-9]+", ""));
    let said = bench.run(&["redaction", "try-rule", &bad]).with_code(1);
    assert!(
        said.stdout
            .contains("Look-behind isn't available in this engine")
            && said.stdout.contains("Use a context word instead")
            && said.stdout.contains("  ^^^^"),
        "{}",
        said.stdout
    );
    let bomb = bench.file("bomb.toml", rule("a{1000}{1000}", ""));
    let said = bench.run(&["redaction", "try-rule", &bomb]).with_code(1);
    assert!(said.stdout.contains("too large"), "{}", said.stdout);
    let broken = format!("{POLICY}{}", rule("C-[0-9]{6}", "examples = ['D-123456']"));
    let broken = bench.file("broken.toml", broken);
    bench.run(&["redaction", "try-rule", &broken]).with_code(1);
    bench
        .run(&["redaction", "save", &broken])
        .error("bad_input", "rule `claim` misses example 1");
}

#[test]
fn a_test_set_is_imported_labelled_by_hand_measured_and_exported() {
    let bench = Bench::filled();
    let corpus = bench.file(
        "set.jsonl",
        json!({"text": EMAIL, "spans": [{"start": 9, "end": 27, "label": "EMAIL"}]}).to_string()
            + "\n{\"text\":\" \",\"spans\":[]}\n",
    );
    let added = bench.json(&["redaction", "sets", "import", "own", &corpus]);
    assert_eq!(added["labels"], 1);
    // What the labels were taken for is told, and what was left out.
    assert_eq!(added["empty"], 1, "{added}");
    assert_eq!(
        added["taken_for"],
        json!([{"label": "EMAIL", "entity_type": "EMAIL_ADDRESS", "how": "synonym", "spans": 1,
                "is_found": true}])
    );
    // The same again adds nothing that would count twice.
    let again = bench.json(&["redaction", "sets", "import", "own", &corpus]);
    assert_eq!(
        (&again["texts"], &again["held"]),
        (&json!([]), &json!(1)),
        "{again}"
    );
    let added = bench.json(&["redaction", "sets", "add", "own", "ask Bluebird"]);
    let text = added["texts"][0].to_string();
    bench.json(&[
        "redaction",
        "sets",
        "label",
        &text,
        "--from",
        "4",
        "--to",
        "12",
        "--type",
        "project",
    ]);
    let ran = bench.json(&["redaction", "sets", "run", "own"]);
    assert_eq!(ran["measured"]["records"], 2);
    assert_eq!(ran["measured"]["by_type"]["PROJECT"]["fn"], 1);
    let cases = bench.json(&["redaction", "sets", "cases", "own"]);
    assert_eq!(cases["cases"].as_array().unwrap().len(), 1);
    assert_eq!(cases["cases"][0]["segments"][1]["text"], "Bluebird");
    assert_eq!(cases["cases"][0]["segments"][1]["verdict"], "missed");
    let label = cases["cases"][0]["segments"][1]["label"].to_string();
    bench.json(&["redaction", "sets", "label", &text, "--label", &label]);
    let ran = bench.json(&["redaction", "sets", "run", "own"]);
    assert!(ran["measured"]["by_type"]["PROJECT"].is_null(), "{ran}");
    bench
        .run(&["redaction", "sets", "export", "own", "--reason", "short"])
        .error("bad_input", "10 characters");
    let exported = bench
        .run(&[
            "redaction",
            "sets",
            "export",
            "own",
            "--reason",
            "for the yearly review",
        ])
        .with_code(0);
    assert_eq!(exported.stdout.lines().count(), 2);
    let trail = bench
        .run(&["trail", "activities", "action:test_set.export"])
        .with_code(0);
    assert!(trail.stdout.contains("test_set.export"), "{}", trail.stdout);
    bench.json(&["redaction", "sets", "take-out", &text]);
    let sets = bench.json(&["redaction", "sets", "list"]);
    assert_eq!(
        (&sets[0]["texts"], &sets[0]["labels"]),
        (&json!(1), &json!(1))
    );
}

#[test]
fn texts_of_a_call_are_masked_in_a_test_set() {
    let bench = Bench::filled();
    let calls = bench.json(&["trail", "calls", "request_id:r-1"]);
    let call = calls["calls"][0]["id"].as_str().unwrap().to_owned();
    bench.json(&["redaction", "sets", "make", "calls", "--language", "en"]);
    let added = bench.json(&["redaction", "sets", "add", "calls", "--call", &call]);
    assert!(!added["texts"].as_array().unwrap().is_empty());
    let cases = bench.json(&["redaction", "sets", "cases", "calls", "--which", "all"]);
    for case in cases["cases"].as_array().unwrap() {
        assert_eq!(case["revealed"], false);
        assert!(!case.to_string().contains("jo.doe@example.com"), "{case}");
        assert_eq!(case["call"], call.as_str());
        for segment in case["segments"].as_array().unwrap() {
            if !segment["found_type"].is_null() {
                let text = segment["text"].as_str().unwrap();
                assert!(text.chars().all(|c| c == '•'), "{text}");
            }
        }
    }
    let sets = bench.json(&["redaction", "sets", "list"]);
    assert_eq!(sets[0]["from_calls"], sets[0]["texts"]);
}

#[test]
fn a_corpus_is_measured_by_what_the_policy_says_of_its_field() {
    let bench = Bench::empty();
    let policy = "name = \"own\"\nversion = \"1\"\nnames = \"off\"\n[operators]\ndefault = { operator = \"replace\" }\n\
                  [[scope]]\nfields = [\"tool_input\"]\nnames = \"fast\"\n";
    let policy = bench.file("own.toml", policy);
    let record = json!({"text": "Ask Tobias Feldmann.", "spans": [{"start": 4, "end": 19, "label": "PERSON"}]});
    let corpus = bench.file("corpus.jsonl", record.to_string());
    let base = ["redaction", "evaluate", &corpus, "--policy", &policy];
    let measured = |more: &[&str]| bench.json(&[&base, more].concat());
    let without = measured(&[]);
    assert_eq!(
        (&without["scopes"], &without["overlap"]["tp"]),
        (&json!("not_applied"), &json!(0))
    );
    let within = measured(&["--field", "tool_input"]);
    assert_eq!(
        (&within["scopes"], &within["overlap"]["tp"]),
        (&json!("applied"), &json!(1))
    );
    let human = bench.run(&base).with_code(0);
    assert!(
        human.stderr.contains("none of that was applied")
            || human.stdout.contains("none of that was applied")
    );
    bench
        .run(&[&base[..], &["--field", "nowhere"]].concat())
        .error("bad_input", "no field is called");
}
