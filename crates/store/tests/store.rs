//! The store at its boundary: what is appended is there, once, joined, counted and proved.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use assay_domain::activity::{Activity, Category};
use assay_domain::call::{Body, Call, Kind, Status};
use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use assay_evidence::leaf::commitment;
use assay_evidence::proof::verify;
use assay_evidence::tree::leaf_hash;
use assay_store::batches::{BatchRecord, Chunk};
use assay_store::calls::Cursor;
use assay_store::error::StoreError;
use assay_store::open::{Access, FILE_NAME, Store};
use assay_store::writer::{NewRecord, What, record_id};

const NOW: i64 = 1_795_000_000_000;

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Access::Write, NOW).unwrap();
    (folder, store)
}

fn query(text: &str) -> Query {
    Query::parse(text, Table::Calls).unwrap()
}

fn record(source: &'static str, raw: &str, what: What) -> NewRecord {
    let salt = [9; 32];
    NewRecord {
        id: record_id(source, raw.as_bytes()),
        line: 1,
        offset: 0,
        length: raw.len() as u64,
        format: u8::from(source == "cloudtrail"),
        source,
        salt,
        commitment: commitment(&salt, raw.as_bytes()),
        codec: 0,
        data: raw.as_bytes().to_vec(),
        what,
    }
}

fn call(source: &'static str, raw: &str, change: impl FnOnce(&mut Call)) -> NewRecord {
    let mut call = Call::new(Kind::Bedrock, Status::Ok);
    call.started_at_ms = Some(NOW - 1_000);
    change(&mut call);
    let what = What::Call {
        call: Box::new(call),
        deployment: "claims".to_owned(),
        cost_usd_micros: Some(60_000),
    };
    record(source, raw, what)
}

fn append(store: &Store, records: Vec<NewRecord>) -> BatchRecord {
    let mut writer = store.writer().unwrap();
    let mut batch = writer.begin_batch("a.jsonl", NOW).unwrap();
    let chunk = Chunk {
        records,
        ..Chunk::default()
    };
    writer.append(&mut batch, [chunk], NOW).unwrap();
    batch
}

fn ids(store: &Store, text: &str) -> Vec<String> {
    let (found, _) = store.calls(&query(text), None, 500).unwrap();
    found
        .into_iter()
        .map(|record| record.source + ":" + &record.seq.to_string())
        .collect()
}

#[test]
fn a_record_is_stored_once() {
    let (_folder, store) = store();
    let one = || call("bedrock", "{\"a\":1}", |_| ());
    let first = append(&store, vec![one(), one()]);
    assert_eq!((first.accepted, first.duplicates), (1, 1));
    let second = append(&store, vec![one()]);
    assert_eq!((second.accepted, second.duplicates), (0, 1));
    assert_eq!(store.count(&query("")).unwrap(), (1, 1));
}

#[test]
fn calls_and_leaves_refuse_update_and_delete() {
    let (folder, store) = store();
    append(&store, vec![call("bedrock", "{}", |_| ())]);
    drop(store);
    let raw = rusqlite::Connection::open(folder.path().join(FILE_NAME)).unwrap();
    for sql in [
        "update call set latency_ms = 1",
        "delete from call",
        "delete from leaf",
        "update leaf set bytes = x''",
        "delete from tile",
        "delete from activity",
    ] {
        let answer = raw.execute(sql, []);
        let rows = raw
            .query_row("select count(*) from activity", [], |row| {
                row.get::<_, i64>(0)
            })
            .unwrap();
        assert!(
            answer.is_err() || (sql.contains("activity") && rows == 0),
            "{sql}"
        );
    }
}

