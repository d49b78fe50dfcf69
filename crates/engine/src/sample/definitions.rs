//! The four deployments of the sample: their definitions, and what their providers' APIs answered
//! about their settings.
//!
//! Out: TOML and JSON as people and APIs write them. Not here: their calls.

use serde_json::{Value, json};

use crate::sample::bedrock::ACCOUNT;
use crate::sample::gateways::{HOST, PROJECT, VERTEX_MODELS, VERTEX_REGIONS};
use crate::sample::planted;

/// Names of the deployments, in the order of their shares.
pub const NAMES: [&str; 4] = [
    "claims-bedrock-eu",
    "assistant-claude-api",
    "underwriting-vertex",
    "support-private",
];

/// When the settings were collected.
const AT: &str = "2026-11-02T07:30:00Z";

/// The definition of a deployment.
pub(crate) fn definition(name: &str) -> String {
    match name {
        "claims-bedrock-eu" => format!(
            r#"name = "claims-bedrock-eu"
kind = "bedrock"
description = "Claims desk: reads loss reports, finds clauses, drafts letters"
owner = "Claims Operations"
regulated = true
zero_retention = true
allowed_places = ["geo:eu"]

[match]
accounts = ["{ACCOUNT}"]

[requirements]
log_retention_min_days = 183
log_retention_min_clause = "EU AI Act Art. 26(6)"
private_path = true

[[declared]]
topic = "processor"
statement = "AWS data processing addendum signed; AWS is the processor."
source = "Contract register C-2025-118"
as_of = "2026-03-02"

[[declared]]
topic = "keys"
statement = "Log bucket and log group are encrypted with a key of our own."
source = "Cloud baseline 4.2"
as_of = "2026-05-18"
"#
        ),
        "assistant-claude-api" => r#"name = "assistant-claude-api"
kind = "claude_api"
description = "Office assistant of all departments"
owner = "Workplace IT"
zero_retention = true

[match]
sources = ["audited_client"]

[requirements]
log_retention_min_days = 183
log_retention_min_clause = "Group logging standard 3.1"
log_retention_max_days = 730
log_retention_max_clause = "GDPR Art. 5(1)(e)"
spend_increase_percent = 30

[[declared]]
topic = "zero_retention"
statement = "Zero data retention agreed for the organisation."
source = "Contract register C-2026-014, annex 2"
as_of = "2026-02-11"
"#
        .to_owned(),
        "underwriting-vertex" => format!(
            r#"name = "underwriting-vertex"
kind = "vertex"
description = "Reads submissions and surveys for the commercial underwriters"
owner = "Commercial Underwriting"
regulated = true
allowed_places = ["geo:eu"]

[match]
accounts = ["{PROJECT}"]

[requirements]
log_retention_min_days = 183
log_retention_min_clause = "EU AI Act Art. 26(6)"

[[declared]]
topic = "processor"
statement = "Cloud data processing addendum accepted; Google is the processor."
source = "Contract register C-2025-231"
as_of = "2026-01-20"
"#
        ),
        _ => format!(
            r#"name = "support-private"
kind = "private"
description = "Internal support, through the company's own gateway"
owner = "Service Desk"

[match]
endpoints = ["{HOST}"]

[requirements]
log_retention_min_days = 90
log_retention_min_clause = "Group logging standard 3.1"
log_retention_max_days = 400
log_retention_max_clause = "GDPR Art. 5(1)(e)"
personal_data_allowed = true

[[declared]]
topic = "processor"
statement = "The gateway is run by Group IT; no text leaves it but to the model."
source = "Operating manual of the gateway, chapter 2"
as_of = "2026-06-30"

[[declared]]
topic = "network_path"
statement = "The gateway is reached from the office network only."
source = "Firewall rule set 2026-07"
as_of = "2026-07-15"
"#
        ),
    }
}

fn wrapped(call: &str, region: Option<&str>, answer: &Value) -> Value {
    json!({ "call": call, "region": region, "at": AT, "answer": answer })
}

fn log_group(region: &str, days: u32) -> Value {
    let group = json!({
        "logGroupName": "/northwind/claims/bedrock",
        "retentionInDays": days,
        "storedBytes": 48_211_904,
        "arn": format!("arn:aws:logs:{region}:{ACCOUNT}:log-group:/northwind/claims/bedrock:*"),
    });
    wrapped(
        "DescribeLogGroups",
        Some(region),
        &json!({ "logGroups": [group] }),
    )
}

