//! Guards: canaries go to servers on this computer that answer as Presidio, Bedrock and an endpoint
//! of one's own do, and what each found stands beside what the local rules found.

mod filters;
mod presidio;
mod sinks;

use serde_json::{Value, json};

use super::{Bench, interrupt};
use filters::{Filter, Seen};

const KEY: (&str, &str) = (
    "ASSAY_KEY_GUARD_RAIL",
    "AKIDEXAMPLE:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
);

/// Plans and carries out; answers plan and run.
fn measured(bench: &Bench, guard: &str, drawn: &[&str]) -> (Value, Value) {
    let asked = [&["redaction", "guards", "plan", guard][..], drawn].concat();
    let plan = bench.json(&asked);
    let id = plan["id"].as_str().unwrap();
    let mut command = bench.command(&["--json", "redaction", "guards", "run", id]);
    let output = command.env(KEY.0, KEY.1).output().unwrap();
    // A run that ended early is told apart by its code, and shown as well.
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    (plan, serde_json::from_slice(&output.stdout).unwrap())
}

/// A store that knows a Presidio on this computer as the guard `scan`.
fn beside_presidio() -> (Bench, Filter) {
    let bench = Bench::empty();
    let filter = Filter::presidio();
    bench.json(&[
        "redaction",
        "guards",
        "add",
        "scan",
        "--kind",
        "presidio",
        "--url",
        &filter.url(),
    ]);
    (bench, filter)
}

fn line<'a>(run: &'a Value, entity_type: &str) -> &'a Value {
    let lines = run["by_type"].as_array().unwrap();
    let found = lines.iter().find(|line| line["entity_type"] == entity_type);
    found.unwrap_or_else(|| panic!("no line of {entity_type}: {run}"))
}

#[test]
fn a_plan_says_what_goes_where_and_sends_nothing() {
    let (bench, filter) = beside_presidio();
    let asked = [
        "redaction",
        "guards",
        "plan",
        "scan",
        "--count",
        "40",
        "--clean",
        "4",
    ];
    let plan = bench.json(&asked);
    assert_eq!(plan["texts"], 44, "{plan}");
    assert_eq!(plan["is_loopback"], true);
    assert_eq!(plan["phrase"], Value::Null, "nothing leaves this computer");
    assert_eq!(plan["examples"].as_array().unwrap().len(), 4);
    let told = bench.run(&asked).with_code(0);
    assert!(
        told.stdout.contains("no stored call is sent"),
        "{}",
        told.stdout
    );
    assert!(filter.seen().is_empty(), "nothing was sent");
    // Where something would leave this computer a phrase is asked for.
    bench.json(&[
        "redaction",
        "guards",
        "add",
        "rail",
        "--kind",
        "bedrock",
        "--url",
        "https://bedrock-runtime.eu-west-1.amazonaws.com",
        "--auth",
        "sigv4",
        "--region",
        "eu-west-1",
        "--guardrail",
        "gr1",
        "--guardrail-version",
        "3",
    ]);
    let plan = bench.json(&[
        "redaction",
        "guards",
        "plan",
        "rail",
        "--count",
        "1000",
        "--clean",
        "0",
    ]);
    assert_eq!(
        plan["phrase"],
        "send 1000 texts to bedrock-runtime.eu-west-1.amazonaws.com:443"
    );
    assert_eq!(plan["cost_usd"], "0.10", "{plan}");
    let id = plan["id"].as_str().unwrap();
    bench
        .run(&["redaction", "guards", "run", id])
        .error("bad_input", "phrase");
    let phrase = plan["phrase"].as_str().unwrap();
    bench
        .run(&[
            "--offline",
            "redaction",
            "guards",
            "run",
            id,
            "--i-accept",
            phrase,
        ])
        .error("backend_refused", "no key");
    assert_eq!(bench.json(&["redaction", "guards", "runs"]), json!([]));
}

