//! Claude Code's sessions, a line for each message, in the shape in which version 2.1.332 was seen to write them.
//! Every value is invented.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use assay_domain::call::{Call, Kind, Status};
use assay_domain::formats::claude_code_sessions::Sessions;
use assay_domain::formats::{Context, Format, Reason, Record, parse, recognise, said};
use assay_domain::parts;
use serde_json::{Value, json};

const CONTEXT: Context = Context {
    now_ms: 1_795_500_000_000,
};
const FORMAT: Format = Format::ClaudeCodeSession;

fn line(kind: &str, own: Value) -> Value {
    let mut line = json!({"parentUuid": "p", "isSidechain": false, "type": kind, "uuid": "u", "userType": "external",
        "timestamp": "2026-10-01T10:00:02.500Z", "sessionId": "s-1", "version": "2.1.332", "entrypoint": "cli",
        "cwd": "/srv/desk"});
    for (key, value) in own.as_object().unwrap() {
        line[key] = value.clone();
    }
    line
}

fn asked(content: Value) -> Value {
    line(
        "user",
        json!({"message": {"role": "user", "content": content}}),
    )
}

fn block(message: &str, index: u64, block: Value) -> Value {
    line(
        "assistant",
        json!({"requestId": format!("req_{message}"), "apiBlockIndex": index,
        "requestedModel": "claude-sonnet-4-6", "message": {"id": format!("msg_{message}"), "type": "message",
        "role": "assistant", "model": "claude-sonnet-4-6", "content": [block], "stop_reason": "tool_use",
        "usage": {"input_tokens": 23, "output_tokens": 17, "cache_read_input_tokens": 1200,
            "cache_creation_input_tokens": 300, "inference_geo": "",
            "cache_creation": {"ephemeral_5m_input_tokens": 200, "ephemeral_1h_input_tokens": 100}}}}),
    )
}

fn session() -> Vec<Value> {
    vec![
        line(
            "queue-operation",
            json!({"operation": "enqueue", "content": "Where is it?"}),
        ),
        asked(json!("Where is it?")),
        block("1", 0, json!({"type": "text", "text": "Let me look."})),
        block(
            "1",
            1,
            json!({"type": "tool_use", "id": "t1", "name": "Read", "input": {"file": "claims.txt"}}),
        ),
        asked(json!([{"type": "tool_result", "tool_use_id": "t1", "content": "in Bern"}])),
        block("2", 0, json!({"type": "text", "text": "It is in Bern."})),
    ]
}

/// The records of a session's lines, as an import keeps them.
fn records(lines: &[Value]) -> Vec<Vec<u8>> {
    let mut sessions = Sessions::default();
    let kept = |line: &Value| {
        let raw = line.to_string().into_bytes();
        sessions.take(&raw).unwrap_or(raw)
    };
    lines.iter().map(kept).collect()
}

fn read(raw: &[u8]) -> Result<Call, Reason> {
    assert_eq!(recognise(raw), Some(FORMAT));
    match parse(FORMAT, raw, &CONTEXT) {
        Ok(Record::Call(call)) => Ok(*call),
        Ok(Record::Activity(_)) => panic!("an activity"),
        Err(rejected) => Err(rejected.reason),
    }
}

#[test]
fn an_answer_is_a_call_whose_blocks_are_parts_and_other_lines_are_none() {
    let records = records(&session());
    let found: Vec<Result<Call, Reason>> = records.iter().map(|raw| read(raw)).collect();
    let told: Vec<Option<bool>> = found
        .iter()
        .map(|call| call.as_ref().ok().map(parts::is_part))
        .collect();
    assert_eq!(
        told,
        [None, None, Some(false), Some(true), None, Some(false)]
    );
    assert_eq!(found[1].as_ref().err(), Some(&Reason::NoCall));
    let first = found[2].as_ref().unwrap();
    assert_eq!((first.kind, first.status), (Kind::ClaudeApi, Status::Ok));
    assert_eq!(
        [
            first.tokens.input,
            first.tokens.output,
            first.tokens.cache_read,
            first.tokens.cache_write_5m,
            first.tokens.cache_write_1h
        ],
        [Some(23), Some(17), Some(1_200), Some(200), Some(100)]
    );
    assert_eq!(first.request_ids["anthropic_request_id"], "req_1");
    assert_eq!(first.request_ids["message_id"], "msg_1");
    assert_eq!(first.conversation_id.as_deref(), Some("s-1"));
    assert_eq!(
        (&first.requested_region, &first.served_region),
        (&None, &None)
    );
    let whole = parts::together(found[3].as_ref().unwrap(), first).unwrap();
    assert_eq!(whole.tokens.output, Some(17));
}

