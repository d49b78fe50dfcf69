//! No dangerous command acts without a confirmation of exactly itself, whatever a page sends.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::json;

use super::*;
use crate::commands::{NAMES, dispatch_with};
use crate::imports::import;
use crate::jobs::Progress;
use crate::opening::EngineOptions;

const REASON: &str = "Ticket 4711 of the fraud desk";

struct Bench {
    engine: Engine,
    now_ms: Arc<AtomicI64>,
    _folder: tempfile::TempDir,
}

/// The calls of the fixtures, in an engine that a page sends commands to.
fn bench() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let log = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures/logs/bedrock-invocations.jsonl");
    let now_ms = Arc::new(AtomicI64::new(1_800_000_000_000));
    let mut options = EngineOptions::writing(folder.path().join("store"));
    options.confirmation = Confirmation::Needed;
    let clock = Arc::clone(&now_ms);
    options.clock = Arc::new(move || clock.load(Ordering::Relaxed));
    let engine = Engine::open(options).unwrap();
    import(&engine, &[log], Some("claims"), &Progress::silent()).unwrap();
    Bench {
        engine,
        now_ms,
        _folder: folder,
    }
}

impl Bench {
    fn call(&self) -> String {
        let query = read_query("", Table::Calls).unwrap();
        self.engine.store().calls(&query, None, 1).unwrap().0[0]
            .id
            .clone()
    }

    fn reveal(&self) -> Value {
        json!({"id": self.call(), "reason": REASON})
    }

    /// Activities of one name.
    fn told(&self, action: &str) -> u64 {
        let query = read_query(&format!("action:{action}"), Table::Activities).unwrap();
        self.engine.store().activity_count(&query).unwrap().0
    }

    #[track_caller]
    fn refused(&self, name: &str, input: &Value, token: Option<&str>, why: &str) {
        let denied = self.told("command.denied");
        let error = dispatch_with(&self.engine, name, input.clone(), token).unwrap_err();
        assert_eq!(error.code, Code::NotConfirmed, "{name}: {error}");
        assert!(error.message.ends_with(why), "{error}");
        assert_eq!(self.told("command.denied"), denied + 1, "{name}");
    }
}

#[test]
fn a_token_is_good_for_one_command_with_one_input_once_and_for_a_minute() {
    let bench = bench();
    let input = bench.reveal();
    let issue = |input: &Value| issue(&bench.engine, "trail.reveal", input).unwrap();
    bench.refused("trail.reveal", &input, None, "no confirmation");
    bench.refused("trail.reveal", &input, Some("0000"), "unknown confirmation");
    // Of another input, and then not even of its own: a token that was shown is spent.
    let token = issue(&json!({"id": bench.call(), "reason": "Another reason altogether"}));
    bench.refused(
        "trail.reveal",
        &input,
        Some(&token),
        "confirmation of something else",
    );
    bench.refused(
        "trail.reveal",
        &json!({"id": bench.call(), "reason": "Another reason altogether"}),
        Some(&token),
        "unknown confirmation",
    );
    // Of another command.
    let token = issue(&input);
    bench.refused(
        "evidence.pack",
        &input,
        Some(&token),
        "confirmation of something else",
    );
    let token = issue(&input);
    bench.now_ms.fetch_add(LIVES_MS + 1, Ordering::Relaxed);
    bench.refused("trail.reveal", &input, Some(&token), "confirmation too old");
    assert_eq!(bench.told("call.reveal"), 0, "nothing was revealed so far");
    let token = issue(&input);
    bench.now_ms.fetch_add(LIVES_MS, Ordering::Relaxed);
    dispatch_with(&bench.engine, "trail.reveal", input.clone(), Some(&token)).unwrap();
    bench.refused("trail.reveal", &input, Some(&token), "unknown confirmation");
    assert_eq!(bench.told("call.reveal"), 1);
}

#[test]
fn the_question_is_the_engine_s_own_and_holds_nothing_of_the_page() {
    let bench = bench();
    let asked = |name: &str, input: Value| describe(&bench.engine, name, &input).unwrap();
    let reveal = asked("trail.reveal", bench.reveal()).unwrap();
    let call = bench.call();
    assert_eq!(
        reveal.title,
        format!("Reveal the original text of call {}?", &call[..DIGITS])
    );
    assert!(reveal.text.contains("`claims`") && !reveal.text.contains("4711"));
    let pack = asked("evidence.pack", json!({"query": "status:ok"})).unwrap();
    assert!(
        pack.title.starts_with("Write ") && pack.title.ends_with(" as they were received?"),
        "{pack:?}"
    );
    assert!(!format!("{pack:?}").contains("status:ok"));
    assert_eq!(asked("trail.count", json!({"query": ""})), None);
    let missing = describe(&bench.engine, "trail.reveal", &json!({"id": "no such"}));
    assert_eq!(missing.unwrap_err().code, Code::NotFound);
}

