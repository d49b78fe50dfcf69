//! The text of a call that its source wrote in parts: what one record lacks, another of the same id
//! has.
//!
//! In: a record's place and bytes. Out: its exchange. Not here: which records are parts
//! (`assay_domain::parts`), masking.

use assay_domain::exchange::Exchange;
use assay_domain::formats::{Format, exchange};
use assay_domain::parts::id_in;
use assay_store::joins::Join;
use assay_store::open::Store;

use crate::error::Result;

/// The request and response of the record at `seq`, with what other parts of its call hold of them.
///
/// # Errors
/// The store's.
pub(crate) fn said(store: &Store, seq: u64, format: u8, raw: &[u8]) -> Result<Exchange> {
    let Some(format) = Format::from_number(format) else {
        return Ok(Exchange::default());
    };
    let mut own = exchange(format, raw);
    let is_whole = own.request.is_some() && own.response.is_some();
    if id_in(format).is_none() || is_whole {
        return Ok(own);
    }
    for witness in store.witnesses(seq)? {
        let other = witness.record;
        // Records of one source that contradict each other are in conflict.
        let is_part = other.format == format as u8
            && witness.join == Join::RequestId
            && !witness.conflict
            && other.erased.is_none();
        if is_part {
            let said = exchange(format, &store.raw(other.seq)?);
            own.request = own.request.or(said.request);
            own.response = own.response.or(said.response);
        }
    }
    Ok(own)
}
