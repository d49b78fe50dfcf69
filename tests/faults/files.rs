//! Log files that change while they are read, are full of what no parser accepts, or whose import was
//! cut short.
//!
//! In: the program as it is built, and files that another hand changes. Out: every record that was
//! whole is in the trail, once, and what was not read is said. Not here: files that are broken from
//! the start (`malformed`).

use std::io::Write;
use std::process::Stdio;

use assay_engine::commands::Nothing;
use assay_engine::error::Code;
use assay_engine::imports::{import, list};
use assay_engine::jobs::Progress;
use assay_engine::opening::{Engine, EngineOptions};
use serde_json::Value;

use super::{Place, calls, complete, grown, program, run, sound};

fn line(index: u64) -> String {
    format!(
        "{{\"schemaType\":\"ModelInvocationLog\",\"timestamp\":\"2026-10-01T10:00:00Z\",\"region\":\"eu-west-1\",\
         \"requestId\":\"g-{index}\",\"operation\":\"Converse\",\"modelId\":\"anthropic.claude-3-haiku-20240307-v1:0\",\
         \"input\":{{\"inputTokenCount\":1}},\"output\":{{}}}}\n"
    )
}

#[test]
fn a_file_that_grows_while_it_is_read_is_completed_by_the_next_import() {
    let place = Place::new();
    let log = place.log(20_000);
    let mut child = program(&place.store(), &log)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut file = std::fs::OpenOptions::new().append(true).open(&log).unwrap();
    let mut added = 0;
    // Its first records are stored, so it is reading; an empty store has half of these bytes.
    assert!(grown(&mut child, &place.store(), 6_000_000));
    while child.try_wait().unwrap().is_none() && added < 50_000 {
        file.write_all(line(added).as_bytes()).unwrap();
        added += 1;
    }
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    let number = |key: &str| summary[key].as_u64().unwrap();
    assert!(added > 0 && number("accepted") >= 20_000, "{summary}");
    // The last line may have been half there when the end was reached.
    assert!(number("rejected") <= 1, "{summary}");
    let batch = &summary["batches"][0];
    let text = std::fs::read(&log).unwrap();
    let read = usize::try_from(batch["bytes"].as_u64().unwrap()).unwrap();
    assert_eq!(
        batch["sha256"].as_str().unwrap(),
        sha256(&text[..read]),
        "the hash is of what was read"
    );
    assert_eq!(sound(&place), number("accepted"));
    complete(&place, &log, 20_000 + added);
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(Sha256::digest(bytes))
}

#[cfg(unix)]
#[test]
fn a_file_that_vanishes_is_named_and_the_others_are_imported() {
    let place = Place::new();
    let first = place.log(20_000);
    let folder = place.folder.path().join("logs");
    std::fs::create_dir(&folder).unwrap();
    std::fs::rename(&first, folder.join("a.jsonl")).unwrap();
    std::fs::write(folder.join("b.jsonl"), line(1)).unwrap();
    std::fs::write(folder.join("c.jsonl"), line(2)).unwrap();
    let mut child = program(&place.store(), &folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The folder was listed before its first file was begun; an empty store has half of these bytes.
    // That file goes too: who reads it has it.
    assert!(grown(&mut child, &place.store(), 6_000_000));
    std::fs::remove_file(folder.join("a.jsonl")).unwrap();
    std::fs::remove_file(folder.join("b.jsonl")).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["accepted"], 20_001, "{summary}");
    let failed = summary["failed"].as_array().unwrap();
    assert_eq!(failed.len(), 1, "{summary}");
    assert!(
        failed[0]["path"].as_str().unwrap().ends_with("b.jsonl"),
        "{summary}"
    );
    assert_eq!(failed[0]["reason"], "unreadable", "{summary}");
    assert_ne!(output.status.code(), Some(0), "not all was read: {said}");
    assert_eq!(sound(&place), 20_001);
}

