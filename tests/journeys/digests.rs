//! CloudTrail digest chains: signed with a key made for the tests, verified offline, broken in
//! every way that somebody who wants to hide something would break them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rsa::KeyPair;
use ring::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Bench;

const KEY: &str = include_str!("../fixtures/digests/signing-key-made-for-tests.pk8.base64");
const FINGERPRINT: &str = "31e8b5433410dfb61a9dc45cc65b22ff";

fn gz(bytes: &[u8], level: u32) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(level));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn key() -> KeyPair {
    let der = STANDARD.decode(KEY.split_whitespace().collect::<String>());
    KeyPair::from_pkcs8(&der.unwrap()).unwrap()
}

/// The answer of `aws cloudtrail list-public-keys`.
fn keys() -> Value {
    json!({"PublicKeyList": [{
        "Value": STANDARD.encode(key().public_key().as_ref()),
        "ValidityStartTime": "2026-09-01T00:00:00+00:00",
        "ValidityEndTime": "2026-11-01T00:00:00+00:00",
        "Fingerprint": FINGERPRINT,
    }]})
}

fn log_name(hour: u32) -> String {
    format!("111122223333_CloudTrail_eu-west-1_20261001T{hour:02}10Z_Rand0m{hour:02}.json.gz")
}

fn log(hour: u32) -> String {
    json!({"Records": [{
        "eventVersion": "1.09", "eventTime": format!("2026-10-01T{hour:02}:05:00Z"),
        "eventSource": "bedrock.amazonaws.com", "eventName": "GetFoundationModel",
        "awsRegion": "eu-west-1", "eventID": format!("event-{hour}"), "readOnly": true,
        "userIdentity": {"arn": "arn:aws:iam::111122223333:user/example"},
    }]})
    .to_string()
}

fn digest_name(hour: u32) -> String {
    format!(
        "111122223333_CloudTrail-Digest_eu-west-1_audit_eu-west-1_20261001T{:02}0000Z.json.gz",
        hour + 1
    )
}

/// A folder as `aws s3 sync` writes it.
struct Copied {
    bench: Bench,
    hours: u32,
    /// Signature of the newest digest.
    newest: String,
}

impl Copied {
    /// Log files and digests of `hours` hours, with the keys beside them.
    fn of(hours: u32) -> Self {
        let bench = Bench::empty();
        let pair = key();
        let mut previous: Option<(String, String, String)> = None;
        for hour in 0..hours {
            let log = log(hour);
            bench.file(&log_path(hour), gz(log.as_bytes(), 6));
            let object = digest_path(hour);
            let end = format!("2026-10-01T{:02}:00:00Z", hour + 1);
            let part = |take: fn(&(String, String, String)) -> &String| previous.as_ref().map(take);
            let digest = json!({
                "awsAccountId": "111122223333",
                "digestStartTime": format!("2026-10-01T{hour:02}:00:00Z"),
                "digestEndTime": end,
                "digestS3Bucket": "trails",
                "digestS3Object": &object[4..],
                "digestPublicKeyFingerprint": FINGERPRINT,
                "digestSignatureAlgorithm": "SHA256withRSA",
                "newestEventTime": end, "oldestEventTime": end,
                "previousDigestS3Bucket": previous.as_ref().map(|_| "trails"),
                "previousDigestS3Object": part(|(object, _, _)| object),
                "previousDigestHashValue": part(|(_, hash, _)| hash),
                "previousDigestHashAlgorithm": previous.as_ref().map(|_| "SHA-256"),
                "previousDigestSignature": part(|(_, _, signature)| signature),
                "logFiles": [{
                    "s3Bucket": "trails", "s3Object": &log_path(hour)[4..],
                    "hashValue": hash(log.as_bytes()), "hashAlgorithm": "SHA-256",
                    "newestEventTime": end, "oldestEventTime": end,
                }],
            })
            .to_string();
            bench.file(&object, gz(digest.as_bytes(), 6));
            let text = format!(
                "{end}\ntrails/{}\n{}\n{}",
                &object[4..],
                hash(digest.as_bytes()),
                part(|(_, _, signature)| signature).map_or("null", String::as_str),
            );
            let mut signature = vec![0; pair.public().modulus_len()];
            let random = ring::rand::SystemRandom::new();
            pair.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature)
                .unwrap();
            let signature: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
            previous = Some((
                object[4..].to_owned(),
                hash(digest.as_bytes()),
                signature.clone(),
            ));
        }
        bench.file("set/keys.json", keys().to_string());
        Self {
            bench,
            hours,
            newest: previous
                .map(|(_, _, signature)| signature)
                .unwrap_or_default(),
        }
    }

    /// The newest signature beside its digest, as `aws s3api head-object` writes it.
    fn saved(self) -> Self {
        let beside = format!("{}.metadata.json", digest_path(self.hours - 1));
        let answer = json!({"ContentLength": 1, "Metadata": {"signature": self.newest, "signature-algorithm": "SHA256withRSA"}});
        self.bench.file(&beside, answer.to_string());
        self
    }

    /// Imports the folder and answers its one chain with the counts of files.
    fn judged(&self, code: i32) -> (Value, Value) {
        let set = self.bench.path("set");
        let summary = self.bench.json(&["import", set.to_str().unwrap()]);
        assert_eq!(summary["rejected"], 0, "{summary}");
        let report = self
            .bench
            .run(&["--json", "import", "digests"])
            .with_code(code)
            .json();
        (report["chains"][0].clone(), report["files"].clone())
    }
}

