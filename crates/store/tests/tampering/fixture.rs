//! A small store in which every table has rows: imported, held, erased, replayed, signed, anchored.

use std::collections::BTreeMap;
use std::path::Path;

use assay_domain::activity::{Activity, Category};
use assay_domain::call::{Body, Call, Kind, Status};
use assay_domain::digest_chain::PublicKey;
use assay_domain::query::Query;
use assay_domain::query::keys::Table;
use assay_domain::review_sample::{Allocation, By};
use assay_evidence::checkpoint::Checkpoint;
use assay_evidence::leaf::commitment;
use assay_evidence::signing::SigningKey;
use assay_store::anchor_profiles::AnchorProfile;
use assay_store::approvals::{NewApproval, NewDecision, Verdict};
use assay_store::batches::{Chunk, RejectedRecord};
use assay_store::billed::NewBucket;
use assay_store::checkpoints::AnchorRecord;
use assay_store::deployments::{DeploymentRecord, SnapshotRecord};
use assay_store::digests::{DigestRecord, Judgement, LogContent};
use assay_store::erasure::{Also, ErasureKind, NewErasure, Step};
use assay_store::findings::{CheckRun, FindingRecord, WaiverRecord};
use assay_store::holds::NewHold;
use assay_store::notes::{NewNote, TagOn};
use assay_store::open::{Access, Store};
use assay_store::persons::{NewPerson, Told};
use assay_store::policies::{NewPolicy, NewPut, deed};
use assay_store::requests::NewRequest;
use assay_store::review_samples::{Drawing, NewJudgement, NewSample};
use assay_store::test_sets::{FromCall, NewLabel, NewText};
use assay_store::vault::{NewOriginal, VaultKey};
use assay_store::views::NewView;
use assay_store::writer::{NewRecord, OwnRecord, What, record_id};

pub(crate) const NOW: i64 = 1_795_000_000_000;
const CALLS: usize = 30;

mod joined;
mod runs;

/// The key that signs the log of `store`.
pub(crate) fn key(store: &Store) -> SigningKey {
    SigningKey::from_seed(&store.origin().unwrap(), &[7; 32]).unwrap()
}

/// Signs the tree as it is.
pub(crate) fn sign(store: &Store) -> Checkpoint {
    store.writer().unwrap().commit_rows(NOW).unwrap();
    let size = store.tree_size().unwrap();
    let checkpoint = Checkpoint {
        origin: store.origin().unwrap(),
        size,
        root: store.root_at(size).unwrap(),
    };
    let note = checkpoint.sign(&[&key(store)]);
    let mut writer = store.writer().unwrap();
    writer.add_checkpoint(&note, NOW).unwrap();
    checkpoint
}

fn record(source: &'static str, number: usize, raw: &str, what: What) -> NewRecord {
    let salt = [u8::try_from(number % 251).unwrap(); 32];
    NewRecord {
        id: record_id(source, raw.as_bytes()),
        line: number as u64 + 1,
        offset: number as u64 * 100,
        length: raw.len() as u64,
        format: 0,
        source,
        salt,
        commitment: commitment(&salt, raw.as_bytes()),
        codec: 0,
        data: raw.as_bytes().to_vec(),
        what,
    }
}

fn call(source: &'static str, number: usize) -> NewRecord {
    let mut call = Call::new(Kind::Bedrock, Status::Ok);
    call.started_at_ms = Some(NOW - 1_000 * number as i64);
    call.latency_ms = Some(1_200);
    call.request_model = Some("claude".to_owned());
    call.principal = Some(format!("person-{}", number % 7));
    call.body = Body::Present;
    call.tokens.input = (source == "bedrock").then_some(100);
    call.request_ids = BTreeMap::from([("aws_request_id".to_owned(), format!("req-{number}"))]);
    let raw = serde_json::json!({ "source": source, "number": number }).to_string();
    let what = What::Call {
        call: Box::new(call),
        deployment: "claims".to_owned(),
        cost_usd_micros: Some(60_000),
    };
    record(source, number, &raw, what)
}

fn activity(number: usize) -> NewRecord {
    let mut activity = Activity::new("PutPolicy", Category::Settings);
    activity.at_ms = Some(NOW - 1_000);
    activity.actor = Some("somebody".to_owned());
    let raw = serde_json::json!({ "activity": number }).to_string();
    record(
        "cloudtrail",
        number,
        &raw,
        What::Activity(Box::new(activity)),
    )
}

