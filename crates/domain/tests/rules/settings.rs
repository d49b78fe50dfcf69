//! Settings answers as vendors give them, and what is read of each.

use assay_domain::facts::Topic;
use assay_domain::settings::{Reading, Setting, read};

fn reading(text: &str) -> Reading {
    let (settings, problems) = read(text.as_bytes(), "f.json");
    assert!(problems.is_empty(), "{problems:?}");
    settings[0].reading.clone()
}

#[test]
fn answers_are_recognised_by_their_fields() {
    let wrapped = r#"{"call":"GetModelInvocationLoggingConfiguration","region":"eu-west-1","at":"2026-11-20T08:00:00Z","answer":{}}"#;
    assert_eq!(
        reading(wrapped),
        Reading::Logging {
            on: false,
            text: false
        }
    );
    let on = r#"{"loggingConfig":{"s3Config":{"bucketName":"b"},"textDataDeliveryEnabled":false}}"#;
    assert_eq!(
        reading(on),
        Reading::Logging {
            on: true,
            text: false
        }
    );
    assert_eq!(
        reading(r#"{"logGroups":[{"logGroupName":"/bedrock","retentionInDays":14}]}"#),
        Reading::KeptDays(14)
    );
    assert_eq!(
        reading(r#"{"logGroups":[{"logGroupName":"/bedrock"}]}"#),
        Reading::KeptForever
    );
    assert_eq!(
        reading(
            r#"{"Rules":[{"Status":"Enabled","Expiration":{"Days":30}},{"Status":"Disabled","Expiration":{"Days":3}}]}"#
        ),
        Reading::KeptDays(30)
    );
    assert_eq!(reading(r#"{"mode":"none"}"#), Reading::Mode("none".into()));
    assert_eq!(
        reading(r#"[{"retentionDays":30,"name":"_Default"}]"#),
        Reading::KeptDays(30)
    );
}

#[test]
fn log_groups_of_one_name_in_two_regions_are_two() {
    let answer = |region: &str, days: u32| {
        format!(
            r#"{{"call":"DescribeLogGroups","region":"{region}","at":"2026-11-20T08:00:00Z","answer":{{"logGroups":[{{"logGroupName":"/bedrock","retentionInDays":{days}}}]}}}}"#
        )
    };
    let text = format!(
        "[{},{}]",
        answer("eu-west-1", 14),
        answer("eu-central-1", 400)
    );
    let places: Vec<_> = read(text.as_bytes(), "f.json")
        .0
        .into_iter()
        .map(|setting| setting.place.unwrap())
        .collect();
    assert_eq!(
        places,
        ["/bedrock in eu-west-1", "/bedrock in eu-central-1"]
    );
}

#[test]
fn only_the_answer_that_nothing_expires_is_kept_for_ever() {
    let lifecycle = |answer: &str| {
        format!(
            r#"{{"call":"GetBucketLifecycleConfiguration","region":"eu-west-1","answer":{answer}}}"#
        )
    };
    assert_eq!(
        reading(&lifecycle(
            r#"{"Error":{"Code":"NoSuchLifecycleConfiguration"}}"#
        )),
        Reading::KeptForever
    );
    assert_eq!(reading(&lifecycle(r#"{"Rules":[]}"#)), Reading::KeptForever);
    for silent in [r#"{"Error":{"Code":"AccessDenied"}}"#, "{}"] {
        assert!(
            read(lifecycle(silent).as_bytes(), "f.json").0.is_empty(),
            "{silent}"
        );
    }
    let unclear = Reading::KeptUnclear { some_days: None };
    assert_eq!(
        reading(&lifecycle(
            r#"{"Rules":[{"Status":"Enabled","Expiration":{"Date":"2027-01-01T00:00:00Z"}}]}"#
        )),
        unclear
    );
    for days in ["0", "\"14\"", "14.5"] {
        assert_eq!(
            reading(&format!(
                r#"{{"logGroups":[{{"logGroupName":"/b","retentionInDays":{days}}}]}}"#
            )),
            unclear,
            "{days}"
        );
    }
}

#[test]
fn a_rule_for_some_objects_says_nothing_of_the_others() {
    let rules = |rules: &str| read(format!(r#"{{"Rules":[{rules}]}}"#).as_bytes(), "f.json").0;
    let tagged = rules(
        r#"{"Status":"Enabled","Expiration":{"Days":30},"Filter":{"Tag":{"Key":"k","Value":"v"}}}"#,
    );
    assert_eq!(
        tagged[0].reading,
        Reading::KeptUnclear {
            some_days: Some(30)
        }
    );
    let two = rules(
        r#"{"Status":"Enabled","Expiration":{"Days":400},"Filter":{"Prefix":"AWSLogs/"}},{"Status":"Enabled","Expiration":{"Days":7},"Filter":{"Prefix":"tmp/"}}"#,
    );
    let shown: Vec<_> = two
        .iter()
        .map(|setting| (setting.place.as_deref().unwrap(), setting.reading.clone()))
        .collect();
    assert_eq!(
        shown,
        [
            ("objects under `AWSLogs/`", Reading::KeptDays(400)),
            ("objects under `tmp/`", Reading::KeptDays(7))
        ]
    );
    assert!(two[0].value.ends_with("objects under `AWSLogs/` only"));
    let both = rules(
        r#"{"Status":"Enabled","Expiration":{"Days":30}},{"Status":"Enabled","Expiration":{"Days":400},"Filter":{"Prefix":"AWSLogs/"}}"#,
    );
    assert!(
        both.iter()
            .all(|setting| setting.reading == Reading::KeptDays(30)),
        "the whole bucket's rule reaches every prefix"
    );
}

#[test]
fn vertex_logging_speaks_of_one_model_and_of_a_stated_share() {
    let of = |config: &str| {
        let call = "GET /v1beta1/projects/p/locations/europe-west1/publishers/anthropic/models/claude-x:fetchPublisherModelConfig";
        read(format!(r#"{{"call":"{call}","region":"europe-west1","answer":{{"loggingConfig":{config}}}}}"#).as_bytes(), "f.json").0.remove(0)
    };
    let whole = of(r#"{"enabled":true,"samplingRate":1}"#);
    assert_eq!(
        (whole.name.as_str(), whole.reading),
        (
            "Request-response logging of claude-x",
            Reading::Logging {
                on: true,
                text: true
            }
        )
    );
    assert_eq!(
        of(r#"{"enabled":true,"samplingRate":0.5}"#).reading,
        Reading::Logging {
            on: false,
            text: true
        }
    );
    assert_eq!(
        of(r#"{"enabled":true}"#).reading,
        Reading::Other,
        "a share that is not stated is not all of them"
    );
}

#[test]
fn partitions_expire_before_their_table() {
    let of = |fields: &str| {
        reading(&format!(
            r#"{{"datasetReference":{{"datasetId":"d"}}{fields}}}"#
        ))
    };
    assert_eq!(of(""), Reading::KeptForever);
    assert_eq!(
        of(r#","defaultPartitionExpirationMs":"2592000000""#),
        Reading::KeptDays(30)
    );
    assert_eq!(
        of(
            r#","defaultTableExpirationMs":34560000000,"defaultPartitionExpirationMs":"2592000000""#
        ),
        Reading::KeptDays(30)
    );
    assert_eq!(
        of(r#","defaultTableExpirationMs":"soon""#),
        Reading::KeptUnclear { some_days: None }
    );
}

#[test]
fn two_buckets_of_one_region_are_two() {
    let answer = |days: u32| {
        format!(
            r#"{{"call":"GetBucketLifecycleConfiguration","region":"eu-west-1","answer":{{"Rules":[{{"Status":"Enabled","Expiration":{{"Days":{days}}}}}]}}}}"#
        )
    };
    let places = |text: &str| {
        read(text.as_bytes(), "f.json")
            .0
            .into_iter()
            .map(|setting| setting.place.unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        places(&format!("[{},{}]", answer(14), answer(400))),
        ["eu-west-1", "eu-west-1 (2)"]
    );
    assert_eq!(
        places(&answer(14).replace("\"region\"", "\"place\":\"logs-bucket\",\"region\"")),
        ["logs-bucket"]
    );
}

#[test]
fn what_is_not_understood_is_said() {
    assert!(read(b"{", "f.json").1[0].contains("not JSON"));
    assert!(read(br#"{"hello":1}"#, "f.json").1[0].contains("answer 1"));
    assert!(
        read(b"{}", "f.json").1.len() == 1,
        "a bare empty answer could be any call's"
    );
}

/// What is told of an answer: topic, name, value, place.
fn told(text: &str) -> Vec<(Topic, String, String, Option<String>)> {
    let (settings, problems) = read(text.as_bytes(), "f.json");
    assert!(problems.is_empty(), "{problems:?}");
    let cells = |it: Setting| (it.topic, it.name, it.value, it.place);
    settings.into_iter().map(cells).collect()
}

#[test]
fn an_organisation_on_claude_enterprise_tells_what_is_kept() {
    let setting =
        |name: &str, value: &str| format!(r#"{{"name":"{name}","value":{value},"type":"any"}}"#);
    let settings = [
        setting(
            "data_retention_periods",
            r#"{"all":{"type":"fixed","duration":90,"timescale":"day"},"projects":{"type":"indefinite"}}"#,
        ),
        setting("frontier_data_use_enabled", "false"),
        setting("ip_allowlist_ip_ranges", r#"["198.51.100.0/24"]"#),
        setting("account_session_duration_seconds", "28800"),
        setting("hipaa_compliance_enabled", "null"),
    ];
    let text = format!(
        r#"{{"type":"effective_organization_settings","organization_id":"org-1","settings":[{}]}}"#,
        settings.join(",")
    );
    let found: Vec<(Topic, String)> = told(&text)
        .into_iter()
        .inspect(|(.., place)| assert_eq!(place.as_deref(), Some("org-1")))
        .map(|(topic, _, value, _)| (topic, value))
        .collect();
    let expected = [
        (Topic::Retention, "all: 90 days; projects: without end"),
        (Topic::Training, "off"),
        (Topic::NetworkPath, "198.51.100.0/24"),
        (Topic::Attestations, "not stated"),
    ];
    assert_eq!(
        found,
        expected.map(|(topic, value)| (topic, value.to_owned()))
    );
}

#[test]
fn a_workspace_tells_its_places_and_its_key() {
    let workspace = |key: &str| {
        let geo = r#"{"allowed_inference_geos":["us"],"default_inference_geo":"us","workspace_geo":"us"}"#;
        format!(r#"{{"type":"workspace","name":"claims","data_residency":{geo}{key}}}"#)
    };
    let values = |key: &str| -> Vec<String> {
        let found = told(&workspace(key));
        found.into_iter().map(|(_, _, value, _)| value).collect()
    };
    let places = "allowed: us; default: us; data at rest: us";
    assert_eq!(values(""), [places]);
    assert_eq!(
        values(r#","external_key_id":null"#),
        [places, "none of the customer's"]
    );
    assert_eq!(
        values(r#","external_key_id":"ekey_1""#),
        [places, "customer-managed: ekey_1"]
    );
    let page = format!(
        r#"{{"data":[{},{}],"has_more":false}}"#,
        workspace(""),
        workspace("")
    );
    let places: Vec<_> = told(&page).into_iter().map(|(.., place)| place).collect();
    assert_eq!(
        places,
        [Some("claims".to_owned()), Some("claims (2)".to_owned())]
    );
    let key = r#"{"type":"external_key","id":"ekey_1","attachment":{"type":"attached"},"geo":"us","provider_config":{"type":"aws","region":"us-east-1"}}"#;
    let expected = (
        Topic::Keys,
        "Customer-managed key".to_owned(),
        "attached, aws us-east-1, for us".to_owned(),
        Some("ekey_1".to_owned()),
    );
    assert_eq!(told(key), [expected]);
}
