//! Settings of a deployment as its provider's API answers them.
//!
//! In: a JSON answer, bare or wrapped with the call's name, region and time. Out: [`Setting`]s, or
//! why the answer was not understood. The answers are recognised by their fields (sources: the
//! providers' API references). Not here: asking for them.

use chrono::{DateTime, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::facts::Topic;

/// What a setting is set to, where a check reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "value")]
pub enum Reading {
    /// Logs are deleted after so many days.
    KeptDays(u32),
    /// Nothing deletes the logs.
    KeptForever,
    /// Invocation logging: is it on, and does it deliver text.
    Logging { on: bool, text: bool },
    /// The retention mode of the provider.
    Mode(String),
    /// Anything else, for people.
    Other,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    pub topic: Topic,
    pub name: String,
    /// For people.
    pub value: String,
    pub reading: Reading,
    /// Region, bucket or log group.
    pub place: Option<String>,
    /// The API call that revealed it.
    pub revealed_by: String,
    pub as_of_ms: Option<i64>,
    /// The file it came from.
    pub source: String,
}

/// Midnight UTC of a date like `2026-11-24`, in milliseconds.
pub fn date_ms(text: &str) -> Option<i64> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis())
}

/// The UTC date of a time.
pub fn date_text(ms: i64) -> String {
    DateTime::from_timestamp_millis(ms).map_or_else(String::new, |at| at.format("%Y-%m-%d").to_string())
}

struct Answer<'a> {
    call: Option<&'a str>,
    region: Option<&'a str>,
    at_ms: Option<i64>,
    source: &'a str,
}

impl Answer<'_> {
    fn setting(&self, topic: Topic, name: &str, value: String, reading: Reading, place: Option<&str>, call: &str) -> Setting {
        Setting {
            topic,
            name: name.to_owned(),
            value,
            reading,
            place: place.or(self.region).map(str::to_owned),
            revealed_by: self.call.unwrap_or(call).to_owned(),
            as_of_ms: self.at_ms,
            source: self.source.to_owned(),
        }
    }
}

/// Reads the settings in a file: one answer, one wrapped answer
/// `{"call", "region", "at", "answer"}`, or a list of them. Returns what was understood and, for
/// each answer that was not, why.
pub fn read(text: &[u8], source: &str) -> (Vec<Setting>, Vec<String>) {
    let value: Value = match serde_json::from_slice(text) {
        Ok(value) => value,
        Err(error) => return (Vec::new(), vec![format!("{source}: not JSON (line {}, column {})", error.line(), error.column())]),
    };
    let items = match value {
        Value::Array(items) => items,
        one => vec![one],
    };
    let (mut settings, mut problems) = (Vec::new(), Vec::new());
    for (index, item) in items.iter().enumerate() {
        let wrapped = item.get("answer");
        let text = |key: &str| item.get(key).and_then(Value::as_str).filter(|_| wrapped.is_some());
        let answer = Answer {
            call: text("call"),
            region: text("region"),
            at_ms: text("at").and_then(|at| DateTime::parse_from_rfc3339(at).ok()).map(|at| at.timestamp_millis()),
            source,
        };
        let found = one(wrapped.unwrap_or(item), &answer);
        if found.is_empty() {
            problems.push(format!(
                "{source}: answer {} is none that is known; give it as {{\"call\": …, \"region\": …, \"at\": …, \"answer\": …}}",
                index + 1
            ));
        }
        settings.extend(found);
    }
    (settings, problems)
}

