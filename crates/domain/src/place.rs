//! Places.

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
