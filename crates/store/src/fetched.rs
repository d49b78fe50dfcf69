//! Whether a record is there already, fetched in another way: the same line written again by a platform of logs.
//!
//! In: a record about to be stored. Out: whether one of its source that claims the same id says the same. Its bytes
//! differ, so that no hash tells it; they are read and compared, and only of records that would else contradict each
//! other. Not here: what is the same (`assay_domain::formats::same_record`).

use assay_domain::call::Call;
use assay_domain::formats::Format;
use assay_domain::formats::same_record::is_same;
use assay_domain::parts::id_in;
use rusqlite::Connection;

use crate::activities::Place;
use crate::day_keys::DayKeys;
use crate::error::Result;
use crate::joins::key_hash;
use crate::packed::unpack;
use crate::record_keys::{RecordKeys, day};
use crate::sealing::{StoredBody, unseal};
use crate::writer::NewRecord;

/// Records of one id that are compared: an id on thousands of records would make each slower than the last.
const COMPARED: usize = 16;

/// Whether the store has the record in other words.
pub(crate) fn is_there(
    (connection, record_keys): (&Connection, &mut RecordKeys),
    keys: &DayKeys,
    place: &Place,
    (record, call): (&NewRecord, &Call),
) -> Result<bool> {
    let part_id = place.format.and_then(Format::from_number).and_then(id_in);
    let own = call
        .request_ids
        .iter()
        .filter(|(name, id)| !id.is_empty() && (call.is_record_id(name) || part_id == Some(name)));
    let mut raw = None;
    for (name, id) in own {
        let source = match Call::SHARED_IDS.contains(&name.as_str()) {
            true => "",
            false => record.source,
        };
        let key = (
            day(call.started_at_ms),
            key_hash(name, source, id),
            place.source,
        );
        let (mut compared, mut is_found) = (0, false);
        record_keys.find(connection, key, |seq| {
            compared += 1;
            if raw.is_none() {
                raw = Some(unpack(record.codec, record.data.clone())?);
            }
            let stored = StoredBody::find(connection, seq.unsigned_abs())?;
            // What was erased, or is of a day whose key was destroyed, is compared with nothing.
            let stored = stored.and_then(|stored| unseal(keys, stored).ok());
            if let (Some((_, stored)), Some(raw)) = (stored, &raw) {
                is_found = is_same(raw, &stored);
            }
            Ok(is_found || compared >= COMPARED)
        })?;
        if is_found {
            return Ok(true);
        }
    }
    Ok(false)
}
