//! Who is asked to vouch for checkpoints, in the store: every version that was saved.
//!
//! Not here: what they said (`checkpoints`), asking them.

use assay_domain::activity::Activity;
use rusqlite::{OptionalExtension, Row, params};

use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::writer::{Writer, salts};

/// Who is asked, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnchorProfile {
    pub name: String,
    /// `tsa` or `witness`.
    pub kind: String,
    pub url: String,
    /// Its address may be private.
    pub is_private: bool,
    /// Of a witness: C2SP, name, number and key.
    pub vkey: Option<String>,
    /// Of a time-stamping authority: its certificates, PEM.
    pub chain: Option<String>,
}

const COLUMNS: &str = "name, kind, url, is_private, vkey, chain";

fn read(row: &Row<'_>) -> rusqlite::Result<AnchorProfile> {
    Ok(AnchorProfile {
        name: row.get(0)?,
        kind: row.get(1)?,
        url: row.get(2)?,
        is_private: row.get(3)?,
        vkey: row.get(4)?,
        chain: row.get(5)?,
    })
}

impl Writer {
    /// Saves who is asked, instead of what had this name; the trail says who did it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_anchor_profile(
        &mut self,
        profile: &AnchorProfile,
        activity: Activity,
        payload: &[u8],
        now_ms: i64,
    ) -> Result<()> {
        let salt = salts(1)?[0];
        self.transact(|writer| {
            writer.end_anchor_profile(&profile.name, now_ms)?;
            writer.connection.execute(
                "insert into anchor_profile (name, kind, url, is_private, vkey, chain, saved_ms)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    profile.name,
                    profile.kind,
                    profile.url,
                    profile.is_private,
                    profile.vkey,
                    profile.chain,
                    now_ms
                ],
            )?;
            writer.defined(activity, payload, &salt, now_ms)?;
            Ok(())
        })
    }

    /// Asks this one no more.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn remove_anchor_profile(
        &mut self,
        name: &str,
        activity: Activity,
        now_ms: i64,
    ) -> Result<()> {
        let salt = salts(1)?[0];
        self.transact(|writer| {
            if writer.end_anchor_profile(name, now_ms)? == 0 {
                return Err(StoreError::NotFound {
                    what: "anchor",
                    name: name.to_owned(),
                });
            }
            writer.defined(activity, name.as_bytes(), &salt, now_ms)?;
            Ok(())
        })
    }

    fn end_anchor_profile(&self, name: &str, now_ms: i64) -> Result<usize> {
        Ok(self.connection.execute(
            "update anchor_profile set ended_ms = ?2 where name = ?1 and ended_ms is null",
            params![name, now_ms],
        )?)
    }
}

impl Store {
    /// Who is asked now, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn anchor_profiles(&self) -> Result<Vec<AnchorProfile>> {
        self.read(|connection| {
            let sql = format!(
                "select {COLUMNS} from anchor_profile where ended_ms is null order by name"
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([], read)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// What was saved under this name when it vouched at `at_ms`, UTC milliseconds: with its
    /// certificates or its key as they were then.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn anchor_profile_at(&self, name: &str, at_ms: i64) -> Result<Option<AnchorProfile>> {
        self.read(|connection| {
            let sql = format!(
                "select {COLUMNS} from anchor_profile
                 where name = ?1 and saved_ms <= ?2
                 order by id desc limit 1"
            );
            Ok(connection
                .prepare_cached(&sql)?
                .query_row(params![name, at_ms], read)
                .optional()?)
        })
    }
}
