//! Deployments in the store: definitions, collected settings, and what the roll-ups say of each.

use assay_domain::activity::{Activity, Category};
use assay_domain::call::Kind;
use assay_evidence::leaf::LeafKind;
use rusqlite::{OptionalExtension, Row, params};

use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::writer::{OwnRecord, Writer, salts};

/// A deployment as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentRecord {
    pub id: i64,
    pub name: String,
    pub kind: Kind,
    /// Its definition; `None` where nobody wrote one.
    pub toml: Option<String>,
}

/// Settings as collected at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotRecord {
    pub id: i64,
    pub taken_at_ms: Option<i64>,
    pub imported_ms: i64,
    pub source: String,
    /// JSON: what was read.
    pub settings: String,
}

/// Sums over a deployment's calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    pub calls: u64,
    pub errors: u64,
    pub first_ms: Option<i64>,
    pub last_ms: Option<i64>,
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub cost_usd_micros: i64,
    pub cost_known: u64,
    pub region_unknown: u64,
    pub private_path: u64,
}

fn read(row: &Row<'_>) -> rusqlite::Result<DeploymentRecord> {
    let kind: u8 = row.get(2)?;
    Ok(DeploymentRecord {
        id: row.get(0)?,
        name: row.get(1)?,
        kind: Kind::ALL
            .get(usize::from(kind))
            .copied()
            .unwrap_or(Kind::Private),
        toml: row.get(3)?,
    })
}

impl Writer {
    /// Writes a deployment's definition; the trail says who did it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn define_deployment(
        &mut self,
        name: &str,
        kind: Kind,
        toml: &str,
        by: &str,
        now_ms: i64,
    ) -> Result<()> {
        let salt = salts(1)?[0];
        let mut activity = Activity::new("deployment.set", Category::Workbench);
        activity.at_ms = Some(now_ms);
        activity.kind = Some(kind);
        activity.actor = Some(by.to_owned());
        activity.target = Some(name.to_owned());
        activity.succeeded = Some(true);
        self.transact(|writer| {
            writer.deployment(name, kind, now_ms)?;
            writer.connection.execute(
                "update deployment set toml = ?2, kind = ?3, changed_ms = ?4 where name = ?1",
                params![name, toml, kind as u8, now_ms],
            )?;
            writer.defined(activity, toml.as_bytes(), &salt, now_ms)?;
            Ok(())
        })
    }

    /// Stores a settings snapshot of a deployment; `payload` is the answer as it was given.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn add_snapshot(
        &mut self,
        deployment: &DeploymentRecord,
        snapshot: &SnapshotRecord,
        payload: &[u8],
        by: &str,
    ) -> Result<()> {
        let salt = salts(1)?[0];
        let now_ms = snapshot.imported_ms;
        let mut activity = Activity::new("snapshot.import", Category::Workbench);
        activity.at_ms = Some(now_ms);
        activity.kind = Some(deployment.kind);
        activity.actor = Some(by.to_owned());
        activity.target = Some(deployment.name.clone());
        activity.succeeded = Some(true);
        self.transact(|writer| {
            let own = OwnRecord { kind: LeafKind::SettingSnapshot, activity, reason: None, payload, now_ms };
            let (seq, _) = writer.own(&own, &salt)?;
            writer.connection.execute(
                "insert into snapshot (seq, deployment_id, taken_at_ms, imported_ms, source, settings)
                 values (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    seq as i64,
                    deployment.id,
                    snapshot.taken_at_ms,
                    snapshot.imported_ms,
                    snapshot.source,
                    snapshot.settings
                ],
            )?;
            Ok(())
        })
    }
}

impl Store {
    /// All deployments, by kind and name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn deployments(&self) -> Result<Vec<DeploymentRecord>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select id, name, kind, toml from deployment order by kind, name",
            )?;
            let rows = statement.query_map([], read)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The deployment with this name.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn deployment(&self, name: &str) -> Result<DeploymentRecord> {
        self.read(|connection| {
            connection
                .prepare_cached("select id, name, kind, toml from deployment where name = ?1")?
                .query_row([name], read)
                .optional()?
                .ok_or_else(|| StoreError::NotFound {
                    what: "deployment",
                    name: name.to_owned(),
                })
        })
    }

    /// A deployment's snapshots, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn snapshots(&self, deployment: i64) -> Result<Vec<SnapshotRecord>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select id, taken_at_ms, imported_ms, source, settings from snapshot
                 where deployment_id = ?1 order by id",
            )?;
            let rows = statement.query_map([deployment], |row| {
                Ok(SnapshotRecord {
                    id: row.get(0)?,
                    taken_at_ms: row.get(1)?,
                    imported_ms: row.get(2)?,
                    source: row.get(3)?,
                    settings: row.get(4)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Sums over a deployment's calls, from the roll-ups.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sums(&self, deployment: i64) -> Result<Sums> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached(
                    "select coalesce(sum(calls), 0), coalesce(sum(case when status = 1 then calls end), 0),
                        coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0),
                        coalesce(sum(cost_usd_micros), 0), coalesce(sum(cost_known), 0),
                        coalesce(sum(private_path), 0),
                        (select min(started_at_ms) from call where deployment_id = ?1),
                        (select max(started_at_ms) from call where deployment_id = ?1),
                        coalesce(sum(case when served_region = 0 then calls end), 0)
                     from rollup_total where deployment_id = ?1",
                )?
                .query_row([deployment], |row| {
                    let count = |index: usize| row.get::<_, i64>(index).map(i64::unsigned_abs);
                    Ok(Sums {
                        calls: count(0)?,
                        errors: count(1)?,
                        input_tokens: count(2)?,
                        output_tokens: count(3)?,
                        cost_usd_micros: row.get(4)?,
                        cost_known: count(5)?,
                        private_path: count(6)?,
                        first_ms: row.get(7)?,
                        last_ms: row.get(8)?,
                        region_unknown: count(9)?,
                    })
                })?)
        })
    }

    /// A fact about this store, if it was set.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn fact(&self, key: &str) -> Result<Option<String>> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached("select value from workspace where key = ?1")?
                .query_row([key], |row| row.get(0))
                .optional()?)
        })
    }
}
