//! Settings of a deployment as its provider's API answers them.
//!
//! In: a JSON answer, bare or wrapped with the call's name, region and time. Out: [`Setting`]s, or
//! why the answer was not understood. The answers are recognised by their fields (sources: the
//! providers' API references). Not here: asking for them.

use chrono::{DateTime, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::facts::Topic;

mod anthropic;

/// What a setting is set to, where a check reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is", content = "value")]
pub enum Reading {
    /// Logs are deleted after so many days.
    KeptDays(u32),
    /// Nothing deletes the logs.
    KeptForever,
    /// Something deletes logs, of which only this is told: some after so many days.
    KeptUnclear { some_days: Option<u32> },
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
    /// The region that was asked, where that is told.
    #[serde(default)]
    pub region: Option<String>,
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
    DateTime::from_timestamp_millis(ms)
        .map_or_else(String::new, |at| at.format("%Y-%m-%d").to_string())
}

struct Answer<'a> {
    call: Option<&'a str>,
    region: Option<&'a str>,
    /// The bucket, dataset or project that was asked, where the answer doesn't name it.
    place: Option<&'a str>,
    at_ms: Option<i64>,
    source: &'a str,
}

impl Answer<'_> {
    fn setting(
        &self,
        topic: Topic,
        name: &str,
        value: String,
        reading: Reading,
        place: Option<&str>,
        call: &str,
    ) -> Setting {
        Setting {
            topic,
            name: name.to_owned(),
            value,
            reading,
            place: place.or(self.place).or(self.region).map(str::to_owned),
            region: self.region.map(str::to_owned),
            revealed_by: self.call.unwrap_or(call).to_owned(),
            as_of_ms: self.at_ms,
            source: self.source.to_owned(),
        }
    }
}

