//! What the rows of imported records were when they were stored.
//!
//! Two digests for each leaf: of what stays when a record is erased, and of what goes, salted with
//! the record's salt, which goes with it. The leaf `import.end` commits to all of an import. In: the
//! records of a commit. Out: rows of `row_digest`. Not here: comparing (`fsck`).

use std::convert::Infallible;

use assay_evidence::leaf::SALT_LEN;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Params, Row, params, params_from_iter};
use sha2::{Digest, Sha256};

use crate::error::Result;
use crate::row_log::{ROW, feed};

/// Bytes for one leaf.
pub(crate) const BOTH: usize = 2 * ROW;

/// Columns that an erasure empties.
pub(crate) const CALL_PERSONAL: [&str; 6] = [
    "principal",
    "source_ip",
    "conversation_id",
    "account",
    "request_ids",
    "metadata",
];
pub(crate) const ACTIVITY_PERSONAL: [&str; 7] = [
    "actor",
    "source_ip",
    "user_agent",
    "account",
    "target",
    "reason",
    "ids",
];

/// Which columns of a table go in an erasure.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) table: &'static str,
    personal: Vec<bool>,
}

impl Shape {
    fn of(connection: &Connection, table: &'static str, personal: &[&str]) -> Result<Self> {
        let columns: Vec<String> = connection
            .prepare("select name from pragma_table_info(?1) order by cid")?
            .query_map([table], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let personal = columns
            .iter()
            .map(|column| personal.contains(&column.as_str()))
            .collect();
        Ok(Self { table, personal })
    }

    /// Calls and activities.
    pub(crate) fn both(connection: &Connection) -> Result<[Self; 2]> {
        Ok([
            Self::of(connection, "call", &CALL_PERSONAL)?,
            Self::of(connection, "activity", &ACTIVITY_PERSONAL)?,
        ])
    }

    /// The digest of what stays of a row; its columns come first, in the table's order.
    pub(crate) fn kept(&self, row: &Row<'_>) -> rusqlite::Result<[u8; ROW]> {
        self.digest(Sha256::new(), false, |index| row.get_ref(index))
    }

    /// The digest of what goes in an erasure.
    pub(crate) fn personal(&self, row: &Row<'_>, salt: &[u8]) -> rusqlite::Result<[u8; ROW]> {
        let hasher = Sha256::new_with_prefix(salt);
        self.digest(hasher, true, |index| row.get_ref(index))
    }

    /// Whether an erasure emptied the row.
    pub(crate) fn is_emptied(&self, row: &Row<'_>) -> rusqlite::Result<bool> {
        for (index, _) in self.personal.iter().enumerate().filter(|(_, is)| **is) {
            match row.get_ref(index)? {
                ValueRef::Null | ValueRef::Text(b"{}") => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    fn digest<'r, E>(
        &self,
        mut hasher: Sha256,
        personal: bool,
        value: impl Fn(usize) -> std::result::Result<ValueRef<'r>, E>,
    ) -> std::result::Result<[u8; ROW], E> {
        for (index, _) in self
            .personal
            .iter()
            .enumerate()
            .filter(|(_, is)| **is == personal)
        {
            feed(&mut hasher, index, value(index)?);
        }
        let mut digest = [0; ROW];
        digest.copy_from_slice(&hasher.finalize()[..ROW]);
        Ok(digest)
    }
}

/// An integer of a row that is about to be inserted.
pub(crate) fn integer(value: i64) -> ValueRef<'static> {
    ValueRef::Integer(value)
}

/// An integer, or null.
pub(crate) fn maybe(value: Option<i64>) -> ValueRef<'static> {
    value.map_or(ValueRef::Null, ValueRef::Integer)
}

/// A text, or null.
pub(crate) fn text(value: Option<&str>) -> ValueRef<'_> {
    value.map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes()))
}

/// Values as the parameters of a statement, in their order.
pub(crate) fn bound<'v>(values: &'v [ValueRef<'v>]) -> impl Params + 'v {
    params_from_iter(values.iter().map(|value| ToSqlOutput::Borrowed(*value)))
}

/// The digests of the records of a chunk, in the order of their leaves.
#[derive(Default)]
pub(crate) struct Digests(Vec<u8>);

impl Digests {
    /// Where the digests of the next row of this shape go, whose record has this salt.
    pub(crate) fn of<'d>(
        &'d mut self,
        shape: &'d Shape,
        salt: &'d [u8; SALT_LEN],
    ) -> RowDigests<'d> {
        RowDigests(Some((self, shape, salt)))
    }
}

/// Takes the digests of one row, where it is of an imported record.
pub(crate) struct RowDigests<'d>(Option<(&'d mut Digests, &'d Shape, &'d [u8; SALT_LEN])>);

impl RowDigests<'_> {
    /// For a row that the log of rows covers.
    pub(crate) const NONE: Self = Self(None);

    /// Enters the digests of a row that was inserted with these values, in the table's order.
    pub(crate) fn enter(self, values: &[ValueRef<'_>]) {
        let Some((Digests(digests), shape, salt)) = self.0 else {
            return;
        };
        // A column that a later migration adds is null, and adds nothing.
        let value = |index: usize| -> std::result::Result<_, Infallible> {
            Ok(values.get(index).copied().unwrap_or(ValueRef::Null))
        };
        let Ok(kept) = shape.digest(Sha256::new(), false, value);
        let Ok(goes) = shape.digest(Sha256::new_with_prefix(salt), true, value);
        digests.extend_from_slice(&kept);
        digests.extend_from_slice(&goes);
    }
}

/// Stores the digests of the records from leaf `first` on.
pub(crate) fn store(
    connection: &Connection,
    batch: i64,
    first: u64,
    Digests(digests): Digests,
) -> Result<()> {
    if digests.is_empty() {
        return Ok(());
    }
    connection
        .prepare_cached(
            "insert into row_digest (first_seq, batch_id, digests) values (?1, ?2, ?3)",
        )?
        .execute(params![first as i64, batch, digests])?;
    Ok(())
}

/// SHA-256 over the digests of an import, in order.
pub(crate) fn of_batch(connection: &Connection, batch: i64) -> Result<[u8; 32]> {
    let mut hasher = Sha256::new();
    let mut statement = connection
        .prepare_cached("select digests from row_digest where batch_id = ?1 order by first_seq")?;
    let mut rows = statement.query([batch])?;
    while let Some(row) = rows.next()? {
        hasher.update(row.get_ref(0)?.as_blob().unwrap_or_default());
    }
    Ok(hasher.finalize().into())
}
