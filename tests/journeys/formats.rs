//! Every format as its source delivers it, through `assay import`: tokens in disjoint buckets, money,
//! time in UTC, where a call was sent and ran.

use serde_json::{Value, json};

use super::Bench;

const AT: &str = "2026-10-01T10:00:00.000Z";

/// What a file must become: the format's name; then of its one call the time, kind, tokens (input,
/// output, cache read, written for 5 minutes and an hour), cost, requested and served region.
struct Expected {
    format: &'static str,
    at: Option<&'static str>,
    kind: &'static str,
    tokens: [Option<u64>; 5],
    cost: Option<&'static str>,
    requested: Option<&'static str>,
    served: Option<&'static str>,
}

fn expected(format: &'static str, kind: &'static str, tokens: [Option<u64>; 5]) -> Expected {
    Expected {
        format,
        at: Some(AT),
        kind,
        tokens,
        cost: None,
        requested: None,
        served: None,
    }
}

/// Imports one file into a store of its own.
#[track_caller]
fn check(name: &str, content: impl AsRef<[u8]>, expected: &Expected) {
    let bench = Bench::empty();
    let file = bench.file(name, content);
    let summary = bench.json(&["import", &file]);
    assert_eq!(
        summary["batches"][0]["format"], expected.format,
        "{summary}"
    );
    assert_eq!(summary["calls"], 1, "{name}: {summary}");
    let call = &bench.json(&["trail", "calls"])["calls"][0];
    let count = |key: &str| call[key].as_u64();
    assert_eq!(call["started_at"].as_str(), expected.at, "{name}: time");
    assert_eq!(call["kind"], expected.kind, "{name}: kind");
    assert_eq!(
        [
            count("input_tokens"),
            count("output_tokens"),
            count("cache_read_tokens"),
            count("cache_write_5m_tokens"),
            count("cache_write_1h_tokens"),
        ],
        expected.tokens,
        "{name}: tokens"
    );
    let detail = bench.json(&["trail", "call", call["id"].as_str().unwrap()]);
    assert_eq!(
        detail["cost"]["reported_usd"].as_str(),
        expected.cost,
        "{name}: cost {}",
        detail["cost"]
    );
    assert_eq!(
        (
            call["requested_region"].as_str(),
            call["served_region"].as_str()
        ),
        (expected.requested, expected.served),
        "{name}: region"
    );
}

fn message(id: &str) -> Value {
    json!({"id": id, "type": "message", "role": "assistant", "model": "claude-sonnet-4-6",
        "content": [{"type": "text", "text": "Hi"}], "stop_reason": "end_turn",
        "usage": {"input_tokens": 8, "output_tokens": 5, "cache_read_input_tokens": 2,
            "cache_creation": {"ephemeral_5m_input_tokens": 3, "ephemeral_1h_input_tokens": 4}}})
}

fn request() -> Value {
    json!({"model": "claude-sonnet-4-6", "max_tokens": 9, "messages": [{"role": "user", "content": "Hello"}]})
}

const ALL: [Option<u64>; 5] = [Some(8), Some(5), Some(2), Some(3), Some(4)];
const NONE: [Option<u64>; 5] = [None; 5];

#[test]
fn an_applications_own_log_writes_utc_without_saying_so() {
    let line = json!({"request_id": "0b6f", "timestamp": "2026-10-01T10:00:00.000000", "metadata": {},
        "messages_count": 1, "model": "claude-sonnet-4-6", "status": "succeeded", "latency_ms": 12.5,
        "input_tokens": 8, "output_tokens": 5, "total_tokens": 13, "cost": 0.000099});
    let mut wanted = expected(
        "audited_client",
        "claude_api",
        [Some(8), Some(5), None, None, None],
    );
    wanted.cost = Some("0.000099");
    check("claude-calls.jsonl", format!("{line}\n"), &wanted);
}

