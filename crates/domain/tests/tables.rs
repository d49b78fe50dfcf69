//! Tables that queries of a warehouse or a database write as CSV: rows whose JSON stands in cells as text.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use assay_domain::call::{Body, Call, Kind, Oddity, Status};
use assay_domain::formats::{Context, Format, Reason, Record, exchange, parse, recognise};
use assay_domain::split::{Piece, Splitter};
use serde_json::{Value, json};

const CONTEXT: Context = Context {
    now_ms: 1_795_500_000_000,
};

/// The table whose columns are the keys of the first row, as BigQuery and PostgreSQL write CSV.
fn table(rows: &[Value]) -> String {
    let names: Vec<&String> = rows[0].as_object().unwrap().keys().collect();
    let cell = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => format!("\"{}\"", text.replace('"', "\"\"")),
        other => format!("\"{}\"", other.to_string().replace('"', "\"\"")),
    };
    let line = |row: &Value| {
        let cells: Vec<String> = names.iter().map(|name| cell(&row[name.as_str()])).collect();
        cells.join(",") + "\n"
    };
    let header: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
    header.join(",") + "\n" + &rows.iter().map(line).collect::<String>()
}

/// The objects of the rows, and the reasons why lines are none.
fn objects(text: &str) -> Vec<Result<Vec<u8>, Reason>> {
    let mut splitter = Splitter::new();
    let mut found = Vec::new();
    let mut take = |piece: Piece<'_>| {
        found.push(match piece {
            Piece::Row { object, .. } => Ok(object.to_vec()),
            Piece::Skipped { reason, .. } => Err(reason),
            Piece::Record { .. } => panic!("no row"),
        });
    };
    splitter.feed(text.as_bytes(), &mut take);
    splitter.finish(&mut take);
    found
}

fn call(format: Format, raw: &[u8]) -> Call {
    assert_eq!(recognise(raw), Some(format));
    match parse(format, raw, &CONTEXT) {
        Ok(Record::Call(call)) => *call,
        Ok(Record::Activity(_)) => panic!("an activity"),
        Err(rejected) => panic!("{rejected:?}"),
    }
}

fn texts(format: Format, raw: &[u8]) -> Vec<String> {
    let said = exchange(format, raw);
    said.parts().into_iter().map(|part| part.text).collect()
}

fn vertex() -> Value {
    json!({
        "endpoint": "projects/p1/locations/europe-west1/publishers/anthropic/models/claude-sonnet-4-6",
        "deployed_model_id": null, "logging_time": "2026-10-01 10:00:02.500000 UTC", "request_id": 77,
        "model": "publishers/anthropic/models/claude-sonnet-4-6", "model_version": "default",
        "api_method": "rawPredict",
        "full_request": {"anthropic_version": "vertex-2023-10-16", "max_tokens": 9,
            "messages": [{"role": "user", "content": "Where, \"please\",\nis my parcel?"}]},
        "full_response": {"id": "msg_vrtx_9", "type": "message", "model": "claude-sonnet-4-6",
            "content": [{"type": "text", "text": "In the depot."}], "stop_reason": "end_turn",
            "usage": {"input_tokens": 12, "output_tokens": 5, "cache_read_input_tokens": 3}},
        "metadata": {"request_latency": 1500.4}, "otel_log": null
    })
}

#[test]
fn rows_of_vertex_ai_as_csv_are_the_calls_that_they_are_as_json() {
    let mut failed = vertex();
    failed["full_response"] =
        json!({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "quota"}});
    let rows = [vertex(), failed];
    let found = objects(&table(&rows));
    assert_eq!(found.len(), 2);
    for (row, object) in rows.iter().zip(&found) {
        let object = object.as_ref().unwrap();
        let as_json = row.to_string();
        let format = Format::VertexRequestResponse;
        assert!(call(format, object) == call(format, as_json.as_bytes()));
        assert_eq!(texts(format, object), texts(format, as_json.as_bytes()));
    }
    let first = call(Format::VertexRequestResponse, found[0].as_ref().unwrap());
    assert_eq!(
        (first.latency_ms, first.tokens.cache_read),
        (Some(1_500), Some(3))
    );
    assert_eq!(first.request_ids["vertex_request_id"], "77");
}

#[test]
fn a_table_of_vertex_ai_that_was_cut_or_mistyped_loses_only_what_was_lost() {
    let whole = table(&[vertex(), vertex(), vertex()]);
    let lines: Vec<&str> = whole.lines().collect();
    assert_eq!(lines.len(), 4);
    // The end of the file is missing: the row's last cell, and some of its JSON.
    let at = whole.rfind("In the depot").unwrap();
    let found = objects(&whole[..at]);
    assert_eq!(found.len(), 3);
    assert_eq!(found[2], Err(Reason::Truncated));
    // The end of a row in the middle is missing.
    let cut = &lines[2][..lines[2].find("In the depot").unwrap()];
    let found = objects(&[lines[0], lines[1], cut, lines[3], ""].join("\n"));
    let kept: Vec<bool> = found.iter().map(Result::is_ok).collect();
    assert_eq!(kept, [true, false, true]);
    // No JSON where JSON belongs: the call is there, and what it said is not.
    let mut other = vertex();
    other["full_request"] = json!("{\"messages\": [");
    other["metadata"] = json!("soon");
    let found = objects(&table(&[other]));
    let read = call(Format::VertexRequestResponse, found[0].as_ref().unwrap());
    assert_eq!((read.status, read.latency_ms), (Status::Ok, None));
}

