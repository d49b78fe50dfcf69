//! What an import brought: records, and the calls that they tell of.
//!
//! In: a batch as somebody names it. Out: a condition over a row. Not here: the batch itself (`batches`).

use assay_domain::query::Match;

use super::Filter;
use crate::row_digests::BOTH;

/// The batches that are meant, as what stands in the brackets of an `in`; `None` where none can be.
fn named(filter: &mut Filter, wanted: &Match) -> Option<String> {
    match wanted {
        Match::Text(text) => {
            let name = filter.text(text);
            Some(format!(
                "select id from batch where uuid = {name} or cast(id as text) = {name}"
            ))
        }
        _ => None,
    }
}

/// Records of a table that a batch brought.
pub(super) fn record_test(filter: &mut Filter, column: &str, wanted: &Match) -> String {
    named(filter, wanted).map_or("false".to_owned(), |batch| format!("{column} in ({batch})"))
}

/// Calls of which some record came with a batch. No index knows batches; the log of rows knows which leaves
/// came with each, so that a small import is found in a large trail without reading it.
pub(super) fn call_test(filter: &mut Filter, wanted: &Match) -> String {
    let Some(batch) = named(filter, wanted) else {
        return "false".to_owned();
    };
    let of_leaves = format!("from row_digest d where d.batch_id in ({batch})");
    let last = format!("d.first_seq + length(d.digests) / {BOTH} - 1");
    format!(
        "(c.batch_id in ({batch})
          and c.seq >= coalesce((select min(d.first_seq) {of_leaves}), 0)
          and c.seq <= coalesce((select max({last}) {of_leaves}), {max}))
         or c.seq in (select w.of_seq from row_digest d
                      cross join witness w on w.seq between d.first_seq and {last}
                      where d.batch_id in ({batch}))",
        max = i64::MAX
    )
}