fn log_path(hour: u32) -> String {
    format!(
        "set/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/10/01/{}",
        log_name(hour)
    )
}

fn digest_path(hour: u32) -> String {
    format!(
        "set/AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/10/01/{}",
        digest_name(hour)
    )
}

#[test]
fn a_whole_copy_is_verified_and_says_so_of_every_file() {
    let copied = Copied::of(4).saved();
    let (chain, files) = copied.judged(0);
    assert_eq!(chain["verdict"], "verified", "{chain}");
    assert_eq!(chain["digests_verified"], 4);
    assert_eq!(
        (&files["total"], &files["verified"]),
        (&json!(4), &json!(4))
    );
    let batches = copied.bench.json(&["import", "batches"]);
    let logs: Vec<&Value> = batches
        .as_array()
        .unwrap()
        .iter()
        .filter(|batch| batch["format"] == "cloudtrail")
        .collect();
    assert_eq!(logs.len(), 4);
    for log in logs {
        assert_eq!(log["origin"]["verdict"], "verified", "{log}");
    }
    let judged = copied
        .bench
        .json(&["trail", "activities", "action:digests.verify"]);
    assert_eq!(judged["total"], 1, "{judged}");
    copied.judged(0);
    let again = copied
        .bench
        .json(&["trail", "activities", "action:digests.verify"]);
    assert_eq!(again["total"], 1, "nothing changed, so nothing is noted");
}

#[test]
fn the_newest_digest_of_a_plain_copy_is_not_signed_on_disk() {
    let (chain, files) = Copied::of(3).judged(0);
    assert_eq!(chain["verdict"], "partly", "{chain}");
    assert_eq!(
        (&files["verified"], &files["hash_matches"]),
        (&json!(2), &json!(1))
    );
    assert!(
        chain["says"].to_string().contains("not signed on disk"),
        "{chain}"
    );
}

#[test]
fn keys_can_come_later_and_without_them_nothing_is_verified() {
    let copied = Copied::of(3).saved();
    std::fs::remove_file(copied.bench.path("set/keys.json")).unwrap();
    let (chain, files) = copied.judged(0);
    assert_eq!(chain["verdict"], "unknown", "{chain}");
    assert_eq!(files["verified"], 0);
    let path = copied.bench.file("keys.json", keys().to_string());
    let report = copied.bench.json(&["import", "digests", "--keys", &path]);
    assert_eq!(report["chains"][0]["verdict"], "verified", "{report}");
    assert_eq!(report["keys"][0]["source"], path);
    let refused = copied.bench.run(&[
        "import",
        "digests",
        "--keys",
        &copied.bench.file("x.json", "{}"),
    ]);
    refused.error("bad_input", "no public keys");
}

#[test]
fn a_key_that_did_not_sign_fails_every_digest() {
    let copied = Copied::of(3).saved();
    // One bit of the modulus: still a key, of the same fingerprint.
    let mut other = key().public_key().as_ref().to_vec();
    other[40] ^= 1;
    let mut answer = keys();
    answer["PublicKeyList"][0]["Value"] = STANDARD.encode(other).into();
    copied.bench.file("set/keys.json", answer.to_string());
    let (chain, files) = copied.judged(1);
    assert_eq!(chain["digests_failed"], 3, "{chain}");
    assert_eq!(files["verified"], 0);
}

#[test]
fn a_key_of_another_time_verifies_nothing() {
    let copied = Copied::of(2).saved();
    let mut answer = keys();
    answer["PublicKeyList"][0]["ValidityEndTime"] = "2026-09-02T00:00:00+00:00".into();
    copied.bench.file("set/keys.json", answer.to_string());
    let (chain, _) = copied.judged(1);
    assert_eq!(chain["failures"][0]["why"], "key_not_valid_then", "{chain}");
}

#[test]
fn a_changed_record_is_found_however_the_file_is_packed() {
    let copied = Copied::of(3).saved();
    let changed = log(1).replace("user/example", "user/sampleX");
    copied.bench.file(&log_path(1), gz(changed.as_bytes(), 6));
    // The same bytes, packed anew and not at all.
    copied.bench.file(&log_path(0), gz(log(0).as_bytes(), 1));
    std::fs::remove_file(copied.bench.path(log_path(2))).unwrap();
    copied
        .bench
        .file(log_path(2).trim_end_matches(".gz"), log(2));
    let (chain, files) = copied.judged(1);
    assert_eq!(chain["verdict"], "failed");
    assert_eq!(
        (&files["verified"], &files["failed"]),
        (&json!(2), &json!(1)),
        "{files}"
    );
    let failure = &chain["failures"][0];
    assert_eq!(failure["why"], "changed");
    assert!(
        failure["object"].as_str().unwrap().ends_with(&log_name(1)),
        "{failure}"
    );
}

