//! Records that share no id: which are joined, which are not, and that the order in which they come
//! is nothing.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use std::collections::BTreeSet;

use assay_domain::call::{Body, Call, Kind, Oddity, Status};
use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use assay_evidence::leaf::commitment;
use assay_store::batches::Chunk;
use assay_store::erasure::{Also, ErasureKind, NewErasure, Step};
use assay_store::fsck::Depth;
use assay_store::joins::Join;
use assay_store::open::{Access, Store};
use assay_store::writer::{NewRecord, What, record_id};
use proptest::prelude::*;

const NOW: i64 = 1_795_000_000_000;

/// One record, as a test describes it.
#[derive(Debug, Clone)]
struct Seen {
    source: &'static str,
    /// Seconds after the first.
    at_s: i64,
    output: u64,
    text: Option<&'static str>,
    is_masked: bool,
    message_id: Option<&'static str>,
    region: Option<&'static str>,
}

fn seen(source: &'static str, at_s: i64) -> Seen {
    Seen {
        source,
        at_s,
        output: 100,
        text: None,
        is_masked: false,
        message_id: None,
        region: None,
    }
}

impl Seen {
    fn text(self, text: &'static str) -> Self {
        Self {
            text: Some(text),
            ..self
        }
    }

    fn id(self, id: &'static str) -> Self {
        Self {
            message_id: Some(id),
            ..self
        }
    }

    fn region(self, region: &'static str) -> Self {
        Self {
            region: Some(region),
            ..self
        }
    }

    fn record(&self, number: usize) -> NewRecord {
        let kind = match self.source {
            EVENTS => Kind::Private,
            _ => Kind::Bedrock,
        };
        let mut call = Call::new(kind, Status::Ok);
        call.started_at_ms = Some(NOW - 3_600_000 + self.at_s * 1_000);
        call.request_model = Some("claude-opus-4-7".to_owned());
        call.tokens.input = Some(400);
        call.tokens.output = Some(self.output);
        call.requested_region = self.region.map(str::to_owned);
        if let Some(id) = self.message_id {
            call.request_ids
                .insert("message_id".to_owned(), id.to_owned());
        }
        if self.text.is_some() {
            call.body = Body::Present;
        }
        if self.is_masked {
            call.oddities.push(Oddity::TextMasked);
        }
        let messages = serde_json::json!([{ "role": "user", "content": self.text }]);
        let (format, raw) = match self.source {
            "bedrock_invocation_log" => (
                0,
                serde_json::json!({ "number": number, "schemaType": "ModelInvocationLog",
                    "input": { "inputBodyJson": { "messages": messages } } }),
            ),
            _ => (
                3,
                serde_json::json!({ "number": number, "call_type": "completion",
                    "response_cost": 0, "messages": messages }),
            ),
        };
        let raw = raw.to_string();
        let salt = [9; 32];
        NewRecord {
            id: record_id(self.source, raw.as_bytes()),
            line: number as u64 + 1,
            offset: 0,
            length: raw.len() as u64,
            format,
            source: self.source,
            salt,
            commitment: commitment(&salt, raw.as_bytes()),
            codec: 0,
            data: raw.into_bytes(),
            what: What::Call {
                call: Box::new(call),
                deployment: "claims".to_owned(),
                cost_usd_micros: Some(60_000),
            },
        }
    }
}

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Access::Write, NOW).unwrap();
    (folder, store)
}

fn append(store: &Store, records: Vec<NewRecord>) {
    let mut writer = store.writer().unwrap();
    let mut batch = writer.begin_batch("a.jsonl", NOW).unwrap();
    let chunk = Chunk {
        records,
        ..Chunk::default()
    };
    writer.append(&mut batch, [chunk], NOW).unwrap();
    "done".clone_into(&mut batch.state);
    writer.end_batch(&batch, NOW).unwrap();
}

fn query(text: &str) -> Query {
    Query::parse(text, Table::Calls).unwrap()
}

fn counted(store: &Store, text: &str) -> u64 {
    store.count(&query(text)).unwrap().0
}

