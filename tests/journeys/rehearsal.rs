//! Rehearsing a policy over stored calls: what would be exposed, by which rule, in which calls, and
//! of which calls nothing can be said.

use serde_json::{Value, json};

use super::Bench;

const REPLACE: &str =
    "name = \"claims\"\nversion = \"2\"\n[operators]\ndefault = { operator = \"replace\" }\n";

/// A line of a Bedrock log whose user message has this content.
fn line(number: u64, content: &Value) -> String {
    let request = json!({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 100,
        "messages": [{"role": "user", "content": content}]});
    let response = json!({"id": format!("msg_{number}"), "type": "message", "role": "assistant",
        "content": [{"type": "text", "text": "Noted."}], "stop_reason": "end_turn",
        "usage": {"input_tokens": 12, "output_tokens": 3}});
    json!({"schemaType": "ModelInvocationLog", "schemaVersion": "1.0",
        "timestamp": format!("2026-11-0{}T08:00:00Z", number + 1), "accountId": "111122223333",
        "region": "eu-west-1", "requestId": format!("00000000-0000-4000-8000-00000000000{number}"),
        "operation": "InvokeModel", "modelId": "anthropic.claude-3-haiku-20240307-v1:0",
        "input": {"inputContentType": "application/json", "inputTokenCount": 12, "inputBodyJson": request},
        "output": {"outputContentType": "application/json", "outputTokenCount": 3, "outputBodyJson": response}})
    .to_string()
}

fn bench() -> Bench {
    let bench = Bench::empty();
    let image = json!([
        {"type": "text", "text": "See the picture."},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}}
    ]);
    let mut without: Value = serde_json::from_str(&line(5, &json!("x"))).unwrap();
    for side in ["input", "output"] {
        let body = format!("{side}BodyJson");
        without[side].as_object_mut().unwrap().remove(&body);
    }
    let mut elsewhere: Value = serde_json::from_str(&line(6, &json!("x"))).unwrap();
    for side in ["input", "output"] {
        let body = format!("{side}BodyJson");
        let fields = elsewhere[side].as_object_mut().unwrap();
        fields.remove(&body);
        fields.insert(
            format!("{side}BodyS3Path"),
            json!(format!("s3://bodies/{side}.json.gz")),
        );
    }
    let log = [
        line(
            0,
            &json!("Write to jo.doe@example.com and to ann@example.com."),
        ),
        line(1, &json!("Card 4111 1111 1111 1111, please.")),
        line(2, &json!("Nothing of anybody.")),
        line(3, &json!("The project is called Bluebird.")),
        line(4, &image),
        without.to_string(),
        elsewhere.to_string(),
    ]
    .join("\n");
    let path = bench.file("bedrock.jsonl", log);
    bench.run(&["import", &path]).with_code(0);
    bench
}

fn new_policy(bench: &Bench) -> String {
    bench.file(
        "new.toml",
        format!(
            "{REPLACE}EMAIL_ADDRESS = {{ operator = \"keep\" }}\n\
             CREDIT_CARD = {{ operator = \"mask\", keep_last = 4 }}\n\
             [[deny]]\nentity_type = \"PROJECT\"\nwords = [\"Bluebird\"]\n"
        ),
    )
}

