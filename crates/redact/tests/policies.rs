//! Policies, operators, numbering, JSON, and what must hold for any text.

#![expect(
    clippy::unwrap_used,
    reason = "a panic here is a failing test with its line"
)]

use assay_redact::detect::Entity;
use assay_redact::evaluate::{Counts, Evaluation, Record, Span, spans};
use assay_redact::labels::Labels;
use assay_redact::operators::{Numbering, Operator};
use assay_redact::policy::{DEFAULT, MASKING, Policy};
use assay_redact::redaction::{entities, entities_under, redact, redact_json};
use proptest::prelude::*;
use serde_json::json;

const KEY: &[u8] = b"a key of the tests";

fn policy(text: &str) -> Policy {
    Policy::parse(text).unwrap()
}

fn text(policy: &Policy, text: &str) -> String {
    redact(text, policy, KEY, &mut Numbering::default()).text
}

#[test]
fn the_same_value_keeps_its_placeholder_over_a_conversation() {
    let policy = policy(DEFAULT);
    let mut numbering = Numbering::default();
    let first = redact(
        "from ann@example.com to bob@example.com",
        &policy,
        KEY,
        &mut numbering,
    );
    let second = redact("bob@example.com wrote", &policy, KEY, &mut numbering);
    assert_eq!(first.text, "from [EMAIL_ADDRESS_1] to [EMAIL_ADDRESS_2]");
    assert_eq!(second.text, "[EMAIL_ADDRESS_2] wrote");
}

#[test]
fn segments_are_the_whole_text() {
    let policy = policy(DEFAULT);
    let source = "Card 4111 1111 1111 1111, IBAN DE89 3704 0044 0532 0130 00. Grüße";
    let redacted = redact(source, &policy, KEY, &mut Numbering::default());
    let before: String = redacted
        .segments
        .iter()
        .map(|segment| segment.before.as_str())
        .collect();
    let after: String = redacted
        .segments
        .iter()
        .map(|segment| segment.after.as_str())
        .collect();
    assert_eq!(before, source);
    assert_eq!(after, redacted.text);
    assert_eq!(
        redacted.text,
        "Card [CREDIT_CARD_1], IBAN [IBAN_CODE_1]. Grüße"
    );
}

#[test]
fn masking_keeps_the_last_four_and_nothing_of_a_secret() {
    let policy = policy(MASKING);
    assert_eq!(
        text(&policy, "card 4111111111111111 ok"),
        "card ************1111 ok"
    );
    let key = format!("AKIA{}", "QYLPMN5HHHFPZAM2");
    assert_eq!(text(&policy, &format!("key {key} end")), "key  end");
}

#[test]
fn a_hash_depends_on_the_key() {
    let policy = policy(MASKING);
    let one = redact(
        "ann@example.com",
        &policy,
        b"one",
        &mut Numbering::default(),
    )
    .text;
    let two = redact(
        "ann@example.com",
        &policy,
        b"two",
        &mut Numbering::default(),
    )
    .text;
    assert!(
        one.starts_with("[EMAIL_ADDRESS:") && one != two,
        "{one} {two}"
    );
}

#[test]
fn lists_of_a_policy_win() {
    let policy = policy(
        "name='x'\nversion='1'\nallow=['info@example.com']\n[operators]\ndefault={operator='replace'}\n\
         [[deny]]\nentity_type='PROJECT'\nwords=['Bluebird']\n",
    );
    assert_eq!(
        text(&policy, "info@example.com on bluebird"),
        "info@example.com on [PROJECT_1]"
    );
}

#[test]
fn a_number_in_json_is_text_as_well() {
    let mut value = json!({"card": 4_111_111_111_111_111_u64, "count": 42, "at": 1_790_000_000_000_u64, "share": -0.25});
    assert_eq!(
        redact_json(&mut value, &policy(DEFAULT), KEY, &mut Numbering::default()),
        1
    );
    assert_eq!(
        value,
        json!({"card": "[CREDIT_CARD_1]", "count": 42, "at": 1_790_000_000_000_u64, "share": -0.25})
    );
}

#[test]
fn an_unusable_policy_says_where_and_why() {
    let error = |text: &str| Policy::parse(text).unwrap_err().to_string();
    assert!(
        error("name='x'\nversion=1\n").contains("line 2"),
        "{}",
        error("name='x'\nversion=1\n")
    );
    assert!(
        error("name='a b'\nversion='1'\n[operators]\ndefault={operator='keep'}").contains("`name`")
    );
    assert!(
        error("name='a'\nversion='1'\n[operators]\ndefault={operator='shred'}").contains("line 4")
    );
    assert!(
        error(
            "name='a'\nversion='1'\n[operators]\ndefault={operator='keep'}\nEMIAL={operator='keep'}"
        )
        .contains("EMIAL")
    );
    let look = "name='a'\nversion='1'\n[operators]\ndefault={operator='keep'}\n[[recognizer]]\nname='r'\nentity_type='R'\n\
                category='custom'\nabout='r'\npattern='(?=x)y'\nscore=1.0\n";
    assert!(error(look).contains("look-around"), "{}", error(look));
    let bomb = look.replace("(?=x)y", r"(?:\w{900}){900}");
    assert!(error(&bomb).contains("too large"), "{}", error(&bomb));
}

