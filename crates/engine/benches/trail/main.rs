//! Measures import and trail: `scripts/bench.sh` runs it, docs/benchmarks.md has the figures.
//!
//! Every measurement is a process of its own, so that its peak memory is its own. In: sizes as
//! environment variables. Out: a table. Not here: what is right; the tests know that.

#![allow(clippy::print_stdout, reason = "the table is the output")]

mod bedrock_log;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use assay_engine::encrypting;
use assay_engine::imports::import;
use assay_engine::jobs::Progress;
use assay_engine::keys::KeySource;
use assay_engine::opening::{Engine, EngineOptions};
use assay_engine::trail;
use assay_engine::trail_view::{AskHistogram, ListCalls, Query};
use assay_store::cipher::StoreKey;
use assay_store::open::Access;
use bedrock_log::Log;
use secrecy::SecretString;

type Figures = BTreeMap<String, f64>;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["import", log, store] => say(&measure_import(Path::new(log), Path::new(store), None)),
        ["import", log, store, "encrypted"] => {
            // The key opens nothing but what this run makes, and is gone with it.
            let key = StoreKey::fresh().expect("randomness");
            say(&measure_import(Path::new(log), Path::new(store), Some(key)));
        }
        ["trail", store] => say(&measure_trail(Path::new(store))),
        ["log", log, calls] => {
            let calls = calls.parse().expect("a number of calls");
            println!("{} bytes", write_log(Path::new(log), Size::Calls(calls)).1);
        }
        _ => all(),
    }
}

fn say(figures: &Figures) {
    println!(
        "{}",
        serde_json::to_string(figures).expect("numbers are JSON")
    );
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// Seconds of processor time of this process, user and system.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
    let ticks: u64 = after
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|text| text.parse::<u64>().ok())
        .sum();
    ticks as f64 / 100.0
}

/// The most memory that this process held, in MB.
fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<f64>().ok())
        .unwrap_or(f64::NAN)
        / 1_000.0
}

fn measure_import(log: &Path, store: &Path, key: Option<StoreKey>) -> Figures {
    let mut options = EngineOptions::new(store.to_owned(), Access::Write);
    let is_encrypted = key.is_some();
    if let Some(key) = key {
        options.store_keys.source =
            KeySource::Given(Arc::new(SecretString::from(key.to_hex().as_str())));
    }
    let engine = Engine::open(options).expect("a store");
    if is_encrypted {
        encrypting::encrypt(
            &engine,
            "a passphrase of the benchmark",
            &Progress::silent(),
        )
        .expect("an encrypted store");
    }
    let (began, used) = (Instant::now(), cpu_s());
    let summary = import(&engine, &[log.to_owned()], None, &Progress::silent()).expect("an import");
    let wall_s = began.elapsed().as_secs_f64();
    let cpu_s = cpu_s() - used;
    assert_eq!(
        (summary.rejected, summary.failed.len()),
        (0, 0),
        "the log is sound"
    );
    BTreeMap::from([
        (
            "records".to_owned(),
            (summary.accepted + summary.duplicates) as f64,
        ),
        ("wall_s".to_owned(), wall_s),
        ("cpu_s".to_owned(), cpu_s),
        ("peak_mb".to_owned(), peak_mb()),
        (
            "store_mb".to_owned(),
            engine.store().size_bytes() as f64 / 1e6,
        ),
    ])
}

