//! The layouts of files, cut in chunks of any size.

use assay_domain::split::{MAX_RECORD, Piece, Splitter};

fn pieces(text: &[u8], chunk: usize) -> Vec<(String, u64, u64)> {
    let mut found = Vec::new();
    let mut splitter = Splitter::new();
    let mut emit = |piece: Piece<'_>| {
        found.push(match piece {
            Piece::Record {
                raw, line, offset, ..
            } => (String::from_utf8_lossy(raw).into_owned(), line, offset),
            Piece::Row {
                object,
                line,
                offset,
                ..
            } => (String::from_utf8_lossy(object).into_owned(), line, offset),
            Piece::Skipped {
                reason,
                line,
                offset,
                length,
                ..
            } => (format!("<{} {length}>", reason.name()), line, offset),
        });
    };
    for part in text.chunks(chunk.max(1)) {
        splitter.feed(part, &mut emit);
    }
    splitter.finish(&mut emit);
    found
}

fn raws(text: &str) -> Vec<String> {
    pieces(text.as_bytes(), 1 << 20)
        .into_iter()
        .map(|(raw, ..)| raw)
        .collect()
}

#[test]
fn a_record_a_line() {
    assert_eq!(
        pieces(b"{\"a\":1}\r\n\n  {\"b\":2}\n{\"c\":", 7),
        [
            ("{\"a\":1}".to_owned(), 1, 0),
            ("{\"b\":2}".to_owned(), 3, 12),
            ("{\"c\":".to_owned(), 4, 20)
        ]
    );
}

#[test]
fn a_malformed_line_does_not_eat_the_next() {
    assert_eq!(raws("{\"a\":\"\n{\"b\":2}\n"), ["{\"a\":\"", "{\"b\":2}"]);
    assert_eq!(raws("oops\n{\"b\":2}\n"), ["oops", "{\"b\":2}"]);
    assert_eq!(raws("{\n{\"b\":2}\n"), ["{", "{\"b\":2}"]);
}

#[test]
fn envelopes_arrays_and_printed_records() {
    assert_eq!(
        raws("{\"Records\":[{\"a\":[1]},{\"b\":\"]}\"}]}"),
        ["{\"a\":[1]}", "{\"b\":\"]}\"}"]
    );
    assert_eq!(
        raws("{\"has_more\":false,\"data\":[{\"a\":1}],\"last_id\":\"x\"}"),
        ["{\"a\":1}"]
    );
    assert_eq!(raws("[{\"a\":1},\n{\"b\":2}]"), ["{\"a\":1}", "{\"b\":2}"]);
    assert_eq!(
        raws("{\n \"a\": {\"data\": [1]}\n}\n{\n \"b\": 2\n}\n"),
        ["{\n \"a\": {\"data\": [1]}\n}", "{\n \"b\": 2\n}"]
    );
    assert_eq!(
        raws("{\"Records\":[{\"a\":1}]}\n{\"Records\":[{\"b\":1}]}\n"),
        ["{\"a\":1}", "{\"b\":1}"]
    );
    assert_eq!(raws("{\"Records\":[]}"), Vec::<String>::new());
    assert_eq!(
        raws("{\"Records\":[{\"a\":1},{\"b\":"),
        ["{\"a\":1}", "<truncated 5>"]
    );
}

