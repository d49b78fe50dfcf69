//! What a query of the trail means in SQL.
//!
//! In: a parsed query. Out: a condition with named parameters; user text is only ever a parameter.
//! A query that speaks only of what the roll-ups hold is compiled for them as well. Not here:
//! parsing (`assay_domain::query`), running.

mod annotated;
mod brought;
mod prefix;
pub(crate) mod rolled;

use std::sync::Arc;

use assay_domain::activity::Category;
use assay_domain::call::{Body, Feature, Kind, Oddity};
use assay_domain::query::{Match, Query, Term, Test};
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use rusqlite::{Connection, ToSql};

use crate::coverage;
use crate::day_keys::DayKeys;
use crate::erasure::erased_by;
use crate::error::Result;
use crate::joins::key_hash;
use crate::lent;
use crate::record_keys::{DAYS, first_eight};
use crate::text_search::functions;
use crate::text_search::kept::Searches;
use crate::text_search::looked::{self, Looked};
use prefix::after_prefix;
use rolled::{compile_rollup, is_of_days};

pub(crate) mod states;

/// The day of a call, -1 without a time: what the index by principal begins with, word for word.
const DAY: &str = "ifnull(c.started_at_ms / 86400000, -1)";

/// That a call is of any day that there is.
fn on_any_day() -> String {
    format!("{DAY} in ({DAYS})")
}

/// A condition with its parameters.
#[derive(Default)]
pub(crate) struct Filter {
    pub(crate) sql: String,
    parameters: Vec<(String, Value)>,
    /// Whether only records with a time can match.
    pub(crate) needs_time: bool,
    /// Whether it asks for something besides times that no index finds at once.
    pub(crate) is_scan: bool,
    /// What it asks of the names of principals, over a row of `label`: an index finds what matches on one
    /// day. Empty where it asks nothing.
    pub(crate) principals: Vec<String>,
    /// What it asks of times alone; empty where it asks nothing.
    pub(crate) times: String,
    /// Names of sets that every record which matches is in.
    pub(crate) among: Vec<String>,
    /// What the search index knows of its words.
    pub(crate) looked: Looked,
    /// The same for the hourly roll-ups, where they can tell in which hours calls match.
    pub(crate) hourly: Option<Hourly>,
}

/// What a query means in the hourly roll-ups.
pub(crate) struct Hourly {
    /// Over a row `r`.
    pub(crate) filter: Box<Filter>,
    /// Whether the roll-ups by day tell as well.
    pub(crate) is_of_days: bool,
}

impl Filter {
    /// The parameters, for binding.
    pub(crate) fn named(&self) -> Vec<(&str, &dyn ToSql)> {
        self.parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value as &dyn ToSql))
            .collect()
    }

    /// What tells it from every other filter of the same table.
    pub(crate) fn identity(&self) -> String {
        format!("{} {:?}", self.sql, self.parameters)
    }

    /// The condition for calls that are listed: not those that stand behind another record.
    pub(crate) fn listed(&self) -> String {
        format!(
            "not exists (select 1 from witness hidden where hidden.seq = c.seq) and {}",
            self.sql
        )
    }

    /// Whether an index finds what matches on one day.
    pub(crate) const fn is_by_day(&self) -> bool {
        !self.principals.is_empty()
    }

    /// A condition made of this one, where it [`Filter::is_by_day`], for the calls of some days: `days` is
    /// what stands in the brackets of an `in`, -1 for those without a time.
    pub(crate) fn on_days(&self, condition: &str, days: &str) -> String {
        condition.replace(&on_any_day(), &format!("{DAY} in ({days})"))
    }

    /// Whether a term names single records, which an index finds.
    fn is_found_at_once(&self, query: &Query) -> bool {
        let names_records = |key: &str| matches!(key, "id" | "request_id" | "conversation_id");
        query.terms.iter().any(|term| {
            !term.excluded
                && match &term.test {
                    Test::Field { key, .. } => names_records(key.name),
                    Test::Text(words) => self.looked.is_few(words),
                    Test::Has(_) => false,
                }
        })
    }

    pub(crate) fn parameter(&mut self, value: Value) -> String {
        let name = format!(":p{}", self.parameters.len());
        self.parameters.push((name.clone(), value));
        name
    }

    pub(crate) fn text(&mut self, value: &str) -> String {
        self.parameter(Value::Text(value.to_owned()))
    }
}

