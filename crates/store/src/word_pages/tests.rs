//! Pages of frequent words are the pages that reading gives, whatever the order of the import, the
//! size of the windows and what else is asked.

use assay_domain::call::{Body, Call, Kind, Status};
use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use assay_evidence::leaf::commitment;
use proptest::prelude::*;

use super::windows;
use crate::batches::Chunk;
use crate::calls::{self, CallRecord, Cursor};
use crate::filter::compile_calls;
use crate::open::{Access, Store};
use crate::pages::Begin;
use crate::text_index::Detail;
use crate::text_search::Need;
use crate::text_search::looked::Looked;
use crate::writer::{NewRecord, What, record_id};

const NOW: i64 = 1_795_000_000_000;
const HOUR_MS: i64 = 3_600_000;

/// A call: its hour where it has one, whether it failed, its words.
pub(crate) type Drawn = (Option<i64>, bool, Vec<&'static str>);

pub(crate) fn record(number: usize, (hour, failed, words): &Drawn) -> NewRecord {
    let status = match failed {
        true => Status::Error,
        false => Status::Ok,
    };
    let mut call = Call::new(Kind::Bedrock, status);
    call.started_at_ms = hour.map(|hour| NOW - hour * HOUR_MS);
    call.body = Body::Present;
    let raw = serde_json::json!({ "n": number, "text": words.join(" ") }).to_string();
    let salt = [u8::try_from(number % 251).unwrap(); 32];
    NewRecord {
        id: record_id("bedrock", raw.as_bytes()),
        line: 1,
        offset: 0,
        length: raw.len() as u64,
        format: 200,
        source: "bedrock",
        salt,
        commitment: commitment(&salt, raw.as_bytes()),
        codec: 0,
        data: raw.into_bytes(),
        what: What::Call {
            call: Box::new(call),
            deployment: "claims".to_owned(),
            cost_usd_micros: None,
        },
    }
}

pub(crate) fn import(store: &Store, records: Vec<NewRecord>) {
    let mut writer = store.writer().unwrap();
    let mut batch = writer.begin_batch("a.jsonl", NOW).unwrap();
    let chunk = Chunk {
        records,
        ..Chunk::default()
    };
    writer.append(&mut batch, [chunk], NOW).unwrap();
    batch.state = "done".to_owned();
    writer.end_batch(&batch, NOW).unwrap();
}

const QUERIES: [&str; 10] = [
    "policy",
    "policy renewal",
    "policy -renewal",
    "-policy",
    "\"policy renewal\"",
    "\"policy renewal\" status:error",
    "policy status:error",
    "policy status:ok -\"policy renewal\"",
    "policy started_at:2026-11-17..2026-11-18 status:ok",
    "policy rare",
];

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let word = prop_oneof![
        4 => Just("policy"),
        4 => Just("renewal"),
        2 => Just("renewals"),
        1 => Just("rare"),
    ];
    let call = (
        prop::option::weighted(0.9, 0_i64..48),
        prop::bool::weighted(0.2),
        prop::collection::vec(word, 0..5),
    );
    prop::collection::vec(call, 1..40)
}

fn seqs(found: &[CallRecord]) -> Vec<u64> {
    found.iter().map(|call| call.seq).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]
    #[test]
    fn pages_by_windows_are_those_that_reading_gives(
        calls in drawn(),
        few in 0_u64..3,
        window in 1_usize..9,
        limit in 1_usize..7,
        unindexed in 0_usize..4,
        detail in prop_oneof![Just(Detail::Words), Just(Detail::Phrases)],
    ) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Access::Write, NOW).unwrap();
        store.searches.set_few(few);
        let records: Vec<NewRecord> =
            calls.iter().enumerate().map(|(number, call)| record(number, call)).collect();
        import(&store, records);
        store.writer().unwrap().begin_text_index(detail, "jane", NOW).unwrap();
        let mut left = calls.len().saturating_sub(unindexed);
        while left > 0 {
            let texts = store.next_texts(left.min(10)).unwrap().unwrap();
            store.writer().unwrap().enter_texts(&texts).unwrap();
            left -= left.min(10);
        }
        for text in QUERIES {
            let query = Query::parse(text, Table::Calls).unwrap();
            let plain = store.read(|connection| {
                let filter = compile_calls(&query, Looked::default());
                calls::list(&filter, &filter.listed(), Begin::Start)
                    .page(connection, 1_000, calls::read)
            }).unwrap();
            // As the window asks, page after page.
            let (mut paged, mut after) = (Vec::new(), None);
            loop {
                let (page, next) = store.calls(&query, after, limit).unwrap();
                paged.extend(seqs(&page));
                after = next;
                if after.is_none() {
                    break;
                }
            }
            prop_assert_eq!(&paged, &seqs(&plain), "{}", text);
            // And by windows of every size, from every row on.
            for (row, call) in plain.iter().enumerate().step_by(4) {
                let key = Cursor { at_ms: call.call.started_at_ms, seq: call.seq };
                let found = store.read(|connection| {
                    let from = Begin::After(key);
                    windows(&store, connection, &query, from, (limit, window))
                }).unwrap();
                let rest: Vec<u64> = seqs(&plain).into_iter().skip(row + 1).take(limit).collect();
                prop_assert_eq!(seqs(&found), rest, "{} after row {}", text, row);
            }
            let first = store.call_rows(&query, 0, limit).unwrap();
            let head: Vec<u64> = seqs(&plain).into_iter().take(limit).collect();
            prop_assert_eq!(seqs(&first), head, "{} from row 0", text);
            prop_assert_eq!(store.count(&query).unwrap().0, plain.len() as u64, "{}", text);
        }
    }
}

#[test]
fn what_a_page_left_unread_is_read_once_for_who_counts() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Access::Write, NOW).unwrap();
    let said = |number: usize| match number % 3 {
        0 => vec!["policy", "renewal"],
        _ => vec!["renewal", "policy"],
    };
    let records = (0..30).map(|number| record(number, &(Some(1), false, said(number))));
    import(&store, records.collect());
    let mut writer = store.writer().unwrap();
    writer.begin_text_index(Detail::Words, "jane", NOW).unwrap();
    drop(writer);
    let texts = store.next_texts(100).unwrap().unwrap();
    store.writer().unwrap().enter_texts(&texts).unwrap();
    let query = Query::parse("\"policy renewal\"", Table::Calls).unwrap();
    let is_exact = || {
        store
            .read(|connection| {
                let looked = store.looked(connection, &query, Need::Some)?;
                Ok(!looked.reads())
            })
            .unwrap()
    };
    assert_eq!(store.calls(&query, None, 3).unwrap().0.len(), 3);
    assert!(!is_exact(), "the page read what fills it");
    assert_eq!(store.count(&query).unwrap().0, 10);
    assert!(is_exact(), "the count read all");
}