fn one(value: &Value, answer: &Answer<'_>) -> Vec<Setting> {
    let Some(fields) = value.as_object() else { return Vec::new() };
    let called = |name: &str| answer.call.is_some_and(|call| call.contains(name));
    if fields.contains_key("loggingConfig") || (fields.is_empty() && called("GetModelInvocationLogging")) {
        return invocation_logging(value.get("loggingConfig"), answer);
    }
    if let Some(rules) = value.get("Rules").and_then(Value::as_array) {
        return bucket_lifecycle(rules, answer);
    }
    if called("GetBucketLifecycleConfiguration") {
        // 404 NoSuchLifecycleConfiguration: nothing ever expires.
        return vec![answer.setting(Topic::Logging, "Log bucket expiry", "none: kept for ever".into(), Reading::KeptForever, None, "GetBucketLifecycleConfiguration")];
    }
    if let Some(groups) = value.get("logGroups").and_then(Value::as_array) {
        return groups.iter().filter_map(|group| log_group(group, answer)).collect();
    }
    if let Some(mode) = value.get("mode").and_then(Value::as_str) {
        let about = match mode {
            "none" => "nothing durable is kept",
            "default" => "the model's own policy applies",
            "aws_review" => "kept up to 30 days inside AWS",
            "provider_data_share" => "legacy mode; data may leave AWS",
            "inherit" => "the account's mode applies",
            _ => "a mode that this program does not know",
        };
        return vec![answer.setting(Topic::Retention, "Retention mode", format!("{mode}: {about}"), Reading::Mode(mode.to_owned()), None, "GetAccountDataRetention")];
    }
    if let Some(geo) = value.get("data_residency") {
        let allowed = match geo.get("allowed_inference_geos") {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            _ => "not stated".into(),
        };
        let default = geo.get("default_inference_geo").and_then(Value::as_str).unwrap_or("not stated");
        let name = value.get("name").and_then(Value::as_str);
        return vec![answer.setting(Topic::Residency, "Workspace inference geography", format!("allowed: {allowed}; default: {default}"), Reading::Other, name, "GET /v1/organizations/workspaces")];
    }
    if let Some(days) = value.get("retentionDays").and_then(Value::as_u64) {
        let name = value.get("name").and_then(Value::as_str);
        return vec![kept(answer, "Log bucket retention", days, name, "logging.buckets.get")];
    }
    if fields.contains_key("defaultTableExpirationMs") || fields.contains_key("datasetReference") {
        let name = value.pointer("/datasetReference/datasetId").and_then(Value::as_str);
        return match value.get("defaultTableExpirationMs").and_then(|ms| ms.as_str()?.parse::<u64>().ok()) {
            Some(ms) => vec![kept(answer, "BigQuery table expiry", ms / 86_400_000, name, "bigquery.datasets.get")],
            None => vec![answer.setting(Topic::Logging, "BigQuery table expiry", "none: kept for ever".into(), Reading::KeptForever, name, "bigquery.datasets.get")],
        };
    }
    if let Some(trails) = value.get("trailList").and_then(Value::as_array) {
        return trails
            .iter()
            .map(|trail| {
                let yes = |key: &str| if trail.get(key).and_then(Value::as_bool) == Some(true) { "yes" } else { "no" };
                let text = format!("all Regions: {}; digest files: {}", yes("IsMultiRegionTrail"), yes("LogFileValidationEnabled"));
                answer.setting(Topic::Logging, "CloudTrail trail", text, Reading::Other, trail.get("Name").and_then(Value::as_str), "DescribeTrails")
            })
            .collect();
    }
    Vec::new()
}

fn kept(answer: &Answer<'_>, name: &str, days: u64, place: Option<&str>, call: &str) -> Setting {
    let days = u32::try_from(days).unwrap_or(u32::MAX);
    answer.setting(Topic::Logging, name, format!("{days} days"), Reading::KeptDays(days), place, call)
}

fn invocation_logging(config: Option<&Value>, answer: &Answer<'_>) -> Vec<Setting> {
    const CALL: &str = "GetModelInvocationLoggingConfiguration";
    let Some(config) = config.filter(|config| config.is_object()) else {
        return vec![answer.setting(Topic::Logging, "Model invocation logging", "off".into(), Reading::Logging { on: false, text: false }, None, CALL)];
    };
    // Vertex AI answers under the same key, with `enabled`.
    if let Some(on) = config.get("enabled").and_then(Value::as_bool) {
        let rate = config.get("samplingRate").and_then(Value::as_f64).unwrap_or(1.0);
        let value = if on { format!("on, {:.0} % of the calls", rate * 100.0) } else { "off".to_owned() };
        let reading = Reading::Logging { on: on && rate >= 1.0, text: on };
        return vec![answer.setting(Topic::Logging, "Request-response logging", value, reading, None, "fetchPublisherModelConfig")];
    }
    let text = config.get("textDataDeliveryEnabled").and_then(Value::as_bool) == Some(true);
    let to = match (config.get("s3Config").is_some(), config.get("cloudWatchConfig").is_some()) {
        (true, true) => "S3 and CloudWatch",
        (true, false) => "S3",
        (false, true) => "CloudWatch",
        (false, false) => "nowhere",
    };
    let on = to != "nowhere";
    let value = format!("{}, to {to}; text {}", if on { "on" } else { "off" }, if text { "delivered" } else { "not delivered" });
    vec![answer.setting(Topic::Logging, "Model invocation logging", value, Reading::Logging { on, text }, None, CALL)]
}

