//! Records of exports of clouds, gateways and telemetry, as they become calls and activities.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use assay_domain::activity::{Activity, Category};
use assay_domain::call::{Body, Call, Feature, Kind, Oddity, Status};
use assay_domain::formats::{Context, Format, Reason, Record, exchange, parse, recognise};
use assay_domain::split::{Piece, Splitter};
use serde_json::{Value, json};

const CONTEXT: Context = Context {
    now_ms: 1_795_500_000_000,
};

fn record(format: Format, record: &Value) -> Record {
    let raw = record.to_string();
    assert_eq!(recognise(raw.as_bytes()), Some(format), "recognised");
    match parse(format, raw.as_bytes(), &CONTEXT) {
        Ok(record) => record,
        Err(rejected) => panic!("{rejected:?}"),
    }
}

fn call(format: Format, value: &Value) -> Call {
    match record(format, value) {
        Record::Call(call) => *call,
        Record::Activity(_) => panic!("an activity"),
    }
}

fn activity(format: Format, value: &Value) -> Activity {
    match record(format, value) {
        Record::Activity(activity) => *activity,
        Record::Call(_) => panic!("a call"),
    }
}

fn reason(format: Format, value: &Value) -> Reason {
    match parse(format, value.to_string().as_bytes(), &CONTEXT) {
        Err(rejected) => rejected.reason,
        Ok(_) => panic!("accepted"),
    }
}

fn texts(format: Format, value: &Value) -> Vec<String> {
    exchange(format, value.to_string().as_bytes())
        .parts()
        .into_iter()
        .map(|part| part.text)
        .collect()
}

/// Input, output, read from and written to the cache.
fn tokens(call: &Call) -> [Option<u64>; 4] {
    let tokens = &call.tokens;
    [
        tokens.input,
        tokens.output,
        tokens.cache_read,
        tokens.cache_write_5m,
    ]
}

fn split(text: &str) -> Vec<String> {
    let mut splitter = Splitter::new();
    let mut found = Vec::new();
    let mut take = |piece: Piece<'_>| match piece {
        Piece::Record { raw, .. } => found.push(String::from_utf8_lossy(raw).into_owned()),
        Piece::Row { object, .. } => found.push(String::from_utf8_lossy(object).into_owned()),
        Piece::Skipped { reason, .. } => found.push(format!("skipped: {}", reason.name())),
    };
    for chunk in text.as_bytes().chunks(7) {
        splitter.feed(chunk, &mut take);
    }
    splitter.finish(&mut take);
    found
}

fn vertex() -> Value {
    json!({
        "endpoint": "projects/p1/locations/europe-west1/publishers/anthropic/models/claude-sonnet-4-6",
        "logging_time": "2026-10-01 10:00:02.500 UTC", "request_id": "77", "api_method": "StreamRawPredict",
        "model": "publishers/anthropic/models/claude-sonnet-4-6", "model_version": "default",
        "full_request": {"anthropic_version": "vertex-2023-10-16", "stream": true, "max_tokens": 9,
            "messages": [{"role": "user", "content": "Where is my parcel?"}]},
        "full_response": {"id": "msg_vrtx_9", "type": "message", "model": "claude-sonnet-4-6",
            "content": [{"type": "text", "text": "In the depot."}], "stop_reason": "end_turn",
            "usage": {"input_tokens": 12, "output_tokens": 5, "cache_read_input_tokens": 3}},
        "metadata": {"request_latency": 1500.4}
    })
}

