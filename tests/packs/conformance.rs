//! Three verifiers, one answer: good packs hold with all of them, 1,000 changed ones with none.
//!
//! In: packs of fixed logs, changes by a fixed seed. Not here: the tree alone (`sizes`).

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use serde_json::json;

use super::fixture::{Files, Log, files, remade, zipped};
use super::others::{page, python};
use assay_evidence::pack::checking::{Given, PinnedKey, check};
use assay_evidence::pack::layout::{folder, proof_text, read_proof};
use assay_evidence::signing::SigningKey;

/// Changed packs.
const CHANGES: usize = 1_000;

/// Numbers by xorshift, the same ones every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below as u64).unwrap()
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.roll(of.len())]
    }
}

/// What the three say of the packs: name to (holds, key, counts).
fn compared(packs: &BTreeMap<String, (Vec<u8>, Given)>) -> BTreeMap<String, bool> {
    let place = tempfile::tempdir().unwrap();
    let mut own = BTreeMap::new();
    for (name, (bytes, given)) in packs {
        let at = |ending: &str| place.path().join(format!("{name}.{ending}"));
        std::fs::write(at("zip"), bytes).unwrap();
        match &given.key {
            Some(PinnedKey::Whole(key)) => std::fs::write(at("key"), key.to_string()).unwrap(),
            Some(PinnedKey::Fingerprint(digits)) => std::fs::write(at("key"), digits).unwrap(),
            None => {}
        }
        if let Some(held) = &given.against {
            std::fs::write(at("against"), held).unwrap();
        }
        let found = check(Cursor::new(bytes), given);
        let counts = found.counts;
        let mut said = json!({"ok": found.holds()});
        if found.holds() {
            said = json!({
                "ok": true,
                "key": found.key.name(),
                "continues": found.continues,
                "counts": {
                    "erased": counts.erased, "in_scope": counts.in_scope, "missing": counts.missing,
                    "records": counts.records, "records_erased": counts.records_erased,
                    "rejected": counts.rejected, "shown": counts.shown(),
                    "supporting": counts.supporting, "withheld": counts.withheld,
                },
                "first_fingerprint": found.first_key.map(|key| key.fingerprint().replace(' ', "")),
            });
        }
        own.insert(name.clone(), said);
    }
    for (verifier, answers) in both(place.path()) {
        assert_eq!(answers.len(), own.len(), "{verifier} answers for each");
        for (name, said) in &own {
            let answer = &answers[name];
            for (field, value) in said.as_object().unwrap() {
                assert_eq!(
                    &answer[field],
                    value,
                    "{name}: {verifier} says of `{field}`: {}; here: {:?}",
                    answer["failures"],
                    check(Cursor::new(&packs[name].0), &packs[name].1).failures
                );
            }
        }
    }
    own.into_iter()
        .map(|(name, said)| (name, said["ok"] == true))
        .collect()
}

