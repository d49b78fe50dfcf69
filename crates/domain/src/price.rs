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
/// A private endpoint has no list price. The premium of geographic and regional endpoints applies
/// to the models for which the table has one.
pub fn price(kind: Kind, model: &str, region: Option<&str>) -> Option<Price> {
    let backend = match kind {
        Kind::Private => return None,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(input: u64, output: u64) -> Tokens {
        Tokens {
            input: Some(input),
            output: Some(output),
            ..Tokens::default()
        }
    }

    #[test]
    fn amounts_by_hand() {
        let sonnet = price(Kind::ClaudeApi, "claude-3-5-sonnet-20241022", None).unwrap();
        // 10,000 × $3/M + 2,000 × $15/M
        assert_eq!(amount(&sonnet, &tokens(10_000, 2_000), false), Some(60_000));
        let haiku = price(Kind::ClaudeApi, "claude-haiku-4-5", None).unwrap();
        assert_eq!(haiku.name, "Claude Haiku 4.5");
        let cached = Tokens {
            cache_read: Some(100_000),
            ..tokens(0, 0)
        };
        assert_eq!(amount(&haiku, &cached, false), Some(10_000));
        assert_eq!(
            amount(
                &haiku,
                &Tokens {
                    input: Some(1),
                    ..Tokens::default()
                },
                false
            ),
            None
        );
    }

    /// The guide's examples with the figures that its errata correct.
    #[test]
    fn the_guides_examples_cost_what_they_cost() {
        let of = |model: &str| price(Kind::ClaudeApi, model, None).unwrap();
        let (sonnet, haiku) = (
            of("claude-3-5-sonnet-20241022"),
            of("claude-3-5-haiku-20241022"),
        );
        assert_eq!(
            amount(&sonnet, &tokens(10_000, 2_000), false),
            Some(60_000),
            "$0.06, where the guide has $60"
        );
        assert_eq!(
            amount(&haiku, &tokens(10_000, 2_000), false),
            Some(16_000),
            "$0.016, where the guide has $16"
        );
        // 50,000 tokens of context in 100 calls within five minutes of each other.
        let plain = amount(&sonnet, &tokens(50_000, 0), false).unwrap();
        let write = amount(
            &sonnet,
            &Tokens {
                cache_write_5m: Some(50_000),
                ..tokens(0, 0)
            },
            false,
        )
        .unwrap();
        let read = amount(
            &sonnet,
            &Tokens {
                cache_read: Some(50_000),
                ..tokens(0, 0)
            },
            false,
        )
        .unwrap();
        assert_eq!(
            (plain, write, read),
            (150_000, 187_500, 15_000),
            "a first write costs 1.25 times the input"
        );
        assert_eq!(
            100 * plain - (write + 99 * read),
            13_327_500,
            "$13.33 saved, where the guide has about $150"
        );
        let hour = amount(
            &sonnet,
            &Tokens {
                cache_write_1h: Some(50_000),
                ..tokens(0, 0)
            },
            false,
        );
        assert_eq!(hour, Some(300_000), "for an hour 2 times");
        assert_eq!(
            amount(&sonnet, &tokens(10_000, 2_000), true),
            Some(30_000),
            "a batch costs half"
        );
        assert!(
            price(Kind::ClaudeApi, "claude-3-opus-20250219", None).is_none(),
            "that model never existed"
        );
    }

    #[test]
    fn what_the_table_does_not_price_is_unknown() {
        let haiku = price(Kind::ClaudeApi, "claude-haiku-4-5", None).unwrap();
        assert!(amount(&haiku, &tokens(200_000, 1), false).is_some());
        assert_eq!(
            amount(&haiku, &tokens(200_001, 1), false),
            None,
            "past its context window another tariff holds"
        );
        let cached = Tokens {
            cache_read: Some(150_000),
            ..tokens(100_000, 1)
        };
        assert_eq!(
            amount(&haiku, &cached, false),
            None,
            "cached input counts too"
        );
        let batch = Tokens {
            cache_read: Some(10),
            ..tokens(10, 1)
        };
        assert_eq!(
            amount(&haiku, &batch, true),
            None,
            "no price of a cache bucket in a batch"
        );
        let bedrock = price(Kind::Bedrock, "global.anthropic.claude-opus-5", None).unwrap();
        assert_eq!(
            amount(&bedrock, &tokens(10, 1), true),
            None,
            "no price of a batch on Bedrock"
        );
        assert_eq!(
            amount(
                &haiku,
                &Tokens {
                    output: Some(1),
                    ..Tokens::default()
                },
                false
            ),
            None
        );
    }

    /// Source: the vendor's pricing page; write 1.25 and 2 times, read a tenth, batch half, regional a tenth more.
    #[test]
    fn the_table_keeps_its_proportions() {
        for (key, price) in PRICES.iter() {
            // Half a nano-dollar (Claude Haiku 3) is no price that this table can hold.
            assert_eq!(
                price.cache_write_5m,
                (price.input % 4 == 0).then_some(price.input * 5 / 4),
                "{key:?}"
            );
            assert_eq!(price.cache_write_1h, Some(price.input * 2), "{key:?}");
            assert_eq!(price.cache_read, Some(price.input / 10), "{key:?}");
            if key.0 == "claude_api" {
                assert_eq!(
                    (price.batch_input, price.batch_output),
                    (Some(price.input / 2), Some(price.output / 2)),
                    "{key:?}"
                );
            }
            if let (backend, id, true) = *key {
                let base = PRICES[&(backend, id, false)];
                assert_eq!(
                    (price.input * 10, price.output * 10),
                    (base.input * 11, base.output * 11),
                    "{key:?}"
                );
            }
        }
    }

    #[test]
    fn places_change_the_price_where_the_table_says_so() {
        let global = price(
            Kind::Bedrock,
            "global.anthropic.claude-opus-5",
            Some("eu-west-1"),
        )
        .unwrap();
        let regional = price(
            Kind::Bedrock,
            "eu.anthropic.claude-opus-5",
            Some("eu-west-1"),
        )
        .unwrap();
        assert_eq!((global.input, regional.input), (5_000, 5_500));
        let arn =
            "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0";
        assert!(price(Kind::Bedrock, arn, None).is_some());
        let at = |place: &str| {
            price(Kind::Vertex, "claude-opus-5", Some(place))
                .unwrap()
                .input
        };
        assert_eq!(
            (at("global"), at("eu"), at("europe-west1")),
            (5_000, 5_500, 5_500)
        );
        let geo = |place: Option<&str>| {
            price(Kind::ClaudeApi, "claude-opus-5", place)
                .unwrap()
                .input
        };
        assert_eq!(
            (geo(None), geo(Some("global")), geo(Some("us"))),
            (5_000, 5_000, 5_500)
        );
        assert!(price(Kind::ClaudeApi, "claude-unheard-of", None).is_none());
        assert!(price(Kind::Private, "claude-opus-5", None).is_none());
    }

    #[test]
    fn every_row_of_the_table_is_read() {
        assert_eq!(
            PRICES.len(),
            include_str!("../data/models.csv").lines().count() - 1
        );
        assert!(
            include_str!("../data/models.csv")
                .lines()
                .skip(1)
                .all(|line| line.contains(AS_OF))
        );
    }
}
