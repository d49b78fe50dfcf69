//! AWS CloudTrail: who called which API, when and from where. A model call here is a witness of
//! the call without its text; everything else is an activity.
//!
//! Source: docs.aws.amazon.com, bedrock/latest/userguide, logging-using-cloudtrail and
//! logging-cloudtrail-mantle.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use crate::activity::{Activity, Category};
use crate::call::{Body, Call, Feature, Features, Kind, Status};
use crate::formats::{Context, Reason, Record, Rejected, bedrock, features, fields, rejected};
use crate::moment::WithoutZone;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    #[serde(borrow)]
    event_time: Option<Cow<'a, str>>,
    #[serde(borrow)]
    event_source: Option<Cow<'a, str>>,
    #[serde(borrow)]
    event_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    aws_region: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "sourceIPAddress")]
    source_ip_address: Option<Cow<'a, str>>,
    #[serde(borrow)]
    user_agent: Option<Cow<'a, str>>,
    #[serde(borrow)]
    error_code: Option<Cow<'a, str>>,
    request_parameters: Option<Value>,
    additional_event_data: Option<Value>,
    #[serde(borrow, rename = "requestID")]
    request_id: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "eventID")]
    event_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    recipient_account_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    vpc_endpoint_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    user_identity: Option<Identity<'a>>,
    #[serde(borrow)]
    tls_details: Option<Tls<'a>>,
    read_only: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identity<'a> {
    #[serde(borrow)]
    arn: Option<Cow<'a, str>>,
    #[serde(borrow)]
    user_name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    principal_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    invoked_by: Option<Cow<'a, str>>,
    #[serde(borrow)]
    account_id: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tls<'a> {
    #[serde(borrow)]
    client_provided_host_header: Option<Cow<'a, str>>,
}

const MODEL_CALLS: [&str; 5] = [
    "InvokeModel",
    "InvokeModelWithResponseStream",
    "Converse",
    "ConverseStream",
    "CreateInference",
];

/// Reads an event.
///
/// # Errors
/// [`Rejected`].
pub fn parse(text: &str, context: &Context) -> Result<Record, Rejected> {
    let event: Event<'_> = serde_json::from_str(text).map_err(|error| rejected(text, &error))?;
    let (Some(source), Some(name)) = (event.event_source.as_deref(), event.event_name.as_deref())
    else {
        return Err(Rejected::new(
            Reason::FieldMissing,
            "`eventSource` or `eventName`",
        ));
    };
    let serves_models = matches!(
        source,
        "bedrock.amazonaws.com"
            | "bedrock-runtime.amazonaws.com"
            | "bedrock-mantle.amazonaws.com"
            | "aws-external-anthropic.amazonaws.com"
    );
    if serves_models && MODEL_CALLS.contains(&name) {
        Ok(Record::Call(Box::new(call(event, context))))
    } else {
        Ok(Record::Activity(Box::new(activity(event, context))))
    }
}

fn text_of(value: Option<&Value>, key: &str) -> Option<String> {
    fields::said(value?.get(key)?.as_str())
}

