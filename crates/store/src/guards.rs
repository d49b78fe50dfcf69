//! Runs of guards in the store: plans, and what was found.
//!
//! In: plans and outcomes as JSON. Out: the same. Not here: where canaries can be sent to (`profiles`),
//! their texts (drawn again from their seed), sending.

use assay_domain::activity::Activity;
use assay_evidence::leaf::LeafKind;
use rusqlite::{OptionalExtension, Row, params};

use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::writer::{OwnRecord, Writer, salts};

/// A plan or a run as stored. `plan` and `outcome` are JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardRunRecord {
    pub id: String,
    /// The guard's name.
    pub guard: String,
    /// `planned`, `running`, `done`, `cancelled`, `failed`.
    pub state: String,
    pub made_ms: i64,
    pub started_ms: Option<i64>,
    pub finished_ms: Option<i64>,
    pub plan: String,
    pub outcome: Option<String>,
}

/// How a run ends.
#[derive(Debug, Clone, Copy)]
pub struct GuardRunEnd<'a> {
    pub id: &'a str,
    /// `done`, `cancelled`, `failed`.
    pub state: &'a str,
    /// JSON.
    pub outcome: &'a str,
}

impl Writer {
    /// Saves a plan; nothing of it is sent yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_guard_plan(
        &mut self,
        id: &str,
        guard: &str,
        plan: &str,
        now_ms: i64,
    ) -> Result<()> {
        self.transact(|writer| {
            writer.connection.execute(
                "insert into guard_run (id, guard, state, made_ms, plan)
                 values (?1, ?2, 'planned', ?3, ?4)",
                params![id, guard, now_ms, plan],
            )?;
            Ok(())
        })
    }

    /// Begins a run: the trail says what is going to be sent where before anything is sent.
    ///
    /// # Errors
    /// [`StoreError`]; then nothing may be sent. [`StoreError::NotFound`] where the plan is not there
    /// or was carried out before.
    pub fn begin_guard_run(
        &mut self,
        id: &str,
        activity: Activity,
        payload: &[u8],
        now_ms: i64,
    ) -> Result<()> {
        let salt = salts(1)?[0];
        self.transact(|writer| {
            let own = OwnRecord {
                kind: LeafKind::Export,
                activity,
                reason: None,
                payload,
                now_ms,
            };
            let (seq, _) = writer.own(&own, &salt)?;
            let begun = writer.connection.execute(
                "update guard_run set state = 'running', started_ms = ?2, seq = ?3
                 where id = ?1 and state = 'planned'",
                params![id, now_ms, seq as i64],
            )?;
            match begun {
                0 => Err(missing("plan that is still to be carried out", id)),
                _ => Ok(()),
            }
        })
    }

    /// Ends a run; the trail says how.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn end_guard_run(
        &mut self,
        end: &GuardRunEnd<'_>,
        activity: Activity,
        payload: &[u8],
        now_ms: i64,
    ) -> Result<()> {
        let salt = salts(1)?[0];
        self.transact(|writer| {
            writer.connection.execute(
                "update guard_run set state = ?2, finished_ms = ?3, outcome = ?4 where id = ?1",
                params![end.id, end.state, now_ms, end.outcome],
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

fn missing(what: &'static str, name: &str) -> StoreError {
    StoreError::NotFound {
        what,
        name: name.to_owned(),
    }
}

fn run(row: &Row<'_>) -> rusqlite::Result<GuardRunRecord> {
    Ok(GuardRunRecord {
        id: row.get(0)?,
        guard: row.get(1)?,
        state: row.get(2)?,
        made_ms: row.get(3)?,
        started_ms: row.get(4)?,
        finished_ms: row.get(5)?,
        plan: row.get(6)?,
        outcome: row.get(7)?,
    })
}

impl Store {
    /// A plan or a run.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn guard_run(&self, id: &str) -> Result<GuardRunRecord> {
        self.read(|connection| {
            connection
                .prepare_cached(
                    "select id, guard, state, made_ms, started_ms, finished_ms, plan, outcome
                     from guard_run where id = ?1",
                )?
                .query_row([id], run)
                .optional()?
                .ok_or_else(|| missing("run", id))
        })
    }

    /// The runs that were begun, the last begun first; at most 200.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn guard_runs(&self) -> Result<Vec<GuardRunRecord>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select id, guard, state, made_ms, started_ms, finished_ms, plan, outcome
                 from guard_run
                 where started_ms is not null
                 order by started_ms desc, id desc
                 limit 200",
            )?;
            let rows = statement.query_map([], run)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}