#[test]
fn records_of_one_call_are_listed_once_under_the_fullest() {
    let (_folder, store) = store();
    let id = |call: &mut Call| {
        call.request_ids
            .insert("aws_request_id".to_owned(), "r-1".to_owned());
    };
    append(
        &store,
        vec![call("cloudtrail", "{\"t\":1}", |call| {
            id(call);
            call.served_region = Some("us-east-1".to_owned());
        })],
    );
    append(
        &store,
        vec![call("bedrock", "{\"b\":1}", |call| {
            id(call);
            call.body = Body::Present;
            call.tokens.input = Some(10);
            call.tokens.output = Some(2);
        })],
    );
    assert_eq!(ids(&store, ""), ["bedrock:4"]);
    assert_eq!(store.count(&query("")).unwrap(), (1, 1));
    let (found, _) = store.calls(&query("source:cloudtrail"), None, 10).unwrap();
    assert_eq!(found[0].sources, ["bedrock", "cloudtrail"]);
    let witnesses = store.witnesses(found[0].seq).unwrap();
    assert_eq!(witnesses.len(), 1);
    assert_eq!(
        witnesses[0].record.call.served_region.as_deref(),
        Some("us-east-1")
    );
    assert!(!witnesses[0].conflict);
    assert_eq!(ids(&store, "request_id:r-1"), ["bedrock:4"]);
}

#[test]
fn what_only_another_source_proves_counts_for_the_call() {
    // The invocation log has the text and leads; only CloudTrail names the endpoint and the Region.
    let id = |call: &mut Call, id: &str| {
        drop(call.request_ids.insert("aws_request_id".into(), id.into()))
    };
    let log = || {
        call("bedrock", "log", |call| {
            call.body = Body::Present;
            id(call, "r-1");
        })
    };
    let trail = || {
        call("cloudtrail", "trail", |call| {
            call.private_path = Some("vpce-1".into());
            call.served_region = Some("us-east-1".into());
            id(call, "r-1");
        })
    };
    let other = || call("cloudtrail", "other", |call| id(call, "r-2"));
    for records in [vec![log(), trail(), other()], vec![trail(), other(), log()]] {
        let (_folder, store) = store();
        append(&store, records);
        let counted = |text: &str| store.count(&query(text)).unwrap().0;
        assert_eq!(counted(""), 2);
        for (some, none) in [
            ("private_path:vpce-*", "-has:private_path"),
            ("served_region:us-east-1", "-has:served_region"),
        ] {
            for text in [some, none, &none[1..]] {
                assert_eq!(counted(text), 1, "{text}");
                assert_eq!(
                    counted(&format!("{text} -principal:nobody")),
                    1,
                    "{text}, scanned"
                );
            }
        }
        for scope in ["", "-principal:nobody"] {
            let (places, _) = store.facet("served_region", &query(scope), 9).unwrap();
            let places: Vec<_> = places
                .into_iter()
                .map(|place| (place.value, place.calls))
                .collect();
            assert_eq!(places, [(None, 1), (Some("us-east-1".to_owned()), 1)]);
        }
        let sums = store.sums(store.deployments().unwrap()[0].id).unwrap();
        assert_eq!(
            (sums.private_path, sums.region_unknown),
            (1, 1),
            "the roll-ups agree"
        );
    }
}

#[test]
fn the_same_id_with_other_content_is_a_conflict_and_counted_once() {
    let (_folder, store) = store();
    let with = |raw| {
        call("bedrock", raw, |call| {
            call.request_ids
                .insert("aws_request_id".to_owned(), "r-1".to_owned());
        })
    };
    let accepted = append(&store, vec![with("{\"v\":1}"), with("{\"v\":2}")]);
    assert_eq!((accepted.accepted, accepted.conflicts), (2, 1));
    assert_eq!(store.count(&query("")).unwrap(), (1, 1));
    let (found, _) = store.calls(&query("conflict:yes"), None, 10).unwrap();
    assert_eq!(found.len(), 1);
    assert!(found[0].conflict);
    assert!(store.witnesses(found[0].seq).unwrap()[0].conflict);
}

