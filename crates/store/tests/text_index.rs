//! The search index at the store's boundary: it answers what reading answers, forgets what is
//! erased, and is no loss where it is damaged.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use std::path::Path;

use assay_domain::call::{Body, Call, Kind, Status};
use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use assay_evidence::leaf::commitment;
use assay_store::batches::Chunk;
use assay_store::erasure::{Also, ErasureKind, NewErasure, Step, ranges_of};
use assay_store::fsck::Depth;
use assay_store::open::{Access, Store};
use assay_store::text_index::Detail;
use assay_store::writer::{NewRecord, What, record_id};
use proptest::prelude::*;

const NOW: i64 = 1_795_000_000_000;

fn open(folder: &Path) -> Store {
    Store::open(folder, Access::Write, NOW).unwrap()
}

fn record(number: usize, texts: &[&str]) -> NewRecord {
    let mut call = Call::new(Kind::Bedrock, Status::Ok);
    call.started_at_ms = Some(NOW - number as i64 * 60_000);
    call.request_model = Some(format!("model-{}", number % 3));
    call.body = Body::Present;
    let raw = serde_json::json!({ "n": number, "texts": texts }).to_string();
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

/// A record of the call with this number, of one of two sources; the first of each leads.
fn witness(number: usize, of_call: usize, texts: &[&str]) -> NewRecord {
    let mut record = record(number, texts);
    if number % 2 == 1 {
        record.source = "litellm";
    }
    if let What::Call { call, .. } = &mut record.what {
        let id = format!("msg_{of_call}");
        call.request_ids.insert("message_id".to_owned(), id);
    }
    record
}

fn import(store: &Store, records: Vec<NewRecord>) {
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

fn build(store: &Store, slice: usize, slices: usize) {
    for _ in 0..slices {
        let Some(next) = store.next_texts(slice).unwrap() else {
            break;
        };
        store.writer().unwrap().enter_texts(&next).unwrap();
    }
}

fn switch_on(store: &Store, detail: Detail) {
    store
        .writer()
        .unwrap()
        .begin_text_index(detail, "jane", NOW)
        .unwrap();
}

/// What the screens of a query show, all pages of it.
fn answers(store: &Store, text: &str) -> String {
    let query = Query::parse(text, Table::Calls).unwrap();
    let mut seqs = Vec::new();
    let mut after = None;
    loop {
        let (calls, next) = store.calls(&query, after, 7).unwrap();
        seqs.extend(calls.iter().map(|call| call.seq));
        after = next;
        if after.is_none() {
            break;
        }
    }
    format!(
        "{text}: {seqs:?} {:?} {:?} {:?} {:?}",
        store.count(&query).unwrap(),
        store.facet("request_model", &query, 10).unwrap(),
        store.facet("source", &query, 10).unwrap(),
        store.histogram(&query, 10).unwrap()
    )
}

fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("policy"),
        Just("Policy"),
        Just("renewal"),
        Just("renew"),
        Just("Änne"),
        Just("anne"),
        Just("契約更新"),
        Just("a.b@c"),
        Just("x¶y"),
        Just("rene\u{301}e"),
        Just("…"),
        Just("\u{1F600}"),
    ];
    proptest::collection::vec(word, 0..8).prop_map(|words| words.join(" "))
}

