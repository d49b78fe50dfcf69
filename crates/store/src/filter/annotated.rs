//! What a query says of notes, tags and review samples, in SQL.
//!
//! One that stands on any record of a call is the call's. A withdrawn note and a removed tag are not
//! there any more, and of an erased one nobody knows what it was. Not here: reading them (`notes`).

use assay_domain::query::Match;

use super::{Filter, text_test};

/// Notes that are in force: not withdrawn and not corrected.
const NOTES: &str = "select coalesce(w.of_seq, n.call_seq) from note n
    left join witness w on w.seq = n.call_seq
    where n.withdrawn_ms is null and n.text is not null
      and not exists (select 1 from note r where r.replaces = n.id)";
const TAGS: &str = "select coalesce(w.of_seq, t.call_seq) from tag t
    left join witness w on w.seq = t.call_seq where t.removed_ms is null and t.tag is not null";

const MEMBERS: &str = "select coalesce(w.of_seq, m.call_seq) from review_member m
    left join witness w on w.seq = m.call_seq";

/// Whether a call has any.
pub(super) fn has(key: &str) -> String {
    match key {
        "tag" => format!("c.seq in ({TAGS})"),
        "review_sample" => format!("c.seq in ({MEMBERS})"),
        _ => format!("c.seq in ({NOTES})"),
    }
}

/// Whether a call has one such.
pub(super) fn is(filter: &mut Filter, key: &str, wanted: &Match) -> String {
    match key {
        "tag" => {
            let test = text_test(filter, "t.tag", wanted);
            format!("c.seq in ({TAGS} and {test})")
        }
        "review_sample" => {
            let test = text_test(filter, "cast(m.sample as text)", wanted);
            format!("c.seq in ({MEMBERS} where {test})")
        }
        "noted_by" => {
            let test = text_test(filter, "n.noted_by", wanted);
            format!("c.seq in ({NOTES} and {test})")
        }
        _ => {
            let not = match wanted {
                Match::Text(text) if text == "no" => "not ",
                _ => "",
            };
            format!("c.seq {not}in ({NOTES})")
        }
    }
}
