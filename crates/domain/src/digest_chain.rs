//! CloudTrail digest files: which log files AWS delivered in an hour, with their hashes, each
//! digest naming the one before it, all signed by AWS.
//!
//! In: the bytes of a digest file, of a signature that was saved beside it, of the answer of
//! `list-public-keys`. Out: values. Not here: judging them (`judging`), the RSA arithmetic
//! (`assay-evidence`), files.
//!
//! Source: docs.aws.amazon.com, awscloudtrail/latest/userguide,
//! cloudtrail-log-file-validation-digest-file-structure and cloudtrail-log-file-custom-validation;
//! `aws cloudtrail validate-logs` of the AWS CLI for backfill digests.

pub mod judging;

use chrono::DateTime;
use serde::Deserialize;
use serde_json::Value;

use crate::formats::{Reason, Rejected};

/// What an import calls a digest file.
pub const DIGEST: &str = "cloudtrail_digest";
/// What an import calls the signature of a digest file.
pub const SIGNATURE: &str = "cloudtrail_digest_signature";
/// What an import calls AWS's public keys.
pub const KEYS: &str = "cloudtrail_public_keys";

/// What a digest says of the digest before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Previous {
    pub bucket: String,
    pub object: String,
    /// SHA-256 of the uncompressed digest file.
    pub hash: [u8; 32],
    /// Hexadecimal, as it stands in the file: it is part of what is signed.
    pub signature: String,
}

/// A log file that a digest names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub bucket: String,
    pub object: String,
    /// SHA-256 of the uncompressed log file.
    pub hash: [u8; 32],
}

/// A digest file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    pub account: String,
    /// Whose events it covers.
    pub region: String,
    pub trail: String,
    /// Written later, for log files that the hour's own digest missed; a chain of its own.
    pub is_backfill: bool,
    pub start_ms: i64,
    pub end_ms: i64,
    /// As it stands in the file: it is part of what is signed.
    pub end: String,
    pub bucket: String,
    pub object: String,
    pub fingerprint: String,
    /// `None` in the first digest after validation was switched on.
    pub previous: Option<Previous>,
    pub files: Vec<Named>,
}

/// A public key of CloudTrail, as `list-public-keys` answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    pub fingerprint: String,
    /// PKCS#1 `RSAPublicKey` in DER, base64.
    pub value: String,
    pub from_ms: Option<i64>,
    pub to_ms: Option<i64>,
}

