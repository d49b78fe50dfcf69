//! Tokens → amounts; and what the table of prices must be like.

use assay_domain::call::{Kind, Tokens};
use assay_domain::price::{AS_OF, Price, amount, price};

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

/// A row of the table: backend, id, premium, and its cells.
struct Row {
    backend: Kind,
    id: &'static str,
    is_premium: bool,
    cells: Vec<&'static str>,
}

fn rows() -> Vec<Row> {
    let row = |line: &'static str| {
        let cells: Vec<&str> = line.split(',').collect();
        let backend = Kind::ALL.into_iter().find(|kind| kind.name() == cells[0]);
        Row {
            backend: backend.unwrap(),
            id: cells[1],
            is_premium: cells[2] == "1",
            cells,
        }
    };
    let table = include_str!("../../data/models.csv");
    table.lines().skip(1).map(row).collect()
}

/// What a call pays that is sent to where the row's tariff holds.
fn priced(row: &Row) -> Price {
    let global = format!("global.{}", row.id);
    let (model, region) = match (row.backend, row.is_premium) {
        (Kind::Bedrock, true) => (row.id, None),
        (Kind::Bedrock, false) => (global.as_str(), None),
        (Kind::ClaudeApi, true) => (row.id, Some("us")),
        (Kind::ClaudeApi, false) => (row.id, None),
        (_, true) => (row.id, Some("europe-west1")),
        (_, false) => (row.id, Some("global")),
    };
    price(row.backend, model, region).unwrap()
}

/// Source: the vendor's pricing page; write 1.25 and 2 times, read a tenth, batch half, regional a tenth more.
#[test]
fn the_table_keeps_its_proportions() {
    let rows = rows();
    for row in &rows {
        let (price, key) = (priced(row), (row.backend.name(), row.id, row.is_premium));
        // Half a nano-dollar (Claude Haiku 3) is no price that this table can hold.
        assert_eq!(
            price.cache_write_5m,
            (price.input % 4 == 0).then_some(price.input * 5 / 4),
            "{key:?}"
        );
        assert_eq!(price.cache_write_1h, Some(price.input * 2), "{key:?}");
        assert_eq!(price.cache_read, Some(price.input / 10), "{key:?}");
        if row.backend == Kind::ClaudeApi {
            assert_eq!(
                (price.batch_input, price.batch_output),
                (Some(price.input / 2), Some(price.output / 2)),
                "{key:?}"
            );
        }
        if row.is_premium {
            let of = |one: &&Row| one.backend == row.backend && one.id == row.id && !one.is_premium;
            let base = priced(rows.iter().find(of).unwrap());
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
    let arn = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0";
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
    // Nano-dollars of a token, where they are whole.
    let nano = |dollars: &str| {
        let nano = dollars.parse::<f64>().ok()? * 1_000.0;
        (nano.fract().abs() < 1e-9).then_some(nano as u64)
    };
    let rows = rows();
    assert!(!rows.is_empty());
    for row in &rows {
        let (price, cells) = (priced(row), &row.cells);
        let read = [
            Some(price.input),
            Some(price.output),
            price.cache_write_5m,
            price.cache_write_1h,
            price.cache_read,
            price.batch_input,
            price.batch_output,
        ];
        let written: Vec<Option<u64>> = cells[3..10].iter().map(|cell| nano(cell)).collect();
        assert_eq!(written, read, "{cells:?}");
        assert_eq!(price.context_window.to_string(), cells[10], "{cells:?}");
        assert_eq!(
            [price.status, cells[12], price.name, price.source],
            [cells[11], AS_OF, cells[13], cells[14]]
        );
    }
}
