//! Spans as OTLP's JSON has them, and what is compared of the calls that they tell. Not here: whose they are.

use assay_domain::call::Call;
use serde_json::{Map, Value, json};

/// Input, output, read from the cache, written to it for five minutes and for an hour.
pub(crate) fn tokens(call: &Call) -> [Option<u64>; 5] {
    let tokens = &call.tokens;
    [
        tokens.input,
        tokens.output,
        tokens.cache_read,
        tokens.cache_write_5m,
        tokens.cache_write_1h,
    ]
}

/// Attributes as OTLP's JSON has them.
pub(crate) fn attributes(of: Value) -> Value {
    let typed = |value: &Value| match value {
        Value::Bool(value) => json!({"boolValue": value}),
        Value::Number(number) if number.is_f64() => json!({"doubleValue": number}),
        Value::Number(number) => json!({"intValue": number}),
        Value::Array(items) => {
            let items: Vec<Value> = items
                .iter()
                .map(|item| json!({"stringValue": item}))
                .collect();
            json!({"arrayValue": {"values": items}})
        }
        other => json!({"stringValue": other}),
    };
    let keys: &Map<String, Value> = of.as_object().unwrap();
    keys.iter()
        .map(|(key, value)| json!({"key": key, "value": typed(value)}))
        .collect()
}
