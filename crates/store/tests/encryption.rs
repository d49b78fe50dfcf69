//! Encryption at the store's boundary: what is converted holds the same, can't be read without its
//! key, and is whole whenever it was cut short.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use assay_domain::call::{Body, Call, Kind, Status};
use assay_evidence::leaf::{LeafKind, commitment};
use assay_store::batches::Chunk;
use assay_store::cipher::{self, KeyEntry, Lies, MARKER, StoreKey};
use assay_store::converting::{Conversion, Converted, Heard, Stage};
use assay_store::error::{Result, StoreError};
use assay_store::fsck::Depth;
use assay_store::open::{Access, FILE_NAME, Store};
use assay_store::policies::deed;
use assay_store::writer::{NewRecord, OwnRecord, What, record_id};

const NOW: i64 = 1_795_000_000_000;
const PROMPT: &str = "the quick brown prompt";
const PERSON: &str = "jane.roe@example.org";

fn record(number: u64) -> NewRecord {
    let mut call = Call::new(Kind::Bedrock, Status::Ok);
    call.started_at_ms = Some(NOW - 1_000 * i64::try_from(number).unwrap());
    call.principal = Some(PERSON.to_owned());
    call.body = Body::Present;
    let raw = serde_json::json!({ "number": number, "prompt": PROMPT }).to_string();
    let salt = [u8::try_from(number % 251).unwrap(); 32];
    NewRecord {
        id: record_id("bedrock", raw.as_bytes()),
        line: number,
        offset: 0,
        length: raw.len() as u64,
        format: 0,
        source: "bedrock",
        salt,
        commitment: commitment(&salt, raw.as_bytes()),
        codec: 0,
        data: raw.into_bytes(),
        what: What::Call {
            call: Box::new(call),
            deployment: "claims".to_owned(),
            cost_usd_micros: Some(1_000),
        },
    }
}

fn import(store: &Store, path: &str, records: impl Iterator<Item = u64>) {
    let mut writer = store.writer().unwrap();
    let mut batch = writer.begin_batch(path, NOW).unwrap();
    let chunk = Chunk {
        records: records.map(record).collect(),
        ..Chunk::default()
    };
    writer.append(&mut batch, [chunk], NOW).unwrap();
    batch.state = "done".to_owned();
    writer.end_batch(&batch, NOW).unwrap();
}

fn filled(folder: &Path) -> Store {
    let store = Store::open(folder, Access::Write, NOW).unwrap();
    import(&store, "first", 0..300);
    store
}

fn key(byte: u8) -> Arc<StoreKey> {
    Arc::new(StoreKey::from_hex(&hex::encode([byte; 32])).unwrap())
}

fn convert_heard(
    store: &Store,
    to: Option<Arc<StoreKey>>,
    heard: &mut Heard<'_>,
) -> Result<Converted> {
    let entry = to.as_ref().map(|key| KeyEntry {
        id: key.id(),
        made_ms: NOW,
        recovery: "sealed".to_owned(),
    });
    store.convert(
        &Conversion {
            to,
            entry,
            own: OwnRecord {
                kind: LeafKind::Encryption,
                activity: deed("store.encrypt", "store", "auditor", NOW),
                reason: None,
                payload: b"{\"action\":\"store.encrypt\"}",
                now_ms: NOW,
            },
        },
        heard,
    )
}

fn convert(store: &Store, to: Option<Arc<StoreKey>>) -> Converted {
    convert_heard(store, to, &mut |_| Ok(())).unwrap()
}

fn open(folder: &Path, access: Access, keys: &[Arc<StoreKey>]) -> Result<Store> {
    Store::open_with(folder, access, keys, NOW)
}

#[track_caller]
fn whole(store: &Store) {
    let report = store
        .fsck(Depth::Records, &[], &mut |_, _, _| Ok(()))
        .unwrap();
    assert_eq!(report.damage, []);
}

fn holds(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().flatten().any(|entry| {
        entry.path().is_file()
            && memchr::memmem::find(&std::fs::read(entry.path()).unwrap(), text.as_bytes())
                .is_some()
    })
}

fn copied(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    std::fs::create_dir(to.path().join("keys")).unwrap();
    for folder in ["", "keys"] {
        for entry in std::fs::read_dir(from.join(folder)).unwrap().flatten() {
            if entry.path().is_file() {
                let target = to.path().join(folder).join(entry.file_name());
                std::fs::copy(entry.path(), target).unwrap();
            }
        }
    }
    to
}

