//! Where something can be sent to: backends of a replay and guards, as they are now.
//!
//! In and out: JSON, by name. Not here: keys, what was sent (`replays`, `guards`), who vouches for
//! checkpoints, of whom every version is kept (`anchor_profiles`).

use assay_domain::activity::Activity;

use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::writer::{Writer, salts};

/// What a profile is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileOf {
    Backend,
    Guard,
}

impl ProfileOf {
    /// Its table, and the word for it.
    const fn name(self) -> &'static str {
        match self {
            Self::Backend => "backend",
            Self::Guard => "guard",
        }
    }
}

impl Writer {
    /// Saves a profile (JSON, without its key) in place of what had this name; the trail says who did it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn save_profile(
        &mut self,
        of: ProfileOf,
        (name, profile): (&str, &str),
        activity: Activity,
        now_ms: i64,
    ) -> Result<()> {
        let salt = salts(1)?[0];
        self.transact(|writer| {
            let sql = format!(
                "insert into {} (name, profile) values (?1, ?2)
                 on conflict (name) do update set profile = excluded.profile",
                of.name()
            );
            writer.connection.execute(&sql, [name, profile])?;
            writer.defined(activity, profile.as_bytes(), &salt, now_ms)?;
            Ok(())
        })
    }

    /// Removes a profile; what was sent there stays.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn remove_profile(
        &mut self,
        of: ProfileOf,
        name: &str,
        activity: Activity,
        now_ms: i64,
    ) -> Result<()> {
        let salt = salts(1)?[0];
        self.transact(|writer| {
            let sql = format!("delete from {} where name = ?1", of.name());
            match writer.connection.execute(&sql, [name])? {
                0 => Err(StoreError::NotFound {
                    what: of.name(),
                    name: name.to_owned(),
                }),
                _ => writer
                    .defined(activity, name.as_bytes(), &salt, now_ms)
                    .map(drop),
            }
        })
    }
}

impl Store {
    /// The saved profiles (JSON), by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn profiles(&self, of: ProfileOf) -> Result<Vec<String>> {
        self.read(|connection| {
            let sql = format!("select profile from {} order by name", of.name());
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([], |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}
