//! Measures the engine: findings in the form that a scorer reads, and bytes per CPU-second.
//!
//! `redact_bench detect SET.jsonl` writes a line of entities for each line `{"text"}`;
//! `redact_bench speed [MB]` scans a corpus that it makes itself, and prints figures;
//! `redact_bench bounds [MB]` scans texts that a careless scan would choke on;
//! `redact_bench sweep [KB [COUNT]]` scans texts of so many kB that repeat what each recognizer is known by, and
//! prints the slowest;
//! `redact_bench canaries [COUNT]` says how many planted values of each type are found in each writing;
//! `redact_bench preview` redacts texts of 100 kB one by one, names included, and prints how long each takes;
//! `redact_bench digests [FILE...]` prints what is found in each text of a sweep, of the odd ones and of files as
//! a number, so that two versions can be compared;
//! `redact_bench speed-of FILE` scans a file as one text. Not here: scoring.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a tool of developers that prints, and stops where something is amiss"
)]

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::time::Instant;

use assay_redact::canaries::outcome::{Outcome, by_spans};
use assay_redact::canaries::{Wanted, Writing, draw, kinds};
use assay_redact::detect::{Entity, detect_with};
use assay_redact::evaluate::spans;
use assay_redact::operators::Numbering;
use assay_redact::policy::{DEFAULT, Policy};
use assay_redact::redaction::{entities, redact};
use assay_redact::scan::Scratch;
use serde_json::{Value, json};

#[path = "../tests/odd/texts.rs"]
mod texts;

#[path = "redact_bench/sweep.rs"]
mod parts;

use parts::parts;
use texts::ODD;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["detect", file] => detect(file),
        ["speed"] => speed(20),
        ["speed", megabytes] => speed(megabytes.parse().unwrap()),
        ["bounds"] => bounds(64),
        ["bounds", megabytes] => bounds(megabytes.parse().unwrap()),
        ["sweep"] => sweep(64, 40),
        ["sweep", kilobytes] => sweep(kilobytes.parse().unwrap(), 40),
        ["sweep", kilobytes, count] => sweep(kilobytes.parse().unwrap(), count.parse().unwrap()),
        ["canaries"] => canaries(20),
        ["canaries", count] => canaries(count.parse().unwrap()),
        ["preview"] => preview(),
        ["digests", files @ ..] => digests(files),
        ["speed-of", file] => speed_of(&std::fs::read(file).unwrap()),
        _ => println!(
            "detect SET.jsonl | speed [MB] | bounds [MB] | sweep [KB [COUNT]] | canaries [COUNT] | preview | digests [FILE...] | speed-of FILE"
        ),
    }
}

fn detect(file: &str) {
    let policy = Policy::parse(DEFAULT).unwrap();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::fs::read_to_string(file).unwrap().lines() {
        let text: Value = serde_json::from_str(line).unwrap();
        let text = text["text"].as_str().unwrap();
        let found: Vec<Entity> = entities(text, &policy);
        let found: Vec<Value> = spans(text, &found)
            .into_iter()
            .zip(&found)
            .map(|(span, entity)| json!({"start": span.start, "end": span.end, "entity_type": entity.entity_type, "score": entity.score, "recognizer": entity.recognizer}))
            .collect();
        serde_json::to_writer(&mut out, &json!({"entities": found})).unwrap();
        out.write_all(b"\n").unwrap();
    }
}

/// Of `count` values of each type in each writing: how many are found whole, and how many in part.
fn canaries(count: usize) {
    let policy = Policy::parse(DEFAULT).unwrap();
    for writing in Writing::ALL {
        let (mut whole, mut partly, mut types) = (0, 0, Vec::new());
        for (label, _) in kinds() {
            let wanted = Wanted {
                entity_types: vec![label.to_owned()],
                writings: vec![writing],
            };
            let (mut found, mut some) = (0, 0);
            for canary in draw(1, count, &wanted).unwrap() {
                let spans: Vec<(usize, usize)> = entities(&canary.text, &policy)
                    .iter()
                    .map(|entity| (entity.start, entity.end))
                    .collect();
                match by_spans(&canary.text, &canary.planted[0], &spans) {
                    Outcome::Found => found += 1,
                    Outcome::Partly => some += 1,
                    Outcome::Missed => {}
                }
            }
            whole += found;
            partly += some;
            if found < count {
                types.push(format!("{label} {found}+{some}"));
            }
        }
        let all = count * kinds().count();
        println!(
            "{:<16} {whole} of {all} whole, {partly} in part: {}",
            writing.name(),
            types.join(", ")
        );
    }
}

/// Seconds of processor time of this process.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after = stat.rsplit_once(") ").unwrap().1;
    let ticks: f64 = after
        .split(' ')
        .skip(11)
        .take(2)
        .map(|ticks| ticks.parse::<f64>().unwrap())
        .sum();
    ticks / 100.0
}

