//! Tables that queries of a warehouse or a database write as CSV: rows whose JSON stands in cells as text.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use assay_domain::call::{Call, Kind, Status};
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
