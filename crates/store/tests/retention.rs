//! Retention at the store's boundary: what is erased is in no file, what is held stays, and every
//! proof and every total is as it was.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

#[path = "retention/files.rs"]
mod files;
#[path = "retention/test_set.rs"]
mod test_set;

use std::collections::BTreeMap;
use std::path::Path;

use assay_domain::call::{Body, Call, Kind, Status};
use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use assay_evidence::leaf::commitment;
use assay_evidence::proof::verify;
use assay_evidence::tree::leaf_hash;
use assay_store::batches::Chunk;
use assay_store::erasure::{Also, ErasureKind, LeafState, NewErasure, Range, Step, ranges_of};
use assay_store::error::StoreError;
use assay_store::holds::NewHold;
use assay_store::open::{Access, Store};
use assay_store::subjects::{Needles, Reach};
use assay_store::writer::{NewRecord, What, record_id};
use proptest::prelude::*;

use files::{copy, traces};

const NOW: i64 = 1_795_000_000_000;
const DAY: i64 = 86_400_000;
const WHO: &str = "Änne.Muster@example.org";

/// A call of `who`, so many days ago.
fn record(who: &str, number: usize, days_ago: i64) -> NewRecord {
    let mut call = Call::new(Kind::Bedrock, Status::Ok);
    call.started_at_ms = Some(NOW - days_ago * DAY);
    call.principal = Some(who.to_owned());
    call.request_model = who.get(..2).map(|start| format!("model-of-{start}"));
    call.conversation_id = Some(format!("conversation of {who}"));
    call.body = Body::Present;
    call.tokens.input = Some(100);
    call.request_ids = BTreeMap::from([("request_id".to_owned(), format!("req-{number}-{who}"))]);
    call.metadata = BTreeMap::from([("user".to_owned(), who.to_owned())]);
    // As JSON may write it: the first letter escaped, in another case.
    let raw =
        serde_json::json!({ "number": number, "prompt": format!("I am {}", who.to_uppercase()) })
            .to_string()
            .replace('Ä', "\\u00c4");
    let salt = [u8::try_from(number % 251).unwrap(); 32];
    NewRecord {
        id: record_id("bedrock", raw.as_bytes()),
        line: 1,
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

fn import(store: &Store, path: &str, records: Vec<NewRecord>) {
    let mut writer = store.writer().unwrap();
    let mut batch = writer.begin_batch(path, NOW).unwrap();
    let chunk = Chunk {
        records,
        ..Chunk::default()
    };
    writer.append(&mut batch, [chunk], NOW).unwrap();
    batch.state = "done".to_owned();
    writer.end_batch(&batch, NOW).unwrap();
    store.extend_holds(&mut writer).unwrap();
}

fn open(folder: &Path) -> Store {
    Store::open(folder, Access::Write, NOW).unwrap()
}

fn query(text: &str) -> Query {
    Query::parse(text, Table::Calls).unwrap()
}

fn count(store: &Store, text: &str) -> u64 {
    store.count(&query(text)).unwrap().0
}

fn totals(store: &Store) -> (u64, i64, u64) {
    let (calls, _) = store.calls(&query(""), None, 500).unwrap();
    (
        count(store, ""),
        calls.iter().filter_map(|call| call.cost_usd_micros).sum(),
        calls.iter().filter_map(|call| call.call.tokens.input).sum(),
    )
}

fn hold(store: &Store, name: &str, text: &str) -> u64 {
    let hold = NewHold {
        name,
        records: Table::Calls,
        query: text,
        reason: "a court asked for it",
        review_ms: None,
    };
    store.set_hold(&hold, "Ola", NOW).unwrap().held
}

fn find(store: &Store, who: &str) -> Vec<u64> {
    let needles = Needles::new(&[who.to_owned()]);
    store
        .find_subject(&needles, &[], Reach::Records, &mut |_| Ok(()))
        .unwrap()
        .seqs
}

fn erase(store: &Store, ranges: &[Range], until: Step) -> Result<u64, StoreError> {
    let erasure = NewErasure {
        kind: ErasureKind::Subject,
        basis: "art_17",
        request: "request-1",
        ranges,
        also: &Also::default(),
    };
    store
        .erase(&erasure, "Ola", NOW, until)
        .map(|done| done.seq)
}

/// Every record that is here holds its commitment, and every leaf its place.
fn proofs_hold(store: &Store) {
    let (size, root) = store.tree().unwrap();
    for seq in 0..size {
        let (leaf, path) = store.prove_leaf(seq, size).unwrap();
        assert!(verify(&leaf_hash(&leaf), seq, size, &path, &root), "{seq}");
        match store.leaf_state(seq).unwrap() {
            LeafState::Disclosed => {
                let proof = store.prove(seq, size).unwrap();
                let salt: [u8; 32] = proof.salt.try_into().unwrap();
                assert_eq!(hex::encode(commitment(&salt, &proof.raw)), proof.commitment);
            }
            LeafState::Erased { by } => {
                assert!(
                    matches!(store.prove(seq, size), Err(StoreError::Erased { by: b, .. }) if b == by)
                );
            }
            LeafState::Missing => panic!("{seq} is missing"),
        }
    }
}

#[test]
fn what_is_erased_is_in_no_file_and_every_total_and_proof_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let records = (0..40).map(|n| record(if n % 4 == 1 { WHO } else { "bo@example.org" }, n, 3));
    import(&store, "calls.jsonl", records.collect());
    let before = (totals(&store), count(&store, "principal:bo@example.org"));
    let found = find(&store, &WHO.to_lowercase());
    assert_eq!(found.len(), 10);
    let set = test_set::holding(&store, found[0], WHO);
    assert!(traces(folder.path(), WHO) > 0, "the columns hold it");
    let by = erase(&store, &ranges_of(&found), Step::Done).unwrap();
    assert_eq!(traces(folder.path(), WHO), 0);
    let set = store.test_set(&set).unwrap();
    assert_eq!((set.texts, set.erased), (0, 1));
    assert_eq!(
        (totals(&store), count(&store, "principal:bo@example.org")),
        before
    );
    assert_eq!(count(&store, "erased:yes"), 10);
    assert_eq!(find(&store, WHO), [0; 0]);
    assert_eq!(
        store.leaf_state(found[0]).unwrap(),
        LeafState::Erased { by }
    );
    let (page, _) = store.calls(&query("erased:yes"), None, 100).unwrap();
    assert!(
        page.iter()
            .all(|call| call.erased == Some(by) && call.call.principal.is_none())
    );
    proofs_hold(&store);
    // The same file brings nothing back.
    import(
        &store,
        "calls.jsonl",
        (0..40)
            .map(|n| record(if n % 4 == 1 { WHO } else { "bo@example.org" }, n, 3))
            .collect(),
    );
    assert_eq!(totals(&store), before.0);
}

#[test]
fn an_erasure_that_was_cut_short_is_ended_when_the_store_is_opened() {
    for step in [Step::Intent, Step::Rows, Step::Keys, Step::Files, Step::Log] {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        std::fs::create_dir(folder.path().join("packs")).unwrap();
        std::fs::write(folder.path().join("packs/one.zip"), WHO).unwrap();
        import(
            &store,
            "calls.jsonl",
            (0..12)
                .map(|n| record(if n == 1 { WHO } else { "bo" }, n, 3))
                .collect(),
        );
        let found = find(&store, WHO);
        let also = Also {
            files: vec!["packs/one.zip".to_owned()],
            ..Also::default()
        };
        let ranges = ranges_of(&found);
        let erasure = NewErasure {
            kind: ErasureKind::Subject,
            basis: "art_17",
            request: "r",
            ranges: &ranges,
            also: &also,
        };
        let stopped = store.erase(&erasure, "Ola", NOW, step);
        assert!(matches!(stopped, Err(StoreError::Interrupted)), "{step:?}");
        assert_eq!(
            count(&store, "erased:yes"),
            1,
            "{step:?}: it reads as erased at once"
        );
        // As the files lie when the power goes.
        let after = tempfile::tempdir().unwrap();
        copy(folder.path(), after.path());
        let reopened = open(after.path());
        assert_eq!(traces(after.path(), WHO), 0, "{step:?}");
        assert!(
            reopened.erasures().unwrap()[0].done_seq.is_some(),
            "{step:?}"
        );
        proofs_hold(&reopened);
        let tree = reopened.tree().unwrap();
        drop(reopened);
        assert_eq!(
            open(after.path()).tree().unwrap(),
            tree,
            "{step:?}: it is done once"
        );
    }
}

#[test]
fn a_copy_of_the_database_can_not_be_read_without_the_keys_or_after_an_erasure() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    import(
        &store,
        "calls.jsonl",
        (0..8).map(|n| record("bo", n, 3)).collect(),
    );
    let seq = find(&store, "bo")[0];
    store.writer().unwrap().checkpoint_log().unwrap();
    let old = std::fs::read(folder.path().join("assay.db")).unwrap();
    erase(&store, &[(seq, seq + 1)], Step::Done).unwrap();
    drop(store);
    let lost = tempfile::tempdir().unwrap();
    std::fs::write(lost.path().join("assay.db"), &old).unwrap();
    let store = open(lost.path());
    assert_eq!(
        store.leaf_state(seq).unwrap(),
        LeafState::Missing,
        "never \"erased\""
    );
    assert!(matches!(store.raw(seq), Err(StoreError::KeyMissing { .. })));
    drop(store);
    // Even with the keys as they are now: the rest of the day was sealed anew.
    copy(&folder.path().join("keys"), &lost.path().join("keys"));
    assert!(matches!(
        open(lost.path()).raw(seq),
        Err(StoreError::KeyMissing { .. })
    ));
}

