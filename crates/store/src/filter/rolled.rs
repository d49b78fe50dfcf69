//! What a query means in the roll-ups, and which of them can answer it.
//!
//! In: a query about calls. Out: a table and a condition over it, named `r`, or `None` where only the
//! calls themselves tell. Not here: reading the tables (`facets`, `latency`).

use assay_domain::formats::Format;
use assay_domain::query::{Match, Query, Test};
use rusqlite::Connection;
use rusqlite::types::Value;

use super::{Filter, bit_test, enum_test, label_test, number_test, sign, text_test};
use crate::coverage::bit;
use crate::error::Result;
use crate::rollups::{DAY_MS, HOUR_MS};

/// Whether a record's source tells which sources saw its call.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Seen {
    /// No call was seen by two.
    ByOne,
    /// Some were, or it was not looked at.
    #[default]
    ByMany,
}

impl Seen {
    /// Looks where the query asks for sources.
    pub(crate) fn of(connection: &Connection, query: &Query) -> Result<Self> {
        let asks = query
            .terms
            .iter()
            .any(|term| matches!(&term.test, Test::Field { key, .. } if key.name == "source"));
        Ok(match asks && !has_shared_calls(connection)? {
            true => Self::ByOne,
            false => Self::ByMany,
        })
    }
}

/// Whether more than one source saw some call.
pub(crate) fn has_shared_calls(connection: &Connection) -> Result<bool> {
    Ok(connection
        .prepare_cached(
            "select exists (select 1 from rollup_seen
                where calls > 0 and (sources & (sources - 1)) <> 0)",
        )?
        .query_row([], |row| row.get(0))?)
}

/// A roll-up that answers a query.
pub(crate) struct Rolled {
    pub(crate) table: &'static str,
    /// Over a row `r` of the table.
    pub(crate) filter: Filter,
}

/// The keys that the hourly roll-ups hold, besides times.
const HOURLY: [&str; 9] = [
    "kind",
    "deployment",
    "request_model",
    "requested_region",
    "served_region",
    "status",
    "http_status",
    "body",
    "feature",
];
/// The keys that the roll-ups by name hold, besides the name and times.
const OVER_ALL: [&str; 7] = [
    "kind",
    "deployment",
    "source",
    "request_model",
    "requested_region",
    "served_region",
    "status",
];
const OF_PRINCIPALS_BY_DAY: [&str; 3] = ["deployment", "request_model", "status"];
const OF_ENTITIES_BY_DAY: [&str; 5] = [
    "deployment",
    "request_model",
    "requested_region",
    "served_region",
    "status",
];

/// The roll-up that tells how many calls match a query, or with `facet` by the values of that key;
/// `None` where only the calls themselves tell. An entity type is held for its facet alone: a call
/// with two types counts under both.
pub(crate) fn rolled(query: &Query, facet: Option<&str>, seen: Seen) -> Option<Rolled> {
    let mut keys: Vec<&str> = keys(query)?;
    keys.extend(facet);
    let has_time = keys.contains(&"started_at");
    let of_names = |name: &str, by_day: &[&str]| {
        let holds = |held: &[&str]| {
            keys.iter()
                .all(|key| *key == name || *key == "started_at" || held.contains(key))
        };
        if has_time {
            is_of_days(query) && holds(by_day)
        } else {
            holds(&OVER_ALL)
        }
    };
    let table = if is_hourly(&keys, seen) {
        rollup_table(query)
    } else if facet == Some("entity_type") {
        let is_alone = keys.iter().filter(|key| **key == "entity_type").count() == 1;
        if !is_alone || !of_names("entity_type", &OF_ENTITIES_BY_DAY) {
            return None;
        }
        if has_time {
            "entity_day"
        } else {
            "entity_total"
        }
    } else if of_names("principal", &OF_PRINCIPALS_BY_DAY) {
        if has_time {
            "principal_day"
        } else {
            "principal_total"
        }
    } else {
        return None;
    };
    Some(Rolled {
        table,
        filter: compile(query, seen)?,
    })
}

/// The hourly roll-up that a query asks for: by hour or by day where it speaks of a time.
pub(crate) fn rollup_table(query: &Query) -> &'static str {
    let of_time = |test: &Test| matches!(test, Test::Field { key, .. } | Test::Has(key) if key.name == "started_at");
    if !query.terms.iter().any(|term| of_time(&term.test)) {
        "rollup_total"
    } else if is_of_days(query) {
        "rollup_day"
    } else {
        "rollup"
    }
}

/// Whether every time that a query speaks of is one of whole days.
pub(crate) fn is_of_days(query: &Query) -> bool {
    query.terms.iter().all(|term| match &term.test {
        Test::Field { key, any } if key.name == "started_at" => any.iter().all(|wanted| {
            matches!(wanted, Match::Number { from, to }
                if from.is_none_or(|from| from % DAY_MS == 0)
                    && to.is_none_or(|to| (to + 1) % DAY_MS == 0))
        }),
        _ => true,
    })
}

