//! What the policy in force hides is in no answer but that of a reveal, which is recorded first.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use assay_domain::formats::{Format, exchange};
use serde_json::{Value, json};

use crate::commands::{Nothing, dispatch};
use crate::error::Code;
use crate::imports::import;
use crate::jobs::Progress;
use crate::opening::{Engine, EngineOptions};
use crate::replay::view::StartReplay;
use crate::{checks, replay, settings};

/// Stands wherever a caller can write something.
const HIDDEN: &str = "jane.roe@example.com";
/// The same as an escape that only a JSON reader undoes.
const ESCAPED: &str = "j\\u0061ne.roe@example.com";

fn record() -> String {
    let request = json!({
        "anthropic_version": "bedrock-2023-05-31", "max_tokens": 50,
        "system": [{"type": "text", "text": format!("You serve {HIDDEN}.")}],
        "metadata": {"user_id": HIDDEN},
        "tools": [{"name": HIDDEN, "description": HIDDEN, "input_schema": {"type": "object", "properties": {HIDDEN: {"description": HIDDEN}}}}],
        "messages": [
            {"role": "user", "content": [
                {"type": "text", "text": format!("Write to {HIDDEN}. ESCAPED")},
                {"type": "document", "title": HIDDEN, "context": HIDDEN, "source": {"type": "text", "media_type": "text/plain", "data": HIDDEN}},
            ]},
            {"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": HIDDEN, "input": {HIDDEN: HIDDEN}}]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": HIDDEN}]},
            {"role": "user", "content": "And now?"},
        ],
    });
    let answer = json!({
        "type": "message", "role": "assistant", "model": HIDDEN, "stop_reason": HIDDEN,
        "content": [{"type": "text", "text": format!("I wrote to {HIDDEN}.")}, {"type": "tool_use", "id": "t", "name": HIDDEN, "input": {"to": HIDDEN}}],
        "usage": {"input_tokens": 9, "output_tokens": 3},
    });
    let line = json!({
        "schemaType": "ModelInvocationLog", "schemaVersion": "1.0", "timestamp": "2026-10-07T14:03:22Z", "accountId": "111122223333",
        "region": "eu-west-1", "requestId": "r-1", "operation": "InvokeModel", "modelId": "anthropic.claude-3-haiku-20240307-v1:0",
        "requestMetadata": {"ticket": HIDDEN},
        "input": {"inputContentType": "application/json", "inputTokenCount": 9, "inputBodyJson": request},
        "output": {"outputContentType": "application/json", "outputTokenCount": 3, "outputBodyJson": answer},
    });
    line.to_string().replace("ESCAPED", ESCAPED)
}

/// A store with that call and a line that no parser takes, and every event that was told.
fn bench(folder: &Path) -> (Engine, Arc<Mutex<Vec<String>>>) {
    let log = folder.join("calls.jsonl");
    std::fs::write(&log, format!("{}\n{{\"from\": \"{HIDDEN}\", \n", record())).unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    let mut options = EngineOptions::writing(folder.join("store"));
    options.sink = Arc::new(move |event| {
        heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(serde_json::to_string(&event).unwrap());
    });
    let engine = Engine::open(options).unwrap();
    let summary = import(&engine, &[log], Some("claims"), &Progress::silent()).unwrap();
    assert_eq!((summary.accepted, summary.rejected), (1, 1));
    (engine, told)
}

#[track_caller]
fn hides(name: &str, answer: &Value) {
    let text = answer.to_string();
    assert!(
        !text.contains(HIDDEN) && !text.contains("jane"),
        "{name}: {text}"
    );
}

/// A policy that finds nothing, and one that keeps everything.
fn lax() -> [String; 2] {
    let policy = |threshold: &str, operator: &str| {
        format!(
            "name = \"lax\"\nversion = \"1\"\nthreshold = {threshold}\nallow = [\"{HIDDEN}\"]\n[operators]\ndefault = {{ operator = \"{operator}\" }}\n"
        )
    };
    [
        policy("1.0", "replace"),
        policy("0.5", "keep").replace(&format!("\"{HIDDEN}\""), ""),
    ]
}

