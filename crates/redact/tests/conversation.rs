//! A value that is parted between texts is found in all of them, and nothing of it is left; texts that only
//! follow each other are left alone.

use assay_redact::conversation::{Text, entities, redact};
use assay_redact::detect::Entity;
use assay_redact::json::{Fields, redact_text};
use assay_redact::operators::Numbering;
use assay_redact::policy::{DEFAULT, MASKING, Policy};
use assay_redact::redaction::{redact as redact_one, redact_json};
use proptest::prelude::*;
use serde_json::json;

const VALUES: [&str; 6] = [
    "4111 1111 1111 1111",
    "DE89 3704 0044 0532 0130 00",
    "sk-ant-api03-Zk3v9QpLmXw7RtYbN2sHd8Fg",
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "+44 7700 900123",
    "4111111111111111",
];

const NAMES: [&str; 6] = [
    "Ines Carvalho",
    "Tobias Feldmann",
    "Søren Kjærgård",
    "Margaret O'Donnell",
    "Łukasz Wiśniewski",
    "Agnieszka Nowakowska",
];

fn policy() -> Policy {
    Policy::parse(DEFAULT).expect("the default is a policy")
}

/// Texts of which each goes on in the next.
fn chain<'a>(texts: &'a [String], policy: &'a Policy) -> Vec<Text<'a>> {
    (1..=texts.len())
        .zip(texts)
        .map(|(next, text)| Text {
            name: None,
            text,
            policy,
            goes_on_in: (next < texts.len()).then_some(next),
        })
        .collect()
}

fn shown(texts: &[&str], policy: &Policy) -> Vec<String> {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    redact(&chain(&texts, policy), b"key", &mut Numbering::default())
        .into_iter()
        .map(|redacted| redacted.text)
        .collect()
}

#[test]
fn the_pieces_of_a_value_have_one_placeholder() {
    let policy = policy();
    let check = |texts: &[&str], expected: &[&str]| {
        assert_eq!(shown(texts, &policy), expected, "{texts:?}");
    };
    check(
        &["my card is 4111 1111", "1111 1111, thanks"],
        &["my card is [CREDIT_CARD_1]", "[CREDIT_CARD_1], thanks"],
    );
    check(
        &["my card is 4111 1111 ", "1111 1111, and 4111111111111111"],
        &[
            "my card is [CREDIT_CARD_1] ",
            "[CREDIT_CARD_1], and [CREDIT_CARD_1]",
        ],
    );
    // As a stream brings it.
    check(
        &["my card is 41", "11 1111 1", "111 1111", ", thanks"],
        &[
            "my card is [CREDIT_CARD_1]",
            "[CREDIT_CARD_1]",
            "[CREDIT_CARD_1]",
            ", thanks",
        ],
    );
    check(
        &["write to jane.doe@exam", "ple.com"],
        &["write to [EMAIL_ADDRESS_1]", "[EMAIL_ADDRESS_1]"],
    );
    check(
        &["key sk-ant-api03-Zk3v9Qp", "LmXw7RtYbN2sHd8Fg"],
        &["key [ANTHROPIC_API_KEY_1]", "[ANTHROPIC_API_KEY_1]"],
    );
}

#[test]
fn texts_that_only_follow_each_other_are_left_alone() {
    let policy = policy();
    let check = |texts: &[&str]| assert_eq!(shown(texts, &policy), texts);
    check(&["there were 4111", "1111 of them"]);
    check(&["the answer is 42", "17 more to go"]);
    check(&["it is over.", "Next: 4.2"]);
    let alone = shown(&["mail ann@example.com", "ben@example.com"], &policy);
    assert_eq!(alone, ["mail [EMAIL_ADDRESS_1]", "[EMAIL_ADDRESS_2]"]);
}

#[test]
fn offsets_are_of_each_text() {
    let policy = policy();
    let texts = ["é 4111 1111".to_owned(), " 1111 1111 é".to_owned()];
    let found = entities(&chain(&texts, &policy));
    let of = |place: usize| {
        let entity = &found[place][0];
        &texts[place][entity.start..entity.end]
    };
    assert_eq!((of(0), of(1)), ("4111 1111", "1111 1111"));
    assert!(found.iter().flatten().all(|entity| entity.whole.is_some()));
}

#[test]
fn blocks_and_streams_in_json_go_on_in_each_other() {
    let policy = policy();
    let check = |value: serde_json::Value| {
        let text = value.to_string();
        let mut numbering = Numbering::default();
        let line = redact_text(&text, &Fields::default(), &policy, b"key", &mut numbering)
            .unwrap()
            .text;
        let mut whole = value.clone();
        redact_json(&mut whole, &policy, b"key", &mut Numbering::default());
        for shown in [line, whole.to_string()] {
            let back: serde_json::Value = serde_json::from_str(&shown).unwrap();
            assert_eq!(back.is_array(), value.is_array());
            assert!(
                !shown.contains("1111") && shown.contains("[CREDIT_CARD_1]"),
                "{shown}"
            );
        }
    };
    check(json!({"content": [
        {"type": "text", "text": "my card is 4111 1111"},
        {"type": "text", "text": "1111 1111, thanks"},
    ]}));
    check(json!([
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "card 41"}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "11 1111 1"}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "111 1111."}},
    ]));
    // A stream as one text, as a recorded answer holds it.
    let event = |text: &str| {
        let data = json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}});
        format!("event: content_block_delta\ndata: {data}\n\n")
    };
    let stream = ["card 41", "11 1111 1", "111 1111."].map(event).concat();
    check(json!({"response": {"body": stream}}));
}