/// Compiles a query about calls; the condition names the table `c`. `looked` is what
/// [`crate::open::Store::search`] gives.
pub(crate) fn compile_calls(query: &Query, looked: Looked) -> Filter {
    Filter {
        hourly: compile_rollup(query, looked.seen).map(|filter| Hourly {
            filter: Box::new(filter),
            is_of_days: is_of_days(query),
        }),
        ..compile_for_calls(query, looked)
    }
}

fn compile_for_calls(query: &Query, looked: Looked) -> Filter {
    let entity = |term: &&Term| {
        !term.excluded
            && matches!(&term.test, Test::Field { key, .. } if matches!(key.name, "entity_type" | "entity_field"))
    };
    let together: Vec<&Term> = query.terms.iter().filter(entity).collect();
    if together.len() < 2 {
        return compile(query, call_test, looked);
    }
    // A type and a field mean one entity of that type in that field, not one of each.
    let rest = Query {
        terms: query
            .terms
            .iter()
            .filter(|term| !entity(term))
            .cloned()
            .collect(),
    };
    let mut filter = compile(&rest, call_test, looked);
    let mut tests = Vec::new();
    for term in together {
        if let Test::Field { key, any: matches } = &term.test {
            tests.push(format!(
                "({})",
                any(matches, |wanted| entity_test(&mut filter, key.name, wanted))
            ));
        }
    }
    filter.sql = format!(
        "{} and c.seq in (select e.seq from entity e where {})",
        filter.sql,
        tests.join(" and ")
    );
    filter.is_scan = !filter.is_found_at_once(query);
    filter
}

fn entity_test(filter: &mut Filter, key: &str, wanted: &Match) -> String {
    label_test(
        filter,
        if key == "entity_type" {
            "e.entity_type"
        } else {
            "e.field"
        },
        wanted,
    )
}

/// Compiles a query about activities; the condition names the table `a`.
pub(crate) fn compile_activities(query: &Query) -> Filter {
    compile(query, activity_test, Looked::default())
}

fn compile(query: &Query, test: fn(&mut Filter, &Test) -> String, looked: Looked) -> Filter {
    let mut filter = Filter {
        looked,
        ..Filter::default()
    };
    let mut parts = vec!["true".to_owned()];
    // Whether a record holds words is asked last, of what nothing else excludes.
    let is_text = |term: &&Term| matches!(term.test, Test::Text(_));
    let others = query.terms.iter().filter(|term| !is_text(term));
    for term in others.chain(query.terms.iter().filter(is_text)) {
        let (among, principals) = (filter.among.len(), filter.principals.len());
        let sql = sign(term, test(&mut filter, &term.test));
        if term.excluded {
            filter.among.truncate(among);
            filter.principals.truncate(principals);
        }
        if is_of_time(term) {
            filter.needs_time = true;
            filter.times = format!("{} and {sql}", filter.times);
        }
        parts.push(sql);
    }
    filter.is_scan =
        !filter.is_found_at_once(query) && query.terms.iter().any(|term| !is_of_time(term));
    filter.sql = parts.join(" and ");
    filter
}

/// Calls of these principals, on any day: the index by principal begins with the day.
fn principal_test(filter: &mut Filter, matches: &[Match]) -> String {
    let test = any(matches, |wanted| text_test(filter, "text", wanted));
    let sql = format!(
        "c.principal in (select id from label where {test}) and {}",
        on_any_day()
    );
    filter.principals.push(test);
    sql
}

