//! What is counted by columns is what a scan counts: whatever the calls hold, in whichever order they come,
//! with records behind others, before and after an erasure.

use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use proptest::prelude::*;

use crate::erasure::{Also, ErasureKind, NewErasure, Step, ranges_of};
use crate::open::{Access, Store};
use crate::text_index::Detail;
use crate::text_search::Need;
use crate::word_pages::tests::{Drawn, import, record};
use crate::writer::{NewRecord, What};

const NOW: i64 = 1_795_000_000_000;
const KEYS: [&str; 16] = [
    "deployment",
    "kind",
    "source",
    "status",
    "http_status",
    "served_region",
    "requested_region",
    "request_model",
    "entity_type",
    "feature",
    "body",
    "disagrees",
    "join",
    "principal",
    "tag",
    "error_type",
];
/// Queries, and whether columns must tell of them, where any call matches; the first reads all of them.
const QUERIES: [(&str, bool); 24] = [
    ("policy", true),
    ("policy renewal", true),
    ("policy -renewal", true),
    ("-policy", true),
    ("-policy -renewal", true),
    ("\"policy renewal\"", true),
    ("policy -rare", true),
    ("policy status:error", true),
    ("policy -status:error http_status:429", true),
    ("policy served_region:eu-west-1", false),
    ("policy source:cloudtrail", false),
    ("policy latency_ms:>3", false),
    ("principal:person-1 policy", true),
    ("principal:person-1", false),
    ("-principal:person-1", true),
    ("has:principal -http_status:429", true),
    ("-has:http_status -has:principal", true),
    ("http_status:400..500,200 request_model:model-*", true),
    ("-request_model:model-1 -deployment:deployment-0", true),
    ("has:feature", true),
    ("-body:present,missing", true),
    (
        "started_at:2026-11-11T00:00:00.020Z..2026-11-15T00:00:00.200Z kind:bedrock",
        true,
    ),
    (
        "policy -started_at:2026-11-11T00:00:00.100Z..2026-12-01",
        true,
    ),
    ("-has:started_at -principal:person-2", true),
];

/// A call, its Region and who made it where they are recorded, and whether another source saw it too.
type Seen = (Drawn, Option<usize>, Option<usize>, bool);

fn records(number: usize, (drawn, region, principal, is_seen_twice): &Seen) -> Vec<NewRecord> {
    let id = format!("call-{number}");
    let with = |number: usize, source: &'static str, region: Option<usize>| {
        let mut record = record(number, drawn);
        record.source = source;
        let What::Call {
            call, deployment, ..
        } = &mut record.what
        else {
            unreachable!("it is a call");
        };
        call.request_ids
            .insert("aws_request_id".to_owned(), id.clone());
        call.served_region = region.map(|region| format!("eu-west-{region}"));
        call.principal = principal.map(|name| format!("person-{name}"));
        call.request_model = Some(format!("model-{}", number % 3));
        call.http_status = Some([200, 429, 500][number % 3]).filter(|_| drawn.1);
        *deployment = format!("deployment-{}", number % 2);
        record
    };
    let mut all = vec![with(number, "bedrock", region.filter(|_| !is_seen_twice))];
    if *is_seen_twice {
        all.push(with(number + 1_000, "cloudtrail", *region));
    }
    all
}

fn drawn() -> impl Strategy<Value = Vec<Seen>> {
    let word = prop_oneof![
        5 => Just("policy"),
        4 => Just("renewal"),
        1 => Just("rare"),
    ];
    let call = (
        prop::option::weighted(0.9, 0_i64..400),
        prop::bool::weighted(0.3),
        prop::collection::vec(word, 0..5),
    );
    let seen = (
        call,
        prop::option::weighted(0.7, 1_usize..3),
        prop::option::weighted(0.7, 1_usize..4),
        prop::bool::weighted(0.3),
    );
    prop::collection::vec(seen, 2..70)
}

fn index(store: &Store) {
    while let Some(texts) = store.next_texts(20).unwrap() {
        store.writer().unwrap().enter_texts(&texts).unwrap();
    }
}

fn erase(store: &Store, seqs: &[u64]) {
    let erasure = NewErasure {
        kind: ErasureKind::Subject,
        basis: "objection",
        request: "R-1",
        ranges: &ranges_of(seqs),
        also: &Also::default(),
    };
    store.erase(&erasure, "jane", NOW, Step::Done).unwrap();
}

