//! An upgrade that was cut short anywhere goes on at the next opening.

use super::{SCHEMA, Version, finish, migrate_up_to};
use crate::fsck::Depth;
use crate::open::{Access, FILE_NAME, Store, connect};

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
    assert_eq!(Version::of(14).after(15), 15, "nothing follows");
    assert_eq!(Version::NONE.after(1), 1);
}
