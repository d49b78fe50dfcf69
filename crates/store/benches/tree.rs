//! Measures the evidence tree in SQLite: appending, proving, opening, checking; `scripts/bench.sh` runs it.
//!
//! In: sizes as environment variables. Out: a table. Each step is a process of its own, so that its
//! processor time is its own. Not here: what is right; the tests know that.

#![allow(clippy::print_stdout, reason = "the table is the output")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use assay_domain::call::{Call, Kind, Status};
use assay_evidence::leaf::{LeafFields, LeafKind, leaf_bytes};
use assay_evidence::proof::{verify, verify_consistency};
use assay_evidence::tree::{Edge, Hash, leaf_hash};
use assay_store::batches::Chunk;
use assay_store::fsck::Depth;
use assay_store::leaves;
use assay_store::open::{Access, FILE_NAME, Store};
use assay_store::writer::{NewRecord, What, record_id};
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use rusqlite::Connection;
use sha2::{Digest, Sha256};

type Figures = BTreeMap<String, f64>;

/// The time of everything.
const NOW_MS: i64 = 1_795_000_000_000;
/// Leaves in a commit.
const COMMIT: u64 = 1_000;
/// Proofs of each kind that are made and checked.
const PROOFS: u64 = 2_000;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["append", folder, leaves] => say(&append(Path::new(folder), number(leaves))),
        ["hash", leaves] => say(&hash_only(number(leaves))),
        ["ct-merkle", leaves] => say(&in_memory(number(leaves))),
        ["prove", folder] => say(&prove(Path::new(folder))),
        ["open", folder] => say(&open(Path::new(folder))),
        ["import", folder, records] => say(&import(Path::new(folder), number(records))),
        ["fsck", folder, depth] => say(&fsck(Path::new(folder), depth)),
        _ => all(),
    }
}

fn number(text: &str) -> u64 {
    text.parse().expect("a number")
}

fn say(figures: &Figures) {
    println!(
        "{}",
        serde_json::to_string(figures).expect("numbers are JSON")
    );
}

/// Seconds of processor time of this process, which has one thread, to the microsecond; none where
/// the system does not tell it.
fn cpu_s() -> f64 {
    std::fs::read_to_string("/proc/self/schedstat")
        .ok()
        .and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok())
        .map_or(f64::NAN, |ns| ns / 1e9)
}

fn timed(work: impl FnOnce()) -> Figures {
    let (began, used) = (Instant::now(), cpu_s());
    work();
    BTreeMap::from([
        ("wall_s".to_owned(), began.elapsed().as_secs_f64()),
        ("cpu_s".to_owned(), cpu_s() - used),
    ])
}

fn fields(seq: u64) -> LeafFields<'static> {
    LeafFields {
        kind: LeafKind::Event,
        batch: "0123456789abcdef0123456789abcdef",
        length: 1_972,
        offset: seq * 1_973,
        seq,
        recorded_at: "2026-11-23T21:50:23.104Z",
    }
}

/// Stands for the commitment to a payload, which is no part of what is measured.
fn commitment(seq: u64) -> Hash {
    Sha256::digest(seq.to_be_bytes()).into()
}

/// The store's own settings of its one writer.
fn connect(folder: &Path) -> Connection {
    let connection = Connection::open(folder.join(FILE_NAME)).expect("a database");
    connection
        .execute_batch(
            "pragma journal_mode = wal;
             pragma synchronous = full;
             pragma secure_delete = on;
             pragma temp_store = memory;
             pragma cache_size = -65536;
             pragma wal_autocheckpoint = 65536;",
        )
        .expect("settings");
    connection.set_prepared_statement_cache_capacity(64);
    connection
}

fn append(folder: &Path, leaves: u64) -> Figures {
    drop(Store::open(folder, Access::Write, 0).expect("a store"));
    let connection = connect(folder);
    let mut edge = leaves::edge(&connection).expect("an edge");
    let mut figures = timed(|| {
        let end = edge.size() + leaves;
        while edge.size() < end {
            connection
                .execute_batch("begin immediate")
                .expect("a transaction");
            for seq in edge.size()..end.min(edge.size() + COMMIT) {
                leaves::append(&connection, &mut edge, &fields(seq), &commitment(seq))
                    .expect("a leaf");
            }
            leaves::put_edge(&connection, &edge).expect("tiles");
            connection.execute_batch("commit").expect("a commit");
        }
        connection
            .query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))
            .expect("a copied log");
    });
    let bytes = std::fs::metadata(folder.join(FILE_NAME)).map_or(0, |file| file.len());
    figures.insert("bytes".to_owned(), bytes as f64);
    figures
}

