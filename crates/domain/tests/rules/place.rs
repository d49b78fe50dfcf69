//! Regions, scopes and profiles → allowed, refused or unknown; and what the table of regions must be like.

use assay_domain::place::{
    Allowed, Routing, allows, allows_scope, bedrock_routing, is_place, profile_scope, region,
    spelled,
};
use assay_domain::settings::date_ms;

fn list(entries: &[&str]) -> Vec<String> {
    entries.iter().map(|entry| (*entry).to_owned()).collect()
}

#[test]
fn an_unknown_region_is_never_allowed_or_refused() {
    let allowed = list(&["geo:eu"]);
    assert_eq!(allows(&allowed, "eu-west-1"), Allowed::Yes);
    assert_eq!(allows(&allowed, "us-east-1"), Allowed::No);
    assert_eq!(
        allows(&allowed, "eu-west-2"),
        Allowed::No,
        "London is not in the Union"
    );
    assert_eq!(allows(&allowed, "eu-moon-1"), Allowed::Unknown);
    assert_eq!(allows(&allowed, "global"), Allowed::Unknown);
    assert_eq!(
        allows(&list(&["eu-*", "*"]), "eu-moon-1"),
        Allowed::Unknown,
        "a glob names no place by itself"
    );
    assert_eq!(allows(&list(&["*"]), "global"), Allowed::Unknown);
}

#[test]
fn neither_the_kingdom_nor_switzerland_is_in_the_union() {
    for place in ["eu-west-2", "europe-west2", "eu-central-2", "europe-west6"] {
        assert_eq!(allows(&list(&["geo:eu"]), place), Allowed::No, "{place}");
    }
    assert_eq!(allows(&list(&["geo:uk"]), "europe-west2"), Allowed::Yes);
    assert_eq!(allows(&list(&["geo:ch"]), "europe-west6"), Allowed::Yes);
}

#[test]
fn a_multi_region_is_as_many_places_as_it_has() {
    assert_eq!(allows(&list(&["geo:eu"]), "eu"), Allowed::Yes);
    assert_eq!(allows(&list(&["eu"]), "eu"), Allowed::Yes);
    assert_eq!(
        allows(&list(&["europe-west1"]), "eu"),
        Allowed::Unknown,
        "one of its regions is allowed"
    );
    assert_eq!(
        allows(&list(&["us-*"]), "us"),
        Allowed::Yes,
        "all of its regions are allowed"
    );
    assert_eq!(allows(&list(&["geo:us"]), "eu"), Allowed::No);
}

#[test]
fn every_region_is_written_once_and_dated() {
    let rows: Vec<Vec<&str>> = include_str!("../../data/regions.csv")
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect())
        .collect();
    let mut seen = std::collections::BTreeSet::new();
    for row in &rows {
        assert_eq!(row.len(), 6, "{row:?}");
        assert!(
            seen.insert((row[0], row[1])) && date_ms(row[4]).is_some() && !row[5].is_empty(),
            "{row:?}"
        );
        assert_eq!(
            region(row[1]).map(|region| region.geography),
            Some(row[3]),
            "one name, two geographies: {row:?}"
        );
    }
}

#[test]
fn globs_and_scopes() {
    assert_eq!(allows(&list(&["eu-*"]), "eu-central-1"), Allowed::Yes);
    assert_eq!(allows_scope(&list(&["geo:eu"]), "eu"), Allowed::Yes);
    assert_eq!(allows_scope(&list(&["eu-west-1"]), "eu"), Allowed::Unknown);
    assert_eq!(allows_scope(&list(&["geo:us"]), "global"), Allowed::Unknown);
    assert!(
        is_place("eu-*") && is_place("geo:us") && !is_place("geo:mars") && !is_place("eu-moon-1")
    );
}

#[test]
fn profiles_name_their_geography() {
    assert_eq!(profile_scope("global.anthropic.claude-x"), Some("global"));
    assert_eq!(
        profile_scope("arn:aws:bedrock:eu-west-1:1:inference-profile/eu.anthropic.claude-x"),
        Some("eu")
    );
    assert_eq!(profile_scope("us-gov.anthropic.claude-x"), Some("us-gov"));
    assert_eq!(profile_scope("anthropic.claude-x"), None);
}

#[test]
fn an_id_that_does_not_tell_its_routing_is_unknown() {
    let arn =
        |rest: &str| bedrock_routing(&format!("arn:aws:bedrock:eu-west-1:111122223333:{rest}"));
    assert_eq!(
        bedrock_routing("anthropic.claude-3-haiku-20240307-v1:0"),
        Routing::OneRegion
    );
    assert_eq!(
        bedrock_routing("bedrock/eu.anthropic.claude-x"),
        Routing::Geography("eu")
    );
    assert_eq!(
        bedrock_routing("global.anthropic.claude-x"),
        Routing::Global
    );
    assert_eq!(
        bedrock_routing("arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-x"),
        Routing::OneRegion
    );
    assert_eq!(arn("provisioned-model/abc123"), Routing::OneRegion);
    assert_eq!(
        arn("inference-profile/global.anthropic.claude-x"),
        Routing::Global
    );
    assert_eq!(
        arn("application-inference-profile/abc123"),
        Routing::Unknown
    );
    assert_eq!(
        arn("default-prompt-router/anthropic.claude:1"),
        Routing::Unknown
    );
    for alias in ["claude-sonnet-4.5", "our-model", "anthropic.", ""] {
        assert_eq!(bedrock_routing(alias), Routing::Unknown, "{alias}");
    }
}

#[test]
fn the_profile_of_asia_and_the_pacific_reaches_japan_and_australia() {
    assert_eq!(allows_scope(&list(&["geo:apac"]), "apac"), Allowed::Unknown);
    assert_eq!(
        allows_scope(&list(&["geo:apac", "geo:jp", "geo:au"]), "apac"),
        Allowed::Yes
    );
}

#[test]
fn every_geography_of_the_table_has_a_name() {
    for row in include_str!("../../data/regions.csv").lines().skip(1) {
        let geography = row.split(',').nth(3).unwrap();
        let entry = list(&[&format!("geo:{geography}")]);
        assert!(is_place(&entry[0]), "{row}");
        assert!(!spelled(&entry).contains("geo:"), "{entry:?}");
    }
    assert_eq!(
        spelled(&list(&["geo:eu", "us-east-1"])),
        "the European Union, us-east-1"
    );
}