#[test]
fn a_hold_blocks_erasure_disposal_and_raw_sql() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    import(
        &store,
        "calls.jsonl",
        (0..8)
            .map(|n| record(if n < 2 { WHO } else { "bo" }, n, 30))
            .collect(),
    );
    assert_eq!(hold(&store, "case-7", &format!("principal:{WHO}")), 2);
    // What comes later is held as well.
    import(&store, "more.jsonl", vec![record(WHO, 99, 30)]);
    let found = find(&store, WHO);
    let calls: Vec<u64> = found
        .iter()
        .copied()
        .filter(|seq| !store.holds_on(*seq).unwrap().is_empty())
        .collect();
    assert_eq!(calls.len(), 3);
    let blocked = store.blocked(&ranges_of(&found)).unwrap();
    assert_eq!(
        (blocked[0].hold.as_str(), blocked[0].records),
        ("case-7", 3)
    );
    assert!(matches!(
        erase(&store, &ranges_of(&calls), Step::Done),
        Err(StoreError::Held)
    ));
    store.set_retention_rule(20, "Ola", NOW).unwrap();
    let due = store.due(NOW).unwrap();
    assert_eq!((due.records, due.held, due.keys), (6, 3, 0));
    erase(&store, &due.ranges, Step::Done).unwrap();
    assert!(
        calls.iter().all(|seq| store.raw(*seq).is_ok()),
        "the day's key stayed"
    );
    drop(store);
    let (db, keys) = (
        folder.path().join("assay.db"),
        folder.path().join("keys/keys.db"),
    );
    for (path, sql) in [
        (&db, "delete from body where seq in (select seq from held)"),
        (&db, "delete from held"),
        (&db, "delete from hold"),
        (
            &db,
            "insert into erased select seq, seq + 1, (select min(seq) from erasure) from held",
        ),
        (&db, "update body set data = x'00'"),
        (&db, "delete from body"),
        (&db, "update call set principal = null"),
        (
            &db,
            "update erasure set done_seq = null; update call set principal = null",
        ),
        (&keys, "delete from day_key where class = 0"),
    ] {
        let connection = rusqlite::Connection::open(path).unwrap();
        assert!(connection.execute_batch(sql).is_err(), "{sql}");
    }
    let store = open(folder.path());
    store
        .release_hold("case-7", "the case is closed", "Ola", NOW)
        .unwrap();
    assert!(store.release_hold("case-7", "again", "Ola", NOW).is_err());
    let due = store.due(NOW).unwrap();
    assert_eq!((due.records, due.held, due.keys), (3, 0, 1));
    erase(&store, &due.ranges, Step::Done).unwrap();
    assert_eq!(count(&store, "erased:yes"), 9);
    proofs_hold(&store);
}

