//! Replay in the store: plans, runs and their answers, apart from the trail's calls and
//! never counted among them.

use assay_domain::activity::Activity;
use assay_evidence::leaf::LeafKind;
use rusqlite::{OptionalExtension, Row, params};

use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::writer::{OwnRecord, Writer, salts};

/// A run as stored. `run` is JSON: backend, destination, policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRecord {
    pub id: String,
    pub plan: String,
    pub state: String,
    pub started_ms: i64,
    pub finished_ms: Option<i64>,
    pub budget_usd_micros: Option<i64>,
    /// Worst case of what may have been sent.
    pub reserved_usd_micros: i64,
    pub run: String,
}

/// One call of a run. `item` is JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunItemRecord {
    pub call_seq: u64,
    pub state: String,
    pub item: String,
}

impl Writer {
    /// Saves a plan (JSON; ids and counts, no text).
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_plan(&mut self, id: &str, plan: &str, now_ms: i64) -> Result<()> {
        self.transact(|writer| {
            writer.connection.execute(
                "insert or replace into replay_plan (id, made_ms, plan) values (?1, ?2, ?3)",
                params![id, now_ms, plan],
            )?;
            Ok(())
        })
    }

    /// Begins a run: the trail says what is going to be sent where before anything is sent.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing may be sent.
    pub fn begin_run(&mut self, run: &RunRecord, activity: Activity, payload: &[u8]) -> Result<()> {
        let salt = salts(1)?[0];
        let now_ms = run.started_ms;
        self.transact(|writer| {
            let own = OwnRecord {
                kind: LeafKind::ReplayIntent,
                activity,
                reason: None,
                payload,
                now_ms,
            };
            let (seq, _) = writer.own(&own, &salt)?;
            writer.connection.execute(
                "insert into replay_run (id, seq, plan_id, state, started_ms, budget_usd_micros, run)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    run.id,
                    seq as i64,
                    run.plan,
                    run.state,
                    run.started_ms,
                    run.budget_usd_micros,
                    run.run
                ],
            )?;
            Ok(())
        })
    }

    /// Reserves the worst-case cost of a call and marks it `unknown` until its answer is there.
    ///
    /// # Errors
    /// [`StoreError`]; then it may not be sent.
    pub fn reserve(
        &mut self,
        run: &str,
        reserved_usd_micros: i64,
        call_seq: u64,
        item: &str,
    ) -> Result<()> {
        self.transact(|writer| {
            writer.connection.execute(
                "update replay_run set reserved_usd_micros = ?2 where id = ?1",
                params![run, reserved_usd_micros],
            )?;
            writer.connection.execute(
                "insert or replace into replay_item (run_id, call_seq, state, item)
                 values (?1, ?2, 'unknown', ?3)",
                params![run, call_seq as i64, item],
            )?;
            Ok(())
        })
    }

    /// Stores what became of a call of a run; `response` is the answer's bytes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_item(
        &mut self,
        run: &str,
        item: &RunItemRecord,
        response: Option<&[u8]>,
    ) -> Result<()> {
        let packed = response
            .map(|bytes| zstd::encode_all(bytes, 3))
            .transpose()
            .map_err(|error| StoreError::Value(error.to_string()))?;
        self.transact(|writer| {
            writer.connection.execute(
                "insert or replace into replay_item (run_id, call_seq, state, item, response)
                 values (?1, ?2, ?3, ?4, ?5)",
                params![run, item.call_seq as i64, item.state, item.item, packed],
            )?;
            Ok(())
        })
    }

    /// Ends a run; the trail says how.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn end_run(
        &mut self,
        id: &str,
        state: &str,
        activity: Activity,
        payload: &[u8],
        now_ms: i64,
    ) -> Result<()> {
        let salt = salts(1)?[0];
        self.transact(|writer| {
            writer.connection.execute(
                "update replay_run set state = ?2, finished_ms = ?3 where id = ?1",
                params![id, state, now_ms],
            )?;
            let own = OwnRecord {
                kind: LeafKind::ReplayResult,
                activity,
                reason: None,
                payload,
                now_ms,
            };
            writer.own(&own, &salt)?;
            Ok(())
        })
    }
}

fn run(row: &Row<'_>) -> rusqlite::Result<RunRecord> {
    Ok(RunRecord {
        id: row.get(0)?,
        plan: row.get(1)?,
        state: row.get(2)?,
        started_ms: row.get(3)?,
        finished_ms: row.get(4)?,
        budget_usd_micros: row.get(5)?,
        reserved_usd_micros: row.get(6)?,
        run: row.get(7)?,
    })
}

const RUN: &str =
    "id, plan_id, state, started_ms, finished_ms, budget_usd_micros, reserved_usd_micros, run";

impl Store {
    /// A plan (JSON) and when it was made.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn plan(&self, id: &str) -> Result<(String, i64)> {
        self.read(|connection| {
            connection
                .query_row(
                    "select plan, made_ms from replay_plan where id = ?1",
                    [id],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?
                .ok_or_else(|| StoreError::NotFound {
                    what: "replay plan",
                    name: id.to_owned(),
                })
        })
    }

    /// All runs, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn runs(&self) -> Result<Vec<RunRecord>> {
        self.read(|connection| {
            let sql = format!("select {RUN} from replay_run order by started_ms desc, seq desc");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([], run)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// One run and its calls.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn run(&self, id: &str) -> Result<(RunRecord, Vec<RunItemRecord>)> {
        self.read(|connection| {
            let sql = format!("select {RUN} from replay_run where id = ?1");
            let record = connection
                .query_row(&sql, [id], run)
                .optional()?
                .ok_or_else(|| StoreError::NotFound { what: "replay run", name: id.to_owned() })?;
            let mut statement = connection.prepare_cached(
                "select call_seq, state, item from replay_item where run_id = ?1 order by call_seq desc",
            )?;
            let rows = statement.query_map([id], |row| {
                Ok(RunItemRecord {
                    call_seq: row.get::<_, i64>(0)?.unsigned_abs(),
                    state: row.get(1)?,
                    item: row.get(2)?,
                })
            })?;
            Ok((record, rows.collect::<rusqlite::Result<_>>()?))
        })
    }

    /// The answer that a call of a run got, if it got one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn run_response(&self, run: &str, call_seq: u64) -> Result<Option<Vec<u8>>> {
        self.read(|connection| {
            let packed: Option<Option<Vec<u8>>> = connection
                .query_row(
                    "select response from replay_item where run_id = ?1 and call_seq = ?2",
                    params![run, call_seq as i64],
                    |row| row.get(0),
                )
                .optional()?;
            packed
                .flatten()
                .map(|packed| crate::packed::unpack(crate::packed::ZSTD, packed))
                .transpose()
        })
    }
}
