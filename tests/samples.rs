//! Records as vendors publish them, where the folder with them lies beside this tree: every one is
//! accepted, or rejected with a true reason, and the sums add up.
//!
//! In: `../shared/samples`, which is no part of this tree. Out: nothing is copied. Where the folder
//! is absent the tests say so and pass. Not here: invented records (`malformed`, and the domain's
//! own tests).

#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]
#![allow(clippy::unwrap_used, reason = "a panic is a failing test")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use assay_engine::imports::view::{Batch, ImportSummary, ListRejected};
use assay_engine::imports::{import, rejected};
use assay_engine::jobs::Progress;
use assay_engine::opening::{Engine, EngineOptions};
use assay_engine::trail;
use assay_engine::trail::view::{CallRow, ListCalls};

/// Files of the formats that are read: what their records become. Other files give no record.
const READ: [(&str, u64, u64); 34] = [
    ("audited-client/claude-calls.jsonl", 3, 0),
    (
        "aws-docs/cloudtrail-bedrock-mantle-createinference.json",
        1,
        0,
    ),
    ("aws-docs/model-invocation-log-converse.json", 1, 0),
    (
        "cloudtrail-records/494659789341_CloudTrail_us-east-1_20241017T2015Z_AbCdEfGhIjKlMnOp.json.gz",
        // Of its 19 records one stands in the documents that were imported before, written in another way.
        18,
        0,
    ),
    (
        "elastic-integrations/test-anthropic-audit-generated.log",
        29,
        0,
    ),
    ("elastic-integrations/test-aws-bedrock.log", 15, 0),
    ("litellm/standard_logging_payload.json", 1, 0),
    ("misc/cloudtrail_converse_SYNTHETIC.jsonl", 2, 0),
    (
        "panther-analysis/anthropic_compliance_activities.jsonl",
        0,
        0,
    ),
    ("panther-analysis/bedrock_model_invocation.jsonl", 0, 0),
    ("panther-analysis/cloudtrail_bedrock.jsonl", 0, 0),
    (
        "stratus-red-team/aws.defense-evasion.cloudtrail-delete.json",
        0,
        0,
    ),
    (
        "stratus-red-team/aws.defense-evasion.cloudtrail-event-selectors.json",
        0,
        0,
    ),
    (
        "stratus-red-team/aws.defense-evasion.cloudtrail-stop.json",
        0,
        0,
    ),
    (
        "stratus-red-team/aws.impact.bedrock-invoke-model.json",
        0,
        0,
    ),
    ("anthropic-docs/activities_page.json", 3, 0),
    ("misc/bedrock_metadata_only_real.jsonl", 0, 0),
    ("anthropic-docs/message_batch_results.jsonl", 5, 0),
    (
        "cloudflare/ai_gateway_logs_list_SYNTHETIC_from_schema.json",
        1,
        0,
    ),
    ("elastic-integrations/test-vertexai-auditlogs.log", 4, 0),
    (
        "elastic-integrations/vertex-request-response-row.json",
        1,
        0,
    ),
    ("helicone/request_query_SYNTHETIC_from_interface.json", 1, 0),
    // The event that makes the trace is no call.
    ("anthropic-docs/cost_report.json", 1, 0),
    ("anthropic-docs/usage_report_messages.json", 1, 0),
    ("anthropic-docs/inference_hook_prompt_frame.json", 1, 0),
    ("langfuse/ingestion_batch_bedrock.json", 1, 1),
    ("langfuse/observations_v2_SYNTHETIC_from_schema.jsonl", 1, 0),
    ("litellm/spend_logs_payload.json", 1, 0),
    (
        "otel/otlp_logs_claude_code_api_request_SYNTHETIC.json",
        1,
        0,
    ),
    (
        "otel/otlp_traces_bedrock_oldconv_SYNTHETIC_semconv1.36.json",
        1,
        0,
    ),
    (
        "otel/otlp_traces_genai_anthropic_SYNTHETIC_semconv1.41.json",
        1,
        0,
    ),
    ("portkey/log_export_SYNTHETIC_from_field_ids.jsonl", 1, 0),
    ("vertex-claude-synthetic/bigquery_export_rows.jsonl", 2, 0),
    (
        "vertex-claude-synthetic/cloud_audit_data_access.jsonl",
        3,
        0,
    ),
];

/// A folder of cassettes: of each every exchange is a call.
const CASSETTES: &str = "openllmetry-wire/";

