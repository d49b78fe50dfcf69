//! The log of rows: what each row of the small tables was when this program last wrote it.
//!
//! Triggers that only the writer's connection has note which rows a transaction touched; before it
//! commits, each gets an entry with a salted digest, chained to the one before. A leaf `rows`
//! commits to the chain before the tree is signed. A table that a later migration adds is covered
//! without a line here. Not here: comparing (`fsck`), rows of imported records (`row_digests`).

use assay_evidence::leaf::LeafKind;
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params_from_iter};
use sha2::{Digest, Sha256};

use crate::error::{Result, StoreError};
use crate::leaves::damaged;
use crate::text_index;
use crate::writer::{Writer, salts};

/// Bytes of a row's own digest; two for each column follow it.
pub(crate) const ROW: usize = 16;
/// Bytes of an entry's salt.
const SALT: usize = 16;

/// Tables that are proved or recounted in another way, and so have no entries.
pub(crate) const APART: [&str; 21] = [
    "leaf",            // hashed into the tree
    "tile",            // recomputed from the leaves
    "body",            // committed to by its leaf
    "call",            // `row_digest`
    "rollup",          // recounted
    "rollup_day",      // recounted
    "rollup_total",    // recounted
    "latency_day",     // recounted
    "latency_total",   // recounted
    "rollup_seen",     // recounted
    "rollup_source",   // recounted
    "record_key",      // derived from the calls
    "principal_total", // recounted
    "principal_day",   // recounted
    "entity_total",    // recounted
    "entity_day",      // recounted
    "feature_latency", // recounted
    "inference_key",   // derived from the calls
    "disagreement",    // derived from the calls
    "lent",            // derived from the calls
    "row_log",         // chained
];

/// Tables with so many rows that a group of them has one entry: the column that groups, and how
/// many of its values make a group.
pub(crate) const GROUPED: [(&str, &str, i64); 6] = [
    ("billed_row", "bucket_id", 1),
    ("held", "hold", 1),
    ("entity", "seq", 1_024),
    ("witness", "seq", 1_024),
    ("ambiguous", "seq", 1_024),
    ("vault_entry", "id", 256),
];

/// How entries of a table are made.
#[derive(Debug, Clone)]
pub(crate) struct Logged {
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    /// The columns of its primary key, in order.
    key: Vec<String>,
    group: Option<(&'static str, i64)>,
}

/// The last entry of the log.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Head {
    pub(crate) id: i64,
    pub(crate) chain: [u8; 32],
}