/// Settings answers of a deployment: file name and content.
pub(crate) fn settings(name: &str) -> Vec<(&'static str, Value)> {
    match name {
        "claims-bedrock-eu" => {
            let logging = |region: &str, text: bool| {
                let config = json!({
                    "cloudWatchConfig": { "logGroupName": "/northwind/claims/bedrock", "roleArn": format!("arn:aws:iam::{ACCOUNT}:role/bedrock-logging") },
                    "s3Config": { "bucketName": "northwind-claims-model-logs", "keyPrefix": "" },
                    "textDataDeliveryEnabled": text,
                    "imageDataDeliveryEnabled": false,
                    "embeddingDataDeliveryEnabled": false,
                });
                wrapped(
                    "GetModelInvocationLoggingConfiguration",
                    Some(region),
                    &json!({ "loggingConfig": config }),
                )
            };
            vec![
                (
                    "model-invocation-logging.json",
                    json!([
                        logging("eu-central-1", true),
                        logging("eu-west-1", true),
                        logging("eu-west-3", false),
                        logging("us-east-1", true),
                        wrapped(
                            "GetModelInvocationLoggingConfiguration",
                            Some("eu-north-1"),
                            &json!({})
                        ),
                    ]),
                ),
                (
                    "log-groups.json",
                    json!([
                        log_group("eu-central-1", planted::LOG_RETENTION_DAYS),
                        log_group("eu-west-1", 400),
                        log_group("eu-west-3", 400),
                        log_group("us-east-1", 400),
                    ]),
                ),
                (
                    "log-bucket.json",
                    wrapped(
                        "GetBucketLifecycleConfiguration",
                        Some("eu-central-1"),
                        &json!({ "Rules": [{ "ID": "model-logs", "Status": "Enabled", "Expiration": { "Days": 400 }, "Filter": { "Prefix": "AWSLogs/" } }] }),
                    ),
                ),
                (
                    "data-retention.json",
                    wrapped(
                        "GetAccountDataRetention",
                        Some("eu-central-1"),
                        &json!({ "mode": "none" }),
                    ),
                ),
                (
                    "trails.json",
                    wrapped(
                        "DescribeTrails",
                        Some("eu-central-1"),
                        &json!({ "trailList": [{ "Name": "northwind-all-regions", "IsMultiRegionTrail": true, "LogFileValidationEnabled": true, "S3BucketName": "northwind-audit-trail" }] }),
                    ),
                ),
            ]
        }
        "assistant-claude-api" => vec![
            (
                "workspace.json",
                wrapped(
                    "GET /v1/organizations/workspaces",
                    None,
                    &json!({
                        "id": "wrkspc_01NorthwindAssistant",
                        "type": "workspace",
                        "name": "assistant-production",
                        "data_residency": { "workspace_geo": "us", "allowed_inference_geos": ["us"], "default_inference_geo": "us" },
                    }),
                ),
            ),
            (
                "log-bucket.json",
                wrapped(
                    "GetBucketLifecycleConfiguration",
                    Some("eu-central-1"),
                    &json!({ "Rules": [{ "ID": "client-log", "Status": "Enabled", "Expiration": { "Days": 400 }, "Filter": { "Prefix": "assistant/" } }] }),
                ),
            ),
        ],
        "underwriting-vertex" => {
            // Vertex AI sets logging for each model in each region.
            let logging = |region: &str, model: &str| {
                let config = json!({
                    "enabled": true,
                    "samplingRate": 1.0,
                    "bigqueryDestination": { "outputUri": format!("bq://{PROJECT}.claude_request_response") },
                });
                let called = format!(
                    "projects/{PROJECT}/locations/{region}/publishers/anthropic/models/{model}:fetchPublisherModelConfig"
                );
                wrapped(&called, Some(region), &json!({ "loggingConfig": config }))
            };
            let answers: Vec<Value> = VERTEX_REGIONS
                .iter()
                .flat_map(|region| VERTEX_MODELS.iter().map(|model| logging(region, model)))
                .collect();
            vec![
                ("request-response-logging.json", json!(answers)),
                (
                    "log-table.json",
                    wrapped(
                        "bigquery.datasets.get",
                        Some("europe-west1"),
                        &json!({
                            "datasetReference": { "projectId": PROJECT, "datasetId": "claude_request_response" },
                            "location": "europe-west1",
                            "defaultTableExpirationMs": "34560000000",
                        }),
                    ),
                ),
            ]
        }
        _ => vec![(
            "log-bucket.json",
            wrapped(
                "logging.buckets.get",
                None,
                &json!({ "name": "support-gateway", "retentionDays": 180, "locked": false, "lifecycleState": "ACTIVE" }),
            ),
        )],
    }
}
