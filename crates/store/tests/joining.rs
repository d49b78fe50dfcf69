//! Records that share an id: conflicts whichever comes first, thousands of one id, ids of any name, figures that one has of another.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

#[path = "queries/stored.rs"]
mod stored;

use assay_domain::call::{Body, Call, Kind, Status, Tokens};
use assay_store::fsck::Depth;
use assay_store::lent::Lent;
use assay_store::open::Store;
use assay_store::writer::{NewRecord, What};
use stored::{NOW, append, query, record, store};

#[test]
fn a_conflict_behind_another_source_is_told_whichever_record_comes_first() {
    let with = |source: &'static str, index: u32, present: bool| {
        let mut call = Call::new(Kind::Bedrock, Status::Ok);
        call.request_ids
            .insert("aws_request_id".to_owned(), "same".to_owned());
        if present {
            call.body = Body::Present;
        }
        record(source, &format!("{{\"i\":{index}}}"), call, "claims")
    };
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let (_folder, store) = store();
        let records = order
            .map(|index| match index {
                0 => with("cloudtrail", 0, false),
                1 => with("bedrock_invocation_log", 1, false),
                _ => with("bedrock_invocation_log", 2, true),
            })
            .into();
        assert_eq!(append(&store, records).conflicts, 1, "{order:?}");
        assert_eq!(
            store.count(&query("conflict:yes")).unwrap(),
            (1, 1),
            "{order:?}"
        );
    }
}

/// Records of two sources in turn, all with this id.
fn alike(id: &str, numbers: std::ops::Range<usize>) -> Vec<NewRecord> {
    numbers
        .map(|index| {
            let mut call = Call::new(Kind::Bedrock, Status::Ok);
            call.request_ids
                .insert("aws_request_id".to_owned(), id.to_owned());
            record(
                ["bedrock_invocation_log", "cloudtrail"][index % 2],
                &format!("{{\"{id}\":{index}}}"),
                call,
                "claims",
            )
        })
        .collect()
}

#[test]
fn thousands_of_records_of_one_id_are_one_call() {
    let (_folder, store) = store();
    let batch = append(&store, alike("same", 0..4_000));
    assert_eq!((batch.accepted, batch.conflicts), (4_000, 3_998));
    assert_eq!(store.count(&query("")).unwrap(), (1, 1));
}

#[test]
fn an_id_is_found_whatever_its_name_and_joins_other_sources_only_where_they_share_it() {
    let (_folder, store) = store();
    let with = |source: &'static str, name: &str, raw: &str| {
        let mut call = Call::new(Kind::ClaudeApi, Status::Ok);
        call.request_ids.insert(name.to_owned(), "x-1".to_owned());
        record(source, raw, call, "claims")
    };
    append(
        &store,
        vec![
            with("litellm", "gateway_id", "{\"a\":1}"),
            with("audited_client", "client_request_id", "{\"b\":1}"),
            with("litellm", "message_id", "{\"c\":1}"),
            with("other", "message_id", "{\"d\":1}"),
        ],
    );
    assert_eq!(
        store.count(&query("")).unwrap().0,
        3,
        "only the two message ids are of one call"
    );
    assert_eq!(store.count(&query("request_id:x-1")).unwrap().0, 3);
    assert_eq!(store.count(&query("conflict:yes")).unwrap().0, 0);
}