/// The folder, if it is there.
fn samples() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    if !folder.is_dir() {
        eprintln!("skipped: no folder `../shared/samples` beside this tree");
        return None;
    }
    Some(folder)
}

fn open() -> (tempfile::TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(EngineOptions::writing(folder.path().join("store"))).unwrap();
    (folder, engine)
}

fn bring(engine: &Engine, path: &Path) -> ImportSummary {
    import(engine, &[path.to_owned()], None, &Progress::silent()).unwrap()
}

fn relative(batch: &Batch, folder: &Path) -> String {
    Path::new(&batch.path)
        .strip_prefix(folder)
        .unwrap()
        .to_string_lossy()
        .replace('\\', "/")
}

#[test]
fn every_record_is_accepted_or_rejected_with_a_true_reason() {
    let Some(folder) = samples() else { return };
    let (_place, engine) = open();
    let summary = bring(&engine, &folder);
    assert!(summary.failed.is_empty(), "{:?}", summary.failed);
    let asked = ListRejected {
        batch: None,
        limit: Some(100_000),
    };
    let mut reasons: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for line in rejected(&engine, asked).unwrap() {
        *reasons
            .entry(line.batch)
            .or_default()
            .entry(line.reason)
            .or_default() += 1;
    }
    let none = BTreeMap::new();
    for batch in &summary.batches {
        let name = relative(batch, &folder);
        let refused = reasons.get(&batch.id).unwrap_or(&none);
        assert_eq!(batch.state, "done", "{name}");
        assert_eq!(
            batch.rejected,
            refused.values().sum::<u64>(),
            "{name}: every rejected line is listed"
        );
        // A bucket of a usage or cost report is neither.
        let buckets = u64::from(name.ends_with("_report.json") || name.contains("usage_report"));
        assert_eq!(
            batch.accepted,
            batch.calls + batch.activities + buckets,
            "{name}"
        );
        eprintln!(
            "{name}: {} accepted, {} duplicates, {refused:?}",
            batch.accepted, batch.duplicates
        );
        match READ.iter().find(|(known, ..)| *known == name) {
            Some((_, wanted, refused)) => {
                assert!(
                    *wanted == 0 || batch.accepted == *wanted,
                    "{name}: {} accepted",
                    batch.accepted
                );
                assert_eq!(batch.rejected, *refused, "{name}");
                assert!(batch.accepted + batch.duplicates > 0, "{name}");
            }
            None if name.starts_with(CASSETTES) => {
                assert!(batch.accepted + batch.duplicates > 0, "{name}");
                assert_eq!(batch.rejected, 0, "{name}");
            }
            None => {
                assert_eq!(
                    batch.accepted, 0,
                    "{name}: a format that is not read gives no record"
                );
                let strange: Vec<&String> = refused
                    .keys()
                    .filter(|reason| {
                        !["format_unknown", "not_json", "no_call"].contains(&reason.as_str())
                    })
                    .collect();
                assert!(strange.is_empty(), "{name}: {strange:?}");
            }
        }
    }
    let again = bring(&engine, &folder);
    assert_eq!(
        (again.accepted, again.duplicates),
        (0, summary.accepted + summary.duplicates)
    );
}

/// The calls of one sample, by request id.
fn calls(name: &str) -> Option<Vec<CallRow>> {
    let path = samples()?.join(name);
    if !path.exists() {
        eprintln!("skipped: no sample `{name}`");
        return None;
    }
    let (_place, engine) = open();
    bring(&engine, &path);
    let asked = ListCalls {
        query: String::new(),
        after: None,
        row: None,
        limit: Some(500),
    };
    Some(trail::calls(&engine, asked).unwrap().calls)
}

fn with_id<'a>(calls: &'a [CallRow], id: &str) -> &'a CallRow {
    calls
        .iter()
        .find(|call| call.request_ids.values().any(|value| value == id))
        .unwrap_or_else(|| panic!("no call with the id {id}"))
}

