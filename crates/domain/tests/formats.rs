//! Records of every format, as they become calls and activities.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use assay_domain::activity::Category;
use assay_domain::call::{Body, Call, Feature, Kind, Oddity, Status};
use assay_domain::exchange::Field;
use assay_domain::formats::{Context, Format, Reason, Record, exchange, parse, recognise};
use serde_json::{Value, json};

const CONTEXT: Context = Context {
    now_ms: 1_795_500_000_000,
};

fn call(record: &Value) -> Call {
    let raw = record.to_string();
    let format = recognise(raw.as_bytes()).expect("recognised");
    match parse(format, raw.as_bytes(), &CONTEXT) {
        Ok(Record::Call(call)) => *call,
        Ok(Record::Activity(_)) => panic!("an activity"),
        Err(rejected) => panic!("{rejected:?}"),
    }
}

fn reason(format: Format, raw: &str) -> Reason {
    match parse(format, raw.as_bytes(), &CONTEXT) {
        Err(rejected) => rejected.reason,
        Ok(_) => panic!("accepted"),
    }
}

fn parts(format: Format, record: &Value) -> Vec<(Field, String)> {
    let exchange = exchange(format, record.to_string().as_bytes());
    exchange
        .parts()
        .into_iter()
        .map(|part| (part.field, part.text))
        .collect()
}

fn bedrock(change: impl FnOnce(&mut Value)) -> Value {
    let mut record = json!({
        "schemaType": "ModelInvocationLog", "schemaVersion": "1.0", "timestamp": "2026-10-01T10:00:00Z",
        "accountId": "111122223333", "region": "eu-west-1", "requestId": "r-1", "operation": "InvokeModel",
        "modelId": "anthropic.claude-3-haiku-20240307-v1:0", "identity": {"arn": "arn:aws:iam::111122223333:role/app"},
        "input": {"inputContentType": "application/json", "inputTokenCount": 12, "inputBodyJson": {
            "anthropic_version": "bedrock-2023-05-31", "max_tokens": 100, "system": "Be brief.",
            "messages": [{"role": "user", "content": "Hello there"}]}},
        "output": {"outputTokenCount": 5, "outputBodyJson": {"id": "msg_bdrk_1", "model": "claude-3-haiku",
            "content": [{"type": "text", "text": "Hi."}], "stop_reason": "end_turn",
            "usage": {"input_tokens": 12, "output_tokens": 5}}}
    });
    change(&mut record);
    record
}

#[test]
fn bedrock_invoke_model() {
    let record = bedrock(|_| ());
    let call = call(&record);
    assert_eq!(call.kind, Kind::Bedrock);
    assert_eq!(call.requested_region.as_deref(), Some("eu-west-1"));
    assert_eq!(
        call.served_region.as_deref(),
        Some("eu-west-1"),
        "a model id without a profile runs where it is sent"
    );
    assert_eq!((call.tokens.input, call.tokens.output), (Some(12), Some(5)));
    assert_eq!(call.request_ids["message_id"], "msg_bdrk_1");
    assert_eq!(call.body, Body::Present);
    assert_eq!(
        parts(Format::BedrockInvocationLog, &record),
        [
            (Field::System, "Be brief.".to_owned()),
            (Field::UserMessage, "Hello there".to_owned()),
            (Field::Response, "Hi.".to_owned())
        ]
    );
}