#[test]
fn a_row_of_vertex_ai_is_read_with_its_json_as_objects_or_as_text() {
    let row = vertex();
    let call = call(Format::VertexRequestResponse, &row);
    assert_eq!(call.kind, Kind::Vertex);
    assert_eq!(call.request_model.as_deref(), Some("claude-sonnet-4-6"));
    assert_eq!(call.served_region.as_deref(), Some("europe-west1"));
    assert_eq!(call.account.as_deref(), Some("p1"));
    assert_eq!(
        call.started_at_ms,
        Some(1_790_848_801_000),
        "the row is written when the answer is complete"
    );
    assert_eq!(tokens(&call), [Some(12), Some(5), Some(3), None]);
    assert!(call.features.contains(Feature::Streaming));
    assert_eq!(call.request_ids["message_id"], "msg_vrtx_9");
    assert_eq!(call.body, Body::Present);
    let mut as_text = row.clone();
    for key in ["full_request", "full_response", "metadata"] {
        as_text[key] = json!(row[key].to_string());
    }
    let again = self::call(Format::VertexRequestResponse, &as_text);
    assert!(again == call, "the same, whichever way");
    let said = ["Where is my parcel?", "In the depot."];
    assert_eq!(texts(Format::VertexRequestResponse, &row), said);
    assert_eq!(texts(Format::VertexRequestResponse, &as_text), said);
}

#[test]
fn a_row_of_vertex_ai_without_an_endpoint_proves_no_place() {
    let mut row = vertex();
    row["endpoint"] = json!("");
    row["full_response"] =
        json!({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "quota"}});
    let call = call(Format::VertexRequestResponse, &row);
    assert_eq!((call.requested_region, call.served_region), (None, None));
    assert_eq!((call.status, call.http_status), (Status::Error, Some(429)));
    assert_eq!(call.error_type.as_deref(), Some("RESOURCE_EXHAUSTED"));
}

fn google(method: &str) -> Value {
    let resource = "projects/p1/locations/global/publishers/anthropic/models/claude-opus-5";
    json!({
        "protoPayload": {
            "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
            "authenticationInfo": {"principalEmail": "app@p1.iam.gserviceaccount.com"},
            "requestMetadata": {"callerIp": "203.0.113.9", "callerSuppliedUserAgent": "x/1"},
            "serviceName": "aiplatform.googleapis.com",
            "methodName": format!("google.cloud.aiplatform.v1.PredictionService.{method}"),
            "authorizationInfo": [{"resource": resource, "permission": "aiplatform.endpoints.predict",
                "granted": true, "permissionType": "DATA_READ"}],
            "resourceName": resource
        },
        "insertId": "i1", "timestamp": "2026-10-01T10:00:00.090Z", "operation": {"id": "o1", "first": true},
        "resource": {"type": "audited_resource", "labels": {"project_id": "p1"}},
        "logName": "projects/p1/logs/cloudaudit.googleapis.com%2Fdata_access"
    })
}

#[test]
fn googles_audit_log_is_a_witness_of_calls_without_their_text() {
    let mut entry = google("StreamRawPredict");
    let call = call(Format::GoogleAuditLog, &entry);
    assert_eq!(call.request_model.as_deref(), Some("claude-opus-5"));
    assert_eq!(call.requested_region.as_deref(), Some("global"));
    assert_eq!(call.served_region, None, "global is no place");
    assert_eq!(
        call.principal.as_deref(),
        Some("app@p1.iam.gserviceaccount.com")
    );
    assert_eq!((call.status, call.body), (Status::Ok, Body::NotCarried));
    assert_eq!(call.request_ids["google_operation_id"], "o1");
    entry["protoPayload"]["status"] = json!({"code": 8, "message": "Quota exceeded"});
    let failed = self::call(Format::GoogleAuditLog, &entry);
    assert_eq!(failed.error_type.as_deref(), Some("resource_exhausted"));
    assert_eq!(failed.http_status, Some(429));
    let mut in_bigquery = entry.clone();
    let payload = in_bigquery["protoPayload"].take();
    in_bigquery.as_object_mut().unwrap().remove("protoPayload");
    in_bigquery["protopayload_auditlog"] = payload;
    assert!(self::call(Format::GoogleAuditLog, &in_bigquery) == failed);
}

#[test]
fn googles_audit_log_tells_settings_from_access() {
    let read = activity(Format::GoogleAuditLog, &google("CountTokens"));
    assert_eq!(read.category, Category::Access);
    let mut changed = google("x");
    changed["protoPayload"]["methodName"] =
        json!("google.cloud.aiplatform.v1.EndpointService.SetPublisherModelConfig");
    changed["protoPayload"]["authorizationInfo"] = json!([]);
    let changed = activity(Format::GoogleAuditLog, &changed);
    assert_eq!(changed.category, Category::Settings);
    assert_eq!(changed.succeeded, Some(true));
    assert_eq!(changed.region.as_deref(), Some("global"));
}