fn measure_trail(store: &Path) -> Figures {
    let engine = Engine::open(EngineOptions::new(store.to_owned(), Access::Read)).expect("a store");
    let page = |query: &str, after: Option<String>| {
        let asked = ListCalls {
            query: query.to_owned(),
            after,
            row: None,
            limit: Some(100),
        };
        trail::calls(&engine, asked).expect("a page")
    };
    let mut figures = Figures::new();
    let began = Instant::now();
    let first = page("", None);
    figures.insert(
        "page: the first one of this process".to_owned(),
        began.elapsed().as_secs_f64() * 1e3,
    );
    let id = first.calls[0].id.clone();
    let request = first.calls[0]
        .request_ids
        .values()
        .next()
        .cloned()
        .unwrap_or_default();
    let mut after = first.next;
    for _ in 0..50 {
        after = page("", after).next;
    }
    let deep = after;
    let mut time = |name: &str, runs: usize, work: &dyn Fn()| {
        let mut times: Vec<f64> = (0..runs)
            .map(|_| {
                let began = Instant::now();
                work();
                began.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        times.sort_by(f64::total_cmp);
        figures.insert(name.to_owned(), times[times.len() / 2]);
        figures.insert(format!("{name}, slowest"), times[times.len() - 1]);
    };
    time("page: first", 21, &|| drop(page("", None)));
    time("page: the 51st", 21, &|| drop(page("", deep.clone())));
    for query in [
        "status:error",
        "served_region:us-east-1",
        "deployment:bedrock-222233334444 status:error http_status:429",
        "started_at:2026-09-01..2026-09-02",
        "principal:*user-7",
        "principal:arn:aws:sts::111122223333:assumed-role/claims-app/user-7",
        "principal:nobody",
        "latency_ms:>9300",
        "latency_ms:>99999999",
        "feature:tools",
        "cost_usd:>99999",
        "conversation_id:none",
        "oddity:time_missing",
        "conflict:yes",
        "source:cloudtrail",
        "entity_type:EMAIL_ADDRESS",
    ] {
        time(&format!("page: {query}"), 7, &|| drop(page(query, None)));
    }
    let by_id = format!("request_id:{request}");
    time("page: request_id", 21, &|| drop(page(&by_id, None)));
    for query in [
        "",
        "status:error",
        "served_region:eu-*",
        "feature:tools",
        "latency_ms:>9300",
        "source:bedrock_invocation_log",
        "has:entity_type",
    ] {
        let asked = || Query {
            query: query.to_owned(),
        };
        time(&format!("count: {query}"), 5, &|| {
            assert!(trail::count(&engine, asked()).is_ok())
        });
    }
    for query in ["", "status:error", "feature:tools"] {
        let asked = || Query {
            query: query.to_owned(),
        };
        time(&format!("facets, all twelve: {query}"), 3, &|| {
            drop(trail::facets(&engine, asked()).expect("facets"))
        });
        let bars = || AskHistogram {
            query: query.to_owned(),
            bars: 60,
        };
        time(&format!("histogram: {query}"), 5, &|| {
            drop(trail::histogram(&engine, bars()).expect("bars"))
        });
    }
    let a_day = || AskHistogram {
        query: "started_at:2026-09-01".to_owned(),
        bars: 60,
    };
    time("histogram: one day", 5, &|| {
        drop(trail::histogram(&engine, a_day()).expect("bars"))
    });
    for query in [
        "",
        "status:error",
        "started_at:2026-09-01..2026-09-30",
        "feature:tools",
    ] {
        let asked = || Query {
            query: query.to_owned(),
        };
        time(&format!("percentiles: {query}"), 5, &|| {
            drop(assay_engine::latency::show(&engine, asked()).expect("percentiles"))
        });
    }
    time("call: in full, masked", 21, &|| {
        drop(
            trail::call(
                &engine,
                assay_engine::trail_view::RecordRef { id: id.clone() },
            )
            .expect("a call"),
        );
    });
    figures.insert("peak_mb".to_owned(), peak_mb());
    figures
}

/// How much log to write.
#[derive(Clone, Copy)]
enum Size {
    Bytes(u64),
    Calls(u64),
}

/// Writes a log; answers its records and its bytes.
fn write_log(path: &Path, size: Size) -> (u64, u64) {
    let log = Log::new();
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).expect("a file"));
    let mut line = String::new();
    let (mut written, mut records) = (0, 0);
    while match size {
        Size::Bytes(bytes) => written < bytes,
        Size::Calls(calls) => records < calls,
    } {
        line.clear();
        log.record(records, &mut line);
        file.write_all(line.as_bytes()).expect("room for the log");
        written += line.len() as u64;
        records += 1;
    }
    file.flush().expect("room for the log");
    (records, written)
}

fn apart(arguments: &[&str]) -> Figures {
    let own = std::env::current_exe().expect("this program");
    let output = Command::new(own)
        .args(arguments)
        .output()
        .expect("a process");
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("figures")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

fn show_imports(title: &str, bytes: u64, runs: &[Figures]) {
    let of = |name: &str| {
        let mut all: Vec<f64> = runs.iter().map(|run| run[name]).collect();
        all.sort_by(f64::total_cmp);
        (all[0], all[all.len() / 2])
    };
    let (records, megabytes) = (of("records").0, bytes as f64 / 1e6);
    let ((best, middle), (cpu_best, cpu_middle)) = (of("wall_s"), of("cpu_s"));
    println!(
        "| {title} | {megabytes:.0} MB, {records:.0} records | min | {best:.2} s | {:.1} MB/s | {:.0} /s | {cpu_best:.2} s | {:.1} MB | {:.0} MB |",
        megabytes / best,
        records / best,
        of("peak_mb").0,
        of("store_mb").0
    );
    println!(
        "| | {} runs | median | {middle:.2} s | {:.1} MB/s | {:.0} /s | {cpu_middle:.2} s | {:.1} MB | |",
        runs.len(),
        megabytes / middle,
        records / middle,
        of("peak_mb").1
    );
}

/// The same import into a plain store and an encrypted one, in turn.
fn compare_cipher(folder: &Path, log: &Path, bytes: u64, runs: u64) {
    let (mut plain, mut encrypted) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        for (measured, how) in [(&mut plain, &[][..]), (&mut encrypted, &["encrypted"][..])] {
            let store = tempfile::tempdir_in(folder).expect("a folder");
            let mut arguments = vec!["import", text(log), text(store.path())];
            arguments.extend(how);
            measured.push(apart(&arguments));
        }
    }
    show_imports("plain store", bytes, &plain);
    show_imports("encrypted store", bytes, &encrypted);
    let least = |runs: &[Figures], name: &str| {
        runs.iter()
            .map(|run| run[name])
            .fold(f64::INFINITY, f64::min)
    };
    for name in ["cpu_s", "wall_s", "store_mb"] {
        println!(
            "encrypted to plain, least {name}: {:.2}",
            least(&encrypted, name) / least(&plain, name)
        );
    }
}

