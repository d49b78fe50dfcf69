//! Checks: verdicts, exit codes, explanations, waivers.

use serde_json::{Value, json};

use super::Bench;
use super::deployments::definition;

const NAME: &str = "bedrock-111122223333";

fn checked() -> Bench {
    let bench = Bench::filled();
    let file = bench.file("claims.toml", definition());
    bench
        .run(&["deployments", "set", NAME, "--file", &file])
        .with_code(0);
    bench
}

fn finding<'a>(summary: &'a Value, check: &str, verdict: &str) -> &'a Value {
    let found = summary["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["check"] == check && one["verdict"] == verdict);
    found.unwrap_or_else(|| panic!("no {check} that is {verdict} in {summary}"))
}

#[test]
fn verdicts_are_counted_and_every_figure_opens_its_calls() {
    let bench = checked();
    let summary = bench.json(&["check", "run", "--deployment", NAME]);
    let findings = summary["findings"].as_array().unwrap();
    for verdict in ["met", "not_met", "unknown", "waived"] {
        let count = findings
            .iter()
            .filter(|finding| finding["verdict"] == verdict)
            .count();
        assert_eq!(summary[verdict], count, "{verdict}");
    }
    assert!(findings.iter().all(|finding| finding["deployment"] == NAME));
    let residency = finding(&summary, "residency", "not_met");
    for field in ["id", "severity", "title", "evidence", "clauses"] {
        assert!(residency.get(field).is_some(), "{field} in {residency}");
    }
    let evidence = residency["evidence"].as_array().unwrap();
    let query = evidence
        .iter()
        .find_map(|one| one["query"].as_str())
        .unwrap();
    assert_eq!(
        bench.json(&["trail", "calls", query])["total"],
        residency["counted"],
        "{residency}"
    );
    assert_eq!(
        bench.json(&["check", "findings", "--verdict", "not_met"])["findings"]
            .as_array()
            .unwrap()
            .len() as u64,
        summary["not_met"]
    );
}

#[test]
fn fail_on_decides_the_exit_code() {
    let bench = checked();
    assert_eq!(
        bench.run(&["check", "run"]).code,
        0,
        "without --fail-on findings are no failure"
    );
    assert_eq!(bench.run(&["check", "run", "--fail-on", "high"]).code, 1);
    let vertex = bench
        .json(&["deployments", "list"])
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["kind"] == "vertex")
        .unwrap()["name"]
        .clone();
    let summary = bench.json(&["check", "run", "--deployment", vertex.as_str().unwrap()]);
    let severe = summary["findings"]
        .as_array()
        .unwrap()
        .iter()
        .any(|one| one["verdict"] == "not_met" && one["severity"] == "critical");
    assert_eq!(
        bench
            .run(&[
                "check",
                "run",
                "--deployment",
                vertex.as_str().unwrap(),
                "--fail-on",
                "critical"
            ])
            .code,
        i32::from(severe)
    );
    bench
        .run(&["check", "run", "--fail-on", "terrible"])
        .error("bad_input", "terrible");
    bench
        .run(&["check", "run", "--deployment", "nothing"])
        .error("not_found", "nothing");
}

#[test]
fn a_waiver_is_dated_approved_and_ends() {
    let bench = checked();
    let summary = bench.json(&["check", "run"]);
    let id = finding(&summary, "residency", "not_met")["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let reason = "The fail-over test of October was agreed with the works council.";
    let waive = |approver: &str, until: &str| {
        bench.run(&[
            "check",
            "waive",
            &id,
            "--reason",
            reason,
            "--owner",
            "ann",
            "--approver",
            approver,
            "--until",
            until,
            "--json",
        ])
    };
    waive("Ann", "2026-12-31").error("bad_input", "somebody else");
    waive("ben", "2026-11-01").error("bad_input", "after today");
    waive("ben", "2028-01-01").error("bad_input", "365 days");
    assert_eq!(
        waive("ben", "2026-12-31").with_code(0).json()["verdict"],
        "waived"
    );
    let after = bench.json(&["check", "run"]);
    assert_eq!(after["waived"], 1);
    assert_eq!(
        bench.json(&["check", "explain", &id])["waiver"]["approver"],
        "ben"
    );
    assert_eq!(
        bench.json(&["check", "unwaive", &id, "--reason", "The test is over."])["verdict"],
        "not_met"
    );
    bench
        .run(&["check", "explain", "nothing"])
        .error("not_found", "nothing");
}

#[test]
fn checks_can_be_listed_without_a_store() {
    let bench = Bench::empty();
    let checks = bench.json(&["check", "list"]);
    assert_eq!(checks.as_array().unwrap().len(), 14);
    assert_ne!(checks[0]["clauses"], json!([]));
    assert!(!bench.store().exists(), "looking makes no store");
    bench
        .run(&["check", "findings"])
        .error("not_found", "store");
}

#[test]
fn checking_one_deployment_makes_no_other_answer_fresh() {
    let bench = checked();
    bench
        .run(&["check", "run", "--deployment", NAME])
        .with_code(0);
    let one = bench.json(&["check", "findings"]);
    let others = bench
        .json(&["deployments", "list"])
        .as_array()
        .unwrap()
        .len()
        - 1;
    assert_eq!(
        one["unchecked"].as_array().unwrap().len(),
        others,
        "{}",
        one["unchecked"]
    );
    bench.run(&["check", "run"]).with_code(0);
    let all = bench.json(&["check", "findings"]);
    assert_eq!(
        (&all["unchecked"], &all["policy_changed"]),
        (&json!([]), &json!(false))
    );
}

#[test]
fn another_policy_in_force_makes_the_answers_stale() {
    let bench = checked();
    bench.run(&["check", "run"]).with_code(0);
    bench
        .run(&[
            "redaction",
            "force",
            "masking",
            "--reason",
            "agreed by the board",
        ])
        .with_code(0);
    assert_eq!(bench.json(&["check", "findings"])["policy_changed"], true);
    bench.run(&["check", "run"]).with_code(0);
    assert_eq!(bench.json(&["check", "findings"])["policy_changed"], false);
}
