//! Signing, what is remembered outside of the store, and what is noticed of it.

use std::sync::atomic::{AtomicI64, Ordering};

use assay_evidence::note::Note;
use assay_store::open::FILE_NAME;
use tempfile::TempDir;

use super::*;
use crate::evidence::signing::view::EvidenceState;
use crate::evidence::{self, recovery};
use crate::opening::EngineOptions;

/// A store with its key and what is remembered of it in a folder beside it.
struct Place {
    folder: TempDir,
    now_ms: Arc<AtomicI64>,
}

impl Place {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            now_ms: Arc::new(AtomicI64::new(1_793_664_000_000)),
        }
    }

    fn options(&self) -> EngineOptions {
        let now_ms = Arc::clone(&self.now_ms);
        EngineOptions {
            keys: KeySource::StateFolder,
            state: Some(self.folder.path().join("state")),
            clock: Arc::new(move || now_ms.load(Ordering::Relaxed)),
            user: "auditor".to_owned(),
            ..EngineOptions::writing(self.store())
        }
    }

    fn store(&self) -> std::path::PathBuf {
        self.folder.path().join("store")
    }

    fn file(&self) -> std::path::PathBuf {
        self.store().join(FILE_NAME)
    }

    fn open(&self) -> Engine {
        Engine::open(self.options()).unwrap()
    }

    fn add(&self, engine: &Engine, records: u64) {
        for number in 0..records {
            note_deed(engine, number).unwrap();
        }
    }
}

fn note_deed(engine: &Engine, number: u64) -> Result<()> {
    let payload = format!("{{\"number\":{number}}}");
    let own = OwnRecord {
        kind: LeafKind::Reveal,
        activity: deed("test", "target", "auditor", engine.now_ms()),
        reason: None,
        payload: payload.as_bytes(),
        now_ms: engine.now_ms(),
    };
    engine.store().writer()?.record_own(&own)?;
    Ok(())
}

fn state(engine: &Engine) -> EvidenceState {
    engine.signer().standing().unwrap().state
}

fn signed_to(engine: &Engine) -> u64 {
    let signed = engine.signer().standing().unwrap().signed_to;
    signed.map_or(0, |signed| signed.size)
}

#[test]
fn what_was_added_is_signed_when_the_store_is_closed() {
    let place = Place::new();
    {
        let engine = place.open();
        assert_eq!(state(&engine), EvidenceState::NotSigned);
        place.add(&engine, 3);
    }
    let engine = place.open();
    assert_eq!(state(&engine), EvidenceState::Ok);
    let (size, root) = engine.store().tree().unwrap();
    // The genesis, three deeds, the leaf that registers the key, and the one for all rows.
    assert_eq!((size, signed_to(&engine)), (6, 6));
    let record = engine.store().latest_checkpoint().unwrap().unwrap();
    let key = verifier(&engine.store().verifier_keys().unwrap()[0]).unwrap();
    let note = Note::parse(&record.note).unwrap();
    let checkpoint = Checkpoint::open(&note, &key).unwrap();
    assert_eq!((checkpoint.size, checkpoint.root), (size, root));
    assert_eq!(checkpoint.origin, engine.store().origin().unwrap());
    drop(engine);
    // Nothing was added, nothing is signed anew.
    assert_eq!(place.open().store().checkpoints().unwrap().len(), 1);
}

#[test]
fn a_store_without_a_key_works_and_says_so() {
    let place = Place::new();
    let options = || EngineOptions {
        keys: KeySource::None,
        ..place.options()
    };
    {
        let engine = Engine::open(options()).unwrap();
        place.add(&engine, 2);
    }
    let engine = Engine::open(options()).unwrap();
    let standing = engine.signer().standing().unwrap();
    assert_eq!(standing.state, EvidenceState::NotSigned);
    assert_eq!((standing.unsigned, standing.signed_to), (3, None));
    assert_eq!(
        checkpoint(&engine, Nothing {}).unwrap_err().code,
        Code::KeyMissing
    );
}

