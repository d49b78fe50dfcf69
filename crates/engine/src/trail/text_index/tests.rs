//! The search index from the engine's commands: what it costs, what it finds, what is shown of it.

use std::path::Path;
use std::sync::Arc;

use assay_store::open::Access;
use serde_json::json;

use crate::commands::{Nothing, dispatch};
use crate::error::Code;
use crate::imports::import;
use crate::jobs::Progress;
use crate::opening::{Engine, EngineOptions};
use crate::trail;
use crate::trail::excerpts::excerpts;
use crate::trail::text_index::view::{AskExcerpts, AskTextStatus, BuildText, TextStatus};
use crate::trail::text_index::{build_now, catch_up, cost, status, switch_off};
use crate::trail::view::ListCalls;

const MAIL: &str = "jane.roe@example.com";

fn line(number: usize, prompt: &str) -> String {
    json!({
        "schemaType": "ModelInvocationLog", "schemaVersion": "1.0",
        "timestamp": format!("2026-10-07T14:{:02}:{:02}Z", number / 60 % 60, number % 60),
        "accountId": "111122223333", "region": "eu-west-1", "requestId": format!("r-{number}"),
        "operation": "InvokeModel", "modelId": "anthropic.claude-3-haiku-20240307-v1:0",
        "input": {"inputContentType": "application/json", "inputTokenCount": 9, "inputBodyJson": {
            "anthropic_version": "bedrock-2023-05-31", "max_tokens": 50,
            "messages": [{"role": "user", "content": prompt}]}},
        "output": {"outputContentType": "application/json", "outputTokenCount": 3, "outputBodyJson": {
            "type": "message", "role": "assistant", "model": "claude-3-haiku-20240307",
            "content": [{"type": "text", "text": "Certainly."}], "stop_reason": "end_turn",
            "usage": {"input_tokens": 9, "output_tokens": 3}}},
    })
    .to_string()
}

fn engine(folder: &Path, prompts: &[String]) -> Engine {
    let lines: Vec<String> = prompts
        .iter()
        .enumerate()
        .map(|(number, prompt)| line(number, prompt))
        .collect();
    let log = folder.join("bedrock.jsonl");
    std::fs::write(&log, lines.join("\n")).unwrap();
    let engine = Engine::open(EngineOptions::new(folder.join("store"), Access::Write)).unwrap();
    let summary = import(&engine, &[log], None, &Progress::silent()).unwrap();
    assert_eq!(summary.accepted, prompts.len() as u64);
    engine
}

fn prompts() -> Vec<String> {
    let mut all: Vec<String> = (0..60)
        .map(|number| format!("Please draft the policy renewal number{number}.\nThank you."))
        .collect();
    all.push(format!("Write to {MAIL} about the renewal of the policy."));
    all
}

fn asked(engine: &Engine, query: &str) -> TextStatus {
    let input = AskTextStatus {
        query: Some(query.to_owned()),
    };
    status(engine, input).unwrap()
}

fn ids(engine: &Engine, query: &str) -> Vec<String> {
    let input = ListCalls {
        query: query.to_owned(),
        ..ListCalls::default()
    };
    let page = trail::calls(engine, input).unwrap();
    page.calls.into_iter().map(|call| call.id).collect()
}

fn build(engine: &Engine, detail: Option<&str>) -> crate::error::Result<TextStatus> {
    let input = BuildText {
        detail: detail.map(str::to_owned),
    };
    build_now(engine, &input, &Progress::silent())
}

#[test]
fn it_is_off_until_it_is_switched_on_and_its_cost_is_told_before_and_after() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path(), &prompts());
    let off = asked(&engine, "policy status:ok");
    assert_eq!((off.detail, off.of, off.unread), (None, 61, 61));
    assert!(off.has_words && off.read_s > 0.0 && off.bytes.is_none());
    assert!(!asked(&engine, "status:ok").has_words);
    assert_eq!(build(&engine, None).unwrap_err().code, Code::BadInput);
    assert_eq!(
        build(&engine, Some("all")).unwrap_err().code,
        Code::BadInput
    );
    let told = cost(&engine, Nothing {}).unwrap();
    assert_eq!((told.records, told.sampled), (61, 61));
    assert!(told.words.bytes > 0 && told.words.bytes <= told.phrases.bytes);
    let before = ids(&engine, "\"policy renewal\"");
    let on = build(&engine, Some("words")).unwrap();
    assert_eq!(
        (on.detail.as_deref(), on.records, on.unread),
        (Some("words"), 61, 0)
    );
    assert!(on.bytes.is_some_and(|bytes| bytes > 0));
    assert_eq!(ids(&engine, "\"policy renewal\""), before);
    assert_eq!(before.len(), 60);
    let deeds: Vec<String> = ["trail.text_on", "trail.text_off"]
        .map(|action| format!("action:{action}"))
        .to_vec();
    let count = |query: &str| {
        let query = crate::trail::view::Query {
            query: query.to_owned(),
        };
        trail::activity_count(&engine, query).unwrap().matching
    };
    assert_eq!((count(&deeds[0]), count(&deeds[1])), (1, 0));
    let off = switch_off(&engine, Nothing {}).unwrap();
    assert_eq!((off.detail, off.records), (None, 0));
    assert_eq!((count(&deeds[0]), count(&deeds[1])), (1, 1));
}