#[test]
fn pages_reach_every_call_once_newest_first_and_without_time_last() {
    let (_folder, store) = store();
    let mut records = Vec::new();
    for index in 0..25_i64 {
        records.push(call("bedrock", &format!("{{\"i\":{index}}}"), |call| {
            call.started_at_ms = (index % 5 != 0).then_some(NOW - (index / 3) * 1_000);
        }));
    }
    append(&store, records);
    let mut after = None;
    let mut seen: Vec<(Option<i64>, u64)> = Vec::new();
    loop {
        let (page, next) = store.calls(&query(""), after, 4).unwrap();
        seen.extend(
            page.iter()
                .map(|record| (record.call.started_at_ms, record.seq)),
        );
        match next {
            Some(cursor) => after = Cursor::parse(&cursor.text()),
            None => break,
        }
    }
    assert_eq!(seen.len(), 25);
    let mut sorted = seen.clone();
    sorted.sort_by(|a, b| b.cmp(a));
    assert_eq!(seen, sorted);
}

#[test]
fn queries_filter_and_exclusion_keeps_what_is_not_recorded() {
    let (_folder, store) = store();
    append(
        &store,
        vec![
            call("bedrock", "{\"text\":\"Policy \\u0052enewal\"}", |call| {
                call.served_region = Some("eu-west-1".to_owned());
                call.latency_ms = Some(1_500);
            }),
            call("bedrock", "{\"text\":\"other\"}", |call| {
                call.served_region = Some("us-east-1".to_owned())
            }),
            call("bedrock", "{\"text\":\"third\"}", |_| ()),
        ],
    );
    let count = |text: &str| store.count(&query(text)).unwrap().0;
    assert_eq!(count("served_region:eu-*"), 1);
    assert_eq!(count("-served_region:eu-*"), 2);
    assert_eq!(count("-has:served_region"), 1);
    assert_eq!(
        count("latency_ms:>1000 served_region:eu-west-1,us-east-1"),
        1
    );
    assert_eq!(count("\"policy renewal\""), 1);
    assert_eq!(count("text"), 0, "keys are not text");
    assert_eq!(count("deployment:claims kind:bedrock status:ok"), 3);
    assert_eq!(count("deployment:nobody"), 0);
}

#[test]
fn rollups_agree_with_a_scan() {
    let (_folder, store) = store();
    let mut records = Vec::new();
    for index in 0..200_i64 {
        records.push(call("bedrock", &format!("{{\"i\":{index}}}"), |call| {
            call.started_at_ms = Some(NOW - index * 1_700_000);
            call.request_model = Some(format!("model-{}", index % 3));
            call.served_region = (index % 4 != 0).then(|| format!("eu-west-{}", index % 2));
            if index % 10 == 0 {
                call.status = Status::Error;
                call.http_status = Some(if index % 20 == 0 { 429 } else { 500 });
            }
        }));
    }
    append(&store, records);
    for text in [
        "",
        "status:error",
        "served_region:eu-west-1",
        "-has:served_region",
        "request_model:model-*",
    ] {
        // The second form asks for something that the roll-ups don't hold, and matches the same.
        let scanned = query(&format!("{text} -principal:nobody"));
        let rolled = query(text);
        assert_eq!(
            store.count(&rolled).unwrap().0,
            store.count(&scanned).unwrap().0,
            "{text}"
        );
        for key in [
            "request_model",
            "served_region",
            "status",
            "http_status",
            "deployment",
            "kind",
            "body",
        ] {
            assert_eq!(
                store.facet(key, &rolled, 50).unwrap(),
                store.facet(key, &scanned, 50).unwrap(),
                "{key} of {text}"
            );
        }
        let sum = |histogram: assay_store::histogram::Histogram| {
            histogram
                .bars
                .iter()
                .map(|bar| bar.ok + bar.limited + bar.errors)
                .sum::<u64>()
        };
        assert_eq!(
            sum(store.histogram(&rolled, 60).unwrap()),
            store.count(&rolled).unwrap().0
        );
        assert_eq!(
            sum(store.histogram(&scanned, 60).unwrap()),
            store.count(&rolled).unwrap().0
        );
    }
}