#[test]
fn results_of_a_batch_have_no_time_and_no_request() {
    let done = json!({"custom_id": "a", "result": {"type": "succeeded", "message": {"id": "msg_1", "type": "message",
        "model": "claude-opus-5", "content": [{"type": "text", "text": "Done."}], "stop_reason": "end_turn",
        "usage": {"input_tokens": 4, "output_tokens": 2,
            "cache_creation": {"ephemeral_5m_input_tokens": 6, "ephemeral_1h_input_tokens": 7}}}}});
    let call = call(Format::BatchResults, &done);
    assert_eq!(call.status, Status::Ok);
    assert_eq!(call.oddities, [Oddity::TimeMissing]);
    assert!(call.features.contains(Feature::Batch));
    assert_eq!(tokens(&call), [Some(4), Some(2), None, Some(6)]);
    assert_eq!(call.tokens.cache_write_1h, Some(7));
    assert_eq!(texts(Format::BatchResults, &done), ["Done."]);
    let failed = json!({"custom_id": "b", "result": {"type": "errored", "error": {"type": "error",
        "error": {"type": "invalid_request_error", "message": "m"}, "request_id": "req_9"}}});
    let failed = self::call(Format::BatchResults, &failed);
    assert_eq!(failed.error_type.as_deref(), Some("invalid_request_error"));
    assert_eq!(failed.request_ids["anthropic_request_id"], "req_9");
    let expired = json!({"custom_id": "c", "result": {"type": "expired"}});
    let expired = self::call(Format::BatchResults, &expired);
    assert_eq!(expired.error_type.as_deref(), Some("expired"));
}

#[test]
fn a_spend_log_keeps_buckets_disjoint_and_opens_json_in_text() {
    let metadata = json!({"usage_object": {"prompt_tokens": 100, "cache_read_input_tokens": 70,
        "cache_creation_input_tokens": 10}, "user_api_key_alias": "claims-app",
        "spend_logs_metadata": {"classification": "internal"}});
    let row = json!({"request_id": "chatcmpl-1", "session_id": "s1", "call_type": "acompletion", "spend": 0.00125,
        "startTime": "2026-10-01 10:00:00.250000", "endTime": "2026-10-01 10:00:01.000000",
        "model": "anthropic.claude-haiku-4-5-20251001-v1:0", "custom_llm_provider": "bedrock",
        "api_base": "https://bedrock-runtime.eu-west-1.amazonaws.com/model/x/converse", "user": "",
        "prompt_tokens": 100, "completion_tokens": 20, "request_tags": "[\"prod\"]", "metadata": metadata.to_string(),
        "messages": "[{\"role\":\"system\",\"content\":\"Be kind.\"},{\"role\":\"user\",\"content\":\"Hello\"}]",
        "response": "{\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"Hi\"}}],\"usage\":{\"prompt_tokens\":1}}",
        "status": "success"});
    let call = call(Format::LiteLlmSpend, &row);
    assert_eq!(call.kind, Kind::Bedrock);
    assert_eq!(tokens(&call), [Some(20), Some(20), Some(70), Some(10)]);
    assert_eq!(call.latency_ms, Some(750));
    assert_eq!(call.oddities, [], "LiteLLM writes UTC");
    assert_eq!(call.principal.as_deref(), Some("claims-app"));
    assert_eq!(call.classification.as_deref(), Some("internal"));
    assert_eq!(call.reported_cost_usd_micros, Some(1_250));
    assert_eq!(call.requested_region.as_deref(), Some("eu-west-1"));
    assert_eq!(
        texts(Format::LiteLlmSpend, &row),
        ["Be kind.", "Hello", "Hi"]
    );
    let mut bare = row;
    bare["messages"] = json!("{}");
    assert_eq!(self::call(Format::LiteLlmSpend, &bare).body, Body::Missing);
    bare["proxy_server_request"] =
        json!({"body": {"messages": [{"role": "user", "content": "Hello"}]}})
            .to_string()
            .into();
    assert_eq!(self::call(Format::LiteLlmSpend, &bare).body, Body::Present);
}