/// Whether a query speaks of nothing but whole days, deployments, models and statuses.
pub(crate) fn is_of_latencies(query: &Query) -> bool {
    is_of_days(query)
        && query.terms.iter().all(|term| match &term.test {
            Test::Text(_) => false,
            Test::Field { key, .. } | Test::Has(key) => matches!(
                key.name,
                "started_at" | "deployment" | "request_model" | "status"
            ),
        })
}

/// Whether a query speaks of nothing but features and statuses.
pub(crate) fn is_of_features(query: &Query) -> bool {
    query.terms.iter().all(|term| match &term.test {
        Test::Text(_) => false,
        Test::Field { key, .. } | Test::Has(key) => matches!(key.name, "feature" | "status"),
    })
}

/// Compiles a query about calls for the hourly roll-ups (table `r`), where they can answer it exactly.
pub(crate) fn compile_rollup(query: &Query, seen: Seen) -> Option<Filter> {
    is_hourly(&keys(query)?, seen).then(|| compile(query, seen))?
}

/// The keys that a query speaks of; `None` where it asks for words.
fn keys(query: &Query) -> Option<Vec<&'static str>> {
    let of = |test: &Test| match test {
        Test::Text(_) => None,
        Test::Field { key, .. } | Test::Has(key) => Some(key.name),
    };
    query.terms.iter().map(|term| of(&term.test)).collect()
}

fn is_hourly(keys: &[&str], seen: Seen) -> bool {
    keys.iter().all(|key| match *key {
        "started_at" => true,
        "source" => seen == Seen::ByOne,
        key => HOURLY.contains(&key),
    })
}

fn compile(query: &Query, seen: Seen) -> Option<Filter> {
    let mut filter = Filter::default();
    let mut parts = vec!["true".to_owned()];
    for term in &query.terms {
        parts.push(sign(term, rollup_test(&mut filter, &term.test, seen)?));
    }
    filter.sql = parts.join(" and ");
    Some(filter)
}

/// The roll-up column of a key, where some roll-up holds it.
pub(crate) fn rollup_column(key: &str) -> Option<&'static str> {
    Some(match key {
        "kind" => "kind",
        "deployment" => "deployment_id",
        "request_model" => "request_model",
        "requested_region" => "requested_region",
        "served_region" => "served_region",
        "status" => "status",
        "http_status" => "http_status",
        "body" => "body",
        "principal" => "principal",
        "entity_type" => "entity_type",
        _ => return None,
    })
}

fn rollup_test(filter: &mut Filter, test: &Test, seen: Seen) -> Option<String> {
    match test {
        Test::Text(_) => None,
        Test::Has(key) => match key.name {
            "started_at" => Some("r.hour_ms >= 0".to_owned()),
            "kind" | "deployment" | "source" | "status" | "body" => Some("true".to_owned()),
            "http_status" => Some("r.http_status >= 0".to_owned()),
            "feature" => Some("r.features <> 0".to_owned()),
            name => rollup_column(name).map(|column| format!("r.{column} <> 0")),
        },
        Test::Field { key, any: matches } => {
            let parts: Option<Vec<String>> = matches
                .iter()
                .map(|wanted| match (key.name, wanted) {
                    ("started_at", Match::Number { from, to }) => hours(filter, *from, *to),
                    ("source", _) if seen == Seen::ByOne => {
                        Some(label_test(filter, "r.source", wanted))
                    }
                    ("source", Match::Text(name)) => Format::from_name(name)
                        .map(|format| format!("(r.sources & {}) <> 0", bit(format as u8))),
                    ("kind" | "status" | "body", _) => {
                        Some(enum_test(key.name, &format!("r.{}", key.name), wanted))
                    }
                    ("feature", _) => Some(bit_test(key.name, "r.features", wanted)),
                    ("deployment", _) => {
                        let test = text_test(filter, "name", wanted);
                        Some(format!(
                            "r.deployment_id in (select id from deployment where {test})"
                        ))
                    }
                    ("http_status", _) => {
                        let test = number_test(filter, "r.http_status", wanted);
                        Some(format!("r.http_status >= 0 and {test}"))
                    }
                    (name, Match::Text(_) | Match::Prefix(_)) => rollup_column(name)
                        .map(|column| label_test(filter, &format!("r.{column}"), wanted)),
                    _ => None,
                })
                .collect();
            parts.map(|parts| parts.join(" or "))
        }
    }
}

/// A range of time in whole hours, where it is one.
fn hours(filter: &mut Filter, from: Option<i64>, to: Option<i64>) -> Option<String> {
    let whole =
        from.is_none_or(|from| from % HOUR_MS == 0) && to.is_none_or(|to| (to + 1) % HOUR_MS == 0);
    if !whole {
        return None;
    }
    // One bound on either side: of two SQLite takes the first to an index, whichever is nearer.
    let name = filter.parameter(Value::Integer(from.unwrap_or(0).max(0)));
    let mut parts = vec![format!("r.hour_ms >= {name}")];
    if let Some(to) = to {
        let name = filter.parameter(Value::Integer(to));
        parts.push(format!("r.hour_ms <= {name}"));
    }
    Some(format!("({})", parts.join(" and ")))
}
