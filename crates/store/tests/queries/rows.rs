//! Rows of a list by their number: the same ones, however they are reached.
//!
//! Not here: what a query matches.

use assay_domain::call::{Call, Kind, Status};
use assay_store::open::Store;
use proptest::prelude::*;

use super::{NOW, QUESTIONS, append, drawn, made, query, record, store};

/// All calls that match, page by page.
fn listed(store: &Store, text: &str) -> Vec<u64> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let (page, next) = store.calls(&query(text), after, 3).unwrap();
        found.extend(page.iter().map(|call| call.seq));
        match next {
            Some(cursor) => after = Some(cursor),
            None => return found,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_row_has_the_same_number_however_it_is_reached(
        calls in prop::collection::vec(drawn(), 1..40),
        asked in prop::collection::vec((0..44_u64, 1..9_usize), 1..12),
        later in prop::collection::vec(drawn(), 0..4),
    ) {
        let (_folder, store) = store();
        append(&store, calls.iter().enumerate().map(|(index, drawn)| made(drawn, index)).collect());
        for round in 0..2 {
            for text in QUESTIONS {
                let all = listed(&store, text);
                for (row, limit) in &asked {
                    let rows = store.call_rows(&query(text), *row, *limit).unwrap();
                    let rows: Vec<u64> = rows.iter().map(|call| call.seq).collect();
                    let from = usize::try_from(*row).unwrap().min(all.len());
                    let to = (from + limit).min(all.len());
                    prop_assert_eq!(&rows, &all[from..to], "{} from {} in round {}", text, row, round);
                }
            }
            // What was noted before is worth nothing once there are more.
            append(&store, later.iter().enumerate().map(|(index, drawn)| made(drawn, 100 + index)).collect());
        }
    }
}

#[test]
fn any_of_many_rows_is_reached_from_the_start_the_end_and_the_middle() {
    let (_folder, store) = store();
    let calls = (0..2_300_i64).map(|index| {
        let status = if index % 3 == 0 {
            Status::Error
        } else {
            Status::Ok
        };
        let mut call = Call::new(Kind::Bedrock, status);
        // Some share a time, and the last hundred have none.
        call.started_at_ms = (index < 2_200).then_some(NOW - index / 4 * 1_000);
        record("bedrock", &format!("{{\"i\":{index}}}"), call, "claims")
    });
    append(&store, calls.collect());
    for text in [
        "",
        "status:error",
        "started_at:>2020-01-01",
        "has:principal",
    ] {
        let all = listed(&store, text);
        let last = all.len().saturating_sub(1) as u64;
        for row in [
            last,
            last.saturating_sub(700),
            600,
            last / 2,
            1,
            0,
            last,
            last + 1,
        ] {
            let rows = store.call_rows(&query(text), row, 7).unwrap();
            let rows: Vec<u64> = rows.iter().map(|call| call.seq).collect();
            let from = usize::try_from(row).unwrap().min(all.len());
            assert_eq!(
                rows,
                all[from..(from + 7).min(all.len())],
                "{text} at {row}"
            );
        }
    }
    let at = |text: &str, ms: i64| store.call_row_at(&query(text), ms).unwrap();
    assert_eq!(at("", NOW + 1), 0);
    assert_eq!(at("", NOW), 0);
    assert_eq!(at("", NOW - 1), 4);
    assert_eq!(at("", NOW - 400_000), 1_600);
    assert_eq!(at("", 0), 2_200, "the first without a time");
    assert_eq!(at("status:error", NOW - 3_000), 4);
    assert_eq!(at("started_at:>2020-01-01", 0), 2_200, "after the last");
}