#[test]
fn an_envelope_that_is_cut_does_not_eat_the_next() {
    let span = |id: u32| format!("{{\"spanId\":\"{id}\"}}");
    let line = |id: u32| {
        let spans = format!("{{\"scopeSpans\":[{{\"spans\":[{}]}}]}}", span(id));
        format!("{{\"resourceSpans\":[{spans}]}}\n")
    };
    let whole = line(2);
    for from in 0..whole.len() - 2 {
        for (first, cut) in [
            ("", &whole[..=from]),
            ("", &whole[from + 1..whole.len() - 1]),
        ] {
            for before in [first.to_owned(), line(1)] {
                let text = format!("{before}{cut}\n{}{}", line(3), line(4));
                for chunk in [1, 7, 1 << 20] {
                    let found = pieces(text.as_bytes(), chunk);
                    let of = |id: u32| found.iter().filter(|(raw, ..)| *raw == span(id)).count();
                    assert_eq!((of(3), of(4)), (1, 1), "{text}");
                    assert_eq!(of(1), usize::from(!before.is_empty()), "{text}");
                    let (_, at, offset) = found.iter().find(|(raw, ..)| *raw == span(4)).unwrap();
                    let lines = text.lines().count() as u64;
                    assert_eq!(
                        (*at, *offset),
                        (lines, text.rfind("{\"spanId").unwrap() as u64)
                    );
                }
            }
        }
    }
    // Elements of one list may begin with a list of another.
    assert_eq!(
        raws("{\"Records\":[\n{\"data\":[1]},\n{\"data\":[2]}\n]}"),
        ["{\"data\":[1]}", "{\"data\":[2]}"]
    );
}

#[test]
fn what_is_no_text_is_named_once() {
    assert_eq!(
        pieces(&[0x7F, b'E', b'L', b'F', 0, 0, 1, 2, 3], 4)[0].0,
        "<binary 9>"
    );
    let utf16: Vec<u8> = "{\"a\":1}\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(pieces(&utf16, 3)[0].0, "<utf16 16>");
    assert_eq!(raws("\u{feff}{\"a\":1}\n"), ["{\"a\":1}"]);
    assert_eq!(pieces(b"", 1), []);
}

#[test]
fn a_line_beyond_the_limit_is_skipped_and_the_next_is_read() {
    let mut text = vec![b'x'; MAX_RECORD + 100_000];
    text.splice(..0, b"{\"a\":1}\n".iter().copied());
    text.extend_from_slice(b"\n{\"b\":2}\n");
    let found = pieces(&text, 1 << 16);
    let names: Vec<&str> = found.iter().map(|(raw, ..)| raw.as_str()).collect();
    assert_eq!(
        names,
        [
            "{\"a\":1}",
            &format!("<line_too_long {}>", MAX_RECORD + 100_000),
            "{\"b\":2}"
        ]
    );
    assert_eq!(found[2].1, 3);
}

#[test]
fn nothing_in_a_document_is_lost_without_a_word() {
    assert_eq!(
        raws("[1,\"a b\",null,{\"a\":1}]"),
        ["1", "\"a b\"", "null", "{\"a\":1}"]
    );
    assert_eq!(
        raws("[{\"a\":1} oops ,{\"b\":2}]"),
        ["{\"a\":1}", "oops", "{\"b\":2}"]
    );
    assert_eq!(
        raws("[]\noops, I say\n{\"b\":2}"),
        ["oops, I say", "{\"b\":2}"]
    );
    assert_eq!(raws("[{\"a\":1}]]"), ["{\"a\":1}", "]"]);
    assert_eq!(raws("[{\"a\":1]},{\"b\":2}"), ["{\"a\":1]", "{\"b\":2}"]);
    assert_eq!(raws("[{\"a\":1}] tail"), ["{\"a\":1}", "tail"]);
}

#[test]
fn a_line_in_colour_between_printed_records_eats_none() {
    let text = "{\n \"a\": 1\n}\n\u{1b}[92m12:00 - INFO\u{1b}[0m: done [1]\n{\n \"b\": 2\n}\n";
    let found = raws(text);
    assert_eq!(found.first().unwrap(), "{\n \"a\": 1\n}");
    assert_eq!(found.last().unwrap(), "{\n \"b\": 2\n}");
    assert!(found[1].starts_with("\u{1b}[92m12:00 - INFO"), "{found:?}");
    for chunk in 1..40 {
        assert_eq!(
            pieces(text.as_bytes(), chunk),
            pieces(text.as_bytes(), 1 << 20)
        );
    }
}

