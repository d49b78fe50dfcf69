//! A names model that is plugged in from a folder: chosen, used at the level `full`, named in results,
//! refused once its files are others.

use std::path::Path;

use serde_json::{Value, json};

use super::Bench;

const TEXT: &str = "initech ltd, said zoe muller or priya in köln";
const FULL: &str = "name = \"deep\"\nversion = \"1\"\nnames = \"full\"\n\n[operators]\ndefault = { operator = \"replace\" }\n";

/// A copy of a fixture's folder below the bench.
fn folder(bench: &Bench, fixture: &str, name: &str) -> String {
    let from = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../names/fixtures")
        .join(fixture);
    for file in ["model.onnx", "config.json", "tokenizer.json"] {
        bench.file(
            &format!("{name}/{file}"),
            std::fs::read(from.join(file)).unwrap(),
        );
    }
    bench.path(name).to_str().unwrap().to_owned()
}

fn by_model(found: &Value) -> Vec<(String, u64, u64)> {
    found["entities"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entity| entity["recognizer"] == "names_plugged")
        .map(|entity| {
            (
                entity["entity_type"].as_str().unwrap().to_owned(),
                entity["start"].as_u64().unwrap(),
                entity["end"].as_u64().unwrap(),
            )
        })
        .collect()
}

fn detected(bench: &Bench, level: &str) -> Value {
    let line = format!("{}\n", json!({ "text": TEXT }));
    let ran = bench.fed(
        &["--json", "redaction", "detect", "--level", level],
        line.as_bytes(),
    );
    ran.with_code(0).json()
}