/// Reads the settings in a file: one answer, one wrapped answer
/// `{"call", "region", "place", "at", "answer"}`, or a list of them. Returns what was understood and,
/// for each answer that was not, why. Two settings of one name and place are told apart by number.
pub fn read(text: &[u8], source: &str) -> (Vec<Setting>, Vec<String>) {
    let value: Value = match serde_json::from_slice(text) {
        Ok(value) => value,
        Err(error) => {
            return (
                Vec::new(),
                vec![format!(
                    "{source}: not JSON (line {}, column {})",
                    error.line(),
                    error.column()
                )],
            );
        }
    };
    let items = match value {
        Value::Array(items) => items,
        one => vec![one],
    };
    let (mut settings, mut problems) = (Vec::new(), Vec::new());
    for (index, item) in items.iter().enumerate() {
        let wrapped = item.get("answer");
        let text = |key: &str| {
            item.get(key)
                .and_then(Value::as_str)
                .filter(|_| wrapped.is_some())
        };
        let answer = Answer {
            call: text("call"),
            region: text("region"),
            place: text("place"),
            at_ms: text("at")
                .and_then(|at| DateTime::parse_from_rfc3339(at).ok())
                .map(|at| at.timestamp_millis()),
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
    number_alike(&mut settings);
    (settings, problems)
}

/// Neither of two settings of one name and place may hide the other.
fn number_alike(settings: &mut [Setting]) {
    for index in 1..settings.len() {
        let (before, rest) = settings.split_at_mut(index);
        let setting = &mut rest[0];
        let bare = setting.place.clone();
        let mut number = 2;
        while before
            .iter()
            .any(|other| other.name == setting.name && other.place == setting.place)
        {
            setting.place = Some(bare.as_deref().map_or_else(
                || format!("({number})"),
                |place| format!("{place} ({number})"),
            ));
            number += 1;
        }
    }
}

fn one(value: &Value, answer: &Answer<'_>) -> Vec<Setting> {
    let Some(fields) = value.as_object() else {
        return Vec::new();
    };
    let called = |name: &str| answer.call.is_some_and(|call| call.contains(name));
    if fields.contains_key("loggingConfig")
        || (fields.is_empty() && called("GetModelInvocationLogging"))
    {
        return invocation_logging(value.get("loggingConfig"), answer);
    }
    if let Some(rules) = value.get("Rules").and_then(Value::as_array) {
        return bucket_lifecycle(rules, answer);
    }
    if called("GetBucketLifecycleConfiguration")
        && value.to_string().contains("NoSuchLifecycleConfiguration")
    {
        // This error says that nothing ever expires; any other says nothing.
        return vec![answer.setting(
            Topic::Logging,
            "Log bucket expiry",
            "none: kept for ever".into(),
            Reading::KeptForever,
            None,
            "GetBucketLifecycleConfiguration",
        )];
    }
    if let Some(groups) = value.get("logGroups").and_then(Value::as_array) {
        return groups
            .iter()
            .filter_map(|group| log_group(group, answer))
            .collect();
    }
    if let Some(mode) = value.get("mode").and_then(Value::as_str) {
        let about = match mode {
            "none" => "nothing durable is kept",
            "default" => "the model's own policy applies",
            "aws_review" => "kept up to 30 days inside AWS",
            "provider_data_share" => {
                "legacy mode; kept up to 30 days, and shared with the provider when it was introduced"
            }
            "inherit" => "the account's mode applies",
            _ => "a mode that this program does not know",
        };
        return vec![answer.setting(
            Topic::Retention,
            "Retention mode",
            format!("{mode}: {about}"),
            Reading::Mode(mode.to_owned()),
            None,
            "GetAccountDataRetention",
        )];
    }
    if let Some(settings) = anthropic::read(value, answer) {
        return settings;
    }
    if let Some(days) = value.get("retentionDays") {
        let name = value.get("name").and_then(Value::as_str);
        return vec![kept(
            answer,
            "Log bucket retention",
            days_of(days),
            name,
            "logging.buckets.get",
        )];
    }
    if fields.contains_key("defaultTableExpirationMs") || fields.contains_key("datasetReference") {
        let name = value
            .pointer("/datasetReference/datasetId")
            .and_then(Value::as_str);
        return vec![kept(
            answer,
            "BigQuery table expiry",
            dataset_expiry(value),
            name,
            "bigquery.datasets.get",
        )];
    }
    if let Some(trails) = value.get("trailList").and_then(Value::as_array) {
        return trails
            .iter()
            .map(|trail| {
                let yes = |key: &str| {
                    if trail.get(key).and_then(Value::as_bool) == Some(true) {
                        "yes"
                    } else {
                        "no"
                    }
                };
                let text = format!(
                    "all Regions: {}; digest files: {}",
                    yes("IsMultiRegionTrail"),
                    yes("LogFileValidationEnabled")
                );
                answer.setting(
                    Topic::Logging,
                    "CloudTrail trail",
                    text,
                    Reading::Other,
                    trail.get("Name").and_then(Value::as_str),
                    "DescribeTrails",
                )
            })
            .collect();
    }
    Vec::new()
}

/// A setting of how long logs are kept, in words and as it is judged.
fn kept(
    answer: &Answer<'_>,
    name: &str,
    reading: Reading,
    place: Option<&str>,
    call: &str,
) -> Setting {
    let value = match reading {
        Reading::KeptDays(days) => format!("{days} days"),
        Reading::KeptForever => "none: kept for ever".to_owned(),
        _ => "not told in days".to_owned(),
    };
    answer.setting(Topic::Logging, name, value, reading, place, call)
}

/// Days as an answer writes them. None of these APIs answers 0, and tools write it for "never".
fn days_of(value: &Value) -> Reading {
    match value.as_u64() {
        Some(days @ 1..) => Reading::KeptDays(u32::try_from(days).unwrap_or(u32::MAX)),
        _ => Reading::KeptUnclear { some_days: None },
    }
}

/// When the tables of a dataset, or their partitions, expire: whichever is sooner.
fn dataset_expiry(dataset: &Value) -> Reading {
    let mut soonest = None;
    for key in ["defaultTableExpirationMs", "defaultPartitionExpirationMs"] {
        let Some(value) = dataset.get(key).filter(|value| !value.is_null()) else {
            continue;
        };
        let Some(ms) = value.as_u64().or_else(|| value.as_str()?.parse().ok()) else {
            return Reading::KeptUnclear { some_days: None };
        };
        soonest = Some(soonest.map_or(ms, |other: u64| other.min(ms)));
    }
    soonest.map_or(Reading::KeptForever, |ms| {
        Reading::KeptDays(u32::try_from(ms / 86_400_000).unwrap_or(u32::MAX))
    })
}

fn invocation_logging(config: Option<&Value>, answer: &Answer<'_>) -> Vec<Setting> {
    const CALL: &str = "GetModelInvocationLoggingConfiguration";
    let set = |name: &str, value, reading, call| {
        vec![answer.setting(Topic::Logging, name, value, reading, answer.region, call)]
    };
    let Some(config) = config.filter(|config| config.is_object()) else {
        return set(
            "Model invocation logging",
            "off".into(),
            Reading::Logging {
                on: false,
                text: false,
            },
            CALL,
        );
    };
    // Vertex AI answers under the same key, with `enabled`, for one model; its name stands in the call.
    if let Some(on) = config.get("enabled").and_then(Value::as_bool) {
        let model = answer
            .call
            .and_then(|call| call.split_once("/models/")?.1.split(':').next());
        let name = model.map_or_else(
            || "Request-response logging".to_owned(),
            |model| format!("Request-response logging of {model}"),
        );
        let (value, reading) = match config.get("samplingRate").and_then(Value::as_f64) {
            _ if !on => (
                "off".to_owned(),
                Reading::Logging {
                    on: false,
                    text: false,
                },
            ),
            Some(rate) => (
                format!("on, {:.0} % of the calls", rate * 100.0),
                Reading::Logging {
                    on: rate >= 1.0,
                    text: true,
                },
            ),
            None => (
                "on, for a share of the calls that is not stated".to_owned(),
                Reading::Other,
            ),
        };
        return set(&name, value, reading, "fetchPublisherModelConfig");
    }
    let text = config
        .get("textDataDeliveryEnabled")
        .and_then(Value::as_bool)
        == Some(true);
    let has = |key: &str| config.get(key).is_some_and(Value::is_object);
    let to = match (has("s3Config"), has("cloudWatchConfig")) {
        (true, true) => "S3 and CloudWatch",
        (true, false) => "S3",
        (false, true) => "CloudWatch",
        (false, false) => "nowhere",
    };
    let on = to != "nowhere";
    let value = format!(
        "{}, to {to}; text {}",
        if on { "on" } else { "off" },
        if text { "delivered" } else { "not delivered" }
    );
    set(
        "Model invocation logging",
        value,
        Reading::Logging { on, text },
        CALL,
    )
}

/// What the rules of a bucket delete. A rule for some objects only says what becomes of these: by
/// prefix it is a setting of that part of the bucket, by tag or size it leaves the rest untold.
fn bucket_lifecycle(rules: &[Value], answer: &Answer<'_>) -> Vec<Setting> {
    const CALL: &str = "GetBucketLifecycleConfiguration";
    let mut parts: Vec<(String, Reading)> = Vec::new();
    for rule in rules
        .iter()
        .filter(|rule| rule.get("Status").and_then(Value::as_str) == Some("Enabled"))
    {
        let Some(expiry) = rule.get("Expiration") else {
            continue;
        };
        let days = expiry
            .get("Days")
            .and_then(Value::as_u64)
            .and_then(|days| u32::try_from(days).ok());
        if days.is_none() && expiry.get("Date").is_none() {
            // It only tidies up delete markers.
            continue;
        }
        let filter = rule.get("Filter");
        let prefix = rule.get("Prefix").or_else(|| {
            filter?
                .get("Prefix")
                .or_else(|| filter?.pointer("/And/Prefix"))
        });
        let prefix = prefix
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let whole = filter
            .and_then(Value::as_object)
            .is_none_or(|filter| filter.keys().all(|key| key == "Prefix"));
        let reading = match days.filter(|days| whole && *days > 0) {
            Some(days) => Reading::KeptDays(days),
            None => Reading::KeptUnclear { some_days: days },
        };
        match parts.iter_mut().find(|(other, _)| *other == prefix) {
            Some((_, other)) => *other = sooner(other, &reading),
            None => parts.push((prefix, reading)),
        }
    }
    // What deletes objects of the whole bucket deletes those under every prefix.
    if let Some((_, all)) = parts.iter().find(|(prefix, _)| prefix.is_empty()).cloned() {
        for (_, reading) in &mut parts {
            *reading = sooner(reading, &all);
        }
    }
    if parts.is_empty() {
        parts.push((String::new(), Reading::KeptForever));
    }
    let many = parts.len() > 1;
    let mut settings = Vec::new();
    for (prefix, reading) in parts {
        let place = match answer.place.or(answer.region) {
            Some(place) if many && !prefix.is_empty() => Some(format!("{place} under `{prefix}`")),
            None if !prefix.is_empty() => Some(format!("objects under `{prefix}`")),
            place => place.map(str::to_owned),
        };
        let mut setting = kept(answer, "Log bucket expiry", reading, place.as_deref(), CALL);
        if !prefix.is_empty() {
            setting
                .value
                .push_str(&format!(", objects under `{prefix}` only"));
        }
        settings.push(setting);
    }
    settings
}

/// The reading under which the first logs go sooner; unclear where either is.
fn sooner(a: &Reading, b: &Reading) -> Reading {
    let days = |reading: &Reading| match reading {
        Reading::KeptDays(days) => Some(*days),
        Reading::KeptUnclear { some_days } => *some_days,
        _ => None,
    };
    let least = days(a).into_iter().chain(days(b)).min();
    match (a, b, least) {
        (Reading::KeptDays(_), Reading::KeptDays(_), Some(days)) => Reading::KeptDays(days),
        _ => Reading::KeptUnclear { some_days: least },
    }
}

fn log_group(group: &Value, answer: &Answer<'_>) -> Option<Setting> {
    let name = group.get("logGroupName").and_then(Value::as_str)?;
    // A group of the same name in another Region is another group, with its own expiry.
    let place = answer
        .region
        .map_or_else(|| name.to_owned(), |region| format!("{name} in {region}"));
    let place = Some(place.as_str());
    let reading = match group.get("retentionInDays") {
        None | Some(Value::Null) => Reading::KeptForever,
        Some(days) => days_of(days),
    };
    Some(kept(
        answer,
        "Log group retention",
        reading,
        place,
        "DescribeLogGroups",
    ))
}
