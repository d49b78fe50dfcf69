//! What the rows of imported records were when they were stored.
//!
//! Two digests for each leaf: of what stays when a record is erased, and of what goes, salted with
//! the record's salt, which goes with it. The leaf `import.end` commits to all of an import. In: the
//! records of a commit. Out: rows of `row_digest`. Not here: comparing (`fsck`).

use assay_evidence::leaf::SALT_LEN;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, params};
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
    pub(crate) columns: Vec<String>,
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
        Ok(Self {
            table,
            columns,
            personal,
        })
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
        self.digest(row, Sha256::new(), false)
    }

    /// The digest of what goes in an erasure.
    pub(crate) fn personal(&self, row: &Row<'_>, salt: &[u8]) -> rusqlite::Result<[u8; ROW]> {
        self.digest(row, Sha256::new_with_prefix(salt), true)
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

    fn digest(
        &self,
        row: &Row<'_>,
        mut hasher: Sha256,
        personal: bool,
    ) -> rusqlite::Result<[u8; ROW]> {
        for (index, _) in self
            .personal
            .iter()
            .enumerate()
            .filter(|(_, is)| **is == personal)
        {
            feed(&mut hasher, index, row.get_ref(index)?);
        }
        let mut digest = [0; ROW];
        digest.copy_from_slice(&hasher.finalize()[..ROW]);
        Ok(digest)
    }
}

/// Stores the digests of the records from leaf `first` on, whose salts these are.
pub(crate) fn store(
    connection: &Connection,
    shapes: &[Shape; 2],
    batch: i64,
    first: u64,
    salts: &[[u8; SALT_LEN]],
) -> Result<()> {
    if salts.is_empty() {
        return Ok(());
    }
    let mut digests = vec![0_u8; salts.len() * BOTH];
    let end = first + salts.len() as u64;
    for shape in shapes {
        let sql = format!(
            "select * from {} where seq >= ?1 and seq < ?2 order by seq",
            shape.table
        );
        let seq_at = shape.columns.iter().position(|name| name == "seq");
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query([first as i64, end as i64])?;
        while let Some(row) = rows.next()? {
            let seq: i64 = row.get(seq_at.unwrap_or(0))?;
            let index = usize::try_from(seq.unsigned_abs() - first).unwrap_or(0);
            let at = &mut digests[index * BOTH..(index + 1) * BOTH];
            at[..ROW].copy_from_slice(&shape.kept(row)?);
            at[ROW..].copy_from_slice(&shape.personal(row, &salts[index])?);
        }
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
