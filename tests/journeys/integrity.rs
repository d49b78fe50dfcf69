//! Checking the store: a sound one, one that somebody wrote to, and a checkpoint that was kept.

use super::Bench;

/// Puts `new` where `old` stands in the database, as somebody with an editor of bytes would.
fn change(bench: &Bench, old: &str, new: &str) {
    assert_eq!(old.len(), new.len());
    let path = bench.store().join("assay.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let places: Vec<usize> = bytes
        .windows(old.len())
        .enumerate()
        .filter(|(_, window)| *window == old.as_bytes())
        .map(|(at, _)| at)
        .collect();
    assert!(!places.is_empty(), "no {old}");
    for at in places {
        bytes[at..at + new.len()].copy_from_slice(new.as_bytes());
    }
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn every_depth_of_a_sound_store_says_how_much_it_looked_at() {
    let bench = Bench::filled();
    for depth in ["tree", "leaves", "records"] {
        let found = bench.json(&["evidence", "fsck", "--depth", depth]);
        assert_eq!(found["ok"], true, "{found}");
        assert_eq!(found["depth"], depth);
        assert_eq!(found["damage"], serde_json::json!([]));
        assert!(!found["not_checked"].as_array().unwrap().is_empty());
        assert!(found["checked"]["tiles"]["of"].as_u64().unwrap() > 0);
    }
    let status = bench.json(&["evidence", "status"]);
    assert_eq!(status["last_check"]["depth"], "records");
}

#[test]
fn a_store_that_somebody_wrote_to_is_named_and_not_added_to() {
    let bench = Bench::filled();
    let (was, is) = ("us-east-1", "us-east-9");
    change(&bench, was, is);
    let ran = bench.run(&["evidence", "fsck", "--json"]).with_code(1);
    let found = ran.json();
    assert_eq!(found["ok"], false);
    let tables: Vec<&str> = found["damage"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["table"].as_str())
        .collect();
    assert!(tables.contains(&"label"), "{tables:?}");
    // It stays known, and nothing is written.
    let status = bench.json(&["evidence", "status"]);
    assert_eq!(status["state"], "damaged");
    bench
        .run(&["evidence", "checkpoint", "--json"])
        .error("store_damaged", "label");
    // What is as it was again is added to again, once a check of that depth says so.
    change(&bench, is, was);
    bench
        .run(&["evidence", "fsck", "--depth", "tree"])
        .with_code(0);
    bench
        .run(&["evidence", "checkpoint", "--json"])
        .error("store_damaged", "label");
    bench.run(&["evidence", "fsck"]).with_code(0);
    bench.run(&["evidence", "checkpoint"]).with_code(0);
}

#[test]
fn a_checkpoint_that_was_kept_is_compared_with() {
    let bench = Bench::filled();
    let note = bench.json(&["evidence", "checkpoint"])["note"]
        .as_str()
        .unwrap()
        .to_owned();
    let kept = bench.file("kept.checkpoint", &note);
    bench
        .run(&["evidence", "fsck", "--depth", "tree", "--against", &kept])
        .with_code(0);
    let other = Bench::imported();
    let ran = other
        .run(&[
            "evidence",
            "fsck",
            "--json",
            "--depth",
            "tree",
            "--against",
            &kept,
        ])
        .with_code(1);
    let found = ran.json();
    assert!(
        found["damage"][0]["sentence"]
            .as_str()
            .unwrap()
            .contains("is of the log"),
        "{found}"
    );
    let none = bench.file("none.txt", "hello");
    bench
        .run(&["evidence", "fsck", "--json", "--against", &none])
        .error("bad_input", "none.txt");
}