#[test]
fn a_model_that_is_plugged_in_is_asked_at_the_level_full_and_named() {
    let bench = Bench::empty();
    let model = folder(&bench, "words", "tiny");
    let none = bench.json(&["redaction", "model", "show"]);
    assert_eq!(none["model"], Value::Null);
    assert_eq!(none["levels"][1]["policies"], json!(["default"]));
    let before = detected(&bench, "full");
    let set = bench.json(&["redaction", "model", "set", &model, "--name", "tiny-ner"]);
    let plugged = &set["model"];
    assert_eq!(
        (&plugged["name"], &plugged["ready"]),
        (&json!("tiny-ner"), &json!(true))
    );
    assert_eq!(plugged["files"].as_array().unwrap().len(), 3);
    assert_eq!(plugged["set_by"], "auditor");
    let sha256 = plugged["sha256"].as_str().unwrap().to_owned();
    assert_eq!(sha256.len(), 64);
    let labels = plugged["labels"].as_array().unwrap();
    assert!(
        labels.contains(&json!({"label": "MISC", "entity_type": null})),
        "{labels:?}"
    );
    assert!(labels.contains(&json!({"label": "PER", "entity_type": "PERSON"})));

    // Nothing that was found is lost, and what only the model knows is found, in its place.
    assert_eq!(by_model(&detected(&bench, "fast")), []);
    let full = detected(&bench, "full");
    let covered = |found: &Value, at: u64| {
        let mut all = found["entities"].as_array().unwrap().iter();
        all.any(|one| one["start"].as_u64() <= Some(at) && Some(at) < one["end"].as_u64())
    };
    for at in 0..TEXT.chars().count() as u64 {
        assert!(
            !covered(&before, at) || covered(&full, at),
            "{at}: {before} {full}"
        );
    }
    let names: Vec<String> = by_model(&full).into_iter().map(|(kind, ..)| kind).collect();
    assert!(names.contains(&"PERSON".to_owned()), "{full}");
    assert!(
        covered(&full, 18) && covered(&full, 32) && covered(&full, 41),
        "{full}"
    );

    // Whoever shows a result says which model took part.
    let policy = bench.file("deep.toml", FULL);
    let used = json!({"name": "tiny-ner", "sha256": sha256});
    let preview = bench.json(&["redaction", "preview", TEXT, "--policy", &policy]);
    assert_eq!(preview["names_model"], used);
    assert!(
        !preview["redacted"].as_str().unwrap().contains("priya"),
        "{preview}"
    );
    let human = bench
        .run(&["redaction", "preview", TEXT, "--policy", &policy])
        .with_code(0);
    assert!(
        human.stdout.contains("names model `tiny-ner`"),
        "{}",
        human.stdout
    );
    let other = bench.json(&["redaction", "preview", TEXT]);
    assert_eq!(other["names_model"], Value::Null);
    let corpus = bench.file(
        "set.jsonl",
        json!({"text": TEXT, "spans": [{"start": 18, "end": 28, "label": "PERSON"}]}).to_string(),
    );
    let measured = bench.json(&["redaction", "evaluate", &corpus, "--level", "full"]);
    assert_eq!(measured["names_model"], used);
    assert_eq!(measured["overlap"]["fn"], 0, "{measured}");

    // Alone, with its speed.
    let tried = bench.json(&["redaction", "model", "try", TEXT]);
    assert_eq!(tried["model"], used);
    assert!(tried["characters_per_second"].as_u64().unwrap() > 0);
    let whole: String = tried["stretches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|stretch| stretch["text"].as_str().unwrap())
        .collect();
    assert_eq!(whole, TEXT);

    // What was done is in the trail, and the store is whole.
    bench.json(&["redaction", "model", "remove"]);
    assert_eq!(detected(&bench, "full"), before);
    let deeds = bench
        .run(&["--json", "trail", "activities"])
        .with_code(0)
        .stdout;
    assert!(deeds.contains("redaction.set_names_model"), "{deeds}");
    assert!(deeds.contains("redaction.remove_names_model"), "{deeds}");
    bench.run(&["evidence", "fsck"]).with_code(0);
    bench
        .run(&["redaction", "model", "remove"])
        .error("not_found", "no names model is plugged in");
}

#[test]
fn a_folder_that_changed_or_went_refuses_the_level_full_and_nothing_else() {
    let bench = Bench::empty();
    let model = folder(&bench, "words", "tiny");
    bench.json(&["redaction", "model", "set", &model]);
    let policy = bench.file("deep.toml", FULL);
    let refused = |says: &str| {
        bench
            .run(&["redaction", "preview", TEXT, "--policy", &policy])
            .error("policy_refused", says);
        bench
            .run(&["redaction", "model", "try", TEXT])
            .error("policy_refused", says);
        let shown = bench
            .run(&["--json", "redaction", "model", "show"])
            .with_code(1)
            .json();
        assert_eq!(shown["model"]["ready"], false);
        assert!(
            shown["model"]["refused"].as_str().unwrap().contains(says),
            "{shown}"
        );
        let human = bench.run(&["redaction", "model", "show"]).with_code(1);
        assert!(
            human.stdout.contains("level `full` is refused"),
            "{}",
            human.stdout
        );
        // What does not ask the model goes on.
        bench.json(&["redaction", "preview", TEXT]);
    };
    let config = std::fs::read_to_string(bench.path("tiny/config.json")).unwrap();
    bench.file("tiny/config.json", config.replace("PER", "LOC"));
    refused("its files changed since it was plugged in");
    bench.file("tiny/config.json", &config);
    bench.json(&["redaction", "preview", TEXT, "--policy", &policy]);
    std::fs::rename(bench.path("tiny"), bench.path("moved")).unwrap();
    refused("there is no folder");
    std::fs::rename(bench.path("moved"), bench.path("tiny")).unwrap();
    let onnx = std::fs::read(bench.path("tiny/model.onnx")).unwrap();
    bench.file("tiny/model.onnx", &onnx[..onnx.len() / 2]);
    refused("its files changed since it was plugged in");
    // Out of the way, the level is what the program has itself.
    bench.json(&["redaction", "model", "remove"]);
    bench.json(&["redaction", "preview", TEXT, "--policy", &policy]);
}

#[test]
fn a_folder_that_holds_no_usable_model_is_refused_in_words() {
    let bench = Bench::empty();
    let check = |prepare: &dyn Fn(&str), says: &str| {
        let name = format!("m{}", says.len());
        let model = folder(&bench, "words", &name);
        prepare(&model);
        bench
            .run(&["redaction", "model", "set", &model])
            .error("bad_input", says);
        let _ = std::fs::remove_dir_all(&model);
    };
    let remove = |name: &'static str| {
        move |model: &str| std::fs::remove_file(format!("{model}/{name}")).unwrap()
    };
    check(&remove("model.onnx"), "the folder has no `model.onnx`");
    check(&remove("config.json"), "the folder has no `config.json`");
    check(
        &remove("tokenizer.json"),
        "neither `tokenizer.json` nor `vocab.txt`",
    );
    let change = |name: &'static str, with: fn(Vec<u8>) -> Vec<u8>| {
        move |model: &str| {
            let path = format!("{model}/{name}");
            std::fs::write(&path, with(std::fs::read(&path).unwrap())).unwrap();
        }
    };
    check(
        &change("model.onnx", |bytes| bytes[..bytes.len() - 100].to_vec()),
        "it is cut",
    );
    check(
        &change("config.json", |bytes| {
            String::from_utf8(bytes)
                .unwrap()
                .replace("B-PER", "x")
                .replace("\"8\"", "\"9\"")
                .into_bytes()
        }),
        "none with the number 8",
    );
    check(
        &change("tokenizer.json", |_| b"{}".to_vec()),
        "`tokenizer.json`: it has no `model`",
    );
    check(
        &|model| {
            std::fs::remove_file(format!("{model}/model.onnx")).unwrap();
            for name in ["a.onnx", "b.onnx"] {
                std::fs::write(format!("{model}/{name}"), b"").unwrap();
            }
        },
        "2 models and none is called `model.onnx`: a.onnx, b.onnx",
    );
    bench
        .run(&["redaction", "model", "set", "/nowhere"])
        .error("bad_input", "there is no folder");
    assert_eq!(
        bench.json(&["redaction", "model", "show"])["model"],
        Value::Null
    );
}

