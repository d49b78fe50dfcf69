//! The text of a call that its source wrote in parts: what one record lacks, others of the same id have.
//!
//! In: a record's place and bytes. Out: its exchange. Not here: which records are parts
//! (`assay_domain::parts`), what they say together (`assay_domain::formats::said`), masking.

use assay_domain::exchange::Exchange;
use assay_domain::formats::{Format, exchange, said as together};
use assay_domain::parts::id_in;
use assay_store::error::StoreError;
use assay_store::open::Store;

use crate::error::Result;

/// The request and response of the record at `seq`, with what other parts of its call hold of them.
///
/// # Errors
/// The store's.
pub(crate) fn said(store: &Store, seq: u64, format: u8, raw: &[u8]) -> Result<Exchange> {
    said_with(format, raw, || store.parts(seq), |other| store.raw(other))
}

/// The same where others are found and read in another way: within one moment of the store.
///
/// # Errors
/// Those of `parts` and `read`.
pub(crate) fn said_with(
    format: u8,
    raw: &[u8],
    parts: impl FnOnce() -> std::result::Result<Vec<u64>, StoreError>,
    read: impl Fn(u64) -> std::result::Result<Vec<u8>, StoreError>,
) -> Result<Exchange> {
    let Some(format) = Format::from_number(format) else {
        return Ok(Exchange::default());
    };
    let own = exchange(format, raw);
    let is_whole = own.request.is_some() && own.response.is_some();
    if id_in(format).is_none() || is_whole {
        return Ok(own);
    }
    let mut others = Vec::new();
    for other in parts()? {
        match read(other) {
            Ok(raw) => others.push(raw),
            Err(StoreError::Erased { .. } | StoreError::NotFound { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if others.is_empty() {
        return Ok(own);
    }
    let records = std::iter::once(raw).chain(others.iter().map(Vec::as_slice));
    Ok(together(format, records))
}