/// The condition of a term over a row `c` that has no more than the column of its key, as
/// [`crate::columns::KEPT`] names it.
pub(crate) fn value_test(filter: &mut Filter, term: &Term) -> String {
    let sql = match &term.test {
        Test::Field { key, any: matches } if key.name == "principal" => {
            any(matches, |wanted| label_test(filter, "c.principal", wanted))
        }
        test => call_test(filter, test),
    };
    sign(term, sql)
}

fn is_of_time(term: &Term) -> bool {
    let is_time = |key: &str| matches!(key, "started_at" | "at");
    !term.excluded
        && matches!(&term.test, Test::Field { key, .. } | Test::Has(key) if is_time(key.name))
}

fn sign(term: &Term, sql: String) -> String {
    if term.excluded {
        format!("not coalesce(({sql}), false)")
    } else {
        format!("({sql})")
    }
}

fn any(matches: &[Match], mut one: impl FnMut(&Match) -> String) -> String {
    let parts: Vec<String> = matches.iter().map(&mut one).collect();
    if parts.is_empty() {
        "false".to_owned()
    } else {
        parts.join(" or ")
    }
}

fn text_test(filter: &mut Filter, column: &str, wanted: &Match) -> String {
    match wanted {
        Match::Text(text) => {
            let name = filter.text(text);
            format!("{column} = {name}")
        }
        Match::Prefix(prefix) => {
            let from = filter.text(prefix);
            match after_prefix(prefix) {
                Some(end) => {
                    let to = filter.text(&end);
                    format!("{column} >= {from} and {column} < {to}")
                }
                None => format!("{column} >= {from}"),
            }
        }
        Match::Number { .. } => "false".to_owned(),
    }
}

fn label_test(filter: &mut Filter, column: &str, wanted: &Match) -> String {
    let test = text_test(filter, "text", wanted);
    format!("{column} in (select id from label where {test})")
}

fn number_test(filter: &mut Filter, column: &str, wanted: &Match) -> String {
    let Match::Number { from, to } = wanted else {
        return "false".to_owned();
    };
    let mut parts = vec![format!("{column} is not null")];
    if let Some(from) = from {
        let name = filter.parameter(Value::Integer(*from));
        parts.push(format!("{column} >= {name}"));
    }
    if let Some(to) = to {
        let name = filter.parameter(Value::Integer(*to));
        parts.push(format!("{column} <= {name}"));
    }
    format!("({})", parts.join(" and "))
}

fn id_test(filter: &mut Filter, column: &str, wanted: &Match) -> String {
    match id_bounds(wanted) {
        Some((from, to)) => {
            let from = filter.parameter(Value::Blob(from));
            let to = filter.parameter(Value::Blob(to));
            format!("{column} between {from} and {to}")
        }
        None => "false".to_owned(),
    }
}

/// Ids of calls have no index of their own: their first bytes are looked up, day by day.
fn call_id_test(filter: &mut Filter, wanted: &Match) -> String {
    let Some((from, to)) = id_bounds(wanted) else {
        return "false".to_owned();
    };
    let first = filter.parameter(Value::Integer(first_eight(&from)));
    let last = filter.parameter(Value::Integer(first_eight(&to)));
    let test = id_test(filter, "c.id", wanted);
    format!(
        "(c.seq in (select k.seq from record_key k
                    where k.day in ({DAYS}) and k.hash between {first} and {last} and k.source = 0)
          and {test})"
    )
}

/// The first and the last id that are meant; `None` where no id is.
fn id_bounds(wanted: &Match) -> Option<(Vec<u8>, Vec<u8>)> {
    let bounds = |text: &str, fill: char| {
        let digits: String = text.chars().take(32).collect();
        hex::decode(format!(
            "{digits}{}",
            fill.to_string().repeat(32 - digits.chars().count())
        ))
        .ok()
    };
    let text = match wanted {
        Match::Text(text) if text.len() != 32 => return None,
        Match::Text(text) | Match::Prefix(text) => text,
        Match::Number { .. } => return None,
    };
    bounds(text, '0').zip(bounds(text, 'f'))
}

