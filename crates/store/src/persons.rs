//! Persons and their public keys in the store, and which deeds need a second person.
//!
//! Not here: secret keys (the engine), what was asked and said (`approvals`).

use assay_domain::activity::Activity;
use assay_evidence::leaf::LeafKind;
use rusqlite::{OptionalExtension, Row, params};

use crate::error::{Result, StoreError};
use crate::open::Store;
use crate::writer::{OwnRecord, Writer, salts};

/// A person's key, as registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRecord {
    pub id: i64,
    pub name: String,
    /// C2SP: name, number and key.
    pub vkey: String,
    /// The raw public key.
    pub key: Vec<u8>,
    /// Whose own key it is on this computer; `None` for a colleague's.
    pub os_user: Option<String>,
    pub added_ms: i64,
    pub added_seq: u64,
    pub revoked_ms: Option<i64>,
    pub revoked_seq: Option<u64>,
}

/// A key to be registered.
pub struct NewPerson<'a> {
    pub name: &'a str,
    pub vkey: &'a str,
    pub key: &'a [u8; 32],
    pub os_user: Option<&'a str>,
}

/// What needs a second person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRecord {
    pub kind: String,
    pub since_ms: i64,
    pub seq: u64,
}

/// What the trail keeps of a deed.
pub struct Told<'a> {
    pub activity: Activity,
    pub reason: Option<&'a str>,
    pub payload: &'a [u8],
    pub now_ms: i64,
}

impl<'a> Told<'a> {
    pub(crate) fn own(self, kind: LeafKind) -> OwnRecord<'a> {
        OwnRecord {
            kind,
            activity: self.activity,
            reason: self.reason,
            payload: self.payload,
            now_ms: self.now_ms,
        }
    }
}

const COLUMNS: &str = "id, name, vkey, key, os_user, added_ms, added_seq, revoked_ms, revoked_seq";

fn read(row: &Row<'_>) -> rusqlite::Result<PersonRecord> {
    Ok(PersonRecord {
        id: row.get(0)?,
        name: row.get(1)?,
        vkey: row.get(2)?,
        key: row.get(3)?,
        os_user: row.get(4)?,
        added_ms: row.get(5)?,
        added_seq: row.get::<_, i64>(6)?.unsigned_abs(),
        revoked_ms: row.get(7)?,
        revoked_seq: row.get::<_, Option<i64>>(8)?.map(i64::unsigned_abs),
    })
}

impl Writer {
    /// Registers a person's key; the leaf `person.key` holds it. Answers the person's number.
    ///
    /// # Errors
    /// [`StoreError`]; a key that was registered before, under whatever name, is refused.
    pub fn add_person(&mut self, person: &NewPerson<'_>, told: Told<'_>) -> Result<i64> {
        let salt = salts(1)?[0];
        let now_ms = told.now_ms;
        self.transact(|writer| {
            let (seq, _) = writer.own(&told.own(LeafKind::PersonKey), &salt)?;
            writer.connection.execute(
                "insert into person (name, vkey, key, os_user, added_ms, added_seq)
                 values (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    person.name,
                    person.vkey,
                    person.key.as_slice(),
                    person.os_user,
                    now_ms,
                    seq as i64
                ],
            )?;
            Ok(writer.connection.last_insert_rowid())
        })
    }

    /// Revokes a person's key: what it signs from now on counts for nothing.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where it is revoked already.
    pub fn revoke_person(&mut self, id: i64, told: Told<'_>) -> Result<()> {
        let salt = salts(1)?[0];
        let now_ms = told.now_ms;
        self.transact(|writer| {
            let (seq, _) = writer.own(&told.own(LeafKind::PersonKey), &salt)?;
            let changed = writer.connection.execute(
                "update person set revoked_ms = ?2, revoked_seq = ?3
                 where id = ?1 and revoked_ms is null",
                params![id, now_ms, seq as i64],
            )?;
            match changed {
                1 => Ok(()),
                _ => Err(StoreError::NotFound {
                    what: "person with a key in force",
                    name: id.to_string(),
                }),
            }
        })
    }

    /// Makes deeds of this kind need a second person.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn need_approval(&mut self, kind: &str, told: Told<'_>) -> Result<()> {
        let salt = salts(1)?[0];
        let now_ms = told.now_ms;
        self.transact(|writer| {
            let (seq, _) = writer.own(&told.own(LeafKind::Definition), &salt)?;
            writer.connection.execute(
                "insert into approval_rule (kind, since_ms, seq) values (?1, ?2, ?3)
                 on conflict (kind) do nothing",
                params![kind, now_ms, seq as i64],
            )?;
            Ok(())
        })
    }

    /// Lets deeds of this kind be done by one person again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn need_no_approval(&mut self, kind: &str, told: Told<'_>) -> Result<()> {
        let salt = salts(1)?[0];
        self.transact(|writer| {
            writer.own(&told.own(LeafKind::Definition), &salt)?;
            writer
                .connection
                .execute("delete from approval_rule where kind = ?1", [kind])?;
            Ok(())
        })
    }
}

impl Store {
    /// All persons, in the order in which they were registered; those with revoked keys too.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn persons(&self) -> Result<Vec<PersonRecord>> {
        self.read(|connection| {
            let sql = format!("select {COLUMNS} from person order by id");
            let mut statement = connection.prepare_cached(&sql)?;
            let rows = statement.query_map([], read)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// What needs a second person, by kind.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn approval_rules(&self) -> Result<Vec<RuleRecord>> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("select kind, since_ms, seq from approval_rule order by kind")?;
            let rows = statement.query_map([], |row| {
                Ok(RuleRecord {
                    kind: row.get(0)?,
                    since_ms: row.get(1)?,
                    seq: row.get::<_, i64>(2)?.unsigned_abs(),
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Since when deeds of this kind need a second person, UTC milliseconds; `None` where they
    /// need none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn needs_approval(&self, kind: &str) -> Result<Option<i64>> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached("select since_ms from approval_rule where kind = ?1")?
                .query_row([kind], |row| row.get(0))
                .optional()?)
        })
    }
}
