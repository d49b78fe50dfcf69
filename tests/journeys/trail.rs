//! Asking the trail: queries, pages, one record, masking, facets, reconciling.

use serde_json::{Value, json};

use super::{Bench, log};

/// What the fixtures hold that must not be shown.
const PERSONAL: [&str; 3] = [
    "jo.doe@example.com",
    "DE89370400440532013000",
    "sk-ant-api03-AbCd",
];

#[test]
fn calls_have_the_fields_of_the_contract() {
    let bench = Bench::filled();
    let page = bench.json(&["trail", "calls", "request_id:r-1"]);
    assert_eq!((&page["total"], &page["next"]), (&json!(1), &Value::Null));
    let call = &page["calls"][0];
    let expected = json!({
        "kind": "bedrock", "deployment": "bedrock-111122223333", "sources": ["bedrock_invocation_log", "cloudtrail"],
        "started_at": "2026-10-01T10:00:00.000Z", "latency_ms": null,
        "request_model": "anthropic.claude-3-haiku-20240307-v1:0", "response_model": "claude-3-haiku-20240307",
        "requested_region": "eu-west-1", "served_region": "eu-west-1",
        "principal": "arn:aws:sts::111122223333:assumed-role/claims-app/session", "status": "ok", "http_status": null,
        "error_type": null, "stop_reason": "end_turn", "input_tokens": 42, "output_tokens": 11,
        "cache_read_tokens": null, "cache_write_5m_tokens": null, "cache_write_1h_tokens": null, "classification": null,
        "conversation_id": null, "metadata": {},
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&call[field], value, "{field} in {call}");
    }
    for field in ["id", "source_ip", "cost_usd", "request_ids"] {
        assert!(call.get(field).is_some(), "{field} in {call}");
    }
    assert_eq!(call["id"].as_str().unwrap().len(), 32);
    assert_eq!(call["request_ids"]["aws_request_id"], "r-1");
}

#[test]
fn pages_follow_each_other_to_the_end() {
    let bench = Bench::filled();
    let all = bench.json(&["trail", "calls"]);
    let mut found = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let mut arguments = vec!["trail", "calls", "--limit", "2"];
        if let Some(cursor) = &after {
            arguments.extend(["--after", cursor]);
        }
        let page = bench.json(&arguments);
        found.extend(page["calls"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(cursor) => after = Some(cursor.to_owned()),
            None => break,
        }
    }
    assert_eq!(Value::from(found), all["calls"]);
    bench
        .run(&["trail", "calls", "--after", "nonsense"])
        .error("bad_input", "nonsense");
    bench
        .run(&["trail", "calls", "--limit", "0"])
        .error("bad_input", "--limit");
}

#[test]
fn queries_find_what_they_say() {
    let bench = Bench::filled();
    let check = |query: &[&str], expected: u64| {
        let mut arguments = vec!["trail", "calls"];
        arguments.extend(query);
        assert_eq!(bench.json(&arguments)["total"], expected, "{query:?}");
    };
    check(&["kind:bedrock"], 5);
    check(&["kind:bedrock,vertex", "status:ok"], 5);
    check(&["served_region:eu-*", "kind:bedrock"], 4);
    check(&["-has:served_region"], 2);
    check(&["kind:bedrock -served_region:eu-*"], 1);
    check(&["started_at:2026-10-02..2026-10-03"], 2);
    check(&["latency_ms:>1000"], 2);
    check(&["\"burst pipe\""], 1);
    check(&["source:cloudtrail", "-source:bedrock_invocation_log"], 1);
}

