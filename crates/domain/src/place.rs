//! Places: which geography a region lies in, and whether a deployment may use it.
//!
//! In: region names as providers write them, model ids of Bedrock, and what a definition allows.
//! Out: yes, no, or unknown; a region that the table does not hold is unknown, never allowed. The
//! table is `data/regions.csv`. Not here: which calls ran where.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A region of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// ISO 3166-1 alpha-2; `EU` for a multi-region of the Union.
    pub country: &'static str,
    /// `eu`, `uk`, `us`, `apac` …
    pub geography: &'static str,
}

static REGIONS: LazyLock<BTreeMap<&'static str, Region>> = LazyLock::new(|| {
    include_str!("../data/regions.csv")
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut cells = line.split(',').skip(1);
            Some((
                cells.next()?,
                Region {
                    country: cells.next()?,
                    geography: cells.next()?,
                },
            ))
        })
        .collect()
});

/// The region with this name, if the table holds it.
pub fn region(name: &str) -> Option<Region> {
    REGIONS.get(name).copied()
}

/// Whether a place is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    Yes,
    No,
    /// The place is not known, or is not one place (`global`).
    Unknown,
}

/// Whether `place` is one of `allowed`: region names, globs (`eu-*`) and geographies (`geo:eu`).
///
/// A multi-region (`us`, `eu`) is as many places as its geography has regions: it is allowed where
/// it is named or all of them are, refused where none is, and unknown between.
pub fn allows(allowed: &[String], place: &str) -> Allowed {
    let Some(known) = region(place) else {
        return Allowed::Unknown;
    };
    let hit = allowed
        .iter()
        .any(|entry| match entry.strip_prefix("geo:") {
            Some(geography) => known.geography == geography,
            None => entry == place || glob(entry, place),
        });
    if hit {
        return Allowed::Yes;
    }
    if !is_multi_region(place, known) {
        return Allowed::No;
    }
    let inside = regions_of(place)
        .filter(|name| allows(allowed, name) == Allowed::Yes)
        .count();
    match inside {
        0 => Allowed::No,
        all if all == regions_of(place).count() => Allowed::Yes,
        _ => Allowed::Unknown,
    }
}

fn is_multi_region(name: &str, region: Region) -> bool {
    name == region.geography
}

/// The regions that lie in a geography, or that a geographic profile of Bedrock may use.
///
/// `apac.` profiles reach the Regions of Japan and Australia too, which are geographies of their
/// own here (source: Amazon Bedrock user guide, inference profiles support).
fn regions_of(scope: &str) -> impl Iterator<Item = &'static str> {
    let also: &[&str] = if scope == "apac" { &["jp", "au"] } else { &[] };
    REGIONS
        .iter()
        .filter(move |(name, region)| {
            !is_multi_region(name, **region)
                && (region.geography == scope || also.contains(&region.geography))
        })
        .map(|(name, _)| *name)
}

/// Whether `text` matches `pattern`, in which `*` stands for any run of characters.
pub fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// Entries of `allowed_places` as a sentence says them: `geo:eu` is "the European Union".
pub fn spelled(allowed: &[String]) -> String {
    let one = |entry: &String| match entry.strip_prefix("geo:") {
        Some(geography) => geography_title(geography).unwrap_or(entry).to_owned(),
        None => entry.clone(),
    };
    allowed.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// A geography of the table in words.
fn geography_title(geography: &str) -> Option<&'static str> {
    Some(match geography {
        "af" => "Africa",
        "apac" => "Asia Pacific",
        "au" => "Australia",
        "ca" => "Canada",
        "ch" => "Switzerland",
        "eu" => "the European Union",
        "il" => "Israel",
        "jp" => "Japan",
        "me" => "the Middle East",
        "mx" => "Mexico",
        "sa" => "South America",
        "uk" => "the United Kingdom",
        "us" => "the United States",
        "us-gov" => "the US GovCloud",
        _ => return None,
    })
}

/// Whether an entry of `allowed_places` can name anything: a known region, a geography of the
/// table, or a glob that matches at least one region.
pub fn is_place(entry: &str) -> bool {
    match entry.strip_prefix("geo:") {
        Some(geography) => REGIONS.values().any(|region| region.geography == geography),
        None => REGIONS
            .keys()
            .any(|name| *name == entry || glob(entry, name)),
    }
}