/// What a file of the digest machinery is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Digest(Box<Digest>),
    /// Hexadecimal.
    Signature(String),
    Keys(Vec<PublicKey>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawDigest {
    aws_account_id: String,
    digest_start_time: String,
    digest_end_time: String,
    #[serde(rename = "digestS3Bucket")]
    bucket: String,
    #[serde(rename = "digestS3Object")]
    object: String,
    digest_public_key_fingerprint: String,
    digest_signature_algorithm: String,
    #[serde(rename = "previousDigestS3Bucket")]
    previous_bucket: Option<String>,
    #[serde(rename = "previousDigestS3Object")]
    previous_object: Option<String>,
    previous_digest_hash_value: Option<String>,
    previous_digest_hash_algorithm: Option<String>,
    previous_digest_signature: Option<String>,
    log_files: Vec<RawNamed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawNamed {
    #[serde(rename = "s3Bucket")]
    bucket: String,
    #[serde(rename = "s3Object")]
    object: String,
    hash_value: String,
    hash_algorithm: String,
}

#[derive(Deserialize)]
struct RawKeys {
    #[serde(rename = "PublicKeyList")]
    list: Vec<RawKey>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RawKey {
    value: String,
    fingerprint: String,
    validity_start_time: Option<Value>,
    validity_end_time: Option<Value>,
}

/// Whether a file that begins with `window` may be a piece of the digest machinery, so that it is
/// worth reading whole. Records of logs are none.
pub fn may_be_piece(window: &[u8]) -> bool {
    let has = |text: &str| memchr::memmem::find(window, text.as_bytes()).is_some();
    match window.trim_ascii_start().first() {
        Some(b'{') => {
            (has("\"digestS3Object\"") && has("\"digestEndTime\""))
                || has("\"PublicKeyList\"")
                || (has("\"signature-algorithm\"") && has("\"Metadata\""))
        }
        _ => signature_text(window).is_some(),
    }
}

/// Reads a digest, a saved signature or the public keys; `None` where it is none of them.
///
/// # Errors
/// [`Rejected`] for one that lacks what it must have. No text of the file is in it.
pub fn read(raw: &[u8]) -> Option<Result<Piece, Rejected>> {
    if let Some(signature) = signature_text(raw) {
        return Some(Ok(Piece::Signature(signature)));
    }
    let value: Value = serde_json::from_slice(raw).ok()?;
    let fields = value.as_object()?;
    if fields.contains_key("digestS3Object") && fields.contains_key("digestEndTime") {
        return Some(digest(raw).map(|digest| Piece::Digest(Box::new(digest))));
    }
    if fields.contains_key("PublicKeyList") {
        return Some(keys(raw).map(Piece::Keys));
    }
    let metadata = fields.get("Metadata")?;
    if metadata.get("signature-algorithm")?.as_str() != Some("SHA256withRSA") {
        return Some(Err(Rejected::new(
            Reason::FieldType,
            "`signature-algorithm` is not SHA256withRSA",
        )));
    }
    let signature = metadata.get("signature")?.as_str()?;
    Some(
        signature_text(signature.as_bytes())
            .map(Piece::Signature)
            .ok_or_else(|| Rejected::new(Reason::FieldType, "`signature` is not hexadecimal")),
    )
}

/// A signature of RSA with 2,048 to 8,192 bits, in hexadecimal, and nothing else.
fn signature_text(raw: &[u8]) -> Option<String> {
    let text = raw.trim_ascii();
    let fits = (512..=2048).contains(&text.len()) && text.len().is_multiple_of(2);
    (fits && text.iter().all(u8::is_ascii_hexdigit))
        .then(|| String::from_utf8_lossy(text).into_owned())
}

fn digest(raw: &[u8]) -> Result<Digest, Rejected> {
    let raw: RawDigest = serde_json::from_slice(raw).map_err(|error| {
        Rejected::new(
            Reason::FieldType,
            format!("at line {}, column {}", error.line(), error.column()),
        )
    })?;
    if raw.digest_signature_algorithm != "SHA256withRSA" {
        return Err(Rejected::new(
            Reason::FieldType,
            "`digestSignatureAlgorithm` is not SHA256withRSA",
        ));
    }
    let (region, trail, is_backfill) = place(&raw.object).ok_or_else(|| {
        Rejected::new(
            Reason::FieldType,
            "`digestS3Object` is not the name of a digest file",
        )
    })?;
    let previous = match (
        raw.previous_bucket,
        raw.previous_object,
        raw.previous_digest_hash_value,
        raw.previous_digest_signature,
    ) {
        (None, None, None, None) => None,
        (Some(bucket), Some(object), Some(hash), Some(signature)) => Some(Previous {
            bucket,
            object,
            hash: hash_of(
                &hash,
                raw.previous_digest_hash_algorithm.as_deref(),
                "previousDigestHashValue",
            )?,
            signature,
        }),
        _ => {
            return Err(Rejected::new(
                Reason::FieldMissing,
                "some, not all, of `previousDigest…`",
            ));
        }
    };
    let files = raw
        .log_files
        .into_iter()
        .map(|file| {
            Ok(Named {
                hash: hash_of(
                    &file.hash_value,
                    Some(&file.hash_algorithm),
                    "logFiles.hashValue",
                )?,
                bucket: file.bucket,
                object: file.object,
            })
        })
        .collect::<Result<_, Rejected>>()?;
    Ok(Digest {
        region: region.to_owned(),
        trail: trail.to_owned(),
        is_backfill,
        account: raw.aws_account_id,
        start_ms: time(&raw.digest_start_time, "digestStartTime")?,
        end_ms: time(&raw.digest_end_time, "digestEndTime")?,
        end: raw.digest_end_time,
        bucket: raw.bucket,
        object: raw.object,
        fingerprint: raw.digest_public_key_fingerprint,
        previous,
        files,
    })
}

fn time(text: &str, field: &str) -> Result<i64, Rejected> {
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.timestamp_millis())
        .map_err(|_| Rejected::new(Reason::FieldType, format!("`{field}` is not a time")))
}

fn hash_of(hex: &str, algorithm: Option<&str>, field: &str) -> Result<[u8; 32], Rejected> {
    let wrong = || {
        Rejected::new(
            Reason::FieldType,
            format!("`{field}` is not a SHA-256 in hexadecimal"),
        )
    };
    if algorithm != Some("SHA-256") {
        return Err(wrong());
    }
    let mut hash = [0; 32];
    hex::decode_to_slice(hex, &mut hash).map_err(|_| wrong())?;
    Ok(hash)
}

fn keys(raw: &[u8]) -> Result<Vec<PublicKey>, Rejected> {
    let raw: RawKeys = serde_json::from_slice(raw).map_err(|error| {
        Rejected::new(
            Reason::FieldType,
            format!("at line {}, column {}", error.line(), error.column()),
        )
    })?;
    Ok(raw
        .list
        .into_iter()
        .map(|key| PublicKey {
            fingerprint: key.fingerprint,
            value: key.value,
            from_ms: key.validity_start_time.as_ref().and_then(validity),
            to_ms: key.validity_end_time.as_ref().and_then(validity),
        })
        .collect())
}

/// The AWS CLI writes a time as RFC 3339, or in its first version as seconds since 1970.
fn validity(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|at| at.timestamp_millis()),
        Value::Number(seconds) => seconds
            .as_f64()
            .filter(|seconds| (0.0..1e11).contains(seconds))
            .map(|seconds| (seconds * 1000.0) as i64),
        _ => None,
    }
}

