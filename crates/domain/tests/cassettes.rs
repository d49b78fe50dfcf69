//! Cassettes of VCR, vcrpy and Betamax: exchanges that tests recorded.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use std::io::Write as _;

use assay_domain::call::{Body, Call, Feature, Kind, Oddity, Status};
use assay_domain::formats::{Context, Format, Reason, Record, exchange, parse, recognise};
use assay_domain::split::{MAX_RECORD, Piece, Splitter};
use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

const CONTEXT: Context = Context {
    now_ms: 1_795_500_000_000,
};
const CLAUDE: &str = "https://api.anthropic.com/v1/messages";
const TITAN: &str =
    "https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.titan-text-express-v1/invoke";

fn call(entry: &Value) -> Call {
    match parse(Format::Cassette, entry.to_string().as_bytes(), &CONTEXT) {
        Ok(Record::Call(call)) => *call,
        _ => panic!("no call"),
    }
}

fn texts(entry: &Value) -> Vec<String> {
    let parts = exchange(Format::Cassette, entry.to_string().as_bytes()).parts();
    parts.into_iter().map(|part| part.text).collect()
}

fn reason(entry: &Value) -> Reason {
    let Err(rejected) = parse(Format::Cassette, entry.to_string().as_bytes(), &CONTEXT) else {
        panic!("it was read")
    };
    rejected.reason
}

/// Input, output, read from the cache, written to it.
fn tokens(call: &Call) -> [Option<u64>; 4] {
    let of = &call.tokens;
    [of.input, of.output, of.cache_read, of.cache_write_5m]
}

fn asked() -> String {
    json!({"model": "claude-opus-5", "max_tokens": 5, "messages": [{"role": "user", "content": "Hello"}]})
        .to_string()
}

fn answered() -> String {
    json!({"id": "msg_1", "type": "message", "model": "claude-opus-5", "content": [{"type": "text", "text": "Hi"}],
        "stop_reason": "end_turn", "usage": {"input_tokens": 8, "output_tokens": 5}})
    .to_string()
}

/// An exchange as vcrpy 9.4 writes it with its serializer of JSON.
fn of_vcrpy(uri: &str, request: &str, headers: &Value, string: &Value) -> Value {
    json!({
        "request": {"method": "POST", "uri": uri, "body": request,
            "headers": {"X-Amz-Date": ["20261001T100000Z"], "x-api-key": ["sk-ant-secret"]}},
        "response": {"status": {"code": 200, "message": "OK"}, "headers": headers, "body": {"string": string}}})
}

fn pieces(file: &str) -> Vec<String> {
    let mut splitter = Splitter::new();
    let mut found = Vec::new();
    let mut take = |piece: Piece<'_>| match piece {
        Piece::Record { raw, .. } => found.push(String::from_utf8_lossy(raw).into_owned()),
        Piece::Row { .. } => panic!("no row"),
        Piece::Skipped { reason, .. } => found.push(format!("skipped: {}", reason.name())),
    };
    splitter.feed(file.as_bytes(), &mut take);
    splitter.finish(&mut take);
    found
}

#[test]
fn exchanges_of_vcrpy_are_calls() {
    let headers = json!({"date": ["Thu, 01 Oct 2026 10:00:02 GMT"], "content-type": ["application/json"],
        "request-id": ["req_5"], "anthropic-organization-id": ["org-1"]});
    let entry = of_vcrpy(CLAUDE, &asked(), &headers, &json!(answered()));
    let read = call(&entry);
    assert_eq!((read.kind, read.status), (Kind::ClaudeApi, Status::Ok));
    assert_eq!(read.http_status, Some(200));
    assert_eq!(
        read.started_at_ms,
        Some(1_790_848_800_000),
        "when it was signed"
    );
    assert_eq!(read.latency_ms, None);
    assert_eq!(read.request_ids["anthropic_request_id"], "req_5");
    assert_eq!(read.request_ids["message_id"], "msg_1");
    assert_eq!(read.account.as_deref(), Some("org-1"));
    assert_eq!(tokens(&read), [Some(8), Some(5), None, None]);
    assert_eq!(
        (read.body, texts(&entry)),
        (Body::Present, vec!["Hello".to_owned(), "Hi".to_owned()])
    );
    let file = json!({"version": 1, "interactions": [entry.clone(), entry]});
    let pieces = pieces(&file.to_string());
    assert_eq!(pieces.len(), 2);
    assert_eq!(recognise(pieces[0].as_bytes()), Some(Format::Cassette));
}

