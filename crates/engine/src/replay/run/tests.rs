//! What a live run spends, against the sandbox as a backend of this computer.

use std::net::SocketAddr;
use std::path::Path;

use assay_backends::loopback::Server;
use serde_json::json;

use super::*;
use crate::commands::dispatch;
use crate::imports::import;
use crate::opening::EngineOptions;

struct Bench {
    engine: Engine,
    server: Server,
    folder: tempfile::TempDir,
}

/// The calls of the fixtures, and a backend whose calls have a price.
fn bench() -> Bench {
    bench_of(
        &Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../tests/fixtures/logs/bedrock-invocations.jsonl"),
    )
}

/// The calls of a log, and a backend whose calls have a price.
fn bench_of(log: &Path) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(EngineOptions::writing(folder.path().join("store"))).unwrap();
    import(
        &engine,
        &[log.to_owned()],
        Some("claims"),
        &Progress::silent(),
    )
    .unwrap();
    let server = sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0)), Behaviour::Ok).unwrap();
    let bench = Bench {
        engine,
        server,
        folder,
    };
    bench.save(
        &format!("http://{}", bench.server.address),
        "anthropic.claude-3-haiku-20240307-v1:0",
    );
    bench
}

impl Bench {
    fn save(&self, base_url: &str, model: &str) {
        let input = json!({
            "name": "near", "kind": "bedrock", "dialect": "bedrock_invoke", "base_url": base_url, "place": "eu-west-1", "auth": "none",
            "model": model, "private": false,
        });
        dispatch(&self.engine, "replay.save_backend", input).unwrap();
    }

    fn planned(&self, budget: &str) -> StartReplay {
        self.planned_of(3, budget)
    }

    fn planned_of(&self, calls: u64, budget: &str) -> StartReplay {
        let plan = dispatch(
            &self.engine,
            "replay.plan",
            json!({"backend": "near", "query": "", "policy": "default"}),
        )
        .unwrap();
        assert!(
            plan["sendable"].as_u64().unwrap() + plan["needs_redaction"].as_u64().unwrap() == calls,
            "{plan}"
        );
        let text = |name: &str| plan[name].as_str().unwrap().to_owned();
        StartReplay {
            plan: text("id"),
            budget_usd: Some(budget.to_owned()),
            phrase: Some(text("phrase")),
        }
    }

    fn run(&self, asked: &StartReplay) -> Result<ReplayRun> {
        run(&self.engine, asked, &Progress::silent())
    }

    fn reserved(&self, run: &str) -> i64 {
        self.engine.store().run(run).unwrap().0.reserved_usd_micros
    }
}

#[test]
fn a_plan_of_a_live_run_is_carried_out_once() {
    let bench = bench();
    let asked = bench.planned("1");
    assert_eq!(bench.run(&asked).unwrap().state, "done");
    assert_eq!(
        bench.run(&asked).unwrap_err().message,
        "the plan was carried out already"
    );
    assert_eq!(
        crate::replay::shown::runs(&bench.engine, crate::commands::Nothing {})
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn no_call_is_sent_that_the_budget_can_not_hold() {
    let bench = bench();
    for (budget, state, sent) in [
        ("0", "budget_reached", 0),
        ("0.000001", "budget_reached", 0),
        ("0.000700", "done", 3),
    ] {
        let run = bench.run(&bench.planned(budget)).unwrap();
        assert_eq!((run.state.as_str(), run.changed), (state, sent), "{budget}");
        let reserved = bench.reserved(&run.id);
        assert!(
            micros(&run.spent_usd).unwrap() <= reserved && reserved <= micros(budget).unwrap(),
            "{budget}: {reserved}"
        );
    }
}

/// A log of one call with an answer and one whose record holds none.
fn half_answered() -> Bench {
    let record = |id: &str, output: serde_json::Value| {
        json!({
            "schemaType": "ModelInvocationLog", "schemaVersion": "1.0", "timestamp": "2026-10-07T14:03:22Z", "accountId": "111122223333",
            "region": "eu-west-1", "requestId": id, "operation": "InvokeModel", "modelId": "anthropic.claude-3-haiku-20240307-v1:0",
            "input": {"inputContentType": "application/json", "inputTokenCount": 9, "inputBodyJson": {
                "anthropic_version": "bedrock-2023-05-31", "max_tokens": 200,
                "messages": [{"role": "user", "content": "Which documents does a claim need?"}],
            }},
            "output": output,
        })
    };
    let answered = json!({"outputContentType": "application/json", "outputTokenCount": 3, "outputBodyJson": {
        "type": "message", "role": "assistant", "content": [{"type": "text", "text": "A form."}],
        "usage": {"input_tokens": 9, "output_tokens": 3},
    }});
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("calls.jsonl");
    let lines = [
        record("r-1", answered),
        record(
            "r-2",
            json!({"outputContentType": "application/json", "outputTokenCount": 3}),
        ),
    ];
    std::fs::write(&log, lines.map(|line| format!("{line}\n")).concat()).unwrap();
    bench_of(&log)
}

#[test]
fn an_answer_with_nothing_to_compare_it_with_is_not_changed() {
    let bench = half_answered();
    let run = bench.run(&bench.planned_of(2, "1")).unwrap();
    assert_eq!(
        (
            run.calls,
            run.compared,
            run.same,
            run.changed,
            run.not_compared
        ),
        (2, 1, 0, 1, 1)
    );
    let item = run
        .items
        .iter()
        .find(|item| item.state == "not_compared")
        .unwrap();
    assert_eq!(
        (item.similarity, item.detail.as_deref()),
        (None, Some("the record holds no answer to compare with"))
    );
}

#[test]
fn a_run_stored_before_the_state_was_told_apart_is_read_right() {
    let bench = half_answered();
    let run = bench.run(&bench.planned_of(2, "1")).unwrap();
    let (_, stored) = bench.engine.store().run(&run.id).unwrap();
    for mut item in stored {
        item.state = "changed".to_owned();
        bench
            .engine
            .store()
            .writer()
            .unwrap()
            .save_item(&run.id, &item, None)
            .unwrap();
    }
    let again = show(&bench.engine, RunRef { run: run.id }).unwrap();
    assert_eq!((again.changed, again.not_compared), (1, 1));
}

#[test]
fn a_run_that_was_cut_short_runs_no_more() {
    let bench = bench();
    let asked = bench.planned("1");
    let record = RunRecord {
        id: "run-1".to_owned(),
        plan: asked.plan.clone(),
        state: "running".to_owned(),
        started_ms: 0,
        finished_ms: None,
        budget_usd_micros: Some(1),
        reserved_usd_micros: 0,
        run: json!({"backend": "near", "destination": "", "policy": "default", "refused": [], "planned": 3}).to_string(),
    };
    begin(&bench.engine, &record, true, b"{}").unwrap();
    let Bench { engine, folder, .. } = bench;
    drop(engine);
    let engine = Engine::open(EngineOptions::writing(folder.path().join("store"))).unwrap();
    assert_eq!(
        show(
            &engine,
            RunRef {
                run: "run-1".to_owned()
            }
        )
        .unwrap()
        .state,
        "failed"
    );
    assert_eq!(
        run(&engine, &asked, &Progress::silent()).unwrap_err().code,
        Code::BadInput,
        "nothing is sent twice"
    );
}
