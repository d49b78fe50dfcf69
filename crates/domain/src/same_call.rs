//! When records of different sources that share no id are of the same call, and in what the
//! records of one call disagree.
//!
//! In: what records say. Out: the key under which candidates are found, the digest of a request's
//! text, the fields that are told differently. A wrong join is false assurance, so each rule here
//! would rather leave two records apart. Not here: finding candidates and keeping joins (the store).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::call::{Body, Call, Oddity, Status, Tokens};
use crate::exchange::{Exchange, Field};
use crate::parts;
use crate::price::base_model;

pub mod spans;

/// How far the times of two records of one call may lie apart, in milliseconds: some sources write
/// down when a request began, others when it was logged.
pub const WITHIN_MS: i64 = 60_000;
/// Candidates of one source beyond which none of them is looked into: they are not told apart.
pub const MANY: usize = 8;
/// Input and output tokens below which a record is joined by ids only: so short calls are too
/// alike. Cached tokens don't count, since not every source tells them.
pub const LEAST_TOKENS: u64 = 32;
/// Costs that differ by less than one in so many, or by ten micro-dollars, are rounded differently.
const COST_PART: i64 = 100;

/// A model without what only says where it is reached, and without its date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    pub family: String,
    /// `20250929`, where the id carries it.
    pub date: Option<String>,
}

impl Model {
    /// Reads a model id of any provider; of two ids the one that names a model of Claude.
    pub fn of(request: Option<&str>, response: Option<&str>) -> Option<Self> {
        let read = |id: &str| Some(Self::read(id)).filter(|model| !model.family.is_empty());
        let (request, response) = (request.and_then(read), response.and_then(read));
        let is_claude = |model: &Option<Self>| {
            model
                .as_ref()
                .is_some_and(|model| model.family.starts_with("claude"))
        };
        match is_claude(&response) && !is_claude(&request) {
            true => response,
            false => request.or(response),
        }
    }

    fn read(id: &str) -> Self {
        let id = base_model(id.trim()).to_ascii_lowercase();
        let id = id.strip_prefix("anthropic.").unwrap_or(&id);
        let (id, at) = match id.split_once('@') {
            Some((id, date)) => (id, Some(date)),
            None => (id, None),
        };
        let id = id.split(':').next().unwrap_or(id);
        let id = match id.rsplit_once("-v") {
            Some((rest, version)) if version.bytes().all(|b| b.is_ascii_digit()) => rest,
            _ => id,
        };
        let is_date = |text: &str| text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
        let (family, dated) = match id.rsplit_once('-') {
            Some((family, date)) if is_date(date) => (family, Some(date)),
            Some((family, "latest")) => (family, None),
            _ => (id, None),
        };
        Self {
            family: family.to_owned(),
            date: dated.or(at.filter(|date| is_date(date))).map(str::to_owned),
        }
    }
}

/// What records of one call have in common without an id: eight bytes of SHA-256 over model family,
/// input and output tokens. `None` where a record says too little to be found by it.
pub fn key(call: &Call) -> Option<i64> {
    key_of(
        call.started_at_ms,
        (
            call.request_model.as_deref(),
            call.response_model.as_deref(),
        ),
        &call.tokens,
    )
}

/// The same from single fields.
pub fn key_of(
    started_at_ms: Option<i64>,
    (request, response): (Option<&str>, Option<&str>),
    tokens: &Tokens,
) -> Option<i64> {
    let (Some(_), Some(input), Some(output)) = (started_at_ms, tokens.input, tokens.output) else {
        return None;
    };
    if output == 0 || input.saturating_add(output) < LEAST_TOKENS {
        return None;
    }
    let model = Model::of(request, response)?;
    Some(hashed(&[
        model.family.as_bytes(),
        &[0],
        &input.to_be_bytes(),
        &output.to_be_bytes(),
    ]))
}

fn hashed(parts: &[&[u8]]) -> i64 {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    let mut first = [0; 8];
    first.copy_from_slice(&hasher.finalize()[..8]);
    i64::from_be_bytes(first)
}

/// Whether no bucket of tokens that both tell differs. Writes to the cache are compared as a sum:
/// not every source tells for how long they last.
pub fn tokens_agree(one: &Tokens, other: &Tokens) -> bool {
    let agree = |one: Option<u64>, other: Option<u64>| match (one, other) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    agree(one.input, other.input)
        && agree(one.output, other.output)
        && agree(one.cache_read, other.cache_read)
        && agree(cache_writes(one), cache_writes(other))
}