#[test]
fn compressed_answers_and_streams_are_read() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(answered().as_bytes()).unwrap();
    let packed = STANDARD.encode(gzip.finish().unwrap());
    let headers = json!({"Date": ["Thu, 01 Oct 2026 10:00:02 GMT"], "Content-Encoding": ["gzip"]});
    let mut entry = of_vcrpy(CLAUDE, &asked(), &headers, &json!({"base64": packed}));
    assert_eq!(texts(&entry), ["Hello", "Hi"]);
    // Betamax keeps the base64 beside the text.
    entry["response"]["body"] = json!({"encoding": "utf-8", "base64_string": packed});
    assert_eq!(texts(&entry), ["Hello", "Hi"]);
    entry["response"]["body"] =
        json!({"base64_string": STANDARD.encode([0x28, 0xB5, 0x2F, 0xFD, 0x00])});
    assert_eq!(call(&entry).oddities, [Oddity::BodyUnreadable]);
    let cut = &packed[..packed.len() / 8 * 4];
    entry["response"]["body"] = json!({"base64_string": cut});
    assert_eq!(call(&entry).oddities, [Oddity::BodyUnreadable]);

    let stream = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_2\",\"usage\":{\"input_tokens\":8,\"output_tokens\":1}}}\n\nevent: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi\"}}\n\nevent: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":9}}\n\n";
    let streamed = of_vcrpy(CLAUDE, &asked(), &headers, &json!(stream));
    assert_eq!(tokens(&call(&streamed)), [Some(8), Some(9), None, None]);
    assert_eq!(texts(&streamed), ["Hello", "Hi"]);

    let mut frames = Vec::new();
    for (kind, payload) in [
        ("messageStart", json!({"role": "assistant"})),
        (
            "contentBlockDelta",
            json!({"contentBlockIndex": 0, "delta": {"text": "Hi"}}),
        ),
        ("messageStop", json!({"stopReason": "end_turn"})),
        (
            "metadata",
            json!({"usage": {"inputTokens": 3, "outputTokens": 4}}),
        ),
    ] {
        let text = |value: &str| HeaderValue::String(value.to_owned().into());
        let frame = Message::new(payload.to_string().into_bytes())
            .add_header(Header::new(":event-type", text(kind)))
            .add_header(Header::new(":message-type", text("event")));
        write_message_to(&frame, &mut frames).unwrap();
    }
    let uri = "https://bedrock-runtime.eu-west-1.amazonaws.com/model/anthropic.claude-haiku-4-5/converse-stream";
    let headers = json!({"Content-Type": ["application/vnd.amazon.eventstream"], "x-amzn-RequestId": ["aws-1"]});
    let asked = json!({"messages": [{"role": "user", "content": [{"text": "Hello"}]}]}).to_string();
    for string in [
        json!({"base64": STANDARD.encode(&frames)}),
        json!(STANDARD.encode(&frames)),
    ] {
        let entry = of_vcrpy(uri, &asked, &headers, &string);
        let read = call(&entry);
        assert_eq!(tokens(&read), [Some(3), Some(4), None, None]);
        assert!(read.features.contains(Feature::Streaming));
        assert_eq!(read.request_ids["aws_request_id"], "aws-1");
        assert_eq!(texts(&entry), ["Hello", "Hi"]);
    }
}

#[test]
fn an_answer_that_unpacks_to_more_than_a_record_is_not_read() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    let spaces = vec![b' '; MAX_RECORD];
    gzip.write_all(&spaces).unwrap();
    gzip.write_all(answered().as_bytes()).unwrap();
    let packed = STANDARD.encode(gzip.finish().unwrap());
    let headers = json!({"Date": ["Thu, 01 Oct 2026 10:00:02 GMT"]});
    let entry = of_vcrpy(CLAUDE, &asked(), &headers, &json!({"base64": packed}));
    assert_eq!(call(&entry).oddities, [Oddity::BodyUnreadable]);
    assert_eq!(texts(&entry), ["Hello"]);
}

#[test]
fn what_bedrock_counts_in_headers_is_taken_where_the_answer_tells_none() {
    let headers = json!({"Date": ["Thu, 01 Oct 2026 10:00:02 GMT"], "X-Amzn-Bedrock-Input-Token-Count": ["28"],
        "X-Amzn-Bedrock-Output-Token-Count": ["197"], "X-Amzn-Bedrock-Cache-Read-Input-Token-Count": ["18131"],
        "X-Amzn-Bedrock-Cache-Write-Input-Token-Count": ["0"], "X-Amzn-Bedrock-Invocation-Latency": ["10738"]});
    let titan =
        json!({"results": [{"tokenCount": 197, "outputText": "Hi", "completionReason": "FINISH"}]});
    let asked_titan = json!({"inputText": "Hello"}).to_string();
    let read = call(&of_vcrpy(
        TITAN,
        &asked_titan,
        &headers,
        &json!(titan.to_string()),
    ));
    assert_eq!(tokens(&read), [Some(28), Some(197), Some(18_131), Some(0)]);
    assert_eq!(read.latency_ms, Some(10_738));
    let own = call(&of_vcrpy(CLAUDE, &asked(), &headers, &json!(answered())));
    assert_eq!(
        tokens(&own),
        [Some(8), Some(5), None, None],
        "never two sources in one"
    );
}

