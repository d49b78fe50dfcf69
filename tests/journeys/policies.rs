//! Policies of other tools taken over and written, and two versions set against each other.

use serde_json::json;

use super::Bench;

const GUARD: &str = r#"guardrails:
  - guardrail_name: pii
    litellm_params:
      guardrail: presidio
      mode: [pre_call, post_call]
      default_on: true
      pii_entities_config: {EMAIL_ADDRESS: MASK, CREDIT_CARD: BLOCK, MARTIAN_ID: MASK}
"#;

#[test]
fn another_tool_s_file_becomes_a_draft_and_whatever_is_not_in_it_is_told() {
    let bench = Bench::empty();
    let file = bench.file("config.yaml", GUARD);
    let printed = bench.json(&["redaction", "import", &file, "--print"]);
    assert_eq!(printed["form"], "litellm");
    assert_eq!(printed["problem"], json!(null));
    bench
        .run(&["redaction", "show", "imported"])
        .error("not_found", "imported");
    let ran = bench
        .run(&["redaction", "import", &file, "--name", "gateway"])
        .with_code(0);
    for told in [
        "gateway@1",
        "a draft until",
        "MARTIAN_ID",
        "BLOCK of CREDIT_CARD",
    ] {
        assert!(ran.stdout.contains(told), "{told}: {}", ran.stdout);
    }
    let preview = bench.json(&[
        "redaction",
        "preview",
        "jo.doe@example.com, https://example.com/a",
        "--policy",
        "gateway",
    ]);
    assert_eq!(
        preview["redacted"],
        "[EMAIL_ADDRESS_1], https://example.com/a"
    );
    for form in ["presidio", "litellm", "bedrock"] {
        let out = bench.path(form);
        let out = out.to_str().unwrap();
        let written = bench.json(&[
            "redaction",
            "export",
            "gateway@1",
            "--to",
            form,
            "--out",
            out,
        ]);
        assert_eq!(written["policy"], "gateway@1");
        assert!(
            !written["losses"].as_array().unwrap().is_empty(),
            "{written}"
        );
        if form != "presidio" {
            let again = bench.json(&["redaction", "import", out, "--print"]);
            assert_eq!(again["form"], form);
        }
    }
    let other = bench.file("other.yaml", "model_list: []\n");
    bench
        .run(&["redaction", "import", &other])
        .error("bad_input", "no configuration that is known");
}

#[test]
fn two_versions_are_set_against_each_other_rule_by_rule_and_by_line() {
    let bench = Bench::empty();
    let save = |lists: &str, operator: &str| {
        let text = format!(
            "name = \"claims\"\nversion = \"1\"\n{lists}[operators]\ndefault = {{ operator = \"replace\" }}\nURL = {{ operator = \"{operator}\" }}\n"
        );
        let file = bench.file("claims.toml", text);
        bench.json(&["redaction", "save", &file])
    };
    save("", "keep");
    save("threshold = 0.7\nallow = [\"x@example.com\"]\n", "mask");
    let compared = bench.json(&["redaction", "compare", "claims@1", "claims"]);
    assert_eq!(
        (&compared["from"], &compared["to"]),
        (&json!("claims@1"), &json!("claims@2"))
    );
    let rules: Vec<_> = compared["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["what"].as_str().unwrap(),
                one["key"].as_str().unwrap(),
                one["before"].as_str().unwrap_or("-"),
                one["after"].as_str().unwrap_or("-"),
            )
        })
        .collect();
    assert_eq!(
        rules,
        [
            ("threshold", "", "0.5", "0.7"),
            ("operator", "URL", "keep", "mask, keep_last 0, with *"),
            ("allow", "x@example.com", "-", "everywhere"),
        ]
    );
    let people = bench
        .run(&["redaction", "compare", "claims@1", "claims@2"])
        .with_code(0);
    assert!(
        people.stdout.contains("+ threshold = 0.7"),
        "{}",
        people.stdout
    );
    assert!(
        people.stdout.contains("- URL = { operator = \"keep\" }"),
        "{}",
        people.stdout
    );
}

#[test]
fn what_stands_against_a_policy_is_told_run_and_overruled_with_a_reason_on_record() {
    let bench = Bench::filled();
    let text = |email: &str| {
        format!(
            "name = \"claims\"\nversion = \"1\"\nnames = \"fast\"\n[operators]\n\
             default = {{ operator = \"replace\" }}\nDATE_TIME = {{ operator = \"keep\" }}\n\
             AGE = {{ operator = \"keep\" }}\nORGANIZATION = {{ operator = \"keep\" }}\n\
             EMAIL_ADDRESS = {{ operator = \"{email}\" }}\n"
        )
    };
    bench.json(&["redaction", "save", &bench.file("1.toml", text("keep"))]);
    let gate = |arguments: &[&str]| {
        let line = [&["--json", "redaction", "gate", "claims"], arguments].concat();
        bench.run(&line).with_code(1).json()
    };
    let states = |gate: &serde_json::Value| -> Vec<String> {
        let points = gate["points"].as_array().unwrap();
        points
            .iter()
            .map(|one| format!("{} {}", one["point"], one["state"]).replace('"', ""))
            .collect()
    };
    assert_eq!(
        states(&gate(&[])),
        [
            "rehearsal unknown",
            "test_sets unknown",
            "examples clear",
            "secrets clear",
            "rules against"
        ]
    );
    let told = bench.run(&["redaction", "gate", "claims"]).with_code(1);
    for said in [
        "Not rehearsed against `default`",
        "EMAIL_ADDRESS is left as it is",
        "`--run` would run a rehearsal over",
    ] {
        assert!(told.stdout.contains(said), "{said}: {}", told.stdout);
    }
    bench
        .run(&["redaction", "force", "claims"])
        .error("bad_input", "3 of 5 points of `claims@1` are not clear");
    // What is run is on record, and known to the next command.
    let ran = gate(&["--run"]);
    assert_eq!(states(&ran)[0], "rehearsal against", "{ran}");
    assert_eq!(ran["to_run"], json!([]));
    assert_eq!(gate(&[])["points"], ran["points"]);
    let reason = "the mailboxes are public, see ticket 12";
    let forced = bench
        .run(&["redaction", "force", "claims", "--reason", reason])
        .with_code(0);
    assert!(
        forced.stdout.contains("Rehearsal, against: "),
        "{}",
        forced.stdout
    );
    let deeds = bench.json(&["trail", "activities", "action:policy.put_in_force"]);
    assert_eq!(deeds["activities"][0]["reason"], reason, "{deeds}");
    let same = bench.json(&["redaction", "gate", "claims"]);
    assert_eq!(same["needs_reason"], false, "it is in force: {same}");
    // Back to one that hides more: rehearsed, and without labels still unknown, which is said.
    let back = bench
        .run(&["--json", "redaction", "gate", "default", "--run"])
        .with_code(1)
        .json();
    assert_eq!(
        states(&back)[..2],
        ["rehearsal clear".to_owned(), "test_sets unknown".to_owned()]
    );
    bench.json(&["evidence", "fsck"]);
}