fn cache_writes(tokens: &Tokens) -> Option<u64> {
    match (tokens.cache_write_5m, tokens.cache_write_1h) {
        (None, None) => None,
        (five, hour) => Some(five.unwrap_or(0).saturating_add(hour.unwrap_or(0))),
    }
}

/// A digest of what the user said in a request, white space aside; `None` where no text is kept.
///
/// System prompts and tools are left out: not every source keeps them. It is compared and thrown
/// away, since whoever has it could guess short texts.
pub fn text_digest(exchange: &Exchange) -> Option<[u8; 32]> {
    let mut hasher = Sha256::new();
    let mut has_text = false;
    for part in exchange.parts() {
        if part.field != Field::UserMessage {
            continue;
        }
        for word in part.text.split_whitespace() {
            has_text = true;
            hasher.update(word.as_bytes());
            hasher.update([b' ']);
        }
    }
    has_text.then(|| hasher.finalize().into())
}

/// What a record shows of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    Clear,
    /// With placeholders, or a note in its place.
    Masked,
}

impl Text {
    /// Of a record; `None` where it holds no text and says nothing of it.
    pub fn of(body: Body, is_masked: bool) -> Option<Self> {
        match (body, is_masked) {
            (_, true) => Some(Self::Masked),
            (Body::Present, false) => Some(Self::Clear),
            _ => None,
        }
    }
}

/// A field that records of one call may tell differently, in the bit order of the store.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Disagreement {
    /// Where it was sent, or where it ran.
    Region,
    Tokens,
    Cost,
    Status,
    /// One source holds the text in clear, another one masked.
    Redaction,
}

impl Disagreement {
    /// All, in bit order.
    pub const ALL: [Self; 5] = [
        Self::Region,
        Self::Tokens,
        Self::Cost,
        Self::Status,
        Self::Redaction,
    ];

    /// The name in JSON and queries.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Tokens => "tokens",
            Self::Cost => "cost",
            Self::Status => "status",
            Self::Redaction => "redaction",
        }
    }

    /// The bit that stands for it in the store.
    pub const fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

/// What one record says of a call; `R` is a region's name, or a number for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told<R> {
    pub requested_region: Option<R>,
    pub served_region: Option<R>,
    pub tokens: Tokens,
    /// As the source says, else by the price table; micro-dollars.
    pub cost_usd_micros: Option<i64>,
    /// `None` for a later part of a call that tells of no failure: whether the call failed, others tell.
    pub status: Option<Status>,
    pub http_status: Option<u16>,
    pub text: Option<Text>,
}

/// What a record says of how a call went.
pub fn status(status: Status, is_part: bool) -> Option<Status> {
    (status == Status::Error || !is_part).then_some(status)
}

impl<'a> Told<&'a str> {
    /// What a call says; `computed` is its cost by the price table.
    pub fn of(call: &'a Call, computed: Option<i64>) -> Self {
        Self {
            requested_region: call.requested_region.as_deref(),
            served_region: call.served_region.as_deref(),
            tokens: call.tokens,
            cost_usd_micros: call.reported_cost_usd_micros.or(computed),
            status: status(call.status, parts::is_part(call)),
            http_status: call.http_status,
            text: Text::of(call.body, call.oddities.contains(&Oddity::TextMasked)),
        }
    }
}

/// The fields in which records of one call differ, in order. What a record does not say is no
/// difference.
pub fn disagreements<R: PartialEq>(records: &[Told<R>]) -> BTreeSet<Disagreement> {
    let mut found = BTreeSet::new();
    for (index, one) in records.iter().enumerate() {
        for other in &records[index + 1..] {
            found.extend(
                Disagreement::ALL
                    .into_iter()
                    .filter(|field| differ(*field, one, other)),
            );
        }
    }
    found
}

fn differ<R: PartialEq>(field: Disagreement, one: &Told<R>, other: &Told<R>) -> bool {
    fn apart<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
        one.is_some() && other.is_some() && one != other
    }
    match field {
        Disagreement::Region => {
            apart(&one.requested_region, &other.requested_region)
                || apart(&one.served_region, &other.served_region)
        }
        Disagreement::Tokens => !tokens_agree(&one.tokens, &other.tokens),
        Disagreement::Cost => match (one.cost_usd_micros, other.cost_usd_micros) {
            (Some(one), Some(other)) => {
                let larger = one.saturating_abs().max(other.saturating_abs());
                one.saturating_sub(other).saturating_abs() > (larger / COST_PART).max(10)
            }
            _ => false,
        },
        Disagreement::Status => {
            apart(&one.status, &other.status) || apart(&one.http_status, &other.http_status)
        }
        Disagreement::Redaction => apart(&one.text, &other.text),
    }
}