fn hash_only(leaves: u64) -> Figures {
    let mut edge = Edge::new();
    timed(|| {
        for seq in 0..leaves {
            let bytes = leaf_bytes(&fields(seq), &commitment(seq));
            edge.push(leaf_hash(&bytes));
        }
    })
}

fn in_memory(leaves: u64) -> Figures {
    let mut tree = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    timed(|| {
        for seq in 0..leaves {
            tree.push(leaf_bytes(&fields(seq), &commitment(seq)));
        }
        std::hint::black_box(tree.root());
    })
}

/// What `work` answers, and its milliseconds: of the wall's clock and of the processor.
fn each<T>(work: impl FnOnce() -> T) -> (T, [f64; 2]) {
    let (began, used) = (Instant::now(), cpu_s());
    let answer = work();
    let wall = began.elapsed().as_secs_f64();
    (answer, [wall * 1e3, (cpu_s() - used) * 1e3])
}

fn spread(mut times: Vec<f64>) -> [f64; 3] {
    times.sort_by(f64::total_cmp);
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    [at(0.5), at(0.99), at(1.0)]
}

fn prove(folder: &Path) -> Figures {
    let store = Store::open(folder, Access::Read, 0).expect("a store");
    let (size, root) = store.tree().expect("a tree");
    let mut state = 1_u64;
    let mut any = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 16) % below
    };
    let (mut inclusion, mut consistency) = (Vec::new(), Vec::new());
    store
        .read(|connection| {
            for _ in 0..PROOFS {
                let seq = any(size);
                let (path, times) = each(|| leaves::inclusion(connection, seq, size));
                inclusion.push(times);
                let path = path?;
                let (bytes, _) = leaves::leaf(connection, seq)?;
                assert!(verify(&leaf_hash(&bytes), seq, size, &path, &root));
                let old = 1 + any(size - 1);
                let (path, times) = each(|| leaves::consistency(connection, old, size));
                consistency.push(times);
                let path = path?;
                let old_root = leaves::root(connection, old)?;
                assert!(verify_consistency(old, size, &old_root, &root, &path));
            }
            Ok(())
        })
        .expect("proofs");
    let mut figures = BTreeMap::from([("leaves".to_owned(), size as f64)]);
    for (name, times) in [("inclusion", inclusion), ("consistency", consistency)] {
        for (index, clock) in ["wall", "processor"].iter().enumerate() {
            let of_clock = times.iter().map(|times| times[index]).collect();
            for (part, value) in ["median", "p99", "slowest"].iter().zip(spread(of_clock)) {
                figures.insert(format!("{name} {clock} {part}"), value);
            }
        }
    }
    figures
}

fn open(folder: &Path) -> Figures {
    timed(|| drop(Store::open(folder, Access::Write, 0).expect("a store")))
}

/// Records of two kilobytes, each a call with an id, stored as an import stores them.
fn import(folder: &Path, records: u64) -> Figures {
    let store = Store::open(folder, Access::Write, NOW_MS).expect("a store");
    timed(|| {
        let mut writer = store.writer().expect("a writer");
        let mut batch = writer
            .begin_batch("bench.jsonl", NOW_MS)
            .expect("an import");
        for first in (0..records).step_by(16_000) {
            let chunk = Chunk {
                records: (first..records.min(first + 16_000)).map(record).collect(),
                ..Chunk::default()
            };
            writer
                .append(&mut batch, [chunk], NOW_MS)
                .expect("a commit");
        }
        "done".clone_into(&mut batch.state);
        writer.end_batch(&batch, NOW_MS).expect("an end");
    })
}

