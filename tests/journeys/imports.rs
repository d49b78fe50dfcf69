//! Importing: formats, compression, folders, twice, standard input, what is rejected.

use serde_json::json;

use super::{Bench, interrupt, log, logs};

fn gz(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn every_format_is_read_plain_and_compressed() {
    let check = |name: &str, format: &str, calls: u64, activities: u64| {
        let plain = log(name);
        let packed = [
            (String::new(), plain.clone()),
            (".gz".to_owned(), gz(&plain)),
            (".zst".to_owned(), zstd::encode_all(&plain[..], 3).unwrap()),
        ];
        for (ending, bytes) in packed {
            let bench = Bench::empty();
            let path = bench.file(&format!("{name}{ending}"), bytes);
            let summary = bench.json(&["import", &path]);
            assert_eq!(summary["calls"], calls, "{path}: {summary}");
            assert_eq!(summary["activities"], activities, "{path}");
            assert_eq!(summary["accepted"], calls + activities, "{path}");
            assert_eq!(summary["rejected"], 0, "{path}");
            assert_eq!(summary["batches"][0]["format"], format, "{path}");
            assert_eq!(summary["batches"][0]["path"], path, "{path}");
        }
    };
    check("bedrock-invocations.jsonl", "bedrock_invocation_log", 4, 0);
    check("cloudtrail.json", "cloudtrail", 3, 1);
    check("compliance-activities.jsonl", "compliance_activities", 0, 2);
    check("litellm.jsonl", "litellm", 2, 0);
    check("audited-client.jsonl", "audited_client", 2, 0);
}

#[test]
fn a_body_that_lies_beside_its_log_is_read_with_the_record_and_others_are_named() {
    let bench = Bench::empty();
    let hour = "logs/AWSLogs/1/BedrockModelInvocationLogs/eu-west-1/2026/10/01/10";
    let record = |id: &str, input: serde_json::Value| {
        json!({ "schemaType": "ModelInvocationLog", "schemaVersion": "1.0",
            "timestamp": "2026-10-01T10:00:00Z", "accountId": "1", "region": "eu-west-1",
            "requestId": id, "operation": "InvokeModel", "modelId": "anthropic.claude-opus-4-7",
            "identity": { "arn": "arn:aws:iam::1:user/a" }, "input": input })
    };
    let key = |name: &str| format!("s3://bucket/some/prefix/{}/data/{name}", &hour[5..]);
    let lines = [
        record(
            "r-1",
            json!({ "inputBodyS3Path": key("r-1_input.json.gz") }),
        ),
        record("r-2", json!({ "inputBodyJson": key("r-2_input.json") })),
        record(
            "r-3",
            json!({ "inputBodyJson": "s3://bucket/../../../../secret.json" }),
        ),
    ];
    let said =
        |text: &str| json!({ "messages": [{ "role": "user", "content": text }] }).to_string();
    bench.file(
        &format!("{hour}/log.jsonl"),
        lines.map(|line| format!("{line}\n")).concat(),
    );
    bench.file(
        &format!("{hour}/data/r-1_input.json.gz"),
        gz(said("Where is my parcel?").as_bytes()),
    );
    bench.file("secret.json", said("outside"));
    let logs = bench.path("logs");
    let summary = bench.json(&["import", logs.to_str().unwrap()]);
    let counts = (
        &summary["accepted"],
        &summary["rejected"],
        &summary["body_files"],
    );
    assert_eq!(counts, (&json!(3), &json!(0), &json!(1)), "{summary}");
    let bodies: Vec<_> = ["present", "by_reference"]
        .map(|body| bench.json(&["trail", "calls", &format!("body:{body}")])["total"].clone())
        .into();
    assert_eq!(bodies, [1, 2]);
    let page = bench.json(&["trail", "calls", "parcel"]);
    let call = &page["calls"][0];
    assert_eq!(call["request_ids"]["aws_request_id"], "r-1");
    let from = call["metadata"]["body_objects"].as_str().unwrap();
    assert!(from.contains("r-1_input.json.gz sha256:"), "{from}");
    assert_eq!(bench.json(&["trail", "calls", "outside"])["total"], 0);
    bench
        .run(&["evidence", "fsck", "--depth", "records"])
        .with_code(0);
}

#[test]
fn events_that_were_looked_up_are_read_as_those_that_were_delivered() {
    let event = json!({ "eventVersion": "1.11", "eventTime": "2026-10-01T10:00:00Z",
        "eventSource": "bedrock-mantle.amazonaws.com", "eventName": "CreateInference",
        "awsRegion": "eu-central-1", "userIdentity": { "arn": "arn:aws:iam::1:user/a", "accountId": "1" },
        "requestParameters": { "model": "anthropic.claude-opus-4-7", "stream": true, "service_tier": "flex",
            "callWithBearerToken": true, "bearerTokenType": "ABSK", "metadata": { "team": "claims" } },
        "resources": [{ "type": "AWS::BedrockMantle::Project", "ARN": "arn:aws:bedrock-mantle:::p" }],
        "requestID": "r-7", "eventID": "e-7", "eventCategory": "Data", "managementEvent": false });
    let looked_up = json!({ "Events": [{ "EventId": "e-7", "EventName": "CreateInference",
        "ReadOnly": "false", "Username": "a", "CloudTrailEvent": event.to_string() }] });
    for document in [
        looked_up.to_string(),
        json!({ "Records": [event] }).to_string(),
    ] {
        let bench = Bench::empty();
        let path = bench.file("events.json", document);
        let summary = bench.json(&["import", &path]);
        assert_eq!(
            (&summary["calls"], &summary["rejected"]),
            (&json!(1), &json!(0)),
            "{summary}"
        );
        let call = bench.json(&["trail", "calls"])["calls"][0].clone();
        assert_eq!(call["request_model"], "anthropic.claude-opus-4-7");
        assert_eq!(
            call["served_region"],
            json!(null),
            "the event does not say where it ran"
        );
        assert_eq!(
            call["metadata"],
            json!({ "service_tier": "flex", "team": "claims" })
        );
        assert_eq!(
            call["features"],
            json!(["streaming", "bearer_token", "bedrock_mantle"])
        );
        assert_eq!(call["request_ids"]["aws_request_id"], "r-7");
    }
}

#[test]
fn what_a_resource_of_telemetry_says_stands_with_each_of_its_calls() {
    let bench = Bench::empty();
    let text = |key: &str, value: &str| json!({ "key": key, "value": { "stringValue": value } });
    let document = json!({ "resourceSpans": [{
        "resource": { "attributes": [text("service.name", "claims-bot"),
            text("deployment.environment.name", "production"), text("process.command", "secret")] },
        "scopeSpans": [{ "scope": {}, "spans": [{ "traceId": "aa", "spanId": "bb", "name": "chat",
            "startTimeUnixNano": "1790848800000000000", "endTimeUnixNano": "1790848801000000000",
            "attributes": [text("gen_ai.operation.name", "chat"), text("gen_ai.system", "anthropic"),
                text("gen_ai.request.model", "claude-opus-4-7")] }] }] }] });
    let path = bench.file("spans.json", document.to_string());
    assert_eq!(bench.json(&["import", &path])["calls"], 1);
    let call = bench.json(&["trail", "calls"])["calls"][0].clone();
    let expected =
        json!({ "service.name": "claims-bot", "deployment.environment.name": "production" });
    assert_eq!(call["metadata"], expected);
}

#[test]
fn a_folder_imported_twice_is_imported_once() {
    let bench = Bench::empty();
    let folder = logs();
    let first = bench.json(&["import", folder.to_str().unwrap()]);
    assert_eq!(
        (&first["accepted"], &first["duplicates"]),
        (&json!(14), &json!(0)),
        "{first}"
    );
    let again = bench.json(&["import", folder.to_str().unwrap()]);
    assert_eq!(
        (&again["accepted"], &again["duplicates"]),
        (&json!(0), &json!(14)),
        "{again}"
    );
    assert_eq!(
        bench.json(&["trail", "calls"])["total"],
        9,
        "calls that two sources saw are one"
    );
    assert_eq!(
        bench.json(&["import", "batches"]).as_array().unwrap().len(),
        10
    );
}

#[test]
fn standard_input_is_a_file_like_any_other() {
    let bench = Bench::empty();
    let text = log("audited-client.jsonl");
    let summary = bench
        .fed(&["import", "-", "--json"], &gz(&text))
        .with_code(0)
        .json();
    assert_eq!(summary["accepted"], 2);
    assert_eq!(summary["batches"][0]["path"], "standard input");
    let again = bench
        .fed(&["import", "--json", "-"], &text)
        .with_code(0)
        .json();
    assert_eq!(again["duplicates"], 2);
    bench
        .fed(&["import", "-", "-"], b"")
        .error("bad_input", "twice");
}

#[test]
fn deployment_and_format_can_be_given() {
    let bench = Bench::empty();
    let path = bench.file("calls.jsonl", log("bedrock-invocations.jsonl"));
    bench
        .run(&["import", &path, "--format", "nothing"])
        .error("format_unknown", "nothing");
    let summary = bench.json(&["import", &path, "--format", "litellm"]);
    assert_eq!(
        (&summary["accepted"], &summary["rejected"]),
        (&json!(0), &json!(4)),
        "{summary}"
    );
    let summary = bench.json(&[
        "import",
        &path,
        "--format",
        "bedrock_invocation_log",
        "--deployment",
        "claims",
    ]);
    assert_eq!(summary["accepted"], 4);
    assert_eq!(
        bench.json(&["trail", "calls", "deployment:claims"])["total"],
        4
    );
    bench
        .run(&["import", &path, "--deployment", "a b"])
        .error("bad_input", "a b");
}

#[test]
fn rejected_lines_say_where_and_why_and_never_what() {
    let bench = Bench::empty();
    let mut lines = log("audited-client.jsonl");
    lines.extend(b"{\"card\": 4111111111111111, \"to\": \"jo.doe@example.com\"\n{\"unknown\": \"jo.doe@example.com\"}\n");
    let path = bench.file("mixed.jsonl", lines);
    let summary = bench.json(&["import", &path]);
    assert_eq!(
        (&summary["accepted"], &summary["rejected"]),
        (&json!(2), &json!(2)),
        "{summary}"
    );
    let batch = summary["batches"][0]["id"].as_str().unwrap().to_owned();
    let ran = bench
        .run(&["import", "rejected", "--batch", &batch, "--json"])
        .with_code(0);
    let rejected = ran.json();
    let told: Vec<_> = rejected
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["line"].clone(), line["reason"].clone()))
        .collect();
    assert_eq!(
        told,
        [
            (json!(3), json!("truncated")),
            (json!(4), json!("format_unknown"))
        ],
        "{rejected}"
    );
    let human = bench.run(&["import", "rejected"]).with_code(0);
    for output in [&ran.stdout, &human.stdout] {
        assert!(
            !output.contains("4111") && !output.contains("example"),
            "{output}"
        );
    }
    bench
        .run(&["import", "rejected", "--batch", "77"])
        .error("not_found", "77");
}

