//! Rows of the provider's usage and cost reports, and what the trail holds of the same time.
//!
//! They are stored in the transaction of their import and never changed, but for what names somebody
//! and is erased. Not here: which rows count and how they are compared (`assay_domain::billed`).

use assay_domain::billed::comparing::HeldHour;
use assay_domain::billed::counting::Placed;
use assay_domain::billed::{BilledRow, Bucket, Dimensions, Report};
use assay_domain::call::{Kind, Tokens};
use rusqlite::{Row, named_params, params};

use crate::batches::BatchRecord;
use crate::coverage::Period;
use crate::error::Result;
use crate::open::Store;
use crate::writer::{Writer, record_id};

/// A bucket of a report about to be stored.
pub struct NewBucket {
    /// Of its bytes.
    pub raw: Vec<u8>,
    pub line: u64,
    pub offset: u64,
    pub report: Report,
    /// Whose report it is, where the import says so.
    pub deployment: Option<String>,
    pub bucket: Bucket,
}

/// A row of a report with where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledRecord {
    pub bucket: i64,
    /// `None` for a bucket without rows.
    pub number: Option<i64>,
    pub batch: i64,
    /// The file's name, as it was imported.
    pub path: String,
    pub line: u64,
    pub report: Report,
    pub deployment: Option<i64>,
    pub from_ms: i64,
    pub to_ms: i64,
    pub row: BilledRow,
}

impl BilledRecord {
    /// As rows are counted and compared.
    pub fn placed(&self) -> Placed {
        let tokens = &self.row.tokens;
        Placed {
            bucket: self.bucket,
            number: self.number.unwrap_or(-1),
            report: self.report,
            deployment: self.deployment,
            from_ms: self.from_ms,
            to_ms: self.to_ms,
            dimensions: self.number.map(|_| self.row.dimensions.clone()),
            tokens: [
                tokens.input,
                tokens.output,
                tokens.cache_read,
                tokens.cache_write_5m,
                tokens.cache_write_1h,
            ]
            .map(|count| count.unwrap_or(0)),
            amount_usd_micros: self.row.amount_usd_micros.unwrap_or(0),
        }
    }
}

/// The columns that name somebody, which an erasure empties.
pub(crate) const NAMING: [&str; 5] = [
    "workspace_id",
    "api_key_id",
    "account_id",
    "service_account_id",
    "description",
];

const COLUMNS: &str = "b.id, r.number, b.batch_id, i.path, b.line, b.report, b.deployment_id,
    b.from_ms, b.to_ms, r.model, r.workspace_id, r.api_key_id, r.account_id, r.service_account_id,
    r.service_tier, r.context_window, r.inference_geo, r.cost_type, r.token_type, r.description,
    r.input_tokens, r.output_tokens, r.cache_read_tokens, r.cache_write_5m_tokens,
    r.cache_write_1h_tokens, r.web_searches, r.amount_usd_micros, r.currency";

fn read(row: &Row<'_>) -> rusqlite::Result<BilledRecord> {
    let count = |index: usize| -> rusqlite::Result<Option<u64>> {
        Ok(row.get::<_, Option<i64>>(index)?.map(i64::unsigned_abs))
    };
    let report: String = row.get(5)?;
    Ok(BilledRecord {
        bucket: row.get(0)?,
        number: row.get(1)?,
        batch: row.get(2)?,
        path: row.get(3)?,
        line: row.get::<_, i64>(4)?.unsigned_abs(),
        report: Report::from_name(&report).unwrap_or(Report::Usage),
        deployment: row.get(6)?,
        from_ms: row.get(7)?,
        to_ms: row.get(8)?,
        row: BilledRow {
            dimensions: Dimensions {
                model: row.get(9)?,
                workspace_id: row.get(10)?,
                api_key_id: row.get(11)?,
                account_id: row.get(12)?,
                service_account_id: row.get(13)?,
                service_tier: row.get(14)?,
                context_window: row.get(15)?,
                inference_geo: row.get(16)?,
                cost_type: row.get(17)?,
                token_type: row.get(18)?,
                description: row.get(19)?,
            },
            tokens: Tokens {
                input: count(20)?,
                output: count(21)?,
                cache_read: count(22)?,
                cache_write_5m: count(23)?,
                cache_write_1h: count(24)?,
            },
            web_searches: count(25)?,
            amount_usd_micros: row.get(26)?,
            currency: row.get(27)?,
        },
    })
}

fn stored(count: Option<u64>) -> Option<i64> {
    count.and_then(|count| i64::try_from(count).ok())
}

