//! Evidence: a pack that holds, by a key that is compared or is not; packs that were changed and do
//! not; what is no pack at all.

use serde_json::Value;

use super::Bench;

fn packed() -> (Bench, String) {
    packed_of(Bench::filled())
}

fn packed_of(bench: Bench) -> (Bench, String) {
    let out = bench.path("evidence.zip").to_str().unwrap().to_owned();
    let pack = bench.json(&["evidence", "pack", "--out", &out, "kind:bedrock"]);
    assert_eq!(
        pack["records"], 7,
        "five calls, two of them recorded twice: {pack}"
    );
    assert_eq!(pack["signed"], true, "{pack}");
    // What notes that the pack was written comes after its checkpoint.
    let status = bench.json(&["evidence", "status"]);
    assert!(status["size"].as_u64() >= pack["size"].as_u64(), "{status}");
    assert_adds_up(&pack["counts"]);
    (bench, out)
}

#[track_caller]
fn assert_adds_up(counts: &Value) {
    let number = |name: &str| counts[name].as_u64().unwrap();
    assert_eq!(
        number("in_scope"),
        number("shown") + number("withheld") + number("erased") + number("missing"),
        "{counts}"
    );
    assert_eq!(
        number("shown"),
        number("records") + number("supporting"),
        "{counts}"
    );
}

#[test]
fn a_pack_holds_without_the_store() {
    let (bench, out) = packed();
    let imports = bench.json(&["import", "batches"]);
    let rejected: u64 = imports
        .as_array()
        .unwrap()
        .iter()
        .map(|import| import["rejected"].as_u64().unwrap())
        .sum();
    let fingerprint = bench.json(&["evidence", "key", "show"])["first_fingerprint"].clone();
    std::fs::remove_dir_all(bench.store()).unwrap();
    let found = bench.json(&["evidence", "verify", &out]);
    assert_eq!(
        (&found["ok"], &found["records"], &found["failures"]),
        (&true.into(), &7.into(), &serde_json::json!([]))
    );
    assert_eq!(
        (&found["key"], &found["first_fingerprint"]),
        (&"not_compared".into(), &fingerprint)
    );
    assert_adds_up(&found["counts"]);
    assert_eq!(found["counts"]["rejected"], rejected);
    for import in found["imports"].as_array().unwrap() {
        let parts = ["accepted", "duplicates", "blank", "rejected"];
        let sum: u64 = parts
            .iter()
            .map(|part| import[part].as_u64().unwrap())
            .sum();
        assert_eq!(import["lines"], sum, "{import}");
    }
    let human = bench.run(&["evidence", "verify", &out]).with_code(0);
    assert!(
        human
            .stdout
            .starts_with("holds, by a key that you have not compared: 7 records of "),
        "{}",
        human.stdout
    );
    assert!(!bench.store().exists());
}

#[test]
fn a_key_and_an_earlier_pack_are_compared() {
    let (bench, first) = packed();
    let shown = bench.json(&["evidence", "key", "show"]);
    let fingerprint = shown["first_fingerprint"].as_str().unwrap();
    let vkey = shown["first_vkey"].as_str().unwrap();
    let file = bench.file("log.vkey", format!("{vkey}\n"));
    bench.run(&["evidence", "key", "rotate"]).with_code(0);
    let second = bench.path("second.zip").to_str().unwrap().to_owned();
    let pack = bench.json(&["evidence", "pack", "--out", &second, "kind:bedrock"]);
    let old = bench.json(&["evidence", "verify", &first])["size"].clone();
    assert_eq!(pack["continues"], serde_json::json!([old]));
    for key in [fingerprint, vkey, &file] {
        let run = [
            "evidence",
            "verify",
            &second,
            "--key",
            key,
            "--against",
            &first,
        ];
        let found = bench.json(&run);
        assert_eq!(
            (&found["key"], &found["continues"]),
            (&"pinned".into(), &old),
            "{found}"
        );
        let human = bench.run(&run).with_code(0).stdout;
        assert!(
            human.starts_with("holds, signed by the key that you know: "),
            "{human}"
        );
    }
    // A pack of another log, and the other way round.
    let (_other, theirs) = packed_of(Bench::imported());
    for wrong in [
        vec!["evidence", "verify", &theirs, "--key", fingerprint],
        vec!["evidence", "verify", &theirs, "--against", &first],
        vec!["evidence", "verify", &first, "--against", &second],
    ] {
        let ran = bench.run(&wrong).with_code(1);
        assert!(ran.stdout.starts_with("does not hold: "), "{}", ran.stdout);
    }
    bench
        .run(&["evidence", "verify", &first, "--key", "nonsense"])
        .error("bad_input", "neither a fingerprint nor a verifier key");
    let log = bench.file("short.txt", "no checkpoint");
    bench
        .run(&["evidence", "verify", &first, "--against", &log])
        .with_code(1);
    bench
        .run(&["evidence", "verify", &first, "--against", "missing.zip"])
        .error("bad_input", "missing.zip");
}

