//! What two sources tell of one call: whether it is one, and where they disagree.

use assay_domain::call::{Call, Kind, Status, Tokens};
use assay_domain::same_call::{Disagreement, Model, Text, Told, disagreements, key, status};

#[test]
fn a_model_is_the_same_wherever_it_is_reached() {
    let check = |id: &str, family: &str, date: Option<&str>| {
        let model = Model::of(Some(id), None).unwrap();
        assert_eq!(
            (model.family.as_str(), model.date.as_deref()),
            (family, date),
            "{id}"
        );
    };
    let date = Some("20250929");
    check("claude-sonnet-4-5-20250929", "claude-sonnet-4-5", date);
    check("claude-sonnet-4-5", "claude-sonnet-4-5", None);
    check("claude-sonnet-4-5@20250929", "claude-sonnet-4-5", date);
    check(
        "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "claude-sonnet-4-5",
        date,
    );
    check(
        "bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0",
        "claude-sonnet-4-5",
        date,
    );
    check(
        "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "claude-sonnet-4-5",
        date,
    );
    check("claude-3-5-sonnet-latest", "claude-3-5-sonnet", None);
    assert_eq!(Model::of(None, Some("")), None);
    let alias = Model::of(Some("our-best"), Some("claude-opus-4-7")).unwrap();
    assert_eq!(alias.family, "claude-opus-4-7");
}

#[test]
fn what_says_too_little_has_no_key() {
    let mut call = Call::new(Kind::Bedrock, Status::Ok);
    call.started_at_ms = Some(1);
    call.request_model = Some("claude-opus-4-7".to_owned());
    call.tokens.input = Some(100);
    assert_eq!(key(&call), None, "output is not told");
    call.tokens.output = Some(20);
    let known = key(&call);
    assert!(known.is_some());
    call.request_model = Some("eu.anthropic.claude-opus-4-7-v1:0".to_owned());
    assert_eq!(key(&call), known);
    call.tokens.output = Some(21);
    assert_ne!(key(&call), known);
    call.tokens.input = Some(8);
    assert_eq!(key(&call), None, "too short to be told apart");
    call.tokens.input = Some(100);
    call.started_at_ms = None;
    assert_eq!(key(&call), None);
}

#[test]
fn what_one_record_does_not_say_is_no_disagreement() {
    let told = |region: Option<&'static str>, cost, text| Told {
        requested_region: region,
        served_region: None,
        tokens: Tokens::default(),
        cost_usd_micros: cost,
        status: Some(Status::Ok),
        http_status: None,
        text,
    };
    let names = |records: &[Told<&str>]| -> Vec<&str> {
        disagreements(records)
            .into_iter()
            .map(Disagreement::name)
            .collect()
    };
    let one = told(Some("eu-west-1"), Some(10_000), Some(Text::Clear));
    let none: [&str; 0] = [];
    assert_eq!(names(&[one.clone(), told(None, None, None)]), none);
    assert_eq!(names(&[one.clone(), told(None, Some(10_090), None)]), none);
    assert_eq!(
        names(&[
            one.clone(),
            told(Some("us-east-1"), Some(12_000), Some(Text::Masked))
        ]),
        ["region", "cost", "redaction"]
    );
    let failed = Told {
        status: Some(Status::Error),
        ..one.clone()
    };
    let part = Told {
        status: status(Status::Ok, true),
        ..one.clone()
    };
    assert_eq!(names(&[failed.clone(), part]), none);
    let longer = Told {
        tokens: Tokens {
            output: Some(3),
            ..Tokens::default()
        },
        ..one.clone()
    };
    let other = Told {
        tokens: Tokens {
            output: Some(4),
            ..Tokens::default()
        },
        ..one
    };
    assert_eq!(names(&[failed, longer, other]), ["tokens", "status"]);
}