#[test]
fn the_days_of_a_rule_are_whole_days_after_the_day_of_the_call() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    import(
        &store,
        "calls.jsonl",
        (0..6)
            .map(|n| record("bo", n, i64::try_from(n).unwrap()))
            .collect(),
    );
    assert_eq!(
        store.due(NOW).unwrap().records,
        0,
        "without a rule nothing is due"
    );
    store.set_retention_rule(3, "Ola", NOW).unwrap();
    let due = store.due(NOW).unwrap();
    let today = NOW.div_euclid(DAY);
    assert_eq!((due.records, due.days), (2, Some((today - 5, today - 4))));
}

#[derive(Debug, Clone)]
enum Deed {
    Import { who: usize, days_ago: i64 },
    Hold { who: usize },
    Release { who: usize },
    Dispose,
    Erase { who: usize, until: Step },
    Reopen,
}

fn deed() -> impl Strategy<Value = Deed> {
    let who = 0_usize..3;
    let step = prop_oneof![
        4 => Just(Step::Done),
        1 => Just(Step::Intent),
        1 => Just(Step::Rows),
        1 => Just(Step::Keys),
        1 => Just(Step::Log),
    ];
    prop_oneof![
        6 => (who.clone(), 0_i64..12).prop_map(|(who, days_ago)| Deed::Import { who, days_ago }),
        2 => who.clone().prop_map(|who| Deed::Hold { who }),
        2 => who.clone().prop_map(|who| Deed::Release { who }),
        1 => Just(Deed::Dispose),
        2 => (who, step).prop_map(|(who, until)| Deed::Erase { who, until }),
        1 => Just(Deed::Reopen),
    ]
}