#[test]
fn a_log_whose_lines_begin_with_a_bracket_is_no_list() {
    for before in [
        "[2026-10-01T10:00:00Z]",
        "[10:00:00 INFO]",
        "[INFO]",
        "[4711]",
        "[[main] x]",
        "[ 10:00 ]",
    ] {
        let lines = [
            format!("{before} it's 5\" long: [done"),
            format!("{before} payload: {{\"a\":1}}"),
            "{\"b\":2}".to_owned(),
        ];
        assert_eq!(raws(&(lines.join("\n") + "\n")), lines, "{before}");
    }
    assert_eq!(raws("[\n1, 2.5\n]"), ["1", "2.5"]);
    assert_eq!(raws("[ [1], [2] ]\n"), ["[1]", "[2]"]);
    assert_eq!(raws("[null]"), ["null"]);
}

#[test]
fn a_record_over_several_lines_of_a_log_is_one() {
    let record = "{\n    \"a\": \"}\\\" {\",\n    \"b\": [\n        1\n    ]\n}";
    let text = format!(
        "\u{1b}[92m10:00 - INFO\u{1b}[0m: it's 5\" long\npayload: {record}\ndone {{\n{record}\u{1b}[0m\n{{\"c\":3}}\n",
    );
    let found = pieces(text.as_bytes(), 1 << 20);
    let told: Vec<&str> = found.iter().map(|(raw, ..)| raw.as_str()).collect();
    assert_eq!(
        told,
        [
            "\u{1b}[92m10:00 - INFO\u{1b}[0m: it's 5\" long",
            "payload:",
            record,
            "done",
            "{",
            record,
            "\u{1b}[0m",
            "{\"c\":3}"
        ]
    );
    let lines: Vec<u64> = found.iter().map(|(_, line, _)| *line).collect();
    assert_eq!(lines, [1, 2, 2, 8, 8, 9, 14, 15]);
    for (raw, _, offset) in &found {
        assert!(text[*offset as usize..].starts_with(raw.as_str()), "{raw}");
    }
    for chunk in 1..40 {
        assert_eq!(pieces(text.as_bytes(), chunk), found);
    }
    // Records of a list that was printed.
    assert_eq!(
        raws("got [\n  {\n    \"a\": 1\n  },\n  {\n    \"b\": 2\n  }\n]\n"),
        ["got [", "{\n    \"a\": 1\n  }", "{\n    \"b\": 2\n  }", "]"]
    );
    // What has no end is given line by line.
    assert_eq!(raws("a {\n  b\n\nc\n"), ["a", "{", "b", "c"]);
    assert_eq!(raws("a {\n  b: \"\n"), ["a", "{", "b: \""]);
}

#[test]
fn a_quote_among_words_between_documents_costs_its_own_line() {
    assert_eq!(
        raws("{\n \"a\": 1\n}\nit's 5\" long\n{\n \"b\": 2\n}\n"),
        ["{\n \"a\": 1\n}", "it's 5\" long", "{\n \"b\": 2\n}"]
    );
}

#[test]
fn a_document_that_is_cut_between_records_says_so() {
    assert_eq!(
        raws("{\"Records\":[{\"a\":1},"),
        ["{\"a\":1}", "<truncated 0>"]
    );
    assert_eq!(
        raws("{\"Records\":[{\"a\":1}]"),
        ["{\"a\":1}", "<truncated 0>"]
    );
    assert_eq!(raws("[{\"a\":1}"), ["{\"a\":1}", "<truncated 0>"]);
    assert_eq!(raws("{\"Records\":[{\"a\":1}]}"), ["{\"a\":1}"]);
}