/// What is behind the last slash.
pub fn base_name(object: &str) -> &str {
    object.rsplit(['/', '\\']).next().unwrap_or(object)
}

/// The name of a file without its folder and without what says how it is compressed: the same log
/// file is kept as `….json.gz` and as `….json`.
pub fn plain_name(object: &str) -> &str {
    let name = base_name(object);
    name.strip_suffix(".gz")
        .or_else(|| name.strip_suffix(".zst"))
        .unwrap_or(name)
}

/// The digest file that a saved signature belongs to: `<digest>.signature`,
/// `<digest>.metadata.json`.
pub fn signed_name(sidecar: &str) -> Option<&str> {
    let name = base_name(sidecar);
    name.strip_suffix(".signature")
        .or_else(|| name.strip_suffix(".metadata.json"))
        .map(plain_name)
}

/// Region, trail and whether it is a backfill, of the name of a digest file:
/// `<account>_CloudTrail-Digest_<region>_<trail>_<region of the trail>_<end>[_backfill].json.gz`.
/// The name of a trail may hold underscores, that of a region may not.
fn place(object: &str) -> Option<(&str, &str, bool)> {
    let name = plain_name(object).strip_suffix(".json")?;
    let (_, rest) = name.split_once("_CloudTrail-Digest_")?;
    let (rest, is_backfill) = match rest.strip_suffix("_backfill") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let (region, rest) = rest.split_once('_')?;
    let (rest, _end) = rest.rsplit_once('_')?;
    let (trail, _home) = rest.rsplit_once('_')?;
    Some((region, trail, is_backfill))
}

/// Account, region and time of delivery (UTC milliseconds) of the name of a log file:
/// `<account>_CloudTrail_<region>_<YYYYMMDDTHHmmZ>_<random>.json.gz`.
pub fn delivered(name: &str) -> Option<(&str, &str, i64)> {
    let (account, rest) = plain_name(name).split_once("_CloudTrail_")?;
    let (region, rest) = rest.split_once('_')?;
    let (stamp, _) = rest.split_once('_')?;
    let at = chrono::NaiveDateTime::parse_from_str(stamp, "%Y%m%dT%H%MZ").ok()?;
    Some((account, region, at.and_utc().timestamp_millis()))
}

/// What AWS signs of a digest whose uncompressed bytes have the SHA-256 `content`.
pub fn signed_text(digest: &Digest, content: &[u8; 32]) -> String {
    format!(
        "{}\n{}/{}\n{}\n{}",
        digest.end,
        digest.bucket,
        digest.object,
        hex::encode(content),
        digest
            .previous
            .as_ref()
            .map_or("null", |previous| previous.signature.as_str()),
    )
}
