//! The provider's usage and cost reports: taken in, listed, compared with the trail, forgotten.

use serde_json::{Value, json};

use super::Bench;

const DAY: &str = "2026-10-05T00:00:00Z";
const NEXT: &str = "2026-10-06T00:00:00Z";
const AFTER: &str = "2026-10-07T00:00:00Z";

fn usage(model: &str, key: &str, input: u64) -> Value {
    json!({
        "uncached_input_tokens": input, "output_tokens": 40, "cache_read_input_tokens": 30,
        "cache_creation": {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 10},
        "server_tool_use": {"web_search_requests": 2}, "model": model, "api_key_id": key,
        "account_id": "user_01Ann", "workspace_id": null, "service_tier": "standard",
        "context_window": "0-200k", "inference_geo": "global", "service_account_id": null,
    })
}

fn bucket(from: &str, to: &str, results: Vec<Value>) -> Value {
    json!({"starting_at": from, "ending_at": to, "results": results})
}

fn page(data: Vec<Value>) -> String {
    json!({"data": data, "has_more": false, "next_page": null}).to_string()
}

/// A call to the Claude API with the tokens of one usage row of 100 input tokens.
fn call(id: &str, at: &str, model: &str) -> String {
    json!({
        "id": id, "call_type": "acompletion", "response_cost": 0.002, "status": "success",
        "custom_llm_provider": "anthropic", "model": model, "api_base": "https://api.anthropic.com",
        "startTime": at, "endTime": at, "prompt_tokens": 160, "completion_tokens": 40,
        "total_tokens": 200, "metadata": {"usage_object": {
            "prompt_tokens_details": {"cached_tokens": 30}, "cache_read_input_tokens": 30,
            "cache_creation_input_tokens": 30,
        }},
        "messages": [{"role": "user", "content": "Good morning"}], "response": null,
    })
    .to_string()
}

/// A usage report of two days and a cost report of one. Of the first day the trail holds one of two
/// calls of a model; of the second day nothing.
fn bench() -> Bench {
    let bench = Bench::empty();
    let model = "claude-opus-4-5-20251101";
    bench.file(
        "logs/calls.jsonl",
        call("c-1", "2026-10-05T08:00:00Z", "claude-opus-4-5"),
    );
    bench.file(
        "logs/usage.json",
        page(vec![
            bucket(
                DAY,
                NEXT,
                vec![usage(model, "key_1", 100), usage(model, "key_2", 100)],
            ),
            bucket(NEXT, AFTER, Vec::new()),
        ]),
    );
    bench.file(
        "logs/cost.json",
        page(vec![bucket(
            DAY,
            NEXT,
            vec![
                json!({"amount": "123.45", "currency": "USD", "model": model, "cost_type": "tokens",
                       "token_type": "uncached_input_tokens", "description": "Claude usage"}),
                json!({"amount": "2", "currency": "USD", "model": null, "cost_type": "web_search"}),
            ],
        )]),
    );
    let path = bench.path("logs");
    bench.run(&["import", path.to_str().unwrap()]).with_code(0);
    bench
}

