//! Calls of spans, read one by one. Not here: how spans are written (`spans`), whose they are.

use assay_domain::call::Call;
use assay_domain::formats::{Context, Format, Reason, Record, exchange, parse};
use serde_json::{Value, json};

use crate::telemetry::attributes;

const CONTEXT: Context = Context {
    now_ms: 1_795_500_000_000,
};

pub(crate) fn read(span: &Value) -> Result<Call, Reason> {
    match parse(Format::OpenTelemetry, span.to_string().as_bytes(), &CONTEXT) {
        Ok(Record::Call(call)) => Ok(*call),
        Ok(Record::Activity(_)) => panic!("an activity"),
        Err(rejected) => Err(rejected.reason),
    }
}

pub(crate) fn call(span: &Value) -> Call {
    read(span).unwrap()
}

pub(crate) fn texts(span: &Value) -> Vec<String> {
    let parts = exchange(Format::OpenTelemetry, span.to_string().as_bytes()).parts();
    parts
        .into_iter()
        .map(|part| format!("{}: {}", part.field.name(), part.text))
        .collect()
}

pub(crate) fn span(id: &str, told: &Value) -> Value {
    json!({"traceId": "85", "spanId": id, "parentSpanId": "b7", "name": "call", "kind": 3, "status": {},
        "startTimeUnixNano": "1790848800000000000", "endTimeUnixNano": "1790848800500000000", "attributes": attributes(told.clone())})
}

pub(crate) fn with(told: &Value, more: Value) -> Value {
    let mut told = told.clone();
    for (key, value) in more.as_object().unwrap() {
        told[key] = value.clone();
    }
    told
}
