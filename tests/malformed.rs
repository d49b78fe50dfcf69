//! Bad input, at the engine's import: each gets a named reason or a named oddity, nothing stops,
//! and the sums add up.
//!
//! In: files made here. Out: the summary of the import and its rejected lines. Not here: how the
//! terminal shows them (`journeys`), files that break while the program is killed (`faults`).

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use assay_engine::commands::Nothing;
use assay_engine::imports::view::{Batch, ImportSummary, ListRejected, RejectedLine};
use assay_engine::imports::{import, list, rejected};
use assay_engine::jobs::Progress;
use assay_engine::opening::{Engine, EngineOptions};
use assay_engine::trail;
use assay_engine::trail::view::Query;

struct Place {
    folder: tempfile::TempDir,
    engine: Engine,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let engine = Engine::open(EngineOptions::writing(folder.path().join("store"))).unwrap();
        Self { folder, engine }
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn import(&self, path: &Path) -> ImportSummary {
        import(&self.engine, &[path.to_owned()], None, &Progress::silent()).unwrap()
    }

    fn rejected(&self) -> Vec<RejectedLine> {
        rejected(
            &self.engine,
            ListRejected {
                batch: None,
                limit: Some(100_000),
            },
        )
        .unwrap()
    }

    fn calls(&self, query: &str) -> u64 {
        trail::count(
            &self.engine,
            Query {
                query: query.to_owned(),
            },
        )
        .unwrap()
        .matching
    }
}

/// One sound record of the Bedrock log, without a newline.
fn record(id: &str) -> String {
    record_with(id, "")
}

/// The same with further fields, each followed by a comma.
fn record_with(id: &str, more: &str) -> String {
    format!(
        "{{\"schemaType\":\"ModelInvocationLog\",{more}\"timestamp\":\"2026-10-01T10:00:00Z\",\"accountId\":\"111122223333\",\
         \"region\":\"eu-west-1\",\"requestId\":\"{id}\",\"operation\":\"InvokeModel\",\"modelId\":\"anthropic.claude-3-haiku-20240307-v1:0\",\
         \"input\":{{\"inputTokenCount\":12,\"inputBodyJson\":{{\"messages\":[{{\"role\":\"user\",\"content\":\"Hello\"}}]}}}},\
         \"output\":{{\"outputTokenCount\":5}}}}"
    )
}

fn lines(count: usize) -> String {
    (0..count).fold(String::new(), |mut text, index| {
        let _ = writeln!(text, "{}", record(&format!("r-{index}")));
        text
    })
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Imports `bytes` and compares accepted records and the reasons of the rejected ones.
#[track_caller]
fn check(bytes: &[u8], accepted: u64, reasons: &[&str]) -> Batch {
    let place = Place::new();
    let summary = place.import(&place.file("log", bytes));
    let found: Vec<String> = place
        .rejected()
        .into_iter()
        .map(|line| line.reason)
        .collect();
    assert_eq!(
        (summary.accepted, found.as_slice()),
        (
            accepted,
            reasons
                .iter()
                .map(|r| (*r).to_owned())
                .collect::<Vec<_>>()
                .as_slice()
        )
    );
    assert_eq!(summary.rejected, reasons.len() as u64);
    assert_eq!(place.calls(""), accepted);
    summary.batches[0].clone()
}

/// Imports one record and compares its oddities.
#[track_caller]
fn check_odd(line: &str, oddity: &str) {
    let batch = check(line.as_bytes(), 1, &[]);
    assert_eq!(
        batch.oddities.into_iter().collect::<Vec<_>>(),
        [(oddity.to_owned(), 1)]
    );
}

#[test]
fn an_empty_file_says_that_it_is_empty() {
    check(b"", 0, &["empty_file"]);
    check(&gzip(b""), 0, &["empty_file"]);
    let blank = check(b"\n \n\r\n", 0, &[]);
    assert_eq!(blank.blank, 3);
}

#[test]
fn files_that_are_no_text_are_named_once() {
    check(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0", 0, &["binary"]);
    check(
        b"PK\x03\x04\x14\0\0\0\x08\0 a zip file \n\n",
        0,
        &["binary"],
    );
    let utf16: Vec<u8> = lines(2).encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&utf16, 0, &["utf16"]);
}

#[test]
fn compressed_bytes_that_was_cut_keeps_what_came_before() {
    for packed in [
        gzip(lines(20_000).as_bytes()),
        zstd::encode_all(lines(20_000).as_bytes(), 1).unwrap(),
    ] {
        let place = Place::new();
        let summary = place.import(&place.file("log", &packed[..packed.len() - 9]));
        assert!(summary.accepted > 1_000, "{}", summary.accepted);
        let batch = &summary.batches[0];
        assert_eq!((batch.state.as_str(), &batch.sha256), ("failed", &None));
        assert!(batch.error.as_deref().unwrap().starts_with("truncated"));
        assert_eq!(place.rejected()[0].reason, "truncated");
        assert_eq!(place.calls(""), summary.accepted);
    }
}

#[test]
fn compressed_bytes_that_is_damaged_says_so() {
    let mut packed = gzip(lines(5_000).as_bytes());
    let middle = packed.len() / 2;
    packed[middle..middle + 40].fill(0xFF);
    let place = Place::new();
    let summary = place.import(&place.file("log.gz", &packed));
    assert_eq!(summary.batches[0].state, "failed");
    let reasons: Vec<String> = place
        .rejected()
        .into_iter()
        .map(|line| line.reason)
        .collect();
    // Damaged data may also look like data that goes on, and then ends too early.
    assert!(
        reasons
            .iter()
            .any(|reason| reason == "compression" || reason == "truncated"),
        "{reasons:?}"
    );
    check(
        &[
            gzip(lines(3).as_bytes()),
            b"and something else altogether".to_vec(),
        ]
        .concat(),
        3,
        &["compression"],
    );
}

#[test]
fn members_and_frames_that_stand_one_after_another_are_one_file() {
    let (one, two) = (record("a") + "\n", record("b") + "\n");
    check(
        &[gzip(one.as_bytes()), gzip(two.as_bytes())].concat(),
        2,
        &[],
    );
    let frames = [
        zstd::encode_all(one.as_bytes(), 1).unwrap(),
        zstd::encode_all(two.as_bytes(), 1).unwrap(),
    ];
    check(&frames.concat(), 2, &[]);
}

#[test]
fn a_bomb_is_stopped_by_its_ratio() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b'\n'; 70 << 20]).unwrap();
    let packed = encoder.finish().unwrap();
    let batch = check(&packed, 0, &["compression_ratio"]);
    assert_eq!(batch.state, "failed");
}

