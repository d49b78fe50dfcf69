//! Entries of Kong's logging plugins, with the AI plugins' part as Kong documents it. Every value is invented.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use assay_domain::call::{Call, Feature, Kind, Status};
use assay_domain::formats::{Context, Format, Reason, Record, exchange, parse, recognise};
use serde_json::{Value, json};

const CONTEXT: Context = Context {
    now_ms: 1_795_500_000_000,
};

fn entry() -> Value {
    json!({"request": {"id": "9f3c", "method": "POST", "uri": "/chat", "headers": {"host": "gw"}},
        "response": {"status": 200, "size": 512}, "started_at": 1_790_848_800_250_u64, "client_ip": "10.0.0.7",
        "latencies": {"request": 2_700, "kong": 20, "proxy": 2_680}, "consumer": {"id": "c1", "username": "claims-app"},
        "service": {"name": "llm"}, "route": {"name": "chat"},
        "ai": {"payload": {"request": "{\"model\":\"claude-sonnet-4-6\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"},
            "ai-request-transformer": {"meta": {"provider_name": "openai", "request_model": "gpt-5"},
                "usage": {"prompt_tokens": 7, "completion_tokens": 3}},
            "ai-proxy": {"payload": {"response": "{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"}}]}"},
                "usage": {"prompt_tokens": 28, "completion_tokens": 20, "total_tokens": 48, "cost": 0.0038, "time_per_token": 133},
                "meta": {"request_model": "claude-sonnet-4-6", "response_model": "claude-sonnet-4-6", "provider_name": "anthropic",
                    "plugin_id": "546c", "llm_latency": 2_670, "request_mode": "stream"}}}})
}

fn read(entry: &Value) -> Result<Call, Reason> {
    let raw = entry.to_string().into_bytes();
    assert_eq!(recognise(&raw), Some(Format::Kong));
    match parse(Format::Kong, &raw, &CONTEXT) {
        Ok(Record::Call(call)) => Ok(*call),
        Ok(Record::Activity(_)) => panic!("an activity"),
        Err(rejected) => Err(rejected.reason),
    }
}

#[test]
fn an_entry_is_the_call_that_the_proxy_sent() {
    let call = read(&entry()).unwrap();
    assert_eq!((call.kind, call.status), (Kind::ClaudeApi, Status::Ok));
    assert_eq!(
        (call.tokens.input, call.tokens.output),
        (Some(28), Some(20))
    );
    assert_eq!(call.reported_cost_usd_micros, Some(3_800));
    assert_eq!(
        (call.started_at_ms, call.latency_ms),
        (Some(1_790_848_800_250), Some(2_670))
    );
    assert_eq!(call.principal.as_deref(), Some("claims-app"));
    assert_eq!(call.source_ip.as_deref(), Some("10.0.0.7"));
    assert_eq!(call.request_ids["gateway_id"], "9f3c");
    assert_eq!(call.metadata["other_ai_plugins"], "ai-request-transformer");
    assert_eq!(call.stop_reason.as_deref(), Some("stop"));
    assert!(call.features.contains(Feature::Streaming));
    let said = exchange(Format::Kong, entry().to_string().as_bytes());
    let texts: Vec<String> = said.parts().into_iter().map(|part| part.text).collect();
    assert_eq!(texts, ["Hello", "Hi"]);
}

#[test]
fn a_refused_request_counts_nothing_and_an_entry_without_a_model_is_no_call() {
    let mut failed = entry();
    failed["response"]["status"] = json!(429);
    failed["ai"]["ai-proxy"]["usage"] =
        json!({"prompt_tokens": 0, "completion_tokens": 0, "cost": 0});
    failed["ai"]["ai-proxy"]["payload"] = json!({});
    let call = read(&failed).unwrap();
    assert_eq!((call.status, call.http_status), (Status::Error, Some(429)));
    assert_eq!((call.tokens.input, call.tokens.output), (None, None));
    assert_eq!(call.reported_cost_usd_micros, None);
    // The names of the documentation before version 3.10 have no plural.
    let mut older = entry();
    older["ai"]["ai-proxy"]["usage"] = json!({"prompt_token": 28, "completion_token": 20});
    assert_eq!(read(&older).unwrap().tokens.input, Some(28));
    let mut none = entry();
    none["ai"] = json!({"payload": {}});
    assert_eq!(read(&none).err(), Some(Reason::NoCall));
}

#[test]
fn bedrock_behind_kong_is_told_by_the_provider() {
    let mut entry = entry();
    entry["ai"]["ai-proxy"]["meta"]["provider_name"] = json!("bedrock");
    entry["ai"]["ai-proxy"]["meta"]["request_model"] = json!("eu.anthropic.claude-sonnet-4-6");
    let call = read(&entry).unwrap();
    assert_eq!((call.kind, call.served_region), (Kind::Bedrock, None));
}