#[test]
fn rows_of_litellms_table_as_csv_are_the_calls_that_they_are_as_json() {
    let metadata = json!({"usage_object": {"prompt_tokens": 100, "cache_read_input_tokens": 70,
        "cache_creation_input_tokens": 10}, "user_api_key_alias": "claims-app"});
    let row = json!({"request_id": "chatcmpl-1", "call_type": "acompletion", "api_key": "", "spend": 0.00125,
        "total_tokens": 120, "prompt_tokens": 100, "completion_tokens": 20,
        "startTime": "2026-10-01 10:00:00.25", "endTime": "2026-10-01 10:00:01", "completionStartTime": null,
        "model": "anthropic.claude-haiku-4-5-20251001-v1:0", "custom_llm_provider": "bedrock",
        "api_base": "https://bedrock-runtime.eu-west-1.amazonaws.com/model/x/converse", "user": "",
        "metadata": metadata, "cache_hit": "False", "request_tags": ["prod"], "end_user": "",
        "messages": [{"role": "user", "content": "Hello"}],
        "response": {"choices": [{"finish_reason": "stop", "message": {"content": "Hi"}}]},
        "session_id": "s1", "status": "success", "proxy_server_request": {}});
    let found = objects(&table(std::slice::from_ref(&row)));
    let object = found[0].as_ref().unwrap();
    let as_json = row.to_string();
    assert!(call(Format::LiteLlmSpend, object) == call(Format::LiteLlmSpend, as_json.as_bytes()));
    assert_eq!(texts(Format::LiteLlmSpend, object), ["Hello", "Hi"]);
}

#[test]
fn rows_of_langfuse_as_csv_are_the_calls_that_they_are_as_json() {
    let row = json!({"id": "o-1", "traceId": "t-1", "type": "GENERATION", "level": "DEFAULT", "userId": "u-7",
        "startTime": "2026-10-01T10:00:00.000Z", "endTime": "2026-10-01T10:00:01.500Z",
        "providedModelName": "claude-haiku-4-5", "modelParameters": {"aws_region": "eu-west-1"},
        "metadata": {"hidden_params": {"api_base": "https://bedrock-runtime.eu-west-1.amazonaws.com"},
            "requester_metadata": {"team": "claims"}},
        "input": {"messages": [{"role": "user", "content": "Hello"}]},
        "output": {"role": "assistant", "content": "Hi"},
        "usageDetails": {"input": 12, "output": 5, "cache_read_input_tokens": 3},
        "costDetails": {"total": 0.0028}});
    let found = objects(&table(std::slice::from_ref(&row)));
    let object = found[0].as_ref().unwrap();
    let as_json = row.to_string();
    let read = call(Format::Langfuse, object);
    assert!(read == call(Format::Langfuse, as_json.as_bytes()));
    assert_eq!(
        (
            read.tokens.input,
            read.tokens.cache_read,
            read.reported_cost_usd_micros
        ),
        (Some(12), Some(3), Some(2_800))
    );
    // The place is told by its metadata, the Region by its settings.
    assert_eq!(
        (read.kind, read.requested_region.as_deref()),
        (Kind::Bedrock, Some("eu-west-1"))
    );
    assert_eq!(read.metadata["team"], "claims");
    assert_eq!(texts(Format::Langfuse, object), ["Hello", "Hi"]);
}

fn payload() -> Value {
    json!({"id": "chatcmpl-7", "trace_id": "t-7", "session_id": "", "call_type": "acompletion", "stream": true,
        "status": "success", "custom_llm_provider": "anthropic", "response_cost": 0.00125,
        "prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120,
        "startTime": 1_790_848_800.25, "endTime": 1_790_848_801.5, "response_time": 1.25,
        "model": "claude-haiku-4-5", "api_base": "https://api.anthropic.com/v1/messages",
        "metadata": {"user_api_key_alias": "claims-app", "user_api_key_hash": null, "usage_object": {
            "prompt_tokens": 100, "cache_read_input_tokens": 70, "cache_creation_input_tokens": 10}},
        "request_tags": ["prod"], "end_user": "u-1", "requester_ip_address": null, "error_str": null,
        "messages": [{"role": "user", "content": "It's \"here\"\nHello"}],
        "response": {"id": "chatcmpl-7", "choices": [{"finish_reason": "stop", "message": {"content": "Hi"}}]},
        "error_information": {"error_code": ""}, "model_parameters": {"max_tokens": 9},
        "hidden_params": {"additional_headers": {"llm_provider-request-id": "req_7"}}})
}

