//! Google Cloud's audit logs: who called which model, from where, and who changed which setting.
//! A model call here is a witness of the call without its text.
//!
//! Source: cloud.google.com/logging/docs/audit. Entries come one a line from a bucket, as an array
//! from `gcloud logging read`, or with BigQuery's names (`protopayload_auditlog`). Data access logs
//! are off by default.

use serde_json::{Map, Value};

use crate::activity::{Activity, Category};
use crate::call::{Body, Call, Feature, Kind, Status};
use crate::formats::row::{Row, opened};
use crate::formats::{Context, Reason, Record, Rejected, gateway};
use crate::moment::WithoutZone;

const MODEL_CALLS: [&str; 9] = [
    "RawPredict",
    "StreamRawPredict",
    "Predict",
    "DirectPredict",
    "StreamingPredict",
    "ServerStreamingPredict",
    "GenerateContent",
    "StreamGenerateContent",
    "ChatCompletions",
];

/// Reads an entry.
///
/// # Errors
/// [`Rejected`].
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let mut entry = Row::read(text)?;
    let payload = ["protoPayload", "protopayload_auditlog"]
        .iter()
        .find_map(|key| entry.body(key));
    let Some(Value::Object(payload)) = payload else {
        return Err(Rejected::new(Reason::FieldMissing, "`protoPayload`"));
    };
    let payload = Row::of(payload);
    let Some(method) = payload.text("methodName") else {
        return Err(Rejected::new(Reason::FieldMissing, "`methodName`"));
    };
    let at_ms = match entry.has("timestamp") {
        true => entry.time("timestamp", WithoutZone::IsUtc, context.now_ms),
        false => entry.time("receiveTimestamp", WithoutZone::IsUtc, context.now_ms),
    };
    let name = method.rsplit('.').next().unwrap_or_default();
    let is_call = payload.text("serviceName").as_deref() == Some("aiplatform.googleapis.com")
        && MODEL_CALLS.contains(&name);
    Ok(if is_call {
        Record::Call(Box::new(call(&entry, &payload, name, at_ms)))
    } else {
        Record::Activity(Box::new(activity(&entry, &payload, &method, at_ms)))
    })
}

fn principal(payload: &Row) -> Option<String> {
    ["principalEmail", "principalSubject"]
        .iter()
        .find_map(|key| payload.text_at(&["authenticationInfo", key]))
}

fn status_code(payload: &Row) -> u64 {
    payload
        .at(&["status", "code"])
        .and_then(Value::as_u64)
        .unwrap_or(0)
}

fn project(entry: &Row, resource: &str) -> Option<String> {
    resource
        .strip_prefix("projects/")
        .and_then(|rest| rest.split('/').next())
        .map(str::to_owned)
        .or_else(|| entry.text_at(&["resource", "labels", "project_id"]))
}

fn call(entry: &Row, payload: &Row, name: &str, at_ms: Option<i64>) -> Call {
    let code = status_code(payload);
    let status = if code == 0 { Status::Ok } else { Status::Error };
    let mut call = Call::new(Kind::Vertex, status);
    call.started_at_ms = at_ms;
    let resource = payload.text("resourceName").unwrap_or_default();
    call.request_model = gateway::behind(&resource, "/models/").map(str::to_owned);
    let location = gateway::behind(&resource, "/locations/")
        .map(str::to_owned)
        .or_else(|| {
            let places = payload.at(&["resourceLocation", "currentLocations"])?;
            Some(places.get(0)?.as_str()?.to_owned())
        });
    gateway::at_location(&mut call, location);
    call.account = project(entry, &resource);
    call.principal = principal(payload);
    call.source_ip = payload.text_at(&["requestMetadata", "callerIp"]);
    if code != 0 {
        let (name, http) = grpc(code);
        call.error_type = Some(name.map_or_else(|| format!("grpc_{code}"), str::to_owned));
        call.http_status = http;
    }
    call.request_ids = ids(entry);
    if name.starts_with("Stream") || name.starts_with("ServerStreaming") {
        call.features.insert(Feature::Streaming);
    }
    gateway::used(None, &mut call);
    call.body = Body::NotCarried;
    call.oddities.clone_from(&entry.oddities);
    call
}