#[test]
fn what_presidio_finds_stands_beside_what_the_local_rules_find() {
    let (bench, filter) = beside_presidio();
    let drawn = [
        "--count",
        "70",
        "--clean",
        "8",
        "--type",
        "EMAIL_ADDRESS",
        "--type",
        "GITHUB_TOKEN",
        "--writing",
        "plain",
    ];
    let (plan, run) = measured(&bench, "scan", &drawn);
    let seen = filter.seen();
    assert_eq!(seen.len(), 78, "each text once");
    assert!(seen.iter().all(|seen| seen.path == "/analyze"));
    assert_eq!(run["run"]["state"], "done");
    assert_eq!(run["run"]["judged"], 78);
    let mail = line(&run, "EMAIL_ADDRESS");
    assert_eq!(mail["guard"]["found"], 35, "{mail}");
    assert_eq!(mail["local"]["found"], 35);
    assert_eq!((&mail["both"], &mail["neither"]), (&json!(35), &json!(0)));
    assert_eq!(mail["claimed"], "claimed");
    assert_eq!(
        mail["found_as"],
        json!([{"name": "EMAIL_ADDRESS", "count": 35}])
    );
    assert!(
        mail["guard"]["low"].as_f64().unwrap() > 0.85,
        "35 are enough to judge"
    );
    // A type that it has no name for is apart, and in no sum.
    let token = line(&run, "GITHUB_TOKEN");
    assert_eq!(token["claimed"], "not_claimed");
    assert_eq!(
        (&token["only_local"], &token["only_guard"]),
        (&json!(35), &json!(0))
    );
    assert_eq!(run["all"]["guard"]["of"], 35, "{run}");
    assert_eq!(run["not_claimed"]["guard"]["of"], 35);
    assert_eq!(run["clean_guard"]["of"], 8);
    // What opens.
    let id = run["run"]["id"].as_str().unwrap();
    let cases = bench.json(&[
        "redaction",
        "guards",
        "cases",
        id,
        "--which",
        "only_local",
        "--type",
        "GITHUB_TOKEN",
        "--limit",
        "5",
    ]);
    assert_eq!(cases["count"], 35);
    assert_eq!(cases["cases"].as_array().unwrap().len(), 5);
    assert!(
        cases["cases"][0]["planted"]
            .as_str()
            .unwrap()
            .starts_with("gh")
    );
    // Carried out once; the trail said so before.
    let plan = plan["id"].as_str().unwrap();
    bench
        .run(&["redaction", "guards", "run", plan])
        .error("bad_input", "carried out already");
    let told = bench.run(&["trail", "activities"]).with_code(0).stdout;
    for action in ["guard.save", "guard.run", "guard.end"] {
        assert!(told.contains(action), "{action}: {told}");
    }
    let shown = bench
        .run(&["redaction", "guards", "show", id, "--cells"])
        .with_code(0);
    assert!(shown.stdout.contains("not claimed"), "{}", shown.stdout);
    bench
        .run(&["evidence", "fsck", "--depth", "records"])
        .with_code(0);
    assert_eq!(
        bench.json(&["redaction", "guards", "runs"])[0]["local_found"],
        35,
        "what it does not claim is in no sum"
    );
}

