//! Which reports were written: what, where, and the hash of the file.

use assay_domain::activity::Activity;
use assay_evidence::leaf::LeafKind;
use rusqlite::params;

use crate::error::Result;
use crate::open::Store;
use crate::writer::{OwnRecord, Writer, salts};

/// A report that was written; `report` is JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRecord {
    pub id: i64,
    pub made_ms: i64,
    pub report: String,
}

impl Writer {
    /// Notes an export in the trail, and for a report in the list of reports.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn save_report(&mut self, report: &str, activity: Activity, now_ms: i64) -> Result<()> {
        let salt = salts(1)?[0];
        self.transact(|writer| {
            let own = OwnRecord {
                kind: LeafKind::Export,
                activity,
                reason: None,
                payload: report.as_bytes(),
                now_ms,
            };
            let (seq, _) = writer.own(&own, &salt)?;
            writer.connection.execute(
                "insert into report (seq, made_ms, report) values (?1, ?2, ?3)",
                params![seq as i64, now_ms, report],
            )?;
            Ok(())
        })
    }
}

impl Store {
    /// The reports that were written, newest first.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn reports(&self) -> Result<Vec<ReportRecord>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "select id, made_ms, report from report order by id desc limit 1000",
            )?;
            let rows = statement.query_map([], |row| {
                Ok(ReportRecord {
                    id: row.get(0)?,
                    made_ms: row.get(1)?,
                    report: row.get(2)?,
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}
