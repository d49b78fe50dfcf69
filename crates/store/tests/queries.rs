//! What each key of the query language means, and that counts from roll-ups are exact.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

#[path = "queries/annotated.rs"]
mod annotated;
#[path = "queries/coverage.rs"]
mod coverage;
#[path = "queries/rows.rs"]
mod rows;
#[path = "queries/stored.rs"]
mod stored;

use assay_domain::call::{Body, Call, Feature, Kind, Oddity, Status};
use assay_domain::query::keys::CALL_KEYS;
use assay_store::batches::BatchRecord;
use assay_store::calls::CallRecord;
use assay_store::histogram::Histogram;
use assay_store::open::Store;
use assay_store::writer::NewRecord;
use proptest::prelude::*;
use stored::{NOW, append, query, record, store};

const HOUR_MS: i64 = 3_600_000;

/// A call that has something in every field, and one that has nothing.
fn full_and_bare(store: &Store) -> BatchRecord {
    let mut full = Call::new(Kind::Vertex, Status::Error);
    full.started_at_ms = Some(NOW - HOUR_MS);
    full.latency_ms = Some(1_500);
    let text = |value: &str| Some(value.to_owned());
    full.request_model = text("claude-a");
    full.response_model = text("claude-b");
    full.requested_region = text("eu-west-1");
    full.served_region = text("eu-central-1");
    full.principal = text("role/app");
    full.source_ip = text("203.0.113.9");
    full.account = text("111122223333");
    full.http_status = Some(429);
    full.error_type = text("rate_limit_error");
    full.stop_reason = text("max_tokens");
    full.tokens.input = Some(100_000);
    full.tokens.output = Some(7);
    full.tokens.cache_read = Some(8);
    full.tokens.cache_write_5m = Some(9);
    full.tokens.cache_write_1h = Some(10);
    full.classification = text("internal");
    full.conversation_id = text("c-1");
    full.private_path = text("vpce-1");
    full.body = Body::Present;
    full.features.insert(Feature::Tools);
    full.oddities.push(Oddity::TextDamaged);
    full.request_ids
        .insert("gateway_id".to_owned(), "g-1".to_owned());
    full.request_ids
        .insert("message_id".to_owned(), "m-1".to_owned());
    let mut beside = Call::new(Kind::Vertex, Status::Ok);
    beside.request_ids = full.request_ids.clone();
    beside.request_ids.remove("gateway_id");
    let bare = Call::new(Kind::Bedrock, Status::Ok);
    append(
        store,
        vec![
            record("litellm", "{\"said\":\"policy renewal\"}", full, "claims"),
            record("cloudtrail", "{}", bare, "other"),
            record("helicone", "{}", beside, "claims"),
        ],
    )
}

