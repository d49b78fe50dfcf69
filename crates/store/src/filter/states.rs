//! What a query asks of the state of a record: erased, held, joined, told differently.
//!
//! In: a value of such a key. Out: a condition without parameters. Not here: the other keys
//! (`filter`).

use assay_domain::query::Match;
use assay_domain::same_call::Disagreement;

use crate::erasure::erased_by;

/// What a facet counts of how a call's records were joined: the other values are those of most
/// calls, and would be counted by reading them all.
pub(crate) const JOINS: [&str; 2] = ["inferred", "ambiguous"];

const INFERRED: &str = "c.seq in (select w.of_seq from witness w indexed by witness_inferred
    where w.inferred is not null)";
/// Only a record that was joined by inference tells where it ran.
const INFERRED_REGION: &str = "c.served_region is null
    and c.seq in (select w.of_seq from witness w indexed by witness_inferred
        where w.inferred is not null and w.served_region is not null)
    and not exists (select 1 from witness p indexed by witness_with_region
        where p.of_seq = c.seq and p.inferred is null and p.served_region is not null)";
const BY_ID: &str =
    "c.seq in (select w.of_seq from witness w where w.inferred is null or w.seq <> w.group_seq)";
const AMBIGUOUS: &str = "c.seq in (select coalesce(w.of_seq, m.seq) from ambiguous m
    left join witness w on w.seq = m.seq)";
const ALONE: &str = "c.seq not in (select w.of_seq from witness w)";

/// Whether a record was erased, or a hold in force covers it.
pub(super) fn state_test(short: &str, key: &str, wanted: &Match) -> String {
    let not = match wanted {
        Match::Text(text) if text == "no" => "not ",
        _ => "",
    };
    if key == "erased" {
        format!("{not}({} is not null)", erased_by(short))
    } else {
        format!(
            "{short}.seq {not}in (select d.seq from held d join hold h on h.id = d.hold
                where h.released_ms is null)"
        )
    }
}

/// How the records of a call were joined.
pub(crate) fn join_condition(name: &str) -> &'static str {
    match name {
        "request_id" => BY_ID,
        "inferred" => INFERRED,
        "inferred_region" => INFERRED_REGION,
        "ambiguous" => AMBIGUOUS,
        "none" => ALONE,
        _ => "false",
    }
}

pub(super) fn join_test(wanted: &Match) -> String {
    match wanted {
        Match::Text(name) => join_condition(name).to_owned(),
        _ => "false".to_owned(),
    }
}

/// In what the records of a call disagree.
pub(crate) fn disagreement_condition(field: Disagreement) -> String {
    format!(
        "c.seq in (select g.seq from disagreement g where (g.fields & {}) <> 0)",
        field.bit()
    )
}

pub(super) fn disagreement_test(wanted: &Match) -> String {
    let Match::Text(name) = wanted else {
        return "false".to_owned();
    };
    Disagreement::ALL
        .into_iter()
        .find(|field| field.name() == name)
        .map_or_else(|| "false".to_owned(), disagreement_condition)
}

/// Whether a call has more than one record, or its records disagree.
pub(super) fn has(key: &str) -> String {
    match key {
        "join" => format!("not ({ALONE})"),
        _ => "c.seq in (select g.seq from disagreement g)".to_owned(),
    }
}