#[test]
fn what_is_hidden_is_in_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, told) = bench(folder.path());
    let ask = |name: &str, input: Value| {
        let answer = dispatch(&engine, name, input).unwrap();
        hides(name, &answer);
        answer
    };
    let calls = ask("trail.calls", json!({"query": ""}));
    let id = &calls["calls"][0]["id"];
    ask("trail.call", json!({"id": id}));
    ask("trail.facets", json!({"query": ""}));
    ask("imports.list", json!({}));
    ask("imports.rejected", json!({}));
    ask("redaction.preview", json!({"call_id": id}));
    for toml in lax() {
        let preview = ask(
            "redaction.preview",
            json!({"call_id": id, "policy_toml": toml}),
        );
        assert!(preview.to_string().contains("•••"), "{preview}");
    }
    let plan = ask(
        "replay.plan",
        json!({"backend": "sandbox", "query": "", "policy": "none"}),
    );
    let asked = StartReplay {
        plan: plan["id"].as_str().unwrap().to_owned(),
        budget_usd: None,
        phrase: None,
    };
    let run = replay::run::run(&engine, &asked, &Progress::silent()).unwrap();
    assert_eq!(run.changed, 1);
    ask("replay.show", json!({"run": run.id}));
    ask("replay.comparison", json!({"run": run.id, "call_id": id}));
    checks::run(
        &engine,
        &checks::view::RunChecks::default(),
        &Progress::silent(),
    )
    .unwrap();
    for name in [
        "checks.findings",
        "overview.show",
        "deployments.list",
        "replay.runs",
        "jobs.list",
    ] {
        ask(name, json!({}));
    }
    ask("deployments.show", json!({"name": "claims"}));
    ask(
        "reports.preview",
        json!({"kind": "monthly", "deployments": []}),
    );
    ask("trail.activities", json!({"query": ""}));
    hides(
        "jobs",
        &serde_json::to_value(settings::jobs(&engine, Nothing {}).unwrap()).unwrap(),
    );
    assert!(
        told.lock()
            .unwrap()
            .iter()
            .all(|event| !event.contains("jane"))
    );
}

#[test]
fn a_reveal_is_recorded_first_or_reveals_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, _) = bench(folder.path());
    let id =
        dispatch(&engine, "trail.calls", json!({"query": ""})).unwrap()["calls"][0]["id"].clone();
    let asked = json!({"id": id, "reason": "a complaint of the customer"});
    let seen = |engine: &Engine| {
        dispatch(
            engine,
            "trail.activity_count",
            json!({"query": "action:call.reveal"}),
        )
        .unwrap()["matching"]
            .clone()
    };
    let short = dispatch(
        &engine,
        "trail.reveal",
        json!({"id": id, "reason": "  because  "}),
    )
    .unwrap_err();
    assert_eq!((short.code, seen(&engine)), (Code::BadInput, json!(0)));
    assert!(
        dispatch(&engine, "trail.reveal", asked.clone())
            .unwrap()
            .to_string()
            .contains(HIDDEN)
    );
    assert_eq!(seen(&engine), 1);
    drop(engine);
    let looking = Engine::open(EngineOptions::reading(folder.path().join("store"))).unwrap();
    let refused = dispatch(&looking, "trail.reveal", asked).unwrap_err();
    assert!(
        refused.code == Code::StoreLocked && !refused.message.contains(HIDDEN),
        "{refused:?}"
    );
}

#[test]
fn bytes_of_a_record_are_folded_and_a_broken_letter_hides_no_escape() {
    let folder = tempfile::tempdir().unwrap();
    let (engine, _) = bench(folder.path());
    let masker = super::Masker::in_force(&engine).unwrap();
    let data = "QUJD".repeat(100);
    let raw = |bytes: &[u8]| {
        masker
            .raw(bytes)
            .0
            .into_iter()
            .map(|segment| segment.text)
            .collect::<String>()
    };
    let image = raw(
        json!({"source": {"type": "base64", "data": data}, "sha256": "a".repeat(64)})
            .to_string()
            .as_bytes(),
    );
    assert!(
        image.contains("[400 characters of base64]")
            && !image.contains("QUJD")
            && image.contains(&"a".repeat(64)),
        "{image}"
    );
    let mut broken = format!("{{\"text\": \"{ESCAPED} ").into_bytes();
    broken.extend(b"\xff\"}");
    assert!(!raw(&broken).contains("example.com"), "{}", raw(&broken));
}