fn bedrock(operation: &str, input: Value, output: Value) -> Value {
    json!({"schemaType": "ModelInvocationLog", "schemaVersion": "1.0", "timestamp": "2026-10-01T10:00:00Z",
        "accountId": "111122223333", "region": "eu-west-1", "requestId": "r-1", "operation": operation,
        "modelId": "eu.anthropic.claude-sonnet-4-6", "inferenceRegion": "eu-west-3",
        "identity": {"arn": "arn:aws:iam::111122223333:role/claims"},
        "input": {"inputContentType": "application/json", "inputTokenCount": 8, "cacheReadInputTokenCount": 2,
            "cacheWriteInputTokenCount": 7, "inputBodyJson": input},
        "output": {"outputContentType": "application/json", "outputTokenCount": 5, "outputBodyJson": output}})
}

#[test]
fn bedrocks_log_in_all_its_shapes() {
    let mut wanted = expected(
        "bedrock_invocation_log",
        "bedrock",
        [Some(8), Some(5), Some(2), Some(3), Some(4)],
    );
    wanted.requested = Some("eu-west-1");
    wanted.served = Some("eu-west-3");
    let invoked = bedrock("InvokeModel", request(), message("msg_bdrk_1"));
    check("one.json", invoked.to_string(), &wanted);
    // As the log group exports it: a record in a string.
    let wrapped = json!({"@timestamp": "x", "@message": invoked.to_string()});
    check("logs.json", wrapped.to_string(), &wanted);
    let events = json!({"events": [{"timestamp": 1, "message": invoked.to_string()}]});
    check("filtered.json", events.to_string(), &wanted);
    // Where nothing tells for how long, what is written to a cache stays five minutes.
    wanted.tokens = [Some(8), Some(5), Some(2), Some(7), None];
    let stream = json!([
        {"type": "message_start", "message": {"id": "msg_bdrk_2", "role": "assistant", "usage": {"input_tokens": 8}}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hi"}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 5}},
        {"type": "message_stop", "amazon-bedrock-invocationMetrics": {"inputTokenCount": 8, "outputTokenCount": 5,
            "invocationLatency": 700, "firstByteLatency": 90, "cacheReadInputTokenCount": 2, "cacheWriteInputTokenCount": 7}},
        "[DONE]"
    ]);
    let streamed = bedrock("InvokeModelWithResponseStream", request(), stream);
    check("stream.json", streamed.to_string(), &wanted);
    let converse = json!({"output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}}, "stopReason": "end_turn",
        "metrics": {"latencyMs": 700}, "usage": {"inputTokens": 8, "outputTokens": 5, "totalTokens": 13,
            "cacheReadInputTokens": 2, "cacheWriteInputTokens": 7}});
    let asked = json!({"messages": [{"role": "user", "content": [{"text": "Hello"}]}]});
    let conversed = bedrock("Converse", asked, converse);
    check("converse.json", conversed.to_string(), &wanted);
    // Text delivery is off: the counts stay.
    let mut bare = invoked;
    bare["input"] = json!({"inputContentType": "application/json", "inputTokenCount": 8});
    bare["output"] = json!({"outputContentType": "application/json", "outputTokenCount": 5});
    wanted.tokens = [Some(8), Some(5), None, None, None];
    check("bare.json", bare.to_string(), &wanted);
    bare["errorCode"] = json!("ThrottlingException");
    bare["input"] = json!({});
    bare["output"] = json!({});
    wanted.tokens = NONE;
    check("failed.json", bare.to_string(), &wanted);
}

#[test]
fn a_body_in_an_object_beside_bedrocks_log_is_read_with_it() {
    let bench = Bench::empty();
    let hour = "logs/AWSLogs/111122223333/BedrockModelInvocationLogs/eu-west-1/2026/10/01/10";
    let place = "s3://bucket/AWSLogs/111122223333/BedrockModelInvocationLogs/eu-west-1/2026/10/01/10/data/r-1_input.json.gz";
    let mut record = bedrock("InvokeModel", Value::Null, message("msg_bdrk_1"));
    record["input"] = json!({"inputContentType": "application/json", "inputTokenCount": 8, "inputBodyS3Path": place});
    bench.file(&format!("{hour}/log.json"), record.to_string());
    bench.file(
        &format!("{hour}/data/r-1_input.json.gz"),
        request().to_string(),
    );
    let summary = bench.json(&["import", bench.path("logs").to_str().unwrap()]);
    assert_eq!(
        (summary["calls"].as_u64(), summary["body_files"].as_u64()),
        (Some(1), Some(1)),
        "{summary}"
    );
    assert_eq!(bench.json(&["trail", "calls", "Hello"])["total"], 1);
}

fn event(source: &str, name: &str, parameters: &Value) -> Value {
    json!({"eventVersion": "1.11", "eventTime": "2026-10-01T10:00:00Z", "eventSource": source, "eventName": name,
        "awsRegion": "eu-west-1", "sourceIPAddress": "203.0.113.9", "userAgent": "x", "readOnly": true,
        "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:iam::111122223333:role/claims", "accountId": "111122223333"},
        "requestID": "r-1", "eventID": "e-1", "requestParameters": parameters, "responseElements": null,
        "additionalEventData": {"inferenceRegion": "eu-west-3"}, "recipientAccountId": "111122223333",
        "tlsDetails": {"clientProvidedHostHeader": "bedrock-runtime.eu-west-1.amazonaws.com"}})
}

