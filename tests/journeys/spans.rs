//! Spans that share no id: the framework's, which hands an answer on piece by piece and counts no input, and that of
//! the client which it uses, in a trace of its own or beside it.

use serde_json::{Value, json};

use super::Bench;

/// A span; names and values are invented, shaped like what LangChain's and Anthropic's write.
fn span(
    [trace, id, parent]: [&str; 3],
    [began_ms, ended_ms]: [u64; 2],
    told: &[(&str, &str)],
) -> Value {
    let at = |ms: u64| format!("{}000000", 1_790_848_800_000 + ms);
    let told: Vec<Value> = told
        .iter()
        .map(|(key, value)| json!({"key": key, "value": {"stringValue": value}}))
        .collect();
    let failed = told.iter().any(|one| one["key"] == "error.type");
    json!({"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": trace, "spanId": id, "parentSpanId": parent,
        "name": "chat", "startTimeUnixNano": at(began_ms), "endTimeUnixNano": at(ended_ms),
        "status": {"code": if failed { 2 } else { 1 }}, "attributes": told}]}]}]})
}

const MODEL: (&str, &str) = ("gen_ai.request.model", "claude-sonnet-4-6");
const CHAT: (&str, &str) = ("gen_ai.operation.name", "chat");
const ANTHROPIC: (&str, &str) = ("gen_ai.provider.name", "anthropic");

fn framework(ids: [&str; 3], times: [u64; 2], output: &str) -> Value {
    let said = r#"[{"role":"user","parts":[{"type":"text","content":"Where is the claim?"}]}]"#;
    let told = [
        CHAT,
        ANTHROPIC,
        MODEL,
        ("gen_ai.usage.input_tokens", "0"),
        ("gen_ai.usage.output_tokens", output),
        ("gen_ai.input.messages", said),
    ];
    span(ids, times, &told)
}

fn client(ids: [&str; 3], times: [u64; 2], (output, answer): (&str, &str)) -> Value {
    let told = [
        CHAT,
        ANTHROPIC,
        MODEL,
        ("url.full", "http://gateway.internal/v1/messages"),
        ("gen_ai.usage.input_tokens", "452"),
        ("gen_ai.usage.output_tokens", output),
        ("gen_ai.response.id", answer),
    ];
    span(ids, times, &told)
}

/// The calls that these spans are of, in one order and in the other.
fn calls(told: &[Value]) -> [(Bench, Value); 2] {
    let forth: Vec<&Value> = told.iter().collect();
    let back: Vec<&Value> = told.iter().rev().collect();
    [forth, back].map(|told| {
        let bench = Bench::empty();
        for (number, span) in told.into_iter().enumerate() {
            // Each comes by itself, as an exporter sends it.
            let file = bench.file(&format!("{number}.json"), span.to_string());
            let summary = bench.json(&["import", &file]);
            assert_eq!(summary["accepted"], 1, "{summary}");
        }
        let page = bench.json(&["trail", "calls", ""]);
        bench
            .run(&["evidence", "fsck", "--depth", "records"])
            .with_code(0);
        (bench, page)
    })
}

#[test]
fn a_streamed_answer_that_a_framework_and_its_client_tell_is_one_call() {
    for of_client in [["85", "c1", ""], ["84", "c1", "b0"]] {
        let told = [
            framework(["84", "a1", "b0"], [0, 260], "52"),
            client(of_client, [140, 255], ("52", "msg_01A")),
        ];
        for (bench, page) in calls(&told) {
            assert_eq!(page["total"], 1, "{of_client:?}: {page}");
            let call = &page["calls"][0];
            assert_eq!(
                (&call["input_tokens"], &call["output_tokens"]),
                (&json!(452), &json!(52))
            );
            let detail = bench.json(&["trail", "call", call["id"].as_str().unwrap()]);
            assert!(
                detail["request"]
                    .to_string()
                    .contains("Where is the claim?")
            );
            let versions = detail["versions"].as_array().unwrap();
            assert_eq!(versions.len(), 2, "{detail}");
            assert_ne!(versions[1]["join"], "request_id", "{versions:?}");
            assert_eq!(bench.json(&["trail", "calls", "join:inferred"])["total"], 1);
            assert_eq!(bench.json(&["trail", "calls", "conflict:yes"])["total"], 0);
        }
    }
}

#[test]
fn spans_of_several_calls_stay_apart() {
    let check = |name: &str, told: &[Value], total: u64, ambiguous: u64| {
        for (bench, page) in calls(told) {
            assert_eq!(page["total"], total, "{name}: {page}");
            let page = bench.json(&["trail", "calls", "join:ambiguous"]);
            assert_eq!(page["total"], ambiguous, "{name}: {page}");
        }
    };
    let first = framework(["84", "a1", ""], [0, 260], "52");
    let its_client = client(["85", "c1", ""], [140, 255], ("52", "msg_01A"));
    let later = framework(["86", "a2", ""], [300, 560], "52");
    let later_client = client(["87", "c2", ""], [440, 555], ("52", "msg_01B"));
    let beside = framework(["86", "a2", ""], [1, 261], "52");
    let client_beside = client(["87", "c2", ""], [141, 256], ("52", "msg_01B"));
    check(
        "one after the other",
        &[first.clone(), its_client.clone(), later, later_client],
        2,
        0,
    );
    check(
        "at once, and as long",
        &[
            first.clone(),
            its_client.clone(),
            beside.clone(),
            client_beside,
        ],
        4,
        4,
    );
    let other_length = client(["87", "c2", ""], [141, 256], ("61", "msg_01B"));
    let other = framework(["86", "a2", ""], [1, 261], "61");
    check(
        "at once, and not as long",
        &[first.clone(), its_client, other, other_length],
        2,
        0,
    );
    check("of the framework alone", &[first.clone(), beside], 2, 0);
    let elsewhere = client(["85", "c1", "d1"], [140, 255], ("52", "msg_01A"));
    check(
        "in a trace of something else",
        &[first.clone(), elsewhere],
        2,
        0,
    );
    let outlasting = client(["85", "c1", ""], [140, 400], ("52", "msg_01A"));
    check("not within its time", &[first, outlasting], 2, 0);
}

#[test]
fn a_request_that_was_tried_again_is_a_call_of_its_own() {
    let refused = [CHAT, ANTHROPIC, MODEL, ("error.type", "rate_limit_error")];
    let told = [
        span(["85", "c0", ""], [10, 100], &refused),
        client(["86", "c1", ""], [200, 900], ("52", "msg_01A")),
        framework(["84", "a1", ""], [0, 1_000], "52"),
    ];
    for (bench, page) in calls(&told) {
        assert_eq!(page["total"], 2, "{page}");
        assert_eq!(bench.json(&["trail", "calls", "status:error"])["total"], 1);
    }
}