#[test]
fn records_with_ids_of_their_own_see_one_call_and_conflict_only_with_themselves() {
    let with = |ids: &[(&str, &str)], index: u32| {
        let mut call = Call::new(Kind::ClaudeApi, Status::Ok);
        for (name, id) in ids {
            call.request_ids
                .insert((*name).to_owned(), (*id).to_owned());
        }
        record(
            "opentelemetry",
            &format!("{{\"i\":{index}}}"),
            call,
            "claims",
        )
    };
    let answer = ("message_id", "msg_1");
    let client = [answer, ("otel_span_id", "t1/s1")];
    let (_folder, store) = store();
    let batch = append(
        &store,
        vec![
            with(&client, 0),
            with(&[answer, ("otel_span_id", "t2/s2")], 1),
            with(&[answer, ("otel_event_id", "session/1/5")], 2),
        ],
    );
    assert_eq!((batch.accepted, batch.conflicts), (3, 0));
    assert_eq!(store.count(&query("")).unwrap().0, 1);
    assert_eq!(
        append(&store, vec![with(&client, 3)]).conflicts,
        1,
        "one span, two contents"
    );
    assert_eq!(store.count(&query("conflict:yes")).unwrap().0, 1);
}

/// Tokens in and out, of how many calls; cost, of how many calls; milliseconds, of how many calls.
fn sums(store: &Store) -> [u64; 7] {
    let days = store.days(None).unwrap();
    assert_eq!(days.len(), 1);
    [
        days[0].input_tokens,
        days[0].output_tokens,
        days[0].tokens_known,
        days[0].cost_usd_micros.unsigned_abs(),
        days[0].cost_known,
        days[0].latency_ms,
        days[0].latency_known,
    ]
}

#[test]
fn figures_that_only_another_record_tells_are_those_of_the_call() {
    let with_id = |mut call: Call| {
        call.started_at_ms = Some(NOW);
        call.request_ids
            .insert("aws_request_id".to_owned(), "r-1".to_owned());
        call
    };
    // A stream that was cut: its text is there, its last event with the tokens is not.
    let log = || {
        let mut call = with_id(Call::new(Kind::Bedrock, Status::Ok));
        call.body = Body::Present;
        call.tokens.input = Some(7);
        let mut log = record("bedrock_invocation_log", "{\"log\":1}", call, "claims");
        if let What::Call {
            cost_usd_micros, ..
        } = &mut log.what
        {
            *cost_usd_micros = None;
        }
        log
    };
    let spend = || {
        let mut call = with_id(Call::new(Kind::Bedrock, Status::Ok));
        call.tokens = Tokens {
            input: Some(90),
            output: Some(12),
            cache_read: Some(800),
            ..Tokens::default()
        };
        call.latency_ms = Some(1_500);
        record("litellm", "{\"spend\":1}", call, "claims")
    };
    // The tokens of one of them are never mixed with another's.
    let trail = || {
        let mut call = with_id(Call::new(Kind::Bedrock, Status::Ok));
        call.latency_ms = Some(2_000);
        call.tokens.output = Some(5);
        record("cloudtrail", "{\"trail\":1}", call, "claims")
    };
    for order in [
        vec![log(), spend(), trail()],
        vec![spend(), log(), trail()],
        vec![spend(), trail(), log()],
    ] {
        let (_folder, store) = store();
        for one in order {
            append(&store, vec![one]);
        }
        let (listed, _) = store.calls(&query(""), None, 10).unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].source, "bedrock_invocation_log");
        let lent = &listed[0].lent;
        let usage = lent.usage.as_ref().unwrap();
        assert_eq!(usage.source, "litellm");
        assert_eq!(
            (
                usage.value.input,
                usage.value.output,
                usage.value.cache_read
            ),
            (Some(90), Some(12), Some(800))
        );
        assert_eq!(lent.cost_usd_micros.as_ref().unwrap().value, 900);
        // The record itself stays what it is.
        assert_eq!(listed[0].call.tokens.input, Some(7));
        let latency_ms = lent.latency_ms.as_ref().unwrap().value;
        assert!([1_500, 2_000].contains(&latency_ms), "the first recorded");
        assert_eq!(
            sums(&store),
            [90, 12, 1, 900, 1, latency_ms.unsigned_abs(), 1]
        );
        for (text, calls) in [
            ("input_tokens:90", 1),
            ("input_tokens:7", 0),
            ("output_tokens:12 cache_read_tokens:>=800", 1),
            ("has:cost_usd cost_usd:<0.001", 1),
            ("has:latency_ms latency_ms:>=1500", 1),
            ("-has:output_tokens", 0),
        ] {
            assert_eq!(store.count(&query(text)).unwrap().0, calls, "{text}");
        }
        assert_eq!(store.latencies(&query(""), &[50]).unwrap().known, 1);
        let report = store
            .fsck(Depth::Records, &[], &mut |_, _, _| Ok(()))
            .unwrap();
        assert!(report.is_ok(), "{:?}", report.damage);
    }
}

