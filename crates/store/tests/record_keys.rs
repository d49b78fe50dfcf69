//! Records are found again by their ids, on whichever day they stand, and in a store that was made
//! when there were other keys.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use assay_domain::call::{Call, Kind, Status};
use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use assay_evidence::leaf::commitment;
use assay_store::batches::Chunk;
use assay_store::error::StoreError;
use assay_store::fsck::Depth;
use assay_store::open::{Access, FILE_NAME, Store};
use assay_store::record_keys::Trodden;
use assay_store::writer::{NewRecord, What, record_id};

const NOW: i64 = 1_795_000_000_000;
const DAY_MS: i64 = 86_400_000;

fn record(source: &'static str, raw: &str, days_ago: Option<i64>, id: Option<&str>) -> NewRecord {
    let mut call = Call::new(Kind::Bedrock, Status::Ok);
    call.started_at_ms = days_ago.map(|days| NOW - days * DAY_MS);
    if let Some(id) = id {
        call.request_ids
            .insert("aws_request_id".to_owned(), id.to_owned());
    }
    let salt = [9; 32];
    NewRecord {
        id: record_id(source, raw.as_bytes()),
        line: 1,
        offset: 0,
        length: raw.len() as u64,
        format: u8::from(source == "cloudtrail"),
        source,
        salt,
        commitment: commitment(&salt, raw.as_bytes()),
        codec: 0,
        data: raw.as_bytes().to_vec(),
        what: What::Call {
            call: Box::new(call),
            deployment: "claims".to_owned(),
            cost_usd_micros: None,
        },
    }
}

/// Stores records; answers how many were new and how many were there already.
fn append(store: &Store, records: Vec<NewRecord>) -> (u64, u64) {
    let mut writer = store.writer().unwrap();
    let mut batch = writer.begin_batch("a.jsonl", NOW).unwrap();
    let chunk = Chunk {
        records,
        ..Chunk::default()
    };
    writer.append(&mut batch, [chunk], NOW).unwrap();
    "done".clone_into(&mut batch.state);
    writer.end_batch(&batch, NOW).unwrap();
    (batch.accepted, batch.duplicates)
}

/// Sixty records of as many days, each with an id of its own.
fn sixty(source: &'static str) -> Vec<NewRecord> {
    (0..60)
        .map(|index| {
            record(
                source,
                &format!("{{\"i\":{index}}}"),
                Some(index),
                Some(&format!("r-{index}")),
            )
        })
        .collect()
}

fn is_sound(store: &Store) {
    let report = store
        .fsck(Depth::Records, &[], &mut |_, _, _| Ok(()))
        .unwrap();
    let found: Vec<&str> = report
        .damage
        .iter()
        .map(|damage| damage.sentence.as_str())
        .collect();
    assert_eq!(found, Vec::<&str>::new());
}

fn listed(store: &Store, text: &str) -> usize {
    let query = Query::parse(text, Table::Calls).unwrap();
    store.calls(&query, None, 500).unwrap().0.len()
}

#[test]
fn a_record_is_known_whatever_day_is_read_out_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Access::Write, NOW).unwrap();
    assert_eq!(append(&store, sixty("bedrock")), (60, 0));
    // As parsers of another version would read them: on other days, or on none.
    let read_otherwise = || {
        (0..60)
            .map(|index| {
                let days = (index % 3 > 0).then_some(index + 7);
                record("bedrock", &format!("{{\"i\":{index}}}"), days, None)
            })
            .collect()
    };
    assert_eq!(append(&store, read_otherwise()), (0, 60));
    drop(store);
    // Nothing is known of the keys but what is in the store.
    let store = Store::open(folder.path(), Access::Write, NOW).unwrap();
    assert_eq!(append(&store, read_otherwise()), (0, 60));
    let mut trodden = Trodden::default();
    for index in [0, 59, 30, 30, 1] {
        let id = record_id("bedrock", format!("{{\"i\":{index}}}").as_bytes());
        assert!(store.has_record(&id, &mut trodden).unwrap());
        assert_eq!(store.call(&hex::encode(id)).unwrap().id, hex::encode(id));
        let beginning = &hex::encode(id)[..12];
        assert_eq!(listed(&store, &format!("id:{beginning}*")), 1);
    }
    let other = record_id("bedrock", b"{}");
    assert!(!store.has_record(&other, &mut trodden).unwrap());
    assert!(matches!(
        store.call(&hex::encode(other)),
        Err(StoreError::NotFound { .. })
    ));
    is_sound(&store);
}