/// Texts of which none goes on in another.
fn apart<'a>(texts: &'a [&str], policy: &'a Policy) -> Vec<Text<'a>> {
    texts
        .iter()
        .map(|text| Text {
            name: None,
            text,
            policy,
            goes_on_in: None,
        })
        .collect()
}

fn together(texts: &[&str], policy: &Policy) -> Vec<String> {
    redact(&apart(texts, policy), b"key", &mut Numbering::default())
        .into_iter()
        .map(|redacted| redacted.text)
        .collect()
}

#[test]
fn what_one_text_proves_is_hidden_in_all() {
    let policy = policy();
    let check = |texts: &[&str], expected: &[&str]| {
        assert_eq!(together(texts, &policy), expected, "{texts:?}");
    };
    let told = "The policyholder is Ms Ines Carvalho of Lisbon.";
    let hidden = "The policyholder is Ms [PERSON_1] of [LOCATION_1].";
    check(
        &[told, "carvalho called again", "Carvalho; 12; open"],
        &[hidden, "[PERSON_2] called again", "[PERSON_2]; 12; open"],
    );
    check(
        &["row 7 | INES CARVALHO | open", told],
        &["row 7 | [PERSON_1] | open", hidden],
    );
    check(
        &["Account number: 48213977", "rows: 48213977, 48213978"],
        &[
            "Account number: [US_BANK_NUMBER_1]",
            "rows: [US_BANK_NUMBER_1], 48213978",
        ],
    );
    check(
        &["password: hunter2-Zebra", "then hunter2-Zebra failed"],
        &["password: [PASSWORD_1]", "then [PASSWORD_1] failed"],
    );
}

#[test]
fn a_mention_says_why_it_was_found() {
    let policy = policy();
    let texts = [
        "The policyholder is Ms Ines Carvalho of Lisbon.",
        "12; ines carvalho; open; Carvalho",
    ];
    let found = entities(&apart(&texts, &policy));
    let said: Vec<(&str, &str, String)> = found[1]
        .iter()
        .filter(|entity| entity.recognizer == "repeated")
        .map(|entity| {
            let caught = &texts[1][entity.start..entity.end];
            (
                caught,
                entity.entity_type.as_str(),
                entity.why.sentences()[0].clone(),
            )
        })
        .collect();
    let stands = "stands elsewhere in this conversation as a PERSON";
    let part = "is part of what stands elsewhere in this conversation as a PERSON";
    assert_eq!(
        said,
        [
            ("ines carvalho", "PERSON", stands.to_owned()),
            ("Carvalho", "PERSON", part.to_owned())
        ]
    );
}

#[test]
fn everyday_words_and_parts_of_words_are_nobody() {
    let policy = policy();
    let check = |texts: &[&str]| {
        let found = entities(&apart(texts, &policy)).remove(1);
        let is_repeated = |entity: &Entity| entity.recognizer == "repeated";
        assert!(!found.iter().any(is_repeated), "{texts:?} give {found:?}");
    };
    check(&[
        "The policyholder is Mr Peter Baker.",
        "A baker and a Baker are no person here; bakery.",
    ]);
    check(&[
        "The policyholder is Ms Ines Carvalho.",
        "these carvalhos, they said",
    ]);
    check(&["The policyholder is Mr Mark Price.", "Price: 12, mark it"]);
    check(&["Account number: 48213977", "148213977 and 482139770"]);
    check(&["password: password", "the password was changed"]);
}

#[test]
fn a_guess_spreads_nowhere_and_a_policy_decides() {
    let policy = |score: &str, lists: &str, operator: &str| {
        Policy::parse(&format!(
            "name='x'\nversion='1'\nnames='off'\n{lists}\n[operators]\ndefault={{operator='replace'}}\nPERSON={{operator='{operator}'}}\n[[recognizer]]\nname='holder'\nentity_type='PERSON'\ncategory='person'\npattern='Holder: (?P<value>[A-Z][a-z]+ [A-Z][a-z]+)'\nscore={score}\n"
        ))
        .unwrap()
    };
    let texts = ["Holder: Ines Carvalho", "Ines Carvalho, Carvalho"];
    assert_eq!(
        together(&texts, &policy("0.9", "", "replace")),
        ["Holder: [PERSON_1]", "[PERSON_1], [PERSON_2]"]
    );
    assert_eq!(
        together(&texts, &policy("0.79", "", "replace")),
        ["Holder: [PERSON_1]", "Ines Carvalho, Carvalho"]
    );
    assert_eq!(together(&texts, &policy("0.9", "", "keep")), texts);
    let allowing = "allow=['Carvalho']";
    assert_eq!(
        together(&texts, &policy("0.9", allowing, "replace")),
        ["Holder: [PERSON_1]", "[PERSON_1], Carvalho"]
    );
    // One text's policy finds it, the other's does not want it.
    let hides = policy("0.9", "", "replace");
    let keeps = policy("0.9", "", "keep");
    let mut both = apart(&texts, &hides);
    both[1].policy = &keeps;
    let shown = redact(&both, b"key", &mut Numbering::default());
    assert_eq!(shown[1].text, texts[1]);
}

