//! Chains built in the test, with a signature that any text has: `sig(<text>)`.

use assay_domain::digest_chain::judging::{
    Beginning, Gap, Held, Judged, LogFile, Origin, Signed, Standing, Whole, Why, judge,
};
use assay_domain::digest_chain::{
    Piece, PublicKey, base_name, may_be_piece, read, signed_name, signed_text,
};
use chrono::DateTime;
use serde_json::{Value, json};
use sha2::Digest as _;

const HOUR: i64 = 3_600_000;
/// 2026-10-01T00:00:00Z.
const T0: i64 = 1_790_812_800_000;

fn sha(bytes: &[u8]) -> [u8; 32] {
    sha2::Sha256::digest(bytes).into()
}

fn stamp(ms: i64, pattern: &str) -> String {
    DateTime::from_timestamp_millis(ms)
        .unwrap()
        .format(pattern)
        .to_string()
}

/// A stand-in for RSA: hexadecimal of a hash, long enough to be taken for a signature.
fn sign(text: &str) -> String {
    hex::encode(sha(text.as_bytes())).repeat(8)
}

fn object(hour: i64) -> String {
    format!(
        "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/{}/111122223333_CloudTrail-Digest_eu-west-1_audit_trail_eu-central-1_{}.json.gz",
        stamp(T0 + hour * HOUR, "%Y/%m/%d"),
        stamp(T0 + hour * HOUR, "%Y%m%dT%H%M%SZ"),
    )
}

fn log_name(hour: i64, number: i64) -> String {
    format!(
        "111122223333_CloudTrail_eu-west-1_{}_r{hour}x{number}.json.gz",
        stamp(T0 + hour * HOUR - HOUR / 2, "%Y%m%dT%H%MZ")
    )
}

fn log(hour: i64, number: i64) -> LogFile {
    LogFile {
        name: log_name(hour, number),
        content: sha(format!("{{\"Records\":[{hour},{number}]}}").as_bytes()),
    }
}

/// Digests of `hours` with two log files each, and the log files.
fn set(hours: i64) -> (Vec<Held>, Vec<LogFile>) {
    let mut held: Vec<Held> = Vec::new();
    let mut logs = Vec::new();
    for hour in 1..=hours {
        let own = [log(hour, 1), log(hour, 2)];
        let files: Vec<Value> = own
            .iter()
            .map(|file| {
                json!({
                    "s3Bucket": "trails", "hashAlgorithm": "SHA-256",
                    "s3Object": format!("AWSLogs/111122223333/CloudTrail/eu-west-1/{}", file.name),
                    "hashValue": hex::encode(file.content),
                })
            })
            .collect();
        let before = held.last();
        let previous_signature = before.map(|held| sign(&signed_text(&held.digest, &held.content)));
        let raw = json!({
            "awsAccountId": "111122223333",
            "digestStartTime": stamp(T0 + (hour - 1) * HOUR, "%Y-%m-%dT%H:%M:%SZ"),
            "digestEndTime": stamp(T0 + hour * HOUR, "%Y-%m-%dT%H:%M:%SZ"),
            "digestS3Bucket": "trails",
            "digestS3Object": object(hour),
            "digestPublicKeyFingerprint": "31e8b5433410dfb61a9dc45cc65b22ff",
            "digestSignatureAlgorithm": "SHA256withRSA",
            "newestEventTime": null, "oldestEventTime": null,
            "previousDigestS3Bucket": before.map(|_| "trails"),
            "previousDigestS3Object": before.map(|held| held.digest.object.clone()),
            "previousDigestHashValue": before.map(|held| hex::encode(held.content)),
            "previousDigestHashAlgorithm": before.map(|_| "SHA-256"),
            "previousDigestSignature": previous_signature,
            "logFiles": files,
        })
        .to_string();
        let Some(Ok(Piece::Digest(digest))) = read(raw.as_bytes()) else {
            panic!("not a digest: {raw}");
        };
        held.push(Held {
            name: base_name(&digest.object).to_owned(),
            digest: *digest,
            content: sha(raw.as_bytes()),
            signatures: Vec::new(),
        });
        logs.extend(own);
    }
    (held, logs)
}