#[test]
fn a_generation_of_langfuse_is_a_call_and_nothing_else_is() {
    let observation = json!({"id": "o1", "traceId": "t1", "startTime": "2026-10-01T10:00:00Z",
        "endTime": "2026-10-01T10:00:00.500Z", "type": "GENERATION", "level": "DEFAULT", "sessionId": "s1",
        "userId": "u1", "providedModelName": "bedrock/eu.anthropic.claude-haiku-4-5-20251001-v1:0",
        "modelParameters": {"aws_region": "eu-central-1"},
        "usageDetails": {"input": 10, "output": 4, "cache_read_input_tokens": 6}, "totalCost": 0.0003,
        "input": {"messages": [{"role": "user", "content": "Hello"}]},
        "output": {"role": "assistant", "content": "Hi there"}, "metadata": {}});
    let call = call(Format::Langfuse, &observation);
    assert_eq!(call.kind, Kind::Bedrock);
    assert_eq!(call.requested_region.as_deref(), Some("eu-central-1"));
    assert_eq!(call.served_region, None, "a profile may run elsewhere");
    assert_eq!(call.latency_ms, Some(500));
    assert_eq!(tokens(&call), [Some(10), Some(4), Some(6), None]);
    assert_eq!(call.reported_cost_usd_micros, Some(300));
    assert_eq!(texts(Format::Langfuse, &observation), ["Hello", "Hi there"]);
    let mut span = observation.clone();
    span["type"] = json!("SPAN");
    assert_eq!(reason(Format::Langfuse, &span), Reason::NoCall);
    let created = json!({"id": "e1", "type": "generation-create", "timestamp": "2026-10-01T10:00:00Z",
        "body": {"id": "g1", "traceId": "t1", "startTime": "2026-10-01T12:00:00+02:00", "model": "claude-opus-5",
            "usage": {"input": 3, "output": 2, "unit": "TOKENS", "totalCost": 0.00018}, "level": "ERROR"}});
    let created = self::call(Format::Langfuse, &created);
    assert_eq!(created.kind, Kind::ClaudeApi);
    assert_eq!(
        (created.status, created.body),
        (Status::Error, Body::Missing)
    );
    assert_eq!(created.reported_cost_usd_micros, Some(180));
    let updated = json!({"id": "e2", "type": "generation-update", "timestamp": "2026-10-01T10:00:00Z",
        "body": {"id": "g1", "endTime": "2026-10-01T10:00:01Z", "output": "Hi"}});
    let updated = self::call(Format::Langfuse, &updated);
    assert_eq!(
        (updated.started_at_ms, updated.latency_ms, updated.body),
        (None, None, Body::Present)
    );
    assert!(updated.oddities.contains(&Oddity::PartOfCall));
    let nameless = json!({"id": "e2", "type": "generation-update", "timestamp": "2026-10-01T10:00:00Z", "body": {"output": "Hi"}});
    assert_eq!(reason(Format::Langfuse, &nameless), Reason::FieldMissing);
    let span = json!({"id": "e3", "type": "observation-create", "timestamp": "2026-10-01T10:00:00Z", "body": {"id": "s1", "type": "SPAN"}});
    assert_eq!(reason(Format::Langfuse, &span), Reason::NoCall);
    let trace = json!({"id": "e0", "type": "trace-create", "timestamp": "2026-10-01T10:00:00Z", "body": {"id": "t1"}});
    assert_eq!(
        recognise(trace.to_string().as_bytes()),
        Some(Format::Langfuse)
    );
    assert_eq!(reason(Format::Langfuse, &trace), Reason::NoCall);
}

