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