/// A store of these records, each in a commit of its own.
fn of(records: &[Seen]) -> (tempfile::TempDir, Store) {
    let (folder, store) = store();
    for (number, one) in records.iter().enumerate() {
        append(&store, vec![one.record(number)]);
    }
    assert_sound(&store);
    (folder, store)
}

fn assert_sound(store: &Store) {
    let report = store
        .fsck(Depth::Records, &[], &mut |_, _, _| Ok(()))
        .unwrap();
    assert_eq!(report.damage, []);
    // The roll-ups don't hold principals, and nobody is none of them.
    assert_eq!(counted(store, ""), counted(store, "-principal:nobody"));
}

/// Calls, calls that were joined by inference, calls that can't be told apart.
fn check(records: &[Seen], expected: (u64, u64, u64)) {
    let mut reversed = records.to_vec();
    reversed.reverse();
    for records in [records.to_vec(), reversed] {
        let (_folder, store) = of(&records);
        let found = (
            counted(&store, ""),
            counted(&store, "join:inferred"),
            counted(&store, "join:ambiguous"),
        );
        assert_eq!(found, expected, "{records:?}");
    }
}

const LOG: &str = "bedrock_invocation_log";
const GATEWAY: &str = "litellm";
const TRACES: &str = "langfuse";
const EVENTS: &str = "claude_code";
const SPANS: &str = "opentelemetry";

#[test]
fn one_call_of_two_sources_is_one_call_and_marked_as_inferred() {
    check(
        &[
            seen(LOG, 0).text("hello"),
            seen(GATEWAY, 20).text("hello  "),
        ],
        (1, 1, 0),
    );
    check(&[seen(LOG, 0).text("hello"), seen(GATEWAY, 20)], (1, 1, 0));
    check(
        &[seen(LOG, 0), seen(GATEWAY, 60), seen(TRACES, 1)],
        (1, 1, 0),
    );
    for (text, join) in [(Some("hello"), Join::Text), (None, Join::Tokens)] {
        let gateway = Seen {
            text,
            ..seen(GATEWAY, 1)
        };
        let (_folder, store) = of(&[seen(LOG, 0).text("hello"), gateway]);
        let call = store.calls(&query(""), None, 9).unwrap().0.remove(0);
        assert_eq!(call.sources, [LOG, GATEWAY]);
        let witness = store.witnesses(call.seq).unwrap().remove(0);
        assert_eq!(witness.join, join);
        let back = store.witnesses(witness.record.seq).unwrap().remove(0);
        assert_eq!((back.record.seq, back.join), (call.seq, join));
    }
}

#[test]
fn an_event_that_names_no_place_is_listed_where_its_span_says() {
    for records in [
        [seen(EVENTS, 0), seen(SPANS, 0)],
        [seen(SPANS, 0), seen(EVENTS, 0)],
    ] {
        check(&records, (1, 1, 0));
        let (_folder, store) = of(&records);
        assert_eq!(counted(&store, "kind:bedrock"), 1);
        assert_eq!(counted(&store, "kind:private"), 0);
    }
    check(
        &[
            seen(EVENTS, 0),
            seen(EVENTS, 1),
            seen(SPANS, 0),
            seen(SPANS, 1),
        ],
        (4, 0, 4),
    );
}

#[test]
fn what_may_be_another_call_is_not_joined() {
    // Too far apart; another text; the same source; other ids; other tokens.
    check(&[seen(LOG, 0), seen(GATEWAY, 61)], (2, 0, 0));
    check(
        &[seen(LOG, 0).text("one"), seen(GATEWAY, 0).text("two")],
        (2, 0, 0),
    );
    check(
        &[seen(LOG, 0).text("one"), seen(LOG, 0).text("one")],
        (2, 0, 0),
    );
    check(
        &[seen(LOG, 0).id("m-1"), seen(GATEWAY, 0).id("m-2")],
        (2, 0, 0),
    );
    check(
        &[
            seen(LOG, 0),
            Seen {
                output: 101,
                ..seen(GATEWAY, 0)
            },
        ],
        (2, 0, 0),
    );
    // Too short to be told from another one.
    let short = |source| Seen {
        output: 0,
        ..seen(source, 0)
    };
    check(&[short(LOG), short(GATEWAY)], (2, 0, 0));
}