#[test]
fn helicone_portkey_and_cloudflare_each_in_their_own_units() {
    let body =
        json!({"model": "claude-sonnet-4-6", "messages": [{"role": "user", "content": "Hello"}]});
    let answer = json!({"id": "msg_1", "type": "message", "content": [{"type": "text", "text": "Hi"}],
        "stop_reason": "end_turn", "usage": {"input_tokens": 8, "output_tokens": 5, "cache_read_input_tokens": 2}});
    let helicone = json!({"request_id": "h1", "request_created_at": "2026-10-01T10:00:00Z", "request_body": body,
        "request_path": "https://anthropic.helicone.ai/v1/messages", "request_user_id": "u1",
        "request_properties": {"team": "finance"}, "request_model": "claude-sonnet-4-6", "provider": "ANTHROPIC",
        "response_id": "r1", "response_status": 200, "response_body": answer, "delay_ms": 812, "prompt_tokens": 10,
        "completion_tokens": 5, "costUSD": 0.000099});
    let portkey = json!({"id": "p1", "trace_id": "t1", "created_at": "2026-10-01T10:00:00Z", "request": body,
        "response": answer, "ai_org": "anthropic", "ai_model": "claude-sonnet-4-6", "req_units": 10, "res_units": 5,
        "request_url": "https://api.portkey.ai/v1/messages", "cost": 0.0099, "cost_currency": "USD",
        "response_time": 812, "response_status_code": 200, "metadata": {"_user": "u1", "team": "finance"}});
    let cloudflare = json!({"id": "c1", "created_at": "2026-10-01T10:00:00Z", "provider": "anthropic",
        "model": "claude-sonnet-4-6", "status_code": 200, "success": true, "cached": true, "cost": 0.000099,
        "tokens_in": 8, "tokens_out": 5, "duration": 812, "metadata": "{\"team\":\"finance\",\"user\":\"u1\"}"});
    for (format, row, body) in [
        (Format::Helicone, &helicone, Body::Present),
        (Format::Portkey, &portkey, Body::Present),
        (Format::CloudflareGateway, &cloudflare, Body::Missing),
    ] {
        let call = call(format, row);
        let name = format.name();
        assert_eq!(call.kind, Kind::ClaudeApi, "{name}");
        assert_eq!(call.reported_cost_usd_micros, Some(99), "{name}");
        assert_eq!(call.latency_ms, Some(812), "{name}");
        assert_eq!(call.principal.as_deref(), Some("u1"), "{name}");
        assert_eq!(call.metadata["team"], "finance", "{name}");
        assert_eq!(
            (call.tokens.input, call.tokens.output),
            (Some(8), Some(5)),
            "{name}"
        );
        assert_eq!(call.body, body, "{name}");
        assert_eq!(
            call.request_ids.contains_key("message_id"),
            body == Body::Present,
            "{name}"
        );
    }
    let mut euros = portkey;
    euros["cost_currency"] = json!("EUR");
    assert_eq!(call(Format::Portkey, &euros).reported_cost_usd_micros, None);
}

fn attribute(key: &str, value: Value) -> Value {
    json!({"key": key, "value": value})
}

fn span() -> Value {
    json!({"traceId": "4bf9", "spanId": "00f0", "name": "chat", "kind": 3, "startTimeUnixNano": "1790848800000000000",
    "endTimeUnixNano": "1790848802500000000", "status": {"code": 1}, "attributes": [
        attribute("gen_ai.operation.name", json!({"stringValue": "chat"})),
        attribute("gen_ai.provider.name", json!({"stringValue": "anthropic"})),
        attribute("gen_ai.request.model", json!({"stringValue": "claude-sonnet-4-6"})),
        attribute("gen_ai.response.id", json!({"stringValue": "msg_7"})),
        attribute("gen_ai.usage.input_tokens", json!({"intValue": "1052"})),
        attribute("gen_ai.usage.output_tokens", json!({"intValue": "47"})),
        attribute("gen_ai.usage.cache_read.input_tokens", json!({"intValue": "1000"})),
        attribute("gen_ai.response.finish_reasons", json!({"arrayValue": {"values": [{"stringValue": "end_turn"}]}})),
        attribute("server.address", json!({"stringValue": "api.anthropic.com"})),
        attribute("gen_ai.system_instructions", json!({"stringValue": "[{\"type\":\"text\",\"content\":\"Be brief.\"}]"})),
        attribute("gen_ai.input.messages", json!({"stringValue": "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Hello\"}]},{\"role\":\"assistant\",\"parts\":[{\"type\":\"tool_call\",\"id\":\"t\",\"name\":\"find\",\"arguments\":{\"q\":\"x\"}}]}]"})),
        attribute("gen_ai.output.messages", json!({"stringValue": "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Hi\"}]}]"})),
    ]})
}

