//! Where a call may go, by the plan that `replay.plan` answers; nothing is sent.

use serde_json::{Value, json};

use super::*;
use crate::commands::dispatch;
use crate::imports::import;
use crate::jobs::Progress;
use crate::opening::EngineOptions;

/// A store with one call of the deployment `claims`, which may run in the EU only.
fn bench(model: &str, input_tokens: u64) -> (tempfile::TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("calls.jsonl");
    let record = json!({
        "schemaType": "ModelInvocationLog", "schemaVersion": "1.0", "timestamp": "2026-10-07T14:03:22Z", "accountId": "111122223333",
        "region": "eu-west-1", "requestId": "r-1", "operation": "InvokeModel", "modelId": model,
        "input": {"inputContentType": "application/json", "inputTokenCount": input_tokens, "inputBodyJson": {
            "anthropic_version": "bedrock-2023-05-31", "max_tokens": 200,
            "messages": [{"role": "user", "content": "Which documents does a claim need?"}],
        }},
        "output": {"outputContentType": "application/json", "outputTokenCount": 3, "outputBodyJson": {
            "type": "message", "role": "assistant", "content": [{"type": "text", "text": "A form."}], "usage": {"input_tokens": input_tokens, "output_tokens": 3},
        }},
    });
    std::fs::write(&log, format!("{record}\n")).unwrap();
    let engine = Engine::open(EngineOptions::writing(folder.path().join("store"))).unwrap();
    let summary = import(&engine, &[log], Some("claims"), &Progress::silent()).unwrap();
    assert_eq!(summary.accepted, 1);
    (folder, engine)
}

fn rpc(engine: &Engine, name: &str, input: Value) -> Value {
    dispatch(engine, name, input).unwrap()
}

fn allow(engine: &Engine, places: &[&str]) {
    let toml = format!("name = \"claims\"\nkind = \"bedrock\"\nallowed_places = {places:?}\n");
    rpc(
        engine,
        "deployments.set",
        json!({"name": "claims", "toml": toml}),
    );
}

fn backend(engine: &Engine, base_url: &str, place: Option<&str>) {
    let input = json!({"name": "there", "kind": "bedrock", "dialect": "bedrock_invoke", "base_url": base_url, "place": place, "auth": "none", "private": false});
    rpc(engine, "replay.save_backend", input);
}

fn plan_of(engine: &Engine) -> Value {
    rpc(
        engine,
        "replay.plan",
        json!({"backend": "there", "query": "", "policy": "default"}),
    )
}

const EU: &str = "https://bedrock-runtime.eu-west-1.amazonaws.com";

#[track_caller]
fn check(model: &str, places: &[&str], base_url: &str, place: Option<&str>, refused: Option<&str>) {
    let (_folder, engine) = bench(model, 9);
    allow(&engine, places);
    backend(&engine, base_url, place);
    let plan = plan_of(&engine);
    let item = &plan["items"][0];
    match refused {
        None => assert_eq!(item["verdict"], "sendable", "{item}"),
        Some(reason) => {
            assert_eq!(item["verdict"], "refused", "{item}");
            assert!(item["reason"].as_str().unwrap().contains(reason), "{item}");
            assert_eq!(
                plan["phrase"],
                Value::Null,
                "nothing to send, nothing to confirm"
            );
        }
    }
}

#[test]
fn a_call_goes_only_where_its_deployment_allows() {
    let plain = "anthropic.claude-3-haiku-20240307-v1:0";
    check(plain, &["geo:eu"], EU, Some("eu-west-1"), None);
    check(
        plain,
        &["geo:eu"],
        EU,
        Some("us-east-1"),
        Some("outside the allowed places"),
    );
    check(
        plain,
        &["geo:eu"],
        EU,
        Some("moon"),
        Some("not known to lie"),
    );
    check(plain, &["geo:eu"], EU, None, Some("not known"));
    check(plain, &[], EU, None, None);
}

