//! The claims desk on Amazon Bedrock: a regulated deployment that must stay inside the Union.
//!
//! In: how many calls. Out: invocation logs of four Regions, CloudTrail of five. Most of what is
//! planted stands here. Not here: the records' form (`bedrock`).

use serde_json::{Map, Value, json};

use crate::error::Result;
use crate::jobs::Progress;
use crate::sample::bedrock::{
    ACCOUNT, BedrockCall, Operation, Used, cloudtrail_event, invocation_log, role_id, seconds,
};
use crate::sample::calendar::{DAYS, midnight, month, spread, time_of};
use crate::sample::chance::Chance;
use crate::sample::files::{Layout, LogFiles};
use crate::sample::planted;
use crate::sample::scene::{Planting, scene};
use crate::sample::traffic::Traffic;
use crate::sample::words::Field;
use crate::sample::written::Written;

/// What may be planted in a call of this deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plant {
    RanOutside,
    RanOutsideByTrail,
    SentOutside,
    GlobalInside,
    PlaceUnknown,
    Storm,
    WithoutText,
    Unlogged,
    Disagreeing,
    Prompt,
    ToolInput,
    PromptAndToolInput,
    Secret,
}

const PLANTS: [(Plant, u64); 12] = [
    (Plant::RanOutside, planted::RAN_OUTSIDE),
    (Plant::RanOutsideByTrail, planted::RAN_OUTSIDE_BY_TRAIL),
    (Plant::SentOutside, planted::SENT_OUTSIDE),
    (Plant::GlobalInside, planted::GLOBAL_INSIDE),
    (Plant::PlaceUnknown, planted::PLACE_UNKNOWN),
    (Plant::WithoutText, planted::WITHOUT_TEXT),
    (Plant::Unlogged, planted::UNLOGGED),
    (Plant::Disagreeing, planted::DISAGREEING),
    (Plant::Prompt, planted::CLAIMS_PROMPT),
    (Plant::ToolInput, planted::CLAIMS_TOOL_INPUT),
    (Plant::PromptAndToolInput, planted::CLAIMS_BOTH),
    (Plant::Secret, planted::CLAIMS_SECRET),
];

const SONNET: &str = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";
const HAIKU: &str = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";
const OPUS: &str = "eu.anthropic.claude-opus-4-6-v1";
const GLOBAL: &str = "global.anthropic.claude-sonnet-4-5-20250929-v1:0";
const AMERICAN: &str = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const UNION: [&str; 5] = [
    "eu-central-1",
    "eu-west-1",
    "eu-west-3",
    "eu-north-1",
    "eu-south-1",
];
const HOUR_MS: i64 = 3_600_000;
const ENDPOINT: &str = "vpce-0b7c41d2e9f05a863";
const CALLERS: [(&str, &[&str]); 5] = [
    ("claims-intake", &["fnol-api", "fnol-api-b"]),
    (
        "claims-triage",
        &["triage-worker-1", "triage-worker-2", "triage-worker-3"],
    ),
    ("claims-letters", &["letter-writer"]),
    ("claims-fraud", &["screening"]),
    (
        "adjuster-desktop",
        &["desk-hamburg", "desk-vienna", "desk-lyon", "desk-rotterdam"],
    ),
];
/// Errors that happen now and then, with how often.
const FAILURES: [(&str, u64); 4] = [
    ("ThrottlingException", 4),
    ("ModelTimeoutException", 2),
    ("ValidationException", 2),
    ("ServiceUnavailableException", 1),
];
/// Ordinary calls of a thousand that fail.
const FAILING_PERMILLE: u64 = 8;

