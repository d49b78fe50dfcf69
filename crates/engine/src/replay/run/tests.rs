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
    let folder = tempfile::tempdir().unwrap();
    let log = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures/logs/bedrock-invocations.jsonl");
    let engine = Engine::open(EngineOptions::writing(folder.path().join("store"))).unwrap();
    import(&engine, &[log], Some("claims"), &Progress::silent()).unwrap();
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
        let plan = dispatch(
            &self.engine,
            "replay.plan",
            json!({"backend": "near", "query": "", "policy": "default"}),
        )
        .unwrap();
        assert!(
            plan["sendable"].as_u64().unwrap() + plan["needs_redaction"].as_u64().unwrap() == 3,
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