fn text(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

/// A record of one call, and a store that holds it.
fn stored(folder: &Path, messages: &Value, content: &Value) -> (Value, Engine) {
    let line = json!({
        "schemaType": "ModelInvocationLog", "schemaVersion": "1.0", "timestamp": "2026-10-07T14:03:22Z", "accountId": "111122223333",
        "region": "eu-west-1", "requestId": "r-1", "operation": "InvokeModel", "modelId": "anthropic.claude-3-haiku-20240307-v1:0",
        "input": {"inputContentType": "application/json", "inputTokenCount": 9, "inputBodyJson": {
            "anthropic_version": "bedrock-2023-05-31", "max_tokens": 50, "messages": messages,
        }},
        "output": {"outputContentType": "application/json", "outputTokenCount": 3, "outputBodyJson": {
            "type": "message", "role": "assistant", "content": content,
            "usage": {"input_tokens": 9, "output_tokens": 3},
        }},
    });
    let log = folder.join("calls.jsonl");
    std::fs::write(&log, line.to_string()).unwrap();
    let engine = Engine::open(EngineOptions::writing(folder.join("store"))).unwrap();
    import(&engine, &[log], Some("claims"), &Progress::silent()).unwrap();
    (line, engine)
}

#[test]
fn a_value_that_is_parted_between_texts_is_hidden_in_each_and_counted_once() {
    let folder = tempfile::tempdir().unwrap();
    let messages = json!([{"role": "user", "content": [text("my card is 4111 1111"), text("1111 1111, thanks")]}]);
    let content = json!([text("Noted: 4111"), text("111111111111.")]);
    let (line, engine) = stored(folder.path(), &messages, &content);
    let ask = |name: &str, input: Value| {
        let answer = dispatch(&engine, name, input).unwrap();
        let text = answer.to_string();
        assert!(
            !text.contains("1111 1") && !text.contains("11111111"),
            "{name}: {text}"
        );
        answer
    };
    let calls = ask("trail.calls", json!({"query": ""}));
    let id = &calls["calls"][0]["id"];
    let call = ask("trail.call", json!({"id": id}));
    let shown = |parts: &Value| -> String {
        let segments = parts
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|part| part["segments"].as_array().unwrap());
        segments
            .map(|segment| segment["text"].as_str().unwrap())
            .collect()
    };
    assert_eq!(
        shown(&call["request"]),
        "my card is [CREDIT_CARD_1][CREDIT_CARD_1], thanks"
    );
    assert_eq!(
        shown(&call["response"]),
        "Noted: [CREDIT_CARD_1][CREDIT_CARD_1]."
    );
    ask("redaction.preview", json!({"call_id": id}));
    let said = exchange(Format::BedrockInvocationLog, line.to_string().as_bytes());
    let found = super::Masker::in_force(&engine).unwrap().found(&said);
    let of = |field: &str| {
        found
            .get(&("CREDIT_CARD".to_owned(), field.to_owned()))
            .copied()
    };
    assert_eq!(
        (of("user_message"), of("response")),
        (Some(1), Some(1)),
        "{found:?}"
    );
}

#[test]
fn what_one_text_of_a_call_proves_is_hidden_in_all_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let messages = json!([{"role": "user", "content": [text("carvalho wrote again; row 7 | 48213977 | late")]},
                {"role": "assistant", "content": [text("Who is that?")]},
                {"role": "user", "content": [text("The policyholder is Ms Ines Carvalho of Lisbon. Account number: 48213977.")]}]);
    let content = json!([
                text("Noted."), {"type": "tool_use", "id": "t", "name": "file_note", "input": {"about": "INES CARVALHO; 12", "rows": [48213977]}}]);
    let (_, engine) = stored(folder.path(), &messages, &content);
    let ask = |name: &str, input: Value| {
        let answer = dispatch(&engine, name, input).unwrap();
        let text = answer.to_string().to_lowercase();
        assert!(
            !text.contains("carvalho") && !text.contains("48213977"),
            "{name}: {text}"
        );
        answer
    };
    let calls = ask("trail.calls", json!({"query": ""}));
    let id = &calls["calls"][0]["id"];
    ask("trail.call", json!({"id": id}));
    let preview = ask("redaction.preview", json!({"call_id": id}));
    let said = "stands elsewhere in this conversation as a PERSON";
    assert!(preview.to_string().contains(said), "{preview}");
    let found = dispatch(
        &engine,
        "trail.excerpts",
        json!({"query": "wrote", "ids": [id]}),
    )
    .unwrap();
    assert!(!found.to_string().contains("carvalho"), "{found}");
    assert!(found.to_string().contains("wrote"), "{found}");
}