#[test]
fn cloudtrail_as_files_as_look_ups_and_of_mantle() {
    let mut wanted = expected("cloudtrail", "bedrock", NONE);
    wanted.requested = Some("eu-west-1");
    wanted.served = Some("eu-west-3");
    let invoked = event(
        "bedrock.amazonaws.com",
        "InvokeModel",
        &json!({"modelId": "eu.anthropic.claude-sonnet-4-6"}),
    );
    check(
        "trail.json",
        json!({"Records": [invoked]}).to_string(),
        &wanted,
    );
    let found = json!({"Events": [{"EventId": "e-1", "EventName": "InvokeModel", "CloudTrailEvent": invoked.to_string()}]});
    check("found.json", found.to_string(), &wanted);
    let mut inference = event(
        "bedrock-mantle.amazonaws.com",
        "CreateInference",
        &json!({"model": "anthropic.claude-sonnet-4-6", "stream": false, "max_tokens": 9}),
    );
    inference["additionalEventData"] = json!({});
    let bench = Bench::empty();
    let file = bench.file("mantle.json", json!({"Records": [inference]}).to_string());
    bench.run(&["import", &file]).with_code(0);
    assert_eq!(
        bench.json(&[
            "trail",
            "calls",
            "feature:bedrock_mantle requested_region:eu-west-1"
        ])["total"],
        1
    );
}

#[test]
fn vertex_rows_with_json_as_text_or_as_objects() {
    let row = json!({
        "endpoint": "projects/p1/locations/europe-west1/publishers/anthropic/models/claude-sonnet-4-6",
        "logging_time": "2026-10-01 10:00:01.500000 UTC", "request_id": "77", "api_method": "rawPredict",
        "model": "publishers/anthropic/models/claude-sonnet-4-6", "full_request": request().to_string(),
        "full_response": message("msg_vrtx_1").to_string(), "metadata": "{\"request_latency\": 1500.0}"});
    let mut wanted = expected("vertex_request_response", "vertex", ALL);
    wanted.requested = Some("europe-west1");
    wanted.served = Some("europe-west1");
    check("extract.json", format!("{row}\n"), &wanted);
    let mut objects = row;
    objects["full_request"] = request();
    objects["full_response"] = message("msg_vrtx_1");
    objects["metadata"] = json!({"request_latency": 1500.0});
    objects["logging_time"] = json!("2026-10-01T12:00:01.500+02:00");
    check("console.json", format!("[{objects}]"), &wanted);
}