impl Head {
    /// The entry that follows.
    pub(crate) fn next(self, name: &str, key: &str, digest: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(self.chain);
        for part in [name.as_bytes(), key.as_bytes(), digest] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part);
        }
        Self {
            id: self.id + 1,
            chain: hasher.finalize().into(),
        }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Logged {
    /// Every table whose rows have entries, by name.
    pub(crate) fn all(connection: &Connection) -> Result<Vec<Self>> {
        let names: Vec<String> = connection
            .prepare(
                "select name from sqlite_schema
                 where type = 'table' and name not like 'sqlite_%' order by name",
            )?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        names
            .into_iter()
            // The search index is derived, and there only while it is on.
            .filter(|name| !APART.contains(&name.as_str()) && !name.starts_with(text_index::TABLE))
            .map(|name| Self::read(connection, name))
            .collect()
    }

    fn read(connection: &Connection, name: String) -> Result<Self> {
        let mut columns = Vec::new();
        let mut key = Vec::new();
        let mut statement =
            connection.prepare("select name, pk from pragma_table_info(?1) order by cid")?;
        let mut rows = statement.query([&name])?;
        while let Some(row) = rows.next()? {
            let column: String = row.get(0)?;
            let place: i64 = row.get(1)?;
            if place > 0 {
                key.push((place, column.clone()));
            }
            columns.push(column);
        }
        key.sort();
        let group = GROUPED
            .into_iter()
            .find(|(grouped, _, _)| *grouped == name)
            .map(|(_, column, width)| (column, width));
        Ok(Self {
            name,
            columns,
            key: key.into_iter().map(|(_, column)| column).collect(),
            group,
        })
    }

    pub(crate) fn is_grouped(&self) -> bool {
        self.group.is_some()
    }

    /// What an entry covers: the rows of a group, or one row.
    pub(crate) fn key_of(&self, of: &str) -> String {
        match self.group {
            Some((column, width)) => format!("json_array({of}{} / {width})", quoted(column)),
            None => {
                let columns: Vec<String> = self
                    .key
                    .iter()
                    .map(|column| format!("{of}{}", quoted(column)))
                    .collect();
                format!("json_array({})", columns.join(", "))
            }
        }
    }

    /// Which rows have entries; the others are covered elsewhere.
    pub(crate) fn only(&self, of: &str) -> String {
        match self.name.as_str() {
            // Imported ones are covered as calls are.
            "activity" => format!("{of}batch_id is null"),
            _ => "true".to_owned(),
        }
    }

    fn triggers(&self) -> String {
        let table = quoted(&self.name);
        let note = |of: &str| {
            format!(
                "insert into temp.touched_row (name, key) select '{}', {}
                 where {} and not exists
                   (select 1 from temp.touched_row where name = '{}' and key = {});",
                self.name,
                self.key_of(of),
                self.only(of),
                self.name,
                self.key_of(of),
            )
        };
        [
            ("insert", note("new.")),
            ("update", format!("{}{}", note("old."), note("new."))),
            ("delete", note("old.")),
        ]
        .into_iter()
        .map(|(event, body)| {
            format!(
                "create temp trigger {} after {event} on main.{table} begin {body} end;\n",
                quoted(&format!("note_{event}_{}", self.name))
            )
        })
        .collect()
    }

    /// The rows of an entry, in order, and what finds them by its key.
    fn find(&self, key: &str) -> Result<(String, Vec<Value>)> {
        let values: Vec<serde_json::Value> = serde_json::from_str(key)?;
        let unfit = || StoreError::Value(format!("a key of `{}` can't be read", self.name));
        if let Some((column, width)) = self.group {
            let number = values.first().and_then(|v| v.as_i64()).ok_or_else(unfit)?;
            let sql = format!(
                "select * from main.{} where {column} >= ?1 and {column} < ?2 order by {}",
                quoted(&self.name),
                self.key.join(", ")
            );
            return Ok((
                sql,
                vec![
                    Value::Integer(number * width),
                    Value::Integer((number + 1) * width),
                ],
            ));
        }
        if values.len() != self.key.len() {
            return Err(unfit());
        }
        let wanted: Vec<String> = (1..)
            .zip(&self.key)
            .map(|(index, column)| format!("{} = ?{index}", quoted(column)))
            .collect();
        let sql = format!(
            "select * from main.{} where {}",
            quoted(&self.name),
            wanted.join(" and ")
        );
        let values = values
            .into_iter()
            .map(|value| match value {
                serde_json::Value::String(text) => Ok(Value::Text(text)),
                serde_json::Value::Number(number) => {
                    number.as_i64().map(Value::Integer).ok_or_else(unfit)
                }
                _ => Err(unfit()),
            })
            .collect::<Result<_>>()?;
        Ok((sql, values))
    }

    /// The digest of what an entry covers, as it stands now; `None` where there is no row.
    pub(crate) fn digest(
        &self,
        connection: &Connection,
        key: &str,
        salt: &[u8],
    ) -> Result<Option<Vec<u8>>> {
        let (sql, values) = self.find(key)?;
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut whole = Sha256::new();
        whole.update(salt);
        let mut hints = Vec::new();
        let mut count = 0_u64;
        while let Some(row) = rows.next()? {
            count += 1;
            for index in 0..self.columns.len() {
                let value = row.get_ref(index)?;
                feed(&mut whole, index, value);
                if !self.is_grouped() {
                    let mut hint = Sha256::new();
                    hint.update(salt);
                    hint.update([index as u8]);
                    feed(&mut hint, index, value);
                    hints.extend_from_slice(&hint.finalize()[..2]);
                }
            }
            whole.update([0xFF]);
        }
        if count == 0 {
            return Ok(None);
        }
        let mut digest = whole.finalize()[..ROW].to_vec();
        digest.extend(hints);
        Ok(Some(digest))
    }
}

/// Hashes a value with its place; nothing where it is null, so that a column that a migration adds
/// changes no digest.
pub(crate) fn feed(hasher: &mut Sha256, index: usize, value: ValueRef<'_>) {
    let (tag, bytes): (u8, &[u8]) = match &value {
        ValueRef::Null => return,
        ValueRef::Integer(number) => {
            hasher.update([index as u8, 1]);
            hasher.update(number.to_be_bytes());
            return;
        }
        ValueRef::Real(number) => {
            hasher.update([index as u8, 2]);
            hasher.update(number.to_be_bytes());
            return;
        }
        ValueRef::Text(text) => (3, text),
        ValueRef::Blob(blob) => (4, blob),
    };
    hasher.update([index as u8, tag]);
    hasher.update((bytes.len() as u64).to_be_bytes());
    hasher.update(bytes);
}