#[test]
fn a_lost_key_is_told_and_no_new_one_is_made() {
    let place = Place::new();
    {
        let engine = place.open();
        place.add(&engine, 1);
    }
    std::fs::remove_dir_all(place.folder.path().join("state/keys")).unwrap();
    let engine = place.open();
    place.add(&engine, 1);
    assert_eq!(state(&engine), EvidenceState::KeyMissing);
    let error = checkpoint(&engine, Nothing {}).unwrap_err();
    assert_eq!(error.code, Code::KeyMissing);
    assert_eq!(engine.store().verifier_keys().unwrap().len(), 1);
    assert_eq!(engine.signer().standing().unwrap().unsigned, 1);
}

#[test]
fn a_recovery_copy_brings_the_key_back() {
    let place = Place::new();
    let copy = place.folder.path().join("recovery.age");
    {
        let engine = place.open();
        place.add(&engine, 1);
        checkpoint(&engine, Nothing {}).unwrap();
        assert!(recovery::write(&engine, &copy, "too short").is_err());
        let shown = recovery::write(&engine, &copy, "correct horse battery").unwrap();
        assert!(shown.has_recovery);
    }
    let sealed = std::fs::read_to_string(&copy).unwrap();
    assert!(sealed.starts_with("-----BEGIN AGE ENCRYPTED FILE-----"));
    std::fs::remove_dir_all(place.folder.path().join("state/keys")).unwrap();
    let engine = place.open();
    place.add(&engine, 1);
    assert_eq!(state(&engine), EvidenceState::KeyMissing);
    let wrong = recovery::restore(&engine, &copy, "wrong horse battery").unwrap_err();
    assert_eq!(wrong.code, Code::BadInput);
    recovery::restore(&engine, &copy, "correct horse battery").unwrap();
    assert_eq!(state(&engine), EvidenceState::Ok);
    checkpoint(&engine, Nothing {}).unwrap();
    assert_eq!(engine.signer().standing().unwrap().unsigned, 0);
}

#[test]
fn a_rotated_key_is_vouched_for_by_the_one_before() {
    let place = Place::new();
    let engine = place.open();
    place.add(&engine, 1);
    let first = checkpoint(&engine, Nothing {}).unwrap();
    let shown = rotate(&engine, Nothing {}).unwrap();
    assert_eq!(shown.rotations, 1);
    assert_ne!(shown.vkey, shown.first_vkey);
    place.add(&engine, 1);
    let last = checkpoint(&engine, Nothing {}).unwrap();
    let keys: Vec<_> = engine
        .store()
        .verifier_keys()
        .unwrap()
        .iter()
        .map(|record| verifier(record).unwrap())
        .collect();
    let signers: Vec<(u64, bool, bool)> = engine
        .store()
        .checkpoints()
        .unwrap()
        .iter()
        .map(|record| {
            let note = Note::parse(&record.note).unwrap();
            (
                record.size,
                note.is_signed_by(&keys[0]),
                note.is_signed_by(&keys[1]),
            )
        })
        .collect();
    assert_eq!(
        signers,
        [
            (first.size, true, false),
            (first.size + 2, true, true),
            (last.size, false, true)
        ]
    );
    // The secret that signs nothing any more is gone.
    let kept = std::fs::read_dir(place.folder.path().join("state/keys")).unwrap();
    assert_eq!(kept.count(), 1);
}

#[test]
fn an_older_copy_is_noticed_and_accepted_only_by_typing_it() {
    let place = Place::new();
    {
        let engine = place.open();
        place.add(&engine, 2);
    }
    let old = std::fs::read(place.file()).unwrap();
    {
        let engine = place.open();
        place.add(&engine, 7);
    }
    std::fs::write(place.file(), old).unwrap();
    {
        let engine = place.open();
        assert_eq!(state(&engine), EvidenceState::RolledBack);
        let refused = note_deed(&engine, 0).unwrap_err();
        assert_eq!(refused.code, Code::StoreRolledBack);
        assert_eq!(
            checkpoint(&engine, Nothing {}).unwrap_err().code,
            Code::StoreRolledBack
        );
        assert_eq!(findings(&engine).unwrap().len(), 1);
        let rollback = engine.signer().standing().unwrap().rollback.unwrap();
        // Seven deeds, and the leaf for their rows.
        assert_eq!(rollback.lost, 8);
        let log = rollback.remembered_origin.rsplit('/').next().unwrap();
        assert_eq!(rollback.phrase, format!("{} 8", &log[..8]));
        let accept = |phrase: &str| {
            let phrase = phrase.to_owned();
            accept_restore(&engine, AcceptRestore { phrase })
        };
        assert_eq!(accept("yes").unwrap_err().code, Code::BadInput);
        assert_eq!(state(&engine), EvidenceState::RolledBack);
        accept(&rollback.phrase).unwrap();
        assert_eq!(state(&engine), EvidenceState::Ok);
        place.add(&engine, 1);
    }
    let engine = place.open();
    assert_eq!(state(&engine), EvidenceState::Ok);
    // An export goes on saying it.
    assert_eq!(findings(&engine).unwrap().len(), 1);
}