#[test]
fn there_and_back_the_store_holds_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(folder.path());
    assert!(holds(folder.path(), PERSON));
    let size = store.tree().unwrap().0;
    let one = convert(&store, Some(key(1)));
    assert_eq!(store.tree().unwrap(), (one.size, one.root));
    assert_eq!(one.size, size + 1, "the deed is a leaf");
    assert!(one.rows > 600 && one.tables > 20, "{one:?}");
    assert_eq!(one.overwrote, Some(true));
    assert!(!holds(folder.path(), PERSON), "nothing of it can be read");
    assert_eq!(cipher::look(folder.path()).unwrap(), Lies::Encrypted);
    whole(&store);
    // Writing and reading go on in the process that converted it.
    import(&store, "second", 300..600);
    whole(&store);
    assert!(!holds(folder.path(), PERSON), "the write-ahead log neither");
    let two = convert(&store, Some(key(2)));
    assert_eq!(two.overwrote, None);
    assert_eq!(cipher::entries(folder.path()).unwrap().len(), 1);
    drop(store);
    assert!(open(folder.path(), Access::Read, &[key(1)]).is_err());
    let store = open(folder.path(), Access::Write, &[key(2)]).unwrap();
    whole(&store);
    let three = convert(&store, None);
    assert_eq!(store.tree().unwrap(), (three.size, three.root));
    assert!(!folder.path().join(MARKER).exists());
    drop(store);
    assert_eq!(cipher::look(folder.path()).unwrap(), Lies::Plain);
    let store = open(folder.path(), Access::Write, &[]).unwrap();
    whole(&store);
    import(&store, "third", 600..700);
}

#[test]
fn what_lies_there_is_told_from_what_is_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(folder.path());
    convert(&store, Some(key(1)));
    drop(store);
    let file = folder.path().join(FILE_NAME);
    let bytes = std::fs::read(&file).unwrap();
    for access in [Access::Read, Access::Write] {
        assert!(matches!(
            open(folder.path(), access, &[]),
            Err(StoreError::Encrypted { .. })
        ));
        assert!(matches!(
            open(folder.path(), access, &[key(9)]),
            Err(StoreError::WrongKey { .. })
        ));
        assert!(std::fs::read(&file).unwrap() == bytes, "it was written to");
    }
    open(folder.path(), Access::Read, &[key(9), key(1)]).unwrap();
    let spoilt = |at: usize| {
        let mut spoilt = bytes.clone();
        spoilt[at] ^= 1;
        std::fs::write(&file, &spoilt).unwrap();
        open(folder.path(), Access::Write, &[key(1)])
    };
    for at in [3, 100, 3_000, bytes.len() / 2, bytes.len() - 1] {
        let opened = spoilt(at);
        assert!(
            matches!(opened, Err(StoreError::Damaged { .. })),
            "byte {at}: {opened:?}"
        );
    }
    // The file is gone and the marker is there: a new store is never made in its place.
    std::fs::remove_file(&file).unwrap();
    for access in [Access::Read, Access::Write] {
        for keys in [&[][..], &[key(1)]] {
            assert!(matches!(
                open(folder.path(), access, keys),
                Err(StoreError::NotAStore { .. })
            ));
        }
    }
    assert!(!file.exists());
    // Without the marker the key alone still opens it; what it is can't be told without.
    std::fs::write(&file, &bytes).unwrap();
    std::fs::remove_file(folder.path().join(MARKER)).unwrap();
    assert!(matches!(
        open(folder.path(), Access::Write, &[]),
        Err(StoreError::NotAStore { .. })
    ));
    whole(&open(folder.path(), Access::Write, &[key(1)]).unwrap());
}

/// Whenever the program is killed, what lies there is the old store or the new one, whole.
#[test]
fn cut_short_at_any_stage_one_of_the_two_is_whole() {
    for (from, to) in [
        (None, Some(key(1))),
        (Some(key(1)), Some(key(2))),
        (Some(key(1)), None),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let store = filled(folder.path());
        if from.is_some() {
            convert(&store, from.clone());
        }
        let mut kept = Vec::new();
        let done = convert_heard(&store, to.clone(), &mut |stage| {
            kept.push((stage, copied(folder.path())));
            Ok(())
        })
        .unwrap();
        let stages: Vec<Stage> = kept.iter().map(|(stage, _)| *stage).collect();
        assert!(
            [
                Stage::Comparing,
                Stage::Named,
                Stage::Closed,
                Stage::Replaced,
                Stage::Done
            ]
            .iter()
            .all(|stage| stages.contains(stage)),
            "{stages:?}"
        );
        let keys: Vec<_> = from.iter().chain(&to).cloned().collect();
        for (stage, folder) in kept {
            let store = open(folder.path(), Access::Write, &keys)
                .unwrap_or_else(|error| panic!("{stage:?}: {error}"));
            let is_new = matches!(stage, Stage::Replaced | Stage::Overwriting | Stage::Done);
            assert_eq!(
                store.key(),
                if is_new { to.clone() } else { from.clone() },
                "{stage:?}"
            );
            assert_eq!(store.tree().unwrap(), (done.size, done.root), "{stage:?}");
            whole(&store);
            import(&store, "after", 900..910);
            let named: BTreeSet<String> = cipher::entries(folder.path())
                .unwrap()
                .into_iter()
                .map(|entry| entry.id)
                .collect();
            let id = store.key().map(|key| key.id());
            assert_eq!(named, id.into_iter().collect(), "{stage:?}");
            let left: Vec<_> = std::fs::read_dir(folder.path())
                .unwrap()
                .flatten()
                .map(|entry| entry.file_name().into_string().unwrap())
                .filter(|name| name.contains("part") || name.contains("journal"))
                .collect();
            assert!(left.is_empty(), "{stage:?}: {left:?}");
        }
    }
}