/// Writes the deployment's logs.
///
/// # Errors
/// `file_unwritable`, `cancelled`.
pub(crate) fn write(files: &mut LogFiles, calls: u64, progress: &Progress) -> Result<Written> {
    let mut traffic = Traffic::new("claims: times", calls, &PLANTS);
    let storm = (midnight(planted::STORM_DAY) + 34_800_000, 2_700_000);
    traffic.crowd(Plant::Storm, planted::STORM, planted::STORM_DAY, storm);
    let mut chance = Chance::of("claims: calls");
    let mut written = Written::default();
    for day in 0..DAYS {
        progress.check()?;
        for (at_ms, plant) in traffic.day(day) {
            // What only CloudTrail tells is not in the hours that it lacks.
            let at_ms = match plant {
                Some(Plant::Unlogged | Plant::RanOutsideByTrail | Plant::Disagreeing)
                    if is_untrailed(at_ms) =>
                {
                    at_ms + HOUR_MS * (planted::UNTRAILED_HOURS.1 - planted::UNTRAILED_HOURS.0)
                }
                _ => at_ms,
            };
            let call = call(at_ms, plant, &mut chance);
            written.calls += 1;
            written.errors += u64::from(call.failure.is_some());
            let trail = format!(
                "aws/AWSLogs/{ACCOUNT}/CloudTrail/{}/2026/{ACCOUNT}_CloudTrail_{}_{}.json.gz",
                call.region,
                call.region,
                month(at_ms)
            );
            if is_untrailed(at_ms) {
                written.untrailed += 1;
                written.untrailed_private += u64::from(call.endpoint.is_some());
            } else {
                files.add(&trail, Layout::Records, &cloudtrail_event(&call))?;
            }
            if plant == Some(Plant::Unlogged) {
                continue;
            }
            let log = format!(
                "aws/AWSLogs/{ACCOUNT}/BedrockModelInvocationLogs/{}/{}.json.gz",
                call.region,
                month(at_ms)
            );
            if plant == Some(Plant::WithoutText) || call.failure.is_some() {
                files.add(&log, Layout::Lines, &invocation_log(&call, None))?;
                continue;
            }
            written.with_text += 1;
            let (call, scene) = talk(call, plant, &mut chance);
            files.add(&log, Layout::Lines, &invocation_log(&call, Some(&scene)))?;
        }
    }
    written.activities = administration(files, &mut chance)?;
    Ok(written)
}

/// Whether CloudTrail's file of this time is missing.
fn is_untrailed(at_ms: i64) -> bool {
    let (from, to) = planted::UNTRAILED_HOURS;
    let start = midnight(planted::UNTRAILED_DAY);
    (start + from * HOUR_MS..start + to * HOUR_MS).contains(&at_ms)
}