#[test]
fn a_model_id_of_the_log_takes_no_call_out_of_its_places() {
    let there = Some("eu-west-1");
    check(
        "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
        &["geo:eu"],
        EU,
        there,
        None,
    );
    check(
        "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
        &["eu-west-1"],
        EU,
        there,
        Some("anywhere in `eu`"),
    );
    check(
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        &["geo:eu"],
        EU,
        there,
        Some("anywhere in `us`"),
    );
    check(
        "global.anthropic.claude-sonnet-4-5-20250929-v1:0",
        &["geo:eu"],
        EU,
        there,
        Some("anywhere in `global`"),
    );
    let hidden = "arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/a1b2c3";
    check(hidden, &["geo:eu"], EU, there, Some("is not known"));
}

#[test]
fn what_listens_on_this_computer_may_pass_a_call_on() {
    check(
        "anthropic.claude-3-haiku-20240307-v1:0",
        &["geo:eu"],
        "http://127.0.0.1:4000",
        None,
        Some("not known"),
    );
    check(
        "anthropic.claude-3-haiku-20240307-v1:0",
        &["geo:eu"],
        "http://127.0.0.1:4000",
        Some("us-east-1"),
        Some("outside"),
    );
}

#[test]
fn the_worst_case_does_not_rest_on_what_the_log_says() {
    let (_folder, engine) = bench("anthropic.claude-3-haiku-20240307-v1:0", 0);
    backend(&engine, EU, Some("eu-west-1"));
    let (low, most) = (
        plan_of(&engine)["cost_low_usd"].clone(),
        plan_of(&engine)["cost_high_usd"].clone(),
    );
    // More than 1,000 input tokens at $0.25 a million.
    let usd = |value: &Value| value.as_str().unwrap().parse::<f64>().unwrap();
    assert!(
        usd(&most) > 0.000_25 && usd(&low) < usd(&most),
        "{low} {most}"
    );
}

#[test]
fn a_call_without_a_price_is_refused_when_it_is_planned() {
    let (_folder, engine) = bench("eu.anthropic.claude-nobody-priced-v1:0", 9);
    allow(&engine, &["geo:eu"]);
    backend(&engine, EU, Some("eu-west-1"));
    let plan = plan_of(&engine);
    assert_eq!(
        (&plan["refused"], &plan["sendable"], &plan["cost_unknown"]),
        (&json!(1), &json!(0), &json!(1)),
        "{plan}"
    );
    assert!(
        plan["items"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("no list price"),
        "{plan}"
    );
    assert!(plan["phrase"].is_null(), "{plan}");
}

#[test]
fn a_live_run_needs_its_phrase_its_budget_and_the_planned_backend() {
    let (_folder, engine) = bench("anthropic.claude-3-haiku-20240307-v1:0", 9);
    backend(&engine, EU, Some("eu-west-1"));
    let plan = plan_of(&engine);
    let start = |input: Value| dispatch(&engine, "replay.start", input).unwrap_err();
    let (id, phrase) = (&plan["id"], &plan["phrase"]);
    assert!(
        start(json!({"plan": id, "phrase": phrase}))
            .message
            .contains("budget")
    );
    for wrong in [
        Value::Null,
        json!(""),
        json!("send 1 call to elsewhere:443"),
    ] {
        assert!(
            start(json!({"plan": id, "budget_usd": "1", "phrase": wrong}))
                .message
                .contains("phrase")
        );
    }
    for wrong in ["", "-1", "1e9", "NaN"] {
        assert_eq!(
            start(json!({"plan": id, "budget_usd": wrong, "phrase": phrase})).code,
            Code::BadInput,
            "{wrong}"
        );
    }
    backend(
        &engine,
        "https://bedrock-runtime.us-east-1.amazonaws.com",
        Some("eu-west-1"),
    );
    assert!(
        start(json!({"plan": id, "budget_usd": "1", "phrase": phrase}))
            .message
            .contains("was changed")
    );
    rpc(&engine, "replay.remove_backend", json!({"name": "there"}));
    assert!(
        start(json!({"plan": id, "budget_usd": "1", "phrase": phrase}))
            .message
            .contains("removed")
    );
    assert_eq!(rpc(&engine, "replay.runs", json!({})), json!([]));
}
