//! Records that share an id: conflicts whichever comes first, thousands of one id, ids of any name.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

#[path = "queries/stored.rs"]
mod stored;

use assay_domain::call::{Body, Call, Kind, Status};
use assay_store::writer::NewRecord;
use stored::{append, query, record, store};

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
