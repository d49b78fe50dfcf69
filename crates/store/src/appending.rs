//! Storing the records of an import: rows, bytes, leaves and keys of each, in the transaction that is
//! open.
//!
//! In: parsed records, in chunks. Out: what was accepted, what was there already. Statements are
//! prepared once for a chunk. Not here: the transaction (`writer`), counting (`rollups`).

use std::collections::BTreeSet;

use assay_domain::moment;
use assay_evidence::leaf::{LeafFields, LeafKind};
use assay_evidence::tree::Edge;
use rusqlite::{CachedStatement, Connection, params};

use crate::activities::{self, Place};
use crate::batches::BatchRecord;
use crate::calls::{self, NewCall};
use crate::day_keys::{Class, DayKeys};
use crate::error::Result;
use crate::fetched;
use crate::inferring::Inferring;
use crate::joins::{self, IdNames};
use crate::leaves;
use crate::open::Store;
use crate::parts;
use crate::record_keys::{OWN_ID, RecordKeys, day, first_eight};
use crate::rollups::Deltas;
use crate::row_digests::{self, Digests, Shape};
use crate::sealing::{Sealed, seal};
use crate::writer::{Deployments, Labels, NewRecord, What, Writer, salts};

/// What is inserted for each record, prepared.
pub(crate) struct Inserts<'c> {
    pub(crate) connection: &'c Connection,
    pub(crate) call: CachedStatement<'c>,
    pub(crate) inference_key: CachedStatement<'c>,
    body: CachedStatement<'c>,
    pub(crate) leaf: CachedStatement<'c>,
}

impl<'c> Inserts<'c> {
    pub(crate) fn new(connection: &'c Connection) -> Result<Self> {
        Ok(Self {
            connection,
            call: connection.prepare_cached(calls::INSERT)?,
            inference_key: connection.prepare_cached(
                "insert into inference_key (minute, hash, seq, source, at_ms)
                 values (?1, ?2, ?3, ?4, ?5)",
            )?,
            body: connection.prepare_cached(
                "insert into body (seq, codec, salt, data, key) values (?1, ?2, ?3, ?4, ?5)",
            )?,
            leaf: connection.prepare_cached(leaves::INSERT)?,
        })
    }

    /// Stores what a leaf commits to, sealed under the day key `key`.
    pub(crate) fn body(&mut self, seq: u64, codec: u8, sealed: &Sealed, key: i64) -> Result<()> {
        let salt = sealed.salt.as_slice();
        self.body
            .execute(params![seq as i64, codec, salt, sealed.data, key])?;
        Ok(())
    }
}

/// What storing records needs of the writer.
struct Appending<'w> {
    inserts: Inserts<'w>,
    edge: &'w mut Edge,
    labels: &'w mut Labels,
    deployments: &'w mut Deployments,
    names: &'w mut IdNames,
    record_keys: &'w mut RecordKeys,
    inferring: &'w mut Inferring,
    keys: &'w DayKeys,
    origin: &'w str,
    shapes: &'w [Shape; 2],
    digests: Digests,
    /// Where the record before was sealed.
    room: Vec<u8>,
    now_ms: i64,
    /// The same, as leaves say it.
    at: String,
}

impl Store {
    /// Makes the keys of the days of these records, where they are missing, before the writer needs
    /// them: each takes several calls that wait for the disk. Where it can't, the writer will say so.
    pub fn make_day_keys(&self, records: &[NewRecord], now_ms: i64) {
        let _ = self.keys.ensure(&days_of(records, now_ms));
    }
}

fn days_of(records: &[NewRecord], now_ms: i64) -> BTreeSet<(Class, i64)> {
    records
        .iter()
        .map(|record| record.what.kept_by(now_ms))
        .collect()
}

impl Writer {
    /// Stores records of one import, in the transaction that is open, and counts them.
    pub(crate) fn append_records(
        &mut self,
        batch: &mut BatchRecord,
        records: &[NewRecord],
        now_ms: i64,
        deltas: &mut Deltas,
    ) -> Result<()> {
        let at = moment::rfc3339(self.recorded_ms(now_ms)?);
        self.keys.ensure(&days_of(records, now_ms))?;
        let fresh = salts(records.len())?;
        let first = self.edge.size();
        let mut appending = Appending {
            inserts: Inserts::new(&self.connection)?,
            edge: &mut self.edge,
            labels: &mut self.labels,
            deployments: &mut self.deployments,
            names: &mut self.names,
            record_keys: &mut self.record_keys,
            inferring: &mut self.inferring,
            keys: &self.keys,
            origin: &self.origin,
            shapes: &self.shapes,
            digests: Digests::default(),
            room: Vec::new(),
            now_ms,
            at,
        };
        for (record, fresh) in records.iter().zip(fresh) {
            if appending.append(batch, record, deltas)? {
                appending.close(batch, record, fresh)?;
            }
        }
        let digests = appending.digests;
        row_digests::store(&self.connection, batch.id, first, digests)
    }
}

