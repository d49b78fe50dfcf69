//! The end of the tree that is cut off, and a tree that is signed anew, are found by whoever kept a
//! checkpoint.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

#[path = "tampering/fixture.rs"]
mod fixture;

use std::path::Path;

use assay_evidence::checkpoint::Checkpoint;
use assay_evidence::leaf::LeafKind;
use assay_evidence::signing::SigningKey;
use assay_evidence::tree::{Edge, Tile, leaf_hash};
use assay_store::fsck::against::Against;
use assay_store::fsck::{Depth, Report, What};
use assay_store::open::{Access, FILE_NAME, Store};
use assay_store::policies::deed;
use assay_store::writer::OwnRecord;
use rusqlite::{Connection, params};

/// The most that is cut off.
const MOST: u64 = 100;

/// A store with more records than are cut off, and its last checkpoint.
fn store() -> (tempfile::TempDir, Against) {
    let folder = fixture::store();
    let store = Store::open(folder.path(), Access::Write, fixture::NOW).unwrap();
    let mut writer = store.writer().unwrap();
    for number in 0..MOST + 200 {
        let own = OwnRecord {
            kind: LeafKind::Reveal,
            activity: deed("call.reveal", &number.to_string(), "tester", fixture::NOW),
            reason: None,
            payload: b"{}",
            now_ms: fixture::NOW,
        };
        writer.record_own(&own).unwrap();
    }
    drop(writer);
    let checkpoint = fixture::sign(&store);
    let note = checkpoint.sign(&[&fixture::key(&store)]);
    let kept = Against {
        name: "the kept checkpoint".to_owned(),
        checkpoint,
        note: Some(note),
    };
    (folder, kept)
}

fn check(folder: &Path, kept: &Against) -> Report {
    Store::open(folder, Access::Read, fixture::NOW)
        .and_then(|store| {
            let against = std::slice::from_ref(kept);
            store.fsck(Depth::Tree, against, &mut |_, _, _| Ok(()))
        })
        .unwrap()
}

/// Works on the database as somebody with a database tool would, triggers put aside.
fn with_sql(folder: &Path, work: impl FnOnce(&Connection)) {
    let connection = Connection::open(folder.join(FILE_NAME)).unwrap();
    connection
        .execute_batch("pragma foreign_keys = off; pragma synchronous = off;")
        .unwrap();
    let triggers: Vec<(String, String)> = connection
        .prepare("select name, sql from sqlite_schema where type = 'trigger'")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<rusqlite::Result<_>>()
        .unwrap();
    for (name, _) in &triggers {
        connection
            .execute_batch(&format!("drop trigger \"{name}\""))
            .unwrap();
    }
    work(&connection);
    for (_, sql) in &triggers {
        connection.execute_batch(sql).unwrap();
    }
}

fn put(connection: &Connection, tile: &Tile) {
    connection
        .execute(
            "insert or replace into tile (level, number, hashes) values (?1, ?2, ?3)",
            params![tile.level, tile.number as i64, tile.hashes.concat()],
        )
        .unwrap();
}

/// Makes the tiles anew for the leaves that are there.
fn rebuild(connection: &Connection) -> Edge {
    let mut edge = Edge::new();
    connection.execute("delete from tile", []).unwrap();
    let mut statement = connection
        .prepare("select bytes from leaf order by seq")
        .unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let bytes: Vec<u8> = row.get(0).unwrap();
        for tile in edge.push(leaf_hash(&bytes)) {
            put(connection, &tile);
        }
    }
    for tile in edge.open_tiles() {
        put(connection, &tile);
    }
    edge
}

/// Cuts all from leaf `size` on off, wherever something tells of it.
fn cut(folder: &Path, size: u64) {
    with_sql(folder, |connection| {
        for (table, column) in [
            ("leaf", "seq"),
            ("activity", "seq"),
            ("call", "seq"),
            ("body", "seq"),
            ("checkpoint", "size - 1"),
        ] {
            connection
                .execute(
                    &format!("delete from {table} where {column} >= ?1"),
                    [size as i64],
                )
                .unwrap();
        }
        rebuild(connection);
    });
}