fn call(at_ms: i64, plant: Option<Plant>, chance: &mut Chance) -> BedrockCall {
    let mut model = [SONNET, HAIKU, OPUS][chance.weighted(&[60, 30, 10])];
    let mut region = ["eu-central-1", "eu-west-1"][chance.weighted(&[62, 38])];
    let mut ran_in = Some(UNION[chance.weighted(&[40, 25, 15, 12, 8])]);
    let (role, sessions) = CALLERS[chance.weighted(&[30, 28, 14, 8, 20])];
    let mut caller = (
        role,
        sessions[chance.below(sessions.len() as u64) as usize].to_owned(),
    );
    let mut source_ip = format!(
        "10.{}.{}.{}",
        40 + chance.below(3),
        chance.below(16),
        chance.within(4, 250)
    );
    let mut endpoint = Some(ENDPOINT);
    let mut failure = None;
    if plant.is_none() && chance.happens(FAILING_PERMILLE) {
        failure = Some(FAILURES[chance.weighted(&FAILURES.map(|(_, weight)| weight))].0);
    }
    let mut witnessed_in = ran_in;
    match plant {
        Some(Plant::RanOutside) => {
            model = GLOBAL;
            ran_in = Some(chance.pick(&["us-east-1", "us-west-2", "us-east-2", "ap-northeast-1"]));
            witnessed_in = ran_in;
        }
        Some(Plant::RanOutsideByTrail) => {
            (model, ran_in, witnessed_in) = (GLOBAL, None, Some("us-west-2"))
        }
        Some(Plant::GlobalInside) => model = GLOBAL,
        Some(Plant::SentOutside) => {
            (model, region, ran_in, endpoint) = (AMERICAN, "us-east-1", Some("us-east-1"), None);
            witnessed_in = ran_in;
            caller = ("contractor-sandbox", "evaluation-notebook".to_owned());
            source_ip = format!("198.51.100.{}", chance.within(20, 29));
        }
        Some(Plant::PlaceUnknown) => (ran_in, witnessed_in) = (None, None),
        Some(Plant::Storm) => {
            (ran_in, witnessed_in, failure) = (None, None, Some("ThrottlingException"));
            (model, region, caller) = (
                SONNET,
                "eu-central-1",
                ("claims-intake", "fnol-api".to_owned()),
            );
        }
        Some(Plant::WithoutText) => {
            region = "eu-west-3";
            caller = ("claims-letters", "letter-writer-fr".to_owned());
        }
        Some(Plant::Unlogged) => {
            (region, endpoint) = ("eu-north-1", None);
            caller = ("claims-pilot-north", "pilot".to_owned());
            source_ip = format!("203.0.113.{}", chance.within(40, 47));
        }
        Some(Plant::Disagreeing) => {
            (ran_in, witnessed_in) = (Some("eu-west-1"), Some("eu-central-1"))
        }
        Some(Plant::Prompt | Plant::ToolInput | Plant::PromptAndToolInput | Plant::Secret)
        | None => {}
    }
    let mut tags = Map::new();
    tags.insert("application".to_owned(), json!(caller.0));
    tags.insert(
        "classification".to_owned(),
        json!(["confidential", "restricted", "internal"][chance.weighted(&[60, 15, 25])]),
    );
    let output = chance.skewed(260).clamp(20, 2_048);
    BedrockCall {
        at_ms,
        region,
        model,
        operation: [
            Operation::Converse,
            Operation::ConverseStream,
            Operation::InvokeModel,
            Operation::InvokeModelWithResponseStream,
        ][chance.weighted(&[46, 16, 18, 20])],
        caller,
        source_ip,
        request_id: chance.uuid(),
        message_id: chance.id("msg_bdrk_"),
        event_id: chance.uuid(),
        ran_in,
        witnessed_in,
        endpoint,
        failure,
        used: Used {
            input: chance.skewed(900).clamp(60, 40_000),
            output,
            cache_read: 0,
            cache_write: 0,
        },
        latency_ms: 380 + chance.skewed(output * 14 + 600),
        stop_reason: "end_turn",
        tags,
    }
}

/// Gives the call its conversation, and figures that fit it.
fn talk(
    mut call: BedrockCall,
    plant: Option<Plant>,
    chance: &mut Chance,
) -> (BedrockCall, crate::sample::scene::Scene) {
    let planting = match plant {
        Some(Plant::Prompt) => Planting::Prompt,
        Some(Plant::ToolInput) => Planting::ToolInput,
        Some(Plant::PromptAndToolInput) => Planting::PromptAndToolInput,
        Some(Plant::Secret) => Planting::SecretAndAnswer,
        _ => Planting::Nothing,
    };
    let scene = scene(Field::Claims, planting, chance);
    let system = 1_100;
    let sent = (scene.sent() as u64 / 4).max(30);
    call.used = Used {
        input: sent,
        output: (scene.answered() as u64 / 4).max(12),
        cache_read: system,
        cache_write: 0,
    };
    if chance.happens(60) {
        (call.used.cache_read, call.used.cache_write) = (0, system);
    }
    call.latency_ms = 420 + chance.skewed(call.used.output * 13 + 500);
    if scene.asks_for_tool() {
        call.stop_reason = "tool_use";
    } else if chance.happens(15) {
        call.stop_reason = "max_tokens";
    }
    (call, scene)
}