#[test]
fn line_ends_marks_and_padding_do_no_harm() {
    check(lines(3).replace('\n', "\r\n").as_bytes(), 3, &[]);
    check(("\u{feff}".to_owned() + &lines(3)).as_bytes(), 3, &[]);
    check(lines(3).trim_end().as_bytes(), 3, &[]);
    check(
        &[lines(3).as_bytes(), &[0; 4_096]].concat(),
        3,
        &["not_json"],
    );
    check(
        lines(3).replacen("Hello", "He\0llo", 1).as_bytes(),
        2,
        &["not_json"],
    );
}

#[test]
fn arrays_documents_and_printed_records_are_read_like_lines() {
    let array = format!("[{},\n{}]", record("a"), record("b"));
    check(array.as_bytes(), 2, &[]);
    check(
        format!("{{\"Records\":[{}]}}", record("a")).as_bytes(),
        1,
        &[],
    );
    let printed: serde_json::Value = serde_json::from_str(&array).unwrap();
    check(
        serde_json::to_string_pretty(&printed).unwrap().as_bytes(),
        2,
        &[],
    );
    let one = serde_json::to_string_pretty(&printed[0]).unwrap();
    check(
        format!("{one}\n{}", one.replace("\"a\"", "\"c\"")).as_bytes(),
        2,
        &[],
    );
    check(
        format!("[{},7,\"x\"]", record("a")).as_bytes(),
        1,
        &["format_unknown", "format_unknown"],
    );
    check(format!("[{},", record("a")).as_bytes(), 1, &["truncated"]);
}

#[test]
fn damaged_text_is_kept_and_flagged() {
    let damaged = record("a")
        .into_bytes()
        .iter()
        .map(|b| if *b == b'H' { 0xFF } else { *b })
        .collect::<Vec<u8>>();
    let batch = check(&damaged, 1, &[]);
    assert_eq!(batch.oddities["text_damaged"], 1);
    check_odd(
        &record_with("a", "\"requestMetadata\":{\"team\":\"\\ud83d\"},"),
        "text_damaged",
    );
}

#[test]
fn what_is_nested_too_deep_is_refused_without_a_crash() {
    for levels in [128, 10_000, 1_000_000] {
        let deep = record_with(
            "a",
            &format!("\"x\":{}{},", "[".repeat(levels), "]".repeat(levels)),
        );
        check(
            format!("{deep}\n{}\n", record("b")).as_bytes(),
            1,
            &["too_deep"],
        );
    }
    check_odd(
        &record_with("a", "\"x\":[[[[1]]]],\"timestamp\":null,")
            .replace("\"timestamp\":\"2026-10-01T10:00:00Z\",", ""),
        "time_missing",
    );
}

