//! Whoever writes to the store with something else is found: each column of each table, each row
//! that goes or comes, and the end of the tree.

#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

#[path = "tampering/fixture.rs"]
mod fixture;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use assay_store::fsck::{Damage, Depth, Report};
use assay_store::open::{Access, FILE_NAME, Store};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::types::Value;

/// The salt of a row's entry is part of what is said of that row: the row is named.
const NAMED_BY_THEIR_ROW: [(&str, &str); 1] = [("row_log", "salt")];

struct Copies {
    original: tempfile::TempDir,
    copy: tempfile::TempDir,
}

impl Copies {
    fn new() -> Self {
        Self {
            original: fixture::store(),
            copy: tempfile::tempdir().unwrap(),
        }
    }

    /// A copy, changed as somebody with a database tool would, and what a check finds in it.
    fn changed(&self, change: impl FnOnce(&Connection)) -> Report {
        for part in [PathBuf::from(FILE_NAME), Path::new("keys").join("keys.db")] {
            let to = self.copy.path().join(&part);
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(self.original.path().join(&part), to).unwrap();
        }
        let connection = Connection::open(self.copy.path().join(FILE_NAME)).unwrap();
        connection
            .execute_batch("pragma foreign_keys = off; pragma ignore_check_constraints = on; pragma synchronous = off;")
            .unwrap();
        // The triggers stand there as if nothing had happened, and are not asked.
        let asks = connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)
            .unwrap();
        assert!(!asks);
        change(&connection);
        connection
            .query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))
            .unwrap();
        drop(connection);
        check(self.copy.path(), Depth::Records)
    }
}

fn check(folder: &Path, depth: Depth) -> Report {
    Store::open(folder, Access::Read, fixture::NOW)
        .and_then(|store| store.fsck(depth, &[], &mut |_, _, _| Ok(())))
        .unwrap()
}

struct Column {
    name: String,
    /// What stands in the schema: `integer`, `text`, `blob`.
    kind: String,
    is_key: bool,
}

fn tables(connection: &Connection) -> Vec<(String, Vec<Column>)> {
    let names: Vec<String> = connection
        .prepare(
            "select name from sqlite_schema
             where type = 'table' and name not like 'sqlite_%' order by name",
        )
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<rusqlite::Result<_>>()
        .unwrap();
    names
        .into_iter()
        .map(|name| {
            let columns = connection
                .prepare("select name, type, pk from pragma_table_info(?1) order by cid")
                .unwrap()
                .query_map([&name], |row| {
                    Ok(Column {
                        name: row.get(0)?,
                        kind: row.get::<_, String>(1)?.to_lowercase(),
                        is_key: row.get::<_, i64>(2)? > 0,
                    })
                })
                .unwrap()
                .collect::<rusqlite::Result<_>>()
                .unwrap();
            (name, columns)
        })
        .collect()
}

/// What finds one row of a table: the values of its key.
fn first_row(connection: &Connection, table: &str, columns: &[Column]) -> Option<Vec<Value>> {
    let keys: Vec<&str> = columns
        .iter()
        .filter(|column| column.is_key)
        .map(|column| column.name.as_str())
        .collect();
    // A second current entry of one row is refused by the index itself.
    let of = match table {
        "row_log" => "row_log where salt is not null",
        other => other,
    };
    let sql = format!(
        "select {0} from {of} order by {0} limit 1 offset (select count(*) / 2 from {of})",
        keys.join(", ")
    );
    connection
        .prepare(&sql)
        .unwrap()
        .query_map([], |row| (0..keys.len()).map(|at| row.get(at)).collect())
        .unwrap()
        .next()
        .map(Result::unwrap)
}

fn where_key(columns: &[Column]) -> String {
    let wanted: Vec<String> = (2..)
        .zip(columns.iter().filter(|column| column.is_key))
        .map(|(index, column)| format!("\"{}\" = ?{index}", column.name))
        .collect();
    wanted.join(" and ")
}