#[test]
fn bedrock_stream_that_ends_in_done_and_names_its_region() {
    let record = bedrock(|record| {
        record["operation"] = json!("InvokeModelWithResponseStream");
        record["modelId"] = json!("eu.anthropic.claude-sonnet-4-5-20250929-v1:0");
        record["inferenceRegion"] = json!("eu-central-1");
        record["output"]["outputBodyJson"] = json!([
            {"type": "message_start", "message": {"id": "msg_bdrk_2", "model": "claude-sonnet-4-5", "content": [],
                "usage": {"input_tokens": 3, "cache_read_input_tokens": 40, "output_tokens": 1,
                    "cache_creation": {"ephemeral_5m_input_tokens": 7, "ephemeral_1h_input_tokens": 9}}}},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Good "}},
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "day"}},
            {"type": "content_block_start", "index": 1, "content_block": {"type": "tool_use", "name": "find", "input": {}}},
            {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": "{\"q\":"}},
            {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": "\"x\"}"}},
            {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 21}},
            {"type": "message_stop", "amazon-bedrock-invocationMetrics": {"inputTokenCount": 3, "outputTokenCount": 21,
                "invocationLatency": 812, "firstByteLatency": 300}},
            "[DONE]"
        ]);
    });
    let call = call(&record);
    assert_eq!(call.served_region.as_deref(), Some("eu-central-1"));
    assert_eq!(call.latency_ms, Some(812));
    assert_eq!(call.stop_reason.as_deref(), Some("tool_use"));
    let tokens = call.tokens;
    assert_eq!(
        (
            tokens.input,
            tokens.output,
            tokens.cache_read,
            tokens.cache_write_5m,
            tokens.cache_write_1h
        ),
        (Some(3), Some(21), Some(40), Some(7), Some(9))
    );
    assert!(call.features.contains(Feature::Streaming));
    let parts = parts(Format::BedrockInvocationLog, &record);
    assert!(parts.contains(&(Field::Response, "Good day".to_owned())));
    assert!(parts.contains(&(Field::ResponseToolInput, "x".to_owned())));
}

#[test]
fn bedrock_converse_with_tools() {
    let record = bedrock(|record| {
        record["operation"] = json!("Converse");
        record["modelId"] = json!("global.anthropic.claude-sonnet-4-5-20250929-v1:0");
        record["requestMetadata"] = json!({"classification": "internal", "team": "claims"});
        record["input"]["inputBodyJson"] = json!({
            "system": [{"text": "You help."}, {"cachePoint": {"type": "default"}}],
            "messages": [
                {"role": "user", "content": [{"text": "Where is it?"}]},
                {"role": "assistant", "content": [{"toolUse": {"toolUseId": "t1", "name": "locate", "input": {"ref": "A-1"}}}]},
                {"role": "user", "content": [{"toolResult": {"toolUseId": "t1", "content": [{"text": "In the yard"}]}}]}
            ],
            "inferenceConfig": {"maxTokens": 50}, "toolConfig": {"tools": []}
        });
        record["output"]["outputBodyJson"] = json!({
            "output": {"message": {"role": "assistant", "content": [{"text": "In the yard."}]}},
            "stopReason": "end_turn", "metrics": {"latencyMs": 450},
            "usage": {"inputTokens": 30, "outputTokens": 6, "cacheReadInputTokens": 10, "cacheWriteInputTokens": 2}
        });
    });
    let call = call(&record);
    assert_eq!(
        call.served_region, None,
        "a profile without a recorded Region may have run anywhere in it"
    );
    assert_eq!(call.classification.as_deref(), Some("internal"));
    assert_eq!(call.latency_ms, Some(450));
    assert_eq!(
        (
            call.tokens.input,
            call.tokens.cache_read,
            call.tokens.cache_write_5m
        ),
        (Some(30), Some(10), Some(2))
    );
    assert!(call.features.contains(Feature::PromptCaching));
    let fields: Vec<Field> = parts(Format::BedrockInvocationLog, &record)
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    assert_eq!(
        fields,
        [
            Field::System,
            Field::UserMessage,
            Field::ToolInput,
            Field::ToolResult,
            Field::Response
        ]
    );
    let exchange = exchange(Format::BedrockInvocationLog, record.to_string().as_bytes());
    assert_eq!(exchange.request.unwrap()["max_tokens"], 50);
}

