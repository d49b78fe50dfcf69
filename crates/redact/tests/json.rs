//! JSON as it is written: what is edited, what stays, what is refused.

#![expect(
    clippy::unwrap_used,
    reason = "a panic here is a failing test with its line"
)]

use std::collections::HashMap;

use assay_redact::json::{Fields, redact_text, restore_text, value_at};
use assay_redact::operators::Numbering;
use assay_redact::policy::{DEFAULT, Policy};
use assay_redact::redaction::redact_json;
use proptest::prelude::*;
use serde_json::{Value, json};

const KEY: &[u8] = b"a key of the tests";

fn policy() -> Policy {
    Policy::parse(DEFAULT).unwrap()
}

fn at(pointers: &[&str], text: &str) -> String {
    let pointers: Vec<String> = pointers.iter().map(|&pointer| pointer.to_owned()).collect();
    let fields = Fields::read(&pointers).unwrap();
    redact_text(text, &fields, &policy(), KEY, &mut Numbering::default())
        .unwrap()
        .text
}

#[test]
fn only_what_was_found_is_written_otherwise() {
    let check = |before: &str, after: &str| assert_eq!(at(&[], before), after);
    check(
        r#"{ "a" : "caf\u00e9 \/ ann@example.com \ud83d\ude00\n" , "n":1.50e+3, "big":12345678901234567890123 }"#,
        r#"{ "a" : "caf\u00e9 \/ [EMAIL_ADDRESS_1] \ud83d\ude00\n" , "n":1.50e+3, "big":12345678901234567890123 }"#,
    );
    check(
        r#"{"card":4111111111111111}"#,
        r#"{"card":"[CREDIT_CARD_1]"}"#,
    );
    check(
        r#"{"input":{"to":["ann@example.com",{"ann@example.com":null}]}}"#,
        r#"{"input":{"to":["[EMAIL_ADDRESS_1]",{"[EMAIL_ADDRESS_1]":null}]}}"#,
    );
    check(
        r#""\u0061nn@example.com \ud800""#,
        r#""[EMAIL_ADDRESS_1] \ud800""#,
    );
    check("[]", "[]");
    check(
        r#"{"a":{},"b":[[],{}],"c":"x"}"#,
        r#"{"a":{},"b":[[],{}],"c":"x"}"#,
    );
}

#[test]
fn names_that_become_the_same_keep_their_values() {
    let once = at(
        &[],
        r#"{"Ann@example.com":1,"ann@example.com":2,"x":{"x":1,"x":2}}"#,
    );
    assert_eq!(
        once,
        r#"{"[EMAIL_ADDRESS_1]":1,"[EMAIL_ADDRESS_1]_":2,"x":{"x":1,"x":2}}"#
    );
}

#[test]
fn the_name_of_a_field_names_nobody_unless_it_is_no_word_of_a_program() {
    let text = r#"{"identity": {"arn": 1}, "Tobias Feldmann": 2, "anna@example.org": 3}"#;
    let expected = r#"{"identity": {"arn": 1}, "[PERSON_1]": 2, "[EMAIL_ADDRESS_1]": 3}"#;
    assert_eq!(at(&[], text), expected);
    let mut value: Value = serde_json::from_str(text).unwrap();
    redact_json(&mut value, &policy(), b"key", &mut Numbering::default());
    assert_eq!(value, serde_json::from_str::<Value>(expected).unwrap());
}