#[test]
fn the_strings_of_a_json_value_are_one_conversation() {
    let policy = policy();
    let value = json!({
        "messages": [
            {"role": "user", "content": "I am Ms Ines Carvalho, account number: 48213977."},
            {"role": "user", "content": [{"type": "text", "text": "carvalho called"}]},
        ],
        "input": {"Carvalho": 48213977, "rows": ["INES CARVALHO; 12"]},
    });
    let text = value.to_string();
    let line = redact_text(
        &text,
        &Fields::default(),
        &policy,
        b"key",
        &mut Numbering::default(),
    )
    .unwrap()
    .text;
    let mut whole = value.clone();
    redact_json(&mut whole, &policy, b"key", &mut Numbering::default());
    for shown in [line, whole.to_string()] {
        let lower = shown.to_lowercase();
        assert!(
            !lower.contains("carvalho") && !lower.contains("48213977"),
            "{shown}"
        );
        serde_json::from_str::<serde_json::Value>(&shown).unwrap();
    }
    // Fields that nobody chose prove nothing and are left alone.
    let fields = Fields::read(&["/input".to_owned()]).unwrap();
    let line = redact_text(&text, &fields, &policy, b"key", &mut Numbering::default())
        .unwrap()
        .text;
    assert!(line.contains("carvalho called"), "{line}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn no_piece_of_a_parted_value_survives_and_twice_is_once(
        which in 0..VALUES.len(), at in 6..13_usize, before in "[a-z ,.]{0,30}", after in "[a-z ,.]{0,30}", masks in any::<bool>(),
    ) {
        let policy = Policy::parse(if masks { MASKING } else { DEFAULT }).unwrap();
        let (front, rest) = VALUES[which].split_at(at);
        let texts = [format!("{before} {front}"), format!("{rest} {after}")];
        let once = shown(&[&texts[0], &texts[1]], &policy);
        prop_assert!(!once[0].contains(front.trim()), "{:?} gives {:?}", texts, once);
        prop_assert!(!once[1].contains(rest.trim()), "{:?} gives {:?}", texts, once);
        let again = shown(&[&once[0], &once[1]], &policy);
        prop_assert_eq!(&again, &once, "of {:?}", texts);
    }

    #[test]
    fn what_is_certain_survives_nowhere_and_twice_is_once(
        who in 0..NAMES.len(), form in 0..3_usize, place in 0..3_usize, masks in any::<bool>(), around in "[a-z ,.;]{0,20}",
    ) {
        let policy = Policy::parse(if masks { MASKING } else { DEFAULT }).unwrap();
        let name = NAMES[who];
        let surname = name.rsplit(' ').next().unwrap();
        let mention = match form {
            0 => name.to_uppercase(),
            1 => name.to_lowercase(),
            _ => surname.to_owned(),
        };
        let mut texts = vec![format!("{around}; {mention}; 12"), format!("12 | {mention} | {around}")];
        texts.insert(place, format!("Yesterday Mr {name} called the office about the claim."));
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let certain = entities(&apart(&texts[place..=place], &policy))[0]
            .iter()
            .any(|entity| entity.score >= 0.8 && texts[place][entity.start..entity.end] == *name);
        let once = together(&texts, &policy);
        if certain {
            for shown in &once {
                prop_assert!(!shown.to_lowercase().contains(&surname.to_lowercase()), "{:?} give {:?}", texts, once);
            }
        }
        let again: Vec<&str> = once.iter().map(String::as_str).collect();
        prop_assert_eq!(together(&again, &policy), once.clone(), "of {:?}", texts);
    }

    #[test]
    fn texts_that_go_on_in_none_are_redacted_as_alone(texts in proptest::collection::vec("[ -~]{0,40}", 1..4)) {
        let policy = policy();
        let all: Vec<Text<'_>> = texts
            .iter()
            .map(|text| Text { name: None, text, policy: &policy, goes_on_in: None })
            .collect();
        let (mut one, mut other) = (Numbering::default(), Numbering::default());
        let together = redact(&all, b"key", &mut one);
        for (text, together) in texts.iter().zip(together) {
            prop_assert_eq!(redact_one(text, &policy, b"key", &mut other), together);
        }
    }
}
