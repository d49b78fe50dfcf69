//! What is read to find the hours of a chart, by SQLite's own steps.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use rusqlite::Connection;

use crate::filter::rolled::{Seen, compile_rollup};
use crate::open::{Access, Store};

/// Of two lower bounds SQLite takes the first to the index: the one that asks for later hours has to stand first.
#[test]
fn the_hours_of_a_late_day_are_found_without_those_before() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open(folder.path(), Access::Write, 1_795_000_000_000).unwrap());
    let mut connection = Connection::open(folder.path().join("assay.db")).unwrap();
    let (hour, hours) = (3_600_000_i64, 24 * 1_000);
    for (table, length, many) in [
        ("rollup", hour, hours),
        ("rollup_day", 24 * hour, hours / 24),
    ] {
        let filled = connection.execute(
            &format!(
                "with recursive at (n) as (select 0 union all select n + 1 from at where n + 1 < {many})
                 insert into {table} select n * {length}, 1, 0, 1, 0, 0, 0, 0, -1, 0, 0, 1, 0, 0, 0, 0, 0,
                     0, 0, 0, 0, 0, 0 from at"
            ),
            [],
        );
        assert_eq!(filled.unwrap(), usize::try_from(many).unwrap());
    }
    for (text, from) in [
        ("started_at:1972-09-25", 998 * 24),
        (
            "started_at:1972-09-25T06:00:00Z..1972-09-25T11:59:59.999Z",
            998 * 24 + 6,
        ),
    ] {
        let query = Query::parse(text, Table::Calls).unwrap();
        let filter = compile_rollup(&query, Seen::ByOne).unwrap();
        let steps = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&steps);
        let count = move || {
            counted.fetch_add(100, Ordering::Relaxed);
            false
        };
        connection.progress_handler(100, Some(count)).unwrap();
        let (first, _, _) = super::hours(&connection, &query, &filter).unwrap();
        assert_eq!(first, Some(from * hour), "{text}");
        let steps = steps.load(Ordering::Relaxed);
        assert!(steps < 1_500, "{text}: {steps} steps over {hours} hours");
    }
}
