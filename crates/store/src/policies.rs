//! Redaction policies in the store: every version that was saved, and the one in force.

use assay_domain::activity::{Activity, Category};
use assay_evidence::leaf::LeafKind;
use rusqlite::params;

use crate::error::Result;
use crate::open::Store;
use crate::writer::{OwnRecord, Writer, salts};

/// A saved version of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRecord {
    pub name: String,
    pub version: String,
    pub toml: String,
}

impl Writer {
    /// Saves a version of a policy; the trail says who did it, and by which approval.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn save_policy(
        &mut self,
        policy: &PolicyRecord,
        approval: Option<&str>,
        by: &str,
        now_ms: i64,
    ) -> Result<()> {
        let salt = salts(1)?[0];
        let reason = by_approval(approval);
        self.transact(|writer| {
            writer.connection.execute(
                "insert into policy (name, version, toml, saved_ms) values (?1, ?2, ?3, ?4)",
                params![policy.name, policy.version, policy.toml, now_ms],
            )?;
            let own = OwnRecord {
                kind: LeafKind::Definition,
                activity: deed("policy.save", &policy.name, by, now_ms),
                reason: reason.as_deref(),
                payload: policy.toml.as_bytes(),
                now_ms,
            };
            writer.own(&own, &salt)?;
            Ok(())
        })
    }

    /// Puts a policy in force; the trail says who did it, and by which approval.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn put_policy_in_force(
        &mut self,
        name: &str,
        approval: Option<&str>,
        by: &str,
        now_ms: i64,
    ) -> Result<()> {
        let salt = salts(1)?[0];
        let reason = by_approval(approval);
        self.transact(|writer| {
            writer.set_fact("policy_in_force", name)?;
            let payload =
                serde_json::json!({ "approval": approval, "policy_in_force": name }).to_string();
            let own = OwnRecord {
                kind: LeafKind::Definition,
                activity: deed("policy.put_in_force", name, by, now_ms),
                reason: reason.as_deref(),
                payload: payload.as_bytes(),
                now_ms,
            };
            writer.own(&own, &salt)?;
            Ok(())
        })
    }
}

/// Names the approval where what was saved is a text of its own.
fn by_approval(approval: Option<&str>) -> Option<String> {
    approval.map(|id| format!("approval {id}"))
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
            let mut statement = connection.prepare_cached(
                "select name, version, toml from policy
                 where id in (select max(id) from policy group by name)
                 order by name",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(PolicyRecord {
                    name: row.get(0)?,
                    version: row.get(1)?,
                    toml: row.get(2)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}
