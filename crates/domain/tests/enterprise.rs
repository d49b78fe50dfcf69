//! What Claude Enterprise gives to its organisation: frames of its inference hooks, chats and transcripts of its
//! sessions, in the shapes that the vendor documents. Every value is invented.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use assay_domain::call::{Body, Call, Feature, Kind, Oddity, Status};
use assay_domain::exchange::Field;
use assay_domain::formats::claude_chats::answers;
use assay_domain::formats::{Context, Format, Reason, Record, exchange, parse, recognise};
use assay_domain::moment::rfc3339;
use assay_domain::split::{Piece, Splitter};
use serde_json::{Value, json};

const CONTEXT: Context = Context {
    now_ms: 1_795_500_000_000,
};

fn frame(own: Value) -> Value {
    let mut frame = json!({"type": "prompt", "request_id": "req_01A", "tenant_id": "org-1",
        "actor": {"type": "user", "id": "user_01", "email_address": "rosa@example.com"},
        "source": {"application": "claude-ai"}, "session_id": "s-1", "model": "claude-sonnet-4-6",
        "messages": [{"role": "user", "content": [
            {"type": "text", "text": "Sum it up."},
            {"type": "attachment", "file_name": "q2.pdf", "media_type": "application/pdf", "size_bytes": 9, "text": "It grew."},
            {"type": "attachment", "file_name": null, "media_type": "image/png", "size_bytes": 9, "text": null},
            {"type": "a_later_kind", "text": "of what comes"}]}],
        "metadata": {}});
    for (key, value) in own.as_object().unwrap() {
        frame[key] = value.clone();
    }
    frame
}

fn read(format: Format, raw: &[u8]) -> Result<Call, Reason> {
    assert_eq!(recognise(raw), Some(format));
    match parse(format, raw, &CONTEXT) {
        Ok(Record::Call(call)) => Ok(*call),
        Ok(Record::Activity(_)) => panic!("an activity"),
        Err(rejected) => Err(rejected.reason),
    }
}

fn parts(format: Format, raw: &[u8]) -> Vec<(Field, String)> {
    let parts = exchange(format, raw).parts();
    parts.into_iter().map(|it| (it.field, it.text)).collect()
}

#[test]
fn a_prompt_is_a_call_of_which_nobody_knows_the_outcome() {
    let raw = frame(json!({})).to_string().into_bytes();
    let call = read(Format::InferenceHooks, &raw).unwrap();
    assert_eq!(
        (call.kind, call.status),
        (Kind::ClaudeEnterprise, Status::Error)
    );
    assert_eq!(call.error_type.as_deref(), Some("no_outcome_recorded"));
    assert_eq!(call.request_model.as_deref(), Some("claude-sonnet-4-6"));
    assert_eq!(call.principal.as_deref(), Some("rosa@example.com"));
    assert_eq!(call.account.as_deref(), Some("org-1"));
    assert_eq!(call.conversation_id.as_deref(), Some("s-1"));
    assert_eq!(call.metadata["application"], "claude-ai");
    assert_eq!(call.request_ids["hook_request_id"], "req_01A");
    assert_eq!((call.started_at_ms, call.body), (None, Body::Present));
    assert_eq!(call.oddities, [Oddity::TimeMissing]);
    assert!(call.features.contains(Feature::Document) && call.features.contains(Feature::Image));
    let expected = [
        (Field::UserMessage, "Sum it up."),
        (Field::Document, "q2.pdf"),
        (Field::Document, "It grew."),
        (Field::UserMessage, "of what comes"),
    ];
    let expected = expected.map(|(field, text)| (field, text.to_owned()));
    assert_eq!(parts(Format::InferenceHooks, &raw), expected);
}

#[test]
fn the_time_of_a_frame_is_that_of_its_signature_where_it_was_kept() {
    let time = |value: Value| {
        let raw = frame(json!({ "webhook-timestamp": value })).to_string();
        let call = read(Format::InferenceHooks, raw.as_bytes()).unwrap();
        (call.started_at_ms.map(rfc3339), call.oddities)
    };
    let expected = Some("2026-10-01T10:00:00.000Z".to_owned());
    assert_eq!(time(json!("1790848800")), (expected.clone(), vec![]));
    assert_eq!(time(json!(1_790_848_800)), (expected, vec![]));
    assert_eq!(time(json!("soon")), (None, vec![Oddity::TimeUnreadable]));
    assert_eq!(
        time(json!("99999999999999999")),
        (None, vec![Oddity::TimeOutOfRange])
    );
}