#[test]
fn every_key_of_calls_finds_what_it_means() {
    let (_folder, store) = store();
    let batch = full_and_bare(&store);
    let (found, _) = store.calls(&query("kind:vertex"), None, 10).unwrap();
    let id = found[0].id.clone();
    let mut writer = store.writer().unwrap();
    writer.begin_scan("rules", NOW).unwrap();
    let entities = [(("EMAIL_ADDRESS".to_owned(), "tool_input".to_owned()), 2)]
        .into_iter()
        .collect();
    writer
        .save_scan(&[(found[0].seq, entities)], 100, NOW)
        .unwrap();
    drop(writer);
    annotated::annotate(&store, &found[0], &query("kind:vertex"), NOW);
    let by_batch = format!("batch:{}", batch.id);
    let by_id = format!("id:{}*", &id[..6]);
    // For each key a term that only the first call matches, and one that it does not match.
    let cases: Vec<(&str, &str, &str)> = vec![
        ("id", &by_id, "id:00000000*"),
        ("kind", "kind:vertex", "kind:private"),
        ("deployment", "deployment:claims", "deployment:cla"),
        ("source", "source:litellm", "source:lite"),
        (
            "started_at",
            "started_at:>=2026-11-18",
            "started_at:>2027-01-01",
        ),
        ("latency_ms", "latency_ms:>1499", "latency_ms:>1500"),
        (
            "request_model",
            "request_model:claude-*",
            "request_model:claude-b",
        ),
        (
            "response_model",
            "response_model:claude-b",
            "response_model:claude-a",
        ),
        (
            "requested_region",
            "requested_region:eu-west-1",
            "requested_region:eu-central-1",
        ),
        ("served_region", "served_region:eu-*", "served_region:us-*"),
        ("principal", "principal:role/app", "principal:role/ap"),
        (
            "source_ip",
            "source_ip:203.0.113.*",
            "source_ip:203.0.114.*",
        ),
        ("account", "account:111122223333", "account:1"),
        ("status", "status:error", "status:ok latency_ms:>0"),
        ("http_status", "http_status:400..499", "http_status:>=500"),
        (
            "error_type",
            "error_type:rate_limit_error",
            "error_type:other",
        ),
        (
            "stop_reason",
            "stop_reason:max_tokens",
            "stop_reason:end_turn",
        ),
        (
            "input_tokens",
            "input_tokens:100000",
            "input_tokens:>100000",
        ),
        ("output_tokens", "output_tokens:7", "output_tokens:8"),
        (
            "cache_read_tokens",
            "cache_read_tokens:8",
            "cache_read_tokens:9",
        ),
        (
            "cache_write_5m_tokens",
            "cache_write_5m_tokens:9",
            "cache_write_5m_tokens:10",
        ),
        (
            "cache_write_1h_tokens",
            "cache_write_1h_tokens:10",
            "cache_write_1h_tokens:9",
        ),
        ("cost_usd", "cost_usd:>=1", "cost_usd:>1"),
        (
            "classification",
            "classification:internal",
            "classification:public",
        ),
        (
            "conversation_id",
            "conversation_id:c-*",
            "conversation_id:d",
        ),
        ("request_id", "request_id:g-1", "request_id:g-"),
        ("private_path", "private_path:vpce-*", "private_path:other"),
        ("feature", "feature:tools", "feature:thinking"),
        ("body", "body:present", "body:missing"),
        ("oddity", "oddity:text_damaged", "oddity:time_missing"),
        ("conflict", "conflict:no kind:vertex", "conflict:yes"),
        ("join", "join:request_id", "join:inferred,ambiguous"),
        (
            "disagrees",
            "disagrees:status",
            "disagrees:redaction,region",
        ),
        (
            "entity_type",
            "entity_type:EMAIL_ADDRESS",
            "entity_type:IBAN_CODE",
        ),
        (
            "entity_field",
            "entity_field:tool_input",
            "entity_field:system",
        ),
        ("batch", &by_batch, "batch:999"),
        (
            "scanned",
            "scanned:yes kind:vertex",
            "scanned:no kind:vertex",
        ),
        (
            "record",
            "record:litellm.no_reported_cost",
            "record:litellm.no_principal",
        ),
        ("erased", "erased:no", "erased:yes"),
        ("held", "held:no", "held:yes"),
        ("tag", "tag:odd", "tag:od"),
        ("note", "note:yes", "note:no kind:vertex"),
        ("review_sample", "review_sample:1", "review_sample:2"),
        ("noted_by", "noted_by:test*", "noted_by:test"),
    ];
    for key in CALL_KEYS {
        let (_, yes, no) = cases
            .iter()
            .find(|(name, ..)| *name == key.name)
            .unwrap_or_else(|| panic!("no case for `{}`", key.name));
        let listed = |text: &str| {
            store
                .calls(&query(text), None, 10)
                .unwrap()
                .0
                .into_iter()
                .map(|call| call.id)
                .collect::<Vec<_>>()
        };
        let counted = |text: &str| store.count(&query(text)).unwrap().0;
        assert!(listed(yes).contains(&id), "{yes}");
        assert_eq!(listed(no), Vec::<String>::new(), "{no}");
        for text in [yes, no] {
            assert_eq!(counted(text), listed(text).len() as u64, "{text}");
            let excluded = format!("-{text}");
            assert_eq!(
                counted(&excluded),
                listed(&excluded).len() as u64,
                "{excluded}"
            );
        }
        let has = format!("has:{}", key.name);
        assert!(listed(&has).contains(&id), "{has}");
        assert_eq!(counted(&has), listed(&has).len() as u64, "{has}");
        assert_eq!(counted(&format!("-{has}")) + counted(&has), 2, "{has}");
    }
    assert_eq!(store.count(&query("\"Policy Renewal\"")).unwrap().0, 1);
}

