//! The power goes at hundreds of moments of each workload, right after everything that was
//! acknowledged and all along: what was acknowledged is there when it comes back.
//!
//! A recorder (`tests/powerloss/recorder.c`) notes every change that a workload makes to its files;
//! `disk` makes of it what a disk may hold; the store is opened on each of these images. The same
//! simulation finds losses where the disk is not waited for, or it would prove nothing.

pub(super) mod disk;
mod recording;
pub(super) mod verdict;
pub(super) mod workloads;

use std::collections::BTreeMap;

use disk::{Chance, Disk, Fate};
use recording::{ACKS, Change, FOLDER, Recording, SCENARIO, quick_folder, record};
use verdict::{Wrong, judge};
use workloads::{Acknowledged, SCENARIOS, Work};

/// Points at which the power goes, for each workload; `ASSAY_CRASHES` for more, as `make soak` does.
const CRASHES: usize = 250;
/// Points in the conversions of a store: each one is opened with its key, and read whole.
const CONVERSIONS: usize = 120;
/// Points at which the power goes where the disk was not waited for: most of them lose something.
const CARELESS: usize = 60;
/// Where the chances begin; `ASSAY_SEED` for others.
const SEED: u64 = 20_261_125;

/// This test started again under the recorder does the recorded work.
const WORKLOAD: &str = "faults::power_loss::workloads_keep_what_they_say_while_the_power_stays";

#[test]
fn workloads_keep_what_they_say_while_the_power_stays() {
    let told = |name: &str| std::env::var(name).ok();
    if let (Some(folder), Some(acks), Some(scenario)) = (told(FOLDER), told(ACKS), told(SCENARIO)) {
        let (_, work) = SCENARIOS
            .iter()
            .find(|(name, _)| *name == scenario)
            .unwrap();
        work(&Work::new(folder.as_ref(), Some(acks.into())));
        return;
    }
    for (name, work) in SCENARIOS {
        let folder = quick_folder();
        let under_way = Work::new(folder.path(), None);
        work(&under_way);
        assert_eq!(judge(folder.path(), &under_way.said()), Ok(()), "{name}");
        let more = Acknowledged {
            size: under_way.said().size + 1_000,
            ..under_way.said()
        };
        assert!(
            matches!(judge(folder.path(), &more), Err(Wrong::Lost(_))),
            "{name}: what is missing is found"
        );
    }
}

