//! Words that stand in a record behind another of the same call: the call that is listed holds them too.
//!
//! A span says what a call was and its events what was said; a gateway keeps a text that the cloud's log
//! lacks, or keeps unmasked. In: a query's words, records that hold them. Out: conditions, sets of calls.
//! Not here: which records are of one call (`joins`).

use std::collections::BTreeSet;
use std::sync::Arc;

use assay_domain::formats::Format;
use assay_domain::parts::id_in;
use assay_domain::words::Words;
use rusqlite::Connection;

use super::read_test;
use super::sets::{Calls, Gathered};
use crate::error::Result;
use crate::filter::Filter;
use crate::open::Store;

/// The condition that a call holds the words, by reading its record and those that stand behind it.
pub(super) fn read_call_test(filter: &mut Filter, words: &Words) -> String {
    let own = read_test(filter, "c", words);
    let name = filter.text(&serde_json::to_string(words).unwrap_or_default());
    format!(
        "({own} or exists (select 1 from witness w join call x on x.seq = w.seq
            join body t on t.seq = w.seq
            where w.of_seq = c.seq
              and text_holds(x.format, t.seq, t.codec, t.salt, t.data, t.key, {name})))"
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
        let mut statement = connection.prepare_cached("select seq, of_seq from witness")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let leader = row.get::<_, i64>(1)?.unsigned_abs();
            if records.has(row.get::<_, i64>(0)?.unsigned_abs()) && !records.has(leader) {
                leaders.insert(leader);
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
    let in_parts: Vec<&str> = Format::ALL
        .into_iter()
        .filter(|format| id_in(*format).is_some())
        .map(Format::name)
        .collect();
    Ok(connection
        .prepare_cached(
            "select exists (select 1 from witness) and (
                exists (select 1 from witness where is_conflict = 1)
                or (select count(distinct source) from rollup_source where text_held > 0) > 1
                or exists (select 1 from rollup_source r join label l on l.id = r.source
                           join json_each(?1) part on part.value = l.text))",
        )?
        .query_row([serde_json::to_string(&in_parts)?], |row| row.get(0))?)
}
