//! The one writer: what is written goes in one transaction with its leaves.
//!
//! In: what this program does, and records ready to be stored. What was written is acknowledged
//! after its commit is on disk (`synchronous = full`). Not here: storing records (`appending`);
//! parsing, hashing of payloads, compression, which the importer does beside the writer.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use assay_domain::activity::Activity;
use assay_domain::call::{Call, Kind};
use assay_domain::moment;
use assay_evidence::leaf::{LeafFields, LeafKind, SALT_LEN, commitment};
use assay_evidence::tree::Edge;
use foldhash::fast::RandomState;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::activities::{self, Place};
use crate::appending::Inserts;
use crate::clock::{Clocks, Watch};
use crate::day_keys::{Class, DayKeys, day_of};
use crate::error::{Result, StoreError};
use crate::inferring::Inferring;
use crate::joins::IdNames;
use crate::leaves;
use crate::record_keys::RecordKeys;
use crate::row_digests::{RowDigests, Shape};
use crate::row_log::{Head, Logged};
use crate::sealing::seal;

/// Labels kept in memory; beyond it the table is asked.
const LABELS_KEPT: usize = 100_000;

/// A record ready to be stored.
pub struct NewRecord {
    pub id: [u8; 16],
    pub line: u64,
    pub offset: u64,
    /// Of the record as received, in bytes.
    pub length: u64,
    pub format: u8,
    pub source: &'static str,
    pub salt: [u8; SALT_LEN],
    pub commitment: [u8; 32],
    /// How `data` is compressed: what `packed` answered.
    pub codec: u8,
    pub data: Vec<u8>,
    pub what: What,
}

/// What a record is.
pub enum What {
    Call {
        call: Box<Call>,
        deployment: String,
        cost_usd_micros: Option<i64>,
    },
    Activity(Box<Activity>),
}

impl What {
    /// The day that the record counts as from: its own where it says a plausible time, else the day
    /// on which it is recorded.
    pub(crate) fn kept_by(&self, now_ms: i64) -> (Class, i64) {
        let said = match self {
            Self::Call { call, .. } => call.started_at_ms,
            Self::Activity(activity) => activity.at_ms,
        };
        let plausible = said.filter(|ms| moment::in_range(*ms, now_ms).is_ok());
        (Class::Imported, day_of(plausible.unwrap_or(now_ms)))
    }
}

/// Something that this program did, to be written to the trail.
pub struct OwnRecord<'a> {
    pub kind: LeafKind,
    pub activity: Activity,
    pub reason: Option<&'a str>,
    /// What is committed to; no prompt text.
    pub payload: &'a [u8],
    pub now_ms: i64,
}

/// The writer of a store.
pub struct Writer {
    pub(crate) connection: Connection,
    path: PathBuf,
    pub(crate) edge: Edge,
    pub(crate) keys: Arc<DayKeys>,
    pub(crate) origin: String,
    last_ms: i64,
    watch: Watch,
    /// Bytes of the write-ahead log that an open reader keeps from being copied.
    pub(crate) kept_bytes: u64,
    pub(crate) labels: Labels,
    pub(crate) deployments: Deployments,
    pub(crate) names: IdNames,
    pub(crate) record_keys: RecordKeys,
    pub(crate) inferring: Inferring,
    /// The tables whose rows are entered in the log of rows, and its last entry.
    pub(crate) logged: Vec<Logged>,
    pub(crate) row_head: Head,
    pub(crate) shapes: [Shape; 2],
}

/// Ids of strings that many records share: a dozen of them are asked for each record.
#[derive(Default)]
pub(crate) struct Labels(HashMap<String, i64, RandomState>);

impl Labels {
    /// The id of `text`, made where there is none.
    pub(crate) fn id(&mut self, connection: &Connection, text: &str) -> Result<i64> {
        if let Some(id) = self.0.get(text) {
            return Ok(*id);
        }
        let found: Option<i64> = connection
            .prepare_cached("select id from label where text = ?1")?
            .query_row([text], |row| row.get(0))
            .optional()?;
        let id = match found {
            Some(id) => id,
            None => {
                connection
                    .prepare_cached("insert into label (text) values (?1)")?
                    .execute([text])?;
                connection.last_insert_rowid()
            }
        };
        if self.0.len() >= LABELS_KEPT {
            self.0.clear();
        }
        self.0.insert(text.to_owned(), id);
        Ok(id)
    }

    /// The id of `text`, or `None` for none.
    pub(crate) fn maybe(
        &mut self,
        connection: &Connection,
        text: Option<&str>,
    ) -> Result<Option<i64>> {
        text.map(|text| self.id(connection, text)).transpose()
    }
}

/// Ids of deployments.
#[derive(Default)]
pub(crate) struct Deployments(HashMap<String, i64>);