#[test]
fn bedrock_string_bodies_references_errors_and_nothing() {
    let as_string = bedrock(|record| {
        let body = record["input"]["inputBodyJson"].to_string();
        record["input"]["inputBodyJson"] = json!(body);
    });
    assert_eq!(
        parts(Format::BedrockInvocationLog, &as_string)[1].1,
        "Hello there"
    );
    let referenced = bedrock(|record| {
        record["input"] = json!({"inputBodyS3Path": "s3://bucket/AWSLogs/data/r-1_input.json.gz"});
    });
    assert_eq!(call(&referenced).body, Body::ByReference);
    let text = referenced.to_string();
    assert_eq!(
        exchange(Format::BedrockInvocationLog, text.as_bytes())
            .references
            .len(),
        1
    );
    let failed = bedrock(|record| {
        record["errorCode"] = json!("ThrottlingException");
        record["input"] = json!({});
        record["output"] = json!({});
    });
    let failed = call(&failed);
    assert_eq!(
        (failed.status, failed.http_status, failed.body),
        (Status::Error, Some(429), Body::Missing)
    );
    assert_eq!(failed.tokens.input, None, "not recorded is not 0");
    let bare = bedrock(|record| {
        record["input"] = json!({"inputTokenCount": 9});
        record["output"] = json!({"outputTokenCount": 2});
    });
    assert_eq!(
        (call(&bare).body, call(&bare).tokens.input),
        (Body::Missing, Some(9))
    );
}

#[test]
fn features_come_from_structure_and_not_from_text() {
    let with = bedrock(|record| {
        record["input"]["inputBodyJson"]["tools"] =
            json!([{"type": "code_execution_20250825", "name": "code_execution"}]);
        record["input"]["inputBodyJson"]["container"] = json!("container_1");
    });
    let features = call(&with).features;
    assert!(features.contains(Feature::CodeExecution) && features.contains(Feature::Container));
    let quoted = bedrock(|record| {
        record["input"]["inputBodyJson"]["messages"][0]["content"] =
            json!("{\"container\":\"x\",\"mcp_servers\":[1]}");
    });
    assert_eq!(call(&quoted).features.iter().count(), 0);
}

#[test]
fn cloudtrail_model_calls_are_witnesses_and_the_rest_activities() {
    let event = |name: &str| {
        json!({
            "eventVersion": "1.11", "eventTime": "2026-10-01T10:00:00Z", "eventSource": "bedrock.amazonaws.com",
            "eventName": name, "awsRegion": "eu-central-1", "sourceIPAddress": "203.0.113.7",
            "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/app/x", "accountId": "111122223333"},
            "requestParameters": {"modelId": "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"},
            "additionalEventData": {"inferenceRegion": "eu-west-3"}, "requestID": "r-1", "eventID": "e-1",
            "vpcEndpointId": "vpce-1", "readOnly": false
        })
    };
    let call = call(&event("Converse"));
    assert_eq!(call.served_region.as_deref(), Some("eu-west-3"));
    assert_eq!(call.private_path.as_deref(), Some("vpce-1"));
    assert_eq!(call.body, Body::NotCarried);
    assert_eq!(call.request_ids["aws_request_id"], "r-1");
    let raw = event("PutModelInvocationLoggingConfiguration").to_string();
    match parse(Format::CloudTrail, raw.as_bytes(), &CONTEXT) {
        Ok(Record::Activity(activity)) => assert_eq!(activity.category, Category::Settings),
        _ => panic!("not an activity"),
    }
}

#[test]
fn compliance_activities_and_vendor_access() {
    let raw = json!({
        "id": "activity_1", "created_at": "2026-06-08T17:12:09.812446Z", "type": "anthropic_access",
        "actor": {"type": "anthropic_actor", "email_address": null}, "organization_id": "org_1",
        "resource_details": {"type": "message", "id": "msg_1"}, "reason_code": "safety_review"
    })
    .to_string();
    assert_eq!(
        recognise(raw.as_bytes()),
        Some(Format::ComplianceActivities)
    );
    match parse(Format::ComplianceActivities, raw.as_bytes(), &CONTEXT) {
        Ok(Record::Activity(activity)) => {
            assert_eq!(activity.category, Category::VendorAccess);
            assert_eq!(activity.target.as_deref(), Some("msg_1"));
        }
        _ => panic!("not an activity"),
    }
}

