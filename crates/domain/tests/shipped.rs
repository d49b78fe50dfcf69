//! Records behind what collectors, containers and platforms of logs add to a line.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use assay_domain::call::Call;
use assay_domain::formats::container_lines::{Pieces, Taken};
use assay_domain::formats::same_record::is_same;
use assay_domain::formats::wrapped::{carried, lacks};
use assay_domain::formats::{Context, Format, Reason, Record, exchange, parse, recognise, said};
use assay_domain::split::{Piece, Splitter};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

const CONTEXT: Context = Context {
    now_ms: 1_795_500_000_000,
};

fn payload() -> Value {
    json!({"id": "chatcmpl-3", "call_type": "acompletion", "status": "success", "custom_llm_provider": "anthropic",
        "response_cost": 0.001, "prompt_tokens": 31, "completion_tokens": 12, "startTime": 1_790_848_800.5,
        "response_time": 0.75, "model": "claude-haiku-4-5", "metadata": {"user_api_key_alias": "claims"},
        "messages": [{"role": "user", "content": "Where is {it}?"}],
        "response": {"choices": [{"finish_reason": "stop", "message": {"content": "In Bern."}}]}})
}

fn call(format: Format, raw: &[u8]) -> Call {
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

/// Ways in which a line of JSON comes out of other systems.
fn carriers(record: &Value) -> Vec<(&'static str, String)> {
    let line = record.to_string();
    let of = |value: Value| value.to_string();
    vec![
        (
            "docker",
            of(
                json!({"log": format!("{line}\n"), "stream": "stdout", "time": "2026-10-01T10:00:00.5Z"}),
            ),
        ),
        (
            "kubernetes",
            format!("2026-10-01T10:00:00.500000000+02:00 stdout F {line}"),
        ),
        (
            "fluent bit",
            of(json!({"log": line, "stream": "stderr", "kubernetes": {"pod_name": "gateway-0"}})),
        ),
        (
            "datadog's archive",
            of(
                json!({"_id": "A1", "date": "2026-10-01T10:00:00.500Z", "host": "h", "source": "litellm",
            "service": "gateway", "status": "info", "message": "", "attributes": record, "tags": ["env:prod"]}),
            ),
        ),
        (
            "datadog's api",
            of(
                json!({"id": "A1", "type": "log", "attributes": {"timestamp": "2026-10-01T10:00:00.500Z",
            "service": "gateway", "message": "a call", "attributes": record}}),
            ),
        ),
        (
            "datadog's intake",
            of(
                json!({"ddsource": "litellm", "ddtags": "env:prod", "hostname": "h",
            "message": line, "service": "gateway", "status": "info"}),
            ),
        ),
        (
            "cloud logging",
            of(
                json!({"insertId": "i", "jsonPayload": record, "logName": "projects/p/logs/run.googleapis.com%2Fstdout",
            "resource": {"type": "cloud_run_revision", "labels": {}}, "timestamp": "2026-10-01T10:00:00.500Z"}),
            ),
        ),
        (
            "cloud logging, text",
            of(
                json!({"insertId": "i", "textPayload": line, "timestamp": "2026-10-01T10:00:00.500Z"}),
            ),
        ),
        (
            "splunk",
            of(
                json!({"preview": false, "offset": 0, "result": {"_time": "2026-10-01", "_raw": line, "host": "h"}}),
            ),
        ),
        (
            "splunk's collector",
            of(json!({"time": 1_790_848_800.5, "sourcetype": "_json", "event": record})),
        ),
        (
            "loki",
            of(
                json!({"labels": {"app": "gateway"}, "line": line, "timestamp": "2026-10-01T10:00:00.5Z"}),
            ),
        ),
        (
            "elasticsearch",
            of(
                json!({"_index": "logs", "_id": "1", "_source": {"@timestamp": "2026-10-01T10:00:00.5Z",
            "message": line}}),
            ),
        ),
        (
            "a queue",
            of(json!({"MessageId": "m", "ReceiptHandle": "r", "MD5OfBody": "00", "Body": line})),
        ),
        (
            "pub/sub",
            of(
                json!({"ackId": "a", "message": {"data": STANDARD.encode(&line), "messageId": "7",
            "publishTime": "2026-10-01T10:00:00.5Z"}}),
            ),
        ),
        (
            "kinesis",
            of(json!({"SequenceNumber": "4", "Data": STANDARD.encode(&line), "PartitionKey": "p"})),
        ),
        (
            "a logger",
            format!("10:00:00 - gateway:INFO: logger.py:52 - Logging payload = {line}"),
        ),
        (
            "syslog",
            format!("Oct  1 10:00:00 host gateway[71]: {line}"),
        ),
    ]
}

#[test]
fn a_payload_behind_a_collectors_or_a_platforms_own_words_is_the_call_that_it_is_alone() {
    let record = payload();
    let alone = call(Format::LiteLlm, record.to_string().as_bytes());
    for (carrier, text) in carriers(&record) {
        let raw = text.as_bytes();
        assert_eq!(recognise(raw), Some(Format::LiteLlm), "{carrier}");
        assert!(call(Format::LiteLlm, raw) == alone, "{carrier}");
        assert_eq!(
            texts(Format::LiteLlm, raw),
            ["Where is {it}?", "In Bern."],
            "{carrier}"
        );
    }
}

#[test]
fn a_span_behind_other_words_keeps_its_text() {
    let span = json!({"traceId": "aa", "spanId": "b1", "name": "chat", "startTimeUnixNano": "1790848800000000000",
        "endTimeUnixNano": "1790848801000000000", "attributes": {"gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic", "gen_ai.request.model": "claude-haiku-4-5",
        "gen_ai.input.messages": "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Where?\"}]}]"}});
    let alone = call(Format::OpenTelemetry, span.to_string().as_bytes());
    for (carrier, text) in carriers(&span) {
        let raw = text.as_bytes();
        assert_eq!(recognise(raw), Some(Format::OpenTelemetry), "{carrier}");
        assert!(call(Format::OpenTelemetry, raw) == alone, "{carrier}");
        let said = said(Format::OpenTelemetry, [raw]);
        assert_eq!(said.parts().len(), 1, "{carrier}");
    }
}

#[test]
fn what_a_containers_runtime_adds_is_no_part_of_a_record_and_what_a_platform_adds_is() {
    let record = payload();
    let line = record.to_string();
    for (carrier, text) in carriers(&record) {
        let found = carried(text.as_bytes());
        match carrier {
            "docker" | "kubernetes" => assert_eq!(found.unwrap(), line.as_bytes(), "{carrier}"),
            _ => assert!(found.is_none(), "{carrier}"),
        }
    }
}

#[test]
fn what_only_looks_like_a_carried_record_is_none() {
    let line = payload().to_string();
    for text in [
        // Under a key that carries nothing.
        json!({"level": "info", "details": line}).to_string(),
        // Cut by the runtime of a container in its middle.
        format!("2026-10-01T10:00:00.5Z stdout P {}", &line[..90]),
        json!({"log": line[..90], "stream": "stdout"}).to_string(),
        json!({"message": {"message": {"message": {"message": {"message": {"message": line}}}}}})
            .to_string(),
        json!({"message": "{\"level\": \"info\"}", "level": "info"}).to_string(),
    ] {
        assert_eq!(recognise(text.as_bytes()), None, "{text}");
        assert!(
            parse(Format::LiteLlm, text.as_bytes(), &CONTEXT).is_err(),
            "{text}"
        );
    }
}

#[test]
fn messages_that_were_pulled_are_read_one_by_one_and_datadogs_spans_refused_by_name() {
    let line = payload().to_string();
    let pulled =
        json!({"receivedMessages": [{"ackId": "a", "message": {"data": STANDARD.encode(line)}}]});
    let mut found = Vec::new();
    let mut splitter = Splitter::new();
    let mut take = |piece: Piece<'_>| {
        if let Piece::Record { raw, .. } = piece {
            found.push(recognise(raw));
        }
    };
    splitter.feed(pulled.to_string().as_bytes(), &mut take);
    splitter.finish(&mut take);
    assert_eq!(found, [Some(Format::LiteLlm)]);
    let span = json!({"id": "A", "type": "span", "attributes": {"span_id": "1", "trace_id": "2", "span_kind": "llm",
        "ml_app": "claims", "input": {"messages": []}}});
    let raw = span.to_string();
    assert_eq!(recognise(raw.as_bytes()), None);
    assert!(lacks(raw.as_bytes()).contains("Datadog LLM Observability"));
    assert_eq!(lacks(b"{\"span_id\":1}"), "");
}