impl Deployments {
    /// The id of the deployment `name`, made where there is none.
    pub(crate) fn id(
        &mut self,
        connection: &Connection,
        name: &str,
        kind: Kind,
        now_ms: i64,
    ) -> Result<i64> {
        if let Some(id) = self.0.get(name) {
            return Ok(*id);
        }
        let found: Option<i64> = connection
            .prepare_cached("select id from deployment where name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        let id = match found {
            Some(id) => id,
            None => {
                connection.execute(
                    "insert into deployment (name, kind, changed_ms) values (?1, ?2, ?3)",
                    params![name, kind as u8, now_ms],
                )?;
                connection.last_insert_rowid()
            }
        };
        self.0.insert(name.to_owned(), id);
        Ok(id)
    }
}

/// First 16 bytes of SHA-256 over the source's name, a zero byte and the record.
pub fn record_id(source: &str, raw: &[u8]) -> [u8; 16] {
    let mut hasher = Sha256::new();
    hasher.update(source.as_bytes());
    hasher.update([0]);
    hasher.update(raw);
    let digest = hasher.finalize();
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    id
}

/// Fresh salts for `count` records.
///
/// # Errors
/// [`StoreError::NoRandomness`].
pub fn salts(count: usize) -> Result<Vec<[u8; SALT_LEN]>> {
    let mut bytes = vec![0; count * SALT_LEN];
    getrandom::fill(&mut bytes).map_err(|_| StoreError::NoRandomness)?;
    Ok(bytes
        .chunks_exact(SALT_LEN)
        .map(|chunk| {
            let mut salt = [0; SALT_LEN];
            salt.copy_from_slice(chunk);
            salt
        })
        .collect())
}

impl Writer {
    pub(crate) fn new(
        connection: Connection,
        path: &Path,
        keys: Arc<DayKeys>,
        now_ms: i64,
    ) -> Result<Self> {
        let edge = leaves::edge(&connection)?;
        let last_ms = leaves::last_recorded_ms(&connection)?;
        let shapes = Shape::both(&connection)?;
        let mut writer = Self {
            connection,
            path: path.to_owned(),
            edge,
            keys,
            origin: String::new(),
            last_ms: last_ms.unwrap_or(0),
            watch: Watch::after(last_ms),
            kept_bytes: 0,
            labels: Labels::default(),
            deployments: Deployments::default(),
            names: IdNames::default(),
            record_keys: RecordKeys::default(),
            inferring: Inferring::default(),
            logged: Vec::new(),
            row_head: Head::default(),
            shapes,
        };
        writer.watch_rows()?;
        let origin: Option<String> = writer
            .connection
            .query_row(
                "select value from workspace where key = 'origin'",
                [],
                |row| row.get(0),
            )
            .optional()?;
        match origin {
            Some(origin) => {
                writer.keys.bind(&origin);
                writer.origin = origin;
                writer.end_cut_short(now_ms)?;
            }
            None => writer.begin(now_ms)?,
        }
        Ok(writer)
    }