#[test]
fn nothing_is_lent_to_a_record_that_leads_no_more() {
    let (_folder, store) = store();
    let of = |source: &'static str, text: &str, change: fn(&mut Call)| {
        let mut call = Call::new(Kind::Bedrock, Status::Ok);
        call.request_ids
            .insert("aws_request_id".to_owned(), "r-1".to_owned());
        change(&mut call);
        record(source, text, call, "claims")
    };
    append(
        &store,
        vec![
            of("cloudtrail", "{\"a\":1}", |_| {}),
            of("litellm", "{\"b\":1}", |call| {
                call.latency_ms = Some(40);
            }),
            of("helicone", "{\"c\":1}", |call| call.body = Body::Missing),
        ],
    );
    assert_eq!(store.latencies(&query(""), &[50]).unwrap().known, 1);
    append(
        &store,
        vec![of("bedrock_invocation_log", "{\"d\":1}", |call| {
            call.body = Body::Present;
            call.latency_ms = Some(90);
        })],
    );
    let found = store.latencies(&query(""), &[50]).unwrap();
    assert_eq!((found.known, found.percentiles[0].from_ms), (1, 90));
    let (listed, _) = store.calls(&query(""), None, 10).unwrap();
    assert_eq!((listed.len(), &listed[0].lent), (1, &Lent::default()));
    let report = store
        .fsck(Depth::Records, &[], &mut |_, _, _| Ok(()))
        .unwrap();
    assert!(report.is_ok(), "{:?}", report.damage);
}

#[test]
fn an_import_finds_the_calls_that_its_records_tell_of_whichever_of_them_leads() {
    let (_folder, store) = store();
    let of = |source: &'static str, ids: std::ops::Range<usize>| {
        ids.map(|id| {
            let mut call = Call::new(Kind::Bedrock, Status::Ok);
            call.started_at_ms = Some(NOW - id as i64);
            call.request_ids
                .insert("aws_request_id".to_owned(), format!("id-{id}"));
            if source == "bedrock_invocation_log" {
                call.body = Body::Present;
            }
            record(source, &format!("{{\"{source}\":{id}}}"), call, "claims")
        })
        .collect::<Vec<_>>()
    };
    let logged = append(&store, of("bedrock_invocation_log", 0..4));
    // All of these stand behind the others, but for the last, which only they know.
    let trailed = append(&store, of("cloudtrail", 1..5));
    assert_eq!((trailed.calls, trailed.accepted), (4, 4));
    for (text, calls) in [
        (format!("batch:{}", logged.id), 4),
        (format!("batch:{}", logged.uuid), 4),
        (format!("batch:{}", trailed.uuid), 4),
        (format!("batch:{},{}", logged.uuid, trailed.id), 5),
        (format!("batch:{} batch:{}", logged.id, trailed.id), 3),
        (format!("-batch:{}", trailed.id), 1),
        (format!("batch:{} source:cloudtrail", logged.id), 3),
        ("batch:999".to_owned(), 0),
    ] {
        let asked = query(&text);
        assert_eq!(store.count(&asked).unwrap(), (calls, 5), "{text}");
        let listed = store.calls(&asked, None, 10).unwrap().0;
        assert_eq!(listed.len() as u64, calls, "{text}");
        let (values, _) = store.facet("status", &asked, 10).unwrap();
        let by_value: u64 = values.iter().map(|value| value.calls).sum();
        assert_eq!(by_value, calls, "{text}");
    }
}