fn import(store: &Store, path: &str, records: Vec<NewRecord>) -> i64 {
    let mut writer = store.writer().unwrap();
    let mut batch = writer.begin_batch(path, NOW).unwrap();
    let chunk = Chunk {
        records,
        rejected: vec![RejectedRecord {
            line: 9,
            offset: 900,
            length: 4,
            reason: "not_json".to_owned(),
            detail: "It is no JSON.".to_owned(),
            excerpt: "oops".to_owned(),
            sha256: vec![7; 32],
        }],
        bytes: 1_000,
        ..Chunk::default()
    };
    writer.append(&mut batch, [chunk], NOW).unwrap();
    batch.sha256 = Some(vec![3; 32]);
    "done".clone_into(&mut batch.state);
    batch.finished_at_ms = Some(NOW);
    writer.end_batch(&batch, NOW).unwrap();
    batch.id
}

pub(crate) fn done(action: &str) -> Activity {
    deed(action, "something", "tester", NOW)
}

/// A store of its own folder, closed.
pub(crate) fn store() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path());
    folder
}

fn fill(folder: &Path) {
    let store = Store::open(folder, Access::Write, NOW).unwrap();
    let mut records: Vec<NewRecord> = (0..CALLS).map(|number| call("bedrock", number)).collect();
    records.extend((0..3).map(activity));
    let batch = import(&store, "calls.jsonl", records);
    import(
        &store,
        "gateway.jsonl",
        (0..9).map(|n| call("litellm", n)).collect(),
    );
    import(&store, "no-ids.jsonl", joined::without_ids());
    import(&store, "lent.jsonl", joined::lent());
    billed(&store);
    rules(&store);
    approvals(&store);
    digests(&store, batch);
    runs::replay(&store);
    runs::guards(&store);
    runs::names_models(&store);
    notes(&store);
    test_sets(&store);
    vault(&store);
    reviews(&store);
    retention(&store);
    let mut writer = store.writer().unwrap();
    let verifier = key(&store).verifier();
    writer.register_key(&verifier, "tester", NOW).unwrap();
    drop(writer);
    let first = sign(&store);
    let mut writer = store.writer().unwrap();
    let anchor = AnchorRecord {
        size: first.size,
        kind: "tsa".to_owned(),
        name: "authority".to_owned(),
        token: vec![1, 2, 3],
        made_ms: NOW,
    };
    let payload = serde_json::json!({ "size": first.size });
    writer.add_anchor(&anchor, "tester", &payload).unwrap();
    let own = OwnRecord {
        kind: assay_evidence::leaf::LeafKind::Reveal,
        activity: done("call.reveal"),
        reason: Some("somebody asked"),
        payload: b"{}",
        now_ms: NOW,
    };
    writer.record_own(&own).unwrap();
    drop(writer);
    sign(&store);
}

fn rules(store: &Store) {
    let mut writer = store.writer().unwrap();
    writer
        .define_deployment("claims", Kind::Bedrock, "name = \"claims\"", "tester", NOW)
        .unwrap();
    let policy = NewPolicy {
        name: "masks".to_owned(),
        version: "1".to_owned(),
        toml: "name = \"masks\"".to_owned(),
        note: Some("the first".to_owned()),
    };
    writer.save_policy(&policy, "tester", NOW).unwrap();
    let put = NewPut {
        deployment: Some("claims"),
        name: Some("masks"),
        number: Some(1),
        reason: Some("agreed with the works council"),
        gate: None,
    };
    writer
        .put_policy_in_force(&put, None, "tester", NOW)
        .unwrap();
    writer.begin_scan("rules", NOW).unwrap();
    let found = BTreeMap::from([(("email".to_owned(), "prompt".to_owned()), 2)]);
    writer.save_scan(&[(5, found)], 100, NOW).unwrap();
    let finding = FindingRecord {
        id: "f-1".to_owned(),
        check: "residency".to_owned(),
        deployment: "claims".to_owned(),
        verdict: "not_met".to_owned(),
        severity: "high".to_owned(),
        finding: "{}".to_owned(),
    };
    let run = CheckRun {
        ran_ms: NOW,
        tree_size: 100,
        rules: "rules".to_owned(),
    };
    writer.save_findings(&[1], &[finding], &run).unwrap();
    let waiver = WaiverRecord {
        finding: "f-1".to_owned(),
        verdict: "not_met".to_owned(),
        reason: "for now".to_owned(),
        owner: "Ola".to_owned(),
        approver: "Änne".to_owned(),
        set_ms: NOW,
        until_ms: NOW + 1,
        ended_ms: None,
        approval: None,
    };
    writer.set_waiver(&waiver, "tester").unwrap();
    drop(writer);
    let deployment: DeploymentRecord = store.deployments().unwrap().remove(0);
    let snapshot = SnapshotRecord {
        id: 0,
        taken_at_ms: None,
        imported_ms: NOW,
        source: "settings.json".to_owned(),
        settings: "{}".to_owned(),
    };
    let mut writer = store.writer().unwrap();
    writer
        .add_snapshot(&deployment, &snapshot, b"{}", "tester")
        .unwrap();
    writer
        .save_report("{\"kind\":\"summary\"}", done("report.render"), NOW)
        .unwrap();
    let profile = AnchorProfile {
        name: "authority".to_owned(),
        kind: "tsa".to_owned(),
        url: "https://tsa.example/".to_owned(),
        is_private: false,
        vkey: None,
        chain: None,
    };
    writer
        .save_anchor_profile(&profile, done("anchor.save"), b"{}", NOW)
        .unwrap();
}