const QUERIES: [&str; 16] = [
    "policy",
    "\"policy renewal\"",
    "renew*",
    "\"policy renew\"*",
    "-policy",
    "policy -renewal",
    "policy renewal",
    "anne",
    "ANNE renée",
    "更新",
    "\"約 更\"",
    "a.b@c",
    "\"x y\"",
    "request_model:model-1 policy",
    "missing",
    "policy status:ok -\"anne policy\"",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, ..ProptestConfig::default() })]
    #[test]
    fn the_index_answers_what_reading_answers(
        records in proptest::collection::vec(proptest::collection::vec(text(), 1..4), 1..24),
        more in proptest::collection::vec(proptest::collection::vec(text(), 1..4), 0..4),
        slice in 1_usize..9,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        let made = |all: &[Vec<String>], first: usize| -> Vec<NewRecord> {
            all.iter().enumerate().map(|(index, texts)| {
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                witness(first + index, index / 2, &texts)
            }).collect()
        };
        import(&store, made(&records, 0));
        let ask = || QUERIES.map(|query| answers(&store, query));
        let mut read = ask();
        for detail in [Detail::Words, Detail::Phrases] {
            switch_on(&store, detail);
            prop_assert_eq!(&ask(), &read, "nothing is in it yet");
            build(&store, slice, 1);
            prop_assert_eq!(&ask(), &read, "a part is in it");
            build(&store, slice, 100);
            prop_assert_eq!(&ask(), &read, "all is in it");
            if detail == Detail::Words {
                import(&store, made(&more, 100));
                store.writer().unwrap().drop_text_index("jane", NOW).unwrap();
                read = ask();
                switch_on(&store, detail);
                build(&store, slice, 100);
                prop_assert_eq!(&ask(), &read, "and what came later");
            }
        }
        let report = store.fsck(Depth::Records, &[], &mut |_, _, _| Ok(())).unwrap();
        prop_assert!(report.is_ok(), "{:?}", report.damage);
        let words = report.checked["words of the search index"];
        prop_assert_eq!(words.checked, words.of);
    }
}

#[test]
fn a_call_is_found_by_what_a_record_behind_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    import(
        &store,
        vec![
            witness(0, 0, &["the policy"]),
            witness(1, 0, &["a zeppelin renewal"]),
            witness(2, 1, &["a zeppelin"]),
            witness(4, 2, &["nothing"]),
        ],
    );
    let [first, second, third] = seqs(&store, "")[..] else {
        panic!("three calls");
    };
    let holds = |state: &str| {
        for (text, expected) in [
            ("zeppelin", vec![first, second]),
            ("\"zeppelin renewal\"", vec![first]),
            ("zeppel*", vec![first, second]),
            ("policy zeppelin", vec![first]),
            ("-zeppelin", vec![third]),
            ("\"policy zeppelin\"", vec![]),
        ] {
            assert_eq!(seqs(&store, text), expected, "{text}, {state}");
            let query = Query::parse(text, Table::Calls).unwrap();
            let (count, _) = store.count(&query).unwrap();
            assert_eq!(count, expected.len() as u64, "{text}, {state}");
        }
    };
    holds("read");
    for detail in [Detail::Words, Detail::Phrases] {
        switch_on(&store, detail);
        build(&store, 1, 1);
        holds("the leader alone is in the index");
        build(&store, 10, 10);
        holds("all are in it");
    }
    // What has no text and stands behind another is not searched by its strings.
    let mut without = witness(7, 2, &["a zeppelin of strings"]);
    if let What::Call { call, .. } = &mut without.what {
        call.body = Body::NotCarried;
    }
    import(&store, vec![without]);
    assert_eq!(seqs(&store, "zeppelin"), [first, second]);
    build(&store, 10, 10);
    assert_eq!(seqs(&store, "zeppelin"), [first, second]);
    // What comes later stands behind a call that is in the index.
    import(&store, vec![witness(5, 2, &["late zeppelin"])]);
    let all = vec![first, second, third];
    assert_eq!(seqs(&store, "zeppelin"), all);
    build(&store, 10, 10);
    assert_eq!(seqs(&store, "zeppelin"), all);
}

/// Long enough not to stand in sealed bytes by chance.
const MARKER: &str = "zqxjwv";

/// Records with words that stand in no other: `number` and the marker.
fn planted(number: usize) -> NewRecord {
    let secret: String = (0..60)
        .map(|index| {
            let start = (number * 60 + index).wrapping_mul(2_654_435_761) % 9_999_991;
            match index % 2 {
                0 => format!("q{start}{MARKER}{number}n{index} "),
                _ => format!("{MARKER}{start}n{number}n{index} "),
            }
        })
        .collect();
    record(number, &["what everybody says", &secret])
}