#[test]
fn only_chosen_fields_are_looked_into() {
    let line = r#"{"to":"ann@example.com","messages":[{"role":"ann@example.com","content":[{"text":"ann@example.com"}]}],"a/b":"ann@example.com"}"#;
    assert_eq!(
        at(&["/messages/*/content", "/a~1b"], line),
        r#"{"to":"ann@example.com","messages":[{"role":"ann@example.com","content":[{"text":"[EMAIL_ADDRESS_1]"}]}],"a/b":"[EMAIL_ADDRESS_1]"}"#
    );
    assert_eq!(
        Fields::read(&["messages".to_owned()]).unwrap_err(),
        "messages"
    );
    let pointer = |text: &str| Fields::read(&[text.to_owned()]).unwrap();
    assert_eq!(
        value_at(r#"{"a":{"id":[1,"\u0078"]}}"#, &pointer("/a/id/1")).unwrap(),
        Some("x".to_owned())
    );
    assert_eq!(
        value_at(r#"{"a":7}"#, &pointer("/a")).unwrap(),
        Some("7".to_owned())
    );
    assert_eq!(value_at(r#"{"a":{}}"#, &pointer("/a")).unwrap(), None);
}

#[test]
fn what_is_no_json_is_refused_without_being_quoted() {
    for (text, column) in [
        ("{\"a\":ann@example.com}", 6),
        ("", 0),
        ("[1,2", 4),
        ("{} x", 4),
    ] {
        let fault = redact_text(
            text,
            &Fields::default(),
            &policy(),
            KEY,
            &mut Numbering::default(),
        )
        .unwrap_err();
        assert_eq!(fault.column, column, "{fault}");
        assert!(!fault.to_string().contains("ann"), "{fault}");
    }
}

#[test]
fn depth_is_no_matter() {
    let deep = format!(
        "{}\"ann@example.com\"{}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    assert!(at(&[], &deep).contains("[[\"[EMAIL_ADDRESS_1]\"]]"));
}

#[test]
fn tokens_come_back_and_numbers_are_numbers_again() {
    let policy =
        Policy::parse("name='x'\nversion='1'\n[operators]\ndefault={operator='reversible'}\n")
            .unwrap();
    let mut numbering = Numbering::default().noting_originals();
    let line = r#"{"card": 4111111111111111, "to":"caf\u00e9: Ann@example.com, tel. +44 7700 900123","4111 1111 1111 1111":[1e400,-0.0]}"#;
    let once = redact_text(line, &Fields::default(), &policy, KEY, &mut numbering)
        .unwrap()
        .text;
    assert!(!once.contains("4111") && !once.contains("Ann"), "{once}");
    serde_json::from_str::<serde::de::IgnoredAny>(&once).unwrap();
    let vault: HashMap<_, _> = numbering
        .take_originals()
        .into_iter()
        .map(|original| (original.tag, original.value))
        .collect();
    let back = restore_text(&once, |tag| vault.get(tag).cloned()).unwrap();
    assert_eq!((back.text.as_str(), back.missing), (line, 0));
    let none = restore_text(&once, |_| None).unwrap();
    assert_eq!((none.text, none.restored), (once, 0));
}

fn values() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        any::<String>(),
        Just("ann@example.com".to_owned()),
        Just("card 4111 1111 1111 1111".to_owned()),
        Just("The policyholder is Ms Ines Carvalho of Lisbon.".to_owned()),
        Just("carvalho; 12; open".to_owned()),
        Just("Carvalho".to_owned()),
        Just("account number: 48213977".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(Value::from(4_111_111_111_111_111_u64)),
        Just(Value::from(48_213_977)),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(text.clone(), inner, 0..4)
                .prop_map(|fields| json!(fields)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn text_and_value_become_the_same(value in values()) {
        let written = value.to_string();
        let once = at(&[], &written);
        let mut in_memory = value.clone();
        redact_json(&mut in_memory, &policy(), KEY, &mut Numbering::default());
        prop_assert_eq!(serde_json::from_str::<Value>(&once).unwrap(), in_memory);
        prop_assert_eq!(at(&[], &once), once.clone());
        if written.contains("Ines Carvalho") {
            prop_assert!(!once.to_lowercase().contains("carvalho"), "{} of {}", once, written);
        }
        if written.contains("account number: 48213977") {
            prop_assert!(!once.contains("48213977"), "{} of {}", once, written);
        }
    }

    #[test]
    fn no_text_panics(text in any::<String>(), json in "[\\[\\]{}:,\"\\\\u0-9a-e ]{0,40}") {
        for text in [text, json] {
            let _ = redact_text(&text, &Fields::default(), &policy(), KEY, &mut Numbering::default());
            let _ = restore_text(&text, |_| None);
        }
    }
}