fn record(number: u64) -> NewRecord {
    let mut call = Call::new(Kind::Bedrock, Status::Ok);
    call.started_at_ms = Some(NOW_MS - 1_000 * number as i64);
    call.principal = Some(format!("person-{}", number % 400));
    call.request_model = Some("claude".to_owned());
    call.tokens.input = Some(number);
    call.request_ids = BTreeMap::from([("aws_request_id".to_owned(), number.to_string())]);
    let raw = format!(
        "{{\"number\":{number},\"text\":\"{}\"}}",
        "word ".repeat(390)
    );
    let salt = commitment(number);
    NewRecord {
        id: record_id("bedrock", raw.as_bytes()),
        line: number + 1,
        offset: number * 2_000,
        length: raw.len() as u64,
        format: 0,
        source: "bedrock",
        salt,
        commitment: assay_evidence::leaf::commitment(&salt, raw.as_bytes()),
        codec: 1,
        data: zstd::bulk::compress(raw.as_bytes(), 3).expect("compressed bytes"),
        what: What::Call {
            call: Box::new(call),
            deployment: "claims".to_owned(),
            cost_usd_micros: Some(1_000),
        },
    }
}

fn fsck(folder: &Path, depth: &str) -> Figures {
    let store = Store::open(folder, Access::Read, NOW_MS).expect("a store");
    let depth = Depth::ALL
        .into_iter()
        .find(|of| of.name() == depth)
        .expect("a depth");
    timed(|| {
        let report = store
            .fsck(depth, &[], &mut |_, _, _| Ok(()))
            .expect("an answer");
        assert!(report.is_ok(), "{:?}", report.damage.first());
    })
}

fn apart(arguments: &[&str]) -> Figures {
    let own = std::env::current_exe().expect("this program");
    // One core, where the system can be told so.
    let mut command = match Command::new("taskset").arg("--version").output() {
        Ok(_) => {
            let mut command = Command::new("taskset");
            command.args(["--cpu-list", "0"]).arg(own);
            command
        }
        Err(_) => Command::new(own),
    };
    let output = command.args(arguments).output().expect("a process");
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("figures")
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

fn row(title: &str, leaves: u64, figures: &Figures) {
    let (wall, cpu) = (figures["wall_s"], figures["cpu_s"]);
    let size = figures
        .get("bytes")
        .map_or(String::new(), |bytes| format!("{:.0} MB", bytes / 1e6));
    println!(
        "| {title} | {leaves} | {wall:.2} s | {:.0}/s | {cpu:.2} s | {:.0}/s | {size} |",
        leaves as f64 / wall,
        leaves as f64 / cpu
    );
}

fn all() {
    let folder = std::env::var_os("ASSAY_BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(folder).expect("a folder");
    let text = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let million = 1_000_000;
    println!("\nThe evidence tree, on one core, {COMMIT} leaves a commit:\n");
    println!("| what | leaves | wall | | processor | | database |\n|---|---|---|---|---|---|---|");
    row("hashing alone", million, &apart(&["hash", "1000000"]));
    row(
        "`ct-merkle` in memory",
        million,
        &apart(&["ct-merkle", "1000000"]),
    );
    for run in 0..setting("ASSAY_BENCH_RUNS", 3).max(1) {
        let store = text(&format!("small-{run}"));
        row(
            "leaves and tiles in SQLite",
            million,
            &apart(&["append", &store, "1000000"]),
        );
        std::fs::remove_dir_all(&store).expect("a removed store");
    }
    let leaves = setting("ASSAY_BENCH_LEAVES", 10_000_000);
    let store = text("large");
    row(
        "the same",
        leaves,
        &apart(&["append", &store, &leaves.to_string()]),
    );
    row("opening it", leaves, &apart(&["open", &store]));
    let records = setting("ASSAY_BENCH_RECORDS", 200_000);
    let store = text("records");
    let import = apart(&["import", &store, &records.to_string()]);
    row("storing records with their rows", records, &import);
    for depth in Depth::ALL {
        let title = format!("checking them, depth `{}`", depth.name());
        row(&title, records, &apart(&["fsck", &store, depth.name()]));
    }
    let store = text("large");
    println!(
        "\nProofs, milliseconds:\n\n| what | median | 99 % | slowest | processor, median | 99 % |\n|---|---|---|---|---|---|"
    );
    let figures = apart(&["prove", &store]);
    for name in ["inclusion", "consistency"] {
        println!(
            "| {name} at {} leaves, {PROOFS} proofs | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
            figures["leaves"],
            figures[&format!("{name} wall median")],
            figures[&format!("{name} wall p99")],
            figures[&format!("{name} wall slowest")],
            figures[&format!("{name} processor median")],
            figures[&format!("{name} processor p99")]
        );
    }
}