fn plain(number: usize) -> NewRecord {
    let said: String = (0..40)
        .map(|index| format!("q{} ", (number * 41 + index * 7_919) % 6_007))
        .collect();
    record(number, &["what everybody says", &said])
}

/// How often the marker stands in the files of the store.
fn places(folder: &Path) -> usize {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| {
            let bytes = std::fs::read(path).unwrap();
            bytes
                .windows(MARKER.len())
                .filter(|bytes| *bytes == MARKER.as_bytes())
                .count()
        })
        .sum()
}

fn seqs(store: &Store, text: &str) -> Vec<u64> {
    let query = Query::parse(text, Table::Calls).unwrap();
    let mut seqs: Vec<u64> = store
        .calls(&query, None, 10_000)
        .unwrap()
        .0
        .iter()
        .map(|call| call.seq)
        .collect();
    seqs.sort_unstable();
    seqs
}

fn erase(store: &Store, seqs: &[u64], until: Step) {
    let erasure = NewErasure {
        kind: ErasureKind::Subject,
        basis: "objection",
        request: "R-1",
        ranges: &ranges_of(seqs),
        also: &Also::default(),
    };
    let done = store.erase(&erasure, "jane", NOW, until);
    assert_eq!(done.is_ok(), until == Step::Done, "{done:?}");
}

#[test]
fn words_of_erased_records_are_in_no_file() {
    for detail in [Detail::Words, Detail::Phrases] {
        for until in [Step::Done, Step::Rows] {
            let folder = tempfile::tempdir().unwrap();
            let store = open(folder.path());
            let records = (0..2_000).map(|number| match number % 50 {
                7 => planted(number),
                _ => plain(number),
            });
            import(&store, records.collect());
            let going = seqs(&store, "q*").into_iter().filter(|seq| {
                let raw = store.raw(*seq).unwrap();
                raw.windows(MARKER.len())
                    .any(|bytes| bytes == MARKER.as_bytes())
            });
            let going: Vec<u64> = going.collect();
            assert_eq!(going.len(), 40);
            assert_eq!(places(folder.path()), 0, "the records are sealed");
            switch_on(&store, detail);
            build(&store, 500, 100);
            store.writer().unwrap().checkpoint_log().unwrap();
            assert!(places(folder.path()) > 1_000, "the index is in clear");
            let before = seqs(&store, "everybody");
            erase(&store, &going, until);
            drop(store);
            // What was cut short is ended when the store is opened.
            let store = open(folder.path());
            assert_eq!(places(folder.path()), 0, "{detail:?} {until:?}");
            let state = store.text_index().unwrap().unwrap();
            assert_eq!(state.records, 1_960, "it was not made anew");
            let left: Vec<u64> = before
                .into_iter()
                .filter(|seq| !going.contains(seq))
                .collect();
            assert_eq!(seqs(&store, "everybody"), left);
            let report = store
                .fsck(Depth::Records, &[], &mut |_, _, _| Ok(()))
                .unwrap();
            assert!(report.is_ok(), "{:?}", report.damage);
        }
    }
}

#[test]
fn an_index_that_is_switched_off_is_in_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    import(&store, (0..200).map(planted).collect());
    switch_on(&store, Detail::Phrases);
    build(&store, 50, 100);
    store.writer().unwrap().checkpoint_log().unwrap();
    assert!(places(folder.path()) > 1_000);
    assert!(
        store
            .writer()
            .unwrap()
            .drop_text_index("jane", NOW)
            .unwrap()
    );
    assert_eq!(places(folder.path()), 0);
    assert_eq!(store.text_index().unwrap(), None);
    assert!(
        !store
            .writer()
            .unwrap()
            .drop_text_index("jane", NOW)
            .unwrap()
    );
    let report = store
        .fsck(Depth::Records, &[], &mut |_, _, _| Ok(()))
        .unwrap();
    assert!(report.is_ok(), "{:?}", report.damage);
}