#[test]
fn words_are_found_with_and_without_the_search_index() {
    let bench = Bench::filled();
    let found = || {
        [
            "\"burst pipe\"",
            "summari*",
            "claim -pipe",
            "jo.doe@example.com",
        ]
        .map(|query| bench.json(&["trail", "calls", query]))
    };
    let read = found();
    assert_eq!(read[0]["total"], 1);
    assert_eq!(read[0]["calls"][0]["excerpt"]["hidden"], false);
    assert!(read[3]["total"].as_u64().unwrap() > 0, "{}", read[3]);
    assert_eq!(read[3]["calls"][0]["excerpt"]["hidden"], true);
    assert!(
        !read
            .iter()
            .any(|page| page.to_string().contains(PERSONAL[0]))
    );
    let off = bench.json(&["trail", "text", "status"]);
    assert_eq!(off["status"]["detail"], Value::Null);
    assert!(off["cost"]["words"]["bytes_per_record"].as_f64().unwrap() > 0.0);
    for more in [&[][..], &["--phrases"]] {
        let on = [&["trail", "text", "on"], more].concat();
        let on = bench.json(&on);
        assert_eq!(on["status"]["records"], on["status"]["of"]);
        assert!(on["status"]["bytes"].as_u64().unwrap() > 0);
        assert_eq!(found(), read);
    }
    let human = bench.run(&["trail", "text", "status"]).with_code(0);
    assert!(human.stdout.contains("are sealed"), "{}", human.stdout);
    let off = bench.json(&["trail", "text", "off"]);
    assert_eq!(off["status"]["detail"], Value::Null);
    assert_eq!(found(), read);
    for action in ["trail.text_on", "trail.text_off"] {
        let query = format!("action:{action}");
        let deeds = bench.json(&["trail", "activities", &query]);
        assert!(deeds["total"].as_u64().unwrap() > 0, "{action}");
    }
}

#[test]
fn a_key_that_does_not_exist_names_the_nearest_one() {
    let bench = Bench::filled();
    let ran = bench.run(&["trail", "calls", "statsu:error"]);
    ran.error("bad_input", "statsu");
    assert!(
        ran.stderr.contains("hint: did you mean `status`?"),
        "{}",
        ran.stderr
    );
    bench
        .run(&["trail", "activities", "acton:x"])
        .error("bad_input", "acton");
}