fn told(action: &str) -> Told<'_> {
    Told {
        activity: done(action),
        reason: None,
        payload: b"{}",
        now_ms: NOW,
    }
}

/// A bucket of a usage report and one of a cost report.
fn billed(store: &Store) {
    let text = r#"{"starting_at":"2026-10-05T00:00:00Z","ending_at":"2026-10-06T00:00:00Z","results":[ROW]}"#;
    let rows = [
        r#"{"uncached_input_tokens":9,"output_tokens":3,"model":"claude","api_key_id":"key"}"#,
        r#"{"amount":"12.5","currency":"USD","description":"Claude usage"}"#,
    ];
    let buckets = rows
        .iter()
        .map(|row| {
            let raw = text.replace("ROW", row).into_bytes();
            let bucket = assay_domain::billed::read(&raw, NOW).unwrap().unwrap();
            NewBucket {
                raw,
                line: 1,
                offset: 0,
                report: bucket.report.unwrap(),
                deployment: Some("claims".to_owned()),
                bucket,
            }
        })
        .collect();
    let mut writer = store.writer().unwrap();
    let mut batch = writer.begin_batch("usage.json", NOW).unwrap();
    let chunk = Chunk {
        buckets,
        bytes: 300,
        ..Chunk::default()
    };
    writer.append(&mut batch, [chunk], NOW).unwrap();
    "done".clone_into(&mut batch.state);
    writer.end_batch(&batch, NOW).unwrap();
}

fn approvals(store: &Store) {
    let mut writer = store.writer().unwrap();
    let person = NewPerson {
        name: "Ola",
        vkey: "ola+00000000+AA",
        key: &[8; 32],
        os_user: Some("ola"),
    };
    let ola = writer.add_person(&person, told("person.add")).unwrap();
    writer
        .need_approval("waiver", told("approvals.need"))
        .unwrap();
    let asked = NewApproval {
        id: "ab",
        kind: "waiver",
        content_sha256: &[4; 32],
        request: b"request",
        asked_by: ola,
        until_ms: NOW + 1,
    };
    writer.ask_approval(&asked, told("approval.ask")).unwrap();
    let decided = NewDecision {
        id: "ab",
        verdict: Verdict::Approved,
        note: b"decision",
        by: ola,
    };
    writer
        .decide_approval(&decided, told("approval.decide"))
        .unwrap();
}

fn digests(store: &Store, batch: i64) {
    let mut writer = store.writer().unwrap();
    let digest = DigestRecord {
        name: "digest.json".to_owned(),
        object: "digests/digest.json".to_owned(),
        sha256: [5; 32],
        content: b"{}".to_vec(),
    };
    writer.save_digest(batch, &digest).unwrap();
    writer
        .save_digest_signature(batch, "digest.json", "00ff")
        .unwrap();
    let key = PublicKey {
        fingerprint: "aa".to_owned(),
        value: "bb".to_owned(),
        from_ms: Some(1),
        to_ms: None,
    };
    writer.save_digest_keys(batch, &[key]).unwrap();
    let file = LogContent {
        name: "calls.jsonl".to_owned(),
        sha256: [6; 32],
    };
    writer.save_log_content(batch, &file).unwrap();
    let judgement = Judgement {
        files: &[(file, "unnamed", None)],
        chains: &[("unknown", "{}".to_owned())],
        activity: done("digests.judge"),
        payload: b"{}",
        now_ms: NOW,
    };
    writer.save_judgement(&judgement).unwrap();
}

fn vault(store: &Store) {
    let originals = [("0a", "tom@example.com"), ("0b", "Ann Lee")]
        .map(|(start, value)| (format!("{start}{}", "7".repeat(30)), value));
    let originals: Vec<NewOriginal<'_>> = originals
        .iter()
        .map(|(tag, value)| NewOriginal {
            tag,
            entity_type: "PERSON",
            value,
        })
        .collect();
    let key = VaultKey::new([7; 32]);
    let mut writer = store.writer().unwrap();
    let kept = writer.keep_originals(&key, &originals, ("masks", "1"), NOW);
    assert_eq!(kept.unwrap(), 2);
    // What is there already stays as it was first kept.
    let kept = writer.keep_originals(&key, &originals, ("other", "2"), NOW);
    assert_eq!(kept.unwrap(), 0);
    drop(writer);
    let found = |tag: &str| store.original(&key, tag).unwrap();
    assert_eq!(found(originals[0].tag).as_deref(), Some("tom@example.com"));
    assert_eq!(found(&"f".repeat(32)), None);
    let other = VaultKey::new([8; 32]);
    assert!(store.original(&other, originals[0].tag).is_err());
}