#[test]
fn a_span_counts_cached_input_once() {
    let span = span();
    let call = call(Format::OpenTelemetry, &span);
    assert_eq!(call.kind, Kind::ClaudeApi);
    assert_eq!(tokens(&call), [Some(52), Some(47), Some(1000), None]);
    assert_eq!(call.latency_ms, Some(2_500));
    assert_eq!(call.stop_reason.as_deref(), Some("end_turn"));
    assert_eq!(call.request_ids["message_id"], "msg_7");
    assert_eq!(call.request_ids["otel_span_id"], "4bf9/00f0");
    assert_eq!(
        texts(Format::OpenTelemetry, &span),
        ["Be brief.", "Hello", "x", "Hi"]
    );
}

#[test]
fn a_span_of_the_former_conventions_and_one_of_something_else() {
    let span = json!({"traceId": "t", "spanId": "s", "startTimeUnixNano": "1790848800000000000", "endTimeUnixNano": "1790848801000000000",
        "attributes": [attribute("gen_ai.system", json!({"stringValue": "AWS.Bedrock"})),
            attribute("gen_ai.request.model", json!({"stringValue": "us.anthropic.claude-3-7-sonnet-20250219-v1:0"})),
            attribute("gen_ai.usage.prompt_tokens", json!({"intValue": "20"})),
            attribute("gen_ai.usage.completion_tokens", json!({"intValue": "72"})),
            attribute("gen_ai.prompt.0.role", json!({"stringValue": "user"})),
            attribute("gen_ai.prompt.0.content", json!({"stringValue": "Hello"})),
            attribute("gen_ai.completion.0.content", json!({"stringValue": "Hi"}))]});
    let call = call(Format::OpenTelemetry, &span);
    assert_eq!(call.kind, Kind::Bedrock);
    assert_eq!(tokens(&call), [Some(20), Some(72), None, None]);
    assert_eq!(texts(Format::OpenTelemetry, &span), ["Hello", "Hi"]);
    let other = json!({"traceId": "t", "spanId": "u", "startTimeUnixNano": "1790848800000000000",
        "attributes": [attribute("http.route", json!({"stringValue": "/pay"}))]});
    assert_eq!(reason(Format::OpenTelemetry, &other), Reason::NoCall);
}

#[test]
fn the_event_of_an_operations_details_is_a_part_of_its_span() {
    let mut event = span();
    let fields = event.as_object_mut().unwrap();
    fields.remove("startTimeUnixNano");
    fields.remove("endTimeUnixNano");
    fields.insert("timeUnixNano".to_owned(), json!("1790848802500000000"));
    assert_eq!(reason(Format::OpenTelemetry, &event), Reason::NoCall);
    let name = "gen_ai.client.inference.operation.details";
    let mut by_attribute = event.clone();
    by_attribute["attributes"]
        .as_array_mut()
        .unwrap()
        .push(attribute("event.name", json!({ "stringValue": name })));
    event["eventName"] = json!(name);
    for event in [event, by_attribute] {
        let call = call(Format::OpenTelemetry, &event);
        assert!(assay_domain::parts::is_part(&call));
        assert_eq!(call.started_at_ms, Some(1_790_848_802_500));
        assert_eq!(call.latency_ms, None);
        assert_eq!(call.request_ids["otel_span_id"], "4bf9/00f0");
        assert_eq!(
            texts(Format::OpenTelemetry, &event),
            ["Be brief.", "Hello", "x", "Hi"]
        );
        let whole =
            assay_domain::parts::together(&call, &self::call(Format::OpenTelemetry, &span()));
        let whole = whole.unwrap();
        assert_eq!(whole.latency_ms, Some(2_500));
        assert_eq!(whole.started_at_ms, Some(1_790_848_800_000));
    }
}

