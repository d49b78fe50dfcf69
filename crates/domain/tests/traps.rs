//! Shapes of records that are easily read wrong: what wraps them, and counts that are none.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use assay_domain::call::{Call, Status};
use assay_domain::formats::{Context, Format, Record, parse, recognise};
use serde_json::{Value, json};

const CONTEXT: Context = Context {
    now_ms: 1_795_500_000_000,
};

fn call(format: Format, record: &Value) -> Call {
    let raw = record.to_string();
    assert_eq!(recognise(raw.as_bytes()), Some(format), "{raw}");
    match parse(format, raw.as_bytes(), &CONTEXT) {
        Ok(Record::Call(call)) => *call,
        Ok(Record::Activity(_)) => panic!("an activity"),
        Err(rejected) => panic!("{rejected:?}"),
    }
}

#[test]
fn a_record_that_cloudwatch_exports_is_read_as_text_and_opened() {
    let record = json!({"schemaType": "ModelInvocationLog", "timestamp": "2026-10-01T10:00:00Z", "requestId": "a-1",
        "accountId": "111122223333", "region": "eu-central-1", "operation": "Converse",
        "modelId": "eu.anthropic.claude-sonnet-4-6", "identity": {"arn": "arn:aws:iam::111122223333:user/a"},
        "input": {"inputTokenCount": 40}, "output": {"outputTokenCount": 20}});
    for message in [json!(record.to_string()), record] {
        let wrapped =
            json!({"@timestamp": "2026-10-01 10:00:00.000", "@message": message, "@ptr": "x"});
        let read = call(Format::BedrockInvocationLog, &wrapped);
        assert_eq!(read.request_ids["aws_request_id"], "a-1");
        assert_eq!(read.tokens.input, Some(40));
    }
}

#[test]
fn a_failed_call_of_which_nothing_was_told_counts_nothing() {
    let langfuse = json!({"id": "o2", "traceId": "t1", "startTime": "2026-10-01T10:00:00Z", "type": "GENERATION",
        "level": "ERROR", "model": "claude-sonnet-4-6", "usage": {"input": 0, "output": 0, "unit": "TOKENS"}});
    let cloudflare = json!({"id": "c2", "created_at": "2026-10-01T10:00:00Z", "provider": "anthropic",
        "model": "claude-sonnet-4-6", "status_code": 429, "success": false, "cached": false, "cost": 0,
        "tokens_in": 0, "tokens_out": 0, "duration": 12});
    for (format, record) in [
        (Format::Langfuse, langfuse),
        (Format::CloudflareGateway, cloudflare),
    ] {
        let read = call(format, &record);
        assert_eq!(read.status, Status::Error);
        assert_eq!((read.tokens.input, read.tokens.output), (None, None));
        assert_eq!(read.reported_cost_usd_micros, None);
    }
}

#[test]
fn an_audited_client_names_the_class_of_an_error_without_a_body() {
    let line = json!({"request_id": "u2", "timestamp": "2026-10-01T10:00:00", "messages_count": 1, "metadata": {},
        "model": "claude-sonnet-4-6", "status": "failed", "error": "APITimeoutError('Request timed out.')"});
    let read = call(Format::AuditedClient, &line);
    assert_eq!(read.error_type.as_deref(), Some("APITimeoutError"));
}

#[test]
fn tools_of_a_request_in_the_form_of_openais_api_are_text() {
    let row = json!({"id": "p1", "created_at": "2026-10-01T10:00:00Z", "ai_org": "anthropic", "req_units": 40,
        "res_units": 20, "response_status_code": 200, "request": {"model": "claude-sonnet-4-6", "messages": [
            {"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello"}], "tools": [
            {"type": "function", "function": {"name": "find", "description": "Finds a claim", "parameters": {}}}]}});
    call(Format::Portkey, &row);
    let said = assay_domain::formats::exchange(Format::Portkey, row.to_string().as_bytes());
    let texts: Vec<String> = said.texts().into_iter().map(|part| part.text).collect();
    assert_eq!(texts, ["Be brief.", "Finds a claim", "Hello"]);
}

#[test]
fn a_stream_that_was_cut_does_not_tell_how_much_was_answered() {
    let start = json!({"type": "message_start", "message": {"id": "msg_bdrk_3",
        "usage": {"input_tokens": 44, "output_tokens": 1}}});
    let text = json!({"type": "content_block_delta", "index": 0,
        "delta": {"type": "text_delta", "text": "The claim"}});
    let tokens = |output: Value| {
        let record = json!({"schemaType": "ModelInvocationLog", "timestamp": "2026-10-01T10:00:00Z",
            "requestId": "a-1", "accountId": "111122223333", "region": "eu-central-1",
            "operation": "InvokeModelWithResponseStream", "modelId": "eu.anthropic.claude-sonnet-4-6",
            "input": {"inputBodyJson": {"messages": [{"role": "user", "content": "Hi"}]}},
            "output": output});
        call(Format::BedrockInvocationLog, &record).tokens
    };
    let cut = tokens(json!({"outputBodyJson": [start, text]}));
    assert_eq!((cut.input, cut.output), (Some(44), None));
    let counted = tokens(json!({"outputBodyJson": [start, text], "outputTokenCount": 7}));
    assert_eq!(counted.output, Some(7), "the log counts by itself");
}