/// Another value of the same type.
fn other(value: Value, kind: &str) -> Value {
    match value {
        Value::Integer(number) => Value::Integer(number + 1_000_003),
        Value::Text(text) => Value::Text(format!("{text}x")),
        Value::Blob(mut blob) => {
            match blob.first_mut() {
                Some(first) => *first ^= 1,
                None => blob.push(1),
            }
            Value::Blob(blob)
        }
        Value::Real(number) => Value::Real(number + 1.0),
        Value::Null => match kind {
            "integer" => Value::Integer(1),
            "blob" => Value::Blob(vec![1]),
            _ => Value::Text("x".to_owned()),
        },
    }
}

/// How a record may be named, whether by its key, its leaf or its group.
fn names(table: &str, columns: &[Column], key: &[Value]) -> BTreeSet<String> {
    let text = |value: &Value| match value {
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => format!("\"{text}\""),
        other => format!("{other:?}"),
    };
    let parts: Vec<String> = key.iter().map(text).collect();
    let mut names = BTreeSet::from([format!("[{}]", parts.join(",")), parts[0].clone()]);
    let at = |name: &str| {
        let index = columns
            .iter()
            .filter(|column| column.is_key)
            .position(|column| column.name == name);
        match index.map(|index| &key[index]) {
            Some(Value::Integer(number)) => *number,
            _ => 0,
        }
    };
    match table {
        "held" => names.insert(format!("[{}]", at("hold"))),
        "billed_row" => names.insert(format!("[{}]", at("bucket_id"))),
        "vault_entry" => names.insert(format!("[{}]", at("id") / 256)),
        "entity" | "witness" | "ambiguous" => names.insert(format!("[{}]", at("seq") / 1_024)),
        _ => false,
    };
    names
}

fn is_named(damage: &[Damage], table: &str, records: &BTreeSet<String>) -> bool {
    damage
        .iter()
        .any(|one| one.table == table && records.contains(&one.record.replace(' ', "")))
}

#[test]
fn a_store_that_nobody_touched_is_sound_and_every_table_of_it_is_filled() {
    let copies = Copies::new();
    let report = copies.changed(|_| ());
    assert_eq!(report.damage, [], "{:?}", report.not_checked);
    for (name, counted) in &report.checked {
        // The bytes of one record were erased.
        let gone = u64::from(*name == "bytes of records");
        assert!(
            counted.checked + gone == counted.of && counted.of > 0,
            "{name}: {counted:?}"
        );
    }
    let connection = Connection::open(copies.original.path().join(FILE_NAME)).unwrap();
    for (table, columns) in tables(&connection) {
        let is_filled = first_row(&connection, &table, &columns).is_some();
        assert!(
            is_filled,
            "fill `{table}` in the fixture, so that its columns are tried"
        );
    }
}

#[test]
fn every_column_of_every_table_that_is_changed_is_named() {
    let copies = Copies::new();
    let connection = Connection::open(copies.original.path().join(FILE_NAME)).unwrap();
    let mut tried = 0;
    let mut unnamed = Vec::new();
    for (table, columns) in tables(&connection) {
        let Some(key) = first_row(&connection, &table, &columns) else {
            continue;
        };
        for column in &columns {
            tried += 1;
            let mut records = names(&table, &columns, &key);
            let report = copies.changed(|connection| {
                let (name, wanted) = (&column.name, where_key(&columns));
                let sql = format!("select \"{name}\" from {table} where ?1 is null and {wanted}");
                let with = |first: Value| {
                    std::iter::once(first)
                        .chain(key.clone())
                        .collect::<Vec<_>>()
                };
                let value: Value = connection
                    .query_row(&sql, rusqlite::params_from_iter(with(Value::Null)), |row| {
                        row.get(0)
                    })
                    .unwrap();
                let value = other(value, &column.kind);
                if column.is_key {
                    let mut moved = key.clone();
                    let at = columns
                        .iter()
                        .filter(|of| of.is_key)
                        .position(|of| of.name == column.name)
                        .unwrap();
                    moved[at] = value.clone();
                    records.extend(names(&table, &columns, &moved));
                }
                let sql = format!("update {table} set \"{name}\" = ?1 where {wanted}");
                let changed = connection
                    .execute(&sql, rusqlite::params_from_iter(with(value)))
                    .unwrap();
                assert_eq!(changed, 1, "{table}.{name}");
            });
            let by_row = NAMED_BY_THEIR_ROW.contains(&(table.as_str(), column.name.as_str()));
            let is_found = match by_row {
                true => report.damaged == 1,
                false => is_named(&report.damage, &table, &records),
            };
            if !is_found {
                unnamed.push(format!(
                    "{table}.{} {records:?}: {:?}",
                    column.name, report.damage
                ));
            }
        }
    }
    assert!(
        unnamed.is_empty(),
        "{} of {tried}: {unnamed:#?}",
        unnamed.len()
    );
}

