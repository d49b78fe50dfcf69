//! The other part of a call that its source wrote in parts, found by the id that both have.
//!
//! In: a record about to be stored. Out: what it tells together with what is stored. Not here: what
//! parts tell together (`assay_domain::parts`).

use assay_domain::call::Call;
use assay_domain::formats::Format;
use assay_domain::parts::{id_in, together};
use rusqlite::Connection;

use crate::activities::Place;
use crate::calls::{self, CallRecord};
use crate::error::Result;
use crate::joins::key_hash;
use crate::record_keys::{RecordKeys, day};

/// The call that a record and the newest stored one of its source and id tell together, and its
/// deployment; `None` where it stands for itself.
pub(crate) fn whole(
    (connection, record_keys): (&Connection, &mut RecordKeys),
    place: &Place,
    source: &str,
    (own, deployment): (&Call, i64),
) -> Result<Option<(Call, i64)>> {
    let format = place.format.and_then(Format::from_number);
    let Some(name) = format.and_then(id_in) else {
        return Ok(None);
    };
    let Some(id) = own.request_ids.get(name) else {
        return Ok(None);
    };
    let key = (
        day(own.started_at_ms),
        key_hash(name, source, id),
        place.source,
    );
    let Some(newest) = record_keys.newest(connection, key)? else {
        return Ok(None);
    };
    let (stored, its_deployment): (CallRecord, i64) = connection
        .prepare_cached(&format!(
            "select {}, c.deployment_id as of_deployment from call c where c.seq = ?1",
            calls::COLUMNS
        ))?
        .query_row([newest], |row| {
            Ok((calls::read(row)?, row.get("of_deployment")?))
        })?;
    // Hashes may collide, and what was erased has no ids.
    if stored.call.request_ids.get(name) != Some(id) {
        return Ok(None);
    }
    let is_part = assay_domain::parts::is_part(own);
    Ok(together(own, &stored.call).map(|call| {
        // Which deployment a call is of, the record that begins it tells.
        (call, if is_part { its_deployment } else { deployment })
    }))
}