#[test]
fn googles_audit_log_in_lines_as_an_array_and_from_bigquery() {
    let resource =
        "projects/p1/locations/europe-west1/publishers/anthropic/models/claude-sonnet-4-6";
    let entry = json!({
        "protoPayload": {"@type": "type.googleapis.com/google.cloud.audit.AuditLog",
            "authenticationInfo": {"principalEmail": "app@p1.iam.gserviceaccount.com"},
            "requestMetadata": {"callerIp": "203.0.113.9"}, "serviceName": "aiplatform.googleapis.com",
            "methodName": "google.cloud.aiplatform.v1.PredictionService.RawPredict", "resourceName": resource,
            "authorizationInfo": [{"resource": resource, "permission": "aiplatform.endpoints.predict", "granted": true}]},
        "insertId": "i1", "timestamp": "2026-10-01T10:00:00Z", "resource": {"type": "audited_resource", "labels": {"project_id": "p1"}},
        "logName": "projects/p1/logs/cloudaudit.googleapis.com%2Fdata_access"});
    let mut wanted = expected("google_audit_log", "vertex", NONE);
    wanted.requested = Some("europe-west1");
    wanted.served = Some("europe-west1");
    check("lines.json", format!("{entry}\n"), &wanted);
    check("array.json", format!("[{entry}]"), &wanted);
    let mut snake = entry.clone();
    snake.as_object_mut().unwrap().remove("protoPayload");
    snake["protopayload_auditlog"] = entry["protoPayload"].clone();
    check("rows.json", format!("{snake}\n"), &wanted);
}

#[test]
fn anthropics_activities_with_access_transparency_and_batch_results() {
    let bench = Bench::empty();
    let activity = |id: &str, kind: &str, actor: Value| json!({"id": id, "created_at": "2026-10-01T10:00:00Z", "organization_id": "org_1", "type": kind, "actor": actor});
    let mut access = activity(
        "activity_2",
        "anthropic_access",
        json!({"type": "anthropic_actor", "email_address": null}),
    );
    access["reason_code"] = json!("safety_review");
    access["resource_details"] = json!({"type": "message", "id": "msg_1"});
    let page = json!({"data": [
        activity("activity_1", "org_data_residency_updated", json!({"type": "user_actor", "email_address": "a@example.org", "user_id": "user_1"})),
        access,
    ], "has_more": false, "first_id": "activity_1", "last_id": "activity_2"});
    let file = bench.file("activities.json", page.to_string());
    assert_eq!(bench.json(&["import", &file])["activities"], 2);
    let found = bench.json(&["trail", "activities", "category:vendor_access"]);
    assert_eq!(found["total"], 1, "{found}");
    let line =
        json!({"custom_id": "a", "result": {"type": "succeeded", "message": message("msg_1")}});
    let mut wanted = expected("batch_results", "claude_api", ALL);
    wanted.at = None;
    check("results.jsonl", format!("{line}\n"), &wanted);
}

#[test]
fn litellms_prompt_tokens_hold_the_cached_ones() {
    let payload = json!({"id": "chatcmpl-1", "call_type": "acompletion", "response_cost": 0.000099, "status": "success",
        "custom_llm_provider": "bedrock", "model": "eu.anthropic.claude-sonnet-4-6",
        "api_base": "https://bedrock-runtime.eu-west-1.amazonaws.com/model/x/converse", "startTime": 1790848800.0,
        "endTime": 1790848801.0, "prompt_tokens": 17, "completion_tokens": 5, "total_tokens": 22,
        "messages": [{"role": "user", "content": "Hello"}], "metadata": {"usage_object": {"prompt_tokens": 17,
            "cache_read_input_tokens": 2, "cache_creation_input_tokens": 7}},
        "response": {"id": "x", "choices": [{"finish_reason": "stop", "message": {"content": "Hi"}}],
            "usage": {"prompt_tokens": 17, "completion_tokens": 5, "cache_read_input_tokens": 2, "cache_creation_input_tokens": 7}}});
    let tokens = [Some(8), Some(5), Some(2), Some(7), None];
    let mut wanted = expected("litellm", "bedrock", tokens);
    wanted.cost = Some("0.000099");
    wanted.requested = Some("eu-west-1");
    check("payload.json", payload.to_string(), &wanted);
    let metadata = json!({"usage_object": {"prompt_tokens": 17, "cache_read_input_tokens": 2, "cache_creation_input_tokens": 7}});
    let spend = json!([{"request_id": "chatcmpl-1", "call_type": "acompletion", "spend": 0.000099,
        "startTime": "2026-10-01 10:00:00.000", "endTime": "2026-10-01 10:00:01.000", "model": "eu.anthropic.claude-sonnet-4-6",
        "custom_llm_provider": "bedrock", "api_base": "https://bedrock-runtime.eu-west-1.amazonaws.com/model/x/converse",
        "prompt_tokens": 17, "completion_tokens": 5, "cache_hit": "False", "request_tags": "[]", "metadata": metadata.to_string(),
        "messages": "{}", "response": "{}"}]);
    wanted.format = "litellm_spend";
    check("spend.json", spend.to_string(), &wanted);
}