fn bucket_lifecycle(rules: &[Value], answer: &Answer<'_>) -> Vec<Setting> {
    const CALL: &str = "GetBucketLifecycleConfiguration";
    let days: Vec<u64> = rules
        .iter()
        .filter(|rule| rule.get("Status").and_then(Value::as_str) == Some("Enabled"))
        .filter_map(|rule| rule.pointer("/Expiration/Days").and_then(Value::as_u64))
        .collect();
    match days.iter().min() {
        Some(days) => vec![kept(answer, "Log bucket expiry", *days, None, CALL)],
        None => vec![answer.setting(Topic::Logging, "Log bucket expiry", "none: kept for ever".into(), Reading::KeptForever, None, CALL)],
    }
}

fn log_group(group: &Value, answer: &Answer<'_>) -> Option<Setting> {
    let name = group.get("logGroupName").and_then(Value::as_str)?;
    // A group of the same name in another Region is another group, with its own expiry.
    let place = answer.region.map_or_else(|| name.to_owned(), |region| format!("{name} in {region}"));
    let place = Some(place.as_str());
    Some(match group.get("retentionInDays").and_then(Value::as_u64) {
        Some(days) => kept(answer, "Log group retention", days, place, "DescribeLogGroups"),
        None => answer.setting(Topic::Logging, "Log group retention", "never expires".into(), Reading::KeptForever, place, "DescribeLogGroups"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str) -> Reading {
        let (settings, problems) = read(text.as_bytes(), "f.json");
        assert!(problems.is_empty(), "{problems:?}");
        settings[0].reading.clone()
    }

    #[test]
    fn answers_are_recognised_by_their_fields() {
        let wrapped = r#"{"call":"GetModelInvocationLoggingConfiguration","region":"eu-west-1","at":"2026-11-20T08:00:00Z","answer":{}}"#;
        assert_eq!(reading(wrapped), Reading::Logging { on: false, text: false });
        let on = r#"{"loggingConfig":{"s3Config":{"bucketName":"b"},"textDataDeliveryEnabled":false}}"#;
        assert_eq!(reading(on), Reading::Logging { on: true, text: false });
        assert_eq!(reading(r#"{"logGroups":[{"logGroupName":"/bedrock","retentionInDays":14}]}"#), Reading::KeptDays(14));
        assert_eq!(reading(r#"{"logGroups":[{"logGroupName":"/bedrock"}]}"#), Reading::KeptForever);
        assert_eq!(reading(r#"{"Rules":[{"Status":"Enabled","Expiration":{"Days":30}},{"Status":"Disabled","Expiration":{"Days":3}}]}"#), Reading::KeptDays(30));
        assert_eq!(reading(r#"{"mode":"none"}"#), Reading::Mode("none".into()));
        assert_eq!(reading(r#"[{"retentionDays":30,"name":"_Default"}]"#), Reading::KeptDays(30));
    }

    #[test]
    fn log_groups_of_one_name_in_two_regions_are_two() {
        let answer = |region: &str, days: u32| {
            format!(r#"{{"call":"DescribeLogGroups","region":"{region}","at":"2026-11-20T08:00:00Z","answer":{{"logGroups":[{{"logGroupName":"/bedrock","retentionInDays":{days}}}]}}}}"#)
        };
        let text = format!("[{},{}]", answer("eu-west-1", 14), answer("eu-central-1", 400));
        let places: Vec<_> = read(text.as_bytes(), "f.json").0.into_iter().map(|setting| setting.place.unwrap()).collect();
        assert_eq!(places, ["/bedrock in eu-west-1", "/bedrock in eu-central-1"]);
    }

    #[test]
    fn what_is_not_understood_is_said() {
        assert!(read(b"{", "f.json").1[0].contains("not JSON"));
        assert!(read(br#"{"hello":1}"#, "f.json").1[0].contains("answer 1"));
        assert!(read(b"{}", "f.json").1.len() == 1, "a bare empty answer could be any call's");
    }
}