#[test]
fn litellm_tokens_are_disjoint_and_the_kind_follows_the_provider() {
    let record = json!({
        "id": "msg_01", "call_type": "acompletion", "status": "success", "custom_llm_provider": "vertex_ai",
        "startTime": 1790848800.25, "endTime": 1790848802.0, "response_time": 1.75, "response_cost": 0.0123,
        "model": "claude-sonnet-4-5@20250929", "prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120,
        "api_base": "https://europe-west1-aiplatform.googleapis.com/v1/projects/north/locations/europe-west1/publishers",
        "metadata": {"user_api_key_alias": "claims-key", "requester_metadata": {"classification": "internal"}},
        "messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "U"}],
        "response": {"id": "msg_01", "choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": "A"}}],
            "usage": {"prompt_tokens_details": {"cached_tokens": 60}, "cache_creation_input_tokens": 10}}
    });
    let call = call(&record);
    assert_eq!(call.kind, Kind::Vertex);
    assert_eq!(call.served_region.as_deref(), Some("europe-west1"));
    assert_eq!(
        (
            call.tokens.input,
            call.tokens.cache_read,
            call.tokens.cache_write_5m
        ),
        (Some(30), Some(60), Some(10))
    );
    assert_eq!(call.latency_ms, Some(1_750));
    assert_eq!(call.reported_cost_usd_micros, Some(12_300));
    assert_eq!(call.account.as_deref(), Some("north"));
    let fields: Vec<Field> = parts(Format::LiteLlm, &record)
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    assert_eq!(fields, [Field::System, Field::UserMessage, Field::Response]);
}

#[test]
fn litellm_tools_are_brought_to_messages_form_and_searched() {
    let record = json!({
        "call_type": "acompletion", "response_cost": 0.1, "status": "success",
        "messages": [{ "role": "user", "content": "Hello" }], "response": null,
        "model_parameters": { "max_tokens": 9, "tools": [
            { "type": "function", "function": { "name": "find", "description": "Ask anna@example.com", "parameters": { "type": "object" } } },
            { "type": "web_search_20250305", "name": "web_search" },
        ] },
    });
    assert!(
        parts(Format::LiteLlm, &record)
            .contains(&(Field::ToolDefinition, "Ask anna@example.com".to_owned()))
    );
    let request = exchange(Format::LiteLlm, record.to_string().as_bytes())
        .request
        .unwrap();
    let expected = json!([
        { "name": "find", "description": "Ask anna@example.com", "input_schema": { "type": "object" } },
        { "type": "web_search_20250305", "name": "web_search" },
    ]);
    assert_eq!(request["tools"], expected);
}

#[test]
fn litellm_without_a_response_has_its_tokens_from_the_usage_object() {
    let record = json!({
        "id": "c-1", "call_type": "acompletion", "status": "success", "response_cost": null, "model": "claude-x",
        "custom_llm_provider": "anthropic", "startTime": 1790848800.0, "prompt_tokens": 100, "completion_tokens": 20,
        "messages": "redacted-by-litellm", "response": null,
        "metadata": {"usage_object": {"prompt_tokens": 100, "completion_tokens": 20, "cache_read_input_tokens": 70,
            "cache_creation_input_tokens": 5}}
    });
    let call = call(&record);
    let tokens = call.tokens;
    assert_eq!(
        (
            tokens.input,
            tokens.cache_read,
            tokens.cache_write_5m,
            tokens.output
        ),
        (Some(25), Some(70), Some(5), Some(20))
    );
    assert_eq!(call.body, Body::Missing);
}

#[test]
fn audited_client_times_are_utc_and_errors_carry_their_status() {
    let record = json!({
        "request_id": "c-1", "timestamp": "2026-01-26T14:03:29.554410", "metadata": {"user_id": "user-456"},
        "messages_count": 3, "model": "claude-3-5-sonnet-20241022", "status": "failed",
        "error": "Error code: 429 - {'type': 'error', 'error': {'type': 'rate_limit_error', 'message': 'slow down'}}"
    });
    let call = call(&record);
    assert_eq!((call.status, call.http_status), (Status::Error, Some(429)));
    assert_eq!(call.error_type.as_deref(), Some("rate_limit_error"));
    assert!(call.oddities.is_empty());
}