/// The last entry.
pub(crate) fn head(connection: &Connection) -> Result<Head> {
    let last: Option<(i64, Vec<u8>)> = connection
        .query_row(
            "select id, chain from row_log order by id desc limit 1",
            [],
            |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let Some((id, bytes)) = last else {
        return Ok(Head::default());
    };
    let chain = <[u8; 32]>::try_from(bytes.as_slice())
        .map_err(|_| damaged("the last entry of `row_log` can't be read"))?;
    Ok(Head { id, chain })
}

impl Writer {
    /// Lets every write of this connection be noted.
    pub(crate) fn watch_rows(&mut self) -> Result<()> {
        self.connection.execute_batch(
            "create temp table touched_row (name text not null, key text not null);
             create index temp.touched_row_by_key on touched_row (name, key);",
        )?;
        self.logged = Logged::all(&self.connection)?;
        for table in &self.logged {
            self.connection.execute_batch(&table.triggers())?;
        }
        self.row_head = head(&self.connection)?;
        Ok(())
    }

    /// Enters all rows as they are: once, in a store that was made before there was a log.
    pub(crate) fn take_stock(&mut self) -> Result<()> {
        self.transact(|writer| {
            for table in &writer.logged {
                let sql = format!(
                    "insert into temp.touched_row (name, key)
                     select distinct '{}', {} from main.{} where {}",
                    table.name,
                    table.key_of(""),
                    quoted(&table.name),
                    table.only("")
                );
                writer.connection.execute(&sql, [])?;
            }
            Ok(())
        })
    }

    /// Enters the rows that the open transaction touched: the last thing before its tiles.
    pub(crate) fn enter_rows(&mut self) -> Result<()> {
        let touched: Vec<(String, String)> = self
            .connection
            .prepare_cached("select distinct name, key from temp.touched_row order by name, key")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        if touched.is_empty() {
            return Ok(());
        }
        let fresh = salts(touched.len())?;
        for ((name, key), salt) in touched.iter().zip(fresh) {
            self.enter_row(name, key, &salt[..SALT])?;
        }
        self.connection
            .prepare_cached("delete from temp.touched_row")?
            .execute([])?;
        Ok(())
    }

    fn enter_row(&mut self, name: &str, key: &str, fresh: &[u8]) -> Result<()> {
        let Some(table) = self.logged.iter().find(|table| table.name == name) else {
            return Ok(());
        };
        let before: Option<(i64, Vec<u8>, Vec<u8>)> = self
            .connection
            .prepare_cached(
                "select id, digest, salt from row_log
                 where name = ?1 and key = ?2 and salt is not null",
            )?
            .query_row([name, key], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        if let Some((id, digest, salt)) = &before {
            if table.digest(&self.connection, key, salt)?.as_ref() == Some(digest) {
                return Ok(());
            }
            self.connection
                .prepare_cached("update row_log set salt = null where id = ?1")?
                .execute([id])?;
        }
        let digest = table.digest(&self.connection, key, fresh)?;
        if digest.is_none() && before.is_none() {
            return Ok(());
        }
        let salt = digest.as_ref().map(|_| fresh);
        self.enter(name, key, &digest.unwrap_or_default(), salt)
    }

    fn enter(&mut self, name: &str, key: &str, digest: &[u8], salt: Option<&[u8]>) -> Result<()> {
        let next = self.row_head.next(name, key, digest);
        let values: [&dyn ToSql; 6] = [
            &next.id,
            &name,
            &key,
            &digest,
            &salt,
            &next.chain.as_slice(),
        ];
        self.connection
            .prepare_cached(
                "insert into row_log (id, name, key, digest, salt, chain)
                 values (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(values.as_slice())?;
        self.row_head = next;
        Ok(())
    }

    /// Whether rows were entered that no leaf commits to yet. A checkpoint alone does not count: it
    /// would be signed by another one for ever.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn has_new_rows(&self) -> Result<bool> {
        Ok(self.connection.query_row(
            "select exists (
               select 1 from row_log
               where id > coalesce((select max(id) from row_log where name = ''), 0)
                 and name <> 'checkpoint')",
            [],
            |row| row.get(0),
        )?)
    }

    /// Commits to the log of rows with a leaf `rows`, where there is something new in it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn commit_rows(&mut self, now_ms: i64) -> Result<()> {
        if !self.has_new_rows()? {
            return Ok(());
        }
        let salt = salts(1)?[0];
        self.transact(|writer| {
            let Head { id, chain } = writer.row_head;
            let payload =
                serde_json::json!({ "chain": hex::encode(chain), "entries": id }).to_string();
            let seq = writer.own_leaf(LeafKind::Rows, &salt, payload.as_bytes(), now_ms)?;
            writer.enter("", &format!("[{seq}]"), &[], None)
        })
    }
}