#[test]
fn tables_that_platforms_export_carry_records_in_their_cells() {
    let line = payload().to_string().replace('"', "\"\"");
    for (header, row) in [
        (
            "Date,Host,Service,Message",
            format!("2026-10-01T10:00:00Z,h,gateway,\"{line}\""),
        ),
        (
            "_time,_raw,host",
            format!("2026-10-01T10:00:00Z,\"{line}\",h"),
        ),
        (
            "insertId,jsonPayload,timestamp",
            format!("i,\"{line}\",2026-10-01T10:00:00Z"),
        ),
    ] {
        let mut found = Vec::new();
        let mut take = |piece: Piece<'_>| match piece {
            Piece::Row { object, .. } => found.push(Ok(object.to_vec())),
            Piece::Skipped { reason, .. } => found.push(Err(reason)),
            Piece::Record { .. } => found.push(Err(Reason::NotARow)),
        };
        let mut splitter = Splitter::new();
        splitter.feed(format!("{header}\n{row}\n").as_bytes(), &mut take);
        splitter.finish(&mut take);
        assert_eq!(found.len(), 1, "{header}");
        let object = found[0].as_ref().unwrap();
        assert_eq!(recognise(object), Some(Format::LiteLlm), "{header}");
        assert_eq!(texts(Format::LiteLlm, object).len(), 2, "{header}");
    }
}