#[test]
fn payloads_of_litellm_as_csv_are_the_calls_that_they_are_as_json() {
    let row = payload();
    let found = objects(&table(std::slice::from_ref(&row)));
    let object = found[0].as_ref().unwrap();
    let read = call(Format::LiteLlm, object);
    assert!(read == call(Format::LiteLlm, row.to_string().as_bytes()));
    assert_eq!(read.latency_ms, Some(1_250));
    assert_eq!(read.tokens.cache_read, Some(70));
    assert_eq!(read.request_ids["anthropic_request_id"], "req_7");
    assert_eq!(
        texts(Format::LiteLlm, object),
        ["It's \"here\"\nHello", "Hi"]
    );
}

/// A value as Python prints it.
fn python(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) if text.contains('\'') && !text.contains('"') => {
            format!("\"{}\"", text.replace('\n', "\\n"))
        }
        Value::String(text) => {
            format!("'{}'", text.replace('\'', "\\'").replace('\n', "\\n"))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(python).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(keys) => {
            let pair = |(key, value): (&String, &Value)| format!("'{key}': {}", python(value));
            let pairs: Vec<String> = keys.iter().map(pair).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        other => other.to_string(),
    }
}

#[test]
fn payloads_of_litellm_that_pandas_wrote_as_csv_are_the_same_calls() {
    let mut row = payload();
    let nested: Vec<String> = row.as_object().unwrap().keys().cloned().collect();
    for key in nested {
        if row[&key].is_object() || row[&key].is_array() || row[&key].is_boolean() {
            row[&key] = json!(python(&row[&key]));
        }
    }
    row["prompt_tokens"] = json!("100.0");
    let found = objects(&table(&[row]));
    let object = found[0].as_ref().unwrap();
    assert!(
        call(Format::LiteLlm, object) == call(Format::LiteLlm, payload().to_string().as_bytes())
    );
    assert_eq!(
        texts(Format::LiteLlm, object),
        ["It's \"here\"\nHello", "Hi"]
    );
}

#[test]
fn a_table_whose_columns_have_no_capitals_and_rows_of_a_warehouse_tell_the_time_and_the_key() {
    // Athena and Hive write names of columns so.
    let mut lower = payload();
    let keys = lower.as_object_mut().unwrap();
    for (from, to) in [("startTime", "starttime"), ("endTime", "endtime")] {
        let value = keys.remove(from).unwrap();
        keys.insert(to.to_owned(), value);
    }
    let expected = call(Format::LiteLlm, payload().to_string().as_bytes());
    let found = objects(&table(&[lower]));
    assert!(call(Format::LiteLlm, found[0].as_ref().unwrap()) == expected);
    // The callback for Databricks takes the caller out of the metadata and counts microseconds.
    let mut row = payload();
    let keys = row.as_object_mut().unwrap();
    keys.remove("startTime");
    keys.remove("endTime");
    for key in ["metadata", "messages", "response", "hidden_params"] {
        let text = keys[key].to_string();
        keys.insert(key.to_owned(), json!(text));
    }
    keys.insert("start_time".to_owned(), json!(1_790_848_800_250_000_u64));
    keys.insert("end_time".to_owned(), json!(1_790_848_801_500_000_u64));
    keys.insert("api_key_alias".to_owned(), json!("claims-app"));
    assert!(call(Format::LiteLlm, row.to_string().as_bytes()) == expected);
}

#[test]
fn a_payload_whose_cells_are_no_json_is_a_call_without_what_they_held() {
    let mut row = payload();
    row["metadata"] = json!("{'user_api_key_alias': ");
    row["messages"] = json!("[{'role': 'user', 'content': 'Hel");
    row["startTime"] = json!("soon");
    let found = objects(&table(&[row]));
    let object = found[0].as_ref().unwrap();
    let read = call(Format::LiteLlm, object);
    assert_eq!((read.principal, read.started_at_ms), (None, None));
    assert_eq!(read.tokens.output, Some(20));
    // What is left of a text is text.
    assert!(texts(Format::LiteLlm, object)[0].contains("Hel"));
}

#[test]
fn a_text_that_litellm_cut_is_kept_as_far_as_it_goes_and_says_that_it_is_no_whole_one() {
    let mut cut = payload();
    cut["messages"] = json!(
        "[{'role': 'user', 'content': 'Hello and...truncated by litellm, this logger does not support large content"
    );
    let raw = cut.to_string().into_bytes();
    let read = call(Format::LiteLlm, &raw);
    assert_eq!(read.oddities, [Oddity::BodyUnreadable]);
    assert_eq!(read.body, Body::Present);
    assert!(texts(Format::LiteLlm, &raw)[0].contains("Hello and"));
    assert_eq!(
        call(Format::LiteLlm, payload().to_string().as_bytes()).oddities,
        []
    );
    let row = json!({"request_id": "chatcmpl-1", "call_type": "acompletion", "spend": 0.001, "status": "success",
        "startTime": "2026-10-01 10:00:00.25", "model": "claude-haiku-4-5", "custom_llm_provider": "anthropic",
        "messages": "[{\"role\":\"user\",\"content\":\"Hello ... (litellm_truncated skipped 4000 chars. Kept) end\"}]"});
    let read = call(Format::LiteLlmSpend, row.to_string().as_bytes());
    assert_eq!(read.oddities, [Oddity::BodyUnreadable]);
}