#[test]
fn where_most_of_it_goes_the_index_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    import(&store, (0..1_300).map(plain).collect());
    switch_on(&store, Detail::Words);
    build(&store, 500, 100);
    let all = seqs(&store, "everybody");
    erase(&store, &all[..1_100], Step::Done);
    assert_eq!(store.text_index().unwrap().unwrap().up_to, 0);
    assert_eq!(seqs(&store, "everybody"), &all[1_100..]);
    build(&store, 500, 100);
    assert_eq!(seqs(&store, "everybody"), &all[1_100..]);
    assert_eq!(store.text_index().unwrap().unwrap().records, 200);
}

#[test]
fn what_was_read_before_an_erasure_is_not_entered_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    import(&store, (0..20).map(planted).collect());
    switch_on(&store, Detail::Words);
    let slice = store.next_texts(100).unwrap().unwrap();
    let all = seqs(&store, "everybody");
    erase(&store, &all, Step::Done);
    store.writer().unwrap().enter_texts(&slice).unwrap();
    store.writer().unwrap().checkpoint_log().unwrap();
    assert_eq!(places(folder.path()), 0);
    assert!(store.next_texts(100).unwrap().is_none());
}

#[test]
fn a_damaged_index_is_found_and_costs_no_answer() {
    for sql in [
        "update call_text_data set block = zeroblob(length(block)) where id > 10",
        "delete from call_text_data where id > 10",
        "insert into call_text (call_text, rowid, data) values ('delete', 5, 'everybody')",
        "drop table call_text",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path());
        import(&store, (0..300).map(plain).collect());
        let expected = answers(&store, "everybody q7");
        switch_on(&store, Detail::Words);
        build(&store, 100, 100);
        drop(store);
        let outside = rusqlite::Connection::open(folder.path().join("assay.db")).unwrap();
        outside.execute_batch(sql).unwrap();
        drop(outside);
        let store = open(folder.path());
        let report = store
            .fsck(Depth::Records, &[], &mut |_, _, _| Ok(()))
            .unwrap();
        assert!(!report.is_ok(), "{sql}");
        assert!(
            report
                .damage
                .iter()
                .any(|damage| damage.table.starts_with("call_text")),
            "{sql}: {:?}",
            report.damage
        );
        store.writer().unwrap().renew_text_index().unwrap();
        build(&store, 100, 100);
        assert_eq!(answers(&store, "everybody q7"), expected, "{sql}");
        let report = store
            .fsck(Depth::Records, &[], &mut |_, _, _| Ok(()))
            .unwrap();
        assert!(report.is_ok(), "{sql}: {:?}", report.damage);
    }
}

#[test]
fn an_index_that_can_not_be_read_is_not_needed() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    import(&store, (0..300).map(plain).collect());
    let expected = answers(&store, "everybody q7");
    switch_on(&store, Detail::Words);
    build(&store, 100, 100);
    drop(store);
    let outside = rusqlite::Connection::open(folder.path().join("assay.db")).unwrap();
    outside
        .execute_batch("update call_text_data set block = x'00' where id > 10")
        .unwrap();
    drop(outside);
    let store = open(folder.path());
    assert_eq!(answers(&store, "everybody q7"), expected);
    assert!(store.is_text_index_damaged());
}

#[test]
fn the_cost_is_told_from_a_sample() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    import(&store, (0..3_000).map(plain).collect());
    let cost = store.estimate_text_index().unwrap();
    assert_eq!((cost.records, cost.sampled), (3_000, 2_000));
    assert!(cost.words_bytes < cost.phrases_bytes, "{cost:?}");
    switch_on(&store, Detail::Words);
    build(&store, 1_000, 100);
    let state = store
        .writer()
        .unwrap()
        .measure_text_index()
        .unwrap()
        .unwrap();
    let (told, is) = (
        cost.words_bytes as f64 / 2_000.0,
        state.bytes as f64 / 3_000.0,
    );
    assert!((0.6..1.7).contains(&(told / is)), "{told} {is}");
}
