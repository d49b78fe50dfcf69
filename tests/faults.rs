//! The terminal program and its store when something breaks: killed, out of room, in use by
//! another process.
//!
//! In: the program as it is built. Out: what was acknowledged is there, and the same import again
//! completes it, once. Not here: input that is broken (`malformed`).

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

mod files;
mod kills;
mod power_loss;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use assay_engine::commands::Nothing;
use assay_engine::imports::list;
use assay_engine::opening::{Engine, EngineOptions};
use assay_engine::trail;
use assay_engine::trail::view::Query;

/// Kills in a run of the suite; `ASSAY_KILLS` for more.
const KILLS: u64 = 6;

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn store(&self) -> PathBuf {
        self.folder.path().join("store")
    }

    /// A log of `records` calls.
    fn log(&self, records: u64) -> PathBuf {
        let path = self.folder.path().join("log.jsonl");
        let mut text = String::new();
        for index in 0..records {
            text.push_str(&format!(
                "{{\"schemaType\":\"ModelInvocationLog\",\"timestamp\":\"2026-10-01T10:00:00Z\",\"region\":\"eu-west-1\",\
                 \"requestId\":\"r-{index}\",\"operation\":\"Converse\",\"modelId\":\"anthropic.claude-3-haiku-20240307-v1:0\",\
                 \"input\":{{\"inputTokenCount\":{index},\"inputBodyJson\":{{\"messages\":[{{\"role\":\"user\",\"content\":[{{\"text\":\"{}\"}}]}}]}}}},\
                 \"output\":{{}}}}\n",
                "word ".repeat(60)
            ));
        }
        std::fs::write(&path, text).unwrap();
        path
    }

    fn engine(&self) -> Engine {
        Engine::open(EngineOptions::writing(self.store())).unwrap()
    }
}

fn program(store: &Path, log: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    command
        .arg("--store")
        .arg(store)
        .arg("import")
        .arg(log)
        .arg("--json")
        .env("ASSAY_STATE", store.with_file_name("state"))
        .stdin(Stdio::null());
    command
}

fn run(mut command: Command) -> Output {
    command.output().unwrap()
}

fn calls(engine: &Engine) -> u64 {
    trail::count(
        engine,
        Query {
            query: String::new(),
        },
    )
    .unwrap()
    .stored
}

/// Every record is in the trail once, whatever happened before.
#[track_caller]
fn complete(place: &Place, log: &Path, records: u64) {
    let output = run(program(&place.store(), log));
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let number = |key: &str| summary[key].as_u64().unwrap();
    assert_eq!(
        number("accepted") + number("duplicates"),
        records,
        "{summary}"
    );
    assert_eq!(calls(&place.engine()), records);
}

/// What the batches say that was acknowledged is what the store holds.
#[track_caller]
fn sound(place: &Place) -> u64 {
    let engine = place.engine();
    let acknowledged: u64 = list(&engine, Nothing {})
        .unwrap()
        .iter()
        .map(|batch| batch.accepted)
        .sum();
    assert_eq!(calls(&engine), acknowledged);
    let (size, _) = engine.store().tree().unwrap();
    for seq in [0, size / 2, size - 1] {
        engine.store().prove(seq, size).unwrap();
    }
    acknowledged
}

/// Waits until the store's files hold `bytes` or the program ended; answers whether it still runs.
fn grown(child: &mut Child, store: &Path, bytes: u64) -> bool {
    let size =
        |name: &str| std::fs::metadata(store.join(name)).map_or(0, |metadata| metadata.len());
    loop {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if size("assay.db") + size("assay.db-wal") >= bytes {
            return true;
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_killed_import_keeps_what_it_acknowledged_and_completes_without_duplicates() {
    let records = 60_000;
    let kills = std::env::var("ASSAY_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(KILLS);
    let place = Place::new();
    let log = place.log(records);
    let (mut killed, mut most) = (0, 0);
    for kill in 0..kills {
        let mut child = program(&place.store(), &log)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // At other points of a commit each time: the files grow while it runs.
        let bytes = 200_000 + kill * 9_300_001 % 40_000_000;
        if grown(&mut child, &place.store(), bytes) {
            child.kill().unwrap();
            killed += 1;
        }
        child.wait().unwrap();
        let acknowledged = sound(&place);
        assert!(
            acknowledged >= most,
            "{acknowledged} of {most} acknowledged records are left"
        );
        most = acknowledged;
        let cut_short = list(&place.engine(), Nothing {}).unwrap();
        assert!(cut_short.iter().all(|batch| batch.state != "running"));
    }
    assert!(killed > 0, "the import was over before it could be killed");
    assert!(most > 0, "nothing was acknowledged before it was killed");
    complete(&place, &log, records);
    sound(&place);
}

#[test]
fn a_store_in_use_is_refused_and_its_holder_is_named() {
    let place = Place::new();
    let log = place.log(3);
    let held = place.engine();
    let output = run(program(&place.store(), &log));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("error[store_locked]"), "{said}");
    assert!(
        said.contains(&format!("process {}", std::process::id())),
        "{said}"
    );
    drop(held);
    complete(&place, &log, 3);
}

#[cfg(unix)]
#[test]
fn a_file_that_can_not_grow_loses_nothing_that_was_acknowledged() {
    let records = 30_000;
    for blocks in [64, 6_000, 20_000] {
        let place = Place::new();
        let log = place.log(records);
        // `ulimit -f` counts blocks of 512 bytes or of 1 kB; the program is told by an error code.
        let mut limited = Command::new("sh");
        limited
            .arg("-c")
            .arg(format!(
                "trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""
            ))
            .arg(env!("CARGO_BIN_EXE_assay"))
            .arg("--store")
            .arg(place.store())
            .arg("import")
            .arg(&log)
            .arg("--json")
            .env("ASSAY_STATE", place.store().with_file_name("state"));
        let output = run(limited);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{blocks}: {said}");
        assert!(said.contains("error[file_unwritable]"), "{blocks}: {said}");
        sound(&place);
        complete(&place, &log, records);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_line_of_a_gigabyte_is_rejected_in_bounded_memory() {
    let place = Place::new();
    let log = place.log(2);
    let mut text = std::fs::read(&log).unwrap();
    {
        use std::io::Write;
        let mut file = std::io::BufWriter::new(std::fs::File::create(&log).unwrap());
        file.write_all(b"{\"text\":\"").unwrap();
        let block = vec![b'x'; 1 << 20];
        for _ in 0..1_024 {
            file.write_all(&block).unwrap();
        }
        file.write_all(b"\"}\n").unwrap();
        text.push(b'\n');
        file.write_all(&text).unwrap();
        file.flush().unwrap();
    }
    // A process that held the line would need more than it may have.
    let mut limited = Command::new("sh");
    limited
        .arg("-c")
        .arg("ulimit -v 700000; exec \"$0\" \"$@\"")
        .arg(env!("CARGO_BIN_EXE_assay"))
        .arg("--store")
        .arg(place.store())
        .arg("import")
        .arg(&log)
        .arg("--json")
        .env("ASSAY_STATE", place.store().with_file_name("state"));
    let output = run(limited);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (summary["accepted"].as_u64(), summary["rejected"].as_u64()),
        (Some(2), Some(1))
    );
}