    fn begin(&mut self, now_ms: i64) -> Result<()> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|_| StoreError::NoRandomness)?;
        self.origin = hex::encode(random);
        let origin = self.origin.clone();
        self.keys.bind(&origin);
        let payload = format!("{{\"origin\":\"{origin}\"}}");
        let salt = salts(1)?[0];
        self.transact(|writer| {
            writer.connection.execute(
                "insert into workspace (key, value) values ('origin', ?1)",
                [&origin],
            )?;
            writer.own_leaf(LeafKind::Genesis, &salt, payload.as_bytes(), now_ms)?;
            Ok(())
        })
    }

    /// Runs `work` in one transaction, or in the one that is open; nothing of it stays where it
    /// fails.
    pub(crate) fn transact<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if !self.connection.is_autocommit() {
            return work(self);
        }
        let edge = self.edge.clone();
        let (last_ms, watch, row_head) = (self.last_ms, self.watch.clone(), self.row_head);
        self.connection.execute_batch("begin immediate")?;
        let answer = work(self).and_then(|value| {
            self.record_keys.write(&self.connection)?;
            self.enter_rows()?;
            leaves::put_edge(&self.connection, &self.edge)?;
            self.connection.execute_batch("commit")?;
            Ok(value)
        });
        if answer.is_ok() {
            // What was committed is on disk; that it is copied later is no failure of it.
            let _ = self.tend_log();
        } else {
            self.edge = edge;
            (self.last_ms, self.watch, self.row_head) = (last_ms, watch, row_head);
            self.labels = Labels::default();
            self.deployments = Deployments::default();
            self.names = IdNames::default();
            self.record_keys.forget();
            self.inferring = Inferring::default();
            if !self.connection.is_autocommit() {
                let _ = self.connection.execute_batch("rollback");
            }
        }
        answer
    }

    /// Leaves in the tree.
    pub fn tree_size(&self) -> u64 {
        self.edge.size()
    }

    /// The workspace's id, hexadecimal.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Lets jumps of the computer's clock be noticed; without clocks only a time that lies far
    /// before the last record's is.
    pub fn watch_clocks(&mut self, clocks: Clocks) {
        self.watch.clocks = Some(clocks);
    }

    /// The time of our own records never goes back; where the clock jumped, a leaf says so first.
    pub(crate) fn recorded_ms(&mut self, now_ms: i64) -> Result<i64> {
        if let Some(jump) = self.watch.look(now_ms) {
            let payload = serde_json::json!({
                "expected": moment::rfc3339(jump.expected_ms),
                "wall": moment::rfc3339(jump.wall_ms),
            })
            .to_string();
            self.last_ms = self.last_ms.max(now_ms);
            self.put_own_leaf(LeafKind::ClockJump, &salts(1)?[0], payload.as_bytes())?;
        }
        self.last_ms = self.last_ms.max(now_ms);
        Ok(self.last_ms)
    }

    pub(crate) fn own_leaf(
        &mut self,
        kind: LeafKind,
        salt: &[u8; SALT_LEN],
        payload: &[u8],
        now_ms: i64,
    ) -> Result<u64> {
        self.recorded_ms(now_ms)?;
        self.put_own_leaf(kind, salt, payload)
    }

    fn put_own_leaf(
        &mut self,
        kind: LeafKind,
        salt: &[u8; SALT_LEN],
        payload: &[u8],
    ) -> Result<u64> {
        let seq = self.edge.size();
        let at = moment::rfc3339(self.last_ms);
        let origin = self.origin.clone();
        let fields = LeafFields {
            kind,
            batch: &origin,
            length: payload.len() as u64,
            offset: 0,
            seq,
            recorded_at: &at,
        };
        let bytes = commitment(salt, payload);
        leaves::append(&self.connection, &mut self.edge, &fields, &bytes)?;
        let key = self.keys.current(Class::Own, day_of(self.last_ms))?;
        let plain = (0, payload);
        let sealed = seal(
            &key,
            &self.origin,
            seq,
            plain,
            salt,
            salts(1)?[0],
            Vec::new(),
        )?;
        Inserts::new(&self.connection)?.body(seq, 0, &sealed, key.id)?;
        Ok(seq)
    }

    /// The id of the deployment `name`, made where there is none.
    pub(crate) fn deployment(&mut self, name: &str, kind: Kind, now_ms: i64) -> Result<i64> {
        self.deployments.id(&self.connection, name, kind, now_ms)
    }

    /// Writes what this program did to the trail; answers its leaf index and its id.
    ///
    /// # Errors
    /// [`StoreError`]; then it was not written, and must not be done.
    pub fn record_own(&mut self, own: &OwnRecord<'_>) -> Result<(u64, String)> {
        let salt = salts(1)?[0];
        self.transact(|writer| writer.own(own, &salt))
    }

    /// Writes that something was defined, or is not any more, and by whom: in the transaction that is open.
    /// Answers its leaf.
    pub(crate) fn defined(
        &mut self,
        activity: Activity,
        payload: &[u8],
        salt: &[u8; SALT_LEN],
        now_ms: i64,
    ) -> Result<u64> {
        let own = OwnRecord {
            kind: LeafKind::Definition,
            activity,
            reason: None,
            payload,
            now_ms,
        };
        self.own(&own, salt).map(|(leaf, _)| leaf)
    }

    pub(crate) fn own(
        &mut self,
        own: &OwnRecord<'_>,
        salt: &[u8; SALT_LEN],
    ) -> Result<(u64, String)> {
        let seq = self.own_leaf(own.kind, salt, own.payload, own.now_ms)?;
        // Two equal deeds are two records: the place in the tree is part of what they are.
        let mut deed = own.payload.to_vec();
        deed.extend_from_slice(&seq.to_be_bytes());
        let id = record_id("assay", &deed);
        let source = self.labels.id(&self.connection, "assay")?;
        let place = Place {
            seq,
            batch: None,
            line: 0,
            offset: 0,
            length: own.payload.len() as u64,
            format: None,
            source,
        };
        activities::insert(
            &self.connection,
            &mut self.labels,
            (&id, &place),
            (&own.activity, own.reason),
            RowDigests::NONE,
        )?;
        Ok((seq, hex::encode(id)))
    }

    /// Sets a fact about this store.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_fact(&mut self, key: &str, value: &str) -> Result<()> {
        self.transact(|writer| {
            writer.connection.execute(
                "insert into workspace (key, value) values (?1, ?2)
                 on conflict (key) do update set value = excluded.value",
                [key, value],
            )?;
            Ok(())
        })
    }

    /// Forgets the ids of strings: some were deleted.
    pub(crate) fn forget_labels(&mut self) {
        self.labels = Labels::default();
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