/// A digest of an hour without log files, and without one before it.
fn empty_digest() -> Value {
    json!({
        "awsAccountId": "1", "digestStartTime": "2026-10-01T00:00:00Z",
        "digestEndTime": "2026-10-01T01:00:00Z", "digestS3Bucket": "b", "digestS3Object": object(1),
        "digestPublicKeyFingerprint": "f", "digestSignatureAlgorithm": "SHA256withRSA",
        "previousDigestS3Bucket": null, "previousDigestS3Object": null,
        "previousDigestHashValue": null, "previousDigestHashAlgorithm": null,
        "previousDigestSignature": null, "logFiles": [],
    })
}

/// Puts the signature of the newest digest beside it.
fn saved(mut held: Vec<Held>) -> Vec<Held> {
    let newest = held.last_mut().unwrap();
    newest.signatures = vec![sign(&signed_text(&newest.digest, &newest.content))];
    held
}

fn judged(held: &[Held], logs: &[LogFile]) -> Judged {
    judge(
        held,
        logs,
        &|_, text, signature| match signature == sign(text) {
            true => Signed::Valid,
            false => Signed::Invalid,
        },
    )
}

fn standings(judged: &Judged) -> Vec<Standing> {
    judged
        .digests
        .iter()
        .map(|(standing, _)| *standing)
        .collect()
}

#[test]
fn a_digest_says_whose_it_is_and_what_is_signed() {
    let (held, _) = set(2);
    let digest = &held[1].digest;
    assert_eq!(
        (
            digest.region.as_str(),
            digest.trail.as_str(),
            digest.is_backfill
        ),
        ("eu-west-1", "audit_trail", false)
    );
    let text = signed_text(digest, &held[1].content);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "2026-10-01T02:00:00Z");
    assert_eq!(lines[1], format!("trails/{}", object(2)));
    assert_eq!(lines[2], hex::encode(held[1].content));
    assert_eq!(lines[3], digest.previous.as_ref().unwrap().signature);
    assert!(signed_text(&held[0].digest, &held[0].content).ends_with("\nnull"));
    let backfill = "a/1_CloudTrail-Digest_us-east-1_t_us-east-1_20250901T000000Z_backfill.json.gz";
    let mut value = empty_digest();
    value["digestS3Object"] = backfill.into();
    let Some(Ok(Piece::Digest(digest))) = read(value.to_string().as_bytes()) else {
        panic!("not a digest: {value}");
    };
    assert_eq!(
        (
            digest.region.as_str(),
            digest.trail.as_str(),
            digest.is_backfill
        ),
        ("us-east-1", "t", true)
    );
}

#[test]
fn a_whole_chain_with_the_newest_signature_beside_it_is_verified() {
    let (held, logs) = set(4);
    let judged = judged(&saved(held), &logs);
    let chain = &judged.chains[0];
    assert_eq!(chain.whole, Whole::Verified);
    assert_eq!((chain.digests, chain.digests_verified), (4, 4));
    assert_eq!((chain.named, chain.verified), (8, 8));
    assert_eq!(chain.beginning, Beginning::Start);
    assert!(
        judged
            .files
            .iter()
            .all(|file| file.origin == Origin::Verified)
    );
}

#[test]
fn the_newest_digest_is_not_signed_on_disk_and_its_files_only_match() {
    let (held, logs) = set(3);
    let judged = judged(&held, &logs);
    assert_eq!(
        standings(&judged),
        [Standing::Verified, Standing::Verified, Standing::Unsigned]
    );
    let chain = &judged.chains[0];
    assert!(chain.newest_is_unsigned);
    assert_eq!(chain.whole, Whole::Partly);
    assert_eq!((chain.verified, chain.hash_matches), (4, 2));
    assert_eq!(judged.files[5].origin, Origin::HashMatches);
}

