//! Shapes of records that are easily read wrong: what wraps them, and counts that are none,
//! text that was cut, places that are not proved, keys that stand twice.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use assay_domain::call::{Body, Call, Oddity, Status};
use assay_domain::formats::{Context, Format, Reason, Record, parse, recognise};
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

#[test]
fn a_body_that_was_cut_off_is_not_taken_for_text_that_was_searched() {
    let body = |input: &str| {
        let text = format!(
            r#"{{"schemaType":"ModelInvocationLog","timestamp":"2026-10-01T08:00:00Z","modelId":"anthropic.claude-x","input":{{"inputBodyJson":{input}}}}}"#
        );
        match parse(Format::BedrockInvocationLog, text.as_bytes(), &CONTEXT) {
            Ok(Record::Call(call)) => (call.body, call.oddities.contains(&Oddity::BodyUnreadable)),
            _ => panic!("not a call: {text}"),
        }
    };
    assert_eq!(body(r#"{"messages":[]}"#), (Body::Present, false));
    assert_eq!(body(r#""{\"messages\":[]}""#), (Body::Present, false));
    assert_eq!(
        body(r#""{\"messages\":[{\"role\":\"us""#),
        (Body::Missing, true)
    );
    assert_eq!(body(r#""s3://bucket/key""#), (Body::ByReference, false));
    assert_eq!(body("{}"), (Body::Missing, false));
}

/// Where CloudTrail's event of a call proves that it ran.
fn served(source: &str, name: &str, parameters: &str) -> Option<String> {
    let text = format!(
        r#"{{"eventSource":"{source}","eventName":"{name}","awsRegion":"eu-west-1","eventTime":"2026-10-01T08:00:00Z","requestParameters":{parameters}}}"#
    );
    match parse(Format::CloudTrail, text.as_bytes(), &CONTEXT) {
        Ok(Record::Call(call)) => call.served_region,
        _ => panic!("not a call: {text}"),
    }
}

#[test]
fn a_place_is_proved_only_where_the_id_is_served_in_one_region() {
    let runtime = |model: &str| {
        served(
            "bedrock.amazonaws.com",
            "InvokeModel",
            &format!(r#"{{"modelId":"{model}"}}"#),
        )
    };
    assert_eq!(
        runtime("anthropic.claude-3-haiku-20240307-v1:0").as_deref(),
        Some("eu-west-1")
    );
    assert_eq!(runtime("eu.anthropic.claude-x"), None);
    assert_eq!(
        runtime("arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/a1"),
        None
    );
    let mantle = served(
        "bedrock-mantle.amazonaws.com",
        "CreateInference",
        r#"{"model":"anthropic.claude-opus-5"}"#,
    );
    assert_eq!(
        mantle, None,
        "its ids have no prefix, and it routes globally unless told otherwise"
    );
    let platform = served(
        "aws-external-anthropic.amazonaws.com",
        "CreateInference",
        r#"{"model":"claude-opus-5"}"#,
    );
    assert_eq!(platform, None);
}

/// Status, Anthropic's id, Bedrock's id and kind of an error that a gateway was told in these words.
fn told_by(model: &str, message: &str) -> [Option<String>; 4] {
    let record = json!({"id": "o2", "traceId": "t1", "startTime": "2026-10-01T10:00:00Z", "type": "GENERATION",
        "level": "ERROR", "model": model, "statusMessage": message});
    let read = call(Format::Langfuse, &record);
    assert_eq!(read.status, Status::Error);
    let id = |name: &str| read.request_ids.get(name).cloned();
    let ids = [id("anthropic_request_id"), id("aws_request_id")];
    let [of_anthropic, of_aws] = ids;
    let status = read.http_status.map(|status| status.to_string());
    [status, of_anthropic, of_aws, read.error_type]
}

#[test]
fn messages_of_each_client_tell_the_same() {
    let told = |message: &str| told_by("claude-haiku-4-5", message);
    let of = |http_status: Option<&str>| {
        [
            http_status,
            Some("req_011A"),
            None,
            Some("rate_limit_error"),
        ]
        .map(|one| one.map(str::to_owned))
    };
    let json = r#"{"type":"error","error":{"type":"rate_limit_error","message":"no"},"request_id":"req_011A"}"#;
    assert_eq!(told(&format!("429 {json}")), of(Some("429")));
    assert_eq!(told(&format!("Error: 429 {json}")), of(Some("429")));
    let python = "Error code: 429 - {'type': 'error', 'error': {'type': 'rate_limit_error', 'message': 'no'}, 'request_id': 'req_011A'}";
    assert_eq!(told(python), of(Some("429")));
    let passed_on = format!("litellm.RateLimitError: AnthropicException - {json}");
    assert_eq!(told(&passed_on), of(None));
    let framework = "ModelRequestRejectedError: status_code: 429, model_name: claude-haiku-4-5, body: {'type': 'error', 'error': {'type': 'rate_limit_error', 'message': 'no'}, 'request_id': 'req_011A'}";
    assert_eq!(told(framework), of(Some("429")));
    let id = "1c2d3e4f-0000-4000-8000-00000000000a";
    let on_bedrock = format!(
        "E: status_code: 400, model_name: m, body: {{'Error': {{'Message': 'bad', 'Code': 'ValidationException'}}, 'ResponseMetadata': {{'RequestId': '{id}', 'HTTPStatusCode': 400}}}}"
    );
    let expected = [Some("400"), None, Some(id), Some("ValidationException")];
    assert_eq!(
        told_by("eu.anthropic.claude-x", &on_bedrock),
        expected.map(|one| one.map(str::to_owned))
    );
    // A failure always has a kind.
    let nothing = [None, None, None, Some("error".to_owned())];
    for other in [
        "",
        "no",
        "Request timed out.",
        "{",
        "1234 {}",
        "42 {\"request_id\": null}",
        "See issue 429 there",
    ] {
        assert_eq!(told(other), nothing, "{other}");
    }
}

/// A line of the audited client with more in it; with `model` a number it is refused.
fn line(model: &str, more: &str) -> String {
    format!(
        r#"{{"request_id":"u2","timestamp":"2026-10-01T10:00:00Z","messages_count":1,"model":{model},"status":"succeeded",{more}}}"#
    )
}

#[test]
fn keys_that_stand_twice_are_found_at_their_level() {
    let parsed = |text: &str| match parse(Format::AuditedClient, text.as_bytes(), &CONTEXT) {
        Ok(Record::Call(call)) => Ok(call.oddities.contains(&Oddity::DuplicateKey)),
        Ok(Record::Activity(_)) => panic!("an activity"),
        Err(rejected) => Err(rejected.reason),
    };
    let check = |more: &str, twice_at: Option<usize>| {
        assert_eq!(
            parsed(&line("\"claude-x\"", more)),
            Ok(twice_at.is_some()),
            "{more}"
        );
        // Of a record that can't be read it is the reason where it stands far enough outside.
        let reason = match twice_at {
            Some(1 | 2) => Reason::DuplicateKey,
            _ => Reason::FieldType,
        };
        assert_eq!(parsed(&line("7", more)), Err(reason), "{more}");
    };
    check(r#""a":1,"b":{"a":2},"c":[{"a":1},{"a":1}]"#, None);
    check(r#""a":1,"a":2"#, Some(1));
    check(r#""a":{"b":1,"b":2}"#, Some(2));
    check(r#""a":{"b":[{"x":1,"y":"x","x":2}]}"#, Some(4));
    check(r#""a":{"b":[{"x":1,"x":2}],"b":1}"#, Some(2));
    check(r#""a":1,"\u0061":2"#, Some(1));
    check(r#""a":"a,a","b":"\"b\":1,\"b\":2""#, None);
    check(r#""a":["a","a"]"#, None);
    let many = |last: usize| {
        let keys: Vec<String> = (0..60)
            .chain([last])
            .map(|key| format!("\"k{key}\":1"))
            .collect();
        keys.join(",")
    };
    check(&many(60), None);
    check(&many(7), Some(1));
}

#[test]
fn depth_is_counted_outside_strings_and_not_for_ever() {
    let is_too_deep = |text: &str| match parse(Format::AuditedClient, text.as_bytes(), &CONTEXT) {
        Ok(_) => false,
        Err(rejected) => {
            assert_eq!(rejected.reason, Reason::TooDeep);
            true
        }
    };
    let nested = |levels: usize, beside: &str| {
        let lists = ("[".repeat(levels), "]".repeat(levels));
        let more = format!(r#""a":{}{},"b":"{beside}""#, lists.0, lists.1);
        line("\"claude-x\"", &more)
    };
    assert!(!is_too_deep(&nested(2, &"[".repeat(200))));
    // The object around them is one.
    assert!(!is_too_deep(&nested(126, "[[[[[[")));
    assert!(is_too_deep(&nested(127, "")));
    assert!(is_too_deep(&"[".repeat(1 << 20)));
}

proptest::proptest! {
    #[test]
    fn any_text_has_a_shape(text in "[\\[\\]{}\":,a\\\\\n ]{0,80}") {
        let _ = parse(Format::AuditedClient, text.as_bytes(), &CONTEXT);
    }
}