#[test]
fn a_changed_pack_does_not_hold() {
    let (bench, out) = packed();
    let bytes = std::fs::read(&out).unwrap();
    // A record, its leaf, the manifest, the sums, the instructions, a proof, the verifier.
    for part in [
        "ModelInvocationLog",
        "awsRegion",
        "\"q\":",
        "\"withheld\": ",
        "  HOWTO.txt",
        "sha256sum -c",
        "tlog-proof@v",
        "#!/usr/bin/env",
    ] {
        let found = bytes
            .windows(part.len())
            .position(|window| window == part.as_bytes());
        let at = found.unwrap_or_else(|| panic!("no {part}")) + part.len() - 1;
        let mut changed = bytes.clone();
        changed[at] ^= 0x01;
        let path = bench.file("changed.zip", changed);
        let ran = bench
            .run(&["evidence", "verify", &path, "--json"])
            .with_code(1);
        assert_eq!(ran.json()["ok"], false, "{part}");
        assert_ne!(ran.json()["failures"], serde_json::json!([]), "{part}");
    }
    let path = bench.file("cut.zip", &bytes[..bytes.len() / 2]);
    let ran = bench.run(&["evidence", "verify", &path]).with_code(1);
    assert!(ran.stdout.starts_with("does not hold"), "{}", ran.stdout);
}

/// A file in a zip archive, with the fields that a bomb, a link or a way out of the folder has.
fn entry(name: &str, method: u16, claimed: u32, content: &[u8]) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04\x0a\x00\x00\x00".to_vec();
    bytes.extend(method.to_le_bytes());
    bytes.extend([0, 0, 33, 0, 0, 0, 0, 0]);
    bytes.extend((content.len() as u32).to_le_bytes());
    bytes.extend(claimed.to_le_bytes());
    bytes.extend((name.len() as u16).to_le_bytes());
    bytes.extend([0, 0]);
    bytes.extend(name.as_bytes());
    bytes.extend(content);
    bytes
}

#[test]
fn what_is_no_pack_is_said_to_be_none() {
    let bench = Bench::empty();
    for (name, bytes) in [
        ("empty", Vec::new()),
        ("text", b"no pack".to_vec()),
        (
            "end-only",
            b"PK\x05\x06".iter().copied().chain([0; 18]).collect(),
        ),
        ("bomb", entry("checkpoint", 8, u32::MAX, &[0x4b; 40])),
        ("huge", entry("checkpoint", 0, u32::MAX, b"x")),
        ("way-out", entry("../../checkpoint", 0, 1, b"x")),
        ("absolute", entry("/etc/passwd", 0, 1, b"x")),
    ] {
        let path = bench.file(name, bytes);
        let ran = bench.run(&["evidence", "verify", &path]).with_code(1);
        assert!(
            ran.stdout.starts_with("does not hold: "),
            "{name}: {}",
            ran.stdout
        );
    }
    let folder = bench.path("folder");
    std::fs::create_dir(&folder).unwrap();
    bench
        .run(&["evidence", "verify", folder.to_str().unwrap()])
        .error("bad_input", "not a file");
    bench
        .run(&["evidence", "verify", "missing.zip"])
        .error("bad_input", "missing.zip");
}

#[test]
fn what_can_not_be_packed_is_said() {
    let (bench, out) = packed();
    bench
        .run(&["evidence", "pack", "--out", &out, "knd:x"])
        .error("bad_input", "knd");
    bench
        .run(&["evidence", "pack", "--out", &out, "--at", "3"])
        .error("not_found", "checkpoint");
    let text = bench.file("report.txt", "x");
    bench
        .run(&["evidence", "pack", "--out", &out, "--report", &text])
        .error("bad_input", "no report");
    let before = std::fs::read(&out).unwrap();
    let folder = bench.path("folder.zip");
    std::fs::create_dir(&folder).unwrap();
    bench
        .run(&["evidence", "pack", "--out", folder.to_str().unwrap()])
        .error("file_unwritable", "folder");
    assert_eq!(std::fs::read(&out).unwrap(), before);
}