#[test]
fn what_stays_in_the_sandbox_needs_none_and_what_leaves_does() {
    let bench = bench();
    let save = json!({
        "name": "there", "kind": "bedrock", "dialect": "bedrock_invoke", "base_url": "https://bedrock-runtime.eu-west-1.amazonaws.com",
        "place": "eu-west-1", "auth": "none", "private": false,
    });
    let send = |name: &str, input: Value| dispatch_with(&bench.engine, name, input, None);
    send("replay.save_backend", save).unwrap();
    let planned = |backend: &str| {
        let asked =
            json!({"backend": backend, "query": "", "policy": "default", "budget_usd": "2"});
        json!({"plan": send("replay.plan", asked).unwrap()["id"]})
    };
    let here = planned("sandbox");
    assert_eq!(
        describe(&bench.engine, "replay.start", &here).unwrap(),
        None
    );
    send("replay.start", here).unwrap();
    let there = planned("there");
    let question = describe(&bench.engine, "replay.start", &there)
        .unwrap()
        .unwrap();
    assert!(
        question
            .title
            .ends_with(" to bedrock-runtime.eu-west-1.amazonaws.com:443?"),
        "{question:?}"
    );
    assert!(question.text.contains("at most 2"), "{question:?}");
    bench.refused("replay.start", &there, None, "no confirmation");
}

#[test]
fn a_person_at_the_terminal_confirms_by_typing() {
    let bench = bench();
    let store = bench.engine.store().folder().to_owned();
    let input = bench.reveal();
    drop(bench.engine);
    let engine = Engine::open(EngineOptions::writing(store)).unwrap();
    assert_eq!(describe(&engine, "trail.reveal", &input).unwrap(), None);
    dispatch_with(&engine, "trail.reveal", input, None).unwrap();
}

/// What a page could send: fields of right and wrong names and kinds.
fn arbitrary() -> Vec<Value> {
    let values = [
        Value::Null,
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("\u{0}\u{202e}../../etc/passwd"),
        json!("a".repeat(70_000)),
        json!([]),
        json!({"id": {"id": []}}),
    ];
    let names = [
        "id",
        "reason",
        "plan",
        "query",
        "handle",
        "budget_usd",
        "phrase",
        "name",
        "subject",
        "request",
        "token",
        "",
    ];
    let mut inputs: Vec<Value> = values.to_vec();
    for name in names {
        for value in &values {
            inputs.push(json!({ name: value }));
            let mut all = serde_json::Map::new();
            for other in names {
                all.insert(other.to_owned(), value.clone());
            }
            all.insert(name.to_owned(), json!("x"));
            inputs.push(Value::Object(all));
        }
    }
    inputs
}

#[test]
fn whatever_a_page_sends_no_dangerous_command_acts_without_a_token() {
    let bench = bench();
    let call = bench.call();
    let dangerous: Vec<&str> = NAMES
        .iter()
        .copied()
        .filter(|name| needs_confirmation(name))
        .collect();
    assert!(dangerous.contains(&"trail.reveal"), "{dangerous:?}");
    let mut inputs = arbitrary();
    inputs.push(json!({"id": call, "reason": REASON}));
    inputs.push(json!({"query": ""}));
    for name in dangerous {
        let activities = bench
            .engine
            .store()
            .activity_count(&Default::default())
            .unwrap()
            .1;
        for input in &inputs {
            // It may be told from the question that the command can't be carried out.
            let _ = describe(&bench.engine, name, input);
            let error = dispatch_with(&bench.engine, name, input.clone(), None).unwrap_err();
            assert_eq!(error.code, Code::NotConfirmed, "{name} {error}");
        }
        let now = bench
            .engine
            .store()
            .activity_count(&Default::default())
            .unwrap()
            .1;
        assert_eq!(
            now - activities,
            inputs.len() as u64,
            "{name}: each refusal is in the trail, and nothing else"
        );
    }
    assert!(bench.engine.jobs().list().is_empty());
}

#[test]
fn equal_inputs_are_written_alike() {
    let read = |text: &str| canonical(&serde_json::from_str(text).unwrap());
    assert_eq!(
        read(r#"{ "b": [1, {"d": "\u00e9", "c": null}], "a": 1.50 }"#),
        r#"{"a":1.5,"b":[1,{"c":null,"d":"é"}]}"#
    );
    assert_ne!(read(r#"{"a": "1"}"#), read(r#"{"a": 1}"#));
}
