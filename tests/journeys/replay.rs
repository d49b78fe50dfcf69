//! Replay: plan, run and compare across processes, against the sandbox of this computer.

use serde_json::{Value, json};

use super::{Bench, finished};

#[test]
fn a_plan_is_carried_out_by_another_process() {
    let bench = Bench::filled();
    let plan = bench.json(&["replay", "plan", "--backend", "sandbox", "kind:bedrock"]);
    assert_eq!(plan["matching"], 5);
    assert_eq!(
        (
            &plan["sendable"],
            &plan["needs_redaction"],
            &plan["refused"]
        ),
        (&json!(2), &json!(1), &json!(2)),
        "{plan}"
    );
    let refused: Vec<&Value> = plan["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|item| item["verdict"] == "refused")
        .collect();
    assert!(
        refused.iter().all(|item| item["reason"].is_string()),
        "{refused:?}"
    );
    let run = bench.json(&["replay", "run", plan["id"].as_str().unwrap()]);
    assert_eq!(
        (
            &run["state"],
            &run["calls"],
            &run["refused"],
            &run["errors"]
        ),
        (&json!("done"), &json!(5), &json!(2), &json!(0)),
        "{run}"
    );
    let id = run["id"].as_str().unwrap();
    let shown = bench.json(&["replay", "show", id]);
    assert_eq!(
        (
            &shown["changed"],
            &shown["compared"],
            &shown["not_compared"]
        ),
        (&json!(3), &json!(3), &json!(0))
    );
    let told = bench.run(&["replay", "show", id]).with_code(0).stdout;
    assert!(
        told.contains("5: 0 same and 3 changed of 3 compared, 0 not compared"),
        "{told}"
    );
    assert_eq!(bench.json(&["replay", "runs"])[0]["id"], id);
    let call = run["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["state"] == "changed")
        .unwrap()["call_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let comparison = bench.json(&["replay", "show", id, "--call", &call]);
    let now: String = comparison["diff"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|part| part["change"] != "removed")
        .map(|part| part["text"].as_str().unwrap())
        .collect();
    assert!(now.starts_with("Sandbox answer, not a model's."), "{now}");
    for command in [
        &["replay", "runs"][..],
        &["replay", "show", id],
        &["replay", "show", id, "--call", &call],
    ] {
        bench.run(command).with_code(0);
    }
    assert_eq!(
        bench.json(&["trail", "activities", "action:replay.start"])["total"],
        1
    );
    bench
        .run(&["replay", "run", "plan-0"])
        .error("not_found", "plan-0");
    bench
        .run(&["replay", "show", "run-0"])
        .error("not_found", "run-0");
}

#[test]
fn a_live_run_needs_a_budget_and_the_typed_phrase() {
    let bench = Bench::filled();
    let sandbox = bench.running(&["sandbox", "--json"]);
    let started: Value = serde_json::from_str(&sandbox.first).unwrap();
    let address = started["address"].as_str().unwrap();
    bench
        .run(&[
            "replay",
            "backend",
            "save",
            "near",
            "--kind",
            "claude_api",
            "--url",
            address,
            "--auth",
            "none",
            "--place",
            "eu-west-1",
            "--model",
            "claude-haiku-4-5-20251001",
        ])
        .with_code(0);
    let plan = bench.json(&[
        "replay",
        "plan",
        "--backend",
        "near",
        "--policy",
        "default",
        "--limit",
        "10",
        "request_id:r-1,r-2",
    ]);
    let id = plan["id"].as_str().unwrap();
    let phrase = plan["phrase"].as_str().unwrap();
    assert!(phrase.starts_with("send 2 calls to 127.0.0.1:"), "{plan}");
    bench
        .run(&["replay", "run", id, "--i-accept", phrase])
        .error("bad_input", "budget");
    let wrong = bench.run(&["replay", "run", id, "--budget", "1", "--i-accept", "yes"]);
    wrong.error("bad_input", "phrase");
    assert!(wrong.stderr.contains(phrase), "{}", wrong.stderr);
    let planned = bench.json(&[
        "replay",
        "plan",
        "--backend",
        "near",
        "--budget",
        "1.00",
        "request_id:r-1,r-2",
    ]);
    let mut command = bench.command(&[
        "--json",
        "replay",
        "run",
        planned["id"].as_str().unwrap(),
        "--i-accept",
        phrase,
        "--offline",
    ]);
    // Nobody listens there: a run that went through a proxy would fail.
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env(name, "http://127.0.0.1:9");
    }
    let run = finished(command.output().unwrap()).with_code(0).json();
    assert_eq!(
        (&run["state"], &run["changed"], &run["budget_usd"]),
        (&json!("done"), &json!(2), &json!("1.00")),
        "{run}"
    );
    assert_eq!(sandbox.interrupt(), (Some(0), String::new()));
    bench
        .run(&["replay", "backend", "remove", "near"])
        .with_code(0);
    bench
        .run(&["replay", "plan", "--backend", "near"])
        .error("not_found", "near");
}

#[test]
fn plans_refuse_what_they_cannot_read() {
    let bench = Bench::filled();
    bench
        .run(&["replay", "plan", "--backend", "sandbox", "knd:bedrock"])
        .error("bad_input", "knd");
    bench
        .run(&["replay", "plan", "--backend", "sandbox", "--budget", "much"])
        .error("bad_input", "much");
    bench
        .run(&[
            "replay",
            "plan",
            "--backend",
            "sandbox",
            "--policy",
            "nothing",
        ])
        .error("not_found", "nothing");
    bench
        .run(&[
            "replay",
            "backend",
            "save",
            "far",
            "--kind",
            "claude_api",
            "--url",
            "http://example.com",
            "--auth",
            "x_api_key",
        ])
        .error("bad_input", "https");
    let backends = bench.json(&["replay", "backends"]);
    assert_eq!(
        (&backends[0]["name"], backends.as_array().unwrap().len()),
        (&json!("sandbox"), 1)
    );
}

#[test]
fn the_sandbox_listens_on_this_computer_only() {
    let bench = Bench::empty();
    bench
        .run(&["sandbox", "--listen", "0.0.0.0:0"])
        .error("bad_input", "not this computer");
    bench
        .run(&["sandbox", "--listen", "[::]:0"])
        .error("bad_input", "not this computer");
    bench
        .run(&["sandbox", "--listen", "somewhere"])
        .error("bad_input", "somewhere");
    bench
        .run(&["sandbox", "--profile", "angry"])
        .error("bad_input", "angry");
    let sandbox = bench.running(&["sandbox"]);
    assert!(
        sandbox.first.starts_with("sandbox at http://127.0.0.1:"),
        "{}",
        sandbox.first
    );
}

#[test]
fn offline_a_live_run_reaches_no_other_computer_and_its_key_shows_nowhere() {
    let bench = Bench::filled();
    bench
        .run(&[
            "replay",
            "backend",
            "save",
            "far",
            "--kind",
            "claude_api",
            "--url",
            "https://api.example.invalid",
            "--auth",
            "x_api_key",
            "--place",
            "eu-west-1",
            "--model",
            "claude-haiku-4-5-20251001",
        ])
        .with_code(0);
    let plan = bench.json(&[
        "replay",
        "plan",
        "--backend",
        "far",
        "--budget",
        "1",
        "request_id:r-1",
    ]);
    let run = [
        "replay",
        "run",
        plan["id"].as_str().unwrap(),
        "--i-accept",
        plan["phrase"].as_str().unwrap(),
        "--offline",
    ];
    // No session bus and no keychain: what to do instead is said.
    let without = finished(
        bench
            .command(&run)
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .output()
            .unwrap(),
    );
    assert!(
        without.code == 2 && without.stderr.contains("ASSAY_KEY_FAR"),
        "{}",
        without.stderr
    );
    let key = "sk-ant-test-0123456789abcdefghijWXYZ";
    let with_key = |arguments: &[&str]| {
        let ran = finished(
            bench
                .command(arguments)
                .env("ASSAY_KEY_FAR", key)
                .output()
                .unwrap(),
        );
        assert!(!ran.stdout.contains(key) && !ran.stderr.contains(key));
        ran
    };
    with_key(&run).error("policy_refused", "offline");
    let listed = with_key(&["--json", "replay", "backends"]).json();
    assert_eq!(listed[1]["key_last4"], "WXYZ", "{listed}");
    for file in bench.files_of_store() {
        let bytes = std::fs::read(&file).unwrap();
        let holds = bytes.windows(key.len()).any(|part| part == key.as_bytes());
        assert!(!holds, "{}", file.display());
    }
}