#[test]
fn a_frame_of_tools_holds_the_answer_that_asks_for_them() {
    let messages = json!([
        {"role": "user", "content": [{"type": "text", "text": "Find it."}]},
        {"role": "assistant", "content": [
            {"type": "text", "text": "I look."},
            {"type": "tool_use", "id": "t1", "tool_name": "search", "input": {"for": "Bern 12"}}]}]);
    let raw = frame(json!({"type": "tool_call", "request_id": "x1", "messages": messages}))
        .to_string()
        .into_bytes();
    let call = read(Format::InferenceHooks, &raw).unwrap();
    assert_eq!((call.status, call.error_type), (Status::Ok, None));
    assert_eq!(call.request_ids["hook_request_id"], "x1");
    let expected = [
        (Field::UserMessage, "Find it."),
        (Field::Response, "I look."),
        (Field::ResponseToolInput, "Bern 12"),
    ];
    let expected = expected.map(|(field, text)| (field, text.to_owned()));
    assert_eq!(parts(Format::InferenceHooks, &raw), expected);
}

#[test]
fn tests_of_the_connection_and_events_to_come_are_no_calls() {
    for own in [
        json!({"source": {"application": "config-test"}}),
        json!({"type": "response"}),
    ] {
        let raw = frame(own).to_string();
        let read = read(Format::InferenceHooks, raw.as_bytes());
        assert_eq!(read.err(), Some(Reason::NoCall));
    }
}

fn message(id: &str, role: &str, at: &str, own: Value) -> Value {
    let mut message = json!({"id": format!("claude_chat_msg_{id}"), "role": role, "created_at": at,
        "content": [], "files": null, "generated_files": null, "artifacts": null});
    for (key, value) in own.as_object().unwrap() {
        message[key] = value.clone();
    }
    message
}

fn says(text: &str) -> Value {
    json!({"content": [{"type": "text", "text": text}]})
}

fn chat(messages: Value) -> Value {
    json!({"id": "claude_chat_01", "name": "About Bern", "created_at": "2026-10-01T10:00:00Z",
        "updated_at": "2026-10-01T11:00:00Z", "deleted_at": null, "href": "https://claude.ai/chat/0",
        "model": "claude-opus-4-8", "organization_uuid": "org-1", "project_id": "claude_proj_1",
        "user": {"id": "user_01", "email_address": "rosa@example.com"}, "chat_messages": messages,
        "has_more": false, "first_id": "a", "last_id": "b"})
}

fn two_answers() -> Value {
    let mut first = says("See the plan.");
    first["files"] = json!([{"id": "claude_file_1", "filename": "plan of Anna.pdf", "mime_type": "application/pdf"}]);
    let second = json!({"content": [
        {"type": "text", "text": "I look.", "truncated": false},
        {"type": "tool_use", "id": "t1", "name": "search", "input": "{\"for\":\"Bern 12\"}", "truncated": false},
        {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "found"}], "truncated": false}],
        "artifacts": [{"id": "a", "version_id": "v", "title": "Draft", "artifact_type": "text/markdown"}]});
    json!([
        message("1", "user", "2026-10-01T10:00:00Z", first),
        message("2", "assistant", "2026-10-01T10:00:09Z", second),
        message("3", "user", "2026-10-01T10:05:00Z", says("And then?")),
        message("4", "assistant", "2026-10-01T10:05:04Z", says("Nothing.")),
    ])
}