#[test]
fn dropping_the_last_records_is_found_whatever_their_number() {
    let (folder, kept) = store();
    let size = kept.checkpoint.size;
    assert!(check(folder.path(), &kept).is_ok());
    for gone in 1..=MOST {
        cut(folder.path(), size - gone);
        let report = check(folder.path(), &kept);
        let found: Vec<What> = report.damage.iter().map(|one| one.what).collect();
        assert_eq!(found, [What::Truncated], "{gone}: {:?}", report.damage);
        let says = format!("the last {gone} are gone");
        assert!(report.damage[0].sentence.contains(&says), "{says}");
    }
}

#[test]
fn what_was_dropped_and_replaced_is_found_as_well() {
    let (folder, kept) = store();
    cut(folder.path(), kept.checkpoint.size - 5);
    with_sql(folder.path(), |connection| {
        for seq in kept.checkpoint.size - 5..kept.checkpoint.size + 3 {
            connection
                .execute(
                    "insert into leaf (seq, bytes) values (?1, ?2)",
                    params![seq as i64, format!("other {seq}").as_bytes()],
                )
                .unwrap();
        }
        rebuild(connection);
    });
    let report = check(folder.path(), &kept);
    assert!(
        report.damage.iter().any(|one| one.what == What::Changed
            && one
                .sentence
                .contains("are not the ones that the kept checkpoint")),
        "{:?}",
        report.damage
    );
}

#[test]
fn a_tree_that_was_signed_anew_with_another_key_is_found() {
    let (folder, kept) = store();
    let other = SigningKey::from_seed(&kept.checkpoint.origin, &[9; 32]).unwrap();
    with_sql(folder.path(), |connection| {
        let vkey = other.verifier().to_string();
        connection
            .execute("update verifier_key set vkey = ?1", [&vkey])
            .unwrap();
        connection.execute("delete from checkpoint", []).unwrap();
        let edge = rebuild(connection);
        let checkpoint = Checkpoint {
            size: edge.size(),
            root: edge.root(),
            ..kept.checkpoint.clone()
        };
        let note = checkpoint.sign(&[&other]).to_bytes().unwrap();
        connection
            .execute(
                "insert into checkpoint (size, note, made_ms) values (?1, ?2, 0)",
                params![edge.size() as i64, note],
            )
            .unwrap();
    });
    // By whoever kept a checkpoint of the first key …
    let report = check(folder.path(), &kept);
    let found: Vec<(What, &str)> = report
        .damage
        .iter()
        .map(|one| (one.what, one.table.as_str()))
        .collect();
    assert_eq!(found, [(What::Signature, "verifier_key")]);
    // … and by the leaf that registers the first key.
    let store = Store::open(folder.path(), Access::Read, fixture::NOW).unwrap();
    let report = store
        .fsck(Depth::Records, &[], &mut |_, _, _| Ok(()))
        .unwrap();
    assert!(
        report
            .damage
            .iter()
            .any(|one| one.what == What::Signature && one.table == "verifier_key"),
        "{:?}",
        report.damage
    );
}

#[test]
fn checkpoints_that_go_are_named() {
    let (folder, kept) = store();
    with_sql(folder.path(), |connection| {
        connection
            .execute(
                "delete from checkpoint where size < ?1",
                [kept.checkpoint.size as i64],
            )
            .unwrap();
    });
    let store = Store::open(folder.path(), Access::Read, fixture::NOW).unwrap();
    let report = store
        .fsck(Depth::Records, &[], &mut |_, _, _| Ok(()))
        .unwrap();
    let named = report.damage.iter().filter(|one| one.table == "checkpoint");
    assert_eq!(named.count(), 2, "{:?}", report.damage);
}
