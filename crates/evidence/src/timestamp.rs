//! Time stamps of a checkpoint: what a time-stamping authority is asked, and what it answered, by
//! RFC 3161.
//!
//! In: the bytes of a checkpoint and a nonce; later the answer. Out: the question; the time and the
//! name of the authority, once the answer is to this question. Whether to trust the signature in
//! the answer is not decided here: `openssl ts -verify` does that. Not here: sending.

use sha2::{Digest, Sha256};

use crate::der::{
    BOOLEAN, CONTEXT_0, INTEGER, NotDer, OCTETS, OID, PRINTABLE, Reader, SEQUENCE, SET, TIME, UTF8,
    element,
};

/// 2.16.840.1.101.3.4.2.1
const SHA_256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
/// 1.2.840.113549.1.7.2
const SIGNED_CONTENT: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
/// 1.2.840.113549.1.9.16.1.4
const TIME_STAMP: &[u8] = &[
    0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x01, 0x04,
];
/// 2.5.4.3
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// Characters of an authority's name that are kept.
const NAME: usize = 200;

/// A question to an authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    imprint: [u8; 32],
    nonce: [u8; 8],
}

/// What an authority states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeStamp {
    /// UTC milliseconds.
    pub at_ms: i64,
    /// As the authority calls itself, where the answer says so.
    pub authority: Option<String>,
    /// Hexadecimal.
    pub serial: String,
}

/// Why an answer is no time stamp of what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeStampError {
    #[error("the answer is not a time stamp in DER (RFC 3161)")]
    Form,
    #[error("the authority refused, status {0}")]
    Refused(u64),
    #[error("the time stamp is of something else")]
    Imprint,
    #[error("the time stamp answers another question")]
    Nonce,
}

impl From<NotDer> for TimeStampError {
    fn from(_: NotDer) -> Self {
        Self::Form
    }
}

impl Query {
    /// The question when `data` existed. `random` must not be used twice.
    pub fn new(data: &[u8], random: [u8; 8]) -> Self {
        let mut nonce = random;
        // A positive number of exactly eight bytes has one form.
        nonce[0] = (nonce[0] & 0x3F) | 0x40;
        Self {
            imprint: Sha256::digest(data).into(),
            nonce,
        }
    }

    /// The question in DER. Of the data only the SHA-256 is in it.
    pub fn to_der(&self) -> Vec<u8> {
        let algorithm = element(SEQUENCE, &[&element(OID, &[SHA_256]), &[0x05, 0x00]]);
        let imprint = element(SEQUENCE, &[&algorithm, &element(OCTETS, &[&self.imprint])]);
        element(
            SEQUENCE,
            &[
                &element(INTEGER, &[&[1]]),
                &imprint,
                &element(INTEGER, &[&self.nonce]),
                // The certificate belongs into the answer, or nobody can check it later.
                &element(BOOLEAN, &[&[0xFF]]),
            ],
        )
    }

    /// Reads the answer to this question.
    ///
    /// # Errors
    /// [`TimeStampError`].
    pub fn read(&self, answer: &[u8]) -> Result<TimeStamp, TimeStampError> {
        let stated = statement(answer)?;
        if stated.imprint != self.imprint {
            return Err(TimeStampError::Imprint);
        }
        if stated.nonce != Some(&self.nonce) {
            return Err(TimeStampError::Nonce);
        }
        Ok(stated.stamp)
    }
}

/// Reads an answer that was kept, as a time stamp of `data`.
///
/// # Errors
/// [`TimeStampError`].
pub fn read_kept(answer: &[u8], data: &[u8]) -> Result<TimeStamp, TimeStampError> {
    let stated = statement(answer)?;
    let imprint: [u8; 32] = Sha256::digest(data).into();
    if stated.imprint != imprint {
        return Err(TimeStampError::Imprint);
    }
    Ok(stated.stamp)
}

struct Stated<'a> {
    imprint: &'a [u8],
    nonce: Option<&'a [u8]>,
    stamp: TimeStamp,
}

