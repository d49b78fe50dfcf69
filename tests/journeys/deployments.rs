//! Deployments: definitions, summaries, settings answers.

use serde_json::json;

use super::Bench;

const NAME: &str = "bedrock-111122223333";

/// A definition of the deployment that the fixtures' Bedrock calls belong to.
pub(crate) fn definition() -> String {
    format!(
        "name = \"{NAME}\"\nkind = \"bedrock\"\nowner = \"Claims\"\nregulated = true\nallowed_places = [\"geo:eu\"]\n\n\
         [requirements]\nlog_retention_min_days = 183\nlog_retention_min_clause = \"EU AI Act Art. 26(6)\"\n"
    )
}

#[test]
fn a_definition_is_written_and_shown() {
    let bench = Bench::filled();
    let names: Vec<_> = bench
        .json(&["deployments", "list"])
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].clone())
        .collect();
    assert!(
        names.contains(&json!(NAME)) && names.len() == 3,
        "{names:?}"
    );
    let file = bench.file("claims.toml", definition());
    let set = bench.json(&["deployments", "set", NAME, "--file", &file]);
    assert_eq!(
        (&set["name"], &set["declared"], &set["owner"]),
        (&json!(NAME), &json!(true), &json!("Claims")),
        "{set}"
    );
    let shown = bench.json(&["deployments", "show", NAME]);
    let outside: Vec<_> = shown["regions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|region| region["place"] == "outside")
        .collect();
    assert_eq!(outside.len(), 1, "{shown}");
    assert_eq!(outside[0]["served_region"], "us-west-2");
    assert_eq!(
        bench.json(&["trail", "calls", outside[0]["query"].as_str().unwrap()])["total"],
        outside[0]["calls"]
    );
}

#[test]
fn a_wrong_definition_names_its_line_and_changes_nothing() {
    let bench = Bench::filled();
    let check = |text: &str, expected: &str| {
        let file = bench.file("wrong.toml", text);
        bench
            .run(&["deployments", "set", NAME, "--file", &file])
            .error("bad_input", expected);
    };
    check("name = \"x\"\nkind = \"bedrock\"\n", "named `x`");
    check(
        "name = \"bedrock-111122223333\"\nkind = \"vertex\"\n",
        "kind",
    );
    check(
        "name = \"bedrock-111122223333\"\nkind = \"bedrock\"\nalowed = 1\n",
        "line 3",
    );
    assert_eq!(
        bench.json(&["deployments", "show", NAME])["declared"],
        false
    );
    bench
        .run(&["deployments", "set", NAME, "--file", "missing.toml"])
        .error("bad_input", "missing.toml");
    bench
        .run(&["deployments", "show", "nothing"])
        .error("not_found", "nothing");
}

#[test]
fn the_summary_marks_what_it_rests_on() {
    let bench = Bench::filled();
    let summaries = bench.json(&["deployments", "summary"]);
    for summary in summaries.as_array().unwrap() {
        let handling = summary["handling"].as_array().unwrap();
        assert!(!handling.is_empty(), "{summary}");
        for line in handling {
            let mark = line["mark"].as_str().unwrap();
            assert!(
                [
                    "observed",
                    "configured",
                    "vendor_stated",
                    "declared",
                    "unknown"
                ]
                .contains(&mark),
                "{line}"
            );
        }
    }
}

#[test]
fn settings_answers_are_read_and_what_is_none_is_said() {
    let bench = Bench::filled();
    let answer = json!({
        "call": "GetModelInvocationLoggingConfiguration", "region": "eu-west-1", "collected_at": "2026-11-20T08:00:00Z",
        "answer": {"loggingConfig": {"textDataDeliveryEnabled": true, "s3Config": {"bucketName": "logs"}}},
    });
    let file = bench.file("logging.json", answer.to_string());
    let read = bench.run(&["snapshot", "import", NAME, &file, "--json"]);
    let other = bench.file("other.json", "{\"hello\": 1}");
    let refused = bench.run(&["snapshot", "import", NAME, &other]);
    refused.error("bad_input", "no settings");
    assert_eq!(read.code, 0, "{} {}", read.stdout, read.stderr);
    assert_eq!(read.json()["deployment"], NAME);
    assert!(
        !bench.json(&["deployments", "show", NAME])["settings"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    bench
        .run(&["snapshot", "import", "nothing", &file])
        .error("not_found", "nothing");
    bench
        .run(&["snapshot", "collect", NAME])
        .error("bad_input", "no `snapshot collect`");
}