impl Appending<'_> {
    /// Stores the row and the keys of a record; false where it is there already.
    fn append(
        &mut self,
        batch: &mut BatchRecord,
        record: &NewRecord,
        deltas: &mut Deltas,
    ) -> Result<bool> {
        let connection = self.inserts.connection;
        let seq = self.edge.size();
        let source = self.labels.id(connection, record.source)?;
        let place = Place {
            seq,
            batch: Some(batch.id),
            line: record.line,
            offset: record.offset,
            length: record.length,
            format: Some(record.format),
            source,
        };
        let oddities = match &record.what {
            What::Call {
                call,
                deployment,
                cost_usd_micros,
            } => {
                let likely = day(call.started_at_ms);
                if self
                    .record_keys
                    .of_id(connection, likely, &record.id)?
                    .is_some()
                {
                    batch.duplicates += 1;
                    return Ok(false);
                }
                let by = (connection, &mut *self.record_keys);
                if fetched::is_there(by, self.keys, &place, (record, call))? {
                    batch.duplicates += 1;
                    return Ok(false);
                }
                let deployments = &mut self.deployments;
                let deployment = deployments.id(connection, deployment, call.kind, self.now_ms)?;
                let own = (call.as_ref(), deployment);
                let by = (connection, &mut *self.record_keys);
                let whole = parts::whole(by, &place, record.source, own)?;
                let (call, deployment) = match &whole {
                    Some((whole, deployment)) => (whole, *deployment),
                    None => own,
                };
                let day = day(call.started_at_ms);
                let own = [day, first_eight(&record.id), OWN_ID, seq as i64];
                self.record_keys.put(connection, own)?;
                let new = NewCall {
                    id: &record.id,
                    place: &place,
                    source: record.source,
                    call,
                    deployment,
                    cost_usd_micros: match whole {
                        Some(_) => assay_domain::price::cost(call),
                        None => *cost_usd_micros,
                    },
                    completes: whole.is_some(),
                };
                let digests = self.digests.of(&self.shapes[0], &record.salt);
                let row = calls::insert(&mut self.inserts, self.labels, &new, digests)?;
                deltas.coverage.tells(call, source, deployment);
                let by = (&mut *self.names, &mut *self.record_keys);
                let with = (&mut *self.inferring, deltas);
                batch.conflicts += joins::join(&mut self.inserts, by, &new, row, with)?;
                batch.calls += 1;
                call.oddities.clone()
            }
            What::Activity(activity) => {
                let digests = self.digests.of(&self.shapes[1], &record.salt);
                let of = (&record.id, &place);
                if !activities::insert(connection, self.labels, of, (activity, None), digests)? {
                    batch.duplicates += 1;
                    return Ok(false);
                }
                batch.activities += 1;
                activity.oddities.clone()
            }
        };
        for oddity in oddities {
            *batch.oddities.entry(oddity.name().to_owned()).or_default() += 1;
        }
        batch.accepted += 1;
        Ok(true)
    }

    /// Stores the leaf of a record, and its bytes, sealed with what is `fresh` from chance.
    fn close(&mut self, batch: &BatchRecord, record: &NewRecord, fresh: [u8; 32]) -> Result<()> {
        let seq = self.edge.size();
        let fields = LeafFields {
            kind: LeafKind::Event,
            batch: &batch.uuid,
            length: record.length,
            offset: record.offset,
            seq,
            recorded_at: &self.at,
        };
        let by = (self.inserts.connection, &mut *self.inserts.leaf);
        leaves::append_by(by, self.edge, &fields, &record.commitment)?;
        let (class, day) = record.what.kept_by(self.now_ms);
        let key = self.keys.current(class, day)?;
        let plain = (record.codec, record.data.as_slice());
        let room = std::mem::take(&mut self.room);
        let sealed = seal(&key, self.origin, seq, plain, &record.salt, fresh, room)?;
        self.inserts.body(seq, record.codec, &sealed, key.id)?;
        self.room = sealed.data;
        Ok(())
    }
}
