//! Redaction: previews, detection line by line, measuring, policies.

use serde_json::{Value, json};

use super::Bench;

const TEXT: &str = "👩‍🚀 Zoë: mail jo.doe@example.com, IBAN DE89370400440532013000.";

/// The part of `text` between two offsets in code points.
fn part(text: &str, entity: &Value) -> String {
    let (start, end) = (
        entity["start"].as_u64().unwrap() as usize,
        entity["end"].as_u64().unwrap() as usize,
    );
    text.chars().skip(start).take(end - start).collect()
}

#[test]
fn a_preview_is_the_whole_text_in_segments() {
    let bench = Bench::empty();
    let preview = bench.json(&["redaction", "preview", TEXT]);
    let segments = preview["segments"].as_array().unwrap();
    assert_eq!(
        segments
            .iter()
            .map(|segment| segment["text"].as_str().unwrap())
            .collect::<String>(),
        TEXT
    );
    let types: Vec<&str> = segments
        .iter()
        .filter_map(|segment| segment["entity_type"].as_str())
        .collect();
    assert_eq!(types, ["EMAIL_ADDRESS", "IBAN_CODE"]);
    for segment in segments {
        assert_eq!(
            segment.get("score").is_some(),
            segment.get("entity_type").is_some(),
            "{segment}"
        );
    }
    let redacted = preview["redacted"].as_str().unwrap();
    assert!(
        redacted.starts_with("👩‍🚀 Zoë: mail ") && !redacted.contains("example.com"),
        "{redacted}"
    );
    let file = bench.file("text.txt", TEXT);
    for ran in [
        bench.run(&["redaction", "preview", "--file", &file]),
        bench.fed(&["redaction", "preview", "-"], TEXT.as_bytes()),
    ] {
        assert!(ran.with_code(0).stdout.starts_with(redacted));
    }
    bench
        .run(&["redaction", "preview"])
        .error("bad_input", "required");
    bench
        .run(&["redaction", "preview", "x", "--policy", "nothing"])
        .error("not_found", "nothing");
    assert!(!bench.store().exists(), "a preview makes no store");
}

#[test]
fn detect_answers_each_line_in_code_points() {
    let bench = Bench::empty();
    let input = format!(
        "{}\n\n{}\n",
        json!({"text": TEXT}),
        json!({"text": "nothing here"})
    );
    let ran = bench
        .fed(&["redaction", "detect"], input.as_bytes())
        .with_code(0);
    let lines: Vec<Value> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3, "{}", ran.stdout);
    let entities = lines[0]["entities"].as_array().unwrap();
    let found: Vec<(String, &str)> = entities
        .iter()
        .map(|entity| (part(TEXT, entity), entity["entity_type"].as_str().unwrap()))
        .collect();
    assert_eq!(
        found,
        [
            ("jo.doe@example.com".to_owned(), "EMAIL_ADDRESS"),
            ("DE89370400440532013000".to_owned(), "IBAN_CODE")
        ]
    );
    assert!(
        entities
            .iter()
            .all(|entity| entity["score"].is_number() && entity["recognizer"].is_string())
    );
    assert_eq!(
        (&lines[1]["entities"], &lines[2]["entities"]),
        (&json!([]), &json!([]))
    );
    let file = bench.file("lines.jsonl", &input);
    assert_eq!(
        bench
            .run(&["redaction", "detect", &file, "--level", "fast"])
            .with_code(0)
            .stdout,
        ran.stdout
    );
    let off = bench
        .run(&["redaction", "detect", &file, "--level", "off"])
        .with_code(0);
    assert_eq!(off.stdout, ran.stdout);
}