/// What must be true of a call.
struct Expected {
    seq: u64,
    who: usize,
    days_ago: i64,
    erased: bool,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 200, ..ProptestConfig::default() })]

    /// 12 runs of 40 deeds.
    #[test]
    fn holds_beat_rules_and_requests_in_any_order(deeds in proptest::collection::vec(deed(), 40)) {
        let names = ["ann@example.org", "bo@example.org", "cy@example.org"];
        let folder = tempfile::tempdir().unwrap();
        let mut store = Some(open(folder.path()));
        let mut calls: Vec<Expected> = Vec::new();
        let mut held = [false; 3];
        for (number, deed) in deeds.into_iter().enumerate() {
            let now = store.as_ref().unwrap();
            match deed {
                Deed::Import { who, days_ago } => {
                    let seq = now.tree().unwrap().0 + 1;
                    import(now, "calls.jsonl", vec![record(names[who], number, days_ago)]);
                    calls.push(Expected { seq, who, days_ago, erased: false });
                }
                Deed::Hold { who } if !held[who] => {
                    let model = format!("model-of-{}", &names[who][..2]);
                    hold(now, &format!("hold {who}"), &format!("request_model:{model}"));
                    held[who] = true;
                }
                Deed::Release { who } if held[who] => {
                    now.release_hold(&format!("hold {who}"), "no longer needed", "Ola", NOW).unwrap();
                    held[who] = false;
                }
                Deed::Dispose => {
                    now.set_retention_rule(5, "Ola", NOW).unwrap();
                    let due = now.due(NOW).unwrap();
                    if !due.ranges.is_empty() {
                        erase(now, &due.ranges, Step::Done).unwrap();
                    }
                    for call in &mut calls {
                        call.erased |= call.days_ago > 5 && !held[call.who];
                    }
                }
                Deed::Erase { who, until } => {
                    let wanted: Vec<u64> = calls.iter().filter(|call| call.who == who && !call.erased).map(|call| call.seq).collect();
                    if wanted.is_empty() {
                        continue;
                    }
                    let answer = erase(now, &ranges_of(&wanted), until);
                    if held[who] {
                        prop_assert!(matches!(answer, Err(StoreError::Held)), "{answer:?}");
                    } else {
                        for call in calls.iter_mut().filter(|call| call.who == who) {
                            call.erased = true;
                        }
                    }
                    if until < Step::Done {
                        drop(store.take());
                        store = Some(open(folder.path()));
                    }
                }
                Deed::Reopen => {
                    drop(store.take());
                    store = Some(open(folder.path()));
                }
                Deed::Hold { .. } | Deed::Release { .. } => {}
            }
            let now = store.as_ref().unwrap();
            for call in &calls {
                let state = now.leaf_state(call.seq).unwrap();
                prop_assert_eq!(matches!(state, LeafState::Erased { .. }), call.erased, "{}", call.seq);
                prop_assert_eq!(now.raw(call.seq).is_ok(), !call.erased);
            }
            prop_assert_eq!(totals(now).0, calls.len() as u64);
        }
        let store = store.take().unwrap();
        proofs_hold(&store);
        prop_assert!(store.erasures().unwrap().iter().all(|erasure| erasure.done_seq.is_some()));
        store.writer().unwrap().checkpoint_log().unwrap();
        for (who, name) in names.iter().enumerate() {
            let left = calls.iter().any(|call| call.who == who && !call.erased);
            if !left {
                prop_assert_eq!(traces(folder.path(), name), 0, "{}", name);
            }
        }
    }
}

