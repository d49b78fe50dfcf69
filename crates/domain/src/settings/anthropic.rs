//! Settings that Anthropic's own APIs answer: workspaces and keys of the Claude API, and what is in force for an
//! organisation on Claude Enterprise.
//!
//! In: an answer's fields. Out: settings. Of an organisation's settings those are read that say how its data is
//! handled. Not here: the answers of clouds, and the retention of the Claude API, which no API tells.
//!
//! Source: platform.claude.com, Admin API (workspaces, external keys) and Compliance API (effective settings).

use serde_json::Value;

use super::{Answer, Reading, Setting};
use crate::facts::Topic;

/// The settings in an answer, which may be a list of workspaces or keys; `None` where it is none of these.
pub(super) fn read(value: &Value, answer: &Answer<'_>) -> Option<Vec<Setting>> {
    let one = |value: &Value| {
        workspace(value, answer)
            .or_else(|| organisation(value, answer))
            .or_else(|| Some(vec![external_key(value, answer)?]))
    };
    let Some(list) = value.get("data").and_then(Value::as_array) else {
        return one(value);
    };
    // Of a page that holds anything else nothing is known.
    let settings: Option<Vec<Vec<Setting>>> = list.iter().map(one).collect();
    settings
        .filter(|found| !found.is_empty())
        .map(|found| found.concat())
}

/// A workspace: where it may run, where its data lies, and which key encrypts it.
fn workspace(workspace: &Value, answer: &Answer<'_>) -> Option<Vec<Setting>> {
    let geo = workspace.get("data_residency")?;
    let text = |key: &str| geo.get(key).and_then(Value::as_str);
    let allowed = match geo.get("allowed_inference_geos") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(list)) => texts(list).join(", "),
        _ => "not stated".into(),
    };
    let default = text("default_inference_geo").unwrap_or("not stated");
    let at_rest = text("workspace_geo").map(|geo| format!("; data at rest: {geo}"));
    let name = workspace.get("name").and_then(Value::as_str);
    let of = |topic, what, value| {
        let call = "GET /v1/organizations/workspaces";
        answer.setting(topic, what, value, Reading::Other, name, call)
    };
    let mut settings = vec![of(
        Topic::Residency,
        "Workspace inference geography",
        format!(
            "allowed: {allowed}; default: {default}{}",
            at_rest.unwrap_or_default()
        ),
    )];
    match workspace.get("external_key_id") {
        Some(Value::String(key)) => settings.push(of(
            Topic::Keys,
            "Workspace key",
            format!("customer-managed: {key}"),
        )),
        Some(Value::Null) => {
            let none = "none of the customer's".to_owned();
            settings.push(of(Topic::Keys, "Workspace key", none));
        }
        _ => {}
    }
    Some(settings)
}

/// A customer-managed key: whether it is attached, and where it lies.
fn external_key(key: &Value, answer: &Answer<'_>) -> Option<Setting> {
    let attachment = key.pointer("/attachment/type").and_then(Value::as_str)?;
    let text = |path: &str| key.pointer(path).and_then(Value::as_str);
    let mut value = vec![attachment.to_owned()];
    let place = [
        text("/provider_config/type"),
        text("/provider_config/region"),
    ];
    let place: Vec<&str> = place.into_iter().flatten().collect();
    if !place.is_empty() {
        value.push(place.join(" "));
    }
    value.extend(text("/geo").map(|geo| format!("for {geo}")));
    let name = text("/display_name").or_else(|| text("/id"));
    Some(answer.setting(
        Topic::Keys,
        "Customer-managed key",
        value.join(", "),
        Reading::Other,
        name,
        "GET /v1/organizations/external_keys",
    ))
}

/// What is in force for an organisation.
fn organisation(document: &Value, answer: &Answer<'_>) -> Option<Vec<Setting>> {
    if document.get("type")?.as_str()? != "effective_organization_settings" {
        return None;
    }
    let listed = document.get("settings")?.as_array()?;
    let organisation = document.get("organization_id").and_then(Value::as_str);
    let of_setting = |setting: &Value| {
        let (topic, what, value) = told(setting.get("name")?.as_str()?, setting.get("value")?)?;
        let call = "GET /v1/compliance/organizations/{id}/settings";
        Some(answer.setting(topic, what, value, Reading::Other, organisation, call))
    };
    Some(listed.iter().filter_map(of_setting).collect())
}

/// What a setting of an organisation says, if it says how data is handled.
fn told(name: &str, value: &Value) -> Option<(Topic, &'static str, String)> {
    let switch = || match value.as_bool() {
        Some(true) => "on".to_owned(),
        Some(false) => "off".to_owned(),
        None => "not stated".to_owned(),
    };
    Some(match name {
        "data_retention_periods" => (
            Topic::Retention,
            "Retention of conversations",
            periods(value),
        ),
        "frontier_data_use_enabled" => {
            (Topic::Training, "Use of data for frontier models", switch())
        }
        "api_workbench_feedback_collection_enabled" => (
            Topic::Training,
            "Collection of feedback in the Workbench",
            switch(),
        ),
        "content_redaction_enabled" => (Topic::Logging, "Redaction of content", switch()),
        "claude_code_metrics_logging_enabled" => {
            (Topic::Logging, "Metrics of Claude Code", switch())
        }
        "hipaa_compliance_enabled" => (Topic::Attestations, "HIPAA readiness", switch()),
        "ip_allowlist_enabled" => (Topic::NetworkPath, "Allowed addresses only", switch()),
        "ip_allowlist_ip_ranges" => {
            let ranges = texts(value.as_array()?);
            let ranges = match ranges.is_empty() {
                true => "none".to_owned(),
                false => ranges.join(", "),
            };
            (Topic::NetworkPath, "Allowed addresses", ranges)
        }
        _ => return None,
    })
}

/// Periods by what they are of: `{"all": {"type": "fixed", "duration": 90, "timescale": "day"}}`.
fn periods(value: &Value) -> String {
    let of = |(what, period): (&String, &Value)| {
        let number = period.get("duration").and_then(Value::as_u64);
        let unit = period.get("timescale").and_then(Value::as_str);
        let long = match (period.get("type").and_then(Value::as_str), number, unit) {
            (Some("indefinite"), _, _) => "without end".to_owned(),
            (Some("fixed"), Some(1), Some(unit)) => format!("1 {unit}"),
            (Some("fixed"), Some(number), Some(unit)) => format!("{number} {unit}s"),
            _ => "not told".to_owned(),
        };
        format!("{what}: {long}")
    };
    let told: Vec<String> = value.as_object().into_iter().flatten().map(of).collect();
    match told.is_empty() {
        true => "not stated".to_owned(),
        false => told.join("; "),
    }
}

fn texts(list: &[Value]) -> Vec<&str> {
    list.iter().filter_map(Value::as_str).collect()
}