/// Documents of about 2 kB: prose, chat, code, logs, JSON, in which now and then something stands.
fn corpus(megabytes: usize) -> Vec<String> {
    const PROSE: [&str; 8] = [
        "The committee met on Tuesday to consider the proposal that had been circulated the week before. ",
        "Please summarise the attached report in three paragraphs and keep the tone neutral. ",
        "I would suggest that we first look at the figures of the third quarter, which rose by 4.2 percent. ",
        "Customers who call before noon are usually served on the same day, unless the parts are missing. ",
        "In general the model answers correctly, but it tends to repeat itself when the question is vague. ",
        "Die Lieferung wurde am Montag bestätigt und sollte bis Ende der Woche eintreffen. ",
        "Order 4711-0815 was shipped in 3 boxes; the invoice number is 2026/11/0042. ",
        "Sure! Here is a short explanation of how the cache works and why the key matters. ",
    ];
    const CODE: [&str; 6] = [
        "def load(path, *, encoding='utf-8'):\n    with open(path, encoding=encoding) as handle:\n        return json.load(handle)\n",
        "for (let i = 0; i < items.length; i += 1) {\n  total += items[i].price * 100;\n}\n",
        "impl Display for Token {\n    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result { write!(f, \"{}\", self.0) }\n}\n",
        "let rows = table.filter(|row| row.status == \"active\").take(50).collect::<Vec<_>>();\n",
        "const key = await getKey(config.keyName);\nif (!key) throw new Error(`missing key ${config.keyName}`);\n",
        "if token_type == TokenType.STRING and self.peek().value in KEYWORDS:\n    self.advance(1)\n",
    ];
    const LOGS: [&str; 5] = [
        "2026-11-24T14:03:22.114Z INFO  http server: GET /v1/items/48213?page=2 200 12ms trace=4bf92f3577b34da6a3ce929d0e0e4736\n",
        "[24/Nov/2026:14:03:22 +0000] 203.0.113.7 \"POST /login HTTP/1.1\" 302 512 \"-\" \"Mozilla/5.0\"\n",
        "Nov 24 14:03:22 host app[4242]: worker 17 finished 1024 jobs in 3.221 s (0 failed)\n",
        "{\"level\":\"info\",\"ts\":1790000000123,\"msg\":\"request done\",\"status\":200,\"bytes\":48213,\"id\":\"b3f1c2d4-5e6f-4a1b-8c9d-0e1f2a3b4c5d\"}\n",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 changed 14 files, 220 insertions(+), 91 deletions(-)\n",
    ];
    const FOUND: [&str; 6] = [
        "You can reach me at maria.lopez@example.com or on +44 7700 900123. ",
        "My card 4111 1111 1111 1111 expires soon. ",
        "export ANTHROPIC_API_KEY=sk-ant-api03-Zk3v9QpLmXw7RtYbN2sHd8FgQ1\n",
        "IBAN DE89 3704 0044 0532 0130 00, thank you. ",
        "password = \"Tr0ub4dor&8z\"\n",
        "SSN 536-90-4399, born on 4 July 1991. ",
    ];
    let mut seed = 0x9E37_79B9_u64;
    let mut next = |most: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % most
    };
    let mut documents = Vec::new();
    let mut size = 0;
    while size < megabytes * 1_000_000 {
        let mut document = String::new();
        let kind = next(4);
        while document.len() < 2_000 {
            document.push_str(match kind {
                0 | 1 => PROSE[next(PROSE.len())],
                2 => CODE[next(CODE.len())],
                _ => LOGS[next(LOGS.len())],
            });
            if next(40) == 0 {
                document.push_str(FOUND[next(FOUND.len())]);
            }
        }
        size += document.len();
        documents.push(document);
    }
    documents
}

fn speed(megabytes: usize) {
    let began = Instant::now();
    let policy = Policy::parse(DEFAULT).unwrap();
    let first = entities("jo@example.com", &policy).len();
    println!(
        "start-up: {:.1} ms ({first} found)",
        began.elapsed().as_secs_f64() * 1_000.0
    );
    let documents = corpus(megabytes);
    let bytes: usize = documents.iter().map(String::len).sum();
    let mut scratch = Scratch::default();
    for _ in 0..3 {
        let (wall, cpu) = (Instant::now(), cpu_seconds());
        let mut found = 0;
        for document in &documents {
            found += detect_with(
                document.as_bytes(),
                policy.recognizers(),
                policy.threshold,
                &mut scratch,
            )
            .len();
        }
        report(bytes, found, wall, cpu);
    }
}

fn preview() {
    let policy = Policy::parse(DEFAULT).unwrap();
    let corpus = corpus(4).concat();
    let redacted = |text: &str| redact(text, &policy, b"key", &mut Numbering::default());
    redacted("Ann Lee, jo@example.com");
    let mut times: Vec<f64> = Vec::new();
    let mut rest = corpus.as_str();
    while rest.len() > 100_000 {
        let at = rest.floor_char_boundary(100_000);
        let (text, after) = rest.split_at(at);
        // A thread of its own has seen none of its sentences before.
        let took = std::thread::scope(|threads| {
            let looked = threads.spawn(|| {
                let wall = Instant::now();
                assert!(redacted(text).segments.len() > 1);
                wall.elapsed()
            });
            looked.join().unwrap()
        });
        times.push(took.as_secs_f64() * 1_000.0);
        rest = after;
    }
    times.sort_unstable_by(f64::total_cmp);
    println!(
        "{} texts of 100 kB: {:.1} ms median, {:.1} ms the slowest of 20, {:.1} ms the slowest",
        times.len(),
        times[times.len() / 2],
        times[times.len() * 19 / 20],
        times[times.len() - 1]
    );
}

