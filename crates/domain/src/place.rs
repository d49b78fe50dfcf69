//! Places: which geography a region lies in, and whether a deployment may use it.
//!
//! In: region names as providers write them, and what a definition allows. Out: yes, no, or
//! unknown; a region that the table does not hold is unknown, never allowed. The table is
//! `data/regions.csv`. Not here: which calls ran where.

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
            Some((cells.next()?, Region { country: cells.next()?, geography: cells.next()? }))
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
pub fn allows(allowed: &[String], place: &str) -> Allowed {
    let known = region(place);
    let hit = allowed.iter().any(|entry| match entry.strip_prefix("geo:") {
        Some(geography) => known.is_some_and(|region| region.geography == geography),
        None => entry == place || glob(entry, place),
    });
    match (hit, known) {
        // A glob may name what the table does not hold; a person wrote it, so it counts.
        (true, _) => Allowed::Yes,
        (false, Some(_)) => Allowed::No,
        (false, None) => Allowed::Unknown,
    }
}

/// Whether `text` matches `pattern`, in which `*` stands for any run of characters.
pub fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// Whether an entry of `allowed_places` can name anything: a known region, a geography of the
/// table, or a glob that matches at least one region.
pub fn is_place(entry: &str) -> bool {
    match entry.strip_prefix("geo:") {
        Some(geography) => REGIONS.values().any(|region| region.geography == geography),
        None => REGIONS.keys().any(|name| *name == entry || glob(entry, name)),
    }
}

/// The geography that a cross-Region profile id names: `us`, `eu`, `apac`, `jp`, `au`, `global`.
pub fn profile_scope(model: &str) -> Option<&'static str> {
    let id = model.rsplit_once('/').map_or(model, |(_, id)| id);
    ["us", "eu", "apac", "jp", "au", "ca", "global", "us-gov"]
        .into_iter()
        .find(|scope| id.strip_prefix(scope).is_some_and(|rest| rest.starts_with('.')))
}

/// What a cross-Region profile says about the allowed places when no record tells where a call
/// ran: a geography that lies wholly inside them is `Yes`, `global` is `No`, otherwise unknown.
///
/// Source: Amazon Bedrock keeps a geographic profile inside its geography and `global` does not
/// (handling facts, `residency`).
pub fn allows_scope(allowed: &[String], scope: &str) -> Allowed {
    if scope == "global" {
        return Allowed::Unknown;
    }
    let inside: Vec<&str> = REGIONS.iter().filter(|(_, region)| region.geography == scope).map(|(name, _)| *name).collect();
    if !inside.is_empty() && inside.iter().all(|name| allows(allowed, name) == Allowed::Yes) {
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
        assert_eq!(allows(&allowed, "eu-west-2"), Allowed::No, "London is not in the Union");
        assert_eq!(allows(&allowed, "eu-moon-1"), Allowed::Unknown);
        assert_eq!(allows(&allowed, "global"), Allowed::Unknown);
    }

    #[test]
    fn globs_and_scopes() {
        assert_eq!(allows(&list(&["eu-*"]), "eu-central-1"), Allowed::Yes);
        assert_eq!(allows_scope(&list(&["geo:eu"]), "eu"), Allowed::Yes);
        assert_eq!(allows_scope(&list(&["eu-west-1"]), "eu"), Allowed::Unknown);
        assert_eq!(allows_scope(&list(&["geo:us"]), "global"), Allowed::Unknown);
        assert!(is_place("eu-*") && is_place("geo:us") && !is_place("geo:mars") && !is_place("eu-moon-1"));
    }

    #[test]
    fn profiles_name_their_geography() {
        assert_eq!(profile_scope("global.anthropic.claude-x"), Some("global"));
        assert_eq!(profile_scope("arn:aws:bedrock:eu-west-1:1:inference-profile/eu.anthropic.claude-x"), Some("eu"));
        assert_eq!(profile_scope("anthropic.claude-x"), None);
    }
}