#[test]
fn the_model_of_a_path_is_whole_whether_its_colon_is_encoded_or_not() {
    let headers = json!({"Date": ["Thu, 01 Oct 2026 10:00:02 GMT"]});
    for model in [
        "anthropic.claude-3-haiku-20240307-v1:0",
        "anthropic.claude-3-haiku-20240307-v1%3A0",
    ] {
        let uri =
            format!("https://bedrock-runtime.us-east-1.amazonaws.com/model/{model}/invoke?x=1");
        let asked = json!({"messages": [{"role": "user", "content": "Hello"}]}).to_string();
        let read = call(&of_vcrpy(&uri, &asked, &headers, &json!(answered())));
        assert_eq!(
            read.request_model.as_deref(),
            Some("anthropic.claude-3-haiku-20240307-v1:0")
        );
    }
    let uri = "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/publishers/anthropic/models/claude-sonnet-4-6:rawPredict";
    let read = call(&of_vcrpy(uri, "{}", &headers, &json!(answered())));
    assert_eq!(read.request_model.as_deref(), Some("claude-sonnet-4-6"));
}

#[test]
fn exchanges_of_vcr_and_betamax_are_calls() {
    let mut entry = json!({
        "request": {"method": "post", "uri": CLAUDE, "body": {"encoding": "UTF-8", "string": asked()}, "headers": {}},
        "response": {"status": {"code": 529, "message": ""}, "headers": {"Request-Id": ["req_6"]},
            "body": {"encoding": "UTF-8", "string": "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}"}},
        "recorded_at": "Thu, 01 Oct 2026 10:00:02 GMT"});
    let read = call(&entry);
    assert_eq!((read.status, read.http_status), (Status::Error, Some(529)));
    assert_eq!(read.error_type.as_deref(), Some("overloaded_error"));
    assert_eq!(read.started_at_ms, Some(1_790_848_802_000));
    // Betamax writes the time of UTC without saying so, and older ones the status as a number.
    entry["recorded_at"] = json!("2026-10-01T10:00:02");
    entry["response"]["status"] = json!(529);
    assert!(call(&entry) == read);
    let file = json!({"http_interactions": [entry], "recorded_with": "VCR 6.3.1"});
    assert_eq!(pieces(&file.to_string()).len(), 1);
}

#[test]
fn what_cannot_be_read_is_told() {
    let headers = json!({"Date": ["some day"]});
    let entry = of_vcrpy(CLAUDE, "\u{FFFD}", &headers, &Value::Null);
    let mut untimed = entry.clone();
    untimed["request"]["headers"] = json!({});
    let read = call(&untimed);
    assert_eq!((read.body, read.started_at_ms), (Body::Missing, None));
    assert_eq!(read.oddities, [Oddity::TimeUnreadable]);
    let mut timeless = untimed.clone();
    timeless["response"]["headers"] = json!({});
    assert_eq!(call(&timeless).oddities, [Oddity::TimeMissing]);
    let mut ancient = entry.clone();
    ancient["request"]["headers"]["X-Amz-Date"] = json!(["19990101T000000Z"]);
    assert_eq!(call(&ancient).oddities, [Oddity::TimeOutOfRange]);
    let mut other = entry.clone();
    other["request"]["uri"] = json!("https://console.example/app.js");
    assert_eq!(reason(&other), Reason::NoCall);
    let mut page = entry;
    page["request"]["method"] = json!("GET");
    assert_eq!(reason(&page), Reason::NoCall);
    page["request"].as_object_mut().unwrap().remove("uri");
    assert_ne!(
        recognise(page.to_string().as_bytes()),
        Some(Format::Cassette)
    );
}

#[test]
fn a_cassette_in_yaml_is_refused_once_and_not_a_line_at_a_time() {
    let vcrpy = "interactions:\n- request:\n    method: POST\n    uri: https://api.anthropic.com/v1/messages\nversion: 1\n";
    let vcr = "---\nhttp_interactions:\n- request:\n    method: post\n    uri: https://api.anthropic.com/v1/messages\n";
    for file in [vcrpy, vcr] {
        assert_eq!(pieces(file), ["skipped: yaml"]);
    }
    let line = "interactions: 7 since Monday\n";
    assert_eq!(
        pieces(line),
        ["interactions: 7 since Monday"],
        "a line of another log"
    );
}
