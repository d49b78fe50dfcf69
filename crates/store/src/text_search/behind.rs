//! Words that stand in a record behind another of the same call: the call that is listed holds them too.
//!
//! A span says what a call was and its events what was said; a gateway keeps a text that the cloud's log
//! lacks, or keeps unmasked. A record without text, whose strings are searched where it stands for itself,
//! says nothing of the call before it. In: a query's words, records that hold them. Out: conditions, sets of
//! calls. Not here: which records are of one call (`joins`).

use std::collections::BTreeSet;
use std::sync::Arc;

use assay_domain::call::Body;
use assay_domain::formats::Format;
use assay_domain::parts::id_in;
use assay_domain::words::Words;
use rusqlite::{Connection, OptionalExtension};

use super::functions::{holds, read_test, wanted};
use super::sets::{Calls, Gathered};
use crate::error::Result;
use crate::filter::Filter;
use crate::open::Store;

/// Sources whose records never hold what was said.
const WITHOUT_TEXT: [Format; 2] = [Format::CloudTrail, Format::GoogleAuditLog];

/// The condition that a call holds the words, by reading its record and those that stand behind it.
pub(super) fn read_call_test(filter: &mut Filter, words: &Words) -> String {
    let name = wanted(filter, words);
    let (own, behind) = (read_test("c", &name), holds("x", &name));
    format!(
        "({own} or exists (select 1 from witness w join call x on x.seq = w.seq
            join body t on t.seq = w.seq
            where w.of_seq = c.seq and x.body = {} and {behind}))",
        Body::Present as i64
    )
}

impl Store {
    /// The same records, and those that lead one of them: a call holds what any of its records holds.
    pub(super) fn with_leaders(
        &self,
        connection: &Connection,
        records: &Arc<Calls>,
    ) -> Result<Arc<Calls>> {
        let mut leaders = BTreeSet::new();
        let mut led = connection.prepare_cached(
            "select w.of_seq from witness w join call x on x.seq = w.seq
             where w.seq = ?1 and x.body = ?2",
        )?;
        let mut look = |seq: u64| -> Result<()> {
            let leader: Option<i64> = led
                .query_row([seq as i64, Body::Present as i64], |row| row.get(0))
                .optional()?;
            leaders.extend(
                leader
                    .map(i64::unsigned_abs)
                    .filter(|seq| !records.has(*seq)),
            );
            Ok(())
        };
        if records.count <= self.searches.few() {
            records.all().try_for_each(look)?;
        } else {
            let mut statement = connection.prepare_cached("select seq from witness")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let seq = row.get::<_, i64>(0)?.unsigned_abs();
                if records.has(seq) {
                    look(seq)?;
                }
            }
        }
        if leaders.is_empty() {
            return Ok(Arc::clone(records));
        }
        let mut gathered = Gathered::from(0);
        records
            .all()
            .chain(leaders)
            .for_each(|seq| gathered.add(seq));
        Ok(Arc::new(self.set(gathered, records.is_exact)?))
    }
}

/// Whether a record that holds text may stand behind another: one of its own source, or of another one that
/// holds text as well.
pub(crate) fn texts_stand_behind(connection: &Connection) -> Result<bool> {
    let names = |holds: &dyn Fn(Format) -> bool| {
        let formats = Format::ALL.into_iter().filter(|format| holds(*format));
        serde_json::to_string(&formats.map(Format::name).collect::<Vec<_>>())
    };
    let in_parts = names(&|format| id_in(format).is_some())?;
    let without = names(&|format| WITHOUT_TEXT.contains(&format))?;
    Ok(connection
        .prepare_cached(
            "select exists (select 1 from witness) and (
                exists (select 1 from witness where is_conflict = 1)
                or (select count(distinct r.source) from rollup_source r
                    join label l on l.id = r.source
                    where l.text not in (select value from json_each(?2))) > 1
                or exists (select 1 from rollup_source r join label l on l.id = r.source
                           join json_each(?1) part on part.value = l.text))",
        )?
        .query_row([in_parts, without], |row| row.get(0))?)
}