#[test]
fn json_stays_json_and_keys_are_treated() {
    let policy = policy(DEFAULT);
    let mut value = json!({"to": ["ann@example.com"], "ann@example.com": {"n": 4, "note": "call +44 7700 900123"}});
    let count = redact_json(&mut value, &policy, KEY, &mut Numbering::default());
    assert_eq!(count, 3);
    let written = value.to_string();
    assert!(
        !written.contains("ann@") && !written.contains("7700"),
        "{written}"
    );
    assert_eq!(value["[EMAIL_ADDRESS_1]"]["n"], 4);
}

#[test]
fn evaluation_counts_by_hand() {
    let span = |start, end, label: &str| Span {
        start,
        end,
        label: label.into(),
    };
    let measured = |labelled: &[Span], found: &[Span]| {
        let mut evaluation = Evaluation::default();
        let record = Record {
            text: "0123456789",
            field: None,
            language: None,
            labelled,
            found,
        };
        evaluation.add(&record, &Labels::default());
        evaluation.all.tally
    };
    let counted = |counts: Counts| (counts.tp, counts.fp, counts.fn_);
    let tally = measured(
        &[span(0, 4, "A"), span(5, 8, "B")],
        &[span(1, 4, "A"), span(8, 9, "B")],
    );
    assert_eq!(counted(tally.overlap), (1, 1, 1));
    assert_eq!(counted(tally.strict), (0, 2, 2));
    assert_eq!((tally.labelled, tally.leaked), (7, 4));
    assert_eq!(tally.overlap.scores().f2, Some(0.5));
    // Less than half of it is found; of another type it is hidden all the same.
    let tally = measured(&[span(0, 9, "A")], &[span(0, 4, "A")]);
    assert_eq!(counted(tally.overlap), (0, 0, 1));
    let tally = measured(&[span(0, 4, "A")], &[span(0, 4, "B")]);
    assert_eq!(counted(tally.overlap), (0, 1, 1));
    assert_eq!(counted(tally.hidden), (1, 0, 0));
    let text = "é ann@example.com";
    assert_eq!(
        spans(text, &entities(text, &policy(DEFAULT))),
        [span(2, 17, "EMAIL_ADDRESS")]
    );
}

#[test]
fn a_name_speaks_for_the_value_under_it() {
    let policy = policy(DEFAULT);
    let mut value = json!({
        "payee": {"name": "Ines Carvalho", "ssn": 536_904_399, "passport": ["C01X00T47"]},
        "password": "Tr0ub4dor&8z",
        "item": "delivery van",
        "count": 536_904_397,
    });
    let redacted =
        |value: &mut serde_json::Value| redact_json(value, &policy, KEY, &mut Numbering::default());
    let count = redacted(&mut value);
    let expected = json!({
        "payee": {"name": "[PERSON_1]", "ssn": "[US_SSN_1]", "passport": ["[PASSPORT_1]"]},
        "password": "[PASSWORD_1]",
        "item": "delivery van",
        "count": 536_904_397,
    });
    assert_eq!(value, expected);
    assert_eq!(count, 4);
    redacted(&mut value);
    assert_eq!(value, expected, "once and for all");
    let found = entities_under(Some("ssn"), "536904399", &policy);
    assert_eq!((found[0].start, found[0].end), (0, 9));
    assert_eq!(entities("536904399", &policy), []);
}

#[test]
fn what_is_kept_is_looked_at_again_beside_what_was_treated() {
    let policy = policy(DEFAULT);
    let source =
        "born 4 July 1991password: Tr0ub4dor&8zborn 4 July 1991 DE89 3704 0044 0532 0130 00 Kiel";
    let once = text(&policy, source);
    assert_eq!(text(&policy, &once), once);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn any_text_is_redacted_once_and_for_all(parts in proptest::collection::vec(prop_oneof![
        any::<String>(),
        Just("ann@example.com".to_owned()),
        Just("4111 1111 1111 1111".to_owned()),
        Just("DE89370400440532013000".to_owned()),
        Just("SSN 536-22-1234".to_owned()),
        Just("2001:db8::7334".to_owned()),
        Just("+44 7700 900123".to_owned()),
    ], 0..8)) {
        let policy = policy(DEFAULT);
        let source = parts.join(" ");
        let once = text(&policy, &source);
        prop_assert_eq!(&text(&policy, &once), &once);
        let hidden = |entity: &Entity| *policy.operator(&entity.entity_type) != Operator::Keep;
        for entity in entities(&source, &policy).iter().filter(|entity| hidden(entity)) {
            let value = &source[entity.start..entity.end];
            prop_assert!(entities(&once, &policy).iter().all(|left| &once[left.start..left.end] != value));
        }
    }
}