/// `store` counts by columns what `other` counts by scans, which takes all words to be rare.
fn compare(store: &Store, other: &Store) -> Result<(), TestCaseError> {
    for (text, is_wide) in QUERIES {
        let query = Query::parse(text, Table::Calls).unwrap();
        let matching = other.count(&query).unwrap();
        prop_assert_eq!(store.count(&query).unwrap(), matching, "{}", text);
        let is_told = store
            .search(&query, Need::All, |connection, looked| {
                store.wide_counts(connection, &["kind"], (&query, &looked))
            })
            .unwrap()
            .is_some();
        prop_assert!(
            is_told == is_wide || matching.0 == 0,
            "{} was counted in another way",
            text
        );
        let together = store.facets(&KEYS, &query, 100).unwrap();
        prop_assert_eq!(
            together,
            other.facets(&KEYS, &query, 100).unwrap(),
            "{}",
            text
        );
        for key in KEYS {
            prop_assert_eq!(
                store.facet(key, &query, 100).unwrap(),
                other.facet(key, &query, 100).unwrap(),
                "{} of {}",
                key,
                text
            );
        }
        for bars in [1, 7, 240] {
            prop_assert_eq!(
                store.histogram(&query, bars).unwrap(),
                other.histogram(&query, bars).unwrap(),
                "{} bars of {}",
                bars,
                text
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn columns_count_what_a_scan_counts(
        calls in drawn(),
        later in drawn(),
        erased in prop::collection::vec(0_usize..40, 0..6),
        ahead in [0_u32..30, 0..30, 0..30],
    ) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Access::Write, NOW).unwrap();
        store.searches.set_few(0);
        let other = Store::open(folder.path(), Access::Read, NOW).unwrap();
        other.searches.set_few(u64::MAX);
        store.writer().unwrap().begin_text_index(Detail::Phrases, "jane", NOW).unwrap();
        let all = |calls: &[Seen], from: usize| -> Vec<NewRecord> {
            calls.iter().zip(from..).flat_map(|(call, number)| records(number, call)).collect()
        };
        import(&store, all(&calls, 0));
        index(&store);
        store.read_ahead(ahead[0]).unwrap();
        compare(&store, &other)?;
        // What was read stays, and the rest is read behind it.
        import(&store, all(&later, 100));
        index(&store);
        store.read_ahead(ahead[1]).unwrap();
        compare(&store, &other)?;
        let known = other.calls(&Query::parse("", Table::Calls).unwrap(), None, 1_000).unwrap().0;
        let mut going: Vec<u64> = erased.iter().filter_map(|at| Some(known.get(*at)?.seq)).collect();
        going.sort_unstable();
        going.dedup();
        if !going.is_empty() {
            erase(&store, &going);
            store.read_ahead(ahead[2]).unwrap();
            compare(&store, &other)?;
        }
    }
}

/// A search that an index narrows is told by columns only where they are there.
#[test]
fn what_was_read_ahead_is_there_for_the_first_question() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Access::Write, NOW).unwrap();
    store.searches.set_few(0);
    let drawn = (Some(0), false, vec!["policy"]);
    let calls: Vec<NewRecord> = (0..10)
        .flat_map(|number| records(number, &(drawn.clone(), None, Some(1), number % 2 == 0)))
        .collect();
    let query = Query::parse("principal:person-1 policy", Table::Calls).unwrap();
    let is_told = || {
        store
            .search(&query, Need::All, |connection, looked| {
                store.wide_counts(connection, &["kind"], (&query, &looked))
            })
            .unwrap()
            .is_some()
    };
    import(&store, calls);
    assert!(
        !store.read_ahead(1_000).unwrap(),
        "without an index nothing is read"
    );
    store
        .writer()
        .unwrap()
        .begin_text_index(Detail::Words, "jane", NOW)
        .unwrap();
    index(&store);
    assert!(!is_told());
    let parts = std::iter::repeat_with(|| store.read_ahead(4).unwrap())
        .take_while(|is_left| *is_left)
        .count();
    assert_eq!(parts, 3, "15 records, four at a time");
    assert!(is_told());
}
