//! The terminal program is killed two hundred times at moments that chance picks, whatever it does:
//! importing, writing a pack, writing a report.
//!
//! In: the program as it is built. Out: after each kill what it said is there, once; the tree goes on
//! from the one before; no file under a final name is half written; nobody holds the store. Not here:
//! what reached the disk (`power_loss`): a killed process loses nothing that it wrote.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use assay_engine::evidence::verifying;
use assay_engine::opening::Engine;
use assay_evidence::tree::leaf_hash;
use serde_json::Value;

use super::power_loss::disk::Chance;
use super::power_loss::verdict::judge;
use super::power_loss::workloads::{Acknowledged, RECORDS, log, options};

/// Kills in a run of the suite; `ASSAY_RANDOM_KILLS` for more.
const KILLS: u64 = 200;
/// Stores whose programs are killed side by side, each in its own folder.
const STORES: u64 = 4;
/// Log files of one import.
const FILES: u64 = 12;
/// After so many kills every leaf is read again.
const WHOLE: u64 = 40;

/// What is killed while it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Import,
    Pack,
    Report,
}

struct Round {
    folder: tempfile::TempDir,
    /// The logs of imports up to this number are in the store.
    imported: u64,
    said: Acknowledged,
}

impl Round {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            imported: 0,
            said: Acknowledged::default(),
        }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn logs(&self, number: u64) -> PathBuf {
        let folder = self.at("logs");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir(&folder).unwrap();
        for file in number * FILES..(number + 1) * FILES {
            std::fs::write(folder.join(format!("{file}.jsonl")), log(file)).unwrap();
        }
        folder
    }

    fn start(&self, deed: Deed) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
        command.arg("--store").arg(self.at("store")).arg("--json");
        match deed {
            Deed::Import => command.arg("import").arg(self.logs(self.imported)),
            Deed::Pack => command
                .args(["evidence", "pack", "--out"])
                .arg(self.at("pack.zip"))
                .arg("batch:1"),
            Deed::Report => command
                .args(["report", "render", "monthly", "--format", "csv", "--out"])
                .arg(self.at("report.csv")),
        };
        command
            // What it keeps outside of the store is kept here too.
            .env("HOME", self.folder.path())
            .env("XDG_STATE_HOME", self.at("state"))
            .env("XDG_DATA_HOME", self.at("data"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Does `deed` to its end; answers what it said.
    fn finish(&self, deed: Deed) -> Value {
        let output = self.start(deed).wait_with_output().unwrap();
        assert!(
            output.status.success(),
            "{deed:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap_or_default()
    }

    /// Kills `deed` after `moment`; answers what it had said by then and whether it was killed.
    fn kill(&self, deed: Deed, moment: Duration) -> (Option<Value>, Killed) {
        let mut child = self.start(deed);
        // Nothing is ever sent: this waits for the moment.
        let (sender, receiver) = channel::<()>();
        let _ = receiver.recv_timeout(moment);
        drop(sender);
        let ended = child.try_wait().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let mut text = String::new();
        child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        let mut problem = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut problem)
            .unwrap();
        assert!(
            ended.is_none_or(|status| status.success()),
            "{deed:?}: {problem}"
        );
        let killed = match ended {
            Some(_) => Killed::No,
            None => Killed::Yes,
        };
        (serde_json::from_str(&text).ok(), killed)
    }

    /// Holds the store against what was said, and takes its tree as what the next one goes on from.
    fn check(&mut self, deed: Deed, answered: Option<&Value>, is_whole: Depth) {
        if is_whole == Depth::Whole {
            assert_eq!(judge(self.folder.path(), &self.said), Ok(()), "{deed:?}");
        }
        let engine = Engine::open(options(&self.at("store"))).unwrap();
        let (size, root) = engine.store().tree().unwrap();
        assert!(size >= self.said.size, "{deed:?}: leaves are lost");
        if self.said.size > 0 {
            let (last, size) = (self.said.size - 1, self.said.size);
            let proof = engine.store().prove(last, size).unwrap();
            let root: [u8; 32] = hex::decode(&self.said.root).unwrap().try_into().unwrap();
            assert!(
                assay_evidence::proof::verify(
                    &leaf_hash(&proof.leaf),
                    last,
                    size,
                    &proof.path,
                    &root
                ),
                "{deed:?}: the tree does not go on from the one before"
            );
        }
        self.said.size = size;
        self.said.root = hex::encode(root);
        let calls = super::calls(&engine);
        assert!(calls >= self.said.calls, "{deed:?}: calls are lost");
        assert!(
            calls <= (self.imported + 1) * FILES * RECORDS,
            "{deed:?}: calls are there twice"
        );
        if deed == Deed::Import
            && let Some(summary) = answered
        {
            let kept = ["accepted", "duplicates"]
                .iter()
                .filter_map(|key| summary[key].as_u64())
                .sum::<u64>();
            assert_eq!(kept, FILES * RECORDS, "{summary}");
            assert_eq!(calls, (self.imported + 1) * FILES * RECORDS);
        }
        self.said.calls = calls;
        drop(engine);
        self.check_files(deed, answered);
    }

    fn check_files(&self, deed: Deed, answered: Option<&Value>) {
        let (pack, report) = (self.at("pack.zip"), self.at("report.csv"));
        if pack.exists() {
            let checked = verifying::verify_file(&pack).unwrap();
            assert!(checked.ok, "half a pack: {:?}", checked.failures);
        }
        if report.exists() {
            let text = std::fs::read_to_string(&report).unwrap();
            assert!(text.ends_with('\n'), "half a report");
        }
        let expected = match deed {
            Deed::Import => return,
            Deed::Pack => &pack,
            Deed::Report => &report,
        };
        assert!(
            answered.is_none() || expected.exists(),
            "{deed:?}: said to be written"
        );
        remove(expected);
    }
}

fn remove(path: &Path) {
    if path.exists() {
        std::fs::remove_file(path).unwrap();
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Killed {
    Yes,
    No,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    Edge,
    Whole,
}

/// Kills what is done to one store `kills` times; answers how many were killed before they ended.
fn kill_all(kills: u64, mut chance: Chance) -> u64 {
    let mut round = Round::new();
    // How long each takes, unkilled: a kill comes before that.
    let mut deeds = [Deed::Import, Deed::Pack, Deed::Report].map(|deed| {
        let began = Instant::now();
        let answered = round.finish(deed);
        round.check(deed, Some(&answered), Depth::Whole);
        if deed == Deed::Import {
            round.imported += 1;
        }
        (deed, began.elapsed())
    });
    let mut killed = 0;
    for number in 0..kills {
        // Half of them are imports.
        let (deed, length) = &mut deeds[[0, 1, 0, 2][number as usize % 4]];
        let deed = *deed;
        let moment = length.mul_f64(chance.below(1_000) as f64 / 1_000.0);
        let (answered, was) = round.kill(deed, moment);
        // It takes another time when more or less else is running.
        *length = match was {
            Killed::Yes => length.mul_f64(1.05),
            Killed::No => moment,
        };
        killed += u64::from(was == Killed::Yes);
        let depth = match number % WHOLE {
            0 => Depth::Whole,
            _ => Depth::Edge,
        };
        round.check(deed, answered.as_ref(), depth);
        // The same import again completes what was cut short, once; then the next one is begun.
        if deed == Deed::Import && number % 8 == 0 {
            let summary = round.finish(deed);
            round.check(deed, Some(&summary), Depth::Edge);
            round.imported += 1;
        }
    }
    let summary = round.finish(Deed::Import);
    round.check(Deed::Import, Some(&summary), Depth::Whole);
    killed
}

#[test]
fn two_hundred_kills_lose_nothing_and_leave_nothing_half_done() {
    let kills = super::power_loss::setting("ASSAY_RANDOM_KILLS", KILLS);
    let seed: u64 = super::power_loss::setting("ASSAY_SEED", 20_261_125);
    let killed: u64 = std::thread::scope(|scope| {
        let stores: Vec<_> = (0..STORES)
            .map(|store| {
                let share = kills / STORES + u64::from(store < kills % STORES);
                scope.spawn(move || kill_all(share, Chance::new(seed + store)))
            })
            .collect();
        stores.into_iter().map(|store| store.join().unwrap()).sum()
    });
    assert!(
        killed * 2 > kills,
        "only {killed} of {kills} were killed before they ended"
    );
}