/// CloudTrail's events that are no model calls: what somebody set, read or changed.
fn administration(files: &mut LogFiles, chance: &mut Chance) -> Result<u64> {
    const EVENTS: [(&str, &str, &str, bool); 10] = [
        (
            "bedrock.amazonaws.com",
            "GetModelInvocationLoggingConfiguration",
            "eu-central-1",
            true,
        ),
        (
            "bedrock.amazonaws.com",
            "ListFoundationModels",
            "eu-west-1",
            true,
        ),
        (
            "logs.amazonaws.com",
            "FilterLogEvents",
            "eu-central-1",
            true,
        ),
        (
            "s3.amazonaws.com",
            "GetBucketLifecycle",
            "eu-central-1",
            true,
        ),
        (
            "bedrock.amazonaws.com",
            "CreateFoundationModelAgreement",
            "eu-central-1",
            false,
        ),
        (
            "bedrock.amazonaws.com",
            "UpdateGuardrail",
            "eu-central-1",
            false,
        ),
        (
            "iam.amazonaws.com",
            "UpdateAssumeRolePolicy",
            "us-east-1",
            false,
        ),
        (
            "cloudtrail.amazonaws.com",
            "DescribeTrails",
            "eu-central-1",
            true,
        ),
        (
            "logs.amazonaws.com",
            "DescribeLogGroups",
            "eu-central-1",
            true,
        ),
        (
            "bedrock.amazonaws.com",
            "GetAccountDataRetention",
            "eu-central-1",
            true,
        ),
    ];
    // What explains the planted settings.
    let turning: [(usize, &str, &str, &str, Value); 4] = [
        (
            2,
            "logs.amazonaws.com",
            "PutRetentionPolicy",
            "eu-central-1",
            json!({ "logGroupName": "/northwind/claims/bedrock", "retentionInDays": planted::LOG_RETENTION_DAYS }),
        ),
        (
            3,
            "bedrock.amazonaws.com",
            "PutModelInvocationLoggingConfiguration",
            "eu-west-3",
            json!({ "loggingConfig": { "textDataDeliveryEnabled": false } }),
        ),
        (
            8,
            "bedrock.amazonaws.com",
            "DeleteModelInvocationLoggingConfiguration",
            "eu-north-1",
            Value::Null,
        ),
        (
            20,
            "bedrock.amazonaws.com",
            "PutModelInvocationLoggingConfiguration",
            "us-east-1",
            json!({ "loggingConfig": { "textDataDeliveryEnabled": true } }),
        ),
    ];
    let mut events = Vec::new();
    for (day, source, name, region, parameters) in turning {
        events.push((
            time_of(day, chance),
            source,
            name,
            region,
            false,
            parameters,
        ));
    }
    let rest = planted::CLOUDTRAIL_ACTIVITIES - events.len() as u64;
    for (index, day) in spread(rest).into_iter().enumerate() {
        let (source, name, region, reads) = EVENTS[index % EVENTS.len()];
        events.push((
            time_of(day, chance),
            source,
            name,
            region,
            reads,
            Value::Null,
        ));
    }
    events.sort_by_key(|(at, ..)| *at);
    let count = events.len() as u64;
    for (at_ms, source, name, region, reads, parameters) in events {
        let person = chance.pick(&["platform-lead", "compliance-reader", "cloud-operations"]);
        let record = json!({
            "eventVersion": "1.11",
            "userIdentity": {
                "type": "AssumedRole",
                "principalId": format!("AROA{}:{person}", role_id("operations")),
                "arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/operations/{person}"),
                "accountId": ACCOUNT,
            },
            "eventTime": seconds(at_ms),
            "eventSource": source,
            "eventName": name,
            "awsRegion": region,
            "sourceIPAddress": "203.0.113.10",
            "userAgent": "aws-cli/2.28.4",
            "requestParameters": parameters,
            "responseElements": null,
            "requestID": chance.uuid(),
            "eventID": chance.uuid(),
            "readOnly": reads,
            "eventType": "AwsApiCall",
            "managementEvent": true,
            "recipientAccountId": ACCOUNT,
            "eventCategory": "Management",
        });
        let trail = format!(
            "aws/AWSLogs/{ACCOUNT}/CloudTrail/operations/{ACCOUNT}_CloudTrail_management_{}.json.gz",
            month(at_ms)
        );
        files.add(&trail, Layout::Records, &record)?;
    }
    Ok(count)
}