fn both(place: &Path) -> [(&'static str, BTreeMap<String, serde_json::Value>); 2] {
    std::thread::scope(|scope| {
        let python = scope.spawn(|| python(place));
        let page = page(place);
        [("verify.py", python.join().unwrap()), ("verify.html", page)]
    })
}

fn alone(bytes: Vec<u8>) -> (Vec<u8>, Given) {
    (bytes, Given::default())
}

#[test]
fn good_packs_hold_with_all_three_and_say_the_same() {
    let log = Log::rich();
    let pinned = |key: &str, against: Option<Vec<u8>>| Given {
        key: PinnedKey::read(key),
        against,
    };
    let mut packs = BTreeMap::new();
    packs.insert("plain".to_owned(), alone(log.pack()));
    packs.insert("unsigned".to_owned(), alone(log.unsigned_pack()));
    for (seed, old) in [(2, 1), (3, 2), (4, 16), (5, 25), (6, 36)] {
        packs.insert(format!("other-{seed}"), alone(Log::with(seed, old).pack()));
    }
    for (name, key) in [("first", &log.first), ("second", &log.second)] {
        let key = key.verifier();
        let held = log.note_at(17, &[&log.first]);
        packs.insert(
            format!("pinned-{name}"),
            (log.pack(), pinned(&key.to_string(), Some(held))),
        );
        packs.insert(
            format!("fingerprint-{name}"),
            (log.pack(), pinned(&key.fingerprint(), None)),
        );
    }
    for (name, holds) in compared(&packs) {
        assert!(holds, "{name}");
    }
}

#[test]
fn another_key_and_another_past_are_refused_by_all_three() {
    let log = Log::rich();
    let forger = SigningKey::from_seed(&log.origin, &[77; 32]).unwrap();
    let mut changed = log.checkpoint_at(12);
    changed.root[7] ^= 1;
    let against = |held: Vec<u8>| Given {
        key: None,
        against: Some(held),
    };
    let key = |key: PinnedKey| Given {
        key: Some(key),
        against: None,
    };
    let forged = Log::with(9, 12).pack();
    let packs = BTreeMap::from([
        (
            "key".to_owned(),
            (log.pack(), key(PinnedKey::Whole(forger.verifier()))),
        ),
        (
            "digits".to_owned(),
            (log.pack(), key(PinnedKey::Fingerprint("0".repeat(64)))),
        ),
        // A log that is whole, and by somebody else.
        (
            "forged".to_owned(),
            (forged.clone(), key(PinnedKey::Whole(log.first.verifier()))),
        ),
        (
            "log".to_owned(),
            (forged, against(log.note_at(12, &[&log.first]))),
        ),
        (
            "past".to_owned(),
            (log.pack(), against(changed.text().into_bytes())),
        ),
        (
            "signer".to_owned(),
            (log.pack(), against(log.note_at(12, &[&forger]))),
        ),
        (
            "unsigned".to_owned(),
            (
                log.unsigned_pack(),
                key(PinnedKey::Whole(log.first.verifier())),
            ),
        ),
        (
            "nonsense".to_owned(),
            (log.pack(), against(b"nonsense".to_vec())),
        ),
    ]);
    for (name, holds) in compared(&packs) {
        assert!(!holds, "{name}");
    }
}

/// The numbers of the records in a pack that have bytes.
fn shown(files: &Files) -> Vec<u64> {
    files
        .keys()
        .filter_map(|name| {
            name.strip_prefix("records/")?
                .strip_suffix("/raw.bin")?
                .parse()
                .ok()
        })
        .collect()
}

/// Puts another checkpoint in, and frames every proof with it, as somebody would who knows how.
fn under(files: &mut Files, note: &[u8]) {
    let old = String::from_utf8(files["checkpoint"].clone()).unwrap();
    let note = String::from_utf8(note.to_vec()).unwrap();
    for (name, content) in files
        .iter_mut()
        .filter(|(name, _)| name.ends_with(".tlog-proof"))
    {
        let seq: u64 = name.split('/').nth(1).unwrap().parse().unwrap();
        let path = read_proof(std::str::from_utf8(content).unwrap(), seq, &old).unwrap();
        *content = proof_text(seq, &path, &note).into_bytes();
    }
    files.insert("checkpoint".to_owned(), note.into_bytes());
}

/// One change of a pack, and what it is.
fn changed(good: &Files, log: &Log, other: &Files, dice: &mut Dice) -> (&'static str, Vec<u8>) {
    let mut files = good.clone();
    let names: Vec<String> = good
        .keys()
        .filter(|name| *name != "SHA256SUMS")
        .cloned()
        .collect();
    let name = dice.one(&names).clone();
    let records = shown(good);
    let (one, two) = (*dice.one(&records), *dice.one(&records));
    let what = match dice.roll(18) {
        0..=3 => {
            let content = files.get_mut(&name).unwrap();
            if content.is_empty() {
                content.push(0);
            } else {
                let at = dice.roll(content.len());
                content[at] ^= 1 << dice.roll(8);
            }
            "a bit"
        }
        4 => {
            files.remove(&name);
            "a file less"
        }
        5 => {
            let content = files.remove(&name).unwrap();
            let free = [
                "keys/5.checkpoint",
                "old/5.checkpoint",
                "report.csv",
                "records/000000001/x",
                "records/000000039/raw.bin",
                "extra.txt",
                "log.key",
                "../checkpoint",
                "/checkpoint",
            ];
            files.insert((*dice.one(&free)).to_owned(), content);
            "a file under another name"
        }
        6 => {
            let files_of = ["leaf.json", "proof.tlog-proof", "raw.bin", "salt.bin"];
            let file = dice.one(&files_of);
            let (a, b) = (
                format!("{}/{file}", folder(one)),
                format!("{}/{file}", folder(two)),
            );
            let swapped = (files[&b].clone(), files[&a].clone());
            files.insert(a, swapped.0);
            files.insert(b, swapped.1);
            "two records' files swapped"
        }
        7 => {
            let text = String::from_utf8(files["manifest.json"].clone()).unwrap();
            let digits: Vec<usize> = text
                .bytes()
                .enumerate()
                .filter(|(_, b)| b.is_ascii_digit())
                .map(|(at, _)| at)
                .collect();
            let mut bytes = text.into_bytes();
            let at = *dice.one(&digits);
            bytes[at] = b'0' + (bytes[at] - b'0' + 1 + u8::try_from(dice.roll(8)).unwrap()) % 10;
            files.insert("manifest.json".to_owned(), bytes);
            "a figure in the manifest"
        }
        8 => {
            let theirs = other["checkpoint"].clone();
            under(&mut files, &theirs);
            "another log's checkpoint"
        }
        9 => {
            for file in ["log.vkey", "log.pem"] {
                files.insert(file.to_owned(), other[file].clone());
            }
            "another log's key"
        }
        10 => {
            let seed = [u8::try_from(150 + dice.roll(100)).unwrap(); 32];
            let stranger = SigningKey::from_seed(&log.origin, &seed).unwrap();
            under(&mut files, &log.note_at(40, &[&stranger]));
            let key = stranger.verifier();
            files.insert("log.vkey".to_owned(), format!("{key}\n").into_bytes());
            files.insert("log.pem".to_owned(), key.pem().into_bytes());
            "signed anew by a stranger"
        }
        11 => {
            let size = 20 + dice.roll(19) as u64;
            under(&mut files, &log.note_at(size, &[&log.second]));
            "an older checkpoint"
        }
        12 => {
            let scope = files.get_mut("scope/leaf-hashes.bin").unwrap();
            match dice.roll(3) {
                0 => scope.truncate(32 * (1 + dice.roll(39))),
                1 => scope.extend([7; 32]),
                _ => {
                    let at = 32 * dice.roll(39);
                    scope[at..at + 64].rotate_left(32);
                }
            }
            "other leaf hashes"
        }
        13 => {
            for file in ["raw.bin", "salt.bin"] {
                files.remove(&format!("{}/{file}", folder(one)));
            }
            "a record without its bytes"
        }
        14 => {
            let prefix = format!("{}/", folder(one));
            files.retain(|name, _| !name.starts_with(&prefix));
            "a record less"
        }
        15 => {
            let content = files.get_mut(&name).unwrap();
            match dice.roll(3) {
                0 => content.push(b'\n'),
                1 => content.insert(0, b' '),
                _ => content.truncate(content.len() - 1),
            }
            "a byte more or less"
        }
        16 => {
            let at = |kind: &str| {
                files
                    .keys()
                    .find(|name| name.starts_with(kind))
                    .cloned()
                    .unwrap()
            };
            let (old, key) = (at("old/"), at("keys/"));
            let stranger = SigningKey::from_seed(&log.origin, &[200; 32]).unwrap();
            match dice.roll(3) {
                0 => files.insert(old, log.note_at(12, &[&stranger])),
                1 => files.insert(key, log.note_at(24, &[&stranger, &log.second])),
                _ => files.insert(key, log.note_at(24, &[&log.second])),
            };
            "a checkpoint before, signed by others"
        }
        _ => {
            let mut bytes = zipped(good);
            let at = dice.roll(bytes.len());
            match dice.roll(4) {
                0 => bytes.truncate(at),
                1 => bytes[at] ^= 1 << dice.roll(8),
                2 => bytes.insert(at, 0),
                _ => {
                    let again = bytes.clone();
                    bytes.extend(again);
                }
            }
            return ("the zip file itself", bytes);
        }
    };
    (what, remade(&files))
}

#[test]
fn a_thousand_changed_packs_are_refused_by_all_three() {
    let logs: Vec<Log> = (1..=4)
        .map(|seed| Log::with(seed, u64::from(seed) * 6))
        .collect();
    let goods: Vec<Files> = logs.iter().map(|log| files(&log.pack())).collect();
    let mut dice = Dice(0x5eed_0f0d_dba1_1ade);
    let mut packs = BTreeMap::new();
    let mut kinds = BTreeMap::new();
    while packs.len() < CHANGES {
        let at = dice.roll(logs.len());
        let other = &goods[(at + 1) % goods.len()];
        let (what, bytes) = changed(&goods[at], &logs[at], other, &mut dice);
        // Two records swapped with each other or a figure that stays: nothing was changed.
        if bytes != zipped(&goods[at]) {
            *kinds.entry(what).or_insert(0) += 1;
            packs.insert(format!("{:04} {what}", packs.len()), alone(bytes));
        }
    }
    assert!(kinds.values().all(|count| *count >= 10), "{kinds:?}");
    for (name, holds) in compared(&packs) {
        assert!(!holds, "{name}");
    }
}