#[test]
fn an_event_of_claude_code_is_a_call_of_its_session() {
    let event = json!({"timeUnixNano": "1790848802500000000", "body": {"stringValue": "claude_code.api_request"},
        "attributes": [attribute("event.name", json!({"stringValue": "api_request"})),
            attribute("session.id", json!({"stringValue": "s1"})), attribute("model", json!({"stringValue": "claude-sonnet-5"})),
            attribute("cost_usd_micros", json!({"intValue": "12300"})), attribute("duration_ms", json!({"intValue": "2500"})),
            attribute("input_tokens", json!({"intValue": "410"})), attribute("output_tokens", json!({"intValue": "585"})),
            attribute("cache_read_tokens", json!({"intValue": "1000"})),
            attribute("request_id", json!({"stringValue": "req_1"}))]});
    let call = call(Format::ClaudeCode, &event);
    assert_eq!(call.started_at_ms, Some(1_790_848_800_000));
    assert_eq!(call.reported_cost_usd_micros, Some(12_300));
    assert_eq!(call.conversation_id.as_deref(), Some("s1"));
    assert_eq!(tokens(&call), [Some(410), Some(585), Some(1000), None]);
    let prompt = json!({"timeUnixNano": "1790848802500000000", "body": {"stringValue": "claude_code.user_prompt"}, "attributes": []});
    assert_eq!(reason(Format::ClaudeCode, &prompt), Reason::NoCall);
}