fn ids(entry: &Row) -> std::collections::BTreeMap<String, String> {
    let mut ids = std::collections::BTreeMap::new();
    let insert_id = entry.first(&["insertId", "insert_id"]);
    if let Some(id) = insert_id {
        // Unique only among entries of one log at one time.
        let time = entry.text("timestamp").unwrap_or_default();
        ids.insert("google_insert_id".to_owned(), format!("{id}@{time}"));
    }
    if let Some(id) = entry.text_at(&["operation", "id"]) {
        ids.insert("google_operation_id".to_owned(), id);
    }
    ids
}

fn activity(entry: &Row, payload: &Row, method: &str, at_ms: Option<i64>) -> Activity {
    let mut activity = Activity::new(method, category(payload, method));
    activity.at_ms = at_ms;
    let service = payload.text("serviceName").unwrap_or_default();
    activity.kind = (service == "aiplatform.googleapis.com").then_some(Kind::Vertex);
    activity.actor = principal(payload);
    activity.source_ip = payload.text_at(&["requestMetadata", "callerIp"]);
    activity.user_agent = payload.text_at(&["requestMetadata", "callerSuppliedUserAgent"]);
    let resource = payload.text("resourceName").unwrap_or_default();
    activity.region = gateway::behind(&resource, "/locations/").map(str::to_owned);
    activity.account = project(entry, &resource);
    activity.target = Some(resource)
        .filter(|resource| !resource.is_empty())
        .or(Some(service).filter(|service| !service.is_empty()));
    let code = status_code(payload);
    activity.succeeded = Some(code == 0);
    if code != 0 {
        activity.error_type = Some(
            grpc(code)
                .0
                .map_or_else(|| format!("grpc_{code}"), str::to_owned),
        );
    }
    activity.ids = ids(entry);
    activity.oddities.clone_from(&entry.oddities);
    activity
}

/// The name and the HTTP status of a gRPC status code.
///
/// Source: github.com/googleapis/googleapis, google/rpc/code.proto.
fn grpc(code: u64) -> (Option<&'static str>, Option<u16>) {
    let (name, http) = match code {
        1 => ("cancelled", 499),
        2 => ("unknown", 500),
        3 => ("invalid_argument", 400),
        4 => ("deadline_exceeded", 504),
        5 => ("not_found", 404),
        6 => ("already_exists", 409),
        7 => ("permission_denied", 403),
        8 => ("resource_exhausted", 429),
        9 => ("failed_precondition", 400),
        10 => ("aborted", 409),
        11 => ("out_of_range", 400),
        12 => ("unimplemented", 501),
        13 => ("internal", 500),
        14 => ("unavailable", 503),
        15 => ("data_loss", 500),
        16 => ("unauthenticated", 401),
        _ => return (None, None),
    };
    (Some(name), Some(http))
}

fn category(payload: &Row, method: &str) -> Category {
    // Changes to what is logged, kept, or where it may run: `formats.md` (c2).
    const SETTINGS: [&str; 14] = [
        "SetPublisherModelConfig",
        "SetIamPolicy",
        "SetOrgPolicy",
        "UpdatePolicy",
        "CreatePolicy",
        "DeletePolicy",
        "InsertDataset",
        "UpdateDataset",
        "PatchDataset",
        "CreateSink",
        "UpdateSink",
        "DeleteSink",
        "UpdateBucket",
        "UpdateCmekSettings",
    ];
    let name = method.rsplit('.').next().unwrap_or_default();
    if SETTINGS
        .iter()
        .any(|setting| name.eq_ignore_ascii_case(setting))
    {
        return Category::Settings;
    }
    let permission = payload
        .value("authorizationInfo")
        .and_then(opened)
        .and_then(|list| Some(list.get(0)?.get("permissionType")?.as_str()?.to_owned()));
    let reads = ["Get", "List", "Count", "Search", "Query"];
    match permission.as_deref() {
        Some("DATA_READ" | "ADMIN_READ") => Category::Access,
        Some(_) => Category::Administration,
        None if reads.iter().any(|read| name.starts_with(read)) => Category::Access,
        None => Category::Administration,
    }
}

/// Whether a value of the key `protoPayload` (JSON) is an audit log's.
pub(super) fn is_audit_log(text: &str) -> bool {
    serde_json::from_str::<Map<String, Value>>(text)
        .is_ok_and(|payload| payload.contains_key("methodName"))
}