#[test]
fn odd_records_are_accepted_and_flagged() {
    let odd = |change: fn(&mut Value)| call(&bedrock(change)).oddities;
    assert_eq!(
        odd(|record| record["timestamp"] = json!("1970-01-01T00:00:00Z")),
        [Oddity::TimeOutOfRange]
    );
    assert_eq!(
        odd(|record| record["timestamp"] = json!("2062-01-01T00:00:00Z")),
        [Oddity::TimeOutOfRange]
    );
    assert_eq!(
        odd(|record| record["timestamp"] = json!("2026-10-01 10:00:00.000000000")),
        [Oddity::TimeWithoutZone]
    );
    assert_eq!(
        odd(|record| {
            record.as_object_mut().unwrap().remove("timestamp");
        }),
        [Oddity::TimeMissing]
    );
    assert_eq!(
        odd(|record| record["input"]["inputTokenCount"] = json!(-4)),
        [Oddity::NumberOutOfRange]
    );
    let big = bedrock(|_| ()).to_string().replace(
        "\"inputTokenCount\":12",
        "\"inputTokenCount\":9007199254740993",
    );
    let big = big.replace("\"input_tokens\":12,", "");
    match parse(Format::BedrockInvocationLog, big.as_bytes(), &CONTEXT) {
        Ok(Record::Call(call)) => assert_eq!(call.tokens.input, Some(9_007_199_254_740_993)),
        _ => panic!("rejected"),
    }
    let mut damaged = bedrock(|_| ()).to_string().into_bytes();
    let at = damaged
        .windows(5)
        .position(|window| window == b"Hello")
        .unwrap();
    damaged[at] = 0xFF;
    match parse(Format::BedrockInvocationLog, &damaged, &CONTEXT) {
        Ok(Record::Call(call)) => assert_eq!(call.oddities, [Oddity::TextDamaged]),
        _ => panic!("rejected"),
    }
    let surrogate = bedrock(|_| ())
        .to_string()
        .replace("Hello there", "Hello \\ud83d there");
    assert!(
        exchange(Format::BedrockInvocationLog, surrogate.as_bytes())
            .parts()
            .iter()
            .any(|part| part.text.contains("\u{fffd} there"))
    );
}