#[test]
fn langfuse_observations_of_both_versions_and_ingestion_batches() {
    let second = json!({"id": "o1", "traceId": "t1", "startTime": "2026-10-01T12:00:00+02:00", "endTime": "2026-10-01T10:00:01Z",
        "type": "GENERATION", "level": "DEFAULT", "providedModelName": "bedrock/eu.anthropic.claude-sonnet-4-6",
        "modelParameters": {"aws_region": "eu-west-1"}, "usageDetails": {"input": 8, "output": 5, "total": 13,
            "cache_read_input_tokens": 2, "input_cache_creation_5m": 3, "input_cache_creation_1h": 4},
        "costDetails": {"total": 0.000099}, "input": request(), "output": {"role": "assistant", "content": "Hi"}});
    let mut wanted = expected("langfuse", "bedrock", ALL);
    wanted.cost = Some("0.000099");
    wanted.requested = Some("eu-west-1");
    check("v2.jsonl", format!("{second}\n"), &wanted);
    let first = json!({"data": [{"id": "o1", "traceId": "t1", "startTime": "2026-10-01T10:00:00.000Z", "endTime": "2026-10-01T10:00:01Z",
        "type": "GENERATION", "level": "DEFAULT", "model": "claude-sonnet-4-6", "calculatedTotalCost": 0.000099,
        "usage": {"input": 8, "output": 5, "total": 13, "unit": "TOKENS"}, "input": request(), "output": "Hi"}],
        "meta": {"page": 1}});
    let mut wanted = expected(
        "langfuse",
        "claude_api",
        [Some(8), Some(5), None, None, None],
    );
    wanted.cost = Some("0.000099");
    check("v1.json", first.to_string(), &wanted);
    let mut letters = first;
    letters["data"][0]["usage"]["unit"] = json!("CHARACTERS");
    wanted.tokens = NONE;
    check("letters.json", letters.to_string(), &wanted);
}

#[test]
fn helicone_portkey_and_cloudflare_in_dollars_cents_and_dollars() {
    let tokens = ALL;
    let helicone = json!({"data": [{"request_id": "h1", "request_created_at": "2026-10-01T10:00:00Z", "request_body": request(),
        "request_path": "https://api.anthropic.com/v1/messages", "request_model": "claude-sonnet-4-6", "provider": "ANTHROPIC",
        "response_status": 200, "response_body": message("msg_1"), "delay_ms": 812, "prompt_tokens": 17, "completion_tokens": 5,
        "costUSD": 0.000099}], "error": null});
    let mut wanted = expected("helicone", "claude_api", tokens);
    wanted.cost = Some("0.000099");
    check("helicone.json", helicone.to_string(), &wanted);
    let portkey = json!({"id": "p1", "created_at": "2026-10-01T10:00:00Z", "request": request(), "response": message("msg_1"),
        "ai_org": "anthropic", "ai_model": "claude-sonnet-4-6", "req_units": 17, "res_units": 5, "total_units": 22,
        "request_url": "https://api.anthropic.com/v1/messages", "cost": 0.0099, "cost_currency": "USD"});
    wanted.format = "portkey";
    check("portkey.jsonl", format!("{portkey}\n"), &wanted);
    let cloudflare = json!({"result": [{"id": "c1", "created_at": "2026-10-01T10:00:00Z", "provider": "anthropic",
        "model": "claude-sonnet-4-6", "status_code": 200, "success": true, "cached": false, "cost": 0.000099,
        "tokens_in": 8, "tokens_out": 5, "duration": 812, "metadata": "{}"}], "success": true});
    wanted.format = "cloudflare_gateway";
    wanted.tokens = [Some(8), Some(5), None, None, None];
    check("cloudflare.json", cloudflare.to_string(), &wanted);
}

