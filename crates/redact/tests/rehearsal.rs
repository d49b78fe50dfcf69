//! Two policies on one text: the same as two runs, and the right name for every difference.

#![expect(
    clippy::unwrap_used,
    reason = "a panic here is a failing test with its line"
)]

use assay_redact::operators::Numbering;
use assay_redact::policy::{DEFAULT, MASKING, Policy};
use assay_redact::redaction::redact;
use assay_redact::rehearsal::{Because, Fate, Pair, changes};
use assay_redact::scan::Scratch;
use proptest::prelude::*;

const KEY: &[u8] = b"a key of the tests";

const CLAIM: &str = r#"
[[recognizer]]
name = "claim_number"
entity_type = "CLAIM"
category = "custom"
about = "a claim"
pattern = 'CL-[0-9]{6}'
needs = ["CL-"]
score = 0.8
examples = ["CL-123456"]
"#;

fn policy(rest: &str) -> Policy {
    Policy::parse(&format!("name = \"p\"\nversion = \"1\"\n{rest}")).unwrap()
}

/// Policies that differ in every part that a policy has.
fn policies() -> Vec<Policy> {
    let replace = "[operators]\ndefault = { operator = \"replace\" }\n";
    let other = CLAIM.replace("CL-", "NO-").replace("0.8", "0.6");
    vec![
        Policy::parse(DEFAULT).unwrap(),
        Policy::parse(MASKING).unwrap(),
        policy(replace),
        policy(&format!(
            "{replace}EMAIL_ADDRESS = {{ operator = \"keep\" }}\n"
        )),
        policy(&format!(
            "{replace}EMAIL_ADDRESS = {{ operator = \"redact\" }}\n"
        )),
        policy(&format!("threshold = 0.9\n{replace}")),
        policy(&format!("names = \"fast\"\n{replace}")),
        policy(&format!("allow = [\"jo.doe@example.com\"]\n{replace}")),
        policy(&format!(
            "{replace}[[deny]]\nentity_type = \"PROJECT\"\nwords = [\"Bluebird\", \"owl\"]\n"
        )),
        policy(&format!("{replace}{CLAIM}")),
        policy(&format!("{replace}{other}")),
        policy(&format!(
            "{replace}{CLAIM}{}",
            other.replace("claim_number", "other_number")
        )),
    ]
}

fn check(text: &str, old: &Policy, new: &Policy) {
    let mut both = [Numbering::default(), Numbering::default()];
    let mut scratch = Scratch::default();
    let pair = Pair::new(old, new);
    let known = pair.found(None, text, [Vec::new(), Vec::new()], &mut scratch);
    let found = pair.redact(None, text, known, KEY, &mut both, &mut scratch);
    for (found, policy) in found.iter().zip([old, new]) {
        let alone = redact(text, policy, KEY, &mut Numbering::default());
        assert_eq!(*found, alone, "{text:?} under `{}`", policy.name);
    }
}

const TEXTS: [&str; 8] = [
    "mail jo.doe@example.com about CL-123456 and NO-654321, card 4111 1111 1111 1111",
    "Dear Dr. Tobias Feldmann, the owl of Bluebird flies to Kiel. IBAN DE89370400440532013000",
    "{\\\"mail\\\": \\\"jo.doe\\u0040example.com\\\", \\\"id\\\": \\\"CL-123456\\\"}",
    "Q0wtMTIzNDU2IGFuZCBqby5kb2VAZXhhbXBsZS5jb20gYW5kIE5PLTY1NDMyMQ==",
    "password = \"Tr0ub4dor&3x\" AKIAIOSFODNN7EXAMPLQ 192.168.17.4",
    "ＣＬ－１２３４５６ jo\u{200b}.doe@example.com",
    "CL-123456CL-123456 NO-123456,CL-1234567",
    "",
];