#[cfg(unix)]
#[test]
fn links_and_files_that_are_none_are_not_followed() {
    use std::os::unix::fs::symlink;
    let bench = Bench::empty();
    let model = folder(&bench, "words", "tiny");
    let onnx = bench.path("tiny/model.onnx");
    // Within the folder a link is as good as a file.
    std::fs::rename(&onnx, bench.path("tiny/real.bin")).unwrap();
    symlink("real.bin", &onnx).unwrap();
    bench.json(&["redaction", "model", "set", &model]);
    for (target, says) in [
        ("../secret.onnx", "is a link that leads out of the folder"),
        ("/dev/zero", "is a link that leads out of the folder"),
        ("missing", "can't be read"),
        (".", "is no file"),
    ] {
        std::fs::remove_file(&onnx).unwrap();
        bench.file(
            "secret.onnx",
            std::fs::read(bench.path("tiny/real.bin")).unwrap(),
        );
        symlink(target, &onnx).unwrap();
        bench
            .run(&["redaction", "model", "set", &model])
            .error("bad_input", says);
    }
}

#[test]
fn stored_calls_are_rehearsed_and_counted_with_the_model() {
    let bench = Bench::filled();
    let model = folder(&bench, "words", "tiny");
    bench.json(&["redaction", "model", "set", &model]);
    let policy = bench.file("deep.toml", FULL);
    let rehearsed = bench.json(&[
        "redaction",
        "rehearse",
        "--from",
        "default",
        "--to",
        &policy,
    ]);
    assert_eq!(rehearsed["from"]["names_model"], Value::Null);
    assert_eq!(rehearsed["to"]["names_model"]["name"], "tiny");
    let recapture = |level: &str| {
        bench.json(&["redaction", "bounds", "recapture", "--level", level])["names_model"].clone()
    };
    assert_eq!(recapture("fast"), Value::Null);
    assert_eq!(recapture("full")["name"], "tiny");
    // In force, it is what calls are searched by; with another model they are searched again.
    bench.json(&["redaction", "save", &policy]);
    bench.json(&[
        "redaction",
        "force",
        "deep",
        "--reason",
        "agreed by the board",
    ]);
    bench.json(&["check", "run"]);
    std::fs::remove_file(bench.path("tiny/model.onnx")).unwrap();
    bench
        .run(&["check", "run"])
        .error("policy_refused", "the folder has no `model.onnx`");
    bench
        .run(&["trail", "calls"])
        .error("policy_refused", "the names model `tiny` can't be used");
    bench.json(&["redaction", "model", "remove"]);
    bench.json(&["trail", "calls"]);
    bench.json(&["check", "run"]);
}