#[test]
fn a_call_is_shown_in_full_and_masked() {
    let bench = Bench::filled();
    let id = bench.json(&["trail", "calls", "request_id:r-1"])["calls"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let call = bench.json(&["trail", "call", &id[..8]]);
    assert_eq!(call["id"], id.as_str());
    assert_eq!(call["witnesses"][0]["source"], "cloudtrail");
    assert_eq!(call["provenance"]["line"], 1);
    let human = bench.run(&["trail", "call", &id]).with_code(0);
    assert!(
        human.stdout.contains("Summarise the claim of") && human.stdout.contains("EMAIL_ADDRESS"),
        "{}",
        human.stdout
    );
    bench
        .run(&["trail", "call", "00000000"])
        .error("not_found", "00000000");
    bench.run(&["trail", "call", "x"]).error("not_found", "x");
}

/// One call as Bedrock logged it and as a gateway did, which share no id.
fn without_ids(bench: &Bench, masked: bool) -> [String; 2] {
    let said = |is_masked: bool| match is_masked {
        true => "Write to <EMAIL_ADDRESS> about the claim",
        false => "Write to jo.doe@example.com about the claim",
    };
    let bedrock = json!({
        "schemaType": "ModelInvocationLog", "schemaVersion": "1.0", "timestamp": "2026-10-01T10:00:00Z",
        "accountId": "111122223333", "region": "eu-west-1", "requestId": "r-900", "operation": "InvokeModel",
        "modelId": "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "identity": { "arn": "arn:aws:iam::1:user/a" },
        "input": { "inputContentType": "application/json", "inputTokenCount": 300,
            "inputBodyJson": { "messages": [{ "role": "user", "content": said(false) }] } },
        "output": { "outputContentType": "application/json", "outputTokenCount": 40,
            "outputBodyJson": { "content": [{ "type": "text", "text": "Done." }], "stop_reason": "end_turn" } },
    });
    let gateway = json!({
        "id": "chatcmpl-1", "call_type": "acompletion", "status": "success", "custom_llm_provider": "bedrock",
        "model": "anthropic.claude-sonnet-4-5-20250929-v1:0", "response_cost": 0.5,
        "prompt_tokens": 300, "completion_tokens": 40, "total_tokens": 340,
        "startTime": 1_790_848_802.0, "endTime": 1_790_848_803.0, "metadata": {},
        "messages": [{ "role": "user", "content": said(masked) }], "response": null,
    });
    [("bedrock.jsonl", bedrock), ("gateway.jsonl", gateway)]
        .map(|(name, record)| bench.file(name, format!("{record}\n")))
}

#[test]
fn records_without_a_shared_id_are_one_call_that_says_it_is_inferred() {
    for masked in [false, true] {
        let bench = Bench::empty();
        for file in without_ids(&bench, masked) {
            bench.run(&["import", &file]).with_code(0);
        }
        let page = bench.json(&["trail", "calls", "join:inferred disagrees:cost"]);
        assert_eq!(page["total"], 1, "{page}");
        assert_eq!(
            page["calls"][0]["sources"],
            json!(["bedrock_invocation_log", "litellm"])
        );
        assert_eq!(bench.json(&["trail", "calls"])["total"], 1);
        let id = page["calls"][0]["id"].as_str().unwrap();
        let call = bench.json(&["trail", "call", id]);
        assert_eq!(call["versions"][0]["join"], "shown");
        assert_eq!(call["versions"][1]["join"], "inferred");
        assert_eq!(call["witnesses"][0]["join"], "inferred");
        let by = call["versions"][1]["joined_by"].as_str().unwrap();
        assert_eq!(by.contains("same text"), !masked, "{by}");
        let fields: Vec<&str> = call["disagreements"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["field"].as_str().unwrap())
            .collect();
        assert_eq!(fields.contains(&"redaction"), masked, "{fields:?}");
        assert!(fields.contains(&"cost"), "{fields:?}");
        let human = bench.run(&["trail", "call", id]).with_code(0);
        assert!(human.stdout.contains("inferred: same"), "{}", human.stdout);
        assert!(
            human.stdout.contains("The sources disagree:"),
            "{}",
            human.stdout
        );
        assert!(!human.stdout.contains("jo.doe@example.com"));
        let facets = bench.json(&["trail", "facets", ""]);
        assert_eq!(facets["join"], json!([{ "value": "inferred", "count": 1 }]));
        let count = bench.json(&["trail", "calls", "disagrees:redaction"])["total"].clone();
        assert_eq!(count, i32::from(masked));
    }
}

#[test]
fn no_command_shows_personal_data_or_secrets() {
    let bench = Bench::filled();
    bench.run(&["check", "run"]).with_code(0);
    let ids: Vec<String> = bench.json(&["trail", "calls"])["calls"]
        .as_array()
        .unwrap()
        .iter()
        .map(|call| call["id"].as_str().unwrap().to_owned())
        .collect();
    let mut commands: Vec<Vec<&str>> = vec![
        vec!["trail", "calls"],
        vec!["trail", "facets"],
        vec!["trail", "activities"],
        vec!["check", "findings"],
        vec!["deployments", "summary"],
        vec!["deployments", "show", "bedrock-111122223333"],
        vec!["replay", "plan", "--backend", "sandbox"],
    ];
    for id in &ids {
        commands.push(vec!["trail", "call", id]);
        commands.push(vec!["redaction", "preview", "--call", id]);
    }
    for command in commands {
        for form in [&["--json"][..], &[]] {
            let ran = bench.run(&[form, &command[..]].concat()).with_code(0);
            for personal in PERSONAL {
                assert!(
                    !ran.stdout.contains(personal) && !ran.stderr.contains(personal),
                    "{command:?} shows {personal}"
                );
            }
        }
    }
}

#[test]
fn a_reveal_is_written_to_the_trail_with_its_reason() {
    let bench = Bench::filled();
    let id = bench.json(&["trail", "calls", "request_id:r-1"])["calls"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    bench
        .run(&["trail", "reveal", &id, "--reason", "short"])
        .error("bad_input", "10 characters");
    let ran = bench
        .run(&[
            "trail",
            "reveal",
            &id,
            "--reason",
            "Complaint 4711 of the claimant",
        ])
        .with_code(0);
    assert!(ran.stdout.contains("jo.doe@example.com"), "{}", ran.stdout);
    let activities = bench.json(&["trail", "activities", "action:call.reveal"]);
    assert_eq!(
        activities["activities"][0]["reason"],
        "Complaint 4711 of the claimant"
    );
    assert_eq!(activities["activities"][0]["actor"], "auditor");
    let activity = activities["activities"][0]["id"].as_str().unwrap();
    assert_eq!(
        bench.json(&["trail", "activity", activity])["action"],
        "call.reveal"
    );
}

#[test]
fn facets_count_by_field() {
    let bench = Bench::filled();
    let facets = bench.json(&["trail", "facets", "kind:bedrock"]);
    let ok = facets["status"]
        .as_array()
        .unwrap()
        .iter()
        .find(|value| value["value"] == "ok")
        .unwrap();
    assert_eq!(ok["count"], 4, "{facets}");
}

#[test]
fn sources_are_reconciled_pair_by_pair() {
    let bench = Bench::filled();
    let reconciliation = bench.json(&["trail", "reconcile"]);
    let pair = reconciliation["pairs"]
        .as_array()
        .unwrap()
        .iter()
        .find(|pair| pair["left"] == "bedrock_invocation_log" && pair["right"] == "cloudtrail")
        .unwrap();
    assert_eq!(
        (&pair["matched"], &pair["only_left"], &pair["only_right"]),
        (&json!(2), &json!(2), &json!(1)),
        "{pair}"
    );
    let missing = |source: &str, field: &str| {
        pair["fields_missing"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["source"] == source && one["field"] == field)
            .map(|one| one["calls"].clone())
    };
    assert_eq!(
        missing("cloudtrail", "output_tokens"),
        Some(json!(2)),
        "{pair}"
    );
    assert_eq!(
        missing("bedrock_invocation_log", "private_path"),
        Some(json!(1)),
        "{pair}"
    );
    let query = pair["only_right_query"].as_str().unwrap();
    assert_eq!(bench.json(&["trail", "calls", query])["total"], 1);
    let later = bench.json(&[
        "trail",
        "reconcile",
        "--from",
        "2026-10-05",
        "--to",
        "2026-10-06",
    ]);
    let sources = later["sources"].as_array().unwrap();
    assert_eq!(sources.len(), 1);
    assert_eq!(
        (&sources[0]["source"], &sources[0]["calls"]),
        (&json!("cloudtrail"), &json!(1))
    );
    bench
        .run(&["trail", "reconcile", "--from", "yesterday"])
        .error("bad_input", "yesterday");
}

#[test]
fn nothing_in_the_records_commands_the_terminal() {
    let bench = Bench::empty();
    let evil = "\\u001b]0;owned\\u0007\\u009b31m\\u202egpj.exe";
    let line = String::from_utf8(log("bedrock-invocations.jsonl"))
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .to_owned();
    let line = line
        .replace("Summarise the claim", evil)
        .replace("claims-app", evil)
        .replace("eu-west-1", &format!("eu{evil}"));
    let path = bench.file("a\u{1b}[31m\u{202e}.jsonl", line);
    let mut shown = bench.run(&["import", &path]).with_code(0).stdout;
    let id = bench.json(&["trail", "calls"])["calls"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for command in [
        &["trail", "calls"][..],
        &["trail", "call", &id],
        &["trail", "facets"],
        &["deployments", "list"],
        &["import", "batches"],
    ] {
        for form in [&[][..], &["--json"]] {
            shown.push_str(&bench.run(&[command, form].concat()).with_code(0).stdout);
        }
    }
    shown.push_str(&bench.run(&["trail", "calls", "\u{1b}[2J:x"]).stderr);
    shown.push_str(&bench.run(&["import", "missing\u{1b}[2J\u{202e}"]).stderr);
    let commanding = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!shown.contains(commanding), "{shown:?}");
    assert!(shown.contains("\\x1b]0;owned"), "{shown}");
}

#[test]
fn tables_fit_a_hundred_columns() {
    let bench = Bench::filled();
    bench.run(&["check", "run"]).with_code(0);
    for command in [
        &["trail", "calls"][..],
        &["trail", "activities"],
        &["trail", "facets"],
        &["trail", "keys"],
        &["trail", "reconcile"],
        &["check", "findings"],
        &["check", "list"],
        &["deployments", "list"],
        &["deployments", "summary"],
        &["deployments", "show", "bedrock-111122223333"],
        &["redaction", "recognizers"],
        &["redaction", "policies"],
        &["import", "batches"],
        &["replay", "backends"],
        &["replay", "plan", "--backend", "sandbox"],
        &["evidence", "status"],
    ] {
        let ran = bench.run(command).with_code(0);
        let wide: Vec<&str> = ran
            .stdout
            .lines()
            .filter(|line| {
                line.chars().count() > 100 && !line.contains("SHA-256") && !line.contains("assay ")
            })
            .collect();
        assert!(wide.is_empty(), "{command:?}: {wide:#?}");
    }
}