/// `TimeStampResp` down to `TSTInfo`.
fn statement(answer: &[u8]) -> Result<Stated<'_>, TimeStampError> {
    let mut whole = Reader::new(answer);
    let mut response = whole.inside(SEQUENCE)?;
    whole.end()?;
    let mut status = response.inside(SEQUENCE)?;
    let code = number(status.take(INTEGER)?)?;
    // granted, grantedWithMods
    if code > 1 {
        return Err(TimeStampError::Refused(code));
    }
    let mut token = response.inside(SEQUENCE)?;
    response.end()?;
    if token.take(OID)? != SIGNED_CONTENT {
        return Err(TimeStampError::Form);
    }
    let mut signed = token.inside(CONTEXT_0)?.inside(SEQUENCE)?;
    signed.take(INTEGER)?;
    signed.take(SET)?;
    let mut content = signed.inside(SEQUENCE)?;
    if content.take(OID)? != TIME_STAMP {
        return Err(TimeStampError::Form);
    }
    let mut octets = content.inside(CONTEXT_0)?;
    stamp(octets.take(OCTETS)?)
}

fn stamp(bytes: &[u8]) -> Result<Stated<'_>, TimeStampError> {
    let mut whole = Reader::new(bytes);
    let mut stated = whole.inside(SEQUENCE)?;
    whole.end()?;
    if number(stated.take(INTEGER)?)? != 1 {
        return Err(TimeStampError::Form);
    }
    stated.take(OID)?;
    let mut imprint = stated.inside(SEQUENCE)?;
    if imprint.inside(SEQUENCE)?.take(OID)? != SHA_256 {
        return Err(TimeStampError::Imprint);
    }
    let imprint = imprint.take(OCTETS)?;
    let serial = hex::encode(stated.take(INTEGER)?);
    let at_ms = time(stated.take(TIME)?)?;
    // Accuracy, and whether time stamps of this authority are in order.
    stated.maybe(SEQUENCE)?;
    stated.maybe(BOOLEAN)?;
    let nonce = stated.maybe(INTEGER)?;
    let authority = match stated.maybe(CONTEXT_0)? {
        Some(name) => directory_name(name),
        None => None,
    };
    Ok(Stated {
        imprint,
        nonce,
        stamp: TimeStamp {
            at_ms,
            authority,
            serial,
        },
    })
}

fn number(bytes: &[u8]) -> Result<u64, NotDer> {
    match bytes {
        [] => Err(NotDer),
        [first, ..] if *first >= 0x80 || bytes.len() > 8 => Err(NotDer),
        bytes => Ok(bytes
            .iter()
            .fold(0, |number, byte| (number << 8) | u64::from(*byte))),
    }
}

/// The last common name of a `GeneralName` that is a directory name.
fn directory_name(general: &[u8]) -> Option<String> {
    // directoryName [4] EXPLICIT Name
    let mut name = Reader::new(general)
        .inside(0xA4)
        .ok()?
        .inside(SEQUENCE)
        .ok()?;
    let mut found = None;
    while !name.is_empty() {
        let mut set = name.inside(SET).ok()?;
        while !set.is_empty() {
            let mut attribute = set.inside(SEQUENCE).ok()?;
            let kind = attribute.take(OID).ok()?;
            let (tag, text) = attribute.any().ok()?;
            if kind == COMMON_NAME && matches!(tag, UTF8 | PRINTABLE) {
                found = std::str::from_utf8(text).ok();
            }
        }
    }
    found.map(|text| {
        text.chars()
            .filter(|c| !c.is_control())
            .take(NAME)
            .collect()
    })
}