#[test]
fn each_answer_of_a_chat_is_a_call_with_what_it_answers() {
    let document = chat(two_answers()).to_string();
    let told = answers(document.as_bytes()).unwrap();
    assert_eq!((told.records.len(), told.rest()), (2, None));
    let calls: Vec<Call> = told
        .records
        .iter()
        .map(|raw| read(Format::ClaudeChats, raw).unwrap())
        .collect();
    let first = &calls[0];
    assert_eq!(
        (first.kind, first.status),
        (Kind::ClaudeEnterprise, Status::Ok)
    );
    let at: Vec<Option<String>> = calls
        .iter()
        .map(|it| it.started_at_ms.map(rfc3339))
        .collect();
    let expected = ["2026-10-01T10:00:00.000Z", "2026-10-01T10:05:00.000Z"];
    assert_eq!(at, expected.map(|at| Some(at.to_owned())));
    assert_eq!(first.request_model.as_deref(), Some("claude-opus-4-8"));
    assert_eq!(first.principal.as_deref(), Some("rosa@example.com"));
    assert_eq!(first.conversation_id.as_deref(), Some("claude_chat_01"));
    assert_eq!(first.request_ids["chat_message_id"], "claude_chat_msg_2");
    assert_eq!(first.tokens, assay_domain::call::Tokens::default());
    assert!(first.oddities.is_empty());
    assert!(first.features.contains(Feature::Document));
    let expected = [
        (Field::UserMessage, "See the plan."),
        (Field::Document, "plan of Anna.pdf"),
        (Field::Response, "I look."),
        (Field::ResponseToolInput, "Bern 12"),
        (Field::ToolResult, "found"),
        (Field::Document, "Draft"),
    ];
    let expected = expected.map(|(field, text)| (field, text.to_owned()));
    assert_eq!(parts(Format::ClaudeChats, &told.records[0]), expected);
    assert_eq!(parts(Format::ClaudeChats, &told.records[1]).len(), 2);
}

#[test]
fn a_chat_fetched_again_gives_the_same_records_and_one_that_went_on_one_more() {
    let records = |chat: &Value| answers(chat.to_string().as_bytes()).unwrap().records;
    let before = records(&chat(two_answers()));
    let mut later = chat(two_answers());
    later["name"] = json!("Renamed");
    later["updated_at"] = json!("2026-10-02T10:00:00Z");
    later["deleted_at"] = json!("2026-10-02T10:00:00Z");
    let messages = later["chat_messages"].as_array_mut().unwrap();
    messages.push(message("5", "user", "2026-10-02T10:00:00Z", says("More?")));
    let told = answers(later.to_string().as_bytes()).unwrap();
    let rest = "the last message of a chat, which no answer follows".to_owned();
    assert_eq!((told.records == before, told.rest()), (true, Some(rest)));
    let messages = later["chat_messages"].as_array_mut().unwrap();
    messages.push(message(
        "6",
        "assistant",
        "2026-10-02T10:00:02Z",
        says("No."),
    ));
    assert_eq!(records(&later)[..2], before);
    let mut newest_first = chat(two_answers());
    newest_first["chat_messages"]
        .as_array_mut()
        .unwrap()
        .reverse();
    assert_eq!(records(&newest_first), before);
}

#[test]
fn what_was_shortened_or_left_out_is_not_taken_for_all_there_was() {
    let shortened = json!({"content": [{"type": "tool_use", "id": "t", "name": "n", "input": "{\"for\":\"Be", "truncated": true}]});
    let left_out = json!({"content": [], "content_unavailable": true});
    let document = chat(json!([
        message("1", "assistant", "2026-10-01T10:00:00Z", shortened),
        message("2", "assistant", "2026-10-01T10:01:00Z", left_out),
    ]));
    let told = answers(document.to_string().as_bytes()).unwrap();
    let of = |at: usize| {
        let call = read(Format::ClaudeChats, &told.records[at]).unwrap();
        (call.body, call.oddities)
    };
    assert_eq!(of(0), (Body::Present, vec![Oddity::BodyUnreadable]));
    assert_eq!(of(1), (Body::Missing, vec![]));
    let plain = chat(json!([message(
        "1",
        "assistant",
        "2026-10-01T10:00:00Z",
        json!({"content": "Plain."})
    )]));
    let cut = plain.to_string().replace("Plain.", "Plain \\ud83d");
    let cut = answers(cut.as_bytes()).unwrap();
    let shown = [(Field::Response, "Plain \u{fffd}".to_owned())];
    assert_eq!(parts(Format::ClaudeChats, &cut.records[0]), shown);
    let plain = answers(plain.to_string().as_bytes()).unwrap();
    let expected = [(Field::Response, "Plain.".to_owned())];
    assert_eq!(parts(Format::ClaudeChats, &plain.records[0]), expected);
    let input = (Field::ResponseToolInput, "{\"for\":\"Be".to_owned());
    assert_eq!(parts(Format::ClaudeChats, &told.records[0]), [input]);
}

