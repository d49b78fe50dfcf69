//! Redaction policies in the store: every version that was saved, and which are in force.
//!
//! A version is never rewritten. Not here: the policies that are part of the program, and what a
//! text means (the engine).

use assay_domain::activity::{Activity, Category};
use assay_evidence::leaf::LeafKind;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::Result;
use crate::open::Store;
use crate::writer::{OwnRecord, Writer, salts};

/// A version of a policy to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPolicy {
    pub name: String,
    /// What the text calls itself.
    pub version: String,
    pub toml: String,
    pub note: Option<String>,
}

/// A saved version of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRecord {
    pub id: i64,
    pub name: String,
    /// Its place among those of its name, from 1.
    pub number: u32,
    /// What the text calls itself.
    pub version: String,
    pub toml: String,
    pub saved_ms: i64,
    /// `None` where it was saved before this was kept.
    pub saved_by: Option<String>,
    pub note: Option<String>,
}

/// A policy that was put in force, or the end of a deployment's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PutRecord {
    /// `None` is everywhere that no other is in force.
    pub deployment: Option<String>,
    /// `None` where the deployment goes by the default again.
    pub name: Option<String>,
    /// The saved version; `None` for a text that is part of the program.
    pub number: Option<u32>,
    /// `None` where it was put in force before this was kept.
    pub put_ms: Option<i64>,
    pub put_by: Option<String>,
}

/// What is to be in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewPut<'a> {
    pub deployment: Option<&'a str>,
    /// `None` lets the deployment go by the default again.
    pub name: Option<&'a str>,
    /// The saved version; `None` for a text that is part of the program.
    pub number: Option<u32>,
    /// Why, where somebody says so.
    pub reason: Option<&'a str>,
    /// What stood against it, as it was told.
    pub gate: Option<&'a serde_json::Value>,
}

const VERSIONS: &str =
    "select id, name, row_number() over (partition by name order by id) as number,
        version, toml, saved_ms, saved_by, note
 from policy";

fn version(row: &Row<'_>) -> rusqlite::Result<PolicyRecord> {
    Ok(PolicyRecord {
        id: row.get(0)?,
        name: row.get(1)?,
        number: row.get(2)?,
        version: row.get(3)?,
        toml: row.get(4)?,
        saved_ms: row.get(5)?,
        saved_by: row.get(6)?,
        note: row.get(7)?,
    })
}

/// The saved version of a name and number.
fn id_of(connection: &Connection, name: &str, number: u32) -> Result<Option<i64>> {
    Ok(connection
        .prepare_cached("select id from policy where name = ?1 order by id limit 1 offset ?2 - 1")?
        .query_row(params![name, number], |row| row.get(0))
        .optional()?)
}

impl Writer {
    /// Saves a version of a policy; what is in force stays. The trail says who did it.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn save_policy(&mut self, policy: &NewPolicy, by: &str, now_ms: i64) -> Result<()> {
        let salt = salts(1)?[0];
        self.transact(|writer| {
            let own = OwnRecord {
                kind: LeafKind::Definition,
                activity: deed("policy.save", &policy.name, by, now_ms),
                reason: policy.note.as_deref(),
                payload: policy.toml.as_bytes(),
                now_ms,
            };
            let (seq, _) = writer.own(&own, &salt)?;
            writer.keep_what_is_in_force(&policy.name, seq)?;
            writer.connection.execute(
                "insert into policy (name, version, toml, saved_ms, seq, saved_by, note)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    policy.name,
                    policy.version,
                    policy.toml,
                    now_ms,
                    seq as i64,
                    by,
                    policy.note
                ],
            )?;
            Ok(())
        })
    }

    /// In a store that kept only the name of what is in force, that was the newest text of the name:
    /// it stays in force beside the one that comes.
    fn keep_what_is_in_force(&mut self, name: &str, seq: u64) -> Result<()> {
        self.connection.execute(
            "insert into policy_put (seq, name, policy_id)
             select ?2, ?1, (select max(id) from policy where name = ?1)
             where not exists (select 1 from policy_put where deployment_id is null)
               and exists (select 1 from workspace where key = 'policy_in_force' and value = ?1)
               and exists (select 1 from policy where name = ?1)",
            params![name, seq as i64],
        )?;
        Ok(())
    }

    /// Puts a policy in force, or ends a deployment's own; the trail says who did it, and by which
    /// approval.
    ///
    /// # Errors
    /// [`crate::error::StoreError`]; nothing is written where the version or the deployment is not
    /// there.
    pub fn put_policy_in_force(
        &mut self,
        put: &NewPut<'_>,
        approval: Option<&str>,
        by: &str,
        now_ms: i64,
    ) -> Result<()> {
        let salt = salts(1)?[0];
        let approved = approval.map(|id| format!("approval {id}"));
        let reasons: Vec<&str> = [approved.as_deref(), put.reason]
            .into_iter()
            .flatten()
            .collect();
        let reason = (!reasons.is_empty()).then(|| reasons.join("; "));
        let what = match (put.name, put.number) {
            (Some(name), Some(number)) => format!("{name}@{number}"),
            (Some(name), None) => name.to_owned(),
            (None, _) => "what is in force by default".to_owned(),
        };
        let target = match put.deployment {
            Some(deployment) => format!("{what} for {deployment}"),
            None => what,
        };
        self.transact(|writer| {
            let activity = deed("policy.put_in_force", &target, by, now_ms);
            let payload = serde_json::json!({
                "approval": approval,
                "deployment": put.deployment,
                "gate": put.gate,
                "policy_in_force": put.name,
                "version": put.number,
            })
            .to_string();
            let own = OwnRecord {
                kind: LeafKind::Definition,
                activity,
                reason: reason.as_deref(),
                payload: payload.as_bytes(),
                now_ms,
            };
            let (seq, _) = writer.own(&own, &salt)?;
            let policy_id = match (put.name, put.number) {
                (Some(name), Some(number)) => id_of(&writer.connection, name, number)?,
                _ => None,
            };
            writer.connection.execute(
                "insert into policy_put (seq, deployment_id, name, policy_id, put_ms, put_by)
                 values (?1, (select id from deployment where name = ?2), ?3, ?4, ?5, ?6)",
                params![seq as i64, put.deployment, put.name, policy_id, now_ms, by],
            )?;
            Ok(())
        })
    }
}