/// The geography that a cross-Region profile id names: `us`, `eu`, `apac`, `jp`, `au`, `global`.
pub fn profile_scope(model: &str) -> Option<&'static str> {
    let id = model.rsplit_once('/').map_or(model, |(_, id)| id);
    ["us", "eu", "apac", "jp", "au", "ca", "global", "us-gov"]
        .into_iter()
        .find(|scope| {
            id.strip_prefix(scope)
                .is_some_and(|rest| rest.starts_with('.'))
        })
}

/// Where a model id of Bedrock lets a call run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Routing {
    /// In the Region that it is sent to.
    OneRegion,
    /// Anywhere in the geography of its profile.
    Geography(&'static str),
    Global,
    /// The id does not tell: an application profile, a prompt router, an alias of a gateway.
    Unknown,
}

/// Names that base model ids of Bedrock begin with.
const BEDROCK_VENDORS: [&str; 12] = [
    "ai21",
    "amazon",
    "anthropic",
    "cohere",
    "deepseek",
    "luma",
    "meta",
    "mistral",
    "openai",
    "qwen",
    "stability",
    "writer",
];

/// Resources of Bedrock that serve a model in the Region of their ARN.
const BEDROCK_IN_REGION: [&str; 5] = [
    "foundation-model",
    "provisioned-model",
    "custom-model",
    "custom-model-deployment",
    "imported-model",
];

/// Where the model id of a Bedrock call lets it run. An application profile may be the copy of a
/// global one, and an alias that a gateway made up may stand for any id: both are unknown.
///
/// Source: Amazon Bedrock user guide, cross-Region inference and application inference profiles.
pub fn bedrock_routing(model: &str) -> Routing {
    match profile_scope(model) {
        Some("global") => return Routing::Global,
        Some(scope) => return Routing::Geography(scope),
        None => {}
    }
    let in_region = if model.starts_with("arn:") {
        let resource = model
            .split(':')
            .nth(5)
            .and_then(|resource| resource.split('/').next());
        resource.is_some_and(|resource| BEDROCK_IN_REGION.contains(&resource))
    } else {
        let id = model.rsplit_once('/').map_or(model, |(_, id)| id);
        id.split_once('.')
            .is_some_and(|(vendor, rest)| BEDROCK_VENDORS.contains(&vendor) && !rest.is_empty())
    };
    if in_region {
        Routing::OneRegion
    } else {
        Routing::Unknown
    }
}

/// What a cross-Region profile says about the allowed places when no record tells where a call
/// ran: a geography that lies wholly inside them is `Yes`, everything else, `global` too, is unknown.
///
/// Source: Amazon Bedrock keeps a geographic profile inside its geography and `global` does not
/// (handling facts, `residency`).
pub fn allows_scope(allowed: &[String], scope: &str) -> Allowed {
    if scope == "global" {
        return Allowed::Unknown;
    }
    let inside: Vec<&str> = regions_of(scope).collect();
    if !inside.is_empty()
        && inside
            .iter()
            .all(|name| allows(allowed, name) == Allowed::Yes)
    {
        Allowed::Yes
    } else {
        Allowed::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let rows: Vec<Vec<&str>> = include_str!("../data/regions.csv")
            .lines()
            .skip(1)
            .map(|line| line.split(',').collect())
            .collect();
        let mut seen = std::collections::BTreeSet::new();
        for row in &rows {
            assert_eq!(row.len(), 6, "{row:?}");
            assert!(
                seen.insert((row[0], row[1]))
                    && crate::settings::date_ms(row[4]).is_some()
                    && !row[5].is_empty(),
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
            is_place("eu-*")
                && is_place("geo:us")
                && !is_place("geo:mars")
                && !is_place("eu-moon-1")
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
        for region in REGIONS.values() {
            let entry = vec![format!("geo:{}", region.geography)];
            assert!(!spelled(&entry).contains("geo:"), "{entry:?}");
        }
        assert_eq!(
            spelled(&list(&["geo:eu", "us-east-1"])),
            "the European Union, us-east-1"
        );
    }
}