#[test]
fn a_session_of_cowork_is_a_chat_by_other_names() {
    let session = json!({"id": "cse_1", "organization_uuid": "org-1",
        "user": {"id": "user_01", "email_address": null}, "agent_id": null, "status": "active",
        "updated_at": "2026-10-01T11:00:00Z", "product_surface": "cowork_remote"});
    let messages = json!([
        message("1", "user", "2026-10-01T10:00:00Z", says("Go.")),
        message("2", "assistant", "2026-10-01T10:00:02Z", says("Gone."))
    ]);
    // In the order in which they are given; printed over several lines as well.
    for text in [
        format!("{{\"session\":{session},\"data\":{messages},\"next_page\":null}}"),
        format!(
            "{{\n  \"session\": {session},\n  \"data\": {messages},\n  \"next_page\": null\n}}"
        ),
    ] {
        let mut pieces = Vec::new();
        let mut splitter = Splitter::new();
        let mut keep = |piece: Piece<'_>| match piece {
            Piece::Record { raw, .. } => pieces.push(raw.to_vec()),
            other => panic!("{other:?}"),
        };
        splitter.feed(text.as_bytes(), &mut keep);
        splitter.finish(&mut keep);
        assert_eq!(pieces.len(), 1, "the document is one piece");
        let told = answers(&pieces[0]).unwrap();
        let call = read(Format::ClaudeChats, &told.records[0]).unwrap();
        assert_eq!(call.conversation_id.as_deref(), Some("cse_1"));
        assert_eq!(call.principal.as_deref(), Some("user_01"));
        assert_eq!(call.metadata["application"], "cowork_remote");
        assert_eq!(call.request_model, None, "no session names its model");
    }
}

#[test]
fn a_session_on_a_users_machine_tells_each_answers_model_and_what_is_not_there() {
    let marker = json!({"content": [{"type": "text", "text": "[system prompt content not shown]", "truncated": true}],
        "provenance": {"type": "synthetic_marker"}});
    let mut asserted = says("[not verified] Earlier.");
    asserted["provenance"] = json!({"type": "client_asserted"});
    let mut answered = says("Done.");
    answered["model"] = json!("claude-opus-5");
    let gone =
        |reason: &str| json!({"provenance": {"type": "content_unavailable", "reason": reason}});
    let session = json!({"type": "compliance_local_session", "id": "clls_1", "workspace_id": "wrkspc_1",
        "user": {"id": "user_01", "email_address": null}, "product_surface": "claude_code"});
    let at = "2026-10-01T10:00:00Z";
    let document = json!({"session": session, "data": [
        message("1", "user", at, marker), message("2", "assistant", at, asserted),
        message("3", "user", at, says("Do it.")), message("4", "assistant", at, answered),
        message("5", "user", at, says("Again.")), message("6", "assistant", at, gone("client_aborted")),
        message("7", "user", at, says("Once more.")), message("8", "assistant", at, gone("not_captured"))]});
    let told = answers(document.to_string().as_bytes()).unwrap();
    let read = |raw: &Vec<u8>| {
        let call = read(Format::ClaudeChats, raw).unwrap();
        (call.response_model, call.error_type, call.body)
    };
    let calls: Vec<_> = told.records.iter().map(read).collect();
    let expected = [
        (Some("claude-opus-5".to_owned()), None, Body::Present),
        (None, Some("client_aborted".to_owned()), Body::Missing),
        (None, None, Body::Missing),
    ];
    assert_eq!(calls, expected);
    let texts = parts(Format::ClaudeChats, &told.records[0]);
    let texts: Vec<&str> = texts.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["[not verified] Earlier.", "Do it.", "Done."]);
}

#[test]
fn other_documents_are_no_chats() {
    for other in [
        json!({"chat_messages": "none"}),
        json!({"id": "claude_chat_1", "chat_messages": [{"text": "no role"}]}),
        json!({"session": "s", "data": []}),
        json!({"data": [{"session": {}}]}),
        json!({"messages": [], "say": "\"chat_messages\""}),
    ] {
        assert!(answers(other.to_string().as_bytes()).is_none(), "{other}");
    }
}
