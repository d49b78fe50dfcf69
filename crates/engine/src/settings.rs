//! About this program and its store, and the jobs of this process.
//!
//! Not here: encrypting the store (`encrypting`), what a deployment is set to (`deployments`).

pub mod encrypting;

use crate::commands::Nothing;
use crate::deployments::view::About;
use crate::error::Result;
use crate::jobs::{Job, JobRef};
use crate::opening::Engine;

/// About this program and the store.
///
/// # Errors
/// The store's.
pub fn about(engine: &Engine, _: Nothing) -> Result<About> {
    let store = engine.store();
    Ok(About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        store: store.folder().display().to_string(),
        store_bytes: store.size_bytes(),
        schema: assay_store::upgrading::SCHEMA,
        sqlite: assay_store::open::Store::sqlite_version().to_owned(),
        encrypted: store.key().is_some(),
        sample: store.fact("sample")?.is_some(),
        organisation: store.fact("organisation")?.unwrap_or_default(),
        offline: engine.is_offline(),
        prices_as_of: assay_domain::price::AS_OF.to_owned(),
        facts_as_of: assay_domain::facts::as_of().to_owned(),
        user: engine.user().to_owned(),
    })
}

/// The jobs of this process, newest first.
///
/// # Errors
/// Never.
pub fn jobs(engine: &Engine, _: Nothing) -> Result<Vec<Job>> {
    Ok(engine.jobs().list())
}

/// Asks a job to stop.
///
/// # Errors
/// `not_found`.
pub fn cancel(engine: &Engine, input: JobRef) -> Result<Nothing> {
    engine.jobs().cancel(input.job)?;
    Ok(Nothing {})
}
