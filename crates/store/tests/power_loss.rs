//! Why the store is opened with `synchronous = full`: with `normal` a power loss takes back what was
//! committed.
//!
//! The simulation is the one that `tests/faults/power_loss.rs` holds the whole program against; here
//! plain SQLite is, so that a simulation that finds nothing is noticed. Not here: the store.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

#[path = "../../../tests/faults/power_loss/disk.rs"]
mod disk;
#[path = "../../../tests/faults/power_loss/recording.rs"]
mod recording;

use std::io::Write;
use std::path::Path;

use disk::{Chance, Disk};
use recording::{ACKS, Change, FOLDER, SCENARIO, quick_folder, record};
use rusqlite::Connection;

const CRASHES: usize = 600;
const WRITER: &str = "what_sqlite_commits_is_there_while_the_power_stays";

fn rows(folder: &Path) -> rusqlite::Result<u64> {
    let connection = Connection::open(folder.join("rows.db"))?;
    let verdict: String = connection.query_row("pragma quick_check", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Ok(0);
    }
    connection.query_row("select count(*) from numbered", [], |row| {
        row.get::<_, i64>(0).map(i64::unsigned_abs)
    })
}

/// Commits rows one by one and says each; what was said is `rows.db`'s number of rows.
fn write(folder: &Path, acks: Option<&Path>, synchronous: &str) -> u64 {
    let connection = Connection::open(folder.join("rows.db")).unwrap();
    connection
        .execute_batch(&format!(
            "pragma journal_mode = wal;
             pragma synchronous = {synchronous};
             create table if not exists numbered (n integer primary key, filler text);"
        ))
        .unwrap();
    let mut said = 0;
    for number in 0..80_u64 {
        connection
            .execute(
                "insert into numbered (filler) values (?1)",
                [format!("{number} ").repeat(200)],
            )
            .unwrap();
        said += 1;
        if let Some(acks) = acks {
            let mut file = std::fs::OpenOptions::new()
                .append(true)
                .create(true)
                .open(acks)
                .unwrap();
            file.write_all(format!("{said}\n").as_bytes()).unwrap();
        }
        if number % 30 == 29 {
            connection
                .query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))
                .unwrap();
        }
    }
    said
}

#[test]
fn what_sqlite_commits_is_there_while_the_power_stays() {
    let told = |name: &str| std::env::var(name).ok();
    if let (Some(folder), Some(acks), Some(mode)) = (told(FOLDER), told(ACKS), told(SCENARIO)) {
        write(folder.as_ref(), Some(acks.as_ref()), &mode);
        return;
    }
    for mode in ["full", "normal", "off"] {
        let folder = quick_folder();
        assert_eq!(
            write(folder.path(), None, mode),
            rows(folder.path()).unwrap()
        );
        let files = disk::read(folder.path());
        assert!(files.contains_key("rows.db"), "{mode}");
    }
}

/// Of how many power losses how many took rows back that had been said.
fn losses(mode: &str) -> Option<(usize, Vec<String>)> {
    let recording = record(WRITER, mode)?;
    let mut chance = Chance::new(7);
    let mut points: Vec<usize> = (0..CRASHES)
        .map(|_| chance.below(recording.changes.len() + 1))
        .collect();
    points.sort_unstable();
    let (mut disk, mut said, mut at) = (Disk::new(recording.root), 0, 0);
    let mut lost = Vec::new();
    for point in points {
        for change in &recording.changes[at..point] {
            disk.advance(change);
            if let Change::Acknowledged(text) = change {
                said = text.trim().parse().unwrap();
            }
        }
        at = point;
        let (fate, image) = disk.image(&mut chance);
        let folder = quick_folder();
        disk::write(&image, folder.path());
        let kept = rows(folder.path()).unwrap_or(0);
        if kept < said {
            lost.push(format!("{point} {fate:?}: {kept} of {said}"));
        }
    }
    // The recorder saw every change: all of them together make what was left.
    let mut whole = Disk::new(recording.root);
    recording
        .changes
        .iter()
        .for_each(|change| whole.advance(change));
    let left = disk::read(&recording.home);
    assert_eq!(whole.whole().get("rows.db"), left.get("rows.db"), "{mode}");
    Some((CRASHES, lost))
}

#[test]
fn only_full_synchronous_commits_outlive_a_power_loss() {
    let Some((crashes, full)) = losses("full") else {
        return;
    };
    assert!(full.is_empty(), "full: {full:#?}");
    for mode in ["normal", "off"] {
        let (_, lost) = losses(mode).unwrap();
        assert!(
            lost.len() * 4 > crashes,
            "{mode}: only {} of {crashes} lost something, and the simulation proves nothing",
            lost.len()
        );
    }
}
