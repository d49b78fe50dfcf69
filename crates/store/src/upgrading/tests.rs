//! An upgrade that was cut short anywhere goes on at the next opening.

use assay_domain::call::Body;
use assay_domain::query::Query;
use assay_domain::query::keys::Table;

use super::{SCHEMA, Version, finish, migrate_up_to};
use crate::batches::Chunk;
use crate::fsck::Depth;
use crate::joins::as_counted;
use crate::lent;
use crate::open::{Access, FILE_NAME, Store, connect};
use crate::rollups::Deltas;
use crate::word_pages::tests::record;
use crate::writer::{NewRecord, What};

const NOW: i64 = 1_795_000_000_000;

fn version(store: &Store) -> u32 {
    store
        .read(|connection| Ok(connection.query_row("pragma user_version", [], |row| row.get(0))?))
        .unwrap()
}

#[test]
fn rows_of_an_old_store_are_entered_wherever_its_upgrade_was_cut_short() {
    for cut in [7, 8, 11, 12, SCHEMA - 1, SCHEMA] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        let connection = connect(&path, Access::Write, None).unwrap();
        migrate_up_to(&connection, Version::NONE, 7).unwrap();
        connection
            .execute_batch(
                "insert into deployment (name, kind, changed_ms) values ('claims', 1, 1)",
            )
            .unwrap();
        // Killed behind this migration.
        migrate_up_to(&connection, Version::of(7), cut).unwrap();
        connection.close().unwrap();
        let refused = Store::open(folder.path(), Access::Read, NOW);
        assert!(
            refused.is_err(),
            "cut at {cut}: half an upgrade is not read"
        );
        for opened in ["once", "twice"] {
            let store = Store::open(folder.path(), Access::Write, NOW).unwrap();
            assert_eq!(version(&store), SCHEMA);
            let entered: i64 = store
                .read(|connection| {
                    Ok(connection.query_row(
                        "select count(*) from row_log where name = 'deployment'",
                        [],
                        |row| row.get(0),
                    )?)
                })
                .unwrap();
            assert_eq!(entered, 1, "cut at {cut}, opened {opened}");
            let report = store
                .fsck(Depth::Records, &[], &mut |_, _, _| Ok(()))
                .unwrap();
            assert!(report.is_ok(), "cut at {cut}: {:?}", report.damage);
        }
    }
}

#[test]
fn what_follows_the_migrations_changes_nothing_when_it_is_done_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Access::Write, NOW).unwrap();
    let log = |store: &Store| -> i64 {
        store
            .read(|connection| {
                Ok(connection.query_row("select max(id) from row_log", [], |row| row.get(0))?)
            })
            .unwrap()
    };
    let before = log(&store);
    finish(&mut store.writer().unwrap(), Version::of(7)).unwrap();
    assert_eq!(log(&store), before);
    assert_eq!(version(&store), SCHEMA);
}

#[test]
fn figures_of_other_records_are_counted_in_an_old_store_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Access::Write, NOW).unwrap();
    let known = |store: &Store| store.latencies(&all(), &[50]).unwrap().known;
    let mut writer = store.writer().unwrap();
    let mut batch = writer.begin_batch("a.jsonl", NOW).unwrap();
    let records = vec![told(1, None), told(2, Some(40)), told(3, Some(70))];
    let chunk = Chunk {
        records,
        ..Chunk::default()
    };
    writer.append(&mut batch, [chunk], NOW).unwrap();
    // As schema 24 had it: what others tell is not counted.
    writer
        .transact(|writer| {
            let connection = &writer.connection;
            let mut deltas = Deltas::default();
            let leaders: Vec<i64> = connection
                .prepare("select seq from lent")?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            assert_eq!(leaders.len(), 1);
            for leader in leaders {
                deltas.subtract(&as_counted(connection, leader)?.counted);
                lent::forget(connection, leader)?;
                deltas.add(&as_counted(connection, leader)?.counted);
            }
            deltas.write(connection)
        })
        .unwrap();
    writer
        .connection
        .execute_batch("drop table lent; pragma user_version = 24")
        .unwrap();
    drop(writer);
    assert_eq!(known(&store), 0);
    drop(store);
    for opened in ["once", "twice"] {
        let store = Store::open(folder.path(), Access::Write, NOW).unwrap();
        assert_eq!((version(&store), known(&store)), (SCHEMA, 1), "{opened}");
        let report = store
            .fsck(Depth::Records, &[], &mut |_, _, _| Ok(()))
            .unwrap();
        assert!(report.is_ok(), "{opened}: {:?}", report.damage);
    }
}

/// A record of one call; the first, which has its text, is listed for it.
fn told(number: usize, latency_ms: Option<i64>) -> NewRecord {
    let mut record = record(number, &(Some(1), false, Vec::new()));
    if let What::Call { call, .. } = &mut record.what {
        call.request_ids
            .insert("aws_request_id".to_owned(), "r-1".to_owned());
        call.latency_ms = latency_ms;
        if number > 1 {
            call.body = Body::NotCarried;
        }
    }
    record
}

fn all() -> Query {
    Query::parse("", Table::Calls).unwrap()
}

#[test]
fn a_version_says_since_when_an_upgrade_is_under_way() {
    for (user_version, migrated, since) in [
        (0, 0, 0),
        (7, 7, 7),
        (SCHEMA, SCHEMA, SCHEMA),
        (7 << 16 | 12, 12, 7),
    ] {
        let found = Version::of(user_version);
        assert_eq!((found.migrated, found.since), (migrated, since));
    }
    assert_eq!(Version::of(7).after(8), 7 << 16 | 8);
    assert_eq!(Version::of(7 << 16 | 8).after(9), 7 << 16 | 9);
    assert_eq!(Version::of(24).after(25), 24 << 16 | 25);
    assert_eq!(Version::of(25).after(26), 25 << 16 | 26);
    assert_eq!(Version::of(26).after(27), 27, "nothing follows");
    assert_eq!(Version::NONE.after(1), 1);
}