fn notes(store: &Store) {
    let mut writer = store.writer().unwrap();
    let view = NewView {
        name: "errors",
        records: "calls",
        query: "status:error",
        columns: &["status".to_owned()],
    };
    writer.save_view(&view, "tester", NOW).unwrap();
    let note = NewNote {
        call_seq: 5,
        call_id: "05",
        text: "ask the claims team",
        replaces: None,
    };
    let id = writer.add_note(&note, "tester", NOW).unwrap();
    let later = NewNote {
        text: "ask somebody else",
        replaces: Some(id),
        ..note
    };
    writer.add_note(&later, "tester", NOW).unwrap();
    let note = store.note(id).unwrap();
    writer.withdraw_note(&note, "05", "tester", NOW).unwrap();
    let on = TagOn {
        call_seq: 5,
        call_id: "05",
        tag: "odd",
    };
    writer.add_tag(&on, "tester", NOW).unwrap();
    writer.remove_tag(&on, "tester", NOW).unwrap();
}

fn test_sets(store: &Store) {
    let mut writer = store.writer().unwrap();
    writer
        .make_test_set("claims", Some("en"), Some("user"), "tester", NOW)
        .unwrap();
    let set = store.test_set("claims").unwrap();
    let label = NewLabel {
        from_point: 0,
        to_point: 3,
        entity_type: "PERSON".to_owned(),
    };
    let text = NewText {
        text: "Ann asked".to_owned(),
        language: Some("en".to_owned()),
        field: Some("user".to_owned()),
        labels: vec![label.clone()],
    };
    let from = FromCall {
        call_seq: 5,
        call_id: "05",
    };
    let texts = [text.clone()];
    writer
        .add_test_texts(&set, Some(from), &texts, "tester", NOW)
        .unwrap();
    let ids = writer
        .add_test_texts(&set, None, &[text.clone(), text], "tester", NOW)
        .unwrap();
    let there = store.test_text(ids[0]).unwrap();
    writer
        .label_test_text(&there, &[there.labels[0].id], &[label], "tester", NOW)
        .unwrap();
    writer.take_out_test_text(ids[1], "tester", NOW).unwrap();
}

fn reviews(store: &Store) {
    let query = Query::parse("kind:bedrock", Table::Calls).unwrap();
    let (tree_size, root) = store.tree().unwrap();
    let drawing = Drawing {
        query: &query,
        by: &[By::Deployment],
        seed: 42,
        size: 5,
        allocation: Allocation::Proportional,
        tree_size,
    };
    let drawn = store.draw(&drawing).unwrap();
    let new = NewSample {
        query: "kind:bedrock",
        drawing: &drawing,
        drawn: &drawn,
        root,
        readers: 1,
    };
    let mut writer = store.writer().unwrap();
    let sample = writer.save_sample(&new, "tester", NOW).unwrap();
    writer.join_reader(sample, "Änne", "tester", NOW).unwrap();
    let reader = store.readers(sample).unwrap().remove(0);
    let judgement = NewJudgement {
        sample,
        reader: reader.id,
        position: 1,
        call_seq: drawn.members[0].call_seq,
        judgement: Some("problem"),
        note: Some("a name stands in it"),
    };
    writer.judge(&judgement, "tester", NOW).unwrap();
    writer
        .finish_reader(sample, &reader, "tester", NOW)
        .unwrap();
    writer.close_sample(sample, "tester", NOW).unwrap();
}

fn retention(store: &Store) {
    store.set_retention_rule(400, "tester", NOW).unwrap();
    let hold = NewHold {
        name: "court",
        records: Table::Calls,
        query: "principal:person-1",
        reason: "a court asked for it",
        review_ms: None,
    };
    store.set_hold(&hold, "tester", NOW).unwrap();
    let hold = NewHold {
        name: "over",
        query: "principal:person-2",
        ..hold
    };
    store.set_hold(&hold, "tester", NOW).unwrap();
    store
        .release_hold("over", "it is over", "tester", NOW)
        .unwrap();
    let request = NewRequest {
        id: "request-1",
        basis: "art_17",
        ranges: &[(22, 23)],
        blocked: &[],
        batches: &[1],
    };
    store.save_request(&request, "tester", NOW).unwrap();
    let erasure = NewErasure {
        kind: ErasureKind::Subject,
        basis: "art_17",
        request: "request-1",
        // Of a person that no hold covers.
        ranges: &[(22, 23)],
        also: &Also::default(),
    };
    store.erase(&erasure, "tester", NOW, Step::Done).unwrap();
}