/// A setting of the environment.
pub(super) fn setting<T: std::str::FromStr>(name: &str, otherwise: T) -> T {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

/// What became of a store at the points where its power went.
#[derive(Default)]
struct Outcome {
    crashes: usize,
    fates: BTreeMap<String, usize>,
    lost: Vec<String>,
    damaged: Vec<String>,
}

/// Where in `changes` the power goes, in order: at least `crashes` points.
///
/// Two in five are right after an acknowledgement, when nothing else has been synced, and no
/// acknowledgement is left out; the others are anywhere. Chance picks one in each of so many equal
/// parts of the recording, so that none of it is left out either.
fn points(changes: &[Change], crashes: usize, chance: &mut Chance) -> Vec<usize> {
    let said: Vec<usize> = (0..changes.len())
        .filter(|index| matches!(changes[*index], Change::Acknowledged(_)))
        .collect();
    let mut spread = |count: usize, end: usize| -> Vec<usize> {
        (0..count)
            .map(|part| {
                let (from, to) = (part * end / count, (part + 1) * end / count);
                from + chance.below(to - from)
            })
            .collect()
    };
    let hardest = said.len().max(crashes * 2 / 5);
    let mut points: Vec<usize> = spread(hardest, said.len())
        .into_iter()
        .map(|index| said[index] + 1)
        .collect();
    points.extend(spread(crashes.saturating_sub(hardest), changes.len() + 1));
    points.sort_unstable();
    points
}

/// Lets the power go at `crashes` points of `changes`, or a few more.
fn explore(root: u64, changes: &[Change], crashes: usize) -> Outcome {
    let mut chance = Chance::new(setting("ASSAY_SEED", SEED));
    let points = points(changes, crashes, &mut chance);
    let (mut disk, mut acknowledged, mut at) = (Disk::new(root), Acknowledged::default(), 0);
    let mut outcome = Outcome::default();
    for point in points {
        for change in &changes[at..point] {
            disk.advance(change);
            if let Change::Acknowledged(line) = change {
                acknowledged = serde_json::from_str(line).unwrap();
            }
        }
        at = point;
        let (fate, image) = disk.image(&mut chance);
        let folder = quick_folder();
        disk::write(&image, folder.path());
        outcome.crashes += 1;
        *outcome.fates.entry(format!("{fate:?}")).or_default() += 1;
        match judge(folder.path(), &acknowledged) {
            Ok(()) => {}
            Err(Wrong::Lost(what)) => outcome.lost.push(format!("{point} {fate:?}: {what}")),
            Err(Wrong::Damaged(what)) => outcome.damaged.push(format!("{point} {fate:?}: {what}")),
        }
    }
    outcome
}

/// The changes as they would have been without waiting for the write-ahead log at each commit, which
/// is `synchronous = normal`: it is synced only before it is copied back into the database.
fn without_waiting(recording: &Recording) -> Vec<Change> {
    let (mut logs, mut databases) = (Vec::new(), Vec::new());
    for change in &recording.changes {
        if let Change::File { node, name, .. } = change {
            if name.ends_with("-wal") {
                logs.push(*node);
            } else if name.ends_with(".db") {
                databases.push(*node);
            }
        }
    }
    let mut changes: Vec<Change> = Vec::new();
    let mut held: Option<Change> = None;
    for change in &recording.changes {
        match change {
            Change::Sync { node } if logs.contains(node) => held = Some(change.clone()),
            Change::Write { node, .. } if databases.contains(node) => {
                changes.extend(held.take());
                changes.push(change.clone());
            }
            other => changes.push(other.clone()),
        }
    }
    changes
}

fn power_loss(scenario: &str, crashes: usize) {
    let Some(recording) = record(WORKLOAD, scenario) else {
        return;
    };
    let mut whole = Disk::new(recording.root);
    for change in &recording.changes {
        whole.advance(change);
    }
    let (mut made, mut left) = (whole.whole(), disk::read(&recording.home));
    made.retain(|path, _| !path.ends_with("-shm"));
    left.retain(|path, _| !path.ends_with("-shm"));
    assert_eq!(
        made.keys().collect::<Vec<_>>(),
        left.keys().collect::<Vec<_>>()
    );
    assert!(made == left, "{scenario}: a change was not recorded");

    let crashes = setting("ASSAY_CRASHES", crashes);
    let outcome = explore(recording.root, &recording.changes, crashes);
    assert!(outcome.crashes >= crashes);
    for fate in [
        Fate::Dropped,
        Fate::Kept,
        Fate::Prefix,
        Fate::Reordered,
        Fate::Torn,
    ] {
        assert!(outcome.fates.contains_key(&format!("{fate:?}")), "{fate:?}");
    }
    let wrong = |which: &[String]| {
        format!(
            "{} of {}: {:#?}",
            which.len(),
            outcome.crashes,
            which.iter().take(5).collect::<Vec<_>>()
        )
    };
    assert!(
        outcome.lost.is_empty(),
        "{scenario}: lost {}",
        wrong(&outcome.lost)
    );
    assert!(
        outcome.damaged.is_empty(),
        "{scenario}: damaged {}",
        wrong(&outcome.damaged)
    );

    let careless = explore(recording.root, &without_waiting(&recording), CARELESS);
    assert!(
        careless.lost.len() * 10 > careless.crashes,
        "{scenario}: without waiting for the disk only {} of {} lost something",
        careless.lost.len(),
        careless.crashes
    );
}

#[test]
fn imports_lose_nothing_acknowledged_when_the_power_goes() {
    power_loss("imports", CRASHES);
}

#[test]
fn deeds_of_the_workbench_lose_nothing_acknowledged_when_the_power_goes() {
    power_loss("deeds", CRASHES);
}

#[test]
fn packs_are_whole_and_there_when_the_power_goes() {
    power_loss("packs", CRASHES);
}

#[test]
fn a_store_being_encrypted_loses_nothing_acknowledged_when_the_power_goes() {
    power_loss("conversions", CONVERSIONS);
}