#[test]
fn the_text_of_a_call_is_what_was_asked_since_the_answer_before_and_all_blocks() {
    let records = records(&session());
    let of = |at: &[usize]| -> Vec<String> {
        let raw = at.iter().map(|at| records[*at].as_slice());
        let said = said(FORMAT, raw);
        said.parts()
            .into_iter()
            .map(|part| format!("{}: {}", part.field.name(), part.text))
            .collect()
    };
    let first = of(&[2, 3]);
    assert_eq!(
        first[..2],
        ["user_message: Where is it?", "response: Let me look."]
    );
    assert!(first[2].contains("claims.txt"), "{first:?}");
    let second = of(&[5]);
    assert_eq!(second.len(), 2, "{second:?}");
    assert!(second[0].ends_with("in Bern"), "{second:?}");
}

#[test]
fn a_line_that_is_read_alone_or_twice_says_the_same() {
    let lines = session();
    let alone = read(lines[2].to_string().as_bytes()).unwrap();
    assert!(
        !parts::is_part(&alone),
        "its index says that it begins the answer"
    );
    assert!(records(&lines) == records(&lines));
    // An older version numbers no blocks: the first of an answer is the first that the file has.
    let mut old = lines;
    for line in &mut old {
        line.as_object_mut().unwrap().remove("apiBlockIndex");
    }
    let told: Vec<bool> = records(&old)
        .iter()
        .filter_map(|raw| read(raw).ok())
        .map(|call| parts::is_part(&call))
        .collect();
    assert_eq!(told, [false, true, false]);
}

#[test]
fn what_is_not_told_is_unknown() {
    // Before the answer ended, and from a provider that gives no id.
    let mut open = block("1", 0, json!({"type": "text", "text": "Let"}));
    open["message"]["stop_reason"] = Value::Null;
    open["message"]["usage"]["output_tokens"] = json!(1);
    open.as_object_mut().unwrap().remove("requestId");
    let call = read(open.to_string().as_bytes()).unwrap();
    assert_eq!((call.tokens.output, call.tokens.input), (None, Some(23)));
    assert_eq!(call.kind, Kind::Private);
    open["message"]["id"] = json!("msg_bdrk_1");
    assert_eq!(
        read(open.to_string().as_bytes()).unwrap().kind,
        Kind::Bedrock
    );
    // Claude Code says itself that a call failed.
    let failed = line(
        "assistant",
        json!({"isApiErrorMessage": true, "error": "rate_limit", "message": {"id": "5c1b",
        "model": "<synthetic>", "role": "assistant", "usage": {"input_tokens": 0, "output_tokens": 0},
        "content": [{"type": "text", "text": "API Error: 529 {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"},\"request_id\":\"req_9\"}"}]}}),
    );
    let call = read(failed.to_string().as_bytes()).unwrap();
    assert_eq!((call.status, call.http_status), (Status::Error, Some(529)));
    assert_eq!((call.tokens.input, call.request_model), (None, None));
    assert_eq!(call.request_ids["anthropic_request_id"], "req_9");
    let mut note = failed;
    note["isApiErrorMessage"] = json!(false);
    assert_eq!(
        read(note.to_string().as_bytes()).err(),
        Some(Reason::NoCall)
    );
}