#[test]
fn keys_that_stand_twice_are_refused_or_flagged() {
    check(
        record_with("a", "\"region\":\"us-east-1\",").as_bytes(),
        0,
        &["duplicate_key"],
    );
    check_odd(
        &record("a").replace(
            "\"role\":\"user\"",
            "\"role\":\"user\",\"content\":\"hidden\"",
        ),
        "duplicate_key",
    );
}

#[test]
fn numbers_that_are_none_are_refused_or_flagged() {
    check(
        record("a").replace(":12", ":NaN").as_bytes(),
        0,
        &["not_json"],
    );
    check(
        record("a").replace(":12", ":Infinity").as_bytes(),
        0,
        &["not_json"],
    );
    for odd in [
        "-4",
        "1.5",
        "1e400",
        "99999999999999999999",
        "18446744073709551615",
    ] {
        check_odd(
            &record("a").replace(":12", &format!(":{odd}")),
            "number_out_of_range",
        );
    }
}

#[test]
fn times_that_can_not_be_are_flagged_and_listed_last() {
    let at = |time: &str| record("a").replace("2026-10-01T10:00:00Z", time);
    check_odd(&at("1970-01-01T00:00:00Z"), "time_out_of_range");
    check_odd(&at("2062-01-01T00:00:00Z"), "time_out_of_range");
    check_odd(&at("2026-10-01T10:00:00"), "time_without_zone");
    check_odd(&at("yesterday"), "time_unreadable");
    check_odd(&at(""), "time_missing");
}

#[test]
fn lines_that_are_no_records_have_their_reasons() {
    let sound = record("a");
    let text = format!(
        "{sound}\nplain text\n{{\"hello\":1}}\n{}\n[1,2]\n\n{sound}\n",
        &sound[..sound.len() - 20]
    );
    let batch = check(
        text.as_bytes(),
        1,
        &["not_json", "format_unknown", "truncated", "format_unknown"],
    );
    assert_eq!((batch.duplicates, batch.blank), (1, 1));
    assert_eq!(
        batch.accepted + batch.duplicates + batch.rejected + batch.blank,
        7
    );
}

#[test]
fn an_excerpt_never_shows_what_the_line_says() {
    let place = Place::new();
    place.import(&place.file(
        "log",
        b"Ann Example, ann@example.com, 4111 1111 1111 1111\n",
    ));
    let line = &place.rejected()[0];
    assert_eq!(
        line.excerpt,
        "xxx xxxxxxx, xxx@xxxxxxx.xxx, 0000 0000 0000 0000"
    );
    assert!(!line.detail.contains("Ann"));
}

#[test]
fn ids_that_collide_with_other_content_are_kept_and_flagged_in_good_time() {
    let place = Place::new();
    let text = (0..6_000).fold(String::new(), |mut text, index| {
        let _ = writeln!(text, "{}", record_with("same", &format!("\"n\":{index},")));
        text
    });
    let summary = place.import(&place.file("log", text.as_bytes()));
    assert_eq!(
        (summary.accepted, summary.batches[0].conflicts),
        (6_000, 5_999)
    );
    assert_eq!(place.calls(""), 1, "they tell of one call");
    assert_eq!(place.calls("conflict:yes"), 1);
    assert_eq!(place.calls("request_id:same"), 1);
}

#[test]
fn sixty_thousand_rejected_lines_are_all_counted_and_kept() {
    let place = Place::new();
    let mut text = "oops\n".repeat(59_999) + &lines(1);
    text.push_str("{\"half\":");
    let summary = place.import(&place.file("log", text.as_bytes()));
    assert_eq!((summary.accepted, summary.rejected), (1, 60_000));
    assert_eq!(place.rejected().len(), 60_000);
}

#[test]
fn a_file_that_is_imported_again_changes_nothing() {
    let place = Place::new();
    let path = place.file("log", lines(50).as_bytes());
    assert_eq!(place.import(&path).batches[0].state, "done");
    let again = place.import(&path);
    assert_eq!((again.accepted, again.duplicates), (0, 50));
    assert_eq!(again.batches[0].state, "already_imported");
    let other = place.import(&place.file("other.gz", &gzip(lines(51).as_bytes())));
    assert_eq!((other.accepted, other.duplicates), (1, 50));
    assert_eq!(place.calls(""), 51);
}

