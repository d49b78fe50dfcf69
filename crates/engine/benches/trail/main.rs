//! Measures import and trail: `scripts/bench.sh` runs it, docs/benchmarks.md has the figures.
//!
//! Every measurement is a process of its own, so that its peak memory is its own. In: sizes as
//! environment variables. Out: a table. Not here: what is right; the tests know that.

#![allow(clippy::print_stdout, reason = "the table is the output")]

mod bedrock_log;
mod exports;
mod reading;
mod rehearsals;
mod words;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use assay_engine::imports::import;
use assay_engine::jobs::Progress;
use assay_engine::keys::KeySource;
use assay_engine::opening::{Engine, EngineOptions};
use assay_engine::settings::encrypting;
use assay_engine::trail;
use assay_engine::trail::view::Query;
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
        ["trail", store] => say(&reading::measure(Path::new(store))),
        ["index", store, detail] => say(&words::build(Path::new(store), detail)),
        ["words", store] => say(&words::measure(Path::new(store), None)),
        ["words", store, query] => say(&words::measure(Path::new(store), Some(query))),
        ["export", store, format, file] => {
            say(&exports::measure(Path::new(store), format, Path::new(file)));
        }
        ["log", log, calls] => {
            let calls = number(calls);
            println!("{} bytes", write_log(Path::new(log), Size::Calls(calls)).1);
        }
        ["fill", store, calls] => fill(Path::new(store), number(calls), Log::new(number(calls))),
        ["fill", store, calls, "personal"] => fill(
            Path::new(store),
            number(calls),
            Log::personal(number(calls)),
        ),
        ["rehearse", store, from, to] => {
            say(&rehearsals::measure(Path::new(store), from, Path::new(to)));
        }
        ["fill", store, calls, "short"] => {
            fill(Path::new(store), number(calls), Log::short(number(calls)))
        }
        _ => all(),
    }
}

fn number(text: &str) -> u64 {
    text.parse().expect("a number of calls")
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

/// How much log to write.
#[derive(Clone, Copy)]
enum Size {
    Bytes(u64),
    Calls(u64),
}

/// Calls of a slice of a log.
const SLICE: u64 = 250_000;

/// Imports until the store holds `calls` calls, a slice of the log at a time, so that the log takes
/// no room. Prints what each slice took.
fn fill(store: &Path, calls: u64, log: Log) {
    let engine =
        Engine::open(EngineOptions::new(store.to_owned(), Access::Write)).expect("a store");
    let everything = Query {
        query: String::new(),
    };
    let mut from = trail::count(&engine, everything).expect("a count").stored;
    let slice = store.with_extension("slice.jsonl");
    while from < calls {
        let to = (from + SLICE).min(calls);
        let (_, bytes) = write_records(&slice, &log, from, Size::Calls(to - from));
        let (began, used) = (Instant::now(), cpu_s());
        let summary = import(
            &engine,
            std::slice::from_ref(&slice),
            None,
            &Progress::silent(),
        )
        .expect("an import");
        assert_eq!(
            (summary.accepted, summary.rejected, summary.failed.len()),
            (to - from, 0, 0),
            "the log is sound"
        );
        say(&Figures::from([
            ("calls".to_owned(), to as f64),
            ("bytes".to_owned(), bytes as f64),
            ("wall_s".to_owned(), began.elapsed().as_secs_f64()),
            ("cpu_s".to_owned(), cpu_s() - used),
            ("peak_mb".to_owned(), peak_mb()),
            (
                "store_mb".to_owned(),
                engine.store().size_bytes() as f64 / 1e6,
            ),
        ]));
        std::fs::remove_file(&slice).expect("the slice");
        from = to;
    }
}

/// Writes a log; answers its records and its bytes.
fn write_log(path: &Path, size: Size) -> (u64, u64) {
    let calls = match size {
        Size::Calls(calls) => calls,
        Size::Bytes(_) => 0,
    };
    write_records(path, &Log::new(calls), 0, size)
}

/// Writes the records of a log from number `from` on; answers how many, and their bytes.
fn write_records(path: &Path, log: &Log, from: u64, size: Size) -> (u64, u64) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).expect("a file"));
    let mut line = String::new();
    let (mut written, mut records) = (0, 0);
    while match size {
        Size::Bytes(bytes) => written < bytes,
        Size::Calls(calls) => records < calls,
    } {
        line.clear();
        log.record(from + records, &mut line);
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
    println!("\nTrail at {records} calls:\n");
    show_questions(&apart(&["trail", text(&store)]));
    println!(
        "\nExports of {records} calls:\n\n| format | seconds | MB | peak memory |\n|---|---|---|---|"
    );
    for format in exports::FORMATS {
        let file = folder.path().join("export");
        let figures = apart(&["export", text(&store), format, text(&file)]);
        println!(
            "| {format} | {:.1} | {:.0} | {:.0} MB |",
            figures["wall_s"], figures["mb"], figures["peak_mb"]
        );
    }
    for detail in ["words", "phrases"] {
        println!("\nSearch index, {detail}:\n");
        for (name, value) in apart(&["index", text(&store), detail]) {
            println!("- {name}: {value:.1}");
        }
        show_questions(&apart(&["words", text(&store)]));
    }
}

/// Prints what questions took: median and 95th percentile of as many runs as each was asked.
fn show_questions(figures: &Figures) {
    println!("| question | p50 ms | p95 ms | processor ms |\n|---|---|---|---|");
    for (name, value) in figures {
        if let Some(p95) = figures.get(&format!("{name}, p95")) {
            let cpu = figures.get(&format!("{name}, cpu")).copied();
            println!(
                "| {name} | {value:.1} | {p95:.1} | {:.1} |",
                cpu.unwrap_or(f64::NAN)
            );
        } else if !name.ends_with(", p95") && !name.ends_with(", cpu") {
            println!("| {name} | {value:.1} | | |");
        }
    }
}