#[test]
fn a_policy_in_a_file_needs_no_store_and_no_folder_for_one() {
    let bench = Bench::empty();
    let line = json!({"text": "jo.doe@example.com"}).to_string();
    let file = bench.file("lines.jsonl", &line);
    let policy =
        "name = \"own\"\nversion = \"1\"\n[operators]\ndefault = { operator = \"replace\" }\n";
    let policy = bench.file("own.toml", policy);
    let ran = bench
        .command(&[
            "redaction",
            "detect",
            &file,
            "--policy",
            &policy,
            "--level",
            "off",
        ])
        .env("TMPDIR", bench.store().join("nowhere"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(
        ran.status.success() && said.contains("EMAIL_ADDRESS"),
        "{ran:?}"
    );
    assert!(!bench.store().exists());
}

#[test]
fn names_are_found_at_the_level_that_is_asked_for() {
    let bench = Bench::empty();
    let line = json!({"text": "Ask Tobias Feldmann in Kiel."}).to_string();
    let file = bench.file("lines.jsonl", &line);
    let found = |level: &[&str]| -> Vec<String> {
        let command = [&["redaction", "detect", &file], level].concat();
        let ran = bench.run(&command).with_code(0);
        let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
        let entities = answer["entities"].as_array().unwrap();
        entities
            .iter()
            .map(|entity| entity["entity_type"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(found(&["--level", "fast"]), ["PERSON", "LOCATION"]);
    assert_eq!(found(&["--level", "full"]), ["PERSON", "LOCATION"]);
    assert_eq!(found(&["--level", "off"]), Vec::<String>::new());
    // The policy that the program comes with looks for names at the fast level.
    assert_eq!(found(&[]), ["PERSON", "LOCATION"]);
}

#[test]
fn detect_stops_at_a_line_that_is_none_and_names_it_only() {
    let bench = Bench::empty();
    let input = format!("{}\njo.doe@example.com\n", json!({"text": "a"}));
    let ran = bench.fed(&["redaction", "detect", "-"], input.as_bytes());
    ran.error("bad_input", "line 2 is not JSON");
    assert_eq!(
        ran.stdout, "{\"entities\":[]}\n",
        "what came before was answered"
    );
    assert!(!ran.stderr.contains("example"));
    bench
        .fed(&["redaction", "detect"], b"{\"text\":\"\xff\"}\n")
        .error("bad_input", "UTF-8");
    bench
        .run(&["redaction", "detect", "missing.jsonl"])
        .error("bad_input", "missing.jsonl");
}

#[test]
fn detect_answers_while_more_is_to_come() {
    use std::io::{BufRead, BufReader, Write};
    use std::process::Stdio;
    let bench = Bench::empty();
    let mut child = bench
        .command(&["redaction", "detect"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for text in ["jo.doe@example.com", "nothing"] {
        writeln!(stdin, "{}", json!({"text": text})).unwrap();
        stdin.flush().unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line.contains("EMAIL_ADDRESS"), text.contains('@'), "{line}");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn evaluation_counts_strictly_and_by_overlap() {
    let bench = Bench::empty();
    let text = "é jo.doe@example.com and DE89370400440532013000";
    let corpus = [
        json!({"text": text, "spans": [{"start": 2, "end": 20, "label": "EMAIL_ADDRESS"}, {"start": 25, "end": 40, "label": "IBAN_CODE"}]}),
        json!({"text": "Ann Smith", "spans": [{"start": 0, "end": 9, "label": "PERSON"}]}),
    ];
    let corpus = bench.file(
        "corpus.jsonl",
        corpus.map(|line| format!("{line}\n")).concat(),
    );
    let measured = bench.json(&["redaction", "evaluate", &corpus]);
    assert_eq!(
        (&measured["records"], &measured["chars"]),
        (&json!(2), &json!(56))
    );
    assert!(measured["seconds"].is_number());
    assert_eq!(
        (
            &measured["strict"]["tp"],
            &measured["strict"]["fp"],
            &measured["strict"]["fn"]
        ),
        (&json!(2), &json!(1), &json!(1)),
        "{measured}"
    );
    assert_eq!(
        (&measured["overlap"]["tp"], &measured["overlap"]["fn"]),
        (&json!(3), &json!(0))
    );
    assert_eq!(measured["overlap"]["precision"], 1.0);
    assert_eq!(measured["by_type"]["IBAN_CODE"]["tp"], 1);
    assert_eq!(measured["by_type"]["PERSON"]["tp"], 1);
    for score in ["precision", "recall", "f1", "f2"] {
        assert!(measured["strict"][score].is_number(), "{score}");
    }
    let human = bench.run(&["redaction", "evaluate", &corpus]).with_code(0);
    assert!(human.stdout.contains("PERSON"), "{}", human.stdout);
    bench
        .fed(
            &["redaction", "evaluate", "-"],
            b"{\"text\":\"secret\",\"spans\":[{\"start\":3,\"end\":1,\"label\":\"X\"}]}",
        )
        .error("bad_input", "line 1");
}

#[test]
fn a_policy_is_tried_saved_and_put_in_force() {
    let bench = Bench::filled();
    let toml = "name = \"strict\"\nversion = \"1\"\n[operators]\ndefault = { operator = \"redact\" }\n\
                [[deny]]\nentity_type = \"PROJECT\"\nwords = [\"Bluebird\"]\n";
    let file = bench.file("strict.toml", toml);
    let tried = bench.json(&[
        "redaction",
        "preview",
        "Bluebird by jo.doe@example.com.",
        "--policy",
        &file,
    ]);
    assert_eq!(tried["redacted"], " by .");
    assert_eq!(
        bench
            .json(&["redaction", "policies"])
            .as_array()
            .unwrap()
            .len(),
        2,
        "trying saves nothing"
    );
    assert_eq!(bench.json(&["redaction", "save", &file])["name"], "strict");
    assert_eq!(
        bench.json(&[
            "redaction",
            "force",
            "strict",
            "--reason",
            "agreed by the board"
        ])["in_force"],
        true
    );
    let policies = bench.json(&["redaction", "policies"]);
    let in_force: Vec<_> = policies
        .as_array()
        .unwrap()
        .iter()
        .filter(|policy| policy["in_force"] == true)
        .map(|policy| policy["name"].clone())
        .collect();
    assert_eq!(in_force, [json!("strict")]);
    let wrong = bench.file(
        "wrong.toml",
        "name = \"w\"\nversion = \"1\"\n[operators]\nNOBODY = { operator = \"mask\" }\n",
    );
    bench
        .run(&["redaction", "save", &wrong])
        .error("bad_input", "operators");
    bench
        .run(&[
            "redaction",
            "force",
            "nothing",
            "--reason",
            "agreed by the board",
        ])
        .error("not_found", "nothing");
}

#[test]
fn a_saved_policy_is_a_version_and_what_is_named_is_the_very_text() {
    let bench = Bench::filled();
    let text = |operator: &str| {
        format!(
            "name = \"claims\"\nversion = \"a\"\n[operators]\ndefault = {{ operator = \"{operator}\" }}\n"
        )
    };
    let save = |operator: &str| {
        let file = bench.file("claims.toml", text(operator));
        bench.json(&["redaction", "save", &file, "--note", "as agreed"])
    };
    assert_eq!(save("redact")["reference"], "claims@1");
    assert_eq!(
        bench.json(&[
            "redaction",
            "force",
            "claims",
            "--reason",
            "agreed by the board"
        ])["reference"],
        "claims@1"
    );
    let draft = save("keep");
    assert_eq!(
        (&draft["reference"], &draft["in_force"]),
        (&json!("claims@2"), &json!(false))
    );
    let said = "Write to jo.doe@example.com.";
    assert_eq!(
        bench.json(&["redaction", "preview", said])["redacted"],
        "Write to .",
        "a draft changes nothing"
    );
    assert_eq!(
        bench.json(&["redaction", "preview", said, "--policy", "claims"])["redacted"],
        said
    );
    let back = bench.json(&["redaction", "return-to", "claims@1"]);
    assert_eq!(back["reference"], "claims@3");
    assert_eq!(
        bench.run(&["redaction", "show", "claims@3"]).stdout,
        text("redact")
    );
    let versions = bench.run(&["redaction", "versions", "claims"]).with_code(0);
    assert!(
        versions.stdout.contains("returned to claims@1"),
        "{}",
        versions.stdout
    );
    assert_eq!(
        bench.json(&["redaction", "preview", said])["policy"],
        "claims@1"
    );
    bench
        .run(&["redaction", "force", "claims@9"])
        .error("not_found", "no version: claims@9");
    let id = bench.json(&["trail", "calls", "request_id:r-1"])["calls"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(bench.json(&["trail", "call", &id])["masked_by"], "claims@1");
}

/// The text of a field of a call, of a list of parts with segments.
fn shown(parts: &Value, field: &str) -> String {
    let part = parts
        .as_array()
        .unwrap()
        .iter()
        .find(|part| part["field"] == field)
        .unwrap();
    part["segments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|segment| segment["text"].as_str().unwrap())
        .collect()
}

#[test]
fn a_scope_holds_in_its_field_and_deployment_wherever_the_policy_is_used() {
    let bench = Bench::filled();
    let call = bench.json(&["trail", "calls", "request_id:r-1"])["calls"][0].clone();
    let (id, deployment) = (
        call["id"].as_str().unwrap(),
        call["deployment"].as_str().unwrap(),
    );
    let said = "Write to jo.doe@example.com.";
    let toml = format!(
        "name = \"scoped\"\nversion = \"1\"\nallow = [{{ exact = \"jo.doe@example.com\", fields = [\"metadata\"], reason = \"ours\" }}]\n\
         [operators]\ndefault = {{ operator = \"redact\" }}\n\
         [[scope]]\nfields = [\"user_message\"]\ndeployments = [\"{deployment}\"]\n\
         [scope.operators]\ndefault = {{ operator = \"keep\" }}\n"
    );
    let file = bench.file("scoped.toml", &toml);
    bench.json(&["redaction", "save", &file]);
    let preview = |field: &str, deployment: &str| {
        bench.json(&[
            "redaction",
            "preview",
            said,
            "--policy",
            "scoped",
            "--field",
            field,
            "--deployment",
            deployment,
        ])
    };
    assert_eq!(preview("user_message", deployment)["redacted"], said);
    assert_eq!(preview("response", deployment)["redacted"], "Write to .");
    assert_eq!(preview("user_message", "other")["redacted"], "Write to .");
    let allowed = preview("metadata", deployment);
    assert_eq!(allowed["redacted"], said);
    assert_eq!(allowed["allowed"][0]["hits"], 1, "{allowed}");
    assert!(
        allowed
            .to_string()
            .contains("allow[1] leaves `jo.doe@example.com` alone: ours"),
        "{allowed}"
    );
    // What is in force for the deployment masks its calls, and only those.
    let before = bench.json(&["trail", "call", id]);
    let put = bench.json(&[
        "redaction",
        "force",
        "scoped",
        "--deployment",
        deployment,
        "--reason",
        "agreed by the board",
    ]);
    assert_eq!(put["in_force"], false, "not by default");
    let masked = bench.json(&["trail", "call", id]);
    assert_eq!(
        (&before["masked_by"], &masked["masked_by"]),
        (&json!("default"), &json!("scoped@1"))
    );
    let (hidden, kept) = (
        shown(&before["request"], "user_message"),
        shown(&masked["request"], "user_message"),
    );
    assert!(hidden.contains("[EMAIL_ADDRESS_1]"), "{hidden}");
    assert!(kept.contains("jo.doe@example.com"), "{kept}");
    let entities = |policy: &str| {
        let plan = bench.json(&[
            "replay",
            "plan",
            "--backend",
            "sandbox",
            "--policy",
            policy,
            "request_id:r-1",
        ]);
        assert_eq!(
            plan["policy"].as_str().unwrap().split('@').next(),
            Some(policy)
        );
        plan["items"][0]["entities"].as_u64().unwrap()
    };
    assert!(entities("default") > entities("scoped"));
    bench
        .run(&["redaction", "follow-default", deployment])
        .error("bad_input", "points of `default` are not clear");
    assert_eq!(bench.json(&["trail", "call", id])["masked_by"], "scoped@1");
    let agreed = "agreed with the board";
    bench.json(&[
        "redaction",
        "follow-default",
        deployment,
        "--reason",
        agreed,
    ]);
    assert_eq!(bench.json(&["trail", "call", id])["masked_by"], "default");
    bench
        .run(&["redaction", "follow-default", deployment])
        .error("not_found", "no policy of its own");
    for (what, with, message) in [
        (
            "user_message",
            "user_mesage",
            "did you mean `user_message`?",
        ),
        (deployment, "nowhere", "no deployment: nowhere"),
    ] {
        let wrong = bench.file("wrong.toml", toml.replace(what, with));
        bench
            .run(&["redaction", "save", &wrong])
            .error("bad_input", message);
    }
}

#[test]
fn a_stored_call_is_previewed_without_its_originals() {
    let bench = Bench::filled();
    let id = bench.json(&["trail", "calls", "request_id:r-1"])["calls"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let preview = bench.json(&["redaction", "preview", "--call", &id, "--policy", "masking"]);
    assert_eq!(preview["revealed"], false);
    assert!(
        preview["redacted"]
            .as_str()
            .unwrap()
            .contains("Summarise the claim"),
        "{preview}"
    );
    assert!(!preview.to_string().contains("jo.doe@example.com"));
}

#[test]
fn canaries_are_a_corpus_that_the_program_can_measure_itself_on() {
    let bench = Bench::empty();
    let drawn = |arguments: &[&str]| {
        let all = [&["redaction", "canaries"][..], arguments].concat();
        bench.run(&all).with_code(0).stdout
    };
    let corpus = drawn(&["--seed", "5", "--count", "60", "--clean", "8"]);
    assert_eq!(
        corpus,
        drawn(&["--seed", "5", "--count", "60", "--clean", "8"])
    );
    let lines: Vec<Value> = corpus
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 68);
    for line in &lines {
        assert_eq!(line["synthetic"], true);
        let planted = line["spans"].as_array().unwrap().len();
        let is_clean = line["id"].as_str().unwrap().starts_with("control-");
        assert_eq!(planted, usize::from(!is_clean));
    }
    let file = bench.file(
        "canaries.jsonl",
        drawn(&[
            "--count",
            "40",
            "--type",
            "IBAN_CODE",
            "--writing",
            "full_width",
        ]),
    );
    let measured = bench.json(&["redaction", "evaluate", &file]);
    assert_eq!(measured["records"], 40);
    assert_eq!(measured["by_type"]["IBAN_CODE"]["tp"], 40);
    bench
        .run(&["redaction", "canaries", "--writing", "upside_down"])
        .error("bad_input", "upside_down");
    bench
        .run(&["redaction", "canaries", "--type", "SHOE_SIZE"])
        .error("bad_input", "SHOE_SIZE");
    assert!(!bench.store().exists(), "drawing makes no store");
}