#[test]
fn a_bedrock_stream_is_read_as_its_raw_record_says() {
    let Some(calls) = calls("elastic-integrations/test-aws-bedrock.log") else {
        return;
    };
    let call = with_id(&calls, "6f9e9644-95a1-4c3c-892f-b51372320d5e");
    assert_eq!(call.started_at.as_deref(), Some("2024-04-18T22:54:57.000Z"));
    assert_eq!(
        (
            call.input_tokens,
            call.output_tokens,
            call.cache_read_tokens
        ),
        (Some(571), Some(281), None)
    );
    assert_eq!(
        (call.latency_ms, call.stop_reason.as_deref()),
        (Some(3_848), Some("end_turn"))
    );
    assert_eq!(
        call.request_model.as_deref(),
        Some("anthropic.claude-3-haiku-20240307-v1:0")
    );
    assert_eq!(
        call.response_model.as_deref(),
        Some("claude-3-haiku-48k-20240307")
    );
    assert_eq!(
        (
            call.requested_region.as_deref(),
            call.served_region.as_deref()
        ),
        (Some("us-east-1"), Some("us-east-1"))
    );
    assert_eq!(
        call.principal.as_deref(),
        Some("arn:aws:iam::111111111111:user/john.doe@example.com")
    );
    assert_eq!(
        call.request_ids["message_id"],
        "msg_01L3WcyJkxCgmHpMiLRhSYvf"
    );
    assert_eq!((call.status.name(), call.http_status), ("ok", None));
}

#[test]
fn bedrock_converse_guardrails_and_done_marks_are_read_as_their_raw_records_say() {
    let Some(calls) = calls("elastic-integrations/test-aws-bedrock.log") else {
        return;
    };
    let stopped = with_id(&calls, "787423d4-0618-4465-8835-10161b3ebc12");
    assert_eq!(
        (stopped.input_tokens, stopped.output_tokens),
        (Some(70), Some(209))
    );
    assert_eq!(
        (stopped.latency_ms, stopped.stop_reason.as_deref()),
        (Some(5_301), Some("guardrail_intervened"))
    );
    let invoked = with_id(&calls, "6f902217-521c-4d33-aa6f-95b9715b2fe8");
    assert_eq!(
        (
            invoked.input_tokens,
            invoked.output_tokens,
            invoked.latency_ms
        ),
        (Some(859), Some(15), None)
    );
    assert_eq!(invoked.stop_reason.as_deref(), Some("stop_sequence"));
    assert_eq!(invoked.served_region.as_deref(), Some("ap-south-1"));
    // Five records of one id with other content, among them streams that end in "[DONE]".
    let repeated = with_id(&calls, "29c32fc4-bb1a-462a-a781-d4e499f00e6a");
    assert!(repeated.conflict);
    assert_eq!(repeated.stop_reason.as_deref(), Some("end_turn"));
}

#[test]
fn cloudtrail_calls_name_where_they_ran_and_how_they_came() {
    let Some(calls) = calls("misc/cloudtrail_converse_SYNTHETIC.jsonl") else {
        return;
    };
    let profile = with_id(&calls, "r-1");
    assert_eq!(
        (
            profile.requested_region.as_deref(),
            profile.served_region.as_deref()
        ),
        (Some("eu-central-1"), Some("eu-west-3"))
    );
    assert_eq!((profile.input_tokens, profile.status.name()), (None, "ok"));
    let refused = with_id(&calls, "r-2");
    assert_eq!(
        (refused.status.name(), refused.http_status),
        ("error", Some(403))
    );
    assert_eq!(
        (
            refused.error_type.as_deref(),
            refused.served_region.as_deref()
        ),
        (Some("AccessDenied"), None)
    );
}

#[test]
fn audited_client_and_litellm_lines_are_read_as_they_say() {
    let Some(audited) = calls("audited-client/claude-calls.jsonl") else {
        return;
    };
    let first = with_id(&audited, "3b9d3b5e-0d0e-4c1b-9a5a-0a4f5d1f2c11");
    assert_eq!(
        first.started_at.as_deref(),
        Some("2026-01-26T14:03:22.118Z")
    );
    assert_eq!(
        (first.input_tokens, first.output_tokens, first.latency_ms),
        (Some(812), Some(240), Some(1_834))
    );
    assert!(
        first.oddities.is_empty(),
        "the format says that its times are UTC"
    );
    let failed = with_id(&audited, "c4f7b3f4-7a4e-4c43-9c55-1b3f5a8b7d90");
    assert_eq!(
        (failed.status.name(), failed.http_status),
        ("error", Some(429))
    );
    assert_eq!(failed.error_type.as_deref(), Some("rate_limit_error"));
    let Some(gateway) = calls("litellm/standard_logging_payload.json") else {
        return;
    };
    let call = &gateway[0];
    assert_eq!(
        (call.input_tokens, call.output_tokens, call.latency_ms),
        (Some(10), Some(20), Some(7))
    );
    assert_eq!(
        (call.kind.name(), call.stop_reason.as_deref()),
        ("private", Some("stop"))
    );
}