#[test]
fn a_chart_has_bars_of_days_or_hours_where_these_are_enough() {
    let (_folder, store) = store();
    let first_ms = 1_790_812_800_000; // 2026-10-01, 00:00
    let every_half_hour = (0..48 * 40).map(|number| {
        call("audited_client", &format!("{{\"n\":{number}}}"), |call| {
            call.started_at_ms = Some(first_ms + number * 1_800_000);
        })
    });
    append(&store, every_half_hour.collect());
    let (hour, day) = (3_600_000, 86_400_000);
    for (asked, bars, bar_ms, many) in [
        ("", 120, day, 40),
        ("started_at:2026-10-01..2026-10-30", 120, day, 30),
        ("started_at:2026-10-01..2026-10-30", 12, 7 * day, 5),
        ("started_at:2026-10-01..2026-10-04", 120, hour, 96),
        ("started_at:2026-10-02", 120, hour, 24),
        ("started_at:2026-10-02", 10, 3 * hour, 8),
        (
            "started_at:2026-10-02T06:00:00Z..2026-10-02T11:59:59Z",
            120,
            hour / 12,
            67, // the last begins at 11:30
        ),
    ] {
        let chart = store.histogram(&query(asked), bars).unwrap();
        assert_eq!(
            (chart.bar_ms, chart.bars.len()),
            (bar_ms, many),
            "{asked}, at most {bars}"
        );
        let counted: u64 = chart.bars.iter().map(|bar| bar.ok).sum();
        assert_eq!(
            counted,
            store.count(&query(asked)).unwrap().0,
            "{asked}, at most {bars}"
        );
    }
}

#[test]
fn every_record_is_proved_by_the_tree() {
    let (_folder, store) = store();
    let records = (0..300)
        .map(|i| call("bedrock", &format!("{{\"i\":{i}}}"), |_| ()))
        .collect();
    append(&store, records);
    let (size, root) = store.tree().unwrap();
    assert_eq!(size, 302, "genesis, import.begin and 300 events");
    for seq in [2, 100, 255, 256, 301] {
        let proof = store.prove(seq, size).unwrap();
        assert!(verify(
            &leaf_hash(&proof.leaf),
            seq,
            size,
            &proof.path,
            &root
        ));
        let salt: [u8; 32] = proof.salt.clone().try_into().unwrap();
        assert_eq!(hex::encode(commitment(&salt, &proof.raw)), proof.commitment);
    }
}

#[test]
fn a_reopened_store_goes_on_where_it_stopped() {
    let (folder, store) = store();
    append(&store, vec![call("bedrock", "{\"i\":1}", |_| ())]);
    let before = store.tree().unwrap();
    drop(store);
    let again = Store::open(folder.path(), Access::Write, NOW).unwrap();
    assert_eq!(again.root_at(before.0).unwrap(), before.1);
    assert_eq!(
        again.tree().unwrap().0,
        before.0 + 1,
        "the import that was cut short is ended"
    );
    assert_eq!(again.batches().unwrap()[0].state, "cancelled");
    append(&again, vec![call("bedrock", "{\"i\":2}", |_| ())]);
    assert_eq!(again.count(&query("")).unwrap(), (2, 2));
}

#[test]
fn a_second_writer_is_told_who_has_it() {
    let (folder, _store) = store();
    let error = Store::open(folder.path(), Access::Write, NOW).unwrap_err();
    let holder = format!("process {}", std::process::id());
    assert!(
        matches!(&error, StoreError::Locked { holder: found, .. } if *found == holder),
        "{error}"
    );
    assert!(Store::open(folder.path(), Access::Read, NOW).is_ok());
}