#[test]
fn spans_and_log_records_are_cut_out_of_their_envelopes() {
    let resource = |spans: Value| {
        json!({"resource": {"attributes": [{"key": "k", "value": {"stringValue": "v"}}]},
        "scopeSpans": [{"scope": {"name": "a"}, "spans": spans}, {"scope": {"name": "b"}, "spans": [{"n": 3}], "schemaUrl": "x"}]})
    };
    let file = json!({"resourceSpans": [resource(json!([{"n": 1, "spans": [{"deep": 1}]}, {"n": 2}])), resource(json!([]))]});
    let expected = [
        r#"{"n":1,"spans":[{"deep":1}]}"#,
        r#"{"n":2}"#,
        r#"{"n":3}"#,
        r#"{"n":3}"#,
    ];
    assert_eq!(split(&file.to_string()), expected);
    assert_eq!(
        split(&serde_json::to_string_pretty(&file).unwrap()).len(),
        4
    );
    let two_lines = format!("{file}\n{file}\n");
    assert_eq!(
        split(&two_lines).len(),
        8,
        "the collector writes a line an export"
    );
    let logs = json!({"resourceLogs": [{"scopeLogs": [{"logRecords": [{"n": 1}, {"n": 2}]}]}]});
    assert_eq!(split(&logs.to_string()), [r#"{"n":1}"#, r#"{"n":2}"#]);
    let odd = json!({"resourceSpans": [{"nothing": 1}]});
    assert_eq!(
        split(&odd.to_string()),
        [r#"{"nothing":1}"#],
        "rejected by name and not lost"
    );
    let cut = &file.to_string()[..file.to_string().len() - 60];
    assert_eq!(
        split(cut).last().map(String::as_str),
        Some("skipped: truncated")
    );
}

fn entry(url: &str, status: u16, request: &Value, response: &str) -> Value {
    json!({"startedDateTime": "2026-10-01T10:00:00.000Z", "time": 812.4,
        "request": {"method": "POST", "url": url, "headers": [{"name": "x-api-key", "value": "sk-ant-secret"}],
            "postData": {"mimeType": "application/json", "text": request.to_string()}},
        "response": {"status": status, "headers": [{"name": "Request-Id", "value": "req_5"},
            {"name": "x-amzn-RequestId", "value": "aws-1"}], "content": {"mimeType": "x", "text": response}}})
}

#[test]
fn recorded_exchanges_of_three_wire_protocols() {
    let request = json!({"model": "claude-opus-5", "max_tokens": 5, "messages": [{"role": "user", "content": "Hello"}]});
    let answer = json!({"id": "msg_1", "type": "message", "model": "claude-opus-5", "content": [{"type": "text", "text": "Hi"}],
        "stop_reason": "end_turn", "usage": {"input_tokens": 8, "output_tokens": 5}});
    let plain = entry(
        "https://api.anthropic.com/v1/messages?beta=true",
        200,
        &request,
        &answer.to_string(),
    );
    let plain_call = call(Format::Har, &plain);
    assert_eq!(plain_call.kind, Kind::ClaudeApi);
    assert_eq!(plain_call.request_ids["anthropic_request_id"], "req_5");
    assert_eq!(plain_call.latency_ms, Some(812));
    assert_eq!(texts(Format::Har, &plain), ["Hello", "Hi"]);
    let stream = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_2\",\"usage\":{\"input_tokens\":8,\"output_tokens\":1}}}\n\nevent: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\nevent: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":9}}\n\n";
    let streamed = entry(
        "https://api.anthropic.com/v1/messages",
        200,
        &request,
        stream,
    );
    let streamed_call = call(Format::Har, &streamed);
    assert_eq!(tokens(&streamed_call), [Some(8), Some(9), None, None]);
    assert_eq!(streamed_call.stop_reason.as_deref(), Some("end_turn"));
    assert_eq!(texts(Format::Har, &streamed), ["Hello", "Hi"]);
    let (cut, _) = stream.split_at(stream.find("event: message_delta").unwrap());
    let cut = entry("https://api.anthropic.com/v1/messages", 200, &request, cut);
    let unknown = [Some(8), None, None, None];
    assert_eq!(tokens(&call(Format::Har, &cut)), unknown);
    let converse = json!({"output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}}, "stopReason": "end_turn",
        "usage": {"inputTokens": 3, "outputTokens": 4, "cacheReadInputTokens": 2}});
    let bedrock = entry(
        "https://bedrock-runtime.eu-west-1.amazonaws.com/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse",
        200,
        &json!({"messages": [{"role": "user", "content": [{"text": "Hello"}]}]}),
        &converse.to_string(),
    );
    let bedrock_call = call(Format::Har, &bedrock);
    assert_eq!(
        bedrock_call.request_model.as_deref(),
        Some("anthropic.claude-3-haiku-20240307-v1:0")
    );
    assert_eq!(bedrock_call.served_region.as_deref(), Some("eu-west-1"));
    assert_eq!(tokens(&bedrock_call), [Some(3), Some(4), Some(2), None]);
    assert_eq!(texts(Format::Har, &bedrock), ["Hello", "Hi"]);
    let vertex = entry(
        "https://us-east5-aiplatform.googleapis.com/v1/projects/p1/locations/us-east5/publishers/anthropic/models/claude-sonnet-4-6:rawPredict",
        429,
        &request,
        "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"m\"},\"request_id\":\"req_9\"}",
    );
    let vertex_call = call(Format::Har, &vertex);
    assert_eq!(
        (vertex_call.kind, vertex_call.status),
        (Kind::Vertex, Status::Error)
    );
    assert_eq!(vertex_call.error_type.as_deref(), Some("rate_limit_error"));
    assert_eq!(vertex_call.served_region.as_deref(), Some("us-east5"));
    let page = entry("https://console.example/app.js", 200, &json!({}), "x");
    assert_eq!(reason(Format::Har, &page), Reason::NoCall);
    let file = json!({"log": {"version": "1.2", "creator": {"name": "x"}, "pages": [{"id": "p"}],
        "entries": [plain, bedrock], "comment": "c"}});
    let pieces = split(&file.to_string());
    assert_eq!(pieces.len(), 2);
    assert_eq!(recognise(pieces[0].as_bytes()), Some(Format::Har));
}

#[test]
fn a_known_format_of_another_form_is_named_and_not_guessed() {
    for format in Format::ALL {
        let empty = reason(format, &json!({}));
        assert!(
            matches!(empty, Reason::FormatUnknown | Reason::FieldMissing),
            "{}: {empty:?}",
            format.name()
        );
        assert_eq!(Format::from_name(format.name()), Some(format));
    }
    assert_eq!(
        recognise(b"{\"log\":{\"level\":\"info\"},\"message\":\"x\"}"),
        None
    );
}