#[test]
fn stopped_before_it_is_replaced_nothing_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(folder.path());
    for at in [Stage::Comparing, Stage::Named, Stage::Closed] {
        let stopped = convert_heard(&store, Some(key(1)), &mut |stage| match stage == at {
            true => Err(StoreError::Interrupted),
            false => Ok(()),
        });
        assert!(matches!(stopped, Err(StoreError::Interrupted)), "{at:?}");
        assert_eq!(store.key(), None);
        assert_eq!(cipher::look(folder.path()).unwrap(), Lies::Plain);
        assert!(!folder.path().join(MARKER).exists());
        whole(&store);
        import(&store, &format!("{at:?}"), 300..310);
    }
    convert(&store, Some(key(1)));
    whole(&store);
}

#[test]
fn a_store_that_another_process_reads_is_not_converted() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(folder.path());
    let size = store.tree().unwrap().0;
    let other = open(folder.path(), Access::Read, &[]).unwrap();
    other.tree().unwrap();
    let refused = convert_heard(&store, Some(key(1)), &mut |_| Ok(()));
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    assert_eq!(store.tree().unwrap().0, size, "nothing was written down");
    drop(other);
    convert(&store, Some(key(1)));
}

/// Somebody reads all the while, as a window does.
#[test]
fn reading_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(folder.path());
    let size = store.tree().unwrap().0;
    let ended = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (store, ended) = (&store, &ended);
        let reading = scope.spawn(move || {
            let mut reads = 0;
            while !ended.load(std::sync::atomic::Ordering::Relaxed) {
                assert!(store.tree().unwrap().0 >= size);
                reads += 1;
            }
            reads
        });
        let converted =
            [Some(key(1)), Some(key(2)), None].map(|to| convert_heard(store, to, &mut |_| Ok(())));
        ended.store(true, std::sync::atomic::Ordering::Relaxed);
        for one in converted {
            one.unwrap();
        }
        assert!(reading.join().unwrap() > 0);
    });
    whole(&store);
}

/// A copy of the store as it lies on disk while a change without a write-ahead log is under way.
fn cut_short(from: &Path, key: Option<&StoreKey>) -> tempfile::TempDir {
    let connection = rusqlite::Connection::open(from.join(FILE_NAME)).unwrap();
    if let Some(key) = key {
        let sql = format!("pragma key = \"x'{}'\"", key.to_hex().as_str());
        connection.execute_batch(&sql).unwrap();
    }
    connection
        .query_row("pragma journal_mode = delete", [], |_| Ok(()))
        .unwrap();
    connection
        .execute_batch(
            "pragma cache_size = 1;
             begin immediate;
             create table half (text text);
             insert into half
               with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000)
               select printf('%0200d', i) from n;",
        )
        .unwrap();
    copied(from)
}

#[test]
fn what_was_cut_short_without_a_log_is_taken_back_whoever_opens_the_store() {
    for key in [None, Some(key(7))] {
        let folder = tempfile::tempdir().unwrap();
        let store = filled(folder.path());
        if let Some(key) = &key {
            convert(&store, Some(Arc::clone(key)));
        }
        let tree = store.tree().unwrap();
        drop(store);
        let keys: Vec<_> = key.iter().cloned().collect();
        for access in [Access::Read, Access::Write] {
            let copy = cut_short(folder.path(), key.as_deref());
            let journal = copy.path().join(format!("{FILE_NAME}-journal"));
            assert!(std::fs::metadata(journal).unwrap().len() > 0);
            let opened = open(copy.path(), access, &keys).unwrap();
            assert_eq!(opened.tree().unwrap(), tree, "{access:?}");
            whole(&opened);
        }
    }
}