impl Writer {
    /// Stores buckets of one import, in the transaction that is open, and counts them.
    pub(crate) fn append_buckets(
        &mut self,
        batch: &mut BatchRecord,
        buckets: &[NewBucket],
        now_ms: i64,
    ) -> Result<()> {
        for new in buckets {
            let whose = new.deployment.as_deref().unwrap_or_default();
            let key = record_id(&format!("{} {whose}", new.report.format()), &new.raw);
            let deployment = match &new.deployment {
                Some(name) => Some(self.deployment(name, Kind::ClaudeApi, now_ms)?),
                None => None,
            };
            let added = self
                .connection
                .prepare_cached(
                    "insert into billed_bucket (key, batch_id, line, offset, length, report,
                        deployment_id, from_ms, to_ms)
                     values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                     on conflict (key) do nothing",
                )?
                .execute(params![
                    key.as_slice(),
                    batch.id,
                    new.line as i64,
                    new.offset as i64,
                    new.raw.len() as i64,
                    new.report.name(),
                    deployment,
                    new.bucket.from_ms,
                    new.bucket.to_ms,
                ])?;
            if added == 0 {
                batch.duplicates += 1;
                continue;
            }
            batch.accepted += 1;
            let bucket = self.connection.last_insert_rowid();
            for (number, row) in new.bucket.rows.iter().enumerate() {
                self.append_billed(bucket, number as i64, row)?;
            }
        }
        Ok(())
    }

    fn append_billed(&self, bucket: i64, number: i64, row: &BilledRow) -> Result<()> {
        let dimensions = &row.dimensions;
        let tokens = &row.tokens;
        self.connection
            .prepare_cached(
                "insert into billed_row (bucket_id, number, model, workspace_id, api_key_id,
                    account_id, service_account_id, service_tier, context_window, inference_geo,
                    cost_type, token_type, description, input_tokens, output_tokens,
                    cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, web_searches,
                    amount_usd_micros, currency)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
                    ?17, ?18, ?19, ?20, ?21)",
            )?
            .execute(params![
                bucket,
                number,
                dimensions.model,
                dimensions.workspace_id,
                dimensions.api_key_id,
                dimensions.account_id,
                dimensions.service_account_id,
                dimensions.service_tier,
                dimensions.context_window,
                dimensions.inference_geo,
                dimensions.cost_type,
                dimensions.token_type,
                dimensions.description,
                stored(tokens.input),
                stored(tokens.output),
                stored(tokens.cache_read),
                stored(tokens.cache_write_5m),
                stored(tokens.cache_write_1h),
                stored(row.web_searches),
                row.amount_usd_micros,
                row.currency,
            ])?;
        Ok(())
    }

    /// Empties what names somebody in these rows: pairs of bucket and number.
    pub(crate) fn erase_billed(&self, rows: &[(i64, i64)]) -> Result<()> {
        let empties: Vec<String> = NAMING
            .iter()
            .map(|column| format!("{column} = null"))
            .collect();
        let mut update = self.connection.prepare_cached(&format!(
            "update billed_row set {} where bucket_id = ?1 and number = ?2",
            empties.join(", ")
        ))?;
        for (bucket, number) in rows {
            update.execute([bucket, number])?;
        }
        Ok(())
    }
}

impl Store {
    /// Rows of reports whose bucket begins in the period, the earliest first; a bucket without rows
    /// is one without a number.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn billed(&self, period: Period) -> Result<Vec<BilledRecord>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "select {COLUMNS}
                 from billed_bucket b
                 join batch i on i.id = b.batch_id
                 left join billed_row r on r.bucket_id = b.id
                 where b.from_ms >= :from and b.from_ms < :to
                 order by b.from_ms, b.id, r.number"
            ))?;
            let rows = statement.query_map(
                named_params! {
                    ":from": period.from_ms.unwrap_or(i64::MIN),
                    ":to": period.to_ms.unwrap_or(i64::MAX),
                },
                read,
            )?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Whether any report was imported.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn has_billed(&self) -> Result<bool> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached("select exists (select 1 from billed_bucket)")?
                .query_row([], |row| row.get(0))?)
        })
    }

    /// Calls to the Claude API, and of these deployments whatever their kind, by hour, deployment and
    /// model. Hours that the period cuts are in it whole.
    ///
    /// # Errors
    /// [`crate::error::StoreError`].
    pub fn held_hours(&self, period: Period, deployments: &[i64]) -> Result<Vec<HeldHour>> {
        let own: Vec<String> = deployments.iter().map(i64::to_string).collect();
        self.read(|connection| {
            // Of an answered call the counts are known or not; of a failed one there are none.
            let mut statement = connection.prepare(&format!(
                "select r.hour_ms, r.deployment_id, l.text, sum(r.calls),
                    sum(case when r.status = 0 then r.calls - r.tokens_known else 0 end),
                    sum(r.input_tokens), sum(r.output_tokens), sum(r.cache_read_tokens),
                    sum(r.cache_write_5m_tokens), sum(r.cache_write_1h_tokens),
                    sum(r.cost_usd_micros),
                    sum(case when r.status = 0 then r.calls - r.cost_known else 0 end),
                    min(r.kind = :kind)
                 from rollup r
                 left join label l on l.id = r.request_model
                 where r.hour_ms >= :from and r.hour_ms < :to
                   and (r.kind = :kind or r.deployment_id in ({}))
                 group by r.hour_ms, r.deployment_id, r.request_model
                 having sum(r.calls) > 0
                 order by r.hour_ms, r.deployment_id, l.text",
                own.join(", ")
            ))?;
            let rows = statement.query_map(
                named_params! {
                    ":from": period.from_ms.unwrap_or(0).max(0),
                    ":to": period.to_ms.unwrap_or(i64::MAX),
                    ":kind": Kind::ClaudeApi as i64,
                },
                |row| {
                    let count = |index: usize| row.get::<_, i64>(index).map(i64::unsigned_abs);
                    Ok(HeldHour {
                        hour_ms: row.get(0)?,
                        deployment: row.get(1)?,
                        model: row.get(2)?,
                        calls: count(3)?,
                        without_tokens: row.get::<_, i64>(4)?.max(0).unsigned_abs(),
                        tokens: [count(5)?, count(6)?, count(7)?, count(8)?, count(9)?],
                        cost_usd_micros: row.get(10)?,
                        without_cost: row.get::<_, i64>(11)?.max(0).unsigned_abs(),
                        is_claude_api: row.get(12)?,
                    })
                },
            )?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}