/// Measures other tools on the same log, and says how many times as fast an import is.
fn compare(log: &Path, bytes: u64, imports: &[Figures]) {
    let Some(python) = std::env::var_os("ASSAY_BENCH_PYTHON") else {
        println!(
            "| other tools | | | not measured: ASSAY_BENCH_PYTHON names no Python with duckdb and sqlite-utils |"
        );
        return;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/peers.py");
    let output = Command::new(python)
        .arg(script)
        .arg(log)
        .output()
        .expect("Python");
    let measured: Figures = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let own = imports
        .iter()
        .map(|run| run["wall_s"])
        .fold(f64::INFINITY, f64::min);
    for (name, seconds) in measured {
        println!(
            "| {name} | {:.0} MB | | {seconds:.2} s | {:.1} MB/s | | an import is {:.2} times as fast | | |",
            bytes as f64 / 1e6,
            bytes as f64 / 1e6 / seconds,
            seconds / own
        );
    }
}

fn all() {
    let folder = std::env::var_os("ASSAY_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(folder).expect("a folder");
    let runs = setting("ASSAY_BENCH_RUNS", 3).max(1);
    let log = folder.path().join("bedrock.jsonl");
    let size = Size::Bytes(setting("ASSAY_BENCH_MB", 256) * 1_000_000);
    println!("| import | log | | wall | bytes | records | processor | peak memory | store |");
    println!("|---|---|---|---|---|---|---|---|---|");
    let (_, bytes) = write_log(&log, size);
    let import = |title: &str, log: &Path, bytes: u64, runs: u64| {
        let measured: Vec<Figures> = (0..runs)
            .map(|_| {
                let store = tempfile::tempdir_in(folder.path()).expect("a folder");
                apart(&["import", text(log), text(store.path())])
            })
            .collect();
        show_imports(title, bytes, &measured);
        measured
    };
    let measured = import("Bedrock log", &log, bytes, runs);
    compare(&log, bytes, &measured);
    let again = folder.path().join("again");
    apart(&["import", text(&log), text(&again)]);
    show_imports(
        "the same file again",
        bytes,
        &[apart(&["import", text(&log), text(&again)])],
    );
    let _ = std::fs::remove_dir_all(&again);
    if setting("ASSAY_BENCH_CIPHER", 0) > 0 {
        compare_cipher(folder.path(), &log, bytes, runs);
    }
    let packed = folder.path().join("bedrock.jsonl.gz");
    let mut encoder = flate2::write::GzEncoder::new(
        std::fs::File::create(&packed).expect("a file"),
        flate2::Compression::new(6),
    );
    std::io::copy(
        &mut std::fs::File::open(&log).expect("the log"),
        &mut encoder,
    )
    .expect("room");
    encoder.finish().expect("room");
    import("the same, gzip", &packed, bytes, 1);
    let _ = std::fs::remove_file(&log);
    let calls = setting("ASSAY_BENCH_CALLS", 1_000_000);
    let big = folder.path().join("calls.jsonl");
    let store = folder.path().join("store");
    let (records, bytes) = write_log(&big, Size::Calls(calls));
    show_imports(
        "large log",
        bytes,
        &[apart(&["import", text(&big), text(&store)])],
    );
    println!(
        "\nTrail at {records} calls, milliseconds:\n\n| question | median | slowest |\n|---|---|---|"
    );
    let figures = apart(&["trail", text(&store)]);
    for (name, value) in &figures {
        if let Some(slowest) = figures.get(&format!("{name}, slowest")) {
            println!("| {name} | {value:.1} | {slowest:.1} |");
        } else if !name.ends_with(", slowest") {
            println!("| {name} | {value:.1} | |");
        }
    }
}