#[test]
fn both_lists_of_an_envelope_are_read_and_a_list_of_words_makes_none() {
    assert_eq!(
        raws("{\"data\":[{\"a\":1}],\"more\":{\"x\":[2]},\"events\":[{\"b\":2}]}"),
        ["{\"a\":1}", "{\"b\":2}"]
    );
    assert_eq!(
        raws("{\"id\":1,\"data\":[\"x\"]}\n{\"id\":2}\n"),
        ["{\"id\":1,\"data\":[\"x\"]}", "{\"id\":2}"]
    );
    assert_eq!(
        raws("{\n\"id\":1,\"data\":[\"x\"]}\n{\n\"id\":2}\n"),
        ["{\n\"id\":1,\"data\":[\"x\"]}", "{\n\"id\":2}"]
    );
}

#[test]
fn every_line_is_a_record_or_blank() {
    let mut splitter = Splitter::new();
    let mut records = 0;
    let mut emit = |_: Piece<'_>| records += 1;
    splitter.feed(b"\n{\"a\":1}\n\n\r\n  \nx\n\n", &mut emit);
    splitter.finish(&mut emit);
    assert_eq!((records, splitter.blank()), (2, 5));
}

#[test]
fn damaged_stretches_do_not_make_a_log_binary() {
    let padded =
        b"{\"a\":1}\n{\"b\":2}\n\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    let found = pieces(padded, 5);
    let names: Vec<&str> = found.iter().map(|(raw, ..)| raw.as_str()).collect();
    assert_eq!(&names[..2], ["{\"a\":1}", "{\"b\":2}"]);
    assert_eq!(
        names.len(),
        3,
        "the padding is one piece that no parser accepts"
    );
    assert_eq!(
        raws("{\"a\":1}\n\u{feff}{\"b\":2}\n"),
        ["{\"a\":1}", "{\"b\":2}"]
    );
}

proptest::proptest! {
    #[test]
    fn rows_do_not_depend_on_chunks(text in "[\",\\\\\n a]{0,200}", chunk in 1_usize..50) {
        let table = format!("timestamp,message\n{text}");
        proptest::prop_assert_eq!(pieces(table.as_bytes(), chunk), pieces(table.as_bytes(), 1 << 20));
    }

    #[test]
    fn pieces_do_not_depend_on_chunks(text in "[\\[\\]{}\":,a\\\\\n\x1b ]{0,200}", chunk in 1_usize..50) {
        proptest::prop_assert_eq!(pieces(text.as_bytes(), chunk), pieces(text.as_bytes(), 1 << 20));
    }

    #[test]
    fn any_bytes_are_cut_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        let _ = pieces(&bytes, 64);
    }
}

#[test]
fn a_record_of_telemetry_comes_with_the_resource_that_it_stands_under() {
    let text = r#"{"resourceSpans":[
        {"resource":{"attributes":[{"key":"service.name"}],"x":"}"},"schemaUrl":"s",
         "scopeSpans":[{"scope":{"resource":{}},"spans":[{"spanId":"1"},{"spanId":"2"}]}]},
        {"scopeSpans":[{"spans":[{"spanId":"3"}]}]}]}
        {"resourceLogs":[{"resource":{"b":1},"scopeLogs":[{"logRecords":[{"l":1}]}]}]}"#;
    let first = r#"{"attributes":[{"key":"service.name"}],"x":"}"}"#;
    for chunk in [1, 7, 64, 4_096] {
        let mut found = Vec::new();
        let mut splitter = Splitter::new();
        let mut emit = |piece: Piece<'_>| {
            if let Piece::Record { raw, resource, .. } = piece {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                found.push((text(raw), text(resource)));
            }
        };
        for part in text.as_bytes().chunks(chunk) {
            splitter.feed(part, &mut emit);
        }
        splitter.finish(&mut emit);
        let expected = [
            ("{\"spanId\":\"1\"}", first),
            ("{\"spanId\":\"2\"}", first),
            ("{\"spanId\":\"3\"}", ""),
            ("{\"l\":1}", "{\"b\":1}"),
        ];
        assert_eq!(
            found,
            expected.map(|(raw, of)| (raw.to_owned(), of.to_owned())),
            "{chunk}"
        );
    }
}

