//! Evidence: a pack that holds, and every pack that was changed and does not.

use super::Bench;

fn packed() -> (Bench, String) {
    let bench = Bench::filled();
    let out = bench.path("evidence.zip").to_str().unwrap().to_owned();
    let pack = bench.json(&["evidence", "pack", "--out", &out, "kind:bedrock"]);
    assert_eq!(
        pack["records"], 7,
        "five calls, two of them recorded twice: {pack}"
    );
    let status = bench.json(&["evidence", "status"]);
    assert_eq!(
        (&pack["root"], &pack["size"]),
        (&status["root"], &status["size"])
    );
    (bench, out)
}

#[test]
fn a_pack_holds_without_the_store() {
    let (bench, out) = packed();
    std::fs::remove_dir_all(bench.store()).unwrap();
    let verification = bench.json(&["evidence", "verify", &out]);
    assert_eq!(
        (
            &verification["ok"],
            &verification["records"],
            &verification["failures"]
        ),
        (&true.into(), &7.into(), &serde_json::json!([]))
    );
    let human = bench.run(&["evidence", "verify", &out]).with_code(0);
    assert!(
        human.stdout.starts_with("holds: 7 records"),
        "{}",
        human.stdout
    );
    assert!(!bench.store().exists());
}

#[test]
fn a_changed_pack_does_not_hold() {
    let (bench, out) = packed();
    let bytes = std::fs::read(&out).unwrap();
    // A record, its leaf, the size and root, the sums, the instructions.
    for part in [
        "ModelInvocationLog",
        "awsRegion",
        "\"q\":",
        "root ",
        "size ",
        "  HOWTO.txt",
        "sha256sum -c",
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
    bench
        .run(&["evidence", "verify", "missing.zip"])
        .error("bad_input", "missing.zip");
}

#[test]
fn what_this_version_lacks_is_said() {
    let (bench, out) = packed();
    bench
        .run(&["evidence", "pack", "--out", &out, "knd:x"])
        .error("bad_input", "knd");
    bench
        .run(&["evidence", "prove", "x"])
        .error("bad_input", "evidence prove");
}