#[test]
fn without_a_key_nothing_is_verified() {
    let (held, logs) = set(3);
    let judged = judge(&saved(held), &logs, &|_, _, _| Signed::NoKey);
    let chain = &judged.chains[0];
    assert_eq!(chain.whole, Whole::Unknown);
    assert_eq!((chain.verified, chain.hash_matches), (0, 6));
    assert_eq!(chain.digests_without_key, 3);
}

#[test]
fn a_changed_log_file_is_named_and_a_removed_one_is_absent() {
    let (held, mut logs) = set(3);
    logs[0].content = sha(b"changed");
    let removed = logs.remove(3);
    let judged = judged(&saved(held), &logs);
    let chain = &judged.chains[0];
    assert_eq!(chain.whole, Whole::Failed);
    assert_eq!((chain.verified, chain.failed, chain.absent), (4, 1, 1));
    assert_eq!(chain.failures[0].why, Why::Changed);
    assert!(chain.failures[0].object.ends_with(&logs[0].name));
    assert!(chain.absent_files[0].ends_with(&removed.name));
    assert_eq!(judged.files[0].origin, Origin::Failed);
}

#[test]
fn a_log_file_that_no_digest_names_is_told_apart_by_its_time() {
    let (held, mut logs) = set(2);
    logs.push(log(2, 3));
    logs.push(log(9, 1));
    let judged = judged(&saved(held), &logs);
    assert_eq!(judged.files[4].origin, Origin::UnnamedInCoveredTime);
    assert_eq!(judged.files[5].origin, Origin::Unnamed);
}

#[test]
fn a_removed_digest_is_a_gap_and_the_one_before_it_loses_its_signature() {
    let (mut held, logs) = set(5);
    held.remove(2);
    let judged = judged(&saved(held), &logs);
    let chain = &judged.chains[0];
    assert_eq!(
        chain.gaps,
        [Gap {
            from_ms: T0 + 2 * HOUR,
            to_ms: T0 + 3 * HOUR,
            missing: Some(object(3)),
        }]
    );
    assert_eq!(standings(&judged)[1], Standing::Unsigned);
    assert!(!chain.newest_is_unsigned);
    assert_eq!(chain.whole, Whole::Partly);
    assert_eq!(
        judged.files[4].origin,
        Origin::Unnamed,
        "hour 3 has no digest"
    );
}

#[test]
fn validation_that_was_off_for_a_time_is_a_gap_without_a_missing_digest() {
    let (mut held, logs) = set(5);
    held.remove(2);
    held[2].digest.previous = None;
    let judged = judged(&held, &logs);
    assert_eq!(judged.chains[0].gaps[0].missing, None);
}

#[test]
fn a_set_that_begins_in_the_middle_says_so() {
    let (mut held, mut logs) = set(3);
    held.remove(0);
    logs.drain(..2);
    let judged = judged(&saved(held), &logs);
    let chain = &judged.chains[0];
    assert_eq!(chain.beginning, Beginning::PredecessorAbsent);
    assert_eq!((chain.whole, chain.gaps.len()), (Whole::Verified, 0));
}

#[test]
fn a_digest_that_was_exchanged_fails_and_takes_its_files_with_it() {
    let (mut held, logs) = set(4);
    held[1].content = sha(b"another digest");
    let judged = judged(&saved(held), &logs);
    assert_eq!(
        judged.digests[1],
        (Standing::Failed, Some(Why::OtherContent))
    );
    assert_eq!(judged.chains[0].whole, Whole::Failed);
    assert_eq!(judged.files[2].origin, Origin::HashMatches);
}