#[test]
fn records_that_cannot_be_read_have_a_named_reason() {
    let format = Format::BedrockInvocationLog;
    assert_eq!(reason(format, "{\"schemaType\":"), Reason::Truncated);
    assert_eq!(reason(format, "{schemaType}"), Reason::NotJson);
    assert_eq!(
        reason(format, "{\"schemaType\":\"ModelInvocationLog\",\"x\":NaN}"),
        Reason::NotJson
    );
    assert_eq!(
        reason(format, "{\"schemaType\":\"Other\"}"),
        Reason::FormatUnknown
    );
    assert_eq!(
        reason(
            format,
            "{\"schemaType\":\"ModelInvocationLog\",\"region\":7}"
        ),
        Reason::FieldType
    );
    assert_eq!(
        reason(
            format,
            "{\"schemaType\":\"ModelInvocationLog\",\"region\":\"a\",\"region\":\"b\"}"
        ),
        Reason::DuplicateKey
    );
    let deep = format!(
        "{{\"schemaType\":\"ModelInvocationLog\",\"x\":{}1{}}}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    assert_eq!(reason(format, &deep), Reason::TooDeep);
    assert_eq!(recognise(b"{\"hello\":1}"), None);
    assert_eq!(recognise(b"[1]"), None);
}

/// A record of each format, small.
fn one_of_each() -> Vec<(Format, Value)> {
    vec![
        (Format::BedrockInvocationLog, bedrock(|_| ())),
        (
            Format::CloudTrail,
            json!({"eventTime": "2026-10-01T10:00:00Z", "eventSource": "bedrock.amazonaws.com", "eventName": "Converse",
                "awsRegion": "eu-west-1", "requestID": "r-1", "eventID": "e-1", "userIdentity": {"arn": "arn:x"}}),
        ),
        (
            Format::ComplianceActivities,
            json!({"id": "activity_1", "created_at": "2026-10-01T10:00:00Z", "type": "claude_chat_viewed",
                "actor": {"type": "user_actor", "email_address": "a@example.com"}}),
        ),
        (
            Format::LiteLlm,
            json!({"id": "c-1", "call_type": "acompletion", "response_cost": 0.1, "status": "success",
                "startTime": 1790848800.0, "model": "claude-x", "prompt_tokens": 1, "completion_tokens": 1}),
        ),
        (
            Format::AuditedClient,
            json!({"request_id": "c-1", "timestamp": "2026-10-01T10:00:00", "messages_count": 1, "status": "succeeded",
                "latency_ms": 1.0}),
        ),
    ]
}

#[test]
fn a_record_is_the_same_whatever_stood_before_it() {
    for (format, whole) in one_of_each() {
        let fields: Vec<String> = whole.as_object().unwrap().keys().cloned().collect();
        for missing in fields.iter().map(Some).chain([None]) {
            let mut record = whole.clone();
            if let Some(missing) = missing {
                record.as_object_mut().unwrap().remove(missing);
            }
            let raw = record.to_string();
            for tried in Format::ALL {
                if parse(tried, raw.as_bytes(), &CONTEXT).is_ok() {
                    assert_eq!(
                        recognise(raw.as_bytes()),
                        Some(tried),
                        "{format:?} without {missing:?} read as {tried:?}"
                    );
                }
            }
        }
    }
    let spend = json!({"request_id": "x", "call_type": "acompletion", "spend": 0.1, "startTime": "2026-10-01 10:00:00"});
    assert_eq!(
        reason(Format::LiteLlm, &spend.to_string()),
        Reason::FormatUnknown
    );
    let other = json!({"id": "1", "created_at": "2026-10-01T10:00:00Z", "type": "x", "actor": {"type": "person"}});
    assert_eq!(
        reason(Format::ComplianceActivities, &other.to_string()),
        Reason::FormatUnknown
    );
}

#[test]
fn a_key_that_stands_twice_where_it_can_hide_text_is_flagged() {
    let twice = bedrock(|_| ()).to_string().replace(
        "\"messages\":[",
        "\"messages\":[{\"role\":\"user\",\"content\":\"hidden\"}],\"messages\":[",
    );
    match parse(Format::BedrockInvocationLog, twice.as_bytes(), &CONTEXT) {
        Ok(Record::Call(call)) => assert_eq!(call.oddities, [Oddity::DuplicateKey]),
        _ => panic!("rejected"),
    }
}

#[test]
fn half_a_character_in_a_field_does_not_cost_the_record() {
    let cut = bedrock(|record| record["requestMetadata"] = json!({"team": "claims"}))
        .to_string()
        .replace("\"claims\"", "\"claims \\ud83d\"");
    match parse(Format::BedrockInvocationLog, cut.as_bytes(), &CONTEXT) {
        Ok(Record::Call(call)) => {
            assert_eq!(call.metadata["team"], "claims \u{fffd}");
            assert_eq!(call.oddities, [Oddity::TextDamaged]);
        }
        _ => panic!("rejected"),
    }
}

#[test]
fn an_empty_error_code_is_no_error() {
    let record = bedrock(|record| record["errorCode"] = json!(""));
    assert_eq!(
        (call(&record).status, call(&record).error_type),
        (Status::Ok, None)
    );
    let quota = bedrock(|record| record["errorCode"] = json!("ServiceQuotaExceededException"));
    assert_eq!(call(&quota).http_status, Some(400));
}

#[test]
fn a_stream_that_was_cut_keeps_the_count_of_its_record() {
    let record = bedrock(|record| {
        record["output"]["outputTokenCount"] = json!(281);
        record["output"]["outputBodyJson"] = json!([
            {"type": "message_start", "message": {"id": "msg_1", "usage": {"input_tokens": 12, "output_tokens": 1}}},
            {"type": "content_block_delta", "delta": {"text": "x"}}
        ]);
    });
    assert_eq!(call(&record).tokens.output, Some(281));
    let odd = bedrock(|record| {
        record["output"]["outputBodyJson"] = json!({"metrics": {"latencyMs": -1}});
    });
    assert_eq!(call(&odd).oddities, [Oddity::NumberOutOfRange]);
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_a_parser_panic(raw in proptest::collection::vec(proptest::num::u8::ANY, 0..200), number in 0_u8..5) {
        let format = Format::from_number(number).unwrap();
        let _ = parse(format, &raw, &CONTEXT);
        let _ = exchange(format, &raw).parts();
        let _ = recognise(&raw);
    }
}