fn call(event: Event<'_>, context: &Context) -> Call {
    let error_type = fields::said(event.error_code);
    let status = if error_type.is_some() {
        Status::Error
    } else {
        Status::Ok
    };
    // Anthropic processes what goes through its own platform on AWS; AWS what goes through Bedrock.
    let kind = if event.event_source.as_deref() == Some("aws-external-anthropic.amazonaws.com") {
        Kind::ClaudeApi
    } else {
        Kind::Bedrock
    };
    let mut call = Call::new(kind, status);
    let mut oddities = Vec::new();
    let parameters = event.request_parameters.as_ref();
    let additional = event.additional_event_data.as_ref();
    call.started_at_ms = fields::time(
        event.event_time.as_deref(),
        WithoutZone::IsOdd,
        context.now_ms,
        &mut oddities,
    );
    call.request_model = text_of(parameters, "modelId").or_else(|| text_of(parameters, "model"));
    call.requested_region = fields::said(event.aws_region);
    let ran_in = text_of(additional, "inferenceRegion");
    call.served_region = match event.event_source.as_deref() {
        // `inference_geo` says where it runs, and the event doesn't hold it.
        Some("aws-external-anthropic.amazonaws.com") => None,
        // A model id of this endpoint has no prefix and may be routed globally.
        Some("bedrock-mantle.amazonaws.com") => ran_in,
        _ => bedrock::served_region(
            call.request_model.as_deref(),
            call.requested_region.as_deref(),
            ran_in,
        ),
    };
    let identity = event.user_identity;
    let (arn, account) = match identity {
        Some(identity) => (
            [
                identity.arn,
                identity.user_name,
                identity.principal_id,
                identity.invoked_by,
            ]
            .into_iter()
            .find_map(fields::said),
            fields::said(identity.account_id),
        ),
        None => (None, None),
    };
    call.principal = arn;
    call.account = account.or_else(|| fields::said(event.recipient_account_id));
    call.source_ip = fields::said(event.source_ip_address);
    call.error_type = error_type;
    call.http_status = call.error_type.as_deref().and_then(bedrock::http_status);
    call.private_path = fields::said(event.vpc_endpoint_id);
    call.endpoint = event
        .tls_details
        .and_then(|tls| fields::said(tls.client_provided_host_header));
    if let Some(id) = fields::said(event.request_id) {
        call.request_ids.insert("aws_request_id".to_owned(), id);
    }
    if let Some(id) = fields::said(event.event_id) {
        call.request_ids
            .insert("cloudtrail_event_id".to_owned(), id);
    }
    let metadata = parameters.and_then(|value| value.get("metadata")?.as_object());
    for (key, value) in metadata.into_iter().flatten() {
        if let Some(value) = fields::short(value) {
            call.metadata.insert(key.clone(), value);
        }
    }
    // The endpoint of the Messages API: priority, flex or batch have other terms.
    if let Some(tier) = text_of(parameters, "service_tier") {
        call.metadata.insert("service_tier".to_owned(), tier);
    }
    let mut used = Features::default();
    if event.event_source.as_deref() == Some("bedrock-mantle.amazonaws.com") {
        used.insert(Feature::BedrockMantle);
    }
    let bearer = |value: Option<&Value>| {
        value.and_then(|value| value.get("callWithBearerToken")?.as_bool()) == Some(true)
    };
    if bearer(parameters) || bearer(additional) {
        used.insert(Feature::BearerToken);
    }
    let streams = event
        .event_name
        .as_deref()
        .is_some_and(|name| name.ends_with("Stream"))
        || parameters.and_then(|value| value.get("stream")?.as_bool()) == Some(true);
    if streams {
        used.insert(Feature::Streaming);
    }
    features::of_model(call.request_model.as_deref(), &mut used);
    call.features = used;
    call.body = Body::NotCarried;
    call.oddities = oddities;
    call
}

fn activity(event: Event<'_>, context: &Context) -> Activity {
    let name = event.event_name.as_deref().unwrap_or_default();
    let mut oddities = Vec::new();
    let mut activity = Activity::new(name, category(name, event.read_only));
    activity.at_ms = fields::time(
        event.event_time.as_deref(),
        WithoutZone::IsOdd,
        context.now_ms,
        &mut oddities,
    );
    activity.kind = event
        .event_source
        .as_deref()
        .is_some_and(|source| source.starts_with("bedrock"))
        .then_some(Kind::Bedrock);
    if let Some(identity) = event.user_identity {
        activity.actor = [
            identity.arn,
            identity.user_name,
            identity.principal_id,
            identity.invoked_by,
        ]
        .into_iter()
        .find_map(fields::said);
        activity.account = fields::said(identity.account_id);
    }
    activity.account = activity
        .account
        .or_else(|| fields::said(event.recipient_account_id));
    activity.source_ip = fields::said(event.source_ip_address);
    activity.user_agent = fields::said(event.user_agent);
    activity.region = fields::said(event.aws_region);
    let parameters = event.request_parameters.as_ref();
    activity.target = [
        "modelId",
        "trailName",
        "name",
        "bucketName",
        "logGroupName",
        "guardrailIdentifier",
    ]
    .iter()
    .find_map(|key| text_of(parameters, key))
    .or_else(|| fields::said(event.event_source));
    activity.error_type = fields::said(event.error_code);
    activity.succeeded = Some(activity.error_type.is_none());
    if let Some(id) = fields::said(event.event_id) {
        activity.ids.insert("cloudtrail_event_id".to_owned(), id);
    }
    if let Some(id) = fields::said(event.request_id) {
        activity.ids.insert("aws_request_id".to_owned(), id);
    }
    activity.oddities = oddities;
    activity
}

fn category(name: &str, read_only: Option<bool>) -> Category {
    // Changes to what is logged, kept, guarded or where: `formats.md` (b).
    const SETTINGS: [&str; 14] = [
        "PutModelInvocationLoggingConfiguration",
        "DeleteModelInvocationLoggingConfiguration",
        "PutAccountDataRetention",
        "CreateGuardrail",
        "DeleteGuardrail",
        "UpdateGuardrail",
        "StopLogging",
        "StartLogging",
        "DeleteTrail",
        "UpdateTrail",
        "PutEventSelectors",
        "PutBucketLifecycle",
        "PutRetentionPolicy",
        "DeleteRetentionPolicy",
    ];
    if SETTINGS.iter().any(|setting| name.starts_with(setting)) {
        Category::Settings
    } else if read_only == Some(true)
        || name.starts_with("Get")
        || name.starts_with("List")
        || name.starts_with("Describe")
    {
        Category::Access
    } else {
        Category::Administration
    }
}