#[test]
fn what_is_rare_is_found_beyond_the_newest_records() {
    let (_folder, store) = store();
    let mut records = Vec::new();
    for index in 0..10_500_i64 {
        let mut call = Call::new(Kind::Bedrock, Status::Ok);
        call.started_at_ms = Some(NOW - index * 1_000);
        // Three of them among the oldest, one among the newest.
        call.latency_ms = Some(if index == 5 || index >= 10_497 { 9 } else { 1 });
        records.push(record(
            "bedrock",
            &format!("{{\"i\":{index}}}"),
            call,
            "claims",
        ));
    }
    append(&store, records);
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let (page, next) = store.calls(&query("latency_ms:9"), after, 2).unwrap();
        seen.extend(page.iter().map(|call| call.call.started_at_ms.unwrap()));
        match next {
            Some(cursor) => after = Some(cursor),
            None => break,
        }
    }
    assert_eq!(
        seen,
        [5, 10_497, 10_498, 10_499].map(|index| NOW - index * 1_000)
    );
    let day = store
        .calls(&query("latency_ms:9 started_at:>2020-01-01"), None, 10)
        .unwrap()
        .0;
    assert_eq!(day.len(), 4);
    assert!(
        store
            .calls(&query("principal:nobody"), None, 10)
            .unwrap()
            .0
            .is_empty()
    );
}

#[test]
fn pages_read_through_hours_are_those_of_a_scan() {
    let (_folder, store) = store();
    let mut records = Vec::new();
    for index in 0..400_i64 {
        let status = match index % 7 {
            0 => Status::Error,
            _ => Status::Ok,
        };
        let mut call = Call::new(Kind::Bedrock, status);
        // Several in an hour, hours and days without any, and some without a time.
        call.started_at_ms = (index % 35 != 0).then(|| NOW - index * index * 20_000);
        call.http_status = (index % 14 == 0).then_some(429);
        let raw = format!("{{\"i\":{index}}}");
        records.push(record("bedrock_invocation_log", &raw, call, "claims"));
    }
    append(&store, records);
    let walked = |text: &str| {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let (page, next) = store.calls(&query(text), after, 4).unwrap();
            seen.extend(page.into_iter().map(|call| call.id));
            match next {
                Some(_) => after = next,
                None => return seen,
            }
        }
    };
    for text in [
        "status:error",
        "http_status:429 deployment:claims",
        "status:error started_at:>=2026-10-20",
        "status:error started_at:2026-10-25T03:00:00Z..2026-11-10T10:59:59.999Z",
        "source:bedrock_invocation_log -status:ok",
        "source:cloudtrail",
    ] {
        let scanned = walked(&format!("{text} -source_ip:203.0.113.1"));
        assert_eq!(walked(text), scanned, "{text}");
        assert_eq!(
            store.count(&query(text)).unwrap().0,
            scanned.len() as u64,
            "{text}"
        );
    }
    assert_eq!(walked("status:error").len(), 58);
}

/// What a drawn call differs in.
#[derive(Debug, Clone)]
struct Drawn {
    source: usize,
    /// Shared request id, if any: the same number is the same call.
    id: Option<u8>,
    hour: Option<i64>,
    model: u8,
    region: Option<u8>,
    private: bool,
    failed: bool,
    present: bool,
    tools: bool,
    deployment: u8,
    latency_ms: Option<i64>,
    principal: Option<u8>,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let parts = (
        0..3_usize,
        prop::option::of(0..6_u8),
        prop::option::of(0..4_i64),
        0..2_u8,
        prop::option::of(0..2_u8),
    );
    let flags = (
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        0..2_u8,
        prop::option::of(0..9_000_i64),
        prop::option::of(0..3_u8),
    );
    (parts, flags).prop_map(
        |(
            (source, id, hour, model, region),
            (private, failed, present, tools, deployment, latency_ms, principal),
        )| {
            Drawn {
                source,
                id,
                hour,
                model,
                region,
                private,
                failed,
                present,
                tools,
                deployment,
                latency_ms,
                principal,
            }
        },
    )
}