fn number_of(name: &str, names: impl IntoIterator<Item = (&'static str, i64)>) -> i64 {
    names
        .into_iter()
        .find(|(candidate, _)| *candidate == name)
        .map_or(-1, |(_, number)| number)
}

fn enum_test(key: &str, column: &str, wanted: &Match) -> String {
    let Match::Text(name) = wanted else {
        return "false".to_owned();
    };
    let number = match key {
        "kind" => number_of(name, Kind::ALL.map(|kind| (kind.name(), kind as i64))),
        "status" => number_of(name, [("ok", 0), ("error", 1)]),
        "category" => number_of(
            name,
            Category::ALL.map(|category| (category.name(), category as i64)),
        ),
        "succeeded" => number_of(name, [("no", 0), ("yes", 1)]),
        _ => number_of(
            name,
            [
                Body::Present,
                Body::Missing,
                Body::ByReference,
                Body::NotCarried,
            ]
            .map(|body| (body.name(), body as i64)),
        ),
    };
    format!("{column} = {number}")
}

fn bit_test(key: &str, column: &str, wanted: &Match) -> String {
    let Match::Text(name) = wanted else {
        return "false".to_owned();
    };
    let bit = if key == "feature" {
        number_of(
            name,
            Feature::ALL.map(|feature| (feature.name(), i64::from(feature.bit()))),
        )
    } else {
        number_of(
            name,
            Oddity::ALL.map(|oddity| (oddity.name(), i64::from(oddity.bit()))),
        )
    };
    format!("({column} & {}) <> 0", bit.max(0))
}

fn call_test(filter: &mut Filter, test: &Test) -> String {
    match test {
        Test::Text(words) => looked::call_test(filter, words),
        Test::Has(key) => match key.name {
            "id" | "kind" | "deployment" | "source" | "status" | "body" | "batch" | "conflict"
            | "scanned" | "erased" | "held" | "record" => "true".to_owned(),
            "feature" => "c.features <> 0".to_owned(),
            "oddity" => "c.oddities <> 0".to_owned(),
            "join" | "disagrees" => states::has(key.name),
            "request_id" => "c.request_ids <> '{}'".to_owned(),
            "entity_type" | "entity_field" => "c.seq in (select e.seq from entity e)".to_owned(),
            "tag" | "note" | "noted_by" | "review_sample" => annotated::has(key.name),
            name => format!("{} is not null", call_column(name)),
        },
        Test::Field { key, any: matches } if key.name == "principal" => {
            principal_test(filter, matches)
        }
        Test::Field { key, any: matches } => any(matches, |wanted| match key.name {
            "id" => call_id_test(filter, wanted),
            "kind" | "status" | "body" => enum_test(key.name, &format!("c.{}", key.name), wanted),
            "deployment" => {
                let test = text_test(filter, "name", wanted);
                format!("c.deployment_id in (select id from deployment where {test})")
            }
            "source" => {
                let own = label_test(filter, "c.source", wanted);
                let other = label_test(filter, "w.source", wanted);
                format!("{own} or c.seq in (select w.of_seq from witness w where {other})")
            }
            "conversation_id" => text_test(filter, "c.conversation_id", wanted),
            "feature" => bit_test(key.name, "c.features", wanted),
            "oddity" => bit_test(key.name, "c.oddities", wanted),
            "conflict" => {
                let not = if *wanted == Match::Text("no".to_owned()) {
                    "not "
                } else {
                    ""
                };
                format!("c.seq {not}in (select w.of_seq from witness w where w.is_conflict = 1)")
            }
            "erased" | "held" => states::state_test("c", key.name, wanted),
            "join" => states::join_test(wanted),
            "disagrees" => states::disagreement_test(wanted),
            "record" => coverage::record_test(filter, wanted),
            "scanned" => {
                let not = if *wanted == Match::Text("no".to_owned()) {
                    "not "
                } else {
                    ""
                };
                let present = Body::Present as i64;
                format!(
                    "{not}(c.body = {present} and c.seq < coalesce((select up_to_seq from scan), 0)
                        and {} is null)",
                    erased_by("c")
                )
            }
            "request_id" => match wanted {
                Match::Text(text) => {
                    let id = filter.text(text);
                    format!(
                        "c.seq in (select coalesce(w.of_seq, k.seq) from record_key k
                         left join witness w on w.seq = k.seq
                         where k.day in ({DAYS}) and k.source <> 0
                           and k.hash in (select key_hash(n.name, n.source, {id}) from id_name n))"
                    )
                }
                _ => "false".to_owned(),
            },
            "entity_type" | "entity_field" => {
                let test = entity_test(filter, key.name, wanted);
                format!("c.seq in (select e.seq from entity e where {test})")
            }
            "batch" => brought::call_test(filter, wanted),
            "tag" | "note" | "noted_by" | "review_sample" => {
                annotated::is(filter, key.name, wanted)
            }
            name if matches!(wanted, Match::Number { .. }) => {
                number_test(filter, &call_column(name), wanted)
            }
            name => label_test(filter, &call_column(name), wanted),
        }),
    }
}