#[test]
fn what_can_not_be_told_apart_is_left_apart_and_counted() {
    check(&[seen(LOG, 0), seen(LOG, 9), seen(GATEWAY, 5)], (3, 0, 3));
    let twice = |source, at_s| seen(source, at_s).text("ping");
    check(
        &[
            twice(LOG, 0),
            twice(LOG, 9),
            twice(GATEWAY, 0),
            twice(GATEWAY, 9),
        ],
        (4, 0, 4),
    );
    // The text tells two of them, and what is left is the only one.
    check(
        &[
            seen(LOG, 0).text("one"),
            seen(LOG, 9).text("two"),
            seen(GATEWAY, 5).text("one"),
        ],
        (2, 1, 0),
    );
    // The middle one is near both others, which are not near each other.
    check(
        &[seen(LOG, 0), seen(GATEWAY, 50), seen(TRACES, 100)],
        (3, 0, 3),
    );
    // Without a text to compare, a place that differs speaks against one call.
    let (west, east) = (
        seen(LOG, 0).region("eu-west-1"),
        seen(GATEWAY, 0).region("us-east-1"),
    );
    check(&[west.clone(), east.clone()], (2, 0, 2));
    check(&[west.text("hello"), east.text("hello")], (1, 1, 0));
    // A crowd.
    let crowd: Vec<Seen> = (0..20)
        .map(|at_s| seen([LOG, GATEWAY][(at_s % 2) as usize], at_s).text("ping"))
        .collect();
    check(&crowd, (20, 0, 20));
}

#[test]
fn what_ids_prove_takes_the_place_of_what_was_inferred() {
    let log = seen(LOG, 0).text("hello").id("m-1");
    let guessed = seen(GATEWAY, 1).text("hello");
    let proved = seen(GATEWAY, 40).text("hello").id("m-1");
    check(&[log.clone(), guessed.clone()], (1, 1, 0));
    check(&[log.clone(), guessed.clone(), proved.clone()], (2, 0, 0));
    // A third source that belongs to the guessed one keeps belonging to it.
    let traces = seen(TRACES, 1).id("m-9");
    let named = Seen {
        message_id: Some("m-9"),
        ..guessed
    };
    check(&[log, named, traces, proved], (2, 0, 0));
}

#[test]
fn where_sources_disagree_is_found() {
    let masked = Seen {
        is_masked: true,
        ..seen(GATEWAY, 2).text("my mail is <EMAIL_ADDRESS>")
    };
    let clear = seen(LOG, 0)
        .text("my mail is a@b.example")
        .region("eu-west-1");
    let (_folder, store) = of(&[masked.clone(), clear.clone()]);
    assert_eq!(counted(&store, "join:inferred disagrees:redaction"), 1);
    assert_eq!(counted(&store, "disagrees:region,tokens,cost,status"), 0);
    let by_id = Seen {
        output: 90,
        ..masked.id("m-1").region("us-east-1")
    };
    let (_folder, store) = of(&[by_id, clear.id("m-1")]);
    for field in ["redaction", "region", "tokens"] {
        assert_eq!(counted(&store, &format!("disagrees:{field}")), 1, "{field}");
    }
    assert_eq!(counted(&store, "join:request_id"), 1);
    let facet = store.facet("disagrees", &query(""), 9).unwrap().0;
    assert_eq!(facet.len(), 3);
}

#[test]
fn a_region_that_only_an_inferred_record_tells_is_found_as_such() {
    let ran_in = |one: Seen, number| {
        let mut record = one.record(number);
        if let What::Call { call, .. } = &mut record.what {
            call.served_region = Some("eu-west-1".to_owned());
        }
        record
    };
    let named = || seen(GATEWAY, 0).text("hello");
    let (_folder, store) = store();
    append(&store, vec![named().record(0), ran_in(seen(LOG, 1), 1)]);
    assert_eq!(
        counted(&store, "served_region:eu-west-1 join:inferred_region"),
        1
    );
    let (_folder, other) = self::store();
    append(&other, vec![ran_in(named(), 0), ran_in(seen(LOG, 1), 1)]);
    assert_eq!(counted(&other, "join:inferred"), 1);
    assert_eq!(counted(&other, "join:inferred_region"), 0);
}