fn docker(text: &str, stream: &str) -> String {
    json!({"log": text, "stream": stream, "time": "2026-10-01T10:00:00Z"}).to_string()
}

fn kubernetes(text: &str, stream: &str, tag: &str) -> String {
    format!("2026-10-01T10:00:00.5Z {stream} {tag} {text}")
}

/// What becomes of lines: `-` alone, `.` held, else the first line's number and the length of the whole.
fn taken(lines: &[String]) -> Vec<String> {
    let mut pieces = Pieces::default();
    let mut told: Vec<String> = (1_u64..)
        .zip(lines)
        .map(
            |(number, line)| match pieces.take(line.as_bytes(), number, 0) {
                Taken::Alone => "-".to_owned(),
                Taken::Held => ".".to_owned(),
                Taken::Whole(line) => format!("{} {}", line.line, line.text.len()),
                Taken::TooLong(_) => "too long".to_owned(),
            },
        )
        .collect();
    let rest = pieces.rest();
    told.extend(rest.iter().map(|line| format!("cut {}", line.line)));
    told
}

#[test]
fn pieces_of_a_line_are_one_line_whatever_stands_between_them() {
    let (long, end) = (format!("{{\"a\":\"{}", "x".repeat(16_378)), "y\"}\n");
    let lines = [
        docker(&long, "stdout"),
        docker("an error\n", "stderr"),
        docker(&"x".repeat(16_384), "stdout"),
        docker(end, "stdout"),
        docker("{\"b\":1}\n", "stdout"),
    ];
    assert_eq!(taken(&lines), [".", "-", ".", "1 32772", "-"]);
    let lines = [
        kubernetes("{\"a\":", "stdout", "P"),
        kubernetes("no", "stderr", "F"),
        kubernetes("1}", "stdout", "F"),
        kubernetes("{\"b\":1}", "stdout", "F"),
    ];
    assert_eq!(taken(&lines), [".", "-", "1 7", "-"]);
}

#[test]
fn a_line_without_its_last_piece_is_told_and_what_is_no_piece_is_left_alone() {
    let lines = [kubernetes("{\"a\":", "stdout", "P")];
    assert_eq!(taken(&lines), [".", "cut 1"]);
    let whole = format!("{{\"a\":\"{}\"}}", "x".repeat(20_000));
    let lines = [
        docker(&whole, "stdout"),
        json!({"log": whole, "kubernetes": {}}).to_string(),
        whole,
        docker("{\"a\":", "stdout"),
        "2026-10-01T10:00:00Z group {\"a\":1}".to_owned(),
    ];
    assert_eq!(taken(&lines), ["-"; 5]);
}

/// Whether both say the same, whichever comes first.
fn check_same(is_expected: bool, one: &str, other: &str) {
    assert_eq!(
        is_same(one.as_bytes(), other.as_bytes()),
        is_expected,
        "{one} {other}"
    );
    assert_eq!(
        is_same(other.as_bytes(), one.as_bytes()),
        is_expected,
        "{other} {one}"
    );
}

#[test]
fn a_record_is_the_same_however_it_was_written_again() {
    let line =
        r#"{"call_type": "a", "response_cost": 31, "end": null, "list": [{"b": 1, "a": 2.50}]}"#;
    check_same(
        true,
        line,
        r#"{"list":[{"a":2.5,"b":1.0}],"response_cost":31.0,"call_type":"a"}"#,
    );
    let carried = json!({"jsonPayload": {"response_cost": 31, "call_type": "a", "list": [{"a": 2.5, "b": 1}]},
        "insertId": "i"});
    check_same(true, line, &carried.to_string());
    check_same(
        true,
        line,
        &json!({"line": line, "labels": {"app": "x"}}).to_string(),
    );
    check_same(
        true,
        line,
        r#"{"kubernetes":{"pod":"p"},"response_cost":31,"call_type":"a","list":[{"b":1,"a":2.5}]}"#,
    );
}

#[test]
fn what_says_anything_else_is_another_record() {
    let line = r#"{"call_type":"a","response_cost":31,"list":[{"b":1}]}"#;
    check_same(
        false,
        line,
        r#"{"call_type":"a","response_cost":31,"list":[{"b":2}]}"#,
    );
    check_same(
        false,
        line,
        r#"{"call_type":"a","response_cost":31,"list":[]}"#,
    );
    check_same(
        false,
        line,
        r#"{"call_type":"a","response_cost":"31","list":[{"b":1}]}"#,
    );
    check_same(
        false,
        line,
        r#"{"call_type":"a","response_cost":31,"list":[{"b":1}],"user":"u"}"#,
    );
    // A collector puts nothing deep inside of a record.
    check_same(
        false,
        line,
        r#"{"call_type":"a","response_cost":31,"list":[{"b":1,"host":"h"}]}"#,
    );
    // Which of two is meant can't be told.
    check_same(
        false,
        line,
        r#"{"call_type":"a","call_type":"a","response_cost":31,"list":[{"b":1}]}"#,
    );
    check_same(false, "no json", "no json");
}