#[test]
fn every_call_counts_once_and_what_is_exposed_names_its_rule_and_its_calls() {
    let bench = bench();
    let (old, new) = (bench.file("old.toml", REPLACE), new_policy(&bench));
    let found = bench.json(&["redaction", "rehearse", "--from", &old, "--to", &new]);
    let counts: Vec<u64> = [
        "matched",
        "newly_exposed",
        "newly_redacted",
        "treated_otherwise",
        "unchanged",
    ]
    .iter()
    .map(|name| found[name].as_u64().unwrap())
    .collect();
    assert_eq!(counts, [7, 1, 1, 1, 1], "{found}");
    assert_eq!(found["not_evaluable"]["calls"], 3, "{found}");
    assert_eq!(
        found["not_evaluable"]["partly"], 1,
        "the text beside the image"
    );
    let reasons: Vec<(&str, u64)> = found["not_evaluable"]["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["reason"].as_str().unwrap(),
                one["calls"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(reasons, [("no_text", 1), ("elsewhere", 1), ("image", 1)]);
    let rule = &found["exposed_by_rule"][0];
    assert_eq!(
        (
            &rule["entity_type"],
            &rule["because"],
            &rule["exposed"],
            &rule["of"],
            &rule["calls"]
        ),
        (
            &json!("EMAIL_ADDRESS"),
            &json!("kept"),
            &json!(2),
            &json!(2),
            &json!(1)
        )
    );
    let listed = bench.json(&["trail", "calls", "entity_type:EMAIL_ADDRESS"]);
    assert_eq!(
        listed["total"], 0,
        "nothing was searched, and a rehearsal searches nothing"
    );
    let id = found["exposed_ids"][0].as_str().unwrap();
    assert_eq!(rule["ids"], json!([id]));
    let call = bench.json(&["trail", "call", id]);
    assert_eq!(call["id"], id, "the exposed call opens");
    assert_eq!(
        found["by_operator"][0]["shows_more"], 1,
        "{}",
        found["by_operator"]
    );
    assert_eq!(found["redacted_by_rule"][0]["recognizer"], "deny_list");
    let all = &found["stretches"];
    assert_eq!(all["hidden_by_old"], 3);
    assert_eq!(all["hidden_by_new"], 2);
    for text in ["jo.doe", "Bluebird", "4111"] {
        assert!(!found.to_string().contains(text), "{text}");
    }
    let back = bench.json(&["redaction", "rehearse", "--from", &new, "--to", &old]);
    assert_eq!(
        (&back["newly_redacted"], &back["newly_exposed"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(back["exposed_by_rule"][0]["because"], "not_denied");
    let same = bench.json(&["redaction", "rehearse", "--from", &old, "--to", &old]);
    assert_eq!(
        (&same["unchanged"], &same["not_evaluable"]["calls"]),
        (&json!(4), &json!(3))
    );
}

#[test]
fn a_query_narrows_it_and_ids_are_capped() {
    let bench = bench();
    let new = new_policy(&bench);
    let arguments = ["redaction", "rehearse", "--from", "default", "--to", &new];
    let narrowed = bench.json(&[&arguments[..], &["started_at:2026-11-01"]].concat());
    assert_eq!(narrowed["matched"], 1, "{narrowed}");
    assert_eq!(narrowed["from"]["in_force"], true);
    assert_eq!(narrowed["to"]["tried"], true);
    let capped = bench.json(&[&arguments[..], &["--ids", "0"]].concat());
    assert_eq!(capped["exposed_ids"], json!([]));
    assert_eq!(capped["newly_exposed"], 1, "the total is stated");
    let text = bench.run(&arguments).with_code(0).stdout;
    assert!(
        text.contains("newly exposed") && text.contains("1 of 7"),
        "{text}"
    );
    bench
        .run(&["redaction", "rehearse", "--from", "nobody", "--to", &new])
        .error("not_found", "nobody");
    bench
        .run(&[
            "redaction",
            "rehearse",
            "--from",
            "default",
            "--to",
            "default",
            "stauts:ok",
        ])
        .error("bad_input", "stauts");
}

/// The reasons for which calls are not evaluable, with how many calls each.
fn reasons(found: &Value) -> Vec<(&str, u64)> {
    found["not_evaluable"]["reasons"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            (
                one["reason"].as_str().unwrap(),
                one["calls"].as_u64().unwrap(),
            )
        })
        .collect()
}

#[test]
fn an_erased_record_and_one_that_cannot_be_read_are_not_evaluable_and_say_why() {
    let bench = bench();
    let new = new_policy(&bench);
    let arguments = ["redaction", "rehearse", "--from", "default", "--to", &new];
    let who = b"ann@example.com\n";
    let found = bench
        .fed(&["--json", "retention", "find"], who)
        .with_code(0)
        .json();
    let phrase = found["phrase"].as_str().unwrap();
    let basis = ["--request", "ticket-12", "--basis", "consent_withdrawn"];
    let line = [&["retention", "erase", "--i-accept", phrase][..], &basis].concat();
    bench.fed(&line, who).with_code(0);
    let found = bench.json(&arguments);
    assert_eq!(found["matched"], 7, "{found}");
    assert_eq!(
        reasons(&found),
        [
            ("no_text", 1),
            ("elsewhere", 1),
            ("image", 1),
            ("erased", 1)
        ]
    );
    assert_eq!(found["newly_exposed"], 0, "nothing is known of it: {found}");
    let said = bench.run(&arguments).with_code(0).stdout;
    assert!(said.contains("erased"), "{said}");

    // Without the keys of their days no record can be read.
    std::fs::remove_file(bench.store().join("keys/keys.db")).unwrap();
    let found = bench.json(&arguments);
    assert_eq!(reasons(&found), [("damaged", 6), ("erased", 1)], "{found}");
    assert_eq!(
        (&found["unchanged"], &found["not_evaluable"]["calls"]),
        (&json!(0), &json!(7))
    );
}
