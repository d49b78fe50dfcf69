//! Cassettes: HTTP exchanges as VCR for Ruby, vcrpy and Betamax record them for tests, in JSON.
//!
//! Not here: cassettes in YAML, whose records could not be shown as they stand in the file; reading an exchange
//! (`recorded`).
//!
//! Sources: kevin1024/vcrpy 9.4 (`serializers`, `serialize.py`); vcr/vcr 6 (`structs.rb`); betamaxpy/betamax 0.9
//! (`cassette/interaction.py`, `util.py`).

use std::io::Read;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, NaiveDateTime};
use flate2::read::MultiGzDecoder;
use serde_json::Value;

use crate::call::Oddity;
use crate::exchange::Exchange;
use crate::formats::recorded::{Bytes, Headers, Recorded, is_event_stream};
use crate::formats::row::Row;
use crate::formats::{Context, Reason, Record, Rejected};
use crate::moment::{self, WithoutZone};

/// How many bytes an answer may unpack to: no more than a record may have.
const MAX_UNPACKED: usize = 32 << 20;

/// Whether a record with this `request` and `response`, as JSON, is an exchange of a cassette.
pub(super) fn is_exchange([request, response]: [&str; 2]) -> bool {
    request.contains("\"uri\"") && request.contains("\"method\"") && response.contains("\"status\"")
}

/// Reads an exchange.
///
/// # Errors
/// [`Rejected`]; [`Reason::NoCall`] for what asks no model.
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let row = Row::read(text)?;
    let Some((recorded, asked)) = recorded(&row) else {
        return Err(Rejected::new(Reason::FieldMissing, "`request.uri`"));
    };
    let mut call = recorded.call()?;
    let told = [asked.get("x-amz-date"), recorded.headers.get("date")];
    let at = row.text("recorded_at");
    let mut told = told.into_iter().flatten().chain(at.as_deref()).peekable();
    let odd_without = match told.peek() {
        Some(_) => Oddity::TimeUnreadable,
        None => Oddity::TimeMissing,
    };
    match told.find_map(|text| time(text, context.now_ms)) {
        Some(Ok(ms)) => call.started_at_ms = Some(ms),
        Some(Err(odd)) => call.oddities.push(odd),
        None => call.oddities.push(odd_without),
    }
    let took = recorded.headers.count("x-amzn-bedrock-invocation-latency");
    call.latency_ms = took.and_then(|ms| i64::try_from(ms).ok());
    Ok(Record::Call(Box::new(call)))
}

/// The request and response of an exchange, in Messages form.
pub fn exchange(text: &str) -> Exchange {
    let row = Row::read(text).ok();
    row.and_then(|row| recorded(&row))
        .map(|(recorded, _)| recorded.exchange())
        .unwrap_or_default()
}

/// A time as HTTP writes it, as a signature of AWS does, or as Betamax does.
fn time(text: &str, now_ms: i64) -> Option<Result<i64, Oddity>> {
    let of_http = || DateTime::parse_from_rfc2822(text).ok();
    let of_aws = || NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").ok();
    let ms = of_http().map(|time| time.timestamp_millis());
    let ms = ms.or_else(|| of_aws().map(|time| time.and_utc().timestamp_millis()));
    let ms = ms.or_else(|| moment::read(text, WithoutZone::IsUtc, now_ms).0)?;
    Some(moment::in_range(ms, now_ms))
}

/// An exchange and the headers of its request; `None` where it has no address.
fn recorded(row: &Row) -> Option<(Recorded, Headers)> {
    let headers = |side: &str| {
        let mut headers = Headers::default();
        let listed = row.at(&[side, "headers"]).and_then(Value::as_object);
        for (name, value) in listed.into_iter().flatten() {
            // The values of a name are mostly a list.
            let value = value.get(0).unwrap_or(value);
            headers.take(name, value.as_str());
        }
        headers
    };
    let (asked, answered) = (headers("request"), headers("response"));
    let status = row.at(&["response", "status"]);
    let request = match bytes(row.at(&["request", "body"]), false) {
        Bytes::Kept(bytes) => String::from_utf8(bytes).ok(),
        Bytes::Unreadable | Bytes::None => None,
    };
    let mime = answered.get("content-type").map(str::to_owned);
    let method = row.text_at(&["request", "method"]).unwrap_or_default();
    let recorded = Recorded {
        url: row.text_at(&["request", "uri"])?,
        is_post: method.eq_ignore_ascii_case("POST"),
        status: status.and_then(|status| status.get("code").unwrap_or(status).as_u64()),
        answer: bytes(
            row.at(&["response", "body"]),
            is_event_stream(mime.as_deref()),
        ),
        headers: answered,
        request,
        mime,
    };
    Some((recorded, asked))
}

/// The bytes of a body: a text, or an object with a text or with base64 in one of the ways that recorders have.
fn bytes(body: Option<&Value>, is_stream: bool) -> Bytes {
    let Some(body) = body else {
        return Bytes::None;
    };
    let within = |key: &str| body.get(key).and_then(Value::as_str);
    let encoded = within("base64_string").or_else(|| body.pointer("/string/base64")?.as_str());
    let plain = body.as_str().or_else(|| within("string"));
    let bytes = match (encoded, plain) {
        (Some(encoded), _) => STANDARD.decode(encoded.trim()).ok(),
        // What is no text is in base64 without a word, or each byte as the character of its number.
        (None, Some(text)) if is_stream => STANDARD
            .decode(text.trim())
            .ok()
            .or_else(|| text.chars().map(|c| u8::try_from(c).ok()).collect()),
        (None, Some("")) | (None, None) => return Bytes::None,
        (None, Some(text)) => Some(text.as_bytes().to_vec()),
    };
    bytes
        .and_then(unpacked)
        .map_or(Bytes::Unreadable, Bytes::Kept)
}

/// What gzip packed; other bytes as they are.
fn unpacked(bytes: Vec<u8>) -> Option<Vec<u8>> {
    if !bytes.starts_with(&[0x1F, 0x8B]) {
        return Some(bytes);
    }
    let mut unpacked = Vec::new();
    let mut reader = MultiGzDecoder::new(bytes.as_slice()).take(MAX_UNPACKED as u64 + 1);
    reader.read_to_end(&mut unpacked).ok()?;
    (unpacked.len() <= MAX_UNPACKED).then_some(unpacked)
}