fn made(drawn: &Drawn, index: usize) -> NewRecord {
    const SOURCES: [&str; 3] = ["bedrock_invocation_log", "cloudtrail", "litellm"];
    let status = if drawn.failed {
        Status::Error
    } else {
        Status::Ok
    };
    let mut call = Call::new(Kind::Bedrock, status);
    // Hours of several days.
    call.started_at_ms = drawn.hour.map(|hour| NOW - hour * 17 * HOUR_MS);
    call.request_model = Some(format!("model-{}", drawn.model));
    call.served_region = drawn.region.map(|region| format!("eu-{region}"));
    call.private_path = drawn.private.then(|| "vpce-1".to_owned());
    call.http_status = drawn.failed.then_some(429);
    if drawn.present {
        call.body = Body::Present;
    }
    // Some have the text and not the tokens, and the other way round.
    if drawn.present != drawn.tools {
        call.tokens.input = Some(100);
        call.tokens.output = Some(1);
    }
    call.latency_ms = drawn.latency_ms;
    call.principal = drawn.principal.map(|number| format!("role/{number}"));
    if drawn.tools {
        call.features.insert(Feature::Tools);
    }
    if let Some(id) = drawn.id {
        call.request_ids
            .insert("aws_request_id".to_owned(), format!("r-{id}"));
    }
    record(
        SOURCES[drawn.source],
        &format!("{{\"i\":{index}}}"),
        call,
        &format!("d-{}", drawn.deployment),
    )
}

/// Scans what was not scanned yet: of three records two hold personal data, and one of them of two
/// types.
fn scan(store: &Store) {
    let from = store.scan_state().unwrap().map(|state| state.up_to_seq);
    let mut writer = store.writer().unwrap();
    if from.is_none() {
        writer.begin_scan("rules", NOW).unwrap();
    }
    let scanned = store.scannable(from.unwrap_or(0), 500).unwrap();
    let up_to = scanned
        .last()
        .map_or(from.unwrap_or(0), |last| last.seq + 1);
    let found: Vec<_> = scanned
        .iter()
        .map(|record| {
            let index: usize = record.raw.iter().map(|byte| usize::from(*byte)).sum();
            let types = &["EMAIL_ADDRESS", "IBAN_CODE"][..index % 3];
            let one = |name: &&str| {
                ["request", "response"].map(|field| ((name.to_string(), field.to_owned()), 1))
            };
            (record.seq, types.iter().flat_map(one).collect())
        })
        .collect();
    writer.save_scan(&found, up_to, NOW).unwrap();
}

const QUESTIONS: [&str; 20] = [
    "principal:role/0",
    "-principal:role/0 status:ok has:principal",
    "principal:role/* started_at:2026-11-17 request_model:model-1",
    "source:cloudtrail",
    "-source:cloudtrail,litellm served_region:eu-1",
    "entity_type:IBAN_CODE",
    "served_region:eu-0 started_at:2026-11-17 deployment:d-1",
    "principal:role/1 feature:tools",
    "",
    "status:error",
    "served_region:eu-1",
    "-has:served_region",
    "feature:tools",
    "-feature:tools request_model:model-0",
    "body:present deployment:d-1",
    "http_status:429",
    "has:started_at kind:bedrock",
    "started_at:2026-11-17",
    "started_at:>=2026-11-17 status:ok",
    "-started_at:2026-11-17 deployment:d-0 request_model:model-1",
];

const FACETS: [&str; 11] = [
    "deployment",
    "kind",
    "request_model",
    "served_region",
    "status",
    "http_status",
    "body",
    "feature",
    "source",
    "principal",
    "entity_type",
];

/// How long a call took, as any of its records tells.
fn latency_of(call: &CallRecord) -> Option<i64> {
    let lent = call.lent.latency_ms.as_ref().map(|lent| lent.value);
    call.call.latency_ms.or(lent)
}