#[test]
fn sixty_thousand_rejected_lines_in_a_row_are_all_counted_and_told_apart() {
    let place = Place::new();
    let log = place.folder.path().join("log.jsonl");
    let mut text = String::new();
    for index in 0..60_000 {
        text.push_str(&format!("{{\"not\": \"a call {index}\"\n"));
    }
    text.push_str(&line(1));
    std::fs::write(&log, &text).unwrap();
    let output = run(program(&place.store(), &log));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&summary["accepted"], &summary["rejected"]),
        (&Value::from(1), &Value::from(60_000)),
        "{summary}"
    );
    let engine = place.engine();
    let rejected = engine.store().rejected(None, 100_000).unwrap();
    assert_eq!(rejected.len(), 60_000);
    assert!(
        rejected
            .iter()
            .all(|(_, line)| !line.excerpt.contains("call"))
    );
    let last = rejected.iter().map(|(_, line)| line.line).max();
    assert_eq!(last, Some(60_000), "each with its line");
    drop(engine);
    complete(&place, &log, 1);
}

#[test]
fn records_of_an_import_that_was_cut_short_are_not_read_again_and_the_rest_is() {
    let place = Place::new();
    let log = place.log(6_000);
    let whole = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    // What is there already: the beginning, and one record further on.
    let begun = place.folder.path().join("begun.jsonl");
    let mut known = lines[..4_000].to_vec();
    known.push(lines[5_000]);
    std::fs::write(&begun, known.join("\n")).unwrap();
    complete(&place, &begun, 4_001);
    // A broken line among the known ones is told again.
    let mut now = lines.clone();
    now.insert(17, "{ broken");
    std::fs::write(&log, now.join("\n")).unwrap();
    let output = run(program(&place.store(), &log));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    for (key, expected) in [("accepted", 1_999), ("duplicates", 4_001), ("rejected", 1)] {
        assert_eq!(summary[key], expected, "{key}: {summary}");
    }
    assert_eq!(summary["batches"][0]["format"], "bedrock_invocation_log");
    assert_eq!(calls(&place.engine()), 6_000);
    let output = run(program(&place.store(), &log));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["duplicates"], 6_000, "{summary}");
    assert_eq!(
        summary["batches"][0]["state"], "already_imported",
        "{summary}"
    );
}

#[test]
fn a_second_process_reads_while_the_first_one_writes_and_is_told_who_that_is() {
    let place = Place::new();
    let log = place.log(3);
    complete(&place, &log, 3);
    let held = place.engine();
    let second = Engine::open(EngineOptions::reading(place.store())).unwrap();
    assert_eq!(calls(&second), 3);
    let refused = Engine::open(EngineOptions::writing(place.store()))
        .err()
        .unwrap();
    assert_eq!(refused.code, Code::StoreLocked);
    let holder = format!("process {}", std::process::id());
    assert!(refused.message.contains(&holder), "{}", refused.message);
    // What the first one writes meanwhile the second one sees.
    std::fs::write(&log, line(9)).unwrap();
    import(&held, &[log], None, &Progress::silent()).unwrap();
    assert_eq!(calls(&second), 4);
}

#[test]
fn a_clock_that_was_set_back_is_noted_and_no_record_is_older_than_the_one_before() {
    let place = Place::new();
    let log = place.log(3);
    let at = |now: &str, log: &std::path::Path| {
        let mut command = program(&place.store(), log);
        command.env("ASSAY_NOW", now);
        let output = run(command);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    at("2026-11-20T12:00:00Z", &log);
    std::fs::write(&log, line(9)).unwrap();
    at("2026-11-01T12:00:00Z", &log);
    let engine = place.engine();
    assert_eq!(calls(&engine), 4);
    assert_eq!(list(&engine, Nothing {}).unwrap().len(), 2);
    let (size, _) = engine.store().tree().unwrap();
    let mut kinds = Vec::new();
    let mut last = String::new();
    for seq in 0..size {
        let leaf = engine.store().prove(seq, size).unwrap().leaf;
        let leaf: Value = serde_json::from_slice(&leaf).unwrap();
        let time = leaf["t"].as_str().unwrap().to_owned();
        assert!(time >= last, "leaf {seq} of {time} follows {last}");
        last = time;
        kinds.push(leaf["k"].as_str().unwrap_or_default().to_owned());
    }
    assert!(kinds.iter().any(|kind| kind == "clock.jump"), "{kinds:?}");
}
