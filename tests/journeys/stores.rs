//! Stores that must not be opened, and what is said then.

use super::{Bench, log};

#[test]
fn a_store_that_is_not_there_is_not_made_by_looking() {
    let bench = Bench::empty();
    let ran = bench.run(&["trail", "calls"]);
    ran.error("not_found", "store");
    assert!(
        ran.stderr.contains("hint: `assay import` makes one"),
        "{}",
        ran.stderr
    );
    assert!(!bench.store().exists());
}

#[test]
fn a_second_writer_is_refused_and_readers_are_not() {
    let bench = Bench::filled();
    let serving = bench.running(&["serve", "--json"]);
    assert!(serving.first.contains("#token="), "{}", serving.first);
    let path = bench.file("calls.jsonl", log("audited-client.jsonl"));
    bench
        .run(&["import", &path])
        .error("store_locked", "in use");
    assert_eq!(bench.json(&["trail", "calls"])["total"], 9);
    assert_eq!(serving.interrupt().0, Some(0));
    bench.run(&["import", &path]).with_code(0);
}

#[test]
fn a_newer_store_is_refused_and_left_as_it_is() {
    let bench = Bench::filled();
    let file = bench.store().join("assay.db");
    let mut bytes = std::fs::read(&file).unwrap();
    // `user_version` stands at byte 60 of a SQLite file, big-endian.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(&file, &bytes).unwrap();
    let ran = bench.run(&["trail", "calls"]);
    ran.error("store_too_new", "schema 99");
    assert!(ran.stderr.contains("hint: "), "{}", ran.stderr);
    bench
        .run(&["check", "run"])
        .error("store_too_new", "schema 99");
    assert!(std::fs::read(&file).unwrap() == bytes, "it was written to");
}

#[test]
fn a_damaged_store_is_reported_and_left_as_it_is() {
    let bench = Bench::filled();
    let file = bench.store().join("assay.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2 / 16_384 * 16_384;
    bytes[middle..middle + 16_384].fill(0xA5);
    std::fs::write(&file, &bytes).unwrap();
    for command in [&["trail", "calls"][..], &["check", "run"]] {
        let ran = bench.run(command);
        ran.error("store_damaged", "assay.db");
        assert!(
            ran.stderr.contains("hint: nothing was written to it"),
            "{}",
            ran.stderr
        );
    }
    assert!(std::fs::read(&file).unwrap() == bytes, "it was written to");
}

#[test]
fn another_programs_file_is_no_store() {
    let bench = Bench::empty();
    bench.file("store/assay.db", "not a database at all, but long enough to be looked at by somebody who hopes for one, twice over");
    bench
        .run(&["trail", "calls"])
        .error("bad_input", "not a SQLite file");
    bench
        .run(&["check", "run"])
        .error("bad_input", "not a SQLite file");
}

#[cfg(unix)]
#[test]
fn a_store_is_for_its_user_only() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::filled();
    for entry in std::fs::read_dir(bench.store()).unwrap().flatten() {
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode & 0o077, 0, "{:?} {mode:o}", entry.file_name());
    }
    assert_eq!(
        std::fs::metadata(bench.store())
            .unwrap()
            .permissions()
            .mode()
            & 0o777,
        0o700
    );
}

#[test]
fn about_names_the_store() {
    let bench = Bench::filled();
    let about = bench.json(&["about"]);
    assert_eq!(about["store"], bench.store().to_str().unwrap());
    assert_eq!(about["user"], "auditor");
}

/// A folder that Assay makes is its user's alone. One that was there keeps its mode, since it may be
/// a home or a shared folder; the files in it are the user's alone all the same.
#[cfg(unix)]
#[test]
fn a_folder_that_was_there_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::empty();
    let path = bench.file("calls.jsonl", log("audited-client.jsonl"));
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    let set = |mode| {
        std::fs::set_permissions(bench.store(), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    bench.run(&["import", &path]).with_code(0);
    assert_eq!(mode(&bench.store()), 0o700);
    std::fs::remove_dir_all(bench.store()).unwrap();
    std::fs::create_dir(bench.store()).unwrap();
    set(0o755);
    bench.run(&["import", &path]).with_code(0);
    assert_eq!(mode(&bench.store()), 0o755);
    assert_eq!(mode(&bench.store().join("assay.db")), 0o600);
    assert_eq!(mode(&bench.store().join("keys")), 0o700);
    set(0o777);
    bench
        .run(&["import", &path])
        .error("bad_input", "everybody may write to this folder");
    set(0o1777);
    bench.run(&["import", &path]).with_code(0);
}