#[test]
fn another_workspaces_store_is_named() {
    let (place, other) = (Place::new(), Place::new());
    for place in [&place, &other] {
        let engine = place.open();
        place.add(&engine, 2);
    }
    std::fs::copy(other.file(), place.file()).unwrap();
    let engine = place.open();
    let standing = engine.signer().standing().unwrap();
    assert_eq!(standing.state, EvidenceState::RolledBack);
    assert!(
        standing.sentences[0].contains("another workspace's store"),
        "{}",
        standing.sentences[0]
    );
    let rollback = standing.rollback.unwrap();
    assert_ne!(rollback.remembered_origin, engine.store().origin().unwrap());
    drop(engine);
    // A store made anew where one lay is no rollback.
    std::fs::remove_file(place.file()).unwrap();
    assert_eq!(state(&place.open()), EvidenceState::NotSigned);
    assert_eq!(state(&place.open()), EvidenceState::NotSigned);
}

#[test]
fn what_waits_is_signed_after_five_minutes() {
    let place = Place::new();
    let engine = place.open();
    place.add(&engine, 1);
    let pass = |ms: i64| {
        place.now_ms.fetch_add(ms, Ordering::Relaxed);
        engine.signer().tick().unwrap();
        signed_to(&engine)
    };
    assert_eq!(pass(0), 0);
    assert_eq!(pass(EVERY_MS - 1), 0);
    assert_eq!(pass(1), 4);
    place.add(&engine, 1);
    assert_eq!(pass(1), 4);
    assert_eq!(pass(EVERY_MS), 6);
}

#[test]
fn a_clock_that_goes_back_is_a_leaf_and_times_never_do() {
    let place = Place::new();
    let steady = Arc::new(AtomicI64::new(0));
    let options = || {
        let steady = Arc::clone(&steady);
        EngineOptions {
            steady: Some(Arc::new(move || steady.load(Ordering::Relaxed))),
            ..place.options()
        }
    };
    {
        let engine = Engine::open(options()).unwrap();
        place.add(&engine, 1);
        place.now_ms.fetch_add(-3_600_000, Ordering::Relaxed);
        place.add(&engine, 2);
        steady.fetch_add(60_000, Ordering::Relaxed);
        place.add(&engine, 1);
    }
    let engine = Engine::open(options()).unwrap();
    let leaves: Vec<serde_json::Value> = (0..engine.store().tree().unwrap().0)
        .map(|seq| serde_json::from_slice(&engine.store().leaf(seq).unwrap().0).unwrap())
        .collect();
    let kinds: Vec<&str> = leaves
        .iter()
        .filter_map(|leaf| leaf["k"].as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "genesis",
            "reveal",
            "clock.jump",
            "reveal",
            "reveal",
            "clock.jump",
            "reveal",
            "key.rotate",
            "rows"
        ]
    );
    let times: Vec<&str> = leaves
        .iter()
        .filter_map(|leaf| leaf["t"].as_str())
        .collect();
    assert!(times.is_sorted(), "{times:?}");
}

#[test]
fn the_status_carries_what_a_window_shows() {
    let place = Place::new();
    let engine = place.open();
    place.add(&engine, 1);
    checkpoint(&engine, Nothing {}).unwrap();
    place.add(&engine, 2);
    let status = evidence::status(&engine, Nothing {}).unwrap();
    assert_eq!((status.size, status.unsigned), (6, 2));
    assert_eq!(status.signed_to.unwrap().size, 4);
    assert_eq!(status.key.place.as_deref(), Some("state_file"));
    assert!(
        status
            .sentences
            .iter()
            .any(|line| line.starts_with("Signed to #4 at 2026-11-03T")),
        "{:?}",
        status.sentences
    );
}
