//! A rehearsal that is stopped shows no part of itself.

use std::path::Path;
use std::sync::{Arc, OnceLock, mpsc};

use serde_json::json;

use super::*;
use crate::commands::dispatch;
use crate::imports::import;
use crate::jobs::{Event, JobState};
use crate::opening::EngineOptions;

fn log() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures/logs/bedrock-invocations.jsonl")
}

#[test]
fn a_rehearsal_that_is_stopped_on_its_way_answers_that_and_no_part() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(EngineOptions::writing(folder.path().join("store"))).unwrap();
    import(&engine, &[log()], Some("claims"), &Progress::silent()).unwrap();
    let flag = Arc::new(OnceLock::<Arc<std::sync::atomic::AtomicBool>>::new());
    let known = Arc::clone(&flag);
    let progress = Progress::listening(move |step| {
        assert_eq!((step.phase.as_str(), step.unit), ("comparing", "calls"));
        if let Some(flag) = known.get() {
            flag.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    });
    flag.set(progress.cancel_flag()).unwrap();
    let input = Rehearse {
        to: Some("masking".to_owned()),
        ..Rehearse::default()
    };
    let error = rehearse(&engine, &input, &progress).unwrap_err();
    assert_eq!(error.code, Code::Cancelled);
    // The same again, with nobody who stops it.
    let found = rehearse(&engine, &input, &Progress::silent()).unwrap();
    assert!(found.matched > 0);
}

#[test]
fn a_job_that_was_asked_to_stop_ends_as_cancelled_and_without_a_result() {
    let folder = tempfile::tempdir().unwrap();
    let (sender, receiver) = mpsc::channel();
    let mut options = EngineOptions::writing(folder.path().join("store"));
    options.sink = Arc::new(move |event| {
        if let Event::Job { job } = event {
            // Nobody listens any more once the test has seen the end.
            let _ = sender.send(job);
        }
    });
    let engine = Engine::open(options).unwrap();
    // Enough calls that the job is on its way when it is stopped.
    let line = std::fs::read_to_string(log()).unwrap();
    let line = line.lines().next().unwrap();
    let id = serde_json::from_str::<serde_json::Value>(line).unwrap()["requestId"]
        .as_str()
        .unwrap()
        .to_owned();
    let calls: String = (0..400)
        .map(|number| format!("{}\n", line.replace(&id, &format!("r-{number}"))))
        .collect();
    let path = folder.path().join("many.jsonl");
    std::fs::write(&path, calls).unwrap();
    import(&engine, &[path], Some("claims"), &Progress::silent()).unwrap();
    let started = dispatch(
        &engine,
        "redaction.rehearse",
        json!({"to": "masking", "query": ""}),
    );
    let id = started.unwrap()["job"].as_u64().unwrap();
    dispatch(&engine, "jobs.cancel", json!({ "job": id })).unwrap();
    let ended = receiver
        .iter()
        .find(|job| job.id == id && job.state != JobState::Running)
        .unwrap();
    assert_eq!(ended.state, JobState::Cancelled);
    assert!(ended.result.is_none(), "a part would stand for the whole");
}