#[test]
fn what_the_policy_leaves_as_it_is_does_not_count_as_masked() {
    let folder = tempfile::tempdir().unwrap();
    let messages =
        json!([{"role": "user", "content": [text("On 7 May 2026 jo@example.com wrote")]}]);
    let (_, engine) = stored(folder.path(), &messages, &json!([text("Noted.")]));
    let calls = dispatch(&engine, "trail.calls", json!({"query": ""})).unwrap();
    let id = &calls["calls"][0]["id"];
    let call = dispatch(&engine, "trail.call", json!({"id": id})).unwrap();
    let found: Vec<(&str, bool)> = call["request"][0]["segments"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|segment| !segment["entity_type"].is_null())
        .map(|segment| {
            (
                segment["text"].as_str().unwrap(),
                segment["kept"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(found, [("7 May 2026", true), ("[EMAIL_ADDRESS_1]", false)]);
}

#[test]
fn all_that_a_tool_was_given_is_shown_where_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let messages = json!([{"role": "user", "content": [text("Account number: 48213977.")]}]);
    let input = json!({
        "rows": [1, 48_213_977, true, null, "INES", 7],
        "about": {"date_of_birth": "1984-03-12", "jane.roe@example.com": 2.5},
        "password": 90_210_177, "sure": false, "none": [],
    });
    let content = json!([
        {"type": "tool_use", "id": "t", "name": "file_note", "input": input},
        {"type": "tool_use", "id": "u", "name": "list_notes", "input": {}},
    ]);
    let (line, engine) = stored(folder.path(), &messages, &content);
    let ask = |name: &str, input: Value| dispatch(&engine, name, input).unwrap();
    let id = ask("trail.calls", json!({"query": ""}))["calls"][0]["id"].clone();
    let call = ask("trail.call", json!({"id": id}));
    let shown: Vec<(&str, String)> = call["response"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| {
            let segments = part["segments"].as_array().unwrap().iter();
            let text = segments.map(|one| one["text"].as_str().unwrap()).collect();
            (part["path"].as_str().unwrap_or_default(), text)
        })
        .collect();
    for (path, text) in [
        ("rows[0 to 3]", "1, [US_BANK_NUMBER_1], true, null"),
        ("rows[4]", "INES"),
        ("rows[5]", "7"),
        ("about.date_of_birth", "[DATE_OF_BIRTH_1]"),
        ("about[\"[EMAIL_ADDRESS_1]\"]", "2.5"),
        ("password", "[PASSWORD_1]"),
        ("sure", "false"),
        ("none", "[]"),
        ("", "{}"),
    ] {
        assert!(
            shown.contains(&(path, text.to_owned())),
            "{path}: {shown:?}"
        );
    }
    assert_eq!(shown.len(), 9, "{shown:?}");
    // The same is in a preview, in an export and among what a check counts.
    let preview = ask("redaction.preview", json!({"call_id": id}));
    let paths = preview["fields"].as_array().unwrap().iter();
    assert!(
        paths
            .filter(|field| !field["path"].is_null())
            .any(|field| field["path"] == "rows[1]"
                && field["segments"][0]["after"] == "[US_BANK_NUMBER_1]"),
        "{preview}"
    );
    let said = exchange(Format::BedrockInvocationLog, line.to_string().as_bytes());
    let found = super::Masker::in_force(&engine).unwrap().found(&said);
    for entity_type in ["US_BANK_NUMBER", "PASSWORD"] {
        let of = (entity_type.to_owned(), "response_tool_input".to_owned());
        assert_eq!(found.get(&of), Some(&1), "{found:?}");
    }
    // Revealed, a secret shows no more of a number than of a text.
    let revealed = ask(
        "trail.reveal",
        json!({"id": id, "reason": "Checking redaction"}),
    );
    assert!(revealed.to_string().contains("\"48213977\""), "{revealed}");
    assert!(!revealed.to_string().contains("90210177"), "{revealed}");
}

#[test]
fn of_a_tools_input_of_many_values_what_was_found_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let messages = json!([{"role": "user", "content": [text("Account number: 48213977.")]}]);
    let mut rows: Vec<Value> = (0..3_000).map(|row| json!({"row": row})).collect();
    rows.push(json!({"account": 48_213_977}));
    let content =
        json!([{"type": "tool_use", "id": "t", "name": "file_note", "input": {"rows": rows}}]);
    let (_, engine) = stored(folder.path(), &messages, &content);
    let ask = |name: &str, input: Value| dispatch(&engine, name, input).unwrap();
    let id = ask("trail.calls", json!({"query": ""}))["calls"][0]["id"].clone();
    let call = ask("trail.call", json!({"id": id}));
    let parts = call["response"].as_array().unwrap();
    assert_eq!(parts.len(), 1_001);
    assert_eq!(parts[1_000]["path"], "rows[3000].account");
    assert_eq!(parts[1_000]["segments"][0]["text"], "[US_BANK_NUMBER_1]");
    let left_out: usize = (1_000..3_000_u32).map(|row| row.to_string().len()).sum();
    assert_eq!(parts[999]["cut"], left_out);
}