#[test]
fn a_forged_digest_makes_no_changed_file_look_right() {
    let (held, mut logs) = set(3);
    let mut held = saved(held);
    logs[0].content = sha(b"changed");
    let mut forged = held[0].clone();
    forged.digest.object = object(7);
    forged.name = base_name(&forged.digest.object).to_owned();
    forged.digest.files[0].hash = logs[0].content;
    forged.content = sha(b"forged");
    held.push(forged);
    let judged = judged(&held, &logs);
    assert_eq!(judged.digests[3].0, Standing::Unsigned);
    assert_eq!(judged.files[0].origin, Origin::Failed);
    assert_eq!(judged.chains[0].whole, Whole::Failed);
}

#[test]
fn digests_whose_files_were_swapped_fail() {
    let (mut held, logs) = set(4);
    let first = held[1].name.clone();
    held[1].name = std::mem::replace(&mut held[2].name, first);
    let judged = judged(&saved(held), &logs);
    assert_eq!(judged.digests[1], (Standing::Failed, Some(Why::Renamed)));
    assert_eq!(judged.digests[2], (Standing::Failed, Some(Why::Renamed)));
}

#[test]
fn a_signature_that_does_not_belong_to_the_content_fails() {
    let (held, logs) = set(2);
    let mut held = saved(held);
    held[1].signatures = vec![sign("something else")];
    let judged = judged(&held, &logs);
    assert_eq!(judged.digests[1], (Standing::Failed, Some(Why::Signature)));
    let late = judge(&held, &logs, &|_, _, _| Signed::NotThen);
    assert_eq!(late.digests[0].1, Some(Why::KeyNotValidThen));
}

#[test]
fn sidecars_and_keys_are_read_by_content() {
    let signature = "ab".repeat(256);
    let check = |raw: &str, expected: Option<Piece>| {
        assert_eq!(
            read(raw.as_bytes()).map(|read| read.expect("is read")),
            expected,
            "{raw}"
        );
        assert_eq!(may_be_piece(raw.as_bytes()), expected.is_some(), "{raw}");
    };
    check(
        &format!("{signature}\n"),
        Some(Piece::Signature(signature.clone())),
    );
    check(
        &format!(
            r#"{{"ContentLength": 7, "Metadata": {{"signature": "{signature}", "signature-algorithm": "SHA256withRSA"}}}}"#
        ),
        Some(Piece::Signature(signature.clone())),
    );
    check(
        r#"{"PublicKeyList":[{"Value":"QUJD","ValidityStartTime":1790812800.5,"ValidityEndTime":"2026-11-01T00:00:00+00:00","Fingerprint":"f"}]}"#,
        Some(Piece::Keys(vec![PublicKey {
            fingerprint: "f".into(),
            value: "QUJD".into(),
            from_ms: Some(T0 + 500),
            to_ms: Some(T0 + 31 * 24 * HOUR),
        }])),
    );
    check(r#"{"Records":[{"eventName":"x"}]}"#, None);
    check("deadbeef", None);
    assert_eq!(
        signed_name("d/1_CloudTrail-Digest_a_b_c_d.json.gz.metadata.json"),
        Some("1_CloudTrail-Digest_a_b_c_d.json")
    );
    assert_eq!(signed_name("keys.json"), None);
}

#[test]
fn a_digest_that_lacks_something_is_rejected_with_the_field() {
    let check = |change: fn(&mut Value), expected: &str| {
        let mut value = empty_digest();
        change(&mut value);
        let rejected = read(value.to_string().as_bytes()).unwrap().unwrap_err();
        assert!(rejected.detail.contains(expected), "{rejected:?}");
    };
    check(
        |v| v["digestSignatureAlgorithm"] = "SHA1withRSA".into(),
        "SHA256withRSA",
    );
    check(|v| v["digestEndTime"] = "soon".into(), "digestEndTime");
    check(
        |v| v["digestS3Object"] = "x.json.gz".into(),
        "digestS3Object",
    );
    check(
        |v| v["previousDigestS3Object"] = "x".into(),
        "previousDigest",
    );
    check(
        |v| {
            v["logFiles"] =
                json!([{"s3Bucket":"b","s3Object":"o","hashValue":"00","hashAlgorithm":"SHA-256"}]);
        },
        "logFiles.hashValue",
    );
}