#[test]
fn the_same_store_and_checkpoint_give_the_same_bytes_wherever_it_runs() {
    let (bench, out) = packed();
    let size = bench.json(&["evidence", "verify", &out])["size"].to_string();
    let report = bench.file("report.json", "{\"report\":1}");
    let places = [("Pacific/Kiritimati", "tr_TR.UTF-8"), ("UTC", "C")];
    let packs = places.map(|(zone, locale)| {
        let out = bench.path(format!("{locale}.zip"));
        let run = [
            "evidence", "pack", "--at", &size, "--report", &report, "--out",
        ];
        let mut command = bench.command(&run);
        command
            .arg(&out)
            .arg("status:ok")
            .env("TZ", zone)
            .env("LC_ALL", locale);
        let ran = super::finished(command.output().unwrap());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        std::fs::read(out).unwrap()
    });
    assert!(packs[0] == packs[1], "the two packs differ");
    let path = bench.file("again.zip", &packs[0]);
    let found = bench.json(&["evidence", "verify", &path]);
    assert_eq!(found["ok"], true, "{found}");
    let notes = found["notes"].to_string();
    assert!(notes.contains("nobody vouches for its query"), "{notes}");
}

#[test]
fn the_tools_of_this_computer_check_a_pack_and_are_never_taken_to_have_passed() {
    let (bench, out) = packed();
    let run = ["evidence", "verify", "--standard-tools", &out];
    let ran = bench.json(&run);
    assert_eq!(
        (&ran["ok"], &ran["passed"], &ran["failed"], &ran["not_run"]),
        (&true.into(), &5.into(), &0.into(), &0.into()),
        "{ran}"
    );
    let shown = bench.json(&["evidence", "key", "show"]);
    let fingerprint = shown["first_fingerprint"]
        .as_str()
        .unwrap()
        .replace(' ', "");
    assert!(
        ran["steps"][2]["output"]
            .as_str()
            .unwrap()
            .starts_with(&fingerprint),
        "{ran}"
    );
    // Nothing of the records is left where it was unpacked.
    let left = std::fs::read_dir(bench.path(""))
        .unwrap()
        .filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_string_lossy().starts_with("assay-pack-")
        })
        .count();
    assert_eq!(left, 0);
    // Without the tools nothing passes.
    let mut command = bench.command(&["--json", "evidence", "verify", "--standard-tools", &out]);
    command.env("PATH", bench.path("nowhere"));
    let ran = super::finished(command.output().unwrap())
        .with_code(1)
        .json();
    assert_eq!((&ran["passed"], &ran["not_run"]), (&0.into(), &5.into()));
    // A pack that brings another verifier does not have it run.
    let mut bytes = std::fs::read(&out).unwrap();
    let at = bytes
        .windows(14)
        .position(|window| window == b"#!/usr/bin/env")
        .unwrap();
    bytes[at + 2] = b'X';
    let path = bench.file("other.zip", bytes);
    let human = bench.run(&["evidence", "verify", "--standard-tools", &path]);
    assert_ne!(human.code, 0, "{}", human.stdout);
}

#[test]
fn the_proof_of_one_record_is_printed_and_holds_no_byte_of_it() {
    let bench = Bench::filled();
    let calls = bench.json(&["trail", "calls", "kind:bedrock"]);
    let id = calls["calls"][0]["id"].as_str().unwrap();
    bench
        .run(&["evidence", "prove", "0000"])
        .error("not_found", "call");
    bench.run(&["evidence", "checkpoint"]).with_code(0);
    let proof = bench.json(&["evidence", "prove", id]);
    let text = bench.run(&["evidence", "prove", id]).with_code(0).stdout;
    assert_eq!(text.trim_end(), proof["proof"].as_str().unwrap().trim_end());
    let head = format!("c2sp.org/tlog-proof@v1\nindex {}\n", proof["seq"]);
    assert!(text.starts_with(&head), "{text}");
    assert!(text.contains("\n\nassay.local/"), "{text}");
}