#[test]
fn a_guardrail_is_asked_with_a_signature_and_what_it_matches_counts() {
    let bench = Bench::empty();
    let filter = Filter::bedrock();
    bench.json(&[
        "redaction",
        "guards",
        "add",
        "rail",
        "--kind",
        "bedrock",
        "--url",
        &filter.url(),
        "--auth",
        "sigv4",
        "--region",
        "eu-west-1",
        "--guardrail",
        "gr1",
        "--guardrail-version",
        "DRAFT",
    ]);
    let drawn = [
        "--count",
        "12",
        "--clean",
        "2",
        "--type",
        "EMAIL_ADDRESS",
        "--type",
        "PASSPORT",
        "--writing",
        "plain",
    ];
    let (_, run) = measured(&bench, "rail", &drawn);
    let seen = filter.seen();
    assert_eq!(seen.len(), 14);
    for Seen {
        path,
        authorization,
        body,
    } in &seen
    {
        assert_eq!(path, "/guardrail/gr1/version/DRAFT/apply");
        assert!(
            authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
                && authorization.contains("/eu-west-1/bedrock/aws4_request"),
            "{authorization}"
        );
        assert_eq!(body["source"], "INPUT");
    }
    assert_eq!(line(&run, "EMAIL_ADDRESS")["guard"]["found"], 6, "{run}");
    assert_eq!(
        line(&run, "EMAIL_ADDRESS")["found_as"],
        json!([{"name": "EMAIL", "count": 6}])
    );
    // Six are too few to judge: a count and no interval.
    assert_eq!(line(&run, "EMAIL_ADDRESS")["guard"]["low"], Value::Null);
    // What a guardrail has switched on is not known, which is not «met».
    assert_eq!(line(&run, "PASSPORT")["claimed"], "not_known");
    assert_eq!(line(&run, "PASSPORT")["guard"]["found"], 0);
    assert!(run["notes"].to_string().contains("switched on"));
    assert_eq!(run["cost_usd"], "0.0014", "14 units");
    let stored = bench.files_of_store();
    for file in stored {
        let bytes = std::fs::read(&file).unwrap();
        let holds = |text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
        assert!(!holds(b"wJalrXUtnFEMI"), "the key is in {}", file.display());
    }
}

#[test]
fn an_endpoint_that_only_gives_the_text_back_is_judged_by_what_is_left() {
    let bench = Bench::empty();
    let filter = Filter::redacting();
    bench.json(&[
        "redaction",
        "guards",
        "add",
        "own",
        "--kind",
        "private",
        "--url",
        &filter.url(),
        "--text-field",
        "prompt",
        "--claims",
        "EMAIL_ADDRESS",
    ]);
    let drawn = [
        "--count",
        "10",
        "--clean",
        "2",
        "--type",
        "EMAIL_ADDRESS",
        "--type",
        "UK_NHS",
        "--writing",
        "plain",
    ];
    let (_, run) = measured(&bench, "own", &drawn);
    assert!(
        filter
            .seen()
            .iter()
            .all(|seen| seen.body["prompt"].is_string())
    );
    assert_eq!(line(&run, "EMAIL_ADDRESS")["both"], 5, "{run}");
    assert_eq!(line(&run, "UK_NHS")["only_local"], 5);
    assert_eq!(line(&run, "UK_NHS")["claimed"], "not_claimed");
    assert_eq!(run["clean_guard"]["found"], 0);
}

#[test]
fn texts_without_a_verdict_are_counted_apart_by_their_reason() {
    let bench = Bench::empty();
    let filter = Filter::failing(3);
    own(&bench, &filter);
    let drawn = [&["--count", "9"][..], &MAILS].concat();
    let (_, run) = measured(&bench, "own", &drawn);
    assert_eq!(run["run"]["judged"], 6, "{run}");
    assert_eq!(run["faults"], json!([{"name": "unreadable", "count": 3}]));
    assert_eq!(run["all"]["guard"]["of"], 6);
    assert_eq!(line(&run, "EMAIL_ADDRESS")["no_answer"], 3);
    let id = run["run"]["id"].as_str().unwrap();
    let told = bench
        .run(&["redaction", "guards", "show", id])
        .with_code(0)
        .stdout;
    assert!(told.contains("6 of 9; 3 not: 3 unreadable"), "{told}");
    // Whoever lets nobody in is asked once.
    let filter = Filter::closed();
    own(&bench, &filter);
    let (_, run) = measured(&bench, "own", &drawn);
    assert_eq!(filter.seen().len(), 1);
    assert_eq!(run["run"]["state"], "failed");
    assert_eq!(
        run["faults"],
        json!([{"name": "not_allowed", "count": 1}, {"name": "not_asked", "count": 8}])
    );
    assert!(run["stopped"].as_str().unwrap().contains("key"), "{run}");
}

fn own(bench: &Bench, filter: &Filter) {
    let url = filter.url();
    let add = ["redaction", "guards", "add", "own", "--kind", "private"];
    bench.json(&[&add[..], &["--url", &url]].concat());
}