#[test]
fn reports_are_taken_in_and_never_counted_as_calls() {
    let bench = bench();
    assert_eq!(bench.json(&["trail", "calls"])["total"], 1);
    let page = bench.json(&["trail", "usage"]);
    assert_eq!(page["total"], 4, "{page}");
    assert_eq!(page["tokens"]["all"], 400);
    assert_eq!(page["amount_usd"], "1.2545");
    let row = page["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["api_key_id"] == "key_1")
        .unwrap();
    assert_eq!(row["tokens"]["input_tokens"], 100);
    assert_eq!(row["tokens"]["cache_read_tokens"], 30);
    assert_eq!(row["tokens"]["cache_write_5m_tokens"], 20);
    assert_eq!(row["tokens"]["cache_write_1h_tokens"], 10);
    assert_eq!(row["web_searches"], 2);
    assert_eq!(row["workspace_id"], Value::Null);
    let paged = bench.json(&["trail", "usage", "--limit", "3"]);
    let next = paged["next"].as_str().unwrap();
    let rest = bench.json(&["trail", "usage", "--after", next]);
    assert_eq!(rest["rows"].as_array().unwrap().len(), 1);
    let shown = bench
        .run(&["trail", "usage", "--report", "cost"])
        .with_code(0);
    assert!(shown.stdout.contains("1.2345"), "{}", shown.stdout);
    // The same files again change nothing.
    let again = bench.json(&["import", bench.path("logs/usage.json").to_str().unwrap()]);
    assert_eq!(again["report_buckets"], 0, "{again}");
    assert_eq!(again["batches"][0]["state"], "already_imported");
    assert_eq!(again["batches"][0]["format"], "usage_report");
    bench.run(&["evidence", "fsck"]).with_code(0);
}

#[test]
fn what_was_fetched_again_counts_once() {
    let bench = bench();
    let model = "claude-opus-4-5";
    let more = page(vec![bucket(
        DAY,
        NEXT,
        vec![usage("claude-opus-4-5-20251101", "key_1", 150)],
    )]);
    let file = bench.file("again.json", more);
    let summary = bench.json(&["import", &file]);
    assert_eq!(summary["report_buckets"], 1, "{summary}");
    let page = bench.json(&["trail", "usage", "--report", "usage", "--model", model]);
    assert_eq!(
        (page["total"].as_u64(), page["counted"].as_u64()),
        (Some(3), Some(2))
    );
    assert_eq!(page["tokens"]["input_tokens"], 250);
}

#[test]
fn both_sides_are_compared_and_every_figure_opens() {
    let bench = bench();
    let found = bench.json(&["trail", "reconcile"]);
    let billed = &found["billed"];
    assert_eq!(billed["usage_rows"], 2, "{billed}");
    let model = &billed["models"][0];
    assert_eq!(model["model"], "claude-opus-4-5");
    assert_eq!(model["billed"]["all"], 400);
    assert_eq!(model["held"]["all"], 200);
    assert_eq!(model["state"], "billed_more");
    assert_eq!(model["billed_usd"], "1.2345");
    let query = model["calls_query"].as_str().unwrap();
    assert_eq!(
        bench.json(&["trail", "calls", query])["total"],
        model["calls"]
    );
    let ask = &model["usage"];
    let rows = bench.json(&[
        "trail",
        "usage",
        "--counted",
        "--from",
        ask["from"].as_str().unwrap(),
        "--to",
        ask["to"].as_str().unwrap(),
        "--model",
        ask["model"].as_str().unwrap(),
        "--report",
        ask["report"].as_str().unwrap(),
    ]);
    assert_eq!(rows["tokens"], model["billed"]);
    assert_eq!(billed["other_costs"][0]["usd"], "0.02");
    let hole = found["holes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|hole| hole["signature"] == "billed_beyond")
        .unwrap();
    assert_eq!(
        (hole["count"].as_u64(), hole["denominator"].as_u64()),
        (Some(200), Some(400))
    );
    bench
        .run(&["trail", "calls", hole["query"].as_str().unwrap()])
        .with_code(0);
    bench.run(&["check", "run"]).with_code(0);
    let findings = bench.json(&["check", "findings"]);
    let finding = findings["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["check"] == "billed-calls-held")
        .unwrap();
    assert_eq!(finding["verdict"], "not_met", "{finding}");
    let shown = bench.run(&["trail", "reconcile"]).with_code(0).stdout;
    assert!(shown.contains("billed more"), "{shown}");
}

#[test]
fn without_a_report_what_was_billed_is_unknown() {
    let bench = Bench::empty();
    let file = bench.file(
        "calls.jsonl",
        call("c-1", "2026-10-05T08:00:00Z", "claude-opus-4-5"),
    );
    bench.run(&["import", &file]).with_code(0);
    let found = bench.json(&["trail", "reconcile"]);
    assert_eq!(found["billed"]["models"], json!([]));
    let shown = bench.run(&["trail", "reconcile"]).with_code(0).stdout;
    assert!(
        shown.contains("what the provider billed is unknown"),
        "{shown}"
    );
    bench.run(&["check", "run"]).with_code(0);
    let findings = bench.json(&["check", "findings"]);
    let finding = findings["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["check"] == "billed-calls-held")
        .unwrap();
    assert_eq!(finding["verdict"], "unknown", "{finding}");
}

#[test]
fn buckets_of_which_nothing_says_what_they_are_are_refused() {
    let bench = Bench::empty();
    let file = bench.file("empty.json", page(vec![bucket(DAY, NEXT, Vec::new())]));
    let summary = bench.json(&["import", &file]);
    assert_eq!(
        (summary["accepted"].as_u64(), summary["rejected"].as_u64()),
        (Some(0), Some(1))
    );
    let bad = bench.file(
        "bad.json",
        page(vec![bucket(
            DAY,
            NEXT,
            vec![json!({"uncached_input_tokens": "many"})],
        )]),
    );
    assert_eq!(bench.json(&["import", &bad])["rejected"], 1);
    let lines = bench.json(&["import", "rejected"]);
    assert!(!lines.to_string().contains("many"), "{lines}");
}

#[test]
fn who_is_named_in_a_report_is_found_and_forgotten_and_the_figures_stay() {
    let bench = bench();
    let search = ["--json", "retention", "find"];
    let found = bench.fed(&search, b"user_01Ann\n").with_code(0).json();
    let also = found["also"].as_array().unwrap();
    assert!(
        also.iter()
            .any(|one| one["what"] == "rows of usage and cost reports" && one["count"] == 2),
        "{found}"
    );
    let phrase = found["phrase"].as_str().unwrap();
    let erase = [
        "--json",
        "retention",
        "erase",
        "--request",
        "R-1",
        "--basis",
        "own_decision",
        "--i-accept",
        phrase,
    ];
    let erased = bench.fed(&erase, b"user_01Ann\n").with_code(0).json();
    for left in erased["left"].as_array().unwrap() {
        assert_eq!(left["count"], 0, "{erased}");
    }
    let page = bench.json(&["trail", "usage", "--report", "usage"]);
    assert_eq!(page["tokens"]["all"], 400);
    assert_eq!(page["rows"][0]["account_id"], Value::Null);
    bench.run(&["evidence", "fsck"]).with_code(0);
}
