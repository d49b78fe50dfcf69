//! Packs that hold, and packs that were changed and do not.

mod conformance;
pub(crate) mod fixture;
mod others;
mod sizes;

use std::io::Cursor;

use assay_evidence::pack::archive::{Archive, Writer};
use assay_evidence::pack::checking::{Given, KeyStanding, PackCheck, PinnedKey, check};
use assay_evidence::pack::facts::Counts;
use assay_evidence::pack::layout::sum_line;
use assay_evidence::signing::SigningKey;
use fixture::{Files, Log, files, remade};
use sha2::{Digest, Sha256};

fn checked(bytes: &[u8]) -> PackCheck {
    check(Cursor::new(bytes), &Given::default())
}

#[test]
fn a_pack_holds_is_the_same_every_time_and_adds_up() {
    let log = Log::rich();
    let bytes = log.pack();
    assert_eq!(bytes, Log::rich().pack());
    let found = checked(&bytes);
    assert_eq!(found.failures, Vec::<String>::new());
    assert_eq!(found.key, KeyStanding::NotCompared);
    assert_eq!(
        found.counts,
        Counts {
            in_scope: 40,
            records: 9,
            supporting: 5,
            withheld: 24,
            erased: 2,
            missing: 0,
            records_erased: 1,
            rejected: 3,
        }
    );
    let counts = found.counts;
    assert_eq!(
        counts.in_scope,
        counts.shown() + counts.withheld + counts.erased
    );
    assert_eq!(found.query, "kind:bedrock");
    assert_eq!(found.old.len(), 1);
    assert_eq!(found.unfinished, 1);
    assert_eq!(found.imports[0].lines(), 30);
}

#[test]
fn the_key_is_pinned_by_any_that_led_to_it() {
    let log = Log::rich();
    let bytes = log.pack();
    for key in [log.first.verifier(), log.second.verifier()] {
        for pinned in [
            PinnedKey::read(&key.to_string()).unwrap(),
            PinnedKey::read(&key.fingerprint()).unwrap(),
            PinnedKey::read(&key.fingerprint().to_uppercase().replace(' ', "")).unwrap(),
        ] {
            let given = Given {
                key: Some(pinned),
                against: None,
            };
            let found = check(Cursor::new(&bytes), &given);
            assert_eq!((found.key, found.failed), (KeyStanding::Pinned, 0));
        }
    }
    let given = Given {
        key: PinnedKey::read(&"0".repeat(64)),
        against: None,
    };
    let found = check(Cursor::new(&bytes), &given);
    assert_ne!((found.key, found.failed), (KeyStanding::Pinned, 0));
    assert_eq!(PinnedKey::read("nonsense"), None);
}

#[test]
fn what_the_reader_holds_is_compared() {
    let log = Log::rich();
    let bytes = log.pack();
    let against = |held: Vec<u8>| {
        let given = Given {
            key: None,
            against: Some(held),
        };
        check(Cursor::new(&bytes), &given)
    };
    let held = log.note_at(12, &[&log.first]);
    let found = against(held.clone());
    assert_eq!((found.continues, found.failed), (Some(12), 0));
    let three_lines = log.checkpoint_at(12).text().into_bytes();
    assert_eq!(against(three_lines).continues, Some(12));
    let mut other = log.checkpoint_at(12);
    other.root[0] ^= 1;
    assert_eq!(against(other.text().into_bytes()).failed, 1);
    other = log.checkpoint_at(12);
    other.origin = "assay.local/other".to_owned();
    assert_eq!(against(other.text().into_bytes()).failed, 1);
    other = log.checkpoint_at(12);
    other.size = 41;
    assert_eq!(against(other.text().into_bytes()).failed, 1);
    let stranger = SigningKey::from_seed(&log.origin, &[9; 32]).unwrap();
    assert_eq!(against(log.note_at(12, &[&stranger])).failed, 1);
    assert_eq!(against(b"nonsense".to_vec()).failed, 1);
}

#[test]
fn an_unsigned_pack_says_so() {
    let log = Log::rich();
    let bytes = log.unsigned_pack();
    let found = checked(&bytes);
    assert_eq!((found.key, found.failures), (KeyStanding::Unsigned, vec![]));
    let given = Given {
        key: Some(PinnedKey::Whole(log.first.verifier())),
        against: None,
    };
    assert!(!check(Cursor::new(&bytes), &given).holds());
}

#[test]
fn any_changed_byte_of_a_file_is_found_though_the_sums_are_remade() {
    let good = files(&Log::rich().pack());
    assert!(checked(&remade(&good)).holds());
    for (name, content) in good.iter().filter(|(name, _)| *name != "SHA256SUMS") {
        let step = (content.len() / 10).max(1);
        for index in (0..content.len()).step_by(step) {
            let mut changed = good.clone();
            changed.get_mut(name).unwrap()[index] ^= 1;
            assert!(!checked(&remade(&changed)).holds(), "{name} at {index}");
        }
        let mut changed = good.clone();
        changed.remove(name);
        assert!(!checked(&remade(&changed)).holds(), "without {name}");
        let mut changed = good.clone();
        changed.get_mut(name).unwrap().push(b'\n');
        assert!(!checked(&remade(&changed)).holds(), "longer {name}");
    }
}

#[test]
fn a_record_without_its_bytes_is_missing_or_erased() {
    let mut changed: Files = files(&Log::rich().pack());
    for file in ["raw.bin", "salt.bin"] {
        changed.remove(&format!("records/000000007/{file}"));
    }
    let found = checked(&remade(&changed));
    assert!(
        found.failures.iter().any(|text| text.contains("MISSING")),
        "{:?}",
        found.failures
    );
    assert_eq!(found.counts.missing, 1);
}

#[test]
fn what_is_no_pack_is_a_failure_and_not_a_panic() {
    let bytes = Log::rich().pack();
    for wrong in [&b""[..], b"PK", b"PK\x05\x06", &bytes[..100], &bytes[1..]] {
        assert!(!checked(wrong).holds());
    }
    let mut one = Cursor::new(Vec::new());
    let mut writer = Writer::new(&mut one);
    let mut sums = String::new();
    {
        let (name, content) = ("checkpoint", "x\n1000000000000\nAAAA\n\n");
        sums.push_str(&sum_line(name, &Sha256::digest(content).into()));
        writer.add(name, content.as_bytes()).unwrap();
    }
    writer.finish().unwrap();
    assert!(!checked(one.get_ref()).holds());
    assert!(Archive::open(one).is_ok());
}