/// An activity of this program that worked.
pub fn deed(action: &str, target: &str, by: &str, now_ms: i64) -> Activity {
    let mut activity = Activity::new(action, Category::Workbench);
    activity.at_ms = Some(now_ms);
    activity.actor = Some(by.to_owned());
    activity.target = Some(target.to_owned());
    activity.succeeded = Some(true);
    activity
}

impl Store {
    /// The key of this store's hashes (policies with the operator `hash`), made when first asked
    /// for. A store that is open for reading only and has none answers a key for this time.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn hash_key(&self) -> Result<Vec<u8>> {
        if let Some(key) = self.fact("hash_key")?.and_then(|key| hex::decode(key).ok()) {
            return Ok(key);
        }
        let key = salts(1)?[0].to_vec();
        if let Ok(mut writer) = self.writer() {
            writer.set_fact("hash_key", &hex::encode(&key))?;
        }
        Ok(key)
    }

    /// The newest version of each saved policy, by name.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn policies(&self) -> Result<Vec<PolicyRecord>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "select * from ({VERSIONS})
                 where id in (select max(id) from policy group by name)
                 order by name"
            ))?;
            let rows = statement.query_map([], version)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Every version of a name, oldest first.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn policy_versions(&self, name: &str) -> Result<Vec<PolicyRecord>> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached(&format!("{VERSIONS} where name = ?1 order by id"))?;
            let rows = statement.query_map([name], version)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// How many calls came into the tree at `leaf` or later: of a deployment, or of all.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn calls_from(&self, leaf: u64, deployment: Option<&str>) -> Result<u64> {
        self.read(|connection| {
            let count: i64 = connection
                .prepare_cached(
                    "select count(*) from call
                     where seq >= ?1
                       and (?2 is null
                            or deployment_id = (select id from deployment where name = ?2))",
                )?
                .query_row(params![leaf as i64, deployment], |row| row.get(0))?;
            Ok(count.unsigned_abs())
        })
    }

    /// What was put in force, oldest first. In a store that kept only the name of what is in force,
    /// that name's newest version.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn policy_puts(&self) -> Result<Vec<PutRecord>> {
        let mut puts: Vec<PutRecord> = self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select deployment.name, policy_put.name,
                        (select count(*) from policy
                         where name = policy_put.name and id <= policy_put.policy_id),
                        put_ms, put_by
                 from policy_put left join deployment on deployment.id = deployment_id
                 order by policy_put.id",
            )?;
            let rows = statement.query_map([], |row| {
                let number: u32 = row.get(2)?;
                Ok(PutRecord {
                    deployment: row.get(0)?,
                    name: row.get(1)?,
                    number: (number > 0).then_some(number),
                    put_ms: row.get(3)?,
                    put_by: row.get(4)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })?;
        if !puts.iter().any(|put| put.deployment.is_none())
            && let Some(name) = self.fact("policy_in_force")?
        {
            let number = self.policy_versions(&name)?.last().map(|last| last.number);
            puts.insert(
                0,
                PutRecord {
                    deployment: None,
                    name: Some(name),
                    number,
                    put_ms: None,
                    put_by: None,
                },
            );
        }
        Ok(puts)
    }
}