#[test]
fn what_is_imported_later_is_found_before_and_after_it_is_entered() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path(), &prompts());
    build(&engine, Some("phrases")).unwrap();
    let log = folder.path().join("more.jsonl");
    std::fs::write(&log, line(999, "A renewal that came later")).unwrap();
    import(&engine, &[log], None, &Progress::silent()).unwrap();
    assert_eq!(asked(&engine, "later").unread, 1);
    assert_eq!(ids(&engine, "later").len(), 1);
    let cancelled = Progress::silent();
    cancelled
        .cancel_flag()
        .store(true, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(
        catch_up(&engine, &cancelled).unwrap_err().code,
        Code::Cancelled
    );
    let now = catch_up(&engine, &Progress::silent()).unwrap();
    assert_eq!((now.unread, now.records), (0, 62));
    assert_eq!(ids(&engine, "later").len(), 1);
}

#[test]
fn an_excerpt_shows_what_is_not_masked_and_says_what_is() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path(), &prompts());
    for detail in [None, Some("words"), Some("phrases")] {
        if detail.is_some() {
            build(&engine, detail).unwrap();
        }
        let shown = |query: &str| {
            let input = AskExcerpts {
                query: query.to_owned(),
                ids: ids(&engine, query),
            };
            excerpts(&engine, input).unwrap()
        };
        let found = shown("\"policy renewal\" number7");
        assert_eq!(found.len(), 1);
        let text: String = found[0]
            .pieces
            .iter()
            .map(|piece| piece.text.as_str())
            .collect();
        assert_eq!(text, "Please draft the policy renewal number7. Thank you.");
        let marked: Vec<&str> = found[0]
            .pieces
            .iter()
            .filter(|piece| piece.mark)
            .map(|piece| piece.text.as_str())
            .collect();
        assert_eq!(marked, ["policy renewal", "number7"]);
        let masked = shown(&format!("\"{MAIL}\""));
        assert_eq!(masked.len(), 1, "an officer finds a person's calls");
        assert!(masked[0].hidden && masked[0].pieces.is_empty());
        let beside = shown("jane renewal");
        let text = serde_json::to_string(&beside).unwrap();
        assert!(!text.contains("jane") && text.contains("renewal"), "{text}");
        assert!(!beside[0].hidden);
        assert_eq!(shown("status:ok").len(), 0);
    }
}

#[test]
fn the_page_builds_it_as_a_job() {
    let folder = tempfile::tempdir().unwrap();
    let lines = prompts();
    let log = folder.path().join("bedrock.jsonl");
    let text: Vec<String> = lines.iter().enumerate().map(|(n, p)| line(n, p)).collect();
    std::fs::write(&log, text.join("\n")).unwrap();
    let (sender, events) = std::sync::mpsc::channel();
    let sender = std::sync::Mutex::new(sender);
    let mut options = EngineOptions::new(folder.path().join("store"), Access::Write);
    options.sink = Arc::new(move |event| {
        let sender = sender
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let _ = sender.send(event);
    });
    let engine = Engine::open(options).unwrap();
    import(&engine, &[log], None, &Progress::silent()).unwrap();
    let started = dispatch(&engine, "trail.text_build", json!({"detail": "words"})).unwrap();
    let id = started["job"].as_u64().unwrap();
    let done = events
        .iter()
        .find_map(|event| match event {
            crate::jobs::Event::Job { job }
                if job.id == id && job.state != crate::jobs::JobState::Running =>
            {
                Some(job)
            }
            _ => None,
        })
        .unwrap();
    assert_eq!(done.result.unwrap()["records"], 61);
    let off = dispatch(&engine, "trail.text_drop", json!({})).unwrap();
    assert!(off["detail"].is_null());
}