#[test]
fn newer_foreign_and_damaged_stores_are_refused_and_left_alone() {
    let check = |change: &dyn Fn(&std::path::Path), expected: &str| {
        let (folder, store) = store();
        append(
            &store,
            (0..50)
                .map(|i| call("bedrock", &format!("{{\"i\":{i}}}"), |_| ()))
                .collect(),
        );
        drop(store);
        let path = folder.path().join(FILE_NAME);
        change(&path);
        let before = std::fs::read(&path).unwrap();
        // One whose tree alone is damaged can be looked at, and is not written to.
        let error = match Store::open(folder.path(), Access::Write, NOW) {
            Ok(store) => store.writer().map(drop).unwrap_err(),
            Err(error) => error,
        };
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(
            std::fs::read(&path).unwrap(),
            before,
            "{expected}: the file was written to"
        );
    };
    let sql = |sql: &'static str| {
        move |path: &std::path::Path| {
            rusqlite::Connection::open(path)
                .unwrap()
                .execute_batch(sql)
                .unwrap();
        }
    };
    check(
        &sql("pragma user_version = 99"),
        "written by a newer version (schema 99",
    );
    check(&sql("pragma application_id = 7"), "another program's file");
    check(
        &|path| std::fs::write(path, b"hello").unwrap(),
        "not a SQLite file",
    );
    check(
        &sql(
            "drop trigger leaf_no_update; update leaf set bytes = cast('{}' as blob) where seq = 20",
        ),
        "leaf 20 was changed",
    );
    check(
        &sql("drop trigger leaf_no_delete; delete from leaf where seq = 20"),
        "damaged",
    );
    check(
        &|path| {
            let mut bytes = std::fs::read(path).unwrap();
            let end = bytes.len();
            bytes[4_096..end].fill(0xA5);
            std::fs::write(path, bytes).unwrap();
        },
        "damaged",
    );
}

#[test]
fn activities_are_listed_newest_first() {
    let (_folder, store) = store();
    let activity = |name: &str, ms| {
        let mut activity = Activity::new(name, Category::Settings);
        activity.at_ms = ms;
        record("cloudtrail", name, What::Activity(Box::new(activity)))
    };
    append(
        &store,
        vec![
            activity("PutA", Some(NOW - 5)),
            activity("PutB", None),
            activity("PutC", Some(NOW - 1)),
        ],
    );
    let ask = |text: &str| {
        let query = Query::parse(text, Table::Activities).unwrap();
        let (found, _) = store.activities(&query, None, 10).unwrap();
        found
            .into_iter()
            .map(|record| record.activity.action)
            .collect::<Vec<_>>()
    };
    assert_eq!(ask("action:Put*"), ["PutC", "PutA", "PutB"]);
    assert_eq!(ask("category:settings action:PutA"), ["PutA"]);
}

#[test]
fn a_store_from_before_claude_enterprise_takes_calls_of_it() {
    let (folder, store) = store();
    append(&store, vec![call("bedrock", "{\"a\":1}", |_| ())]);
    drop(store);
    // Back to what it was before.
    rusqlite::Connection::open(folder.path().join(FILE_NAME))
        .unwrap()
        .execute_batch(
            "pragma writable_schema = on;
             update sqlite_schema set sql = replace(sql, 'between 0 and 4', 'between 0 and 3')
             where name = 'call';
             pragma writable_schema = reset;
             pragma user_version = 26;",
        )
        .unwrap();
    let store = Store::open(folder.path(), Access::Write, NOW).unwrap();
    let chat = call("claude_chats", "{\"b\":1}", |call| {
        call.kind = Kind::ClaudeEnterprise;
    });
    append(&store, vec![chat]);
    assert_eq!(ids(&store, "").len(), 2);
    assert_eq!(ids(&store, "kind:claude_enterprise").len(), 1);
    drop(store);
    Store::open(folder.path(), Access::Write, NOW).unwrap();
}
