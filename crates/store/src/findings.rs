//! The last answers of the checks, and the waivers, which are never deleted.

use assay_evidence::leaf::LeafKind;
use rusqlite::{Row, params};

use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::policies::deed;
use crate::writer::{OwnRecord, Writer, salts};

/// A finding as stored: `finding` is all of it, as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingRecord {
    pub id: String,
    pub check: String,
    pub deployment: String,
    /// `met`, `not_met`, `unknown`.
    pub verdict: String,
    pub severity: String,
    pub finding: String,
}

/// A waiver as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaiverRecord {
    pub finding: String,
    /// What was accepted: `not_met` or `unknown`.
    pub verdict: String,
    pub reason: String,
    pub owner: String,
    pub approver: String,
    pub set_ms: i64,
    pub until_ms: i64,
    pub ended_ms: Option<i64>,
    /// The approval that it was set with; `None` where the approver is a name only.
    pub approval: Option<String>,
}

/// When a deployment was last checked, over how many leaves, and which rules had searched its calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRun {
    pub ran_ms: i64,
    pub tree_size: u64,
    pub rules: String,
}

impl Writer {
    /// Replaces the findings of these deployments.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_findings(
        &mut self,
        deployments: &[i64],
        findings: &[FindingRecord],
        run: &CheckRun,
    ) -> Result<()> {
        self.transact(|writer| {
            for deployment in deployments {
                writer
                    .connection
                    .execute("delete from finding where deployment_id = ?1", [deployment])?;
                writer.connection.execute(
                    "insert into check_run (deployment_id, ran_ms, tree_size, rules) values (?1, ?2, ?3, ?4)
                     on conflict (deployment_id) do update set ran_ms = ?2, tree_size = ?3, rules = ?4",
                    params![deployment, run.ran_ms, run.tree_size as i64, run.rules],
                )?;
            }
            for finding in findings {
                writer
                    .connection
                    .prepare_cached(
                        "insert or replace into finding (id, check_id, deployment_id, verdict, severity, finding)
                         values (?1, ?2, (select id from deployment where name = ?3), ?4, ?5, ?6)",
                    )?
                    .execute(params![
                        finding.id,
                        finding.check,
                        finding.deployment,
                        finding.verdict,
                        finding.severity,
                        finding.finding
                    ])?;
            }
            Ok(())
        })
    }

    /// Sets a waiver; the trail says who set it and why.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn set_waiver(&mut self, waiver: &WaiverRecord, by: &str) -> Result<()> {
        let salt = salts(1)?[0];
        let payload = serde_json::json!({
            "approval": waiver.approval,
            "approver": waiver.approver,
            "finding": waiver.finding,
            "owner": waiver.owner,
            "reason": waiver.reason,
            "until_ms": waiver.until_ms,
            "verdict": waiver.verdict,
        })
        .to_string();
        self.transact(|writer| {
            let own = OwnRecord {
                kind: LeafKind::Waiver,
                activity: deed("finding.waive", &waiver.finding, by, waiver.set_ms),
                reason: Some(&waiver.reason),
                payload: payload.as_bytes(),
                now_ms: waiver.set_ms,
            };
            let (seq, _) = writer.own(&own, &salt)?;
            writer.connection.execute(
                "insert into waiver (seq, finding_id, reason, owner, approver, set_ms, until_ms, verdict, approval)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    seq as i64,
                    waiver.finding,
                    waiver.reason,
                    waiver.owner,
                    waiver.approver,
                    waiver.set_ms,
                    waiver.until_ms,
                    waiver.verdict,
                    waiver.approval
                ],
            )?;
            Ok(())
        })
    }

    /// Ends the waiver of a finding.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where none is in force.
    pub fn end_waiver(&mut self, finding: &str, reason: &str, by: &str, now_ms: i64) -> Result<()> {
        let salt = salts(1)?[0];
        self.transact(|writer| {
            let ended = writer.connection.execute(
                "update waiver set ended_ms = ?2 where finding_id = ?1 and ended_ms is null",
                params![finding, now_ms],
            )?;
            if ended == 0 {
                return Err(StoreError::NotFound {
                    what: "waiver in force",
                    name: finding.to_owned(),
                });
            }
            let payload = serde_json::json!({ "ended": finding, "reason": reason }).to_string();
            let own = OwnRecord {
                kind: LeafKind::Waiver,
                activity: deed("finding.end_waiver", finding, by, now_ms),
                reason: Some(reason),
                payload: payload.as_bytes(),
                now_ms,
            };
            writer.own(&own, &salt)?;
            Ok(())
        })
    }
}

fn waiver(row: &Row<'_>) -> rusqlite::Result<WaiverRecord> {
    Ok(WaiverRecord {
        finding: row.get(0)?,
        reason: row.get(1)?,
        owner: row.get(2)?,
        approver: row.get(3)?,
        set_ms: row.get(4)?,
        until_ms: row.get(5)?,
        ended_ms: row.get(6)?,
        verdict: row.get(7)?,
        approval: row.get(8)?,
    })
}

impl Store {
    /// The findings of the last run.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn findings(&self) -> Result<Vec<FindingRecord>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select f.id, f.check_id, d.name, f.verdict, f.severity, f.finding
                 from finding f join deployment d on d.id = f.deployment_id
                 order by d.kind, d.name, f.check_id, f.id",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(FindingRecord {
                    id: row.get(0)?,
                    check: row.get(1)?,
                    deployment: row.get(2)?,
                    verdict: row.get(3)?,
                    severity: row.get(4)?,
                    finding: row.get(5)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The newest waiver of each finding, whether it is in force or not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn waivers(&self) -> Result<Vec<WaiverRecord>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select finding_id, reason, owner, approver, set_ms, until_ms, ended_ms, verdict, approval
                 from waiver
                 where id in (select max(id) from waiver group by finding_id)
                 order by finding_id",
            )?;
            let rows = statement.query_map([], waiver)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// How many records were imported at or after leaf `seq`; this program's own are not counted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn imported_since(&self, seq: u64) -> Result<u64> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached(
                    "select (select count(*) from call where seq >= ?1)
                          + (select count(*) from activity where seq >= ?1 and batch_id is not null)",
                )?
                .query_row([seq as i64], |row| row.get::<_, i64>(0))?
                .unsigned_abs())
        })
    }

    /// The deployments whose definition or settings changed after they were checked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn changed_since_checked(&self) -> Result<Vec<String>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select name from deployment d join check_run r on r.deployment_id = d.id
                 where changed_ms > r.ran_ms
                    or exists (select 1 from snapshot s where s.deployment_id = d.id and s.imported_ms > r.ran_ms)
                 order by name",
            )?;
            let rows = statement.query_map([], |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Every deployment by name with its last check; `None` where it was never checked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn check_runs(&self) -> Result<Vec<(String, Option<CheckRun>)>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select name, ran_ms, tree_size, rules
                 from deployment d left join check_run r on r.deployment_id = d.id
                 order by name",
            )?;
            let rows = statement.query_map([], |row| {
                let run = match row.get::<_, Option<i64>>(1)? {
                    None => None,
                    Some(ran_ms) => Some(CheckRun {
                        ran_ms,
                        tree_size: row.get::<_, i64>(2)?.unsigned_abs(),
                        rules: row.get(3)?,
                    }),
                };
                Ok((row.get(0)?, run))
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}