/// The smallest latency that at least `percent` percent of the calls don't exceed.
fn exact(calls: &[CallRecord], percent: usize) -> Option<i64> {
    let mut known: Vec<i64> = calls.iter().filter_map(latency_of).collect();
    known.sort_unstable();
    known
        .get((known.len() * percent).div_ceil(100).checked_sub(1)?)
        .copied()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn counts_from_roll_ups_are_exact_and_the_order_of_imports_is_nothing(
        calls in prop::collection::vec(drawn(), 1..24),
        cuts in prop::collection::vec(0..24_usize, 0..2),
    ) {
        let mut groups = Vec::new();
        for reversed in [false, true] {
            let (_folder, store) = store();
            let mut records: Vec<NewRecord> = calls.iter().enumerate().map(|(index, drawn)| made(drawn, index)).collect();
            if reversed {
                records.reverse();
            }
            let mut cuts = cuts.clone();
            cuts.sort_unstable();
            while let Some(cut) = cuts.pop() {
                let tail = records.split_off(cut.min(records.len()));
                // What is appended first stands first in the tree, whichever part it is.
                append(&store, tail);
                scan(&store);
            }
            append(&store, records);
            if reversed {
                scan(&store);
            }
            for text in QUESTIONS {
                let rolled = query(text);
                // The roll-ups don't hold addresses, and none is this one.
                let scanned = query(&format!("{text} -source_ip:203.0.113.1"));
                prop_assert_eq!(store.count(&rolled).unwrap().0, store.count(&scanned).unwrap().0, "{}", text);
                prop_assert_eq!(store.count(&rolled).unwrap().0, store.calls(&rolled, None, 500).unwrap().0.len() as u64, "{}", text);
                let one_by_one: Vec<_> = FACETS.map(|key| store.facet(key, &scanned, 50).unwrap()).into();
                for (key, expected) in FACETS.iter().zip(&one_by_one) {
                    prop_assert_eq!(&store.facet(key, &rolled, 50).unwrap(), expected, "{} of {}", key, text);
                }
                prop_assert_eq!(&store.facets(&FACETS, &scanned, 50).unwrap(), &one_by_one, "together: {}", text);
                prop_assert_eq!(&store.facets(&FACETS, &rolled, 50).unwrap(), &one_by_one, "together, from roll-ups: {}", text);
                for bars in [2, 60] {
                    let (by_roll_up, by_scan) = (store.histogram(&rolled, bars).unwrap(), store.histogram(&scanned, bars).unwrap());
                    let sums = |histogram: &Histogram| histogram.bars.iter().fold([0; 3], |[ok, limited, errors], bar| {
                        [ok + bar.ok, limited + bar.limited, errors + bar.errors]
                    });
                    prop_assert_eq!(sums(&by_roll_up), sums(&by_scan), "{} bars of {}", bars, text);
                    prop_assert_eq!(by_roll_up.without_time, by_scan.without_time, "{}", text);
                }
                let (matching, _) = store.calls(&rolled, None, 500).unwrap();
                let percents = [1, 50, 95, 100];
                let latencies = store.latencies(&rolled, &percents).unwrap();
                prop_assert_eq!(&latencies, &store.latencies(&scanned, &percents).unwrap(), "latencies of {}", text);
                for percentile in latencies.percentiles {
                    let exact = exact(&matching, usize::from(percentile.percent)).unwrap();
                    prop_assert!(percentile.from_ms <= exact && exact <= percentile.to_ms, "{:?} of {}: {}", percentile, text, exact);
                }
                prop_assert_eq!(latencies.known, matching.iter().filter_map(latency_of).count() as u64);
            }
            coverage::agrees(&store, &calls)?;
            let listed = store.calls(&query(""), None, 500).unwrap().0;
            let paths = store.count(&query("has:private_path")).unwrap().0;
            let sums: u64 = store.deployments().unwrap().iter().map(|one| store.sums(one.id).unwrap().private_path).sum();
            prop_assert_eq!(paths, sums, "private paths");
            let told = |text: &str| store.count(&query(&format!("has:input_tokens has:output_tokens {text}"))).unwrap().0;
            let sums: u64 = store.days(None).unwrap().iter().map(|day| day.tokens_known).sum();
            prop_assert_eq!(told("has:started_at"), sums, "calls whose tokens are known");
            let conflicts = store.count(&query("conflict:yes")).unwrap().0;
            groups.push((listed.len(), paths, conflicts, told("")));
        }
        prop_assert_eq!(groups[0], groups[1], "calls, private paths, conflicts, tokens");
    }
}