#[cfg(unix)]
#[test]
fn links_pipes_and_loops_in_a_folder_are_named_and_the_rest_is_read() {
    let place = Place::new();
    let logs = place.folder.path().join("logs");
    std::fs::create_dir_all(logs.join("deeper")).unwrap();
    std::fs::write(logs.join("deeper/a.jsonl"), lines(2)).unwrap();
    std::os::unix::fs::symlink("..", logs.join("deeper/loop")).unwrap();
    std::os::unix::fs::symlink("nowhere", logs.join("gone")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(logs.join("socket")).unwrap();
    let summary = place.import(&logs);
    assert_eq!(summary.accepted, 2);
    let named: Vec<&str> = summary
        .failed
        .iter()
        .map(|file| file.reason.as_str())
        .collect();
    assert_eq!(named, ["not_a_regular_file"; 3]);
    let alone = place.import(&logs.join("gone"));
    assert_eq!(alone.failed[0].reason, "not_a_regular_file");
    let missing = place.import(&logs.join("never"));
    assert_eq!(missing.failed[0].reason, "unreadable");
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_named_and_the_rest_is_read() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let logs = place.folder.path().join("logs");
    std::fs::create_dir_all(logs.join("closed")).unwrap();
    std::fs::write(logs.join("a.jsonl"), lines(2)).unwrap();
    std::fs::write(logs.join("b.jsonl"), lines(3)).unwrap();
    let close = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap()
    };
    close(&logs.join("b.jsonl"), 0);
    close(&logs.join("closed"), 0);
    if std::fs::read(logs.join("b.jsonl")).is_ok() {
        eprintln!("skipped: this user may read everything");
    } else {
        let summary = place.import(&logs);
        assert_eq!(summary.accepted, 2);
        assert_eq!(
            summary
                .failed
                .iter()
                .map(|file| file.reason.as_str())
                .collect::<Vec<_>>(),
            ["unreadable"; 2]
        );
    }
    close(&logs.join("closed"), 0o700);
}

/// Imports `paths` and does `once` after the first commit.
fn import_and(
    place: &Place,
    paths: &[PathBuf],
    once: impl Fn() + Send + Sync + 'static,
) -> ImportSummary {
    let done = AtomicBool::new(false);
    let progress = Progress::listening(move |_| {
        if !done.swap(true, Ordering::SeqCst) {
            once();
        }
    });
    import(&place.engine, paths, None, &progress).unwrap()
}

#[test]
fn a_file_that_grows_while_it_is_read_is_hashed_as_far_as_it_was_read() {
    let place = Place::new();
    let path = place.file("log", lines(20_000).as_bytes());
    let grown = path.clone();
    let summary = import_and(&place, std::slice::from_ref(&path), move || {
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .open(&grown)
            .unwrap();
        writeln!(file, "{}", record("late")).unwrap();
    });
    assert!((20_000..=20_001).contains(&summary.accepted));
    let batch = &summary.batches[0];
    let whole = std::fs::read(&path).unwrap();
    let read = usize::try_from(batch.bytes).unwrap();
    let as_read = place.file("as-read", &whole[..read]);
    assert_eq!(place.import(&as_read).batches[0].sha256, batch.sha256);
    let again = place.import(&path);
    assert_eq!(again.accepted + again.duplicates, 20_001);
    assert_eq!(place.calls(""), 20_001);
}

#[test]
fn files_that_shrink_or_vanish_while_they_are_read_end_the_import_in_order() {
    let place = Place::new();
    let first = place.file("a", lines(40_000).as_bytes());
    let second = place.file("b", lines(10).as_bytes());
    let (shrunk, gone) = (first.clone(), second.clone());
    let summary = import_and(&place, &[first, second], move || {
        std::fs::OpenOptions::new()
            .write(true)
            .open(&shrunk)
            .unwrap()
            .set_len(100)
            .unwrap();
        std::fs::remove_file(&gone).unwrap();
    });
    assert!(summary.accepted >= 1_000);
    assert_eq!(place.calls(""), summary.accepted);
    assert_eq!(
        summary.failed.len(),
        1,
        "the second file was gone when its turn came"
    );
    assert_eq!(summary.failed[0].reason, "unreadable");
}

#[test]
fn a_cancelled_import_stops_at_once_and_can_go_on() {
    let place = Place::new();
    let path = place.file("log", lines(60_000).as_bytes());
    let flag = Arc::new(OnceLock::<Arc<AtomicBool>>::new());
    let seen = Arc::clone(&flag);
    let watched = Progress::listening(move |_| {
        if let Some(flag) = seen.get() {
            flag.store(true, Ordering::SeqCst);
        }
    });
    flag.set(watched.cancel_flag()).unwrap();
    let error = import(&place.engine, std::slice::from_ref(&path), None, &watched).unwrap_err();
    assert_eq!(error.code.name(), "cancelled");
    let batch = &list(&place.engine, Nothing {}).unwrap()[0];
    assert_eq!(batch.state, "cancelled");
    assert_eq!(batch.sha256, None);
    assert!((1..60_000).contains(&batch.accepted), "{}", batch.accepted);
    assert_eq!(
        place.calls(""),
        batch.accepted,
        "what was acknowledged is there"
    );
    let again = place.import(&path);
    assert_eq!(again.duplicates, batch.accepted);
    assert_eq!(place.calls(""), 60_000);
}