/// `YYYYMMDDHHMMSS[.fraction]Z`, UTC milliseconds.
fn time(bytes: &[u8]) -> Result<i64, NotDer> {
    let text = std::str::from_utf8(bytes).map_err(|_| NotDer)?;
    let text = text.strip_suffix('Z').ok_or(NotDer)?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 14 || !digits(whole) || fraction.is_empty() || !digits(fraction) {
        return Err(NotDer);
    }
    let part = |from: usize, to: usize| whole[from..to].parse::<i64>().map_err(|_| NotDer);
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
    let is_date = (1..=12).contains(&month) && (1..=31).contains(&day);
    if !is_date || hour > 23 || minute > 59 || second > 60 {
        return Err(NotDer);
    }
    let millis: i64 = format!("{fraction:0<3}")[..3].parse().map_err(|_| NotDer)?;
    // Days of the civil calendar since 1970, counted from March.
    let (year, month) = match month {
        3.. => (year, month - 3),
        _ => (year - 1, month + 9),
    };
    let days =
        year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468;
    Ok((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An answer without a signature, which is not looked at here.
    fn answer(query: &Query, change: impl Fn(&mut Vec<Vec<u8>>)) -> Vec<u8> {
        let algorithm = element(SEQUENCE, &[&element(OID, &[SHA_256])]);
        let name = element(
            SEQUENCE,
            &[&element(
                SET,
                &[&element(
                    SEQUENCE,
                    &[
                        &element(OID, &[COMMON_NAME]),
                        &element(UTF8, &[b"Test TSA"]),
                    ],
                )],
            )],
        );
        let mut parts = vec![
            element(INTEGER, &[&[1]]),
            element(OID, &[&[0x2A, 0x03]]),
            element(SEQUENCE, &[&algorithm, &element(OCTETS, &[&query.imprint])]),
            element(INTEGER, &[&[0x01, 0x02]]),
            element(TIME, &[b"20261123210000.25Z"]),
            element(INTEGER, &[&query.nonce]),
            element(CONTEXT_0, &[&element(0xA4, &[&name])]),
        ];
        change(&mut parts);
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        let info = element(SEQUENCE, &parts);
        let content = element(
            SEQUENCE,
            &[
                &element(OID, &[TIME_STAMP]),
                &element(CONTEXT_0, &[&element(OCTETS, &[&info])]),
            ],
        );
        let signed = element(
            SEQUENCE,
            &[
                &element(INTEGER, &[&[3]]),
                &element(SET, &[]),
                &content,
                &element(SET, &[]),
            ],
        );
        let token = element(
            SEQUENCE,
            &[
                &element(OID, &[SIGNED_CONTENT]),
                &element(CONTEXT_0, &[&signed]),
            ],
        );
        let status = element(SEQUENCE, &[&element(INTEGER, &[&[0]])]);
        element(SEQUENCE, &[&status, &token])
    }

    fn query() -> Query {
        Query::new(b"checkpoint\n", [0xFF, 1, 2, 3, 4, 5, 6, 7])
    }

    #[test]
    fn an_answer_is_read_where_it_is_to_the_question() {
        let good = answer(&query(), |_| {});
        assert_eq!(
            query().read(&good),
            Ok(TimeStamp {
                at_ms: 1_795_467_600_250,
                authority: Some("Test TSA".into()),
                serial: "0102".into(),
            })
        );
        assert!(read_kept(&good, b"checkpoint\n").is_ok());
        assert_eq!(
            read_kept(&good, b"checkpoint\nx"),
            Err(TimeStampError::Imprint)
        );
        let check = |bytes: &[u8], error: TimeStampError| {
            assert_eq!(query().read(bytes), Err(error));
        };
        let other = Query::new(b"checkpoint\n", [9; 8]);
        check(&answer(&other, |_| {}), TimeStampError::Nonce);
        let mut other = query();
        other.imprint[5] ^= 1;
        check(&answer(&other, |_| {}), TimeStampError::Imprint);
        check(
            &answer(&query(), |parts| drop(parts.remove(5))),
            TimeStampError::Nonce,
        );
        check(
            &answer(&query(), |parts| {
                parts[4] = element(TIME, &[b"20261323210000Z"])
            }),
            TimeStampError::Form,
        );
        let refused = element(
            SEQUENCE,
            &[&element(SEQUENCE, &[&element(INTEGER, &[&[2]])])],
        );
        check(&refused, TimeStampError::Refused(2));
        let mut longer = good.clone();
        longer.push(0);
        check(&longer, TimeStampError::Form);
    }

    #[test]
    fn no_cut_answer_is_read_and_none_panics() {
        let good = answer(&query(), |_| {});
        for end in 0..good.len() {
            assert!(query().read(&good[..end]).is_err(), "{end}");
        }
        for index in 0..good.len() {
            for bit in 0..8 {
                let mut changed = good.clone();
                changed[index] ^= 1 << bit;
                let _ = query().read(&changed);
            }
        }
    }

    #[test]
    fn times_are_of_the_civil_calendar() {
        for (text, ms) in [
            ("19700101000000Z", 0),
            ("20000229120000Z", 951_825_600_000),
            ("20240301000000.5Z", 1_709_251_200_500),
            ("20261123210000Z", 1_795_467_600_000),
        ] {
            assert_eq!(time(text.as_bytes()), Ok(ms), "{text}");
        }
        for text in [
            "20261123210000",
            "2026112321000Z",
            "20261123210000.Z",
            "2026112321é00Z",
        ] {
            assert_eq!(time(text.as_bytes()), Err(NotDer), "{text}");
        }
    }
}