fn attributes(pairs: &[(&str, Value)]) -> Value {
    let list: Vec<Value> = pairs
        .iter()
        .map(|(key, value)| match value {
            Value::Number(number) => json!({"key": key, "value": {"intValue": number.to_string()}}),
            other => json!({"key": key, "value": {"stringValue": other}}),
        })
        .collect();
    Value::Array(list)
}

fn spans(pairs: &[(&str, Value)]) -> String {
    json!({"resourceSpans": [{"resource": {"attributes": []}, "scopeSpans": [{"scope": {"name": "x"}, "spans": [
        {"traceId": "4bf92f3577b34da6a3ce929d0e0e4736", "spanId": "00f067aa0ba902b7", "name": "chat", "kind": 3,
         "startTimeUnixNano": "1790848800000000000", "endTimeUnixNano": "1790848801000000000", "attributes": attributes(pairs)}]}]}]})
    .to_string()
}

#[test]
fn opentelemetrys_input_holds_the_cached_tokens_and_claude_codes_does_not() {
    let present = spans(&[
        ("gen_ai.operation.name", json!("chat")),
        ("gen_ai.provider.name", json!("anthropic")),
        ("gen_ai.request.model", json!("claude-sonnet-4-6")),
        ("gen_ai.usage.input_tokens", json!(17)),
        ("gen_ai.usage.output_tokens", json!(5)),
        ("gen_ai.usage.cache_read.input_tokens", json!(2)),
        ("gen_ai.usage.cache_creation.input_tokens", json!(7)),
    ]);
    let wanted = expected(
        "opentelemetry",
        "claude_api",
        [Some(8), Some(5), Some(2), Some(7), None],
    );
    check("spans.json", present, &wanted);
    let former = spans(&[
        ("gen_ai.system", json!("Anthropic")),
        ("gen_ai.request.model", json!("claude-sonnet-4-6")),
        ("gen_ai.usage.prompt_tokens", json!(8)),
        ("gen_ai.usage.completion_tokens", json!(5)),
        ("gen_ai.prompt.0.content", json!("Hello")),
    ]);
    let wanted = expected(
        "opentelemetry",
        "claude_api",
        [Some(8), Some(5), None, None, None],
    );
    check("former.json", former, &wanted);
    let event = attributes(&[
        ("event.name", json!("api_request")),
        ("model", json!("claude-sonnet-4-6")),
        ("cost_usd_micros", json!(99)),
        ("duration_ms", json!(1000)),
        ("input_tokens", json!(8)),
        ("output_tokens", json!(5)),
        ("cache_read_tokens", json!(2)),
        ("cache_creation_tokens", json!(7)),
        ("request_id", json!("req_1")),
    ]);
    let logs = json!({"resourceLogs": [{"resource": {"attributes": []}, "scopeLogs": [{"scope": {"name": "x"}, "logRecords": [
        {"timeUnixNano": "1790848801000000000", "body": {"stringValue": "claude_code.api_request"}, "attributes": event}]}]}]});
    let mut wanted = expected(
        "claude_code",
        "claude_api",
        [Some(8), Some(5), Some(2), Some(7), None],
    );
    wanted.cost = Some("0.000099");
    check("events.json", logs.to_string(), &wanted);
}

