//! Calls of several records: joined by inference, told apart by nobody, and one that takes figures from another.

use std::collections::BTreeMap;

use assay_domain::call::{Body, Call, Kind, Status};
use assay_store::writer::{NewRecord, What};

use super::NOW;

/// One call that two sources recorded with other costs, and one that could be either of two.
pub(crate) fn without_ids() -> Vec<NewRecord> {
    let mut number = 1_000;
    let mut record = |source, at_ms: i64, output, cost| {
        number += 1;
        let mut call = Call::new(Kind::Bedrock, Status::Ok);
        call.started_at_ms = Some(NOW - at_ms);
        call.request_model = Some("claude-opus-4-7".to_owned());
        call.tokens.input = Some(400);
        call.tokens.output = Some(output);
        call.reported_cost_usd_micros = Some(cost);
        let raw = serde_json::json!({ "source": source, "number": number }).to_string();
        let what = What::Call {
            call: Box::new(call),
            deployment: "claims".to_owned(),
            cost_usd_micros: None,
        };
        super::record(source, number, &raw, what)
    };
    vec![
        record("bedrock", 5_000, 100, 1_000),
        record("litellm", 5_900, 100, 2_000),
        record("bedrock", 5_000, 200, 1_000),
        record("bedrock", 6_000, 200, 1_000),
        record("litellm", 7_000, 200, 1_000),
    ]
}

/// A call whose tokens, cost and latency only a gateway tells.
pub(crate) fn lent() -> Vec<NewRecord> {
    let mut log = Call::new(Kind::Bedrock, Status::Ok);
    log.started_at_ms = Some(NOW - 2_000);
    log.request_ids = BTreeMap::from([("aws_request_id".to_owned(), "req-lent".to_owned())]);
    let mut spend = log.clone();
    log.body = Body::Present;
    spend.tokens.input = Some(9);
    spend.tokens.output = Some(3);
    spend.latency_ms = Some(800);
    [("bedrock", log, None), ("litellm", spend, Some(70))]
        .map(|(source, call, cost_usd_micros)| {
            let raw = serde_json::json!({ "source": source, "lent": true }).to_string();
            let what = What::Call {
                call: Box::new(call),
                deployment: "claims".to_owned(),
                cost_usd_micros,
            };
            super::record(source, 1_100, &raw, what)
        })
        .into()
}