#[test]
fn rows_of_a_table_become_objects_of_their_cells() {
    let table = "\u{feff}\n@timestamp,@message\r\n1,\"{\"\"a\"\":\"\"x\\n,y\"\"}\"\r\n\n\"2\",\"two\nlines\"\r\n3,é\t";
    for chunk in [1, 7, 1 << 20] {
        assert_eq!(
            pieces(table.as_bytes(), chunk),
            [
                (
                    r#"{"@timestamp":"1","@message":"{\"a\":\"x\\n,y\"}"}"#.to_owned(),
                    3,
                    25
                ),
                (
                    r#"{"@timestamp":"2","@message":"two\nlines"}"#.to_owned(),
                    5,
                    49
                ),
                (r#"{"@timestamp":"3","@message":"é"}"#.to_owned(), 7, 66),
            ]
        );
    }
    let rows = |text: &str| raws(&format!("timestamp,message\n{text}"));
    assert_eq!(rows(""), Vec::<String>::new());
    assert_eq!(rows("1,\u{1}"), [r#"{"timestamp":"1","message":"\u0001"}"#]);
    // No table that a format has: lines, as ever.
    assert_eq!(raws("a,b\n1,2\n"), ["a,b", "1,2"]);
    assert_eq!(
        raws("message,message,timestamp\n"),
        ["message,message,timestamp"]
    );
}

#[test]
fn a_quote_without_its_fellow_costs_its_own_line_alone() {
    let row = |id: u32| format!("{{\"timestamp\":\"{id}\",\"message\":\"m\"}}");
    let good = |id: u32| format!("{id},\"m\"\n");
    for (bad, reason) in [
        ("9,\"m\n", "<not_a_row 4>"),
        ("9,\"m\"\"\n", "<not_a_row 6>"),
        ("9\n", "<not_a_row 1>"),
        ("9,m,\n", "<not_a_row 4>"),
        ("\"9,m\n", "<not_a_row 4>"),
    ] {
        let text = format!(
            "timestamp,message\n{}{bad}{}{}{bad}{}",
            good(1),
            good(2),
            good(3),
            good(4)
        );
        for chunk in [1, 7, 1 << 20] {
            let found: Vec<String> = pieces(text.as_bytes(), chunk)
                .into_iter()
                .map(|(raw, ..)| raw)
                .collect();
            let kept: Vec<&String> = found.iter().filter(|raw| raw.starts_with('{')).collect();
            assert_eq!(
                kept,
                [&row(1), &row(2), &row(3), &row(4)],
                "{bad:?} {found:?}"
            );
            assert_eq!(found[1], reason, "{bad:?}");
            assert_eq!(found.len(), 6, "{bad:?} {found:?}");
        }
    }
    let mut long = b"timestamp,message\n1,m\n2,\"".to_vec();
    long.resize(long.len() + MAX_RECORD + 100_000, b'x');
    long.extend_from_slice(b"\n3,m\n");
    let found = pieces(&long, 1 << 16);
    assert_eq!(found.len(), 3);
    assert_eq!(
        (found[0].0.as_str(), found[2].0.as_str()),
        (row(1).as_str(), row(3).as_str())
    );
    assert_eq!((found[2].1, found[2].2), (4, long.len() as u64 - 4));
}

#[test]
fn lists_of_cells_are_records_where_they_stand_in_results() {
    assert_eq!(
        raws("{\n\"results\": [\n[{\"field\":\"a\"}],\n[]\n], \"status\": \"Complete\"}"),
        ["[{\"field\":\"a\"}]", "[]"]
    );
    let bucket = "{\"starting_at\":\"x\",\"results\":[{\"amount\":1}]}";
    assert_eq!(raws(bucket), [bucket]);
    assert_eq!(
        raws("{\"logGroup\":\"\",\"logEvents\":[{\"a\":1}]}{\"logEvents\":[{\"b\":1},{\"c\":1}]}"),
        ["{\"a\":1}", "{\"b\":1}", "{\"c\":1}"]
    );
}