#[test]
fn a_recorded_exchange_is_a_call() {
    let har = json!({"log": {"version": "1.2", "entries": [{"startedDateTime": "2026-10-01T12:00:00.000+02:00", "time": 812,
        "request": {"method": "POST", "url": "https://api.anthropic.com/v1/messages", "headers": [],
            "postData": {"mimeType": "application/json", "text": request().to_string()}},
        "response": {"status": 200, "headers": [{"name": "request-id", "value": "req_1"}],
            "content": {"mimeType": "application/json", "text": message("msg_1").to_string()}}}]}});
    check(
        "exchange.har",
        har.to_string(),
        &expected("har", "claude_api", ALL),
    );
}

/// A generation in two events: what begins it, and what its end adds.
fn parts() -> [Value; 2] {
    let event = |id: &str, kind: &str, body: Value| json!({"id": id, "type": kind, "timestamp": "2026-10-01T10:00:02Z", "body": body});
    [
        event(
            "e1",
            "generation-create",
            json!({"id": "g1", "traceId": "t1", "startTime": "2026-10-01T10:00:00.000Z", "name": "answer",
                "model": "claude-sonnet-4-6", "input": request()}),
        ),
        event(
            "e2",
            "generation-update",
            json!({"id": "g1", "endTime": "2026-10-01T10:00:01.500Z", "model": "another-model",
                "output": {"role": "assistant", "content": "Good evening"},
                "usageDetails": {"input": 8, "output": 5, "cache_read_input_tokens": 2}, "totalCost": 0.000099}),
        ),
    ]
}

/// What the one call of both parts tells, in whatever order they came.
#[track_caller]
fn check_parts(bench: &Bench) {
    let page = bench.json(&["trail", "calls"]);
    assert_eq!(page["total"], 1, "{page}");
    let call = &page["calls"][0];
    assert_eq!(call["started_at"], AT);
    assert_eq!(call["latency_ms"], 1500);
    assert_eq!(call["kind"], "claude_api");
    assert_eq!(
        call["request_model"], "claude-sonnet-4-6",
        "the first part stands"
    );
    assert_eq!(call["input_tokens"], 8);
    assert_eq!(call["output_tokens"], 5);
    assert_eq!(call["cache_read_tokens"], 2);
    let detail = bench.json(&["trail", "call", call["id"].as_str().unwrap()]);
    let text = detail.to_string();
    assert!(
        text.contains("Hello") && text.contains("Good evening"),
        "{text}"
    );
    assert_eq!(detail["witnesses"].as_array().unwrap().len(), 1);
    assert_eq!(detail["cost"]["reported_usd"], "0.000099");
    assert_eq!(
        bench.json(&["trail", "calls", "input_tokens:8 cost_usd:>0"])["total"],
        1
    );
    bench.run(&["evidence", "fsck"]).with_code(0);
}

#[test]
fn an_update_of_langfuse_and_what_it_updates_are_one_call_in_any_order() {
    let [created, updated] = parts();
    let batch = |events: Vec<&Value>| json!({"batch": events, "metadata": {}}).to_string();
    for events in [vec![&created, &updated], vec![&updated, &created]] {
        let bench = Bench::empty();
        let file = bench.file("batch.json", batch(events));
        let summary = bench.json(&["import", &file]);
        assert_eq!(summary["accepted"], 2, "{summary}");
        assert_eq!(summary["batches"][0]["conflicts"], 0, "{summary}");
        check_parts(&bench);
    }
    for events in [[&created, &updated], [&updated, &created]] {
        let bench = Bench::empty();
        for (index, event) in events.into_iter().enumerate() {
            let file = bench.file(&format!("{index}.json"), batch(vec![event]));
            bench.run(&["import", &file]).with_code(0);
        }
        check_parts(&bench);
    }
}

#[test]
fn an_update_whose_beginning_is_nowhere_is_a_call_that_says_so() {
    let [_, updated] = parts();
    let bench = Bench::empty();
    let file = bench.file("batch.json", json!({"batch": [updated]}).to_string());
    bench.run(&["import", &file]).with_code(0);
    let page = bench.json(&["trail", "calls", "oddity:part_of_call,time_missing"]);
    assert_eq!(page["total"], 1, "{page}");
    assert_eq!(page["calls"][0]["started_at"], Value::Null);
}