/// What a key of calls is compared with: the listed record's own column or, for what only one of
/// the sources of a call may prove, that of the first other record that has it.
pub(crate) fn call_column(key: &str) -> String {
    match key {
        "served_region" => witnessed(key, "witness_with_region"),
        "private_path" => witnessed(key, "witness_with_path"),
        other => lent::figure(other).unwrap_or_else(|| format!("c.{}", column(other))),
    }
}

/// The index is named, since another would read every record of the call.
fn witnessed(key: &str, index: &str) -> String {
    format!(
        "coalesce(c.{key}, (select w.{key} from witness w indexed by {index}
         where w.of_seq = c.seq and w.{key} is not null order by w.seq limit 1))"
    )
}

/// The column that holds a key of calls or activities.
fn column(key: &str) -> &str {
    match key {
        "started_at" => "started_at_ms",
        "at" => "at_ms",
        "cost_usd" => "cost_usd_micros",
        "deployment" => "deployment_id",
        other => other,
    }
}

fn activity_test(filter: &mut Filter, test: &Test) -> String {
    match test {
        Test::Text(words) => looked::activity_test(filter, words),
        Test::Has(key) => match key.name {
            "id" | "action" | "category" | "source" | "erased" | "held" => "true".to_owned(),
            "oddity" => "a.oddities <> 0".to_owned(),
            "batch" => "a.batch_id is not null".to_owned(),
            name => format!("a.{} is not null", column(name)),
        },
        Test::Field { key, any: matches } => any(matches, |wanted| match key.name {
            "id" => id_test(filter, "a.id", wanted),
            "kind" | "category" | "succeeded" => {
                enum_test(key.name, &format!("a.{}", key.name), wanted)
            }
            "erased" | "held" => states::state_test("a", key.name, wanted),
            "target" => text_test(filter, "a.target", wanted),
            "oddity" => bit_test(key.name, "a.oddities", wanted),
            "batch" => brought::record_test(filter, "a.batch_id", wanted),
            name if matches!(wanted, Match::Number { .. }) => {
                number_test(filter, &format!("a.{}", column(name)), wanted)
            }
            name => label_test(filter, &format!("a.{}", column(name)), wanted),
        }),
    }
}

/// Adds the functions that conditions use: `key_hash(name, source, id)`, and those for words.
pub(crate) fn add_functions(
    connection: &Connection,
    keys: &Arc<DayKeys>,
    searches: &Arc<Searches>,
) -> Result<()> {
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_UTF8;
    connection.create_scalar_function("key_hash", 3, flags, |context| {
        let (name, source, id): (String, String, String) =
            (context.get(0)?, context.get(1)?, context.get(2)?);
        Ok(key_hash(&name, &source, &id))
    })?;
    functions::add_functions(connection, keys, searches)
}