#[test]
fn removed_files_are_absent_and_added_ones_are_named_by_no_digest() {
    let copied = Copied::of(4).saved();
    std::fs::remove_file(copied.bench.path(log_path(1))).unwrap();
    let added = log_path(2).replace("Rand0m", "Forged");
    copied.bench.file(&added, gz(log(9).as_bytes(), 6));
    let (chain, files) = copied.judged(0);
    assert_eq!(chain["verdict"], "partly", "{chain}");
    assert_eq!(chain["absent"], 1);
    assert_eq!(files["unnamed_in_covered_time"], 1, "{files}");
}

#[test]
fn a_removed_digest_is_a_gap_with_its_hours() {
    let copied = Copied::of(5).saved();
    std::fs::remove_file(copied.bench.path(digest_path(2))).unwrap();
    let (chain, files) = copied.judged(0);
    let gap = &chain["gaps"][0];
    assert_eq!(gap["from"], "2026-10-01T02:00:00.000Z", "{chain}");
    assert_eq!(gap["to"], "2026-10-01T03:00:00.000Z");
    assert!(
        gap["missing"].as_str().unwrap().ends_with(&digest_name(2)),
        "{gap}"
    );
    assert_eq!(
        (
            &files["verified"],
            &files["hash_matches"],
            &files["unnamed"]
        ),
        (&json!(3), &json!(1), &json!(1)),
        "the hour before has lost its signature, the hour itself its digest"
    );
}

#[test]
fn a_digest_in_the_place_of_another_fails() {
    let copied = Copied::of(4).saved();
    let (one, two) = (
        copied.bench.path(digest_path(1)),
        copied.bench.path(digest_path(2)),
    );
    let (first, second) = (std::fs::read(&one).unwrap(), std::fs::read(&two).unwrap());
    std::fs::write(&one, second).unwrap();
    std::fs::write(&two, first).unwrap();
    let (chain, _) = copied.judged(1);
    assert_eq!(chain["digests_failed"], 2, "{chain}");
    assert_eq!(chain["failures"][0]["why"], "renamed");
}

#[test]
fn a_changed_digest_fails_although_it_names_the_changed_file() {
    let copied = Copied::of(3).saved();
    let changed = log(1).replace("user/example", "user/sampleX");
    copied.bench.file(&log_path(1), gz(changed.as_bytes(), 6));
    let path = copied.bench.path(digest_path(1));
    let mut text = String::new();
    std::io::Read::read_to_string(
        &mut flate2::read::GzDecoder::new(std::fs::File::open(&path).unwrap()),
        &mut text,
    )
    .unwrap();
    let forged = text.replace(&hash(log(1).as_bytes()), &hash(changed.as_bytes()));
    std::fs::write(&path, gz(forged.as_bytes(), 6)).unwrap();
    let (chain, files) = copied.judged(1);
    assert_eq!(chain["failures"][0]["why"], "other_content", "{chain}");
    assert_eq!(files["verified"], 2);
}

#[test]
fn without_digests_it_is_unknown_in_the_report_and_never_verified() {
    let bench = Bench::empty();
    bench.file(&log_path(0), gz(log(0).as_bytes(), 6));
    let batch = &bench.json(&["import", bench.path("set").to_str().unwrap()])["batches"][0];
    assert_eq!(batch["origin"]["verdict"], "unknown", "{batch}");
    let report = bench.json(&["import", "digests"]);
    assert_eq!(report["files"]["unknown"], 1, "{report}");
    let out = bench.path("report.json");
    bench
        .run(&[
            "report",
            "render",
            "monthly",
            "--format",
            "json",
            "--out",
            out.to_str().unwrap(),
        ])
        .with_code(0);
    let report: Value = serde_json::from_slice(&std::fs::read(out).unwrap()).unwrap();
    let sources = &report["sources"];
    assert_eq!(
        (&sources["files"], &sources["verified"], &sources["unknown"]),
        (&json!(1), &json!(0), &json!(1)),
        "{sources}"
    );
}

#[test]
fn a_digest_that_lacks_a_field_is_a_rejected_line() {
    let bench = Bench::empty();
    let path = bench.file(
        "broken.json",
        json!({"digestS3Object": "x", "digestEndTime": "2026-10-01T00:00:00Z"}).to_string(),
    );
    let summary = bench.json(&["import", &path]);
    assert_eq!(summary["rejected"], 1, "{summary}");
    let lines = bench.json(&["import", "rejected"]);
    assert_eq!(lines[0]["reason"], "field_type", "{lines}");
}
