//! In what the records of a call disagree, as bits beside the call.
//!
//! In: a call whose records changed. Out: its row of `disagreement`. Not here: what counts as a
//! disagreement (`assay_domain::same_call`).

use assay_domain::call::{Body, Oddity, Status, Tokens};
use assay_domain::same_call::{self, Text, Told, disagreements};
use rusqlite::{Connection, Row};

use crate::error::Result;

/// Records of a call beside the listed one that are compared, the first recorded first: one id on
/// thousands of records is a fault of whoever gave it out, and would make each slower than the last.
pub(crate) const COMPARED: usize = 15;

/// What [`read`] reads, of the table `c`.
pub(crate) const COLUMNS: &str = "c.requested_region, c.served_region, c.input_tokens,
    c.output_tokens, c.cache_read_tokens, c.cache_write_5m_tokens, c.cache_write_1h_tokens,
    coalesce(c.reported_cost_usd_micros, c.cost_usd_micros), c.status, c.http_status, c.body,
    c.oddities";

/// What a record says, with the numbers of its regions.
pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Told<i64>> {
    let count = |index: usize| -> rusqlite::Result<Option<u64>> {
        Ok(row.get::<_, Option<i64>>(index)?.map(i64::unsigned_abs))
    };
    let status: i64 = row.get(8)?;
    let body: i64 = row.get(10)?;
    let oddities: u32 = row.get(11)?;
    let body = match body == Body::Present as i64 {
        true => Body::Present,
        false => Body::NotCarried,
    };
    Ok(Told {
        requested_region: row.get(0)?,
        served_region: row.get(1)?,
        tokens: Tokens {
            input: count(2)?,
            output: count(3)?,
            cache_read: count(4)?,
            cache_write_5m: count(5)?,
            cache_write_1h: count(6)?,
        },
        cost_usd_micros: row.get(7)?,
        status: same_call::status(
            if status == 0 {
                Status::Ok
            } else {
                Status::Error
            },
            oddities & Oddity::PartOfCall.bit() != 0,
        ),
        http_status: row.get(9)?,
        text: Text::of(body, oddities & Oddity::TextMasked.bit() != 0),
    })
}

/// The bits of the fields in which these records disagree.
pub(crate) fn bits(records: &[Told<i64>]) -> i64 {
    disagreements(records)
        .into_iter()
        .fold(0, |bits, field| bits | i64::from(field.bit()))
}

/// Keeps what is said of the call that `leader` is listed for true.
pub(crate) fn note(connection: &Connection, leader: i64) -> Result<()> {
    let mut records: Vec<Told<i64>> = connection
        .prepare_cached(&some_sql())?
        .query_map([leader], read)?
        .collect::<rusqlite::Result<_>>()?;
    if records.len() > COMPARED + 1 {
        records = first_of_many(connection, leader)?;
    }
    match bits(&records) {
        0 => connection
            .prepare_cached("delete from disagreement where seq = ?1")?
            .execute([leader])?,
        bits => connection
            .prepare_cached(
                "insert into disagreement (seq, fields) values (?1, ?2)
                 on conflict (seq) do update set fields = excluded.fields",
            )?
            .execute([leader, bits])?,
    };
    Ok(())
}

/// What the listed record says, and some of those behind it: one more than are compared, where there are more.
fn some_sql() -> String {
    format!(
        "select {COLUMNS} from (select ?1 as seq union all
            select * from (select seq from witness where of_seq = ?1 limit {COMPARED} + 1)) m
         join call c on c.seq = m.seq"
    )
}

const NEXT_SOURCE: &str = "select min(source) from witness where of_seq = ?1 and source > ?2";

/// The first recorded of one source.
fn first_sql() -> String {
    format!(
        "select seq from witness where of_seq = ?1 and source = ?2 order by seq limit {COMPARED}"
    )
}

/// What `leader` says and the first recorded of more than are compared.
///
/// The index has them by source, and those of a source in order: no others are looked at.
fn first_of_many(connection: &Connection, leader: i64) -> Result<Vec<Told<i64>>> {
    let mut next_source = connection.prepare_cached(NEXT_SOURCE)?;
    let mut of_source = connection.prepare_cached(&first_sql())?;
    let mut seqs: Vec<i64> = Vec::new();
    let mut last = -1_i64;
    while let Some(source) =
        next_source.query_row([leader, last], |row| row.get::<_, Option<i64>>(0))?
    {
        for seq in of_source.query_map([leader, source], |row| row.get(0))? {
            seqs.push(seq?);
        }
        last = source;
    }
    seqs.sort_unstable();
    seqs.truncate(COMPARED);
    let mut told =
        connection.prepare_cached(&format!("select {COLUMNS} from call c where c.seq = ?1"))?;
    let records = std::iter::once(leader)
        .chain(seqs)
        .map(|seq| told.query_row([seq], read))
        .collect::<rusqlite::Result<_>>()?;
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::open::{Access, Store};

    #[test]
    fn the_first_records_of_a_call_are_found_without_sorting_all_of_them() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), Access::Write, 0).unwrap();
        let writer = store.writer().unwrap();
        for sql in [some_sql(), NEXT_SOURCE.to_owned(), first_sql()] {
            let mut plan = writer
                .connection
                .prepare(&format!("explain query plan {sql}"))
                .unwrap();
            let steps: Vec<String> = plan
                .raw_query()
                .mapped(|row| row.get("detail"))
                .collect::<rusqlite::Result<_>>()
                .unwrap();
            let steps = steps.join("\n");
            assert!(steps.contains("SEARCH witness"), "{steps}");
            assert!(!steps.contains("TEMP B-TREE"), "{steps}");
        }
    }
}
