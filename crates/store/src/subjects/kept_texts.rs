//! Texts that people keep beside records, when a subject is looked for: notes, tags, judgements,
//! texts of test sets, policies.
//!
//! Out: hits that are erased with their record, and counts and names for a person to decide on. Not here:
//! records.

use rusqlite::Connection;

use super::{Hits, Needles, SubjectFound, holds, mask_of};
use crate::error::Result;

/// Notes and tags: their text goes with the record that they are on, who wrote them stays.
pub(super) fn in_notes(
    connection: &Connection,
    needles: &Needles,
    found: &mut SubjectFound,
    hits: &mut Hits,
) -> Result<()> {
    for (table, sql) in [
        (
            "note",
            "select call_seq, text, noted_by, withdrawn_by from note",
        ),
        ("tag", "select call_seq, tag, added_by, removed_by from tag"),
        (
            "judgement",
            "select call_seq, note, judged_by, null from judgement",
        ),
        (
            "review_sample",
            "select 0, null, drawn_by, closed_by from review_sample",
        ),
    ] {
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut written = 0;
        while let Some(row) = rows.next()? {
            let mask = mask_of(row.get_ref(1).ok(), needles);
            if mask != 0 {
                hits.add(row.get::<_, i64>(0)?.unsigned_abs(), mask, table);
            }
            written += u64::from((2..4).any(|index| holds(row.get_ref(index).ok(), needles)));
        }
        if written > 0 {
            found.to_decide.insert(table.to_owned(), written);
        }
    }
    Ok(())
}

/// Texts of test sets: one that was taken from a call goes with its record, the others are for a
/// person to take out.
pub(super) fn in_test_sets(
    connection: &Connection,
    needles: &Needles,
    found: &mut SubjectFound,
    hits: &mut Hits,
) -> Result<()> {
    let mut statement = connection.prepare_cached(
        "select call_seq, text, language, field, added_by, removed_by from test_text",
    )?;
    let mut rows = statement.query([])?;
    let mut others = 0;
    while let Some(row) = rows.next()? {
        let mask = mask_of(row.get_ref(1).ok(), needles);
        match row.get::<_, Option<i64>>(0)? {
            Some(seq) if mask != 0 => hits.add(seq.unsigned_abs(), mask, "test_text"),
            None if mask != 0 => others += 1,
            _ => others += u64::from((2..6).any(|index| holds(row.get_ref(index).ok(), needles))),
        }
    }
    if others > 0 {
        found.to_decide.insert("test_text".to_owned(), others);
    }
    Ok(())
}

/// Versions of policies, whose lists and examples may name somebody: name and version.
pub(super) fn in_policies(
    connection: &Connection,
    needles: &Needles,
) -> Result<Vec<(String, String)>> {
    let mut statement =
        connection.prepare_cached("select id, name, version, toml from policy order by id")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let named = |index: usize| holds(row.get_ref(index).ok(), needles);
        if !(1..4).any(named) {
            continue;
        }
        let of = |index: usize| -> rusqlite::Result<String> {
            match named(index) {
                true => Ok(format!("number {}", row.get::<_, i64>(0)?)),
                false => row.get(index),
            }
        };
        found.push((of(1)?, of(2)?));
    }
    Ok(found)
}