#[test]
fn an_erasure_leaves_what_was_joined_and_the_store_is_sound() {
    let (_folder, store) = of(&[
        seen(LOG, 0).text("one"),
        seen(GATEWAY, 1).text("one"),
        seen(LOG, 2).text("two"),
        seen(GATEWAY, 3).text("two"),
    ]);
    assert_eq!(counted(&store, "join:inferred"), 2);
    let call = store.calls(&query(""), None, 9).unwrap().0.remove(0);
    let erasure = NewErasure {
        kind: ErasureKind::Subject,
        basis: "art_17",
        request: "r-1",
        ranges: &[(call.seq, call.seq + 1)],
        also: &Also::default(),
    };
    store.erase(&erasure, "tester", NOW, Step::Done).unwrap();
    assert_sound(&store);
    append(&store, vec![seen(TRACES, 4).record(99)]);
    assert_sound(&store);
    assert_eq!(counted(&store, "join:inferred"), 2);
}

fn drawn() -> impl Strategy<Value = Seen> {
    let some = |values: &'static [Option<&'static str>]| prop::sample::select(values);
    (
        prop::sample::select(&[LOG, GATEWAY, TRACES][..]),
        prop::sample::select(&[0_i64, 20, 50, 75, 110, 300][..]),
        prop::sample::select(&[100_u64, 100, 100, 200][..]),
        some(&[None, None, Some("one"), Some("two")]),
        prop::bool::weighted(0.15),
        some(&[None, None, None, Some("m-1"), Some("m-2")]),
        some(&[None, None, Some("eu-west-1"), Some("us-east-1")]),
    )
        .prop_map(
            |(source, at_s, output, text, is_masked, message_id, region)| Seen {
                source,
                at_s,
                output,
                text,
                is_masked,
                message_id,
                region,
            },
        )
}

/// Calls as sets of record ids, with whether and how they are joined and in what they disagree.
fn groups(store: &Store) -> BTreeSet<(BTreeSet<String>, Vec<bool>)> {
    let calls = store.calls(&query(""), None, 500).unwrap().0;
    let states = [
        "join:request_id",
        "join:inferred",
        "join:ambiguous",
        "disagrees:region",
        "disagrees:tokens",
        "disagrees:redaction",
    ];
    let listed: Vec<BTreeSet<String>> = states
        .iter()
        .map(|text| {
            let found = store.calls(&query(text), None, 500).unwrap().0;
            found.into_iter().map(|call| call.id).collect()
        })
        .collect();
    calls
        .into_iter()
        .map(|call| {
            let witnesses = store.witnesses(call.seq).unwrap();
            let is = listed.iter().map(|ids| ids.contains(&call.id)).collect();
            let others = witnesses.into_iter().map(|witness| witness.record.id);
            (others.chain([call.id]).collect(), is)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn which_records_are_of_one_call_does_not_depend_on_their_order(
        records in prop::collection::vec(drawn(), 2..9),
        keys in prop::collection::vec(any::<u32>(), 9),
        cut in 0..9_usize,
    ) {
        let (_folder, one) = store();
        append(&one, records.iter().enumerate().map(|(number, seen)| seen.record(number)).collect());
        let mut order: Vec<usize> = (0..records.len()).collect();
        order.sort_by_key(|index| keys[*index]);
        let (_folder, other) = store();
        let (first, last) = order.split_at(cut.min(order.len()));
        append(&other, first.iter().map(|index| records[*index].record(*index)).collect());
        for index in last {
            append(&other, vec![records[*index].record(*index)]);
        }
        for store in [&one, &other] {
            let report = store.fsck(Depth::Records, &[], &mut |_, _, _| Ok(())).unwrap();
            prop_assert_eq!(report.damage, []);
            for text in ["", "disagrees:region", "join:inferred"] {
                let scanned = format!("{text} -principal:nobody");
                prop_assert_eq!(counted(store, text), counted(store, &scanned));
            }
        }
        prop_assert_eq!(groups(&one), groups(&other));
    }
}