/// What an index or a dictionary would keep of erased text: neither is in the schema.
#[test]
fn nothing_in_the_schema_remembers_text_apart_from_its_record() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let connection = rusqlite::Connection::open(folder.path().join("assay.db")).unwrap();
    let mut statement = connection
        .prepare("select lower(coalesce(sql, '')) from sqlite_schema")
        .unwrap();
    let schema: Vec<String> = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert!(schema.len() > 20, "the schema is read");
    for sql in schema {
        // An index has to be ordinary FTS5 with `secure-delete`; contentless tables don't forget.
        for word in ["contentless", "content=''", "virtual table", "dictionary"] {
            assert!(!sql.contains(word), "{word}: {sql}");
        }
    }
}

#[test]
fn of_a_hold_and_an_erasure_at_once_one_wins() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let (mut kept, mut gone) = (0, 0);
    for round in 0..12 {
        let who = format!("person-{round}@example.org");
        let records = (0..3).map(|n| record(&who, round * 10 + n, 3)).collect();
        import(&store, "calls.jsonl", records);
        let found = find(&store, &who);
        let calls: Vec<u64> = found
            .into_iter()
            .filter(|seq| store.raw(*seq).is_ok())
            .collect();
        let ranges = ranges_of(&calls);
        let start = std::sync::Barrier::new(2);
        let erased = std::thread::scope(|scope| {
            let erasing = scope.spawn(|| {
                start.wait();
                erase(&store, &ranges, Step::Done)
            });
            start.wait();
            // Rounds differ in who comes first.
            if round % 2 == 0 {
                std::thread::yield_now();
            }
            hold(
                &store,
                &format!("hold {round}"),
                &format!("principal:{who}"),
            );
            erasing.join().unwrap()
        });
        for seq in calls {
            let is_held = !store.holds_on(seq).unwrap().is_empty();
            match (&erased, store.leaf_state(seq).unwrap()) {
                (Ok(by), LeafState::Erased { by: b }) => {
                    assert!(*by == b && !is_held, "round {round}, {seq}");
                    gone += 1;
                }
                (Err(StoreError::Held), LeafState::Disclosed) => kept += 1,
                other => panic!("round {round}, {seq}: {other:?}"),
            }
        }
    }
    assert!(kept + gone >= 36);
    proofs_hold(&store);
}
