//! The other part of a call that its source wrote in parts, found by the id that both have.
//!
//! In: a record about to be stored. Out: what it tells together with what is stored; of a stored one the other
//! parts. Not here: what parts tell together (`assay_domain::parts`).

use assay_domain::call::Call;
use assay_domain::formats::Format;
use assay_domain::parts::{id_in, together};
use rusqlite::Connection;

use crate::activities::Place;
use crate::calls;
use crate::error::Result;
use crate::joins::{group_of, key_hash, leader_of};
use crate::open::Store;
use crate::record_keys::{RecordKeys, day};
use crate::streams::Still;

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
    let stored = calls::of_seq(connection, newest)?;
    let its_deployment: i64 = connection
        .prepare_cached("select deployment_id from call where seq = ?1")?
        .query_row([newest], |row| row.get(0))?;
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

impl Store {
    /// The other records that may be parts of the call of the one at `seq`: of its format and joined to it by
    /// ids, in the order of their import. Records of one source that contradict each other are no parts, and
    /// neither is what was erased.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn parts(&self, seq: u64) -> Result<Vec<u64>> {
        self.read(|connection| parts_of(connection, seq))
    }
}

impl Still<'_> {
    /// The same of the moment at which this reads.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn parts(&self, seq: u64) -> Result<Vec<u64>> {
        parts_of(self.connection, seq)
    }
}

fn parts_of(connection: &Connection, seq: u64) -> Result<Vec<u64>> {
    let leader = leader_of(connection, seq as i64)?;
    let (group, _) = group_of(connection, seq as i64)?;
    let mut statement = connection.prepare_cached(
                "select c.seq
                 from (select ?1 as seq, ?1 as head, 0 as is_conflict
                       union all
                       select seq, coalesce(group_seq, of_seq), is_conflict from witness where of_seq = ?1) m
                 join call c on c.seq = m.seq
                 where m.head = ?2 and m.is_conflict = 0 and m.seq <> ?3
                   and c.format = (select own.format from call own where own.seq = ?3)
                   and exists (select 1 from body b where b.seq = m.seq)
                 order by m.seq",
            )?;
    let rows = statement.query_map([leader, group, seq as i64], |row| {
        row.get::<_, i64>(0).map(i64::unsigned_abs)
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