fn speed_of(text: &[u8]) {
    let policy = Policy::parse(DEFAULT).unwrap();
    let (wall, cpu) = (Instant::now(), cpu_seconds());
    let found = detect_with(
        text,
        policy.recognizers(),
        policy.threshold,
        &mut Scratch::default(),
    )
    .len();
    report(text.len(), found, wall, cpu);
}

fn report(bytes: usize, found: usize, wall: Instant, cpu: f64) {
    let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    let megabytes = bytes as f64 / 1e6;
    println!(
        "{megabytes:.1} MB, {found} found: {:.1} MB/s wall, {:.1} MB per CPU-second",
        megabytes / wall,
        megabytes / cpu.max(0.01)
    );
}

/// One long text of each odd part, and how its time compares with a text of a sixteenth.
fn bounds(megabytes: usize) {
    let policy = Policy::parse(DEFAULT).unwrap();
    let mut scratch = Scratch::default();
    for part in ODD {
        let mut seconds = [0.0; 2];
        for (place, size) in [(0, megabytes * 1_000_000 / 16), (1, megabytes * 1_000_000)] {
            let text = part.repeat(size / part.len());
            let cpu = cpu_seconds();
            detect_with(
                text.as_bytes(),
                policy.recognizers(),
                policy.threshold,
                &mut scratch,
            );
            seconds[place] = cpu_seconds() - cpu;
        }
        println!(
            "{part:?}: {:.2} s, {:.1} MB per CPU-second, {:.2} times what a sixteenth took times 16",
            seconds[1],
            megabytes as f64 / seconds[1].max(0.01),
            seconds[1] / (seconds[0].max(0.01) * 16.0)
        );
    }
}

/// A text of each part that a recognizer is known by; the slowest of them. The shortest of several runs
/// counts: one is too short for the clock of the processor, and others use it too.
fn sweep(kilobytes: usize, count: usize) {
    let policy = Policy::parse(DEFAULT).unwrap();
    let mut scratch = Scratch::default();
    let mut speed_of = |part: &str, runs: usize| {
        let text = part.repeat((kilobytes * 1_000).div_ceil(part.len()));
        let (mut shortest, mut found) = (f64::MAX, 0);
        for _ in 0..runs {
            let wall = Instant::now();
            let (recognizers, threshold) = (policy.recognizers(), policy.threshold);
            found = detect_with(text.as_bytes(), recognizers, threshold, &mut scratch).len();
            shortest = shortest.min(wall.elapsed().as_secs_f64());
        }
        (text.len() as f64 / 1e6 / shortest, found)
    };
    let mut took: Vec<(f64, usize, String)> = Vec::new();
    for part in parts(policy.recognizers()) {
        let (mut speed, mut found) = speed_of(&part, 2);
        if speed < 30.0 {
            (speed, found) = speed_of(&part, 5);
        }
        took.push((speed, found, part));
    }
    took.sort_by(|one, other| one.0.total_cmp(&other.0));
    let below = |speed: f64| took.partition_point(|took| took.0 < speed);
    println!(
        "{} texts, below 5 MB per second: {}, below 10: {}, below 20: {}, below 30: {}",
        took.len(),
        below(5.0),
        below(10.0),
        below(20.0),
        below(30.0)
    );
    for (speed, found, part) in took.iter().take(count) {
        println!("{part:?}: {speed:.1} MB per second, {found} found");
    }
}

fn digests(files: &[&str]) {
    const PIECE: usize = 3_000;
    let policy = Policy::parse(DEFAULT).unwrap();
    let mut scratch = Scratch::default();
    let mut digest = |text: &[u8], name: &str| {
        let (recognizers, threshold) = (policy.recognizers(), policy.threshold);
        let found = detect_with(text, recognizers, threshold, &mut scratch);
        let mut hasher = DefaultHasher::new();
        format!("{found:?}").hash(&mut hasher);
        println!("{:016x} {} {name:?}", hasher.finish(), found.len());
    };
    let mut parts: Vec<String> = parts(policy.recognizers()).into_iter().collect();
    parts.extend(ODD.map(str::to_owned));
    for (at, part) in parts.iter().enumerate() {
        digest(part.repeat(PIECE.div_ceil(part.len())).as_bytes(), part);
        // Beside parts of other recognizers, which change as one goes on.
        let [one, other] = [7_919, 104_729].map(|step| &parts[at * step % parts.len()]);
        let mixed = format!("{part}{one}{other}\n{one} {part}");
        digest(mixed.repeat(3).as_bytes(), &mixed);
    }
    for file in files {
        let text = std::fs::read(file).unwrap();
        digest(&text, file);
        for (at, piece) in text.chunks(PIECE).enumerate() {
            digest(piece, &format!("{file} {at}"));
        }
    }
}
