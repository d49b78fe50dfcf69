//! A value that a line end parts is found where something proves that it is one value, and two lines
//! that have nothing to do with each other are left alone.

use assay_redact::detect::{Entity, detect};
use assay_redact::operators::Numbering;
use assay_redact::policy::{DEFAULT, MASKING, Policy};
use assay_redact::recognizers::Recognizers;
use assay_redact::redaction::redact;
use proptest::prelude::*;

/// Values that prove themselves, and where each may be parted.
const VALUES: [(&str, &str); 6] = [
    ("CREDIT_CARD", "4111 1111 1111 1111"),
    ("CREDIT_CARD", "4111111111111111"),
    ("IBAN_CODE", "DE89 3704 0044 0532 0130 00"),
    ("ANTHROPIC_API_KEY", "sk-ant-api03-Zk3v9QpLmXw7RtYbN2sHd8Fg"),
    ("GITHUB_TOKEN", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"),
    ("PHONE_NUMBER", "+44 7700 900123"),
];

/// What mail programs, terminals and JSON put where a line ends.
const ENDS: [&str; 6] = ["\n", "\r\n", "\n    ", "\n> ", "\\n", "\\r\\n"];

fn found(text: &str) -> Vec<Entity> {
    let recognizers = Recognizers::with(Vec::new()).expect("the shipped recognizers are valid");
    detect(text, &recognizers, 0.5)
}

#[track_caller]
fn check(text: &str, kind: &str, value: &str) {
    let found = found(text);
    assert!(
        found
            .iter()
            .any(|entity| entity.entity_type == kind && &text[entity.start..entity.end] == value),
        "{text:?}: {found:?}"
    );
}

#[test]
fn a_value_that_a_line_end_parts_is_found() {
    for end in ENDS {
        for (kind, value) in VALUES {
            let middle = value.len() / 2;
            let (front, rest) = value.split_at(middle);
            // A wrapped line drops the blank, or leaves it.
            let parted = format!("{}{end}{}", front.trim_end(), rest.trim_start());
            check(&format!("it is {parted} and no other"), kind, &parted);
        }
    }
    check(
        "write to amber.birch21@exam\nple.com",
        "EMAIL_ADDRESS",
        "amber.birch21@exam\nple.com",
    );
    check(
        "e-mail: amber.bir\nch21@example.com",
        "EMAIL_ADDRESS",
        "amber.bir\nch21@example.com",
    );
    check(
        "pay with 4111 1111 \n1111 1111",
        "CREDIT_CARD",
        "4111 1111 \n1111 1111",
    );
}

#[test]
fn lines_that_have_nothing_to_do_with_each_other_are_left_alone() {
    let check = |text: &str| {
        let found = found(text);
        let over: Vec<&Entity> = found
            .iter()
            .filter(|entity| text[entity.start..entity.end].contains('\n'))
            .collect();
        assert!(over.is_empty(), "{text:?}: {over:?}");
    };
    // A column of groups, of which some would hold a check digit together.
    check("4111\n1111\n1111\n1111\n");
    check(
        "2026-11-29 10:00:00 200 4111\n2026-11-29 10:00:01 200 1111\n2026-11-29 10:00:02 404 1111\n",
    );
    check("write to\nann@example.com");
    check("ann@example.com\nben@example.com\ncid@example.com");
    check("the hosts are www.example\nann@example.com");
    check("call +44 7700 900123\n12 Rose Street");
    check("key sk-ant-api03-Zk3v9QpLmXw7RtYbN2sHd8Fg\nthanks in advance");
    check("key sk-ant-api03-Zk3v9QpLmXw7RtYbN2sHd8Fg\nThanks");
    check("a = 4111\nb = 1111\nc = 11111111");
    check("@property\ndef name(self): return self.x.y");
}

#[test]
fn a_value_has_one_number_however_its_lines_end() {
    let policy = Policy::parse(DEFAULT).unwrap();
    let mut numbering = Numbering::default();
    let mut shown = |text: &str| redact(text, &policy, b"key", &mut numbering).text;
    for (kind, value) in VALUES {
        let (front, rest) = value.split_at(value.len() / 2);
        let plain = shown(value);
        assert!(plain.starts_with(&format!("[{kind}_")), "{plain}");
        let parted = format!("{}\n> {}", front.trim_end(), rest.trim_start());
        assert_eq!(shown(&parted), plain);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn no_piece_of_a_parted_value_survives(
        which in 0..VALUES.len(), at in 5..14_usize, end in 0..ENDS.len(), before in "[a-z ,.]{0,40}", after in "[a-z ,.]{0,40}",
    ) {
        let (_, value) = VALUES[which];
        let (front, rest) = value.split_at(at);
        prop_assume!(!rest.is_empty());
        let parted = format!("{}{}{}", front.trim_end(), ENDS[end], rest.trim_start());
        let text = format!("{before} {parted} {after}");
        for policy in [DEFAULT, MASKING] {
            let policy = Policy::parse(policy).unwrap();
            let shown = |text: &str| redact(text, &policy, b"key", &mut Numbering::default()).text;
            let once = shown(&text);
            // A mask leaves digits, of which a second run may hide more.
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count();
            let twice = shown(&once);
            prop_assert!(twice == once || digits(&twice) < digits(&once), "{:?} of {:?}", twice, text);
            prop_assert!(!once.contains(front.trim()), "{:?} gives {:?}", text, once);
        }
    }
}
