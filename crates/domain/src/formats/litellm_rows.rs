//! LiteLLM's payloads as rows of a table: what a query, a data frame or its callback for Databricks writes.
//!
//! In: a record whose nested values stand in it as text, or whose keys are spelt otherwise. Out: the payload, as JSON.
//! Not here: what a payload tells (`litellm`); rows of `LiteLLM_SpendLogs` (`litellm_spend`).
//!
//! Source: BerriAI/litellm 1.108.7, `integrations/zerobus/row.py`. Athena and Hive write names of columns without
//! capitals, pandas writes nested values as Python prints them.

use serde_json::{Map, Value, json};

use crate::formats::{messages, python};

/// The keys of a payload that are not spelt as columns are.
const SPELT: [(&str, [&str; 2]); 3] = [
    ("startTime", ["starttime", "start_time"]),
    ("endTime", ["endtime", "end_time"]),
    (
        "completionStartTime",
        ["completionstarttime", "completion_start_time"],
    ),
];
/// What the callback for Databricks takes out of the metadata.
const OF_METADATA: [(&str, &str); 6] = [
    ("user_api_key_hash", "api_key_hash"),
    ("user_api_key_alias", "api_key_alias"),
    ("user_api_key_team_id", "team_id"),
    ("user_api_key_team_alias", "team_alias"),
    ("user_api_key_user_id", "user_id"),
    ("user_api_key_org_id", "org_id"),
];
/// Values that are objects.
const OBJECTS: [&str; 4] = [
    "metadata",
    "hidden_params",
    "model_parameters",
    "error_information",
];
const NUMBERS: [&str; 4] = [
    "startTime",
    "endTime",
    "completionStartTime",
    "response_time",
];
/// How tables write that there is nothing.
const NOTHING: [&str; 5] = ["null", "NULL", "None", "nan", "\\N"];

/// The payload that a row holds; `None` for what is no row.
pub(super) fn payload(text: &str) -> Option<String> {
    let Value::Object(mut row) = messages::read(text)? else {
        return None;
    };
    if !is_row(&row) {
        return None;
    }
    for (key, others) in SPELT {
        let found = others.iter().find_map(|other| row.remove(*other));
        if let Some(found) = found {
            row.entry(key).or_insert(found);
        }
    }
    for (key, value) in &mut row {
        if let Value::String(cell) = value {
            *value = of_cell(key, std::mem::take(cell));
        }
    }
    for key in NUMBERS {
        if let Some(value) = row.get_mut(key) {
            seconds(value);
        }
    }
    for key in OBJECTS {
        // A cell that was cut holds nothing that can be told apart.
        row.entry(key).and_modify(|value| {
            *value = if value.is_object() {
                value.take()
            } else {
                Value::Null
            }
        });
    }
    if row.get("request_tags").is_some_and(|tags| !tags.is_array()) {
        row.remove("request_tags");
    }
    caller(&mut row);
    Some(Value::Object(row).to_string())
}

fn is_row(row: &Map<String, Value>) -> bool {
    let is_text = |key: &&str| row.get(*key).is_some_and(Value::is_string);
    let is_cell = OBJECTS
        .iter()
        .chain(&["stream", "request_tags"])
        .any(is_text);
    let is_spelt = SPELT
        .iter()
        .any(|(_, others)| others.iter().any(|other| row.contains_key(*other)));
    let time = row.get("startTime").and_then(Value::as_str);
    is_cell || is_spelt || time.is_some_and(|time| time.trim().parse::<f64>().is_ok())
}

fn of_cell(key: &str, cell: String) -> Value {
    let trimmed = cell.trim();
    match key {
        _ if trimmed.is_empty() => Value::Null,
        "messages" | "response" => opened(trimmed).unwrap_or(Value::String(cell)),
        _ if NOTHING.contains(&trimmed) => Value::Null,
        "stream" => json!(trimmed.eq_ignore_ascii_case("true")),
        "request_tags" => opened(trimmed).unwrap_or(Value::String(cell)),
        _ if OBJECTS.contains(&key) => opened(trimmed).unwrap_or(Value::String(cell)),
        _ => Value::String(cell),
    }
}

fn opened(cell: &str) -> Option<Value> {
    if !cell.starts_with(['{', '[']) {
        return None;
    }
    messages::read(cell).or_else(|| python::read(cell))
}

/// A time as a payload has it, in seconds; warehouses count milliseconds or microseconds.
fn seconds(value: &mut Value) {
    let number = match &*value {
        Value::String(text) => text.trim().parse::<f64>().ok(),
        other => other.as_f64(),
    };
    let Some(number) = number.filter(|number| number.is_finite()) else {
        return;
    };
    *value = match number {
        n if n >= 1e14 => json!(n / 1e6),
        n if n >= 1e11 => json!(n / 1e3),
        n => json!(n),
    };
}

fn caller(row: &mut Map<String, Value>) {
    let told: Vec<(&str, Value)> = OF_METADATA
        .iter()
        .filter_map(|(key, column)| {
            Some((
                *key,
                row.get(*column).filter(|value| value.is_string())?.clone(),
            ))
        })
        .collect();
    if told.is_empty() {
        return;
    }
    let metadata = row.entry("metadata").or_insert(Value::Null);
    if !metadata.is_object() {
        *metadata = json!({});
    }
    for (key, value) in told {
        if metadata.get(key).is_none_or(Value::is_null) {
            metadata[key] = value;
        }
    }
}
