//! What the pages tell is what FTS5 tells: whatever was entered, taken out and entered again, in however many
//! pieces the index lies and however small its pages are.

use assay_domain::words::Words;
use proptest::prelude::*;
use rusqlite::Connection;

use super::*;
use crate::text_index::create;
use crate::text_search::{EVERYWHERE, asked, for_each_indexed};

/// More leaves than are ever entered.
const UP_TO: u64 = 70_000;
/// Words of which some begin as others do, the first in most rows; the last two are in none.
const WORDS: [&str; 9] = ["policy", "a", "ab", "abc", "abd", "税", "z", "abcd", "0"];
const HELD: usize = 7;

/// What is done to the index.
#[derive(Debug, Clone)]
enum Done {
    /// Rows from one on with so much between them, each with words: one transaction.
    Entered(u64, u64, Vec<u8>),
    /// Some of the rows, by their place among those that there are.
    Gone(Vec<usize>),
    /// Of the rows the same words entered again under the same number.
    Again(Vec<usize>),
    /// So many pages written anew, merging pieces.
    Merged(i64),
    Optimized,
}

fn done() -> impl Strategy<Value = Done> {
    let places = || prop::collection::vec(0_usize..5_000, 1..40);
    prop_oneof![
        6 => (0_u64..300, prop_oneof![Just(1_u64), Just(1), Just(150)], prop::collection::vec(any::<u8>(), 1..400))
            .prop_map(|(from, step, rows)| Done::Entered(from, step, rows)),
        2 => places().prop_map(Done::Gone),
        1 => places().prop_map(Done::Again),
        2 => (1_i64..12).prop_map(Done::Merged),
        1 => Just(Done::Optimized),
    ]
}

/// The words of a row: bits of a number, the first for all but few.
fn line(drawn: u8) -> String {
    let held = |at: &usize| match at {
        0 => drawn % 16 != 3,
        at => drawn >> at & 1 == 1,
    };
    let words: Vec<&str> = (0..HELD).filter(held).map(|at| WORDS[at]).collect();
    words.join(" ")
}

fn set(connection: &Connection, name: &str, value: i64) {
    connection
        .execute(
            &format!("insert into {TABLE} ({TABLE}, rank) values (?1, ?2)"),
            params![name, value],
        )
        .unwrap();
}

fn enter(connection: &Connection, row: u64, drawn: u8) {
    connection
        .execute(
            &format!("insert into {TABLE} (rowid, data) values (?1, ?2)"),
            params![row as i64, line(drawn)],
        )
        .unwrap();
}

fn forget(connection: &Connection, row: u64, drawn: u8) {
    connection
        .execute(
            &format!("insert into {TABLE} ({TABLE}, rowid, data) values ('delete', ?1, ?2)"),
            params![row as i64, line(drawn)],
        )
        .unwrap();
}

fn index(detail: Detail, page_bytes: i64, is_overwritten: bool) -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection
        .execute_batch("create table body (seq integer primary key, data)")
        .unwrap();
    create(&connection, detail).unwrap();
    for (name, value) in [
        ("pgsz", page_bytes),
        ("automerge", 2),
        ("crisismerge", 3),
        ("secure-delete", i64::from(is_overwritten)),
    ] {
        set(&connection, name, value);
    }
    connection
}

fn from_fts5(connection: &Connection, word: &str, detail: Detail) -> Vec<u64> {
    let words = Words::of(word, false).unwrap();
    let mut rows = Vec::new();
    for_each_indexed(connection, &asked(&words, detail), EVERYWHERE, |row| {
        rows.push(row);
        true
    })
    .unwrap();
    rows
}

fn from_pages(connection: &Connection, word: &str, detail: Detail) -> Option<Vec<u64>> {
    let bits = of_word(connection, (word, detail), UP_TO).unwrap()?;
    let is_in = |row: &u64| {
        let bits = bits.get((row / 64) as usize).copied().unwrap_or(0);
        bits >> (row % 64) & 1 == 1
    };
    Some((0..UP_TO).filter(is_in).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn pages_tell_what_fts5_tells(
        all in prop::collection::vec(done(), 1..12),
        page_bytes in prop_oneof![Just(64_i64), Just(200), Just(4_050)],
        is_overwritten in prop::bool::weighted(0.7),
        detail in prop_oneof![Just(Detail::Words), Just(Detail::Phrases)],
    ) {
        let connection = index(detail, page_bytes, is_overwritten);
        let mut rows: Vec<(u64, u8)> = Vec::new();
        for one in &all {
            connection.execute_batch("begin").unwrap();
            match one {
                Done::Entered(from, step, drawn) => {
                    for (row, drawn) in (0..).map(|at| from + at * step).zip(drawn) {
                        if !rows.iter().any(|(own, _)| *own == row) {
                            enter(&connection, row, *drawn);
                            rows.push((row, *drawn));
                        }
                    }
                    rows.sort_unstable();
                }
                Done::Gone(places) => {
                    for place in places {
                        if !rows.is_empty() {
                            let (row, drawn) = rows.remove(place % rows.len());
                            forget(&connection, row, drawn);
                        }
                    }
                }
                Done::Again(places) => {
                    for place in places.iter().filter(|_| !rows.is_empty()) {
                        let (row, drawn) = rows[place % rows.len()];
                        forget(&connection, row, drawn);
                        enter(&connection, row, drawn);
                    }
                }
                Done::Merged(pages) => set(&connection, "merge", *pages),
                Done::Optimized => connection
                    .execute(&format!("insert into {TABLE} ({TABLE}) values ('optimize')"), [])
                    .map(drop)
                    .unwrap(),
            }
            connection.execute_batch("commit").unwrap();
            for word in WORDS {
                let expected = from_fts5(&connection, word, detail);
                prop_assert_eq!(
                    from_pages(&connection, word, detail),
                    Some(expected),
                    "{} after {:?}",
                    word,
                    one
                );
            }
        }
    }
}

#[test]
fn what_is_not_known_is_left_to_fts5() {
    let connection = index(Detail::Words, 64, true);
    connection.execute_batch("begin").unwrap();
    for row in 0..900 {
        enter(&connection, row, 1);
    }
    connection.execute_batch("commit").unwrap();
    let told = || of_word(&connection, ("policy", Detail::Words), 900).unwrap();
    assert_eq!(told().unwrap()[0], u64::MAX);
    let fewer = of_word(&connection, ("policy", Detail::Words), 899).unwrap();
    assert_eq!(fewer, None, "a row that is no call");

    let changed = |sql: &str, why: &str| {
        connection.execute_batch("savepoint one").unwrap();
        assert!(connection.execute(sql, []).unwrap() > 0, "{why}");
        assert_eq!(told(), None, "{why}");
        connection
            .execute_batch("rollback to one; release one")
            .unwrap();
        assert!(told().is_some(), "{why}, undone");
    };
    changed(
        "update call_text_config set v = 6 where k = 'version'",
        "a version of later",
    );
    changed(
        "update call_text_data set block = cast(x'00000000ff000001' || substr(block, 5) as blob) where id = 10",
        "a list of segments of another form",
    );
    changed(
        "update call_text_data set block = cast(substr(block, 1, length(block) - 1) as blob) where id = 10",
        "half a list of segments",
    );
    changed(
        "delete from call_text_data where id = 1 + (select min(id) from call_text_data where id > 10)",
        "a page that is not there",
    );
    changed(
        "update call_text_data set block = x'0000ffff' where id > 10",
        "pages that are none",
    );
}