#[test]
fn a_path_that_is_not_there_is_an_error_and_the_rest_is_imported() {
    let bench = Bench::empty();
    let path = bench.file("calls.jsonl", log("audited-client.jsonl"));
    let missing = bench.path("missing.jsonl");
    let ran = bench.run(&["import", missing.to_str().unwrap(), &path, "--json"]);
    ran.error("bad_input", "missing.jsonl");
    assert_eq!(ran.json()["accepted"], 2);
}

#[cfg(unix)]
#[test]
fn links_and_devices_are_not_read() {
    let bench = Bench::empty();
    let target = bench.file("calls.jsonl", log("audited-client.jsonl"));
    let link = bench.path("link.jsonl");
    std::os::unix::fs::symlink(target, &link).unwrap();
    bench
        .run(&["import", link.to_str().unwrap()])
        .error("bad_input", "inks, pipes and devices");
    bench
        .run(&["import", "/dev/null"])
        .error("bad_input", "/dev/null");
}

#[test]
fn quiet_says_nothing_where_all_is_well() {
    let bench = Bench::empty();
    let path = bench.file("calls.jsonl", log("audited-client.jsonl"));
    let ran = bench.run(&["import", &path, "--quiet"]).with_code(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
}

#[cfg(unix)]
#[test]
fn what_was_acknowledged_before_an_interrupt_stays() {
    use std::process::Stdio;
    let bench = Bench::empty();
    let line = String::from_utf8(log("audited-client.jsonl"))
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .to_owned();
    let mut lines = String::new();
    for number in 0..60_000 {
        lines.push_str(&line.replace("3b9d3b5e", &format!("{number:08}")));
        lines.push('\n');
    }
    let path = bench.file("many.jsonl", lines);
    let child = bench
        .command(&["import", &path])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stored = loop {
        let ran = bench.run(&["trail", "calls", "--limit", "1", "--json"]);
        if ran.code == 0 && ran.json()["total"].as_u64().unwrap() > 0 {
            break ran.json()["total"].as_u64().unwrap();
        }
    };
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(
        stderr.starts_with("error[cancelled]: ")
            && stderr.contains("hint: what was acknowledged stays"),
        "{stderr}"
    );
    let after = bench.json(&["trail", "calls", "--limit", "1"])["total"]
        .as_u64()
        .unwrap();
    assert!(after >= stored && after < 60_000, "{stored} then {after}");
    assert_eq!(bench.json(&["import", "batches"])[0]["state"], "cancelled");
    let rest = bench.json(&["import", &path]);
    assert_eq!(
        rest["accepted"].as_u64().unwrap() + rest["duplicates"].as_u64().unwrap(),
        60_000,
        "{rest}"
    );
    assert_eq!(
        bench.json(&["trail", "calls", "--limit", "1"])["total"],
        60_000
    );
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_waiting_for_standard_input() {
    use std::io::Write;
    use std::process::Stdio;
    let bench = Bench::empty();
    let mut command = bench.command(&["import", "-"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // More than a pipe holds: once it is taken, the program is reading and listening.
    stdin.write_all(&vec![b' '; 4 << 20]).unwrap();
    interrupt(&child);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .starts_with("error[cancelled]: ")
    );
}
