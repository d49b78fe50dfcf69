//! What a call costs by the dated price table, in whole micro-dollars.
//!
//! In: kind, model id, where it was sent, tokens. Out: an amount, or `None` where the model or a
//! needed token count is not known; never 0 for "unknown". The table is `data/models.csv`, list
//! prices before any discount. Not here: what a source says a call cost.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::call::{Call, Feature, Kind, Tokens};
use crate::place::profile_scope;

/// When the prices were read from the vendors' pages; a date.
pub const AS_OF: &str = "2026-08-22";

/// Prices of a model, in nano-dollars per token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    pub input: u64,
    pub output: u64,
    pub cache_write_5m: Option<u64>,
    pub cache_write_1h: Option<u64>,
    pub cache_read: Option<u64>,
    pub batch_input: Option<u64>,
    pub batch_output: Option<u64>,
    /// Tokens of input, cache included, up to which the prices hold.
    pub context_window: u64,
    /// `Active`, `Retired` … as the vendor says.
    pub status: &'static str,
    pub name: &'static str,
    pub source: &'static str,
}

type Key = (&'static str, &'static str, bool);

static PRICES: LazyLock<BTreeMap<Key, Price>> = LazyLock::new(|| {
    let mut prices = BTreeMap::new();
    for line in include_str!("../data/models.csv").lines().skip(1) {
        let cells: Vec<&'static str> = line.split(',').collect();
        let [
            backend,
            id,
            premium,
            input,
            output,
            write_5m,
            write_1h,
            read,
            batch_in,
            batch_out,
            window,
            status,
            _,
            name,
            source,
        ] = cells[..]
        else {
            continue;
        };
        let (Some(input), Some(output), Ok(context_window)) =
            (nano(input), nano(output), window.parse())
        else {
            continue;
        };
        let price = Price {
            input,
            output,
            cache_write_5m: nano(write_5m),
            cache_write_1h: nano(write_1h),
            cache_read: nano(read),
            batch_input: nano(batch_in),
            batch_output: nano(batch_out),
            context_window,
            status,
            name,
            source,
        };
        prices.insert((backend, id, premium == "1"), price);
    }
    prices
});

/// Dollars per million tokens, as the table writes them, in nano-dollars per token.
fn nano(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 3 {
        return None;
    }
    let part: u64 = format!("{part:0<3}").parse().ok()?;
    Some(whole.parse::<u64>().ok()? * 1_000 + part)
}

/// The model id without what only says where it is reached: ARN, profile prefix, endpoint path.
pub fn base_model(model: &str) -> &str {
    let id = model.rsplit_once('/').map_or(model, |(_, id)| id);
    match profile_scope(id) {
        Some(scope) => &id[scope.len() + 1..],
        None => id,
    }
}

/// The price that applies to a model of this kind, sent to `region`.
///
/// A private endpoint has no list price, and what Claude Enterprise pays is by its contract. The premium of geographic and regional endpoints applies
/// to the models for which the table has one.
pub fn price(kind: Kind, model: &str, region: Option<&str>) -> Option<Price> {
    let backend = match kind {
        Kind::Private | Kind::ClaudeEnterprise => return None,
        other => other.name(),
    };
    let id = base_model(model);
    let premium = match kind {
        Kind::ClaudeApi => region == Some("us"),
        Kind::Bedrock => profile_scope(model) != Some("global"),
        _ => region.is_some_and(|region| region != "global"),
    };
    let prices: &BTreeMap<(&str, &str, bool), Price> = &PRICES;
    let find = |id: &str, premium: bool| prices.get(&(backend, id, premium)).copied();
    let any = |id: &str| find(id, premium).or_else(|| find(id, !premium));
    any(id).or_else(|| {
        // An alias without its date (`claude-haiku-4-5`) is the one dated id that it begins.
        let mut dated = PRICES
            .keys()
            .filter(|(of, model, _)| *of == backend && dated_form_of(model, id))
            .map(|(_, model, _)| *model);
        let first = dated.next()?;
        dated
            .all(|other| other == first)
            .then(|| any(first))
            .flatten()
    })
}

fn dated_form_of(model: &str, alias: &str) -> bool {
    model.strip_prefix(alias).is_some_and(|rest| {
        let rest = rest.trim_start_matches(['-', '@']);
        rest.len() >= 8 && rest.bytes().take(8).all(|byte| byte.is_ascii_digit())
    })
}

/// The cost of `tokens` at `price` in micro-dollars, rounded half up once; `None` where input or
/// output tokens, or the price of a bucket that has tokens, are not known. A cache bucket that the
/// source does not mention counts as unused.
///
/// Input past the context window of the table was served under another tariff (long context), and
/// the table has no price of a cache bucket in a batch: both are unknown.
pub fn amount(price: &Price, tokens: &Tokens, batch: bool) -> Option<i64> {
    let (input, output) = if batch {
        (price.batch_input?, price.batch_output?)
    } else {
        (price.input, price.output)
    };
    let cached = [
        tokens.cache_read,
        tokens.cache_write_5m,
        tokens.cache_write_1h,
    ]
    .into_iter()
    .flatten()
    .map(u128::from)
    .sum::<u128>();
    if u128::from(tokens.input?) + cached > u128::from(price.context_window)
        || (batch && cached > 0)
    {
        return None;
    }
    let bucket = |tokens: Option<u64>, price: Option<u64>| match (tokens.unwrap_or(0), price) {
        (0, _) => Some(0_u128),
        (tokens, Some(price)) => Some(u128::from(tokens) * u128::from(price)),
        (_, None) => None,
    };
    let nano = bucket(Some(tokens.input?), Some(input))?
        + bucket(Some(tokens.output?), Some(output))?
        + bucket(tokens.cache_read, price.cache_read)?
        + bucket(tokens.cache_write_5m, price.cache_write_5m)?
        + bucket(tokens.cache_write_1h, price.cache_write_1h)?;
    i64::try_from((nano + 500) / 1_000).ok()
}

/// The cost of a call by the price table, in micro-dollars.
pub fn cost(call: &Call) -> Option<i64> {
    let model = call
        .request_model
        .as_deref()
        .or(call.response_model.as_deref())?;
    let region = call
        .served_region
        .as_deref()
        .or(call.requested_region.as_deref());
    let price = price(call.kind, model, region)
        .or_else(|| price(call.kind, call.response_model.as_deref()?, region))?;
    amount(&price, &call.tokens, call.features.contains(Feature::Batch))
}
