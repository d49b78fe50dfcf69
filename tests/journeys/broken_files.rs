//! Files that are not what they should be: each is counted and named, none stops an import.

use serde_json::Value;

use super::{Bench, log};

fn first_line(name: &str) -> String {
    String::from_utf8(log(name))
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .to_owned()
}

/// Imports `bytes` and answers the accepted lines, the reasons of the rejected ones, and the bench.
fn imported(name: &str, bytes: &[u8]) -> (u64, Vec<String>, Bench) {
    let bench = Bench::empty();
    let path = bench.file(name, bytes);
    let summary = bench.json(&["import", &path]);
    let rejected = bench.json(&["import", "rejected"]);
    let reasons: Vec<String> = rejected
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["reason"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(summary["rejected"], reasons.len(), "{name}: {summary}");
    (summary["accepted"].as_u64().unwrap(), reasons, bench)
}

#[track_caller]
fn check(name: &str, bytes: &[u8], accepted: u64, reasons: &[&str]) {
    let found = imported(name, bytes);
    assert_eq!(
        (found.0, found.1),
        (
            accepted,
            reasons
                .iter()
                .map(|reason| (*reason).to_owned())
                .collect::<Vec<_>>()
        ),
        "{name}"
    );
}

#[test]
fn files_without_records_have_a_reason() {
    check("empty.jsonl", b"", 0, &["empty_file"]);
    check(
        "binary.jsonl",
        &[0, 159, 146, 150, 0, 0, 1, 2, 3, 0, 255, 0].repeat(50),
        0,
        &["binary"],
    );
    check("text.log", b"just some text\n", 0, &["not_json"]);
    check(
        "utf16.jsonl",
        &"{\"a\":1, \"b\":2}\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<_>>(),
        0,
        &["utf16"],
    );
}

#[test]
fn a_cut_gzip_gives_what_it_holds_and_says_that_it_is_cut() {
    use std::io::Write;
    let line = first_line("audited-client.jsonl");
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    for number in 0..500 {
        writeln!(
            encoder,
            "{}",
            line.replace("3b9d3b5e", &format!("{number:08}"))
        )
        .unwrap();
    }
    let bytes = encoder.finish().unwrap();
    let (accepted, reasons, bench) = imported("cut.gz", &bytes[..bytes.len() / 2]);
    assert!(accepted > 100 && accepted < 500, "{accepted}");
    assert!(reasons.contains(&"truncated".to_owned()), "{reasons:?}");
    let batch = &bench.json(&["import", "batches"])[0];
    assert_eq!(
        (&batch["state"], &batch["sha256"]),
        (&"failed".into(), &Value::Null),
        "{batch}"
    );
}

#[test]
fn lines_that_are_no_records_do_not_stop_the_others() {
    let good = first_line("audited-client.jsonl");
    let bad = first_line("bedrock-invocations.jsonl");
    let deep = format!(
        "{{\"schemaType\":\"ModelInvocationLog\",\"x\":{}1{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let cases = [
        (
            "nan",
            bad.replace("\"inputTokenCount\":42", "\"inputTokenCount\":NaN"),
            "not_json",
        ),
        ("cut", bad[..bad.len() - 40].to_owned(), "truncated"),
        ("deep", deep, "too_deep"),
        (
            "twice",
            bad.replacen("\"region\":", "\"region\":\"x\",\"region\":", 1),
            "duplicate_key",
        ),
        (
            "type",
            bad.replace("\"region\":\"eu-west-1\"", "\"region\":7"),
            "field_type",
        ),
        (
            "unknown",
            "{\"hello\":\"world\"}".to_owned(),
            "format_unknown",
        ),
    ];
    for (name, line, reason) in cases {
        check(name, format!("{line}\n{good}\n").as_bytes(), 1, &[reason]);
    }
}

#[test]
fn damaged_text_is_kept_and_flagged() {
    let mut bytes = first_line("bedrock-invocations.jsonl").into_bytes();
    let at = bytes
        .windows(9)
        .position(|window| window == b"Summarise")
        .unwrap();
    bytes[at] = 0xFF;
    let (accepted, reasons, bench) = imported("damaged.jsonl", &bytes);
    assert_eq!((accepted, reasons.len()), (1, 0));
    assert_eq!(
        bench.json(&["trail", "calls", "oddity:text_damaged"])["total"],
        1
    );
}

#[test]
fn huge_numbers_are_exact_and_impossible_ones_flagged() {
    let line = first_line("audited-client.jsonl");
    let exact = line.replace("\"input_tokens\":812", "\"input_tokens\":9007199254740993");
    let (_, _, bench) = imported("exact.jsonl", exact.as_bytes());
    assert_eq!(
        bench.json(&["trail", "calls"])["calls"][0]["input_tokens"],
        9_007_199_254_740_993_u64
    );
    for number in ["1e400", "-4", "99999999999999999999999999"] {
        let odd = line.replace(
            "\"input_tokens\":812",
            &format!("\"input_tokens\":{number}"),
        );
        let (accepted, reasons, bench) = imported("odd.jsonl", odd.as_bytes());
        assert_eq!(accepted + reasons.len() as u64, 1, "{number}");
        if accepted == 1 {
            assert_eq!(
                bench.json(&["trail", "calls"])["calls"][0]["input_tokens"],
                Value::Null,
                "{number}"
            );
            assert_eq!(
                bench.json(&["trail", "calls", "has:oddity"])["total"],
                1,
                "{number}"
            );
        }
    }
}

#[test]
fn odd_times_are_flagged_and_never_guessed() {
    let line = first_line("bedrock-invocations.jsonl");
    for (time, oddity) in [
        ("0001-01-01T00:00:00Z", "time_out_of_range"),
        ("9999-12-31T23:59:59Z", "time_out_of_range"),
        ("2026-10-01 10:00:00", "time_without_zone"),
        ("yesterday", "time_unreadable"),
    ] {
        let (accepted, _, bench) = imported(
            "odd.jsonl",
            line.replace("2026-10-01T10:00:00Z", time).as_bytes(),
        );
        assert_eq!(accepted, 1, "{time}");
        let call = bench.json(&["trail", "calls"])["calls"][0].clone();
        assert_eq!(call["oddities"], serde_json::json!([oddity]), "{time}");
        assert_eq!(
            call["started_at"].is_null(),
            oddity != "time_without_zone",
            "{time}"
        );
    }
}

#[test]
fn two_contents_under_one_id_are_both_kept_and_counted_once() {
    let line = first_line("bedrock-invocations.jsonl");
    let other = line
        .replace("\"outputTokenCount\":11", "\"outputTokenCount\":12")
        .replace("\"output_tokens\":11", "\"output_tokens\":12");
    let (accepted, _, bench) = imported("conflict.jsonl", format!("{line}\n{other}\n").as_bytes());
    assert_eq!(accepted, 2);
    assert_eq!(bench.json(&["import", "batches"])[0]["conflicts"], 1);
    let page = bench.json(&["trail", "calls"]);
    assert_eq!(
        (&page["total"], &page["calls"][0]["conflict"]),
        (&1.into(), &true.into()),
        "{page}"
    );
    let id = page["calls"][0]["id"].as_str().unwrap();
    let witness = bench.json(&["trail", "call", id])["witnesses"][0].clone();
    assert_eq!(witness["differs"][0]["field"], "output_tokens", "{witness}");
}

#[test]
fn a_file_in_utf16_with_the_mark_of_its_byte_order_is_read_as_any_other() {
    let line = first_line("audited-client.jsonl");
    let text = format!("\u{feff}{line}\r\n{{\"a\":1}}\r\n");
    for (name, bytes) in [
        (
            "little.jsonl",
            text.encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect::<Vec<_>>(),
        ),
        (
            "big.jsonl",
            text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        ),
    ] {
        check(name, &bytes, 1, &["format_unknown"]);
    }
}