const MAILS: [&str; 6] = [
    "--clean",
    "0",
    "--type",
    "EMAIL_ADDRESS",
    "--writing",
    "plain",
];

#[test]
fn a_guard_that_waits_fails_and_breaks_off_is_no_reason_to_stop_and_no_verdict() {
    let bench = Bench::empty();
    let filter = Filter::unsteady();
    own(&bench, &filter);
    let nine = [&["--count", "9"][..], &MAILS].concat();
    let (_, run) = measured(&bench, "own", &nine);
    assert_eq!(
        (&run["run"]["state"], &run["run"]["judged"]),
        (&json!("done"), &json!(7)),
        "{run}"
    );
    assert_eq!(
        run["faults"],
        json!([{"name": "cut", "count": 1}, {"name": "failed", "count": 1}])
    );
    assert_eq!(run["all"]["guard"]["of"], 7);
    assert_eq!(line(&run, "EMAIL_ADDRESS")["no_answer"], 2);
    // Nine texts, one of which was asked again once and one twice.
    assert_eq!(filter.seen().len(), 12);
    // Who says to come again in an hour is not asked again.
    let filter = Filter::full();
    own(&bench, &filter);
    let (_, run) = measured(&bench, "own", &nine);
    assert_eq!(filter.seen().len(), 1);
    assert_eq!(
        run["faults"],
        json!([{"name": "long_wait", "count": 1}, {"name": "not_asked", "count": 8}])
    );
    assert_eq!(run["run"]["state"], "failed");
    assert!(
        run["stopped"].as_str().unwrap().contains("asked to wait"),
        "{run}"
    );
}

#[cfg(unix)]
#[test]
fn a_run_that_is_stopped_keeps_what_was_judged_and_says_that_it_is_a_part() {
    use std::process::Stdio;
    let bench = Bench::empty();
    let (filter, silent) = Filter::silent_at(5);
    own(&bench, &filter);
    let plan = ["redaction", "guards", "plan", "own", "--count", "40"];
    let plan = bench.json(&[&plan[..], &MAILS].concat());
    let id = plan["id"].as_str().unwrap();
    let child = bench
        .command(&["redaction", "guards", "run", id])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    silent.recv().unwrap();
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(
        stderr
            .starts_with("error[cancelled]: stopped: 4 of 40 texts were judged, and that is kept"),
        "{stderr}"
    );
    assert_eq!(filter.seen().len(), 5, "nothing more was asked");
    let run = bench.json(&["redaction", "guards", "show", id]);
    assert_eq!(
        (&run["run"]["state"], &run["run"]["judged"]),
        (&json!("cancelled"), &json!(4))
    );
    assert_eq!(
        run["faults"],
        json!([{"name": "cancelled", "count": 1}, {"name": "not_asked", "count": 35}])
    );
    assert_eq!(run["all"]["guard"]["of"], 4);
    assert!(
        run["stopped"]
            .as_str()
            .unwrap()
            .contains("The figures are of those that were judged")
    );
    bench.json(&["evidence", "fsck"]);
}

#[test]
fn a_wrong_guard_is_refused_with_the_field_that_is_wrong() {
    let bench = Bench::empty();
    let check = |arguments: &[&str], text: &str| {
        let all = [&["redaction", "guards", "add", "x"][..], arguments].concat();
        bench.run(&all).error("bad_input", text);
    };
    check(
        &["--kind", "presidio", "--url", "http://presidio.example.com"],
        "https",
    );
    check(
        &["--kind", "presidio", "--url", "https://u:p@example.com"],
        "base_url",
    );
    check(
        &["--kind", "bedrock", "--url", "https://example.com"],
        "auth",
    );
    check(
        &[
            "--kind",
            "bedrock",
            "--url",
            "https://example.com",
            "--auth",
            "sigv4",
            "--region",
            "eu-west-1",
        ],
        "guardrail",
    );
    check(
        &[
            "--kind",
            "private",
            "--url",
            "https://example.com",
            "--per-second",
            "0",
        ],
        "per_second",
    );
    bench
        .run(&["redaction", "guards", "plan", "nobody"])
        .error("not_found", "nobody");
}
