//! Measures evidence packs: `scripts/bench.sh` runs it, docs/benchmarks.md has the figures.
//!
//! In: `ASSAY_BENCH_PACKED`, how many records. Out: a table. Not here: what is right; the tests know
//! that.

#![allow(clippy::print_stdout, reason = "the table is the output")]

#[path = "../trail/bedrock_log.rs"]
#[allow(dead_code, reason = "the other bench asks for shorter texts")]
mod bedrock_log;

use std::path::Path;
use std::time::Instant;

use assay_engine::evidence::packs::view::ToolsRun;
use assay_engine::evidence::packs::{self, NewPack};
use assay_engine::evidence::{standard_tools, verifying};
use assay_engine::imports::import;
use assay_engine::jobs::Progress;
use assay_engine::keys::KeySource;
use assay_engine::opening::{Engine, EngineOptions};
use assay_engine::trail::view::ListCalls;
use assay_engine::trail::{self};
use assay_store::open::Access;

/// How often each is measured.
const RUNS: usize = 3;

fn main() {
    let records: u64 = std::env::var("ASSAY_BENCH_PACKED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(10_000);
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log.jsonl");
    let mut text = String::new();
    let source = bedrock_log::Log::new(records);
    for number in 0..records {
        source.record(number, &mut text);
    }
    std::fs::write(&log, &text).expect("a log");
    let options = EngineOptions {
        keys: KeySource::StateFolder,
        state: Some(folder.path().join("state")),
        ..EngineOptions::new(folder.path().join("store"), Access::Write)
    };
    let engine = Engine::open(options).expect("a store");
    import(&engine, &[log], None, &Progress::silent()).expect("an import");
    let all = folder.path().join("all.zip");
    let one = folder.path().join("one.zip");
    println!("| | Fastest | Median |\n|---|---|---|");
    measured(&format!("pack of {records} records"), || {
        write(&engine, "", &all);
    });
    let page = ListCalls {
        query: String::new(),
        after: None,
        row: None,
        limit: Some(1),
    };
    let call = trail::calls(&engine, page).expect("a page").calls.remove(0);
    write(&engine, &format!("id:{}", call.id), &one);
    measured(
        &format!("`assay evidence verify`, {records} records"),
        || {
            assert!(verifying::verify_file(&all).expect("a pack").ok);
        },
    );
    measured("`assay evidence verify`, one record", || {
        assert!(verifying::verify_file(&one).expect("a pack").ok);
    });
    measured("standard tools, one record, five commands", || {
        whole(&standard_tools::run(&one, &Progress::silent()).expect("a pack"));
    });
    measured(
        &format!("standard tools, {records} records, five commands"),
        || {
            whole(&standard_tools::run(&all, &Progress::silent()).expect("a pack"));
        },
    );
    let length = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
    println!(
        "\nlog {} MB, pack of all {} MB, pack of one {} kB",
        text.len() / 1_000_000,
        length(&all) / 1_000_000,
        length(&one) / 1_000
    );
}

fn write(engine: &Engine, query: &str, path: &Path) {
    let new = NewPack {
        query: query.to_owned(),
        ..NewPack::default()
    };
    packs::write(engine, &new, path, &Progress::silent()).expect("a pack");
}

fn whole(ran: &ToolsRun) {
    assert!(ran.ok, "{:?}", ran.steps);
}

fn measured(what: &str, mut work: impl FnMut()) {
    let mut seconds: Vec<f64> = (0..RUNS)
        .map(|_| {
            let began = Instant::now();
            work();
            began.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    println!(
        "| {what} | {:.2} s | {:.2} s |",
        seconds[0],
        seconds[RUNS / 2]
    );
}