#[test]
fn every_row_that_goes_is_named() {
    let copies = Copies::new();
    let connection = Connection::open(copies.original.path().join(FILE_NAME)).unwrap();
    for (table, columns) in tables(&connection) {
        let Some(key) = first_row(&connection, &table, &columns) else {
            continue;
        };
        let report = copies.changed(|connection| {
            let sql = format!(
                "delete from {table} where ?1 is null and {}",
                where_key(&columns)
            );
            let values = std::iter::once(Value::Null).chain(key.clone());
            let gone = connection
                .execute(&sql, rusqlite::params_from_iter(values))
                .unwrap();
            assert_eq!(gone, 1, "{table}");
        });
        let records = names(&table, &columns, &key);
        assert!(
            is_named(&report.damage, &table, &records),
            "{table} {records:?}: {:#?}",
            report.damage
        );
    }
}

#[test]
fn every_row_that_comes_is_named() {
    let copies = Copies::new();
    let connection = Connection::open(copies.original.path().join(FILE_NAME)).unwrap();
    for (table, columns) in tables(&connection) {
        let Some(key) = first_row(&connection, &table, &columns) else {
            continue;
        };
        let mut moved = key.clone();
        moved[0] = other(moved[0].clone(), "");
        let report = copies.changed(|connection| {
            // The same row under another key, and with other values where they must be unique.
            let list: Vec<String> = columns
                .iter()
                .map(|of| format!("\"{}\"", of.name))
                .collect();
            let sql = format!(
                "select {} from {table} where ?1 is null and {}",
                list.join(", "),
                where_key(&columns)
            );
            let values = std::iter::once(Value::Null).chain(key.clone());
            let mut row: Vec<Value> = connection
                .query_row(&sql, rusqlite::params_from_iter(values), |row| {
                    (0..columns.len()).map(|at| row.get(at)).collect()
                })
                .unwrap();
            let mut is_first = true;
            for (value, column) in row.iter_mut().zip(&columns) {
                let is_unique = ["uuid", "id", "name", "vkey", "text", "sha256", "key", "tag"]
                    .contains(&column.name.as_str());
                if (column.is_key && std::mem::take(&mut is_first)) || (is_unique && !column.is_key)
                {
                    *value = other(value.clone(), &column.kind);
                }
                // One entry of a row is the current one.
                if table == "row_log" && column.name == "salt" {
                    *value = Value::Null;
                }
            }
            let marks: Vec<String> = (1..=columns.len()).map(|at| format!("?{at}")).collect();
            let sql = format!(
                "insert into {table} ({}) values ({})",
                list.join(", "),
                marks.join(", ")
            );
            connection
                .execute(&sql, rusqlite::params_from_iter(row))
                .unwrap();
        });
        let records = names(&table, &columns, &moved);
        assert!(
            is_named(&report.damage, &table, &records),
            "{table} {records:?}: {:#?}",
            report.damage
        );
    }
}