#[test]
fn a_pair_is_two_runs_for_every_pair_of_policies() {
    let all = policies();
    for text in TEXTS {
        for old in &all {
            for new in &all {
                check(text, old, new);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]
    #[test]
    fn a_pair_is_two_runs_for_any_text(
        parts in proptest::collection::vec((0..TEXTS.len(), 0_usize..90, ".{0,12}"), 1..5),
        old in 0_usize..12,
        new in 0_usize..12,
    ) {
        let mut text = String::new();
        for (which, from, odd) in &parts {
            text.extend(TEXTS[*which].chars().skip(*from % 20));
            text.push_str(odd);
        }
        let all = policies();
        check(&text, &all[old], &all[new]);
    }
}

/// The fates of a text's stretches, each with what was caught.
fn fates(text: &str, old: &Policy, new: &Policy) -> Vec<(Fate, String, bool)> {
    let mut both = [Numbering::default(), Numbering::default()];
    let mut scratch = Scratch::default();
    let pair = Pair::new(old, new);
    let known = pair.found(None, text, [Vec::new(), Vec::new()], &mut scratch);
    let [before, after] = pair.redact(None, text, known, KEY, &mut both, &mut scratch);
    changes(&before, &after, new)
        .into_iter()
        .map(|change| {
            let segment = change.old.or(change.new).unwrap();
            (change.fate, segment.before.clone(), change.shows_more)
        })
        .collect()
}

#[test]
fn every_difference_has_its_name_and_its_reason() {
    let replace = "[operators]\ndefault = { operator = \"replace\" }\n";
    let plain = policy(replace);
    let mail = "write to jo.doe@example.com";
    let check = |text: &str, old: &Policy, new: &Policy, fate: Fate, value: &str, more: bool| {
        assert_eq!(
            fates(text, old, new),
            [(fate, value.to_owned(), more)],
            "{text}"
        );
    };
    let value = "jo.doe@example.com";
    check(mail, &plain, &plain, Fate::Unchanged, value, false);
    let keep = policy(&format!(
        "{replace}EMAIL_ADDRESS = {{ operator = \"keep\" }}\n"
    ));
    check(
        mail,
        &plain,
        &keep,
        Fate::Exposed(Because::Kept),
        value,
        false,
    );
    check(mail, &keep, &plain, Fate::NewlyRedacted, value, false);
    assert_eq!(
        fates(mail, &keep, &keep),
        [],
        "what both keep is no difference"
    );
    let allow = policy(&format!("allow = [\"JO.doe@example.com\"]\n{replace}"));
    check(
        mail,
        &plain,
        &allow,
        Fate::Exposed(Because::Allowed),
        value,
        false,
    );
    let high = policy(&format!("threshold = 1.0\n{replace}"));
    let domain = "claim CL-123456";
    let claim = policy(&format!("{replace}{CLAIM}"));
    let strict = policy(&format!("threshold = 0.9\n{replace}{CLAIM}"));
    check(
        domain,
        &claim,
        &plain,
        Fate::Exposed(Because::NoRule),
        "CL-123456",
        false,
    );
    check(
        domain,
        &claim,
        &strict,
        Fate::Exposed(Because::BelowThreshold),
        "CL-123456",
        false,
    );
    check(
        domain,
        &plain,
        &claim,
        Fate::NewlyRedacted,
        "CL-123456",
        false,
    );
    let deny = policy(&format!(
        "{replace}[[deny]]\nentity_type = \"PROJECT\"\nwords = [\"Bluebird\"]\n"
    ));
    check(
        "on Bluebird",
        &deny,
        &high,
        Fate::Exposed(Because::NotDenied),
        "Bluebird",
        false,
    );
    let names = policy(&format!("names = \"fast\"\n{replace}"));
    let person = "Ask Tobias Feldmann about it.";
    check(
        person,
        &names,
        &plain,
        Fate::Exposed(Because::Names),
        "Tobias Feldmann",
        false,
    );
}

#[test]
fn another_operator_is_no_exposure_and_a_mask_that_shows_more_says_so() {
    let with = |operator: &str| {
        policy(&format!(
            "[operators]\ndefault = {{ operator = \"replace\" }}\nCREDIT_CARD = {{ {operator} }}\n"
        ))
    };
    let card = "card 4111 1111 1111 1111";
    let fate = |old: &Policy, new: &Policy| {
        let found = fates(card, old, new);
        assert_eq!(found.len(), 1, "{found:?}");
        (found[0].0, found[0].2)
    };
    let replaced = with("operator = \"replace\"");
    let masked = with("operator = \"mask\"");
    let last = with("operator = \"mask\", keep_last = 4");
    let otherwise = Fate::TreatedOtherwise;
    assert_eq!(fate(&replaced, &last), (otherwise, true));
    assert_eq!(fate(&masked, &last), (otherwise, true));
    assert_eq!(fate(&last, &masked), (otherwise, false));
    assert_eq!(fate(&replaced, &masked), (otherwise, false));
    assert_eq!(fate(&last, &last), (Fate::Unchanged, false));
}