#[test]
fn records_with_one_id_are_of_one_call_however_far_apart_their_days_are() {
    for reopened in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path(), Access::Write, NOW).unwrap();
        append(&store, sixty("bedrock"));
        if reopened {
            drop(store);
            store = Store::open(folder.path(), Access::Write, NOW).unwrap();
        }
        let others = (0..60)
            .map(|index| {
                let days = (index % 4 > 0).then_some(59 - index);
                let raw = format!("{{\"other\":{index}}}");
                record("cloudtrail", &raw, days, Some(&format!("r-{index}")))
            })
            .collect();
        assert_eq!(append(&store, others), (60, 0));
        assert_eq!(listed(&store, ""), 60, "each with a witness");
        // The same id and other content, of a source that told of it on another day.
        let again = record("bedrock", "{\"again\":1}", Some(3), Some("r-40"));
        append(&store, vec![again]);
        assert_eq!(listed(&store, ""), 60);
        assert_eq!(listed(&store, "conflict:yes"), 1);
        assert_eq!(listed(&store, "request_id:r-40"), 1);
        is_sound(&store);
    }
}

/// What stands in a migration from `from` up to `to`, both included.
fn part<'s>(sql: &'s str, from: &str, to: &str) -> &'s str {
    let begin = sql.find(from).unwrap();
    let end = begin + sql[begin..].find(to).unwrap() + to.len();
    &sql[begin..end]
}

#[test]
fn a_store_from_before_has_the_same_records_and_is_sound() {
    const TRAIL: &str = include_str!("../migrations/0001_trail.sql");
    const RETENTION: &str = include_str!("../migrations/0004_retention.sql");
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Access::Write, NOW).unwrap();
    append(&store, sixty("bedrock"));
    append(
        &store,
        vec![record("bedrock", "{\"none\":1}", None, Some("r-1"))],
    );
    drop(store);
    // Back to what it was before.
    let old = rusqlite::Connection::open(folder.path().join(FILE_NAME)).unwrap();
    let call = part(TRAIL, "create table call (", ") strict;");
    let indexes: Vec<&str> = TRAIL
        .lines()
        .filter(|line| line.starts_with("create index call_by_"))
        .collect();
    old.execute_batch(&format!(
        "begin;
         {}
         insert into join_key (hash, source, seq)
         select hash, source, seq from record_key where source <> 0;
         drop table record_key;
         drop table principal_total; drop table principal_day;
         drop table entity_total; drop table entity_day;
         drop table feature_latency; drop table lent;
         drop table test_label; drop table test_text; drop table test_set;
         drop table names_model;
         drop table vault_entry; drop table guard_run; drop table guard;
         drop table policy_put; drop trigger policy_no_update; drop trigger policy_no_delete;
         alter table policy drop column seq; alter table policy drop column saved_by;
         alter table policy drop column note;
         {}
         insert into call_before select * from call;
         drop table call;
         alter table call_before rename to call;
         {}
         {}
         {}
         pragma user_version = 14;
         commit;",
        part(TRAIL, "create table join_key (", "without rowid;"),
        call.replace("create table call (", "create table call_before ("),
        indexes.join("\n"),
        part(RETENTION, "create trigger call_no_update", "end;"),
        part(TRAIL, "create trigger call_no_delete", "end;"),
    ))
    .unwrap();
    old.close().unwrap();
    let store = Store::open(folder.path(), Access::Write, NOW).unwrap();
    is_sound(&store);
    assert_eq!(listed(&store, ""), 60);
    assert_eq!(append(&store, sixty("bedrock")), (0, 60));
    let joined = record("cloudtrail", "{\"c\":1}", Some(50), Some("r-9"));
    assert_eq!(append(&store, vec![joined]), (1, 0));
    assert_eq!(listed(&store, ""), 60);
    is_sound(&store);
}
